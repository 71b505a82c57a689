/* bw-ingest-thread.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-broker"

#include "bw-ingest-private.h"

#include <poll.h>
#include <string.h>

#include "bw-ingest-events.h"
#include "bw-json.h"

/* How stale the time a device was seen last may be in the store. */
#define SEEN_US (10 * G_USEC_PER_SEC)

/* After a connect the broker tells who is there. Who was not named by then is not. */
#define SWEEP_US (10 * G_USEC_PER_SEC)

#define PRESENCE_MAX_BYTES 4096

#define LOAD_RETRY_MS  500
#define SWEEP_RETRY_US G_USEC_PER_SEC

/* The half of the ingest that lives on the intake's thread.
 *
 * A message changes the tree of its device; what is different from the store
 * then is noted there, so that of a hundred values of one property the last
 * one is stored. The store's thread reads the trees while this one waits for
 * its commit. What can not be understood is counted, not logged: a device does
 * not read our log, and one bad device must not fill it. */

typedef struct
{
  gpointer  result;
  GError   *error;
  gboolean  done;
} Waiter;

static void
job_done_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Waiter *waiter = user_data;

  waiter->result = g_task_propagate_pointer (G_TASK (result), &waiter->error);
  waiter->done = TRUE;
}

static GTask *
make_task (BwIngest *self,
           Waiter   *waiter,
           gpointer  data)
{
  GTask *task = g_task_new (NULL, NULL, job_done_cb, waiter);

  g_task_set_source_tag (task, make_task);
  g_task_set_task_data (task, data, NULL);

  return task;
}

/* Runs a job of the store to its end. NULL without an error: the job said so. */
static gpointer
run_job (BwIngest      *self,
         gboolean       is_write,
         BwWorkerFunc   func,
         gpointer       data,
         GError       **error)
{
  Waiter waiter = { 0, };

  g_main_context_push_thread_default (self->context);

  if (is_write)
    bw_store_push_write (self->store, make_task (self, &waiter, data), func, NULL);
  else
    bw_store_push_read (self->store, make_task (self, &waiter, data), func, NULL);

  while (!waiter.done)
    g_main_context_iteration (self->context, TRUE);

  g_main_context_pop_thread_default (self->context);

  if (waiter.error != NULL)
    g_propagate_error (error, waiter.error);

  return waiter.result;
}

static gpointer
store_devices (gpointer   owned_by_thread,
               gpointer   task_data,
               GError   **error)
{
  return bw_ingest_repo_store (owned_by_thread, task_data, error) ? BW_STORE_DONE : NULL;
}

typedef struct
{
  const char     *id;
  BwIngestDevice *device;   /* the result; (nullable) */
} Load;

