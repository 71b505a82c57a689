/* bw-stock-text.h: stocks in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-stock.h"

G_BEGIN_DECLS

/* `Avery L7160`, or the name of an own one. */
char       *bw_stock_to_title         (const BwStock    *stock);
/* `A4, 3 × 7 = 21 labels of 63.5 × 38.1 mm` */
char       *bw_stock_to_user_text     (const BwStock    *stock);
/* The maker's words for it and its other numbers, below that. (nullable) */
char       *bw_stock_to_details       (const BwStock    *stock);
/* Where its measures are from. */
const char *bw_stock_catalogue_to_text (BwStockCatalogue catalogue);
/* What has to change, beside the field of that measure. */
char       *bw_stock_fault_to_text    (BwStockFault      fault);

G_END_DECLS
