/* bw-entity-list.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-entity-list.h"

/**
 * BwEntityList:
 *
 * The one list behind a kind of page: entities by id, fed by page loads and
 * by the live feed alike. A known id is updated in place: the object stays the
 * same, so bindings and selections stay with it.
 */

struct _BwEntityList
{
  GObject     parent_instance;

  GType       item_type;
  GSequence  *items;
  GHashTable *by_id;   /* id, owned by the entity → GSequenceIter */
  GHashTable *added;   /* id, owned by the entity → when it came by itself */
  guint       n_added;
};

static void list_model_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BwEntityList, bw_entity_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static GType
bw_entity_list_get_item_type (GListModel *model)
{
  return BW_ENTITY_LIST (model)->item_type;
}

static guint
bw_entity_list_get_n_items (GListModel *model)
{
  return (guint) g_sequence_get_length (BW_ENTITY_LIST (model)->items);
}

static gpointer
bw_entity_list_get_item (GListModel *model,
                          guint       position)
{
  GSequenceIter *iter = g_sequence_get_iter_at_pos (BW_ENTITY_LIST (model)->items, (int) position);

  return g_sequence_iter_is_end (iter) ? NULL : g_object_ref (g_sequence_get (iter));
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = bw_entity_list_get_item_type;
  iface->get_n_items = bw_entity_list_get_n_items;
  iface->get_item = bw_entity_list_get_item;
}

static void
bw_entity_list_finalize (GObject *object)
{
  BwEntityList *self = (BwEntityList *) object;

  g_clear_pointer (&self->by_id, g_hash_table_unref);
  g_clear_pointer (&self->added, g_hash_table_unref);
  g_clear_pointer (&self->items, g_sequence_free);

  G_OBJECT_CLASS (bw_entity_list_parent_class)->finalize (object);
}

static void
bw_entity_list_class_init (BwEntityListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = bw_entity_list_finalize;
}

static void
bw_entity_list_init (BwEntityList *self)
{
  self->items = g_sequence_new (g_object_unref);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->added = g_hash_table_new (g_str_hash, g_str_equal);
}

BwEntityList *
bw_entity_list_new (GType item_type)
{
  BwEntityList *self;

  g_return_val_if_fail (g_type_is_a (item_type, BW_TYPE_ENTITY), NULL);

  self = g_object_new (BW_TYPE_ENTITY_LIST, NULL);
  self->item_type = item_type;

  return self;
}

/**
 * bw_entity_list_lookup:
 *
 * Returns: (transfer none) (nullable):
 */
gpointer
bw_entity_list_lookup (BwEntityList *self,
                        const char    *id)
{
  GSequenceIter *iter;

  g_return_val_if_fail (BW_IS_ENTITY_LIST (self), NULL);

  iter = g_hash_table_lookup (self->by_id, id);

  return iter != NULL ? g_sequence_get (iter) : NULL;
}

gboolean
bw_entity_list_upsert (BwEntityList  *self,
                        JsonObject     *json,
                        GError        **error)
{
  g_autoptr(BwEntity) entity = NULL;
  BwEntity *known;
  const char *id;
  GSequenceIter *iter;

  g_return_val_if_fail (BW_IS_ENTITY_LIST (self), FALSE);
  g_return_val_if_fail (json != NULL, FALSE);

  id = json_object_get_string_member_with_default (json, "id", "");
  known = bw_entity_list_lookup (self, id);
  if (known != NULL)
    {
      gint64 before = bw_entity_get_revision (known);

      if (!bw_entity_load (known, json, error))
        return FALSE;

      /* Sort and filter models do not watch properties, and a sort model keeps
       * the key it took; saying that the item was replaced by itself makes them
       * look again, and a selection follows the object. */
      if (bw_entity_get_revision (known) != before)
        {
          iter = g_hash_table_lookup (self->by_id, id);
          g_list_model_items_changed (G_LIST_MODEL (self),
                                      (guint) g_sequence_iter_get_position (iter), 1, 1);
        }

      return TRUE;
    }

  entity = g_object_new (self->item_type, NULL);
  if (!bw_entity_load (entity, json, error))
    return FALSE;

  iter = g_sequence_append (self->items, g_object_ref (entity));
  g_hash_table_insert (self->by_id, (gpointer) bw_entity_get_id (entity), iter);
  g_hash_table_insert (self->added, (gpointer) bw_entity_get_id (entity), GUINT_TO_POINTER (++self->n_added));
  g_list_model_items_changed (G_LIST_MODEL (self),
                              (guint) g_sequence_iter_get_position (iter), 0, 1);

  return TRUE;
}

