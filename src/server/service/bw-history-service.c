/* bw-history-service.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-history-service.h"

#include "bw-device-repo.h"
#include "bw-error.h"
#include "bw-spool.h"

/* Written out by one job of an export, at least; then it is another one's turn. */
#define BYTES_PER_JOB (2 * 1024 * 1024)

/* So much stays free on the disk, whatever somebody exports. */
#define SPARE_BYTES (256 * 1024 * 1024)

/**
 * BwHistoryService:
 *
 * First the store says whether the device is in reach, then a thread of the
 * history reads: the one for charts, or the one for exports, whose jobs are short
 * so that several go on side by side.
 */

struct _BwHistoryService
{
  GObject    parent_instance;

  BwStore   *store;
  BwHistory *history;
};

G_DEFINE_FINAL_TYPE (BwHistoryService, bw_history_service, G_TYPE_OBJECT)

typedef struct
{
  BwHistory       *history;      /* (owned) */
  BwActor         *actor;
  char            *device_id;
  char            *node;
  char            *property;
  char            *folder;
  BwHistoryQuery   query;
  BwWorkerFunc     func;         /* what the history is asked for */

  BwHistoryExport *export;
  BwSpool          spool;
  gboolean         done;
} Look;

static void
look_free (gpointer data)
{
  Look *look = data;

  g_clear_object (&look->history);
  g_clear_pointer (&look->actor, bw_actor_unref);
  g_clear_pointer (&look->export, bw_history_export_free);
  bw_spool_clear (&look->spool);
  g_free (look->device_id);
  g_free (look->node);
  g_free (look->property);
  g_free (look->folder);
  g_free (look);
}

static void
bw_history_service_dispose (GObject *object)
{
  BwHistoryService *self = (BwHistoryService *) object;

  g_clear_object (&self->store);
  g_clear_object (&self->history);

  G_OBJECT_CLASS (bw_history_service_parent_class)->dispose (object);
}

static void
bw_history_service_class_init (BwHistoryServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_history_service_dispose;
}

static void
bw_history_service_init (BwHistoryService *self)
{
}

BwHistoryService *
bw_history_service_new (BwStore   *store,
                        BwHistory *history)
{
  BwHistoryService *self;

  g_return_val_if_fail (BW_IS_STORE (store) && BW_IS_HISTORY (history), NULL);

  self = g_object_new (BW_TYPE_HISTORY_SERVICE, NULL);
  self->store = g_object_ref (store);
  self->history = g_object_ref (history);

  return self;
}

/* on the store's reading thread */
static gpointer
check_reach (gpointer   owned_by_thread,
             gpointer   task_data,
             GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  const Look *look = task_data;
  gboolean found = FALSE;
  gint64 company_id = 0;
  BwStatus status;
  BwStatus before_block;

  if (!bw_device_repo_get_status (thread->db, look->device_id, &found, &company_id, &status, &before_block, error))
    return NULL;

  if (found && !look->actor->company_is_root &&
      !bw_device_repo_is_in_reach (thread->db, look->actor->company_id, company_id, &found, error))
    return NULL;

  if (found)
    return BW_STORE_DONE;

  g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no device %s", look->device_id);

  return NULL;
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GBytes *document = g_task_propagate_pointer (G_TASK (result), &error);

  if (document == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, document, (GDestroyNotify) g_bytes_unref);
}

/* (transfer full): a task for a job that works on the data of @task, which it holds */
static GTask *
make_step (GTask               *task,
           GAsyncReadyCallback  callback)
{
  GTask *step = g_task_new (g_task_get_source_object (task), g_task_get_cancellable (task), callback,
                            g_object_ref (task));

  g_task_set_source_tag (step, make_step);
  g_task_set_task_data (step, g_task_get_task_data (task), NULL);

  return step;
}

static void exported_cb (GObject      *source,
                         GAsyncResult *result,
                         gpointer      user_data);

static gpointer export_job (gpointer   owned_by_thread,
                            gpointer   task_data,
                            GError   **error);

static void
reached_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  BwHistoryService *self = BW_HISTORY_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  const Look *look = g_task_get_task_data (task);
  BwHistoryDb *db = bw_history_get_db (self->history);

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (look->func == export_job)
    bw_history_db_push_export (db, make_step (task, exported_cb), export_job, NULL);
  else
    bw_history_db_push_read (db, make_step (task, read_cb), look->func, (GDestroyNotify) g_bytes_unref);
}

