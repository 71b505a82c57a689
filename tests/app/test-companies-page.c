/* test-companies-page.c: the tree of companies, one company, and tags
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-companies-page.h"

#include <adwaita.h>
#include <string.h>
#include <time.h>

#include "bw-fake-companies.h"
#include "bw-page-test.h"
#include "bw-tag-chips.h"
#include "bw-tag-filter.h"
#include "bw-tag-picker.h"
#include "bw-tags-dialog.h"
#include "bw-test.h"

#define N_MANY 10000

/* Of this process: the bar is 100 ms, and a build with sanitizers takes several times as long. */
#define OPEN_MAX_MS 300
#define FRAME_MAX_MS 60

#define N_FRAMES       100
#define SCROLL_STEP_PX 90

typedef struct
{
  BwFakeCompanies *backend;
  BwSession       *session;
  GtkWidget       *page;
  GtkWidget       *window;
} Fixture;

static void
start (Fixture *fixture,
       guint    n,
       guint    width,
       guint    depth,
       guint    permissions)
{
  fixture->backend = bw_fake_companies_new (n, width, depth);
  fixture->session = bw_fake_companies_make_session (fixture->backend, permissions);
  fixture->page = bw_companies_page_new (fixture->session);
  fixture->window = bw_page_test_present (fixture->page, 1280, 800);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  start (fixture, 60, 4, 3, BW_PERMISSION_ALL);
  bw_page_test_wait_text (fixture->page, "60 companies");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  if (fixture->window != NULL)
    bw_page_test_close (fixture->window);
  bw_page_test_let_go (G_OBJECT (fixture->session));
  bw_fake_companies_free (fixture->backend);
}

static GtkColumnView *
get_view (Fixture *fixture)
{
  return GTK_COLUMN_VIEW (bw_page_test_find_type (fixture->page, GTK_TYPE_COLUMN_VIEW));
}

static guint
count_rows (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (gtk_column_view_get_model (get_view (fixture))));
}

static void
select_row (Fixture *fixture,
            guint    position)
{
  gtk_selection_model_select_item (gtk_column_view_get_model (get_view (fixture)), position, TRUE);
}

static guint
get_selected (Fixture *fixture)
{
  return gtk_single_selection_get_selected (GTK_SINGLE_SELECTION (gtk_column_view_get_model (get_view (fixture))));
}

/* As if somebody pressed it while the table has the focus. */
static gboolean
press (Fixture *fixture,
       guint    key)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (get_view (fixture)));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr(GtkEventController) controller = g_list_model_get_item (controllers, i);
      gboolean is_taken = FALSE;

      if (!GTK_IS_EVENT_CONTROLLER_KEY (controller) ||
          gtk_event_controller_get_propagation_phase (controller) != GTK_PHASE_CAPTURE)
        continue;

      g_signal_emit_by_name (controller, "key-pressed", key, 0, 0, &is_taken);
      if (is_taken)
        return TRUE;
    }

  return FALSE;
}

static void
search (Fixture    *fixture,
        const char *text)
{
  GtkWidget *entry = bw_page_test_find_type (fixture->page, GTK_TYPE_SEARCH_ENTRY);

  gtk_editable_set_text (GTK_EDITABLE (entry), text);
}

static GtkWidget *
find_dialog (Fixture *fixture)
{
  g_autoptr(GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    {
      if (l->data != fixture->window && gtk_widget_get_mapped (l->data))
        return l->data;
    }

  return NULL;
}

static gboolean
has_dialog (gpointer data)
{
  return find_dialog (data) != NULL;
}

static GtkWidget *
wait_dialog (Fixture *fixture)
{
  bw_test_wait_for (has_dialog, fixture);

  return find_dialog (fixture);
}

static gboolean
has_no_dialog (gpointer data)
{
  return find_dialog (data) == NULL;
}

static GtkWidget *
find_row (GtkWidget  *root,
          const char *title)
{
  if (ADW_IS_PREFERENCES_ROW (root) && gtk_widget_get_mapped (root) &&
      g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (root)), title) == 0)
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, title);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
type (GtkWidget  *root,
      const char *title,
      const char *text)
{
  GtkWidget *row = find_row (root, title);

  g_assert_nonnull (row);
  gtk_editable_set_text (GTK_EDITABLE (row), text);
}

