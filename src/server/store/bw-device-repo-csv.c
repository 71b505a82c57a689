/* bw-device-repo-csv.c: devices as a table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-device-repo-private.h"

#include <string.h>

#include "bw-csv.h"
#include "bw-error.h"

/* Behind BW_DEVICE_COLUMNS. */
#define COMPANY_COLUMN 23
#define TAGS_COLUMN    24

#define TAG_NAMES \
  ", (SELECT %s(name, ', ') FROM (SELECT tag.name FROM tagged JOIN tag ON tag.id = tagged.tag_id" \
  " WHERE kind = 'device' AND object_id = device.id ORDER BY tag.name) AS marks)"

typedef enum
{
  CELL_TEXT,
  CELL_INT,
  CELL_BOOLEAN,
  CELL_STATUS,
  CELL_STATE,
  CELL_TIME,
} CellKind;

static const struct
{
  const char *name;
  guint       column;
  CellKind    kind;
} columns[] = {
  { "id", 0, CELL_TEXT }, { "name", 10, CELL_TEXT }, { "status", 7, CELL_STATUS }, { "state", 8, CELL_STATE },
  { "online", 9, CELL_BOOLEAN }, { "product", 11, CELL_TEXT }, { "version", 12, CELL_TEXT }, { "homie", 13, CELL_TEXT },
  { "batch", 3, CELL_TEXT }, { "serial", 5, CELL_INT }, { "company", COMPANY_COLUMN, CELL_TEXT }, { "type", 19, CELL_TEXT },
  { "abbreviation", 20, CELL_TEXT }, { "license", 21, CELL_TEXT }, { "machineId", 22, CELL_TEXT },
  { "address", 14, CELL_TEXT }, { "localIp", 15, CELL_TEXT }, { "tags", TAGS_COLUMN, CELL_TEXT },
  { "firstSeenAt", 16, CELL_TIME }, { "lastSeenAt", 17, CELL_TIME }, { "approvedAt", 18, CELL_TIME },
};

static int
find_column (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      if (strcmp (columns[i].name, name) == 0)
        return (int) i;
    }

  return -1;
}

gboolean
bw_device_has_column (const char *name)
{
  return find_column (name) >= 0;
}

GArray *
bw_device_columns_parse (const char  *text,
                         GError     **error)
{
  g_autoptr(GArray) chosen = g_array_new (FALSE, FALSE, sizeof (guint));
  g_auto(GStrv) names = g_strsplit (text != NULL ? text : "", ",", G_N_ELEMENTS (columns) + 1);

  for (guint i = 0; text == NULL && i < G_N_ELEMENTS (columns); i++)
    g_array_append_val (chosen, i);

  for (guint i = 0; text != NULL && names[i] != NULL; i++)
    {
      int column = find_column (names[i]);

      if (column < 0 || chosen->len >= G_N_ELEMENTS (columns))
        {
          g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“columns”: devices have no column “%.40s”", names[i]);
          return NULL;
        }
      g_array_append_val (chosen, column);
    }

  return g_steal_pointer (&chosen);
}

void
bw_device_columns_write_header (GArray  *chosen,
                                GString *out)
{
  for (guint i = 0; i < chosen->len; i++)
    bw_csv_append_field (out, columns[g_array_index (chosen, guint, i)].name, i + 1 == chosen->len);
}

static char *
dup_time (gint64 at_us)
{
  g_autoptr(GDateTime) at = at_us > 0 ? g_date_time_new_from_unix_utc (at_us / G_USEC_PER_SEC) : NULL;
  g_autofree char *text = at != NULL ? g_date_time_format (at, "%Y-%m-%dT%H:%M:%S") : NULL;

  return text != NULL ? g_strdup_printf ("%s.%06dZ", text, (int) (at_us % G_USEC_PER_SEC)) : NULL;
}

static void
write_cell (BwRows   *rows,
            guint     which,
            gboolean  is_last,
            GString  *out)
{
  guint column = columns[which].column;
  g_autofree char *made = NULL;
  const char *text = NULL;

  switch (columns[which].kind)
    {
    case CELL_INT:
      text = made = g_strdup_printf ("%" G_GINT64_FORMAT, bw_rows_get_int (rows, column));
      break;

    case CELL_BOOLEAN:
      text = bw_rows_get_int (rows, column) != 0 ? "true" : "false";
      break;

    case CELL_STATUS:
      text = bw_status_to_nick ((BwStatus) bw_rows_get_int (rows, column));
      break;

    case CELL_STATE:
      text = bw_state_to_nick ((BwState) bw_rows_get_int (rows, column));
      break;

    case CELL_TIME:
      text = made = dup_time (bw_rows_get_int (rows, column));
      break;

    case CELL_TEXT:
    default:
      text = bw_rows_get_text (rows, column);
      break;
    }

  bw_csv_append_field (out, text, is_last);
}

gboolean
bw_device_repo_write_csv (BwDb       *db,
                          GPtrArray  *ids,
                          GArray     *chosen,
                          GString    *out,
                          GError    **error)
{
  g_autoptr(GString) sql = g_string_new (NULL);
  g_autoptr(GHashTable) records = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GError) local_error = NULL;
  g_auto(BwFilter) where = { NULL, };
  g_autoptr(GVariant) args = NULL;
  g_autoptr(BwRows) rows = NULL;

  bw_filter_init (&where);
  g_string_append_printf (sql, "SELECT " BW_DEVICE_COLUMNS ", company.name" TAG_NAMES " FROM device"
                          " LEFT JOIN batch ON batch.id = device.batch_id LEFT JOIN company ON company.id = device.company_id"
                          " WHERE device.id IN (", db->driver->concat);
  bw_filter_push_texts (&where, db, ids, sql);
  g_string_append_c (sql, ')');
  args = bw_filter_end (&where);

  rows = bw_db_query (db, sql->str, args, error);
  if (rows == NULL)
    return FALSE;

  while (bw_rows_next (rows, &local_error))
    {
      GString *record = g_string_sized_new (256);

      for (guint i = 0; i < chosen->len; i++)
        write_cell (rows, g_array_index (chosen, guint, i), i + 1 == chosen->len, record);
      g_hash_table_insert (records, g_strdup (bw_rows_get_text (rows, 0)), g_string_free (record, FALSE));
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  /* one that was deleted meanwhile is not there */
  for (guint i = 0; i < ids->len; i++)
    {
      const char *record = g_hash_table_lookup (records, g_ptr_array_index (ids, i));

      if (record != NULL)
        g_string_append (out, record);
    }

  return TRUE;
}