static void
begin (BwHistoryService      *self,
       const BwActor         *actor,
       const BwHistoryQuery  *query,
       BwWorkerFunc           func,
       GCancellable          *cancellable,
       GAsyncReadyCallback    callback,
       gpointer               user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Look *look = g_new0 (Look, 1);

  g_task_set_source_tag (task, begin);
  look->spool = (BwSpool) BW_SPOOL_INIT;
  look->history = g_object_ref (self->history);
  look->actor = bw_actor_ref ((BwActor *) actor);
  look->device_id = g_strdup (query->device_id);
  look->node = g_strdup (query->node);
  look->property = g_strdup (query->property);
  look->folder = g_strdup (bw_store_get_data_folder (self->store));
  look->func = func;
  look->query = *query;
  look->query.device_id = look->device_id;
  look->query.node = look->node;
  look->query.property = look->property;
  look->query.cancellable = cancellable;
  g_task_set_task_data (task, look, look_free);

  bw_store_push_read (self->store, make_step (task, reached_cb), check_reach, NULL);
}

/* Charts */

static gpointer
points_job (gpointer   owned_by_thread,
            gpointer   task_data,
            GError   **error)
{
  const Look *look = task_data;
  g_autoptr(GString) out = g_string_new (NULL);

  /* only now: of a device out of reach nothing is said but that */
  if (look->node == NULL)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "“node” and “property” say which history");
      return NULL;
    }

  if (!bw_history_write_points (look->history, owned_by_thread, &look->query, out, error))
    return NULL;

  return g_string_free_to_bytes (g_steal_pointer (&out));
}

void
bw_history_service_points_async (BwHistoryService      *self,
                                 const BwActor         *actor,
                                 const BwHistoryQuery  *query,
                                 GCancellable          *cancellable,
                                 GAsyncReadyCallback    callback,
                                 gpointer               user_data)
{
  g_return_if_fail (BW_IS_HISTORY_SERVICE (self));
  g_return_if_fail (query->points > 0);

  begin (self, actor, query, points_job, cancellable, callback, user_data);
}

static gpointer
series_job (gpointer   owned_by_thread,
            gpointer   task_data,
            GError   **error)
{
  const Look *look = task_data;
  g_autoptr(GString) out = g_string_new (NULL);

  if (!bw_history_write_series (look->history, owned_by_thread, look->device_id, look->query.cancellable, out, error))
    return NULL;

  return g_string_free_to_bytes (g_steal_pointer (&out));
}

void
bw_history_service_series_async (BwHistoryService    *self,
                                 const BwActor       *actor,
                                 const char          *device_id,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  BwHistoryQuery query = { .device_id = device_id };

  g_return_if_fail (BW_IS_HISTORY_SERVICE (self));

  begin (self, actor, &query, series_job, cancellable, callback, user_data);
}

GBytes *
bw_history_service_finish (BwHistoryService  *self,
                           GAsyncResult      *result,
                           GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Exports */

static gpointer
export_job (gpointer   owned_by_thread,
            gpointer   task_data,
            GError   **error)
{
  Look *look = task_data;
  gint64 before;

  if (look->export == NULL)
    {
      if (!bw_spool_begin (&look->spool, look->folder, error))
        return NULL;
      look->export = bw_history_export_new (&look->query);
    }

  before = look->spool.size;
  while (!look->done && look->spool.size - before < BYTES_PER_JOB)
    {
      if (!bw_history_export_next (look->export, look->history, owned_by_thread, look->spool.buffer,
                                   &look->done, error) ||
          !bw_spool_flush (&look->spool, error))
        return NULL;
    }

  return bw_spool_check_room (look->folder, SPARE_BYTES, error) ? look : NULL;
}

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  BwHistoryService *self = BW_HISTORY_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  const Look *look = g_task_get_task_data (task);

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (look->done)
    g_task_return_boolean (task, TRUE);
  else
    bw_history_db_push_export (bw_history_get_db (self->history), make_step (task, exported_cb), export_job, NULL);
}

void
bw_history_service_export_async (BwHistoryService      *self,
                                 const BwActor         *actor,
                                 const BwHistoryQuery  *query,
                                 GCancellable          *cancellable,
                                 GAsyncReadyCallback    callback,
                                 gpointer               user_data)
{
  g_return_if_fail (BW_IS_HISTORY_SERVICE (self));

  begin (self, actor, query, export_job, cancellable, callback, user_data);
}

int
bw_history_service_export_finish (BwHistoryService  *self,
                                  GAsyncResult      *result,
                                  gint64            *ret_size,
                                  GError           **error)
{
  Look *look;

  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return -1;

  look = g_task_get_task_data (G_TASK (result));

  return bw_spool_end (&look->spool, ret_size, error);
}
