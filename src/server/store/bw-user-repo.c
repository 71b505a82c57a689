/* bw-user-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-user-repo.h"

#include <string.h>

#include "bw-company-repo.h"
#include "bw-device-edit-repo.h"
#include "bw-device-id.h"
#include "bw-error.h"
#include "bw-filter.h"
#include "bw-json.h"
#include "bw-session-repo.h"
#include "bw-tag-repo.h"

#define COLUMNS \
  "account.id, account.revision, account.login, account.email, account.first_name, account.last_name," \
  " account.status, account.suspended, account.totp_step, account.company_id, account.created_at_us," \
  " account.edited_at_us, account.last_seen_us"
#define N_COLUMNS 13

/* Of those without a participation the company decides whose they are. The plus keeps SQLite from looking up
 * each company of the reach in the index of a user's participations, of which there are few. */
#define IN_REACH \
  "EXISTS (SELECT 1 FROM participation WHERE participation.account_id = account.id" \
  " AND +participation.company_id IN " BW_COMPANY_REACH_SQL ")" \
  " OR (account.company_id IN " BW_COMPANY_REACH_SQL \
  " AND NOT EXISTS (SELECT 1 FROM participation WHERE participation.account_id = account.id))"

/* The same, made from what hangs on a few companies instead of by looking at every user. */
#define IN_NARROW_REACH \
  "account.id IN (SELECT account_id FROM participation WHERE company_id IN " BW_COMPANY_REACH_SQL \
  " UNION ALL SELECT id FROM account AS own WHERE own.company_id IN " BW_COMPANY_REACH_SQL \
  " AND NOT EXISTS (SELECT 1 FROM participation WHERE participation.account_id = own.id))"
#define NARROW_COMPANIES 100

static const struct
{
  const char *sort;
  const char *order;      /* %s: the direction */
} orders[] = {
  { "name", "account.last_name%1$s, account.first_name%1$s, account.id%1$s" },
  { "email", "account.email%1$s" },
  { "status", "account.suspended%1$s, account.status%1$s, account.id%1$s" },
  { "created", "account.created_at_us%1$s, account.id%1$s" },
  { "last-seen", "account.last_seen_us%1$s, account.id%1$s" },
};

static const char *const status_nicks[] = {
  [BW_ACCOUNT_INVITED] = "invited",
  [BW_ACCOUNT_ACCEPTED] = "accepted",
  [BW_ACCOUNT_SELF_REGISTERED] = "self-registered",
};

const char *
bw_account_status_to_nick (BwAccountStatus status)
{
  return (gsize) status < G_N_ELEMENTS (status_nicks) ? status_nicks[status] : status_nicks[BW_ACCOUNT_INVITED];
}

/* NULL: users are not sorted by that */
static const char *
find_order (const char *sort)
{
  const char *name = sort == NULL ? "name" : *sort == '-' ? sort + 1 : sort;

  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      if (strcmp (orders[i].sort, name) == 0)
        return orders[i].order;
    }

  return NULL;
}

static int
find_status (const char *nick)
{
  for (gsize i = 0; i < G_N_ELEMENTS (status_nicks); i++)
    {
      if (strcmp (status_nicks[i], nick) == 0)
        return (int) i;
    }

  return -1;
}

gboolean
bw_user_query_check (const BwUserQuery  *query,
                     GError            **error)
{
  if (!bw_filter_check_page (query->search, query->offset, query->limit, error))
    return FALSE;

  if (find_order (query->sort) == NULL)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "users cannot be sorted by that");
  else if (query->status != NULL && strcmp (query->status, "suspended") != 0 && find_status (query->status) < 0)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                 "there is no status “%s”; there are invited, accepted, self-registered, suspended", query->status);
  else
    return TRUE;

  return FALSE;
}

/* Who asks sees all users, or those of so many companies. */
typedef enum
{
  REACH_ALL,
  REACH_WIDE,
  REACH_NARROW
} Reach;

