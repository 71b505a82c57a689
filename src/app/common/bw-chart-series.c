/* bw-chart-series.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-chart-series.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n.h>

#include "bw-chart-axis.h"

/* A value that came live may not be in a reply yet that was asked for at the same moment. */
#define LATE_US (2 * G_USEC_PER_SEC)

/**
 * BwChartSeries:
 *
 * The points of a chart's line or band: what the backend has of the whole time, in its
 * place a finer part where one was looked at, and behind it what has come since. Main thread.
 */
struct _BwChartSeries
{
  char             *id;
  char             *name;
  char             *unit;
  BwChartKind       kind;
  gboolean          ignores_gaps;

  BwHistory        *history;     /* (nullable) */
  BwHistory        *detail;      /* (nullable) */
  GArray           *live;        /* (element-type BwChartPoint) */
  GArray           *points;      /* (element-type BwChartPoint): all of it, by time */
  GArray           *gaps;        /* (element-type BwHistoryGap) */

  GPtrArray        *states;      /* (element-type utf8): names, in the order in which they came */
  GHashTable       *state_of;    /* name → number + 1 */
  BwChartLabelFunc  label_func;
  gpointer          label_data;
  GDestroyNotify    free_label_data;
};

BwChartSeries *
bw_chart_series_new (const char  *id,
                     const char  *name,
                     const char  *unit,
                     BwChartKind  kind)
{
  BwChartSeries *self = g_rc_box_new0 (BwChartSeries);

  self->id = g_strdup (id);
  self->name = g_strdup (name);
  self->unit = g_strdup (unit != NULL ? unit : "");
  self->kind = kind;
  self->live = g_array_new (FALSE, FALSE, sizeof (BwChartPoint));
  self->points = g_array_new (FALSE, FALSE, sizeof (BwChartPoint));
  self->gaps = g_array_new (FALSE, FALSE, sizeof (BwHistoryGap));
  self->states = g_ptr_array_new_with_free_func (g_free);
  self->state_of = g_hash_table_new (g_str_hash, g_str_equal);

  return self;
}

static void
series_clear (BwChartSeries *self)
{
  g_clear_pointer (&self->history, bw_history_unref);
  g_clear_pointer (&self->detail, bw_history_unref);
  g_hash_table_unref (self->state_of);
  g_ptr_array_unref (self->states);
  g_array_unref (self->gaps);
  g_array_unref (self->points);
  g_array_unref (self->live);
  if (self->free_label_data != NULL)
    self->free_label_data (self->label_data);
  g_free (self->unit);
  g_free (self->name);
  g_free (self->id);
}

BwChartSeries *
bw_chart_series_ref (BwChartSeries *self)
{
  return g_rc_box_acquire (self);
}

void
bw_chart_series_unref (BwChartSeries *self)
{
  g_rc_box_release_full (self, (GDestroyNotify) series_clear);
}

void
bw_chart_series_set_label_func (BwChartSeries    *self,
                                BwChartLabelFunc  func,
                                gpointer          data,
                                GDestroyNotify    free_data)
{
  g_return_if_fail (self->label_func == NULL);

  self->label_func = func;
  self->label_data = data;
  self->free_label_data = free_data;
}

void
bw_chart_series_set_ignores_gaps (BwChartSeries *self,
                                  gboolean       ignores_gaps)
{
  self->ignores_gaps = ignores_gaps;
}

guint
bw_chart_series_add_state (BwChartSeries *self,
                           const char    *name)
{
  guint known = GPOINTER_TO_UINT (g_hash_table_lookup (self->state_of, name));
  char *kept;

  if (known > 0)
    return known - 1;

  if (self->states->len == BW_CHART_MAX_STATES)
    return BW_CHART_MAX_STATES - 1;

  kept = g_strdup (self->states->len < BW_CHART_MAX_STATES - 1 ? name : "…");
  g_ptr_array_add (self->states, kept);
  g_hash_table_insert (self->state_of, kept, GUINT_TO_POINTER (self->states->len));

  return self->states->len - 1;
}

