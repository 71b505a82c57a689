/* bw-homie-array.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-device"

#include "bw-dialect-private.h"

#include <stdio.h>
#include <string.h>

/* Homie 3 has arrays of nodes: `$nodes` names `lights[]`, the node `lights`
 * describes all of them, its `$array` is `0-3`, and the values are those of
 * `lights_0` to `lights_3`. Here `lights` stays aside as a template, and the
 * elements are nodes as any other. */

#define ARRAY_SUFFIX    "[]"
#define MAX_INDEX       65535

typedef struct
{
  GPtrArray *ids;         /* (owned) (element-type utf8): all visible nodes in their order */
  GPtrArray *templates;   /* (unowned) (element-type BwTreeNode) */
} Listing;

/* The number behind `base_`, or -1. */
static int
get_index (const char *id,
           const char *base)
{
  gsize length = strlen (base);
  const char *digits = id + length + 1;

  if (strncmp (id, base, length) != 0 || id[length] != '_' || *digits == '\0' || strlen (digits) > 5 ||
      strspn (digits, "0123456789") != strlen (digits))
    return -1;

  return (int) g_ascii_strtoll (digits, NULL, 10);
}

static int
compare_ints (gconstpointer a,
              gconstpointer b)
{
  return *(const int *) a - *(const int *) b;
}

/* What `$array` says, or without it whatever elements have turned up. */
static GArray *
collect_indexes (BwDeviceTree *tree,
                 BwTreeNode   *array)
{
  g_autoptr(GArray) indexes = g_array_new (FALSE, FALSE, sizeof (int));
  int first;
  int last;

  if (array->array != NULL && sscanf (array->array, "%5d-%5d", &first, &last) == 2 &&
      first >= 0 && first <= last && last <= MAX_INDEX && last - first < BW_TREE_MAX_NODES)
    {
      for (int i = first; i <= last; i++)
        g_array_append_val (indexes, i);

      return g_steal_pointer (&indexes);
    }

  for (guint n = 0; n < 2; n++)
    {
      GPtrArray *nodes = n == 0 ? tree->nodes : tree->aside;

      for (guint i = 0; nodes != NULL && i < nodes->len; i++)
        {
          BwTreeNode *node = g_ptr_array_index (nodes, i);
          int index = get_index (node->id, array->id);

          if (index >= 0)
            g_array_append_val (indexes, index);
        }
    }
  g_array_sort (indexes, compare_ints);

  return g_steal_pointer (&indexes);
}

static void
list_array (BwDeviceTree *tree,
            const char   *base,
            Listing      *listing)
{
  g_autoptr(GArray) indexes = NULL;
  BwTreeNode *array = bw_device_tree_touch_node (tree, base, strlen (base));

  if (array == NULL)
    return;

  array->is_array = 1;
  g_ptr_array_add (listing->templates, array);
  indexes = collect_indexes (tree, array);
  for (guint i = 0; i < indexes->len; i++)
    g_ptr_array_add (listing->ids, g_strdup_printf ("%s_%d", base, g_array_index (indexes, int, i)));
}

static gboolean
copy_metadata (BwTreeProperty       *property,
               const BwTreeProperty *from)
{
  gboolean changed = FALSE;

  if (bw_tree_set_text (&property->name, from->name))
    changed = TRUE;
  if (bw_tree_set_text (&property->unit, from->unit))
    changed = TRUE;
  if (bw_tree_set_text (&property->format, from->format))
    changed = TRUE;
  if (property->datatype != from->datatype || property->settable != from->settable ||
      property->retained != from->retained || !property->described)
    changed = TRUE;

  property->datatype = from->datatype;
  property->settable = from->settable;
  property->retained = from->retained;
  property->described = 1;
  if (changed)
    {
      property->dirty = 1;
      bw_dialect_check_value (property);
    }

  return changed;
}

