/* bw-mqtt-intake.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-mqtt"

#include "bw-mqtt-intake.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bw-error.h"
#include "bw-mqtt-private.h"

/* A commit waits for company: at QoS 1 shortly, since the broker keeps what is
 * not acknowledged; at QoS 0 longer, since nobody waits. All arbitrary. */
#define MAX_UNACKNOWLEDGED 1000
#define MAX_IN_A_ROW       20000
#define HOLD_QOS_1_US      (20 * 1000)
#define HOLD_QOS_0_US      (100 * 1000)
#define TICK_US            (100 * 1000)
#define IDLE_MS            1000
#define COMMIT_RETRY_MS    500

/* MQTT 3.1.1, 3.2.2.2: a bit of what CONNACK acknowledges */
#define SESSION_PRESENT 1

/* What the system may hold of our acknowledgements: see write_all(). */
#define SEND_BUFFER_BYTES  4096

/* Longer than the link's: the disk may be full for a while, and then nothing is sent. */
#define KEEPALIVE_S        60

/* A broker that takes nothing for so long is given up. */
#define WRITE_PATIENCE_US  (KEEPALIVE_S * G_USEC_PER_SEC)
#define WRITE_WAIT_MS      200

/**
 * BwMqttIntake:
 *
 * libmosquitto queues a PUBACK before it hands over the message. With threads
 * announced it never writes on its own, but only in mosquitto_loop_write(); so
 * this loop reads, commits, and only then calls that. Whatever happens before
 * the commit, the broker sends the messages again. This is behaviour of the
 * library, not its contract: tests/mqtt/test-intake.c watches over it.
 *
 * When a commit fails the loop stands still. It does not read, so the broker
 * queues; it does not write, not even a ping, so after a while the broker may
 * close, and the next connection starts with what was not acknowledged.
 */

struct _BwMqttIntake
{
  GObject             parent_instance;

  BwMqttEndpoint      endpoint;
  char               *client_id;
  char               *username;
  char               *password;
  char              **filters;
  BwMqttIntakeFuncs   funcs;
  gpointer            user_data;
  GThread            *thread;
  int                 wakeup_fd;
  int                 stopping;         /* atomic */
  guint64             n_messages;       /* written by the thread alone */

  /* the thread's */
  struct mosquitto   *client;
  gboolean            stood;            /* this connection was accepted */
  gboolean            has_session;      /* the broker had kept ours: it queued what came meanwhile */
  guint               n_pending;        /* messages since the last commit */
  guint               n_unacknowledged; /* those of them at QoS 1 or 2 */
  gint64              pending_since_us;
  gboolean            in_a_hurry;       /* somebody waits for what was read */
  gint64              next_tick_us;
};

G_DEFINE_FINAL_TYPE (BwMqttIntake, bw_mqtt_intake, G_TYPE_OBJECT)

static gboolean
is_stopping (BwMqttIntake *self)
{
  return g_atomic_int_get (&self->stopping) != 0;
}

static void
connect_cb (struct mosquitto *client,
            void             *data,
            int               code,
            int               flags)
{
  BwMqttIntake *self = data;

  if (code != 0)
    {
      self->funcs.connected (FALSE, mosquitto_connack_string (code), self->user_data);
      return;
    }

  self->stood = TRUE;
  setsockopt (mosquitto_socket (client), SOL_SOCKET, SO_SNDBUF, &(int) { SEND_BUFFER_BYTES }, sizeof (int));
  self->has_session = (flags & SESSION_PRESENT) != 0;
  self->funcs.connected (TRUE, NULL, self->user_data);

  /* Each time, although the session knows them: the broker may have lost it, and
   * what is retained comes again. */
  for (guint i = 0; self->filters[i] != NULL; i++)
    mosquitto_subscribe (client, NULL, self->filters[i], 1);
}

