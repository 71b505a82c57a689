/* bw-verify-read.h: scans read without holding up the window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-label-reader.h"

G_BEGIN_DECLS

/* On the main thread, now and then. */
typedef void (*BwVerifyReadFunc) (gint64   n_done,
                                  gint64   n_pages,
                                  gpointer user_data);

/* In a thread of its own, which alone has the reader until it ends. What it has seen then, read in full or not, is
 * judged there, too: with a large batch that takes its time.
 * @paths: (nullable): files, one after the other.  @image: (nullable): a picture */
void     bw_verify_read_async  (BwLabelReader        *reader,
                                const char * const   *paths,
                                GdkPixbuf            *image,
                                BwVerifyReadFunc      progress,
                                gpointer              progress_data,
                                GCancellable         *cancellable,
                                GAsyncReadyCallback   callback,
                                gpointer              user_data);
/* @ret_report: (transfer full): set in any case */
gboolean bw_verify_read_finish (BwLabelReader        *reader,
                                GAsyncResult         *result,
                                BwLabelReport       **ret_report,
                                GError              **error);

G_END_DECLS