static gboolean
last_has (gpointer data)
{
  gpointer *arguments = data;
  const char *last = bw_fake_companies_get_last (arguments[0]);

  return last != NULL && strstr (last, arguments[1]) != NULL;
}

static void
wait_sent (Fixture    *fixture,
           const char *part)
{
  gpointer arguments[] = { fixture->backend, (gpointer) part };

  if (!bw_test_wait (last_has, arguments, BW_TEST_DEADLINE_SECONDS))
    g_error ("never sent “%s” but %s", part, bw_fake_companies_get_last (fixture->backend));
}

static gboolean
is_enabled (GtkWidget  *root,
            const char *label)
{
  GtkWidget *widget = bw_page_test_find_text (root, label);

  return widget != NULL && gtk_widget_is_sensitive (widget);
}

static void
open_company (Fixture    *fixture,
              const char *id)
{
  bw_companies_page_open (BW_COMPANIES_PAGE (fixture->page), id);
  bw_page_test_wait_text (fixture->page, "Edited");
}

/* The tree */

static void
test_tree (Fixture       *fixture,
           gconstpointer  data)
{
  /* The root is open, what is below it is not. */
  bw_page_test_wait_text (fixture->page, "Main Company");
  bw_page_test_wait_text (fixture->page, "Company 2");
  g_assert_cmpuint (count_rows (fixture), ==, 5);
  bw_page_test_picture (fixture->window, "companies-1280");

  select_row (fixture, 1);
  g_assert_true (press (fixture, GDK_KEY_Right));
  g_assert_cmpuint (count_rows (fixture), ==, 9);
  g_assert_true (press (fixture, GDK_KEY_Right));
  g_assert_cmpuint (get_selected (fixture), ==, 2);
  g_assert_true (press (fixture, GDK_KEY_Left));
  g_assert_cmpuint (get_selected (fixture), ==, 1);
  g_assert_true (press (fixture, GDK_KEY_Left));
  g_assert_cmpuint (count_rows (fixture), ==, 5);
  g_assert_true (press (fixture, GDK_KEY_asterisk));
  g_assert_cmpuint (count_rows (fixture), ==, 60);
  bw_page_test_picture (fixture->window, "companies-expanded");

  gtk_widget_activate_action (fixture->page, "companies.collapse-all", NULL);
  g_assert_cmpuint (count_rows (fixture), ==, 5);
}

static void
test_search (Fixture       *fixture,
             gconstpointer  data)
{
  /* 2 is below the root, 6 below 2, and 25 below 6. */
  select_row (fixture, 1);
  press (fixture, GDK_KEY_Right);
  g_assert_cmpuint (count_rows (fixture), ==, 9);

  search (fixture, "company-25");
  bw_page_test_wait_text (fixture->page, "1 company found");
  g_assert_cmpuint (count_rows (fixture), ==, 4);
  bw_page_test_wait_text (fixture->page, "Main Company");
  bw_page_test_wait_text (fixture->page, "Company 25");
  bw_page_test_picture (fixture->window, "companies-search");

  search (fixture, "zzz");
  bw_page_test_wait_text (fixture->page, "No Company Found");

  /* What was open before is open again. */
  search (fixture, "");
  bw_page_test_wait_text (fixture->page, "60 companies");
  g_assert_cmpuint (count_rows (fixture), ==, 9);
}

static void
test_tag_filter (Fixture       *fixture,
                 gconstpointer  data)
{
  GtkWidget *filter;

  bw_page_test_wait_text (fixture->page, "All Tags");
  filter = bw_page_test_find_type (fixture->page, BW_TYPE_TAG_FILTER);
  bw_tag_filter_set_tag_id (BW_TAG_FILTER (filter), "1");
  bw_page_test_wait_text (fixture->page, "1 company found");
  g_assert_cmpuint (count_rows (fixture), ==, 2);

  bw_tag_filter_set_tag_id (BW_TAG_FILTER (filter), "2");
  bw_page_test_wait_text (fixture->page, "No Company Found");
  bw_tag_filter_set_tag_id (BW_TAG_FILTER (filter), NULL);
  bw_page_test_wait_text (fixture->page, "60 companies");
}

