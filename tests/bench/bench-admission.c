/* bench-admission.c: what admission costs the broker
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-bench"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bw-test.h"
#include "bw-test-broker-db.h"

/* CPU time of the broker per connect: ours with a million devices in broker.db,
 * against the same broker without any plugin that lets everybody in. The same
 * CONNECT packets go to both, in turns, so that other load hits both alike. */

#define N_KNOWN_DEFAULT 1000000
#define N_ROUNDS        10
#define N_CONNECTS      2000   /* in a round, with each broker */
#define WARM_UP_US      (2 * G_USEC_PER_SEC)   /* the plugin takes the first second for a time of writing */
#define N_OPEN          200    /* each stays until that many others have come: long enough to be announced */
#define BAR             1.5

/* as in data/server/mosquitto.conf, as far as it matters here */
static const char common_conf[] =
  "max_inflight_messages 0\n"
  "max_queued_messages 1000000000\n"
  "set_tcp_nodelay true\n"
  "connection_messages false\n";

static guint
put_text (guint8     *at,
          const char *text)
{
  gsize length = strlen (text);

  at[0] = (guint8) (length >> 8);
  at[1] = (guint8) length;
  memcpy (at + 2, text, length);

  return (guint) length + 2;
}

/* MQTT 3.1.1: clean session, user name and password. */
static guint
make_connect (guint8      packet[128],
              const char *id,
              const char *key)
{
  guint8 body[120];
  guint n = 0;

  n += put_text (body + n, "MQTT");
  body[n++] = 4;
  body[n++] = 0x80 | 0x40 | 0x02;
  body[n++] = 0;
  body[n++] = 60;
  n += put_text (body + n, id);
  n += put_text (body + n, id);
  n += put_text (body + n, key);

  packet[0] = 0x10;
  packet[1] = (guint8) n;
  memcpy (packet + 2, body, n);

  return n + 2;
}

static int
open_one (guint16 port,
          guint   nth)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port) };
  char id[20];
  char key[27];
  guint8 packet[128];
  guint8 answer[4] = { 0 };
  guint length;
  int fd;

  bw_test_broker_db_nth (nth, id, key);
  length = make_connect (packet, id, key);
  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);

  fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (connect (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (write (fd, packet, length), ==, (gssize) length);
  g_assert_cmpint (recv (fd, answer, sizeof answer, MSG_WAITALL), ==, sizeof answer);
  g_assert_cmpuint (answer[0], ==, 0x20);
  g_assert_cmpuint (answer[3], ==, 0);

  return fd;
}

static void
close_one (int fd)
{
  static const guint8 disconnect[] = { 0xe0, 0 };

  g_assert_cmpint (write (fd, disconnect, sizeof disconnect), ==, sizeof disconnect);
  close (fd);
}

/* utime + stime in µs; the kernel counts in clock ticks of 10 ms, a round has many. */
static double
read_cpu_us (BwTestBroker *broker)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", bw_test_broker_get_pid (broker));
  g_autofree char *text = NULL;
  g_auto(GStrv) fields = NULL;
  guint64 ticks;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  fields = g_strsplit (strrchr (text, ')') + 2, " ", 0);
  ticks = g_ascii_strtoull (fields[11], NULL, 10) + g_ascii_strtoull (fields[12], NULL, 10);

  return (double) ticks * 1e6 / (double) sysconf (_SC_CLK_TCK);
}

static double
run_round (BwTestBroker *broker,
           guint         n_known)
{
  double before = read_cpu_us (broker);
  int open[N_OPEN];

  for (guint i = 0; i < N_CONNECTS; i++)
    {
      if (i >= N_OPEN)
        close_one (open[i % N_OPEN]);
      open[i % N_OPEN] = open_one (bw_test_broker_get_port (broker), (guint) g_random_int_range (0, (gint32) n_known));
    }
  for (guint i = 0; i < N_OPEN; i++)
    close_one (open[i]);

  return read_cpu_us (broker) - before;
}

static gboolean
has_opened (gpointer data)
{
  g_autofree char *log = bw_test_broker_read_log (data);

  return strstr (log, "admission reads") != NULL;
}

int
main (int   argc,
      char *argv[])
{
  guint n_known = argc > 1 ? (guint) g_ascii_strtoull (argv[1], NULL, 10) : N_KNOWN_DEFAULT;
  g_autofree char *dir = bw_test_make_dir ();
  g_autofree char *db_path = g_build_filename (dir, "broker.db", NULL);
  g_autofree char *conf = g_strdup_printf ("plugin %s\nplugin_opt_database %s\n%s", PLUGIN_PATH, db_path, common_conf);
  g_autofree char *bare_conf = g_strdup_printf ("allow_anonymous true\n%s", common_conf);
  g_autoptr(BwTestBroker) ours = NULL;
  g_autoptr(BwTestBroker) floor = NULL;
  sqlite3 *db = bw_test_broker_db_new (db_path);
  double ours_us = 0;
  double floor_us = 0;
  gint64 start;

  bw_test_broker_db_fill (db, n_known);
  ours = bw_test_broker_new (conf);
  floor = bw_test_broker_new (bare_conf);
  bw_test_wait_for (has_opened, ours);

  start = g_get_monotonic_time ();
  do
    {
      run_round (floor, n_known);
      run_round (ours, n_known);
    }
  while (g_get_monotonic_time () - start < WARM_UP_US);

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      floor_us += run_round (floor, n_known);
      ours_us += run_round (ours, n_known);
    }

  floor_us /= N_ROUNDS * N_CONNECTS;
  ours_us /= N_ROUNDS * N_CONNECTS;
  printf ("admission: broker CPU per connect, %u known IDs | %.1f µs | %.1f µs without a plugin | %.2f× | ≤ %.1f×\n",
          n_known, ours_us, floor_us, ours_us / floor_us, BAR);

  sqlite3_close (db);
  bw_test_remove_dir (dir);

  return 0;
}
