/* bw-ingest-history.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-broker"

#include "bw-ingest-history.h"

#include <string.h>

/* A device that talks too much keeps the newest value of each property a second. */
#define HELD_US G_USEC_PER_SEC

/* Of all devices together. More of them, and their values are not kept at all. */
#define MAX_HELD 20000

/* A device is named in the log at most so often. */
#define NAMED_US G_TIME_SPAN_HOUR

#define MAX_NAMED 1000

typedef struct
{
  char        device_id[BW_DEVICE_ID_SIZE];
  char       *node;
  char       *property;
  BwDatatype  datatype;
  char       *unit;
  char       *text;
  gint64      at_us;
} Held;

typedef struct
{
  gint64 n;              /* left out since the last commit of it */
  gint64 named_at_us;
} Flood;

struct _BwIngestHistory
{
  BwHistory      *history;
  BwHistoryMarks *marks;
  BwHistoryBatch *batch;
  GHashTable     *held;          /* device/node/property → Held */
  GHashTable     *floods;        /* device id → Flood */
  gint64          held_since_us; /* 0: nothing is held */
  gboolean        loaded;        /* the marks */
  gboolean        again;         /* the message that is looked at is in the history already */
};

static void
held_free (gpointer data)
{
  Held *held = data;

  g_free (held->node);
  g_free (held->property);
  g_free (held->unit);
  g_free (held->text);
  g_free (held);
}

BwIngestHistory *
bw_ingest_history_new (BwHistory *history)
{
  BwIngestHistory *self = g_new0 (BwIngestHistory, 1);

  self->history = g_object_ref (history);
  self->marks = bw_history_marks_new ();
  self->batch = bw_history_batch_new ();
  self->held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, held_free);
  self->floods = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return self;
}

void
bw_ingest_history_free (BwIngestHistory *self)
{
  g_hash_table_unref (self->held);
  g_hash_table_unref (self->floods);
  bw_history_batch_free (self->batch);
  bw_history_marks_free (self->marks);
  g_object_unref (self->history);
  g_free (self);
}

BwHistory *
bw_ingest_history_get (BwIngestHistory *self)
{
  return self->history;
}

static gpointer
load_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwIngestHistory *self = task_data;
  BwHistoryMarks *marks = bw_history_marks_new ();

  if (bw_history_marks_load (owned_by_thread, marks, error) == NULL)
    {
      bw_history_marks_free (marks);
      return NULL;
    }

  bw_history_marks_free (self->marks);
  self->marks = marks;
  self->loaded = TRUE;

  return self;
}

/* Whoever has made the task waits for it, so that the job may write here. */
void
bw_ingest_history_push_load (BwIngestHistory *self,
                             GTask           *task)
{
  g_task_set_task_data (task, self, NULL);
  bw_history_db_push_write (bw_history_get_db (self->history), task, load_job, NULL);
}

gboolean
bw_ingest_history_is_loaded (BwIngestHistory *self)
{
  return self->loaded;
}

BwHistoryBatch *
bw_ingest_history_begin_commit (BwIngestHistory *self)
{
  return bw_history_batch_is_empty (self->batch) ? NULL : self->batch;
}

void
bw_ingest_history_end_commit (BwIngestHistory *self)
{
  bw_history_marks_take (self->marks, self->batch);
  bw_history_batch_clear (self->batch);
}

void
bw_ingest_history_connected (BwIngestHistory *self)
{
  bw_history_marks_expect (self->marks);
}

void
bw_ingest_history_look_at (BwIngestHistory     *self,
                           const BwMqttMessage *message)
{
  guint32 hash;

  self->again = FALSE;
  if (message->id == 0)
    return;

  hash = bw_history_marks_hash (message->topic, message->payload, message->length);
  self->again = bw_history_marks_is_again (self->marks, (guint16) message->id, hash);
  if (!self->again)
    bw_history_batch_add_mark (self->batch, (guint16) message->id, hash);
}

static void
name_flood (BwIngestHistory *self,
            BwCachedDevice  *cached)
{
  Flood *flood = g_hash_table_lookup (self->floods, cached->id);
  gint64 now_us = g_get_monotonic_time ();

  if (flood == NULL)
    {
      if (g_hash_table_size (self->floods) >= MAX_NAMED)
        return;
      flood = g_new0 (Flood, 1);
      g_hash_table_insert (self->floods, g_strdup (cached->id), flood);
    }

  flood->n++;
  if (flood->named_at_us != 0 && now_us - flood->named_at_us < NAMED_US)
    return;

  flood->named_at_us = now_us;
  g_warning ("The device %s says more than %d values a second; its history keeps the newest of each property a second",
             cached->id, BW_HISTORY_DEVICE_RATE);
}

