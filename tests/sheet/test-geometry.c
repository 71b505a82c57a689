/* test-geometry.c: where labels lie, measured in the PDF
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-device-id.h"
#include "bw-sheet.h"
#include "bw-test-page.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* A sheet is drawn by poppler and the dark modules of each code are looked for:
 * three of its corners are solid, so they tell where the label is. Poppler makes
 * a mask up to a pixel larger on each side, so its middle is compared. */

#define TOLERANCE_MM 0.1
#define SHEET_DPI    400
#define ROLL_DPI     600
#define DARK         128

static const BwCalibration calibration = { 0.4, -0.3, 1.0015, 0.9985, 0.05 };

static void
write_pdf (const BwStock        *stock,
           const BwSheetOptions *options,
           const char           *path)
{
  guint n_cells = bw_stock_get_n_cells (stock);
  g_autoptr(GError) error = NULL;
  g_autoptr(BwSheet) sheet = bw_sheet_new (stock, "Geometry", "#26a269", n_cells, 0, 1, &error);

  g_assert_no_error (error);
  bw_sheet_set_options (sheet, options, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < n_cells; i++)
    {
      g_autofree char *id = bw_test_make_id (i);

      g_assert_true (bw_sheet_add (sheet, id, i + 1, NULL));
    }
  bw_sheet_write_pdf (sheet, path, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

/* The dark pixels of a part of the page, as a rectangle in mm. */
static BwRect
find_dark (const BwTestPage *page,
           BwRect            where,
           guint             dpi)
{
  double pixels = dpi / BW_TEST_MM_PER_INCH;
  guint from_x = (guint) MAX (ceil (where.x * pixels), 0);
  guint from_y = (guint) MAX (ceil (where.y * pixels), 0);
  guint to_x = MIN ((guint) ((where.x + where.width) * pixels), page->width);
  guint to_y = MIN ((guint) ((where.y + where.height) * pixels), page->height);
  guint left = to_x, right = from_x, top = to_y, bottom = from_y;

  for (guint y = from_y; y < to_y; y++)
    {
      for (guint x = from_x; x < to_x; x++)
        {
          if (page->pixels[(gsize) y * page->width + x] >= DARK)
            continue;
          left = MIN (left, x);
          right = MAX (right, x + 1);
          top = MIN (top, y);
          bottom = MAX (bottom, y + 1);
        }
    }

  g_assert_cmpuint (left, <, right);
  g_assert_cmpuint (top, <, bottom);

  return (BwRect) { left / pixels, top / pixels, (right - left) / pixels, (bottom - top) / pixels };
}

/* Worked out here a second time: the label's middle is turned, scaled and moved. */
static void
expect_cell (const BwStock *stock,
             guint          cell,
             gboolean       calibrated,
             double        *ret_x,
             double        *ret_y)
{
  double x = stock->left + cell % stock->n_columns * stock->pitch_x + stock->width / 2;
  double y = stock->top + cell / stock->n_columns * stock->pitch_y + stock->height / 2;
  double angle = calibration.degrees * G_PI / 180;

  *ret_x = x - stock->width / 2;
  *ret_y = y - stock->height / 2;
  if (calibrated)
    {
      *ret_x = (x * cos (angle) - y * sin (angle)) * calibration.scale_x + calibration.dx - stock->width / 2;
      *ret_y = (x * sin (angle) + y * cos (angle)) * calibration.scale_y + calibration.dy - stock->height / 2;
    }
}

static void
check_cell (const BwStock       *stock,
            const BwLabelLayout *at,
            const BwTestPage    *page,
            guint                dpi,
            guint                cell,
            gboolean             calibrated)
{
  double x, y;
  double off_x, off_y;
  BwRect code = at->code, quiet = at->quiet, found;

  if (stock->is_turned)
    {
      code = (BwRect) { stock->width - code.y - code.height, code.x, code.height, code.width };
      quiet = (BwRect) { stock->width - quiet.y - quiet.height, quiet.x, quiet.height, quiet.width };
    }

  expect_cell (stock, cell, calibrated, &x, &y);
  found = find_dark (page, (BwRect) { x + quiet.x + 0.15, y + quiet.y + 0.15, quiet.width - 0.3, quiet.height - 0.3 }, dpi);
  off_x = found.x + found.width / 2 - (x + code.x + code.width / 2);
  off_y = found.y + found.height / 2 - (y + code.y + code.height / 2);
  if (fabs (off_x) > TOLERANCE_MM || fabs (off_y) > TOLERANCE_MM ||
      fabs (found.width - code.width) > 2 * TOLERANCE_MM || fabs (found.height - code.height) > 2 * TOLERANCE_MM)
    g_error ("%s, cell %u: the code is at %.3f, %.3f and %.3f × %.3f mm; expected %.3f, %.3f and %.3f × %.3f",
             stock->name, cell + 1, found.x, found.y, found.width, found.height,
             x + code.x, y + code.y, code.width, code.height);
}

static void
check_stock (const BwStock *stock,
             const char    *pdf,
             gboolean       calibrated)
{
  guint dpi = bw_stock_get_n_cells (stock) == 1 ? ROLL_DPI : SHEET_DPI;
  BwSheetOptions options = BW_SHEET_OPTIONS_INIT;
  BwLabelLayout at;
  BwTestPage page;

  g_test_message ("%s%s", stock->name, calibrated ? ", calibrated" : "");
  if (calibrated)
    options.calibration = calibration;
  g_assert_true (bw_label_layout (stock, 0, &at, NULL));
  write_pdf (stock, &options, pdf);
  bw_test_page_render (pdf, 1, dpi, &page);
  for (guint cell = 0; cell < bw_stock_get_n_cells (stock); cell++)
    check_cell (stock, &at, &page, dpi, cell, calibrated);
  bw_test_page_clear (&page);
  g_unlink (pdf);
}

static void
test_every_stock (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bw-geometry-XXXXXX", NULL);
  g_autofree char *pdf = g_build_filename (folder, "labels.pdf", NULL);
  guint n_stocks;
  const BwStock * const *stocks = bw_stock_get_all (&n_stocks);

  for (guint i = 0; i < n_stocks; i++)
    check_stock (stocks[i], pdf, FALSE);
  g_rmdir (folder);
}

static void
test_calibrated (void)
{
  static const char * const names[] = { "L7160", "L7120", "L7163", "5160", "3474", "roll-102x152" };
  g_autofree char *folder = g_dir_make_tmp ("bw-geometry-XXXXXX", NULL);
  g_autofree char *pdf = g_build_filename (folder, "labels.pdf", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const BwStock *stock = bw_stock_find (names[i], NULL);

      if (stock != NULL)
        check_stock (stock, pdf, TRUE);
    }
  g_rmdir (folder);
}

/* All that is drawn, on a surface without an end: nothing of it is beyond the paper. */
static void
check_on_paper (BwSheet *sheet)
{
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cairo_t *cr = cairo_create (surface);
  double x, y, width, height, page_width, page_height;
  const double zoom = 50;                  /* the extents are whole units */
  const double tolerance = 0.05 * zoom;

  cairo_scale (cr, zoom, zoom);
  bw_sheet_draw_page (sheet, cr, 0, FALSE);
  cairo_recording_surface_ink_extents (surface, &x, &y, &width, &height);
  bw_sheet_get_page_size (sheet, &page_width, &page_height);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);

  g_assert_cmpfloat (width, >, 0);
  g_assert_cmpfloat (x, >=, -tolerance);
  g_assert_cmpfloat (y, >=, -tolerance);
  g_assert_cmpfloat (x + width, <=, page_width * zoom + tolerance);
  g_assert_cmpfloat (y + height, <=, page_height * zoom + tolerance);
}

static void
test_on_paper (void)
{
  static const BwSheetMarks marks[] = { BW_SHEET_MARKS_NONE, BW_SHEET_MARKS_OUTLINES, BW_SHEET_MARKS_CORNERS };
  guint n_stocks, n_refused = 0;
  const BwStock * const *stocks = bw_stock_get_all (&n_stocks);

  for (guint i = 0; i < n_stocks; i++)
    {
      g_autoptr(BwSheet) sheet = bw_sheet_new (stocks[i], "Paper", "#26a269", 1, 0, 1, NULL);
      g_autoptr(BwSheet) test_page = bw_sheet_new_test_page (stocks[i], "What to do\n\nMeasure it.");
      BwSheetOptions options = BW_SHEET_OPTIONS_INIT;

      g_test_message ("%s", stocks[i]->name);
      for (guint j = 0; j < bw_stock_get_n_cells (stocks[i]); j++)
        g_assert_true (bw_sheet_add (sheet, "k3m9-t2xw-0001-7hnc", 1, NULL));
      for (guint j = 0; j < G_N_ELEMENTS (marks); j++)
        {
          options.marks = marks[j];
          g_assert_true (bw_sheet_set_options (sheet, &options, NULL));
          check_on_paper (sheet);
        }
      check_on_paper (test_page);

      /* a calibration is refused before it pushes anything off the paper */
      options.marks = BW_SHEET_MARKS_NONE;
      for (double dx = -8; dx <= 8; dx += 1.6)
        {
          options.calibration.dx = dx;
          options.calibration.dy = -dx / 2;
          if (bw_sheet_set_options (sheet, &options, NULL))
            check_on_paper (sheet);
          else
            n_refused++;
        }
    }
  g_assert_cmpuint (n_refused, >, 0);
}

/* Marks lie where the label's edges are. */
static void
test_marks (void)
{
  const BwStock *stock = bw_stock_find ("L7120", NULL);
  g_autofree char *folder = g_dir_make_tmp ("bw-geometry-XXXXXX", NULL);
  g_autofree char *pdf = g_build_filename (folder, "labels.pdf", NULL);

  for (BwSheetMarks marks = BW_SHEET_MARKS_OUTLINES; marks <= BW_SHEET_MARKS_CORNERS; marks++)
    {
      BwSheetOptions options = BW_SHEET_OPTIONS_INIT;
      BwTestPage page;

      options.marks = marks;
      write_pdf (stock, &options, pdf);
      bw_test_page_render (pdf, 1, ROLL_DPI, &page);
      for (guint cell = 0; cell < bw_stock_get_n_cells (stock); cell++)
        {
          double x, y;
          BwRect found;

          bw_stock_get_cell (stock, cell, &x, &y);
          found = find_dark (&page, (BwRect) { x - 1, y - 1, stock->width + 2, stock->height + 2 }, ROLL_DPI);
          g_assert_cmpfloat_with_epsilon (found.x, x, TOLERANCE_MM);
          g_assert_cmpfloat_with_epsilon (found.y, y, TOLERANCE_MM);
          g_assert_cmpfloat_with_epsilon (found.x + found.width, x + stock->width, TOLERANCE_MM);
          g_assert_cmpfloat_with_epsilon (found.y + found.height, y + stock->height, TOLERANCE_MM);

          /* the middle of an edge is drawn by the outline alone */
          found = (BwRect) { x - 0.5, y + stock->height / 2, 1, 0.2 };
          if (marks == BW_SHEET_MARKS_OUTLINES)
            g_assert_cmpfloat (find_dark (&page, found, ROLL_DPI).width, <, 0.3);
          else
            {
              for (guint i = 0; i < (guint) (1.0 / BW_TEST_MM_PER_INCH * ROLL_DPI); i++)
                g_assert_cmpuint (page.pixels[(gsize) (found.y / BW_TEST_MM_PER_INCH * ROLL_DPI) * page.width +
                                              (gsize) (found.x / BW_TEST_MM_PER_INCH * ROLL_DPI) + i], ==, 255);
            }
        }
      bw_test_page_clear (&page);
      g_unlink (pdf);
    }
  g_rmdir (folder);
}

/* The rulers of a test page are as long as they say, from where they say; and with a calibration by that much longer. */
static void
test_test_page (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bw-geometry-XXXXXX", NULL);
  g_autofree char *pdf = g_build_filename (folder, "test.pdf", NULL);
  const BwStock *stock = bw_stock_find ("L7160", NULL);
  g_autoptr(BwSheet) sheet = bw_sheet_new_test_page (stock, "Printer test\n\nMeasure the rulers. Größe, Міліметри.");
  const char *argv[] = { "pdftotext", pdf, "-", NULL };
  g_autofree char *text = NULL;
  BwSheetOptions options = BW_SHEET_OPTIONS_INIT;
  double across, down, inset;

  bw_stock_get_rulers (stock, &across, &down, &inset);
  g_assert_cmpfloat (across, ==, 100);
  g_assert_cmpfloat (down, ==, 100);
  g_assert_cmpfloat (inset, ==, 10);
  g_assert_cmpuint (bw_sheet_get_n_pages (sheet), ==, 1);

  for (guint i = 0; i < 2; i++)
    {
      double scale = i == 0 ? 1.0 : 1.01;
      double move = i == 0 ? 0.0 : 0.5;
      BwRect found;
      BwTestPage page;

      options.calibration = (BwCalibration) { move, move, scale, scale, 0 };
      g_assert_true (bw_sheet_set_options (sheet, &options, NULL));
      g_assert_true (bw_sheet_write_pdf (sheet, pdf, NULL, NULL, NULL, NULL));
      bw_test_page_render (pdf, 1, ROLL_DPI, &page);

      /* the last tick: the line alone, beside the numbers and below the cross */
      found = find_dark (&page, (BwRect) { 60, 10.2 * scale + move, 60, 0.4 }, ROLL_DPI);
      g_assert_cmpfloat_with_epsilon (found.x + found.width, 110.05 * scale + move, TOLERANCE_MM);
      found = find_dark (&page, (BwRect) { 10.2 * scale + move, 60, 0.4, 60 }, ROLL_DPI);
      g_assert_cmpfloat_with_epsilon (found.y + found.height, 110.05 * scale + move, TOLERANCE_MM);
      bw_test_page_clear (&page);
    }

  bw_test_run (argv, &text);
  g_assert_nonnull (strstr (text, "Printer test"));
  g_assert_nonnull (strstr (text, "Größe, Міліметри."));
  g_unlink (pdf);
  g_rmdir (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sheet/geometry/every-stock", test_every_stock);
  g_test_add_func ("/sheet/geometry/calibrated", test_calibrated);
  g_test_add_func ("/sheet/geometry/on-paper", test_on_paper);
  g_test_add_func ("/sheet/geometry/marks", test_marks);
  g_test_add_func ("/sheet/geometry/test-page", test_test_page);

  return g_test_run ();
}
