/* bench-readability.c: how many of the codes of each stock can be read, as printed and as a camera sees them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bw-code-scanner.h"
#include "bw-device-id.h"
#include "bw-sheet.h"
#include "bw-test-page.h"

/* At least so many labels of each stock, so that one that fails is not a percent. */
#define MIN_LABELS 120

#define WORK_PX_PER_MM   24.0
#define CAMERA_PX_PER_MM 9.0
#define SKEW_DEGREES     2.0
#define QUIET_MODULES    4
#define BESIDE_MM        2.0

/* So many means of nine pixels are optics of 0.07 mm. */
#define N_BLURS 4

/* As the reader does it: once as it is, then at other sizes. */
static const double looks[] = { 1.0, 1.5, 2.0, 1.25, 2.5 };

typedef struct
{
  guint n;
  guint n_plain;      /* read as printed */
  guint n_first;      /* read through the camera, at the first look */
  guint n_seen;       /* … or at another one */
} Count;

/* What a printer makes of it: dots, black or white. */
static BwGray *
rasterize (const char *pdf,
           guint       number,
           guint       dpi)
{
  BwTestPage page;
  BwGray *raster;

  bw_test_page_render (pdf, number, dpi, &page);
  raster = bw_gray_new (page.width, page.height);
  for (gsize i = 0; i < (gsize) page.width * page.height; i++)
    raster->pixels[i] = page.pixels[i] < 128 ? 0 : 255;
  bw_test_page_clear (&page);

  return raster;
}

/* Each pixel becomes the mean, or the darkest, of itself and its neighbours in one direction. */
static void
mix_line (BwGray   *image,
          gsize     step,
          gboolean  is_darkest)
{
  gsize n = (gsize) image->width * image->height;
  g_autofree guchar *copy = g_memdup2 (image->pixels, n);

  for (gsize i = step; i + step < n; i++)
    {
      guchar before = copy[i - step], here = copy[i], after = copy[i + step];

      image->pixels[i] = is_darkest ? MIN (MIN (before, after), here) : (guchar) ((before + here + after) / 3);
    }
}

/* … in both. What runs over from one row into the next is paper. */
static void
mix (BwGray   *image,
     gboolean  is_darkest)
{
  mix_line (image, 1, is_darkest);
  mix_line (image, image->width, is_darkest);
}

/* The code of a label on paper, and what is beside it: dots with sharp edges, ink that spread by 0.04 mm to all
 * sides, and the optics before it. */
static BwGray *
look_at_label (const BwGray        *raster,
               const BwStock       *stock,
               const BwLabelLayout *layout,
               guint                cell,
               guint                dpi,
               gboolean             is_worn)
{
  double room = layout->code.width + 2 * (QUIET_MODULES * layout->module + BESIDE_MM);
  guint side = (guint) ceil (room * WORK_PX_PER_MM);
  BwGray *label = bw_gray_new (side, side);
  double dots = dpi / BW_TEST_MM_PER_INCH;
  double middle_x = layout->code.x + layout->code.width / 2;
  double middle_y = layout->code.y + layout->code.height / 2;
  double left, top;

  bw_stock_get_cell (stock, cell, &left, &top);
  left += (stock->is_turned ? stock->width - middle_y : middle_x) - room / 2;
  top += (stock->is_turned ? middle_x : middle_y) - room / 2;
  for (guint y = 0; y < label->height; y++)
    {
      guint from_y = (guint) MAX ((top + (y + 0.5) / WORK_PX_PER_MM) * dots, 0);

      for (guint x = 0; x < label->width; x++)
        {
          guint from_x = (guint) MAX ((left + (x + 0.5) / WORK_PX_PER_MM) * dots, 0);

          label->pixels[(gsize) y * label->width + x] =
            from_x < raster->width && from_y < raster->height ? raster->pixels[(gsize) from_y * raster->width + from_x] : 255;
        }
    }

  if (is_worn)
    mix (label, TRUE);
  for (guint i = 0; is_worn && i < N_BLURS; i++)
    mix (label, FALSE);

  return label;
}

/* What a camera of 9 px/mm gives, enlarged as it is looked at again. */
static gboolean
camera_reads (BwCodeScanner *scanner,
              const BwGray  *label,
              double         degrees,
              double         enlarged,
              const char    *wanted)
{
  double scale = WORK_PX_PER_MM / CAMERA_PX_PER_MM;
  g_autoptr(BwGray) image = bw_gray_new ((guint) (label->width / scale) + 16, (guint) (label->height / scale) + 16);
  g_autoptr(BwGray) larger = NULL;
  g_autoptr(GArray) codes = NULL;
  cairo_matrix_t matrix;

  cairo_matrix_init_translate (&matrix, label->width / 2.0, label->height / 2.0);
  cairo_matrix_rotate (&matrix, degrees * G_PI / 180);
  cairo_matrix_scale (&matrix, scale, scale);
  cairo_matrix_translate (&matrix, -(double) image->width / 2, -(double) image->height / 2);
  bw_gray_sample (image, label, &matrix);

  larger = bw_gray_new ((guint) (image->width * enlarged), (guint) (image->height * enlarged));
  cairo_matrix_init_scale (&matrix, 1 / enlarged, 1 / enlarged);
  bw_gray_sample (larger, image, &matrix);
  codes = bw_code_scanner_scan (scanner, larger);

  return codes->len == 1 && strcmp (g_array_index (codes, BwCode, 0).text, wanted) == 0;
}