static gboolean
sees_chip (gpointer data)
{
  GtkWidget *root = data;

  if (BW_IS_TAG_CHIPS (root) && gtk_widget_get_mapped (root) &&
      g_str_equal (bw_tag_chips_get_text (BW_TAG_CHIPS (root)), "Lab"))
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      if (sees_chip (child))
        return TRUE;
    }

  return FALSE;
}

static void
test_columns (Fixture       *fixture,
              gconstpointer  data)
{
  GListModel *columns = gtk_column_view_get_columns (get_view (fixture));
  guint n_shown = 0;

  bw_test_wait_for (sees_chip, fixture->page);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 640, 800);
  bw_page_test_wait_gone (fixture->page, "E-Mail");
  bw_page_test_picture (fixture->window, "companies-640");

  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      n_shown += gtk_column_view_column_get_visible (column);
    }
  g_assert_cmpuint (n_shown, >=, 3);
  g_assert_cmpuint (n_shown, <, g_list_model_get_n_items (columns));

  /* What is left fits. */
  {
    GtkAdjustment *across = gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (get_view (fixture)));

    g_assert_cmpfloat (gtk_adjustment_get_upper (across), <=, gtk_adjustment_get_page_size (across) + 1);
  }
}

static void
test_sorting (Fixture       *fixture,
              gconstpointer  data)
{
  GListModel *rows = G_LIST_MODEL (gtk_column_view_get_model (get_view (fixture)));
  g_autoptr(GtkTreeListRow) first = NULL;
  g_autoptr(GtkTreeListRow) second = NULL;

  select_row (fixture, 1);
  press (fixture, GDK_KEY_Right);
  gtk_widget_activate_action (fixture->page, "companies.sort", "s", "-name");

  /* Among those that hang below one company only; and what was open stays so. */
  first = g_list_model_get_item (rows, 0);
  second = g_list_model_get_item (rows, 4);
  g_assert_cmpuint (gtk_tree_list_row_get_depth (first), ==, 0);
  g_assert_cmpuint (gtk_tree_list_row_get_depth (second), ==, 1);
  g_assert_true (gtk_tree_list_row_get_expanded (second));
  g_assert_cmpuint (count_rows (fixture), ==, 9);
}

static gboolean
has_many (gpointer data)
{
  return g_list_model_get_n_items (G_LIST_MODEL (bw_session_get_companies (data))) == N_MANY;
}

static void
companies_loaded_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  bw_session_load_companies_finish (BW_SESSION (source), result, &error);
  g_assert_no_error (error);
}

/* What other programs do meanwhile is not the page's fault. */
static gint64
get_cpu_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);

  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static gboolean
ticked_cb (GtkWidget     *widget,
           GdkFrameClock *clock,
           gpointer       user_data)
{
  GtkAdjustment *down = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (widget));
  guint *n_frames = user_data;

  gtk_adjustment_set_value (down, gtk_adjustment_get_value (down) + SCROLL_STEP_PX);

  return ++*n_frames < N_FRAMES ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gboolean
has_scrolled (gpointer data)
{
  return *(guint *) data == N_FRAMES;
}

/* The work of a frame in which four rows or so come into sight, in milliseconds. */
static double
scroll (GtkWidget *view)
{
  guint n_frames = 0;
  gint64 began_us = get_cpu_us ();

  gtk_widget_add_tick_callback (view, ticked_cb, &n_frames, NULL);
  bw_test_wait_for (has_scrolled, &n_frames);

  return (double) (get_cpu_us () - began_us) / 1000 / N_FRAMES;
}

