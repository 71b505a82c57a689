/* bw-session-joining.c: somebody takes a password for the first time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-session-service-private.h"

#include <sodium.h>
#include <string.h>

#include "bw-audit-repo.h"
#include "bw-company-repo.h"
#include "bw-error.h"
#include "bw-invitation.h"
#include "bw-people-rules.h"
#include "bw-permission.h"
#include "bw-role-repo.h"
#include "bw-text.h"
#include "bw-user-repo.h"

/* By an invitation, or by oneself. */
typedef struct
{
  guint8            code_hash[BW_SECRET_HASH_BYTES];
  char             *email;          /* (nullable): invited */
  char             *alias;
  char             *password;
  char             *password_hash;
  char             *first_name;     /* (nullable): as it is */
  char             *last_name;
  gint64            company_id;     /* whose user it is */
  gint64            participation_id;
  BwSessionOpening  opening;
} Joining;

static void
joining_free (Joining *joining)
{
  sodium_memzero (joining->code_hash, sizeof joining->code_hash);
  sodium_memzero (joining->password, strlen (joining->password));
  g_free (joining->password);
  g_free (joining->email);
  g_free (joining->alias);
  g_free (joining->password_hash);
  g_free (joining->first_name);
  g_free (joining->last_name);
  bw_session_opening_clear (&joining->opening);
  g_free (joining);
}

/* On the store's thread. */

/* Within a transaction or to look beforehand. (transfer full) (nullable) */
static BwAccountRow *
find_invited (BwDb           *db,
              const Joining  *joining,
              GError        **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwAccountRow) account = bw_account_repo_find_invited (db, joining->code_hash, g_get_real_time (),
                                                                  &local_error);

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (account == NULL)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_NOT_FOUND,
                         "this invitation is not valid: the code is wrong, was used already, or is too old");
  else if (account->suspended)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_FORBIDDEN, "this account is suspended");
  else
    return g_steal_pointer (&account);

  return NULL;
}

/* Whether it is worth the slow hash. */
static gpointer
look_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  Joining *joining = task_data;
  g_autoptr(BwAccountRow) account = NULL;

  if (joining->email != NULL)
    {
      if (!bw_company_repo_find_alias (thread->db, joining->alias, &joining->company_id, error))
        return NULL;
      if (joining->company_id != 0)
        return BW_STORE_DONE;
      g_set_error_literal (error, BW_ERROR, BW_ERROR_NOT_FOUND, "no company has this alias");
      return NULL;
    }

  account = find_invited (thread->db, joining, error);

  return account != NULL ? BW_STORE_DONE : NULL;
}

static gboolean
add_audit (BwStoreThread       *thread,
           const Joining       *joining,
           const BwAccountRow  *account,
           const char          *action,
           const char          *before,
           GError             **error)
{
  g_autofree char *object_id = g_strdup_printf ("%" G_GINT64_FORMAT, account->id);
  g_autofree char *name = bw_account_row_dup_name (account);
  g_autoptr(GString) after = g_string_new (NULL);
  BwAuditRow entry = {
    .account_id = account->id, .login = bw_account_row_get_login (account), .address = joining->opening.address,
    .action = action, .kind = "user", .object_id = object_id, .object = name,
    .company_id = account->company_id, .before = before,
  };

  if (!bw_user_repo_write (thread->db, 0, account->id, after, error))
    return FALSE;

  entry.after = after->str;

  return bw_audit_repo_add (thread, &entry, error);
}

static gboolean
accept (BwStoreThread  *thread,
        Joining        *joining,
        GError        **error)
{
  /* again: another may have been faster with the same code */
  g_autoptr(BwAccountRow) account = find_invited (thread->db, joining, error);
  g_autoptr(GString) before = g_string_new (NULL);

  if (account == NULL || !bw_user_repo_write (thread->db, 0, account->id, before, error))
    return FALSE;

  joining->company_id = account->company_id;
  joining->opening.account_id = account->id;
  bw_set_str (&account->password_hash, joining->password_hash);
  if (joining->first_name != NULL)
    bw_set_str (&account->first_name, joining->first_name);
  if (joining->last_name != NULL)
    bw_set_str (&account->last_name, joining->last_name);

  return bw_account_repo_accept (thread, account, g_get_real_time (), error) &&
         add_audit (thread, joining, account, "accept-invitation", before->str, error) &&
         bw_session_opening_run (&joining->opening, thread, error);
}

static gboolean
enroll (BwStoreThread  *thread,
        Joining        *joining,
        GError        **error)
{
  gint64 now_us = g_get_real_time ();
  BwAccountRow account = {
    .email = joining->email, .first_name = joining->first_name, .last_name = joining->last_name,
    .password_hash = joining->password_hash, .company_id = joining->company_id,
    .status = BW_ACCOUNT_SELF_REGISTERED,
  };
  BwParticipationRow participation = {
    .company_id = joining->company_id, .until_us = BW_PARTICIPATION_FOR_EVER,
  };

  if (!bw_account_repo_add (thread, &account, now_us, error) ||
      !bw_role_repo_find_builtin (thread->db, BW_ROLE_END_USER, &participation.role_id, error))
    return FALSE;

  participation.account_id = account.id;
  joining->opening.account_id = account.id;
  if (!bw_participation_repo_add (thread, &participation, now_us, error))
    return FALSE;

  joining->participation_id = participation.id;

  return add_audit (thread, joining, &account, "register", NULL, error) &&
         bw_session_opening_run (&joining->opening, thread, error);
}

