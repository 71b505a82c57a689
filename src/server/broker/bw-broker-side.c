/* bw-broker-side.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-broker"

#include "bw-broker-side.h"

#include <sodium.h>
#include <string.h>

#include "bw-device-news.h"
#include "bw-device-notices.h"
#include "bw-dialect.h"
#include "bw-error.h"
#include "bw-ingest.h"
#include "bw-json.h"
#include "bw-mqtt-link.h"
#include "bw-topic.h"

/* Both the user names and the client ids. The ingest's session lives in the
 * broker under its id, so it is the same after each start. */
#define INGEST_ID  "bellwetherd-ingest"
#define COMMAND_ID "bellwetherd-command"

#define SECRET_BYTES       32
#define SECRET_SIZE        (2 * SECRET_BYTES + 1)
#define SECRETS_RETRY_S    5

#define SILENCE_SECONDS 5

#define RATE_SECONDS 5
#define RATE_SHARE   10   /* a tenth more or less is worth telling */

/**
 * BwBrokerSide:
 *
 * Two connections: the ingest's, whose acknowledgements wait for the store, and
 * a quick one for what the backend has to say, so that neither waits for the
 * other's queue.
 */

struct _BwBrokerSide
{
  GObject           parent_instance;

  BwStore          *store;
  BwFeed           *feed;
  BwCommandService *commands;
  BwIngest         *ingest;
  BwMqttLink       *link;
  BwDeviceNews     *news;
  BwDeviceNotices  *notices;
  GCancellable     *cancellable;
  char             *uri;
  char              secrets[2][SECRET_SIZE];

  gulong            feed_handler;
  guint             retry_source;
  guint             rate_source;
  guint64           n_messages[RATE_SECONDS + 1];   /* as counted second by second */
  guint             n_seconds;
  gint64            told_rate;
  guint             n_quiet_seconds;
  guint             n_silent_seconds;
  gboolean          ingest_connected;
  gboolean          connected;
  gboolean          refusal_said;
  gboolean          silence_said;
  gboolean          stopped;
};

enum
{
  PROP_CONNECTED = 1,
  N_PROPS
};

enum
{
  SIGNAL_RATE_CHANGED,
  SIGNAL_DEVICES_CHANGED,
  SIGNAL_KEY_USED,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BwBrokerSide, bw_broker_side, G_TYPE_OBJECT)

static void
say_refusal (BwBrokerSide *self,
             const char   *text)
{
  /* again and again it would be said at each attempt */
  if (!self->refusal_said)
    g_warning ("The broker at %s refuses this backend: %s", self->uri, text);
  self->refusal_said = TRUE;
}

static void
say_doubt (BwBrokerSide *self,
           const char   *text)
{
  if (!self->refusal_said)
    g_warning ("The broker at %s is not trusted: %s", self->uri, text);
  self->refusal_said = TRUE;
}

/* How a command leaves. */

static gboolean
publish_command (BwDeviceTree          *tree,
                 const BwTreeProperty  *property,
                 const char            *value,
                 guint                 *ret_id,
                 gpointer               user_data,
                 GError               **error)
{
  BwBrokerSide *self = user_data;
  const BwDialect *dialect = bw_dialect_for_tree (tree);
  g_autofree char *topic = NULL;
  g_autoptr(GBytes) payload = NULL;
  const char *bytes;
  gsize length = 0;

  if (dialect == NULL)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT,
                           "the device has not said yet which convention it speaks");
      return FALSE;
    }

  if (!dialect->encode_set (tree, property, value, &topic, &payload, error))
    return FALSE;

  bytes = g_bytes_get_data (payload, &length);

  return bw_mqtt_link_publish (self->link, topic, bytes, length, 1, FALSE, ret_id, error);
}

static void
watch_property (const char *device_id,
                const char *node,
                const char *property,
                gboolean    on,
                gpointer    user_data)
{
  BwBrokerSide *self = user_data;

  bw_ingest_watch (self->ingest, device_id, node, property, on);
}

static void
update_connected (BwBrokerSide *self)
{
  static const BwCommandTransport transport = { publish_command, watch_property };
  gboolean connected = !self->stopped && self->ingest_connected && bw_mqtt_link_get_connected (self->link);

  if (self->connected == connected)
    return;

  self->connected = connected;
  if (connected)
    self->refusal_said = FALSE;

  bw_command_service_set_transport (self->commands, connected ? &transport : NULL, self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CONNECTED]);
}

