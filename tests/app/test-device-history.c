/* test-device-history.c: the History tab against a backend with thirty days of values
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <adwaita.h>
#include <string.h>

#include "bw-chart.h"
#include "bw-device-history-tab.h"
#include "bw-device-page.h"
#include "bw-fake-history.h"
#include "bw-history-choice.h"
#include "bw-history-chooser.h"
#include "bw-history-list.h"
#include "bw-page-test.h"
#include "bw-test.h"

#define SECOND_US ((gint64) G_USEC_PER_SEC)
#define HOUR_US   (3600 * SECOND_US)
#define DAY_US    (24 * HOUR_US)

#define PROPERTY(id, name, datatype, more) \
  "{\"id\":\"" id "\",\"name\":\"" name "\",\"datatype\":\"" datatype "\",\"retained\":true," more "\"value\":\"1\",\"updatedAt\":1790000000000000}"

static const char nodes[] =
  "[{\"id\":\"air\",\"name\":\"Air\",\"properties\":["
  PROPERTY ("temperature", "Temperature", "float", "\"unit\":\"°C\",") ","
  PROPERTY ("humidity", "Humidity", "float", "\"unit\":\"%\",") ","
  PROPERTY ("pressure", "Pressure", "float", "\"unit\":\"hPa\",") ","
  PROPERTY ("motion", "Motion", "boolean", "") ","
  PROPERTY ("once", "Once", "float", "\"unit\":\"°C\",") ","
  PROPERTY ("never", "Never", "float", "")
  "]},{\"id\":\"meter\",\"name\":\"Meter\",\"properties\":["
  PROPERTY ("power", "Power", "integer", "\"unit\":\"W\",")
  "]},{\"id\":\"light\",\"name\":\"Light\",\"properties\":["
  PROPERTY ("mode", "Mode", "enum", "\"format\":\"auto,night,party\",") ","
  PROPERTY ("label", "Label", "string", "")
  "]}]";

typedef struct
{
  BwFakeBackend      *backend;
  BwFakeHistory      *history;
  BwSession          *session;
  BwLiveDevice       *live;
  const char         *id;
  gint64              now_us;
  BwDeviceHistoryTab *tab;
  GtkWidget          *window;
} Fixture;

static gboolean
is_loaded (gpointer data)
{
  return bw_live_device_get_device (data) != NULL;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->backend = bw_fake_backend_new (0, 4);
  bw_fake_backend_set_nodes (fixture->backend, nodes);
  bw_fake_backend_set_online (fixture->backend, 1, TRUE);
  fixture->id = bw_fake_backend_get_id (fixture->backend, 1);
  fixture->now_us = g_get_real_time ();
  fixture->history = bw_fake_history_new (fixture->backend, fixture->id, fixture->now_us);
  fixture->session = bw_fake_backend_make_session (fixture->backend);
  fixture->live = bw_live_device_new (fixture->session, fixture->id);
  bw_test_wait_for (is_loaded, fixture->live);
}

static void
open_tab (Fixture *fixture,
          int      width)
{
  GtkWidget *toasts = adw_toast_overlay_new ();

  fixture->tab = BW_DEVICE_HISTORY_TAB (bw_device_history_tab_new (fixture->session, fixture->live));
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (toasts), GTK_WIDGET (fixture->tab));
  fixture->window = bw_page_test_present (toasts, width, 700);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  if (fixture->window != NULL)
    bw_page_test_close (fixture->window);
  bw_page_test_let_go (G_OBJECT (fixture->live));
  bw_page_test_let_go (G_OBJECT (fixture->session));
  bw_fake_history_free (fixture->history);
  bw_fake_backend_free (fixture->backend);
}

static BwChart *
get_chart (Fixture *fixture)
{
  return BW_CHART (bw_page_test_find_type (fixture->window, BW_TYPE_CHART));
}

static guint
count_points (Fixture    *fixture,
              const char *id)
{
  BwChart *chart = get_chart (fixture);
  BwChartSeries *series = chart != NULL ? bw_chart_get_series (chart, id) : NULL;
  guint n = 0;

  if (series != NULL)
    bw_chart_series_get_points (series, &n);

  return n;
}

typedef struct
{
  Fixture    *fixture;
  const char *id;
  guint       least;
} Wish;

static gboolean
has_points (gpointer data)
{
  Wish *wish = data;

  return count_points (wish->fixture, wish->id) >= wish->least;
}

static void
wait_points (Fixture    *fixture,
             const char *id,
             guint       least)
{
  Wish wish = { fixture, id, least };

  bw_test_wait_for (has_points, &wish);
}

static BwHistoryChoice *
find_choice (GtkWidget  *root,
             const char *title)
{
  BwHistoryChooser *chooser = BW_HISTORY_CHOOSER (bw_page_test_find_type (root, BW_TYPE_HISTORY_CHOOSER));
  g_autoptr(GListModel) choices = NULL;

  g_assert_nonnull (chooser);
  choices = bw_history_chooser_dup_choices (chooser);
  for (guint i = 0; i < g_list_model_get_n_items (choices); i++)
    {
      g_autoptr(BwHistoryChoice) choice = g_list_model_get_item (choices, i);

      if (g_str_equal (bw_history_choice_get_title (choice), title))
        return choice;
    }

  g_error ("there is no “%s” to choose", title);
}

/* As the row's tick does. */
static void
toggle (Fixture    *fixture,
        const char *title)
{
  GtkWidget *chooser = bw_page_test_find_type (fixture->window, BW_TYPE_HISTORY_CHOOSER);

  g_signal_emit_by_name (chooser, "toggled", find_choice (fixture->window, title));
}

