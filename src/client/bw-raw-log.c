/* bw-raw-log.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-raw-log.h"

#include <string.h>

/* More topics than this at once are one change of the list, not one each. */
#define BULK 32

/* So many may come and go while the lists stand still before those are sorted out that nobody has seen. */
#define MAX_DIRTY (2 * BW_RAW_MAX_TOPICS)

/**
 * BwRawLog:
 *
 * The messages of one device as they came: the last one of each topic, and the
 * last ones of all. Both are bounded by number and by bytes.
 */

struct _BwRawTopic
{
  GObject       parent_instance;

  char         *name;
  BwRawMessage *shown;        /* (owned) (nullable): what the list shows, as of the last flush */
  BwRawMessage *latest;       /* (owned) (nullable): NULL once the topic is forgotten */
  guint64       n_shown;
  guint64       n_messages;
  GList         by_age;       /* in BwRawLog.by_age */
  gboolean      is_listed;
  gboolean      is_dirty;
};

G_DEFINE_FINAL_TYPE (BwRawTopic, bw_raw_topic, G_TYPE_OBJECT)

struct _BwRawLog
{
  GObject     parent_instance;

  GHashTable *topics;        /* (element-type utf8 BwRawTopic): the keys are the topics' own names */
  GQueue      by_age;        /* (element-type BwRawTopic): unowned; the first was silent for the longest time */
  GPtrArray  *dirty;         /* (element-type BwRawTopic): heard or gone since the last flush */
  GListStore *topic_list;
  gsize       topic_bytes;

  GQueue      messages;      /* (element-type BwRawMessage): oldest first */
  gsize       message_bytes;
  guint       n_unlisted;    /* of the messages, the last ones */
  GListStore *message_list;

  guint64     n_messages;
  guint64     n_lost_topics;
  guint64     n_lost_messages;
};

enum {
  ADDED,
  FLUSHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BwRawLog, bw_raw_log, G_TYPE_OBJECT)

static void
bw_raw_topic_finalize (GObject *object)
{
  BwRawTopic *self = (BwRawTopic *) object;

  g_free (self->name);
  g_clear_object (&self->shown);
  g_clear_object (&self->latest);

  G_OBJECT_CLASS (bw_raw_topic_parent_class)->finalize (object);
}

static void
bw_raw_topic_class_init (BwRawTopicClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bw_raw_topic_finalize;
}

static void
bw_raw_topic_init (BwRawTopic *self)
{
  self->by_age.data = self;
}

BwRawMessage *
bw_raw_topic_get_message (BwRawTopic *self)
{
  g_return_val_if_fail (BW_IS_RAW_TOPIC (self), NULL);

  return self->shown != NULL ? self->shown : self->latest;
}

guint64
bw_raw_topic_get_n_messages (BwRawTopic *self)
{
  g_return_val_if_fail (BW_IS_RAW_TOPIC (self), 0);

  return self->shown != NULL ? self->n_shown : self->n_messages;
}

/* Topics that came and went between two looks at them. */
static void
drop_unseen (BwRawLog *self)
{
  g_autoptr(GPtrArray) all = g_steal_pointer (&self->dirty);

  self->dirty = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < all->len; i++)
    {
      BwRawTopic *topic = g_ptr_array_index (all, i);

      if (topic->latest != NULL || topic->is_listed)
        g_ptr_array_add (self->dirty, g_object_ref (topic));
    }
}

static void
mark_dirty (BwRawLog   *self,
            BwRawTopic *topic)
{
  if (topic->is_dirty)
    return;

  if (self->dirty->len >= MAX_DIRTY)
    drop_unseen (self);

  topic->is_dirty = TRUE;
  g_ptr_array_add (self->dirty, g_object_ref (topic));
}

static void
forget_topic (BwRawLog   *self,
              BwRawTopic *topic)
{
  g_object_ref (topic);
  g_queue_unlink (&self->by_age, &topic->by_age);
  self->topic_bytes -= bw_raw_message_get_size (topic->latest);
  g_clear_object (&topic->latest);
  g_hash_table_remove (self->topics, topic->name);
  self->n_lost_topics++;
  if (topic->is_listed)
    mark_dirty (self, topic);
  g_object_unref (topic);
}

