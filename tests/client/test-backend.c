/* test-backend.c: the client against the real backend and broker, as the desktop uses it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "bw-device-table.h"
#include "bw-error.h"
#include "bw-fake-backend.h"
#include "bw-local-server.h"
#include "bw-session.h"
#include "bw-test.h"

#define N_DEVICES 100000

typedef struct
{
  char          *folder;
  BwLocalServer *server;
  BwSession     *session;
  GAsyncResult  *result;
  BwBatch       *batch;
  BwRemoteTable *table;
  guint          n_progress;
} Fixture;

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_set_object (&((Fixture *) user_data)->result, result);
}

static gboolean
has_result (gpointer data)
{
  return ((Fixture *) data)->result != NULL;
}

static GAsyncResult *
await (Fixture *fixture)
{
  g_assert_true (bw_test_wait (has_result, fixture, 60));

  return g_steal_pointer (&fixture->result);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GAsyncResult) started = NULL;
  g_autoptr(GAsyncResult) resumed = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *token = NULL;

  fixture->folder = bw_test_make_dir ();
  fixture->server = bw_local_server_new (fixture->folder, 0, 0);
  bw_local_server_start_async (fixture->server, NULL, result_cb, fixture);
  started = await (fixture);
  bw_local_server_start_finish (fixture->server, started, &error);
  g_assert_no_error (error);

  g_assert_true (g_file_get_contents (bw_local_server_get_token_file (fixture->server), &token, NULL, NULL));
  fixture->session = bw_session_new (bw_local_server_get_http_uri (fixture->server), NULL);
  bw_session_resume_async (fixture->session, token, NULL, result_cb, fixture);
  resumed = await (fixture);
  bw_session_resume_finish (fixture->session, resumed, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GAsyncResult) stopped = NULL;

  g_clear_object (&fixture->batch);
  if (fixture->table != NULL)
    bw_wait_finalized (fixture->table);

  bw_wait_finalized (fixture->session);
  bw_local_server_stop_async (fixture->server, result_cb, fixture);
  stopped = await (fixture);
  g_assert_true (bw_local_server_stop_finish (fixture->server, stopped, NULL));
  g_clear_object (&fixture->server);
  bw_test_remove_dir (fixture->folder);
  g_free (fixture->folder);
}

static gboolean
feed_is_connected (gpointer data)
{
  return bw_session_get_feed_connected (((Fixture *) data)->session);
}

static gboolean
batch_is_ready (gpointer data)
{
  return bw_batch_is_ready (((Fixture *) data)->batch);
}

static void
progress_cb (Fixture *fixture)
{
  fixture->n_progress++;
}

/* The page sees it grow without asking again. */
static void
create_batch (Fixture *fixture)
{
  g_autoptr(GAsyncResult) loaded = NULL;
  g_autoptr(GAsyncResult) created = NULL;
  g_autoptr(GError) error = NULL;

  bw_session_start_feed (fixture->session);
  bw_test_wait_for (feed_is_connected, fixture);
  bw_session_load_batches_async (fixture->session, NULL, result_cb, fixture);
  loaded = await (fixture);
  g_assert_true (bw_session_load_batches_finish (fixture->session, loaded, NULL));

  bw_session_create_batch_async (fixture->session, "Large", N_DEVICES, NULL, "#3584e4", "for a test", NULL,
                                 result_cb, fixture);
  created = await (fixture);
  fixture->batch = bw_session_create_batch_finish (fixture->session, created, &error);
  g_assert_no_error (error);
  g_signal_connect_swapped (fixture->batch, "notify::n-done", G_CALLBACK (progress_cb), fixture);
  g_assert_true (bw_test_wait (batch_is_ready, fixture, 100));
  g_assert_cmpint (bw_batch_get_n_done (fixture->batch), ==, N_DEVICES);
  g_assert_cmpuint (fixture->n_progress, >, 0);
}

static gboolean
table_has_rows (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr(BwDevice) first = g_list_model_get_item (G_LIST_MODEL (fixture->table), 0);

  return first != NULL && bw_entity_get_id (BW_ENTITY (first)) != NULL;
}

static gboolean
table_is_loaded (gpointer data)
{
  BwRemoteTable *table = ((Fixture *) data)->table;

  return !bw_remote_table_get_loading (table) &&
         g_list_model_get_n_items (G_LIST_MODEL (table)) == bw_remote_table_get_total (table);
}

static gboolean
table_has_one (gpointer data)
{
  return bw_remote_table_get_total (((Fixture *) data)->table) == 1;
}

static void
look_at_table (Fixture *fixture)
{
  g_autoptr(BwDevice) last = NULL;
  gint64 start = g_get_monotonic_time ();

  fixture->table = bw_device_table_new (fixture->session);
  bw_test_wait_for (table_has_rows, fixture);
  g_test_message ("100,000 rows open in %.0f ms", (double) (g_get_monotonic_time () - start) / 1000.0);
  g_assert_cmpuint (bw_remote_table_get_total (fixture->table), ==, N_DEVICES);

  bw_remote_table_set_sort (fixture->table, "serial");
  bw_test_wait_for (table_is_loaded, fixture);
  start = g_get_monotonic_time ();
  last = g_list_model_get_item (G_LIST_MODEL (fixture->table), N_DEVICES - 1);
  bw_test_wait_for (table_is_loaded, fixture);
  g_test_message ("the last window comes in %.0f ms", (double) (g_get_monotonic_time () - start) / 1000.0);
  g_assert_cmpint (bw_device_get_serial (last), ==, N_DEVICES);

  start = g_get_monotonic_time ();
  bw_remote_table_freeze (fixture->table);
  bw_remote_table_set_filter (fixture->table, "batch", bw_entity_get_id (BW_ENTITY (fixture->batch)));
  bw_remote_table_set_search (fixture->table, bw_entity_get_id (BW_ENTITY (last)));
  bw_remote_table_thaw (fixture->table);
  bw_test_wait_for (table_has_one, fixture);
  g_test_message ("an ID is found in %.0f ms", (double) (g_get_monotonic_time () - start) / 1000.0);
}

