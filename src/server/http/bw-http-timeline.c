/* bw-http-timeline.c: what happened to a device
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-http"

#include "bw-http-handlers.h"

#define DEFAULT_LIMIT 100

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  GBytes *document = bw_timeline_service_list_finish (BW_TIMELINE_SERVICE (source), result, &error);

  bw_http_end_document (user_data, document, error);
}

void
bw_http_get_timeline (BwBackend  *backend,
                      BwExchange *exchange)
{
  gint64 limit;

  if (!bw_exchange_get_query_int (exchange, "limit", DEFAULT_LIMIT, &limit))
    return;

  bw_timeline_service_list_async (backend->timeline, bw_exchange_get_actor (exchange), bw_exchange_get_id (exchange),
                                  bw_http_get_filter (exchange, "kind"), bw_http_get_filter (exchange, "before"), limit,
                                  bw_exchange_get_cancellable (exchange), listed_cb, exchange);
}
