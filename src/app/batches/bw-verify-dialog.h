/* bw-verify-dialog.h: printed labels of a batch, read back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_VERIFY_DIALOG (bw_verify_dialog_get_type ())

/* Actions beside the buttons': verify.read (s) a path; verify.reprint-to (s) a path;
 * verify.select-stock (s) a name as in `bellwetherctl labels stocks` */
G_DECLARE_FINAL_TYPE (BwVerifyDialog, bw_verify_dialog, BW, VERIFY_DIALOG, AdwWindow)

GtkWidget *bw_verify_dialog_new (BwSession *session,
                                 BwBatch   *batch);

G_END_DECLS
