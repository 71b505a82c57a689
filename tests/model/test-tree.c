/* test-tree.c: nodes and properties, lists, limits, what it weighs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <malloc.h>
#include <string.h>

#include "bw-device-tree.h"
#include "bw-json.h"

/* gcc and clang say it in their own ways. */
#if defined (__has_feature)
#if __has_feature (address_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined (__SANITIZE_ADDRESS__)
#define SANITIZED 1
#endif

#define N_TREES       10000
#define MAX_TREES_MIB 20

static void
test_ensure (void)
{
  g_autoptr(BwDeviceTree) tree = bw_device_tree_new ("d");
  BwTreeProperty *a = bw_device_tree_ensure_property (tree, "n", "a");
  BwTreeProperty *b = bw_device_tree_ensure_property (tree, "n", "b");

  g_assert_true (a == bw_device_tree_ensure_property (tree, "n", "a"));
  g_assert_true (a == bw_device_tree_get_property (tree, "n", "a"));
  g_assert_true (b == bw_device_tree_get_property (tree, "n", "b"));
  g_assert_null (bw_device_tree_get_property (tree, "n", "c"));
  g_assert_null (bw_device_tree_get_property (tree, "m", "a"));
  g_assert_true (a->node == bw_device_tree_get_node (tree, "n"));
  g_assert_true (a->retained && !a->settable && !a->described);
  g_assert_cmpuint (tree->n_properties, ==, 2);

  /* beginnings of an id are not the id */
  g_assert_null (bw_device_tree_find_node (tree, "nn", 2));
  g_assert_nonnull (bw_device_tree_find_node (tree, "nn", 1));

  bw_device_tree_remove_property (tree, "n", "a");
  g_assert_null (bw_device_tree_get_property (tree, "n", "a"));
  g_assert_cmpuint (tree->n_properties, ==, 1);
  bw_device_tree_remove_property (tree, "n", "a");
  bw_device_tree_remove_node (tree, "n");
  bw_device_tree_remove_node (tree, "n");
  g_assert_cmpuint (tree->n_properties, ==, 0);
  g_assert_cmpuint (tree->nodes->len, ==, 0);
}

static void
assert_nodes (BwDeviceTree *tree,
              const char   *expected)
{
  g_autoptr(GString) ids = g_string_new (NULL);

  for (guint i = 0; i < tree->nodes->len; i++)
    {
      BwTreeNode *node = g_ptr_array_index (tree->nodes, i);

      g_string_append_printf (ids, "%s%s", i > 0 ? " " : "", node->id);
      g_assert_false (node->hidden);
    }
  g_assert_cmpstr (ids->str, ==, expected);

  for (guint i = 0; tree->aside != NULL && i < tree->aside->len; i++)
    g_assert_true (((BwTreeNode *) g_ptr_array_index (tree->aside, i))->hidden);
}

static void
test_lists (void)
{
  g_autoptr(BwDeviceTree) tree = bw_device_tree_new ("d");
  const char * const abc[] = { "a", "b", "c" };
  const char * const ca[] = { "c", "a", "a", "c" };
  const char * const kid[] = { "kid:y", "kid:x" };
  BwTreeProperty *property;

  bw_device_tree_ensure_node (tree, "b");
  property = bw_device_tree_ensure_property (tree, "x", "p");
  property->value = g_strdup ("5");

  g_assert_true (bw_device_tree_list_nodes (tree, "", abc, 3));
  assert_nodes (tree, "a b c");
  g_assert_false (bw_device_tree_list_nodes (tree, "", abc, 3));
  g_assert_false (bw_tree_property_is_visible (property));

  /* what a list does not name is made aside, and there when one does */
  g_assert_true (bw_device_tree_touch_node (tree, "z", 1)->hidden);
  g_assert_true (bw_device_tree_list_nodes (tree, "", ca, 4));
  assert_nodes (tree, "c a");
  g_assert_true (bw_device_tree_list_nodes (tree, "", (const char * const[]) { "x", "z" }, 2));
  assert_nodes (tree, "x z");
  g_assert_true (property == bw_device_tree_get_property (tree, "x", "p"));
  g_assert_true (property->dirty && property->dirty_value);

  /* a child's list leaves the others alone, whoever came first */
  g_assert_false (bw_device_tree_touch_node (tree, "kid:x", 5)->hidden);
  g_assert_true (bw_device_tree_list_nodes (tree, "kid", kid, 2));
  assert_nodes (tree, "x z kid:y kid:x");
  g_assert_false (bw_device_tree_list_nodes (tree, "kid", kid, 2));
  g_assert_true (bw_device_tree_list_nodes (tree, "", abc, 3));
  assert_nodes (tree, "a b c kid:y kid:x");
  g_assert_true (bw_device_tree_remove_scope (tree, "kid"));
  g_assert_false (bw_device_tree_remove_scope (tree, "kid"));
  assert_nodes (tree, "a b c");

  g_assert_true (bw_device_tree_list_nodes (tree, "", NULL, 0));
  assert_nodes (tree, "");
}

static void
test_property_lists (void)
{
  g_autoptr(BwDeviceTree) tree = bw_device_tree_new ("d");
  BwTreeNode *node = bw_device_tree_ensure_node (tree, "n");
  const char * const ab[] = { "a", "b" };
  const char * const b[] = { "b" };
  BwTreeProperty *a;

  g_assert_true (bw_device_tree_list_properties (tree, node, ab, 2));
  g_assert_false (bw_device_tree_list_properties (tree, node, ab, 2));
  a = bw_device_tree_get_property (tree, "n", "a");
  g_assert_true (bw_device_tree_list_properties (tree, node, b, 1));
  g_assert_false (bw_tree_property_is_visible (a));
  g_assert_null (bw_device_tree_get_property (tree, "n", "a"));
  g_assert_true (a == bw_tree_node_find_property (node, "a", 1));
  g_assert_true (bw_device_tree_touch_property (tree, node, "c", 1)->hidden);
  g_assert_true (bw_device_tree_ensure_property (tree, "n", "a") == a);
  g_assert_true (bw_tree_property_is_visible (a));
  g_assert_cmpuint (tree->n_properties, ==, 3);
}

