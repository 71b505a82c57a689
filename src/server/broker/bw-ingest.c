/* bw-ingest.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-broker"

#include "bw-ingest-private.h"

#include "bw-event-repo.h"

/**
 * BwIngest:
 *
 * This file is the half that lives on the main context: a few events an
 * amount of messages may leave behind come out here as signals. The other half,
 * on the intake's thread, is bw-ingest-thread.c.
 */

enum
{
  SIGNAL_CONNECTION,
  SIGNAL_DEVICES,
  SIGNAL_ECHO,
  SIGNAL_SAID,
  SIGNAL_KEY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BwIngest, bw_ingest, G_TYPE_OBJECT)

void
bw_ingest_event_free (BwIngestEvent *self)
{
  g_clear_pointer (&self->ids, g_ptr_array_unref);
  g_free (self->device);
  g_free (self->node);
  g_free (self->property);
  g_free (self->text);
  g_free (self);
}

void
bw_ingest_post (BwIngest      *self,
                BwIngestEvent *event)
{
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->events, event);
  if (self->source != NULL)
    g_source_set_ready_time (self->source, 0);
  g_mutex_unlock (&self->lock);
}

static void
emit_event (BwIngest            *self,
            const BwIngestEvent *event)
{
  switch (event->kind)
    {
    case BW_INGEST_CONNECTION:
      g_signal_emit (self, signals[SIGNAL_CONNECTION], 0, (gboolean) event->number, event->text);
      break;

    case BW_INGEST_DEVICES:
      g_signal_emit (self, signals[SIGNAL_DEVICES], 0, event->ids);
      break;

    case BW_INGEST_ECHO:
      g_signal_emit (self, signals[SIGNAL_ECHO], 0, event->device, event->node, event->property, event->text);
      break;

    case BW_INGEST_SAID:
      g_signal_emit (self, signals[SIGNAL_SAID], 0, event->device, event->number, event->text);
      break;

    case BW_INGEST_KEY:
      g_signal_emit (self, signals[SIGNAL_KEY], 0, event->device, event->number);
      break;

    default:
      g_assert_not_reached ();
    }
}

static gboolean
events_cb (gpointer data)
{
  g_autoptr(BwIngest) self = g_object_ref (data);
  GQueue events;

  g_mutex_lock (&self->lock);
  g_source_set_ready_time (self->source, -1);
  events = self->events;
  g_queue_init (&self->events);
  g_mutex_unlock (&self->lock);

  for (;;)
    {
      BwIngestEvent *event = g_queue_pop_head (&events);

      if (event == NULL)
        break;

      emit_event (self, event);
      bw_ingest_event_free (event);
    }

  return self->source != NULL ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gboolean
source_dispatch (GSource     *source,
                 GSourceFunc  callback,
                 gpointer     user_data)
{
  return callback (user_data);
}

static GSourceFuncs source_funcs = { .dispatch = source_dispatch };

static void
bw_ingest_dispose (GObject *object)
{
  BwIngest *self = (BwIngest *) object;
  GSource *source;

  /* joins the thread: from here on nobody else looks at anything */
  bw_ingest_stop (self);

  source = g_steal_pointer (&self->source);
  if (source != NULL)
    {
      g_source_destroy (source);
      g_source_unref (source);
    }

  g_clear_object (&self->intake);
  g_clear_object (&self->history_db);
  g_clear_object (&self->notices);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (bw_ingest_parent_class)->dispose (object);
}

static void
bw_ingest_finalize (GObject *object)
{
  BwIngest *self = (BwIngest *) object;

  g_queue_clear_full (&self->events, (GDestroyNotify) bw_ingest_event_free);
  g_clear_pointer (&self->watched, g_hash_table_unref);
  g_clear_pointer (&self->confirmed, g_hash_table_unref);
  g_clear_pointer (&self->to_store, g_ptr_array_unref);
  g_clear_pointer (&self->to_tell, g_ptr_array_unref);
  g_clear_pointer (&self->events_noted, g_ptr_array_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  bw_device_cache_clear (&self->cache);
  g_clear_pointer (&self->history, bw_ingest_history_free);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (bw_ingest_parent_class)->finalize (object);
}

static void
bw_ingest_class_init (BwIngestClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = bw_ingest_dispose;
  object_class->finalize = bw_ingest_finalize;

  signals[SIGNAL_CONNECTION] = g_signal_new ("connection", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                             G_TYPE_NONE, 2, G_TYPE_BOOLEAN, G_TYPE_STRING);
  signals[SIGNAL_DEVICES] = g_signal_new ("devices", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);
  signals[SIGNAL_ECHO] = g_signal_new ("echo", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 4, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING,
                                       G_TYPE_STRING);
  signals[SIGNAL_SAID] = g_signal_new ("said", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_UINT, G_TYPE_STRING);
  signals[SIGNAL_KEY] = g_signal_new ("key", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_UINT);
}

static void
bw_ingest_init (BwIngest *self)
{
  g_autoptr(GMainContext) context = g_main_context_ref_thread_default ();

  g_mutex_init (&self->lock);
  g_queue_init (&self->events);
  self->watched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->to_store = g_ptr_array_new ();
  self->to_tell = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_ingest_event_free);
  self->events_noted = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_event_free);
  self->context = g_main_context_new ();
  bw_device_cache_init (&self->cache);

  self->source = g_source_new (&source_funcs, sizeof (GSource));
  g_source_set_static_name (self->source, "[bw] ingest");
  g_source_set_callback (self->source, events_cb, self, NULL);
  g_source_attach (self->source, context);
}

