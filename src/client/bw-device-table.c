/* bw-device-table.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-device-table.h"

#include <string.h>

#include "bw-device-query.h"
#include "bw-json.h"

/* Conditions that can be looked at from here are filters by name, the others only the server understands. */
static const char * const known_keys[] = { "status", "batch", "company", NULL };

/* Whether the question is about such a device, as far as it can be told from here. */
static gboolean
is_asked_for (BwRemoteTable *table,
              JsonObject    *document)
{
  const char *asked = bw_remote_table_get_filter (table, "status");
  const char *batch_id = bw_remote_table_get_filter (table, "batch");
  const char *status = bw_json_get_string (document, "status");

  if (batch_id != NULL && g_strcmp0 (batch_id, bw_json_get_string (document, "batchId")) != 0)
    return FALSE;

  if (asked == NULL)
    return TRUE;

  if (strcmp (asked, "approved") == 0)
    return g_strcmp0 (status, "pairing") == 0 || g_strcmp0 (status, "paired") == 0;

  if (strcmp (asked, "seen") == 0)
    return bw_json_get_int (document, "firstSeenAt", 0) > 0;

  return g_strcmp0 (status, asked) == 0;
}

/* Whether the document tells another fact that a condition may be about. */
static gboolean
is_another (BwDevice   *known,
            JsonObject *document)
{
  g_autofree char *company_id = NULL;

  g_object_get (known, "company-id", &company_id, NULL);

  return g_strcmp0 (bw_device_get_name (known), bw_json_get_string (document, "name")) != 0 ||
         g_strcmp0 (bw_device_get_product (known), bw_json_get_string (document, "product")) != 0 ||
         g_strcmp0 (bw_device_get_version (known), bw_json_get_string (document, "version")) != 0 ||
         g_strcmp0 (bw_device_get_address (known), bw_json_get_string (document, "address")) != 0 ||
         g_strcmp0 (company_id, bw_json_get_string (document, "companyId")) != 0 ||
         g_strcmp0 (bw_status_to_nick (bw_device_get_status (known)), bw_json_get_string (document, "status")) != 0 ||
         g_strcmp0 (bw_state_to_nick (bw_device_get_state (known)), bw_json_get_string (document, "state")) != 0 ||
         bw_device_get_online (known) != bw_json_get_boolean (document, "online", FALSE);
}

/* A fleet that speaks changes all the time, and a table of all of it is not read again for that: devices
 * come to it in batches only. */
static gboolean
device_moves (BwRemoteTable *table,
              BwEntity      *known,
              JsonObject    *document)
{
  gboolean has_status = bw_remote_table_get_filter (table, "status") != NULL;

  gboolean has_conditions = bw_remote_table_get_query (table) != NULL;

  if (known == NULL)
    return (has_status || has_conditions) && bw_remote_table_get_search (table) == NULL && is_asked_for (table, document);

  /* It leaves the list, or comes back to it: somebody may just still hold a device that left. */
  return !is_asked_for (table, document) || (has_conditions && is_another (BW_DEVICE (known), document)) ||
         (has_status && g_strcmp0 (bw_status_to_nick (bw_device_get_status (BW_DEVICE (known))),
                                   bw_json_get_string (document, "status")) != 0);
}

static void
batch_changed_cb (BwRemoteTable *table,
                  const char    *kind,
                  JsonObject    *document,
                  BwSession     *session)
{
  if (bw_json_get_boolean (document, "removed", FALSE) ||
      g_strcmp0 (bw_json_get_string (document, "state"), "ready") == 0)
    bw_remote_table_reload_soon (table);
}

BwRemoteTable *
bw_device_table_new (BwSession *session)
{
  BwRemoteTable *table;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  table = bw_remote_table_new (session, "/v1/devices", BW_TYPE_DEVICE, "device");
  bw_remote_table_set_moves (table, device_moves);
  g_signal_connect_object (session, "changed::batch", G_CALLBACK (batch_changed_cb), table, G_CONNECT_SWAPPED);

  return table;
}

void
bw_device_table_set_filter (BwRemoteTable *table,
                            JsonObject    *filter)
{
  g_autoptr(JsonObject) rest = NULL;
  g_autofree char *query = NULL;

  g_return_if_fail (BW_IS_REMOTE_TABLE (table));
  g_return_if_fail (filter != NULL);

  rest = bw_device_query_copy (filter);
  bw_remote_table_freeze (table);
  for (guint i = 0; known_keys[i] != NULL; i++)
    {
      g_autofree char *value = bw_device_query_dup_value (filter, known_keys[i]);

      bw_remote_table_set_filter (table, known_keys[i], value);
      if (value != NULL)
        bw_device_query_set (rest, known_keys[i], NULL);
    }

  query = bw_device_query_to_query (rest);
  bw_remote_table_set_query (table, query);
  bw_remote_table_thaw (table);
}