static void
link_connected_cb (BwBrokerSide *self)
{
  update_connected (self);
}

static void
link_refused_cb (BwBrokerSide *self,
                 guint         code,
                 const char   *text)
{
  if (code == 0)
    say_doubt (self, text);
  else
    say_refusal (self, text);
}

static void
link_acknowledged_cb (BwBrokerSide *self,
                      guint         id)
{
  bw_command_service_acknowledged (self->commands, id);
}

static void
ingest_connection_cb (BwBrokerSide *self,
                      gboolean      connected,
                      const char   *refusal)
{
  self->ingest_connected = connected;
  if (refusal != NULL)
    say_refusal (self, refusal);

  update_connected (self);
}

static void
ingest_devices_cb (BwBrokerSide *self,
                   GPtrArray    *ids)
{
  bw_device_news_add (self->news, ids);
  g_signal_emit (self, signals[SIGNAL_DEVICES_CHANGED], 0, ids);
}

static void
ingest_key_cb (BwBrokerSide *self,
               const char   *device_id,
               guint         number)
{
  g_signal_emit (self, signals[SIGNAL_KEY_USED], 0, device_id, number);
}

static void
ingest_echo_cb (BwBrokerSide *self,
                const char   *device_id,
                const char   *node,
                const char   *property,
                const char   *value)
{
  bw_command_service_echo (self->commands, device_id, node, property, value);
}

static void
ingest_said_cb (BwBrokerSide *self,
                const char   *device_id,
                guint         level,
                const char   *text)
{
  if (level >= BW_LEVEL_ERROR)
    bw_command_service_complained (self->commands, device_id, text);
}

/* What nobody is connected to hear is not kept: a desktop loads anew when it comes back. */
static void
feed_changed_cb (BwBrokerSide *self,
                 const char   *kind,
                 gint64        company_id,
                 const char   *document)
{
  g_autoptr(GString) payload = NULL;
  g_autofree char *topic = NULL;
  g_autoptr(GError) error = NULL;

  if (!bw_mqtt_link_get_connected (self->link))
    return;

  topic = g_strdup_printf (BW_TOPIC_CHANGES_PREFIX "%" G_GINT64_FORMAT, company_id);
  payload = g_string_sized_new (strlen (document) + 64);
  bw_json_begin_object (payload, NULL);
  bw_json_add_string (payload, "kind", kind);
  bw_json_add_raw (payload, "document", document);
  bw_json_end_object (payload);

  if (!bw_mqtt_link_publish (self->link, topic, payload->str, payload->len, 0, FALSE, NULL, &error))
    g_debug ("A change of kind %s: %s, ignoring", kind, error->message);
}

static void
tell_rate (BwBrokerSide *self)
{
  gint64 rate = bw_broker_side_get_messages_per_second (self);
  gint64 difference = ABS (rate - self->told_rate);

  self->n_quiet_seconds++;
  if (difference == 0 || difference * RATE_SHARE < self->told_rate || self->n_quiet_seconds < RATE_SECONDS)
    return;

  self->n_quiet_seconds = 0;
  self->told_rate = rate;
  g_signal_emit (self, signals[SIGNAL_RATE_CHANGED], 0);
}

/* Whoever uses this tells of connections that come and go; of one that never came nobody would. */
static void
say_silence (BwBrokerSide *self)
{
  if (self->connected || self->refusal_said)
    self->silence_said = TRUE;

  if (!self->silence_said && ++self->n_silent_seconds >= SILENCE_SECONDS)
    {
      self->silence_said = TRUE;
      g_message ("The broker at %s does not answer, trying on", self->uri);
    }
}

static gboolean
rate_cb (gpointer user_data)
{
  BwBrokerSide *self = user_data;
  BwIngestCounts counts;

  say_silence (self);

  bw_ingest_get_counts (self->ingest, &counts);
  memmove (&self->n_messages[1], &self->n_messages[0], RATE_SECONDS * sizeof self->n_messages[0]);
  self->n_messages[0] = counts.n_messages;
  self->n_seconds = MIN (self->n_seconds + 1, RATE_SECONDS + 1);

  tell_rate (self);

  return G_SOURCE_CONTINUE;
}

