/* bw-width-bin.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BW_TYPE_WIDTH_BIN (bw_width_bin_get_type ())

/* Properties
 *   natural-width (int)       what it would like to have, whatever its child says; 0: as the child says
 *   width (int, read, notify) what it got; notified before the next frame, when the layout is over */
G_DECLARE_FINAL_TYPE (BwWidthBin, bw_width_bin, BW, WIDTH_BIN, GtkWidget)

int bw_width_bin_get_width (BwWidthBin *self);

G_END_DECLS
