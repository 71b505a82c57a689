/* bw-device-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-device-repo.h"

#include <string.h>

#include "bw-batch-repo.h"
#include "bw-company-repo.h"
#include "bw-device-id.h"
#include "bw-error.h"
#include "bw-json.h"
#include "bw-value.h"

#define MAX_LIMIT        500
#define MAX_SEARCH_BYTES 200

#define COLUMNS \
  "device.id, device.revision, device.batch_id, batch.name, batch.color, device.serial, device.company_id," \
  " device.status, device.state, device.online, device.name, device.product, device.version, device.homie," \
  " device.address, device.local_ip, device.first_seen_us, device.last_seen_us, device.approved_at_us," \
  " device.type, device.abbreviation, device.license, device.machine_id"

/* The ids of its tags, with commas between; the place is the driver's concat. */
#define TAGS_COLUMN \
  ", (SELECT %s(tag_text, ',') FROM (SELECT CAST(tag_id AS TEXT) AS tag_text FROM tagged" \
  " WHERE kind = 'device' AND object_id = device.id ORDER BY tag_id) AS marks)"

static const struct
{
  const char *name;
  const char *column;
} orders[] = {
  { "id",        "device.id" },
  { "batch",     "batch_name" },
  { "serial",    "device.serial" },
  { "status",    "device.status" },
  { "state",     "device.state" },
  { "name",      "device.name" },
  { "product",   "device.product" },
  { "version",   "device.version" },
  { "last-seen", "device.last_seen_us" },
  { "first-seen", "device.first_seen_us" },
};

static const char *
find_order (const char *sort)
{
  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      if (strcmp (orders[i].name, sort + (*sort == '-')) == 0)
        return orders[i].column;
    }

  return NULL;
}

gboolean
bw_device_query_check (const BwDeviceQuery  *query,
                       GError              **error)
{
  BwStatus status;

  if (query->status != NULL && strcmp (query->status, "approved") != 0 && strcmp (query->status, "seen") != 0 &&
      !bw_status_from_nick (query->status, &status))
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                 "there is no status “%s”; there are seen, approved, new, labelled, flashed, awaiting-approval, "
                 "pairing, paired, blocked, retired", query->status);
  else if (query->sort != NULL && find_order (query->sort) == NULL)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "devices cannot be sorted by that");
  else if (query->limit < 0 || query->limit > MAX_LIMIT)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the limit must be between 0 and %d", MAX_LIMIT);
  else if (query->offset < 0)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "the offset must not be negative");
  else if (query->search != NULL && strlen (query->search) > MAX_SEARCH_BYTES)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the search is longer than %d bytes", MAX_SEARCH_BYTES);
  else
    return TRUE;

  return FALSE;
}

/* @ids: (nullable): with commas between */
static void
write_tags (const char *ids,
            GString    *out)
{
  bw_json_begin_array (out, "tags");
  while (ids != NULL && *ids != '\0')
    {
      char *end = NULL;

      bw_json_add_id (out, NULL, g_ascii_strtoll (ids, &end, 10));
      ids = *end == ',' ? end + 1 : NULL;
    }
  bw_json_end_array (out);
}

static void
write_members (BwRows  *rows,
               GString *out)
{
  bw_json_add_string (out, "id", bw_rows_get_text (rows, 0));
  bw_json_add_int (out, "revision", bw_rows_get_int (rows, 1));
  bw_json_add_id (out, "batchId", bw_rows_get_int (rows, 2));
  bw_json_add_string (out, "batch", bw_rows_get_text (rows, 3));
  bw_json_add_string (out, "color", bw_rows_get_text (rows, 4));
  bw_json_add_int (out, "serial", bw_rows_get_int (rows, 5));
  bw_json_add_id (out, "companyId", bw_rows_get_int (rows, 6));
  bw_json_add_string (out, "status", bw_status_to_nick ((BwStatus) bw_rows_get_int (rows, 7)));
  bw_json_add_string (out, "state", bw_state_to_nick ((BwState) bw_rows_get_int (rows, 8)));
  bw_json_add_boolean (out, "online", bw_rows_get_int (rows, 9) != 0);
  bw_json_add_string (out, "name", bw_rows_get_text (rows, 10));
  bw_json_add_string (out, "product", bw_rows_get_text (rows, 11));
  bw_json_add_string (out, "version", bw_rows_get_text (rows, 12));
  bw_json_add_string (out, "homie", bw_rows_get_text (rows, 13));
  bw_json_add_string (out, "address", bw_rows_get_text (rows, 14));
  bw_json_add_string (out, "localIp", bw_rows_get_text (rows, 15));
  bw_json_add_int (out, "firstSeenAt", bw_rows_get_int (rows, 16));
  bw_json_add_int (out, "lastSeenAt", bw_rows_get_int (rows, 17));
  bw_json_add_int (out, "approvedAt", bw_rows_get_int (rows, 18));
  bw_json_add_string (out, "type", bw_rows_get_text (rows, 19));
  bw_json_add_string (out, "abbreviation", bw_rows_get_text (rows, 20));
  bw_json_add_string (out, "license", bw_rows_get_text (rows, 21));
  bw_json_add_string (out, "machineId", bw_rows_get_text (rows, 22));
  write_tags (bw_rows_get_text (rows, 23), out);
}

