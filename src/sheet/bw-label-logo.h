/* bw-label-logo.h: a company's picture
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cairo.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/* Pixels on white; read only, so any number of threads may paint them. */
typedef struct _BwLabelLogo BwLabelLogo;

/* @bytes: PNG or SVG. @width, @height: the room on the label in mm, which says
 * how fine it is kept. Fails with BW_ERROR_INVALID. */
BwLabelLogo     *bw_label_logo_new            (GBytes             *bytes,
                                               double              width,
                                               double              height,
                                               GError            **error);
void             bw_label_logo_unref          (BwLabelLogo        *self);

/* A PDF takes the same picture once, however many surfaces show it. */
cairo_surface_t *bw_label_logo_create_surface (const BwLabelLogo  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwLabelLogo, bw_label_logo_unref)

G_END_DECLS
