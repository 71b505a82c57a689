/* test-users-page.c: the table of users, inviting, and the page of one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-users-page.h"

#include <string.h>

#include "bw-fake-people.h"
#include "bw-page-test.h"
#include "bw-pick-row.h"
#include "bw-test.h"

#define N_USERS 1200

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
  fixture->page = bw_users_page_new (fixture->session);
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
asked (gpointer data)
{
  gpointer *arguments = data;
  const char *last = bw_fake_people_get_last_list (arguments[0]);

  return last != NULL && strstr (last, arguments[1]) != NULL;
}

static void
wait_for_list (Fixture    *fixture,
               const char *part)
{
  gpointer arguments[] = { fixture->backend, (gpointer) part };

  if (!bw_test_wait (asked, arguments, BW_TEST_DEADLINE_SECONDS))
    g_error ("the list was never asked for with “%s” but with %s", part,
             bw_fake_people_get_last_list (fixture->backend));
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

/* A popover needs a monitor to fit into, which a window or another popover has when it is placed. */
static gboolean
is_placed (gpointer native)
{
  GdkSurface *surface = gtk_native_get_surface (native);

  return gtk_widget_get_mapped (native) && surface != NULL &&
         gdk_display_get_monitor_at_surface (gdk_surface_get_display (surface), surface) != NULL;
}

/* Before that its place is none, and a popover of its own would be nowhere. */
static gboolean
is_allocated (gpointer widget)
{
  return is_placed (gtk_widget_get_native (widget)) && gtk_widget_get_width (widget) > 1;
}

static gboolean
has_dialog (gpointer data)
{
  gpointer *arguments = data;
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr(GtkWindow) window = g_list_model_get_item (windows, i);
      const char *title = gtk_window_get_title (window);

      if (g_strcmp0 (title, arguments[0]) == 0 && is_placed (window))
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
wait_for_dialog (const char *title)
{
  gpointer arguments[] = { (gpointer) title, NULL };

  if (!bw_test_wait (has_dialog, arguments, BW_TEST_DEADLINE_SECONDS))
    g_error ("no window “%s”", title);

  return arguments[1];
}

static void
wait_for_no_dialog (const char *title)
{
  gpointer arguments[] = { (gpointer) title, NULL };

  if (!bw_test_wait (has_no_dialog, arguments, BW_TEST_DEADLINE_SECONDS))
    g_error ("the window “%s” stays", title);
}

/* Types into the entry row of that title. */
static void
type (GtkWidget  *root,
      const char *title,
      const char *text)
{
  GtkWidget *label = bw_page_test_wait_text (root, title);

  gtk_editable_set_text (GTK_EDITABLE (bw_page_test_ancestor (label, ADW_TYPE_ENTRY_ROW)), text);
}

/* Picks by searching, as a person would. */
static void
pick (GtkWidget  *root,
      const char *title,
      const char *search,
      const char *item)
{
  GtkWidget *row = bw_page_test_ancestor (bw_page_test_wait_text (root, title), BW_TYPE_PICK_ROW);
  GtkWidget *button = bw_page_test_find_type (row, GTK_TYPE_MENU_BUTTON);
  GtkWidget *entry;

  bw_test_wait_for (is_allocated, button);
  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  bw_page_test_wait_text (row, item);
  entry = bw_page_test_find_type (row, GTK_TYPE_SEARCH_ENTRY);
  gtk_editable_set_text (GTK_EDITABLE (entry), search);
  g_signal_emit_by_name (entry, "activate");
  bw_page_test_wait_text (row, item);
  g_assert_nonnull (bw_pick_row_get_id (BW_PICK_ROW (row)));
}

static void
test_rows (Fixture       *fixture,
           gconstpointer  data)
{
  bw_page_test_wait_text (fixture->page, "Grace Hopper");
  bw_page_test_wait_text (fixture->page, "user1@example.com");
  bw_page_test_wait_text (fixture->page, "Invitation sent");
  bw_page_test_wait_text (fixture->page, "Acme · Support");
  bw_page_test_wait_text (fixture->page, "1200 users");
  bw_page_test_picture (fixture->window, "users-1280");

  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 640, 800);
  bw_page_test_wait_gone (fixture->page, "Acme · Support");
  bw_page_test_wait_text (fixture->page, "Grace Hopper");
  bw_page_test_picture (fixture->window, "users-640");
}

