/* bw-copy.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-copy-private.h"

#include <sodium.h>
#include <string.h>

#include "bw-error.h"

/* How often somebody is asked whether to go on, and told how far it is. */
#define ROWS_A_STEP 1000

/* Copies row by row, with no more than a few of them in memory, and then reads
 * both databases again, table by table in the order of the key: the proof rests
 * on nothing that the copying has remembered. */
typedef struct
{
  BwDb               *from;
  BwDb               *to;
  GPtrArray          *from_tables;
  GPtrArray          *to_tables;
  GPtrArray          *report;

  GCancellable       *cancellable;
  BwCopyProgressFunc  progress;
  gpointer            user_data;
  BwCopyPhase         phase;
  gint64              n_done;
  gint64              n_total;
} Copy;

static void
copy_table_free (gpointer data)
{
  BwCopyTable *table = data;

  g_free (table->name);
  g_free (table);
}

static gboolean
step (Copy           *self,
      const BwTable  *table,
      gint64          n_rows,
      GError        **error)
{
  self->n_done += n_rows;
  if (self->progress != NULL)
    self->progress (self->phase, table->name, self->n_done, self->n_total, self->user_data);

  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

/* SQLite takes any value in any column. */
static gboolean
check_types (const BwTable  *table,
             const BwCell   *cells,
             GError        **error)
{
  static const char *const names[] = { "nothing", "a whole number", "a broken number", "text", "bytes" };

  for (guint i = 0; i < table->columns->len; i++)
    {
      const BwColumn *column = g_ptr_array_index (table->columns, i);

      if (cells[i].type != BW_CELL_NULL && cells[i].type != column->type)
        {
          g_autofree char *row = bw_table_describe_row (table, cells);

          g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "FROM: the column %s of %s holds %s where %s belongs",
                       column->name, row, names[cells[i].type], names[column->type]);
          return FALSE;
        }
    }

  return TRUE;
}

/* A number given beside the counter counts as given. */
static void
note_serial (const BwTable *table,
             const BwCell  *cells,
             gint64        *last)
{
  if (table->serial >= 0 && cells[table->serial].integer > *last)
    *last = cells[table->serial].integer;
}

static gboolean
copy_rows (Copy           *self,
           const BwTable  *table,
           BwTableReader  *reader,
           BwTableWriter  *writer,
           gint64         *last,
           GError        **error)
{
  g_autoptr(GError) read_error = NULL;
  BwCell cells[BW_DB_MAX_CELLS] = { 0, };
  gint64 n_rows = 0;

  while (bw_table_reader_next (reader, cells, &read_error))
    {
      if (!check_types (table, cells, error))
        return FALSE;

      note_serial (table, cells, last);
      if (!bw_table_writer_add (writer, cells, error))
        {
          g_prefix_error (error, "TO: ");
          return FALSE;
        }

      if (++n_rows % ROWS_A_STEP == 0 && !step (self, table, ROWS_A_STEP, error))
        return FALSE;
    }

  if (read_error != NULL)
    {
      g_propagate_prefixed_error (error, g_steal_pointer (&read_error), "FROM: ");
      return FALSE;
    }

  return step (self, table, n_rows % ROWS_A_STEP, error);
}

static gboolean
copy_table (Copy     *self,
            guint     i,
            GError  **error)
{
  const BwTable *table = g_ptr_array_index (self->from_tables, i);
  const BwTable *to_table = g_ptr_array_index (self->to_tables, i);
  g_autoptr(BwTableReader) reader = NULL;
  g_autoptr(BwTableWriter) writer = NULL;
  gint64 last = 0;

  if (bw_db_get_serial (self->from, table, &last, error))
    reader = bw_db_read_table (self->from, table, error);

  if (reader == NULL)
    {
      g_prefix_error (error, "FROM: ");
      return FALSE;
    }

  writer = bw_db_write_table (self->to, to_table, error);
  if (writer == NULL)
    {
      g_prefix_error (error, "TO: ");
      return FALSE;
    }

  if (!copy_rows (self, table, reader, writer, &last, error))
    return FALSE;

  if (bw_table_writer_finish (writer, error) && bw_db_set_serial (self->to, to_table, last, error))
    return TRUE;

  g_prefix_error (error, "TO: the table %s: ", table->name);

  return FALSE;
}

static void
put_uint64 (GByteArray *bytes,
            guint64     value)
{
  guint64 little = GUINT64_TO_LE (value);

  g_byte_array_append (bytes, (const guint8 *) &little, sizeof little);
}

/* The same bytes for the same value from any database, and for no other. */
static void
put_cell (GByteArray   *bytes,
          const BwCell *cell)
{
  guint8 type = (guint8) cell->type;
  guint64 bits;

  g_byte_array_append (bytes, &type, 1);
  switch (cell->type)
    {
    case BW_CELL_INT:
      put_uint64 (bytes, (guint64) cell->integer);
      break;

    case BW_CELL_DOUBLE:
      memcpy (&bits, &cell->real, sizeof bits);
      put_uint64 (bytes, bits);
      break;

    case BW_CELL_TEXT:
    case BW_CELL_BLOB:
      put_uint64 (bytes, (guint64) cell->length);
      g_byte_array_append (bytes, cell->data, (guint) cell->length);
      break;

    case BW_CELL_NULL:
    default:
      break;
    }
}

