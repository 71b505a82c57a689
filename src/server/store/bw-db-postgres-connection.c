/* bw-db-postgres-connection.c: getting in, and in again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-db-postgres-private.h"

#include <string.h>

#include "bw-error.h"

#define CONNECT_TIMEOUT_S "10"

/* A server that refuses at once is asked again soon; one that does not answer at all
 * holds up whoever asks, so that nobody is for as long as that took. */
#define RECONNECT_MIN_US (G_USEC_PER_SEC / 10)
#define RECONNECT_MAX_US (10 * G_USEC_PER_SEC)

/* GENERATED … AS IDENTITY, and partial plans that are good enough for us. */
#define MIN_SERVER_VERSION 120000

/* A backend that was killed holds its lock until the server has noticed. */
#define LOCK_WAIT "5s"
#define ALONE_WAIT "1s"


/* What a backend that was killed has sent is carried out all the same: who comes next waits for the end of it. */
#define HISTORY_LOCK_KEY "7090161379306858611"

/* Of pg_advisory_lock(): “bellwthr” */
#define LOCK_KEY "7090161379306858610"

/* What the server says of itself goes to whoever asked, also over HTTP; where it
 * is and who we are there stands in libpq's own messages and does not. */
void
bw_postgres_set_error (GError         **error,
                       PostgresDb      *self,
                       const PGresult  *result)
{
  const char *state = result != NULL ? PQresultErrorField (result, PG_DIAG_SQLSTATE) : NULL;
  const char *text = result != NULL ? PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY) : NULL;

  /* Classes of the SQL standard: 23 a constraint, 40 to be tried again, 53 no
   * resources, 57 somebody stopped it, 08 no connection; 55P03 a lock. */
  if (PQstatus (self->connection) != CONNECTION_OK)
    {
      g_debug ("The connection is lost: %s", PQerrorMessage (self->connection));
      g_set_error_literal (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "the database server has closed the connection");
    }
  else if (state == NULL)
    g_set_error (error, BW_ERROR, BW_ERROR_INTERNAL, "postgresql: %s", PQerrorMessage (self->connection));
  else if (g_str_has_prefix (state, "08") || g_str_has_prefix (state, "40") || g_str_has_prefix (state, "53") ||
           g_str_has_prefix (state, "57") || strcmp (state, "55P03") == 0)
    g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "the database server cannot do it now: %s", text);
  else if (g_str_has_prefix (state, "23"))
    g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "postgresql: %s", text);
  else
    g_set_error (error, BW_ERROR, BW_ERROR_INTERNAL, "postgresql: %s (%s)", text, state);
}

gboolean
bw_postgres_run_plain (PostgresDb  *self,
                       const char  *sql,
                       GError     **error)
{
  PGresult *result = PQexec (self->connection, sql);
  gboolean ok = PQresultStatus (result) == PGRES_COMMAND_OK || PQresultStatus (result) == PGRES_TUPLES_OK;

  if (!ok)
    bw_postgres_set_error (error, self, result);
  PQclear (result);

  return ok;
}

gboolean
bw_postgres_set_durable (PostgresDb *self,
                         gboolean    durable)
{
  self->durable = durable;

  return bw_postgres_run_plain (self, durable ? "SET synchronous_commit = on" : "SET synchronous_commit = off", NULL);
}

/* A schema of its own, so that the copy of the main database does not meet it, and the same SQL works. */
static gboolean
begin_history (PostgresDb  *self,
               GError     **error)
{
  if (self->mode == BW_DB_HISTORY_READ_ONLY)
    return bw_postgres_run_plain (self, "SET search_path = " BW_DB_HISTORY_SCHEMA, error) &&
           bw_postgres_run_plain (self, "SET default_transaction_read_only = on", error);

  if (!bw_postgres_run_plain (self, "SET lock_timeout = '" LOCK_WAIT "'", error) ||
      !bw_postgres_run_plain (self, "SELECT pg_advisory_lock (" HISTORY_LOCK_KEY ")", error) ||
      !bw_postgres_run_plain (self, "SET lock_timeout = 0", error))
    return FALSE;

  if (!bw_postgres_run_plain (self, "CREATE SCHEMA IF NOT EXISTS " BW_DB_HISTORY_SCHEMA, error))
    {
      g_prefix_error (error, "the schema " BW_DB_HISTORY_SCHEMA " cannot be made: ");
      return FALSE;
    }

  return bw_postgres_run_plain (self, "SET search_path = " BW_DB_HISTORY_SCHEMA, error) &&
         bw_postgres_set_durable (self, self->durable);
}

/* The lock is the session's and goes with it. Two backends would take back each
 * other's batches. */
