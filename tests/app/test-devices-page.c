/* test-devices-page.c: the table of devices, the approval list, what is done to many
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-devices-page.h"

#include <adwaita.h>
#include <string.h>

#include "bw-fake-backend.h"
#include "bw-page-test.h"
#include "bw-remote-view.h"
#include "bw-test.h"

#define N_DEVICES 1000

typedef struct
{
  BwFakeBackend *backend;
  BwSession     *session;
  GtkWidget     *page;
  GtkWidget     *window;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->backend = bw_fake_backend_new (0, N_DEVICES);
  fixture->session = bw_fake_backend_make_session (fixture->backend);
  fixture->page = bw_devices_page_new (fixture->session);
  fixture->window = bw_page_test_present (fixture->page, 1280, 800);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  if (fixture->window != NULL)
    bw_page_test_close (fixture->window);
  bw_page_test_let_go (G_OBJECT (fixture->session));
  bw_fake_backend_free (fixture->backend);
}

static GtkSelectionModel *
get_selection (Fixture *fixture)
{
  GtkWidget *view = bw_page_test_find_type (fixture->page, GTK_TYPE_COLUMN_VIEW);

  return gtk_column_view_get_model (GTK_COLUMN_VIEW (view));
}

static gboolean
has_all_rows (gpointer data)
{
  return g_list_model_get_n_items (G_LIST_MODEL (get_selection (data))) == 1000;
}

static gboolean
last_list_has (gpointer data)
{
  gpointer *arguments = data;
  const char *last = bw_fake_backend_get_last_list (arguments[0]);

  return last != NULL && strstr (last, arguments[1]) != NULL;
}

static void
wait_for_list (Fixture    *fixture,
               const char *part)
{
  gpointer arguments[] = { fixture->backend, (gpointer) part };

  if (!bw_test_wait (last_list_has, arguments, BW_TEST_DEADLINE_SECONDS))
    g_error ("the list was never asked for with “%s” but with %s", part,
             bw_fake_backend_get_last_list (fixture->backend));
}

static void
click (Fixture    *fixture,
       const char *label)
{
  bw_page_test_click (fixture->page, label);
}

static void
test_rows (Fixture       *fixture,
           gconstpointer  data)
{
  bw_page_test_wait_text (fixture->page, bw_fake_backend_get_id (fixture->backend, 0));
  bw_page_test_wait_text (fixture->page, "Kitchen lamps");
  bw_page_test_wait_text (fixture->page, "Awaiting approval");
  bw_page_test_wait_text (fixture->page, "1.4.2");
  bw_page_test_wait_text (fixture->page, "192.0.2.2");
  bw_page_test_wait_text (fixture->page, " ago");
  bw_page_test_wait_text (fixture->page, "1000 devices");
  bw_page_test_wait_text (fixture->page, "Awaiting Approval (250)");
  bw_page_test_picture (fixture->window, "devices-1280");

  /* No cell is a label: see desktop.md on what scrolling costs. */
  g_assert_cmpuint (bw_page_test_count_type (bw_page_test_find_type (fixture->page, GTK_TYPE_LIST_VIEW),
                                             GTK_TYPE_LABEL), ==, 0);
}

static void
test_narrow (Fixture       *fixture,
             gconstpointer  data)
{
  bw_page_test_wait_text (fixture->page, "1.4.2");
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 640, 800);
  bw_page_test_wait_gone (fixture->page, "1.4.2");
  bw_page_test_wait_text (fixture->page, bw_fake_backend_get_id (fixture->backend, 0));
  bw_page_test_picture (fixture->window, "devices-640");

  /* What is left fits. */
  {
    GtkWidget *view = bw_page_test_find_type (fixture->page, GTK_TYPE_COLUMN_VIEW);
    GtkAdjustment *across = gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (view));

    g_assert_cmpfloat (gtk_adjustment_get_upper (across), <=, gtk_adjustment_get_page_size (across) + 1);
  }
}

