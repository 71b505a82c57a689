/* bw-rule-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-rule-repo.h"

#include "bw-company-repo.h"
#include "bw-error.h"
#include "bw-json.h"

#define COLUMNS \
  "rule.id, rule.revision, rule.company_id, company.name, rule.name, rule.position, rule.enabled, rule.action," \
  " rule.conditions, rule.max_per_hour, rule.hour_us, rule.n_hour, rule.created_at_us, rule.edited_at_us" \
  " FROM rule JOIN company ON company.id = rule.company_id"

#define DEVICE_COLUMNS \
  "device.id, device.batch_id, batch.name, device.company_id, device.status, device.state, device.first_seen_us," \
  " device.name, device.product, device.version, device.homie, device.address, device.type"

static const char *const action_nicks[BW_RULE_N_ACTIONS] = {
  [BW_RULE_APPROVE] = "approve",
  [BW_RULE_BLOCK] = "block",
  [BW_RULE_LEAVE] = "leave",
};

const char *
bw_rule_action_to_nick (BwRuleAction action)
{
  return action < BW_RULE_N_ACTIONS ? action_nicks[action] : "leave";
}

gboolean
bw_rule_action_from_nick (const char   *nick,
                          BwRuleAction *ret_action)
{
  for (guint i = 0; i < BW_RULE_N_ACTIONS; i++)
    {
      if (g_strcmp0 (nick, action_nicks[i]) == 0)
        {
          *ret_action = (BwRuleAction) i;
          return TRUE;
        }
    }

  return FALSE;
}

void
bw_rule_row_free (BwRuleRow *row)
{
  g_free (row->company);
  g_free (row->name);
  g_free (row->conditions);
  g_free (row);
}

void
bw_rule_row_write (const BwRuleRow *row,
                   GString         *out)
{
  bw_json_begin_object (out, NULL);
  bw_json_add_id (out, "id", row->id);
  bw_json_add_int (out, "revision", row->revision);
  bw_json_add_string (out, "name", row->name);
  bw_json_add_id (out, "companyId", row->company_id);
  bw_json_add_string (out, "company", row->company);
  bw_json_add_int (out, "position", row->position);
  bw_json_add_boolean (out, "enabled", row->enabled);
  bw_json_add_string (out, "action", bw_rule_action_to_nick (row->action));
  bw_json_add_raw (out, "conditions", row->conditions);
  bw_json_add_int (out, "maxPerHour", row->max_per_hour);
  bw_json_add_int (out, "createdAt", row->created_at_us);
  bw_json_add_int (out, "editedAt", row->edited_at_us);
  bw_json_end_object (out);
}

static gpointer
read_rule (BwRows *rows)
{
  BwRuleRow *row = g_new0 (BwRuleRow, 1);

  row->id = bw_rows_get_int (rows, 0);
  row->revision = bw_rows_get_int (rows, 1);
  row->company_id = bw_rows_get_int (rows, 2);
  row->company = g_strdup (bw_rows_get_text (rows, 3));
  row->name = g_strdup (bw_rows_get_text (rows, 4));
  row->position = bw_rows_get_int (rows, 5);
  row->enabled = bw_rows_get_int (rows, 6) != 0;
  row->action = (BwRuleAction) bw_rows_get_int (rows, 7);
  row->conditions = g_strdup (bw_rows_get_text (rows, 8));
  row->max_per_hour = bw_rows_get_int (rows, 9);
  row->hour_us = bw_rows_get_int (rows, 10);
  row->n_hour = bw_rows_get_int (rows, 11);
  row->created_at_us = bw_rows_get_int (rows, 12);
  row->edited_at_us = bw_rows_get_int (rows, 13);

  return row;
}

static GPtrArray *
read_all (BwDb            *db,
          const char      *sql,
          GVariant        *args,
          gpointer       (*read) (BwRows *rows),
          GDestroyNotify   destroy,
          GError         **error)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func (destroy);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = bw_db_query (db, sql, args, error);

  if (rows == NULL)
    return NULL;

  while (bw_rows_next (rows, &local_error))
    g_ptr_array_add (list, read (rows));

  if (local_error == NULL)
    return g_steal_pointer (&list);

  g_propagate_error (error, g_steal_pointer (&local_error));

  return NULL;
}

BwRuleRow *
bw_rule_repo_get (BwDb    *db,
                  gint64   id,
                  GError **error)
{
  g_autoptr(GPtrArray) rows = read_all (db, "SELECT " COLUMNS " WHERE rule.id = $1", g_variant_new ("(x)", id),
                                        read_rule, (GDestroyNotify) bw_rule_row_free, error);

  return rows != NULL && rows->len > 0 ? g_ptr_array_steal_index (rows, 0) : NULL;
}

GPtrArray *
bw_rule_repo_list (BwDb    *db,
                   GError **error)
{
  return read_all (db, "SELECT " COLUMNS " ORDER BY rule.company_id, rule.position, rule.id", NULL,
                   read_rule, (GDestroyNotify) bw_rule_row_free, error);
}

static gboolean
check_name (BwDb             *db,
            const BwRuleRow  *row,
            GError          **error)
{
  gint64 other = 0;

  if (!bw_db_get_scalar (db, "SELECT id FROM rule WHERE company_id = $1 AND bw_lower(name) = bw_lower($2) AND id <> $3",
                         g_variant_new ("(xsx)", row->company_id, row->name, row->id), 0, &other, error))
    return FALSE;

  if (other == 0)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "this company has a rule “%s” already", row->name);

  return FALSE;
}

static gboolean
check_number (BwDb    *db,
              gint64   company_id,
              GError **error)
{
  gint64 n = 0;

  if (!bw_db_get_scalar (db, "SELECT count(*) FROM rule WHERE company_id = $1", g_variant_new ("(x)", company_id), 0,
                         &n, error))
    return FALSE;

  if (n < BW_RULE_MAX_PER_COMPANY)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_TOO_MANY, "a company has at most %d rules, delete one first",
               BW_RULE_MAX_PER_COMPANY);

  return FALSE;
}

/* One after the other from 1 on, @id (0: none) at @position. */
static gboolean
renumber (BwDb    *db,
          gint64   company_id,
          gint64   id,
          gint64   position,
          GError **error)
{
  g_autoptr(GPtrArray) rows = read_all (db, "SELECT " COLUMNS " WHERE rule.company_id = $1 ORDER BY rule.position, rule.id",
                                        g_variant_new ("(x)", company_id), read_rule,
                                        (GDestroyNotify) bw_rule_row_free, error);
  gint64 at = 0;

  if (rows == NULL)
    return FALSE;

  if (position <= 0 || position > (gint64) rows->len)
    position = rows->len;
  for (guint i = 0; i < rows->len; i++)
    {
      const BwRuleRow *row = g_ptr_array_index (rows, i);

      if (row->id == id)
        continue;

      at++;
      if (id != 0 && at == position)
        at++;
      if (row->position != at &&
          !bw_db_run (db, "UPDATE rule SET position = $2 WHERE id = $1", g_variant_new ("(xx)", row->id, at), error))
        return FALSE;
    }

  return id == 0 ||
         bw_db_run (db, "UPDATE rule SET position = $2 WHERE id = $1", g_variant_new ("(xx)", id, position), error);
}

