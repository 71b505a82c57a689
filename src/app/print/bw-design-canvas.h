/* bw-design-canvas.h: a label, with its fields to be moved about
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-label-draw.h"

G_BEGIN_DECLS

#define BW_TYPE_DESIGN_CANVAS (bw_design_canvas_get_type ())

/* Signals: picked (int field, -1 for none); moved (int field, pointer BwRect in mm, boolean at_end) */
G_DECLARE_FINAL_TYPE (BwDesignCanvas, bw_design_canvas, BW, DESIGN_CANVAS, GtkWidget)

/* All of it stays the caller's, which calls again before it changes. @plan: (nullable): without one only the
 * outlines of the fields show. @stock: upright. */
void bw_design_canvas_set      (BwDesignCanvas      *self,
                                const BwStock       *stock,
                                const BwLabelDesign *design,
                                BwLabelPlan         *plan,
                                const BwLabelBatch  *batch,
                                const BwLabelFacts  *facts,
                                int                  picked);
/* 1: as large as on paper; 0: as large as there is room for. */
void bw_design_canvas_set_zoom (BwDesignCanvas      *self,
                                double               zoom);

G_END_DECLS
