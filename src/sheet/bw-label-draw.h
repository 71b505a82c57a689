/* bw-label-draw.h: one label onto a cairo_t
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-label-plan.h"
#include "bw-label-text.h"

#include <cairo.h>

G_BEGIN_DECLS

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

BwLabelPainter *bw_label_painter_new   (BwLabelPlan         *plan,
                                        const BwLabelBatch  *batch);
void            bw_label_painter_free  (BwLabelPainter      *self);

/* Whether all fits that is not cut short: serial, license and machine ID.
 * @facts: (nullable). Fails with BW_ERROR_INVALID and the field's name. */
gboolean        bw_label_painter_check (BwLabelPainter      *self,
                                        const BwLabelFacts  *facts,
                                        GError             **error);

/* @cr: a user unit is a point, the origin the paper's left top corner.
 * @id: canonical.  @facts: (nullable).
 * @cell_x, @cell_y: where the label lies on the paper, in mm. */
void            bw_label_painter_draw  (BwLabelPainter      *self,
                                        cairo_t             *cr,
                                        const char          *id,
                                        guint                serial,
                                        const BwLabelFacts  *facts,
                                        double               cell_x,
                                        double               cell_y);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwLabelPainter, bw_label_painter_free)

G_END_DECLS
