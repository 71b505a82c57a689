/* bw-csv.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-base"

#include "bw-csv.h"

#include "bw-error.h"

#include <string.h>

/* A spreadsheet runs a cell that starts with one of these as a formula; an
 * apostrophe before it makes it text (OWASP, "CSV injection"). */
static gboolean
is_formula (const char *field)
{
  return *field != '\0' && strchr ("=+-@\t\r", *field) != NULL;
}

/**
 * bw_csv_append_field:
 *
 * Writes one quoted field and the separator behind it: a comma, or CR LF after
 * the last one. A cell that a spreadsheet would run is made harmless.
 */
void
bw_csv_append_field (GString    *out,
                     const char *field,
                     gboolean    is_last)
{
  g_return_if_fail (out != NULL);

  g_string_append_c (out, '"');

  if (field != NULL)
    {
      if (is_formula (field))
        g_string_append_c (out, '\'');

      for (const char *p = field; *p != '\0'; p++)
        {
          if (*p == '"')
            g_string_append_c (out, '"');
          g_string_append_c (out, *p);
        }
    }

  g_string_append (out, is_last ? "\"\r\n" : "\",");
}

void
bw_csv_append_record (GString            *out,
                      const char * const *fields)
{
  g_return_if_fail (fields != NULL && fields[0] != NULL);

  for (guint i = 0; fields[i] != NULL; i++)
    bw_csv_append_field (out, fields[i], fields[i + 1] == NULL);
}

/**
 * bw_csv_read_record:
 * @text: (inout): moved behind the record
 *
 * Reads one record; lines may end with LF alone. An apostrophe that
 * bw_csv_append_field() put before a formula is taken away again.
 *
 * Returns: (transfer full) (nullable) (element-type utf8): NULL at the end,
 *   or with @error set to %BW_ERROR_INVALID
 */
GPtrArray *
bw_csv_read_record (const char **text,
                    const char  *end,
                    GError     **error)
{
  g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GString) field = g_string_new (NULL);
  const char *p = *text;
  const char *start = p;
  gboolean quoted = FALSE;

  if (p >= end)
    return NULL;

  for (;; p++)
    {
      gboolean at_end = p >= end;
      char c = at_end ? '\n' : *p;

      if (p - start > BW_CSV_MAX_RECORD_BYTES || (at_end && quoted))
        {
          g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID,
                               at_end ? "a quoted field has no end" : "a record is too long");
          return NULL;
        }

      if (quoted)
        {
          if (c != '"')
            g_string_append_c (field, c);
          else if (p + 1 < end && p[1] == '"')
            g_string_append_c (field, *p++);
          else
            quoted = FALSE;
          continue;
        }

      if (c == '"')
        quoted = TRUE;
      else if (c == ',' || c == '\n')
        {
          if (field->str[0] == '\'' && is_formula (field->str + 1))
            g_string_erase (field, 0, 1);
          g_ptr_array_add (fields, g_strdup (field->str));
          g_string_truncate (field, 0);
          if (c == '\n')
            break;
        }
      else if (c != '\r')
        g_string_append_c (field, c);
    }

  *text = p < end ? p + 1 : end;

  return g_steal_pointer (&fields);
}