static const char * const reach_filters[] = {
  [REACH_ALL] = "? <> 0",
  [REACH_WIDE] = "? <> 0 AND (" IN_REACH ")",
  [REACH_NARROW] = "? <> 0 AND " IN_NARROW_REACH,
};

static gboolean
is_search (const BwUserQuery *query)
{
  return query->search != NULL && *query->search != '\0';
}

static gboolean
find_reach (BwDb               *db,
            const BwUserQuery  *query,
            Reach              *ret_reach,
            GError            **error)
{
  gint64 n = 0;

  *ret_reach = REACH_ALL;
  if (query->is_root)
    return TRUE;

  if (!bw_db_get_scalar (db, "SELECT count(*) FROM (SELECT 1 FROM company WHERE id IN " BW_COMPANY_REACH_SQL
                         " LIMIT $2) AS reach", g_variant_new ("(xx)", query->company_id, (gint64) NARROW_COMPANIES + 1),
                         0, &n, error))
    return FALSE;

  *ret_reach = n > NARROW_COMPANIES ? REACH_WIDE : REACH_NARROW;

  return TRUE;
}

/* Then for the page and for how many there are. Otherwise an index has the page, and counting is work of its own. */
static gboolean
is_found_once (const BwUserQuery *query,
               Reach              reach)
{
  return is_search (query) || reach == REACH_NARROW || query->in_company != 0;
}

/* Every user is looked at: to put the names together, or to fold more than ASCII, takes twice as long. */
static void
add_search (BwDb       *db,
            BwFilter   *filter,
            const char *search)
{
  const char *like = db->driver->like;
  g_autofree char *condition = NULL;

  if (!g_str_is_ascii (search))
    condition = g_strdup ("account.email LIKE ? ESCAPE '!' OR"
                          " bw_lower(account.first_name || ' ' || account.last_name) LIKE ? ESCAPE '!'");
  else if (strchr (search, ' ') != NULL)
    condition = g_strdup_printf ("account.email LIKE ? ESCAPE '!' OR"
                                 " account.first_name || ' ' || account.last_name %s ? ESCAPE '!'", like);
  else
    condition = g_strdup_printf ("account.email LIKE ? ESCAPE '!' OR account.first_name %s ? ESCAPE '!'"
                                 " OR account.last_name %s ? ESCAPE '!'", like, like);

  bw_filter_add_search (filter, condition, search);
}

static void
make_filter (BwDb              *db,
             BwFilter          *filter,
             const BwUserQuery *query,
             Reach              reach)
{
  bw_filter_init (filter);
  /* $1, whose reach */
  bw_filter_add_int (filter, reach_filters[reach], query->company_id);

  if (is_search (query))
    add_search (db, filter, query->search);

  if (g_strcmp0 (query->status, "suspended") == 0)
    bw_filter_add (filter, "account.suspended <> 0");
  else if (query->status != NULL)
    bw_filter_add_int (filter, "account.status = ? AND account.suspended = 0", find_status (query->status));

  if (query->in_company != 0)
    bw_filter_add_int (filter,
                       "account.id IN (SELECT account_id FROM participation WHERE company_id IN"
                       " (WITH RECURSIVE inner_below (id) AS (SELECT id FROM company WHERE id = ? UNION"
                       " SELECT company.id FROM inner_below JOIN company ON company.parent_id = inner_below.id)"
                       " SELECT id FROM inner_below))", query->in_company);
  if (query->role_id != 0)
    bw_filter_add_int (filter, "account.id IN (SELECT account_id FROM participation WHERE role_id = ?)", query->role_id);
  if (query->tag_id != 0)
    bw_filter_add_int (filter, "EXISTS (SELECT 1 FROM tagged WHERE kind = 'user'"
                       " AND object_id = CAST(account.id AS TEXT) AND tag_id = ?)", query->tag_id);
}

