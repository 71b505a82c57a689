/* bw-homie-5.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-device"

#include "bw-dialect.h"

#include <string.h>

#include "bw-error.h"
#include "bw-json.h"
#include "bw-text.h"

#include "bw-dialect-private.h"

/* Homie 5: one JSON document describes a device; values stay in topics of their
 * own. The children of a gateway are devices of their own to the convention. Here
 * they live in the tree of the gateway whose connection they share, their nodes
 * named `child:node`. */

#define SCOPED_ID_SIZE   136   /* a child, the separator and a node, 64 bytes each at most */
#define MAX_CHILDREN     BW_TREE_MAX_NODES

/* What is left of the device id of a child when the gateway's and the dash are off; empty for the device itself. */
static gboolean
get_scope (BwDeviceTree *tree,
           BwSlice       device,
           BwSlice      *ret_scope)
{
  gsize length = strlen (tree->id);

  ret_scope->text = device.text + device.length;
  ret_scope->length = 0;
  if (bw_slice_is (device, tree->id))
    return TRUE;

  if (!bw_topic_device_belongs_to (device, tree->id))
    return FALSE;

  ret_scope->text = device.text + length + 1;
  ret_scope->length = device.length - length - 1;

  return TRUE;
}

/* Returns: the node's id in the tree; in @buffer for a node of a child */
static BwSlice
scope_node (BwSlice scope,
            BwSlice node,
            char    buffer[SCOPED_ID_SIZE])
{
  if (scope.length == 0 || scope.length + node.length + 2 > SCOPED_ID_SIZE)
    return node;

  memcpy (buffer, scope.text, scope.length);
  buffer[scope.length] = BW_TREE_SCOPE_SEPARATOR;
  memcpy (buffer + scope.length + 1, node.text, node.length);

  return (BwSlice) { buffer, scope.length + 1 + node.length };
}

static gboolean
set_bit (gboolean wanted,
         gboolean is_set,
         gboolean *changed)
{
  if (wanted != is_set)
    *changed = TRUE;

  return wanted;
}

/* Whether anything was described in another way before. */
static gboolean
describe_property (BwTreeProperty *property,
                   JsonObject     *json)
{
  gboolean changed = !property->described;
  gboolean rechecks = FALSE;
  BwDatatype datatype = bw_datatype_from_nick (bw_json_get_string (json, "datatype"));

  if (bw_tree_set_text (&property->name, bw_json_get_string (json, "name")))
    changed = TRUE;
  if (bw_tree_set_text (&property->unit, bw_json_get_string (json, "unit")))
    changed = TRUE;
  if (bw_tree_set_text (&property->format, bw_json_get_string (json, "format")))
    rechecks = TRUE;
  if (property->datatype != datatype)
    rechecks = TRUE;

  property->datatype = datatype;
  property->settable = set_bit (bw_json_get_boolean (json, "settable", FALSE), property->settable, &changed) ? 1 : 0;
  property->retained = set_bit (bw_json_get_boolean (json, "retained", TRUE), property->retained, &changed) ? 1 : 0;
  property->described = 1;

  if (rechecks)
    bw_dialect_check_value (property);
  if (changed || rechecks)
    property->dirty = 1;

  return changed || rechecks;
}

/* The members of @object that hold objects and whose names are ids, in their order. */
static GPtrArray *
collect_ids (BwDeviceTree *tree,
             JsonObject   *object,
             const char   *scope)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  JsonObjectIter iter;
  const char *id;
  JsonNode *node;

  if (object == NULL)
    return g_steal_pointer (&ids);

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &id, &node))
    {
      if (!bw_dialect_is_id (id, strlen (id)) || !JSON_NODE_HOLDS_OBJECT (node))
        tree->n_refused++;
      else if (*scope == '\0')
        g_ptr_array_add (ids, g_strdup (id));
      else
        g_ptr_array_add (ids, g_strdup_printf ("%s%c%s", scope, BW_TREE_SCOPE_SEPARATOR, id));
    }

  return g_steal_pointer (&ids);
}

