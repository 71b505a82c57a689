/* bw-chart-input.c: mouse, fingers and keys
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-chart-private.h"

#include <math.h>

#define WHEEL_ZOOM      1.25
#define KEY_ZOOM        2.0
#define WHEEL_PAN       0.1     /* of what is seen */
#define PAGE_PAN        0.9
#define MIN_DRAG_PX     6
#define FAST_STEPS      10      /* with Ctrl */

static gint64
get_zoom_center (BwChart *self)
{
  gint64 cursor_us = self->cursor_us;

  if (cursor_us >= self->from_us && cursor_us <= self->to_us)
    return cursor_us;

  return self->follows ? self->to_us : self->from_us + (self->to_us - self->from_us) / 2;
}

static void
pan (BwChart *self,
     double   part)
{
  gint64 by_us = (gint64) ((double) (self->to_us - self->from_us) * part);

  bw_chart_move (self, MAX (self->from_us + by_us, 0), MAX (self->to_us + by_us, self->to_us - self->from_us));
}

static void
motion_cb (BwChart *self,
           double   x,
           double   y)
{
  float left, width;

  /* A frame that was drawn says where the pointer is, too: that is no reason to take the cursor from the keyboard. */
  if (x == self->pointer_x && y == self->pointer_y)
    return;

  self->pointer_x = x;
  self->pointer_y = y;
  bw_chart_get_columns (self, &left, &width);
  bw_chart_set_cursor (self, x >= (double) left && x <= (double) (left + width) ? bw_chart_get_time (self, x) : -1);
}

static void
leave_cb (BwChart *self)
{
  self->pointer_x = self->pointer_y = -1;
  bw_chart_set_cursor (self, -1);
}

static gboolean
scroll_cb (BwChart                  *self,
           double                    dx,
           double                    dy,
           GtkEventControllerScroll *scroll)
{
  if (dx != 0)
    pan (self, dx * WHEEL_PAN);
  if (dy != 0)
    bw_chart_zoom (self, get_zoom_center (self), pow (WHEEL_ZOOM, CLAMP (dy, -5, 5)));

  return GDK_EVENT_STOP;
}

static void
drag_begin_cb (BwChart        *self,
               double          x,
               double          y,
               GtkGestureDrag *drag)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (drag));
  GdkDevice *device = gtk_event_controller_get_current_event_device (GTK_EVENT_CONTROLLER (drag));
  guint button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (drag));
  gboolean is_touch = device != NULL && gdk_device_get_source (device) == GDK_SOURCE_TOUCHSCREEN;

  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->drag_x = self->drag_to_x = x;
  self->drag_from_us = self->from_us;
  self->is_selecting = button == GDK_BUTTON_PRIMARY && !is_touch && (state & GDK_SHIFT_MASK) == 0;
  if (button != GDK_BUTTON_PRIMARY && button != GDK_BUTTON_MIDDLE)
    gtk_gesture_set_state (GTK_GESTURE (drag), GTK_EVENT_SEQUENCE_DENIED);
}

static void
drag_update_cb (BwChart        *self,
                double          by_x,
                double          by_y,
                GtkGestureDrag *drag)
{
  float left, width;

  bw_chart_get_columns (self, &left, &width);
  if (fabs (by_x) >= MIN_DRAG_PX)
    gtk_gesture_set_state (GTK_GESTURE (drag), GTK_EVENT_SEQUENCE_CLAIMED);

  if (self->is_selecting)
    {
      self->drag_to_x = CLAMP (self->drag_x + by_x, (double) left, (double) (left + width));
      gtk_widget_queue_draw (GTK_WIDGET (self));
      return;
    }

  if (fabs (by_x) >= MIN_DRAG_PX)
    {
      gint64 span_us = self->to_us - self->from_us;
      gint64 from_us = MAX (self->drag_from_us - (gint64) (by_x / (double) width * (double) span_us), 0);

      bw_chart_move (self, from_us, from_us + span_us);
    }
}

