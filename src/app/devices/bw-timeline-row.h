/* bw-timeline-row.h: what happened, in a list
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-timeline.h"

G_BEGIN_DECLS

#define BW_TYPE_TIMELINE_ROW (bw_timeline_row_get_type ())

G_DECLARE_FINAL_TYPE (BwTimelineRow, bw_timeline_row, BW, TIMELINE_ROW, GtkWidget)

GtkWidget *bw_timeline_row_new        (void);
void       bw_timeline_row_set_item   (BwTimelineRow  *self,
                                       BwTimelineItem *item);
/* @before: (nullable): what stands above; of the first one of a day the day is written over it. */
void       bw_timeline_row_set_before (BwTimelineRow  *self,
                                       BwTimelineItem *before);

G_END_DECLS
