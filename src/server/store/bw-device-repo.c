/* bw-device-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-device-repo-private.h"

#include <string.h>

#include "bw-company-repo.h"
#include "bw-desired-repo.h"
#include "bw-device-id.h"
#include "bw-device-key-repo.h"
#include "bw-error.h"
#include "bw-json.h"
#include "bw-value.h"

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

void
bw_device_repo_write_members (BwRows  *rows,
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
  bw_json_add_id (out, "ownerId", bw_rows_get_int (rows, 24));
  bw_json_add_string (out, "owner", bw_rows_get_text (rows, 26));
  bw_json_add_int (out, "pairedAt", bw_rows_get_int (rows, 25));
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

/* What only the document of one device has. */
static gboolean
write_details (BwDb        *db,
               const char  *id,
               GString     *out,
               GError     **error)
{
  gint64 old_key_ends_us = 0;
  gint64 facts_revision = 0;

  if (!write_nodes (db, id, out, error) || !bw_desired_repo_write (db, id, out, error) ||
      !bw_device_key_repo_get_end (db, id, &old_key_ends_us, error) ||
      !bw_db_get_scalar (db, "SELECT facts_revision FROM device WHERE id = $1", g_variant_new ("(s)", id), 0,
                         &facts_revision, error))
    return FALSE;

  bw_json_add_int (out, "oldKeyEndsAt", old_key_ends_us);
  bw_json_add_int (out, "factsRevision", facts_revision);

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
  g_autofree char *sql = g_strdup_printf ("SELECT " BW_DEVICE_COLUMNS BW_DEVICE_TAGS_COLUMN " FROM device"
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
  bw_device_repo_write_members (rows, out);
  if (ret_company_id != NULL)
    *ret_company_id = bw_rows_get_int (rows, 6);
  if (with_nodes && !write_details (db, id, out, error))
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
bw_device_repo_get_online (BwDb        *db,
                           const char  *id,
                           gboolean    *ret_online,
                           GError     **error)
{
  gint64 online = 0;

  if (!bw_db_get_scalar (db, "SELECT online FROM device WHERE id = $1", g_variant_new ("(s)", id), 0, &online, error))
    return FALSE;

  *ret_online = online != 0;

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
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = NULL;

  rows = bw_db_query (thread->db,
                      "UPDATE device SET status = CASE WHEN CAST($2 AS BIGINT) = $6 AND owner_id <> 0 THEN $7 ELSE $2 END,"
                      " status_before_block = $3, revision = revision + 1,"
                      " approved_at_us = CASE WHEN CAST($4 AS BIGINT) > 0 THEN $4 ELSE approved_at_us END,"
                      " approved_by = COALESCE($5, approved_by) WHERE id = $1 RETURNING status",
                      g_variant_new ("(sxxxmsxx)", id, (gint64) status, (gint64) before_block,
                                     approved_at_us, approved_by, (gint64) BW_STATUS_PAIRING, (gint64) BW_STATUS_PAIRED),
                      &local_error);
  while (rows != NULL && bw_rows_next (rows, &local_error))
    status = (BwStatus) bw_rows_get_int (rows, 0);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (!bw_store_mark (thread, "device", id, error))
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
    "DELETE FROM desired WHERE device_id = $1",
    "DELETE FROM device_key WHERE device_id = $1",
    "DELETE FROM rule_due WHERE device_id = $1",
    "DELETE FROM device WHERE id = $1",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      if (!bw_db_run (thread->db, statements[i], g_variant_new ("(s)", id), error))
        return FALSE;
    }

  return bw_store_mark (thread, "device", id, error);
}
