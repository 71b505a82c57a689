/* bw-tiff.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-verify"

#include "bw-tiff.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <tiffio.h>

/* A coat over libtiff, which reads all that scanners and faxes write. The file
 * is foreign: it lies in memory, and no tag may ask for more than a page does. */

#define MAX_SINGLE_BYTES ((tmsize_t) BW_GRAY_MAX_PIXELS * 4)

struct _BwTiff
{
  TIFF   *tiff;
  GBytes *bytes;
  gsize   at;
};

static tmsize_t
read_cb (thandle_t handle,
         void     *data,
         tmsize_t  size)
{
  BwTiff *self = handle;
  gsize length;
  const guchar *bytes = g_bytes_get_data (self->bytes, &length);
  gsize n = MIN ((gsize) MAX (size, 0), length - MIN (self->at, length));

  memcpy (data, bytes + MIN (self->at, length), n);
  self->at += n;

  return (tmsize_t) n;
}

static tmsize_t
write_cb (thandle_t handle,
          void     *data,
          tmsize_t  size)
{
  return 0;
}

static toff_t
seek_cb (thandle_t handle,
         toff_t    offset,
         int       whence)
{
  BwTiff *self = handle;
  gsize length = g_bytes_get_size (self->bytes);

  self->at = (gsize) offset + (whence == SEEK_CUR ? self->at : whence == SEEK_END ? length : 0);

  return self->at;
}

static toff_t
size_cb (thandle_t handle)
{
  return g_bytes_get_size (((BwTiff *) handle)->bytes);
}

static int
close_cb (thandle_t handle)
{
  return 0;
}

/* It would print them. */
static int
ignore_cb (TIFF       *tiff,
           void       *user_data,
           const char *module,
           const char *format,
           va_list     arguments)
{
  return 1;
}

BwTiff *
bw_tiff_open (GBytes *bytes)
{
  BwTiff *self = g_new0 (BwTiff, 1);
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc ();

  self->bytes = g_bytes_ref (bytes);
  TIFFOpenOptionsSetMaxSingleMemAlloc (options, MAX_SINGLE_BYTES);
  TIFFOpenOptionsSetErrorHandlerExtR (options, ignore_cb, NULL);
  TIFFOpenOptionsSetWarningHandlerExtR (options, ignore_cb, NULL);
  self->tiff = TIFFClientOpenExt ("scan", "rm", self, read_cb, write_cb, seek_cb, close_cb, size_cb, NULL, NULL, options);
  TIFFOpenOptionsFree (options);
  if (self->tiff == NULL)
    g_clear_pointer (&self, bw_tiff_free);

  return self;
}

void
bw_tiff_free (BwTiff *self)
{
  if (self == NULL)
    return;

  if (self->tiff != NULL)
    TIFFClose (self->tiff);
  g_bytes_unref (self->bytes);
  g_free (self);
}

/* libtiff itself sees when the pages go round in a circle. */
guint
bw_tiff_count_pages (BwTiff *self,
                     guint   max)
{
  guint n = 1;

  TIFFSetDirectory (self->tiff, 0);
  while (n <= max && TIFFReadDirectory (self->tiff))
    n++;

  return n;
}

void
bw_tiff_get_size (BwTiff *self,
                  guint   page,
                  guint  *ret_width,
                  guint  *ret_height)
{
  guint32 width = 0, height = 0;

  if (!TIFFSetDirectory (self->tiff, (tdir_t) page) ||
      !TIFFGetField (self->tiff, TIFFTAG_IMAGEWIDTH, &width) || !TIFFGetField (self->tiff, TIFFTAG_IMAGELENGTH, &height))
    width = height = 0;

  *ret_width = width;
  *ret_height = height;
}

BwGray *
bw_tiff_render (BwTiff *self,
                guint   page)
{
  g_autofree guint32 *pixels = NULL;
  BwGray *gray;
  guint width, height;

  bw_tiff_get_size (self, page, &width, &height);
  pixels = g_try_new (guint32, MAX ((gsize) width * height, 1));
  if (pixels == NULL || width == 0 || height == 0 ||
      !TIFFReadRGBAImageOriented (self->tiff, width, height, pixels, ORIENTATION_TOPLEFT, 1))
    return NULL;

  gray = bw_gray_new (width, height);
  for (gsize i = 0; i < (gsize) width * height; i++)
    {
      guint32 pixel = pixels[i];
      guint shade = (TIFFGetR (pixel) * 77u + TIFFGetG (pixel) * 151u + TIFFGetB (pixel) * 28u) >> 8;

      /* the colours come multiplied by how opaque they are; behind them is white */
      gray->pixels[i] = (guchar) MIN (shade + 255 - TIFFGetA (pixel), 255);
    }

  return gray;
}
