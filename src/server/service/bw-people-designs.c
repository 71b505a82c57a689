/* bw-people-designs.c: changes of label designs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-people-private.h"

#include <string.h>

#include "bw-error.h"
#include "bw-json.h"
#include "bw-label-design-repo.h"
#include "bw-label-design.h"
#include "bw-people-rules.h"

/* Read and written again: what is stored is what everybody can read. */
static gboolean
take_design (BwChange          *change,
             BwLabelDesignRow  *row,
             GError           **error)
{
  JsonNode *node = json_object_get_member (change->body, "design");
  g_autofree char *text = NULL;
  g_autoptr(BwLabelDesign) design = NULL;

  if (node == NULL && row->design != NULL)
    return TRUE;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "a label design needs a “design”, an object");
      return FALSE;
    }

  text = json_to_string (node, FALSE);
  design = bw_label_design_from_json (text, strlen (text), error);
  if (design == NULL)
    return FALSE;

  g_free (row->design);
  row->design = bw_label_design_to_json (design);

  return TRUE;
}

static gboolean
take_body (BwChange          *change,
           BwLabelDesignRow  *row,
           GError           **error)
{
  if (!bw_change_take_text (change, "name", BW_PEOPLE_MAX_NAME_BYTES, &row->name, error))
    return FALSE;

  if (*row->name == '\0')
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "a label design needs a name");
      return FALSE;
    }

  return take_design (change, row, error);
}

/* For the audit log: a logo would fill it, so the design goes in as its hash. */
static void
write_entry (const BwLabelDesignRow *row,
             GString                *out)
{
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, row->design, -1);

  bw_json_begin_object (out, NULL);
  bw_json_add_id (out, "id", row->id);
  bw_json_add_int (out, "revision", row->revision);
  bw_json_add_string (out, "name", row->name);
  bw_json_add_id (out, "companyId", row->company_id);
  bw_json_add_string (out, "designSha256", hash);
  bw_json_end_object (out);
}

static gboolean
write_design (BwAuthority    *authority,
              const BwActor  *actor,
              BwDb           *db,
              gint64          id,
              GString        *out,
              GError        **error)
{
  guint n = 0;

  if (actor == NULL)
    {
      g_autoptr(BwLabelDesignRow) row = bw_label_design_repo_get (db, id, error);

      if (row == NULL)
        return FALSE;
      write_entry (row, out);
      return TRUE;
    }

  if (!bw_label_design_repo_write (db, actor->company_id, id, out, &n, error))
    return FALSE;

  if (n == 1)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no label design %" G_GINT64_FORMAT, id);

  return FALSE;
}

/* Designs of the companies above are there to be used, not to be changed. */
static gboolean
decide (BwChange                *change,
        const BwLabelDesignRow  *row,
        GError                 **error)
{
  gboolean is_below = bw_authority_reaches (change->authority, change->actor->company_id, row->company_id);
  gboolean is_above = bw_authority_reaches (change->authority, row->company_id, change->actor->company_id);

  if (is_below || !is_above || !bw_actor_check (change->actor, change->kind->manage, NULL))
    return bw_change_decide (change, row->company_id, error);

  g_set_error_literal (error, BW_ERROR, BW_ERROR_FORBIDDEN,
                       "this label design belongs to a company above yours, so save a copy of it as your own");

  return FALSE;
}

static gboolean
prepare (BwChange       *change,
         BwStoreThread  *thread,
         GError        **error)
{
  BwLabelDesignRow *row;

  change->row_free = (GDestroyNotify) bw_label_design_row_free;
  if (change->action == BW_CHANGE_CREATE)
    {
      row = g_new0 (BwLabelDesignRow, 1);
      row->company_id = change->actor->company_id;
      change->row = row;
      if (!bw_change_take_id (change, "companyId", &row->company_id, error))
        return FALSE;
      change->company_id = row->company_id;
      if (!bw_change_decide (change, row->company_id, error) || !take_body (change, row, error))
        return FALSE;
      change->object_name = g_strdup (row->name);
      return TRUE;
    }

  row = bw_label_design_repo_get (thread->db, change->id, error);
  change->row = row;
  if (row == NULL)
    {
      bw_change_refuse_missing (change, error);
      return FALSE;
    }

  change->company_id = row->company_id;
  change->object_name = g_strdup (row->name);
  change->before = g_string_new (NULL);
  write_entry (row, change->before);

  return decide (change, row, error) && bw_change_check_revision (change, row->revision, error) &&
         (change->action == BW_CHANGE_DELETE || take_body (change, row, error));
}

static gboolean
apply (BwChange       *change,
       BwStoreThread  *thread,
       GError        **error)
{
  BwLabelDesignRow *row = change->row;
  gint64 now_us = g_get_real_time ();

  switch (change->action)
    {
    case BW_CHANGE_CREATE:
      if (!bw_label_design_repo_add (thread, row, now_us, error))
        return FALSE;
      change->id = row->id;
      return TRUE;

    case BW_CHANGE_EDIT:
      return bw_label_design_repo_set (thread, row, now_us, error);

    case BW_CHANGE_DELETE:
    default:
      return bw_label_design_repo_remove (thread, row->id, error);
    }
}

static const char *const create_members[] = { "name", "companyId", "design", "comment", NULL };
static const char *const edit_members[] = { "revision", "name", "design", "comment", NULL };

const BwPeopleKind bw_label_design_kind = {
  .nick = "label-design",
  .title = "label design",
  .view = BW_PERMISSION_VIEW_DEVICES,
  .manage = BW_PERMISSION_MANAGE_IDS,
  .remove = BW_PERMISSION_MANAGE_IDS,
  .create_members = create_members,
  .edit_members = edit_members,
  .prepare = prepare,
  .apply = apply,
  .write = write_design,
};
