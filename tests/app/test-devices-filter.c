/* test-devices-filter.c: conditions on what the table of devices shows, and what is kept of them under a name
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-devices-page.h"

#include <adwaita.h>
#include <string.h>

#include "bw-device-query.h"
#include "bw-fake-backend.h"
#include "bw-filter-editor.h"
#include "bw-page-test.h"
#include "bw-remote-view.h"
#include "bw-settings.h"
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
open_page (Fixture *fixture)
{
  fixture->page = bw_devices_page_new (fixture->session);
  fixture->window = bw_page_test_present (fixture->page, 1280, 800);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->backend = bw_fake_backend_new (0, N_DEVICES);
  fixture->session = bw_fake_backend_make_session (fixture->backend);
  open_page (fixture);
  bw_page_test_wait_text (fixture->page, "1000 devices");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GSettings) settings = bw_settings_new ();

  g_settings_reset (settings, "devices-view");
  g_settings_reset (settings, "columns");
  bw_page_test_close (fixture->window);
  bw_page_test_let_go (G_OBJECT (fixture->session));
  bw_fake_backend_free (fixture->backend);
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

static GtkWidget *
get_editor (Fixture *fixture)
{
  return bw_page_test_find_type (fixture->page, BW_TYPE_FILTER_EDITOR);
}

/* A row of a list in the popover, by what it says. */
static void
activate_row (Fixture    *fixture,
              const char *text)
{
  GtkWidget *row = bw_page_test_ancestor (bw_page_test_wait_text (get_editor (fixture), text), GTK_TYPE_LIST_BOX_ROW);

  g_signal_emit_by_name (gtk_widget_get_parent (row), "row-activated", row);
}

static void
pop_up_filter (Fixture *fixture)
{
  gtk_widget_activate_action (fixture->page, "devices.filter", NULL);
  bw_page_test_wait_text (get_editor (fixture), "Local Address");
}

static void
test_query (void)
{
  g_autoptr(JsonObject) filter = json_object_new ();
  g_autoptr(JsonObject) copy = NULL;
  g_autofree char *query = NULL;
  g_autofree char *value = NULL;

  bw_device_query_set (filter, "version!", (const char * const []) { "1.0", "2 &", NULL });
  bw_device_query_set_one (filter, "lastSeenBefore", "1790000000000000");
  bw_device_query_set_one (filter, "online", "true");
  query = bw_device_query_to_query (filter);
  g_assert_cmpstr (query, ==, "version%21=1.0&version%21=2%20%26&lastSeenBefore=1790000000000000&online=true");
  g_assert_cmpint (json_object_get_int_member (filter, "lastSeenBefore"), ==, G_GINT64_CONSTANT (1790000000000000));
  g_assert_true (json_object_get_boolean_member (filter, "online"));

  copy = bw_device_query_copy (filter);
  g_assert_true (bw_device_query_equal (filter, copy));
  g_assert_null (bw_device_query_dup_value (copy, "version!"));
  bw_device_query_set (copy, "version!", NULL);
  g_assert_false (bw_device_query_equal (filter, copy));
  value = bw_device_query_dup_value (copy, "online");
  g_assert_cmpstr (value, ==, "true");
}

/* The values that there are, with how many devices have each. */
static void
test_choose_values (Fixture       *fixture,
                    gconstpointer  data)
{
  pop_up_filter (fixture);
  bw_page_test_picture (fixture->window, "filter-fields");
  bw_page_test_click (get_editor (fixture), "Version");
  bw_page_test_wait_text (get_editor (fixture), "100");
  activate_row (fixture, "1.5.0");
  bw_page_test_picture (fixture->window, "filter-values");
  bw_page_test_click (fixture->page, "Apply");
  wait_for_list (fixture, "version=1.5.0");
  bw_page_test_wait_text (fixture->page, "100 devices found");
  bw_page_test_wait_text (fixture->page, "Version: 1.5.0");

  /* and another one beside it */
  pop_up_filter (fixture);
  bw_page_test_click (get_editor (fixture), "Status");
  activate_row (fixture, "Awaiting approval");
  bw_page_test_click (fixture->page, "Apply");
  wait_for_list (fixture, "status=awaiting-approval");
  g_assert_nonnull (strstr (bw_fake_backend_get_last_list (fixture->backend), "version=1.5.0"));

  /* whose button stands for it */
  bw_page_test_wait_text (fixture->page, "First Seen");
  bw_page_test_click (fixture->page, "All");
  bw_page_test_wait_text (fixture->page, "100 devices found");
  bw_page_test_picture (fixture->window, "filter-chips");
  bw_page_test_click (fixture->page, "Clear");
  bw_page_test_wait_text (fixture->page, "1000 devices");
  bw_page_test_wait_gone (fixture->page, "Version: 1.5.0");
}

