/* bw-mqtt-link-thread.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-mqtt"

#include "bw-mqtt-link-private.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "bw-mqtt-link.h"

#define POLL_MS             5000
#define ARENA_BYTES_MAX     (64 * 1024 * 1024)
#define ARENA_BYTES_KEPT    (1024 * 1024)
#define TERMINATOR_BYTES    1

/* The thread of a link.
 *
 * We do not use mosquitto_loop_start(): as of 2.0.11 its thread never retries
 * a first connection that was refused. Nor mosquitto_loop(): it selects, and so
 * fails with a file descriptor past 1023.
 *
 * Each attempt has a client of its own. The library would keep what was not
 * acknowledged and send it once more after a reconnect, perhaps minutes later,
 * when whoever wished for it has been told long ago that it failed. */

void
bw_link_arena_init (BwLinkArena *self)
{
  self->entries = g_array_new (FALSE, FALSE, sizeof (BwLinkEntry));
  self->bytes = g_byte_array_new ();
}

void
bw_link_arena_reset (BwLinkArena *self)
{
  g_array_set_size (self->entries, 0);

  if (self->bytes->len > ARENA_BYTES_KEPT)
    {
      g_byte_array_unref (self->bytes);
      self->bytes = g_byte_array_new ();
    }
  else
    g_byte_array_set_size (self->bytes, 0);
}

void
bw_link_arena_clear (BwLinkArena *self)
{
  g_clear_pointer (&self->entries, g_array_unref);
  g_clear_pointer (&self->bytes, g_byte_array_unref);
}

static void
shared_clear (gpointer data)
{
  BwLinkShared *self = data;

  g_clear_pointer (&self->client, mosquitto_destroy);
  bw_mqtt_endpoint_clear (&self->endpoint);
  bw_link_arena_clear (&self->arriving);
  g_array_unref (self->events);
  g_hash_table_unref (self->filters);
  g_clear_pointer (&self->will_payload, g_bytes_unref);
  g_free (self->will_topic);
  g_free (self->client_id);
  g_free (self->username);
  g_free (self->password);
  close (self->wakeup_fd);
  g_mutex_clear (&self->client_lock);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
}

BwLinkShared *
bw_link_shared_new (void)
{
  BwLinkShared *self = g_atomic_rc_box_new0 (BwLinkShared);

  self->wakeup_fd = bw_mqtt_wakeup_new ();
  self->filters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->events = g_array_new (FALSE, FALSE, sizeof (BwLinkEvent));
  bw_link_arena_init (&self->arriving);
  g_mutex_init (&self->client_lock);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);

  return self;
}

void
bw_link_shared_unref (BwLinkShared *self)
{
  g_atomic_rc_box_release_full (self, shared_clear);
}

/* with the lock held */
static void
wake_main (BwLinkShared *self)
{
  if (self->source != NULL)
    g_source_set_ready_time (self->source, 0);
}

/* with the lock held */
static void
add_event (BwLinkShared    *self,
           BwLinkEventKind  kind,
           guint            number)
{
  BwLinkEvent event = { kind, number };

  g_array_append_val (self->events, event);
  wake_main (self);
}

static void
set_connected (BwLinkShared *self,
               gboolean      connected)
{
  g_mutex_lock (&self->lock);
  if (self->connected != connected)
    {
      self->connected = connected;
      add_event (self, connected ? BW_LINK_CONNECTED : BW_LINK_DISCONNECTED, 0);
    }
  g_mutex_unlock (&self->lock);
}

static void
subscribe_all (BwLinkShared     *self,
               struct mosquitto *client)
{
  g_autoptr(GPtrArray) filters = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GArray) levels = g_array_new (FALSE, FALSE, sizeof (int));
  GHashTableIter iter;
  gpointer filter;
  gpointer value;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->filters);
  while (g_hash_table_iter_next (&iter, &filter, &value))
    {
      int qos = GPOINTER_TO_INT (value) - 1;

      g_ptr_array_add (filters, g_strdup (filter));
      g_array_append_val (levels, qos);
    }
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < filters->len; i++)
    mosquitto_subscribe (client, NULL, g_ptr_array_index (filters, i), g_array_index (levels, int, i));
}

