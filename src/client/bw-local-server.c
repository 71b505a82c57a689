/* bw-local-server.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-local-server.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "bw-error.h"
#include "bw-json.h"
#include "bw-local-server-private.h"
#include "bw-session.h"

#define TICK_MS         20
#define LOCK_WAIT_S     5      /* an earlier one may still be on its way out */
#define START_WAIT_S    60     /* a migration takes a copy of a large database first */
#define STOP_WAIT_S     15     /* then SIGKILL */
#define PORT_TRIES_MAX  5
#define RESTARTS_MAX    3      /* of the broker, unless it lasts a while in between */
#define LASTING_S       60
#define RENEW_S         (60 * 60)

typedef enum
{
  STOPPED,
  LOCKING,      /* waiting for an earlier server on the folder to go */
  BROKER,       /* mosquitto is to accept a connection */
  BACKEND,      /* bellwetherd is to say that it is ready */
  CONNECTING,   /* bellwetherd is to reach the broker */
  RUNNING,
  STOPPING,
} Phase;

typedef struct
{
  BwLocalServer *server;     /* (unowned) */
  const char    *name;
  GSubprocess   *process;    /* (nullable) */
  char          *log_path;
  gint64         log_start;
} Child;

/**
 * BwLocalServer:
 *
 * A broker and a backend of this user on this computer. Starting is a row of
 * phases, looked at by one tick: each waits for what it can see from outside
 * (a port that answers, a line, a status), and one deadline is over all.
 */

struct _BwLocalServer
{
  GObject           parent_instance;

  char             *data_dir;
  guint16           wanted_http_port;
  guint16           wanted_broker_port;
  guint16           broker_port;
  char             *http_uri;
  char             *broker_uri;
  char             *token_file;
  char             *database;     /* (nullable) */
  BwLocalCertificates *certificates;   /* (nullable): without TLS */

  Phase             phase;
  Child             broker;
  Child             backend;
  int               lock_fd;
  guint             n_port_tries;
  gint64            broker_started_us;
  guint             n_restarts;
  gint64            deadline_us;
  guint             tick_source;
  guint             renew_source;
  gboolean          asking;       /* a look is on its way */
  GCancellable     *looks;
  BwSession        *session;      /* (nullable): for the status */
  GDataInputStream *lines;        /* (nullable): the backend's standard output */
  GTask            *start_task;
  GTask            *stop_task;
};

enum {
  EXITED,
  RESTARTING,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BwLocalServer, bw_local_server, G_TYPE_OBJECT)

static void     go_on_stopping (BwLocalServer *self);
static gboolean tick_cb        (gpointer       user_data);

static void
stop_ticking (BwLocalServer *self)
{
  g_clear_handle_id (&self->tick_source, g_source_remove);
  g_cancellable_cancel (self->looks);
  g_clear_object (&self->looks);
  self->asking = FALSE;
}

static void
start_ticking (BwLocalServer *self,
               guint          seconds)
{
  stop_ticking (self);
  self->looks = g_cancellable_new ();
  self->deadline_us = g_get_monotonic_time () + (gint64) seconds * G_USEC_PER_SEC;
  self->tick_source = g_timeout_add (TICK_MS, tick_cb, self);
}

static void
begin_stopping (BwLocalServer *self)
{
  g_clear_handle_id (&self->renew_source, g_source_remove);
  self->phase = STOPPING;
  start_ticking (self, STOP_WAIT_S);
  go_on_stopping (self);
}

/* The start came to nothing: whatever runs goes down first, then the caller is told. */
static void
fail_start (BwLocalServer *self,
            GError        *error)
{
  GTask *task = g_steal_pointer (&self->start_task);

  g_task_set_task_data (task, error, (GDestroyNotify) g_error_free);
  self->start_task = task;
  begin_stopping (self);
}

static void
stopped (BwLocalServer *self)
{
  g_autoptr(GTask) start_task = g_steal_pointer (&self->start_task);
  g_autoptr(GTask) stop_task = g_steal_pointer (&self->stop_task);

  stop_ticking (self);
  self->phase = STOPPED;
  g_clear_object (&self->lines);
  g_clear_object (&self->session);
  if (self->lock_fd >= 0)
    close (self->lock_fd);

  self->lock_fd = -1;

  if (start_task != NULL)
    {
      const GError *error = g_task_get_task_data (start_task);

      if (error != NULL)
        g_task_return_error (start_task, g_error_copy (error));
      else
        g_task_return_new_error (start_task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "stopped while starting");
    }

  if (stop_task != NULL)
    g_task_return_boolean (stop_task, TRUE);
}

