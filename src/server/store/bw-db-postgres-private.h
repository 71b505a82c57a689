/* bw-db-postgres-private.h: what the files of the PostgreSQL driver share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libpq-fe.h>

#include "bw-db-bulk.h"

G_BEGIN_DECLS

/* Speaks blocking libpq on the thread that owns it: reading scales by more
 * threads, not by an asynchronous connection. Values travel as text. A
 * connection that broke is made again at the next statement outside a
 * transaction. The one that met the break is run again when it can have
 * changed nothing, or fails with BW_ERROR_UNAVAILABLE. */
typedef struct
{
  BwDb        parent;

  PGconn     *connection;
  BwDbMode    mode;
  GHashTable *names;        /* sql → name of the prepared statement */
  guint       n_prepared;   /* ever, for names */
  gint64      n_changed;
  gint64      retry_at_us;  /* monotonic: no attempt to connect before */
  gboolean    durable;
  gboolean    in_transaction;
  gboolean    has_session;    /* the connection has our settings, and our lock */
} PostgresDb;

/* Connects and takes the lock. @self: with its mode and an empty table of names */
gboolean bw_postgres_connect     (PostgresDb      *self,
                                  const char      *url,
                                  GError         **error);
/* After a break: connected again, or BW_ERROR_UNAVAILABLE. */
gboolean bw_postgres_revive      (PostgresDb      *self,
                                  GError         **error);
gboolean bw_postgres_run_plain   (PostgresDb      *self,
                                  const char      *sql,
                                  GError         **error);
gboolean bw_postgres_set_durable (PostgresDb      *self,
                                  gboolean         durable);
/* @result: (nullable): the one that failed */
void     bw_postgres_set_error   (GError         **error,
                                  PostgresDb      *self,
                                  const PGresult  *result);

extern const BwDbBulk bw_postgres_bulk;

G_END_DECLS
