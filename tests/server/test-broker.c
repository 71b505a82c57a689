/* test-broker.c: ingest, presence and commands against a real broker with our plugin
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-test"

#include <string.h>

#include "bw-broker-side.h"
#include "bw-device-notices.h"
#include "bw-device.h"
#include "bw-error.h"
#include "bw-json.h"
#include "bw-test-fleet.h"

/* the first ones of the fleet; the next one is NEWCOMER */
#define N_APPROVED 4
#define NEWCOMER   4

static const char *plugin;

static const char description[] =
  "{\"homie\":\"5.0\",\"version\":3,\"name\":\"Lamp\",\"type\":\"lamp\",\"nodes\":{\"light\":{\"name\":\"Light\",\"properties\":{"
  "\"power\":{\"name\":\"Power\",\"datatype\":\"boolean\",\"settable\":true},"
  "\"level\":{\"datatype\":\"float\",\"format\":\"0:100\",\"unit\":\"%\",\"settable\":true},"
  "\"watts\":{\"datatype\":\"float\",\"unit\":\"W\"}}}}}";

typedef struct
{
  BwTestFleet       fleet;
  BwFeed           *feed;
  BwCommandService *commands;
  BwBrokerSide     *side;
  BwMqttLink       *devices[8];
  GPtrArray        *changes;      /* char*: "kind document" */

  /* what a wait waits for */
  const char       *sql;
  const char       *wanted;
  BwMqttLink       *link;

  /* the device's answers */
  const char       *answer;       /* to a set: NULL is silence, "echo", or a reason */
  guint             n_sets;
  gboolean          is_old;       /* it does not announce itself as Homie 5 */

  char             *document;     /* of a command */
  GError           *error;
  gboolean          done;
} Fixture;

static void
changed_cb (Fixture    *fixture,
            const char *kind,
            gint64      company_id,
            const char *document)
{
  g_assert_cmpint (company_id, ==, fixture->fleet.company_id);
  g_ptr_array_add (fixture->changes, g_strdup_printf ("%s %s", kind, document));
}

static gboolean
is_connected (gpointer data)
{
  return bw_broker_side_get_connected (((Fixture *) data)->side);
}

static gboolean
is_disconnected (gpointer data)
{
  return !is_connected (data);
}

static gboolean
link_is_connected (gpointer data)
{
  return bw_mqtt_link_get_connected (((Fixture *) data)->link);
}

static gboolean
sql_is (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *text = bw_test_store_text (fixture->fleet.store, fixture->sql);

  return g_strcmp0 (text, fixture->wanted) == 0;
}

/* The store comes to say so. */
static void
wait_for_text (Fixture    *fixture,
               const char *wanted,
               const char *sql)
{
  fixture->sql = sql;
  fixture->wanted = wanted;
  if (!bw_test_wait (sql_is, fixture, BW_TEST_DEADLINE_SECONDS))
    {
      g_autofree char *text = bw_test_store_text (fixture->fleet.store, sql);

      g_autofree char *log = bw_test_broker_read_log (fixture->fleet.broker);

      g_test_message ("%s: %s instead of %s; the broker: %s", sql, text, wanted, log);
      g_test_fail ();
    }
}

static char *
device_sql (Fixture    *fixture,
            guint       index,
            const char *column)
{
  return g_strdup_printf ("SELECT %s FROM device WHERE id = '%s'", column,
                          bw_test_fleet_get_id (&fixture->fleet, index));
}

static void
wait_for_column (Fixture    *fixture,
                 guint       index,
                 const char *column,
                 const char *wanted)
{
  g_autofree char *sql = device_sql (fixture, index, column);

  wait_for_text (fixture, wanted, sql);
}

static void
wait_for_status (Fixture  *fixture,
                 guint     index,
                 BwStatus  status)
{
  g_autofree char *wanted = g_strdup_printf ("%d", (int) status);

  wait_for_column (fixture, index, "status", wanted);
}

static void
wait_for_state (Fixture *fixture,
                guint    index,
                BwState  state)
{
  g_autofree char *wanted = g_strdup_printf ("%d", (int) state);

  wait_for_column (fixture, index, "state", wanted);
}