static void
message_cb (struct mosquitto               *client,
            void                           *data,
            const struct mosquitto_message *received)
{
  BwMqttIntake *self = data;
  BwMqttMessage message = {
    .topic = received->topic,
    .payload = received->payload != NULL ? received->payload : "",
    .length = (gsize) MAX (received->payloadlen, 0),
    .qos = (guint) received->qos & 3,
    .retained = received->retain,
    .live_too = received->retain && received->qos > 0 && self->has_session,
    .id = received->qos > 0 ? (guint) received->mid & 0xffff : 0,
  };

  if (self->n_pending == 0)
    self->pending_since_us = g_get_monotonic_time ();
  self->n_pending++;
  __atomic_store_n (&self->n_messages, self->n_messages + 1, __ATOMIC_RELAXED);
  if (message.qos > 0)
    self->n_unacknowledged++;

  self->funcs.message (&message, self->user_data);
}

static void
pause_before (BwMqttIntake *self,
              guint         delay_ms)
{
  struct pollfd fd = { .fd = self->wakeup_fd, .events = POLLIN };
  gint64 until_us = g_get_monotonic_time () + (gint64) delay_ms * 1000;
  gint64 now_us;

  /* woken for other reasons, it looks whether it has to stop and goes on waiting */
  while (!is_stopping (self) && (now_us = g_get_monotonic_time ()) < until_us)
    {
      if (poll (&fd, 1, (int) ((until_us - now_us + 999) / 1000)) > 0)
        bw_mqtt_wakeup_clear (self->wakeup_fd);
    }
}

static void
tick (BwMqttIntake *self)
{
  self->next_tick_us = g_get_monotonic_time () + TICK_US;
  self->funcs.tick (self->user_data);
}

/* FALSE: stopping, and it could not be done. Then nothing may be written any more. */
static gboolean
commit (BwMqttIntake *self)
{
  while (!self->funcs.commit (self->user_data))
    {
      if (is_stopping (self))
        return FALSE;

      pause_before (self, COMMIT_RETRY_MS);
    }

  self->n_pending = 0;
  self->n_unacknowledged = 0;
  self->in_a_hurry = FALSE;

  return TRUE;
}

static gboolean
is_due (BwMqttIntake *self)
{
  gint64 hold_us = self->n_unacknowledged > 0 ? HOLD_QOS_1_US : HOLD_QOS_0_US;

  return self->n_pending > 0 &&
         (self->in_a_hurry || self->n_unacknowledged >= MAX_UNACKNOWLEDGED ||
          g_get_monotonic_time () - self->pending_since_us >= hold_us);
}

static int
get_timeout_ms (BwMqttIntake *self)
{
  gint64 hold_us = self->n_unacknowledged > 0 ? HOLD_QOS_1_US : HOLD_QOS_0_US;
  gint64 left_us;

  if (self->n_pending == 0)
    return IDLE_MS;

  left_us = self->pending_since_us + hold_us - g_get_monotonic_time ();

  return left_us > 0 ? (int) ((left_us + 999) / 1000) : 0;
}

/* Until the socket is empty or a commit is due. */
static gboolean
read_some (BwMqttIntake *self)
{
  for (guint i = 0; i < MAX_IN_A_ROW; i++)
    {
      guint before = self->n_pending;

      if (mosquitto_loop_read (self->client, 1) != MOSQ_ERR_SUCCESS)
        return FALSE;

      if ((self->n_pending == before && !bw_mqtt_tls_has_unread (self->client)) ||
          self->n_unacknowledged >= MAX_UNACKNOWLEDGED)
        break;
    }

  return TRUE;
}

/* The library closes the socket when it cannot write. Of a broker that was killed the system still has messages that it
 * sent and nobody will send again: they are read first, to the end. */