/* The backend first: its last words to the devices still find the broker. */
static void
go_on_stopping (BwLocalServer *self)
{
  Child *next = self->backend.process != NULL ? &self->backend : &self->broker;

  if (next->process == NULL)
    {
      stopped (self);
      return;
    }

  g_subprocess_send_signal (next->process,
                            g_get_monotonic_time () < self->deadline_us ? SIGTERM : SIGKILL);
}

static gboolean start_broker  (BwLocalServer *self, GError **error);
static gboolean launch_broker (BwLocalServer *self, GError **error);

/* The backend finds the broker again by itself at the same port, and devices
 * come back; without the backend there is nobody to restart for. */
static void
ended_while_running (BwLocalServer *self,
                     Child         *child,
                     GError        *why)
{
  g_autoptr(GError) error = NULL;

  if (g_get_monotonic_time () - self->broker_started_us > LASTING_S * G_USEC_PER_SEC)
    self->n_restarts = 0;

  if (child == &self->broker && self->backend.process != NULL && self->n_restarts < RESTARTS_MAX)
    {
      self->n_restarts++;
      g_signal_emit (self, signals[RESTARTING], 0, child->name, why);
      if (self->phase != RUNNING || launch_broker (self, &error))
        return;

      why = error;
    }

  g_signal_emit (self, signals[EXITED], 0, child->name, why);
}

static void
child_ended_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  GSubprocess *process = G_SUBPROCESS (source);
  Child *child = user_data;
  g_autoptr(BwLocalServer) self = child->server;   /* the reference of the wait */
  g_autoptr(GError) error = NULL;

  g_subprocess_wait_finish (process, result, NULL);
  if (child->process != process)
    return;

  error = bw_local_server_why_it_ended (child->name, child->log_path, child->log_start, process);
  g_clear_object (&child->process);

  switch (self->phase)
    {
    case BROKER:
      /* Somebody else was quicker with the port: another one. */
      if (self->wanted_broker_port == 0 && strstr (error->message, "in use") != NULL &&
          ++self->n_port_tries < PORT_TRIES_MAX)
        {
          g_clear_error (&error);
          if (!start_broker (self, &error))
            fail_start (self, g_steal_pointer (&error));
          break;
        }

      fail_start (self, g_steal_pointer (&error));
      break;

    case BACKEND:
    case CONNECTING:
      fail_start (self, g_steal_pointer (&error));
      break;

    case RUNNING:
      ended_while_running (self, child, error);
      break;

    case STOPPING:
      go_on_stopping (self);
      break;

    case STOPPED:
    case LOCKING:
    default:
      break;
    }
}

static gboolean
spawn (BwLocalServer      *self,
       Child              *child,
       const char * const *argv,
       GSubprocessFlags    flags,
       GError            **error)
{
  int log_fd = bw_local_server_open_log (child->log_path, &child->log_start, error);

  if (log_fd < 0)
    return FALSE;

  child->process = bw_local_server_spawn (argv, flags, log_fd, self->lock_fd,
                                          child == &self->backend ? self->database : NULL, error);
  if (child->process == NULL)
    {
      g_prefix_error (error, "%s cannot be started: ", child->name);
      bw_error_adopt (error);
      return FALSE;
    }

  g_object_ref (self);
  g_subprocess_wait_async (child->process, NULL, child_ended_cb, child);

  return TRUE;
}

static gboolean
launch_broker (BwLocalServer  *self,
               GError        **error)
{
  g_autofree char *program = bw_local_server_find_broker (error);
  g_autofree char *plugin = program != NULL ? bw_local_server_find_plugin (error) : NULL;
  g_autofree char *conf = g_build_filename (self->data_dir, "mosquitto.conf", NULL);
  const char *argv[] = { program, "-c", conf, NULL };

  self->broker_started_us = g_get_monotonic_time ();

  return plugin != NULL &&
         bw_local_server_write_conf (self->data_dir, plugin, self->broker_port, self->certificates, error) &&
         spawn (self, &self->broker, argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE, error);
}

