/* bw-http-retention.c: how long the history is kept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-http"

#include "bw-error.h"
#include "bw-http-handlers.h"
#include "bw-http-history.h"
#include "bw-json.h"

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  BwExchange *exchange = user_data;
  g_autoptr(GError) error = NULL;
  GBytes *document = bw_retention_service_finish (BW_RETENTION_SERVICE (source), result, &error);

  if (document == NULL)
    bw_exchange_end_error (exchange, error);
  else if (g_bytes_get_size (document) > 0)
    bw_exchange_end_bytes (exchange, 200, document);
  else
    {
      g_bytes_unref (document);
      bw_exchange_end_empty (exchange, 204);
    }
}

void
bw_http_get_retention (BwBackend  *backend,
                       BwExchange *exchange)
{
  bw_retention_service_list_async (backend->retention, bw_exchange_get_actor (exchange),
                                   bw_exchange_get_cancellable (exchange), done_cb, exchange);
}

void
bw_http_put_retention (BwBackend  *backend,
                       BwExchange *exchange)
{
  static const char *const members[] = { "product", "keepDays", "rawDays", "thinSeconds", NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_json (exchange, members);
  const char *product;
  BwRetention retention;

  if (body == NULL)
    return;

  product = bw_json_get_string (body, "product");
  retention = (BwRetention) {
    .product = (char *) (product != NULL ? product : ""),
    .keep_days = bw_json_get_int (body, "keepDays", -1),
    .raw_days = bw_json_get_int (body, "rawDays", -1),
    .thin_seconds = bw_json_get_int (body, "thinSeconds", -1),
  };
  bw_retention_service_put_async (backend->retention, bw_exchange_get_actor (exchange),
                                  bw_exchange_get_address (exchange), &retention, done_cb, exchange);
}

void
bw_http_delete_retention (BwBackend  *backend,
                          BwExchange *exchange)
{
  const char *product = bw_http_get_filter (exchange, "product");

  bw_retention_service_remove_async (backend->retention, bw_exchange_get_actor (exchange),
                                     bw_exchange_get_address (exchange), product != NULL ? product : "",
                                     done_cb, exchange);
}
