/* test-remote-view.c: the table that pages of users, requests and the like share, over devices
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-remote-view.h"

#include <string.h>

#include "bw-device-table.h"
#include "bw-fake-backend.h"
#include "bw-page-test.h"
#include "bw-settings.h"
#include "bw-status-text.h"
#include "bw-test.h"

#define N_DEVICES 1000

static char *
get_id (gpointer item)
{
  return g_strdup (bw_entity_get_id (item));
}

static char *
get_status (gpointer item)
{
  return g_strdup (bw_status_to_text (bw_device_get_status (item)));
}

static const char *
get_status_style (gpointer item)
{
  return bw_status_to_css_class (bw_device_get_status (item));
}

static char *
get_address (gpointer item)
{
  return g_strdup (bw_device_get_address (item));
}

static char *
get_batch (gpointer item)
{
  return g_strdup (bw_device_get_batch (item));
}

static const char *
get_color (gpointer item)
{
  return bw_device_get_color (item);
}

static const BwRemoteColumn columns[] = {
  { "id", "Device ID", "id", BW_COLUMN_FIXED | BW_COLUMN_MONOSPACE, 20, 20, 0, .text = get_id },
  { "status", "Status", "status", BW_COLUMN_EXPAND, 13, 16, 0, .text = get_status, .style = get_status_style },
  { "batch", "Batch", "batch", BW_COLUMN_EXTRA | BW_COLUMN_REVERSE, 9, 14, 0, .text = get_batch, .color = get_color },
  { "address", "Address", NULL, BW_COLUMN_NUMERIC, 12, 16, 800, .text = get_address },
};

static char *
make_count (guint total)
{
  return g_strdup_printf ("%u things", total);
}

typedef struct
{
  BwFakeBackend *backend;
  BwSession     *session;
  BwRemoteTable *table;
  GtkWidget     *view;
  GtkWidget     *window;
  char          *activated;
  guint          n_selections;
} Fixture;

static void
activated_cb (Fixture  *fixture,
              BwEntity *item)
{
  g_free (fixture->activated);
  fixture->activated = g_strdup (bw_entity_get_id (item));
}

static void
selection_changed_cb (Fixture *fixture)
{
  fixture->n_selections++;
}

/* As a page's template has it. */
static const char page[] =
  "<interface>"
  "<menu id='menu'><section><item><attribute name='label'>_Open</attribute>"
  "<attribute name='action'>table.activate</attribute></item></section></menu>"
  "<object class='BwRemoteView' id='view'>"
  "<property name='label'>Things</property>"
  "<property name='search-placeholder'>Search things</property>"
  "<property name='failed-title'>Things Could Not Be Loaded</property>"
  "<property name='empty-icon-name'>edit-find-symbolic</property>"
  "<property name='empty-title'>No Things Yet</property>"
  "<property name='empty-description'>Make one first.</property>"
  "<property name='row-menu'>menu</property>"
  "<child type='start'><object class='GtkLabel'><property name='label'>At the start</property></object></child>"
  "<child type='end'><object class='GtkLabel'><property name='label'>At the end</property></object></child>"
  "<child type='bottom'><object class='GtkLabel'><property name='label'>Below</property></object></child>"
  "</object>"
  "</interface>";

static GtkWidget *
make_view (Fixture *fixture)
{
  g_autoptr(GtkBuilder) builder = gtk_builder_new_from_string (page, -1);
  GtkWidget *view = GTK_WIDGET (gtk_builder_get_object (builder, "view"));

  g_object_ref_sink (view);
  bw_remote_view_set_count_text (BW_REMOTE_VIEW (view), make_count);
  bw_remote_view_set_table (BW_REMOTE_VIEW (view), fixture->table, "things", columns, G_N_ELEMENTS (columns));
  g_signal_connect_swapped (view, "activated", G_CALLBACK (activated_cb), fixture);
  g_signal_connect_swapped (view, "selection-changed", G_CALLBACK (selection_changed_cb), fixture);

  return view;
}

