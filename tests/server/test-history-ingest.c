/* test-history-ingest.c: batches that wait for the disk together, and a disk that has no room; BW_TEST_PG names a
 * PostgreSQL database that may be emptied
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "bw-error.h"
#include "bw-history-private.h"
#include "bw-history-read.h"
#include "bw-test.h"

#define DEVICE "2222222222222222"
#define T0     1790000000000000

#define N_BATCHES 12
#define N_EACH    300

typedef struct
{
  char        *folder;
  BwHistoryDb *db;
  BwHistory   *history;
  GMutex       gate;       /* the writing thread waits here, if somebody holds it */
} Fixture;

typedef struct
{
  gpointer  result;
  GError   *error;
  gboolean  done;
} Waiter;

static guint n_done;

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Waiter *waiter = user_data;

  waiter->result = g_task_propagate_pointer (G_TASK (result), &waiter->error);
  waiter->done = TRUE;
  n_done++;
}

static void
wait_for (Waiter *waiter)
{
  while (!waiter->done)
    g_main_context_iteration (NULL, TRUE);
}

static gpointer
run (Fixture       *fixture,
     BwWorkerFunc   func,
     gpointer       data,
     GError       **error)
{
  Waiter waiter = { 0, };
  GTask *task = g_task_new (NULL, NULL, done_cb, &waiter);

  g_task_set_task_data (task, data, NULL);
  bw_history_db_push_write (fixture->db, task, func, NULL);
  wait_for (&waiter);
  if (waiter.error != NULL)
    g_propagate_error (error, waiter.error);

  return waiter.result;
}

static gpointer
run_sql (gpointer   owned_by_thread,
         gpointer   task_data,
         GError   **error)
{
  return bw_db_run (bw_history_thread_get_db (owned_by_thread, error), task_data, NULL, error) ? task_data : NULL;
}

static void
sql (Fixture    *fixture,
     const char *text)
{
  g_autoptr(GError) error = NULL;

  run (fixture, run_sql, (gpointer) text, &error);
  g_assert_no_error (error);
}

typedef struct
{
  const char *text;
  gint64      value;
} Scalar;

static gpointer
run_scalar (gpointer   owned_by_thread,
            gpointer   task_data,
            GError   **error)
{
  Scalar *scalar = task_data;

  return bw_db_get_scalar (bw_history_thread_get_db (owned_by_thread, error), scalar->text, NULL, -1, &scalar->value,
                           error) ? scalar : NULL;
}

static gint64
count (Fixture    *fixture,
       const char *text)
{
  g_autoptr(GError) error = NULL;
  Scalar scalar = { text, -1 };

  run (fixture, run_scalar, &scalar, &error);
  g_assert_no_error (error);

  return scalar.value;
}

static gpointer
wait_at_gate (gpointer   owned_by_thread,
              gpointer   task_data,
              GError   **error)
{
  Fixture *fixture = task_data;

  g_mutex_lock (&fixture->gate);
  g_mutex_unlock (&fixture->gate);

  return fixture;
}

/* A batch's samples are numbers that go on where the one before has ended. */
static void
fill (BwHistoryBatch *batch,
      guint           number)
{
  for (guint i = number * N_EACH; i < (number + 1) * N_EACH; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);

      bw_history_batch_add (batch, DEVICE, "node", i % 3 ? "some" : "few", BW_DATATYPE_INTEGER, NULL, T0 + i, text);
      bw_history_batch_add_mark (batch, (guint16) (1 + i), i);
    }
}

/* While the thread is busy, so that they wait together. */
static void
push_all (Fixture         *fixture,
          BwHistoryBatch **batches,
          Waiter          *waiters,
          guint            n)
{
  Waiter gate = { 0, };
  GTask *task = g_task_new (NULL, NULL, done_cb, &gate);

  g_task_set_task_data (task, fixture, NULL);
  g_mutex_lock (&fixture->gate);
  bw_history_db_push_write (fixture->db, task, wait_at_gate, NULL);
  for (guint i = 0; i < n; i++)
    {
      waiters[i] = (Waiter) { 0, };
      bw_history_push_append (fixture->history, g_task_new (NULL, NULL, done_cb, &waiters[i]), batches[i]);
    }
  g_mutex_unlock (&fixture->gate);

  wait_for (&gate);
  for (guint i = 0; i < n; i++)
    wait_for (&waiters[i]);
}

