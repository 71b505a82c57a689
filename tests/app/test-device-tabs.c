/* test-device-tabs.c: the tabs of a device's page, and what it says letter by letter
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-device-page.h"

#include <adwaita.h>
#include <string.h>

#include "bw-fake-backend.h"
#include "bw-mqtt-link.h"
#include "bw-own-page-group.h"
#include "bw-page-test.h"
#include "bw-raw-log.h"
#include "bw-raw-row.h"
#include "bw-test.h"

static const char nodes[] =
  "[{\"id\":\"air\",\"name\":\"Air\",\"properties\":["
  "{\"id\":\"temperature\",\"name\":\"Temperature\",\"datatype\":\"float\",\"settable\":true,\"retained\":true,\"value\":\"21.5\",\"updatedAt\":1790000000000000}"
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

  uri = g_strdup_printf ("mqtt://127.0.0.1:%u", bw_test_broker_get_port (fixture->broker));
  fixture->device = bw_mqtt_link_new (uri, NULL, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  bw_mqtt_link_start (fixture->device);
  bw_test_wait_for (device_is_connected, fixture->device);
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
say_bytes (Fixture    *fixture,
           const char *below,
           const char *payload,
           gsize       length,
           gboolean    retain)
{
  g_autofree char *topic = g_strdup_printf ("homie/5/%s/%s", fixture->id, below);
  g_autoptr(GError) error = NULL;

  bw_mqtt_link_publish (fixture->device, topic, payload, length, 1, retain, NULL, &error);
  g_assert_no_error (error);
}

static void
say (Fixture    *fixture,
     const char *below,
     const char *payload)
{
  say_bytes (fixture, below, payload, strlen (payload), TRUE);
}

static void
open_raw (Fixture *fixture,
          int      width)
{
  fixture->page = bw_device_page_new (fixture->session, fixture->id);
  bw_device_page_set_tab (BW_DEVICE_PAGE (fixture->page), "raw");
  fixture->window = bw_page_test_present (fixture->page, width, 800);
  bw_page_test_wait_text (fixture->page, "messages");
}

static GtkWidget *
find_row (Fixture    *fixture,
          const char *topic)
{
  return bw_page_test_ancestor (bw_page_test_wait_text (fixture->page, topic), BW_TYPE_RAW_ROW);
}

static void
say_odd_things (Fixture *fixture)
{
  say (fixture, "air/temperature", "22.5");
  say (fixture, "$wifi/signal", "-67");
  say (fixture, "Küche/temperature", "19");
  say (fixture, "air/temperature/one/two", "1");
  say (fixture, "$description", "{\"homie\":\"5.0\",\"version\":1,\"nodes\":{\"air\":{\"name\":\"Air\",\"properties\":{\"temperature\":{\"name\":\"Temperature\",\"datatype\":\"float\",\"settable\":true}}}}}");
  say_bytes (fixture, "air/noise", "\xff\x00\xc3", 3, TRUE);
}

static void
test_shows_all (Fixture       *fixture,
                gconstpointer  data)
{
  say_odd_things (fixture);
  open_raw (fixture, 1000);
  bw_page_test_wait_text (find_row (fixture, "air/temperature"), "22.5");
  bw_page_test_wait_text (find_row (fixture, "air/temperature"), "4 B · QoS 1 · kept");
  bw_page_test_wait_text (find_row (fixture, "$wifi/signal"), "$wifi/signal is no attribute of Homie 5 that is kept");
  bw_page_test_wait_text (find_row (fixture, "Küche/temperature"), "no topic of Homie");
  bw_page_test_wait_text (find_row (fixture, "one/two"), "no topic of Homie");
  bw_page_test_wait_text (find_row (fixture, "air/noise"), "ff 00 c3");
  bw_page_test_wait_text (find_row (fixture, "air/noise"), "the value is not UTF-8");

  say (fixture, "air/temperature", "warm");
  bw_page_test_wait_text (find_row (fixture, "air/temperature"), "no value of the datatype float");
  bw_page_test_wait_text (find_row (fixture, "air/temperature"), "×\xe2\x80\xaf" "2");
  say_bytes (fixture, "air/temperature/set", "20", 2, FALSE);
  bw_page_test_wait_text (find_row (fixture, "air/temperature/set"), "2 B · QoS 1");
  bw_page_test_picture (fixture->window, "device-raw");
}

static void
test_filters (Fixture       *fixture,
              gconstpointer  data)
{
  GtkWidget *drop_down, *search;

  say_odd_things (fixture);
  open_raw (fixture, 640);
  bw_page_test_wait_text (fixture->page, "air/noise");
  bw_page_test_picture (fixture->window, "device-raw-narrow");
  drop_down = bw_page_test_find_type (fixture->page, GTK_TYPE_DROP_DOWN);
  search = bw_page_test_find_type (fixture->page, GTK_TYPE_SEARCH_ENTRY);

  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop_down), 3);
  bw_page_test_wait_gone (fixture->page, "22.5");
  bw_page_test_wait_text (fixture->page, "$wifi/signal");

  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop_down), 0);
  gtk_editable_set_text (GTK_EDITABLE (search), "TEMPERATURE");
  bw_page_test_wait_gone (fixture->page, "$wifi/signal");
  bw_page_test_wait_text (fixture->page, "22.5");

  gtk_editable_set_text (GTK_EDITABLE (search), "no such word");
  bw_page_test_wait_text (fixture->page, "No message is like that.");
  gtk_editable_set_text (GTK_EDITABLE (search), "00 c3");
  bw_page_test_wait_text (fixture->page, "air/noise");
}

static void
test_pauses (Fixture       *fixture,
             gconstpointer  data)
{
  GtkWidget *pause;

  say (fixture, "air/temperature", "22.5");
  open_raw (fixture, 1000);
  bw_page_test_wait_text (fixture->page, "22.5");
  bw_page_test_click (fixture->page, "Messages");

  /* beside the two views */
  pause = bw_page_test_ancestor (bw_page_test_wait_text (fixture->page, "Topics"), GTK_TYPE_BOX);
  pause = gtk_widget_get_next_sibling (pause);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (pause), TRUE);
  bw_page_test_wait_text (fixture->page, "Paused");
  for (guint i = 30; i < 40; i++)
    {
      g_autofree char *value = g_strdup_printf ("%u.25", i);

      say (fixture, "air/temperature", value);
    }
  /* It came to the sensors, and so to the log. */
  bw_device_page_set_tab (BW_DEVICE_PAGE (fixture->page), "sensors");
  bw_page_test_wait_text (fixture->page, "39.25");
  bw_device_page_set_tab (BW_DEVICE_PAGE (fixture->page), "raw");
  bw_page_test_wait_text (fixture->page, "Paused");
  g_assert_null (bw_page_test_find_text (fixture->page, "39.25"));

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (pause), FALSE);
  bw_page_test_wait_text (fixture->page, "39.25");
  bw_page_test_wait_text (fixture->page, "30.25");
  bw_page_test_picture (fixture->window, "device-raw-messages");
}

