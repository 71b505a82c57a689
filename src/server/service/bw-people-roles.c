/* bw-people-roles.c: changes of roles
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-people-private.h"

#include "bw-error.h"
#include "bw-json.h"
#include "bw-people-rules.h"
#include "bw-role-repo.h"
#include "bw-session-repo.h"
#include "bw-tag-repo.h"

static gboolean
take_permissions (BwChange   *change,
                  BwRoleRow  *row,
                  GError    **error)
{
  JsonArray *array = bw_json_get_array (change->body, "permissions");

  if (!bw_change_has (change, "permissions"))
    return TRUE;

  if (array == NULL)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "“permissions” must be a list");
      return FALSE;
    }

  return bw_permissions_from_json (array, &row->permissions, error);
}

static gboolean
take_body (BwChange   *change,
           BwRoleRow  *row,
           GError    **error)
{
  if (!bw_change_take_text (change, "name", BW_PEOPLE_MAX_NAME_BYTES, &row->name, error) ||
      !take_permissions (change, row, error) ||
      !bw_change_check_gives (change, row->permissions, error))
    return FALSE;

  if (*row->name != '\0')
    return TRUE;

  g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "a role needs a name");

  return FALSE;
}

static gboolean
write_role (BwAuthority    *authority,
            const BwActor  *actor,
            BwDb           *db,
            gint64          id,
            GString        *out,
            GError        **error)
{
  guint n = 0;

  if (!bw_role_repo_write (db, id, out, &n, error))
    return FALSE;

  if (n == 1)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no role %" G_GINT64_FORMAT, id);

  return FALSE;
}

static gboolean
prepare_delete (BwChange       *change,
                BwStoreThread  *thread,
                GError        **error)
{
  gint64 n = 0;

  if (!bw_role_repo_count_uses (thread->db, change->id, &n, error))
    return FALSE;

  if (n == 0)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "the role “%s” is in use: %" G_GINT64_FORMAT " %s it",
               change->object_name, n, n == 1 ? "participation has" : "participations have");

  return FALSE;
}

/* A role belongs to no company: whoever asks stands for it, and who decides stands above him. */
static gboolean
prepare (BwChange       *change,
         BwStoreThread  *thread,
         GError        **error)
{
  BwRoleRow *row;

  change->row_free = (GDestroyNotify) bw_role_row_free;
  change->company_id = change->actor->company_id;
  if (!bw_change_decide (change, change->company_id, error))
    return FALSE;

  if (change->action == BW_CHANGE_CREATE)
    {
      row = g_new0 (BwRoleRow, 1);
      change->row = row;
      if (!take_body (change, row, error))
        return FALSE;
      change->object_name = g_strdup (row->name);
      return TRUE;
    }

  row = bw_role_repo_get (thread->db, change->id, error);
  change->row = row;
  if (row == NULL)
    {
      bw_change_refuse_missing (change, error);
      return FALSE;
    }

  change->object_name = g_strdup (row->name);
  if (row->builtin != NULL)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_FORBIDDEN, "the role “%s” is built in; copy it and change the copy", row->name);
      return FALSE;
    }

  change->before = g_string_new (NULL);
  change->parks = TRUE;
  if (!bw_change_check_revision (change, row->revision, error) || !bw_change_check_gives (change, row->permissions, error) ||
      !write_role (NULL, NULL, thread->db, row->id, change->before, error))
    return FALSE;

  return change->action == BW_CHANGE_EDIT ? take_body (change, row, error) : prepare_delete (change, thread, error);
}

static gboolean
apply (BwChange       *change,
       BwStoreThread  *thread,
       GError        **error)
{
  BwRoleRow *row = change->row;
  gint64 now_us = g_get_real_time ();
  g_autofree char *id = NULL;

  switch (change->action)
    {
    case BW_CHANGE_CREATE:
      if (!bw_role_repo_add (thread, row, now_us, error))
        return FALSE;
      change->id = row->id;
      return TRUE;

    case BW_CHANGE_EDIT:
      if (!bw_role_repo_set (thread, row, now_us, error) || !bw_session_repo_mark (thread, 0, row->id, 0, error))
        return FALSE;
      change->facts = bw_session_facts_read (thread->db, 0, row->id, 0, error);
      return change->facts != NULL;

    case BW_CHANGE_DELETE:
    default:
      id = g_strdup_printf ("%" G_GINT64_FORMAT, row->id);
      return bw_tag_repo_forget (thread, "role", id, error) && bw_role_repo_remove (thread, row->id, error);
    }
}

static const char *const create_members[] = { "name", "permissions", "tags", "comment", NULL };
static const char *const edit_members[] = { "revision", "name", "permissions", "tags", "comment", NULL };

const BwPeopleKind bw_role_kind = {
  .nick = "role",
  .title = "role",
  .view = BW_PERMISSION_VIEW_ROLES,
  .manage = BW_PERMISSION_MANAGE_ROLES,
  .remove = BW_PERMISSION_DELETE_ROLES,
  .create_members = create_members,
  .edit_members = edit_members,
  .has_tags = TRUE,
  .prepare = prepare,
  .apply = apply,
  .write = write_role,
};
