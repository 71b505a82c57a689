/* bw-test-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-test-page.h"

#include "bw-device-id.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

char *
bw_test_make_id (guint n)
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
bw_test_run (const char * const *argv,
             char              **ret_output)
{
  g_autoptr(GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, ret_output, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, &error));
}

void
bw_test_page_render (const char *pdf,
                     guint       page_number,
                     guint       dpi,
                     BwTestPage *ret_page)
{
  g_autofree char *resolution = g_strdup_printf ("%u", dpi);
  g_autofree char *number = g_strdup_printf ("%u", page_number);
  g_autofree char *prefix = g_strconcat (pdf, ".page", NULL);
  g_autofree char *image = g_strconcat (prefix, ".pgm", NULL);
  const char *argv[] = { "pdftoppm", "-gray", "-singlefile", "-f", number, "-r", resolution, pdf, prefix, NULL };
  g_autoptr(GError) error = NULL;
  gsize length;
  int header;

  bw_test_run (argv, NULL);
  g_file_get_contents (image, &ret_page->bytes, &length, &error);
  g_assert_no_error (error);
  g_unlink (image);

  g_assert_cmpint (sscanf (ret_page->bytes, "P5 %u %u 255%n", &ret_page->width, &ret_page->height, &header), ==, 2);
  ret_page->pixels = (guchar *) ret_page->bytes + header + 1;
  g_assert_cmpuint (length, ==, (gsize) header + 1 + (gsize) ret_page->width * ret_page->height);
}

void
bw_test_page_clear (BwTestPage *page)
{
  g_clear_pointer (&page->bytes, g_free);
  page->pixels = NULL;
}

/* A part of the page in pixels, enlarged until a module has some: what a
 * camera that comes closer does. */
zbar_image_t *
bw_test_page_crop (const BwTestPage *page,
                   guint             left,
                   guint             top,
                   guint             width,
                   guint             height,
                   guint             scale)
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
bw_test_scan (zbar_image_t *image)
{
  zbar_image_scanner_t *scanner = zbar_image_scanner_create ();
  const zbar_symbol_t *symbol;
  char *text = NULL;

  zbar_image_scanner_set_config (scanner, 0, ZBAR_CFG_ENABLE, 0);
  zbar_image_scanner_set_config (scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
  zbar_scan_image (scanner, image);
  symbol = zbar_image_first_symbol (image);
  if (symbol != NULL)
    {
      g_assert_cmpint (zbar_symbol_get_type (symbol), ==, ZBAR_QRCODE);
      text = g_strdup (zbar_symbol_get_data (symbol));
      g_assert_null (zbar_symbol_next (symbol));
    }
  zbar_image_scanner_destroy (scanner);

  return text;
}
