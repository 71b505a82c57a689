/* bw-test-sheets.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-test-sheets.h"

#include <glib/gstdio.h>
#include <math.h>
#include <qrencode.h>
#include <string.h>

#include "bw-device-id.h"
#include "bw-scan-file.h"

#define PIXELS_PER_MM (BW_TEST_DPI / 25.4)

typedef struct
{
  guint x, y, width, height;
} Area;

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

BwSheet *
bw_test_sheet_new (const BwStock *stock,
                   guint          first,
                   guint          n_labels,
                   guint          start)
{
  g_autoptr(GError) error = NULL;
  BwSheet *sheet = bw_sheet_new (stock, "Spring 2026", "#e01b24", 1000, 0, start, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < n_labels; i++)
    {
      g_autofree char *id = bw_test_make_id (first + i);

      g_assert_true (bw_sheet_add (sheet, id, first + i + 1, NULL));
    }

  return sheet;
}

BwGray *
bw_test_sheet_render (BwSheet *sheet,
                      guint    page)
{
  g_autofree char *folder = g_dir_make_tmp ("bw-verify-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "labels.pdf", NULL);
  g_autoptr(BwScanFile) file = NULL;
  g_autoptr(GError) error = NULL;
  BwGray *image;

  bw_sheet_write_pdf (sheet, path, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  file = bw_scan_file_open (path, &error);
  g_assert_no_error (error);
  image = bw_scan_file_render (file, page, &error);
  g_assert_no_error (error);
  g_unlink (path);
  g_rmdir (folder);

  return image;
}

static Area
get_area (const BwGray  *image,
          const BwStock *stock,
          guint          cell)
{
  Area area;
  double x, y;

  bw_stock_get_cell (stock, cell, &x, &y);
  area.x = (guint) (x * PIXELS_PER_MM);
  area.y = (guint) (y * PIXELS_PER_MM);
  area.width = MIN ((guint) (stock->width * PIXELS_PER_MM), image->width - area.x);
  area.height = MIN ((guint) (stock->height * PIXELS_PER_MM), image->height - area.y);

  return area;
}

void
bw_test_blank (BwGray        *image,
               const BwStock *stock,
               guint          cell)
{
  Area area = get_area (image, stock, cell);

  for (guint y = 0; y < area.height; y++)
    memset (image->pixels + (gsize) (area.y + y) * image->width + area.x, 255, area.width);
}

/* Wiped with a wet finger, from left to right. */
void
bw_test_smear (BwGray        *image,
               const BwStock *stock,
               guint          cell)
{
  Area area = get_area (image, stock, cell);

  for (guint y = 0; y < area.height; y++)
    {
      guchar *row = image->pixels + (gsize) (area.y + y) * image->width + area.x;
      double wet = 255;

      for (guint x = 0; x < area.width; x++)
        {
          wet += (row[x] - wet) * 0.04;
          row[x] = (guchar) wet;
        }
    }
}

void
bw_test_paste (BwGray        *image,
               const BwStock *stock,
               guint          cell,
               const BwGray  *from_image,
               guint          from_cell)
{
  Area to = get_area (image, stock, cell);
  Area from = get_area (from_image, stock, from_cell);

  for (guint y = 0; y < MIN (to.height, from.height); y++)
    memmove (image->pixels + (gsize) (to.y + y) * image->width + to.x,
             from_image->pixels + (gsize) (from.y + y) * from_image->width + from.x,
             MIN (to.width, from.width));
}

void
bw_test_swap (BwGray        *image,
              const BwStock *stock,
              guint          cell,
              guint          other)
{
  g_autoptr(BwGray) copy = bw_gray_new (image->width, image->height);

  memcpy (copy->pixels, image->pixels, (gsize) image->width * image->height);
  bw_test_paste (image, stock, cell, copy, other);
  bw_test_paste (image, stock, other, copy, cell);
}

void
bw_test_put_code (BwGray        *image,
                  const BwStock *stock,
                  guint          cell,
                  const char    *text)
{
  QRcode *code = QRcode_encodeString8bit (text, 0, QR_ECLEVEL_M);
  Area area = get_area (image, stock, cell);
  guint room = MIN (area.width, area.height);
  guint module, left, top;

  g_assert_nonnull (code);
  module = room / (guint) (code->width + 8);
  g_assert_cmpuint (module, >=, 3);
  left = area.x + (area.width - module * (guint) code->width) / 2;
  top = area.y + (area.height - module * (guint) code->width) / 2;

  bw_test_blank (image, stock, cell);
  for (guint y = 0; y < module * (guint) code->width; y++)
    {
      for (guint x = 0; x < module * (guint) code->width; x++)
        {
          if (code->data[y / module * (guint) code->width + x / module] & 1)
            image->pixels[(gsize) (top + y) * image->width + left + x] = 0;
        }
    }
  QRcode_free (code);
}

