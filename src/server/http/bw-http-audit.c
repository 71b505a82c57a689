/* bw-http-audit.c: what has been done
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-http"

#include "bw-http-handlers.h"

#define DEFAULT_LIMIT 100

/* FALSE, and ended: one of them is no number. */
static gboolean
read_query (BwExchange   *exchange,
            BwAuditQuery *query)
{
  query->kind = bw_http_get_filter (exchange, "kind");
  query->object = bw_http_get_filter (exchange, "object");
  query->action = bw_http_get_filter (exchange, "action");
  query->search = bw_http_get_filter (exchange, "search");

  return bw_exchange_get_query_int (exchange, "user", 0, &query->account_id) &&
         bw_exchange_get_query_int (exchange, "from", 0, &query->from_us) &&
         bw_exchange_get_query_int (exchange, "to", 0, &query->to_us);
}

static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  GBytes *document = bw_audit_service_finish (BW_AUDIT_SERVICE (source), result, &error);

  bw_http_end_document (user_data, document, error);
}

void
bw_http_get_audit (BwBackend  *backend,
                   BwExchange *exchange)
{
  BwAuditQuery query = { 0, };

  if (!read_query (exchange, &query) ||
      !bw_exchange_get_query_int (exchange, "offset", 0, &query.offset) ||
      !bw_exchange_get_query_int (exchange, "limit", DEFAULT_LIMIT, &query.limit))
    return;

  bw_audit_service_list_async (backend->audit, bw_exchange_get_actor (exchange), &query,
                               bw_exchange_get_cancellable (exchange), looked_cb, exchange);
}

void
bw_http_verify_audit (BwBackend  *backend,
                      BwExchange *exchange)
{
  bw_audit_service_verify_async (backend->audit, bw_exchange_get_actor (exchange),
                                 bw_exchange_get_cancellable (exchange), looked_cb, exchange);
}

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  BwExchange *exchange = user_data;
  g_autoptr(GError) error = NULL;
  gint64 size = 0;
  int fd = bw_audit_service_export_finish (BW_AUDIT_SERVICE (source), result, &size, &error);

  if (fd < 0)
    bw_exchange_end_error (exchange, error);
  else
    bw_exchange_end_file (exchange, fd, size, "text/csv; charset=utf-8; header=present", "audit.csv");
}

void
bw_http_export_audit (BwBackend  *backend,
                      BwExchange *exchange)
{
  BwAuditQuery query = { 0, };

  if (read_query (exchange, &query))
    bw_audit_service_export_async (backend->audit, bw_exchange_get_actor (exchange), &query,
                                   bw_exchange_get_cancellable (exchange), exported_cb, exchange);
}
