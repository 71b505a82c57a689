/* fuzz-value.c: a datatype, a format and two values: one byte, then three texts with a zero byte between them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "bw-value.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static char *
take_text (const char **text,
           const char  *end)
{
  const char *zero = memchr (*text, '\0', (gsize) (end - *text));
  gsize length = (gsize) ((zero != NULL ? zero : end) - *text);
  char *copy = g_strndup (*text, length);

  *text = zero != NULL ? zero + 1 : end;

  return copy;
}

static void
check_value (BwDatatype  datatype,
             const char *format,
             const char *text)
{
  g_autoptr(GError) error = NULL;
  gboolean ok = bw_value_check (datatype, format, text, &error);
  double min, max, step;

  g_assert (ok == (error == NULL));
  g_assert (ok == bw_value_check (datatype, format, text, NULL));
  if (error != NULL && g_utf8_validate (text, -1, NULL) && g_utf8_validate (format, -1, NULL))
    g_assert (g_utf8_validate (error->message, -1, NULL));
  if (ok)
    g_assert (bw_value_is_plausible (datatype, format, text));

  bw_value_get_range (datatype, format, &min, &max, &step);
  g_assert (min <= max && step >= 0 && isfinite (step));
  if (ok && (datatype == BW_DATATYPE_FLOAT || datatype == BW_DATATYPE_INTEGER))
    g_assert (g_ascii_strtod (text, NULL) >= min && g_ascii_strtod (text, NULL) <= max);
}

static void
check_color (const char *format,
             const char *text)
{
  g_autofree char *written = NULL;
  double rgb[3];

  if (!bw_value_get_color (format, text, rgb))
    return;

  for (guint i = 0; i < 3; i++)
    g_assert (rgb[i] >= 0 && rgb[i] <= 1.0001);

  written = bw_value_from_color (format, rgb);
  g_assert (bw_value_check (BW_DATATYPE_COLOR, format, written, NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const char *text = (const char *) data;
  const char *end = text + size;
  g_autofree char *format = NULL;
  g_autofree char *a = NULL;
  g_autofree char *b = NULL;
  g_auto(GStrv) choices = NULL;
  BwDatatype datatype;

  if (size == 0)
    return 0;

  datatype = (BwDatatype) (data[0] % (BW_DATATYPE_PERCENT + 1));
  text++;
  format = take_text (&text, end);
  a = take_text (&text, end);
  b = take_text (&text, end);

  check_value (datatype, format, a);
  check_value (datatype, format, b);
  check_color (format, a);
  g_assert (bw_value_means_same (datatype, format, a, a));
  g_assert (bw_value_means_same (datatype, format, a, b) == bw_value_means_same (datatype, format, b, a));

  /* each choice that is offered is one that is accepted */
  choices = bw_value_get_choices (BW_DATATYPE_ENUM, format);
  for (guint i = 0; choices != NULL && choices[i] != NULL; i++)
    {
      if (*choices[i] != '\0' && strlen (choices[i]) <= BW_VALUE_MAX_BYTES)
        g_assert (bw_value_check (BW_DATATYPE_ENUM, format, choices[i], NULL));
    }

  return 0;
}
