/* test-people.c: who acts, the lists of what he sees, and the one way to change it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>

#include "bw-error.h"
#include "bw-fake-backend.h"
#include "bw-json.h"
#include "bw-session.h"
#include "bw-test.h"

#define SESSION(participation, permissions) \
  "{\"id\":\"s1\",\"user\":\"ada@example.com\",\"userId\":\"9\",\"userName\":\"Ada Lovelace\",\"firstName\":\"Ada\"," \
  "\"lastName\":\"Lovelace\",\"email\":\"ada@example.com\",\"companyId\":\"" participation "\",\"company\":\"C" participation "\"," \
  "\"participationId\":\"" participation "\",\"roleId\":\"2\",\"role\":\"Support\",\"permissions\":[" permissions "],\"totp\":true," \
  "\"participations\":[{\"id\":\"1\",\"companyId\":\"1\",\"company\":\"C1\",\"roleId\":\"2\",\"role\":\"Support\",\"active\":true," \
  "\"lastDay\":null},{\"id\":\"2\",\"companyId\":\"2\",\"company\":\"C2\",\"roleId\":\"2\",\"role\":\"Support\",\"active\":false," \
  "\"lastDay\":\"2026-01-01\"}],\"broker\":{\"url\":\"mqtt://127.0.0.1:1\",\"username\":\"s1\"}}"
#define ROLE "{\"id\":\"%d\",\"revision\":%d,\"name\":\"%s\",\"builtin\":null,\"permissions\":[],\"nParticipations\":0,\"tags\":[]}"

static GAsyncResult *last_result;

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  last_result = g_object_ref (result);
}

static gboolean
has_result (gpointer data)
{
  return last_result != NULL;
}

static GAsyncResult *
await (void)
{
  bw_test_wait_for (has_result, NULL);

  return g_steal_pointer (&last_result);
}

static BwSession *
resume (BwFakeBackend *backend)
{
  BwSession *session = bw_session_new (bw_fake_backend_get_uri (backend), NULL);
  g_autoptr(GAsyncResult) result = NULL;

  bw_fake_backend_answer (backend, "GET /v1/sessions/current", 200,
                          SESSION ("1", "\"manage-users\",\"a-right-of-tomorrow\""));
  bw_session_resume_async (session, "token", NULL, result_cb, NULL);
  result = await ();
  g_assert_true (bw_session_resume_finish (session, result, NULL));

  return session;
}

static void
load_roles (BwSession *session)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  bw_session_load_roles_async (session, NULL, result_cb, NULL);
  result = await ();
  g_assert_true (bw_session_load_roles_finish (session, result, &error));
  g_assert_no_error (error);
}

static void
answer_role (BwFakeBackend *backend,
             const char    *route,
             int            revision,
             const char    *name)
{
  g_autofree char *role = g_strdup_printf (ROLE, 7, revision, name);
  g_autofree char *list = g_strdup_printf ("{\"total\":1,\"items\":[%s]}", role);

  bw_fake_backend_answer (backend, route, 200, g_str_equal (route, "GET /v1/roles") ? list : role);
}

static void
test_who_acts (void)
{
  g_autoptr(BwFakeBackend) backend = bw_fake_backend_new ();
  g_autoptr(BwSession) session = resume (backend);
  GListModel *own = G_LIST_MODEL (bw_session_get_participations (session));

  g_assert_cmpstr (bw_session_get_user_id (session), ==, "9");
  g_assert_cmpstr (bw_session_get_first_name (session), ==, "Ada");
  g_assert_cmpstr (bw_session_get_company (session), ==, "C1");
  g_assert_cmpstr (bw_session_get_acting (session), ==, "1");
  g_assert_true (bw_session_get_totp (session));

  /* who manages also views; a right that we do not know is none of ours */
  g_assert_true (bw_session_may (session, BW_PERMISSION_MANAGE_USERS));
  g_assert_true (bw_session_may (session, BW_PERMISSION_VIEW_USERS));
  g_assert_false (bw_session_may (session, BW_PERMISSION_MANAGE_USERS | BW_PERMISSION_VIEW_ROLES));
  g_assert_cmpuint (g_list_model_get_n_items (own), ==, 2);
}

static void
renamed_cb (BwSession   *session,
            GParamSpec  *pspec,
            char       **ret_name)
{
  g_assert_null (*ret_name);
  *ret_name = g_strdup (bw_session_get_user_name (session));
}

