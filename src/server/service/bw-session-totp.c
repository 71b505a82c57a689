/* bw-session-totp.c: the second factor of the own account, and whether a code is right
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-session-service-private.h"

#include <sodium.h>
#include <string.h>

#include "bw-error.h"
#include "bw-json.h"
#include "bw-recovery-repo.h"
#include "bw-user-repo.h"

typedef struct
{
  BwTotpKey *key;           /* (nullable) */
  BwActor   *actor;
  char      *address;
  char      *code;
  gint64     company_id;    /* whose user it is */
  GPtrArray *facts;
} Factor;

static void
factor_free (Factor *factor)
{
  g_clear_pointer (&factor->key, bw_totp_key_unref);
  bw_actor_unref (factor->actor);
  g_free (factor->address);
  g_free (factor->code);
  g_clear_pointer (&factor->facts, g_ptr_array_unref);
  g_free (factor);
}

/* On the store's thread, within a transaction. */

static void
refuse (GError **error)
{
  g_set_error_literal (error, BW_ERROR, BW_ERROR_CODE_NEEDED,
                       "the code is wrong, or was used already; wait for the next one");
}

/* @ret_step: of the code, which is right */
static gboolean
check_app_code (BwStoreThread  *thread,
                BwTotpKey      *key,
                gint64          account_id,
                const char     *code,
                GBytes         *sealed,
                gint64          last_step,
                gint64         *ret_step,
                GError        **error)
{
  guint8 secret[BW_TOTP_SECRET_BYTES];

  if (!bw_totp_key_open (key, account_id, sealed, secret, error))
    return FALSE;

  *ret_step = bw_totp_find_step (secret, code, g_get_real_time () / G_USEC_PER_SEC, last_step);
  sodium_memzero (secret, sizeof secret);
  if (*ret_step != 0)
    return TRUE;

  refuse (error);

  return FALSE;
}

gboolean
bw_session_check_code (BwStoreThread  *thread,
                       BwTotpKey      *key,
                       gint64          account_id,
                       const char     *code,
                       GError        **error)
{
  g_autoptr(GBytes) sealed = NULL;
  guint8 hash[BW_SECRET_HASH_BYTES];
  gboolean used = FALSE;
  gint64 last_step = 0;
  gint64 step = 0;

  if (bw_recovery_code_hash (code, hash))
    {
      if (!bw_recovery_repo_use (thread, account_id, hash, &used, error))
        return FALSE;
      if (!used)
        refuse (error);
      return used;
    }

  if (!bw_account_repo_get_totp (thread->db, account_id, &sealed, &last_step, error))
    return FALSE;

  if (sealed == NULL)
    {
      refuse (error);
      return FALSE;
    }

  return check_app_code (thread, key, account_id, code, sealed, last_step, &step, error) &&
         bw_account_repo_set_totp_step (thread, account_id, step, error);
}

/* Whether there is one already is what it should be. */
static gboolean
check_state (Factor         *factor,
             BwStoreThread  *thread,
             gboolean        is_on,
             GBytes        **ret_sealed,
             GError        **error)
{
  gint64 step = 0;

  if (!bw_account_repo_get_totp (thread->db, factor->actor->account_id, ret_sealed, &step, error))
    return FALSE;

  if ((step != 0) == is_on)
    return TRUE;

  g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT,
                       is_on ? "there is no second factor" : "there is a second factor already; take it away first");

  return FALSE;
}

