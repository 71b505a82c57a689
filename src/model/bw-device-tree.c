/* bw-device-tree.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-model"

#include "bw-device-tree.h"

#include <string.h>

#include "bw-text.h"

/**
 * BwDeviceTree:
 *
 * Nodes and properties of one device as it describes itself, with the last
 * values. Plain structs: a backend holds ten thousand of these. Whoever owns
 * one uses it on one thread at a time.
 */

static const char * const state_nicks[] = {
  [BW_STATE_NOT_CONNECTED] = "not-connected",
  [BW_STATE_INIT] = "init",
  [BW_STATE_READY] = "ready",
  [BW_STATE_DISCONNECTED] = "disconnected",
  [BW_STATE_SLEEPING] = "sleeping",
  [BW_STATE_LOST] = "lost",
  [BW_STATE_ALERT] = "alert",
};

static void
property_free (BwTreeProperty *property)
{
  g_ref_string_release (property->id);
  g_clear_pointer (&property->name, g_ref_string_release);
  g_clear_pointer (&property->unit, g_ref_string_release);
  g_clear_pointer (&property->format, g_ref_string_release);
  g_free (property->value);
  g_free (property->target);
  g_slice_free (BwTreeProperty, property);
}

static void
free_properties (BwDeviceTree *self,
                 GPtrArray    *properties)
{
  if (properties == NULL)
    return;

  self->n_properties -= properties->len;
  for (guint i = 0; i < properties->len; i++)
    property_free (g_ptr_array_index (properties, i));

  g_ptr_array_unref (properties);
}

static void
node_free (BwDeviceTree *self,
           BwTreeNode   *node)
{
  free_properties (self, node->properties);
  free_properties (self, node->aside);
  g_ref_string_release (node->id);
  g_clear_pointer (&node->name, g_ref_string_release);
  g_clear_pointer (&node->type, g_ref_string_release);
  g_clear_pointer (&node->array, g_ref_string_release);
  g_slice_free (BwTreeNode, node);
  self->n_nodes--;
}

static void
free_nodes (BwDeviceTree *self,
            GPtrArray    *nodes)
{
  if (nodes == NULL)
    return;

  for (guint i = 0; i < nodes->len; i++)
    node_free (self, g_ptr_array_index (nodes, i));

  g_ptr_array_unref (nodes);
}

/* Both structs begin with their id. A device sends its values in the same order
 * time and again, so the search begins where the last one ended. */
static gpointer
find_item (GPtrArray  *items,
           const char *id,
           gsize       length,
           guint      *hint)
{
  guint n_items = items != NULL ? items->len : 0;
  guint position = *hint;

  for (guint i = 0; i < n_items; i++)
    {
      gpointer item;
      const char *other;

      if (position >= n_items)
        position = 0;

      item = g_ptr_array_index (items, position);
      other = *(char **) item;
      if (strncmp (other, id, length) == 0 && other[length] == '\0')
        {
          *hint = position;
          return item;
        }

      position++;
    }

  return NULL;
}

static GPtrArray *
aside_array (GPtrArray **aside)
{
  if (*aside == NULL)
    *aside = g_ptr_array_new ();

  return *aside;
}

/* Whether @node_id is in @scope; NULL is all of them. */
static gboolean
is_in_scope (const char *node_id,
             const char *scope)
{
  gsize length;

  if (scope == NULL)
    return TRUE;

  length = strlen (scope);
  if (length == 0)
    return strchr (node_id, BW_TREE_SCOPE_SEPARATOR) == NULL;

  return strncmp (node_id, scope, length) == 0 && node_id[length] == BW_TREE_SCOPE_SEPARATOR;
}

static gboolean
is_listed_scope (BwDeviceTree *self,
                 const char   *node_id)
{
  for (guint i = 0; self->scopes != NULL && i < self->scopes->len; i++)
    {
      if (is_in_scope (node_id, g_ptr_array_index (self->scopes, i)))
        return TRUE;
    }

  return FALSE;
}

/* What nobody sees gives way to what the device describes. A template of an array stays. */
static void
drop_aside (BwDeviceTree *self)
{
  for (guint i = 0; self->aside != NULL && i < self->aside->len;)
    {
      BwTreeNode *node = g_ptr_array_index (self->aside, i);

      if (node->is_array)
        i++;
      else
        {
          g_ptr_array_remove_index (self->aside, i);
          node_free (self, node);
        }
    }

  for (guint i = 0; i < self->nodes->len; i++)
    {
      BwTreeNode *node = g_ptr_array_index (self->nodes, i);

      free_properties (self, g_steal_pointer (&node->aside));
    }
}

