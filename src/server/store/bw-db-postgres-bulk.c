/* bw-db-postgres-bulk.c: whole tables of PostgreSQL
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-db-postgres-private.h"

#include <string.h>

#include "bw-error.h"

/* Rows are collected until they are worth a message. */
#define SEND_BYTES (64 * 1024)

/* COPY … (FORMAT binary): a head of 11 bytes, flags and the length of an extension;
 * a row is the number of its fields, and each field its length and its bytes, in the
 * order of the network; -1 for NULL, and -1 fields are the end. */
static const char signature[] = "PGCOPY\n\377\r\n";   /* and the zero behind it */

#define END_OF_ROWS G_MAXUINT16
#define IS_NULL     G_MAXUINT32

typedef struct
{
  BwTableReader parent;

  GByteArray   *bytes;      /* what has come */
  gsize         offset;     /* what of it has been read */
  gboolean      at_end;
} PostgresReader;

typedef struct
{
  BwTableWriter parent;

  GByteArray   *bytes;      /* what has not been sent */
  gboolean      finished;
} PostgresWriter;

static gboolean
take_type (BwColumn   *column,
           const char *type)
{
  static const struct
  {
    const char *name;
    BwCellType  type;
    guint       width;
  } types[] = {
    { "bigint", BW_CELL_INT, 8 },
    { "integer", BW_CELL_INT, 4 },
    { "smallint", BW_CELL_INT, 2 },
    { "text", BW_CELL_TEXT, 0 },
    { "character varying", BW_CELL_TEXT, 0 },
    { "bytea", BW_CELL_BLOB, 0 },
    { "double precision", BW_CELL_DOUBLE, 8 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      if (strcmp (types[i].name, type) == 0)
        {
          column->type = types[i].type;
          column->width = types[i].width;
          return TRUE;
        }
    }

  return FALSE;
}

static gboolean
begin_copy (PostgresDb     *self,
            const char     *sql,
            ExecStatusType  wanted,
            GError        **error)
{
  PGresult *result;
  gboolean ok;

  if (!bw_postgres_revive (self, error))
    return FALSE;

  result = PQexec (self->connection, sql);
  ok = PQresultStatus (result) == wanted;
  if (!ok)
    bw_postgres_set_error (error, self, result);
  PQclear (result);

  return ok;
}

/* What the server says when all has been copied. */
static gboolean
end_copy (PostgresDb  *self,
          GError     **error)
{
  gboolean ok = TRUE;
  PGresult *result;

  while ((result = PQgetResult (self->connection)) != NULL)
    {
      if (PQresultStatus (result) != PGRES_COMMAND_OK && ok)
        {
          bw_postgres_set_error (error, self, result);
          ok = FALSE;
        }
      PQclear (result);
    }

  return ok;
}

/* Reading */

/* More from the server; FALSE also when there is no more. */
static gboolean
receive (PostgresReader *self,
         GError        **error)
{
  PostgresDb *db = (PostgresDb *) self->parent.db;
  char *data = NULL;
  int n = PQgetCopyData (db->connection, &data, 0);

  if (n > 0)
    {
      g_byte_array_append (self->bytes, (const guint8 *) data, (guint) n);
      PQfreemem (data);
      return TRUE;
    }

  self->at_end = TRUE;
  if (n == -1)
    end_copy (db, error);
  else
    bw_postgres_set_error (error, db, NULL);

  return FALSE;
}

/* So many bytes behind @offset are there. */
static gboolean
need (PostgresReader  *self,
      gsize            offset,
      gsize            n_bytes,
      GError         **error)
{
  g_autoptr(GError) local_error = NULL;

  while (self->bytes->len - offset < n_bytes)
    {
      if (receive (self, &local_error))
        continue;

      if (local_error == NULL)
        g_set_error_literal (&local_error, BW_ERROR, BW_ERROR_INTERNAL, "postgresql: a row is cut off");
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

static guint64
get_number (const guint8 *bytes,
            guint         width)
{
  guint64 value = 0;

  for (guint i = 0; i < width; i++)
    value = (value << 8) | bytes[i];

  return value;
}

static void
put_number (GByteArray *bytes,
            guint64     value,
            guint       width)
{
  guint8 field[8];

  for (guint i = 0; i < width; i++)
    field[i] = (guint8) (value >> (8 * (width - 1 - i)));
  g_byte_array_append (bytes, field, width);
}

static BwTableReader *
read_table (BwDb           *db,
            const BwTable  *table,
            GError        **error)
{
  g_autofree char *select = bw_table_make_select (table, " COLLATE \"C\"");
  g_autofree char *sql = g_strdup_printf ("COPY (%s) TO STDOUT (FORMAT binary)", select);
  PostgresReader *reader;

  if (!begin_copy ((PostgresDb *) db, sql, PGRES_COPY_OUT, error))
    return NULL;

  reader = g_new0 (PostgresReader, 1);
  reader->bytes = g_byte_array_new ();
  reader->parent.db = db;

  return &reader->parent;
}

static gboolean
skip_head (PostgresReader  *self,
           GError         **error)
{
  gsize length = sizeof signature + 4;
  guint extension;

  if (!need (self, 0, length + 4, error))
    return FALSE;

  extension = (guint) get_number (self->bytes->data + length, 4);
  if (memcmp (self->bytes->data, signature, sizeof signature) != 0 || extension > SEND_BYTES)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INTERNAL, "postgresql: a copy in an unknown form");
      return FALSE;
    }

  if (!need (self, 0, length + 4 + extension, error))
    return FALSE;

  self->offset = length + 4 + extension;

  return TRUE;
}

/* Lengths first: the bytes move as long as more of them come. */
static gboolean
receive_row (PostgresReader  *self,
             guint            n_fields,
             gsize           *offsets,
             guint32         *lengths,
             GError         **error)
{
  gsize offset = self->offset;

  for (guint i = 0; i < n_fields; i++)
    {
      if (!need (self, offset, 4, error))
        return FALSE;

      lengths[i] = (guint32) get_number (self->bytes->data + offset, 4);
      offset += 4;
      offsets[i] = offset;
      if (lengths[i] == IS_NULL)
        continue;

      if (!need (self, offset, lengths[i], error))
        return FALSE;

      offset += lengths[i];
    }
  self->offset = offset;

  return TRUE;
}

static gboolean
take_field (const BwColumn *column,
            const guint8   *bytes,
            guint32         length,
            BwCell         *cell)
{
  guint64 bits;

  cell->type = length == IS_NULL ? BW_CELL_NULL : column->type;

  switch (cell->type)
    {
    case BW_CELL_INT:
      if (length != column->width)
        return FALSE;
      /* up and down again, for the sign of a short one */
      cell->integer = (gint64) (get_number (bytes, column->width) << (64 - 8 * column->width)) >> (64 - 8 * column->width);
      return TRUE;

    case BW_CELL_DOUBLE:
      if (length != sizeof bits)
        return FALSE;
      bits = get_number (bytes, sizeof bits);
      memcpy (&cell->real, &bits, sizeof cell->real);
      return TRUE;

    case BW_CELL_TEXT:
    case BW_CELL_BLOB:
      cell->data = bytes;
      cell->length = length;
      return TRUE;

    case BW_CELL_NULL:
    default:
      return TRUE;
    }
}

static gboolean
next (BwTableReader  *reader,
      BwCell         *cells,
      GError        **error)
{
  PostgresReader *self = (PostgresReader *) reader;
  guint n_columns = reader->table->columns->len;
  gsize offsets[BW_DB_MAX_CELLS];
  guint32 lengths[BW_DB_MAX_CELLS];
  guint n_fields;

  if (self->offset == 0 && !skip_head (self, error))
    return FALSE;

  g_byte_array_remove_range (self->bytes, 0, (guint) self->offset);
  self->offset = 0;
  if (!need (self, 0, 2, error))
    return FALSE;

  n_fields = (guint) get_number (self->bytes->data, 2);
  self->offset = 2;
  if (n_fields == END_OF_ROWS)
    {
      receive (self, error);
      return FALSE;
    }

  if (n_fields == n_columns && !receive_row (self, n_columns, offsets, lengths, error))
    return FALSE;

  for (guint i = 0; i < n_columns; i++)
    {
      if (n_fields == n_columns &&
          take_field (g_ptr_array_index (reader->table->columns, i), self->bytes->data + offsets[i], lengths[i], &cells[i]))
        continue;

      g_set_error_literal (error, BW_ERROR, BW_ERROR_INTERNAL, "postgresql: a row has another form than its table");
      return FALSE;
    }

  return TRUE;
}

static void
end_read (BwTableReader *reader)
{
  PostgresReader *self = (PostgresReader *) reader;
  PostgresDb *db = (PostgresDb *) reader->db;

  /* Nobody waits for a million rows that nobody wants. */
  if (!self->at_end)
    {
      PGcancel *cancel = PQgetCancel (db->connection);
      char text[256];

      if (cancel != NULL)
        PQcancel (cancel, text, sizeof text);
      PQfreeCancel (cancel);
      while (receive (self, NULL))
        g_byte_array_set_size (self->bytes, 0);
    }

  g_byte_array_unref (self->bytes);
  g_free (self);
}

/* Writing */

static BwTableWriter *
write_table (BwDb           *db,
             const BwTable  *table,
             GError        **error)
{
  g_autofree char *columns = bw_table_make_columns (table);
  g_autofree char *sql = g_strdup_printf ("COPY \"%s\" (%s) FROM STDIN (FORMAT binary)", table->name, columns);
  PostgresWriter *writer;

  if (!begin_copy ((PostgresDb *) db, sql, PGRES_COPY_IN, error))
    return NULL;

  writer = g_new0 (PostgresWriter, 1);
  writer->bytes = g_byte_array_sized_new (2 * SEND_BYTES);
  g_byte_array_append (writer->bytes, (const guint8 *) signature, sizeof signature);
  put_number (writer->bytes, 0, 8);

  return &writer->parent;
}

/* Without it the server would say the same, but not of which row. */
static const char *
find_obstacle (const BwColumn *column,
               const BwCell   *cell)
{
  if (cell->type == BW_CELL_TEXT && memchr (cell->data, '\0', (gsize) cell->length) != NULL)
    return "text with a NUL in it";

  if (cell->type == BW_CELL_TEXT && !g_utf8_validate_len (cell->data, (gsize) cell->length, NULL))
    return "text that is not UTF-8";

  if (cell->type == BW_CELL_INT)
    {
      gint64 max = G_MAXINT64 >> (64 - 8 * column->width);

      if (cell->integer > max || cell->integer < -max - 1)
        return "a number so large";
    }

  return NULL;
}

static void
put_cell (GByteArray     *bytes,
          const BwColumn *column,
          const BwCell   *cell)
{
  guint64 bits;

  switch (cell->type)
    {
    case BW_CELL_INT:
      put_number (bytes, column->width, 4);
      put_number (bytes, (guint64) cell->integer, column->width);
      break;

    case BW_CELL_DOUBLE:
      memcpy (&bits, &cell->real, sizeof bits);
      put_number (bytes, 8, 4);
      put_number (bytes, bits, 8);
      break;

    case BW_CELL_TEXT:
    case BW_CELL_BLOB:
      put_number (bytes, (guint64) cell->length, 4);
      g_byte_array_append (bytes, cell->data, (guint) cell->length);
      break;

    case BW_CELL_NULL:
    default:
      put_number (bytes, IS_NULL, 4);
      break;
    }
}

static gboolean
send (PostgresWriter  *self,
      GError         **error)
{
  PostgresDb *db = (PostgresDb *) self->parent.db;
  gboolean ok = PQputCopyData (db->connection, (const char *) self->bytes->data, (int) self->bytes->len) == 1;

  if (!ok)
    bw_postgres_set_error (error, db, NULL);
  g_byte_array_set_size (self->bytes, 0);

  return ok;
}

static gboolean
add (BwTableWriter  *writer,
     const BwCell   *cells,
     GError        **error)
{
  PostgresWriter *self = (PostgresWriter *) writer;
  const BwTable *table = writer->table;

  put_number (self->bytes, table->columns->len, 2);
  for (guint i = 0; i < table->columns->len; i++)
    {
      const BwColumn *column = g_ptr_array_index (table->columns, i);
      const char *obstacle = find_obstacle (column, &cells[i]);

      if (obstacle != NULL)
        {
          g_autofree char *row = bw_table_describe_row (table, cells);

          g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "PostgreSQL cannot hold %s, as in the column %s of %s",
                       obstacle, column->name, row);
          return FALSE;
        }
      put_cell (self->bytes, column, &cells[i]);
    }

  return self->bytes->len < SEND_BYTES || send (self, error);
}

