/* test-worker.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-test"

#include "bw-worker.h"

#include "bw-error.h"
#include "bw-test.h"

#define N_JOBS 1000

typedef struct
{
  GThread *thread;       /* the one that ran the last job */
  GMutex   gate;         /* a job that shall take its time waits here */
  guint    n_run;
  gint     n_destroyed;
} Owned;

typedef struct
{
  guint    n_done;
  guint    n_failed;
  gboolean in_order;
  GError  *error;        /* the last one */
} Seen;

static gpointer
count_job (gpointer   owned_by_thread,
           gpointer   task_data,
           GError   **error)
{
  Owned *owned = owned_by_thread;

  owned->thread = g_thread_self ();
  owned->n_run++;
  g_mutex_lock (&owned->gate);
  g_mutex_unlock (&owned->gate);

  return g_memdup2 (&owned->n_run, sizeof owned->n_run);
}

static gpointer
fail_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "no: %s", (const char *) task_data);

  return NULL;
}

static void
destroy_owned (gpointer data)
{
  g_atomic_int_inc (&((Owned *) data)->n_destroyed);
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Seen *seen = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree guint *count = g_task_propagate_pointer (G_TASK (result), &error);

  if (count == NULL)
    {
      seen->n_failed++;
      g_clear_error (&seen->error);
      seen->error = g_steal_pointer (&error);
      return;
    }

  seen->n_done++;
  seen->in_order = seen->in_order && *count == seen->n_done;
}

static GTask *
new_task (BwWorker     *worker,
          GCancellable *cancellable,
          Seen         *seen)
{
  GTask *task = g_task_new (worker, cancellable, done_cb, seen);

  g_task_set_source_tag (task, new_task);

  return task;
}

static gboolean
all_seen (gpointer data)
{
  Seen *seen = data;

  return seen->n_done + seen->n_failed == N_JOBS;
}

static gboolean
one_seen (gpointer data)
{
  Seen *seen = data;

  return seen->n_done + seen->n_failed == 1;
}

/* In order, on one thread that is not ours, and at home when done. */
static void
test_order (void)
{
  Owned owned = { 0 };
  Seen seen = { .in_order = TRUE };
  BwWorker *worker = bw_worker_new ("test", N_JOBS, &owned, destroy_owned);

  for (guint i = 0; i < N_JOBS; i++)
    bw_worker_push (worker, new_task (worker, NULL, &seen), count_job, g_free);

  bw_test_wait_for (all_seen, &seen);
  g_assert_cmpuint (seen.n_done, ==, N_JOBS);
  g_assert_true (seen.in_order);
  g_assert_true (owned.thread != g_thread_self ());

  g_assert_finalize_object (worker);
  g_assert_cmpint (owned.n_destroyed, ==, 1);
}

static void
test_failure (void)
{
  Owned owned = { 0 };
  Seen seen = { 0 };
  g_autoptr(BwWorker) worker = bw_worker_new ("test", 1, &owned, destroy_owned);
  GTask *task = new_task (worker, NULL, &seen);

  g_task_set_task_data (task, g_strdup ("taken"), g_free);
  bw_worker_push (worker, task, fail_job, g_free);
  bw_test_wait_for (one_seen, &seen);
  g_assert_error (seen.error, BW_ERROR, BW_ERROR_CONFLICT);
  g_assert_cmpstr (seen.error->message, ==, "no: taken");
  g_clear_error (&seen.error);
}

/* A stuck job: what is over the bound fails at once, what is under it is done later. */
static void
test_bound (void)
{
  Owned owned = { 0 };
  Seen seen = { .in_order = TRUE };
  BwWorker *worker = bw_worker_new ("test", 10, &owned, destroy_owned);

  g_mutex_lock (&owned.gate);
  for (guint i = 0; i < N_JOBS; i++)
    bw_worker_push (worker, new_task (worker, NULL, &seen), count_job, g_free);
  bw_test_spin (50);
  g_assert_cmpuint (seen.n_done, ==, 0);
  g_assert_cmpuint (seen.n_failed, >=, N_JOBS - 11);
  g_assert_error (seen.error, BW_ERROR, BW_ERROR_UNAVAILABLE);

  g_mutex_unlock (&owned.gate);
  bw_test_wait_for (all_seen, &seen);
  g_assert_cmpuint (seen.n_done, >=, 10);
  g_assert_cmpuint (seen.n_done, <=, 11);
  g_assert_true (seen.in_order);
  g_assert_finalize_object (worker);
  g_clear_error (&seen.error);
}

/* Cancelled before its turn: never run. */
static void
test_cancel (void)
{
  Owned owned = { 0 };
  Seen seen = { .in_order = TRUE };
  Seen cancelled = { 0 };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  BwWorker *worker = bw_worker_new ("test", 10, &owned, destroy_owned);

  g_mutex_lock (&owned.gate);
  bw_worker_push (worker, new_task (worker, NULL, &seen), count_job, g_free);
  bw_worker_push (worker, new_task (worker, cancellable, &cancelled), count_job, g_free);
  g_cancellable_cancel (cancellable);
  g_mutex_unlock (&owned.gate);

  bw_test_wait_for (one_seen, &cancelled);
  g_assert_error (cancelled.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (owned.n_run, ==, 1);
  bw_test_wait_for (one_seen, &seen);
  g_assert_finalize_object (worker);
  g_clear_error (&cancelled.error);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/worker/order", test_order);
  g_test_add_func ("/base/worker/failure", test_failure);
  g_test_add_func ("/base/worker/bound", test_bound);
  g_test_add_func ("/base/worker/cancel", test_cancel);

  return g_test_run ();
}