static guint
find_state (BwChartSeries *self,
            double         value,
            const char    *text)
{
  g_autofree char *label = NULL;

  if (self->kind != BW_CHART_STATES || (text == NULL && isnan (value)))
    return BW_CHART_NO_STATE;

  if (self->label_func != NULL)
    label = self->label_func (value, text, self->label_data);
  else
    label = text != NULL ? g_strdup (text) : bw_chart_number_text (value);

  return bw_chart_series_add_state (self, label);
}

static void
add_point (BwChartSeries        *self,
           const BwHistoryPoint *point,
           gint64                step_us)
{
  BwChartPoint own = {
    .at_us = point->at_us,
    .hold_us = G_MAXINT64,
    .value = point->n > 1 && self->kind != BW_CHART_STATES ? point->mean : point->last,
    .min = point->min,
    .max = point->max,
    .n = point->n,
    .state = find_state (self, point->last, point->text),
  };

  /* A line goes through the middle of what it stands for. */
  if (self->kind == BW_CHART_LINE)
    own.at_us += step_us / 2;

  g_array_append_val (self->points, own);
}

static void
add_part (BwChartSeries *self,
          BwHistory     *history,
          gint64         from_us,
          gint64         to_us)
{
  for (guint i = 0; i < history->n_points; i++)
    {
      if (history->points[i].at_us >= from_us && history->points[i].at_us < to_us)
        add_point (self, &history->points[i], history->step_us);
    }

  for (guint i = 0; i < history->n_gaps && !self->ignores_gaps; i++)
    {
      BwHistoryGap gap = { MAX (history->gaps[i].from_us, from_us), MIN (history->gaps[i].to_us, to_us) };

      if (gap.from_us < gap.to_us)
        g_array_append_val (self->gaps, gap);
    }
}

/* Each point holds until the next one, or until the connection ended in between. */
static void
compute_holds (BwChartSeries *self)
{
  BwChartPoint *points = (BwChartPoint *) (gpointer) self->points->data;
  const BwHistoryGap *gaps = (const BwHistoryGap *) (gpointer) self->gaps->data;
  guint n_gap = 0;

  for (guint i = 0; i < self->points->len; i++)
    {
      gint64 next_us = i + 1 < self->points->len ? points[i + 1].at_us : G_MAXINT64;

      while (n_gap < self->gaps->len && gaps[n_gap].to_us <= points[i].at_us)
        n_gap++;

      points[i].hold_us = next_us;
      if (n_gap < self->gaps->len && gaps[n_gap].from_us < next_us)
        points[i].hold_us = MAX (gaps[n_gap].from_us, points[i].at_us);
    }
}

static void
drop_oldest (GArray *points)
{
  if (points->len > BW_CHART_MAX_POINTS)
    g_array_remove_range (points, 0, points->len - BW_CHART_MAX_POINTS / 4 * 3);
}

static void
rebuild (BwChartSeries *self)
{
  gint64 from_us = self->detail != NULL ? self->detail->from_us : G_MAXINT64;
  gint64 to_us = self->detail != NULL ? self->detail->to_us : G_MAXINT64;
  gint64 last_us;

  g_array_set_size (self->points, 0);
  g_array_set_size (self->gaps, 0);

  if (self->history != NULL && self->history->before != NULL)
    add_point (self, self->history->before, 0);
  if (self->history != NULL)
    add_part (self, self->history, G_MININT64, from_us);
  if (self->detail != NULL)
    add_part (self, self->detail, from_us, to_us);
  if (self->history != NULL && self->detail != NULL)
    add_part (self, self->history, to_us, G_MAXINT64);

  last_us = self->points->len > 0 ? g_array_index (self->points, BwChartPoint, self->points->len - 1).at_us : G_MININT64;
  for (guint i = 0; i < self->live->len; i++)
    {
      BwChartPoint point = g_array_index (self->live, BwChartPoint, i);

      if (point.at_us > last_us)
        g_array_append_val (self->points, point);
    }

  compute_holds (self);
}

