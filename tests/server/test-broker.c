/* test-broker.c: ingest and presence against a real broker with our plugin
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-test"

#include <string.h>

#include "bw-device-notices.h"
#include "bw-device.h"
#include "bw-error.h"
#include "bw-json.h"
#include "bw-test-side.h"

static void
test_life (BwTestSide       *fixture,
           gconstpointer  data)
{
  g_autofree char *value = NULL;

  /* a device with a good key, that nobody has let in */
  bw_test_side_connect_device (fixture, BW_TEST_SIDE_NEWCOMER);
  bw_test_side_wait_for_status (fixture, BW_TEST_SIDE_NEWCOMER, BW_STATUS_AWAITING_APPROVAL);
  bw_test_side_wait_for_column (fixture, BW_TEST_SIDE_NEWCOMER, "online", "1");
  bw_test_side_wait_for_column (fixture, BW_TEST_SIDE_NEWCOMER, "address", "127.0.0.1");
  bw_test_side_wait_for_column (fixture, BW_TEST_SIDE_NEWCOMER, "product", "lamp");
  bw_test_side_wait_for_column (fixture, BW_TEST_SIDE_NEWCOMER, "CASE WHEN first_seen_us > 1000000000000000 THEN 1 ELSE 0 END", "1");
  bw_test_side_wait_for_change (fixture, "\"status\":\"awaiting-approval\"");

  /* its values are refused by the broker */
  bw_test_side_say (fixture, BW_TEST_SIDE_NEWCOMER, "light/watts", "1");
  bw_test_side_say (fixture, BW_TEST_SIDE_NEWCOMER, "$name", "");
  bw_test_spin (300);
  value = bw_test_store_text (fixture->fleet.store, "SELECT value FROM property WHERE property = 'watts'");
  g_assert_null (value);

  /* approval brings it back */
  bw_test_fleet_set_status (&fixture->fleet, BW_TEST_SIDE_NEWCOMER, BW_STATUS_PAIRING);
  bw_test_spin (300);
  bw_test_wait_for (bw_test_side_link_is_connected, fixture);
  bw_test_side_wait_for_state (fixture, BW_TEST_SIDE_NEWCOMER, BW_STATE_READY);
  bw_test_side_say (fixture, BW_TEST_SIDE_NEWCOMER, "light/watts", "42.5");
  bw_test_side_wait_for_value (fixture, BW_TEST_SIDE_NEWCOMER, "light", "watts", "42.5");
  bw_test_side_wait_for_status (fixture, BW_TEST_SIDE_NEWCOMER, BW_STATUS_PAIRING);
  bw_test_side_wait_for_change (fixture, "\"state\":\"ready\"");

  /* it dies without a word: ready it is no more */
  g_clear_object (&fixture->devices[BW_TEST_SIDE_NEWCOMER]);
  bw_test_side_wait_for_column (fixture, BW_TEST_SIDE_NEWCOMER, "online", "0");
  bw_test_side_wait_for_state (fixture, BW_TEST_SIDE_NEWCOMER, BW_STATE_LOST);
  bw_test_side_wait_for_change (fixture, "\"state\":\"lost\"");

  /* and comes back */
  bw_test_side_connect_device (fixture, BW_TEST_SIDE_NEWCOMER);
  bw_test_side_wait_for_state (fixture, BW_TEST_SIDE_NEWCOMER, BW_STATE_READY);
}

static void
test_bad_input (BwTestSide       *fixture,
                gconstpointer  data)
{
  g_autofree char *large = g_strnfill (2 * 1024 * 1024, 'x');

  bw_test_side_bring_in (fixture, 0);
  bw_test_side_say (fixture, 0, "light/watts", "1");
  bw_test_side_wait_for_value (fixture, 0, "light", "watts", "1");

  bw_test_side_publish (fixture, 0, "light/watts", "\xff\xfe\xff", 3);
  bw_test_side_publish (fixture, 0, "light/watts", large, -1);
  bw_test_side_say (fixture, 0, "light/watts/too/many/levels/here", "1");
  bw_test_side_say (fixture, 0, "LIGHT /x", "1");
  bw_test_side_say (fixture, 0, "$description", "{\"homie\":\"5.0\",");
  bw_test_side_publish (fixture, 0, "$description", large, -1);
  bw_test_side_say (fixture, 0, "light/level", "a number this is not");
  bw_test_side_say (fixture, 0, "light/watts", "2");
  bw_test_side_wait_for_value (fixture, 0, "light", "watts", "2");

  /* nothing of it did any harm, and what is against its format is shown all the same */
  bw_test_side_wait_for_value (fixture, 0, "light", "level", "a number this is not");
  bw_test_side_wait_for_state (fixture, 0, BW_STATE_READY);
  g_assert_cmpint (bw_test_store_int (fixture->fleet.store, "SELECT count(*) FROM property"), ==, 3);
}

