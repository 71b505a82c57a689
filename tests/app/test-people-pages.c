/* test-people-pages.c: Roles, Requests and Audit Log, against a backend that answers what the test wants
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <adwaita.h>
#include <glib/gstdio.h>

#include "../client/bw-fake-backend.h"
#include "bw-audit-dialog.h"
#include "bw-audit-page.h"
#include "bw-json.h"
#include "bw-remote-view.h"
#include "bw-page-test.h"
#include "bw-permission-text.h"
#include "bw-request-dialog.h"
#include "bw-requests-page.h"
#include "bw-role-dialog.h"
#include "bw-roles-page.h"
#include "bw-test.h"

#define SESSION "{\"id\":\"s1\",\"user\":\"ada\",\"userId\":\"1\",\"userName\":\"Ada Lovelace\",\"companyId\":\"1\"," \
                "\"company\":\"Main\",\"participationId\":\"1\",\"roleId\":\"1\",\"role\":\"Super Admin\",\"permissions\":[%s]," \
                "\"participations\":[{\"id\":\"1\",\"companyId\":\"1\",\"company\":\"Main\",\"roleId\":\"1\"," \
                "\"role\":\"Super Admin\",\"active\":true,\"lastDay\":null}]," \
                "\"broker\":{\"url\":\"mqtt://127.0.0.1:1\",\"username\":\"s1\"}}"
#define ROLES   "{\"total\":3,\"items\":[" \
                "{\"id\":\"1\",\"revision\":1,\"name\":\"Super Admin\",\"builtin\":\"super-admin\"," \
                "\"permissions\":[\"view-users\",\"manage-users\"],\"nParticipations\":1,\"tags\":[]}," \
                "{\"id\":\"5\",\"revision\":1,\"name\":\"End User\",\"builtin\":\"end-user\",\"permissions\":[]," \
                "\"nParticipations\":900,\"tags\":[]}," CUSTOM "]}"
#define CUSTOM  "{\"id\":\"7\",\"revision\":3,\"name\":\"Night shift\",\"builtin\":null," \
                "\"permissions\":[\"view-devices\",\"control-devices\"],\"nParticipations\":2,\"tags\":[]}"
#define EFFECTS "{\"parked\":true,\"nUsers\":60,\"items\":[{\"userId\":\"9\",\"user\":\"Grace Hopper\",\"company\":\"North\"," \
                "\"gains\":[\"view-users\"],\"loses\":[\"control-devices\"],\"nCompanies\":2,\"nDevices\":120," \
                "\"objects\":[\"Lamp 1\",\"Lamp 2\"]}]}"
#define REQUEST "{\"id\":\"31\",\"revision\":1,\"kind\":\"role\",\"action\":\"edit\",\"objectId\":\"7\",\"object\":\"Night shift\"," \
                "\"companyId\":\"1\",\"company\":\"Main\",\"requesterId\":\"2\",\"requester\":\"Grace Hopper\"," \
                "\"before\":{\"name\":\"Night shift\",\"permissions\":[\"view-devices\"]}," \
                "\"after\":{\"name\":\"Late shift\",\"permissions\":[\"view-devices\",\"view-users\"]}," \
                "\"comment\":\"They asked for it\",\"state\":\"pending\",\"reason\":null,\"decidedBy\":null,\"mayDecide\":true," \
                "\"createdAt\":1790000000000000,\"decidedAt\":0,\"expiresAt\":1791000000000000}"

#define ENTRY   "{\"id\":\"12\",\"revision\":0,\"at\":1790000000000000,\"userId\":\"2\",\"user\":\"grace\",\"address\":\"192.0.2.7\"," \
                "\"action\":\"edit\",\"kind\":\"company\",\"objectId\":\"3\",\"object\":\"North\",\"companyId\":\"1\"," \
                "\"before\":{\"name\":\"North\",\"phone\":\"1\"},\"after\":{\"name\":\"North Ltd\",\"phone\":\"1\"},\"hash\":\"00ff\"}"

typedef struct
{
  BwFakeBackend *backend;
  BwSession     *session;
} Fixture;

static void
resumed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (bw_session_resume_finish (BW_SESSION (source), result, &error));
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

/* May do all, or only what @permissions (nullable) says. */
static void
sign_in (Fixture    *fixture,
         const char *permissions)
{
  g_autoptr(GString) all = g_string_new (permissions);
  g_autofree char *body = NULL;
  gboolean resumed = FALSE;

  for (guint i = 0; permissions == NULL && i < BW_N_PERMISSIONS; i++)
    g_string_append_printf (all, "%s\"%s\"", i > 0 ? "," : "", bw_permission_to_nick (i));

  body = g_strdup_printf (SESSION, all->str);
  bw_fake_backend_answer (fixture->backend, "GET /v1/sessions/current", 200, body);
  fixture->session = bw_session_new (bw_fake_backend_get_uri (fixture->backend), NULL);
  bw_session_resume_async (fixture->session, "token", NULL, resumed_cb, &resumed);
  bw_test_wait_for (is_true, &resumed);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->backend = bw_fake_backend_new ();
  bw_fake_backend_answer (fixture->backend, "GET /v1/roles", 200, ROLES);
  bw_fake_backend_answer (fixture->backend, "GET /v1/participations", 200,
                          "{\"total\":25,\"items\":[{\"id\":\"4\",\"user\":\"Grace Hopper\",\"company\":\"North\"}]}");
  bw_fake_backend_answer (fixture->backend, "GET /v1/requests", 200, "{\"total\":1,\"nPending\":1,\"items\":[" REQUEST "]}");
  bw_fake_backend_answer (fixture->backend, "GET /v1/requests/31", 200, REQUEST);
  sign_in (fixture, data);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  bw_wait_finalized (fixture->session);
  bw_fake_backend_free (fixture->backend);
}

