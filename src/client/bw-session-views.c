/* bw-session-views.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-session-views.h"

#include "bw-error.h"
#include "bw-json.h"
#include "bw-session-private.h"

static int
compare_views (gconstpointer a,
               gconstpointer b)
{
  const char *of_a = bw_saved_view_get_name (*(BwSavedView * const *) a);
  const char *of_b = bw_saved_view_get_name (*(BwSavedView * const *) b);

  return g_utf8_collate (of_a != NULL ? of_a : "", of_b != NULL ? of_b : "");
}

static void
views_loaded_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GPtrArray) views = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = bw_session_document_finish (BW_SESSION (source), result, &error);
  JsonArray *items = bw_json_get_array (reply, "items");

  if (reply != NULL && items == NULL)
    g_set_error_literal (&error, BW_ERROR, BW_ERROR_INVALID, "the backend's answer holds no list");

  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonNode *node = json_array_get_element (items, i);
      g_autoptr(BwSavedView) view = bw_saved_view_new ();

      if (JSON_NODE_HOLDS_OBJECT (node) && bw_entity_load (BW_ENTITY (view), json_node_get_object (node), NULL))
        g_ptr_array_add (views, g_steal_pointer (&view));
    }

  if (items == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_ptr_array_sort (views, compare_views);
  g_task_return_pointer (task, g_steal_pointer (&views), (GDestroyNotify) g_ptr_array_unref);
}

void
bw_session_load_views_async (BwSession           *self,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (BW_IS_SESSION (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_load_views_async);
  bw_session_exchange_async (self, "GET", "/v1/views", NULL, BW_LONG_REPLY_MAX_BYTES, BW_EXCHANGE_PLAIN, cancellable,
                             views_loaded_cb, g_steal_pointer (&task));
}

GPtrArray *
bw_session_load_views_finish (BwSession     *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  return bw_session_finish_pointer (self, result, bw_session_load_views_async, error);
}

static void
view_saved_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(BwSavedView) view = bw_saved_view_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = bw_session_document_finish (BW_SESSION (source), result, &error);

  if (reply != NULL && bw_entity_load (BW_ENTITY (view), reply, &error))
    g_task_return_pointer (task, g_steal_pointer (&view), g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
send_view (BwSession           *self,
           const char          *method,
           const char          *path,
           JsonObject          *body,
           GCancellable        *cancellable,
           GAsyncReadyCallback  callback,
           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(JsonNode) node = json_node_alloc ();
  g_autofree char *text = NULL;

  g_task_set_source_tag (task, bw_session_save_view_async);
  json_node_init_object (node, body);
  text = json_to_string (node, FALSE);
  bw_session_exchange_async (self, method, path, text, BW_REPLY_MAX_BYTES, BW_EXCHANGE_PLAIN, cancellable,
                             view_saved_cb, g_steal_pointer (&task));
}

void
bw_session_create_view_async (BwSession           *self,
                              const char          *name,
                              const char          *company_id,
                              JsonObject          *document,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(JsonObject) body = json_object_new ();

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (name != NULL && document != NULL);

  json_object_set_string_member (body, "name", name);
  if (company_id != NULL)
    json_object_set_string_member (body, "companyId", company_id);
  json_object_set_object_member (body, "document", json_object_ref (document));
  send_view (self, "POST", "/v1/views", body, cancellable, callback, user_data);
}

/* (transfer full) */
static char *
view_path (BwSavedView *view)
{
  return g_strconcat ("/v1/views/", bw_entity_get_id (BW_ENTITY (view)), NULL);
}

void
bw_session_save_view_async (BwSession           *self,
                            BwSavedView         *view,
                            const char          *name,
                            JsonObject          *document,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(JsonObject) body = json_object_new ();
  g_autofree char *path = NULL;

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (BW_IS_SAVED_VIEW (view));

  json_object_set_int_member (body, "revision", bw_entity_get_revision (BW_ENTITY (view)));
  if (name != NULL)
    json_object_set_string_member (body, "name", name);
  if (document != NULL)
    json_object_set_object_member (body, "document", json_object_ref (document));
  path = view_path (view);
  send_view (self, "PATCH", path, body, cancellable, callback, user_data);
}

BwSavedView *
bw_session_save_view_finish (BwSession     *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  return bw_session_finish_pointer (self, result, bw_session_save_view_async, error);
}

static void
view_deleted_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = bw_session_document_finish (BW_SESSION (source), result, &error);

  if (reply == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

void
bw_session_delete_view_async (BwSession           *self,
                              BwSavedView         *view,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *path = NULL;
  g_autofree char *whole = NULL;

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (BW_IS_SAVED_VIEW (view));

  path = view_path (view);
  whole = g_strdup_printf ("%s?revision=%" G_GINT64_FORMAT, path, bw_entity_get_revision (BW_ENTITY (view)));
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_delete_view_async);
  bw_session_exchange_async (self, "DELETE", whole, NULL, BW_REPLY_MAX_BYTES, BW_EXCHANGE_PLAIN, cancellable,
                             view_deleted_cb, g_steal_pointer (&task));
}

gboolean
bw_session_delete_view_finish (BwSession     *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  return bw_session_finish_boolean (self, result, bw_session_delete_view_async, error);
}
