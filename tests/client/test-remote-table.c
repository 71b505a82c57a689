/* test-remote-table.c: a list of which only what is looked at is fetched: of devices, and of companies by hints
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "bw-company.h"
#include "bw-device-table.h"
#include "bw-error.h"
#include "bw-fake-backend.h"
#include "bw-json.h"
#include "bw-test.h"

#define ROUTE           "GET /v1/devices"
#define COMPANIES_ROUTE "GET /v1/companies"

typedef struct
{
  guint total;
  guint first;      /* the number of the first device: rows move when it does */
  gint64 revision;
} Fleet;

static guint
parameter (GHashTable *query,
           const char *name)
{
  const char *text = g_hash_table_lookup (query, name);

  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : 0;
}

static char *
answer (GHashTable *query,
        gpointer    data)
{
  Fleet *fleet = data;
  guint total = g_hash_table_contains (query, "status") ? 10 : fleet->total;
  guint offset = parameter (query, "offset");
  guint end = MIN (total, offset + parameter (query, "limit"));
  GString *out = g_string_new (NULL);

  bw_json_begin_object (out, NULL);
  bw_json_add_int (out, "total", total);
  bw_json_begin_array (out, "items");
  for (guint i = offset; i < end; i++)
    {
      g_autofree char *id = g_strdup_printf ("aaaa-bbbb-cccc-%04x", (fleet->first + i) & 0xffff);

      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "id", id);
      bw_json_add_int (out, "revision", fleet->revision);
      bw_json_add_string (out, "batch", "Spring");
      bw_json_add_string (out, "batchId", "7");
      bw_json_add_string (out, "status", "paired");
      bw_json_add_string (out, "state", "ready");
      bw_json_add_int (out, "serial", fleet->first + i);
      bw_json_end_object (out);
    }
  bw_json_end_array (out);
  bw_json_end_object (out);

  return g_string_free (out, FALSE);
}

typedef struct
{
  BwFakeBackend *backend;
  BwSession     *session;
  BwRemoteTable *table;
  Fleet          fleet;
  guint          n_failed;
  guint          n_announced;
} Fixture;

static void
failed_cb (Fixture *fixture)
{
  fixture->n_failed++;
}

static void
announced_cb (Fixture *fixture)
{
  fixture->n_announced++;
}

static gboolean
is_loaded (gpointer data)
{
  return !bw_remote_table_get_loading (((Fixture *) data)->table);
}

