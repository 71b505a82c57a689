/* bw-device-query.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-device-query.h"

#include <string.h>

/* What the server takes of one key. */
#define VALUES_MAX 100

/* (transfer full) (nullable): a value as text */
static char *
value_to_text (JsonNode *value)
{
  GType type;

  if (!JSON_NODE_HOLDS_VALUE (value))
    return NULL;

  type = json_node_get_value_type (value);
  if (type == G_TYPE_STRING)
    return g_strdup (json_node_get_string (value));

  if (type == G_TYPE_BOOLEAN)
    return g_strdup (json_node_get_boolean (value) ? "true" : "false");

  return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (value));
}

static void
add_value (GPtrArray *values,
           JsonNode  *value)
{
  char *text = value_to_text (value);

  if (text != NULL)
    g_ptr_array_add (values, text);
}

char **
bw_device_query_dup_values (JsonObject *filter,
                            const char *key)
{
  g_autoptr(GPtrArray) values = g_ptr_array_new ();
  JsonNode *value;

  g_return_val_if_fail (filter != NULL && key != NULL, NULL);

  value = json_object_get_member (filter, key);
  if (value != NULL && JSON_NODE_HOLDS_ARRAY (value))
    {
      JsonArray *array = json_node_get_array (value);

      for (guint i = 0; i < json_array_get_length (array); i++)
        add_value (values, json_array_get_element (array, i));
    }
  else if (value != NULL)
    {
      add_value (values, value);
    }

  g_ptr_array_add (values, NULL);

  return (char **) g_ptr_array_steal (values, NULL);
}

char *
bw_device_query_dup_value (JsonObject *filter,
                           const char *key)
{
  g_auto(GStrv) values = bw_device_query_dup_values (filter, key);

  return values != NULL && g_strv_length (values) == 1 ? g_strdup (values[0]) : NULL;
}

char *
bw_device_query_to_query (JsonObject *filter)
{
  g_autoptr(GList) keys = NULL;
  GString *query = g_string_new (NULL);

  g_return_val_if_fail (filter != NULL, g_string_free (query, FALSE));

  keys = json_object_get_members (filter);
  for (GList *l = keys; l != NULL; l = l->next)
    {
      g_auto(GStrv) values = bw_device_query_dup_values (filter, l->data);

      for (gsize i = 0; values[i] != NULL; i++)
        {
          if (query->len > 0)
            g_string_append_c (query, '&');

          g_string_append_uri_escaped (query, l->data, NULL, FALSE);
          g_string_append_c (query, '=');
          g_string_append_uri_escaped (query, values[i], NULL, FALSE);
        }
    }

  return g_string_free (query, FALSE);
}

JsonObject *
bw_device_query_copy (JsonObject *filter)
{
  JsonObject *copy = json_object_new ();
  g_autoptr(GList) keys = NULL;

  g_return_val_if_fail (filter != NULL, copy);

  keys = json_object_get_members (filter);
  for (GList *l = keys; l != NULL; l = l->next)
    {
      g_auto(GStrv) values = bw_device_query_dup_values (filter, l->data);

      bw_device_query_set (copy, l->data, (const char * const *) values);
    }

  return copy;
}

gboolean
bw_device_query_equal (JsonObject *a,
                       JsonObject *b)
{
  g_autoptr(GList) keys = NULL;

  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  if (json_object_get_size (a) != json_object_get_size (b))
    return FALSE;

  keys = json_object_get_members (a);
  for (GList *l = keys; l != NULL; l = l->next)
    {
      g_auto(GStrv) of_a = bw_device_query_dup_values (a, l->data);
      g_auto(GStrv) of_b = bw_device_query_dup_values (b, l->data);

      if (!g_strv_equal ((const char * const *) of_a, (const char * const *) of_b))
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_number (const char *key)
{
  return g_str_has_suffix (key, "After") || g_str_has_suffix (key, "Before") || g_str_has_prefix (key, "serial");
}

/* (transfer full) */
static JsonNode *
make_value (const char *key,
            const char *text)
{
  JsonNode *value = json_node_alloc ();

  if (is_number (key))
    return json_node_init_int (value, g_ascii_strtoll (text, NULL, 10));

  if (strcmp (key, "online") == 0)
    return json_node_init_boolean (value, strcmp (text, "true") == 0);

  return json_node_init_string (value, text);
}

void
bw_device_query_set (JsonObject         *filter,
                     const char         *key,
                     const char * const *values)
{
  guint n_values = values != NULL ? g_strv_length ((char **) values) : 0;
  JsonArray *array;

  g_return_if_fail (filter != NULL && key != NULL);

  if (n_values == 0)
    {
      json_object_remove_member (filter, key);
      return;
    }

  if (n_values == 1)
    {
      json_object_set_member (filter, key, make_value (key, values[0]));
      return;
    }

  array = json_array_new ();
  for (guint i = 0; i < MIN (n_values, VALUES_MAX); i++)
    json_array_add_element (array, make_value (key, values[i]));
  json_object_set_array_member (filter, key, array);
}

void
bw_device_query_set_one (JsonObject *filter,
                         const char *key,
                         const char *value)
{
  const char *values[] = { value, NULL };

  bw_device_query_set (filter, key, values);
}
