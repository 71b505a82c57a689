/* bench-pane.c: the devices page over a real backend with a large fleet: how soon rows are drawn after a click, two sort
 * keys, a filter, and the jump to the end; what a frame of scrolling costs, and how much memory all of it takes
 *
 * Prints "OPEN_MS SORT_MS SORT_BY_TWO_MS FILTER_MS END_MS SCROLL_P50_MS MEMORY_MIB ROWS".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <adwaita.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bw-devices-page.h"
#include "bw-remote-view.h"

#define DEADLINE_S     120
#define MIN_SHOWN      10
#define PAUSE_MS       500   /* what a person needs at least to begin the next */
#define ID_CHARS       19
#define LONG_ROWS      1000  /* more than the steps that another list comes in */
#define WARM_UP_FRAMES 60
#define SCROLL_FRAMES  600
#define SCROLL_PX      120

/* Each begins when the one before is on the screen. */
typedef enum
{
  STEP_OPEN,
  STEP_SORT,
  STEP_SORT_ALSO,
  STEP_SORT_BACK,
  STEP_FILTER,
  STEP_CLEAR,
  STEP_END,
  STEP_TOP,
  STEP_SCROLL,
  N_STEPS
} Step;

/* What every row in sight says when a step is done, and what none does. */
static const struct
{
  const char *with;
  const char *without;
} signs[N_STEPS] = {
  [STEP_SORT] = { "Valve", "Lamp" },
  [STEP_SORT_ALSO] = { "Lamp", "Valve" },
  [STEP_SORT_BACK] = { "Valve", "Lamp" },
  [STEP_FILTER] = { "Blocked", "Paired" },
  [STEP_CLEAR] = { "Paired", "Lamp" },
};

typedef struct
{
  GMainLoop     *loop;
  BwSession     *session;
  GtkWidget     *window;
  GtkWidget     *page;
  GtkAdjustment *down;
  Step           step;
  gint64         start_us;
  double         took_ms[N_STEPS];
  guint          n_rows;
  guint          n_frames;
  double         cpu_ms;          /* the clock at the end of the frame before */
  GArray        *scroll_ms;       /* (element-type double) */
  gboolean       paused;
  gboolean       failed;
} Bench;

typedef struct
{
  GtkWidget *page;
  Step       step;
  guint      n_ids;
  guint      n_with;
  guint      n_without;
  guint      n_coming;
} Sight;

static double
get_cpu_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);

  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static double
get_memory_mib (void)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL))
    return 0;

  line = strstr (text, "VmRSS:");

  return line != NULL ? (double) g_ascii_strtoll (line + strlen ("VmRSS:"), NULL, 10) / 1024 : 0;
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

/* A table has rows above and below those that one can see. */
static gboolean
is_in_sight (GtkWidget *widget,
             GtkWidget *page)
{
  graphene_rect_t bounds;

  return gtk_widget_get_mapped (widget) && gtk_widget_compute_bounds (widget, page, &bounds) &&
         bounds.origin.y < gtk_widget_get_height (page) && bounds.origin.y + bounds.size.height > 0;
}

static void
look (GtkWidget *root,
      Sight     *sight)
{
  if (!is_in_sight (root, sight->page))
    return;

  if (GTK_IS_INSCRIPTION (root))
    {
      const char *text = gtk_inscription_get_text (GTK_INSCRIPTION (root));

      sight->n_ids += text != NULL && strlen (text) == ID_CHARS && text[4] == '-';
      sight->n_with += g_strcmp0 (text, signs[sight->step].with) == 0;
      sight->n_without += g_strcmp0 (text, signs[sight->step].without) == 0;
      sight->n_coming += g_strcmp0 (text, "…") == 0;
    }

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    look (child, sight);
}

static double
get_lowest (Bench *bench)
{
  return gtk_adjustment_get_upper (bench->down) - gtk_adjustment_get_page_size (bench->down);
}

/* A list comes in steps. */
static guint
count_rows (Bench *bench)
{
  GtkColumnView *view = GTK_COLUMN_VIEW (find_type (bench->page, GTK_TYPE_COLUMN_VIEW));

  return g_list_model_get_n_items (G_LIST_MODEL (gtk_column_view_get_model (view)));
}

static gboolean
is_done (Bench *bench)
{
  Sight sight = { .page = bench->page, .step = bench->step };

  look (bench->page, &sight);
  if (sight.n_ids < MIN_SHOWN || sight.n_coming > 0)
    return FALSE;

  switch (bench->step)
    {
    case STEP_END:
      return gtk_adjustment_get_value (bench->down) > get_lowest (bench) - 1;

    case STEP_TOP:
      return gtk_adjustment_get_value (bench->down) < 1;

    case STEP_OPEN:
      return TRUE;

    case STEP_CLEAR:
      return count_rows (bench) > LONG_ROWS && sight.n_with >= MIN_SHOWN && sight.n_without == 0;

    case STEP_SORT:
    case STEP_SORT_ALSO:
    case STEP_SORT_BACK:
    case STEP_FILTER:
    case STEP_SCROLL:
    case N_STEPS:
    default:
      return sight.n_with >= MIN_SHOWN && sight.n_without == 0;
    }
}

