/* bench-table.c: the devices page over a real backend: how soon it is there, what a frame of scrolling costs
 *
 * Prints "OPEN_MS SCROLL_P50_MS SCROLL_P95_MS FRAMES_PER_SECOND JUMP_P50_MS ROWS".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <adwaita.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bw-devices-page.h"

#define WARM_UP_FRAMES  60
#define SCROLL_FRAMES   600
#define JUMP_FRAMES     60
#define SCROLL_PX       120
#define DEADLINE_S      60

typedef struct
{
  GMainLoop     *loop;
  BwSession     *session;
  GtkWidget     *window;
  GtkWidget     *page;
  GtkAdjustment *down;
  gint64         start_us;
  double         open_ms;
  gint64         scroll_start_us;
  double         seconds;
  guint          n_rows;
  guint          n_frames;
  double         cpu_ms;          /* the clock at the end of the frame before */
  GArray        *scroll_ms;       /* (element-type double) */
  GArray        *jump_ms;
  GRand         *rand;
  gboolean       failed;
} Bench;

/* Of this thread: layout, drawing, and reading the rows that scroll in. */
static double
get_cpu_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);

  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static GtkWidget *
find_type (GtkWidget *root,
           GType      type)
{
  GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE (root, type) ? root : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_type (child, type);

  return found;
}

/* Whether a row shows an ID; the texts of its header are labels. */
static gboolean
shows_rows (GtkWidget *root)
{
  if (!gtk_widget_get_mapped (root))
    return FALSE;

  if (GTK_IS_INSCRIPTION (root))
    {
      const char *text = gtk_inscription_get_text (GTK_INSCRIPTION (root));

      return text != NULL && strlen (text) == 19;
    }

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      if (shows_rows (child))
        return TRUE;
    }

  return FALSE;
}

static gboolean
step_cb (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  Bench *bench = user_data;
  double upper = gtk_adjustment_get_upper (bench->down) - gtk_adjustment_get_page_size (bench->down);

  if (bench->n_frames < WARM_UP_FRAMES + SCROLL_FRAMES)
    gtk_adjustment_set_value (bench->down, gtk_adjustment_get_value (bench->down) + SCROLL_PX);
  else
    gtk_adjustment_set_value (bench->down, g_rand_double_range (bench->rand, 0, upper));

  return G_SOURCE_CONTINUE;
}

static void
frame_done_cb (GdkFrameClock *clock,
               Bench         *bench)
{
  double cpu_ms = get_cpu_ms ();
  double frame_ms = cpu_ms - bench->cpu_ms;

  if (bench->open_ms == 0)
    {
      if (!shows_rows (bench->page))
        return;

      bench->open_ms = (double) (g_get_monotonic_time () - bench->start_us) / 1000;
      bench->n_rows = g_list_model_get_n_items (
        G_LIST_MODEL (gtk_column_view_get_model (GTK_COLUMN_VIEW (find_type (bench->page, GTK_TYPE_COLUMN_VIEW)))));
      bench->down = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (find_type (find_type (bench->page, GTK_TYPE_COLUMN_VIEW), GTK_TYPE_LIST_VIEW)));
      bench->cpu_ms = cpu_ms;
      gtk_widget_add_tick_callback (bench->page, step_cb, bench, NULL);
      return;
    }

  bench->cpu_ms = cpu_ms;
  bench->n_frames++;

  if (bench->n_frames == WARM_UP_FRAMES)
    bench->scroll_start_us = g_get_monotonic_time ();
  else if (bench->n_frames > WARM_UP_FRAMES && bench->n_frames <= WARM_UP_FRAMES + SCROLL_FRAMES)
    g_array_append_val (bench->scroll_ms, frame_ms);
  else if (bench->n_frames > WARM_UP_FRAMES + SCROLL_FRAMES + 1)
    g_array_append_val (bench->jump_ms, frame_ms);

  if (bench->n_frames == WARM_UP_FRAMES + SCROLL_FRAMES)
    bench->seconds = (double) (g_get_monotonic_time () - bench->scroll_start_us) / G_USEC_PER_SEC;

  if (bench->n_frames > WARM_UP_FRAMES + SCROLL_FRAMES + JUMP_FRAMES)
    g_main_loop_quit (bench->loop);
}

/* What a click on *Devices* does: makes the page and shows it in a window that is there. */
static void
open_page (Bench *bench)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (bench->window);

  bench->start_us = g_get_monotonic_time ();
  bench->page = bw_devices_page_new (bench->session);
  gtk_window_set_child (GTK_WINDOW (bench->window), bench->page);
  g_signal_connect (clock, "after-paint", G_CALLBACK (frame_done_cb), bench);
}

static void
resumed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Bench *bench = user_data;
  g_autoptr(GError) error = NULL;

  if (!bw_session_resume_finish (BW_SESSION (source), result, &error))
    {
      fprintf (stderr, "bench-table: %s\n", error->message);
      bench->failed = TRUE;
      g_main_loop_quit (bench->loop);
      return;
    }

  open_page (bench);
}

static gboolean
too_late_cb (gpointer user_data)
{
  Bench *bench = user_data;

  fprintf (stderr, "bench-table: not done after %d s, %u frames\n", DEADLINE_S, bench->n_frames);
  bench->failed = TRUE;
  g_main_loop_quit (bench->loop);

  return G_SOURCE_REMOVE;
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double difference = *(const double *) a - *(const double *) b;

  return difference < 0 ? -1 : difference > 0;
}

static double
get_percentile (GArray *values,
                guint   percent)
{
  g_array_sort (values, compare_doubles);

  return g_array_index (values, double, values->len * percent / 100);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  Bench bench = { 0 };

  if (argc != 3)
    {
      fprintf (stderr, "usage: bench-table SERVER TOKEN\n");
      return 2;
    }

  adw_init ();
  bench.loop = g_main_loop_new (NULL, FALSE);
  bench.scroll_ms = g_array_new (FALSE, FALSE, sizeof (double));
  bench.jump_ms = g_array_new (FALSE, FALSE, sizeof (double));
  bench.rand = g_rand_new_with_seed (1);
  bench.session = bw_session_new (argv[1], &error);
  if (bench.session == NULL)
    {
      fprintf (stderr, "bench-table: %s\n", error->message);
      return 2;
    }

  bench.window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (bench.window), 1280, 800);
  gtk_window_present (GTK_WINDOW (bench.window));
  bw_session_resume_async (bench.session, argv[2], NULL, resumed_cb, &bench);
  g_timeout_add_seconds (DEADLINE_S, too_late_cb, &bench);
  g_main_loop_run (bench.loop);

  if (bench.failed)
    return 1;

  printf ("%.1f %.2f %.2f %.1f %.2f %u\n", bench.open_ms, get_percentile (bench.scroll_ms, 50),
          get_percentile (bench.scroll_ms, 95), SCROLL_FRAMES / bench.seconds,
          get_percentile (bench.jump_ms, 50), bench.n_rows);

  return 0;
}