static gboolean
has_companies (gpointer session)
{
  return g_list_model_get_n_items (G_LIST_MODEL (bw_session_get_companies (session))) == 2;
}

static void
test_filters (Fixture       *fixture,
              gconstpointer  data)
{
  GtkWidget *drop_down;

  bw_page_test_wait_text (fixture->page, "1200 users");
  drop_down = bw_page_test_find_type (fixture->page, GTK_TYPE_DROP_DOWN);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop_down), 1);
  wait_for_list (fixture, "status=invited");
  bw_page_test_wait_text (fixture->page, "400 users");

  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop_down), 4);
  wait_for_list (fixture, "status=suspended");
  bw_page_test_picture (fixture->window, "users-none-suspended");

  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop_down), 0);
  bw_page_test_wait_text (fixture->page, "1200 users");
}

static void
test_filter_by_role (Fixture       *fixture,
                     gconstpointer  data)
{
  GtkWidget *button;

  bw_page_test_wait_text (fixture->page, "1200 users");
  button = bw_page_test_ancestor (bw_page_test_wait_text (fixture->page, "Filters"), GTK_TYPE_MENU_BUTTON);
  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  bw_page_test_wait_text (button, "Role");
  bw_page_test_picture (fixture->window, "users-filters");
  pick (button, "Role", "suPP", "Support");
  wait_for_list (fixture, "role=r2");
  bw_page_test_wait_text (fixture->page, "960 users");
  bw_page_test_wait_text (fixture->page, "Filters (1)");
}

/* As the page of a company asks for it: nothing that was chosen before is left. */
static void
test_filter_by_company (Fixture       *fixture,
                        gconstpointer  data)
{
  GtkWidget *drop_down;
  BwEntity *company;

  bw_page_test_wait_text (fixture->page, "1200 users");
  bw_test_wait_for (has_companies, fixture->session);
  drop_down = bw_page_test_find_type (fixture->page, GTK_TYPE_DROP_DOWN);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop_down), 1);
  wait_for_list (fixture, "status=invited");

  company = bw_entity_list_lookup (bw_session_get_companies (fixture->session), "c2");
  bw_users_page_set_company (BW_USERS_PAGE (fixture->page), company);
  wait_for_list (fixture, "company=c2");
  g_assert_null (strstr (bw_fake_people_get_last_list (fixture->backend), "status"));
  bw_page_test_wait_text (fixture->page, "Filters (1)");

  /* From the page of a user, too. */
  bw_users_page_open (BW_USERS_PAGE (fixture->page), "u1");
  company = bw_entity_list_lookup (bw_session_get_companies (fixture->session), "c1");
  bw_users_page_set_company (BW_USERS_PAGE (fixture->page), company);
  wait_for_list (fixture, "company=c1");
  g_assert_false (bw_users_page_go_back (BW_USERS_PAGE (fixture->page)));
}

