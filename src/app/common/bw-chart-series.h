/* bw-chart-series.h: one line, or one band of states, of a chart
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-history-values.h"

G_BEGIN_DECLS

/* More than that is not kept: the oldest go. */
#define BW_CHART_MAX_POINTS 200000

/* Distinct texts of a band; all others share one colour and “…”. */
#define BW_CHART_MAX_STATES 64

#define BW_CHART_NO_STATE G_MAXUINT

typedef enum
{
  BW_CHART_LINE,      /* numbers, joined */
  BW_CHART_STEPS,     /* numbers that stay until the next one */
  BW_CHART_STATES,    /* truths, choices and texts: a coloured band */
} BwChartKind;

typedef struct
{
  gint64 at_us;
  gint64 hold_us;     /* where it stops being true: the next point, or an end of the connection before that */
  double value;       /* NAN: no number; the line breaks */
  double min;
  double max;
  gint64 n;           /* samples that it stands for */
  guint  state;       /* BW_CHART_NO_STATE: none */
} BwChartPoint;

/* What falls on one column of pixels. */
typedef struct
{
  guint    n;            /* points; 0: the rest says nothing */
  double   first;
  double   last;
  double   low;          /* of the line */
  double   high;
  double   min;          /* of all samples */
  double   max;
  gboolean is_joined;    /* the line comes from the last column with points */
  gboolean is_broken;    /* the line breaks within */
} BwChartColumn;

/* (transfer full): how the values of a band are called */
typedef char *(*BwChartLabelFunc) (double      value,
                                   const char *text,     /* (nullable): value is it, then */
                                   gpointer    data);

typedef struct _BwChartSeries BwChartSeries;

/* @id: for the caller. @unit: (nullable) */
BwChartSeries      *bw_chart_series_new        (const char       *id,
                                                const char       *name,
                                                const char       *unit,
                                                BwChartKind       kind);
BwChartSeries      *bw_chart_series_ref        (BwChartSeries    *self);
void                bw_chart_series_unref      (BwChartSeries    *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwChartSeries, bw_chart_series_unref)

/* Before there are points. */
void                bw_chart_series_set_label_func (BwChartSeries    *self,
                                                    BwChartLabelFunc  func,
                                                    gpointer          data,
                                                    GDestroyNotify    free_data);
/* A state that may come, so that it has the same colour whatever comes first. */
guint               bw_chart_series_add_state  (BwChartSeries    *self,
                                                const char       *name);
/* Before there are points: it goes on while the device is away, as the device's own state does. */
void                bw_chart_series_set_ignores_gaps (BwChartSeries *self,
                                                      gboolean       ignores_gaps);
/* All there is; what was there before goes, but for what has come live since. */
void                bw_chart_series_set_history (BwChartSeries   *self,
                                                BwHistory        *history);
/* A finer part of it; takes the place of the part before. (nullable) */
void                bw_chart_series_set_detail (BwChartSeries    *self,
                                                BwHistory        *detail);
/* A value that came now; @text: (nullable). One that is older than the newest counts as that one's successor. */
void                bw_chart_series_append     (BwChartSeries    *self,
                                                gint64            at_us,
                                                double            value,
                                                const char       *text);

const char         *bw_chart_series_get_id     (BwChartSeries    *self);
const char         *bw_chart_series_get_name   (BwChartSeries    *self);
const char         *bw_chart_series_get_unit   (BwChartSeries    *self);     /* never NULL */
BwChartKind         bw_chart_series_get_kind   (BwChartSeries    *self);
BwHistory          *bw_chart_series_get_history (BwChartSeries   *self);     /* (transfer none) (nullable) */
gint64              bw_chart_series_get_until_us (BwChartSeries  *self);     /* how far it is known */
const BwChartPoint *bw_chart_series_get_points (BwChartSeries    *self,
                                                guint            *ret_n);
const BwHistoryGap *bw_chart_series_get_gaps   (BwChartSeries    *self,
                                                guint            *ret_n);
const char         *bw_chart_series_get_state_name (BwChartSeries *self,
                                                    guint          state);

/* The number of the first point that is not before @at_us. */
guint               bw_chart_series_find       (BwChartSeries    *self,
                                                gint64            at_us);
/* (nullable): what it was then: the nearest sample of a line, else what held. */
const BwChartPoint *bw_chart_series_look_up    (BwChartSeries    *self,
                                                gint64            at_us);
/* The least and the greatest value from @from_us to @to_us; FALSE: there is no number. */
gboolean            bw_chart_series_get_range  (BwChartSeries    *self,
                                                gint64            from_us,
                                                gint64            to_us,
                                                double           *ret_min,
                                                double           *ret_max);
void                bw_chart_series_reduce     (BwChartSeries    *self,
                                                gint64            from_us,
                                                gint64            to_us,
                                                guint             n_columns,
                                                BwChartColumn    *columns);
/* (transfer full): "21.4 °C", "21.4 (20.9 – 22) °C", or the state's name */
char               *bw_chart_series_point_text (BwChartSeries      *self,
                                                const BwChartPoint *point);

G_END_DECLS
