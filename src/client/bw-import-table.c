/* bw-import-table.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-import-table-private.h"

#include <glib/gstdio.h>
#include <string.h>

#include "bw-csv-reader.h"
#include "bw-csv.h"
#include "bw-error.h"

/* One row of the file; where it lies there, until it is edited. */
typedef struct
{
  gsize   offset;
  guint32 line;
  guint8  problem;              /* BwImportProblem */
  guint8  column;               /* BwImportColumn: where it is */
  char    id[BW_DEVICE_ID_SIZE]; /* canonical, or empty */
  char  **texts;                /* (owned) (nullable): edited */
} Entry;

struct _BwImportTable
{
  GObject       parent_instance;

  char         *data;           /* the whole file */
  gsize         size;
  char          separator;
  BwImportHead  head;
  GPtrArray    *ignored;        /* (element-type utf8) */
  GArray       *entries;        /* (element-type Entry): in the order of the file, of fixed length once it is read */
  GHashTable   *by_id;          /* id, an entry's own → its index + 1; the first of several */
  guint32      *order;          /* position → index: the bad ones first */
  GArray       *written;        /* (element-type guint32): what was written last, line 2 first */
  GHashTable   *rows;           /* index → BwImportRow that somebody has */
  guint         n_bad;
};

static void bw_import_table_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BwImportTable, bw_import_table, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, bw_import_table_iface_init))

enum {
  PROP_0,
  PROP_N_BAD,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static Entry *
get_entry (BwImportTable *self,
           guint          index)
{
  return &g_array_index (self->entries, Entry, index);
}

/* Reading */

static void
entry_clear (gpointer entry)
{
  g_strfreev (((Entry *) entry)->texts);
}

static gboolean
is_blank (const BwCsvReader *reader)
{
  for (guint i = 0; i < reader->n_fields; i++)
    {
      if (reader->fields[i][strspn (reader->fields[i], " \t")] != '\0')
        return FALSE;
    }

  return TRUE;
}

/* Whether the entry is the first with its id; it is noted then. */
static gboolean
claim_id (BwImportTable *self,
          guint          index)
{
  Entry *entry = get_entry (self, index);

  if (g_hash_table_contains (self->by_id, entry->id))
    return FALSE;

  g_hash_table_insert (self->by_id, entry->id, GUINT_TO_POINTER (index + 1));

  return TRUE;
}

static void
add_entry (BwImportTable     *self,
           const BwCsvReader *reader,
           gboolean           is_readable)
{
  Entry entry = { .offset = (gsize) (reader->start - self->data), .line = reader->line };
  const char *texts[BW_IMPORT_N_COLUMNS];
  BwImportColumn column = BW_IMPORT_ID;

  entry.problem = BW_IMPORT_UNREADABLE;
  if (is_readable)
    {
      bw_import_head_pick (&self->head, reader->fields, reader->n_fields, texts);
      entry.problem = (guint8) bw_import_check (texts, entry.id, &column);
      entry.column = (guint8) column;
    }
  g_array_append_val (self->entries, entry);
}

static gboolean
read_head (BwImportTable  *self,
           BwCsvReader    *reader,
           GError        **error)
{
  g_autoptr(GError) local_error = NULL;

  do
    {
      if (bw_csv_reader_next (reader, &local_error))
        continue;
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      else
        g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "the file is empty");
      return FALSE;
    }
  while (is_blank (reader));

  if (!bw_import_head_read (&self->head, reader->fields, reader->n_fields, error))
    return FALSE;

  for (guint i = 0; i < reader->n_fields && self->head.has_names; i++)
    {
      if (!bw_import_is_column (reader->fields[i]))
        g_ptr_array_add (self->ignored, g_strdup (reader->fields[i]));
    }

  if (!self->head.has_names)
    add_entry (self, reader, TRUE);

  return TRUE;
}

