/* bw-chart-lines.c: lines, their ranges, and bands of states
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-chart-private.h"

#include <math.h>

/* A stroke is beautiful and slow: from so many points on there is a rectangle a column of pixels instead. */
#define MAX_STROKED   500

#define LINE_PX       2.0f
#define DOT_PX        2.5f
#define DOT_ROOM_PX   14       /* each sample has a dot when there is so much room for it */
#define OUTSIDE_PX    100.0    /* how far a line is followed out of its area */
#define RANGE_ALPHA   0.25f
#define SPACE_ALPHA   0.45f    /* of a dash's space, where columns hide nothing */
#define DASHED_MAX_PX 12.0f    /* what is higher has no dashes */
#define NAME_PAD_PX   6
#define NAME_MIN_PX   30       /* less of a name than that says nothing */
#define MIXED_STATE   (G_MAXUINT - 1)
#define MAX_COLUMNS   16384

typedef struct
{
  BwChart           *chart;
  const BwChartPane *pane;
  const BwChartLine *line;
  guint              axis;
  GtkSnapshot       *snapshot;
  GdkRGBA            color;
} Pen;

static float
get_y (const Pen *pen,
       double     value)
{
  return bw_chart_pane_get_y (pen->pane, pen->axis, value);
}

/* From one point to the next, not farther outside than needed: cairo's numbers end at eight millions. */
static void
stroke_segment (const Pen *pen,
                cairo_t   *cr,
                double     x0,
                double     y0,
                double     x1,
                double     y1)
{
  double left = (double) pen->pane->area.origin.x - OUTSIDE_PX;
  double right = left + (double) pen->pane->area.size.width + 2 * OUTSIDE_PX;

  if (x1 < left || x0 > right)
    return;

  if (x0 < left)
    {
      y0 += (y1 - y0) * (left - x0) / (x1 - x0);
      x0 = left;
    }

  if (x1 > right)
    {
      y1 = y0 + (y1 - y0) * (right - x0) / (x1 - x0);
      x1 = right;
    }

  if (!cairo_has_current_point (cr))
    cairo_move_to (cr, x0, y0);
  cairo_line_to (cr, x1, y1);
}

static void
stroke_point (const Pen          *pen,
              cairo_t            *cr,
              const BwChartPoint *point,
              const BwChartPoint *next)    /* (nullable) */
{
  double x = bw_chart_get_x (pen->chart, point->at_us);
  double y = (double) get_y (pen, point->value);
  gboolean is_joined = next != NULL && point->hold_us == next->at_us && !isnan (next->value);

  if (bw_chart_series_get_kind (pen->line->series) == BW_CHART_STEPS)
    {
      double end = bw_chart_get_x (pen->chart, bw_chart_get_hold_us (pen->chart, pen->line->series, point));

      stroke_segment (pen, cr, x, y, MAX (end, x), y);
      if (is_joined)
        stroke_segment (pen, cr, end, y, end, (double) get_y (pen, next->value));
    }
  else if (is_joined)
    {
      stroke_segment (pen, cr, x, y, bw_chart_get_x (pen->chart, next->at_us), (double) get_y (pen, next->value));
    }

  if (!is_joined)
    cairo_new_sub_path (cr);
}

/* Who has no neighbour, or none near enough to be in the way. */
static gboolean
has_dot (const Pen          *pen,
         const BwChartPoint *points,
         guint               i,
         guint               n)
{
  double x = bw_chart_get_x (pen->chart, points[i].at_us);
  gboolean is_first = i == 0 || points[i - 1].hold_us < points[i].at_us || isnan (points[i - 1].value);
  gboolean is_last = i + 1 == n || points[i].hold_us < points[i + 1].at_us || isnan (points[i + 1].value);

  if (isnan (points[i].value) || x < 0)
    return FALSE;

  return (is_first && is_last) ||
         ((is_first || x - bw_chart_get_x (pen->chart, points[i - 1].at_us) >= DOT_ROOM_PX) &&
          (is_last || bw_chart_get_x (pen->chart, points[i + 1].at_us) - x >= DOT_ROOM_PX));
}

