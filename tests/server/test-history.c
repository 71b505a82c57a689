/* test-history.c: the stage, its chunks and what is read of them; BW_TEST_PG names a PostgreSQL database that may be emptied
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "bw-history-private.h"
#include "bw-history-read.h"
#include "bw-history-thin.h"
#include "bw-json.h"
#include "bw-test.h"

#define DEVICE "2222222222222222"
#define T0     1790000000000000

typedef struct
{
  char        *folder;
  BwHistoryDb *db;
  BwHistory   *history;
} Fixture;

typedef struct
{
  gpointer  result;
  GError   *error;
  gboolean  done;
} Waiter;

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Waiter *waiter = user_data;

  waiter->result = g_task_propagate_pointer (G_TASK (result), &waiter->error);
  waiter->done = TRUE;
}

static gpointer
wait_for (Waiter  *waiter,
          GError **error)
{
  while (!waiter->done)
    g_main_context_iteration (NULL, TRUE);

  if (waiter->error != NULL)
    g_propagate_error (error, waiter->error);

  return waiter->result;
}

static gpointer
run (Fixture       *fixture,
     gboolean       is_write,
     BwWorkerFunc   func,
     gpointer       data,
     GError       **error)
{
  Waiter waiter = { 0, };
  GTask *task = g_task_new (NULL, NULL, done_cb, &waiter);

  g_task_set_task_data (task, data, NULL);
  if (is_write)
    bw_history_db_push_write (fixture->db, task, func, NULL);
  else
    bw_history_db_push_read (fixture->db, task, func, NULL);

  return wait_for (&waiter, error);
}

static gboolean
append (Fixture         *fixture,
        BwHistoryBatch  *batch,
        GError         **error)
{
  Waiter waiter = { 0, };

  bw_history_push_append (fixture->history, g_task_new (NULL, NULL, done_cb, &waiter), batch);

  return wait_for (&waiter, error) != NULL;
}

static void
add (Fixture    *fixture,
     const char *property,
     BwDatatype  datatype,
     gint64      at_us,
     const char *text)
{
  g_autoptr(BwHistoryBatch) batch = bw_history_batch_new ();
  g_autoptr(GError) error = NULL;

  bw_history_batch_add (batch, DEVICE, "node", property, datatype, NULL, at_us, text);
  append (fixture, batch, &error);
  g_assert_no_error (error);
}

/* As a job: all into chunks, and the small ones together. */
static gpointer
pack_all (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwHistory *history = task_data;
  BwDb *db = bw_history_thread_get_db (owned_by_thread, error);
  gboolean more = TRUE;
  guint n = 0;

  g_assert_true (bw_history_ensure_loaded (history, owned_by_thread, db, error));
  if (history->flush == NULL)
    bw_history_start_flush (history);
  while (history->flush != NULL || history->trimmed < MIN (history->trim_upto, history->seq - 1))
    {
      BwPackSlice *slice;

      g_assert_true (bw_db_begin (db, error));
      slice = bw_history_pack (history, db, 700, error);
      g_assert_nonnull (slice);
      g_assert_true (bw_db_commit (db, error));
      bw_history_packed (history, slice);
      g_assert_cmpuint (++n, <, 10000);
    }

  while (more)
    {
      history->join_at_us = 0;
      g_assert_true (bw_history_join (history, db, &more, error));
    }

  return history;
}

static void
pack (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  run (fixture, TRUE, pack_all, fixture->history, &error);
  g_assert_no_error (error);
}

static gpointer
run_sql (gpointer   owned_by_thread,
         gpointer   task_data,
         GError   **error)
{
  BwDb *db = bw_history_thread_get_db (owned_by_thread, error);

  return bw_db_run (db, task_data, NULL, error) ? task_data : NULL;
}

static void
sql (Fixture    *fixture,
     const char *text)
{
  g_autoptr(GError) error = NULL;

  run (fixture, TRUE, run_sql, (gpointer) text, &error);
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

  return bw_db_get_scalar (bw_history_thread_get_db (owned_by_thread, error), scalar->text, NULL, -1,
                           &scalar->value, error) ? scalar : NULL;
}

