/* bw-remote-table-all.c: the rows of a table for something that needs them all at once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-remote-table-private.h"

#include "bw-error.h"
#include "bw-json.h"

typedef struct
{
  BwSession      *session;
  char           *path;
  char           *question;
  GType           item_type;
  guint           max;
  guint           offset;         /* of the next page */
  GPtrArray      *items;          /* (element-type BwEntity) */
} All;

static void
all_free (All *all)
{
  g_object_unref (all->session);
  g_free (all->path);
  g_free (all->question);
  g_clear_pointer (&all->items, g_ptr_array_unref);
  g_free (all);
}

static void
take (All       *all,
      JsonArray *items)
{
  for (guint i = 0; i < json_array_get_length (items) && all->items->len < all->max; i++)
    {
      JsonNode *node = json_array_get_element (items, i);
      g_autoptr(BwEntity) item = g_object_new (all->item_type, NULL);
      g_autoptr(GError) error = NULL;

      if (!JSON_NODE_HOLDS_OBJECT (node) || !bw_entity_load (item, json_node_get_object (node), &error))
        g_debug ("an item of the table: %s, ignoring", error != NULL ? error->message : "no object");
      else
        g_ptr_array_add (all->items, g_steal_pointer (&item));
    }
}

static void ask (GTask *task);

static void
received_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  All *all = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = bw_session_call_finish (BW_SESSION (source), result, &error);
  JsonArray *items = reply != NULL ? bw_json_get_array (reply, "items") : NULL;
  guint n;

  if (error == NULL && items == NULL)
    g_set_error_literal (&error, BW_ERROR, BW_ERROR_INVALID, "the backend's answer holds no list");
  if (error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  take (all, items);
  n = json_array_get_length (items);
  all->offset += n;

  if (n > 0 && all->items->len < all->max && all->offset < bw_json_get_int (reply, "total", 0))
    ask (task);
  else
    g_task_return_pointer (task, g_steal_pointer (&all->items), (GDestroyNotify) g_ptr_array_unref);
}

static void
ask (GTask *task)
{
  All *all = g_task_get_task_data (task);
  g_autofree char *request = bw_remote_table_make_request (all->path, all->offset, all->question);

  bw_session_call_async (all->session, "GET", request, NULL, g_task_get_cancellable (task), received_cb,
                         g_object_ref (task));
}

void
bw_remote_table_load_all_async (BwRemoteTable       *self,
                                guint                max,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  All *all;

  g_return_if_fail (BW_IS_REMOTE_TABLE (self));
  g_return_if_fail (max > 0);

  all = g_new0 (All, 1);
  all->session = g_object_ref (self->session);
  all->item_type = self->item_type;
  all->max = max;
  all->items = g_ptr_array_new_with_free_func (g_object_unref);
  all->path = g_strdup (self->path);
  all->question = bw_remote_table_dup_ordered_question (self);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_remote_table_load_all_async);
  g_task_set_task_data (task, all, (GDestroyNotify) all_free);
  ask (task);
}

GPtrArray *
bw_remote_table_load_all_finish (BwRemoteTable  *self,
                                 GAsyncResult   *result,
                                 GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, bw_remote_table_load_all_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
