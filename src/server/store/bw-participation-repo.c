/* bw-participation-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-participation-repo.h"

#include <string.h>

#include "bw-account-repo.h"
#include "bw-company-repo.h"
#include "bw-error.h"
#include "bw-filter.h"
#include "bw-json.h"
#include "bw-people-rules.h"
#include "bw-permission.h"
#include "bw-session-repo.h"

#define SELECT \
  "SELECT participation.id, participation.account_id, participation.company_id, participation.role_id," \
  " participation.from_us, participation.until_us, role.permissions, role.builtin, company.parent_id" \
  " FROM participation JOIN role ON role.id = participation.role_id" \
  " JOIN company ON company.id = participation.company_id"

gboolean
bw_participation_is_active (const BwParticipationRow *row,
                            gint64                    now_us)
{
  return row->from_us <= now_us && now_us < row->until_us;
}

static gboolean
read_one (BwDb                *db,
          const char          *sql,
          GVariant            *args,
          BwParticipationRow  *ret_row,
          GError             **error)
{
  g_autoptr(BwRows) rows = bw_db_query (db, sql, args, error);

  if (rows == NULL || !bw_rows_next (rows, error))
    return FALSE;

  ret_row->id = bw_rows_get_int (rows, 0);
  ret_row->account_id = bw_rows_get_int (rows, 1);
  ret_row->company_id = bw_rows_get_int (rows, 2);
  ret_row->role_id = bw_rows_get_int (rows, 3);
  ret_row->from_us = bw_rows_get_int (rows, 4);
  ret_row->until_us = bw_rows_get_int (rows, 5);
  ret_row->permissions = (guint) bw_rows_get_int (rows, 6);
  ret_row->is_super = g_strcmp0 (bw_rows_get_text (rows, 7), BW_ROLE_SUPER_ADMIN) == 0;
  ret_row->company_is_root = bw_rows_is_null (rows, 8);

  return TRUE;
}

gboolean
bw_participation_repo_get (BwDb                *db,
                           gint64               id,
                           BwParticipationRow  *ret_row,
                           GError             **error)
{
  return read_one (db, SELECT " WHERE participation.id = $1", g_variant_new ("(x)", id), ret_row, error);
}

gboolean
bw_participation_repo_first (BwDb                *db,
                             gint64               account_id,
                             gint64               now_us,
                             BwParticipationRow  *ret_row,
                             GError             **error)
{
  /* mostly a company is older than those below it */
  return read_one (db,
                   SELECT " WHERE participation.account_id = $1 AND participation.from_us <= $2"
                   " AND participation.until_us > $2 ORDER BY company.id, participation.id LIMIT 1",
                   g_variant_new ("(xx)", account_id, now_us), ret_row, error);
}

/* A user's document shows the participations. */
static gboolean
touch_account (BwStoreThread  *thread,
               gint64          account_id,
               GError        **error)
{
  return bw_db_run (thread->db, "UPDATE account SET revision = revision + 1 WHERE id = $1",
                    g_variant_new ("(x)", account_id), error);
}

gboolean
bw_participation_repo_add (BwStoreThread       *thread,
                           BwParticipationRow  *row,
                           gint64               at_us,
                           GError             **error)
{
  if (!bw_db_get_scalar (thread->db,
                         "INSERT INTO participation (account_id, company_id, role_id, from_us, until_us, created_at_us)"
                         " VALUES ($1, $2, $3, $4, $5, $6)"
                         " ON CONFLICT (account_id, company_id, role_id) DO NOTHING RETURNING id",
                         g_variant_new ("(xxxxxx)", row->account_id, row->company_id, row->role_id,
                                        row->from_us, row->until_us, at_us),
                         0, &row->id, error))
    return FALSE;

  if (row->id != 0)
    return touch_account (thread, row->account_id, error);

  g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT, "this user has that role in that company already");

  return FALSE;
}

gboolean
bw_participation_repo_count_super (BwDb    *db,
                                   gint64   except_account,
                                   gint64   now_us,
                                   gint64  *ret_n,
                                   GError **error)
{
  return bw_db_get_scalar (db,
                           "SELECT count(DISTINCT account.id) FROM participation"
                           " JOIN role ON role.id = participation.role_id"
                           " JOIN company ON company.id = participation.company_id"
                           " JOIN account ON account.id = participation.account_id"
                           " WHERE role.builtin = $1 AND company.parent_id IS NULL AND account.id <> $2"
                           " AND account.suspended = 0 AND account.status <> $4"
                           " AND participation.from_us <= $3 AND participation.until_us > $3",
                           g_variant_new ("(sxxx)", BW_ROLE_SUPER_ADMIN, except_account, now_us,
                                          (gint64) BW_ACCOUNT_INVITED), 0, ret_n, error);
}