static GBytes *
begin (Factor         *factor,
       BwStoreThread  *thread,
       GError        **error)
{
  gint64 id = factor->actor->account_id;
  g_autoptr(BwAccountRow) account = bw_account_repo_get (thread->db, id, error);
  g_autoptr(GBytes) earlier = NULL;
  g_autoptr(GBytes) sealed = NULL;
  guint8 secret[BW_TOTP_SECRET_BYTES];
  g_autofree char *text = NULL;
  g_autofree char *uri = NULL;
  g_autoptr(GString) out = g_string_new (NULL);

  if (account == NULL || !check_state (factor, thread, FALSE, &earlier, error))
    return NULL;

  if (factor->key == NULL)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                           "second factors are not available: the server has no key to keep them; its log says why");
      return NULL;
    }

  randombytes_buf (secret, sizeof secret);
  sealed = bw_totp_key_seal (factor->key, id, secret);
  text = bw_totp_format_secret (secret);
  uri = bw_totp_make_uri (text, bw_account_row_get_login (account));
  sodium_memzero (secret, sizeof secret);

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "secret", text);
  bw_json_add_string (out, "uri", uri);
  bw_json_end_object (out);

  if (!bw_account_repo_set_totp (thread, id, sealed, 0, error) ||
      !bw_session_add_audit (thread, factor->actor, factor->address, "totp-begin", NULL, &factor->company_id, error))
    return NULL;

  return g_string_free_to_bytes (g_steal_pointer (&out));
}

static GBytes *
make_recovery_codes (BwStoreThread  *thread,
                     gint64          account_id,
                     GError        **error)
{
  g_autoptr(GString) out = g_string_new (NULL);

  if (!bw_recovery_repo_remove (thread, account_id, error))
    return NULL;

  bw_json_begin_object (out, NULL);
  bw_json_begin_array (out, "recoveryCodes");
  for (guint i = 0; i < BW_RECOVERY_N_CODES; i++)
    {
      char code[BW_RECOVERY_CODE_SIZE];
      guint8 hash[BW_SECRET_HASH_BYTES];

      bw_recovery_code_make (code, hash);
      bw_json_add_string (out, NULL, code);
      if (!bw_recovery_repo_add (thread, account_id, hash, error))
        return NULL;
    }
  bw_json_end_array (out);
  bw_json_end_object (out);

  return g_string_free_to_bytes (g_steal_pointer (&out));
}

/* Who is signed in elsewhere has not shown the second factor, or perhaps a lost one. */
static gboolean
end_others (Factor         *factor,
            BwStoreThread  *thread,
            GError        **error)
{
  gint64 id = factor->actor->account_id;

  return bw_session_repo_remove_others (thread, id, factor->actor->session_id, error) &&
         (factor->facts = bw_session_facts_read (thread->db, 0, 0, id, error)) != NULL;
}

static GBytes *
confirm (Factor         *factor,
         BwStoreThread  *thread,
         GError        **error)
{
  gint64 id = factor->actor->account_id;
  g_autoptr(GString) before = g_string_new (NULL);
  g_autoptr(GBytes) sealed = NULL;
  g_autoptr(GBytes) codes = NULL;
  gint64 step = 0;

  if (!check_state (factor, thread, FALSE, &sealed, error) ||
      !bw_user_repo_write (thread->db, 0, id, before, error))
    return NULL;

  if (sealed == NULL)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT, "no second factor was begun");
      return NULL;
    }

  if (!check_app_code (thread, factor->key, id, factor->code, sealed, 0, &step, error) ||
      !bw_account_repo_set_totp (thread, id, sealed, step, error) ||
      (codes = make_recovery_codes (thread, id, error)) == NULL ||
      !end_others (factor, thread, error) ||
      !bw_session_add_audit (thread, factor->actor, factor->address, "totp-on", before, &factor->company_id, error))
    return NULL;

  return g_steal_pointer (&codes);
}

static GBytes *
take_back (Factor         *factor,
           BwStoreThread  *thread,
           GError        **error)
{
  gint64 id = factor->actor->account_id;
  g_autoptr(GString) before = g_string_new (NULL);
  g_autoptr(GBytes) sealed = NULL;

  if (!check_state (factor, thread, TRUE, &sealed, error) ||
      !bw_user_repo_write (thread->db, 0, id, before, error) ||
      !bw_session_check_code (thread, factor->key, id, factor->code, error) ||
      !bw_session_remove_totp (thread, id, error) ||
      !end_others (factor, thread, error) ||
      !bw_session_add_audit (thread, factor->actor, factor->address, "totp-off", before, &factor->company_id, error))
    return NULL;

  return g_bytes_new_static ("", 0);
}

