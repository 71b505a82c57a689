/* bw-bulk-result-dialog.h: what became of each device
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_BULK_RESULT_DIALOG (bw_bulk_result_dialog_get_type ())

/* Signal: undo (const char *job_id)  somebody wants it as it was before; the dialog closes
 * Actions: results.undo, results.export, results.export-to('s': a path), results.state('s') */
G_DECLARE_FINAL_TYPE (BwBulkResultDialog, bw_bulk_result_dialog, BW, BULK_RESULT_DIALOG, AdwWindow)

/* @job: as it ended. */
GtkWidget *bw_bulk_result_dialog_new (BwSession  *session,
                                      JsonObject *job);

G_END_DECLS