static void
test_filters (Fixture       *fixture,
              gconstpointer  data)
{
  bw_page_test_wait_text (fixture->page, "1000 devices");
  click (fixture, "Awaiting Approval (250)");
  wait_for_list (fixture, "status=awaiting-approval");
  bw_page_test_wait_text (fixture->page, "250 devices wait for approval");
  bw_page_test_wait_text (fixture->page, "First Seen");
  bw_page_test_picture (fixture->window, "devices-awaiting");

  click (fixture, "Blocked");
  bw_page_test_wait_text (fixture->page, "No Blocked Devices");
  bw_page_test_picture (fixture->window, "devices-none-blocked");

  bw_devices_page_set_filter (BW_DEVICES_PAGE (fixture->page), NULL, NULL, "zzzz");
  bw_page_test_wait_text (fixture->page, "Nothing Found");
}

static void
test_company (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(JsonObject) north = json_object_new ();
  g_autoptr(GError) error = NULL;

  json_object_set_string_member (north, "id", "7");
  json_object_set_int_member (north, "revision", 1);
  json_object_set_string_member (north, "name", "North Ltd");
  g_assert_true (bw_entity_list_upsert (bw_session_get_companies (fixture->session), north, &error));
  g_assert_no_error (error);

  bw_page_test_wait_text (fixture->page, "1000 devices");
  g_assert_null (bw_page_test_find_text (fixture->page, "North Ltd"));
  bw_devices_page_set_filter (BW_DEVICES_PAGE (fixture->page), "approved", NULL, "lamp");
  bw_devices_page_set_company (BW_DEVICES_PAGE (fixture->page), "7");
  wait_for_list (fixture, "company=7");
  g_assert_null (strstr (bw_fake_backend_get_last_list (fixture->backend), "lamp"));
  g_assert_null (strstr (bw_fake_backend_get_last_list (fixture->backend), "status"));
  bw_page_test_wait_text (fixture->page, "North Ltd");
  bw_page_test_wait_text (fixture->page, "1000 devices");
  bw_page_test_picture (fixture->window, "devices-company");

  /* It stays while the status changes, and goes when it is taken away. */
  click (fixture, "Approved");
  wait_for_list (fixture, "status=approved");
  g_assert_nonnull (strstr (bw_fake_backend_get_last_list (fixture->backend), "company=7"));
  click (fixture, "Blocked");
  bw_page_test_wait_text (fixture->page, "Nothing matches all of the filters.");
  bw_page_test_wait_text (fixture->page, "Company: North Ltd");
  bw_page_test_picture (fixture->window, "devices-nothing-matches");
  click (fixture, "Clear");
  bw_page_test_wait_gone (fixture->page, "North Ltd");
  bw_page_test_wait_text (fixture->page, "1000 devices");
  g_assert_null (strstr (bw_fake_backend_get_last_list (fixture->backend), "company"));
  g_assert_null (strstr (bw_fake_backend_get_last_list (fixture->backend), "status"));
}

static void
test_search_takes_any_form (Fixture       *fixture,
                            gconstpointer  data)
{
  const char *id = bw_fake_backend_get_id (fixture->backend, 7);
  g_auto(GStrv) groups = g_strsplit (id, "-", -1);
  g_autofree char *bare = g_strjoinv ("", groups);
  g_autofree char *code = g_ascii_strup (bare, -1);

  bw_page_test_wait_text (fixture->page, "1000 devices");
  bw_devices_page_set_filter (BW_DEVICES_PAGE (fixture->page), NULL, NULL, code);
  wait_for_list (fixture, id);
  bw_page_test_wait_text (fixture->page, "1 device found");
}

