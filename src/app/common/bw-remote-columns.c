/* bw-remote-columns.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-remote-columns-private.h"

#include <glib/gi18n.h>

#include "bw-compat.h"

#define AGE_PERIOD_S 1

/**
 * BwRemoteColumns:
 *
 * What the tables of things that the backend has many of have in common: cells
 * that cost little to scroll, and an order that the database makes.
 */

G_DEFINE_FINAL_TYPE (BwRemoteColumns, bw_remote_columns, G_TYPE_OBJECT)

/* What the factory of a column knows. */
typedef struct
{
  BwRemoteColumns      *self;
  const BwRemoteColumn *info;
} Maker;

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *list_item,
          gpointer                  user_data)
{
  Maker *maker = user_data;
  GtkWidget *cell = bw_remote_cell_new (maker->info, list_item);

  bw_remote_cell_set_context (BW_REMOTE_CELL (cell), maker->self->context);
  gtk_list_item_set_child (list_item, cell);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *list_item,
         gpointer                  user_data)
{
  bw_remote_cell_set_item (BW_REMOTE_CELL (gtk_list_item_get_child (list_item)),
                           gtk_list_item_get_item (list_item));
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem              *list_item,
           gpointer                  user_data)
{
  bw_remote_cell_set_item (BW_REMOTE_CELL (gtk_list_item_get_child (list_item)), NULL);
}

static void
age_cell_destroyed_cb (BwRemoteColumns *self,
                       GtkWidget       *cell)
{
  g_hash_table_remove (self->age_cells, cell);
}

/* The columns of ages keep their cells, since nothing notifies that time passes. */
static void
age_setup_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *list_item,
              BwRemoteColumns          *self)
{
  GtkWidget *cell = gtk_list_item_get_child (list_item);

  g_hash_table_add (self->age_cells, cell);
  g_signal_connect_object (cell, "destroy", G_CALLBACK (age_cell_destroyed_cb), self, G_CONNECT_SWAPPED);
}

static gboolean
age_cb (gpointer user_data)
{
  BwRemoteColumns *self = user_data;
  GHashTableIter iter;
  gpointer cell;

  g_hash_table_iter_init (&iter, self->age_cells);
  while (g_hash_table_iter_next (&iter, &cell, NULL))
    {
      if (gtk_widget_get_mapped (cell))
        bw_remote_cell_update (cell);
    }

  return G_SOURCE_CONTINUE;
}

static void
map_cb (BwRemoteColumns *self)
{
  if (self->age_id == 0)
    self->age_id = g_timeout_add_seconds (AGE_PERIOD_S, age_cb, self);
}

static void
unmap_cb (BwRemoteColumns *self)
{
  g_clear_handle_id (&self->age_id, g_source_remove);
}

static void
add_column (BwRemoteColumns *self,
            guint            i)
{
  const BwRemoteColumn *info = &self->infos[i];
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr(GtkColumnViewColumn) column = NULL;
  Maker *maker = g_new (Maker, 1);

  maker->self = self;
  maker->info = info;
  g_signal_connect_data (factory, "setup", G_CALLBACK (setup_cb), maker, (GClosureNotify) g_free, 0);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
  if (info->flags & BW_COLUMN_AGE)
    g_signal_connect_object (factory, "setup", G_CALLBACK (age_setup_cb), self, 0);

  column = gtk_column_view_column_new (_(info->title), factory);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_column_set_expand (column, (info->flags & BW_COLUMN_EXPAND) != 0);

  gtk_column_view_append_column (self->view, column);
  self->columns[i] = column;
  bw_remote_columns_add_sorter (self, i);
}

static void
bw_remote_columns_dispose (GObject *object)
{
  BwRemoteColumns *self = (BwRemoteColumns *) object;

  g_clear_handle_id (&self->age_id, g_source_remove);
  g_clear_object (&self->table);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (bw_remote_columns_parent_class)->dispose (object);
}

static void
bw_remote_columns_finalize (GObject *object)
{
  BwRemoteColumns *self = (BwRemoteColumns *) object;

  g_clear_pointer (&self->age_cells, g_hash_table_unref);

  G_OBJECT_CLASS (bw_remote_columns_parent_class)->finalize (object);
}

static void
bw_remote_columns_class_init (BwRemoteColumnsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_remote_columns_dispose;
  object_class->finalize = bw_remote_columns_finalize;
}

static void
bw_remote_columns_init (BwRemoteColumns *self)
{
  self->age_cells = g_hash_table_new (NULL, NULL);
}

