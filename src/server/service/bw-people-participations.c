/* bw-people-participations.c: changes of participations
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-people-private.h"

#include "bw-error.h"
#include "bw-json.h"
#include "bw-people-rules.h"
#include "bw-role-repo.h"

/* A day into @place when the member is there: its beginning, or that of the next one (@is_last). */
static gboolean
take_day (BwChange    *change,
          const char  *member,
          gboolean     is_last,
          gint64      *place,
          GError     **error)
{
  JsonNode *node = json_object_get_member (change->body, member);
  const char *text;
  gint64 start_us;

  if (node == NULL)
    return TRUE;

  text = bw_json_get_string (change->body, member);
  if (JSON_NODE_HOLDS_NULL (node) || g_strcmp0 (text, "") == 0)
    {
      *place = is_last ? BW_PARTICIPATION_FOR_EVER : 0;
      return TRUE;
    }

  if (!bw_day_parse (text, &start_us))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” must be a day such as 2026-11-25", member);
      return FALSE;
    }

  *place = is_last ? start_us + G_TIME_SPAN_DAY : start_us;

  return TRUE;
}

gboolean
bw_people_take_role (BwChange            *change,
                     BwStoreThread       *thread,
                     BwParticipationRow  *row,
                     GError             **error)
{
  g_autoptr(BwRoleRow) role = NULL;

  if (!bw_change_take_id (change, "roleId", &row->role_id, error) ||
      !take_day (change, "firstDay", FALSE, &row->from_us, error) ||
      !take_day (change, "lastDay", TRUE, &row->until_us, error))
    return FALSE;

  role = bw_role_repo_get (thread->db, row->role_id, error);
  if (role == NULL)
    {
      if (error != NULL && *error == NULL)
        g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no role %" G_GINT64_FORMAT, row->role_id);
      return FALSE;
    }

  if (row->until_us <= row->from_us)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "the last day is before the first one");
      return FALSE;
    }

  row->permissions = role->permissions;
  row->is_super = g_strcmp0 (role->builtin, BW_ROLE_SUPER_ADMIN) == 0;

  /* That somebody else is made a Super Admin one may ask for: a Super Admin decides it. */
  if (row->is_super && row->account_id != change->actor->account_id && change->request_id == 0)
    return TRUE;

  return bw_change_check_gives (change, role->permissions, error);
}

static gboolean
prepare_new (BwChange       *change,
             BwStoreThread  *thread,
             GError        **error)
{
  BwParticipationRow *row = g_new0 (BwParticipationRow, 1);
  gboolean in_reach = FALSE;
  gint64 user_company = 0;

  change->row = row;
  row->until_us = BW_PARTICIPATION_FOR_EVER;
  row->company_id = change->actor->company_id;
  if (!bw_change_take_id (change, "companyId", &row->company_id, error) ||
      !bw_change_decide (change, row->company_id, error) ||
      !bw_change_take_id (change, "userId", &row->account_id, error) ||
      !bw_user_repo_in_reach (thread->db, change->actor->company_id, row->account_id, &in_reach, &user_company, error))
    return FALSE;

  if (!in_reach)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no user %" G_GINT64_FORMAT, row->account_id);
      return FALSE;
    }

  if (!bw_people_take_role (change, thread, row, error))
    return FALSE;

  change->parks = row->is_super || row->account_id == change->actor->account_id;
  change->needs_super = row->is_super;

  return TRUE;
}