/* Documents */

#define FROM \
  " FROM participation JOIN account ON account.id = participation.account_id" \
  " JOIN company ON company.id = participation.company_id JOIN role ON role.id = participation.role_id"

#define COLUMNS \
  "participation.id, participation.revision, account.id, account.first_name, account.last_name, account.email," \
  " company.id, company.name, role.id, role.name, participation.from_us, participation.until_us," \
  " participation.created_at_us, participation.edited_at_us"

typedef struct
{
  const char *sort;
  const char *from;       /* what finding the page's ids needs, and no more */
  const char *order;      /* %s: the direction */
} Order;

#define FROM_ACCOUNT "account JOIN participation ON participation.account_id = account.id"

static const Order orders[] = {
  { "user", FROM_ACCOUNT, "account.last_name%s, account.first_name%s, account.id%s, participation.id%s" },
  { "company", FROM_ACCOUNT " JOIN company ON company.id = participation.company_id",
    "company.name%s, company.id%s, participation.id%s" },
  { "role", FROM_ACCOUNT " JOIN role ON role.id = participation.role_id", "role.name%s, participation.id%s" },
  { "first-day", FROM_ACCOUNT, "participation.from_us%s, participation.id%s" },
  { "last-day", FROM_ACCOUNT, "participation.until_us%s, participation.id%s" },
  { "created", FROM_ACCOUNT, "participation.created_at_us%s, participation.id%s" },
};

/* NULL: participations are not sorted by that */
static const Order *
find_order (const char *sort)
{
  const char *name = sort == NULL ? "user" : *sort == '-' ? sort + 1 : sort;

  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      if (strcmp (orders[i].sort, name) == 0)
        return &orders[i];
    }

  return NULL;
}

gboolean
bw_participation_query_check (const BwParticipationQuery  *query,
                              GError                     **error)
{
  if (!bw_filter_check_page (query->search, query->offset, query->limit, error))
    return FALSE;

  if (find_order (query->sort) != NULL)
    return TRUE;

  g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "participations cannot be sorted by that");

  return FALSE;
}

static void
make_filter (BwFilter                   *filter,
             const BwParticipationQuery *query)
{
  gint64 now_us = g_get_real_time ();

  bw_filter_init (filter);
  /* $1, whose reach */
  bw_filter_add_int (filter,
                     query->is_root ? "? <> 0" : "? <> 0 AND participation.company_id IN " BW_COMPANY_REACH_SQL,
                     query->company_id);

  if (query->search != NULL && *query->search != '\0')
    bw_filter_add_search (filter,
                          "account.email LIKE ? ESCAPE '!' OR"
                          " bw_lower(account.first_name || ' ' || account.last_name) LIKE ? ESCAPE '!'",
                          query->search);
  if (query->user_id != 0)
    bw_filter_add_int (filter, "participation.account_id = ?", query->user_id);
  if (query->in_company != 0)
    bw_filter_add_int (filter,
                       "participation.company_id IN (WITH RECURSIVE inner_below (id) AS"
                       " (SELECT id FROM company WHERE id = ? UNION SELECT company.id FROM inner_below"
                       " JOIN company ON company.parent_id = inner_below.id) SELECT id FROM inner_below)",
                       query->in_company);
  if (query->role_id != 0)
    bw_filter_add_int (filter, "participation.role_id = ?", query->role_id);
  if (query->active == 1)
    bw_filter_add_int (filter, "participation.from_us <= ? AND participation.until_us > ?", now_us);
  else if (query->active == 0)
    bw_filter_add_int (filter, "participation.from_us > ? OR participation.until_us <= ?", now_us);
}

static void
add_day (GString    *out,
         const char *name,
         gint64      start_us,
         gboolean    is_open)
{
  char text[BW_DAY_SIZE];

  if (!is_open)
    bw_day_format (start_us, text);
  bw_json_add_string (out, name, is_open ? NULL : text);
}

