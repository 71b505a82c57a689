/* bw-stock-chooser.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-stock-chooser.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-error-text.h"
#include "bw-stock-editor.h"
#include "bw-stock-item.h"
#include "bw-stock-own.h"
#include "bw-stock-picture.h"
#include "bw-stock-text.h"

/**
 * BwStockChooser:
 *
 * All label stocks: searched, with favourites first, and the one that is selected as a picture.
 * Own ones are made, changed and removed here. The installed catalogues come when a thread has
 * read them; until then there are the curated and own ones.
 */

struct _BwStockChooser
{
  AdwWindow           parent_instance;

  GListStore         *items;              /* (owned): of BwStockItem */
  GtkSingleSelection *selection;          /* (owned) */
  GCancellable       *cancellable;        /* (owned): of the reading */
  const BwStock      *wanted;             /* (nullable): to be selected when it is there */
  const BwStock      *removed;            /* (nullable): what *Undo* brings back */
  guint               scroll_id;
  gboolean            has_installed;
  gboolean            is_filling;

  GtkWidget          *back_button;
  GtkWidget          *cancel_button;
  AdwToastOverlay    *toasts;
  AdwLeaflet         *leaflet;
  GtkWidget          *search_entry;
  GtkToggleButton    *favourites_button;
  GtkDropDown        *catalogue_drop;
  GtkStack           *stack;
  GtkListView        *list_view;
  GtkLabel           *failed_label;
  BwStockPicture     *picture;
  GtkLabel           *title_label;
  GtkLabel           *text_label;
  GtkLabel           *details_label;
  GtkLabel           *source_label;
  GtkWidget          *edit_button;
  GtkWidget          *remove_button;
};

G_DEFINE_FINAL_TYPE (BwStockChooser, bw_stock_chooser, ADW_TYPE_WINDOW)

enum {
  PICKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* What the drop-down offers, in its order. */
static const guint catalogues[] = {
  BW_STOCK_ANY_CATALOGUE, 1u << BW_STOCK_CURATED, 1u << BW_STOCK_OWN, 1u << BW_STOCK_LIBREOFFICE, 1u << BW_STOCK_GLABELS,
};

static const BwStock *
get_selected (BwStockChooser *self)
{
  BwStockItem *item = gtk_single_selection_get_selected_item (self->selection);

  return item != NULL ? bw_stock_item_get_stock (item) : NULL;
}

static void
update_navigation (BwStockChooser *self)
{
  gboolean is_folded, is_behind;

  /* The leaflet tells as it is taken apart, too. */
  if (self->leaflet == NULL || self->back_button == NULL)
    return;

  is_folded = adw_leaflet_get_folded (self->leaflet);
  is_behind = is_folded && g_strcmp0 (adw_leaflet_get_visible_child_name (self->leaflet), "details") == 0;
  gtk_widget_set_visible (self->back_button, is_behind);
  gtk_widget_set_visible (self->cancel_button, !is_behind);
  gtk_list_view_set_single_click_activate (self->list_view, is_folded);
}

static void
update_details (BwStockChooser *self)
{
  const BwStock *stock = get_selected (self);
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean is_own = stock != NULL && stock->catalogue == BW_STOCK_OWN;
  g_autofree char *title = stock != NULL ? bw_stock_to_title (stock) : g_strdup ("");
  g_autofree char *text = stock != NULL ? bw_stock_to_user_text (stock) : g_strdup ("");
  g_autofree char *details = stock != NULL ? bw_stock_to_details (stock) : NULL;

  bw_stock_picture_set_stock (self->picture, stock);
  gtk_label_set_label (self->title_label, title);
  gtk_label_set_label (self->text_label, text);
  gtk_label_set_label (self->details_label, details != NULL ? details : "");
  gtk_widget_set_visible (GTK_WIDGET (self->details_label), details != NULL);
  gtk_label_set_label (self->source_label, stock != NULL ? bw_stock_catalogue_to_text (stock->catalogue) : "");
  if (stock != NULL && !stock->is_verified)
    gtk_widget_add_css_class (GTK_WIDGET (self->source_label), "warning");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->source_label), "warning");

  gtk_widget_set_visible (self->edit_button, is_own);
  gtk_widget_set_visible (self->remove_button, is_own);
  gtk_widget_action_set_enabled (widget, "stocks.use", stock != NULL);
  gtk_widget_action_set_enabled (widget, "stocks.edit", is_own);
  gtk_widget_action_set_enabled (widget, "stocks.remove", is_own);
}

