/* bw-raw-tail.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-raw-tail.h"

/**
 * BwRawTail:
 *
 * As many slots as there are messages; the slots are made once and stay.
 */

struct _BwRawSlot
{
  GObject       parent_instance;

  GListModel   *messages;     /* (owned) */
  guint         position;
  BwRawMessage *message;      /* (owned) (nullable): what it held when it was asked last */
};

G_DEFINE_FINAL_TYPE (BwRawSlot, bw_raw_slot, G_TYPE_OBJECT)

struct _BwRawTail
{
  GObject     parent_instance;

  GListModel *messages;
  GPtrArray  *slots;          /* (element-type BwRawSlot): as many as were ever needed */
  guint       n_items;
};

static void
bw_raw_slot_finalize (GObject *object)
{
  BwRawSlot *self = (BwRawSlot *) object;

  g_clear_object (&self->messages);
  g_clear_object (&self->message);

  G_OBJECT_CLASS (bw_raw_slot_parent_class)->finalize (object);
}

static void
bw_raw_slot_class_init (BwRawSlotClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bw_raw_slot_finalize;
}

static void
bw_raw_slot_init (BwRawSlot *self)
{
}

BwRawMessage *
bw_raw_slot_get_message (BwRawSlot *self)
{
  g_return_val_if_fail (BW_IS_RAW_SLOT (self), NULL);

  g_clear_object (&self->message);
  self->message = g_list_model_get_item (self->messages, self->position);

  return self->message;
}

static GType
get_item_type (GListModel *model)
{
  return BW_TYPE_RAW_SLOT;
}

static guint
get_n_items (GListModel *model)
{
  return BW_RAW_TAIL (model)->n_items;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  BwRawTail *self = BW_RAW_TAIL (model);

  if (position >= self->n_items)
    return NULL;

  while (self->slots->len <= position)
    {
      BwRawSlot *slot = g_object_new (BW_TYPE_RAW_SLOT, NULL);

      slot->messages = g_object_ref (self->messages);
      slot->position = self->slots->len;
      g_ptr_array_add (self->slots, slot);
    }

  return g_object_ref (g_ptr_array_index (self->slots, position));
}

static void
model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BwRawTail, bw_raw_tail, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, model_iface_init))

static void
bw_raw_tail_dispose (GObject *object)
{
  BwRawTail *self = (BwRawTail *) object;

  g_clear_object (&self->messages);
  g_ptr_array_set_size (self->slots, 0);
  self->n_items = 0;

  G_OBJECT_CLASS (bw_raw_tail_parent_class)->dispose (object);
}

static void
bw_raw_tail_finalize (GObject *object)
{
  g_ptr_array_unref (((BwRawTail *) object)->slots);

  G_OBJECT_CLASS (bw_raw_tail_parent_class)->finalize (object);
}

static void
bw_raw_tail_class_init (BwRawTailClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_raw_tail_dispose;
  object_class->finalize = bw_raw_tail_finalize;
}

static void
bw_raw_tail_init (BwRawTail *self)
{
  self->slots = g_ptr_array_new_with_free_func (g_object_unref);
}

BwRawTail *
bw_raw_tail_new (GListModel *messages)
{
  BwRawTail *self;

  g_return_val_if_fail (G_IS_LIST_MODEL (messages), NULL);

  self = g_object_new (BW_TYPE_RAW_TAIL, NULL);
  self->messages = g_object_ref (messages);
  self->n_items = g_list_model_get_n_items (messages);

  return self;
}

void
bw_raw_tail_update (BwRawTail *self)
{
  guint n_before;

  g_return_if_fail (BW_IS_RAW_TAIL (self));

  n_before = self->n_items;
  self->n_items = g_list_model_get_n_items (self->messages);
  if (self->n_items > n_before)
    g_list_model_items_changed (G_LIST_MODEL (self), n_before, 0, self->n_items - n_before);
  else if (self->n_items < n_before)
    g_list_model_items_changed (G_LIST_MODEL (self), self->n_items, n_before - self->n_items, 0);
}
