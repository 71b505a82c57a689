/* test-dialect.c: what single messages do to a device, and how a set is written
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "bw-error.h"
#include "bw-test-messages.h"

#define D5 "homie/5/gw"
#define D4 "homie/gw"

static const char description[] =
  "{\"homie\":\"5.0\",\"version\":7,\"name\":\"Gate\",\"type\":\"gate\",\"nodes\":{"
  "\"motor\":{\"name\":\"Motor\",\"properties\":{"
  "\"position\":{\"datatype\":\"integer\",\"format\":\"0:100\",\"unit\":\"%\",\"settable\":true},"
  "\"mode\":{\"datatype\":\"enum\",\"format\":\"slow,fast\",\"settable\":true},"
  "\"label\":{\"datatype\":\"string\",\"settable\":true},"
  "\"lamp\":{\"datatype\":\"color\",\"format\":\"hsv,rgb\",\"settable\":true},"
  "\"bell\":{\"datatype\":\"boolean\",\"retained\":false}}},"
  "\"info\":{\"properties\":{\"load\":{\"datatype\":\"float\"}}}}}";

static BwDeviceTree *
new_gate (void)
{
  BwDeviceTree *tree = bw_device_tree_new ("gw");

  g_assert_cmpuint (bw_test_send (tree, D5 "/$state", "init", NULL), ==, BW_CHANGE_STATE);
  g_assert_cmpuint (bw_test_send (tree, D5 "/$description", description, NULL), ==,
                    BW_CHANGE_FACTS | BW_CHANGE_STRUCTURE);
  g_assert_cmpuint (bw_test_send (tree, D5 "/$state", "ready", NULL), ==, BW_CHANGE_STATE);

  return tree;
}

static void
assert_ignored (BwDeviceTree *tree,
                const char   *topic,
                const char   *payload,
                const char   *reason)
{
  g_autofree char *before = bw_test_describe_tree (tree);
  g_autofree char *after = NULL;
  g_autofree char *text = NULL;

  g_assert_cmpuint (bw_test_send (tree, topic, payload, &text), ==, BW_CHANGE_IGNORED);
  g_test_message ("%s → %s", topic, text);
  g_assert_nonnull (strstr (text, reason));
  after = bw_test_describe_tree (tree);
  g_assert_cmpstr (before, ==, after);
}

static void
test_description (void)
{
  g_autoptr(BwDeviceTree) tree = new_gate ();
  BwTreeProperty *position = bw_device_tree_get_property (tree, "motor", "position");
  BwTreeProperty *bell = bw_device_tree_get_property (tree, "motor", "bell");

  g_assert_cmpstr (tree->homie, ==, "5.0");
  g_assert_cmpstr (tree->name, ==, "Gate");
  g_assert_cmpstr (tree->product, ==, "gate");
  g_assert_cmpstr (tree->version, ==, "7");
  g_assert_cmpint (tree->state, ==, BW_STATE_READY);
  g_assert_cmpint (position->datatype, ==, BW_DATATYPE_INTEGER);
  g_assert_cmpstr (position->unit, ==, "%");
  g_assert_true (position->settable && position->retained && position->described && position->dirty);
  g_assert_true (!bell->settable && !bell->retained);

  /* the same again changes nothing */
  position->dirty = 0;
  g_assert_cmpuint (bw_test_send (tree, D5 "/$description", description, NULL), ==, BW_CHANGE_NONE);
  g_assert_cmpuint (bw_test_send (tree, D5 "/$state", "ready", NULL), ==, BW_CHANGE_NONE);
  g_assert_false (position->dirty);

  /* what comes from the firmware itself is better, whenever it comes */
  g_assert_cmpuint (bw_test_send (tree, D5 "/$fw/version", "1.2.3", NULL), ==, BW_CHANGE_FACTS);
  g_assert_cmpuint (bw_test_send (tree, D5 "/$description", description, NULL), ==, BW_CHANGE_NONE);
  g_assert_cmpstr (tree->version, ==, "1.2.3");
}

