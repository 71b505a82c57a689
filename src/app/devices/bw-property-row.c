/* bw-property-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-property-row.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-color-swatch.h"
#include "bw-compat.h"
#include "bw-device-text.h"
#include "bw-error-text.h"
#include "bw-json.h"
#include "bw-property-control.h"
#include "bw-text.h"
#include "bw-time-text.h"

/* Longer values are shown whole below. */
#define LONG_VALUE_CHARS 36

/* Nobody reads more than this in a row; the rest is only cut, never lost. */
#define MAX_WHOLE_CHARS 20000

/* How long it is said that the device has confirmed. */
#define CONFIRMED_US (5 * G_USEC_PER_SEC)

/* How long the value itself may be behind that. */
#define ECHO_US (1 * G_USEC_PER_SEC)

/* Of a value in a sentence. */
#define MAX_WANTED_CHARS 40

/**
 * BwPropertyRow:
 *
 * A property: its name, the value the device has said, its age, and a control when it
 * can be set. The value is always the device's own word. A wish is told beside it:
 * asked for, sent, confirmed, or failed and why; a control whose wish failed goes
 * back to what the device says.
 */

typedef enum
{
  WISH_NONE,
  WISH_ASKED,       /* the backend has not answered yet */
  WISH_WANTED,
  WISH_SENT,
  WISH_CONFIRMED,
  WISH_FAILED,
} Wish;

struct _BwPropertyRow
{
  AdwPreferencesRow  parent_instance;

  char              *node_id;
  BwTreeProperty     property;       /* a copy: node is not set, strings are owned as in the tree */
  char              *invalid;        /* (nullable): why what is being typed is no value */
  char              *bad;            /* (nullable): why what the device says is no value */
  char              *why_not;        /* (nullable) */
  char              *desired;        /* (nullable): the value that waits for the device */
  gboolean           is_keeping;

  Wish               wish;
  BwCommand         *command;        /* (owned) (nullable) */
  char              *wanted;         /* (nullable) */
  char              *reason;         /* (nullable) */
  gint64             wish_at_us;     /* when the wish came to its present state */

  BwPropertyControl *control;        /* (nullable) */
  const char        *note_class;     /* static */
  gboolean           is_narrow;

  /* Template children */
  GtkBox            *line_box;
  GtkLabel          *title_label;
  GtkWidget         *note_box;
  GtkImage          *note_image;
  GtkLabel          *note_label;
  GtkWidget         *swatch;
  GtkInscription    *value_text;
  GtkWidget         *kept_image;
  GtkWidget         *control_box;
  GtkWidget         *desired_box;
  GtkImage          *desired_image;
  GtkLabel          *desired_label;
  GtkWidget         *withdraw_button;
  GtkWidget         *history_button;
  GtkWidget         *whole_expander;
  GtkLabel          *whole_label;
};

G_DEFINE_FINAL_TYPE (BwPropertyRow, bw_property_row, ADW_TYPE_PREFERENCES_ROW)