static gint64
count (Fixture    *fixture,
       const char *text)
{
  g_autoptr(GError) error = NULL;
  Scalar scalar = { text, -1 };

  run (fixture, TRUE, run_scalar, &scalar, &error);
  g_assert_no_error (error);

  return scalar.value;
}

typedef struct
{
  BwHistory      *history;
  BwHistoryQuery  query;
  GString        *out;
} Read;

static gpointer
read_points (gpointer   owned_by_thread,
             gpointer   task_data,
             GError   **error)
{
  Read *data = task_data;

  return bw_history_write_points (data->history, owned_by_thread, &data->query, data->out, error) ? data : NULL;
}

static JsonObject *
look (Fixture    *fixture,
      const char *property,
      gint64      from_us,
      gint64      to_us,
      guint       points)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) out = g_string_new (NULL);
  Read data = { fixture->history, { DEVICE, "node", property, from_us, to_us, points, NULL }, out };
  JsonObject *object;

  run (fixture, FALSE, read_points, &data, &error);
  g_assert_no_error (error);
  object = bw_json_parse_object (out->str, out->len, G_MAXSIZE, &error);
  g_assert_no_error (error);

  return object;
}

static char *
look_text (Fixture    *fixture,
           const char *property)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) out = g_string_new (NULL);
  Read data = { fixture->history, { DEVICE, "node", property, 0, T0 * 2, 100, NULL }, out };

  run (fixture, FALSE, read_points, &data, &error);
  g_assert_no_error (error);

  return g_strdup (strstr (out->str, "\"points\""));
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

static char *
export_all (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  BwHistoryQuery query = { DEVICE, NULL, NULL, G_MININT64, G_MAXINT64, 0, NULL };
  Export data = { fixture->history, bw_history_export_new (&query), g_string_new (NULL), FALSE };

  while (!data.done)
    {
      run (fixture, FALSE, export_page, &data, &error);
      g_assert_no_error (error);
    }
  bw_history_export_free (data.state);

  return g_string_free (data.out, FALSE);
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
}

/* What is read is the same before and after packing, and after a start. */
static void
test_kinds (Fixture       *fixture,
            gconstpointer  data)
{
  static const char * const texts[] = { "5", "-9223372036854775808", "9007199254740993", "1e3", "x", "NaN", "inf", "-0" };
  static const char expected[] =
    "\"points\":[[1790000000000000,5],[1790000000000001,-9223372036854775808],[1790000000000002,9007199254740993],"
    "[1790000000000003,1000],[1790000000000004,\"x\"],[1790000000000005,null],[1790000000000006,null],"
    "[1790000000000007,0]],\"before\":null,\"gaps\":[],\"damaged\":0}";
  g_autofree char *csv = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    add (fixture, "mixed", BW_DATATYPE_INTEGER, T0 + i, texts[i]);
  add (fixture, "on", BW_DATATYPE_BOOLEAN, T0, "true");
  add (fixture, "text", BW_DATATYPE_STRING, T0 - 1, "=1+\"a\"");
  add (fixture, "float", BW_DATATYPE_FLOAT, T0, "-22.50");

  for (guint round = 0; round < 4; round++)
    {
      g_autofree char *mixed = look_text (fixture, "mixed");
      g_autofree char *on = look_text (fixture, "on");
      g_autofree char *none = look_text (fixture, "none");

      g_assert_cmpstr (mixed, ==, expected);
      g_assert_cmpstr (on, ==, "\"points\":[[1790000000000000,true]],\"before\":null,\"gaps\":[],\"damaged\":0}");
      g_assert_cmpstr (none, ==, "\"points\":[],\"before\":null,\"gaps\":[],\"damaged\":0}");

      if (round == 1)
        {
          g_assert_cmpint (count (fixture, "SELECT count(*) FROM chunk"), ==, 0);
          pack (fixture);
          g_assert_cmpint (count (fixture, "SELECT count(*) FROM chunk"), ==, 7);
          g_assert_cmpint (count (fixture, "SELECT count(*) FROM stage"), ==, 1);
        }
      else
        {
          stop (fixture);
          start (fixture);
          count (fixture, "SELECT 1");
          add (fixture, "other", BW_DATATYPE_INTEGER, T0, "1");
        }
    }

  csv = export_all (fixture);
  g_assert_nonnull (strstr (csv, "\"2026-09-21T14:13:20.000003Z\",\"node\",\"mixed\",\"1000\"\r\n"));
  g_assert_nonnull (strstr (csv, "\"node\",\"mixed\",\"NaN\"\r\n"));
  g_assert_nonnull (strstr (csv, "\"node\",\"float\",\"-22.5\"\r\n"));
  g_assert_nonnull (strstr (csv, "\"2026-09-21T14:13:19.999999Z\",\"node\",\"text\",\"'=1+\"\"a\"\"\"\r\n"));
}