static void
test_many (void)
{
  Fixture fixture = { 0 };
  gint64 began_us;
  double open_ms, search_ms, expand_ms, scroll_ms;

  fixture.backend = bw_fake_companies_new (N_MANY, 6, 6);
  fixture.session = bw_fake_companies_make_session (fixture.backend, BW_PERMISSION_ALL);
  bw_session_load_companies_async (fixture.session, NULL, companies_loaded_cb, NULL);
  bw_test_wait_for (has_many, fixture.session);

  /* What every first window costs, not the page. */
  bw_page_test_close (bw_page_test_present (gtk_column_view_new (NULL), 1280, 800));

  /* The page shows what the session has, and then looks again; the answer to that would be made in this process. */
  bw_fake_companies_set_down (fixture.backend, TRUE);
  began_us = get_cpu_us ();
  fixture.page = bw_companies_page_new (fixture.session);
  fixture.window = bw_page_test_present (fixture.page, 1280, 800);
  bw_page_test_wait_text (fixture.page, "Company 2");
  open_ms = (double) (get_cpu_us () - began_us) / 1000;
  bw_fake_companies_set_down (fixture.backend, FALSE);

  bw_page_test_wait_text (fixture.page, "10000 companies");
  began_us = get_cpu_us ();
  search (&fixture, "company 9");
  bw_page_test_wait_text (fixture.page, "companies found");
  search_ms = (double) (get_cpu_us () - began_us) / 1000;
  search (&fixture, "");
  bw_page_test_wait_text (fixture.page, "10000 companies");

  began_us = get_cpu_us ();
  gtk_widget_activate_action (fixture.page, "companies.expand-all", NULL);
  expand_ms = (double) (get_cpu_us () - began_us) / 1000;
  g_assert_cmpuint (count_rows (&fixture), ==, N_MANY);

  scroll_ms = scroll (GTK_WIDGET (get_view (&fixture)));
  g_test_message ("10,000 companies: open %.0f ms, search %.0f ms, expand all %.0f ms, a frame of scrolling %.1f ms",
                  open_ms, search_ms, expand_ms, scroll_ms);
  g_assert_cmpfloat (open_ms, <, OPEN_MAX_MS);
  g_assert_cmpfloat (scroll_ms, <, FRAME_MAX_MS);
  tear_down (&fixture, NULL);
}

static void
test_failed (void)
{
  Fixture fixture = { 0 };

  fixture.backend = bw_fake_companies_new (3, 4, 2);
  fixture.session = bw_fake_companies_make_session (fixture.backend, BW_PERMISSION_ALL);
  bw_fake_companies_set_down (fixture.backend, TRUE);
  fixture.page = bw_companies_page_new (fixture.session);
  fixture.window = bw_page_test_present (fixture.page, 800, 600);
  bw_page_test_wait_text (fixture.page, "Companies Could Not Be Loaded");
  bw_fake_companies_set_down (fixture.backend, FALSE);
  gtk_widget_activate_action (fixture.page, "companies.reload", NULL);
  bw_page_test_wait_text (fixture.page, "3 companies");
  tear_down (&fixture, NULL);
}

/* One company */

static void
test_create (Fixture       *fixture,
             gconstpointer  data)
{
  GtkWidget *dialog;

  select_row (fixture, 1);
  gtk_widget_activate_action (fixture->page, "companies.create-below", NULL);
  dialog = wait_dialog (fixture);
  bw_page_test_wait_text (dialog, "Main Company › Company 2");
  g_assert_false (is_enabled (dialog, "Create"));

  /* The alias follows the name until one types it. */
  type (dialog, "Name", "Müller & Söhne");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (find_row (dialog, "Alias, Typed to Join"))), ==, "muller-sohne");
  type (dialog, "E-Mail", "nobody");
  bw_page_test_wait_text (dialog, "This is no e-mail address.");
  g_assert_false (is_enabled (dialog, "Create"));
  type (dialog, "E-Mail", "office@example.org");
  type (dialog, "Alias, Typed to Join", "Company-3");
  bw_page_test_wait_text (dialog, "2 to 40 of the letters");
  type (dialog, "Alias, Typed to Join", "company-3");
  bw_page_test_wait_text (dialog, "Another company has this alias.");
  bw_page_test_picture (dialog, "company-create");
  type (dialog, "Alias, Typed to Join", "mueller");
  bw_page_test_click (dialog, "Create");
  bw_test_wait_for (has_no_dialog, fixture);

  wait_sent (fixture, "\"parentId\":\"2\"");
  g_assert_cmpstr (bw_fake_companies_get_text (fixture->backend, "company", "61", "alias"), ==, "mueller");
  g_assert_cmpstr (bw_fake_companies_get_text (fixture->backend, "company", "61", "email"), ==, "office@example.org");

  /* It is in sight, and selected. */
  bw_page_test_wait_text (fixture->page, "61 companies");
  bw_page_test_wait_text (fixture->page, "Müller & Söhne");
  g_assert_cmpuint (get_selected (fixture), !=, GTK_INVALID_LIST_POSITION);
}