static void
test_sorting (Fixture       *fixture,
              gconstpointer  data)
{
  bw_page_test_wait_text (fixture->page, "1000 devices");

  gtk_widget_activate_action (fixture->page, "devices.sort", "s", "batch");
  wait_for_list (fixture, "sort=batch");
  gtk_widget_activate_action (fixture->page, "devices.sort", "s", "-product");
  wait_for_list (fixture, "sort=-product");

  /* The youngest age first is the latest moment first. */
  gtk_widget_activate_action (fixture->page, "devices.sort", "s", "last-seen");
  wait_for_list (fixture, "sort=-last-seen");

  /* by several */
  gtk_widget_activate_action (fixture->page, "devices.sort", "s", "status,-product,last-seen");
  wait_for_list (fixture, "sort=status%2C-product%2C-last-seen");
  bw_page_test_wait_text (fixture->page, "Status 1");
  bw_page_test_wait_text (fixture->page, "Product 2 ↓");
  bw_page_test_wait_text (fixture->page, "Last Seen 3 ↑");
  bw_page_test_picture (fixture->window, "devices-sorted");
}

static GtkWidget *
get_view (Fixture *fixture)
{
  return bw_page_test_find_type (fixture->page, BW_TYPE_REMOTE_VIEW);
}

/* As Shift and a click: ascending, descending, not any more. */
static void
test_sorting_also (Fixture       *fixture,
                   gconstpointer  data)
{
  bw_page_test_wait_text (fixture->page, "1000 devices");
  gtk_widget_activate_action (get_view (fixture), "table.sort-by", "s", "status");
  wait_for_list (fixture, "sort=status");
  gtk_widget_activate_action (get_view (fixture), "table.sort-also", "s", "batch");
  wait_for_list (fixture, "sort=status%2Cbatch");
  gtk_widget_activate_action (get_view (fixture), "table.sort-also", "s", "batch");
  wait_for_list (fixture, "sort=status%2C-batch");
  gtk_widget_activate_action (get_view (fixture), "table.sort-also", "s", "batch");
  wait_for_list (fixture, "sort=status");
  gtk_widget_activate_action (get_view (fixture), "table.sort-by", "s", "status");
  wait_for_list (fixture, "sort=-status");
}

/* What names the row and what the one before chose stay; what waits for approval has columns of its own. */
static void
test_columns (Fixture       *fixture,
              gconstpointer  data)
{
  GtkWidget *list = bw_page_test_find_type (fixture->page, GTK_TYPE_COLUMN_VIEW);

  bw_page_test_wait_text (fixture->page, "1000 devices");
  g_assert_null (bw_page_test_find_text (fixture->page, "Serial"));
  g_assert_true (gtk_widget_activate_action (list, "columns.serial", NULL));
  g_assert_true (gtk_widget_activate_action (list, "columns.company", NULL));
  bw_page_test_wait_text (fixture->page, "Serial");
  bw_page_test_wait_text (fixture->page, "Main Company");
  bw_page_test_picture (fixture->window, "devices-columns");

  click (fixture, "Awaiting Approval (250)");
  bw_page_test_wait_text (fixture->page, "250 devices wait for approval");
  bw_page_test_wait_gone (fixture->page, "Serial");
  click (fixture, "All");
  bw_page_test_wait_text (fixture->page, "1000 devices");
  bw_page_test_wait_text (fixture->page, "Serial");
  g_assert_true (gtk_widget_activate_action (list, "columns.serial", NULL));
  g_assert_true (gtk_widget_activate_action (list, "columns.company", NULL));
  bw_page_test_wait_gone (fixture->page, "Serial");
}

/* *All* is not a thousand rows, and reads none of them. */
static void
test_select_all (Fixture       *fixture,
                 gconstpointer  data)
{
  GtkSelectionModel *selection = get_selection (fixture);
  guint n_before;

  bw_page_test_wait_text (fixture->page, "1000 devices");
  bw_test_wait_for (has_all_rows, fixture);
  gtk_selection_model_select_item (selection, 3, TRUE);
  bw_page_test_wait_text (fixture->page, "1 device selected");
  n_before = bw_fake_backend_get_n_lists (fixture->backend);
  click (fixture, "Select All (1000)");
  bw_page_test_wait_text (fixture->page, "All 1000 devices selected");
  bw_page_test_picture (fixture->window, "devices-all-selected");
  g_assert_true (gtk_selection_model_is_selected (selection, 999));
  gtk_selection_model_unselect_item (selection, 2);
  bw_page_test_wait_text (fixture->page, "999 devices selected");
  g_assert_false (gtk_selection_model_is_selected (selection, 2));
  g_assert_cmpuint (bw_fake_backend_get_n_lists (fixture->backend) - n_before, <=, 1);

  /* All that match one filter are not all that match another one. */
  click (fixture, "Approved");
  bw_page_test_wait_text (fixture->page, "750 devices");
  bw_page_test_wait_gone (fixture->page, "devices selected");
  g_assert_false (gtk_selection_model_is_selected (selection, 5));
}

