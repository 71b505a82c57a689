/* ctl-overview.c: bellwetherctl overview
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl.h"

#include <stdio.h>

#include <glib/gi18n.h>

#include "bw-json.h"

static GPtrArray *
rows_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
}

/* @second: (nullable): a number of its own behind the first */
static void
add_row (GPtrArray    *rows,
         const char   *label,
         gint64        number,
         const gint64 *second)
{
  g_autoptr(GStrvBuilder) row = g_strv_builder_new ();
  g_autofree char *clean = ctl_clean (label);
  g_autofree char *text = g_strdup_printf ("%'" G_GINT64_FORMAT, number);

  g_strv_builder_add_many (row, clean, text, NULL);
  if (second != NULL)
    {
      g_autofree char *more = g_strdup_printf ("%'" G_GINT64_FORMAT, *second);

      g_strv_builder_add (row, more);
    }
  g_ptr_array_add (rows, g_strv_builder_end (row));
}

static void
print_rows (const char *title,
            GPtrArray  *rows)
{
  if (rows->len == 0)
    return;

  if (title != NULL)
    g_print ("\n%s\n", title);
  ctl_print_table (rows);
}

static void
print_statuses (JsonObject *overview)
{
  JsonObject *by_status = bw_json_get_object (overview, "byStatus");
  g_autoptr(GList) members = by_status != NULL ? json_object_get_members (by_status) : NULL;
  g_autoptr(GPtrArray) rows = rows_new ();

  for (GList *l = members; l != NULL; l = l->next)
    {
      gint64 count = bw_json_get_int (by_status, l->data, 0);

      if (count > 0)
        add_row (rows, l->data, count, NULL);
    }

  print_rows (_("By status"), rows);
}

/* @more: (nullable): a member that stands behind the name */
static void
print_groups (const char *title,
              JsonArray  *items,
              const char *name,
              const char *more)
{
  g_autoptr(GPtrArray) rows = rows_new ();

  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonNode *node = json_array_get_element (items, i);
      JsonObject *item = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *first = item != NULL ? bw_json_get_string (item, name) : NULL;
      const char *second = item != NULL && more != NULL ? bw_json_get_string (item, more) : NULL;
      g_autofree char *label = NULL;

      if (first == NULL)
        continue;

      label = second != NULL ? g_strdup_printf ("%s %s", first, second) : g_strdup (first);
      add_row (rows, label, bw_json_get_int (item, "count", 0), NULL);
    }

  print_rows (title, rows);
}

/* What was counted of the last 24 hours, an hour a line: its last count. */
static void
print_online (JsonObject *online)
{
  JsonArray *values = online != NULL ? bw_json_get_array (online, "values") : NULL;
  guint n = values != NULL ? json_array_get_length (values) : 0;
  gint64 step_us = online != NULL ? bw_json_get_int (online, "step", 0) : 0;
  guint stride = step_us > 0 ? (guint) MAX (G_TIME_SPAN_HOUR / step_us, 1) : 1;
  g_autoptr(GPtrArray) rows = rows_new ();

  for (guint i = stride - 1; i < n; i += stride)
    {
      JsonNode *node = json_array_get_element (values, i);
      gint64 at_us = bw_json_get_int (online, "from", 0) + (gint64) i * step_us;
      g_autoptr(GDateTime) at = g_date_time_new_from_unix_local (at_us / G_USEC_PER_SEC);
      g_autofree char *time = at != NULL ? g_date_time_format (at, "%F %H:%M") : NULL;

      if (time != NULL && JSON_NODE_HOLDS_VALUE (node))
        add_row (rows, time, json_node_get_int (node), NULL);
    }

  print_rows (_("Online, the last 24 hours"), rows);
}

static void
print_days (JsonArray *days)
{
  g_autoptr(GPtrArray) rows = rows_new ();

  for (guint i = 0; days != NULL && i < json_array_get_length (days); i++)
    {
      JsonNode *node = json_array_get_element (days, i);
      JsonObject *day = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      g_autoptr(GDateTime) at = NULL;
      g_autofree char *date = NULL;
      gint64 approved;

      if (day == NULL || bw_json_get_int (day, "arrived", -1) < 0)
        continue;

      at = g_date_time_new_from_unix_utc (bw_json_get_int (day, "from", 0) / G_USEC_PER_SEC);
      date = at != NULL ? g_date_time_format (at, "%F") : g_strdup ("");
      approved = bw_json_get_int (day, "approved", 0);
      add_row (rows, date, bw_json_get_int (day, "arrived", 0), &approved);
    }

  print_rows (_("First connections and approvals a day (UTC)"), rows);
}

static void
print_overview (JsonObject *overview,
                JsonObject *trends)
{
  g_autoptr(GPtrArray) rows = rows_new ();

  add_row (rows, _("Devices"), bw_json_get_int (overview, "total", 0), NULL);
  add_row (rows, _("Online"), bw_json_get_int (overview, "online", 0), NULL);
  add_row (rows, _("Batches"), bw_json_get_int (overview, "batches", 0), NULL);
  add_row (rows, _("Messages per second"), bw_json_get_int (overview, "messagesPerSecond", 0), NULL);
  print_rows (NULL, rows);

  print_statuses (overview);
  print_groups (_("By company"), bw_json_get_array (overview, "byCompany"), "name", NULL);
  print_groups (_("By batch"), bw_json_get_array (overview, "byBatch"), "name", NULL);
  print_groups (_("By version"), bw_json_get_array (overview, "byVersion"), "product", "version");
  print_online (bw_json_get_object (trends, "online"));
  print_days (bw_json_get_array (trends, "days"));
}

static CtlStatus
overview (Ctl              *ctl,
          const CtlCommand *command,
          char            **arguments)
{
  g_autoptr(JsonObject) numbers = NULL;
  g_autoptr(JsonObject) trends = NULL;
  g_autoptr(JsonObject) all = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 0, 0))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error))
    return ctl_fail (error);

  numbers = ctl_call (ctl, "GET", "/v1/overview", NULL, &error);
  if (numbers != NULL)
    trends = ctl_call (ctl, "GET", "/v1/overview/trends", NULL, &error);
  if (trends == NULL)
    return ctl_fail (error);

  if (!ctl->json)
    {
      print_overview (numbers, trends);
      return CTL_DONE;
    }

  all = json_object_new ();
  json_object_set_object_member (all, "overview", json_object_ref (numbers));
  json_object_set_object_member (all, "trends", json_object_ref (trends));
  ctl_print_document (all);

  return CTL_DONE;
}

const CtlCommand ctl_overview_commands[] = {
  { NULL, "overview", NULL, N_("Show the fleet in numbers, and how it went"), overview },
  { NULL }
};
