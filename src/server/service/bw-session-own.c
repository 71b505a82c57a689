/* bw-session-own.c: what somebody does about the own account: the name, the sessions
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-session-service-private.h"

#include <string.h>

#include "bw-audit-repo.h"
#include "bw-error.h"
#include "bw-json.h"
#include "bw-text.h"
#include "bw-user-repo.h"

typedef struct
{
  BwActor   *actor;
  char      *address;
  char      *broker_url;
  char      *id;            /* of a session */
  gint64     company_id;    /* whose user it is */
  char      *first_name;    /* (nullable): stays as it is */
  char      *last_name;
  GPtrArray *facts;
} Own;

static void
own_free (Own *own)
{
  bw_actor_unref (own->actor);
  g_free (own->address);
  g_free (own->broker_url);
  g_free (own->id);
  g_free (own->first_name);
  g_free (own->last_name);
  g_clear_pointer (&own->facts, g_ptr_array_unref);
  g_free (own);
}

static Own *
own_new (BwSessionService *self,
         const BwActor    *actor,
         const char       *address)
{
  Own *own = g_new0 (Own, 1);

  own->actor = bw_actor_ref ((BwActor *) actor);
  own->address = g_strdup (address);
  own->broker_url = g_strdup (self->broker_url);

  return own;
}

gboolean
bw_session_add_audit (BwStoreThread  *thread,
                      const BwActor  *actor,
                      const char     *address,
                      const char     *action,
                      GString        *before,
                      gint64         *ret_company,
                      GError        **error)
{
  g_autoptr(BwAccountRow) account = bw_account_repo_get (thread->db, actor->account_id, error);
  g_autoptr(GString) after = g_string_new (NULL);
  g_autofree char *object_id = g_strdup_printf ("%" G_GINT64_FORMAT, actor->account_id);
  g_autofree char *name = NULL;
  BwAuditRow entry = {
    .account_id = actor->account_id, .login = actor->login, .address = address,
    .action = action, .kind = "user", .object_id = object_id,
  };

  if (account == NULL || !bw_user_repo_write (thread->db, 0, actor->account_id, after, error))
    {
      if (error != NULL && *error == NULL)
        g_set_error_literal (error, BW_ERROR, BW_ERROR_UNAUTHENTICATED, "the account is gone");
      return FALSE;
    }

  name = bw_account_row_dup_name (account);
  entry.object = name;
  entry.company_id = actor->company_id != 0 ? actor->company_id : account->company_id;
  *ret_company = entry.company_id;
  entry.before = before != NULL ? before->str : NULL;
  entry.after = after->str;

  return bw_audit_repo_add (thread, &entry, error);
}

/* The name */

static GBytes *
rename (Own            *own,
        BwStoreThread  *thread,
        GError        **error)
{
  gint64 id = own->actor->account_id;
  g_autoptr(BwAccountRow) account = bw_account_repo_get (thread->db, id, error);
  g_autoptr(GString) before = g_string_new (NULL);

  if (account == NULL || !bw_user_repo_write (thread->db, 0, id, before, error))
    {
      if (error != NULL && *error == NULL)
        g_set_error_literal (error, BW_ERROR, BW_ERROR_UNAUTHENTICATED, "the account is gone");
      return NULL;
    }

  if (own->first_name != NULL)
    bw_set_str (&account->first_name, own->first_name);
  if (own->last_name != NULL)
    bw_set_str (&account->last_name, own->last_name);

  if (!bw_account_repo_set_names (thread, id, account->first_name, account->last_name, g_get_real_time (), error) ||
      !bw_session_add_audit (thread, own->actor, own->address, "edit", before, &own->company_id, error) ||
      (own->facts = bw_session_facts_read (thread->db, 0, 0, id, error)) == NULL)
    return NULL;

  return bw_session_document_make (thread->db, own->actor, own->broker_url, error);
}

static gpointer
rename_job (gpointer   owned_by_thread,
            gpointer   task_data,
            GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  g_autoptr(GBytes) document = NULL;

  if (!bw_store_begin (thread, error))
    return NULL;

  document = rename (task_data, thread, error);
  if (document != NULL && bw_store_commit (thread, error))
    return g_steal_pointer (&document);

  bw_store_rollback (thread);

  return NULL;
}

static void
renamed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  BwSessionService *self = BW_SESSION_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Own *own = g_task_get_task_data (task);
  GBytes *document = g_task_propagate_pointer (G_TASK (result), &error);

  if (document == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  bw_session_service_take_facts (self, own->facts);
  bw_session_service_tell (self, "user", own->company_id, own->actor->account_id);
  g_task_return_pointer (task, document, (GDestroyNotify) g_bytes_unref);
}

