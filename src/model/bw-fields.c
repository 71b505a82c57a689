/* bw-fields.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-model"

#include "bw-fields-private.h"

#include "bw-error.h"
#include "bw-json.h"
#include "bw-text.h"

void
bw_fields_install (GObjectClass   *klass,
                   const BwField  *fields,
                   guint           n_fields,
                   GParamSpec    **pspecs)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  for (guint i = 0; i < n_fields; i++)
    {
      const char *name = fields[i].property;

      switch (fields[i].kind)
        {
        case BW_FIELD_STRING:
          pspecs[i] = g_param_spec_string (name, NULL, NULL, NULL, flags);
          break;

        case BW_FIELD_INT64:
          pspecs[i] = g_param_spec_int64 (name, NULL, NULL, 0, G_MAXINT64, 0, flags);
          break;

        case BW_FIELD_BOOLEAN:
          pspecs[i] = g_param_spec_boolean (name, NULL, NULL, FALSE, flags);
          break;

        case BW_FIELD_NICK:
          pspecs[i] = g_param_spec_uint (name, NULL, NULL, 0, G_MAXUINT, 0, flags);
          break;

        case BW_FIELD_STRINGS:
          pspecs[i] = g_param_spec_boxed (name, NULL, NULL, G_TYPE_STRV, flags);
          break;

        case BW_FIELD_JSON:
          pspecs[i] = g_param_spec_boxed (name, NULL, NULL, JSON_TYPE_NODE, flags);
          break;

        default:
          g_assert_not_reached ();
        }

      g_object_class_install_property (klass, i + 1, pspecs[i]);
    }
}

void
bw_fields_get_property (gpointer       instance,
                        const BwField *field,
                        GValue        *value)
{
  gpointer place = G_STRUCT_MEMBER_P (instance, field->offset);

  switch (field->kind)
    {
    case BW_FIELD_STRING:
      g_value_set_string (value, *(char **) place);
      break;

    case BW_FIELD_INT64:
      g_value_set_int64 (value, *(gint64 *) place);
      break;

    case BW_FIELD_BOOLEAN:
      g_value_set_boolean (value, *(gboolean *) place);
      break;

    case BW_FIELD_NICK:
      g_value_set_uint (value, *(guint *) place);
      break;

    case BW_FIELD_STRINGS:
    case BW_FIELD_JSON:
      g_value_set_boxed (value, *(gpointer *) place);
      break;

    default:
      g_assert_not_reached ();
    }
}

static gboolean
load_strings (char       ***strings,
              JsonArray    *array)
{
  guint n = array != NULL ? json_array_get_length (array) : 0;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  gboolean was_empty = *strings == NULL || **strings == NULL;
  char **now;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (json_node_get_value_type (node) == G_TYPE_STRING)
        g_strv_builder_add (builder, json_node_get_string (node));
    }

  now = g_strv_builder_end (builder);
  if (*strings != NULL && g_strv_equal ((const char * const *) *strings, (const char * const *) now))
    {
      g_strfreev (now);
      return FALSE;
    }

  g_strfreev (*strings);
  *strings = now;

  /* an empty list is no news to whoever saw none */
  return !was_empty || *now != NULL;
}

static gboolean
load_node (JsonNode **place,
           JsonNode  *node)
{
  JsonNode *now = node != NULL && !JSON_NODE_HOLDS_NULL (node) ? node : NULL;

  if (*place == now || (*place != NULL && now != NULL && json_node_equal (*place, now)))
    return FALSE;

  g_clear_pointer (place, json_node_unref);
  if (now != NULL)
    {
      *place = json_node_copy (now);
      json_node_seal (*place);
    }

  return TRUE;
}

