/* bw-chart-draw.c: axes, grid and what lies behind the lines
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-chart-private.h"

#include <glib/gi18n.h>

#define LABEL_GAP_PX      6
#define TIME_DISTANCE_PX  84
#define CONTEXT_Y_PX      22    /* of the second line below */
#define MIN_OFFLINE_PX    64    /* to have its name in it */

void
bw_chart_draw_text (GtkSnapshot   *snapshot,
                    PangoLayout   *layout,
                    float          x,
                    float          y,
                    const GdkRGBA *color)
{
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) (int) x, (float) (int) y));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

/* In high contrast nothing is faint. */
static GdkRGBA
get_faded (BwChart *self,
           float    alpha,
           float    high_alpha)
{
  BwChartScheme scheme = bw_chart_get_scheme (self);
  GdkRGBA color;

  bw_chart_get_ink (self, &color);
  color.alpha *= scheme == BW_CHART_LIGHT_HIGH || scheme == BW_CHART_DARK_HIGH ? high_alpha : alpha;

  return color;
}

static void
draw_axis (BwChart           *self,
           GtkSnapshot       *snapshot,
           const BwChartPane *pane,
           guint              axis)
{
  const graphene_rect_t *area = &pane->area;
  GdkRGBA label = get_faded (self, 0.75f, 1);
  GdkRGBA grid = get_faded (self, 0.12f, 0.4f);
  g_autoptr(PangoLayout) unit = bw_chart_make_text (self, pane->units[axis]);
  float right = area->origin.x + area->size.width;
  int unit_width, unit_height;

  for (guint i = 0; i < bw_chart_scale_get_n (&pane->scales[axis]); i++)
    {
      double value = bw_chart_scale_get_tick (&pane->scales[axis], i);
      g_autofree char *text = bw_chart_scale_text (&pane->scales[axis], value);
      g_autoptr(PangoLayout) layout = bw_chart_make_text (self, text);
      float y = (float) (int) bw_chart_pane_get_y (pane, axis, value);
      int width, height;

      pango_layout_get_pixel_size (layout, &width, &height);
      if (axis == 0)
        gtk_snapshot_append_color (snapshot, &grid, &GRAPHENE_RECT_INIT (area->origin.x, y, area->size.width, 1));
      bw_chart_draw_text (snapshot, layout,
                          axis == 0 ? area->origin.x - LABEL_GAP_PX - (float) width : right + LABEL_GAP_PX,
                          y - (float) height / 2, &label);
    }

  pango_layout_get_pixel_size (unit, &unit_width, &unit_height);
  bw_chart_draw_text (snapshot, unit,
                      axis == 0 ? area->origin.x : right - (float) unit_width,
                      area->origin.y - (float) unit_height - 2, &label);
}

/* When the device was not connected, nothing is known. */
static void
draw_gaps (BwChart           *self,
           GtkSnapshot       *snapshot,
           const BwChartPane *pane)
{
  const BwChartLine *line = pane->lines->pdata[0];
  GdkRGBA shade = get_faded (self, 0.08f, 0.2f);
  GdkRGBA label = get_faded (self, 0.6f, 1);
  g_autoptr(PangoLayout) name = bw_chart_make_text (self, _("Offline"));
  double left = (double) pane->area.origin.x;
  double right = left + (double) pane->area.size.width;
  int name_width, name_height;
  guint n;
  const BwHistoryGap *gaps = bw_chart_series_get_gaps (line->series, &n);

  pango_layout_get_pixel_size (name, &name_width, &name_height);
  for (guint i = 0; i < n; i++)
    {
      double x0 = MAX (bw_chart_get_x (self, gaps[i].from_us), left);
      double x1 = MIN (bw_chart_get_x (self, gaps[i].to_us), right);

      if (x1 <= x0)
        continue;

      gtk_snapshot_append_color (snapshot, &shade,
                                 &GRAPHENE_RECT_INIT ((float) x0, pane->area.origin.y, (float) MAX (x1 - x0, 1),
                                                      pane->area.size.height));
      if (x1 - x0 >= MIN_OFFLINE_PX && x1 - x0 > name_width + 8)
        bw_chart_draw_text (snapshot, name, (float) (x0 + x1 - name_width) / 2, pane->area.origin.y + 2, &label);
    }
}

