/* test-chart.c: what a chart looks like, against drawings made the plain way
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <adwaita.h>
#include <math.h>
#include <string.h>

#include "bw-chart-palette.h"
#include "bw-chart.h"
#include "bw-page-test.h"
#include "bw-test.h"

#define BEGIN_US  (G_GINT64_CONSTANT (1790000000) * G_USEC_PER_SEC)
#define SECOND_US ((gint64) G_USEC_PER_SEC)
#define HOUR_US   (3600 * SECOND_US)
#define WIDTH     900
#define HEIGHT    500

typedef struct
{
  GtkWidget     *window;
  BwChart       *chart;
  BwChartScheme  scheme;
  guchar        *pixels;      /* B8G8R8A8 premultiplied, of the chart as it was drawn last */
  gsize          stride;
} Fixture;

static const BwChartScheme light = BW_CHART_LIGHT;
static const BwChartScheme dark = BW_CHART_DARK;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");

  fixture->scheme = *(const BwChartScheme *) data;
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), fixture->scheme == BW_CHART_DARK ? ADW_COLOR_SCHEME_FORCE_DARK
                                                                                                         : ADW_COLOR_SCHEME_FORCE_LIGHT);
  fixture->chart = BW_CHART (bw_chart_new ());
  bw_chart_set_zone (fixture->chart, zone);
  fixture->window = bw_page_test_present (GTK_WIDGET (fixture->chart), WIDTH, HEIGHT);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_pointer (&fixture->pixels, g_free);
  bw_page_test_close (fixture->window);
}

static BwHistory *
read_history (const char *format,
              ...) G_GNUC_PRINTF (1, 2);

static BwHistory *
read_history (const char *format,
              ...)
{
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  BwHistory *history;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  history = bw_history_new_from_json (text, strlen (text), &error);
  g_assert_no_error (error);

  return history;
}

static void
painted_cb (gboolean *painted)
{
  *painted = TRUE;
}

static gboolean
is_painted (gpointer data)
{
  return *(gboolean *) data;
}

static void
wait_drawn (Fixture *fixture)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (fixture->chart));
  gboolean painted = FALSE;
  gulong handler = g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (painted_cb), &painted);

  gtk_widget_queue_draw (GTK_WIDGET (fixture->chart));
  bw_test_wait_for (is_painted, &painted);
  g_signal_handler_disconnect (clock, handler);
}

