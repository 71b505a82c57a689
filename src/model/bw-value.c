/* bw-value.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-model"

#include "bw-value.h"

#include <math.h>
#include <string.h>

#include "bw-error.h"
#include "bw-json.h"
#include "bw-value-private.h"

/* More choices than these, or longer ones, do not go into a sentence. */
#define CHOICES_IN_SENTENCE_BYTES 160

static const char * const nicks[] = {
  [BW_DATATYPE_STRING] = "string",
  [BW_DATATYPE_INTEGER] = "integer",
  [BW_DATATYPE_FLOAT] = "float",
  [BW_DATATYPE_BOOLEAN] = "boolean",
  [BW_DATATYPE_ENUM] = "enum",
  [BW_DATATYPE_COLOR] = "color",
  [BW_DATATYPE_DATETIME] = "datetime",
  [BW_DATATYPE_DURATION] = "duration",
  [BW_DATATYPE_JSON] = "json",
  [BW_DATATYPE_PERCENT] = "percent",
};

const char *
bw_datatype_to_nick (BwDatatype datatype)
{
  g_return_val_if_fail ((gsize) datatype < G_N_ELEMENTS (nicks), "string");

  return nicks[datatype];
}

BwDatatype
bw_datatype_from_nick (const char *nick)
{
  for (guint i = 0; i < G_N_ELEMENTS (nicks); i++)
    {
      if (g_strcmp0 (nick, nicks[i]) == 0)
        return (BwDatatype) i;
    }

  return BW_DATATYPE_STRING;
}

const char *
bw_value_quote (const char *text,
                char        buffer[BW_QUOTE_SIZE])
{
  static const char ellipsis[] = "…";
  gsize length = strlen (text);
  const char *end;

  if (length < BW_QUOTE_SIZE)
    return memcpy (buffer, text, length + 1);

  end = g_utf8_find_prev_char (text, text + BW_QUOTE_SIZE - sizeof ellipsis + 1);
  length = end != NULL ? (gsize) (end - text) : 0;
  memcpy (buffer, text, length);
  memcpy (buffer + length, ellipsis, sizeof ellipsis);

  return buffer;
}

static gboolean
check_boolean (const char  *text,
               GError     **error)
{
  char quoted[BW_QUOTE_SIZE];

  if (strcmp (text, "true") == 0 || strcmp (text, "false") == 0)
    return TRUE;

  if (error != NULL)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” is neither true nor false",
                 bw_value_quote (text, quoted));

  return FALSE;
}

/* Whether the choice that begins at @format is @text; @ret_next gets the one
 * after it, NULL behind the last. A comma inside a choice is written twice. */
static gboolean
match_choice (const char  *format,
              const char  *text,
              const char **ret_next)
{
  const char *p = format;
  const char *q = text;
  gboolean is_same = TRUE;

  for (; *p != '\0'; p++)
    {
      if (*p == ',')
        {
          if (p[1] != ',')
            break;
          p++;
        }

      if (is_same && *q == *p)
        q++;
      else
        is_same = FALSE;
    }

  *ret_next = *p == ',' ? p + 1 : NULL;

  return is_same && *q == '\0';
}

static gboolean
check_enum (const char  *format,
            const char  *text,
            GError     **error)
{
  const char *next = format;
  char quoted[BW_QUOTE_SIZE];
  g_auto(GStrv) choices = NULL;
  g_autofree char *list = NULL;

  if (*text != '\0')
    {
      /* A device that does not say what there is takes what it is given. */
      if (format == NULL || *format == '\0')
        return TRUE;

      while (next != NULL)
        {
          if (match_choice (next, text, &next))
            return TRUE;
        }
    }

  if (error == NULL)
    return FALSE;

  choices = bw_value_get_choices (BW_DATATYPE_ENUM, format);
  list = choices != NULL ? g_strjoinv (", ", choices) : NULL;
  if (list != NULL && strlen (list) <= CHOICES_IN_SENTENCE_BYTES)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” is none of: %s",
                 bw_value_quote (text, quoted), list);
  else
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” is none of the choices",
                 bw_value_quote (text, quoted));

  return FALSE;
}

/* Homie 5 knows objects and arrays only. */
static gboolean
check_json (const char  *text,
            GError     **error)
{
  g_autoptr(JsonNode) root = bw_json_parse (text, strlen (text), BW_VALUE_MAX_BYTES, error);

  if (root == NULL)
    return FALSE;

  if (JSON_NODE_HOLDS_OBJECT (root) || JSON_NODE_HOLDS_ARRAY (root))
    return TRUE;

  g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "a json value is an object or an array");

  return FALSE;
}

static gboolean
check_time (BwDatatype   datatype,
            const char  *text,
            GError     **error)
{
  gint64 us;
  double months;
  double seconds;
  char quoted[BW_QUOTE_SIZE];

  if (datatype == BW_DATATYPE_DATETIME ? bw_value_parse_datetime (text, &us)
                                       : bw_value_parse_duration (text, &months, &seconds))
    return TRUE;

  if (error != NULL)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” is no %s", bw_value_quote (text, quoted),
                 datatype == BW_DATATYPE_DATETIME ? "date and time such as 2026-01-31T23:59:00Z"
                                                  : "duration such as PT1H30M");

  return FALSE;
}

