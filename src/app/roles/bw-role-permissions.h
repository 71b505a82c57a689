/* bw-role-permissions.h: the permissions of a role, to be checked
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-permission.h"

G_BEGIN_DECLS

#define BW_TYPE_ROLE_PERMISSIONS (bw_role_permissions_get_type ())

/* Signal: changed ()  somebody checked or unchecked one */
G_DECLARE_FINAL_TYPE (BwRolePermissions, bw_role_permissions, BW, ROLE_PERMISSIONS, GtkWidget)

/* @grantable: what whoever edits may give or take; the others are shown as they are. 0: only to be read. */
void  bw_role_permissions_set (BwRolePermissions *self,
                               guint              permissions,
                               guint              grantable);
/* With all that they imply. */
guint bw_role_permissions_get (BwRolePermissions *self);

G_END_DECLS
