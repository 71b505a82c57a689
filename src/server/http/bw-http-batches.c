/* bw-http-batches.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-http"

#include "bw-http-handlers.h"

#include "bw-error.h"
#include "bw-json.h"

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  GBytes *document = bw_batch_service_finish (BW_BATCH_SERVICE (source), result, &error);

  bw_http_end_document (user_data, document, error);
}

static void
created_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  BwExchange *exchange = user_data;
  g_autoptr(GError) error = NULL;
  GBytes *document = bw_batch_service_finish (BW_BATCH_SERVICE (source), result, &error);

  if (document == NULL)
    bw_exchange_end_error (exchange, error);
  else
    bw_exchange_end_bytes (exchange, 201, document);
}

void
bw_http_get_batches (BwBackend  *backend,
                     BwExchange *exchange)
{
  bw_batch_service_list_async (backend->batches, bw_exchange_get_actor (exchange),
                               bw_exchange_get_cancellable (exchange), done_cb, exchange);
}

void
bw_http_post_batch (BwBackend  *backend,
                    BwExchange *exchange)
{
  static const char *const members[] = { "name", "count", "companyId", "company", "color", "info", NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_json (exchange, members);
  BwBatchWish wish = { NULL, };

  if (body == NULL ||
      !bw_http_read_string (exchange, body, "name", TRUE, &wish.name) ||
      !bw_http_read_string (exchange, body, "companyId", FALSE, &wish.company_id) ||
      !bw_http_read_string (exchange, body, "company", FALSE, &wish.company) ||
      !bw_http_read_string (exchange, body, "color", FALSE, &wish.color) ||
      !bw_http_read_string (exchange, body, "info", FALSE, &wish.info))
    return;

  wish.count = bw_json_get_int (body, "count", 0);
  bw_batch_service_create_async (backend->batches, bw_exchange_get_actor (exchange),
                                 bw_exchange_get_address (exchange), &wish,
                                 bw_exchange_get_cancellable (exchange), created_cb, exchange);
}

void
bw_http_get_batch (BwBackend  *backend,
                   BwExchange *exchange)
{
  bw_batch_service_get_async (backend->batches, bw_exchange_get_actor (exchange), bw_exchange_get_id (exchange),
                              bw_exchange_get_cancellable (exchange), done_cb, exchange);
}

void
bw_http_delete_batch (BwBackend  *backend,
                      BwExchange *exchange)
{
  bw_batch_service_cancel_async (backend->batches, bw_exchange_get_actor (exchange),
                                 bw_exchange_get_address (exchange), bw_exchange_get_id (exchange),
                                 bw_exchange_get_cancellable (exchange), done_cb, exchange);
}

static void
csv_written_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  BwExchange *exchange = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *name = NULL;
  g_autofree char *file_name = NULL;
  gint64 size = 0;
  int fd = bw_batch_service_write_file_finish (BW_BATCH_SERVICE (source), result, &size, &name, &error);

  if (fd < 0)
    {
      bw_exchange_end_error (exchange, error);
      return;
    }

  file_name = g_strconcat (name, ".csv", NULL);
  bw_exchange_end_file (exchange, fd, size, "text/csv; charset=utf-8; header=present", file_name);
}

void
bw_http_get_hand_over (BwBackend  *backend,
                       BwExchange *exchange)
{
  bw_batch_service_write_file_async (backend->batches, bw_exchange_get_actor (exchange),
                                     bw_exchange_get_id (exchange), BW_BATCH_FILE_CSV, 1, 0,
                                     bw_exchange_get_cancellable (exchange), csv_written_cb, exchange);
}

void
bw_http_post_handed_over (BwBackend  *backend,
                          BwExchange *exchange)
{
  bw_batch_service_hand_over_async (backend->batches, bw_exchange_get_actor (exchange),
                                    bw_exchange_get_address (exchange),
                                    bw_exchange_get_id (exchange),
                                    bw_exchange_get_cancellable (exchange), done_cb, exchange);
}

static void
ids_written_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  BwExchange *exchange = user_data;
  g_autoptr(GError) error = NULL;
  gint64 size = 0;
  int fd = bw_batch_service_write_file_finish (BW_BATCH_SERVICE (source), result, &size, NULL, &error);

  if (fd < 0)
    bw_exchange_end_error (exchange, error);
  else
    bw_exchange_end_file (exchange, fd, size, "text/plain; charset=utf-8", NULL);
}

void
bw_http_get_ids (BwBackend  *backend,
                 BwExchange *exchange)
{
  gint64 first;
  gint64 count;

  if (!bw_exchange_get_query_int (exchange, "first", 1, &first) ||
      !bw_exchange_get_query_int (exchange, "count", 0, &count))
    return;

  bw_batch_service_write_file_async (backend->batches, bw_exchange_get_actor (exchange),
                                     bw_exchange_get_id (exchange), BW_BATCH_FILE_IDS, first, count,
                                     bw_exchange_get_cancellable (exchange), ids_written_cb, exchange);
}

static void
facts_written_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  BwExchange *exchange = user_data;
  g_autoptr(GError) error = NULL;
  gint64 size = 0;
  int fd = bw_batch_service_write_file_finish (BW_BATCH_SERVICE (source), result, &size, NULL, &error);

  if (fd < 0)
    bw_exchange_end_error (exchange, error);
  else
    bw_exchange_end_file (exchange, fd, size, "text/csv; charset=utf-8; header=present", NULL);
}

void
bw_http_get_label_facts (BwBackend  *backend,
                         BwExchange *exchange)
{
  gint64 first;
  gint64 count;

  if (!bw_exchange_get_query_int (exchange, "first", 1, &first) ||
      !bw_exchange_get_query_int (exchange, "count", 0, &count))
    return;

  bw_batch_service_write_file_async (backend->batches, bw_exchange_get_actor (exchange),
                                     bw_exchange_get_id (exchange), BW_BATCH_FILE_FACTS, first, count,
                                     bw_exchange_get_cancellable (exchange), facts_written_cb, exchange);
}

void
bw_http_post_labelled (BwBackend  *backend,
                       BwExchange *exchange)
{
  static const char *const members[] = { "first", "count", NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_json (exchange, members);

  if (body == NULL)
    return;

  bw_batch_service_label_async (backend->batches, bw_exchange_get_actor (exchange),
                                bw_exchange_get_address (exchange), bw_exchange_get_id (exchange),
                                bw_json_get_int (body, "first", 0), bw_json_get_int (body, "count", 0),
                                bw_exchange_get_cancellable (exchange), done_cb, exchange);
}

static void
end_invalid (BwExchange *exchange,
             const char *detail)
{
  g_autoptr(GError) error = g_error_new_literal (BW_ERROR, BW_ERROR_INVALID, detail);

  bw_exchange_end_error (exchange, error);
}

static void
post_ids (BwBackend  *backend,
          BwExchange *exchange)
{
  static const char *const members[] = { "ids", NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_json (exchange, members);
  g_auto(GStrv) ids = NULL;

  if (body == NULL)
    return;

  ids = bw_http_read_ids (body);
  if (ids == NULL)
    {
      end_invalid (exchange, "“ids” must be a list of texts");
      return;
    }

  bw_batch_service_confirm_async (backend->batches, bw_exchange_get_actor (exchange),
                                  bw_exchange_get_address (exchange), bw_exchange_get_id (exchange), NULL,
                                  (const char * const *) ids, bw_exchange_get_cancellable (exchange), done_cb, exchange);
}

/* A table, or a few IDs as JSON. */
void
bw_http_post_flashed (BwBackend  *backend,
                      BwExchange *exchange)
{
  g_autofree char *type = bw_exchange_get_body_type (exchange);
  g_autoptr(GBytes) csv = NULL;

  if (g_strcmp0 (type, "text/csv") != 0)
    {
      post_ids (backend, exchange);
      return;
    }

  csv = bw_exchange_get_body (exchange);
  if (csv != NULL)
    bw_batch_service_confirm_async (backend->batches, bw_exchange_get_actor (exchange),
                                    bw_exchange_get_address (exchange), bw_exchange_get_id (exchange), csv, NULL,
                                    bw_exchange_get_cancellable (exchange), done_cb, exchange);
}

