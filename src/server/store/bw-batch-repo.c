/* bw-batch-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-batch-repo.h"

#include <string.h>

#include "bw-company-repo.h"
#include "bw-device-id.h"
#include "bw-device.h"
#include "bw-error.h"
#include "bw-json.h"
#include "bw-search-repo.h"

#define COLUMNS \
  "batch.id, batch.revision, batch.name, batch.info, batch.color, batch.company_id, company.name," \
  " batch.state, batch.count, batch.n_done, batch.created_at_us, batch.created_by, batch.handed_over_at_us"

/* One after another could each be taken, so an endless loop is thinkable; by 80 bits it is not. */
#define MAX_DRAWS 100

void
bw_batch_row_free (BwBatchRow *row)
{
  g_free (row->name);
  g_free (row->info);
  g_free (row->color);
  g_free (row->company);
  g_free (row->created_by);
  g_free (row);
}

void
bw_batch_row_write (const BwBatchRow *row,
                    GString          *out)
{
  char id[24];
  char company_id[24];

  g_snprintf (id, sizeof id, "%" G_GINT64_FORMAT, row->id);
  g_snprintf (company_id, sizeof company_id, "%" G_GINT64_FORMAT, row->company_id);

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "id", id);
  bw_json_add_int (out, "revision", row->revision);
  bw_json_add_string (out, "name", row->name);
  bw_json_add_string (out, "info", row->info);
  bw_json_add_string (out, "color", row->color);
  bw_json_add_string (out, "companyId", company_id);
  bw_json_add_string (out, "state", row->state == BW_BATCH_READY ? "ready" : "creating");
  bw_json_add_int (out, "count", row->count);
  bw_json_add_int (out, "nDone", row->n_done);
  bw_json_add_int (out, "createdAt", row->created_at_us);
  bw_json_add_string (out, "createdBy", row->created_by);
  bw_json_add_int (out, "handedOverAt", row->handed_over_at_us);
  bw_json_end_object (out);
}

static BwBatchRow *
read_row (BwRows *rows)
{
  BwBatchRow *row = g_new0 (BwBatchRow, 1);

  row->id = bw_rows_get_int (rows, 0);
  row->revision = bw_rows_get_int (rows, 1);
  row->name = g_strdup (bw_rows_get_text (rows, 2));
  row->info = g_strdup (bw_rows_get_text (rows, 3));
  row->color = g_strdup (bw_rows_get_text (rows, 4));
  row->company_id = bw_rows_get_int (rows, 5);
  row->company = g_strdup (bw_rows_get_text (rows, 6));
  row->state = (BwBatchState) bw_rows_get_int (rows, 7);
  row->count = bw_rows_get_int (rows, 8);
  row->n_done = bw_rows_get_int (rows, 9);
  row->created_at_us = bw_rows_get_int (rows, 10);
  row->created_by = g_strdup (bw_rows_get_text (rows, 11));
  row->handed_over_at_us = bw_rows_get_int (rows, 12);

  return row;
}

static void
set_not_found (GError **error,
               gint64   id)
{
  g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no batch %" G_GINT64_FORMAT, id);
}

/* Fills in @row's id. */
gboolean
bw_batch_repo_add (BwStoreThread  *thread,
                   BwBatchRow     *row,
                   const guint8   *secret,
                   GError        **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = NULL;
  gint64 id = 0;

  rows = bw_db_query (thread->db,
                      "INSERT INTO batch (name, info, color, company_id, state, count, created_at_us,"
                      " created_by, secret, handed_over_at_us) VALUES ($1, $2, $3, $4, 0, $5, $6, $7, $8, $9)"
                      " RETURNING id",
                      g_variant_new ("(sssxxxsm@ayx)", row->name, row->info, row->color, row->company_id,
                                     row->count, row->created_at_us, row->created_by,
                                     secret != NULL ? g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, secret,
                                                                                 BW_BATCH_SECRET_BYTES, 1) : NULL,
                                     row->handed_over_at_us),
                      &local_error);
  while (rows != NULL && bw_rows_next (rows, &local_error))
    id = bw_rows_get_int (rows, 0);

  if (g_error_matches (local_error, BW_ERROR, BW_ERROR_CONFLICT))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "there is a batch “%s” already", row->name);
      return FALSE;
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  row->id = id;
  row->revision = 1;

  return TRUE;
}

