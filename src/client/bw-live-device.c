/* bw-live-device.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-live-device.h"

#include <string.h>

#include "bw-dialect.h"
#include "bw-error.h"
#include "bw-session-private.h"
#include "bw-value.h"

#define NO_TOPIC "no topic of Homie: names have letters, digits, “-” and “_”, and below a property are only set and $…"

#define RELOAD_DELAY_MS 300   /* facts come in flocks; one look at the backend is enough for them */

/**
 * BwLiveDevice:
 *
 * One device as it is now. The document of the backend comes first, so that
 * there is something to see at once; then every message of the device is read
 * at the broker itself, through the same dialects that the backend uses.
 * Pointers into the tree hold until `structure-changed`.
 */

struct _BwLiveDevice
{
  GObject       parent_instance;

  BwSession    *session;
  char         *device_id;
  GCancellable *cancellable;
  BwDevice     *device;            /* (nullable) until loaded */
  BwMqttLink   *link;
  BwRawLog     *raw;
  GHashTable   *children;          /* (element-type utf8): of a gateway, those that are followed too */
  guint         reload_source;
  gboolean      is_loading;
  gboolean      connected;
  gboolean      was_refused;       /* said once, not at each try of the link */
};

enum {
  PROP_0,
  PROP_DEVICE,
  PROP_CONNECTED,
  N_PROPS
};

enum {
  STRUCTURE_CHANGED,
  VALUE_CHANGED,
  FACTS_CHANGED,
  MESSAGE,
  FAILED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BwLiveDevice, bw_live_device, G_TYPE_OBJECT)

/* What a batch of messages did; said once, when the batch is through: the flood
 * of retained messages after a subscription is hundreds of them. */
typedef struct
{
  GHashTable *moved;        /* (element-type BwTreeProperty): unowned, gone with the next structure change */
  gboolean    structure;
  gboolean    facts;
} Effects;

static void schedule_reload (BwLiveDevice *self);

static void
take_device_document (BwLiveDevice *self,
                      JsonObject   *document)
{
  g_autoptr(JsonObject) facts = json_object_new ();
  g_autoptr(GList) names = json_object_get_members (document);
  g_autoptr(GError) error = NULL;

  /* The tree is ours: it is newer than any document. */
  for (GList *link = names; link != NULL; link = link->next)
    {
      if (strcmp (link->data, "nodes") != 0)
        json_object_set_member (facts, link->data, json_object_dup_member (document, link->data));
    }

  if (!bw_entity_load (BW_ENTITY (self->device), facts, &error))
    g_debug ("%s: %s, ignoring", self->device_id, error->message);
}

static void
facts_received_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(BwLiveDevice) self = user_data;
  g_autoptr(JsonObject) document = NULL;
  g_autoptr(GError) error = NULL;

  document = bw_session_call_finish (BW_SESSION (source), result, &error);
  if (document == NULL)
    g_debug ("%s: %s", self->device_id, error->message);
  else if (self->device != NULL)
    take_device_document (self, document);
}

static gboolean
reload_cb (gpointer user_data)
{
  BwLiveDevice *self = user_data;
  g_autofree char *escaped = g_uri_escape_string (self->device_id, NULL, FALSE);
  g_autofree char *path = g_strconcat ("/v1/devices/", escaped, NULL);

  self->reload_source = 0;
  bw_session_call_async (self->session, "GET", path, NULL, self->cancellable,
                         facts_received_cb, g_object_ref (self));

  return G_SOURCE_REMOVE;
}

/* With a feed the backend tells of it; without one it has to be asked. */
static void
schedule_reload (BwLiveDevice *self)
{
  if (self->reload_source == 0 && !bw_session_get_feed_connected (self->session))
    self->reload_source = g_timeout_add (RELOAD_DELAY_MS, reload_cb, self);
}

static gboolean
repeats_what_is_known (BwLiveDevice        *self,
                       const BwTopic       *topic,
                       const BwMqttMessage *message)
{
  g_autofree char *node = NULL;
  g_autofree char *name = NULL;
  const BwTreeProperty *property;

  if (!message->retained || topic->kind != BW_TOPIC_VALUE)
    return FALSE;

  node = g_strndup (topic->node.text, topic->node.length);
  name = g_strndup (topic->property.text, topic->property.length);
  property = bw_device_tree_get_property (bw_device_get_tree (self->device), node, name);

  return property != NULL && property->updated_at_us > 0 && g_strcmp0 (property->value, message->payload) == 0;
}

