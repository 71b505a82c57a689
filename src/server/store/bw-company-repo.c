/* bw-company-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-company-repo.h"

#include "bw-error.h"
#include "bw-filter.h"
#include "bw-json.h"
#include "bw-tag-repo.h"

/* Parents come before children. */
#define WITH_BELOW \
  "WITH RECURSIVE below (id, depth) AS (SELECT id, 0 FROM company WHERE id = $1 UNION ALL" \
  " SELECT company.id, below.depth + 1 FROM below JOIN company ON company.parent_id = below.id)"

#define SELECT \
  " SELECT company.id, revision, name, alias, parent_id, address, phone, email, created_at_us, edited_at_us," \
  " (SELECT CAST(coalesce(sum(count - n_deleted), 0) AS BIGINT) FROM batch WHERE batch.company_id = company.id)," \
  " (SELECT count(*) FROM participation WHERE participation.company_id = company.id)," \
  " (SELECT count(*) FROM company child WHERE child.parent_id = company.id)" \
  " FROM below JOIN company ON company.id = below.id"

void
bw_company_row_free (BwCompanyRow *row)
{
  g_free (row->name);
  g_free (row->alias);
  g_free (row->address);
  g_free (row->phone);
  g_free (row->email);
  g_free (row);
}

static gboolean
check_alias (BwDb                *db,
             const BwCompanyRow  *row,
             GError             **error)
{
  gint64 other = 0;

  if (!bw_db_get_scalar (db, "SELECT id FROM company WHERE alias = $1 AND id <> $2",
                         g_variant_new ("(sx)", row->alias, row->id), 0, &other, error))
    return FALSE;

  if (other == 0)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "the alias “%s” is taken", row->alias);

  return FALSE;
}

static GVariant *
parent_variant (const BwCompanyRow *row)
{
  return g_variant_new_maybe (G_VARIANT_TYPE_INT64,
                              row->parent_id != 0 ? g_variant_new_int64 (row->parent_id) : NULL);
}

gboolean
bw_company_repo_add (BwStoreThread  *thread,
                     BwCompanyRow   *row,
                     gint64          at_us,
                     GError        **error)
{
  return check_alias (thread->db, row, error) &&
         bw_db_get_scalar (thread->db,
                           "INSERT INTO company (name, alias, parent_id, address, phone, email, created_at_us)"
                           " VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
                           g_variant_new ("(ss@mxsssx)", row->name, row->alias, parent_variant (row),
                                          row->address, row->phone, row->email, at_us), 0, &row->id, error) &&
         bw_store_mark (thread, "reach", "", error);
}

gboolean
bw_company_repo_set (BwStoreThread       *thread,
                     const BwCompanyRow  *row,
                     gint64               at_us,
                     GError             **error)
{
  return check_alias (thread->db, row, error) &&
         bw_db_run (thread->db,
                    "UPDATE company SET name = $2, alias = $3, parent_id = $4, address = $5, phone = $6, email = $7,"
                    " edited_at_us = $8, revision = revision + 1 WHERE id = $1",
                    g_variant_new ("(xss@mxsssx)", row->id, row->name, row->alias, parent_variant (row),
                                   row->address, row->phone, row->email, at_us), error) &&
         bw_store_mark (thread, "reach", "", error);
}

gboolean
bw_company_repo_remove (BwStoreThread  *thread,
                        gint64          id,
                        GError        **error)
{
  return bw_db_run (thread->db, "DELETE FROM tag_company WHERE company_id = $1", g_variant_new ("(x)", id), error) &&
         bw_db_run (thread->db, "DELETE FROM label_design WHERE company_id = $1", g_variant_new ("(x)", id), error) &&
         bw_db_run (thread->db, "DELETE FROM rule WHERE company_id = $1", g_variant_new ("(x)", id), error) &&
         bw_db_run (thread->db, "DELETE FROM saved_view WHERE company_id = $1", g_variant_new ("(x)", id), error) &&
         bw_db_run (thread->db, "UPDATE tag SET company_id = (SELECT parent_id FROM company WHERE id = $1)"
                    " WHERE company_id = $1", g_variant_new ("(x)", id), error) &&
         bw_db_run (thread->db, "DELETE FROM company WHERE id = $1", g_variant_new ("(x)", id), error) &&
         bw_store_mark (thread, "reach", "", error);
}

BwCompanyRow *
bw_company_repo_get (BwDb    *db,
                     gint64   id,
                     GError **error)
{
  g_autoptr(BwRows) rows =
    bw_db_query (db, "SELECT id, revision, name, alias, parent_id, address, phone, email FROM company WHERE id = $1",
                 g_variant_new ("(x)", id), error);
  BwCompanyRow *row;

  if (rows == NULL || !bw_rows_next (rows, error))
    return NULL;

  row = g_new0 (BwCompanyRow, 1);
  row->id = bw_rows_get_int (rows, 0);
  row->revision = bw_rows_get_int (rows, 1);
  row->name = g_strdup (bw_rows_get_text (rows, 2));
  row->alias = g_strdup (bw_rows_get_text (rows, 3));
  row->parent_id = bw_rows_get_int (rows, 4);
  row->address = g_strdup (bw_rows_get_text (rows, 5));
  row->phone = g_strdup (bw_rows_get_text (rows, 6));
  row->email = g_strdup (bw_rows_get_text (rows, 7));

  return row;
}