BwBatchRow *
bw_batch_repo_get (BwDb    *db,
                   gint64   id,
                   GError **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db, "SELECT " COLUMNS " FROM batch JOIN company ON company.id = batch.company_id"
                 " WHERE batch.id = $1",
                 g_variant_new ("(x)", id), error);

  if (rows == NULL)
    return NULL;

  if (bw_rows_next (rows, &local_error))
    return read_row (rows);

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    set_not_found (error, id);

  return NULL;
}

/* Appends the batches of @company_id and all below it, newest first. */
gboolean
bw_batch_repo_list (BwDb     *db,
                    gint64    company_id,
                    GString  *out,
                    GError  **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db,
                 "SELECT " COLUMNS " FROM batch JOIN company ON company.id = batch.company_id"
                 " WHERE batch.company_id IN " BW_COMPANY_REACH_SQL
                 " ORDER BY batch.created_at_us DESC, batch.id DESC",
                 g_variant_new ("(x)", company_id), error);

  if (rows == NULL)
    return FALSE;

  while (bw_rows_next (rows, &local_error))
    {
      g_autoptr(BwBatchRow) row = read_row (rows);

      bw_batch_row_write (row, out);
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

typedef struct
{
  gint64                batch_id;
  gint64                company_id;
  gint64                first;
  const BwBrokerDevice *devices;
  const BwImportedDevice *imported;  /* (nullable) */
} Slice;

static BwCell
make_text_cell (const char *text)
{
  return text != NULL ? (BwCell) { .type = BW_CELL_TEXT, .data = text, .length = -1 } : (BwCell) { .type = BW_CELL_NULL };
}

static void
fill_device (BwCell   *cells,
             guint     row,
             gpointer  user_data)
{
  const Slice *slice = user_data;
  const BwBrokerDevice *device = &slice->devices[row];

  cells[0] = (BwCell) { .type = BW_CELL_TEXT, .data = device->id, .length = BW_DEVICE_ID_LENGTH };
  cells[1] = (BwCell) { .type = BW_CELL_INT, .integer = slice->batch_id };
  cells[2] = (BwCell) { .type = BW_CELL_INT, .integer = slice->first + row };
  cells[3] = (BwCell) { .type = BW_CELL_INT, .integer = slice->company_id };
  cells[4] = (BwCell) { .type = BW_CELL_BLOB, .data = device->key_hash, .length = sizeof device->key_hash };
  if (slice->imported == NULL)
    return;

  cells[2].integer = slice->imported[row].serial;
  cells[5] = make_text_cell (slice->imported[row].facts.type);
  cells[6] = make_text_cell (slice->imported[row].facts.abbreviation);
  cells[7] = make_text_cell (slice->imported[row].facts.license);
  cells[8] = make_text_cell (slice->imported[row].facts.machine_id);
}

static gboolean
insert_devices (BwStoreThread        *thread,
                const BwBatchRow     *row,
                gint64                first,
                const BwBrokerDevice *devices,
                const BwImportedDevice *imported,
                guint                 n_devices,
                gint64               *ret_n_inserted,
                GError              **error)
{
  Slice slice = { row->id, row->company_id, first, devices, imported };

  return bw_db_run_many (thread->db,
                         imported == NULL
                           ? "INSERT INTO device (id, batch_id, serial, company_id, key_hash)"
                             " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING"
                           : "INSERT INTO device (id, batch_id, serial, company_id, key_hash,"
                             " type, abbreviation, license, machine_id, search_text)"
                             " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
                             BW_SEARCH_TEXT_SQL ("NULL", "NULL", "NULL", "$7", "$8", "$9", "NULL", "NULL")
                             ") ON CONFLICT (id) DO NOTHING",
                         imported == NULL ? 5 : 9, n_devices, fill_device, &slice, ret_n_inserted, error);
}

/* Some of the slice were taken: finds which, and draws others. */
static gboolean
replace_taken (BwStoreThread     *thread,
               const BwBatchRow  *row,
               gint64             first,
               BwBrokerDevice    *devices,
               guint              n_devices,
               BwDeviceMakeFunc   make,
               gpointer           user_data,
               GError           **error)
{
  if (make == NULL)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT,
                           "one of the Device IDs was given to another batch in the meantime");
      return FALSE;
    }

  for (guint i = 0; i < n_devices; i++)
    {
      gint64 n_inserted = 0;

      if (!bw_db_get_scalar (thread->db,
                             "SELECT count(*) FROM device WHERE id = $1 AND batch_id = $2 AND serial = $3",
                             g_variant_new ("(sxx)", devices[i].id, row->id, first + i),
                             0, &n_inserted, error))
        return FALSE;

      for (guint draw = 0; n_inserted == 0; draw++)
        {
          if (draw == MAX_DRAWS)
            {
              g_set_error_literal (error, BW_ERROR, BW_ERROR_INTERNAL, "the random source repeats itself");
              return FALSE;
            }

          make (&devices[i], user_data);
          if (!insert_devices (thread, row, first + i, &devices[i], NULL, 1, &n_inserted, error))
            return FALSE;
        }
    }

  return TRUE;
}