static void
try_label (BwCodeScanner *scanner,
           const BwGray  *raster,
           const BwStock *stock,
           const BwLabelLayout *layout,
           guint          cell,
           guint          number,
           guint          dpi,
           Count         *count)
{
  g_autoptr(BwGray) plain = look_at_label (raster, stock, layout, cell, dpi, FALSE);
  g_autoptr(BwGray) worn = look_at_label (raster, stock, layout, cell, dpi, TRUE);
  g_autofree char *id = bw_test_make_id (number);
  double degrees = number % 2 == 0 ? SKEW_DEGREES : -SKEW_DEGREES;
  char code[BW_DEVICE_CODE_SIZE];
  gboolean seen = FALSE;

  bw_device_id_to_code (id, code);
  count->n++;
  for (guint i = 0; i < G_N_ELEMENTS (looks) && !seen; i++)
    seen = camera_reads (scanner, plain, 0, looks[i], code);
  count->n_plain += seen;

  seen = camera_reads (scanner, worn, degrees, looks[0], code);
  count->n_first += seen;
  for (guint i = 1; i < G_N_ELEMENTS (looks) && !seen; i++)
    seen = camera_reads (scanner, worn, degrees, looks[i], code);
  count->n_seen += seen;
}

static void
try_stock (BwCodeScanner *scanner,
           const BwStock *stock,
           const BwLabelLayout *layout,
           guint          dpi,
           const char    *folder,
           Count         *count)
{
  guint n_cells = bw_stock_get_n_cells (stock);
  guint n_labels = MAX (MIN_LABELS, n_cells);
  g_autofree char *pdf = g_build_filename (folder, "labels.pdf", NULL);
  g_autoptr(BwSheet) sheet = bw_sheet_new (stock, "Spring 2026", "#e01b24", n_labels, 0, 1, NULL);

  for (guint i = 0; i < n_labels; i++)
    {
      g_autofree char *id = bw_test_make_id (i);

      g_assert_true (bw_sheet_add (sheet, id, i + 1, NULL));
    }
  g_assert_true (bw_sheet_write_pdf (sheet, pdf, NULL, NULL, NULL, NULL));

  for (guint i = 0; i < n_labels; i += n_cells)
    {
      g_autoptr(BwGray) raster = rasterize (pdf, i / n_cells + 1, dpi);

      for (guint cell = 0; cell < n_cells && i + cell < n_labels; cell++)
        try_label (scanner, raster, stock, layout, cell, i + cell, dpi, count);
    }
  g_unlink (pdf);
}

static double
percent (guint n,
         guint of)
{
  return of > 0 ? 100.0 * n / of : 0;
}

/* Of all stocks, or of those that are named. */
int
main (int   argc,
      char *argv[])
{
  static const guint resolutions[] = { 300, 203 };
  g_autofree char *folder = g_dir_make_tmp ("bw-bench-XXXXXX", NULL);
  g_autoptr(BwCodeScanner) scanner = bw_code_scanner_new ();
  guint n_stocks;
  const BwStock * const *stocks = bw_stock_get_all (&n_stocks);

  for (guint i = 0; i < G_N_ELEMENTS (resolutions); i++)
    {
      guint dpi = resolutions[i];
      guint n_tried = 0, n_good = 0;

      for (guint j = 0; j < n_stocks; j++)
        {
          BwStock stock = *stocks[j];
          BwLabelLayout layout;
          Count count = { 0 };

          if (argc > 1 && !g_strv_contains ((const char * const *) argv + 1, stock.name))
            continue;

          stock.dpi = dpi;
          if (!bw_label_layout (&stock, dpi, &layout, NULL))
            {
              printf ("%s at %u dpi | no code of whole dots fits | – | – | –\n", stock.name, dpi);
              continue;
            }

          try_stock (scanner, &stock, &layout, dpi, folder, &count);
          n_tried++;
          n_good += count.n_plain == count.n && percent (count.n_seen, count.n) >= 99;
          printf ("%s at %u dpi, module %.3f mm: read as printed; 2° skew, blur, ink gain | %.1f %%; %.1f %% | first look: %.1f %% | – | 100 %%; at least 99 %%\n",
                  stock.name, dpi, layout.module, percent (count.n_plain, count.n), percent (count.n_seen, count.n),
                  percent (count.n_first, count.n));
          fflush (stdout);
        }

      printf ("readability at %u dpi: stocks that hold both | %u of %u | – | – | all\n", dpi, n_good, n_tried);
    }
  g_rmdir (folder);

  return 0;
}
