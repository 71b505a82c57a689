/* bw-stage-row.h: samples of many series as they come, for the stage's table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-chunk.h"

G_BEGIN_DECLS

/* A row is ended by then; the sample that goes over it still fits. */
#define BW_STAGE_ROW_BYTES (4 * 1024 * 1024)

typedef struct
{
  gint64        series_id;
  gint64        at_us;
  BwSampleKind  kind;
  BwSampleValue value;
} BwStageItem;

/* Belongs to one thread. */
typedef struct _BwStageRow BwStageRow;

BwStageRow   *bw_stage_row_new      (void);
void          bw_stage_row_free     (BwStageRow         *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwStageRow, bw_stage_row_free)

void          bw_stage_row_begin    (BwStageRow         *self);
/* Returns: whether there is room for another one. */
gboolean      bw_stage_row_add      (BwStageRow         *self,
                                     const BwStageItem  *item);
/* Valid until the next call. */
const guint8 *bw_stage_row_end      (BwStageRow         *self,
                                     gsize              *ret_length);
/* (element-type BwStageItem) (transfer none) (nullable): valid until the next call, with its texts; NULL: it
 * is no such row, or not the whole of one. */
GArray       *bw_stage_row_read     (BwStageRow         *self,
                                     const guint8       *data,
                                     gsize               length);

G_END_DECLS
