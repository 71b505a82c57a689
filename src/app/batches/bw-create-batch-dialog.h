/* bw-create-batch-dialog.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_CREATE_BATCH_DIALOG (bw_create_batch_dialog_get_type ())

/* Signal: created (BwBatch *batch)  the server has taken it; the dialog closes. */
G_DECLARE_FINAL_TYPE (BwCreateBatchDialog, bw_create_batch_dialog, BW, CREATE_BATCH_DIALOG, AdwWindow)

GtkWidget *bw_create_batch_dialog_new (BwSession *session);

G_END_DECLS
