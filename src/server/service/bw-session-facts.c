/* bw-session-facts.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-session-facts.h"

#include "bw-error.h"

void
bw_session_fact_free (BwSessionFact *fact)
{
  g_clear_pointer (&fact->account, bw_account_row_free);
  g_free (fact);
}

/* @fact: its id is filled in. Returns: FALSE without @error when the account has gone */
static gboolean
fill (BwDb           *db,
      BwSessionFact  *fact,
      gint64          account_id,
      gint64          participation_id,
      GError        **error)
{
  g_autoptr(GError) local_error = NULL;

  fact->account = bw_account_repo_get (db, account_id, error);
  if (fact->account == NULL)
    return FALSE;

  if (participation_id != 0 &&
      !bw_participation_repo_get (db, participation_id, &fact->participation, &local_error) && local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

GPtrArray *
bw_session_facts_read (BwDb    *db,
                       gint64   participation_id,
                       gint64   role_id,
                       gint64   account_id,
                       GError **error)
{
  g_autoptr(GPtrArray) sessions = bw_session_repo_list_on (db, participation_id, role_id, account_id, error);
  g_autoptr(GPtrArray) facts = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_session_fact_free);

  for (guint i = 0; sessions != NULL && i < sessions->len; i++)
    {
      const BwSessionRow *row = g_ptr_array_index (sessions, i);
      g_autoptr(BwSessionFact) fact = g_new0 (BwSessionFact, 1);
      g_autoptr(GError) local_error = NULL;

      g_strlcpy (fact->id, row->id, sizeof fact->id);
      if (fill (db, fact, row->account_id, row->participation_id, &local_error))
        g_ptr_array_add (facts, g_steal_pointer (&fact));
      else if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }

  return sessions != NULL ? g_steal_pointer (&facts) : NULL;
}

BwSessionFact *
bw_session_fact_read (BwDb        *db,
                      const char  *session_id,
                      GError     **error)
{
  g_autoptr(BwSessionRow) row = bw_session_repo_get (db, session_id, error);
  g_autoptr(BwSessionFact) fact = NULL;

  if (row == NULL)
    return NULL;

  fact = g_new0 (BwSessionFact, 1);
  g_strlcpy (fact->id, row->id, sizeof fact->id);

  return fill (db, fact, row->account_id, row->participation_id, error) ? g_steal_pointer (&fact) : NULL;
}
