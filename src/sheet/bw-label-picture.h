/* bw-label-picture.h: the file of a logo, drawn
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-label-logo.h"

G_BEGIN_DECLS

/* As fine as a label can use it; read only, on any thread. */
typedef struct _BwLabelPicture BwLabelPicture;

/* @bytes: PNG or SVG. May take a few seconds for a file that is new. Fails with BW_ERROR_INVALID. */
BwLabelPicture  *bw_label_picture_get            (GBytes                *bytes,
                                                  GError               **error);
void             bw_label_picture_unref          (BwLabelPicture        *self);
/* The picture must outlive it. */
cairo_surface_t *bw_label_picture_create_surface (const BwLabelPicture  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwLabelPicture, bw_label_picture_unref)

G_END_DECLS
