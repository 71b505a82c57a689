/* bw-text.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-base"

#include "bw-text.h"

#include <string.h>

/* g_set_str() of GLib 2.76. Returns: whether the string is another one now */
gboolean
bw_set_str (char       **string_pointer,
            const char  *new_string)
{
  char *copy;

  if (g_strcmp0 (*string_pointer, new_string) == 0)
    return FALSE;

  copy = g_strdup (new_string);
  g_free (*string_pointer);
  *string_pointer = copy;

  return TRUE;
}

/* `#rrggbb`, six hexadecimal digits in any case. */
gboolean
bw_color_is_valid (const char *text)
{
  if (text == NULL || text[0] != '#' || strlen (text) != 7)
    return FALSE;

  for (guint i = 1; i < 7; i++)
    {
      if (!g_ascii_isxdigit (text[i]))
        return FALSE;
    }

  return TRUE;
}

/* A name people give: UTF-8 of 1 to @max_bytes bytes, no control characters,
 * not only white space and none at its ends. */
gboolean
bw_name_is_valid (const char *text,
                  gsize       max_bytes)
{
  gsize length = text != NULL ? strlen (text) : 0;

  if (length == 0 || length > max_bytes || !g_utf8_validate (text, (gssize) length, NULL))
    return FALSE;

  if (g_unichar_isspace (g_utf8_get_char (text)) ||
      g_unichar_isspace (g_utf8_get_char (g_utf8_prev_char (text + length))))
    return FALSE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      if (g_unichar_iscntrl (g_utf8_get_char (p)))
        return FALSE;
    }

  return TRUE;
}
