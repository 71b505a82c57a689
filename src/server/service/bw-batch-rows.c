/* bw-batch-rows.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-batch-rows.h"

#include <string.h>

#include "bw-csv-reader.h"
#include "bw-error.h"
#include "bw-json.h"

/* Of a value that is quoted back. */
#define MAX_VALUE_BYTES 64

typedef struct
{
  guint line;
  gsize start;
  gsize end;
} Place;

void
bw_problems_init (BwProblems *self)
{
  *self = (BwProblems) { .json = g_string_new (NULL), .places = g_array_new (FALSE, FALSE, sizeof (Place)) };
}

void
bw_problems_clear (BwProblems *self)
{
  if (self->json != NULL)
    g_string_free (self->json, TRUE);
  self->json = NULL;
  g_clear_pointer (&self->places, g_array_unref);
}

void
bw_problems_add (BwProblems *self,
                 guint       line,
                 const char *column,
                 const char *value,
                 const char *nick,
                 const char *reason)
{
  g_autofree char *cut = NULL;
  Place place = { line, self->json->len, 0 };

  self->n++;
  if (self->places->len == BW_PROBLEMS_MAX_LISTED)
    return;

  /* never a key, not even one that is refused */
  if (value != NULL && g_strcmp0 (column, bw_import_column_to_name (BW_IMPORT_KEY)) != 0)
    {
      cut = g_utf8_make_valid (value, (gssize) MIN (strlen (value), MAX_VALUE_BYTES));
      value = cut;
    }
  else
    value = NULL;

  /* so that no comma comes before it */
  g_string_append_c (self->json, '\n');
  place.start = self->json->len;
  bw_json_begin_object (self->json, NULL);
  bw_json_add_int (self->json, "row", line);
  bw_json_add_string (self->json, "column", column);
  bw_json_add_string (self->json, "value", value);
  bw_json_add_string (self->json, "code", nick);
  bw_json_add_string (self->json, "reason", reason);
  bw_json_end_object (self->json);
  place.end = self->json->len;
  g_array_append_val (self->places, place);
}

static int
compare_places (gconstpointer a,
                gconstpointer b)
{
  const Place *left = a;
  const Place *right = b;

  return left->line < right->line ? -1 : left->line > right->line;
}

void
bw_problems_write (BwProblems *self,
                   GString    *out)
{
  bw_json_begin_array (out, "problems");
  g_array_sort (self->places, compare_places);
  for (guint i = 0; i < self->places->len; i++)
    {
      const Place *place = &g_array_index (self->places, Place, i);

      if (i > 0)
        g_string_append_c (out, ',');
      g_string_append_len (out, self->json->str + place->start, (gssize) (place->end - place->start));
    }
  bw_json_end_array (out);
}

static gboolean
take_row (const BwCsvReader   *reader,
          const BwImportHead  *head,
          BwRowFunc            func,
          gpointer             user_data,
          GError             **error)
{
  const char *texts[BW_IMPORT_N_COLUMNS];
  char id[BW_DEVICE_ID_SIZE];
  BwImportColumn column = BW_IMPORT_ID;
  BwImportProblem problem;

  bw_import_head_pick (head, reader->fields, reader->n_fields, texts);
  problem = bw_import_check (texts, id, &column);

  return func (texts, id, problem, column, reader->line, user_data, error);
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

/* A spreadsheet leaves rows of nothing but commas at its end. */
static gboolean
read_next (BwCsvReader  *reader,
           GError      **error)
{
  while (bw_csv_reader_next (reader, error))
    {
      if (!is_blank (reader))
        return TRUE;
    }

  return FALSE;
}

static gboolean
read_head (BwCsvReader   *reader,
           BwImportHead  *head,
           GPtrArray     *ignored,
           GError       **error)
{
  g_autoptr(GError) local_error = NULL;

  if (!read_next (reader, &local_error))
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      else
        g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "the file is empty");
      return FALSE;
    }

  if (!bw_import_head_read (head, reader->fields, reader->n_fields, error))
    return FALSE;

  for (guint i = 0; i < reader->n_fields && head->has_names; i++)
    {
      if (!bw_import_is_column (reader->fields[i]))
        g_ptr_array_add (ignored, g_strdup (reader->fields[i]));
    }

  return TRUE;
}

gboolean
bw_rows_read (GBytes     *csv,
              GPtrArray  *ignored,
              BwRowFunc   func,
              gpointer    user_data,
              GError    **error)
{
  static const char *const nothing[BW_IMPORT_N_COLUMNS] = { "", "", "", "", "", "" };
  g_auto(BwCsvReader) reader = { NULL, };
  BwImportHead head;
  gsize size = 0;
  const char *data = g_bytes_get_data (csv, &size);
  gint64 n_rows = 0;
  gboolean again;

  if (!bw_csv_reader_init (&reader, data != NULL ? data : "", size, error) ||
      !read_head (&reader, &head, ignored, error))
    return FALSE;

  again = !head.has_names;
  for (;;)
    {
      g_autoptr(GError) local_error = NULL;
      gboolean ok;

      if (!again && !read_next (&reader, &local_error) && local_error == NULL)
        return TRUE;

      if (++n_rows > BW_IMPORT_MAX_ROWS)
        {
          g_set_error (error, BW_ERROR, BW_ERROR_TOO_LARGE, "the file has more than %d rows", BW_IMPORT_MAX_ROWS);
          return FALSE;
        }

      again = FALSE;
      ok = local_error != NULL
             ? func (nothing, "", BW_IMPORT_UNREADABLE, BW_IMPORT_N_COLUMNS, reader.line, user_data, error)
             : take_row (&reader, &head, func, user_data, error);
      if (!ok)
        return FALSE;
    }
}
