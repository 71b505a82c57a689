/* bw-chart-palette.h: the colours and dashes of a chart
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

#define BW_CHART_N_COLORS 8
#define BW_CHART_N_DASHES 4

typedef enum
{
  BW_CHART_LIGHT,
  BW_CHART_DARK,
  BW_CHART_LIGHT_HIGH,    /* high contrast */
  BW_CHART_DARK_HIGH,
  BW_CHART_N_SCHEMES
} BwChartScheme;

/* Lines tell apart by colour and by dash. */
const GdkRGBA *bw_chart_palette_color (BwChartScheme  scheme,
                                       guint          slot);
/* Lengths of stroke and space, in pixels; NULL: no dash. */
const double  *bw_chart_palette_dash  (guint          slot,
                                       guint         *ret_n);
/* The first state of a band is grey: off, no, false. */
const GdkRGBA *bw_chart_palette_state (BwChartScheme  scheme,
                                       guint          state);
const GdkRGBA *bw_chart_palette_ground (BwChartScheme scheme);
/* What can be read on a state's colour. */
const GdkRGBA *bw_chart_palette_ink   (BwChartScheme  scheme);

G_END_DECLS
