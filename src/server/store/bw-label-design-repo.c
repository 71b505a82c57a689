/* bw-label-design-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-label-design-repo.h"

#include "bw-company-repo.h"
#include "bw-error.h"
#include "bw-json.h"

void
bw_label_design_row_free (BwLabelDesignRow *row)
{
  g_free (row->name);
  g_free (row->design);
  g_free (row);
}

BwLabelDesignRow *
bw_label_design_repo_get (BwDb    *db,
                          gint64   id,
                          GError **error)
{
  BwLabelDesignRow *row;
  g_autoptr(BwRows) rows =
    bw_db_query (db, "SELECT id, revision, company_id, name, design FROM label_design WHERE id = $1",
                 g_variant_new ("(x)", id), error);

  if (rows == NULL || !bw_rows_next (rows, error))
    return NULL;

  row = g_new0 (BwLabelDesignRow, 1);
  row->id = bw_rows_get_int (rows, 0);
  row->revision = bw_rows_get_int (rows, 1);
  row->company_id = bw_rows_get_int (rows, 2);
  row->name = g_strdup (bw_rows_get_text (rows, 3));
  row->design = g_strdup (bw_rows_get_text (rows, 4));

  return row;
}

static gboolean
check_name (BwDb                    *db,
            const BwLabelDesignRow  *row,
            GError                 **error)
{
  gint64 other = 0;

  if (!bw_db_get_scalar (db, "SELECT id FROM label_design WHERE company_id = $1 AND bw_lower(name) = bw_lower($2) AND id <> $3",
                         g_variant_new ("(xsx)", row->company_id, row->name, row->id), 0, &other, error))
    return FALSE;

  if (other == 0)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "this company has a label design “%s” already", row->name);

  return FALSE;
}

static gboolean
check_number (BwDb    *db,
              gint64   company_id,
              GError **error)
{
  gint64 n = 0;

  if (!bw_db_get_scalar (db, "SELECT count(*) FROM label_design WHERE company_id = $1",
                         g_variant_new ("(x)", company_id), 0, &n, error))
    return FALSE;

  if (n < BW_LABEL_DESIGN_MAX_PER_COMPANY)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_TOO_MANY, "a company has at most %d label designs, delete one first",
               BW_LABEL_DESIGN_MAX_PER_COMPANY);

  return FALSE;
}

gboolean
bw_label_design_repo_add (BwStoreThread     *thread,
                          BwLabelDesignRow  *row,
                          gint64             at_us,
                          GError           **error)
{
  return check_name (thread->db, row, error) && check_number (thread->db, row->company_id, error) &&
         bw_db_get_scalar (thread->db,
                           "INSERT INTO label_design (company_id, name, design, created_at_us)"
                           " VALUES ($1, $2, $3, $4) RETURNING id",
                           g_variant_new ("(xssx)", row->company_id, row->name, row->design, at_us),
                           0, &row->id, error);
}

gboolean
bw_label_design_repo_set (BwStoreThread           *thread,
                          const BwLabelDesignRow  *row,
                          gint64                   at_us,
                          GError                 **error)
{
  return check_name (thread->db, row, error) &&
         bw_db_run (thread->db,
                    "UPDATE label_design SET name = $2, design = $3, edited_at_us = $4, revision = revision + 1 WHERE id = $1",
                    g_variant_new ("(xssx)", row->id, row->name, row->design, at_us), error);
}

gboolean
bw_label_design_repo_remove (BwStoreThread  *thread,
                             gint64          id,
                             GError        **error)
{
  return bw_db_run (thread->db, "DELETE FROM label_design WHERE id = $1", g_variant_new ("(x)", id), error);
}

gboolean
bw_label_design_repo_write (BwDb     *db,
                            gint64    company_id,
                            gint64    id,
                            GString  *out,
                            guint    *ret_n,
                            GError  **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db,
                 "SELECT label_design.id, label_design.revision, label_design.name, company_id, company.name,"
                 " label_design.created_at_us, label_design.edited_at_us, CASE WHEN $2 = 0 THEN '' ELSE design END"
                 " FROM label_design JOIN company ON company.id = company_id WHERE ($2 = 0 OR label_design.id = $2)"
                 " AND (company_id IN " BW_COMPANY_REACH_SQL " OR company_id IN " BW_COMPANY_ABOVE_SQL ")"
                 " ORDER BY label_design.name, label_design.id",
                 g_variant_new ("(xx)", company_id, id), error);

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
      bw_json_add_int (out, "createdAt", bw_rows_get_int (rows, 5));
      bw_json_add_int (out, "editedAt", bw_rows_get_int (rows, 6));
      if (id != 0)
        bw_json_add_raw (out, "design", bw_rows_get_text (rows, 7));
      bw_json_end_object (out);
      (*ret_n)++;
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}
