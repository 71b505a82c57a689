/* bw-permission.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-model"

#include "bw-permission.h"

#include "bw-error.h"
#include "bw-json.h"

static const struct
{
  const char *nick;
  guint       implies;
} permissions[BW_N_PERMISSIONS] = {
  { "view-companies", 0 },
  { "manage-companies", BW_PERMISSION_VIEW_COMPANIES },
  { "delete-companies", BW_PERMISSION_VIEW_COMPANIES },
  { "view-users", 0 },
  { "manage-users", BW_PERMISSION_VIEW_USERS },
  { "delete-users", BW_PERMISSION_VIEW_USERS },
  { "view-participations", 0 },
  { "manage-participations", BW_PERMISSION_VIEW_PARTICIPATIONS },
  { "delete-participations", BW_PERMISSION_VIEW_PARTICIPATIONS },
  { "view-roles", 0 },
  { "manage-roles", BW_PERMISSION_VIEW_ROLES },
  { "delete-roles", BW_PERMISSION_VIEW_ROLES },
  { "create-ids", BW_PERMISSION_VIEW_DEVICES },
  { "manage-ids", BW_PERMISSION_VIEW_DEVICES },
  { "delete-ids", BW_PERMISSION_VIEW_DEVICES },
  { "view-devices", 0 },
  { "service-devices", BW_PERMISSION_VIEW_DEVICES },
  { "manage-devices", BW_PERMISSION_VIEW_DEVICES },
  { "control-devices", BW_PERMISSION_VIEW_DEVICES },
  { "approve-devices", BW_PERMISSION_VIEW_DEVICES },
  { "manage-layouts", 0 },
  { "upload-firmware", 0 },
  { "run-rollouts", BW_PERMISSION_VIEW_DEVICES },
  { "decide-requests", 0 },
  { "read-audit", 0 },
  { "manage-tags", 0 },
};

/* An end user's devices are those he is the owner of, which takes no permission. */
static const struct
{
  const char *nick;
  guint       permissions;
} builtins[] = {
  { BW_ROLE_SUPER_ADMIN, BW_PERMISSION_ALL },
  { BW_ROLE_COMPANY_ADMIN, BW_PERMISSION_ALL & ~(guint) BW_PERMISSION_CREATE_IDS },
  { BW_ROLE_SUPPORT,
    BW_PERMISSION_VIEW_COMPANIES | BW_PERMISSION_VIEW_USERS | BW_PERMISSION_VIEW_PARTICIPATIONS |
    BW_PERMISSION_VIEW_ROLES | BW_PERMISSION_VIEW_DEVICES | BW_PERMISSION_SERVICE_DEVICES |
    BW_PERMISSION_CONTROL_DEVICES },
  { BW_ROLE_SERVICEMAN,
    BW_PERMISSION_VIEW_DEVICES | BW_PERMISSION_SERVICE_DEVICES | BW_PERMISSION_CONTROL_DEVICES },
  { BW_ROLE_END_USER, 0 },
};

const char *
bw_permission_to_nick (guint number)
{
  g_return_val_if_fail (number < BW_N_PERMISSIONS, NULL);

  return permissions[number].nick;
}

gboolean
bw_permission_from_nick (const char   *nick,
                         BwPermission *ret_permission)
{
  for (guint i = 0; i < BW_N_PERMISSIONS; i++)
    {
      if (g_strcmp0 (permissions[i].nick, nick) == 0)
        {
          *ret_permission = (BwPermission) (1u << i);
          return TRUE;
        }
    }

  return FALSE;
}

guint
bw_permissions_complete (guint set)
{
  guint all = set & BW_PERMISSION_ALL;

  /* no permission implies one that implies another */
  for (guint i = 0; i < BW_N_PERMISSIONS; i++)
    {
      if (set & (1u << i))
        all |= permissions[i].implies;
    }

  return all;
}

gboolean
bw_permissions_of_builtin (const char *nick,
                           guint      *ret_permissions)
{
  for (gsize i = 0; i < G_N_ELEMENTS (builtins); i++)
    {
      if (g_strcmp0 (builtins[i].nick, nick) == 0)
        {
          *ret_permissions = builtins[i].permissions;
          return TRUE;
        }
    }

  return FALSE;
}

gboolean
bw_permissions_from_json (JsonArray  *array,
                          guint      *ret_permissions,
                          GError    **error)
{
  guint set = 0;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      const char *nick = json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
      BwPermission permission;

      if (!bw_permission_from_nick (nick, &permission))
        {
          g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” is no permission", nick != NULL ? nick : "");
          return FALSE;
        }

      set |= permission;
    }

  *ret_permissions = bw_permissions_complete (set);

  return TRUE;
}

void
bw_permissions_write (GString    *out,
                      const char *name,
                      guint       set)
{
  bw_json_begin_array (out, name);
  for (guint i = 0; i < BW_N_PERMISSIONS; i++)
    {
      if (set & (1u << i))
        bw_json_add_string (out, NULL, permissions[i].nick);
    }
  bw_json_end_array (out);
}
