/* bw-people-companies.c: changes of companies
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-people-private.h"

#include "bw-error.h"
#include "bw-json.h"
#include "bw-people-rules.h"
#include "bw-tag-repo.h"
#include "bw-text.h"

static gboolean
take_facts (BwChange      *change,
            BwCompanyRow  *row,
            GError       **error)
{
  if (!bw_change_take_text (change, "name", BW_PEOPLE_MAX_NAME_BYTES, &row->name, error) ||
      !bw_change_take_text (change, "alias", BW_PEOPLE_MAX_NAME_BYTES, &row->alias, error) ||
      !bw_change_take_text (change, "address", BW_PEOPLE_MAX_ADDRESS_BYTES, &row->address, error) ||
      !bw_change_take_text (change, "phone", BW_PEOPLE_MAX_PHONE_BYTES, &row->phone, error) ||
      !bw_change_take_text (change, "email", BW_PEOPLE_MAX_EMAIL_BYTES, &row->email, error))
    return FALSE;

  if (*row->name == '\0')
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "a company needs a name");
  else if (!bw_alias_is_valid (row->alias))
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID,
                         "the alias must have 2 to 40 of the letters a to z, digits and dashes, no dash at its ends");
  else if (*row->email != '\0' && !bw_email_is_valid (row->email))
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "the e-mail address is none");
  else
    return TRUE;

  return FALSE;
}

/* Whether the company may hang below row->parent_id. */
static gboolean
check_parent (BwChange            *change,
              const BwCompanyRow  *row,
              GError             **error)
{
  guint depth = bw_authority_get_depth (change->authority, row->parent_id);
  guint height = row->id != 0 ? bw_authority_get_height (change->authority, row->id) : 0;

  if (!bw_authority_reaches (change->authority, change->actor->company_id, row->parent_id))
    g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no company %" G_GINT64_FORMAT, row->parent_id);
  else if (row->id != 0 && bw_authority_reaches (change->authority, row->id, row->parent_id))
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID,
                         "a company cannot hang below itself or below one of its own subsidiaries");
  else if (depth + 1 + height > BW_COMPANY_MAX_DEPTH)
    g_set_error (error, BW_ERROR, BW_ERROR_TOO_LARGE, "the tree of companies has at most %d levels", BW_COMPANY_MAX_DEPTH);
  else
    return TRUE;

  return FALSE;
}

static gboolean
prepare_new (BwChange  *change,
             GError   **error)
{
  BwCompanyRow *row = g_new0 (BwCompanyRow, 1);

  change->row = row;
  row->parent_id = change->actor->company_id;
  if (!bw_change_take_id (change, "parentId", &row->parent_id, error) ||
      !bw_change_decide (change, row->parent_id, error) ||
      !take_facts (change, row, error) ||
      !check_parent (change, row, error))
    return FALSE;

  change->company_id = row->parent_id;
  change->object_name = g_strdup (row->name);

  return TRUE;
}

static gboolean
prepare_edit (BwChange      *change,
              BwCompanyRow  *row,
              GError       **error)
{
  gint64 parent_before = row->parent_id;

  if (!take_facts (change, row, error) || !bw_change_take_id (change, "parentId", &row->parent_id, error))
    return FALSE;

  if (row->parent_id == parent_before)
    return TRUE;

  if (parent_before == 0 || row->parent_id == 0)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "there is one company at the root, and it stays there");
      return FALSE;
    }

  change->parks = TRUE;

  return check_parent (change, row, error);
}

static void
append_count (GString    *list,
              gint64      n,
              const char *one,
              const char *many)
{
  if (n > 0)
    g_string_append_printf (list, "%s%" G_GINT64_FORMAT " %s", list->len > 0 ? ", " : "", n, n == 1 ? one : many);
}