static void
act_on (Fixture    *fixture,
        const char *action,
        const char *id)
{
  const char * const ids[] = { id, NULL };
  g_autoptr(GAsyncResult) acted = NULL;
  g_autoptr(GPtrArray) results = NULL;
  g_autoptr(GError) error = NULL;

  bw_session_act_async (fixture->session, action, ids, NULL, result_cb, fixture);
  acted = await (fixture);
  results = bw_session_act_finish (fixture->session, acted, &error);
  g_assert_no_error (error);
  g_assert_null (((BwActionResult *) g_ptr_array_index (results, 0))->reason);
}

static gboolean
device_is_blocked (gpointer data)
{
  return bw_device_get_status (data) == BW_STATUS_BLOCKED;
}

static gboolean
table_is_empty (gpointer data)
{
  return bw_remote_table_get_total (((Fixture *) data)->table) == 0;
}

static gboolean
table_has_new (gpointer data)
{
  return bw_remote_table_get_total (((Fixture *) data)->table) == 1;
}

/* Somebody else does something: rows that are here move by themselves, lists of a status fill and empty. */
static void
follow_changes (Fixture *fixture)
{
  g_autoptr(BwDevice) device = g_list_model_get_item (G_LIST_MODEL (fixture->table), 0);
  const char *id = bw_entity_get_id (BW_ENTITY (device));

  act_on (fixture, "block", id);
  bw_test_wait_for (device_is_blocked, device);

  bw_remote_table_freeze (fixture->table);
  bw_remote_table_set_filter (fixture->table, "batch", NULL);
  bw_remote_table_set_filter (fixture->table, "status", "blocked");
  bw_remote_table_set_search (fixture->table, NULL);
  bw_remote_table_thaw (fixture->table);
  bw_test_wait_for (table_has_new, fixture);
  act_on (fixture, "unblock", id);
  bw_test_wait_for (table_is_empty, fixture);
  act_on (fixture, "block", id);
  bw_test_wait_for (table_has_new, fixture);
}

static void
export_and_label (Fixture *fixture)
{
  const char *id = bw_entity_get_id (BW_ENTITY (fixture->batch));
  g_autofree char *path = g_build_filename (fixture->folder, "hand-over.csv", NULL);
  g_autoptr(GAsyncResult) exported = NULL;
  g_autoptr(GAsyncResult) loaded = NULL;
  g_autoptr(GAsyncResult) marked = NULL;
  g_autoptr(GPtrArray) ids = NULL;
  g_autoptr(GError) error = NULL;
  gboolean had_keys = FALSE;
  gint64 start = g_get_monotonic_time ();

  bw_session_export_batch_async (fixture->session, id, path, NULL, NULL, NULL, result_cb, fixture);
  exported = await (fixture);
  bw_session_export_batch_finish (fixture->session, exported, &had_keys, &error);
  g_assert_no_error (error);
  g_assert_true (had_keys);
  g_test_message ("100,000 devices are handed over in %.0f ms", (double) (g_get_monotonic_time () - start) / 1000.0);

  bw_session_load_ids_async (fixture->session, id, 1, N_DEVICES, NULL, result_cb, fixture);
  loaded = await (fixture);
  ids = bw_session_load_ids_finish (fixture->session, loaded, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ids->len, ==, N_DEVICES);

  bw_session_mark_labelled_async (fixture->session, id, 5, 10, NULL, result_cb, fixture);
  marked = await (fixture);
  bw_session_mark_labelled_finish (fixture->session, marked, &error);
  g_assert_no_error (error);
}

static void
test_the_desktop (Fixture       *fixture,
                  gconstpointer  data)
{
  create_batch (fixture);
  look_at_table (fixture);
  follow_changes (fixture);
  export_and_label (fixture);
}

static void
signed_out_cb (gboolean *signed_out)
{
  *signed_out = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

/* Another session of the same token ends it: who follows the feed hears of it without asking. */
static void
test_signed_out_elsewhere (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(BwSession) other = bw_session_new (bw_session_get_base_uri (fixture->session), NULL);
  g_autoptr(GAsyncResult) resumed = NULL;
  g_autoptr(GAsyncResult) left = NULL;
  gboolean signed_out = FALSE;

  bw_session_start_feed (fixture->session);
  bw_test_wait_for (feed_is_connected, fixture);
  g_signal_connect_swapped (fixture->session, "signed-out", G_CALLBACK (signed_out_cb), &signed_out);

  bw_session_resume_async (other, bw_session_get_token (fixture->session), NULL, result_cb, fixture);
  resumed = await (fixture);
  g_assert_true (bw_session_resume_finish (other, resumed, NULL));
  bw_session_sign_out_async (other, NULL, result_cb, fixture);
  left = await (fixture);
  g_assert_true (bw_session_sign_out_finish (other, left, NULL));

  bw_test_wait_for (is_true, &signed_out);
  g_assert_null (bw_session_get_token (fixture->session));
  g_assert_false (bw_session_get_feed_connected (fixture->session));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/client/backend/the-desktop", Fixture, NULL, set_up, test_the_desktop, tear_down);
  g_test_add ("/client/backend/signed-out-elsewhere", Fixture, NULL, set_up, test_signed_out_elsewhere, tear_down);

  return g_test_run ();
}
