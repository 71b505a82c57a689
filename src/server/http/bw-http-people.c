/* bw-http-people.c: companies, users, participations, roles, tags, requests
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-http"

#include "bw-http-handlers.h"

#include "bw-error.h"
#include "bw-exchange-private.h"
#include "bw-json.h"

#define DEFAULT_LIMIT 100

static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  BwExchange *exchange = user_data;
  g_autoptr(GError) error = NULL;
  GBytes *document = bw_people_service_finish (BW_PEOPLE_SERVICE (source), result, &error);

  bw_http_end_document (exchange, document, error);
}

void
bw_http_get_permissions (BwBackend  *backend,
                         BwExchange *exchange)
{
  GString *out = g_string_sized_new (2048);

  bw_json_begin_object (out, NULL);
  bw_json_begin_array (out, "items");
  for (guint i = 0; i < BW_N_PERMISSIONS; i++)
    {
      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "id", bw_permission_to_nick (i));
      bw_permissions_write (out, "implies", bw_permissions_complete (1u << i) & ~(1u << i));
      bw_json_end_object (out);
    }
  bw_json_end_array (out);
  bw_json_end_object (out);

  bw_exchange_end_bytes (exchange, 200, g_string_free_to_bytes (out));
}

void
bw_http_get_companies (BwBackend  *backend,
                       BwExchange *exchange)
{
  gint64 tag;

  if (!bw_exchange_get_query_int (exchange, "tag", 0, &tag))
    return;

  bw_people_service_list_companies_async (backend->people, bw_exchange_get_actor (exchange),
                                          bw_http_get_filter (exchange, "search"), tag,
                                          bw_exchange_get_cancellable (exchange), looked_cb, exchange);
}

void
bw_http_get_users (BwBackend  *backend,
                   BwExchange *exchange)
{
  BwUserQuery query = {
    .search = bw_http_get_filter (exchange, "search"),
    .status = bw_http_get_filter (exchange, "status"),
    .sort = bw_http_get_filter (exchange, "sort"),
  };

  if (!bw_exchange_get_query_int (exchange, "company", 0, &query.in_company) ||
      !bw_exchange_get_query_int (exchange, "role", 0, &query.role_id) ||
      !bw_exchange_get_query_int (exchange, "tag", 0, &query.tag_id) ||
      !bw_exchange_get_query_int (exchange, "offset", 0, &query.offset) ||
      !bw_exchange_get_query_int (exchange, "limit", DEFAULT_LIMIT, &query.limit))
    return;

  bw_people_service_list_users_async (backend->people, bw_exchange_get_actor (exchange), &query,
                                      bw_exchange_get_cancellable (exchange), looked_cb, exchange);
}

void
bw_http_get_participations (BwBackend  *backend,
                            BwExchange *exchange)
{
  const char *active = bw_http_get_filter (exchange, "active");
  BwParticipationQuery query = {
    .search = bw_http_get_filter (exchange, "search"),
    .sort = bw_http_get_filter (exchange, "sort"),
    .active = active == NULL ? -1 : g_strcmp0 (active, "true") == 0,
  };

  if (!bw_exchange_get_query_int (exchange, "user", 0, &query.user_id) ||
      !bw_exchange_get_query_int (exchange, "company", 0, &query.in_company) ||
      !bw_exchange_get_query_int (exchange, "role", 0, &query.role_id) ||
      !bw_exchange_get_query_int (exchange, "offset", 0, &query.offset) ||
      !bw_exchange_get_query_int (exchange, "limit", DEFAULT_LIMIT, &query.limit))
    return;

  bw_people_service_list_participations_async (backend->people, bw_exchange_get_actor (exchange), &query,
                                               bw_exchange_get_cancellable (exchange), looked_cb, exchange);
}

void
bw_http_get_all (BwBackend  *backend,
                 BwExchange *exchange)
{
  bw_people_service_list_all_async (backend->people, bw_exchange_get_actor (exchange), exchange->route->kind,
                                    bw_exchange_get_cancellable (exchange), looked_cb, exchange);
}

void
bw_http_get_one (BwBackend  *backend,
                 BwExchange *exchange)
{
  bw_people_service_get_async (backend->people, bw_exchange_get_actor (exchange), exchange->route->kind,
                               bw_exchange_get_id (exchange), bw_exchange_get_cancellable (exchange),
                               looked_cb, exchange);
}

static void
treat (BwBackend  *backend,
       BwExchange *exchange,
       BwUserDeed  deed)
{
  bw_people_service_treat_async (backend->people, bw_exchange_get_actor (exchange), bw_exchange_get_id (exchange), deed,
                                 bw_exchange_get_address (exchange), NULL, looked_cb, exchange);
}

static gboolean
has_empty_body (BwExchange *exchange)
{
  static const char *const members[] = { NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_optional_json (exchange, members);

  return body != NULL;
}

void
bw_http_invite_again (BwBackend  *backend,
                      BwExchange *exchange)
{
  if (has_empty_body (exchange))
    treat (backend, exchange, BW_USER_INVITE);
}

void
bw_http_log_out_user (BwBackend  *backend,
                      BwExchange *exchange)
{
  if (has_empty_body (exchange))
    treat (backend, exchange, BW_USER_LOG_OUT);
}

void
bw_http_remove_totp (BwBackend  *backend,
                     BwExchange *exchange)
{
  treat (backend, exchange, BW_USER_REMOVE_TOTP);
}

/* Changes */

