/* bw-device-tree-json.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-model"

#include "bw-device-tree.h"

#include <string.h>

#include "bw-error.h"
#include "bw-json.h"
#include "bw-text.h"

#define ID_MAX_BYTES 256

static void
write_property (const BwTreeProperty *property,
                GString              *out)
{
  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "id", property->id);
  bw_json_add_string (out, "name", property->name);
  bw_json_add_string (out, "value", property->value);
  bw_json_add_string (out, "target", property->target);
  bw_json_add_string (out, "datatype", bw_datatype_to_nick (property->datatype));
  bw_json_add_string (out, "unit", property->unit);
  bw_json_add_string (out, "format", property->format);
  bw_json_add_boolean (out, "settable", property->settable);
  bw_json_add_boolean (out, "retained", property->retained);
  bw_json_add_int (out, "updatedAt", property->updated_at_us);
  bw_json_end_object (out);
}

void
bw_device_tree_write_nodes (BwDeviceTree *self,
                            GString      *out,
                            const char   *member)
{
  g_return_if_fail (self != NULL && out != NULL);

  bw_json_begin_array (out, member);
  for (guint i = 0; i < self->nodes->len; i++)
    {
      BwTreeNode *node = g_ptr_array_index (self->nodes, i);

      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "id", node->id);
      bw_json_add_string (out, "name", node->name);
      bw_json_add_string (out, "type", node->type);
      bw_json_begin_array (out, "properties");
      for (guint j = 0; j < node->properties->len; j++)
        write_property (g_ptr_array_index (node->properties, j), out);
      bw_json_end_array (out);
      bw_json_end_object (out);
    }
  bw_json_end_array (out);
}

/* The values of the "id" members; NULL when an element is no object or has none. */
static GPtrArray *
collect_ids (JsonArray *array)
{
  guint n_elements = array != NULL ? json_array_get_length (array) : 0;
  g_autoptr(GPtrArray) ids = g_ptr_array_sized_new (n_elements);

  for (guint i = 0; i < n_elements; i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      const char *id;

      if (!JSON_NODE_HOLDS_OBJECT (element))
        return NULL;

      id = bw_json_get_string (json_node_get_object (element), "id");
      if (id == NULL || *id == '\0' || strlen (id) > ID_MAX_BYTES)
        return NULL;

      g_ptr_array_add (ids, (gpointer) id);
    }

  return g_steal_pointer (&ids);
}

/* A document may be older than what came from the broker meanwhile. */
static void
read_property (BwTreeProperty *property,
               JsonObject     *json)
{
  gint64 updated_at_us = MAX (bw_json_get_int (json, "updatedAt", 0), 0);

  bw_tree_set_text (&property->name, bw_json_get_string (json, "name"));
  bw_tree_set_text (&property->unit, bw_json_get_string (json, "unit"));
  bw_tree_set_text (&property->format, bw_json_get_string (json, "format"));
  property->datatype = bw_datatype_from_nick (bw_json_get_string (json, "datatype"));
  property->settable = bw_json_get_boolean (json, "settable", FALSE) ? 1 : 0;
  property->retained = bw_json_get_boolean (json, "retained", TRUE) ? 1 : 0;
  property->described = 1;

  if (updated_at_us >= property->updated_at_us)
    {
      bw_set_str (&property->value, bw_json_get_string (json, "value"));
      bw_set_str (&property->target, bw_json_get_string (json, "target"));
      property->updated_at_us = updated_at_us;
    }

  property->bad_value = property->value != NULL &&
                        !bw_value_is_plausible (property->datatype, property->format, property->value);
}

static gboolean
read_node (BwDeviceTree  *self,
           JsonObject    *json,
           GError       **error)
{
  JsonArray *array = bw_json_get_array (json, "properties");
  g_autoptr(GPtrArray) ids = collect_ids (array);
  const char *node_id = bw_json_get_string (json, "id");
  BwTreeNode *node = bw_device_tree_find_node (self, node_id, strlen (node_id));
  gboolean has_list;

  if (ids == NULL)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "a property of node “%s” has no id", node_id);
      return FALSE;
    }

  if (node == NULL)
    return TRUE;   /* over a limit, and counted */

  bw_tree_set_text (&node->name, bw_json_get_string (json, "name"));
  bw_tree_set_text (&node->type, bw_json_get_string (json, "type"));

  /* The list is the document's, not the device's: the next word of the device may name more. */
  has_list = node->has_list;
  bw_device_tree_list_properties (self, node, (const char * const *) ids->pdata, ids->len);
  node->has_list = has_list ? 1 : 0;

  for (guint i = 0; i < ids->len; i++)
    {
      const char *id = g_ptr_array_index (ids, i);
      BwTreeProperty *property = bw_tree_node_find_property (node, id, strlen (id));

      if (property != NULL)
        read_property (property, json_array_get_object_element (array, i));
    }

  return TRUE;
}

gboolean
bw_device_tree_read_nodes (BwDeviceTree  *self,
                           JsonArray     *nodes,
                           GError       **error)
{
  g_autoptr(GPtrArray) ids = NULL;

  g_return_val_if_fail (self != NULL && nodes != NULL, FALSE);

  ids = collect_ids (nodes);
  if (ids == NULL)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "a node of this device has no id");
      return FALSE;
    }

  bw_device_tree_list_nodes (self, NULL, (const char * const *) ids->pdata, ids->len);

  for (guint i = 0; i < ids->len; i++)
    {
      if (!read_node (self, json_array_get_object_element (nodes, i), error))
        return FALSE;
    }

  return TRUE;
}
