/* bw-code-scanner.h: codes in a picture
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-device-id.h"
#include "bw-gray.h"

G_BEGIN_DECLS

/* Corners of the dark and light modules, in pixels of the picture. "Left" and
 * "top" are the code's own, the way it was drawn. */
typedef struct
{
  char   *text;            /* (owned): valid UTF-8, at most BW_CODE_MAX_BYTES */
  double  left_top[2];
  double  left_bottom[2];
  double  right_bottom[2];
  double  right_top[2];
} BwCode;

#define BW_CODE_MAX_BYTES 200

/* For one thread at a time. */
typedef struct _BwCodeScanner BwCodeScanner;

BwCodeScanner *bw_code_scanner_new  (void);
void           bw_code_scanner_free (BwCodeScanner *self);

/* (transfer full) (element-type BwCode): all QR codes that can be read as the picture is */
GArray        *bw_code_scanner_scan (BwCodeScanner *self,
                                     const BwGray  *image);

/* A code holds an ID alone, or a link that ends in one: `https://example.com/d/ABCD…`. */
gboolean       bw_code_parse_id     (const char    *text,
                                     char           ret_id[BW_DEVICE_ID_SIZE]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwCodeScanner, bw_code_scanner_free)

G_END_DECLS