static void
start (Fixture *fixture,
       guint    n_devices,
       gboolean is_down)
{
  fixture->backend = bw_fake_backend_new (0, n_devices);
  fixture->session = bw_fake_backend_make_session (fixture->backend);
  bw_fake_backend_set_down (fixture->backend, is_down);
  fixture->table = bw_device_table_new (fixture->session);
  fixture->view = make_view (fixture);
  fixture->window = bw_page_test_present (fixture->view, 1000, 700);
  g_object_unref (fixture->view);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  start (fixture, N_DEVICES, FALSE);
  bw_page_test_wait_text (fixture->view, "1000 things");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  bw_page_test_close (fixture->window);
  bw_page_test_let_go (G_OBJECT (fixture->table));
  bw_page_test_let_go (G_OBJECT (fixture->session));
  bw_fake_backend_free (fixture->backend);
  g_free (fixture->activated);
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
test_rows (Fixture       *fixture,
           gconstpointer  data)
{
  GtkWidget *cell;

  bw_page_test_wait_text (fixture->view, bw_fake_backend_get_id (fixture->backend, 0));
  bw_page_test_wait_text (fixture->view, "192.0.2.2");
  bw_page_test_wait_text (fixture->view, "At the start");
  bw_page_test_wait_text (fixture->view, "At the end");
  bw_page_test_wait_text (fixture->view, "Below");
  cell = bw_page_test_ancestor (bw_page_test_wait_text (fixture->view, "Awaiting approval"), BW_TYPE_REMOTE_CELL);
  g_assert_true (gtk_widget_has_css_class (cell, bw_status_to_css_class (BW_STATUS_AWAITING_APPROVAL)));
  g_assert_null (bw_page_test_find_text (fixture->view, "Kitchen lamps"));
  bw_page_test_picture (fixture->window, "remote-view");

  /* A row that changes says so by itself. */
  {
    g_autofree char *text = NULL;
    g_autoptr(JsonNode) node = NULL;

    bw_fake_backend_set_status (fixture->backend, 0, "blocked");
    text = bw_fake_backend_make_device (fixture->backend, 0);
    node = json_from_string (text, NULL);
    g_signal_emit_by_name (fixture->session, "changed::device", "device",
                           json_object_get_object_member (json_node_get_object (node), "document"));
    bw_page_test_wait_text (fixture->view, "Blocked");
  }
}

static void
test_narrow (Fixture       *fixture,
             gconstpointer  data)
{
  bw_page_test_wait_text (fixture->view, "192.0.2.2");
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 500, 700);
  bw_page_test_wait_gone (fixture->view, "192.0.2.2");
  bw_page_test_wait_text (fixture->view, bw_fake_backend_get_id (fixture->backend, 0));
  bw_page_test_picture (fixture->window, "remote-view-narrow");
}

/* The third one without an order is the route's own. */
static void
test_sorting (Fixture       *fixture,
              gconstpointer  data)
{
  gtk_widget_activate_action (fixture->view, "table.sort", "s", "status");
  wait_for_list (fixture, "sort=status");
  bw_remote_view_sort_by (BW_REMOTE_VIEW (fixture->view), "-id");
  wait_for_list (fixture, "sort=-id");
  bw_remote_view_sort_by (BW_REMOTE_VIEW (fixture->view), "batch");
  wait_for_list (fixture, "sort=-batch");
}

