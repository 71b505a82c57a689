/* main.c: bellwetherd
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bellwetherd"

#include <glib-unix.h>
#include <locale.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

#include "bw-broker-side.h"
#include "bw-data-lock.h"
#include "bw-error.h"
#include "bw-history.h"
#include "bw-http-certificate.h"
#include "bw-http-server.h"
#include "copy-database.h"

#define DEFAULT_LISTEN "127.0.0.1:8080"
#define DEFAULT_BROKER "mqtt://127.0.0.1:1883"
#define DEFAULT_DATA   "/var/lib/bellwether"
#define CONFIG_GROUP   "bellwetherd"

#define NOT_SAID         (-1)
#define MAX_IDLE_HOURS   (365 * 24)
#define MAX_SESSION_DAYS 3650
#define AUDIT_NOTE_S   3600

/* The program: options, then each part in the order in which they need each
 * other, and back again. */

typedef struct
{
  char              *data;
  char              *listen;
  char              *broker;
  char              *database;
  char              *token_file;
  int                session_idle;      /* hours; -1: not said */
  int                session_days;
  gboolean           no_registration;
  gboolean           behind_proxy;
  char              *smtp;
  char              *smtp_user;
  char              *smtp_password;
  char              *smtp_ca;
  char              *mail_from;
  char              *public_url;
  char              *copy_from;
  char              *copy_to;
  char              *certificate;      /* (nullable) */
  char              *key;
  char              *broker_ca;        /* (nullable) */
  char              *public_broker;

  GMainLoop         *loop;
  int                lock_fd;
  int                status;
  gboolean           serving;
  BwStore           *store;
  BwHistoryDb       *history_db;
  BwHistory         *history;
  BwFeed            *feed;
  BwAuthority       *authority;
  BwMailer          *mailer;            /* (nullable) */
  BwBackend          backend;
  BwBrokerSide      *broker_side;
  BwHttpServer      *http;
  guint              audit_note_id;
  gint64             audit_noted;     /* this entry stands in the log already */
} Program;

static void
fail (const char *sentence)
{
  g_printerr ("bellwetherd: %s\n", sentence);
}

/* Options */

/* The command line goes before the file. */
static void
take_key (GKeyFile    *file,
          const char  *key,
          char       **option)
{
  if (*option == NULL)
    *option = g_key_file_get_string (file, CONFIG_GROUP, key, NULL);
}

static gboolean
take_number (GKeyFile    *file,
             const char  *path,
             const char  *key,
             int         *option,
             GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  int number = g_key_file_get_integer (file, CONFIG_GROUP, key, &local_error);

  if (g_error_matches (local_error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "%s: “%s” must be a number", path, key);
      return FALSE;
    }

  if (*option == NOT_SAID && local_error == NULL)
    *option = number;

  return TRUE;
}

static gboolean
take_flag (GKeyFile    *file,
           const char  *path,
           const char  *key,
           gboolean    *option,
           GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  gboolean flag = g_key_file_get_boolean (file, CONFIG_GROUP, key, &local_error);

  if (g_error_matches (local_error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "%s: “%s” must be true or false", path, key);
      return FALSE;
    }

  *option = *option || flag;

  return TRUE;
}

static gboolean
read_config (Program     *program,
             const char  *path,
             GError     **error)
{
  static const char *const known[] = {
    "data", "listen", "broker", "database", "token-file", "tls-certificate", "tls-key", "broker-ca", "public-broker",
    "session-idle", "session-days", "no-registration", "behind-proxy",
    "smtp", "smtp-user", "smtp-password", "smtp-ca", "mail-from", "public-url", NULL
  };
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_auto(GStrv) keys = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, error))
    {
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }

  keys = g_key_file_get_keys (file, CONFIG_GROUP, NULL, error);
  if (keys == NULL)
    {
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }

  for (guint i = 0; keys[i] != NULL; i++)
    {
      if (!g_strv_contains (known, keys[i]))
        {
          g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "%s: “%s” is no option", path, keys[i]);
          return FALSE;
        }
    }

  take_key (file, "data", &program->data);
  take_key (file, "listen", &program->listen);
  take_key (file, "broker", &program->broker);
  take_key (file, "database", &program->database);
  take_key (file, "token-file", &program->token_file);
  take_key (file, "tls-certificate", &program->certificate);
  take_key (file, "tls-key", &program->key);
  take_key (file, "broker-ca", &program->broker_ca);
  take_key (file, "public-broker", &program->public_broker);
  take_key (file, "smtp", &program->smtp);
  take_key (file, "smtp-user", &program->smtp_user);
  take_key (file, "smtp-password", &program->smtp_password);
  take_key (file, "mail-from", &program->mail_from);
  take_key (file, "smtp-ca", &program->smtp_ca);
  take_key (file, "public-url", &program->public_url);

  return take_flag (file, path, "no-registration", &program->no_registration, error) &&
         take_flag (file, path, "behind-proxy", &program->behind_proxy, error) &&
         take_number (file, path, "session-idle", &program->session_idle, error) &&
         take_number (file, path, "session-days", &program->session_days, error);
}

