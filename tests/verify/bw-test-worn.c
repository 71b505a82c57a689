/* bw-test-worn.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-test-worn.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>

#include "bw-label-reader.h"
#include "bw-test-sheets.h"

#define MM_PER_INCH 25.4

/* Paper between printer and camera: fine enough for a thirtieth of a millimetre. */
#define PAPER_PX_PER_MM  24.0
#define CAMERA_PX_PER_MM 9.0

/* So many means of nine pixels of it are optics of 0.07 mm. */
#define N_BLURS 4

/* What the camera sees beside the page. */
#define BESIDE_MM 4.0

BwGray *
bw_test_print_page (const char *pdf,
                    guint       number,
                    guint       dpi)
{
  g_autofree char *resolution = g_strdup_printf ("%u", dpi);
  g_autofree char *page = g_strdup_printf ("%u", number);
  const char *argv[] = { "pdftoppm", "-gray", "-singlefile", "-f", page, "-r", resolution, pdf, NULL };
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GBytes) output = NULL;
  g_autoptr(GError) error = NULL;
  const char *bytes;
  guint width, height;
  gsize length;
  int header;
  BwGray *printed;

  process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);

  bytes = g_bytes_get_data (output, &length);
  g_assert_cmpint (sscanf (bytes, "P5 %u %u 255%n", &width, &height, &header), ==, 2);
  g_assert_cmpuint (length, ==, (gsize) header + 1 + (gsize) width * height);
  printed = bw_gray_new (width, height);
  for (gsize i = 0; i < (gsize) width * height; i++)
    printed->pixels[i] = (guchar) bytes[header + 1 + i] < 128 ? 0 : 255;

  return printed;
}

/* Each pixel becomes the mean, or the darkest, of itself and its neighbours in one direction. What runs over from
 * one row into the next is paper. */
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

static void
mix (BwGray   *image,
     gboolean  is_darkest)
{
  mix_line (image, 1, is_darkest);
  mix_line (image, image->width, is_darkest);
}

static BwGray *
put_on_paper (const BwGray *printed,
              guint         dpi)
{
  double dots = dpi / MM_PER_INCH / PAPER_PX_PER_MM;
  BwGray *paper = bw_gray_new ((guint) (printed->width / dots), (guint) (printed->height / dots));
  guchar *to = paper->pixels;

  for (guint y = 0; y < paper->height; y++)
    {
      const guchar *row = printed->pixels + (gsize) ((y + 0.5) * dots) * printed->width;

      for (guint x = 0; x < paper->width; x++)
        *to++ = row[(guint) ((x + 0.5) * dots)];
    }

  return paper;
}

BwGray *
bw_test_wear_page (const BwGray *printed,
                   guint         dpi,
                   double        degrees)
{
  double scale = PAPER_PX_PER_MM / CAMERA_PX_PER_MM;
  double beside = 2 * BESIDE_MM * CAMERA_PX_PER_MM;
  g_autoptr(BwGray) paper = put_on_paper (printed, dpi);
  double sine = fabs (sin (degrees * G_PI / 180));
  cairo_matrix_t matrix;
  BwGray *seen;

  mix (paper, TRUE);
  for (guint i = 0; i < N_BLURS; i++)
    mix (paper, FALSE);

  seen = bw_gray_new ((guint) ((paper->width + sine * paper->height) / scale + beside),
                      (guint) ((paper->height + sine * paper->width) / scale + beside));
  cairo_matrix_init_translate (&matrix, paper->width / 2.0, paper->height / 2.0);
  cairo_matrix_rotate (&matrix, degrees * G_PI / 180);
  cairo_matrix_scale (&matrix, scale, scale);
  cairo_matrix_translate (&matrix, -(double) seen->width / 2, -(double) seen->height / 2);
  bw_gray_sample (seen, paper, &matrix);

  return seen;
}

static guint
count_confirmed (const BwStock *stock,
                 const BwGray  *image,
                 guint          first,
                 guint          n)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BwLabelReader) reader = bw_label_reader_new (stock, NULL, &error);
  g_autoptr(BwLabelReport) report = NULL;

  g_assert_no_error (error);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = bw_test_make_id (first + i);

      g_assert_true (bw_label_reader_add (reader, id, NULL));
    }
  bw_label_reader_set_job (reader, 0, n, 1);
  g_assert_true (bw_label_reader_read_gray (reader, image, NULL, &error));
  g_assert_no_error (error);
  report = bw_label_reader_judge (reader);

  return report->lists[BW_LABEL_CONFIRMED]->len;
}

void
bw_test_measure_readability (const BwStock     *stock,
                             guint              dpi,
                             guint              n_labels,
                             BwTestReadability *ret_readability)
{
  BwStock printed_on = *stock;
  guint n_cells = bw_stock_get_n_cells (stock);
  guint n_pages = (n_labels + n_cells - 1) / n_cells;
  g_autofree char *folder = g_dir_make_tmp ("bw-worn-XXXXXX", NULL);
  g_autofree char *pdf = g_build_filename (folder, "labels.pdf", NULL);
  g_autoptr(BwSheet) sheet = NULL;
  g_autoptr(GError) error = NULL;

  printed_on.dpi = dpi;
  *ret_readability = (BwTestReadability) { .n = n_pages * n_cells };
  sheet = bw_test_sheet_new (&printed_on, 0, n_pages * n_cells, 1);
  bw_sheet_write_pdf (sheet, pdf, NULL, NULL, NULL, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < n_pages; i++)
    {
      g_autoptr(BwGray) printed = bw_test_print_page (pdf, i + 1, dpi);
      g_autoptr(BwGray) worn = bw_test_wear_page (printed, dpi, i % 2 == 0 ? BW_TEST_SKEW_DEGREES : -BW_TEST_SKEW_DEGREES);

      ret_readability->n_plain += count_confirmed (&printed_on, printed, i * n_cells, n_cells);
      ret_readability->n_worn += count_confirmed (&printed_on, worn, i * n_cells, n_cells);
    }

  g_unlink (pdf);
  g_rmdir (folder);
}
