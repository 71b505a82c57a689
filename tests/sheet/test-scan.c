/* test-scan.c: PDFs as a printer sees them, every code read back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-device-id.h"
#include "bw-sheet.h"
#include "bw-test-page.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* Cell by cell: a whole page at once misses codes even when all are perfect. */

static const guint resolutions[] = { 150, 203, 300 };

static char *
write_pdf (const BwStock *stock,
           guint          n_labels,
           guint          start,
           const char    *folder)
{
  char *path = g_build_filename (folder, "labels.pdf", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(BwSheet) sheet = bw_sheet_new (stock, "Зима 2026, Straße <&> 工場", "#e01b24", 1000000, 0, start, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < n_labels; i++)
    {
      g_autofree char *id = bw_test_make_id (i);

      g_assert_true (bw_sheet_add (sheet, id, 999000 + i, NULL));
    }
  bw_sheet_write_pdf (sheet, path, NULL, NULL, NULL, &error);
  g_assert_no_error (error);

  return path;
}

static char *
scan_cell (const BwStock       *stock,
           const BwLabelLayout *layout,
           const BwTestPage    *page,
           guint                cell,
           guint                dpi)
{
  double pixels = dpi / BW_TEST_MM_PER_INCH;
  double x, y;
  guint left, top, right, bottom, scale;
  zbar_image_t *image;
  char *text;

  bw_stock_get_cell (stock, cell, &x, &y);
  left = (guint) floor (x * pixels);
  top = (guint) floor (y * pixels);
  right = MIN ((guint) ceil ((x + stock->width) * pixels), page->width);
  bottom = MIN ((guint) ceil ((y + stock->height) * pixels), page->height);
  scale = (guint) ceil (4.0 / (layout->module * pixels));

  image = bw_test_page_crop (page, left, top, right - left, bottom - top, scale);
  text = bw_test_scan (image);
  zbar_image_destroy (image);

  return text;
}

static void
scan_page (const BwStock *stock,
           const char    *pdf,
           guint          page_number,
           guint          start,
           guint          n_labels,
           guint          dpi)
{
  guint n_cells = bw_stock_get_n_cells (stock);
  BwLabelLayout layout;
  BwTestPage page;

  g_assert_true (bw_label_layout (stock, 0, &layout, NULL));
  bw_test_page_render (pdf, page_number, dpi, &page);
  g_assert_cmpuint (page.width, ==, (guint) ceil (stock->page_width / BW_TEST_MM_PER_INCH * dpi - 1e-3));
  g_assert_cmpuint (page.height, ==, (guint) ceil (stock->page_height / BW_TEST_MM_PER_INCH * dpi - 1e-3));

  for (guint cell = 0; cell < n_cells; cell++)
    {
      guint place = (page_number - 1) * n_cells + cell;
      g_autofree char *text = scan_cell (stock, &layout, &page, cell, dpi);

      if (place < start - 1 || place - (start - 1) >= n_labels)
        {
          g_assert_null (text);   /* an empty cell is empty */
        }
      else
        {
          g_autofree char *id = bw_test_make_id (place - (start - 1));
          char code[BW_DEVICE_CODE_SIZE];

          bw_device_id_to_code (id, code);
          if (g_strcmp0 (text, code) != 0)
            g_error ("%s, page %u, cell %u at %u dpi reads %s instead of %s",
                     stock->name, page_number, cell, dpi, text, code);
        }
    }

  bw_test_page_clear (&page);
}

static void
test_every_stock (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bw-scan-XXXXXX", NULL);
  guint n_stocks;
  const BwStock * const *stocks = bw_stock_get_all (&n_stocks);

  for (guint i = 0; i < n_stocks; i++)
    {
      guint n_cells = bw_stock_get_n_cells (stocks[i]);
      g_autofree char *pdf = write_pdf (stocks[i], n_cells, 1, folder);
      BwLabelLayout layout;

      g_test_message ("%s", stocks[i]->name);
      g_assert_true (bw_label_layout (stocks[i], 0, &layout, NULL));

      /* two pixels a module are too few for the smallest codes */
      scan_page (stocks[i], pdf, 1, 1, n_cells,
                 layout.module < BW_LABEL_GOOD_MODULE_MM ? 300 : resolutions[i % G_N_ELEMENTS (resolutions)]);
      g_unlink (pdf);
    }

  g_rmdir (folder);
}

/* Labels that stand in no grid: each code is where its label is. */
static void
test_staggered (void)
{
  static const BwStockPoint cells[] = { { 40, 20 }, { 100, 20 }, { 10, 70 }, { 70, 70 }, { 130, 70 }, { 40, 120 }, { 100, 120 } };
  g_autofree char *folder = g_dir_make_tmp ("bw-scan-XXXXXX", NULL);
  g_autofree char *pdf = NULL;
  BwStock stock = *bw_stock_find ("L7120", NULL);

  stock.cells = cells;
  stock.n_columns = G_N_ELEMENTS (cells);
  stock.n_rows = 1;
  g_assert_true (bw_stock_check (&stock, NULL, NULL));
  pdf = write_pdf (&stock, 10, 3, folder);
  scan_page (&stock, pdf, 1, 3, 10, 300);
  scan_page (&stock, pdf, 2, 3, 10, 300);

  g_unlink (pdf);
  g_rmdir (folder);
}

static void
test_resolutions (gconstpointer data)
{
  const BwStock *stock = bw_stock_find (data, NULL);
  g_autofree char *folder = g_dir_make_tmp ("bw-scan-XXXXXX", NULL);
  guint n_cells = bw_stock_get_n_cells (stock);
  g_autofree char *pdf = write_pdf (stock, n_cells, 1, folder);

  for (guint i = 0; i < G_N_ELEMENTS (resolutions); i++)
    scan_page (stock, pdf, 1, 1, n_cells, resolutions[i]);

  g_unlink (pdf);
  g_rmdir (folder);
}

static void
test_start (void)
{
  const BwStock *stock = bw_stock_find ("L7160", NULL);
  g_autofree char *folder = g_dir_make_tmp ("bw-scan-XXXXXX", NULL);
  g_autofree char *pdf = write_pdf (stock, 25, 6, folder);

  scan_page (stock, pdf, 1, 6, 25, 150);
  scan_page (stock, pdf, 2, 6, 25, 150);

  g_unlink (pdf);
  g_rmdir (folder);
}

/* The box of every page is the paper's, and the text can be found and copied. */
static void
test_page_box (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bw-scan-XXXXXX", NULL);
  guint n_stocks;
  const BwStock * const *stocks = bw_stock_get_all (&n_stocks);

  for (guint i = 0; i < n_stocks; i++)
    {
      g_autofree char *pdf = write_pdf (stocks[i], 1, 1, folder);
      const char *argv[] = { "pdfinfo", pdf, NULL };
      g_autofree char *output = NULL;
      const char *line;
      double width, height;

      bw_test_run (argv, &output);
      line = strstr (output, "Page size:");
      g_assert_nonnull (line);
      g_assert_cmpint (sscanf (line, "Page size: %lf x %lf pts", &width, &height), ==, 2);
      g_assert_cmpfloat_with_epsilon (width, stocks[i]->page_width / BW_TEST_MM_PER_INCH * BW_TEST_PT_PER_INCH, 0.01);
      g_assert_cmpfloat_with_epsilon (height, stocks[i]->page_height / BW_TEST_MM_PER_INCH * BW_TEST_PT_PER_INCH, 0.01);
      g_assert_nonnull (strstr (output, "Pages:           1\n"));
      g_unlink (pdf);
    }

  g_rmdir (folder);
}

static void
test_text (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bw-scan-XXXXXX", NULL);
  g_autofree char *pdf = write_pdf (bw_stock_find ("L7163", NULL), 3, 1, folder);
  const char *argv[] = { "pdftotext", "-layout", pdf, "-", NULL };
  g_autofree char *output = NULL;

  bw_test_run (argv, &output);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *id = bw_test_make_id (i);
      g_autofree char *serial = g_strdup_printf ("%u / 1000000", 999000 + i);

      g_assert_nonnull (strstr (output, id));
      g_assert_nonnull (strstr (output, serial));
    }
  g_assert_nonnull (strstr (output, "Зима 2026, Straße <&>"));

  g_unlink (pdf);
  g_rmdir (folder);
}