/* The rows of another question come in steps. */
static gboolean
is_whole (gpointer data)
{
  BwRemoteTable *table = ((Fixture *) data)->table;

  return is_loaded (data) && g_list_model_get_n_items (G_LIST_MODEL (table)) == bw_remote_table_get_total (table);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->fleet = (Fleet) { 100000, 0, 1 };
  fixture->backend = bw_fake_backend_new ();
  bw_fake_backend_compute (fixture->backend, ROUTE, answer, &fixture->fleet);
  fixture->session = bw_session_new (bw_fake_backend_get_uri (fixture->backend), NULL);
  fixture->table = bw_device_table_new (fixture->session);
  g_signal_connect_swapped (fixture->table, "failed", G_CALLBACK (failed_cb), fixture);
  g_signal_connect_swapped (fixture->table, "items-changed", G_CALLBACK (announced_cb), fixture);
  bw_test_wait_for (is_whole, fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  bw_wait_finalized (fixture->table);
  bw_wait_finalized (fixture->session);
  bw_fake_backend_free (fixture->backend);
}

static BwDevice *
get (Fixture *fixture,
     guint    position)
{
  return g_list_model_get_item (G_LIST_MODEL (fixture->table), position);
}

static void
ask (Fixture    *fixture,
     const char *status,
     const char *batch_id,
     const char *search)
{
  bw_remote_table_freeze (fixture->table);
  bw_remote_table_set_filter (fixture->table, "status", status);
  bw_remote_table_set_filter (fixture->table, "batch", batch_id);
  bw_remote_table_set_search (fixture->table, search);
  bw_remote_table_thaw (fixture->table);
}

static void
notified_cb (guint *n)
{
  *n += 1;
}

static void
test_windows (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(BwDevice) far = NULL;
  g_autoptr(BwDevice) same = NULL;
  guint n_notified = 0;

  g_assert_cmpuint (bw_remote_table_get_total (fixture->table), ==, 100000);
  g_assert_cmpuint (bw_fake_backend_count (fixture->backend, ROUTE), ==, 1);

  /* an empty one at once, which fills in place */
  far = get (fixture, 50123);
  g_assert_null (bw_entity_get_id (BW_ENTITY (far)));
  g_signal_connect_swapped (far, "notify::serial", G_CALLBACK (notified_cb), &n_notified);
  bw_test_wait_for (is_loaded, fixture);
  g_assert_cmpint (bw_device_get_serial (far), ==, 50123);
  g_assert_cmpuint (n_notified, ==, 1);
  same = get (fixture, 50123);
  g_assert_true (same == far);
  g_assert_cmpuint (bw_fake_backend_count (fixture->backend, ROUTE), ==, 2);
  g_assert_null (get (fixture, 100000));
}

static void
test_scrolling_keeps_little (Fixture       *fixture,
                             gconstpointer  data)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr(BwDevice) last = NULL;

  /* a hand on the scroll bar: past all 500 windows, without a pause */
  for (guint position = 0; position < 100000; position += 40)
    {
      g_object_unref (get (fixture, position));

      if (position % 4000 == 0)
        g_main_context_iteration (NULL, FALSE);
    }

  /* with sanitizers each row takes a millisecond */
  last = get (fixture, 99999);
  g_assert_true (bw_test_wait (is_loaded, fixture, 120));
  g_assert_cmpint (bw_device_get_serial (last), ==, 99999);
  g_test_message ("%u requests, %.0f ms", bw_fake_backend_count (fixture->backend, ROUTE),
                  (double) (g_get_monotonic_time () - start) / 1000.0);
  g_assert_cmpuint (bw_fake_backend_count (fixture->backend, ROUTE), <, 200);
}

static void
test_filter_and_sort (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(BwDevice) before = get (fixture, 3);
  g_autoptr(BwDevice) after = NULL;

  fixture->n_announced = 0;
  ask (fixture, "paired", "7", "x&y");
  g_assert_true (bw_remote_table_get_loading (fixture->table));
  bw_test_wait_for (is_loaded, fixture);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->table)), ==, 10);
  g_assert_cmpuint (fixture->n_announced, ==, 2);

  /* a device that is in both answers is the same object */
  after = get (fixture, 3);
  g_assert_true (before == after);

  /* the same question is not asked again, and the last of many is the one */
  ask (fixture, "paired", "7", "x&y");
  g_assert_false (bw_remote_table_get_loading (fixture->table));
  bw_remote_table_set_sort (fixture->table, "-last-seen");
  ask (fixture, "paired", NULL, NULL);
  ask (fixture, NULL, NULL, NULL);
  bw_test_wait_for (is_whole, fixture);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->table)), ==, 100000);
}

/* What somebody knows who only hears what changed: the objects of the first rows, and how many there are. */
typedef struct
{
  Fixture   *fixture;
  GPtrArray *rows;
  guint      n_items;
  guint      n_heard;
} Listener;

static GPtrArray *
first_rows (GListModel *model)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = MIN (200, g_list_model_get_n_items (model));

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (rows, g_list_model_get_item (model, i));

  return rows;
}

