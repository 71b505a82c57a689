/* bw-company-tree.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-company-tree.h"

#include <string.h>

#include "bw-text.h"

/* More is a circle, which no server makes. */
#define MAX_DEPTH 1000

/**
 * BwCompanyTree:
 *
 * A list in no order as a tree. A change of the list is put into the lists of children with as few
 * words as possible, since a row that is said to be another one forgets what was opened below it. A search
 * has a model of its own that is opened whole as it is made: opening thousands of rows one after the
 * other would have each of them sorted in.
 */

struct _BwCompanyTree
{
  GObject           parent_instance;

  BwEntityList     *companies;    /* (owned) */
  GHashTable       *nodes;        /* (element-type utf8 BwCompanyNode): by id, which is the company's own */
  GListStore       *roots;
  GPtrArray        *coming;       /* of the roots, as in a node */
  GtkTreeListModel *all;
  GtkTreeListModel *found;        /* (nullable): while something is searched */
  char             *search;       /* (nullable) */
  char             *tag_id;       /* (nullable) */
  guint             n_found;
};

G_DEFINE_FINAL_TYPE (BwCompanyTree, bw_company_tree, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_MODEL,
  N_PROPS
};

enum {
  CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static GListModel *
create_children_cb (gpointer item,
                    gpointer user_data)
{
  BwCompanyNode *node = item;

  return bw_company_node_get_n_children (node) > 0 ? g_object_ref (G_LIST_MODEL (node->children)) : NULL;
}

/* The children of a search are those that are shown, and stay until the next one. */
static GListModel *
make_shown (GListModel *children)
{
  g_autoptr(GListStore) shown = g_list_store_new (BW_TYPE_COMPANY_NODE);
  g_autoptr(GPtrArray) nodes = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = children != NULL ? g_list_model_get_n_items (children) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(BwCompanyNode) node = g_list_model_get_item (children, i);

      if (node->is_shown)
        g_ptr_array_add (nodes, g_steal_pointer (&node));
    }

  g_list_store_splice (shown, 0, 0, nodes->pdata, nodes->len);

  return G_LIST_MODEL (g_steal_pointer (&shown));
}

static GListModel *
create_shown_cb (gpointer item,
                 gpointer user_data)
{
  BwCompanyNode *node = item;
  g_autoptr(GListModel) shown = NULL;

  if (bw_company_node_get_n_children (node) == 0)
    return NULL;

  shown = make_shown (G_LIST_MODEL (node->children));

  return g_list_model_get_n_items (shown) > 0 ? g_steal_pointer (&shown) : NULL;
}

static gboolean
is_hit (BwCompanyNode *node,
        char         **words,
        const char    *tag_id)
{
  const char *text = bw_company_node_get_words (node);

  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    {
      if (strstr (text, words[i]) == NULL)
        return FALSE;
    }

  return tag_id == NULL || bw_company_node_has_tag (node, tag_id);
}

/* Marks the hits and what is above them. */
static void
mark_shown (BwCompanyTree *self)
{
  g_autofree char *folded = self->search != NULL ? g_utf8_casefold (self->search, -1) : NULL;
  g_auto(GStrv) words = folded != NULL ? g_strsplit_set (folded, " \t", -1) : NULL;
  GHashTableIter iter;
  BwCompanyNode *node;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &node))
    node->is_shown = FALSE;

  self->n_found = 0;
  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &node))
    {
      if (!is_hit (node, words, self->tag_id))
        continue;

      self->n_found++;
      for (BwCompanyNode *above = node; above != NULL && !above->is_shown; above = above->parent)
        above->is_shown = TRUE;
    }
}

static void
update_found (BwCompanyTree *self)
{
  gboolean was_searched = self->found != NULL;

  g_clear_object (&self->found);
  self->n_found = g_hash_table_size (self->nodes);
  if (bw_company_tree_is_searched (self))
    {
      mark_shown (self);
      self->found = gtk_tree_list_model_new (make_shown (G_LIST_MODEL (self->roots)), FALSE, TRUE,
                                             create_shown_cb, NULL, NULL);
    }

  if (was_searched || self->found != NULL)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODEL]);
}

/* Makes @store hold @wanted, naming only what differs between what both begin and end with. */
static void
put_children (GListStore *store,
              GPtrArray  *wanted)
{
  GListModel *model = G_LIST_MODEL (store);
  guint n_before = g_list_model_get_n_items (model);
  guint n_same = 0;
  guint n_tail = 0;

  for (; n_same < n_before && n_same < wanted->len; n_same++)
    {
      g_autoptr(GObject) node = g_list_model_get_item (model, n_same);

      if (node != g_ptr_array_index (wanted, n_same))
        break;
    }

  for (; n_tail < n_before - n_same && n_tail < wanted->len - n_same; n_tail++)
    {
      g_autoptr(GObject) node = g_list_model_get_item (model, n_before - 1 - n_tail);

      if (node != g_ptr_array_index (wanted, wanted->len - 1 - n_tail))
        break;
    }

  if (n_before != wanted->len || n_same < n_before)
    g_list_store_splice (store, n_same, n_before - n_same - n_tail,
                         wanted->pdata + n_same, wanted->len - n_same - n_tail);
}

