/* bw-device-service.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-device-service.h"

#include <string.h>

#include "bw-audit-repo.h"
#include "bw-device-id.h"
#include "bw-error.h"
#include "bw-json.h"

/**
 * BwDeviceService:
 *
 * Lists, documents and the four decisions about a device. A decision is
 * committed, then the broker's database follows, then everybody is told; a
 * live device is sent away or comes back through the broker's plugin.
 */

struct _BwDeviceService
{
  GObject  parent_instance;

  BwStore *store;
  BwFeed  *feed;
};

G_DEFINE_FINAL_TYPE (BwDeviceService, bw_device_service, G_TYPE_OBJECT)

static const char *const action_nicks[] = {
  [BW_ACTION_APPROVE] = "approve",
  [BW_ACTION_UNAPPROVE] = "unapprove",
  [BW_ACTION_BLOCK] = "block",
  [BW_ACTION_UNBLOCK] = "unblock",
};

gboolean
bw_action_from_nick (const char *nick,
                     BwAction   *ret_action)
{
  for (gsize i = 0; i < G_N_ELEMENTS (action_nicks); i++)
    {
      if (g_strcmp0 (nick, action_nicks[i]) == 0)
        {
          *ret_action = (BwAction) i;
          return TRUE;
        }
    }

  return FALSE;
}

static const char *
decide_approve (BwStatus  status,
                BwStatus *ret_status)
{
  switch (status)
    {
    case BW_STATUS_AWAITING_APPROVAL:
      *ret_status = BW_STATUS_PAIRING;
      return NULL;

    case BW_STATUS_PAIRING:
    case BW_STATUS_PAIRED:
      return "it is approved already";

    case BW_STATUS_BLOCKED:
      return "it is blocked; unblock it first";

    case BW_STATUS_RETIRED:
      return "it is retired";

    case BW_STATUS_NEW:
    case BW_STATUS_LABELLED:
    case BW_STATUS_FLASHED:
    default:
      return "it has never connected";
    }
}

const char *
bw_action_decide (BwAction  action,
                  BwStatus  status,
                  BwStatus  before_block,
                  BwStatus *ret_status)
{
  switch (action)
    {
    case BW_ACTION_APPROVE:
      return decide_approve (status, ret_status);

    case BW_ACTION_UNAPPROVE:
      if (!bw_status_is_approved (status))
        return "it is not approved";
      *ret_status = BW_STATUS_AWAITING_APPROVAL;
      return NULL;

    case BW_ACTION_BLOCK:
      if (status == BW_STATUS_BLOCKED)
        return "it is blocked already";
      if (status == BW_STATUS_RETIRED)
        return "it is retired";
      *ret_status = BW_STATUS_BLOCKED;
      return NULL;

    case BW_ACTION_UNBLOCK:
    default:
      if (status != BW_STATUS_BLOCKED)
        return "it is not blocked";
      *ret_status = before_block;
      return NULL;
    }
}

/* Jobs */

typedef struct
{
  BwActor       *actor;
  char          *address;
  gint64         company_id;
  BwDeviceQuery  query;
  char          *id;
  BwAction       action;
  char         **ids;

  /* what an action did */
  GPtrArray     *changed;           /* documents, to be told */
  GArray        *changed_companies; /* gint64 each */
} Job;

static void
job_free (Job *job)
{
  bw_actor_unref (job->actor);
  g_free (job->address);
  g_clear_pointer (&job->query.filter, bw_device_filter_unref);
  g_free ((char *) job->query.sort);
  g_free (job->id);
  g_strfreev (job->ids);
  g_clear_pointer (&job->changed, g_ptr_array_unref);
  g_clear_pointer (&job->changed_companies, g_array_unref);
  g_free (job);
}

static gpointer
list_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  const Job *job = task_data;
  g_autoptr(GString) out = g_string_sized_new (32 * 1024);

  if (!bw_device_repo_list (thread->db, &job->query, out, error))
    return NULL;

  return g_string_free_to_bytes (g_steal_pointer (&out));
}

