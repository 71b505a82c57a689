/* bw-device-repo-values.c: what a column has, for who chooses
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-device-repo-private.h"

#include <string.h>

#include "bw-error.h"
#include "bw-json.h"

typedef enum
{
  VALUE_TEXT,
  VALUE_STATUS,
  VALUE_STATE,
  VALUE_BOOLEAN,
  VALUE_NAMED,       /* an id of a table that has names */
} ValueKind;

static const struct
{
  const char *field;
  ValueKind   kind;
  const char *column;
  const char *names;        /* (nullable): the table */
  const char *index;        /* (nullable): of those that have one */
} columns[] = {
  { "product",      VALUE_TEXT,    "device.product",      NULL,      "device_by_product" },
  { "version",      VALUE_TEXT,    "device.version",      NULL,      "device_by_version" },
  { "name",         VALUE_TEXT,    "device.name",         NULL,      "device_by_name" },
  { "license",      VALUE_TEXT,    "device.license",      NULL,      "device_by_license" },
  { "homie",        VALUE_TEXT,    "device.homie",        NULL,      NULL },
  { "type",         VALUE_TEXT,    "device.type",         NULL,      NULL },
  { "abbreviation", VALUE_TEXT,    "device.abbreviation", NULL,      NULL },
  { "status",       VALUE_STATUS,  "device.status",       NULL,      NULL },
  { "state",        VALUE_STATE,   "device.state",        NULL,      NULL },
  { "online",       VALUE_BOOLEAN, "device.online",       NULL,      NULL },
  { "batch",        VALUE_NAMED,   "device.batch_id",     "batch",   NULL },
  { "company",      VALUE_NAMED,   "device.company_id",   "company", NULL },
  { "tag",          VALUE_NAMED,   "marks.tag_id",        "tag",     NULL },
};

static int
find_column (const char *field)
{
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      if (strcmp (columns[i].field, field) == 0)
        return (int) i;
    }

  return -1;
}

gboolean
bw_device_field_has_values (const char *field)
{
  return find_column (field) >= 0;
}

static void
write_value (int      column,
             BwRows  *rows,
             GString *out)
{
  if (bw_rows_is_null (rows, 0))
    {
      bw_json_add_null (out, "value");
      return;
    }

  switch (columns[column].kind)
    {
    case VALUE_STATUS:
      bw_json_add_string (out, "value", bw_status_to_nick ((BwStatus) bw_rows_get_int (rows, 0)));
      break;

    case VALUE_STATE:
      bw_json_add_string (out, "value", bw_state_to_nick ((BwState) bw_rows_get_int (rows, 0)));
      break;

    case VALUE_BOOLEAN:
      bw_json_add_string (out, "value", bw_rows_get_int (rows, 0) != 0 ? "true" : "false");
      break;

    case VALUE_NAMED:
      bw_json_add_id (out, "value", bw_rows_get_int (rows, 0));
      bw_json_add_string (out, "text", bw_rows_get_text (rows, 2));
      break;

    case VALUE_TEXT:
    default:
      bw_json_add_string (out, "value", bw_rows_get_text (rows, 0));
      break;
    }
}

static void
append_sql (BwDevicePlan *plan,
            int           column,
            gboolean      only_has,
            BwFilter     *where,
            GString      *sql)
{
  const char *name = columns[column].column;
  g_autofree char *has = g_strdup_printf ("%s IS NOT NULL", name);

  bw_device_plan_fill (plan, where, only_has ? has : NULL);
  g_string_append_printf (sql, "SELECT value, n, %s FROM (SELECT %s AS value, count(*) AS n FROM device",
                          columns[column].names != NULL ? "named.name" : "NULL", name);
  bw_device_plan_add_hint (plan, sql, only_has ? columns[column].index : bw_device_plan_get_hint (plan));
  if (strcmp (columns[column].field, "tag") == 0)
    g_string_append (sql, " JOIN tagged AS marks ON marks.kind = 'device' AND marks.object_id = device.id");
  g_string_append_printf (sql, "%s GROUP BY %s ORDER BY n DESC, value LIMIT $%u OFFSET $%u) AS counted",
                          where->where->str, name, where->n_args + 1, where->n_args + 2);
  if (columns[column].names != NULL)
    g_string_append_printf (sql, " LEFT JOIN %s AS named ON named.id = value", columns[column].names);
  g_string_append (sql, " ORDER BY n DESC, value");
}

static gboolean
write_rows (BwDevicePlan  *plan,
            int            column,
            gboolean       only_has,
            gint64         n_without,
            GString       *out,
            GError       **error)
{
  g_autoptr(GString) sql = g_string_new (NULL);
  g_auto(BwFilter) where = { NULL, };
  g_autoptr(GVariant) args = NULL;
  g_autoptr(BwRows) rows = NULL;
  g_autoptr(GError) local_error = NULL;
  gint64 n = 0;

  append_sql (plan, column, only_has, &where, sql);
  args = bw_filter_end_page (&where, plan->query->limit + 1, 0);
  rows = bw_db_query (plan->db, sql->str, args, error);
  if (rows == NULL)
    return FALSE;

  bw_json_begin_object (out, NULL);
  bw_json_begin_array (out, "items");
  if (n_without > 0)
    {
      bw_json_begin_object (out, NULL);
      bw_json_add_null (out, "value");
      bw_json_add_int (out, "n", n_without);
      bw_json_end_object (out);
    }
  while (bw_rows_next (rows, &local_error))
    {
      if (++n > plan->query->limit)
        continue;

      bw_json_begin_object (out, NULL);
      write_value (column, rows, out);
      bw_json_add_int (out, "n", bw_rows_get_int (rows, 1));
      bw_json_end_object (out);
    }
  bw_json_end_array (out);
  bw_json_add_boolean (out, "more", n > plan->query->limit);
  bw_json_end_object (out);

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

gboolean
bw_device_repo_write_values (BwDb                 *db,
                             const BwDeviceQuery  *query,
                             const char           *field,
                             GString              *out,
                             GError              **error)
{
  BwDevicePlan plan;
  BwDeviceQuery by_field = *query;
  int column = find_column (field);
  gint64 total = 0;
  gint64 n_has = 0;

  g_return_val_if_fail (column >= 0, FALSE);

  /* of all, those that have one stand in an index already, in order */
  by_field.sort = columns[column].index != NULL ? field : NULL;
  if (!bw_device_plan_init (&plan, db, &by_field, error))
    return FALSE;

  if (columns[column].index == NULL || plan.n_conditions > 0 || plan.n_unfinished > 0)
    return write_rows (&plan, column, FALSE, 0, out, error);

  return bw_device_plan_count (&plan, plan.sort.columns[0]->has, &total, &n_has, error) &&
         write_rows (&plan, column, TRUE, total - n_has, out, error);
}