static void
test_values (void)
{
  g_autoptr(BwDeviceTree) tree = new_gate ();
  BwTreeProperty *position = bw_device_tree_get_property (tree, "motor", "position");
  g_auto(BwEffect) effect = { 0 };

  bw_test_send_bytes (tree, D5 "/motor/position", "40", 2, 77, &effect);
  g_assert_cmpuint (effect.changes, ==, BW_CHANGE_VALUE);
  g_assert_true (effect.property == position);
  g_assert_cmpstr (position->value, ==, "40");
  g_assert_cmpint (position->updated_at_us, ==, 77);
  g_assert_true (position->dirty_value && !position->bad_value);

  /* kept and flagged, then good again */
  g_assert_cmpuint (bw_test_send (tree, D5 "/motor/position", "400", NULL), ==, BW_CHANGE_VALUE);
  g_assert_cmpstr (position->value, ==, "400");
  g_assert_true (position->bad_value);
  g_assert_cmpuint (bw_test_send (tree, D5 "/motor/position", "99", NULL), ==, BW_CHANGE_VALUE);
  g_assert_false (position->bad_value);
  g_assert_cmpuint (bw_test_send (tree, D5 "/motor/position", "much", NULL), ==, BW_CHANGE_VALUE);
  g_assert_true (position->bad_value);

  /* a new format judges the value that is there */
  g_assert_cmpuint (bw_test_send (tree, D5 "/motor/mode", "turbo", NULL), ==, BW_CHANGE_VALUE);
  g_assert_true (bw_device_tree_get_property (tree, "motor", "mode")->bad_value);
  g_assert_cmpuint (bw_test_send (tree, D5 "/$description",
                                  "{\"homie\":\"5.0\",\"version\":7,\"name\":\"Gate\",\"type\":\"gate\",\"nodes\":{"
                                  "\"motor\":{\"properties\":{\"mode\":{\"datatype\":\"enum\",\"format\":\"turbo\"}}}}}",
                                  NULL), ==, BW_CHANGE_STRUCTURE);
  g_assert_false (bw_device_tree_get_property (tree, "motor", "mode")->bad_value);

  /* empty is absent; one zero byte is an empty string */
  g_assert_cmpuint (bw_test_send (tree, D5 "/motor/mode", "", NULL), ==, BW_CHANGE_VALUE);
  g_assert_null (bw_device_tree_get_property (tree, "motor", "mode")->value);
  g_assert_cmpuint (bw_test_send (tree, D5 "/motor/mode", "", NULL), ==, BW_CHANGE_NONE);
  bw_effect_clear (&effect);
  bw_test_send_bytes (tree, D5 "/motor/mode", "", 1, 1, &effect);
  g_assert_cmpuint (effect.changes, ==, BW_CHANGE_VALUE);
  g_assert_cmpstr (effect.property->value, ==, "");

  g_assert_cmpuint (bw_test_send (tree, D5 "/motor/mode/$target", "turbo", NULL), ==, BW_CHANGE_TARGET);
  g_assert_cmpstr (effect.property->target, ==, "turbo");
  g_assert_cmpuint (bw_test_send (tree, D5 "/motor/mode/$target", "", NULL), ==, BW_CHANGE_TARGET);
  g_assert_null (effect.property->target);
  g_assert_cmpuint (bw_test_send (tree, D5 "/motor/mode/set", "turbo", NULL), ==, BW_CHANGE_NONE);
}

static void
test_bad_bytes (void)
{
  g_autoptr(BwDeviceTree) tree = new_gate ();
  g_autofree char *big = g_strnfill (BW_VALUE_MAX_BYTES + 1, 'x');
  g_autofree char *huge = g_strnfill (BW_DESCRIPTION_MAX_BYTES + 1, ' ');
  g_autofree char *deep = g_strnfill (200000, '[');
  g_auto(BwEffect) effect = { 0 };

  assert_ignored (tree, D5 "/motor/label", "\xff\xfe", "not UTF-8");
  assert_ignored (tree, D5 "/motor/label", "caf\xe9", "not UTF-8");
  assert_ignored (tree, D5 "/motor/label", big, "65537 bytes");
  assert_ignored (tree, D5 "/new/thing", "\xc0\x80", "not UTF-8");
  assert_ignored (tree, D5 "/$state", "\xff", "not UTF-8");
  assert_ignored (tree, D5 "/$state", "READY", "no state");
  assert_ignored (tree, D5 "/$state", "not-connected", "no state");
  assert_ignored (tree, D5 "/$description", "{", "cannot be read");
  assert_ignored (tree, D5 "/$description", "[]", "cannot be read");
  assert_ignored (tree, D5 "/$description", "{\"name\":\"x\"}", "Homie 5");
  assert_ignored (tree, D5 "/$description", "{\"homie\":\"4.0\"}", "Homie 5");
  assert_ignored (tree, D5 "/$description", "{\"homie\":5}", "Homie 5");
  assert_ignored (tree, D5 "/$description", "{\"homie\":\"5.0\",\"name\":\"\xff\"}", "cannot be read");
  assert_ignored (tree, D5 "/$description", huge, "cannot be read");
  assert_ignored (tree, D5 "/$description", deep, "cannot be read");
  assert_ignored (tree, D5 "/$log/error", "\xff", "not UTF-8");
  assert_ignored (tree, D5 "/$log/loud", "hello", "no level");
  assert_ignored (tree, D5 "/$colour", "red", "no attribute");
  assert_ignored (tree, D5 "/motor/$name", "x", "no attributes of nodes");
  assert_ignored (tree, D5 "/motor/position/$datatype", "x", "no attributes of nodes");
  assert_ignored (tree, "homie/5/other/$state", "ready", "another device");
  assert_ignored (tree, "homie/5/gwx/motor/position", "5", "another device");
  assert_ignored (tree, "homie/5/$broadcast/alert", "fire", "no topic of a device");
  assert_ignored (tree, D4 "/$state", "lost", "Homie 5");

  /* a zero byte inside, and one too many */
  bw_test_send_bytes (tree, D5 "/motor/label", "a\0b", 3, 1, &effect);
  g_assert_cmpuint (effect.changes, ==, BW_CHANGE_IGNORED);
  bw_effect_clear (&effect);
  bw_test_send_bytes (tree, D5 "/motor/label", "\0\0", 2, 1, &effect);
  g_assert_cmpuint (effect.changes, ==, BW_CHANGE_IGNORED);

  /* the longest that is allowed */
  big[BW_VALUE_MAX_BYTES] = '\0';
  g_assert_cmpuint (bw_test_send (tree, D5 "/motor/label", big, NULL), ==, BW_CHANGE_VALUE);
  g_assert_false (bw_device_tree_get_property (tree, "motor", "label")->bad_value);
}

