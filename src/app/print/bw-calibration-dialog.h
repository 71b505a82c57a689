/* bw-calibration-dialog.h: what a printer does to a stock, measured and kept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-stock.h"

G_BEGIN_DECLS

#define BW_TYPE_CALIBRATION_DIALOG (bw_calibration_dialog_get_type ())

/* Signal: saved (printer). Action beside the buttons': calibration.export-to (s) a path */
G_DECLARE_FINAL_TYPE (BwCalibrationDialog, bw_calibration_dialog, BW, CALIBRATION_DIALOG, AdwWindow)

/* @printer: (nullable): one that is known */
GtkWidget *bw_calibration_dialog_new (GtkWindow     *parent,
                                      const BwStock *stock,
                                      const char    *printer);

G_END_DECLS