static gboolean
read_rows (BwImportTable  *self,
           BwCsvReader    *reader,
           GError        **error)
{
  for (;;)
    {
      g_autoptr(GError) local_error = NULL;
      gboolean is_readable = bw_csv_reader_next (reader, &local_error);

      if (!is_readable && local_error == NULL)
        return TRUE;

      if (is_readable && is_blank (reader))
        continue;

      if (self->entries->len == BW_IMPORT_MAX_ROWS)
        {
          g_set_error (error, BW_ERROR, BW_ERROR_TOO_LARGE, "the file has more than %d rows", BW_IMPORT_MAX_ROWS);
          return FALSE;
        }
      add_entry (self, reader, is_readable);
    }
}

static void
make_order (BwImportTable *self)
{
  guint n = 0;

  for (guint i = 0; i < self->entries->len; i++)
    {
      if (get_entry (self, i)->problem != BW_IMPORT_GOOD)
        self->order[n++] = i;
    }
  self->n_bad = n;
  for (guint i = 0; i < self->entries->len; i++)
    {
      if (get_entry (self, i)->problem == BW_IMPORT_GOOD)
        self->order[n++] = i;
    }
}

/* Once the entries do not move any more. */
static void
find_duplicates (BwImportTable *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = get_entry (self, i);

      if (entry->id[0] == '\0' || claim_id (self, i) || entry->problem != BW_IMPORT_GOOD)
        continue;
      entry->problem = BW_IMPORT_DUPLICATE;
      entry->column = BW_IMPORT_ID;
    }
}

/* A copy: a spreadsheet may write the same file anew while its rows are looked at. */
static gboolean
read_file (BwImportTable  *self,
           const char     *path,
           GError        **error)
{
  GStatBuf info;

  if (g_stat (path, &info) == 0 && info.st_size > BW_IMPORT_MAX_BYTES)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_TOO_LARGE, "the file has more than %d MiB", BW_IMPORT_MAX_BYTES / (1024 * 1024));
      return FALSE;
    }

  if (g_file_get_contents (path, &self->data, &self->size, error))
    return TRUE;

  bw_error_adopt (error);

  return FALSE;
}

BwImportTable *
bw_import_table_new (const char  *path,
                     GError     **error)
{
  g_autoptr(BwImportTable) self = NULL;
  g_auto(BwCsvReader) reader = { NULL, };

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (BW_TYPE_IMPORT_TABLE, NULL);
  if (!read_file (self, path, error) || !bw_csv_reader_init (&reader, self->data, self->size, error))
    return NULL;

  self->separator = reader.separator;
  if (!read_head (self, &reader, error) || !read_rows (self, &reader, error))
    return NULL;

  find_duplicates (self);
  self->order = g_new (guint32, MAX (self->entries->len, 1));
  make_order (self);

  return g_steal_pointer (&self);
}

/* The texts of a row. @reader: zeroed, cleared by the caller; it holds them. */
static void
pick_texts (BwImportTable *self,
            const Entry   *entry,
            BwCsvReader   *reader,
            const char    *ret_texts[BW_IMPORT_N_COLUMNS])
{
  for (guint i = 0; i < BW_IMPORT_N_COLUMNS; i++)
    ret_texts[i] = entry->texts != NULL ? entry->texts[i] : "";

  if (entry->texts != NULL)
    return;

  if (reader->text == NULL)
    reader->text = g_string_sized_new (256);
  reader->separator = self->separator;
  reader->at = self->data + entry->offset;
  reader->end = self->data + self->size;
  if (bw_csv_reader_next (reader, NULL))
    bw_import_head_pick (&self->head, reader->fields, reader->n_fields, ret_texts);
}

/* Changing */

static void
set_problem (BwImportTable   *self,
             guint            index,
             BwImportProblem  problem,
             BwImportColumn   column)
{
  Entry *entry = get_entry (self, index);
  BwImportRow *row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (index));
  gboolean was_bad = entry->problem != BW_IMPORT_GOOD;

  if (entry->problem == problem && entry->column == column)
    return;

  entry->problem = (guint8) problem;
  entry->column = (guint8) column;
  if (row != NULL)
    g_object_notify (G_OBJECT (row), "problem");

  if (was_bad != (problem != BW_IMPORT_GOOD))
    {
      self->n_bad += was_bad ? -1 : 1;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_BAD]);
    }
}

