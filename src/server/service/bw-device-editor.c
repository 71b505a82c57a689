/* bw-device-editor.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-device-editor-private.h"

#include <string.h>

#include "bw-audit-repo.h"
#include "bw-device-key-repo.h"
#include "bw-device-repo.h"
#include "bw-error.h"
#include "bw-json.h"
#include "bw-throttle.h"

/* A person types a wrong ID now and then; nobody finds one of 80 random bits by trying, and trying is slow. */
#define FREE_CLAIMS 10

/* When the store could not take an old key away. */
#define EXPIRE_RETRY_S 5

/* Of what does not fit into a timer; it looks again then. */
#define MAX_SLEEP_S (24 * 3600)

/**
 * BwDeviceEditor:
 *
 * Everything that people change of one device beside letting it in: pairing, key, facts, company. A deed
 * is one transaction with its audit entry; then broker.db follows, then everybody is told. A new key is in the
 * answer, this once, and nowhere else. Main thread.
 */

struct _BwDeviceEditor
{
  GObject       parent_instance;

  BwStore      *store;
  BwFeed       *feed;
  BwAuthority  *authority;
  BwThrottle   *claims;
  GCancellable *cancellable;
  guint         expire_source;
};

G_DEFINE_FINAL_TYPE (BwDeviceEditor, bw_device_editor, G_TYPE_OBJECT)

static void schedule_expiry (BwDeviceEditor *self);

static const struct
{
  guint      permission;
  gboolean (*run) (BwDeviceChange  *change,
                   BwStoreThread   *thread,
                   GError         **error);
} deeds[] = {
  [BW_DEED_PAIR] = { BW_PERMISSION_MANAGE_DEVICES, bw_device_change_pair },
  [BW_DEED_UNPAIR] = { BW_PERMISSION_MANAGE_DEVICES, bw_device_change_unpair },
  [BW_DEED_CLAIM] = { BW_PERMISSION_NONE, bw_device_change_claim },
  [BW_DEED_RELEASE] = { BW_PERMISSION_NONE, bw_device_change_unpair },
  [BW_DEED_ROTATE] = { BW_PERMISSION_MANAGE_IDS, bw_device_change_rotate },
  [BW_DEED_EDIT] = { BW_PERMISSION_MANAGE_DEVICES, bw_device_change_edit },
  [BW_DEED_LIST_OWN] = { BW_PERMISSION_NONE, NULL },
};

static const char *const action_nicks[] = {
  [BW_DEED_PAIR] = "pair",
  [BW_DEED_UNPAIR] = "unpair",
  [BW_DEED_CLAIM] = "pair",
  [BW_DEED_RELEASE] = "unpair",
  [BW_DEED_ROTATE] = "rotate-key",
  [BW_DEED_EDIT] = "edit",
};

static void
change_free (BwDeviceChange *change)
{
  bw_authority_unref (change->authority);
  bw_actor_unref (change->actor);
  g_free (change->address);
  g_free (change->user);
  g_clear_pointer (&change->body, json_object_unref);
  g_clear_pointer (&change->row, bw_device_edit_row_free);
  if (change->before != NULL)
    g_string_free (change->before, TRUE);
  if (change->after != NULL)
    g_string_free (change->after, TRUE);
  g_clear_pointer (&change->answer, g_bytes_unref);
  g_free (change->document);
  g_clear_pointer (&change->withdrawn, g_ptr_array_unref);
  g_free (change);
}

/* Jobs */