/* The passwords of this run. */

static gpointer
put_secrets (gpointer   owned_by_thread,
             gpointer   task_data,
             GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  char (*secrets)[SECRET_SIZE] = task_data;

  if (!bw_broker_db_put_service (thread->broker, INGEST_ID, INGEST_ID, secrets[0], error) ||
      !bw_broker_db_put_service (thread->broker, COMMAND_ID, COMMAND_ID, secrets[1], error))
    return NULL;

  return BW_STORE_DONE;
}

static void push_secrets (BwBrokerSide *self);

static gboolean
retry_cb (gpointer user_data)
{
  BwBrokerSide *self = user_data;

  self->retry_source = 0;
  push_secrets (self);

  return G_SOURCE_REMOVE;
}

static void
secrets_put_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  BwBrokerSide *self = BW_BROKER_SIDE (source);
  g_autoptr(GError) error = NULL;

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;

      g_warning ("The broker can not be told who this backend is: %s, trying again", error->message);
      self->retry_source = g_timeout_add_seconds (SECRETS_RETRY_S, retry_cb, self);
      return;
    }

  if (self->stopped)
    return;

  bw_ingest_start (self->ingest);
  bw_mqtt_link_start (self->link);
}

static void
push_secrets (BwBrokerSide *self)
{
  GTask *task = g_task_new (self, self->cancellable, secrets_put_cb, NULL);

  g_task_set_source_tag (task, push_secrets);
  g_task_set_task_data (task, self->secrets, NULL);
  bw_store_push_write (self->store, task, put_secrets, NULL);
}

static void
draw_secret (char secret[SECRET_SIZE])
{
  guint8 bytes[SECRET_BYTES];

  randombytes_buf (bytes, sizeof bytes);
  sodium_bin2hex (secret, SECRET_SIZE, bytes, sizeof bytes);
  sodium_memzero (bytes, sizeof bytes);
}

static void
bw_broker_side_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  BwBrokerSide *self = BW_BROKER_SIDE (object);

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
bw_broker_side_dispose (GObject *object)
{
  BwBrokerSide *self = (BwBrokerSide *) object;

  if (self->commands != NULL)
    bw_broker_side_stop (self);

  g_clear_object (&self->link);
  g_clear_object (&self->ingest);
  g_clear_object (&self->news);
  g_clear_object (&self->notices);
  g_clear_object (&self->commands);
  g_clear_object (&self->feed);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (bw_broker_side_parent_class)->dispose (object);
}

static void
bw_broker_side_finalize (GObject *object)
{
  BwBrokerSide *self = (BwBrokerSide *) object;

  sodium_memzero (self->secrets, sizeof self->secrets);
  g_clear_object (&self->cancellable);
  g_free (self->uri);

  G_OBJECT_CLASS (bw_broker_side_parent_class)->finalize (object);
}