/* The library's callbacks, all on this thread. */

static void
connect_cb (struct mosquitto *client,
            void             *data,
            int               code)
{
  BwLinkShared *self = data;

  if (code != 0)
    {
      g_debug ("the broker refused us: %s", mosquitto_connack_string (code));
      g_mutex_lock (&self->lock);
      add_event (self, BW_LINK_REFUSED, (guint) code);
      g_mutex_unlock (&self->lock);
      return;
    }

  /* first, so that a filter which comes meanwhile is seen by one or the other */
  set_connected (self, TRUE);
  subscribe_all (self, client);
}

static void
publish_cb (struct mosquitto *client,
            void             *data,
            int               id)
{
  BwLinkShared *self = data;

  g_mutex_lock (&self->lock);
  add_event (self, BW_LINK_ACKNOWLEDGED, (guint) id);
  g_mutex_unlock (&self->lock);
}

static void
message_cb (struct mosquitto               *client,
            void                           *data,
            const struct mosquitto_message *received)
{
  BwLinkShared *self = data;
  BwLinkArena *arena = &self->arriving;
  gsize topic_size = strlen (received->topic) + TERMINATOR_BYTES;
  gsize length = (gsize) MAX (received->payloadlen, 0);
  BwLinkEntry entry;

  g_mutex_lock (&self->lock);
  if (self->n_waiting >= BW_MQTT_MAX_WAITING || arena->bytes->len + topic_size + length >= ARENA_BYTES_MAX)
    self->n_dropped++;
  else
    {
      entry.topic = arena->bytes->len;
      entry.payload = entry.topic + topic_size;
      entry.length = length;
      entry.qos = (guint) received->qos & 3;
      entry.retained = received->retain;
      g_byte_array_append (arena->bytes, (const guint8 *) received->topic, (guint) topic_size);
      if (length > 0)
        g_byte_array_append (arena->bytes, received->payload, (guint) length);
      g_byte_array_append (arena->bytes, (const guint8 *) "", TERMINATOR_BYTES);
      g_array_append_val (arena->entries, entry);
      self->n_waiting++;
    }
  wake_main (self);
  g_mutex_unlock (&self->lock);
}

static void
say_doubt (BwLinkShared *self)
{
  int doubt = self->endpoint.tls != NULL ? bw_mqtt_tls_take_doubt (self->endpoint.tls) : 0;

  if (doubt == 0)
    return;

  g_debug ("the broker is not trusted: %s", bw_mqtt_tls_describe (doubt));
  g_mutex_lock (&self->lock);
  add_event (self, BW_LINK_DOUBTED, (guint) doubt);
  g_mutex_unlock (&self->lock);
}

static gboolean
is_stopping (BwLinkShared *self)
{
  gboolean stopping;

  g_mutex_lock (&self->lock);
  stopping = self->stopping;
  g_mutex_unlock (&self->lock);

  return stopping;
}

static gboolean
make_client (BwLinkShared *self)
{
  g_autofree char *username = NULL;
  g_autofree char *password = NULL;
  struct mosquitto *client;

  g_mutex_lock (&self->lock);
  username = g_strdup (self->username);
  password = g_strdup (self->password);
  self->hurry = FALSE;
  g_mutex_unlock (&self->lock);

  client = bw_mqtt_endpoint_client (&self->endpoint, self->client_id, TRUE, username, password, self);
  if (client == NULL)
    {
      g_debug ("cannot make a client: %s", g_strerror (errno));
      return FALSE;
    }

  mosquitto_connect_callback_set (client, connect_cb);
  mosquitto_publish_callback_set (client, publish_cb);
  mosquitto_message_callback_set (client, message_cb);

  if (self->will_topic != NULL)
    mosquitto_will_set (client, self->will_topic,
                        (int) g_bytes_get_size (self->will_payload),
                        g_bytes_get_data (self->will_payload, NULL),
                        (int) (self->will_flags & 3), (self->will_flags & 4) != 0);

  g_mutex_lock (&self->client_lock);
  self->client = client;
  g_mutex_unlock (&self->client_lock);

  return TRUE;
}