static gpointer
load_device (gpointer   owned_by_thread,
             gpointer   task_data,
             GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  Load *load = task_data;
  g_autoptr(GError) local_error = NULL;

  load->device = bw_ingest_repo_load (thread->db, load->id, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  return BW_STORE_DONE;
}

static gpointer
list_online (gpointer   owned_by_thread,
             gpointer   task_data,
             GError   **error)
{
  BwStoreThread *thread = owned_by_thread;

  return bw_ingest_repo_list_online (thread->db, error);
}

static void
say_failing (BwIngest     *self,
             const GError *error)
{
  if (!self->failing)
    g_warning ("What devices say can not be stored: %s; the broker keeps it until it can", error->message);
  self->failing = TRUE;
}

static void
say_working (BwIngest *self)
{
  if (self->failing)
    g_message ("What devices say is stored again");
  self->failing = FALSE;
}

/* A message that was read can not be put back, so this does not give up before the daemon does. */
static BwCachedDevice *
load (BwIngest   *self,
      const char *id)
{
  for (;;)
    {
      Load job = { .id = id };
      g_autoptr(GError) error = NULL;

      if (run_job (self, FALSE, load_device, &job, &error) != NULL)
        {
          say_working (self);
          return bw_device_cache_add (&self->cache, id, job.device);
        }

      say_failing (self, error);
      if (g_atomic_int_get (&self->stopping))
        {
          self->lost = TRUE;
          return NULL;
        }

      poll (NULL, 0, LOAD_RETRY_MS);
    }
}

/* NULL only when the daemon ends; what is not stored then is not acknowledged. */
static BwCachedDevice *
ensure_device (BwIngest   *self,
               const char *slice)
{
  BwCachedDevice *cached = self->last;
  char id[BW_DEVICE_ID_SIZE];

  if (cached != NULL && memcmp (cached->id, slice, BW_DEVICE_ID_LENGTH) == 0)
    return cached;

  memcpy (id, slice, BW_DEVICE_ID_LENGTH);
  id[BW_DEVICE_ID_LENGTH] = '\0';

  cached = bw_device_cache_get (&self->cache, id);
  if (cached == NULL)
    cached = load (self, id);

  self->last = cached;

  return cached;
}

static void
queue_device (BwIngest       *self,
              BwCachedDevice *cached,
              guint           what)
{
  cached->device->what |= what;

  if (self->history != NULL && (what & (BW_INGEST_FACTS | BW_INGEST_PRESENCE)) != 0)
    bw_ingest_history_add_state (self->history, cached, g_get_real_time ());

  if ((what & (BW_INGEST_FACTS | BW_INGEST_PRESENCE)) != 0)
    cached->news = TRUE;

  if (!cached->queued)
    {
      cached->queued = TRUE;
      g_ptr_array_add (self->to_store, cached);
    }
}

static void
count (guint64 *counter)
{
  __atomic_store_n (counter, *counter + 1, __ATOMIC_RELAXED);
}

/* Watched are the few properties that somebody has just wished to be another value. Whoever hears
 * that the device has confirmed may ask for the value at once, so that it is stored first. */

static void
tell_echo (BwIngest             *self,
           BwCachedDevice       *cached,
           const BwTreeProperty *property)
{
  g_autofree char *key = g_strjoin ("/", cached->id, property->node->id, property->id, NULL);
  BwIngestEvent *event;
  gboolean watched;

  g_mutex_lock (&self->lock);
  watched = g_hash_table_contains (self->watched, key);
  g_mutex_unlock (&self->lock);

  if (!watched || property->value == NULL)
    return;

  event = g_new0 (BwIngestEvent, 1);
  event->kind = BW_INGEST_ECHO;
  event->device = g_strdup (cached->id);
  event->node = g_strdup (property->node->id);
  event->property = g_strdup (property->id);
  event->text = g_strdup (property->value);
  g_ptr_array_add (self->to_tell, event);
  bw_mqtt_intake_hurry (self->intake);
}

static void
tell_said (BwIngest       *self,
           BwCachedDevice *cached,
           const BwEffect *effect)
{
  BwIngestEvent *event;
  gboolean watched;

  g_mutex_lock (&self->lock);
  watched = g_hash_table_contains (self->watched, cached->id);
  g_mutex_unlock (&self->lock);

  if (!watched || effect->text == NULL)
    return;

  event = g_new0 (BwIngestEvent, 1);
  event->kind = BW_INGEST_SAID;
  event->number = effect->is_alert ? BW_LEVEL_ERROR : effect->level;
  event->device = g_strdup (cached->id);
  event->text = g_strdup (effect->text);
  bw_ingest_post (self, event);
}

static void
take_effect (BwIngest       *self,
             BwCachedDevice *cached,
             BwEffect       *effect,
             gboolean        retained)
{
  BwTreeProperty *property = effect->property;
  guint what = 0;

  if ((effect->changes & BW_CHANGE_IGNORED) != 0)
    count (&self->counts.n_ignored);

  if ((effect->changes & (BW_CHANGE_STRUCTURE | BW_CHANGE_REMOVED)) != 0)
    {
      what |= BW_INGEST_STRUCTURE;
      bw_device_cache_count (&self->cache, cached);
    }

  if ((effect->changes & (BW_CHANGE_FACTS | BW_CHANGE_STATE | BW_CHANGE_REMOVED)) != 0)
    what |= BW_INGEST_FACTS;

  if ((effect->changes & (BW_CHANGE_VALUE | BW_CHANGE_TARGET)) != 0 && property != NULL &&
      bw_tree_property_is_visible (property))
    {
      property->dirty_value = TRUE;
      what |= property->row != 0 ? BW_INGEST_VALUES : BW_INGEST_STRUCTURE;
      if (what & BW_INGEST_STRUCTURE)
        bw_device_cache_count (&self->cache, cached);
    }

  if (what != 0)
    queue_device (self, cached, what);

  if (!retained && (effect->changes & BW_CHANGE_LOG) != 0)
    bw_ingest_note_said (self, cached, effect);

  /* what is retained is old: people were told when it was new */
  if (!retained && (effect->changes & BW_CHANGE_LOG) != 0 && self->notices != NULL)
    bw_device_notices_say (self->notices, cached->device->tree, effect);

  /* neither does it answer anything */
  if (!retained && g_atomic_int_get (&self->n_watched) > 0)
    {
      if ((effect->changes & BW_CHANGE_VALUE) != 0 && property != NULL)
        tell_echo (self, cached, property);
      if ((effect->changes & BW_CHANGE_LOG) != 0)
        tell_said (self, cached, effect);
    }
}

static void
take_seen (BwIngest       *self,
           BwCachedDevice *cached,
           gint64          now_us)
{
  BwIngestDevice *device = cached->device;

  device->last_seen_us = MAX (device->last_seen_us, now_us);

  /* the broker lets nobody but itself speak below its id */
  if (device->first_seen_us == 0)
    {
      device->first_seen_us = now_us;
      bw_ingest_note_first_seen (self, cached, device->address, now_us);
      queue_device (self, cached, BW_INGEST_PRESENCE);
    }
  else if (now_us - cached->seen_stored_us >= SEEN_US)
    queue_device (self, cached, BW_INGEST_SEEN);
}

/* After each connect the broker sends again what is retained. A value that is
 * known is not a new one: it keeps its age, and is not stored once more. */
static gboolean
is_known_value (BwDeviceTree        *tree,
                const BwTopic       *topic,
                const BwMqttMessage *message)
{
  BwTreeNode *node;
  BwTreeProperty *property;

  if (!message->retained || topic->kind != BW_TOPIC_VALUE || topic->device.length != BW_DEVICE_ID_LENGTH)
    return FALSE;

  node = bw_device_tree_find_node (tree, topic->node.text, topic->node.length);
  property = node != NULL ? bw_tree_node_find_property (node, topic->property.text, topic->property.length) : NULL;

  return property != NULL && property->row != 0 && property->value != NULL &&
         strlen (property->value) == message->length &&
         memcmp (property->value, message->payload, message->length) == 0;
}

static void
take_homie (BwIngest            *self,
            const BwTopic       *topic,
            const BwMqttMessage *message)
{
  g_auto(BwEffect) effect = { 0, };
  BwCachedDevice *cached;
  gint64 now_us;

  /* our own sets and those of others come by as well */
  if (topic->kind == BW_TOPIC_SET || topic->kind == BW_TOPIC_BROADCAST)
    return;

  if (topic->device.length < BW_DEVICE_ID_LENGTH ||
      (topic->device.length > BW_DEVICE_ID_LENGTH && topic->device.text[BW_DEVICE_ID_LENGTH] != '-') ||
      !bw_device_id_is_canonical (topic->device.text, BW_DEVICE_ID_LENGTH))
    {
      count (&self->counts.n_unknown);
      return;
    }

  cached = ensure_device (self, topic->device.text);
  if (cached == NULL || cached->device == NULL)
    {
      count (&self->counts.n_unknown);
      return;
    }

  if (message->length > BW_DESCRIPTION_MAX_BYTES)
    {
      count (&self->counts.n_ignored);
      return;
    }

  if (is_known_value (cached->device->tree, topic, message))
    return;

  now_us = g_get_real_time ();
  bw_dialect_for_root (topic->root)->on_message (cached->device->tree, topic, message->payload, message->length,
                                                 message->retained, now_us, &effect);
  if (!message->retained)
    take_seen (self, cached, now_us);
  /* what is retained is ahead of what is queued for us: it would be in the history twice */
  if (self->history != NULL && !message->live_too && (effect.changes & BW_CHANGE_VALUE) != 0 && effect.property != NULL)
    bw_ingest_history_add_value (self->history, cached, effect.property, now_us);
  take_effect (self, cached, &effect, message->retained);
}

static void
set_presence (BwIngest       *self,
              BwCachedDevice *cached,
              gboolean        online,
              const char     *address,
              gint64          at_us)
{
  BwIngestDevice *device = cached->device;

  if (device->online == online && device->first_seen_us != 0 &&
      (address == NULL || g_strcmp0 (device->address, address) == 0))
    return;

  device->online = online;
  if (address != NULL)
    {
      g_free (device->address);
      device->address = g_strdup (address);
    }
  if (device->first_seen_us == 0)
    {
      device->first_seen_us = at_us;
      bw_ingest_note_first_seen (self, cached, device->address, at_us);
    }
  device->last_seen_us = MAX (device->last_seen_us, at_us);
  bw_ingest_note_presence (self, cached, at_us);

  queue_device (self, cached, BW_INGEST_PRESENCE);
}

/* It has come with its new key, while the old one is good too. */
static void
tell_key (BwIngest       *self,
          BwCachedDevice *cached,
          gint64          number)
{
  BwIngestEvent *event;

  if (number <= 0 || number > G_MAXUINT)
    return;

  event = g_new0 (BwIngestEvent, 1);
  event->kind = BW_INGEST_KEY;
  event->number = (guint) number;
  event->device = g_strdup (cached->id);
  bw_ingest_post (self, event);
}

static void
take_presence (BwIngest            *self,
               const BwTopic       *topic,
               const BwMqttMessage *message)
{
  g_autoptr(JsonObject) json = NULL;
  const char *id = topic->device.text;
  BwCachedDevice *cached;
  gint64 now_us = g_get_real_time ();
  gint64 at_us;

  if (topic->device.length != BW_DEVICE_ID_LENGTH || !bw_device_id_is_canonical (id, BW_DEVICE_ID_LENGTH))
    {
      count (&self->counts.n_unknown);
      return;
    }

  cached = ensure_device (self, id);
  if (cached != NULL && cached->device == NULL)
    {
      /* the broker has let it in, so it may be one that was made since */
      self->last = NULL;
      bw_device_cache_drop (&self->cache, cached);
      cached = ensure_device (self, id);
    }

  if (cached == NULL || cached->device == NULL)
    {
      count (&self->counts.n_unknown);
      return;
    }

  json = bw_json_parse_object (message->payload, message->length, PRESENCE_MAX_BYTES, NULL);
  if (json == NULL)
    {
      count (&self->counts.n_ignored);
      return;
    }

  if (self->confirmed != NULL)
    g_hash_table_add (self->confirmed, g_strdup (cached->id));

  at_us = bw_json_get_int (json, "atUs", now_us);
  set_presence (self, cached, bw_json_get_boolean (json, "online", FALSE),
                bw_json_get_string (json, "address"), at_us > 0 && at_us <= now_us ? at_us : now_us);
  tell_key (self, cached, bw_json_get_int (json, "key", 0));
}

/* Those that the store takes for connected, and of whom the broker has not said a word. */
static void
sweep (BwIngest *self)
{
  g_autoptr(GHashTable) confirmed = g_steal_pointer (&self->confirmed);
  g_autoptr(GError) error = NULL;
  GPtrArray *ids = run_job (self, FALSE, list_online, NULL, &error);

  if (ids == NULL)
    {
      say_failing (self, error);
      self->confirmed = g_steal_pointer (&confirmed);
      self->sweep_at_us = g_get_monotonic_time () + SWEEP_RETRY_US;
      return;
    }

  self->sweep_at_us = 0;
  for (guint i = 0; i < ids->len && !g_atomic_int_get (&self->stopping); i++)
    {
      const char *id = g_ptr_array_index (ids, i);
      BwCachedDevice *cached;

      if (g_hash_table_contains (confirmed, id) || strlen (id) != BW_DEVICE_ID_LENGTH)
        continue;

      cached = ensure_device (self, id);
      if (cached != NULL && cached->device != NULL)
        set_presence (self, cached, FALSE, NULL, cached->device->last_seen_us);
    }

  g_ptr_array_unref (ids);
}

static void
post_news (BwIngest *self)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  BwIngestEvent *event;

  for (guint i = 0; i < self->to_store->len; i++)
    {
      BwCachedDevice *cached = g_ptr_array_index (self->to_store, i);

      cached->queued = FALSE;
      cached->seen_stored_us = cached->device->last_seen_us;
      if (cached->news)
        g_ptr_array_add (ids, g_strdup (cached->id));
      cached->news = FALSE;
    }

  g_ptr_array_set_size (self->to_store, 0);

  if (ids->len == 0)
    return;

  event = g_new0 (BwIngestEvent, 1);
  event->kind = BW_INGEST_DEVICES;
  event->ids = g_steal_pointer (&ids);
  bw_ingest_post (self, event);
}

