/* bw-label-logo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-label-logo.h"

#include "bw-error.h"

#include <librsvg/rsvg.h>
#include <math.h>
#include <string.h>

/* Finer than any printer of labels. */
#define DPI         600.0
#define MM_PER_INCH 25.4

/* Of the picture that is kept, and of a PNG that is read: its header is asked
 * before anything is unpacked. */
#define KEPT_MAX_PIXELS (1024 * 1024)
#define READ_MAX_SIDE   4096
#define READ_MAX_PIXELS (2 * 1024 * 1024)

/* So many copies of copies are about 1,600 at most. */
#define SVG_MAX_USES 20
#define SVG_MAX_CLIPS  5
#define SVG_MAX_LAYERS 20

#define PNG_MAGIC        "\x89PNG\r\n\x1a\n"
#define PNG_HEADER_BYTES 24

struct _BwLabelLogo
{
  gatomicrefcount ref_count;

  GBytes *pixels;
  int     width;
  int     height;
  int     stride;
  char   *name;      /* a hash of it */
};

typedef struct
{
  const guchar *data;
  gsize         n_left;
} Source;

static cairo_status_t
read_cb (void          *closure,
         unsigned char *data,
         unsigned int   length)
{
  Source *source = closure;

  if (length > source->n_left)
    return CAIRO_STATUS_READ_ERROR;

  memcpy (data, source->data, length);
  source->data += length;
  source->n_left -= length;

  return CAIRO_STATUS_SUCCESS;
}

static guint32
read_number (const guchar *bytes)
{
  return (guint32) bytes[0] << 24 | (guint32) bytes[1] << 16 | (guint32) bytes[2] << 8 | bytes[3];
}

static gboolean
is_png (GBytes *bytes)
{
  gsize length;
  const guchar *data = g_bytes_get_data (bytes, &length);

  return length >= PNG_HEADER_BYTES && memcmp (data, PNG_MAGIC, strlen (PNG_MAGIC)) == 0;
}

static cairo_surface_t *
load_png (GBytes  *bytes,
          GError **error)
{
  Source source;
  cairo_surface_t *surface;
  guint32 width, height;

  source.data = g_bytes_get_data (bytes, &source.n_left);
  width = read_number (source.data + 16);
  height = read_number (source.data + 20);
  if (width == 0 || height == 0 || width > READ_MAX_SIDE || height > READ_MAX_SIDE ||
      (guint64) width * height > READ_MAX_PIXELS)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                   "the logo has %u × %u pixels, which is more than a label needs (%d million at most)",
                   width, height, READ_MAX_PIXELS / (1024 * 1024));
      return NULL;
    }

  surface = cairo_image_surface_create_from_png_stream (read_cb, &source);
  if (cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS)
    return surface;

  cairo_surface_destroy (surface);
  g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "the logo is a PNG file that cannot be read");

  return NULL;
}

/* How often @pattern is in @text; at most @max are counted. */
static guint
count_matches (const char *pattern,
               const char *text,
               guint       max,
               char      **ret_first)
{
  g_autoptr(GRegex) regex = g_regex_new (pattern, G_REGEX_OPTIMIZE | G_REGEX_CASELESS, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  guint n = 0;

  for (g_regex_match (regex, text, 0, &match); n < max && g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      if (n == 0 && ret_first != NULL)
        *ret_first = g_match_info_fetch (match, 1);
      n++;
    }

  return n;
}

/* A drawing of a few hundred bytes may take hours: by entities, by effects, by pictures in it, by copies of copies of
 * copies. None of them is what a logo on a label is made of, and nothing stops librsvg once it draws. */
static gboolean
check_svg (const char  *text,
           GError     **error)
{
  g_autofree char *found = NULL;

  if (strstr (text, "<svg") == NULL || strstr (text, "<!ENTITY") != NULL ||
      count_matches ("<\\?xml[^>]*encoding\\s*=\\s*[\"'](?!utf-?8[\"'])", text, 1, NULL) > 0)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "the logo is neither a PNG nor an SVG file that can be read");
      return FALSE;
    }

  if (count_matches ("[<:](text)[\\s/>]", text, 1, NULL) > 0)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID,
                           "the logo is a drawing with letters in it, which look another way on each computer:"
                           " turn them into paths, or save it as a PNG file");
      return FALSE;
    }

  if (count_matches ("[<:](filter|pattern|mask|image|marker|foreignobject)[\\s/>]", text, 1, &found) == 0 &&
      count_matches ("[<:](use)[\\s/>]", text, SVG_MAX_USES + 1, &found) <= SVG_MAX_USES &&
      count_matches ("[<:](clippath)[\\s/>]", text, SVG_MAX_CLIPS + 1, &found) <= SVG_MAX_CLIPS &&
      count_matches ("(?<![-\\w])(opacity)\\s*[=:]\\s*[\"']?\\s*(?!1[\\s;\"'])", text, SVG_MAX_LAYERS + 1, &found) <= SVG_MAX_LAYERS &&
      count_matches ("(mix-blend-mode)\\s*[=:]\\s*[\"']?\\s*(?!normal)", text, 1, &found) == 0)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
               "the logo is a drawing with “%s” in it, which could take hours: save it as a PNG file", found);

  return FALSE;
}

