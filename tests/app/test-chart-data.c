/* test-chart-data.c: what a chart draws, as numbers: series, columns, ticks, texts, colours
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "bw-chart-axis.h"
#include "bw-chart-palette.h"
#include "bw-chart-series.h"

#define HOUR_US (3600 * (gint64) G_USEC_PER_SEC)

static BwHistory *
read_history (const char *points,
              const char *rest)
{
  g_autofree char *text = g_strdup_printf ("{\"node\":\"a\",\"property\":\"b\",\"datatype\":\"float\",\"from\":1000,\"to\":2000,"
                                           "\"points\":[%s]%s}", points, rest);
  g_autoptr(GError) error = NULL;
  BwHistory *history = bw_history_new_from_json (text, strlen (text), &error);

  g_assert_no_error (error);

  return history;
}

/* (transfer full): "at:value" of each point, with | where it does not hold until the next one */
static char *
describe (BwChartSeries *series)
{
  GString *out = g_string_new (NULL);
  guint n;
  const BwChartPoint *points = bw_chart_series_get_points (series, &n);

  for (guint i = 0; i < n; i++)
    {
      const char *mark = i + 1 == n ? "" : points[i].hold_us < points[i + 1].at_us ? " | " : " ";

      if (bw_chart_series_get_kind (series) == BW_CHART_STATES)
        g_string_append_printf (out, "%d:%s%s", (int) points[i].at_us,
                                bw_chart_series_get_state_name (series, points[i].state), mark);
      else
        g_string_append_printf (out, "%d:%g%s", (int) points[i].at_us, points[i].value, mark);
    }

  return g_string_free (out, FALSE);
}

