/* bw-stock-editor.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-stock.h"

G_BEGIN_DECLS

#define BW_TYPE_STOCK_EDITOR (bw_stock_editor_get_type ())

/* Signal `saved` (pointer): the own stock that was made or changed, which lives as long as the program. */
G_DECLARE_FINAL_TYPE (BwStockEditor, bw_stock_editor, BW, STOCK_EDITOR, AdwWindow)

/* @base: (nullable): whose measures to begin with. @replaces: it is an own one, and becomes what is saved. */
GtkWidget *bw_stock_editor_new (const BwStock *base,
                                gboolean       replaces);

G_END_DECLS