/* Against a plain array: sums, ends and extremes of buckets, in whatever shape the samples lie. */
typedef struct
{
  gint64 at_us;
  double value;
} Known;

static void
check_buckets (Fixture *fixture,
               GArray  *known,
               gint64   from_us,
               gint64   to_us,
               guint    points)
{
  g_autoptr(JsonObject) object = look (fixture, "walk", from_us, to_us, points);
  JsonArray *items = bw_json_get_array (object, "points");
  gboolean thinned = bw_json_get_boolean (object, "thinned", FALSE);
  gint64 step_us = bw_json_get_int (object, "stepUs", 0);
  guint n_known = 0;
  gint64 n_read = 0;

  for (guint i = 0; i < known->len; i++)
    {
      const Known *one = &g_array_index (known, Known, i);

      n_known += one->at_us >= from_us && one->at_us < to_us;
    }

  g_assert_cmpint (thinned, ==, n_known > points);
  g_assert_cmpuint (json_array_get_length (items), <=, points);
  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      JsonArray *item = json_array_get_array_element (items, i);
      gint64 start_us = json_array_get_int_element (item, 0);
      gint64 n = 0;
      double low = INFINITY, high = -INFINITY, total = 0, last = 0;
      gint64 last_us = G_MININT64;

      if (!thinned)
        {
          n_read++;
          continue;
        }

      for (guint j = 0; j < known->len; j++)
        {
          const Known *one = &g_array_index (known, Known, j);

          if (one->at_us < MAX (start_us, from_us) || one->at_us >= MIN (start_us + step_us, to_us))
            continue;

          n++;
          low = MIN (low, one->value);
          high = MAX (high, one->value);
          total += one->value;
          if (one->at_us >= last_us)
            last = one->value;
          last_us = MAX (last_us, one->at_us);
        }

      g_assert_cmpint (json_array_get_int_element (item, 1), ==, n);
      g_assert_cmpfloat (json_array_get_double_element (item, 2), ==, low);
      g_assert_cmpfloat (json_array_get_double_element (item, 3), ==, high);
      g_assert_cmpfloat_with_epsilon (json_array_get_double_element (item, 4), total / (double) n, 1e-9 * (1 + fabs (total)));
      g_assert_cmpfloat (json_array_get_double_element (item, 5), ==, last);
      n_read += n;
    }

  g_assert_cmpint (n_read, ==, n_known);
}

static void
check_all (Fixture *fixture,
           GArray  *known)
{
  const gint64 length = 100 * G_TIME_SPAN_MINUTE;

  check_buckets (fixture, known, 0, G_MAXINT64, 1);
  check_buckets (fixture, known, 0, G_MAXINT64, 7);
  check_buckets (fixture, known, 0, G_MAXINT64, 5000);
  check_buckets (fixture, known, T0 + length / 3, T0 + length / 2, 40);
  check_buckets (fixture, known, T0 + length / 3, T0 + length / 3 + 200 * G_USEC_PER_SEC, 1000);
  check_buckets (fixture, known, T0 + 2 * length, T0 + 3 * length, 10);
}