/* Everything but what was said to have changed is where it was. */
static void
heard_cb (GListModel *model,
          guint       position,
          guint       n_removed,
          guint       n_added,
          Listener   *listener)
{
  g_autoptr(GPtrArray) rows = first_rows (model);

  g_assert_cmpuint (position + n_removed, <=, listener->n_items);
  listener->n_items += n_added - n_removed;
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, listener->n_items);

  for (guint i = 0; i < rows->len; i++)
    {
      guint before = i < position ? i : i - n_added + n_removed;

      g_assert_true (BW_IS_DEVICE (g_ptr_array_index (rows, i)));
      if ((i < position || i >= position + n_added) && before < listener->rows->len)
        g_assert_true (g_ptr_array_index (rows, i) == g_ptr_array_index (listener->rows, before));
    }

  g_ptr_array_unref (listener->rows);
  listener->rows = g_steal_pointer (&rows);
  listener->n_heard++;
}

static gboolean
is_settled (gpointer data)
{
  Listener *listener = data;
  Fixture *fixture = listener->fixture;
  guint n = MIN (200, fixture->fleet.total);

  if (!is_whole (fixture) || listener->rows->len != n)
    return FALSE;

  for (guint i = 0; i < n; i++)
    {
      if (bw_device_get_serial (g_ptr_array_index (listener->rows, i)) != fixture->fleet.first + i)
        return FALSE;
    }

  return TRUE;
}

static void
test_steps (Fixture       *fixture,
            gconstpointer  data)
{
  static const guint totals[] = { 100000, 1000, 150, 1000, 201, 10, 100000, 0, 1000, 199, 120, 41, 40, 100000 };
  Listener listener = { .fixture = fixture, .n_items = 100000, .rows = first_rows (G_LIST_MODEL (fixture->table)) };

  g_signal_connect (fixture->table, "items-changed", G_CALLBACK (heard_cb), &listener);
  for (guint i = 0; i < G_N_ELEMENTS (totals); i++)
    {
      g_autofree char *search = g_strdup_printf ("%u", i);

      fixture->fleet.total = totals[i];
      fixture->fleet.first = i * 30;
      ask (fixture, NULL, NULL, search);
      bw_test_wait_for (is_settled, &listener);

      /* with another question while the rows of this one are still coming */
      fixture->fleet.first = 7;
      ask (fixture, NULL, NULL, "between");
      bw_test_wait_for (is_loaded, fixture);
      fixture->fleet.first = 3;
      bw_remote_table_reload (fixture->table);
      bw_test_wait_for (is_settled, &listener);
    }

  /* a screenful, and then the others */
  listener.n_heard = 0;
  ask (fixture, NULL, NULL, "in steps");
  bw_test_wait_for (is_loaded, fixture);
  g_assert_cmpuint (listener.n_heard, <=, 3);
  bw_test_wait_for (is_settled, &listener);
  g_signal_handlers_disconnect_by_func (fixture->table, heard_cb, &listener);
  g_ptr_array_unref (listener.rows);

  /* and gone before they are all there */
  ask (fixture, NULL, NULL, "the last");
  bw_test_wait_for (is_loaded, fixture);
}

static void
test_rows_move (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(BwDevice) third = get (fixture, 3);
  g_autoptr(BwDevice) first = NULL;
  g_autoptr(BwDevice) gone = get (fixture, 0);

  fixture->fleet.first = 3;
  fixture->fleet.total = 99997;
  bw_remote_table_reload (fixture->table);
  bw_test_wait_for (is_loaded, fixture);
  first = get (fixture, 0);
  g_assert_true (first == third);
  g_assert_cmpuint (bw_remote_table_get_total (fixture->table), ==, 99997);
  g_assert_cmpint (bw_device_get_serial (gone), ==, 0);

  /* to nothing and back */
  fixture->fleet.total = 0;
  bw_remote_table_reload (fixture->table);
  bw_test_wait_for (is_loaded, fixture);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->table)), ==, 0);
  fixture->fleet.total = 5;
  bw_remote_table_reload (fixture->table);
  bw_test_wait_for (is_loaded, fixture);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->table)), ==, 5);
}

static void
feed (Fixture    *fixture,
      const char *kind,
      const char *text)
{
  g_autoptr(JsonObject) document = bw_json_parse_object (text, strlen (text), 4096, NULL);
  g_autofree char *signal = g_strconcat ("changed::", kind, NULL);

  g_assert_nonnull (document);
  g_signal_emit_by_name (fixture->session, signal, kind, document);
}