static GListStore *
get_siblings (BwCompanyTree *self,
              BwCompanyNode *node)
{
  return node->parent != NULL ? node->parent->children : self->roots;
}

/* A row asks once whether anything can be opened below it. */
static void
announce (BwCompanyTree *self,
          BwCompanyNode *node)
{
  GListStore *siblings = get_siblings (self, node);
  gpointer item = node;
  guint position;

  if (siblings != NULL && g_list_store_find (siblings, node, &position))
    g_list_store_splice (siblings, position, 1, &item, 1);
}

static void
take_children (BwCompanyTree *self,
               BwCompanyNode *node)
{
  gboolean had_children = bw_company_node_get_n_children (node) > 0;
  gboolean has_children = node->coming != NULL && node->coming->len > 0;

  if (!had_children && !has_children)
    return;

  if (node->children == NULL)
    node->children = g_list_store_new (BW_TYPE_COMPANY_NODE);
  if (node->coming == NULL)
    node->coming = g_ptr_array_new ();

  put_children (node->children, node->coming);
  g_ptr_array_set_size (node->coming, 0);
  if (had_children != has_children && !node->is_new)
    announce (self, node);
}

static BwCompanyNode *
ensure_node (BwCompanyTree *self,
             BwCompany     *company)
{
  const char *id = bw_entity_get_id (BW_ENTITY (company));
  BwCompanyNode *node = g_hash_table_lookup (self->nodes, id);

  if (node != NULL && node->company == company)
    return node;

  /* It went and came again between two looks. */
  node = bw_company_node_new (company);
  g_hash_table_replace (self->nodes, (gpointer) bw_entity_get_id (BW_ENTITY (company)), node);

  return node;
}

static void
hang_nodes (BwCompanyTree *self)
{
  GListModel *list = G_LIST_MODEL (self->companies);
  guint n = g_list_model_get_n_items (list);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(BwCompany) company = g_list_model_get_item (list, i);

      ensure_node (self, company)->is_seen = TRUE;
    }

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(BwCompany) company = g_list_model_get_item (list, i);
      BwCompanyNode *node = ensure_node (self, company);
      const char *parent_id = bw_record_get_text (BW_RECORD (company), "parent-id");

      node->parent = parent_id != NULL ? g_hash_table_lookup (self->nodes, parent_id) : NULL;
      if (node->parent != NULL && !node->parent->is_seen)
        node->parent = NULL;

      if (node->parent == NULL)
        {
          g_ptr_array_add (self->coming, node);
          continue;
        }

      if (node->parent->coming == NULL)
        node->parent->coming = g_ptr_array_new ();
      g_ptr_array_add (node->parent->coming, node);
    }
}

