/* bw-tiff.h: pages of a TIFF
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-gray.h"

G_BEGIN_DECLS

/* A scanner with a feeder writes many pages into one file. */
typedef struct _BwTiff BwTiff;

/* (nullable): when it is none */
BwTiff  *bw_tiff_open         (GBytes *bytes);
void     bw_tiff_free         (BwTiff *self);

/* At most @max + 1 are counted. */
guint    bw_tiff_count_pages  (BwTiff *self,
                               guint   max);
/* Sets the sizes to 0 when the page is broken. */
void     bw_tiff_get_size     (BwTiff *self,
                               guint   page,
                               guint  *ret_width,
                               guint  *ret_height);
/* (nullable): when it is broken. The size was looked at before. */
BwGray  *bw_tiff_render       (BwTiff *self,
                               guint   page);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwTiff, bw_tiff_free)

G_END_DECLS