static void
test_buckets (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GArray) known = g_array_new (FALSE, FALSE, sizeof (Known));
  g_autoptr(GRand) random = g_rand_new_with_seed (7);
  g_autoptr(GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  double now = 20;

  for (guint batch_number = 0; batch_number < 60; batch_number++)
    {
      g_autoptr(BwHistoryBatch) batch = bw_history_batch_new ();

      for (guint i = 0; i < 100; i++)
        {
          /* the clock is set back by a minute now and then */
          gint64 back = batch_number % 17 == 16 ? 60 : 0;
          Known one = { T0 + ((gint64) batch_number * 100 + i - back) * G_USEC_PER_SEC + g_rand_int_range (random, 0, 1000), 0 };
          char text[G_ASCII_DTOSTR_BUF_SIZE];

          now = round (now * 10 + g_rand_int_range (random, -5, 6)) / 10;
          one.value = now;
          g_array_append_val (known, one);
          bw_history_batch_add (batch, DEVICE, "node", "walk", BW_DATATYPE_FLOAT, "°C", one.at_us,
                                g_ascii_dtostr (text, sizeof text, now));
          bw_history_batch_add (batch, DEVICE, "node", "noise", BW_DATATYPE_STRING, NULL, one.at_us, i % 3 ? "a" : "b");
        }
      append (fixture, batch, &error);
      g_assert_no_error (error);
      if (batch_number % 7 == 3)
        pack (fixture);
    }

  check_all (fixture, known);
  before = export_all (fixture);
  g_assert_nonnull (strstr (before, "\"noise\",\"b\""));

  pack (fixture);
  check_all (fixture, known);
  after = export_all (fixture);
  g_assert_true (strcmp (before, after) == 0);
  g_assert_cmpint (count (fixture, "SELECT sum(n) FROM chunk"), ==, 12000);
  g_assert_cmpint (count (fixture, "SELECT sum(n) FROM series"), ==, 12000);
}

/* Many little ones become few. */
static void
test_join (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  for (guint i = 0; i < 40; i++)
    {
      for (guint j = 0; j < 3; j++)
        add (fixture, "walk", BW_DATATYPE_INTEGER, T0 + i * 3 + j, i % 2 ? "1" : "word");
      if (i == 20)
        before = export_all (fixture);
      pack (fixture);
    }

  after = export_all (fixture);
  g_assert_true (g_str_has_prefix (after, before));
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM chunk"), <=, 2 * BW_HISTORY_SMALL_CHUNKS);
  g_assert_cmpint (count (fixture, "SELECT sum(n) FROM chunk"), ==, 120);
}

static void
test_damaged (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(JsonObject) object = NULL;
  BwHistoryCounts counts;

  for (guint i = 0; i < 3; i++)
    {
      add (fixture, "walk", BW_DATATYPE_INTEGER, T0 + i, "1");
      pack (fixture);
    }

  g_test_expect_message ("bw-history", G_LOG_LEVEL_WARNING, "*damaged chunk*");
  sql (fixture, "UPDATE chunk SET data = (SELECT c.data FROM chunk c WHERE c.id = 1) WHERE id = 2");
  object = look (fixture, "walk", 0, G_MAXINT64, 100);
  g_assert_cmpint (json_array_get_length (bw_json_get_array (object, "points")), ==, 2);
  g_assert_cmpint (bw_json_get_int (object, "damaged", 0), ==, 1);
  bw_history_get_counts (fixture->history, &counts);
  g_assert_cmpint (counts.n_damaged, ==, 1);
}

/* A commit that fails leaves everything as it was, and the next one brings it. */
static void
test_failing (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(BwHistoryBatch) batch = bw_history_batch_new ();

  for (guint i = 0; i < 2500; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);

      bw_history_batch_add (batch, DEVICE, "node", i % 2 ? "odd" : "even", BW_DATATYPE_INTEGER, NULL, T0 + i, text);
    }
  bw_history_batch_add_mark (batch, 7, 1234);

  sql (fixture, "ALTER TABLE taken RENAME TO away");
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (append (fixture, batch, &error));
      g_assert_nonnull (error);
    }
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM series"), ==, 0);
  sql (fixture, "ALTER TABLE away RENAME TO taken");
  g_assert_true (append (fixture, batch, NULL));
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM stage"), ==, 1);
  stop (fixture);
  start (fixture);
  count (fixture, "SELECT 1");
  pack (fixture);
  g_assert_cmpint (count (fixture, "SELECT sum(n) FROM chunk"), ==, 2500);
}