/* The quiet zone is white and the bar has the batch's colour, in pixels. */
static void
test_pixels (void)
{
  static const guint dpi = 300;
  const BwStock *stock = bw_stock_find ("L7160", NULL);
  g_autofree char *folder = g_dir_make_tmp ("bw-scan-XXXXXX", NULL);
  g_autofree char *pdf = write_pdf (stock, 21, 1, folder);
  double pixels = dpi / BW_TEST_MM_PER_INCH;
  BwLabelLayout at;
  BwTestPage page;

  g_assert_true (bw_label_layout (stock, 0, &at, NULL));
  bw_test_page_render (pdf, 1, dpi, &page);

  for (guint cell = 0; cell < 21; cell++)
    {
      guint n_black = 0;
      double left, top;
      guint x0, y0, side, quiet;

      bw_stock_get_cell (stock, cell, &left, &top);
      x0 = (guint) round ((left + at.code.x) * pixels);
      y0 = (guint) round ((top + at.code.y) * pixels);
      side = 21 * at.module_dots;
      quiet = 4 * at.module_dots - 1;

      for (guint y = y0 - quiet; y < y0 + side + quiet; y++)
        {
          for (guint x = x0 - quiet; x < x0 + side + quiet; x++)
            {
              guchar grey = page.pixels[(gsize) y * page.width + x];
              gboolean is_code = x + 1 >= x0 && x <= x0 + side && y + 1 >= y0 && y <= y0 + side;

              if (!is_code)
                g_assert_cmpuint (grey, ==, 255);
              n_black += grey == 0;
              g_assert_true (grey == 0 || grey == 255);
            }
        }

      /* about half of a code is dark */
      g_assert_cmpuint (n_black, >, side * side / 3);
      g_assert_cmpuint (n_black, <, side * side * 2 / 3);

      x0 = (guint) ((left + at.bar.x + at.bar.width / 2) * pixels);
      y0 = (guint) ((top + at.bar.y + at.bar.height / 2) * pixels);
      g_assert_cmpuint (page.pixels[(gsize) y0 * page.width + x0], >, 40);
      g_assert_cmpuint (page.pixels[(gsize) y0 * page.width + x0], <, 140);
    }

  bw_test_page_clear (&page);
  g_unlink (pdf);
  g_rmdir (folder);
}

int
main (int   argc,
      char *argv[])
{
  static const char * const stocks[] = { "L7160", "L7163", "L7120", "L4731", "5160", "DK-11201", "roll-50x25" };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (stocks); i++)
    {
      g_autofree char *path = g_strconcat ("/sheet/scan/", stocks[i], NULL);

      g_test_add_data_func (path, stocks[i], test_resolutions);
    }
  g_test_add_func ("/sheet/scan/every-stock", test_every_stock);
  g_test_add_func ("/sheet/scan/staggered", test_staggered);
  g_test_add_func ("/sheet/scan/start", test_start);
  g_test_add_func ("/sheet/scan/page-box", test_page_box);
  g_test_add_func ("/sheet/scan/text", test_text);
  g_test_add_func ("/sheet/scan/pixels", test_pixels);

  return g_test_run ();
}