static GtkWidget *
find_dialog (GType type)
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

typedef struct
{
  GType      type;
  GtkWidget *found;
} DialogSight;

static gboolean
sees_dialog (gpointer data)
{
  DialogSight *sight = data;

  sight->found = find_dialog (sight->type);

  return sight->found != NULL;
}

static gboolean
misses_dialog (gpointer data)
{
  return !sees_dialog (data);
}

static GtkWidget *
wait_dialog (GType type)
{
  DialogSight sight = { type, NULL };

  bw_test_wait_for (sees_dialog, &sight);

  return sight.found;
}

static void
wait_no_dialog (GType type)
{
  DialogSight sight = { type, NULL };

  bw_test_wait_for (misses_dialog, &sight);
}

static GtkWidget *
open_role (GtkWidget  *page,
           const char *id)
{
  g_assert_true (gtk_widget_activate_action (page, "roles.open", "s", id));

  return wait_dialog (BW_TYPE_ROLE_DIALOG);
}

static GtkCheckButton *
find_check (GtkWidget  *dialog,
            const char *title)
{
  GtkWidget *row = bw_page_test_ancestor (bw_page_test_wait_text (dialog, title), ADW_TYPE_ACTION_ROW);
  GtkWidget *check = bw_page_test_find_type (row, GTK_TYPE_CHECK_BUTTON);

  g_assert_nonnull (check);

  return GTK_CHECK_BUTTON (check);
}

static void
test_roles_are_listed (Fixture       *fixture,
                       gconstpointer  data)
{
  GtkWidget *page = bw_roles_page_new (fixture->session);
  GtkWidget *window = bw_page_test_present (page, 900, 700);

  bw_page_test_wait_text (page, "Night shift");
  bw_page_test_wait_text (page, "Control devices");
  bw_page_test_wait_text (page, "2 participations");
  bw_page_test_wait_text (page, "Super Admin");
  bw_page_test_wait_text (page, "Only what is shared with them");
  bw_page_test_picture (window, "roles");

  gtk_editable_set_text (GTK_EDITABLE (bw_page_test_find_type (page, GTK_TYPE_SEARCH_ENTRY)), "NIGHT");
  bw_page_test_wait_gone (page, "Super Admin");
  g_assert_nonnull (bw_page_test_find_text (page, "Night shift"));
  bw_page_test_close (window);
}

