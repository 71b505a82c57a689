/* fuzz-dialect.c: messages of a device, a line each: topic, space, payload (as in tests/device/recorded)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <stdint.h>
#include <string.h>

#include "bw-dialect.h"
#include "bw-json.h"
#include "bw-topic.h"

/* A first byte of this says that the device is near its limits already. */
#define NEARLY_FULL 'F'

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_property (const BwTreeProperty *property,
                const BwTreeNode     *node,
                gboolean              hidden)
{
  g_assert (property->node == node);
  g_assert (property->hidden == (hidden ? 1 : 0));
  g_assert (property->value == NULL || g_utf8_validate (property->value, -1, NULL));
  g_assert (property->target == NULL || g_utf8_validate (property->target, -1, NULL));
  g_assert (property->name == NULL || strlen (property->name) <= BW_TREE_MAX_TEXT_BYTES);
}

static guint
check_node (const BwTreeNode *node,
            gboolean          hidden)
{
  g_assert (node->hidden == (hidden ? 1 : 0));
  for (guint i = 0; i < node->properties->len; i++)
    check_property (g_ptr_array_index (node->properties, i), node, FALSE);
  for (guint i = 0; node->aside != NULL && i < node->aside->len; i++)
    check_property (g_ptr_array_index (node->aside, i), node, TRUE);

  return node->properties->len + (node->aside != NULL ? node->aside->len : 0);
}

static void
check_tree (BwDeviceTree *tree)
{
  guint n_aside = tree->aside != NULL ? tree->aside->len : 0;
  guint n_properties = 0;

  for (guint i = 0; i < tree->nodes->len; i++)
    n_properties += check_node (g_ptr_array_index (tree->nodes, i), FALSE);
  for (guint i = 0; i < n_aside; i++)
    n_properties += check_node (g_ptr_array_index (tree->aside, i), TRUE);

  g_assert (tree->n_nodes == tree->nodes->len + n_aside);
  g_assert (tree->n_properties == n_properties);
  g_assert (tree->n_nodes <= BW_TREE_MAX_NODES && n_properties <= BW_TREE_MAX_PROPERTIES);
}

/* What is visible goes to JSON and back as it was. */
static void
check_json (BwDeviceTree *tree)
{
  g_autoptr(BwDeviceTree) other = bw_device_tree_new (tree->id);
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GString) again = g_string_new (NULL);
  g_autoptr(JsonNode) root = NULL;

  bw_device_tree_write_nodes (tree, text, NULL);
  root = bw_json_parse (text->str, text->len, text->len, NULL);
  g_assert (root != NULL);
  g_assert (bw_device_tree_read_nodes (other, json_node_get_array (root), NULL));
  bw_device_tree_write_nodes (other, again, NULL);
  g_assert_cmpstr (text->str, ==, again->str);
}

static void
check_sets (BwDeviceTree *tree)
{
  const BwDialect *dialect = bw_dialect_for_tree (tree);

  for (guint i = 0; dialect != NULL && i < tree->nodes->len; i++)
    {
      const BwTreeNode *node = g_ptr_array_index (tree->nodes, i);

      for (guint j = 0; j < node->properties->len; j++)
        {
          const BwTreeProperty *property = g_ptr_array_index (node->properties, j);
          g_autofree char *topic = NULL;
          g_autoptr(GBytes) payload = NULL;
          BwTopic parsed;

          if (property->value == NULL ||
              !bw_value_check (property->datatype, property->format, property->value, NULL) ||
              !dialect->encode_set (tree, property, property->value, &topic, &payload, NULL))
            continue;

          g_assert (bw_topic_parse (topic, strlen (topic), &parsed) && parsed.kind == BW_TOPIC_SET);
        }
    }
}

static void
fill (BwDeviceTree *tree)
{
  for (guint i = 0; i < BW_TREE_MAX_NODES - 3; i++)
    {
      char node[32];

      g_snprintf (node, sizeof node, "lights_%u", i);
      for (guint j = 0; j < 8; j++)
        {
          char property[32];

          g_snprintf (property, sizeof property, "p%u", j);
          bw_device_tree_ensure_property (tree, node, property);
        }
    }
}

static void
take_line (BwDeviceTree **tree,
           const char    *line,
           gsize          length,
           gboolean       is_full)
{
  const char *space = memchr (line, ' ', length);
  const BwDialect *dialect;
  g_autofree char *payload = NULL;
  gsize payload_length;
  g_auto(BwEffect) effect = { 0 };
  BwTopic topic;

  if (space == NULL || !bw_topic_parse (line, (gsize) (space - line), &topic))
    return;

  dialect = bw_dialect_for_root (topic.root);
  if (dialect == NULL)
    return;

  if (*tree == NULL)
    {
      g_autofree char *id = g_strndup (topic.device.text, topic.device.length);

      *tree = bw_device_tree_new (topic.device.length > 0 ? id : "gw");
      if (is_full)
        fill (*tree);
    }

  /* a copy of the exact size, so that a byte read behind it is noticed */
  payload_length = length - (gsize) (space + 1 - line);
  payload = g_memdup2 (space + 1, payload_length);
  dialect->on_message (*tree, &topic, payload, payload_length, TRUE, 1, &effect);

  g_assert (effect.text == NULL || g_utf8_validate (effect.text, -1, NULL));
  g_assert ((effect.text != NULL) == ((effect.changes & (BW_CHANGE_LOG | BW_CHANGE_IGNORED)) != 0));
  if (effect.changes & (BW_CHANGE_VALUE | BW_CHANGE_TARGET))
    g_assert (effect.property != NULL && bw_tree_property_is_visible (effect.property));
  check_tree (*tree);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(BwDeviceTree) tree = NULL;
  const char *text = (const char *) data;
  const char *end = text + size;
  gboolean is_full = size > 0 && *text == NEARLY_FULL;

  if (is_full)
    text++;

  while (text < end)
    {
      const char *newline = memchr (text, '\n', (gsize) (end - text));

      if (newline == NULL)
        newline = end;
      take_line (&tree, text, (gsize) (newline - text), is_full);
      text = newline + 1;
    }

  if (tree != NULL)
    {
      check_json (tree);
      check_sets (tree);
    }

  return 0;
}
