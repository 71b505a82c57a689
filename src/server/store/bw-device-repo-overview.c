/* bw-device-repo-overview.c: the fleet in numbers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-device-repo.h"

#include "bw-company-repo.h"
#include "bw-json.h"

#define MAX_GROUPS 8

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
get_hint (BwDb       *db,
          const char *hint)
{
  return db->driver->takes_hints ? hint : "";
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
  /* in the order of the index a company at a time: so nothing is sorted but the sums */
  g_autofree char *sql =
    g_strdup_printf ("SELECT product, version, CAST(sum(n) AS BIGINT) AS all_n FROM (SELECT company_id, product, version,"
                     " count(*) AS n FROM device%s WHERE product IS NOT NULL AND company_id IN " BW_COMPANY_REACH_SQL
                     " GROUP BY company_id, product, version) AS made GROUP BY product, version"
                     " ORDER BY all_n DESC, product, version LIMIT 50", get_hint (db, " INDEXED BY device_by_make"));
  g_autoptr(BwRows) rows = bw_db_query (db, sql, g_variant_new ("(x)", company_id), error);

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

/* The batches with the most devices. */
static gboolean
write_batches (BwDb    *db,
               gint64   company_id,
               GString *out,
               GError **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db,
                 "SELECT id, name, count - n_deleted AS n, color FROM batch WHERE state = 1 AND company_id IN "
                 BW_COMPANY_REACH_SQL " ORDER BY n DESC, id DESC LIMIT 8",
                 g_variant_new ("(x)", company_id), error);

  if (rows == NULL)
    return FALSE;

  bw_json_begin_array (out, "byBatch");
  while (bw_rows_next (rows, &local_error))
    {
      g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, bw_rows_get_int (rows, 0));

      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "id", id);
      bw_json_add_string (out, "name", bw_rows_get_text (rows, 1));
      bw_json_add_int (out, "count", bw_rows_get_int (rows, 2));
      bw_json_add_string (out, "color", bw_rows_get_text (rows, 3));
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

typedef struct
{
  gint64  id;
  gint64  parent_id;
  gint64  n_own;
  gint64  n;           /* with those of the companies below */
  char   *name;
} Company;

static void
company_free (gpointer data)
{
  g_free (((Company *) data)->name);
  g_free (data);
}

static int
compare_companies (gconstpointer a,
                   gconstpointer b)
{
  const Company *left = *(Company * const *) a;
  const Company *right = *(Company * const *) b;

  if (left->n != right->n)
    return left->n > right->n ? -1 : 1;

  return left->id < right->id ? -1 : left->id > right->id;
}

/* Those below @company_id, with the devices that each has itself. */
static GPtrArray *
list_companies (BwDb    *db,
                gint64   company_id,
                GError **error)
{
  g_autoptr(GPtrArray) companies = g_ptr_array_new_with_free_func (company_free);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db,
                 "SELECT company.id, company.parent_id, company.name, coalesce(counted.n, 0) FROM company LEFT JOIN"
                 " (SELECT company_id, count(*) AS n FROM device WHERE company_id IN " BW_COMPANY_REACH_SQL
                 " GROUP BY company_id) AS counted ON counted.company_id = company.id WHERE company.id IN "
                 BW_COMPANY_REACH_SQL " AND company.id <> $1",
                 g_variant_new ("(x)", company_id), error);

  if (rows == NULL)
    return NULL;

  while (bw_rows_next (rows, &local_error))
    {
      Company *company = g_new0 (Company, 1);

      company->id = bw_rows_get_int (rows, 0);
      company->parent_id = bw_rows_get_int (rows, 1);
      company->name = g_strdup (bw_rows_get_text (rows, 2));
      company->n_own = bw_rows_get_int (rows, 3);
      g_ptr_array_add (companies, company);
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  return g_steal_pointer (&companies);
}

/* The companies with the most devices, theirs and those of the companies below them, as the filter of a list has it. */
static gboolean
write_companies (BwDb    *db,
                 gint64   company_id,
                 GString *out,
                 GError **error)
{
  g_autoptr(GPtrArray) companies = list_companies (db, company_id, error);
  g_autoptr(GHashTable) by_id = g_hash_table_new (g_int64_hash, g_int64_equal);

  if (companies == NULL)
    return FALSE;

  for (guint i = 0; i < companies->len; i++)
    {
      Company *company = g_ptr_array_index (companies, i);

      g_hash_table_insert (by_id, &company->id, company);
    }

  for (guint i = 0; i < companies->len; i++)
    {
      Company *company = g_ptr_array_index (companies, i);

      for (Company *above = company; above != NULL; above = g_hash_table_lookup (by_id, &above->parent_id))
        above->n += company->n_own;
    }

  g_ptr_array_sort (companies, compare_companies);
  bw_json_begin_array (out, "byCompany");
  for (guint i = 0; i < MIN (companies->len, MAX_GROUPS); i++)
    {
      const Company *company = g_ptr_array_index (companies, i);
      g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, company->id);

      if (company->n == 0)
        break;

      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "id", id);
      bw_json_add_string (out, "name", company->name);
      bw_json_add_int (out, "count", company->n);
      bw_json_end_object (out);
    }
  bw_json_end_array (out);

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
  g_autofree char *by_status =
    g_strdup_printf ("SELECT status, count(*) FROM device%s WHERE status <> 0 AND company_id IN " BW_COMPANY_REACH_SQL
                     " GROUP BY status", get_hint (db, " INDEXED BY device_by_status"));
  g_autofree char *by_state =
    g_strdup_printf ("SELECT state, count(*) FROM device%s WHERE state <> 0 AND company_id IN " BW_COMPANY_REACH_SQL
                     " GROUP BY state", get_hint (db, " INDEXED BY device_by_state"));
  g_autofree char *count_online =
    g_strdup_printf ("SELECT count(*) FROM device%s WHERE online <> 0 AND company_id IN " BW_COMPANY_REACH_SQL,
                     get_hint (db, " INDEXED BY device_online"));
  gint64 total = 0;
  gint64 online = 0;
  gint64 n_batches = 0;

  if (!bw_db_get_scalar (db,
                         "SELECT CAST(sum(count - n_deleted) AS BIGINT) FROM batch WHERE state = 1 AND company_id IN "
                         BW_COMPANY_REACH_SQL, g_variant_new ("(x)", company_id), 0, &total, error) ||
      !bw_db_get_scalar (db, count_online,
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
                     by_status, company_id, total, BW_STATUS_RETIRED + 1, "byStatus", status_nick, out, error) ||
      !write_counts (db,
                     by_state, company_id, total, BW_STATE_ALERT + 1, "byState", state_nick, out, error) ||
      !write_versions (db, company_id, out, error) ||
      !write_companies (db, company_id, out, error) ||
      !write_batches (db, company_id, out, error))
    return FALSE;
  bw_json_add_int (out, "batches", n_batches);
  bw_json_add_int (out, "messagesPerSecond", messages_per_second);
  bw_json_end_object (out);

  return TRUE;
}
