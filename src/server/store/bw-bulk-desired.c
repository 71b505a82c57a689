/* bw-bulk-desired.c: values of a job that wait for their devices
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-bulk-repo.h"

#include "bw-cell.h"

/* Of a job all have the time when it was begun: by that the job knows which of those that wait are its own. */

typedef struct
{
  const BwBulkRow *job;       /* (nullable) */
  GPtrArray       *items;     /* (element-type BwBulkItem) */
  const char      *node;
  const char      *property;
  gint64           expires_at_us;
} Rows;

static void
fill_kept (BwCell   *cells,
           guint     row,
           gpointer  user_data)
{
  const Rows *rows = user_data;
  const BwBulkItem *item = g_ptr_array_index (rows->items, row);

  cells[0] = bw_cell_text (item->id);
  cells[1] = bw_cell_text (rows->node);
  cells[2] = bw_cell_text (rows->property);
  cells[3] = bw_cell_text (item->became);
  cells[4] = bw_cell_int (rows->job->account_id);
  cells[5] = bw_cell_text (rows->job->login);
  cells[6] = bw_cell_int (rows->job->created_at_us);
  cells[7] = bw_cell_int (rows->expires_at_us);
}

gboolean
bw_bulk_repo_keep (BwStoreThread    *thread,
                   const BwBulkRow  *row,
                   GPtrArray        *items,
                   const char       *node,
                   const char       *property,
                   gint64            expires_at_us,
                   GError          **error)
{
  g_autoptr(GPtrArray) kept = g_ptr_array_sized_new (items->len);
  Rows rows = { row, kept, node, property, expires_at_us };

  for (guint i = 0; i < items->len; i++)
    {
      BwBulkItem *item = g_ptr_array_index (items, i);

      if (item->state == BW_BULK_ITEM_KEPT)
        g_ptr_array_add (kept, item);
    }

  return kept->len == 0 ||
         bw_db_run_many (thread->db,
                         "INSERT INTO desired (device_id, node, property, value, state, account_id, login, created_at_us,"
                         " expires_at_us) VALUES ($1, $2, $3, $4, 0, $5, $6, $7, $8)"
                         " ON CONFLICT (device_id, node, property) DO UPDATE SET value = excluded.value,"
                         " state = excluded.state, reason = NULL, account_id = excluded.account_id,"
                         " login = excluded.login, created_at_us = excluded.created_at_us,"
                         " expires_at_us = excluded.expires_at_us", 8, kept->len, fill_kept, &rows, NULL, error);
}

static void
fill_withdrawn (BwCell   *cells,
                guint     row,
                gpointer  user_data)
{
  const Rows *rows = user_data;
  const BwBulkItem *item = g_ptr_array_index (rows->items, row);

  cells[0] = bw_cell_text (item->id);
  cells[1] = bw_cell_text (rows->node);
  cells[2] = bw_cell_text (rows->property);
  cells[3] = bw_cell_int (item->desired_at_us);
}

gboolean
bw_bulk_repo_withdraw (BwStoreThread  *thread,
                       GPtrArray      *items,
                       const char     *node,
                       const char     *property,
                       GError        **error)
{
  g_autoptr(GPtrArray) withdrawn = g_ptr_array_sized_new (items->len);
  Rows rows = { NULL, withdrawn, node, property, 0 };

  for (guint i = 0; i < items->len; i++)
    {
      BwBulkItem *item = g_ptr_array_index (items, i);

      if (item->withdraws)
        g_ptr_array_add (withdrawn, item);
    }

  return withdrawn->len == 0 ||
         bw_db_run_many (thread->db, "DELETE FROM desired WHERE device_id = $1 AND node = $2 AND property = $3"
                         " AND created_at_us = $4", 4, withdrawn->len, fill_withdrawn, &rows, NULL, error);
}
