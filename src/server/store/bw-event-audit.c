/* bw-event-audit.c: what was done to a device, out of the audit log
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-event-repo.h"

#include <string.h>

#include "bw-company-repo.h"
#include "bw-device-repo.h"
#include "bw-device.h"
#include "bw-error.h"
#include "bw-json.h"

/* Of an entry about a slice of a bulk job. */
#define MAX_DOCUMENT_BYTES (8 * 1024 * 1024)

/* Entries of one transaction are not further apart. */
#define TWIN_US 100000

void
bw_timeline_row_free (BwTimelineRow *self)
{
  g_free (self->details);
  g_free (self->login);
  g_free (self->action);
  g_free (self->before);
  g_free (self->after);
  g_free (self->job);
  g_free (self);
}

static BwEventKind
kind_of_action (const char *action)
{
  static const char * const admissions[] = { "approve", "unapprove", "block", "unblock", NULL };

  if (g_strv_contains (admissions, action))
    return BW_EVENT_ADMISSION;

  return g_str_equal (action, "tag") || g_str_equal (action, "untag") ? BW_EVENT_TAG : BW_EVENT_CHANGE;
}

/* Of entries about this device alone. */
static const char *
write_actions (guint kinds)
{
  gboolean admissions = (kinds & (1u << BW_EVENT_ADMISSION)) != 0;
  gboolean tags = (kinds & (1u << BW_EVENT_TAG)) != 0;

  if ((kinds & (1u << BW_EVENT_CHANGE)) != 0)
    return admissions ? tags ? "" : " AND action NOT IN ('tag', 'untag')"
           : tags     ? " AND action NOT IN ('approve', 'unapprove', 'block', 'unblock')"
                      : " AND action NOT IN ('approve', 'unapprove', 'block', 'unblock', 'tag', 'untag')";

  return admissions ? tags ? " AND action IN ('approve', 'unapprove', 'block', 'unblock', 'tag', 'untag')"
                           : " AND action IN ('approve', 'unapprove', 'block', 'unblock')"
         : tags     ? " AND action IN ('tag', 'untag')"
                    : " AND action IN ('')";
}

/* FALSE with BW_ERROR_NOT_FOUND: there is none, or none in reach. */
static gboolean
check_device (BwDb        *db,
              gint64       company_id,
              gboolean     is_root,
              const char  *device_id,
              gint64      *ret_from_us,
              GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db, "SELECT device.company_id, batch.created_at_us FROM device JOIN batch ON batch.id = device.batch_id"
                     " WHERE device.id = $1 AND batch.state = 1", g_variant_new ("(s)", device_id), error);
  gboolean in_reach = FALSE;
  gint64 owner_id = 0;

  if (rows == NULL)
    return FALSE;

  if (bw_rows_next (rows, &local_error))
    {
      owner_id = bw_rows_get_int (rows, 0);
      *ret_from_us = bw_rows_get_int (rows, 1);
      in_reach = is_root;
    }
  g_clear_pointer (&rows, bw_rows_end);

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (in_reach || (owner_id != 0 && bw_device_repo_is_in_reach (db, company_id, owner_id, &in_reach, &local_error) && in_reach))
    return TRUE;
  else if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no device %s", device_id);

  return FALSE;
}

/* Its number in the database, or one that none has */
static int
number_of (guint       kinds,
            BwEventKind kind)
{
  return (kinds & (1u << kind)) != 0 ? (int) kind : -1;
}

/* Entries about this device alone, and those about many, by the device. */
static char *
write_sql (gboolean is_root,
           guint    kinds)
{
  const char *reach = is_root ? " AND CAST($1 AS BIGINT) IS NOT NULL" : " AND company_id IN " BW_COMPANY_REACH_SQL;

#define COLUMNS "audit.seq AS seq, at_us, account_id, login, action, doc_before, doc_after"
#define PLACE   " AND (at_us < $3 OR at_us = $3 AND audit.seq < $4)"
#define NEWEST  " ORDER BY at_us DESC, seq DESC LIMIT $5"

  return g_strdup_printf ("SELECT * FROM (SELECT * FROM (SELECT " COLUMNS ", NULL AS job, -1 AS kind FROM audit"
                          " WHERE kind = 'device' AND object_id = $2 AND action <> 'set'" PLACE "%s%s" NEWEST ") AS own"
                          " UNION ALL SELECT * FROM (SELECT " COLUMNS ", object_id, audit_device.kind FROM audit_device"
                          " JOIN audit ON audit.seq = audit_device.seq WHERE device_id = $2 AND audit_device.kind IN"
                          " (%d, %d, %d)" PLACE "%s" NEWEST ") AS of_many) AS entries" NEWEST,
                          write_actions (kinds), reach,
                          number_of (kinds, BW_EVENT_ADMISSION), number_of (kinds, BW_EVENT_TAG),
                          number_of (kinds, BW_EVENT_CHANGE), reach);
}

