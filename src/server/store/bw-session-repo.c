/* bw-session-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-session-repo.h"

#include <string.h>

#include "bw-error.h"

/* $1 a participation, $2 a role, $3 an account; 0: any */
#define STANDS_ON \
  "($1 = 0 OR session.participation_id = $1) AND ($2 = 0 OR participation.role_id = $2)" \
  " AND ($3 = 0 OR session.account_id = $3)"

void
bw_session_row_free (BwSessionRow *row)
{
  g_free (row->address);
  g_free (row->client);
  g_free (row);
}

gboolean
bw_session_repo_add (BwStoreThread       *thread,
                     const BwSessionRow  *row,
                     GError             **error)
{
  return bw_db_run (thread->db,
                    "INSERT INTO session (id, token_hash, account_id, participation_id, address, client, created_at_us,"
                    " last_used_at_us, expires_at_us, is_unattended) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                    g_variant_new ("(s@ayxxssxxxx)", row->id,
                                   g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, row->token_hash,
                                                              sizeof row->token_hash, 1),
                                   row->account_id, row->participation_id, row->address,
                                   row->client != NULL ? row->client : "", row->created_at_us,
                                   row->last_used_at_us, row->expires_at_us, (gint64) row->is_unattended),
                    error) &&
         bw_store_mark (thread, "session", row->id, error);
}

#define COLUMNS \
  "session.id, session.token_hash, session.account_id, session.participation_id, session.address," \
  " session.client, session.created_at_us, session.last_used_at_us, session.expires_at_us, session.is_unattended"

/* NULL: the hash is none of ours */
static BwSessionRow *
read_row (BwRows *rows)
{
  gsize length = 0;
  const guint8 *hash = bw_rows_get_blob (rows, 1, &length);
  BwSessionRow *row;

  if (hash == NULL || length != BW_SECRET_HASH_BYTES)
    return NULL;

  row = g_new0 (BwSessionRow, 1);
  g_strlcpy (row->id, bw_rows_get_text (rows, 0), sizeof row->id);
  memcpy (row->token_hash, hash, length);
  row->account_id = bw_rows_get_int (rows, 2);
  row->participation_id = bw_rows_get_int (rows, 3);
  row->address = g_strdup (bw_rows_get_text (rows, 4));
  row->client = g_strdup (bw_rows_get_text (rows, 5));
  row->created_at_us = bw_rows_get_int (rows, 6);
  row->last_used_at_us = bw_rows_get_int (rows, 7);
  row->expires_at_us = bw_rows_get_int (rows, 8);
  row->is_unattended = bw_rows_get_int (rows, 9) != 0;

  return row;
}

GPtrArray *
bw_session_repo_list_on (BwDb    *db,
                         gint64   participation_id,
                         gint64   role_id,
                         gint64   account_id,
                         GError **error)
{
  g_autoptr(GPtrArray) sessions = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_session_row_free);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db,
                 "SELECT " COLUMNS " FROM session LEFT JOIN participation"
                 " ON participation.id = session.participation_id WHERE " STANDS_ON " ORDER BY session.created_at_us",
                 g_variant_new ("(xxx)", participation_id, role_id, account_id), error);

  if (rows == NULL)
    return NULL;

  while (bw_rows_next (rows, &local_error))
    {
      BwSessionRow *row = read_row (rows);

      if (row != NULL)
        g_ptr_array_add (sessions, row);
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  return g_steal_pointer (&sessions);
}

BwSessionRow *
bw_session_repo_get (BwDb        *db,
                     const char  *id,
                     GError     **error)
{
  g_autoptr(BwRows) rows = bw_db_query (db, "SELECT " COLUMNS " FROM session WHERE session.id = $1",
                                        g_variant_new ("(s)", id), error);

  return rows != NULL && bw_rows_next (rows, error) ? read_row (rows) : NULL;
}

gboolean
bw_session_repo_touch (BwStoreThread  *thread,
                       const char     *id,
                       gint64          at_us,
                       GError        **error)
{
  return bw_db_run (thread->db, "UPDATE session SET last_used_at_us = $2 WHERE id = $1",
                    g_variant_new ("(sx)", id, at_us), error);
}

gboolean
bw_session_repo_remove (BwStoreThread  *thread,
                        const char     *id,
                        GError        **error)
{
  return bw_db_run (thread->db, "DELETE FROM session WHERE id = $1", g_variant_new ("(s)", id), error) &&
         bw_store_mark (thread, "session", id, error);
}

gboolean
bw_session_repo_set_participation (BwStoreThread  *thread,
                                   const char     *id,
                                   gint64          participation_id,
                                   GError        **error)
{
  return bw_db_run (thread->db, "UPDATE session SET participation_id = $2 WHERE id = $1",
                    g_variant_new ("(sx)", id, participation_id), error) &&
         bw_store_mark (thread, "session", id, error);
}

gboolean
bw_session_repo_mark (BwStoreThread  *thread,
                      gint64          participation_id,
                      gint64          role_id,
                      gint64          account_id,
                      GError        **error)
{
  thread->broker_marked = TRUE;

  return bw_db_run (thread->db,
                    "INSERT INTO broker_dirty (kind, id) SELECT 'session', session.id FROM session"
                    " LEFT JOIN participation ON participation.id = session.participation_id"
                    " WHERE " STANDS_ON " ON CONFLICT DO NOTHING",
                    g_variant_new ("(xxx)", participation_id, role_id, account_id), error);
}

gboolean
bw_session_repo_remove_account (BwStoreThread  *thread,
                                gint64          account_id,
                                GError        **error)
{
  return bw_session_repo_mark (thread, 0, 0, account_id, error) &&
         bw_db_run (thread->db, "DELETE FROM session WHERE account_id = $1 AND is_unattended = 0",
                    g_variant_new ("(x)", account_id), error);
}

gboolean
bw_session_repo_remove_others (BwStoreThread  *thread,
                               gint64          account_id,
                               const char     *keep,
                               GError        **error)
{
  return bw_session_repo_mark (thread, 0, 0, account_id, error) &&
         bw_db_run (thread->db, "DELETE FROM session WHERE account_id = $1 AND id <> $2 AND is_unattended = 0",
                    g_variant_new ("(xs)", account_id, keep), error);
}
