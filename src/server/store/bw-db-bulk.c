/* bw-db-bulk.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-db-bulk.h"

#include <string.h>

#include "bw-error.h"

/* A sentence shows no more of a key than this. */
#define MAX_SHOWN_BYTES 64

/* What a database says of its own tables is all that is known here: a migration
 * may add tables and columns without anybody telling the copy. */

static void
column_free (gpointer data)
{
  BwColumn *column = data;

  g_free (column->name);
  g_free (column);
}

static void
table_free (gpointer data)
{
  BwTable *table = data;

  g_free (table->name);
  g_ptr_array_unref (table->columns);
  g_array_unref (table->key);
  g_ptr_array_unref (table->refers_to);
  g_free (table);
}

static BwTable *
table_new (const char *name)
{
  BwTable *table = g_new0 (BwTable, 1);

  table->name = g_strdup (name);
  table->serial = -1;
  table->columns = g_ptr_array_new_with_free_func (column_free);
  table->key = g_array_new (FALSE, FALSE, sizeof (guint));
  table->refers_to = g_ptr_array_new_with_free_func (g_free);

  return table;
}

static void
take_key (BwTable *table,
          gint64   place,
          guint    column)
{
  if (place <= 0)
    return;

  if (table->key->len < (guint) place)
    g_array_set_size (table->key, (guint) place);
  g_array_index (table->key, guint, place - 1) = column;
}

static gboolean
check_table (BwTable  *table,
             GError  **error)
{
  /* its rows have no order in which two databases could be compared */
  if (table->key->len == 0)
    g_set_error (error, BW_ERROR, BW_ERROR_INTERNAL, "the table %s has no primary key", table->name);
  else if (table->columns->len > BW_DB_MAX_CELLS)
    g_set_error (error, BW_ERROR, BW_ERROR_INTERNAL, "the table %s has more than %d columns",
                 table->name, BW_DB_MAX_CELLS);
  else
    return TRUE;

  return FALSE;
}

