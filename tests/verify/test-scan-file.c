/* test-scan-file.c: pictures and PDFs that are broken, or far too large
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-scan-file.h"

#include <cairo-pdf.h>
#include <glib/gstdio.h>
#include <string.h>

#include "bw-error.h"
#include "bw-label-reader.h"
#include "bw-test-sheets.h"
#include "bw-test.h"

/* Headers that promise billions of pixels, and hardly anything behind them. */
static const guint8 png_bomb[] = {
  137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 1, 134, 160, 0, 1, 134, 160,
  1, 0, 0, 0, 0, 128, 41, 54, 101, 0, 0, 0, 17, 73, 68, 65, 84, 120, 156, 99, 96, 24, 5, 163,
  96, 20, 12, 119, 0, 0, 3, 232, 0, 1, 179, 166, 211, 70,
};

static const guint8 jpeg_bomb[] = {
  255, 216, 255, 219, 0, 67, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 255,
  192, 0, 11, 8, 253, 232, 253, 232, 1, 1, 17, 0, 255, 196, 0, 20, 0, 1, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 196, 0, 20, 16, 1, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 255, 218, 0, 8, 1, 1, 0, 0, 63, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 217,
};

static const guint8 tiff_bomb[] = {
  73, 73, 42, 0, 8, 0, 0, 0, 9, 0, 0, 1, 4, 0, 1, 0, 0, 0, 96, 234, 0, 0, 1, 1,
  4, 0, 1, 0, 0, 0, 96, 234, 0, 0, 2, 1, 3, 0, 1, 0, 0, 0, 8, 0, 0, 0, 3, 1,
  3, 0, 1, 0, 0, 0, 1, 0, 0, 0, 6, 1, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0, 17, 1,
  4, 0, 1, 0, 0, 0, 8, 0, 0, 0, 21, 1, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0, 22, 1,
  4, 0, 1, 0, 0, 0, 96, 234, 0, 0, 23, 1, 4, 0, 1, 0, 0, 0, 0, 164, 147, 214, 0, 0,
  0, 0,
};

static const guint8 bmp_bomb[] = {
  66, 77, 232, 3, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 96, 234, 0, 0, 96, 234,
  0, 0, 1, 0, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
};

#define BYTES(array) (const char *) array, sizeof array

static char *folder;

static char *
write_file (const char *name,
            const char *bytes,
            gsize       length)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, bytes, (gssize) length, &error);
  g_assert_no_error (error);

  return path;
}

static void
check_refused (const char *path,
               int         code,
               const char *message)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BwScanFile) file = bw_scan_file_open (path, &error);
  g_autoptr(BwGray) image = file != NULL ? bw_scan_file_render (file, 0, &error) : NULL;

  g_test_message ("%s: %s", path, error != NULL ? error->message : "was read");
  g_assert_null (image);
  g_assert_error (error, BW_ERROR, code);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  if (message != NULL)
    g_assert_cmpstr (error->message, ==, message);
}

static void
test_bombs (void)
{
  const struct { const char *name; const char *bytes; gsize length; } bombs[] = {
    { "bomb.png", BYTES (png_bomb) },
    { "bomb.jpg", BYTES (jpeg_bomb) },
    { "bomb.tif", BYTES (tiff_bomb) },
    { "bomb.bmp", BYTES (bmp_bomb) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bombs); i++)
    {
      g_autofree char *path = write_file (bombs[i].name, bombs[i].bytes, bombs[i].length);
      g_autoptr(GError) error = NULL;
      g_autoptr(BwScanFile) file = bw_scan_file_open (path, &error);
      g_autoptr(BwGray) image = NULL;

      g_assert_no_error (error);
      image = bw_scan_file_render (file, 0, &error);
      g_test_message ("%s", error != NULL ? error->message : "was read");
      g_assert_null (image);
      g_assert_true (g_error_matches (error, BW_ERROR, BW_ERROR_TOO_LARGE) ||
                     g_error_matches (error, BW_ERROR, BW_ERROR_INVALID));
    }

  {
    g_autofree char *path = write_file ("bomb.png", BYTES (png_bomb));

    check_refused (path, BW_ERROR_TOO_LARGE, "“bomb.png” has 100000 × 100000 pixels, which is too much");
  }
}