/* Rubbish of every JSON type where something else is due. */
static void
test_odd_descriptions (void)
{
  const char * const odd[] = {
    "{\"homie\":\"5.0\",\"nodes\":[]}",
    "{\"homie\":\"5.0\",\"nodes\":{\"n\":5,\"m\":{\"properties\":[1]}}}",
    "{\"homie\":\"5.0\",\"nodes\":{\"\":{},\"a/b\":{},\"$x\":{},\"+\":{},\"ä\":{}}}",
    "{\"homie\":\"5.0\",\"nodes\":{\"n\":{\"properties\":{\"p\":\"integer\",\"q\":null,\"r/s\":{}}}}}",
    "{\"homie\":\"5.0\",\"name\":5,\"version\":\"7\",\"type\":[],\"children\":{}}",
    "{\"homie\":\"5.0\",\"children\":[5,null,\"other\",\"gw\",\"gw-\",\"gw-kid\"]}",
    ("{\"homie\":\"5.0\",\"nodes\":{\"n\":{\"properties\":{\"p\":{\"datatype\":5,\"settable\":\"true\","
     "\"format\":{},\"unit\":1,\"name\":true}}}}}"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      g_autoptr(BwDeviceTree) tree = bw_device_tree_new ("gw");
      g_autofree char *text = NULL;

      g_assert_false (bw_test_send (tree, D5 "/$description", odd[i], NULL) & BW_CHANGE_IGNORED);
      text = bw_test_describe_tree (tree);
      g_test_message ("%s → %s", odd[i], text);
      g_assert_null (bw_device_tree_get_property (tree, "n", "q"));
      for (guint j = 0; j < tree->nodes->len; j++)
        {
          BwTreeNode *node = g_ptr_array_index (tree->nodes, j);

          g_assert_true (strcmp (node->id, "n") == 0 || strcmp (node->id, "m") == 0);
        }
      for (guint j = 0; tree->children != NULL && j < tree->children->len; j++)
        g_assert_cmpstr (g_ptr_array_index (tree->children, j), ==, "gw-kid");

      /* and what it was is forgotten again */
      bw_test_send (tree, D5 "/$description", "{\"homie\":\"5.0\"}", NULL);
      g_assert_cmpuint (tree->nodes->len, ==, 0);
      g_assert_null (tree->children);
    }
}

static void
test_vanishing (void)
{
  g_autoptr(BwDeviceTree) tree = new_gate ();
  g_autofree char *text = NULL;

  bw_test_send (tree, D5 "/info/load", "1.5", NULL);
  g_assert_cmpuint (bw_test_send (tree, D5 "/$description",
                                  "{\"homie\":\"5.0\",\"version\":8,\"name\":\"Gate\",\"nodes\":{\"motor\":{"
                                  "\"properties\":{\"position\":{\"datatype\":\"integer\"}}}}}", NULL),
                    ==, BW_CHANGE_FACTS | BW_CHANGE_STRUCTURE);
  g_assert_null (bw_device_tree_get_node (tree, "info"));
  g_assert_null (bw_device_tree_get_property (tree, "motor", "mode"));
  g_assert_cmpuint (tree->nodes->len, ==, 1);

  /* its late value is ignored, with a reason; and there again with the node */
  g_assert_cmpuint (bw_test_send (tree, D5 "/info/load", "2.5", &text), ==, BW_CHANGE_IGNORED);
  g_assert_nonnull (strstr (text, "does not name info/load"));
  g_assert_cmpuint (bw_test_send (tree, D5 "/$description", description, NULL), ==,
                    BW_CHANGE_FACTS | BW_CHANGE_STRUCTURE);
  g_assert_cmpstr (bw_device_tree_get_property (tree, "info", "load")->value, ==, "2.5");

  /* the description goes, then the device */
  g_assert_cmpuint (bw_test_send (tree, D5 "/$description", "", NULL), ==, BW_CHANGE_STRUCTURE);
  g_assert_cmpuint (tree->nodes->len, ==, 0);
  g_assert_true (bw_test_send (tree, D5 "/$state", "", NULL) & BW_CHANGE_REMOVED);
  g_assert_cmpint (tree->state, ==, BW_STATE_NOT_CONNECTED);
  g_assert_cmpuint (tree->n_nodes, ==, 0);
  g_assert_null (tree->name);
  g_assert_null (bw_dialect_for_tree (tree));
}

static void
test_words (void)
{
  g_autoptr(BwDeviceTree) tree = new_gate ();
  g_autofree char *long_text = g_strnfill (5000, 'x');
  const struct
  {
    const char *topic;
    BwLevel     level;
    gboolean    is_alert;
  } words[] = {
    { D5 "/$log/debug", BW_LEVEL_DEBUG, FALSE },
    { D5 "/$log/info", BW_LEVEL_INFO, FALSE },
    { D5 "/$log/warn", BW_LEVEL_WARNING, FALSE },
    { D5 "/$log/error", BW_LEVEL_ERROR, FALSE },
    { D5 "/$log/fatal", BW_LEVEL_FATAL, FALSE },
    { D5 "/$alert/battery", BW_LEVEL_WARNING, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_auto(BwEffect) effect = { 0 };

      bw_test_send_bytes (tree, words[i].topic, "jammed", 6, 1, &effect);
      g_assert_cmpuint (effect.changes, ==, BW_CHANGE_LOG);
      g_assert_cmpint (effect.level, ==, words[i].level);
      g_assert_true (effect.is_alert == words[i].is_alert);
      g_assert_cmpstr (effect.text, ==, "jammed");

      bw_effect_clear (&effect);
      bw_test_send_bytes (tree, words[i].topic, "", 0, 1, &effect);
      g_assert_cmpuint (effect.changes, ==, BW_CHANGE_NONE);
      bw_test_send_bytes (tree, words[i].topic, long_text, 5000, 1, &effect);
      g_assert_cmpuint (effect.changes, ==, BW_CHANGE_LOG);
      g_assert_cmpuint (strlen (effect.text), ==, BW_TREE_MAX_TEXT_BYTES);
    }
}

/* Homie 3 and 4 have no such topics; ours are understood before a device has said which it speaks. */
static void
test_words_of_old (void)
{
  static const char * const versions[] = { NULL, "3.0.1", "4.0.0" };

  for (guint i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      g_autoptr(BwDeviceTree) tree = bw_device_tree_new ("gw");
      g_auto(BwEffect) effect = { 0 };

      if (versions[i] != NULL)
        bw_test_send (tree, "homie/gw/$homie", versions[i], NULL);

      bw_test_send_bytes (tree, "homie/gw/$log/error", "jammed", 6, 1, &effect);
      g_assert_cmpuint (effect.changes, ==, BW_CHANGE_LOG);
      g_assert_cmpint (effect.level, ==, BW_LEVEL_ERROR);
      g_assert_cmpstr (effect.text, ==, "jammed");
      bw_effect_clear (&effect);

      bw_test_send_bytes (tree, "homie/gw/$alert/battery", "low", 3, 1, &effect);
      g_assert_cmpuint (effect.changes, ==, BW_CHANGE_LOG);
      g_assert_true (effect.is_alert);

      assert_ignored (tree, "homie/gw/$log/loud", "hello", "no level");
      assert_ignored (tree, "homie/gw/$log/error", "\xff", "not UTF-8");
    }
}

static void
test_children (void)
{
  g_autoptr(BwDeviceTree) tree = bw_device_tree_new ("gw");
  g_autofree char *topic = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GBytes) payload = NULL;
  BwTreeProperty *property;

  /* the child speaks first */
  g_assert_cmpuint (bw_test_send (tree, D5 "-kid-1/power/watt", "5", NULL), ==,
                    BW_CHANGE_STRUCTURE | BW_CHANGE_VALUE);
  g_assert_cmpuint (bw_test_send (tree, D5 "-kid-1/$description",
                                  "{\"homie\":\"5.0\",\"version\":1,\"name\":\"Kid\",\"root\":\"gw\",\"nodes\":{\"power\":{"
                                  "\"properties\":{\"watt\":{\"datatype\":\"float\",\"settable\":true}}}}}", NULL),
                    ==, BW_CHANGE_STRUCTURE);
  g_assert_null (tree->name);
  g_assert_null (tree->homie);
  g_assert_true (bw_test_send (tree, D5 "/$description",
                               "{\"homie\":\"5.0\",\"version\":1,\"name\":\"Gate\",\"children\":[\"gw-kid-1\",\"gw-kid-2\"],"
                               "\"nodes\":{\"radio\":{\"properties\":{\"channel\":{\"datatype\":\"integer\"}}}}}", NULL)
                 & BW_CHANGE_STRUCTURE);
  g_assert_cmpstr (tree->name, ==, "Gate");
  g_assert_cmpuint (tree->children->len, ==, 2);
  g_assert_cmpuint (tree->nodes->len, ==, 2);

  property = bw_device_tree_get_property (tree, "kid-1:power", "watt");
  g_assert_cmpstr (property->value, ==, "5");
  g_assert_true (bw_dialect_for_tree (tree)->encode_set (tree, property, "7.5", &topic, &payload, NULL));
  g_assert_cmpstr (topic, ==, "homie/5/gw-kid-1/power/watt/set");

  /* its words carry its name; its state is not the gateway's */
  g_assert_cmpuint (bw_test_send (tree, D5 "-kid-1/$log/warn", "warm", &text), ==, BW_CHANGE_LOG);
  g_assert_cmpstr (text, ==, "kid-1: warm");
  g_assert_cmpuint (bw_test_send (tree, D5 "-kid-1/$state", "lost", NULL), ==, BW_CHANGE_IGNORED);
  g_assert_cmpint (tree->state, ==, BW_STATE_NOT_CONNECTED);

  /* gone by its own word, and by the gateway's */
  g_assert_cmpuint (bw_test_send (tree, D5 "-kid-2/n/p", "1", NULL), ==, BW_CHANGE_STRUCTURE | BW_CHANGE_VALUE);
  g_assert_cmpuint (tree->nodes->len, ==, 3);
  g_assert_cmpuint (bw_test_send (tree, D5 "-kid-1/$state", "", NULL), ==, BW_CHANGE_STRUCTURE);
  g_assert_cmpuint (tree->nodes->len, ==, 2);
  g_assert_true (bw_test_send (tree, D5 "/$description", "{\"homie\":\"5.0\",\"version\":2,\"name\":\"Gate\"}", NULL)
                 & BW_CHANGE_STRUCTURE);
  g_assert_cmpuint (tree->nodes->len, ==, 0);
  g_assert_null (tree->children);
}

static void
test_homie_4 (void)
{
  g_autoptr(BwDeviceTree) tree = bw_device_tree_new ("gw");
  BwTreeProperty *property;

  /* a value before anything is known of it */
  g_assert_cmpuint (bw_test_send (tree, D4 "/motor/position", "140", NULL), ==,
                    BW_CHANGE_STRUCTURE | BW_CHANGE_VALUE);
  property = bw_device_tree_get_property (tree, "motor", "position");
  g_assert_false (property->described);
  g_assert_cmpuint (bw_test_send (tree, D4 "/motor/position/$datatype", "integer", NULL), ==, BW_CHANGE_STRUCTURE);
  g_assert_true (property->described && !property->bad_value);
  g_assert_cmpuint (bw_test_send (tree, D4 "/motor/position/$format", "0:100", NULL), ==, BW_CHANGE_STRUCTURE);
  g_assert_true (property->bad_value);
  g_assert_cmpuint (bw_test_send (tree, D4 "/motor/position/$settable", "true", NULL), ==, BW_CHANGE_STRUCTURE);
  g_assert_cmpuint (bw_test_send (tree, D4 "/motor/position/$settable", "true", NULL), ==, BW_CHANGE_NONE);
  g_assert_cmpuint (bw_test_send (tree, D4 "/motor/position/$retained", "false", NULL), ==, BW_CHANGE_STRUCTURE);
  g_assert_true (property->settable && !property->retained);
  g_assert_cmpuint (bw_test_send (tree, D4 "/$homie", "4.0.0", NULL), ==, BW_CHANGE_FACTS);
  g_assert_cmpuint (bw_test_send (tree, D4 "/$nodes", "motor, info", NULL), ==, BW_CHANGE_STRUCTURE);
  g_assert_cmpuint (bw_test_send (tree, D4 "/$state", "alert", NULL), ==, BW_CHANGE_STATE);
  g_assert_cmpuint (tree->nodes->len, ==, 2);

  assert_ignored (tree, D4 "/motor/position/$settable", "yes", "neither true nor false");
  assert_ignored (tree, D4 "/motor/position/$colour", "red", "no attribute");
  assert_ignored (tree, D4 "/motor/$colour", "red", "no attribute");
  assert_ignored (tree, D4 "/$colour", "red", "no attribute");
  assert_ignored (tree, D4 "/$name", "\xff", "not UTF-8");
  assert_ignored (tree, D4 "/motor/$name", "\xff", "not UTF-8");
  assert_ignored (tree, D4 "/motor/position/$name", "\xff", "not UTF-8");
  assert_ignored (tree, D4 "/$homie", "2.0.1", "not spoken");
  assert_ignored (tree, D4 "/motor/position/$target", "5", "no $target");
  assert_ignored (tree, D4 "-kid/$state", "ready", "no children");
  assert_ignored (tree, D4 "/stray/$name", "x", "does not name stray");
  assert_ignored (tree, D4 "/stray/p", "x", "does not name stray/p");
  g_assert_cmpuint (bw_test_send (tree, D4 "/$mac", "02:00:00:00:00:01", NULL), ==, BW_CHANGE_NONE);
  g_assert_cmpuint (bw_test_send (tree, D4 "/$stats/uptime", "120", NULL), ==, BW_CHANGE_NONE);
  g_assert_cmpuint (bw_test_send (tree, D4 "/$implementation/ota/enabled", "true", NULL), ==, BW_CHANGE_NONE);

  /* attributes that are taken back are as if they had never been */
  g_assert_cmpuint (bw_test_send (tree, D4 "/motor/position/$format", "", NULL), ==, BW_CHANGE_STRUCTURE);
  g_assert_true (property->format == NULL && !property->bad_value);
  g_assert_cmpuint (bw_test_send (tree, D4 "/motor/position/$retained", "", NULL), ==, BW_CHANGE_STRUCTURE);
  g_assert_true (property->retained);
  g_assert_cmpuint (bw_test_send (tree, D4 "/nowhere/$name", "", NULL), ==, BW_CHANGE_NONE);
  g_assert_cmpuint (bw_test_send (tree, D4 "/nowhere/p", "", NULL), ==, BW_CHANGE_NONE);

  /* $nodes and $properties shortened, and longer again */
  g_assert_cmpuint (bw_test_send (tree, D4 "/motor/$properties", "speed", NULL), ==, BW_CHANGE_STRUCTURE);
  g_assert_null (bw_device_tree_get_property (tree, "motor", "position"));
  assert_ignored (tree, D4 "/motor/position", "55", "does not name motor/position");
  g_assert_cmpuint (bw_test_send (tree, D4 "/motor/$properties", "speed,position:settable", NULL), ==,
                    BW_CHANGE_STRUCTURE);
  g_assert_cmpstr (bw_device_tree_get_property (tree, "motor", "position")->value, ==, "55");
  g_assert_cmpuint (bw_test_send (tree, D4 "/$nodes", "info", NULL), ==, BW_CHANGE_STRUCTURE);
  g_assert_null (bw_device_tree_get_node (tree, "motor"));
  g_assert_true (bw_test_send (tree, D4 "/$homie", "", NULL) & BW_CHANGE_REMOVED);
  g_assert_cmpuint (tree->n_nodes, ==, 0);
}

/* Devices that name no lists at all: what is taken back, goes. */
static void
test_no_lists (void)
{
  g_autoptr(BwDeviceTree) tree = bw_device_tree_new ("gw");

  bw_test_send (tree, D4 "/n/p/$datatype", "integer", NULL);
  bw_test_send (tree, D4 "/n/p/$name", "P", NULL);
  bw_test_send (tree, D4 "/n/p", "5", NULL);
  bw_test_send (tree, D4 "/n/q", "6", NULL);
  g_assert_cmpuint (tree->n_properties, ==, 2);
  g_assert_cmpuint (bw_test_send (tree, D4 "/n/q", "", NULL), ==, BW_CHANGE_STRUCTURE);
  g_assert_null (bw_device_tree_get_property (tree, "n", "q"));
  g_assert_cmpuint (bw_test_send (tree, D4 "/n/p", "", NULL), ==, BW_CHANGE_VALUE);
  bw_test_send (tree, D4 "/n/p/$name", "", NULL);
  g_assert_cmpuint (bw_test_send (tree, D4 "/n/p/$datatype", "", NULL), ==, BW_CHANGE_STRUCTURE);
  g_assert_cmpuint (tree->n_properties, ==, 0);
  g_assert_cmpuint (tree->n_nodes, ==, 0);
}

static void
test_arrays (void)
{
  g_autoptr(BwDeviceTree) tree = bw_device_tree_new ("gw");
  g_autofree char *topic = NULL;
  g_autoptr(GBytes) payload = NULL;
  BwTreeProperty *property;

  bw_test_send (tree, D4 "/$homie", "3.0.1", NULL);
  bw_test_send (tree, D4 "/$nodes", "lights[]", NULL);
  bw_test_send (tree, D4 "/lights/$name", "Lights", NULL);
  bw_test_send (tree, D4 "/lights/$properties", "power", NULL);
  bw_test_send (tree, D4 "/lights/power/$datatype", "boolean", NULL);
  bw_test_send (tree, D4 "/lights/power/$settable", "true", NULL);
  g_assert_cmpuint (tree->nodes->len, ==, 0);

  /* without a range: what turns up */
  g_assert_cmpuint (bw_test_send (tree, D4 "/lights_3/power", "true", NULL), ==, BW_CHANGE_STRUCTURE | BW_CHANGE_VALUE);
  property = bw_device_tree_get_property (tree, "lights_3", "power");
  g_assert_true (property->settable && property->datatype == BW_DATATYPE_BOOLEAN && property->described);
  g_assert_cmpstr (property->node->name, ==, "Lights 3");
  g_assert_true (bw_dialect_for_tree (tree)->encode_set (tree, property, "false", &topic, &payload, NULL));
  g_assert_cmpstr (topic, ==, "homie/gw/lights_3/power/set");

  /* with one: exactly those */
  g_assert_cmpuint (bw_test_send (tree, D4 "/lights/$array", "0-1", NULL), ==, BW_CHANGE_STRUCTURE);
  g_assert_null (bw_device_tree_get_node (tree, "lights_3"));
  g_assert_cmpuint (tree->nodes->len, ==, 2);
  g_assert_cmpuint (bw_test_send (tree, D4 "/lights_0/$name", "Front", NULL), ==, BW_CHANGE_STRUCTURE);
  g_assert_cmpuint (bw_test_send (tree, D4 "/lights/$name", "Lamps", NULL), ==, BW_CHANGE_STRUCTURE);
  g_assert_cmpstr (bw_device_tree_get_node (tree, "lights_0")->name, ==, "Front");
  g_assert_cmpstr (bw_device_tree_get_node (tree, "lights_1")->name, ==, "Lamps 1");
  g_assert_cmpuint (bw_test_send (tree, D4 "/lights_0/$name", "", NULL), ==, BW_CHANGE_STRUCTURE);
  g_assert_cmpstr (bw_device_tree_get_node (tree, "lights_0")->name, ==, "Lamps 0");

  /* ranges that are none */
  bw_test_send (tree, D4 "/lights/$array", "5-1", NULL);
  bw_test_send (tree, D4 "/lights/$array", "0-99999", NULL);
  bw_test_send (tree, D4 "/lights/$array", "many", NULL);
  g_assert_cmpuint (tree->nodes->len, <=, 3);

  /* no array any more */
  g_assert_cmpuint (bw_test_send (tree, D4 "/$nodes", "lights", NULL), ==, BW_CHANGE_STRUCTURE);
  g_assert_cmpuint (tree->nodes->len, ==, 1);
  g_assert_nonnull (bw_device_tree_get_property (tree, "lights", "power"));
}

static const struct
{
  const char *homie;
  BwDatatype  datatype;
  const char *format;
  const char *value;
  const char *payload;
} sets[] = {
  { "5.0", BW_DATATYPE_INTEGER, "0:100", "42", "42" },
  { "5.0", BW_DATATYPE_FLOAT, NULL, "22.5", "22.5" },
  { "5.0", BW_DATATYPE_BOOLEAN, "off,on", "true", "true" },
  { "5.0", BW_DATATYPE_ENUM, "a,b", "b", "b" },
  { "5.0", BW_DATATYPE_STRING, NULL, "", NULL },
  { "5.0", BW_DATATYPE_COLOR, "rgb", "255,0,128", "rgb,255,0,128" },
  { "5.0", BW_DATATYPE_COLOR, "rgb,hsv", "hsv,300,50,75", "hsv,300,50,75" },
  { "5.0", BW_DATATYPE_COLOR, "hsv", "300,50,75", "hsv,300,50,75" },
  { "5.0", BW_DATATYPE_JSON, NULL, "{\"a\":1}", "{\"a\":1}" },
  { "5.0", BW_DATATYPE_DURATION, NULL, "PT5M", "PT5M" },
  { "4.0.0", BW_DATATYPE_PERCENT, "0:100", "42", "42" },
  { "4.0.0", BW_DATATYPE_COLOR, "rgb", "rgb,255,0,128", "255,0,128" },
  { "4.0.0", BW_DATATYPE_COLOR, "hsv", "hsv,300,50,75", "300,50,75" },
  { "4.0.0", BW_DATATYPE_COLOR, "hsv", "300,50,75", "300,50,75" },
  { "3.0.1", BW_DATATYPE_COLOR, "rgb", "1,2,3", "1,2,3" },
  { "3.0.1", BW_DATATYPE_COLOR, NULL, "hsv,0,100,100", "255,0,0" },
  { "3.0.1", BW_DATATYPE_BOOLEAN, NULL, "false", "false" },
  { "3.0.1", BW_DATATYPE_STRING, NULL, "größer", "größer" },
};

static void
test_encode (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (sets); i++)
    {
      g_autoptr(BwDeviceTree) tree = bw_device_tree_new ("aaaa-bbbb-cccc-dddd");
      BwTreeProperty *property = bw_device_tree_ensure_property (tree, "n", "p");
      g_autofree char *topic = NULL;
      g_autoptr(GBytes) payload = NULL;
      g_autoptr(GError) error = NULL;
      const BwDialect *dialect;
      const char *bytes;
      gsize length;

      tree->homie = g_strdup (sets[i].homie);
      property->datatype = sets[i].datatype;
      bw_tree_set_text (&property->format, sets[i].format);
      dialect = bw_dialect_for_tree (tree);
      g_assert_true (bw_value_check (property->datatype, property->format, sets[i].value, NULL));

      g_assert_false (dialect->encode_set (tree, property, sets[i].value, &topic, &payload, &error));
      g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, "n/p"));
      g_clear_error (&error);

      property->settable = 1;
      g_assert_true (dialect->encode_set (tree, property, sets[i].value, &topic, &payload, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (topic, ==, *sets[i].homie == '5' ? "homie/5/aaaa-bbbb-cccc-dddd/n/p/set"
                                                        : "homie/aaaa-bbbb-cccc-dddd/n/p/set");
      bytes = g_bytes_get_data (payload, &length);
      if (sets[i].payload == NULL)
        g_assert_cmpmem (bytes, length, "", 1);
      else
        g_assert_cmpmem (bytes, length, sets[i].payload, strlen (sets[i].payload));

      /* what the device would say back means the same */
      if (sets[i].payload != NULL)
        g_assert_true (bw_value_means_same (property->datatype, property->format, sets[i].value,
                                            sets[i].payload));
    }
}

