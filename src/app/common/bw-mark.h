/* bw-mark.h: small pictures that a table shows a hundred times
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BW_MARK_SIZE_PX 16

/* Each is BW_MARK_SIZE_PX wide and high in @widget's pixels, drawn once and kept. (transfer full) */

/* A dot in @color ("#rrggbb"), with a rim so that it shows on any ground. */
GdkTexture *bw_mark_new_dot  (GtkWidget  *widget,
                              const char *color);
/* A symbolic icon in the colour of @widget's text. */
GdkTexture *bw_mark_new_icon (GtkWidget  *widget,
                              const char *icon_name);

G_END_DECLS
