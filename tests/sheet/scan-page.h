/* scan-page.h: a page of a PDF in pixels, and the codes on it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-stock.h"

#include <zbar.h>

typedef struct
{
  guchar *pixels;       /* grey */
  guint   width;
  guint   height;
  char   *bytes;        /* owns them */
} ScanPage;

/* (transfer full): always the same for one number */
char *scan_page_make_id   (guint                 n);

/* Fails the test when the program fails. @ret_output: (nullable) */
void  scan_page_run       (const char * const   *argv,
                           char                **ret_output);

/* @page_number: from 1 */
void  scan_page_render    (const char           *pdf,
                           guint                 page_number,
                           guint                 dpi,
                           ScanPage             *ret_page);

/* The one code of a cell; @module: mm. Returns: (transfer full) (nullable) */
char *scan_page_read_cell (zbar_image_scanner_t *scanner,
                           const BwStock        *stock,
                           double                module,
                           const ScanPage       *page,
                           guint                 cell,
                           guint                 dpi);
