/* bw-bulk-items.c: the devices of a job, slice by slice
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-bulk-repo.h"

#include <string.h>

#include "bw-cell.h"
#include "bw-error.h"
#include "bw-filter.h"

void
bw_bulk_item_free (BwBulkItem *item)
{
  g_free (item->reason);
  g_free (item->was);
  g_free (item->became);
  g_free (item->name);
  g_free (item->format);
  g_free (item->value);
  g_free (item->desired);
  g_free (item->homie);
  g_free (item);
}

GPtrArray *
bw_bulk_repo_get_items (BwDb    *db,
                        gint64   id,
                        BwBulkItemState state,
                        gint64   from,
                        guint    limit,
                        GError **error)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_bulk_item_free);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db, "SELECT position, device_id, was, became FROM bulk_item WHERE bulk_id = $1 AND position >= $2"
                 " AND state = $4 ORDER BY position LIMIT $3",
                 g_variant_new ("(xxxx)", id, from, (gint64) limit, (gint64) state), error);

  if (rows == NULL)
    return NULL;

  while (bw_rows_next (rows, &local_error))
    {
      BwBulkItem *item = g_new0 (BwBulkItem, 1);

      item->position = bw_rows_get_int (rows, 0);
      g_strlcpy (item->id, bw_rows_get_text (rows, 1), sizeof item->id);
      item->was = g_strdup (bw_rows_get_text (rows, 2));
      item->became = g_strdup (bw_rows_get_text (rows, 3));
      g_ptr_array_add (items, item);
    }

  if (local_error == NULL)
    return g_steal_pointer (&items);

  g_propagate_error (error, g_steal_pointer (&local_error));

  return NULL;
}

static void
read_facts (BwRows     *rows,
            BwBulkItem *item)
{
  item->found = TRUE;
  item->company_id = bw_rows_get_int (rows, 1);
  item->name = g_strdup (bw_rows_get_text (rows, 2));
  item->status = (BwStatus) bw_rows_get_int (rows, 3);
  item->before_block = (BwStatus) bw_rows_get_int (rows, 4);
  item->online = bw_rows_get_int (rows, 5) != 0;
  item->n_tags = (guint) bw_rows_get_int (rows, 6);
  item->has_tag = bw_rows_get_int (rows, 7) != 0;
  item->has_property = !bw_rows_is_null (rows, 8);
  item->datatype = (BwDatatype) bw_rows_get_int (rows, 8);
  item->settable = bw_rows_get_int (rows, 9) != 0;
  item->format = g_strdup (bw_rows_get_text (rows, 10));
  item->value = g_strdup (bw_rows_get_text (rows, 11));
  item->tie = (BwBulkTie) bw_rows_get_int (rows, 12);
  item->retained = bw_rows_get_int (rows, 13) != 0;
  item->desired = g_strdup (bw_rows_get_text (rows, 14));
  item->desired_at_us = bw_rows_get_int (rows, 15);
  item->n_desired = (guint) bw_rows_get_int (rows, 16);
  item->homie = g_strdup (bw_rows_get_text (rows, 17));
}

/* A BwBulkTie of the row of device. */
#define TIE_COLUMN \
  ", CASE WHEN device.owner_id <> 0 THEN 1" \
  " WHEN EXISTS (SELECT 1 FROM desired WHERE desired.device_id = device.id) THEN 2 ELSE 0 END"

static void
write_sql (GString  *sql,
           BwFilter *where,
           BwDb     *db,
           GPtrArray *ids,
           gint64    tag_id,
           const char *node,
           const char *property)
{
  g_string_append (sql, "SELECT device.id, device.company_id, device.name, device.status, device.status_before_block,"
                   " device.online, ");
  if (tag_id != 0)
    g_string_append_printf (sql, "(SELECT count(*) FROM tagged WHERE kind = 'device' AND object_id = device.id),"
                            " (SELECT count(*) FROM tagged WHERE kind = 'device' AND object_id = device.id"
                            " AND tag_id = %" G_GINT64_FORMAT "), ", tag_id);
  else
    g_string_append (sql, "0, 0, ");

  if (node != NULL)
    {
      g_variant_builder_add (&where->args, "s", node);
      g_variant_builder_add (&where->args, "s", property);
      where->n_args += 2;
      g_string_append (sql, "property.datatype, property.settable, property.format, property.value" TIE_COLUMN ","
                       " property.retained, desired.value, desired.created_at_us,"
                       " (SELECT count(*) FROM desired AS others WHERE others.device_id = device.id), device.homie FROM device"
                       " LEFT JOIN property ON property.device_id = device.id AND property.node = $1"
                       " AND property.property = $2"
                       " LEFT JOIN desired ON desired.device_id = device.id AND desired.node = $1 AND desired.property = $2");
    }
  else
    g_string_append (sql, "NULL, 0, NULL, NULL" TIE_COLUMN ", 0, NULL, NULL, 0, NULL FROM device");

  /* a batch is there whole or not at all */
  g_string_append (sql, " JOIN batch ON batch.id = device.batch_id AND batch.state = 1 WHERE device.id IN (");
  bw_filter_push_texts (where, db, ids, sql);
  g_string_append_c (sql, ')');
}