static gboolean
load_columns (BwDb     *db,
              BwTable  *table,
              GError  **error)
{
  const BwDbBulk *bulk = db->driver->bulk;
  g_autoptr(BwRows) rows = bw_db_query (db, bulk->list_columns, g_variant_new ("(s)", table->name), error);
  g_autoptr(GError) local_error = NULL;

  if (rows == NULL)
    return FALSE;

  while (bw_rows_next (rows, &local_error))
    {
      BwColumn *column = g_new0 (BwColumn, 1);

      column->name = g_strdup (bw_rows_get_text (rows, 0));
      if (bw_rows_get_int (rows, 3) != 0)
        table->serial = (int) table->columns->len;
      take_key (table, bw_rows_get_int (rows, 2), table->columns->len);
      g_ptr_array_add (table->columns, column);

      if (!bulk->take_type (column, bw_rows_get_text (rows, 1)))
        {
          g_set_error (error, BW_ERROR, BW_ERROR_INTERNAL, "the column %s of the table %s has the type %s, which is not known",
                       column->name, table->name, bw_rows_get_text (rows, 1));
          return FALSE;
        }
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return check_table (table, error);
}

/* (element-type utf8) (transfer full) */
static GPtrArray *
list_names (BwDb        *db,
            const char  *sql,
            GVariant    *args,
            GError     **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(BwRows) rows = bw_db_query (db, sql, args, error);
  g_autoptr(GError) local_error = NULL;

  if (rows == NULL)
    return NULL;

  while (bw_rows_next (rows, &local_error))
    g_ptr_array_add (names, g_strdup (bw_rows_get_text (rows, 0)));

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  return g_steal_pointer (&names);
}

static BwTable *
load_table (BwDb        *db,
            const char  *name,
            GError     **error)
{
  BwTable *table = table_new (name);
  GPtrArray *refers_to = NULL;

  if (load_columns (db, table, error))
    refers_to = list_names (db, db->driver->bulk->list_references, g_variant_new ("(s)", name), error);

  if (refers_to == NULL)
    {
      table_free (table);
      return NULL;
    }

  g_ptr_array_unref (table->refers_to);
  table->refers_to = refers_to;

  return table;
}

static gboolean
is_waiting (GPtrArray     *waiting,
            const BwTable *table)
{
  for (guint i = 0; i < table->refers_to->len; i++)
    {
      const char *name = g_ptr_array_index (table->refers_to, i);

      /* a table may refer to itself: its rows are taken as one */
      if (strcmp (name, table->name) == 0)
        continue;

      for (guint j = 0; j < waiting->len; j++)
        {
          if (strcmp (((BwTable *) g_ptr_array_index (waiting, j))->name, name) == 0)
            return TRUE;
        }
    }

  return FALSE;
}

/* Those that refer to others come behind them, otherwise as they were. */
static GPtrArray *
sort_tables (GPtrArray  *waiting,
             GError    **error)
{
  g_autoptr(GPtrArray) sorted = g_ptr_array_new_with_free_func (table_free);

  while (waiting->len > 0)
    {
      guint i = 0;

      while (i < waiting->len && is_waiting (waiting, g_ptr_array_index (waiting, i)))
        i++;

      if (i == waiting->len)
        {
          g_set_error (error, BW_ERROR, BW_ERROR_INTERNAL, "the table %s refers to itself by way of others",
                       ((BwTable *) g_ptr_array_index (waiting, 0))->name);
          return NULL;
        }

      g_ptr_array_add (sorted, g_ptr_array_steal_index (waiting, i));
    }

  return g_steal_pointer (&sorted);
}

GPtrArray *
bw_db_list_table_names (BwDb    *db,
                        GError **error)
{
  return list_names (db, db->driver->bulk->list_tables, NULL, error);
}

GPtrArray *
bw_db_list_tables (BwDb    *db,
                   GError **error)
{
  g_autoptr(GPtrArray) names = bw_db_list_table_names (db, error);
  g_autoptr(GPtrArray) tables = g_ptr_array_new_with_free_func (table_free);

  if (names == NULL)
    return NULL;

  for (guint i = 0; i < names->len; i++)
    {
      BwTable *table = load_table (db, g_ptr_array_index (names, i), error);

      if (table == NULL)
        return NULL;

      g_ptr_array_add (tables, table);
    }

  return sort_tables (tables, error);
}

static gboolean
is_same_table (const BwTable *a,
               const BwTable *b)
{
  gboolean same = strcmp (a->name, b->name) == 0 && a->columns->len == b->columns->len &&
                  a->key->len == b->key->len && a->serial == b->serial;

  for (guint i = 0; same && i < a->columns->len; i++)
    {
      const BwColumn *of_a = g_ptr_array_index (a->columns, i);
      const BwColumn *of_b = g_ptr_array_index (b->columns, i);

      same = strcmp (of_a->name, of_b->name) == 0 && of_a->type == of_b->type;
    }

  return same && memcmp (a->key->data, b->key->data, a->key->len * sizeof (guint)) == 0;
}

gboolean
bw_tables_equal (GPtrArray  *a,
                 GPtrArray  *b,
                 GError    **error)
{
  for (guint i = 0; i < MAX (a->len, b->len); i++)
    {
      const BwTable *of_a = g_ptr_array_index (a, MIN (i, a->len - 1));
      const BwTable *of_b = g_ptr_array_index (b, MIN (i, b->len - 1));

      if (is_same_table (of_a, of_b))
        continue;

      g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "the tables are not those of this version: %s and %s",
                   of_a->name, of_b->name);
      return FALSE;
    }

  return TRUE;
}

BwTableReader *
bw_db_read_table (BwDb           *db,
                  const BwTable  *table,
                  GError        **error)
{
  BwTableReader *reader = db->driver->bulk->read (db, table, error);

  if (reader != NULL)
    {
      reader->db = db;
      reader->table = table;
    }

  return reader;
}

