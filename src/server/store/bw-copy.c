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

/* The main database, or the history. */
typedef struct
{
  BwCopyPlace  from;
  BwCopyPlace  to;
  GPtrArray   *from_tables;
  GPtrArray   *to_tables;
} Part;

#define PART_INIT { .from = BW_COPY_PLACE_INIT, .to = BW_COPY_PLACE_INIT }

static void
part_clear (Part *part)
{
  bw_copy_place_clear (&part->to);
  bw_copy_place_clear (&part->from);
  g_clear_pointer (&part->from_tables, g_ptr_array_unref);
  g_clear_pointer (&part->to_tables, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Part, part_clear)

#define MAX_PARTS 2

/* Copies row by row, with no more than a few of them in memory, and then reads
 * both databases again, table by table in the order of the key: the proof rests
 * on nothing that the copying has remembered. */
typedef struct
{
  Part               *parts[MAX_PARTS];
  guint               n_parts;
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
            Part     *part,
            guint     i,
            GError  **error)
{
  const BwTable *table = g_ptr_array_index (part->from_tables, i);
  const BwTable *to_table = g_ptr_array_index (part->to_tables, i);
  g_autoptr(BwTableReader) reader = NULL;
  g_autoptr(BwTableWriter) writer = NULL;
  gint64 last = 0;

  if (bw_db_get_serial (part->from.db, table, &last, error))
    reader = bw_db_read_table (part->from.db, table, error);

  if (reader == NULL)
    {
      g_prefix_error (error, "FROM: ");
      return FALSE;
    }

  writer = bw_db_write_table (part->to.db, to_table, error);
  if (writer == NULL)
    {
      g_prefix_error (error, "TO: ");
      return FALSE;
    }

  if (!copy_rows (self, table, reader, writer, &last, error))
    return FALSE;

  if (bw_table_writer_finish (writer, error) && bw_db_set_serial (part->to.db, to_table, last, error))
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

/* What it is called, by people, too: two of them have a table of migrations. */
static char *
name_table (const Part    *part,
            const BwTable *table)
{
  return part->from.is_history ? g_strconcat ("history.", table->name, NULL) : g_strdup (table->name);
}

static gboolean
enter (const Part  *part,
       GError     **error)
{
  return bw_copy_place_enter (&part->from, error) && bw_copy_place_enter (&part->to, error);
}

/* *different: (transfer full) (nullable): the last one */
static gboolean
compare_part (Copy    *self,
              Part    *part,
              char   **different,
              GError **error)
{
  if (!enter (part, error))
    return FALSE;

  for (guint i = 0; i < part->from_tables->len; i++)
    {
      const BwTable *table = g_ptr_array_index (part->from_tables, i);
      BwCopyTable *entry = g_new0 (BwCopyTable, 1);

      entry->name = name_table (part, table);
      g_ptr_array_add (self->report, entry);
      if (!hash_table (self, part->from.db, table, entry->hash_from, &entry->n_from, error) ||
          !hash_table (self, part->to.db, g_ptr_array_index (part->to_tables, i), entry->hash_to, &entry->n_to, error))
        return FALSE;

      entry->same = entry->n_from == entry->n_to && strcmp (entry->hash_from, entry->hash_to) == 0;
      if (!entry->same)
        {
          g_free (*different);
          *different = g_strdup (entry->name);
        }
    }

  return TRUE;
}

static gboolean
compare (Copy    *self,
         GError **error)
{
  g_autofree char *different = NULL;

  self->phase = BW_COPY_COMPARING;
  self->n_done = 0;
  self->n_total *= 2;

  for (guint i = 0; i < self->n_parts; i++)
    {
      if (!compare_part (self, self->parts[i], &different, error))
        return FALSE;
    }

  if (different == NULL)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "the table %s is not the same after copying", different);

  return FALSE;
}

static gboolean
count_part (Copy    *self,
            Part    *part,
            GError **error)
{
  if (!enter (part, error))
    return FALSE;

  for (guint i = 0; i < part->from_tables->len; i++)
    {
      gint64 n_rows = 0;

      if (!bw_copy_count (part->from.db, g_ptr_array_index (part->from_tables, i), &n_rows, error))
        return FALSE;

      self->n_total += n_rows;
    }

  return TRUE;
}

static gboolean
copy_part (Copy    *self,
           Part    *part,
           GError **error)
{
  if (!enter (part, error))
    return FALSE;

  for (guint i = 0; i < part->from_tables->len; i++)
    {
      if (!copy_table (self, part, i, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
settle (Copy    *self,
        GError **error)
{
  for (guint i = 0; i < self->n_parts; i++)
    {
      if (!bw_copy_place_settle (&self->parts[i]->to, error))
        {
          g_prefix_error (error, "TO: ");
          return FALSE;
        }
    }

  return TRUE;
}

/* The history first: without an installation beside it, it is nothing. */
static gboolean
keep (Copy    *self,
      GError **error)
{
  for (guint i = self->n_parts; i > 0; i--)
    {
      if (bw_copy_place_keep (&self->parts[i - 1]->to, error))
        continue;

      for (guint j = i; j < self->n_parts; j++)
        bw_copy_place_undo (&self->parts[j]->to);
      return FALSE;
    }

  return TRUE;
}

static gboolean
copy_all (Copy    *self,
          GError **error)
{
  for (guint i = 0; i < self->n_parts; i++)
    {
      if (!count_part (self, self->parts[i], error))
        return FALSE;
    }

  for (guint i = 0; i < self->n_parts; i++)
    {
      if (!copy_part (self, self->parts[i], error))
        return FALSE;
    }

  return settle (self, error) && compare (self, error) && keep (self, error);
}

static gboolean
list_tables (Part    *part,
             GError **error)
{
  if (!enter (part, error))
    return FALSE;

  part->from_tables = bw_db_list_tables (part->from.db, error);
  part->to_tables = part->from_tables != NULL ? bw_db_list_tables (part->to.db, error) : NULL;

  return part->to_tables != NULL && bw_tables_equal (part->from_tables, part->to_tables, error);
}

/* Goes along where both ends have a place for one; a single SQLite file has none. */
static gboolean
open_history (Copy    *self,
              Part    *main,
              Part    *history,
              GError **error)
{
  if (!bw_copy_place_open_source_history (&history->from, &main->from, error))
    return FALSE;

  if (history->from.db == NULL)
    return TRUE;

  if (!bw_copy_place_open_target_history (&history->to, &main->to, error))
    return FALSE;

  if (history->to.db == NULL)
    return TRUE;

  self->parts[self->n_parts++] = history;

  return list_tables (history, error);
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
  g_auto(Part) main = PART_INIT;
  g_auto(Part) history = PART_INIT;     /* cleared first: it may share a connection */
  g_autoptr(GPtrArray) report = g_ptr_array_new_with_free_func (copy_table_free);
  Copy self = { .parts = { &main }, .n_parts = 1, .report = report, .cancellable = cancellable,
                .progress = progress, .user_data = user_data };
  guint n_tables = 0;
  gboolean ok;

  g_return_val_if_fail (from != NULL && to != NULL, FALSE);

  if (!bw_copy_place_open_source (&main.from, from, error) ||
      !bw_copy_place_open_target (&main.to, to, &main.from, error) ||
      !list_tables (&main, error) ||
      !open_history (&self, &main, &history, error))
    return FALSE;

  ok = copy_all (&self, error);
  for (guint i = 0; i < self.n_parts; i++)
    n_tables += self.parts[i]->from_tables->len;
  if (report->len == n_tables)
    *ret_tables = g_steal_pointer (&report);

  return ok;
}
