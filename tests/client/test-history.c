/* test-history.c: history as the API answers it, and what is no such answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include <glib/gstdio.h>

#include "bw-error.h"
#include "bw-fake-backend.h"
#include "bw-json.h"
#include "bw-session-history.h"
#include "bw-test.h"

#define DEVICE "0123456789abcdef"
#define ROUTE  "GET /v1/devices/" DEVICE "/history"
#define HEAD   "\"node\":\"air\",\"property\":\"temp\",\"datatype\":\"float\",\"unit\":\"°C\",\"from\":1000,\"to\":2000"


static GAsyncResult *last_result;

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  last_result = g_object_ref (result);
}

static gboolean
has_result (gpointer data)
{
  return last_result != NULL;
}

static GAsyncResult *
await (void)
{
  bw_test_wait_for (has_result, NULL);

  return g_steal_pointer (&last_result);
}

static BwHistory *
read_text (const char  *text,
           GError     **error)
{
  return bw_history_new_from_json (text, strlen (text), error);
}

static void
test_samples (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BwHistory) history = read_text ("{" HEAD ",\"thinned\":false,\"points\":[[1000,21.5],[1500,null],[1500,22],[1999,true]],"
                                            "\"gaps\":[[900,1100],[1600,1700]],\"damaged\":2,\"before\":[7,20.5]}", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (history->node, ==, "air");
  g_assert_cmpstr (history->property, ==, "temp");
  g_assert_cmpstr (history->unit, ==, "°C");
  g_assert_cmpint (history->datatype, ==, BW_DATATYPE_FLOAT);
  g_assert_cmpint (history->from_us, ==, 1000);
  g_assert_cmpint (history->to_us, ==, 2000);
  g_assert_cmpint (history->step_us, ==, 0);
  g_assert_cmpint (history->n_damaged, ==, 2);
  g_assert_cmpuint (history->n_points, ==, 4);
  g_assert_cmpfloat (history->points[0].last, ==, 21.5);
  g_assert_cmpfloat (history->points[0].min, ==, 21.5);
  g_assert_true (isnan (history->points[1].last));
  g_assert_cmpint (history->points[2].at_us, ==, 1500);
  g_assert_cmpfloat (history->points[3].last, ==, 1);
  g_assert_cmpint (history->points[3].n, ==, 1);
  g_assert_cmpuint (history->n_gaps, ==, 2);
  g_assert_cmpint (history->gaps[1].from_us, ==, 1600);
  g_assert_cmpint (history->gaps[1].to_us, ==, 1700);
  g_assert_cmpint (history->before->at_us, ==, 7);
  g_assert_cmpfloat (history->before->last, ==, 20.5);
}

static void
test_buckets (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BwHistory) history = read_text ("{" HEAD ",\"thinned\":true,\"stepUs\":100,\"points\":"
                                            "[[950,3,-1,4.5,2,4],[1200,1,null,null,null,null]],\"gaps\":[]}", &error);

  g_assert_no_error (error);
  g_assert_cmpint (history->step_us, ==, 100);
  g_assert_cmpint (history->points[0].at_us, ==, 950);
  g_assert_cmpint (history->points[0].n, ==, 3);
  g_assert_cmpfloat (history->points[0].min, ==, -1);
  g_assert_cmpfloat (history->points[0].max, ==, 4.5);
  g_assert_cmpfloat (history->points[0].mean, ==, 2);
  g_assert_cmpfloat (history->points[0].last, ==, 4);
  g_assert_true (isnan (history->points[1].min));
  g_assert_null (history->before);
}

static void
test_texts (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BwHistory) history = read_text ("{\"node\":\"$device\",\"property\":\"state\",\"datatype\":\"string\",\"unit\":null,"
                                            "\"from\":0,\"to\":100,\"points\":[[1,\"ready\"],[2,\"lost\"],[3,\"ready\"]]}", &error);
  g_autoptr(BwHistory) thinned = read_text ("{\"node\":\"a\",\"property\":\"b\",\"datatype\":\"enum\",\"from\":0,\"to\":100,"
                                            "\"thinned\":true,\"stepUs\":10,\"points\":[[10,2,null,null,null,\"auto\"]]}", NULL);

  g_assert_no_error (error);
  g_assert_null (history->unit);
  g_assert_cmpstr (history->points[1].text, ==, "lost");
  g_assert_true (isnan (history->points[1].last));
  g_assert_true (history->points[0].text == history->points[2].text);
  g_assert_cmpstr (thinned->points[0].text, ==, "auto");
}

static void
test_refused (void)
{
  static const char * const bad[] = {
    "", "[]", "{}", "null",
    "{" HEAD "}",
    "{" HEAD ",\"points\":{}}",
    "{" HEAD ",\"points\":[1]}",
    "{" HEAD ",\"points\":[[1000]]}",
    "{" HEAD ",\"points\":[[1000,1,2]]}",
    "{" HEAD ",\"points\":[[1000,[]]]}",
    "{" HEAD ",\"points\":[[1000,{}]]}",
    "{" HEAD ",\"points\":[[\"1000\",1]]}",
    "{" HEAD ",\"points\":[[1000.5,1]]}",
    "{" HEAD ",\"points\":[[999,1]]}",
    "{" HEAD ",\"points\":[[2000,1]]}",
    "{" HEAD ",\"points\":[[1500,1],[1400,1]]}",
    "{" HEAD ",\"points\":[],\"gaps\":[[1,2,3]]}",
    "{" HEAD ",\"points\":[],\"gaps\":[[2,1]]}",
    "{" HEAD ",\"points\":[],\"gaps\":[[1,5],[4,6]]}",
    "{" HEAD ",\"points\":[],\"gaps\":[7]}",
    "{" HEAD ",\"points\":[],\"before\":[1000,1]}",
    "{" HEAD ",\"points\":[],\"before\":[1]}",
    "{" HEAD ",\"points\":[],\"before\":1}",
    "{" HEAD ",\"thinned\":true,\"points\":[]}",
    "{" HEAD ",\"thinned\":true,\"stepUs\":-5,\"points\":[]}",
    "{" HEAD ",\"thinned\":true,\"stepUs\":10,\"points\":[[1000,1]]}",
    "{" HEAD ",\"thinned\":true,\"stepUs\":10,\"points\":[[1000,0,1,1,1,1]]}",
    "{" HEAD ",\"thinned\":true,\"stepUs\":10,\"points\":[[1000,1,2,1,1,1]]}",
    "{" HEAD ",\"thinned\":true,\"stepUs\":10,\"points\":[[1000,1,\"1\",1,1,1]]}",
    "{" HEAD ",\"thinned\":true,\"stepUs\":10,\"points\":[[989,1,1,1,1,1]]}",
    "{\"node\":\"a\",\"property\":\"b\",\"from\":5,\"to\":4,\"points\":[]}",
    "{\"node\":\"a\",\"property\":\"b\",\"from\":-1,\"to\":4,\"points\":[]}",
    "{\"node\":\"a\",\"from\":1,\"to\":4,\"points\":[]}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;
      BwHistory *history = read_text (bad[i], &error);

      if (history != NULL)
        g_test_message ("taken: %s", bad[i]);
      g_assert_null (history);
      g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
    }
}

/* (transfer full): @n buckets of a second */
static char *
make_reply (guint n)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, "{\"node\":\"a\",\"property\":\"b\",\"datatype\":\"float\",\"unit\":\"V\",\"from\":0,\"to\":%" G_GINT64_FORMAT
                   ",\"thinned\":true,\"stepUs\":1000000,\"points\":[", (gint64) n * G_USEC_PER_SEC);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s[%u000000,60,%u.125,%u.875,%u.5,%u.25]", i > 0 ? "," : "", i, i, i, i, i);
  g_string_append (text, "],\"gaps\":[]}");

  return g_string_free (text, FALSE);
}