void
bw_chart_series_set_history (BwChartSeries *self,
                             BwHistory     *history)
{
  guint n_old = 0;

  g_return_if_fail (self != NULL && history != NULL);

  while (n_old < self->live->len &&
         g_array_index (self->live, BwChartPoint, n_old).at_us < history->to_us - LATE_US)
    n_old++;
  g_array_remove_range (self->live, 0, n_old);

  bw_history_ref (history);
  g_clear_pointer (&self->history, bw_history_unref);
  g_clear_pointer (&self->detail, bw_history_unref);
  self->history = history;
  rebuild (self);
}

void
bw_chart_series_set_detail (BwChartSeries *self,
                            BwHistory     *detail)
{
  g_return_if_fail (self != NULL);

  if (detail != NULL)
    bw_history_ref (detail);
  g_clear_pointer (&self->detail, bw_history_unref);
  self->detail = detail;
  rebuild (self);
}

void
bw_chart_series_append (BwChartSeries *self,
                        gint64         at_us,
                        double         value,
                        const char    *text)
{
  BwChartPoint *last = NULL;
  BwChartPoint point = { .at_us = at_us, .hold_us = G_MAXINT64, .n = 1, .value = isfinite (value) ? value : NAN };

  g_return_if_fail (self != NULL);

  if (self->points->len > 0)
    {
      last = &g_array_index (self->points, BwChartPoint, self->points->len - 1);
      point.at_us = MAX (at_us, last->at_us + 1);
      if (last->hold_us == G_MAXINT64)
        last->hold_us = point.at_us;
    }

  point.min = point.max = point.value;
  point.state = find_state (self, point.value, text);
  g_array_append_val (self->live, point);
  g_array_append_val (self->points, point);
  drop_oldest (self->live);
  drop_oldest (self->points);
}

const char *
bw_chart_series_get_id (BwChartSeries *self)
{
  return self->id;
}

const char *
bw_chart_series_get_name (BwChartSeries *self)
{
  return self->name;
}

const char *
bw_chart_series_get_unit (BwChartSeries *self)
{
  return self->unit;
}

BwChartKind
bw_chart_series_get_kind (BwChartSeries *self)
{
  return self->kind;
}

BwHistory *
bw_chart_series_get_history (BwChartSeries *self)
{
  return self->history;
}

gint64
bw_chart_series_get_until_us (BwChartSeries *self)
{
  gint64 until_us = self->history != NULL ? self->history->to_us : G_MININT64;

  if (self->points->len > 0)
    until_us = MAX (until_us, g_array_index (self->points, BwChartPoint, self->points->len - 1).at_us);

  return until_us;
}

const BwChartPoint *
bw_chart_series_get_points (BwChartSeries *self,
                            guint         *ret_n)
{
  *ret_n = self->points->len;

  return (const BwChartPoint *) (gpointer) self->points->data;
}

const BwHistoryGap *
bw_chart_series_get_gaps (BwChartSeries *self,
                          guint         *ret_n)
{
  *ret_n = self->gaps->len;

  return (const BwHistoryGap *) (gpointer) self->gaps->data;
}

const char *
bw_chart_series_get_state_name (BwChartSeries *self,
                                guint          state)
{
  return state < self->states->len ? self->states->pdata[state] : "";
}

