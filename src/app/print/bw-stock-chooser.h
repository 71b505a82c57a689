/* bw-stock-chooser.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-stock.h"

G_BEGIN_DECLS

#define BW_TYPE_STOCK_CHOOSER (bw_stock_chooser_get_type ())

/* Signal `picked` (pointer): the stock that somebody has decided for, which lives as long as the program. */
G_DECLARE_FINAL_TYPE (BwStockChooser, bw_stock_chooser, BW, STOCK_CHOOSER, AdwWindow)

/* @current: (nullable): the one to begin with. */
GtkWidget *bw_stock_chooser_new (const BwStock *current);

G_END_DECLS
