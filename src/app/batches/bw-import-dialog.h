/* bw-import-dialog.h: Device IDs that exist already become a batch
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_IMPORT_DIALOG (bw_import_dialog_get_type ())

/* Signal: imported (BwBatch *, guint n_left_out), before it closes; the batch grows in the background. */
G_DECLARE_FINAL_TYPE (BwImportDialog, bw_import_dialog, BW, IMPORT_DIALOG, AdwWindow)

GtkWidget *bw_import_dialog_new  (BwSession      *session);
/* As if it had been chosen. */
void       bw_import_dialog_load (BwImportDialog *self,
                                  const char     *path);

G_END_DECLS
