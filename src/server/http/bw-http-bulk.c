/* bw-http-bulk.c: many devices changed as one job
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-http"

#include "bw-http-handlers.h"

#include "bw-error.h"
#include "bw-json.h"

#define DEFAULT_LIMIT 100

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  GBytes *document = bw_bulk_service_finish (BW_BULK_SERVICE (source), result, &error);

  bw_http_end_document (user_data, document, error);
}

static void
begun_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  BwExchange *exchange = user_data;
  g_autoptr(GError) error = NULL;
  GBytes *document = bw_bulk_service_finish (BW_BULK_SERVICE (source), result, &error);

  if (document == NULL)
    bw_exchange_end_error (exchange, error);
  else
    bw_exchange_end_bytes (exchange, 201, document);
}

/* A member that is an object, or not there. */
static gboolean
read_object (JsonObject   *body,
             const char   *name,
             JsonObject  **ret_object,
             GError      **error)
{
  *ret_object = bw_json_get_object (body, name);
  if (*ret_object != NULL || !json_object_has_member (body, name))
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” must be an object", name);

  return FALSE;
}

static gboolean
read_preview (JsonObject  *body,
              gboolean    *ret_preview,
              GError     **error)
{
  JsonNode *node = json_object_get_member (body, "preview");

  *ret_preview = node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
  if (node == NULL || json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return TRUE;

  g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "“preview” must be true or false");

  return FALSE;
}

void
bw_http_post_bulk (BwBackend  *backend,
                   BwExchange *exchange)
{
  static const char *const members[] = { "action", "ids", "filter", "parameters", "preview", NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_json (exchange, members);
  g_autoptr(BwDeviceFilter) filter = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) ids = NULL;
  JsonObject *conditions = NULL;
  BwBulkWish wish = { NULL, };

  if (body == NULL || !bw_http_read_string (exchange, body, "action", TRUE, &wish.action))
    return;

  if (read_object (body, "filter", &conditions, &error) && read_object (body, "parameters", &wish.parameters, &error) &&
      read_preview (body, &wish.preview, &error) && conditions != NULL)
    filter = bw_device_filter_from_json (conditions, &error);

  if (error == NULL && json_object_has_member (body, "ids") && (ids = bw_http_read_ids (body)) == NULL)
    error = g_error_new_literal (BW_ERROR, BW_ERROR_INVALID, "“ids” must be a list of texts");

  if (error != NULL)
    {
      bw_exchange_end_error (exchange, error);
      return;
    }

  wish.filter = filter;
  wish.ids = (const char * const *) ids;
  bw_bulk_service_begin_async (backend->bulk, bw_exchange_get_actor (exchange), bw_exchange_get_address (exchange), &wish,
                               bw_exchange_get_cancellable (exchange), wish.preview ? done_cb : begun_cb, exchange);
}

void
bw_http_get_bulk_jobs (BwBackend  *backend,
                       BwExchange *exchange)
{
  gint64 offset;
  gint64 limit;

  if (bw_exchange_get_query_int (exchange, "offset", 0, &offset) &&
      bw_exchange_get_query_int (exchange, "limit", DEFAULT_LIMIT, &limit))
    bw_bulk_service_list_async (backend->bulk, bw_exchange_get_actor (exchange), offset, limit,
                                bw_exchange_get_cancellable (exchange), done_cb, exchange);
}

void
bw_http_get_bulk (BwBackend  *backend,
                  BwExchange *exchange)
{
  bw_bulk_service_get_async (backend->bulk, bw_exchange_get_actor (exchange), bw_exchange_get_id (exchange),
                             bw_exchange_get_cancellable (exchange), done_cb, exchange);
}

void
bw_http_get_bulk_results (BwBackend  *backend,
                          BwExchange *exchange)
{
  gint64 offset;
  gint64 limit;

  if (bw_exchange_get_query_int (exchange, "offset", 0, &offset) &&
      bw_exchange_get_query_int (exchange, "limit", DEFAULT_LIMIT, &limit))
    bw_bulk_service_results_async (backend->bulk, bw_exchange_get_actor (exchange), bw_exchange_get_id (exchange),
                                   bw_http_get_filter (exchange, "state"), offset, limit,
                                   bw_exchange_get_cancellable (exchange), done_cb, exchange);
}

void
bw_http_cancel_bulk (BwBackend  *backend,
                     BwExchange *exchange)
{
  bw_bulk_service_cancel_async (backend->bulk, bw_exchange_get_actor (exchange), bw_exchange_get_address (exchange),
                                bw_exchange_get_id (exchange), done_cb, exchange);
}

void
bw_http_undo_bulk (BwBackend  *backend,
                   BwExchange *exchange)
{
  bw_bulk_service_undo_async (backend->bulk, bw_exchange_get_actor (exchange), bw_exchange_get_address (exchange),
                              bw_exchange_get_id (exchange), begun_cb, exchange);
}