static gboolean
load_row (BwDeviceChange  *change,
          BwStoreThread   *thread,
          GError         **error)
{
  g_autoptr(GError) local_error = NULL;

  change->row = bw_device_edit_repo_get (thread->db, change->id, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  /* who gives back what is his needs no reach */
  if (change->row != NULL &&
      (bw_authority_reaches (change->authority, change->actor->company_id, change->row->company_id) ||
       (change->deed == BW_DEED_RELEASE && change->row->owner_id == change->actor->account_id)))
    {
      change->company_before = change->row->company_id;
      return TRUE;
    }

  g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no device %s", change->id);

  return FALSE;
}

static gboolean
add_audit (const BwDeviceChange  *change,
           BwStoreThread         *thread,
           gint64                 company_id,
           GError               **error)
{
  BwAuditRow entry = {
    .account_id = change->actor->account_id, .login = change->actor->login, .address = change->address,
    .action = action_nicks[change->deed], .kind = "device", .object_id = change->id, .object = change->id,
    .company_id = company_id,
    .before = change->before != NULL ? change->before->str : NULL,
    .after = change->after != NULL ? change->after->str : NULL,
  };

  return bw_audit_repo_add (thread, &entry, error);
}

/* A device that moves is news in both companies. */
static gboolean
add_audits (const BwDeviceChange  *change,
            BwStoreThread         *thread,
            GError               **error)
{
  return add_audit (change, thread, change->company_before, error) &&
         (change->row->company_id == change->company_before ||
          add_audit (change, thread, change->row->company_id, error));
}

static gboolean
run_deed (BwDeviceChange  *change,
          BwStoreThread   *thread,
          GError         **error)
{
  g_autoptr(GString) document = NULL;

  if (!load_row (change, thread, error) || !deeds[change->deed].run (change, thread, error))
    return FALSE;

  if (change->preview)
    return TRUE;

  document = g_string_new (NULL);
  if (!add_audits (change, thread, error) ||
      !bw_device_repo_write_document (thread->db, change->id, FALSE, document, NULL, error))
    return FALSE;

  change->document = g_string_free (g_steal_pointer (&document), FALSE);

  return TRUE;
}

static gpointer
change_job (gpointer   owned_by_thread,
            gpointer   task_data,
            GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  BwDeviceChange *change = task_data;

  if (!bw_store_begin (thread, error))
    return NULL;

  if (run_deed (change, thread, error))
    {
      if (change->preview)
        {
          bw_store_rollback (thread);
          return BW_STORE_DONE;
        }

      if (bw_store_commit (thread, error))
        return BW_STORE_DONE;
    }

  bw_store_rollback (thread);

  return NULL;
}

static gpointer
list_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  BwDeviceChange *change = task_data;
  g_autoptr(GString) out = g_string_new (NULL);

  if (!bw_device_edit_repo_write_owned (thread->db, change->actor->account_id, out, error))
    return NULL;

  change->answer = g_string_free_to_bytes (g_steal_pointer (&out));

  return BW_STORE_DONE;
}

typedef struct
{
  char   *id;
  gint64  number;

  char   *document;    /* (nullable): it is another now */
  gint64  company_id;
} Use;

static void
use_free (Use *use)
{
  g_free (use->id);
  g_free (use->document);
  g_free (use);
}

static gboolean
confirm_key (BwStoreThread  *thread,
             Use            *use,
             GError        **error)
{
  g_autoptr(GString) document = g_string_new (NULL);
  gboolean changed = FALSE;

  if (!bw_device_key_repo_confirm (thread, use->id, use->number, &changed, error) ||
      (changed && !bw_device_repo_write_document (thread->db, use->id, FALSE, document, &use->company_id, error)))
    return FALSE;

  if (changed)
    use->document = g_string_free (g_steal_pointer (&document), FALSE);

  return TRUE;
}

static gpointer
use_job (gpointer   owned_by_thread,
         gpointer   task_data,
         GError   **error)
{
  BwStoreThread *thread = owned_by_thread;

  if (!bw_store_begin (thread, error))
    return NULL;

  if (confirm_key (thread, task_data, error) && bw_store_commit (thread, error))
    return BW_STORE_DONE;

  bw_store_rollback (thread);

  return NULL;
}

/* Old keys whose time is over; the time when the next one's is, in @task_data. */
static gpointer
expire_job (gpointer   owned_by_thread,
            gpointer   task_data,
            GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  gint64 *next_us = task_data;
  g_autoptr(GPtrArray) ids = NULL;

  if (!bw_store_begin (thread, error))
    return NULL;

  ids = bw_device_key_repo_expire (thread, g_get_real_time (), error);
  if (ids != NULL && bw_device_key_repo_next_end (thread->db, next_us, error) && bw_store_commit (thread, error))
    return BW_STORE_DONE;

  bw_store_rollback (thread);

  return NULL;
}

/* Main context */

static gboolean
expire_cb (gpointer user_data)
{
  BwDeviceEditor *self = user_data;

  self->expire_source = 0;
  schedule_expiry (self);

  return G_SOURCE_REMOVE;
}