static void
test_a_failed_load_can_be_tried_again (Fixture       *fixture,
                                       gconstpointer  data)
{
  GtkWidget *page, *window;

  bw_fake_backend_answer (fixture->backend, "GET /v1/roles", 503, "{\"code\":\"unavailable\",\"detail\":\"no\"}");
  page = bw_roles_page_new (fixture->session);
  window = bw_page_test_present (page, 900, 700);
  bw_page_test_wait_text (page, "Roles Could Not Be Loaded");
  bw_fake_backend_answer (fixture->backend, "GET /v1/roles", 200, ROLES);
  bw_page_test_click (page, "Try Again");
  bw_page_test_wait_text (page, "Night shift");
  bw_page_test_close (window);
}

static void
test_implied_permissions_are_locked (Fixture       *fixture,
                                     gconstpointer  data)
{
  GtkWidget *page = bw_roles_page_new (fixture->session);
  GtkWidget *window = bw_page_test_present (page, 900, 700);
  GtkWidget *dialog;
  GtkCheckButton *view, *manage;

  bw_page_test_wait_text (page, "Night shift");
  dialog = open_role (page, "7");
  view = find_check (dialog, "View users");
  manage = find_check (dialog, "Manage users");
  g_assert_false (gtk_check_button_get_active (view));
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (view)));

  gtk_check_button_set_active (manage, TRUE);
  g_assert_true (gtk_check_button_get_active (view));
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (view)));
  bw_page_test_wait_text (dialog, "Implied by: Manage users");
  bw_page_test_picture (dialog, "role-implied");

  /* what came only with it goes with it */
  gtk_check_button_set_active (manage, FALSE);
  g_assert_false (gtk_check_button_get_active (view));
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (view)));

  bw_page_test_wait_text (dialog, "Grace Hopper");
  bw_page_test_wait_text (dialog, "and 24 more");
  gtk_window_close (GTK_WINDOW (dialog));
  bw_page_test_close (window);
}

static void
test_a_change_is_looked_at_and_waits (Fixture       *fixture,
                                      gconstpointer  data)
{
  GtkWidget *page = bw_roles_page_new (fixture->session);
  GtkWidget *window = bw_page_test_present (page, 900, 700);
  GtkWidget *dialog;
  g_autoptr(JsonObject) body = NULL;
  const char *sent;

  bw_page_test_wait_text (page, "Night shift");
  bw_fake_backend_answer (fixture->backend, "PATCH /v1/roles/7", 200, EFFECTS);
  dialog = open_role (page, "7");
  gtk_check_button_set_active (find_check (dialog, "View users"), TRUE);
  bw_page_test_click (dialog, "Review…");

  bw_page_test_wait_text (dialog, "Grace Hopper at North");
  bw_page_test_wait_text (dialog, "Gains: View users");
  bw_page_test_wait_text (dialog, "Loses: Control devices");
  bw_page_test_wait_text (dialog, "120 devices in 2 companies: Lamp 1, Lamp 2");
  bw_page_test_wait_text (dialog, "and 59 more");
  bw_page_test_wait_text (dialog, "Somebody else has to accept it first.");
  bw_page_test_picture (dialog, "role-review");

  bw_fake_backend_answer (fixture->backend, "PATCH /v1/roles/7", 202, "{\"request\":" REQUEST "}");
  bw_page_test_click (dialog, "Save");
  wait_no_dialog (BW_TYPE_ROLE_DIALOG);
  bw_page_test_wait_text (page, "Waits for approval");
  bw_page_test_wait_text (page, "Show Request");

  sent = bw_fake_backend_get_body (fixture->backend, "PATCH /v1/roles/7");
  body = bw_json_parse_object (sent, strlen (sent), 4096, NULL);
  g_assert_cmpint (bw_json_get_int (body, "revision", 0), ==, 3);
  g_assert_cmpuint (json_array_get_length (bw_json_get_array (body, "permissions")), ==, 3);
  g_assert_false (json_object_has_member (body, "name"));
  bw_page_test_close (window);
}

