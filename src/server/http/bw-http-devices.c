/* bw-http-devices.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-http"

#include "bw-http-handlers.h"

#include <string.h>

#include "bw-error.h"
#include "bw-json.h"

#define DEFAULT_LIMIT 100

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  GBytes *document = bw_device_service_finish (BW_DEVICE_SERVICE (source), result, &error);

  bw_http_end_document (user_data, document, error);
}

static void
end_invalid (BwExchange *exchange,
             const char *sentence)
{
  g_autoptr(GError) error = g_error_new_literal (BW_ERROR, BW_ERROR_INVALID, sentence);

  bw_exchange_end_error (exchange, error);
}

const char *
bw_http_get_filter (BwExchange *exchange,
                    const char *name)
{
  const char *value = bw_exchange_get_query (exchange, name);

  return value != NULL && *value != '\0' ? value : NULL;
}

typedef struct
{
  BwDeviceFilter      *filter;
  const char * const  *others;     /* parameters that are no conditions */
  GError              *error;
} FilterReader;

static gboolean
read_condition_cb (const char *name,
                   const char *value,
                   gpointer    user_data)
{
  FilterReader *reader = user_data;

  /* "a=1&&b=2" */
  if (*name == '\0' && *value == '\0')
    return TRUE;

  return g_strv_contains (reader->others, name) || bw_device_filter_add (reader->filter, name, value, &reader->error);
}

BwDeviceFilter *
bw_http_read_device_filter (BwExchange         *exchange,
                            const char * const *others)
{
  g_autoptr(BwDeviceFilter) filter = bw_device_filter_new ();
  g_autoptr(GError) error = NULL;
  FilterReader reader = { filter, others, NULL };

  bw_exchange_foreach_query (exchange, read_condition_cb, &reader);
  if (reader.error == NULL)
    return g_steal_pointer (&filter);

  error = reader.error;
  bw_exchange_end_error (exchange, error);

  return NULL;
}

void
bw_http_get_devices (BwBackend  *backend,
                     BwExchange *exchange)
{
  static const char *const others[] = { "sort", "offset", "limit", NULL };
  g_autoptr(BwDeviceFilter) filter = bw_http_read_device_filter (exchange, others);
  BwDeviceQuery query = { .filter = filter };

  if (filter == NULL ||
      !bw_exchange_get_query_int (exchange, "offset", 0, &query.offset) ||
      !bw_exchange_get_query_int (exchange, "limit", DEFAULT_LIMIT, &query.limit))
    return;

  query.sort = bw_http_get_filter (exchange, "sort");
  bw_device_service_list_async (backend->devices, bw_exchange_get_actor (exchange), &query,
                                bw_exchange_get_cancellable (exchange), done_cb, exchange);
}

void
bw_http_get_device_values (BwBackend  *backend,
                           BwExchange *exchange)
{
  static const char *const others[] = { "field", "limit", NULL };
  g_autoptr(BwDeviceFilter) filter = bw_http_read_device_filter (exchange, others);
  const char *field;
  BwDeviceQuery query = { .filter = filter };

  if (filter == NULL || !bw_exchange_get_query_int (exchange, "limit", BW_DEVICE_MAX_VALUES, &query.limit))
    return;

  field = bw_http_get_filter (exchange, "field");
  bw_device_service_values_async (backend->devices, bw_exchange_get_actor (exchange), &query,
                                  field != NULL ? field : "", bw_exchange_get_cancellable (exchange), done_cb, exchange);
}

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  BwExchange *exchange = user_data;
  g_autoptr(GError) error = NULL;
  gint64 size = 0;
  int fd = bw_device_service_export_finish (BW_DEVICE_SERVICE (source), result, &size, &error);

  if (fd < 0)
    bw_exchange_end_error (exchange, error);
  else
    bw_exchange_end_file (exchange, fd, size, "text/csv; charset=utf-8; header=present", "devices.csv");
}

void
bw_http_export_devices (BwBackend  *backend,
                        BwExchange *exchange)
{
  static const char *const others[] = { "sort", "columns", NULL };
  g_autoptr(BwDeviceFilter) filter = bw_http_read_device_filter (exchange, others);
  BwDeviceQuery query = { .filter = filter };

  /* who was refused is gone */
  if (filter == NULL)
    return;

  query.sort = bw_http_get_filter (exchange, "sort");
  bw_device_service_export_async (backend->devices, bw_exchange_get_actor (exchange), &query,
                                  bw_http_get_filter (exchange, "columns"),
                                  bw_exchange_get_cancellable (exchange), exported_cb, exchange);
}