/* (transfer full) (nullable): why nothing, or not all, was made of a message */
static char *
explain (const BwEffect *effect)
{
  if ((effect->changes & BW_CHANGE_IGNORED) != 0)
    return g_strdup (effect->text);

  if ((effect->changes & BW_CHANGE_VALUE) != 0 && effect->property != NULL && effect->property->bad_value)
    return g_strdup_printf ("it is shown, but it is no value of the datatype %s with this format",
                            bw_datatype_to_nick (effect->property->datatype));

  return NULL;
}

/* Returns: (transfer full) (nullable): why the message was not used */
static char *
apply_message (BwLiveDevice        *self,
               const BwTopic       *topic,
               const BwMqttMessage *message,
               gint64               now_us,
               Effects             *effects)
{
  const BwDialect *dialect = bw_dialect_for_root (topic->root);
  g_auto(BwEffect) effect = { 0 };

  if (topic->root == BW_TOPIC_PRESENCE)
    effects->facts = TRUE;

  /* It was said once and is kept by the broker: that it comes now is no news, and no newer. */
  if (dialect == NULL || repeats_what_is_known (self, topic, message))
    return NULL;

  dialect->on_message (bw_device_get_tree (self->device), topic, message->payload, message->length,
                       message->retained, now_us, &effect);

  if ((effect.changes & (BW_CHANGE_STRUCTURE | BW_CHANGE_REMOVED)) != 0)
    {
      effects->structure = TRUE;
      g_hash_table_remove_all (effects->moved);
    }

  if ((effect.changes & (BW_CHANGE_VALUE | BW_CHANGE_TARGET)) != 0 && effect.property != NULL)
    g_hash_table_add (effects->moved, effect.property);

  if ((effect.changes & (BW_CHANGE_FACTS | BW_CHANGE_STATE | BW_CHANGE_REMOVED)) != 0)
    effects->facts = TRUE;

  if ((effect.changes & BW_CHANGE_LOG) != 0 && effect.text != NULL)
    g_signal_emit (self, signals[MESSAGE], 0, (guint) effect.level, effect.is_alert, effect.text);

  return explain (&effect);
}

static void
take_message (BwLiveDevice        *self,
              const BwMqttMessage *message,
              Effects             *effects)
{
  gint64 now_us = g_get_real_time ();
  BwRawDirection direction = BW_RAW_FROM_DEVICE;
  g_autofree char *reason = NULL;
  BwTopic topic;

  if (!bw_topic_parse (message->topic, strlen (message->topic), &topic))
    {
      bw_raw_log_add (self->raw, message, direction, NO_TOPIC, now_us);
      return;
    }

  if (topic.root == BW_TOPIC_PRESENCE)
    direction = BW_RAW_ABOUT_DEVICE;
  else if (topic.kind == BW_TOPIC_SET)
    direction = BW_RAW_TO_DEVICE;

  if (bw_topic_device_belongs_to (topic.device, self->device_id))
    reason = apply_message (self, &topic, message, now_us, effects);
  else
    reason = g_strdup ("the topic is another device's");

  bw_raw_log_add (self->raw, message, direction, reason, now_us);
}

static void
announce (BwLiveDevice *self,
          Effects      *effects)
{
  g_autoptr(GPtrArray) moved = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;

  if (effects->facts)
    {
      schedule_reload (self);
      g_signal_emit (self, signals[FACTS_CHANGED], 0);
    }

  /* Whoever builds anew reads every value anyway. */
  if (effects->structure)
    {
      g_signal_emit (self, signals[STRUCTURE_CHANGED], 0);
      return;
    }

  g_hash_table_iter_init (&iter, effects->moved);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (moved, key);

  for (guint i = 0; i < moved->len; i++)
    {
      const BwTreeProperty *property = g_ptr_array_index (moved, i);

      g_signal_emit (self, signals[VALUE_CHANGED], 0, property->node->id, property->id);
    }
}

static void
subscribe_dialect (BwLiveDevice    *self,
                   const BwDialect *dialect,
                   const char      *device_id)
{
  g_auto(GStrv) filters = dialect->filters (device_id);

  for (char **filter = filters; *filter != NULL; filter++)
    bw_mqtt_link_subscribe (self->link, *filter, 1);
}

