/* bw-stock-picture.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-stock.h"

G_BEGIN_DECLS

#define BW_TYPE_STOCK_PICTURE (bw_stock_picture_get_type ())

G_DECLARE_FINAL_TYPE (BwStockPicture, bw_stock_picture, BW, STOCK_PICTURE, GtkWidget)

/* @stock: (nullable); its measures are copied. What does not fit on the paper is drawn in red. */
void bw_stock_picture_set_stock (BwStockPicture *self,
                                 const BwStock  *stock);

G_END_DECLS
