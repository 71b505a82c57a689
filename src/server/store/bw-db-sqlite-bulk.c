/* bw-db-sqlite-bulk.c: whole tables of SQLite
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-db-sqlite-private.h"

#include <math.h>
#include <string.h>

#include "bw-error.h"

typedef struct
{
  BwTableReader parent;

  sqlite3_stmt *statement;
} SqliteReader;

typedef struct
{
  BwTableWriter parent;

  sqlite3_stmt *statement;
} SqliteWriter;

static gboolean
contains (const char *type,
          const char *part)
{
  return strstr (type, part) != NULL;
}

/* The rules of “Determination Of Column Affinity”, without the last one. */
static gboolean
take_type (BwColumn   *column,
           const char *type)
{
  g_autofree char *upper = g_ascii_strup (type, -1);

  if (contains (upper, "INT"))
    column->type = BW_CELL_INT;
  else if (contains (upper, "CHAR") || contains (upper, "CLOB") || contains (upper, "TEXT"))
    column->type = BW_CELL_TEXT;
  else if (contains (upper, "BLOB"))
    column->type = BW_CELL_BLOB;
  else if (contains (upper, "REAL") || contains (upper, "FLOA") || contains (upper, "DOUB"))
    column->type = BW_CELL_DOUBLE;
  else
    return FALSE;

  column->width = 8;

  return TRUE;
}

static sqlite3_stmt *
prepare (BwDb        *db,
         const char  *sql,
         GError     **error)
{
  SqliteDb *self = (SqliteDb *) db;
  sqlite3_stmt *statement = NULL;
  int rc = sqlite3_prepare_v2 (self->handle, sql, -1, &statement, NULL);

  if (rc != SQLITE_OK)
    bw_sqlite_set_error (error, self, rc);

  return statement;
}

static BwTableReader *
read_table (BwDb           *db,
            const BwTable  *table,
            GError        **error)
{
  g_autofree char *sql = bw_table_make_select (table, "");
  sqlite3_stmt *statement = prepare (db, sql, error);
  SqliteReader *reader;

  if (statement == NULL)
    return NULL;

  reader = g_new0 (SqliteReader, 1);
  reader->statement = statement;

  return &reader->parent;
}

static void
take_cell (sqlite3_stmt *statement,
           int           i,
           BwCell       *cell)
{
  switch (sqlite3_column_type (statement, i))
    {
    case SQLITE_INTEGER:
      cell->type = BW_CELL_INT;
      cell->integer = sqlite3_column_int64 (statement, i);
      break;

    case SQLITE_FLOAT:
      cell->type = BW_CELL_DOUBLE;
      cell->real = sqlite3_column_double (statement, i);
      break;

    case SQLITE_TEXT:
      cell->type = BW_CELL_TEXT;
      cell->data = sqlite3_column_text (statement, i);
      cell->length = sqlite3_column_bytes (statement, i);
      break;

    case SQLITE_BLOB:
      cell->type = BW_CELL_BLOB;
      cell->data = sqlite3_column_blob (statement, i);
      cell->length = sqlite3_column_bytes (statement, i);
      break;

    case SQLITE_NULL:
    default:
      cell->type = BW_CELL_NULL;
      break;
    }
}

static gboolean
next (BwTableReader  *reader,
      BwCell         *cells,
      GError        **error)
{
  sqlite3_stmt *statement = ((SqliteReader *) reader)->statement;
  int rc = sqlite3_step (statement);

  if (rc == SQLITE_DONE)
    return FALSE;

  if (rc != SQLITE_ROW)
    {
      bw_sqlite_set_error (error, (SqliteDb *) reader->db, rc);
      return FALSE;
    }

  for (guint i = 0; i < reader->table->columns->len; i++)
    take_cell (statement, (int) i, &cells[i]);

  return TRUE;
}

static void
end_read (BwTableReader *reader)
{
  sqlite3_finalize (((SqliteReader *) reader)->statement);
  g_free (reader);
}

static BwTableWriter *
write_table (BwDb           *db,
             const BwTable  *table,
             GError        **error)
{
  g_autofree char *columns = bw_table_make_columns (table);
  g_autoptr(GString) sql = g_string_new (NULL);
  sqlite3_stmt *statement;
  SqliteWriter *writer;

  /* A row may refer to one that is yet to come; the commit looks again. */
  if (!db->driver->run_script (db, "PRAGMA defer_foreign_keys = ON", error))
    return NULL;

  g_string_append_printf (sql, "INSERT INTO \"%s\" (%s) VALUES (", table->name, columns);
  for (guint i = 0; i < table->columns->len; i++)
    g_string_append (sql, i > 0 ? ", ?" : "?");
  g_string_append_c (sql, ')');

  statement = prepare (db, sql->str, error);
  if (statement == NULL)
    return NULL;

  writer = g_new0 (SqliteWriter, 1);
  writer->statement = statement;

  return &writer->parent;
}

static gboolean
add (BwTableWriter  *writer,
     const BwCell   *cells,
     GError        **error)
{
  sqlite3_stmt *statement = ((SqliteWriter *) writer)->statement;
  int rc = SQLITE_OK;

  for (guint i = 0; i < writer->table->columns->len && rc == SQLITE_OK; i++)
    {
      if (cells[i].type == BW_CELL_DOUBLE && isnan (cells[i].real))
        {
          g_autofree char *row = bw_table_describe_row (writer->table, cells);

          g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "SQLite cannot hold what is no number, as in %s", row);
          return FALSE;
        }
      rc = bw_sqlite_bind_cell (statement, (int) i + 1, &cells[i]);
    }

  if (rc == SQLITE_OK)
    rc = sqlite3_step (statement);
  if (rc != SQLITE_DONE)
    bw_sqlite_set_error (error, (SqliteDb *) writer->db, rc);
  sqlite3_reset (statement);

  return rc == SQLITE_DONE;
}

static gboolean
finish (BwTableWriter  *writer,
        GError        **error)
{
  return TRUE;
}

static void
end_write (BwTableWriter *writer)
{
  sqlite3_finalize (((SqliteWriter *) writer)->statement);
  g_free (writer);
}

/* AUTOINCREMENT keeps it in a table, once the first row was added. */
static gboolean
get_serial (BwDb           *db,
            const BwTable  *table,
            gint64         *ret_last,
            GError        **error)
{
  return bw_db_get_scalar (db, "SELECT max (seq) FROM sqlite_sequence WHERE name = $1",
                           g_variant_new ("(s)", table->name), 0, ret_last, error);
}

static gboolean
set_serial (BwDb           *db,
            const BwTable  *table,
            gint64          last,
            GError        **error)
{
  if (!bw_db_run (db, "DELETE FROM sqlite_sequence WHERE name = $1", g_variant_new ("(s)", table->name), error))
    return FALSE;

  return last == 0 || bw_db_run (db, "INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)",
                                 g_variant_new ("(sx)", table->name, last), error);
}

const BwDbBulk bw_sqlite_bulk = {
  .list_tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
                 " ORDER BY name",
  .list_columns = "SELECT name, type, pk, pk = 1 AND EXISTS (SELECT 1 FROM sqlite_schema"
                  " WHERE type = 'table' AND name = $1 AND sql LIKE '%AUTOINCREMENT%')"
                  " FROM pragma_table_info ($1) ORDER BY cid",
  .list_references = "SELECT \"table\" FROM pragma_foreign_key_list ($1)",
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
