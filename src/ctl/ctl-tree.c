/* ctl-tree.c: companies as a tree
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-noun.h"

#include <string.h>

#include "bw-json.h"

/* Each level moves a name that far to the right, but not out of sight. */
#define INDENT      2
#define INDENT_MAX  60

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  const char *name_a = bw_json_get_string (*(JsonObject * const *) a, "name");
  const char *name_b = bw_json_get_string (*(JsonObject * const *) b, "name");

  return g_utf8_collate (name_a != NULL ? name_a : "", name_b != NULL ? name_b : "");
}

/* The companies below each one by its id; those whose parent is not in the list below "". (transfer full) */
static GHashTable *
group_by_parent (JsonArray *items)
{
  g_autoptr(GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTable *groups = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  GHashTableIter iter;
  gpointer group;

  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      const char *id = bw_json_get_string (json_array_get_object_element (items, i), "id");

      if (id != NULL)
        g_hash_table_add (known, (gpointer) id);
    }

  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      JsonObject *company = json_array_get_object_element (items, i);
      const char *parent = bw_json_get_string (company, "parentId");
      const char *key = parent != NULL && g_hash_table_contains (known, parent) ? parent : "";
      GPtrArray *members = g_hash_table_lookup (groups, key);

      if (members == NULL)
        {
          members = g_ptr_array_new ();
          g_hash_table_insert (groups, (gpointer) key, members);
        }
      g_ptr_array_add (members, company);
    }

  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, NULL, &group))
    g_ptr_array_sort (group, compare_names);

  return groups;
}

static JsonObject *
indent (JsonObject *company,
        guint       level)
{
  g_autoptr(GList) members = json_object_get_members (company);
  g_autofree char *name = g_strdup_printf ("%*s%s", (int) MIN (level * INDENT, INDENT_MAX), "",
                                           bw_json_get_string (company, "name"));
  JsonObject *copy = json_object_new ();

  for (GList *l = members; l != NULL; l = l->next)
    json_object_set_member (copy, l->data, json_node_copy (json_object_get_member (company, l->data)));
  json_object_set_string_member (copy, "name", name);

  return copy;
}

typedef struct
{
  JsonObject *company;
  guint       level;
} Step;

/* On top of the stack, the first one last. */
static void
push_group (GArray     *stack,
            GHashTable *groups,
            const char *id,
            guint       level)
{
  GPtrArray *members = g_hash_table_lookup (groups, id);

  for (guint i = members != NULL ? members->len : 0; i > 0; i--)
    {
      Step step = { g_ptr_array_index (members, i - 1), level };

      g_array_append_val (stack, step);
    }

  /* Nobody comes twice, whatever the parents say. */
  g_hash_table_remove (groups, id);
}

JsonArray *
ctl_arrange_tree (JsonArray *items)
{
  g_autoptr(GHashTable) groups = NULL;
  g_autoptr(GArray) stack = g_array_new (FALSE, FALSE, sizeof (Step));
  JsonArray *arranged = json_array_new ();

  for (guint i = 0; i < json_array_get_length (items); i++)
    if (!JSON_NODE_HOLDS_OBJECT (json_array_get_element (items, i)))
      return arranged;

  groups = group_by_parent (items);
  push_group (stack, groups, "", 0);
  while (stack->len > 0)
    {
      Step step = g_array_index (stack, Step, stack->len - 1);
      const char *id = bw_json_get_string (step.company, "id");

      g_array_set_size (stack, stack->len - 1);
      json_array_add_object_element (arranged, indent (step.company, step.level));
      if (id != NULL)
        push_group (stack, groups, id, step.level + 1);
    }

  return arranged;
}
