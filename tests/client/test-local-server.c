/* test-local-server.c: a real broker, and programs in place of the backend that do what the test wants
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "bw-error.h"
#include "bw-fake-backend.h"
#include "bw-local-server.h"
#include "bw-test.h"

typedef struct
{
  char          *folder;
  char          *data;
  char          *program;      /* stands for bellwetherd */
  BwFakeBackend *backend;
  BwLocalServer *server;
  GError        *error;
  gboolean       is_over;
  char          *exited;
  guint          n_restarts;
} Fixture;

/* @script: what runs as bellwetherd; %s is the address of the fake one */
static void
write_program (Fixture    *fixture,
               const char *script)
{
  g_autofree char *text = g_strdup_printf ("#!/bin/sh\necho \"$@\" >%s/arguments\necho $$ >%s/pid\n%s\n",
                                           fixture->folder, fixture->folder, script);

  g_assert_true (g_file_set_contents_full (fixture->program, text, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
}

static void
write_good_program (Fixture *fixture)
{
  g_autofree char *script = g_strdup_printf ("echo starting\necho ready %s more\nexec sleep 1000",
                                             bw_fake_backend_get_uri (fixture->backend));

  write_program (fixture, script);
}

static void
exited_cb (Fixture    *fixture,
           const char *which,
           GError     *why)
{
  g_assert_error (why, BW_ERROR, BW_ERROR_UNAVAILABLE);
  g_free (fixture->exited);
  fixture->exited = g_strdup (which);
}

static void
restarting_cb (Fixture *fixture)
{
  fixture->n_restarts++;
}

static void
make_server (Fixture *fixture,
             guint16  http_port,
             guint16  broker_port)
{
  fixture->server = bw_local_server_new (fixture->data, http_port, broker_port);
  g_signal_connect_swapped (fixture->server, "exited", G_CALLBACK (exited_cb), fixture);
  g_signal_connect_swapped (fixture->server, "restarting", G_CALLBACK (restarting_cb), fixture);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = bw_test_make_dir ();
  fixture->data = g_build_filename (fixture->folder, "a data folder", NULL);
  fixture->program = g_build_filename (fixture->folder, "bellwetherd", NULL);
  fixture->backend = bw_fake_backend_new ();
  bw_fake_backend_answer (fixture->backend, "GET /v1/status", 200,
                          "{\"name\":\"bellwetherd\",\"version\":\"1\",\"broker\":\"connected\"}");
  g_setenv ("BELLWETHER_DAEMON", fixture->program, TRUE);
  g_unsetenv ("BELLWETHER_MOSQUITTO");
}

static gboolean
is_over (gpointer data)
{
  return ((Fixture *) data)->is_over;
}

static void
started_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_clear_error (&fixture->error);
  bw_local_server_start_finish (BW_LOCAL_SERVER (source), result, &fixture->error);
  fixture->is_over = TRUE;
}

static void
start (Fixture      *fixture,
       GCancellable *cancellable)
{
  fixture->is_over = FALSE;
  bw_local_server_start_async (fixture->server, cancellable, started_cb, fixture);
}

static void
stopped_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_assert_true (bw_local_server_stop_finish (BW_LOCAL_SERVER (source), result, NULL));
  ((Fixture *) user_data)->is_over = TRUE;
}

static void
stop (Fixture *fixture)
{
  fixture->is_over = FALSE;
  bw_local_server_stop_async (fixture->server, stopped_cb, fixture);
  bw_test_wait_for (is_over, fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  stop (fixture);
  bw_wait_finalized (fixture->server);
  bw_fake_backend_free (fixture->backend);
  bw_test_remove_dir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->data);
  g_free (fixture->program);
  g_free (fixture->exited);
  g_clear_error (&fixture->error);
}

static gboolean
broker_accepts (const char *uri)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnection) connection = NULL;

  connection = g_socket_client_connect_to_uri (client, uri, 1883, NULL, NULL);

  return connection != NULL;
}

/* The backend that stands in says “connected” before the broker is there. */
static gboolean
broker_is_there (gpointer data)
{
  return broker_accepts (bw_local_server_get_broker_uri (((Fixture *) data)->server));
}