static void
add_to_topic (BwRawLog     *self,
              BwRawMessage *message)
{
  const char *name = bw_raw_message_get_topic (message);
  BwRawTopic *topic = g_hash_table_lookup (self->topics, name);

  if (topic == NULL)
    {
      topic = g_object_new (BW_TYPE_RAW_TOPIC, NULL);
      topic->name = g_strdup (name);
      topic->latest = g_object_ref (message);
      g_hash_table_insert (self->topics, topic->name, topic);
    }
  else
    {
      g_queue_unlink (&self->by_age, &topic->by_age);
      self->topic_bytes -= bw_raw_message_get_size (topic->latest);
      g_set_object (&topic->latest, message);
    }

  topic->n_messages++;
  self->topic_bytes += bw_raw_message_get_size (message);
  g_queue_push_tail_link (&self->by_age, &topic->by_age);
  mark_dirty (self, topic);

  while (self->by_age.length > BW_RAW_MAX_TOPICS ||
         (self->topic_bytes > BW_RAW_MAX_BYTES && self->by_age.length > 1))
    forget_topic (self, g_queue_peek_head (&self->by_age));
}

static void
add_to_messages (BwRawLog     *self,
                 BwRawMessage *message)
{
  g_queue_push_tail (&self->messages, g_object_ref (message));
  self->message_bytes += bw_raw_message_get_size (message);
  self->n_unlisted++;

  while (self->messages.length > BW_RAW_MAX_MESSAGES ||
         (self->message_bytes > BW_RAW_MAX_BYTES && self->messages.length > 1))
    {
      g_autoptr(BwRawMessage) oldest = g_queue_pop_head (&self->messages);

      self->message_bytes -= bw_raw_message_get_size (oldest);
      self->n_lost_messages++;
    }

  self->n_unlisted = MIN (self->n_unlisted, self->messages.length);
}

void
bw_raw_log_add (BwRawLog            *self,
                const BwMqttMessage *message,
                BwRawDirection       direction,
                const char          *reason,
                gint64               at_us)
{
  g_autoptr(BwRawMessage) raw = NULL;

  g_return_if_fail (BW_IS_RAW_LOG (self));
  g_return_if_fail (message != NULL);

  raw = bw_raw_message_new (message, direction, reason, at_us);
  self->n_messages++;
  add_to_messages (self, raw);
  add_to_topic (self, raw);
  g_signal_emit (self, signals[ADDED], 0, raw);
}

static int
compare_topics (gconstpointer a,
                gconstpointer b,
                gpointer      user_data)
{
  return strcmp (((const BwRawTopic *) a)->name, ((const BwRawTopic *) b)->name);
}

static int
compare_topic_pointers (gconstpointer a,
                        gconstpointer b)
{
  return compare_topics (*(gconstpointer *) a, *(gconstpointer *) b, NULL);
}

