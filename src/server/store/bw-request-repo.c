/* bw-request-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-request-repo.h"

#include <string.h>

#include "bw-company-repo.h"
#include "bw-error.h"
#include "bw-filter.h"
#include "bw-json.h"
#include "bw-permission.h"

#define COLUMNS \
  "request.id, request.revision, request.kind, request.action, request.object_id, request.object_name," \
  " request.company_id, request.requester_id, request.requester, request.body, request.doc_before," \
  " request.doc_after, request.comment, request.permissions, request.about_id, request.needs_super," \
  " request.state, request.reason, request.decided_by, request.created_at_us, request.decided_at_us," \
  " request.expires_at_us, company.name"

#define FROM " FROM request LEFT JOIN company ON company.id = request.company_id"

/* $1 is the company that who looks acts in: strictly above the object's, or the root. */
#define STANDS_ABOVE \
  "request.company_id IN " BW_COMPANY_REACH_SQL " AND request.company_id <> $1"

static const char *const state_nicks[] = {
  [BW_REQUEST_PENDING] = "pending",
  [BW_REQUEST_ACCEPTED] = "accepted",
  [BW_REQUEST_REJECTED] = "rejected",
  [BW_REQUEST_WITHDRAWN] = "withdrawn",
  [BW_REQUEST_EXPIRED] = "expired",
};

void
bw_request_row_free (BwRequestRow *row)
{
  g_free (row->kind);
  g_free (row->action);
  g_free (row->object_id);
  g_free (row->object);
  g_free (row->requester);
  g_free (row->body);
  g_free (row->before);
  g_free (row->after);
  g_free (row->comment);
  g_free (row->reason);
  g_free (row->decided_by);
  g_free (row);
}

const char *
bw_request_state_to_nick (BwRequestState state)
{
  return (gsize) state < G_N_ELEMENTS (state_nicks) ? state_nicks[state] : state_nicks[BW_REQUEST_EXPIRED];
}

static int
find_state (const char *nick)
{
  for (gsize i = 0; i < G_N_ELEMENTS (state_nicks); i++)
    {
      if (strcmp (state_nicks[i], nick) == 0)
        return (int) i;
    }

  return -1;
}

gboolean
bw_request_may_decide (const BwRequestRow   *row,
                       const BwRequestQuery *who,
                       gboolean              stands_above)
{
  guint needed = row->permissions | BW_PERMISSION_DECIDE_REQUESTS;

  /* one whose time is over may not have been marked yet */
  return row->state == BW_REQUEST_PENDING && row->expires_at_us > g_get_real_time () && row->requester_id != who->account_id &&
         row->about_id != who->account_id && (who->permissions & needed) == needed &&
         ((who->is_super && who->is_root) || (!row->needs_super && stands_above));
}

gboolean
bw_request_query_check (const BwRequestQuery  *query,
                        GError               **error)
{
  if (!bw_filter_check_page (NULL, query->offset, query->limit, error))
    return FALSE;

  if (query->state != NULL && find_state (query->state) < 0)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                 "there is no state “%s”; there are pending, accepted, rejected, withdrawn, expired", query->state);
  else if (query->sort != NULL && strcmp (query->sort, "created") != 0 && strcmp (query->sort, "-created") != 0)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "requests cannot be sorted by that");
  else
    return TRUE;

  return FALSE;
}

gboolean
bw_request_repo_add (BwStoreThread  *thread,
                     BwRequestRow   *row,
                     GError        **error)
{
  return bw_db_get_scalar (thread->db,
                           "INSERT INTO request (kind, action, object_id, object_name, company_id, requester_id,"
                           " requester, body, doc_before, doc_after, comment, permissions, about_id, needs_super,"
                           " created_at_us, expires_at_us)"
                           " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) RETURNING id",
                           g_variant_new ("(ssssxxssmsmssxxxxx)", row->kind, row->action, row->object_id, row->object,
                                          row->company_id, row->requester_id, row->requester, row->body, row->before,
                                          row->after, row->comment, (gint64) row->permissions, row->about_id,
                                          (gint64) row->needs_super, row->created_at_us, row->expires_at_us),
                           0, &row->id, error);
}