/* A chip's text changes the condition, its cross takes it away. */
static void
test_change (Fixture       *fixture,
             gconstpointer  data)
{
  GtkWidget *chip;

  pop_up_filter (fixture);
  bw_page_test_click (get_editor (fixture), "Version");
  activate_row (fixture, "1.5.0");
  bw_page_test_click (fixture->page, "Apply");
  bw_page_test_wait_text (fixture->page, "100 devices found");

  chip = bw_page_test_ancestor (bw_page_test_wait_text (fixture->page, "Version: 1.5.0"), GTK_TYPE_BUTTON);
  g_signal_emit_by_name (chip, "clicked");
  bw_page_test_wait_text (get_editor (fixture), "1.4.2");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (bw_page_test_find_type (get_editor (fixture), GTK_TYPE_DROP_DOWN)), 1);
  bw_page_test_click (fixture->page, "Apply");
  bw_page_test_wait_text (fixture->page, "Version is not: 1.5.0");
  bw_page_test_wait_text (fixture->page, "900 devices found");
  g_assert_null (strstr (bw_fake_backend_get_last_list (fixture->backend), "version=1.5.0"));

  chip = bw_page_test_ancestor (bw_page_test_wait_text (fixture->page, "Version is not: 1.5.0"), GTK_TYPE_BUTTON);
  g_signal_emit_by_name (gtk_widget_get_next_sibling (chip), "clicked");
  bw_page_test_wait_text (fixture->page, "1000 devices");
}

static void
test_times_and_texts (Fixture       *fixture,
                      gconstpointer  data)
{
  pop_up_filter (fixture);
  bw_page_test_click (get_editor (fixture), "Last Seen");
  bw_page_test_wait_text (fixture->page, "1 hour ago");
  bw_page_test_picture (fixture->window, "filter-time");
  bw_page_test_click (fixture->page, "Apply");
  wait_for_list (fixture, "lastSeenAfter=1");
  bw_page_test_wait_text (fixture->page, "Last Seen after: ");
  bw_page_test_click (fixture->page, "Clear");

  pop_up_filter (fixture);
  bw_page_test_click (get_editor (fixture), "Device ID");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (bw_page_test_find_type (get_editor (fixture), GTK_TYPE_DROP_DOWN)), 2);
  gtk_editable_set_text (GTK_EDITABLE (bw_page_test_find_type (get_editor (fixture), GTK_TYPE_ENTRY)), "zzzz");
  bw_page_test_click (fixture->page, "Apply");
  wait_for_list (fixture, "id~=zzzz");
  bw_page_test_wait_text (fixture->page, "Nothing matches all of the filters.");
  bw_page_test_click (fixture->page, "Clear Filters");
  bw_page_test_wait_text (fixture->page, "1000 devices");
}

static GtkWidget *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr(GtkWidget) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window) && gtk_widget_get_mapped (window))
        return window;
    }

  return NULL;
}

static gboolean
has_dialog (gpointer data)
{
  return find_dialog () != NULL;
}

static void
name_view (const char *name)
{
  GtkWidget *dialog;

  bw_test_wait_for (has_dialog, NULL);
  dialog = find_dialog ();
  gtk_editable_set_text (GTK_EDITABLE (bw_page_test_find_type (dialog, GTK_TYPE_ENTRY)), name);
  bw_page_test_picture (dialog, "view-name");
  bw_page_test_click (dialog, "Save");
}

static void
act (Fixture    *fixture,
     const char *action)
{
  g_assert_true (gtk_widget_activate_action (bw_page_test_find_type (fixture->page, BW_TYPE_REMOTE_VIEW), action, NULL));
}

/* Once it is among the views again. */
static gboolean
shows_second (gpointer data)
{
  Fixture *fixture = data;
  GtkWidget *view = bw_page_test_find_type (fixture->page, BW_TYPE_REMOTE_VIEW);

  gtk_widget_activate_action (view, "views.show", "s", "v2");

  return bw_page_test_find_text (fixture->page, "Newest") != NULL;
}