gboolean
bw_rule_repo_add (BwStoreThread  *thread,
                  BwRuleRow      *row,
                  gint64          at_us,
                  GError        **error)
{
  return check_name (thread->db, row, error) && check_number (thread->db, row->company_id, error) &&
         bw_db_get_scalar (thread->db,
                           "INSERT INTO rule (company_id, name, position, enabled, action, conditions, max_per_hour,"
                           " created_at_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
                           g_variant_new ("(xsxxxsxx)", row->company_id, row->name, G_MAXINT64, (gint64) row->enabled,
                                          (gint64) row->action, row->conditions, row->max_per_hour, at_us),
                           0, &row->id, error) &&
         renumber (thread->db, row->company_id, row->id, row->position, error);
}

gboolean
bw_rule_repo_set (BwStoreThread    *thread,
                  const BwRuleRow  *row,
                  gint64            at_us,
                  GError          **error)
{
  return check_name (thread->db, row, error) &&
         bw_db_run (thread->db,
                    "UPDATE rule SET name = $2, enabled = $3, action = $4, conditions = $5, max_per_hour = $6,"
                    " edited_at_us = $7, revision = revision + 1 WHERE id = $1",
                    g_variant_new ("(xsxxsxx)", row->id, row->name, (gint64) row->enabled, (gint64) row->action,
                                   row->conditions, row->max_per_hour, at_us),
                    error) &&
         renumber (thread->db, row->company_id, row->id, row->position, error);
}