/* Draws it by a renderer of its own, onto nothing. */
static void
render (Fixture *fixture)
{
  g_autoptr(GdkPaintable) paintable = NULL;
  g_autoptr(GskRenderer) renderer = gsk_cairo_renderer_new ();
  g_autoptr(GdkTexture) texture = NULL;
  g_autoptr(GError) error = NULL;
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  GskRenderNode *node;
  int width, height;

  bw_chart_set_cursor (fixture->chart, -1);
  wait_drawn (fixture);
  paintable = gtk_widget_paintable_new (GTK_WIDGET (fixture->chart));
  width = gtk_widget_get_width (GTK_WIDGET (fixture->chart));
  height = gtk_widget_get_height (GTK_WIDGET (fixture->chart));
  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  g_assert_nonnull (node);
  g_assert_true (gsk_renderer_realize (renderer, NULL, &error));
  g_assert_no_error (error);
  texture = gsk_renderer_render_texture (renderer, node, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  gsk_renderer_unrealize (renderer);
  gsk_render_node_unref (node);

  fixture->stride = (gsize) width * 4;
  g_free (fixture->pixels);
  fixture->pixels = g_malloc0 (fixture->stride * (gsize) height);
  gdk_texture_download (texture, fixture->pixels, fixture->stride);
}

/* How much of @color a pixel has, 0 to 1; what else lies there is grey. */
static double
get_amount (Fixture       *fixture,
            int            x,
            int            y,
            const GdkRGBA *color)
{
  const guchar *pixel = fixture->pixels + (gsize) y * fixture->stride + (gsize) x * 4;
  double blue = pixel[0] / 255.0;
  double red = pixel[2] / 255.0;
  double full = (double) (color->blue - color->red);

  return (blue - red) / full;
}

/* Where the line of the first colour is in a column of pixels; FALSE: nowhere. @least: how much of it counts */
static gboolean
find_extent (Fixture               *fixture,
             const graphene_rect_t *area,
             int                    x,
             double                 least,
             int                   *ret_top,
             int                   *ret_bottom)
{
  const GdkRGBA *color = bw_chart_palette_color (fixture->scheme, 0);
  gboolean found = FALSE;

  for (int y = (int) area->origin.y - 2; y < (int) (area->origin.y + area->size.height) + 2; y++)
    {
      if (get_amount (fixture, x, y, color) < least)
        continue;

      if (!found)
        *ret_top = y;
      *ret_bottom = y;
      found = TRUE;
    }

  return found;
}

/* (transfer full) */
static BwChartSeries *
add_series (Fixture     *fixture,
            const char  *name,
            const char  *unit,
            BwChartKind  kind)
{
  BwChartSeries *series = bw_chart_series_new (name, name, unit, kind);

  g_assert_true (bw_chart_add_series (fixture->chart, series));

  return series;
}

/* Dense samples: each column of pixels from its least to its greatest value, found by looking at all. */
static void
test_dense (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(BwChartSeries) series = add_series (fixture, "dense", "V", BW_CHART_LINE);
  g_autoptr(GRand) rand = g_rand_new_with_seed (3);
  enum { N = 20000 };
  g_autofree double *values = g_new (double, N);
  graphene_rect_t area;
  double low, high;

  for (int i = 0; i < N; i++)
    {
      values[i] = 100 * sin (i / 1000.0) + g_rand_double_range (rand, -10, 10) + (i == N / 2 ? 60 : 0);
      bw_chart_series_append (series, BEGIN_US + i * SECOND_US, values[i], NULL);
    }

  bw_chart_set_range (fixture->chart, BEGIN_US, BEGIN_US + N * SECOND_US);
  render (fixture);
  g_assert_true (bw_chart_get_area (fixture->chart, "dense", &area, &low, &high));

  for (int x = 1; x < (int) area.size.width - 1; x++)
    {
      double least = INFINITY, greatest = -INFINITY;
      int top, bottom;

      for (int i = 0; i < N; i++)
        {
          int column = (int) floor (i * (double) area.size.width / N);
          int next = (int) floor ((i + 1) * (double) area.size.width / N);

          /* with the last one before it, from where the line comes */
          if (column == x || (column == x - 1 && next == x))
            {
              least = fmin (least, values[i]);
              greatest = fmax (greatest, values[i]);
            }
        }

      g_assert_true (find_extent (fixture, &area, (int) area.origin.x + x, 0.6, &top, &bottom));
      g_assert_cmpfloat_with_epsilon (top, (double) area.origin.y + (double) area.size.height * (high - greatest) / (high - low) - 1, 1.5);
      g_assert_cmpfloat_with_epsilon (bottom, (double) area.origin.y + (double) area.size.height * (high - least) / (high - low), 1.5);
    }
}

/* Few samples, among them none and gaps: against cairo's own line, drawn point by point. */
static void
test_sparse (Fixture       *fixture,
             gconstpointer  data)
{
  static const double values[] = { 1, 4, 2, 9, 5, 5, NAN, 3, 8, 0 };
  g_autoptr(BwChartSeries) series = add_series (fixture, "sparse", "V", BW_CHART_LINE);
  g_autoptr(BwHistory) history = NULL;
  g_autoptr(GString) points = g_string_new (NULL);
  graphene_rect_t area;
  double low, high;
  gint64 span_us = 100 * SECOND_US;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);
  const guchar *expected;
  guint n_line = 0;
  guint n_differ = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    g_string_append_printf (points, isnan (values[i]) ? "%s[%" G_GINT64_FORMAT ",null]" : "%s[%" G_GINT64_FORMAT ",%g]",
                            i > 0 ? "," : "", BEGIN_US + (gint64) (5 + 10 * i) * SECOND_US, values[i]);
  /* away between the second and the third */
  history = read_history ("{\"node\":\"a\",\"property\":\"b\",\"from\":%" G_GINT64_FORMAT ",\"to\":%" G_GINT64_FORMAT
                          ",\"points\":[%s],\"gaps\":[[%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT "]]}",
                          BEGIN_US, BEGIN_US + span_us, points->str, BEGIN_US + 18 * SECOND_US, BEGIN_US + 22 * SECOND_US);
  bw_chart_series_set_history (series, history);
  bw_chart_set_range (fixture->chart, BEGIN_US, BEGIN_US + span_us);
  render (fixture);
  g_assert_true (bw_chart_get_area (fixture->chart, "sparse", &area, &low, &high));

  cairo_set_line_width (cr, 2);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      double x = (double) area.origin.x + (double) area.size.width * (5 + 10 * i) / 100;
      double y = (double) area.origin.y + (double) area.size.height * (high - values[i]) / (high - low);

      if (isnan (values[i]) || i == 2 || i == 7)
        cairo_new_sub_path (cr);
      if (!isnan (values[i]))
        cairo_line_to (cr, x, y);
    }
  cairo_stroke (cr);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      if (isnan (values[i]))
        continue;

      cairo_arc (cr, (double) area.origin.x + (double) area.size.width * (5 + 10 * i) / 100,
                 (double) area.origin.y + (double) area.size.height * (high - values[i]) / (high - low), 2.5, 0, 2 * G_PI);
      cairo_fill (cr);
    }
  cairo_surface_flush (surface);
  expected = cairo_image_surface_get_data (surface);

  for (int y = (int) area.origin.y; y < (int) (area.origin.y + area.size.height); y++)
    {
      for (int x = (int) area.origin.x; x < (int) (area.origin.x + area.size.width); x++)
        {
          double should = expected[y * cairo_image_surface_get_stride (surface) + 4 * x + 3] / 255.0;
          double is = get_amount (fixture, x, y, bw_chart_palette_color (fixture->scheme, 0));

          n_line += should > 0.5;
          n_differ += fabs (should - is) > 0.3;
        }
    }

  g_assert_cmpuint (n_line, >, 2000);
  g_assert_cmpuint (n_differ, <, n_line / 100);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* Steps stay where they are until the next value, also where they are many. */
