/* bw-labels-dialog.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-design-row.h"
#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_LABELS_DIALOG (bw_labels_dialog_get_type ())

/* Actions beside the buttons': labels.export-to (s) a path, .pdf, .zip or .zpl; labels.select-stock (s) a name as in
 * `bellwetherctl labels stocks`; labels.toggle-cell (u) of the first sheet, from 1 */
G_DECLARE_FINAL_TYPE (BwLabelsDialog, bw_labels_dialog, BW, LABELS_DIALOG, AdwWindow)

GtkWidget *bw_labels_dialog_new (BwSession *session,
                                 BwBatch   *batch);
/* Only these @serials (`3,7-9`), on @stock and designed like @design: to print them again. */
void       bw_labels_dialog_set_job (BwLabelsDialog *self,
                                     const BwStock  *stock,
                                     BwDesignRow    *design,
                                     const char     *serials);

G_END_DECLS