static void
test_limits (void)
{
  g_autofree char *most = make_reply (BW_HISTORY_MAX_POINTS);
  g_autofree char *more = make_reply (BW_HISTORY_MAX_POINTS + 1);
  g_autoptr(BwHistory) history = read_text (most, NULL);
  g_autoptr(GString) gaps = g_string_new ("{" HEAD ",\"points\":[],\"gaps\":[");
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (history->n_points, ==, BW_HISTORY_MAX_POINTS);
  g_assert_cmpfloat (history->points[4999].mean, ==, 4999.5);
  g_assert_null (read_text (more, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);

  for (guint i = 0; i <= BW_HISTORY_MAX_GAPS; i++)
    g_string_append_printf (gaps, "%s[%u,%u]", i > 0 ? "," : "", 2 * i, 2 * i + 1);
  g_string_append (gaps, "]}");
  g_assert_null (read_text (gaps->str, NULL));
}

typedef struct
{
  BwFakeBackend *backend;
  BwSession     *session;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->backend = bw_fake_backend_new ();
  fixture->session = bw_session_new (bw_fake_backend_get_uri (fixture->backend), &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  bw_wait_finalized (fixture->session);
  bw_fake_backend_free (fixture->backend);
}

static char *
echo_query (GHashTable *query,
            gpointer    data)
{
  g_assert_cmpstr (g_hash_table_lookup (query, "node"), ==, "child:air & more");
  g_assert_cmpstr (g_hash_table_lookup (query, "property"), ==, "größe=1");
  g_assert_cmpstr (g_hash_table_lookup (query, "from"), ==, "1000");
  g_assert_cmpstr (g_hash_table_lookup (query, "to"), ==, "2000");
  g_assert_cmpstr (g_hash_table_lookup (query, "points"), ==, "640");

  return g_strdup ("{" HEAD ",\"points\":[[1000,1]],\"gaps\":[]}");
}

static BwHistory *
load (Fixture  *fixture,
      GError  **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  bw_session_load_history_async (fixture->session, DEVICE, "child:air & more", "größe=1", 1000, 2000, 640, NULL,
                                 result_cb, NULL);
  result = await ();

  return bw_session_load_history_finish (fixture->session, result, error);
}

static void
test_load (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) refusal = NULL;
  g_autoptr(GError) nonsense = NULL;
  g_autoptr(BwHistory) history = NULL;

  bw_fake_backend_compute (fixture->backend, ROUTE, echo_query, NULL);
  history = load (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (history->n_points, ==, 1);

  bw_fake_backend_answer (fixture->backend, ROUTE, 404, "{\"code\":\"not-found\",\"detail\":\"there is no such device\"}");
  g_assert_null (load (fixture, &refusal));
  g_assert_error (refusal, BW_ERROR, BW_ERROR_NOT_FOUND);
  g_assert_cmpstr (refusal->message, ==, "there is no such device");

  bw_fake_backend_answer (fixture->backend, ROUTE, 200, "{\"items\":[]}");
  g_assert_null (load (fixture, &nonsense));
  g_assert_error (nonsense, BW_ERROR, BW_ERROR_INVALID);
  g_assert_nonnull (strstr (nonsense->message, "does not answer like a Bellwether backend"));
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  bw_fake_backend_be_silent (fixture->backend, ROUTE);
  bw_session_load_history_async (fixture->session, DEVICE, "a", "b", 0, 1, 1, cancellable, result_cb, NULL);
  g_cancellable_cancel (cancellable);
  result = await ();
  g_assert_null (bw_session_load_history_finish (fixture->session, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_series (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GAsyncResult) bad = NULL;
  g_autoptr(GPtrArray) list = NULL;
  g_autoptr(GError) error = NULL;
  const BwHistorySeries *series;

  bw_fake_backend_answer (fixture->backend, ROUTE "/series", 200,
                          "{\"items\":[{\"node\":\"air\",\"property\":\"mode\",\"datatype\":\"enum\",\"unit\":null,\"n\":7,"
                          "\"firstAt\":10,\"lastAt\":20},{\"node\":\"$device\",\"property\":\"state\"}]}");
  bw_session_load_history_series_async (fixture->session, DEVICE, NULL, result_cb, NULL);
  result = await ();
  list = bw_session_load_history_series_finish (fixture->session, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 2);
  series = list->pdata[0];
  g_assert_cmpstr (series->property, ==, "mode");
  g_assert_cmpint (series->datatype, ==, BW_DATATYPE_ENUM);
  g_assert_cmpint (series->n, ==, 7);
  g_assert_cmpint (series->first_us, ==, 10);
  g_assert_cmpint (series->last_us, ==, 20);

  bw_fake_backend_answer (fixture->backend, ROUTE "/series", 200, "{\"items\":[{\"node\":\"air\"}]}");
  bw_session_load_history_series_async (fixture->session, DEVICE, NULL, result_cb, NULL);
  bad = await ();
  g_assert_null (bw_session_load_history_series_finish (fixture->session, bad, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
}

static void
progress_cb (gint64   n_done,
             gint64   n_total,
             gpointer user_data)
{
  *(gint64 *) user_data = n_done;
}

static void
test_export (Fixture       *fixture,
             gconstpointer  data)
{
  static const char csv[] = "at,node,property,value\n2026-11-30T22:00:00.000000Z,air,temp,21.5\n";
  g_autofree char *dir = bw_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "history.csv", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GAsyncResult) stopped = NULL;
  g_autoptr(GError) error = NULL;
  gint64 n_lines = 0;

  bw_fake_backend_answer (fixture->backend, ROUTE ".csv", 200, csv);
  bw_session_export_history_async (fixture->session, DEVICE, "air", "temp", 0, 10, path, progress_cb, &n_lines, NULL,
                                   result_cb, NULL);
  result = await ();
  g_assert_true (bw_session_export_history_finish (fixture->session, result, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, csv);
  g_assert_cmpint (n_lines, ==, 2);

  /* cancelled: the file that was there stays */
  bw_fake_backend_be_silent (fixture->backend, ROUTE ".csv");
  bw_session_export_history_async (fixture->session, DEVICE, NULL, NULL, 0, 10, path, NULL, NULL, cancellable,
                                   result_cb, NULL);
  g_cancellable_cancel (cancellable);
  stopped = await ();
  g_assert_false (bw_session_export_history_finish (fixture->session, stopped, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_pointer (&text, g_free);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, csv);

  bw_test_remove_dir (dir);
}

/* How long it takes to read a reply in one go: at least. */
static gint64
time_reading (const char *reply)
{
  gint64 best_us = G_MAXINT64;

  for (guint i = 0; i < 5; i++)
    {
      gint64 begun_us = g_get_monotonic_time ();
      g_autoptr(BwHistory) history = read_text (reply, NULL);

      g_assert_nonnull (history);
      best_us = MIN (best_us, g_get_monotonic_time () - begun_us);
    }

  return best_us;
}

/* How long the main context was busy without a pause, at most. */
typedef struct
{
  gint64 begun_us;
  gint64 longest_us;
} Watch;

static Watch watch;

static int
watching_poll (GPollFD *fds,
               guint    n_fds,
               int      timeout_ms)
{
  int n;

  if (watch.begun_us > 0)
    watch.longest_us = MAX (watch.longest_us, g_get_monotonic_time () - watch.begun_us);

  n = g_poll (fds, n_fds, timeout_ms);
  watch.begun_us = g_get_monotonic_time ();

  return n;
}

static void
test_long_reply (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *reply = make_reply (BW_HISTORY_MAX_POINTS);
  gint64 whole_us = time_reading (reply);
  gint64 best_us = G_MAXINT64;

  bw_fake_backend_answer (fixture->backend, ROUTE, 200, reply);

  /* the best of a few: the machine does other things, too */
  for (guint i = 0; i < 20 && best_us >= whole_us; i++)
    {
      g_autoptr(BwHistory) history = NULL;
      g_autoptr(GError) error = NULL;

      memset (&watch, 0, sizeof watch);
      g_main_context_set_poll_func (NULL, watching_poll);
      history = load (fixture, &error);
      g_main_context_set_poll_func (NULL, NULL);
      g_assert_no_error (error);
      g_assert_cmpuint (history->n_points, ==, BW_HISTORY_MAX_POINTS);
      best_us = MIN (best_us, watch.longest_us);
    }

  g_test_message ("%u points: the main context was away %.1f ms; read in one go it would be %.1f",
                  (guint) BW_HISTORY_MAX_POINTS, (double) best_us / 1000, (double) whole_us / 1000);
  g_assert_cmpint (best_us, <, whole_us);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/client/history/samples", test_samples);
  g_test_add_func ("/client/history/buckets", test_buckets);
  g_test_add_func ("/client/history/texts", test_texts);
  g_test_add_func ("/client/history/refused", test_refused);
  g_test_add_func ("/client/history/limits", test_limits);
  g_test_add ("/client/history/load", Fixture, NULL, set_up, test_load, tear_down);
  g_test_add ("/client/history/cancel", Fixture, NULL, set_up, test_cancel, tear_down);
  g_test_add ("/client/history/series", Fixture, NULL, set_up, test_series, tear_down);
  g_test_add ("/client/history/export", Fixture, NULL, set_up, test_export, tear_down);
  g_test_add ("/client/history/long-reply", Fixture, NULL, set_up, test_long_reply, tear_down);

  return g_test_run ();
}