static void
test_lookup (void)
{
  g_autoptr(BwDeviceTree) tree = bw_device_tree_new ("gw");
  g_auto(GStrv) five = bw_dialect_for_root (BW_TOPIC_HOMIE_5)->filters ("gw");
  g_auto(GStrv) four = bw_dialect_for_root (BW_TOPIC_HOMIE_3_4)->filters ("gw");

  g_assert_cmpstrv (five, ((const char * const[]) { "homie/5/gw/#", NULL }));
  g_assert_cmpstrv (four, ((const char * const[]) { "homie/gw/#", NULL }));
  g_assert_null (bw_dialect_for_root (BW_TOPIC_PRESENCE));
  g_assert_null (bw_dialect_for_tree (tree));
  bw_test_send (tree, D4 "/$homie", "3.0.1", NULL);
  g_assert_cmpstr (bw_dialect_for_tree (tree)->name, ==, "homie-3-4");
}

/* A device that floods: nothing grows beyond its limits, and its description gets through. */
static void
test_flood (void)
{
  g_autoptr(BwDeviceTree) tree = bw_device_tree_new ("gw");

  for (guint i = 0; i < 5000; i++)
    {
      g_autofree char *topic = g_strdup_printf (D5 "/n%u/p%u", i % 700, i);

      bw_test_send (tree, topic, "x", NULL);
    }
  g_assert_cmpuint (tree->n_nodes, <=, BW_TREE_MAX_NODES);
  g_assert_cmpuint (tree->n_properties, <=, BW_TREE_MAX_PROPERTIES);
  g_assert_cmpuint (tree->n_refused, >, 0);

  g_assert_true (bw_test_send (tree, D5 "/$description", description, NULL) & BW_CHANGE_STRUCTURE);
  g_assert_cmpuint (tree->nodes->len, ==, 2);
  g_assert_nonnull (bw_device_tree_get_property (tree, "motor", "position"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/device/homie-5/description", test_description);
  g_test_add_func ("/device/homie-5/values", test_values);
  g_test_add_func ("/device/homie-5/bad-bytes", test_bad_bytes);
  g_test_add_func ("/device/homie-5/odd-descriptions", test_odd_descriptions);
  g_test_add_func ("/device/homie-5/vanishing", test_vanishing);
  g_test_add_func ("/device/homie-5/words", test_words);
  g_test_add_func ("/device/homie-4/words", test_words_of_old);
  g_test_add_func ("/device/homie-5/children", test_children);
  g_test_add_func ("/device/homie-5/flood", test_flood);
  g_test_add_func ("/device/homie-3-4/messages", test_homie_4);
  g_test_add_func ("/device/homie-3-4/no-lists", test_no_lists);
  g_test_add_func ("/device/homie-3-4/arrays", test_arrays);
  g_test_add_func ("/device/encode", test_encode);
  g_test_add_func ("/device/lookup", test_lookup);

  return g_test_run ();
}
