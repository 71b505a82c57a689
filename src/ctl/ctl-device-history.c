/* ctl-device-history.c: bellwetherctl device history
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-noun.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-error.h"
#include "bw-json.h"

#define USUAL_POINTS 100
#define MAX_POINTS   5000

static const CtlField filters[] = {
  { "from", "from", CTL_FIELD_FROM, N_("TIME"), N_("Since this day, or time as 2026-11-25T14:30:00") },
  { "to", "to", CTL_FIELD_TO, N_("TIME"), N_("To the end of this day, or before this time") },
  { NULL }
};

static void
export_progress (gint64   n_done,
                 gint64   n_total,
                 gpointer user_data)
{
  ctl_progress (user_data, _("Writing the history: %'ld lines"), (long) n_done);
}

static CtlStatus
export (Ctl        *ctl,
        const char *path,
        const char *csv)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  gboolean ok;

  bw_session_download_async (ctl->session, path, csv, export_progress, ctl, ctl->cancellable, ctl_result_cb, ctl);
  result = ctl_await (ctl);
  ok = bw_session_download_finish (ctl->session, result, &error);
  ctl_progress_end (ctl);
  if (!ok)
    return ctl_fail (error);

  if (!ctl->json)
    {
      g_print (_("“%s” is written.\n"), csv);
      return CTL_DONE;
    }

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "file", csv);
  bw_json_end_object (out);
  ctl_print_text (out->str);

  return CTL_DONE;
}

static JsonArray *
get_items (JsonObject *reply,
           const char *name)
{
  JsonArray *items = bw_json_get_array (reply, name);

  if (items == NULL)
    ctl_fail_text ("%s", _("the backend's answer holds no history"));

  return items;
}

static GPtrArray *
start_table (const char *first,
             ...)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr(GStrvBuilder) head = g_strv_builder_new ();
  va_list names;

  va_start (names, first);
  for (const char *name = first; name != NULL; name = va_arg (names, const char *))
    g_strv_builder_add (head, name);
  va_end (names);
  g_ptr_array_add (rows, g_strv_builder_end (head));

  return rows;
}

static void
add_series_row (GPtrArray  *rows,
                JsonObject *item)
{
  g_autoptr(GStrvBuilder) row = g_strv_builder_new ();
  g_autofree char *path = g_strdup_printf ("%s/%s", bw_json_get_string (item, "node"), bw_json_get_string (item, "property"));
  g_autofree char *clean_path = ctl_clean (path);
  g_autofree char *datatype = ctl_clean (bw_json_get_string (item, "datatype"));
  g_autofree char *unit = ctl_clean (bw_json_get_string (item, "unit"));
  g_autofree char *n = g_strdup_printf ("%" G_GINT64_FORMAT, bw_json_get_int (item, "n", 0));
  g_autofree char *first = ctl_format_time (bw_json_get_int (item, "firstAt", 0));
  g_autofree char *last = ctl_format_time (bw_json_get_int (item, "lastAt", 0));

  g_strv_builder_add_many (row, clean_path, n, first, last, datatype, unit, NULL);
  g_ptr_array_add (rows, g_strv_builder_end (row));
}

static CtlStatus
list_series (Ctl        *ctl,
             const char *device)
{
  g_autofree char *path = g_strdup_printf ("/v1/devices/%s/history/series", device);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = ctl_call (ctl, "GET", path, NULL, &error);
  g_autoptr(GPtrArray) rows = NULL;
  JsonObject *flood;
  JsonArray *items;

  if (reply == NULL)
    return ctl_fail (error);

  items = get_items (reply, "items");
  if (items == NULL)
    return CTL_REFUSED;

  if (ctl->json)
    {
      ctl_print_document (reply);
      return CTL_DONE;
    }

  rows = start_table (_("PROPERTY"), _("VALUES"), _("FIRST"), _("LAST"), _("DATATYPE"), _("UNIT"), NULL);
  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      JsonNode *item = json_array_get_element (items, i);

      if (JSON_NODE_HOLDS_OBJECT (item))
        add_series_row (rows, json_node_get_object (item));
    }
  ctl_print_table (rows);

  flood = bw_json_get_object (reply, "flood");
  if (flood != NULL)
    g_print (ngettext ("It has said more than is kept: %'ld value was left out.\n",
                       "It has said more than is kept: %'ld values were left out.\n",
                       (gulong) bw_json_get_int (flood, "n", 0)), (long) bw_json_get_int (flood, "n", 0));

  return CTL_DONE;
}

static char *
format_value (JsonNode *node)
{
  g_autofree char *text = NULL;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return g_strdup ("–");

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return ctl_clean (json_node_get_string (node));

  text = json_to_string (node, FALSE);

  return ctl_clean (text);
}

static void
add_point_row (GPtrArray *rows,
               JsonArray *point)
{
  g_autoptr(GStrvBuilder) row = g_strv_builder_new ();
  JsonNode *first = json_array_get_length (point) > 0 ? json_array_get_element (point, 0) : NULL;
  gboolean has_time = first != NULL && JSON_NODE_HOLDS_VALUE (first) && json_node_get_value_type (first) == G_TYPE_INT64;
  g_autofree char *time = ctl_format_time (has_time ? json_node_get_int (first) : 0);

  g_strv_builder_add (row, time);
  for (guint i = 1; i < json_array_get_length (point); i++)
    {
      g_autofree char *text = format_value (json_array_get_element (point, i));

      g_strv_builder_add (row, text);
    }
  g_ptr_array_add (rows, g_strv_builder_end (row));
}

static CtlStatus
show_points (Ctl        *ctl,
             const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = ctl_call (ctl, "GET", path, NULL, &error);
  g_autoptr(GPtrArray) rows = NULL;
  JsonArray *points;
  gboolean thinned;
  guint n_cells;

  if (reply == NULL)
    return ctl_fail (error);

  points = get_items (reply, "points");
  if (points == NULL)
    return CTL_REFUSED;

  if (ctl->json)
    {
      ctl_print_document (reply);
      return CTL_DONE;
    }

  thinned = bw_json_get_boolean (reply, "thinned", FALSE);
  n_cells = thinned ? 6 : 2;
  rows = thinned ? start_table (_("FROM"), _("VALUES"), _("LOWEST"), _("HIGHEST"), _("MEAN"), _("LAST"), NULL)
                 : start_table (_("TIME"), _("VALUE"), NULL);
  for (guint i = 0; i < json_array_get_length (points); i++)
    {
      JsonNode *point = json_array_get_element (points, i);

      if (JSON_NODE_HOLDS_ARRAY (point) && json_array_get_length (json_node_get_array (point)) == n_cells)
        add_point_row (rows, json_node_get_array (point));
    }
  ctl_print_table (rows);

  return CTL_DONE;
}

/* @target: (nullable): NODE/PROPERTY */
static char *
make_path (const char  *device,
           const char  *target,
           const char  *end,
           GError     **error)
{
  g_auto(GStrv) parts = g_strsplit (target != NULL ? target : "", "/", 3);
  g_autofree char *node = NULL;
  g_autofree char *property = NULL;

  if (target == NULL)
    return g_strdup_printf ("/v1/devices/%s/history%s?", device, end);

  if (g_strv_length (parts) != 2 || *parts[0] == '\0' || *parts[1] == '\0')
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, _("“%s” is no property; write NODE/PROPERTY"), target);
      return NULL;
    }

  node = g_uri_escape_string (parts[0], NULL, FALSE);
  property = g_uri_escape_string (parts[1], NULL, FALSE);

  return g_strdup_printf ("/v1/devices/%s/history%s?node=%s&property=%s", device, end, node, property);
}

