/* bw-mqtt-private.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-mqtt"

#include "bw-mqtt-private.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bw-error.h"

#define PORT_PLAIN 1883
#define PORT_TLS   8883

static void
init_library (void)
{
  static gsize done = 0;

  if (g_once_init_enter (&done))
    {
      mosquitto_lib_init ();
      g_once_init_leave (&done, 1);
    }
}

gboolean
bw_mqtt_endpoint_parse (BwMqttEndpoint  *self,
                        const char      *uri,
                        GError         **error)
{
  g_autoptr(GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_NONE, NULL);
  const char *scheme = parsed != NULL ? g_uri_get_scheme (parsed) : NULL;
  const char *host = parsed != NULL ? g_uri_get_host (parsed) : NULL;
  gboolean tls = g_strcmp0 (scheme, "mqtts") == 0;
  int port;

  if (host == NULL || *host == '\0' || (!tls && g_strcmp0 (scheme, "mqtt") != 0))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                   "a broker's address has the form mqtt://host:port or mqtts://host:port, not “%s”", uri);
      return FALSE;
    }

  port = g_uri_get_port (parsed);
  self->host = g_strdup (host);
  self->port = port > 0 ? (guint16) port : tls ? PORT_TLS : PORT_PLAIN;
  if (tls)
    self->tls = bw_mqtt_tls_new (host, NULL, NULL, error);

  return !tls || self->tls != NULL;
}

gboolean
bw_mqtt_endpoint_trust (BwMqttEndpoint  *self,
                        const char      *ca_file,
                        const char      *pin,
                        GError         **error)
{
  BwMqttTls *tls;

  if (self->tls == NULL)
    return TRUE;

  tls = bw_mqtt_tls_new (self->host, ca_file, pin, error);
  if (tls == NULL)
    return FALSE;

  bw_mqtt_tls_free (self->tls);
  self->tls = tls;

  return TRUE;
}

void
bw_mqtt_endpoint_clear (BwMqttEndpoint *self)
{
  g_clear_pointer (&self->host, g_free);
  g_clear_pointer (&self->tls, bw_mqtt_tls_free);
}

/* A client which only queues when it is asked to send: with threads announced,
 * 2.0.11 writes from mosquitto_loop_write() alone. NULL: out of memory. */
struct mosquitto *
bw_mqtt_endpoint_client (const BwMqttEndpoint *self,
                         const char           *client_id,
                         gboolean              clean_session,
                         const char           *username,
                         const char           *password,
                         gpointer              user_data)
{
  struct mosquitto *client;

  init_library ();

  client = mosquitto_new (client_id, clean_session, user_data);
  if (client == NULL)
    return NULL;

  mosquitto_threaded_set (client, true);
  mosquitto_int_option (client, MOSQ_OPT_TCP_NODELAY, 1);
  mosquitto_max_inflight_messages_set (client, 0);

  if (username != NULL)
    mosquitto_username_pw_set (client, username, password);

  if (self->tls != NULL && !bw_mqtt_tls_apply (self->tls, client))
    g_clear_pointer (&client, mosquitto_destroy);

  return client;
}

/* Looks the name up, which may take long, and begins to connect. */
int
bw_mqtt_endpoint_begin (const BwMqttEndpoint *self,
                        struct mosquitto     *client,
                        guint                 keepalive_s)
{
  return mosquitto_connect_async (client, self->host, self->port, (int) keepalive_s);
}

int
bw_mqtt_wakeup_new (void)
{
  return eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
}

void
bw_mqtt_wakeup_signal (int fd)
{
  guint64 one = 1;

  /* EAGAIN: it has been signalled four thousand million times already */
  while (write (fd, &one, sizeof one) < 0 && errno == EINTR)
    continue;
}

void
bw_mqtt_wakeup_clear (int fd)
{
  guint64 count;

  while (read (fd, &count, sizeof count) < 0 && errno == EINTR)
    continue;
}

/* The time to wait now, with jitter; the next one is twice as long. */
guint
bw_mqtt_retry_next (guint *delay_ms)
{
  guint delay = CLAMP (*delay_ms, BW_MQTT_RETRY_MIN_MS, BW_MQTT_RETRY_MAX_MS);

  *delay_ms = MIN (delay * 2, BW_MQTT_RETRY_MAX_MS);

  return delay + (guint) g_random_int_range (0, (gint32) delay);
}
