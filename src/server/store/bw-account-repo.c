/* bw-account-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-account-repo.h"

#include "bw-device-id.h"
#include "bw-error.h"
#include "bw-permission.h"

#define SELECT \
  "SELECT account.id, account.login, account.email, account.first_name, account.last_name," \
  " account.password_hash, account.company_id, account.status, account.suspended," \
  " account.must_change_password, account.totp_step FROM account"

void
bw_account_row_free (BwAccountRow *row)
{
  g_free (row->login);
  g_free (row->email);
  g_free (row->first_name);
  g_free (row->last_name);
  g_free (row->password_hash);
  g_free (row);
}

const char *
bw_account_row_get_login (const BwAccountRow *row)
{
  return row->login != NULL ? row->login : row->email;
}

char *
bw_account_row_dup_name (const BwAccountRow *row)
{
  char *name = g_strstrip (g_strjoin (" ", row->first_name, row->last_name, NULL));

  if (*name != '\0')
    return name;

  g_free (name);

  return g_strdup (row->email);
}

static BwAccountRow *
read_one (BwDb        *db,
          const char  *sql,
          GVariant    *args,
          GError     **error)
{
  g_autoptr(BwRows) rows = bw_db_query (db, sql, args, error);
  BwAccountRow *row;

  if (rows == NULL || !bw_rows_next (rows, error))
    return NULL;

  row = g_new0 (BwAccountRow, 1);
  row->id = bw_rows_get_int (rows, 0);
  row->login = g_strdup (bw_rows_get_text (rows, 1));
  row->email = g_strdup (bw_rows_get_text (rows, 2));
  row->first_name = g_strdup (bw_rows_get_text (rows, 3));
  row->last_name = g_strdup (bw_rows_get_text (rows, 4));
  row->password_hash = g_strdup (bw_rows_get_text (rows, 5));
  row->company_id = bw_rows_get_int (rows, 6);
  row->status = (BwAccountStatus) bw_rows_get_int (rows, 7);
  row->suspended = bw_rows_get_int (rows, 8) != 0;
  row->must_change_password = bw_rows_get_int (rows, 9) != 0;
  row->has_totp = bw_rows_get_int (rows, 10) != 0;

  return row;
}

gboolean
bw_account_repo_count (BwDb    *db,
                       gint64  *ret_n,
                       GError **error)
{
  return bw_db_get_scalar (db, "SELECT count(*) FROM account", NULL, 0, ret_n, error);
}

gboolean
bw_account_repo_add (BwStoreThread  *thread,
                     BwAccountRow   *row,
                     gint64          at_us,
                     GError        **error)
{
  g_autofree char *email = g_utf8_strdown (row->email, -1);

  if (!bw_db_get_scalar (thread->db,
                         "INSERT INTO account (login, email, first_name, last_name, company_id, status,"
                         " password_hash, must_change_password, created_at_us)"
                         " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (email) DO NOTHING RETURNING id",
                         g_variant_new ("(mssssxxsxx)", row->login, email, row->first_name, row->last_name,
                                        row->company_id, (gint64) row->status, row->password_hash,
                                        (gint64) row->must_change_password, at_us),
                         0, &row->id, error))
    return FALSE;

  if (row->id != 0)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "there is a user with the address %s already", email);

  return FALSE;
}

BwAccountRow *
bw_account_repo_find (BwDb        *db,
                      const char  *login_or_email,
                      GError     **error)
{
  g_autofree char *lower = g_utf8_strdown (login_or_email, -1);

  return read_one (db, SELECT " WHERE account.login = $1 OR account.email = $1 ORDER BY account.id LIMIT 1",
                   g_variant_new ("(s)", lower), error);
}

BwAccountRow *
bw_account_repo_get (BwDb    *db,
                     gint64   id,
                     GError **error)
{
  return read_one (db, SELECT " WHERE account.id = $1", g_variant_new ("(x)", id), error);
}

BwAccountRow *
bw_account_repo_first_admin (BwDb    *db,
                             GError **error)
{
  return read_one (db,
                   SELECT " JOIN participation ON participation.account_id = account.id"
                   " JOIN role ON role.id = participation.role_id"
                   " JOIN company ON company.id = participation.company_id"
                   " WHERE role.builtin = $1 AND company.parent_id IS NULL AND account.suspended = 0"
                   " AND account.status <> $2 ORDER BY account.id LIMIT 1",
                   g_variant_new ("(sx)", BW_ROLE_SUPER_ADMIN, (gint64) BW_ACCOUNT_INVITED), error);
}

gboolean
bw_account_repo_set_password (BwStoreThread  *thread,
                              gint64          id,
                              const char     *password_hash,
                              gint64          at_us,
                              GError        **error)
{
  return bw_db_run (thread->db,
                    "UPDATE account SET password_hash = $2, must_change_password = 0,"
                    " password_changed_at_us = $3, revision = revision + 1 WHERE id = $1",
                    g_variant_new ("(xsx)", id, password_hash, at_us), error);
}

BwAccountRow *
bw_account_repo_find_invited (BwDb          *db,
                              const guint8  *hash,
                              gint64         now_us,
                              GError       **error)
{
  return read_one (db,
                   SELECT " WHERE account.invitation_hash = $1 AND account.invitation_ends_us > $2"
                   " AND account.status = $3",
                   g_variant_new ("(@ayxx)",
                                  g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, hash, BW_SECRET_HASH_BYTES, 1),
                                  now_us, (gint64) BW_ACCOUNT_INVITED), error);
}

gboolean
bw_account_repo_accept (BwStoreThread       *thread,
                        const BwAccountRow  *row,
                        gint64               at_us,
                        GError             **error)
{
  return bw_db_run (thread->db,
                    "UPDATE account SET password_hash = $2, first_name = $3, last_name = $4, status = $5,"
                    " password_changed_at_us = $6, edited_at_us = $6, must_change_password = 0,"
                    " invitation_hash = NULL, invitation_ends_us = 0, revision = revision + 1 WHERE id = $1",
                    g_variant_new ("(xsssxx)", row->id, row->password_hash, row->first_name, row->last_name,
                                   (gint64) BW_ACCOUNT_ACCEPTED, at_us), error);
}

gboolean
bw_account_repo_set_names (BwStoreThread  *thread,
                           gint64          id,
                           const char     *first_name,
                           const char     *last_name,
                           gint64          at_us,
                           GError        **error)
{
  return bw_db_run (thread->db,
                    "UPDATE account SET first_name = $2, last_name = $3, edited_at_us = $4,"
                    " revision = revision + 1 WHERE id = $1",
                    g_variant_new ("(xssx)", id, first_name, last_name, at_us), error);
}

gboolean
bw_account_repo_get_totp (BwDb     *db,
                          gint64    id,
                          GBytes  **ret_secret,
                          gint64   *ret_step,
                          GError  **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = bw_db_query (db, "SELECT totp_secret, totp_step FROM account WHERE id = $1",
                                        g_variant_new ("(x)", id), error);

  if (rows == NULL)
    return FALSE;

  *ret_secret = NULL;
  *ret_step = 0;
  if (bw_rows_next (rows, &local_error))
    {
      gsize length = 0;
      const guint8 *secret = bw_rows_get_blob (rows, 0, &length);

      if (secret != NULL && length > 0)
        *ret_secret = g_bytes_new (secret, length);
      *ret_step = bw_rows_get_int (rows, 1);
    }

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

gboolean
bw_account_repo_set_totp (BwStoreThread  *thread,
                          gint64          id,
                          GBytes         *secret,
                          gint64          step,
                          GError        **error)
{
  GVariant *bytes = secret != NULL ? g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, secret, TRUE) : NULL;

  return bw_db_run (thread->db,
                    "UPDATE account SET totp_secret = $2, totp_step = $3, revision = revision + 1 WHERE id = $1",
                    g_variant_new ("(x@mayx)", id, g_variant_new_maybe (G_VARIANT_TYPE_BYTESTRING, bytes), step),
                    error);
}

gboolean
bw_account_repo_set_totp_step (BwStoreThread  *thread,
                               gint64          id,
                               gint64          step,
                               GError        **error)
{
  return bw_db_run (thread->db, "UPDATE account SET totp_step = $2 WHERE id = $1",
                    g_variant_new ("(xx)", id, step), error);
}

gboolean
bw_account_repo_touch (BwStoreThread  *thread,
                       gint64          id,
                       gint64          at_us,
                       GError        **error)
{
  return bw_db_run (thread->db, "UPDATE account SET last_seen_us = $2 WHERE id = $1",
                    g_variant_new ("(xx)", id, at_us), error);
}
