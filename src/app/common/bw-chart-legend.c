/* bw-chart-legend.c: what each line is, and its value where the cursor is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-chart-private.h"

#include <math.h>

#define ROW_PX        22
#define SAMPLE_PX     24
#define GAP_PX        6
#define ITEM_GAP_PX   18
#define NAME_MAX_PX   220
#define VALUE_MIN_PX  96     /* values change while the cursor moves: they do not push what is beside them */
#define VALUE_ROOM_PX 24      /* likewise, for others that are longer than the last one */
#define CURSOR_DOT_PX 4
#define BOX_PAD_PX    5

/* (transfer full): of the cursor's place, or the last one that is seen */
static char *
make_value (BwChart       *self,
            BwChartSeries *series)
{
  return bw_chart_series_point_text (series, self->cursor_us >= 0 ? bw_chart_look_up (self, series, self->cursor_us)
                                                                  : bw_chart_look_up_last (self, series));
}

static PangoLayout *
make_name (BwChart           *self,
           const BwChartLine *line,
           int               *ret_width)
{
  PangoLayout *layout = bw_chart_make_text (self, bw_chart_series_get_name (line->series));

  pango_layout_get_pixel_size (layout, ret_width, NULL);
  if (*ret_width <= NAME_MAX_PX)
    return layout;

  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_width (layout, NAME_MAX_PX * PANGO_SCALE);
  *ret_width = NAME_MAX_PX;

  return layout;
}

static float
measure_item (BwChart           *self,
              const BwChartLine *line)
{
  const BwChartPoint *last = bw_chart_series_look_up (line->series, bw_chart_series_get_until_us (line->series));
  g_autofree char *text = bw_chart_series_point_text (line->series, last);
  g_autoptr(PangoLayout) value = bw_chart_make_text (self, text);
  g_autoptr(PangoLayout) name = NULL;
  int name_width, value_width;

  name = make_name (self, line, &name_width);
  pango_layout_get_pixel_size (value, &value_width, NULL);

  return (float) (SAMPLE_PX + GAP_PX + name_width + GAP_PX + MAX (value_width + VALUE_ROOM_PX, VALUE_MIN_PX));
}

static gboolean
is_in_legend (const BwChartLine *line)
{
  return bw_chart_series_get_kind (line->series) != BW_CHART_STATES;
}

/* Items flow into rows, as words do; @ret_x and @ret_y are where the next one is. */
static void
flow (float  width,
      float  item_width,
      float *x,
      float *y)
{
  if (*x > 0 && *x + item_width > width)
    {
      *x = 0;
      *y += ROW_PX;
    }
}

float
bw_chart_measure_legend (BwChart *self,
                         int      width)
{
  float x = 0;
  float y = 0;
  gboolean is_empty = TRUE;

  for (guint i = 0; i < self->lines->len; i++)
    {
      const BwChartLine *line = self->lines->pdata[i];
      float item_width;

      if (!is_in_legend (line))
        continue;

      is_empty = FALSE;
      item_width = measure_item (self, line);
      flow ((float) width, item_width, &x, &y);
      x += item_width + ITEM_GAP_PX;
    }

  return is_empty ? 0 : y + ROW_PX;
}

static void
draw_sample (BwChart           *self,
             const BwChartLine *line,
             GtkSnapshot       *snapshot,
             float              x,
             float              y)
{
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (x, y, SAMPLE_PX, ROW_PX));
  guint n_dashes;
  const double *dashes = bw_chart_palette_dash (line->slot, &n_dashes);

  gdk_cairo_set_source_rgba (cr, bw_chart_palette_color (bw_chart_get_scheme (self), line->slot));
  cairo_set_line_width (cr, 3);
  cairo_set_dash (cr, dashes, (int) n_dashes, 0);
  cairo_move_to (cr, (double) x, (double) y + ROW_PX / 2.0);
  cairo_line_to (cr, (double) x + SAMPLE_PX, (double) y + ROW_PX / 2.0);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static void
draw_item (BwChart           *self,
           const BwChartLine *line,
           GtkSnapshot       *snapshot,
           float              x,
           float              y,
           float              item_width)
{
  g_autofree char *text = make_value (self, line->series);
  g_autoptr(PangoLayout) value = bw_chart_make_text (self, text);
  g_autoptr(PangoLayout) name = NULL;
  gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  PangoAttrList *attributes = pango_attr_list_copy (self->small);
  int name_width, value_width, height;
  GdkRGBA ink;

  bw_chart_get_ink (self, &ink);
  pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (value, attributes);
  pango_attr_list_unref (attributes);

  name = make_name (self, line, &name_width);
  pango_layout_get_pixel_size (value, &value_width, &height);
  y += 1;
  draw_sample (self, line, snapshot, is_rtl ? x + item_width - SAMPLE_PX : x, y - 1);
  bw_chart_draw_text (snapshot, name,
                      is_rtl ? x + item_width - (float) (SAMPLE_PX + GAP_PX + name_width) : x + SAMPLE_PX + GAP_PX,
                      y + (ROW_PX - (float) height) / 2, &ink);
  bw_chart_draw_text (snapshot, value,
                      is_rtl ? x + item_width - (float) (SAMPLE_PX + 2 * GAP_PX + name_width + value_width)
                             : x + (float) (SAMPLE_PX + 2 * GAP_PX + name_width),
                      y + (ROW_PX - (float) height) / 2, &ink);
}

