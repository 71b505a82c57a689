/* test-devices-bulk.c: many devices changed at a time, from the question to what became of each
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-devices-page.h"

#include <adwaita.h>
#include <string.h>

#include <glib/gstdio.h>

#include "bw-bulk-dialog.h"
#include "bw-bulk-result-dialog.h"
#include "bw-fake-backend.h"
#include "bw-page-test.h"
#include "bw-remote-view.h"
#include "bw-task-bar.h"
#include "bw-test.h"

#define N_DEVICES 1000
#define N_SINGLE 150

typedef struct
{
  BwFakeBackend *backend;
  BwSession     *session;
  GtkWidget     *page;
  GtkWidget     *window;
  GType          wanted;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->backend = bw_fake_backend_new (0, N_DEVICES);
  fixture->session = bw_fake_backend_make_session (fixture->backend);
  fixture->page = bw_devices_page_new (fixture->session);
  fixture->window = bw_page_test_present (fixture->page, 1280, 800);
  bw_page_test_wait_text (fixture->page, "1000 devices");
  bw_page_test_wait_text (fixture->page, bw_fake_backend_get_id (fixture->backend, 0));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  bw_page_test_close (fixture->window);
  bw_page_test_let_go (G_OBJECT (fixture->session));
  bw_fake_backend_free (fixture->backend);
}

static GtkWidget *
find_window (GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr(GtkWidget) window = g_list_model_get_item (windows, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (window, type) && gtk_widget_get_mapped (window))
        return window;
    }

  return NULL;
}

static gboolean
has_window (gpointer data)
{
  return find_window (((Fixture *) data)->wanted) != NULL;
}

static GtkWidget *
wait_window (Fixture *fixture,
             GType    type)
{
  fixture->wanted = type;
  bw_test_wait_for (has_window, fixture);

  return find_window (type);
}

static gboolean
has_no_window (gpointer data)
{
  return !has_window (data);
}

static GtkSelectionModel *
get_selection (Fixture *fixture)
{
  GtkWidget *view = bw_page_test_find_type (fixture->page, GTK_TYPE_COLUMN_VIEW);

  return gtk_column_view_get_model (GTK_COLUMN_VIEW (view));
}

static void
select_all (Fixture *fixture)
{
  gtk_widget_activate_action (bw_page_test_find_type (fixture->page, BW_TYPE_REMOTE_VIEW), "table.select-all", NULL);
  bw_page_test_wait_text (fixture->page, "All 1000 devices selected");
}

static BwFakeBulk *
get_bulk (Fixture *fixture)
{
  return bw_fake_backend_get_bulk (fixture->backend);
}

static void
test_block_all (Fixture       *fixture,
                gconstpointer  data)
{
  GtkWidget *dialog;

  select_all (fixture);
  bw_page_test_click (fixture->page, "Block");
  dialog = wait_window (fixture, BW_TYPE_BULK_DIALOG);
  bw_page_test_wait_text (dialog, "1000 Devices Will Change");
  bw_page_test_wait_text (dialog, bw_fake_backend_get_id (fixture->backend, 0));
  bw_page_test_wait_text (dialog, "…and 997 more");
  bw_page_test_picture (dialog, "bulk-preview");
  bw_page_test_click (dialog, "Block");
  bw_page_test_wait_text (fixture->page, "1000 devices blocked");
  g_assert_cmpstr (bw_fake_bulk_get_last_request (get_bulk (fixture)), ==, "{\"action\":\"block\",\"filter\":{}}");
  bw_page_test_picture (fixture->window, "bulk-done");

  bw_page_test_click (fixture->page, "Undo");
  bw_page_test_wait_text (fixture->page, "1000 devices are as before");
}

/* What was searched for, and what was taken out of it, is what is meant. */
static void
test_scope (Fixture       *fixture,
            gconstpointer  data)
{
  const char *second = bw_fake_backend_get_id (fixture->backend, 1);
  g_autofree char *expected = NULL;
  GtkWidget *dialog;

  bw_devices_page_set_filter (BW_DEVICES_PAGE (fixture->page), "approved", NULL, "-");
  bw_page_test_wait_text (fixture->page, "750 devices found");
  gtk_selection_model_select_all (get_selection (fixture));
  gtk_selection_model_unselect_item (get_selection (fixture), 0);
  bw_page_test_wait_text (fixture->page, "749 devices selected");
  bw_page_test_click (fixture->page, "Block");
  dialog = wait_window (fixture, BW_TYPE_BULK_DIALOG);
  bw_page_test_wait_text (dialog, "749 Devices Will Change");
  expected = g_strdup_printf ("{\"action\":\"block\",\"filter\":{\"status\":\"approved\",\"search\":\"-\",\"id!\":\"%s\"},"
                              "\"preview\":true}", second);
  g_assert_cmpstr (bw_fake_bulk_get_last_preview (get_bulk (fixture)), ==, expected);
  gtk_window_close (GTK_WINDOW (dialog));
  bw_test_wait_for (has_no_window, fixture);
}

