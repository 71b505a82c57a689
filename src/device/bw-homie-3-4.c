/* bw-homie-3-4.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-device"

#include "bw-dialect.h"

#include <string.h>

#include "bw-error.h"
#include "bw-text.h"

#include "bw-dialect-private.h"

/* Homie 3 and 4: every piece of metadata is a retained topic of its own, and
 * they come in any order: values before their datatype, attributes of nodes
 * before the list that names them, and what a former firmware left behind. */

/* Neither has a place for words; Homie 5's $log and $alert are understood here too, so
 * that a device can say why it did not do what it was told. */
static const BwSlice no_scope = { "", 0 };

/* $nodes and $properties of the biggest device that is kept, and then some. */
#define LIST_MAX_BYTES BW_VALUE_MAX_BYTES

/* Known, and of no use to us. A `/` at the end: and all below it. */
static const char * const unused_attributes[] = {
  "$mac", "$extensions", "$online", "$implementation", "$implementation/", "$stats", "$stats/", "$fw/",
};

static gboolean
is_unused (BwSlice attribute)
{
  for (guint i = 0; i < G_N_ELEMENTS (unused_attributes); i++)
    {
      const char *name = unused_attributes[i];
      gsize length = strlen (name);

      if (bw_slice_is (attribute, name) ||
          (name[length - 1] == '/' && attribute.length > length && memcmp (attribute.text, name, length) == 0))
        return TRUE;
    }

  return FALSE;
}

static void
remove_device (BwDeviceTree *tree,
               BwEffect     *effect)
{
  bw_device_tree_clear (tree);
  effect->changes |= BW_CHANGE_REMOVED | BW_CHANGE_STATE | BW_CHANGE_STRUCTURE | BW_CHANGE_FACTS;
}

static void
take_version (BwDeviceTree *tree,
              const char   *text,
              BwEffect     *effect)
{
  if (*text == '\0')
    remove_device (tree, effect);
  else if (*text != '3' && *text != '4')
    bw_effect_ignore (effect, "Homie %s is a convention that is not spoken here", text);
  else if (bw_set_str (&tree->homie, text))
    effect->changes |= BW_CHANGE_FACTS;
}

static void
take_device_attribute (BwDeviceTree *tree,
                       BwSlice       attribute,
                       const char   *payload,
                       gsize         length,
                       BwEffect     *effect)
{
  gboolean is_list = bw_slice_is (attribute, "$nodes");
  g_autofree char *text = NULL;
  char **place = NULL;

  if (bw_dialect_take_words (no_scope, attribute, payload, length, effect))
    return;

  if (bw_slice_is (attribute, "$state"))
    {
      if (length == 0)
        remove_device (tree, effect);
      else
        bw_dialect_take_state (tree, payload, length, effect);
      return;
    }

  text = bw_dialect_dup_text (payload, length, is_list ? LIST_MAX_BYTES : BW_TREE_MAX_TEXT_BYTES, effect);
  if (text == NULL)
    return;

  if (is_list)
    {
      bw_set_str (&tree->node_list, text);
      if (bw_homie_relist (tree))
        effect->changes |= BW_CHANGE_STRUCTURE;
      return;
    }

  if (bw_slice_is (attribute, "$homie"))
    {
      take_version (tree, text, effect);
      return;
    }

  if (bw_slice_is (attribute, "$name"))
    place = &tree->name;
  else if (bw_slice_is (attribute, "$localip"))
    place = &tree->local_ip;
  else if (bw_slice_is (attribute, "$fw/name"))
    place = &tree->product;
  else if (bw_slice_is (attribute, "$fw/version"))
    place = &tree->version;

  if (place != NULL)
    {
      if (bw_set_str (place, *text != '\0' ? text : NULL))
        effect->changes |= BW_CHANGE_FACTS;
    }
  else if (!is_unused (attribute))
    bw_effect_ignore (effect, "%.*s is no attribute of a device that is kept",
                      (int) attribute.length, attribute.text);
}