gboolean
bw_bulk_repo_load_facts (BwDb        *db,
                         GPtrArray   *items,
                         gint64       tag_id,
                         const char  *node,
                         const char  *property,
                         GError     **error)
{
  g_autoptr(GHashTable) by_id = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) ids = g_ptr_array_new ();
  g_autoptr(GString) sql = g_string_new (NULL);
  g_auto(BwFilter) where = { NULL, };
  g_autoptr(GVariant) args = NULL;
  g_autoptr(BwRows) rows = NULL;
  g_autoptr(GError) local_error = NULL;

  for (guint i = 0; i < items->len; i++)
    {
      BwBulkItem *item = g_ptr_array_index (items, i);

      g_ptr_array_add (ids, item->id);
      g_hash_table_insert (by_id, item->id, item);
    }

  bw_filter_init (&where);
  write_sql (sql, &where, db, ids, tag_id, node, property);
  args = bw_filter_end (&where);
  rows = bw_db_query (db, sql->str, args, error);
  if (rows == NULL)
    return FALSE;

  while (bw_rows_next (rows, &local_error))
    {
      BwBulkItem *item = g_hash_table_lookup (by_id, bw_rows_get_text (rows, 0));

      if (item != NULL)
        read_facts (rows, item);
    }

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

/* Many rows at once */

typedef struct
{
  gint64      bulk_id;
  GPtrArray  *items;
  gint64      number;
  gint64      kind;
  const char *text;
} Rows;

static void
fill_item (BwCell   *cells,
           guint     row,
           gpointer  user_data)
{
  const Rows *rows = user_data;
  const BwBulkItem *item = g_ptr_array_index (rows->items, row);

  cells[0] = bw_cell_int (rows->bulk_id);
  cells[1] = bw_cell_int (item->position);
  cells[2] = bw_cell_int ((gint64) item->state);
  cells[3] = bw_cell_text (item->reason);
  cells[4] = bw_cell_text (item->was);
  cells[5] = bw_cell_text (item->became);
}

gboolean
bw_bulk_repo_set_items (BwStoreThread  *thread,
                        gint64          id,
                        GPtrArray      *items,
                        GError        **error)
{
  Rows rows = { .bulk_id = id, .items = items };

  return bw_db_run_many (thread->db,
                         "UPDATE bulk_item SET state = $3, reason = $4, was = $5, became = $6"
                         " WHERE bulk_id = $1 AND position = $2", 6, items->len, fill_item, &rows, NULL, error);
}

static void
fill_audit (BwCell   *cells,
            guint     row,
            gpointer  user_data)
{
  const Rows *rows = user_data;

  cells[0] = bw_cell_text (((const BwBulkItem *) g_ptr_array_index (rows->items, row))->id);
  cells[1] = bw_cell_int (rows->number);
  cells[2] = bw_cell_int (rows->kind);
}

gboolean
bw_bulk_repo_note_audit (BwStoreThread  *thread,
                         GPtrArray      *items,
                         gint64          seq,
                         BwEventKind     kind,
                         GError        **error)
{
  Rows rows = { .items = items, .number = seq, .kind = kind };

  return bw_db_run_many (thread->db, "INSERT INTO audit_device (device_id, seq, kind) VALUES ($1, $2, $3)",
                         3, items->len, fill_audit, &rows, NULL, error);
}

static GPtrArray *
find_done (GPtrArray *items)
{
  GPtrArray *done = g_ptr_array_sized_new (items->len);

  for (guint i = 0; i < items->len; i++)
    {
      BwBulkItem *item = g_ptr_array_index (items, i);

      if (item->state == BW_BULK_ITEM_DONE)
        g_ptr_array_add (done, item);
    }

  return done;
}

static void
fill_mark (BwCell   *cells,
           guint     row,
           gpointer  user_data)
{
  const Rows *rows = user_data;

  cells[0] = bw_cell_text (((const BwBulkItem *) g_ptr_array_index (rows->items, row))->id);
}

static gboolean
mark_all (BwStoreThread  *thread,
          Rows           *rows,
          GError        **error)
{
  thread->broker_marked = TRUE;

  return bw_db_run_many (thread->db, "INSERT INTO broker_dirty (kind, id) VALUES ('device', $1) ON CONFLICT DO NOTHING",
                         1, rows->items->len, fill_mark, rows, NULL, error);
}

