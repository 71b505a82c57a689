/* ctl-serve.c: bellwetherctl serve
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl.h"

#include <stdio.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "bw-error.h"
#include "bw-local-server.h"

static void
exited_cb (BwLocalServer *server,
           const char    *which,
           GError        *why,
           gpointer       user_data)
{
  GError **ret_why = user_data;

  if (*ret_why == NULL)
    *ret_why = g_error_copy (why);
}

static void
restarting_cb (BwLocalServer *server,
               const char    *which,
               GError        *why,
               gpointer       user_data)
{
  g_printerr (_("bellwetherctl: %s; starting it again\n"), why->message);
}

static void
stop (Ctl           *ctl,
      BwLocalServer *server)
{
  g_autoptr(GAsyncResult) result = NULL;

  bw_local_server_stop_async (server, ctl_result_cb, ctl);
  result = ctl_await (ctl);
  bw_local_server_stop_finish (server, result, NULL);
}

/* A person who starts it for the first time has to get in somehow. */
static void
tell_first_password (const char *data)
{
  g_autofree char *path = g_build_filename (data, "admin-password", NULL);

  if (isatty (STDERR_FILENO) && g_file_test (path, G_FILE_TEST_EXISTS))
    g_printerr (_("The one-time password of “admin” is in %s\n"), path);
}

static gboolean
is_port (int number)
{
  return number >= 0 && number <= G_MAXUINT16;
}

static CtlStatus
serve (Ctl              *ctl,
       const CtlCommand *command,
       char            **arguments)
{
  g_autofree char *data = NULL;
  g_autofree char *database = NULL;
  int port = 0;
  int broker_port = 0;
  gboolean with_tls = FALSE;
  const GOptionEntry entries[] = {
    { "data", 'd', G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME, &data, N_("The folder that holds everything; made when missing"), N_("FOLDER") },
    { "port", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &port, N_("Of the backend; 0 is any free one"), N_("PORT") },
    { "broker-port", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &broker_port, N_("Of the broker; 0 is any free one"), N_("PORT") },
    { "tls", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &with_tls, N_("Answer by TLS, with certificates made for this computer"), NULL },
    { "database", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &database,
      N_("Another database than the one in the folder"), N_("URL") },
    { NULL }
  };
  g_autoptr(BwLocalServer) server = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, entries, arguments, 0, 0))
    return CTL_USAGE;

  if (data == NULL)
    return ctl_usage_error (command, _("--%s is missing"), "data");

  if (!is_port (port) || !is_port (broker_port))
    return ctl_usage_error (command, "%s", _("a port is a number from 0 to 65535"));

  server = bw_local_server_new (data, (guint16) port, (guint16) broker_port);
  bw_local_server_set_database (server, database);
  if (with_tls)
    bw_local_server_use_tls (server);
  g_signal_connect (server, "exited", G_CALLBACK (exited_cb), &error);
  g_signal_connect (server, "restarting", G_CALLBACK (restarting_cb), NULL);

  bw_local_server_start_async (server, ctl->cancellable, ctl_result_cb, ctl);
  result = ctl_await (ctl);
  if (!bw_local_server_start_finish (server, result, &error))
    {
      /* Stopped before it was there is stopped as wanted. */
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return CTL_DONE;

      return ctl_fail (error);
    }

  printf ("ready api=%s broker=%s token-file=%s", bw_local_server_get_http_uri (server),
          bw_local_server_get_broker_uri (server), bw_local_server_get_token_file (server));
  if (with_tls)
    printf (" ca=%s", bw_local_server_get_ca_file (server));
  putchar ('\n');
  fflush (stdout);
  tell_first_password (data);

  while (!g_cancellable_is_cancelled (ctl->cancellable) && error == NULL)
    g_main_context_iteration (NULL, TRUE);

  stop (ctl, server);

  return error != NULL ? ctl_fail (error) : CTL_DONE;
}

const CtlCommand ctl_serve_commands[] = {
  { NULL, "serve", "--data FOLDER [--port PORT] [--broker-port PORT] [--database URL] [--tls]",
    N_("Run broker and backend in the foreground, until Ctrl+C or SIGTERM"), serve },
  { NULL }
};
