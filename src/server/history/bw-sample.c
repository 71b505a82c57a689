/* bw-sample.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-history"

#include "bw-sample.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "bw-json.h"

/* Where a short decimal is looked for: most values of devices are one. */
#define MAX_SHORT   1e15
#define MAX_DECIMAL 6

static gboolean
take_integer (const char    *text,
              BwSampleValue *ret_value)
{
  const char *digits = *text == '-' || *text == '+' ? text + 1 : text;
  char *end = NULL;

  if (!g_ascii_isdigit (*digits))
    return FALSE;

  errno = 0;
  ret_value->integer = g_ascii_strtoll (text, &end, 10);

  return errno == 0 && *end == '\0';
}

static gboolean
take_real (const char    *text,
           BwSampleValue *ret_value)
{
  const char *digits = *text == '-' || *text == '+' ? text + 1 : text;
  char *end = NULL;

  /* no hexadecimal ones and no spaces, which strtod() knows too */
  if (strspn (digits, "0123456789.eE+-") != strlen (digits) && g_ascii_strcasecmp (digits, "nan") != 0 &&
      g_ascii_strcasecmp (digits, "inf") != 0 && g_ascii_strcasecmp (digits, "infinity") != 0)
    return FALSE;

  ret_value->real = g_ascii_strtod (text, &end);

  return end != text && *end == '\0';
}

BwSampleKind
bw_sample_from_text (BwDatatype     datatype,
                     const char    *text,
                     BwSampleValue *ret_value)
{
  switch (datatype)
    {
    case BW_DATATYPE_INTEGER:
      if (take_integer (text, ret_value))
        return BW_SAMPLE_INTEGER;
      if (take_real (text, ret_value))
        return BW_SAMPLE_REAL;
      break;

    case BW_DATATYPE_FLOAT:
    case BW_DATATYPE_PERCENT:
      if (take_real (text, ret_value))
        return BW_SAMPLE_REAL;
      break;

    case BW_DATATYPE_BOOLEAN:
      ret_value->integer = strcmp (text, "true") == 0;
      if (ret_value->integer != 0 || strcmp (text, "false") == 0)
        return BW_SAMPLE_BOOLEAN;
      break;

    case BW_DATATYPE_STRING:
    case BW_DATATYPE_ENUM:
    case BW_DATATYPE_COLOR:
    case BW_DATATYPE_DATETIME:
    case BW_DATATYPE_DURATION:
    case BW_DATATYPE_JSON:
    default:
      break;
    }

  ret_value->text = text;

  return BW_SAMPLE_TEXT;
}

/* The shortest text that is read as the same number. */
static void
write_finite (GString *out,
              double   number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  double scale = 1;

  for (guint decimal = 0; decimal <= MAX_DECIMAL; decimal++, scale *= 10)
    {
      double scaled = number * scale;
      gint64 whole;
      guint64 size;

      if (!(fabs (scaled) < MAX_SHORT))
        break;

      whole = llrint (scaled);
      if ((double) whole / scale != number)
        continue;

      size = whole < 0 ? -(guint64) whole : (guint64) whole;
      g_string_append_printf (out, "%s%" G_GUINT64_FORMAT, signbit (number) ? "-" : "", size / (guint64) scale);
      if (decimal > 0)
        g_string_append_printf (out, ".%0*" G_GUINT64_FORMAT, (int) decimal, size % (guint64) scale);
      return;
    }

  for (int digits = 15; digits <= 17; digits++)
    {
      char format[8];

      g_snprintf (format, sizeof format, "%%.%dg", digits);
      g_ascii_formatd (text, sizeof text, format, number);
      if (g_ascii_strtod (text, NULL) == number)
        break;
    }
  g_string_append (out, text);
}

static void
begin_element (GString *out)
{
  if (out->len > 0 && out->str[out->len - 1] != '[')
    g_string_append_c (out, ',');
}

void
bw_number_add_json (GString *out,
                    double   number)
{
  begin_element (out);
  if (isfinite (number))
    write_finite (out, number);
  else
    g_string_append (out, "null");
}

void
bw_sample_add_json (GString       *out,
                    BwSampleKind   kind,
                    BwSampleValue  value)
{
  switch (kind)
    {
    case BW_SAMPLE_INTEGER:
      begin_element (out);
      g_string_append_printf (out, "%" G_GINT64_FORMAT, value.integer);
      break;

    case BW_SAMPLE_REAL:
      bw_number_add_json (out, value.real);
      break;

    case BW_SAMPLE_BOOLEAN:
      begin_element (out);
      g_string_append (out, value.integer != 0 ? "true" : "false");
      break;

    case BW_SAMPLE_TEXT:
    default:
      bw_json_add_string (out, NULL, value.text);
      break;
    }
}

void
bw_sample_write_text (GString       *out,
                      BwSampleKind   kind,
                      BwSampleValue  value)
{
  switch (kind)
    {
    case BW_SAMPLE_INTEGER:
      g_string_append_printf (out, "%" G_GINT64_FORMAT, value.integer);
      break;

    case BW_SAMPLE_REAL:
      if (isfinite (value.real))
        write_finite (out, value.real);
      else
        g_string_append (out, isnan (value.real) ? "NaN" : value.real > 0 ? "inf" : "-inf");
      break;

    case BW_SAMPLE_BOOLEAN:
      g_string_append (out, value.integer != 0 ? "true" : "false");
      break;

    case BW_SAMPLE_TEXT:
    default:
      g_string_append (out, value.text);
      break;
    }
}