static void
selection_changed_cb (BwStockChooser *self)
{
  if (self->is_filling)
    return;

  self->wanted = get_selected (self);
  update_details (self);
}

static guint
find_position (BwStockChooser *self,
               const BwStock  *stock)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->items));

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(BwStockItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      if (bw_stock_item_get_stock (item) == stock)
        return i;
    }

  return 0;
}

/* The list scrolls only once it has a size. */
static gboolean
scroll_cb (GtkWidget     *list_view,
           GdkFrameClock *clock,
           gpointer       user_data)
{
  BwStockChooser *self = user_data;

  if (gtk_widget_get_height (list_view) <= 0)
    return G_SOURCE_CONTINUE;

  self->scroll_id = 0;
  gtk_widget_activate_action (list_view, "list.scroll-to-item", "u",
                              gtk_single_selection_get_selected (self->selection));

  return G_SOURCE_REMOVE;
}

static void
fill (BwStockChooser *self)
{
  guint wanted = catalogues[MIN (gtk_drop_down_get_selected (self->catalogue_drop), G_N_ELEMENTS (catalogues) - 1)];
  g_autoptr(GHashTable) favourites = NULL;
  g_autoptr(GPtrArray) stocks = NULL;
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  if (self->selection == NULL)
    return;

  if (!self->has_installed)
    wanted &= 1u << BW_STOCK_CURATED | 1u << BW_STOCK_OWN;

  favourites = bw_stock_favourites_get ();
  stocks = bw_stock_search (gtk_editable_get_text (GTK_EDITABLE (self->search_entry)), wanted,
                            gtk_toggle_button_get_active (self->favourites_button));
  for (guint i = 0; i < stocks->len; i++)
    {
      const BwStock *stock = g_ptr_array_index (stocks, i);

      g_ptr_array_add (items, bw_stock_item_new (stock, g_hash_table_contains (favourites, stock->name)));
    }

  self->is_filling = TRUE;
  g_list_store_splice (self->items, 0, g_list_model_get_n_items (G_LIST_MODEL (self->items)), items->pdata, items->len);
  if (items->len > 0)
    {
      gtk_single_selection_set_selected (self->selection, find_position (self, self->wanted));
      if (self->scroll_id == 0)
        self->scroll_id = gtk_widget_add_tick_callback (GTK_WIDGET (self->list_view), scroll_cb, self, NULL);
    }
  self->is_filling = FALSE;

  gtk_stack_set_visible_child_name (self->stack, items->len > 0 ? "list" : "nothing");
  update_details (self);
}

static void
search_changed_cb (BwStockChooser *self)
{
  self->wanted = NULL;
  fill (self);
}

static void
pick (BwStockChooser *self)
{
  const BwStock *stock = get_selected (self);

  if (stock == NULL)
    return;

  g_signal_emit (self, signals[PICKED], 0, stock);
  gtk_window_close (GTK_WINDOW (self));
}

/* Where there is room for one of both only, a row leads to its picture first. */
static void
row_activated_cb (BwStockChooser *self,
                  guint           position)
{
  gtk_single_selection_set_selected (self->selection, position);
  if (adw_leaflet_get_folded (self->leaflet))
    adw_leaflet_set_visible_child_name (self->leaflet, "details");
  else
    pick (self);
}

/* The entry waits a moment before it tells of a change; whoever types quickly means what he typed. */
static void
search_activated_cb (BwStockChooser *self)
{
  search_changed_cb (self);
  pick (self);
}

/* Down leads from the entry into the list, as if it were one thing. */
static gboolean
entry_key_cb (BwStockChooser *self,
              guint           key)
{
  if (key != GDK_KEY_Down && key != GDK_KEY_KP_Down)
    return GDK_EVENT_PROPAGATE;

  gtk_widget_grab_focus (GTK_WIDGET (self->list_view));

  return GDK_EVENT_STOP;
}

static void
show_error (BwStockChooser *self,
            const GError   *error)
{
  g_autofree char *text = bw_error_to_file_text (error);

  bw_toast_show (self->toasts, text);
}