/* No file and no address besides the document itself. */
static RsvgHandle *
load_svg (GBytes  *bytes,
          GError **error)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autofree char *text = g_utf8_validate (data, (gssize) length, NULL) ? g_strndup (data, length) : g_strdup ("");
  RsvgHandle *handle;

  if (!check_svg (text, error))
    return NULL;

  handle = rsvg_handle_new_from_data ((const guint8 *) data, length, NULL);
  if (handle == NULL)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "the logo is neither a PNG nor an SVG file that can be read");

  return handle;
}

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
draw_png (GBytes  *bytes,
          double   width,
          double   height,
          GError **error)
{
  cairo_surface_t *png = load_png (bytes, error);
  cairo_surface_t *canvas;
  cairo_t *cr;
  double w, h;

  if (png == NULL)
    return NULL;

  w = cairo_image_surface_get_width (png);
  h = cairo_image_surface_get_height (png);
  canvas = create_canvas (w / h, width, height, MAX (w, h), &cr);
  cairo_scale (cr, cairo_image_surface_get_width (canvas) / w, cairo_image_surface_get_height (canvas) / h);
  cairo_set_source_surface (cr, png, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_BEST);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (png);

  return canvas;
}

static double
get_aspect (RsvgHandle *handle)
{
  gboolean has_width, has_height, has_box;
  RsvgLength width, height;
  RsvgRectangle box;
  double w, h, aspect;

  if (rsvg_handle_get_intrinsic_size_in_pixels (handle, &w, &h) && w > 0 && h > 0)
    aspect = w / h;
  else
    {
      rsvg_handle_get_intrinsic_dimensions (handle, &has_width, &width, &has_height, &height, &has_box, &box);
      aspect = has_box && box.width > 0 && box.height > 0 ? box.width / box.height : 1.0;
    }

  return isfinite (aspect) ? CLAMP (aspect, 0.01, 100.0) : 1.0;
}

static cairo_surface_t *
draw_svg (GBytes  *bytes,
          double   width,
          double   height,
          GError **error)
{
  RsvgHandle *handle = load_svg (bytes, error);
  g_autoptr(GError) reason = NULL;
  cairo_surface_t *canvas;
  RsvgRectangle viewport = { 0 };
  gboolean ok;
  cairo_t *cr;

  if (handle == NULL)
    return NULL;

  canvas = create_canvas (get_aspect (handle), width, height, G_MAXINT16, &cr);
  viewport.width = cairo_image_surface_get_width (canvas);
  viewport.height = cairo_image_surface_get_height (canvas);
  ok = rsvg_handle_render_document (handle, cr, &viewport, &reason) && cairo_status (cr) == CAIRO_STATUS_SUCCESS;
  cairo_destroy (cr);
  g_object_unref (handle);
  if (ok)
    return canvas;

  cairo_surface_destroy (canvas);
  g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the logo cannot be drawn%s%s",
               reason != NULL ? ": " : "", reason != NULL ? reason->message : "");

  return NULL;
}

static BwLabelLogo *
read_logo (GBytes  *bytes,
           double   width,
           double   height,
           GError **error)
{
  BwLabelLogo *self;
  cairo_surface_t *canvas;

  canvas = is_png (bytes) ? draw_png (bytes, width, height, error) : draw_svg (bytes, width, height, error);
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
