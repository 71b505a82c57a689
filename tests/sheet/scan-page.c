/* scan-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "scan-page.h"

#include "bw-device-id.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define MM_PER_INCH 25.4

/* A PDF's page as a printer sees it, and the codes on it. Cell by cell: a whole
 * page at once misses codes even when all are perfect. */

char *
scan_page_make_id (guint n)
{
  guint8 random[BW_DEVICE_ID_RANDOM_BYTES];
  g_autoptr(GRand) rand = g_rand_new_with_seed (n + 1);
  char *id = g_malloc (BW_DEVICE_ID_SIZE);

  for (guint i = 0; i < sizeof random; i++)
    random[i] = (guint8) g_rand_int_range (rand, 0, 256);
  bw_device_id_from_random (random, id);

  return id;
}

void
scan_page_run (const char * const *argv,
               char              **ret_output)
{
  g_autoptr(GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, ret_output, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, &error));
}

void
scan_page_render (const char *pdf,
                  guint       page_number,
                  guint       dpi,
                  ScanPage   *ret_page)
{
  g_autofree char *resolution = g_strdup_printf ("%u", dpi);
  g_autofree char *number = g_strdup_printf ("%u", page_number);
  g_autofree char *prefix = g_strconcat (pdf, ".page", NULL);
  g_autofree char *image = g_strconcat (prefix, ".pgm", NULL);
  const char *argv[] = { "pdftoppm", "-gray", "-singlefile", "-f", number, "-r", resolution, pdf, prefix, NULL };
  g_autoptr(GError) error = NULL;
  gsize length;
  int header;

  scan_page_run (argv, NULL);
  g_file_get_contents (image, &ret_page->bytes, &length, &error);
  g_assert_no_error (error);
  g_unlink (image);

  g_assert_cmpint (sscanf (ret_page->bytes, "P5 %u %u 255%n", &ret_page->width, &ret_page->height, &header), ==, 2);
  ret_page->pixels = (guchar *) ret_page->bytes + header + 1;
  g_assert_cmpuint (length, ==, (gsize) header + 1 + (gsize) ret_page->width * ret_page->height);
}

/* A part of the page in pixels, enlarged until a module has some: what a
 * camera that comes closer does. */
static zbar_image_t *
crop (const ScanPage *page,
      guint           left,
      guint           top,
      guint           width,
      guint           height,
      guint           scale)
{
  zbar_image_t *image = zbar_image_create ();
  gsize n_bytes = (gsize) width * height * scale * scale;
  guchar *pixels = g_malloc (n_bytes);

  for (guint y = 0; y < height * scale; y++)
    {
      for (guint x = 0; x < width * scale; x++)
        pixels[(gsize) y * width * scale + x] =
          page->pixels[(gsize) (top + y / scale) * page->width + left + x / scale];
    }

  zbar_image_set_format (image, zbar_fourcc ('Y', '8', '0', '0'));
  zbar_image_set_size (image, width * scale, height * scale);
  zbar_image_set_data (image, pixels, n_bytes, zbar_image_free_data);

  return image;
}

char *
scan_page_read_cell (zbar_image_scanner_t *scanner,
                     const BwStock        *stock,
                     double                module,
                     const ScanPage       *page,
                     guint                 cell,
                     guint                 dpi)
{
  double pixels = dpi / MM_PER_INCH;
  double x, y;
  guint left, top, right, bottom, scale;
  zbar_image_t *image;
  const zbar_symbol_t *symbol;
  char *text = NULL;

  bw_stock_get_cell (stock, cell, &x, &y);
  left = (guint) floor (x * pixels);
  top = (guint) floor (y * pixels);
  right = MIN ((guint) ceil ((x + stock->width) * pixels), page->width);
  bottom = MIN ((guint) ceil ((y + stock->height) * pixels), page->height);
  scale = (guint) ceil (4.0 / (module * pixels));

  image = crop (page, left, top, right - left, bottom - top, scale);
  zbar_scan_image (scanner, image);
  symbol = zbar_image_first_symbol (image);
  if (symbol != NULL)
    {
      g_assert_cmpint (zbar_symbol_get_type (symbol), ==, ZBAR_QRCODE);
      text = g_strdup (zbar_symbol_get_data (symbol));
      g_assert_null (zbar_symbol_next (symbol));
    }
  zbar_image_destroy (image);

  return text;
}