static BwTreeNode *
add_node (BwDeviceTree *self,
          const char   *id,
          gsize         length,
          gboolean      hidden)
{
  g_autofree char *copy = NULL;
  BwTreeNode *node;

  if (self->n_nodes >= BW_TREE_MAX_NODES && !hidden)
    drop_aside (self);

  if (self->n_nodes >= BW_TREE_MAX_NODES)
    {
      self->n_refused++;
      return NULL;
    }

  copy = g_strndup (id, length);
  node = g_slice_new0 (BwTreeNode);
  node->id = g_ref_string_new_intern (copy);
  node->properties = g_ptr_array_new ();
  node->hidden = hidden ? 1 : 0;
  g_ptr_array_add (hidden ? aside_array (&self->aside) : self->nodes, node);
  self->n_nodes++;

  return node;
}

static BwTreeProperty *
add_property (BwDeviceTree *self,
              BwTreeNode   *node,
              const char   *id,
              gsize         length,
              gboolean      hidden)
{
  g_autofree char *copy = NULL;
  BwTreeProperty *property;

  if (self->n_properties >= BW_TREE_MAX_PROPERTIES && !hidden && !node->hidden)
    drop_aside (self);

  if (self->n_properties >= BW_TREE_MAX_PROPERTIES)
    {
      self->n_refused++;
      return NULL;
    }

  copy = g_strndup (id, length);
  property = g_slice_new0 (BwTreeProperty);
  property->id = g_ref_string_new_intern (copy);
  property->node = node;
  property->datatype = BW_DATATYPE_STRING;
  property->retained = 1;
  property->hidden = hidden ? 1 : 0;
  g_ptr_array_add (hidden ? aside_array (&node->aside) : node->properties, property);
  self->n_properties++;

  return property;
}

const char *
bw_state_to_nick (BwState state)
{
  g_return_val_if_fail ((gsize) state < G_N_ELEMENTS (state_nicks), "not-connected");

  return state_nicks[state];
}

BwState
bw_state_from_nick (const char *nick)
{
  for (guint i = 0; i < G_N_ELEMENTS (state_nicks); i++)
    {
      if (g_strcmp0 (nick, state_nicks[i]) == 0)
        return (BwState) i;
    }

  return BW_STATE_NOT_CONNECTED;
}

BwDeviceTree *
bw_device_tree_new (const char *id)
{
  BwDeviceTree *self;

  g_return_val_if_fail (id != NULL, NULL);

  self = g_slice_new0 (BwDeviceTree);
  self->id = g_strdup (id);
  self->nodes = g_ptr_array_new ();

  return self;
}

void
bw_device_tree_free (BwDeviceTree *self)
{
  g_return_if_fail (self != NULL);

  bw_device_tree_clear (self);
  g_ptr_array_unref (self->nodes);
  g_free (self->id);
  g_slice_free (BwDeviceTree, self);
}

void
bw_device_tree_clear (BwDeviceTree *self)
{
  g_return_if_fail (self != NULL);

  free_nodes (self, self->nodes);
  self->nodes = g_ptr_array_new ();
  free_nodes (self, g_steal_pointer (&self->aside));
  g_clear_pointer (&self->scopes, g_ptr_array_unref);
  g_clear_pointer (&self->children, g_ptr_array_unref);
  g_clear_pointer (&self->node_list, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->product, g_free);
  g_clear_pointer (&self->version, g_free);
  g_clear_pointer (&self->local_ip, g_free);
  g_clear_pointer (&self->homie, g_free);
  self->state = BW_STATE_NOT_CONNECTED;
  self->n_dialect = 0;
  self->firmware_name = 0;
  self->firmware_version = 0;
  self->n_refused = 0;
  self->hint = 0;
}

/* Only what is visible. */
BwTreeNode *
bw_device_tree_get_node (BwDeviceTree *self,
                         const char   *node_id)
{
  g_return_val_if_fail (self != NULL && node_id != NULL, NULL);

  return find_item (self->nodes, node_id, strlen (node_id), &self->hint);
}