static void
test_feed (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(BwDevice) device = get (fixture, 2);
  guint n_requests;

  feed (fixture, "device", "{\"id\":\"aaaa-bbbb-cccc-0002\",\"revision\":2,\"batchId\":\"7\",\"batch\":\"Spring\","
                           "\"status\":\"blocked\",\"state\":\"lost\",\"serial\":2}");
  g_assert_cmpuint (bw_device_get_status (device), ==, BW_STATUS_BLOCKED);

  /* all of the fleet is asked for: a change elsewhere is nothing to read again */
  n_requests = bw_fake_backend_count (fixture->backend, ROUTE);
  feed (fixture, "device", "{\"id\":\"aaaa-bbbb-cccc-ffff\",\"revision\":2,\"status\":\"paired\",\"state\":\"ready\"}");
  g_assert_cmpuint (bw_fake_backend_count (fixture->backend, ROUTE), ==, n_requests);

  /* one that no longer belongs: looked at again */
  ask (fixture, "paired", NULL, NULL);
  bw_test_wait_for (is_loaded, fixture);
  n_requests = bw_fake_backend_count (fixture->backend, ROUTE);
  feed (fixture, "device", "{\"id\":\"aaaa-bbbb-cccc-0003\",\"revision\":2,\"status\":\"retired\",\"state\":\"lost\"}");
  while (bw_fake_backend_count (fixture->backend, ROUTE) == n_requests)
    g_main_context_iteration (NULL, TRUE);
  bw_test_wait_for (is_loaded, fixture);
}

static void
test_failure (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(BwDevice) far = NULL;

  bw_fake_backend_answer (fixture->backend, ROUTE, 503, "{\"code\":\"unavailable\",\"detail\":\"not now\"}");
  far = get (fixture, 70000);
  bw_test_wait_for (is_loaded, fixture);
  g_assert_cmpuint (fixture->n_failed, ==, 1);
  g_assert_null (bw_entity_get_id (BW_ENTITY (far)));

  bw_fake_backend_compute (fixture->backend, ROUTE, answer, &fixture->fleet);
  bw_remote_table_reload (fixture->table);
  bw_test_wait_for (is_loaded, fixture);
  g_assert_cmpint (bw_device_get_serial (far), ==, 70000);
}

/* A list whose changes the feed only hints at. Company number n has the id "cn" and is named by its revision. */
typedef struct
{
  BwFakeBackend *backend;
  BwSession     *session;
  BwRemoteTable *table;
  guint          total;
  guint          first;
  guint          revision;
  GString       *asked;      /* "offset=0 filters… | offset=…" */
  guint          n_failed;
} Companies;

static char *
answer_companies (GHashTable *query,
                  gpointer    data)
{
  static const char * const names[] = { "offset", "parent", "tag", "status", "search", "sort" };
  Companies *companies = data;
  guint offset = parameter (query, "offset");
  guint end = MIN (companies->total, offset + parameter (query, "limit"));
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (g_hash_table_contains (query, names[i]))
        g_string_append_printf (companies->asked, "%s=%s ", names[i], (char *) g_hash_table_lookup (query, names[i]));
    }
  g_string_append (companies->asked, "| ");

  bw_json_begin_object (out, NULL);
  bw_json_add_int (out, "total", companies->total);
  bw_json_add_int (out, "nPending", 3);
  bw_json_begin_array (out, "items");
  for (guint i = offset; i < end; i++)
    {
      g_autofree char *id = g_strdup_printf ("c%u", companies->first + i);
      g_autofree char *name = g_strdup_printf ("Company %u as of %u", companies->first + i, companies->revision);

      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "id", id);
      bw_json_add_int (out, "revision", companies->revision);
      bw_json_add_string (out, "name", name);
      bw_json_add_string (out, "alias", id);
      bw_json_end_object (out);
    }
  bw_json_end_array (out);
  bw_json_end_object (out);

  return g_string_free (out, FALSE);
}