static void
drop_client (BwLinkShared *self)
{
  struct mosquitto *client;

  set_connected (self, FALSE);

  g_mutex_lock (&self->client_lock);
  client = g_steal_pointer (&self->client);
  g_mutex_unlock (&self->client_lock);

  g_clear_pointer (&client, mosquitto_destroy);
}

/* One turn. FALSE: this connection is over. */
static gboolean
turn (BwLinkShared *self)
{
  struct mosquitto *client = self->client;
  struct pollfd fds[2] = {
    { .fd = mosquitto_socket (client), .events = POLLIN },
    { .fd = self->wakeup_fd, .events = POLLIN },
  };
  gboolean unread;

  if (fds[0].fd < 0)
    return FALSE;

  if (mosquitto_want_write (client))
    fds[0].events |= POLLOUT;

  unread = bw_mqtt_tls_has_unread (client);
  if (poll (fds, G_N_ELEMENTS (fds), unread ? 0 : POLL_MS) < 0 && errno != EINTR)
    return FALSE;

  if (fds[1].revents != 0)
    bw_mqtt_wakeup_clear (self->wakeup_fd);

  if ((unread || (fds[0].revents & (POLLIN | POLLERR | POLLHUP)) != 0) &&
      mosquitto_loop_read (client, 1) != MOSQ_ERR_SUCCESS)
    return FALSE;

  /* also when only just woken: what was published meanwhile goes out now */
  if (((fds[0].revents & POLLOUT) != 0 || mosquitto_want_write (client)) &&
      mosquitto_loop_write (client, 1) != MOSQ_ERR_SUCCESS)
    return FALSE;

  return !bw_mqtt_tls_is_broken (client) && mosquitto_loop_misc (client) == MOSQ_ERR_SUCCESS;
}

/* Until the connection ends. Returns whether it ever stood. */
static gboolean
run_connection (BwLinkShared *self)
{
  gint64 deadline_us = g_get_monotonic_time () + BW_MQTT_CONNECT_TIMEOUT_US;
  gboolean stood = FALSE;

  if (bw_mqtt_endpoint_begin (&self->endpoint, self->client, BW_MQTT_KEEPALIVE_S) != MOSQ_ERR_SUCCESS)
    return FALSE;

  while (turn (self))
    {
      g_mutex_lock (&self->lock);
      stood = stood || self->connected;
      g_mutex_unlock (&self->lock);

      if (is_stopping (self))
        {
          mosquitto_disconnect (self->client);
          mosquitto_loop_write (self->client, 1);
          break;
        }

      if (!stood && g_get_monotonic_time () > deadline_us)
        break;
    }

  return stood;
}

static void
wait_before_retry (BwLinkShared *self,
                   guint         delay_ms)
{
  gint64 until = g_get_monotonic_time () + (gint64) delay_ms * 1000;

  g_mutex_lock (&self->lock);
  while (!self->stopping && !self->hurry && g_cond_wait_until (&self->changed, &self->lock, until))
    continue;
  g_mutex_unlock (&self->lock);
}

static gpointer
run_thread (gpointer data)
{
  BwLinkShared *self = data;
  guint delay_ms = BW_MQTT_RETRY_MIN_MS;

  while (!is_stopping (self))
    {
      if (make_client (self) && run_connection (self))
        delay_ms = BW_MQTT_RETRY_MIN_MS;

      drop_client (self);
      say_doubt (self);

      if (!is_stopping (self))
        wait_before_retry (self, bw_mqtt_retry_next (&delay_ms));
    }

  bw_link_shared_unref (self);

  return NULL;
}

void
bw_link_shared_start (BwLinkShared *self)
{
  g_thread_unref (g_thread_new ("bw-mqtt", run_thread, g_atomic_rc_box_acquire (self)));
}