static void
test_search (Fixture       *fixture,
             gconstpointer  data)
{
  const char *id = bw_fake_backend_get_id (fixture->backend, 7);
  GtkWidget *entry = bw_page_test_find_type (fixture->view, GTK_TYPE_SEARCH_ENTRY);

  gtk_widget_activate_action (fixture->view, "table.search", NULL);
  g_assert_nonnull (gtk_widget_get_focus_child (entry));

  gtk_editable_set_text (GTK_EDITABLE (entry), id);
  bw_page_test_wait_text (fixture->view, "1 things");
  wait_for_list (fixture, id);
  bw_page_test_wait_text (fixture->view, id);

  /* the one that was found */
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpstr (fixture->activated, ==, id);

  /* quicker than the search: nothing that is not meant */
  g_clear_pointer (&fixture->activated, g_free);
  gtk_editable_set_text (GTK_EDITABLE (entry), bw_fake_backend_get_id (fixture->backend, 8));
  g_signal_emit_by_name (entry, "activate");
  g_assert_null (fixture->activated);
  wait_for_list (fixture, bw_fake_backend_get_id (fixture->backend, 8));

  bw_remote_view_set_search (BW_REMOTE_VIEW (fixture->view), "zzzz");
  bw_page_test_wait_text (fixture->view, "Nothing Found");
  bw_page_test_picture (fixture->window, "remote-view-nothing-found");

  g_signal_emit_by_name (entry, "stop-search");
  bw_page_test_wait_text (fixture->view, "1000 things");
}

static void
test_selection (Fixture       *fixture,
                gconstpointer  data)
{
  GtkWidget *view = bw_page_test_find_type (fixture->view, GTK_TYPE_COLUMN_VIEW);
  GtkSelectionModel *selection = bw_remote_view_get_selection (BW_REMOTE_VIEW (fixture->view));
  g_autoptr(GPtrArray) selected = NULL;
  g_autoptr(BwEntity) one = NULL;

  bw_page_test_wait_text (fixture->view, bw_fake_backend_get_id (fixture->backend, 0));
  g_assert_cmpuint (bw_remote_view_get_n_selected (BW_REMOTE_VIEW (fixture->view)), ==, 0);
  g_assert_null (bw_remote_view_dup_selected_one (BW_REMOTE_VIEW (fixture->view)));

  fixture->n_selections = 0;
  gtk_selection_model_select_item (selection, 3, TRUE);
  gtk_selection_model_select_item (selection, 2, FALSE);
  g_assert_cmpuint (fixture->n_selections, >=, 2);
  selected = bw_remote_view_dup_selected (BW_REMOTE_VIEW (fixture->view));
  g_assert_cmpuint (selected->len, ==, 1);
  one = bw_remote_view_dup_selected_one (BW_REMOTE_VIEW (fixture->view));
  g_assert_cmpstr (bw_entity_get_id (one), ==, bw_fake_backend_get_id (fixture->backend, 2));

  gtk_widget_activate_action (fixture->view, "table.activate", NULL);
  g_assert_cmpstr (fixture->activated, ==, bw_fake_backend_get_id (fixture->backend, 2));
  g_signal_emit_by_name (view, "activate", 5);
  g_assert_cmpstr (fixture->activated, ==, bw_fake_backend_get_id (fixture->backend, 5));

  /* the menu of the row that has the focus */
  gtk_widget_grab_focus (view);
  gtk_widget_activate_action (fixture->view, "table.menu", NULL);
  bw_page_test_wait_text (fixture->view, "Open");
}

static gboolean
is_loaded (gpointer data)
{
  return !bw_remote_table_get_loading (data);
}

