/* bw-device-edit-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-device-edit-repo.h"

#include "bw-json.h"
#include "bw-search-repo.h"

/* Nobody has more than he could look through. */
#define MAX_OWNED 1000

void
bw_device_edit_row_free (BwDeviceEditRow *row)
{
  g_free (row->id);
  g_free (row->owner);
  g_free (row->type);
  g_free (row->abbreviation);
  g_free (row->license);
  g_free (row->machine_id);
  g_free (row);
}

BwDeviceEditRow *
bw_device_edit_repo_get (BwDb        *db,
                         const char  *id,
                         GError     **error)
{
  BwDeviceEditRow *row;
  g_autoptr(BwRows) rows =
    bw_db_query (db,
                 "SELECT device.id, device.facts_revision, device.company_id, device.status, device.status_before_block,"
                 " device.owner_id, device.paired_at_us, device.type, device.abbreviation, device.license,"
                 " device.machine_id, (SELECT COALESCE(login, email) FROM account WHERE account.id = device.owner_id)"
                 " FROM device JOIN batch ON batch.id = device.batch_id WHERE device.id = $1 AND batch.state = 1",
                 g_variant_new ("(s)", id), error);

  if (rows == NULL || !bw_rows_next (rows, error))
    return NULL;

  row = g_new0 (BwDeviceEditRow, 1);
  row->id = g_strdup (bw_rows_get_text (rows, 0));
  row->facts_revision = bw_rows_get_int (rows, 1);
  row->company_id = bw_rows_get_int (rows, 2);
  row->status = (BwStatus) bw_rows_get_int (rows, 3);
  row->before_block = (BwStatus) bw_rows_get_int (rows, 4);
  row->owner_id = bw_rows_get_int (rows, 5);
  row->paired_at_us = bw_rows_get_int (rows, 6);
  row->type = g_strdup (bw_rows_get_text (rows, 7));
  row->abbreviation = g_strdup (bw_rows_get_text (rows, 8));
  row->license = g_strdup (bw_rows_get_text (rows, 9));
  row->machine_id = g_strdup (bw_rows_get_text (rows, 10));
  row->owner = g_strdup (bw_rows_get_text (rows, 11));

  return row;
}

gboolean
bw_device_edit_repo_set_owner (BwStoreThread          *thread,
                               const BwDeviceEditRow  *row,
                               GError                **error)
{
  if (!bw_db_run (thread->db,
                  "UPDATE device SET owner_id = $2, paired_at_us = $3, status = $4, status_before_block = $5,"
                  " revision = revision + 1 WHERE id = $1",
                  g_variant_new ("(sxxxx)", row->id, row->owner_id, row->paired_at_us, (gint64) row->status,
                                 (gint64) row->before_block),
                  error))
    return FALSE;

  bw_store_note_status (thread, row->id, row->status);

  return TRUE;
}

gboolean
bw_device_edit_repo_set_facts (BwStoreThread          *thread,
                               const BwDeviceEditRow  *row,
                               GError                **error)
{
  return bw_db_run (thread->db,
                    "UPDATE device SET type = $2, abbreviation = $3, license = $4, machine_id = $5, company_id = $6,"
                    " revision = revision + 1, facts_revision = facts_revision + 1 WHERE id = $1",
                    g_variant_new ("(smsmsmsmsx)", row->id, row->type, row->abbreviation, row->license, row->machine_id,
                                   row->company_id),
                    error) &&
         bw_store_mark (thread, "device", row->id, error) &&
         bw_search_repo_note_device (thread->db, row->id, error);
}

gboolean
bw_device_edit_repo_forget_owner (BwStoreThread  *thread,
                                  gint64          account_id,
                                  GError        **error)
{
  return bw_db_run (thread->db,
                    "UPDATE device SET owner_id = 0, paired_at_us = 0, revision = revision + 1,"
                    " status = CASE WHEN status = $2 THEN $3 ELSE status END,"
                    " status_before_block = CASE WHEN status_before_block = $2 THEN $3 ELSE status_before_block END"
                    " WHERE owner_id = $1 AND owner_id <> 0",
                    g_variant_new ("(xxx)", account_id, (gint64) BW_STATUS_PAIRED, (gint64) BW_STATUS_PAIRING), error);
}

gboolean
bw_device_edit_repo_is_at_home (BwDb      *db,
                                gint64     account_id,
                                gint64     company_id,
                                gboolean  *ret_is,
                                GError   **error)
{
  gint64 n = 0;

  if (!bw_db_get_scalar (db,
                         "WITH RECURSIVE above (id, parent_id) AS (SELECT id, parent_id FROM company WHERE id = $2 UNION"
                         " SELECT company.id, company.parent_id FROM above JOIN company ON company.id = above.parent_id)"
                         " SELECT count(*) FROM participation WHERE account_id = $1 AND company_id IN (SELECT id FROM above)",
                         g_variant_new ("(xx)", account_id, company_id), 0, &n, error))
    return FALSE;

  *ret_is = n > 0;

  return TRUE;
}

gboolean
bw_device_edit_repo_write_owned (BwDb     *db,
                                 gint64    account_id,
                                 GString  *out,
                                 GError  **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db,
                 "SELECT id, name, product, status, online, paired_at_us FROM device"
                 " WHERE owner_id = $1 AND owner_id <> 0 ORDER BY paired_at_us, id LIMIT $2",
                 g_variant_new ("(xx)", account_id, (gint64) MAX_OWNED), error);

  if (rows == NULL)
    return FALSE;

  bw_json_begin_object (out, NULL);
  bw_json_begin_array (out, "items");
  while (bw_rows_next (rows, &local_error))
    {
      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "deviceId", bw_rows_get_text (rows, 0));
      bw_json_add_string (out, "name", bw_rows_get_text (rows, 1));
      bw_json_add_string (out, "product", bw_rows_get_text (rows, 2));
      bw_json_add_string (out, "status", bw_status_to_nick ((BwStatus) bw_rows_get_int (rows, 3)));
      bw_json_add_boolean (out, "online", bw_rows_get_int (rows, 4) != 0);
      bw_json_add_int (out, "pairedAt", bw_rows_get_int (rows, 5));
      bw_json_end_object (out);
    }
  bw_json_end_array (out);
  bw_json_end_object (out);

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}
