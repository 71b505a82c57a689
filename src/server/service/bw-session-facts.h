/* bw-session-facts.h: what the database knows of live sessions
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-account-repo.h"
#include "bw-participation-repo.h"
#include "bw-session-repo.h"

G_BEGIN_DECLS

/* Whose a session is and what it acts under. */
typedef struct
{
  char                id[32];
  BwAccountRow       *account;
  BwParticipationRow  participation;   /* id 0: none */
} BwSessionFact;

void       bw_session_fact_free  (BwSessionFact *fact);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwSessionFact, bw_session_fact_free)

/* On the store's thread. Of the sessions that stand on one of these, 0: any.
 * (transfer full) (element-type BwSessionFact) */
GPtrArray *bw_session_facts_read (BwDb          *db,
                                  gint64         participation_id,
                                  gint64         role_id,
                                  gint64         account_id,
                                  GError       **error);
/* NULL without @error: there is no such session. */
BwSessionFact *bw_session_fact_read (BwDb        *db,
                                  const char    *session_id,
                                  GError       **error);

G_END_DECLS