/* The selection looks for what was selected among the rows of another answer; that is no reason to read them all. */
static void
test_selection_reads_little (Fixture       *fixture,
                             gconstpointer  data)
{
  BwRemoteView *view = BW_REMOTE_VIEW (fixture->view);
  const char *second = bw_fake_backend_get_id (fixture->backend, 1);
  g_autoptr(BwEntity) kept = NULL;
  guint n_before;

  bw_page_test_wait_text (fixture->view, second);
  gtk_selection_model_select_item (bw_remote_view_get_selection (view), 1, TRUE);
  bw_remote_table_set_filter (fixture->table, "status", "approved");
  bw_page_test_wait_text (fixture->view, "750 things");
  kept = bw_remote_view_dup_selected_one (view);
  g_assert_cmpstr (bw_entity_get_id (kept), ==, second);

  bw_remote_table_set_filter (fixture->table, "status", "awaiting-approval");
  bw_page_test_wait_text (fixture->view, "250 things");
  g_assert_cmpuint (bw_remote_view_get_n_selected (view), ==, 0);
  gtk_selection_model_select_item (bw_remote_view_get_selection (view), 0, TRUE);
  n_before = bw_fake_backend_get_n_lists (fixture->backend);
  bw_remote_table_set_filter (fixture->table, "status", "approved");
  bw_page_test_wait_text (fixture->view, "750 things");
  bw_test_wait_for (is_loaded, fixture->table);
  g_assert_cmpuint (bw_remote_view_get_n_selected (view), ==, 0);

  /* the answer, and one more, since a list view may hold a few more rows than a window has */
  g_assert_cmpuint (bw_fake_backend_get_n_lists (fixture->backend) - n_before, <=, 2);

  /* and so when it leaves the list */
  gtk_selection_model_select_item (bw_remote_view_get_selection (view), 0, TRUE);
  bw_fake_backend_set_status (fixture->backend, 1, "blocked");
  n_before = bw_fake_backend_get_n_lists (fixture->backend);
  bw_remote_table_reload (fixture->table);
  bw_page_test_wait_text (fixture->view, "749 things");
  bw_test_wait_for (is_loaded, fixture->table);
  g_assert_cmpuint (bw_remote_view_get_n_selected (view), ==, 0);
  g_assert_cmpuint (bw_fake_backend_get_n_lists (fixture->backend) - n_before, <=, 2);
}

static void
choose (Fixture    *fixture,
        const char *id)
{
  g_autofree char *action = g_strconcat ("columns.", id, NULL);

  g_assert_true (gtk_widget_activate_action (bw_page_test_find_type (fixture->view, GTK_TYPE_COLUMN_VIEW), action, NULL));
}

static void
test_columns (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GSettings) settings = bw_settings_new ();
  g_autoptr(GVariant) kept = NULL;
  g_autofree char *text = NULL;

  g_settings_set_value (settings, "columns", g_variant_new_parsed ("{'others': ['status']}"));
  bw_page_test_wait_text (fixture->view, "Awaiting approval");
  choose (fixture, "batch");
  bw_page_test_wait_text (fixture->view, "Kitchen lamps");
  choose (fixture, "status");
  bw_page_test_wait_gone (fixture->view, "Awaiting approval");
  bw_page_test_picture (fixture->window, "remote-view-columns");
  kept = g_settings_get_value (settings, "columns");
  text = g_variant_print (kept, FALSE);
  g_assert_cmpstr (text, ==, "{'others': ['status'], 'things': ['status', 'batch']}");

  /* the next one of that name */
  bw_page_test_close (fixture->window);
  fixture->view = make_view (fixture);
  fixture->window = bw_page_test_present (fixture->view, 1000, 700);
  g_object_unref (fixture->view);
  bw_page_test_wait_text (fixture->view, "Kitchen lamps");
  g_assert_null (bw_page_test_find_text (fixture->view, "Awaiting approval"));

  choose (fixture, "status");
  choose (fixture, "batch");
  bw_page_test_wait_text (fixture->view, "Awaiting approval");
  bw_page_test_wait_gone (fixture->view, "Kitchen lamps");
  g_clear_pointer (&kept, g_variant_unref);
  g_clear_pointer (&text, g_free);
  kept = g_settings_get_value (settings, "columns");
  text = g_variant_print (kept, FALSE);
  g_assert_cmpstr (text, ==, "{'others': ['status']}");

  /* what names the row cannot be put away */
  g_assert_false (gtk_widget_activate_action (bw_page_test_find_type (fixture->view, GTK_TYPE_COLUMN_VIEW),
                                              "columns.id", NULL));
  g_settings_reset (settings, "columns");
}

