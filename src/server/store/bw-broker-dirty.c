/* bw-broker-dirty.c: devices that the broker has to hear of
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-broker-dirty.h"

#include <string.h>

#include "bw-device-id.h"

BwBrokerState
bw_broker_dirty_get_state (BwStatus status)
{
  switch (status)
    {
    case BW_STATUS_PAIRING:
    case BW_STATUS_PAIRED:
      return BW_BROKER_APPROVED;

    case BW_STATUS_BLOCKED:
    case BW_STATUS_RETIRED:
      return BW_BROKER_OUT;

    case BW_STATUS_NEW:
    case BW_STATUS_LABELLED:
    case BW_STATUS_FLASHED:
    case BW_STATUS_AWAITING_APPROVAL:
    default:
      return BW_BROKER_NOT_APPROVED;
    }
}

typedef struct
{
  char   id[BW_DEVICE_ID_SIZE];
  guint8 key_hash[BW_SECRET_HASH_BYTES];
  gsize  hash_length;
  gint64 state;
  gint64 company_id;
} Dirty;

static void
fill_dirty (BwCell   *cells,
            guint     row,
            gpointer  user_data)
{
  const Dirty *dirty = &g_array_index ((GArray *) user_data, Dirty, row);

  cells[0] = (BwCell) { .type = BW_CELL_TEXT, .data = dirty->id, .length = -1 };
  cells[1] = (BwCell) { .type = BW_CELL_BLOB, .data = dirty->key_hash, .length = (gssize) dirty->hash_length };
  cells[2] = (BwCell) { .type = BW_CELL_INT, .integer = dirty->state };
  cells[3] = (BwCell) { .type = BW_CELL_INT, .integer = dirty->company_id };
}

static gboolean
put_dirty (BwDb        *broker,
           GArray      *devices,
           GError     **error)
{
  return devices->len == 0 ||
         (bw_db_run_many (broker,
                          "INSERT INTO change (username) SELECT $1 WHERE NOT EXISTS (SELECT 1 FROM device WHERE id = $1"
                          " AND key_hash = $2 AND state = $3 AND company_id = $4)",
                          4, devices->len, fill_dirty, devices, NULL, error) &&
          bw_db_run_many (broker,
                          "INSERT INTO device (id, key_hash, state, company_id) VALUES ($1, $2, $3, $4)"
                          " ON CONFLICT (id) DO UPDATE SET key_hash = excluded.key_hash, state = excluded.state,"
                          " company_id = excluded.company_id WHERE key_hash <> excluded.key_hash"
                          " OR state <> excluded.state OR company_id <> excluded.company_id",
                          4, devices->len, fill_dirty, devices, NULL, error));
}

/* There may be thousands of them: those that are there by one query, and without a GVariant each. */
gboolean
bw_broker_dirty_flush (BwDb    *broker,
                       BwDb    *main_db,
                       GError **error)
{
  g_autoptr(GArray) devices = g_array_new (FALSE, TRUE, sizeof (Dirty));
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (main_db, "SELECT device.id, device.key_hash, device.status, device.company_id FROM broker_dirty"
                 " JOIN device ON device.id = broker_dirty.id WHERE broker_dirty.kind = 'device'", NULL, error);

  if (rows == NULL)
    return FALSE;

  while (bw_rows_next (rows, &local_error))
    {
      Dirty dirty = { .state = bw_broker_dirty_get_state ((BwStatus) bw_rows_get_int (rows, 2)), .company_id = bw_rows_get_int (rows, 3) };
      gsize length = 0;
      const guint8 *hash = bw_rows_get_blob (rows, 1, &length);

      g_strlcpy (dirty.id, bw_rows_get_text (rows, 0), sizeof dirty.id);
      dirty.hash_length = MIN (length, sizeof dirty.key_hash);
      if (dirty.hash_length > 0)
        memcpy (dirty.key_hash, hash, dirty.hash_length);
      g_array_append_val (devices, dirty);
    }
  g_clear_pointer (&rows, bw_rows_end);

  if (local_error == NULL)
    return put_dirty (broker, devices, error);

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}
