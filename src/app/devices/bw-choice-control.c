/* bw-choice-control.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-property-control-private.h"

#define MAX_CHARS     24
#define SEARCH_FROM_N 12   /* longer lists can be searched */

/**
 * BwChoiceControl:
 *
 * An enum as a drop-down list. One that keeps no value gets a button beside it,
 * since there the same choice may be wanted twice.
 */

struct _BwChoiceControl
{
  BwPropertyControl  parent_instance;

  GStrv              choices;
  GtkDropDown       *list;
};

G_DEFINE_FINAL_TYPE (BwChoiceControl, bw_choice_control, BW_TYPE_PROPERTY_CONTROL)

static void
want_selected (BwChoiceControl *self)
{
  guint position = gtk_drop_down_get_selected (self->list);

  if (position != GTK_INVALID_LIST_POSITION)
    bw_property_control_want (BW_PROPERTY_CONTROL (self), self->choices[position]);
}

static void
selected_cb (BwChoiceControl *self,
             GParamSpec      *pspec,
             GtkDropDown     *list)
{
  if (!bw_property_control_is_showing (BW_PROPERTY_CONTROL (self)))
    want_selected (self);
}

static void
send_cb (BwChoiceControl *self,
         GtkButton       *button)
{
  want_selected (self);
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *list_item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARS);
  gtk_list_item_set_child (list_item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *list_item)
{
  GtkStringObject *choice = gtk_list_item_get_item (list_item);

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (list_item)), gtk_string_object_get_string (choice));
}

static void
bw_choice_control_build (BwPropertyControl *control)
{
  BwChoiceControl *self = BW_CHOICE_CONTROL (control);
  const BwPropertyFacts *facts = bw_property_control_get_facts (control);
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);

  self->choices = bw_value_get_choices (facts->datatype, facts->format);
  self->list = GTK_DROP_DOWN (gtk_drop_down_new_from_strings ((const char * const *) self->choices));
  gtk_drop_down_set_factory (self->list, factory);
  gtk_drop_down_set_selected (self->list, GTK_INVALID_LIST_POSITION);
  bw_accessible_set_label (GTK_WIDGET (self->list), facts->name);

  if (g_strv_length (self->choices) >= SEARCH_FROM_N)
    {
      g_autoptr(GtkExpression) text = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");

      gtk_drop_down_set_expression (self->list, text);
      gtk_drop_down_set_enable_search (self->list, TRUE);
    }

  gtk_widget_set_parent (GTK_WIDGET (self->list), GTK_WIDGET (self));

  if (facts->is_retained)
    {
      g_signal_connect_object (self->list, "notify::selected", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);
    }
  else
    {
      GtkWidget *button = gtk_button_new_with_label (_("Send"));
      g_autofree char *name = g_strdup_printf (_("Send %s"), facts->name);

      bw_accessible_set_label (button, name);
      g_signal_connect_object (button, "clicked", G_CALLBACK (send_cb), self, G_CONNECT_SWAPPED);
      gtk_widget_set_parent (button, GTK_WIDGET (self));
    }
}

static void
bw_choice_control_show (BwPropertyControl *control,
                        const char        *value,
                        gboolean           is_wish)
{
  BwChoiceControl *self = BW_CHOICE_CONTROL (control);
  guint position = GTK_INVALID_LIST_POSITION;

  if (!bw_property_control_get_facts (control)->is_retained)
    return;

  for (guint i = 0; value != NULL && self->choices[i] != NULL; i++)
    {
      if (g_str_equal (self->choices[i], value))
        position = i;
    }

  gtk_drop_down_set_selected (self->list, position);
}

static void
bw_choice_control_finalize (GObject *object)
{
  BwChoiceControl *self = (BwChoiceControl *) object;

  g_clear_pointer (&self->choices, g_strfreev);

  G_OBJECT_CLASS (bw_choice_control_parent_class)->finalize (object);
}

static void
bw_choice_control_class_init (BwChoiceControlClass *klass)
{
  BwPropertyControlClass *control_class = BW_PROPERTY_CONTROL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bw_choice_control_finalize;
  control_class->build = bw_choice_control_build;
  control_class->show = bw_choice_control_show;
}

static void
bw_choice_control_init (BwChoiceControl *self)
{
}
