/* test-link.c: a link against a real broker
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "bw-error.h"
#include "bw-mqtt-link.h"
#include "bw-test.h"

typedef struct
{
  BwTestBroker *broker;
  char         *uri;
  BwMqttLink   *link;
  GPtrArray    *messages;       /* char*: "topic=payload" */
  GArray       *acknowledged;   /* guint */
  guint         n_refused;
  guint         refused_code;
  guint         n_wanted;
  guint         n_batches;
  gsize         longest;
} Fixture;

static void
batch_cb (BwMqttLink          *link,
          const BwMqttMessage *messages,
          guint                n_messages,
          gpointer             user_data)
{
  Fixture *fixture = user_data;

  fixture->n_batches++;
  for (guint i = 0; i < n_messages; i++)
    {
      g_assert_cmpint (messages[i].payload[messages[i].length], ==, '\0');
      fixture->longest = MAX (fixture->longest, messages[i].length);
      g_ptr_array_add (fixture->messages,
                       g_strdup_printf ("%s=%.*s", messages[i].topic, (int) MIN (messages[i].length, 100),
                                        messages[i].payload));
    }
}

static void
acknowledged_cb (BwMqttLink *link,
                 guint       id,
                 gpointer    user_data)
{
  Fixture *fixture = user_data;

  g_array_append_val (fixture->acknowledged, id);
}

static void
refused_cb (BwMqttLink *link,
            guint       code,
            const char *text,
            gpointer    user_data)
{
  Fixture *fixture = user_data;

  g_assert_nonnull (text);
  fixture->n_refused++;
  fixture->refused_code = code;
}

static BwMqttLink *
new_link (Fixture    *fixture,
          const char *username,
          const char *password)
{
  g_autoptr(GError) error = NULL;
  BwMqttLink *link = bw_mqtt_link_new (fixture->uri, NULL, username, password, batch_cb, fixture, &error);

  g_assert_no_error (error);
  g_signal_connect (link, "acknowledged", G_CALLBACK (acknowledged_cb), fixture);
  g_signal_connect (link, "refused", G_CALLBACK (refused_cb), fixture);

  return link;
}

static gboolean
is_connected (gpointer data)
{
  Fixture *fixture = data;

  return bw_mqtt_link_get_connected (fixture->link);
}

static gboolean
is_disconnected (gpointer data)
{
  return !is_connected (data);
}

static gboolean
has_messages (gpointer data)
{
  Fixture *fixture = data;

  return fixture->messages->len >= fixture->n_wanted;
}

static gboolean
has_acknowledged (gpointer data)
{
  Fixture *fixture = data;

  return fixture->acknowledged->len >= fixture->n_wanted;
}

static gboolean
has_refused (gpointer data)
{
  Fixture *fixture = data;

  return fixture->n_refused > 0;
}