/* After something about @node changed: what it means for others, and whether anybody sees it. */
static void
settle_node (BwDeviceTree *tree,
             BwTreeNode   *node,
             gboolean      changed,
             BwEffect     *effect)
{
  if (node->is_array)
    {
      if (changed && bw_homie_relist (tree))
        effect->changes |= BW_CHANGE_STRUCTURE;
    }
  else if (node->hidden)
    bw_effect_ignore (effect, "the device's $nodes does not name %s", node->id);
  else if (changed)
    effect->changes |= BW_CHANGE_STRUCTURE;
}

/* An element of an array that has just turned up is named by nothing but its array. Listing
 * once more may take the place of what nobody sees, of the new node too. */
static BwTreeNode *
find_or_make_node (BwDeviceTree *tree,
                   BwSlice       id,
                   BwEffect     *effect)
{
  BwTreeNode *node = bw_device_tree_find_node (tree, id.text, id.length);

  if (node != NULL)
    return node;

  node = bw_device_tree_touch_node (tree, id.text, id.length);
  if (node != NULL && (!node->hidden || bw_homie_relist (tree)))
    effect->changes |= BW_CHANGE_STRUCTURE;

  node = bw_device_tree_find_node (tree, id.text, id.length);
  if (node == NULL)
    bw_effect_ignore (effect, "the device has more than the %d nodes that are kept", BW_TREE_MAX_NODES);

  return node;
}

static void
take_node_attribute (BwDeviceTree *tree,
                     const BwTopic *topic,
                     const char   *payload,
                     gsize         length,
                     BwEffect     *effect)
{
  BwSlice attribute = topic->attribute;
  gboolean is_list = bw_slice_is (attribute, "$properties");
  g_autofree char *text = NULL;
  const char *value;
  BwTreeNode *node;
  gboolean changed = FALSE;

  if (!is_list && !bw_slice_is (attribute, "$name") && !bw_slice_is (attribute, "$type") &&
      !bw_slice_is (attribute, "$array"))
    {
      bw_effect_ignore (effect, "%.*s is no attribute of a node", (int) attribute.length, attribute.text);
      return;
    }

  text = bw_dialect_dup_text (payload, length, is_list ? LIST_MAX_BYTES : BW_TREE_MAX_TEXT_BYTES, effect);
  if (text == NULL)
    return;

  node = bw_device_tree_find_node (tree, topic->node.text, topic->node.length);
  if (node == NULL && *text == '\0')
    return;

  node = find_or_make_node (tree, topic->node, effect);
  if (node == NULL)
    return;

  value = *text != '\0' ? text : NULL;
  if (is_list)
    changed = bw_homie_list_properties (tree, node, text);
  else if (bw_slice_is (attribute, "$name"))
    {
      changed = bw_tree_set_text (&node->name, value);
      node->own_name = value != NULL ? 1 : 0;
    }
  else if (bw_slice_is (attribute, "$type"))
    changed = bw_tree_set_text (&node->type, value);
  else
    changed = bw_tree_set_text (&node->array, value);

  /* without a name of its own an element goes back to that of its array */
  if (changed && !node->own_name && bw_slice_is (attribute, "$name"))
    {
      if (bw_homie_relist (tree))
        effect->changes |= BW_CHANGE_STRUCTURE;

      node = bw_device_tree_find_node (tree, topic->node.text, topic->node.length);
      if (node == NULL)
        return;
    }

  settle_node (tree, node, changed, effect);
  if (value == NULL)
    bw_dialect_forget_if_bare (tree, node, NULL);
}

static gboolean
read_boolean (const char *text,
              gboolean    fallback,
              guint      *ret_flag,
              BwEffect   *effect)
{
  if (*text == '\0')
    *ret_flag = fallback ? 1 : 0;
  else if (strcmp (text, "true") == 0)
    *ret_flag = 1;
  else if (strcmp (text, "false") == 0)
    *ret_flag = 0;
  else
    {
      bw_effect_ignore (effect, "“%s” is neither true nor false", text);
      return FALSE;
    }

  return TRUE;
}