static void
set_default (char       **option,
             const char  *value)
{
  if (*option == NULL)
    *option = g_strdup (value);
}

/* @text: a host, or ADDRESS:PORT */
static gboolean
is_only_here (const char *text)
{
  const char *port = strrchr (text, ':');
  g_autofree char *host = port != NULL && strchr (text, ':') == port ? g_strndup (text, (gsize) (port - text)) : g_strdup (text);
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (host);

  return strcmp (host, "localhost") == 0 || g_str_has_prefix (host, "[::1]") ||
         (address != NULL && g_inet_address_get_is_loopback (address));
}

static gboolean
check_options (Program  *program,
               GError  **error)
{
  g_autoptr(GUri) uri = g_uri_parse (program->public_broker, G_URI_FLAGS_NONE, NULL);
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : "";

  if ((program->certificate == NULL) != (program->key == NULL))
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "--tls-certificate and --tls-key go together");
      return FALSE;
    }

  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' ||
      (strcmp (scheme, "mqtt") != 0 && strcmp (scheme, "mqtts") != 0))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                   "a broker's address has the form mqtt://host:port or mqtts://host:port, not “%s”",
                   program->public_broker);
      return FALSE;
    }

  /* whoever came by TLS does not say his session's token in the open afterwards */
  if (program->certificate != NULL && strcmp (scheme, "mqtt") == 0 &&
      !(is_only_here (g_uri_get_host (uri)) && is_only_here (program->listen)))
    g_warning ("Desktops are told the broker %s, which is without TLS: those on other computers will not connect to it",
               program->public_broker);

  return TRUE;
}

/* What people are let do, and how they hear of it. */
static gboolean
check_people (Program  *program,
              GError  **error)
{
  if (program->session_idle == NOT_SAID)
    program->session_idle = BW_SESSION_IDLE_HOURS;
  if (program->session_days == NOT_SAID)
    program->session_days = BW_SESSION_DAYS;

  if (program->session_idle < 1 || program->session_idle > MAX_IDLE_HOURS)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "session-idle must be 1 to %d hours", MAX_IDLE_HOURS);
  else if (program->session_days < 1 || program->session_days > MAX_SESSION_DAYS)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "session-days must be 1 to %d days", MAX_SESSION_DAYS);
  else if (program->public_url != NULL && !g_uri_is_valid (program->public_url, G_URI_FLAGS_NONE, NULL))
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "public-url is no URL");
  else if (program->smtp != NULL)
    return (program->mailer = bw_mailer_new (program->smtp, program->smtp_user, program->smtp_password,
                                             program->smtp_ca, program->mail_from, error)) != NULL;
  else
    return TRUE;

  return FALSE;
}