static gpointer
pack_all (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwHistory *history = task_data;
  BwDb *db = bw_history_thread_get_db (owned_by_thread, error);

  g_assert_true (bw_history_ensure_loaded (history, owned_by_thread, db, error));
  if (history->flush == NULL)
    bw_history_start_flush (history);
  while (history->flush != NULL)
    {
      BwPackSlice *slice;

      if (!bw_db_begin (db, error))
        return NULL;
      slice = bw_history_pack (history, db, 700, error);
      if (slice == NULL || !bw_db_commit (db, error))
        {
          if (slice != NULL)
            bw_history_unpacked (history, slice);
          bw_db_rollback (db);
          return NULL;
        }
      bw_history_packed (history, slice);
    }

  return history;
}

static void
pack (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  run (fixture, pack_all, fixture->history, &error);
  g_assert_no_error (error);
}

typedef struct
{
  BwHistory       *history;
  BwHistoryExport *state;
  GString         *out;
  gboolean         done;
} Export;

static gpointer
export_page (gpointer   owned_by_thread,
             gpointer   task_data,
             GError   **error)
{
  Export *data = task_data;

  return bw_history_export_next (data->state, data->history, owned_by_thread, data->out, &data->done, error) ? data
                                                                                                             : NULL;
}

/* (transfer full): the values of a property as they are exported, with commas between them */
static char *
read_values (Fixture    *fixture,
             const char *property)
{
  BwHistoryQuery query = { DEVICE, "node", property, G_MININT64, G_MAXINT64, 0, NULL };
  Export data = { fixture->history, bw_history_export_new (&query), g_string_new (NULL), FALSE };
  g_autoptr(GString) values = g_string_new (NULL);
  g_auto(GStrv) lines = NULL;

  while (!data.done)
    {
      g_autoptr(GError) error = NULL;

      run (fixture, export_page, &data, &error);
      g_assert_no_error (error);
    }
  lines = g_strsplit (data.out->str, "\r\n", -1);
  for (guint i = 1; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      const char *value = strrchr (lines[i], ',') + 2;

      g_string_append_printf (values, "%.*s,", (int) strlen (value) - 1, value);
    }
  bw_history_export_free (data.state);
  g_string_free (data.out, TRUE);

  return g_string_free (g_steal_pointer (&values), FALSE);
}

/* Each of the first @n_batches but for @without is there once, in order; then @more. */
static void
check_values (Fixture    *fixture,
              guint       n_batches,
              guint       without,
              const char *more)
{
  static const char *const names[] = { "few", "some" };

  for (guint which = 0; which < 2; which++)
    {
      g_autoptr(GString) expected = g_string_new (NULL);
      g_autofree char *values = read_values (fixture, names[which]);

      for (guint i = 0; i < n_batches * N_EACH; i++)
        {
          if ((i % 3 != 0) == which && i / N_EACH != without)
            g_string_append_printf (expected, "%u,", i);
        }
      if (which == 1)
        g_string_append (expected, more);
      g_assert_cmpstr (values, ==, expected->str);
    }
}

static void
start (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  fixture->db = bw_history_db_open (fixture->folder, g_getenv ("BW_TEST_PG"), FALSE, &error);
  g_assert_no_error (error);
  fixture->history = bw_history_new (fixture->db);
}

