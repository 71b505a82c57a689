/* test-participations-page.c: who acts where, and the dialog that says so
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-participations-page.h"

#include <string.h>

#include "bw-day-row.h"
#include "bw-fake-people.h"
#include "bw-page-test.h"
#include "bw-participation-dialog.h"
#include "bw-pick-row.h"
#include "bw-test.h"

#define N_USERS 700

typedef struct
{
  BwFakePeople *backend;
  BwSession    *session;
  GtkWidget    *page;
  GtkWidget    *window;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->backend = bw_fake_people_new (N_USERS);
  fixture->session = bw_fake_people_make_session (fixture->backend);
  fixture->page = bw_participations_page_new (fixture->session);
  fixture->window = bw_page_test_present (fixture->page, 1280, 800);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  bw_page_test_close (fixture->window);
  bw_page_test_let_go (G_OBJECT (fixture->session));
  bw_fake_people_free (fixture->backend);
}

static gboolean
changed (gpointer data)
{
  gpointer *arguments = data;
  const char *last = bw_fake_people_get_last_change (arguments[0]);

  return last != NULL && strstr (last, arguments[1]) != NULL;
}

static void
wait_for_change (Fixture    *fixture,
                 const char *part)
{
  gpointer arguments[] = { fixture->backend, (gpointer) part };

  if (!bw_test_wait (changed, arguments, BW_TEST_DEADLINE_SECONDS))
    g_error ("nothing was changed with “%s”; the last change is %s", part,
             bw_fake_people_get_last_change (fixture->backend));
}

static gboolean
has_dialog (gpointer data)
{
  gpointer *arguments = data;
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr(GtkWidget) window = g_list_model_get_item (windows, i);

      if (window != arguments[0] && gtk_widget_get_mapped (window))
        {
          arguments[1] = window;
          return TRUE;
        }
    }

  return FALSE;
}

static gboolean
has_no_dialog (gpointer data)
{
  return !has_dialog (data);
}

static GtkWidget *
wait_for_dialog (Fixture *fixture)
{
  gpointer arguments[] = { fixture->window, NULL };

  bw_test_wait_for (has_dialog, arguments);

  return arguments[1];
}

static void
wait_for_no_dialog (Fixture *fixture)
{
  gpointer arguments[] = { fixture->window, NULL };

  bw_test_wait_for (has_no_dialog, arguments);
}

static void
select_row (Fixture *fixture,
            guint    position)
{
  GtkWidget *view = bw_page_test_find_type (fixture->page, GTK_TYPE_COLUMN_VIEW);

  gtk_selection_model_select_item (gtk_column_view_get_model (GTK_COLUMN_VIEW (view)), position, TRUE);
}

static void
test_rows (Fixture       *fixture,
           gconstpointer  data)
{
  GtkWidget *drop_down;

  bw_page_test_wait_text (fixture->page, "560 participations");
  bw_page_test_wait_text (fixture->page, "Grace Hopper");
  bw_page_test_wait_text (fixture->page, "Acme");
  bw_page_test_wait_text (fixture->page, "Support");
  bw_page_test_wait_text (fixture->page, "Expired");
  bw_page_test_wait_text (fixture->page, "31 Jan 2020");
  bw_page_test_picture (fixture->window, "participations-1280");

  drop_down = bw_page_test_find_type (fixture->page, GTK_TYPE_DROP_DOWN);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop_down), 2);
  bw_page_test_wait_text (fixture->page, "80 participations");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop_down), 0);
  bw_page_test_wait_text (fixture->page, "560 participations");

  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 640, 800);
  bw_page_test_wait_gone (fixture->page, "31 Jan 2020");
  bw_page_test_picture (fixture->window, "participations-640");
}

static gboolean
is_picked (gpointer data)
{
  return bw_pick_row_get_id (BW_PICK_ROW (data)) != NULL;
}

/* The user is found by the server, for there may be a hundred thousand. */
static void
test_add (Fixture       *fixture,
          gconstpointer  data)
{
  GtkWidget *dialog, *row, *button, *entry, *days;

  bw_page_test_wait_text (fixture->page, "560 participations");
  bw_page_test_click (fixture->page, "Add…");
  dialog = wait_for_dialog (fixture);
  row = bw_page_test_ancestor (bw_page_test_wait_text (dialog, "User"), BW_TYPE_PICK_ROW);
  button = bw_page_test_find_type (row, GTK_TYPE_MENU_BUTTON);
  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  bw_page_test_wait_text (row, "user0@example.com");
  entry = bw_page_test_find_type (row, GTK_TYPE_SEARCH_ENTRY);
  bw_page_test_picture (dialog, "participation-pick-user");

  /* Enter is pressed before the server has answered, and means what was typed. */
  gtk_editable_set_text (GTK_EDITABLE (entry), "user699@");
  g_signal_emit_by_name (entry, "activate");
  bw_test_wait_for (is_picked, row);
  g_assert_cmpstr (bw_pick_row_get_id (BW_PICK_ROW (row)), ==, "u699");

  for (guint i = 0; i < 2; i++)
    {
      const char *titles[] = { "Company", "Role" };

      row = bw_page_test_ancestor (bw_page_test_wait_text (dialog, titles[i]), BW_TYPE_PICK_ROW);
      gtk_menu_button_popup (GTK_MENU_BUTTON (bw_page_test_find_type (row, GTK_TYPE_MENU_BUTTON)));
      bw_page_test_wait_text (row, i == 0 ? "Acme" : "Serviceman");
      g_signal_emit_by_name (bw_page_test_find_type (row, GTK_TYPE_LIST_VIEW), "activate", 0);
    }

  /* The calendar opens at the day that stands there. */
  days = bw_page_test_ancestor (bw_page_test_wait_text (dialog, "First Day"), BW_TYPE_DAY_ROW);
  bw_day_row_set_day (BW_DAY_ROW (days), "2030-12-24");
  gtk_menu_button_popup (GTK_MENU_BUTTON (bw_page_test_find_type (days, GTK_TYPE_MENU_BUTTON)));
  bw_page_test_wait_text (days, "2030");
  bw_page_test_picture (dialog, "participation-calendar");
  bw_page_test_click (days, "Choose");
  bw_page_test_wait_text (dialog, "What Would Change");
  bw_page_test_wait_text (dialog, "Grace Hopper at Acme");

  bw_page_test_click (dialog, "Add");
  wait_for_change (fixture, "{\"userId\":\"u699\",\"companyId\":\"c2\",\"roleId\":\"r3\",\"firstDay\":\"2030-12-24\",\"lastDay\":null}");
  wait_for_no_dialog (fixture);
  bw_page_test_wait_text (fixture->page, "Saved");
  bw_page_test_wait_text (fixture->page, "561 participations");
}