static gboolean
set_n_done (BwStoreThread  *thread,
            BwBatchRow     *row,
            gint64          n_done,
            BwBatchState    state,
            GError        **error)
{
  if (!bw_db_run (thread->db,
                  "UPDATE batch SET n_done = $2, state = $3, revision = revision + 1 WHERE id = $1",
                  g_variant_new ("(xxx)", row->id, n_done, (gint64) state), error))
    return FALSE;

  row->n_done = n_done;
  row->state = state;
  row->revision++;

  return TRUE;
}

/**
 * bw_batch_repo_add_slice:
 *
 * One transaction of the main database and one of the broker's, neither
 * synced (unless the main one is apart): until the batch is finished it may be lost whole.
 */
gboolean
bw_batch_repo_add_slice (BwStoreThread     *thread,
                         BwBatchRow        *row,
                         gint64             first,
                         BwBrokerDevice    *devices,
                         const BwImportedDevice *imported,
                         guint              n_devices,
                         BwDeviceMakeFunc   make,
                         gpointer           user_data,
                         GError           **error)
{
  gint64 n_inserted = 0;
  gboolean ok;

  thread->db->driver->set_durable (thread->db, thread->db->driver->is_apart);

  ok = bw_store_begin (thread, error);
  if (ok)
    {
      ok = insert_devices (thread, row, first, devices, imported, n_devices, &n_inserted, error) &&
           (n_inserted == n_devices ||
            replace_taken (thread, row, first, devices, n_devices, make, user_data, error)) &&
           set_n_done (thread, row, first - 1 + n_devices, BW_BATCH_CREATING, error) &&
           bw_store_commit (thread, error);
      if (!ok)
        bw_store_rollback (thread);
    }

  thread->db->driver->set_durable (thread->db, TRUE);

  return ok && bw_broker_db_add_devices (thread->broker, devices, n_devices, row->company_id, error);
}

/* The one durable commit: with it the batch is there, whole. */
gboolean
bw_batch_repo_finish (BwStoreThread  *thread,
                      BwBatchRow     *row,
                      GError        **error)
{
  if (!bw_broker_db_sync (thread->broker, error) || !bw_store_begin (thread, error))
    return FALSE;

  if (set_n_done (thread, row, row->count, BW_BATCH_READY, error) && bw_store_commit (thread, error))
    return TRUE;

  bw_store_rollback (thread);

  return FALSE;
}