/* Returns: whether the attribute is known and its text is good; @ret_changed: another one than before */
static gboolean
set_property_attribute (BwTreeProperty *property,
                        BwSlice         attribute,
                        const char     *text,
                        gboolean       *ret_changed,
                        BwEffect       *effect)
{
  const char *value = *text != '\0' ? text : NULL;
  guint flag;

  if (bw_slice_is (attribute, "$name"))
    *ret_changed = bw_tree_set_text (&property->name, value);
  else if (bw_slice_is (attribute, "$unit"))
    *ret_changed = bw_tree_set_text (&property->unit, value);
  else if (bw_slice_is (attribute, "$format"))
    *ret_changed = bw_tree_set_text (&property->format, value);
  else if (bw_slice_is (attribute, "$datatype"))
    {
      BwDatatype datatype = bw_datatype_from_nick (text);

      *ret_changed = property->datatype != datatype;
      property->datatype = datatype;
    }
  else if (bw_slice_is (attribute, "$settable"))
    {
      if (!read_boolean (text, FALSE, &flag, effect))
        return FALSE;
      *ret_changed = property->settable != flag;
      property->settable = flag & 1;
    }
  else
    {
      if (!read_boolean (text, TRUE, &flag, effect))
        return FALSE;
      *ret_changed = property->retained != flag;
      property->retained = flag & 1;
    }

  return TRUE;
}

static gboolean
is_property_attribute (BwSlice attribute)
{
  static const char * const names[] = { "$name", "$unit", "$format", "$datatype", "$settable", "$retained" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (bw_slice_is (attribute, names[i]))
        return TRUE;
    }

  return FALSE;
}

static BwTreeProperty *
find_or_make_property (BwDeviceTree  *tree,
                       const BwTopic *topic,
                       BwEffect      *effect)
{
  BwTreeNode *node = find_or_make_node (tree, topic->node, effect);
  BwTreeProperty *property;

  if (node == NULL)
    return NULL;

  property = bw_device_tree_touch_property (tree, node, topic->property.text, topic->property.length);
  if (property == NULL)
    {
      bw_effect_ignore (effect, "the device has more than the %d properties that are kept",
                        BW_TREE_MAX_PROPERTIES);
      bw_dialect_forget_if_bare (tree, node, NULL);
    }

  return property;
}

static void
take_property_attribute (BwDeviceTree  *tree,
                         const BwTopic *topic,
                         const char    *payload,
                         gsize          length,
                         BwEffect      *effect)
{
  BwSlice attribute = topic->attribute;
  g_autofree char *text = NULL;
  BwTreeNode *node;
  BwTreeProperty *property = NULL;
  gboolean changed = FALSE;

  if (!is_property_attribute (attribute))
    {
      bw_effect_ignore (effect, "%.*s is no attribute of a property that is kept",
                        (int) attribute.length, attribute.text);
      return;
    }

  text = bw_dialect_dup_text (payload, length, BW_TREE_MAX_TEXT_BYTES, effect);
  if (text == NULL)
    return;

  node = bw_device_tree_find_node (tree, topic->node.text, topic->node.length);
  if (node != NULL)
    property = bw_tree_node_find_property (node, topic->property.text, topic->property.length);
  if (property == NULL && *text == '\0')
    return;

  property = find_or_make_property (tree, topic, effect);
  if (property == NULL || !set_property_attribute (property, attribute, text, &changed, effect))
    return;

  node = property->node;
  if (!property->described && *text != '\0')
    {
      property->described = 1;
      changed = TRUE;
    }

  if (changed)
    {
      property->dirty = 1;
      bw_dialect_check_value (property);
    }

  settle_node (tree, node, changed, effect);
  if (property->hidden && !node->hidden)
    {
      effect->changes &= ~(guint) BW_CHANGE_STRUCTURE;
      bw_effect_ignore (effect, "the node's $properties does not name %s/%s", node->id, property->id);
    }

  if (*text == '\0' && (!node->has_list || property->hidden) && property->name == NULL &&
      property->unit == NULL && property->format == NULL && property->datatype == BW_DATATYPE_STRING &&
      !property->settable && property->retained)
    {
      property->described = 0;
      bw_dialect_forget_if_bare (tree, node, property);
    }
}