static gboolean
pick_broker_port (BwLocalServer  *self,
                  GError        **error)
{
  if (!bw_local_server_pick_port (self->wanted_broker_port, &self->broker_port, error))
    return FALSE;

  g_free (self->broker_uri);
  self->broker_uri = g_strdup_printf ("%s://127.0.0.1:%u", self->certificates != NULL ? "mqtts" : "mqtt",
                                      (guint) self->broker_port);

  return TRUE;
}

static gboolean
start_broker (BwLocalServer  *self,
              GError        **error)
{
  self->phase = BROKER;

  return pick_broker_port (self, error) && launch_broker (self, error);
}

static void
take_ready_line (BwLocalServer *self,
                 const char    *line)
{
  g_auto(GStrv) words = g_strsplit (line, " ", 3);
  g_autoptr(GError) error = NULL;

  self->session = bw_session_new (words[1], NULL);
  if (self->session == NULL)
    return;

  if (self->certificates != NULL &&
      !bw_session_set_ca_file (self->session, bw_local_certificates_get_ca (self->certificates), &error))
    {
      fail_start (self, g_steal_pointer (&error));
      return;
    }

  g_free (self->http_uri);
  self->http_uri = g_strdup (bw_session_get_base_uri (self->session));
  self->phase = CONNECTING;

  if (self->broker.process == NULL && !launch_broker (self, &error))
    fail_start (self, g_steal_pointer (&error));
}

static void
line_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(BwLocalServer) self = user_data;
  GDataInputStream *lines = G_DATA_INPUT_STREAM (source);
  g_autofree char *line = g_data_input_stream_read_line_finish_utf8 (lines, result, NULL, NULL);

  /* At its end, what there is to say is said when the process is waited for. */
  if (line == NULL || self->lines != lines)
    return;

  if (self->phase == BACKEND && g_str_has_prefix (line, "ready http"))
    take_ready_line (self, line);

  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, NULL, line_read_cb, g_object_ref (self));
}

static gboolean
start_backend (BwLocalServer  *self,
               GError        **error)
{
  g_autofree char *program = bw_local_server_find_backend (error);
  g_autofree char *listen_at = g_strdup_printf ("127.0.0.1:%u", (guint) self->wanted_http_port);
  gboolean with_tls = self->certificates != NULL;
  const char *argv[] = {
    program, "--data", self->data_dir, "--listen", listen_at, "--broker", self->broker_uri,
    "--token-file", self->token_file, with_tls ? "--tls-certificate" : NULL, NULL, "--tls-key", NULL, "--broker-ca", NULL,
    NULL
  };

  if (with_tls)
    {
      argv[10] = bw_local_certificates_get_certificate (self->certificates);
      argv[12] = bw_local_certificates_get_key (self->certificates);
      argv[14] = bw_local_certificates_get_ca (self->certificates);
    }

  if (program == NULL || !spawn (self, &self->backend, argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE, error))
    return FALSE;

  self->phase = BACKEND;
  self->lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->backend.process));
  g_data_input_stream_read_line_async (self->lines, G_PRIORITY_DEFAULT, NULL,
                                       line_read_cb, g_object_ref (self));

  return TRUE;
}

static void
broker_answered_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(BwLocalServer) self = user_data;
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GError) error = NULL;

  connection = g_socket_client_connect_to_host_finish (G_SOCKET_CLIENT (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->asking = FALSE;
  if (connection == NULL || self->phase != BROKER || self->broker.process == NULL)
    return;

  g_clear_error (&error);
  if (!start_backend (self, &error))
    fail_start (self, g_steal_pointer (&error));
}

static void
knock_at_broker (BwLocalServer *self)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();

  self->asking = TRUE;
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_connect_to_host_async (client, "127.0.0.1", self->broker_port, self->looks,
                                         broker_answered_cb, g_object_ref (self));
}

/* It may well run for longer than a certificate lasts. Both programs read it again. */
static gboolean
renew_cb (gpointer user_data)
{
  BwLocalServer *self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean is_new = FALSE;

  if (!bw_local_certificates_ensure (self->certificates, &is_new, &error))
    g_debug ("the certificate cannot be renewed: %s, ignoring", error->message);

  if (is_new && error == NULL && self->broker.process != NULL)
    g_subprocess_send_signal (self->broker.process, SIGHUP);
  if (is_new && error == NULL && self->backend.process != NULL)
    g_subprocess_send_signal (self->backend.process, SIGHUP);

  return G_SOURCE_CONTINUE;
}

