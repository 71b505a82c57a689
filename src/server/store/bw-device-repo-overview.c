/* bw-device-repo-overview.c: the fleet in numbers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-device-repo.h"

#include "bw-company-repo.h"
#include "bw-json.h"

/* How many there are of each kind, as @sql tells. Those of the first are what is left of @total, since only the
 * others are indexed. */
static gboolean
write_counts (BwDb        *db,
              const char  *sql,
              gint64       company_id,
              gint64       total,
              guint        n_kinds,
              const char  *member,
              const char *(*to_nick) (guint),
              GString     *out,
              GError     **error)
{
  g_autofree gint64 *n_of = g_new0 (gint64, n_kinds);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = bw_db_query (db, sql, g_variant_new ("(x)", company_id), error);

  if (rows == NULL)
    return FALSE;

  n_of[0] = total;
  while (bw_rows_next (rows, &local_error))
    {
      gint64 kind = bw_rows_get_int (rows, 0);

      if (kind > 0 && kind < n_kinds)
        {
          n_of[kind] = bw_rows_get_int (rows, 1);
          n_of[0] -= n_of[kind];
        }
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  bw_json_begin_object (out, member);
  for (guint i = 0; i < n_kinds; i++)
    bw_json_add_int (out, to_nick (i), n_of[i]);
  bw_json_end_object (out);

  return TRUE;
}

static const char *
status_nick (guint status)
{
  return bw_status_to_nick ((BwStatus) status);
}

static const char *
state_nick (guint state)
{
  return bw_state_to_nick ((BwState) state);
}

/* The most frequent ones; a fleet has a few. */
static gboolean
write_versions (BwDb    *db,
                gint64   company_id,
                GString *out,
                GError **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db,
                 "SELECT product, version, count(*) AS n FROM device WHERE first_seen_us > 0"
                 " AND product IS NOT NULL AND company_id IN " BW_COMPANY_REACH_SQL
                 " GROUP BY product, version ORDER BY n DESC, product, version LIMIT 50",
                 g_variant_new ("(x)", company_id), error);

  if (rows == NULL)
    return FALSE;

  bw_json_begin_array (out, "byVersion");
  while (bw_rows_next (rows, &local_error))
    {
      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "product", bw_rows_get_text (rows, 0));
      bw_json_add_string (out, "version", bw_rows_get_text (rows, 1));
      bw_json_add_int (out, "count", bw_rows_get_int (rows, 2));
      bw_json_end_object (out);
    }
  bw_json_end_array (out);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

gboolean
bw_device_repo_write_overview (BwDb     *db,
                               gint64    company_id,
                               gint64    messages_per_second,
                               gint64    revision,
                               GString  *out,
                               GError  **error)
{
  gint64 total = 0;
  gint64 online = 0;
  gint64 n_batches = 0;

  if (!bw_db_get_scalar (db,
                         "SELECT CAST(sum(count - n_deleted) AS BIGINT) FROM batch WHERE state = 1 AND company_id IN "
                         BW_COMPANY_REACH_SQL, g_variant_new ("(x)", company_id), 0, &total, error) ||
      !bw_db_get_scalar (db,
                         "SELECT count(*) FROM device WHERE online <> 0 AND company_id IN " BW_COMPANY_REACH_SQL,
                         g_variant_new ("(x)", company_id), 0, &online, error) ||
      !bw_db_get_scalar (db,
                         "SELECT count(*) FROM batch WHERE state = 1 AND company_id IN " BW_COMPANY_REACH_SQL,
                         g_variant_new ("(x)", company_id), 0, &n_batches, error))
    return FALSE;

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "id", "overview");
  bw_json_add_int (out, "revision", revision);
  bw_json_add_int (out, "total", total);
  bw_json_add_int (out, "online", online);
  if (!write_counts (db,
                     "SELECT status, count(*) FROM device WHERE status <> 0 AND company_id IN " BW_COMPANY_REACH_SQL
                     " GROUP BY status",
                     company_id, total, BW_STATUS_RETIRED + 1, "byStatus", status_nick, out, error) ||
      !write_counts (db,
                     "SELECT state, count(*) FROM device WHERE first_seen_us > 0 AND company_id IN "
                     BW_COMPANY_REACH_SQL " GROUP BY state",
                     company_id, total, BW_STATE_ALERT + 1, "byState", state_nick, out, error) ||
      !write_versions (db, company_id, out, error))
    return FALSE;
  bw_json_add_int (out, "batches", n_batches);
  bw_json_add_int (out, "messagesPerSecond", messages_per_second);
  bw_json_end_object (out);

  return TRUE;
}
