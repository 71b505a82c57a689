/* bw-mqtt-fleet.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-mqtt"

#include "bw-mqtt-fleet.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bw-error.h"

#include "bw-mqtt-private.h"

#define TICK_MS 50

/* Of the broker's queue for new connections, which holds a hundred. */
#define MAX_CONNECTING 64

/* Each member is looked after once in so many ticks: pings, time-outs. */
#define CARE_TICKS 40

#define MAX_EVENTS 256

/* libmosquitto opens a pair of sockets beside each connection, unless it cannot. */
#define FILES_PER_MEMBER 3
#define FILES_SPARE      64

/* Many clients of libmosquitto on one epoll descriptor, which is a source of
 * the main context. What is published is queued, and written when the turn that
 * published it is over: a hundred topics of an announcement leave together. */

typedef enum
{
  MEMBER_WAITING,      /* for its time to connect */
  MEMBER_CONNECTING,
  MEMBER_CONNECTED,
  MEMBER_FROZEN,
  MEMBER_LEAVING,      /* the goodbye is in the queue, or waits for what is not acknowledged yet */
  MEMBER_GONE,
} MemberState;

typedef struct
{
  BwMqttFleet      *fleet;
  guint             number;
  struct mosquitto *client;
  MemberState       state;
  guint32           events;        /* what epoll waits for */
  gboolean          is_dirty;
  gint64            due_us;        /* to connect, or to have connected */
  guint             delay_ms;
  int               refusal;       /* CONNACK */
  guint             n_unacked;     /* publishes that have not come to their end */
  char             *client_id;
  char             *username;
  char             *password;
  char             *will_topic;
  char             *will_payload;
} Member;

struct _BwMqttFleet
{
  BwMqttEndpoint    endpoint;
  BwMqttFleetFuncs  funcs;
  gpointer          user_data;
  GPtrArray        *members;
  GPtrArray        *dirty;         /* Member, not owned */
  guint             n_connecting;
  guint             n_open;
  guint             next_care;
  guint             next_start;
  gboolean          is_lean;       /* a file descriptor a member must do */
  int               epoll_fd;
  GSource          *events_source;
  GSource          *tick_source;
  GSource          *flush_source;
};

static void
member_free (gpointer data)
{
  Member *member = data;

  g_clear_pointer (&member->client, mosquitto_destroy);
  g_free (member->client_id);
  g_free (member->username);
  g_free (member->password);
  g_free (member->will_topic);
  g_free (member->will_payload);
  g_free (member);
}

static gboolean
is_open (Member *member)
{
  return member->state == MEMBER_CONNECTED || member->state == MEMBER_LEAVING;
}

static void
set_state (Member      *member,
           MemberState  state)
{
  BwMqttFleet *self = member->fleet;

  self->n_connecting -= member->state == MEMBER_CONNECTING;
  self->n_open -= is_open (member);
  member->state = state;
  self->n_connecting += member->state == MEMBER_CONNECTING;
  self->n_open += is_open (member);
}

static void
watch (Member  *member,
       guint32  events)
{
  struct epoll_event event = { .events = events, .data.ptr = member };
  int fd = mosquitto_socket (member->client);

  if (fd < 0 || member->events == events)
    return;

  epoll_ctl (member->fleet->epoll_fd,
             events == 0 ? EPOLL_CTL_DEL : member->events == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD,
             fd, &event);
  member->events = events;
}

/* The code and errno are the same for whatever goes wrong in TLS; a certificate that is not trusted says why. */
static const char *
explain (Member     *member,
         const char *reason)
{
  BwMqttTls *tls = member->fleet->endpoint.tls;
  int doubt = tls != NULL ? bw_mqtt_tls_take_doubt (tls) : 0;

  if (member->refusal != 0)
    return mosquitto_connack_string (member->refusal);

  return doubt != 0 ? bw_mqtt_tls_describe (doubt) : reason;
}

/* The connection is over; unless it was meant to be, there will be another. */
static void
lose (Member     *member,
      const char *reason)
{
  BwMqttFleet *self = member->fleet;
  gboolean was_connected = member->state == MEMBER_CONNECTED;
  gboolean was_leaving = member->state == MEMBER_LEAVING;

  watch (member, 0);
  g_clear_pointer (&member->client, mosquitto_destroy);
  member->events = 0;

  if (was_leaving)
    {
      set_state (member, MEMBER_GONE);
      return;
    }

  set_state (member, MEMBER_WAITING);
  member->due_us = g_get_monotonic_time () + (gint64) bw_mqtt_retry_next (&member->delay_ms) * 1000;
  self->funcs.lost (self, member->number, was_connected, explain (member, reason), self->user_data);
}

