/* bw-people-service.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-people-private.h"

#include <string.h>

#include "bw-audit-repo.h"
#include "bw-error.h"
#include "bw-invitation-mail.h"
#include "bw-json.h"
#include "bw-people-rules.h"

#define EXPIRE_S 600

/**
 * BwPeopleService:
 *
 * Companies, users, participations, roles and tags: what there is to see of
 * them (bw-people-look.c), and the one way in which they change
 * (bw-people-change.c). What a change has made of rights reaches live sessions before its answer does. Main thread.
 */

G_DEFINE_FINAL_TYPE (BwPeopleService, bw_people_service, G_TYPE_OBJECT)

static void
bw_people_service_dispose (GObject *object)
{
  BwPeopleService *self = (BwPeopleService *) object;

  g_clear_handle_id (&self->expire_id, g_source_remove);
  g_clear_object (&self->store);
  g_clear_object (&self->feed);
  g_clear_object (&self->sessions);
  g_clear_object (&self->mailer);
  g_clear_pointer (&self->public_url, g_free);
  g_clear_pointer (&self->authority, bw_authority_unref);

  G_OBJECT_CLASS (bw_people_service_parent_class)->dispose (object);
}

static void
bw_people_service_class_init (BwPeopleServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_people_service_dispose;
}

static void
bw_people_service_init (BwPeopleService *self)
{
}

/* Who may see it asks for it: documents differ with who looks. */
void
bw_people_service_tell (BwPeopleService *self,
                        const char      *kind,
                        gint64           company_id,
                        gint64           id,
                        gboolean         removed)
{
  g_autoptr(GString) hint = g_string_new (NULL);

  bw_json_begin_object (hint, NULL);
  bw_json_add_id (hint, "id", id);
  if (removed)
    bw_json_add_boolean (hint, "removed", TRUE);
  bw_json_end_object (hint);

  bw_feed_changed (self->feed, kind, company_id, hint->str);
}

static void
own_changed_cb (BwPeopleService *self,
                const char      *kind,
                gint64           company_id,
                gint64           id)
{
  bw_people_service_tell (self, kind, company_id, id, FALSE);
}

BwPeopleService *
bw_people_service_new (BwStore          *store,
                       BwFeed           *feed,
                       BwAuthority      *authority,
                       BwSessionService *sessions)
{
  BwPeopleService *self;

  g_return_val_if_fail (BW_IS_STORE (store), NULL);
  g_return_val_if_fail (BW_IS_SESSION_SERVICE (sessions), NULL);

  self = g_object_new (BW_TYPE_PEOPLE_SERVICE, NULL);
  self->store = g_object_ref (store);
  self->feed = g_object_ref (feed);
  self->authority = bw_authority_ref (authority);
  self->sessions = g_object_ref (sessions);
  g_signal_connect_object (sessions, "changed", G_CALLBACK (own_changed_cb), self, G_CONNECT_SWAPPED);

  return self;
}

void
bw_people_service_set_mailer (BwPeopleService *self,
                              BwMailer        *mailer,
                              const char      *public_url)
{
  g_return_if_fail (BW_IS_PEOPLE_SERVICE (self));

  g_set_object (&self->mailer, mailer);
  g_free (self->public_url);
  self->public_url = g_strdup (public_url);
}

const char * const *
bw_people_get_members (BwKind         kind,
                       BwChangeAction action)
{
  const BwPeopleKind *known = bw_people_kind_get (kind);

  return action == BW_CHANGE_CREATE ? known->create_members : known->edit_members;
}

/* Changing */

GBytes *
bw_people_service_make_invitation (BwPeopleService *self,
                                   const char      *email,
                                   const char      *name,
                                   const char      *inviter,
                                   const char      *code,
                                   gint64           ends_us)
{
  GString *out = g_string_new (NULL);

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "code", code);
  bw_json_add_int (out, "expiresAt", ends_us);
  bw_json_add_boolean (out, "sent", bw_invitation_mail_send (self->mailer, self->public_url, email, name, inviter,
                                                             code, ends_us));
  bw_json_end_object (out);

  return g_string_free_to_bytes (out);
}

