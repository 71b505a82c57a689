/* test-order.c: any order of messages makes the same device
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "bw-test-messages.h"

#if defined (BW_TEST_SANITIZED)
#define N_SHUFFLES 60
#else
#define N_SHUFFLES 400
#endif

static const struct
{
  const char *name;
  const char *id;
  const char *facts;
  const char *node;
  const char *property;
  const char *value;
  BwDatatype  datatype;
  const char *format;
  guint       n_nodes;
  guint       n_properties;   /* of all visible nodes */
} devices[] = {
  { "homie-device-3.0.1-thermostat", "aaaa-bbbb-cccc-0003",
    "name=Foreign thermostat product=foreign-thermostat version=1.4.2 ip=192.0.2.33 homie=3.0.1 state=ready",
    "climate", "setpoint", "20.0", BW_DATATYPE_FLOAT, "5:30", 1, 3 },
  { "homie-device-3.0.1-array", "aaaa-bbbb-cccc-0033",
    "name=Strip product=(null) version=(null) ip=(null) homie=3.0.1 state=ready",
    "lights_2", "color", "2,0,255", BW_DATATYPE_COLOR, "rgb", 4, 7 },
  { "node-homie-0.9.25-thermostat", "aaaa-bbbb-cccc-0004",
    "name=Hall thermostat product=(null) version=(null) ip=(null) homie=4.0.0 state=ready",
    "control", "mode", "eco", BW_DATATYPE_ENUM, "off,eco,comfort", 2, 6 },
  { "node-homie-5.0.0-lamp", "aaaa-bbbb-cccc-0005", "name=Foreign lamp product=foreign-lamp",
    "light", "brightness", "40", BW_DATATYPE_INTEGER, "0:100", 1, 5 },
  { "node-homie-5.0.0-gateway", "aaaa-bbbb-cccc-0055", "name=Gateway product=gateway",
    "lamp:light", "setup", "{\"a\":[1,2]}", BW_DATATYPE_JSON, NULL, 4, 7 },
};

static void
assert_device (BwDeviceTree *tree,
               gsize         i)
{
  g_autofree char *text = bw_test_describe_tree (tree);
  BwTreeProperty *property = bw_device_tree_get_property (tree, devices[i].node, devices[i].property);
  guint n_properties = 0;

  g_assert_nonnull (strstr (text, devices[i].facts));
  g_assert_nonnull (property);
  g_assert_cmpstr (property->value, ==, devices[i].value);
  g_assert_cmpstr (property->format, ==, devices[i].format);
  g_assert_cmpint (property->datatype, ==, devices[i].datatype);
  g_assert_true (property->described && property->settable && !property->bad_value);
  g_assert_cmpint (property->updated_at_us, ==, 1000);
  g_assert_cmpuint (tree->nodes->len, ==, devices[i].n_nodes);
  g_assert_cmpuint (tree->n_refused, ==, 0);
  for (guint j = 0; j < tree->nodes->len; j++)
    n_properties += ((BwTreeNode *) g_ptr_array_index (tree->nodes, j))->properties->len;
  g_assert_cmpuint (n_properties, ==, devices[i].n_properties);
}

static char *
describe_after (const char *id,
                GPtrArray  *messages)
{
  g_autoptr(BwDeviceTree) tree = bw_device_tree_new (id);

  bw_test_send_all (tree, messages);

  return bw_test_describe_tree (tree);
}

static void
test_recorded (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (devices); i++)
    {
      g_autoptr(GPtrArray) messages = bw_test_messages_read (devices[i].name);
      g_autoptr(BwDeviceTree) tree = bw_device_tree_new (devices[i].id);
      g_autofree char *expected = NULL;
      guint n_nodes;

      bw_test_send_all (tree, messages);
      assert_device (tree, i);
      expected = bw_test_describe_tree (tree);
      g_test_message ("%s", expected);

      /* all once more, as after a new connection: nothing changes */
      n_nodes = tree->n_nodes;
      bw_test_send_all (tree, messages);
      assert_device (tree, i);
      g_assert_cmpuint (tree->n_nodes, ==, n_nodes);

      for (guint n = 0; n < N_SHUFFLES; n++)
        {
          g_autofree char *text = NULL;

          bw_test_messages_shuffle (messages);
          text = describe_after (devices[i].id, messages);
          g_assert_cmpstr (text, ==, expected);
        }
    }
}