BwTreeProperty *
bw_device_tree_get_property (BwDeviceTree *self,
                             const char   *node_id,
                             const char   *property_id)
{
  BwTreeNode *node = bw_device_tree_get_node (self, node_id);

  g_return_val_if_fail (property_id != NULL, NULL);

  if (node == NULL)
    return NULL;

  return find_item (node->properties, property_id, strlen (property_id), &node->hint);
}

BwTreeNode *
bw_device_tree_ensure_node (BwDeviceTree *self,
                            const char   *node_id)
{
  BwTreeNode *node;

  g_return_val_if_fail (self != NULL && node_id != NULL, NULL);

  node = bw_device_tree_find_node (self, node_id, strlen (node_id));
  if (node == NULL)
    return add_node (self, node_id, strlen (node_id), FALSE);

  if (node->hidden)
    {
      g_ptr_array_remove (self->aside, node);
      g_ptr_array_add (self->nodes, node);
      node->hidden = 0;
    }

  return node;
}

BwTreeProperty *
bw_device_tree_ensure_property (BwDeviceTree *self,
                                const char   *node_id,
                                const char   *property_id)
{
  BwTreeNode *node = bw_device_tree_ensure_node (self, node_id);
  BwTreeProperty *property;

  g_return_val_if_fail (property_id != NULL, NULL);

  if (node == NULL)
    return NULL;

  property = bw_tree_node_find_property (node, property_id, strlen (property_id));
  if (property == NULL)
    return add_property (self, node, property_id, strlen (property_id), FALSE);

  if (property->hidden)
    {
      g_ptr_array_remove (node->aside, property);
      g_ptr_array_add (node->properties, property);
      property->hidden = 0;
    }

  return property;
}

void
bw_device_tree_remove_node (BwDeviceTree *self,
                            const char   *node_id)
{
  BwTreeNode *node;

  g_return_if_fail (self != NULL && node_id != NULL);

  node = bw_device_tree_find_node (self, node_id, strlen (node_id));
  if (node == NULL)
    return;

  g_ptr_array_remove (node->hidden ? self->aside : self->nodes, node);
  node_free (self, node);
}

void
bw_device_tree_remove_property (BwDeviceTree *self,
                                const char   *node_id,
                                const char   *property_id)
{
  BwTreeNode *node;
  BwTreeProperty *property;

  g_return_if_fail (self != NULL && node_id != NULL && property_id != NULL);

  node = bw_device_tree_find_node (self, node_id, strlen (node_id));
  property = node != NULL ? bw_tree_node_find_property (node, property_id, strlen (property_id)) : NULL;
  if (property == NULL)
    return;

  g_ptr_array_remove (property->hidden ? node->aside : node->properties, property);
  property_free (property);
  self->n_properties--;
}

BwTreeNode *
bw_device_tree_find_node (BwDeviceTree *self,
                          const char   *node_id,
                          gsize         length)
{
  guint start = 0;
  BwTreeNode *node;

  g_return_val_if_fail (self != NULL && node_id != NULL, NULL);

  node = find_item (self->nodes, node_id, length, &self->hint);

  return node != NULL ? node : find_item (self->aside, node_id, length, &start);
}

BwTreeProperty *
bw_tree_node_find_property (BwTreeNode *node,
                            const char *property_id,
                            gsize       length)
{
  guint start = 0;
  BwTreeProperty *property;

  g_return_val_if_fail (node != NULL && property_id != NULL, NULL);

  property = find_item (node->properties, property_id, length, &node->hint);

  return property != NULL ? property : find_item (node->aside, property_id, length, &start);
}

BwTreeNode *
bw_device_tree_touch_node (BwDeviceTree *self,
                           const char   *node_id,
                           gsize         length)
{
  BwTreeNode *node = bw_device_tree_find_node (self, node_id, length);
  g_autofree char *copy = NULL;

  if (node != NULL)
    return node;

  copy = g_strndup (node_id, length);

  return add_node (self, node_id, length, is_listed_scope (self, copy));
}

BwTreeProperty *
bw_device_tree_touch_property (BwDeviceTree *self,
                               BwTreeNode   *node,
                               const char   *property_id,
                               gsize         length)
{
  BwTreeProperty *property = bw_tree_node_find_property (node, property_id, length);

  if (property != NULL)
    return property;

  return add_property (self, node, property_id, length, node->has_list);
}