/* Whether the field is another one now. */
static gboolean
load_field (gpointer       instance,
            const BwField *field,
            JsonObject    *json)
{
  gpointer place = G_STRUCT_MEMBER_P (instance, field->offset);
  gint64 number;
  gboolean flag;
  guint choice;

  switch (field->kind)
    {
    case BW_FIELD_STRING:
      return bw_set_str (place, bw_json_get_string (json, field->member));

    case BW_FIELD_INT64:
      number = MAX (bw_json_get_int (json, field->member, 0), 0);
      if (number == *(gint64 *) place)
        return FALSE;
      *(gint64 *) place = number;
      return TRUE;

    case BW_FIELD_BOOLEAN:
      flag = bw_json_get_boolean (json, field->member, FALSE);
      if (flag == *(gboolean *) place)
        return FALSE;
      *(gboolean *) place = flag;
      return TRUE;

    case BW_FIELD_NICK:
      if (!field->from_nick (bw_json_get_string (json, field->member), &choice) ||
          choice == *(guint *) place)
        return FALSE;
      *(guint *) place = choice;
      return TRUE;

    case BW_FIELD_STRINGS:
      return load_strings (place, bw_json_get_array (json, field->member));

    case BW_FIELD_JSON:
      return load_node (place, json_object_get_member (json, field->member));

    default:
      g_assert_not_reached ();
    }
}

gboolean
bw_fields_load (gpointer        instance,
                const BwField  *fields,
                guint           n_fields,
                GParamSpec    **pspecs,
                JsonObject     *json,
                GError        **error)
{
  for (guint i = 0; i < n_fields; i++)
    {
      guint choice;

      if (fields[i].kind == BW_FIELD_NICK &&
          !fields[i].from_nick (bw_json_get_string (json, fields[i].member), &choice))
        {
          g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the %s of this %s is none we know",
                       fields[i].member, G_OBJECT_TYPE_NAME (instance));
          return FALSE;
        }
    }

  for (guint i = 0; i < n_fields; i++)
    {
      if (load_field (instance, &fields[i], json))
        g_object_notify_by_pspec (instance, pspecs[i]);
    }

  return TRUE;
}

static JsonArray *
save_strings (char **strings)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; strings != NULL && strings[i] != NULL; i++)
    json_array_add_string_element (array, strings[i]);

  return array;
}

void
bw_fields_save (gpointer       instance,
                const BwField *fields,
                guint          n_fields,
                JsonObject    *json)
{
  for (guint i = 0; i < n_fields; i++)
    {
      const BwField *field = &fields[i];
      gpointer place = G_STRUCT_MEMBER_P (instance, field->offset);

      switch (field->kind)
        {
        case BW_FIELD_STRING:
          if (*(char **) place != NULL)
            json_object_set_string_member (json, field->member, *(char **) place);
          else
            json_object_set_null_member (json, field->member);
          break;

        case BW_FIELD_INT64:
          json_object_set_int_member (json, field->member, *(gint64 *) place);
          break;

        case BW_FIELD_BOOLEAN:
          json_object_set_boolean_member (json, field->member, *(gboolean *) place);
          break;

        case BW_FIELD_NICK:
          json_object_set_string_member (json, field->member, field->to_nick (*(guint *) place));
          break;

        case BW_FIELD_STRINGS:
          json_object_set_array_member (json, field->member, save_strings (*(char ***) place));
          break;

        case BW_FIELD_JSON:
          if (*(JsonNode **) place != NULL)
            json_object_set_member (json, field->member, json_node_copy (*(JsonNode **) place));
          else
            json_object_set_null_member (json, field->member);
          break;

        default:
          g_assert_not_reached ();
        }
    }
}

void
bw_fields_clear (gpointer       instance,
                 const BwField *fields,
                 guint          n_fields)
{
  for (guint i = 0; i < n_fields; i++)
    {
      gpointer place = G_STRUCT_MEMBER_P (instance, fields[i].offset);

      if (fields[i].kind == BW_FIELD_STRING)
        g_clear_pointer ((char **) place, g_free);
      else if (fields[i].kind == BW_FIELD_STRINGS)
        g_clear_pointer ((char ***) place, g_strfreev);
      else if (fields[i].kind == BW_FIELD_JSON)
        g_clear_pointer ((JsonNode **) place, json_node_unref);
    }
}
