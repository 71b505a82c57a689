/* bw-label-logo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-label-logo.h"

#include "bw-label-picture.h"

#include <math.h>
#include <string.h>

/* Finer than any printer of labels. */
#define DPI         600.0
#define MM_PER_INCH 25.4

#define KEPT_MAX_PIXELS (1024 * 1024)

struct _BwLabelLogo
{
  gatomicrefcount ref_count;

  GBytes *pixels;
  int     width;
  int     height;
  int     stride;
  char   *name;      /* a hash of it */
};

static cairo_surface_t *
create_canvas (double    aspect,
               double    width,
               double    height,
               double    max_side,
               cairo_t **ret_cr)
{
  double scale = DPI / MM_PER_INCH;
  double w = MIN (width, height * aspect) * scale;
  double h = w / aspect;
  double shrink = MIN (1.0, MIN (sqrt (KEPT_MAX_PIXELS / (w * h)), max_side / MAX (w, h)));
  cairo_surface_t *canvas;

  w = MAX (1.0, ceil (w * shrink));
  h = MAX (1.0, ceil (h * shrink));
  canvas = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) w, (int) h);
  *ret_cr = cairo_create (canvas);
  cairo_set_source_rgb (*ret_cr, 1, 1, 1);
  cairo_paint (*ret_cr);

  return canvas;
}

static cairo_surface_t *
draw (GBytes  *bytes,
      double   width,
      double   height,
      GError **error)
{
  g_autoptr(BwLabelPicture) picture = bw_label_picture_get (bytes, error);
  cairo_surface_t *surface, *canvas;
  cairo_t *cr;
  double w, h;

  if (picture == NULL)
    return NULL;

  surface = bw_label_picture_create_surface (picture);
  w = cairo_image_surface_get_width (surface);
  h = cairo_image_surface_get_height (surface);
  canvas = create_canvas (w / h, width, height, MAX (w, h), &cr);
  cairo_scale (cr, cairo_image_surface_get_width (canvas) / w, cairo_image_surface_get_height (canvas) / h);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_BEST);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);

  return canvas;
}

static BwLabelLogo *
read_logo (GBytes  *bytes,
           double   width,
           double   height,
           GError **error)
{
  BwLabelLogo *self;
  cairo_surface_t *canvas;

  canvas = draw (bytes, width, height, error);
  if (canvas == NULL)
    return NULL;

  cairo_surface_flush (canvas);
  self = g_new0 (BwLabelLogo, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->width = cairo_image_surface_get_width (canvas);
  self->height = cairo_image_surface_get_height (canvas);
  self->stride = cairo_image_surface_get_stride (canvas);
  self->pixels = g_bytes_new (cairo_image_surface_get_data (canvas), (gsize) self->height * (gsize) self->stride);
  self->name = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, self->pixels);
  cairo_surface_destroy (canvas);

  return self;
}

/**
 * bw_label_logo_new:
 *
 * Returns: (transfer full) (nullable)
 */
BwLabelLogo *
bw_label_logo_new (GBytes  *bytes,
                   double   width,
                   double   height,
                   GError **error)
{
  /* The last one is likely to be wanted again: with every page of a preview, with every step of a field that is
   * dragged. Guarded by the mutex. */
  static GMutex mutex;
  static struct
  {
    BwLabelLogo *logo;
    GBytes      *bytes;
    double       width;
    double       height;
  } last;
  BwLabelLogo *self = NULL;

  g_return_val_if_fail (bytes != NULL && width > 0 && height > 0, NULL);

  g_mutex_lock (&mutex);
  if (last.logo != NULL && last.bytes == bytes && last.width == width && last.height == height)
    {
      self = last.logo;
      g_atomic_ref_count_inc (&self->ref_count);
    }
  g_mutex_unlock (&mutex);

  if (self != NULL)
    return self;

  self = read_logo (bytes, width, height, error);
  if (self == NULL)
    return NULL;

  g_mutex_lock (&mutex);
  g_clear_pointer (&last.logo, bw_label_logo_unref);
  g_clear_pointer (&last.bytes, g_bytes_unref);
  g_atomic_ref_count_inc (&self->ref_count);
  last.logo = self;
  last.bytes = g_bytes_ref (bytes);
  last.width = width;
  last.height = height;
  g_mutex_unlock (&mutex);

  return self;
}

void
bw_label_logo_unref (BwLabelLogo *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_bytes_unref (self->pixels);
  g_free (self->name);
  g_free (self);
}

cairo_surface_t *
bw_label_logo_create_surface (const BwLabelLogo *self)
{
  /* nobody draws on it */
  guchar *data = (guchar *) g_bytes_get_data (self->pixels, NULL);
  cairo_surface_t *surface =
    cairo_image_surface_create_for_data (data, CAIRO_FORMAT_RGB24, self->width, self->height, self->stride);
  char *name = g_strdup (self->name);

  if (cairo_surface_set_mime_data (surface, CAIRO_MIME_TYPE_UNIQUE_ID, (guchar *) name, strlen (name),
                                   g_free, name) != CAIRO_STATUS_SUCCESS)
    g_free (name);

  return surface;
}
