/* bw-number-list.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-number-list.h"

#include "bw-error.h"

#include <string.h>

#define SEPARATORS ",; \t\r\n"

static gboolean
parse_number (const char **text,
              guint       *ret_number)
{
  guint64 number = 0;
  const char *at = *text;

  while (g_ascii_isdigit (*at) && number <= G_MAXUINT)
    number = number * 10 + (guint64) (*at++ - '0');

  if (at == *text || number > G_MAXUINT)
    return FALSE;

  *ret_number = (guint) number;
  *text = at;

  return TRUE;
}

/* `7` or `7-9`; the text's end or a separator comes after it. */
static gboolean
parse_range (const char **text,
             guint       *ret_first,
             guint       *ret_last)
{
  if (!parse_number (text, ret_first))
    return FALSE;

  *ret_last = *ret_first;
  if (**text == '-' || g_str_has_prefix (*text, "–"))
    {
      *text += **text == '-' ? 1 : strlen ("–");
      if (!parse_number (text, ret_last))
        return FALSE;
    }

  return **text == '\0' || strchr (SEPARATORS, **text) != NULL;
}

static GArray *
collect (const guint8 *is_in,
         guint         max)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint number = 1; number <= max; number++)
    {
      if (is_in[number])
        g_array_append_val (numbers, number);
    }

  return numbers;
}

GArray *
bw_number_list_parse (const char  *text,
                      guint        max,
                      GError     **error)
{
  g_autofree guint8 *is_in = NULL;
  const char *at = text;
  guint n_ranges = 0;

  g_return_val_if_fail (text != NULL && max < G_MAXUINT, NULL);

  is_in = g_new0 (guint8, (gsize) max + 1);
  while (TRUE)
    {
      guint first, last;

      at += strspn (at, SEPARATORS);
      if (*at == '\0')
        break;

      if (!parse_range (&at, &first, &last))
        {
          g_autofree char *shown = g_utf8_make_valid (text, (gssize) MIN (strlen (text), 64));

          g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                       "“%s” is no list of numbers such as “1-5, 9, 12”", shown);
          return NULL;
        }

      if (first < 1 || last < first || last > max)
        {
          g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                       "%u-%u is not between 1 and %u", first, last, max);
          return NULL;
        }

      memset (is_in + first, 1, last - first + 1);
      n_ranges++;
    }

  if (n_ranges == 0)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "the list of numbers is empty");
      return NULL;
    }

  return collect (is_in, max);
}

guint
bw_number_list_get_run (const GArray *numbers,
                        guint         index)
{
  guint first = g_array_index (numbers, guint, index);
  guint n = 1;

  while (index + n < numbers->len && g_array_index (numbers, guint, index + n) == first + n)
    n++;

  return n;
}

char *
bw_number_list_to_text (const GArray *numbers)
{
  GString *text = g_string_new (NULL);
  guint n;

  for (guint i = 0; i < numbers->len; i += n)
    {
      guint first = g_array_index (numbers, guint, i);

      n = bw_number_list_get_run (numbers, i);
      g_string_append_printf (text, "%s%u", i > 0 ? ", " : "", first);
      if (n > 1)
        g_string_append_printf (text, "-%u", first + n - 1);
    }

  return g_string_free (text, FALSE);
}
