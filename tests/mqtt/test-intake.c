/* test-intake.c: no acknowledgement before the commit
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "bw-mqtt-intake.h"
#include "bw-test.h"

#define CONNECT    0x10
#define PUBACK     0x40
#define SUBSCRIBE  0x82
#define DISCONNECT 0xe0

/* A broker of a few lines on a plain socket, so that the test sees each byte. */
typedef struct
{
  GSocket      *listener;
  GSocket      *peer;
  BwMqttIntake *intake;
  guint16       port;

  /* the intake's thread writes these */
  int           n_messages;
  int           n_commits;
  int           n_connected;
  int           n_committed;   /* messages that a successful commit has covered */
  int           may_commit;
} Fake;

static void
connected_cb (gboolean    connected,
              const char *refusal,
              gpointer    user_data)
{
  Fake *fake = user_data;

  if (connected)
    g_atomic_int_inc (&fake->n_connected);
}

static void
message_cb (const BwMqttMessage *message,
            gpointer             user_data)
{
  Fake *fake = user_data;

  g_assert_cmpstr (message->topic, ==, "homie/x");
  g_assert_cmpuint (message->length, ==, 1);
  g_atomic_int_inc (&fake->n_messages);
}

static gboolean
commit_cb (gpointer user_data)
{
  Fake *fake = user_data;

  g_atomic_int_inc (&fake->n_commits);
  if (!g_atomic_int_get (&fake->may_commit))
    return FALSE;

  g_atomic_int_set (&fake->n_committed, g_atomic_int_get (&fake->n_messages));

  return TRUE;
}

static void
tick_cb (gpointer user_data)
{
}

/* Reads exactly that many bytes; FALSE: nothing came within the time, or the other side closed. */
static gboolean
receive (Fake   *fake,
         guint8 *bytes,
         gsize   length,
         gint64  timeout_us)
{
  gsize have = 0;

  while (have < length)
    {
      gssize n;

      if (!g_socket_condition_timed_wait (fake->peer, G_IO_IN, timeout_us, NULL, NULL))
        return FALSE;

      n = g_socket_receive (fake->peer, (char *) bytes + have, length - have, NULL, NULL);
      if (n <= 0)
        return FALSE;
      have += (gsize) n;
    }

  return TRUE;
}

/* Skips the rest of a packet whose remaining length fits a byte. Returns its first byte, 0 for none. */
static guint8
receive_packet (Fake   *fake,
                guint8 *body,
                gsize   size,
                gint64  timeout_us)
{
  guint8 head[2];

  if (!receive (fake, head, 2, timeout_us))
    return 0;

  g_assert_cmpuint (head[1], <, 128);
  g_assert_cmpuint (head[1], <=, size);
  g_assert_true (receive (fake, body, head[1], 10 * G_USEC_PER_SEC));

  return head[0];
}

static void
send_bytes (Fake         *fake,
            const guint8 *bytes,
            gsize         length)
{
  g_assert_cmpint (g_socket_send (fake->peer, (const char *) bytes, length, NULL, NULL), ==, (gssize) length);
}

static void
send_publish (Fake    *fake,
              guint16  id,
              gboolean duplicate)
{
  guint8 packet[] = { 0x32, 12, 0, 7, 'h', 'o', 'm', 'i', 'e', '/', 'x', 0, 0, '1' };

  if (duplicate)
    packet[0] |= 8;
  packet[11] = (guint8) (id >> 8);
  packet[12] = (guint8) id;
  send_bytes (fake, packet, sizeof packet);
}

static void
accept_client (Fake *fake)
{
  static const guint8 connack[] = { 0x20, 2, 1, 0 };
  guint8 body[127];
  guint8 suback[] = { 0x90, 3, 0, 0, 1 };

  g_clear_object (&fake->peer);
  g_assert_true (g_socket_condition_timed_wait (fake->listener, G_IO_IN, 10 * G_USEC_PER_SEC, NULL, NULL));
  fake->peer = g_socket_accept (fake->listener, NULL, NULL);
  g_assert_nonnull (fake->peer);

  g_assert_cmpuint (receive_packet (fake, body, sizeof body, 10 * G_USEC_PER_SEC), ==, CONNECT);
  g_assert_cmpuint (body[7] & 2, ==, 0);   /* the session is kept */
  send_bytes (fake, connack, sizeof connack);

  g_assert_cmpuint (receive_packet (fake, body, sizeof body, 10 * G_USEC_PER_SEC), ==, SUBSCRIBE);
  suback[2] = body[0];
  suback[3] = body[1];
  send_bytes (fake, suback, sizeof suback);
}

