/* bw-remote-selection.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-remote-selection.h"

#include "bw-text.h"

/**
 * BwRemoteSelection:
 *
 * GtkMultiSelection asks for every row that is selected, and would read the
 * fleet when somebody presses Ctrl+A.
 */

struct _BwRemoteSelection
{
  GObject        parent_instance;

  BwRemoteTable *table;       /* (owned) */
  gboolean       is_all;      /* then those that are marked are the ones that are not selected */
  GtkBitset     *marked;
  GHashTable    *items;       /* BwEntity (owned) → its place, of those that are marked */
  char          *question;    /* that *all* is the answer to */
};

static void list_model_iface_init (GListModelInterface *iface);
static void selection_model_iface_init (GtkSelectionModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BwRemoteSelection, bw_remote_selection, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init)
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL, selection_model_iface_init))

static guint
get_n_rows (BwRemoteSelection *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->table));
}

/* Remembers what the marked rows are. */
static void
remember (BwRemoteSelection *self)
{
  GtkBitsetIter iter;
  guint position;

  g_hash_table_remove_all (self->items);
  if (gtk_bitset_get_size (self->marked) > BW_REMOTE_SELECTION_MAX)
    return;

  for (gboolean ok = gtk_bitset_iter_init_first (&iter, self->marked, &position);
       ok;
       ok = gtk_bitset_iter_next (&iter, &position))
    {
      gpointer item = g_list_model_get_item (G_LIST_MODEL (self->table), position);

      if (item != NULL)
        g_hash_table_replace (self->items, item, GUINT_TO_POINTER (position));
    }
}

/* @marked: (transfer full) */
static void
change (BwRemoteSelection *self,
        gboolean           is_all,
        GtkBitset         *marked)
{
  g_autoptr(GtkBitset) before = g_steal_pointer (&self->marked);
  g_autoptr(GtkBitset) changed = gtk_bitset_copy (before);
  guint n_rows = get_n_rows (self);
  guint first, last;

  self->marked = marked;
  if (is_all == self->is_all)
    {
      gtk_bitset_difference (changed, marked);
      if (gtk_bitset_is_empty (changed))
        return;

      first = gtk_bitset_get_minimum (changed);
      last = gtk_bitset_get_maximum (changed);
    }
  else
    {
      first = 0;
      last = n_rows - 1;
    }

  self->is_all = is_all;
  bw_set_str (&self->question, NULL);
  if (is_all)
    {
      g_free (self->question);
      self->question = bw_remote_table_dup_question (self->table);
    }

  remember (self);
  if (n_rows > 0)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), first, MIN (last, n_rows - 1) - first + 1);
}

/* Rows took other places, or are others. */
static void
items_changed_cb (BwRemoteSelection *self,
                  guint              position,
                  guint              n_removed,
                  guint              n_added,
                  GListModel        *model)
{
  g_autoptr(GHashTable) gone = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  guint64 n_marked = gtk_bitset_get_size (self->marked);
  GHashTableIter iter;
  gpointer item, place;

  gtk_bitset_splice (self->marked, position, n_removed, n_added);
  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, &item, &place))
    {
      guint at = GPOINTER_TO_UINT (place);

      if (at >= position + n_removed)
        {
          g_hash_table_iter_replace (&iter, GUINT_TO_POINTER (at - n_removed + n_added));
        }
      else if (at >= position)
        {
          g_hash_table_iter_steal (&iter);
          g_hash_table_add (gone, item);
        }
    }

  for (guint i = position; g_hash_table_size (gone) > 0 && i < position + n_added; i++)
    {
      g_autoptr(GObject) row = g_list_model_get_item (model, i);

      if (g_hash_table_remove (gone, row))
        {
          gtk_bitset_add (self->marked, i);
          g_hash_table_replace (self->items, g_object_ref (row), GUINT_TO_POINTER (i));
        }
    }

  g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, n_added);

  /* Rather none than one that was taken out: what is done to all would be done to it. */
  if (self->is_all && gtk_bitset_get_size (self->marked) < n_marked)
    change (self, FALSE, gtk_bitset_new_empty ());
}

