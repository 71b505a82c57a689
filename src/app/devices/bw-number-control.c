/* bw-number-control.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include <math.h>

#include "bw-compat.h"
#include "bw-property-control-private.h"

/* Further apart a pixel of the slider is many steps: then a number is typed. */
#define MAX_STEPS 100000

/* How long somebody must hold still before arrow keys count as a wish. */
#define SETTLE_MS 400

#define SCALE_WIDTH_PX 140

/**
 * BwNumberControl:
 *
 * A number between two bounds: a slider to try and a field to type. Dragging asks
 * for nothing until the knob is let go, so that a device gets one command, not a hundred.
 */

struct _BwNumberControl
{
  BwPropertyControl  parent_instance;

  GtkAdjustment     *adjustment;   /* (unowned): the widgets' */
  GtkWidget         *scale;
  GtkWidget         *spin;
  guint              digits;
  gboolean           is_pressed;
  guint              settle_id;
};

G_DEFINE_FINAL_TYPE (BwNumberControl, bw_number_control, BW_TYPE_PROPERTY_CONTROL)

static gboolean
get_range (const BwPropertyFacts *facts,
           double                *ret_min,
           double                *ret_max,
           double                *ret_step)
{
  if (!bw_value_get_range (facts->datatype, facts->format, ret_min, ret_max, ret_step))
    {
      if (facts->datatype != BW_DATATYPE_PERCENT)
        return FALSE;

      *ret_min = 0;
      *ret_max = 100;
      *ret_step = 0;
    }

  if (!isfinite (*ret_min) || !isfinite (*ret_max) || *ret_min >= *ret_max)
    return FALSE;

  if (*ret_step <= 0)
    *ret_step = facts->datatype == BW_DATATYPE_INTEGER ? 1 : pow (10, floor (log10 (*ret_max - *ret_min)) - 2);

  return TRUE;
}

gboolean
bw_number_control_fits (const BwPropertyFacts *facts)
{
  double min, max, step;

  return get_range (facts, &min, &max, &step) && (max - min) / step <= MAX_STEPS;
}

/* As many as the step and the lower bound, which it counts from, have. */
static guint
count_digits (double min,
              double step)
{
  for (guint digits = 0; digits < 6; digits++)
    {
      double scale = pow (10, digits);

      if (fabs (step * scale - round (step * scale)) < 1e-6 && fabs (min * scale - round (min * scale)) < 1e-6)
        return digits;
    }

  return 6;
}

static void
want_value (BwNumberControl *self)
{
  g_autofree char *value = NULL;

  g_clear_handle_id (&self->settle_id, g_source_remove);
  value = bw_property_control_format_number (gtk_adjustment_get_value (self->adjustment), self->digits);
  bw_property_control_want (BW_PROPERTY_CONTROL (self), value);
}

static gboolean
settled_cb (gpointer user_data)
{
  BwNumberControl *self = user_data;

  self->settle_id = 0;
  want_value (self);

  return G_SOURCE_REMOVE;
}

static void
value_changed_cb (BwNumberControl *self,
                  GtkAdjustment   *adjustment)
{
  if (bw_property_control_is_showing (BW_PROPERTY_CONTROL (self)))
    return;

  g_clear_handle_id (&self->settle_id, g_source_remove);
  if (!self->is_pressed)
    self->settle_id = g_timeout_add (SETTLE_MS, settled_cb, self);
  else
    self->settle_id = 0;
}

/* Gestures of the slider itself claim the pointer; events are seen by all. */
static gboolean
event_cb (GtkEventControllerLegacy *controller,
          GdkEvent                 *event,
          BwNumberControl          *self)
{
  GdkEventType type = gdk_event_get_event_type (event);

  if (type == GDK_BUTTON_PRESS || type == GDK_TOUCH_BEGIN)
    {
      self->is_pressed = TRUE;
    }
  else if ((type == GDK_BUTTON_RELEASE || type == GDK_TOUCH_END || type == GDK_TOUCH_CANCEL ||
            type == GDK_GRAB_BROKEN) && self->is_pressed)
    {
      self->is_pressed = FALSE;
      g_clear_handle_id (&self->settle_id, g_source_remove);
      self->settle_id = g_timeout_add (0, settled_cb, self);
    }

  return GDK_EVENT_PROPAGATE;
}

