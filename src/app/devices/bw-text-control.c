/* bw-text-control.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-property-control-private.h"

#define MIN_CHARS 12
#define NAT_CHARS 20

/**
 * BwTextControl:
 *
 * Anything that is typed: texts, numbers without bounds, moments, durations, JSON.
 * It is sent by Enter or *Set*, and Escape brings back what the device says.
 */

struct _BwTextControl
{
  BwPropertyControl  parent_instance;

  GtkEditable       *entry;
  GtkWidget         *button;
  char              *shown;      /* (nullable): what we were told last */
  gboolean           is_edited;
};

G_DEFINE_FINAL_TYPE (BwTextControl, bw_text_control, BW_TYPE_PROPERTY_CONTROL)

static gboolean
is_decimal (const BwPropertyFacts *facts)
{
  return facts->datatype == BW_DATATYPE_FLOAT || facts->datatype == BW_DATATYPE_PERCENT;
}

/* (transfer full): what the wire wants of what people type */
static char *
get_value (BwTextControl *self)
{
  const BwPropertyFacts *facts = bw_property_control_get_facts (BW_PROPERTY_CONTROL (self));
  char *text = g_strdup (gtk_editable_get_text (self->entry));

  if (facts->datatype == BW_DATATYPE_STRING)
    return text;

  g_strstrip (text);

  /* Half of the world writes 22,5. */
  if (is_decimal (facts) && strchr (text, ',') != NULL && strchr (text, '.') == NULL)
    *strchr (text, ',') = '.';

  return text;
}

static void
set_edited (BwTextControl *self,
            gboolean       is_edited,
            gboolean       is_valid)
{
  self->is_edited = is_edited;
  gtk_widget_set_sensitive (self->button, is_edited && is_valid);

  if (is_edited && !is_valid)
    gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
}

static void
changed_cb (BwTextControl *self,
            GtkEditable   *entry)
{
  g_autofree char *value = NULL;

  if (bw_property_control_is_showing (BW_PROPERTY_CONTROL (self)))
    return;

  value = get_value (self);
  set_edited (self, TRUE, bw_property_control_check (BW_PROPERTY_CONTROL (self), value));
}

static void
apply (BwTextControl *self)
{
  g_autofree char *value = get_value (self);

  if (!self->is_edited || !bw_property_control_check (BW_PROPERTY_CONTROL (self), value))
    return;

  set_edited (self, FALSE, TRUE);
  bw_property_control_want (BW_PROPERTY_CONTROL (self), value);
}

static void
revert (BwTextControl *self)
{
  g_autofree char *shown = g_strdup (self->shown);

  set_edited (self, FALSE, TRUE);
  bw_property_control_show (BW_PROPERTY_CONTROL (self), shown, FALSE);
  g_signal_emit_by_name (self, "invalid", NULL);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                BwTextControl         *self)
{
  if (keyval != GDK_KEY_Escape || !self->is_edited)
    return GDK_EVENT_PROPAGATE;

  revert (self);

  return GDK_EVENT_STOP;
}

/* What form is expected, where a person cannot guess it. */
static const char *
get_placeholder (const BwPropertyFacts *facts)
{
  switch (facts->datatype)
    {
    case BW_DATATYPE_DATETIME:
      return "2026-01-31T18:30:00Z";
    case BW_DATATYPE_DURATION:
      return "PT1H30M";
    case BW_DATATYPE_JSON:
      return "{ }";
    case BW_DATATYPE_STRING:
    case BW_DATATYPE_INTEGER:
    case BW_DATATYPE_FLOAT:
    case BW_DATATYPE_BOOLEAN:
    case BW_DATATYPE_ENUM:
    case BW_DATATYPE_COLOR:
    case BW_DATATYPE_PERCENT:
    default:
      return facts->format;
    }
}

static void
bw_text_control_build (BwPropertyControl *control)
{
  BwTextControl *self = BW_TEXT_CONTROL (control);
  const BwPropertyFacts *facts = bw_property_control_get_facts (control);
  GtkEventController *controller = gtk_event_controller_key_new ();
  g_autofree char *name = g_strdup_printf (_("Set %s"), facts->name);
  const char *placeholder = get_placeholder (facts);

  self->entry = GTK_EDITABLE (gtk_entry_new ());
  gtk_editable_set_width_chars (self->entry, MIN_CHARS);
  gtk_editable_set_max_width_chars (self->entry, NAT_CHARS);
  gtk_widget_set_valign (GTK_WIDGET (self->entry), GTK_ALIGN_CENTER);
  if (placeholder != NULL)
    gtk_entry_set_placeholder_text (GTK_ENTRY (self->entry), placeholder);
  bw_accessible_set_label (GTK_WIDGET (self->entry), facts->name);

  self->button = gtk_button_new_with_label (_("Set"));
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  gtk_widget_set_sensitive (self->button, FALSE);
  bw_accessible_set_label (self->button, name);

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_object (controller, "key-pressed", G_CALLBACK (key_pressed_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), controller);
  g_signal_connect_object (self->entry, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->entry, "activate", G_CALLBACK (apply), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->button, "clicked", G_CALLBACK (apply), self, G_CONNECT_SWAPPED);
  gtk_widget_set_parent (GTK_WIDGET (self->entry), GTK_WIDGET (self));
  gtk_widget_set_parent (self->button, GTK_WIDGET (self));
}

static void
bw_text_control_show (BwPropertyControl *control,
                      const char        *value,
                      gboolean           is_wish)
{
  BwTextControl *self = BW_TEXT_CONTROL (control);
  const char *text = value != NULL ? value : "";

  g_free (self->shown);
  self->shown = g_strdup (value);

  /* Setting the text moves the cursor; who stands in the field should not feel it. */
  if (!g_str_equal (gtk_editable_get_text (self->entry), text))
    gtk_editable_set_text (self->entry, text);
}

static gboolean
bw_text_control_is_touched (BwPropertyControl *control)
{
  return BW_TEXT_CONTROL (control)->is_edited;
}

static void
bw_text_control_finalize (GObject *object)
{
  BwTextControl *self = (BwTextControl *) object;

  g_clear_pointer (&self->shown, g_free);

  G_OBJECT_CLASS (bw_text_control_parent_class)->finalize (object);
}

static void
bw_text_control_class_init (BwTextControlClass *klass)
{
  BwPropertyControlClass *control_class = BW_PROPERTY_CONTROL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bw_text_control_finalize;
  control_class->build = bw_text_control_build;
  control_class->show = bw_text_control_show;
  control_class->is_touched = bw_text_control_is_touched;
}

static void
bw_text_control_init (BwTextControl *self)
{
}
