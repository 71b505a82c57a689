/* bw-people-tags.c: changes of tags
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

#define MAX_COMPANIES 1000

#define DEFAULT_COLOR "#3584e4"

static gboolean
take_companies (BwChange  *change,
                BwTagRow  *row,
                GError   **error)
{
  JsonArray *array = bw_json_get_array (change->body, "companyIds");

  if (!bw_change_has (change, "companyIds"))
    return TRUE;

  if (array == NULL || json_array_get_length (array) > MAX_COMPANIES)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“companyIds” must be a list of at most %d ids", MAX_COMPANIES);
      return FALSE;
    }

  g_array_set_size (row->company_ids, 0);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      const char *text = json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : "";
      guint64 number = 0;
      gint64 id;

      if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &number, NULL) ||
          !bw_authority_reaches (change->authority, change->actor->company_id, (gint64) number))
        {
          g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no company %s", text);
          return FALSE;
        }
      id = (gint64) number;
      g_array_append_val (row->company_ids, id);
    }

  return TRUE;
}

static gboolean
take_body (BwChange  *change,
           BwTagRow  *row,
           GError   **error)
{
  if (!bw_change_take_text (change, "name", BW_PEOPLE_MAX_NAME_BYTES, &row->name, error) ||
      !bw_change_take_text (change, "color", BW_PEOPLE_MAX_NAME_BYTES, &row->color, error) ||
      !take_companies (change, row, error))
    return FALSE;

  if (*row->color == '\0')
    bw_set_str (&row->color, DEFAULT_COLOR);

  if (*row->name == '\0')
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "a tag needs a name");
  else if (!bw_color_is_valid (row->color))
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "the color must be written as #rrggbb");
  else
    return TRUE;

  return FALSE;
}

static gboolean
write_tag (BwAuthority    *authority,
           const BwActor  *actor,
           BwDb           *db,
           gint64          id,
           GString        *out,
           GError        **error)
{
  g_autoptr(BwTagRow) row = NULL;
  guint n = 0;

  if (actor == NULL)
    row = bw_tag_repo_get (db, id, error);

  if ((actor == NULL && row == NULL) ||
      !bw_tag_repo_write (db, actor != NULL ? actor->company_id : row->company_id, id, out, &n, error))
    return FALSE;

  if (n == 1)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no tag %" G_GINT64_FORMAT, id);

  return FALSE;
}

static gboolean
prepare (BwChange       *change,
         BwStoreThread  *thread,
         GError        **error)
{
  BwTagRow *row;

  change->row_free = (GDestroyNotify) bw_tag_row_free;
  if (change->action == BW_CHANGE_CREATE)
    {
      row = g_new0 (BwTagRow, 1);
      row->company_ids = g_array_new (FALSE, FALSE, sizeof (gint64));
      row->company_id = change->actor->company_id;
      change->row = row;
      change->company_id = row->company_id;
      if (!bw_change_decide (change, row->company_id, error) || !take_body (change, row, error))
        return FALSE;
      change->object_name = g_strdup (row->name);
      return TRUE;
    }

  row = bw_tag_repo_get (thread->db, change->id, error);
  change->row = row;
  if (row == NULL)
    {
      bw_change_refuse_missing (change, error);
      return FALSE;
    }

  change->company_id = row->company_id;
  change->object_name = g_strdup (row->name);
  change->before = g_string_new (NULL);

  return bw_change_decide (change, row->company_id, error) &&
         bw_change_check_revision (change, row->revision, error) &&
         write_tag (NULL, NULL, thread->db, row->id, change->before, error) &&
         (change->action == BW_CHANGE_DELETE || take_body (change, row, error));
}

static gboolean
apply (BwChange       *change,
       BwStoreThread  *thread,
       GError        **error)
{
  BwTagRow *row = change->row;
  gint64 now_us = g_get_real_time ();

  switch (change->action)
    {
    case BW_CHANGE_CREATE:
      if (!bw_tag_repo_add (thread, row, now_us, error))
        return FALSE;
      change->id = row->id;
      return TRUE;

    case BW_CHANGE_EDIT:
      return bw_tag_repo_set (thread, row, now_us, error);

    case BW_CHANGE_DELETE:
    default:
      return bw_tag_repo_remove (thread, row->id, error);
    }
}

static const char *const create_members[] = { "name", "color", "companyIds", "comment", NULL };
static const char *const edit_members[] = { "revision", "name", "color", "companyIds", "comment", NULL };

const BwPeopleKind bw_tag_kind = {
  .nick = "tag",
  .title = "tag",
  .view = BW_PERMISSION_NONE,
  .manage = BW_PERMISSION_MANAGE_TAGS,
  .remove = BW_PERMISSION_MANAGE_TAGS,
  .create_members = create_members,
  .edit_members = edit_members,
  .prepare = prepare,
  .apply = apply,
  .write = write_tag,
};