/* The code goes to who asked, and into no log. @answer: (transfer full) */
static GBytes *
add_invitation (BwPeopleService *self,
                GBytes          *answer,
                const BwChange  *change)
{
  g_autoptr(GBytes) document = answer;
  g_autoptr(GBytes) invitation =
    bw_people_service_make_invitation (self, change->secret_email, change->object_name, change->actor->login,
                                       change->secret, change->secret_ends_us);
  GString *out = g_string_new_len (g_bytes_get_data (document, NULL), (gssize) g_bytes_get_size (document) - 1);

  g_string_append (out, ",\"invitation\":");
  g_string_append_len (out, g_bytes_get_data (invitation, NULL), (gssize) g_bytes_get_size (invitation));
  g_string_append_c (out, '}');

  return g_string_free_to_bytes (out);
}

static void
tell_device_gone (BwPeopleService *self,
                  const BwChange  *change)
{
  g_autoptr(GString) hint = g_string_new (NULL);

  bw_json_begin_object (hint, NULL);
  bw_json_add_string (hint, "id", change->object_id);
  bw_json_add_boolean (hint, "removed", TRUE);
  bw_json_end_object (hint);

  bw_feed_changed (self->feed, "device", change->company_id, hint->str);
}

static void
changed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  BwPeopleService *self = BW_PEOPLE_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GBytes *answer = g_task_propagate_pointer (G_TASK (result), &error);
  BwChange *change = g_task_get_task_data (task);

  if (answer == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (!change->preview)
    {
      if (change->facts != NULL)
        bw_session_service_take_facts (self->sessions, change->facts);
      if (change->ended_account != 0)
        bw_session_service_forget_account (self->sessions, change->ended_account);

      if (change->request_made != 0)
        bw_people_service_tell (self, "request", change->company_id, change->request_made, FALSE);
      else if (change->object_id != NULL)
        tell_device_gone (self, change);
      else
        bw_people_service_tell (self, change->kind->nick, change->company_id, change->id, change->action == BW_CHANGE_DELETE);
      if (change->kind == &bw_participation_kind && change->request_made == 0)
        bw_people_service_tell (self, "user", change->company_id, change->about_id, FALSE);
      if (change->request_id != 0)
        bw_people_service_tell (self, "request", change->company_id, change->request_id, FALSE);
    }

  if (change->secret != NULL && !change->preview)
    answer = add_invitation (self, answer, change);

  g_task_return_pointer (task, answer, (GDestroyNotify) g_bytes_unref);
}

/* The worker's alone: the counts of references that json-glib keeps are not for two threads. */
static JsonObject *
copy_body (JsonObject *body)
{
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (body == NULL)
    return copy;

  json_object_iter_init (&iter, body);
  while (json_object_iter_next (&iter, &name, &node))
    json_object_set_member (copy, name, json_node_copy (node));

  return copy;
}

static BwChange *
change_new (BwPeopleService *self,
            const BwActor   *actor,
            const char      *address)
{
  BwChange *change = g_new0 (BwChange, 1);

  change->authority = bw_authority_ref (self->authority);
  change->actor = bw_actor_ref ((BwActor *) actor);
  change->address = g_strdup (address);

  return change;
}

static void
push_change (BwPeopleService *self,
             GTask           *task,
             BwWorkerFunc     job)
{
  GTask *step = g_task_new (self, NULL, changed_cb, g_object_ref (task));

  g_task_set_source_tag (step, push_change);
  g_task_set_task_data (step, g_task_get_task_data (task), NULL);
  bw_store_push_write (self->store, step, job, (GDestroyNotify) g_bytes_unref);
}