/* Whoever shows the name learns of another one, and of nothing else. */
static void
test_a_name_of_ones_own (void)
{
  g_autoptr(BwFakeBackend) backend = bw_fake_backend_new ();
  g_autoptr(BwSession) session = resume (backend);
  g_autoptr(JsonObject) body = json_object_new ();
  g_autofree char *name = NULL;
  g_autoptr(GString) renamed = g_string_new (SESSION ("1", "\"manage-users\""));

  g_assert_cmpuint (g_string_replace (renamed, "\"userName\":\"Ada Lovelace\"", "\"userName\":\"Augusta\"", 1), ==, 1);
  bw_fake_backend_answer (backend, "PATCH /v1/users/me", 200, renamed->str);
  g_signal_connect (session, "notify::user-name", G_CALLBACK (renamed_cb), &name);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(BwOutcome) outcome = NULL;
      g_autoptr(GError) error = NULL;

      bw_session_change_async (session, "PATCH", "/v1/users/me", body, NULL, result_cb, NULL);
      result = await ();
      outcome = bw_session_change_finish (session, result, &error);
      g_assert_no_error (error);
      g_assert_nonnull (outcome);
      g_assert_cmpstr (name, ==, "Augusta");
    }
}

static gboolean
has_name (gpointer data)
{
  return *(char **) data != NULL;
}

/* As a user among users, too. */
static void
test_a_change_of_oneself (void)
{
  g_autoptr(BwFakeBackend) backend = bw_fake_backend_new ();
  g_autoptr(BwSession) session = resume (backend);
  g_autoptr(JsonObject) body = json_object_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(BwOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *name = NULL;
  g_autoptr(GString) renamed = g_string_new (SESSION ("1", "\"manage-users\""));

  g_string_replace (renamed, "\"userName\":\"Ada Lovelace\"", "\"userName\":\"Augusta\"", 1);
  bw_fake_backend_answer (backend, "GET /v1/sessions/current", 200, renamed->str);
  bw_fake_backend_answer (backend, "PATCH /v1/users/9", 200, "{\"id\":\"9\",\"revision\":2}");
  g_signal_connect (session, "notify::user-name", G_CALLBACK (renamed_cb), &name);

  bw_session_change_async (session, "PATCH", "/v1/users/9", body, NULL, result_cb, NULL);
  result = await ();
  outcome = bw_session_change_finish (session, result, &error);
  g_assert_no_error (error);
  bw_test_wait_for (has_name, &name);
  g_assert_cmpstr (name, ==, "Augusta");
}

typedef struct
{
  BwSession *session;
  guint      n_roles;
  guint      n_notified;
} Watch;

static void
acting_cb (Watch *watch)
{
  watch->n_notified++;
  watch->n_roles = g_list_model_get_n_items (G_LIST_MODEL (bw_session_get_roles (watch->session)));
  g_assert_false (bw_session_may (watch->session, BW_PERMISSION_MANAGE_USERS));
}

static void
test_another_participation_sees_nothing_of_the_first (void)
{
  g_autoptr(BwFakeBackend) backend = bw_fake_backend_new ();
  g_autoptr(BwSession) session = resume (backend);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GAsyncResult) refused = NULL;
  g_autoptr(GError) error = NULL;
  Watch watch = { session, 99, 0 };

  answer_role (backend, "GET /v1/roles", 1, "Night shift");
  load_roles (session);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (bw_session_get_roles (session))), ==, 1);
  g_signal_connect_swapped (session, "notify::acting", G_CALLBACK (acting_cb), &watch);

  /* refused: all is as it was */
  bw_fake_backend_answer (backend, "PUT /v1/sessions/current/participation", 404,
                          "{\"code\":\"not-found\",\"detail\":\"no\"}");
  bw_session_switch_participation_async (session, "3", NULL, result_cb, NULL);
  refused = await ();
  g_assert_false (bw_session_switch_participation_finish (session, refused, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_NOT_FOUND);
  g_assert_cmpuint (watch.n_notified, ==, 0);

  bw_fake_backend_answer (backend, "PUT /v1/sessions/current/participation", 200, SESSION ("2", "\"view-roles\""));
  bw_session_switch_participation_async (session, "2", NULL, result_cb, NULL);
  result = await ();
  g_assert_true (bw_session_switch_participation_finish (session, result, NULL));
  g_assert_cmpuint (watch.n_notified, ==, 1);
  g_assert_cmpuint (watch.n_roles, ==, 0);
  g_assert_cmpstr (bw_session_get_company_id (session), ==, "2");
}

static gboolean
is_refreshed (gpointer data)
{
  BwRole *role = bw_entity_list_lookup (bw_session_get_roles (data), "7");

  return role != NULL && g_strcmp0 (bw_role_get_name (role), "Late shift") == 0;
}