static void
drag_end_cb (BwChart        *self,
             double          by_x,
             double          by_y,
             GtkGestureDrag *drag)
{
  double x0 = MIN (self->drag_x, self->drag_to_x);
  double x1 = MAX (self->drag_x, self->drag_to_x);

  if (!self->is_selecting)
    return;

  self->is_selecting = FALSE;
  if (x1 - x0 >= MIN_DRAG_PX)
    bw_chart_move (self, MAX (bw_chart_get_time (self, x0), 0), bw_chart_get_time (self, x1));

  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
drag_cancel_cb (BwChart *self)
{
  self->is_selecting = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
pressed_cb (BwChart *self,
            int      n_press,
            double   x,
            double   y)
{
  if (n_press == 2)
    g_signal_emit_by_name (self, "reset");
}

static void
pinch_begin_cb (BwChart          *self,
                GdkEventSequence *sequence)
{
  self->pinch_from_us = self->from_us;
  self->pinch_to_us = self->to_us;
}

static void
pinch_cb (BwChart    *self,
          double      scale,
          GtkGesture *pinch)
{
  double x, y;
  gint64 about_us = get_zoom_center (self);

  if (gtk_gesture_get_bounding_box_center (pinch, &x, &y))
    about_us = bw_chart_get_time (self, x);

  self->from_us = self->pinch_from_us;
  self->to_us = self->pinch_to_us;
  bw_chart_zoom (self, CLAMP (about_us, self->from_us, self->to_us), 1 / CLAMP (scale, 0.01, 100));
}

/* The next point of any series, but at least a pixel away. */
static gint64
find_next (BwChart *self,
           gint64   at_us,
           int      direction)
{
  gint64 pixel_us = MAX ((self->to_us - self->from_us) / MAX (bw_chart_get_n_columns (self), 1), 1);
  gint64 limit_us = at_us + direction * pixel_us;
  gint64 best_us = direction > 0 ? self->to_us : self->from_us;

  for (guint i = 0; i < self->lines->len; i++)
    {
      BwChartSeries *series = ((BwChartLine *) self->lines->pdata[i])->series;
      guint n;
      const BwChartPoint *points = bw_chart_series_get_points (series, &n);
      guint next = bw_chart_series_find (series, direction > 0 ? limit_us : limit_us + 1);

      if (direction > 0 && next < n)
        best_us = MIN (best_us, points[next].at_us);
      else if (direction < 0 && next > 0)
        best_us = MAX (best_us, points[next - 1].at_us);
    }

  return CLAMP (best_us, self->from_us, self->to_us);
}

static gboolean
step_cb (GtkWidget *widget,
         GVariant  *args,
         gpointer   user_data)
{
  BwChart *self = BW_CHART (widget);
  gint64 at_us = self->cursor_us;
  int direction, n;

  g_variant_get (args, "(ii)", &direction, &n);
  if (at_us < self->from_us || at_us > self->to_us)
    {
      at_us = direction > 0 ? self->from_us - 1 : self->to_us + 1;
      n = 1;
    }

  for (int i = 0; i < n; i++)
    at_us = find_next (self, at_us, direction);

  bw_chart_set_cursor (self, at_us);

  return GDK_EVENT_STOP;
}

/* The first and the last of what there is. */
static gboolean
end_cb (GtkWidget *widget,
        GVariant  *args,
        gpointer   user_data)
{
  BwChart *self = BW_CHART (widget);
  int direction = g_variant_get_int32 (args);
  gint64 span_us = self->to_us - self->from_us;
  gint64 first_us = G_MAXINT64;
  gint64 last_us = 0;

  for (guint i = 0; i < self->lines->len; i++)
    {
      guint n;
      const BwChartPoint *points = bw_chart_series_get_points (((BwChartLine *) self->lines->pdata[i])->series, &n);

      if (n > 0)
        {
          first_us = MIN (first_us, points[0].at_us);
          last_us = MAX (last_us, points[n - 1].at_us);
        }
    }

  if (last_us == 0)
    return GDK_EVENT_STOP;

  if (direction < 0 && first_us < self->from_us)
    bw_chart_move (self, first_us, first_us + span_us);
  else if (direction > 0 && last_us >= self->to_us)
    bw_chart_move (self, MAX (last_us + 1 - span_us, 0), last_us + 1);

  bw_chart_set_cursor (self, direction < 0 ? MAX (first_us, self->from_us) : MIN (last_us, self->to_us));

  return GDK_EVENT_STOP;
}

static gboolean
page_cb (GtkWidget *widget,
         GVariant  *args,
         gpointer   user_data)
{
  pan (BW_CHART (widget), g_variant_get_int32 (args) * PAGE_PAN);

  return GDK_EVENT_STOP;
}

static gboolean
escape_cb (GtkWidget *widget,
           GVariant  *args,
           gpointer   user_data)
{
  BwChart *self = BW_CHART (widget);

  if (self->cursor_us < 0)
    return GDK_EVENT_PROPAGATE;

  bw_chart_set_cursor (self, -1);

  return GDK_EVENT_STOP;
}

static void
zoom_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwChart *self = BW_CHART (widget);

  bw_chart_zoom (self, get_zoom_center (self), g_str_has_suffix (action_name, "in") ? 1 / KEY_ZOOM : KEY_ZOOM);
}

static void
reset_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  g_signal_emit_by_name (widget, "reset");
}