static void
status_read_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(BwLocalServer) self = user_data;
  g_autoptr(JsonObject) status = NULL;
  g_autoptr(GError) error = NULL;

  status = bw_session_call_finish (BW_SESSION (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->asking = FALSE;
  if (self->phase != CONNECTING || g_strcmp0 (bw_json_get_string (status, "broker"), "connected") != 0)
    return;

  stop_ticking (self);
  self->phase = RUNNING;
  if (self->certificates != NULL)
    self->renew_source = g_timeout_add_seconds (RENEW_S, renew_cb, self);
  g_task_return_boolean (self->start_task, TRUE);
  g_clear_object (&self->start_task);
}

static void
ask_status (BwLocalServer *self)
{
  self->asking = TRUE;
  bw_session_call_async (self->session, "GET", "/v1/status", NULL, self->looks,
                         status_read_cb, g_object_ref (self));
}

static void
tick_locking (BwLocalServer *self)
{
  g_autoptr(GError) error = NULL;
  gboolean is_new = FALSE;

  if (!bw_local_server_take_lock (self->lock_fd, self->data_dir, &error))
    {
      if (g_get_monotonic_time () > self->deadline_us)
        fail_start (self, g_steal_pointer (&error));

      return;
    }

  start_ticking (self, START_WAIT_S);
  if (self->certificates != NULL && !bw_local_certificates_ensure (self->certificates, &is_new, &error))
    {
      fail_start (self, g_steal_pointer (&error));
      return;
    }

  /* The broker goes first: it knows at once whether it has its port. But on a new
   * folder it would look in vain for the database that the backend makes, and
   * refuse the backend for a second or two. */
  if (bw_local_server_has_broker_db (self->data_dir)
        ? !start_broker (self, &error)
        : !pick_broker_port (self, &error) || !start_backend (self, &error))
    fail_start (self, g_steal_pointer (&error));
}

static const char *
too_late_text (Phase phase)
{
  if (phase == BROKER)
    return "mosquitto did not answer in time";

  return phase == BACKEND ? "bellwetherd did not get ready in time" : "bellwetherd did not reach the broker in time";
}

static gboolean
tick_cb (gpointer user_data)
{
  g_autoptr(BwLocalServer) self = g_object_ref (user_data);
  gboolean too_late = g_get_monotonic_time () > self->deadline_us;

  if (self->phase == STOPPING)
    {
      if (too_late)
        go_on_stopping (self);

      return G_SOURCE_CONTINUE;
    }

  if (self->start_task != NULL && g_cancellable_is_cancelled (g_task_get_cancellable (self->start_task)))
    fail_start (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "the start was cancelled"));
  else if (self->phase == LOCKING)
    tick_locking (self);
  else if (too_late)
    fail_start (self, g_error_new_literal (BW_ERROR, BW_ERROR_UNAVAILABLE, too_late_text (self->phase)));
  else if (self->phase == BROKER && !self->asking)
    knock_at_broker (self);
  else if (self->phase == CONNECTING && !self->asking)
    ask_status (self);

  return G_SOURCE_CONTINUE;
}

static void
bw_local_server_dispose (GObject *object)
{
  BwLocalServer *self = (BwLocalServer *) object;

  stop_ticking (self);
  g_clear_handle_id (&self->renew_source, g_source_remove);

  /* Each process that runs holds a reference, so there is none any more. */
  g_clear_object (&self->lines);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_local_server_parent_class)->dispose (object);
}

static void
bw_local_server_finalize (GObject *object)
{
  BwLocalServer *self = (BwLocalServer *) object;

  if (self->lock_fd >= 0)
    close (self->lock_fd);

  g_clear_pointer (&self->broker.log_path, g_free);
  g_clear_pointer (&self->backend.log_path, g_free);
  g_clear_pointer (&self->data_dir, g_free);
  g_clear_pointer (&self->http_uri, g_free);
  g_clear_pointer (&self->broker_uri, g_free);
  g_clear_pointer (&self->token_file, g_free);
  g_clear_pointer (&self->database, g_free);
  g_clear_pointer (&self->certificates, bw_local_certificates_free);

  G_OBJECT_CLASS (bw_local_server_parent_class)->finalize (object);
}