static void
write_one (BwRows  *rows,
           GString *out)
{
  g_autofree char *name = g_strstrip (g_strjoin (" ", bw_rows_get_text (rows, 3), bw_rows_get_text (rows, 4), NULL));
  gint64 from_us = bw_rows_get_int (rows, 10);
  gint64 until_us = bw_rows_get_int (rows, 11);
  gint64 now_us = g_get_real_time ();

  bw_json_begin_object (out, NULL);
  bw_json_add_id (out, "id", bw_rows_get_int (rows, 0));
  bw_json_add_int (out, "revision", bw_rows_get_int (rows, 1));
  bw_json_add_id (out, "userId", bw_rows_get_int (rows, 2));
  bw_json_add_string (out, "user", *name != '\0' ? name : bw_rows_get_text (rows, 5));
  bw_json_add_string (out, "email", bw_rows_get_text (rows, 5));
  bw_json_add_id (out, "companyId", bw_rows_get_int (rows, 6));
  bw_json_add_string (out, "company", bw_rows_get_text (rows, 7));
  bw_json_add_id (out, "roleId", bw_rows_get_int (rows, 8));
  bw_json_add_string (out, "role", bw_rows_get_text (rows, 9));
  add_day (out, "firstDay", from_us, from_us == 0);
  add_day (out, "lastDay", until_us - G_TIME_SPAN_DAY, until_us == BW_PARTICIPATION_FOR_EVER);
  bw_json_add_boolean (out, "active", from_us <= now_us && now_us < until_us);
  bw_json_add_int (out, "createdAt", bw_rows_get_int (rows, 12));
  bw_json_add_int (out, "editedAt", bw_rows_get_int (rows, 13));
  bw_json_end_object (out);
}

/* The page's ids first, so that neither what is skipped nor what is counted is read whole. */
static char *
make_page_sql (const BwParticipationQuery *query,
               const BwFilter             *filter)
{
  const Order *order = find_order (query->sort);
  g_autoptr(GString) by = NULL;

  g_return_val_if_fail (order != NULL, NULL);

  by = g_string_new (order->order);
  g_string_replace (by, "%s", query->sort != NULL && *query->sort == '-' ? " DESC" : "", 0);

  return g_strdup_printf ("SELECT participation.id FROM %s%s ORDER BY %s LIMIT $%u OFFSET $%u",
                          order->from, filter->where->str, by->str, filter->n_args + 1, filter->n_args + 2);
}

static gboolean
count_matches (BwDb                        *db,
               const BwParticipationQuery  *query,
               gint64                      *ret_total,
               GError                     **error)
{
  gboolean searches = query->search != NULL && *query->search != '\0';
  g_auto(BwFilter) filter = { NULL, };
  g_autofree char *sql = NULL;
  g_autoptr(GVariant) args = NULL;

  make_filter (&filter, query);
  args = bw_filter_end (&filter);
  sql = g_strconcat ("SELECT count(*) FROM ", searches ? FROM_ACCOUNT : "participation", filter.where->str, NULL);

  return bw_db_get_scalar (db, sql, args, 0, ret_total, error);
}

