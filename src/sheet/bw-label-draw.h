/* bw-label-draw.h: one label onto a cairo_t
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-label.h"

#include <cairo.h>

G_BEGIN_DECLS

#define BW_MM_TO_PT (72.0 / 25.4)

/* What is the same on all labels of a job. */
typedef struct
{
  const char *name;         /* of the batch; outlives the painter */
  double      color[3];
  gboolean    has_color;
  guint       count;        /* devices in the whole batch */
} BwLabelBatch;

/* Draws labels of one job; costs a few fonts, so one serves a page or more.
 * For one thread at a time. */
typedef struct _BwLabelPainter BwLabelPainter;

BwLabelPainter *bw_label_painter_new  (const BwStock       *stock,
                                       const BwLabelLayout *layout,
                                       const BwLabelBatch  *batch);
void            bw_label_painter_free (BwLabelPainter      *self);

/* @cr: a user unit is a point, the origin the paper's left top corner.
 * @cell_x, @cell_y: where the label lies on it, in mm. */
void            bw_label_painter_draw (BwLabelPainter      *self,
                                       cairo_t             *cr,
                                       const char          *id,
                                       guint                serial,
                                       double               cell_x,
                                       double               cell_y);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwLabelPainter, bw_label_painter_free)

G_END_DECLS
