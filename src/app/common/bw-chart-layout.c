/* bw-chart-layout.c: which areas there are, and where
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-chart-private.h"

#define PAD_PX           8
#define TICK_PX          6      /* between a label and its axis */
#define MIN_PANE_PX      110
#define HEAD_PX          20     /* above an area, for the units of its axes, or for the name of a band */
#define BAND_PX          22
#define BAND_GAP_PX      8
#define TIME_PX          44     /* below all, for two lines */
#define TICK_DISTANCE_PX 44     /* of values, at least */

void
bw_chart_clear_panes (BwChart *self)
{
  for (guint i = 0; i < self->panes->len; i++)
    g_ptr_array_unref (g_array_index (self->panes, BwChartPane, i).lines);

  g_array_set_size (self->panes, 0);
  self->laid_out_width = 0;
}

static BwChartPane *
add_pane (BwChart  *self,
          gboolean  is_band)
{
  BwChartPane pane = { .is_band = is_band, .lines = g_ptr_array_new () };

  g_array_append_val (self->panes, pane);

  return &g_array_index (self->panes, BwChartPane, self->panes->len - 1);
}

static guint
count_units (BwChart *self)
{
  g_autoptr(GHashTable) units = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->lines->len; i++)
    {
      BwChartSeries *series = ((BwChartLine *) self->lines->pdata[i])->series;

      if (bw_chart_series_get_kind (series) != BW_CHART_STATES)
        g_hash_table_add (units, (gpointer) bw_chart_series_get_unit (series));
    }

  return g_hash_table_size (units);
}

/* The area and the axis for a unit; a new area for each when there are more units than axes. */
static BwChartPane *
find_pane (BwChart    *self,
           const char *unit,
           gboolean    shares)
{
  for (guint i = 0; i < self->panes->len; i++)
    {
      BwChartPane *pane = &g_array_index (self->panes, BwChartPane, i);

      for (guint axis = 0; axis < pane->n_axes; axis++)
        {
          if (g_str_equal (pane->units[axis], unit))
            return pane;
        }

      if (shares && pane->n_axes < BW_CHART_MAX_AXES)
        {
          pane->units[pane->n_axes++] = unit;
          return pane;
        }
    }

  return NULL;
}

static void
make_panes (BwChart *self)
{
  gboolean shares = count_units (self) <= BW_CHART_MAX_AXES;

  bw_chart_clear_panes (self);

  for (guint i = 0; i < self->lines->len; i++)
    {
      BwChartLine *line = self->lines->pdata[i];
      BwChartPane *pane;

      if (bw_chart_series_get_kind (line->series) == BW_CHART_STATES)
        continue;

      pane = find_pane (self, bw_chart_series_get_unit (line->series), shares);
      if (pane == NULL)
        {
          pane = add_pane (self, FALSE);
          pane->units[pane->n_axes++] = bw_chart_series_get_unit (line->series);
        }

      g_ptr_array_add (pane->lines, line);
    }

  for (guint i = 0; i < self->lines->len; i++)
    {
      BwChartLine *line = self->lines->pdata[i];

      if (bw_chart_series_get_kind (line->series) == BW_CHART_STATES)
        g_ptr_array_add (add_pane (self, TRUE)->lines, line);
    }
}

const BwChartPoint *
bw_chart_look_up (BwChart       *self,
                  BwChartSeries *series,
                  gint64         at_us)
{
  const BwChartPoint *point = bw_chart_series_look_up (series, at_us);
  gboolean is_line = bw_chart_series_get_kind (series) == BW_CHART_LINE;

  if (point != NULL && is_line && (point->at_us < self->from_us || point->at_us >= self->to_us))
    return NULL;

  return point;
}

const BwChartPoint *
bw_chart_look_up_last (BwChart       *self,
                       BwChartSeries *series)
{
  guint n, end = bw_chart_series_find (series, self->to_us);
  const BwChartPoint *points = bw_chart_series_get_points (series, &n);

  if (bw_chart_series_get_kind (series) != BW_CHART_LINE)
    return bw_chart_series_look_up (series, MIN (self->to_us, bw_chart_series_get_until_us (series) + 1) - 1);

  return end > 0 && points[end - 1].at_us >= self->from_us ? &points[end - 1] : NULL;
}

guint
bw_chart_pane_get_axis (const BwChartPane *pane,
                        const BwChartLine *line)
{
  for (guint axis = 0; axis < pane->n_axes; axis++)
    {
      if (g_str_equal (pane->units[axis], bw_chart_series_get_unit (line->series)))
        return axis;
    }

  return 0;
}

static void
fit_scale (BwChart     *self,
           BwChartPane *pane,
           guint        axis,
           float        height)
{
  double min = G_MAXDOUBLE;
  double max = -G_MAXDOUBLE;

  for (guint i = 0; i < pane->lines->len; i++)
    {
      const BwChartLine *line = pane->lines->pdata[i];
      double low, high;

      if (bw_chart_pane_get_axis (pane, line) == axis &&
          bw_chart_series_get_range (line->series, self->from_us, self->to_us, &low, &high))
        {
          min = MIN (min, low);
          max = MAX (max, high);
        }
    }

  if (min > max)
    {
      min = 0;
      max = 1;
    }

  bw_chart_scale_fit (&pane->scales[axis], min, max, (guint) MAX (height / TICK_DISTANCE_PX, 2));
}

