/* bw-gray.h: pictures in shades of grey
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cairo.h>
#include <gdk-pixbuf/gdk-pixbuf.h>

G_BEGIN_DECLS

/* A byte a pixel, 255 is white, rows without padding. */
typedef struct
{
  guint   width;
  guint   height;
  guchar *pixels;
} BwGray;

/* A sheet of 297 × 420 mm at 450 dpi, or A4 at 600 dpi with room to spare. */
#define BW_GRAY_MAX_PIXELS (64 * 1000 * 1000)

/* Pixels are not set. */
BwGray *bw_gray_new             (guint                 width,
                                 guint                 height);
void    bw_gray_free            (BwGray               *self);

/* What is transparent becomes white. */
BwGray *bw_gray_new_from_pixbuf (GdkPixbuf            *pixbuf);

/* Fills @self with what @image shows there: @to_image takes a place in @self to one in @image.
 * Between pixels it is linear, smaller is averaged, and outside of @image all is white. */
void    bw_gray_sample          (BwGray               *self,
                                 const BwGray         *image,
                                 const cairo_matrix_t *to_image);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwGray, bw_gray_free)

G_END_DECLS
