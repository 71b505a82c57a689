/* bw-value-time.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-model"

#include "bw-value-private.h"

#include <string.h>

/* Exactly @n_digits; the cursor goes behind them. */
static gboolean
take_number (const char **cursor,
             guint        n_digits,
             int         *ret_number)
{
  int number = 0;

  for (guint i = 0; i < n_digits; i++)
    {
      char c = (*cursor)[i];

      if (!g_ascii_isdigit (c))
        return FALSE;
      number = number * 10 + (c - '0');
    }

  *cursor += n_digits;
  *ret_number = number;

  return TRUE;
}

static gboolean
take_char (const char **cursor,
           char         c)
{
  if (**cursor != c)
    return FALSE;

  (*cursor)++;

  return TRUE;
}

/* Digits after a dot or a comma (ISO 8601 has both), if there are any, in µs. */
static gboolean
take_fraction (const char **cursor,
               int         *ret_us)
{
  int scale = 100000;

  *ret_us = 0;
  if (!take_char (cursor, '.') && !take_char (cursor, ','))
    return TRUE;

  if (!g_ascii_isdigit (**cursor))
    return FALSE;

  for (; g_ascii_isdigit (**cursor); (*cursor)++)
    {
      *ret_us += (**cursor - '0') * scale;
      scale /= 10;
    }

  return TRUE;
}

/* Nothing, `Z`, `+hh`, `+hh:mm`, `+hhmm` */
static gboolean
take_zone (const char **cursor,
           int         *ret_minutes)
{
  int sign = **cursor == '-' ? -1 : 1;
  int hours;
  int minutes = 0;

  *ret_minutes = 0;
  if (**cursor == '\0' || take_char (cursor, 'Z'))
    return TRUE;

  if (!take_char (cursor, '+') && !take_char (cursor, '-'))
    return FALSE;

  if (!take_number (cursor, 2, &hours))
    return FALSE;

  take_char (cursor, ':');
  if (**cursor != '\0' && !take_number (cursor, 2, &minutes))
    return FALSE;

  *ret_minutes = sign * (hours * 60 + minutes);

  return hours <= 18 && minutes < 60;
}

/**
 * bw_value_parse_datetime:
 *
 * A date, or a date and a time, of ISO 8601 in the extended or the basic form.
 * Without a zone it is taken as UTC: we only compare.
 */
gboolean
bw_value_parse_datetime (const char *text,
                         gint64     *ret_us)
{
  const char *p = text;
  int year, month, day;
  int hour = 0, minute = 0, second = 0, us = 0, zone = 0;
  GDate date;
  gint64 days;
  gboolean is_extended;

  if (!take_number (&p, 4, &year))
    return FALSE;

  is_extended = take_char (&p, '-');
  if (!take_number (&p, 2, &month) || (is_extended && !take_char (&p, '-')) || !take_number (&p, 2, &day))
    return FALSE;

  if (!g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    return FALSE;

  if (*p != '\0')
    {
      if (!take_char (&p, 'T') && !take_char (&p, ' '))
        return FALSE;

      if (!take_number (&p, 2, &hour) || (is_extended && !take_char (&p, ':')) ||
          !take_number (&p, 2, &minute))
        return FALSE;

      if (g_ascii_isdigit (*p) || *p == ':')
        {
          if ((is_extended && !take_char (&p, ':')) || !take_number (&p, 2, &second) ||
              !take_fraction (&p, &us))
            return FALSE;
        }

      if (!take_zone (&p, &zone))
        return FALSE;
    }

  /* a leap second is a second */
  if (*p != '\0' || hour > 23 || minute > 59 || second > 60)
    return FALSE;

  g_date_set_dmy (&date, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
  days = (gint64) g_date_get_julian (&date);
  *ret_us = (((days * 24 + hour) * 60 + minute - zone) * 60 + second) * G_USEC_PER_SEC + us;

  return TRUE;
}

/**
 * bw_value_parse_duration:
 *
 * `PnYnMnWnDTnHnMnS` of ISO 8601: any of the parts, in this order, the last with
 * a fraction if it likes. Months have no fixed length and stay months.
 */
gboolean
bw_value_parse_duration (const char *text,
                         double     *ret_months,
                         double     *ret_seconds)
{
  static const char date_units[] = "YMWD";
  static const char time_units[] = "HMS";
  static const double date_factors[] = { 12, 1, 7 * 86400, 86400 };
  static const double time_factors[] = { 3600, 60, 1 };
  const char *units = date_units;
  const char *p = text;
  gboolean is_last = FALSE;
  guint n_parts = 0;
  guint n_time_parts = 0;

  *ret_months = 0;
  *ret_seconds = 0;

  if (!take_char (&p, 'P'))
    return FALSE;

  while (*p != '\0')
    {
      const char *end = p + strspn (p, "0123456789.");
      const char *unit;
      double number;
      double amount;
      gboolean is_time = units >= time_units && units <= time_units + strlen (time_units);

      if (!is_time && take_char (&p, 'T'))
        {
          units = time_units;
          continue;
        }

      if (is_last || *end == '\0' || !g_ascii_isdigit (*p) || !bw_value_parse_double (p, end, &number))
        return FALSE;

      unit = strchr (units, *end);
      if (unit == NULL)
        return FALSE;

      is_last = memchr (p, '.', (gsize) (end - p)) != NULL;
      amount = number * (is_time ? time_factors[unit - time_units] : date_factors[unit - date_units]);
      if (!is_time && unit - date_units < 2)
        *ret_months += amount;
      else
        *ret_seconds += amount;

      units = unit + 1;
      p = end + 1;
      n_parts++;
      n_time_parts += is_time ? 1 : 0;
    }

  /* a `T` with nothing behind it says nothing */
  return n_parts > 0 && (strchr (text, 'T') == NULL || n_time_parts > 0);
}
