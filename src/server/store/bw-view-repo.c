/* bw-view-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-view-repo.h"

#include "bw-company-repo.h"
#include "bw-error.h"
#include "bw-json.h"

void
bw_view_row_free (BwViewRow *row)
{
  g_free (row->name);
  g_free (row->document);
  g_free (row);
}

BwViewRow *
bw_view_repo_get (BwDb    *db,
                  gint64   id,
                  GError **error)
{
  BwViewRow *row;
  g_autoptr(BwRows) rows =
    bw_db_query (db, "SELECT id, revision, name, company_id, account_id, document FROM saved_view WHERE id = $1",
                 g_variant_new ("(x)", id), error);

  if (rows == NULL || !bw_rows_next (rows, error))
    return NULL;

  row = g_new0 (BwViewRow, 1);
  row->id = bw_rows_get_int (rows, 0);
  row->revision = bw_rows_get_int (rows, 1);
  row->name = g_strdup (bw_rows_get_text (rows, 2));
  row->company_id = bw_rows_get_int (rows, 3);
  row->account_id = bw_rows_get_int (rows, 4);
  row->document = g_strdup (bw_rows_get_text (rows, 5));

  return row;
}

static gboolean
check_name (BwDb             *db,
            const BwViewRow  *row,
            GError          **error)
{
  gint64 other = 0;

  if (!bw_db_get_scalar (db, "SELECT id FROM saved_view WHERE company_id = $1 AND account_id = $2"
                         " AND bw_lower(name) = bw_lower($3) AND id <> $4",
                         g_variant_new ("(xxsx)", row->company_id, row->account_id, row->name, row->id), 0, &other, error))
    return FALSE;

  if (other == 0)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "%s a view “%s” already",
               row->company_id != 0 ? "this company has" : "you have", row->name);

  return FALSE;
}

static gboolean
check_number (BwDb             *db,
              const BwViewRow  *row,
              GError          **error)
{
  gint64 n = 0;
  int max = row->company_id != 0 ? BW_VIEW_MAX_PER_COMPANY : BW_VIEW_MAX_PER_PERSON;

  if (!bw_db_get_scalar (db, "SELECT count(*) FROM saved_view WHERE company_id = $1 AND account_id = $2",
                         g_variant_new ("(xx)", row->company_id, row->account_id), 0, &n, error))
    return FALSE;

  if (n < max)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_TOO_MANY, "%s at most %d views, delete one first",
               row->company_id != 0 ? "a company has" : "a person has", max);

  return FALSE;
}

gboolean
bw_view_repo_add (BwStoreThread  *thread,
                  BwViewRow      *row,
                  gint64          at_us,
                  GError        **error)
{
  return check_name (thread->db, row, error) && check_number (thread->db, row, error) &&
         bw_db_get_scalar (thread->db,
                           "INSERT INTO saved_view (name, company_id, account_id, document, created_at_us)"
                           " VALUES ($1, $2, $3, $4, $5) RETURNING id",
                           g_variant_new ("(sxxsx)", row->name, row->company_id, row->account_id, row->document, at_us),
                           0, &row->id, error);
}

gboolean
bw_view_repo_set (BwStoreThread    *thread,
                  const BwViewRow  *row,
                  gint64            at_us,
                  GError          **error)
{
  return check_name (thread->db, row, error) &&
         bw_db_run (thread->db,
                    "UPDATE saved_view SET name = $2, document = $3, edited_at_us = $4, revision = revision + 1 WHERE id = $1",
                    g_variant_new ("(xssx)", row->id, row->name, row->document, at_us), error);
}

gboolean
bw_view_repo_remove (BwStoreThread  *thread,
                     gint64          id,
                     GError        **error)
{
  return bw_db_run (thread->db, "DELETE FROM saved_view WHERE id = $1", g_variant_new ("(x)", id), error);
}

gboolean
bw_view_repo_write (BwDb     *db,
                    gint64    company_id,
                    gint64    account_id,
                    gint64    id,
                    GString  *out,
                    guint    *ret_n,
                    GError  **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db,
                 "SELECT saved_view.id, saved_view.revision, saved_view.name, company_id, company.name, account_id, document,"
                 " saved_view.created_at_us, saved_view.edited_at_us"
                 " FROM saved_view LEFT JOIN company ON company.id = company_id WHERE ($3 = 0 OR saved_view.id = $3)"
                 " AND ((company_id = 0 AND account_id = $2)"
                 " OR company_id IN " BW_COMPANY_REACH_SQL " OR company_id IN " BW_COMPANY_ABOVE_SQL ")"
                 " ORDER BY saved_view.name, saved_view.id",
                 g_variant_new ("(xxx)", company_id, account_id, id), error);

  if (rows == NULL)
    return FALSE;

  *ret_n = 0;
  while (bw_rows_next (rows, &local_error))
    {
      bw_json_begin_object (out, NULL);
      bw_json_add_id (out, "id", bw_rows_get_int (rows, 0));
      bw_json_add_int (out, "revision", bw_rows_get_int (rows, 1));
      bw_json_add_string (out, "name", bw_rows_get_text (rows, 2));
      bw_json_add_id (out, "companyId", bw_rows_get_int (rows, 3));
      bw_json_add_string (out, "company", bw_rows_get_text (rows, 4));
      bw_json_add_id (out, "accountId", bw_rows_get_int (rows, 5));
      bw_json_add_raw (out, "document", bw_rows_get_text (rows, 6));
      bw_json_add_int (out, "createdAt", bw_rows_get_int (rows, 7));
      bw_json_add_int (out, "editedAt", bw_rows_get_int (rows, 8));
      bw_json_end_object (out);
      (*ret_n)++;
    }

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}