static void
bw_local_server_class_init (BwLocalServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_local_server_dispose;
  object_class->finalize = bw_local_server_finalize;

  signals[EXITED] =
    g_signal_new ("exited", G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_ERROR);
  signals[RESTARTING] =
    g_signal_new ("restarting", G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_ERROR);
}

static void
bw_local_server_init (BwLocalServer *self)
{
  self->lock_fd = -1;
}

BwLocalServer *
bw_local_server_new (const char *data_dir,
                     guint16     http_port,
                     guint16     broker_port)
{
  BwLocalServer *self;

  g_return_val_if_fail (data_dir != NULL, NULL);

  self = g_object_new (BW_TYPE_LOCAL_SERVER, NULL);
  self->data_dir = g_canonicalize_filename (data_dir, NULL);
  self->wanted_http_port = http_port;
  self->wanted_broker_port = broker_port;
  self->token_file = g_build_filename (self->data_dir, "token", NULL);
  self->broker = (Child) { .server = self, .name = "mosquitto" };
  self->broker.log_path = g_build_filename (self->data_dir, "mosquitto.log", NULL);
  self->backend = (Child) { .server = self, .name = "bellwetherd" };
  self->backend.log_path = g_build_filename (self->data_dir, "bellwetherd.log", NULL);

  return self;
}

void
bw_local_server_use_tls (BwLocalServer *self)
{
  g_autofree char *folder = NULL;

  g_return_if_fail (BW_IS_LOCAL_SERVER (self));
  g_return_if_fail (self->phase == STOPPED);

  if (self->certificates != NULL)
    return;

  folder = g_build_filename (self->data_dir, "tls", NULL);
  self->certificates = bw_local_certificates_new (folder);
}

void
bw_local_server_set_database (BwLocalServer *self,
                              const char    *url)
{
  g_return_if_fail (BW_IS_LOCAL_SERVER (self));

  g_free (self->database);
  self->database = g_strdup (url);
}

void
bw_local_server_start_async (BwLocalServer       *self,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  GError *error = NULL;
  guint16 port;

  g_return_if_fail (BW_IS_LOCAL_SERVER (self));
  g_return_if_fail (self->phase == STOPPED);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_local_server_start_async);

  if ((self->wanted_http_port != 0 && !bw_local_server_pick_port (self->wanted_http_port, &port, &error)) ||
      (self->lock_fd = bw_local_server_open_folder (self->data_dir, &error)) < 0)
    {
      g_task_return_error (task, error);
      return;
    }

  self->start_task = g_steal_pointer (&task);
  self->n_port_tries = 0;
  self->phase = LOCKING;
  start_ticking (self, LOCK_WAIT_S);
  tick_locking (self);
}

gboolean
bw_local_server_start_finish (BwLocalServer  *self,
                              GAsyncResult   *result,
                              GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
bw_local_server_stop_async (BwLocalServer       *self,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (BW_IS_LOCAL_SERVER (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, bw_local_server_stop_async);

  if (self->phase == STOPPED || self->stop_task != NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  self->stop_task = g_steal_pointer (&task);
  if (self->phase != STOPPING)
    begin_stopping (self);
}

gboolean
bw_local_server_stop_finish (BwLocalServer  *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

const char *
bw_local_server_get_http_uri (BwLocalServer *self)
{
  g_return_val_if_fail (BW_IS_LOCAL_SERVER (self), NULL);

  return self->http_uri;
}

const char *
bw_local_server_get_broker_uri (BwLocalServer *self)
{
  g_return_val_if_fail (BW_IS_LOCAL_SERVER (self), NULL);

  return self->broker_uri;
}

const char *
bw_local_server_get_ca_file (BwLocalServer *self)
{
  g_return_val_if_fail (BW_IS_LOCAL_SERVER (self), NULL);

  return self->certificates != NULL ? bw_local_certificates_get_ca (self->certificates) : NULL;
}

const char *
bw_local_server_get_token_file (BwLocalServer *self)
{
  g_return_val_if_fail (BW_IS_LOCAL_SERVER (self), NULL);

  return self->token_file;
}