static CtlStatus
history (Ctl              *ctl,
         const CtlCommand *command,
         char            **arguments)
{
  g_autofree char *csv = NULL;
  g_auto(CtlOptions) options = { NULL, };
  int points = USUAL_POINTS;
  g_autoptr(GError) error = NULL;
  g_autofree char *device = NULL;
  g_autofree char *start = NULL;
  g_autoptr(GString) path = NULL;

  ctl_options_add_fields (&options, filters);
  options.entries[options.n_entries++] = (GOptionEntry) { "points", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &points,
                                                          N_("At most so many rows (100); more values become ranges"),
                                                          N_("N") };
  options.entries[options.n_entries++] = (GOptionEntry) { "csv", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME, &csv,
                                                          N_("Write every value to this file"), N_("FILE") };
  if (!ctl_parse (ctl, command, options.entries, arguments, 1, 2))
    return CTL_USAGE;

  if (points < 1 || points > MAX_POINTS)
    return ctl_usage_error (command, _("--points is 1 to %d"), MAX_POINTS);

  device = ctl_parse_device_id (arguments[0], &error);
  if (device == NULL || (start = make_path (device, arguments[1], csv != NULL ? ".csv" : "", &error)) == NULL ||
      !ctl_connect (ctl, &error))
    return ctl_fail (error);

  if (arguments[1] == NULL && csv == NULL)
    return list_series (ctl, device);

  path = g_string_new (start);
  if (csv == NULL)
    g_string_append_printf (path, "&points=%d", points);
  if (!ctl_options_fill_query (&options, ctl, path, &error))
    return ctl_fail (error);

  return csv != NULL ? export (ctl, path->str, csv) : show_points (ctl, path->str);
}

const CtlCommand ctl_device_history_commands[] = {
  { "device", "history", "DEVICE [NODE/PROPERTY] [--from TIME] [--to TIME] [--points N] [--csv FILE]",
    N_("Show what a property was; without one, list what there is a history of"), history },
  { NULL }
};
