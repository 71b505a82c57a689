/* bw-remote-columns-sort.c: the order of a long table, by one column or several
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-remote-columns-private.h"

#include <string.h>

#include <glib/gi18n.h>

/* The database sorts. The sorters of the columns are only there because a header
 * without one cannot be clicked and has no arrow; and since GTK 4.8 does not say
 * which column is the first, they tell it when they are asked to compare. */
typedef struct
{
  BwRemoteColumns *self;
  int              column;
} Probe;

static int
probe_cb (gconstpointer a,
          gconstpointer b,
          gpointer      user_data)
{
  Probe *probe = user_data;

  probe->self->probed_column = probe->column;

  return -1;
}

void
bw_remote_columns_add_sorter (BwRemoteColumns *self,
                              guint            column)
{
  Probe *probe;
  g_autoptr(GtkSorter) sorter = NULL;

  if (self->infos[column].sort == NULL)
    return;

  probe = g_new (Probe, 1);
  probe->self = self;
  probe->column = (int) column;
  sorter = GTK_SORTER (gtk_custom_sorter_new (probe_cb, probe, g_free));
  gtk_column_view_column_set_sorter (self->columns[column], sorter);
}

static int
find_key (BwRemoteColumns *self,
          guint            column)
{
  for (guint i = 0; i < self->n_keys; i++)
    {
      if (self->keys[i].column == column)
        return (int) i;
    }

  return -1;
}

/* GTK draws the arrow of the first key; with several, each header tells its number. */
static void
update_title (BwRemoteColumns *self,
              guint            column)
{
  const char *title = _(self->infos[column].title);
  int place = find_key (self, column);
  g_autofree char *text = NULL;

  if (self->n_keys > 1 && place == 0)
    text = g_strdup_printf ("%s 1", title);
  else if (self->n_keys > 1 && place > 0)
    text = g_strdup_printf ("%s %d %s", title, place + 1, self->keys[place].is_descending ? "↓" : "↑");

  gtk_column_view_column_set_title (self->columns[column], text != NULL ? text : title);
}

static void
tell_table (BwRemoteColumns *self)
{
  g_autoptr(GString) sort = g_string_new (NULL);

  for (guint i = 0; i < self->n_columns; i++)
    update_title (self, i);

  for (guint i = 0; i < self->n_keys; i++)
    {
      const BwRemoteColumn *info = &self->infos[self->keys[i].column];
      gboolean is_reverse = (info->flags & BW_COLUMN_REVERSE) != 0;

      g_string_append_printf (sort, "%s%s%s", i > 0 ? "," : "", self->keys[i].is_descending != is_reverse ? "-" : "", info->sort);
    }

  bw_remote_table_set_sort (self->table, sort->len > 0 ? sort->str : NULL);
}

