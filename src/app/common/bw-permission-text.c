/* bw-permission-text.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-permission-text.h"

#include <glib/gi18n.h>

static const struct
{
  const char *text;
  const char *group;
} texts[BW_N_PERMISSIONS] = {
  { NC_("permission", "View companies"), NC_("permission group", "Companies") },
  { NC_("permission", "Manage companies"), NC_("permission group", "Companies") },
  { NC_("permission", "Delete companies"), NC_("permission group", "Companies") },
  { NC_("permission", "View users"), NC_("permission group", "Users") },
  { NC_("permission", "Manage users"), NC_("permission group", "Users") },
  { NC_("permission", "Delete users"), NC_("permission group", "Users") },
  { NC_("permission", "View participations"), NC_("permission group", "Participations") },
  { NC_("permission", "Manage participations"), NC_("permission group", "Participations") },
  { NC_("permission", "Delete participations"), NC_("permission group", "Participations") },
  { NC_("permission", "View roles"), NC_("permission group", "Roles") },
  { NC_("permission", "Manage roles"), NC_("permission group", "Roles") },
  { NC_("permission", "Delete roles"), NC_("permission group", "Roles") },
  { NC_("permission", "Create Device IDs"), NC_("permission group", "Device IDs") },
  { NC_("permission", "Manage Device IDs"), NC_("permission group", "Device IDs") },
  { NC_("permission", "Delete Device IDs"), NC_("permission group", "Device IDs") },
  { NC_("permission", "View devices"), NC_("permission group", "Devices") },
  { NC_("permission", "Service devices"), NC_("permission group", "Devices") },
  { NC_("permission", "Manage devices"), NC_("permission group", "Devices") },
  { NC_("permission", "Control devices"), NC_("permission group", "Devices") },
  { NC_("permission", "Approve devices"), NC_("permission group", "Devices") },
  { NC_("permission", "Manage layouts"), NC_("permission group", "Layouts and firmware") },
  { NC_("permission", "Upload firmware"), NC_("permission group", "Layouts and firmware") },
  { NC_("permission", "Run rollouts"), NC_("permission group", "Layouts and firmware") },
  { NC_("permission", "Decide requests"), NC_("permission group", "Oversight") },
  { NC_("permission", "Read the audit log"), NC_("permission group", "Oversight") },
  { NC_("permission", "Manage tags"), NC_("permission group", "Oversight") },
};

static const char * const roles[] = {
  NC_("role", "Super Admin"),
  NC_("role", "Company Admin"),
  NC_("role", "Support"),
  NC_("role", "Serviceman"),
  NC_("role", "End User"),
};

const char *
bw_permission_to_text (guint number)
{
  g_return_val_if_fail (number < BW_N_PERMISSIONS, NULL);

  return g_dpgettext2 (NULL, "permission", texts[number].text);
}

const char *
bw_permission_to_group_text (guint number)
{
  g_return_val_if_fail (number < BW_N_PERMISSIONS, NULL);

  return g_dpgettext2 (NULL, "permission group", texts[number].group);
}

char *
bw_permissions_to_text (guint permissions)
{
  g_autoptr(GString) text = g_string_new (NULL);
  guint implied = 0;

  for (guint i = 0; i < BW_N_PERMISSIONS; i++)
    {
      guint bit = 1u << i;

      if (permissions & bit)
        implied |= bw_permissions_complete (bit) & ~bit;
    }

  for (guint i = 0; i < BW_N_PERMISSIONS; i++)
    {
      if ((permissions & ~implied & (1u << i)) == 0)
        continue;

      if (text->len > 0)
        /* Translators: between the parts of a list: "View users, View roles" */
        g_string_append (text, _(", "));
      g_string_append (text, bw_permission_to_text (i));
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

const char *
bw_role_name_to_text (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      if (g_strcmp0 (roles[i], name) == 0)
        return g_dpgettext2 (NULL, "role", roles[i]);
    }

  return name;
}

char *
bw_role_at_company_to_text (const char *role,
                            const char *company)
{
  if (role == NULL || company == NULL)
    return NULL;

  /* Translators: a role, and the company in which one has it */
  return g_strdup_printf (C_("participation", "%s at %s"), bw_role_name_to_text (role), company);
}