static void
wait_for_value (Fixture    *fixture,
                guint       index,
                const char *node,
                const char *property,
                const char *wanted)
{
  g_autofree char *sql =
    g_strdup_printf ("SELECT value FROM property WHERE device_id = '%s' AND node = '%s' AND property = '%s'",
                     bw_test_fleet_get_id (&fixture->fleet, index), node, property);

  wait_for_text (fixture, wanted, sql);
}

static void
publish (Fixture    *fixture,
         guint       index,
         const char *level,
         const char *payload,
         gssize      length)
{
  g_autofree char *topic = g_strdup_printf ("homie/5/%s/%s", bw_test_fleet_get_id (&fixture->fleet, index), level);
  g_autoptr(GError) error = NULL;

  bw_mqtt_link_publish (fixture->devices[index], topic, payload,
                        length >= 0 ? (gsize) length : strlen (payload), 1, TRUE, NULL, &error);
  g_assert_no_error (error);
}

static void
say (Fixture    *fixture,
     guint       index,
     const char *level,
     const char *payload)
{
  publish (fixture, index, level, payload, -1);
}

/* A device's firmware: announces itself at each connect and answers sets. */
static void
device_connected_cb (BwMqttLink *link,
                     GParamSpec *pspec,
                     gpointer    user_data)
{
  Fixture *fixture = user_data;

  if (!bw_mqtt_link_get_connected (link) || fixture->is_old)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (fixture->devices); i++)
    {
      if (fixture->devices[i] != link)
        continue;

      say (fixture, i, "$state", "init");
      say (fixture, i, "$description", description);
      say (fixture, i, "$state", "ready");
    }
}

/* In the convention that it was asked in. */
static void
complain (BwMqttLink *link,
          const char *topic,
          const char *text)
{
  g_auto(GStrv) levels = g_strsplit (topic, "/", -1);
  g_autofree char *where = g_str_equal (levels[1], "5") ? g_strdup_printf ("homie/5/%s/$log/error", levels[2])
                                                        : g_strdup_printf ("homie/%s/$log/error", levels[1]);

  g_assert_true (bw_mqtt_link_publish (link, where, text, strlen (text), 1, FALSE, NULL, NULL));
}

static void
device_batch_cb (BwMqttLink          *link,
                 const BwMqttMessage *messages,
                 guint                n_messages,
                 gpointer             user_data)
{
  Fixture *fixture = user_data;

  for (guint i = 0; i < n_messages; i++)
    {
      const char *suffix = strrchr (messages[i].topic, '/');
      g_autofree char *property = NULL;

      if (g_strcmp0 (suffix, "/set") != 0)
        continue;

      fixture->n_sets++;
      g_assert_false (messages[i].retained);
      property = g_strndup (messages[i].topic, (gsize) (suffix - messages[i].topic));
      if (g_strcmp0 (fixture->answer, "echo") == 0)
        bw_mqtt_link_publish (link, property, messages[i].payload, messages[i].length, 1, TRUE, NULL, NULL);
      else if (g_strcmp0 (fixture->answer, "another form") == 0)
        bw_mqtt_link_publish (link, property, "22.50", 5, 1, TRUE, NULL, NULL);
      else if (fixture->answer != NULL)
        complain (link, messages[i].topic, fixture->answer);
    }
}

static void
connect_device (Fixture *fixture,
                guint    index)
{
  g_autofree char *key = bw_test_fleet_dup_key (&fixture->fleet, index);
  g_autofree char *filter = g_strdup_printf ("homie/5/%s/+/+/set", bw_test_fleet_get_id (&fixture->fleet, index));
  g_autoptr(GError) error = NULL;

  fixture->devices[index] = bw_mqtt_link_new (fixture->fleet.uri, NULL, bw_test_fleet_get_id (&fixture->fleet, index),
                                              key, device_batch_cb, fixture, &error);
  g_assert_no_error (error);
  g_signal_connect (fixture->devices[index], "notify::connected", G_CALLBACK (device_connected_cb), fixture);
  bw_mqtt_link_subscribe (fixture->devices[index], filter, 1);
  bw_mqtt_link_start (fixture->devices[index]);
  fixture->link = fixture->devices[index];
  bw_test_wait_for (link_is_connected, fixture);
}