static void
set_up (Fake          *fake,
        gconstpointer  data)
{
  static const BwMqttIntakeFuncs funcs = { connected_cb, message_cb, commit_cb, tick_cb };
  static const char * const filters[] = { "homie/#", NULL };
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) bound = NULL;
  g_autofree char *uri = NULL;

  fake->listener = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_assert_true (g_socket_bind (fake->listener, address, TRUE, NULL));
  g_assert_true (g_socket_listen (fake->listener, NULL));
  bound = g_socket_get_local_address (fake->listener, NULL);
  fake->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));

  uri = g_strdup_printf ("mqtt://127.0.0.1:%u", fake->port);
  fake->intake = bw_mqtt_intake_new (uri, "fixed", "u", "p", filters, &funcs, fake, NULL);
  g_assert_nonnull (fake->intake);
  bw_mqtt_intake_start (fake->intake);
  accept_client (fake);
}

static void
tear_down (Fake          *fake,
           gconstpointer  data)
{
  g_clear_object (&fake->intake);
  g_clear_object (&fake->peer);
  g_clear_object (&fake->listener);
}

static gboolean
has_tried (gpointer data)
{
  return g_atomic_int_get (&((Fake *) data)->n_commits) > 0;
}

static void
expect_acknowledged (Fake  *fake,
                     guint  first,
                     guint  n)
{
  for (guint i = 0; i < n; i++)
    {
      guint8 body[127];

      g_assert_cmpuint (receive_packet (fake, body, sizeof body, 10 * G_USEC_PER_SEC), ==, PUBACK);
      g_assert_cmpuint (body[0] * 256u + body[1], ==, first + i);
    }
}

static void
test_commit_first (Fake          *fake,
                   gconstpointer  data)
{
  guint8 byte;

  for (guint16 i = 1; i <= 5; i++)
    send_publish (fake, i, FALSE);

  bw_test_wait_for (has_tried, fake);
  g_assert_cmpint (g_atomic_int_get (&fake->n_messages), ==, 5);
  g_assert_false (receive (fake, &byte, 1, 700 * 1000));

  /* it does not read on either */
  send_publish (fake, 6, FALSE);
  g_assert_false (receive (fake, &byte, 1, 300 * 1000));
  g_assert_cmpint (g_atomic_int_get (&fake->n_messages), ==, 5);

  g_atomic_int_set (&fake->may_commit, 1);
  expect_acknowledged (fake, 1, 6);
  g_assert_cmpint (g_atomic_int_get (&fake->n_committed), ==, 6);
}

static void
test_lost_connection (Fake          *fake,
                      gconstpointer  data)
{
  guint8 byte;

  send_publish (fake, 1, FALSE);
  bw_test_wait_for (has_tried, fake);
  g_socket_close (fake->peer, NULL);
  g_atomic_int_set (&fake->may_commit, 1);

  /* The acknowledgement that was queued for the old connection must not
   * come here: the broker gives the same id to another message. */
  accept_client (fake);
  g_assert_false (receive (fake, &byte, 1, 300 * 1000));
  send_publish (fake, 1, TRUE);
  expect_acknowledged (fake, 1, 1);
  g_assert_cmpint (g_atomic_int_get (&fake->n_connected), ==, 2);
}

static void
test_stop_commits (Fake          *fake,
                   gconstpointer  data)
{
  guint8 body[127];

  g_atomic_int_set (&fake->may_commit, 1);
  send_publish (fake, 1, FALSE);
  bw_test_wait_for (has_tried, fake);
  bw_mqtt_intake_stop (fake->intake);

  expect_acknowledged (fake, 1, 1);
  g_assert_cmpuint (receive_packet (fake, body, sizeof body, 10 * G_USEC_PER_SEC), ==, DISCONNECT);
}

static void
test_stop_when_stuck (Fake          *fake,
                      gconstpointer  data)
{
  gint64 start_us;
  guint8 byte;

  send_publish (fake, 1, FALSE);
  bw_test_wait_for (has_tried, fake);

  start_us = g_get_monotonic_time ();
  bw_mqtt_intake_stop (fake->intake);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, 2 * G_USEC_PER_SEC);
  g_assert_false (receive (fake, &byte, 1, 300 * 1000));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add (name, Fake, NULL, set_up, func, tear_down)
  ADD ("/mqtt/intake/commit-first", test_commit_first);
  ADD ("/mqtt/intake/lost-connection", test_lost_connection);
  ADD ("/mqtt/intake/stop-commits", test_stop_commits);
  ADD ("/mqtt/intake/stop-when-stuck", test_stop_when_stuck);

  return g_test_run ();
}
