/* test-device-page.c: one device, live, and what becomes of a wish
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-device-page.h"

#include <adwaita.h>
#include <locale.h>
#include <string.h>

#include "bw-device-text.h"
#include "bw-fake-backend.h"
#include "bw-mqtt-link.h"
#include "bw-page-test.h"
#include "bw-property-row.h"
#include "bw-test.h"

#define PROPERTY(id, name, datatype, more) \
  "{\"id\":\"" id "\",\"name\":\"" name "\",\"datatype\":\"" datatype "\"," more "}"
#define SAID "\"updatedAt\":1790000000000000"

static const char nodes[] =
  "[{\"id\":\"light\",\"name\":\"Light\",\"properties\":["
  PROPERTY ("on", "Power", "boolean", "\"settable\":true,\"retained\":true,\"value\":\"false\"," SAID) ","
  PROPERTY ("level", "Brightness", "integer", "\"settable\":true,\"retained\":true,\"format\":\"0:100:1\",\"unit\":\"%\",\"value\":\"40\"," SAID) ","
  PROPERTY ("color", "Colour", "color", "\"settable\":true,\"retained\":true,\"format\":\"rgb\",\"value\":\"rgb,230,97,0\"," SAID) ","
  PROPERTY ("mode", "Mode", "enum", "\"settable\":true,\"retained\":true,\"format\":\"auto,night,party\",\"value\":\"auto\"," SAID) ","
  PROPERTY ("bell", "Find me", "enum", "\"settable\":true,\"retained\":false,\"format\":\"blink,beep\"") ","
  PROPERTY ("label", "Label", "string", "\"settable\":true,\"retained\":true,\"value\":\"Kitchen\"," SAID)
  "]},{\"id\":\"air\",\"name\":\"Air & more\",\"properties\":["
  PROPERTY ("temperature", "Temperature", "float", "\"settable\":false,\"retained\":true,\"unit\":\"°C\",\"value\":\"21.5\"," SAID) ","
  PROPERTY ("offset", "Offset of the temperature sensor below the ceiling of the room", "float", "\"settable\":true,\"retained\":true,\"unit\":\"K\",\"value\":\"0.5\"," SAID) ","
  PROPERTY ("motion", "Motion", "boolean", "\"settable\":false,\"retained\":true,\"value\":\"true\"," SAID) ","
  PROPERTY ("count", "Count", "integer", "\"settable\":false,\"retained\":true,\"format\":\"0:10\",\"value\":\"5\"," SAID) ","
  PROPERTY ("off-time", "Switch off after", "duration", "\"settable\":true,\"retained\":true,\"value\":\"PT30M\"," SAID) ","
  PROPERTY ("tint", "Tint of the sky", "color", "\"settable\":false,\"retained\":true,\"format\":\"rgb\",\"value\":\"rgb,53,132,228\"," SAID) ","
  PROPERTY ("config", "Configuration", "json", "\"settable\":false,\"retained\":true,\"value\":\"{\\\"scenes\\\":[{\\\"name\\\":\\\"dawn\\\",\\\"level\\\":10},{\\\"name\\\":\\\"dusk\\\",\\\"level\\\":35}]}\"," SAID) ","
  PROPERTY ("quiet", "Last alarm", "string", "\"settable\":false,\"retained\":true")
  "]}]";

typedef struct
{
  BwTestBroker  *broker;
  BwFakeBackend *backend;
  BwSession     *session;
  BwMqttLink    *device;
  const char    *id;
  GtkWidget     *page;
  GtkWidget     *window;
} Fixture;

static gboolean
device_is_connected (gpointer data)
{
  return bw_mqtt_link_get_connected (data);
}

static gboolean
feed_is_connected (gpointer data)
{
  return bw_session_get_feed_connected (data);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *uri = NULL;

  fixture->broker = bw_test_broker_new ("allow_anonymous true\n");
  fixture->backend = bw_fake_backend_new (bw_test_broker_get_port (fixture->broker), 8);
  bw_fake_backend_set_nodes (fixture->backend, nodes);
  fixture->id = bw_fake_backend_get_id (fixture->backend, 1);
  fixture->session = bw_fake_backend_make_session (fixture->backend);
  bw_session_start_feed (fixture->session);

  uri = g_strdup_printf ("mqtt://127.0.0.1:%u", bw_test_broker_get_port (fixture->broker));
  fixture->device = bw_mqtt_link_new (uri, NULL, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  bw_mqtt_link_start (fixture->device);
  bw_test_wait_for (device_is_connected, fixture->device);
  bw_test_wait_for (feed_is_connected, fixture->session);
}

static gboolean
page_follows (gpointer data)
{
  Fixture *fixture = data;

  return bw_page_test_find_text (fixture->page, "live connection") == NULL &&
         bw_page_test_find_text (fixture->page, "Status") != NULL;
}

static void
open_page (Fixture *fixture,
           int      width)
{
  fixture->page = bw_device_page_new (fixture->session, fixture->id);
  fixture->window = bw_page_test_present (fixture->page, width, 800);
  bw_test_wait_for (page_follows, fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  if (fixture->window != NULL)
    bw_page_test_close (fixture->window);
  bw_page_test_let_go (G_OBJECT (fixture->session));
  g_object_unref (fixture->device);
  bw_fake_backend_free (fixture->backend);
  bw_test_broker_free (fixture->broker);
}

static void
publish (Fixture    *fixture,
         const char *topic,
         const char *payload,
         gboolean    retain)
{
  g_autoptr(GError) error = NULL;

  bw_mqtt_link_publish (fixture->device, topic, payload, strlen (payload), 1, retain, NULL, &error);
  g_assert_no_error (error);
}

static void
say (Fixture    *fixture,
     const char *below,
     const char *payload)
{
  g_autofree char *topic = g_strdup_printf ("homie/5/%s/%s", fixture->id, below);

  publish (fixture, topic, payload, below[0] != '$');
}

static void
tell_command (Fixture    *fixture,
              const char *state,
              const char *reason)
{
  g_autofree char *change = bw_fake_backend_make_command (fixture->backend, state, reason);

  publish (fixture, "bellwether/changes/main", change, FALSE);
}

static void
tell_device (Fixture *fixture)
{
  g_autofree char *change = bw_fake_backend_make_device (fixture->backend, 1);

  publish (fixture, "bellwether/changes/main", change, FALSE);
}

static GtkWidget *
find_row (Fixture    *fixture,
          const char *name)
{
  GtkWidget *title = bw_page_test_wait_text (fixture->page, name);

  return bw_page_test_ancestor (title, BW_TYPE_PROPERTY_ROW);
}

static gboolean
has_set (gpointer data)
{
  Fixture *fixture = data;

  return bw_fake_backend_get_last_set (fixture->backend) != NULL;
}

static void
assert_set (Fixture    *fixture,
            const char *part)
{
  bw_test_wait_for (has_set, fixture);
  g_assert_nonnull (strstr (bw_fake_backend_get_last_set (fixture->backend), part));
}

static void
test_shows_what_there_is (Fixture       *fixture,
                          gconstpointer  data)
{
  open_page (fixture, 1280);
  bw_page_test_wait_text (fixture->page, fixture->id);
  bw_page_test_wait_text (find_row (fixture, "Temperature"), "21.5\xc2\xa0°C");
  bw_page_test_wait_text (find_row (fixture, "Motion"), "Yes");
  bw_page_test_wait_text (find_row (fixture, "Power"), "Off");
  bw_page_test_wait_text (find_row (fixture, "Last alarm"), "No value yet");
  bw_page_test_wait_text (fixture->page, "Air & more");
  bw_page_test_wait_text (fixture->page, "Kitchen lamps, no. 2");
  bw_page_test_wait_text (find_row (fixture, "Configuration"), "Whole value");

  g_assert_nonnull (bw_page_test_find_type (find_row (fixture, "Power"), GTK_TYPE_SWITCH));
  g_assert_nonnull (bw_page_test_find_type (find_row (fixture, "Brightness"), GTK_TYPE_SCALE));
  g_assert_nonnull (bw_page_test_find_type (find_row (fixture, "Brightness"), GTK_TYPE_SPIN_BUTTON));
  g_assert_nonnull (bw_page_test_find_type (find_row (fixture, "Colour"), GTK_TYPE_COLOR_BUTTON));
  g_assert_nonnull (bw_page_test_find_type (find_row (fixture, "Mode"), GTK_TYPE_DROP_DOWN));
  g_assert_nonnull (bw_page_test_find_type (find_row (fixture, "Label"), GTK_TYPE_ENTRY));
  g_assert_nonnull (bw_page_test_find_type (find_row (fixture, "Switch off after"), GTK_TYPE_ENTRY));
  g_assert_null (bw_page_test_find_type (find_row (fixture, "Find me"), GTK_TYPE_DROP_DOWN));
  g_assert_null (bw_page_test_find_type (find_row (fixture, "Temperature"), GTK_TYPE_ENTRY));
  bw_page_test_picture (fixture->window, "device-1280");
}

static gboolean
is_in_sight (gpointer data)
{
  Fixture *fixture = data;
  GtkWidget *spin = bw_page_test_find_type (find_row (fixture, "Brightness"), GTK_TYPE_SPIN_BUTTON);
  graphene_rect_t bounds;

  return gtk_widget_get_width (fixture->page) <= 360 &&
         gtk_widget_compute_bounds (spin, fixture->page, &bounds) &&
         bounds.origin.x >= 0 && bounds.origin.x + bounds.size.width <= 360;
}

static void
test_narrow (Fixture       *fixture,
             gconstpointer  data)
{
  open_page (fixture, 640);
  bw_page_test_wait_text (fixture->page, "Brightness");
  g_assert_cmpint (gtk_widget_get_width (fixture->page), <=, 640);
  bw_page_test_picture (fixture->window, "device-640");

  /* A slider goes below its name, and all is still in sight. */
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 800);
  bw_test_wait_for (is_in_sight, fixture);
  bw_page_test_picture (fixture->window, "device-360");
}

