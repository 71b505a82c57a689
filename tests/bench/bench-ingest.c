/* bench-ingest.c: the two ends that bench-ingest.py puts around a broker
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-bench"

#include <arpa/inet.h>
#include <mosquitto.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <glib.h>

/* Values that one write carries, so that making them costs next to nothing. */
#define PER_WRITE 500
#define VALUE_MAX 200

static double
get_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);

  return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

static int
connect_to (const char *port)
{
  struct sockaddr_in address = {
    .sin_family = AF_INET,
    .sin_port = htons ((guint16) atoi (port)),
    .sin_addr.s_addr = htonl (INADDR_LOOPBACK),
  };
  int fd = socket (AF_INET, SOCK_STREAM, 0);

  if (fd < 0 || connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
    return -1;

  return fd;
}

static gboolean
send_all (int         fd,
          const void *bytes,
          gsize       length)
{
  const guint8 *at = bytes;

  while (length > 0)
    {
      gssize n = write (fd, at, length);

      if (n <= 0)
        return FALSE;
      at += n;
      length -= (gsize) n;
    }

  return TRUE;
}

static void
add_text (GByteArray *packet,
          const char *text,
          gssize      length)
{
  gsize n = length >= 0 ? (gsize) length : strlen (text);
  guint8 head[2] = { (guint8) (n >> 8), (guint8) n };

  g_byte_array_append (packet, head, 2);
  g_byte_array_append (packet, (const guint8 *) text, (guint) n);
}

static void
add_packet (GByteArray *out,
            guint8      first,
            GByteArray *body)
{
  guint length = body->len;

  g_byte_array_append (out, &first, 1);
  do
    {
      guint8 byte = length % 128;

      length /= 128;
      if (length > 0)
        byte |= 128;
      g_byte_array_append (out, &byte, 1);
    }
  while (length > 0);

  g_byte_array_append (out, body->data, body->len);
  g_byte_array_set_size (body, 0);
}

/* publish PORT ID KEY TOPIC COUNT BYTES: values at QoS 0 as fast as they are taken */
static int
run_publish (char **args)
{
  g_autoptr(GByteArray) body = g_byte_array_new ();
  g_autoptr(GByteArray) out = g_byte_array_new ();
  guint count = (guint) atoi (args[4]);
  guint size = (guint) atoi (args[5]);
  char value[VALUE_MAX];
  guint8 reply[4];
  int fd = connect_to (args[0]);

  if (fd < 0 || size >= VALUE_MAX)
    return 1;

  add_text (body, "MQTT", -1);
  g_byte_array_append (body, (const guint8 *) "\4\xc2\0\0", 4);
  add_text (body, args[1], -1);
  add_text (body, args[1], -1);
  add_text (body, args[2], -1);
  add_packet (out, 0x10, body);
  if (!send_all (fd, out->data, out->len) || recv (fd, reply, 4, MSG_WAITALL) != 4 || reply[3] != 0)
    return 1;

  printf ("%.6f\n", get_time ());
  fflush (stdout);

  for (guint done = 0; done < count;)
    {
      guint n = MIN (PER_WRITE, count - done);

      g_byte_array_set_size (out, 0);
      for (guint i = 0; i < n; i++)
        {
          memset (value, 'x', size);
          g_snprintf (value, sizeof value, "%u", done + i + 1);
          value[strlen (value)] = ' ';
          add_text (body, args[3], -1);
          g_byte_array_append (body, (const guint8 *) value, size);
          add_packet (out, 0x30, body);
        }

      if (!send_all (fd, out->data, out->len))
        return 1;
      done += n;
    }

  /* an orderly end: what was written is read before the broker lets go */
  g_byte_array_set_size (out, 0);
  add_packet (out, 0xe0, body);
  if (!send_all (fd, out->data, out->len))
    return 1;
  shutdown (fd, SHUT_WR);
  while (read (fd, reply, sizeof reply) > 0)
    continue;

  return 0;
}

typedef struct
{
  const char *filter;
  guint       count;
  guint       wanted;
} Subscriber;

static void
connect_cb (struct mosquitto *client,
            void             *data,
            int               code)
{
  Subscriber *self = data;

  if (code != 0)
    exit (1);
  mosquitto_subscribe (client, NULL, self->filter, 1);
}

static void
subscribe_cb (struct mosquitto *client,
              void             *data,
              int               id,
              int               n_levels,
              const int        *levels)
{
  puts ("ready");
  fflush (stdout);
}

static void
message_cb (struct mosquitto               *client,
            void                           *data,
            const struct mosquitto_message *message)
{
  Subscriber *self = data;

  if (message->payloadlen > 0 && !message->retain && ++self->count == self->wanted)
    {
      printf ("%.6f\n", get_time ());
      fflush (stdout);
      mosquitto_disconnect (client);
    }
}

/* subscribe PORT USERNAME PASSWORD FILTER COUNT: as bare as libmosquitto can */
static int
run_subscribe (char **args)
{
  Subscriber self = { .filter = args[3], .wanted = (guint) atoi (args[4]) };
  struct mosquitto *client;

  mosquitto_lib_init ();
  client = mosquitto_new ("bellwether-bench", true, &self);
  mosquitto_username_pw_set (client, args[1], args[2]);
  mosquitto_connect_callback_set (client, connect_cb);
  mosquitto_subscribe_callback_set (client, subscribe_cb);
  mosquitto_message_callback_set (client, message_cb);
  if (mosquitto_connect (client, "127.0.0.1", atoi (args[0]), 60) != MOSQ_ERR_SUCCESS)
    return 1;
  mosquitto_loop_forever (client, -1, 1);
  mosquitto_destroy (client);

  return self.count == self.wanted ? 0 : 1;
}

int
main (int    argc,
      char **argv)
{
  if (argc == 8 && strcmp (argv[1], "publish") == 0)
    return run_publish (argv + 2);

  if (argc == 7 && strcmp (argv[1], "subscribe") == 0)
    return run_subscribe (argv + 2);

  fprintf (stderr, "bench-ingest: bench-ingest.py runs this\n");

  return 2;
}