enum {
  WANTED,
  WITHDRAW,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
is_open (BwPropertyRow *self)
{
  return self->wish == WISH_ASKED || self->wish == WISH_WANTED || self->wish == WISH_SENT;
}

/* Each may be NULL: none. */
static gboolean
means_same (BwPropertyRow *self,
            const char    *a,
            const char    *b)
{
  if (a == NULL || b == NULL)
    return a == b;

  return bw_value_means_same (self->property.datatype, self->property.format, a, b);
}

/* (transfer full): a wanted value for a sentence: with its unit, not too long */
static char *
format_wanted (BwPropertyRow *self)
{
  g_autofree char *text = bw_device_text_value_unit (&self->property, self->wanted);
  g_autofree char *start = NULL;

  if (g_utf8_strlen (text, -1) <= MAX_WANTED_CHARS)
    return g_steal_pointer (&text);

  start = g_utf8_substring (text, 0, MAX_WANTED_CHARS);

  return g_strconcat (start, "…", NULL);
}

static void
set_note (BwPropertyRow *self,
          const char    *icon,
          const char    *style_class,
          const char    *text)
{
  if (g_strcmp0 (gtk_label_get_label (self->note_label), text) != 0)
    {
      gtk_label_set_label (self->note_label, text);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
    }

  gtk_widget_set_visible (GTK_WIDGET (self->note_image), icon != NULL);
  if (icon != NULL)
    gtk_image_set_from_icon_name (self->note_image, icon);

  if (g_strcmp0 (self->note_class, style_class) != 0)
    {
      gtk_widget_remove_css_class (self->note_box, self->note_class);
      gtk_widget_add_css_class (self->note_box, style_class);
      self->note_class = style_class;
    }
}

/* Returns: whether there is a wish to tell of */
static gboolean
update_wish_note (BwPropertyRow *self,
                  gint64         now_us)
{
  g_autofree char *wanted = NULL;
  g_autofree char *text = NULL;

  if (self->wish == WISH_NONE)
    return FALSE;

  wanted = format_wanted (self);

  switch (self->wish)
    {
    case WISH_ASKED:
    case WISH_WANTED:
      /* Translators: a value that somebody wants a device to take */
      text = g_strdup_printf (_("Wanted: %s…"), wanted);
      set_note (self, "content-loading-symbolic", "accent", text);
      return TRUE;

    case WISH_SENT:
      text = g_strdup_printf (_("Sent: %s, waiting for the device…"), wanted);
      set_note (self, "mail-send-symbolic", "accent", text);
      return TRUE;

    case WISH_FAILED:
      /* Translators: a value that a device did not take, then why */
      text = g_strdup_printf (_("Failed to set %s: %s"), wanted, self->reason);
      set_note (self, "dialog-error-symbolic", "error", text);
      return TRUE;

    case WISH_CONFIRMED:
      if (now_us - self->wish_at_us > CONFIRMED_US)
        return FALSE;
      text = g_strdup_printf (_("Confirmed: %s"), wanted);
      set_note (self, "emblem-ok-symbolic", "success", text);
      return TRUE;

    case WISH_NONE:
    default:
      return FALSE;
    }
}

static void
update_note (BwPropertyRow *self,
             gint64         now_us)
{
  g_autofree char *age = NULL;
  g_autofree char *text = NULL;

  if (self->invalid != NULL)
    {
      set_note (self, "dialog-warning-symbolic", "error", self->invalid);
      return;
    }

  if (update_wish_note (self, now_us))
    return;

  if (self->bad != NULL)
    {
      /* Translators: a device said a value that its own description does not allow; the sentence says why */
      text = g_strdup_printf (_("Not as described: %s"), self->bad);
      set_note (self, "dialog-warning-symbolic", "warning", text);
      return;
    }

  if (self->property.updated_at_us == 0 && self->property.value == NULL)
    {
      set_note (self, NULL, "dim-label", self->property.retained ? _("No value yet") : _("Keeps no value"));
      return;
    }

  age = bw_device_text_age (self->property.updated_at_us, now_us);

  if (self->property.target != NULL && !means_same (self, self->property.target, self->property.value))
    {
      g_autofree char *target = bw_device_text_value_unit (&self->property, self->property.target);

      /* Translators: the value a device is moving to, then how old its present one is */
      text = g_strdup_printf (_("On the way to %s · %s"), target, age);
    }

  set_note (self, NULL, "dim-label", text != NULL ? text : age);
}

/* (transfer full): JSON with line breaks, all else as it is */
static char *
format_whole (BwPropertyRow *self)
{
  const char *value = self->property.value;
  g_autoptr(JsonNode) node = NULL;
  g_autofree char *start = NULL;

  if (g_utf8_strlen (value, -1) > MAX_WHOLE_CHARS)
    {
      start = g_utf8_substring (value, 0, MAX_WHOLE_CHARS);
      return g_strconcat (start, "…", NULL);
    }

  if (self->property.datatype == BW_DATATYPE_JSON)
    node = bw_json_parse (value, strlen (value), BW_VALUE_MAX_BYTES, NULL);

  return node != NULL ? json_to_string (node, TRUE) : g_strdup (value);
}

static void
update_swatch (BwPropertyRow *self)
{
  g_autofree char *color = NULL;
  double rgb[3];

  if (self->property.datatype != BW_DATATYPE_COLOR || self->control != NULL)
    return;

  if (self->property.value != NULL && bw_value_get_color (self->property.format, self->property.value, rgb))
    color = g_strdup_printf ("#%02x%02x%02x", (guint) (rgb[0] * 255 + 0.5),
                             (guint) (rgb[1] * 255 + 0.5), (guint) (rgb[2] * 255 + 0.5));

  bw_color_swatch_set_color (BW_COLOR_SWATCH (self->swatch), color);
  gtk_widget_set_visible (self->swatch, color != NULL);
}

/* Asked for, and not set with each value: what is set costs an answer of the display server. A long value is below. */
static gboolean
query_tooltip_cb (BwPropertyRow *self,
                  int            x,
                  int            y,
                  gboolean       by_keyboard,
                  GtkTooltip    *tooltip)
{
  gtk_tooltip_set_text (tooltip, gtk_inscription_get_text (self->value_text));

  return !gtk_widget_get_visible (self->whole_expander);
}

static void
update_value (BwPropertyRow *self)
{
  g_autofree char *text = bw_device_text_value_unit (&self->property, self->property.value);
  gboolean is_long;

  g_strdelimit (text, "\r\n\t", ' ');
  is_long = g_utf8_strlen (text, -1) > LONG_VALUE_CHARS;

  /* A push has no value to look for. */
  gtk_widget_set_visible (GTK_WIDGET (self->value_text),
                          self->property.value != NULL || self->property.retained || self->control == NULL);
  gtk_inscription_set_text (self->value_text, text);
  bw_accessible_set_label (GTK_WIDGET (self->value_text), text);
  update_swatch (self);

  gtk_widget_set_visible (self->whole_expander, is_long);
  if (is_long)
    {
      g_autofree char *whole = format_whole (self);

      gtk_label_set_label (self->whole_label, whole);
    }
}

/* The backend's word that the device has confirmed may be here before the value itself. */
static gboolean
is_value_awaited (BwPropertyRow *self)
{
  return self->wish == WISH_CONFIRMED && self->property.retained &&
         g_get_real_time () - self->wish_at_us < ECHO_US &&
         !means_same (self, self->wanted, self->property.value);
}

/* A control whose wish is on its way keeps showing the wish. */
static void
show_in_control (BwPropertyRow *self)
{
  gboolean is_wish = is_open (self) || self->desired != NULL;
  const char *wish = is_open (self) ? self->wanted : self->desired;

  if (self->control != NULL && !is_value_awaited (self))
    bw_property_control_show (self->control, is_wish ? wish : self->property.value, is_wish);
}

static void
set_wish (BwPropertyRow *self,
          Wish           wish)
{
  self->wish = wish;
  self->wish_at_us = g_get_real_time ();
  show_in_control (self);
  update_note (self, self->wish_at_us);
}

static void
wanted_cb (BwPropertyRow     *self,
           const char        *value,
           BwPropertyControl *control)
{
  bw_set_str (&self->wanted, value);
  bw_set_str (&self->reason, NULL);
  g_clear_object (&self->command);
  set_wish (self, WISH_ASKED);

  g_signal_emit (self, signals[WANTED], 0, value);
}

static void
withdraw_clicked_cb (BwPropertyRow *self)
{
  g_signal_emit (self, signals[WITHDRAW], 0);
}

static void
invalid_cb (BwPropertyRow     *self,
            const char        *sentence,
            BwPropertyControl *control)
{
  if (!bw_set_str (&self->invalid, sentence))
    return;

  if (sentence == NULL)
    show_in_control (self);
  update_note (self, g_get_real_time ());
}

static void
bw_property_row_dispose (GObject *object)
{
  BwPropertyRow *self = (BwPropertyRow *) object;

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_PROPERTY_ROW);
  self->control = NULL;
  g_clear_object (&self->command);

