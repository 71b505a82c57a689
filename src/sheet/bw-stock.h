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

/* Where a description comes from, in the order in which a name is looked for. */
typedef enum
{
  BW_STOCK_CURATED,        /* our own table, checked against the makers' numbers */
  BW_STOCK_OWN,            /* measured and typed by this user */
  BW_STOCK_LIBREOFFICE,    /* what is installed on this computer, unverified */
  BW_STOCK_GLABELS,
} BwStockCatalogue;

#define BW_STOCK_N_CATALOGUES  4
#define BW_STOCK_ANY_CATALOGUE ((1u << BW_STOCK_N_CATALOGUES) - 1)

#define BW_STOCK_NAME_MAX_BYTES 60
#define BW_STOCK_MAX_CELLS      2000
#define BW_STOCK_MAX_PER_AXIS   200
#define BW_STOCK_MIN_LABEL_MM   4
#define BW_STOCK_MIN_PAGE_MM    5
#define BW_STOCK_MAX_PAGE_MM    1500
#define BW_STOCK_MIN_DPI        72
#define BW_STOCK_MAX_DPI        2400

typedef struct
{
  double x;
  double y;
} BwStockPoint;

/* Lengths in millimetres; a page is upright as it leaves the printer. Stocks
 * that a function gave live as long as the program, also those that were
 * removed meanwhile: pointers to them are handed out freely. */
typedef struct
{
  const char         *name;            /* of this stock alone: "L7160", "glabels-Avery-L4730" */
  const char         *brand;           /* "Avery"; may be empty for an own one */
  const char         *part;            /* the maker's number: "L7160" */
  const char         *description;     /* (nullable): "Mini Labels" */
  const char * const *aliases;         /* same geometry, other names; NULL-terminated */
  const char         *paper;           /* "A4", "Letter", …, "custom", or "roll": the page is one label */
  BwStockCatalogue    catalogue;
  gboolean            is_verified;     /* somebody has checked the measures; else: print a test page first */
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
  const BwStockPoint *cells;           /* (nullable): of labels in no grid, row by row; then n_rows is 1,
                                        * n_columns their number, and left to pitch_y mean nothing */
  double              margin_x;        /* inside each label, at its left and right, where nothing is printed */
  double              margin_y;
  guint               dpi;             /* modules of a code are whole dots of this printer */
  gboolean            is_turned;       /* the text runs along the page's long side */
} BwStock;

/* What is wrong with a description, by the measure that has to change. */
typedef enum
{
  BW_STOCK_FAULT_NONE,
  BW_STOCK_FAULT_NAME,
  BW_STOCK_FAULT_PAPER,
  BW_STOCK_FAULT_COLUMNS,
  BW_STOCK_FAULT_ROWS,
  BW_STOCK_FAULT_COUNT,
  BW_STOCK_FAULT_WIDTH,
  BW_STOCK_FAULT_HEIGHT,
  BW_STOCK_FAULT_ROUND,
  BW_STOCK_FAULT_LEFT,
  BW_STOCK_FAULT_TOP,
  BW_STOCK_FAULT_PITCH_X,       /* the columns overlap */
  BW_STOCK_FAULT_PITCH_Y,
  BW_STOCK_FAULT_RIGHT_EDGE,    /* the last column is beyond the paper */
  BW_STOCK_FAULT_BOTTOM_EDGE,
  BW_STOCK_FAULT_OVERLAP,
  BW_STOCK_FAULT_MARGIN,
  BW_STOCK_FAULT_DPI,
} BwStockFault;

/* The curated ones, in the order in which to offer them: sheets for A4, for Letter, rolls. */
const BwStock * const *bw_stock_get_all       (guint             *ret_n_stocks);

/* What one catalogue has. The first call of an installed one reads its files, which takes some
 * 20 ms: from any thread. Own ones: as the file was when it was last read. (transfer container)
 * (element-type const BwStock) */
GPtrArray             *bw_stock_get_catalogue (BwStockCatalogue   catalogue);

/* @text: words that all have to match: maker, number, description, paper; `63.5x38.1` and `38 mm` or `1.5in`
 * are a label's measures, either way round. Empty: everything. @catalogues: bits 1 << BwStockCatalogue.
 * Favourites come first, then own and curated ones, then what is unverified; those whose number is
 * a word of @text before others. (transfer container) (element-type const BwStock) */
GPtrArray             *bw_stock_search        (const char        *text,
                                               guint              catalogues,
                                               gboolean           only_favourites);

/* @name: with the maker or without, in any case: `L7160`, `avery l7160`, an alias. One that several
 * makers of the installed catalogues use is BW_ERROR_CONFLICT; fails otherwise with BW_ERROR_NOT_FOUND. */
const BwStock         *bw_stock_find          (const char        *name,
                                               GError           **error);

/* `curated`, `own`, `libreoffice`, `glabels` */
const char            *bw_stock_catalogue_to_nick   (BwStockCatalogue   catalogue);
gboolean               bw_stock_catalogue_from_nick (const char        *nick,
                                                     BwStockCatalogue  *ret_catalogue);

/* Of a description that is being made: the size of a paper with a name (a roll's is the label's; of
 * "custom" it has to be there), and the margins inside the labels where they are NAN. Other members stay. */
void                   bw_stock_complete      (BwStock           *draft);

/* Does it fit its paper, do labels overlap, is every number within reason? One sentence in @error. */
gboolean               bw_stock_check         (const BwStock     *stock,
                                               BwStockFault      *ret_fault,
                                               GError           **error);

/* A length with its unit, `mm` when there is none: `63.5`, `63,5 mm`, `2.5in`, `2 5/8"`. In millimetres, NAN when it is none. */
double                 bw_stock_parse_length  (const char        *text);

guint                  bw_stock_get_n_cells   (const BwStock     *stock);

/* The left top corner of label @cell on its page, row by row from 0. */
void                   bw_stock_get_cell      (const BwStock     *stock,
                                               guint              cell,
                                               double            *ret_x,
                                               double            *ret_y);

/* `A4, 3 × 7 = 21 labels of 63.5 × 38.1 mm` */
char                  *bw_stock_to_text       (const BwStock     *stock);

/* A line of `labels stocks`: the name first, then brand, text and other names. */
char                  *bw_stock_to_line       (const BwStock     *stock);

G_END_DECLS