/* A band has its name and its value above itself. */
static void
draw_band_name (BwChart           *self,
                const BwChartPane *pane,
                GtkSnapshot       *snapshot)
{
  const BwChartLine *line = pane->lines->pdata[0];
  g_autofree char *value = make_value (self, line->series);
  g_autofree char *name = g_markup_escape_text (bw_chart_series_get_name (line->series), -1);
  g_autofree char *escaped = g_markup_escape_text (value, -1);
  g_autofree char *markup = g_strdup_printf ("<small>%s  <b>%s</b></small>", name, escaped);
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  int width, height;
  GdkRGBA ink;

  bw_chart_get_ink (self, &ink);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_markup (layout, markup, -1);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_get_pixel_size (layout, &width, &height);
  pango_layout_set_width (layout, (int) pane->area.size.width * PANGO_SCALE);
  bw_chart_draw_text (snapshot, layout, pane->area.origin.x, pane->area.origin.y - (float) height - 2, &ink);
}

void
bw_chart_draw_legend (BwChart     *self,
                      GtkSnapshot *snapshot,
                      int          width)
{
  gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  float x = 0;
  float y = 0;

  for (guint i = 0; i < self->lines->len; i++)
    {
      const BwChartLine *line = self->lines->pdata[i];
      float item_width;

      if (!is_in_legend (line))
        continue;

      item_width = measure_item (self, line);
      flow ((float) width, item_width, &x, &y);
      draw_item (self, line, snapshot, is_rtl ? (float) width - x - item_width : x, y, item_width);
      x += item_width + ITEM_GAP_PX;
    }

  for (guint i = 0; i < self->panes->len; i++)
    {
      if (g_array_index (self->panes, BwChartPane, i).is_band)
        draw_band_name (self, &g_array_index (self->panes, BwChartPane, i), snapshot);
    }
}

static void
draw_cursor_dots (BwChart           *self,
                  const BwChartPane *pane,
                  GtkSnapshot       *snapshot)
{
  for (guint i = 0; i < pane->lines->len && !pane->is_band; i++)
    {
      const BwChartLine *line = pane->lines->pdata[i];
      const BwChartPoint *point = bw_chart_look_up (self, line->series, self->cursor_us);
      gboolean is_line = bw_chart_series_get_kind (line->series) == BW_CHART_LINE;
      GskRoundedRect dot;
      float x, y;

      if (point == NULL || isnan (point->value))
        continue;

      x = (float) bw_chart_get_x (self, is_line ? point->at_us : self->cursor_us);
      y = bw_chart_pane_get_y (pane, bw_chart_pane_get_axis (pane, line), point->value);
      if (x < pane->area.origin.x || x > pane->area.origin.x + pane->area.size.width)
        continue;

      gsk_rounded_rect_init_from_rect (&dot, &GRAPHENE_RECT_INIT (x - CURSOR_DOT_PX, y - CURSOR_DOT_PX,
                                                                  2 * CURSOR_DOT_PX, 2 * CURSOR_DOT_PX), CURSOR_DOT_PX);
      gtk_snapshot_push_rounded_clip (snapshot, &dot);
      gtk_snapshot_append_color (snapshot, bw_chart_palette_color (bw_chart_get_scheme (self), line->slot), &dot.bounds);
      gtk_snapshot_pop (snapshot);
    }
}

static void
draw_cursor_time (BwChart     *self,
                  GtkSnapshot *snapshot,
                  float        x,
                  float        bottom)
{
  g_autofree char *text = bw_chart_time_text (self->zone, self->cursor_us, (self->to_us - self->from_us) / 1000);
  g_autoptr(PangoLayout) layout = bw_chart_make_text (self, text);
  GdkRGBA ink;
  int width, height;
  float left;

  bw_chart_get_ink (self, &ink);
  pango_layout_get_pixel_size (layout, &width, &height);
  left = CLAMP (x - (float) width / 2 - BOX_PAD_PX, 0, MAX ((float) (self->laid_out_width - width - 2 * BOX_PAD_PX), 0));
  gtk_snapshot_append_color (snapshot, &ink, &GRAPHENE_RECT_INIT (left, bottom + 3, (float) width + 2 * BOX_PAD_PX,
                                                                  (float) height + 2));
  bw_chart_draw_text (snapshot, layout, left + BOX_PAD_PX, bottom + 4,
                      bw_chart_palette_ground (bw_chart_get_scheme (self)));
}

static void
draw_selection (BwChart     *self,
                GtkSnapshot *snapshot,
                float        top,
                float        bottom)
{
  float x0 = (float) MIN (self->drag_x, self->drag_to_x);
  float x1 = (float) MAX (self->drag_x, self->drag_to_x);
  GdkRGBA color = *bw_chart_palette_color (bw_chart_get_scheme (self), 0);

  color.alpha = 0.25f;
  gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT (x0, top, x1 - x0, bottom - top));
}

void
bw_chart_draw_cursor (BwChart     *self,
                      GtkSnapshot *snapshot)
{
  const graphene_rect_t *first, *last;
  float x, bottom;
  GdkRGBA ink;

  if (self->panes->len == 0)
    return;

  first = &g_array_index (self->panes, BwChartPane, 0).area;
  last = &g_array_index (self->panes, BwChartPane, self->panes->len - 1).area;
  bottom = last->origin.y + last->size.height;
  if (self->is_selecting)
    draw_selection (self, snapshot, first->origin.y, bottom);

  x = (float) bw_chart_get_x (self, self->cursor_us);
  if (self->cursor_us < 0 || x < first->origin.x || x > first->origin.x + first->size.width)
    return;

  bw_chart_get_ink (self, &ink);
  ink.alpha *= 0.7f;
  gtk_snapshot_append_color (snapshot, &ink, &GRAPHENE_RECT_INIT ((float) (int) x, first->origin.y, 1, bottom - first->origin.y));
  for (guint i = 0; i < self->panes->len; i++)
    draw_cursor_dots (self, &g_array_index (self->panes, BwChartPane, i), snapshot);
  draw_cursor_time (self, snapshot, x, bottom);
}
