/* bw-worker.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-base"

#include "bw-worker.h"

#include "bw-error.h"

/**
 * BwWorker:
 *
 * One thread that owns one thing which is not thread safe, such as a database
 * connection, and runs jobs against it in order.
 *
 * A job is a plain function of that thing and of its task's data; it never
 * touches the task. The result goes home to the context the task was made in,
 * and there the task is completed and let go of. So no object is ever
 * finalized on the thread, where a finalizer could wait for itself.
 *
 * The queue is bounded: past @max_queued a task fails at once with
 * %BW_ERROR_UNAVAILABLE, so a stuck disk shows up as an error to the caller
 * rather than as growing memory. Dropping the last reference runs what is
 * queued, then joins the thread.
 */

typedef struct
{
  GTask            *task;         /* (nullable): the order to stop */
  BwWorkerFunc      func;
  BwWorkerManyFunc  many_func;    /* one of the two */
  gpointer          result;
  GDestroyNotify    result_destroy;
  GError           *error;
} Job;

struct _BwWorker
{
  GObject         parent_instance;

  GThread        *thread;
  GAsyncQueue    *jobs;
  Job            *next;           /* (nullable): taken out already, by the thread */
  gpointer        owned_by_thread;
  GDestroyNotify  destroy;
  guint           max_queued;
};

G_DEFINE_FINAL_TYPE (BwWorker, bw_worker, G_TYPE_OBJECT)

static void
job_free (Job *job)
{
  g_clear_object (&job->task);
  g_clear_error (&job->error);
  g_free (job);
}

/* at home */
static gboolean
complete_cb (gpointer data)
{
  Job *job = data;

  if (job->error != NULL)
    g_task_return_error (job->task, g_steal_pointer (&job->error));
  else
    g_task_return_pointer (job->task, g_steal_pointer (&job->result), job->result_destroy);

  return G_SOURCE_REMOVE;
}

/* on the thread, as all that follows */
static void
send_home (Job *job)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  g_source_set_static_name (source, "[bw] job done");
  g_source_set_priority (source, g_task_get_priority (job->task));
  g_source_set_callback (source, complete_cb, job, (GDestroyNotify) job_free);
  g_source_attach (source, g_task_get_context (job->task));
}

static gboolean
is_cancelled (Job *job)
{
  return g_cancellable_set_error_if_cancelled (g_task_get_cancellable (job->task), &job->error);
}

static void
run_job (BwWorker *self,
         Job       *job)
{
  if (!is_cancelled (job))
    job->result = job->func (self->owned_by_thread, g_task_get_task_data (job->task), &job->error);

  send_home (job);
}

static Job *
take_next (BwWorker *self,
           gboolean  may_wait)
{
  if (self->next != NULL)
    return g_steal_pointer (&self->next);

  return may_wait ? g_async_queue_pop (self->jobs) : g_async_queue_try_pop (self->jobs);
}

/* @job, and those like it that wait right behind it. */
static void
run_many (BwWorker *self,
          Job      *job)
{
  Job *jobs[BW_WORKER_MAX_MANY];
  gpointer datas[BW_WORKER_MAX_MANY];
  gpointer results[BW_WORKER_MAX_MANY] = { NULL, };
  GError *errors[BW_WORKER_MAX_MANY] = { NULL, };
  BwWorkerManyFunc func = job->many_func;
  guint n = 0;

  while (job != NULL && job->task != NULL && job->many_func == func && n < BW_WORKER_MAX_MANY)
    {
      if (is_cancelled (job))
        send_home (job);
      else
        {
          jobs[n] = job;
          datas[n++] = g_task_get_task_data (job->task);
        }

      job = take_next (self, FALSE);
    }
  self->next = job;

  if (n > 0)
    func (self->owned_by_thread, datas, n, results, errors);

  for (guint i = 0; i < n; i++)
    {
      jobs[i]->result = results[i];
      jobs[i]->error = errors[i];
      send_home (jobs[i]);
    }
}

static gpointer
run_thread (gpointer data)
{
  BwWorker *self = data;

  for (;;)
    {
      Job *job = take_next (self, TRUE);

      if (job->task == NULL)
        {
          job_free (job);
          break;
        }

      if (job->many_func != NULL)
        run_many (self, job);
      else
        run_job (self, job);
    }

  if (self->destroy != NULL)
    self->destroy (self->owned_by_thread);

  return NULL;
}

static void
bw_worker_finalize (GObject *object)
{
  BwWorker *self = (BwWorker *) object;

  g_async_queue_push (self->jobs, g_new0 (Job, 1));
  g_clear_pointer (&self->thread, g_thread_join);
  g_clear_pointer (&self->jobs, g_async_queue_unref);

  G_OBJECT_CLASS (bw_worker_parent_class)->finalize (object);
}

static void
bw_worker_class_init (BwWorkerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = bw_worker_finalize;
}

static void
bw_worker_init (BwWorker *self)
{
  self->jobs = g_async_queue_new_full ((GDestroyNotify) job_free);
}

BwWorker *
bw_worker_new (const char     *name,
                guint           max_queued,
                gpointer        owned_by_thread,
                GDestroyNotify  destroy)
{
  BwWorker *self;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (max_queued > 0, NULL);

  self = g_object_new (BW_TYPE_WORKER, NULL);
  self->max_queued = max_queued;
  self->owned_by_thread = owned_by_thread;
  self->destroy = destroy;
  self->thread = g_thread_new (name, run_thread, self);

  return self;
}

static void
push (BwWorker         *self,
      GTask            *task,
      BwWorkerFunc      func,
      BwWorkerManyFunc  many_func,
      GDestroyNotify    result_destroy)
{
  Job *job;

  if (g_async_queue_length (self->jobs) >= (int) self->max_queued)
    {
      g_task_return_new_error (task, BW_ERROR, BW_ERROR_UNAVAILABLE,
                               "%u jobs are already waiting", self->max_queued);
      g_object_unref (task);
      return;
    }

  job = g_new0 (Job, 1);
  job->task = task;
  job->func = func;
  job->many_func = many_func;
  job->result_destroy = result_destroy;
  g_async_queue_push (self->jobs, job);
}

/**
 * bw_worker_push:
 * @task: (transfer full): completed with the result of @func
 * @result_destroy: frees a result nobody fetched
 */
void
bw_worker_push (BwWorker      *self,
                 GTask          *task,
                 BwWorkerFunc   func,
                 GDestroyNotify  result_destroy)
{
  g_return_if_fail (BW_IS_WORKER (self));
  g_return_if_fail (G_IS_TASK (task));
  g_return_if_fail (func != NULL);

  push (self, task, func, NULL, result_destroy);
}

void
bw_worker_push_many (BwWorker          *self,
                     GTask             *task,
                     BwWorkerManyFunc   func,
                     GDestroyNotify     result_destroy)
{
  g_return_if_fail (BW_IS_WORKER (self));
  g_return_if_fail (G_IS_TASK (task));
  g_return_if_fail (func != NULL);

  push (self, task, NULL, func, result_destroy);
}