static void
tell_all (BwIngest *self)
{
  while (self->to_tell->len > 0)
    bw_ingest_post (self, g_ptr_array_steal_index (self->to_tell, 0));
}

/* Before the devices: what is sent again after a crash between the two makes no second event, since the newest
 * one is the same, and without the first there would be none. */
static void
store_events (BwIngest *self)
{
  g_autoptr(GError) error = NULL;

  bw_ingest_note_changes (self);
  if (bw_ingest_store_events (self, &error))
    {
      self->events_failing = FALSE;
      return;
    }

  if (!self->events_failing)
    g_warning ("What happens to devices can not be kept: %s; it is tried again", error->message);
  self->events_failing = TRUE;
}

static GPtrArray *
list_to_store (BwIngest *self)
{
  GPtrArray *devices = g_ptr_array_sized_new (self->to_store->len);

  for (guint i = 0; i < self->to_store->len; i++)
    g_ptr_array_add (devices, ((BwCachedDevice *) g_ptr_array_index (self->to_store, i))->device);

  return devices;
}

/* The tables and the history are two databases: each has its own thread and its own wait for the disk, and both
 * are asked at once. One that has succeeded has nothing left to do when the other one is tried again. */
static gboolean
commit_both (BwIngest  *self,
             GError   **error)
{
  g_autoptr(GPtrArray) devices = list_to_store (self);
  BwHistoryBatch *batch = self->history != NULL ? bw_ingest_history_begin_commit (self->history) : NULL;
  Waiter stored = { .done = devices->len == 0 };
  Waiter kept = { .done = batch == NULL };

  g_main_context_push_thread_default (self->context);

  if (batch != NULL)
    bw_history_push_append (bw_ingest_history_get (self->history), make_task (self, &kept, NULL), batch);
  if (devices->len > 0)
    bw_store_push_write (self->store, make_task (self, &stored, devices), store_devices, NULL);

  while (!stored.done || !kept.done)
    g_main_context_iteration (self->context, TRUE);

  g_main_context_pop_thread_default (self->context);

  if (batch != NULL && kept.error == NULL)
    bw_ingest_history_end_commit (self->history);
  if (devices->len > 0 && stored.error == NULL)
    post_news (self);

  if (stored.error == NULL && kept.error == NULL)
    return TRUE;

  g_propagate_error (error, stored.error != NULL ? g_steal_pointer (&stored.error) : g_steal_pointer (&kept.error));
  g_clear_error (&kept.error);

  return FALSE;
}

