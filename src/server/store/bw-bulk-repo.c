/* bw-bulk-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-bulk-repo.h"

#include "bw-company-repo.h"
#include "bw-device-id.h"
#include "bw-error.h"
#include "bw-json.h"

/* Items taken away by one job. */
#define SWEEP_SLICE 10000

#define COLUMNS \
  "id, revision, company_id, account_id, participation_id, login, address, action, parameters, state, total, n_done," \
  " n_failed, undo_of, undone_by, error, created_at_us, ended_at_us, n_kept"

static const char *const item_nicks[] = {
  [BW_BULK_ITEM_WAITING] = "waiting",
  [BW_BULK_ITEM_DONE] = "done",
  [BW_BULK_ITEM_REFUSED] = "refused",
  [BW_BULK_ITEM_KEPT] = "kept",
};

const char *
bw_bulk_state_to_nick (BwBulkState state)
{
  switch (state)
    {
    case BW_BULK_DONE:
      return "done";

    case BW_BULK_CANCELLED:
      return "cancelled";

    case BW_BULK_FAILED:
      return "failed";

    case BW_BULK_FILLING:
    case BW_BULK_RUNNING:
    default:
      return "running";
    }
}

void
bw_bulk_row_free (BwBulkRow *row)
{
  g_free (row->login);
  g_free (row->address);
  g_free (row->action);
  g_free (row->parameters);
  g_free (row->error);
  g_free (row);
}

void
bw_bulk_row_write (const BwBulkRow *row,
                   GString         *out)
{
  gboolean has_ended = row->state > BW_BULK_RUNNING;

  bw_json_begin_object (out, NULL);
  bw_json_add_id (out, "id", row->id);
  bw_json_add_int (out, "revision", row->revision);
  bw_json_add_string (out, "action", row->action);
  bw_json_add_raw (out, "parameters", row->parameters);
  bw_json_add_string (out, "state", bw_bulk_state_to_nick (row->state));
  bw_json_add_int (out, "total", row->total);
  bw_json_add_int (out, "nDone", row->n_done);
  bw_json_add_int (out, "nFailed", row->n_failed);
  bw_json_add_int (out, "nKept", row->n_kept);
  bw_json_add_boolean (out, "canUndo", has_ended && row->undone_by == 0 && row->n_done > row->n_failed);
  bw_json_add_id (out, "undoOf", row->undo_of);
  bw_json_add_id (out, "undoneBy", row->undone_by);
  bw_json_add_id (out, "companyId", row->company_id);
  bw_json_add_string (out, "createdBy", row->login);
  bw_json_add_int (out, "createdAt", row->created_at_us);
  bw_json_add_int (out, "endedAt", row->ended_at_us);
  bw_json_add_string (out, "error", row->error);
  bw_json_end_object (out);
}

static BwBulkRow *
read_row (BwRows *rows)
{
  BwBulkRow *row = g_new0 (BwBulkRow, 1);

  row->id = bw_rows_get_int (rows, 0);
  row->revision = bw_rows_get_int (rows, 1);
  row->company_id = bw_rows_get_int (rows, 2);
  row->account_id = bw_rows_get_int (rows, 3);
  row->participation_id = bw_rows_get_int (rows, 4);
  row->login = g_strdup (bw_rows_get_text (rows, 5));
  row->address = g_strdup (bw_rows_get_text (rows, 6));
  row->action = g_strdup (bw_rows_get_text (rows, 7));
  row->parameters = g_strdup (bw_rows_get_text (rows, 8));
  row->state = (BwBulkState) bw_rows_get_int (rows, 9);
  row->total = bw_rows_get_int (rows, 10);
  row->n_done = bw_rows_get_int (rows, 11);
  row->n_failed = bw_rows_get_int (rows, 12);
  row->undo_of = bw_rows_get_int (rows, 13);
  row->undone_by = bw_rows_get_int (rows, 14);
  row->error = g_strdup (bw_rows_get_text (rows, 15));
  row->created_at_us = bw_rows_get_int (rows, 16);
  row->ended_at_us = bw_rows_get_int (rows, 17);
  row->n_kept = bw_rows_get_int (rows, 18);

  return row;
}

gboolean
bw_bulk_repo_add (BwStoreThread  *thread,
                  BwBulkRow      *row,
                  GError        **error)
{
  row->revision = 1;

  return bw_db_get_scalar (thread->db,
                           "INSERT INTO bulk (company_id, account_id, participation_id, login, address, action, parameters,"
                           " state, total, undo_of, created_at_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
                           " RETURNING id",
                           g_variant_new ("(xxxssssxxxx)", row->company_id, row->account_id, row->participation_id,
                                          row->login, row->address, row->action, row->parameters, (gint64) row->state,
                                          row->total, row->undo_of, row->created_at_us),
                           0, &row->id, error);
}

typedef struct
{
  gint64      id;
  gint64      first;
  const char *ids;
} Ids;