static void
test_invite (Fixture       *fixture,
             gconstpointer  data)
{
  GtkWidget *dialog;

  bw_page_test_wait_text (fixture->page, "1200 users");
  bw_page_test_click (fixture->page, "Invite…");
  dialog = wait_for_dialog ("Invite a User");
  type (dialog, "E-Mail", "not an address");
  bw_page_test_wait_text (dialog, "This is not an e-mail address");
  type (dialog, "E-Mail", "taken@example.com");
  bw_page_test_wait_gone (dialog, "This is not an e-mail address");
  type (dialog, "First Name", "Marie");
  type (dialog, "Last Name", "Curie");
  pick (dialog, "Company", "acm", "Acme");
  pick (dialog, "Role", "service", "Serviceman");
  type (dialog, "First Day", "tomorrow");
  bw_page_test_wait_text (dialog, "A day is written like");
  type (dialog, "First Day", "2030-05-02");
  type (dialog, "Last Day", "2030-05-01");
  bw_page_test_wait_text (dialog, "The last day is before the first one.");
  type (dialog, "Last Day", "2030-05-03");
  bw_page_test_wait_gone (dialog, "The last day is before the first one.");
  bw_page_test_picture (dialog, "users-invite");

  bw_page_test_click (dialog, "Invite");
  bw_page_test_wait_text (dialog, "There is an account with this e-mail address already.");
  type (dialog, "E-Mail", "marie@example.com");
  bw_page_test_click (dialog, "Invite");
  wait_for_change (fixture, "POST /v1/users ");
  wait_for_change (fixture, "\"email\":\"marie@example.com\",\"firstName\":\"Marie\",\"lastName\":\"Curie\",\"companyId\":\"c2\","
                   "\"roleId\":\"r3\",\"firstDay\":\"2030-05-02\",\"lastDay\":\"2030-05-03\"");

  dialog = wait_for_dialog ("Invitation");
  bw_page_test_wait_text (dialog, "ABCD-EFGH-IJKL");
  bw_page_test_wait_text (dialog, "No mail was sent");
  bw_page_test_wait_text (dialog, bw_fake_people_get_uri (fixture->backend));
  bw_page_test_picture (dialog, "users-code");
  bw_page_test_click (dialog, "Copy Code");
  bw_page_test_wait_text (dialog, "Code copied");
  gtk_window_close (GTK_WINDOW (dialog));
  wait_for_no_dialog ("Invitation");
  bw_page_test_wait_text (fixture->page, "1201 users");
}

static void
open_user (Fixture    *fixture,
           const char *id,
           const char *email)
{
  bw_users_page_open (BW_USERS_PAGE (fixture->page), id);
  bw_page_test_wait_text (fixture->page, "Facts");
  bw_page_test_wait_text (fixture->page, email);
}

static void
test_user_page (Fixture       *fixture,
                gconstpointer  data)
{
  open_user (fixture, "u3", "user3@example.com");
  bw_page_test_wait_text (fixture->page, "Jürgen Groß");
  bw_page_test_wait_text (fixture->page, "Acme");
  bw_page_test_wait_text (fixture->page, "Expired");
  bw_page_test_wait_text (fixture->page, "from 1 Jan 2020 to 31 Jan 2020");
  bw_page_test_picture (fixture->window, "user-1280");
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 640, 800);
  bw_page_test_picture (fixture->window, "user-640");

  g_assert_true (bw_users_page_go_back (BW_USERS_PAGE (fixture->page)));
  bw_page_test_wait_text (fixture->page, "1200 users");
  g_assert_false (bw_users_page_go_back (BW_USERS_PAGE (fixture->page)));

  bw_users_page_open (BW_USERS_PAGE (fixture->page), "nobody");
  bw_page_test_wait_text (fixture->page, "The User Could Not Be Loaded");
  bw_page_test_wait_text (fixture->page, "This does not exist, or not any more.");
}

static void
test_suspend_and_undo (Fixture       *fixture,
                       gconstpointer  data)
{
  open_user (fixture, "u0", "user0@example.com");
  bw_page_test_click (fixture->page, "Suspend");
  bw_page_test_wait_text (fixture->page, "Suspended: nobody signs in with this account");
  wait_for_change (fixture, "{\"revision\":1,\"suspended\":true}");
  bw_page_test_wait_text (fixture->page, "Unsuspend");
  bw_page_test_picture (fixture->window, "user-suspended");
  bw_page_test_click (fixture->page, "Undo");
  wait_for_change (fixture, "{\"revision\":2,\"suspended\":false}");
  bw_page_test_wait_text (fixture->page, "May sign in again");
  g_assert_false (json_object_get_boolean_member (bw_fake_people_lookup (fixture->backend, "users", "u0"), "suspended"));
}