/* The entry gives its id up; the next one that has the same is not a duplicate any more. */
static void
release_id (BwImportTable *self,
            guint          index)
{
  Entry *entry = get_entry (self, index);

  if (entry->id[0] == '\0' ||
      GPOINTER_TO_UINT (g_hash_table_lookup (self->by_id, entry->id)) != index + 1)
    return;

  g_hash_table_remove (self->by_id, entry->id);
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *other = get_entry (self, i);

      if (i == index || memcmp (other->id, entry->id, sizeof other->id) != 0)
        continue;

      claim_id (self, i);
      if (other->problem == BW_IMPORT_DUPLICATE)
        set_problem (self, i, BW_IMPORT_GOOD, BW_IMPORT_ID);
      return;
    }
}

static void
check_again (BwImportTable *self,
             guint          index)
{
  Entry *entry = get_entry (self, index);
  char id[BW_DEVICE_ID_SIZE];
  BwImportColumn column = BW_IMPORT_ID;
  BwImportProblem problem = bw_import_check ((const char * const *) entry->texts, id, &column);

  if (memcmp (id, entry->id, sizeof id) != 0)
    {
      release_id (self, index);
      memcpy (entry->id, id, sizeof id);
      if (id[0] != '\0')
        claim_id (self, index);
    }

  if (problem == BW_IMPORT_GOOD && GPOINTER_TO_UINT (g_hash_table_lookup (self->by_id, entry->id)) != index + 1)
    {
      problem = BW_IMPORT_DUPLICATE;
      column = BW_IMPORT_ID;
    }
  set_problem (self, index, problem, column);
}

void
bw_import_table_set_text (BwImportTable  *self,
                          guint           index,
                          BwImportColumn  column,
                          const char     *text)
{
  Entry *entry = get_entry (self, index);
  g_auto(BwCsvReader) reader = { NULL, };
  const char *texts[BW_IMPORT_N_COLUMNS];
  char *clean = g_strstrip (g_strdup (text));

  if (entry->texts == NULL)
    {
      pick_texts (self, entry, &reader, texts);
      entry->texts = g_new0 (char *, BW_IMPORT_N_COLUMNS + 1);
      for (guint i = 0; i < BW_IMPORT_N_COLUMNS; i++)
        entry->texts[i] = g_strdup (texts[i]);
    }

  g_free (entry->texts[column]);
  entry->texts[column] = clean;
  check_again (self, index);
}

char *
bw_import_table_get_text (BwImportTable  *self,
                          guint           index,
                          BwImportColumn  column)
{
  g_auto(BwCsvReader) reader = { NULL, };
  const char *texts[BW_IMPORT_N_COLUMNS];

  pick_texts (self, get_entry (self, index), &reader, texts);

  return g_strdup (texts[column]);
}

guint
bw_import_table_get_line (BwImportTable *self,
                          guint          index)
{
  return get_entry (self, index)->line;
}

BwImportProblem
bw_import_table_get_problem (BwImportTable  *self,
                             guint           index,
                             BwImportColumn *ret_column)
{
  const Entry *entry = get_entry (self, index);

  if (ret_column != NULL)
    *ret_column = (BwImportColumn) entry->column;

  return (BwImportProblem) entry->problem;
}

void
bw_import_table_forget_row (BwImportTable *self,
                            guint          index)
{
  g_hash_table_remove (self->rows, GUINT_TO_POINTER (index));
}

/* GListModel */

static GType
get_item_type (GListModel *model)
{
  return BW_TYPE_IMPORT_ROW;
}

static guint
get_n_items (GListModel *model)
{
  return BW_IMPORT_TABLE (model)->entries->len;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  BwImportTable *self = BW_IMPORT_TABLE (model);
  BwImportRow *row;
  guint index;

  if (position >= self->entries->len)
    return NULL;

  index = self->order[position];
  row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (index));
  if (row != NULL)
    return g_object_ref (row);

  row = bw_import_row_new (self, index);
  g_hash_table_insert (self->rows, GUINT_TO_POINTER (index), row);

  return row;
}

