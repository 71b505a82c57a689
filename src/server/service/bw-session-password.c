/* bw-session-password.c: a new password
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-session-service-private.h"

#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>

#include "bw-account-repo.h"
#include "bw-audit-repo.h"
#include "bw-error.h"

typedef struct
{
  BwActor   *actor;
  gint64     account_id;
  gint64     company_id;     /* whose user it is */
  char      *old_password;
  char      *new_password;
  char      *new_hash;
  char      *login;
  char      *address;
  GPtrArray *ended;          /* ids of sessions */
  GPtrArray *facts;          /* of those that go on, without the duty to choose a password */
} Change;

static void
change_free (Change *change)
{
  bw_actor_unref (change->actor);
  sodium_memzero (change->old_password, strlen (change->old_password));
  g_free (change->old_password);
  sodium_memzero (change->new_password, strlen (change->new_password));
  g_free (change->new_password);
  g_free (change->new_hash);
  g_free (change->login);
  g_free (change->address);
  g_clear_pointer (&change->ended, g_ptr_array_unref);
  g_clear_pointer (&change->facts, g_ptr_array_unref);
  g_free (change);
}

static gboolean
add_audit (BwStoreThread  *thread,
           const Change   *change,
           GError        **error)
{
  const BwActor *actor = change->actor;
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, change->account_id);
  BwAuditRow entry = {
    .account_id = actor->account_id, .login = actor->login, .address = change->address,
    .action = "change-password", .kind = "user", .object_id = id, .object = actor->login,
    .company_id = actor->company_id != 0 ? actor->company_id : change->company_id,
  };

  return bw_audit_repo_add (thread, &entry, error);
}

static gpointer
set_password_job (gpointer   owned_by_thread,
                  gpointer   task_data,
                  GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  Change *change = task_data;

  if (!bw_store_begin (thread, error))
    return NULL;

  if (bw_account_repo_set_password (thread, change->account_id, change->new_hash, g_get_real_time (), error) &&
      bw_session_service_remove_rows (thread, change->ended, error) &&
      add_audit (thread, change, error) &&
      (change->facts = bw_session_facts_read (thread->db, 0, 0, change->account_id, error)) != NULL &&
      bw_store_commit (thread, error))
    return BW_STORE_DONE;

  bw_store_rollback (thread);

  return NULL;
}

static gpointer
get_account_job (gpointer   owned_by_thread,
                 gpointer   task_data,
                 GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  const Change *change = task_data;

  return bw_account_repo_get (thread->db, change->account_id, error);
}

static void
password_set_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  BwSessionService *self = BW_SESSION_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  Change *change = g_task_get_task_data (task);

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  bw_session_service_take_facts (self, change->facts);

  /* The one-time password holds no longer, for whomever it was. */
  path = g_build_filename (bw_store_get_data_folder (self->store), BW_ADMIN_PASSWORD_FILE, NULL);
  if (change->account_id == 1)
    g_unlink (path);

  g_task_return_boolean (task, TRUE);
}

static void
old_verified_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  BwSessionService *self = g_task_get_source_object (task);
  Change *change = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  GTask *step;

  if (!bw_password_pool_verify_finish (BW_PASSWORD_POOL (source), result, &change->new_hash, &error))
    {
      if (g_error_matches (error, BW_ERROR, BW_ERROR_UNAUTHENTICATED))
        g_task_return_new_error (task, BW_ERROR, BW_ERROR_FORBIDDEN, "the old password is wrong");
      else
        g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  bw_sign_in_gate_pass (self->gate, change->login, change->address);
  change->ended = bw_session_service_take_out (self, change->account_id, change->actor->session_id, 0);

  step = g_task_new (self, NULL, password_set_cb, g_object_ref (task));
  g_task_set_source_tag (step, old_verified_cb);
  g_task_set_task_data (step, change, NULL);
  bw_store_push_write (self->store, step, set_password_job, NULL);
}

static void
account_got_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  BwSessionService *self = BW_SESSION_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BwAccountRow) account = g_task_propagate_pointer (G_TASK (result), &error);
  Change *change = g_task_get_task_data (task);

  if (account == NULL)
    {
      if (error != NULL)
        g_task_return_error (task, g_steal_pointer (&error));
      else
        g_task_return_new_error (task, BW_ERROR, BW_ERROR_UNAUTHENTICATED, "the account is gone");
      return;
    }

  change->company_id = account->company_id;
  bw_password_pool_verify_async (self->passwords, account->password_hash, change->old_password,
                                 change->new_password, TRUE, g_task_get_cancellable (task),
                                 old_verified_cb, g_object_ref (task));
}

void
bw_session_service_change_password_async (BwSessionService    *self,
                                          const BwActor       *actor,
                                          const char          *old_password,
                                          const char          *new_password,
                                          const char          *address,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  Change *change;
  GTask *step;

  g_return_if_fail (BW_IS_SESSION_SERVICE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_service_change_password_async);

  change = g_new0 (Change, 1);
  change->account_id = actor->account_id;
  change->actor = bw_actor_ref ((BwActor *) actor);
  change->old_password = g_strdup (old_password);
  change->new_password = g_strdup (new_password);
  change->login = g_strdup (actor->login);
  change->address = g_strdup (address);
  g_task_set_task_data (task, change, (GDestroyNotify) change_free);

  if (!bw_password_check (new_password, &error) ||
      !bw_sign_in_gate_try (self->gate, change->login, address, g_get_monotonic_time (), &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (strcmp (old_password, new_password) == 0)
    {
      g_task_return_new_error (task, BW_ERROR, BW_ERROR_INVALID, "the new password is the old one");
      return;
    }

  step = g_task_new (self, cancellable, account_got_cb, g_object_ref (task));
  g_task_set_source_tag (step, bw_session_service_change_password_async);
  g_task_set_task_data (step, change, NULL);
  bw_store_push_read (self->store, step, get_account_job, (GDestroyNotify) bw_account_row_free);
}

gboolean
bw_session_service_change_password_finish (BwSessionService  *self,
                                           GAsyncResult      *result,
                                           GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