/* What was whole once, cut off anywhere. */
static void
test_broken (void)
{
  g_autoptr(BwGray) image = bw_gray_new (300, 200);
  static const char * const types[] = { "png", "jpeg" };

  memset (image->pixels, 200, 300 * 200);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autofree char *path = g_build_filename (folder, types[i], NULL);
      g_autofree char *bytes = NULL;
      g_autofree char *message = g_strdup_printf ("“%s” is a broken picture", types[i]);
      gsize length;

      bw_test_save (image, path, types[i]);
      g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
      g_assert_true (g_file_set_contents (path, bytes, 20, NULL));
      check_refused (path, BW_ERROR_INVALID, message);
      memset (bytes + 16, 0x5a, MIN (length - 16, 200));
      g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
      check_refused (path, BW_ERROR_INVALID, message);
    }

  {
    g_autofree char *path = write_file ("broken.pdf", "%PDF-1.7\n1 0 obj <<", 18);

    check_refused (path, BW_ERROR_INVALID, "“broken.pdf” is a broken PDF");
  }
}

static void
test_no_scan (void)
{
  g_autofree char *empty = write_file ("empty", "", 0);
  g_autofree char *text = write_file ("notes.txt", "codes: none", 11);
  g_autofree char *svg = write_file ("logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", 42);
  g_autofree char *gone = g_build_filename (folder, "gone.png", NULL);

  check_refused (empty, BW_ERROR_INVALID, "“empty” is neither a picture (PNG, JPEG, TIFF, BMP) nor a PDF");
  check_refused (text, BW_ERROR_INVALID, "“notes.txt” is neither a picture (PNG, JPEG, TIFF, BMP) nor a PDF");
  check_refused (svg, BW_ERROR_INVALID, NULL);
  check_refused (gone, BW_ERROR_NOT_FOUND, "cannot open “gone.png”: No such file or directory");
  check_refused (folder, BW_ERROR_INVALID, NULL);
  check_refused ("/dev/zero", BW_ERROR_INVALID, "“zero” is not a file");
}

static void
test_too_large (void)
{
  g_autofree char *path = write_file ("large.png", "", 0);

  g_assert_cmpint (truncate (path, (off_t) BW_SCAN_FILE_MAX_BYTES + 1), ==, 0);
  check_refused (path, BW_ERROR_TOO_LARGE, "“large.png” is larger than 128 MB");
  g_unlink (path);
}

static char *
write_pdf (const char *name,
           double      side,
           guint       n_pages)
{
  char *path = g_build_filename (folder, name, NULL);
  cairo_surface_t *surface = cairo_pdf_surface_create (path, side, side);
  cairo_t *cr = cairo_create (surface);

  for (guint i = 0; i < n_pages; i++)
    {
      cairo_rectangle (cr, 0, 0, side / 2, side / 2);
      cairo_fill (cr);
      cairo_show_page (cr);
    }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);

  return path;
}