static void
take_value (BwDeviceTree  *tree,
            const BwTopic *topic,
            const char    *payload,
            gsize          length,
            gint64         now_us,
            BwEffect      *effect)
{
  gboolean is_new = FALSE;
  BwTreeNode *node;

  /* Only a new node can be an element that its array does not know of yet. */
  if (length > 0 && tree->node_list != NULL && strchr (tree->node_list, '[') != NULL &&
      bw_device_tree_find_node (tree, topic->node.text, topic->node.length) == NULL)
    {
      is_new = TRUE;
      if (find_or_make_node (tree, topic->node, effect) == NULL)
        return;
    }

  bw_dialect_take_value (tree, topic->node, topic->property, payload, length, FALSE, FALSE, now_us, effect);

  node = is_new ? bw_device_tree_find_node (tree, topic->node.text, topic->node.length) : NULL;
  if (node != NULL)
    bw_dialect_forget_if_bare (tree, node, NULL);
}

static void
homie_3_4_on_message (BwDeviceTree  *tree,
                      const BwTopic *topic,
                      const char    *payload,
                      gsize          length,
                      gboolean       retained,
                      gint64         now_us,
                      BwEffect      *ret_effect)
{
  memset (ret_effect, 0, sizeof *ret_effect);

  if (topic->kind == BW_TOPIC_BROADCAST || topic->kind == BW_TOPIC_DEVICE)
    {
      bw_effect_ignore (ret_effect, "this is no topic of a device");
      return;
    }

  if (!bw_slice_is (topic->device, tree->id))
    {
      bw_effect_ignore (ret_effect, "Homie 3 and 4 know no children, and the topic is another device's");
      return;
    }

  if (!bw_dialect_claim (tree, BW_TOPIC_HOMIE_3_4, ret_effect))
    return;

  switch (topic->kind)
    {
    case BW_TOPIC_VALUE:
      take_value (tree, topic, payload, length, now_us, ret_effect);
      break;

    case BW_TOPIC_SET:
      /* somebody's wish, not the device's word */
      break;

    case BW_TOPIC_DEVICE_ATTRIBUTE:
      take_device_attribute (tree, topic->attribute, payload, length, ret_effect);
      break;

    case BW_TOPIC_NODE_ATTRIBUTE:
      take_node_attribute (tree, topic, payload, length, ret_effect);
      break;

    case BW_TOPIC_PROPERTY_ATTRIBUTE:
      take_property_attribute (tree, topic, payload, length, ret_effect);
      break;

    case BW_TOPIC_TARGET:
      bw_effect_ignore (ret_effect, "Homie 3 and 4 have no $target");
      break;

    case BW_TOPIC_DEVICE:
    case BW_TOPIC_BROADCAST:
    default:
      g_assert_not_reached ();
    }
}

static char **
homie_3_4_filters (const char *device_id)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *filter = g_strdup_printf ("homie/%s/#", device_id);

  g_strv_builder_add (builder, filter);

  return g_strv_builder_end (builder);
}

/* Bare numbers, in the one space that the format names. */
static char *
encode_color (const char *format,
              const char *value)
{
  g_autofree char *converted = NULL;
  double rgb[3];

  if (!g_ascii_isalpha (*value))
    return g_strdup (value);

  if (format == NULL || strncmp (value, format, 3) != 0)
    {
      if (!bw_value_get_color (format, value, rgb))
        return g_strdup (value);
      converted = bw_value_from_color (format, rgb);
      value = converted;
    }

  return g_strdup (strchr (value, ',') + 1);
}

static gboolean
homie_3_4_encode_set (BwDeviceTree          *tree,
                      const BwTreeProperty  *property,
                      const char            *value,
                      char                 **ret_topic,
                      GBytes               **ret_payload,
                      GError               **error)
{
  g_autofree char *text = NULL;

  if (!property->settable)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the device does not let %s/%s be set",
                   property->node->id, property->id);
      return FALSE;
    }

  text = property->datatype == BW_DATATYPE_COLOR ? encode_color (property->format, value) : g_strdup (value);
  *ret_topic = g_strdup_printf ("homie/%s/%s/%s/set", tree->id, property->node->id, property->id);
  *ret_payload = g_bytes_new (text, strlen (text));

  return TRUE;
}

const BwDialect bw_homie_3_4_dialect = {
  .name = "homie-3-4",
  .root = BW_TOPIC_HOMIE_3_4,
  .filters = homie_3_4_filters,
  .on_message = homie_3_4_on_message,
  .encode_set = homie_3_4_encode_set,
};