/* What was there stays, and a message says that it is old; of another question nothing old is shown. */
static void
test_fails_later (Fixture       *fixture,
                  gconstpointer  data)
{
  bw_page_test_wait_text (fixture->view, bw_fake_backend_get_id (fixture->backend, 0));
  bw_fake_backend_set_down (fixture->backend, TRUE);
  gtk_widget_activate_action (fixture->view, "table.reload", NULL);
  bw_page_test_wait_text (fixture->view, "The server does not answer.");
  g_assert_nonnull (bw_page_test_find_text (fixture->view, bw_fake_backend_get_id (fixture->backend, 0)));
  g_assert_null (bw_page_test_find_text (fixture->view, "Things Could Not Be Loaded"));

  bw_remote_table_set_filter (fixture->table, "status", "blocked");
  bw_page_test_wait_text (fixture->view, "Things Could Not Be Loaded");
  g_assert_null (bw_page_test_find_text (fixture->view, bw_fake_backend_get_id (fixture->backend, 0)));
  g_assert_null (bw_page_test_find_text (fixture->view, "1000 things"));

  bw_fake_backend_set_down (fixture->backend, FALSE);
  bw_page_test_click (fixture->view, "Try Again");
  bw_page_test_wait_text (fixture->view, "No Things Yet");
}

static void
test_fails_at_first (void)
{
  Fixture fixture = { 0 };

  start (&fixture, 3, TRUE);
  bw_page_test_wait_text (fixture.view, "Things Could Not Be Loaded");
  bw_page_test_wait_text (fixture.view, "The server does not answer.");
  bw_page_test_picture (fixture.window, "remote-view-failed");
  bw_fake_backend_set_down (fixture.backend, FALSE);
  bw_page_test_click (fixture.view, "Try Again");
  bw_page_test_wait_text (fixture.view, "3 things");
  tear_down (&fixture, NULL);
}

/* To its last line: it grows page by page. */
static gboolean
is_whole (gpointer path)
{
  g_autofree char *content = NULL;
  gsize length = 0;

  return g_file_get_contents (path, &content, &length, NULL) && length > 8 &&
         strstr (content + length - 8, "%%EOF") != NULL;
}

/* (transfer full): what the PDF says, line by line */
static char *
read_pdf (const char *path)
{
  const char *argv[] = { "pdftotext", "-layout", path, "-", NULL };
  char *text = NULL;

  bw_test_wait_for (is_whole, (gpointer) path);
  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &text, NULL, NULL, NULL));

  return text;
}

static guint
count_text (const char *text,
            const char *part)
{
  guint n = 0;

  while ((text = strstr (text, part)) != NULL)
    {
      n++;
      text += strlen (part);
    }

  return n;
}

static void
test_print (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *folder = bw_test_make_dir ();
  g_autofree char *path = g_build_filename (folder, "things.pdf", NULL);
  g_autofree char *text = NULL;
  guint n_rows = 0;

  gtk_widget_activate_action (fixture->view, "columns.batch", NULL);
  gtk_widget_activate_action (fixture->view, "columns.address", NULL);
  gtk_widget_activate_action (fixture->view, "table.print-to", "s", path);
  text = read_pdf (path);
  g_test_message ("%.400s", text);

  for (guint i = 0; i < N_DEVICES; i++)
    n_rows += count_text (text, bw_fake_backend_get_id (fixture->backend, i)) == 1;
  g_assert_cmpuint (n_rows, ==, N_DEVICES);

  g_assert_nonnull (strstr (text, "Things"));
  g_assert_nonnull (strstr (text, "1000 rows"));
  g_assert_cmpuint (count_text (text, "Device ID"), ==, count_text (text, "Page "));
  g_assert_cmpuint (count_text (text, "Page "), >, 10);
  g_assert_nonnull (strstr (text, "Kitchen lamps"));
  g_assert_null (strstr (text, "192.0.2.2"));

  bw_test_remove_dir (folder);
}