/* Where it is in the list, by halves. */
static guint
find_listed (BwRawLog   *self,
             BwRawTopic *topic)
{
  guint low = 0, high = g_list_model_get_n_items (G_LIST_MODEL (self->topic_list));

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      g_autoptr(BwRawTopic) other = g_list_model_get_item (G_LIST_MODEL (self->topic_list), middle);

      if (compare_topics (other, topic, NULL) < 0)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

/* All of them, in one change. */
static void
list_topics_anew (BwRawLog *self)
{
  g_autoptr(GPtrArray) all = g_ptr_array_sized_new (self->by_age.length);

  for (GList *link = self->by_age.head; link != NULL; link = link->next)
    {
      ((BwRawTopic *) link->data)->is_listed = TRUE;
      g_ptr_array_add (all, link->data);
    }

  g_ptr_array_sort (all, compare_topic_pointers);
  g_list_store_splice (self->topic_list, 0, g_list_model_get_n_items (G_LIST_MODEL (self->topic_list)), all->pdata, all->len);
}

static void
flush_topics (BwRawLog *self)
{
  guint n_moves = 0;

  for (guint i = 0; i < self->dirty->len; i++)
    {
      BwRawTopic *topic = g_ptr_array_index (self->dirty, i);

      topic->is_dirty = FALSE;
      n_moves += topic->is_listed == (topic->latest == NULL);
      if (topic->latest == NULL)
        continue;

      topic->n_shown = topic->n_messages;
      g_set_object (&topic->shown, topic->latest);
    }

  if (n_moves > BULK)
    list_topics_anew (self);

  for (guint i = 0; n_moves <= BULK && i < self->dirty->len; i++)
    {
      BwRawTopic *topic = g_ptr_array_index (self->dirty, i);
      gboolean is_gone = topic->latest == NULL;

      if (topic->is_listed && is_gone)
        g_list_store_remove (self->topic_list, find_listed (self, topic));
      else if (!topic->is_listed && !is_gone)
        g_list_store_insert_sorted (self->topic_list, topic, compare_topics, NULL);
      topic->is_listed = !is_gone;
    }

  g_ptr_array_set_size (self->dirty, 0);
}

static void
flush_messages (BwRawLog *self)
{
  g_autoptr(GPtrArray) added = g_ptr_array_sized_new (self->n_unlisted);
  guint n_listed = g_list_model_get_n_items (G_LIST_MODEL (self->message_list));
  guint n_kept = self->messages.length - self->n_unlisted;
  GList *link = self->messages.tail;

  for (; added->len < self->n_unlisted; link = link->prev)
    g_ptr_array_add (added, link->data);

  self->n_unlisted = 0;
  if (n_listed > n_kept)
    g_list_store_splice (self->message_list, n_kept, n_listed - n_kept, NULL, 0);
  if (added->len > 0)
    g_list_store_splice (self->message_list, 0, 0, added->pdata, added->len);
}

void
bw_raw_log_flush (BwRawLog *self)
{
  g_return_if_fail (BW_IS_RAW_LOG (self));

  if (!bw_raw_log_has_news (self))
    return;

  flush_topics (self);
  flush_messages (self);
  g_signal_emit (self, signals[FLUSHED], 0);
}

gboolean
bw_raw_log_has_news (BwRawLog *self)
{
  g_return_val_if_fail (BW_IS_RAW_LOG (self), FALSE);

  return self->n_unlisted > 0 || self->dirty->len > 0;
}

GListModel *
bw_raw_log_get_topics (BwRawLog *self)
{
  g_return_val_if_fail (BW_IS_RAW_LOG (self), NULL);

  return G_LIST_MODEL (self->topic_list);
}

GListModel *
bw_raw_log_get_messages (BwRawLog *self)
{
  g_return_val_if_fail (BW_IS_RAW_LOG (self), NULL);

  return G_LIST_MODEL (self->message_list);
}

guint64
bw_raw_log_get_n_messages (BwRawLog *self)
{
  g_return_val_if_fail (BW_IS_RAW_LOG (self), 0);

  return self->n_messages;
}

guint64
bw_raw_log_get_n_lost_topics (BwRawLog *self)
{
  g_return_val_if_fail (BW_IS_RAW_LOG (self), 0);

  return self->n_lost_topics;
}

guint64
bw_raw_log_get_n_lost_messages (BwRawLog *self)
{
  g_return_val_if_fail (BW_IS_RAW_LOG (self), 0);

  return self->n_lost_messages;
}

static void
bw_raw_log_finalize (GObject *object)
{
  BwRawLog *self = (BwRawLog *) object;

  /* The links of the queue are in the topics. */
  g_queue_init (&self->by_age);
  g_hash_table_unref (self->topics);
  g_ptr_array_unref (self->dirty);
  g_queue_clear_full (&self->messages, g_object_unref);
  g_clear_object (&self->topic_list);
  g_clear_object (&self->message_list);

  G_OBJECT_CLASS (bw_raw_log_parent_class)->finalize (object);
}

static void
bw_raw_log_class_init (BwRawLogClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bw_raw_log_finalize;

  signals[ADDED] =
    g_signal_new ("added", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, BW_TYPE_RAW_MESSAGE);
  signals[FLUSHED] =
    g_signal_new ("flushed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bw_raw_log_init (BwRawLog *self)
{
  self->topics = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->dirty = g_ptr_array_new_with_free_func (g_object_unref);
  self->topic_list = g_list_store_new (BW_TYPE_RAW_TOPIC);
  self->message_list = g_list_store_new (BW_TYPE_RAW_MESSAGE);
  g_queue_init (&self->by_age);
  g_queue_init (&self->messages);
}

BwRawLog *
bw_raw_log_new (void)
{
  return g_object_new (BW_TYPE_RAW_LOG, NULL);
}
