/* bw-audit-service.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-audit-service.h"

#include "bw-csv.h"
#include "bw-error.h"
#include "bw-json.h"
#include "bw-spool.h"

/* Entries looked at by one job: the searching thread serves others in between. */
#define ENTRIES_PER_JOB 5000

/**
 * BwAuditService:
 *
 * What there is to see of the audit log; nobody writes through it. A list may
 * have to count through everything there ever was, so all of it runs where
 * searches run. Main thread.
 */

struct _BwAuditService
{
  GObject  parent_instance;

  BwStore *store;
};

G_DEFINE_FINAL_TYPE (BwAuditService, bw_audit_service, G_TYPE_OBJECT)

/* A list, a file or a walk under way. */
typedef struct
{
  BwAuditQuery  query;
  char         *kind;
  char         *object;
  char         *action;
  char         *search;
  char         *folder;
  BwSpool       spool;
  gint64        last;
  gboolean      done;
  BwAuditWalk   walk;
} Look;

static void
look_free (Look *look)
{
  bw_spool_clear (&look->spool);
  bw_audit_walk_clear (&look->walk);
  g_free (look->kind);
  g_free (look->object);
  g_free (look->action);
  g_free (look->search);
  g_free (look->folder);
  g_free (look);
}

static void
bw_audit_service_dispose (GObject *object)
{
  BwAuditService *self = (BwAuditService *) object;

  g_clear_object (&self->store);

  G_OBJECT_CLASS (bw_audit_service_parent_class)->dispose (object);
}

static void
bw_audit_service_class_init (BwAuditServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_audit_service_dispose;
}

static void
bw_audit_service_init (BwAuditService *self)
{
}

BwAuditService *
bw_audit_service_new (BwStore *store)
{
  BwAuditService *self;

  g_return_val_if_fail (BW_IS_STORE (store), NULL);

  self = g_object_new (BW_TYPE_AUDIT_SERVICE, NULL);
  self->store = g_object_ref (store);

  return self;
}

/* (transfer full) (nullable): NULL when he may not, and then the caller has been told. @query: (nullable): all */
static GTask *
make_task (BwAuditService      *self,
           const BwActor       *actor,
           const BwAuditQuery  *query,
           GCancellable        *cancellable,
           GAsyncReadyCallback  callback,
           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(GError) error = NULL;
  Look *look;

  g_task_set_source_tag (task, make_task);
  if (!bw_actor_check (actor, BW_PERMISSION_READ_AUDIT, &error) ||
      (query != NULL && !bw_audit_query_check (query, &error)))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return NULL;
    }

  look = g_new0 (Look, 1);
  look->spool = (BwSpool) BW_SPOOL_INIT;
  if (query != NULL)
    {
      look->query = *query;
      look->query.kind = look->kind = g_strdup (query->kind);
      look->query.object = look->object = g_strdup (query->object);
      look->query.action = look->action = g_strdup (query->action);
      look->query.search = look->search = g_strdup (query->search);
    }
  look->query.company_id = actor->company_id;
  look->query.is_root = actor->company_is_root;
  g_task_set_task_data (task, look, (GDestroyNotify) look_free);

  return g_steal_pointer (&task);
}

/* One job after the other for @task, which @done_cb completes or pushes again. @task: (transfer full) */
static void
push_next (BwAuditService      *self,
           GTask               *task,
           BwWorkerFunc         job,
           GAsyncReadyCallback  done_cb)
{
  GTask *step = g_task_new (self, g_task_get_cancellable (task), done_cb, task);

  g_task_set_source_tag (step, push_next);
  g_task_set_task_data (step, g_task_get_task_data (task), NULL);
  bw_store_push_search (self->store, step, job, NULL);
}

/* Lists */

static gpointer
list_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  const Look *look = task_data;
  g_autoptr(GString) out = g_string_sized_new (16 * 1024);

  return bw_audit_repo_list (thread->db, &look->query, out, error)
    ? g_string_free_to_bytes (g_steal_pointer (&out)) : NULL;
}

void
bw_audit_service_list_async (BwAuditService      *self,
                             const BwActor       *actor,
                             const BwAuditQuery  *query,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (BW_IS_AUDIT_SERVICE (self));

  task = make_task (self, actor, query, cancellable, callback, user_data);
  if (task != NULL)
    bw_store_push_search (self->store, task, list_job, (GDestroyNotify) g_bytes_unref);
}