/* Saved, changed, shown again by the next page, deleted, and back. */
static void
test_views (Fixture       *fixture,
            gconstpointer  data)
{
  GtkWidget *view = bw_page_test_find_type (fixture->page, BW_TYPE_REMOTE_VIEW);

  pop_up_filter (fixture);
  bw_page_test_click (get_editor (fixture), "Version");
  activate_row (fixture, "1.5.0");
  bw_page_test_click (fixture->page, "Apply");
  gtk_widget_activate_action (view, "table.sort", "s", "status,-product");
  act (fixture, "columns.serial");
  bw_page_test_wait_text (fixture->page, "100 devices found");
  act (fixture, "views.save-as");
  name_view ("New _firmware");
  bw_page_test_wait_text (fixture->page, "View saved");
  bw_page_test_wait_text (fixture->page, "New _firmware");

  /* it says that it is another now */
  gtk_widget_activate_action (view, "table.sort", "s", "batch");
  bw_page_test_wait_text (fixture->page, "New _firmware •");
  act (fixture, "views.none");
  bw_page_test_wait_text (fixture->page, "1000 devices");
  bw_page_test_wait_text (fixture->page, "Views");
  gtk_widget_activate_action (view, "views.show", "s", "v1");
  wait_for_list (fixture, "sort=status%2C-product");
  bw_page_test_wait_text (fixture->page, "100 devices found");

  act (fixture, "views.rename");
  name_view ("Newest");
  bw_page_test_wait_text (fixture->page, "Newest");

  /* the next page */
  bw_page_test_close (fixture->window);
  open_page (fixture);
  bw_page_test_wait_text (fixture->page, "Newest");
  bw_page_test_wait_text (fixture->page, "100 devices found");
  bw_page_test_wait_text (fixture->page, "Serial");
  bw_page_test_picture (fixture->window, "view-shown");

  act (fixture, "views.delete");
  bw_page_test_wait_text (fixture->page, "View deleted");
  bw_page_test_wait_gone (fixture->page, "Newest");
  bw_page_test_click (fixture->page, "Undo");
  bw_page_test_wait_text (fixture->page, "100 devices found");
  view = bw_page_test_find_type (fixture->page, BW_TYPE_REMOTE_VIEW);
  bw_test_wait_for (shows_second, fixture);
}

static void
keep_view (Fixture    *fixture,
           const char *name)
{
  g_autoptr(JsonObject) view = json_object_new ();
  g_autoptr(GString) out = g_string_new (NULL);

  json_object_set_string_member (view, "name", name);
  json_object_set_object_member (view, "document", json_object_new ());
  g_assert_cmpuint (bw_fake_kept_answer (bw_fake_backend_get_bulk (fixture->backend), "POST", "/v1/views", view, out),
                    ==, 201);
}

static gboolean
views_are (gpointer data)
{
  gpointer *arguments = data;
  g_autofree char *names = bw_fake_kept_dup_names (bw_fake_backend_get_bulk (arguments[0]), "/v1/views");

  return g_str_equal (names, arguments[1]);
}

static void
wait_for_views (Fixture    *fixture,
                const char *names)
{
  gpointer arguments[] = { fixture->backend, (gpointer) names };

  bw_test_wait_for (views_are, arguments);
}

static void
delete_view (Fixture    *fixture,
             const char *id,
             const char *name)
{
  GtkWidget *view = bw_page_test_find_type (fixture->page, BW_TYPE_REMOTE_VIEW);

  gtk_widget_activate_action (view, "views.show", "s", id);
  bw_page_test_wait_text (fixture->page, name);
  act (fixture, "views.delete");
  bw_page_test_wait_gone (fixture->page, name);
}

/* Two are deleted: the button of each toast takes back its own. The later toast goes first, the earlier one waits. */
static void
test_undo_each (Fixture       *fixture,
                gconstpointer  data)
{
  keep_view (fixture, "Earlier");
  keep_view (fixture, "Later");
  keep_view (fixture, "Kept");
  bw_page_test_close (fixture->window);
  open_page (fixture);
  bw_page_test_wait_text (fixture->page, "1000 devices");
  bw_page_test_wait_text (fixture->page, "Views");

  delete_view (fixture, "v1", "Earlier");
  delete_view (fixture, "v2", "Later");
  wait_for_views (fixture, "Kept");
  bw_page_test_click_away (fixture->page, "Undo");
  wait_for_views (fixture, "Kept, Later");
  bw_page_test_click_away (fixture->page, "Undo");
  wait_for_views (fixture, "Kept, Later, Earlier");
}

/* Whoever comes with a wish sees that, and not what was shown last. */
static void
test_a_wish_goes_first (Fixture       *fixture,
                        gconstpointer  data)
{
  act (fixture, "views.save-as");
  name_view ("All");
  bw_page_test_wait_text (fixture->page, "View saved");
  bw_page_test_close (fixture->window);
  fixture->page = bw_devices_page_new (fixture->session);
  bw_devices_page_set_filter (BW_DEVICES_PAGE (fixture->page), "awaiting-approval", NULL, NULL);
  fixture->window = bw_page_test_present (fixture->page, 640, 800);
  bw_page_test_wait_text (fixture->page, "250 devices wait for approval");
  bw_page_test_picture (fixture->window, "filter-640");
  g_assert_nonnull (bw_page_test_find_text (fixture->page, "Views"));
}

int
main (int   argc,
      char *argv[])
{
  bw_page_test_init (&argc, &argv);

#define ADD(name, function) \
  g_test_add ("/app/devices-filter/" name, Fixture, NULL, set_up, function, tear_down)

  g_test_add_func ("/app/devices-filter/query", test_query);
  ADD ("choose-values", test_choose_values);
  ADD ("change", test_change);
  ADD ("times-and-texts", test_times_and_texts);
  ADD ("views", test_views);
  ADD ("undo-each", test_undo_each);
  ADD ("a-wish-goes-first", test_a_wish_goes_first);

  return g_test_run ();
}