BwIngest *
bw_ingest_new (BwStore     *store,
               const char  *uri,
               const char  *ca_file,
               const char  *client_id,
               const char  *username,
               const char  *password,
               GError     **error)
{
  /* Presence first: the broker answers in this order, and so who is there is
   * known before what they have said. */
  static const char * const filters[] = { BW_TOPIC_PRESENCE_PREFIX "+", "homie/#", NULL };
  g_autoptr(BwIngest) self = NULL;

  g_return_val_if_fail (BW_IS_STORE (store), NULL);

  self = g_object_new (BW_TYPE_INGEST, NULL);
  self->store = g_object_ref (store);
  self->intake = bw_mqtt_intake_new (uri, client_id, username, password, filters,
                                     &bw_ingest_intake_funcs, self, error);
  if (self->intake == NULL || !bw_mqtt_intake_set_trust (self->intake, ca_file, NULL, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
bw_ingest_set_history (BwIngest  *self,
                       BwHistory *history)
{
  g_return_if_fail (BW_IS_INGEST (self));

  g_clear_pointer (&self->history, bw_ingest_history_free);
  if (history != NULL)
    self->history = bw_ingest_history_new (history);
}

void
bw_ingest_set_events (BwIngest    *self,
                      BwHistoryDb *history_db)
{
  g_return_if_fail (BW_IS_INGEST (self));

  g_set_object (&self->history_db, history_db);
}

void
bw_ingest_set_notices (BwIngest        *self,
                       BwDeviceNotices *notices)
{
  g_return_if_fail (BW_IS_INGEST (self));

  g_set_object (&self->notices, notices);
}

void
bw_ingest_start (BwIngest *self)
{
  g_return_if_fail (BW_IS_INGEST (self));

  bw_mqtt_intake_start (self->intake);
}

void
bw_ingest_stop (BwIngest *self)
{
  g_return_if_fail (BW_IS_INGEST (self));

  g_atomic_int_set (&self->stopping, 1);
  if (self->intake != NULL)
    bw_mqtt_intake_stop (self->intake);

  /* whoever still holds the ingest does not hold the file */
  g_clear_object (&self->history_db);
}

static void
change_watch (GHashTable *watched,
              char       *key,      /* (transfer full) */
              int         change)
{
  int count = GPOINTER_TO_INT (g_hash_table_lookup (watched, key)) + change;

  if (count > 0)
    g_hash_table_replace (watched, key, GINT_TO_POINTER (count));
  else
    {
      g_hash_table_remove (watched, key);
      g_free (key);
    }
}

void
bw_ingest_watch (BwIngest   *self,
                 const char *device_id,
                 const char *node,
                 const char *property,
                 gboolean    on)
{
  int change = on ? 1 : -1;

  g_return_if_fail (BW_IS_INGEST (self));
  g_return_if_fail (device_id != NULL && node != NULL && property != NULL);

  g_mutex_lock (&self->lock);
  change_watch (self->watched, g_strdup (device_id), change);
  change_watch (self->watched, g_strjoin ("/", device_id, node, property, NULL), change);
  g_atomic_int_set (&self->n_watched, (int) g_hash_table_size (self->watched));
  g_mutex_unlock (&self->lock);
}

void
bw_ingest_get_counts (BwIngest       *self,
                      BwIngestCounts *ret_counts)
{
  g_return_if_fail (BW_IS_INGEST (self));

  ret_counts->n_messages = bw_mqtt_intake_get_n_messages (self->intake);
  ret_counts->n_unsupported = __atomic_load_n (&self->counts.n_unsupported, __ATOMIC_RELAXED);
  ret_counts->n_unknown = __atomic_load_n (&self->counts.n_unknown, __ATOMIC_RELAXED);
  ret_counts->n_ignored = __atomic_load_n (&self->counts.n_ignored, __ATOMIC_RELAXED);
}
