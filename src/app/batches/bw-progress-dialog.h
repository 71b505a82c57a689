/* bw-progress-dialog.h: how far a batch is, and who is behind
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_PROGRESS_DIALOG (bw_progress_dialog_get_type ())

G_DECLARE_FINAL_TYPE (BwProgressDialog, bw_progress_dialog, BW, PROGRESS_DIALOG, AdwWindow)

GtkWidget *bw_progress_dialog_new (BwSession *session,
                                   BwBatch   *batch);

G_END_DECLS
