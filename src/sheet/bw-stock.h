/* bw-stock.h: the label sheets and rolls that can be bought
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  BW_STOCK_RECTANGLE,
  BW_STOCK_ROUND,
} BwStockShape;

/* Lengths in millimetres; a page is upright as it leaves the printer. Stocks
 * come from data/labels and live as long as the program. */
typedef struct
{
  const char         *name;            /* one word: "L7160" */
  const char         *brand;           /* "Avery" */
  const char * const *aliases;         /* same geometry, other names; NULL-terminated */
  const char         *paper;           /* "A4", "Letter" or "roll": the page is one label */
  BwStockShape        shape;
  double              page_width;
  double              page_height;
  guint               n_columns;
  guint               n_rows;
  double              width;           /* of a label */
  double              height;
  double              left;            /* of the first label */
  double              top;
  double              pitch_x;
  double              pitch_y;
  double              margin_x;        /* inside each label, at its left and right, where nothing is printed */
  double              margin_y;
  guint               dpi;             /* modules of a code are whole dots of this printer */
  gboolean            is_turned;       /* the text runs along the page's long side */
} BwStock;

/* In the order in which to offer them: sheets for A4, for Letter, rolls. */
const BwStock * const *bw_stock_get_all (guint          *ret_n_stocks);

/* @name: with the brand or without, in any case: `L7160`, `avery l7160`, an alias.
 * Fails with BW_ERROR_NOT_FOUND. */
const BwStock         *bw_stock_find    (const char     *name,
                                         GError        **error);

guint                  bw_stock_get_n_cells (const BwStock *stock);

/* The left top corner of label @cell on its page, row by row from 0. */
void                   bw_stock_get_cell    (const BwStock *stock,
                                             guint          cell,
                                             double        *ret_x,
                                             double        *ret_y);

/* `A4, 3 × 7 = 21 labels of 63.5 × 38.1 mm` */
char                  *bw_stock_to_text     (const BwStock *stock);

/* A line of `labels stocks`: the name first, then brand, text and other names. */
char                  *bw_stock_to_line     (const BwStock *stock);

G_END_DECLS
