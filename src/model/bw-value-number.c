/* bw-value-number.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-model"

#include "bw-value-private.h"

#include <math.h>
#include <string.h>

#include "bw-error.h"

/* Up to here a decimal mantissa and a power of ten are exact doubles, and so is
 * the one division: no need for the slow way. */
#define EXACT_DIGITS 15
/* The longest text of a double that has any use; more is somebody's joke. */
#define NUMBER_MAX_BYTES 400
/* A float on a small device keeps seven digits. */
#define SAME_RELATIVE 1e-6
/* How far beside a step a double may come to lie. */
#define STEP_TOLERANCE 1e-6

/* `-`, digits, nothing else, and within 64 bits. */
static gboolean
parse_integer (const char *text,
               const char *end,
               gint64     *ret_number)
{
  gboolean is_negative = text < end && *text == '-';
  const char *p = is_negative ? text + 1 : text;
  guint64 limit = is_negative ? (guint64) G_MAXINT64 + 1 : (guint64) G_MAXINT64;
  guint64 number = 0;

  if (p == end)
    return FALSE;

  for (; p < end; p++)
    {
      guint digit = (guint) (guchar) *p - '0';

      if (digit > 9 || number > (limit - digit) / 10)
        return FALSE;

      number = number * 10 + digit;
    }

  *ret_number = is_negative ? (gint64) (0 - number) : (gint64) number;

  return TRUE;
}

static const char *
skip_digits (const char *p,
             const char *end)
{
  while (p < end && g_ascii_isdigit (*p))
    p++;

  return p;
}

static double
exact_double (const char *text,
              const char *point,
              const char *end)
{
  static const double powers[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
                                   1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
  double number = 0;

  for (const char *p = text; p < end; p++)
    {
      if (p != point)
        number = number * 10 + (*p - '0');
    }

  return point < end ? number / powers[end - point - 1] : number;
}

gboolean
bw_value_parse_double (const char *text,
                       const char *end,
                       double     *ret_number)
{
  gboolean is_negative = text < end && *text == '-';
  const char *whole = is_negative ? text + 1 : text;
  const char *point = skip_digits (whole, end);
  const char *p = point < end && *point == '.' ? skip_digits (point + 1, end) : point;
  gsize n_digits = (gsize) (p - whole) - (p > point ? 1 : 0);
  char copy[NUMBER_MAX_BYTES + 1];

  if (n_digits == 0)
    return FALSE;

  if (p == end && n_digits <= EXACT_DIGITS)
    {
      double number = exact_double (whole, point, end);

      *ret_number = is_negative ? -number : number;
      return TRUE;
    }

  if (p < end && (*p == 'e' || *p == 'E'))
    {
      const char *digits = p + 1;

      if (digits < end && (*digits == '-' || *digits == '+'))
        digits++;

      p = skip_digits (digits, end);
      if (p == digits)
        return FALSE;
    }

  if (p != end || end - text > NUMBER_MAX_BYTES)
    return FALSE;

  memcpy (copy, text, (gsize) (end - text));
  copy[end - text] = '\0';
  *ret_number = g_ascii_strtod (copy, NULL);

  return isfinite (*ret_number);
}

/* The parts of `min:max:step`; those that are missing or empty have begin == end. */
typedef struct
{
  const char *begin[3];
  const char *end[3];
} Parts;

static gboolean
split_format (const char *format,
              Parts      *parts)
{
  const char *p = format;

  if (format == NULL || *format == '\0')
    return FALSE;

  for (guint i = 0; i < 3; i++)
    {
      const char *end = strchrnul (p, ':');

      parts->begin[i] = p;
      parts->end[i] = end;
      p = *end == ':' && i < 2 ? end + 1 : end;

      /* one part alone is no range */
      if (i == 0 && *end == '\0')
        return FALSE;
    }

  return *p == '\0';
}

/* A format that makes no sense bounds nothing: the device is shown all the same. */
static gboolean
parse_range (const char *format,
             double      ret_range[3])
{
  static const double open[3] = { -INFINITY, INFINITY, 0 };
  Parts parts;

  memcpy (ret_range, open, sizeof open);

  if (!split_format (format, &parts))
    return FALSE;

  for (guint i = 0; i < 3; i++)
    {
      if (parts.begin[i] != parts.end[i] &&
          !bw_value_parse_double (parts.begin[i], parts.end[i], &ret_range[i]))
        goto senseless;
    }

  if (ret_range[0] <= ret_range[1] && ret_range[2] >= 0)
    return isfinite (ret_range[0]) || isfinite (ret_range[1]) || ret_range[2] > 0;

senseless:
  memcpy (ret_range, open, sizeof open);

  return FALSE;
}

static gboolean
refuse (GError     **error,
        const char  *text,
        const char  *what,
        double       bound)
{
  char quoted[BW_QUOTE_SIZE];
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (error != NULL)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "%s is %s, %s",
                 bw_value_quote (text, quoted), what,
                 g_ascii_formatd (number, sizeof number, "%.15g", bound));

  return FALSE;
}