static void
assert_points (BwChartSeries *series,
               const char    *expected)
{
  g_autofree char *text = describe (series);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_parts (void)
{
  g_autoptr(BwChartSeries) series = bw_chart_series_new ("a", "A", "°C", BW_CHART_LINE);
  g_autoptr(BwHistory) whole = read_history ("[1000,3,1,5,3,4],[1200,1,2,2,2,2],[1600,9,0,9,4,1]",
                                             ",\"thinned\":true,\"stepUs\":200,\"before\":[10,7],\"gaps\":[[1350,1550]]");
  g_autoptr(BwHistory) detail = NULL;

  bw_chart_series_set_history (series, whole);
  /* a line goes through the middle of its buckets */
  assert_points (series, "10:7 1100:3 1300:2 | 1700:4");
  g_assert_cmpint (bw_chart_series_get_until_us (series), ==, 2000);

  /* what came since stays; the clock that goes back does not */
  bw_chart_series_append (series, 2100, 5, NULL);
  bw_chart_series_append (series, 2100, 6, NULL);
  bw_chart_series_append (series, 50, NAN, NULL);
  assert_points (series, "10:7 1100:3 1300:2 | 1700:4 2100:5 2101:6 2102:nan");
  g_assert_cmpint (bw_chart_series_get_until_us (series), ==, 2102);

  {
    g_autofree char *text = g_strdup ("{\"node\":\"a\",\"property\":\"b\",\"from\":1200,\"to\":1500,"
                                      "\"points\":[[1210,1],[1300,2],[1490,3]],\"gaps\":[[1400,1450]]}");

    detail = bw_history_new_from_json (text, strlen (text), NULL);
  }
  bw_chart_series_set_detail (series, detail);
  assert_points (series, "10:7 1100:3 1210:1 1300:2 | 1490:3 | 1700:4 2100:5 2101:6 2102:nan");
  bw_chart_series_set_detail (series, NULL);
  assert_points (series, "10:7 1100:3 1300:2 | 1700:4 2100:5 2101:6 2102:nan");
}

static void
test_states (void)
{
  g_autoptr(BwChartSeries) series = bw_chart_series_new ("a", "A", NULL, BW_CHART_STATES);
  g_autoptr(BwHistory) history = read_history ("[1000,\"auto\"],[1100,\"off\"],[1200,null],[1300,\"auto\"]", ",\"gaps\":[[1150,1160]]");
  const BwChartPoint *point;
  g_autofree char *text = NULL;

  g_assert_cmpuint (bw_chart_series_add_state (series, "off"), ==, 0);
  bw_chart_series_set_history (series, history);
  assert_points (series, "1000:auto 1100:off | 1200: 1300:auto");

  point = bw_chart_series_look_up (series, 1099);
  text = bw_chart_series_point_text (series, point);
  g_assert_cmpstr (text, ==, "auto");
  g_assert_cmpuint (bw_chart_series_look_up (series, 1100)->state, ==, 0);
  g_assert_null (bw_chart_series_look_up (series, 1155));
  g_assert_null (bw_chart_series_look_up (series, 999));

  for (guint i = 0; i < 2 * BW_CHART_MAX_STATES; i++)
    {
      g_autofree char *name = g_strdup_printf ("state %u", i);

      g_assert_cmpuint (bw_chart_series_add_state (series, name), <, BW_CHART_MAX_STATES);
    }
  g_assert_cmpstr (bw_chart_series_get_state_name (series, BW_CHART_MAX_STATES - 1), ==, "…");
  g_assert_cmpstr (bw_chart_series_get_state_name (series, BW_CHART_MAX_STATES), ==, "");
}

static void
test_own_state (void)
{
  g_autoptr(BwChartSeries) series = bw_chart_series_new ("a", "A", NULL, BW_CHART_STATES);
  g_autoptr(BwHistory) history = read_history ("[1000,\"ready\"],[1100,\"lost\"],[1300,\"ready\"]", ",\"gaps\":[[1100,1300]]");

  bw_chart_series_set_ignores_gaps (series, TRUE);
  bw_chart_series_set_history (series, history);
  assert_points (series, "1000:ready 1100:lost 1300:ready");
}

static void
test_bounded (void)
{
  g_autoptr(BwChartSeries) series = bw_chart_series_new ("a", "A", NULL, BW_CHART_LINE);
  guint n;

  for (int i = 0; i < 2 * BW_CHART_MAX_POINTS + 5; i++)
    bw_chart_series_append (series, i, i, NULL);

  g_assert_cmpint (bw_chart_series_get_points (series, &n)[0].at_us, >, 0);
  g_assert_cmpuint (n, <=, BW_CHART_MAX_POINTS);
  g_assert_cmpuint (n, >, BW_CHART_MAX_POINTS / 2);
  g_assert_cmpfloat (bw_chart_series_look_up (series, 2 * BW_CHART_MAX_POINTS + 4)->value, ==, 2 * BW_CHART_MAX_POINTS + 4);
}

static void
test_look_up (void)
{
  g_autoptr(BwChartSeries) line = bw_chart_series_new ("a", "A", NULL, BW_CHART_LINE);
  g_autoptr(BwChartSeries) steps = bw_chart_series_new ("a", "A", NULL, BW_CHART_STEPS);
  double min, max;

  g_assert_null (bw_chart_series_look_up (line, 5));
  g_assert_false (bw_chart_series_get_range (line, 0, 100, &min, &max));

  for (int i = 1; i <= 3; i++)
    {
      bw_chart_series_append (line, 10 * i, i, NULL);
      bw_chart_series_append (steps, 10 * i, i, NULL);
    }

  g_assert_cmpfloat (bw_chart_series_look_up (line, 0)->value, ==, 1);
  g_assert_cmpfloat (bw_chart_series_look_up (line, 14)->value, ==, 1);
  g_assert_cmpfloat (bw_chart_series_look_up (line, 16)->value, ==, 2);
  g_assert_cmpfloat (bw_chart_series_look_up (line, 99)->value, ==, 3);
  g_assert_null (bw_chart_series_look_up (steps, 9));
  g_assert_cmpfloat (bw_chart_series_look_up (steps, 19)->value, ==, 1);
  g_assert_cmpfloat (bw_chart_series_look_up (steps, 20)->value, ==, 2);
  g_assert_cmpfloat (bw_chart_series_look_up (steps, 99)->value, ==, 3);

  /* what holds when it begins is seen of steps */
  g_assert_true (bw_chart_series_get_range (line, 15, 25, &min, &max));
  g_assert_cmpfloat (min, ==, 2);
  g_assert_true (bw_chart_series_get_range (steps, 15, 25, &min, &max));
  g_assert_cmpfloat (min, ==, 1);
  g_assert_cmpfloat (max, ==, 2);
}

/* Against the plainest way: for each column, look at all points. */
static void
test_reduce (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (7);

  for (guint round = 0; round < 50; round++)
    {
      g_autoptr(BwChartSeries) series = bw_chart_series_new ("a", "A", NULL, BW_CHART_LINE);
      guint n_columns = (guint) g_rand_int_range (rand, 1, 300);
      g_autofree BwChartColumn *columns = g_new (BwChartColumn, n_columns);
      gint64 at_us = 0;
      gint64 from_us, to_us;
      const BwChartPoint *points;
      guint n;

      for (int i = g_rand_int_range (rand, 0, 2000); i > 0; i--)
        {
          at_us += g_rand_int_range (rand, 1, 1000);
          bw_chart_series_append (series, at_us, g_rand_int_range (rand, 0, 30) == 0 ? NAN : g_rand_double_range (rand, -5, 5), NULL);
        }

      from_us = (gint64) (g_rand_double_range (rand, -0.2, 0.7) * (double) at_us);
      to_us = from_us + 1 + (gint64) (g_rand_double_range (rand, 0, 1) * (double) at_us);
      bw_chart_series_reduce (series, from_us, to_us, n_columns, columns);
      points = bw_chart_series_get_points (series, &n);

      for (guint x = 0; x < n_columns; x++)
        {
          double low = INFINITY, high = -INFINITY;
          guint n_in = 0;

          for (guint i = 0; i < n; i++)
            {
              double place = (double) (points[i].at_us - from_us) * n_columns / (double) (to_us - from_us);

              if (points[i].at_us < from_us || points[i].at_us >= to_us || isnan (points[i].value) ||
                  (guint) place != x)
                continue;

              n_in++;
              low = fmin (low, points[i].value);
              high = fmax (high, points[i].value);
            }

          g_assert_cmpuint (columns[x].n, ==, n_in);
          if (n_in == 0)
            continue;

          g_assert_cmpfloat (columns[x].low, ==, low);
          g_assert_cmpfloat (columns[x].high, ==, high);
        }
    }
}

static void
test_scales (void)
{
  static const struct
  {
    double      min, max;
    const char *first, *second, *last;
  } cases[] = {
    { 0, 1, "0.0", "0.2", "1.0" },
    { 20.3, 24.9, "20", "21", "25" },
    { -3, 17, "-5", "0", "20" },
    { 0.00012, 0.00019, "0.00012", "0.00014", "0.00020" },
    { 1e6, 2.2e6, "1000000", "1200000", "2200000" },
    { 5, 5, "4.7", "4.8", "5.3" },
    { 0, 0, "-1.0", "-0.5", "1.0" },
    { -0.02, 0.02, "-0.02", "-0.01", "0.02" },
    { 1e15, 1e15 + 100, "9.4e+14", "9.6e+14", "1.06e+15" },
    { -1.7e308, 1.7e308, "-4e+307", "-2e+307", "4e+307" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      BwChartScale scale;
      guint n;
      g_autofree char *first = NULL;
      g_autofree char *second = NULL;
      g_autofree char *last = NULL;

      bw_chart_scale_fit (&scale, cases[i].min, cases[i].max, 6);
      n = bw_chart_scale_get_n (&scale);
      first = bw_chart_scale_text (&scale, bw_chart_scale_get_tick (&scale, 0));
      second = bw_chart_scale_text (&scale, bw_chart_scale_get_tick (&scale, 1));
      last = bw_chart_scale_text (&scale, bw_chart_scale_get_tick (&scale, n - 1));
      g_test_message ("%g to %g: %s, %s .. %s", cases[i].min, cases[i].max, first, second, last);
      g_assert_cmpstr (first, ==, cases[i].first);
      g_assert_cmpstr (second, ==, cases[i].second);
      g_assert_cmpstr (last, ==, cases[i].last);
      g_assert_cmpuint (n, <=, 9);
      g_assert_true (scale.low < scale.high);
    }
}

static void
test_numbers (void)
{
  static const struct { double value; const char *text; } cases[] = {
    { 21.5, "21.5" }, { 0, "0" }, { -0.0, "0" }, { 1234567, "1234567" }, { 0.1 + 0.2, "0.3" }, { 1.0 / 3, "0.333333" },
    { 1e13, "1e+13" }, { 2e-7, "2e-07" }, { NAN, "—" }, { -1234.25, "-1234.25" },
  };
  g_autofree char *mean = bw_chart_mean_text (21.4567891, 2.2);
  g_autofree char *same = bw_chart_mean_text (21.5, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = bw_chart_number_text (cases[i].value);

      g_assert_cmpstr (text, ==, cases[i].text);
    }

  g_assert_cmpstr (mean, ==, "21.5");
  g_assert_cmpstr (same, ==, "21.5");
}

static gint64
at (GTimeZone  *zone,
    const char *iso)
{
  g_autoptr(GDateTime) moment = g_date_time_new_from_iso8601 (iso, zone);

  g_assert_nonnull (moment);

  return g_date_time_to_unix (moment) * G_USEC_PER_SEC + g_date_time_get_microsecond (moment);
}

static void
test_times (void)
{
  g_autoptr(GTimeZone) berlin = g_time_zone_new_identifier ("Europe/Berlin");
  g_autoptr(GTimeZone) kathmandu = g_time_zone_new_identifier ("Asia/Kathmandu");
  g_autoptr(GTimeZone) lord_howe = g_time_zone_new_identifier ("Australia/Lord_Howe");
  const struct
  {
    GTimeZone  *zone;
    const char *from, *to;
    const char *texts;
    gint64      first_to_last_us;
  } cases[] = {
    /* clocks back: 2:00 comes twice, and the day has 25 hours */
    { berlin, "2026-10-25T00:30:00", "2026-10-25T05:30:00", "01:00(25 Oct 2026) 02:00 02:00 03:00 04:00 05:00", 5 * HOUR_US },
    { berlin, "2026-10-24T12:00:00", "2026-10-26T13:00:00", "12:00(24 Oct 2026) 00:00(25 Oct 2026) 12:00 00:00(26 Oct 2026) 12:00", 49 * HOUR_US },
    /* clocks forth: 2:00 does not come */
    { berlin, "2026-03-29T00:30:00", "2026-03-29T06:30:00", "01:00(29 Mar 2026) 03:00 04:00 05:00 06:00", 4 * HOUR_US },
    { berlin, "2026-03-28T00:00:00", "2026-03-31T12:00:00", "28 Mar(2026) 29 Mar 30 Mar 31 Mar", 71 * HOUR_US },
    { kathmandu, "2026-05-01T10:02:00", "2026-05-01T10:58:00", "10:10(1 May 2026) 10:20 10:30 10:40 10:50", 2400 * (gint64) G_USEC_PER_SEC },
    { kathmandu, "2026-05-01T10:02:00", "2026-05-01T15:02:00", "11:00(1 May 2026) 12:00 13:00 14:00 15:00", 4 * HOUR_US },
    /* put back by half an hour */
    { lord_howe, "2026-04-05T00:10:00", "2026-04-05T04:10:00", "01:00(5 Apr 2026) 02:00 03:00 04:00", 0 },
    { berlin, "2026-11-20T00:00:00", "2027-04-10T00:00:00", "Dec(2026) Jan(2027) Feb Mar Apr", 0 },
    { berlin, "2020-01-01T00:00:00", "2026-11-01T00:00:00", "2020 2022 2024 2026", 0 },
    { berlin, "2026-11-02T00:00:00", "2026-12-06T00:00:00", "2 Nov(2026) 9 Nov 16 Nov 23 Nov 30 Nov", 28 * 24 * HOUR_US },
    { berlin, "2026-11-30T23:59:58.5", "2026-12-01T00:00:00.6", "23:59:58.500(30 Nov 2026) 23:59:59.000 23:59:59.500 00:00:00.000(1 Dec 2026) 00:00:00.500", 2000000 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GArray) ticks = bw_chart_time_ticks (cases[i].zone, at (cases[i].zone, cases[i].from),
                                                     at (cases[i].zone, cases[i].to), i == 0 ? 7 : 6);
      g_autoptr(GString) texts = g_string_new (NULL);

      for (guint j = 0; j < ticks->len; j++)
        {
          const BwChartTick *tick = &g_array_index (ticks, BwChartTick, j);

          g_string_append_printf (texts, "%s%s", j > 0 ? " " : "", tick->text);
          if (tick->context != NULL)
            g_string_append_printf (texts, "(%s)", tick->context);
        }

      g_assert_cmpstr (texts->str, ==, cases[i].texts);
      if (cases[i].first_to_last_us > 0)
        g_assert_cmpint (g_array_index (ticks, BwChartTick, ticks->len - 1).at_us -
                         g_array_index (ticks, BwChartTick, 0).at_us, ==, cases[i].first_to_last_us);
    }
}

/* However far one zooms, there are some and not too many. */
static void
test_many_spans (void)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier ("America/New_York");

  for (gint64 span_us = 10000; span_us < 150 * 365 * 24 * HOUR_US; span_us = span_us * 3 / 2)
    {
      gint64 from_us = 1790000000 * (gint64) G_USEC_PER_SEC + 123456;
      g_autoptr(GArray) ticks = bw_chart_time_ticks (zone, from_us, from_us + span_us, 10);

      g_assert_cmpuint (ticks->len, >=, 1);
      g_assert_cmpuint (ticks->len, <=, 12);
      for (guint i = 0; i < ticks->len; i++)
        {
          g_assert_cmpint (g_array_index (ticks, BwChartTick, i).at_us, >=, from_us);
          g_assert_cmpint (g_array_index (ticks, BwChartTick, i).at_us, <, from_us + span_us);
          g_assert_true (i == 0 || g_array_index (ticks, BwChartTick, i).at_us > g_array_index (ticks, BwChartTick, i - 1).at_us);
        }
    }
}

static void
test_zones (void)
{
  g_autoptr(GTimeZone) berlin = g_time_zone_new_identifier ("Europe/Berlin");
  g_autofree char *winter = bw_chart_zone_text (berlin, at (berlin, "2026-01-01T00:00:00"), at (berlin, "2026-01-02T00:00:00"));
  g_autofree char *both = bw_chart_zone_text (berlin, at (berlin, "2026-03-28T00:00:00"), at (berlin, "2026-03-30T00:00:00"));
  g_autofree char *fine = bw_chart_time_text (berlin, at (berlin, "2026-03-28T00:00:01.25"), 1000);
  g_autofree char *coarse = bw_chart_time_text (berlin, at (berlin, "2026-03-28T00:00:01.25"), HOUR_US);

  g_assert_cmpstr (winter, ==, "CET");
  g_assert_cmpstr (both, ==, "CET, CEST");
  g_assert_cmpstr (fine, ==, "28 Mar 2026, 00:00:01.250");
  g_assert_cmpstr (coarse, ==, "28 Mar 2026, 00:00");
}

static double
get_luminance (const GdkRGBA *color)
{
  const float parts[] = { color->red, color->green, color->blue };
  double linear[3];

  for (guint i = 0; i < 3; i++)
    linear[i] = (double) parts[i] <= 0.04045 ? (double) parts[i] / 12.92 : pow (((double) parts[i] + 0.055) / 1.055, 2.4);

  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

/* As WCAG 2 has it. */
static double
get_contrast (const GdkRGBA *a,
              const GdkRGBA *b)
{
  double x = get_luminance (a) + 0.05;
  double y = get_luminance (b) + 0.05;

  return fmax (x, y) / fmin (x, y);
}

static void
test_contrast (void)
{
  for (BwChartScheme scheme = 0; scheme < BW_CHART_N_SCHEMES; scheme++)
    {
      double least = scheme == BW_CHART_LIGHT || scheme == BW_CHART_DARK ? 3 : 4.5;

      for (guint slot = 0; slot < BW_CHART_N_COLORS; slot++)
        {
          g_assert_cmpfloat (get_contrast (bw_chart_palette_color (scheme, slot), bw_chart_palette_ground (scheme)), >=, least);
          g_assert_cmpfloat (get_contrast (bw_chart_palette_state (scheme, slot), bw_chart_palette_ink (scheme)), >=, 4.5);
        }
    }
}

/* No two of the first sixteen lines have both in common, nor two neighbours the dash. */
static void
test_dashes (void)
{
  for (guint i = 0; i < 2 * BW_CHART_N_COLORS; i++)
    {
      guint n, n_other;
      const double *dash = bw_chart_palette_dash (i, &n);

      g_assert_true (dash != bw_chart_palette_dash (i + 1, &n_other));
      for (guint j = 0; j < i; j++)
        g_assert_false (bw_chart_palette_color (BW_CHART_LIGHT, i) == bw_chart_palette_color (BW_CHART_LIGHT, j) &&
                        dash == bw_chart_palette_dash (j, &n_other));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/app/chart-data/parts", test_parts);
  g_test_add_func ("/app/chart-data/states", test_states);
  g_test_add_func ("/app/chart-data/own-state", test_own_state);
  g_test_add_func ("/app/chart-data/bounded", test_bounded);
  g_test_add_func ("/app/chart-data/look-up", test_look_up);
  g_test_add_func ("/app/chart-data/reduce", test_reduce);
  g_test_add_func ("/app/chart-data/scales", test_scales);
  g_test_add_func ("/app/chart-data/numbers", test_numbers);
  g_test_add_func ("/app/chart-data/times", test_times);
  g_test_add_func ("/app/chart-data/many-spans", test_many_spans);
  g_test_add_func ("/app/chart-data/zones", test_zones);
  g_test_add_func ("/app/chart-data/contrast", test_contrast);
  g_test_add_func ("/app/chart-data/dashes", test_dashes);

  return g_test_run ();
}