/* None of a batch that is whole: a connection that broke may have brought the last commit there all the same. */
static GPtrArray *
list_some_ids (BwDb    *db,
               gint64   id,
               guint    n_max,
               GError **error)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db, "SELECT id FROM device WHERE batch_id = $1"
                 " AND NOT EXISTS (SELECT 1 FROM batch WHERE batch.id = $1 AND state <> 0)"
                 " ORDER BY serial LIMIT $2",
                 g_variant_new ("(xx)", id, (gint64) n_max), error);

  if (rows == NULL)
    return NULL;

  while (bw_rows_next (rows, &local_error))
    g_ptr_array_add (ids, g_strdup (bw_rows_get_text (rows, 0)));

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  return g_steal_pointer (&ids);
}

static void
fill_id (BwCell   *cells,
         guint     row,
         gpointer  user_data)
{
  GPtrArray *ids = user_data;

  cells[0] = (BwCell) { .type = BW_CELL_TEXT, .data = g_ptr_array_index (ids, row), .length = -1 };
}

static gboolean
remove_from_broker (BwStoreThread  *thread,
                    GPtrArray      *ids,
                    GError        **error)
{
  if (!bw_broker_db_begin (thread->broker, error))
    return FALSE;

  for (guint i = 0; i < ids->len; i++)
    {
      if (!bw_broker_db_remove_device (thread->broker, g_ptr_array_index (ids, i), error))
        {
          bw_broker_db_rollback (thread->broker);
          return FALSE;
        }
    }

  if (bw_broker_db_commit (thread->broker, error))
    return TRUE;

  bw_broker_db_rollback (thread->broker);

  return FALSE;
}

/* The broker forgets them first: what only it knew could never be found again. */
gboolean
bw_batch_repo_remove_slice (BwStoreThread  *thread,
                            gint64          id,
                            guint           n_max,
                            gboolean       *ret_gone,
                            GError        **error)
{
  g_autoptr(GPtrArray) ids = list_some_ids (thread->db, id, n_max, error);
  gboolean ok;

  if (ids == NULL || !remove_from_broker (thread, ids, error) || !bw_store_begin (thread, error))
    return FALSE;

  *ret_gone = ids->len < n_max;

  ok = bw_db_run_many (thread->db, "DELETE FROM device WHERE id = $1",
                       1, ids->len, fill_id, ids, NULL, error) &&
       (!*ret_gone || bw_db_run (thread->db, "DELETE FROM batch WHERE id = $1 AND state = 0",
                                 g_variant_new ("(x)", id), error)) &&
       bw_store_commit (thread, error);

  if (!ok)
    bw_store_rollback (thread);

  return ok;
}

/* At start: whatever a kill has cut short. bw_broker_db_open() has forgotten them already. */
gboolean
bw_batch_repo_remove_unfinished (BwStoreThread  *thread,
                                 GError        **error)
{
  gint64 n_unfinished = 0;

  if (!bw_db_get_scalar (thread->db, "SELECT count(*) FROM batch WHERE state = 0", NULL, 0,
                         &n_unfinished, error))
    return FALSE;

  if (n_unfinished == 0)
    return TRUE;

  if (!bw_store_begin (thread, error))
    return FALSE;

  if (bw_db_run (thread->db,
                 "DELETE FROM device WHERE batch_id IN (SELECT id FROM batch WHERE state = 0)", NULL, error) &&
      bw_db_run (thread->db, "DELETE FROM batch WHERE state = 0", NULL, error) &&
      bw_store_commit (thread, error))
    return TRUE;

  bw_store_rollback (thread);

  return FALSE;
}