static void
test_values_move (Fixture       *fixture,
                  gconstpointer  data)
{
  open_page (fixture, 1000);
  say (fixture, "air/temperature", "22.75");
  bw_page_test_wait_text (find_row (fixture, "Temperature"), "22.75\xc2\xa0°C");
  bw_page_test_wait_text (find_row (fixture, "Temperature"), "1 s ago");

  /* Against its own format; shown, and said to be so. */
  say (fixture, "air/count", "11");
  bw_page_test_wait_text (find_row (fixture, "Count"), "11");
  bw_page_test_wait_text (find_row (fixture, "Count"), "Not as described");

  say (fixture, "light/level/$target", "80");
  bw_page_test_wait_text (find_row (fixture, "Brightness"), "On the way to 80\xc2\xa0%");
}

static gboolean
is_on (gpointer data)
{
  return gtk_switch_get_state (data);
}

static void
test_wanted_sent_confirmed (Fixture       *fixture,
                            gconstpointer  data)
{
  GtkWidget *row, *button;

  open_page (fixture, 1000);
  row = find_row (fixture, "Power");
  button = bw_page_test_find_type (row, GTK_TYPE_SWITCH);
  gtk_switch_set_active (GTK_SWITCH (button), TRUE);
  bw_page_test_wait_text (row, "Wanted: On…");
  assert_set (fixture, "\"value\":\"true\"");

  /* The knob has moved, what is behind it has not: the device has not spoken. */
  g_assert_true (gtk_switch_get_active (GTK_SWITCH (button)));
  g_assert_false (gtk_switch_get_state (GTK_SWITCH (button)));

  tell_command (fixture, "sent", NULL);
  bw_page_test_wait_text (row, "Sent: On, waiting for the device…");
  bw_page_test_picture (fixture->window, "device-sent");

  say (fixture, "light/on", "true");
  tell_command (fixture, "confirmed", NULL);
  bw_page_test_wait_text (row, "Confirmed: On");
  bw_test_wait_for (is_on, button);

  /* Then it is an age like any other. */
  bw_page_test_wait_text (row, "s ago");
}

