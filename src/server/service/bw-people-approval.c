/* bw-people-approval.c: rules that let devices in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-people-private.h"

#include "bw-error.h"
#include "bw-json.h"
#include "bw-people-rules.h"
#include "bw-rule.h"
#include "bw-text.h"

static gboolean
take_action (BwChange   *change,
             BwRuleRow  *row,
             GError    **error)
{
  if (!bw_change_has (change, "action"))
    {
      if (row->conditions != NULL)
        return TRUE;
    }
  else if (bw_rule_action_from_nick (bw_json_get_string (change->body, "action"), &row->action))
    return TRUE;

  g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "“action” must be approve, block or leave");

  return FALSE;
}

/* What an edit leaves as it was must fit an action that is another now. */
static gboolean
take_conditions (BwChange   *change,
                 BwRuleRow  *row,
                 GError    **error)
{
  JsonNode *node = json_object_get_member (change->body, "conditions");
  g_autoptr(JsonObject) kept = NULL;
  JsonObject *conditions = NULL;
  char *text;

  if (node != NULL && !JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "“conditions” must be an object");
      return FALSE;
    }

  if (node != NULL)
    conditions = json_node_get_object (node);
  else
    conditions = kept = row->conditions != NULL ? bw_json_parse_object (row->conditions, strlen (row->conditions),
                                                                         strlen (row->conditions) + 1, error)
                                                : json_object_new ();
  text = conditions != NULL ? bw_rule_read_conditions (conditions, row->action, error) : NULL;
  if (text == NULL)
    return FALSE;

  g_free (row->conditions);
  row->conditions = text;

  return TRUE;
}

static gboolean
take_numbers (BwChange   *change,
              BwRuleRow  *row,
              GError    **error)
{
  JsonNode *enabled = json_object_get_member (change->body, "enabled");

  if (enabled != NULL && (!JSON_NODE_HOLDS_VALUE (enabled) || json_node_get_value_type (enabled) != G_TYPE_BOOLEAN))
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "“enabled” must be true or false");
      return FALSE;
    }

  row->enabled = bw_json_get_boolean (change->body, "enabled", row->enabled);
  row->position = bw_json_get_int (change->body, "position", row->position);
  row->max_per_hour = bw_json_get_int (change->body, "maxPerHour", row->max_per_hour);

  if (bw_change_has (change, "position") && row->position < 1)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "“position” is 1 or more");
  else if (row->max_per_hour < 1 || row->max_per_hour > BW_RULE_MAX_PER_HOUR)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“maxPerHour” must be 1 to %d", BW_RULE_MAX_PER_HOUR);
  else
    return TRUE;

  return FALSE;
}

gboolean
bw_people_take_rule (BwChange   *change,
                     BwRuleRow  *row,
                     GError    **error)
{
  if (!bw_change_take_text (change, "name", BW_PEOPLE_MAX_NAME_BYTES, &row->name, error))
    return FALSE;

  if (*row->name == '\0')
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "a rule needs a name");
      return FALSE;
    }

  return take_action (change, row, error) && take_conditions (change, row, error) && take_numbers (change, row, error);
}

static gboolean
write_rule (BwAuthority    *authority,
            const BwActor  *actor,
            BwDb           *db,
            gint64          id,
            GString        *out,
            GError        **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRuleRow) row = bw_rule_repo_get (db, id, &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (row == NULL || (actor != NULL && !bw_authority_reaches (authority, actor->company_id, row->company_id)))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no rule %" G_GINT64_FORMAT, id);
      return FALSE;
    }

  bw_rule_row_write (row, out);

  return TRUE;
}

gboolean
bw_people_write_rules (BwAuthority    *authority,
                       const BwActor  *actor,
                       BwDb           *db,
                       GString        *out,
                       guint          *ret_n,
                       GError        **error)
{
  g_autoptr(GPtrArray) rules = bw_rules_load (db, authority, error);

  if (rules == NULL)
    return FALSE;

  *ret_n = 0;
  for (guint i = 0; i < rules->len; i++)
    {
      const BwRuleRow *row = bw_rule_get_row (g_ptr_array_index (rules, i));

      if (!bw_authority_reaches (authority, actor->company_id, row->company_id))
        continue;

      bw_rule_row_write (row, out);
      (*ret_n)++;
    }

  return TRUE;
}

static gboolean
prepare_new (BwChange  *change,
             GError   **error)
{
  BwRuleRow *row = g_new0 (BwRuleRow, 1);

  row->company_id = change->actor->company_id;
  row->max_per_hour = BW_RULE_DEFAULT_PER_HOUR;
  change->row = row;
  if (!bw_change_take_id (change, "companyId", &row->company_id, error))
    return FALSE;

  change->company_id = row->company_id;
  if (!bw_change_decide (change, row->company_id, error) || !bw_people_take_rule (change, row, error))
    return FALSE;

  change->object_name = g_strdup (row->name);

  return TRUE;
}

static gboolean
prepare (BwChange       *change,
         BwStoreThread  *thread,
         GError        **error)
{
  BwRuleRow *row;

  change->row_free = (GDestroyNotify) bw_rule_row_free;
  if (change->action == BW_CHANGE_CREATE)
    return prepare_new (change, error);

  row = bw_rule_repo_get (thread->db, change->id, error);
  change->row = row;
  if (row == NULL)
    {
      bw_change_refuse_missing (change, error);
      return FALSE;
    }

  change->company_id = row->company_id;
  change->object_name = g_strdup (row->name);
  change->before = g_string_new (NULL);
  bw_rule_row_write (row, change->before);

  return bw_change_decide (change, row->company_id, error) && bw_change_check_revision (change, row->revision, error) &&
         (change->action == BW_CHANGE_DELETE || bw_people_take_rule (change, row, error));
}

static gboolean
apply (BwChange       *change,
       BwStoreThread  *thread,
       GError        **error)
{
  BwRuleRow *row = change->row;
  gint64 now_us = g_get_real_time ();

  switch (change->action)
    {
    case BW_CHANGE_CREATE:
      if (!bw_rule_repo_add (thread, row, now_us, error))
        return FALSE;
      change->id = row->id;
      return TRUE;

    case BW_CHANGE_EDIT:
      return bw_rule_repo_set (thread, row, now_us, error);

    case BW_CHANGE_DELETE:
    default:
      return bw_rule_repo_remove (thread, row, error);
    }
}

static const char *const create_members[] = {
  "name", "companyId", "position", "enabled", "action", "conditions", "maxPerHour", "comment", NULL
};
static const char *const edit_members[] = {
  "revision", "name", "position", "enabled", "action", "conditions", "maxPerHour", "comment", NULL
};

const BwPeopleKind bw_rule_kind = {
  .nick = "rule",
  .title = "rule",
  .view = BW_PERMISSION_APPROVE_DEVICES,
  .manage = BW_PERMISSION_APPROVE_DEVICES,
  .remove = BW_PERMISSION_APPROVE_DEVICES,
  .create_members = create_members,
  .edit_members = edit_members,
  .prepare = prepare,
  .apply = apply,
  .write = write_rule,
};