static void
read_installed (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  g_ptr_array_unref (bw_stock_get_catalogue (BW_STOCK_LIBREOFFICE));
  g_ptr_array_unref (bw_stock_get_catalogue (BW_STOCK_GLABELS));
  g_task_return_boolean (task, TRUE);
}

static void
installed_read_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(BwStockChooser) self = user_data;

  if (!g_task_propagate_boolean (G_TASK (result), NULL) || g_cancellable_is_cancelled (self->cancellable))
    return;

  self->has_installed = TRUE;
  fill (self);
}

/* Actions */

static void
use_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  pick (BW_STOCK_CHOOSER (widget));
}

static void
star_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwStockChooser *self = BW_STOCK_CHOOSER (widget);
  g_autoptr(GError) error = NULL;
  const BwStock *stock;
  const char *name;
  gboolean is_favourite;

  g_variant_get (parameter, "(&sb)", &name, &is_favourite);
  stock = bw_stock_find (name, &error);
  if (stock != NULL && bw_stock_favourites_set (stock, is_favourite, &error))
    return;

  show_error (self, error);
  fill (self);
}

static void
saved_cb (BwStockChooser *self,
          gpointer        stock)
{
  self->wanted = stock;
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  gtk_toggle_button_set_active (self->favourites_button, FALSE);
  gtk_drop_down_set_selected (self->catalogue_drop, 0);
  self->wanted = stock;
  fill (self);
}

static void
open_editor (BwStockChooser *self,
             const BwStock  *replaces)
{
  GtkWidget *editor = bw_stock_editor_new (get_selected (self), replaces != NULL);

  gtk_window_set_transient_for (GTK_WINDOW (editor), GTK_WINDOW (self));
  g_signal_connect_object (editor, "saved", G_CALLBACK (saved_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (editor));
}

static void
create_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  open_editor (BW_STOCK_CHOOSER (widget), NULL);
}

static void
edit_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  open_editor (BW_STOCK_CHOOSER (widget), get_selected (BW_STOCK_CHOOSER (widget)));
}

static void
undo_remove_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  BwStockChooser *self = BW_STOCK_CHOOSER (widget);
  g_autoptr(GError) error = NULL;

  if (self->removed == NULL)
    return;

  self->wanted = bw_stock_own_save (self->removed, NULL, &error);
  if (self->wanted == NULL)
    show_error (self, error);

  self->removed = NULL;
  fill (self);
}

static void
remove_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwStockChooser *self = BW_STOCK_CHOOSER (widget);
  const BwStock *stock = get_selected (self);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  AdwToast *toast;

  if (stock == NULL || stock->catalogue != BW_STOCK_OWN)
    return;

  if (!bw_stock_own_remove (stock->name, &error))
    {
      show_error (self, error);
      return;
    }

  self->removed = stock;
  self->wanted = NULL;
  fill (self);
  adw_leaflet_set_visible_child_name (self->leaflet, "list");

  /* Translators: %s is the name of a label stock */
  text = g_strdup_printf (_("“%s” was removed"), stock->name);
  toast = adw_toast_new ("");
  adw_toast_set_title (toast, text);
  adw_toast_set_button_label (toast, _("_Undo"));
  adw_toast_set_action_name (toast, "stocks.undo-remove");
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
back_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  adw_leaflet_set_visible_child_name (BW_STOCK_CHOOSER (widget)->leaflet, "list");
}

static void
bw_stock_chooser_constructed (GObject *object)
{
  BwStockChooser *self = (BwStockChooser *) object;
  g_autoptr(GtkListItemFactory) factory = bw_stock_item_factory_new ();
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;

  G_OBJECT_CLASS (bw_stock_chooser_parent_class)->constructed (object);

  self->items = g_list_store_new (BW_TYPE_STOCK_ITEM);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->items)));
  gtk_list_view_set_factory (self->list_view, factory);
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selection_changed_cb), self, G_CONNECT_SWAPPED);
  update_navigation (self);

  /* Somebody may have made one at the command line. */
  if (!bw_stock_own_reload (&error))
    {
      g_autofree char *text = bw_error_to_user_text (error);

      gtk_label_set_label (self->failed_label, text);
      gtk_widget_set_visible (GTK_WIDGET (self->failed_label), TRUE);
    }

  self->cancellable = g_cancellable_new ();
  task = g_task_new (NULL, self->cancellable, installed_read_cb, g_object_ref (self));
  g_task_set_source_tag (task, bw_stock_chooser_constructed);
  g_task_run_in_thread (task, read_installed);
}

