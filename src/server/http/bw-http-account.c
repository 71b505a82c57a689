/* bw-http-account.c: what a person does with the own account, and how one comes to have it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-http"

#include "bw-http-handlers.h"

#include "bw-error.h"
#include "bw-json.h"

void
bw_http_accept_invitation (BwBackend  *backend,
                           BwExchange *exchange)
{
  static const char *const members[] = { "code", "password", "firstName", "lastName", NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_json (exchange, members);
  const char *code;
  const char *password;
  const char *first_name;
  const char *last_name;

  if (body == NULL ||
      !bw_http_read_string (exchange, body, "code", TRUE, &code) ||
      !bw_http_read_string (exchange, body, "password", TRUE, &password) ||
      !bw_http_read_string (exchange, body, "firstName", FALSE, &first_name) ||
      !bw_http_read_string (exchange, body, "lastName", FALSE, &last_name))
    return;

  bw_session_service_accept_async (backend->sessions, code, password, first_name, last_name,
                                   bw_exchange_get_address (exchange), bw_exchange_get_client (exchange),
                                   NULL, bw_http_signed_in_cb, exchange);
}

void
bw_http_post_registration (BwBackend  *backend,
                           BwExchange *exchange)
{
  static const char *const members[] = { "email", "password", "firstName", "lastName", "alias", NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_json (exchange, members);
  g_autoptr(GError) error = NULL;
  const char *email;
  const char *password;
  const char *first_name;
  const char *last_name;
  const char *alias;

  if (body == NULL ||
      !bw_http_read_string (exchange, body, "email", TRUE, &email) ||
      !bw_http_read_string (exchange, body, "password", TRUE, &password) ||
      !bw_http_read_string (exchange, body, "firstName", TRUE, &first_name) ||
      !bw_http_read_string (exchange, body, "lastName", TRUE, &last_name) ||
      !bw_http_read_string (exchange, body, "alias", TRUE, &alias))
    return;

  if (!backend->registration)
    {
      error = g_error_new (BW_ERROR, BW_ERROR_FORBIDDEN, "this server lets nobody register; ask for an invitation");
      bw_exchange_end_error (exchange, error);
      return;
    }

  bw_session_service_register_async (backend->sessions, email, password, first_name, last_name, alias,
                                     bw_exchange_get_address (exchange), bw_exchange_get_client (exchange),
                                     NULL, bw_http_signed_in_cb, exchange);
}

static void
password_changed_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  BwExchange *exchange = user_data;
  g_autoptr(GError) error = NULL;

  if (!bw_session_service_change_password_finish (BW_SESSION_SERVICE (source), result, &error))
    bw_exchange_end_error (exchange, error);
  else
    bw_exchange_end_empty (exchange, 204);
}

void
bw_http_put_password (BwBackend  *backend,
                      BwExchange *exchange)
{
  static const char *const members[] = { "old", "new", NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_json (exchange, members);
  const char *old_password;
  const char *new_password;

  if (body == NULL ||
      !bw_http_read_string (exchange, body, "old", TRUE, &old_password) ||
      !bw_http_read_string (exchange, body, "new", TRUE, &new_password))
    return;

  bw_session_service_change_password_async (backend->sessions, bw_exchange_get_actor (exchange),
                                            old_password, new_password, bw_exchange_get_address (exchange),
                                            bw_exchange_get_cancellable (exchange), password_changed_cb, exchange);
}

void
bw_http_patch_me (BwBackend  *backend,
                  BwExchange *exchange)
{
  static const char *const members[] = { "firstName", "lastName", NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_json (exchange, members);
  const char *first_name;
  const char *last_name;

  if (body == NULL ||
      !bw_http_read_string (exchange, body, "firstName", FALSE, &first_name) ||
      !bw_http_read_string (exchange, body, "lastName", FALSE, &last_name))
    return;

  bw_session_service_rename_async (backend->sessions, bw_exchange_get_actor (exchange), first_name, last_name,
                                   bw_exchange_get_address (exchange), NULL, bw_http_session_document_cb, exchange);
}

/* Sessions */

void
bw_http_get_sessions (BwBackend  *backend,
                      BwExchange *exchange)
{
  bw_session_service_list_async (backend->sessions, bw_exchange_get_actor (exchange),
                                 bw_exchange_get_cancellable (exchange), bw_http_session_document_cb, exchange);
}

static void
ended_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  BwExchange *exchange = user_data;
  g_autoptr(GError) error = NULL;

  if (!bw_session_service_end_finish (BW_SESSION_SERVICE (source), result, &error))
    bw_exchange_end_error (exchange, error);
  else
    bw_exchange_end_empty (exchange, 204);
}

void
bw_http_delete_session (BwBackend  *backend,
                        BwExchange *exchange)
{
  bw_session_service_end_async (backend->sessions, bw_exchange_get_actor (exchange), bw_exchange_get_id (exchange),
                                bw_exchange_get_address (exchange), NULL, ended_cb, exchange);
}

/* The second factor */

static void
change_totp (BwBackend  *backend,
             BwExchange *exchange,
             BwTotpStep  step,
             const char *code)
{
  bw_session_service_totp_async (backend->sessions, bw_exchange_get_actor (exchange), step, code,
                                 bw_exchange_get_address (exchange), NULL, bw_http_session_document_cb, exchange);
}

void
bw_http_post_totp (BwBackend  *backend,
                   BwExchange *exchange)
{
  static const char *const members[] = { NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_optional_json (exchange, members);

  if (body != NULL)
    change_totp (backend, exchange, BW_TOTP_BEGIN, NULL);
}

void
bw_http_put_totp (BwBackend  *backend,
                  BwExchange *exchange)
{
  static const char *const members[] = { "code", NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_json (exchange, members);
  const char *code;

  if (body != NULL && bw_http_read_string (exchange, body, "code", TRUE, &code))
    change_totp (backend, exchange, BW_TOTP_CONFIRM, code);
}

void
bw_http_delete_totp (BwBackend  *backend,
                     BwExchange *exchange)
{
  const char *code = bw_http_get_filter (exchange, "code");
  g_autoptr(GError) error = NULL;

  if (code != NULL)
    {
      change_totp (backend, exchange, BW_TOTP_TAKE_BACK, code);
      return;
    }

  error = g_error_new (BW_ERROR, BW_ERROR_CODE_NEEDED, "a code is needed");
  bw_exchange_end_error (exchange, error);
}
