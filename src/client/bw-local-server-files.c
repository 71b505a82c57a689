/* bw-local-server-files.c: finding the programs, their settings, their logs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-local-server-private.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "bw-error.h"

#define LOG_MAX_BYTES   (4 * 1024 * 1024)
#define LAST_WORDS_MAX  (8 * 1024)
#define LOCK_FD         9

static char *
own_folder (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);

  return self != NULL ? g_path_get_dirname (self) : NULL;
}

/* @beside: paths relative to the running program's folder, NULL-terminated */
static char *
find_beside (const char * const *beside)
{
  g_autofree char *folder = own_folder ();

  for (gsize i = 0; folder != NULL && beside[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (folder, beside[i], NULL);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return g_canonicalize_filename (path, NULL);
    }

  return NULL;
}

static char *
from_environment (const char *name)
{
  const char *path = g_getenv (name);

  return path != NULL && *path != '\0' ? g_canonicalize_filename (path, NULL) : NULL;
}

char *
bw_local_server_find_backend (GError **error)
{
  static const char * const beside[] = {
    "bellwetherd", "../server/bellwetherd", "../../src/server/bellwetherd", "../sbin/bellwetherd", NULL
  };
  const char *libexec = g_getenv ("BELLWETHER_LIBEXEC");
  char *path = from_environment ("BELLWETHER_DAEMON");

  if (path == NULL && libexec != NULL)
    path = g_build_filename (libexec, "bellwetherd", NULL);
  if (path == NULL)
    path = find_beside (beside);
  if (path == NULL)
    path = g_find_program_in_path ("bellwetherd");

  if (path == NULL)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_NOT_FOUND,
                         "bellwetherd is not installed on this computer");

  return path;
}

char *
bw_local_server_find_plugin (GError **error)
{
  static const char * const beside[] = {
    "../plugin/bellwether-broker-plugin.so",
    "../../src/plugin/bellwether-broker-plugin.so",
    "../" BW_LIBDIR_NAME "/bellwether/bellwether-broker-plugin.so",
    NULL
  };
  const char *installed = BW_LIBDIR "/bellwether/bellwether-broker-plugin.so";
  char *path = from_environment ("BELLWETHER_PLUGIN");

  if (path == NULL)
    path = find_beside (beside);
  if (path == NULL && g_file_test (installed, G_FILE_TEST_IS_REGULAR))
    path = g_strdup (installed);

  if (path == NULL)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_NOT_FOUND,
                         "Bellwether's broker plugin is not installed on this computer");

  return path;
}

char *
bw_local_server_find_broker (GError **error)
{
  /* Where a distribution puts it, which is not in every user's PATH. */
  static const char * const places[] = {
    "/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/sbin/mosquitto", NULL
  };
  char *path = from_environment ("BELLWETHER_MOSQUITTO");

  if (path == NULL)
    path = g_find_program_in_path ("mosquitto");

  for (gsize i = 0; path == NULL && places[i] != NULL; i++)
    {
      if (g_file_test (places[i], G_FILE_TEST_IS_EXECUTABLE))
        path = g_strdup (places[i]);
    }

  if (path == NULL)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_NOT_FOUND,
                         "the MQTT broker mosquitto is not installed on this computer");

  return path;
}

gboolean
bw_local_server_write_conf (const char           *data_dir,
                            const char           *plugin,
                            guint16               port,
                            BwLocalCertificates  *certificates,
                            GError              **error)
{
  g_autofree char *path = g_build_filename (data_dir, "mosquitto.conf", NULL);
  g_autofree char *tls = NULL;
  g_autofree char *text = NULL;

  if (strpbrk (data_dir, "\r\n") != NULL || strpbrk (plugin, "\r\n") != NULL)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "the data folder's name holds a line break");
      return FALSE;
    }

  if (certificates != NULL)
    tls = g_strdup_printf ("certfile %s\nkeyfile %s\n", bw_local_certificates_get_certificate (certificates),
                           bw_local_certificates_get_key (certificates));

  /* Started by root, mosquitto becomes the user “mosquitto”, who may not read the folder. The
   * rest is what data/server/mosquitto.conf says, and why. */
  text = g_strdup_printf ("# Written anew at each start.\n"
                          "user %s\n"
                          "listener %u 127.0.0.1\n"
                          "%s"
                          "allow_anonymous false\n"
                          "plugin %s\n"
                          "plugin_opt_database %s/broker.db\n"
                          "persistence true\n"
                          "persistence_location %s/broker/\n"
                          "autosave_interval 60\n"
                          "persistent_client_expiration 7d\n"
                          "check_retain_source false\n"
                          "max_inflight_messages 20000\n"
                          "max_queued_messages 1000000000\n"
                          "max_queued_bytes 268435456\n"
                          "message_size_limit 1048576\n"
                          "set_tcp_nodelay true\n"
                          "connection_messages false\n"
                          "log_dest stderr\n"
                          "log_timestamp_format %%Y-%%m-%%dT%%H:%%M:%%S\n"
                          "log_type error\n"
                          "log_type warning\n"
                          "log_type notice\n",
                          g_get_user_name (), (guint) port, tls != NULL ? tls : "", plugin, data_dir, data_dir);

  if (!g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error))
    {
      bw_error_adopt (error);
      return FALSE;
    }

  return TRUE;
}

int
bw_local_server_open_folder (const char  *data_dir,
                             GError     **error)
{
  g_autofree char *persistence = g_build_filename (data_dir, "broker", NULL);
  g_autofree char *lock = g_build_filename (data_dir, "serve.lock", NULL);
  int fd = -1;

  if (g_mkdir_with_parents (data_dir, 0700) != 0 || g_mkdir_with_parents (persistence, 0700) != 0 ||
      (fd = g_open (lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600)) < 0)
    g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                 "cannot use the folder “%s”: %s", data_dir, g_strerror (errno));

  return fd;
}

