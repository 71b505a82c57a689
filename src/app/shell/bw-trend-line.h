/* bw-trend-line.h: how many there were, as a small line
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What nobody counted. */
#define BW_TREND_NOT_KNOWN (-1)

#define BW_TYPE_TREND_LINE (bw_trend_line_get_type ())

G_DECLARE_FINAL_TYPE (BwTrendLine, bw_trend_line, BW, TREND_LINE, GtkWidget)

/* @values: (element-type gint64): one each @step_us from @from_us on; kept as they are. Main thread. */
void  bw_trend_line_set_values  (BwTrendLine *self,
                                 GArray      *values,
                                 gint64       from_us,
                                 gint64       step_us);
/* Of all that was counted; 0 when nothing was. */
gint64 bw_trend_line_get_most   (BwTrendLine *self);
/* (transfer full): what is said below its title, and to a screen reader */
char *bw_trend_line_dup_summary (BwTrendLine *self);

G_END_DECLS