static guint
count_rows (Fixture *fixture)
{
  return bw_page_test_count_type (fixture->page, g_type_from_name ("BwTimelineRow"));
}

/* Each kind in words, by days; older ones as one scrolls; newer ones by themselves. */
static void
test_timeline (Fixture       *fixture,
               gconstpointer  data)
{
  GtkWidget *drop_down;

  bw_fake_backend_set_n_events (fixture->backend, 350);
  fixture->page = bw_device_page_new (fixture->session, fixture->id);
  bw_device_page_set_tab (BW_DEVICE_PAGE (fixture->page), "timeline");
  fixture->window = bw_page_test_present (fixture->page, 1000, 800);
  bw_page_test_wait_text (fixture->page, "Connected from 192.0.2.7");
  bw_page_test_wait_text (fixture->page, "State: Ready, before: Starting");
  bw_page_test_wait_text (fixture->page, "light/on set to true: confirmed");
  bw_page_test_wait_text (fixture->page, "light/level set to 80: failed, timed out");
  bw_page_test_wait_text (fixture->page, "The filter is <b>full</b>");
  bw_page_test_wait_text (fixture->page, "Firmware: Lamp 1.4.2, before: Lamp 1.4.1");
  bw_page_test_wait_text (fixture->page, "Described itself: 3 nodes, 12 properties");
  bw_page_test_wait_text (fixture->page, "Connected and disconnected 317 times");
  bw_page_test_wait_text (fixture->page, "Approved");
  bw_page_test_wait_text (fixture->page, "Admission · admin");
  bw_page_test_wait_text (fixture->page, "number 339");
  bw_page_test_wait_text (fixture->page, "Today");
  bw_page_test_wait_text (fixture->page, "Yesterday");
  bw_page_test_picture (fixture->window, "device-timeline");

  bw_fake_backend_set_n_events (fixture->backend, 353);
  say_bytes (fixture, "$log/warning", "full", 4, FALSE);
  bw_page_test_wait_text (fixture->page, "number 342");

  drop_down = bw_page_test_find_type (fixture->page, GTK_TYPE_DROP_DOWN);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop_down), 2);
  bw_page_test_wait_gone (fixture->page, "Connected from");
  bw_page_test_wait_text (fixture->page, "light/on set to true: confirmed");
  g_assert_cmpuint (count_rows (fixture), >, 10);
}