static gboolean
is_named_again (gpointer data)
{
  return g_str_equal (gtk_editable_get_text (data), "Company 2") && gtk_editable_get_editable (data);
}

static void
test_edit (Fixture       *fixture,
           gconstpointer  data)
{
  open_company (fixture, "2");
  bw_page_test_wait_text (fixture->page, "Facts");
  bw_test_wait_for (sees_chip, fixture->page);
  bw_page_test_picture (fixture->window, "company-facts");
  g_assert_null (bw_page_test_find_text (fixture->page, "not saved yet"));

  type (fixture->page, "Name", "");
  bw_page_test_wait_text (fixture->page, "A name without line breaks");
  bw_page_test_wait_text (fixture->page, "Something is not right yet.");
  g_assert_false (is_enabled (fixture->page, "Save"));

  type (fixture->page, "Name", "North Works");
  type (fixture->page, "Phone", "+49 30 123");
  bw_page_test_wait_text (fixture->page, "Changes are not saved yet.");
  bw_page_test_click (fixture->page, "Save");
  wait_sent (fixture, "PATCH /v1/companies/2 ");
  bw_page_test_wait_text (fixture->page, "Saved");
  g_assert_cmpstr (bw_fake_companies_get_text (fixture->backend, "company", "2", "name"), ==, "North Works");
  g_assert_null (strstr (bw_fake_companies_get_last (fixture->backend), "alias"));
  bw_page_test_picture (fixture->window, "company-saved");

  /* Taken back. */
  bw_page_test_click (fixture->page, "Undo");
  wait_sent (fixture, "\"name\":\"Company 2\"");
  wait_sent (fixture, "\"phone\":\"\"");
  bw_test_wait_for (is_named_again, find_row (fixture->page, "Name"));

  /* One that only the server knows. */
  type (fixture->page, "Alias, Typed to Join", "taken");
  bw_page_test_click (fixture->page, "Save");
  bw_page_test_wait_text (fixture->page, "Another company has this alias.");
  bw_page_test_click (fixture->page, "Revert");
  bw_page_test_wait_gone (fixture->page, "Another company has this alias.");

  gtk_widget_activate_action (fixture->page, "companies.back", NULL);
  bw_page_test_wait_text (fixture->page, "60 companies");
}

static void
test_stale (Fixture       *fixture,
            gconstpointer  data)
{
  GtkWidget *dialog;

  open_company (fixture, "2");
  type (fixture->page, "Name", "Mine");
  bw_fake_companies_rename (fixture->backend, "2", "Theirs");
  bw_page_test_click (fixture->page, "Save");

  dialog = wait_dialog (fixture);
  bw_page_test_wait_text (dialog, "Mine");
  bw_page_test_wait_text (dialog, "Theirs");
  bw_page_test_picture (dialog, "company-stale");

  /* What was typed is still there, and can be saved over theirs. */
  bw_page_test_click (dialog, "Cancel");
  bw_test_wait_for (has_no_dialog, fixture);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (find_row (fixture->page, "Name"))), ==, "Mine");
  bw_page_test_click (fixture->page, "Save");
  bw_page_test_click (wait_dialog (fixture), "Mine");
  bw_page_test_wait_text (fixture->page, "Saved");
  g_assert_cmpstr (bw_fake_companies_get_text (fixture->backend, "company", "2", "name"), ==, "Mine");
}

static void
pick_parent (Fixture    *fixture,
             const char *name)
{
  GtkWidget *picker, *entry;

  g_signal_emit_by_name (bw_page_test_find_type (find_row (fixture->page, "Parent Company"), GTK_TYPE_BUTTON), "clicked");
  picker = wait_dialog (fixture);

  entry = bw_page_test_find_type (picker, GTK_TYPE_SEARCH_ENTRY);

  /* Not below itself: 22 is below 6, and that below 2. */
  bw_page_test_wait_text (picker, "Company 3");
  gtk_editable_set_text (GTK_EDITABLE (entry), "company-22");
  bw_page_test_wait_text (picker, "No Company Found");
  gtk_editable_set_text (GTK_EDITABLE (entry), name);
  bw_page_test_wait_text (picker, name);
  bw_page_test_picture (picker, "company-picker");
  g_signal_emit_by_name (entry, "activate");
  bw_test_wait_for (has_no_dialog, fixture);
}