static void
test_many_pages (void)
{
  g_autofree char *many = write_pdf ("many.pdf", 200, 500);
  g_autofree char *some = write_pdf ("some.pdf", 200, 3);
  g_autoptr(GError) error = NULL;
  g_autoptr(BwScanFile) file = NULL;

  check_refused (many, BW_ERROR_TOO_LARGE, "“many.pdf” has more than 250 pages, and no more are read at once");

  file = bw_scan_file_open (some, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (bw_scan_file_get_n_pages (file), ==, 3);
}

/* A scanner that thinks of 72 dpi writes pages as large as a door. */
static void
test_huge_page (void)
{
  g_autofree char *path = write_pdf ("huge.pdf", 14400, 1);
  g_autoptr(GError) error = NULL;
  g_autoptr(BwScanFile) file = bw_scan_file_open (path, &error);
  g_autoptr(BwGray) image = NULL;

  g_assert_no_error (error);
  image = bw_scan_file_render (file, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (image->width, ==, 4000);
  g_assert_cmpuint (image->height, ==, 4000);
  g_assert_cmpuint (image->pixels[0], ==, 0);
  g_assert_cmpuint (image->pixels[4000 * 4000 - 1], ==, 255);
}

/* What a scanner with a feeder writes: each page another shade. */
static void
test_tiff (void)
{
  static const char * const compressions[] = { "none", "lzw", "zip", "jpeg", "group4" };

  for (guint i = 0; i < G_N_ELEMENTS (compressions); i++)
    {
      g_autofree char *path = g_build_filename (folder, "pages.tif", NULL);
      const char *argv[] = { "convert", "-size", "300x200", "xc:white", "xc:black", "xc:white", "-compress", compressions[i],
                             path, NULL };
      g_autoptr(GSubprocess) convert = bw_test_spawn (argv, G_SUBPROCESS_FLAGS_NONE);
      g_autoptr(BwScanFile) file = NULL;
      g_autoptr(GError) error = NULL;

      g_assert_true (g_subprocess_wait_check (convert, NULL, &error));
      file = bw_scan_file_open (path, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (bw_scan_file_get_n_pages (file), ==, 3);
      for (guint page = 0; page < 3; page++)
        {
          g_autoptr(BwGray) image = bw_scan_file_render (file, page, &error);

          g_assert_no_error (error);
          g_assert_cmpuint (image->width, ==, 300);
          g_assert_cmpuint (image->height, ==, 200);
          g_assert_cmpint (ABS (image->pixels[100 * 300 + 150] - (page == 1 ? 0 : 255)), <, 4);
        }
    }
}

static void
test_broken_tiff (void)
{
  g_autofree char *path = g_build_filename (folder, "broken.tif", NULL);
  const char *argv[] = { "convert", "-size", "300x200", "plasma:", "plasma:", "-compress", "lzw", path, NULL };
  g_autoptr(GSubprocess) convert = bw_test_spawn (argv, G_SUBPROCESS_FLAGS_NONE);
  g_autofree char *bytes = NULL;
  g_autoptr(GError) error = NULL;
  gsize length;

  g_assert_true (g_subprocess_wait_check (convert, NULL, &error));
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));

  /* cut off, and with bytes turned over: read or refused, with a sentence */
  for (gsize cut = 4; cut < length; cut += length / 40 + 1)
    {
      g_autoptr(GError) refusal = NULL;
      g_autoptr(BwScanFile) file = NULL;
      char kept = bytes[cut];

      bytes[cut] = (char) ~bytes[cut];
      g_assert_true (g_file_set_contents (path, bytes, cut % 3 == 0 ? (gssize) cut : (gssize) length, NULL));
      file = bw_scan_file_open (path, &refusal);
      for (guint page = 0; file != NULL && page < bw_scan_file_get_n_pages (file); page++)
        {
          g_autoptr(GError) page_error = NULL;
          g_autoptr(BwGray) image = bw_scan_file_render (file, page, &page_error);

          g_assert_true (image != NULL || g_utf8_validate (page_error->message, -1, NULL));
        }
      bytes[cut] = kept;
    }

  g_assert_true (g_file_set_contents (path, bytes, 20, NULL));
  check_refused (path, BW_ERROR_INVALID, "“broken.tif” is a broken picture");
}

/* A file that is refused leaves the reader as it was. */
static void
test_reader_stays (void)
{
  g_autofree char *text = write_file ("notes.txt", "codes: none", 11);
  g_autoptr(BwLabelReader) reader = bw_label_reader_new (bw_stock_find ("L7160", NULL), NULL, NULL);
  g_autoptr(BwLabelReport) report = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_false (bw_label_reader_read_file (reader, text, NULL, NULL, NULL, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
  report = bw_label_reader_judge (reader);
  g_assert_cmpuint (report->pages->len + report->n_unplaced, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = bw_test_make_dir ();

  g_test_add_func ("/verify/scan-file/bombs", test_bombs);
  g_test_add_func ("/verify/scan-file/broken", test_broken);
  g_test_add_func ("/verify/scan-file/no-scan", test_no_scan);
  g_test_add_func ("/verify/scan-file/too-large", test_too_large);
  g_test_add_func ("/verify/scan-file/many-pages", test_many_pages);
  g_test_add_func ("/verify/scan-file/tiff", test_tiff);
  g_test_add_func ("/verify/scan-file/broken-tiff", test_broken_tiff);
  g_test_add_func ("/verify/scan-file/huge-page", test_huge_page);
  g_test_add_func ("/verify/scan-file/reader-stays", test_reader_stays);

  status = g_test_run ();
  bw_test_remove_dir (folder);
  g_free (folder);

  return status;
}