gboolean
bw_session_remove_totp (BwStoreThread  *thread,
                        gint64          account_id,
                        GError        **error)
{
  return bw_account_repo_set_totp (thread, account_id, NULL, 0, error) &&
         bw_recovery_repo_remove (thread, account_id, error);
}

static gpointer
run (BwStoreThread  *thread,
     Factor         *factor,
     GBytes       *(*step) (Factor *, BwStoreThread *, GError **),
     GError        **error)
{
  g_autoptr(GBytes) document = NULL;

  if (!bw_store_begin (thread, error))
    return NULL;

  document = step (factor, thread, error);
  if (document != NULL && bw_store_commit (thread, error))
    return g_steal_pointer (&document);

  bw_store_rollback (thread);

  return NULL;
}

static gpointer
begin_job (gpointer   owned_by_thread,
           gpointer   task_data,
           GError   **error)
{
  return run (owned_by_thread, task_data, begin, error);
}

static gpointer
confirm_job (gpointer   owned_by_thread,
             gpointer   task_data,
             GError   **error)
{
  return run (owned_by_thread, task_data, confirm, error);
}

static gpointer
take_back_job (gpointer   owned_by_thread,
               gpointer   task_data,
               GError   **error)
{
  return run (owned_by_thread, task_data, take_back, error);
}

/* At home. */

static void
factor_changed_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  BwSessionService *self = BW_SESSION_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Factor *factor = g_task_get_task_data (task);
  GBytes *document = g_task_propagate_pointer (G_TASK (result), &error);
  const BwActor *actor = factor->actor;

  if (document == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (factor->facts != NULL)
    {
      bw_sign_in_gate_pass_code (self->gate, actor->account_id);
      g_ptr_array_unref (bw_session_service_take_out (self, actor->account_id, actor->session_id, 0));
      bw_session_service_take_facts (self, factor->facts);
      bw_session_service_tell (self, "user", factor->company_id, actor->account_id);
    }

  g_task_return_pointer (task, document, (GDestroyNotify) g_bytes_unref);
}

void
bw_session_service_totp_async (BwSessionService    *self,
                               const BwActor       *actor,
                               BwTotpStep           step,
                               const char          *code,
                               const char          *address,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  static const BwWorkerFunc jobs[] = {
    [BW_TOTP_BEGIN] = begin_job, [BW_TOTP_CONFIRM] = confirm_job, [BW_TOTP_TAKE_BACK] = take_back_job,
  };
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  GTask *next;
  Factor *factor;

  g_return_if_fail (BW_IS_SESSION_SERVICE (self));
  g_return_if_fail (step == BW_TOTP_BEGIN || code != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_service_totp_async);

  factor = g_new0 (Factor, 1);
  factor->key = self->totp_key != NULL ? bw_totp_key_ref (self->totp_key) : NULL;
  factor->actor = bw_actor_ref ((BwActor *) actor);
  factor->address = g_strdup (address);
  factor->code = g_strdup (code);
  g_task_set_task_data (task, factor, (GDestroyNotify) factor_free);

  if (step != BW_TOTP_BEGIN &&
      !bw_sign_in_gate_try_code (self->gate, actor->account_id, g_get_monotonic_time (), &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  next = g_task_new (self, NULL, factor_changed_cb, g_object_ref (task));
  g_task_set_source_tag (next, bw_session_service_totp_async);
  g_task_set_task_data (next, factor, NULL);
  bw_store_push_write (self->store, next, jobs[step], (GDestroyNotify) g_bytes_unref);
}