static pid_t
pid_of_backend (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->folder, "pid", NULL);
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;

  return (pid_t) g_ascii_strtoll (text, NULL, 10);
}

static gboolean
backend_is_gone (Fixture *fixture)
{
  return pid_of_backend (fixture) > 0 && kill (pid_of_backend (fixture), 0) != 0 && errno == ESRCH;
}

/* What a backend leaves: with it the broker starts first. */
static void
make_broker_db (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->data, "broker.db", NULL);

  g_assert_true (g_file_set_contents (path, "", 0, NULL));
}

static void
test_start_and_stop (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "arguments", NULL);
  g_autofree char *arguments = NULL;
  g_autofree char *broker = NULL;

  write_good_program (fixture);
  make_server (fixture, 0, 0);

  /* twice: the folder holds an earlier installation then */
  for (guint i = 0; i < 2; i++)
    {
      start (fixture, NULL);
      bw_test_wait_for (is_over, fixture);
      g_assert_no_error (fixture->error);
      g_assert_cmpstr (bw_local_server_get_http_uri (fixture->server), ==,
                       bw_fake_backend_get_uri (fixture->backend));
      g_free (broker);
      broker = g_strdup (bw_local_server_get_broker_uri (fixture->server));
      bw_test_wait_for (broker_is_there, fixture);

      stop (fixture);
      g_assert_false (broker_accepts (broker));
      g_assert_true (backend_is_gone (fixture));
      make_broker_db (fixture);
    }

  g_assert_true (g_file_get_contents (path, &arguments, NULL, NULL));
  g_assert_nonnull (strstr (arguments, "--listen 127.0.0.1:0 "));
  g_assert_nonnull (strstr (arguments, broker));
  g_assert_nonnull (strstr (arguments, bw_local_server_get_token_file (fixture->server)));
  g_assert_null (fixture->exited);
}

static void
test_ports_in_use (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GSocketService) service = g_socket_service_new ();
  guint16 port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);
  g_autofree char *text = g_strdup_printf ("port %u on this computer is in use already", (guint) port);

  write_good_program (fixture);
  make_server (fixture, port, 0);
  start (fixture, NULL);
  bw_test_wait_for (is_over, fixture);
  g_assert_error (fixture->error, BW_ERROR, BW_ERROR_CONFLICT);
  g_assert_cmpstr (fixture->error->message, ==, text);

  g_clear_object (&fixture->server);
  make_server (fixture, 0, port);
  start (fixture, NULL);
  bw_test_wait_for (is_over, fixture);
  g_assert_error (fixture->error, BW_ERROR, BW_ERROR_CONFLICT);
  g_assert_cmpstr (fixture->error->message, ==, text);
}

static void
test_last_words (Fixture       *fixture,
                 gconstpointer  data)
{
  write_program (fixture, "echo 'bellwetherd: the database is corrupt' >&2; echo 'so be it' >&2; exit 1");
  make_server (fixture, 0, 0);
  start (fixture, NULL);
  bw_test_wait_for (is_over, fixture);
  g_assert_error (fixture->error, BW_ERROR, BW_ERROR_UNAVAILABLE);
  g_assert_cmpstr (fixture->error->message, ==, "bellwetherd has ended: the database is corrupt");

  /* a log of an earlier run is not the reason of this one */
  write_program (fixture, "kill -9 $$");
  start (fixture, NULL);
  bw_test_wait_for (is_over, fixture);
  g_assert_cmpstr (fixture->error->message, ==, "bellwetherd was ended by signal 9");

  g_unlink (fixture->program);
  start (fixture, NULL);
  bw_test_wait_for (is_over, fixture);
  g_assert_error (fixture->error, BW_ERROR, BW_ERROR_INTERNAL);
  g_assert_true (g_str_has_prefix (fixture->error->message, "bellwetherd cannot be started: "));

  make_broker_db (fixture);
  g_setenv ("BELLWETHER_MOSQUITTO", "/bin/false", TRUE);
  start (fixture, NULL);
  bw_test_wait_for (is_over, fixture);
  g_assert_true (g_str_has_prefix (fixture->error->message, "mosquitto has ended, see "));
}