static void
test_failed_goes_back (Fixture       *fixture,
                       gconstpointer  data)
{
  GtkWidget *row, *button;

  open_page (fixture, 1000);
  row = find_row (fixture, "Power");
  button = bw_page_test_find_type (row, GTK_TYPE_SWITCH);
  gtk_switch_set_active (GTK_SWITCH (button), TRUE);
  bw_page_test_wait_text (row, "Wanted: On…");
  assert_set (fixture, "true");

  tell_command (fixture, "failed", "the lamp is broken");
  bw_page_test_wait_text (row, "Failed to set On: the lamp is broken");
  g_assert_false (gtk_switch_get_active (GTK_SWITCH (button)));
  bw_page_test_picture (fixture->window, "device-failed");
}

static void
test_refused_by_the_backend (Fixture       *fixture,
                             gconstpointer  data)
{
  GtkWidget *row;

  bw_fake_backend_refuse (fixture->backend, fixture->id, "the device has just gone");
  open_page (fixture, 1000);
  row = find_row (fixture, "Mode");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (bw_page_test_find_type (row, GTK_TYPE_DROP_DOWN)), 2);
  bw_page_test_wait_text (row, "The device has just gone.");
  g_assert_cmpuint (gtk_drop_down_get_selected (GTK_DROP_DOWN (bw_page_test_find_type (row, GTK_TYPE_DROP_DOWN))), ==, 0);
}