static gpointer
values_job (gpointer   owned_by_thread,
            gpointer   task_data,
            GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  const Job *job = task_data;
  g_autoptr(GString) out = g_string_sized_new (8 * 1024);

  if (!bw_device_repo_write_values (thread->db, &job->query, job->id, out, error))
    return NULL;

  return g_string_free_to_bytes (g_steal_pointer (&out));
}

static gpointer
get_job (gpointer   owned_by_thread,
         gpointer   task_data,
         GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  const Job *job = task_data;
  g_autoptr(GString) out = g_string_sized_new (8 * 1024);
  gint64 company_id = 0;
  gboolean in_reach = FALSE;

  if (!bw_device_repo_write_document (thread->db, job->id, TRUE, out, &company_id, error) ||
      !bw_device_repo_is_in_reach (thread->db, job->company_id, company_id, &in_reach, error))
    return NULL;

  if (!in_reach)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no device %s", job->id);
      return NULL;
    }

  return g_string_free_to_bytes (g_steal_pointer (&out));
}

static char *
write_status (BwStatus status)
{
  GString *out = g_string_new (NULL);

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "status", bw_status_to_nick (status));
  bw_json_end_object (out);

  return g_string_free (out, FALSE);
}

static gboolean
add_audit (BwStoreThread  *thread,
           const Job      *job,
           const char     *id,
           gint64          company_id,
           BwStatus        before,
           BwStatus        after,
           GError        **error)
{
  g_autofree char *was = write_status (before);
  g_autofree char *is = write_status (after);
  BwAuditRow entry = {
    .account_id = job->actor->account_id, .login = job->actor->login, .address = job->address,
    .action = action_nicks[job->action], .kind = "device", .object_id = id, .object = id,
    .company_id = company_id, .before = was, .after = is,
  };

  return bw_audit_repo_add (thread, &entry, error);
}

/* @ret_reason: why nothing happened; NULL: it did */
static gboolean
act_on_one (BwStoreThread  *thread,
            Job            *job,
            const char     *id,
            const char    **ret_reason,
            GError        **error)
{
  g_autoptr(GString) document = NULL;
  BwStatus status = BW_STATUS_NEW;
  BwStatus before_block = BW_STATUS_NEW;
  BwStatus next = BW_STATUS_NEW;
  gint64 company_id = 0;
  gboolean found = FALSE;
  gboolean in_reach = FALSE;
  gboolean approves;

  if (!bw_device_repo_get_status (thread->db, id, &found, &company_id, &status, &before_block, error) ||
      (found && !bw_device_repo_is_in_reach (thread->db, job->company_id, company_id, &in_reach, error)))
    return FALSE;

  *ret_reason = in_reach ? bw_action_decide (job->action, status, before_block, &next)
                         : "there is no such device";
  if (*ret_reason != NULL)
    return TRUE;

  approves = job->action == BW_ACTION_APPROVE;
  document = g_string_sized_new (512);
  if (!bw_device_repo_set_status (thread, id, next, status,
                                  approves ? g_get_real_time () : 0, approves ? job->actor->login : NULL, error) ||
      !add_audit (thread, job, id, company_id, status, next, error) ||
      !bw_device_repo_write_document (thread->db, id, FALSE, document, NULL, error))
    return FALSE;

  g_ptr_array_add (job->changed, g_string_free (g_steal_pointer (&document), FALSE));
  g_array_append_val (job->changed_companies, company_id);

  return TRUE;
}

static gboolean
act_on_all (BwStoreThread  *thread,
            Job            *job,
            GString        *out,
            GError        **error)
{
  bw_json_begin_object (out, NULL);
  bw_json_begin_array (out, "results");

  for (guint i = 0; job->ids[i] != NULL; i++)
    {
      char id[BW_DEVICE_ID_SIZE];
      const char *reason = "this is no device id";
      gboolean is_id = bw_device_id_parse (job->ids[i], strlen (job->ids[i]), id);

      if (is_id && !act_on_one (thread, job, id, &reason, error))
        return FALSE;

      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "id", is_id ? id : job->ids[i]);
      bw_json_add_string (out, "reason", reason);
      bw_json_end_object (out);
    }

  bw_json_end_array (out);
  bw_json_end_object (out);

  return TRUE;
}