static gboolean
hash_table (Copy           *self,
            BwDb           *db,
            const BwTable  *table,
            char           *ret_hash,
            gint64         *ret_n_rows,
            GError        **error)
{
  g_autoptr(BwTableReader) reader = NULL;
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  g_autoptr(GError) local_error = NULL;
  BwCell cells[BW_DB_MAX_CELLS] = { 0, };
  guint8 hash[crypto_generichash_BYTES];
  crypto_generichash_state state;
  gint64 n_rows = 0;
  gint64 last = 0;

  if (bw_db_get_serial (db, table, &last, error))
    reader = bw_db_read_table (db, table, error);

  if (reader == NULL)
    return FALSE;

  crypto_generichash_init (&state, NULL, 0, sizeof hash);
  while (bw_table_reader_next (reader, cells, &local_error))
    {
      note_serial (table, cells, &last);
      g_byte_array_set_size (bytes, 0);
      for (guint i = 0; i < table->columns->len; i++)
        put_cell (bytes, &cells[i]);
      crypto_generichash_update (&state, bytes->data, bytes->len);

      if (++n_rows % ROWS_A_STEP == 0 && !step (self, table, ROWS_A_STEP, &local_error))
        break;
    }

  if (local_error == NULL)
    step (self, table, n_rows % ROWS_A_STEP, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  g_byte_array_set_size (bytes, 0);
  put_uint64 (bytes, (guint64) last);
  crypto_generichash_update (&state, bytes->data, bytes->len);
  crypto_generichash_final (&state, hash, sizeof hash);
  sodium_bin2hex (ret_hash, BW_COPY_HASH_SIZE, hash, sizeof hash);
  *ret_n_rows = n_rows;

  return TRUE;
}

static gboolean
compare (Copy    *self,
         GError **error)
{
  const char *different = NULL;

  self->phase = BW_COPY_COMPARING;
  self->n_done = 0;
  self->n_total *= 2;

  for (guint i = 0; i < self->from_tables->len; i++)
    {
      const BwTable *table = g_ptr_array_index (self->from_tables, i);
      BwCopyTable *entry = g_new0 (BwCopyTable, 1);

      entry->name = g_strdup (table->name);
      g_ptr_array_add (self->report, entry);
      if (!hash_table (self, self->from, table, entry->hash_from, &entry->n_from, error) ||
          !hash_table (self, self->to, g_ptr_array_index (self->to_tables, i), entry->hash_to, &entry->n_to, error))
        return FALSE;

      entry->same = entry->n_from == entry->n_to && strcmp (entry->hash_from, entry->hash_to) == 0;
      if (!entry->same)
        different = table->name;
    }

  if (different == NULL)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "the table %s is not the same after copying", different);

  return FALSE;
}

static gboolean
copy_all (Copy         *self,
          BwCopyPlace  *target,
          GError      **error)
{
  for (guint i = 0; i < self->from_tables->len; i++)
    {
      gint64 n_rows = 0;

      if (!bw_copy_count (self->from, g_ptr_array_index (self->from_tables, i), &n_rows, error))
        return FALSE;

      self->n_total += n_rows;
    }

  for (guint i = 0; i < self->from_tables->len; i++)
    {
      if (!copy_table (self, i, error))
        return FALSE;
    }

  if (!bw_copy_place_settle (target, error))
    {
      g_prefix_error (error, "TO: ");
      return FALSE;
    }
  self->to = target->db;

  return compare (self, error) && bw_copy_place_keep (target, error);
}

gboolean
bw_copy_run (const char          *from,
             const char          *to,
             GCancellable        *cancellable,
             BwCopyProgressFunc   progress,
             gpointer             user_data,
             GPtrArray          **ret_tables,
             GError             **error)
{
  g_auto(BwCopyPlace) source = BW_COPY_PLACE_INIT;
  g_auto(BwCopyPlace) target = BW_COPY_PLACE_INIT;
  g_autoptr(GPtrArray) from_tables = NULL;
  g_autoptr(GPtrArray) to_tables = NULL;
  g_autoptr(GPtrArray) report = g_ptr_array_new_with_free_func (copy_table_free);
  Copy self = { .report = report, .cancellable = cancellable, .progress = progress, .user_data = user_data };
  gboolean ok;

  g_return_val_if_fail (from != NULL && to != NULL, FALSE);

  if (!bw_copy_place_open_source (&source, from, error) ||
      !bw_copy_place_open_target (&target, to, &source, error))
    return FALSE;

  self.from = source.db;
  self.to = target.db;
  self.from_tables = from_tables = bw_db_list_tables (source.db, error);
  if (from_tables == NULL)
    return FALSE;

  self.to_tables = to_tables = bw_db_list_tables (target.db, error);
  if (to_tables == NULL || !bw_tables_equal (from_tables, to_tables, error))
    return FALSE;

  ok = copy_all (&self, &target, error);
  if (report->len == from_tables->len)
    *ret_tables = g_steal_pointer (&report);

  return ok;
}
