/* bw-labels-dialog.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_LABELS_DIALOG (bw_labels_dialog_get_type ())

/* Actions beside the buttons': labels.export-to (s) a path; labels.select-stock (s) a name as in
 * `bellwetherctl labels stocks` */
G_DECLARE_FINAL_TYPE (BwLabelsDialog, bw_labels_dialog, BW, LABELS_DIALOG, AdwWindow)

GtkWidget *bw_labels_dialog_new (BwSession *session,
                                 BwBatch   *batch);

G_END_DECLS