static void
choose_span (Fixture *fixture,
             guint    n)
{
  gtk_drop_down_set_selected (GTK_DROP_DOWN (bw_page_test_find_type (fixture->window, GTK_TYPE_DROP_DOWN)), n);
}

static void
test_first (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *summary = NULL;

  open_tab (fixture, 1000);
  wait_points (fixture, "air/temperature", 500);
  bw_page_test_wait_text (fixture->window, "1 Property");
  g_assert_cmpint (bw_fake_history_get_to_us (fixture->history) - bw_fake_history_get_from_us (fixture->history), ==, DAY_US);
  g_assert_true (bw_chart_get_follows (get_chart (fixture)));
  summary = bw_chart_dup_summary (get_chart (fixture));
  g_assert_nonnull (strstr (summary, "Air · Temperature: last "));
  g_assert_null (bw_page_test_find_text (fixture->window, "There are no values in this time."));
}

static gboolean
has_asked_again (gpointer data)
{
  Fixture *fixture = data;

  return bw_fake_history_get_n_asked (fixture->history) > 1;
}

/* Closer is finer: the part that is looked at, in as many points as before. */
static void
test_zoom (Fixture       *fixture,
           gconstpointer  data)
{
  gint64 from_us, to_us;
  BwChartSeries *series;
  const BwChartPoint *points;
  guint n, first;

  open_tab (fixture, 1000);
  wait_points (fixture, "air/temperature", 500);
  g_assert_cmpuint (bw_fake_history_get_n_asked (fixture->history), ==, 1);

  for (guint i = 0; i < 5; i++)
    gtk_widget_activate_action (GTK_WIDGET (get_chart (fixture)), "chart.zoom-in", NULL);
  bw_test_wait_for (has_asked_again, fixture);
  bw_test_spin (100);
  /* five steps, one question */
  g_assert_cmpuint (bw_fake_history_get_n_asked (fixture->history), ==, 2);
  bw_chart_get_range (get_chart (fixture), &from_us, &to_us);
  g_assert_cmpint (bw_fake_history_get_from_us (fixture->history), <=, from_us);
  g_assert_cmpint (bw_fake_history_get_from_us (fixture->history), >, from_us - (to_us - from_us));

  series = bw_chart_get_series (get_chart (fixture), "air/temperature");
  points = bw_chart_series_get_points (series, &n);
  first = bw_chart_series_find (series, from_us);
  /* each sample by itself, ten seconds apart, and the rest of the day as it was */
  g_assert_cmpint (points[first + 1].at_us - points[first].at_us, ==, 10 * SECOND_US);
  g_assert_cmpint (points[0].at_us, <, fixture->now_us - 20 * HOUR_US);
}

