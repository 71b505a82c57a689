/* bw-edit-user-dialog.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"
#include "bw-user.h"

G_BEGIN_DECLS

#define BW_TYPE_EDIT_USER_DIALOG (bw_edit_user_dialog_get_type ())

/* Signal: done (BwOutcome *)  saved; the dialog closes */
G_DECLARE_FINAL_TYPE (BwEditUserDialog, bw_edit_user_dialog, BW, EDIT_USER_DIALOG, AdwWindow)

GtkWidget *bw_edit_user_dialog_new (BwSession *session,
                                    BwUser    *user);

G_END_DECLS