static gboolean
store_all (BwIngest *self)
{
  g_autoptr(GError) error = NULL;

  store_events (self);
  if (!commit_both (self, &error))
    {
      say_failing (self, error);
      return FALSE;
    }

  say_working (self);
  tell_all (self);
  self->last = NULL;
  bw_device_cache_shrink (&self->cache);

  return TRUE;
}

/* The messages that may come once more come first, so that this is waited for. */
static void
load_marks (BwIngest *self)
{
  while (!bw_ingest_history_is_loaded (self->history) && !g_atomic_int_get (&self->stopping))
    {
      g_autoptr(GError) error = NULL;
      Waiter waiter = { 0, };

      g_main_context_push_thread_default (self->context);
      bw_ingest_history_push_load (self->history, make_task (self, &waiter, NULL));
      while (!waiter.done)
        g_main_context_iteration (self->context, TRUE);
      g_main_context_pop_thread_default (self->context);

      if (waiter.error == NULL)
        break;

      error = waiter.error;
      say_failing (self, error);
      poll (NULL, 0, LOAD_RETRY_MS);
    }

  bw_ingest_history_connected (self->history);
}

/* What the intake calls. */

static void
connected_cb (gboolean    connected,
              const char *refusal,
              gpointer    user_data)
{
  BwIngest *self = user_data;
  BwIngestEvent *event = g_new0 (BwIngestEvent, 1);

  g_clear_pointer (&self->confirmed, g_hash_table_unref);
  self->sweep_at_us = 0;
  if (connected && self->history != NULL)
    load_marks (self);
  if (connected)
    {
      self->confirmed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      self->sweep_at_us = g_get_monotonic_time () + SWEEP_US;
    }

  event->kind = BW_INGEST_CONNECTION;
  event->number = connected;
  event->text = g_strdup (refusal);
  bw_ingest_post (self, event);
}