guint
bw_chart_series_find (BwChartSeries *self,
                      gint64         at_us)
{
  const BwChartPoint *points = (const BwChartPoint *) (gpointer) self->points->data;
  guint low = 0;
  guint high = self->points->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (points[middle].at_us < at_us)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

const BwChartPoint *
bw_chart_series_look_up (BwChartSeries *self,
                         gint64         at_us)
{
  const BwChartPoint *points = (const BwChartPoint *) (gpointer) self->points->data;
  guint next = bw_chart_series_find (self, at_us);

  if (self->points->len == 0)
    return NULL;

  if (self->kind == BW_CHART_LINE)
    {
      if (next == self->points->len)
        return &points[next - 1];
      if (next > 0 && at_us - points[next - 1].at_us < points[next].at_us - at_us)
        return &points[next - 1];

      return &points[next];
    }

  if (next < self->points->len && points[next].at_us == at_us)
    return &points[next];

  return next > 0 && points[next - 1].hold_us > at_us ? &points[next - 1] : NULL;
}

gboolean
bw_chart_series_get_range (BwChartSeries *self,
                           gint64         from_us,
                           gint64         to_us,
                           double        *ret_min,
                           double        *ret_max)
{
  const BwChartPoint *points = (const BwChartPoint *) (gpointer) self->points->data;
  guint i = bw_chart_series_find (self, from_us);
  double min = INFINITY;
  double max = -INFINITY;

  /* what held when it began is seen, too */
  if (self->kind == BW_CHART_STEPS && i > 0 && points[i - 1].hold_us > from_us)
    i--;

  for (; i < self->points->len && points[i].at_us < to_us; i++)
    {
      if (isnan (points[i].value))
        continue;

      min = fmin (min, fmin (points[i].min, points[i].value));
      max = fmax (max, fmax (points[i].max, points[i].value));
    }

  if (min > max)
    return FALSE;

  *ret_min = min;
  *ret_max = max;

  return TRUE;
}

static void
add_to_column (BwChartColumn      *column,
               const BwChartPoint *point)
{
  if (column->n++ == 0)
    {
      column->first = column->low = column->high = point->value;
      column->min = point->min;
      column->max = point->max;
    }

  column->last = point->value;
  column->low = fmin (column->low, point->value);
  column->high = fmax (column->high, point->value);
  column->min = fmin (column->min, point->min);
  column->max = fmax (column->max, point->max);
}

void
bw_chart_series_reduce (BwChartSeries *self,
                        gint64         from_us,
                        gint64         to_us,
                        guint          n_columns,
                        BwChartColumn *columns)
{
  const BwChartPoint *points = (const BwChartPoint *) (gpointer) self->points->data;
  double per_us = (double) n_columns / (double) MAX (to_us - from_us, 1);
  gboolean is_joined = FALSE;

  memset (columns, 0, sizeof *columns * n_columns);

  for (guint i = bw_chart_series_find (self, from_us); i < self->points->len && points[i].at_us < to_us; i++)
    {
      guint n = (guint) ((double) (points[i].at_us - from_us) * per_us);
      BwChartColumn *column = &columns[MIN (n, n_columns - 1)];

      if (isnan (points[i].value))
        {
          column->is_broken = TRUE;
          is_joined = FALSE;
          continue;
        }

      if (column->n == 0)
        column->is_joined = is_joined;
      else if (!is_joined)
        column->is_broken = TRUE;

      add_to_column (column, &points[i]);
      is_joined = i + 1 < self->points->len && points[i].hold_us == points[i + 1].at_us;
    }
}

char *
bw_chart_series_point_text (BwChartSeries      *self,
                            const BwChartPoint *point)
{
  g_autofree char *value = NULL;
  g_autofree char *min = NULL;
  g_autofree char *max = NULL;
  const char *space = *self->unit != '\0' ? "\xc2\xa0" : "";

  if (point == NULL)
    return g_strdup ("—");

  if (self->kind == BW_CHART_STATES)
    return g_strdup (point->state != BW_CHART_NO_STATE ? bw_chart_series_get_state_name (self, point->state) : "—");

  if (isnan (point->value))
    return g_strdup ("—");

  value = point->n > 1 ? bw_chart_mean_text (point->value, point->max - point->min) : bw_chart_number_text (point->value);
  if (point->n < 2 || point->min >= point->max)
    return g_strconcat (value, space, self->unit, NULL);

  min = bw_chart_number_text (point->min);
  max = bw_chart_number_text (point->max);

  /* Translators: a mean, the least and the greatest value, and the unit with the space before it: 21.4 (20.9 – 22) °C */
  return g_strdup_printf (_("%s (%s – %s)%s%s"), value, min, max, space, self->unit);
}