static gboolean
write_participations (BwDb     *db,
                      gint64    company_id,
                      gint64    id,
                      GString  *out,
                      GError  **error)
{
  gint64 now_us = g_get_real_time ();
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db,
                 "SELECT participation.id, company.id, company.name, role.id, role.name, participation.from_us,"
                 " participation.until_us FROM participation JOIN company ON company.id = participation.company_id"
                 " JOIN role ON role.id = participation.role_id WHERE participation.account_id = $2"
                 " AND ($1 = 0 OR " BW_COMPANY_IN_REACH_SQL ("participation.company_id") ") ORDER BY participation.id",
                 g_variant_new ("(xx)", company_id, id), error);

  if (rows == NULL)
    return FALSE;

  bw_json_begin_array (out, "participations");
  while (bw_rows_next (rows, &local_error))
    {
      bw_json_begin_object (out, NULL);
      bw_json_add_id (out, "id", bw_rows_get_int (rows, 0));
      bw_json_add_id (out, "companyId", bw_rows_get_int (rows, 1));
      bw_json_add_string (out, "company", bw_rows_get_text (rows, 2));
      bw_json_add_id (out, "roleId", bw_rows_get_int (rows, 3));
      bw_json_add_string (out, "role", bw_rows_get_text (rows, 4));
      bw_json_add_boolean (out, "active", bw_rows_get_int (rows, 5) <= now_us && now_us < bw_rows_get_int (rows, 6));
      bw_json_end_object (out);
    }
  bw_json_end_array (out);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

static gboolean
write_one (BwDb     *db,
           gint64    company_id,
           BwRows   *rows,
           GString  *out,
           GError  **error)
{
  gint64 id = bw_rows_get_int (rows, 0);
  g_autofree char *name = g_strstrip (g_strjoin (" ", bw_rows_get_text (rows, 4), bw_rows_get_text (rows, 5), NULL));

  bw_json_begin_object (out, NULL);
  bw_json_add_id (out, "id", id);
  bw_json_add_int (out, "revision", bw_rows_get_int (rows, 1));
  bw_json_add_string (out, "login", bw_rows_get_text (rows, 2));
  bw_json_add_string (out, "email", bw_rows_get_text (rows, 3));
  bw_json_add_string (out, "firstName", bw_rows_get_text (rows, 4));
  bw_json_add_string (out, "lastName", bw_rows_get_text (rows, 5));
  bw_json_add_string (out, "name", *name != '\0' ? name : bw_rows_get_text (rows, 3));
  bw_json_add_string (out, "status", bw_account_status_to_nick ((BwAccountStatus) bw_rows_get_int (rows, 6)));
  bw_json_add_boolean (out, "suspended", bw_rows_get_int (rows, 7) != 0);
  bw_json_add_boolean (out, "totp", bw_rows_get_int (rows, 8) != 0);
  bw_json_add_id (out, "companyId", bw_rows_get_int (rows, 9));
  if (!write_participations (db, company_id, id, out, error) || !bw_tag_repo_write_of (db, "user", id, out, error))
    return FALSE;
  bw_json_add_int (out, "createdAt", bw_rows_get_int (rows, 10));
  bw_json_add_int (out, "editedAt", bw_rows_get_int (rows, 11));
  bw_json_add_int (out, "lastSeenAt", bw_rows_get_int (rows, 12));
  bw_json_end_object (out);

  return TRUE;
}