static gboolean
begin_session (PostgresDb  *self,
               GError     **error)
{
  if (self->mode == BW_DB_HISTORY || self->mode == BW_DB_HISTORY_READ_ONLY)
    return begin_history (self, error);

  if (self->mode == BW_DB_READ_ONLY)
    return bw_postgres_run_plain (self, "SET default_transaction_read_only = on", error);

  if (!bw_postgres_run_plain (self,
                              self->mode == BW_DB_ALONE ? "SET lock_timeout = '" ALONE_WAIT "'"
                                                        : "SET lock_timeout = '" LOCK_WAIT "'", error))
    return FALSE;

  if (!bw_postgres_run_plain (self, "SELECT pg_advisory_lock (" LOCK_KEY ")", NULL))
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                           PQstatus (self->connection) == CONNECTION_OK
                             ? "another bellwetherd is using the database"
                             : "the database server has closed the connection");
      return FALSE;
    }

  /* a role may have less patience than a copy takes */
  if (self->mode == BW_DB_ALONE &&
      !bw_postgres_run_plain (self, "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0", error))
    return FALSE;

  return bw_postgres_run_plain (self, "SET lock_timeout = 0", error) && bw_postgres_set_durable (self, self->durable);
}

/* After a break the server has forgotten our statements, our settings and our lock. */
gboolean
bw_postgres_revive (PostgresDb  *self,
                    GError     **error)
{
  if (PQstatus (self->connection) == CONNECTION_OK && self->has_session)
    return TRUE;

  if (!self->in_transaction && g_get_monotonic_time () >= self->retry_at_us)
    {
      gint64 start_us = g_get_monotonic_time ();

      g_hash_table_remove_all (self->names);
      PQreset (self->connection);
      self->has_session = PQstatus (self->connection) == CONNECTION_OK && begin_session (self, error);
      if (self->has_session)
        return TRUE;

      g_debug ("Connecting again: %s", PQerrorMessage (self->connection));
      self->retry_at_us = g_get_monotonic_time () +
                          CLAMP (g_get_monotonic_time () - start_us, RECONNECT_MIN_US, RECONNECT_MAX_US);
      if (error != NULL && *error != NULL)
        return FALSE;
    }

  g_set_error_literal (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "the database server does not answer");

  return FALSE;
}

static void
drop_notice (void       *data,
             const char *message)
{
  g_debug ("%s", message);
}

/* libpq quotes what it cannot read, and a password written as it is would be
 * read as a part of the address; so neither is ever tried. */
static gboolean
check_url (const char  *url,
           GError     **error)
{
  const char *rest = strstr (url, "://");
  g_autofree char *address = rest != NULL ? g_strndup (rest + 3, strcspn (rest + 3, "?")) : g_strdup ("");
  const char *at = strchr (address, '@');
  PQconninfoOption *options = PQconninfoParse (url, NULL);
  gboolean ok = options != NULL &&
                (at == NULL || (strchr (at + 1, '@') == NULL && memchr (address, '/', (gsize) (at - address)) == NULL));

  PQconninfoFree (options);
  if (!ok)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID,
                         "the database is written postgresql://USER@HOST:PORT/NAME, and each @ : / ? % of a password"
                         " as %40 %3A %2F %3F %25");

  return ok;
}

static gboolean
check_server (PostgresDb  *self,
              GError     **error)
{
  const char *encoding = PQparameterStatus (self->connection, "server_encoding");

  if (PQserverVersion (self->connection) < MIN_SERVER_VERSION)
    g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "the PostgreSQL server is older than version %d",
                 MIN_SERVER_VERSION / 10000);
  else if (g_strcmp0 (encoding, "UTF8") != 0)
    g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                 "the database holds text in %s; it has to be made with ENCODING UTF8", encoding);
  else
    self->has_session = begin_session (self, error);

  return self->has_session;
}

gboolean
bw_postgres_connect (PostgresDb  *self,
                     const char  *url,
                     GError     **error)
{
  /* what stands before the URL is only the default */
  const char *names[] = {
    "connect_timeout", "application_name", "keepalives_idle", "keepalives_interval", "keepalives_count",
    "tcp_user_timeout", "dbname", "client_encoding", NULL
  };
  const char *values[] = { CONNECT_TIMEOUT_S, "bellwetherd", "30", "10", "3", "30000", url, "UTF8", NULL };

  if (!check_url (url, error))
    return FALSE;

  self->connection = PQconnectdbParams (names, values, 1);
  PQsetNoticeProcessor (self->connection, drop_notice, NULL);

  if (PQstatus (self->connection) != CONNECTION_OK)
    {
      const char *text = PQerrorMessage (self->connection);

      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "the PostgreSQL server does not let us in: %.*s",
                   (int) strcspn (text, "\n"), text);
      return FALSE;
    }

  return check_server (self, error);
}