static gboolean
describe_node (BwDeviceTree *tree,
               BwTreeNode   *node,
               JsonObject   *json)
{
  JsonObject *properties = bw_json_get_object (json, "properties");
  g_autoptr(GPtrArray) ids = collect_ids (tree, properties, "");
  gboolean changed = FALSE;

  if (bw_tree_set_text (&node->name, bw_json_get_string (json, "name")))
    changed = TRUE;
  if (bw_tree_set_text (&node->type, bw_json_get_string (json, "type")))
    changed = TRUE;
  if (bw_device_tree_list_properties (tree, node, (const char * const *) ids->pdata, ids->len))
    changed = TRUE;

  for (guint i = 0; i < ids->len; i++)
    {
      const char *id = g_ptr_array_index (ids, i);
      BwTreeProperty *property = bw_tree_node_find_property (node, id, strlen (id));

      if (property != NULL && describe_property (property, bw_json_get_object (properties, id)))
        changed = TRUE;
    }

  return changed;
}

static gboolean
describe_nodes (BwDeviceTree *tree,
                const char   *scope,
                JsonObject   *nodes)
{
  g_autoptr(GPtrArray) ids = collect_ids (tree, nodes, scope);
  gsize prefix = *scope != '\0' ? strlen (scope) + 1 : 0;
  gboolean changed = bw_device_tree_list_nodes (tree, scope, (const char * const *) ids->pdata, ids->len);

  for (guint i = 0; i < ids->len; i++)
    {
      const char *id = g_ptr_array_index (ids, i);
      BwTreeNode *node = bw_device_tree_find_node (tree, id, strlen (id));

      if (node != NULL && describe_node (tree, node, bw_json_get_object (nodes, id + prefix)))
        changed = TRUE;
    }

  return changed;
}

/* A child that the gateway has named and names no longer is gone, with all below it. */
static gboolean
describe_children (BwDeviceTree *tree,
                   JsonArray    *children)
{
  g_autoptr(GPtrArray) before = g_steal_pointer (&tree->children);
  guint n_children = children != NULL ? json_array_get_length (children) : 0;
  gboolean changed = FALSE;

  if (n_children > 0)
    tree->children = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < MIN (n_children, MAX_CHILDREN); i++)
    {
      JsonNode *element = json_array_get_element (children, i);
      const char *id = JSON_NODE_HOLDS_VALUE (element) ? json_node_get_string (element) : NULL;

      /* nobody is a child of itself */
      if (id == NULL || !bw_dialect_is_id (id, strlen (id)) || strcmp (id, tree->id) == 0 ||
          !bw_topic_device_belongs_to ((BwSlice) { id, strlen (id) }, tree->id))
        tree->n_refused++;
      else
        g_ptr_array_add (tree->children, g_strdup (id));
    }

  for (guint i = 0; before != NULL && i < before->len; i++)
    {
      const char *id = g_ptr_array_index (before, i);

      if ((tree->children == NULL ||
           !g_ptr_array_find_with_equal_func (tree->children, id, g_str_equal, NULL)) &&
          bw_device_tree_remove_scope (tree, id + strlen (tree->id) + 1))
        changed = TRUE;
    }

  return changed;
}

static gboolean
describe_facts (BwDeviceTree *tree,
                JsonObject   *json)
{
  g_autofree char *version = NULL;
  gboolean changed = FALSE;

  if (json_object_has_member (json, "version"))
    version = g_strdup_printf ("%" G_GINT64_FORMAT, bw_json_get_int (json, "version", 0));

  if (bw_set_str (&tree->homie, bw_json_get_string (json, "homie")))
    changed = TRUE;
  if (bw_set_str (&tree->name, bw_json_get_string (json, "name")))
    changed = TRUE;
  if (!tree->firmware_name && bw_set_str (&tree->product, bw_json_get_string (json, "type")))
    changed = TRUE;
  if (!tree->firmware_version && bw_set_str (&tree->version, version))
    changed = TRUE;

  return changed;
}