/* one that is to become chunks while it can not */
static void
test_failing_pack (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(BwHistoryBatch) batch = bw_history_batch_new ();
  g_autoptr(BwHistoryBatch) another = bw_history_batch_new ();
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 2500; i++)
    bw_history_batch_add (batch, DEVICE, "node", "walk", BW_DATATYPE_INTEGER, NULL, T0 + i, "5");
  bw_history_batch_add (another, DEVICE, "node", "walk", BW_DATATYPE_INTEGER, NULL, T0 - 1, "5");
  g_assert_true (append (fixture, batch, NULL));

  sql (fixture, "ALTER TABLE chunk RENAME TO away");
  g_assert_false (append (fixture, another, &error));
  sql (fixture, "ALTER TABLE away RENAME TO chunk");
  g_assert_true (append (fixture, another, NULL));
  g_assert_cmpint (count (fixture, "SELECT sum(n) FROM chunk"), ==, 2500);

  stop (fixture);
  start (fixture);
  count (fixture, "SELECT 1");
  pack (fixture);
  g_assert_cmpint (count (fixture, "SELECT sum(n) FROM chunk"), ==, 2501);
}

#define N_COMMITS 130

static guint16
number_of (guint i)
{
  return (guint16) (1 + i % 65535);
}

/* What the broker may send again, after a start, is known; what it sends for the first time is not taken for it,
 * also when the same was said under the same number 65,535 messages ago. */
static void
test_marks (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  guint32 hash = bw_history_marks_hash ("homie/5/x", "21", 2);
  const guint n = N_COMMITS * 1000;

  g_assert_cmpuint (hash, !=, bw_history_marks_hash ("homie/5/x", "22", 2));

  for (guint i = 0; i < N_COMMITS; i++)
    {
      g_autoptr(BwHistoryBatch) batch = bw_history_batch_new ();

      for (guint j = 0; j < 1000; j++)
        bw_history_batch_add_mark (batch, number_of (i * 1000 + j), hash);
      bw_history_batch_add (batch, DEVICE, "node", "walk", BW_DATATYPE_INTEGER, NULL, T0 + i, "1");
      append (fixture, batch, &error);
      g_assert_no_error (error);
    }
  g_assert_cmpint (count (fixture, "SELECT sum(length(marks)) / 6 FROM taken"), <, 2 * BW_HISTORY_MAX_MARKS + 1000);

  for (guint first = n - BW_HISTORY_MAX_MARKS; first <= n; first += 12000)
    {
      BwHistoryMarks *marks = bw_history_marks_new ();

      run (fixture, TRUE, bw_history_marks_load, marks, &error);
      g_assert_no_error (error);
      bw_history_marks_expect (marks);
      for (guint i = first; i < n + 70000; i++)
        g_assert_cmpint (bw_history_marks_is_again (marks, number_of (i), hash), ==, i < n);
      bw_history_marks_free (marks);
    }
}

static void
test_series_limit (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(BwHistoryBatch) batch = bw_history_batch_new ();
  g_autoptr(GError) error = NULL;
  BwHistoryCounts counts;

  for (guint i = 0; i < BW_HISTORY_MAX_SERIES; i++)
    {
      g_autofree char *property = g_strdup_printf ("p%05u", i);

      bw_history_batch_add (batch, DEVICE, "node", property, BW_DATATYPE_INTEGER, NULL, T0, "1");
    }
  append (fixture, batch, &error);
  g_assert_no_error (error);

  g_test_expect_message ("bw-history", G_LOG_LEVEL_WARNING, "*which is the most*");
  add (fixture, "one-more", BW_DATATYPE_INTEGER, T0, "1");
  add (fixture, "p00001", BW_DATATYPE_INTEGER, T0 + 1, "2");
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM series"), ==, BW_HISTORY_MAX_SERIES);
  bw_history_get_counts (fixture->history, &counts);
  g_assert_cmpint (counts.n_refused, ==, 1);
  g_assert_cmpint (counts.n_samples, ==, BW_HISTORY_MAX_SERIES + 1);
}

