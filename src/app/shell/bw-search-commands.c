/* bw-search-commands.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-search-commands.h"

#include <glib/gi18n.h>

#define ICON "system-run-symbolic"

static const BwSearchCommand commands[] = {
  { N_("Overview"), "bw-overview-symbolic", "win.show-place::overview", BW_PERMISSION_VIEW_DEVICES },
  { N_("Devices"), "bw-devices-symbolic", "win.show-place::devices", BW_PERMISSION_VIEW_DEVICES },
  { N_("Devices That Wait for Approval"), "bw-devices-symbolic", "win.show-devices::awaiting-approval",
    BW_PERMISSION_VIEW_DEVICES },
  { N_("Blocked Devices"), "bw-devices-symbolic", "win.show-devices::blocked", BW_PERMISSION_VIEW_DEVICES },
  { N_("Batches"), "bw-batches-symbolic", "win.show-place::batches", BW_PERMISSION_VIEW_DEVICES },
  { N_("Companies"), "bw-companies-symbolic", "win.show-place::companies", BW_PERMISSION_VIEW_COMPANIES },
  { N_("Users"), "bw-users-symbolic", "win.show-place::users", BW_PERMISSION_VIEW_USERS },
  { N_("Participations"), "bw-participations-symbolic", "win.show-place::participations",
    BW_PERMISSION_VIEW_PARTICIPATIONS },
  { N_("Roles"), "bw-roles-symbolic", "win.show-place::roles", BW_PERMISSION_VIEW_ROLES },
  { N_("Requests"), "bw-requests-symbolic", "win.show-place::requests", BW_PERMISSION_DECIDE_REQUESTS },
  { N_("Audit Log"), "bw-audit-symbolic", "win.show-place::audit", BW_PERMISSION_READ_AUDIT },
  { N_("Create Device IDs"), ICON, "win.create-ids", BW_PERMISSION_CREATE_IDS },
  { N_("Act as Somebody Else"), ICON, "win.switch", 0 },
  { N_("Reload"), ICON, "win.reload", 0 },
  { N_("My Account"), ICON, "win.account", 0 },
  { N_("Change Password"), ICON, "win.change-password", 0 },
  { N_("Trusted Certificates"), ICON, "win.trusted-certificates", 0 },
  { N_("Keyboard Shortcuts"), ICON, "win.show-help-overlay", 0 },
  { N_("Sign Out"), ICON, "win.sign-out", 0 },
};

GPtrArray *
bw_search_commands_find (BwSession  *session,
                         const char *text)
{
  GPtrArray *found = g_ptr_array_new ();
  guint permissions = bw_session_get_permissions (session);

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      gboolean may = commands[i].any_of == 0 || (permissions & commands[i].any_of) != 0;

      if (may && (*text == '\0' || g_str_match_string (text, _(commands[i].title), TRUE)))
        g_ptr_array_add (found, (gpointer) &commands[i]);
    }

  return found;
}
