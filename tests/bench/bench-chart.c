/* bench-chart.c: a chart of 100,000 points that moves with each frame, and one whose cursor moves
 *
 * Prints "MOVE_P50_MS MOVE_P95_MS MOVE_FRAMES_PER_SECOND CURSOR_P50_MS".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <adwaita.h>
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "bw-chart.h"

#define N_POINTS       100000
#define WARM_UP_FRAMES 60
#define FRAMES         300
#define BEGIN_US       (G_GINT64_CONSTANT (1790000000) * G_USEC_PER_SEC)

typedef struct
{
  GMainLoop *loop;
  GtkWidget *chart;
  guint      n_frames;
  double     cpu_ms;
  gint64     start_us;
  double     seconds;
  GArray    *move_ms;      /* (element-type double) */
  GArray    *cursor_ms;
} Bench;

static double
get_cpu_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);

  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static gboolean
step_cb (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  Bench *bench = user_data;
  gint64 second_us = G_USEC_PER_SEC;
  gint64 from_us = BEGIN_US - bench->n_frames * second_us;

  if (bench->n_frames < WARM_UP_FRAMES + FRAMES)
    bw_chart_set_range (BW_CHART (bench->chart), from_us, from_us + (N_POINTS + FRAMES) * second_us);
  else
    bw_chart_set_cursor (BW_CHART (bench->chart), BEGIN_US + 100 * bench->n_frames * second_us);

  return G_SOURCE_CONTINUE;
}

static void
frame_done_cb (GdkFrameClock *clock,
               Bench         *bench)
{
  double cpu_ms = get_cpu_ms ();
  double frame_ms = cpu_ms - bench->cpu_ms;

  bench->cpu_ms = cpu_ms;
  bench->n_frames++;
  if (bench->n_frames == WARM_UP_FRAMES)
    bench->start_us = g_get_monotonic_time ();
  else if (bench->n_frames > WARM_UP_FRAMES && bench->n_frames <= WARM_UP_FRAMES + FRAMES)
    g_array_append_val (bench->move_ms, frame_ms);
  else if (bench->n_frames > WARM_UP_FRAMES + FRAMES + 1)
    g_array_append_val (bench->cursor_ms, frame_ms);

  if (bench->n_frames == WARM_UP_FRAMES + FRAMES)
    bench->seconds = (double) (g_get_monotonic_time () - bench->start_us) / G_USEC_PER_SEC;
  if (bench->n_frames == WARM_UP_FRAMES + 2 * FRAMES)
    g_main_loop_quit (bench->loop);
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
percentile (GArray *figures,
            double  part)
{
  g_array_sort (figures, compare);

  return g_array_index (figures, double, (guint) (part * (figures->len - 1)));
}

int
main (int   argc,
      char *argv[])
{
  Bench bench = { 0 };
  GtkWidget *window;
  BwChartSeries *series;
  g_autoptr(GRand) rand = g_rand_new_with_seed (1);

  adw_init ();
  series = bw_chart_series_new ("a", "Temperature", "°C", BW_CHART_LINE);
  for (int i = 0; i < N_POINTS; i++)
    bw_chart_series_append (series, BEGIN_US + i * (gint64) G_USEC_PER_SEC,
                            20 + 5 * sin (i / 9000.0) + g_rand_double_range (rand, -1, 1), NULL);

  bench.chart = bw_chart_new ();
  bw_chart_add_series (BW_CHART (bench.chart), series);
  bw_chart_series_unref (series);
  bench.loop = g_main_loop_new (NULL, FALSE);
  bench.move_ms = g_array_new (FALSE, FALSE, sizeof (double));
  bench.cursor_ms = g_array_new (FALSE, FALSE, sizeof (double));

  window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (window), 1050, 730);
  gtk_window_set_child (GTK_WINDOW (window), bench.chart);
  gtk_window_present (GTK_WINDOW (window));
  gtk_widget_add_tick_callback (bench.chart, step_cb, &bench, NULL);
  g_signal_connect (gtk_widget_get_frame_clock (bench.chart), "after-paint", G_CALLBACK (frame_done_cb), &bench);
  g_main_loop_run (bench.loop);

  printf ("%.2f %.2f %.1f %.2f\n", percentile (bench.move_ms, 0.5), percentile (bench.move_ms, 0.95),
          FRAMES / bench.seconds, percentile (bench.cursor_ms, 0.5));

  gtk_window_destroy (GTK_WINDOW (window));
  g_array_unref (bench.move_ms);
  g_array_unref (bench.cursor_ms);
  g_main_loop_unref (bench.loop);

  return 0;
}
