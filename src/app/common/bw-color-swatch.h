/* bw-color-swatch.h: the colour mark of a batch as a dot
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BW_TYPE_COLOR_SWATCH (bw_color_swatch_get_type ())

/* Property: color (string, nullable)  "#rrggbb"; without one nothing is drawn, the space stays. */
G_DECLARE_FINAL_TYPE (BwColorSwatch, bw_color_swatch, BW, COLOR_SWATCH, GtkWidget)

GtkWidget  *bw_color_swatch_new       (const char    *color);
const char *bw_color_swatch_get_color (BwColorSwatch *self);
void        bw_color_swatch_set_color (BwColorSwatch *self,
                                       const char    *color);

G_END_DECLS
