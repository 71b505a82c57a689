/* bw-csv-reader.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-base"

#include "bw-csv-reader.h"

#include <string.h>

#include "bw-csv.h"
#include "bw-error.h"

/* What the first record has most of, outside quotes. */
static char
find_separator (const char *text,
                const char *end)
{
  static const char candidates[] = ",;\t";
  guint counts[3] = { 0, };
  gboolean quoted = FALSE;
  gboolean at_start = TRUE;
  guint best = 0;

  end = text + MIN (end - text, BW_CSV_MAX_RECORD_BYTES);
  for (const char *p = text; p < end && (quoted || (*p != '\n' && *p != '\r')); p++)
    {
      const char *found = memchr (candidates, *p, sizeof counts / sizeof counts[0]);

      if (*p == '"' && quoted && p + 1 < end && p[1] == '"')
        p++;
      else if (*p == '"' && (quoted || at_start))
        quoted = !quoted;
      else if (!quoted && found != NULL)
        counts[found - candidates]++;
      at_start = !quoted && found != NULL;
    }

  for (guint i = 1; i < G_N_ELEMENTS (counts); i++)
    {
      if (counts[i] > counts[best])
        best = i;
    }

  return candidates[best];
}

gboolean
bw_csv_reader_init (BwCsvReader  *self,
                    const char   *data,
                    gsize         size,
                    GError      **error)
{
  *self = (BwCsvReader) { .at = data, .end = data + size, .next_line = 1 };

  if (size >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0)
    self->at += 3;

  if ((size >= 2 && (memcmp (data, "\xff\xfe", 2) == 0 || memcmp (data, "\xfe\xff", 2) == 0)) ||
      memchr (data, '\0', MIN (size, 4096)) != NULL)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID,
                           "this is no CSV file in UTF-8; save it as “CSV UTF-8”");
      return FALSE;
    }

  while (self->at < self->end && (*self->at == '\n' || *self->at == '\r'))
    {
      self->next_line += *self->at == '\n' || self->at + 1 == self->end || self->at[1] != '\n';
      self->at++;
    }
  self->separator = find_separator (self->at, self->end);
  self->text = g_string_sized_new (256);

  return TRUE;
}

void
bw_csv_reader_clear (BwCsvReader *self)
{
  if (self->text != NULL)
    {
      /* there may have been a key in it */
      explicit_bzero (self->text->str, self->text->allocated_len);
      g_string_free (self->text, TRUE);
    }
  self->text = NULL;
}

/* Behind a line's end, which is CR LF, LF or CR. */
static void
skip_line_end (BwCsvReader *self)
{
  if (self->at < self->end && *self->at == '\r')
    self->at++, self->next_line += self->at == self->end || *self->at != '\n';
  if (self->at < self->end && *self->at == '\n')
    self->at++, self->next_line++;
}

static void
skip_empty_lines (BwCsvReader *self)
{
  while (self->at < self->end && (*self->at == '\n' || *self->at == '\r'))
    skip_line_end (self);
}

/* The places where fields begin in the text of the record, which moves while it grows. */
typedef struct
{
  gsize    starts[BW_CSV_MAX_FIELDS];
  guint    n_fields;
  gboolean too_many;
} Fields;

static void
begin_field (Fields  *fields,
             GString *text)
{
  if (fields->n_fields == BW_CSV_MAX_FIELDS)
    fields->too_many = TRUE;
  else
    fields->starts[fields->n_fields++] = text->len;
}

/* What is wrong with the quotes of the record; NULL: nothing. */
static const char *
take_quoted (BwCsvReader *self)
{
  guint last_line = self->next_line + BW_CSV_MAX_FIELD_LINES;

  self->quote_line = self->next_line;
  for (self->at++; self->at < self->end; self->at++)
    {
      char c = *self->at;

      self->next_line += c == '\n';
      if (self->next_line >= last_line)
        return "has too many lines";
      if (self->text->len > BW_CSV_MAX_RECORD_BYTES)
        return "is too long";

      if (c != '"')
        g_string_append_c (self->text, c);
      else if (self->at + 1 < self->end && self->at[1] == '"')
        g_string_append_c (self->text, *self->at++);
      else if (self->at + 1 == self->end || self->at[1] == self->separator || self->at[1] == '\n' || self->at[1] == '\r')
        return NULL;
      else
        return "goes on behind its end";
    }

  return "has no end";
}

/* One record into the text, a NUL behind each field. What is wrong with its quotes; NULL: nothing. */
static const char *
take_record (BwCsvReader *self,
             Fields      *fields)
{
  const char *first = self->at;    /* of the field at hand */
  const char *problem;

  g_string_truncate (self->text, 0);
  begin_field (fields, self->text);

  for (; self->at < self->end; self->at++)
    {
      char c = *self->at;

      if (c == '\n' || c == '\r')
        break;

      if (c == '"' && self->at == first)
        {
          problem = take_quoted (self);
          if (problem != NULL)
            return problem;
        }
      else if (c == self->separator)
        {
          g_string_append_c (self->text, '\0');
          begin_field (fields, self->text);
          first = self->at + 1;
        }
      else
        g_string_append_c (self->text, c);
    }

  return NULL;
}

/* A quote that was none may pair with one of any row below. So the row is what stands on its first line, and all others
 * are read for themselves. */
static void
give_up_record (BwCsvReader *self)
{
  self->next_line = self->line;
  self->at = self->start;
  while (self->at < self->end && *self->at != '\n' && *self->at != '\r')
    self->at++;
  self->stop = self->at;
  skip_line_end (self);
}

/* An apostrophe that bw_csv_append_field () has put before a formula goes again. */
static const char *
take_apostrophe (const char *field)
{
  return field[0] == '\'' && field[1] != '\0' && strchr ("=+-@\t\r", field[1]) != NULL ? field + 1 : field;
}

gboolean
bw_csv_reader_next (BwCsvReader  *self,
                    GError      **error)
{
  Fields fields = { .n_fields = 0 };
  const char *problem;

  skip_empty_lines (self);
  self->n_fields = 0;
  if (self->at >= self->end)
    return FALSE;

  self->line = self->next_line;
  self->start = self->at;
  problem = take_record (self, &fields);
  if (problem != NULL)
    {
      give_up_record (self);
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the quoted field that begins in row %u %s", self->quote_line, problem);
      return FALSE;
    }
  self->stop = self->at;
  skip_line_end (self);

  if (fields.too_many)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the row has more than %d fields", BW_CSV_MAX_FIELDS);
  else if (self->text->len > BW_CSV_MAX_RECORD_BYTES)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "the row is too long");
  else if (memchr (self->start, '\0', (gsize) (self->stop - self->start)) != NULL ||
           !g_utf8_validate_len (self->start, (gsize) (self->stop - self->start), NULL))
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "the row is no text in UTF-8");
  else
    {
      for (guint i = 0; i < fields.n_fields; i++)
        self->fields[i] = take_apostrophe (self->text->str + fields.starts[i]);
      self->n_fields = fields.n_fields;
      return TRUE;
    }

  return FALSE;
}
