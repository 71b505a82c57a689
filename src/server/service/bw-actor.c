/* bw-actor.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-actor.h"

#include "bw-error.h"

BwActor *
bw_actor_new (const char               *session_id,
              const BwAccountRow       *account,
              const BwParticipationRow *participation,
              gboolean                  must_change_password,
              gint64                    expires_at_us)
{
  BwActor *self = g_new0 (BwActor, 1);

  g_atomic_ref_count_init (&self->refs);
  self->session_id = g_strdup (session_id);
  self->account_id = account->id;
  self->login = g_strdup (bw_account_row_get_login (account));
  self->must_change_password = must_change_password;
  self->expires_at_us = expires_at_us;

  if (participation != NULL)
    {
      self->participation_id = participation->id;
      self->role_id = participation->role_id;
      self->company_id = participation->company_id;
      self->company_is_root = participation->company_is_root;
      self->is_super = participation->is_super;
      self->permissions = participation->permissions;
    }

  return self;
}

BwActor *
bw_actor_ref (BwActor *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);

  return self;
}

void
bw_actor_unref (BwActor *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  g_free (self->session_id);
  g_free (self->login);
  g_free (self);
}

gboolean
bw_actor_check (const BwActor  *self,
                guint           permissions,
                GError        **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if ((self->permissions & permissions) == permissions)
    return TRUE;

  g_set_error_literal (error, BW_ERROR, BW_ERROR_FORBIDDEN,
                       self->participation_id == 0 ? "you have no role in any company now"
                                                   : "your role does not let you do this");

  return FALSE;
}
