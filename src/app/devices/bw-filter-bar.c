/* bw-filter-bar.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-filter-bar.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-device-field.h"
#include "bw-device-query.h"
#include "bw-text.h"

#define CHIP_MAX_CHARS 40

/**
 * BwFilterBar:
 *
 * One line that can be pushed sideways. A chip has two buttons: its text changes the
 * condition, the cross takes it away.
 */

struct _BwFilterBar
{
  GtkWidget    parent_instance;

  BwSession   *session;      /* (owned) (nullable) */
  JsonObject  *filter;       /* (owned) (nullable) */
  char        *hidden_key;   /* (nullable) */
  guint        n_chips;

  GtkWidget   *scroller;
  GtkWidget   *box;
};

G_DEFINE_FINAL_TYPE (BwFilterBar, bw_filter_bar, GTK_TYPE_WIDGET)

enum {
  EDIT,
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
edit_clicked_cb (GtkWidget   *button,
                 BwFilterBar *self)
{
  g_signal_emit (self, signals[EDIT], 0, gtk_widget_get_name (button));
}

static void
remove_clicked_cb (GtkWidget   *button,
                   BwFilterBar *self)
{
  g_autoptr(JsonObject) filter = bw_device_query_copy (self->filter);

  bw_device_query_set (filter, gtk_widget_get_name (button), NULL);
  g_signal_emit (self, signals[CHANGED], 0, filter);
}

static void
clear_clicked_cb (BwFilterBar *self)
{
  g_autoptr(JsonObject) nothing = json_object_new ();

  g_signal_emit (self, signals[CHANGED], 0, nothing);
}

static void
add_chip (BwFilterBar *self,
          const char  *key)
{
  g_auto(GStrv) values = bw_device_query_dup_values (self->filter, key);
  g_autofree char *text = bw_device_condition_to_text (self->session, key, (const char * const *) values);
  /* Translators: read out for the button that takes a filter away; %s is “Version: 1.4.2” */
  g_autofree char *remove_label = g_strdup_printf (_("Remove Filter %s"), text);
  GtkWidget *chip = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *label = gtk_label_new (text);
  GtkWidget *edit = gtk_button_new ();
  GtkWidget *cross = gtk_button_new_from_icon_name ("window-close-symbolic");

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), CHIP_MAX_CHARS);
  gtk_button_set_child (GTK_BUTTON (edit), label);
  gtk_widget_set_tooltip_text (edit, text);
  gtk_widget_set_tooltip_text (cross, _("Remove Filter"));
  bw_accessible_set_label (edit, text);
  bw_accessible_set_label (cross, remove_label);
  gtk_widget_set_name (edit, key);
  gtk_widget_set_name (cross, key);
  gtk_widget_add_css_class (edit, "filter-chip");
  gtk_widget_add_css_class (edit, "caption");
  gtk_widget_add_css_class (cross, "filter-chip");
  gtk_widget_add_css_class (cross, "filter-cross");
  gtk_widget_add_css_class (chip, "linked");
  g_signal_connect_object (edit, "clicked", G_CALLBACK (edit_clicked_cb), self, 0);
  g_signal_connect_object (cross, "clicked", G_CALLBACK (remove_clicked_cb), self, 0);
  gtk_box_append (GTK_BOX (chip), edit);
  gtk_box_append (GTK_BOX (chip), cross);
  gtk_box_append (GTK_BOX (self->box), chip);
  self->n_chips++;
}

static void
add_clear_button (BwFilterBar *self)
{
  GtkWidget *clear = gtk_button_new_with_mnemonic (_("_Clear"));

  gtk_widget_set_tooltip_text (clear, _("Remove All Filters"));
  gtk_widget_add_css_class (clear, "filter-chip");
  gtk_widget_add_css_class (clear, "caption");
  gtk_widget_add_css_class (clear, "flat");
  g_signal_connect_object (clear, "clicked", G_CALLBACK (clear_clicked_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self->box), clear);
}

static void
fill (BwFilterBar *self)
{
  g_autoptr(GList) keys = NULL;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->box)) != NULL)
    gtk_box_remove (GTK_BOX (self->box), child);

  self->n_chips = 0;
  if (self->filter != NULL)
    keys = json_object_get_members (self->filter);

  for (GList *l = keys; l != NULL; l = l->next)
    {
      if (g_strcmp0 (l->data, self->hidden_key) != 0)
        add_chip (self, l->data);
    }

  if (self->n_chips > 0)
    add_clear_button (self);

  gtk_widget_set_visible (GTK_WIDGET (self), self->n_chips > 0);
}

static void
bw_filter_bar_dispose (GObject *object)
{
  BwFilterBar *self = (BwFilterBar *) object;

  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_filter_bar_parent_class)->dispose (object);
}

static void
bw_filter_bar_finalize (GObject *object)
{
  BwFilterBar *self = (BwFilterBar *) object;

  g_clear_pointer (&self->filter, json_object_unref);
  g_clear_pointer (&self->hidden_key, g_free);

  G_OBJECT_CLASS (bw_filter_bar_parent_class)->finalize (object);
}

static void
bw_filter_bar_class_init (BwFilterBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_filter_bar_dispose;
  object_class->finalize = bw_filter_bar_finalize;

  signals[EDIT] = g_signal_new ("edit", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 1, JSON_TYPE_OBJECT);

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
bw_filter_bar_init (BwFilterBar *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_set_valign (self->box, GTK_ALIGN_CENTER);
  bw_accessible_set_label (self->box, _("Filters"));
  self->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_EXTERNAL, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), self->box);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
bw_filter_bar_new (void)
{
  return g_object_new (BW_TYPE_FILTER_BAR, NULL);
}

void
bw_filter_bar_set_session (BwFilterBar *self,
                           BwSession   *session)
{
  g_return_if_fail (BW_IS_FILTER_BAR (self));
  g_return_if_fail (BW_IS_SESSION (session));
  g_return_if_fail (self->session == NULL);

  /* Names may come later than the ids that stand for them. */
  self->session = g_object_ref (session);
  g_signal_connect_object (bw_session_get_companies (session), "items-changed", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bw_session_get_batches (session), "items-changed", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bw_session_get_tags (session), "items-changed", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
}

void
bw_filter_bar_set_filter (BwFilterBar *self,
                          JsonObject  *filter,
                          const char  *hidden_key)
{
  g_return_if_fail (BW_IS_FILTER_BAR (self));
  g_return_if_fail (filter != NULL);

  g_clear_pointer (&self->filter, json_object_unref);
  self->filter = bw_device_query_copy (filter);
  bw_set_str (&self->hidden_key, hidden_key);
  fill (self);
}

guint
bw_filter_bar_get_n (BwFilterBar *self)
{
  g_return_val_if_fail (BW_IS_FILTER_BAR (self), 0);

  return self->n_chips;
}