gboolean
bw_value_check (BwDatatype   datatype,
                const char  *format,
                const char  *text,
                GError     **error)
{
  gsize length;

  g_return_val_if_fail (text != NULL, FALSE);

  length = strlen (text);
  if (length > BW_VALUE_MAX_BYTES)
    {
      if (error != NULL)
        g_set_error (error, BW_ERROR, BW_ERROR_TOO_LARGE,
                     "the value is %" G_GSIZE_FORMAT " bytes long, %d are allowed",
                     length, BW_VALUE_MAX_BYTES);
      return FALSE;
    }

  switch (datatype)
    {
    case BW_DATATYPE_STRING:
      if (g_utf8_validate_len (text, length, NULL))
        return TRUE;
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "the value is not UTF-8");
      return FALSE;

    case BW_DATATYPE_INTEGER:
      return bw_value_check_integer (format, text, error);

    case BW_DATATYPE_FLOAT:
    case BW_DATATYPE_PERCENT:
      return bw_value_check_float (format, text, error);

    case BW_DATATYPE_BOOLEAN:
      return check_boolean (text, error);

    case BW_DATATYPE_ENUM:
      return check_enum (format, text, error);

    case BW_DATATYPE_COLOR:
      return bw_value_check_color (format, text, error);

    case BW_DATATYPE_DATETIME:
    case BW_DATATYPE_DURATION:
      return check_time (datatype, text, error);

    case BW_DATATYPE_JSON:
      return check_json (text, error);

    default:
      g_return_val_if_reached (FALSE);
    }
}

gboolean
bw_value_is_plausible (BwDatatype  datatype,
                       const char *format,
                       const char *text)
{
  double number;

  if (bw_value_check (datatype, format, text, NULL))
    return TRUE;

  if (datatype != BW_DATATYPE_INTEGER && datatype != BW_DATATYPE_FLOAT && datatype != BW_DATATYPE_PERCENT)
    return FALSE;

  if (datatype == BW_DATATYPE_INTEGER && !bw_value_check_integer (NULL, text, NULL))
    return FALSE;

  return bw_value_parse_double (text, text + strlen (text), &number) &&
         bw_value_is_near_range (format, number);
}

static gboolean
same_json (const char *a,
           const char *b)
{
  g_autoptr(JsonNode) node_a = bw_json_parse (a, strlen (a), BW_VALUE_MAX_BYTES, NULL);
  g_autoptr(JsonNode) node_b = bw_json_parse (b, strlen (b), BW_VALUE_MAX_BYTES, NULL);

  return node_a != NULL && node_b != NULL && json_node_equal (node_a, node_b);
}

static gboolean
same_duration (const char *a,
               const char *b)
{
  double months_a, months_b;
  double seconds_a, seconds_b;

  return bw_value_parse_duration (a, &months_a, &seconds_a) &&
         bw_value_parse_duration (b, &months_b, &seconds_b) &&
         fabs (months_a - months_b) < 1e-6 && fabs (seconds_a - seconds_b) < 1e-6;
}

gboolean
bw_value_means_same (BwDatatype  datatype,
                     const char *format,
                     const char *a,
                     const char *b)
{
  gint64 us_a, us_b;

  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  if (strcmp (a, b) == 0)
    return TRUE;

  switch (datatype)
    {
    case BW_DATATYPE_INTEGER:
    case BW_DATATYPE_FLOAT:
    case BW_DATATYPE_PERCENT:
      return bw_value_same_number (a, b);

    case BW_DATATYPE_COLOR:
      return bw_value_same_color (format, a, b);

    case BW_DATATYPE_DATETIME:
      return bw_value_parse_datetime (a, &us_a) && bw_value_parse_datetime (b, &us_b) && us_a == us_b;

    case BW_DATATYPE_DURATION:
      return same_duration (a, b);

    case BW_DATATYPE_JSON:
      return same_json (a, b);

    case BW_DATATYPE_STRING:
    case BW_DATATYPE_BOOLEAN:
    case BW_DATATYPE_ENUM:
      return FALSE;

    default:
      g_return_val_if_reached (FALSE);
    }
}

/**
 * bw_value_get_choices:
 *
 * The values of an enum; or, for a boolean whose format labels them, the words
 * for false and true in this order.
 *
 * Returns: (transfer full) (nullable): NULL when the format names none
 */
char **
bw_value_get_choices (BwDatatype  datatype,
                      const char *format)
{
  g_autoptr(GStrvBuilder) builder = NULL;
  g_autoptr(GString) choice = NULL;
  g_auto(GStrv) choices = NULL;

  if (format == NULL || *format == '\0' ||
      (datatype != BW_DATATYPE_ENUM && datatype != BW_DATATYPE_BOOLEAN))
    return NULL;

  builder = g_strv_builder_new ();
  choice = g_string_new (NULL);
  for (const char *p = format; *p != '\0'; p++)
    {
      if (*p == ',' && p[1] != ',')
        {
          g_strv_builder_add (builder, choice->str);
          g_string_truncate (choice, 0);
          continue;
        }

      if (*p == ',')
        p++;
      g_string_append_c (choice, *p);
    }
  g_strv_builder_add (builder, choice->str);
  choices = g_strv_builder_end (builder);

  if (datatype == BW_DATATYPE_BOOLEAN && g_strv_length (choices) != 2)
    return NULL;

  return g_steal_pointer (&choices);
}