/* Some are refused: it is said before, and each is named afterwards. */
static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  const char *refused = bw_fake_backend_get_id (fixture->backend, 2);
  g_autofree char *folder = g_dir_make_tmp ("bw-bulk-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "results.csv", NULL);
  g_autofree char *text = NULL;
  g_autofree char *expected = NULL;
  GtkWidget *dialog, *row;

  bw_fake_backend_refuse (fixture->backend, refused, "it has no such property");
  gtk_selection_model_select_range (get_selection (fixture), 0, 5, TRUE);
  bw_page_test_wait_text (fixture->page, "5 devices selected");
  gtk_widget_activate_action (fixture->page, "devices.bulk", "s", "set");
  dialog = wait_window (fixture, BW_TYPE_BULK_DIALOG);
  bw_page_test_wait_text (dialog, "Name a property and a value to see what would change.");
  row = bw_page_test_ancestor (bw_page_test_wait_text (dialog, "Node"), ADW_TYPE_ENTRY_ROW);
  gtk_editable_set_text (GTK_EDITABLE (row), "light");
  row = gtk_widget_get_next_sibling (row);
  gtk_editable_set_text (GTK_EDITABLE (row), "power");
  gtk_editable_set_text (GTK_EDITABLE (gtk_widget_get_next_sibling (row)), "true");
  bw_page_test_wait_text (dialog, "4 Devices Will Change");
  bw_page_test_wait_text (dialog, "1 Device Is Refused");
  bw_page_test_wait_text (dialog, "it has no such property");
  bw_page_test_picture (dialog, "bulk-preview-refused");
  bw_page_test_click (dialog, "Set");

  dialog = wait_window (fixture, BW_TYPE_BULK_RESULT_DIALOG);
  bw_page_test_wait_text (dialog, "Property of 4 devices set · 1 refused");
  bw_page_test_wait_text (dialog, refused);
  bw_page_test_wait_text (dialog, "it has no such property");
  g_assert_nonnull (strstr (bw_fake_bulk_get_last_request (get_bulk (fixture)),
                            "\"parameters\":{\"node\":\"light\",\"property\":\"power\",\"value\":\"true\"}"));
  bw_page_test_picture (dialog, "bulk-results");
  gtk_widget_activate_action (dialog, "results.export-to", "s", path);
  bw_page_test_wait_text (dialog, "Results exported");
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  expected = g_strdup_printf ("device_id,name,state,reason\r\n\"%s\",\"\",\"refused\",\"it has no such property\"\r\n", refused);
  g_assert_cmpstr (text, ==, expected);

  bw_page_test_click (dialog, "All");
  bw_page_test_wait_text (dialog, bw_fake_backend_get_id (fixture->backend, 0));
  bw_page_test_click (dialog, "Undo");
  bw_page_test_wait_text (fixture->page, "4 devices are as before");
  g_unlink (path);
  g_rmdir (folder);
}

/* Those that are offline are said before, and their value waits. */
static void
test_offline (Fixture       *fixture,
              gconstpointer  data)
{
  GtkWidget *dialog, *row;

  bw_fake_backend_refuse (fixture->backend, bw_fake_backend_get_id (fixture->backend, 1), "offline");
  gtk_selection_model_select_range (get_selection (fixture), 0, 5, TRUE);
  bw_page_test_wait_text (fixture->page, "5 devices selected");
  gtk_widget_activate_action (fixture->page, "devices.bulk", "s", "set");
  dialog = wait_window (fixture, BW_TYPE_BULK_DIALOG);
  row = bw_page_test_ancestor (bw_page_test_wait_text (dialog, "Node"), ADW_TYPE_ENTRY_ROW);
  gtk_editable_set_text (GTK_EDITABLE (row), "light");
  row = gtk_widget_get_next_sibling (row);
  gtk_editable_set_text (GTK_EDITABLE (row), "power");
  gtk_editable_set_text (GTK_EDITABLE (gtk_widget_get_next_sibling (row)), "true");
  bw_page_test_wait_text (dialog, "5 Devices Will Change");
  bw_page_test_wait_text (dialog, "1 offline: kept for later");
  bw_page_test_picture (dialog, "bulk-preview-offline");
  bw_page_test_click (dialog, "Set");
  bw_page_test_wait_text (fixture->page, "Property of 4 devices set · 1 offline: kept for later");
}