static BwRows *
find_page (BwDb               *db,
           const BwUserQuery  *query,
           Reach               reach,
           GError            **error)
{
  const char *direction = query->sort != NULL && *query->sort == '-' ? " DESC" : "";
  g_auto(BwFilter) filter = { NULL, };
  g_autoptr(GString) order = g_string_new (find_order (query->sort));
  g_autofree char *page = NULL;
  g_autofree char *sql = NULL;
  g_autoptr(GVariant) args = NULL;

  make_filter (db, &filter, query, reach);
  args = bw_filter_end_page (&filter, query->limit, query->offset);
  g_string_replace (order, "%1$s", direction, 0);
  page = g_strdup_printf ("ORDER BY %s LIMIT $%u OFFSET $%u", order->str, filter.n_args + 1, filter.n_args + 2);
  if (is_found_once (query, reach))
    sql = g_strdup_printf ("WITH found (id) AS MATERIALIZED (SELECT account.id FROM account%s)"
                           " SELECT " COLUMNS ", (SELECT count(*) FROM found) FROM account"
                           " WHERE account.id IN (SELECT id FROM found) %s", filter.where->str, page);
  else
    sql = g_strdup_printf ("SELECT " COLUMNS " FROM account%s %s", filter.where->str, page);

  return bw_db_query (db, sql, args, error);
}

static gboolean
count_found (BwDb               *db,
             const BwUserQuery  *query,
             Reach               reach,
             gint64             *ret_total,
             GError            **error)
{
  g_auto(BwFilter) filter = { NULL, };
  g_autofree char *sql = NULL;
  g_autoptr(GVariant) args = NULL;

  make_filter (db, &filter, query, reach);
  args = bw_filter_end (&filter);
  sql = g_strconcat ("SELECT count(*) FROM account", filter.where->str, NULL);

  return bw_db_get_scalar (db, sql, args, 0, ret_total, error);
}

gboolean
bw_user_repo_list (BwDb               *db,
                   const BwUserQuery  *query,
                   GString            *out,
                   GError            **error)
{
  Reach reach;
  gint64 total = -1;   /* not known */
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = NULL;

  if (!find_reach (db, query, &reach, error))
    return FALSE;

  rows = find_page (db, query, reach, error);
  if (rows == NULL)
    return FALSE;

  if (is_found_once (query, reach) && query->offset == 0)
    total = 0;

  bw_json_begin_object (out, NULL);
  bw_json_begin_array (out, "items");
  while (bw_rows_next (rows, &local_error))
    {
      if (is_found_once (query, reach))
        total = bw_rows_get_int (rows, N_COLUMNS);
      if (!write_one (db, query->is_root ? 0 : query->company_id, rows, out, error))
        return FALSE;
    }
  bw_json_end_array (out);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (total < 0 && !count_found (db, query, reach, &total, error))
    return FALSE;

  bw_json_add_int (out, "total", total);
  bw_json_end_object (out);

  return TRUE;
}

gboolean
bw_user_repo_write (BwDb     *db,
                    gint64    company_id,
                    gint64    id,
                    GString  *out,
                    GError  **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = bw_db_query (db, "SELECT " COLUMNS " FROM account WHERE account.id = $1",
                                        g_variant_new ("(x)", id), error);

  if (rows == NULL)
    return FALSE;

  if (bw_rows_next (rows, &local_error))
    return write_one (db, company_id, rows, out, error);

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no user %" G_GINT64_FORMAT, id);

  return FALSE;
}

gboolean
bw_user_repo_in_reach (BwDb      *db,
                       gint64     company_id,
                       gint64     id,
                       gboolean  *ret_in_reach,
                       gint64    *ret_company,
                       GError   **error)
{
  if (!bw_db_get_scalar (db,
                         "SELECT coalesce((SELECT min(company_id) FROM participation WHERE account_id = account.id"
                         " AND company_id IN " BW_COMPANY_REACH_SQL "), account.company_id) FROM account"
                         " WHERE account.id = $2 AND (" IN_REACH ")",
                         g_variant_new ("(xx)", company_id, id), 0, ret_company, error))
    return FALSE;

  *ret_in_reach = *ret_company != 0;

  return TRUE;
}