static void
test_edit (Fixture       *fixture,
           gconstpointer  data)
{
  GtkWidget *dialog;

  open_user (fixture, "u0", "user0@example.com");
  bw_page_test_click (fixture->page, "Edit…");
  dialog = wait_for_dialog ("Edit User");
  type (dialog, "Last Name", "Murray Hopper");
  bw_page_test_picture (dialog, "user-edit");

  /* Somebody else is faster; both versions are shown, and mine wins. */
  bw_fake_people_set_string (fixture->backend, "users", "u0", "lastName", "Brewster");
  bw_page_test_click (dialog, "Save");
  {
    GtkWidget *question = wait_for_dialog ("Somebody Else Was Faster");

    bw_page_test_wait_text (question, "Murray Hopper");
    bw_page_test_wait_text (question, "Brewster");
    bw_page_test_picture (question, "user-stale");
    bw_page_test_click (question, "Mine");
  }

  wait_for_change (fixture, "{\"revision\":2,\"lastName\":\"Murray Hopper\"}");
  wait_for_no_dialog ("Edit User");
  bw_page_test_wait_text (fixture->page, "Grace Murray Hopper");
}

static void
test_participations (Fixture       *fixture,
                     gconstpointer  data)
{
  guint n_before = bw_fake_people_count (fixture->backend, "participations");
  GtkWidget *dialog;

  open_user (fixture, "u4", "user4@example.com");
  bw_page_test_wait_text (fixture->page, "Without a participation, this user may do nothing.");
  bw_page_test_click (fixture->page, "Add…");
  dialog = wait_for_dialog ("Add Participation");
  bw_page_test_wait_text (dialog, "Grace Hopper");
  pick (dialog, "Company", "main", "Main Company");
  pick (dialog, "Role", "serv", "Serviceman");
  bw_page_test_wait_text (dialog, "What Would Change");
  bw_page_test_wait_text (dialog, "17");
  bw_page_test_picture (dialog, "participation-add");
  bw_page_test_click (dialog, "Add");
  wait_for_change (fixture, "{\"userId\":\"u4\",\"companyId\":\"c1\",\"roleId\":\"r3\",\"firstDay\":null,\"lastDay\":null}");
  wait_for_no_dialog ("Add Participation");
  bw_page_test_wait_text (fixture->page, "Serviceman · without limit");
  g_assert_cmpuint (bw_fake_people_count (fixture->backend, "participations"), ==, n_before + 1);

  gtk_widget_activate_action (bw_page_test_find_text (fixture->page, "Serviceman"), "user.edit-participation", "s", "new-1");
  dialog = wait_for_dialog ("Edit Participation");
  type (dialog, "Last Day", "2031-01-31");
  bw_page_test_click (dialog, "Save");
  wait_for_change (fixture, "{\"revision\":1,\"lastDay\":\"2031-01-31\"}");
  bw_page_test_wait_text (fixture->page, "until 31 Jan 2031");

  gtk_widget_activate_action (bw_page_test_find_text (fixture->page, "Serviceman"), "user.end-participation", "s", "new-1");
  dialog = wait_for_dialog ("End the Participation?");
  bw_page_test_click (dialog, "End");
  wait_for_change (fixture, "DELETE /v1/participations/new-1?revision=2");
  bw_page_test_wait_text (fixture->page, "The participation has ended");
  bw_page_test_wait_text (fixture->page, "Without a participation, this user may do nothing.");
}

static void
test_delete_parked_and_done (Fixture       *fixture,
                             gconstpointer  data)
{
  GtkWidget *dialog;

  bw_fake_people_set_parking (fixture->backend, TRUE);
  open_user (fixture, "u0", "user0@example.com");
  gtk_widget_activate_action (bw_page_test_find_text (fixture->page, "Facts"), "user.delete", NULL);
  dialog = wait_for_dialog ("Delete the User?");
  bw_page_test_picture (dialog, "user-delete");
  bw_page_test_click (dialog, "Delete");
  bw_page_test_wait_text (fixture->page, "Waits for approval");
  g_assert_nonnull (bw_fake_people_lookup (fixture->backend, "users", "u0"));

  bw_fake_people_set_parking (fixture->backend, FALSE);
  gtk_widget_activate_action (bw_page_test_find_text (fixture->page, "Facts"), "user.delete", NULL);
  dialog = wait_for_dialog ("Delete the User?");
  bw_page_test_click (dialog, "Delete");
  bw_page_test_wait_text (fixture->page, "The user is deleted");
  bw_page_test_wait_text (fixture->page, "1199 users");
}