static void
test_a_stale_change_asks_whose (Fixture       *fixture,
                                gconstpointer  data)
{
  GtkWidget *page = bw_roles_page_new (fixture->session);
  GtkWidget *window = bw_page_test_present (page, 900, 700);
  GtkWidget *dialog, *question;
  g_autoptr(JsonObject) body = NULL;
  const char *sent;

  bw_page_test_wait_text (page, "Night shift");
  bw_fake_backend_answer (fixture->backend, "PATCH /v1/roles/7", 200, "{\"parked\":false,\"nUsers\":0,\"items\":[]}");
  dialog = open_role (page, "7");
  gtk_editable_set_text (GTK_EDITABLE (bw_page_test_find_type (dialog, ADW_TYPE_ENTRY_ROW)), "Late shift");
  bw_page_test_click (dialog, "Review…");
  bw_page_test_wait_text (dialog, "Nobody gains or loses access.");

  bw_fake_backend_answer (fixture->backend, "PATCH /v1/roles/7", 409, "{\"code\":\"conflict\",\"detail\":\"it is another now\"}");
  bw_fake_backend_answer (fixture->backend, "GET /v1/roles/7", 200,
                          "{\"id\":\"7\",\"revision\":4,\"name\":\"Early shift\",\"builtin\":null,"
                          "\"permissions\":[\"view-devices\"],\"nParticipations\":2,\"tags\":[]}");
  bw_page_test_click (dialog, "Save");
  question = wait_dialog (ADW_TYPE_MESSAGE_DIALOG);
  bw_page_test_wait_text (question, "Early shift");
  bw_page_test_wait_text (question, "Late shift");
  bw_page_test_picture (question, "stale");

  bw_fake_backend_answer (fixture->backend, "PATCH /v1/roles/7", 200,
                          "{\"id\":\"7\",\"revision\":5,\"name\":\"Late shift\",\"builtin\":null,"
                          "\"permissions\":[\"view-devices\"],\"nParticipations\":2,\"tags\":[]}");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (question), "mine");
  wait_no_dialog (BW_TYPE_ROLE_DIALOG);
  bw_page_test_wait_text (page, "Saved");
  bw_page_test_wait_text (page, "Undo");
  sent = bw_fake_backend_get_body (fixture->backend, "PATCH /v1/roles/7");
  body = bw_json_parse_object (sent, strlen (sent), 4096, NULL);
  g_assert_cmpint (bw_json_get_int (body, "revision", 0), ==, 4);
  g_assert_cmpstr (bw_json_get_string (body, "name"), ==, "Late shift");
  bw_page_test_close (window);
}

static void
test_a_builtin_role_is_copied (Fixture       *fixture,
                               gconstpointer  data)
{
  GtkWidget *page = bw_roles_page_new (fixture->session);
  GtkWidget *window = bw_page_test_present (page, 900, 700);
  GtkWidget *dialog;
  const char *sent;

  bw_page_test_wait_text (page, "Super Admin");
  dialog = open_role (page, "1");
  bw_page_test_wait_text (dialog, "This role comes with the system");
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (find_check (dialog, "Delete users"))));
  bw_page_test_click (dialog, "Copy…");

  bw_fake_backend_answer (fixture->backend, "POST /v1/roles", 201,
                          "{\"id\":\"8\",\"revision\":1,\"name\":\"Super Admin (copy)\",\"builtin\":null,"
                          "\"permissions\":[\"view-users\",\"manage-users\"],\"nParticipations\":0,\"tags\":[]}");
  dialog = wait_dialog (BW_TYPE_ROLE_DIALOG);
  bw_page_test_wait_text (dialog, "Manage users");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (bw_page_test_find_type (dialog, ADW_TYPE_ENTRY_ROW))), ==,
                   "Super Admin (copy)");
  g_assert_true (gtk_check_button_get_active (find_check (dialog, "Manage users")));
  bw_page_test_click (dialog, "Create");
  wait_no_dialog (BW_TYPE_ROLE_DIALOG);
  bw_page_test_wait_text (page, "Super Admin (copy)");
  sent = bw_fake_backend_get_body (fixture->backend, "POST /v1/roles");
  g_assert_nonnull (strstr (sent, "manage-users"));
  bw_page_test_close (window);
}