static void
test_typed_values_are_checked (Fixture       *fixture,
                               gconstpointer  data)
{
  GtkWidget *row, *entry;

  open_page (fixture, 1000);
  row = find_row (fixture, "Switch off after");
  entry = bw_page_test_find_type (row, GTK_TYPE_ENTRY);
  gtk_editable_set_text (GTK_EDITABLE (entry), "half an hour");
  g_assert_null (bw_page_test_find_text (row, "ago"));
  g_assert_true (gtk_widget_has_css_class (entry, "error"));
  bw_page_test_scroll_to (entry);
  bw_page_test_picture (fixture->window, "device-invalid");
  g_signal_emit_by_name (entry, "activate");
  bw_test_spin (100);
  g_assert_cmpuint (bw_fake_backend_get_n_sets (fixture->backend), ==, 0);

  /* What is being typed stays while the device talks. */
  say (fixture, "air/off-time", "PT45M");
  bw_page_test_wait_text (row, "PT45M");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "half an hour");

  gtk_editable_set_text (GTK_EDITABLE (entry), "PT1H");
  g_assert_false (gtk_widget_has_css_class (entry, "error"));
  bw_page_test_click (row, "Set");
  assert_set (fixture, "PT1H");

  /* As half of the world writes it. */
  row = find_row (fixture, "Offset of");
  entry = bw_page_test_find_type (row, GTK_TYPE_ENTRY);
  gtk_editable_set_text (GTK_EDITABLE (entry), "1,25");
  g_signal_emit_by_name (entry, "activate");
  bw_page_test_wait_text (row, "Wanted: 1.25\xc2\xa0K…");
}

static void
test_pushes (Fixture       *fixture,
             gconstpointer  data)
{
  open_page (fixture, 1000);
  bw_page_test_click (find_row (fixture, "Find me"), "beep");
  assert_set (fixture, "\"value\":\"beep\"");
}