static void
test_steps (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(BwChartSeries) series = add_series (fixture, "steps", NULL, BW_CHART_STEPS);
  graphene_rect_t area;
  double low, high;

  for (int i = 0; i < 8; i++)
    bw_chart_series_append (series, BEGIN_US + i * SECOND_US, i % 2 == 0 ? 2 : 7, NULL);

  bw_chart_set_range (fixture->chart, BEGIN_US, BEGIN_US + 8 * SECOND_US);
  render (fixture);
  g_assert_true (bw_chart_get_area (fixture->chart, "steps", &area, &low, &high));

  for (int i = 0; i < 7; i++)
    {
      for (int part = 1; part < 10; part++)
        {
          int x = (int) (area.origin.x + area.size.width * ((float) i + (float) part / 10) / 8);
          double y = (double) area.origin.y + (double) area.size.height * (high - (i % 2 == 0 ? 2 : 7)) / (high - low);
          int top, bottom;

          g_assert_true (find_extent (fixture, &area, x, 0.6, &top, &bottom));
          g_assert_cmpfloat_with_epsilon (top, y - 1, 1.5);
          g_assert_cmpfloat_with_epsilon (bottom, y, 1.5);
        }
    }
}

/* Thinned: the mean as a line, and paler the range from the least to the greatest. */
static void
test_thinned (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(BwChartSeries) series = add_series (fixture, "thinned", "V", BW_CHART_LINE);
  g_autoptr(GString) points = g_string_new (NULL);
  g_autoptr(BwHistory) history = NULL;
  graphene_rect_t area;
  double low, high;
  enum { N = 1000 };

  for (int i = 0; i < N; i++)
    g_string_append_printf (points, "%s[%" G_GINT64_FORMAT ",60,%d,%d,%d,0]", i > 0 ? "," : "",
                            BEGIN_US + i * SECOND_US, i / 10, i / 10 + 40, i / 10 + 10);
  history = read_history ("{\"node\":\"a\",\"property\":\"b\",\"from\":%" G_GINT64_FORMAT ",\"to\":%" G_GINT64_FORMAT
                          ",\"thinned\":true,\"stepUs\":1000000,\"points\":[%s]}",
                          BEGIN_US, BEGIN_US + N * SECOND_US, points->str);
  bw_chart_series_set_history (series, history);
  bw_chart_set_range (fixture->chart, BEGIN_US, BEGIN_US + N * SECOND_US);
  render (fixture);
  g_assert_true (bw_chart_get_area (fixture->chart, "thinned", &area, &low, &high));

  for (int x = 2; x < (int) area.size.width - 2; x++)
    {
      double mean = floor ((x * N / (double) area.size.width) / 10) + 10;
      double px = (double) area.size.height / (high - low);
      double top_y = (double) area.origin.y + (high - mean - 30) * px;
      double mean_y = (double) area.origin.y + (high - mean) * px;
      double bottom_y = (double) area.origin.y + (high - mean + 10) * px;
      int top, bottom;

      /* a value more or less, where it changes */
      g_assert_true (find_extent (fixture, &area, (int) area.origin.x + x, 0.7, &top, &bottom));
      g_assert_cmpfloat_with_epsilon ((top + bottom) / 2.0, mean_y, px + 2);
      g_assert_true (find_extent (fixture, &area, (int) area.origin.x + x, 0.15, &top, &bottom));
      g_assert_cmpfloat_with_epsilon (top, top_y, px + 2);
      g_assert_cmpfloat_with_epsilon (bottom, bottom_y, px + 2);
    }
}