GBytes *
bw_audit_service_finish (BwAuditService  *self,
                         GAsyncResult    *result,
                         GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Files */

static void
append_int (GString *out,
            gint64   number)
{
  if (number != 0)
    g_string_append_printf (out, "\"%" G_GINT64_FORMAT "\",", number);
  else
    bw_csv_append_field (out, NULL, FALSE);
}

static void
append_time (GString *out,
             gint64   at_us)
{
  g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc (at_us / G_USEC_PER_SEC);
  g_autofree char *text = at != NULL ? g_date_time_format (at, "%Y-%m-%dT%H:%M:%S") : NULL;

  g_string_append_printf (out, "\"%s.%06dZ\",", text != NULL ? text : "", (int) (at_us % G_USEC_PER_SEC));
}

static gboolean
write_line (const BwAuditRow *row,
            const guint8     *hash,
            gpointer          user_data)
{
  Look *look = user_data;
  GString *out = look->spool.buffer;

  append_int (out, row->seq);
  append_time (out, row->at_us);
  append_int (out, row->account_id);
  bw_csv_append_field (out, row->login, FALSE);
  bw_csv_append_field (out, row->address, FALSE);
  bw_csv_append_field (out, row->action, FALSE);
  bw_csv_append_field (out, row->kind, FALSE);
  bw_csv_append_field (out, row->object_id, FALSE);
  bw_csv_append_field (out, row->object, FALSE);
  append_int (out, row->company_id);
  bw_csv_append_field (out, row->before, FALSE);
  bw_csv_append_field (out, row->after, FALSE);
  g_string_append_c (out, '"');
  for (guint i = 0; i < BW_SECRET_HASH_BYTES; i++)
    g_string_append_printf (out, "%02x", hash[i]);
  g_string_append (out, "\"\r\n");

  return TRUE;
}

static gboolean
begin_file (Look    *look,
            GError **error)
{
  static const char *const header[] = {
    "seq", "at", "user_id", "user", "address", "action", "kind", "object_id", "object", "company_id", "before",
    "after", "hash", NULL
  };

  if (!bw_spool_begin (&look->spool, look->folder, error))
    return FALSE;

  bw_csv_append_record (look->spool.buffer, header);

  return TRUE;
}

static gpointer
export_job (gpointer   owned_by_thread,
            gpointer   task_data,
            GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  Look *look = task_data;
  gint64 last = 0;

  if (look->spool.fd < 0 && !begin_file (look, error))
    return NULL;

  if (!bw_audit_repo_foreach (thread->db, &look->query, look->last, write_line, look, &last, error) ||
      !bw_spool_flush (&look->spool, error))
    return NULL;

  look->done = last == 0;
  look->last = last;

  return look;
}

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  const Look *look = g_task_get_task_data (task);

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (look->done)
    g_task_return_boolean (task, TRUE);
  else
    push_next (BW_AUDIT_SERVICE (source), g_steal_pointer (&task), export_job, exported_cb);
}

void
bw_audit_service_export_async (BwAuditService      *self,
                               const BwActor       *actor,
                               const BwAuditQuery  *query,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  GTask *task;
  Look *look;

  g_return_if_fail (BW_IS_AUDIT_SERVICE (self));

  task = make_task (self, actor, query, cancellable, callback, user_data);
  if (task == NULL)
    return;

  look = g_task_get_task_data (task);
  look->folder = g_strdup (bw_store_get_data_folder (self->store));
  look->query.limit = ENTRIES_PER_JOB;
  push_next (self, task, export_job, exported_cb);
}

int
bw_audit_service_export_finish (BwAuditService  *self,
                                GAsyncResult    *result,
                                gint64          *ret_size,
                                GError         **error)
{
  Look *look;

  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return -1;

  look = g_task_get_task_data (G_TASK (result));

  return bw_spool_end (&look->spool, ret_size, error);
}

/* Verifying */

static GBytes *
write_walk (const BwAuditWalk *walk)
{
  GString *out = g_string_new (NULL);

  bw_json_begin_object (out, NULL);
  bw_json_add_boolean (out, "ok", walk->reason == NULL);
  bw_json_add_int (out, "n", walk->n);
  if (walk->reason == NULL)
    bw_json_add_null (out, "firstBad");
  else
    bw_json_add_int (out, "firstBad", walk->first_bad);
  bw_json_add_string (out, "reason", walk->reason);
  bw_json_end_object (out);

  return g_string_free_to_bytes (out);
}

static gpointer
walk_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  Look *look = task_data;

  return bw_audit_repo_walk (thread->db, &look->walk, ENTRIES_PER_JOB, &look->done, error) ? look : NULL;
}

static void
walked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  const Look *look = g_task_get_task_data (task);

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (look->done)
    g_task_return_pointer (task, write_walk (&look->walk), (GDestroyNotify) g_bytes_unref);
  else
    push_next (BW_AUDIT_SERVICE (source), g_steal_pointer (&task), walk_job, walked_cb);
}

static gpointer
head_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  g_autofree BwAuditHead *head = g_new0 (BwAuditHead, 1);

  return bw_broker_db_get_audit_head (thread->broker, head, error) ? g_steal_pointer (&head) : NULL;
}

static void
head_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree BwAuditHead *head = g_task_propagate_pointer (G_TASK (result), &error);
  Look *look = g_task_get_task_data (task);

  if (head == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  look->walk.head = *head;
  push_next (BW_AUDIT_SERVICE (source), g_steal_pointer (&task), walk_job, walked_cb);
}

/* The head first: what is written while the walk goes on stands behind it. */
void
bw_audit_service_verify_async (BwAuditService      *self,
                               const BwActor       *actor,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  GTask *task;
  GTask *step;

  g_return_if_fail (BW_IS_AUDIT_SERVICE (self));

  task = make_task (self, actor, NULL, cancellable, callback, user_data);
  if (task == NULL)
    return;

  step = g_task_new (self, cancellable, head_read_cb, task);
  g_task_set_source_tag (step, bw_audit_service_verify_async);
  bw_store_push_write (self->store, step, head_job, g_free);
}

void
bw_audit_service_get_head_async (BwAuditService      *self,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (BW_IS_AUDIT_SERVICE (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, bw_audit_service_get_head_async);
  bw_store_push_write (self->store, task, head_job, g_free);
}

gboolean
bw_audit_service_get_head_finish (BwAuditService  *self,
                                  GAsyncResult    *result,
                                  BwAuditHead     *ret_head,
                                  GError         **error)
{
  g_autofree BwAuditHead *head = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  head = g_task_propagate_pointer (G_TASK (result), error);
  if (head == NULL)
    return FALSE;

  *ret_head = *head;

  return TRUE;
}
