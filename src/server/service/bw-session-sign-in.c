/* bw-session-sign-in.c: user and password; the document of a session; another participation
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-session-service-private.h"

#include <sodium.h>
#include <string.h>

#include "bw-audit-repo.h"
#include "bw-error.h"
#include "bw-json.h"

#define MAX_USER_BYTES 254

typedef struct
{
  char             *user;
  char             *password;
  char             *code;        /* (nullable) */
  BwTotpKey        *totp_key;    /* (nullable) */
  BwAccountRow     *account;     /* (nullable) */
  BwSessionOpening  opening;
} SignIn;

static void
sign_in_free (SignIn *sign_in)
{
  sodium_memzero (sign_in->password, strlen (sign_in->password));
  g_free (sign_in->password);
  g_free (sign_in->user);
  g_free (sign_in->code);
  g_clear_pointer (&sign_in->totp_key, bw_totp_key_unref);
  g_clear_pointer (&sign_in->account, bw_account_row_free);
  bw_session_opening_clear (&sign_in->opening);
  g_free (sign_in);
}

static gpointer
find_account_job (gpointer   owned_by_thread,
                  gpointer   task_data,
                  GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  g_autoptr(GError) local_error = NULL;
  BwAccountRow **holder = NULL;
  BwAccountRow *account = bw_account_repo_find (thread->db, task_data, &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  /* a result is never NULL, an account may be */
  holder = g_new0 (BwAccountRow *, 1);
  *holder = account;

  return holder;
}

static void
holder_free (BwAccountRow **holder)
{
  g_clear_pointer (holder, bw_account_row_free);
  g_free (holder);
}

/* The account may be another since its password was looked at, which took long. */
static gboolean
check_account (SignIn         *sign_in,
               BwStoreThread  *thread,
               GError        **error)
{
  g_autoptr(BwAccountRow) account = bw_account_repo_get (thread->db, sign_in->account->id, error);

  if (account == NULL || strcmp (account->password_hash, sign_in->account->password_hash) != 0)
    {
      if (error != NULL && *error == NULL)
        g_set_error_literal (error, BW_ERROR, BW_ERROR_UNAUTHENTICATED, "the user or the password is wrong");
      return FALSE;
    }

  if (account->suspended)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_FORBIDDEN, "this account is suspended");
  else if (account->has_totp && sign_in->code == NULL)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_CODE_NEEDED, "a code is needed");
  else
    return !account->has_totp ||
           bw_session_check_code (thread, sign_in->totp_key, account->id, sign_in->code, error);

  return FALSE;
}

static gpointer
open_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  SignIn *sign_in = task_data;

  if (!bw_store_begin (thread, error))
    return NULL;

  if (check_account (sign_in, thread, error) &&
      bw_session_opening_run (&sign_in->opening, thread, error) &&
      bw_store_commit (thread, error))
    return BW_STORE_DONE;

  bw_store_rollback (thread);

  return NULL;
}

static void
session_opened_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  BwSessionService *self = BW_SESSION_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  SignIn *sign_in = g_task_get_task_data (task);

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    {
      /* Everybody with a second factor asks twice; codes have a throttle of their own. */
      if (g_error_matches (error, BW_ERROR, BW_ERROR_CODE_NEEDED) && sign_in->code == NULL)
        bw_sign_in_gate_take_back (self->gate, sign_in->user, sign_in->opening.address);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  /* not before the code was right, too: asking without one would give new attempts to who guesses it */
  bw_sign_in_gate_pass (self->gate, sign_in->user, sign_in->opening.address);
  bw_sign_in_gate_pass_code (self->gate, sign_in->account->id);
  g_task_return_pointer (task, bw_session_opening_finish (&sign_in->opening, self), (GDestroyNotify) g_bytes_unref);
}