static float
measure_axis (BwChart           *self,
              const BwChartPane *pane,
              guint              axis)
{
  const BwChartScale *scale = &pane->scales[axis];
  int widest = 0;

  for (guint i = 0; i < bw_chart_scale_get_n (scale); i++)
    {
      g_autofree char *text = bw_chart_scale_text (scale, bw_chart_scale_get_tick (scale, i));
      g_autoptr(PangoLayout) layout = bw_chart_make_text (self, text);
      int width;

      pango_layout_get_pixel_size (layout, &width, NULL);
      widest = MAX (widest, width);
    }

  return (float) (widest + TICK_PX);
}

static void
count_panes (BwChart *self,
             guint   *ret_n_areas,
             guint   *ret_n_bands)
{
  *ret_n_areas = *ret_n_bands = 0;

  for (guint i = 0; i < self->panes->len; i++)
    *(g_array_index (self->panes, BwChartPane, i).is_band ? ret_n_bands : ret_n_areas) += 1;
}

/* Where each one begins and ends, from top to bottom. */
static void
stack_panes (BwChart *self,
             float    top,
             float    bottom)
{
  guint n_areas, n_bands;
  float room, y = top;

  count_panes (self, &n_areas, &n_bands);
  room = bottom - top - (float) n_bands * (HEAD_PX + BAND_PX + BAND_GAP_PX);

  for (guint i = 0; i < self->panes->len; i++)
    {
      BwChartPane *pane = &g_array_index (self->panes, BwChartPane, i);
      float height = pane->is_band ? BAND_PX : MAX (room / (float) n_areas - HEAD_PX, 1);

      pane->area.origin.y = (float) (int) (y + HEAD_PX);
      pane->area.size.height = (float) (int) height;
      y += HEAD_PX + height + (pane->is_band ? BAND_GAP_PX : 0);
    }
}

void
bw_chart_lay_out (BwChart *self,
                  int      width,
                  int      height)
{
  float left = 0;
  float right = 0;

  if (self->laid_out_width == width && self->laid_out_height == height && width > 0)
    return;

  make_panes (self);
  self->legend_height = bw_chart_measure_legend (self, width);
  stack_panes (self, self->legend_height, (float) (height - TIME_PX));

  for (guint i = 0; i < self->panes->len; i++)
    {
      BwChartPane *pane = &g_array_index (self->panes, BwChartPane, i);

      for (guint axis = 0; axis < pane->n_axes; axis++)
        {
          float *side = axis == 0 ? &left : &right;

          fit_scale (self, pane, axis, pane->area.size.height);
          *side = MAX (*side, measure_axis (self, pane, axis));
        }
    }

  for (guint i = 0; i < self->panes->len; i++)
    {
      graphene_rect_t *area = &g_array_index (self->panes, BwChartPane, i).area;

      area->origin.x = (float) (int) (left + PAD_PX);
      area->size.width = MAX ((float) (width - (int) right - PAD_PX) - area->origin.x, 1);
    }

  self->laid_out_width = width;
  self->laid_out_height = height;
}

int
bw_chart_get_minimum_height (BwChart *self,
                             int      width)
{
  guint n_areas, n_bands;

  make_panes (self);
  count_panes (self, &n_areas, &n_bands);

  return (int) (bw_chart_measure_legend (self, width) + (float) n_areas * (HEAD_PX + MIN_PANE_PX) +
                (float) n_bands * (HEAD_PX + BAND_PX + BAND_GAP_PX)) + TIME_PX;
}

void
bw_chart_get_columns (BwChart *self,
                      float   *ret_x,
                      float   *ret_width)
{
  const BwChartPane *pane;

  *ret_x = PAD_PX;
  *ret_width = (float) (self->laid_out_width - 2 * PAD_PX);
  if (self->panes->len == 0)
    return;

  pane = &g_array_index (self->panes, BwChartPane, 0);
  *ret_x = pane->area.origin.x;
  *ret_width = pane->area.size.width;
}

double
bw_chart_get_x (BwChart *self,
                gint64   at_us)
{
  float x, width;

  bw_chart_get_columns (self, &x, &width);

  return (double) x + (double) (at_us - self->from_us) / (double) (self->to_us - self->from_us) * (double) width;
}

gint64
bw_chart_get_time (BwChart *self,
                   double   at_x)
{
  float x, width;

  bw_chart_get_columns (self, &x, &width);

  return self->from_us + (gint64) ((at_x - (double) x) / (double) width * (double) (self->to_us - self->from_us));
}

gint64
bw_chart_get_hold_us (BwChart            *self,
                      BwChartSeries      *series,
                      const BwChartPoint *point)
{
  gint64 until_us = bw_chart_series_get_until_us (series);

  if (self->follows)
    until_us = MAX (until_us, self->to_us);

  return MIN (point->hold_us, until_us);
}

float
bw_chart_pane_get_y (const BwChartPane *pane,
                     guint              axis,
                     double             value)
{
  const BwChartScale *scale = &pane->scales[axis];
  double part = (value - scale->low) / (scale->high - scale->low);

  return pane->area.origin.y + pane->area.size.height * (float) (1 - CLAMP (part, -100, 100));
}
