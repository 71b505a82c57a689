/* bw-people-rules.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-model"

#include "bw-people-rules.h"

#include <string.h>

#define ALIAS_MIN 2
#define ALIAS_MAX 40

/* Of an e-mail address: RFC 5322 calls it atext, without quoted strings, which nobody types. */
#define LOCAL_MARKS ".!#$%&'*+-/=?^_`{|}~"

gboolean
bw_alias_is_valid (const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;

  if (length < ALIAS_MIN || length > ALIAS_MAX || text[0] == '-' || text[length - 1] == '-')
    return FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_islower (text[i]) && !g_ascii_isdigit (text[i]) && text[i] != '-')
        return FALSE;
    }

  return TRUE;
}

static gboolean
host_is_valid (const char *host)
{
  gsize length = strlen (host);

  if (length == 0 || host[0] == '.' || host[0] == '-' || host[length - 1] == '.' || strstr (host, "..") != NULL)
    return FALSE;

  for (gsize i = 0; i < length; i++)
    {
      /* a host may be of any script, but not of marks */
      if ((guchar) host[i] < 0x80 && !g_ascii_isalnum (host[i]) && host[i] != '-' && host[i] != '.')
        return FALSE;
    }

  return TRUE;
}

gboolean
bw_email_is_valid (const char *text)
{
  const char *at = text != NULL ? strchr (text, '@') : NULL;

  if (at == NULL || at == text || strlen (text) > BW_PEOPLE_MAX_EMAIL_BYTES || !g_utf8_validate (text, -1, NULL) ||
      text[0] == '.' || at[-1] == '.')
    return FALSE;

  for (const char *p = text; p < at; p++)
    {
      if ((guchar) *p < 0x80 && !g_ascii_isalnum (*p) && strchr (LOCAL_MARKS, *p) == NULL)
        return FALSE;
    }

  return host_is_valid (at + 1);
}

gboolean
bw_day_parse (const char *text,
              gint64     *ret_start_us)
{
  g_autoptr(GDateTime) day = NULL;
  int numbers[3];

  if (text == NULL || strlen (text) != BW_DAY_SIZE - 1 || text[4] != '-' || text[7] != '-')
    return FALSE;

  for (guint i = 0; i < BW_DAY_SIZE - 1; i++)
    {
      if (i != 4 && i != 7 && !g_ascii_isdigit (text[i]))
        return FALSE;
    }

  numbers[0] = (int) g_ascii_strtoll (text, NULL, 10);
  numbers[1] = (int) g_ascii_strtoll (text + 5, NULL, 10);
  numbers[2] = (int) g_ascii_strtoll (text + 8, NULL, 10);
  if (numbers[0] < 1970 || numbers[1] < 1 || numbers[1] > 12 || numbers[2] < 1 || numbers[2] > 31)
    return FALSE;

  day = g_date_time_new_utc (numbers[0], numbers[1], numbers[2], 0, 0, 0);
  if (day == NULL)
    return FALSE;

  *ret_start_us = g_date_time_to_unix (day) * G_USEC_PER_SEC;

  return TRUE;
}

void
bw_day_format (gint64 start_us,
               char   ret_text[BW_DAY_SIZE])
{
  g_autoptr(GDateTime) day = g_date_time_new_from_unix_utc (start_us / G_USEC_PER_SEC);
  g_autofree char *text = g_date_time_format (day, "%Y-%m-%d");

  g_strlcpy (ret_text, text, BW_DAY_SIZE);
}