static void
fill_dots (const Pen          *pen,
           cairo_t            *cr,
           const BwChartPoint *points,
           guint               first,
           guint               end,
           guint               n)
{
  for (guint i = first; i < end; i++)
    {
      if (!has_dot (pen, points, i, n))
        continue;

      cairo_new_sub_path (cr);
      cairo_arc (cr, bw_chart_get_x (pen->chart, points[i].at_us), (double) get_y (pen, points[i].value),
                 (double) DOT_PX, 0, 2 * G_PI);
    }

  cairo_fill (cr);
}

static void
stroke (const Pen          *pen,
        const BwChartPoint *points,
        guint               first,
        guint               end,
        guint               n)
{
  const graphene_rect_t *area = &pen->pane->area;
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (area->origin.x - 4, area->origin.y - 4, area->size.width + 8, area->size.height + 8);
  cairo_t *cr = gtk_snapshot_append_cairo (pen->snapshot, &bounds);
  guint n_dashes;
  const double *dashes = bw_chart_palette_dash (pen->line->slot, &n_dashes);

  gdk_cairo_set_source_rgba (cr, &pen->color);
  cairo_set_line_width (cr, (double) LINE_PX);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_dash (cr, dashes, (int) n_dashes, 0);

  for (guint i = first > 0 ? first - 1 : 0; i < end; i++)
    {
      if (!isnan (points[i].value))
        stroke_point (pen, cr, &points[i], i + 1 < n ? &points[i + 1] : NULL);
    }

  cairo_stroke (cr);
  fill_dots (pen, cr, points, first, end, n);
  cairo_destroy (cr);
}

static void
append_column (const Pen     *pen,
               guint          x,
               guint          width,
               float          top,
               float          bottom,
               const GdkRGBA *color)
{
  gtk_snapshot_append_color (pen->snapshot, color,
                             &GRAPHENE_RECT_INIT (pen->pane->area.origin.x + (float) x, top, (float) width, bottom - top));
}

/* Between dashes it is paler, not gone; and a peak is as strong as the next one. */
static void
append_dashed (const Pen *pen,
               guint      x,
               guint      width,
               float      top,
               float      bottom)
{
  guint n_dashes, i = 0;
  const double *dashes = bw_chart_palette_dash (pen->line->slot, &n_dashes);
  guint period = 0;
  GdkRGBA pale = pen->color;

  if (n_dashes == 0 || bottom - top > DASHED_MAX_PX)
    {
      append_column (pen, x, width, top, bottom, &pen->color);
      return;
    }

  pale.alpha *= SPACE_ALPHA;
  for (i = 0; i < n_dashes; i++)
    period += (guint) dashes[i];

  while (width > 0)
    {
      guint into = x % period;
      guint run;

      for (i = 0; into >= (guint) dashes[i]; i++)
        into -= (guint) dashes[i];

      run = MIN ((guint) dashes[i] - into, width);
      append_column (pen, x, run, top, bottom, i % 2 == 0 ? &pen->color : &pale);
      x += run;
      width -= run;
    }
}

/* The columns between two that have points. */
static void
bridge (const Pen *pen,
        guint      from,
        guint      to,
        double     value,
        double     next)
{
  float y = get_y (pen, value);
  float step = (get_y (pen, next) - y) / (float) (to - from);

  if (bw_chart_series_get_kind (pen->line->series) == BW_CHART_STEPS)
    {
      append_dashed (pen, from + 1, to - from - 1, y - LINE_PX / 2, y + LINE_PX / 2);
      return;
    }

  for (guint x = from + 1; x < to; x++)
    {
      float y0 = y + step * ((float) (x - from) - 0.5f);
      float y1 = y0 + step;

      append_dashed (pen, x, 1, MIN (y0, y1) - LINE_PX / 2, MAX (y0, y1) + LINE_PX / 2);
    }
}