static void
test_structure (BwTestSide       *fixture,
                gconstpointer  data)
{
  bw_test_side_bring_in (fixture, 0);
  bw_test_side_say (fixture, 0, "light/watts", "1");
  bw_test_side_say (fixture, 0, "light/power", "true");
  bw_test_side_wait_for_value (fixture, 0, "light", "power", "true");

  /* a firmware with fewer and with other properties */
  bw_test_side_say (fixture, 0, "$description",
       "{\"homie\":\"5.0\",\"version\":4,\"name\":\"Lamp\",\"type\":\"lamp\",\"nodes\":{\"light\":{\"properties\":{"
       "\"power\":{\"name\":\"Switch\",\"datatype\":\"boolean\",\"settable\":true},"
       "\"hue\":{\"datatype\":\"integer\"}}},\"more\":{\"properties\":{\"x\":{\"datatype\":\"string\"}}}}}");
  bw_test_side_say (fixture, 0, "more/x", "y");
  bw_test_side_wait_for_value (fixture, 0, "more", "x", "y");
  g_assert_cmpint (bw_test_store_int (fixture->fleet.store, "SELECT count(*) FROM property"), ==, 3);
  g_assert_cmpint (bw_test_store_int (fixture->fleet.store, "SELECT count(*) FROM node"), ==, 2);
  bw_test_side_wait_for_text (fixture, "Switch", "SELECT name FROM property WHERE property = 'power'");
  bw_test_side_wait_for_value (fixture, 0, "light", "power", "true");

  /* what is stored is what a backend begins with when it starts anew */
  bw_broker_side_stop (fixture->side);
  g_clear_object (&fixture->side);
  bw_test_side_start_side (fixture);
  bw_test_wait_for (bw_test_side_is_connected, fixture);
  bw_test_side_say (fixture, 0, "light/power", "false");
  bw_test_side_wait_for_value (fixture, 0, "light", "power", "false");
  bw_test_side_wait_for_value (fixture, 0, "more", "x", "y");
  g_assert_cmpint (bw_test_store_int (fixture->fleet.store, "SELECT count(*) FROM property"), ==, 3);
}

/* A value keeps its age when it is only told again. */
static void
test_restart_keeps_age (BwTestSide       *fixture,
                        gconstpointer  data)
{
  gint64 before_us;
  gint64 revision;

  bw_test_side_bring_in (fixture, 0);
  bw_test_side_say (fixture, 0, "light/watts", "1");
  bw_test_side_wait_for_value (fixture, 0, "light", "watts", "1");
  before_us = bw_test_store_int (fixture->fleet.store, "SELECT updated_at_us FROM property WHERE property = 'watts'");
  revision = bw_test_store_int (fixture->fleet.store, "SELECT max(revision) FROM device");

  bw_broker_side_stop (fixture->side);
  g_clear_object (&fixture->side);
  bw_test_side_start_side (fixture);
  bw_test_wait_for (bw_test_side_is_connected, fixture);
  bw_test_side_say (fixture, 0, "light/level", "1");
  bw_test_side_wait_for_value (fixture, 0, "light", "level", "1");

  g_assert_cmpint (bw_test_store_int (fixture->fleet.store,
                                      "SELECT updated_at_us FROM property WHERE property = 'watts'"), ==, before_us);
  g_assert_cmpint (bw_test_store_int (fixture->fleet.store, "SELECT max(revision) FROM device"), ==, revision);
}

/* A description with 2,000 properties, and a value of each. */
static void
say_many (BwTestSide *fixture,
          guint    index)
{
  g_autoptr(GString) json = g_string_new ("{\"homie\":\"5.0\",\"version\":9,\"nodes\":{");

  for (guint node = 0; node < 20; node++)
    {
      g_string_append_printf (json, "%s\"n%u\":{\"properties\":{", node > 0 ? "," : "", node);
      for (guint i = 0; i < 100; i++)
        g_string_append_printf (json, "%s\"p%u\":{\"datatype\":\"integer\"}", i > 0 ? "," : "", i);
      g_string_append (json, "}}");
    }
  g_string_append (json, "}}");
  bw_test_side_say (fixture, index, "$description", json->str);

  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *level = g_strdup_printf ("n%u/p%u", i % 20, i / 20);

      bw_test_side_say (fixture, index, level, "1");
    }
}