/* Whether a pixel has nothing but @color. */
static gboolean
has_color (Fixture       *fixture,
           int            x,
           int            y,
           const GdkRGBA *color)
{
  const guchar *pixel = fixture->pixels + (gsize) y * fixture->stride + (gsize) x * 4;

  return fabs (pixel[0] - 255 * (double) color->blue) <= 2 && fabs (pixel[1] - 255 * (double) color->green) <= 2 &&
         fabs (pixel[2] - 255 * (double) color->red) <= 2;
}

/* States: each column of pixels has the colour of the one that was then, and none where there was none or nobody knows. */
static void
test_bands (Fixture       *fixture,
            gconstpointer  data)
{
  /* by seconds; away from the seventh to the ninth, no value in the fourteenth */
  static const char then[] = "0011122..10000.222222111";
  enum { AWAY = 7, BACK = 9 };
  static const char * const names[] = { "off", "auto", "heat" };
  const int n = (int) strlen (then);
  g_autoptr(BwChartSeries) series = add_series (fixture, "mode", NULL, BW_CHART_STATES);
  g_autoptr(GString) points = g_string_new (NULL);
  g_autoptr(BwHistory) history = NULL;
  graphene_rect_t area;
  double low, high;
  guint n_seen[4] = { 0 };

  for (int i = 0; i < n; i++)
    {
      g_autofree char *name = then[i] == '.' ? g_strdup ("null") : g_strdup_printf ("\"%s\"", names[then[i] - '0']);

      if (i != AWAY && (i == 0 || then[i] != then[i - 1]))
        g_string_append_printf (points, "%s[%" G_GINT64_FORMAT ",%s]", i > 0 ? "," : "", BEGIN_US + i * SECOND_US, name);
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpuint (bw_chart_series_add_state (series, names[i]), ==, i);
  history = read_history ("{\"node\":\"a\",\"property\":\"b\",\"from\":%" G_GINT64_FORMAT ",\"to\":%" G_GINT64_FORMAT
                          ",\"points\":[%s],\"gaps\":[[%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT "]]}",
                          BEGIN_US, BEGIN_US + n * SECOND_US, points->str, BEGIN_US + AWAY * SECOND_US, BEGIN_US + BACK * SECOND_US);
  bw_chart_series_set_history (series, history);
  bw_chart_set_range (fixture->chart, BEGIN_US, BEGIN_US + n * SECOND_US);
  render (fixture);
  g_assert_true (bw_chart_get_area (fixture->chart, "mode", &area, &low, &high));

  for (int x = 0; x < (int) area.size.width; x++)
    {
      double at = (x + 0.5) * n / (double) area.size.width;
      int second = (int) at;
      int shown = -1;

      /* one pixel tells a run from the next */
      if (fmin (at - second, second + 1 - at) * (double) area.size.width / n < 2.5)
        continue;

      for (int state = 0; state < (int) G_N_ELEMENTS (names); state++)
        {
          if (has_color (fixture, (int) area.origin.x + x, (int) area.origin.y + 2, bw_chart_palette_state (fixture->scheme, (guint) state)))
            shown = state;
        }

      g_assert_cmpint (shown, ==, then[second] == '.' ? -1 : then[second] - '0');
      n_seen[shown + 1]++;
    }

  for (guint i = 0; i < G_N_ELEMENTS (n_seen); i++)
    g_assert_cmpuint (n_seen[i], >, 50);
}