static void
test_approve_and_undo (Fixture       *fixture,
                       gconstpointer  data)
{
  const char *first = bw_fake_backend_get_id (fixture->backend, 0);
  const char *second = bw_fake_backend_get_id (fixture->backend, 4);

  bw_devices_page_set_filter (BW_DEVICES_PAGE (fixture->page), "awaiting-approval", NULL, NULL);
  bw_page_test_wait_text (fixture->page, "250 devices wait for approval");
  bw_page_test_wait_text (fixture->page, second);

  gtk_selection_model_select_range (get_selection (fixture), 0, 2, TRUE);
  bw_page_test_wait_text (fixture->page, "2 devices selected");
  bw_page_test_picture (fixture->window, "devices-selected");
  click (fixture, "Approve");

  bw_page_test_wait_text (fixture->page, "2 devices approved");
  bw_page_test_wait_text (fixture->page, "248 devices wait for approval");
  bw_page_test_wait_text (fixture->page, "Awaiting Approval (248)");
  g_assert_cmpstr (bw_fake_backend_get_status (fixture->backend, first), ==, "paired");
  g_assert_cmpstr (bw_fake_backend_get_status (fixture->backend, second), ==, "paired");
  bw_page_test_picture (fixture->window, "devices-approved");

  click (fixture, "Undo");
  bw_page_test_wait_text (fixture->page, "250 devices wait for approval");
  g_assert_cmpstr (bw_fake_backend_get_status (fixture->backend, first), ==, "awaiting-approval");
}

static gboolean
has_two_windows (gpointer data)
{
  g_autoptr(GListModel) windows = g_object_ref (gtk_window_get_toplevels ());

  return g_list_model_get_n_items (windows) > 1;
}

static void
test_refusals_are_told_apart (Fixture       *fixture,
                              gconstpointer  data)
{
  const char *refused = bw_fake_backend_get_id (fixture->backend, 4);
  g_autoptr(GtkWindow) dialog = NULL;

  bw_fake_backend_refuse (fixture->backend, refused, "its key was handed over twice");
  bw_devices_page_set_filter (BW_DEVICES_PAGE (fixture->page), "awaiting-approval", NULL, NULL);
  bw_page_test_wait_text (fixture->page, "250 devices wait for approval");

  gtk_selection_model_select_range (get_selection (fixture), 0, 3, TRUE);
  click (fixture, "Approve");
  bw_test_wait_for (has_two_windows, NULL);
  bw_page_test_picture (fixture->window, "devices-refused");
  bw_page_test_wait_text (fixture->page, "2 devices approved");

  {
    GListModel *windows = gtk_window_get_toplevels ();

    for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
      {
        g_autoptr(GtkWindow) window = g_list_model_get_item (windows, i);

        if (GTK_WIDGET (window) != fixture->window)
          dialog = g_steal_pointer (&window);
      }
  }

  bw_page_test_wait_text (GTK_WIDGET (dialog), "1 Device Was Not Approved");
  bw_page_test_wait_text (GTK_WIDGET (dialog), "its key was handed over twice");
  gtk_window_destroy (dialog);
}

