/* bw-session-devices.c: devices, what is done to them, what they shall do
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-session-private.h"

#include "bw-error.h"
#include "bw-json.h"

static void
bw_action_result_free (BwActionResult *self)
{
  g_free (self->device_id);
  g_free (self->reason);
  g_free (self);
}

static char *
device_path (const char *device_id,
             const char *rest)
{
  g_autofree char *escaped = g_uri_escape_string (device_id, NULL, FALSE);

  return g_strconcat ("/v1/devices/", escaped, rest, NULL);
}

static void
device_received_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(BwDevice) device = NULL;
  g_autoptr(GError) error = NULL;

  reply = bw_session_document_finish (BW_SESSION (source), result, &error);
  if (reply != NULL)
    {
      device = bw_device_new ();
      if (bw_entity_load (BW_ENTITY (device), reply, &error))
        {
          g_task_return_pointer (task, g_steal_pointer (&device), g_object_unref);
          return;
        }
    }

  g_task_return_error (task, g_steal_pointer (&error));
}

void
bw_session_load_device_async (BwSession           *self,
                              const char          *device_id,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *path = NULL;

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (device_id != NULL);

  path = device_path (device_id, "");
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_load_device_async);
  bw_session_exchange_async (self, "GET", path, NULL, BW_LONG_REPLY_MAX_BYTES,
                             BW_EXCHANGE_PLAIN, cancellable,
                             device_received_cb, g_steal_pointer (&task));
}

BwDevice *
bw_session_load_device_finish (BwSession     *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  return bw_session_finish_pointer (self, result, bw_session_load_device_async, error);
}

static void
acted_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GPtrArray) results = NULL;
  g_autoptr(GError) error = NULL;
  JsonArray *items;

  reply = bw_session_document_finish (BW_SESSION (source), result, &error);
  if (reply == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  items = bw_json_get_array (reply, "results");
  results = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_action_result_free);

  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonNode *node = json_array_get_element (items, i);
      JsonObject *item = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      BwActionResult *one;

      if (bw_json_get_string (item, "id") == NULL)
        continue;

      one = g_new0 (BwActionResult, 1);
      one->device_id = g_strdup (bw_json_get_string (item, "id"));
      one->reason = g_strdup (bw_json_get_string (item, "reason"));
      g_ptr_array_add (results, one);
    }

  if (items == NULL)
    g_task_return_new_error (task, BW_ERROR, BW_ERROR_INVALID,
                             "the backend's answer does not say what happened to the devices");
  else
    g_task_return_pointer (task, g_steal_pointer (&results), (GDestroyNotify) g_ptr_array_unref);
}

void
bw_session_act_async (BwSession           *self,
                      const char          *action,
                      const char * const  *device_ids,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GString) body = g_string_new (NULL);

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (action != NULL && device_ids != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_act_async);

  bw_json_begin_object (body, NULL);
  bw_json_add_string (body, "action", action);
  bw_json_begin_array (body, "ids");
  for (gsize i = 0; device_ids[i] != NULL; i++)
    bw_json_add_string (body, NULL, device_ids[i]);
  bw_json_end_array (body);
  bw_json_end_object (body);

  bw_session_exchange_async (self, "POST", "/v1/devices/actions", body->str, BW_REPLY_MAX_BYTES,
                             BW_EXCHANGE_PLAIN, cancellable, acted_cb, g_steal_pointer (&task));
}

GPtrArray *
bw_session_act_finish (BwSession     *self,
                       GAsyncResult  *result,
                       GError       **error)
{
  return bw_session_finish_pointer (self, result, bw_session_act_async, error);
}

static void
set_answered_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(BwCommand) command = NULL;
  g_autoptr(GError) error = NULL;

  reply = bw_session_document_finish (BW_SESSION (source), result, &error);
  if (reply != NULL)
    {
      command = bw_command_new ();
      if (bw_entity_load (BW_ENTITY (command), reply, &error))
        {
          g_task_return_pointer (task, g_steal_pointer (&command), g_object_unref);
          return;
        }
    }

  g_task_return_error (task, g_steal_pointer (&error));
}

void
bw_session_set_async (BwSession           *self,
                      const char          *device_id,
                      const char          *node_id,
                      const char          *property_id,
                      const char          *value,
                      guint                wait_s,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GString) body = g_string_new (NULL);
  g_autofree char *query = NULL;
  g_autofree char *path = NULL;

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (device_id != NULL && node_id != NULL && property_id != NULL && value != NULL);

  bw_json_begin_object (body, NULL);
  bw_json_add_string (body, "node", node_id);
  bw_json_add_string (body, "property", property_id);
  bw_json_add_string (body, "value", value);
  bw_json_end_object (body);

  query = wait_s > 0 ? g_strdup_printf ("/set?wait=%u", wait_s) : g_strdup ("/set");
  path = device_path (device_id, query);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_set_async);
  bw_session_exchange_async (self, "POST", path, body->str, BW_REPLY_MAX_BYTES,
                             wait_s > 0 ? BW_EXCHANGE_PATIENT : BW_EXCHANGE_PLAIN, cancellable,
                             set_answered_cb, g_steal_pointer (&task));
}

BwCommand *
bw_session_set_finish (BwSession     *self,
                       GAsyncResult  *result,
                       GError       **error)
{
  return bw_session_finish_pointer (self, result, bw_session_set_async, error);
}