gboolean
bw_rule_repo_remove (BwStoreThread    *thread,
                     const BwRuleRow  *row,
                     GError          **error)
{
  return bw_db_run (thread->db, "DELETE FROM rule WHERE id = $1", g_variant_new ("(x)", row->id), error) &&
         renumber (thread->db, row->company_id, 0, 0, error);
}

gboolean
bw_rule_repo_set_count (BwStoreThread    *thread,
                        const BwRuleRow  *row,
                        GError          **error)
{
  return bw_db_run (thread->db, "UPDATE rule SET hour_us = $2, n_hour = $3 WHERE id = $1",
                    g_variant_new ("(xxx)", row->id, row->hour_us, row->n_hour), error);
}

void
bw_rule_device_free (BwRuleDevice *device)
{
  g_free (device->id);
  g_free (device->batch);
  g_free (device->name);
  g_free (device->product);
  g_free (device->version);
  g_free (device->homie);
  g_free (device->address);
  g_free (device->type);
  g_free (device);
}

static gpointer
read_device (BwRows *rows)
{
  BwRuleDevice *device = g_new0 (BwRuleDevice, 1);

  device->id = g_strdup (bw_rows_get_text (rows, 0));
  device->batch_id = bw_rows_get_int (rows, 1);
  device->batch = g_strdup (bw_rows_get_text (rows, 2));
  device->company_id = bw_rows_get_int (rows, 3);
  device->status = (BwStatus) bw_rows_get_int (rows, 4);
  device->state = (BwState) bw_rows_get_int (rows, 5);
  device->first_seen_us = bw_rows_get_int (rows, 6);
  device->name = g_strdup (bw_rows_get_text (rows, 7));
  device->product = g_strdup (bw_rows_get_text (rows, 8));
  device->version = g_strdup (bw_rows_get_text (rows, 9));
  device->homie = g_strdup (bw_rows_get_text (rows, 10));
  device->address = g_strdup (bw_rows_get_text (rows, 11));
  device->type = g_strdup (bw_rows_get_text (rows, 12));

  return device;
}

GPtrArray *
bw_rule_repo_list_due (BwDb    *db,
                       gint64   before_us,
                       gint64   limit,
                       GError **error)
{
  return read_all (db,
                   "SELECT " DEVICE_COLUMNS " FROM rule_due JOIN device ON device.id = rule_due.device_id"
                   " JOIN batch ON batch.id = device.batch_id"
                   " WHERE rule_due.since_us <= $1 OR device.state = $2 OR device.state = $3"
                   " ORDER BY rule_due.since_us, device.id LIMIT $4",
                   g_variant_new ("(xxxx)", before_us, (gint64) BW_STATE_READY, (gint64) BW_STATE_ALERT, limit),
                   read_device, (GDestroyNotify) bw_rule_device_free, error);
}

gboolean
bw_rule_repo_count_due (BwDb    *db,
                        gint64  *ret_n,
                        GError **error)
{
  return bw_db_get_scalar (db, "SELECT count(*) FROM rule_due", NULL, 0, ret_n, error);
}

gboolean
bw_rule_repo_forget_due (BwStoreThread  *thread,
                         const char     *device_id,
                         GError        **error)
{
  return bw_db_run (thread->db, "DELETE FROM rule_due WHERE device_id = $1", g_variant_new ("(s)", device_id), error);
}

GPtrArray *
bw_rule_repo_list_waiting (BwDb    *db,
                           gint64   company_id,
                           gint64   limit,
                           GError **error)
{
  return read_all (db,
                   "SELECT " DEVICE_COLUMNS " FROM device JOIN batch ON batch.id = device.batch_id"
                   " WHERE device.status <> 0 AND device.status = $2 AND device.company_id IN " BW_COMPANY_REACH_SQL
                   " ORDER BY device.first_seen_us, device.id LIMIT $3",
                   g_variant_new ("(xxx)", company_id, (gint64) BW_STATUS_AWAITING_APPROVAL, limit),
                   read_device, (GDestroyNotify) bw_rule_device_free, error);
}
