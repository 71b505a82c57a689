/* bw-device-key-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-device-key-repo.h"

/* While an old key is good the device has not been here with the newer one: whoever changes it once more
 * changes that one, and the device can still come. */
gboolean
bw_device_key_repo_rotate (BwStoreThread  *thread,
                           const char     *id,
                           const guint8    hash[BW_SECRET_HASH_BYTES],
                           gint64          old_ends_us,
                           GError        **error)
{
  return bw_db_run (thread->db,
                    "INSERT INTO device_key (device_id, number, old_hash, old_ends_us)"
                    " SELECT id, 1, key_hash, CAST($2 AS BIGINT) FROM device WHERE id = $1"
                    " ON CONFLICT (device_id) DO UPDATE SET number = device_key.number + 1,"
                    " old_hash = CASE WHEN device_key.old_ends_us > $3 THEN device_key.old_hash ELSE excluded.old_hash END,"
                    " old_ends_us = excluded.old_ends_us",
                    g_variant_new ("(sxx)", id, old_ends_us, g_get_real_time ()), error) &&
         bw_db_run (thread->db, "UPDATE device_key SET old_hash = NULL WHERE device_id = $1 AND old_ends_us = 0",
                    g_variant_new ("(s)", id), error) &&
         bw_db_run (thread->db, "UPDATE device SET key_hash = $2, revision = revision + 1 WHERE id = $1",
                    g_variant_new ("(s@ay)", id, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, hash, BW_SECRET_HASH_BYTES, 1)),
                    error) &&
         bw_store_mark (thread, "device", id, error);
}

gboolean
bw_device_key_repo_confirm (BwStoreThread  *thread,
                            const char     *id,
                            gint64          number,
                            gboolean       *ret_changed,
                            GError        **error)
{
  if (!bw_db_run (thread->db,
                  "UPDATE device_key SET old_hash = NULL, old_ends_us = 0"
                  " WHERE device_id = $1 AND number = $2 AND old_ends_us <> 0",
                  g_variant_new ("(sx)", id, number), error))
    return FALSE;

  *ret_changed = bw_db_get_n_changed (thread->db) > 0;

  return !*ret_changed ||
         (bw_db_run (thread->db, "UPDATE device SET revision = revision + 1 WHERE id = $1",
                     g_variant_new ("(s)", id), error) &&
          bw_store_mark (thread, "device", id, error));
}

static GPtrArray *
list_ended (BwDb    *db,
            gint64   now_us,
            GError **error)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db, "SELECT device_id FROM device_key WHERE old_ends_us <> 0 AND old_ends_us <= $1",
                 g_variant_new ("(x)", now_us), error);

  if (rows == NULL)
    return NULL;

  while (bw_rows_next (rows, &local_error))
    g_ptr_array_add (ids, g_strdup (bw_rows_get_text (rows, 0)));

  if (local_error == NULL)
    return g_steal_pointer (&ids);

  g_propagate_error (error, g_steal_pointer (&local_error));

  return NULL;
}

GPtrArray *
bw_device_key_repo_expire (BwStoreThread  *thread,
                           gint64          now_us,
                           GError        **error)
{
  g_autoptr(GPtrArray) ids = list_ended (thread->db, now_us, error);

  if (ids == NULL)
    return NULL;

  for (guint i = 0; i < ids->len; i++)
    {
      const char *id = g_ptr_array_index (ids, i);

      if (!bw_db_run (thread->db, "UPDATE device_key SET old_hash = NULL, old_ends_us = 0 WHERE device_id = $1",
                      g_variant_new ("(s)", id), error) ||
          !bw_db_run (thread->db, "UPDATE device SET revision = revision + 1 WHERE id = $1",
                      g_variant_new ("(s)", id), error) ||
          !bw_store_mark (thread, "device", id, error))
        return NULL;
    }

  return g_steal_pointer (&ids);
}

gboolean
bw_device_key_repo_next_end (BwDb    *db,
                             gint64  *ret_ends_us,
                             GError **error)
{
  return bw_db_get_scalar (db, "SELECT min(old_ends_us) FROM device_key WHERE old_ends_us <> 0", NULL, 0,
                           ret_ends_us, error);
}

gboolean
bw_device_key_repo_get_end (BwDb        *db,
                            const char  *id,
                            gint64      *ret_ends_us,
                            GError     **error)
{
  return bw_db_get_scalar (db, "SELECT old_ends_us FROM device_key WHERE device_id = $1", g_variant_new ("(s)", id), 0,
                           ret_ends_us, error);
}