/* Two units share an area, three do not. */
static void
test_areas (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(BwChartSeries) warm = add_series (fixture, "warm", "°C", BW_CHART_LINE);
  g_autoptr(BwChartSeries) cold = add_series (fixture, "cold", "°C", BW_CHART_LINE);
  g_autoptr(BwChartSeries) wet = add_series (fixture, "wet", "%", BW_CHART_LINE);
  g_autoptr(BwChartSeries) mode = add_series (fixture, "mode", NULL, BW_CHART_STATES);
  g_autoptr(BwChartSeries) loud = bw_chart_series_new ("loud", "loud", "dB", BW_CHART_LINE);
  graphene_rect_t first, second, third;
  double low, high, low_wet, high_wet;

  bw_chart_series_append (warm, BEGIN_US, 20, NULL);
  bw_chart_series_append (warm, BEGIN_US + SECOND_US, 30, NULL);
  bw_chart_series_append (cold, BEGIN_US, -10, NULL);
  bw_chart_series_append (wet, BEGIN_US, 60, NULL);
  bw_chart_series_append (mode, BEGIN_US, NAN, "auto");
  bw_chart_set_range (fixture->chart, BEGIN_US, BEGIN_US + 2 * SECOND_US);
  wait_drawn (fixture);

  g_assert_true (bw_chart_get_area (fixture->chart, "warm", &first, &low, &high));
  g_assert_true (bw_chart_get_area (fixture->chart, "wet", &second, &low_wet, &high_wet));
  g_assert_true (graphene_rect_equal (&first, &second));
  g_assert_true (low <= -10 && high >= 30 && low_wet > 30);

  g_assert_true (bw_chart_add_series (fixture->chart, loud));
  wait_drawn (fixture);
  g_assert_true (bw_chart_get_area (fixture->chart, "warm", &first, &low, &high));
  g_assert_true (bw_chart_get_area (fixture->chart, "wet", &second, &low, &high));
  g_assert_true (bw_chart_get_area (fixture->chart, "loud", &third, &low, &high));
  g_assert_cmpfloat (first.origin.y + first.size.height, <=, second.origin.y);
  g_assert_cmpfloat (second.origin.y + second.size.height, <=, third.origin.y);
  g_assert_cmpfloat (first.origin.x, ==, third.origin.x);

  bw_chart_remove_series (fixture->chart, "loud");
  g_assert_null (bw_chart_get_series (fixture->chart, "loud"));
  wait_drawn (fixture);
}

