/* test-overview-page.c: the charts of the overview, and where they lead
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-overview-page.h"

#include <adwaita.h>
#include <string.h>

#include "bw-fake-backend.h"
#include "bw-page-test.h"
#include "bw-test.h"

#define N_DEVICES 1000

typedef struct
{
  BwFakeBackend *backend;
  BwSession     *session;
  BwFleet       *fleet;
  GtkWidget     *page;
  GtkWidget     *window;
  char          *shown;     /* the filter of the devices that were asked for */
} Fixture;

static void
show_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  Fixture *fixture = user_data;

  g_free (fixture->shown);
  fixture->shown = g_variant_dup_string (parameter, NULL);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  static const GActionEntry entries[] = { { .name = "show-devices-where", .activate = show_action, .parameter_type = "s" } };
  g_autoptr(GSimpleActionGroup) actions = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), fixture);
  fixture->backend = bw_fake_backend_new (0, N_DEVICES);
  fixture->session = bw_fake_backend_make_session (fixture->backend);
  fixture->fleet = bw_fleet_new (fixture->session);
  bw_fleet_reload (fixture->fleet);
  fixture->page = bw_overview_page_new (fixture->session, fixture->fleet);
  gtk_widget_insert_action_group (fixture->page, "win", G_ACTION_GROUP (actions));
  fixture->window = bw_page_test_present (fixture->page, GPOINTER_TO_INT (data) != 0 ? GPOINTER_TO_INT (data) : 1280, 800);
  bw_page_test_wait_text (fixture->page, "Online, the Last 24 Hours");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  bw_page_test_close (fixture->window);
  bw_page_test_let_go (G_OBJECT (fixture->fleet));
  bw_page_test_let_go (G_OBJECT (fixture->session));
  bw_fake_backend_free (fixture->backend);
  g_free (fixture->shown);
}

static void
collect_days (GtkWidget *root,
              GPtrArray *days)
{
  if (GTK_IS_FLOW_BOX_CHILD (root) && gtk_widget_has_css_class (gtk_widget_get_parent (root), "trend-days"))
    g_ptr_array_add (days, root);

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    collect_days (child, days);
}

static void
test_numbers (Fixture       *fixture,
              gconstpointer  data)
{
  bw_page_test_wait_text (fixture->page, "908 when last counted, at most 1284, at least 900");
  g_assert_nonnull (bw_page_test_find_text (fixture->page, "527 devices in 30 days"));
  g_assert_nonnull (bw_page_test_find_text (fixture->page, "198 devices in 30 days"));
  bw_page_test_picture (fixture->window, GPOINTER_TO_INT (data) != 0 ? "overview-640" : "overview-1280");
  bw_page_test_scroll_to (bw_page_test_find_text (fixture->page, "Approvals a Day"));
  bw_page_test_picture (fixture->window, GPOINTER_TO_INT (data) != 0 ? "overview-trends-640" : "overview-trends-1280");
}

/* A day leads to its devices and to no others, and one of the approved to those. */
static void
test_links (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GPtrArray) days = g_ptr_array_new ();

  collect_days (fixture->page, days);
  g_assert_cmpuint (days->len, ==, 60);
  g_assert_cmpstr (gtk_widget_get_tooltip_text (g_ptr_array_index (days, 3)), ==, "Wed 4 November (UTC): 13");
  g_assert_cmpstr (gtk_widget_get_tooltip_text (g_ptr_array_index (days, 35)), ==, "Fri 6 November (UTC): 0");

  gtk_widget_activate (g_ptr_array_index (days, 3));
  g_assert_cmpstr (fixture->shown, ==, "{\"firstSeenAfter\":1793750400000000,\"firstSeenBefore\":1793836800000000}");
  gtk_widget_activate (g_ptr_array_index (days, 32));
  g_assert_cmpstr (fixture->shown, ==, "{\"approvedAfter\":1793664000000000,\"approvedBefore\":1793750400000000}");
  bw_page_test_click (fixture->page, "Show Devices");
  g_assert_cmpstr (fixture->shown, ==, "{\"online\":true}");
}

/* The days are one stop of the Tab key, and the arrows go between them. */
static void
test_keys (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GPtrArray) days = g_ptr_array_new ();
  GtkWidget *box;

  collect_days (fixture->page, days);
  box = gtk_widget_get_parent (g_ptr_array_index (days, 3));
  g_assert_true (gtk_widget_grab_focus (g_ptr_array_index (days, 3)));
  g_assert_true (gtk_widget_child_focus (box, GTK_DIR_RIGHT));
  g_assert_true (gtk_root_get_focus (GTK_ROOT (fixture->window)) == g_ptr_array_index (days, 4));
  g_assert_true (gtk_widget_child_focus (fixture->page, GTK_DIR_TAB_FORWARD));
  g_assert_true (gtk_widget_is_ancestor (gtk_root_get_focus (GTK_ROOT (fixture->window)),
                                         gtk_widget_get_parent (g_ptr_array_index (days, 35))));
}

int
main (int   argc,
      char *argv[])
{
  bw_page_test_init (&argc, &argv);
  g_test_add ("/app/overview/numbers", Fixture, NULL, set_up, test_numbers, tear_down);
  g_test_add ("/app/overview/numbers-640", Fixture, GINT_TO_POINTER (640), set_up, test_numbers, tear_down);
  g_test_add ("/app/overview/links", Fixture, NULL, set_up, test_links, tear_down);
  g_test_add ("/app/overview/keys", Fixture, NULL, set_up, test_keys, tear_down);

  return g_test_run ();
}