/* What devices bw_test_side_say while no backend is there comes in when it is back. */
static void
test_backend_away (BwTestSide       *fixture,
                   gconstpointer  data)
{
  bw_test_side_bring_in (fixture, 0);
  bw_test_side_bring_in (fixture, 1);
  bw_broker_side_stop (fixture->side);
  g_clear_object (&fixture->side);

  say_many (fixture, 0);
  g_clear_object (&fixture->devices[1]);
  bw_test_side_connect_device (fixture, BW_TEST_SIDE_NEWCOMER);
  bw_test_spin (200);
  g_clear_object (&fixture->devices[BW_TEST_SIDE_NEWCOMER]);

  bw_test_side_start_side (fixture);
  bw_test_side_wait_for_text (fixture, "2000", "SELECT count(*) FROM property WHERE value = '1'");
  bw_test_side_wait_for_column (fixture, 1, "online", "0");
  bw_test_side_wait_for_status (fixture, BW_TEST_SIDE_NEWCOMER, BW_STATUS_AWAITING_APPROVAL);
  bw_test_side_wait_for_column (fixture, BW_TEST_SIDE_NEWCOMER, "online", "0");
}

static void
test_broker_restart (BwTestSide       *fixture,
                     gconstpointer  data)
{
  bw_test_side_bring_in (fixture, 0);
  bw_test_side_bring_in (fixture, 1);

  bw_test_broker_kill (fixture->fleet.broker);
  bw_test_wait_for (bw_test_side_is_disconnected, fixture);
  bw_test_side_set_value (fixture, 0, "power", "true", 0);
  g_assert_error (fixture->error, BW_ERROR, BW_ERROR_UNAVAILABLE);

  /* one device does not survive it, and the broker has forgotten that it was there */
  g_clear_object (&fixture->devices[1]);
  bw_test_broker_start (fixture->fleet.broker);
  bw_test_wait_for (bw_test_side_is_connected, fixture);
  fixture->link = fixture->devices[0];
  bw_test_wait_for (bw_test_side_link_is_connected, fixture);
  bw_test_side_say (fixture, 0, "light/watts", "7");
  bw_test_side_wait_for_value (fixture, 0, "light", "watts", "7");
  bw_test_side_wait_for_column (fixture, 0, "online", "1");
  bw_test_side_wait_for_column (fixture, 1, "online", "0");
  bw_test_side_wait_for_state (fixture, 1, BW_STATE_LOST);
}

/* How many changes there are with all that. */
static guint
count_changes (BwTestSide    *fixture,
               const char *kind,
               const char *part)
{
  guint n = 0;

  for (guint i = 0; i < fixture->changes->len; i++)
    {
      const char *change = g_ptr_array_index (fixture->changes, i);

      n += g_str_has_prefix (change, kind) && strstr (change, part) != NULL;
    }

  return n;
}