static void
expired_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  BwDeviceEditor *self = BW_DEVICE_EDITOR (source);
  const gint64 *next_us = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;
  guint seconds = 0;

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
      g_warning ("Old keys of devices could not be taken away: %s, trying again", error->message);
      seconds = EXPIRE_RETRY_S;
    }
  else if (*next_us != 0)
    seconds = (guint) CLAMP ((*next_us - g_get_real_time ()) / G_USEC_PER_SEC + 1, 1, MAX_SLEEP_S);

  g_clear_handle_id (&self->expire_source, g_source_remove);
  if (seconds > 0)
    self->expire_source = g_timeout_add_seconds (seconds, expire_cb, self);
}

static void
schedule_expiry (BwDeviceEditor *self)
{
  GTask *task = g_task_new (self, self->cancellable, expired_cb, NULL);

  g_task_set_source_tag (task, schedule_expiry);
  g_task_set_task_data (task, g_new0 (gint64, 1), g_free);
  bw_store_push_write (self->store, task, expire_job, NULL);
}

void
bw_device_editor_start (BwDeviceEditor *self)
{
  g_return_if_fail (BW_IS_DEVICE_EDITOR (self));

  schedule_expiry (self);
}

static void
use_done_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  BwDeviceEditor *self = BW_DEVICE_EDITOR (source);
  Use *use = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    g_debug ("That %s has come with its new key: %s, it is said again when it comes again", use->id, error->message);
  else if (use->document != NULL)
    bw_feed_changed (self->feed, "device", use->company_id, use->document);
}

void
bw_device_editor_key_used (BwDeviceEditor *self,
                           const char     *device_id,
                           gint64          number)
{
  GTask *task;
  Use *use;

  g_return_if_fail (BW_IS_DEVICE_EDITOR (self));

  use = g_new0 (Use, 1);
  use->id = g_strdup (device_id);
  use->number = number;
  task = g_task_new (self, self->cancellable, use_done_cb, NULL);
  g_task_set_source_tag (task, bw_device_editor_key_used);
  g_task_set_task_data (task, use, (GDestroyNotify) use_free);
  bw_store_push_write (self->store, task, use_job, NULL);
}

static void
tell (BwDeviceEditor       *self,
      const BwDeviceChange *change)
{
  gint64 company_id = change->row->company_id;

  /* who sees only the company that it has left sees it go */
  if (company_id != change->company_before)
    {
      g_autoptr(GString) hint = g_string_new (NULL);

      bw_json_begin_object (hint, NULL);
      bw_json_add_string (hint, "id", change->id);
      bw_json_add_boolean (hint, "removed", TRUE);
      bw_json_end_object (hint);
      bw_feed_changed (self->feed, "device", change->company_before, hint->str);
    }

  bw_feed_changed (self->feed, "device", company_id, change->document);
  for (guint i = 0; change->withdrawn != NULL && i < change->withdrawn->len; i++)
    bw_feed_changed (self->feed, "desired", company_id, g_ptr_array_index (change->withdrawn, i));
}

static void
run_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  BwDeviceEditor *self = BW_DEVICE_EDITOR (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  BwDeviceChange *change = g_task_get_task_data (task);

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (change->document != NULL)
    tell (self, change);
  if (change->key_changed)
    schedule_expiry (self);
  if (change->deed == BW_DEED_CLAIM)
    {
      g_autofree char *network = bw_throttle_dup_network (change->address);

      bw_throttle_take_back (self->claims, change->actor->session_id);
      bw_throttle_take_back (self->claims, network);
    }

  if (change->answer == NULL)
    change->answer = g_bytes_new (change->document, strlen (change->document));
  g_task_return_pointer (task, g_bytes_ref (change->answer), (GDestroyNotify) g_bytes_unref);
}

/* Who tries IDs has to be slow, whichever way he comes. */
static gboolean
may_claim (BwDeviceEditor  *self,
           const BwActor   *actor,
           const char      *address,
           GError         **error)
{
  g_autofree char *network = bw_throttle_dup_network (address);
  gint64 now_us = g_get_real_time ();

  if (actor->company_id == 0)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_FORBIDDEN, "you have no role in any company now");
      return FALSE;
    }

  return bw_throttle_attempt (self->claims, actor->session_id, now_us, error) &&
         bw_throttle_attempt (self->claims, network, now_us, error);
}

