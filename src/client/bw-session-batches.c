/* bw-session-batches.c: batches
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-session-private.h"

#include <string.h>

#include "bw-device-id.h"
#include "bw-error.h"
#include "bw-json.h"

static void
batch_created_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  BwSession *self = BW_SESSION (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;

  reply = bw_session_document_finish (self, result, &error);
  if (reply == NULL || !bw_entity_list_upsert (bw_session_get_batches (self), reply, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  bw_session_outdate_list (self, BW_LIST_BATCHES);
  g_task_return_pointer (task,
                         g_object_ref (bw_entity_list_lookup (bw_session_get_batches (self), bw_json_get_string (reply, "id"))),
                         g_object_unref);
}

void
bw_session_create_batch_async (BwSession           *self,
                               const char          *name,
                               gint64               count,
                               const char          *company_id,
                               const char          *color,
                               const char          *info,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GString) body = g_string_new (NULL);

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (name != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_create_batch_async);

  bw_json_begin_object (body, NULL);
  bw_json_add_string (body, "name", name);
  bw_json_add_int (body, "count", count);
  if (company_id != NULL)
    bw_json_add_string (body, "companyId", company_id);
  if (color != NULL)
    bw_json_add_string (body, "color", color);
  if (info != NULL)
    bw_json_add_string (body, "info", info);
  bw_json_end_object (body);

  bw_session_exchange_async (self, "POST", "/v1/batches", body->str, BW_REPLY_MAX_BYTES,
                             BW_EXCHANGE_PLAIN, cancellable,
                             batch_created_cb, g_steal_pointer (&task));
}

BwBatch *
bw_session_create_batch_finish (BwSession     *self,
                                GAsyncResult  *result,
                                GError       **error)
{
  return bw_session_finish_pointer (self, result, bw_session_create_batch_async, error);
}

static char *
batch_path (const char *batch_id,
            const char *rest)
{
  g_autofree char *escaped = g_uri_escape_string (batch_id, NULL, FALSE);

  return g_strconcat ("/v1/batches/", escaped, rest, NULL);
}

static void
batch_cancelled_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  BwSession *self = BW_SESSION (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;

  reply = bw_session_document_finish (self, result, &error);
  if (reply == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  bw_entity_list_remove (bw_session_get_batches (self), g_task_get_task_data (task));
  g_task_return_boolean (task, TRUE);
}

void
bw_session_cancel_batch_async (BwSession           *self,
                               const char          *batch_id,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *path = NULL;

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (batch_id != NULL);

  path = batch_path (batch_id, "");
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_cancel_batch_async);
  g_task_set_task_data (task, g_strdup (batch_id), g_free);
  bw_session_exchange_async (self, "DELETE", path, NULL, BW_REPLY_MAX_BYTES,
                             BW_EXCHANGE_PLAIN, cancellable,
                             batch_cancelled_cb, g_steal_pointer (&task));
}

gboolean
bw_session_cancel_batch_finish (BwSession     *self,
                                GAsyncResult  *result,
                                GError       **error)
{
  return bw_session_finish_boolean (self, result, bw_session_cancel_batch_async, error);
}

/* A line an ID; anything else is somebody else's page. */
static gpointer
parse_ids (GBytes  *body,
           GError **error)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  gsize size;
  const char *text = g_bytes_get_data (body, &size);
  const char *end = text + size;

  while (text < end)
    {
      const char *line_end = memchr (text, '\n', (gsize) (end - text));
      gsize length = (gsize) ((line_end != NULL ? line_end : end) - text);

      if (!bw_device_id_is_canonical (text, length))
        {
          g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID,
                               "the backend's answer holds something that is no Device ID");
          return NULL;
        }

      g_ptr_array_add (ids, g_strndup (text, length));
      text += length + 1;
    }

  return g_steal_pointer (&ids);
}

static void
ids_received_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  bw_session_exchange_parse (BW_SESSION (source), result, parse_ids, (GDestroyNotify) g_ptr_array_unref, user_data);
}

void
bw_session_load_ids_async (BwSession           *self,
                           const char          *batch_id,
                           gint64               first,
                           gint64               count,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *query = NULL;
  g_autofree char *path = NULL;

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (batch_id != NULL);

  query = g_strdup_printf ("/ids?first=%" G_GINT64_FORMAT "&count=%" G_GINT64_FORMAT, first, count);
  path = batch_path (batch_id, query);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_load_ids_async);
  bw_session_exchange_async (self, "GET", path, NULL, BW_LONG_REPLY_MAX_BYTES,
                             BW_EXCHANGE_PATIENT, cancellable,
                             ids_received_cb, g_steal_pointer (&task));
}

GPtrArray *
bw_session_load_ids_finish (BwSession     *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  return bw_session_finish_pointer (self, result, bw_session_load_ids_async, error);
}

static void
labelled_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;

  reply = bw_session_document_finish (BW_SESSION (source), result, &error);
  if (reply == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

void
bw_session_mark_labelled_async (BwSession           *self,
                                const char          *batch_id,
                                gint64               first,
                                gint64               count,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GString) body = g_string_new (NULL);
  g_autofree char *path = NULL;

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (batch_id != NULL);

  bw_json_begin_object (body, NULL);
  bw_json_add_int (body, "first", first);
  bw_json_add_int (body, "count", count);
  bw_json_end_object (body);

  path = batch_path (batch_id, "/labelled");
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_mark_labelled_async);
  bw_session_exchange_async (self, "POST", path, body->str, BW_REPLY_MAX_BYTES,
                             BW_EXCHANGE_PATIENT, cancellable,
                             labelled_cb, g_steal_pointer (&task));
}

gboolean
bw_session_mark_labelled_finish (BwSession     *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  return bw_session_finish_boolean (self, result, bw_session_mark_labelled_async, error);
}