/* The WHERE of a list and its arguments, $1 on. */
typedef struct
{
  GString         *where;
  GVariantBuilder  args;
  guint            n_args;
  gboolean         narrows;   /* it says more than whose devices */
} Filter;

static void
add_condition (Filter *filter)
{
  g_string_append (filter->where, filter->where->len == 0 ? " WHERE " : " AND ");
}

static void
add_int (Filter *filter,
         gint64  value)
{
  g_variant_builder_add (&filter->args, "x", value);
  g_string_append_printf (filter->where, "$%u", ++filter->n_args);
}

static void
add_company (Filter *filter,
             gint64  company_id)
{
  add_condition (filter);
  g_string_append_printf (filter->where, "device.company_id IN " BW_COMPANY_REACH_OF_SQL ("$%u"), ++filter->n_args);
  g_variant_builder_add (&filter->args, "x", company_id);
  filter->narrows = TRUE;
}

static void
add_status (Filter     *filter,
            const char *status)
{
  BwStatus exact = BW_STATUS_NEW;

  add_condition (filter);
  filter->narrows = TRUE;

  if (strcmp (status, "seen") == 0)
    g_string_append (filter->where, "device.first_seen_us > 0");
  else if (strcmp (status, "approved") == 0)
    g_string_append_printf (filter->where, "device.status <> 0 AND device.status IN (%d, %d)",
                            BW_STATUS_PAIRING, BW_STATUS_PAIRED);
  else if (bw_status_from_nick (status, &exact))
    {
      /* said twice: an index that leaves the new ones out is only taken when the text shows it */
      if (exact != BW_STATUS_NEW)
        g_string_append (filter->where, "device.status <> 0 AND ");
      g_string_append (filter->where, "device.status = ");
      add_int (filter, (gint64) exact);
    }
}

static char *
make_pattern (const char *search,
              gboolean    without_dashes)
{
  g_autofree char *lower = g_utf8_strdown (search, -1);
  GString *pattern = g_string_new ("%");

  for (const char *p = lower; *p != '\0'; p++)
    {
      if (without_dashes && (*p == '-' || *p == ' '))
        continue;
      if (*p == '%' || *p == '_' || *p == '!')
        g_string_append_c (pattern, '!');
      g_string_append_c (pattern, *p);
    }
  g_string_append_c (pattern, '%');

  return g_string_free (pattern, FALSE);
}

static void
add_search (Filter     *filter,
            const char *search)
{
  g_autofree char *pattern = make_pattern (search, FALSE);
  g_autofree char *code = make_pattern (search, TRUE);
  char id[BW_DEVICE_ID_SIZE];
  guint first = filter->n_args + 1;

  add_condition (filter);
  filter->narrows = TRUE;

  if (bw_device_id_parse (search, strlen (search), id))
    {
      g_variant_builder_add (&filter->args, "s", id);
      g_string_append_printf (filter->where, "device.id = $%u", first);
      filter->n_args++;
      return;
    }

  g_variant_builder_add (&filter->args, "s", pattern);
  g_variant_builder_add (&filter->args, "s", code);
  /* Most of a young fleet has never said anything: those are looked at by id and batch alone. */
  g_string_append_printf (filter->where,
                          "(replace(device.id, '-', '') LIKE $%u ESCAPE '!'"
                          " OR device.batch_id IN (SELECT id FROM batch WHERE bw_lower(name) LIKE $%u ESCAPE '!')"
                          " OR (device.first_seen_us > 0 AND (bw_lower(device.name) LIKE $%u ESCAPE '!'"
                          " OR bw_lower(device.product) LIKE $%u ESCAPE '!'"
                          " OR bw_lower(device.version) LIKE $%u ESCAPE '!' OR device.local_ip LIKE $%u ESCAPE '!'"
                          " OR device.address LIKE $%u ESCAPE '!')))",
                          first + 1, first, first, first, first, first, first);
  filter->n_args += 2;
}

