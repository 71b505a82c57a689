/* bw-people-users.c: changes of users
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-people-private.h"

#include <sodium.h>
#include <string.h>

#include "bw-error.h"
#include "bw-invitation.h"
#include "bw-json.h"
#include "bw-people-rules.h"

/* The user, and the role he begins with. */
typedef struct
{
  BwAccountRow       *account;
  BwParticipationRow  first;
  gboolean            has_first;
} User;

static void
user_free (User *user)
{
  g_clear_pointer (&user->account, bw_account_row_free);
  g_free (user);
}

static gboolean
take_body (BwChange      *change,
           BwAccountRow  *row,
           GError       **error)
{
  if (!bw_change_take_text (change, "email", BW_PEOPLE_MAX_EMAIL_BYTES, &row->email, error) ||
      !bw_change_take_text (change, "firstName", BW_PEOPLE_MAX_NAME_BYTES, &row->first_name, error) ||
      !bw_change_take_text (change, "lastName", BW_PEOPLE_MAX_NAME_BYTES, &row->last_name, error))
    return FALSE;

  if (bw_email_is_valid (row->email))
    return TRUE;

  g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "the e-mail address is none");

  return FALSE;
}

static gboolean
prepare_new (BwChange       *change,
             BwStoreThread  *thread,
             GError        **error)
{
  User *user = g_new0 (User, 1);
  BwAccountRow *row = g_new0 (BwAccountRow, 1);

  change->row = user;
  user->account = row;
  row->company_id = change->actor->company_id;
  row->status = BW_ACCOUNT_INVITED;
  row->password_hash = g_strdup ("");
  if (!bw_change_take_id (change, "companyId", &row->company_id, error) ||
      !bw_change_decide (change, row->company_id, error) ||
      !take_body (change, row, error))
    return FALSE;

  change->company_id = row->company_id;
  change->object_name = bw_account_row_dup_name (row);

  user->has_first = bw_change_has (change, "roleId");
  if (!user->has_first)
    return TRUE;

  user->first.company_id = row->company_id;
  user->first.until_us = BW_PARTICIPATION_FOR_EVER;
  if (!bw_actor_check (change->actor, BW_PERMISSION_MANAGE_PARTICIPATIONS, error) ||
      !bw_people_take_role (change, thread, &user->first, error))
    return FALSE;

  change->parks = user->first.is_super;
  change->needs_super = user->first.is_super;

  return TRUE;
}

gboolean
bw_people_check_user (BwAuthority    *authority,
                      const BwActor  *actor,
                      BwDb           *db,
                      gint64          account_id,
                      guint           permission,
                      gint64         *ret_company,
                      GError        **error)
{
  gboolean in_reach = FALSE;
  gboolean is_whole = FALSE;
  guint permissions = 0;

  if (!bw_actor_check (actor, permission, error) ||
      !bw_user_repo_in_reach (db, actor->company_id, account_id, &in_reach, ret_company, error))
    return FALSE;

  if (!in_reach)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no user %" G_GINT64_FORMAT, account_id);
      return FALSE;
    }

  if (!bw_user_repo_is_whole_in_reach (db, actor->company_id, account_id, &is_whole, error) ||
      !bw_user_repo_get_permissions (db, account_id, &permissions, error))
    return FALSE;

  if (is_whole && (permissions & ~actor->permissions) == 0)
    return TRUE;

  g_set_error_literal (error, BW_ERROR, BW_ERROR_FORBIDDEN,
                       "this user may do more than you, or acts in companies that you do not reach");

  return FALSE;
}

static gboolean
prepare_edit (BwChange       *change,
              BwStoreThread  *thread,
              BwAccountRow   *row,
              GError        **error)
{
  gboolean was_suspended = row->suspended;

  if (!take_body (change, row, error))
    return FALSE;

  if (bw_change_has (change, "suspended"))
    row->suspended = bw_json_get_boolean (change->body, "suspended", FALSE);

  if (was_suspended || !row->suspended)
    return TRUE;

  if (row->id == change->actor->account_id)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT, "you cannot suspend yourself");
      return FALSE;
    }

  return bw_change_check_last_super (change, thread, row->id, error);
}