static gboolean
parse_command_line (Program   *program,
                    int       *argc,
                    char    ***argv,
                    char     **ret_config,
                    gboolean  *ret_version,
                    GError   **error)
{
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &program->data, "Folder of the databases (" DEFAULT_DATA ")", "DIR" },
    { "listen", 0, 0, G_OPTION_ARG_STRING, &program->listen,
      "Where the HTTP API answers; port 0 is any free one (" DEFAULT_LISTEN ")", "ADDRESS:PORT" },
    { "broker", 0, 0, G_OPTION_ARG_STRING, &program->broker, "The MQTT broker (" DEFAULT_BROKER ")", "URL" },
    { "broker-ca", 0, 0, G_OPTION_ARG_FILENAME, &program->broker_ca,
      "Who signs the certificate of a broker at mqtts:// (whom the system trusts)", "FILE" },
    { "public-broker", 0, 0, G_OPTION_ARG_STRING, &program->public_broker,
      "The broker as desktops reach it (the one of --broker)", "URL" },
    { "tls-certificate", 0, 0, G_OPTION_ARG_FILENAME, &program->certificate,
      "Answer by HTTPS with this certificate, and those that lead to its authority", "FILE" },
    { "tls-key", 0, 0, G_OPTION_ARG_FILENAME, &program->key, "The key of the certificate", "FILE" },
    { "database", 0, 0, G_OPTION_ARG_STRING, &program->database,
      "Another database than the one in the folder", "URL" },
    { "token-file", 0, 0, G_OPTION_ARG_FILENAME, &program->token_file,
      "Write a fresh token of the first admin here at each start", "FILE" },
    { "session-idle", 0, 0, G_OPTION_ARG_INT, &program->session_idle,
      "A session ends after so many hours without a request (12)", "HOURS" },
    { "session-days", 0, 0, G_OPTION_ARG_INT, &program->session_days, "A session ends after so many days (30)", "DAYS" },
    { "no-registration", 0, 0, G_OPTION_ARG_NONE, &program->no_registration,
      "Only who is invited gets an account", NULL },
    { "behind-proxy", 0, 0, G_OPTION_ARG_NONE, &program->behind_proxy,
      "A proxy on this computer says by X-Real-IP where people come from", NULL },
    { "smtp", 0, 0, G_OPTION_ARG_STRING, &program->smtp, "Send invitations through this mail server", "URL" },
    { "mail-from", 0, 0, G_OPTION_ARG_STRING, &program->mail_from, "The sender of mail", "ADDRESS" },
    { "public-url", 0, 0, G_OPTION_ARG_STRING, &program->public_url, "What people call this server, for mail", "URL" },
    { "copy-database", 0, 0, G_OPTION_ARG_STRING, &program->copy_from,
      "Copy this database to another one, compare them and end; for bellwetherctl", "FROM" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &program->copy_to, "With --copy-database: an empty one", "TO" },
    { "config", 0, 0, G_OPTION_ARG_FILENAME, ret_config, "Read the options from a file", "FILE" },
    { "version", 0, 0, G_OPTION_ARG_NONE, ret_version, "Show the version", NULL },
    { NULL, },
  };
  g_autoptr(GOptionContext) context = g_option_context_new ("— the backend of Bellwether");

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;

  if (*argc > 1)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "there are only options, no other arguments; see --help");
      return FALSE;
    }

  if ((program->copy_from == NULL) != (program->copy_to == NULL))
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "--copy-database and --to belong together");
      return FALSE;
    }

  return TRUE;
}

/* Returns: whether to go on; otherwise program->status is what to leave with */
static gboolean
read_options (Program   *program,
              int       *argc,
              char    ***argv)
{
  g_autofree char *config = NULL;
  g_autoptr(GError) error = NULL;
  gboolean version = FALSE;

  if (!parse_command_line (program, argc, argv, &config, &version, &error))
    {
      fail (error->message);
      program->status = 2;
      return FALSE;
    }

  if (version)
    {
      g_print ("bellwetherd %s\n", BW_VERSION);
      program->status = 0;
      return FALSE;
    }

  if (config != NULL && !read_config (program, config, &error))
    {
      fail (error->message);
      program->status = 1;
      return FALSE;
    }

  /* where a password does not show in the list of processes */
  if (program->database == NULL)
    program->database = g_strdup (g_getenv ("BELLWETHER_DATABASE"));
  if (program->smtp_user == NULL)
    program->smtp_user = g_strdup (g_getenv ("BELLWETHER_SMTP_USER"));
  if (program->smtp_password == NULL)
    program->smtp_password = g_strdup (g_getenv ("BELLWETHER_SMTP_PASSWORD"));

  set_default (&program->data, DEFAULT_DATA);
  set_default (&program->listen, DEFAULT_LISTEN);
  set_default (&program->broker, DEFAULT_BROKER);
  set_default (&program->public_broker, program->broker);

  if (!check_options (program, &error) || !check_people (program, &error))
    {
      fail (error->message);
      program->status = 1;
      return FALSE;
    }

  return TRUE;
}