gboolean
bw_company_repo_count (BwDb    *db,
                       gint64   id,
                       gint64  *ret_n_devices,
                       gint64  *ret_n_batches,
                       gint64  *ret_n_participations,
                       gint64  *ret_n_subsidiaries,
                       gint64  *ret_n_users,
                       GError **error)
{
  return bw_db_get_scalar (db, "SELECT CAST(coalesce(sum(count - n_deleted), 0) AS BIGINT) FROM batch WHERE company_id = $1",
                           g_variant_new ("(x)", id), 0, ret_n_devices, error) &&
         bw_db_get_scalar (db, "SELECT count(*) FROM batch WHERE company_id = $1",
                           g_variant_new ("(x)", id), 0, ret_n_batches, error) &&
         bw_db_get_scalar (db, "SELECT count(*) FROM participation WHERE company_id = $1",
                           g_variant_new ("(x)", id), 0, ret_n_participations, error) &&
         bw_db_get_scalar (db, "SELECT count(*) FROM company WHERE parent_id = $1",
                           g_variant_new ("(x)", id), 0, ret_n_subsidiaries, error) &&
         bw_db_get_scalar (db, "SELECT count(*) FROM account WHERE company_id = $1 AND NOT EXISTS"
                           " (SELECT 1 FROM participation WHERE account_id = account.id)",
                           g_variant_new ("(x)", id), 0, ret_n_users, error);
}

gboolean
bw_company_repo_each (BwDb           *db,
                      BwCompanyFunc   func,
                      gpointer        user_data,
                      GError        **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = bw_db_query (db, "SELECT id, parent_id FROM company", NULL, error);

  if (rows == NULL)
    return FALSE;

  while (bw_rows_next (rows, &local_error))
    func (bw_rows_get_int (rows, 0), bw_rows_get_int (rows, 1), user_data);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

static gboolean
write_one (BwDb     *db,
           BwRows   *rows,
           GString  *out,
           GError  **error)
{
  bw_json_begin_object (out, NULL);
  bw_json_add_id (out, "id", bw_rows_get_int (rows, 0));
  bw_json_add_int (out, "revision", bw_rows_get_int (rows, 1));
  bw_json_add_string (out, "name", bw_rows_get_text (rows, 2));
  bw_json_add_string (out, "alias", bw_rows_get_text (rows, 3));
  bw_json_add_id (out, "parentId", bw_rows_get_int (rows, 4));
  bw_json_add_string (out, "address", bw_rows_get_text (rows, 5));
  bw_json_add_string (out, "phone", bw_rows_get_text (rows, 6));
  bw_json_add_string (out, "email", bw_rows_get_text (rows, 7));
  if (!bw_tag_repo_write_of (db, "company", bw_rows_get_int (rows, 0), out, error))
    return FALSE;
  bw_json_add_int (out, "nDevices", bw_rows_get_int (rows, 10));
  bw_json_add_int (out, "nParticipations", bw_rows_get_int (rows, 11));
  bw_json_add_int (out, "nSubsidiaries", bw_rows_get_int (rows, 12));
  bw_json_add_int (out, "createdAt", bw_rows_get_int (rows, 8));
  bw_json_add_int (out, "editedAt", bw_rows_get_int (rows, 9));
  bw_json_end_object (out);

  return TRUE;
}

gboolean
bw_company_repo_write (BwDb        *db,
                       gint64       company_id,
                       gint64       id,
                       const char  *search,
                       gint64       tag,
                       GString     *out,
                       guint       *ret_n,
                       GError     **error)
{
  g_auto(BwFilter) filter = { NULL, };
  g_autofree char *sql = NULL;
  g_autoptr(GVariant) args = NULL;
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = NULL;

  bw_filter_init (&filter);
  bw_filter_add_int (&filter, "? <> 0", company_id);
  if (id != 0)
    bw_filter_add_int (&filter, "company.id = ?", id);
  if (search != NULL && *search != '\0')
    bw_filter_add_search (&filter, "bw_lower(company.name) LIKE ? ESCAPE '!' OR company.alias LIKE ? ESCAPE '!'"
                          " OR bw_lower(company.email) LIKE ? ESCAPE '!' OR company.phone LIKE ? ESCAPE '!'", search);
  if (tag != 0)
    bw_filter_add_int (&filter, "EXISTS (SELECT 1 FROM tagged WHERE kind = 'company'"
                       " AND object_id = CAST(company.id AS TEXT) AND tag_id = ?)", tag);

  sql = g_strconcat (WITH_BELOW SELECT, filter.where->str, " ORDER BY depth, company.name", NULL);
  args = bw_filter_end (&filter);
  rows = bw_db_query (db, sql, args, error);
  if (rows == NULL)
    return FALSE;

  *ret_n = 0;
  while (bw_rows_next (rows, &local_error))
    {
      if (!write_one (db, rows, out, error))
        return FALSE;
      (*ret_n)++;
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

gboolean
bw_company_repo_find (BwDb        *db,
                      gint64       company_id,
                      gint64       id,
                      const char  *name_or_alias,
                      gint64      *ret_id,
                      GError     **error)
{
  return bw_db_get_scalar (db,
                           "SELECT id FROM company WHERE id IN " BW_COMPANY_REACH_SQL
                           " AND (id = $2 OR alias = $3 OR name = $3) ORDER BY id LIMIT 1",
                           g_variant_new ("(xxs)", company_id, id, name_or_alias != NULL ? name_or_alias : ""),
                           0, ret_id, error);
}

gboolean
bw_company_repo_find_alias (BwDb        *db,
                            const char  *alias,
                            gint64      *ret_id,
                            GError     **error)
{
  g_autofree char *lower = g_utf8_strdown (alias, -1);

  return bw_db_get_scalar (db, "SELECT id FROM company WHERE alias = $1", g_variant_new ("(s)", lower),
                           0, ret_id, error);
}
