/* test-rules-dialog.c: rules that are removed, and back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-rules-dialog.h"

#include "bw-fake-backend.h"
#include "bw-page-test.h"
#include "bw-test.h"

typedef struct
{
  BwFakeBackend *backend;
  BwSession     *session;
  GtkWidget     *dialog;
} Fixture;

static void
keep_rule (Fixture    *fixture,
           const char *name,
           gint64      position)
{
  g_autoptr(JsonObject) rule = json_object_new ();
  g_autoptr(GString) out = g_string_new (NULL);

  json_object_set_string_member (rule, "name", name);
  json_object_set_string_member (rule, "companyId", "main");
  json_object_set_int_member (rule, "position", position);
  json_object_set_boolean_member (rule, "enabled", TRUE);
  json_object_set_string_member (rule, "action", "approve");
  json_object_set_object_member (rule, "conditions", json_object_new ());
  json_object_set_int_member (rule, "maxPerHour", 100);
  g_assert_cmpuint (bw_fake_kept_answer (bw_fake_backend_get_bulk (fixture->backend), "POST", "/v1/rules", rule, out),
                    ==, 201);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->backend = bw_fake_backend_new (0, 4);
  fixture->session = bw_fake_backend_make_session (fixture->backend);
  keep_rule (fixture, "Lamps", 1);
  keep_rule (fixture, "Sensors", 2);
  keep_rule (fixture, "Valves", 3);
  fixture->dialog = bw_rules_dialog_new (fixture->session);
  gtk_window_present (GTK_WINDOW (fixture->dialog));
  bw_page_test_wait_text (fixture->dialog, "Valves");
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *) data == NULL;
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_object_add_weak_pointer (G_OBJECT (fixture->dialog), (gpointer *) &fixture->dialog);
  gtk_window_destroy (GTK_WINDOW (fixture->dialog));
  bw_test_wait_for (is_gone, &fixture->dialog);
  bw_page_test_let_go (G_OBJECT (fixture->session));
  bw_fake_backend_free (fixture->backend);
}

static void
assert_rules (Fixture    *fixture,
              const char *expected)
{
  g_autofree char *names = bw_fake_kept_dup_names (bw_fake_backend_get_bulk (fixture->backend), "/v1/rules");

  g_assert_cmpstr (names, ==, expected);
}

/* Two are removed: the button of each toast takes back its own. The later toast waits for the earlier one. */
static void
test_undo_each (Fixture       *fixture,
                gconstpointer  data)
{
  gtk_widget_activate_action (fixture->dialog, "rules.remove", "s", "r1");
  bw_page_test_wait_gone (fixture->dialog, "Lamps");
  gtk_widget_activate_action (fixture->dialog, "rules.remove", "s", "r2");
  bw_page_test_wait_gone (fixture->dialog, "Sensors");
  assert_rules (fixture, "Valves");

  bw_page_test_wait_text (fixture->dialog, "Rule removed");
  bw_page_test_picture (fixture->dialog, "rules-removed");
  bw_page_test_click_away (fixture->dialog, "Undo");
  bw_page_test_wait_text (fixture->dialog, "Lamps");
  assert_rules (fixture, "Valves, Lamps");
  g_assert_null (bw_page_test_find_text (fixture->dialog, "Sensors"));

  bw_page_test_click_away (fixture->dialog, "Undo");
  bw_page_test_wait_text (fixture->dialog, "Sensors");
  assert_rules (fixture, "Valves, Lamps, Sensors");
}

int
main (int   argc,
      char *argv[])
{
  bw_page_test_init (&argc, &argv);

  g_test_add ("/app/rules-dialog/undo-each", Fixture, NULL, set_up, test_undo_each, tear_down);

  return g_test_run ();
}