/* A gateway's description names its children (Homie 5 alone has them); their
 * values are below their own topics, their nodes in the gateway's tree. */
static void
subscribe_children (BwLiveDevice *self)
{
  const BwDeviceTree *tree = bw_device_get_tree (self->device);

  for (guint i = 0; tree->children != NULL && i < tree->children->len; i++)
    {
      const char *child = g_ptr_array_index (tree->children, i);

      if (g_hash_table_add (self->children, g_strdup (child)))
        subscribe_dialect (self, bw_dialect_for_root (BW_TOPIC_HOMIE_5), child);
    }
}

static void
messages_cb (BwMqttLink          *link,
             const BwMqttMessage *messages,
             guint                n_messages,
             gpointer             user_data)
{
  BwLiveDevice *self = user_data;
  Effects effects = { g_hash_table_new (NULL, NULL), FALSE, FALSE };

  g_object_ref (self);

  for (guint i = 0; i < n_messages && self->link != NULL; i++)
    take_message (self, &messages[i], &effects);

  if (self->link != NULL)
    {
      subscribe_children (self);
      announce (self, &effects);
    }

  g_hash_table_unref (effects.moved);
  g_object_unref (self);
}

static void
fail (BwLiveDevice *self,
      const GError *error)
{
  g_signal_emit (self, signals[FAILED], 0, error);
}

static void
connected_changed_cb (BwLiveDevice *self,
                      GParamSpec   *pspec,
                      BwMqttLink   *link)
{
  gboolean connected = bw_mqtt_link_get_connected (link);

  if (self->connected == connected)
    return;

  self->connected = connected;
  if (connected)
    {
      self->was_refused = FALSE;
      schedule_reload (self);
    }

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTED]);
}

static void
refused_cb (BwLiveDevice *self,
            guint         connack_code,
            const char   *text,
            BwMqttLink   *link)
{
  g_autoptr(GError) error = g_error_new (BW_ERROR, BW_ERROR_FORBIDDEN,
                                         "the broker does not let us follow the device: %s", text);

  bw_session_check_token (self->session);
  if (!self->was_refused)
    fail (self, error);

  self->was_refused = TRUE;
}

static void
subscribe (BwLiveDevice *self)
{
  static const BwTopicRoot roots[] = { BW_TOPIC_HOMIE_5, BW_TOPIC_HOMIE_3_4 };
  g_autofree char *presence = g_strconcat (BW_TOPIC_PRESENCE_PREFIX, self->device_id, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (roots); i++)
    subscribe_dialect (self, bw_dialect_for_root (roots[i]), self->device_id);

  bw_mqtt_link_subscribe (self->link, presence, 1);
}

static void
follow (BwLiveDevice *self)
{
  g_autoptr(GError) error = NULL;

  self->link = bw_session_make_link (self->session, messages_cb, self, &error);
  if (self->link == NULL)
    {
      fail (self, error);
      return;
    }

  g_signal_connect_object (self->link, "notify::connected",
                           G_CALLBACK (connected_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->link, "refused",
                           G_CALLBACK (refused_cb), self, G_CONNECT_SWAPPED);
  subscribe (self);
  bw_mqtt_link_start (self->link);
}

static void
device_loaded_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(BwLiveDevice) self = user_data;
  g_autoptr(BwDevice) device = NULL;
  g_autoptr(GError) error = NULL;

  self->is_loading = FALSE;
  device = bw_session_load_device_finish (BW_SESSION (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (device != NULL && bw_device_get_tree (device) == NULL)
    {
      g_set_error_literal (&error, BW_ERROR, BW_ERROR_INVALID,
                           "the backend's answer does not hold the device's nodes");
      g_clear_object (&device);
    }

  if (device == NULL)
    {
      fail (self, error);
      return;
    }

  self->device = g_steal_pointer (&device);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DEVICE]);
  g_signal_emit (self, signals[STRUCTURE_CHANGED], 0);
  follow (self);
}

static void
load (BwLiveDevice *self)
{
  if (self->device != NULL || self->is_loading)
    return;

  self->is_loading = TRUE;
  bw_session_load_device_async (self->session, self->device_id, self->cancellable,
                                device_loaded_cb, g_object_ref (self));
}