static void
draw_time_tick (BwChart           *self,
                GtkSnapshot       *snapshot,
                const BwChartTick *tick,
                float              bottom,
                float             *end)
{
  GdkRGBA color = get_faded (self, 0.75f, 1);
  GdkRGBA grid = get_faded (self, tick->context != NULL ? 0.25f : 0.12f, 0.4f);
  g_autoptr(PangoLayout) text = bw_chart_make_text (self, tick->text);
  float x = (float) bw_chart_get_x (self, tick->at_us);
  int width;

  for (guint i = 0; i < self->panes->len; i++)
    {
      const graphene_rect_t *area = &g_array_index (self->panes, BwChartPane, i).area;

      gtk_snapshot_append_color (snapshot, &grid,
                                 &GRAPHENE_RECT_INIT ((float) (int) x, area->origin.y, 1, area->size.height));
    }

  pango_layout_get_pixel_size (text, &width, NULL);
  x = CLAMP (x - (float) width / 2, 0, (float) (self->laid_out_width - width));
  bw_chart_draw_text (snapshot, text, x, bottom + LABEL_GAP_PX, &color);

  if (tick->context != NULL && x >= *end)
    {
      g_autoptr(PangoLayout) context = bw_chart_make_text (self, tick->context);

      pango_layout_get_pixel_size (context, &width, NULL);
      x = MIN (x, (float) (self->laid_out_width - width));
      bw_chart_draw_text (snapshot, context, x, bottom + CONTEXT_Y_PX, &color);
      *end = x + (float) (width + LABEL_GAP_PX);
    }
}

static void
draw_times (BwChart     *self,
            GtkSnapshot *snapshot)
{
  const graphene_rect_t *last = &g_array_index (self->panes, BwChartPane, self->panes->len - 1).area;
  GdkRGBA color = get_faded (self, 0.6f, 1);
  float bottom = last->origin.y + last->size.height;
  float end = 0;
  g_autofree char *zone = bw_chart_zone_text (self->zone, self->from_us, self->to_us);
  g_autoptr(PangoLayout) layout = bw_chart_make_text (self, zone);
  g_autoptr(GArray) ticks = bw_chart_time_ticks (self->zone, self->from_us, self->to_us,
                                                 (guint) MAX (last->size.width / TIME_DISTANCE_PX, 2));
  int width;

  for (guint i = 0; i < ticks->len; i++)
    draw_time_tick (self, snapshot, &g_array_index (ticks, BwChartTick, i), bottom, &end);

  pango_layout_get_pixel_size (layout, &width, NULL);
  if ((float) (self->laid_out_width - width) > end)
    bw_chart_draw_text (snapshot, layout, (float) (self->laid_out_width - width), bottom + CONTEXT_Y_PX, &color);
}

void
bw_chart_draw_plot (BwChart     *self,
                    GtkSnapshot *snapshot)
{
  if (self->panes->len == 0)
    return;

  draw_times (self, snapshot);
  for (guint i = 0; i < self->panes->len; i++)
    {
      const BwChartPane *pane = &g_array_index (self->panes, BwChartPane, i);

      draw_gaps (self, snapshot, pane);
      for (guint axis = 0; axis < pane->n_axes; axis++)
        draw_axis (self, snapshot, pane, axis);

      gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (pane->area.origin.x, pane->area.origin.y - 2,
                                                             pane->area.size.width, pane->area.size.height + 4));
      for (guint j = 0; j < pane->lines->len; j++)
        {
          if (pane->is_band)
            bw_chart_draw_band (self, pane, pane->lines->pdata[j], snapshot);
          else
            bw_chart_draw_line (self, pane, pane->lines->pdata[j], snapshot);
        }
      gtk_snapshot_pop (snapshot);
    }
}
