/* bw-db-postgres.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-db-postgres-private.h"

#include <string.h>

#include "bw-error.h"

/* Statements kept prepared on the server, by their text. */
#define MAX_STATEMENTS 200

/* Rows sent before their answers are read: the answers must fit into the
 * socket's buffers, or both ends would wait for the other to read. */
#define PIPELINE_ROWS 200

/* Somebody else's backup may hold a table for hours; the one that writes does not wait for it. */
#define VACUUM_WAIT "2s"

/* Types by their fixed numbers, which libpq has no names for. */
enum
{
  TYPE_BYTEA = 17,
  TYPE_INT8 = 20,
  TYPE_TEXT = 25,
  TYPE_FLOAT8 = 701,
};

typedef struct
{
  BwRows    parent;

  PGresult *result;
  int       row;
  guint8   *blob;           /* (owned by libpq): of the last get_blob */
} PostgresRows;

typedef struct
{
  const char *values[BW_DB_MAX_CELLS];
  int         lengths[BW_DB_MAX_CELLS];
  int         formats[BW_DB_MAX_CELLS];   /* 1: binary, for bytes */
  char        texts[BW_DB_MAX_CELLS][40];
  char       *copies[BW_DB_MAX_CELLS];
} Parameters;

static void
parameters_clear (Parameters *parameters)
{
  for (guint i = 0; i < BW_DB_MAX_CELLS; i++)
    g_clear_pointer (&parameters->copies[i], g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parameters, parameters_clear)

static Oid
type_of (const GVariantType *type)
{
  switch (*g_variant_type_peek_string (type))
    {
    case 'm':
      return type_of (g_variant_type_element (type));

    case 's':
      return TYPE_TEXT;

    case 'd':
      return TYPE_FLOAT8;

    case 'a':
      return TYPE_BYTEA;

    default:
      return TYPE_INT8;
    }
}

/* @args: (nullable): whose types are said; otherwise the server takes them from the
 * columns. From a comparison with 0 it would take a small integer. */
static const char *
prepare (PostgresDb  *self,
         const char  *sql,
         GVariant    *args,
         GError     **error)
{
  guint n_args = args != NULL ? (guint) g_variant_n_children (args) : 0;
  Oid types[BW_DB_MAX_CELLS] = { 0, };
  const char *known = g_hash_table_lookup (self->names, sql);
  g_autofree char *name = NULL;
  PGresult *result;
  gboolean ok;

  if (known != NULL)
    return known;

  for (guint i = 0; i < n_args; i++)
    {
      g_autoptr(GVariant) arg = g_variant_get_child_value (args, i);

      types[i] = type_of (g_variant_get_type (arg));
    }

  if (g_hash_table_size (self->names) >= MAX_STATEMENTS)
    {
      PQclear (PQexec (self->connection, "DEALLOCATE ALL"));
      g_hash_table_remove_all (self->names);
    }

  name = g_strdup_printf ("bw%u", ++self->n_prepared);
  result = PQprepare (self->connection, name, sql, (int) n_args, types);
  ok = PQresultStatus (result) == PGRES_COMMAND_OK;
  if (!ok)
    bw_postgres_set_error (error, self, result);
  PQclear (result);
  if (!ok)
    return NULL;

  known = name;
  g_hash_table_insert (self->names, g_strdup (sql), g_steal_pointer (&name));

  return known;
}

static void
take_bytes (Parameters *parameters,
            guint       i,
            GVariant   *arg)
{
  gsize length = 0;
  const void *data = g_variant_get_fixed_array (arg, &length, 1);

  parameters->copies[i] = g_memdup2 (length > 0 ? data : "", MAX (length, 1));
  parameters->values[i] = parameters->copies[i];
  parameters->lengths[i] = (int) length;
  parameters->formats[i] = 1;
}

static void
take_argument (Parameters *parameters,
               guint       i,
               GVariant   *arg)
{
  switch (g_variant_classify (arg))
    {
    case G_VARIANT_CLASS_MAYBE:
      {
        g_autoptr(GVariant) inner = g_variant_get_maybe (arg);

        if (inner != NULL)
          take_argument (parameters, i, inner);
        break;
      }

    case G_VARIANT_CLASS_STRING:
      parameters->copies[i] = g_variant_dup_string (arg, NULL);
      parameters->values[i] = parameters->copies[i];
      break;

    case G_VARIANT_CLASS_INT64:
      g_snprintf (parameters->texts[i], sizeof parameters->texts[i], "%" G_GINT64_FORMAT, g_variant_get_int64 (arg));
      parameters->values[i] = parameters->texts[i];
      break;

    case G_VARIANT_CLASS_INT32:
      g_snprintf (parameters->texts[i], sizeof parameters->texts[i], "%d", g_variant_get_int32 (arg));
      parameters->values[i] = parameters->texts[i];
      break;

    case G_VARIANT_CLASS_UINT32:
      g_snprintf (parameters->texts[i], sizeof parameters->texts[i], "%u", g_variant_get_uint32 (arg));
      parameters->values[i] = parameters->texts[i];
      break;

    case G_VARIANT_CLASS_BOOLEAN:
      parameters->values[i] = g_variant_get_boolean (arg) ? "1" : "0";
      break;

    case G_VARIANT_CLASS_DOUBLE:
      parameters->values[i] = g_ascii_dtostr (parameters->texts[i], sizeof parameters->texts[i],
                                              g_variant_get_double (arg));
      break;

    case G_VARIANT_CLASS_ARRAY:
      take_bytes (parameters, i, arg);
      break;

    case G_VARIANT_CLASS_BYTE:
    case G_VARIANT_CLASS_INT16:
    case G_VARIANT_CLASS_UINT16:
    case G_VARIANT_CLASS_UINT64:
    case G_VARIANT_CLASS_HANDLE:
    case G_VARIANT_CLASS_OBJECT_PATH:
    case G_VARIANT_CLASS_SIGNATURE:
    case G_VARIANT_CLASS_VARIANT:
    case G_VARIANT_CLASS_TUPLE:
    case G_VARIANT_CLASS_DICT_ENTRY:
    default:
      g_return_if_reached ();
    }
}

static PGresult *
run_prepared (PostgresDb  *self,
              const char  *sql,
              GVariant    *args,
              GError     **error)
{
  guint n_args = args != NULL ? (guint) g_variant_n_children (args) : 0;
  g_auto(Parameters) parameters = { 0, };
  const char *name;
  PGresult *result;

  if (!bw_postgres_revive (self, error))
    return NULL;

  name = prepare (self, sql, args, error);
  if (name == NULL)
    return NULL;

  for (guint i = 0; i < n_args; i++)
    {
      g_autoptr(GVariant) arg = g_variant_get_child_value (args, i);

      take_argument (&parameters, i, arg);
    }

  result = PQexecPrepared (self->connection, name, (int) n_args, parameters.values,
                           parameters.lengths, parameters.formats, 0);
  if (PQresultStatus (result) != PGRES_TUPLES_OK && PQresultStatus (result) != PGRES_COMMAND_OK)
    {
      bw_postgres_set_error (error, self, result);
      PQclear (result);
      return NULL;
    }

  return result;
}

/* A transaction that has failed ends without an error when it is committed, and with nothing done. */
static gboolean
check_commit (const char  *sql,
              PGresult    *result,
              GError     **error)
{
  if (strcmp (sql, "COMMIT") != 0 || strcmp (PQcmdStatus (result), "COMMIT") == 0)
    return TRUE;

  g_set_error_literal (error, BW_ERROR, BW_ERROR_INTERNAL, "postgresql: the transaction had failed before");

  return FALSE;
}

static BwRows *
postgres_query (BwDb        *db,
                const char  *sql,
                GVariant    *args,
                GError     **error)
{
  PostgresDb *self = (PostgresDb *) db;
  gboolean begins = strcmp (sql, "BEGIN") == 0;
  gboolean was_connected = PQstatus (self->connection) == CONNECTION_OK;
  g_autoptr(GError) local_error = NULL;
  PostgresRows *rows;
  PGresult *result;

  g_return_val_if_fail (args == NULL || g_variant_n_children (args) <= BW_DB_MAX_CELLS, NULL);

  if (strcmp (sql, "COMMIT") == 0 || strcmp (sql, "ROLLBACK") == 0)
    {
      self->in_transaction = FALSE;
      /* what it would end has ended with the connection */
      if (!was_connected)
        {
          g_set_error_literal (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "the database server has closed the connection");
          return NULL;
        }
    }

  result = run_prepared (self, sql, args, &local_error);
  if (result == NULL && was_connected && !self->in_transaction && (begins || g_str_has_prefix (sql, "SELECT")) &&
      PQstatus (self->connection) != CONNECTION_OK)
    {
      g_clear_error (&local_error);
      result = run_prepared (self, sql, args, &local_error);
    }

  if (result == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  if (!check_commit (sql, result, error))
    {
      PQclear (result);
      return NULL;
    }

  self->in_transaction = self->in_transaction || begins;
  self->n_changed = g_ascii_strtoll (PQcmdTuples (result), NULL, 10);
  rows = g_new0 (PostgresRows, 1);
  rows->parent.db = db;
  rows->result = result;
  rows->row = -1;

  return &rows->parent;
}

static gboolean
postgres_next (BwRows  *rows,
               GError **error)
{
  PostgresRows *self = (PostgresRows *) rows;

  self->row++;

  return self->row < PQntuples (self->result);
}

static gboolean
postgres_is_null (BwRows *rows,
                  guint   column)
{
  PostgresRows *self = (PostgresRows *) rows;

  return PQgetisnull (self->result, self->row, (int) column) == 1;
}

static const char *
postgres_get_text (BwRows *rows,
                   guint   column)
{
  PostgresRows *self = (PostgresRows *) rows;

  return postgres_is_null (rows, column) ? NULL : PQgetvalue (self->result, self->row, (int) column);
}

static gint64
postgres_get_int (BwRows *rows,
                  guint   column)
{
  const char *text = postgres_get_text (rows, column);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

static double
postgres_get_double (BwRows *rows,
                     guint   column)
{
  const char *text = postgres_get_text (rows, column);

  return text != NULL ? g_ascii_strtod (text, NULL) : 0;
}

static const guint8 *
postgres_get_blob (BwRows *rows,
                   guint   column,
                   gsize  *ret_length)
{
  PostgresRows *self = (PostgresRows *) rows;
  const char *text = postgres_get_text (rows, column);

  *ret_length = 0;
  if (text == NULL)
    return NULL;

  g_clear_pointer (&self->blob, PQfreemem);
  self->blob = PQunescapeBytea ((const guchar *) text, ret_length);

  return self->blob;
}

static void
postgres_end (BwRows *rows)
{
  PostgresRows *self = (PostgresRows *) rows;

  g_clear_pointer (&self->blob, PQfreemem);
  PQclear (self->result);
  g_free (self);
}

static gint64
postgres_n_changed (BwDb *db)
{
  return ((PostgresDb *) db)->n_changed;
}

static void
take_cell (Parameters   *parameters,
           guint         i,
           const BwCell *cell)
{
  parameters->values[i] = NULL;
  parameters->lengths[i] = 0;
  parameters->formats[i] = 0;

  switch (cell->type)
    {
    case BW_CELL_INT:
      g_snprintf (parameters->texts[i], sizeof parameters->texts[i], "%" G_GINT64_FORMAT, cell->integer);
      parameters->values[i] = parameters->texts[i];
      break;

    case BW_CELL_DOUBLE:
      parameters->values[i] = g_ascii_dtostr (parameters->texts[i], sizeof parameters->texts[i], cell->real);
      break;

    case BW_CELL_TEXT:
      if (cell->length < 0)
        {
          parameters->values[i] = cell->data;
          break;
        }
      g_free (parameters->copies[i]);
      parameters->copies[i] = g_strndup (cell->data, (gsize) cell->length);
      parameters->values[i] = parameters->copies[i];
      break;

    case BW_CELL_BLOB:
      parameters->values[i] = cell->data;
      parameters->lengths[i] = (int) cell->length;
      parameters->formats[i] = 1;
      break;

    case BW_CELL_NULL:
    default:
      break;
    }
}

/* Reads all answers up to the synchronisation point; the first error is kept. */
static gboolean
read_pipeline (PostgresDb  *self,
               gint64      *n_changed,
               GError     **error)
{
  gboolean ok = TRUE;

  for (;;)
    {
      PGresult *result = PQgetResult (self->connection);
      ExecStatusType status;

      if (result == NULL)
        {
          if (PQstatus (self->connection) == CONNECTION_OK)
            continue;

          if (ok)
            bw_postgres_set_error (error, self, NULL);
          return FALSE;
        }

      status = PQresultStatus (result);
      if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        *n_changed += g_ascii_strtoll (PQcmdTuples (result), NULL, 10);
      else if (status != PGRES_PIPELINE_SYNC && status != PGRES_PIPELINE_ABORTED && ok)
        {
          bw_postgres_set_error (error, self, result);
          ok = FALSE;
        }
      PQclear (result);

      if (status == PGRES_PIPELINE_SYNC)
        return ok;
    }
}

static gboolean
end_pipeline (PostgresDb  *self,
              gint64      *n_changed,
              GError     **error)
{
  if (PQpipelineSync (self->connection) == 1)
    return read_pipeline (self, n_changed, error);

  bw_postgres_set_error (error, self, NULL);

  return FALSE;
}

static gboolean
postgres_run_many (BwDb        *db,
                   const char  *sql,
                   guint        n_cells,
                   guint        n_rows,
                   BwCellFunc   func,
                   gpointer     user_data,
                   gint64      *ret_n_changed,
                   GError     **error)
{
  PostgresDb *self = (PostgresDb *) db;
  g_auto(Parameters) parameters = { 0, };
  BwCell cells[BW_DB_MAX_CELLS] = { 0, };
  gint64 n_changed = 0;
  gboolean ok = TRUE;
  const char *name;

  if (!bw_postgres_revive (self, error))
    return FALSE;

  name = prepare (self, sql, NULL, error);
  if (name == NULL)
    return FALSE;

  PQenterPipelineMode (self->connection);
  for (guint row = 0; row < n_rows && ok; row++)
    {
      func (cells, row, user_data);
      for (guint i = 0; i < n_cells; i++)
        take_cell (&parameters, i, &cells[i]);

      ok = PQsendQueryPrepared (self->connection, name, (int) n_cells, parameters.values,
                                parameters.lengths, parameters.formats, 0) == 1;
      if (!ok)
        bw_postgres_set_error (error, self, NULL);
      if (!ok || (row + 1) % PIPELINE_ROWS == 0 || row + 1 == n_rows)
        ok = end_pipeline (self, &n_changed, ok ? error : NULL) && ok;
    }
  PQexitPipelineMode (self->connection);

  if (ret_n_changed != NULL)
    *ret_n_changed = n_changed;

  return ok;
}

static gboolean
postgres_run_script (BwDb        *db,
                     const char  *sql,
                     GError     **error)
{
  PostgresDb *self = (PostgresDb *) db;

  return bw_postgres_revive (self, error) && bw_postgres_run_plain (self, sql, error);
}

static gboolean
postgres_set_durable (BwDb     *db,
                      gboolean  durable)
{
  return bw_postgres_set_durable ((PostgresDb *) db, durable);
}

/* The row that held a secret lies in the table until it is written anew. The
 * server's log is its own business. */
static gboolean
postgres_checkpoint (BwDb    *db,
                     GError **error)
{
  PostgresDb *self = (PostgresDb *) db;
  gboolean ok;

  if (!bw_postgres_revive (self, error) || !bw_postgres_run_plain (self, "SET lock_timeout = '" VACUUM_WAIT "'", error))
    return FALSE;

  ok = bw_postgres_run_plain (self, "VACUUM (FULL) batch", error);
  bw_postgres_run_plain (self, "SET lock_timeout = 0", NULL);

  return ok;
}

static void
postgres_close (BwDb *db)
{
  PostgresDb *self = (PostgresDb *) db;

  g_clear_pointer (&self->names, g_hash_table_unref);
  g_clear_pointer (&self->connection, PQfinish);
  g_free (self);
}

/* No copy_to: before a migration of a server's database its operator takes the
 * copy (pg_dump); each migration is one transaction all the same. */
static const BwDbDriver driver = {
  .name = "postgresql",
  .blob_type = "BYTEA",
  .text_type = "TEXT COLLATE \"C\"",
  .serial_type = "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
  .without_rowid = "",
  /* the text type's order is that of the bytes, and so it knows ASCII only */
  .functions = "CREATE OR REPLACE FUNCTION bw_lower (text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE"
               " AS $$SELECT lower ($1 COLLATE \"und-x-icu\")$$;",
  .begin = "BEGIN",
  .concat = "string_agg",
  .like = "ILIKE",
  .position = "strpos",
  .texts = { "json_array_elements_text(CAST(", " AS json)) AS texts (value)" },
  .is_apart = TRUE,
  .query = postgres_query,
  .next = postgres_next,
  .get_text = postgres_get_text,
  .get_int = postgres_get_int,
  .get_double = postgres_get_double,
  .get_blob = postgres_get_blob,
  .is_null = postgres_is_null,
  .end = postgres_end,
  .n_changed = postgres_n_changed,
  .run_many = postgres_run_many,
  .run_script = postgres_run_script,
  .set_durable = postgres_set_durable,
  .checkpoint = postgres_checkpoint,
  .close = postgres_close,
  .bulk = &bw_postgres_bulk,
};

/**
 * bw_db_open_postgres:
 * @url: a connection URI as libpq reads it: postgresql://user@host/database
 *
 * Returns: (transfer full) (nullable): NULL with %BW_ERROR_UNAVAILABLE and what the server said
 */
BwDb *
bw_db_open_postgres (const char  *url,
                     BwDbMode     mode,
                     GError     **error)
{
  PostgresDb *self;

  g_return_val_if_fail (url != NULL, NULL);

  self = g_new0 (PostgresDb, 1);
  self->parent.driver = &driver;
  self->mode = mode;
  self->durable = TRUE;
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if (bw_postgres_connect (self, url, error))
    return &self->parent;

  postgres_close (&self->parent);

  return NULL;
}