/* Rows that nobody has looked at are fetched before they are acted on. */
static void
test_block_all_in_sight_or_not (Fixture       *fixture,
                                gconstpointer  data)
{
  bw_page_test_wait_text (fixture->page, "1000 devices");
  bw_test_wait_for (has_all_rows, fixture);
  gtk_selection_model_select_range (get_selection (fixture), 0, N_DEVICES, TRUE);
  bw_page_test_wait_text (fixture->page, "1000 devices selected");
  click (fixture, "Block");
  bw_page_test_wait_text (fixture->page, "1000 devices blocked");
  g_assert_cmpstr (bw_fake_backend_get_status (fixture->backend, bw_fake_backend_get_id (fixture->backend, N_DEVICES - 1)),
                   ==, "blocked");
}

static void
opened_cb (GtkWidget   *page,
           const char  *id,
           char       **opened)
{
  g_free (*opened);
  *opened = g_strdup (id);
}

static void
test_open (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *opened = NULL;
  GtkWidget *view;

  bw_page_test_wait_text (fixture->page, bw_fake_backend_get_id (fixture->backend, 0));
  view = bw_page_test_find_type (fixture->page, GTK_TYPE_COLUMN_VIEW);
  g_signal_connect (fixture->page, "open-device", G_CALLBACK (opened_cb), &opened);
  g_signal_emit_by_name (view, "activate", 3);
  g_assert_cmpstr (opened, ==, bw_fake_backend_get_id (fixture->backend, 3));

  gtk_selection_model_select_item (get_selection (fixture), 1, TRUE);
  gtk_widget_activate_action (fixture->page, "devices.open", NULL);
  g_assert_cmpstr (opened, ==, bw_fake_backend_get_id (fixture->backend, 1));
}

static void
test_a_server_that_is_down (void)
{
  Fixture fixture = { bw_fake_backend_new (0, 3), NULL, NULL, NULL };

  fixture.session = bw_fake_backend_make_session (fixture.backend);
  bw_fake_backend_set_down (fixture.backend, TRUE);
  fixture.page = bw_devices_page_new (fixture.session);
  fixture.window = bw_page_test_present (fixture.page, 1000, 700);
  bw_page_test_wait_text (fixture.page, "Devices Could Not Be Loaded");
  bw_page_test_wait_text (fixture.page, "The server does not answer.");
  bw_page_test_picture (fixture.window, "devices-failed");

  bw_fake_backend_set_down (fixture.backend, FALSE);
  click (&fixture, "Try Again");
  bw_page_test_wait_text (fixture.page, "3 devices");

  tear_down (&fixture, NULL);
}

static void
test_no_devices_yet (void)
{
  Fixture fixture = { bw_fake_backend_new (0, 0), NULL, NULL, NULL };

  fixture.session = bw_fake_backend_make_session (fixture.backend);
  fixture.page = bw_devices_page_new (fixture.session);
  fixture.window = bw_page_test_present (fixture.page, 1000, 700);
  bw_page_test_wait_text (fixture.page, "No Devices Yet");
  bw_page_test_picture (fixture.window, "devices-empty");
  tear_down (&fixture, NULL);
}

int
main (int   argc,
      char *argv[])
{
  bw_page_test_init (&argc, &argv);

#define ADD(name, function) \
  g_test_add ("/app/devices-page/" name, Fixture, NULL, set_up, function, tear_down)

  ADD ("rows", test_rows);
  ADD ("narrow", test_narrow);
  ADD ("filters", test_filters);
  ADD ("company", test_company);
  ADD ("search-takes-any-form", test_search_takes_any_form);
  ADD ("sorting", test_sorting);
  ADD ("sorting-also", test_sorting_also);
  ADD ("columns", test_columns);
  ADD ("select-all", test_select_all);
  ADD ("approve-and-undo", test_approve_and_undo);
  ADD ("refusals-are-told-apart", test_refusals_are_told_apart);
  ADD ("block-all-in-sight-or-not", test_block_all_in_sight_or_not);
  ADD ("open", test_open);
  g_test_add_func ("/app/devices-page/a-server-that-is-down", test_a_server_that_is_down);
  g_test_add_func ("/app/devices-page/no-devices-yet", test_no_devices_yet);

  return g_test_run ();
}