static void
test_edit_and_delete (Fixture       *fixture,
                      gconstpointer  data)
{
  GtkWidget *dialog, *row;

  bw_page_test_wait_text (fixture->page, "560 participations");
  bw_page_test_wait_text (fixture->page, "Grace Hopper");
  select_row (fixture, 0);
  gtk_widget_activate_action (fixture->page, "participations.edit", NULL);
  dialog = wait_for_dialog (fixture);
  bw_page_test_wait_text (dialog, "Edit Participation");
  row = bw_page_test_ancestor (bw_page_test_wait_text (dialog, "Last Day"), BW_TYPE_DAY_ROW);
  gtk_editable_set_text (GTK_EDITABLE (row), "2030-02-30");
  bw_page_test_wait_text (dialog, "A day is written like");
  gtk_editable_set_text (GTK_EDITABLE (row), "2030-02-28");
  bw_page_test_click (dialog, "Save");
  wait_for_change (fixture, "PATCH /v1/participations/p0 {\"revision\":1,\"lastDay\":\"2030-02-28\"}");
  wait_for_no_dialog (fixture);

  bw_fake_people_set_parking (fixture->backend, TRUE);
  bw_page_test_wait_text (fixture->page, "28 Feb 2030");
  select_row (fixture, 0);
  gtk_widget_activate_action (fixture->page, "participations.delete", NULL);
  dialog = wait_for_dialog (fixture);
  bw_page_test_wait_text (dialog, "Grace Hopper will not act in Acme any more.");
  bw_page_test_picture (dialog, "participation-end");
  bw_page_test_click (dialog, "End");
  wait_for_change (fixture, "DELETE /v1/participations/p0?revision=2");
  bw_page_test_wait_text (fixture->page, "Waits for approval");
  g_assert_nonnull (bw_fake_people_lookup (fixture->backend, "participations", "p0"));
}

int
main (int   argc,
      char *argv[])
{
  bw_page_test_init (&argc, &argv);

#define ADD(name, function) \
  g_test_add ("/app/participations-page/" name, Fixture, NULL, set_up, function, tear_down)

  ADD ("rows", test_rows);
  ADD ("add", test_add);
  ADD ("edit-and-delete", test_edit_and_delete);

  return g_test_run ();
}
