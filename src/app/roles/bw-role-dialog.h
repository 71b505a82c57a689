/* bw-role-dialog.h: one role
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_ROLE_DIALOG (bw_role_dialog_get_type ())

/* Signal: copy (BwRole *)  a new role like this one is wanted; the dialog has closed */
G_DECLARE_FINAL_TYPE (BwRoleDialog, bw_role_dialog, BW, ROLE_DIALOG, AdwWindow)

/* @role: NULL for a new one, which begins with what @like (nullable) may do. How it ended is told in @toasts. */
GtkWidget *bw_role_dialog_new (BwSession       *session,
                               BwRole          *role,
                               BwRole          *like,
                               AdwToastOverlay *toasts);

G_END_DECLS
