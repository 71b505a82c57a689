/* bw-scan-file.h: pages of scanned pictures and PDFs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "bw-gray.h"

G_BEGIN_DECLS

#define BW_SCAN_FILE_MAX_BYTES (128 * 1024 * 1024)
#define BW_SCAN_FILE_MAX_PAGES 250

/* A PNG, JPEG or BMP is one page; a TIFF and a PDF have many, and one at a time is
 * in memory. The file is foreign: sizes are looked at before room is taken. */
typedef struct _BwScanFile BwScanFile;

BwScanFile *bw_scan_file_open        (const char  *path,
                                      GError     **error);
void        bw_scan_file_free        (BwScanFile  *self);

guint       bw_scan_file_get_n_pages (BwScanFile  *self);
/* @page: from 0. (transfer full) */
BwGray     *bw_scan_file_render      (BwScanFile  *self,
                                      guint        page,
                                      GError     **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwScanFile, bw_scan_file_free)

G_END_DECLS