static void
test_limits (void)
{
  g_autoptr(BwDeviceTree) tree = bw_device_tree_new ("d");
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < BW_TREE_MAX_NODES + 10; i++)
    {
      g_ptr_array_add (ids, g_strdup_printf ("node-%u", i));
      bw_device_tree_ensure_node (tree, g_ptr_array_index (ids, i));
    }
  g_assert_cmpuint (tree->nodes->len, ==, BW_TREE_MAX_NODES);
  g_assert_cmpuint (tree->n_refused, ==, 10);

  for (guint i = 0; i < BW_TREE_MAX_PROPERTIES + 10; i++)
    {
      g_autofree char *id = g_strdup_printf ("p-%u", i);

      bw_device_tree_ensure_property (tree, "node-0", id);
    }
  g_assert_cmpuint (tree->n_properties, ==, BW_TREE_MAX_PROPERTIES);
  g_assert_cmpuint (tree->n_refused, ==, 20);

  /* What nobody sees gives way to what is described. */
  bw_device_tree_list_nodes (tree, "", (const char * const[]) { "fresh" }, 1);
  g_assert_cmpuint (tree->nodes->len, ==, 1);
  g_assert_nonnull (bw_device_tree_ensure_property (tree, "fresh", "p"));
  g_assert_cmpuint (tree->n_properties, ==, 1);
}

static void
test_text (void)
{
  char *text = NULL;
  g_autofree char *many = g_strnfill (BW_TREE_MAX_TEXT_BYTES - 1, 'x');
  g_autofree char *too_many = g_strconcat (many, "äöü", NULL);

  g_assert_true (bw_tree_set_text (&text, "name"));
  g_assert_false (bw_tree_set_text (&text, "name"));
  g_assert_true (bw_tree_set_text (&text, too_many));
  g_assert_cmpuint (strlen (text), ==, BW_TREE_MAX_TEXT_BYTES - 1);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_true (bw_tree_set_text (&text, NULL));
  g_assert_null (text);
}

static void
fill (BwDeviceTree *tree,
      guint         seed)
{
  const char * const units[] = { "°C", "W", "%" };

  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *node = g_strdup_printf ("node-%u", i / 4);
      g_autofree char *id = g_strdup_printf ("property-%u", i);
      BwTreeProperty *property = bw_device_tree_ensure_property (tree, node, id);

      bw_tree_set_text (&property->name, id);
      bw_tree_set_text (&property->unit, units[i % 3]);
      bw_tree_set_text (&property->format, "0:100");
      bw_tree_set_text (&property->node->name, "A node");
      property->value = g_strdup_printf ("%u.%02u", seed % 100, i);
    }
}

/* A backend holds this many. The figure is that of the allocator, with what it loses. */
static void
test_weight (void)
{
  g_autoptr(GPtrArray) trees = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_device_tree_free);
  struct mallinfo2 before;
  struct mallinfo2 after;
  gsize bytes;

#if defined (SANITIZED)
  g_test_skip ("the sanitizer's allocator says nothing of the real one");
  return;
#endif

  before = mallinfo2 ();
  for (guint i = 0; i < N_TREES; i++)
    {
      g_autofree char *id = g_strdup_printf ("aaaa-bbbb-cccc-%04u", i);
      BwDeviceTree *tree = bw_device_tree_new (id);

      fill (tree, i);
      g_ptr_array_add (trees, tree);
    }
  after = mallinfo2 ();
  bytes = after.uordblks + after.hblkhd - before.uordblks - before.hblkhd;
  g_test_message ("%d trees of 10 properties: %.1f MiB, %.0f bytes each", N_TREES, bytes / 1048576.0,
                  (double) bytes / N_TREES);
  g_assert_cmpuint (bytes, <, (gsize) MAX_TREES_MIB * 1048576);
}

static void
test_json (void)
{
  g_autoptr(BwDeviceTree) tree = bw_device_tree_new ("d");
  g_autoptr(BwDeviceTree) other = bw_device_tree_new ("d");
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GString) again = g_string_new (NULL);
  g_autoptr(JsonNode) root = NULL;
  g_autoptr(GError) error = NULL;

  fill (tree, 5);
  bw_device_tree_ensure_property (tree, "node-0", "property-1")->value[0] = '"';
  bw_device_tree_write_nodes (tree, text, NULL);
  root = bw_json_parse (text->str, text->len, text->len, &error);
  g_assert_no_error (error);
  g_assert_true (bw_device_tree_read_nodes (other, json_node_get_array (root), &error));
  g_assert_no_error (error);
  bw_device_tree_write_nodes (other, again, NULL);
  g_assert_cmpstr (text->str, ==, again->str);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/model/tree/ensure", test_ensure);
  g_test_add_func ("/model/tree/lists", test_lists);
  g_test_add_func ("/model/tree/property-lists", test_property_lists);
  g_test_add_func ("/model/tree/limits", test_limits);
  g_test_add_func ("/model/tree/text", test_text);
  g_test_add_func ("/model/tree/weight", test_weight);
  g_test_add_func ("/model/tree/json", test_json);

  return g_test_run ();
}