static void
start_side (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  fixture->side = bw_broker_side_start (fixture->fleet.uri, NULL, fixture->fleet.store, NULL, NULL, fixture->feed,
                                        fixture->commands, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  bw_test_fleet_set_up (&fixture->fleet, plugin, G_N_ELEMENTS (fixture->devices), N_APPROVED);
  fixture->changes = g_ptr_array_new_with_free_func (g_free);
  fixture->feed = bw_feed_new ();
  fixture->commands = bw_command_service_new (fixture->fleet.store, fixture->feed);
  g_signal_connect_swapped (fixture->feed, "changed", G_CALLBACK (changed_cb), fixture);
  start_side (fixture);
  bw_test_wait_for (is_connected, fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  for (guint i = 0; i < G_N_ELEMENTS (fixture->devices); i++)
    g_clear_object (&fixture->devices[i]);

  if (fixture->side != NULL)
    bw_broker_side_stop (fixture->side);
  g_clear_object (&fixture->side);
  g_clear_object (&fixture->commands);
  g_clear_object (&fixture->feed);
  bw_test_fleet_tear_down (&fixture->fleet);
  g_clear_pointer (&fixture->changes, g_ptr_array_unref);
  g_clear_error (&fixture->error);
  g_free (fixture->document);
}

/* A device that is let in and has said who it is. */
static void
bring_in (Fixture *fixture,
          guint    index)
{
  connect_device (fixture, index);
  wait_for_state (fixture, index, BW_STATE_READY);
  wait_for_column (fixture, index, "online", "1");
}

static gboolean
has_change (gpointer data)
{
  Fixture *fixture = data;

  for (guint i = 0; i < fixture->changes->len; i++)
    {
      if (strstr (g_ptr_array_index (fixture->changes, i), fixture->wanted) != NULL)
        return TRUE;
    }

  return FALSE;
}

static void
wait_for_change (Fixture    *fixture,
                 const char *part)
{
  fixture->wanted = part;
  bw_test_wait_for (has_change, fixture);
}

static void
set_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  Fixture *fixture = user_data;

  fixture->document = bw_command_service_set_finish (BW_COMMAND_SERVICE (source), result, &fixture->error);
  fixture->done = TRUE;
}

static gboolean
is_done (gpointer data)
{
  return ((Fixture *) data)->done;
}

static void
set_node (Fixture    *fixture,
          guint       index,
          const char *node,
          const char *property,
          const char *value,
          guint       wait_seconds)
{
  g_clear_error (&fixture->error);
  g_clear_pointer (&fixture->document, g_free);
  fixture->done = FALSE;

  bw_command_service_set_async (fixture->commands, &fixture->fleet.actor, "192.0.2.1",
                                bw_test_fleet_get_id (&fixture->fleet, index), node, property, value,
                                wait_seconds, NULL, set_cb, fixture);
  bw_test_wait_for (is_done, fixture);
}

static void
set_value (Fixture    *fixture,
           guint       index,
           const char *property,
           const char *value,
           guint       wait_seconds)
{
  set_node (fixture, index, "light", property, value, wait_seconds);
}

static void
expect_command (Fixture    *fixture,
                const char *state,
                const char *reason)
{
  g_autoptr(JsonObject) json = NULL;

  g_assert_no_error (fixture->error);
  json = bw_json_parse_object (fixture->document, strlen (fixture->document), 65536, NULL);
  g_assert_cmpstr (bw_json_get_string (json, "state"), ==, state);
  g_assert_cmpstr (bw_json_get_string (json, "reason"), ==, reason);
}

static void
test_life (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *value = NULL;

  /* a device with a good key, that nobody has let in */
  connect_device (fixture, NEWCOMER);
  wait_for_status (fixture, NEWCOMER, BW_STATUS_AWAITING_APPROVAL);
  wait_for_column (fixture, NEWCOMER, "online", "1");
  wait_for_column (fixture, NEWCOMER, "address", "127.0.0.1");
  wait_for_column (fixture, NEWCOMER, "product", "lamp");
  wait_for_column (fixture, NEWCOMER, "CASE WHEN first_seen_us > 1000000000000000 THEN 1 ELSE 0 END", "1");
  wait_for_change (fixture, "\"status\":\"awaiting-approval\"");

  /* its values are refused by the broker */
  say (fixture, NEWCOMER, "light/watts", "1");
  say (fixture, NEWCOMER, "$name", "");
  bw_test_spin (300);
  value = bw_test_store_text (fixture->fleet.store, "SELECT value FROM property WHERE property = 'watts'");
  g_assert_null (value);

  /* approval brings it back */
  bw_test_fleet_set_status (&fixture->fleet, NEWCOMER, BW_STATUS_PAIRING);
  bw_test_spin (300);
  bw_test_wait_for (link_is_connected, fixture);
  wait_for_state (fixture, NEWCOMER, BW_STATE_READY);
  say (fixture, NEWCOMER, "light/watts", "42.5");
  wait_for_value (fixture, NEWCOMER, "light", "watts", "42.5");
  wait_for_status (fixture, NEWCOMER, BW_STATUS_PAIRING);
  wait_for_change (fixture, "\"state\":\"ready\"");

  /* it dies without a word: ready it is no more */
  g_clear_object (&fixture->devices[NEWCOMER]);
  wait_for_column (fixture, NEWCOMER, "online", "0");
  wait_for_state (fixture, NEWCOMER, BW_STATE_LOST);
  wait_for_change (fixture, "\"state\":\"lost\"");

  /* and comes back */
  connect_device (fixture, NEWCOMER);
  wait_for_state (fixture, NEWCOMER, BW_STATE_READY);
}

static void
test_bad_input (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *large = g_strnfill (2 * 1024 * 1024, 'x');

  bring_in (fixture, 0);
  say (fixture, 0, "light/watts", "1");
  wait_for_value (fixture, 0, "light", "watts", "1");

  publish (fixture, 0, "light/watts", "\xff\xfe\xff", 3);
  publish (fixture, 0, "light/watts", large, -1);
  say (fixture, 0, "light/watts/too/many/levels/here", "1");
  say (fixture, 0, "LIGHT /x", "1");
  say (fixture, 0, "$description", "{\"homie\":\"5.0\",");
  publish (fixture, 0, "$description", large, -1);
  say (fixture, 0, "light/level", "a number this is not");
  say (fixture, 0, "light/watts", "2");
  wait_for_value (fixture, 0, "light", "watts", "2");

  /* nothing of it did any harm, and what is against its format is shown all the same */
  wait_for_value (fixture, 0, "light", "level", "a number this is not");
  wait_for_state (fixture, 0, BW_STATE_READY);
  g_assert_cmpint (bw_test_store_int (fixture->fleet.store, "SELECT count(*) FROM property"), ==, 3);
}

static void
test_structure (Fixture       *fixture,
                gconstpointer  data)
{
  bring_in (fixture, 0);
  say (fixture, 0, "light/watts", "1");
  say (fixture, 0, "light/power", "true");
  wait_for_value (fixture, 0, "light", "power", "true");

  /* a firmware with fewer and with other properties */
  say (fixture, 0, "$description",
       "{\"homie\":\"5.0\",\"version\":4,\"name\":\"Lamp\",\"type\":\"lamp\",\"nodes\":{\"light\":{\"properties\":{"
       "\"power\":{\"name\":\"Switch\",\"datatype\":\"boolean\",\"settable\":true},"
       "\"hue\":{\"datatype\":\"integer\"}}},\"more\":{\"properties\":{\"x\":{\"datatype\":\"string\"}}}}}");
  say (fixture, 0, "more/x", "y");
  wait_for_value (fixture, 0, "more", "x", "y");
  g_assert_cmpint (bw_test_store_int (fixture->fleet.store, "SELECT count(*) FROM property"), ==, 3);
  g_assert_cmpint (bw_test_store_int (fixture->fleet.store, "SELECT count(*) FROM node"), ==, 2);
  wait_for_text (fixture, "Switch", "SELECT name FROM property WHERE property = 'power'");
  wait_for_value (fixture, 0, "light", "power", "true");

  /* what is stored is what a backend begins with when it starts anew */
  bw_broker_side_stop (fixture->side);
  g_clear_object (&fixture->side);
  start_side (fixture);
  bw_test_wait_for (is_connected, fixture);
  say (fixture, 0, "light/power", "false");
  wait_for_value (fixture, 0, "light", "power", "false");
  wait_for_value (fixture, 0, "more", "x", "y");
  g_assert_cmpint (bw_test_store_int (fixture->fleet.store, "SELECT count(*) FROM property"), ==, 3);
}

/* A value keeps its age when it is only told again. */
static void
test_restart_keeps_age (Fixture       *fixture,
                        gconstpointer  data)
{
  gint64 before_us;
  gint64 revision;

  bring_in (fixture, 0);
  say (fixture, 0, "light/watts", "1");
  wait_for_value (fixture, 0, "light", "watts", "1");
  before_us = bw_test_store_int (fixture->fleet.store, "SELECT updated_at_us FROM property WHERE property = 'watts'");
  revision = bw_test_store_int (fixture->fleet.store, "SELECT max(revision) FROM device");

  bw_broker_side_stop (fixture->side);
  g_clear_object (&fixture->side);
  start_side (fixture);
  bw_test_wait_for (is_connected, fixture);
  say (fixture, 0, "light/level", "1");
  wait_for_value (fixture, 0, "light", "level", "1");

  g_assert_cmpint (bw_test_store_int (fixture->fleet.store,
                                      "SELECT updated_at_us FROM property WHERE property = 'watts'"), ==, before_us);
  g_assert_cmpint (bw_test_store_int (fixture->fleet.store, "SELECT max(revision) FROM device"), ==, revision);
}

/* A description with 2,000 properties, and a value of each. */
static void
say_many (Fixture *fixture,
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
  say (fixture, index, "$description", json->str);

  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *level = g_strdup_printf ("n%u/p%u", i % 20, i / 20);

      say (fixture, index, level, "1");
    }
}