/* The answer that comes late is none any more. */
static void
test_stale (Fixture       *fixture,
            gconstpointer  data)
{
  open_tab (fixture, 1000);
  wait_points (fixture, "air/temperature", 500);
  choose_span (fixture, 3);
  choose_span (fixture, 0);
  choose_span (fixture, 2);
  choose_span (fixture, 0);
  wait_points (fixture, "air/temperature", 1);
  bw_test_spin (300);
  g_assert_cmpuint (count_points (fixture, "air/temperature"), <=, 362);
  g_assert_cmpint (bw_fake_history_get_to_us (fixture->history) - bw_fake_history_get_from_us (fixture->history), ==, HOUR_US);
}

static void
test_several (Fixture       *fixture,
              gconstpointer  data)
{
  static const char *const titles[] = {
    "Air · Humidity", "Air · Pressure", "Meter · Power", "Air · Motion", "Light · Mode", "Light · Label", "State of the device",
    "Air · Once", "Air · Never", "old · ph",
  };

  open_tab (fixture, 1000);
  wait_points (fixture, "air/temperature", 500);
  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    toggle (fixture, titles[i]);
  bw_page_test_wait_text (fixture->window, "11 Properties");
  wait_points (fixture, "$device/state", 2);
  wait_points (fixture, "light/mode", 10);
  wait_points (fixture, "air/once", 1);
  /* what held when the day began */
  wait_points (fixture, "light/label", 3);

  toggle (fixture, "Air · Humidity");
  bw_page_test_wait_text (fixture->window, "10 Properties");
  g_assert_null (bw_chart_get_series (get_chart (fixture), "air/humidity"));
}

static void
test_nothing_then (Fixture       *fixture,
                   gconstpointer  data)
{
  open_tab (fixture, 700);
  wait_points (fixture, "air/temperature", 500);
  bw_device_history_tab_show (fixture->tab, "old", "ph");
  bw_page_test_wait_text (fixture->window, "There are no values in this time.");
  bw_page_test_picture (fixture->window, "history-empty");
  bw_page_test_click (fixture->window, "Show Everything");
  wait_points (fixture, "old/ph", 100);
  bw_page_test_wait_gone (fixture->window, "There are no values in this time.");
}

static void
test_nothing_at_all (Fixture       *fixture,
                     gconstpointer  data)
{
  bw_fake_backend_set_nodes (fixture->backend, "[]");
  bw_fake_history_set_empty (fixture->history, TRUE);
  bw_page_test_let_go (G_OBJECT (fixture->live));
  fixture->live = bw_live_device_new (fixture->session, fixture->id);
  bw_test_wait_for (is_loaded, fixture->live);
  open_tab (fixture, 700);
  bw_page_test_wait_text (fixture->window, "No History Yet");
}

static void
test_failure (Fixture       *fixture,
              gconstpointer  data)
{
  bw_fake_backend_set_down (fixture->backend, TRUE);
  open_tab (fixture, 700);
  bw_page_test_wait_text (fixture->window, "The History Could Not Be Loaded");
  bw_fake_backend_set_down (fixture->backend, FALSE);
  bw_fake_history_set_failing (fixture->history, TRUE);
  bw_page_test_click (fixture->window, "Try Again");
  bw_test_spin (200);
  bw_page_test_wait_text (fixture->window, "The History Could Not Be Loaded");
  bw_page_test_picture (fixture->window, "history-failed");
  bw_fake_history_set_failing (fixture->history, FALSE);
  bw_page_test_click (fixture->window, "Try Again");
  wait_points (fixture, "air/temperature", 500);

  /* what is there stays there */
  bw_fake_history_set_failing (fixture->history, TRUE);
  toggle (fixture, "Air · Humidity");
  bw_page_test_wait_text (fixture->window, "The server does not answer.");
  g_assert_cmpuint (count_points (fixture, "air/temperature"), >=, 500);
}