static gboolean
backend_runs (gpointer data)
{
  return pid_of_backend (data) > 0;
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  write_program (fixture, "exec sleep 1000");
  make_server (fixture, 0, 0);
  start (fixture, cancellable);
  bw_test_wait_for (backend_runs, fixture);
  g_assert_false (fixture->is_over);
  g_cancellable_cancel (cancellable);
  bw_test_wait_for (is_over, fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (backend_is_gone (fixture));
  g_assert_false (broker_accepts (bw_local_server_get_broker_uri (fixture->server)));
}

static void
test_one_on_a_folder (Fixture       *fixture,
                      gconstpointer  data)
{
  BwLocalServer *first;

  write_good_program (fixture);
  make_server (fixture, 0, 0);
  start (fixture, NULL);
  bw_test_wait_for (is_over, fixture);
  g_assert_no_error (fixture->error);

  first = g_steal_pointer (&fixture->server);
  make_server (fixture, 0, 0);
  start (fixture, NULL);
  bw_test_wait_for (is_over, fixture);
  g_assert_error (fixture->error, BW_ERROR, BW_ERROR_CONFLICT);
  g_assert_nonnull (strstr (fixture->error->message, fixture->data));
  bw_wait_finalized (fixture->server);
  fixture->server = first;
}

static gboolean
has_restarted (gpointer data)
{
  Fixture *fixture = data;

  return fixture->n_restarts > 0 && broker_accepts (bw_local_server_get_broker_uri (fixture->server));
}

static gboolean
has_exited (gpointer data)
{
  return ((Fixture *) data)->exited != NULL;
}

static pid_t
child_called (const char *name)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/task/%d/children", (int) getpid ());
  g_autofree char *text = NULL;
  g_auto(GStrv) pids = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  pids = g_strsplit (g_strstrip (text), " ", -1);

  for (char **pid = pids; *pid != NULL; pid++)
    {
      g_autofree char *comm_path = g_build_filename ("/proc", *pid, "comm", NULL);
      g_autofree char *comm = NULL;

      if (g_file_get_contents (comm_path, &comm, NULL, NULL) && g_str_equal (g_strstrip (comm), name))
        return (pid_t) g_ascii_strtoll (*pid, NULL, 10);
    }

  return 0;
}

static void
test_children_that_die (Fixture       *fixture,
                        gconstpointer  data)
{
  write_good_program (fixture);
  make_server (fixture, 0, 0);
  start (fixture, NULL);
  bw_test_wait_for (is_over, fixture);
  g_assert_no_error (fixture->error);

  /* a broker comes back at the same place */
  bw_test_wait_for (broker_is_there, fixture);
  g_assert_cmpint (child_called ("mosquitto"), >, 0);
  g_assert_cmpint (kill (child_called ("mosquitto"), SIGKILL), ==, 0);
  bw_test_wait_for (has_restarted, fixture);
  g_assert_null (fixture->exited);

  /* a backend does not: whoever runs it has to know */
  g_assert_cmpint (kill (pid_of_backend (fixture), SIGKILL), ==, 0);
  bw_test_wait_for (has_exited, fixture);
  g_assert_cmpstr (fixture->exited, ==, "bellwetherd");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/client/local-server/start-and-stop", Fixture, NULL, set_up, test_start_and_stop, tear_down);
  g_test_add ("/client/local-server/ports-in-use", Fixture, NULL, set_up, test_ports_in_use, tear_down);
  g_test_add ("/client/local-server/last-words", Fixture, NULL, set_up, test_last_words, tear_down);
  g_test_add ("/client/local-server/cancel", Fixture, NULL, set_up, test_cancel, tear_down);
  g_test_add ("/client/local-server/one-on-a-folder", Fixture, NULL, set_up, test_one_on_a_folder, tear_down);
  g_test_add ("/client/local-server/children-that-die", Fixture, NULL, set_up, test_children_that_die, tear_down);

  return g_test_run ();
}
