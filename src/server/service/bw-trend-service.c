/* bw-trend-service.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-trend-service.h"

#include "bw-trend-repo.h"

/**
 * BwTrendService:
 *
 * Counts the fleet now and then, so that one can see how it went. What is counted stays as it was then, also when a
 * device has gone to another company since; what nobody counted, because the backend did not run, is not made up.
 */

struct _BwTrendService
{
  GObject   parent_instance;

  BwStore  *store;
  guint     source;
  gboolean  is_started;
  gboolean  is_counting;
};

G_DEFINE_FINAL_TYPE (BwTrendService, bw_trend_service, G_TYPE_OBJECT)

typedef struct
{
  gint64    now_us;
  GArray   *counts;        /* (nullable) */
  gint64    company_id;
  gboolean  is_root;
} Job;

static void
job_free (Job *job)
{
  g_clear_pointer (&job->counts, g_array_unref);
  g_free (job);
}

static gpointer
count_job (gpointer   owned_by_thread,
           gpointer   task_data,
           GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  Job *job = task_data;

  return bw_trend_repo_count (thread->db, job->now_us, error);
}

static gpointer
note_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  Job *job = task_data;

  if (!bw_store_begin (thread, error))
    return NULL;

  if (bw_trend_repo_note (thread->db, job->counts, job->now_us, error) && bw_store_commit (thread, error))
    return BW_STORE_DONE;

  bw_store_rollback (thread);

  return NULL;
}

static gpointer
write_job (gpointer   owned_by_thread,
           gpointer   task_data,
           GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  const Job *job = task_data;
  g_autoptr(GString) out = g_string_sized_new (4096);

  return bw_trend_repo_write (thread->db, job->company_id, job->is_root, job->now_us, out, error)
    ? g_string_free_to_bytes (g_steal_pointer (&out)) : NULL;
}

/* The next time counts again: one that failed is a gap, as it was. */
static void
noted_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  BwTrendService *self = BW_TREND_SERVICE (source);
  g_autoptr(GError) error = NULL;

  self->is_counting = FALSE;
  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    g_debug ("Noting how many devices there are: %s, ignoring", error->message);
}

static void
counted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  BwTrendService *self = BW_TREND_SERVICE (source);
  const Job *counted = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) counts = g_task_propagate_pointer (G_TASK (result), &error);
  GTask *task;
  Job *job;

  if (counts == NULL || !self->is_started)
    {
      if (error != NULL)
        g_debug ("Counting the devices: %s, ignoring", error->message);
      self->is_counting = FALSE;
      return;
    }

  job = g_new0 (Job, 1);
  job->now_us = counted->now_us;
  job->counts = g_steal_pointer (&counts);
  task = g_task_new (self, NULL, noted_cb, NULL);
  g_task_set_source_tag (task, counted_cb);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  bw_store_push_write (self->store, task, note_job, NULL);
}

static void
count (BwTrendService *self)
{
  GTask *task;
  Job *job;

  if (self->is_counting)
    return;

  self->is_counting = TRUE;
  job = g_new0 (Job, 1);
  job->now_us = g_get_real_time ();
  task = g_task_new (self, NULL, counted_cb, NULL);
  g_task_set_source_tag (task, count);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  bw_store_push_search (self->store, task, count_job, (GDestroyNotify) g_array_unref);
}

static gboolean
time_cb (gpointer user_data)
{
  BwTrendService *self = user_data;
  gint64 left_us = BW_TREND_STEP_US - g_get_real_time () % BW_TREND_STEP_US;

  /* by the clock each time, which people put right; a second later than the step begins, so that it has begun */
  self->source = g_timeout_add_seconds ((guint) (left_us / G_USEC_PER_SEC) + 1, time_cb, self);
  count (self);

  return G_SOURCE_REMOVE;
}

static void
bw_trend_service_dispose (GObject *object)
{
  BwTrendService *self = (BwTrendService *) object;

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (bw_trend_service_parent_class)->dispose (object);
}

static void
bw_trend_service_class_init (BwTrendServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bw_trend_service_dispose;
}

static void
bw_trend_service_init (BwTrendService *self)
{
}

BwTrendService *
bw_trend_service_new (BwStore *store)
{
  BwTrendService *self;

  g_return_val_if_fail (BW_IS_STORE (store), NULL);

  self = g_object_new (BW_TYPE_TREND_SERVICE, NULL);
  self->store = g_object_ref (store);

  return self;
}

void
bw_trend_service_start (BwTrendService *self)
{
  g_return_if_fail (BW_IS_TREND_SERVICE (self));
  g_return_if_fail (!self->is_started);

  self->is_started = TRUE;
  time_cb (self);
}

void
bw_trend_service_stop (BwTrendService *self)
{
  g_return_if_fail (BW_IS_TREND_SERVICE (self));

  self->is_started = FALSE;
  g_clear_handle_id (&self->source, g_source_remove);
}

void
bw_trend_service_get_async (BwTrendService      *self,
                            const BwActor       *actor,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  Job *job;

  g_return_if_fail (BW_IS_TREND_SERVICE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_trend_service_get_async);
  if (!bw_actor_check (actor, BW_PERMISSION_VIEW_DEVICES, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  job = g_new0 (Job, 1);
  job->now_us = g_get_real_time ();
  job->company_id = actor->company_id;
  job->is_root = actor->company_is_root;
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  bw_store_push_read (self->store, g_steal_pointer (&task), write_job, (GDestroyNotify) g_bytes_unref);
}

GBytes *
bw_trend_service_get_finish (BwTrendService  *self,
                             GAsyncResult    *result,
                             GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