gboolean
bw_local_server_take_lock (int          fd,
                           const char  *data_dir,
                           GError     **error)
{
  if (flock (fd, LOCK_EX | LOCK_NB) == 0)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT,
               "another Bellwether is running on the folder “%s”", data_dir);

  return FALSE;
}

gboolean
bw_local_server_has_broker_db (const char *data_dir)
{
  g_autofree char *path = g_build_filename (data_dir, "broker.db", NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

gboolean
bw_local_server_pick_port (guint16    wanted,
                           guint16   *ret_port,
                           GError   **error)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl (INADDR_LOOPBACK) },
                                 .sin_port = htons (wanted) };
  socklen_t length = sizeof address;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int yes = 1;
  int saved_errno = 0;

  /* As the programs themselves do: a port that only waits for old packets is free. */
  if (fd < 0 ||
      setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
      bind (fd, (struct sockaddr *) &address, sizeof address) != 0 ||
      listen (fd, 1) != 0 ||
      getsockname (fd, (struct sockaddr *) &address, &length) != 0)
    saved_errno = errno;

  if (fd >= 0)
    close (fd);

  if (saved_errno == EADDRINUSE)
    g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT,
                 "port %u on this computer is in use already", (guint) wanted);
  else if (saved_errno != 0)
    g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                 "port %u on this computer cannot be had: %s", (guint) wanted, g_strerror (saved_errno));

  if (saved_errno != 0)
    return FALSE;

  *ret_port = ntohs (address.sin_port);

  return TRUE;
}

int
bw_local_server_open_log (const char  *path,
                          gint64      *ret_start,
                          GError     **error)
{
  g_autofree char *old = g_strconcat (path, ".old", NULL);
  struct stat info;
  int fd;

  if (stat (path, &info) == 0 && info.st_size > LOG_MAX_BYTES)
    g_rename (path, old);

  fd = g_open (path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0 || fstat (fd, &info) != 0)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                   "cannot write “%s”: %s", path, g_strerror (errno));
      if (fd >= 0)
        close (fd);

      return -1;
    }

  *ret_start = info.st_size;

  return fd;
}

char *
bw_local_server_last_words (const char *path,
                            gint64      start,
                            const char *name)
{
  g_autofree char *own_prefix = g_strconcat (name, ": ", NULL);
  g_autofree char *text = g_malloc (LAST_WORDS_MAX + 1);
  g_auto(GStrv) lines = NULL;
  const char *best = NULL;
  gboolean best_is_error = FALSE;
  ssize_t n_read = 0;
  struct stat info;
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);

  if (fd >= 0 && fstat (fd, &info) == 0)
    n_read = pread (fd, text, LAST_WORDS_MAX, MAX (start, info.st_size - LAST_WORDS_MAX));
  if (fd >= 0)
    close (fd);

  text[MAX (n_read, 0)] = '\0';
  lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      const char *wording = strstr (*line, "Error: ");

      /* mosquitto writes the time and “Error: ”, bellwetherd its name as programs do */
      if (wording != NULL)
        wording += strlen ("Error: ");
      else if (g_str_has_prefix (*line, own_prefix))
        wording = *line + strlen (own_prefix);

      if (wording != NULL)
        {
          best = wording;
          best_is_error = TRUE;
        }
      else if (!best_is_error && *g_strstrip (*line) != '\0')
        best = *line;
    }

  return best != NULL ? g_utf8_make_valid (best, -1) : NULL;
}

GError *
bw_local_server_why_it_ended (const char  *name,
                              const char  *log_path,
                              gint64       log_start,
                              GSubprocess *process)
{
  g_autofree char *words = bw_local_server_last_words (log_path, log_start, name);

  if (words != NULL)
    return g_error_new (BW_ERROR, BW_ERROR_UNAVAILABLE, "%s has ended: %s", name, words);

  if (g_subprocess_get_if_signaled (process))
    return g_error_new (BW_ERROR, BW_ERROR_UNAVAILABLE, "%s was ended by signal %d",
                        name, g_subprocess_get_term_sig (process));

  return g_error_new (BW_ERROR, BW_ERROR_UNAVAILABLE, "%s has ended, see %s", name, log_path);
}

/* Runs between fork and exec: only what is safe there. */
static void
prepare_child (gpointer user_data)
{
  pid_t parent = (pid_t) GPOINTER_TO_INT (user_data);

  /* Ctrl+C in a terminal is for us; we stop them in order. */
  setpgid (0, 0);

  prctl (PR_SET_PDEATHSIG, SIGTERM);
  if (getppid () != parent)
    _exit (1);
}

GSubprocess *
bw_local_server_spawn (const char * const  *argv,
                       GSubprocessFlags     flags,
                       int                  log_fd,
                       int                  lock_fd,
                       const char          *database,
                       GError             **error)
{
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);

  g_subprocess_launcher_take_stderr_fd (launcher, log_fd);
  g_subprocess_launcher_take_fd (launcher, fcntl (lock_fd, F_DUPFD_CLOEXEC, 3), LOCK_FD);
  /* not an argument: everybody sees those */
  if (database != NULL)
    g_subprocess_launcher_setenv (launcher, "BELLWETHER_DATABASE", database, TRUE);
  g_subprocess_launcher_set_child_setup (launcher, prepare_child, GINT_TO_POINTER (getpid ()), NULL);

  return g_subprocess_launcher_spawnv (launcher, argv, error);
}
