/* bw-account-dialog.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_ACCOUNT_DIALOG (bw_account_dialog_get_type ())

G_DECLARE_FINAL_TYPE (BwAccountDialog, bw_account_dialog, BW, ACCOUNT_DIALOG, AdwWindow)

GtkWidget *bw_account_dialog_new (BwSession *session);

G_END_DECLS