static void
bw_broker_side_class_init (BwBrokerSideClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bw_broker_side_get_property;
  object_class->dispose = bw_broker_side_dispose;
  object_class->finalize = bw_broker_side_finalize;

  props[PROP_CONNECTED] = g_param_spec_boolean ("connected", NULL, NULL, FALSE,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[SIGNAL_RATE_CHANGED] = g_signal_new ("rate-changed", BW_TYPE_BROKER_SIDE, G_SIGNAL_RUN_LAST, 0,
                                               NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_DEVICES_CHANGED] = g_signal_new ("devices-changed", BW_TYPE_BROKER_SIDE, G_SIGNAL_RUN_LAST, 0,
                                                  NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);
  signals[SIGNAL_KEY_USED] = g_signal_new ("key-used", BW_TYPE_BROKER_SIDE, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_UINT);
}

static void
bw_broker_side_init (BwBrokerSide *self)
{
  self->cancellable = g_cancellable_new ();
  draw_secret (self->secrets[0]);
  draw_secret (self->secrets[1]);
}

BwBrokerSide *
bw_broker_side_start (const char        *uri,
                      const char        *ca_file,
                      BwStore           *store,
                      BwHistory         *history,
                      BwHistoryDb       *history_db,
                      BwFeed            *feed,
                      BwCommandService  *commands,
                      GError           **error)
{
  g_autoptr(BwBrokerSide) self = NULL;

  g_return_val_if_fail (uri != NULL, NULL);
  g_return_val_if_fail (BW_IS_STORE (store) && BW_IS_FEED (feed), NULL);
  g_return_val_if_fail (history == NULL || BW_IS_HISTORY (history), NULL);
  g_return_val_if_fail (BW_IS_COMMAND_SERVICE (commands), NULL);

  self = g_object_new (BW_TYPE_BROKER_SIDE, NULL);
  self->uri = g_strdup (uri);
  self->ingest = bw_ingest_new (store, uri, ca_file, INGEST_ID, INGEST_ID, self->secrets[0], error);
  if (self->ingest == NULL)
    return NULL;

  bw_ingest_set_history (self->ingest, history);
  bw_ingest_set_events (self->ingest, history_db);

  self->link = bw_mqtt_link_new (uri, COMMAND_ID, COMMAND_ID, self->secrets[1], NULL, NULL, error);
  if (self->link == NULL || !bw_mqtt_link_set_trust (self->link, ca_file, NULL, error))
    return NULL;

  self->store = g_object_ref (store);
  self->feed = g_object_ref (feed);
  self->commands = g_object_ref (commands);
  self->news = bw_device_news_new (store, feed);
  self->notices = bw_device_notices_new (store, feed);
  bw_ingest_set_notices (self->ingest, self->notices);

  g_signal_connect_swapped (self->link, "notify::connected", G_CALLBACK (link_connected_cb), self);
  g_signal_connect_swapped (self->link, "refused", G_CALLBACK (link_refused_cb), self);
  g_signal_connect_swapped (self->link, "acknowledged", G_CALLBACK (link_acknowledged_cb), self);
  g_signal_connect_swapped (self->ingest, "connection", G_CALLBACK (ingest_connection_cb), self);
  g_signal_connect_swapped (self->ingest, "devices", G_CALLBACK (ingest_devices_cb), self);
  g_signal_connect_swapped (self->ingest, "echo", G_CALLBACK (ingest_echo_cb), self);
  g_signal_connect_swapped (self->ingest, "said", G_CALLBACK (ingest_said_cb), self);
  g_signal_connect_swapped (self->ingest, "key", G_CALLBACK (ingest_key_cb), self);
  self->feed_handler = g_signal_connect_swapped (feed, "changed", G_CALLBACK (feed_changed_cb), self);
  self->rate_source = g_timeout_add_seconds (1, rate_cb, self);

  push_secrets (self);

  return g_steal_pointer (&self);
}

static void
say_counts (BwBrokerSide *self)
{
  BwIngestCounts counts;

  bw_ingest_get_counts (self->ingest, &counts);
  g_message ("Took %" G_GUINT64_FORMAT " messages; %" G_GUINT64_FORMAT " on topics of no known convention, "
             "%" G_GUINT64_FORMAT " of unknown devices, %" G_GUINT64_FORMAT " that made no sense",
             counts.n_messages, counts.n_unsupported, counts.n_unknown, counts.n_ignored);
}

void
bw_broker_side_stop (BwBrokerSide *self)
{
  g_return_if_fail (BW_IS_BROKER_SIDE (self));

  if (self->stopped)
    return;

  self->stopped = TRUE;
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->retry_source, g_source_remove);
  g_clear_handle_id (&self->rate_source, g_source_remove);
  g_clear_signal_handler (&self->feed_handler, self->feed);
  g_signal_handlers_disconnect_by_data (self->link, self);
  g_signal_handlers_disconnect_by_data (self->ingest, self);

  update_connected (self);
  bw_command_service_set_transport (self->commands, NULL, NULL);
  bw_device_news_stop (self->news);
  bw_device_notices_stop (self->notices);
  bw_ingest_stop (self->ingest);
  say_counts (self);
  g_object_run_dispose (G_OBJECT (self->link));
}

gboolean
bw_broker_side_get_connected (BwBrokerSide *self)
{
  g_return_val_if_fail (BW_IS_BROKER_SIDE (self), FALSE);

  return self->connected;
}

gint64
bw_broker_side_get_messages_per_second (BwBrokerSide *self)
{
  guint n;

  g_return_val_if_fail (BW_IS_BROKER_SIDE (self), 0);

  n = self->n_seconds > 0 ? self->n_seconds - 1 : 0;

  return n > 0 ? (gint64) ((self->n_messages[0] - self->n_messages[n]) / n) : 0;
}
