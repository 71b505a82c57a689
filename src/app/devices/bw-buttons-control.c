/* bw-buttons-control.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-property-control-private.h"

/**
 * BwButtonsControl:
 *
 * A property that keeps no value, such as a doorbell or “toggle”: a push button for
 * each thing one can ask for.
 */

struct _BwButtonsControl
{
  BwPropertyControl parent_instance;
};

G_DEFINE_FINAL_TYPE (BwButtonsControl, bw_buttons_control, BW_TYPE_PROPERTY_CONTROL)

static void
clicked_cb (GtkButton         *button,
            BwPropertyControl *self)
{
  bw_property_control_want (self, gtk_widget_get_name (GTK_WIDGET (button)));
}

static void
add_button (BwButtonsControl *self,
            const char       *value,
            const char       *label)
{
  const BwPropertyFacts *facts = bw_property_control_get_facts (BW_PROPERTY_CONTROL (self));
  GtkWidget *button = gtk_button_new_with_label (label);
  /* Translators: a push button: the property's name, then what it asks for */
  g_autofree char *name = g_strdup_printf (_("%s: %s"), facts->name, label);

  gtk_widget_set_name (button, value);
  bw_accessible_set_label (button, name);
  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), self, 0);
  gtk_widget_set_parent (button, GTK_WIDGET (self));
}

static void
bw_buttons_control_build (BwPropertyControl *control)
{
  BwButtonsControl *self = BW_BUTTONS_CONTROL (control);
  const BwPropertyFacts *facts = bw_property_control_get_facts (control);
  g_auto(GStrv) choices = NULL;

  if (facts->datatype == BW_DATATYPE_BOOLEAN)
    {
      add_button (self, "false", _("Off"));
      add_button (self, "true", _("On"));
      return;
    }

  choices = bw_value_get_choices (facts->datatype, facts->format);
  for (guint i = 0; choices != NULL && choices[i] != NULL; i++)
    add_button (self, choices[i], choices[i]);
}

static void
bw_buttons_control_show (BwPropertyControl *control,
                         const char        *value,
                         gboolean           is_wish)
{
  /* A push has no position. */
}

static void
bw_buttons_control_class_init (BwButtonsControlClass *klass)
{
  BwPropertyControlClass *control_class = BW_PROPERTY_CONTROL_CLASS (klass);

  control_class->build = bw_buttons_control_build;
  control_class->show = bw_buttons_control_show;
}

static void
bw_buttons_control_init (BwButtonsControl *self)
{
}
