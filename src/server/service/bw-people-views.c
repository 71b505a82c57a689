/* bw-people-views.c: changes of saved views
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-people-private.h"

#include <string.h>

#include "bw-device-filter.h"
#include "bw-error.h"
#include "bw-json.h"
#include "bw-people-rules.h"
#include "bw-view-repo.h"

#define MAX_DOCUMENT_BYTES (16 * 1024)
#define MAX_COLUMNS        40
#define MAX_COLUMN_BYTES   40

static gboolean
check_columns (JsonObject  *document,
               GError     **error)
{
  JsonArray *columns = bw_json_get_array (document, "columns");
  guint n = columns != NULL ? json_array_get_length (columns) : 0;
  gboolean good = (columns != NULL || !json_object_has_member (document, "columns")) && n <= MAX_COLUMNS;

  for (guint i = 0; good && i < n; i++)
    {
      JsonNode *node = json_array_get_element (columns, i);
      const char *name = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
                           ? json_node_get_string (node) : "";
      gsize length = strlen (name);

      good = length > 0 && length <= MAX_COLUMN_BYTES &&
             strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == length;
    }

  if (!good)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“columns” must be a list of at most %d names of columns", MAX_COLUMNS);

  return good;
}

/* What a list of devices would refuse is refused here. */
static gboolean
check_document (JsonObject  *document,
                GError     **error)
{
  static const char *const members[] = { "filter", "sort", "columns", NULL };
  g_autoptr(GList) names = json_object_get_members (document);
  g_autoptr(BwDeviceFilter) filter = NULL;
  JsonObject *conditions = bw_json_get_object (document, "filter");
  const char *sort = bw_json_get_string (document, "sort");
  BwDeviceSort parsed;

  for (GList *l = names; l != NULL; l = l->next)
    {
      if (!g_strv_contains (members, l->data))
        {
          g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "a view has no “%s”", (const char *) l->data);
          return FALSE;
        }
    }

  if (conditions != NULL)
    filter = bw_device_filter_from_json (conditions, error);
  else if (json_object_has_member (document, "filter"))
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "“filter” must be an object");

  if (filter == NULL && json_object_has_member (document, "filter"))
    return FALSE;

  if (sort == NULL && json_object_has_member (document, "sort"))
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "“sort” must be a text");
      return FALSE;
    }

  return bw_device_sort_parse (sort, &parsed, error) && check_columns (document, error);
}

static gboolean
take_document (BwChange   *change,
               BwViewRow  *row,
               GError    **error)
{
  JsonNode *node = json_object_get_member (change->body, "document");
  g_autofree char *text = NULL;

  if (node == NULL && row->document != NULL)
    return TRUE;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "a view needs a “document”, an object");
      return FALSE;
    }

  if (!check_document (json_node_get_object (node), error))
    return FALSE;

  text = json_to_string (node, FALSE);
  if (strlen (text) > MAX_DOCUMENT_BYTES)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_TOO_LARGE, "a view has at most %d bytes", MAX_DOCUMENT_BYTES);
      return FALSE;
    }

  g_free (row->document);
  row->document = g_steal_pointer (&text);

  return TRUE;
}

static gboolean
take_body (BwChange   *change,
           BwViewRow  *row,
           GError    **error)
{
  if (!bw_change_take_text (change, "name", BW_PEOPLE_MAX_NAME_BYTES, &row->name, error))
    return FALSE;

  if (*row->name == '\0')
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "a view needs a name");
      return FALSE;
    }

  return take_document (change, row, error);
}

static gboolean
write_view (BwAuthority    *authority,
            const BwActor  *actor,
            BwDb           *db,
            gint64          id,
            GString        *out,
            GError        **error)
{
  guint n = 0;

  /* for the audit log: as whoever may see it does */
  if (actor == NULL)
    {
      g_autoptr(BwViewRow) row = bw_view_repo_get (db, id, error);

      return row != NULL && bw_view_repo_write (db, row->company_id, row->account_id, id, out, &n, error);
    }

  if (!bw_view_repo_write (db, actor->company_id, actor->account_id, id, out, &n, error))
    return FALSE;

  if (n == 1)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no view %" G_GINT64_FORMAT, id);

  return FALSE;
}

/* One's own belongs to nobody else, whatever he may; a shared one is changed by who manages devices where it is. */
static gboolean
decide (BwChange         *change,
        const BwViewRow  *row,
        GError          **error)
{
  if (row->company_id == 0)
    {
      if (row->account_id == change->actor->account_id)
        return TRUE;

      bw_change_refuse_missing (change, error);
      return FALSE;
    }

  if (change->action != BW_CHANGE_CREATE && bw_authority_reaches (change->authority, row->company_id, change->actor->company_id) &&
      row->company_id != change->actor->company_id)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_FORBIDDEN,
                           "this view belongs to a company above yours, so save a copy of it as your own");
      return FALSE;
    }

  return bw_change_decide (change, row->company_id, error) &&
         bw_actor_check (change->actor, BW_PERMISSION_MANAGE_DEVICES, error);
}

static gboolean
prepare (BwChange       *change,
         BwStoreThread  *thread,
         GError        **error)
{
  BwViewRow *row;

  change->row_free = (GDestroyNotify) bw_view_row_free;
  if (change->action == BW_CHANGE_CREATE)
    {
      row = g_new0 (BwViewRow, 1);
      change->row = row;
      if (!bw_change_take_id (change, "companyId", &row->company_id, error))
        return FALSE;
      if (row->company_id == 0)
        row->account_id = change->actor->account_id;
      change->company_id = row->company_id != 0 ? row->company_id : change->actor->company_id;
      if (!decide (change, row, error) || !take_body (change, row, error))
        return FALSE;
      change->object_name = g_strdup (row->name);
      return TRUE;
    }

  row = bw_view_repo_get (thread->db, change->id, error);
  change->row = row;
  if (row == NULL)
    {
      bw_change_refuse_missing (change, error);
      return FALSE;
    }

  change->company_id = row->company_id != 0 ? row->company_id : change->actor->company_id;
  change->object_name = g_strdup (row->name);
  if (!decide (change, row, error))
    return FALSE;

  change->before = g_string_new (NULL);

  return write_view (change->authority, NULL, thread->db, row->id, change->before, error) &&
         bw_change_check_revision (change, row->revision, error) &&
         (change->action == BW_CHANGE_DELETE || take_body (change, row, error));
}

static gboolean
apply (BwChange       *change,
       BwStoreThread  *thread,
       GError        **error)
{
  BwViewRow *row = change->row;
  gint64 now_us = g_get_real_time ();

  switch (change->action)
    {
    case BW_CHANGE_CREATE:
      if (!bw_view_repo_add (thread, row, now_us, error))
        return FALSE;
      change->id = row->id;
      return TRUE;

    case BW_CHANGE_EDIT:
      return bw_view_repo_set (thread, row, now_us, error);

    case BW_CHANGE_DELETE:
    default:
      return bw_view_repo_remove (thread, row->id, error);
    }
}

static const char *const create_members[] = { "name", "companyId", "document", "comment", NULL };
static const char *const edit_members[] = { "revision", "name", "document", "comment", NULL };

const BwPeopleKind bw_view_kind = {
  .nick = "view",
  .title = "view",
  .view = BW_PERMISSION_VIEW_DEVICES,
  .manage = BW_PERMISSION_VIEW_DEVICES,
  .remove = BW_PERMISSION_VIEW_DEVICES,
  .create_members = create_members,
  .edit_members = edit_members,
  .prepare = prepare,
  .apply = apply,
  .write = write_view,
};