/* Who scrolls the page past a slider does not want to turn the heating up. */
static void
ignore_wheel (GtkWidget *widget)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr(GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_SCROLL (controller))
        gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_NONE);
    }
}

static void
bw_number_control_build (BwPropertyControl *control)
{
  BwNumberControl *self = BW_NUMBER_CONTROL (control);
  const BwPropertyFacts *facts = bw_property_control_get_facts (control);
  GtkEventController *controller = gtk_event_controller_legacy_new ();
  double min = 0, max = 1, step = 1;

  get_range (facts, &min, &max, &step);
  self->digits = facts->datatype == BW_DATATYPE_INTEGER ? 0 : count_digits (min, step);
  self->adjustment = gtk_adjustment_new (min, min, max, step, MAX (step, (max - min) / 10), 0);

  self->scale = gtk_scale_new (GTK_ORIENTATION_HORIZONTAL, self->adjustment);
  gtk_scale_set_draw_value (GTK_SCALE (self->scale), FALSE);
  gtk_range_set_round_digits (GTK_RANGE (self->scale), (int) self->digits);
  gtk_widget_set_size_request (self->scale, SCALE_WIDTH_PX, -1);
  bw_accessible_set_label (self->scale, facts->name);
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_object (controller, "event", G_CALLBACK (event_cb), self, 0);
  gtk_widget_add_controller (self->scale, controller);

  self->spin = gtk_spin_button_new (self->adjustment, step, self->digits);
  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (self->spin), TRUE);
  gtk_spin_button_set_snap_to_ticks (GTK_SPIN_BUTTON (self->spin), FALSE);
  gtk_widget_set_valign (self->spin, GTK_ALIGN_CENTER);
  bw_accessible_set_label (self->spin, facts->name);

  ignore_wheel (self->scale);
  ignore_wheel (self->spin);
  g_signal_connect_object (self->adjustment, "value-changed",
                           G_CALLBACK (value_changed_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_parent (self->scale, GTK_WIDGET (self));
  gtk_widget_set_parent (self->spin, GTK_WIDGET (self));
}

static void
bw_number_control_show (BwPropertyControl *control,
                        const char        *value,
                        gboolean           is_wish)
{
  BwNumberControl *self = BW_NUMBER_CONTROL (control);
  char *end = NULL;
  double number = value != NULL ? g_ascii_strtod (value, &end) : 0;

  if (value != NULL && end != value && isfinite (number))
    gtk_adjustment_set_value (self->adjustment, number);
}

/* A number half typed is in the field, but not yet in the adjustment. */
static gboolean
is_half_typed (BwNumberControl *self)
{
  GtkEditable *delegate = gtk_editable_get_delegate (GTK_EDITABLE (self->spin));
  double typed;

  if (delegate == NULL || !gtk_widget_has_focus (GTK_WIDGET (delegate)))
    return FALSE;

  typed = g_strtod (gtk_editable_get_text (GTK_EDITABLE (self->spin)), NULL);

  return fabs (typed - gtk_adjustment_get_value (self->adjustment)) > 0.5 * pow (10, -(double) self->digits);
}

static gboolean
bw_number_control_is_touched (BwPropertyControl *control)
{
  BwNumberControl *self = BW_NUMBER_CONTROL (control);

  return self->is_pressed || self->settle_id != 0 || is_half_typed (self);
}

static void
bw_number_control_dispose (GObject *object)
{
  BwNumberControl *self = (BwNumberControl *) object;

  g_clear_handle_id (&self->settle_id, g_source_remove);

  G_OBJECT_CLASS (bw_number_control_parent_class)->dispose (object);
}

static void
bw_number_control_class_init (BwNumberControlClass *klass)
{
  BwPropertyControlClass *control_class = BW_PROPERTY_CONTROL_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bw_number_control_dispose;
  control_class->build = bw_number_control_build;
  control_class->show = bw_number_control_show;
  control_class->is_touched = bw_number_control_is_touched;
}

static void
bw_number_control_init (BwNumberControl *self)
{
}
