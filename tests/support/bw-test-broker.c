/* bw-test-broker.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-test"

#include "bw-test.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* A real broker for a test; gone with it, whatever way the test ends. */
struct _BwTestBroker
{
  char    *dir;
  char    *conf_path;
  char    *log_path;
  guint16  port;
  GPid     pid;
};

/* BW_TEST_MOSQUITTO: a script that starts it below valgrind, for example. */
static const char *
find_mosquitto (void)
{
  const char *wanted = g_getenv ("BW_TEST_MOSQUITTO");

  if (wanted != NULL)
    return wanted;

  /* Debian keeps it where an ordinary PATH does not look */
  return g_file_test ("/usr/sbin/mosquitto", G_FILE_TEST_IS_EXECUTABLE) ? "/usr/sbin/mosquitto"
                                                                        : "mosquitto";
}

static gboolean
is_listening (gpointer data)
{
  BwTestBroker *self = data;
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnection) connection = NULL;

  if (waitpid (self->pid, NULL, WNOHANG) != 0)
    {
      g_autofree char *log = bw_test_broker_read_log (self);

      self->pid = 0;
      g_error ("mosquitto did not start: %s", log);
    }

  connection = g_socket_client_connect_to_host (client, "127.0.0.1", self->port, NULL, NULL);

  return connection != NULL;
}

void
bw_test_broker_start (BwTestBroker *self)
{
  const char *argv[] = { find_mosquitto (), "-c", self->conf_path, NULL };
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (self->pid, ==, 0);

  g_spawn_async (self->dir, (char **) argv, NULL,
                 G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                 bw_test_die_with_parent, NULL, &self->pid, &error);
  g_assert_no_error (error);

  bw_test_wait_for (is_listening, self);
}

static void
end (BwTestBroker *self,
     int           how)
{
  if (self->pid == 0)
    return;

  kill (self->pid, how);
  while (waitpid (self->pid, NULL, 0) < 0 && errno == EINTR)
    continue;
  self->pid = 0;
}

void
bw_test_broker_stop (BwTestBroker *self)
{
  end (self, SIGTERM);
}

void
bw_test_broker_kill (BwTestBroker *self)
{
  end (self, SIGKILL);
}

BwTestBroker *
bw_test_broker_new (const char *conf)
{
  BwTestBroker *self = g_new0 (BwTestBroker, 1);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  self->dir = bw_test_make_dir ();
  self->conf_path = g_build_filename (self->dir, "mosquitto.conf", NULL);
  self->log_path = g_build_filename (self->dir, "mosquitto.log", NULL);
  self->port = bw_test_free_port ();

  /* as root it would change to a user that cannot read our folders */
  text = g_strdup_printf ("listener %u 127.0.0.1\n%slog_dest file %s\n%s\n",
                          self->port, getuid () == 0 ? "user root\n" : "", self->log_path,
                          conf != NULL ? conf : "");
  g_file_set_contents (self->conf_path, text, -1, &error);
  g_assert_no_error (error);

  bw_test_broker_start (self);

  return self;
}

void
bw_test_broker_free (BwTestBroker *self)
{
  bw_test_broker_stop (self);
  bw_test_remove_dir (self->dir);
  g_free (self->dir);
  g_free (self->conf_path);
  g_free (self->log_path);
  g_free (self);
}

guint16
bw_test_broker_get_port (BwTestBroker *self)
{
  return self->port;
}

GPid
bw_test_broker_get_pid (BwTestBroker *self)
{
  return self->pid;
}

const char *
bw_test_broker_get_dir (BwTestBroker *self)
{
  return self->dir;
}

char *
bw_test_broker_read_log (BwTestBroker *self)
{
  char *text = NULL;

  if (!g_file_get_contents (self->log_path, &text, NULL, NULL))
    return g_strdup ("");

  return text;
}
