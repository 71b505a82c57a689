/* bw-qr-view.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BW_TYPE_QR_VIEW (bw_qr_view_get_type ())

G_DECLARE_FINAL_TYPE (BwQrView, bw_qr_view, BW, QR_VIEW, GtkWidget)

GtkWidget *bw_qr_view_new      (void);
/* @text: NULL, or too much for a code: nothing is drawn. */
void       bw_qr_view_set_text (BwQrView   *self,
                                const char *text);

G_END_DECLS
