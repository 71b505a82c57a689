/* bw-remote-table-rows.c: the windows that are here, and reading them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-remote-table-private.h"

#include <string.h>

#include "bw-error.h"
#include "bw-json.h"

#define WINDOWS_MAX     32     /* 8,192 rows at most are held */
#define REQUESTS_MAX    2      /* at a time; who scrolls past a hundred windows wants the last one */
#define REFRESH_WINDOWS 2      /* the windows on the screen; others are read when they come into sight */

/* One read of rows, from the question to the answer. */
typedef struct
{
  BwRemoteTable *table;
  GCancellable  *cancellable;
  guint          index;
  gboolean       is_reset;
  gboolean       may_move;
} Request;

static void
request_free (Request *request)
{
  g_object_unref (request->table);
  g_object_unref (request->cancellable);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

void
bw_remote_window_free (BwRemoteWindow *window)
{
  if (window->cancellable != NULL)
    g_cancellable_cancel (window->cancellable);

  g_clear_object (&window->cancellable);
  g_ptr_array_unref (window->rows);
  g_free (window);
}

static gpointer
new_item (BwRemoteTable *self)
{
  return g_object_new (self->item_type, NULL);
}

static guint
window_length (BwRemoteTable *self,
               guint          index)
{
  guint first = index * BW_REMOTE_WINDOW_ROWS;

  return first < self->total ? MIN (BW_REMOTE_WINDOW_ROWS, self->total - first) : 0;
}

/* Grows with empty rows, or shrinks, to what the total says. */
static void
window_fit (BwRemoteTable  *self,
            BwRemoteWindow *window)
{
  guint length = window_length (self, window->index);

  if (window->rows->len > length)
    g_ptr_array_set_size (window->rows, (int) length);

  while (window->rows->len < length)
    g_ptr_array_add (window->rows, new_item (self));
}

void
bw_remote_table_evict (BwRemoteTable *self)
{
  while (g_hash_table_size (self->windows) > WINDOWS_MAX)
    {
      BwRemoteWindow *oldest = NULL;
      GHashTableIter iter;
      gpointer value;

      g_hash_table_iter_init (&iter, self->windows);
      while (g_hash_table_iter_next (&iter, NULL, &value))
        {
          BwRemoteWindow *window = value;

          if (oldest == NULL || window->used < oldest->used)
            oldest = window;
        }

      g_hash_table_remove (self->windows, GUINT_TO_POINTER (oldest->index));
    }
}

BwRemoteWindow *
bw_remote_table_ensure_window (BwRemoteTable *self,
                               guint          index)
{
  BwRemoteWindow *window = g_hash_table_lookup (self->windows, GUINT_TO_POINTER (index));

  if (window == NULL)
    {
      window = g_new0 (BwRemoteWindow, 1);
      window->index = index;
      window->rows = g_ptr_array_new_with_free_func (g_object_unref);
      window->stale = TRUE;
      g_hash_table_insert (self->windows, GUINT_TO_POINTER (index), window);
    }

  window->used = ++self->clock;
  window_fit (self, window);

  return window;
}

void
bw_remote_table_update_loading (BwRemoteTable *self)
{
  gboolean loading = self->n_requests > 0;

  if (self->loading == loading)
    return;

  self->loading = loading;
  g_object_notify (G_OBJECT (self), "loading");
}

void
bw_remote_table_item_gone_cb (gpointer user_data,
                              GObject *item)
{
  BwRemoteTable *self = user_data;
  gpointer id = NULL;

  if (g_hash_table_steal_extended (self->ids, item, NULL, &id))
    g_hash_table_remove (self->by_id, id);
}

/* Returns: (transfer full): the item of @document; an empty @row is filled in place. */
static BwEntity *
item_for_document (BwRemoteTable *self,
                   BwEntity      *row,
                   JsonObject    *document)
{
  const char *id = bw_json_get_string (document, "id");
  BwEntity *known = id != NULL ? g_hash_table_lookup (self->by_id, id) : NULL;
  g_autoptr(BwEntity) item = NULL;
  g_autoptr(GError) error = NULL;

  if (known != NULL)
    item = g_object_ref (known);
  else if (row != NULL && bw_entity_get_id (row) == NULL)
    item = g_object_ref (row);
  else
    item = new_item (self);

  if (!bw_entity_load (item, document, &error))
    {
      g_debug ("an item of the table: %s, ignoring", error->message);
      return g_steal_pointer (&item);
    }

  if (known == NULL)
    {
      char *key = g_strdup (id);

      g_hash_table_insert (self->by_id, key, item);
      g_hash_table_insert (self->ids, item, key);
      g_object_weak_ref (G_OBJECT (item), bw_remote_table_item_gone_cb, self);
    }

  return g_steal_pointer (&item);
}

/* Says what another total, and rows that are other objects now, mean for who watches; each by itself, since
 * a selection looks through all rows that are said to be new. @first: the first such row, G_MAXUINT for none. */
static void
announce (BwRemoteTable *self,
          guint          total_before,
          guint          first,
          guint          end)
{
  guint total = self->total;
  guint common = MIN (total, total_before);

  if (total != total_before)
    g_list_model_items_changed (G_LIST_MODEL (self), common, total_before - common, total - common);

  if (first < common)
    g_list_model_items_changed (G_LIST_MODEL (self), first, MIN (end, common) - first, MIN (end, common) - first);

  if (total != total_before)
    g_object_notify (G_OBJECT (self), "total");
}

static void
take_rows (BwRemoteTable  *self,
           BwRemoteWindow *window,
           JsonArray      *items,
           guint           total,
           gboolean        may_move)
{
  guint total_before = self->total;
  guint first = G_MAXUINT;
  guint end = 0;
  GHashTableIter iter;
  gpointer value;

  if (window->index == 0 || total != total_before)
    bw_remote_table_finish_steps (self);

  self->total = total;
  g_hash_table_iter_init (&iter, self->windows);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    window_fit (self, value);

  for (guint i = 0; i < MIN (json_array_get_length (items), window->rows->len); i++)
    {
      JsonNode *node = json_array_get_element (items, i);
      BwEntity *row = g_ptr_array_index (window->rows, i);
      g_autoptr(BwEntity) item = NULL;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        continue;

      item = item_for_document (self, row, json_node_get_object (node));
      if (item == row)
        continue;

      g_ptr_array_index (window->rows, i) = g_steal_pointer (&item);
      g_object_unref (row);
      end = window->index * BW_REMOTE_WINDOW_ROWS + i + 1;
      first = MIN (first, end - 1);
    }

  if (may_move && (first != G_MAXUINT || total != total_before))
    bw_remote_table_rows_moved (self);

  /* Whoever listens may ask for rows, and the window may go for it: not touched from here on. */
  announce (self, total_before, first, end);
}

static void
take_reset (BwRemoteTable *self,
            JsonArray     *items,
            guint          total)
{
  g_autoptr(GPtrArray) shown_before = NULL;
  GHashTable *before;
  guint n_before;
  guint total_before = self->total;
  BwRemoteWindow *window;

  bw_remote_table_cut_steps (self);
  shown_before = bw_remote_table_dup_shown (self);
  n_before = bw_remote_table_count_shown (self);

  /* Held until the new rows are there, so that an item in both stays the same object. */
  before = self->windows;
  self->windows = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) bw_remote_window_free);
  self->total = total;
  self->is_current = TRUE;
  window = bw_remote_table_ensure_window (self, 0);
  window->stale = FALSE;

  for (guint i = 0; i < MIN (json_array_get_length (items), window->rows->len); i++)
    {
      JsonNode *node = json_array_get_element (items, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        {
          g_autoptr(BwEntity) row = g_ptr_array_index (window->rows, i);

          g_ptr_array_index (window->rows, i) = item_for_document (self, row, json_node_get_object (node));
        }
    }

  g_hash_table_unref (before);
  bw_remote_table_start_steps (self, shown_before, n_before);
  if (total != total_before)
    g_object_notify (G_OBJECT (self), "total");
  g_signal_emit_by_name (self, "renewed");
}