static void
now_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  BwChart *self = BW_CHART (widget);
  gint64 now_us = g_get_real_time ();

  bw_chart_move (self, now_us - (self->to_us - self->from_us), now_us);
}

static void
bind_keys (GtkWidgetClass *widget_class)
{
  static const guint zoom_in[] = { GDK_KEY_plus, GDK_KEY_KP_Add, GDK_KEY_equal };
  static const guint zoom_out[] = { GDK_KEY_minus, GDK_KEY_KP_Subtract };

  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, 0, step_cb, "(ii)", -1, 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, 0, step_cb, "(ii)", 1, 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, GDK_CONTROL_MASK, step_cb, "(ii)", -1, FAST_STEPS);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, GDK_CONTROL_MASK, step_cb, "(ii)", 1, FAST_STEPS);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Home, 0, end_cb, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_End, 0, end_cb, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Page_Up, 0, page_cb, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Page_Down, 0, page_cb, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_cb, NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_0, 0, "chart.reset", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (zoom_in); i++)
    gtk_widget_class_add_binding_action (widget_class, zoom_in[i], 0, "chart.zoom-in", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (zoom_out); i++)
    gtk_widget_class_add_binding_action (widget_class, zoom_out[i], 0, "chart.zoom-out", NULL);
}

void
bw_chart_install_input (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "chart.zoom-in", NULL, zoom_action);
  gtk_widget_class_install_action (widget_class, "chart.zoom-out", NULL, zoom_action);
  gtk_widget_class_install_action (widget_class, "chart.reset", NULL, reset_action);
  gtk_widget_class_install_action (widget_class, "chart.now", NULL, now_action);
  bind_keys (widget_class);
}

void
bw_chart_init_input (BwChart *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *pinch = gtk_gesture_zoom_new ();

  g_signal_connect_swapped (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (widget, motion);

  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (widget, scroll);

  self->drag = gtk_gesture_drag_new ();
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (self->drag), 0);
  g_signal_connect_swapped (self->drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (self->drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (self->drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect_swapped (self->drag, "cancel", G_CALLBACK (drag_cancel_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (self->drag));

  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));

  g_signal_connect_swapped (pinch, "begin", G_CALLBACK (pinch_begin_cb), self);
  g_signal_connect_swapped (pinch, "scale-changed", G_CALLBACK (pinch_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (pinch));
}