/* What devices say while no backend is there comes in when it is back. */
static void
test_backend_away (Fixture       *fixture,
                   gconstpointer  data)
{
  bring_in (fixture, 0);
  bring_in (fixture, 1);
  bw_broker_side_stop (fixture->side);
  g_clear_object (&fixture->side);

  say_many (fixture, 0);
  g_clear_object (&fixture->devices[1]);
  connect_device (fixture, NEWCOMER);
  bw_test_spin (200);
  g_clear_object (&fixture->devices[NEWCOMER]);

  start_side (fixture);
  wait_for_text (fixture, "2000", "SELECT count(*) FROM property WHERE value = '1'");
  wait_for_column (fixture, 1, "online", "0");
  wait_for_status (fixture, NEWCOMER, BW_STATUS_AWAITING_APPROVAL);
  wait_for_column (fixture, NEWCOMER, "online", "0");
}

static void
test_broker_restart (Fixture       *fixture,
                     gconstpointer  data)
{
  bring_in (fixture, 0);
  bring_in (fixture, 1);

  bw_test_broker_kill (fixture->fleet.broker);
  bw_test_wait_for (is_disconnected, fixture);
  set_value (fixture, 0, "power", "true", 0);
  g_assert_error (fixture->error, BW_ERROR, BW_ERROR_UNAVAILABLE);

  /* one device does not survive it, and the broker has forgotten that it was there */
  g_clear_object (&fixture->devices[1]);
  bw_test_broker_start (fixture->fleet.broker);
  bw_test_wait_for (is_connected, fixture);
  fixture->link = fixture->devices[0];
  bw_test_wait_for (link_is_connected, fixture);
  say (fixture, 0, "light/watts", "7");
  wait_for_value (fixture, 0, "light", "watts", "7");
  wait_for_column (fixture, 0, "online", "1");
  wait_for_column (fixture, 1, "online", "0");
  wait_for_state (fixture, 1, BW_STATE_LOST);
}