static void
changed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  BwExchange *exchange = user_data;
  g_autoptr(GError) error = NULL;
  BwChangeOutcome outcome = BW_CHANGE_DONE;
  GBytes *document = bw_people_service_change_finish (BW_PEOPLE_SERVICE (source), result, &outcome, &error);
  gboolean creates = g_str_equal (exchange->route->method, "POST") && exchange->id == NULL;

  if (document == NULL)
    {
      bw_exchange_end_error (exchange, error);
      return;
    }

  if (outcome == BW_CHANGE_PARKED)
    bw_exchange_end_bytes (exchange, 202, document);
  else if (outcome == BW_CHANGE_PREVIEWED)
    bw_exchange_end_bytes (exchange, 200, document);
  else if (g_bytes_get_size (document) == 0)
    {
      g_bytes_unref (document);
      bw_exchange_end_empty (exchange, 204);
    }
  else
    bw_exchange_end_bytes (exchange, creates ? 201 : 200, document);
}

static void
change (BwBackend      *backend,
        BwExchange     *exchange,
        BwKind          kind,
        BwChangeAction  action,
        JsonObject     *body,
        gint64          revision,
        const char     *comment)
{
  BwChangeWish wish = {
    .kind = kind,
    .action = action,
    .id = bw_exchange_get_id (exchange),
    .body = body,
    .revision = revision,
    .comment = comment,
    .preview = g_strcmp0 (bw_exchange_get_query (exchange, "preview"), "true") == 0,
    .address = bw_exchange_get_address (exchange),
  };

  /* not with the peer's cancellable: what has begun is carried out */
  bw_people_service_change_async (backend->people, bw_exchange_get_actor (exchange), &wish, NULL, changed_cb, exchange);
}

static void
change_with_body (BwBackend      *backend,
                  BwExchange     *exchange,
                  BwChangeAction  action)
{
  g_autoptr(JsonObject) body = bw_exchange_read_json (exchange, bw_people_get_members (exchange->route->kind, action));
  const char *comment;

  if (body == NULL || !bw_http_read_string (exchange, body, "comment", FALSE, &comment))
    return;

  change (backend, exchange, exchange->route->kind, action, body, bw_json_get_int (body, "revision", 0), comment);
}

void
bw_http_post_one (BwBackend  *backend,
                  BwExchange *exchange)
{
  change_with_body (backend, exchange, BW_CHANGE_CREATE);
}

void
bw_http_patch_one (BwBackend  *backend,
                   BwExchange *exchange)
{
  change_with_body (backend, exchange, BW_CHANGE_EDIT);
}

void
bw_http_delete_one (BwBackend  *backend,
                    BwExchange *exchange)
{
  gint64 revision;

  if (bw_exchange_get_query_int (exchange, "revision", 0, &revision))
    change (backend, exchange, exchange->route->kind, BW_CHANGE_DELETE, NULL, revision,
            bw_http_get_filter (exchange, "comment"));
}

void
bw_http_delete_device (BwBackend  *backend,
                       BwExchange *exchange)
{
  change (backend, exchange, BW_KIND_DEVICE, BW_CHANGE_DELETE, NULL, 0, bw_http_get_filter (exchange, "comment"));
}

/* Requests */

void
bw_http_get_requests (BwBackend  *backend,
                      BwExchange *exchange)
{
  BwRequestQuery query = {
    .state = bw_http_get_filter (exchange, "state"),
    .kind = bw_http_get_filter (exchange, "kind"),
    .sort = bw_http_get_filter (exchange, "sort"),
  };

  if (!bw_exchange_get_query_int (exchange, "offset", 0, &query.offset) ||
      !bw_exchange_get_query_int (exchange, "limit", DEFAULT_LIMIT, &query.limit))
    return;

  bw_people_service_list_requests_async (backend->people, bw_exchange_get_actor (exchange), &query,
                                         bw_exchange_get_cancellable (exchange), looked_cb, exchange);
}

void
bw_http_get_request (BwBackend  *backend,
                     BwExchange *exchange)
{
  bw_people_service_get_request_async (backend->people, bw_exchange_get_actor (exchange), bw_exchange_get_id (exchange),
                                       bw_exchange_get_cancellable (exchange), looked_cb, exchange);
}

void
bw_http_accept_request (BwBackend  *backend,
                        BwExchange *exchange)
{
  static const char *const members[] = { NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_optional_json (exchange, members);

  if (body == NULL)
    return;

  bw_people_service_accept_async (backend->people, bw_exchange_get_actor (exchange), bw_exchange_get_id (exchange),
                                  bw_exchange_get_address (exchange), NULL, changed_cb, exchange);
}

static void
end_request (BwBackend      *backend,
             BwExchange     *exchange,
             BwRequestState  state,
             const char     *reason)
{
  bw_people_service_end_request_async (backend->people, bw_exchange_get_actor (exchange), bw_exchange_get_id (exchange),
                                       state, reason, bw_exchange_get_address (exchange), NULL, looked_cb, exchange);
}

void
bw_http_reject_request (BwBackend  *backend,
                        BwExchange *exchange)
{
  static const char *const members[] = { "reason", NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_optional_json (exchange, members);
  const char *reason;

  if (body != NULL && bw_http_read_string (exchange, body, "reason", FALSE, &reason))
    end_request (backend, exchange, BW_REQUEST_REJECTED, reason);
}

void
bw_http_withdraw_request (BwBackend  *backend,
                          BwExchange *exchange)
{
  end_request (backend, exchange, BW_REQUEST_WITHDRAWN, NULL);
}
