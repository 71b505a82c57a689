/* bw-place-row.h: a place in the sidebar
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BW_TYPE_PLACE_ROW (bw_place_row_get_type ())

/* Properties: title, icon-name (strings); the widget's name is the place's */
G_DECLARE_FINAL_TYPE (BwPlaceRow, bw_place_row, BW, PLACE_ROW, GtkListBoxRow)

/* The number beside the title; none for 0. @spoken: (nullable): what a screen reader says for the row with it. */
void bw_place_row_set_badge (BwPlaceRow *self,
                             gint64      count,
                             const char *spoken);

G_END_DECLS