static void
companies_failed_cb (Companies *companies)
{
  companies->n_failed++;
}

static gboolean
companies_are_loaded (gpointer data)
{
  BwRemoteTable *table = ((Companies *) data)->table;

  return !bw_remote_table_get_loading (table) &&
         g_list_model_get_n_items (G_LIST_MODEL (table)) == bw_remote_table_get_total (table);
}

static void
set_up_companies (Companies     *companies,
                  gconstpointer  data)
{
  companies->total = 1000;
  companies->revision = 1;
  companies->asked = g_string_new (NULL);
  companies->backend = bw_fake_backend_new ();
  bw_fake_backend_compute (companies->backend, COMPANIES_ROUTE, answer_companies, companies);
  companies->session = bw_session_new (bw_fake_backend_get_uri (companies->backend), NULL);
  companies->table = bw_remote_table_new (companies->session, "/v1/companies?parent=main", BW_TYPE_COMPANY, "company");
  g_signal_connect_swapped (companies->table, "failed", G_CALLBACK (companies_failed_cb), companies);
  g_assert_false (bw_remote_table_is_current (companies->table));
  bw_test_wait_for (companies_are_loaded, companies);
  g_assert_true (bw_remote_table_is_current (companies->table));
  g_assert_cmpstr (companies->asked->str, ==, "offset=0 parent=main | ");
  g_string_truncate (companies->asked, 0);
}

static void
tear_down_companies (Companies     *companies,
                     gconstpointer  data)
{
  bw_wait_finalized (companies->table);
  bw_wait_finalized (companies->session);
  bw_fake_backend_free (companies->backend);
  g_string_free (companies->asked, TRUE);
}

/* (transfer full): with its row filled */
static BwCompany *
get_company (Companies *companies,
             guint      position)
{
  BwCompany *company = g_list_model_get_item (G_LIST_MODEL (companies->table), position);

  bw_test_wait_for (companies_are_loaded, companies);
  g_assert_nonnull (bw_entity_get_id (BW_ENTITY (company)));

  return company;
}

static void
hint (Companies  *companies,
      guint       number,
      const char *rest)
{
  g_autofree char *text = g_strdup_printf ("{\"id\":\"c%u\",%s}", number, rest);
  g_autoptr(JsonObject) document = bw_json_parse_object (text, strlen (text), 4096, NULL);

  g_assert_nonnull (document);
  g_signal_emit_by_name (companies->session, "changed::company", "company", document);
}

typedef struct
{
  BwCompany  *company;
  const char *name;
} Expected;

static gboolean
is_named (gpointer data)
{
  Expected *expected = data;

  return g_strcmp0 (bw_company_get_name (expected->company), expected->name) == 0;
}

static void
wait_for_name (BwCompany  *company,
               const char *name)
{
  Expected expected = { company, name };

  bw_test_wait_for (is_named, &expected);
}

static void
answered_cb (gint64     *n_pending,
             JsonObject *reply)
{
  *n_pending = bw_json_get_int (reply, "nPending", -1);
}