static gboolean
prepare (BwChange       *change,
         BwStoreThread  *thread,
         GError        **error)
{
  guint permission = change->action == BW_CHANGE_DELETE ? BW_PERMISSION_DELETE_USERS : BW_PERMISSION_MANAGE_USERS;
  gint64 revision = 0;
  User *user;

  change->row_free = (GDestroyNotify) user_free;
  if (change->action == BW_CHANGE_CREATE)
    return prepare_new (change, thread, error);

  user = g_new0 (User, 1);
  change->row = user;
  if (!bw_people_check_user (change->authority, change->actor, thread->db, change->id, permission,
                             &change->company_id, error))
    return FALSE;

  user->account = bw_account_repo_get (thread->db, change->id, error);
  if (user->account == NULL)
    {
      bw_change_refuse_missing (change, error);
      return FALSE;
    }

  change->about_id = change->id;
  change->object_name = bw_account_row_dup_name (user->account);
  change->before = g_string_new (NULL);
  if (!bw_user_repo_get_revision (thread->db, change->id, &revision, error) ||
      !bw_change_check_revision (change, revision, error) ||
      !bw_user_repo_write (thread->db, 0, change->id, change->before, error))
    return FALSE;

  if (change->action == BW_CHANGE_EDIT)
    return prepare_edit (change, thread, user->account, error);

  if (change->id == change->actor->account_id)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT, "you cannot delete yourself");
      return FALSE;
    }

  change->parks = TRUE;

  return bw_change_check_last_super (change, thread, change->id, error);
}

static gboolean
apply_new (BwChange       *change,
           BwStoreThread  *thread,
           GError        **error)
{
  User *user = change->row;
  gint64 now_us = g_get_real_time ();

  if (!bw_account_repo_add (thread, user->account, now_us, error))
    return FALSE;

  change->id = user->account->id;
  if (user->has_first)
    {
      user->first.account_id = user->account->id;
      if (!bw_participation_repo_add (thread, &user->first, now_us, error))
        return FALSE;
    }

  change->secret_email = g_strdup (user->account->email);

  return bw_invitation_make (thread, user->account->id, &change->secret, &change->secret_ends_us, error);
}

static gboolean
apply_edit (BwChange            *change,
            BwStoreThread       *thread,
            const BwAccountRow  *row,
            GError             **error)
{
  if (!bw_user_repo_set (thread, row, g_get_real_time (), error))
    return FALSE;

  if (row->suspended)
    {
      change->ended_account = row->id;
      return bw_session_repo_remove_account (thread, row->id, error);
    }

  change->facts = bw_session_facts_read (thread->db, 0, 0, row->id, error);

  return change->facts != NULL;
}

static gboolean
apply (BwChange       *change,
       BwStoreThread  *thread,
       GError        **error)
{
  User *user = change->row;

  switch (change->action)
    {
    case BW_CHANGE_CREATE:
      return apply_new (change, thread, error);

    case BW_CHANGE_EDIT:
      return apply_edit (change, thread, user->account, error);

    case BW_CHANGE_DELETE:
    default:
      change->ended_account = change->id;
      return bw_user_repo_remove (thread, change->id, error);
    }
}

static gboolean
write_user (BwAuthority    *authority,
            const BwActor  *actor,
            BwDb           *db,
            gint64          id,
            GString        *out,
            GError        **error)
{
  gboolean in_reach = FALSE;
  gint64 company_id = 0;

  if (actor == NULL)
    return bw_user_repo_write (db, 0, id, out, error);

  if (!bw_user_repo_in_reach (db, actor->company_id, id, &in_reach, &company_id, error))
    return FALSE;

  if (in_reach)
    return bw_user_repo_write (db, actor->company_id, id, out, error);

  g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no user %" G_GINT64_FORMAT, id);

  return FALSE;
}

static const char *const create_members[] = {
  "email", "firstName", "lastName", "companyId", "roleId", "firstDay", "lastDay", "tags", "comment", NULL
};
static const char *const edit_members[] = {
  "revision", "email", "firstName", "lastName", "suspended", "tags", "comment", NULL
};

const BwPeopleKind bw_user_kind = {
  .nick = "user",
  .title = "user",
  .view = BW_PERMISSION_VIEW_USERS,
  .manage = BW_PERMISSION_MANAGE_USERS,
  .remove = BW_PERMISSION_DELETE_USERS,
  .create_members = create_members,
  .edit_members = edit_members,
  .has_tags = TRUE,
  .prepare = prepare,
  .apply = apply,
  .write = write_user,
};