static void
test_set (Fixture       *fixture,
          gconstpointer  data)
{
  g_autoptr(JsonObject) json = NULL;
  g_autofree char *again = NULL;
  g_autofree char *above = NULL;
  const char *id;

  bring_in (fixture, 0);

  fixture->answer = "echo";
  set_value (fixture, 0, "power", "true", 10);
  expect_command (fixture, "confirmed", NULL);
  wait_for_change (fixture, "\"state\":\"wanted\"");
  wait_for_change (fixture, "\"state\":\"confirmed\"");
  wait_for_value (fixture, 0, "light", "power", "true");

  /* the same once more: the echo changes nothing, but it is one */
  set_value (fixture, 0, "power", "true", 10);
  expect_command (fixture, "confirmed", NULL);

  fixture->answer = "another form";
  set_value (fixture, 0, "level", "22.5", 10);
  expect_command (fixture, "confirmed", NULL);

  fixture->answer = "the relay is stuck";
  set_value (fixture, 0, "power", "false", 10);
  expect_command (fixture, "failed", "the relay is stuck");

  fixture->answer = NULL;
  g_ptr_array_set_size (fixture->changes, 0);
  set_value (fixture, 0, "power", "false", 1);
  expect_command (fixture, "failed", "timed out");
  wait_for_change (fixture, "\"state\":\"sent\"");

  /* not waited for: the command can be asked after */
  fixture->answer = "echo";
  g_ptr_array_set_size (fixture->changes, 0);
  set_value (fixture, 0, "level", "30", 0);
  expect_command (fixture, "wanted", NULL);
  json = bw_json_parse_object (fixture->document, strlen (fixture->document), 65536, NULL);
  wait_for_change (fixture, "\"state\":\"confirmed\"");
  id = bw_json_get_string (json, "id");
  again = bw_command_service_get (fixture->commands, fixture->fleet.company_id, FALSE, id, NULL);
  g_assert_nonnull (strstr (again, "\"state\":\"confirmed\""));
  g_assert_null (bw_command_service_get (fixture->commands, 99, FALSE, id, NULL));
  above = bw_command_service_get (fixture->commands, 99, TRUE, id, NULL);
  g_assert_cmpstr (above, ==, again);
  g_assert_cmpuint (fixture->n_sets, ==, 6);
}