static void
take_description (BwDeviceTree *tree,
                  BwSlice       scope,
                  const char   *payload,
                  gsize         length,
                  BwEffect     *effect)
{
  g_autofree char *scope_text = g_strndup (scope.text, scope.length);
  g_autoptr(JsonObject) json = NULL;
  g_autoptr(GError) error = NULL;
  const char *homie;

  /* The description is gone; the state says whether the device is. */
  if (length == 0)
    {
      if (bw_device_tree_list_nodes (tree, scope_text, NULL, 0))
        effect->changes |= BW_CHANGE_STRUCTURE;
      return;
    }

  json = bw_json_parse_object (payload, length, BW_DESCRIPTION_MAX_BYTES, &error);
  if (json == NULL)
    {
      bw_effect_ignore (effect, "the description cannot be read: %s", error->message);
      return;
    }

  homie = bw_json_get_string (json, "homie");
  if (homie == NULL || *homie != '5' || strlen (homie) > BW_TREE_MAX_TEXT_BYTES)
    {
      bw_effect_ignore (effect, "the description does not say that it is of Homie 5");
      return;
    }

  if (*scope_text == '\0')
    {
      if (describe_facts (tree, json))
        effect->changes |= BW_CHANGE_FACTS;
      if (describe_children (tree, bw_json_get_array (json, "children")))
        effect->changes |= BW_CHANGE_STRUCTURE;
    }

  if (describe_nodes (tree, scope_text, bw_json_get_object (json, "nodes")))
    effect->changes |= BW_CHANGE_STRUCTURE;
}

static void
take_state (BwDeviceTree *tree,
            BwSlice       scope,
            const char   *payload,
            gsize         length,
            BwEffect     *effect)
{
  g_autofree char *scope_text = NULL;

  if (scope.length > 0)
    {
      scope_text = g_strndup (scope.text, scope.length);
      if (length > 0)
        bw_effect_ignore (effect, "the state of the child %s; its values are shown all the same", scope_text);
      else if (bw_device_tree_remove_scope (tree, scope_text))
        effect->changes |= BW_CHANGE_STRUCTURE;
      return;
    }

  if (length > 0)
    {
      bw_dialect_take_state (tree, payload, length, effect);
      return;
    }

  bw_device_tree_clear (tree);
  effect->changes |= BW_CHANGE_REMOVED | BW_CHANGE_STATE | BW_CHANGE_STRUCTURE | BW_CHANGE_FACTS;
}

/* The legacy extensions keep Homie 4's topics for these. */
static void
take_fact (BwDeviceTree  *tree,
           char         **place,
           const char    *payload,
           gsize          length,
           BwEffect      *effect)
{
  g_autofree char *text = bw_dialect_dup_text (payload, length, BW_TREE_MAX_TEXT_BYTES, effect);

  if (text == NULL)
    return;

  if (place == &tree->product)
    tree->firmware_name = *text != '\0' ? 1 : 0;
  else if (place == &tree->version)
    tree->firmware_version = *text != '\0' ? 1 : 0;

  if (bw_set_str (place, *text != '\0' ? text : NULL))
    effect->changes |= BW_CHANGE_FACTS;
}

static void
take_attribute (BwDeviceTree *tree,
                BwSlice       scope,
                BwSlice       attribute,
                const char   *payload,
                gsize         length,
                BwEffect     *effect)
{
  if (bw_slice_is (attribute, "$state"))
    take_state (tree, scope, payload, length, effect);
  else if (bw_slice_is (attribute, "$description"))
    take_description (tree, scope, payload, length, effect);
  else if (bw_dialect_take_words (scope, attribute, payload, length, effect))
    return;
  else if (scope.length == 0 && bw_slice_is (attribute, "$fw/name"))
    take_fact (tree, &tree->product, payload, length, effect);
  else if (scope.length == 0 && bw_slice_is (attribute, "$fw/version"))
    take_fact (tree, &tree->version, payload, length, effect);
  else if (scope.length == 0 && bw_slice_is (attribute, "$localip"))
    take_fact (tree, &tree->local_ip, payload, length, effect);
  else
    bw_effect_ignore (effect, "%.*s is no attribute of Homie 5 that is kept",
                      (int) attribute.length, attribute.text);
}