/* A batch is there whole or not at all. What is few is looked for: going past
 * a million unfinished ones to find fifty others would take too long. */
static void
add_finished (Filter *filter,
              gint64  n_finished,
              gint64  n_unfinished)
{
  if (n_unfinished == 0)
    return;

  add_condition (filter);
  g_string_append (filter->where,
                   n_unfinished > n_finished
                     ? "device.batch_id IN (SELECT id FROM batch WHERE state = 1)"
                     : "device.batch_id NOT IN (SELECT id FROM batch WHERE state = 0)");
}

static gboolean
make_filter (BwDb                 *db,
             const BwDeviceQuery  *query,
             Filter               *filter,
             GError              **error)
{
  gint64 n_finished = 0;
  gint64 n_unfinished = 0;

  if (!bw_db_get_scalar (db, "SELECT CAST(sum(count - n_deleted) AS BIGINT) FROM batch WHERE state = 1", NULL, 0,
                         &n_finished, error) ||
      !bw_db_get_scalar (db, "SELECT CAST(sum(n_done) AS BIGINT) FROM batch WHERE state = 0", NULL, 0,
                         &n_unfinished, error))
    return FALSE;

  filter->where = g_string_new (NULL);
  g_variant_builder_init (&filter->args, G_VARIANT_TYPE_TUPLE);

  if (!query->is_root)
    add_company (filter, query->company_id);

  if (query->in_company != 0)
    add_company (filter, query->in_company);

  if (query->batch_id != 0)
    {
      add_condition (filter);
      g_string_append (filter->where, "device.batch_id = ");
      add_int (filter, query->batch_id);
      filter->narrows = TRUE;
    }

  if (query->behind != 0)
    {
      add_condition (filter);
      bw_stage_append_behind (filter->where, (BwStage) query->behind);
      filter->narrows = TRUE;
    }

  if (query->tag_id != 0)
    {
      add_condition (filter);
      g_string_append (filter->where, "device.id IN (SELECT object_id FROM tagged WHERE kind = 'device' AND tag_id = ");
      add_int (filter, query->tag_id);
      g_string_append_c (filter->where, ')');
      filter->narrows = TRUE;
    }

  if (query->status != NULL)
    add_status (filter, query->status);

  if (query->search != NULL && *query->search != '\0')
    add_search (filter, query->search);

  add_finished (filter, n_finished, n_unfinished);

  return TRUE;
}

static gboolean
count_matches (BwDb     *db,
               Filter   *filter,
               GVariant *args,
               gint64   *ret_total,
               GError  **error)
{
  g_autofree char *sql = NULL;

  /* counting a million rows takes longer than reading a page of them */
  if (!filter->narrows)
    return bw_db_get_scalar (db, "SELECT CAST(sum(count - n_deleted) AS BIGINT) FROM batch WHERE state = 1", NULL, 0,
                             ret_total, error);

  sql = g_strconcat ("SELECT count(*) FROM device", filter->where->str, NULL);

  return bw_db_get_scalar (db, sql, args, 0, ret_total, error);
}

static char *
make_list_sql (BwDb                *db,
               const BwDeviceQuery *query,
               const Filter        *filter)
{
  const char *sort = query->sort != NULL ? query->sort : "id";
  const char *column = find_order (sort);
  /* said because PostgreSQL would have them the other way round */
  gboolean has_nulls = strcmp (column, "device.name") == 0 || strcmp (column, "device.product") == 0 ||
                       strcmp (column, "device.version") == 0;
  const char *nulls = !has_nulls ? "" : *sort == '-' ? " NULLS LAST" : " NULLS FIRST";
  const char *direction = *sort == '-' ? " DESC" : "";
  gboolean by_batch = strcmp (column, "batch_name") == 0;
  g_autofree char *then = NULL;

  if (strcmp (column, "device.id") != 0)
    then = g_strdup_printf (", device.id%s", direction);

  /* The page's ids first, so that the rows skipped are not read whole. The
   * batch's name is looked up for the order only where it is the order. */
  return g_strdup_printf ("SELECT " COLUMNS TAGS_COLUMN " FROM (SELECT device.id AS page_id, %s AS sort_key FROM device%s%s"
                          " ORDER BY %s%s%s%s LIMIT $%u OFFSET $%u) AS page"
                          " JOIN device ON device.id = page_id LEFT JOIN batch ON batch.id = device.batch_id"
                          " ORDER BY sort_key%s%s, page_id%s",
                          db->driver->concat,
                          by_batch ? "sorted.name" : column,
                          by_batch ? " JOIN batch AS sorted ON sorted.id = device.batch_id" : "",
                          filter->where->str,
                          by_batch ? "sorted.name" : column, direction, nulls, then != NULL ? then : "",
                          filter->n_args + 1, filter->n_args + 2,
                          direction, nulls, direction);
}