/* Also one that is not in sight. */
static GtkWidget *
find_own_page (GtkWidget *root)
{
  GtkWidget *found = BW_IS_OWN_PAGE_GROUP (root) ? root : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_own_page (child);

  return found;
}

/* A device's network: one port of one address answers, and that is on this computer. */
typedef struct
{
  const char      *address;
  guint16          port;
  GSocketListener *listener;
  guint16          listens_at;
  guint16          silent;       /* a port where nobody listens */
  guint            n_asked;
} Network;

static GSocketConnectable *
route_cb (GInetAddress *address,
          guint16       port,
          gpointer      data)
{
  Network *network = data;
  g_autofree char *text = g_inet_address_to_string (address);
  gboolean is_there = port == network->port && g_str_equal (text, network->address);

  network->n_asked++;

  return G_SOCKET_CONNECTABLE (g_inet_socket_address_new_from_string ("127.0.0.1", is_there ? network->listens_at : network->silent));
}

static void
begin_network (Network *network)
{
  GSocketListener *closed = g_socket_listener_new ();
  g_autoptr(GError) error = NULL;

  network->listener = g_socket_listener_new ();
  network->listens_at = g_socket_listener_add_any_inet_port (network->listener, NULL, &error);
  g_assert_no_error (error);
  network->silent = g_socket_listener_add_any_inet_port (closed, NULL, &error);
  g_assert_no_error (error);
  g_socket_listener_close (closed);
  g_object_unref (closed);
}

