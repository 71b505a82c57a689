/* bw-http-sessions.c: signing in and out, and what is told without
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-http"

#include "bw-http-handlers.h"

#include "bw-error.h"
#include "bw-json.h"

gboolean
bw_http_read_string (BwExchange  *exchange,
                     JsonObject  *object,
                     const char  *name,
                     gboolean     required,
                     const char **ret_value)
{
  JsonNode *node = json_object_get_member (object, name);
  g_autoptr(GError) error = NULL;

  *ret_value = bw_json_get_string (object, name);
  if (*ret_value != NULL || (!required && (node == NULL || JSON_NODE_HOLDS_NULL (node))))
    return TRUE;

  error = g_error_new (BW_ERROR, BW_ERROR_INVALID, "“%s” must be a text", name);
  bw_exchange_end_error (exchange, error);

  return FALSE;
}

void
bw_http_end_document (BwExchange   *exchange,
                      GBytes       *document,
                      const GError *error)
{
  if (document == NULL)
    {
      bw_exchange_end_error (exchange, error);
    }
  else if (g_bytes_get_size (document) == 0)
    {
      g_bytes_unref (document);
      bw_exchange_end_empty (exchange, 204);
    }
  else
    {
      bw_exchange_end_bytes (exchange, 200, document);
    }
}

void
bw_http_get_status (BwBackend  *backend,
                    BwExchange *exchange)
{
  GString *out = g_string_sized_new (128);

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "name", "bellwetherd");
  bw_json_add_string (out, "version", BW_VERSION);
  bw_json_add_string (out, "broker", backend->broker_connected ? "connected" : "disconnected");
  bw_json_add_boolean (out, "registration", backend->registration);
  bw_json_end_object (out);

  bw_exchange_end_bytes (exchange, 200, g_string_free_to_bytes (out));
}

void
bw_http_signed_in_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  BwExchange *exchange = user_data;
  g_autoptr(GError) error = NULL;
  GBytes *document = bw_session_service_sign_in_finish (BW_SESSION_SERVICE (source), result, &error);

  if (document == NULL)
    bw_exchange_end_error (exchange, error);
  else
    bw_exchange_end_bytes (exchange, 201, document);
}

void
bw_http_post_session (BwBackend  *backend,
                      BwExchange *exchange)
{
  static const char *const members[] = { "user", "password", "code", NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_json (exchange, members);
  const char *user;
  const char *password;
  const char *code;

  if (body == NULL ||
      !bw_http_read_string (exchange, body, "user", TRUE, &user) ||
      !bw_http_read_string (exchange, body, "password", TRUE, &password) ||
      !bw_http_read_string (exchange, body, "code", FALSE, &code))
    return;

  bw_session_service_sign_in_async (backend->sessions, user, password, code, bw_exchange_get_address (exchange),
                                    bw_exchange_get_client (exchange), bw_exchange_get_cancellable (exchange),
                                    bw_http_signed_in_cb, exchange);
}

void
bw_http_session_document_cb (GObject      *source,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  BwExchange *exchange = user_data;
  g_autoptr(GError) error = NULL;
  GBytes *document = bw_session_service_document_finish (BW_SESSION_SERVICE (source), result, &error);

  bw_http_end_document (exchange, document, error);
}

void
bw_http_get_session (BwBackend  *backend,
                     BwExchange *exchange)
{
  bw_session_service_get_document_async (backend->sessions, bw_exchange_get_actor (exchange),
                                         bw_exchange_get_cancellable (exchange), bw_http_session_document_cb, exchange);
}

void
bw_http_put_participation (BwBackend  *backend,
                           BwExchange *exchange)
{
  static const char *const members[] = { "participationId", NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_json (exchange, members);

  if (body == NULL)
    return;

  bw_session_service_switch_async (backend->sessions, bw_exchange_get_actor (exchange),
                                   bw_json_get_id (body, "participationId"), bw_exchange_get_address (exchange),
                                   bw_exchange_get_cancellable (exchange), bw_http_session_document_cb, exchange);
}

static void
overview_counted_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  BwExchange *exchange = user_data;
  g_autoptr(GError) error = NULL;
  GBytes *document = bw_overview_service_get_finish (BW_OVERVIEW_SERVICE (source), result, &error);

  if (document == NULL)
    bw_exchange_end_error (exchange, error);
  else
    bw_exchange_end_bytes (exchange, 200, document);
}

void
bw_http_get_overview (BwBackend  *backend,
                      BwExchange *exchange)
{
  bw_overview_service_get_async (backend->overview, bw_exchange_get_actor (exchange),
                                 bw_exchange_get_cancellable (exchange), overview_counted_cb, exchange);
}

static void
trends_read_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  BwExchange *exchange = user_data;
  g_autoptr(GError) error = NULL;
  GBytes *document = bw_trend_service_get_finish (BW_TREND_SERVICE (source), result, &error);

  if (document == NULL)
    bw_exchange_end_error (exchange, error);
  else
    bw_exchange_end_bytes (exchange, 200, document);
}

void
bw_http_get_trends (BwBackend  *backend,
                    BwExchange *exchange)
{
  bw_trend_service_get_async (backend->trends, bw_exchange_get_actor (exchange),
                              bw_exchange_get_cancellable (exchange), trends_read_cb, exchange);
}