gboolean
bw_participation_repo_list (BwDb                        *db,
                            const BwParticipationQuery  *query,
                            GString                     *out,
                            GError                     **error)
{
  g_auto(BwFilter) filter = { NULL, };
  g_autofree char *sql = NULL;
  g_autoptr(GVariant) args = NULL;
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = NULL;
  gint64 total = 0;

  if (!count_matches (db, query, &total, error))
    return FALSE;

  make_filter (&filter, query);
  args = bw_filter_end_page (&filter, query->limit, query->offset);
  sql = make_page_sql (query, &filter);
  rows = bw_db_query (db, sql, args, error);
  if (rows == NULL)
    return FALSE;

  bw_json_begin_object (out, NULL);
  bw_json_add_int (out, "total", total);
  bw_json_begin_array (out, "items");
  while (bw_rows_next (rows, &local_error))
    {
      if (!bw_participation_repo_write (db, bw_rows_get_int (rows, 0), out, error))
        return FALSE;
    }
  bw_json_end_array (out);
  bw_json_end_object (out);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

gboolean
bw_participation_repo_write (BwDb     *db,
                             gint64    id,
                             GString  *out,
                             GError  **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = bw_db_query (db, "SELECT " COLUMNS FROM " WHERE participation.id = $1",
                                        g_variant_new ("(x)", id), error);

  if (rows == NULL)
    return FALSE;

  if (bw_rows_next (rows, &local_error))
    {
      write_one (rows, out);
      return TRUE;
    }

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no participation %" G_GINT64_FORMAT, id);

  return FALSE;
}

gboolean
bw_participation_repo_write_names (BwDb     *db,
                                   gint64    id,
                                   GString  *out,
                                   GError  **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = bw_db_query (db, "SELECT company.name, role.name" FROM " WHERE participation.id = $1",
                                        g_variant_new ("(x)", id), error);
  gboolean found;

  if (rows == NULL)
    return FALSE;

  found = bw_rows_next (rows, &local_error);
  bw_json_add_string (out, "company", found ? bw_rows_get_text (rows, 0) : NULL);
  bw_json_add_string (out, "role", found ? bw_rows_get_text (rows, 1) : NULL);
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

gboolean
bw_participation_repo_write_own (BwDb     *db,
                                 gint64    account_id,
                                 GString  *out,
                                 GError  **error)
{
  gint64 now_us = g_get_real_time ();
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = bw_db_query (db, "SELECT " COLUMNS FROM " WHERE participation.account_id = $1"
                                        " ORDER BY company.name, role.name", g_variant_new ("(x)", account_id), error);

  if (rows == NULL)
    return FALSE;

  bw_json_begin_array (out, "participations");
  while (bw_rows_next (rows, &local_error))
    {
      gint64 until_us = bw_rows_get_int (rows, 11);

      bw_json_begin_object (out, NULL);
      bw_json_add_id (out, "id", bw_rows_get_int (rows, 0));
      bw_json_add_id (out, "companyId", bw_rows_get_int (rows, 6));
      bw_json_add_string (out, "company", bw_rows_get_text (rows, 7));
      bw_json_add_id (out, "roleId", bw_rows_get_int (rows, 8));
      bw_json_add_string (out, "role", bw_rows_get_text (rows, 9));
      bw_json_add_boolean (out, "active", bw_rows_get_int (rows, 10) <= now_us && now_us < until_us);
      add_day (out, "lastDay", until_us - G_TIME_SPAN_DAY, until_us == BW_PARTICIPATION_FOR_EVER);
      bw_json_end_object (out);
    }
  bw_json_end_array (out);

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

gboolean
bw_participation_repo_get_revision (BwDb    *db,
                                    gint64   id,
                                    gint64  *ret_revision,
                                    GError **error)
{
  return bw_db_get_scalar (db, "SELECT revision FROM participation WHERE id = $1", g_variant_new ("(x)", id),
                           0, ret_revision, error);
}

gboolean
bw_participation_repo_set (BwStoreThread             *thread,
                           const BwParticipationRow  *row,
                           gint64                     at_us,
                           GError                   **error)
{
  gint64 other = 0;

  if (!bw_db_get_scalar (thread->db,
                         "SELECT id FROM participation WHERE account_id = $1 AND company_id = $2 AND role_id = $3"
                         " AND id <> $4",
                         g_variant_new ("(xxxx)", row->account_id, row->company_id, row->role_id, row->id),
                         0, &other, error))
    return FALSE;

  if (other != 0)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT, "this user has that role in that company already");
      return FALSE;
    }

  return bw_db_run (thread->db,
                    "UPDATE participation SET role_id = $2, from_us = $3, until_us = $4, edited_at_us = $5,"
                    " revision = revision + 1 WHERE id = $1",
                    g_variant_new ("(xxxxx)", row->id, row->role_id, row->from_us, row->until_us, at_us), error) &&
         touch_account (thread, row->account_id, error) && bw_session_repo_mark (thread, row->id, 0, 0, error);
}

gboolean
bw_participation_repo_remove (BwStoreThread             *thread,
                              const BwParticipationRow  *row,
                              GError                   **error)
{
  gint64 id = row->id;

  return touch_account (thread, row->account_id, error) && bw_session_repo_mark (thread, id, 0, 0, error) &&
         bw_db_run (thread->db, "UPDATE session SET participation_id = 0 WHERE participation_id = $1",
                    g_variant_new ("(x)", id), error) &&
         bw_db_run (thread->db, "DELETE FROM participation WHERE id = $1", g_variant_new ("(x)", id), error);
}