/* The way to the device's own page: http or https at the address it says, where that answers, and nothing else. */
static void
test_own_page (Fixture       *fixture,
               gconstpointer  data)
{
  static const char * const foreign[] = { "203.0.113.5", "127.0.0.1", "192.168.7.9:8080", "192.168.7.9/page", "192.168.7.9.example.org",
                                          "http://192.168.7.9/", "javascript:alert(1)" };
  Network network = { .address = "192.168.7.9", .port = 80 };
  BwOwnPageGroup *group;

  begin_network (&network);
  fixture->page = bw_device_page_new (fixture->session, fixture->id);
  bw_device_page_set_tab (BW_DEVICE_PAGE (fixture->page), "settings");
  fixture->window = bw_page_test_present (fixture->page, 1000, 1000);
  bw_page_test_wait_text (fixture->page, "Values That Wait");
  group = BW_OWN_PAGE_GROUP (find_own_page (fixture->page));
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (group)));
  bw_own_page_group_set_route (group, route_cb, &network);

  say (fixture, "$localip", "192.168.7.9");
  bw_page_test_wait_text (fixture->page, "http://192.168.7.9/");
  g_assert_cmpstr (bw_own_page_group_get_uri (group), ==, "http://192.168.7.9/");
  bw_page_test_picture (fixture->window, "device-own-page");

  say (fixture, "$localip", "192.168.7.10");
  bw_page_test_wait_text (fixture->page, "192.168.7.10 does not answer this computer");
  g_assert_null (bw_own_page_group_get_uri (group));
  bw_page_test_picture (fixture->window, "device-own-page-none");

  network.port = 443;
  say (fixture, "$localip", "192.168.7.9");
  bw_page_test_wait_text (fixture->page, "https://192.168.7.9/");

  network.address = "fd00::7";
  say (fixture, "$localip", "fd00::7");
  bw_page_test_wait_text (fixture->page, "https://[fd00::7]/");

  for (guint i = 0; i < G_N_ELEMENTS (foreign); i++)
    {
      say (fixture, "$localip", "192.168.7.10");
      bw_page_test_wait_text (fixture->page, "192.168.7.10 does not answer this computer");
      network.n_asked = 0;
      say (fixture, "$localip", foreign[i]);
      bw_page_test_wait_gone (fixture->page, "Its Own Page");
      g_assert_null (bw_own_page_group_get_uri (group));
      g_assert_cmpuint (network.n_asked, ==, 0);
    }

  /* One that was switched on meanwhile is found when one comes back. */
  network.address = "10.1.2.3";
  network.port = 8;
  say (fixture, "$localip", "10.1.2.3");
  bw_page_test_wait_text (fixture->page, "10.1.2.3 does not answer this computer");
  network.port = 80;
  bw_device_page_set_tab (BW_DEVICE_PAGE (fixture->page), "sensors");
  bw_page_test_wait_gone (fixture->page, "Its Own Page");
  bw_device_page_set_tab (BW_DEVICE_PAGE (fixture->page), "settings");
  bw_page_test_wait_text (fixture->page, "http://10.1.2.3/");
  g_object_unref (network.listener);
}

static void
test_tabs (Fixture       *fixture,
           gconstpointer  data)
{
  BwDevicePage *page;

  fixture->page = bw_device_page_new (fixture->session, fixture->id);
  page = BW_DEVICE_PAGE (fixture->page);
  bw_device_page_set_tab (page, "no such tab");
  g_assert_cmpstr (bw_device_page_get_tab (page), ==, "sensors");
  fixture->window = bw_page_test_present (fixture->page, 360, 700);
  bw_page_test_wait_text (fixture->page, "Temperature");
  g_assert_null (bw_page_test_find_text (fixture->page, "Topics"));

  bw_device_page_set_tab (page, "settings");
  bw_page_test_wait_text (fixture->page, "Values That Wait");
  bw_page_test_picture (fixture->window, "device-settings-360");
  bw_device_page_set_tab (page, "access");
  bw_page_test_wait_text (fixture->page, "Device Key");
  bw_page_test_picture (fixture->window, "device-access-360");
  bw_device_page_set_tab (page, "timeline");
  bw_page_test_wait_text (fixture->page, "Nothing Has Happened");
  bw_page_test_picture (fixture->window, "device-timeline-empty");
  bw_device_page_set_tab (page, "raw");
  bw_page_test_wait_text (fixture->page, "Topics");
  bw_page_test_picture (fixture->window, "device-raw-360");

  /* made anew, and the tab stays */
  gtk_widget_activate_action (fixture->page, "device.reload", NULL);
  bw_page_test_wait_text (fixture->page, "Topics");
  g_assert_cmpstr (bw_device_page_get_tab (page), ==, "raw");
}

static void
add_messages (BwRawLog   *log,
              const char *prefix,
              guint       n,
              gsize       length)
{
  g_autofree char *payload = g_strnfill (length, 'x');

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *topic = g_strdup_printf ("%s%05u", prefix, i);
      BwMqttMessage message = { .topic = topic, .payload = payload, .length = length };

      bw_raw_log_add (log, &message, BW_RAW_FROM_DEVICE, NULL, i);
    }
}

