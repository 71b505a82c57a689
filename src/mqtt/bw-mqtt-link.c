/* bw-mqtt-link.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-mqtt"

#include "bw-mqtt-link.h"

#include <string.h>

#include "bw-error.h"
#include "bw-mqtt-link-private.h"

/* Messages a dispatch hands over, so that a flood leaves room for drawing. */
#define MAX_BATCH 1000

/**
 * BwMqttLink:
 *
 * A broker connection which looks single threaded. A thread of ours resolves,
 * connects, reads and tries again (bw-mqtt-link-thread.c); what it receives
 * crosses over in an arena which the two sides swap, and comes out on the
 * maker's main context in batches.
 */

struct _BwMqttLink
{
  GObject          parent_instance;

  BwLinkShared    *shared;
  GSource         *source;
  BwMqttBatchFunc  func;
  gpointer         user_data;

  BwLinkArena      leaving;       /* being handed over */
  guint            position;      /* in it */
  GArray          *events;        /* (element-type BwLinkEvent): the spare one */
  BwMqttMessage   *batch;         /* MAX_BATCH of them */
  gboolean         connected;
  gboolean         started;
};

enum
{
  PROP_CONNECTED = 1,
  N_PROPS
};

enum
{
  SIGNAL_REFUSED,
  SIGNAL_ACKNOWLEDGED,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BwMqttLink, bw_mqtt_link, G_TYPE_OBJECT)

static void
emit_event (BwMqttLink        *self,
            const BwLinkEvent *event)
{
  switch (event->kind)
    {
    case BW_LINK_CONNECTED:
    case BW_LINK_DISCONNECTED:
      self->connected = event->kind == BW_LINK_CONNECTED;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CONNECTED]);
      break;

    case BW_LINK_REFUSED:
      g_signal_emit (self, signals[SIGNAL_REFUSED], 0,
                     event->number, mosquitto_connack_string ((int) event->number));
      break;

    case BW_LINK_DOUBTED:
      g_signal_emit (self, signals[SIGNAL_REFUSED], 0, 0, bw_mqtt_tls_describe ((int) event->number));
      break;

    case BW_LINK_ACKNOWLEDGED:
      g_signal_emit (self, signals[SIGNAL_ACKNOWLEDGED], 0, event->number);
      break;

    default:
      g_assert_not_reached ();
    }
}

static void
emit_events (BwMqttLink *self)
{
  BwLinkShared *shared = self->shared;
  g_autoptr(GArray) events = g_steal_pointer (&self->events);

  g_mutex_lock (&shared->lock);
  self->events = g_steal_pointer (&shared->events);
  shared->events = g_steal_pointer (&events);
  g_mutex_unlock (&shared->lock);

  events = g_steal_pointer (&self->events);
  for (guint i = 0; i < events->len && self->shared != NULL; i++)
    emit_event (self, &g_array_index (events, BwLinkEvent, i));

  g_array_set_size (events, 0);
  self->events = g_steal_pointer (&events);
}

static void
hand_over (BwMqttLink *self)
{
  guint n = MIN (self->leaving.entries->len - self->position, MAX_BATCH);
  const char *bytes = (const char *) self->leaving.bytes->data;

  if (n == 0)
    return;

  for (guint i = 0; i < n; i++)
    {
      const BwLinkEntry *entry = &g_array_index (self->leaving.entries, BwLinkEntry, self->position + i);

      self->batch[i].topic = bytes + entry->topic;
      self->batch[i].payload = bytes + entry->payload;
      self->batch[i].length = entry->length;
      self->batch[i].qos = entry->qos;
      self->batch[i].retained = entry->retained;
    }

  if (self->func != NULL)
    self->func (self, self->batch, n, self->user_data);

  self->position += n;
}