static void
test_new_code_and_log_out (Fixture       *fixture,
                           gconstpointer  data)
{
  GtkWidget *dialog;

  open_user (fixture, "u1", "user1@example.com");
  gtk_widget_activate_action (bw_page_test_find_text (fixture->page, "Facts"), "user.invite", NULL);
  dialog = wait_for_dialog ("Invitation");
  bw_page_test_wait_text (dialog, "The invitation was sent to user1@example.com.");
  gtk_window_close (GTK_WINDOW (dialog));

  gtk_widget_activate_action (bw_page_test_find_text (fixture->page, "Facts"), "user.log-out", NULL);
  wait_for_change (fixture, "POST /v1/users/u1/log-out");
  bw_page_test_wait_text (fixture->page, "All sessions of this user have ended");
}

static void
reset_factor (Fixture    *fixture,
              const char *answer)
{
  GtkWidget *dialog;

  gtk_widget_activate_action (bw_page_test_find_text (fixture->page, "Facts"), "user.reset-factor", NULL);
  dialog = wait_for_dialog ("Reset the Second Factor?");
  bw_page_test_picture (dialog, "user-reset-factor");
  bw_page_test_click (dialog, answer);
  wait_for_no_dialog ("Reset the Second Factor?");
}

/* A disabled action is there, too, and does nothing. */
static void
check_nothing_to_reset (Fixture *fixture)
{
  guint n_windows = g_list_model_get_n_items (gtk_window_get_toplevels ());

  gtk_widget_activate_action (bw_page_test_find_text (fixture->page, "Facts"), "user.reset-factor", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (gtk_window_get_toplevels ()), ==, n_windows);
}

static void
test_reset_second_factor (Fixture       *fixture,
                          gconstpointer  data)
{
  /* Who has none has nothing to lose. */
  open_user (fixture, "u4", "user4@example.com");
  check_nothing_to_reset (fixture);

  json_object_set_boolean_member (bw_fake_people_lookup (fixture->backend, "users", "u1"), "totp", TRUE);
  open_user (fixture, "u1", "user1@example.com");
  bw_page_test_wait_text (fixture->page, "On");
  reset_factor (fixture, "Cancel");
  g_assert_null (bw_fake_people_get_last_change (fixture->backend));

  reset_factor (fixture, "Reset");
  wait_for_change (fixture, "DELETE /v1/users/u1/totp");
  bw_page_test_wait_text (fixture->page, "The second factor is gone");
  bw_page_test_wait_text (fixture->page, "Off");
  check_nothing_to_reset (fixture);
}

static void
test_a_server_that_is_down (Fixture       *fixture,
                            gconstpointer  data)
{
  bw_page_test_wait_text (fixture->page, "1200 users");
  bw_fake_people_set_down (fixture->backend, TRUE);
  bw_users_page_open (BW_USERS_PAGE (fixture->page), "u0");
  bw_page_test_wait_text (fixture->page, "The User Could Not Be Loaded");
  bw_fake_people_set_down (fixture->backend, FALSE);
  bw_page_test_click (fixture->page, "Try Again");
  bw_page_test_wait_text (fixture->page, "user0@example.com");
}

int
main (int   argc,
      char *argv[])
{
  bw_page_test_init (&argc, &argv);

#define ADD(name, function) \
  g_test_add ("/app/users-page/" name, Fixture, NULL, set_up, function, tear_down)

  ADD ("rows", test_rows);
  ADD ("filters", test_filters);
  ADD ("filter-by-role", test_filter_by_role);
  ADD ("filter-by-company", test_filter_by_company);
  ADD ("invite", test_invite);
  ADD ("user-page", test_user_page);
  ADD ("suspend-and-undo", test_suspend_and_undo);
  ADD ("edit", test_edit);
  ADD ("participations", test_participations);
  ADD ("delete-parked-and-done", test_delete_parked_and_done);
  ADD ("new-code-and-log-out", test_new_code_and_log_out);
  ADD ("reset-second-factor", test_reset_second_factor);
  ADD ("a-server-that-is-down", test_a_server_that_is_down);

  return g_test_run ();
}
