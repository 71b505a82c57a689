/* bw-invite-dialog.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_INVITE_DIALOG (bw_invite_dialog_get_type ())

/* Signal: done (BwOutcome *)  invited, or waiting for approval; the dialog closes */
G_DECLARE_FINAL_TYPE (BwInviteDialog, bw_invite_dialog, BW, INVITE_DIALOG, AdwWindow)

GtkWidget *bw_invite_dialog_new (BwSession *session);

G_END_DECLS