static void
fill_id (BwCell   *cells,
         guint     row,
         gpointer  user_data)
{
  const Ids *ids = user_data;

  cells[0] = (BwCell) { .type = BW_CELL_INT, .integer = ids->id };
  cells[1] = (BwCell) { .type = BW_CELL_INT, .integer = ids->first + row };
  cells[2] = (BwCell) { .type = BW_CELL_TEXT, .data = ids->ids + row * (gsize) BW_DEVICE_ID_LENGTH,
                        .length = BW_DEVICE_ID_LENGTH };
}

gboolean
bw_bulk_repo_add_ids (BwStoreThread  *thread,
                      gint64          id,
                      gint64          first,
                      const char     *ids,
                      guint           n_ids,
                      GError        **error)
{
  Ids all = { id, first, ids };

  return bw_db_run_many (thread->db, "INSERT INTO bulk_item (bulk_id, position, device_id) VALUES ($1, $2, $3)",
                         3, n_ids, fill_id, &all, NULL, error);
}

gboolean
bw_bulk_repo_add_undo (BwStoreThread    *thread,
                       const BwBulkRow  *row,
                       gint64            from,
                       gint64            until,
                       gint64           *ret_n,
                       GError          **error)
{
  if (!bw_db_run (thread->db,
                  "INSERT INTO bulk_item (bulk_id, position, device_id, was, became)"
                  " SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT) - 1 + row_number() OVER (ORDER BY position), device_id,"
                  " became, was FROM bulk_item WHERE bulk_id = $3 AND position >= $4 AND position < $5 AND state IN (1, 3)",
                  g_variant_new ("(xxxxx)", row->id, row->total, row->undo_of, from, until), error))
    return FALSE;

  *ret_n = bw_db_get_n_changed (thread->db);

  return TRUE;
}

gboolean
bw_bulk_repo_set_undone (BwStoreThread  *thread,
                         gint64          id,
                         gint64          by,
                         GError        **error)
{
  return bw_db_run (thread->db, "UPDATE bulk SET undone_by = $2, revision = revision + 1 WHERE id = $1",
                    g_variant_new ("(xx)", id, by), error);
}

gboolean
bw_bulk_repo_set (BwStoreThread  *thread,
                  BwBulkRow      *row,
                  GError        **error)
{
  row->revision++;

  return bw_db_run (thread->db,
                    "UPDATE bulk SET revision = $2, state = $3, total = $4, n_done = $5, n_failed = $6, error = $7,"
                    " ended_at_us = $8, n_kept = $9 WHERE id = $1",
                    g_variant_new ("(xxxxxxmsxx)", row->id, row->revision, (gint64) row->state, row->total, row->n_done,
                                   row->n_failed, row->error, row->ended_at_us, row->n_kept), error);
}

BwBulkRow *
bw_bulk_repo_get (BwDb    *db,
                  gint64   company_id,
                  gint64   id,
                  GError **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db, "SELECT " COLUMNS " FROM bulk WHERE id = $2 AND state > 0 AND ($1 = 0 OR company_id IN "
                 BW_COMPANY_REACH_SQL ")", g_variant_new ("(xx)", company_id, id), error);

  if (rows == NULL)
    return NULL;

  if (bw_rows_next (rows, &local_error))
    return read_row (rows);

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no bulk job %" G_GINT64_FORMAT, id);

  return NULL;
}

gboolean
bw_bulk_repo_get_wish_time (BwDb    *db,
                            gint64   id,
                            gint64  *ret_at_us,
                            GError **error)
{
  return bw_db_get_scalar (db, "SELECT created_at_us FROM bulk WHERE id = $1", g_variant_new ("(x)", id), 0, ret_at_us, error);
}

GPtrArray *
bw_bulk_repo_get_running (BwDb    *db,
                          GError **error)
{
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_bulk_row_free);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = bw_db_query (db, "SELECT " COLUMNS " FROM bulk WHERE state = 1 ORDER BY id", NULL, error);

  if (rows == NULL)
    return NULL;

  while (bw_rows_next (rows, &local_error))
    g_ptr_array_add (found, read_row (rows));

  if (local_error == NULL)
    return g_steal_pointer (&found);

  g_propagate_error (error, g_steal_pointer (&local_error));

  return NULL;
}

gboolean
bw_bulk_repo_count_running (BwDb    *db,
                            gint64   company_id,
                            gint64  *ret_n,
                            GError **error)
{
  return bw_db_get_scalar (db, "SELECT count(*) FROM bulk WHERE state IN (0, 1) AND company_id = $1",
                           g_variant_new ("(x)", company_id), 0, ret_n, error);
}