/* It goes on the server's side; the button takes back what is not done yet. */
static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  GtkWidget *dialog;

  bw_fake_bulk_set_pace (get_bulk (fixture), 10);
  select_all (fixture);
  bw_page_test_click (fixture->page, "Approve");
  dialog = wait_window (fixture, BW_TYPE_BULK_DIALOG);
  bw_page_test_wait_text (dialog, "1000 Devices Will Change");
  bw_page_test_click (dialog, "Approve");
  bw_page_test_wait_text (fixture->page, "Approving 1000 devices…");
  bw_page_test_picture (fixture->window, "bulk-running");
  bw_page_test_click (bw_page_test_find_type (fixture->page, BW_TYPE_TASK_BAR), "Cancel");
  dialog = wait_window (fixture, BW_TYPE_BULK_RESULT_DIALOG);
  bw_page_test_wait_text (dialog, "Cancelled · ");
  bw_page_test_click (dialog, "Not Reached");
  bw_page_test_wait_text (dialog, bw_fake_backend_get_id (fixture->backend, 100));
  gtk_window_close (GTK_WINDOW (dialog));
  bw_test_wait_for (has_no_window, fixture);
}

/* A page that goes away leaves the job alone. */
static void
test_leave (Fixture       *fixture,
            gconstpointer  data)
{
  GtkWidget *dialog;

  bw_fake_bulk_set_pace (get_bulk (fixture), 1);
  select_all (fixture);
  bw_page_test_click (fixture->page, "Block");
  dialog = wait_window (fixture, BW_TYPE_BULK_DIALOG);
  bw_page_test_wait_text (dialog, "1000 Devices Will Change");
  bw_page_test_click (dialog, "Block");
  bw_page_test_wait_text (fixture->page, "Blocking 1000 devices…");
}

static void
test_export (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *folder = g_dir_make_tmp ("bw-export-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "devices.csv", NULL);
  g_autofree char *text = NULL;

  gtk_widget_activate_action (fixture->page, "devices.export-to", "s", path);
  bw_page_test_wait_text (fixture->page, "Devices exported");
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "\"id\""));
  g_unlink (path);
  g_rmdir (folder);
}

static gboolean
has_all_rows (gpointer data)
{
  return g_list_model_get_n_items (G_LIST_MODEL (get_selection (data))) == N_DEVICES;
}

/* More than a query has room for, and some that are not here yet: they are waited for. */
static void
test_export_selected (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autofree char *folder = g_dir_make_tmp ("bw-export-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "devices.csv", NULL);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;

  /* Rows come a screenful at a time, later than their number. */
  bw_test_wait_for (has_all_rows, fixture);
  for (guint i = 0; i < N_SINGLE; i++)
    gtk_selection_model_select_item (get_selection (fixture), 2 * i, FALSE);
  gtk_widget_activate_action (fixture->page, "devices.export-to", "s", path);
  bw_page_test_wait_text (fixture->page, "150 devices selected");
  bw_page_test_wait_text (fixture->page, "Devices exported");

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\r\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, N_SINGLE + 2);
  for (guint i = 0; i < N_SINGLE; i++)
    {
      g_autofree char *line = g_strdup_printf ("\"%s\",\"\"", bw_fake_backend_get_id (fixture->backend, 2 * i));

      g_assert_cmpstr (lines[i + 1], ==, line);
    }

  g_unlink (path);
  g_rmdir (folder);
}

int
main (int   argc,
      char *argv[])
{
  bw_page_test_init (&argc, &argv);

#define ADD(name, function) \
  g_test_add ("/app/devices-bulk/" name, Fixture, NULL, set_up, function, tear_down)

  ADD ("block-all", test_block_all);
  ADD ("scope", test_scope);
  ADD ("refused", test_refused);
  ADD ("offline", test_offline);
  ADD ("cancel", test_cancel);
  ADD ("leave", test_leave);
  ADD ("export", test_export);
  ADD ("export-selected", test_export_selected);

  return g_test_run ();
}