/* What an earlier firmware left at the broker is not shown, wherever it comes in. */
static void
test_stale (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (devices); i++)
    {
      g_autoptr(GPtrArray) messages = bw_test_messages_read (devices[i].name);
      g_autofree char *expected = describe_after (devices[i].id, messages);
      const char *prefix = strstr (devices[i].name, "5.0.0") != NULL ? "homie/5" : "homie";
      const char * const stale[][2] = {
        { "%s/%s/gone/value", "5" },
        { "%s/%s/gone/other", "6" },
        { "%s/%s/climate/gone", "7" },
        { "%s/%s/light/gone", "7" },
        { "%s/%s/control/gone", "7" },
        { "%s/%s/lights_9/intensity", "7" },
        { "%s/%s/lights_0/gone", "7" },
        { "%s/%s/lights/intensity", "50" },
        { "%s/%s/gone/$name", "Gone" },
        { "%s/%s/gone/$properties", "value,other" },
        { "%s/%s/gone/value/$datatype", "integer" },
        { "%s/%s/climate/gone/$settable", "true" },
      };

      for (guint j = 0; j < G_N_ELEMENTS (stale); j++)
        {
          g_auto(GStrv) parts = g_strsplit (stale[j][0], "%s", 3);
          g_autofree char *topic = g_strconcat (prefix, "/", devices[i].id, parts[2], NULL);

          bw_test_messages_add (messages, topic, stale[j][1]);
        }

      for (guint n = 0; n < N_SHUFFLES; n++)
        {
          g_autofree char *text = NULL;

          bw_test_messages_shuffle (messages);
          text = describe_after (devices[i].id, messages);
          if (strcmp (text, expected) != 0)
            {
              for (guint j = 0; j < messages->len; j++)
                g_test_message ("%s", ((BwTestMessage *) g_ptr_array_index (messages, j))->topic);
            }
          g_assert_cmpstr (text, ==, expected);
        }
    }
}

/* A device that spoke Homie 4 yesterday and speaks Homie 5 now. */
static void
test_upgrade (void)
{
  g_autoptr(GPtrArray) messages = bw_test_messages_read ("node-homie-5.0.0-lamp");
  g_autofree char *expected = describe_after ("aaaa-bbbb-cccc-0005", messages);
  g_autoptr(GPtrArray) old = bw_test_messages_read ("node-homie-0.9.25-thermostat");

  for (guint i = 0; i < old->len; i++)
    {
      BwTestMessage *message = g_ptr_array_index (old, i);

      /* the digits at the end of the id */
      message->topic[strlen ("homie/aaaa-bbbb-cccc-000")] = '5';
    }
  g_ptr_array_extend_and_steal (messages, g_steal_pointer (&old));

  for (guint n = 0; n < N_SHUFFLES; n++)
    {
      g_autofree char *text = NULL;

      bw_test_messages_shuffle (messages);
      text = describe_after ("aaaa-bbbb-cccc-0005", messages);
      g_assert_cmpstr (text, ==, expected);
    }
}

/* Cut off anywhere and gone on with: as a backend that was restarted meanwhile sees it, through JSON. */
static void
test_restart (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (devices); i++)
    {
      g_autoptr(GPtrArray) messages = bw_test_messages_read (devices[i].name);
      g_autofree char *expected = describe_after (devices[i].id, messages);

      for (guint n = 0; n < N_SHUFFLES / 4; n++)
        {
          g_autoptr(BwDeviceTree) before = bw_device_tree_new (devices[i].id);
          g_autoptr(BwDeviceTree) after = bw_device_tree_new (devices[i].id);
          g_autoptr(GString) nodes = g_string_new (NULL);
          g_autoptr(JsonNode) root = NULL;
          g_autofree char *text = NULL;
          guint n_before = (guint) g_test_rand_int_range (0, (gint32) messages->len);

          bw_test_messages_shuffle (messages);
          for (guint j = 0; j < n_before; j++)
            {
              BwTestMessage *message = g_ptr_array_index (messages, j);
              gsize length;
              gconstpointer payload = g_bytes_get_data (message->payload, &length);
              g_auto(BwEffect) effect = { 0 };

              bw_test_send_bytes (before, message->topic, payload, length, 1000, &effect);
            }
          bw_device_tree_write_nodes (before, nodes, NULL);
          root = json_from_string (nodes->str, NULL);
          g_assert_true (bw_device_tree_read_nodes (after, json_node_get_array (root), NULL));
          after->homie = g_strdup (before->homie);

          /* the broker sends what is retained once more, as somebody subscribes */
          bw_test_messages_shuffle (messages);
          bw_test_send_all (after, messages);
          text = bw_test_describe_tree (after);
          g_assert_cmpstr (text, ==, expected);
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/device/order/recorded", test_recorded);
  g_test_add_func ("/device/order/stale", test_stale);
  g_test_add_func ("/device/order/upgrade", test_upgrade);
  g_test_add_func ("/device/order/restart", test_restart);

  return g_test_run ();
}