gboolean
bw_bulk_repo_list (BwDb     *db,
                   gint64    company_id,
                   gint64    offset,
                   gint64    limit,
                   GString  *out,
                   GError  **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = NULL;
  gint64 total = 0;

  if (!bw_db_get_scalar (db, "SELECT count(*) FROM bulk WHERE state > 0 AND company_id IN " BW_COMPANY_REACH_SQL,
                         g_variant_new ("(x)", company_id), 0, &total, error))
    return FALSE;

  rows = bw_db_query (db, "SELECT " COLUMNS " FROM bulk WHERE state > 0 AND company_id IN " BW_COMPANY_REACH_SQL
                      " ORDER BY id DESC LIMIT $2 OFFSET $3", g_variant_new ("(xxx)", company_id, limit, offset), error);
  if (rows == NULL)
    return FALSE;

  bw_json_begin_object (out, NULL);
  bw_json_add_int (out, "total", total);
  bw_json_begin_array (out, "items");
  while (bw_rows_next (rows, &local_error))
    {
      g_autoptr(BwBulkRow) row = read_row (rows);

      bw_bulk_row_write (row, out);
    }
  bw_json_end_array (out);
  bw_json_end_object (out);

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

/* All of them are as many as the job says, and stand by position: the end is as near as the beginning. */
static gboolean
query_results (BwDb     *db,
               gint64    id,
               int       state,
               gint64    offset,
               gint64    limit,
               gint64   *ret_total,
               BwRows  **ret_rows,
               GError  **error)
{
#define RESULTS "SELECT bulk_item.device_id, CASE WHEN bulk_item.reason = '" BW_BULK_NO_DEVICE "' THEN NULL ELSE device.name END," \
                " bulk_item.state, bulk_item.reason FROM bulk_item" \
                " LEFT JOIN device ON device.id = bulk_item.device_id WHERE bulk_id = $1"

  if (state < 0)
    {
      if (!bw_db_get_scalar (db, "SELECT total FROM bulk WHERE id = $1", g_variant_new ("(x)", id), 0, ret_total, error))
        return FALSE;

      *ret_rows = bw_db_query (db, RESULTS " AND position >= $2 AND position < $2 + $3 ORDER BY position",
                               g_variant_new ("(xxx)", id, offset, limit), error);
      return *ret_rows != NULL;
    }

  if (!bw_db_get_scalar (db, "SELECT count(*) FROM bulk_item WHERE bulk_id = $1 AND state = $2",
                         g_variant_new ("(xx)", id, (gint64) state), 0, ret_total, error))
    return FALSE;

  *ret_rows = bw_db_query (db, RESULTS " AND bulk_item.state = $2 ORDER BY position LIMIT $3 OFFSET $4",
                           g_variant_new ("(xxxx)", id, (gint64) state, limit, offset), error);

  return *ret_rows != NULL;
}

gboolean
bw_bulk_repo_write_results (BwDb     *db,
                            gint64    id,
                            int       state,
                            gint64    offset,
                            gint64    limit,
                            GString  *out,
                            GError  **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = NULL;
  gint64 total = 0;

  if (!query_results (db, id, state, offset, limit, &total, &rows, error))
    return FALSE;

  bw_json_begin_object (out, NULL);
  bw_json_add_int (out, "total", total);
  bw_json_begin_array (out, "items");
  while (bw_rows_next (rows, &local_error))
    {
      gint64 item = CLAMP (bw_rows_get_int (rows, 2), 0, BW_BULK_ITEM_KEPT);

      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "id", bw_rows_get_text (rows, 0));
      bw_json_add_string (out, "name", bw_rows_get_text (rows, 1));
      bw_json_add_string (out, "state", item_nicks[item]);
      bw_json_add_string (out, "reason", bw_rows_get_text (rows, 3));
      bw_json_end_object (out);
    }
  bw_json_end_array (out);
  bw_json_end_object (out);

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

gboolean
bw_bulk_repo_sweep (BwStoreThread  *thread,
                    gint64          before_us,
                    guint           n_max,
                    gboolean        with_filling,
                    gboolean       *ret_more,
                    GError        **error)
{
  gint64 id = 0;
  gint64 n_items = 0;

  *ret_more = FALSE;
  if (!bw_db_get_scalar (thread->db,
                         "SELECT id FROM bulk WHERE (state > 1 AND (ended_at_us < $1 OR (SELECT count(*) FROM bulk AS newer"
                         " WHERE newer.company_id = bulk.company_id AND newer.id > bulk.id) >= $2)) OR (state = 0 AND $3 = 1)"
                         " ORDER BY id LIMIT 1",
                         g_variant_new ("(xxx)", before_us, (gint64) n_max, (gint64) with_filling), 0, &id, error))
    return FALSE;

  if (id == 0)
    return TRUE;

  *ret_more = TRUE;
  if (!bw_db_run (thread->db,
                  "DELETE FROM bulk_item WHERE bulk_id = $1 AND position IN"
                  " (SELECT position FROM bulk_item WHERE bulk_id = $1 ORDER BY position LIMIT $2)",
                  g_variant_new ("(xx)", id, (gint64) SWEEP_SLICE), error))
    return FALSE;

  n_items = bw_db_get_n_changed (thread->db);

  return n_items == SWEEP_SLICE || bw_db_run (thread->db, "DELETE FROM bulk WHERE id = $1", g_variant_new ("(x)", id), error);
}
