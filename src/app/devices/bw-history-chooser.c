/* bw-history-chooser.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-history-chooser.h"

#include <glib/gi18n.h>

#include "bw-compat.h"

/**
 * BwHistoryChooser:
 *
 * A device may have thousands of properties: the list makes rows only for those in sight.
 */
struct _BwHistoryChooser
{
  GtkWidget           parent_instance;

  GtkFilterListModel *filtered;

  GtkWidget          *button;
  GtkSearchEntry     *search;
  GtkStringFilter    *filter;
  GtkListView        *list;
};

G_DEFINE_FINAL_TYPE (BwHistoryChooser, bw_history_chooser, GTK_TYPE_WIDGET)

enum {
  TOGGLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* The tick follows what is chosen; a person's click asks first. */
static void
ticked_cb (GtkListItem    *item,
           GtkCheckButton *check)
{
  BwHistoryChoice *choice = gtk_list_item_get_item (item);
  GtkWidget *chooser = gtk_widget_get_ancestor (GTK_WIDGET (check), BW_TYPE_HISTORY_CHOOSER);

  if (choice == NULL || chooser == NULL || gtk_check_button_get_active (check) == bw_history_choice_get_chosen (choice))
    return;

  g_signal_emit (chooser, signals[TOGGLED], 0, choice);
  gtk_check_button_set_active (check, bw_history_choice_get_chosen (choice));
}

static void
bind_to_item (GtkListItem *item,
              const char  *name,
              GtkWidget   *widget,
              const char  *property)
{
  GtkExpression *of_item = gtk_property_expression_new (GTK_TYPE_LIST_ITEM, NULL, "item");
  GtkExpression *expression = gtk_property_expression_new (BW_TYPE_HISTORY_CHOICE, of_item, name);

  gtk_expression_bind (expression, widget, property, item);
}

static void
row_set_up_cb (GtkListItemFactory *factory,
               GtkListItem        *item)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *note = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (note), 0);
  gtk_label_set_ellipsize (GTK_LABEL (note), PANGO_ELLIPSIZE_END);
  gtk_widget_set_margin_start (note, 28);
  gtk_widget_add_css_class (note, "dim-label");
  gtk_widget_add_css_class (note, "caption");
  gtk_box_append (GTK_BOX (row), check);
  gtk_box_append (GTK_BOX (row), note);
  gtk_list_item_set_child (item, row);

  bind_to_item (item, "title", check, "label");
  bind_to_item (item, "chosen", check, "active");
  bind_to_item (item, "note", note, "label");
  g_signal_connect_object (check, "toggled", G_CALLBACK (ticked_cb), item, G_CONNECT_SWAPPED);
}

static void
activated_cb (BwHistoryChooser *self,
              guint             position,
              GtkListView      *list)
{
  g_autoptr(BwHistoryChoice) choice = g_list_model_get_item (G_LIST_MODEL (self->filtered), position);

  if (choice != NULL)
    g_signal_emit (self, signals[TOGGLED], 0, choice);
}

/* Enter takes the first that is found. */
static void
search_activated_cb (BwHistoryChooser *self)
{
  activated_cb (self, 0, self->list);
}

static void
searched_cb (BwHistoryChooser *self)
{
  gtk_string_filter_set_search (self->filter, gtk_editable_get_text (GTK_EDITABLE (self->search)));
}

/* Escape closes the list, not only the search. */
static void
search_stopped_cb (BwHistoryChooser *self)
{
  gtk_menu_button_popdown (GTK_MENU_BUTTON (self->button));
}

static void
shown_cb (BwHistoryChooser *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static GtkWidget *
make_popover (BwHistoryChooser *self)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkSelectionModel *model;

  self->search = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  g_object_set (self->search, "placeholder-text", _("Search Properties"), NULL);
  bw_accessible_set_label (GTK_WIDGET (self->search), _("Search properties"));
  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (searched_cb), self);
  g_signal_connect_swapped (self->search, "stop-search", G_CALLBACK (search_stopped_cb), self);
  g_signal_connect_swapped (self->search, "activate", G_CALLBACK (search_activated_cb), self);

  self->filter = gtk_string_filter_new (gtk_property_expression_new (BW_TYPE_HISTORY_CHOICE, NULL, "title"));
  self->filtered = gtk_filter_list_model_new (NULL, g_object_ref (GTK_FILTER (self->filter)));
  model = GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->filtered))));

  g_signal_connect (factory, "setup", G_CALLBACK (row_set_up_cb), NULL);
  self->list = GTK_LIST_VIEW (gtk_list_view_new (model, factory));
  gtk_list_view_set_single_click_activate (self->list, TRUE);
  bw_accessible_set_label (GTK_WIDGET (self->list), _("Properties"));
  g_signal_connect_swapped (self->list, "activate", G_CALLBACK (activated_cb), self);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->list));
  gtk_widget_set_size_request (scrolled, 300, 320);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->search));
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  g_signal_connect_swapped (popover, "map", G_CALLBACK (shown_cb), self);

  return popover;
}

static void
bw_history_chooser_dispose (GObject *object)
{
  BwHistoryChooser *self = (BwHistoryChooser *) object;

  g_clear_pointer (&self->button, gtk_widget_unparent);
  g_clear_object (&self->filtered);
  g_clear_object (&self->filter);

  G_OBJECT_CLASS (bw_history_chooser_parent_class)->dispose (object);
}

static void
bw_history_chooser_class_init (BwHistoryChooserClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bw_history_chooser_dispose;

  signals[TOGGLED] = g_signal_new ("toggled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, BW_TYPE_HISTORY_CHOICE);

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
bw_history_chooser_init (BwHistoryChooser *self)
{
  self->button = gtk_menu_button_new ();
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->button), make_popover (self));
  gtk_widget_set_parent (self->button, GTK_WIDGET (self));
  bw_history_chooser_set_label (self, _("Properties"));
}

void
bw_history_chooser_set_choices (BwHistoryChooser *self,
                                GListModel       *choices)
{
  g_return_if_fail (BW_IS_HISTORY_CHOOSER (self));

  gtk_filter_list_model_set_model (self->filtered, choices);
}

GListModel *
bw_history_chooser_dup_choices (BwHistoryChooser *self)
{
  GListModel *choices;

  g_return_val_if_fail (BW_IS_HISTORY_CHOOSER (self), NULL);

  choices = gtk_filter_list_model_get_model (self->filtered);

  return choices != NULL ? g_object_ref (choices) : NULL;
}

void
bw_history_chooser_set_label (BwHistoryChooser *self,
                              const char       *label)
{
  g_return_if_fail (BW_IS_HISTORY_CHOOSER (self));

  gtk_menu_button_set_label (GTK_MENU_BUTTON (self->button), label);
  bw_accessible_set_label (self->button, label);
}

void
bw_history_chooser_open (BwHistoryChooser *self)
{
  g_return_if_fail (BW_IS_HISTORY_CHOOSER (self));

  gtk_menu_button_popup (GTK_MENU_BUTTON (self->button));
}