/* All that match the filter before are not all that match this one. */
static void
renewed_cb (BwRemoteSelection *self,
            BwRemoteTable     *table)
{
  g_autofree char *question = NULL;

  if (!self->is_all)
    return;

  question = bw_remote_table_dup_question (table);
  if (g_strcmp0 (question, self->question) != 0)
    change (self, FALSE, gtk_bitset_new_empty ());
}

static GType
bw_remote_selection_get_item_type (GListModel *model)
{
  return g_list_model_get_item_type (G_LIST_MODEL (BW_REMOTE_SELECTION (model)->table));
}

static guint
bw_remote_selection_get_n_items (GListModel *model)
{
  return get_n_rows (BW_REMOTE_SELECTION (model));
}

static gpointer
bw_remote_selection_get_item (GListModel *model,
                              guint       position)
{
  return g_list_model_get_item (G_LIST_MODEL (BW_REMOTE_SELECTION (model)->table), position);
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = bw_remote_selection_get_item_type;
  iface->get_n_items = bw_remote_selection_get_n_items;
  iface->get_item = bw_remote_selection_get_item;
}

static gboolean
bw_remote_selection_is_selected (GtkSelectionModel *model,
                                 guint              position)
{
  BwRemoteSelection *self = BW_REMOTE_SELECTION (model);

  return gtk_bitset_contains (self->marked, position) != self->is_all;
}

static GtkBitset *
bw_remote_selection_get_in_range (GtkSelectionModel *model,
                                  guint              position,
                                  guint              n_items)
{
  BwRemoteSelection *self = BW_REMOTE_SELECTION (model);
  GtkBitset *selected;

  if (!self->is_all)
    return gtk_bitset_ref (self->marked);

  selected = gtk_bitset_new_range (0, get_n_rows (self));
  gtk_bitset_subtract (selected, self->marked);

  return selected;
}

/* The rows of @mask become as in @selected. All that are selected one by one are just that; *all* with rows taken
 * out and put back stays *all*. */
static gboolean
bw_remote_selection_set_selection (GtkSelectionModel *model,
                                   GtkBitset         *selected,
                                   GtkBitset         *mask)
{
  BwRemoteSelection *self = BW_REMOTE_SELECTION (model);
  g_autoptr(GtkBitset) marked = gtk_bitset_copy (self->marked);
  g_autoptr(GtkBitset) changes = gtk_bitset_copy (selected);
  guint n_rows = get_n_rows (self);
  gboolean is_all = self->is_all;

  /* Whoever says what is to be of each row means these, not all that match. */
  if (gtk_bitset_get_minimum (mask) == 0 && gtk_bitset_get_size (mask) >= n_rows)
    is_all = FALSE;

  gtk_bitset_intersect (changes, mask);
  gtk_bitset_subtract (marked, mask);
  if (is_all)
    {
      g_autoptr(GtkBitset) unselected = gtk_bitset_copy (mask);

      gtk_bitset_subtract (unselected, changes);
      gtk_bitset_union (marked, unselected);
    }
  else
    {
      gtk_bitset_union (marked, changes);
    }

  gtk_bitset_remove_range_closed (marked, n_rows, G_MAXUINT);
  change (self, is_all, g_steal_pointer (&marked));

  return TRUE;
}

static gboolean
bw_remote_selection_select_all (GtkSelectionModel *model)
{
  change (BW_REMOTE_SELECTION (model), get_n_rows (BW_REMOTE_SELECTION (model)) > 0, gtk_bitset_new_empty ());

  return TRUE;
}

static gboolean
bw_remote_selection_unselect_all (GtkSelectionModel *model)
{
  change (BW_REMOTE_SELECTION (model), FALSE, gtk_bitset_new_empty ());

  return TRUE;
}

