/* bw-test-page.h: PDFs as a printer sees them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>
#include <zbar.h>

G_BEGIN_DECLS

#define BW_TEST_PT_PER_INCH 72.0
#define BW_TEST_MM_PER_INCH 25.4

typedef struct
{
  guchar *pixels;       /* grey */
  guint   width;
  guint   height;
  char   *bytes;        /* (owned) (nullable): they lie in it */
} BwTestPage;

/* The nth of an endless row of Device IDs. (transfer full) */
char         *bw_test_make_id     (guint               n);
void          bw_test_run         (const char * const *argv,
                                   char              **ret_output);
void          bw_test_page_render (const char         *pdf,
                                   guint               page_number,
                                   guint               dpi,
                                   BwTestPage         *ret_page);
void          bw_test_page_clear  (BwTestPage         *page);
/* A part of the page, each pixel @scale times as large. */
zbar_image_t *bw_test_page_crop   (const BwTestPage   *page,
                                   guint               left,
                                   guint               top,
                                   guint               width,
                                   guint               height,
                                   guint               scale);
/* The one code in it. (transfer full) (nullable) */
char         *bw_test_scan        (zbar_image_t       *image);

G_END_DECLS
