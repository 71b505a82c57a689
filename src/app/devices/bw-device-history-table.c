/* bw-device-history-table.c: the values of one property, the newest first
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-device-history-private.h"

#include <glib/gi18n.h>

#include "bw-chart-axis.h"
#include "bw-error-text.h"

/* Into how many parts a long time is counted. */
#define N_PARTS 1000

typedef enum
{
  COLUMN_TIME,
  COLUMN_VALUE,
} Column;

/* (transfer full) */
static char *
make_text (BwDeviceHistoryTab   *self,
           Column                column,
           const BwHistoryPoint *point)
{
  BwHistoryChoice *choice = gtk_drop_down_get_selected_item (self->table_choice);
  g_autoptr(GTimeZone) zone = NULL;

  if (column == COLUMN_VALUE)
    return choice != NULL ? bw_history_choice_point_text (choice, point) : g_strdup ("");

  zone = g_time_zone_new_local ();

  return bw_chart_time_text (zone, point->at_us, 1);
}

static void
show_row (BwDeviceHistoryTab *self,
          Column              column,
          GtkListItem        *item)
{
  BwHistoryRow *row = gtk_list_item_get_item (item);
  GtkInscription *cell = GTK_INSCRIPTION (gtk_list_item_get_child (item));
  const BwHistoryPoint *point = row != NULL ? bw_history_row_get_point (row) : NULL;
  g_autofree char *text = point != NULL ? make_text (self, column, point) : g_strdup ("…");

  gtk_inscription_set_text (cell, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (cell), column == COLUMN_VALUE && point != NULL ? text : NULL);
}

static BwDeviceHistoryTab *
find_tab (GtkListItem *item)
{
  return BW_DEVICE_HISTORY_TAB (gtk_widget_get_ancestor (gtk_list_item_get_child (item), BW_TYPE_DEVICE_HISTORY_TAB));
}

static void
time_loaded_cb (GtkListItem *item)
{
  if (gtk_list_item_get_child (item) != NULL && gtk_widget_get_root (gtk_list_item_get_child (item)) != NULL)
    show_row (find_tab (item), COLUMN_TIME, item);
}

static void
value_loaded_cb (GtkListItem *item)
{
  if (gtk_list_item_get_child (item) != NULL && gtk_widget_get_root (gtk_list_item_get_child (item)) != NULL)
    show_row (find_tab (item), COLUMN_VALUE, item);
}

static void
cell_set_up_cb (GtkListItemFactory *factory,
                GtkListItem        *item)
{
  GtkWidget *cell = gtk_inscription_new (NULL);

  gtk_inscription_set_min_chars (GTK_INSCRIPTION (cell), 8);
  gtk_inscription_set_nat_chars (GTK_INSCRIPTION (cell), 26);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (cell), GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_widget_add_css_class (cell, "numeric");
  gtk_list_item_set_child (item, cell);
}

static void
time_bound_cb (BwDeviceHistoryTab *self,
               GtkListItem        *item)
{
  g_signal_connect_object (gtk_list_item_get_item (item), "notify::loaded", G_CALLBACK (time_loaded_cb), item, G_CONNECT_SWAPPED);
  show_row (self, COLUMN_TIME, item);
}

static void
value_bound_cb (BwDeviceHistoryTab *self,
                GtkListItem        *item)
{
  g_signal_connect_object (gtk_list_item_get_item (item), "notify::loaded", G_CALLBACK (value_loaded_cb), item, G_CONNECT_SWAPPED);
  show_row (self, COLUMN_VALUE, item);
}

static void
cell_unbound_cb (BwDeviceHistoryTab *self,
                 GtkListItem        *item)
{
  g_signal_handlers_disconnect_by_data (gtk_list_item_get_item (item), item);
}

static void
add_column (BwDeviceHistoryTab *self,
            const char         *title,
            GCallback           bound_cb,
            gboolean            expands)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr(GtkColumnViewColumn) column = NULL;

  g_signal_connect (factory, "setup", G_CALLBACK (cell_set_up_cb), NULL);
  g_signal_connect_swapped (factory, "bind", bound_cb, self);
  g_signal_connect_swapped (factory, "unbind", G_CALLBACK (cell_unbound_cb), self);
  column = gtk_column_view_column_new (title, factory);
  gtk_column_view_column_set_expand (column, expands);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_append_column (self->table, column);
}

static void
failed_cb (BwDeviceHistoryTab *self,
           GError             *error,
           BwHistoryList      *list)
{
  g_autofree char *text = bw_error_to_user_text (error);

  bw_device_history_show_toast (self, text);
}

static void
update_count (BwDeviceHistoryTab *self,
              gulong              n)
{
  g_autofree char *text = g_strdup_printf (ngettext ("%'lu value", "%'lu values", n), n);

  gtk_label_set_label (self->count_label, text);
}

static void
rows_changed_cb (BwDeviceHistoryTab *self,
                 guint               position,
                 guint               n_removed,
                 guint               n_added,
                 GListModel         *list)
{
  update_count (self, g_list_model_get_n_items (list));
}

static void
counted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BwDeviceHistoryTab) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BwHistory) history = bw_session_load_history_finish (BW_SESSION (source), result, &error);
  g_autoptr(BwHistoryList) list = NULL;
  g_autoptr(GtkSelectionModel) model = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (history == NULL)
    {
      g_autofree char *text = bw_error_to_user_text (error);

      gtk_label_set_label (self->count_label, text);
      return;
    }

  list = bw_history_list_new (self->session, bw_live_device_get_id (self->live), history);
  g_signal_connect_object (list, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (list, "items-changed", G_CALLBACK (rows_changed_cb), self, G_CONNECT_SWAPPED);
  model = GTK_SELECTION_MODEL (gtk_single_selection_new (g_object_ref (G_LIST_MODEL (list))));
  gtk_column_view_set_model (self->table, model);
  update_count (self, g_list_model_get_n_items (G_LIST_MODEL (list)));
}

/* The same time as that of the chart, one property. */
void
bw_device_history_load_table (BwDeviceHistoryTab *self)
{
  BwHistoryChoice *choice = gtk_drop_down_get_selected_item (self->table_choice);
  gint64 to_us = self->to_us;

  if (self->table_load != NULL)
    g_cancellable_cancel (self->table_load);
  g_clear_object (&self->table_load);

  if (choice == NULL)
    {
      gtk_column_view_set_model (self->table, NULL);
      gtk_label_set_label (self->count_label, _("Choose the properties to look at."));
      return;
    }

  if (gtk_drop_down_get_selected (self->span_choice) != BW_SPAN_DAYS)
    to_us = MAX (to_us, g_get_real_time ());

  self->table_load = g_cancellable_new ();
  bw_session_load_history_async (self->session, bw_live_device_get_id (self->live), bw_history_choice_get_node (choice),
                                 bw_history_choice_get_property (choice), self->from_us, to_us, N_PARTS,
                                 self->table_load, counted_cb, g_object_ref (self));
}

static void
table_choice_cb (BwDeviceHistoryTab *self)
{
  if (gtk_toggle_button_get_active (self->table_button))
    bw_device_history_load_table (self);
}

void
bw_device_history_init_table (BwDeviceHistoryTab *self)
{
  add_column (self, _("Time"), G_CALLBACK (time_bound_cb), FALSE);
  add_column (self, _("Value"), G_CALLBACK (value_bound_cb), TRUE);
  gtk_drop_down_set_model (self->table_choice, G_LIST_MODEL (self->chosen));
  g_signal_connect_swapped (self->table_choice, "notify::selected-item", G_CALLBACK (table_choice_cb), self);
}