/* Closed. The reading may keep it for a moment, even beyond its parent. */
static void
bw_stock_chooser_unmap (GtkWidget *widget)
{
  g_cancellable_cancel (BW_STOCK_CHOOSER (widget)->cancellable);

  GTK_WIDGET_CLASS (bw_stock_chooser_parent_class)->unmap (widget);

  gtk_window_set_transient_for (GTK_WINDOW (widget), NULL);
}

static void
bw_stock_chooser_dispose (GObject *object)
{
  BwStockChooser *self = (BwStockChooser *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->scroll_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self->list_view), self->scroll_id);
  self->scroll_id = 0;
  if (self->list_view != NULL)
    gtk_list_view_set_model (self->list_view, NULL);

  g_clear_object (&self->selection);
  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_STOCK_CHOOSER);
  g_clear_object (&self->items);

  G_OBJECT_CLASS (bw_stock_chooser_parent_class)->dispose (object);
}

static void
bw_stock_chooser_class_init (BwStockChooserClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = bw_stock_chooser_constructed;
  object_class->dispose = bw_stock_chooser_dispose;
  widget_class->unmap = bw_stock_chooser_unmap;

  signals[PICKED] =
    g_signal_new ("picked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_POINTER);

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/print/bw-stock-chooser.ui");
  gtk_widget_class_bind_template_child (widget_class, BwStockChooser, back_button);
  gtk_widget_class_bind_template_child (widget_class, BwStockChooser, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, BwStockChooser, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwStockChooser, leaflet);
  gtk_widget_class_bind_template_child (widget_class, BwStockChooser, search_entry);
  gtk_widget_class_bind_template_child (widget_class, BwStockChooser, favourites_button);
  gtk_widget_class_bind_template_child (widget_class, BwStockChooser, catalogue_drop);
  gtk_widget_class_bind_template_child (widget_class, BwStockChooser, stack);
  gtk_widget_class_bind_template_child (widget_class, BwStockChooser, list_view);
  gtk_widget_class_bind_template_child (widget_class, BwStockChooser, failed_label);
  gtk_widget_class_bind_template_child (widget_class, BwStockChooser, picture);
  gtk_widget_class_bind_template_child (widget_class, BwStockChooser, title_label);
  gtk_widget_class_bind_template_child (widget_class, BwStockChooser, text_label);
  gtk_widget_class_bind_template_child (widget_class, BwStockChooser, details_label);
  gtk_widget_class_bind_template_child (widget_class, BwStockChooser, source_label);
  gtk_widget_class_bind_template_child (widget_class, BwStockChooser, edit_button);
  gtk_widget_class_bind_template_child (widget_class, BwStockChooser, remove_button);
  gtk_widget_class_bind_template_callback (widget_class, entry_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_navigation);

  gtk_widget_class_install_action (widget_class, "stocks.use", NULL, use_action);
  gtk_widget_class_install_action (widget_class, "stocks.star", "(sb)", star_action);
  gtk_widget_class_install_action (widget_class, "stocks.create", NULL, create_action);
  gtk_widget_class_install_action (widget_class, "stocks.edit", NULL, edit_action);
  gtk_widget_class_install_action (widget_class, "stocks.remove", NULL, remove_action);
  gtk_widget_class_install_action (widget_class, "stocks.undo-remove", NULL, undo_remove_action);
  gtk_widget_class_install_action (widget_class, "stocks.back", NULL, back_action);

  g_type_ensure (BW_TYPE_STOCK_PICTURE);
}

static void
bw_stock_chooser_init (BwStockChooser *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  bw_accessible_set_label (GTK_WIDGET (self->picture), _("Picture of the sheet"));
}

GtkWidget *
bw_stock_chooser_new (const BwStock *current)
{
  BwStockChooser *self = g_object_new (BW_TYPE_STOCK_CHOOSER, NULL);

  self->wanted = current;
  fill (self);
  gtk_widget_grab_focus (self->search_entry);

  return GTK_WIDGET (self);
}