static gpointer
act_job (gpointer   owned_by_thread,
         gpointer   task_data,
         GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  Job *job = task_data;
  g_autoptr(GString) out = g_string_sized_new (4096);

  if (!bw_store_begin (thread, error))
    return NULL;

  if (act_on_all (thread, job, out, error) && bw_store_commit (thread, error))
    return g_string_free_to_bytes (g_steal_pointer (&out));

  bw_store_rollback (thread);

  return NULL;
}

/* Main context */

static void
bw_device_service_dispose (GObject *object)
{
  BwDeviceService *self = (BwDeviceService *) object;

  g_clear_object (&self->store);
  g_clear_object (&self->feed);

  G_OBJECT_CLASS (bw_device_service_parent_class)->dispose (object);
}

static void
bw_device_service_class_init (BwDeviceServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_device_service_dispose;
}

static void
bw_device_service_init (BwDeviceService *self)
{
}

BwDeviceService *
bw_device_service_new (BwStore *store,
                       BwFeed  *feed)
{
  BwDeviceService *self;

  g_return_val_if_fail (BW_IS_STORE (store), NULL);
  g_return_val_if_fail (BW_IS_FEED (feed), NULL);

  self = g_object_new (BW_TYPE_DEVICE_SERVICE, NULL);
  self->store = g_object_ref (store);
  self->feed = g_object_ref (feed);

  return self;
}

/* Returns: (nullable) (transfer full): NULL when the actor may not, and then the caller has been told */
static GTask *
make_task (BwDeviceService     *self,
           const BwActor       *actor,
           BwPermission         permission,
           GCancellable        *cancellable,
           GAsyncReadyCallback  callback,
           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(GError) error = NULL;
  Job *job;

  g_task_set_source_tag (task, make_task);
  if (!bw_actor_check (actor, permission, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return NULL;
    }

  job = g_new0 (Job, 1);
  job->company_id = actor->company_id;
  job->actor = bw_actor_ref ((BwActor *) actor);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);

  return g_steal_pointer (&task);
}