static void
message_cb (const BwMqttMessage *message,
            gpointer             user_data)
{
  BwIngest *self = user_data;
  BwTopic topic;

  if (self->history != NULL)
    bw_ingest_history_look_at (self->history, message);

  if (!bw_topic_parse (message->topic, strlen (message->topic), &topic))
    {
      count (&self->counts.n_unsupported);
      return;
    }

  switch (topic.root)
    {
    case BW_TOPIC_HOMIE_5:
    case BW_TOPIC_HOMIE_3_4:
      take_homie (self, &topic, message);
      break;

    case BW_TOPIC_PRESENCE:
      take_presence (self, &topic, message);
      break;

    case BW_TOPIC_CHANGES:
    default:
      count (&self->counts.n_unsupported);
    }
}

static gboolean
commit_cb (gpointer user_data)
{
  BwIngest *self = user_data;

  /* there was a message that could not even be looked at */
  if (self->lost)
    return FALSE;

  if (self->history != NULL && g_atomic_int_get (&self->stopping))
    bw_ingest_history_release (self->history);

  return store_all (self);
}

static void
tick_cb (gpointer user_data)
{
  BwIngest *self = user_data;

  if (self->history != NULL)
    bw_ingest_history_tick (self->history);

  if (self->confirmed != NULL && g_get_monotonic_time () >= self->sweep_at_us)
    sweep (self);

  if (self->to_store->len > 0 ||
      (self->history != NULL && bw_ingest_history_begin_commit (self->history) != NULL))
    store_all (self);
}

const BwMqttIntakeFuncs bw_ingest_intake_funcs = { connected_cb, message_cb, commit_cb, tick_cb };