void
bw_people_service_change_async (BwPeopleService     *self,
                                const BwActor       *actor,
                                const BwChangeWish  *wish,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  BwChange *change;

  g_return_if_fail (BW_IS_PEOPLE_SERVICE (self));

  change = change_new (self, actor, wish->address);
  change->kind = bw_people_kind_get (wish->kind);
  change->action = wish->action;
  change->body = copy_body (wish->body);
  change->revision = wish->revision;
  change->comment = g_strdup (wish->comment);
  change->preview = wish->preview;

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_people_service_change_async);
  g_task_set_task_data (task, change, (GDestroyNotify) bw_change_free);

  if (wish->comment != NULL && strlen (wish->comment) > BW_PEOPLE_MAX_COMMENT_BYTES)
    {
      g_task_return_new_error (task, BW_ERROR, BW_ERROR_INVALID, "the comment is longer than %d bytes",
                               BW_PEOPLE_MAX_COMMENT_BYTES);
      return;
    }

  if (wish->kind == BW_KIND_DEVICE)
    change->object_id = g_strdup (wish->id);
  else if (wish->action != BW_CHANGE_CREATE)
    {
      change->id = bw_people_parse_id (change->kind->title, wish->id, &error);
      if (change->id == 0)
        {
          g_task_return_error (task, g_steal_pointer (&error));
          return;
        }
    }

  push_change (self, task, bw_change_job);
}

void
bw_people_service_accept_async (BwPeopleService     *self,
                                const BwActor       *actor,
                                const char          *id,
                                const char          *address,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  BwChange *change;

  g_return_if_fail (BW_IS_PEOPLE_SERVICE (self));

  change = change_new (self, actor, address);
  change->body = json_object_new ();
  change->request_id = bw_people_parse_id ("request", id, &error);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_people_service_accept_async);
  g_task_set_task_data (task, change, (GDestroyNotify) bw_change_free);

  if (change->request_id == 0)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    push_change (self, task, bw_change_accept_job);
}

GBytes *
bw_people_service_change_finish (BwPeopleService  *self,
                                 GAsyncResult     *result,
                                 BwChangeOutcome  *ret_outcome,
                                 GError          **error)
{
  const BwChange *change;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  change = g_task_get_task_data (G_TASK (result));
  *ret_outcome = change->preview ? BW_CHANGE_PREVIEWED
               : change->request_made != 0 ? BW_CHANGE_PARKED : BW_CHANGE_DONE;

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Requests that come to nothing */

typedef struct
{
  BwAuthority    *authority;
  BwActor        *actor;
  char           *address;
  gint64          id;
  BwRequestState  state;
  char           *reason;
  gint64          company_id;
} Ending;

static void
ending_free (Ending *ending)
{
  bw_authority_unref (ending->authority);
  bw_actor_unref (ending->actor);
  g_free (ending->address);
  g_free (ending->reason);
  g_free (ending);
}

static gboolean
may_end (Ending              *ending,
         const BwRequestRow  *row,
         GError             **error)
{
  BwRequestQuery who = { 0, };
  gboolean stands_above = ending->actor->company_id != row->company_id &&
                          bw_authority_reaches (ending->authority, ending->actor->company_id, row->company_id);

  bw_people_fill_who (&who, ending->actor);
  if (row->state != BW_REQUEST_PENDING)
    g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "this request is %s already", bw_request_state_to_nick (row->state));
  else if (ending->state == BW_REQUEST_WITHDRAWN && row->requester_id != who.account_id)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_FORBIDDEN, "only who asked can withdraw a request");
  else if (ending->state == BW_REQUEST_REJECTED && !bw_request_may_decide (row, &who, stands_above))
    g_set_error_literal (error, BW_ERROR, BW_ERROR_FORBIDDEN, "this request is not yours to decide");
  else
    return TRUE;

  return FALSE;
}