/* (transfer full) (nullable): NULL when he may not or the query is bad, and then the caller has been told */
static GTask *
make_query_task (BwDeviceService      *self,
                 const BwActor        *actor,
                 const BwDeviceQuery  *query,
                 GCancellable         *cancellable,
                 GAsyncReadyCallback   callback,
                 gpointer              user_data)
{
  g_autoptr(GTask) task = make_task (self, actor, BW_PERMISSION_VIEW_DEVICES, cancellable, callback, user_data);
  g_autoptr(GError) error = NULL;
  Job *job;

  if (task == NULL)
    return NULL;

  if (!bw_device_query_check (query, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return NULL;
    }

  job = g_task_get_task_data (task);
  job->query = *query;
  job->query.company_id = actor->company_id;
  job->query.is_root = actor->company_is_root;
  job->query.filter = query->filter != NULL ? bw_device_filter_ref (query->filter) : NULL;
  job->query.sort = g_strdup (query->sort);

  return g_steal_pointer (&task);
}

void
bw_device_service_list_async (BwDeviceService      *self,
                              const BwActor        *actor,
                              const BwDeviceQuery  *query,
                              GCancellable         *cancellable,
                              GAsyncReadyCallback   callback,
                              gpointer              user_data)
{
  GTask *task;

  g_return_if_fail (BW_IS_DEVICE_SERVICE (self));

  task = make_query_task (self, actor, query, cancellable, callback, user_data);
  if (task == NULL)
    return;

  /* it may have to go through all of them */
  if (bw_device_filter_get_n (query->filter) > 0 || query->sort != NULL || !actor->company_is_root)
    bw_store_push_search (self->store, task, list_job, (GDestroyNotify) g_bytes_unref);
  else
    bw_store_push_read (self->store, task, list_job, (GDestroyNotify) g_bytes_unref);
}

void
bw_device_service_values_async (BwDeviceService      *self,
                                const BwActor        *actor,
                                const BwDeviceQuery  *query,
                                const char           *field,
                                GCancellable         *cancellable,
                                GAsyncReadyCallback   callback,
                                gpointer              user_data)
{
  g_autoptr(GTask) task = NULL;
  Job *job;

  g_return_if_fail (BW_IS_DEVICE_SERVICE (self));

  task = make_query_task (self, actor, query, cancellable, callback, user_data);
  if (task == NULL)
    return;

  if (!bw_device_field_has_values (field) || query->limit > BW_DEVICE_MAX_VALUES)
    {
      g_task_return_new_error (task, BW_ERROR, BW_ERROR_INVALID,
                               "“field” must be product, version, homie, state, status, type, batch, company, tag, online, "
                               "abbreviation, license or name, and “limit” at most %d", BW_DEVICE_MAX_VALUES);
      return;
    }

  job = g_task_get_task_data (task);
  job->id = g_strdup (field);
  bw_store_push_search (self->store, g_steal_pointer (&task), values_job, (GDestroyNotify) g_bytes_unref);
}

void
bw_device_service_get_async (BwDeviceService     *self,
                             const BwActor       *actor,
                             const char          *id,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  char canonical[BW_DEVICE_ID_SIZE];
  Job *job;

  g_return_if_fail (BW_IS_DEVICE_SERVICE (self));

  task = make_task (self, actor, BW_PERMISSION_VIEW_DEVICES, cancellable, callback, user_data);
  if (task == NULL)
    return;

  if (!bw_device_id_parse (id, strlen (id), canonical))
    {
      g_task_return_new_error (task, BW_ERROR, BW_ERROR_NOT_FOUND, "this is no device id");
      return;
    }

  job = g_task_get_task_data (task);
  job->id = g_strdup (canonical);
  bw_store_push_read (self->store, g_steal_pointer (&task), get_job, (GDestroyNotify) g_bytes_unref);
}

static void
acted_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  BwDeviceService *self = BW_DEVICE_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GBytes *document = g_task_propagate_pointer (G_TASK (result), &error);
  Job *job = g_task_get_task_data (task);

  if (document == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  for (guint i = 0; i < job->changed->len; i++)
    bw_feed_changed (self->feed, "device", g_array_index (job->changed_companies, gint64, i),
                     g_ptr_array_index (job->changed, i));

  g_task_return_pointer (task, document, (GDestroyNotify) g_bytes_unref);
}

void
bw_device_service_act_async (BwDeviceService     *self,
                             const BwActor       *actor,
                             const char          *address,
                             BwAction             action,
                             const char * const  *ids,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task;
  GTask *step;
  Job *job;

  g_return_if_fail (BW_IS_DEVICE_SERVICE (self));

  task = make_task (self, actor, BW_PERMISSION_APPROVE_DEVICES, cancellable, callback, user_data);
  if (task == NULL)
    return;

  if (g_strv_length ((char **) ids) > BW_DEVICE_MAX_ACTIONS)
    {
      g_task_return_new_error (task, BW_ERROR, BW_ERROR_TOO_LARGE,
                               "at most %d devices at a time", BW_DEVICE_MAX_ACTIONS);
      g_object_unref (task);
      return;
    }

  job = g_task_get_task_data (task);
  job->address = g_strdup (address);
  job->action = action;
  job->ids = g_strdupv ((char **) ids);
  job->changed = g_ptr_array_new_with_free_func (g_free);
  job->changed_companies = g_array_new (FALSE, FALSE, sizeof (gint64));

  step = g_task_new (self, NULL, acted_cb, task);
  g_task_set_source_tag (step, bw_device_service_act_async);
  g_task_set_task_data (step, job, NULL);
  bw_store_push_write (self->store, step, act_job, (GDestroyNotify) g_bytes_unref);
}

GBytes *
bw_device_service_finish (BwDeviceService  *self,
                          GAsyncResult     *result,
                          GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