static void
test_question (Companies     *companies,
               gconstpointer  data)
{
  gint64 n_pending = 0;

  g_assert_cmpuint (g_list_model_get_item_type (G_LIST_MODEL (companies->table)), ==, BW_TYPE_COMPANY);
  g_signal_connect_swapped (companies->table, "answered", G_CALLBACK (answered_cb), &n_pending);

  bw_remote_table_freeze (companies->table);
  bw_remote_table_set_filter (companies->table, "tag", "a b");
  bw_remote_table_set_filter (companies->table, "status", "approved");
  bw_remote_table_set_search (companies->table, "é&");
  bw_remote_table_set_sort (companies->table, "-name");
  g_assert_false (bw_remote_table_get_loading (companies->table));
  bw_remote_table_thaw (companies->table);
  g_assert_false (bw_remote_table_is_current (companies->table));
  bw_test_wait_for (companies_are_loaded, companies);
  g_assert_cmpstr (companies->asked->str, ==,
                   "offset=0 parent=main tag=a b status=approved search=é& sort=-name | ");
  g_assert_cmpstr (bw_remote_table_get_filter (companies->table, "tag"), ==, "a b");
  g_assert_cmpint (n_pending, ==, 3);

  g_string_truncate (companies->asked, 0);
  bw_remote_table_freeze (companies->table);
  bw_remote_table_set_filter (companies->table, "tag", "");
  bw_remote_table_set_search (companies->table, "");
  bw_remote_table_set_sort (companies->table, NULL);
  bw_remote_table_thaw (companies->table);
  bw_test_wait_for (companies_are_loaded, companies);
  g_assert_cmpstr (companies->asked->str, ==, "offset=0 parent=main status=approved | ");
  g_assert_null (bw_remote_table_get_filter (companies->table, "tag"));

  /* nothing is another: nothing is asked */
  bw_remote_table_freeze (companies->table);
  bw_remote_table_set_filter (companies->table, "tag", NULL);
  bw_remote_table_thaw (companies->table);
  g_assert_false (bw_remote_table_get_loading (companies->table));
}

/* The window of what changed is read, and no other. */
static void
test_hint (Companies     *companies,
           gconstpointer  data)
{
  g_autoptr(BwCompany) near = get_company (companies, 3);
  g_autoptr(BwCompany) far = get_company (companies, 900);

  companies->revision = 5;
  hint (companies, 3, "\"revision\":5");
  g_string_truncate (companies->asked, 0);
  wait_for_name (near, "Company 3 as of 5");
  bw_test_wait_for (companies_are_loaded, companies);
  g_assert_cmpstr (companies->asked->str, ==, "offset=0 parent=main | ");
  g_assert_cmpstr (bw_company_get_name (far), ==, "Company 900 as of 1");

  /* older than what is here: not a word of it; the other one shows that its time is over */
  companies->revision = 6;
  g_string_truncate (companies->asked, 0);
  hint (companies, 3, "\"revision\":4");
  hint (companies, 900, "\"revision\":6");
  wait_for_name (far, "Company 900 as of 6");
  bw_test_wait_for (companies_are_loaded, companies);
  g_assert_cmpstr (companies->asked->str, ==, "offset=768 parent=main | ");
}

/* However many come, and all the time, it is read four times a second at most. */
static void
test_hints_are_gathered (Companies     *companies,
                         gconstpointer  data)
{
  g_autoptr(BwCompany) company = get_company (companies, 0);
  gint64 start = g_get_monotonic_time ();
  guint n_before = bw_fake_backend_count (companies->backend, COMPANIES_ROUTE);
  guint n_hints = 0;
  guint n;

  while (g_get_monotonic_time () - start < 1500 * 1000)
    {
      companies->revision = ++n_hints + 1;
      hint (companies, n_hints % 200, "\"revision\":999999999");
      g_main_context_iteration (NULL, FALSE);
    }

  bw_test_wait_for (companies_are_loaded, companies);
  n = bw_fake_backend_count (companies->backend, COMPANIES_ROUTE) - n_before;
  g_test_message ("%u hints, %u readings", n_hints, n);
  g_assert_cmpstr (bw_company_get_name (company), !=, "Company 0 as of 1");
  g_assert_cmpuint (n_hints, >, 20);
  g_assert_cmpuint (n, >=, 1);
  g_assert_cmpuint (n, <=, 6);
}

static gboolean
has_total (gpointer data)
{
  Companies *companies = data;

  return bw_remote_table_get_total (companies->table) == companies->total;
}