static void
test_a_change_is_done_or_waits (void)
{
  g_autoptr(BwFakeBackend) backend = bw_fake_backend_new ();
  g_autoptr(BwSession) session = resume (backend);
  g_autoptr(JsonObject) body = json_object_new ();
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GAsyncResult) parked = NULL;
  g_autoptr(GAsyncResult) stale = NULL;
  g_autoptr(BwOutcome) outcome = NULL;
  g_autoptr(BwOutcome) request = NULL;
  g_autoptr(GError) error = NULL;

  answer_role (backend, "GET /v1/roles", 1, "Night shift");
  load_roles (session);
  json_object_set_string_member (body, "name", "Early shift");

  /* done: it is in the list before the list is read again */
  answer_role (backend, "PATCH /v1/roles/7", 2, "Early shift");
  answer_role (backend, "GET /v1/roles", 3, "Late shift");
  bw_session_change_async (session, "PATCH", "/v1/roles/7", body, NULL, result_cb, NULL);
  done = await ();
  outcome = bw_session_change_finish (session, done, &error);
  g_assert_no_error (error);
  g_assert_null (outcome->request);
  g_assert_cmpstr (bw_json_get_string (outcome->document, "name"), ==, "Early shift");
  g_assert_cmpstr (bw_role_get_name (bw_entity_list_lookup (bw_session_get_roles (session), "7")), ==, "Early shift");
  g_assert_cmpstr (bw_fake_backend_get_body (backend, "PATCH /v1/roles/7"), ==, "{\"name\":\"Early shift\"}");
  bw_test_wait_for (is_refreshed, session);

  bw_fake_backend_answer (backend, "PATCH /v1/roles/7", 202,
                          "{\"request\":{\"id\":\"5\",\"revision\":1,\"state\":\"pending\",\"mayDecide\":false}}");
  bw_session_change_async (session, "PATCH", "/v1/roles/7", body, NULL, result_cb, NULL);
  parked = await ();
  request = bw_session_change_finish (session, parked, &error);
  g_assert_no_error (error);
  g_assert_null (request->document);
  g_assert_cmpstr (bw_entity_get_id (BW_ENTITY (request->request)), ==, "5");

  bw_fake_backend_answer (backend, "PATCH /v1/roles/7", 409, "{\"code\":\"conflict\",\"detail\":\"it is another now\"}");
  bw_session_change_async (session, "PATCH", "/v1/roles/7", body, NULL, result_cb, NULL);
  stale = await ();
  g_assert_null (bw_session_change_finish (session, stale, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_CONFLICT);
}

static char *
answer_preview (GHashTable *query,
                gpointer    data)
{
  const char *preview = query != NULL ? g_hash_table_lookup (query, "preview") : NULL;

  g_assert_cmpstr (preview, ==, "true");
  g_assert_cmpstr (g_hash_table_lookup (query, "revision"), ==, "3");

  return g_strdup ("{\"parked\":true,\"nUsers\":0,\"items\":[]}");
}

static void
test_a_preview_changes_nothing (void)
{
  g_autoptr(BwFakeBackend) backend = bw_fake_backend_new ();
  g_autoptr(BwSession) session = resume (backend);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(JsonObject) effects = NULL;
  g_autoptr(GError) error = NULL;

  answer_role (backend, "GET /v1/roles", 3, "Night shift");
  load_roles (session);
  bw_fake_backend_compute (backend, "DELETE /v1/roles/7", answer_preview, NULL);
  bw_session_preview_async (session, "DELETE", "/v1/roles/7?revision=3", NULL, NULL, result_cb, NULL);
  result = await ();
  effects = bw_session_preview_finish (session, result, &error);
  g_assert_no_error (error);
  g_assert_true (bw_json_get_boolean (effects, "parked", FALSE));
  g_assert_nonnull (bw_entity_list_lookup (bw_session_get_roles (session), "7"));
}

static void
test_a_download_leaves_all_or_nothing (void)
{
  g_autoptr(BwFakeBackend) backend = bw_fake_backend_new ();
  g_autoptr(BwSession) session = resume (backend);
  g_autoptr(GAsyncResult) stopped = NULL;
  g_autoptr(GAsyncResult) nowhere = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("bw-download-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "audit.csv", NULL);
  g_autofree char *below = g_build_filename (folder, "none", "audit.csv", NULL);
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (path, "what was there", -1, NULL));
  bw_fake_backend_be_silent (backend, "GET /v1/audit/export.csv");
  bw_session_download_async (session, "/v1/audit/export.csv", path, NULL, NULL, cancellable, result_cb, NULL);
  g_cancellable_cancel (cancellable);
  stopped = await ();
  g_assert_false (bw_session_download_finish (session, stopped, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "what was there");

  bw_fake_backend_answer (backend, "GET /v1/audit/export.csv", 200, "id\n1\n");
  bw_session_download_async (session, "/v1/audit/export.csv", below, NULL, NULL, NULL, result_cb, NULL);
  nowhere = await ();
  g_assert_false (bw_session_download_finish (session, nowhere, &error));
  g_assert_nonnull (strstr (error->message, below));
  g_unlink (path);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/client/people/who-acts", test_who_acts);
  g_test_add_func ("/client/people/a-name-of-ones-own", test_a_name_of_ones_own);
  g_test_add_func ("/client/people/a-change-of-oneself", test_a_change_of_oneself);
  g_test_add_func ("/client/people/switch", test_another_participation_sees_nothing_of_the_first);
  g_test_add_func ("/client/people/change", test_a_change_is_done_or_waits);
  g_test_add_func ("/client/people/preview", test_a_preview_changes_nothing);
  g_test_add_func ("/client/people/download", test_a_download_leaves_all_or_nothing);

  return g_test_run ();
}