static gboolean
scroll_cb (GtkWidget     *widget,
           GdkFrameClock *clock,
           gpointer       user_data)
{
  Bench *bench = user_data;

  gtk_adjustment_set_value (bench->down, gtk_adjustment_get_value (bench->down) + SCROLL_PX);

  return G_SOURCE_CONTINUE;
}

static void
begin_step (Bench *bench)
{
  GtkWidget *view = find_type (bench->page, BW_TYPE_REMOTE_VIEW);

  bench->start_us = g_get_monotonic_time ();
  switch (bench->step)
    {
    case STEP_SORT:
    case STEP_SORT_BACK:
      gtk_widget_activate_action (bench->page, "devices.sort", "s", "-product");
      break;

    case STEP_SORT_ALSO:
      gtk_widget_activate_action (bench->page, "devices.sort", "s", "product,last-seen");
      break;

    case STEP_FILTER:
      gtk_widget_activate_action (bench->page, "devices.status", "s", "blocked");
      break;

    case STEP_CLEAR:
      gtk_widget_activate_action (bench->page, "devices.status", "s", "all");
      break;

    case STEP_END:
      gtk_widget_activate_action (view, "table.last", NULL);
      break;

    case STEP_TOP:
      gtk_widget_activate_action (view, "table.first", NULL);
      break;

    case STEP_SCROLL:
      bench->cpu_ms = get_cpu_ms ();
      gtk_widget_add_tick_callback (bench->page, scroll_cb, bench, NULL);
      break;

    case STEP_OPEN:
    case N_STEPS:
    default:
      break;
    }
}

static gboolean
pause_over_cb (gpointer data)
{
  ((Bench *) data)->paused = FALSE;
  begin_step (data);

  return G_SOURCE_REMOVE;
}

static void
take_scroll_frame (Bench *bench)
{
  double cpu_ms = get_cpu_ms ();
  double frame_ms = cpu_ms - bench->cpu_ms;

  bench->cpu_ms = cpu_ms;
  if (++bench->n_frames > WARM_UP_FRAMES)
    g_array_append_val (bench->scroll_ms, frame_ms);

  if (bench->n_frames >= WARM_UP_FRAMES + SCROLL_FRAMES)
    g_main_loop_quit (bench->loop);
}

static void
frame_done_cb (GdkFrameClock *clock,
               Bench         *bench)
{
  if (bench->paused)
    return;

  if (bench->step == STEP_SCROLL)
    {
      take_scroll_frame (bench);
      return;
    }

  if (bench->down == NULL)
    bench->down = gtk_scrollable_get_vadjustment (
      GTK_SCROLLABLE (find_type (find_type (bench->page, GTK_TYPE_COLUMN_VIEW), GTK_TYPE_LIST_VIEW)));

  if (!is_done (bench))
    return;

  bench->took_ms[bench->step] = (double) (g_get_monotonic_time () - bench->start_us) / 1000;
  if (bench->step == STEP_END)
    bench->n_rows = count_rows (bench);

  bench->step++;
  bench->paused = TRUE;
  g_timeout_add (PAUSE_MS, pause_over_cb, bench);
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
      fprintf (stderr, "bench-pane: %s\n", error->message);
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

  fprintf (stderr, "bench-pane: not done after %d s, in step %d, %u frames\n", DEADLINE_S, bench->step, bench->n_frames);
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

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  Bench bench = { 0 };

  if (argc != 3)
    {
      fprintf (stderr, "usage: bench-pane SERVER TOKEN\n");
      return 2;
    }

  adw_init ();
  bench.loop = g_main_loop_new (NULL, FALSE);
  bench.scroll_ms = g_array_new (FALSE, FALSE, sizeof (double));
  bench.session = bw_session_new (argv[1], &error);
  if (bench.session == NULL)
    {
      fprintf (stderr, "bench-pane: %s\n", error->message);
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

  g_array_sort (bench.scroll_ms, compare_doubles);
  printf ("%.1f %.1f %.1f %.1f %.1f %.2f %.1f %u\n", bench.took_ms[STEP_OPEN], bench.took_ms[STEP_SORT],
          bench.took_ms[STEP_SORT_ALSO], bench.took_ms[STEP_FILTER], bench.took_ms[STEP_END], g_array_index (bench.scroll_ms, double, bench.scroll_ms->len / 2), get_memory_mib (),
          bench.n_rows);

  return 0;
}
