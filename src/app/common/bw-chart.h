/* bw-chart.h: what properties were, over time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-chart-series.h"

G_BEGIN_DECLS

/* More lines than that cannot be told apart. */
#define BW_CHART_MAX_SERIES 12

/* What can be looked at, at least and at most. */
#define BW_CHART_MIN_SPAN_US (10 * G_GINT64_CONSTANT (1000))
#define BW_CHART_MAX_SPAN_US (200 * 365 * G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)

#define BW_TYPE_CHART (bw_chart_get_type ())

/* Property
 *   follows (boolean, notify)   its right edge is now, and moves on
 * Signals
 *   range-changed ()            a person has zoomed or moved: finer data may be wanted
 *   reset ()                    a person wants the whole again
 * Actions, all on the chart: chart.zoom-in, chart.zoom-out, chart.reset, chart.now. */
G_DECLARE_FINAL_TYPE (BwChart, bw_chart, BW, CHART, GtkWidget)

GtkWidget     *bw_chart_new           (void);
/* FALSE: there are BW_CHART_MAX_SERIES already. */
gboolean       bw_chart_add_series    (BwChart       *self,
                                       BwChartSeries *series);
void           bw_chart_remove_series (BwChart       *self,
                                       const char    *id);
/* (transfer none) (nullable) */
BwChartSeries *bw_chart_get_series    (BwChart       *self,
                                       const char    *id);
/* The points of a series are others now. */
void           bw_chart_update        (BwChart       *self);
void           bw_chart_set_range     (BwChart       *self,
                                       gint64         from_us,
                                       gint64         to_us);
void           bw_chart_get_range     (BwChart       *self,
                                       gint64        *ret_from_us,
                                       gint64        *ret_to_us);
/* Where the values are read; -1: nowhere. */
void           bw_chart_set_cursor    (BwChart       *self,
                                       gint64         cursor_us);
void           bw_chart_set_follows   (BwChart       *self,
                                       gboolean       follows);
gboolean       bw_chart_get_follows   (BwChart       *self);
/* Another zone than that of the computer. */
void           bw_chart_set_zone      (BwChart       *self,
                                       GTimeZone     *zone);
/* How many columns of pixels the lines have. */
guint          bw_chart_get_n_columns (BwChart       *self);
/* Where the lines of a series are drawn, in the widget; FALSE: it is not there, or has no size yet. A value of
 * @ret_low is at the bottom of a line's area, one of @ret_high at its top. */
gboolean       bw_chart_get_area      (BwChart         *self,
                                       const char      *id,
                                       graphene_rect_t *ret_area,
                                       double          *ret_low,
                                       double          *ret_high);
/* (transfer full): what a screen reader says of it */
char          *bw_chart_dup_summary   (BwChart       *self);
/* (transfer full) (nullable): as it is now, with @title above; NULL while it is in no window */
GBytes        *bw_chart_to_png        (BwChart       *self,
                                       const char    *title);

G_END_DECLS