/* Said once, with those that stay between them replaced by themselves: ten thousand go when somebody acts for
 * another company, and whoever sorts and filters them looks at each message. */
static void
remove_unseen (BwEntityList *self,
               GHashTable   *seen,
               guint         since)
{
  g_autoptr(GPtrArray) gone = g_ptr_array_new ();
  guint first = 0;
  guint end = 0;
  guint position = 0;

  for (GSequenceIter *iter = g_sequence_get_begin_iter (self->items); !g_sequence_iter_is_end (iter);
       iter = g_sequence_iter_next (iter), position++)
    {
      const char *id = bw_entity_get_id (g_sequence_get (iter));

      if (g_hash_table_contains (seen, id) || GPOINTER_TO_UINT (g_hash_table_lookup (self->added, id)) > since)
        continue;

      first = gone->len == 0 ? position : first;
      end = position + 1;
      g_ptr_array_add (gone, iter);
      g_hash_table_remove (self->added, id);
      g_hash_table_remove (self->by_id, id);
    }

  for (guint i = 0; i < gone->len; i++)
    g_sequence_remove (g_ptr_array_index (gone, i));

  if (gone->len > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), first, end - first, end - first - gone->len);
}

/* Takes over one document without a word; lowers @first_changed to its position
 * when there is something to say. */
static gboolean
load_one (BwEntityList  *self,
          JsonObject    *json,
          guint         *first_changed,
          GError       **error)
{
  const char *id = json_object_get_string_member_with_default (json, "id", "");
  BwEntity *known = bw_entity_list_lookup (self, id);
  g_autoptr(BwEntity) entity = NULL;
  GSequenceIter *iter;
  gint64 before;

  if (known == NULL)
    {
      entity = g_object_new (self->item_type, NULL);
      if (!bw_entity_load (entity, json, error))
        return FALSE;

      iter = g_sequence_append (self->items, g_object_ref (entity));
      g_hash_table_insert (self->by_id, (gpointer) bw_entity_get_id (entity), iter);
    }
  else
    {
      before = bw_entity_get_revision (known);
      if (!bw_entity_load (known, json, error))
        return FALSE;

      if (bw_entity_get_revision (known) == before)
        return TRUE;

      iter = g_hash_table_lookup (self->by_id, id);
    }

  *first_changed = MIN (*first_changed, (guint) g_sequence_iter_get_position (iter));

  return TRUE;
}

/**
 * bw_entity_list_begin_load:
 *
 * Returns: what bw_entity_list_load() wants to know of the moment when the
 *   backend was asked
 */
guint
bw_entity_list_begin_load (BwEntityList *self)
{
  g_return_val_if_fail (BW_IS_ENTITY_LIST (self), 0);

  return self->n_added;
}

/**
 * bw_entity_list_load:
 * @since: from bw_entity_list_begin_load(); what came by itself after that is
 *   newer than the answer, which cannot tell that it is gone
 */
void
bw_entity_list_load (BwEntityList *self,
                     JsonArray    *items,
                     guint         since)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  guint first_changed = G_MAXUINT;
  guint n_before;
  guint n_after;

  g_return_if_fail (BW_IS_ENTITY_LIST (self));
  g_return_if_fail (items != NULL);

  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      JsonNode *node = json_array_get_element (items, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        g_hash_table_add (seen, (gpointer) json_object_get_string_member_with_default (json_node_get_object (node),
                                                                                       "id", ""));
    }

  remove_unseen (self, seen, since);
  n_before = (guint) g_sequence_get_length (self->items);

  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      JsonNode *node = json_array_get_element (items, i);
      g_autoptr(GError) error = NULL;

      if (!JSON_NODE_HOLDS_OBJECT (node) ||
          !load_one (self, json_node_get_object (node), &first_changed, &error))
        g_debug ("an item of a list: %s, ignoring", error != NULL ? error->message : "not an object");
    }

  n_after = (guint) g_sequence_get_length (self->items);
  if (first_changed != G_MAXUINT)
    g_list_model_items_changed (G_LIST_MODEL (self), first_changed,
                                n_before - MIN (first_changed, n_before), n_after - first_changed);
}

void
bw_entity_list_remove (BwEntityList *self,
                        const char    *id)
{
  GSequenceIter *iter;
  guint position;

  g_return_if_fail (BW_IS_ENTITY_LIST (self));

  iter = g_hash_table_lookup (self->by_id, id);
  if (iter == NULL)
    return;

  position = (guint) g_sequence_iter_get_position (iter);
  g_hash_table_remove (self->added, id);
  g_hash_table_remove (self->by_id, id);
  g_sequence_remove (iter);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}