static void
test_nobody_gives_what_he_has_not (Fixture       *fixture,
                                   gconstpointer  data)
{
  GtkWidget *page = bw_roles_page_new (fixture->session);
  GtkWidget *window = bw_page_test_present (page, 900, 700);
  GtkWidget *dialog;

  bw_page_test_wait_text (page, "Night shift");
  dialog = open_role (page, "7");
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (find_check (dialog, "Delete users"))));
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (find_check (dialog, "Manage roles"))));
  bw_page_test_wait_text (dialog, "You do not have this permission yourself.");
  g_assert_null (bw_page_test_find_text (dialog, "Delete Role…"));
  gtk_window_close (GTK_WINDOW (dialog));
  bw_page_test_close (window);
}

static void
test_a_request_is_decided (Fixture       *fixture,
                           gconstpointer  data)
{
  GtkWidget *page = bw_requests_page_new (fixture->session);
  GtkWidget *window = bw_page_test_present (page, 1000, 600);
  GtkWidget *dialog;
  const char *sent;

  bw_page_test_wait_text (page, "Change the role");
  bw_page_test_wait_text (page, "Grace Hopper");
  bw_page_test_wait_text (page, "1 request");
  bw_page_test_picture (window, "requests");

  bw_requests_page_show_request (BW_REQUESTS_PAGE (page), "31");
  dialog = wait_dialog (BW_TYPE_REQUEST_DIALOG);
  bw_page_test_wait_text (dialog, "They asked for it");
  bw_page_test_wait_text (dialog, "Late shift");
  bw_page_test_wait_text (dialog, "+ View users");
  g_assert_null (bw_page_test_find_text (dialog, "View devices"));
  g_assert_null (bw_page_test_find_text (dialog, "Withdraw"));
  bw_page_test_picture (dialog, "request");

  /* another one was faster */
  bw_fake_backend_answer (fixture->backend, "POST /v1/requests/31/reject", 409,
                          "{\"code\":\"conflict\",\"detail\":\"it was accepted already\"}");
  gtk_editable_set_text (GTK_EDITABLE (bw_page_test_find_type (dialog, ADW_TYPE_ENTRY_ROW)), "Not now");
  bw_page_test_click (dialog, "Reject");
  bw_page_test_wait_text (dialog, "It was accepted already.");

  bw_fake_backend_answer (fixture->backend, "POST /v1/requests/31/reject", 200, REQUEST);
  bw_page_test_click (dialog, "Reject");
  wait_no_dialog (BW_TYPE_REQUEST_DIALOG);
  bw_page_test_wait_text (page, "Rejected: nothing changes");
  sent = bw_fake_backend_get_body (fixture->backend, "POST /v1/requests/31/reject");
  g_assert_cmpstr (sent, ==, "{\"reason\":\"Not now\"}");
  bw_page_test_close (window);
}

static char *
answer_audit (GHashTable *query,
              gpointer    data)
{
  char **last_user = data;

  g_free (*last_user);
  *last_user = query != NULL ? g_strdup (g_hash_table_lookup (query, "user")) : NULL;

  return g_strdup ("{\"total\":1,\"items\":[" ENTRY "]}");
}

static gboolean
is_grace (gpointer data)
{
  return g_strcmp0 (*(char **) data, "2") == 0;
}

static gboolean
is_there (gpointer data)
{
  return g_file_test (data, G_FILE_TEST_EXISTS);
}