gboolean
bw_tree_property_is_visible (const BwTreeProperty *property)
{
  return !property->hidden && !property->node->hidden;
}

static gboolean
is_same_order (GPtrArray *a,
               GPtrArray *b)
{
  return a->len == b->len && (a->len == 0 || memcmp (a->pdata, b->pdata, a->len * sizeof (gpointer)) == 0);
}

/* Puts what @ids name into @visible, in that order, before what is no subject of this
 * list at all; the subjects that no id names go to @aside. */
static void
relist (GPtrArray          *visible,
        GPtrArray         **aside,
        const char * const *ids,
        gsize               n_ids,
        gboolean          (*is_subject) (const char *id, const char *scope),
        const char         *scope)
{
  g_autoptr(GHashTable) subjects = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) before = g_ptr_array_copy (visible, NULL, NULL);
  g_autoptr(GPtrArray) rest = g_ptr_array_new ();

  if (*aside != NULL)
    g_ptr_array_extend (rest, *aside, NULL, NULL);
  g_ptr_array_extend (rest, visible, NULL, NULL);

  for (guint i = 0; i < rest->len; i++)
    {
      gpointer item = g_ptr_array_index (rest, i);

      if (is_subject (*(char **) item, scope))
        g_hash_table_insert (subjects, *(char **) item, item);
    }

  g_ptr_array_set_size (visible, 0);
  for (gsize i = 0; i < n_ids; i++)
    {
      gpointer item = g_hash_table_lookup (subjects, ids[i]);

      if (item != NULL)
        {
          g_ptr_array_add (visible, item);
          g_hash_table_remove (subjects, ids[i]);
        }
    }

  for (guint i = 0; i < before->len; i++)
    {
      gpointer item = g_ptr_array_index (before, i);

      if (!is_subject (*(char **) item, scope))
        g_ptr_array_add (visible, item);
    }

  /* What is left over: subjects that no id named, and strangers that were aside. */
  if (g_hash_table_size (subjects) > 0 || *aside != NULL)
    {
      guint n_before_aside = *aside != NULL ? (*aside)->len : 0;

      g_ptr_array_set_size (aside_array (aside), 0);
      for (guint i = 0; i < rest->len; i++)
        {
          gpointer item = g_ptr_array_index (rest, i);
          const char *id = *(char **) item;
          gboolean left = is_subject (id, scope) ? g_hash_table_lookup (subjects, id) == item
                                                 : i < n_before_aside;

          if (left)
            g_ptr_array_add (*aside, item);
        }
    }
}

static gboolean
any_subject (const char *id,
             const char *scope)
{
  return TRUE;
}

/* The device's own nodes first, then child by child. The sort is stable. */
static int
compare_scopes (gconstpointer a,
                gconstpointer b)
{
  const char *id_a = (*(BwTreeNode * const *) a)->id;
  const char *id_b = (*(BwTreeNode * const *) b)->id;
  const char *end_a = strchr (id_a, BW_TREE_SCOPE_SEPARATOR);
  const char *end_b = strchr (id_b, BW_TREE_SCOPE_SEPARATOR);
  gsize length_a = end_a != NULL ? (gsize) (end_a - id_a) : 0;
  gsize length_b = end_b != NULL ? (gsize) (end_b - id_b) : 0;
  int order = memcmp (id_a, id_b, MIN (length_a, length_b));

  return order != 0 ? order : (int) length_a - (int) length_b;
}

/* What was aside has not been stored. */
static void
show_property (BwTreeProperty *property)
{
  property->dirty = 1;
  property->dirty_value = property->value != NULL ? 1 : 0;
}

static void
show_node (BwTreeNode *node)
{
  node->hidden = 0;
  g_ptr_array_foreach (node->properties, (GFunc) show_property, NULL);
}