static gboolean
finish (BwTableWriter  *writer,
        GError        **error)
{
  PostgresWriter *self = (PostgresWriter *) writer;
  PostgresDb *db = (PostgresDb *) writer->db;

  put_number (self->bytes, END_OF_ROWS, 2);
  if (!send (self, error))
    return FALSE;

  self->finished = TRUE;
  if (PQputCopyEnd (db->connection, NULL) != 1)
    {
      bw_postgres_set_error (error, db, NULL);
      return FALSE;
    }

  return end_copy (db, error);
}

static void
end_write (BwTableWriter *writer)
{
  PostgresWriter *self = (PostgresWriter *) writer;
  PostgresDb *db = (PostgresDb *) writer->db;

  if (!self->finished && PQputCopyEnd (db->connection, "not all rows came") == 1)
    end_copy (db, NULL);

  g_byte_array_unref (self->bytes);
  g_free (self);
}

static const char *
get_serial_name (const BwTable *table)
{
  return ((BwColumn *) g_ptr_array_index (table->columns, (guint) table->serial))->name;
}

static gboolean
get_serial (BwDb           *db,
            const BwTable  *table,
            gint64         *ret_last,
            GError        **error)
{
  g_autoptr(BwRows) rows = bw_db_query (db, "SELECT pg_get_serial_sequence (quote_ident ($1), $2)",
                                        g_variant_new ("(ss)", table->name, get_serial_name (table)), error);
  g_autofree char *sql = NULL;

  if (rows == NULL || !bw_rows_next (rows, error))
    return FALSE;

  /* a name with the quotes it needs; only the sequence itself tells whether its number was given */
  sql = g_strdup_printf ("SELECT last_value - (NOT is_called)::int FROM %s", bw_rows_get_text (rows, 0));

  return bw_db_get_scalar (db, sql, NULL, 0, ret_last, error);
}