static GBytes *
end_request (BwStoreThread  *thread,
             Ending         *ending,
             GError        **error)
{
  g_autoptr(BwRequestRow) row = bw_request_repo_get (thread->db, ending->id, error);
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, ending->id);
  g_autoptr(GString) out = g_string_new (NULL);
  BwRequestQuery who = { 0, };
  BwAuditRow entry = {
    .account_id = ending->actor->account_id, .login = ending->actor->login, .address = ending->address,
    .action = ending->state == BW_REQUEST_WITHDRAWN ? "withdraw" : "reject", .kind = "request", .object_id = id,
  };
  gboolean done = FALSE;

  bw_people_fill_who (&who, ending->actor);
  /* one that he may not see does not exist for him */
  if (!bw_request_repo_write (thread->db, &who, ending->id, out, error) || row == NULL || !may_end (ending, row, error))
    return NULL;

  entry.object = row->object;
  entry.company_id = ending->company_id = row->company_id;
  g_string_truncate (out, 0);
  if (!bw_request_repo_end (thread, row->id, ending->state, ending->actor->login, ending->reason, g_get_real_time (),
                            &done, error) ||
      !bw_audit_repo_add (thread, &entry, error) ||
      !bw_request_repo_write (thread->db, &who, row->id, out, error))
    return NULL;

  return g_string_free_to_bytes (g_steal_pointer (&out));
}

static gpointer
end_job (gpointer   owned_by_thread,
         gpointer   task_data,
         GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  g_autoptr(GBytes) document = NULL;

  if (!bw_store_begin (thread, error))
    return NULL;

  document = end_request (thread, task_data, error);
  if (document != NULL && bw_store_commit (thread, error))
    return g_steal_pointer (&document);

  bw_store_rollback (thread);

  return NULL;
}

static void
ended_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  BwPeopleService *self = BW_PEOPLE_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GBytes *document = g_task_propagate_pointer (G_TASK (result), &error);
  const Ending *ending = g_task_get_task_data (task);

  if (document == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  bw_people_service_tell (self, "request", ending->company_id, ending->id, FALSE);
  g_task_return_pointer (task, document, (GDestroyNotify) g_bytes_unref);
}

void
bw_people_service_end_request_async (BwPeopleService     *self,
                                     const BwActor       *actor,
                                     const char          *id,
                                     BwRequestState       state,
                                     const char          *reason,
                                     const char          *address,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  Ending *ending = g_new0 (Ending, 1);
  GTask *step;

  ending->authority = bw_authority_ref (self->authority);
  ending->actor = bw_actor_ref ((BwActor *) actor);
  ending->address = g_strdup (address);
  ending->state = state;
  ending->reason = g_strdup (reason);
  ending->id = bw_people_parse_id ("request", id, &error);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_people_service_end_request_async);
  g_task_set_task_data (task, ending, (GDestroyNotify) ending_free);

  if (ending->id != 0 && reason != NULL && strlen (reason) > BW_PEOPLE_MAX_COMMENT_BYTES)
    g_set_error (&error, BW_ERROR, BW_ERROR_INVALID, "the reason is longer than %d bytes", BW_PEOPLE_MAX_COMMENT_BYTES);

  if (error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  step = g_task_new (self, NULL, ended_cb, g_object_ref (task));
  g_task_set_source_tag (step, bw_people_service_end_request_async);
  g_task_set_task_data (step, ending, NULL);
  bw_store_push_write (self->store, step, end_job, (GDestroyNotify) g_bytes_unref);
}

/* Requests whose time is over */

static gpointer
expire_job (gpointer   owned_by_thread,
            gpointer   task_data,
            GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!bw_store_begin (thread, error))
    return NULL;

  if (bw_request_repo_expire (thread, g_get_real_time (), ids, error) && bw_store_commit (thread, error))
    return g_steal_pointer (&ids);

  bw_store_rollback (thread);

  return NULL;
}

static void
expired_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) ids = g_task_propagate_pointer (G_TASK (result), &error);

  if (ids == NULL)
    g_debug ("Letting requests expire: %s, trying again later", error->message);
}

static gboolean
expire_cb (gpointer user_data)
{
  BwPeopleService *self = user_data;
  GTask *task = g_task_new (self, NULL, expired_cb, NULL);

  g_task_set_source_tag (task, expire_cb);
  bw_store_push_write (self->store, task, expire_job, (GDestroyNotify) g_array_unref);

  return G_SOURCE_CONTINUE;
}

void
bw_people_service_start (BwPeopleService *self)
{
  g_return_if_fail (BW_IS_PEOPLE_SERVICE (self));

  expire_cb (self);
  self->expire_id = g_timeout_add_seconds (EXPIRE_S, expire_cb, self);
}