static void
test_the_log_is_read_and_checked (Fixture       *fixture,
                                  gconstpointer  data)
{
  g_autofree char *last_user = NULL;
  GtkWidget *page, *window, *dialog;

  bw_fake_backend_compute (fixture->backend, "GET /v1/audit", answer_audit, &last_user);
  page = bw_audit_page_new (fixture->session);
  window = bw_page_test_present (page, 1000, 600);
  bw_page_test_wait_text (page, "192.0.2.7");
  bw_page_test_wait_text (page, "Edited");
  bw_page_test_wait_text (page, "1 entry");
  bw_page_test_picture (window, "audit");

  /* what it was, and all that this person did */
  gtk_selection_model_select_item (bw_remote_view_get_selection (BW_REMOTE_VIEW (bw_page_test_find_type (page, BW_TYPE_REMOTE_VIEW))),
                                   0, TRUE);
  gtk_widget_activate_action (bw_page_test_find_type (page, GTK_TYPE_COLUMN_VIEW), "table.activate", NULL);
  dialog = wait_dialog (BW_TYPE_AUDIT_DIALOG);
  bw_page_test_wait_text (dialog, "North Ltd");
  g_assert_null (bw_page_test_find_text (dialog, "Phone"));
  bw_page_test_picture (dialog, "audit-entry");
  bw_page_test_click (dialog, "Only This Person");
  wait_no_dialog (BW_TYPE_AUDIT_DIALOG);
  bw_test_wait_for (is_grace, &last_user);
  bw_page_test_wait_text (page, "Filters (1)");

  bw_fake_backend_answer (fixture->backend, "GET /v1/audit/verify", 200,
                          "{\"ok\":false,\"n\":9,\"firstBad\":7,\"reason\":\"its hash is another one\"}");
  bw_page_test_click (page, "Verify");
  dialog = wait_dialog (ADW_TYPE_MESSAGE_DIALOG);
  bw_page_test_wait_text (dialog, "It breaks at entry 7.");
  gtk_window_close (GTK_WINDOW (dialog));
  wait_no_dialog (ADW_TYPE_MESSAGE_DIALOG);

  bw_fake_backend_answer (fixture->backend, "GET /v1/audit/verify", 200,
                          "{\"ok\":true,\"n\":9,\"firstBad\":null,\"reason\":null}");
  bw_page_test_click (page, "Verify");
  dialog = wait_dialog (ADW_TYPE_MESSAGE_DIALOG);
  bw_page_test_wait_text (dialog, "The Log Is Whole");
  gtk_window_close (GTK_WINDOW (dialog));
  wait_no_dialog (ADW_TYPE_MESSAGE_DIALOG);
  bw_page_test_close (window);
}

static void
test_the_log_is_exported (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autofree char *folder = g_dir_make_tmp ("bw-audit-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "audit.csv", NULL);
  g_autofree char *text = NULL;
  GtkWidget *page, *window;

  bw_fake_backend_answer (fixture->backend, "GET /v1/audit", 200, "{\"total\":1,\"items\":[" ENTRY "]}");
  page = bw_audit_page_new (fixture->session);
  window = bw_page_test_present (page, 1000, 600);
  bw_page_test_wait_text (page, "1 entry");

  /* refused, nothing is left behind */
  bw_fake_backend_answer (fixture->backend, "GET /v1/audit/export.csv", 403, "{\"code\":\"forbidden\",\"detail\":\"no\"}");
  g_assert_true (gtk_widget_activate_action (page, "audit.export-to", "s", path));
  bw_page_test_wait_text (page, "You do not have the right to do this.");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  bw_fake_backend_answer (fixture->backend, "GET /v1/audit/export.csv", 200, "id,at\n12,1790000000000000\n");
  g_assert_true (gtk_widget_activate_action (page, "audit.export-to", "s", path));
  bw_test_wait_for (is_there, path);
  bw_page_test_wait_text (page, "Exported");
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "id,at\n12,1790000000000000\n");
  bw_page_test_close (window);
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_every_permission_has_words (void)
{
  for (guint i = 0; i < BW_N_PERMISSIONS; i++)
    {
      g_assert_nonnull (bw_permission_to_text (i));
      g_assert_nonnull (bw_permission_to_group_text (i));
    }
}

int
main (int   argc,
      char *argv[])
{
  bw_page_test_init (&argc, &argv);

#define ADD(name, function, permissions) \
  g_test_add ("/app/people/" name, Fixture, permissions, set_up, function, tear_down)

  ADD ("roles-are-listed", test_roles_are_listed, NULL);
  ADD ("failed-load", test_a_failed_load_can_be_tried_again, NULL);
  ADD ("implied", test_implied_permissions_are_locked, NULL);
  ADD ("review", test_a_change_is_looked_at_and_waits, NULL);
  ADD ("stale", test_a_stale_change_asks_whose, NULL);
  ADD ("copy", test_a_builtin_role_is_copied, NULL);
  ADD ("grant", test_nobody_gives_what_he_has_not, "\"manage-roles\",\"view-users\"");
  ADD ("request", test_a_request_is_decided, NULL);
  ADD ("audit", test_the_log_is_read_and_checked, NULL);
  ADD ("audit-export", test_the_log_is_exported, NULL);
  g_test_add_func ("/app/people/permission-words", test_every_permission_has_words);

  return g_test_run ();
}