gboolean
bw_user_repo_is_whole_in_reach (BwDb      *db,
                                gint64     company_id,
                                gint64     id,
                                gboolean  *ret_whole,
                                GError   **error)
{
  gint64 n_outside = 0;

  if (!bw_db_get_scalar (db,
                         "SELECT count(*) FROM participation WHERE account_id = $2"
                         " AND company_id NOT IN " BW_COMPANY_REACH_SQL,
                         g_variant_new ("(xx)", company_id, id), 0, &n_outside, error))
    return FALSE;

  *ret_whole = n_outside == 0;

  return TRUE;
}

gboolean
bw_user_repo_get_permissions (BwDb    *db,
                              gint64   id,
                              guint   *ret_permissions,
                              GError **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db, "SELECT role.permissions FROM participation JOIN role ON role.id = participation.role_id"
                 " WHERE participation.account_id = $1", g_variant_new ("(x)", id), error);

  if (rows == NULL)
    return FALSE;

  *ret_permissions = 0;
  while (bw_rows_next (rows, &local_error))
    *ret_permissions |= (guint) bw_rows_get_int (rows, 0);

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

gboolean
bw_user_repo_get_revision (BwDb    *db,
                           gint64   id,
                           gint64  *ret_revision,
                           GError **error)
{
  return bw_db_get_scalar (db, "SELECT revision FROM account WHERE id = $1", g_variant_new ("(x)", id),
                           0, ret_revision, error);
}

gboolean
bw_user_repo_set (BwStoreThread       *thread,
                  const BwAccountRow  *row,
                  gint64               at_us,
                  GError             **error)
{
  g_autofree char *email = g_utf8_strdown (row->email, -1);
  gint64 other = 0;

  if (!bw_db_get_scalar (thread->db, "SELECT id FROM account WHERE (email = $1 OR login = $1) AND id <> $2",
                         g_variant_new ("(sx)", email, row->id), 0, &other, error))
    return FALSE;

  if (other != 0)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "there is a user with the address %s already", email);
      return FALSE;
    }

  return bw_db_run (thread->db,
                    "UPDATE account SET email = $2, first_name = $3, last_name = $4, suspended = $5,"
                    " edited_at_us = $6, revision = revision + 1 WHERE id = $1",
                    g_variant_new ("(xsssxx)", row->id, email, row->first_name, row->last_name,
                                   (gint64) row->suspended, at_us), error) &&
         bw_session_repo_mark (thread, 0, 0, row->id, error);
}

gboolean
bw_user_repo_remove (BwStoreThread  *thread,
                     gint64          id,
                     GError        **error)
{
  char text[24];

  g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, id);

  return bw_session_repo_mark (thread, 0, 0, id, error) &&
         bw_db_run (thread->db, "DELETE FROM session WHERE account_id = $1", g_variant_new ("(x)", id), error) &&
         bw_db_run (thread->db, "DELETE FROM saved_view WHERE account_id = $1", g_variant_new ("(x)", id), error) &&
         bw_db_run (thread->db, "DELETE FROM recovery_code WHERE account_id = $1", g_variant_new ("(x)", id), error) &&
         bw_db_run (thread->db, "DELETE FROM participation WHERE account_id = $1", g_variant_new ("(x)", id), error) &&
         bw_tag_repo_forget (thread, "user", text, error) &&
         bw_device_edit_repo_forget_owner (thread, id, error) &&
         bw_db_run (thread->db, "DELETE FROM account WHERE id = $1", g_variant_new ("(x)", id), error);
}

gboolean
bw_user_repo_set_invitation (BwStoreThread  *thread,
                             gint64          id,
                             const guint8   *hash,
                             gint64          ends_us,
                             GError        **error)
{
  GVariant *bytes = hash != NULL
    ? g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, hash, BW_SECRET_HASH_BYTES, 1)
    : NULL;

  return bw_db_run (thread->db, "UPDATE account SET invitation_hash = $2, invitation_ends_us = $3 WHERE id = $1",
                    g_variant_new ("(x@mayx)", id, g_variant_new_maybe (G_VARIANT_TYPE_BYTESTRING, bytes), ends_us),
                    error);
}