  G_OBJECT_CLASS (bw_property_row_parent_class)->dispose (object);
}

static void
bw_property_row_finalize (GObject *object)
{
  BwPropertyRow *self = (BwPropertyRow *) object;

  g_clear_pointer (&self->node_id, g_free);
  g_clear_pointer (&self->property.id, g_free);
  g_clear_pointer (&self->property.name, g_free);
  g_clear_pointer (&self->property.unit, g_free);
  g_clear_pointer (&self->property.format, g_free);
  g_clear_pointer (&self->property.value, g_free);
  g_clear_pointer (&self->property.target, g_free);
  g_clear_pointer (&self->invalid, g_free);
  g_clear_pointer (&self->bad, g_free);
  g_clear_pointer (&self->why_not, g_free);
  g_clear_pointer (&self->desired, g_free);
  g_clear_pointer (&self->wanted, g_free);
  g_clear_pointer (&self->reason, g_free);

  G_OBJECT_CLASS (bw_property_row_parent_class)->finalize (object);
}

static void
bw_property_row_class_init (BwPropertyRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_property_row_dispose;
  object_class->finalize = bw_property_row_finalize;

  signals[WANTED] = g_signal_new ("wanted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                  0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[WITHDRAW] = g_signal_new ("withdraw", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                    0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (BW_TYPE_COLOR_SWATCH);
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/devices/bw-property-row.ui");
  gtk_widget_class_bind_template_child (widget_class, BwPropertyRow, line_box);
  gtk_widget_class_bind_template_child (widget_class, BwPropertyRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, BwPropertyRow, note_box);
  gtk_widget_class_bind_template_child (widget_class, BwPropertyRow, note_image);
  gtk_widget_class_bind_template_child (widget_class, BwPropertyRow, note_label);
  gtk_widget_class_bind_template_child (widget_class, BwPropertyRow, swatch);
  gtk_widget_class_bind_template_child (widget_class, BwPropertyRow, value_text);
  gtk_widget_class_bind_template_child (widget_class, BwPropertyRow, kept_image);
  gtk_widget_class_bind_template_child (widget_class, BwPropertyRow, control_box);
  gtk_widget_class_bind_template_child (widget_class, BwPropertyRow, desired_box);
  gtk_widget_class_bind_template_child (widget_class, BwPropertyRow, desired_image);
  gtk_widget_class_bind_template_child (widget_class, BwPropertyRow, desired_label);
  gtk_widget_class_bind_template_child (widget_class, BwPropertyRow, withdraw_button);
  gtk_widget_class_bind_template_child (widget_class, BwPropertyRow, history_button);
  gtk_widget_class_bind_template_child (widget_class, BwPropertyRow, whole_expander);
  gtk_widget_class_bind_template_child (widget_class, BwPropertyRow, whole_label);
  gtk_widget_class_bind_template_callback (widget_class, query_tooltip_cb);
  gtk_widget_class_bind_template_callback (widget_class, withdraw_clicked_cb);
}

static void
bw_property_row_init (BwPropertyRow *self)
{
  self->note_class = "dim-label";
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* (transfer full): what an engineer wants to know of the property */
static char *
format_tooltip (const BwTreeProperty *property)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%s/%s", property->node->id, property->id);
  if (!property->described)
    g_string_append_printf (text, "\n%s", _("Not described by the device"));
  else
    g_string_append_printf (text, "\n%s", bw_datatype_to_nick (property->datatype));
  if (property->format != NULL)
    g_string_append_printf (text, " %s", property->format);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

GtkWidget *
bw_property_row_new (const BwTreeProperty *property)
{
  BwPropertyRow *self = g_object_new (BW_TYPE_PROPERTY_ROW, NULL);
  const char *name = bw_device_text_property_name (property);
  g_autofree char *tooltip = format_tooltip (property);
  g_autofree char *history = NULL;

  self->node_id = g_strdup (property->node->id);
  self->property.id = g_strdup (property->id);
  self->property.name = g_strdup (property->name);
  self->property.unit = g_strdup (property->unit);
  self->property.format = g_strdup (property->format);
  self->property.datatype = property->datatype;
  self->property.settable = property->settable;
  self->property.retained = property->retained;
  self->property.described = property->described;

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name);
  bw_accessible_set_label (GTK_WIDGET (self), name);
  gtk_label_set_label (self->title_label, name);
  bw_tooltip_set (GTK_WIDGET (self->title_label), tooltip);

  /* Translators: read out for a button; %s is the name of a property */
  history = g_strdup_printf (_("Show history: %s"), name);
  bw_accessible_set_label (self->history_button, history);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->history_button), "(ss)", self->node_id, self->property.id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->history_button), "device.show-history");

  if (property->settable)
    {
      self->control = BW_PROPERTY_CONTROL (bw_property_control_new (property));
      g_signal_connect_object (self->control, "wanted", G_CALLBACK (wanted_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->control, "invalid", G_CALLBACK (invalid_cb), self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (self->control_box), GTK_WIDGET (self->control));
      gtk_widget_set_visible (self->control_box, TRUE);
    }

  bw_property_row_update (self, property);

  return GTK_WIDGET (self);
}

