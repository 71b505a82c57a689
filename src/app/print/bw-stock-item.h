/* bw-stock-item.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-stock.h"

G_BEGIN_DECLS

#define BW_TYPE_STOCK_ITEM (bw_stock_item_get_type ())

G_DECLARE_FINAL_TYPE (BwStockItem, bw_stock_item, BW, STOCK_ITEM, GObject)

BwStockItem        *bw_stock_item_new           (const BwStock  *stock,
                                                 gboolean        is_favourite);
const BwStock      *bw_stock_item_get_stock     (BwStockItem    *self);
gboolean            bw_stock_item_is_favourite  (BwStockItem    *self);

/* Rows for a list of them. Whoever presses a star activates `stocks.star` (sb): the name, and whether it shines now. (transfer full) */
GtkListItemFactory *bw_stock_item_factory_new   (void);

G_END_DECLS