/* Writes what can be written now, and waits for the rest. */
static void
flush_member (Member *member)
{
  int code;

  if (member->client == NULL || member->state == MEMBER_FROZEN)
    return;

  if (mosquitto_want_write (member->client))
    {
      code = mosquitto_loop_write (member->client, 1);
      if (code != MOSQ_ERR_SUCCESS || mosquitto_socket (member->client) < 0)
        {
          lose (member, mosquitto_strerror (code));
          return;
        }
    }

  watch (member, mosquitto_want_write (member->client) ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

static gboolean
flush_cb (gpointer data)
{
  BwMqttFleet *self = data;

  g_source_set_ready_time (self->flush_source, -1);

  while (self->dirty->len > 0)
    {
      Member *member = g_ptr_array_steal_index_fast (self->dirty, self->dirty->len - 1);

      member->is_dirty = FALSE;
      flush_member (member);
    }

  return G_SOURCE_CONTINUE;
}

static void
mark_dirty (Member *member)
{
  BwMqttFleet *self = member->fleet;

  if (member->is_dirty)
    return;

  member->is_dirty = TRUE;
  g_ptr_array_add (self->dirty, member);
  g_source_set_ready_time (self->flush_source, 0);
}

static void
connect_cb (struct mosquitto *client,
            void             *data,
            int               code)
{
  Member *member = data;
  BwMqttFleet *self = member->fleet;

  member->refusal = code;
  if (code != 0)
    return;   /* the library ends the connection */

  set_state (member, MEMBER_CONNECTED);
  member->delay_ms = BW_MQTT_RETRY_MIN_MS;
  self->funcs.connected (self, member->number, self->user_data);
}

/* The library closes the socket with the goodbye. An acknowledgement that nobody
 * has read by then makes the kernel reset the connection, and the broker throws
 * away what it has not read yet: the last words, and the goodbye itself. */
static void
say_goodbye (Member *member)
{
  mosquitto_disconnect (member->client);
  mark_dirty (member);
}

static void
publish_cb (struct mosquitto *client,
            void             *data,
            int               message_id)
{
  Member *member = data;

  if (--member->n_unacked == 0 && member->state == MEMBER_LEAVING)
    say_goodbye (member);
}

static void
message_cb (struct mosquitto               *client,
            void                           *data,
            const struct mosquitto_message *received)
{
  Member *member = data;
  BwMqttFleet *self = member->fleet;
  gsize length = (gsize) MAX (received->payloadlen, 0);

  /* the library puts a zero behind every payload but an empty one */
  self->funcs.message (self, member->number, received->topic,
                       length > 0 ? received->payload : "", length, self->user_data);
}

/* The pair is for waking mosquitto_loop(), which we do not use; there is no
 * option to go without. But it is made with the client, doing without is only a
 * warning, and so a lean fleet makes its clients while no file can be opened.
 * Nobody else is on this thread; a program that has others has fewer members. */
static struct mosquitto *
make_client (Member *member)
{
  BwMqttFleet *self = member->fleet;
  struct mosquitto *client;
  struct rlimit limit, none;

  gboolean is_lean = self->is_lean && getrlimit (RLIMIT_NOFILE, &limit) == 0;

  if (is_lean)
    {
      none = limit;
      none.rlim_cur = 0;
      setrlimit (RLIMIT_NOFILE, &none);
    }

  client = bw_mqtt_endpoint_client (&self->endpoint, member->client_id, TRUE,
                                    member->username, member->password, member);

  if (is_lean)
    setrlimit (RLIMIT_NOFILE, &limit);

  return client;
}

static void
begin (Member *member)
{
  BwMqttFleet *self = member->fleet;
  int code;

  member->refusal = 0;
  member->n_unacked = 0;
  member->client = make_client (member);
  set_state (member, MEMBER_CONNECTING);
  if (member->client == NULL)
    {
      lose (member, "out of memory");
      return;
    }

  mosquitto_connect_callback_set (member->client, connect_cb);
  mosquitto_message_callback_set (member->client, message_cb);
  mosquitto_publish_callback_set (member->client, publish_cb);
  if (member->will_topic != NULL)
    mosquitto_will_set (member->client, member->will_topic, (int) strlen (member->will_payload),
                        member->will_payload, 1, true);

  member->due_us = g_get_monotonic_time () + BW_MQTT_CONNECT_TIMEOUT_US;
  code = bw_mqtt_endpoint_begin (&self->endpoint, member->client, BW_MQTT_KEEPALIVE_S);
  if (code != MOSQ_ERR_SUCCESS)
    lose (member, code == MOSQ_ERR_ERRNO ? g_strerror (errno) : mosquitto_strerror (code));
  else
    watch (member, EPOLLIN | EPOLLOUT);
}

static void
begin_some (BwMqttFleet *self)
{
  gint64 now_us = g_get_monotonic_time ();

  for (guint i = 0; i < self->members->len && self->n_connecting < MAX_CONNECTING; i++)
    {
      Member *member = g_ptr_array_index (self->members, self->next_start);

      self->next_start = (self->next_start + 1) % self->members->len;
      if (member->state == MEMBER_WAITING && member->due_us <= now_us)
        begin (member);
    }
}

static void
take_event (Member  *member,
            guint32  events)
{
  int code;

  if (member->client == NULL || member->state == MEMBER_FROZEN)
    return;

  if (events & (EPOLLIN | EPOLLERR | EPOLLHUP))
    {
      do
        {
          code = mosquitto_loop_read (member->client, 1);
          if (code != MOSQ_ERR_SUCCESS)
            {
              lose (member, code == MOSQ_ERR_ERRNO ? g_strerror (errno) : mosquitto_strerror (code));
              return;
            }
        }
      while (bw_mqtt_tls_has_unread (member->client));

      if (bw_mqtt_tls_is_broken (member->client))
        {
          lose (member, "the connection was refused");
          return;
        }
    }

  flush_member (member);
}

static gboolean
events_cb (int          fd,
           GIOCondition condition,
           gpointer     data)
{
  BwMqttFleet *self = data;
  struct epoll_event events[MAX_EVENTS];
  int n = epoll_wait (self->epoll_fd, events, MAX_EVENTS, 0);

  for (int i = 0; i < n; i++)
    take_event (events[i].data.ptr, events[i].events);

  if (self->n_connecting < MAX_CONNECTING)
    begin_some (self);

  return G_SOURCE_CONTINUE;
}

static void
care_for (Member *member,
          gint64  now_us)
{
  int code;

  if (member->client == NULL || member->state == MEMBER_FROZEN)
    return;

  if (member->state == MEMBER_CONNECTING)
    {
      if (now_us > member->due_us)
        lose (member, "no answer in time");
      return;
    }

  code = mosquitto_loop_misc (member->client);
  if (code != MOSQ_ERR_SUCCESS)
    lose (member, mosquitto_strerror (code));
  else if (mosquitto_want_write (member->client))
    mark_dirty (member);
}

static gboolean
tick_cb (gpointer data)
{
  BwMqttFleet *self = data;
  gint64 now_us = g_get_monotonic_time ();
  guint n = (self->members->len + CARE_TICKS - 1) / CARE_TICKS;

  for (guint i = 0; i < n; i++)
    {
      care_for (g_ptr_array_index (self->members, self->next_care), now_us);
      self->next_care = (self->next_care + 1) % self->members->len;
    }

  begin_some (self);

  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch_flush (GSource     *source,
                GSourceFunc  callback,
                gpointer     user_data)
{
  return callback (user_data);
}

static GSourceFuncs flush_funcs = { .dispatch = dispatch_flush };

static void
attach (GSource     *source,
        GSourceFunc  func,
        BwMqttFleet *self)
{
  g_source_set_callback (source, func, self, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
}

BwMqttFleet *
bw_mqtt_fleet_new (const char              *uri,
                   const BwMqttFleetFuncs  *funcs,
                   gpointer                 user_data,
                   GError                 **error)
{
  g_autoptr(BwMqttFleet) self = g_new0 (BwMqttFleet, 1);

  g_return_val_if_fail (uri != NULL && funcs != NULL, NULL);

  self->epoll_fd = -1;
  self->funcs = *funcs;
  self->user_data = user_data;
  self->members = g_ptr_array_new_with_free_func (member_free);
  self->dirty = g_ptr_array_new ();

  if (!bw_mqtt_endpoint_parse (&self->endpoint, uri, error))
    return NULL;

  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  if (self->epoll_fd < 0)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INTERNAL, "cannot wait for connections: %s", g_strerror (errno));
      return NULL;
    }

  return g_steal_pointer (&self);
}

gboolean
bw_mqtt_fleet_set_trust (BwMqttFleet  *self,
                         const char   *ca_file,
                         const char   *pin,
                         GError      **error)
{
  g_return_val_if_fail (self != NULL && self->tick_source == NULL, FALSE);

  return bw_mqtt_endpoint_trust (&self->endpoint, ca_file, pin, error);
}

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

void
bw_mqtt_fleet_free (BwMqttFleet *self)
{
  if (self == NULL)
    return;

  clear_source (&self->events_source);
  clear_source (&self->tick_source);
  clear_source (&self->flush_source);
  g_ptr_array_unref (self->members);
  g_ptr_array_unref (self->dirty);
  bw_mqtt_endpoint_clear (&self->endpoint);
  if (self->epoll_fd >= 0)
    close (self->epoll_fd);
  g_free (self);
}

guint
bw_mqtt_fleet_add (BwMqttFleet *self,
                   const char  *client_id,
                   const char  *username,
                   const char  *password,
                   const char  *will_topic,
                   const char  *will_payload)
{
  Member *member = g_new0 (Member, 1);

  g_return_val_if_fail (self != NULL && self->tick_source == NULL, 0);

  member->fleet = self;
  member->number = self->members->len;
  member->delay_ms = BW_MQTT_RETRY_MIN_MS;
  member->client_id = g_strdup (client_id);
  member->username = g_strdup (username);
  member->password = g_strdup (password);
  member->will_topic = g_strdup (will_topic);
  member->will_payload = g_strdup (will_payload);
  g_ptr_array_add (self->members, member);

  return member->number;
}

static gboolean
allow_files (BwMqttFleet  *self,
             GError      **error)
{
  rlim_t wanted = (rlim_t) self->members->len * FILES_PER_MEMBER + FILES_SPARE;
  rlim_t least = (rlim_t) self->members->len + FILES_SPARE;
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
    return TRUE;

  self->is_lean = limit.rlim_max < wanted;
  limit.rlim_cur = MIN (wanted, limit.rlim_max);
  if (limit.rlim_cur >= least && setrlimit (RLIMIT_NOFILE, &limit) == 0)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_TOO_MANY,
               "%u connections need %" G_GUINT64_FORMAT " open files and the system allows %" G_GUINT64_FORMAT,
               self->members->len, (guint64) least, (guint64) limit.rlim_max);

  return FALSE;
}

gboolean
bw_mqtt_fleet_start (BwMqttFleet  *self,
                     GError      **error)
{
  g_return_val_if_fail (self != NULL && self->members->len > 0, FALSE);

  if (!allow_files (self, error))
    return FALSE;

  self->events_source = g_unix_fd_source_new (self->epoll_fd, G_IO_IN);
  g_source_set_static_name (self->events_source, "[bw] fleet");
  attach (self->events_source, G_SOURCE_FUNC (events_cb), self);
  self->flush_source = g_source_new (&flush_funcs, sizeof (GSource));
  g_source_set_static_name (self->flush_source, "[bw] fleet flush");
  attach (self->flush_source, flush_cb, self);
  self->tick_source = g_timeout_source_new (TICK_MS);
  g_source_set_static_name (self->tick_source, "[bw] fleet tick");
  attach (self->tick_source, tick_cb, self);

  begin_some (self);

  return TRUE;
}

static Member *
get_connected (BwMqttFleet *self,
               guint        number)
{
  Member *member = g_ptr_array_index (self->members, number);

  return member->state == MEMBER_CONNECTED ? member : NULL;
}

gboolean
bw_mqtt_fleet_publish (BwMqttFleet *self,
                       guint        number,
                       const char  *topic,
                       const char  *payload,
                       gsize        length,
                       guint        qos,
                       gboolean     retain)
{
  Member *member = get_connected (self, number);

  if (member == NULL)
    return FALSE;

  /* at QoS 0 it may come to its end within the call */
  member->n_unacked++;
  if (mosquitto_publish (member->client, NULL, topic, (int) length, payload, (int) qos, retain) != MOSQ_ERR_SUCCESS)
    {
      member->n_unacked--;
      return FALSE;
    }

  mark_dirty (member);

  return TRUE;
}

gboolean
bw_mqtt_fleet_subscribe (BwMqttFleet *self,
                         guint        number,
                         const char  *filter,
                         guint        qos)
{
  Member *member = get_connected (self, number);

  if (member == NULL || mosquitto_subscribe (member->client, NULL, filter, (int) qos) != MOSQ_ERR_SUCCESS)
    return FALSE;

  mark_dirty (member);

  return TRUE;
}

void
bw_mqtt_fleet_leave (BwMqttFleet *self,
                     guint        number)
{
  Member *member = g_ptr_array_index (self->members, number);

  if (member->state != MEMBER_CONNECTED)
    {
      watch (member, 0);
      g_clear_pointer (&member->client, mosquitto_destroy);
      set_state (member, MEMBER_GONE);
      return;
    }

  set_state (member, MEMBER_LEAVING);
  if (member->n_unacked == 0)
    say_goodbye (member);
}

void
bw_mqtt_fleet_freeze (BwMqttFleet *self,
                      guint        number)
{
  Member *member = get_connected (self, number);

  if (member == NULL)
    return;

  watch (member, 0);
  set_state (member, MEMBER_FROZEN);
}

guint
bw_mqtt_fleet_get_n_open (BwMqttFleet *self)
{
  return self->n_open;
}
