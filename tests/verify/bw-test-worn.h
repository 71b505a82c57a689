/* bw-test-worn.h: labels as a printer leaves them on paper, and as a camera sees that
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-gray.h"
#include "bw-sheet.h"

G_BEGIN_DECLS

#define BW_TEST_SKEW_DEGREES 2.0

typedef struct
{
  guint n;          /* labels that were tried */
  guint n_plain;    /* confirmed on the page as printed */
  guint n_worn;     /* … with 2° skew, ink gain and blur */
} BwTestReadability;

/* (transfer full): a page of a PDF in the dots of a printer, black or white. @number: from 1 */
BwGray *bw_test_print_page        (const char    *pdf,
                                   guint          number,
                                   guint          dpi);

/* (transfer full): that page before a camera of 9 pixels a millimetre: dots with sharp edges, ink that spread by
 * 0.04 mm to all sides, optics of 0.07 mm. */
BwGray *bw_test_wear_page         (const BwGray  *printed,
                                   guint          dpi,
                                   double         degrees);

/* Prints @n_labels or more of the automatic design, whole pages of them, on a printer of @dpi, and reads them back as
 * print-verify does. */
void    bw_test_measure_readability (const BwStock     *stock,
                                     guint              dpi,
                                     guint              n_labels,
                                     BwTestReadability *ret_readability);

G_END_DECLS
