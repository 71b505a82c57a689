/* bw-trend-line.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-trend-line.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "bw-chart-palette.h"
#include "bw-compat.h"

#define HEIGHT_PX  120
#define MARGIN_PX  4
#define TICK_HOURS 6
#define LINE_PX    2
#define FILL_ALPHA 0.15f
#define GRID_ALPHA 0.15f
#define TEXT_ALPHA 0.75f

/**
 * BwTrendLine:
 *
 * A few hundred counts from zero to the greatest. Where nobody counted it breaks. It has no zoom and takes no focus: what it
 * says stands as text beside it, and the value below the pointer in a tooltip.
 */

struct _BwTrendLine
{
  GtkWidget  parent_instance;

  GArray    *values;    /* (nullable) (element-type gint64) */
  gint64     from_us;
  gint64     step_us;
};

G_DEFINE_FINAL_TYPE (BwTrendLine, bw_trend_line, GTK_TYPE_WIDGET)

static gint64
value_at (BwTrendLine *self,
          guint        i)
{
  return g_array_index (self->values, gint64, i);
}

static char *
format_count (gint64 count)
{
  return g_strdup_printf ("%'" G_GINT64_FORMAT, count);
}

static char *
format_time (gint64 at_us)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (at_us / G_USEC_PER_SEC);
  g_autoptr(GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_format (local, "%H:%M") : g_strdup ("");
}

/* FALSE: nothing was counted. */
static gboolean
get_bounds (BwTrendLine *self,
            gint64      *ret_low,
            gint64      *ret_high,
            gint64      *ret_last)
{
  gboolean has_any = FALSE;

  for (guint i = 0; self->values != NULL && i < self->values->len; i++)
    {
      gint64 value = value_at (self, i);

      if (value == BW_TREND_NOT_KNOWN)
        continue;

      *ret_low = has_any ? MIN (*ret_low, value) : value;
      *ret_high = has_any ? MAX (*ret_high, value) : value;
      *ret_last = value;
      has_any = TRUE;
    }

  return has_any;
}

static BwChartScheme
get_scheme (void)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  gboolean is_high = adw_style_manager_get_high_contrast (manager);

  if (adw_style_manager_get_dark (manager))
    return is_high ? BW_CHART_DARK_HIGH : BW_CHART_DARK;

  return is_high ? BW_CHART_LIGHT_HIGH : BW_CHART_LIGHT;
}

static int
draw_text (BwTrendLine *self,
           GtkSnapshot *snapshot,
           const char  *text,
           double       x,
           double       align,
           double       y)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  PangoAttrList *attributes = pango_attr_list_new ();
  GdkRGBA ink;
  int width, height;

  pango_attr_list_insert (attributes, pango_attr_scale_new (PANGO_SCALE_SMALL));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &ink);
  ink.alpha *= TEXT_ALPHA;

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) (x - align * width), (float) y));
  gtk_snapshot_append_layout (snapshot, layout, &ink);
  gtk_snapshot_restore (snapshot);

  return height;
}

/* From @first to before @end all is known. */
static void
draw_run (BwTrendLine           *self,
          cairo_t               *cr,
          const graphene_rect_t *area,
          gint64                 high,
          guint                  first,
          guint                  end)
{
  const GdkRGBA *color = bw_chart_palette_color (get_scheme (), 0);
  double bottom = (double) (area->origin.y + area->size.height);
  double step = (double) area->size.width / MAX (self->values->len - 1, 1);
  double left = (double) area->origin.x;

  for (guint i = first; i < end; i++)
    {
      double y = bottom - (double) area->size.height * (double) value_at (self, i) / (double) high;

      cairo_line_to (cr, left + i * step, y);
    }
  /* one alone is a dot */
  if (end - first == 1)
    cairo_rel_line_to (cr, 0.01, 0);

  gdk_cairo_set_source_rgba (cr, color);
  cairo_stroke_preserve (cr);
  cairo_line_to (cr, left + (end - 1) * step, bottom);
  cairo_line_to (cr, left + first * step, bottom);
  cairo_set_source_rgba (cr, (double) color->red, (double) color->green, (double) color->blue, (double) FILL_ALPHA);
  cairo_fill (cr);
}

static void
draw_line (BwTrendLine           *self,
           GtkSnapshot           *snapshot,
           const graphene_rect_t *area,
           gint64                 high)
{
  graphene_rect_t all = *area;
  cairo_t *cr;

  graphene_rect_inset (&all, -LINE_PX, -LINE_PX);
  cr = gtk_snapshot_append_cairo (snapshot, &all);
  cairo_set_line_width (cr, LINE_PX);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);

  for (guint i = 0; i < self->values->len; i++)
    {
      guint first = i;

      while (i < self->values->len && value_at (self, i) != BW_TREND_NOT_KNOWN)
        i++;
      if (i > first)
        draw_run (self, cr, area, high, first, i);
    }

  cairo_destroy (cr);
}

/* A whole hour, where it is. */
static gboolean
is_tick (gint64 at_us)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (at_us / G_USEC_PER_SEC);
  g_autoptr(GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL && g_date_time_get_minute (local) == 0 && g_date_time_get_hour (local) % TICK_HOURS == 0;
}