static gboolean
fill_element (BwDeviceTree *tree,
              BwTreeNode   *element,
              BwTreeNode   *array,
              int           index)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new ();
  g_autofree char *name = NULL;
  gboolean changed = bw_tree_set_text (&element->type, array->type);

  name = array->name != NULL ? g_strdup_printf ("%s %d", array->name, index) : NULL;
  if (!element->own_name && bw_tree_set_text (&element->name, name))
    changed = TRUE;

  if (array->properties->len == 0 && !array->has_list)
    return changed;

  for (guint i = 0; i < array->properties->len; i++)
    g_ptr_array_add (ids, ((BwTreeProperty *) g_ptr_array_index (array->properties, i))->id);

  if (bw_device_tree_list_properties (tree, element, (const char * const *) ids->pdata, ids->len))
    changed = TRUE;

  for (guint i = 0; i < array->properties->len; i++)
    {
      BwTreeProperty *from = g_ptr_array_index (array->properties, i);
      BwTreeProperty *property = bw_tree_node_find_property (element, from->id, strlen (from->id));

      if (property != NULL && copy_metadata (property, from))
        changed = TRUE;
    }

  return changed;
}

static gboolean
fill_elements (BwDeviceTree *tree,
               BwTreeNode   *array)
{
  gboolean changed = FALSE;

  for (guint i = 0; i < tree->nodes->len; i++)
    {
      BwTreeNode *node = g_ptr_array_index (tree->nodes, i);
      int index = get_index (node->id, array->id);

      if (index >= 0 && fill_element (tree, node, array, index))
        changed = TRUE;
    }

  return changed;
}

/* Names in a list are separated by commas; some firmwares write a space behind them. */
static void
list_one (BwDeviceTree *tree,
          const char   *name,
          Listing      *listing)
{
  g_autofree char *id = g_strstrip (g_strdup (name));
  gboolean is_array = g_str_has_suffix (id, ARRAY_SUFFIX);

  if (is_array)
    id[strlen (id) - strlen (ARRAY_SUFFIX)] = '\0';

  if (!bw_dialect_is_id (id, strlen (id)))
    {
      tree->n_refused += *id != '\0' ? 1 : 0;
      return;
    }

  if (is_array)
    list_array (tree, id, listing);
  else
    g_ptr_array_add (listing->ids, g_steal_pointer (&id));
}

static void
forget_arrays (GPtrArray *nodes)
{
  for (guint i = 0; nodes != NULL && i < nodes->len; i++)
    ((BwTreeNode *) g_ptr_array_index (nodes, i))->is_array = 0;
}

/* Applies `$nodes` once more: when it came, when the range of an array did, or an element. */
gboolean
bw_homie_relist (BwDeviceTree *tree)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) templates = g_ptr_array_new ();
  Listing listing = { ids, templates };
  g_auto(GStrv) names = NULL;
  gboolean changed;

  if (tree->node_list == NULL)
    return FALSE;

  forget_arrays (tree->nodes);
  forget_arrays (tree->aside);
  names = g_strsplit (tree->node_list, ",", BW_TREE_MAX_NODES + 1);
  for (guint i = 0; names[i] != NULL; i++)
    list_one (tree, names[i], &listing);

  changed = bw_device_tree_list_nodes (tree, "", (const char * const *) ids->pdata, ids->len);
  for (guint i = 0; i < templates->len; i++)
    {
      if (fill_elements (tree, g_ptr_array_index (templates, i)))
        changed = TRUE;
    }

  return changed;
}

gboolean
bw_homie_list_properties (BwDeviceTree *tree,
                          BwTreeNode   *node,
                          const char   *list)
{
  g_auto(GStrv) names = g_strsplit (list, ",", BW_TREE_MAX_PROPERTIES + 1);
  g_autoptr(GPtrArray) ids = g_ptr_array_new ();
  gboolean changed;

  for (guint i = 0; names[i] != NULL; i++)
    {
      char *id = g_strstrip (names[i]);

      /* Homie 2's `:settable`, which firmwares have dragged along */
      id[strcspn (id, ":")] = '\0';
      if (bw_dialect_is_id (id, strlen (id)))
        g_ptr_array_add (ids, id);
      else
        tree->n_refused += *id != '\0' ? 1 : 0;
    }

  changed = bw_device_tree_list_properties (tree, node, (const char * const *) ids->pdata, ids->len);

  for (guint i = 0; i < node->properties->len; i++)
    {
      BwTreeProperty *property = g_ptr_array_index (node->properties, i);

      if (!property->described)
        {
          property->described = 1;
          property->dirty = 1;
          changed = TRUE;
        }
    }

  return changed;
}