static BwRequestRow *
read_row (BwRows *rows)
{
  BwRequestRow *row = g_new0 (BwRequestRow, 1);

  row->id = bw_rows_get_int (rows, 0);
  row->revision = bw_rows_get_int (rows, 1);
  row->kind = g_strdup (bw_rows_get_text (rows, 2));
  row->action = g_strdup (bw_rows_get_text (rows, 3));
  row->object_id = g_strdup (bw_rows_get_text (rows, 4));
  row->object = g_strdup (bw_rows_get_text (rows, 5));
  row->company_id = bw_rows_get_int (rows, 6);
  row->requester_id = bw_rows_get_int (rows, 7);
  row->requester = g_strdup (bw_rows_get_text (rows, 8));
  row->body = g_strdup (bw_rows_get_text (rows, 9));
  row->before = g_strdup (bw_rows_get_text (rows, 10));
  row->after = g_strdup (bw_rows_get_text (rows, 11));
  row->comment = g_strdup (bw_rows_get_text (rows, 12));
  row->permissions = (guint) bw_rows_get_int (rows, 13);
  row->about_id = bw_rows_get_int (rows, 14);
  row->needs_super = bw_rows_get_int (rows, 15) != 0;
  row->state = (BwRequestState) bw_rows_get_int (rows, 16);
  row->reason = g_strdup (bw_rows_get_text (rows, 17));
  row->decided_by = g_strdup (bw_rows_get_text (rows, 18));
  row->created_at_us = bw_rows_get_int (rows, 19);
  row->decided_at_us = bw_rows_get_int (rows, 20);
  row->expires_at_us = bw_rows_get_int (rows, 21);

  return row;
}

BwRequestRow *
bw_request_repo_get (BwDb    *db,
                     gint64   id,
                     GError **error)
{
  g_autoptr(BwRows) rows = bw_db_query (db, "SELECT " COLUMNS FROM " WHERE request.id = $1",
                                        g_variant_new ("(x)", id), error);

  if (rows == NULL || !bw_rows_next (rows, error))
    return NULL;

  return read_row (rows);
}

gboolean
bw_request_repo_end (BwStoreThread   *thread,
                     gint64           id,
                     BwRequestState   state,
                     const char      *decided_by,
                     const char      *reason,
                     gint64           at_us,
                     gboolean        *ret_done,
                     GError         **error)
{
  if (!bw_db_run (thread->db,
                  "UPDATE request SET state = $2, decided_by = $3, reason = $4, decided_at_us = $5,"
                  " revision = revision + 1 WHERE id = $1 AND state = 0",
                  g_variant_new ("(xxmsmsx)", id, (gint64) state, decided_by, reason, at_us), error))
    return FALSE;

  *ret_done = bw_db_get_n_changed (thread->db) == 1;

  return TRUE;
}