/* GTK would follow the row that was at the top to its new place. */
static void
renewed_cb (GtkColumnView *view,
            BwRemoteTable *table)
{
  if (bw_remote_table_get_total (table) > 0)
    bw_column_view_scroll_to (view, 0);
}

BwRemoteColumns *
bw_remote_columns_new (GtkColumnView        *view,
                       BwRemoteTable        *table,
                       const BwRemoteColumn *columns,
                       guint                 n_columns,
                       GObject              *context)
{
  BwRemoteColumns *self;

  g_return_val_if_fail (GTK_IS_COLUMN_VIEW (view), NULL);
  g_return_val_if_fail (BW_IS_REMOTE_TABLE (table), NULL);
  g_return_val_if_fail (columns != NULL && n_columns > 0 && n_columns <= BW_REMOTE_COLUMNS_MAX, NULL);

  self = g_object_new (BW_TYPE_REMOTE_COLUMNS, NULL);
  self->view = view;
  self->table = g_object_ref (table);
  self->context = context != NULL ? g_object_ref (context) : NULL;
  self->infos = columns;
  self->n_columns = n_columns;

  for (guint i = 0; i < n_columns; i++)
    add_column (self, i);

  bw_remote_columns_init_sort (self);
  g_signal_connect_object (table, "renewed", G_CALLBACK (renewed_cb), view, G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "map", G_CALLBACK (map_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "unmap", G_CALLBACK (unmap_cb), self, G_CONNECT_SWAPPED);

  return self;
}

void
bw_remote_columns_show (BwRemoteColumns *self,
                        guint32          shown)
{
  gboolean has_room = FALSE;
  int last = -1;

  g_return_if_fail (BW_IS_REMOTE_COLUMNS (self));

  for (guint i = 0; i < self->n_columns; i++)
    {
      gboolean is_shown = (shown & (1u << i)) != 0;

      gtk_column_view_column_set_visible (self->columns[i], is_shown);
      has_room = has_room || (is_shown && (self->infos[i].flags & BW_COLUMN_EXPAND));
      if (is_shown)
        last = (int) i;
    }

  /* The rows, and with them the mark of what is selected, reach to the edge: where
   * no column is shown that takes what is left over, the last one does. */
  for (guint i = 0; i < self->n_columns; i++)
    {
      if (!(self->infos[i].flags & BW_COLUMN_EXPAND))
        gtk_column_view_column_set_expand (self->columns[i], !has_room && (int) i == last);
    }
}

void
bw_remote_columns_set_header_menu (BwRemoteColumns *self,
                                   guint            column,
                                   GMenuModel      *menu)
{
  g_return_if_fail (BW_IS_REMOTE_COLUMNS (self));
  g_return_if_fail (column < self->n_columns);

  gtk_column_view_column_set_header_menu (self->columns[column], menu);
}

static void
update_cells (GtkWidget *root)
{
  if (BW_IS_REMOTE_CELL (root))
    {
      bw_remote_cell_update (BW_REMOTE_CELL (root));
      return;
    }

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    update_cells (child);
}

void
bw_remote_columns_update_cells (BwRemoteColumns *self)
{
  g_return_if_fail (BW_IS_REMOTE_COLUMNS (self));

  update_cells (GTK_WIDGET (self->view));
}

guint
bw_remote_columns_get_position_at (BwRemoteColumns *self,
                                   double           x,
                                   double           y)
{
  GtkWidget *top;

  g_return_val_if_fail (BW_IS_REMOTE_COLUMNS (self), GTK_INVALID_LIST_POSITION);

  top = GTK_WIDGET (self->view);
  for (GtkWidget *widget = gtk_widget_pick (top, x, y, GTK_PICK_DEFAULT);
       widget != NULL && widget != top;
       widget = gtk_widget_get_parent (widget))
    {
      const char *name = gtk_widget_get_css_name (widget);
      GtkWidget *child = widget;

      if (!BW_IS_REMOTE_CELL (widget) && !g_str_equal (name, "row") && !g_str_equal (name, "cell"))
        continue;

      /* The padding around a cell belongs to its row, too. */
      while (child != NULL && !BW_IS_REMOTE_CELL (child))
        child = gtk_widget_get_first_child (child);

      return child != NULL ? bw_remote_cell_get_position (BW_REMOTE_CELL (child)) : GTK_INVALID_LIST_POSITION;
    }

  return GTK_INVALID_LIST_POSITION;
}