static void
test_damaged (Fixture       *fixture,
              gconstpointer  data)
{
  bw_fake_history_set_damaged (fixture->history, 3);
  open_tab (fixture, 700);
  bw_page_test_wait_text (fixture->window, "3 parts of this time are damaged and could not be read.");
}

static void
test_days (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_local (fixture->now_us / SECOND_US);
  g_autoptr(GDateTime) before = g_date_time_add_days (now, -3);
  g_autoptr(GDateTime) first = g_date_time_new_local (g_date_time_get_year (before), g_date_time_get_month (before),
                                                      g_date_time_get_day_of_month (before), 0, 0, 0);
  g_autoptr(GDateTime) end = g_date_time_add_days (first, 2);
  g_autofree char *first_text = g_date_time_format (first, "%Y-%m-%d");
  g_autoptr(GDateTime) last = g_date_time_add_days (first, 1);
  g_autofree char *last_text = g_date_time_format (last, "%Y-%m-%d");
  GtkWidget *row;
  gint64 from_us, to_us;

  open_tab (fixture, 700);
  wait_points (fixture, "air/temperature", 500);
  choose_span (fixture, 5);
  row = bw_page_test_ancestor (bw_page_test_wait_text (fixture->window, "First day"), ADW_TYPE_ENTRY_ROW);
  gtk_editable_set_text (GTK_EDITABLE (row), first_text);
  row = bw_page_test_ancestor (bw_page_test_wait_text (fixture->window, "Last day"), ADW_TYPE_ENTRY_ROW);
  gtk_editable_set_text (GTK_EDITABLE (row), last_text);
  bw_page_test_click (fixture->window, "Show");
  bw_chart_get_range (get_chart (fixture), &from_us, &to_us);
  g_assert_cmpint (from_us, ==, g_date_time_to_unix (first) * SECOND_US);
  g_assert_cmpint (to_us, ==, g_date_time_to_unix (end) * SECOND_US);
  g_assert_false (bw_chart_get_follows (get_chart (fixture)));
}