static gpointer
join_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  Joining *joining = task_data;

  if (!bw_store_begin (thread, error))
    return NULL;

  if ((joining->email != NULL ? enroll (thread, joining, error) : accept (thread, joining, error)) &&
      bw_store_commit (thread, error))
    return BW_STORE_DONE;

  bw_store_rollback (thread);

  return NULL;
}

/* At home. */

static void
joined_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  BwSessionService *self = BW_SESSION_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Joining *joining = g_task_get_task_data (task);

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  /* accounts that anybody makes count whatever comes of it */
  if (joining->email == NULL)
    bw_sign_in_gate_pass (self->gate, NULL, joining->opening.address);
  bw_session_service_tell (self, "user", joining->company_id, joining->opening.account_id);
  if (joining->participation_id != 0)
    bw_session_service_tell (self, "participation", joining->company_id, joining->participation_id);
  g_task_return_pointer (task, bw_session_opening_finish (&joining->opening, self), (GDestroyNotify) g_bytes_unref);
}

static void
hashed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  BwSessionService *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  Joining *joining = g_task_get_task_data (task);
  GTask *step;

  joining->password_hash = bw_password_pool_hash_finish (BW_PASSWORD_POOL (source), result, &error);
  if (joining->password_hash == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  step = g_task_new (self, NULL, joined_cb, g_object_ref (task));
  g_task_set_source_tag (step, hashed_cb);
  g_task_set_task_data (step, joining, NULL);
  bw_store_push_write (self->store, step, join_job, NULL);
}

static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  BwSessionService *self = BW_SESSION_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  const Joining *joining = g_task_get_task_data (task);

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    bw_password_pool_hash_async (self->passwords, joining->password, joining->email == NULL,
                                 g_task_get_cancellable (task), hashed_cb, g_object_ref (task));
}

gboolean
bw_session_check_name (const char  *name,
                       GError     **error)
{
  if (name == NULL || *name == '\0' || bw_name_is_valid (name, BW_PEOPLE_MAX_NAME_BYTES))
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
               "a name has at most %d bytes, without control characters or space at its ends",
               BW_PEOPLE_MAX_NAME_BYTES);

  return FALSE;
}

/* Returns: (transfer full); NULL with an error */
static Joining *
joining_new (BwSessionService  *self,
             const char        *password,
             const char        *first_name,
             const char        *last_name,
             const char        *address,
             const char        *client,
             GError           **error)
{
  Joining *joining;

  if (!bw_password_check (password, error) ||
      !bw_session_check_name (first_name, error) ||
      !bw_session_check_name (last_name, error))
    return NULL;

  joining = g_new0 (Joining, 1);
  joining->password = g_strdup (password);
  joining->first_name = g_strdup (first_name);
  joining->last_name = g_strdup (last_name);
  bw_session_opening_init (&joining->opening, self, address, client);

  return joining;
}

/* @joining: (transfer full) */
static void
look (BwSessionService *self,
      GTask            *task,
      Joining          *joining)
{
  GTask *step = g_task_new (self, g_task_get_cancellable (task), looked_cb, g_object_ref (task));

  g_task_set_task_data (task, joining, (GDestroyNotify) joining_free);
  g_task_set_source_tag (step, look);
  g_task_set_task_data (step, joining, NULL);
  bw_store_push_read (self->store, step, look_job, NULL);
}

void
bw_session_service_accept_async (BwSessionService    *self,
                                 const char          *code,
                                 const char          *password,
                                 const char          *first_name,
                                 const char          *last_name,
                                 const char          *address,
                                 const char          *client,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  Joining *joining;

  g_return_if_fail (BW_IS_SESSION_SERVICE (self));
  g_return_if_fail (code != NULL && password != NULL && address != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_service_accept_async);

  joining = joining_new (self, password, first_name, last_name, address, client, &error);
  if (joining == NULL ||
      !bw_sign_in_gate_try (self->gate, NULL, address, g_get_monotonic_time (), &error))
    {
      g_clear_pointer (&joining, joining_free);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  /* what has not the form is nobody's, and is looked for all the same */
  if (!bw_invitation_hash (code, joining->code_hash))
    memset (joining->code_hash, 0, sizeof joining->code_hash);

  look (self, task, joining);
}

void
bw_session_service_register_async (BwSessionService    *self,
                                   const char          *email,
                                   const char          *password,
                                   const char          *first_name,
                                   const char          *last_name,
                                   const char          *alias,
                                   const char          *address,
                                   const char          *client,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  Joining *joining = NULL;

  g_return_if_fail (BW_IS_SESSION_SERVICE (self));
  g_return_if_fail (email != NULL && password != NULL && first_name != NULL && last_name != NULL && alias != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_service_register_async);

  if (strlen (email) > BW_PEOPLE_MAX_EMAIL_BYTES || !bw_email_is_valid (email))
    g_set_error_literal (&error, BW_ERROR, BW_ERROR_INVALID, "the e-mail address is none");
  else
    joining = joining_new (self, password, first_name, last_name, address, client, &error);

  if (joining == NULL || !bw_sign_in_gate_try_new (self->gate, address, g_get_monotonic_time (), &error))
    {
      g_clear_pointer (&joining, joining_free);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  joining->email = g_utf8_strdown (email, -1);
  joining->alias = g_strdup (alias);
  look (self, task, joining);
}
