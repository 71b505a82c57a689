/* bw-sheet-preview.h: a page of labels on the screen
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-sheet.h"

G_BEGIN_DECLS

#define BW_TYPE_SHEET_PREVIEW (bw_sheet_preview_get_type ())

/* Draws what the printer draws, by the same function, with the labels' edges on top.
 * Signals: cell-clicked (guint cell, from 1); turn-page (int step: -1 or 1), from the mouse wheel. */
G_DECLARE_FINAL_TYPE (BwSheetPreview, bw_sheet_preview, BW, SHEET_PREVIEW, GtkWidget)

GtkWidget *bw_sheet_preview_new       (void);
/* @sheet: (nullable): an empty place */
void       bw_sheet_preview_set_page  (BwSheetPreview *self,
                                       BwSheet        *sheet,
                                       guint           page);
BwSheet   *bw_sheet_preview_get_sheet (BwSheetPreview *self);    /* (nullable) */

G_END_DECLS
