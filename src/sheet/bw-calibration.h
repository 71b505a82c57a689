/* bw-calibration.h: what a printer does to a page, taken back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BW_CALIBRATION_MAX_MOVE_MM 20.0
#define BW_CALIBRATION_MIN_SCALE   0.9
#define BW_CALIBRATION_MAX_SCALE   1.1
#define BW_CALIBRATION_MAX_DEGREES 5.0

/* Where to draw, so that it comes out right: turned, then scaled, then moved, all from the page's left
 * top corner. */
typedef struct
{
  double dx;         /* mm to the right */
  double dy;         /* mm down */
  double scale_x;
  double scale_y;
  double degrees;    /* clockwise */
} BwCalibration;

#define BW_CALIBRATION_INIT { .scale_x = 1.0, .scale_y = 1.0 }

gboolean bw_calibration_is_none (const BwCalibration  *self);
/* Fails with BW_ERROR_INVALID. */
gboolean bw_calibration_check   (const BwCalibration  *self,
                                 GError              **error);
/* A place on the page, in mm. */
void     bw_calibration_apply   (const BwCalibration  *self,
                                 double               *x,
                                 double               *y);
/* What to scale by when a ruler of @mm came out as @measured. */
double   bw_calibration_scale_for (double              mm,
                                   double              measured);

/* What is kept of printers: `printers.json` in the user's settings, for the desktop and bellwetherctl. */
typedef struct
{
  char          *printer;
  char          *stock;
  BwCalibration  calibration;
} BwPrinterStock;

/* Nothing kept of them is no calibration. */
gboolean   bw_calibration_load    (const char           *printer,
                                   const char           *stock,
                                   BwCalibration        *ret_calibration,
                                   GError              **error);
/* None of it is forgotten. */
gboolean   bw_calibration_save    (const char           *printer,
                                   const char           *stock,
                                   const BwCalibration  *calibration,
                                   GError              **error);
/* By printer and stock. (transfer full) (element-type BwPrinterStock) */
GPtrArray *bw_calibration_list    (GError              **error);

G_END_DECLS
