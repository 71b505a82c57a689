/* bw-trend-days.h: how many a day, as bars that lead to them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-trend-line.h"

G_BEGIN_DECLS

#define BW_TREND_MAX_DAYS 31

#define BW_TYPE_TREND_DAYS (bw_trend_days_get_type ())

/* Signal: show-day (gint64 from_us, gint64 to_us)  somebody wants to see those of that day */
G_DECLARE_FINAL_TYPE (BwTrendDays, bw_trend_days, BW, TREND_DAYS, GtkWidget)

/* @values: (element-type gint64): a day (UTC) each from @from_us on; at most BW_TREND_MAX_DAYS. Main thread. */
void   bw_trend_days_set_values (BwTrendDays *self,
                                 GArray      *values,
                                 gint64       from_us);
/* Of all days that were counted. */
gint64 bw_trend_days_get_total  (BwTrendDays *self);

G_END_DECLS