static gboolean
drain_cb (gpointer data)
{
  g_autoptr(BwMqttLink) self = g_object_ref (data);
  BwLinkShared *shared = self->shared;
  gboolean exhausted = self->position == self->leaving.entries->len;

  g_source_set_ready_time (self->source, -1);

  /* Either half may be what lets go of us. */
  emit_events (self);
  if (self->shared == NULL)
    return G_SOURCE_REMOVE;

  g_mutex_lock (&shared->lock);
  if (exhausted)
    {
      BwLinkArena swap = self->leaving;

      shared->n_waiting -= swap.entries->len;
      bw_link_arena_reset (&swap);
      self->leaving = shared->arriving;
      shared->arriving = swap;
      self->position = 0;
    }
  g_mutex_unlock (&shared->lock);

  hand_over (self);
  if (self->shared == NULL)
    return G_SOURCE_REMOVE;

  g_mutex_lock (&shared->lock);
  if (self->position < self->leaving.entries->len || shared->arriving.entries->len > 0 ||
      shared->events->len > 0)
    g_source_set_ready_time (self->source, 0);
  g_mutex_unlock (&shared->lock);

  return G_SOURCE_CONTINUE;
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
bw_mqtt_link_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  BwMqttLink *self = BW_MQTT_LINK (object);

  switch (prop_id)
    {
    case PROP_CONNECTED:
      g_value_set_boolean (value, self->connected);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_mqtt_link_dispose (GObject *object)
{
  BwMqttLink *self = (BwMqttLink *) object;

  if (self->shared != NULL)
    {
      g_mutex_lock (&self->shared->lock);
      self->shared->stopping = TRUE;
      self->shared->source = NULL;
      g_cond_signal (&self->shared->changed);
      g_mutex_unlock (&self->shared->lock);

      bw_mqtt_wakeup_signal (self->shared->wakeup_fd);
      g_clear_pointer (&self->shared, bw_link_shared_unref);
    }

  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);

  G_OBJECT_CLASS (bw_mqtt_link_parent_class)->dispose (object);
}

static void
bw_mqtt_link_finalize (GObject *object)
{
  BwMqttLink *self = (BwMqttLink *) object;

  bw_link_arena_clear (&self->leaving);
  g_clear_pointer (&self->events, g_array_unref);
  g_clear_pointer (&self->batch, g_free);

  G_OBJECT_CLASS (bw_mqtt_link_parent_class)->finalize (object);
}

static void
bw_mqtt_link_class_init (BwMqttLinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bw_mqtt_link_get_property;
  object_class->dispose = bw_mqtt_link_dispose;
  object_class->finalize = bw_mqtt_link_finalize;

  props[PROP_CONNECTED] = g_param_spec_boolean ("connected", NULL, NULL, FALSE,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[SIGNAL_REFUSED] = g_signal_new ("refused", BW_TYPE_MQTT_LINK, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING);
  signals[SIGNAL_ACKNOWLEDGED] = g_signal_new ("acknowledged", BW_TYPE_MQTT_LINK, G_SIGNAL_RUN_LAST, 0,
                                               NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
bw_mqtt_link_init (BwMqttLink *self)
{
  g_autoptr(GMainContext) context = g_main_context_ref_thread_default ();

  self->source = g_source_new (&source_funcs, sizeof (GSource));
  g_source_set_static_name (self->source, "[bw] mqtt");
  g_source_set_callback (self->source, drain_cb, self, NULL);
  g_source_attach (self->source, context);

  bw_link_arena_init (&self->leaving);
  self->events = g_array_new (FALSE, FALSE, sizeof (BwLinkEvent));
  self->batch = g_new (BwMqttMessage, MAX_BATCH);
  self->shared = bw_link_shared_new ();
  self->shared->source = self->source;
}

BwMqttLink *
bw_mqtt_link_new (const char       *uri,
                  const char       *client_id,
                  const char       *username,
                  const char       *password,
                  BwMqttBatchFunc   func,
                  gpointer          user_data,
                  GError          **error)
{
  g_autoptr(BwMqttLink) self = NULL;
  g_autofree char *uuid = NULL;

  g_return_val_if_fail (uri != NULL, NULL);

  self = g_object_new (BW_TYPE_MQTT_LINK, NULL);
  if (!bw_mqtt_endpoint_parse (&self->shared->endpoint, uri, error))
    return NULL;

  uuid = g_uuid_string_random ();
  self->shared->client_id = client_id != NULL ? g_strdup (client_id) : g_strconcat ("link-", uuid, NULL);
  self->shared->username = g_strdup (username);
  self->shared->password = g_strdup (password);
  self->func = func;
  self->user_data = user_data;

  return g_steal_pointer (&self);
}

gboolean
bw_mqtt_link_set_trust (BwMqttLink  *self,
                        const char  *ca_file,
                        const char  *pin,
                        GError     **error)
{
  g_return_val_if_fail (BW_IS_MQTT_LINK (self), FALSE);
  g_return_val_if_fail (!self->started, FALSE);

  return bw_mqtt_endpoint_trust (&self->shared->endpoint, ca_file, pin, error);
}

void
bw_mqtt_link_set_credentials (BwMqttLink *self,
                              const char *username,
                              const char *password)
{
  g_return_if_fail (BW_IS_MQTT_LINK (self));

  g_mutex_lock (&self->shared->lock);
  g_free (self->shared->username);
  self->shared->username = g_strdup (username);
  g_free (self->shared->password);
  self->shared->password = g_strdup (password);
  self->shared->hurry = TRUE;
  g_cond_signal (&self->shared->changed);
  g_mutex_unlock (&self->shared->lock);
}

void
bw_mqtt_link_set_will (BwMqttLink *self,
                       const char *topic,
                       const char *payload,
                       guint       qos,
                       gboolean    retain)
{
  g_return_if_fail (BW_IS_MQTT_LINK (self));
  g_return_if_fail (!self->started);
  g_return_if_fail (topic != NULL && payload != NULL && qos <= 2);

  g_free (self->shared->will_topic);
  g_clear_pointer (&self->shared->will_payload, g_bytes_unref);
  self->shared->will_topic = g_strdup (topic);
  self->shared->will_payload = g_bytes_new (payload, strlen (payload));
  self->shared->will_flags = qos | (retain ? 4 : 0);
}

void
bw_mqtt_link_start (BwMqttLink *self)
{
  g_return_if_fail (BW_IS_MQTT_LINK (self));
  g_return_if_fail (!self->started);

  self->started = TRUE;
  bw_link_shared_start (self->shared);
}

void
bw_mqtt_link_subscribe (BwMqttLink *self,
                        const char *filter,
                        guint       qos)
{
  BwLinkShared *shared;
  gboolean connected;

  g_return_if_fail (BW_IS_MQTT_LINK (self));
  g_return_if_fail (filter != NULL && qos <= 2);

  shared = self->shared;

  g_mutex_lock (&shared->lock);
  g_hash_table_replace (shared->filters, g_strdup (filter), GINT_TO_POINTER ((int) qos + 1));
  connected = shared->connected;
  g_mutex_unlock (&shared->lock);

  if (!connected)
    return;

  g_mutex_lock (&shared->client_lock);
  if (shared->client != NULL)
    mosquitto_subscribe (shared->client, NULL, filter, (int) qos);
  g_mutex_unlock (&shared->client_lock);
  bw_mqtt_wakeup_signal (shared->wakeup_fd);
}

void
bw_mqtt_link_unsubscribe (BwMqttLink *self,
                          const char *filter)
{
  BwLinkShared *shared;
  gboolean known;

  g_return_if_fail (BW_IS_MQTT_LINK (self));
  g_return_if_fail (filter != NULL);

  shared = self->shared;

  g_mutex_lock (&shared->lock);
  known = g_hash_table_remove (shared->filters, filter);
  g_mutex_unlock (&shared->lock);

  if (!known)
    return;

  g_mutex_lock (&shared->client_lock);
  if (shared->client != NULL)
    mosquitto_unsubscribe (shared->client, NULL, filter);
  g_mutex_unlock (&shared->client_lock);
  bw_mqtt_wakeup_signal (shared->wakeup_fd);
}

gboolean
bw_mqtt_link_publish (BwMqttLink  *self,
                      const char  *topic,
                      const char  *payload,
                      gsize        length,
                      guint        qos,
                      gboolean     retain,
                      guint       *ret_id,
                      GError     **error)
{
  BwLinkShared *shared;
  gboolean connected;
  int code = MOSQ_ERR_NO_CONN;
  int id = 0;

  g_return_val_if_fail (BW_IS_MQTT_LINK (self), FALSE);
  g_return_val_if_fail (topic != NULL && qos <= 2 && length <= G_MAXINT, FALSE);

  shared = self->shared;

  g_mutex_lock (&shared->lock);
  connected = shared->connected;
  g_mutex_unlock (&shared->lock);

  g_mutex_lock (&shared->client_lock);
  if (connected && shared->client != NULL)
    code = mosquitto_publish (shared->client, &id, topic, (int) length, payload, (int) qos, retain);
  g_mutex_unlock (&shared->client_lock);

  if (code == MOSQ_ERR_NO_CONN)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "there is no connection to the broker");
      return FALSE;
    }

  if (code != MOSQ_ERR_SUCCESS)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                   "cannot publish on “%s”: %s", topic, mosquitto_strerror (code));
      return FALSE;
    }

  bw_mqtt_wakeup_signal (shared->wakeup_fd);
  if (ret_id != NULL)
    *ret_id = (guint) id;

  return TRUE;
}

gboolean
bw_mqtt_link_get_connected (BwMqttLink *self)
{
  g_return_val_if_fail (BW_IS_MQTT_LINK (self), FALSE);

  return self->connected;
}

guint64
bw_mqtt_link_get_n_dropped (BwMqttLink *self)
{
  guint64 n_dropped;

  g_return_val_if_fail (BW_IS_MQTT_LINK (self), 0);

  g_mutex_lock (&self->shared->lock);
  n_dropped = self->shared->n_dropped;
  g_mutex_unlock (&self->shared->lock);

  return n_dropped;
}