gboolean
bw_device_tree_list_nodes (BwDeviceTree       *self,
                           const char         *scope,
                           const char * const *node_ids,
                           gsize               n_ids)
{
  g_autoptr(GPtrArray) before = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  if (scope != NULL)
    {
      if (self->scopes == NULL)
        self->scopes = g_ptr_array_new_with_free_func (g_free);
      if (!g_ptr_array_find_with_equal_func (self->scopes, scope, g_str_equal, NULL))
        g_ptr_array_add (self->scopes, g_strdup (scope));
    }

  /* What is no longer named goes aside first, where it gives way when a limit is near. */
  before = g_ptr_array_copy (self->nodes, NULL, NULL);
  relist (self->nodes, &self->aside, node_ids, n_ids, is_in_scope, scope);
  for (gsize i = 0; i < n_ids; i++)
    {
      if (bw_device_tree_find_node (self, node_ids[i], strlen (node_ids[i])) == NULL)
        add_node (self, node_ids[i], strlen (node_ids[i]), FALSE);
    }

  relist (self->nodes, &self->aside, node_ids, n_ids, is_in_scope, scope);
  if (self->scopes != NULL && self->scopes->len > 1)
    g_ptr_array_sort (self->nodes, compare_scopes);

  for (guint i = 0; i < self->nodes->len; i++)
    {
      BwTreeNode *node = g_ptr_array_index (self->nodes, i);

      if (node->hidden)
        show_node (node);
    }
  for (guint i = 0; self->aside != NULL && i < self->aside->len; i++)
    ((BwTreeNode *) g_ptr_array_index (self->aside, i))->hidden = 1;

  return !is_same_order (before, self->nodes);
}

gboolean
bw_device_tree_list_properties (BwDeviceTree       *self,
                                BwTreeNode         *node,
                                const char * const *property_ids,
                                gsize               n_ids)
{
  g_autoptr(GPtrArray) before = NULL;

  g_return_val_if_fail (self != NULL && node != NULL, FALSE);

  node->has_list = 1;
  before = g_ptr_array_copy (node->properties, NULL, NULL);
  relist (node->properties, &node->aside, property_ids, n_ids, any_subject, NULL);
  for (gsize i = 0; i < n_ids; i++)
    {
      if (bw_tree_node_find_property (node, property_ids[i], strlen (property_ids[i])) == NULL)
        add_property (self, node, property_ids[i], strlen (property_ids[i]), FALSE);
    }

  relist (node->properties, &node->aside, property_ids, n_ids, any_subject, NULL);

  for (guint i = 0; i < node->properties->len; i++)
    {
      BwTreeProperty *property = g_ptr_array_index (node->properties, i);

      if (property->hidden)
        show_property (property);
      property->hidden = 0;
    }
  for (guint i = 0; node->aside != NULL && i < node->aside->len; i++)
    ((BwTreeProperty *) g_ptr_array_index (node->aside, i))->hidden = 1;

  return !is_same_order (before, node->properties);
}

gboolean
bw_device_tree_remove_scope (BwDeviceTree *self,
                             const char   *scope)
{
  GPtrArray *arrays[2];
  gboolean changed = FALSE;
  guint position;

  g_return_val_if_fail (self != NULL && scope != NULL, FALSE);

  arrays[0] = self->nodes;
  arrays[1] = self->aside;
  for (guint n = 0; n < G_N_ELEMENTS (arrays); n++)
    {
      for (guint i = 0; arrays[n] != NULL && i < arrays[n]->len;)
        {
          BwTreeNode *node = g_ptr_array_index (arrays[n], i);

          if (is_in_scope (node->id, scope))
            {
              changed = changed || n == 0;
              g_ptr_array_remove_index (arrays[n], i);
              node_free (self, node);
            }
          else
            i++;
        }
    }

  if (self->scopes != NULL &&
      g_ptr_array_find_with_equal_func (self->scopes, scope, g_str_equal, &position))
    g_ptr_array_remove_index (self->scopes, position);

  return changed;
}

gboolean
bw_tree_set_text (char       **ref_string,
                  const char  *text)
{
  g_autofree char *cut = NULL;

  if (text != NULL && strlen (text) > BW_TREE_MAX_TEXT_BYTES)
    {
      const char *end = g_utf8_find_prev_char (text, text + BW_TREE_MAX_TEXT_BYTES + 1);

      cut = g_strndup (text, end != NULL ? (gsize) (end - text) : 0);
      text = cut;
    }

  if (g_strcmp0 (*ref_string, text) == 0)
    return FALSE;

  g_clear_pointer (ref_string, g_ref_string_release);
  *ref_string = text != NULL ? g_ref_string_new_intern (text) : NULL;

  return TRUE;
}