gboolean
bw_table_reader_next (BwTableReader *reader,
                      BwCell        *cells,
                      GError       **error)
{
  return reader->db->driver->bulk->next (reader, cells, error);
}

void
bw_table_reader_free (BwTableReader *reader)
{
  reader->db->driver->bulk->end_read (reader);
}

BwTableWriter *
bw_db_write_table (BwDb           *db,
                   const BwTable  *table,
                   GError        **error)
{
  BwTableWriter *writer = db->driver->bulk->write (db, table, error);

  if (writer != NULL)
    {
      writer->db = db;
      writer->table = table;
    }

  return writer;
}

gboolean
bw_table_writer_add (BwTableWriter *writer,
                     const BwCell  *cells,
                     GError       **error)
{
  return writer->db->driver->bulk->add (writer, cells, error);
}

gboolean
bw_table_writer_finish (BwTableWriter *writer,
                        GError       **error)
{
  return writer->db->driver->bulk->finish (writer, error);
}

void
bw_table_writer_free (BwTableWriter *writer)
{
  writer->db->driver->bulk->end_write (writer);
}

gboolean
bw_db_get_serial (BwDb           *db,
                  const BwTable  *table,
                  gint64         *ret_last,
                  GError        **error)
{
  *ret_last = 0;

  return table->serial < 0 || db->driver->bulk->get_serial (db, table, ret_last, error);
}

gboolean
bw_db_set_serial (BwDb           *db,
                  const BwTable  *table,
                  gint64          last,
                  GError        **error)
{
  return table->serial < 0 || db->driver->bulk->set_serial (db, table, last, error);
}

char *
bw_table_make_columns (const BwTable *table)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < table->columns->len; i++)
    g_string_append_printf (text, "%s\"%s\"", i > 0 ? ", " : "",
                            ((BwColumn *) g_ptr_array_index (table->columns, i))->name);

  return g_string_free (text, FALSE);
}

char *
bw_table_make_select (const BwTable *table,
                      const char    *collation)
{
  g_autofree char *columns = bw_table_make_columns (table);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "SELECT %s FROM \"%s\" ORDER BY ", columns, table->name);
  for (guint i = 0; i < table->key->len; i++)
    {
      const BwColumn *column = g_ptr_array_index (table->columns, g_array_index (table->key, guint, i));

      g_string_append_printf (text, "%s\"%s\"%s", i > 0 ? ", " : "", column->name,
                              column->type == BW_CELL_TEXT ? collation : "");
    }

  return g_string_free (text, FALSE);
}

static void
append_value (GString      *text,
              const BwCell *cell)
{
  switch (cell->type)
    {
    case BW_CELL_INT:
      g_string_append_printf (text, "%" G_GINT64_FORMAT, cell->integer);
      break;

    case BW_CELL_DOUBLE:
      g_string_append_printf (text, "%g", cell->real);
      break;

    case BW_CELL_TEXT:
      {
        g_autofree char *start = g_strndup (cell->data, (gsize) MIN (cell->length, MAX_SHOWN_BYTES));
        g_autofree char *escaped = g_strescape (start, NULL);

        g_string_append_printf (text, "“%s”", escaped);
      }
      break;

    case BW_CELL_BLOB:
      g_string_append (text, "bytes");
      break;

    case BW_CELL_NULL:
    default:
      g_string_append (text, "nothing");
      break;
    }
}

char *
bw_table_describe_row (const BwTable *table,
                       const BwCell  *cells)
{
  GString *text = g_string_new ("the row ");

  for (guint i = 0; i < table->key->len; i++)
    {
      guint column = g_array_index (table->key, guint, i);

      g_string_append_printf (text, "%s%s = ", i > 0 ? ", " : "",
                              ((BwColumn *) g_ptr_array_index (table->columns, column))->name);
      append_value (text, &cells[column]);
    }
  g_string_append_printf (text, " of the table %s", table->name);

  return g_string_free (text, FALSE);
}
