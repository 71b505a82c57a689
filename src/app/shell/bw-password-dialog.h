/* bw-password-dialog.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_PASSWORD_DIALOG (bw_password_dialog_get_type ())

/* Signal: changed ()  the new password holds; the dialog closes. */
G_DECLARE_FINAL_TYPE (BwPasswordDialog, bw_password_dialog, BW, PASSWORD_DIALOG, AdwWindow)

/* @is_first: the password was made by the server for the first sign-in, and the dialog says so. */
GtkWidget *bw_password_dialog_new (BwSession *session,
                                   gboolean   is_first);
BwSession *bw_password_dialog_get_session (BwPasswordDialog *self);

G_END_DECLS
