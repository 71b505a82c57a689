/* bw-confirm-dialog.h: which devices carry their firmware
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_CONFIRM_DIALOG (bw_confirm_dialog_get_type ())

/* Signal: confirmed (): some devices are flashed now. */
G_DECLARE_FINAL_TYPE (BwConfirmDialog, bw_confirm_dialog, BW, CONFIRM_DIALOG, AdwWindow)

GtkWidget *bw_confirm_dialog_new (BwSession *session,
                                  BwBatch   *batch);

G_END_DECLS