static void
test_move (Fixture       *fixture,
           gconstpointer  data)
{
  GtkWidget *dialog;

  bw_fake_companies_set_parking (fixture->backend, TRUE);
  open_company (fixture, "2");
  pick_parent (fixture, "Company 3");
  bw_page_test_wait_text (fixture->page, "Main Company › Company 3");
  bw_page_test_click (fixture->page, "Save");

  dialog = wait_dialog (fixture);
  bw_page_test_wait_text (dialog, "What Would Change");
  bw_page_test_wait_text (dialog, "Grace Hopper");
  type (dialog, "Comment", "moved to the north");
  bw_page_test_picture (dialog, "company-move");
  bw_page_test_click (dialog, "Move");
  wait_sent (fixture, "\"comment\":\"moved to the north\"");
  bw_page_test_wait_text (fixture->page, "Waits for approval");

  /* It is not so yet. */
  bw_page_test_wait_gone (fixture->page, "Main Company › Company 3");
  g_assert_cmpstr (bw_fake_companies_get_text (fixture->backend, "company", "2", "parentId"), ==, "1");

  /* Who is entitled himself does it at once, and the row is elsewhere. */
  bw_fake_companies_set_parking (fixture->backend, FALSE);
  bw_test_wait_for (has_no_dialog, fixture);
  pick_parent (fixture, "Company 3");
  bw_page_test_click (fixture->page, "Save");
  bw_page_test_click (wait_dialog (fixture), "Move");
  bw_page_test_wait_text (fixture->page, "Main Company › Company 3");
  bw_page_test_wait_text (fixture->page, "Saved");
  gtk_widget_activate_action (fixture->page, "companies.back", NULL);
  bw_page_test_wait_gone (fixture->page, "Company 2");
  g_assert_cmpuint (count_rows (fixture), ==, 4);
}

static void
test_delete (Fixture       *fixture,
             gconstpointer  data)
{
  GtkWidget *dialog;

  open_company (fixture, "2");
  bw_fake_companies_refuse (fixture->backend, "the company “Company 2” still has 3 devices, 1 participant, 4 subsidiaries");
  bw_page_test_click (fixture->page, "Delete…");
  bw_page_test_wait_text (fixture->page, "still has 3 devices, 1 participant, 4 subsidiaries");
  g_assert_null (find_dialog (fixture));
  bw_page_test_picture (fixture->window, "company-refused");

  /* The way to what is in the way. */
  g_assert_null (bw_page_test_find_text (fixture->page, "Users"));
  bw_page_test_click (fixture->page, "Participations");
  bw_page_test_wait_text (fixture->page, "Grace Hopper");

  bw_fake_companies_refuse (fixture->backend, NULL);
  bw_fake_companies_set_parking (fixture->backend, TRUE);
  bw_page_test_click (fixture->page, "Delete…");
  dialog = wait_dialog (fixture);
  bw_page_test_wait_text (dialog, "Somebody above has to approve it.");
  type (dialog, "Comment", "gone & forgotten");
  bw_page_test_click (dialog, "Ask for Approval");
  bw_page_test_wait_text (fixture->page, "Waits for approval");
  wait_sent (fixture, "DELETE /v1/companies/2?revision=1&comment=gone%20%26%20forgotten");
  bw_test_wait_for (has_no_dialog, fixture);

  bw_fake_companies_set_parking (fixture->backend, FALSE);
  bw_page_test_click (fixture->page, "Delete…");
  bw_page_test_click (wait_dialog (fixture), "Delete");
  bw_page_test_wait_text (fixture->page, "“Company 2” was deleted");
  g_assert_null (bw_companies_page_get_title (BW_COMPANIES_PAGE (fixture->page)));
}