static void
draw_grid (BwTrendLine           *self,
           GtkSnapshot           *snapshot,
           const graphene_rect_t *area)
{
  GdkRGBA grid;
  float bottom = area->origin.y + area->size.height;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &grid);
  grid.alpha *= GRID_ALPHA;
  gtk_snapshot_append_color (snapshot, &grid, &GRAPHENE_RECT_INIT (area->origin.x, area->origin.y, area->size.width, 1));
  gtk_snapshot_append_color (snapshot, &grid, &GRAPHENE_RECT_INIT (area->origin.x, bottom, area->size.width, 1));

  for (guint i = 0; i < self->values->len; i++)
    {
      double at = (double) i / MAX (self->values->len - 1, 1);

      if (is_tick (self->from_us + (gint64) i * self->step_us))
        {
          g_autofree char *text = format_time (self->from_us + (gint64) i * self->step_us);

          /* the first is wholly to the right of its place, the last to the left */
          draw_text (self, snapshot, text, (double) (area->origin.x + area->size.width * (float) at), at,
                     (double) bottom + MARGIN_PX);
        }
    }
}

static void
get_area (BwTrendLine     *self,
          graphene_rect_t *ret_area)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), "0");
  int line;

  pango_layout_get_pixel_size (layout, NULL, &line);
  graphene_rect_init (ret_area, MARGIN_PX, (float) line, (float) gtk_widget_get_width (GTK_WIDGET (self)) - 2 * MARGIN_PX,
                      (float) gtk_widget_get_height (GTK_WIDGET (self)) - 2 * (float) line - MARGIN_PX);
}

static void
bw_trend_line_snapshot (GtkWidget   *widget,
                        GtkSnapshot *snapshot)
{
  BwTrendLine *self = BW_TREND_LINE (widget);
  g_autofree char *text = NULL;
  graphene_rect_t area;
  gint64 low, high, last;

  if (!get_bounds (self, &low, &high, &last))
    return;

  get_area (self, &area);
  if (area.size.width <= 0 || area.size.height <= 0)
    return;

  high = MAX (high, 1);
  text = format_count (high);
  draw_grid (self, snapshot, &area);
  draw_text (self, snapshot, text, (double) area.origin.x, 0, 0);
  draw_line (self, snapshot, &area, high);
}

static void
bw_trend_line_measure (GtkWidget      *widget,
                       GtkOrientation  orientation,
                       int             for_size,
                       int            *minimum,
                       int            *natural,
                       int            *minimum_baseline,
                       int            *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT_PX : HEIGHT_PX * 2;
}

static gboolean
query_tooltip_cb (BwTrendLine *self,
                  int          x,
                  int          y,
                  gboolean     by_keyboard,
                  GtkTooltip  *tooltip)
{
  g_autofree char *time = NULL;
  g_autofree char *count = NULL;
  g_autofree char *text = NULL;
  graphene_rect_t area;
  gint64 i;

  if (self->values == NULL || self->values->len < 2)
    return FALSE;

  get_area (self, &area);
  i = (gint64) (((float) x - area.origin.x) / area.size.width * (float) (self->values->len - 1) + 0.5f);
  if (i < 0 || i >= self->values->len)
    return FALSE;

  time = format_time (self->from_us + i * self->step_us);
  count = value_at (self, (guint) i) == BW_TREND_NOT_KNOWN ? g_strdup (_("not counted")) : format_count (value_at (self, (guint) i));
  /* Translators: a time of day and how many there were then */
  text = g_strdup_printf (_("%s: %s"), time, count);
  gtk_tooltip_set_text (tooltip, text);

  return TRUE;
}

static void
redraw (BwTrendLine *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
bw_trend_line_finalize (GObject *object)
{
  BwTrendLine *self = (BwTrendLine *) object;

  g_clear_pointer (&self->values, g_array_unref);

  G_OBJECT_CLASS (bw_trend_line_parent_class)->finalize (object);
}

static void
bw_trend_line_class_init (BwTrendLineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bw_trend_line_finalize;
  widget_class->snapshot = bw_trend_line_snapshot;
  widget_class->measure = bw_trend_line_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
bw_trend_line_init (BwTrendLine *self)
{
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (query_tooltip_cb), NULL);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (redraw), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::high-contrast", G_CALLBACK (redraw), self, G_CONNECT_SWAPPED);
}

void
bw_trend_line_set_values (BwTrendLine *self,
                          GArray      *values,
                          gint64       from_us,
                          gint64       step_us)
{
  g_autofree char *summary = NULL;

  g_return_if_fail (BW_IS_TREND_LINE (self));
  g_return_if_fail (values != NULL && step_us > 0);

  g_array_ref (values);
  g_clear_pointer (&self->values, g_array_unref);
  self->values = values;
  self->from_us = from_us;
  self->step_us = step_us;
  summary = bw_trend_line_dup_summary (self);
  bw_accessible_set_label (GTK_WIDGET (self), summary);
  redraw (self);
}

gint64
bw_trend_line_get_most (BwTrendLine *self)
{
  gint64 low, high, last;

  g_return_val_if_fail (BW_IS_TREND_LINE (self), 0);

  return get_bounds (self, &low, &high, &last) ? high : 0;
}

char *
bw_trend_line_dup_summary (BwTrendLine *self)
{
  g_autofree char *low_text = NULL;
  g_autofree char *high_text = NULL;
  g_autofree char *last_text = NULL;
  gint64 low, high, last;

  g_return_val_if_fail (BW_IS_TREND_LINE (self), NULL);

  if (!get_bounds (self, &low, &high, &last))
    return g_strdup (_("Not counted yet"));

  low_text = format_count (low);
  high_text = format_count (high);
  last_text = format_count (last);

  /* Translators: how many devices were online: when last counted, the most and the least */
  return g_strdup_printf (_("%s when last counted, at most %s, at least %s"), last_text, high_text, low_text);
}