/* Running */

static gint64
get_rate (gpointer user_data)
{
  Program *program = user_data;

  return bw_broker_side_get_messages_per_second (program->broker_side);
}

static void
broker_connected_cb (BwBrokerSide *side,
                     GParamSpec   *pspec,
                     Program      *program)
{
  program->backend.broker_connected = bw_broker_side_get_connected (side);
  g_message ("The broker at %s is %s", program->broker,
             program->backend.broker_connected ? "connected" : "disconnected");
  if (program->backend.broker_connected)
    bw_desired_service_look_at_all (program->backend.desired);
}

/* The system's log is a second place, on another machine perhaps: who changes the audit log and broker.db does
 * not change what was written there. */
static void
audit_head_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  Program *program = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) text = g_string_new (NULL);
  BwAuditHead head;

  if (!bw_audit_service_get_head_finish (BW_AUDIT_SERVICE (source), result, &head, &error))
    {
      g_warning ("Could not read the audit log's newest entry: %s, ignoring", error->message);
      return;
    }

  if (head.seq == program->audit_noted)
    return;

  for (gsize i = 0; i < sizeof head.hash; i++)
    g_string_append_printf (text, "%02x", head.hash[i]);
  program->audit_noted = head.seq;
  g_message ("The audit log's newest entry is %" G_GINT64_FORMAT ", its hash %s", head.seq, text->str);
}

static gboolean
note_audit_cb (gpointer user_data)
{
  Program *program = user_data;

  bw_audit_service_get_head_async (program->backend.audit, audit_head_cb, program);

  return G_SOURCE_CONTINUE;
}

static gboolean
stop_cb (gpointer user_data)
{
  Program *program = user_data;

  g_main_loop_quit (program->loop);

  return G_SOURCE_CONTINUE;
}

static gboolean
load_certificate (Program  *program,
                  GError  **error)
{
  g_autofree char *doubt = NULL;

  if (!bw_http_certificate_load (program->certificate, program->key, &doubt, error))
    return FALSE;

  if (doubt != NULL)
    g_warning ("%s", doubt);

  return TRUE;
}

static gboolean
reload_cb (gpointer user_data)
{
  Program *program = user_data;
  g_autoptr(GError) error = NULL;

  if (program->certificate == NULL)
    return G_SOURCE_CONTINUE;

  if (load_certificate (program, &error))
    g_message ("The certificate %s was read again", program->certificate);
  else
    g_warning ("The certificate is still the one before: %s", error->message);

  return G_SOURCE_CONTINUE;
}

static void
devices_changed_cb (BwBrokerSide *side,
                    GPtrArray    *ids,
                    Program      *program)
{
  bw_desired_service_devices (program->backend.desired, ids);
  bw_rule_service_look (program->backend.rules);
}

static void
key_used_cb (BwBrokerSide *side,
             const char   *device_id,
             guint         number,
             Program      *program)
{
  bw_device_editor_key_used (program->backend.editor, device_id, number);
}

static gboolean
start_serving (Program  *program,
               GError  **error)
{
  /* Where it most often fails comes first: a port in use. */
  if (program->certificate != NULL && !load_certificate (program, error))
    return FALSE;

  program->http = bw_http_server_start (&program->backend, program->listen, program->certificate != NULL, error);
  if (program->http == NULL)
    return FALSE;

  program->broker_side = bw_broker_side_start (program->broker, program->broker_ca, program->store,
                                               program->history, program->history_db, program->feed,
                                               program->backend.commands, error);
  if (program->broker_side == NULL)
    return FALSE;

  g_signal_connect (program->broker_side, "notify::connected", G_CALLBACK (broker_connected_cb), program);
  g_signal_connect (program->broker_side, "devices-changed", G_CALLBACK (devices_changed_cb), program);
  g_signal_connect (program->broker_side, "key-used", G_CALLBACK (key_used_cb), program);
  g_signal_connect_swapped (program->broker_side, "rate-changed",
                            G_CALLBACK (bw_overview_service_touch), program->backend.overview);
  program->backend.broker_connected = bw_broker_side_get_connected (program->broker_side);
  bw_overview_service_set_rate (program->backend.overview, get_rate, program);

  /* One line, for whoever started us and waits. */
  g_print ("ready %s\n", bw_http_server_get_uri (program->http));
  fflush (stdout);

  return TRUE;
}

