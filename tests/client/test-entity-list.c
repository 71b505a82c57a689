/* test-entity-list.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-company.h"
#include "bw-entity-list.h"
#include "bw-json.h"

typedef struct
{
  guint n_calls;
  guint position;
  guint n_removed;
  guint n_added;
} Announced;

static void
items_changed_cb (GListModel *model,
                  guint       position,
                  guint       n_removed,
                  guint       n_added,
                  gpointer    user_data)
{
  Announced *announced = user_data;

  *announced = (Announced) { announced->n_calls + 1, position, n_removed, n_added };
}

static JsonNode *
parse (const char *text)
{
  g_autoptr(GError) error = NULL;
  JsonNode *node = bw_json_parse (text, strlen (text), 1 << 20, &error);

  g_assert_no_error (error);

  return node;
}

static void
upsert (BwEntityList *list,
        const char   *text)
{
  g_autoptr(JsonNode) node = parse (text);
  g_autoptr(GError) error = NULL;

  g_assert_true (bw_entity_list_upsert (list, json_node_get_object (node), &error));
  g_assert_no_error (error);
}

static void
load (BwEntityList *list,
      const char   *text)
{
  g_autoptr(JsonNode) node = parse (text);

  bw_entity_list_load (list, json_node_get_array (node), bw_entity_list_begin_load (list));
}

static void
test_upsert (void)
{
  g_autoptr(BwEntityList) list = bw_entity_list_new (BW_TYPE_COMPANY);
  Announced announced = { 0 };
  gpointer first;

  g_signal_connect (list, "items-changed", G_CALLBACK (items_changed_cb), &announced);

  upsert (list, "{\"id\":\"1\",\"revision\":1,\"name\":\"Acme\",\"alias\":\"acme\"}");
  upsert (list, "{\"id\":\"2\",\"revision\":1,\"name\":\"Bolt\",\"alias\":\"bolt\"}");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 2);

  /* the same object, announced as replaced by itself */
  first = bw_entity_list_lookup (list, "1");
  upsert (list, "{\"id\":\"1\",\"revision\":3,\"name\":\"Acme Ltd\",\"alias\":\"acme\"}");
  g_assert_true (bw_entity_list_lookup (list, "1") == first);
  g_assert_cmpstr (bw_company_get_name (first), ==, "Acme Ltd");
  g_assert_cmpuint (announced.n_calls, ==, 3);
  g_assert_cmpuint (announced.n_removed, ==, 1);

  /* an older document is no news */
  upsert (list, "{\"id\":\"1\",\"revision\":2,\"name\":\"Acme\",\"alias\":\"acme\"}");
  g_assert_cmpstr (bw_company_get_name (first), ==, "Acme Ltd");
  g_assert_cmpuint (announced.n_calls, ==, 3);

  bw_entity_list_remove (list, "2");
  g_assert_null (bw_entity_list_lookup (list, "2"));
  g_assert_cmpuint (announced.n_added, ==, 0);
  bw_entity_list_remove (list, "2");
  g_assert_cmpuint (announced.n_calls, ==, 4);
}

static void
test_load_announces_once (void)
{
  g_autoptr(BwEntityList) list = bw_entity_list_new (BW_TYPE_COMPANY);
  g_autoptr(GString) many = g_string_new ("[");
  Announced announced = { 0 };
  gpointer second;

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (many, "%s{\"id\":\"%u\",\"revision\":1,\"name\":\"Company %u\"}", i > 0 ? "," : "", i, i);
  g_string_append_c (many, ']');

  g_signal_connect (list, "items-changed", G_CALLBACK (items_changed_cb), &announced);
  load (list, many->str);
  g_assert_cmpuint (announced.n_calls, ==, 1);
  g_assert_cmpuint (announced.n_added, ==, 1000);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 1000);

  /* nothing new, nothing said */
  load (list, many->str);
  g_assert_cmpuint (announced.n_calls, ==, 1);

  /* what is gone goes, what changed and what came is said at once; rubbish is skipped */
  second = bw_entity_list_lookup (list, "2");
  announced = (Announced) { 0 };
  load (list, "[{\"id\":\"1\",\"revision\":1,\"name\":\"Company 1\"},{\"id\":\"2\",\"revision\":2,\"name\":\"Other\"},"
              "7,{\"id\":\"x\"},{\"id\":\"new\",\"revision\":1,\"name\":\"New\"}]");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 3);
  g_assert_true (bw_entity_list_lookup (list, "2") == second);
  g_assert_cmpuint (announced.n_calls, ==, 2);
  g_assert_cmpuint (announced.position, ==, 1);
  g_assert_cmpuint (announced.n_removed, ==, 1);
  g_assert_cmpuint (announced.n_added, ==, 2);
}

/* An answer that was on its way when something came knows nothing of it. */
static void
test_load_and_news_cross (void)
{
  g_autoptr(BwEntityList) list = bw_entity_list_new (BW_TYPE_COMPANY);
  g_autoptr(JsonNode) answer = parse ("[{\"id\":\"1\",\"revision\":1,\"name\":\"Acme\"}]");
  guint since;

  upsert (list, "{\"id\":\"9\",\"revision\":1,\"name\":\"Gone by now\"}");
  since = bw_entity_list_begin_load (list);
  upsert (list, "{\"id\":\"2\",\"revision\":1,\"name\":\"Just made\"}");
  bw_entity_list_load (list, json_node_get_array (answer), since);
  g_assert_nonnull (bw_entity_list_lookup (list, "1"));
  g_assert_nonnull (bw_entity_list_lookup (list, "2"));
  g_assert_null (bw_entity_list_lookup (list, "9"));

  /* the next one does */
  bw_entity_list_load (list, json_node_get_array (answer), bw_entity_list_begin_load (list));
  g_assert_null (bw_entity_list_lookup (list, "2"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/entity-list/upsert", test_upsert);
  g_test_add_func ("/client/entity-list/load", test_load_announces_once);
  g_test_add_func ("/client/entity-list/load-and-news-cross", test_load_and_news_cross);

  return g_test_run ();
}
