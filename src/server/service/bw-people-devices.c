/* bw-people-devices.c: a Device ID is deleted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-people-private.h"

#include <string.h>

#include "bw-device-id.h"
#include "bw-device-repo.h"
#include "bw-error.h"

static gboolean
write_device (BwAuthority    *authority,
              const BwActor  *actor,
              BwDb           *db,
              gint64          id,
              GString        *out,
              GError        **error)
{
  g_set_error_literal (error, BW_ERROR, BW_ERROR_NOT_FOUND, "a device has its own route");

  return FALSE;
}

static gboolean
prepare (BwChange       *change,
         BwStoreThread  *thread,
         GError        **error)
{
  char canonical[BW_DEVICE_ID_SIZE];

  change->before = g_string_new (NULL);
  if (!bw_device_id_parse (change->object_id, strlen (change->object_id), canonical))
    {
      bw_change_refuse_missing (change, error);
      return FALSE;
    }

  g_free (change->object_id);
  change->object_id = g_strdup (canonical);
  change->object_name = g_strdup (canonical);
  change->parks = TRUE;

  return bw_device_repo_write_document (thread->db, canonical, FALSE, change->before, &change->company_id, error) &&
         bw_change_decide (change, change->company_id, error);
}

static gboolean
apply (BwChange       *change,
       BwStoreThread  *thread,
       GError        **error)
{
  return bw_device_repo_remove (thread, change->object_id, error);
}

static const char *const members[] = { "comment", NULL };

const BwPeopleKind bw_device_kind = {
  .nick = "device",
  .title = "device",
  .view = BW_PERMISSION_VIEW_DEVICES,
  .manage = BW_PERMISSION_MANAGE_IDS,
  .remove = BW_PERMISSION_DELETE_IDS,
  .create_members = members,
  .edit_members = members,
  .prepare = prepare,
  .apply = apply,
  .write = write_device,
};
