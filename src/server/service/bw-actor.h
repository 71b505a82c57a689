/* bw-actor.h: who is asking
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-account-repo.h"
#include "bw-participation-repo.h"
#include "bw-permission.h"

G_BEGIN_DECLS

/* Never changes once made, so that any thread may look at it: what is another
 * way now is a new actor. */
typedef struct
{
  gatomicrefcount  refs;

  char            *session_id;
  gint64           account_id;
  char            *login;                 /* as the audit log names this person */
  gint64           participation_id;      /* 0: acts under none, and may do nothing */
  gint64           role_id;
  gint64           company_id;            /* 0: none */
  gboolean         company_is_root;       /* reaches everything */
  gboolean         is_super;              /* in the Super Admin's role */
  guint            permissions;           /* BwPermission */
  gboolean         must_change_password;  /* may do nothing else before */
  gint64           expires_at_us;
} BwActor;

/* @participation: (nullable): the one that is in force */
BwActor  *bw_actor_new   (const char               *session_id,
                          const BwAccountRow       *account,
                          const BwParticipationRow *participation,
                          gboolean                  must_change_password,
                          gint64                    expires_at_us);
BwActor  *bw_actor_ref   (BwActor                  *self);
void      bw_actor_unref (BwActor                  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwActor, bw_actor_unref)

/* FALSE with BW_ERROR_FORBIDDEN: he has not all of @permissions. */
gboolean  bw_actor_check (const BwActor            *self,
                          guint                     permissions,
                          GError                  **error);

G_END_DECLS
