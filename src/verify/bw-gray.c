/* bw-gray.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-verify"

#include "bw-gray.h"

#include <math.h>

/* More than this many samples a pixel in each direction find nothing new. */
#define MAX_SAMPLES 4

BwGray *
bw_gray_new (guint width,
             guint height)
{
  BwGray *self = g_new (BwGray, 1);

  self->width = width;
  self->height = height;
  self->pixels = g_malloc (MAX ((gsize) width * height, 1));

  return self;
}

void
bw_gray_free (BwGray *self)
{
  if (self == NULL)
    return;

  g_free (self->pixels);
  g_free (self);
}

BwGray *
bw_gray_new_from_pixbuf (GdkPixbuf *pixbuf)
{
  guint n_channels = (guint) gdk_pixbuf_get_n_channels (pixbuf);
  gboolean has_alpha = gdk_pixbuf_get_has_alpha (pixbuf);
  gsize stride = (gsize) gdk_pixbuf_get_rowstride (pixbuf);
  const guchar *rows = gdk_pixbuf_read_pixels (pixbuf);
  BwGray *self = bw_gray_new ((guint) gdk_pixbuf_get_width (pixbuf), (guint) gdk_pixbuf_get_height (pixbuf));
  guchar *to = self->pixels;

  for (guint y = 0; y < self->height; y++)
    {
      const guchar *from = rows + y * stride;

      for (guint x = 0; x < self->width; x++, from += n_channels)
        {
          guint gray = (from[0] * 77u + from[1] * 151u + from[2] * 28u) >> 8;

          if (has_alpha)
            gray = 255 - (255 - gray) * from[3] / 255;
          *to++ = (guchar) gray;
        }
    }

  return self;
}

static double
get_pixel (const BwGray *image,
           double        x,
           double        y)
{
  int left, top;
  double right_share, low_share;
  const guchar *at;

  /* the negation takes what is not a number, too */
  if (!(x >= 0 && y >= 0 && x < image->width - 1.0 && y < image->height - 1.0))
    return 255.0;

  left = (int) x;
  top = (int) y;
  right_share = x - left;
  low_share = y - top;
  at = image->pixels + (gsize) top * image->width + left;

  return (at[0] * (1 - right_share) + at[1] * right_share) * (1 - low_share) +
         (at[image->width] * (1 - right_share) + at[image->width + 1] * right_share) * low_share;
}

void
bw_gray_sample (BwGray               *self,
                const BwGray         *image,
                const cairo_matrix_t *to_image)
{
  double step = MAX (hypot (to_image->xx, to_image->yx), hypot (to_image->xy, to_image->yy));
  guint n_samples = (guint) CLAMP (ceil (step - 0.25), 1, MAX_SAMPLES);
  guchar *to = self->pixels;

  for (guint y = 0; y < self->height; y++)
    {
      for (guint x = 0; x < self->width; x++)
        {
          double sum = 0;

          for (guint i = 0; i < n_samples * n_samples; i++)
            {
              double at_x = x + (i % n_samples + 0.5) / n_samples;
              double at_y = y + (i / n_samples + 0.5) / n_samples;

              sum += get_pixel (image,
                                to_image->xx * at_x + to_image->xy * at_y + to_image->x0 - 0.5,
                                to_image->yx * at_x + to_image->yy * at_y + to_image->y0 - 0.5);
            }

          *to++ = (guchar) (sum / (n_samples * n_samples) + 0.5);
        }
    }
}
