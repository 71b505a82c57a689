/* bench-users-page.c: the users page over a real backend: how soon rows are drawn after a click, a search, a sort, and
 * after a switch to another participation, whose users' addresses begin with z, and back
 *
 * Prints "OPEN_MS SEARCH_MS SORT_MS SWITCH_MS BACK_MS ROWS". A search counts from when the entry, which waits for more letters, asks.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <adwaita.h>
#include <stdio.h>
#include <string.h>

#include "bw-users-page.h"

#define DEADLINE_S 60
#define MIN_SHOWN  10
#define PAUSE_MS   500   /* what a person needs at least to begin the next */
#define SEARCH     "user99"

/* Each begins when the one before is on the screen. */
typedef enum
{
  STEP_OPEN,
  STEP_SEARCH,
  STEP_CLEAR,
  STEP_SORT,
  STEP_SWITCH,
  STEP_BACK,
  N_STEPS
} Step;

/* How the addresses in sight begin, once the rows of the step are drawn; those of the step before do not. */
static const char * const prefixes[N_STEPS] = { "", SEARCH, "", "user1", "z", "user1" };

typedef struct
{
  GMainLoop *loop;
  BwSession *session;
  GtkWidget *window;
  GtkWidget *page;
  GtkWidget *entry;
  Step       step;
  gint64     start_us;
  double     took_ms[N_STEPS];
  guint      n_rows;
  gboolean   paused;
  gboolean   failed;
} Bench;

typedef struct
{
  GtkWidget  *page;
  const char *prefix;
  guint       n_with;
  guint       n_without;
} Sight;

/* On the screen: the popovers of the filters have entries of their own. */
static GtkWidget *
find_type (GtkWidget *root,
           GType      type)
{
  GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE (root, type) ? root : NULL;

  if (!gtk_widget_get_mapped (root))
    return NULL;

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

      if (text != NULL && strstr (text, "@example.org") != NULL)
        {
          if (g_str_has_prefix (text, sight->prefix))
            sight->n_with++;
          else
            sight->n_without++;
        }
    }

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    look (child, sight);
}

static gboolean
shows (Bench      *bench,
       const char *prefix)
{
  Sight sight = { .page = bench->page, .prefix = prefix };

  look (bench->page, &sight);

  return sight.n_with >= MIN_SHOWN && sight.n_without == 0;
}

static void
search_changed_cb (GtkSearchEntry *entry,
                   Bench          *bench)
{
  bench->start_us = g_get_monotonic_time ();
}

static void begin_step (Bench *bench);

static gboolean
pause_over_cb (gpointer data)
{
  ((Bench *) data)->paused = FALSE;
  begin_step (data);

  return G_SOURCE_REMOVE;
}

static void
companies_changed_cb (GListModel *companies,
                      guint       position,
                      guint       n_removed,
                      guint       n_added,
                      Bench      *bench)
{
  if (n_added > 0)
    {
      g_signal_handlers_disconnect_by_func (companies, companies_changed_cb, bench);
      begin_step (bench);
    }
}

static void
switched_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Bench *bench = user_data;
  g_autoptr(GError) error = NULL;

  if (!bw_session_switch_participation_finish (BW_SESSION (source), result, &error))
    {
      fprintf (stderr, "bench-users-page: %s\n", error->message);
      bench->failed = TRUE;
      g_main_loop_quit (bench->loop);
    }
}

/* To the one of the two under which nobody acts now. */
static void
switch_participation (Bench *bench)
{
  GListModel *own = G_LIST_MODEL (bw_session_get_participations (bench->session));
  g_autoptr(BwEntity) first = g_list_model_get_item (own, 0);
  g_autoptr(BwEntity) second = g_list_model_get_item (own, 1);
  gboolean is_first = g_strcmp0 (bw_entity_get_id (first), bw_session_get_acting (bench->session)) == 0;

  bench->start_us = g_get_monotonic_time ();
  bw_session_switch_participation_async (bench->session, bw_entity_get_id (is_first ? second : first), NULL,
                                         switched_cb, bench);
}

static void
begin_step (Bench *bench)
{
  GListModel *companies = G_LIST_MODEL (bw_session_get_companies (bench->session));

  /* A session reads them once, with the first page that names some: nobody types while that is going on. */
  if (bench->step == STEP_SEARCH && g_list_model_get_n_items (companies) == 0)
    {
      g_signal_connect (companies, "items-changed", G_CALLBACK (companies_changed_cb), bench);
      return;
    }

  switch (bench->step)
    {
    case STEP_SEARCH:
      gtk_editable_set_text (GTK_EDITABLE (bench->entry), SEARCH);
      break;

    case STEP_CLEAR:
      gtk_editable_set_text (GTK_EDITABLE (bench->entry), "");
      break;

    case STEP_SORT:
      bench->start_us = g_get_monotonic_time ();
      gtk_widget_activate_action (gtk_widget_get_parent (bench->entry), "table.sort", "s", "email");
      break;

    case STEP_SWITCH:
    case STEP_BACK:
      switch_participation (bench);
      break;

    case STEP_OPEN:
    case N_STEPS:
    default:
      g_main_loop_quit (bench->loop);
      break;
    }
}

static void
frame_done_cb (GdkFrameClock *clock,
               Bench         *bench)
{
  if (bench->step == N_STEPS || bench->paused || !shows (bench, prefixes[bench->step]))
    return;

  /* Everything begins with nothing: what was searched for has to be gone. */
  if (bench->step == STEP_CLEAR && shows (bench, SEARCH))
    return;

  bench->took_ms[bench->step] = (double) (g_get_monotonic_time () - bench->start_us) / 1000;
  if (bench->step == STEP_OPEN)
    {
      bench->entry = find_type (bench->page, GTK_TYPE_SEARCH_ENTRY);
      g_signal_connect (bench->entry, "search-changed", G_CALLBACK (search_changed_cb), bench);
    }

  /* A list comes in steps; sorting one leaves its length as it was. */
  if (bench->step == STEP_SORT)
    bench->n_rows = g_list_model_get_n_items (
      G_LIST_MODEL (gtk_column_view_get_model (GTK_COLUMN_VIEW (find_type (bench->page, GTK_TYPE_COLUMN_VIEW)))));

  bench->step++;
  bench->paused = TRUE;
  g_timeout_add (PAUSE_MS, pause_over_cb, bench);
}

/* What a click on *Users* does: makes the page and shows it in a window that is there. */
static void
open_page (Bench *bench)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (bench->window);

  bench->start_us = g_get_monotonic_time ();
  bench->page = bw_users_page_new (bench->session);
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
      fprintf (stderr, "bench-users-page: %s\n", error->message);
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

  fprintf (stderr, "bench-users-page: not done after %d s, in step %d\n", DEADLINE_S, bench->step);
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

  if (argc != 3)
    {
      fprintf (stderr, "usage: bench-users-page SERVER TOKEN\n");
      return 2;
    }

  adw_init ();
  bench.loop = g_main_loop_new (NULL, FALSE);
  bench.session = bw_session_new (argv[1], &error);
  if (bench.session == NULL)
    {
      fprintf (stderr, "bench-users-page: %s\n", error->message);
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

  printf ("%.1f %.1f %.1f %.1f %.1f %u\n", bench.took_ms[STEP_OPEN], bench.took_ms[STEP_SEARCH], bench.took_ms[STEP_SORT],
          bench.took_ms[STEP_SWITCH], bench.took_ms[STEP_BACK], bench.n_rows);

  return 0;
}