static gboolean
prepare_delete (BwChange            *change,
                BwStoreThread       *thread,
                const BwCompanyRow  *row,
                GError             **error)
{
  g_autoptr(GString) list = g_string_new (NULL);
  gint64 n_devices = 0;
  gint64 n_batches = 0;
  gint64 n_participations = 0;
  gint64 n_subsidiaries = 0;
  gint64 n_users = 0;

  if (row->parent_id == 0)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT, "the company at the root cannot be deleted");
      return FALSE;
    }

  if (!bw_company_repo_count (thread->db, row->id, &n_devices, &n_batches, &n_participations, &n_subsidiaries, &n_users, error))
    return FALSE;

  append_count (list, n_devices, "device", "devices");
  append_count (list, n_batches, "batch", "batches");
  append_count (list, n_participations, "participant", "participants");
  append_count (list, n_subsidiaries, "subsidiary", "subsidiaries");
  append_count (list, n_users, "user without a role", "users without a role");
  if (list->len > 0)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "the company “%s” still has %s", row->name, list->str);
      return FALSE;
    }

  change->parks = TRUE;

  return TRUE;
}

static gboolean
write_company (BwAuthority    *authority,
               const BwActor  *actor,
               BwDb           *db,
               gint64          id,
               GString        *out,
               GError        **error)
{
  guint n = 0;

  if (!bw_company_repo_write (db, actor != NULL ? actor->company_id : id, id, NULL, 0, out, &n, error))
    return FALSE;

  if (n == 1)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no company %" G_GINT64_FORMAT, id);

  return FALSE;
}

static gboolean
prepare (BwChange       *change,
         BwStoreThread  *thread,
         GError        **error)
{
  BwCompanyRow *row;

  change->row_free = (GDestroyNotify) bw_company_row_free;
  if (change->action == BW_CHANGE_CREATE)
    return prepare_new (change, error);

  row = bw_company_repo_get (thread->db, change->id, error);
  change->row = row;
  if (row == NULL)
    {
      bw_change_refuse_missing (change, error);
      return FALSE;
    }

  change->company_id = row->id;
  change->object_name = g_strdup (row->name);
  change->before = g_string_new (NULL);
  if (!bw_change_decide (change, row->id, error) || !bw_change_check_revision (change, row->revision, error) ||
      !write_company (change->authority, NULL, thread->db, row->id, change->before, error))
    return FALSE;

  return change->action == BW_CHANGE_EDIT ? prepare_edit (change, row, error)
                                          : prepare_delete (change, thread, row, error);
}

static gboolean
apply (BwChange       *change,
       BwStoreThread  *thread,
       GError        **error)
{
  BwCompanyRow *row = change->row;
  gint64 now_us = g_get_real_time ();
  g_autofree char *id = NULL;

  switch (change->action)
    {
    case BW_CHANGE_CREATE:
      if (!bw_company_repo_add (thread, row, now_us, error))
        return FALSE;
      change->id = row->id;
      break;

    case BW_CHANGE_EDIT:
      if (!bw_company_repo_set (thread, row, now_us, error))
        return FALSE;
      break;

    case BW_CHANGE_DELETE:
    default:
      id = g_strdup_printf ("%" G_GINT64_FORMAT, row->id);
      if (!bw_tag_repo_forget (thread, "company", id, error) || !bw_company_repo_remove (thread, row->id, error))
        return FALSE;
      break;
    }

  change->tree_changed = TRUE;
  change->parent_id = row->parent_id;

  return TRUE;
}

static const char *const create_members[] = {
  "name", "alias", "parentId", "address", "phone", "email", "tags", "comment", NULL
};
static const char *const edit_members[] = {
  "revision", "name", "alias", "parentId", "address", "phone", "email", "tags", "comment", NULL
};

const BwPeopleKind bw_company_kind = {
  .nick = "company",
  .title = "company",
  .view = BW_PERMISSION_VIEW_COMPANIES,
  .manage = BW_PERMISSION_MANAGE_COMPANIES,
  .remove = BW_PERMISSION_DELETE_COMPANIES,
  .create_members = create_members,
  .edit_members = edit_members,
  .has_tags = TRUE,
  .prepare = prepare,
  .apply = apply,
  .write = write_company,
};