static void
imported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  BwExchange *exchange = user_data;
  g_autoptr(GError) error = NULL;
  GBytes *document = bw_batch_service_finish (BW_BATCH_SERVICE (source), result, &error);

  if (document == NULL)
    bw_exchange_end_error (exchange, error);
  else
    bw_exchange_end_bytes (exchange, bw_batch_service_has_imported (result) ? 201 : 200, document);
}

void
bw_http_import_batch (BwBackend  *backend,
                      BwExchange *exchange)
{
  g_autofree char *type = bw_exchange_get_body_type (exchange);
  const char *skip_bad = bw_http_get_filter (exchange, "skipBad");
  const char *dry_run = bw_http_get_filter (exchange, "dryRun");
  BwBatchWish wish = {
    .name = bw_http_get_filter (exchange, "name"),
    .company_id = bw_http_get_filter (exchange, "companyId"),
    .company = bw_http_get_filter (exchange, "company"),
    .color = bw_http_get_filter (exchange, "color"),
    .info = bw_http_get_filter (exchange, "info"),
  };
  g_autoptr(GBytes) csv = NULL;

  if (g_strcmp0 (type, "text/csv") != 0)
    {
      end_invalid (exchange, "the body must be text/csv");
      return;
    }

  if (wish.name == NULL)
    {
      end_invalid (exchange, "“name” is missing");
      return;
    }

  csv = bw_exchange_get_body (exchange);
  if (csv != NULL)
    bw_batch_service_import_async (backend->batches, bw_exchange_get_actor (exchange),
                                   bw_exchange_get_address (exchange), &wish, csv,
                                   g_strcmp0 (skip_bad, "true") == 0, g_strcmp0 (dry_run, "true") == 0,
                                   bw_exchange_get_cancellable (exchange), imported_cb, exchange);
}

void
bw_http_get_funnel (BwBackend  *backend,
                    BwExchange *exchange)
{
  bw_batch_service_funnel_async (backend->batches, bw_exchange_get_actor (exchange), bw_exchange_get_id (exchange),
                                 bw_exchange_get_cancellable (exchange), done_cb, exchange);
}

void
bw_http_get_stragglers (BwBackend  *backend,
                        BwExchange *exchange)
{
  gint64 offset;
  gint64 limit;

  if (!bw_exchange_get_query_int (exchange, "offset", 0, &offset) ||
      !bw_exchange_get_query_int (exchange, "limit", 50, &limit))
    return;

  bw_batch_service_stragglers_async (backend->batches, bw_exchange_get_actor (exchange), bw_exchange_get_id (exchange),
                                     bw_http_get_filter (exchange, "stage"), offset, limit,
                                     bw_exchange_get_cancellable (exchange), done_cb, exchange);
}