static void
bw_import_table_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
bw_import_table_finalize (GObject *object)
{
  BwImportTable *self = (BwImportTable *) object;

  g_hash_table_unref (self->rows);
  g_hash_table_unref (self->by_id);
  g_array_unref (self->entries);
  g_array_unref (self->written);
  g_ptr_array_unref (self->ignored);
  g_clear_pointer (&self->data, g_free);
  g_free (self->order);

  G_OBJECT_CLASS (bw_import_table_parent_class)->finalize (object);
}

static void
bw_import_table_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  if (prop_id == PROP_N_BAD)
    g_value_set_uint (value, BW_IMPORT_TABLE (object)->n_bad);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
bw_import_table_class_init (BwImportTableClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = bw_import_table_finalize;
  object_class->get_property = bw_import_table_get_property;

  properties[PROP_N_BAD] =
    g_param_spec_uint ("n-bad", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bw_import_table_init (BwImportTable *self)
{
  self->ignored = g_ptr_array_new_with_free_func (g_free);
  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_array_set_clear_func (self->entries, entry_clear);
  self->written = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->rows = g_hash_table_new (NULL, NULL);
}

guint
bw_import_table_get_n_rows (BwImportTable *self)
{
  g_return_val_if_fail (BW_IS_IMPORT_TABLE (self), 0);

  return self->entries->len;
}

guint
bw_import_table_get_n_bad (BwImportTable *self)
{
  g_return_val_if_fail (BW_IS_IMPORT_TABLE (self), 0);

  return self->n_bad;
}

gboolean
bw_import_table_has_column (BwImportTable  *self,
                            BwImportColumn  column)
{
  g_return_val_if_fail (BW_IS_IMPORT_TABLE (self), FALSE);

  return self->head.places[column] >= 0;
}

GPtrArray *
bw_import_table_get_ignored (BwImportTable *self)
{
  g_return_val_if_fail (BW_IS_IMPORT_TABLE (self), NULL);

  return self->ignored;
}

GBytes *
bw_import_table_write (BwImportTable *self)
{
  GString *out = g_string_sized_new (self->size + 1024);
  g_auto(BwCsvReader) reader = { NULL, };

  g_return_val_if_fail (BW_IS_IMPORT_TABLE (self), NULL);

  for (guint i = 0; i < BW_IMPORT_N_COLUMNS; i++)
    bw_csv_append_field (out, bw_import_column_to_name ((BwImportColumn) i), i + 1 == BW_IMPORT_N_COLUMNS);

  g_array_set_size (self->written, 0);
  for (guint index = 0; index < self->entries->len; index++)
    {
      const Entry *entry = get_entry (self, index);
      const char *texts[BW_IMPORT_N_COLUMNS];

      if (entry->problem != BW_IMPORT_GOOD)
        continue;

      pick_texts (self, entry, &reader, texts);
      for (guint i = 0; i < BW_IMPORT_N_COLUMNS; i++)
        bw_csv_append_field (out, texts[i], i + 1 == BW_IMPORT_N_COLUMNS);
      g_array_append_val (self->written, index);
    }

  return g_string_free_to_bytes (out);
}

void
bw_import_table_add_problem (BwImportTable   *self,
                             guint            line,
                             BwImportProblem  problem)
{
  g_return_if_fail (BW_IS_IMPORT_TABLE (self));

  /* good rows have no line breaks in them: a line is a row */
  if (line >= 2 && line - 2 < self->written->len)
    set_problem (self, g_array_index (self->written, guint32, line - 2), problem, BW_IMPORT_ID);
}

void
bw_import_table_sort (BwImportTable *self)
{
  g_return_if_fail (BW_IS_IMPORT_TABLE (self));

  make_order (self);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, self->entries->len, self->entries->len);
}
