/* bw-http-routes.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-http"

#include "bw-http-routes.h"

#include <string.h>

#include "bw-error.h"
#include "bw-http-handlers.h"
#include "bw-http-history.h"
#include "bw-import.h"

#define SMALL  (16 * 1024)
#define LARGE  (256 * 1024)
#define DESIGN (512 * 1024)
#define IDS    (1024 * 1024)
#define TABLE  BW_IMPORT_MAX_BYTES

/* One of a kind: create, see, edit, delete. */
#define PEOPLE(path, kind, view, manage, remove) \
  { "POST",   path,         0, BW_PERMISSION_##manage, LARGE, bw_http_post_one, kind }, \
  { "GET",    path "/{id}", 0, BW_PERMISSION_##view, 0, bw_http_get_one, kind }, \
  { "PATCH",  path "/{id}", 0, BW_PERMISSION_##manage, LARGE, bw_http_patch_one, kind }, \
  { "DELETE", path "/{id}", 0, BW_PERMISSION_##remove, 0, bw_http_delete_one, kind }

/* The router checks all of a row before its function runs; tests walk this table. */
static const BwRoute routes[] = {
  { "GET",    "/v1/status",                     BW_ROUTE_PUBLIC, BW_PERMISSION_NONE, 0, bw_http_get_status },
  { "POST",   "/v1/sessions",                   BW_ROUTE_PUBLIC, BW_PERMISSION_NONE, SMALL, bw_http_post_session },
  { "POST",   "/v1/invitations",                BW_ROUTE_PUBLIC, BW_PERMISSION_NONE, SMALL, bw_http_accept_invitation },
  { "POST",   "/v1/registrations",              BW_ROUTE_PUBLIC, BW_PERMISSION_NONE, SMALL, bw_http_post_registration },
  { "GET",    "/v1/sessions",                   0, BW_PERMISSION_NONE, 0, bw_http_get_sessions },
  { "GET",    "/v1/sessions/current",           BW_ROUTE_FIRST, BW_PERMISSION_NONE, 0, bw_http_get_session },
  { "DELETE", "/v1/sessions/current",           BW_ROUTE_FIRST, BW_PERMISSION_NONE, 0, bw_http_delete_session },
  { "PUT",    "/v1/users/me/password",          BW_ROUTE_FIRST, BW_PERMISSION_NONE, SMALL, bw_http_put_password },
  { "PUT",    "/v1/sessions/current/participation", BW_ROUTE_FIRST, BW_PERMISSION_NONE, SMALL, bw_http_put_participation },
  { "DELETE", "/v1/sessions/{id}",              0, BW_PERMISSION_NONE, 0, bw_http_delete_session },
  { "PATCH",  "/v1/users/me",                   0, BW_PERMISSION_NONE, SMALL, bw_http_patch_me },
  { "POST",   "/v1/users/me/totp",              0, BW_PERMISSION_NONE, SMALL, bw_http_post_totp },
  { "PUT",    "/v1/users/me/totp",              0, BW_PERMISSION_NONE, SMALL, bw_http_put_totp },
  { "DELETE", "/v1/users/me/totp",              0, BW_PERMISSION_NONE, 0, bw_http_delete_totp },
  { "GET",    "/v1/permissions",                0, BW_PERMISSION_NONE, 0, bw_http_get_permissions },
  { "GET",    "/v1/companies",                  0, BW_PERMISSION_VIEW_COMPANIES, 0, bw_http_get_companies },
  PEOPLE ("/v1/companies", BW_KIND_COMPANY, VIEW_COMPANIES, MANAGE_COMPANIES, DELETE_COMPANIES),
  { "GET",    "/v1/users",                      0, BW_PERMISSION_VIEW_USERS, 0, bw_http_get_users },
  PEOPLE ("/v1/users", BW_KIND_USER, VIEW_USERS, MANAGE_USERS, DELETE_USERS),
  { "POST",   "/v1/users/{id}/invitation",      0, BW_PERMISSION_MANAGE_USERS, SMALL, bw_http_invite_again },
  { "POST",   "/v1/users/{id}/log-out",         0, BW_PERMISSION_MANAGE_USERS, SMALL, bw_http_log_out_user },
  { "DELETE", "/v1/users/{id}/totp",            0, BW_PERMISSION_MANAGE_USERS, 0, bw_http_remove_totp },
  { "GET",    "/v1/participations",             0, BW_PERMISSION_VIEW_PARTICIPATIONS, 0, bw_http_get_participations },
  PEOPLE ("/v1/participations", BW_KIND_PARTICIPATION, VIEW_PARTICIPATIONS, MANAGE_PARTICIPATIONS, DELETE_PARTICIPATIONS),
  { "GET",    "/v1/roles",                      0, BW_PERMISSION_VIEW_ROLES, 0, bw_http_get_all, BW_KIND_ROLE },
  PEOPLE ("/v1/roles", BW_KIND_ROLE, VIEW_ROLES, MANAGE_ROLES, DELETE_ROLES),
  { "GET",    "/v1/tags",                       0, BW_PERMISSION_NONE, 0, bw_http_get_all, BW_KIND_TAG },
  PEOPLE ("/v1/tags", BW_KIND_TAG, NONE, MANAGE_TAGS, MANAGE_TAGS),
  { "POST",   "/v1/tags/{id}/objects",          0, BW_PERMISSION_MANAGE_TAGS, LARGE, bw_http_post_tag_objects },
  { "GET",    "/v1/requests",                   0, BW_PERMISSION_NONE, 0, bw_http_get_requests },
  { "GET",    "/v1/requests/{id}",              0, BW_PERMISSION_NONE, 0, bw_http_get_request },
  { "DELETE", "/v1/requests/{id}",              0, BW_PERMISSION_NONE, 0, bw_http_withdraw_request },
  { "POST",   "/v1/requests/{id}/accept",       0, BW_PERMISSION_DECIDE_REQUESTS, SMALL, bw_http_accept_request },
  { "POST",   "/v1/requests/{id}/reject",       0, BW_PERMISSION_DECIDE_REQUESTS, SMALL, bw_http_reject_request },
  { "GET",    "/v1/audit",                      BW_ROUTE_LONG, BW_PERMISSION_READ_AUDIT, 0, bw_http_get_audit },
  { "GET",    "/v1/audit/export.csv",           BW_ROUTE_LONG, BW_PERMISSION_READ_AUDIT, 0, bw_http_export_audit },
  { "GET",    "/v1/audit/verify",               BW_ROUTE_LONG, BW_PERMISSION_READ_AUDIT, 0, bw_http_verify_audit },
  { "GET",    "/v1/overview",                   0, BW_PERMISSION_VIEW_DEVICES, 0, bw_http_get_overview },
  { "GET",    "/v1/overview/trends",            0, BW_PERMISSION_VIEW_DEVICES, 0, bw_http_get_trends },
  { "GET",    "/v1/search",                     BW_ROUTE_LONG, BW_PERMISSION_NONE, 0, bw_http_get_search },
  { "GET",    "/v1/batches",                    0, BW_PERMISSION_VIEW_DEVICES, 0, bw_http_get_batches },
  { "POST",   "/v1/batches",                    0, BW_PERMISSION_CREATE_IDS, SMALL, bw_http_post_batch },
  { "POST",   "/v1/batches/import",             BW_ROUTE_LONG | BW_ROUTE_SPOOL, BW_PERMISSION_CREATE_IDS, TABLE, bw_http_import_batch },
  { "GET",    "/v1/batches/{id}",               0, BW_PERMISSION_VIEW_DEVICES, 0, bw_http_get_batch },
  { "DELETE", "/v1/batches/{id}",               0, BW_PERMISSION_CREATE_IDS, 0, bw_http_delete_batch },
  { "GET",    "/v1/batches/{id}/hand-over.csv", BW_ROUTE_LONG, BW_PERMISSION_CREATE_IDS, 0, bw_http_get_hand_over },
  { "POST",   "/v1/batches/{id}/handed-over",   0, BW_PERMISSION_CREATE_IDS, SMALL, bw_http_post_handed_over },
  { "GET",    "/v1/batches/{id}/ids",           BW_ROUTE_LONG, BW_PERMISSION_VIEW_DEVICES, 0, bw_http_get_ids },
  { "GET",    "/v1/batches/{id}/label-facts",   BW_ROUTE_LONG, BW_PERMISSION_VIEW_DEVICES, 0, bw_http_get_label_facts },
  { "POST",   "/v1/batches/{id}/labelled",      0, BW_PERMISSION_CREATE_IDS, SMALL, bw_http_post_labelled },
  { "GET",    "/v1/label-designs",              0, BW_PERMISSION_VIEW_DEVICES, 0, bw_http_get_all, BW_KIND_LABEL_DESIGN },
  { "POST",   "/v1/label-designs",              0, BW_PERMISSION_MANAGE_IDS, DESIGN, bw_http_post_one, BW_KIND_LABEL_DESIGN },
  { "GET",    "/v1/label-designs/{id}",         0, BW_PERMISSION_VIEW_DEVICES, 0, bw_http_get_one, BW_KIND_LABEL_DESIGN },
  { "PATCH",  "/v1/label-designs/{id}",         0, BW_PERMISSION_MANAGE_IDS, DESIGN, bw_http_patch_one, BW_KIND_LABEL_DESIGN },
  { "DELETE", "/v1/label-designs/{id}",         0, BW_PERMISSION_MANAGE_IDS, 0, bw_http_delete_one, BW_KIND_LABEL_DESIGN },
  { "POST",   "/v1/batches/{id}/flashed",       BW_ROUTE_SPOOL, BW_PERMISSION_MANAGE_IDS, TABLE, bw_http_post_flashed },
  { "GET",    "/v1/batches/{id}/funnel",        BW_ROUTE_LONG, BW_PERMISSION_VIEW_DEVICES, 0, bw_http_get_funnel },
  { "GET",    "/v1/batches/{id}/stragglers",    BW_ROUTE_LONG, BW_PERMISSION_VIEW_DEVICES, 0, bw_http_get_stragglers },
  { "GET",    "/v1/devices",                    0, BW_PERMISSION_VIEW_DEVICES, 0, bw_http_get_devices },
  { "GET",    "/v1/devices/export.csv",         BW_ROUTE_LONG, BW_PERMISSION_VIEW_DEVICES, 0, bw_http_export_devices },
  { "POST",   "/v1/devices/export.csv",         BW_ROUTE_LONG | BW_ROUTE_SPOOL, BW_PERMISSION_VIEW_DEVICES, IDS, bw_http_post_export },
  { "GET",    "/v1/devices/values",             BW_ROUTE_LONG, BW_PERMISSION_VIEW_DEVICES, 0, bw_http_get_device_values },
  { "POST",   "/v1/devices/actions",            0, BW_PERMISSION_APPROVE_DEVICES, LARGE, bw_http_post_actions },
  { "GET",    "/v1/devices/{id}",               0, BW_PERMISSION_VIEW_DEVICES, 0, bw_http_get_device },
  { "DELETE", "/v1/devices/{id}",               0, BW_PERMISSION_DELETE_IDS, 0, bw_http_delete_device },
  { "GET",    "/v1/devices/{id}/timeline",      0, BW_PERMISSION_VIEW_DEVICES, 0, bw_http_get_timeline },
  { "POST",   "/v1/devices/{id}/set",           BW_ROUTE_LONG, BW_PERMISSION_CONTROL_DEVICES, LARGE, bw_http_post_set },
  { "PATCH",  "/v1/devices/{id}",               0, BW_PERMISSION_MANAGE_DEVICES, SMALL, bw_http_patch_device },
  { "PUT",    "/v1/devices/{id}/desired",       0, BW_PERMISSION_CONTROL_DEVICES, LARGE, bw_http_put_desired },
  { "DELETE", "/v1/devices/{id}/desired",       0, BW_PERMISSION_CONTROL_DEVICES, 0, bw_http_delete_desired },
  { "POST",   "/v1/devices/{id}/pair",          0, BW_PERMISSION_MANAGE_DEVICES, SMALL, bw_http_post_pair },
  { "POST",   "/v1/devices/{id}/unpair",        0, BW_PERMISSION_MANAGE_DEVICES, SMALL, bw_http_post_unpair },
  { "POST",   "/v1/devices/{id}/rotate-key",    0, BW_PERMISSION_MANAGE_IDS, SMALL, bw_http_post_rotate_key },
  { "GET",    "/v1/rules",                      0, BW_PERMISSION_APPROVE_DEVICES, 0, bw_http_get_all, BW_KIND_RULE },
  { "POST",   "/v1/rules/trial",                BW_ROUTE_LONG, BW_PERMISSION_APPROVE_DEVICES, SMALL, bw_http_post_rules_trial },
  PEOPLE ("/v1/rules", BW_KIND_RULE, APPROVE_DEVICES, APPROVE_DEVICES, APPROVE_DEVICES),
  { "GET",    "/v1/pairings",                   0, BW_PERMISSION_NONE, 0, bw_http_get_pairings },
  { "POST",   "/v1/pairings",                   0, BW_PERMISSION_NONE, SMALL, bw_http_post_pairing },
  { "DELETE", "/v1/pairings/{id}",              0, BW_PERMISSION_NONE, 0, bw_http_delete_pairing },
  { "GET",    "/v1/bulk",                       0, BW_PERMISSION_VIEW_DEVICES, 0, bw_http_get_bulk_jobs },
  { "POST",   "/v1/bulk",                       BW_ROUTE_LONG | BW_ROUTE_SPOOL, BW_PERMISSION_VIEW_DEVICES, IDS, bw_http_post_bulk },
  { "GET",    "/v1/bulk/{id}",                  0, BW_PERMISSION_VIEW_DEVICES, 0, bw_http_get_bulk },
  { "DELETE", "/v1/bulk/{id}",                  0, BW_PERMISSION_VIEW_DEVICES, 0, bw_http_cancel_bulk },
  { "GET",    "/v1/bulk/{id}/results",          BW_ROUTE_LONG, BW_PERMISSION_VIEW_DEVICES, 0, bw_http_get_bulk_results },
  { "POST",   "/v1/bulk/{id}/undo",             0, BW_PERMISSION_VIEW_DEVICES, SMALL, bw_http_undo_bulk },
  { "GET",    "/v1/views",                      0, BW_PERMISSION_VIEW_DEVICES, 0, bw_http_get_all, BW_KIND_VIEW },
  PEOPLE ("/v1/views", BW_KIND_VIEW, VIEW_DEVICES, VIEW_DEVICES, VIEW_DEVICES),
  { "GET",    "/v1/devices/{id}/history",       BW_ROUTE_LONG, BW_PERMISSION_VIEW_DEVICES, 0, bw_http_get_history },
  { "GET",    "/v1/devices/{id}/history/series", BW_ROUTE_LONG, BW_PERMISSION_VIEW_DEVICES, 0, bw_http_get_history_series },
  { "GET",    "/v1/devices/{id}/history.csv",   BW_ROUTE_LONG, BW_PERMISSION_VIEW_DEVICES, 0, bw_http_export_history },
  { "GET",    "/v1/history/retention",          0, BW_PERMISSION_MANAGE_DEVICES, 0, bw_http_get_retention },
  { "PUT",    "/v1/history/retention",          0, BW_PERMISSION_MANAGE_DEVICES, SMALL, bw_http_put_retention },
  { "DELETE", "/v1/history/retention",          0, BW_PERMISSION_MANAGE_DEVICES, 0, bw_http_delete_retention },
  { "GET",    "/v1/commands/{id}",              0, BW_PERMISSION_VIEW_DEVICES, 0, bw_http_get_command },
};

const BwRoute *
bw_http_routes_get (guint *ret_n_routes)
{
  *ret_n_routes = G_N_ELEMENTS (routes);

  return routes;
}

/* Whether @path is like @pattern; {id} takes one level that is not empty. */
static gboolean
is_like (const char  *pattern,
         const char  *path,
         const char **ret_id,
         gsize       *ret_id_length)
{
  const char *hole = strstr (pattern, "{id}");
  gsize before;
  gsize length;

  *ret_id = NULL;
  if (hole == NULL)
    return strcmp (pattern, path) == 0;

  before = (gsize) (hole - pattern);
  if (strncmp (pattern, path, before) != 0)
    return FALSE;

  length = strcspn (path + before, "/");
  *ret_id = path + before;
  *ret_id_length = length;

  return length > 0 && strcmp (hole + strlen ("{id}"), path + before + length) == 0;
}

const BwRoute *
bw_http_routes_match (const char  *method,
                      const char  *path,
                      char       **ret_id,
                      char       **ret_allow)
{
  g_autoptr(GString) allow = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      const char *id = NULL;
      gsize id_length = 0;

      if (!is_like (routes[i].path, path, &id, &id_length))
        continue;

      if (strcmp (routes[i].method, method) == 0)
        {
          *ret_id = id != NULL ? g_strndup (id, id_length) : NULL;
          return &routes[i];
        }

      g_string_append_printf (allow, "%s%s", allow->len > 0 ? ", " : "", routes[i].method);
    }

  if (allow->len > 0)
    *ret_allow = g_string_free (g_steal_pointer (&allow), FALSE);

  return NULL;
}