static void
rows_received_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(Request) request = user_data;
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;
  BwRemoteTable *self = request->table;
  JsonArray *items;
  BwRemoteWindow *window = NULL;
  gint64 total;

  reply = bw_session_call_finish (BW_SESSION (source), result, &error);
  self->n_requests--;

  /* Nobody waits for it any more: another question, or the window went. */
  if (g_cancellable_is_cancelled (request->cancellable))
    {
      bw_remote_table_pump (self);
      bw_remote_table_update_loading (self);
      return;
    }

  items = bw_json_get_array (reply, "items");
  total = bw_json_get_int (reply, "total", -1);
  if (error == NULL && (items == NULL || total < 0 || total > G_MAXINT))
    g_set_error_literal (&error, BW_ERROR, BW_ERROR_INVALID, "the backend's answer holds no list");

  if (request->is_reset)
    g_clear_object (&self->reset);
  else
    {
      window = g_hash_table_lookup (self->windows, GUINT_TO_POINTER (request->index));
      g_clear_object (&window->cancellable);
    }

  if (error != NULL)
    {
      g_clear_error (&self->error);
      self->error = g_error_copy (error);
      g_signal_emit_by_name (self, "failed", error);
    }
  else if (request->is_reset)
    take_reset (self, items, (guint) total);
  else
    take_rows (self, window, items, (guint) total, request->may_move);

  if (error == NULL)
    g_signal_emit_by_name (self, "answered", reply);

  bw_remote_table_pump (self);
  bw_remote_table_update_loading (self);
}

static void
append_parameter (GString    *query,
                  const char *name,
                  const char *value)
{
  if (value == NULL || *value == '\0')
    return;

  g_string_append_printf (query, "&%s=", name);
  g_string_append_uri_escaped (query, value, NULL, TRUE);
}

static gboolean
append_filter_cb (gpointer name,
                  gpointer value,
                  gpointer query)
{
  append_parameter (query, name, value);

  return FALSE;
}