/* "status,before": as the rules write it. */
static void
fill_status (BwCell   *cells,
             guint     row,
             gpointer  user_data)
{
  const Rows *rows = user_data;
  const BwBulkItem *item = g_ptr_array_index (rows->items, row);
  char *end = NULL;

  cells[0] = bw_cell_text (item->id);
  cells[1] = bw_cell_int (g_ascii_strtoll (item->became, &end, 10));
  cells[2] = bw_cell_int (*end == ',' ? g_ascii_strtoll (end + 1, NULL, 10) : 0);
  cells[3] = bw_cell_int (rows->number);
  cells[4] = bw_cell_text (rows->text);
}

gboolean
bw_bulk_repo_set_statuses (BwStoreThread  *thread,
                           GPtrArray      *items,
                           gint64          approved_at_us,
                           const char     *approved_by,
                           GError        **error)
{
  g_autoptr(GPtrArray) done = find_done (items);
  Rows rows = { .items = done, .number = approved_at_us, .text = approved_by };

  if (done->len == 0)
    return TRUE;

  if (!bw_db_run_many (thread->db,
                       "UPDATE device SET status = $2, status_before_block = $3, revision = revision + 1,"
                       " approved_at_us = CASE WHEN CAST($4 AS BIGINT) > 0 THEN $4 ELSE approved_at_us END,"
                       " approved_by = COALESCE($5, approved_by) WHERE id = $1",
                       5, done->len, fill_status, &rows, NULL, error) ||
      !mark_all (thread, &rows, error))
    return FALSE;

  for (guint i = 0; i < done->len; i++)
    {
      const BwBulkItem *item = g_ptr_array_index (done, i);

      bw_store_note_status (thread, item->id, (BwStatus) g_ascii_strtoll (item->became, NULL, 10));
    }

  return TRUE;
}

static void
fill_company (BwCell   *cells,
              guint     row,
              gpointer  user_data)
{
  const Rows *rows = user_data;
  const BwBulkItem *item = g_ptr_array_index (rows->items, row);

  cells[0] = bw_cell_text (item->id);
  cells[1] = bw_cell_int (g_ascii_strtoll (item->became, NULL, 10));
}

gboolean
bw_bulk_repo_set_companies (BwStoreThread  *thread,
                            GPtrArray      *items,
                            GError        **error)
{
  g_autoptr(GPtrArray) done = find_done (items);
  Rows rows = { .items = done };

  if (done->len == 0)
    return TRUE;

  return bw_db_run_many (thread->db, "UPDATE device SET company_id = $2, revision = revision + 1,"
                         " facts_revision = facts_revision + 1 WHERE id = $1",
                         2, done->len, fill_company, &rows, NULL, error) &&
         mark_all (thread, &rows, error);
}

static void
fill_tag (BwCell   *cells,
          guint     row,
          gpointer  user_data)
{
  const Rows *rows = user_data;

  cells[0] = bw_cell_text (((const BwBulkItem *) g_ptr_array_index (rows->items, row))->id);
  cells[1] = bw_cell_int (rows->number);
}

gboolean
bw_bulk_repo_set_tags (BwStoreThread  *thread,
                       GPtrArray      *items,
                       gint64          tag_id,
                       GError        **error)
{
  g_autoptr(GPtrArray) done = find_done (items);
  g_autoptr(GPtrArray) on = g_ptr_array_new ();
  g_autoptr(GPtrArray) off = g_ptr_array_new ();
  Rows rows = { .items = done };
  Rows rows_on = { .items = on, .number = tag_id };
  Rows rows_off = { .items = off, .number = tag_id };

  for (guint i = 0; i < done->len; i++)
    {
      BwBulkItem *item = g_ptr_array_index (done, i);

      g_ptr_array_add (strcmp (item->became, "1") == 0 ? on : off, item);
    }

  return (on->len == 0 ||
          bw_db_run_many (thread->db, "INSERT INTO tagged (kind, object_id, tag_id) VALUES ('device', $1, $2)"
                          " ON CONFLICT DO NOTHING", 2, on->len, fill_tag, &rows_on, NULL, error)) &&
         (off->len == 0 ||
          bw_db_run_many (thread->db, "DELETE FROM tagged WHERE kind = 'device' AND object_id = $1 AND tag_id = $2",
                          2, off->len, fill_tag, &rows_off, NULL, error)) &&
         (done->len == 0 ||
          bw_db_run_many (thread->db, "UPDATE device SET revision = revision + 1 WHERE id = $1",
                          1, done->len, fill_mark, &rows, NULL, error));
}
