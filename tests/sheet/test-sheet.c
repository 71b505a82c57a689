/* test-sheet.c: what a sheet takes, counts and writes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-error.h"
#include "bw-sheet.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define CREATED_AT_US G_GINT64_CONSTANT (1790000000000000)

static BwSheet *
new_sheet (const char *stock,
           guint       n_labels,
           guint       start)
{
  g_autoptr(GError) error = NULL;
  BwSheet *sheet = bw_sheet_new (bw_stock_find (stock, NULL), "Winter 2026", "#26a269", MAX (n_labels, 1),
                                 CREATED_AT_US, start, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < n_labels; i++)
    {
      g_autofree char *id = g_strdup_printf ("k3m9-t2xw-%04u-7hnc", i % 10000);

      g_assert_true (bw_sheet_add (sheet, id, i + 1, &error));
    }

  return sheet;
}

static void
test_pages (void)
{
  static const struct { const char *stock; guint n_labels, start, n_pages; } cases[] = {
    { "L7160", 0, 1, 0 }, { "L7160", 1, 1, 1 }, { "L7160", 21, 1, 1 }, { "L7160", 22, 1, 2 },
    { "L7160", 21, 2, 2 }, { "L7160", 1, 21, 1 }, { "L7160", 2, 21, 2 }, { "DK-11201", 5, 1, 5 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(BwSheet) sheet = new_sheet (cases[i].stock, cases[i].n_labels, cases[i].start);

      g_assert_cmpuint (bw_sheet_get_n_labels (sheet), ==, cases[i].n_labels);
      g_assert_cmpuint (bw_sheet_get_n_pages (sheet), ==, cases[i].n_pages);
    }
}

static void
check_refused (const char *stock,
               const char *batch,
               const char *color,
               guint       start,
               const char *sentence)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (bw_sheet_new (bw_stock_find (stock, NULL), batch, color, 1, 0, start, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
  g_assert_cmpstr (error->message, ==, sentence);
}

static void
test_bad_input (void)
{
  g_autoptr(BwSheet) sheet = new_sheet ("L7160", 0, 1);
  g_autoptr(GError) error = NULL;

  check_refused ("L7160", "B", NULL, 0, "the start position on “L7160” is between 1 and 21");
  check_refused ("L7160", "B", NULL, 22, "the start position on “L7160” is between 1 and 21");
  check_refused ("DK-11201", "B", NULL, 2, "“DK-11201” has one label a page, so the start position is 1");
  check_refused ("L7160", "B", "red", 1, "a colour is written as #rrggbb");
  check_refused ("L7160", "a\nb", NULL, 1, "the name of the batch cannot be printed");
  check_refused ("L7160", "\xff", NULL, 1, "the name of the batch cannot be printed");

  g_assert_false (bw_sheet_add (sheet, "k3m9-t2xw", 1, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
  g_assert_cmpstr (error->message, ==, "“k3m9-t2xw” is not a Device ID");
  g_clear_error (&error);

  /* nothing of a text with a bad line */
  g_assert_false (bw_sheet_add_text (sheet, "k3m9-t2xw-0001-7hnc\nrubbish\n", 28, 1, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
  g_assert_cmpuint (bw_sheet_get_n_labels (sheet), ==, 0);
  g_clear_error (&error);

  g_assert_false (bw_sheet_write_pdf (sheet, "/nonexistent/labels.pdf", NULL, NULL, NULL, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
  g_assert_cmpstr (error->message, ==, "there are no labels to print");
}

static void
test_add_text (void)
{
  static const char text[] = "k3m9-t2xw-0001-7hnc\r\n\nK3M9T2XW00027HNC\nk3m9-t2xw-0003-7hnc";
  g_autoptr(BwSheet) sheet = new_sheet ("L7160", 0, 1);
  g_autoptr(BwSheet) same = new_sheet ("L7160", 0, 1);
  g_autoptr(GOutputStream) a = g_memory_output_stream_new_resizable ();
  g_autoptr(GOutputStream) b = g_memory_output_stream_new_resizable ();
  g_autoptr(GError) error = NULL;

  g_assert_true (bw_sheet_add_text (sheet, text, strlen (text), 7, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (bw_sheet_get_n_labels (sheet), ==, 3);

  g_assert_true (bw_sheet_add (same, "k3m9-t2xw-0001-7hnc", 7, NULL));
  g_assert_true (bw_sheet_add (same, "k3m9-t2xw-0002-7hnc", 8, NULL));
  g_assert_true (bw_sheet_add (same, "k3m9-t2xw-0003-7hnc", 9, NULL));
  g_assert_true (bw_sheet_write_pdf_to_stream (sheet, a, NULL, NULL, NULL, NULL));
  g_assert_true (bw_sheet_write_pdf_to_stream (same, b, NULL, NULL, NULL, NULL));
  g_assert_cmpmem (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (a)),
                   g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (a)),
                   g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (b)),
                   g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (b)));
}

static void
draw_on_thread_cb (gpointer data,
                   gpointer user_data)
{
  const char *path = data;
  BwSheet *sheet = user_data;
  g_autoptr(GError) error = NULL;

  bw_sheet_write_pdf (sheet, path, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

/* The same bytes from this thread, from two at once, and after a window drew it. */
static void
test_same_bytes (void)
{
  g_autoptr(BwSheet) sheet = new_sheet ("L7120", 100, 3);
  g_autofree char *folder = g_dir_make_tmp ("bw-sheet-XXXXXX", NULL);
  g_autofree char *first = g_build_filename (folder, "1.pdf", NULL);
  g_autofree char *second = g_build_filename (folder, "2.pdf", NULL);
  g_autofree char *third = g_build_filename (folder, "3.pdf", NULL);
  char *paths[] = { first, second, third };
  g_autofree char *expected = NULL;
  gsize length;
  GThreadPool *pool;
  cairo_surface_t *window = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 595, 842);
  cairo_t *cr = cairo_create (window);
  struct stat info;

  draw_on_thread_cb (first, sheet);
  bw_sheet_draw_page (sheet, cr, 0, TRUE);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_destroy (window);

  pool = g_thread_pool_new (draw_on_thread_cb, sheet, 2, TRUE, NULL);
  g_thread_pool_push (pool, second, NULL);
  g_thread_pool_push (pool, third, NULL);
  g_thread_pool_free (pool, FALSE, TRUE);

  g_assert_true (g_file_get_contents (first, &expected, &length, NULL));
  g_assert_true (g_str_has_prefix (expected, "%PDF-1.4"));
  g_assert_nonnull (memmem (expected, length, "/PrintScaling /None", 19));
  /* smoothed modules are grey mush in viewers that heed it */
  g_assert_nonnull (memmem (expected, length, "/ImageMask true", 15));
  g_assert_null (memmem (expected, length, "/Interpolate true", 17));

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *bytes = NULL;
      gsize n_bytes;

      g_assert_true (g_file_get_contents (paths[i], &bytes, &n_bytes, NULL));
      g_assert_cmpmem (bytes, n_bytes, expected, length);
      g_assert_cmpint (g_stat (paths[i], &info), ==, 0);
      g_assert_cmpuint (info.st_mode & 0777, ==, 0666 & ~(mode_t) 0022);
      g_unlink (paths[i]);
    }

  g_assert_cmpint (g_rmdir (folder), ==, 0);   /* nothing else was left in it */
}

static void
cancel_cb (guint    n_pages_done,
           guint    n_pages,
           gpointer user_data)
{
  g_assert_cmpuint (n_pages, ==, 5);
  if (n_pages_done == 2)
    g_cancellable_cancel (user_data);
  g_assert_cmpuint (n_pages_done, <=, 2);
}

/* A cancelled or failed job leaves the old file, and no other. */
static void
test_cancel (void)
{
  g_autoptr(BwSheet) sheet = new_sheet ("L7160", 100, 1);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *folder = g_dir_make_tmp ("bw-sheet-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "labels.pdf", NULL);
  g_autofree char *link_path = g_build_filename (folder, "link.pdf", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "old", -1, NULL));
  g_assert_false (bw_sheet_write_pdf (sheet, path, cancel_cb, cancellable, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "old");
  g_clear_error (&error);

  /* through a link, which stays one */
  g_assert_cmpint (symlink (path, link_path), ==, 0);
  g_assert_true (bw_sheet_write_pdf (sheet, link_path, NULL, NULL, NULL, &error));
  g_assert_true (g_file_test (link_path, G_FILE_TEST_IS_SYMLINK));
  g_clear_pointer (&text, g_free);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "%PDF-"));

  g_unlink (link_path);
  g_unlink (path);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_write_errors (void)
{
  g_autoptr(BwSheet) sheet = new_sheet ("L7160", 1000, 1);
  g_autoptr(GError) error = NULL;

  g_assert_false (bw_sheet_write_pdf (sheet, "/nonexistent/labels.pdf", NULL, NULL, NULL, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE);
  g_assert_cmpstr (error->message, ==, "cannot create “/nonexistent/labels.pdf”: No such file or directory");
  g_clear_error (&error);

  /* a disk that is full */
  g_assert_false (bw_sheet_write_pdf (sheet, "/dev/full", NULL, NULL, NULL, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE);
  g_assert_true (g_str_has_prefix (error->message, "cannot write “/dev/full”: "));
  g_assert_nonnull (strstr (error->message, "No space left on device"));
}

int
main (int   argc,
      char *argv[])
{
  umask (0022);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sheet/sheet/pages", test_pages);
  g_test_add_func ("/sheet/sheet/bad-input", test_bad_input);
  g_test_add_func ("/sheet/sheet/add-text", test_add_text);
  g_test_add_func ("/sheet/pdf/same-bytes", test_same_bytes);
  g_test_add_func ("/sheet/pdf/cancel", test_cancel);
  g_test_add_func ("/sheet/pdf/write-errors", test_write_errors);

  return g_test_run ();
}
