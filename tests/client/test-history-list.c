/* test-history-list.c: a million values, read where they are looked at
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "bw-fake-backend.h"
#include "bw-history-list.h"
#include "bw-test.h"

#define DEVICE    "0123456789abcdef"
#define ROUTE     "GET /v1/devices/" DEVICE "/history"
#define SECOND_US ((gint64) G_USEC_PER_SEC)

/* Sample number i is at i seconds and has the value i. */
typedef struct
{
  BwFakeBackend *backend;
  BwSession     *session;
  gint64         n;             /* samples */
  gint64         thinned_to;    /* older ones are there as buckets of a minute only */
  gboolean       is_down;
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

/* (transfer full): as the backend would; the first bucket begins where the time does */
static char *
make_reply (Fixture *fixture,
            gint64   from_us,
            gint64   to_us,
            gint64   n_points)
{
  GString *out = g_string_new (NULL);
  gint64 first = (from_us + SECOND_US - 1) / SECOND_US;
  gint64 end = MIN ((to_us + SECOND_US - 1) / SECOND_US, fixture->n);
  gint64 step = MAX ((to_us / SECOND_US - first + n_points - 1) / n_points, 1);
  gboolean is_thinned = end - first > n_points || first < fixture->thinned_to;

  if (first < fixture->thinned_to)
    step = MAX (step, 60);

  g_string_printf (out, "{\"node\":\"a\",\"property\":\"b\",\"datatype\":\"integer\",\"from\":%" G_GINT64_FORMAT
                   ",\"to\":%" G_GINT64_FORMAT ",\"thinned\":%s,\"stepUs\":%" G_GINT64_FORMAT ",\"points\":[",
                   from_us, to_us, is_thinned ? "true" : "false", step * SECOND_US);
  for (gint64 i = first; i < end; i += is_thinned ? step : 1)
    {
      gint64 last = MIN (i + step, end) - 1;

      g_string_append_printf (out, "%s[%" G_GINT64_FORMAT ",", i > first ? "," : "", i * SECOND_US);
      if (is_thinned)
        g_string_append_printf (out, "%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT
                                ",%" G_GINT64_FORMAT "]", last - i + 1, i, last, i, last);
      else
        g_string_append_printf (out, "%" G_GINT64_FORMAT "]", i);
    }
  g_string_append (out, "],\"gaps\":[]}");

  return g_string_free (out, FALSE);
}

static char *
answer (GHashTable *query,
        gpointer    data)
{
  if (((Fixture *) data)->is_down)
    return g_strdup ("{}");

  return make_reply (data, g_ascii_strtoll (g_hash_table_lookup (query, "from"), NULL, 10),
                     g_ascii_strtoll (g_hash_table_lookup (query, "to"), NULL, 10),
                     g_ascii_strtoll (g_hash_table_lookup (query, "points"), NULL, 10));
}

static BwHistoryList *
make_list (Fixture *fixture,
           gint64   n,
           guint    n_points)
{
  g_autofree char *reply = NULL;
  g_autoptr(BwHistory) history = NULL;
  g_autoptr(GError) error = NULL;

  fixture->n = n;
  bw_fake_backend_compute (fixture->backend, ROUTE, answer, fixture);
  reply = make_reply (fixture, 0, n * SECOND_US, n_points);
  history = bw_history_new_from_json (reply, strlen (reply), &error);
  g_assert_no_error (error);

  return bw_history_list_new (fixture->session, DEVICE, history);
}

typedef struct
{
  BwHistoryList *list;
  guint          position;
  BwHistoryRow  *row;
} Look;

/* A part that was cut has new rows. */
static gboolean
is_loaded (gpointer data)
{
  Look *look = data;

  if (bw_history_row_get_point (look->row) != NULL)
    return TRUE;

  g_clear_object (&look->row);
  look->row = g_list_model_get_item (G_LIST_MODEL (look->list), look->position);

  return bw_history_row_get_point (look->row) != NULL;
}

static double
read_value (BwHistoryList *list,
            guint          position)
{
  Look look = { list, position, g_list_model_get_item (G_LIST_MODEL (list), position) };
  double value;

  g_assert_nonnull (look.row);
  bw_test_wait_for (is_loaded, &look);
  value = bw_history_row_get_point (look.row)->last;
  g_object_unref (look.row);

  return value;
}

static void
test_short (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(BwHistoryList) list = make_list (fixture, 10, 100);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 10);
  for (guint i = 0; i < 10; i++)
    g_assert_cmpfloat (read_value (list, i), ==, 9 - i);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (list), 10));
  g_assert_cmpuint (bw_fake_backend_count (fixture->backend, ROUTE), ==, 0);
}

