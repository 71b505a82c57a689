/* test-label-preview.c: the labels dialog with a large batch
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-labels-test.h"

#include <glib/gstdio.h>

#include "bw-page-test.h"
#include "bw-part-sheet.h"
#include "bw-sheet-preview.h"
#include "bw-task-bar.h"
#include "bw-test.h"

/* For how long the window may be deaf while a job is made. It is 50 ms; on a machine that is busy all takes longer, so a
 * third of the whole is allowed too: a job made on the main thread has one gap that is nearly all of it. */
#define GAP_MS 400

/* What the preview of a large batch may take. The test fails at ten times that, for machines that are busy. */
#define FIRST_PAGE_MS 200

/* A sheet that was not there before, and drawn. */
typedef struct
{
  BwLabelsTest *fixture;
  BwSheet *before;      /* (nullable): only compared */
  guint    n_frames;
} Watch;

static void
painted_cb (GdkFrameClock *clock,
            Watch         *watch)
{
  watch->n_frames++;
}

static gboolean
has_page (gpointer data)
{
  Watch *watch = data;
  GtkWidget *preview = bw_page_test_find_type (watch->fixture->dialog, BW_TYPE_SHEET_PREVIEW);
  BwSheet *sheet = preview != NULL ? bw_sheet_preview_get_sheet (BW_SHEET_PREVIEW (preview)) : NULL;

  return sheet != NULL && sheet != watch->before;
}

static gboolean
has_frame (gpointer data)
{
  return ((Watch *) data)->n_frames > 0;
}

/* Until the next page is on the screen. */
static int
wait_page (BwLabelsTest *fixture,
           BwSheet      *before,
           gint64        begun_us)
{
  Watch watch = { fixture, before, 0 };
  GdkFrameClock *clock;
  gulong handler;

  bw_test_wait_for (has_page, &watch);
  clock = gtk_widget_get_frame_clock (fixture->dialog);
  handler = g_signal_connect (clock, "after-paint", G_CALLBACK (painted_cb), &watch);
  bw_test_wait_for (has_frame, &watch);
  g_signal_handler_disconnect (clock, handler);

  return (int) ((g_get_monotonic_time () - begun_us) / 1000);
}

/* The IDs of the pages that are shown are all that is asked for. */
static void
test_large_batch (BwLabelsTest  *fixture,
                  gconstpointer  data)
{
  GtkWidget *preview;
  BwSheet *first;
  gint64 begun_us;
  int took_ms;

  /* once without a watch: fonts and styles are loaded by the first dialog */
  bw_page_test_wait_text (fixture->dialog, "100000 labels on 4762 sheets");
  wait_page (fixture, NULL, 0);
  gtk_window_destroy (GTK_WINDOW (fixture->dialog));
  bw_test_wait_for (bw_labels_test_is_gone, &fixture->dialog);
  g_object_unref (fixture->batch);

  fixture->n_asked = 0;
  begun_us = g_get_monotonic_time ();
  bw_labels_test_open (fixture, 100000);
  took_ms = wait_page (fixture, NULL, begun_us);
  g_test_message ("the first page of 100,000 labels took %d ms", took_ms);
  g_assert_cmpint (took_ms, <, 10 * FIRST_PAGE_MS);
  g_assert_cmpuint (fixture->n_asked, ==, 21);

  /* the wheel turns the page */
  preview = bw_page_test_find_type (fixture->dialog, BW_TYPE_SHEET_PREVIEW);
  first = bw_sheet_preview_get_sheet (BW_SHEET_PREVIEW (preview));
  begun_us = g_get_monotonic_time ();
  g_signal_emit_by_name (preview, "turn-page", 1);
  g_test_message ("the next page took %d ms", wait_page (fixture, first, begun_us));
  bw_page_test_wait_text (fixture->dialog, "Sheet 2 of 4762");
  g_assert_cmpuint (fixture->n_asked, ==, 42);
}

typedef struct
{
  gint64 last_us;
  gint64 longest_us;
} Gaps;

static gboolean
beat_cb (gpointer user_data)
{
  Gaps *gaps = user_data;
  gint64 now_us = g_get_monotonic_time ();

  gaps->longest_us = MAX (gaps->longest_us, now_us - gaps->last_us);
  gaps->last_us = now_us;

  return G_SOURCE_CONTINUE;
}

