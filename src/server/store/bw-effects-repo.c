/* bw-effects-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-effects-repo.h"

#include "bw-company-repo.h"
#include "bw-error.h"

#define SELECT \
  "SELECT participation.id, account.id, account.first_name, account.last_name, account.email, company.id," \
  " company.name, role.permissions, account.suspended FROM participation" \
  " JOIN account ON account.id = participation.account_id JOIN company ON company.id = participation.company_id" \
  " JOIN role ON role.id = participation.role_id"

void
bw_effects_row_free (BwEffectsRow *row)
{
  g_free (row->user);
  g_free (row->company);
  g_free (row);
}

static GPtrArray *
read_all (BwDb        *db,
          const char  *sql,
          GVariant    *args,
          GError     **error)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_effects_row_free);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = bw_db_query (db, sql, args, error);

  if (rows == NULL)
    return NULL;

  while (bw_rows_next (rows, &local_error))
    {
      BwEffectsRow *row = g_new0 (BwEffectsRow, 1);
      g_autofree char *name = g_strstrip (g_strjoin (" ", bw_rows_get_text (rows, 2), bw_rows_get_text (rows, 3), NULL));

      row->id = bw_rows_get_int (rows, 0);
      row->account_id = bw_rows_get_int (rows, 1);
      row->user = g_strdup (*name != '\0' ? name : bw_rows_get_text (rows, 4));
      row->company_id = bw_rows_get_int (rows, 5);
      row->company = g_strdup (bw_rows_get_text (rows, 6));
      row->permissions = bw_rows_get_int (rows, 8) != 0 ? 0 : (guint) bw_rows_get_int (rows, 7);
      g_ptr_array_add (list, row);
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  return g_steal_pointer (&list);
}

GPtrArray *
bw_effects_repo_list (BwDb    *db,
                      gint64   participation_id,
                      gint64   role_id,
                      gint64   account_id,
                      GError **error)
{
  return read_all (db,
                   SELECT " WHERE participation.id = $1 OR participation.role_id = $2"
                   " OR participation.account_id = $3 ORDER BY participation.id",
                   g_variant_new ("(xxx)", participation_id, role_id, account_id), error);
}

GPtrArray *
bw_effects_repo_list_company (BwDb    *db,
                              gint64   company_id,
                              GError **error)
{
  return read_all (db, SELECT " WHERE participation.company_id = $1 ORDER BY participation.id",
                   g_variant_new ("(x)", company_id), error);
}

GArray *
bw_effects_repo_ancestors (BwDb    *db,
                           gint64   company_id,
                           GError **error)
{
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db,
                 "WITH RECURSIVE above (id) AS (SELECT parent_id FROM company WHERE id = $1 UNION"
                 " SELECT company.parent_id FROM above JOIN company ON company.id = above.id)"
                 " SELECT id FROM above WHERE id IS NOT NULL",
                 g_variant_new ("(x)", company_id), error);

  if (rows == NULL)
    return NULL;

  while (bw_rows_next (rows, &local_error))
    {
      gint64 id = bw_rows_get_int (rows, 0);

      g_array_append_val (ids, id);
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  return g_steal_pointer (&ids);
}

gboolean
bw_effects_repo_count (BwDb       *db,
                       gint64      company_id,
                       guint       max_names,
                       GPtrArray  *ret_names,
                       gint64     *ret_n_companies,
                       gint64     *ret_n_devices,
                       GError    **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = NULL;

  if (!bw_db_get_scalar (db, "SELECT count(*) FROM company WHERE id IN " BW_COMPANY_REACH_SQL,
                         g_variant_new ("(x)", company_id), 0, ret_n_companies, error) ||
      !bw_db_get_scalar (db, "SELECT CAST(coalesce(sum(count - n_deleted), 0) AS BIGINT) FROM batch"
                         " WHERE company_id IN " BW_COMPANY_REACH_SQL,
                         g_variant_new ("(x)", company_id), 0, ret_n_devices, error))
    return FALSE;

  rows = bw_db_query (db, "SELECT name FROM company WHERE id IN " BW_COMPANY_REACH_SQL " ORDER BY id LIMIT $2",
                      g_variant_new ("(xx)", company_id, (gint64) max_names), error);
  if (rows == NULL)
    return FALSE;

  while (bw_rows_next (rows, &local_error))
    g_ptr_array_add (ret_names, g_strdup (bw_rows_get_text (rows, 0)));

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}