gboolean
bw_device_repo_list (BwDb                 *db,
                     const BwDeviceQuery  *query,
                     GString              *out,
                     GError              **error)
{
  Filter filter = { NULL, };
  g_autoptr(GString) where = NULL;
  g_autofree char *sql = NULL;
  g_autoptr(GVariant) count_args = NULL;
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = NULL;
  GVariantBuilder page_args;
  gint64 total = 0;

  if (!make_filter (db, query, &filter, error))
    return FALSE;

  where = filter.where;
  count_args = g_variant_ref_sink (g_variant_builder_end (&filter.args));
  if (!count_matches (db, &filter, count_args, &total, error))
    return FALSE;

  g_variant_builder_init (&page_args, G_VARIANT_TYPE_TUPLE);
  for (gsize i = 0; i < g_variant_n_children (count_args); i++)
    {
      g_autoptr(GVariant) arg = g_variant_get_child_value (count_args, i);

      g_variant_builder_add_value (&page_args, arg);
    }
  g_variant_builder_add (&page_args, "x", query->limit);
  g_variant_builder_add (&page_args, "x", query->offset);

  sql = make_list_sql (db, query, &filter);
  rows = bw_db_query (db, sql, g_variant_builder_end (&page_args), error);
  if (rows == NULL)
    return FALSE;

  bw_json_begin_object (out, NULL);
  bw_json_add_int (out, "total", total);
  bw_json_begin_array (out, "items");
  while (bw_rows_next (rows, &local_error))
    {
      bw_json_begin_object (out, NULL);
      write_members (rows, out);
      bw_json_end_object (out);
    }
  bw_json_end_array (out);
  bw_json_end_object (out);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

static void
write_property (BwRows  *rows,
                GString *out)
{
  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "id", bw_rows_get_text (rows, 1));
  bw_json_add_string (out, "name", bw_rows_get_text (rows, 2));
  bw_json_add_string (out, "value", bw_rows_get_text (rows, 8));
  bw_json_add_string (out, "target", bw_rows_get_text (rows, 9));
  bw_json_add_string (out, "datatype", bw_datatype_to_nick ((BwDatatype) bw_rows_get_int (rows, 3)));
  bw_json_add_string (out, "unit", bw_rows_get_text (rows, 4));
  bw_json_add_string (out, "format", bw_rows_get_text (rows, 5));
  bw_json_add_boolean (out, "settable", bw_rows_get_int (rows, 6) != 0);
  bw_json_add_boolean (out, "retained", bw_rows_get_int (rows, 7) != 0);
  bw_json_add_int (out, "updatedAt", bw_rows_get_int (rows, 10));
  bw_json_end_object (out);
}