void
bw_remote_table_append_question (BwRemoteTable *self,
                                 GString       *query)
{
  g_tree_foreach (self->filters, append_filter_cb, query);
  if (self->query != NULL)
    g_string_append_printf (query, "&%s", self->query);

  append_parameter (query, "search", self->search);
}

char *
bw_remote_table_dup_ordered_question (BwRemoteTable *self)
{
  GString *question = g_string_new (NULL);

  bw_remote_table_append_question (self, question);
  append_parameter (question, "sort", self->sort);

  return g_string_free (question, FALSE);
}

char *
bw_remote_table_make_request (const char *path,
                              guint       offset,
                              const char *question)
{
  return g_strdup_printf ("%s%coffset=%u&limit=%u%s", path, strchr (path, '?') != NULL ? '&' : '?', offset,
                          BW_REMOTE_WINDOW_ROWS, question);
}

/* @window: (nullable): the first one, of another question */
static void
send_request (BwRemoteTable  *self,
              BwRemoteWindow *window,
              GCancellable   *cancellable)
{
  guint index = window != NULL ? window->index : 0;
  g_autofree char *question = bw_remote_table_dup_ordered_question (self);
  g_autofree char *path = bw_remote_table_make_request (self->path, index * BW_REMOTE_WINDOW_ROWS, question);
  Request *request = g_new0 (Request, 1);


  request->table = g_object_ref (self);
  request->cancellable = g_object_ref (cancellable);
  request->index = index;
  request->is_reset = window == NULL;
  request->may_move = window != NULL && window->may_move;
  g_clear_error (&self->error);
  self->n_requests++;
  bw_session_call_async (self->session, "GET", path, NULL, cancellable,
                         rows_received_cb, request);
}

/* The wanted window that was looked at last, which is not being read. */
static BwRemoteWindow *
next_wanted (BwRemoteTable *self)
{
  BwRemoteWindow *next = NULL;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->windows);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      BwRemoteWindow *window = value;

      if (window->wanted && window->cancellable == NULL && (next == NULL || window->used > next->used))
        next = window;
    }

  return next;
}

void
bw_remote_table_pump (BwRemoteTable *self)
{
  BwRemoteWindow *window;

  /* The rows of another question must not come among those of this one. */
  while (self->session != NULL && self->is_current && self->n_requests < REQUESTS_MAX &&
         (window = next_wanted (self)) != NULL)
    {
      window->stale = FALSE;
      window->wanted = FALSE;
      window->cancellable = g_cancellable_new ();
      send_request (self, window, window->cancellable);
      window->may_move = FALSE;
    }
}

void
bw_remote_table_start_reset (BwRemoteTable *self)
{
  GHashTableIter iter;
  gpointer value;

  if (self->reset != NULL)
    {
      g_cancellable_cancel (self->reset);
      g_clear_object (&self->reset);
    }

  g_hash_table_iter_init (&iter, self->windows);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      BwRemoteWindow *window = value;

      if (window->cancellable != NULL)
        g_cancellable_cancel (window->cancellable);

      g_clear_object (&window->cancellable);
      window->stale = TRUE;
      window->wanted = FALSE;
      window->hinted = FALSE;
    }

  bw_remote_table_forget_changes (self);
  self->is_current = FALSE;
  self->reset = g_cancellable_new ();
  send_request (self, NULL, self->reset);
  bw_remote_table_update_loading (self);
}

/* Returns: (nullable): the window that somebody asked for last, before @used */
static BwRemoteWindow *
find_latest (BwRemoteTable *self,
             guint64        used)
{
  BwRemoteWindow *latest = NULL;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->windows);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      BwRemoteWindow *window = value;

      if (window->used < used && (latest == NULL || window->used > latest->used))
        latest = window;
    }

  return latest;
}

/* What is stale and in sight is read now. */
static void
read_in_sight (BwRemoteTable *self)
{
  guint64 used = G_MAXUINT64;
  BwRemoteWindow *window;

  for (guint i = 0; i < REFRESH_WINDOWS && (window = find_latest (self, used)) != NULL; i++)
    {
      used = window->used;
      window->wanted = window->wanted || window->stale;
    }

  bw_remote_table_pump (self);
  bw_remote_table_update_loading (self);
}

void
bw_remote_table_refresh (BwRemoteTable *self)
{
  GHashTableIter iter;
  gpointer value;

  if (self->reset != NULL)
    return;

  if (!self->is_current)
    {
      bw_remote_table_start_reset (self);
      return;
    }

  g_hash_table_iter_init (&iter, self->windows);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    ((BwRemoteWindow *) value)->stale = TRUE;

  read_in_sight (self);
}

void
bw_remote_table_refresh_hinted (BwRemoteTable *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->windows);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      BwRemoteWindow *window = value;

      if (!window->hinted)
        continue;

      window->hinted = FALSE;
      window->may_move = TRUE;
      window->stale = TRUE;
    }

  read_in_sight (self);
}
