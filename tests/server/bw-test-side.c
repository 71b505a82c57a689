/* bw-test-side.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-test"

#include "bw-test-side.h"

#include <string.h>

#include "bw-device.h"
#include "bw-error.h"
#include "bw-json.h"

static const char description[] =
  "{\"homie\":\"5.0\",\"version\":3,\"name\":\"Lamp\",\"type\":\"lamp\",\"nodes\":{\"light\":{\"name\":\"Light\",\"properties\":{"
  "\"power\":{\"name\":\"Power\",\"datatype\":\"boolean\",\"settable\":true},"
  "\"level\":{\"datatype\":\"float\",\"format\":\"0:100\",\"unit\":\"%\",\"settable\":true},"
  "\"watts\":{\"datatype\":\"float\",\"unit\":\"W\"}}}}}";

static void
changed_cb (BwTestSide    *fixture,
            const char *kind,
            gint64      company_id,
            const char *document)
{
  g_assert_cmpint (company_id, ==, fixture->fleet.company_id);
  g_ptr_array_add (fixture->changes, g_strdup_printf ("%s %s", kind, document));
}

gboolean
bw_test_side_is_connected (gpointer data)
{
  return bw_broker_side_get_connected (((BwTestSide *) data)->side);
}

gboolean
bw_test_side_is_disconnected (gpointer data)
{
  return !bw_test_side_is_connected (data);
}

gboolean
bw_test_side_link_is_connected (gpointer data)
{
  return bw_mqtt_link_get_connected (((BwTestSide *) data)->link);
}

static gboolean
sql_is (gpointer data)
{
  BwTestSide *fixture = data;
  g_autofree char *text = bw_test_store_text (fixture->fleet.store, fixture->sql);

  return g_strcmp0 (text, fixture->wanted) == 0;
}

/* The store comes to bw_test_side_say so. */
void
bw_test_side_wait_for_text (BwTestSide    *fixture,
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
device_sql (BwTestSide    *fixture,
            guint       index,
            const char *column)
{
  return g_strdup_printf ("SELECT %s FROM device WHERE id = '%s'", column,
                          bw_test_fleet_get_id (&fixture->fleet, index));
}

void
bw_test_side_wait_for_column (BwTestSide    *fixture,
                 guint       index,
                 const char *column,
                 const char *wanted)
{
  g_autofree char *sql = device_sql (fixture, index, column);

  bw_test_side_wait_for_text (fixture, wanted, sql);
}

void
bw_test_side_wait_for_status (BwTestSide  *fixture,
                 guint     index,
                 BwStatus  status)
{
  g_autofree char *wanted = g_strdup_printf ("%d", (int) status);

  bw_test_side_wait_for_column (fixture, index, "status", wanted);
}

void
bw_test_side_wait_for_state (BwTestSide *fixture,
                guint    index,
                BwState  state)
{
  g_autofree char *wanted = g_strdup_printf ("%d", (int) state);

  bw_test_side_wait_for_column (fixture, index, "state", wanted);
}

void
bw_test_side_wait_for_value (BwTestSide    *fixture,
                guint       index,
                const char *node,
                const char *property,
                const char *wanted)
{
  g_autofree char *sql =
    g_strdup_printf ("SELECT value FROM property WHERE device_id = '%s' AND node = '%s' AND property = '%s'",
                     bw_test_fleet_get_id (&fixture->fleet, index), node, property);

  bw_test_side_wait_for_text (fixture, wanted, sql);
}

void
bw_test_side_publish (BwTestSide    *fixture,
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

void
bw_test_side_say (BwTestSide    *fixture,
     guint       index,
     const char *level,
     const char *payload)
{
  bw_test_side_publish (fixture, index, level, payload, -1);
}

/* A device's firmware: announces itself at each connect and answers sets. */
static void
device_connected_cb (BwMqttLink *link,
                     GParamSpec *pspec,
                     gpointer    user_data)
{
  BwTestSide *fixture = user_data;

  if (!bw_mqtt_link_get_connected (link) || fixture->is_old)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (fixture->devices); i++)
    {
      if (fixture->devices[i] != link)
        continue;

      bw_test_side_say (fixture, i, "$state", "init");
      bw_test_side_say (fixture, i, "$description", description);
      bw_test_side_say (fixture, i, "$state", "ready");
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
  BwTestSide *fixture = user_data;

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

void
bw_test_side_connect_device (BwTestSide *fixture,
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
  bw_test_wait_for (bw_test_side_link_is_connected, fixture);
}

void
bw_test_side_start_side (BwTestSide *fixture)
{
  g_autoptr(GError) error = NULL;

  fixture->side = bw_broker_side_start (fixture->fleet.uri, NULL, fixture->fleet.store, NULL, NULL, fixture->feed,
                                        fixture->commands, &error);
  g_assert_no_error (error);
}

void
bw_test_side_set_up (BwTestSide       *fixture,
        gconstpointer  data)
{
  bw_test_fleet_set_up (&fixture->fleet, data, G_N_ELEMENTS (fixture->devices), BW_TEST_SIDE_N_APPROVED);
  fixture->changes = g_ptr_array_new_with_free_func (g_free);
  fixture->feed = bw_feed_new ();
  fixture->commands = bw_command_service_new (fixture->fleet.store, fixture->feed);
  g_signal_connect_swapped (fixture->feed, "changed", G_CALLBACK (changed_cb), fixture);
  bw_test_side_start_side (fixture);
  bw_test_wait_for (bw_test_side_is_connected, fixture);
}

void
bw_test_side_tear_down (BwTestSide       *fixture,
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
void
bw_test_side_bring_in (BwTestSide *fixture,
          guint    index)
{
  bw_test_side_connect_device (fixture, index);
  bw_test_side_wait_for_state (fixture, index, BW_STATE_READY);
  bw_test_side_wait_for_column (fixture, index, "online", "1");
}

static gboolean
has_change (gpointer data)
{
  BwTestSide *fixture = data;

  for (guint i = 0; i < fixture->changes->len; i++)
    {
      if (strstr (g_ptr_array_index (fixture->changes, i), fixture->wanted) != NULL)
        return TRUE;
    }

  return FALSE;
}

void
bw_test_side_wait_for_change (BwTestSide    *fixture,
                 const char *part)
{
  fixture->wanted = part;
  bw_test_wait_for (has_change, fixture);
}

void
bw_test_side_set_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  BwTestSide *fixture = user_data;

  fixture->document = bw_command_service_set_finish (BW_COMMAND_SERVICE (source), result, &fixture->error);
  fixture->done = TRUE;
}

gboolean
bw_test_side_is_done (gpointer data)
{
  return ((BwTestSide *) data)->done;
}

void
bw_test_side_set_node (BwTestSide    *fixture,
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
                                wait_seconds, NULL, bw_test_side_set_cb, fixture);
  bw_test_wait_for (bw_test_side_is_done, fixture);
}

void
bw_test_side_set_value (BwTestSide    *fixture,
           guint       index,
           const char *property,
           const char *value,
           guint       wait_seconds)
{
  bw_test_side_set_node (fixture, index, "light", property, value, wait_seconds);
}

void
bw_test_side_expect_command (BwTestSide    *fixture,
                const char *state,
                const char *reason)
{
  g_autoptr(JsonObject) json = NULL;

  g_assert_no_error (fixture->error);
  json = bw_json_parse_object (fixture->document, strlen (fixture->document), 65536, NULL);
  g_assert_cmpstr (bw_json_get_string (json, "state"), ==, state);
  g_assert_cmpstr (bw_json_get_string (json, "reason"), ==, reason);
}
