/* bw-http-history.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-http"

#include "bw-http-history.h"

#include "bw-error.h"
#include "bw-http-handlers.h"

static void
end_invalid (BwExchange *exchange,
             const char *sentence)
{
  g_autoptr(GError) error = g_error_new_literal (BW_ERROR, BW_ERROR_INVALID, sentence);

  bw_exchange_end_error (exchange, error);
}

/* FALSE, and ended: something of it makes no sense. */
static gboolean
read_query (BwExchange     *exchange,
            BwHistoryQuery *query)
{
  query->device_id = bw_exchange_get_id (exchange);
  query->node = bw_http_get_filter (exchange, "node");
  query->property = bw_http_get_filter (exchange, "property");

  if (!bw_exchange_get_query_int (exchange, "from", 0, &query->from_us) ||
      !bw_exchange_get_query_int (exchange, "to", G_MAXINT64, &query->to_us))
    return FALSE;

  if ((query->node == NULL) != (query->property == NULL))
    end_invalid (exchange, "“node” and “property” go together");
  else if (query->from_us >= query->to_us)
    end_invalid (exchange, "“from” must be before “to”");
  else
    return TRUE;

  return FALSE;
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  GBytes *document = bw_history_service_finish (BW_HISTORY_SERVICE (source), result, &error);

  bw_http_end_document (user_data, document, error);
}

void
bw_http_get_history (BwBackend  *backend,
                     BwExchange *exchange)
{
  BwHistoryQuery query = { 0, };
  gint64 points;

  if (!read_query (exchange, &query) ||
      !bw_exchange_get_query_int (exchange, "points", BW_HISTORY_DEFAULT_POINTS, &points))
    return;

  if (points < 1 || points > BW_HISTORY_MAX_POINTS)
    {
      end_invalid (exchange, "“points” must be 1 to 5000");
      return;
    }

  query.points = (guint) points;
  /* until now, so that the last gap has an end */
  query.to_us = MIN (query.to_us, MAX (g_get_real_time (), query.from_us) + 1);
  bw_history_service_points_async (backend->history, bw_exchange_get_actor (exchange), &query,
                                   bw_exchange_get_cancellable (exchange), read_cb, exchange);
}

void
bw_http_get_history_series (BwBackend  *backend,
                            BwExchange *exchange)
{
  bw_history_service_series_async (backend->history, bw_exchange_get_actor (exchange), bw_exchange_get_id (exchange),
                                   bw_exchange_get_cancellable (exchange), read_cb, exchange);
}

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  BwExchange *exchange = user_data;
  g_autoptr(GError) error = NULL;
  gint64 size = 0;
  int fd = bw_history_service_export_finish (BW_HISTORY_SERVICE (source), result, &size, &error);

  if (fd < 0)
    bw_exchange_end_error (exchange, error);
  else
    bw_exchange_end_file (exchange, fd, size, "text/csv; charset=utf-8; header=present", "history.csv");
}

void
bw_http_export_history (BwBackend  *backend,
                        BwExchange *exchange)
{
  BwHistoryQuery query = { 0, };

  if (read_query (exchange, &query))
    bw_history_service_export_async (backend->history, bw_exchange_get_actor (exchange), &query,
                                     bw_exchange_get_cancellable (exchange), exported_cb, exchange);
}
