/* bw-remote-table.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-remote-table-private.h"

#include "bw-text.h"

/**
 * BwRemoteTable:
 *
 * A list of the backend's of which only what somebody looks at is here. A row
 * that has not come yet is an empty entity, filled in place when it does, so a
 * bound cell just gets its text. The object of an item stays the same as long as
 * anybody holds it, whatever window it moves to.
 */

enum {
  PROP_0,
  PROP_TOTAL,
  PROP_LOADING,
  N_PROPS
};

enum {
  FAILED,
  RENEWED,
  ANSWERED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void list_model_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BwRemoteTable, bw_remote_table, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static GType
bw_remote_table_get_item_type (GListModel *model)
{
  return BW_REMOTE_TABLE (model)->item_type;
}

static guint
bw_remote_table_get_n_items (GListModel *model)
{
  return bw_remote_table_count_shown (BW_REMOTE_TABLE (model));
}

static gpointer
bw_remote_table_get_item (GListModel *model,
                          guint       position)
{
  BwRemoteTable *self = BW_REMOTE_TABLE (model);
  BwEntity *standing = bw_remote_table_get_standing (self, position);
  BwRemoteWindow *window;

  if (standing != NULL)
    return g_object_ref (standing);

  if (position >= bw_remote_table_count_shown (self))
    return NULL;

  window = bw_remote_table_ensure_window (self, position / BW_REMOTE_WINDOW_ROWS);
  if (window->stale && !window->wanted)
    {
      window->wanted = TRUE;
      bw_remote_table_evict (self);
      bw_remote_table_pump (self);
      bw_remote_table_update_loading (self);
    }

  return g_object_ref (g_ptr_array_index (window->rows, position % BW_REMOTE_WINDOW_ROWS));
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = bw_remote_table_get_item_type;
  iface->get_n_items = bw_remote_table_get_n_items;
  iface->get_item = bw_remote_table_get_item;
}

static void
bw_remote_table_dispose (GObject *object)
{
  BwRemoteTable *self = (BwRemoteTable *) object;

  bw_remote_table_forget_changes (self);
  if (self->reset != NULL)
    g_cancellable_cancel (self->reset);

  g_clear_object (&self->reset);
  bw_remote_table_stop_steps (self);
  g_hash_table_remove_all (self->windows);
  self->total = 0;
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_remote_table_parent_class)->dispose (object);
}

static void
bw_remote_table_finalize (GObject *object)
{
  BwRemoteTable *self = (BwRemoteTable *) object;
  GHashTableIter iter;
  gpointer item;

  /* Items that others still hold must not tell us when they go. */
  g_hash_table_iter_init (&iter, self->ids);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    g_object_weak_unref (item, bw_remote_table_item_gone_cb, self);

  g_clear_pointer (&self->ids, g_hash_table_unref);
  g_clear_pointer (&self->by_id, g_hash_table_unref);
  g_clear_pointer (&self->windows, g_hash_table_unref);
  g_clear_pointer (&self->filters, g_tree_unref);
  g_clear_pointer (&self->path, g_free);
  g_clear_error (&self->error);
  g_clear_pointer (&self->query, g_free);
  g_clear_pointer (&self->search, g_free);
  g_clear_pointer (&self->sort, g_free);

  G_OBJECT_CLASS (bw_remote_table_parent_class)->finalize (object);
}

