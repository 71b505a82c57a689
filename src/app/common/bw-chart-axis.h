/* bw-chart-axis.h: where a chart's ticks are, and what stands beside them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Values: from low to high, a tick at each multiple of step. */
typedef struct
{
  double low;
  double high;
  double step;
  int    decimals;    /* -1: too large or small for that, as %g has it */
} BwChartScale;

/* Around @min and @max, which are finite; at most @n_ticks steps. */
void   bw_chart_scale_fit      (BwChartScale *scale,
                                double        min,
                                double        max,
                                guint         n_ticks);
guint  bw_chart_scale_get_n    (const BwChartScale *scale);
double bw_chart_scale_get_tick (const BwChartScale *scale,
                                guint               i);
/* All texts: (transfer full), as the locale has numbers and the zone has times. */
char  *bw_chart_scale_text     (const BwChartScale *scale,
                                double              value);
/* As many decimals as it has, at most six. */
char  *bw_chart_number_text    (double        value);
/* Not finer than what was seen around it says. */
char  *bw_chart_mean_text      (double        value,
                                double        range);

typedef struct
{
  gint64  at_us;
  char   *text;
  char   *context;    /* (nullable): the day or the year, where one begins, and at the first */
} BwChartTick;

/* (transfer full) (element-type BwChartTick): at most @n_ticks, by time; on whole hours, days and months of @zone,
 * also where its clocks are put back or forth. */
GArray *bw_chart_time_ticks    (GTimeZone    *zone,
                                gint64        from_us,
                                gint64        to_us,
                                guint         n_ticks);
/* As fine as @step_us needs. */
char  *bw_chart_time_text      (GTimeZone    *zone,
                                gint64        at_us,
                                gint64        step_us);
/* "CET", or "CET, CEST" when the clocks are changed in between */
char  *bw_chart_zone_text      (GTimeZone    *zone,
                                gint64        from_us,
                                gint64        to_us);

G_END_DECLS