static void
password_verified_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  BwSessionService *self = g_task_get_source_object (task);
  SignIn *sign_in = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  GTask *step;

  if (!bw_password_pool_verify_finish (BW_PASSWORD_POOL (source), result, NULL, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (sign_in->account->has_totp && sign_in->code != NULL &&
      !bw_sign_in_gate_try_code (self->gate, sign_in->account->id, g_get_monotonic_time (), &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  sign_in->opening.account_id = sign_in->account->id;
  step = g_task_new (self, NULL, session_opened_cb, g_object_ref (task));
  g_task_set_source_tag (step, password_verified_cb);
  g_task_set_task_data (step, sign_in, NULL);
  bw_store_push_write (self->store, step, open_job, NULL);
}

static void
account_found_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  BwSessionService *self = BW_SESSION_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  SignIn *sign_in = g_task_get_task_data (task);
  BwAccountRow **holder = g_task_propagate_pointer (G_TASK (result), &error);
  gboolean has_password;

  if (holder == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  sign_in->account = g_steal_pointer (holder);
  holder_free (holder);
  has_password = sign_in->account != NULL && *sign_in->account->password_hash != '\0';

  bw_password_pool_verify_async (self->passwords, has_password ? sign_in->account->password_hash : NULL,
                                 sign_in->password, NULL,
                                 bw_sign_in_gate_knows (self->gate, sign_in->user, sign_in->opening.address),
                                 g_task_get_cancellable (task),
                                 password_verified_cb, g_object_ref (task));
}

void
bw_session_service_sign_in_async (BwSessionService    *self,
                                  const char          *user,
                                  const char          *password,
                                  const char          *code,
                                  const char          *address,
                                  const char          *client,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  SignIn *sign_in;
  GTask *step;

  g_return_if_fail (BW_IS_SESSION_SERVICE (self));
  g_return_if_fail (user != NULL && password != NULL && address != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_service_sign_in_async);

  if (strlen (user) > MAX_USER_BYTES || strlen (password) > BW_PASSWORD_MAX_BYTES)
    {
      g_task_return_new_error (task, BW_ERROR, BW_ERROR_UNAUTHENTICATED, "the user or the password is wrong");
      return;
    }

  sign_in = g_new0 (SignIn, 1);
  sign_in->user = g_strdup (user);
  sign_in->password = g_strdup (password);
  sign_in->code = g_strdup (code);
  sign_in->totp_key = self->totp_key != NULL ? bw_totp_key_ref (self->totp_key) : NULL;
  bw_session_opening_init (&sign_in->opening, self, address, client);
  g_task_set_task_data (task, sign_in, (GDestroyNotify) sign_in_free);

  if (!bw_sign_in_gate_try (self->gate, user, address, g_get_monotonic_time (), &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  step = g_task_new (self, cancellable, account_found_cb, g_object_ref (task));
  g_task_set_source_tag (step, bw_session_service_sign_in_async);
  g_task_set_task_data (step, g_strdup (user), g_free);
  bw_store_push_read (self->store, step, find_account_job, (GDestroyNotify) holder_free);
}

GBytes *
bw_session_service_sign_in_finish (BwSessionService  *self,
                                   GAsyncResult      *result,
                                   GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The document, as it is and under another participation */

typedef struct
{
  BwActor   *actor;
  char      *broker_url;
  char      *address;
  gint64     participation_id;
  GPtrArray *facts;
} Look;

static void
look_free (Look *look)
{
  bw_actor_unref (look->actor);
  g_free (look->broker_url);
  g_free (look->address);
  g_clear_pointer (&look->facts, g_ptr_array_unref);
  g_free (look);
}

GBytes *
bw_session_document_make (BwDb           *db,
                          const BwActor  *actor,
                          const char     *broker_url,
                          GError        **error)
{
  g_autoptr(BwSessionRow) row = bw_session_repo_get (db, actor->session_id, error);
  g_autoptr(BwSessionFact) fact = bw_session_fact_read (db, actor->session_id, error);
  g_autoptr(GString) out = g_string_sized_new (1024);

  if (row == NULL || fact == NULL)
    {
      if (error != NULL && *error == NULL)
        g_set_error_literal (error, BW_ERROR, BW_ERROR_UNAUTHENTICATED, "the session has ended");
      return NULL;
    }

  if (!bw_session_document_write (db, NULL, fact, row->expires_at_us, row->is_unattended, broker_url, out, error))
    return NULL;

  return g_string_free_to_bytes (g_steal_pointer (&out));
}

static gpointer
document_job (gpointer   owned_by_thread,
              gpointer   task_data,
              GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  const Look *look = task_data;

  return bw_session_document_make (thread->db, look->actor, look->broker_url, error);
}

static Look *
look_new (BwSessionService *self,
          const BwActor    *actor)
{
  Look *look = g_new0 (Look, 1);

  look->actor = bw_actor_ref ((BwActor *) actor);
  look->broker_url = g_strdup (self->broker_url);

  return look;
}

void
bw_session_service_get_document_async (BwSessionService    *self,
                                       const BwActor       *actor,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (BW_IS_SESSION_SERVICE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_service_get_document_async);
  g_task_set_task_data (task, look_new (self, actor), (GDestroyNotify) look_free);
  bw_store_push_read (self->store, task, document_job, (GDestroyNotify) g_bytes_unref);
}

static gboolean
check_own (BwDb     *db,
           Look     *look,
           BwParticipationRow *row,
           GError  **error)
{
  g_autoptr(GError) local_error = NULL;
  gboolean found = bw_participation_repo_get (db, look->participation_id, row, &local_error);

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (!found || row->account_id != look->actor->account_id)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_NOT_FOUND, "you have no such participation");
  else if (!bw_participation_is_active (row, g_get_real_time ()))
    g_set_error_literal (error, BW_ERROR, BW_ERROR_FORBIDDEN, "this participation is not in force now");
  else
    return TRUE;

  return FALSE;
}

static gpointer
switch_job (gpointer   owned_by_thread,
            gpointer   task_data,
            GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  Look *look = task_data;
  BwParticipationRow row = { 0, };
  BwSessionFact *fact = NULL;
  g_autoptr(GBytes) document = NULL;
  BwAuditRow entry = {
    .account_id = look->actor->account_id, .login = look->actor->login, .address = look->address,
    .action = "switch", .kind = "session", .object_id = look->actor->session_id, .object = "",
  };

  if (!bw_store_begin (thread, error))
    return NULL;

  if (check_own (thread->db, look, &row, error))
    {
      entry.company_id = row.company_id;
      if (bw_session_repo_set_participation (thread, look->actor->session_id, row.id, error) &&
          bw_audit_repo_add (thread, &entry, error) &&
          (fact = bw_session_fact_read (thread->db, look->actor->session_id, error)) != NULL)
        {
          g_ptr_array_add (look->facts, fact);
          document = bw_session_document_make (thread->db, look->actor, look->broker_url, error);
        }
    }

  if (document != NULL && bw_store_commit (thread, error))
    return g_steal_pointer (&document);

  bw_store_rollback (thread);

  return NULL;
}

static void
switched_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  BwSessionService *self = BW_SESSION_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Look *look = g_task_get_task_data (task);
  GBytes *document = g_task_propagate_pointer (G_TASK (result), &error);

  if (document == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  bw_session_service_take_facts (self, look->facts);
  g_task_return_pointer (task, document, (GDestroyNotify) g_bytes_unref);
}

void
bw_session_service_switch_async (BwSessionService    *self,
                                 const BwActor       *actor,
                                 gint64               participation_id,
                                 const char          *address,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  GTask *step;
  Look *look;

  g_return_if_fail (BW_IS_SESSION_SERVICE (self));

  look = look_new (self, actor);
  look->participation_id = participation_id;
  look->address = g_strdup (address);
  look->facts = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_session_fact_free);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_service_switch_async);
  g_task_set_task_data (task, look, (GDestroyNotify) look_free);

  step = g_task_new (self, NULL, switched_cb, g_object_ref (task));
  g_task_set_source_tag (step, bw_session_service_switch_async);
  g_task_set_task_data (step, look, NULL);
  bw_store_push_write (self->store, step, switch_job, (GDestroyNotify) g_bytes_unref);
}

GBytes *
bw_session_service_document_finish (BwSessionService  *self,
                                    GAsyncResult      *result,
                                    GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
