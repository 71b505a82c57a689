/* bw-desired-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-desired-repo.h"

#include "bw-json.h"

#define COLUMNS \
  "device_id, node, property, value, state, reason, account_id, login, created_at_us, expires_at_us"

void
bw_desired_row_free (BwDesiredRow *row)
{
  g_free (row->device_id);
  g_free (row->node);
  g_free (row->property);
  g_free (row->value);
  g_free (row->reason);
  g_free (row->login);
  g_free (row);
}

void
bw_desired_row_write (const BwDesiredRow *row,
                      gboolean            removed,
                      GString            *out)
{
  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "deviceId", row->device_id);
  bw_json_add_string (out, "node", row->node);
  bw_json_add_string (out, "property", row->property);
  if (removed)
    {
      bw_json_add_boolean (out, "removed", TRUE);
      bw_json_end_object (out);
      return;
    }
  bw_json_add_string (out, "value", row->value);
  bw_json_add_string (out, "state", row->state == BW_DESIRED_REFUSED ? "refused" : "pending");
  bw_json_add_string (out, "reason", row->reason);
  bw_json_add_string (out, "by", row->login);
  bw_json_add_int (out, "createdAt", row->created_at_us);
  bw_json_add_int (out, "expiresAt", row->expires_at_us);
  bw_json_end_object (out);
}

static BwDesiredRow *
read_row (BwRows *rows)
{
  BwDesiredRow *row = g_new0 (BwDesiredRow, 1);

  row->device_id = g_strdup (bw_rows_get_text (rows, 0));
  row->node = g_strdup (bw_rows_get_text (rows, 1));
  row->property = g_strdup (bw_rows_get_text (rows, 2));
  row->value = g_strdup (bw_rows_get_text (rows, 3));
  row->state = (BwDesiredState) bw_rows_get_int (rows, 4);
  row->reason = g_strdup (bw_rows_get_text (rows, 5));
  row->account_id = bw_rows_get_int (rows, 6);
  row->login = g_strdup (bw_rows_get_text (rows, 7));
  row->created_at_us = bw_rows_get_int (rows, 8);
  row->expires_at_us = bw_rows_get_int (rows, 9);

  return row;
}

static GPtrArray *
read_rows (BwDb        *db,
           const char  *sql,
           GVariant    *args,
           GError     **error)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_desired_row_free);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = bw_db_query (db, sql, args, error);

  if (rows == NULL)
    return NULL;

  while (bw_rows_next (rows, &local_error))
    g_ptr_array_add (list, read_row (rows));

  if (local_error == NULL)
    return g_steal_pointer (&list);

  g_propagate_error (error, g_steal_pointer (&local_error));

  return NULL;
}

gboolean
bw_desired_repo_put (BwStoreThread       *thread,
                     const BwDesiredRow  *row,
                     GError             **error)
{
  return bw_db_run (thread->db,
                    "INSERT INTO desired (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
                    " ON CONFLICT (device_id, node, property) DO UPDATE SET value = excluded.value,"
                    " state = excluded.state, reason = excluded.reason, account_id = excluded.account_id,"
                    " login = excluded.login, created_at_us = excluded.created_at_us,"
                    " expires_at_us = excluded.expires_at_us",
                    g_variant_new ("(ssssxmsxsxx)", row->device_id, row->node, row->property, row->value,
                                   (gint64) row->state, row->reason, row->account_id, row->login,
                                   row->created_at_us, row->expires_at_us),
                    error);
}

BwDesiredRow *
bw_desired_repo_get (BwDb        *db,
                     const char  *device_id,
                     const char  *node,
                     const char  *property,
                     GError     **error)
{
  g_autoptr(GPtrArray) rows =
    read_rows (db, "SELECT " COLUMNS " FROM desired WHERE device_id = $1 AND node = $2 AND property = $3",
               g_variant_new ("(sss)", device_id, node, property), error);

  return rows != NULL && rows->len > 0 ? g_ptr_array_steal_index (rows, 0) : NULL;
}

gboolean
bw_desired_repo_remove (BwStoreThread  *thread,
                        const char     *device_id,
                        const char     *node,
                        const char     *property,
                        gint64          created_at_us,
                        gboolean       *ret_removed,
                        GError        **error)
{
  if (!bw_db_run (thread->db,
                  "DELETE FROM desired WHERE device_id = $1 AND node = $2 AND property = $3"
                  " AND (CAST($4 AS BIGINT) = 0 OR created_at_us = $4)",
                  g_variant_new ("(sssx)", device_id, node, property, created_at_us), error))
    return FALSE;

  if (ret_removed != NULL)
    *ret_removed = bw_db_get_n_changed (thread->db) > 0;

  return TRUE;
}

gboolean
bw_desired_repo_set_state (BwStoreThread       *thread,
                           const BwDesiredRow  *row,
                           BwDesiredState       state,
                           const char          *reason,
                           GError             **error)
{
  return bw_db_run (thread->db,
                    "UPDATE desired SET state = $5, reason = $6"
                    " WHERE device_id = $1 AND node = $2 AND property = $3 AND created_at_us = $4",
                    g_variant_new ("(sssxxms)", row->device_id, row->node, row->property, row->created_at_us,
                                   (gint64) state, reason),
                    error);
}

GPtrArray *
bw_desired_repo_list (BwDb        *db,
                      const char  *device_id,
                      GError     **error)
{
  return read_rows (db, "SELECT " COLUMNS " FROM desired WHERE device_id = $1 ORDER BY created_at_us, node, property",
                    g_variant_new ("(s)", device_id), error);
}

GPtrArray *
bw_desired_repo_list_expired (BwDb    *db,
                              gint64   now_us,
                              gint64   limit,
                              GError **error)
{
  return read_rows (db, "SELECT " COLUMNS " FROM desired WHERE expires_at_us <= $1 ORDER BY expires_at_us LIMIT $2",
                    g_variant_new ("(xx)", now_us, limit), error);
}

GPtrArray *
bw_desired_repo_list_devices (BwDb    *db,
                              GError **error)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = bw_db_query (db, "SELECT DISTINCT device_id FROM desired WHERE state = 0", NULL, error);

  if (rows == NULL)
    return NULL;

  while (bw_rows_next (rows, &local_error))
    g_ptr_array_add (ids, g_strdup (bw_rows_get_text (rows, 0)));

  if (local_error == NULL)
    return g_steal_pointer (&ids);

  g_propagate_error (error, g_steal_pointer (&local_error));

  return NULL;
}

gboolean
bw_desired_repo_count (BwDb        *db,
                       const char  *device_id,
                       gint64      *ret_n_device,
                       gint64      *ret_n_all,
                       GError     **error)
{
  return (ret_n_device == NULL ||
          bw_db_get_scalar (db, "SELECT count(*) FROM desired WHERE device_id = $1", g_variant_new ("(s)", device_id),
                            0, ret_n_device, error)) &&
         bw_db_get_scalar (db, "SELECT count(*) FROM desired", NULL, 0, ret_n_all, error);
}

gboolean
bw_desired_repo_forget (BwStoreThread  *thread,
                        const char     *device_id,
                        GError        **error)
{
  return bw_db_run (thread->db, "DELETE FROM desired WHERE device_id = $1", g_variant_new ("(s)", device_id), error);
}

gboolean
bw_desired_repo_write (BwDb        *db,
                       const char  *device_id,
                       GString     *out,
                       GError     **error)
{
  g_autoptr(GPtrArray) rows = bw_desired_repo_list (db, device_id, error);

  if (rows == NULL)
    return FALSE;

  bw_json_begin_array (out, "desired");
  for (guint i = 0; i < rows->len; i++)
    bw_desired_row_write (g_ptr_array_index (rows, i), FALSE, out);
  bw_json_end_array (out);

  return TRUE;
}