/* The step counts from the lowest value, else from the highest; with neither it
 * counts from the value that the device has, which any value is a step from. */
static gboolean
check_step (const double  range[3],
            const char   *text,
            double        number,
            GError      **error)
{
  double base = isfinite (range[0]) ? range[0] : range[1];
  double n_steps;
  char quoted[BW_QUOTE_SIZE];
  char step[G_ASCII_DTOSTR_BUF_SIZE];
  char from[G_ASCII_DTOSTR_BUF_SIZE];

  if (range[2] <= 0 || !isfinite (base))
    return TRUE;

  n_steps = (number - base) / range[2];
  if (fabs (n_steps - round (n_steps)) <= STEP_TOLERANCE)
    return TRUE;

  if (error != NULL)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "%s is not on a step of %s from %s",
                 bw_value_quote (text, quoted),
                 g_ascii_formatd (step, sizeof step, "%.15g", range[2]),
                 g_ascii_formatd (from, sizeof from, "%.15g", base));

  return FALSE;
}

/* For an integer that a double may not hold: the bounds once more, as integers. */
static gboolean
is_beyond (const char *format,
           gint64      number,
           gboolean    is_upper)
{
  Parts parts;
  gint64 bound;
  guint i = is_upper ? 1 : 0;

  return split_format (format, &parts) && parts.begin[i] != parts.end[i] &&
         parse_integer (parts.begin[i], parts.end[i], &bound) &&
         (is_upper ? number > bound : number < bound);
}

gboolean
bw_value_check_integer (const char  *format,
                        const char  *text,
                        GError     **error)
{
  const char *end = text + strlen (text);
  double range[3];
  gint64 number;
  char quoted[BW_QUOTE_SIZE];

  if (!parse_integer (text, end, &number))
    {
      if (error != NULL)
        g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” is no whole number of 64 bits",
                     bw_value_quote (text, quoted));
      return FALSE;
    }

  if (!parse_range (format, range))
    return TRUE;

  if ((double) number < range[0] || is_beyond (format, number, FALSE))
    return refuse (error, text, "under the lowest value", range[0]);

  if ((double) number > range[1] || is_beyond (format, number, TRUE))
    return refuse (error, text, "over the highest value", range[1]);

  return check_step (range, text, (double) number, error);
}

gboolean
bw_value_check_float (const char  *format,
                      const char  *text,
                      GError     **error)
{
  double range[3];
  double number;
  char quoted[BW_QUOTE_SIZE];

  if (!bw_value_parse_double (text, text + strlen (text), &number))
    {
      if (error != NULL)
        g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                     "“%s” is no decimal number with a dot", bw_value_quote (text, quoted));
      return FALSE;
    }

  if (!parse_range (format, range))
    return TRUE;

  if (number < range[0])
    return refuse (error, text, "under the lowest value", range[0]);

  if (number > range[1])
    return refuse (error, text, "over the highest value", range[1]);

  return check_step (range, text, number, error);
}

/* Rounds to the step first and looks at the bounds then. */
gboolean
bw_value_is_near_range (const char *format,
                        double      number)
{
  double range[3];
  double base;

  if (!parse_range (format, range))
    return TRUE;

  base = isfinite (range[0]) ? range[0] : range[1];
  if (range[2] > 0 && isfinite (base))
    {
      number = floor ((number - base) / range[2] + 0.5) * range[2] + base;
      return number >= range[0] - range[2] * STEP_TOLERANCE &&
             number <= range[1] + range[2] * STEP_TOLERANCE;
    }

  return number >= range[0] && number <= range[1];
}

gboolean
bw_value_same_number (const char *a,
                      const char *b)
{
  const char *end_a = a + strlen (a);
  const char *end_b = b + strlen (b);
  gint64 whole_a, whole_b;
  double number_a, number_b;

  /* Two whole numbers are the same or not, however big they are. */
  if (parse_integer (a, end_a, &whole_a) && parse_integer (b, end_b, &whole_b))
    return whole_a == whole_b;

  return bw_value_parse_double (a, end_a, &number_a) && bw_value_parse_double (b, end_b, &number_b) &&
         fabs (number_a - number_b) <= SAME_RELATIVE * MAX (fabs (number_a), fabs (number_b));
}

/* Returns: whether @format bounds anything; the bounds are set in any case. */
gboolean
bw_value_get_range (BwDatatype  datatype,
                    const char *format,
                    double     *ret_min,
                    double     *ret_max,
                    double     *ret_step)
{
  gboolean is_number = datatype == BW_DATATYPE_INTEGER || datatype == BW_DATATYPE_FLOAT ||
                       datatype == BW_DATATYPE_PERCENT;
  double range[3];
  gboolean is_bounded = parse_range (is_number ? format : NULL, range);

  if (ret_min != NULL)
    *ret_min = range[0];
  if (ret_max != NULL)
    *ret_max = range[1];
  if (ret_step != NULL)
    *ret_step = range[2];

  return is_bounded;
}
