/* bw-recovery-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-recovery-repo.h"

#include "bw-device-id.h"

static GVariant *
make_args (gint64        account_id,
           const guint8 *hash)
{
  return g_variant_new ("(x@ay)", account_id,
                        g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, hash, BW_SECRET_HASH_BYTES, 1));
}

gboolean
bw_recovery_repo_add (BwStoreThread  *thread,
                      gint64          account_id,
                      const guint8   *hash,
                      GError        **error)
{
  return bw_db_run (thread->db, "INSERT INTO recovery_code (account_id, code_hash) VALUES ($1, $2)",
                    make_args (account_id, hash), error);
}

gboolean
bw_recovery_repo_use (BwStoreThread  *thread,
                      gint64          account_id,
                      const guint8   *hash,
                      gboolean       *ret_used,
                      GError        **error)
{
  if (!bw_db_run (thread->db, "DELETE FROM recovery_code WHERE account_id = $1 AND code_hash = $2",
                  make_args (account_id, hash), error))
    return FALSE;

  *ret_used = bw_db_get_n_changed (thread->db) > 0;

  return TRUE;
}

gboolean
bw_recovery_repo_remove (BwStoreThread  *thread,
                         gint64          account_id,
                         GError        **error)
{
  return bw_db_run (thread->db, "DELETE FROM recovery_code WHERE account_id = $1",
                    g_variant_new ("(x)", account_id), error);
}