/* {"devices":{KEY:["id",…],…}}: the key that stands for this one. (transfer full) (nullable) */
static char *
find_key (const char *document,
          const char *device_id)
{
  g_autoptr(JsonObject) object = NULL;
  JsonObject *devices;
  JsonObjectIter iter;
  const char *key;
  JsonNode *node;

  if (document == NULL)
    return NULL;

  object = bw_json_parse_object (document, strlen (document), MAX_DOCUMENT_BYTES, NULL);
  devices = object != NULL ? bw_json_get_object (object, "devices") : NULL;
  if (devices == NULL)
    return NULL;

  json_object_iter_init (&iter, devices);
  while (json_object_iter_next (&iter, &key, &node))
    {
      JsonArray *ids = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

      for (guint i = 0; ids != NULL && i < json_array_get_length (ids); i++)
        {
          if (g_strcmp0 (json_array_get_string_element (ids, i), device_id) == 0)
            return g_strdup (key);
        }
    }

  return NULL;
}

/* What an entry about many says of this one, in the words of an entry about it alone. (transfer full) (nullable) */
static char *
narrow (const char *document,
        const char *device_id,
        const char *action,
        BwEventKind kind)
{
  g_autofree char *key = find_key (document, device_id);
  GString *out;

  if (key == NULL)
    return NULL;

  out = g_string_new (NULL);
  bw_json_begin_object (out, NULL);
  if (kind == BW_EVENT_ADMISSION)
    bw_json_add_string (out, "status", bw_status_to_nick ((BwStatus) g_ascii_strtoll (key, NULL, 10)));
  else if (kind == BW_EVENT_TAG)
    bw_json_add_boolean (out, "tagged", g_str_equal (key, "1"));
  else if (g_str_equal (action, "keep") || g_str_equal (action, "withdraw"))
    bw_json_add_string (out, "value", *key != '\0' ? key : NULL);
  else
    bw_json_add_id (out, "companyId", g_ascii_strtoll (key, NULL, 10));
  bw_json_end_object (out);

  return g_string_free (out, FALSE);
}

static BwTimelineRow *
read_row (BwRows     *rows,
          const char *device_id)
{
  BwTimelineRow *row = g_new0 (BwTimelineRow, 1);
  const char *before = bw_rows_get_text (rows, 5);
  const char *after = bw_rows_get_text (rows, 6);
  gint64 kind = bw_rows_get_int (rows, 8);

  row->is_audit = TRUE;
  row->id = bw_rows_get_int (rows, 0);
  row->at_us = row->since_us = bw_rows_get_int (rows, 1);
  row->n = 1;
  row->account_id = bw_rows_get_int (rows, 2);
  row->login = g_strdup (bw_rows_get_text (rows, 3));
  row->action = g_strdup (bw_rows_get_text (rows, 4));
  row->job = g_strdup (bw_rows_get_text (rows, 7));
  row->kind = kind >= 0 ? (BwEventKind) CLAMP (kind, 0, BW_N_EVENTS - 1) : kind_of_action (row->action);
  row->before = row->job == NULL ? g_strdup (before) : narrow (before, device_id, row->action, row->kind);
  row->after = row->job == NULL ? g_strdup (after) : narrow (after, device_id, row->action, row->kind);

  return row;
}

/* A move is written down for both companies; who sees both sees it once. */
static gboolean
is_twin (const BwTimelineRow *newer,
         const BwTimelineRow *row)
{
  return newer->at_us - row->at_us < TWIN_US && newer->account_id == row->account_id &&
         g_str_equal (newer->action, row->action) && g_strcmp0 (newer->before, row->before) == 0 &&
         g_strcmp0 (newer->after, row->after) == 0 && g_strcmp0 (newer->job, row->job) == 0;
}

GPtrArray *
bw_event_repo_list_audit (BwDb                  *db,
                          gint64                 company_id,
                          gboolean               is_root,
                          const char            *device_id,
                          const BwTimelinePlace *place,
                          guint                  kinds,
                          guint                  limit,
                          gint64                *ret_from_us,
                          GError               **error)
{
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_timeline_row_free);
  g_autofree char *sql = NULL;
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = NULL;

  if (!check_device (db, company_id, is_root, device_id, ret_from_us, error))
    return NULL;

  sql = write_sql (is_root, kinds);
  rows = bw_db_query (db, sql, g_variant_new ("(xsxxx)", company_id, device_id, place->at_us, place->audit_seq, (gint64) limit), error);
  if (rows == NULL)
    return NULL;

  while (bw_rows_next (rows, &local_error))
    {
      BwTimelineRow *row = read_row (rows, device_id);

      if (found->len > 0 && is_twin (g_ptr_array_index (found, found->len - 1), row))
        bw_timeline_row_free (row);
      else
        g_ptr_array_add (found, row);
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  return g_steal_pointer (&found);
}