static gboolean
check_wish (BwDeviceEditor      *self,
            const BwActor       *actor,
            const char          *address,
            const BwDeviceWish  *wish,
            char                 ret_id[BW_DEVICE_ID_SIZE],
            GError             **error)
{
  if (!bw_actor_check (actor, deeds[wish->deed].permission, error))
    return FALSE;

  if (wish->deed == BW_DEED_CLAIM && !may_claim (self, actor, address, error))
    return FALSE;

  if (wish->deed != BW_DEED_LIST_OWN && !bw_device_id_parse (wish->id, strlen (wish->id), ret_id))
    g_set_error_literal (error, BW_ERROR, BW_ERROR_NOT_FOUND, "this is no device id");
  else if (wish->grace_s < 0 || wish->grace_s > BW_DEVICE_MAX_GRACE_SECONDS)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the old key is good for 0 to %d seconds more",
                 BW_DEVICE_MAX_GRACE_SECONDS);
  else
    return TRUE;

  return FALSE;
}

/* The worker's alone: json-glib's counts of references are not for two threads. */
static JsonObject *
copy_body (JsonObject *body)
{
  JsonObject *copy;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (body == NULL)
    return NULL;

  copy = json_object_new ();
  json_object_iter_init (&iter, body);
  while (json_object_iter_next (&iter, &name, &node))
    json_object_set_member (copy, name, json_node_copy (node));

  return copy;
}

void
bw_device_editor_run_async (BwDeviceEditor      *self,
                            const BwActor       *actor,
                            const char          *address,
                            const BwDeviceWish  *wish,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  BwDeviceChange *change;
  GTask *step;

  g_return_if_fail (BW_IS_DEVICE_EDITOR (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_device_editor_run_async);

  change = g_new0 (BwDeviceChange, 1);
  change->deed = wish->deed;
  change->authority = bw_authority_ref (self->authority);
  change->actor = bw_actor_ref ((BwActor *) actor);
  change->address = g_strdup (address);
  change->user = g_strdup (wish->user);
  change->user_id = wish->user_id;
  change->grace_s = wish->grace_s;
  change->body = copy_body (wish->body);
  change->preview = wish->preview;
  g_task_set_task_data (task, change, (GDestroyNotify) change_free);

  if (!check_wish (self, actor, address, wish, change->id, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  step = g_task_new (self, NULL, run_cb, g_object_ref (task));
  g_task_set_source_tag (step, bw_device_editor_run_async);
  g_task_set_task_data (step, change, NULL);
  if (wish->deed == BW_DEED_LIST_OWN)
    bw_store_push_read (self->store, step, list_job, NULL);
  else
    bw_store_push_write (self->store, step, change_job, NULL);
}

GBytes *
bw_device_editor_run_finish (BwDeviceEditor  *self,
                             GAsyncResult    *result,
                             GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
bw_device_editor_dispose (GObject *object)
{
  BwDeviceEditor *self = (BwDeviceEditor *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->expire_source, g_source_remove);
  g_clear_object (&self->store);
  g_clear_object (&self->feed);

  G_OBJECT_CLASS (bw_device_editor_parent_class)->dispose (object);
}

static void
bw_device_editor_finalize (GObject *object)
{
  BwDeviceEditor *self = (BwDeviceEditor *) object;

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->authority, bw_authority_unref);
  g_clear_pointer (&self->claims, bw_throttle_free);

  G_OBJECT_CLASS (bw_device_editor_parent_class)->finalize (object);
}

static void
bw_device_editor_class_init (BwDeviceEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_device_editor_dispose;
  object_class->finalize = bw_device_editor_finalize;
}

static void
bw_device_editor_init (BwDeviceEditor *self)
{
  self->cancellable = g_cancellable_new ();
  self->claims = bw_throttle_new (FREE_CLAIMS);
}

BwDeviceEditor *
bw_device_editor_new (BwStore     *store,
                      BwFeed      *feed,
                      BwAuthority *authority)
{
  BwDeviceEditor *self;

  g_return_val_if_fail (BW_IS_STORE (store), NULL);
  g_return_val_if_fail (BW_IS_FEED (feed), NULL);

  self = g_object_new (BW_TYPE_DEVICE_EDITOR, NULL);
  self->store = g_object_ref (store);
  self->feed = g_object_ref (feed);
  self->authority = bw_authority_ref (authority);

  return self;
}