static gboolean
file_is_there (gpointer path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
test_files (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *dir = bw_test_make_dir ();
  g_autofree char *csv = g_build_filename (dir, "a.csv", NULL);
  g_autofree char *png = g_build_filename (dir, "a.png", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GdkTexture) texture = NULL;

  open_tab (fixture, 700);
  wait_points (fixture, "air/temperature", 500);
  bw_device_history_tab_export_to (fixture->tab, "air/temperature", csv);
  bw_page_test_wait_text (fixture->window, "Exported");
  g_assert_true (g_file_get_contents (csv, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "air,temperature,21.5"));

  bw_device_history_tab_picture_to (fixture->tab, png);
  bw_test_wait_for (file_is_there, png);
  bw_page_test_wait_text (fixture->window, "Picture saved");
  texture = gdk_texture_new_from_filename (png, &error);
  g_assert_no_error (error);
  bw_test_remove_dir (dir);
}

static GListModel *
get_rows (Fixture *fixture)
{
  GtkWidget *table = bw_page_test_find_type (fixture->window, GTK_TYPE_COLUMN_VIEW);

  return table != NULL ? G_LIST_MODEL (gtk_column_view_get_model (GTK_COLUMN_VIEW (table))) : NULL;
}

static gboolean
has_rows (gpointer data)
{
  GListModel *rows = get_rows (data);

  return rows != NULL && g_list_model_get_n_items (rows) > 0;
}

static void
test_table (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *count = NULL;
  g_autoptr(GDateTime) newest = g_date_time_new_from_unix_local ((fixture->now_us - 10 * SECOND_US) / SECOND_US);
  g_autofree char *time = g_date_time_format (newest, "%H:%M:%S");
  GtkWidget *button;
  guint expected;

  open_tab (fixture, 700);
  wait_points (fixture, "air/temperature", 500);
  expected = bw_fake_history_count (fixture->history, "air/temperature", bw_fake_history_get_from_us (fixture->history),
                                    fixture->now_us);
  count = g_strdup_printf ("%u values", expected);
  button = bw_page_test_ancestor (bw_page_test_wait_text (fixture->window, "Table"), GTK_TYPE_TOGGLE_BUTTON);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
  bw_test_wait_for (has_rows, fixture);
  bw_page_test_wait_text (fixture->window, count);
  g_assert_cmpuint (g_list_model_get_n_items (get_rows (fixture)), ==, expected);
  bw_page_test_wait_text (fixture->window, time);
  bw_page_test_wait_gone (fixture->window, "…");
  bw_page_test_picture (fixture->window, "history-table");
}

/* From the row of a property among the sensors. */
static void
test_from_a_row (Fixture       *fixture,
                 gconstpointer  data)
{
  GtkWidget *page = bw_device_page_new (fixture->session, fixture->id);

  fixture->window = bw_page_test_present (page, 1000, 800);
  bw_page_test_wait_text (page, "Humidity");
  gtk_widget_activate_action (page, "device.show-history", "(ss)", "air", "humidity");
  g_assert_cmpstr (bw_device_page_get_tab (BW_DEVICE_PAGE (page)), ==, "history");
  wait_points (fixture, "air/humidity", 300);
  g_assert_null (bw_chart_get_series (get_chart (fixture), "air/temperature"));

  /* and another one, when the tab is there already */
  bw_device_page_set_tab (BW_DEVICE_PAGE (page), "sensors");
  gtk_widget_activate_action (page, "device.show-history", "(ss)", "meter", "power");
  wait_points (fixture, "meter/power", 300);
  g_assert_null (bw_chart_get_series (get_chart (fixture), "air/humidity"));
}

/* To be looked at. */
static void
test_pictures (Fixture       *fixture,
               gconstpointer  data)
{
  static const struct
  {
    const char *name;
    int         width;
    guint       span;
    const char *titles[4];
  } pictures[] = {
    { "three-numbers", 1100, 1, { "Air · Humidity", "Meter · Power" } },
    { "two-units", 1100, 2, { "Air · Humidity" } },
    { "bands", 1100, 1, { "Air · Motion", "Light · Mode", "Light · Label", "State of the device" } },
    { "one-point", 640, 1, { "Air · Once" } },
    { "month", 640, 3, { "Meter · Power" } },
    { "hour", 360, 0, { "Air · Motion" } },
  };

  if (g_getenv ("BW_TEST_SCREENSHOTS") == NULL)
    {
      g_test_skip ("nobody wants to look");
      return;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (pictures); i++)
    {
      g_autofree char *name = g_strconcat ("history-", pictures[i].name, NULL);

      open_tab (fixture, pictures[i].width);
      wait_points (fixture, "air/temperature", 300);
      for (guint j = 0; j < G_N_ELEMENTS (pictures[i].titles) && pictures[i].titles[j] != NULL; j++)
        toggle (fixture, pictures[i].titles[j]);
      choose_span (fixture, pictures[i].span);
      if (i == 3)
        toggle (fixture, "Air · Temperature");
      bw_test_spin (800);
      if (i < 2)
        bw_chart_set_cursor (get_chart (fixture), fixture->now_us - 8 * HOUR_US);
      bw_test_spin (200);
      bw_page_test_picture (fixture->window, name);
      bw_page_test_close (fixture->window);
      fixture->window = NULL;
    }
}

int
main (int   argc,
      char *argv[])
{
  bw_page_test_init (&argc, &argv);

#define ADD(name, function) \
  g_test_add ("/app/device-history/" name, Fixture, NULL, set_up, function, tear_down)

  ADD ("first", test_first);
  ADD ("zoom", test_zoom);
  ADD ("stale", test_stale);
  ADD ("several", test_several);
  ADD ("nothing-then", test_nothing_then);
  ADD ("nothing-at-all", test_nothing_at_all);
  ADD ("failure", test_failure);
  ADD ("damaged", test_damaged);
  ADD ("days", test_days);
  ADD ("files", test_files);
  ADD ("table", test_table);
  ADD ("from-a-row", test_from_a_row);
  ADD ("pictures", test_pictures);

  return g_test_run ();
}