static void
count_cb (guint *n)
{
  (*n)++;
}

static void
test_moving (Fixture       *fixture,
             gconstpointer  data)
{
  GtkWidget *widget = GTK_WIDGET (fixture->chart);
  gint64 now_us = g_get_real_time ();
  guint n_moved = 0;
  guint n_reset = 0;
  gint64 from_us, to_us;

  g_signal_connect_swapped (widget, "range-changed", G_CALLBACK (count_cb), &n_moved);
  g_signal_connect_swapped (widget, "reset", G_CALLBACK (count_cb), &n_reset);
  bw_chart_set_range (fixture->chart, now_us - 4 * HOUR_US, now_us);
  bw_chart_set_follows (fixture->chart, TRUE);
  g_assert_cmpuint (n_moved, ==, 0);

  /* about now, while it follows */
  gtk_widget_activate_action (widget, "chart.zoom-in", NULL);
  bw_chart_get_range (fixture->chart, &from_us, &to_us);
  g_assert_cmpint (to_us - from_us, ==, 2 * HOUR_US);
  g_assert_true (bw_chart_get_follows (fixture->chart));
  g_assert_cmpuint (n_moved, ==, 1);

  /* about the cursor; then now is no more in sight */
  bw_chart_set_cursor (fixture->chart, from_us + HOUR_US / 2);
  gtk_widget_activate_action (widget, "chart.zoom-in", NULL);
  g_assert_false (bw_chart_get_follows (fixture->chart));
  bw_chart_get_range (fixture->chart, &from_us, &to_us);
  g_assert_cmpint (to_us - from_us, ==, HOUR_US);
  g_assert_cmpint (to_us, <, now_us);

  for (guint i = 0; i < 60; i++)
    gtk_widget_activate_action (widget, "chart.zoom-in", NULL);
  bw_chart_get_range (fixture->chart, &from_us, &to_us);
  g_assert_cmpint (to_us - from_us, ==, BW_CHART_MIN_SPAN_US);

  for (guint i = 0; i < 90; i++)
    gtk_widget_activate_action (widget, "chart.zoom-out", NULL);
  bw_chart_get_range (fixture->chart, &from_us, &to_us);
  g_assert_cmpint (to_us - from_us, <=, BW_CHART_MAX_SPAN_US);
  g_assert_cmpint (from_us, >=, 0);

  bw_chart_set_range (fixture->chart, BEGIN_US, BEGIN_US + HOUR_US);
  gtk_widget_activate_action (widget, "chart.now", NULL);
  g_assert_true (bw_chart_get_follows (fixture->chart));
  gtk_widget_activate_action (widget, "chart.reset", NULL);
  g_assert_cmpuint (n_reset, ==, 1);
}

static void
test_summary (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(BwChartSeries) warm = add_series (fixture, "Temperature", "°C", BW_CHART_LINE);
  g_autoptr(BwChartSeries) mode = add_series (fixture, "Mode", NULL, BW_CHART_STATES);
  g_autoptr(BwChartSeries) none = add_series (fixture, "Nothing", NULL, BW_CHART_STEPS);
  g_autofree char *text = NULL;
  g_autofree char *at_cursor = NULL;

  g_assert_cmpuint (bw_chart_series_find (none, BEGIN_US), ==, 0);
  bw_chart_series_append (warm, BEGIN_US, 20, NULL);
  bw_chart_series_append (warm, BEGIN_US + SECOND_US, 30.25, NULL);
  bw_chart_series_append (warm, BEGIN_US + 2 * SECOND_US, 21.5, NULL);
  bw_chart_series_append (mode, BEGIN_US + SECOND_US, NAN, "auto");
  bw_chart_set_range (fixture->chart, BEGIN_US, BEGIN_US + 4 * SECOND_US);

  text = bw_chart_dup_summary (fixture->chart);
  g_assert_cmpstr (text, ==, "From 21 Sep 2026, 16:13:20.000 to 21 Sep 2026, 16:13:24.000."
                   " Temperature: last 21.5\xc2\xa0°C least 20\xc2\xa0°C greatest 30.25\xc2\xa0°C."
                   " Mode: last auto. Nothing: no values.");

  bw_chart_set_cursor (fixture->chart, BEGIN_US + SECOND_US);
  at_cursor = bw_chart_dup_summary (fixture->chart);
  g_assert_true (g_str_has_suffix (at_cursor, " At 21 Sep 2026, 16:13:21.000: Temperature 30.25\xc2\xa0°C; Mode auto; Nothing —."));
}