static void
test_a_slider_asks_once (Fixture       *fixture,
                         gconstpointer  data)
{
  GtkWidget *row, *scale;

  open_page (fixture, 1000);
  row = find_row (fixture, "Brightness");
  scale = bw_page_test_find_type (row, GTK_TYPE_SCALE);
  for (guint i = 41; i <= 60; i++)
    gtk_range_set_value (GTK_RANGE (scale), i);

  assert_set (fixture, "\"value\":\"60\"");
  bw_test_spin (600);
  g_assert_cmpuint (bw_fake_backend_get_n_sets (fixture->backend), ==, 1);
}

static void
test_waits_for_approval (Fixture       *fixture,
                         gconstpointer  data)
{
  GtkWidget *button;

  bw_fake_backend_set_status (fixture->backend, 1, "awaiting-approval");
  open_page (fixture, 1000);
  bw_page_test_wait_text (fixture->page, "This device waits for approval.");
  button = bw_page_test_find_type (find_row (fixture, "Power"), GTK_TYPE_SWITCH);
  g_assert_false (gtk_widget_is_sensitive (button));
  bw_page_test_picture (fixture->window, "device-awaiting");

  bw_page_test_click (fixture->page, "Approve");
  bw_page_test_wait_text (fixture->page, "1 device approved");
  g_assert_cmpstr (bw_fake_backend_get_status (fixture->backend, fixture->id), ==, "paired");

  tell_device (fixture);
  bw_page_test_wait_gone (fixture->page, "This device waits for approval.");
  g_assert_true (gtk_widget_is_sensitive (button));
}

static void
test_offline (Fixture       *fixture,
              gconstpointer  data)
{
  GtkWidget *button;

  open_page (fixture, 1000);
  button = bw_page_test_find_type (find_row (fixture, "Power"), GTK_TYPE_SWITCH);
  g_assert_true (gtk_widget_is_sensitive (button));

  bw_fake_backend_set_online (fixture->backend, 1, FALSE);
  tell_device (fixture);
  bw_page_test_wait_text (fixture->page, "This device is offline.");
  g_assert_true (gtk_widget_is_sensitive (button));
  g_assert_false (gtk_widget_is_sensitive (bw_page_test_find_type (find_row (fixture, "Find me"), GTK_TYPE_BUTTON)));

  gtk_switch_set_active (GTK_SWITCH (button), TRUE);
  bw_page_test_wait_text (find_row (fixture, "Power"), "Pending: On, by admin, since");
  g_assert_true (gtk_switch_get_active (GTK_SWITCH (button)));
  g_assert_null (bw_fake_backend_get_last_set (fixture->backend));
  bw_page_test_picture (fixture->window, "device-offline");

  bw_page_test_click (find_row (fixture, "Power"), "Withdraw");
  bw_page_test_wait_gone (find_row (fixture, "Power"), "Pending:");
  g_assert_false (gtk_switch_get_active (GTK_SWITCH (button)));
}

static void
test_messages (Fixture       *fixture,
               gconstpointer  data)
{
  open_page (fixture, 1000);
  say (fixture, "$log/error", "lamp <b>hot</b>");
  bw_page_test_wait_text (fixture->page, "lamp <b>hot</b>");
  say (fixture, "$alert/battery", "battery is low");
  bw_page_test_wait_text (fixture->page, "battery is low");
  bw_page_test_scroll_to (bw_page_test_wait_text (fixture->page, "battery is low"));
  bw_page_test_picture (fixture->window, "device-messages");
}

static void
test_not_described (Fixture       *fixture,
                    gconstpointer  data)
{
  bw_fake_backend_set_nodes (fixture->backend, "[]");
  open_page (fixture, 1000);
  bw_page_test_wait_text (fixture->page, "Has Not Described Itself Yet");
  bw_page_test_picture (fixture->window, "device-empty");
}