const char *
bw_property_row_get_node_id (BwPropertyRow *self)
{
  g_return_val_if_fail (BW_IS_PROPERTY_ROW (self), NULL);

  return self->node_id;
}

const char *
bw_property_row_get_property_id (BwPropertyRow *self)
{
  g_return_val_if_fail (BW_IS_PROPERTY_ROW (self), NULL);

  return self->property.id;
}

void
bw_property_row_update (BwPropertyRow        *self,
                        const BwTreeProperty *property)
{
  g_autoptr(GError) error = NULL;

  g_return_if_fail (BW_IS_PROPERTY_ROW (self));
  g_return_if_fail (property != NULL);

  bw_set_str (&self->property.value, property->value);
  bw_set_str (&self->property.target, property->target);
  self->property.updated_at_us = property->updated_at_us;
  self->property.bad_value = property->bad_value;

  g_clear_pointer (&self->bad, g_free);
  if (property->bad_value && property->value != NULL)
    {
      if (!bw_value_check (property->datatype, property->format, property->value, &error))
        self->bad = bw_error_to_field_text (error);
      else
        self->bad = g_strdup (_("The bytes that came are no text of that kind."));
    }

  update_value (self);
  show_in_control (self);
  update_note (self, g_get_real_time ());
}

void
bw_property_row_update_age (BwPropertyRow *self,
                            gint64         now_us)
{
  g_return_if_fail (BW_IS_PROPERTY_ROW (self));

  if (self->wish == WISH_CONFIRMED)
    show_in_control (self);

  update_note (self, now_us);
}