/* A backend that was away when it was asked. */
static void
online_cb (BwLiveDevice *self,
           GParamSpec   *pspec,
           BwSession    *session)
{
  if (bw_session_get_online (session))
    load (self);
}

static void
feed_changed_cb (BwLiveDevice *self,
                 const char   *kind,
                 JsonObject   *document,
                 BwSession    *session)
{
  if (self->device != NULL &&
      g_strcmp0 (json_object_get_string_member_with_default (document, "id", NULL), self->device_id) == 0)
    take_device_document (self, document);
}

static void
bw_live_device_dispose (GObject *object)
{
  BwLiveDevice *self = (BwLiveDevice *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->reload_source, g_source_remove);
  if (self->link != NULL)
    g_signal_handlers_disconnect_by_data (self->link, self);

  g_clear_object (&self->link);
  g_clear_object (&self->device);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_live_device_parent_class)->dispose (object);
}

static void
bw_live_device_finalize (GObject *object)
{
  BwLiveDevice *self = (BwLiveDevice *) object;

  g_clear_object (&self->cancellable);
  g_clear_object (&self->raw);
  g_clear_pointer (&self->children, g_hash_table_unref);
  g_clear_pointer (&self->device_id, g_free);

  G_OBJECT_CLASS (bw_live_device_parent_class)->finalize (object);
}

static void
bw_live_device_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  BwLiveDevice *self = BW_LIVE_DEVICE (object);

  switch (prop_id)
    {
    case PROP_DEVICE:
      g_value_set_object (value, self->device);
      break;

    case PROP_CONNECTED:
      g_value_set_boolean (value, self->connected);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_live_device_class_init (BwLiveDeviceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = bw_live_device_dispose;
  object_class->finalize = bw_live_device_finalize;
  object_class->get_property = bw_live_device_get_property;

  properties[PROP_DEVICE] =
    g_param_spec_object ("device", NULL, NULL, BW_TYPE_DEVICE,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CONNECTED] =
    g_param_spec_boolean ("connected", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[STRUCTURE_CHANGED] =
    g_signal_new ("structure-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[VALUE_CHANGED] =
    g_signal_new ("value-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[FACTS_CHANGED] =
    g_signal_new ("facts-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MESSAGE] =
    g_signal_new ("message", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, G_TYPE_UINT, G_TYPE_BOOLEAN, G_TYPE_STRING);
  signals[FAILED] =
    g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
bw_live_device_init (BwLiveDevice *self)
{
  self->raw = bw_raw_log_new ();
  self->children = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->cancellable = g_cancellable_new ();
}

BwLiveDevice *
bw_live_device_new (BwSession  *session,
                    const char *device_id)
{
  BwLiveDevice *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (device_id != NULL, NULL);

  self = g_object_new (BW_TYPE_LIVE_DEVICE, NULL);
  self->session = g_object_ref (session);
  self->device_id = g_strdup (device_id);

  g_signal_connect_object (session, "changed::device",
                           G_CALLBACK (feed_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::online",
                           G_CALLBACK (online_cb), self, G_CONNECT_SWAPPED);
  load (self);

  return self;
}

const char *
bw_live_device_get_id (BwLiveDevice *self)
{
  g_return_val_if_fail (BW_IS_LIVE_DEVICE (self), NULL);

  return self->device_id;
}

BwDevice *
bw_live_device_get_device (BwLiveDevice *self)
{
  g_return_val_if_fail (BW_IS_LIVE_DEVICE (self), NULL);

  return self->device;
}

BwDeviceTree *
bw_live_device_get_tree (BwLiveDevice *self)
{
  g_return_val_if_fail (BW_IS_LIVE_DEVICE (self), NULL);

  return self->device != NULL ? bw_device_get_tree (self->device) : NULL;
}

BwRawLog *
bw_live_device_get_raw_log (BwLiveDevice *self)
{
  g_return_val_if_fail (BW_IS_LIVE_DEVICE (self), NULL);

  return self->raw;
}

guint64
bw_live_device_get_n_dropped (BwLiveDevice *self)
{
  g_return_val_if_fail (BW_IS_LIVE_DEVICE (self), 0);

  return self->link != NULL ? bw_mqtt_link_get_n_dropped (self->link) : 0;
}