void
bw_session_service_rename_async (BwSessionService    *self,
                                 const BwActor       *actor,
                                 const char          *first_name,
                                 const char          *last_name,
                                 const char          *address,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  GTask *step;
  Own *own;

  g_return_if_fail (BW_IS_SESSION_SERVICE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_service_rename_async);

  own = own_new (self, actor, address);
  own->first_name = g_strdup (first_name);
  own->last_name = g_strdup (last_name);
  g_task_set_task_data (task, own, (GDestroyNotify) own_free);

  if (!bw_session_check_name (first_name, &error) || !bw_session_check_name (last_name, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  step = g_task_new (self, NULL, renamed_cb, g_object_ref (task));
  g_task_set_source_tag (step, bw_session_service_rename_async);
  g_task_set_task_data (step, own, NULL);
  bw_store_push_write (self->store, step, rename_job, (GDestroyNotify) g_bytes_unref);
}

/* The sessions */

static gpointer
list_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  const Own *own = task_data;

  return bw_session_repo_list_on (thread->db, 0, 0, own->actor->account_id, error);
}

static void
write_session (GString            *out,
               const BwSessionRow *row,
               gint64              last_used_us,
               gboolean            is_current)
{
  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "id", row->id);
  bw_json_add_string (out, "address", row->address);
  bw_json_add_string (out, "client", row->client);
  bw_json_add_int (out, "createdAt", row->created_at_us);
  bw_json_add_int (out, "lastUsedAt", last_used_us);
  bw_json_add_int (out, "expiresAt", row->expires_at_us);
  bw_json_add_boolean (out, "current", is_current);
  bw_json_end_object (out);
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  BwSessionService *self = BW_SESSION_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) rows = g_task_propagate_pointer (G_TASK (result), &error);
  const Own *own = g_task_get_task_data (task);
  g_autoptr(GString) out = g_string_sized_new (1024);

  if (rows == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  bw_json_begin_object (out, NULL);
  bw_json_begin_array (out, "items");
  for (guint i = rows->len; i > 0; i--)
    {
      const BwSessionRow *row = g_ptr_array_index (rows, i - 1);
      gint64 last_used_us = 0;

      /* a row that is over is swept soon */
      if (bw_session_service_find (self, row->id, &last_used_us))
        write_session (out, row, last_used_us, strcmp (row->id, own->actor->session_id) == 0);
    }
  bw_json_end_array (out);
  bw_json_end_object (out);

  g_task_return_pointer (task, g_string_free_to_bytes (g_steal_pointer (&out)), (GDestroyNotify) g_bytes_unref);
}

void
bw_session_service_list_async (BwSessionService    *self,
                               const BwActor       *actor,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  GTask *step;

  g_return_if_fail (BW_IS_SESSION_SERVICE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_service_list_async);
  g_task_set_task_data (task, own_new (self, actor, NULL), (GDestroyNotify) own_free);

  step = g_task_new (self, cancellable, listed_cb, g_object_ref (task));
  g_task_set_source_tag (step, bw_session_service_list_async);
  g_task_set_task_data (step, g_task_get_task_data (task), NULL);
  bw_store_push_read (self->store, step, list_job, (GDestroyNotify) g_ptr_array_unref);
}

static gboolean
end_session (Own            *own,
             BwStoreThread  *thread,
             GError        **error)
{
  g_autoptr(BwSessionRow) row = bw_session_repo_get (thread->db, own->id, error);
  BwAuditRow entry = {
    .account_id = own->actor->account_id, .login = own->actor->login, .address = own->address,
    .action = "sign-out", .kind = "session", .object_id = own->id, .company_id = own->actor->company_id,
  };

  if (row == NULL || row->account_id != own->actor->account_id)
    {
      if (error != NULL && *error == NULL)
        g_set_error_literal (error, BW_ERROR, BW_ERROR_NOT_FOUND, "you have no such session");
      return FALSE;
    }

  entry.object = row->client;

  return bw_session_repo_remove (thread, own->id, error) && bw_audit_repo_add (thread, &entry, error);
}

static gpointer
end_job (gpointer   owned_by_thread,
         gpointer   task_data,
         GError   **error)
{
  BwStoreThread *thread = owned_by_thread;

  if (!bw_store_begin (thread, error))
    return NULL;

  if (end_session (task_data, thread, error) && bw_store_commit (thread, error))
    return BW_STORE_DONE;

  bw_store_rollback (thread);

  return NULL;
}

static void
ended_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  BwSessionService *self = BW_SESSION_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  const Own *own = g_task_get_task_data (task);

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  bw_session_service_drop (self, own->id);
  g_task_return_boolean (task, TRUE);
}

void
bw_session_service_end_async (BwSessionService    *self,
                              const BwActor       *actor,
                              const char          *id,
                              const char          *address,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  GTask *step;
  Own *own;

  g_return_if_fail (BW_IS_SESSION_SERVICE (self));

  own = own_new (self, actor, address);
  own->id = g_strdup (id != NULL ? id : actor->session_id);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_service_end_async);
  g_task_set_task_data (task, own, (GDestroyNotify) own_free);

  /* who signs out is out, even when the database is away */
  if (strcmp (own->id, actor->session_id) == 0)
    bw_session_service_drop (self, own->id);

  step = g_task_new (self, NULL, ended_cb, g_object_ref (task));
  g_task_set_source_tag (step, bw_session_service_end_async);
  g_task_set_task_data (step, own, NULL);
  bw_store_push_write (self->store, step, end_job, NULL);
}

gboolean
bw_session_service_end_finish (BwSessionService  *self,
                               GAsyncResult      *result,
                               GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