static void
test_png (Fixture       *fixture,
          gconstpointer  data)
{
  g_autoptr(BwChartSeries) warm = add_series (fixture, "Temperature", "°C", BW_CHART_LINE);
  g_autoptr(GBytes) png = NULL;
  g_autoptr(GdkTexture) texture = NULL;
  g_autoptr(GError) error = NULL;

  bw_chart_series_append (warm, BEGIN_US, 20, NULL);
  bw_chart_set_range (fixture->chart, BEGIN_US - SECOND_US, BEGIN_US + SECOND_US);
  wait_drawn (fixture);
  png = bw_chart_to_png (fixture->chart, "Boiler <1>");
  g_assert_nonnull (png);
  texture = gdk_texture_new_from_bytes (png, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, 2 * (WIDTH + 24));
  g_assert_cmpint (gdk_texture_get_height (texture), >, 2 * (HEIGHT + 24));
}

/* Values that come while nobody looks, at the ends of what numbers are. */
static void
test_odd_values (Fixture       *fixture,
                 gconstpointer  data)
{
  static const double values[] = { 1.7e308, -1.7e308, NAN, INFINITY, 0, 5e-324, 1e-300, 12 };
  g_autoptr(BwChartSeries) series = add_series (fixture, "odd", "V", BW_CHART_LINE);
  g_autoptr(BwChartSeries) steps = add_series (fixture, "odd steps", "W", BW_CHART_STEPS);
  g_autoptr(BwChartSeries) text = add_series (fixture, "odd \xe2\x80\xae text", NULL, BW_CHART_STATES);

  for (int i = 0; i < 3000; i++)
    {
      bw_chart_series_append (series, BEGIN_US + i * SECOND_US, values[i % (int) G_N_ELEMENTS (values)], NULL);
      bw_chart_series_append (steps, BEGIN_US + i * SECOND_US, values[(i + 3) % (int) G_N_ELEMENTS (values)], NULL);
      bw_chart_series_append (text, BEGIN_US + i * SECOND_US, NAN, i % 2 == 0 ? "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d" : "<b>&");
    }

  for (gint64 span_us = BW_CHART_MIN_SPAN_US; span_us < BW_CHART_MAX_SPAN_US; span_us *= 20)
    {
      bw_chart_set_range (fixture->chart, BEGIN_US - span_us / 3, BEGIN_US + span_us);
      render (fixture);
    }
}

int
main (int   argc,
      char *argv[])
{
  bw_page_test_init (&argc, &argv);

#define ADD(name, function) \
  g_test_add ("/app/chart/" name, Fixture, &light, set_up, function, tear_down)
/* what is compared pixel by pixel */
#define ADD_BOTH(name, function) \
  ADD (name, function); \
  g_test_add ("/app/chart/dark/" name, Fixture, &dark, set_up, function, tear_down)

  ADD_BOTH ("dense", test_dense);
  ADD_BOTH ("sparse", test_sparse);
  ADD_BOTH ("steps", test_steps);
  ADD_BOTH ("thinned", test_thinned);
  ADD_BOTH ("bands", test_bands);
  ADD ("areas", test_areas);
  ADD ("moving", test_moving);
  ADD ("summary", test_summary);
  ADD ("png", test_png);
  ADD ("odd-values", test_odd_values);

  return g_test_run ();
}