static void
draw_columns (const Pen           *pen,
              const BwChartColumn *columns,
              guint                n)
{
  int last = -1;

  for (guint x = 0; x < n; x++)
    {
      double low = columns[x].low;
      double high = columns[x].high;

      if (columns[x].n == 0)
        continue;

      if (columns[x].is_joined && last >= 0)
        {
          gboolean is_step = bw_chart_series_get_kind (pen->line->series) == BW_CHART_STEPS;

          if ((guint) last + 1 < x)
            bridge (pen, (guint) last, x, columns[last].last, columns[x].first);
          if ((guint) last + 1 == x || is_step)
            {
              low = fmin (low, columns[last].last);
              high = fmax (high, columns[last].last);
            }
        }

      append_dashed (pen, x, 1, get_y (pen, high) - LINE_PX / 2, get_y (pen, low) + LINE_PX / 2);
      last = (int) x;
    }
}

/* From the least to the greatest sample, where a point stands for several. */
static void
draw_range (const Pen           *pen,
            const BwChartColumn *columns,
            guint                n)
{
  GdkRGBA pale = pen->color;
  int last = -1;

  pale.alpha *= RANGE_ALPHA;
  for (guint x = 0; x < n; x++)
    {
      if (columns[x].n == 0)
        continue;

      if (columns[x].is_joined && last >= 0 && (guint) last + 1 < x)
        {
          float part = 1 / (float) (x - (guint) last);
          float top = get_y (pen, columns[last].max);
          float bottom = get_y (pen, columns[last].min);
          float top_step = (get_y (pen, columns[x].max) - top) * part;
          float bottom_step = (get_y (pen, columns[x].min) - bottom) * part;

          for (guint i = (guint) last + 1; i < x; i++)
            {
              top += top_step;
              bottom += bottom_step;
              append_column (pen, i, 1, top, bottom, &pale);
            }
        }

      append_column (pen, x, 1, get_y (pen, columns[x].max), get_y (pen, columns[x].min), &pale);
      last = (int) x;
    }
}

void
bw_chart_draw_line (BwChart           *self,
                    const BwChartPane *pane,
                    const BwChartLine *line,
                    GtkSnapshot       *snapshot)
{
  Pen pen = { self, pane, line, bw_chart_pane_get_axis (pane, line), snapshot,
              *bw_chart_palette_color (bw_chart_get_scheme (self), line->slot) };
  guint n_columns = (guint) CLAMP (pane->area.size.width, 1, MAX_COLUMNS);
  g_autofree BwChartColumn *columns = g_new (BwChartColumn, n_columns);
  guint first = bw_chart_series_find (line->series, self->from_us);
  guint n, end = bw_chart_series_find (line->series, self->to_us);
  const BwChartPoint *points = bw_chart_series_get_points (line->series, &n);
  gboolean has_range = FALSE;

  for (guint i = first; i < end && !has_range; i++)
    has_range = points[i].n > 1 && points[i].min < points[i].max;

  if (has_range || end - first > MAX_STROKED)
    bw_chart_series_reduce (line->series, self->from_us, self->to_us, n_columns, columns);
  if (has_range)
    draw_range (&pen, columns, n_columns);

  if (end - first > MAX_STROKED)
    draw_columns (&pen, columns, n_columns);
  else
    stroke (&pen, points, first, end, n);
}