gboolean
bw_batch_repo_get_secret (BwDb    *db,
                          gint64   id,
                          guint8  *ret_secret,
                          GError **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db, "SELECT secret FROM batch WHERE id = $1", g_variant_new ("(x)", id), error);
  const guint8 *secret;
  gsize length = 0;

  if (rows == NULL)
    return FALSE;

  if (!bw_rows_next (rows, &local_error))
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      else
        set_not_found (error, id);
      return FALSE;
    }

  secret = bw_rows_get_blob (rows, 0, &length);
  if (secret == NULL || length != BW_BATCH_SECRET_BYTES)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT,
                           "the batch has been handed over, its keys are not here any more");
      return FALSE;
    }

  memcpy (ret_secret, secret, BW_BATCH_SECRET_BYTES);

  return TRUE;
}

gboolean
bw_batch_repo_hand_over (BwStoreThread  *thread,
                         gint64          id,
                         gint64          at_us,
                         GError        **error)
{
  g_autoptr(BwBatchRow) row = bw_batch_repo_get (thread->db, id, error);

  if (row == NULL)
    return FALSE;

  if (row->state != BW_BATCH_READY || row->handed_over_at_us != 0)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT,
                           row->state != BW_BATCH_READY ? "the batch is still being created"
                                                        : "the batch has been handed over before");
      return FALSE;
    }

  return bw_db_run (thread->db,
                    "UPDATE batch SET secret = NULL, handed_over_at_us = $2, revision = revision + 1"
                    " WHERE id = $1",
                    g_variant_new ("(xx)", id, at_us), error);
}

void
bw_batch_repo_wipe_log (BwStoreThread *thread)
{
  g_autoptr(GError) error = NULL;

  if (!thread->db->driver->checkpoint (thread->db, &error))
    g_debug ("Emptying the log: %s, the next checkpoint does it", error->message);
}

gboolean
bw_batch_repo_label (BwStoreThread  *thread,
                     gint64          id,
                     gint64          first,
                     gint64          count,
                     gint64         *ret_n_changed,
                     GError        **error)
{
  if (!bw_db_run (thread->db,
                  "UPDATE device SET status = $4, revision = revision + 1"
                  " WHERE batch_id = $1 AND serial >= $2 AND serial < $3 AND status = $5",
                  g_variant_new ("(xxxxx)", id, first, first + count,
                                 (gint64) BW_STATUS_LABELLED, (gint64) BW_STATUS_NEW),
                  error))
    return FALSE;

  *ret_n_changed = bw_db_get_n_changed (thread->db);

  return TRUE;
}

/* The facts of a device as columns 2 on. */
static void
read_facts (BwRows        *rows,
            BwBatchDevice *device)
{
  gsize length = 0;

  device->key_hash = bw_rows_get_blob (rows, 2, &length);
  if (length != BW_SECRET_HASH_BYTES)
    device->key_hash = NULL;
  device->name = bw_rows_get_text (rows, 3);
  device->facts.type = bw_rows_get_text (rows, 4);
  device->facts.abbreviation = bw_rows_get_text (rows, 5);
  device->facts.license = bw_rows_get_text (rows, 6);
  device->facts.machine_id = bw_rows_get_text (rows, 7);
  device->product = bw_rows_get_text (rows, 8);
}

gboolean
bw_batch_repo_foreach (BwDb               *db,
                       gint64              id,
                       gint64              first,
                       gint64              count,
                       gboolean            with_facts,
                       BwBatchDeviceFunc   func,
                       gpointer            user_data,
                       GError            **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db,
                 with_facts
                   ? "SELECT id, serial, key_hash, name, type, abbreviation, license, machine_id, product FROM device"
                     " WHERE batch_id = $1 AND serial >= $2 AND serial < $3 ORDER BY serial"
                   : "SELECT id, serial FROM device WHERE batch_id = $1 AND serial >= $2 AND serial < $3"
                     " ORDER BY serial",
                 g_variant_new ("(xxx)", id, first, first + count), error);

  if (rows == NULL)
    return FALSE;

  while (bw_rows_next (rows, &local_error))
    {
      BwBatchDevice device = { .id = bw_rows_get_text (rows, 0), .serial = bw_rows_get_int (rows, 1) };

      if (with_facts)
        read_facts (rows, &device);
      if (!func (&device, user_data, error))
        return FALSE;
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}
