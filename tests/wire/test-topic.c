/* test-topic.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-test"

#include "bw-topic.h"

#include <glib.h>
#include <string.h>

#define ID "aaaa-bbbb-cccc-dddd"
#define SIXTEEN "0123456789abcdef"
#define SIXTY_FOUR SIXTEEN SIXTEEN SIXTEEN SIXTEEN

static const struct
{
  const char *topic;
  BwTopicRoot root;
  BwTopicKind kind;
  const char *device;
  const char *node;
  const char *property;
  const char *attribute;
} good[] = {
  { "homie/5/" ID "/$state", BW_TOPIC_HOMIE_5, BW_TOPIC_DEVICE_ATTRIBUTE, ID, "", "", "$state" },
  { "homie/5/" ID "/$description", BW_TOPIC_HOMIE_5, BW_TOPIC_DEVICE_ATTRIBUTE, ID, "", "", "$description" },
  { "homie/5/" ID "/$log/error", BW_TOPIC_HOMIE_5, BW_TOPIC_DEVICE_ATTRIBUTE, ID, "", "", "$log/error" },
  { "homie/5/" ID "-1/$state", BW_TOPIC_HOMIE_5, BW_TOPIC_DEVICE_ATTRIBUTE, ID "-1", "", "", "$state" },
  { "homie/5/" ID "/meter/power", BW_TOPIC_HOMIE_5, BW_TOPIC_VALUE, ID, "meter", "power", "" },
  { "homie/5/" ID "/meter/power/set", BW_TOPIC_HOMIE_5, BW_TOPIC_SET, ID, "meter", "power", "" },
  { "homie/5/" ID "/meter/power/$target", BW_TOPIC_HOMIE_5, BW_TOPIC_TARGET, ID, "meter", "power", "$target" },
  { "homie/5/" ID "/set/set", BW_TOPIC_HOMIE_5, BW_TOPIC_VALUE, ID, "set", "set", "" },
  { "homie/5/" ID "/set/set/set", BW_TOPIC_HOMIE_5, BW_TOPIC_SET, ID, "set", "set", "" },
  { "homie/5/$broadcast/alert", BW_TOPIC_HOMIE_5, BW_TOPIC_BROADCAST, "", "", "", "$broadcast/alert" },
  { "homie/5/" SIXTY_FOUR "/a/b", BW_TOPIC_HOMIE_5, BW_TOPIC_VALUE, SIXTY_FOUR, "a", "b", "" },
  { "homie/" ID "/$homie", BW_TOPIC_HOMIE_3_4, BW_TOPIC_DEVICE_ATTRIBUTE, ID, "", "", "$homie" },
  { "homie/" ID "/$fw/version", BW_TOPIC_HOMIE_3_4, BW_TOPIC_DEVICE_ATTRIBUTE, ID, "", "", "$fw/version" },
  { "homie/" ID "/$implementation/ota/status", BW_TOPIC_HOMIE_3_4, BW_TOPIC_DEVICE_ATTRIBUTE, ID, "", "", "$implementation/ota/status" },
  { "homie/" ID "/Node_1/$properties", BW_TOPIC_HOMIE_3_4, BW_TOPIC_NODE_ATTRIBUTE, ID, "Node_1", "", "$properties" },
  { "homie/" ID "/Node_1/Temp_C/$datatype", BW_TOPIC_HOMIE_3_4, BW_TOPIC_PROPERTY_ATTRIBUTE, ID, "Node_1", "Temp_C", "$datatype" },
  { "homie/" ID "/n/p/$target/x", BW_TOPIC_HOMIE_3_4, BW_TOPIC_PROPERTY_ATTRIBUTE, ID, "n", "p", "$target/x" },
  { "homie/" ID "/n/p", BW_TOPIC_HOMIE_3_4, BW_TOPIC_VALUE, ID, "n", "p", "" },
  { "homie/" ID "/n/p/set", BW_TOPIC_HOMIE_3_4, BW_TOPIC_SET, ID, "n", "p", "" },
  { "homie/$broadcast/a/b", BW_TOPIC_HOMIE_3_4, BW_TOPIC_BROADCAST, "", "", "", "$broadcast/a/b" },
  { "homie/lamp/n/p", BW_TOPIC_HOMIE_3_4, BW_TOPIC_VALUE, "lamp", "n", "p", "" },
  { "bellwether/presence/" ID, BW_TOPIC_PRESENCE, BW_TOPIC_DEVICE, ID, "", "", "" },
  { "bellwether/changes/1", BW_TOPIC_CHANGES, BW_TOPIC_DEVICE, "1", "", "", "" },
  { "bellwether/changes/a-B_9", BW_TOPIC_CHANGES, BW_TOPIC_DEVICE, "a-B_9", "", "", "" },
};

static const char * const bad[] = {
  "", "/", "homie", "homie/", "homie//", "homie/5", "homie/5/", "homie/5//$state", "homie/5/" ID, "homie/5/" ID "/",
  "homie/" ID, "homie/" ID "/", "homie/" ID "/n", "homie/" ID "/n/", "homie/" ID "//p", "homie/" ID "/n/p/",
  "homie/" ID "/n/p/set/", "homie/" ID "/n/p/set/x", "homie/" ID "/n/p/get", "homie/" ID "/n/p/q", "homie/" ID "/n/p/SET",
  "homie/" ID "/$", "homie/" ID "/$/x", "homie/" ID "/$a/", "homie/" ID "/$a//b", "homie/" ID "/$a/+", "homie/" ID "/$a#",
  "homie/" ID "/$a b", "homie/" ID "/$a\nb", "homie/" ID "/$a\x7f", "homie/" ID "/n/$", "homie/" ID "/n/p/$",
  "homie/" ID "/n+/p", "homie/" ID "/+/p", "homie/" ID "/#", "homie/+/n/p", "homie/5/+/$state", "homie/5/#", "#", "+/5/" ID "/$state",
  "homie/AAAA-bbbb-cccc-dddd/n/p", "homie/5/dev_ice/$state", "homie/5/dev.ice/$state", "homie/5/d\xc3\xa4/$state",
  "homie/5/" SIXTY_FOUR "x/$state", "homie/x/" SIXTY_FOUR "x/p", "homie/x/n/" SIXTY_FOUR "x",
  "homie/$broadcast", "homie/$broadcast/", "homie/5/$broadcast", "homie/$broadcastx/a", "homie/5/$other/a", "homie/$stats/x",
  "Homie/5/" ID "/$state", "homiex/5/" ID "/$state", "/homie/5/" ID "/$state", "homie/5/5/", " homie/" ID "/n/p",
  "bellwether", "bellwether/", "bellwether/presence", "bellwether/presence/", "bellwether/presence/x",
  "bellwether/presence/" ID "/", "bellwether/presence/" ID "/x", "bellwether/presence/" ID "-child", "bellwether/presence/AAAA-bbbb-cccc-dddd",
  "bellwether/presence/+", "bellwether/presence/#", "bellwether/changes", "bellwether/changes/", "bellwether/changes/1/2",
  "bellwether/changes/+", "bellwether/changes/#", "bellwether/changes/ 1", "bellwether/broker", "bellwether/other/1",
  "$SYS/broker/version", "$CONTROL/x", "$share/g/homie/" ID "/n/p",
};

static void
assert_slice (BwSlice     slice,
              const char *expected)
{
  g_assert_cmpmem (slice.text != NULL ? slice.text : "", slice.length, expected, strlen (expected));
}

static void
test_good (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      BwTopic topic;

      g_test_message ("%s", good[i].topic);
      g_assert_true (bw_topic_parse (good[i].topic, strlen (good[i].topic), &topic));
      g_assert_cmpint (topic.root, ==, good[i].root);
      g_assert_cmpint (topic.kind, ==, good[i].kind);
      assert_slice (topic.device, good[i].device);
      assert_slice (topic.node, good[i].node);
      assert_slice (topic.property, good[i].property);
      assert_slice (topic.attribute, good[i].attribute);
    }
}

static void
test_bad (void)
{
  g_autofree char *attribute = g_strnfill (300, 'a');
  g_autofree char *long_topic = g_strconcat ("homie/" ID "/$", attribute, NULL);
  BwTopic topic;

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_test_message ("%s", bad[i]);
      g_assert_false (bw_topic_parse (bad[i], strlen (bad[i]), &topic));
    }

  g_assert_false (bw_topic_parse (long_topic, strlen (long_topic), &topic));
  g_assert_false (bw_topic_parse ("homie/" ID "/n/p\0q", strlen ("homie/" ID "/n/p") + 2, &topic));
}

static void
test_belongs (void)
{
  static const struct
  {
    const char *device;
    gboolean    belongs;
  } devices[] = {
    { ID, TRUE }, { ID "-1", TRUE }, { ID "-a-b", TRUE }, { ID "-", FALSE }, { ID "1", FALSE }, { ID "x-1", FALSE },
    { "aaaa-bbbb-cccc-ddd", FALSE }, { "aaaa-bbbb-cccc", FALSE }, { "", FALSE }, { "zzzz-bbbb-cccc-dddd", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (devices); i++)
    {
      BwSlice slice = { devices[i].device, strlen (devices[i].device) };

      g_test_message ("%s", devices[i].device);
      g_assert_true (bw_topic_device_belongs_to (slice, ID) == devices[i].belongs);
    }

  g_assert_false (bw_topic_device_belongs_to ((BwSlice) { "-x", 2 }, ""));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/topic/good", test_good);
  g_test_add_func ("/wire/topic/bad", test_bad);
  g_test_add_func ("/wire/topic/belongs", test_belongs);

  return g_test_run ();
}