gboolean
bw_request_repo_expire (BwStoreThread  *thread,
                        gint64          now_us,
                        GArray         *ret_ids,
                        GError        **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (thread->db,
                 "UPDATE request SET state = $2, decided_at_us = $1, revision = revision + 1"
                 " WHERE state = 0 AND expires_at_us <= $1 RETURNING id",
                 g_variant_new ("(xx)", now_us, (gint64) BW_REQUEST_EXPIRED), error);

  if (rows == NULL)
    return FALSE;

  while (bw_rows_next (rows, &local_error))
    {
      gint64 id = bw_rows_get_int (rows, 0);

      g_array_append_val (ret_ids, id);
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

/* What @who may see: his own, and with the right to decide those of companies below his. */
static void
add_visible (BwFilter             *filter,
             const BwRequestQuery *who)
{
  gboolean may_decide = (who->permissions & BW_PERMISSION_DECIDE_REQUESTS) != 0;

  bw_filter_add_int (filter, "? <> 0", who->company_id);    /* $1 */
  if (may_decide && who->is_super && who->is_root)
    return;

  bw_filter_add_int (filter, may_decide ? "request.requester_id = ? OR (" STANDS_ABOVE ")" : "request.requester_id = ?",
                     who->account_id);
}

static void
write_one (BwRows               *rows,
           const BwRequestQuery *who,
           gboolean              stands_above,
           GString              *out)
{
  g_autoptr(BwRequestRow) row = read_row (rows);

  bw_json_begin_object (out, NULL);
  bw_json_add_id (out, "id", row->id);
  bw_json_add_int (out, "revision", row->revision);
  bw_json_add_string (out, "kind", row->kind);
  bw_json_add_string (out, "action", row->action);
  bw_json_add_string (out, "objectId", row->object_id);
  bw_json_add_string (out, "object", row->object);
  bw_json_add_id (out, "companyId", row->company_id);
  bw_json_add_string (out, "company", bw_rows_get_text (rows, 22));
  bw_json_add_id (out, "requesterId", row->requester_id);
  bw_json_add_string (out, "requester", row->requester);
  bw_json_add_raw (out, "before", row->before != NULL ? row->before : "null");
  bw_json_add_raw (out, "after", row->after != NULL ? row->after : "null");
  bw_json_add_string (out, "comment", row->comment);
  bw_json_add_string (out, "state", bw_request_state_to_nick (row->state));
  bw_json_add_string (out, "reason", row->reason);
  bw_json_add_string (out, "decidedBy", row->decided_by);
  bw_json_add_boolean (out, "mayDecide", bw_request_may_decide (row, who, stands_above));
  bw_json_add_int (out, "createdAt", row->created_at_us);
  bw_json_add_int (out, "decidedAt", row->decided_at_us);
  bw_json_add_int (out, "expiresAt", row->expires_at_us);
  bw_json_end_object (out);
}

/* The rows of a filter whose $1 is the company of who looks. */
static gboolean
write_rows (BwDb                  *db,
            const BwRequestQuery  *who,
            const char            *where_and_order,
            GVariant              *args,
            guint                 *ret_n,
            GString               *out,
            GError               **error)
{
  g_autofree char *sql = g_strconcat ("SELECT " COLUMNS ", CASE WHEN " STANDS_ABOVE " THEN 1 ELSE 0 END" FROM,
                                      where_and_order, NULL);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = bw_db_query (db, sql, args, error);

  if (rows == NULL)
    return FALSE;

  *ret_n = 0;
  while (bw_rows_next (rows, &local_error))
    {
      write_one (rows, who, bw_rows_get_int (rows, 23) != 0, out);
      (*ret_n)++;
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

static void
make_filter (BwFilter             *filter,
             const BwRequestQuery *query)
{
  bw_filter_init (filter);
  add_visible (filter, query);
  if (query->state != NULL)
    bw_filter_add_int (filter, "request.state = ?", find_state (query->state));
  if (query->kind != NULL)
    bw_filter_add_text (filter, "request.kind = ?", query->kind);
}

/* How many wait for @who to decide. */
static gboolean
count_pending (BwDb                  *db,
               const BwRequestQuery  *who,
               gint64                *ret_n,
               GError               **error)
{
  gboolean is_top = who->is_super && who->is_root;

  *ret_n = 0;
  if ((who->permissions & BW_PERMISSION_DECIDE_REQUESTS) == 0)
    return TRUE;

  return bw_db_get_scalar (db,
                           is_top ? "SELECT count(*) FROM request WHERE state = 0 AND requester_id <> $2 AND about_id <> $2"
                                    " AND (permissions & ~$3) = 0 AND $1 <> 0"
                                  : "SELECT count(*) FROM request WHERE state = 0 AND requester_id <> $2 AND about_id <> $2"
                                    " AND (permissions & ~$3) = 0 AND needs_super = 0 AND " STANDS_ABOVE,
                           g_variant_new ("(xxx)", who->company_id, who->account_id, (gint64) who->permissions),
                           0, ret_n, error);
}

gboolean
bw_request_repo_list (BwDb                  *db,
                      const BwRequestQuery  *query,
                      GString               *out,
                      GError               **error)
{
  gboolean is_oldest_first = g_strcmp0 (query->sort, "created") == 0;
  g_auto(BwFilter) filter = { NULL, };
  g_autofree char *count_sql = NULL;
  g_autofree char *tail = NULL;
  g_autoptr(GVariant) count_args = NULL;
  g_autoptr(GVariant) args = NULL;
  gint64 total = 0;
  gint64 n_pending = 0;
  guint n = 0;

  make_filter (&filter, query);
  count_args = bw_filter_end (&filter);
  count_sql = g_strconcat ("SELECT count(*) FROM request", filter.where->str, NULL);
  if (!bw_db_get_scalar (db, count_sql, count_args, 0, &total, error) ||
      !count_pending (db, query, &n_pending, error))
    return FALSE;

  bw_filter_clear (&filter);
  make_filter (&filter, query);
  args = bw_filter_end_page (&filter, query->limit, query->offset);
  tail = g_strdup_printf ("%s ORDER BY request.id%s LIMIT $%u OFFSET $%u", filter.where->str,
                          is_oldest_first ? "" : " DESC", filter.n_args + 1, filter.n_args + 2);

  bw_json_begin_object (out, NULL);
  bw_json_add_int (out, "total", total);
  bw_json_add_int (out, "nPending", n_pending);
  bw_json_begin_array (out, "items");
  if (!write_rows (db, query, tail, args, &n, out, error))
    return FALSE;
  bw_json_end_array (out);
  bw_json_end_object (out);

  return TRUE;
}

gboolean
bw_request_repo_write (BwDb                  *db,
                       const BwRequestQuery  *who,
                       gint64                 id,
                       GString               *out,
                       GError               **error)
{
  g_auto(BwFilter) filter = { NULL, };
  g_autoptr(GVariant) args = NULL;
  guint n = 0;

  bw_filter_init (&filter);
  add_visible (&filter, who);
  bw_filter_add_int (&filter, "request.id = ?", id);
  args = bw_filter_end (&filter);
  if (!write_rows (db, who, filter.where->str, args, &n, out, error))
    return FALSE;

  if (n == 1)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no request %" G_GINT64_FORMAT, id);

  return FALSE;
}