/* What keeps no value is done now or not at all. */
static void
update_sensitive (BwPropertyRow *self)
{
  gboolean cannot_keep = self->is_keeping && !self->property.retained;
  const char *why_not = self->why_not;

  if (why_not == NULL && cannot_keep)
    why_not = _("The device is offline");

  gtk_widget_set_sensitive (self->control_box, why_not == NULL);
  bw_tooltip_set (self->control_box, why_not);
  gtk_widget_set_visible (self->kept_image, why_not == NULL && self->is_keeping && self->control != NULL);
}

void
bw_property_row_set_why_not (BwPropertyRow *self,
                             const char    *why_not)
{
  g_return_if_fail (BW_IS_PROPERTY_ROW (self));

  if (bw_set_str (&self->why_not, why_not))
    update_sensitive (self);
}

void
bw_property_row_set_keeping (BwPropertyRow *self,
                             gboolean       is_keeping)
{
  g_return_if_fail (BW_IS_PROPERTY_ROW (self));

  if (self->is_keeping == is_keeping)
    return;

  self->is_keeping = is_keeping;
  update_sensitive (self);
}

/* (transfer full) */
static char *
format_desired (BwPropertyRow   *self,
                const BwDesired *desired)
{
  g_autofree char *value = bw_device_text_value_unit (&self->property, desired->value);
  g_autofree char *since = bw_time_to_date_text (desired->created_at_us);

  if (desired->refused)
    /* Translators: a value that a device did not take when it was back, then why */
    return g_strdup_printf (_("Refused: %s: %s"), value, desired->reason != NULL ? desired->reason : "");

  /* Translators: a value that waits until a device is back, who wanted it, a date */
  return g_strdup_printf (_("Pending: %s, by %s, since %s"), value, desired->by != NULL ? desired->by : "", since);
}

void
bw_property_row_set_desired (BwPropertyRow   *self,
                             const BwDesired *desired)
{
  g_return_if_fail (BW_IS_PROPERTY_ROW (self));

  gtk_widget_set_visible (self->desired_box, desired != NULL);
  bw_set_str (&self->desired, desired != NULL && !desired->refused ? desired->value : NULL);
  if (desired != NULL)
    {
      g_autofree char *text = format_desired (self, desired);
      g_autofree char *label = g_strdup_printf (_("Withdraw %s"), bw_device_text_property_name (&self->property));

      gtk_label_set_label (self->desired_label, text);
      gtk_image_set_from_icon_name (self->desired_image, desired->refused ? "dialog-error-symbolic" : "alarm-symbolic");
      gtk_widget_remove_css_class (self->desired_box, desired->refused ? "warning" : "error");
      gtk_widget_add_css_class (self->desired_box, desired->refused ? "error" : "warning");
      bw_accessible_set_label (self->withdraw_button, label);
    }
  show_in_control (self);
}