/* Which state each column has; one where several come in the same is mixed. */
static void
find_states (BwChart           *self,
             const BwChartLine *line,
             guint             *states,
             guint              n_columns)
{
  g_autofree guint8 *n_changes = g_new0 (guint8, n_columns);
  double per_us = (double) n_columns / (double) (self->to_us - self->from_us);
  guint n;
  const BwChartPoint *points = bw_chart_series_get_points (line->series, &n);
  guint i = bw_chart_series_find (line->series, self->from_us);

  for (guint x = 0; x < n_columns; x++)
    states[x] = BW_CHART_NO_STATE;

  for (i = i > 0 ? i - 1 : 0; i < n && points[i].at_us < self->to_us; i++)
    {
      gint64 hold_us = bw_chart_get_hold_us (self, line->series, &points[i]);
      double from = (double) (MAX (points[i].at_us, self->from_us) - self->from_us) * per_us;
      double to = (double) (MIN (hold_us, self->to_us) - self->from_us) * per_us;
      guint x = (guint) MAX (from, 0);

      if (points[i].state == BW_CHART_NO_STATE || to < from || x >= n_columns)
        continue;

      if (states[x] != points[i].state && states[x] != BW_CHART_NO_STATE && points[i].at_us > self->from_us)
        n_changes[x] = (guint8) MIN (n_changes[x] + 1, G_MAXUINT8);

      for (; x < n_columns && (double) x <= to; x++)
        states[x] = n_changes[x] > 1 ? MIXED_STATE : points[i].state;
    }
}

static void
draw_state_name (BwChart           *self,
                 const BwChartPane *pane,
                 GtkSnapshot       *snapshot,
                 const char        *name,
                 guint              from,
                 guint              to)
{
  g_autoptr(PangoLayout) layout = NULL;
  int width, height;

  layout = bw_chart_make_text (self, name);
  pango_layout_get_pixel_size (layout, &width, &height);
  if ((int) (to - from) - 2 * NAME_PAD_PX < MIN (width, NAME_MIN_PX))
    return;

  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_width (layout, (int) (to - from - 2 * NAME_PAD_PX) * PANGO_SCALE);
  pango_layout_set_alignment (layout, pango_layout_get_direction (layout, 0) == PANGO_DIRECTION_RTL ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
  pango_layout_set_auto_dir (layout, FALSE);
  bw_chart_draw_text (snapshot, layout, pane->area.origin.x + (float) from + NAME_PAD_PX,
                      pane->area.origin.y + (pane->area.size.height - (float) height) / 2,
                      bw_chart_palette_ink (bw_chart_get_scheme (self)));
}

static void
draw_run (BwChart           *self,
          const BwChartPane *pane,
          const BwChartLine *line,
          GtkSnapshot       *snapshot,
          guint              state,
          guint              from,
          guint              to)
{
  BwChartScheme scheme = bw_chart_get_scheme (self);
  const graphene_rect_t *area = &pane->area;
  graphene_rect_t rect = GRAPHENE_RECT_INIT (area->origin.x + (float) from, area->origin.y, (float) (to - from), area->size.height);

  if (state == BW_CHART_NO_STATE)
    return;

  if (state == MIXED_STATE)
    {
      GdkRGBA color;

      bw_chart_get_ink (self, &color);
      color.alpha *= 0.5f;
      gtk_snapshot_append_color (snapshot, &color, &rect);
      return;
    }

  /* a pixel of the ground tells one run from the next, whatever the colours are */
  if (to - from > 3)
    rect.size.width -= 1;
  gtk_snapshot_append_color (snapshot, bw_chart_palette_state (scheme, state), &rect);
  draw_state_name (self, pane, snapshot, bw_chart_series_get_state_name (line->series, state), from, to);
}

void
bw_chart_draw_band (BwChart           *self,
                    const BwChartPane *pane,
                    const BwChartLine *line,
                    GtkSnapshot       *snapshot)
{
  guint n_columns = (guint) CLAMP (pane->area.size.width, 1, MAX_COLUMNS);
  g_autofree guint *states = g_new (guint, n_columns);
  guint from = 0;

  find_states (self, line, states, n_columns);
  for (guint x = 1; x <= n_columns; x++)
    {
      if (x < n_columns && states[x] == states[from])
        continue;

      draw_run (self, pane, line, snapshot, states[from], from, x);
      from = x;
    }
}