/* Not setval(), which no rollback takes back. */
static gboolean
set_serial (BwDb           *db,
            const BwTable  *table,
            gint64          last,
            GError        **error)
{
  g_autofree char *sql = g_strdup_printf ("ALTER TABLE \"%s\" ALTER COLUMN \"%s\" RESTART WITH %" G_GINT64_FORMAT,
                                          table->name, get_serial_name (table), last + 1);

  return bw_postgres_run_plain ((PostgresDb *) db, sql, error);
}

#define THIS_TABLE "to_regclass (quote_ident (current_schema ()) || '.' || quote_ident ($1))"

const BwDbBulk bw_postgres_bulk = {
  .list_tables = "SELECT relname FROM pg_class WHERE relnamespace = quote_ident (current_schema ())::regnamespace"
                 " AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname",
  .list_columns = "SELECT a.attname, format_type (a.atttypid, NULL), coalesce (array_position (k.conkey, a.attnum), 0),"
                  " (a.attidentity <> '')::int"
                  " FROM pg_attribute a LEFT JOIN pg_constraint k ON k.conrelid = a.attrelid AND k.contype = 'p'"
                  " WHERE a.attrelid = " THIS_TABLE
                  " AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum",
  .list_references = "SELECT r.relname FROM pg_constraint k JOIN pg_class r ON r.oid = k.confrelid"
                     " WHERE k.contype = 'f' AND k.conrelid = " THIS_TABLE,
  .take_type = take_type,
  .read = read_table,
  .next = next,
  .end_read = end_read,
  .write = write_table,
  .add = add,
  .finish = finish,
  .end_write = end_write,
  .get_serial = get_serial,
  .set_serial = set_serial,
};