static void
test_print_refused (void)
{
  g_autofree char *folder = bw_test_make_dir ();
  g_autofree char *path = g_build_filename (folder, "nowhere", "things.pdf", NULL);
  Fixture fixture = { 0 };

  start (&fixture, 3, FALSE);
  bw_page_test_wait_text (fixture.view, "3 things");
  gtk_widget_activate_action (fixture.view, "table.print-to", "s", path);
  bw_page_test_wait_text (fixture.view, "The list could not be printed");
  bw_fake_backend_set_down (fixture.backend, TRUE);
  gtk_widget_activate_action (fixture.view, "table.print-to", "s", path);
  bw_page_test_wait_text (fixture.view, "The server does not answer.");
  tear_down (&fixture, NULL);

  memset (&fixture, 0, sizeof fixture);
  start (&fixture, 0, FALSE);
  bw_page_test_wait_text (fixture.view, "No Things Yet");
  gtk_widget_activate_action (fixture.view, "table.print", NULL);
  bw_page_test_wait_text (fixture.view, "There is nothing to print");
  tear_down (&fixture, NULL);

  bw_test_remove_dir (folder);
}

static void
test_print_cancelled (void)
{
  g_autofree char *folder = bw_test_make_dir ();
  g_autofree char *path = g_build_filename (folder, "things.pdf", NULL);
  g_autofree char *text = NULL;
  Fixture fixture = { 0 };

  start (&fixture, 10300, FALSE);
  bw_page_test_wait_text (fixture.view, "10300 things");
  gtk_widget_activate_action (fixture.view, "table.print-to", "s", path);
  gtk_widget_activate_action (fixture.view, "table.print-cancel", NULL);
  bw_page_test_wait_gone (fixture.view, "Fetching");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  /* and the next one is not refused for it */
  gtk_widget_activate_action (fixture.view, "table.print-to", "s", path);
  text = read_pdf (path);
  bw_page_test_wait_gone (fixture.view, "Fetching");
  g_assert_nonnull (strstr (text, "The first 10000 of 10300 rows"));
  g_assert_nonnull (strstr (text, bw_fake_backend_get_id (fixture.backend, 9999)));
  g_assert_null (strstr (text, bw_fake_backend_get_id (fixture.backend, 10000)));

  tear_down (&fixture, NULL);
  bw_test_remove_dir (folder);
}

static void
test_empty (void)
{
  Fixture fixture = { 0 };

  start (&fixture, 0, FALSE);
  bw_page_test_wait_text (fixture.view, "No Things Yet");
  bw_page_test_wait_text (fixture.view, "Make one first.");
  tear_down (&fixture, NULL);
}

int
main (int   argc,
      char *argv[])
{
  bw_page_test_init (&argc, &argv);
  g_type_ensure (BW_TYPE_REMOTE_VIEW);

#define ADD(name, function) \
  g_test_add ("/app/remote-view/" name, Fixture, NULL, set_up, function, tear_down)

  ADD ("rows", test_rows);
  ADD ("narrow", test_narrow);
  ADD ("sorting", test_sorting);
  ADD ("search", test_search);
  ADD ("selection", test_selection);
  ADD ("selection-reads-little", test_selection_reads_little);
  ADD ("columns", test_columns);
  ADD ("print", test_print);
  ADD ("fails-later", test_fails_later);
  g_test_add_func ("/app/remote-view/print-refused", test_print_refused);
  g_test_add_func ("/app/remote-view/print-cancelled", test_print_cancelled);
  g_test_add_func ("/app/remote-view/fails-at-first", test_fails_at_first);
  g_test_add_func ("/app/remote-view/empty", test_empty);

  return g_test_run ();
}
