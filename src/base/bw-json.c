/* bw-json.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-base"

#include "bw-json.h"

#include <string.h>

#include "bw-error.h"

/* What json-glib must not see: it recurses once a nesting level and dies of
 * 200 kB of `[`, and a \u0000 would silently end a string of C in its middle.
 * Brackets in strings do not nest. */
static gboolean
is_dangerous (const char *text,
              gsize       length)
{
  gboolean in_string = FALSE;
  guint depth = 0;

  for (gsize i = 0; i < length; i++)
    {
      char c = text[i];

      if (in_string)
        {
          if (c == '\\')
            {
              if (length - i >= strlen ("\\u0000") && memcmp (text + i, "\\u0000", strlen ("\\u0000")) == 0)
                return TRUE;
              i++;
            }
          else if (c == '"')
            in_string = FALSE;
        }
      else if (c == '"')
        in_string = TRUE;
      else if (c == '[' || c == '{')
        {
          if (++depth > BW_JSON_MAX_DEPTH)
            return TRUE;
        }
      else if ((c == ']' || c == '}') && depth > 0)
        depth--;
    }

  return FALSE;
}

/**
 * bw_json_parse:
 * @max_bytes: what the caller is ready to read
 *
 * Parses text that may come from anybody. The tree is immutable.
 *
 * Returns: (transfer full) (nullable): NULL with %BW_ERROR_INVALID or %BW_ERROR_TOO_LARGE
 */
JsonNode *
bw_json_parse (const char  *text,
               gsize        length,
               gsize        max_bytes,
               GError     **error)
{
  g_autoptr(JsonParser) parser = NULL;
  g_autoptr(GError) local_error = NULL;
  JsonNode *root;

  g_return_val_if_fail (text != NULL || length == 0, NULL);

  if (length > max_bytes)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_TOO_LARGE,
                   "the text is %" G_GSIZE_FORMAT " bytes long, %" G_GSIZE_FORMAT " are allowed",
                   length, max_bytes);
      return NULL;
    }

  if (length == 0 || !g_utf8_validate_len (text, length, NULL) || is_dangerous (text, length))
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "this is not JSON in UTF-8");
      return NULL;
    }

  parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, text, (gssize) length, &local_error) ||
      json_parser_get_root (parser) == NULL)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "this is not JSON: %s",
                   local_error != NULL ? local_error->message : "it is empty");
      return NULL;
    }

  root = json_parser_steal_root (parser);

  return root;
}

/**
 * bw_json_parse_object:
 *
 * Returns: (transfer full) (nullable):
 */
JsonObject *
bw_json_parse_object (const char  *text,
                      gsize        length,
                      gsize        max_bytes,
                      GError     **error)
{
  g_autoptr(JsonNode) root = bw_json_parse (text, length, max_bytes, error);

  if (root == NULL)
    return NULL;

  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "this is not a JSON object");
      return NULL;
    }

  return json_node_dup_object (root);
}

static JsonNode *
get_value (JsonObject *object,
           const char *name,
           GType       type)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != type)
    return NULL;

  return node;
}

const char *
bw_json_get_string (JsonObject *object,
                    const char *name)
{
  JsonNode *node = get_value (object, name, G_TYPE_STRING);

  return node != NULL ? json_node_get_string (node) : NULL;
}

gint64
bw_json_get_id (JsonObject *object,
                const char *name)
{
  const char *text = bw_json_get_string (object, name);
  guint64 id = 0;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &id, NULL))
    return 0;

  return (gint64) id;
}

gint64
bw_json_get_int (JsonObject *object,
                 const char *name,
                 gint64      fallback)
{
  JsonNode *node = get_value (object, name, G_TYPE_INT64);

  return node != NULL ? json_node_get_int (node) : fallback;
}

gboolean
bw_json_get_boolean (JsonObject *object,
                     const char *name,
                     gboolean    fallback)
{
  JsonNode *node = get_value (object, name, G_TYPE_BOOLEAN);

  return node != NULL ? json_node_get_boolean (node) : fallback;
}

/* Returns: (transfer none) (nullable): */
JsonObject *
bw_json_get_object (JsonObject *object,
                    const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* Returns: (transfer none) (nullable): */
JsonArray *
bw_json_get_array (JsonObject *object,
                   const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static void
append_string (GString    *out,
               const char *text)
{
  g_string_append_c (out, '"');

  for (const char *p = text; *p != '\0'; p++)
    {
      guchar c = (guchar) *p;

      switch (c)
        {
        case '"':
          g_string_append (out, "\\\"");
          break;

        case '\\':
          g_string_append (out, "\\\\");
          break;

        case '\n':
          g_string_append (out, "\\n");
          break;

        case '\r':
          g_string_append (out, "\\r");
          break;

        case '\t':
          g_string_append (out, "\\t");
          break;

        default:
          if (c < 0x20 || c == 0x7f)
            g_string_append_printf (out, "\\u%04x", c);
          else
            g_string_append_c (out, (char) c);
        }
    }

  g_string_append_c (out, '"');
}

static void
begin_value (GString    *out,
             const char *name)
{
  char last = out->len > 0 ? out->str[out->len - 1] : '\0';

  if (last != '\0' && last != '{' && last != '[' && last != ':' && last != '\n')
    g_string_append_c (out, ',');

  if (name != NULL)
    {
      append_string (out, name);
      g_string_append_c (out, ':');
    }
}

void
bw_json_begin_object (GString    *out,
                      const char *name)
{
  begin_value (out, name);
  g_string_append_c (out, '{');
}

void
bw_json_end_object (GString *out)
{
  g_string_append_c (out, '}');
}

void
bw_json_begin_array (GString    *out,
                     const char *name)
{
  begin_value (out, name);
  g_string_append_c (out, '[');
}

void
bw_json_end_array (GString *out)
{
  g_string_append_c (out, ']');
}

/* @value: (nullable): NULL is written as null; must be UTF-8 */
void
bw_json_add_string (GString    *out,
                    const char *name,
                    const char *value)
{
  begin_value (out, name);
  if (value == NULL)
    g_string_append (out, "null");
  else
    append_string (out, value);
}

void
bw_json_add_id (GString    *out,
                const char *name,
                gint64      id)
{
  begin_value (out, name);
  if (id == 0)
    g_string_append (out, "null");
  else
    g_string_append_printf (out, "\"%" G_GINT64_FORMAT "\"", id);
}

void
bw_json_add_int (GString    *out,
                 const char *name,
                 gint64      value)
{
  begin_value (out, name);
  g_string_append_printf (out, "%" G_GINT64_FORMAT, value);
}

void
bw_json_add_decimal (GString    *out,
                     const char *name,
                     double      value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  bw_json_add_raw (out, name, g_ascii_formatd (buffer, sizeof buffer, "%.4f", value));
}

void
bw_json_add_boolean (GString    *out,
                     const char *name,
                     gboolean    value)
{
  begin_value (out, name);
  g_string_append (out, value ? "true" : "false");
}

void
bw_json_add_null (GString    *out,
                  const char *name)
{
  begin_value (out, name);
  g_string_append (out, "null");
}

/* @json: a value that is JSON already */
void
bw_json_add_raw (GString    *out,
                 const char *name,
                 const char *json)
{
  begin_value (out, name);
  g_string_append (out, json);
}
