/* bw-role-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-role-repo.h"

#include "bw-error.h"
#include "bw-json.h"
#include "bw-permission.h"
#include "bw-tag-repo.h"

/* In the order in which they are shown to nobody, but numbered. The names may be
 * translated where they are shown; here they only keep a custom role from taking them. */
static const struct
{
  const char *builtin;
  const char *name;
} builtins[] = {
  { BW_ROLE_SUPER_ADMIN, "Super Admin" },
  { BW_ROLE_COMPANY_ADMIN, "Company Admin" },
  { BW_ROLE_SUPPORT, "Support" },
  { BW_ROLE_SERVICEMAN, "Serviceman" },
  { BW_ROLE_END_USER, "End User" },
};

void
bw_role_row_free (BwRoleRow *row)
{
  g_free (row->name);
  g_free (row->builtin);
  g_free (row);
}

gboolean
bw_role_repo_put_builtin (BwStoreThread  *thread,
                          GError        **error)
{
  gint64 now_us = g_get_real_time ();

  for (gsize i = 0; i < G_N_ELEMENTS (builtins); i++)
    {
      guint permissions = 0;

      bw_permissions_of_builtin (builtins[i].builtin, &permissions);
      if (!bw_db_run (thread->db,
                      "INSERT INTO role (name, builtin, permissions, created_at_us) VALUES ($1, $2, $3, $4)"
                      " ON CONFLICT (builtin) DO UPDATE SET permissions = excluded.permissions,"
                      " revision = role.revision + 1 WHERE role.permissions <> excluded.permissions",
                      g_variant_new ("(ssxx)", builtins[i].name, builtins[i].builtin, (gint64) permissions, now_us),
                      error))
        return FALSE;
    }

  return TRUE;
}

gboolean
bw_role_repo_find_builtin (BwDb        *db,
                           const char  *builtin,
                           gint64      *ret_id,
                           GError     **error)
{
  return bw_db_get_scalar (db, "SELECT id FROM role WHERE builtin = $1", g_variant_new ("(s)", builtin),
                           0, ret_id, error);
}

BwRoleRow *
bw_role_repo_get (BwDb    *db,
                  gint64   id,
                  GError **error)
{
  g_autoptr(BwRows) rows =
    bw_db_query (db, "SELECT id, revision, name, builtin, permissions FROM role WHERE id = $1",
                 g_variant_new ("(x)", id), error);
  BwRoleRow *row;

  if (rows == NULL || !bw_rows_next (rows, error))
    return NULL;

  row = g_new0 (BwRoleRow, 1);
  row->id = bw_rows_get_int (rows, 0);
  row->revision = bw_rows_get_int (rows, 1);
  row->name = g_strdup (bw_rows_get_text (rows, 2));
  row->builtin = g_strdup (bw_rows_get_text (rows, 3));
  row->permissions = (guint) bw_rows_get_int (rows, 4);

  return row;
}

static gboolean
check_name (BwDb             *db,
            const BwRoleRow  *row,
            GError          **error)
{
  gint64 other = 0;

  if (!bw_db_get_scalar (db, "SELECT id FROM role WHERE bw_lower(name) = bw_lower($1) AND id <> $2",
                         g_variant_new ("(sx)", row->name, row->id), 0, &other, error))
    return FALSE;

  if (other == 0)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "there is a role “%s” already", row->name);

  return FALSE;
}

gboolean
bw_role_repo_add (BwStoreThread  *thread,
                  BwRoleRow      *row,
                  gint64          at_us,
                  GError        **error)
{
  return check_name (thread->db, row, error) &&
         bw_db_get_scalar (thread->db,
                           "INSERT INTO role (name, permissions, created_at_us) VALUES ($1, $2, $3) RETURNING id",
                           g_variant_new ("(sxx)", row->name, (gint64) row->permissions, at_us),
                           0, &row->id, error);
}

gboolean
bw_role_repo_set (BwStoreThread    *thread,
                  const BwRoleRow  *row,
                  gint64            at_us,
                  GError          **error)
{
  return check_name (thread->db, row, error) &&
         bw_db_run (thread->db,
                    "UPDATE role SET name = $2, permissions = $3, edited_at_us = $4, revision = revision + 1"
                    " WHERE id = $1",
                    g_variant_new ("(xsxx)", row->id, row->name, (gint64) row->permissions, at_us), error);
}

gboolean
bw_role_repo_remove (BwStoreThread  *thread,
                     gint64          id,
                     GError        **error)
{
  return bw_db_run (thread->db, "DELETE FROM role WHERE id = $1", g_variant_new ("(x)", id), error);
}

gboolean
bw_role_repo_count_uses (BwDb    *db,
                         gint64   id,
                         gint64  *ret_n,
                         GError **error)
{
  return bw_db_get_scalar (db, "SELECT count(*) FROM participation WHERE role_id = $1",
                           g_variant_new ("(x)", id), 0, ret_n, error);
}

gboolean
bw_role_repo_write (BwDb     *db,
                    gint64    id,
                    GString  *out,
                    guint    *ret_n,
                    GError  **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db,
                 "SELECT id, revision, name, builtin, permissions, created_at_us, edited_at_us,"
                 " (SELECT count(*) FROM participation WHERE role_id = role.id) FROM role"
                 " WHERE $1 = 0 OR id = $1 ORDER BY name",
                 g_variant_new ("(x)", id), error);

  if (rows == NULL)
    return FALSE;

  *ret_n = 0;
  while (bw_rows_next (rows, &local_error))
    {
      bw_json_begin_object (out, NULL);
      bw_json_add_id (out, "id", bw_rows_get_int (rows, 0));
      bw_json_add_int (out, "revision", bw_rows_get_int (rows, 1));
      bw_json_add_string (out, "name", bw_rows_get_text (rows, 2));
      bw_json_add_string (out, "builtin", bw_rows_get_text (rows, 3));
      bw_permissions_write (out, "permissions", (guint) bw_rows_get_int (rows, 4));
      bw_json_add_int (out, "nParticipations", bw_rows_get_int (rows, 7));
      if (!bw_tag_repo_write_of (db, "role", bw_rows_get_int (rows, 0), out, error))
        return FALSE;
      bw_json_add_int (out, "createdAt", bw_rows_get_int (rows, 5));
      bw_json_add_int (out, "editedAt", bw_rows_get_int (rows, 6));
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