static void
note_cb (GtkWidget  *page,
         const char *id,
         char      **ret_id)
{
  g_free (*ret_id);
  *ret_id = g_strdup (id);
}

static void
test_tabs (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *devices_of = NULL;
  g_autofree char *added_to = NULL;
  g_autofree char *edited = NULL;
  GtkWidget *views;

  g_signal_connect (fixture->page, "show-devices", G_CALLBACK (note_cb), &devices_of);
  g_signal_connect (fixture->page, "add-participation", G_CALLBACK (note_cb), &added_to);
  g_signal_connect (fixture->page, "edit-participation", G_CALLBACK (note_cb), &edited);

  open_company (fixture, "2");
  views = bw_page_test_find_type (fixture->page, ADW_TYPE_VIEW_STACK);

  adw_view_stack_set_visible_child_name (ADW_VIEW_STACK (views), "participations");
  bw_page_test_wait_text (views, "Grace Hopper");
  bw_page_test_wait_text (views, "1 participation, here and below");
  bw_page_test_picture (fixture->window, "company-participations");
  bw_page_test_click (views, "Add…");
  g_assert_cmpstr (added_to, ==, "2");
  gtk_widget_activate_action (bw_page_test_find_type (views, GTK_TYPE_COLUMN_VIEW), "list.activate-item", "u", 0);
  g_signal_emit_by_name (bw_page_test_find_type (views, GTK_TYPE_COLUMN_VIEW), "activate", 0);
  g_assert_cmpstr (edited, ==, "5");

  adw_view_stack_set_visible_child_name (ADW_VIEW_STACK (views), "devices");
  bw_page_test_wait_text (views, "3 Devices");
  bw_page_test_click (views, "Show Devices");
  g_assert_cmpstr (devices_of, ==, "2");
  bw_page_test_picture (fixture->window, "company-devices");

  adw_view_stack_set_visible_child_name (ADW_VIEW_STACK (views), "subsidiaries");
  bw_page_test_wait_text (views, "Company 6");
  bw_page_test_picture (fixture->window, "company-subsidiaries");
  g_signal_emit_by_name (bw_page_test_find_type (views, GTK_TYPE_LIST_VIEW), "activate", 0);
  bw_page_test_wait_text (fixture->page, "Main Company › Company 2");
  g_assert_cmpstr (bw_companies_page_get_title (BW_COMPANIES_PAGE (fixture->page)), ==, "Company 6");

  /* Back leads the same way. */
  gtk_widget_activate_action (fixture->page, "companies.back", NULL);
  g_assert_cmpstr (bw_companies_page_get_title (BW_COMPANIES_PAGE (fixture->page)), ==, "Company 2");
}

static void
test_read_only (void)
{
  Fixture fixture = { 0 };

  start (&fixture, 3, 4, 2, BW_PERMISSION_VIEW_COMPANIES);
  bw_page_test_wait_text (fixture.page, "3 companies");
  g_assert_null (bw_page_test_find_text (fixture.page, "New Company…"));

  bw_companies_page_open (BW_COMPANIES_PAGE (fixture.page), "2");
  bw_page_test_wait_text (fixture.page, "Edited");
  g_assert_null (bw_page_test_find_text (fixture.page, "Delete…"));
  g_assert_null (bw_page_test_find_text (fixture.page, "Participations"));
  g_assert_false (gtk_editable_get_editable (GTK_EDITABLE (find_row (fixture.page, "Name"))));
  tear_down (&fixture, NULL);
}

/* Tags */