static void
stop (Fixture *fixture)
{
  g_clear_object (&fixture->history);
  g_assert_finalize_object (g_steal_pointer (&fixture->db));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  const char *url = g_getenv ("BW_TEST_PG");
  g_autoptr(GError) error = NULL;

  g_mutex_init (&fixture->gate);
  fixture->folder = bw_test_make_dir ();
  if (url != NULL)
    {
      g_autoptr(BwDb) db = bw_db_open (url, BW_DB_READ_WRITE, &error);

      g_assert_no_error (error);
      db->driver->run_script (db, "DROP SCHEMA IF EXISTS bellwether_history CASCADE", &error);
      g_assert_no_error (error);
    }
  start (fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  stop (fixture);
  bw_test_remove_dir (fixture->folder);
  g_free (fixture->folder);
  g_mutex_clear (&fixture->gate);
}

static BwHistoryBatch **
make_batches (void)
{
  BwHistoryBatch **batches = g_new0 (BwHistoryBatch *, N_BATCHES);

  for (guint i = 0; i < N_BATCHES; i++)
    {
      batches[i] = bw_history_batch_new ();
      fill (batches[i], i);
    }

  return batches;
}

static void
free_batches (BwHistoryBatch **batches)
{
  for (guint i = 0; i < N_BATCHES; i++)
    bw_history_batch_free (batches[i]);
  g_free (batches);
}

/* Those that wait together are one transaction, and still as if each had come by itself. */
static void
test_together (Fixture       *fixture,
               gconstpointer  data)
{
  BwHistoryBatch **batches = make_batches ();
  Waiter waiters[N_BATCHES];
  BwHistoryCounts counts;

  push_all (fixture, batches, waiters, N_BATCHES);
  for (guint i = 0; i < N_BATCHES; i++)
    {
      g_assert_no_error (waiters[i].error);
      g_assert_nonnull (waiters[i].result);
    }
  free_batches (batches);

  g_assert_cmpint (count (fixture, "SELECT count(*) FROM stage"), ==, 1);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM taken"), ==, 1);
  g_assert_cmpint (count (fixture, "SELECT sum(length(marks)) FROM taken"), ==, N_BATCHES * N_EACH * BW_MARK_BYTES);
  bw_history_get_counts (fixture->history, &counts);
  g_assert_cmpuint (counts.n_samples, ==, N_BATCHES * N_EACH);
  check_values (fixture, N_BATCHES, N_BATCHES, "");

  stop (fixture);
  start (fixture);
  count (fixture, "SELECT 1");
  pack (fixture);
  check_values (fixture, N_BATCHES, N_BATCHES, "");
}

/* One that can not be written does not keep the others from it: each is tried by itself. */
static void
test_one_fails (Fixture       *fixture,
                gconstpointer  data)
{
  BwHistoryBatch **batches = make_batches ();
  Waiter waiters[N_BATCHES];

  /* no two devices may have left out as much as the other: here, one that says so can not be kept */
  sql (fixture, "CREATE UNIQUE INDEX flood_n ON flood (n)");
  sql (fixture, "INSERT INTO flood (device_id, n, first_at_us, last_at_us) VALUES ('other', 5, 1, 1)");
  bw_history_batch_add_flood (batches[7], DEVICE, 5, 1);

  push_all (fixture, batches, waiters, N_BATCHES);
  for (guint i = 0; i < N_BATCHES; i++)
    {
      if (i == 7)
        g_assert_error (waiters[i].error, BW_ERROR, BW_ERROR_CONFLICT);
      else
        g_assert_no_error (waiters[i].error);
      g_clear_error (&waiters[i].error);
    }
  check_values (fixture, N_BATCHES, 7, "");

  sql (fixture, "DROP INDEX flood_n");
  push_all (fixture, &batches[7], waiters, 1);
  g_assert_no_error (waiters[0].error);
  check_values (fixture, N_BATCHES, N_BATCHES, "");
  free_batches (batches);
}

/* One that is filled over and over knows its series; what it knows may be wrong by then. */
static void
test_known (Fixture       *fixture,
            gconstpointer  data)
{
  BwHistoryBatch *batch = bw_history_batch_new ();
  Waiter waiter;

  for (guint i = 0; i < 6; i++)
    {
      fill (batch, i);
      push_all (fixture, &batch, &waiter, 1);
      g_assert_no_error (waiter.error);
      bw_history_batch_clear (batch);
      g_assert_true (bw_history_batch_is_empty (batch));

      if (i == 1)
        pack (fixture);
      if (i == 2)
        bw_stage_begin_round (fixture->history);
      if (i == 3)
        {
          /* the same batch, and another history */
          stop (fixture);
          start (fixture);
        }
    }
  check_values (fixture, 6, 6, "");
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM series"), ==, 2);

  /* what was said last is said again, if it could not be kept */
  bw_history_batch_add (batch, DEVICE, "node", "some", BW_DATATYPE_FLOAT, "W", T0 * 2, "2.5");
  bw_history_batch_add_mark (batch, 1, 1);
  sql (fixture, "ALTER TABLE taken RENAME TO away");
  push_all (fixture, &batch, &waiter, 1);
  g_assert_nonnull (waiter.error);
  g_clear_error (&waiter.error);
  sql (fixture, "ALTER TABLE away RENAME TO taken");
  push_all (fixture, &batch, &waiter, 1);
  g_assert_no_error (waiter.error);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM series WHERE property = 'some' AND unit = 'W'"), ==, 1);
  check_values (fixture, 6, 6, "2.5,");
  bw_history_batch_free (batch);
}

/* No room: nothing is acknowledged, nothing is there, and what is there already stays; with room all is as before. */
static void
test_full_disk (Fixture       *fixture,
                gconstpointer  data)
{
  BwHistoryBatch **batches = make_batches ();
  Waiter waiters[N_BATCHES];
  g_autofree char *limit = NULL;
  g_autofree char *noise = NULL;
  g_autoptr(GError) error = NULL;

  if (bw_history_db_get_path (fixture->db) == NULL)
    {
      g_test_skip ("about a file of SQLite");
      free_batches (batches);
      return;
    }

  /* too much for what is left of the last page, as a row and as a chunk */
  noise = g_malloc0 (60001);
  for (guint i = 0; i < 60000; i++)
    noise[i] = (char) g_random_int_range ('!', '~');
  bw_history_batch_add (batches[3], DEVICE, "node", "noise", BW_DATATYPE_STRING, NULL, T0, noise);
  bw_history_batch_add (batches[5], DEVICE, "node", "noise", BW_DATATYPE_STRING, NULL, T0, noise);

  push_all (fixture, batches, waiters, 4);
  limit = g_strdup_printf ("PRAGMA max_page_count = %" G_GINT64_FORMAT, count (fixture, "PRAGMA page_count"));
  sql (fixture, limit);

  for (guint round = 0; round < 2; round++)
    {
      push_all (fixture, &batches[5], &waiters[5], 1);
      g_assert_error (waiters[5].error, BW_ERROR, BW_ERROR_UNAVAILABLE);
      g_clear_error (&waiters[5].error);
      check_values (fixture, 4, 4, "");
    }

  /* nor is there any for chunks */
  g_assert_null (run (fixture, pack_all, fixture->history, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE);
  check_values (fixture, 4, 4, "");

  sql (fixture, "PRAGMA max_page_count = 1000000");
  push_all (fixture, &batches[4], &waiters[4], 1);
  push_all (fixture, &batches[5], &waiters[5], 1);
  g_assert_no_error (waiters[4].error);
  g_assert_no_error (waiters[5].error);
  pack (fixture);
  check_values (fixture, 6, 6, "");
  stop (fixture);
  start (fixture);
  pack (fixture);
  check_values (fixture, 6, 6, "");
  free_batches (batches);
}

/* A row of the stage that is none any more, met at a start, costs what it held, and is counted. */
static void
test_damaged_stage (Fixture       *fixture,
                    gconstpointer  data)
{
  static const char *const rubbish[] = { "", "no row at all", "\x28\xb5\x2f\xfd\x04\x58" };
  BwHistoryBatch **batches = make_batches ();
  Waiter waiters[N_BATCHES];
  BwHistoryCounts counts;

  for (guint i = 0; i < 4; i++)
    push_all (fixture, &batches[i], &waiters[i], 1);
  free_batches (batches);
  g_assert_cmpint (count (fixture, "SELECT max(seq) FROM stage"), ==, 4);

  for (guint i = 0; i < G_N_ELEMENTS (rubbish); i++)
    {
      g_autofree char *text = NULL;
      g_autoptr(GString) hex = g_string_new (NULL);

      for (const char *p = rubbish[i]; *p != '\0'; p++)
        g_string_append_printf (hex, "%02x", (guint8) *p);
      text = g_strdup_printf ("UPDATE stage SET samples = %s%s' WHERE seq = %u",
                              bw_history_db_get_path (fixture->db) != NULL ? "x'" : "'\\x", hex->str, i + 2);
      sql (fixture, text);
      g_test_expect_message ("bw-history", G_LOG_LEVEL_WARNING, "*damaged row of the stage*");
    }
  stop (fixture);
  start (fixture);
  pack (fixture);
  g_test_assert_expected_messages ();
  bw_history_get_counts (fixture->history, &counts);
  g_assert_cmpuint (counts.n_damaged, ==, G_N_ELEMENTS (rubbish));
  check_values (fixture, 1, 1, "");
}

/* A damaged chunk among others costs what it held, in an export too. */
static void
test_damaged_chunk (Fixture       *fixture,
                    gconstpointer  data)
{
  BwHistoryBatch **batches = make_batches ();
  Waiter waiters[N_BATCHES];
  BwHistoryCounts counts;

  for (guint i = 0; i < 3; i++)
    {
      push_all (fixture, &batches[i], &waiters[i], 1);
      pack (fixture);
    }
  free_batches (batches);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM chunk"), ==, 6);

  sql (fixture, "UPDATE chunk SET data = (SELECT s.samples FROM stage s LIMIT 1) WHERE t0 >= 1790000000000300 AND t0 < 1790000000000600");
  g_test_expect_message ("bw-history", G_LOG_LEVEL_WARNING, "*damaged chunk*");
  g_test_expect_message ("bw-history", G_LOG_LEVEL_WARNING, "*damaged chunk*");
  check_values (fixture, 3, 1, "");
  g_test_assert_expected_messages ();
  bw_history_get_counts (fixture->history, &counts);
  g_assert_cmpuint (counts.n_damaged, ==, 2);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add ("/history/ingest/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("together", test_together);
  ADD ("one-fails", test_one_fails);
  ADD ("known", test_known);
  ADD ("full-disk", test_full_disk);
  ADD ("damaged-stage", test_damaged_stage);
  ADD ("damaged-chunk", test_damaged_chunk);

  return g_test_run ();
}