/* The one that is there, and what it may be made into. */
static gboolean
prepare_known (BwChange       *change,
               BwStoreThread  *thread,
               GError        **error)
{
  BwParticipationRow *row = g_new0 (BwParticipationRow, 1);
  BwParticipationRow before;
  gint64 revision = 0;

  change->row = row;
  if (!bw_participation_repo_get (thread->db, change->id, row, error))
    {
      bw_change_refuse_missing (change, error);
      return FALSE;
    }

  before = *row;
  change->before = g_string_new (NULL);
  if (!bw_change_decide (change, row->company_id, error) ||
      !bw_participation_repo_get_revision (thread->db, change->id, &revision, error) ||
      !bw_change_check_revision (change, revision, error) ||
      !bw_change_check_gives (change, before.permissions, error) ||
      !bw_participation_repo_write (thread->db, change->id, change->before, error))
    return FALSE;

  if (change->action == BW_CHANGE_DELETE)
    change->parks = TRUE;
  else if (!bw_people_take_role (change, thread, row, error))
    return FALSE;
  else
    {
      change->needs_super = row->is_super && !before.is_super;
      change->parks = change->needs_super ||
                      (row->account_id == change->actor->account_id && row->role_id != before.role_id);
    }

  /* Whoever stays a Super Admin of the root for good is not looked at. */
  if (before.is_super && before.company_is_root &&
      (change->action == BW_CHANGE_DELETE || !row->is_super || row->until_us != BW_PARTICIPATION_FOR_EVER ||
       row->from_us > g_get_real_time ()))
    return bw_change_check_last_super (change, thread, row->account_id, error);

  return TRUE;
}

static gboolean
prepare (BwChange       *change,
         BwStoreThread  *thread,
         GError        **error)
{
  g_autoptr(BwAccountRow) account = NULL;
  BwParticipationRow *row;

  change->row_free = g_free;
  if (!(change->action == BW_CHANGE_CREATE ? prepare_new (change, thread, error) : prepare_known (change, thread, error)))
    return FALSE;

  row = change->row;
  account = bw_account_repo_get (thread->db, row->account_id, error);
  if (account == NULL)
    {
      bw_change_refuse_missing (change, error);
      return FALSE;
    }

  change->company_id = row->company_id;
  change->about_id = row->account_id;
  change->object_name = bw_account_row_dup_name (account);

  return TRUE;
}

static gboolean
apply (BwChange       *change,
       BwStoreThread  *thread,
       GError        **error)
{
  BwParticipationRow *row = change->row;
  gint64 now_us = g_get_real_time ();

  switch (change->action)
    {
    case BW_CHANGE_CREATE:
      if (!bw_participation_repo_add (thread, row, now_us, error))
        return FALSE;
      change->id = row->id;
      return TRUE;

    case BW_CHANGE_EDIT:
      if (!bw_participation_repo_set (thread, row, now_us, error))
        return FALSE;
      break;

    case BW_CHANGE_DELETE:
    default:
      if (!bw_participation_repo_remove (thread, row, error))
        return FALSE;
      break;
    }

  /* by the account: those that stood on it stand on nothing now */
  change->facts = bw_session_facts_read (thread->db, 0, 0, row->account_id, error);

  return change->facts != NULL;
}

static gboolean
write_participation (BwAuthority    *authority,
                     const BwActor  *actor,
                     BwDb           *db,
                     gint64          id,
                     GString        *out,
                     GError        **error)
{
  BwParticipationRow row = { 0, };
  g_autoptr(GError) local_error = NULL;

  if (actor != NULL && bw_participation_repo_get (db, id, &row, &local_error) &&
      !bw_authority_reaches (authority, actor->company_id, row.company_id))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no participation %" G_GINT64_FORMAT, id);
      return FALSE;
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return bw_participation_repo_write (db, id, out, error);
}

static const char *const create_members[] = { "userId", "companyId", "roleId", "firstDay", "lastDay", "comment", NULL };
static const char *const edit_members[] = { "revision", "roleId", "firstDay", "lastDay", "comment", NULL };

const BwPeopleKind bw_participation_kind = {
  .nick = "participation",
  .title = "participation",
  .view = BW_PERMISSION_VIEW_PARTICIPATIONS,
  .manage = BW_PERMISSION_MANAGE_PARTICIPATIONS,
  .remove = BW_PERMISSION_DELETE_PARTICIPATIONS,
  .create_members = create_members,
  .edit_members = edit_members,
  .prepare = prepare,
  .apply = apply,
  .write = write_participation,
};
