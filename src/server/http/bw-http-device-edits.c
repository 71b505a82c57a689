/* bw-http-device-edits.c: one device: values that wait, owner, key, facts
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-http"

#include "bw-http-handlers.h"

#include "bw-error.h"
#include "bw-exchange-private.h"
#include "bw-json.h"

/* Values that wait */

static void
desired_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  BwExchange *exchange = user_data;
  g_autoptr(GError) error = NULL;
  GBytes *document = bw_desired_service_finish (BW_DESIRED_SERVICE (source), result, &error);

  bw_http_end_document (exchange, document, error);
}

void
bw_http_put_desired (BwBackend  *backend,
                     BwExchange *exchange)
{
  static const char *const members[] = { "node", "property", "value", NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_json (exchange, members);
  const char *node;
  const char *property;
  const char *value;

  if (body == NULL ||
      !bw_http_read_string (exchange, body, "node", TRUE, &node) ||
      !bw_http_read_string (exchange, body, "property", TRUE, &property) ||
      !bw_http_read_string (exchange, body, "value", TRUE, &value))
    return;

  bw_desired_service_keep_async (backend->desired, bw_exchange_get_actor (exchange), bw_exchange_get_address (exchange),
                                 bw_exchange_get_id (exchange), node, property, value, NULL, desired_cb, exchange);
}

void
bw_http_delete_desired (BwBackend  *backend,
                        BwExchange *exchange)
{
  bw_desired_service_withdraw_async (backend->desired, bw_exchange_get_actor (exchange), bw_exchange_get_address (exchange),
                                     bw_exchange_get_id (exchange), bw_http_get_filter (exchange, "node"),
                                     bw_http_get_filter (exchange, "property"), NULL, desired_cb, exchange);
}

/* Deeds */

static void
edited_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  BwExchange *exchange = user_data;
  g_autoptr(GError) error = NULL;
  GBytes *document = bw_device_editor_run_finish (BW_DEVICE_EDITOR (source), result, &error);

  bw_http_end_document (exchange, document, error);
}

static void
claimed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  BwExchange *exchange = user_data;
  g_autoptr(GError) error = NULL;
  GBytes *document = bw_device_editor_run_finish (BW_DEVICE_EDITOR (source), result, &error);

  if (document != NULL)
    bw_exchange_end_bytes (exchange, 201, document);
  else
    bw_exchange_end_error (exchange, error);
}

/* not with the peer's cancellable: what has begun is carried out */
static void
run (BwBackend          *backend,
     BwExchange         *exchange,
     const BwDeviceWish *wish)
{
  bw_device_editor_run_async (backend->editor, bw_exchange_get_actor (exchange), bw_exchange_get_address (exchange), wish,
                              NULL, wish->deed == BW_DEED_CLAIM ? claimed_cb : edited_cb, exchange);
}

void
bw_http_post_pair (BwBackend  *backend,
                   BwExchange *exchange)
{
  static const char *const members[] = { "user", "userId", NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_json (exchange, members);
  BwDeviceWish wish = { .deed = BW_DEED_PAIR, .id = bw_exchange_get_id (exchange) };

  if (body == NULL || !bw_http_read_string (exchange, body, "user", FALSE, &wish.user))
    return;

  wish.user_id = bw_json_get_id (body, "userId");
  if (wish.user_id == 0 && wish.user == NULL)
    {
      g_autoptr(GError) error = g_error_new_literal (BW_ERROR, BW_ERROR_INVALID,
                                                     "“user” or “userId” says who the owner is");

      bw_exchange_end_error (exchange, error);
      return;
    }

  run (backend, exchange, &wish);
}

void
bw_http_post_unpair (BwBackend  *backend,
                     BwExchange *exchange)
{
  static const char *const members[] = { NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_optional_json (exchange, members);
  BwDeviceWish wish = { .deed = BW_DEED_UNPAIR, .id = bw_exchange_get_id (exchange) };

  if (body != NULL)
    run (backend, exchange, &wish);
}

void
bw_http_get_pairings (BwBackend  *backend,
                      BwExchange *exchange)
{
  BwDeviceWish wish = { .deed = BW_DEED_LIST_OWN };

  run (backend, exchange, &wish);
}

void
bw_http_post_pairing (BwBackend  *backend,
                      BwExchange *exchange)
{
  static const char *const members[] = { "deviceId", NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_json (exchange, members);
  BwDeviceWish wish = { .deed = BW_DEED_CLAIM };

  if (body != NULL && bw_http_read_string (exchange, body, "deviceId", TRUE, &wish.id))
    run (backend, exchange, &wish);
}

void
bw_http_delete_pairing (BwBackend  *backend,
                        BwExchange *exchange)
{
  BwDeviceWish wish = { .deed = BW_DEED_RELEASE, .id = bw_exchange_get_id (exchange) };

  run (backend, exchange, &wish);
}

void
bw_http_post_rotate_key (BwBackend  *backend,
                         BwExchange *exchange)
{
  static const char *const members[] = { "graceSeconds", NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_json (exchange, members);
  BwDeviceWish wish = { .deed = BW_DEED_ROTATE, .id = bw_exchange_get_id (exchange) };

  if (body == NULL)
    return;

  /* one that is missing is against the limits, as one that is too long */
  wish.grace_s = bw_json_get_int (body, "graceSeconds", -1);
  run (backend, exchange, &wish);
}

void
bw_http_patch_device (BwBackend  *backend,
                      BwExchange *exchange)
{
  static const char *const members[] = {
    "factsRevision", "type", "abbreviation", "license", "machineId", "companyId", NULL
  };
  g_autoptr(JsonObject) body = bw_exchange_read_json (exchange, members);
  BwDeviceWish wish = {
    .deed = BW_DEED_EDIT, .id = bw_exchange_get_id (exchange), .body = body,
    .preview = g_strcmp0 (bw_exchange_get_query (exchange, "preview"), "true") == 0,
  };

  if (body != NULL)
    run (backend, exchange, &wish);
}

/* Rules */

static void
tried_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  BwExchange *exchange = user_data;
  g_autoptr(GError) error = NULL;
  GBytes *document = bw_rule_service_try_finish (BW_RULE_SERVICE (source), result, &error);

  bw_http_end_document (exchange, document, error);
}

void
bw_http_post_rules_trial (BwBackend  *backend,
                          BwExchange *exchange)
{
  static const char *const members[] = { "ruleId", "rule", NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_optional_json (exchange, members);

  if (body != NULL)
    bw_rule_service_try_async (backend->rules, bw_exchange_get_actor (exchange), bw_json_get_id (body, "ruleId"),
                               bw_json_get_object (body, "rule"), bw_exchange_get_cancellable (exchange), tried_cb, exchange);
}
