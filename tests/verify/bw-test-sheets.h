/* bw-test-sheets.h: sheets of labels as a scanner sees them, with faults
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-gray.h"
#include "bw-label-reader.h"
#include "bw-sheet.h"

G_BEGIN_DECLS

#define BW_TEST_DPI 300

/* (transfer full) */
char    *bw_test_make_id         (guint                n);

/* (transfer full): labels of the IDs @first, @first + 1, …, beginning at cell @start (from 1) */
BwSheet *bw_test_sheet_new       (const BwStock       *stock,
                                  guint                first,
                                  guint                n_labels,
                                  guint                start);

/* (transfer full): as printed, at BW_TEST_DPI */
BwGray  *bw_test_sheet_render    (BwSheet             *sheet,
                                  guint                page);

/* Faults. Cells from 0; the picture is one at BW_TEST_DPI without a transform. */
void     bw_test_blank           (BwGray              *image,
                                  const BwStock       *stock,
                                  guint                cell);
void     bw_test_smear           (BwGray              *image,
                                  const BwStock       *stock,
                                  guint                cell);
void     bw_test_paste           (BwGray              *image,
                                  const BwStock       *stock,
                                  guint                cell,
                                  const BwGray        *from_image,
                                  guint                from_cell);
void     bw_test_swap            (BwGray              *image,
                                  const BwStock       *stock,
                                  guint                cell,
                                  guint                other);
/* A code with any text where the label's own is. */
void     bw_test_put_code        (BwGray              *image,
                                  const BwStock       *stock,
                                  guint                cell,
                                  const char          *text);

/* (transfer full): shifted by millimetres, turned about its middle, at another resolution */
BwGray  *bw_test_transform       (const BwGray        *image,
                                  double               dx,
                                  double               dy,
                                  double               degrees,
                                  double               scale,
                                  double               dpi);
/* (transfer full): a photo from 400 mm above the middle of the sheet, which is tilted about that much */
BwGray  *bw_test_tilt            (const BwGray        *image,
                                  double               degrees_x,
                                  double               degrees_y);
void     bw_test_blur            (BwGray              *image,
                                  guint                n_times);
void     bw_test_noise           (BwGray              *image,
                                  int                  amplitude);
/* Ink that spreads by a dot of BW_TEST_DPI. */
void     bw_test_gain            (BwGray              *image);

/* @type: "png" or "jpeg" (then of quality 60) */
void     bw_test_save            (const BwGray        *image,
                                  const char          *path,
                                  const char          *type);

G_END_DECLS
