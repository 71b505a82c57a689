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
 * how fine it is kept. A file that is new may take a few seconds. Fails with BW_ERROR_INVALID. */
BwLabelLogo     *bw_label_logo_new            (GBytes             *bytes,
                                               double              width,
                                               double              height,
                                               GError            **error);
void             bw_label_logo_unref          (BwLabelLogo        *self);

/* A PDF takes the same picture once, however many surfaces show it. */
cairo_surface_t *bw_label_logo_create_surface (const BwLabelLogo  *self);

/* Reads and draws the file in a thread: from then on bw_label_logo_new () has it, or the reason why not, at once.
 * @ret_bytes: (transfer full): the file, whatever became of it */
void             bw_label_logo_prepare_async  (GBytes              *bytes,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
gboolean         bw_label_logo_prepare_finish (GAsyncResult        *result,
                                               GBytes             **ret_bytes,
                                               GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwLabelLogo, bw_label_logo_unref)

G_END_DECLS