static void
test_added_and_removed (Companies     *companies,
                        gconstpointer  data)
{
  g_autoptr(BwCompany) first = NULL;
  g_autoptr(BwCompany) second = NULL;

  companies->total = 5;
  bw_remote_table_reload (companies->table);
  bw_test_wait_for (has_total, companies);
  first = get_company (companies, 0);
  second = get_company (companies, 1);

  companies->total = 4;
  companies->first = 1;
  hint (companies, 0, "\"removed\":true");
  bw_test_wait_for (has_total, companies);
  bw_test_wait_for (companies_are_loaded, companies);
  g_object_unref (g_steal_pointer (&first));
  first = get_company (companies, 0);
  g_assert_true (first == second);

  /* one that is not here yet */
  companies->total = 6;
  hint (companies, 77, "\"revision\":1");
  bw_test_wait_for (has_total, companies);
}

/* A row of that window that is another now must have come from somewhere. */
static void
test_hint_that_moves_rows (Companies     *companies,
                           gconstpointer  data)
{
  g_autoptr(BwCompany) near = get_company (companies, 190);
  g_autoptr(BwCompany) far = get_company (companies, 210);

  companies->first = 1;
  companies->revision = 2;
  hint (companies, 190, "\"revision\":2");
  wait_for_name (near, "Company 190 as of 2");
  wait_for_name (far, "Company 210 as of 2");
  bw_test_wait_for (companies_are_loaded, companies);

  {
    g_autoptr(BwCompany) before = get_company (companies, 209);

    g_assert_true (before == far);
  }
}

static void
test_failed_question (Companies     *companies,
                      gconstpointer  data)
{
  g_autoptr(BwCompany) first = get_company (companies, 0);

  bw_fake_backend_answer (companies->backend, COMPANIES_ROUTE, 403,
                          "{\"code\":\"forbidden\",\"detail\":\"not for you\"}");
  bw_remote_table_set_filter (companies->table, "status", "approved");
  bw_test_wait_for (companies_are_loaded, companies);
  g_assert_cmpuint (companies->n_failed, ==, 1);
  g_assert_error ((GError *) bw_remote_table_get_error (companies->table), BW_ERROR, BW_ERROR_FORBIDDEN);

  /* what was here stays, as what it is: an answer to something else */
  g_assert_false (bw_remote_table_is_current (companies->table));
  g_assert_cmpuint (bw_remote_table_get_total (companies->table), ==, 1000);
  g_assert_cmpstr (bw_company_get_name (first), ==, "Company 0 as of 1");

  bw_fake_backend_compute (companies->backend, COMPANIES_ROUTE, answer_companies, companies);
  companies->total = 7;
  bw_remote_table_reload (companies->table);
  g_assert_null (bw_remote_table_get_error (companies->table));
  bw_test_wait_for (companies_are_loaded, companies);
  g_assert_true (bw_remote_table_is_current (companies->table));
  g_assert_cmpuint (bw_remote_table_get_total (companies->table), ==, 7);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/client/remote-table/windows", Fixture, NULL, set_up, test_windows, tear_down);
  g_test_add ("/client/remote-table/scrolling", Fixture, NULL, set_up, test_scrolling_keeps_little, tear_down);
  g_test_add ("/client/remote-table/filter-and-sort", Fixture, NULL, set_up, test_filter_and_sort, tear_down);
  g_test_add ("/client/remote-table/steps", Fixture, NULL, set_up, test_steps, tear_down);
  g_test_add ("/client/remote-table/rows-move", Fixture, NULL, set_up, test_rows_move, tear_down);
  g_test_add ("/client/remote-table/feed", Fixture, NULL, set_up, test_feed, tear_down);
  g_test_add ("/client/remote-table/failure", Fixture, NULL, set_up, test_failure, tear_down);

#define ADD(name, function) \
  g_test_add ("/client/remote-table/" name, Companies, NULL, set_up_companies, function, tear_down_companies)

  ADD ("question", test_question);
  ADD ("hint", test_hint);
  ADD ("hints-are-gathered", test_hints_are_gathered);
  ADD ("added-and-removed", test_added_and_removed);
  ADD ("hint-that-moves-rows", test_hint_that_moves_rows);
  ADD ("failed-question", test_failed_question);

  return g_test_run ();
}