static void
write_over (const char *path,
            const char *text)
{
  int fd = open (path, O_WRONLY);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, text, strlen (text)), ==, (gssize) strlen (text));
  close (fd);
}

/* The file is rubbish while the daemon runs: what is in no chunk yet is not lost with it. */
static void
test_lost_while_running (Fixture       *fixture,
                         gconstpointer  data)
{
  const char *path = bw_history_db_get_path (fixture->db);
  g_autofree char *rubbish = g_strnfill (200000, 'x');
  g_autoptr(JsonObject) object = NULL;

  if (path == NULL)
    {
      g_test_skip ("about a file of SQLite");
      return;
    }

  add (fixture, "walk", BW_DATATYPE_INTEGER, T0, "1");
  pack (fixture);
  add (fixture, "walk", BW_DATATYPE_INTEGER, T0 + 1, "2");
  /* so that nothing is read from memory, nor from the log */
  sql (fixture, "PRAGMA wal_checkpoint (TRUNCATE)");
  sql (fixture, "PRAGMA shrink_memory");
  write_over (path, rubbish);

  g_test_expect_message ("bw-store", G_LOG_LEVEL_WARNING, "*is damaged and was put aside*");
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(BwHistoryBatch) batch = bw_history_batch_new ();

      bw_history_batch_add (batch, DEVICE, "node", "walk", BW_DATATYPE_INTEGER, NULL, T0 + 2, "3");
      if (append (fixture, batch, NULL))
        break;
      g_assert_cmpuint (i, <, 2);
    }

  object = look (fixture, "walk", 0, G_MAXINT64, 100);
  g_assert_cmpint (json_array_get_length (bw_json_get_array (object, "points")), ==, 2);
  g_object_unref (fixture->history);
  g_assert_finalize_object (g_steal_pointer (&fixture->db));
  start (fixture);
  count (fixture, "SELECT 1");
  pack (fixture);
  g_assert_cmpint (count (fixture, "SELECT sum(n) FROM chunk"), ==, 2);
}

typedef struct
{
  BwHistory       *history;
  BwHistoryPolicy  policy;
} Thin;

static gpointer
thin_all (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  Thin *thin = task_data;
  guint at = 0;
  gboolean more = TRUE;

  while (more)
    {
      if (!bw_history_thin (thin->history, owned_by_thread, DEVICE, &thin->policy, &at, &more, error))
        return NULL;
    }

  return thin;
}

static void
thin (Fixture         *fixture,
      BwHistoryPolicy  policy)
{
  Thin data = { fixture->history, policy };
  g_autoptr(GError) error = NULL;

  run (fixture, TRUE, thin_all, &data, &error);
  g_assert_no_error (error);
}