/* The one that was held before gives way: it is the one that is left out. */
static void
hold (BwIngestHistory      *self,
      BwCachedDevice       *cached,
      const BwTreeProperty *property,
      gint64                now_us)
{
  g_autofree char *key = g_strjoin ("/", cached->id, property->node->id, property->id, NULL);
  Held *held = g_hash_table_lookup (self->held, key);

  if (held != NULL || g_hash_table_size (self->held) >= MAX_HELD)
    name_flood (self, cached);

  if (held == NULL)
    {
      if (g_hash_table_size (self->held) >= MAX_HELD)
        return;

      held = g_new0 (Held, 1);
      memcpy (held->device_id, cached->id, sizeof held->device_id);
      held->node = g_strdup (property->node->id);
      held->property = g_strdup (property->id);
      held->unit = g_strdup (property->unit);
      held->datatype = property->datatype;
      g_hash_table_insert (self->held, g_steal_pointer (&key), held);
    }

  g_free (held->text);
  held->text = g_strdup (property->value);
  held->at_us = now_us;
  if (self->held_since_us == 0)
    self->held_since_us = g_get_monotonic_time ();
}

void
bw_ingest_history_add_value (BwIngestHistory      *self,
                             BwCachedDevice       *cached,
                             const BwTreeProperty *property,
                             gint64                now_us)
{
  if (property->value == NULL || self->again)
    return;

  if (bw_pace_take (&cached->pace, g_get_monotonic_time (), BW_HISTORY_DEVICE_RATE, BW_HISTORY_DEVICE_BURST))
    bw_history_batch_add (self->batch, cached->id, property->node->id, property->id, property->datatype, property->unit,
                          now_us, property->value);
  else
    hold (self, cached, property, now_us);
}

static void
say_own (BwIngestHistory *self,
         BwCachedDevice  *cached,
         const char      *property,
         gint64           at_us,
         const char      *text)
{
  bw_history_batch_add (self->batch, cached->id, BW_HISTORY_OWN_NODE, property, BW_DATATYPE_STRING, NULL, at_us, text);
}

void
bw_ingest_history_add_state (BwIngestHistory *self,
                             BwCachedDevice  *cached,
                             gint64           at_us)
{
  BwState state = bw_ingest_device_get_state (cached->device);

  /* it was another one since, and will be told so again */
  if (self->again)
    return;

  if (cached->device->first_seen_us != 0 && cached->device->status < BW_STATUS_AWAITING_APPROVAL)
    {
      cached->device->status = BW_STATUS_AWAITING_APPROVAL;
      say_own (self, cached, "status", at_us, bw_status_to_nick (BW_STATUS_AWAITING_APPROVAL));
    }

  if (cached->told_state && cached->state == state)
    return;

  cached->told_state = TRUE;
  cached->state = state;
  say_own (self, cached, "state", at_us, bw_state_to_nick (state));
}

static void
release_held (BwIngestHistory *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->held);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Held *held = value;

      bw_history_batch_add (self->batch, held->device_id, held->node, held->property, held->datatype, held->unit,
                            held->at_us, held->text);
      g_hash_table_iter_remove (&iter);
    }
  self->held_since_us = 0;
}

static void
release_floods (BwIngestHistory *self)
{
  gint64 now_us = g_get_monotonic_time ();
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  g_hash_table_iter_init (&iter, self->floods);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      Flood *flood = value;

      if (flood->n > 0)
        bw_history_batch_add_flood (self->batch, key, flood->n, g_get_real_time ());
      flood->n = 0;
      if (now_us - flood->named_at_us >= NAMED_US)
        g_hash_table_iter_remove (&iter);
    }
}

void
bw_ingest_history_release (BwIngestHistory *self)
{
  if (self->held_since_us == 0)
    return;

  release_held (self);
  release_floods (self);
}

void
bw_ingest_history_tick (BwIngestHistory *self)
{
  self->again = FALSE;
  if (g_get_monotonic_time () - self->held_since_us >= HELD_US)
    bw_ingest_history_release (self);
}
