/* bw-role-row.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-role.h"

G_BEGIN_DECLS

#define BW_TYPE_ROLE_ROW (bw_role_row_get_type ())

G_DECLARE_FINAL_TYPE (BwRoleRow, bw_role_row, BW, ROLE_ROW, AdwActionRow)

/* Pressed, it activates "roles.open" with the role's id. */
GtkWidget *bw_role_row_new (BwRole *role);

G_END_DECLS
