/* bench-device-page.c: a device's page while the device says a thousand things a second
 *
 * For each of three views (sensors, raw topics, raw messages) it prints "VIEW N_FRAMES P50_MS P99_MS MAX_MS CPU_MS SHOWN_P50_MS
 * SHOWN_MAX_MS": how long frames took, the most the main thread has computed from one frame to the next, and how old the
 * newest value was when it was drawn. One property, light/clock, has as its value when it was said.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <adwaita.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bw-device-page.h"

#define DEADLINE_S 90
#define SETTLE_S   3
#define MEASURE_S  10
#define CLOCK_LENGTH 16

typedef enum
{
  VIEW_SENSORS,
  VIEW_TOPICS,
  VIEW_MESSAGES,
  N_VIEWS
} View;

static const char * const names[N_VIEWS] = { "sensors", "topics", "messages" };

typedef struct
{
  GMainLoop  *loop;
  BwSession  *session;
  const char *device_id;
  GtkWidget  *window;
  GtkWidget  *page;
  View        view;
  gboolean    measuring;
  gint64      begin_us;
  gint64      cpu_us;
  gint64      shown;        /* the newest clock that was drawn */
  GArray     *frames_ms;    /* double */
  GArray     *cpu_ms;
  GArray     *shown_ms;
  gboolean    failed;
} Bench;

static gint64
get_cpu_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);

  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* The newest clock on the screen. */
static gint64
find_clock (GtkWidget *root,
            GtkWidget *page)
{
  graphene_rect_t bounds;
  gint64 found = 0;

  if (!gtk_widget_get_mapped (root) || !gtk_widget_compute_bounds (root, page, &bounds) ||
      bounds.origin.y >= gtk_widget_get_height (page) || bounds.origin.y + bounds.size.height <= 0)
    return 0;

  if (GTK_IS_INSCRIPTION (root))
    {
      const char *text = gtk_inscription_get_text (GTK_INSCRIPTION (root));

      if (text != NULL && strlen (text) == CLOCK_LENGTH && g_ascii_isdigit (text[0]) && g_ascii_isdigit (text[CLOCK_LENGTH - 1]))
        found = g_ascii_strtoll (text, NULL, 10);
    }

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      gint64 below = find_clock (child, page);

      found = MAX (found, below);
    }

  return found;
}

static void
add (GArray *array,
     double  value)
{
  g_array_append_val (array, value);
}

static void
before_paint_cb (GdkFrameClock *clock,
                 Bench         *bench)
{
  bench->begin_us = g_get_monotonic_time ();
}

static void
after_paint_cb (GdkFrameClock *clock,
                Bench         *bench)
{
  gint64 now_us = g_get_monotonic_time ();
  gint64 cpu_us = get_cpu_us ();
  gint64 shown;

  if (bench->measuring)
    {
      add (bench->frames_ms, (double) (now_us - bench->begin_us) / 1000);
      add (bench->cpu_ms, (double) (cpu_us - bench->cpu_us) / 1000);
    }

  shown = find_clock (bench->page, bench->page);
  if (shown > bench->shown)
    {
      if (bench->measuring)
        add (bench->shown_ms, (double) (g_get_real_time () - shown) / 1000);
      bench->shown = shown;
    }

  /* looking for it is the measurement's own work */
  bench->cpu_us = get_cpu_us ();
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  double left = *(const double *) a, right = *(const double *) b;

  return (left > right) - (left < right);
}

static double
quantile (GArray *array,
          double  share)
{
  if (array->len == 0)
    return -1;

  g_array_sort (array, compare);

  return g_array_index (array, double, (guint) (share * (array->len - 1)));
}

static void show_view (Bench *bench);

static gboolean
measured_cb (gpointer data)
{
  Bench *bench = data;

  bench->measuring = FALSE;
  printf ("%s %u %.1f %.1f %.1f %.1f %.1f %.1f\n", names[bench->view], bench->frames_ms->len,
          quantile (bench->frames_ms, 0.5), quantile (bench->frames_ms, 0.99), quantile (bench->frames_ms, 1), quantile (bench->cpu_ms, 1),
          quantile (bench->shown_ms, 0.5), quantile (bench->shown_ms, 1));

  g_array_set_size (bench->frames_ms, 0);
  g_array_set_size (bench->cpu_ms, 0);
  g_array_set_size (bench->shown_ms, 0);
  bench->view++;
  if (bench->view < N_VIEWS)
    show_view (bench);
  else
    g_main_loop_quit (bench->loop);

  return G_SOURCE_REMOVE;
}

static gboolean
settled_cb (gpointer data)
{
  Bench *bench = data;

  bench->measuring = TRUE;
  g_timeout_add_seconds (MEASURE_S, measured_cb, bench);

  return G_SOURCE_REMOVE;
}

static GtkWidget *
find_button (GtkWidget  *root,
             const char *label)
{
  GtkWidget *found = NULL;

  if (GTK_IS_BUTTON (root) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (root)), label) == 0)
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_button (child, label);

  return found;
}

static void
show_view (Bench *bench)
{
  bw_device_page_set_tab (BW_DEVICE_PAGE (bench->page), bench->view == VIEW_SENSORS ? "sensors" : "raw");
  if (bench->view == VIEW_MESSAGES)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (find_button (bench->page, "Messages")), TRUE);

  g_timeout_add_seconds (SETTLE_S, settled_cb, bench);
}

static void
resumed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Bench *bench = user_data;
  g_autoptr(GError) error = NULL;
  GdkFrameClock *clock;

  if (!bw_session_resume_finish (BW_SESSION (source), result, &error))
    {
      fprintf (stderr, "bench-device-page: %s\n", error->message);
      bench->failed = TRUE;
      g_main_loop_quit (bench->loop);
      return;
    }

  bw_session_start_feed (bench->session);
  bench->page = bw_device_page_new (bench->session, bench->device_id);
  gtk_window_set_child (GTK_WINDOW (bench->window), bench->page);
  clock = gtk_widget_get_frame_clock (bench->window);
  g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint_cb), bench);
  g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint_cb), bench);
  show_view (bench);
}

static gboolean
too_late_cb (gpointer user_data)
{
  Bench *bench = user_data;

  fprintf (stderr, "bench-device-page: not done after %d s\n", DEADLINE_S);
  bench->failed = TRUE;
  g_main_loop_quit (bench->loop);

  return G_SOURCE_REMOVE;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  Bench bench = { 0 };

  if (argc != 4)
    {
      fprintf (stderr, "usage: bench-device-page SERVER TOKEN DEVICE\n");
      return 2;
    }

  adw_init ();
  bench.loop = g_main_loop_new (NULL, FALSE);
  bench.device_id = argv[3];
  bench.frames_ms = g_array_new (FALSE, FALSE, sizeof (double));
  bench.cpu_ms = g_array_new (FALSE, FALSE, sizeof (double));
  bench.shown_ms = g_array_new (FALSE, FALSE, sizeof (double));
  bench.session = bw_session_new (argv[1], &error);
  if (bench.session == NULL)
    {
      fprintf (stderr, "bench-device-page: %s\n", error->message);
      return 2;
    }

  bench.window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (bench.window), 1280, 800);
  gtk_window_present (GTK_WINDOW (bench.window));
  bw_session_resume_async (bench.session, argv[2], NULL, resumed_cb, &bench);
  g_timeout_add_seconds (DEADLINE_S, too_late_cb, &bench);
  g_main_loop_run (bench.loop);

  return bench.failed ? 1 : 0;
}