void
bw_property_row_take_kept (BwPropertyRow *self)
{
  g_return_if_fail (BW_IS_PROPERTY_ROW (self));

  if (self->wish == WISH_ASKED)
    set_wish (self, WISH_NONE);
}

void
bw_property_row_set_narrow (BwPropertyRow *self,
                            gboolean       is_narrow)
{
  GtkBox *box = GTK_BOX (gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (self)));
  GtkBox *from = is_narrow ? self->line_box : box;
  GtkBox *to = is_narrow ? box : self->line_box;

  g_return_if_fail (BW_IS_PROPERTY_ROW (self));

  /* A switch fits beside any name. */
  if (self->is_narrow == is_narrow || self->control == NULL || bw_property_control_is_small (self->control))
    return;

  self->is_narrow = is_narrow;
  g_object_ref (self->control_box);
  gtk_box_remove (from, self->control_box);
  gtk_box_insert_child_after (to, self->control_box,
                              is_narrow ? GTK_WIDGET (self->line_box) : GTK_WIDGET (self->value_text));
  gtk_widget_set_halign (self->control_box, is_narrow ? GTK_ALIGN_END : GTK_ALIGN_FILL);
  g_object_unref (self->control_box);
}

/* (transfer full) */
static char *
format_reason (const char *reason)
{
  if (reason == NULL || *reason == '\0')
    return g_strdup (_("the device gave no reason"));

  if (g_str_equal (reason, "timed out"))
    return g_strdup (_("timed out, the device did not answer"));

  return g_strdup (reason);
}

void
bw_property_row_take_command (BwPropertyRow *self,
                              BwCommand     *command)
{
  BwEntity *known = (BwEntity *) self->command;

  g_return_if_fail (BW_IS_PROPERTY_ROW (self));
  g_return_if_fail (BW_IS_COMMAND (command));

  if (known != NULL && g_strcmp0 (bw_entity_get_id (known), bw_entity_get_id (BW_ENTITY (command))) == 0)
    {
      /* The answer and the feed cross each other. */
      if (bw_entity_get_revision (BW_ENTITY (command)) < bw_entity_get_revision (known))
        return;
    }
  else if (is_open (self) && (self->wish != WISH_ASKED ||
                              g_strcmp0 (self->wanted, bw_command_get_value (command)) != 0))
    {
      gint64 known_at_us = G_MAXINT64;
      gint64 at_us = 0;

      /* Somebody else's, or an earlier one of ours; only a later one takes the place of what is open. */
      if (known != NULL)
        g_object_get (known, "created-at-us", &known_at_us, NULL);
      g_object_get (command, "created-at-us", &at_us, NULL);
      if (at_us <= known_at_us)
        return;
    }

  g_set_object (&self->command, command);
  bw_set_str (&self->wanted, bw_command_get_value (command));

  switch (bw_command_get_state (command))
    {
    case BW_COMMAND_WANTED:
      set_wish (self, WISH_WANTED);
      break;

    case BW_COMMAND_SENT:
      set_wish (self, WISH_SENT);
      break;

    case BW_COMMAND_CONFIRMED:
      set_wish (self, WISH_CONFIRMED);
      break;

    case BW_COMMAND_FAILED:
    default:
      g_free (self->reason);
      self->reason = format_reason (bw_command_get_reason (command));
      set_wish (self, WISH_FAILED);
      break;
    }
}

void
bw_property_row_take_refusal (BwPropertyRow *self,
                              const char    *reason)
{
  g_return_if_fail (BW_IS_PROPERTY_ROW (self));

  if (self->wish != WISH_ASKED)
    return;

  bw_set_str (&self->reason, reason);
  set_wish (self, WISH_FAILED);
}

gboolean
bw_property_row_is_overdue (BwPropertyRow  *self,
                            gint64          since_us,
                            const char    **ret_command_id)
{
  g_return_val_if_fail (BW_IS_PROPERTY_ROW (self), FALSE);

  if (!is_open (self) || self->command == NULL || self->wish_at_us > since_us)
    return FALSE;

  /* Once per period, not once per tick. */
  self->wish_at_us = g_get_real_time ();
  *ret_command_id = bw_entity_get_id (BW_ENTITY (self->command));

  return TRUE;
}