static gboolean
broker_has_gone (BwMqttIntake *self)
{
  struct pollfd fd = { .fd = mosquitto_socket (self->client), .events = POLLRDHUP };

  return fd.fd >= 0 && poll (&fd, 1, 0) > 0 && (fd.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

/* Only here do acknowledgements leave, and all of them do before anything more is read: how much is stored that the
 * broker has not taken note of is what lies in the buffers of the system, and those are small. Whoever tells messages
 * that come again from new ones has to remember no more than that. The broker reads whatever it has to write. */
static gboolean
write_all (BwMqttIntake *self)
{
  gint64 deadline_us = g_get_monotonic_time () + WRITE_PATIENCE_US;

  while (mosquitto_want_write (self->client) && !broker_has_gone (self))
    {
      struct pollfd fd = { .fd = mosquitto_socket (self->client), .events = POLLOUT };
      int ready = poll (&fd, 1, WRITE_WAIT_MS);

      if (ready > 0 && mosquitto_loop_write (self->client, 1) != MOSQ_ERR_SUCCESS)
        return FALSE;
      if (!self->stood)       /* what TLS has to write next depends on what is read */
        return TRUE;
      if (ready <= 0 && (is_stopping (self) || g_get_monotonic_time () > deadline_us))
        return FALSE;
    }

  return TRUE;
}

/* One turn. FALSE: this connection is over. */
static gboolean
turn (BwMqttIntake *self)
{
  struct pollfd fds[2] = {
    { .fd = mosquitto_socket (self->client), .events = POLLIN },
    { .fd = self->wakeup_fd, .events = POLLIN },
  };
  gboolean unread;

  if (fds[0].fd < 0)
    return FALSE;

  if (self->n_pending == 0 && mosquitto_want_write (self->client))
    fds[0].events |= POLLOUT;

  unread = bw_mqtt_tls_has_unread (self->client);
  if (poll (fds, G_N_ELEMENTS (fds), unread ? 0 : get_timeout_ms (self)) < 0 && errno != EINTR)
    return FALSE;

  if (fds[1].revents != 0)
    {
      bw_mqtt_wakeup_clear (self->wakeup_fd);
      self->next_tick_us = 0;
    }

  if ((unread || (fds[0].revents & (POLLIN | POLLERR | POLLHUP)) != 0) && !read_some (self))
    return FALSE;

  if (is_due (self) && !commit (self))
    return FALSE;

  if (self->n_pending == 0 && !write_all (self))
    return FALSE;

  if (g_get_monotonic_time () >= self->next_tick_us)
    tick (self);

  return !bw_mqtt_tls_is_broken (self->client) && mosquitto_loop_misc (self->client) == MOSQ_ERR_SUCCESS;
}

static void
take_leave (BwMqttIntake *self)
{
  if (!self->stood || (self->n_pending > 0 && !commit (self)))
    return;

  mosquitto_disconnect (self->client);
  mosquitto_loop_write (self->client, 1);
}

static void
run_connection (BwMqttIntake *self)
{
  gint64 deadline_us = g_get_monotonic_time () + BW_MQTT_CONNECT_TIMEOUT_US;

  if (bw_mqtt_endpoint_begin (&self->endpoint, self->client, KEEPALIVE_S) != MOSQ_ERR_SUCCESS)
    return;

  while (turn (self))
    {
      if (is_stopping (self))
        {
          take_leave (self);
          break;
        }

      if (!self->stood && g_get_monotonic_time () > deadline_us)
        break;
    }
}

static void
attempt (BwMqttIntake *self)
{
  self->stood = FALSE;
  self->client = bw_mqtt_endpoint_client (&self->endpoint, self->client_id, FALSE,
                                          self->username, self->password, self);
  if (self->client == NULL)
    return;

  mosquitto_connect_with_flags_callback_set (self->client, connect_cb);
  mosquitto_message_callback_set (self->client, message_cb);

  run_connection (self);

  /* With the client goes what it had not written: acknowledgements of what may
   * not be durable never reach the next connection. */
  g_clear_pointer (&self->client, mosquitto_destroy);

  if (self->stood)
    self->funcs.connected (FALSE, NULL, self->user_data);
}

static gpointer
run_thread (gpointer data)
{
  BwMqttIntake *self = data;
  guint delay_ms = BW_MQTT_RETRY_MIN_MS;

  while (!is_stopping (self))
    {
      attempt (self);

      if (self->stood)
        delay_ms = BW_MQTT_RETRY_MIN_MS;

      if (self->n_pending > 0)
        commit (self);

      tick (self);
      if (!is_stopping (self))
        pause_before (self, bw_mqtt_retry_next (&delay_ms));
    }

  return NULL;
}

static void
bw_mqtt_intake_finalize (GObject *object)
{
  BwMqttIntake *self = (BwMqttIntake *) object;

  bw_mqtt_intake_stop (self);

  bw_mqtt_endpoint_clear (&self->endpoint);
  g_free (self->client_id);
  g_free (self->username);
  g_free (self->password);
  g_strfreev (self->filters);
  close (self->wakeup_fd);

  G_OBJECT_CLASS (bw_mqtt_intake_parent_class)->finalize (object);
}

static void
bw_mqtt_intake_class_init (BwMqttIntakeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = bw_mqtt_intake_finalize;
}

static void
bw_mqtt_intake_init (BwMqttIntake *self)
{
  self->wakeup_fd = bw_mqtt_wakeup_new ();
}

BwMqttIntake *
bw_mqtt_intake_new (const char               *uri,
                    const char               *client_id,
                    const char               *username,
                    const char               *password,
                    const char * const       *filters,
                    const BwMqttIntakeFuncs  *funcs,
                    gpointer                  user_data,
                    GError                  **error)
{
  g_autoptr(BwMqttIntake) self = NULL;

  g_return_val_if_fail (uri != NULL && client_id != NULL && filters != NULL, NULL);
  g_return_val_if_fail (funcs != NULL && funcs->connected != NULL && funcs->message != NULL, NULL);
  g_return_val_if_fail (funcs->commit != NULL && funcs->tick != NULL, NULL);

  self = g_object_new (BW_TYPE_MQTT_INTAKE, NULL);
  if (!bw_mqtt_endpoint_parse (&self->endpoint, uri, error))
    return NULL;

  self->client_id = g_strdup (client_id);
  self->username = g_strdup (username);
  self->password = g_strdup (password);
  self->filters = g_strdupv ((char **) filters);
  self->funcs = *funcs;
  self->user_data = user_data;

  return g_steal_pointer (&self);
}

gboolean
bw_mqtt_intake_set_trust (BwMqttIntake  *self,
                          const char    *ca_file,
                          const char    *pin,
                          GError       **error)
{
  g_return_val_if_fail (BW_IS_MQTT_INTAKE (self), FALSE);
  g_return_val_if_fail (self->thread == NULL, FALSE);

  return bw_mqtt_endpoint_trust (&self->endpoint, ca_file, pin, error);
}

void
bw_mqtt_intake_start (BwMqttIntake *self)
{
  g_return_if_fail (BW_IS_MQTT_INTAKE (self));
  g_return_if_fail (self->thread == NULL);

  self->thread = g_thread_new ("bw-ingest", run_thread, self);
}

void
bw_mqtt_intake_stop (BwMqttIntake *self)
{
  g_return_if_fail (BW_IS_MQTT_INTAKE (self));

  if (self->thread == NULL)
    return;

  g_atomic_int_set (&self->stopping, 1);
  bw_mqtt_wakeup_signal (self->wakeup_fd);
  g_clear_pointer (&self->thread, g_thread_join);
}

void
bw_mqtt_intake_hurry (BwMqttIntake *self)
{
  self->in_a_hurry = TRUE;
}

void
bw_mqtt_intake_wake (BwMqttIntake *self)
{
  g_return_if_fail (BW_IS_MQTT_INTAKE (self));

  bw_mqtt_wakeup_signal (self->wakeup_fd);
}

guint64
bw_mqtt_intake_get_n_messages (BwMqttIntake *self)
{
  g_return_val_if_fail (BW_IS_MQTT_INTAKE (self), 0);

  return __atomic_load_n (&self->n_messages, __ATOMIC_RELAXED);
}
