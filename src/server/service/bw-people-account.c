/* bw-people-account.c: what who manages users does to an account, without editing it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-people-private.h"

#include "bw-audit-repo.h"
#include "bw-error.h"
#include "bw-invitation.h"

typedef struct
{
  BwAuthority *authority;
  BwActor     *actor;
  char        *address;
  BwUserDeed   deed;
  gint64       id;

  gint64       company_id;
  char        *email;
  char        *name;
  char        *code;         /* (nullable) */
  gint64       ends_us;
} Treatment;

static const char *const action_nicks[] = {
  [BW_USER_INVITE] = "invite",
  [BW_USER_LOG_OUT] = "log-out",
  [BW_USER_REMOVE_TOTP] = "totp-off",
};

static void
treatment_free (Treatment *treatment)
{
  bw_authority_unref (treatment->authority);
  bw_actor_unref (treatment->actor);
  g_free (treatment->address);
  g_free (treatment->email);
  g_free (treatment->name);
  g_free (treatment->code);
  g_free (treatment);
}

/* On the store's thread, within a transaction. */

static gboolean
invite (Treatment           *treatment,
        BwStoreThread       *thread,
        const BwAccountRow  *account,
        GError             **error)
{
  if (account->status != BW_ACCOUNT_INVITED)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT, "this user has accepted the invitation already");
  else if (account->suspended)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT, "this user is suspended");
  else
    return bw_invitation_make (thread, account->id, &treatment->code, &treatment->ends_us, error);

  return FALSE;
}

static gboolean
remove_totp (Treatment           *treatment,
             BwStoreThread       *thread,
             const BwAccountRow  *account,
             GError             **error)
{
  if (!account->has_totp)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT, "this user has no second factor");
      return FALSE;
    }

  return bw_session_remove_totp (thread, account->id, error) &&
         bw_session_repo_remove_account (thread, account->id, error);
}

static gboolean
carry_out (Treatment           *treatment,
           BwStoreThread       *thread,
           const BwAccountRow  *account,
           GError             **error)
{
  switch (treatment->deed)
    {
    case BW_USER_INVITE:
      return invite (treatment, thread, account, error);

    case BW_USER_LOG_OUT:
      return bw_session_repo_remove_account (thread, account->id, error);

    case BW_USER_REMOVE_TOTP:
    default:
      return remove_totp (treatment, thread, account, error);
    }
}

static gboolean
add_audit (Treatment      *treatment,
           BwStoreThread  *thread,
           GError        **error)
{
  g_autofree char *object_id = g_strdup_printf ("%" G_GINT64_FORMAT, treatment->id);
  BwAuditRow entry = {
    .account_id = treatment->actor->account_id, .login = treatment->actor->login, .address = treatment->address,
    .action = action_nicks[treatment->deed], .kind = "user", .object_id = object_id, .object = treatment->name,
    .company_id = treatment->company_id,
  };

  return bw_audit_repo_add (thread, &entry, error);
}

static gboolean
treat (Treatment      *treatment,
       BwStoreThread  *thread,
       GError        **error)
{
  g_autoptr(BwAccountRow) account = NULL;

  if (!bw_people_check_user (treatment->authority, treatment->actor, thread->db, treatment->id,
                             BW_PERMISSION_MANAGE_USERS, &treatment->company_id, error) ||
      (account = bw_account_repo_get (thread->db, treatment->id, error)) == NULL)
    return FALSE;

  treatment->email = g_strdup (account->email);
  treatment->name = bw_account_row_dup_name (account);

  return carry_out (treatment, thread, account, error) && add_audit (treatment, thread, error);
}

static gpointer
treat_job (gpointer   owned_by_thread,
           gpointer   task_data,
           GError   **error)
{
  BwStoreThread *thread = owned_by_thread;

  if (!bw_store_begin (thread, error))
    return NULL;

  if (treat (task_data, thread, error) && bw_store_commit (thread, error))
    return BW_STORE_DONE;

  bw_store_rollback (thread);

  return NULL;
}

/* At home. */

static void
treated_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  BwPeopleService *self = BW_PEOPLE_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  const Treatment *treatment = g_task_get_task_data (task);
  GBytes *document = NULL;

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (treatment->deed != BW_USER_INVITE)
    bw_session_service_forget_account (self->sessions, treatment->id);
  bw_people_service_tell (self, "user", treatment->company_id, treatment->id, FALSE);

  document = treatment->code == NULL
    ? g_bytes_new_static ("", 0)
    : bw_people_service_make_invitation (self, treatment->email, treatment->name, treatment->actor->login,
                                         treatment->code, treatment->ends_us);
  g_task_return_pointer (task, document, (GDestroyNotify) g_bytes_unref);
}

void
bw_people_service_treat_async (BwPeopleService     *self,
                               const BwActor       *actor,
                               const char          *id,
                               BwUserDeed           deed,
                               const char          *address,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  Treatment *treatment;
  GTask *step;

  g_return_if_fail (BW_IS_PEOPLE_SERVICE (self));

  treatment = g_new0 (Treatment, 1);
  treatment->authority = bw_authority_ref (self->authority);
  treatment->actor = bw_actor_ref ((BwActor *) actor);
  treatment->address = g_strdup (address);
  treatment->deed = deed;
  treatment->id = bw_people_parse_id ("user", id, &error);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_people_service_treat_async);
  g_task_set_task_data (task, treatment, (GDestroyNotify) treatment_free);

  if (error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  step = g_task_new (self, NULL, treated_cb, g_object_ref (task));
  g_task_set_source_tag (step, bw_people_service_treat_async);
  g_task_set_task_data (step, treatment, NULL);
  bw_store_push_write (self->store, step, treat_job, NULL);
}
