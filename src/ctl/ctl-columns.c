/* ctl-columns.c: documents as rows, and one as lines
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-noun.h"

#include <glib/gi18n.h>

#include "bw-json.h"

/* (transfer full): the elements of a list, as people read them */
static char *
format_list (Ctl             *ctl,
             JsonArray       *array,
             const CtlColumn *column)
{
  g_autoptr(GString) list = g_string_new (NULL);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *text = json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : "";

      g_string_append (list, i > 0 ? ", " : "");
      if (column->kind == CTL_COLUMN_ROLES && object != NULL)
        g_string_append_printf (list, "%s · %s", bw_json_get_string (object, "company"), bw_json_get_string (object, "role"));
      else if (column->kind == CTL_COLUMN_TAGS)
        g_string_append (list, ctl_find_name (ctl, "/v1/tags", text));
      else if (column->kind == CTL_COLUMN_COMPANIES)
        g_string_append (list, ctl_find_name (ctl, "/v1/companies", text));
      else
        g_string_append (list, text);
    }

  return ctl_clean (list->str);
}

/* (transfer full) */
static char *
format_cell (Ctl             *ctl,
             JsonObject      *document,
             const CtlColumn *column)
{
  JsonArray *array = bw_json_get_array (document, column->member);
  const char *text = bw_json_get_string (document, column->member);

  switch (column->kind)
    {
    case CTL_COLUMN_NUMBER:
      return g_strdup_printf ("%'" G_GINT64_FORMAT, bw_json_get_int (document, column->member, 0));

    case CTL_COLUMN_TIME:
      return ctl_format_time (bw_json_get_int (document, column->member, 0));

    case CTL_COLUMN_YES:
      return g_strdup (bw_json_get_boolean (document, column->member, FALSE) ? _("yes") : _("no"));

    case CTL_COLUMN_COUNT:
      return g_strdup_printf ("%u", array != NULL ? json_array_get_length (array) : 0);

    case CTL_COLUMN_LIST:
    case CTL_COLUMN_ROLES:
    case CTL_COLUMN_COMPANIES:
    case CTL_COLUMN_TAGS:
      return format_list (ctl, array, column);

    case CTL_COLUMN_COMPANY:
      return ctl_clean (text != NULL ? ctl_find_name (ctl, "/v1/companies", text) : NULL);

    case CTL_COLUMN_TEXT:
    default:
      return ctl_clean (text);
    }
}

static GStrv
make_head (const CtlColumn *columns)
{
  g_autoptr(GStrvBuilder) head = g_strv_builder_new ();

  for (const CtlColumn *column = columns; column->head != NULL; column++)
    {
      g_autofree char *upper = g_utf8_strup (_(column->head), -1);

      if (!column->is_detail)
        g_strv_builder_add (head, upper);
    }

  return g_strv_builder_end (head);
}

static GStrv
make_row (Ctl             *ctl,
          JsonObject      *document,
          const CtlColumn *columns)
{
  g_autoptr(GStrvBuilder) row = g_strv_builder_new ();

  for (const CtlColumn *column = columns; column->head != NULL; column++)
    {
      g_autofree char *cell = column->is_detail ? NULL : format_cell (ctl, document, column);

      if (cell != NULL)
        g_strv_builder_add (row, cell);
    }

  return g_strv_builder_end (row);
}

void
ctl_print_part (Ctl             *ctl,
                JsonArray       *items,
                guint            n_items,
                const CtlColumn *columns,
                guint           *widths,
                gboolean         has_head)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  if (has_head)
    g_ptr_array_add (rows, make_head (columns));

  for (guint i = 0; i < n_items; i++)
    {
      JsonNode *node = json_array_get_element (items, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        g_ptr_array_add (rows, make_row (ctl, json_node_get_object (node), columns));
    }

  if (widths != NULL)
    ctl_print_rows (rows, widths);
  else
    ctl_print_table (rows);
}

CtlStatus
ctl_print_items (Ctl             *ctl,
                 JsonObject      *reply,
                 const CtlColumn *columns)
{
  JsonArray *items = bw_json_get_array (reply, "items");

  if (items == NULL)
    return ctl_fail_text ("%s", _("the backend's answer holds no list"));

  if (ctl->json)
    ctl_print_document (reply);
  else
    ctl_print_part (ctl, items, json_array_get_length (items), columns, NULL, TRUE);

  return CTL_DONE;
}

void
ctl_print_fields (Ctl             *ctl,
                  JsonObject      *document,
                  const CtlColumn *columns)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  for (const CtlColumn *column = columns; column->head != NULL; column++)
    {
      g_autoptr(GStrvBuilder) row = g_strv_builder_new ();
      g_autofree char *cell = format_cell (ctl, document, column);

      g_strv_builder_add_many (row, _(column->head), *cell != '\0' ? cell : "–", NULL);
      g_ptr_array_add (rows, g_strv_builder_end (row));
    }

  ctl_print_table (rows);
}