/* What is old keeps its number, its extremes, its mean and the last of each minute. */
static void
test_thin (Fixture       *fixture,
           gconstpointer  data)
{
  const gint64 end_us = T0 + 7000 * (gint64) G_USEC_PER_SEC;
  g_autoptr(JsonObject) before = NULL;
  g_autoptr(JsonObject) after = NULL;
  g_autoptr(JsonObject) few = NULL;
  g_autoptr(GError) error = NULL;
  gint64 n_bytes;

  for (guint i = 0; i < 7; i++)
    {
      g_autoptr(BwHistoryBatch) batch = bw_history_batch_new ();

      for (guint j = 0; j < 1000; j++)
        {
          gint64 at_us = T0 + (gint64) (i * 1000 + j) * G_USEC_PER_SEC;
          g_autofree char *text = g_strdup_printf ("%u", (((i * 1000 + j) * 2654435761u) ^ (j * 40503u) << 7) >> 9);

          bw_history_batch_add (batch, DEVICE, "node", "walk", BW_DATATYPE_FLOAT, NULL, at_us, text);
          bw_history_batch_add (batch, DEVICE, "node", "word", BW_DATATYPE_STRING, NULL, at_us, j % 2 ? "on" : "off");
          if (j % 500 == 0)
            bw_history_batch_add (batch, DEVICE, "node", "seldom", BW_DATATYPE_INTEGER, NULL, at_us, text);
        }
      append (fixture, batch, &error);
      g_assert_no_error (error);
    }
  pack (fixture);
  before = look (fixture, "walk", 0, end_us, 1);
  n_bytes = count (fixture, "SELECT sum(length(data)) FROM chunk");

  /* not all of it is old enough */
  thin (fixture, (BwHistoryPolicy) { FALSE, G_MININT64, end_us - 1500 * (gint64) G_USEC_PER_SEC, 60 * G_USEC_PER_SEC });
  thin (fixture, (BwHistoryPolicy) { FALSE, G_MININT64, end_us - 1500 * (gint64) G_USEC_PER_SEC, 60 * G_USEC_PER_SEC });
  g_assert_cmpint (count (fixture, "SELECT sum(length(data)) FROM chunk"), <, n_bytes / 2);
  g_assert_cmpint (count (fixture, "SELECT sum(n) FROM chunk"), ==, 14014);
  g_assert_cmpint (count (fixture, "SELECT sum(n) FROM series"), ==, 14014);
  after = look (fixture, "walk", 0, end_us, 1);
  /* the time of a row is that of its newest sample */
  for (guint i = 1; i < 6; i++)
    g_assert_cmpfloat_with_epsilon (
      json_array_get_double_element (json_array_get_array_element (bw_json_get_array (before, "points"), 0), i),
      json_array_get_double_element (json_array_get_array_element (bw_json_get_array (after, "points"), 0), i), 1e-6);

  /* a row of many is no sample, however few there are */
  few = look (fixture, "walk", T0, T0 + 600 * (gint64) G_USEC_PER_SEC, 5000);
  g_assert_true (bw_json_get_boolean (few, "thinned", FALSE));
  g_assert_cmpint (json_array_get_length (bw_json_get_array (few, "points")), <=, 11);

  thin (fixture, (BwHistoryPolicy) { FALSE, T0 + 5000 * (gint64) G_USEC_PER_SEC, G_MININT64, 60 * G_USEC_PER_SEC });
  g_assert_cmpint (count (fixture, "SELECT sum(n) FROM series"), <, 14014);

  add (fixture, "walk", BW_DATATYPE_FLOAT, end_us, "1");
  thin (fixture, (BwHistoryPolicy) { TRUE, G_MININT64, G_MININT64, 1 });
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM chunk"), ==, 0);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM series"), ==, 0);
  add (fixture, "walk", BW_DATATYPE_FLOAT, end_us + 1, "2");
  pack (fixture);
  g_assert_cmpint (count (fixture, "SELECT sum(n) FROM chunk"), ==, 1);
}

static void
test_gaps (Fixture       *fixture,
           gconstpointer  data)
{
  static const char * const states[] = { "ready", "lost", "disconnected", "ready", "sleeping", "lost", "ready" };
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) out = g_string_new (NULL);
  Read read_data = { fixture->history, { DEVICE, "node", "walk", T0 + 15, T0 + 1000, 100, NULL }, out };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autoptr(BwHistoryBatch) batch = bw_history_batch_new ();

      bw_history_batch_add (batch, DEVICE, BW_HISTORY_OWN_NODE, "state", BW_DATATYPE_STRING, NULL, T0 + 10 * i, states[i]);
      append (fixture, batch, &error);
      g_assert_no_error (error);
      if (i == 2)
        pack (fixture);
    }

  run (fixture, FALSE, read_points, &read_data, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (out->str, "\"gaps\":[[1790000000000015,1790000000000030],[1790000000000050,1790000000000060]]"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add ("/history/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("kinds", test_kinds);
  ADD ("buckets", test_buckets);
  ADD ("join", test_join);
  ADD ("damaged", test_damaged);
  ADD ("failing", test_failing);
  ADD ("failing-pack", test_failing_pack);
  ADD ("marks", test_marks);
  ADD ("series-limit", test_series_limit);
  ADD ("lost-while-running", test_lost_while_running);
  ADD ("thin", test_thin);
  ADD ("gaps", test_gaps);

  return g_test_run ();
}