/* The keys are others: header and table follow. */
static void
apply_keys (BwRemoteColumns *self)
{
  self->is_sorting = TRUE;
  gtk_column_view_sort_by_column (self->view, NULL, GTK_SORT_ASCENDING);
  if (self->n_keys > 0)
    gtk_column_view_sort_by_column (self->view, self->columns[self->keys[0].column],
                                    self->keys[0].is_descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
  self->is_sorting = FALSE;
  tell_table (self);
}

/* Somebody clicked on a header. */
static void
sorter_changed_cb (BwRemoteColumns *self,
                   GtkSorterChange  change,
                   GtkSorter       *sorter)
{
  GtkOrdering order;

  /* A view that goes away takes its columns out one by one. */
  if (self->is_sorting ||
      g_list_model_get_n_items (gtk_column_view_get_columns (self->view)) < self->n_columns)
    return;

  self->probed_column = -1;
  /* Any two objects that differ. */
  order = gtk_sorter_compare (sorter, self, self->table);
  self->n_keys = self->probed_column >= 0;
  if (self->n_keys > 0)
    self->keys[0] = (BwSortKey) { (guint) self->probed_column, order == GTK_ORDERING_LARGER };

  tell_table (self);
}

/* @key: "-status". FALSE when no column is sorted by that. */
static gboolean
add_key (BwRemoteColumns *self,
         const char      *key,
         gboolean         is_the_routes)
{
  gboolean is_descending = *key == '-';

  for (guint i = 0; i < self->n_columns && self->n_keys < BW_SORT_KEYS_MAX; i++)
    {
      const BwRemoteColumn *info = &self->infos[i];

      if (g_strcmp0 (info->sort, is_descending ? key + 1 : key) != 0 || find_key (self, i) >= 0)
        continue;

      if (is_the_routes && info->flags & BW_COLUMN_REVERSE)
        is_descending = !is_descending;

      self->keys[self->n_keys++] = (BwSortKey) { i, is_descending };
      return TRUE;
    }

  return FALSE;
}

static gboolean
set_keys (BwRemoteColumns *self,
          const char      *sort,
          gboolean         is_the_routes)
{
  g_auto(GStrv) keys = g_strsplit (sort, ",", -1);
  BwSortKey before[BW_SORT_KEYS_MAX];
  guint n_before = self->n_keys;

  memcpy (before, self->keys, sizeof before);
  self->n_keys = 0;
  for (guint i = 0; keys[i] != NULL; i++)
    add_key (self, keys[i], is_the_routes);

  if (self->n_keys == 0 && *sort != '\0')
    {
      memcpy (self->keys, before, sizeof before);
      self->n_keys = n_before;
      return FALSE;
    }

  apply_keys (self);

  return TRUE;
}

gboolean
bw_remote_columns_sort_by (BwRemoteColumns *self,
                           const char      *sort)
{
  g_return_val_if_fail (BW_IS_REMOTE_COLUMNS (self), FALSE);
  g_return_val_if_fail (sort != NULL, FALSE);

  return set_keys (self, sort, FALSE);
}

void
bw_remote_columns_set_sort (BwRemoteColumns *self,
                            const char      *sort)
{
  g_return_if_fail (BW_IS_REMOTE_COLUMNS (self));

  set_keys (self, sort != NULL ? sort : "", TRUE);
}

/* Ascending, descending, not any more. */
static void
sort_also (BwRemoteColumns *self,
           guint            column)
{
  int place = find_key (self, column);

  if (self->infos[column].sort == NULL)
    return;

  if (place < 0)
    {
      self->n_keys = MIN (self->n_keys, BW_SORT_KEYS_MAX - 1);
      self->keys[self->n_keys++] = (BwSortKey) { column, FALSE };
    }
  else if (!self->keys[place].is_descending)
    {
      self->keys[place].is_descending = TRUE;
    }
  else
    {
      self->n_keys--;
      for (guint i = (guint) place; i < self->n_keys; i++)
        self->keys[i] = self->keys[i + 1];
    }

  apply_keys (self);
}

void
bw_remote_columns_sort_also (BwRemoteColumns *self,
                             const char      *column)
{
  g_return_if_fail (BW_IS_REMOTE_COLUMNS (self));
  g_return_if_fail (column != NULL);

  for (guint i = 0; i < self->n_columns; i++)
    {
      if (g_str_equal (self->infos[i].id, column))
        sort_also (self, i);
    }
}

void
bw_remote_columns_sort_only (BwRemoteColumns *self,
                             const char      *column)
{
  g_return_if_fail (BW_IS_REMOTE_COLUMNS (self));
  g_return_if_fail (column != NULL);

  for (guint i = 0; i < self->n_columns; i++)
    {
      gboolean is_first = self->n_keys == 1 && self->keys[0].column == i;

      if (self->infos[i].sort == NULL || !g_str_equal (self->infos[i].id, column))
        continue;

      self->keys[0] = (BwSortKey) { i, is_first && !self->keys[0].is_descending };
      self->n_keys = 1;
      apply_keys (self);
      return;
    }
}

static gboolean
is_title (GtkWidget *widget)
{
  return g_str_equal (G_OBJECT_TYPE_NAME (widget), "GtkColumnViewTitle");
}

/* Returns: the column whose header is there, or -1. GTK does not tell which title is whose, but they stand in the
 * order of the columns. */
static int
find_header (BwRemoteColumns *self,
             double           x,
             double           y)
{
  GtkWidget *view = GTK_WIDGET (self->view);
  GtkWidget *title = gtk_widget_pick (view, x, y, GTK_PICK_DEFAULT);
  guint n_before = 0;

  while (title != NULL && title != view && !is_title (title))
    title = gtk_widget_get_parent (title);

  if (title == NULL || title == view)
    return -1;

  for (GtkWidget *other = gtk_widget_get_first_child (gtk_widget_get_parent (title));
       other != NULL;
       other = gtk_widget_get_next_sibling (other))
    {
      graphene_rect_t bounds, own;
      gboolean is_rtl = gtk_widget_get_direction (view) == GTK_TEXT_DIR_RTL;

      if (other == title || !is_title (other) || !gtk_widget_get_mapped (other) ||
          !gtk_widget_compute_bounds (other, view, &bounds) || !gtk_widget_compute_bounds (title, view, &own))
        continue;

      n_before += (bounds.origin.x < own.origin.x) != is_rtl;
    }

  for (guint i = 0; i < self->n_columns; i++)
    {
      if (gtk_column_view_column_get_visible (self->columns[i]) && n_before-- == 0)
        return (int) i;
    }

  return -1;
}

static void
pressed_cb (GtkGestureClick *gesture,
            int              n_press,
            double           x,
            double           y,
            BwRemoteColumns *self)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  int column = self->has_many_keys && (state & GDK_SHIFT_MASK) != 0 ? find_header (self, x, y) : -1;

  if (column < 0 || self->infos[column].sort == NULL)
    return;

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  sort_also (self, (guint) column);
}

void
bw_remote_columns_init_sort (BwRemoteColumns *self)
{
  GtkGesture *gesture = gtk_gesture_click_new ();

  g_signal_connect_object (gtk_column_view_get_sorter (self->view), "changed",
                           G_CALLBACK (sorter_changed_cb), self, G_CONNECT_SWAPPED);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (gesture), GTK_PHASE_CAPTURE);
  g_signal_connect_object (gesture, "pressed", G_CALLBACK (pressed_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->view), GTK_EVENT_CONTROLLER (gesture));
}

void
bw_remote_columns_set_multi_sort (BwRemoteColumns *self)
{
  g_return_if_fail (BW_IS_REMOTE_COLUMNS (self));

  self->has_many_keys = TRUE;
}