static void
test_notices (BwTestSide       *fixture,
              gconstpointer  data)
{
  g_autofree char *device = g_strdup_printf ("\"deviceId\":\"%s\"", bw_test_fleet_get_id (&fixture->fleet, 0));
  g_autofree char *large = g_strnfill (4000, 'x');

  bw_test_side_bring_in (fixture, 0);
  bw_test_side_say (fixture, 0, "$log/debug", "nobody wants to know");
  bw_test_side_say (fixture, 0, "$log/warn", "the lid is open");
  bw_test_side_wait_for_change (fixture, "\"level\":\"warning\",\"text\":\"the lid is open\",\"count\":1");
  g_assert_cmpuint (count_changes (fixture, "notice", device), ==, 1);
  g_assert_cmpuint (count_changes (fixture, "notice", "nobody wants"), ==, 0);

  /* a flood: once, by the worst of it */
  g_ptr_array_set_size (fixture->changes, 0);
  for (guint i = 0; i < 50; i++)
    bw_test_side_say (fixture, 0, "$log/info", "still here");
  bw_test_side_say (fixture, 0, "$log/error", "the pump is dry");
  for (guint i = 0; i < 49; i++)
    bw_test_side_say (fixture, 0, "$log/info", "still here");
  bw_test_side_wait_for_change (fixture, "\"text\":\"the pump is dry\"");
  bw_test_side_say (fixture, 0, "$alert/lid", "open");
  bw_test_side_wait_for_change (fixture, "\"level\":\"alert\",\"text\":\"open\"");
  g_assert_cmpuint (count_changes (fixture, "notice", device), <=, 6);

  bw_test_side_say (fixture, 0, "$log/info", large);
  bw_test_side_wait_for_change (fixture, "\"text\":\"xxxx");
  g_assert_cmpuint (count_changes (fixture, "notice", large), ==, 0);

  /* the broker keeps what was retained, and tells it again: it is not news */
  g_ptr_array_set_size (fixture->changes, 0);
  bw_broker_side_stop (fixture->side);
  g_clear_object (&fixture->side);
  bw_test_side_start_side (fixture);
  bw_test_wait_for (bw_test_side_is_connected, fixture);
  bw_test_side_say (fixture, 0, "$log/warn", "after it came back");
  bw_test_side_wait_for_change (fixture, "after it came back");
  g_assert_cmpuint (count_changes (fixture, "notice", "\"alert\""), ==, 0);
  g_assert_cmpuint (count_changes (fixture, "notice", "the pump is dry"), ==, 0);

  /* who is not approved may bw_test_side_say what he likes to nobody */
  bw_test_side_connect_device (fixture, BW_TEST_SIDE_NEWCOMER);
  bw_test_side_wait_for_status (fixture, BW_TEST_SIDE_NEWCOMER, BW_STATUS_AWAITING_APPROVAL);
  bw_test_side_say (fixture, BW_TEST_SIDE_NEWCOMER, "$log/error", "let me in");
  bw_test_side_say (fixture, BW_TEST_SIDE_NEWCOMER, "$state", "sleeping");
  bw_test_side_wait_for_state (fixture, BW_TEST_SIDE_NEWCOMER, BW_STATE_SLEEPING);
  bw_test_side_say (fixture, 0, "$log/warn", "the last word");
  bw_test_side_wait_for_change (fixture, "the last word");
  g_assert_cmpuint (count_changes (fixture, "notice", "let me in"), ==, 0);
}

static void
collect_cb (GPtrArray  *told,
            const char *kind,
            gint64      company_id,
            const char *document)
{
  g_assert_cmpstr (kind, ==, "notice");
  g_ptr_array_add (told, bw_json_parse_object (document, strlen (document), 65536, NULL));
}

static gboolean
has_any (gpointer data)
{
  return ((GPtrArray *) data)->len > 0;
}

/* All devices of a company at once: some are told of, the worst of them, and the others are counted. */
static void
test_many_notices (BwTestSide       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GPtrArray) told = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  g_autoptr(BwFeed) feed = bw_feed_new ();
  g_autoptr(BwDeviceNotices) notices = bw_device_notices_new (fixture->fleet.store, feed);
  gint64 n = 0;

  g_signal_connect_swapped (feed, "changed", G_CALLBACK (collect_cb), told);
  for (guint i = 0; i < G_N_ELEMENTS (fixture->devices); i++)
    {
      BwDeviceTree *tree = bw_device_tree_new (bw_test_fleet_get_id (&fixture->fleet, i));
      BwEffect effect = { .changes = BW_CHANGE_LOG, .level = BW_LEVEL_INFO, .text = (char *) "hello" };

      bw_test_fleet_set_status (&fixture->fleet, i, BW_STATUS_PAIRED);
      bw_device_notices_say (notices, tree, &effect);
      bw_device_notices_say (notices, tree, &effect);
      effect.level = BW_LEVEL_ERROR;
      if (i == G_N_ELEMENTS (fixture->devices) - 1)
        bw_device_notices_say (notices, tree, &effect);
      bw_device_tree_free (tree);
    }

  bw_test_wait_for (has_any, told);
  g_assert_cmpuint (told->len, ==, BW_NOTICES_PER_SECOND / 2 + 1);
  g_assert_null (bw_json_get_string (g_ptr_array_index (told, told->len - 1), "deviceId"));
  g_assert_cmpstr (bw_json_get_string (g_ptr_array_index (told, 0), "level"), ==, "error");
  for (guint i = 0; i < told->len; i++)
    n += bw_json_get_int (g_ptr_array_index (told, i), "count", 0);
  g_assert_cmpint (n, ==, 2 * G_N_ELEMENTS (fixture->devices) + 1);
  bw_device_notices_stop (notices);
}

static void
publish_raw (BwTestSide    *fixture,
             guint       index,
             const char *topic_format,
             const char *payload)
{
  g_auto(GStrv) parts = g_strsplit (topic_format, "ID", 2);
  g_autofree char *topic = g_strjoinv (bw_test_fleet_get_id (&fixture->fleet, index), parts);

  g_assert_true (bw_mqtt_link_publish (fixture->devices[index], topic, payload, strlen (payload), 1, TRUE, NULL, NULL));
}

