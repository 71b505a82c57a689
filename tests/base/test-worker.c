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

/* How many came at once, and of which numbers: each appends to the data that the thread owns. */
typedef struct
{
  Owned    owned;
  GString *text;
} Together;

static void
note_jobs (gpointer   owned_by_thread,
           gpointer  *task_datas,
           guint      n,
           gpointer  *ret_results,
           GError   **ret_errors)
{
  Together *together = owned_by_thread;

  g_string_append (together->text, "[");
  for (guint i = 0; i < n; i++)
    {
      guint number = GPOINTER_TO_UINT (task_datas[i]);

      g_string_append_printf (together->text, "%u ", number);
      if (number == 3)
        g_set_error_literal (&ret_errors[i], BW_ERROR, BW_ERROR_CONFLICT, "not this one");
      else
        ret_results[i] = g_memdup2 (&number, sizeof number);
    }
  g_string_append (together->text, "]");
}

static void
push_number (BwWorker     *worker,
             guint         number,
             GCancellable *cancellable,
             Seen         *seen)
{
  GTask *task = new_task (worker, cancellable, seen);

  g_task_set_task_data (task, GUINT_TO_POINTER (number), NULL);
  bw_worker_push_many (worker, task, note_jobs, g_free);
}

static gboolean
forty_seen (gpointer data)
{
  Seen *seen = data;

  return seen->n_done + seen->n_failed == 40;
}

/* Those that wait one behind the other run as one, at most so many; what comes between keeps its place, who is
 * cancelled is not among them, and each has its own result. */
static void
test_many (void)
{
  Together together = { .text = g_string_new (NULL) };
  Seen seen = { 0 };
  Seen gate = { .in_order = TRUE };
  Seen cancelled = { 0 };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  BwWorker *worker = bw_worker_new ("test", 100, &together, destroy_owned);

  g_mutex_lock (&together.owned.gate);
  bw_worker_push (worker, new_task (worker, NULL, &gate), count_job, g_free);
  for (guint i = 1; i <= 40; i++)
    {
      if (i == 6)
        bw_worker_push (worker, new_task (worker, NULL, &gate), count_job, g_free);
      if (i == 8)
        push_number (worker, 100, cancellable, &cancelled);
      push_number (worker, i, NULL, &seen);
    }
  g_cancellable_cancel (cancellable);
  g_mutex_unlock (&together.owned.gate);

  bw_test_wait_for (forty_seen, &seen);
  g_assert_cmpuint (seen.n_failed, ==, 1);
  g_assert_error (seen.error, BW_ERROR, BW_ERROR_CONFLICT);
  bw_test_wait_for (one_seen, &cancelled);
  g_assert_error (cancelled.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (gate.n_done, ==, 2);
  g_assert_true (gate.in_order);
  g_assert_finalize_object (worker);
  g_assert_cmpstr (together.text->str, ==,
                   "[1 2 3 4 5 ][6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 ]"
                   "[22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 ][38 39 40 ]");
  g_string_free (together.text, TRUE);
  g_clear_error (&seen.error);
  g_clear_error (&cancelled.error);
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
  g_test_add_func ("/base/worker/many", test_many);

  return g_test_run ();
}