static void
selection_model_iface_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = bw_remote_selection_is_selected;
  iface->get_selection_in_range = bw_remote_selection_get_in_range;
  iface->set_selection = bw_remote_selection_set_selection;
  iface->select_all = bw_remote_selection_select_all;
  iface->unselect_all = bw_remote_selection_unselect_all;
}

static void
bw_remote_selection_dispose (GObject *object)
{
  BwRemoteSelection *self = (BwRemoteSelection *) object;

  g_hash_table_remove_all (self->items);
  g_clear_object (&self->table);

  G_OBJECT_CLASS (bw_remote_selection_parent_class)->dispose (object);
}

static void
bw_remote_selection_finalize (GObject *object)
{
  BwRemoteSelection *self = (BwRemoteSelection *) object;

  g_clear_pointer (&self->marked, gtk_bitset_unref);
  g_clear_pointer (&self->items, g_hash_table_unref);
  g_clear_pointer (&self->question, g_free);

  G_OBJECT_CLASS (bw_remote_selection_parent_class)->finalize (object);
}

static void
bw_remote_selection_class_init (BwRemoteSelectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_remote_selection_dispose;
  object_class->finalize = bw_remote_selection_finalize;
}

static void
bw_remote_selection_init (BwRemoteSelection *self)
{
  self->marked = gtk_bitset_new_empty ();
  self->items = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

BwRemoteSelection *
bw_remote_selection_new (BwRemoteTable *table)
{
  BwRemoteSelection *self;

  g_return_val_if_fail (BW_IS_REMOTE_TABLE (table), NULL);

  self = g_object_new (BW_TYPE_REMOTE_SELECTION, NULL);
  self->table = g_object_ref (table);
  g_signal_connect_object (table, "items-changed", G_CALLBACK (items_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (table, "renewed", G_CALLBACK (renewed_cb), self, G_CONNECT_SWAPPED);

  return self;
}

gboolean
bw_remote_selection_is_all (BwRemoteSelection *self)
{
  g_return_val_if_fail (BW_IS_REMOTE_SELECTION (self), FALSE);

  return self->is_all;
}

guint
bw_remote_selection_get_n (BwRemoteSelection *self)
{
  guint n_marked;

  g_return_val_if_fail (BW_IS_REMOTE_SELECTION (self), 0);

  n_marked = (guint) gtk_bitset_get_size (self->marked);
  if (!self->is_all)
    return n_marked;

  return bw_remote_table_get_total (self->table) - MIN (n_marked, bw_remote_table_get_total (self->table));
}

GPtrArray *
bw_remote_selection_dup_marked (BwRemoteSelection *self)
{
  g_autoptr(GHashTable) by_place = NULL;
  GPtrArray *items;
  GtkBitsetIter iter;
  GHashTableIter known;
  gpointer entity, place;
  guint position;

  g_return_val_if_fail (BW_IS_REMOTE_SELECTION (self), NULL);

  if (gtk_bitset_get_size (self->marked) > BW_REMOTE_SELECTION_MAX)
    return NULL;

  /* What was marked, not what stands there when it was read again. */
  by_place = g_hash_table_new (NULL, NULL);
  g_hash_table_iter_init (&known, self->items);
  while (g_hash_table_iter_next (&known, &entity, &place))
    g_hash_table_insert (by_place, place, entity);

  items = g_ptr_array_new_with_free_func (g_object_unref);
  for (gboolean ok = gtk_bitset_iter_init_first (&iter, self->marked, &position);
       ok;
       ok = gtk_bitset_iter_next (&iter, &position))
    {
      gpointer item = g_hash_table_lookup (by_place, GUINT_TO_POINTER (position));

      if (item != NULL)
        g_ptr_array_add (items, g_object_ref (item));
    }

  return items;
}