static void
test_tags (Fixture       *fixture,
           gconstpointer  data)
{
  GtkWidget *dialog, *picker;

  gtk_widget_activate_action (fixture->page, "companies.manage-tags", NULL);
  dialog = wait_dialog (fixture);
  bw_page_test_wait_text (dialog, "Lab");
  bw_page_test_wait_text (dialog, "on 1 thing · everywhere");
  bw_page_test_picture (dialog, "tags-list");

  bw_page_test_click (dialog, "New Tag");
  bw_page_test_wait_text (dialog, "All companies");
  type (dialog, "Name", "lab");
  bw_page_test_wait_text (dialog, "There is a tag of this name already.");
  g_assert_false (is_enabled (dialog, "Save"));
  type (dialog, "Name", "Beta");
  bw_page_test_picture (dialog, "tags-form");
  bw_page_test_click (dialog, "Save");
  bw_page_test_wait_text (dialog, "Beta");
  wait_sent (fixture, "POST /v1/tags {\"name\":\"Beta\",\"color\":\"#2ec27e\",\"companyIds\":[]}");

  g_signal_emit_by_name (find_row (dialog, "North"), "activated");
  type (dialog, "Name", "South");
  gtk_widget_activate_action (dialog, "tags.add-company", NULL);
  picker = NULL;
  while (picker == NULL)
    {
      g_autoptr(GList) windows = gtk_window_list_toplevels ();

      for (GList *l = windows; l != NULL; l = l->next)
        {
          if (l->data != dialog && l->data != fixture->window && gtk_widget_get_mapped (l->data))
            picker = l->data;
        }
      g_main_context_iteration (NULL, picker == NULL);
    }
  gtk_editable_set_text (GTK_EDITABLE (bw_page_test_find_type (picker, GTK_TYPE_SEARCH_ENTRY)), "company 3");
  bw_page_test_wait_gone (picker, "Main Company");
  g_signal_emit_by_name (bw_page_test_find_type (picker, GTK_TYPE_SEARCH_ENTRY), "activate");
  bw_page_test_wait_text (dialog, "Company 3");
  bw_page_test_click (dialog, "Save");
  wait_sent (fixture, "\"companyIds\":[\"3\"]");
  bw_page_test_wait_text (dialog, "on 0 things · Company 3");

  g_signal_emit_by_name (find_row (dialog, "South"), "activated");
  bw_page_test_click (dialog, "Delete Tag");
  wait_sent (fixture, "DELETE /v1/tags/2?revision=2");
  bw_page_test_wait_gone (dialog, "South");
  gtk_window_close (GTK_WINDOW (dialog));
  bw_test_wait_for (has_no_dialog, fixture);
}

static GtkCheckButton *
find_check (GtkWidget *root)
{
  return GTK_CHECK_BUTTON (bw_page_test_find_type (root, GTK_TYPE_CHECK_BUTTON));
}

static gboolean
has_check (gpointer data)
{
  return bw_page_test_find_type (data, GTK_TYPE_CHECK_BUTTON) != NULL;
}

static void
test_tag_picker (Fixture       *fixture,
                 gconstpointer  data)
{
  const char * const none[] = { NULL };
  GtkWidget *picker, *button;

  open_company (fixture, "3");
  picker = bw_page_test_find_type (fixture->page, BW_TYPE_TAG_PICKER);
  button = bw_page_test_find_type (picker, GTK_TYPE_MENU_BUTTON);
  g_assert_cmpstrv (bw_tag_picker_get_ids (BW_TAG_PICKER (picker)), none);
  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  bw_test_wait_for (has_check, button);
  bw_page_test_wait_text (button, "North");

  gtk_check_button_set_active (find_check (button), TRUE);
  bw_test_wait_for (sees_chip, picker);
  gtk_menu_button_popdown (GTK_MENU_BUTTON (button));
  bw_page_test_click (fixture->page, "Save");
  wait_sent (fixture, "\"tags\":[\"1\"]");
}

int
main (int   argc,
      char *argv[])
{
  bw_page_test_init (&argc, &argv);

#define ADD(name, function) \
  g_test_add ("/app/companies/" name, Fixture, NULL, set_up, function, tear_down)

  ADD ("tree", test_tree);
  ADD ("search", test_search);
  ADD ("tag-filter", test_tag_filter);
  ADD ("columns", test_columns);
  ADD ("sorting", test_sorting);
  g_test_add_func ("/app/companies/many", test_many);
  g_test_add_func ("/app/companies/failed", test_failed);
  ADD ("create", test_create);
  ADD ("edit", test_edit);
  ADD ("stale", test_stale);
  ADD ("move", test_move);
  ADD ("delete", test_delete);
  ADD ("tabs", test_tabs);
  g_test_add_func ("/app/companies/read-only", test_read_only);
  ADD ("tags", test_tags);
  ADD ("tag-picker", test_tag_picker);

  return g_test_run ();
}