static void
wait_for_messages (Fixture *fixture,
                   guint    n)
{
  fixture->n_wanted = n;
  bw_test_wait_for (has_messages, fixture);
  g_assert_cmpuint (fixture->messages->len, ==, n);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->broker = bw_test_broker_new (data != NULL ? data : "allow_anonymous true\n");
  fixture->uri = g_strdup_printf ("mqtt://127.0.0.1:%u", bw_test_broker_get_port (fixture->broker));
  fixture->messages = g_ptr_array_new_with_free_func (g_free);
  fixture->acknowledged = g_array_new (FALSE, FALSE, sizeof (guint));
  fixture->link = new_link (fixture, NULL, NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_object (&fixture->link);
  g_clear_pointer (&fixture->broker, bw_test_broker_free);
  g_clear_pointer (&fixture->messages, g_ptr_array_unref);
  g_clear_pointer (&fixture->acknowledged, g_array_unref);
  g_free (fixture->uri);
}

static void
publish (Fixture    *fixture,
         const char *topic,
         const char *payload,
         guint       qos)
{
  g_autoptr(GError) error = NULL;
  gboolean ok = bw_mqtt_link_publish (fixture->link, topic, payload, strlen (payload), qos, FALSE, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
}

static void
test_starts_before_broker (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  guint id = 0;

  bw_test_broker_stop (fixture->broker);
  bw_mqtt_link_subscribe (fixture->link, "a/#", 1);
  bw_mqtt_link_start (fixture->link);
  bw_test_spin (300);
  g_assert_false (bw_mqtt_link_get_connected (fixture->link));

  g_assert_false (bw_mqtt_link_publish (fixture->link, "a/b", "1", 1, 1, FALSE, NULL, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE);

  bw_test_broker_start (fixture->broker);
  bw_test_wait_for (is_connected, fixture);

  g_assert_true (bw_mqtt_link_publish (fixture->link, "a/b", "1", 1, 1, FALSE, &id, NULL));
  wait_for_messages (fixture, 1);
  g_assert_cmpstr (g_ptr_array_index (fixture->messages, 0), ==, "a/b=1");

  fixture->n_wanted = 1;
  bw_test_wait_for (has_acknowledged, fixture);
  g_assert_cmpuint (g_array_index (fixture->acknowledged, guint, 0), ==, id);
}

static void
test_survives_broker (Fixture       *fixture,
                      gconstpointer  data)
{
  bw_mqtt_link_start (fixture->link);
  bw_test_wait_for (is_connected, fixture);
  bw_mqtt_link_subscribe (fixture->link, "a/+", 0);
  publish (fixture, "a/1", "x", 0);
  wait_for_messages (fixture, 1);

  bw_test_broker_kill (fixture->broker);
  bw_test_wait_for (is_disconnected, fixture);
  bw_test_broker_start (fixture->broker);
  bw_test_wait_for (is_connected, fixture);

  /* the subscription has come back with it */
  publish (fixture, "a/2", "y", 1);
  wait_for_messages (fixture, 2);

  bw_mqtt_link_unsubscribe (fixture->link, "a/+");
  publish (fixture, "a/3", "z", 1);
  bw_mqtt_link_subscribe (fixture->link, "b", 1);
  publish (fixture, "b", "end", 1);
  wait_for_messages (fixture, 3);
  g_assert_cmpstr (g_ptr_array_index (fixture->messages, 2), ==, "b=end");
}

static void
test_is_quick (Fixture       *fixture,
               gconstpointer  data)
{
  gint64 start_us;

  bw_mqtt_link_subscribe (fixture->link, "a", 1);
  bw_mqtt_link_start (fixture->link);
  bw_test_wait_for (is_connected, fixture);
  publish (fixture, "a", "0", 1);
  wait_for_messages (fixture, 1);

  start_us = g_get_monotonic_time ();
  for (guint i = 0; i < 50; i++)
    {
      publish (fixture, "a", "1", 1);
      wait_for_messages (fixture, i + 2);
    }

  /* 50 round trips; a publish that waits for a time-out of the loop takes seconds for one */
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, 3 * G_USEC_PER_SEC);
}

static void
test_large_and_many (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autofree char *large = g_strnfill (2 * 1024 * 1024, 'x');

  bw_mqtt_link_subscribe (fixture->link, "a/#", 1);
  bw_mqtt_link_start (fixture->link);
  bw_test_wait_for (is_connected, fixture);

  publish (fixture, "a/large", large, 1);
  for (guint i = 0; i < 5000; i++)
    publish (fixture, "a/many", "1", 1);
  wait_for_messages (fixture, 5001);

  g_assert_cmpuint (fixture->longest, ==, 2 * 1024 * 1024);
  g_assert_cmpuint (bw_mqtt_link_get_n_dropped (fixture->link), ==, 0);
  fixture->n_wanted = 5001;
  bw_test_wait_for (has_acknowledged, fixture);
}

static void
test_will (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(BwMqttLink) other = new_link (fixture, NULL, NULL);

  bw_mqtt_link_subscribe (other, "will", 1);
  bw_mqtt_link_start (other);
  bw_mqtt_link_set_will (fixture->link, "will", "gone", 1, TRUE);
  bw_mqtt_link_start (fixture->link);
  bw_test_wait_for (is_connected, fixture);

  /* an orderly good-bye takes the will along */
  g_clear_object (&fixture->link);
  bw_test_spin (300);
  g_assert_cmpuint (fixture->messages->len, ==, 0);
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  bw_mqtt_link_start (fixture->link);
  bw_test_wait_for (has_refused, fixture);
  g_assert_cmpuint (fixture->refused_code, ==, 5);
  g_assert_false (bw_mqtt_link_get_connected (fixture->link));

  bw_mqtt_link_set_credentials (fixture->link, "somebody", "secret");
  bw_test_wait_for (is_connected, fixture);
}

static void
unref_cb (BwMqttLink          *link,
          const BwMqttMessage *messages,
          guint                n_messages,
          gpointer             user_data)
{
  Fixture *fixture = user_data;

  fixture->n_batches++;
  g_clear_object (&fixture->link);
}

static gboolean
is_gone (gpointer data)
{
  return ((Fixture *) data)->link == NULL;
}

static void
test_unref_in_batch (Fixture       *fixture,
                     gconstpointer  data)
{
  g_clear_object (&fixture->link);
  fixture->link = bw_mqtt_link_new (fixture->uri, NULL, NULL, NULL, unref_cb, fixture, NULL);
  bw_mqtt_link_subscribe (fixture->link, "a", 1);
  bw_mqtt_link_start (fixture->link);
  bw_test_wait_for (is_connected, fixture);
  publish (fixture, "a", "1", 1);
  publish (fixture, "a", "2", 1);
  bw_test_wait_for (is_gone, fixture);
  bw_test_spin (100);
  g_assert_cmpuint (fixture->n_batches, ==, 1);
}

/* A certificate for localhost that nobody has signed but itself. */
static gboolean
make_certificate (const char *dir)
{
  g_autofree char *command =
    g_strdup_printf ("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost "
                     "-addext subjectAltName=DNS:localhost -keyout %s/key.pem -out %s/cert.pem", dir, dir);
  g_autofree char *words = NULL;
  int status = 1;

  return g_spawn_command_line_sync (command, NULL, &words, &status, NULL) && status == 0;
}

/* SSL_CERT_FILE, which main() has set, stands for the system's certificates. */
static void
test_tls (void)
{
  const char *cert = g_getenv ("SSL_CERT_FILE");
  g_autofree char *dir = g_path_get_dirname (cert);
  guint16 port = bw_test_free_port ();
  g_autofree char *conf =
    g_strdup_printf ("allow_anonymous true\nlistener %u 127.0.0.1\ncertfile %s\nkeyfile %s/key.pem\n", port, cert, dir);
  Fixture fixture = { 0, };

  if (!make_certificate (dir))
    {
      g_test_skip ("there is no openssl");
      return;
    }

  set_up (&fixture, conf);
  g_clear_object (&fixture.link);
  g_free (fixture.uri);

  /* it is not who was asked for */
  fixture.uri = g_strdup_printf ("mqtts://127.0.0.1:%u", port);
  fixture.link = new_link (&fixture, NULL, NULL);
  bw_mqtt_link_start (fixture.link);
  bw_test_spin (700);
  g_assert_false (bw_mqtt_link_get_connected (fixture.link));
  g_clear_object (&fixture.link);
  g_free (fixture.uri);

  fixture.uri = g_strdup_printf ("mqtts://localhost:%u", port);
  fixture.link = new_link (&fixture, NULL, NULL);
  bw_mqtt_link_subscribe (fixture.link, "a", 1);
  bw_mqtt_link_start (fixture.link);
  bw_test_wait_for (is_connected, &fixture);
  for (guint i = 0; i < 200; i++)
    publish (&fixture, "a", "over TLS", 1);
  wait_for_messages (&fixture, 200);

  tear_down (&fixture, NULL);
}

static void
test_bad_uri (void)
{
  static const char *bad[] = { "", "localhost", "http://a", "mqtt://", "mqtt://a:99999", "mqtt//a" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (bw_mqtt_link_new (bad[i], NULL, NULL, NULL, NULL, NULL, &error));
      g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
    }
}

/* A link whose name lookup hangs or fails is let go of at once. */
static void
test_leaves_thread_behind (void)
{
  gint64 start_us = g_get_monotonic_time ();

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr(BwMqttLink) link = bw_mqtt_link_new ("mqtt://no-such-host.invalid", NULL, NULL, NULL, NULL, NULL, NULL);

      bw_mqtt_link_start (link);
    }

  g_assert_cmpint (g_get_monotonic_time () - start_us, <, 2 * G_USEC_PER_SEC);
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *dir = NULL;
  g_autofree char *password_file = NULL;
  g_autofree char *hash_passwords = NULL;
  g_autofree char *conf = NULL;
  g_autofree char *cert = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);

  dir = bw_test_make_dir ();
  cert = g_build_filename (dir, "cert.pem", NULL);
  g_setenv ("SSL_CERT_FILE", cert, TRUE);
  password_file = g_build_filename (dir, "passwords", NULL);
  g_assert_true (g_file_set_contents (password_file, "somebody:secret\n", -1, NULL));
  hash_passwords = g_strdup_printf ("mosquitto_passwd -U '%s'", password_file);
  g_assert_true (g_spawn_command_line_sync (hash_passwords, NULL, NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);
  conf = g_strdup_printf ("allow_anonymous false\npassword_file %s\n", password_file);

#define ADD(name, conf_, func) g_test_add (name, Fixture, conf_, set_up, func, tear_down)
  ADD ("/mqtt/link/starts-before-broker", NULL, test_starts_before_broker);
  ADD ("/mqtt/link/survives-broker", NULL, test_survives_broker);
  ADD ("/mqtt/link/is-quick", NULL, test_is_quick);
  ADD ("/mqtt/link/large-and-many", "allow_anonymous true\nmax_queued_messages 0\nmax_inflight_messages 0\n", test_large_and_many);
  ADD ("/mqtt/link/will", NULL, test_will);
  ADD ("/mqtt/link/refused", conf, test_refused);
  ADD ("/mqtt/link/unref-in-batch", NULL, test_unref_in_batch);
  g_test_add_func ("/mqtt/link/tls", test_tls);
  g_test_add_func ("/mqtt/link/bad-uri", test_bad_uri);
  g_test_add_func ("/mqtt/link/leaves-thread-behind", test_leaves_thread_behind);

  status = g_test_run ();
  bw_test_remove_dir (dir);

  return status;
}