static void
companies_changed_cb (BwCompanyTree *self)
{
  g_autoptr(GPtrArray) nodes = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  BwCompanyNode *node;

  hang_nodes (self);

  /* What is gone is held until no list has it any more. */
  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &node))
    {
      g_ptr_array_add (nodes, g_object_ref (node));
      if (!node->is_seen)
        g_hash_table_iter_remove (&iter);
    }

  for (guint i = 0; i < nodes->len; i++)
    take_children (self, g_ptr_array_index (nodes, i));

  put_children (self->roots, self->coming);
  g_ptr_array_set_size (self->coming, 0);

  for (guint i = 0; i < nodes->len; i++)
    {
      node = g_ptr_array_index (nodes, i);
      node->is_seen = FALSE;
      node->is_new = FALSE;
    }

  update_found (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
bw_company_tree_dispose (GObject *object)
{
  BwCompanyTree *self = (BwCompanyTree *) object;

  if (self->companies != NULL)
    g_signal_handlers_disconnect_by_data (self->companies, self);

  g_clear_object (&self->companies);
  g_clear_object (&self->found);
  g_clear_object (&self->all);
  g_clear_object (&self->roots);

  G_OBJECT_CLASS (bw_company_tree_parent_class)->dispose (object);
}

static void
bw_company_tree_finalize (GObject *object)
{
  BwCompanyTree *self = (BwCompanyTree *) object;

  g_hash_table_unref (self->nodes);
  g_ptr_array_unref (self->coming);
  g_free (self->search);
  g_free (self->tag_id);

  G_OBJECT_CLASS (bw_company_tree_parent_class)->finalize (object);
}

static void
bw_company_tree_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  BwCompanyTree *self = BW_COMPANY_TREE (object);

  switch (prop_id)
    {
    case PROP_MODEL:
      g_value_set_object (value, bw_company_tree_get_model (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_company_tree_class_init (BwCompanyTreeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_company_tree_dispose;
  object_class->finalize = bw_company_tree_finalize;
  object_class->get_property = bw_company_tree_get_property;

  properties[PROP_MODEL] =
    g_param_spec_object ("model", NULL, NULL, GTK_TYPE_TREE_LIST_MODEL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bw_company_tree_init (BwCompanyTree *self)
{
  /* The key is the company's own, which the node holds. */
  self->nodes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->roots = g_list_store_new (BW_TYPE_COMPANY_NODE);
  self->coming = g_ptr_array_new ();
}

BwCompanyTree *
bw_company_tree_new (BwEntityList *companies)
{
  BwCompanyTree *self;

  g_return_val_if_fail (BW_IS_ENTITY_LIST (companies), NULL);

  self = g_object_new (BW_TYPE_COMPANY_TREE, NULL);
  self->companies = g_object_ref (companies);
  companies_changed_cb (self);
  self->all = gtk_tree_list_model_new (g_object_ref (G_LIST_MODEL (self->roots)), FALSE, FALSE,
                                       create_children_cb, NULL, NULL);
  g_signal_connect_object (companies, "items-changed", G_CALLBACK (companies_changed_cb), self, G_CONNECT_SWAPPED);

  return self;
}

GtkTreeListModel *
bw_company_tree_get_model (BwCompanyTree *self)
{
  g_return_val_if_fail (BW_IS_COMPANY_TREE (self), NULL);

  return self->found != NULL ? self->found : self->all;
}

void
bw_company_tree_search (BwCompanyTree *self,
                        const char    *search,
                        const char    *tag_id)
{
  gboolean is_other;

  g_return_if_fail (BW_IS_COMPANY_TREE (self));

  is_other = bw_set_str (&self->search, search != NULL && *search != '\0' ? search : NULL);
  is_other |= bw_set_str (&self->tag_id, tag_id);
  if (is_other)
    update_found (self);
}

gboolean
bw_company_tree_is_searched (BwCompanyTree *self)
{
  g_return_val_if_fail (BW_IS_COMPANY_TREE (self), FALSE);

  return self->search != NULL || self->tag_id != NULL;
}

guint
bw_company_tree_get_n_found (BwCompanyTree *self)
{
  g_return_val_if_fail (BW_IS_COMPANY_TREE (self), 0);

  return self->n_found;
}

BwCompanyNode *
bw_company_tree_lookup (BwCompanyTree *self,
                        const char    *company_id)
{
  g_return_val_if_fail (BW_IS_COMPANY_TREE (self), NULL);

  return company_id != NULL ? g_hash_table_lookup (self->nodes, company_id) : NULL;
}

char *
bw_company_tree_get_path (BwCompanyTree *self,
                          const char    *company_id)
{
  BwCompanyNode *node = bw_company_tree_lookup (self, company_id);
  GString *path = g_string_new (NULL);

  for (guint depth = 0; node != NULL && node->parent != NULL && depth < MAX_DEPTH; depth++)
    {
      node = node->parent;
      if (path->len > 0)
        g_string_prepend (path, " › ");
      g_string_prepend (path, bw_company_get_name (node->company));
    }

  return g_string_free (path, FALSE);
}

static GtkTreeListRow *
find_row (BwCompanyTree *self,
          BwCompanyNode *node,
          guint          depth)
{
  g_autoptr(GtkTreeListRow) above = NULL;
  guint position;

  if (depth > MAX_DEPTH || !g_list_store_find (get_siblings (self, node), node, &position))
    return NULL;

  if (node->parent == NULL)
    return gtk_tree_list_model_get_child_row (self->all, position);

  above = find_row (self, node->parent, depth + 1);
  if (above == NULL)
    return NULL;

  gtk_tree_list_row_set_expanded (above, TRUE);

  return gtk_tree_list_row_get_child_row (above, position);
}

GtkTreeListRow *
bw_company_tree_reveal (BwCompanyTree *self,
                        const char    *company_id)
{
  BwCompanyNode *node = bw_company_tree_lookup (self, company_id);

  return node != NULL && self->found == NULL ? find_row (self, node, 0) : NULL;
}

void
bw_company_tree_expand_all (BwCompanyTree *self,
                            gboolean       is_expanded)
{
  GListModel *model;

  g_return_if_fail (BW_IS_COMPANY_TREE (self));

  /* What is opened comes after its row, and is come to. */
  model = G_LIST_MODEL (bw_company_tree_get_model (self));
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(GtkTreeListRow) row = g_list_model_get_item (model, i);

      /* The roots stay open: a table of one row says nothing. */
      if (is_expanded || gtk_tree_list_row_get_depth (row) > 0)
        gtk_tree_list_row_set_expanded (row, is_expanded);
    }
}
