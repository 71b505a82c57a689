/* bw-chart-private.h: for the files of BwChart
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-chart.h"
#include "bw-chart-axis.h"
#include "bw-chart-palette.h"

G_BEGIN_DECLS

#define BW_CHART_MAX_AXES 2

typedef struct
{
  BwChartSeries *series;    /* (owned) */
  guint          slot;      /* of the palette; stays while others come and go */
} BwChartLine;

/* A rectangle with its own values: of one unit or two, or one band of states. */
typedef struct
{
  graphene_rect_t area;
  gboolean        is_band;
  guint           n_axes;
  const char     *units[BW_CHART_MAX_AXES];     /* (unowned) */
  BwChartScale    scales[BW_CHART_MAX_AXES];
  GPtrArray      *lines;                        /* (element-type BwChartLine), unowned */
} BwChartPane;

struct _BwChart
{
  GtkWidget      parent_instance;

  GPtrArray     *lines;          /* (element-type BwChartLine) */
  GTimeZone     *zone;
  gint64         from_us;
  gint64         to_us;
  gboolean       follows;
  guint          follow_source;
  gint64         cursor_us;      /* -1: there is none */

  /* What is drawn, until something changes. */
  GArray        *panes;          /* (element-type BwChartPane) */
  GskRenderNode *plot;           /* (nullable) */
  int            laid_out_width;
  int            laid_out_height;
  float          legend_height;
  int            minimum_height;

  /* Hands */
  double         pointer_x;      /* where it was last */
  double         pointer_y;
  GtkGesture    *drag;
  double         drag_x;         /* where it began */
  double         drag_to_x;
  gint64         drag_from_us;   /* what was at the left edge, then */
  gboolean       is_selecting;
  gint64         pinch_from_us;
  gint64         pinch_to_us;

  guint          describe_source;
  PangoAttrList *small;
};

/* bw-chart.c */
void           bw_chart_invalidate     (BwChart         *self);
/* By a person: told, and no longer following unless the right edge is now. */
void           bw_chart_move           (BwChart         *self,
                                        gint64           from_us,
                                        gint64           to_us);
void           bw_chart_zoom           (BwChart         *self,
                                        gint64           about_us,
                                        double           factor);
BwChartScheme  bw_chart_get_scheme     (BwChart         *self);
void           bw_chart_get_ink        (BwChart         *self,
                                        GdkRGBA         *ret_color);
/* (transfer full): of the size of notes */
PangoLayout   *bw_chart_make_text      (BwChart         *self,
                                        const char      *text);

/* bw-chart-layout.c */
void           bw_chart_clear_panes    (BwChart         *self);
void           bw_chart_lay_out        (BwChart         *self,
                                        int              width,
                                        int              height);
int            bw_chart_get_minimum_height (BwChart     *self,
                                            int          width);
double         bw_chart_get_x          (BwChart         *self,
                                        gint64           at_us);
gint64         bw_chart_get_time       (BwChart         *self,
                                        double           x);
/* The area that all panes share from left to right. */
void           bw_chart_get_columns    (BwChart         *self,
                                        float           *ret_x,
                                        float           *ret_width);
gint64         bw_chart_get_hold_us    (BwChart         *self,
                                        BwChartSeries   *series,
                                        const BwChartPoint *point);
guint          bw_chart_pane_get_axis  (const BwChartPane *pane,
                                        const BwChartLine *line);
float          bw_chart_pane_get_y     (const BwChartPane *pane,
                                        guint            axis,
                                        double           value);

/* bw-chart-draw.c */
void           bw_chart_draw_plot      (BwChart         *self,
                                        GtkSnapshot     *snapshot);
void           bw_chart_draw_text      (GtkSnapshot     *snapshot,
                                        PangoLayout     *layout,
                                        float            x,
                                        float            y,
                                        const GdkRGBA   *color);

/* (nullable): what is seen of a series then; of a line no sample that is out of sight */
const BwChartPoint *bw_chart_look_up   (BwChart         *self,
                                        BwChartSeries   *series,
                                        gint64           at_us);

/* (nullable): the last one that is seen */
const BwChartPoint *bw_chart_look_up_last (BwChart      *self,
                                           BwChartSeries *series);

/* bw-chart-legend.c */
float          bw_chart_measure_legend (BwChart         *self,
                                        int              width);
void           bw_chart_draw_legend    (BwChart         *self,
                                        GtkSnapshot     *snapshot,
                                        int              width);
void           bw_chart_draw_cursor    (BwChart         *self,
                                        GtkSnapshot     *snapshot);

/* bw-chart-lines.c */
void           bw_chart_draw_line      (BwChart           *self,
                                        const BwChartPane *pane,
                                        const BwChartLine *line,
                                        GtkSnapshot       *snapshot);
void           bw_chart_draw_band      (BwChart           *self,
                                        const BwChartPane *pane,
                                        const BwChartLine *line,
                                        GtkSnapshot       *snapshot);

/* bw-chart-input.c */
void           bw_chart_init_input     (BwChart         *self);
void           bw_chart_install_input  (GtkWidgetClass  *widget_class);

G_END_DECLS
