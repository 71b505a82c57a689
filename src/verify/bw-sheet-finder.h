/* bw-sheet-finder.h: where a sheet lies in its scan
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-code-scanner.h"
#include "bw-stock.h"

G_BEGIN_DECLS

/* Millimetres on the page as it leaves the printer. */
typedef struct
{
  const BwStock *stock;
  double         code_x;       /* the code's centre, from the label's left top corner */
  double         code_y;
  double         code_side;    /* of its dark and light modules */
  guint          n_modules;    /* along a side */
} BwSheetGrid;

/* A code that was read: its cell, and where its centre is in the picture. */
typedef struct
{
  guint  cell;
  double x;
  double y;
} BwSheetPoint;

/* Could a code with that text stand in that cell? */
typedef gboolean (*BwSheetFitsFunc) (const char *text,
                                     guint       cell,
                                     gpointer    user_data);

void     bw_sheet_grid_get_code (const BwSheetGrid    *grid,
                                 guint                 cell,
                                 double               *ret_x,
                                 double               *ret_y);

/* The scale of the picture, in pixels a millimetre, when the page just fills it. */
double   bw_sheet_grid_get_scale (const BwSheetGrid   *grid,
                                  const BwGray        *image);

/* @codes: (element-type BwCode): some of the page's, in pixels of the picture. @ret_to_image takes
 * millimetres on the page to pixels: shifted, turned by any angle, scaled and a little skewed. */
gboolean bw_sheet_find          (const BwSheetGrid    *grid,
                                 const BwGray         *image,
                                 const GArray         *codes,
                                 BwSheetFitsFunc       fits,
                                 gpointer              user_data,
                                 cairo_matrix_t       *ret_to_image);

/* Was the picture taken at such an angle that neighbours could be taken for each other? @codes: as above */
gboolean bw_sheet_is_too_skewed (const GArray         *codes);

/* Makes @to_image better by what is known now. @points: (element-type BwSheetPoint) */
void     bw_sheet_refine        (const BwSheetGrid    *grid,
                                 const GArray         *points,
                                 cairo_matrix_t       *to_image);

G_END_DECLS