static void
homie_5_on_message (BwDeviceTree  *tree,
                    const BwTopic *topic,
                    const char    *payload,
                    gsize          length,
                    gboolean       retained,
                    gint64         now_us,
                    BwEffect      *ret_effect)
{
  char buffer[SCOPED_ID_SIZE];
  BwSlice scope;

  memset (ret_effect, 0, sizeof *ret_effect);

  if (topic->kind == BW_TOPIC_BROADCAST || topic->kind == BW_TOPIC_DEVICE)
    {
      bw_effect_ignore (ret_effect, "this is no topic of a device");
      return;
    }

  if (!get_scope (tree, topic->device, &scope))
    {
      bw_effect_ignore (ret_effect, "the topic is another device's");
      return;
    }

  if (!bw_dialect_claim (tree, BW_TOPIC_HOMIE_5, ret_effect))
    return;

  switch (topic->kind)
    {
    case BW_TOPIC_VALUE:
    case BW_TOPIC_TARGET:
      bw_dialect_take_value (tree, scope_node (scope, topic->node, buffer), topic->property, payload, length,
                             topic->kind == BW_TOPIC_TARGET, TRUE, now_us, ret_effect);
      break;

    case BW_TOPIC_SET:
      /* somebody's wish, not the device's word */
      break;

    case BW_TOPIC_DEVICE_ATTRIBUTE:
      take_attribute (tree, scope, topic->attribute, payload, length, ret_effect);
      break;

    case BW_TOPIC_NODE_ATTRIBUTE:
    case BW_TOPIC_PROPERTY_ATTRIBUTE:
      bw_effect_ignore (ret_effect, "Homie 5 has no attributes of nodes and properties");
      break;

    case BW_TOPIC_DEVICE:
    case BW_TOPIC_BROADCAST:
    default:
      g_assert_not_reached ();
    }
}

static char **
homie_5_filters (const char *device_id)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *filter = g_strdup_printf ("homie/5/%s/#", device_id);

  g_strv_builder_add (builder, filter);

  return g_strv_builder_end (builder);
}

/* Colours carry the name of their space. */
static char *
encode_color (const char *format,
              const char *value)
{
  double rgb[3];

  if (g_ascii_isalpha (*value) || !bw_value_get_color (format, value, rgb))
    return g_strdup (value);

  return bw_value_from_color (format, rgb);
}

static gboolean
homie_5_encode_set (BwDeviceTree          *tree,
                    const BwTreeProperty  *property,
                    const char            *value,
                    char                 **ret_topic,
                    GBytes               **ret_payload,
                    GError               **error)
{
  const char *node_id = property->node->id;
  const char *separator = strchr (node_id, BW_TREE_SCOPE_SEPARATOR);
  g_autofree char *text = NULL;

  if (!property->settable)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the device does not let %s/%s be set",
                   node_id, property->id);
      return FALSE;
    }

  text = property->datatype == BW_DATATYPE_COLOR ? encode_color (property->format, value) : g_strdup (value);

  if (separator != NULL)
    *ret_topic = g_strdup_printf ("homie/5/%s-%.*s/%s/%s/set", tree->id, (int) (separator - node_id), node_id,
                                  separator + 1, property->id);
  else
    *ret_topic = g_strdup_printf ("homie/5/%s/%s/%s/set", tree->id, node_id, property->id);

  /* An empty payload is no message to Homie 5: an empty string is one zero byte. */
  *ret_payload = g_bytes_new (text, *text != '\0' ? strlen (text) : 1);

  return TRUE;
}

const BwDialect bw_homie_5_dialect = {
  .name = "homie-5",
  .root = BW_TOPIC_HOMIE_5,
  .filters = homie_5_filters,
  .on_message = homie_5_on_message,
  .encode_set = homie_5_encode_set,
};