static void
sessions_started_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  Program *program = user_data;
  g_autoptr(GError) error = NULL;

  if (bw_session_service_start_finish (BW_SESSION_SERVICE (source), result, &error) &&
      start_serving (program, &error))
    {
      bw_people_service_start (program->backend.people);
      bw_device_editor_start (program->backend.editor);
      bw_desired_service_start (program->backend.desired);
      bw_rule_service_look (program->backend.rules);
      bw_bulk_service_start (program->backend.bulk);
      bw_trend_service_start (program->backend.trends);
      note_audit_cb (program);
      program->audit_note_id = g_timeout_add_seconds (AUDIT_NOTE_S, note_audit_cb, program);
      program->status = 0;
      return;
    }

  fail (error->message);
  g_main_loop_quit (program->loop);
}

static void
batches_stopped_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  Program *program = user_data;

  g_main_loop_quit (program->loop);
}

/* on the store's thread */
static void
status_changed_cb (const char *device_id,
                   BwStatus    status,
                   gpointer    user_data)
{
  Program *program = user_data;

  bw_history_add (program->history, device_id, BW_HISTORY_OWN_NODE, "status", bw_status_to_nick (status));
}

static void
stop_services (Program *program)
{
  g_clear_handle_id (&program->audit_note_id, g_source_remove);

  /* No more requests, then no more messages, then what they have begun. */
  g_clear_pointer (&program->http, g_object_unref);
  bw_bulk_service_stop (program->backend.bulk);
  bw_batch_service_stop_async (program->backend.batches, batches_stopped_cb, program);
  g_main_loop_run (program->loop);

  if (program->mailer != NULL)
    bw_mailer_stop (program->mailer);
  bw_overview_service_set_rate (program->backend.overview, NULL, NULL);
  bw_desired_service_stop (program->backend.desired);
  bw_rule_service_stop (program->backend.rules);
  bw_trend_service_stop (program->backend.trends);
  if (program->broker_side != NULL)
    bw_broker_side_stop (program->broker_side);
  g_clear_object (&program->broker_side);
  bw_command_service_stop (program->backend.commands);

  /* whom the end of something was told lets go of what he held for it */
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
run (Program *program)
{
  program->history = bw_history_new (program->history_db);
  bw_store_set_status_func (program->store, status_changed_cb, program);
  bw_history_start (program->history);
  program->feed = bw_feed_new ();
  program->authority = bw_authority_new ();
  program->backend.sessions = bw_session_service_new (program->store, program->authority, program->public_broker,
                                                      program->session_idle * G_TIME_SPAN_HOUR,
                                                      program->session_days * G_TIME_SPAN_DAY);
  program->backend.people = bw_people_service_new (program->store, program->feed, program->authority,
                                                   program->backend.sessions);
  program->backend.store = program->store;
  program->backend.data_folder = bw_store_get_data_folder (program->store);
  program->backend.behind_proxy = program->behind_proxy;
  program->backend.registration = !program->no_registration;
  bw_people_service_set_mailer (program->backend.people, program->mailer, program->public_url);
  program->backend.tags = bw_tag_service_new (program->store, program->feed, program->authority);
  program->backend.audit = bw_audit_service_new (program->store);
  program->backend.timeline = bw_timeline_service_new (program->store, program->history_db, program->authority);
  program->backend.batches = bw_batch_service_new (program->store, program->feed);
  program->backend.devices = bw_device_service_new (program->store, program->feed);
  program->backend.overview = bw_overview_service_new (program->store, program->feed);
  program->backend.trends = bw_trend_service_new (program->store);
  program->backend.commands = bw_command_service_new (program->store, program->feed);
  program->backend.desired = bw_desired_service_new (program->store, program->feed, program->backend.commands);
  program->backend.rules = bw_rule_service_new (program->store, program->feed, program->authority);
  program->backend.editor = bw_device_editor_new (program->store, program->feed, program->authority);
  program->backend.bulk = bw_bulk_service_new (program->store, program->feed, program->authority, program->backend.commands,
                                               program->backend.desired);
  program->backend.history = bw_history_service_new (program->store, program->history);
  program->backend.retention = bw_retention_service_new (program->store, program->history);
  bw_retention_service_start (program->backend.retention);
  bw_command_service_set_timeline (program->backend.commands, program->backend.timeline);

  g_unix_signal_add (SIGTERM, stop_cb, program);
  g_unix_signal_add (SIGINT, stop_cb, program);
  g_unix_signal_add (SIGHUP, reload_cb, program);

  bw_session_service_start_async (program->backend.sessions, program->token_file, NULL,
                                  sessions_started_cb, program);
  g_main_loop_run (program->loop);

  stop_services (program);
}

static void
clear (Program *program)
{
  g_clear_object (&program->backend.rules);
  g_clear_object (&program->backend.editor);
  g_clear_object (&program->backend.desired);
  g_clear_object (&program->backend.bulk);
  if (program->backend.retention != NULL)
    bw_retention_service_stop (program->backend.retention);
  g_clear_object (&program->backend.retention);
  g_clear_object (&program->backend.history);
  g_clear_object (&program->backend.commands);
  g_clear_object (&program->backend.trends);
  g_clear_object (&program->backend.overview);
  g_clear_object (&program->backend.devices);
  g_clear_object (&program->backend.batches);
  g_clear_object (&program->backend.timeline);
  g_clear_object (&program->backend.audit);
  g_clear_object (&program->backend.tags);
  g_clear_object (&program->backend.people);
  g_clear_object (&program->backend.sessions);
  g_clear_object (&program->mailer);
  g_clear_pointer (&program->authority, bw_authority_unref);
  g_clear_object (&program->feed);

  /* the last jobs give back what they hold of the store */
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_clear_object (&program->store);
  if (program->history != NULL)
    bw_history_stop (program->history);
  g_clear_object (&program->history);
  g_clear_object (&program->history_db);

  if (program->lock_fd >= 0)
    close (program->lock_fd);
  g_clear_pointer (&program->loop, g_main_loop_unref);
  g_free (program->data);
  g_free (program->listen);
  g_free (program->broker);
  g_free (program->database);
  g_free (program->token_file);
  g_free (program->smtp);
  g_free (program->smtp_user);
  g_free (program->smtp_password);
  g_free (program->smtp_ca);
  g_free (program->mail_from);
  g_free (program->public_url);
  g_free (program->copy_from);
  g_free (program->copy_to);
  g_free (program->certificate);
  g_free (program->key);
  g_free (program->broker_ca);
  g_free (program->public_broker);
}

static gboolean
copy_instead (Program *program)
{
  if (program->copy_from == NULL)
    return FALSE;

  program->status = copy_database (program->copy_from, program->copy_to);

  return TRUE;
}

int
main (int    argc,
      char **argv)
{
  Program program = {
    .lock_fd = -1, .status = 1, .session_idle = NOT_SAID, .session_days = NOT_SAID,
  };
  g_autoptr(GError) error = NULL;

  setlocale (LC_ALL, "");
  signal (SIGPIPE, SIG_IGN);

  if (sodium_init () < 0)
    {
      fail ("libsodium does not work here");
      return 1;
    }

  if (read_options (&program, &argc, &argv) && !copy_instead (&program))
    {
      program.loop = g_main_loop_new (NULL, FALSE);

      program.lock_fd = bw_data_lock (program.data, &error);
      if (program.lock_fd >= 0)
        program.store = bw_store_open (program.data, program.database, &error);

      if (program.store != NULL)
        program.history_db = bw_history_db_open (program.data, program.database,
                                                 bw_store_is_known (program.store), &error);

      if (program.history_db != NULL)
        run (&program);
      else
        fail (error->message);
    }

  clear (&program);

  return program.status;
}