static gboolean
write_nodes (BwDb        *db,
             const char  *id,
             GString     *out,
             GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *node = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db,
                 "SELECT node.node, property.property, property.name, property.datatype, property.unit,"
                 " property.format, property.settable, property.retained, property.value, property.target,"
                 " property.updated_at_us, node.name, node.type"
                 " FROM node LEFT JOIN property ON property.device_id = node.device_id AND property.node = node.node"
                 " WHERE node.device_id = $1 ORDER BY node.position, node.id, property.position, property.id",
                 g_variant_new ("(s)", id), error);

  if (rows == NULL)
    return FALSE;

  bw_json_begin_array (out, "nodes");
  while (bw_rows_next (rows, &local_error))
    {
      if (g_strcmp0 (node, bw_rows_get_text (rows, 0)) != 0)
        {
          if (node != NULL)
            {
              bw_json_end_array (out);
              bw_json_end_object (out);
            }
          g_free (node);
          node = g_strdup (bw_rows_get_text (rows, 0));
          bw_json_begin_object (out, NULL);
          bw_json_add_string (out, "id", node);
          bw_json_add_string (out, "name", bw_rows_get_text (rows, 11));
          bw_json_add_string (out, "type", bw_rows_get_text (rows, 12));
          bw_json_begin_array (out, "properties");
        }
      if (!bw_rows_is_null (rows, 1))
        write_property (rows, out);
    }
  if (node != NULL)
    {
      bw_json_end_array (out);
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
bw_device_repo_write_document (BwDb        *db,
                               const char  *id,
                               gboolean     with_nodes,
                               GString     *out,
                               gint64      *ret_company_id,
                               GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *sql = g_strdup_printf ("SELECT " COLUMNS TAGS_COLUMN " FROM device"
                                          " JOIN batch ON batch.id = device.batch_id"
                                          " WHERE device.id = $1 AND batch.state = 1", db->driver->concat);
  g_autoptr(BwRows) rows = bw_db_query (db, sql, g_variant_new ("(s)", id), error);

  if (rows == NULL)
    return FALSE;

  if (!bw_rows_next (rows, &local_error))
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      else
        g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no device %s", id);
      return FALSE;
    }

  bw_json_begin_object (out, NULL);
  write_members (rows, out);
  if (ret_company_id != NULL)
    *ret_company_id = bw_rows_get_int (rows, 6);
  if (with_nodes && !write_nodes (db, id, out, error))
    return FALSE;
  bw_json_end_object (out);

  return TRUE;
}

gboolean
bw_device_repo_is_in_reach (BwDb      *db,
                            gint64     actor_company_id,
                            gint64     company_id,
                            gboolean  *ret_in_reach,
                            GError   **error)
{
  gint64 n = 0;

  if (!bw_db_get_scalar (db, "SELECT count(*) FROM company WHERE id = $2 AND id IN " BW_COMPANY_REACH_SQL,
                         g_variant_new ("(xx)", actor_company_id, company_id), 0, &n, error))
    return FALSE;

  *ret_in_reach = n > 0;

  return TRUE;
}

gboolean
bw_device_repo_get_status (BwDb        *db,
                           const char  *id,
                           gboolean    *ret_found,
                           gint64      *ret_company_id,
                           BwStatus    *ret_status,
                           BwStatus    *ret_before_block,
                           GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db,
                 "SELECT device.company_id, device.status, device.status_before_block"
                 " FROM device JOIN batch ON batch.id = device.batch_id"
                 " WHERE device.id = $1 AND batch.state = 1",
                 g_variant_new ("(s)", id), error);

  if (rows == NULL)
    return FALSE;

  *ret_found = bw_rows_next (rows, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (*ret_found)
    {
      *ret_company_id = bw_rows_get_int (rows, 0);
      *ret_status = (BwStatus) bw_rows_get_int (rows, 1);
      *ret_before_block = (BwStatus) bw_rows_get_int (rows, 2);
    }

  return TRUE;
}

gboolean
bw_device_repo_set_status (BwStoreThread  *thread,
                           const char     *id,
                           BwStatus        status,
                           BwStatus        before_block,
                           gint64          approved_at_us,
                           const char     *approved_by,
                           GError        **error)
{
  if (!bw_db_run (thread->db,
                  "UPDATE device SET status = $2, status_before_block = $3, revision = revision + 1,"
                  " approved_at_us = CASE WHEN CAST($4 AS BIGINT) > 0 THEN $4 ELSE approved_at_us END,"
                  " approved_by = COALESCE($5, approved_by) WHERE id = $1",
                  g_variant_new ("(sxxxms)", id, (gint64) status, (gint64) before_block,
                                 approved_at_us, approved_by),
                  error) ||
      !bw_store_mark (thread, "device", id, error))
    return FALSE;

  bw_store_note_status (thread, id, status);

  return TRUE;
}

gboolean
bw_device_repo_remove (BwStoreThread  *thread,
                       const char     *id,
                       GError        **error)
{
  static const char *const statements[] = {
    ("UPDATE batch SET n_deleted = n_deleted + 1, revision = revision + 1"
     " WHERE id = (SELECT batch_id FROM device WHERE id = $1)"),
    "DELETE FROM property WHERE device_id = $1",
    "DELETE FROM node WHERE device_id = $1",
    "DELETE FROM tagged WHERE kind = 'device' AND object_id = $1",
    "DELETE FROM device WHERE id = $1",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      if (!bw_db_run (thread->db, statements[i], g_variant_new ("(s)", id), error))
        return FALSE;
    }

  return bw_store_mark (thread, "device", id, error);
}