BwGray *
bw_test_transform (const BwGray *image,
                   double        dx,
                   double        dy,
                   double        degrees,
                   double        scale,
                   double        dpi)
{
  double ratio = dpi / BW_TEST_DPI;
  BwGray *out = bw_gray_new ((guint) (image->width * ratio), (guint) (image->height * ratio));
  cairo_matrix_t to_image;

  cairo_matrix_init_translate (&to_image, image->width / 2.0 - dx * PIXELS_PER_MM, image->height / 2.0 - dy * PIXELS_PER_MM);
  cairo_matrix_rotate (&to_image, degrees * G_PI / 180);
  cairo_matrix_scale (&to_image, 1 / (ratio * scale), 1 / (ratio * scale));
  cairo_matrix_translate (&to_image, -(double) out->width / 2, -(double) out->height / 2);
  bw_gray_sample (out, image, &to_image);

  return out;
}

/* A camera over a plane: which place of the sheet is seen there? */
BwGray *
bw_test_tilt (const BwGray *image,
              double        degrees_x,
              double        degrees_y)
{
  static const double distance = 400.0 * PIXELS_PER_MM;
  double slope_x = tan (degrees_x * G_PI / 180);
  double slope_y = tan (degrees_y * G_PI / 180);
  BwGray *out = bw_gray_new (image->width, image->height);

  for (guint y = 0; y < out->height; y++)
    {
      for (guint x = 0; x < out->width; x++)
        {
          double ray_x = (x - out->width / 2.0) / distance;
          double ray_y = (y - out->height / 2.0) / distance;
          /* the plane's depth grows by the slopes from `distance` in its middle */
          double depth = distance / (1 - slope_x * ray_x - slope_y * ray_y);
          int from_x = (int) floor (ray_x * depth / cos (degrees_x * G_PI / 180) + image->width / 2.0);
          int from_y = (int) floor (ray_y * depth / cos (degrees_y * G_PI / 180) + image->height / 2.0);
          gboolean is_inside = from_x >= 0 && from_y >= 0 && from_x < (int) image->width && from_y < (int) image->height;

          out->pixels[(gsize) y * out->width + x] =
            is_inside ? image->pixels[(gsize) from_y * image->width + (gsize) from_x] : 255;
        }
    }

  return out;
}

/* Each pixel becomes the mean, or the darkest, of itself and its neighbours. */
static void
mix (BwGray   *image,
     gboolean  is_darkest)
{
  g_autoptr(BwGray) copy = bw_gray_new (image->width, image->height);

  memcpy (copy->pixels, image->pixels, (gsize) image->width * image->height);
  for (guint y = 1; y + 1 < image->height; y++)
    {
      for (guint x = 1; x + 1 < image->width; x++)
        {
          const guchar *at = copy->pixels + (gsize) y * image->width + x;
          const guchar *above = at - image->width;
          const guchar *below = at + image->width;
          guint sum = (guint) above[-1] + above[0] + above[1] + at[-1] + at[0] + at[1] + below[-1] + below[0] + below[1];
          guchar darkest = MIN (MIN (MIN (above[0], below[0]), MIN (at[-1], at[1])), at[0]);

          image->pixels[(gsize) y * image->width + x] = is_darkest ? darkest : (guchar) (sum / 9);
        }
    }
}

void
bw_test_blur (BwGray *image,
              guint   n_times)
{
  for (guint i = 0; i < n_times; i++)
    mix (image, FALSE);
}

void
bw_test_gain (BwGray *image)
{
  mix (image, TRUE);
}

void
bw_test_noise (BwGray *image,
               int     amplitude)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (7);

  for (gsize i = 0; i < (gsize) image->width * image->height; i++)
    {
      /* three dice: most of it is small */
      int noise = g_rand_int_range (rand, -amplitude, amplitude + 1) + g_rand_int_range (rand, -amplitude, amplitude + 1) +
                  g_rand_int_range (rand, -amplitude, amplitude + 1);

      image->pixels[i] = (guchar) CLAMP (image->pixels[i] + noise, 0, 255);
    }
}

void
bw_test_save (const BwGray *image,
              const char   *path,
              const char   *type)
{
  g_autoptr(GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, (int) image->width, (int) image->height);
  guchar *rows = gdk_pixbuf_get_pixels (pixbuf);
  g_autoptr(GError) error = NULL;
  const gboolean is_jpeg = strcmp (type, "jpeg") == 0;

  for (guint y = 0; y < image->height; y++)
    {
      guchar *to = rows + (gsize) y * (gsize) gdk_pixbuf_get_rowstride (pixbuf);

      for (guint x = 0; x < image->width; x++, to += 3)
        memset (to, image->pixels[(gsize) y * image->width + x], 3);
    }

  gdk_pixbuf_save (pixbuf, path, type, &error, is_jpeg ? "quality" : "compression", is_jpeg ? "60" : "1", NULL);
  g_assert_no_error (error);
}