static void
test_none (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(BwHistoryList) list = make_list (fixture, 0, 100);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (list), 0));
}

/* Anywhere in thirty days of seconds; what is held stays little. */
static void
test_long (Fixture       *fixture,
           gconstpointer  data)
{
  enum { N = 30 * 86400 };
  g_autoptr(BwHistoryList) list = make_list (fixture, N, 1000);
  g_autoptr(GRand) rand = g_rand_new_with_seed (5);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, N);
  g_assert_cmpfloat (read_value (list, 0), ==, N - 1);
  g_assert_cmpfloat (read_value (list, N - 1), ==, 0);
  for (guint i = 0; i < 40; i++)
    {
      guint position = (guint) g_rand_int_range (rand, 0, N);

      g_assert_cmpfloat (read_value (list, position), ==, N - 1 - position);
    }
  g_assert_cmpuint (bw_history_list_get_n_held (list), <=, 12);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, N);
}

/* Buckets that hold more than a reply can are cut again. */
static void
test_cut_again (Fixture       *fixture,
                gconstpointer  data)
{
  enum { N = 2000000 };
  g_autoptr(BwHistoryList) list = make_list (fixture, N, 7);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, N);
  g_assert_cmpfloat (read_value (list, N / 2), ==, N - 1 - N / 2);
  g_assert_cmpfloat (read_value (list, 12345), ==, N - 1 - 12345);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, N);
}

static void
count_cb (guint *n)
{
  (*n)++;
}

/* Old ones are kept as buckets: they are the rows, then, and fewer. */
static void
test_thinned (Fixture       *fixture,
              gconstpointer  data)
{
  enum { N = 12000 };
  g_autoptr(BwHistoryList) list = NULL;
  guint n_changes = 0;

  fixture->thinned_to = N;
  list = make_list (fixture, N, 100);
  g_signal_connect_swapped (list, "items-changed", G_CALLBACK (count_cb), &n_changes);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, N);
  g_assert_cmpfloat (read_value (list, 0), ==, N - 1);
  g_assert_cmpuint (n_changes, >, 0);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), <, N);
}

static gboolean
is_more (gpointer data)
{
  return *(guint *) data > 0;
}

static void
test_failure (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(BwHistoryList) list = make_list (fixture, 100000, 100);
  g_autoptr(BwHistoryRow) row = NULL;
  guint n_failures = 0;

  g_signal_connect_swapped (list, "failed", G_CALLBACK (count_cb), &n_failures);
  fixture->is_down = TRUE;
  row = g_list_model_get_item (G_LIST_MODEL (list), 50000);
  bw_test_wait_for (is_more, &n_failures);
  g_assert_null (bw_history_row_get_point (row));
  fixture->is_down = FALSE;
  g_assert_cmpfloat (read_value (list, 50000), ==, 49999);
}

/* It goes while it reads. */
static void
test_gone (Fixture       *fixture,
           gconstpointer  data)
{
  BwHistoryList *list = make_list (fixture, 100000, 100);
  g_autoptr(BwHistoryRow) row = g_list_model_get_item (G_LIST_MODEL (list), 7);

  g_object_run_dispose (G_OBJECT (list));
  bw_wait_finalized (list);
  g_assert_null (bw_history_row_get_point (row));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) \
  g_test_add ("/client/history-list/" name, Fixture, NULL, set_up, function, tear_down)

  ADD ("short", test_short);
  ADD ("none", test_none);
  ADD ("long", test_long);
  ADD ("cut-again", test_cut_again);
  ADD ("thinned", test_thinned);
  ADD ("failure", test_failure);
  ADD ("gone", test_gone);

  return g_test_run ();
}
