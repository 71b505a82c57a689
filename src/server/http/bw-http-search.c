/* bw-http-search.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-http"

#include "bw-http-handlers.h"

#include "bw-search-service.h"

#define DEFAULT_LIMIT 8

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  GBytes *document = bw_search_service_find_finish (BW_STORE (source), result, &error);

  bw_http_end_document (user_data, document, error);
}

void
bw_http_get_search (BwBackend  *backend,
                    BwExchange *exchange)
{
  const char *text = bw_http_get_filter (exchange, "q");
  gint64 limit = 0;

  if (!bw_exchange_get_query_int (exchange, "limit", DEFAULT_LIMIT, &limit))
    return;

  bw_search_service_find_async (backend->store, bw_exchange_get_actor (exchange), text != NULL ? text : "", limit,
                                bw_exchange_get_cancellable (exchange), found_cb, exchange);
}