/* Those of a list, which may be longer than a query. */
void
bw_http_post_export (BwBackend  *backend,
                     BwExchange *exchange)
{
  static const char *const members[] = { "ids", "sort", "columns", NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_json (exchange, members);
  g_autoptr(BwDeviceFilter) filter = bw_device_filter_new ();
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) ids = NULL;
  BwDeviceQuery query = { .filter = filter };
  const char *columns = NULL;

  if (body == NULL || !bw_http_read_string (exchange, body, "sort", FALSE, &query.sort) ||
      !bw_http_read_string (exchange, body, "columns", FALSE, &columns))
    return;

  ids = bw_http_read_ids (body);
  if (ids == NULL)
    {
      end_invalid (exchange, "“ids” must be a list of texts");
      return;
    }

  if (!bw_device_filter_add_ids (filter, (const char * const *) ids, &error))
    {
      bw_exchange_end_error (exchange, error);
      return;
    }

  bw_device_service_export_async (backend->devices, bw_exchange_get_actor (exchange), &query, columns,
                                  bw_exchange_get_cancellable (exchange), exported_cb, exchange);
}

void
bw_http_get_device (BwBackend  *backend,
                    BwExchange *exchange)
{
  bw_device_service_get_async (backend->devices, bw_exchange_get_actor (exchange), bw_exchange_get_id (exchange),
                               bw_exchange_get_cancellable (exchange), done_cb, exchange);
}

char **
bw_http_read_ids (JsonObject *body)
{
  JsonArray *array = bw_json_get_array (body, "ids");
  guint n = array != NULL ? json_array_get_length (array) : 0;
  g_auto(GStrv) ids = NULL;

  if (array == NULL)
    return NULL;

  ids = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
        return NULL;
      ids[i] = json_node_dup_string (node);
    }

  return g_steal_pointer (&ids);
}

void
bw_http_post_actions (BwBackend  *backend,
                      BwExchange *exchange)
{
  static const char *const members[] = { "action", "ids", NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_json (exchange, members);
  g_auto(GStrv) ids = NULL;
  BwAction action;

  if (body == NULL)
    return;

  if (!bw_action_from_nick (bw_json_get_string (body, "action"), &action))
    {
      end_invalid (exchange, "“action” must be approve, unapprove, block or unblock");
      return;
    }

  ids = bw_http_read_ids (body);
  if (ids == NULL)
    {
      end_invalid (exchange, "“ids” must be a list of texts");
      return;
    }

  bw_device_service_act_async (backend->devices, bw_exchange_get_actor (exchange),
                               bw_exchange_get_address (exchange), action,
                               (const char * const *) ids,
                               bw_exchange_get_cancellable (exchange), done_cb, exchange);
}

static void
set_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  BwExchange *exchange = user_data;
  g_autoptr(GError) error = NULL;
  char *document = bw_command_service_set_finish (BW_COMMAND_SERVICE (source), result, &error);

  if (document == NULL)
    bw_exchange_end_error (exchange, error);
  else
    bw_exchange_end_bytes (exchange, 202, g_bytes_new_take (document, strlen (document)));
}

void
bw_http_post_set (BwBackend  *backend,
                  BwExchange *exchange)
{
  static const char *const members[] = { "node", "property", "value", NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_json (exchange, members);
  const char *node;
  const char *property;
  const char *value;
  gint64 wait_s;

  if (body == NULL ||
      !bw_http_read_string (exchange, body, "node", TRUE, &node) ||
      !bw_http_read_string (exchange, body, "property", TRUE, &property) ||
      !bw_http_read_string (exchange, body, "value", TRUE, &value) ||
      !bw_exchange_get_query_int (exchange, "wait", 0, &wait_s))
    return;

  if (wait_s > BW_COMMAND_MAX_WAIT_SECONDS)
    {
      end_invalid (exchange, "“wait” must be at most 60 seconds");
      return;
    }

  bw_command_service_set_async (backend->commands, bw_exchange_get_actor (exchange),
                                bw_exchange_get_address (exchange), bw_exchange_get_id (exchange), node, property, value, (guint) wait_s,
                                bw_exchange_get_cancellable (exchange), set_cb, exchange);
}

void
bw_http_get_command (BwBackend  *backend,
                     BwExchange *exchange)
{
  g_autoptr(GError) error = NULL;
  const BwActor *actor = bw_exchange_get_actor (exchange);
  char *document = bw_command_service_get (backend->commands, actor->company_id, actor->company_is_root,
                                           bw_exchange_get_id (exchange), &error);

  if (document == NULL)
    bw_exchange_end_error (exchange, error);
  else
    bw_exchange_end_bytes (exchange, 200, g_bytes_new_take (document, strlen (document)));
}