/* As many as a gateway may have: the page comes at once and the rest when asked for. */
static void
test_a_big_device (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GString) many = g_string_new ("[{\"id\":\"n\",\"name\":\"Many\",\"properties\":[");

  for (guint i = 0; i < 300; i++)
    g_string_append_printf (many, "%s{\"id\":\"p%u\",\"name\":\"Property %u\",\"datatype\":\"integer\","
                            "\"format\":\"0:100\",\"settable\":true,\"retained\":true,\"value\":\"%u\"," SAID "}",
                            i > 0 ? "," : "", i, i, i % 100);
  g_string_append (many, "]}]");

  bw_fake_backend_set_nodes (fixture->backend, many->str);
  open_page (fixture, 1000);
  bw_page_test_wait_text (fixture->page, "Property 199");
  g_assert_null (bw_page_test_find_text (fixture->page, "Property 200"));
  bw_page_test_click (fixture->page, "Show 100 More Properties");
  bw_page_test_wait_text (fixture->page, "Property 299");
  say (fixture, "n/p299", "77");
  bw_page_test_wait_text (find_row (fixture, "Property 299"), "77");
}

static void
test_unknown (Fixture       *fixture,
              gconstpointer  data)
{
  fixture->page = bw_device_page_new (fixture->session, "0000-0000-0000-0000");
  fixture->window = bw_page_test_present (fixture->page, 1000, 700);
  bw_page_test_wait_text (fixture->page, "The Device Could Not Be Loaded");
  bw_page_test_wait_text (fixture->page, "This does not exist, or not any more.");
}

/* A number that a device has said is read as its reader writes numbers, with the device's digits. */
static void
test_decimal_sign (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bw-locale-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "de_DE.UTF-8", NULL);
  const char *argv[] = { "localedef", "-i", "de_DE", "-f", "UTF-8", path, NULL };
  const char *before = g_getenv ("LOCPATH");
  BwTreeProperty property = { .datatype = BW_DATATYPE_FLOAT, .unit = (char *) "K" };
  const char *said[][2] = { { "21.0", "21,0\xc2\xa0K" }, { "-1.5e-3", "-1,5e-3\xc2\xa0K" }, { "7", "7\xc2\xa0K" },
                            { "v1.2", "v1.2\xc2\xa0K" } };

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL,
                               G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                               NULL, NULL, NULL, NULL, NULL, NULL));
  g_setenv ("LOCPATH", folder, TRUE);
  g_assert_nonnull (setlocale (LC_NUMERIC, "de_DE.UTF-8"));

  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    {
      g_autofree char *text = bw_device_text_value_unit (&property, said[i][0]);

      g_assert_cmpstr (text, ==, said[i][1]);
    }

  property.datatype = BW_DATATYPE_STRING;
  {
    g_autofree char *text = bw_device_text_value (&property, "21.0");

    g_assert_cmpstr (text, ==, "21.0");
  }

  g_assert_nonnull (setlocale (LC_NUMERIC, "C"));
  if (before != NULL)
    g_setenv ("LOCPATH", before, TRUE);
  else
    g_unsetenv ("LOCPATH");
  bw_test_remove_dir (folder);
}

int
main (int   argc,
      char *argv[])
{
  bw_page_test_init (&argc, &argv);

#define ADD(name, function) \
  g_test_add ("/app/device-page/" name, Fixture, NULL, set_up, function, tear_down)

  ADD ("shows-what-there-is", test_shows_what_there_is);
  ADD ("narrow", test_narrow);
  ADD ("values-move", test_values_move);
  ADD ("wanted-sent-confirmed", test_wanted_sent_confirmed);
  ADD ("failed-goes-back", test_failed_goes_back);
  ADD ("refused-by-the-backend", test_refused_by_the_backend);
  ADD ("typed-values-are-checked", test_typed_values_are_checked);
  ADD ("pushes", test_pushes);
  ADD ("a-slider-asks-once", test_a_slider_asks_once);
  ADD ("waits-for-approval", test_waits_for_approval);
  ADD ("offline", test_offline);
  ADD ("messages", test_messages);
  ADD ("not-described", test_not_described);
  ADD ("a-big-device", test_a_big_device);
  ADD ("unknown", test_unknown);
  g_test_add_func ("/app/device-page/decimal-sign", test_decimal_sign);

  return g_test_run ();
}