static gboolean
is_halfway (gpointer data)
{
  GtkWidget *bar = bw_page_test_find_type (data, GTK_TYPE_PROGRESS_BAR);

  return bar != NULL && gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (bar)) > 0.1;
}

/* The second half is the drawing. */
static gboolean
is_drawn (gpointer data)
{
  GtkWidget *bar = bw_page_test_find_type (data, GTK_TYPE_PROGRESS_BAR);

  return bar != NULL && gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (bar)) > 0.5;
}

static gboolean
is_idle (gpointer data)
{
  GtkWidget *bar = bw_page_test_find_type (data, BW_TYPE_TASK_BAR);

  return !bw_task_bar_is_busy (BW_TASK_BAR (bar));
}

/* All that is known of 100,000 devices, each looked at whether it fits. */
static void
choose_all_facts (BwLabelsTest *fixture)
{
  fixture->facts = bw_labels_test_write_facts (1, 100000);
  gtk_widget_activate_action (fixture->dialog, "labels.select-stock", "s", "L7163");
  bw_labels_test_choose (fixture, "Design", BW_LABEL_PRESET_FULL);
  bw_page_test_wait_text (fixture->dialog, "100000 labels on 7143 sheets");
}

static void
test_stays_awake (BwLabelsTest  *fixture,
                  gconstpointer  data)
{
  g_autofree char *path = g_build_filename (bw_labels_test_folder, "awake.pdf", NULL);
  Gaps gaps = { 0 };
  guint beat_id;
  gint64 begun_us;

  choose_all_facts (fixture);
  gaps.last_us = begun_us = g_get_monotonic_time ();
  beat_id = g_timeout_add (2, beat_cb, &gaps);
  gtk_widget_activate_action (fixture->dialog, "labels.export-to", "s", path);
  bw_test_wait_for (is_halfway, fixture->dialog);
  g_test_message ("a tenth of 100,000 labels took %d ms, the longest gap %d ms",
                  (int) ((g_get_monotonic_time () - begun_us) / 1000), (int) (gaps.longest_us / 1000));
  bw_test_wait_for (is_drawn, fixture->dialog);
  g_source_remove (beat_id);
  g_test_message ("all of them were looked at in %d ms, the longest gap %d ms",
                  (int) ((g_get_monotonic_time () - begun_us) / 1000), (int) (gaps.longest_us / 1000));
  g_assert_cmpint (gaps.longest_us, <, MAX (GAP_MS * 1000, (g_get_monotonic_time () - begun_us) / 3));

  bw_page_test_click (fixture->dialog, "Cancel");
  bw_test_wait_for (is_idle, fixture->dialog);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* Nothing is written, noted or remembered. */
static void
test_cancelled (BwLabelsTest  *fixture,
                gconstpointer  data)
{
  g_autofree char *path = g_build_filename (bw_labels_test_folder, "cancelled", NULL);
  g_autofree char *file = g_build_filename (path, "labels.pdf", NULL);
  g_autoptr(GPtrArray) sheets = NULL;

  g_mkdir (path, 0700);
  choose_all_facts (fixture);
  gtk_widget_activate_action (fixture->dialog, "labels.export-to", "s", file);
  bw_test_wait_for (is_halfway, fixture->dialog);
  bw_page_test_click (fixture->dialog, "Cancel");
  bw_test_wait_for (is_idle, fixture->dialog);

  /* an empty folder can be removed */
  g_assert_cmpint (g_rmdir (path), ==, 0);
  g_assert_cmpuint (bw_fake_backend_count (fixture->backend, "POST /v1/batches/7/labelled"), ==, 0);
  sheets = bw_part_sheet_list (NULL, NULL);
  g_assert_cmpuint (sheets->len, ==, 0);
  g_assert_nonnull (bw_page_test_wait_text (fixture->dialog, "100000 labels on 7143 sheets"));
}

static void
add (void)
{
  BW_LABELS_TEST_ADD ("large-batch", 100000, test_large_batch);
  BW_LABELS_TEST_ADD ("stays-awake", 100000, test_stays_awake);
  BW_LABELS_TEST_ADD ("cancelled", 100000, test_cancelled);
}

int
main (int   argc,
      char *argv[])
{
  return bw_labels_test_run (&argc, &argv, add);
}