static void
bw_remote_table_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  BwRemoteTable *self = BW_REMOTE_TABLE (object);

  switch (prop_id)
    {
    case PROP_TOTAL:
      g_value_set_uint (value, self->total);
      break;

    case PROP_LOADING:
      g_value_set_boolean (value, self->loading);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_remote_table_class_init (BwRemoteTableClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_remote_table_dispose;
  object_class->finalize = bw_remote_table_finalize;
  object_class->get_property = bw_remote_table_get_property;

  properties[PROP_TOTAL] =
    g_param_spec_uint ("total", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_LOADING] =
    g_param_spec_boolean ("loading", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[FAILED] =
    g_signal_new ("failed", G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[RENEWED] =
    g_signal_new ("renewed", G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[ANSWERED] =
    g_signal_new ("answered", G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, JSON_TYPE_OBJECT);
}

static int
compare_names (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  return g_strcmp0 (a, b);
}

static void
bw_remote_table_init (BwRemoteTable *self)
{
  self->filters = g_tree_new_full (compare_names, NULL, g_free, g_free);
  self->windows = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) bw_remote_window_free);
  self->by_id = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->ids = g_hash_table_new (NULL, NULL);
}

/* Who wants to hear of a failure connects before the main loop runs again. */
BwRemoteTable *
bw_remote_table_new (BwSession  *session,
                     const char *path,
                     GType       item_type,
                     const char *kind)
{
  BwRemoteTable *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (path != NULL && *path == '/', NULL);
  g_return_val_if_fail (g_type_is_a (item_type, BW_TYPE_ENTITY), NULL);

  self = g_object_new (BW_TYPE_REMOTE_TABLE, NULL);
  self->session = g_object_ref (session);
  self->path = g_strdup (path);
  self->item_type = item_type;
  bw_remote_table_start_feed (self, kind);
  bw_remote_table_start_reset (self);

  return self;
}

void
bw_remote_table_set_moves (BwRemoteTable      *self,
                           BwRemoteTableMoves  moves)
{
  g_return_if_fail (BW_IS_REMOTE_TABLE (self));

  self->moves = moves;
}

static void
ask (BwRemoteTable *self)
{
  if (self->n_freezes > 0)
    self->has_changed = TRUE;
  else
    bw_remote_table_start_reset (self);
}

void
bw_remote_table_freeze (BwRemoteTable *self)
{
  g_return_if_fail (BW_IS_REMOTE_TABLE (self));

  self->n_freezes++;
}

void
bw_remote_table_thaw (BwRemoteTable *self)
{
  g_return_if_fail (BW_IS_REMOTE_TABLE (self));
  g_return_if_fail (self->n_freezes > 0);

  if (--self->n_freezes > 0 || !self->has_changed)
    return;

  self->has_changed = FALSE;
  bw_remote_table_start_reset (self);
}

void
bw_remote_table_set_filter (BwRemoteTable *self,
                            const char    *name,
                            const char    *value)
{
  g_return_if_fail (BW_IS_REMOTE_TABLE (self));
  g_return_if_fail (name != NULL);

  if (value != NULL && *value == '\0')
    value = NULL;

  if (g_strcmp0 (g_tree_lookup (self->filters, name), value) == 0)
    return;

  if (value != NULL)
    g_tree_replace (self->filters, g_strdup (name), g_strdup (value));
  else
    g_tree_remove (self->filters, name);

  ask (self);
}

void
bw_remote_table_set_query (BwRemoteTable *self,
                           const char    *query)
{
  g_return_if_fail (BW_IS_REMOTE_TABLE (self));

  if (query != NULL && *query == '\0')
    query = NULL;

  if (bw_set_str (&self->query, query))
    ask (self);
}

const char *
bw_remote_table_get_query (BwRemoteTable *self)
{
  g_return_val_if_fail (BW_IS_REMOTE_TABLE (self), NULL);

  return self->query;
}

char *
bw_remote_table_dup_question (BwRemoteTable *self)
{
  g_autoptr(GString) question = g_string_new (NULL);

  g_return_val_if_fail (BW_IS_REMOTE_TABLE (self), NULL);

  bw_remote_table_append_question (self, question);

  return g_strdup (question->len > 0 ? question->str + 1 : "");
}

void
bw_remote_table_set_search (BwRemoteTable *self,
                            const char    *search)
{
  g_return_if_fail (BW_IS_REMOTE_TABLE (self));

  if (search != NULL && *search == '\0')
    search = NULL;

  if (bw_set_str (&self->search, search))
    ask (self);
}

void
bw_remote_table_set_sort (BwRemoteTable *self,
                          const char    *sort)
{
  g_return_if_fail (BW_IS_REMOTE_TABLE (self));

  if (bw_set_str (&self->sort, sort))
    ask (self);
}

const char *
bw_remote_table_get_filter (BwRemoteTable *self,
                            const char    *name)
{
  g_return_val_if_fail (BW_IS_REMOTE_TABLE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return g_tree_lookup (self->filters, name);
}

const char *
bw_remote_table_get_search (BwRemoteTable *self)
{
  g_return_val_if_fail (BW_IS_REMOTE_TABLE (self), NULL);

  return self->search;
}

const char *
bw_remote_table_get_sort (BwRemoteTable *self)
{
  g_return_val_if_fail (BW_IS_REMOTE_TABLE (self), NULL);

  return self->sort;
}

void
bw_remote_table_reload (BwRemoteTable *self)
{
  g_return_if_fail (BW_IS_REMOTE_TABLE (self));

  bw_remote_table_refresh (self);
}

guint
bw_remote_table_get_total (BwRemoteTable *self)
{
  g_return_val_if_fail (BW_IS_REMOTE_TABLE (self), 0);

  return self->total;
}

gboolean
bw_remote_table_get_loading (BwRemoteTable *self)
{
  g_return_val_if_fail (BW_IS_REMOTE_TABLE (self), FALSE);

  return self->loading;
}

gboolean
bw_remote_table_is_current (BwRemoteTable *self)
{
  g_return_val_if_fail (BW_IS_REMOTE_TABLE (self), FALSE);

  return self->is_current;
}

const GError *
bw_remote_table_get_error (BwRemoteTable *self)
{
  g_return_val_if_fail (BW_IS_REMOTE_TABLE (self), NULL);

  return self->error;
}