/* What a device says has no end; what is kept of it has, and what is not is counted. */
static void
test_is_bounded (void)
{
  g_autoptr(BwRawLog) log = bw_raw_log_new ();
  GListModel *topics = bw_raw_log_get_topics (log);
  GListModel *messages = bw_raw_log_get_messages (log);
  g_autoptr(BwRawTopic) first = NULL;

  add_messages (log, "a", BW_RAW_MAX_TOPICS, 1);
  bw_raw_log_flush (log);
  g_assert_cmpuint (g_list_model_get_n_items (topics), ==, BW_RAW_MAX_TOPICS);

  /* the same ones again: nothing is lost of the topics */
  add_messages (log, "a", BW_RAW_MAX_TOPICS, 1);
  g_assert_cmpuint (bw_raw_log_get_n_lost_topics (log), ==, 0);
  g_assert_cmpuint (bw_raw_log_get_n_lost_messages (log), ==, 2 * BW_RAW_MAX_TOPICS - BW_RAW_MAX_MESSAGES);

  /* ten others: those go that were silent for the longest time */
  add_messages (log, "b", 10, 1);
  bw_raw_log_flush (log);
  g_assert_cmpuint (bw_raw_log_get_n_lost_topics (log), ==, 10);
  g_assert_cmpuint (g_list_model_get_n_items (topics), ==, BW_RAW_MAX_TOPICS);
  first = g_list_model_get_item (topics, 0);
  g_assert_cmpstr (bw_raw_message_get_topic (bw_raw_topic_get_message (first)), ==, "a00010");
  g_assert_cmpuint (bw_raw_topic_get_n_messages (first), ==, 2);

  /* far more than may come and go between two looks, and big ones: the last ones are there */
  add_messages (log, "c", 4 * BW_RAW_MAX_TOPICS, 4096);
  bw_raw_log_flush (log);
  g_assert_cmpuint (g_list_model_get_n_items (topics), <=, BW_RAW_MAX_BYTES / 4096);
  g_assert_cmpuint (g_list_model_get_n_items (topics), >, BW_RAW_MAX_BYTES / 4096 / 2);
  g_assert_cmpuint (g_list_model_get_n_items (messages), <=, BW_RAW_MAX_BYTES / 4096);
  g_assert_cmpuint (bw_raw_log_get_n_messages (log), ==, 6 * BW_RAW_MAX_TOPICS + 10);
  g_assert_cmpuint (bw_raw_log_get_n_lost_messages (log) + g_list_model_get_n_items (messages), ==, bw_raw_log_get_n_messages (log));
}

/* Whatever comes between two flushes, the list is what a sorted set of the topics is. */
static void
test_order (void)
{
  g_autoptr(BwRawLog) log = bw_raw_log_new ();
  GListModel *topics = bw_raw_log_get_topics (log);

  for (guint round = 0; round < 60; round++)
    {
      guint n_before = g_list_model_get_n_items (topics);
      guint n = round % 2 == 0 ? 5 : 60;

      for (guint i = 0; i < n; i++)
        {
          g_autofree char *topic = g_strdup_printf ("t%03d", g_test_rand_int_range (0, 400));
          BwMqttMessage message = { .topic = topic, .payload = "1", .length = 1 };

          bw_raw_log_add (log, &message, BW_RAW_FROM_DEVICE, NULL, 1);
        }
      g_assert_cmpuint (g_list_model_get_n_items (topics), ==, n_before);
      bw_raw_log_flush (log);
      g_assert_false (bw_raw_log_has_news (log));

      for (guint i = 1; i < g_list_model_get_n_items (topics); i++)
        {
          g_autoptr(BwRawTopic) a = g_list_model_get_item (topics, i - 1);
          g_autoptr(BwRawTopic) b = g_list_model_get_item (topics, i);

          g_assert_cmpstr (bw_raw_message_get_topic (bw_raw_topic_get_message (a)), <,
                           bw_raw_message_get_topic (bw_raw_topic_get_message (b)));
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  bw_page_test_init (&argc, &argv);

  g_test_add_func ("/device-tabs/is-bounded", test_is_bounded);
  g_test_add_func ("/device-tabs/order", test_order);
#define ADD(path, func) g_test_add ("/device-tabs/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("tabs", test_tabs);
  ADD ("timeline", test_timeline);
  ADD ("own-page", test_own_page);
  ADD ("shows-all", test_shows_all);
  ADD ("filters", test_filters);
  ADD ("pauses", test_pauses);

  return g_test_run ();
}