/* A gateway's child: its values and its sets go through the gateway's connection. */
static void
test_gateway (BwTestSide       *fixture,
              gconstpointer  data)
{
  g_autofree char *filter = NULL;
  g_autofree char *gateway = NULL;

  bw_test_side_bring_in (fixture, 0);
  filter = g_strdup_printf ("homie/5/%s-valve/+/+/set", bw_test_fleet_get_id (&fixture->fleet, 0));
  bw_mqtt_link_subscribe (fixture->devices[0], filter, 1);
  gateway = g_strdup_printf ("{\"homie\":\"5.0\",\"version\":4,\"name\":\"Gateway\",\"children\":[\"%s-valve\"]}",
                             bw_test_fleet_get_id (&fixture->fleet, 0));
  bw_test_side_say (fixture, 0, "$description", gateway);
  publish_raw (fixture, 0, "homie/5/ID-valve/$description",
               "{\"homie\":\"5.0\",\"version\":1,\"name\":\"Valve\",\"nodes\":{\"light\":{\"properties\":{"
               "\"open\":{\"datatype\":\"boolean\",\"settable\":true}}}}}");
  publish_raw (fixture, 0, "homie/5/ID-valve/light/open", "false");
  bw_test_side_wait_for_value (fixture, 0, "valve:light", "open", "false");

  fixture->answer = "echo";
  bw_test_side_set_node (fixture, 0, "valve:light", "open", "true", 10);
  bw_test_side_expect_command (fixture, "confirmed", NULL);
  bw_test_side_wait_for_value (fixture, 0, "valve:light", "open", "true");
}

static void
test_homie_4 (BwTestSide       *fixture,
              gconstpointer  data)
{
  static const char * const retained[][2] = {
    { "homie/ID/$homie", "4.0.0" },
    { "homie/ID/$name", "Old lamp" },
    { "homie/ID/$nodes", "light" },
    { "homie/ID/light/$name", "Light" },
    { "homie/ID/light/$properties", "power" },
    { "homie/ID/light/power/$datatype", "boolean" },
    { "homie/ID/light/power/$settable", "true" },
    { "homie/ID/light/power", "false" },
    { "homie/ID/$state", "ready" },
  };
  g_autofree char *filter = g_strdup_printf ("homie/%s/+/+/set", bw_test_fleet_get_id (&fixture->fleet, 1));

  fixture->is_old = TRUE;
  bw_test_side_connect_device (fixture, 1);
  bw_mqtt_link_subscribe (fixture->devices[1], filter, 1);
  for (guint i = 0; i < G_N_ELEMENTS (retained); i++)
    publish_raw (fixture, 1, retained[i][0], retained[i][1]);
  bw_test_side_wait_for_state (fixture, 1, BW_STATE_READY);
  bw_test_side_wait_for_column (fixture, 1, "homie", "4.0.0");
  bw_test_side_wait_for_column (fixture, 1, "online", "1");
  bw_test_side_wait_for_value (fixture, 1, "light", "power", "false");

  fixture->answer = "echo";
  bw_test_side_set_value (fixture, 1, "power", "true", 10);
  bw_test_side_expect_command (fixture, "confirmed", NULL);

  fixture->answer = "the relay is stuck";
  bw_test_side_set_value (fixture, 1, "power", "false", 10);
  bw_test_side_expect_command (fixture, "failed", "the relay is stuck");
  fixture->answer = "echo";

  /* after a restart of the backend it is still known how it wants to be told */
  bw_broker_side_stop (fixture->side);
  g_clear_object (&fixture->side);
  bw_test_side_start_side (fixture);
  bw_test_wait_for (bw_test_side_is_connected, fixture);
  bw_test_side_set_value (fixture, 1, "power", "false", 10);
  bw_test_side_expect_command (fixture, "confirmed", NULL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);

#define ADD(name, func) g_test_add (name, BwTestSide, argv[1], bw_test_side_set_up, func, bw_test_side_tear_down)
  ADD ("/server/broker/life", test_life);
  ADD ("/server/broker/bad-input", test_bad_input);
  ADD ("/server/broker/structure", test_structure);
  ADD ("/server/broker/restart-keeps-age", test_restart_keeps_age);
  ADD ("/server/broker/backend-away", test_backend_away);
  ADD ("/server/broker/broker-restart", test_broker_restart);
  ADD ("/server/broker/notices", test_notices);
  ADD ("/server/broker/many-notices", test_many_notices);
  ADD ("/server/broker/gateway", test_gateway);
  ADD ("/server/broker/homie-4", test_homie_4);

  return g_test_run ();
}