/* How many changes there are with all that. */
static guint
count_changes (Fixture    *fixture,
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
test_notices (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *device = g_strdup_printf ("\"deviceId\":\"%s\"", bw_test_fleet_get_id (&fixture->fleet, 0));
  g_autofree char *large = g_strnfill (4000, 'x');

  bring_in (fixture, 0);
  say (fixture, 0, "$log/debug", "nobody wants to know");
  say (fixture, 0, "$log/warn", "the lid is open");
  wait_for_change (fixture, "\"level\":\"warning\",\"text\":\"the lid is open\",\"count\":1");
  g_assert_cmpuint (count_changes (fixture, "notice", device), ==, 1);
  g_assert_cmpuint (count_changes (fixture, "notice", "nobody wants"), ==, 0);

  /* a flood: once, by the worst of it */
  g_ptr_array_set_size (fixture->changes, 0);
  for (guint i = 0; i < 50; i++)
    say (fixture, 0, "$log/info", "still here");
  say (fixture, 0, "$log/error", "the pump is dry");
  for (guint i = 0; i < 49; i++)
    say (fixture, 0, "$log/info", "still here");
  wait_for_change (fixture, "\"text\":\"the pump is dry\"");
  say (fixture, 0, "$alert/lid", "open");
  wait_for_change (fixture, "\"level\":\"alert\",\"text\":\"open\"");
  g_assert_cmpuint (count_changes (fixture, "notice", device), <=, 6);

  say (fixture, 0, "$log/info", large);
  wait_for_change (fixture, "\"text\":\"xxxx");
  g_assert_cmpuint (count_changes (fixture, "notice", large), ==, 0);

  /* the broker keeps what was retained, and tells it again: it is not news */
  g_ptr_array_set_size (fixture->changes, 0);
  bw_broker_side_stop (fixture->side);
  g_clear_object (&fixture->side);
  start_side (fixture);
  bw_test_wait_for (is_connected, fixture);
  say (fixture, 0, "$log/warn", "after it came back");
  wait_for_change (fixture, "after it came back");
  g_assert_cmpuint (count_changes (fixture, "notice", "\"alert\""), ==, 0);
  g_assert_cmpuint (count_changes (fixture, "notice", "the pump is dry"), ==, 0);

  /* who is not approved may say what he likes to nobody */
  connect_device (fixture, NEWCOMER);
  wait_for_status (fixture, NEWCOMER, BW_STATUS_AWAITING_APPROVAL);
  say (fixture, NEWCOMER, "$log/error", "let me in");
  say (fixture, NEWCOMER, "$state", "sleeping");
  wait_for_state (fixture, NEWCOMER, BW_STATE_SLEEPING);
  say (fixture, 0, "$log/warn", "the last word");
  wait_for_change (fixture, "the last word");
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
test_many_notices (Fixture       *fixture,
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

typedef struct
{
  guint n_published;
  int   n_watched;
} Wire;

static gboolean
wire_publish (BwDeviceTree          *tree,
              const BwTreeProperty  *property,
              const char            *value,
              guint                 *ret_id,
              gpointer               user_data,
              GError               **error)
{
  *ret_id = ++((Wire *) user_data)->n_published;

  return TRUE;
}

static void
wire_watch (const char *device_id,
            const char *node,
            const char *property,
            gboolean    on,
            gpointer    user_data)
{
  ((Wire *) user_data)->n_watched += on ? 1 : -1;
}

static gboolean
is_published (gpointer data)
{
  return ((Wire *) data)->n_published > 0;
}

/* What ends while there is no connection is not watched for ever; what lives on is watched by the next one. */
static void
test_watch (Fixture       *fixture,
            gconstpointer  data)
{
  static const BwCommandTransport transport = { wire_publish, wire_watch };
  Wire wire = { 0, 0 };
  Wire other = { 0, 0 };

  bring_in (fixture, 0);
  bw_broker_side_stop (fixture->side);
  bw_command_service_set_transport (fixture->commands, &transport, &wire);

  bw_command_service_set_async (fixture->commands, &fixture->fleet.actor, "192.0.2.1",
                                bw_test_fleet_get_id (&fixture->fleet, 0), "light", "power", "true",
                                1, NULL, set_cb, fixture);
  bw_test_wait_for (is_published, &wire);
  g_assert_cmpint (wire.n_watched, ==, 1);
  bw_command_service_acknowledged (fixture->commands, wire.n_published);
  bw_command_service_set_transport (fixture->commands, NULL, &wire);
  bw_test_wait_for (is_done, fixture);
  expect_command (fixture, "failed", "timed out");
  g_assert_cmpint (wire.n_watched, ==, 0);

  bw_command_service_set_transport (fixture->commands, &transport, &wire);
  set_value (fixture, 0, "power", "false", 0);
  bw_command_service_acknowledged (fixture->commands, wire.n_published);
  bw_command_service_set_transport (fixture->commands, NULL, NULL);
  bw_command_service_set_transport (fixture->commands, &transport, &other);
  g_assert_cmpint (other.n_watched, ==, 1);
  bw_command_service_echo (fixture->commands, bw_test_fleet_get_id (&fixture->fleet, 0), "light", "power", "false");
  g_assert_cmpint (other.n_watched, ==, 0);
  bw_command_service_set_transport (fixture->commands, NULL, NULL);
}

static void
publish_raw (Fixture    *fixture,
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
test_gateway (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *filter = NULL;
  g_autofree char *gateway = NULL;

  bring_in (fixture, 0);
  filter = g_strdup_printf ("homie/5/%s-valve/+/+/set", bw_test_fleet_get_id (&fixture->fleet, 0));
  bw_mqtt_link_subscribe (fixture->devices[0], filter, 1);
  gateway = g_strdup_printf ("{\"homie\":\"5.0\",\"version\":4,\"name\":\"Gateway\",\"children\":[\"%s-valve\"]}",
                             bw_test_fleet_get_id (&fixture->fleet, 0));
  say (fixture, 0, "$description", gateway);
  publish_raw (fixture, 0, "homie/5/ID-valve/$description",
               "{\"homie\":\"5.0\",\"version\":1,\"name\":\"Valve\",\"nodes\":{\"light\":{\"properties\":{"
               "\"open\":{\"datatype\":\"boolean\",\"settable\":true}}}}}");
  publish_raw (fixture, 0, "homie/5/ID-valve/light/open", "false");
  wait_for_value (fixture, 0, "valve:light", "open", "false");

  fixture->answer = "echo";
  set_node (fixture, 0, "valve:light", "open", "true", 10);
  expect_command (fixture, "confirmed", NULL);
  wait_for_value (fixture, 0, "valve:light", "open", "true");
}

static void
test_homie_4 (Fixture       *fixture,
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
  connect_device (fixture, 1);
  bw_mqtt_link_subscribe (fixture->devices[1], filter, 1);
  for (guint i = 0; i < G_N_ELEMENTS (retained); i++)
    publish_raw (fixture, 1, retained[i][0], retained[i][1]);
  wait_for_state (fixture, 1, BW_STATE_READY);
  wait_for_column (fixture, 1, "homie", "4.0.0");
  wait_for_column (fixture, 1, "online", "1");
  wait_for_value (fixture, 1, "light", "power", "false");

  fixture->answer = "echo";
  set_value (fixture, 1, "power", "true", 10);
  expect_command (fixture, "confirmed", NULL);

  fixture->answer = "the relay is stuck";
  set_value (fixture, 1, "power", "false", 10);
  expect_command (fixture, "failed", "the relay is stuck");
  fixture->answer = "echo";

  /* after a restart of the backend it is still known how it wants to be told */
  bw_broker_side_stop (fixture->side);
  g_clear_object (&fixture->side);
  start_side (fixture);
  bw_test_wait_for (is_connected, fixture);
  set_value (fixture, 1, "power", "false", 10);
  expect_command (fixture, "confirmed", NULL);
}

static void
test_set_refused (Fixture       *fixture,
                  gconstpointer  data)
{
  static const struct
  {
    const char *property;
    const char *value;
    BwError     code;
  } bad[] = {
    { "power", "maybe", BW_ERROR_INVALID },
    { "level", "101", BW_ERROR_INVALID },
    { "watts", "1", BW_ERROR_INVALID },
    { "nothing", "1", BW_ERROR_NOT_FOUND },
  };

  bring_in (fixture, 0);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      set_value (fixture, 0, bad[i].property, bad[i].value, 5);
      g_assert_error (fixture->error, BW_ERROR, (int) bad[i].code);
    }

  /* not let in; of another company; offline; blocked */
  connect_device (fixture, NEWCOMER);
  wait_for_column (fixture, NEWCOMER, "online", "1");
  set_value (fixture, NEWCOMER, "power", "true", 5);
  g_assert_error (fixture->error, BW_ERROR, BW_ERROR_CONFLICT);

  fixture->fleet.actor.company_id++;
  set_value (fixture, 0, "power", "true", 5);
  g_assert_error (fixture->error, BW_ERROR, BW_ERROR_NOT_FOUND);
  fixture->fleet.actor.company_id--;

  g_clear_object (&fixture->devices[0]);
  wait_for_column (fixture, 0, "online", "0");
  set_value (fixture, 0, "power", "true", 5);
  g_assert_error (fixture->error, BW_ERROR, BW_ERROR_CONFLICT);
  g_assert_cmpstr (fixture->error->message, ==, "the device is offline");

  bw_test_fleet_set_status (&fixture->fleet, 0, BW_STATUS_BLOCKED);
  set_value (fixture, 0, "power", "true", 5);
  g_assert_error (fixture->error, BW_ERROR, BW_ERROR_CONFLICT);
  g_assert_cmpstr (fixture->error->message, ==, "the device is blocked");
  g_assert_cmpuint (fixture->n_sets, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  plugin = argv[1];

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  ADD ("/server/broker/life", test_life);
  ADD ("/server/broker/bad-input", test_bad_input);
  ADD ("/server/broker/structure", test_structure);
  ADD ("/server/broker/restart-keeps-age", test_restart_keeps_age);
  ADD ("/server/broker/backend-away", test_backend_away);
  ADD ("/server/broker/broker-restart", test_broker_restart);
  ADD ("/server/broker/set", test_set);
  ADD ("/server/broker/watch", test_watch);
  ADD ("/server/broker/notices", test_notices);
  ADD ("/server/broker/many-notices", test_many_notices);
  ADD ("/server/broker/gateway", test_gateway);
  ADD ("/server/broker/homie-4", test_homie_4);
  ADD ("/server/broker/set-refused", test_set_refused);

  return g_test_run ();
}
