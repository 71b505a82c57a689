/* bw-label-picture.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-label-picture.h"

#include "bw-error.h"

#include <librsvg/rsvg.h>
#include <math.h>
#include <string.h>

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

/* Nothing stops librsvg once it draws, so what takes longer is left to itself and never taken; so many at once. */
#define DRAW_MAX_MS   3000
#define MAX_DRAWING   2
#define MAX_PICTURES  3

/* A file, read and drawn once, in a thread. The last few are kept: those that were
 * prepared, so that who did so never waits for them, and those that were refused. Else
 * a job of ten thousand labels would have a picture of four megabytes lie about. */
struct _BwLabelPicture
{
  gatomicrefcount  ref_count;

  GBytes          *bytes;
  gint64           begun_us;
  gboolean         is_kept;    /* guarded by the mutex */

  /* Guarded by the mutex until it is done, and read only from then on. */
  gboolean         is_done;
  gboolean         is_late;    /* it was waited for in vain */
  cairo_surface_t *surface;    /* (owned) (nullable) */
  GError          *error;      /* (owned) (nullable) */
};

static GMutex mutex;
static GCond cond;
static GPtrArray *pictures;    /* guarded by the mutex; the newest last */

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
 * copies. None of them is what a logo on a label is made of. */
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
create_canvas (double    width,
               double    height,
               cairo_t **ret_cr)
{
  double shrink = MIN (1.0, sqrt (KEPT_MAX_PIXELS / (width * height)));
  cairo_surface_t *canvas = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) MAX (1.0, ceil (width * shrink)),
                                                        (int) MAX (1.0, ceil (height * shrink)));

  *ret_cr = cairo_create (canvas);
  cairo_set_source_rgb (*ret_cr, 1, 1, 1);
  cairo_paint (*ret_cr);

  return canvas;
}

static cairo_surface_t *
draw_png (GBytes  *bytes,
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
  canvas = create_canvas (w, h, &cr);
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
          GError **error)
{
  RsvgHandle *handle = load_svg (bytes, error);
  g_autoptr(GError) reason = NULL;
  cairo_surface_t *canvas;
  RsvgRectangle viewport = { 0 };
  double width;
  gboolean ok;
  cairo_t *cr;

  if (handle == NULL)
    return NULL;

  width = sqrt (KEPT_MAX_PIXELS * get_aspect (handle));
  canvas = create_canvas (width, KEPT_MAX_PIXELS / width, &cr);
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

static gpointer
draw_thread (gpointer data)
{
  BwLabelPicture *self = data;
  GError *error = NULL;
  cairo_surface_t *surface = is_png (self->bytes) ? draw_png (self->bytes, &error) : draw_svg (self->bytes, &error);

  if (surface != NULL)
    cairo_surface_flush (surface);

  g_mutex_lock (&mutex);
  self->surface = surface;
  self->error = error;
  self->is_done = TRUE;
  g_cond_broadcast (&cond);
  g_mutex_unlock (&mutex);
  bw_label_picture_unref (self);

  return NULL;
}

static BwLabelPicture *
picture_ref (BwLabelPicture *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/* With the mutex held. */
static guint
count_drawing (void)
{
  guint n = 0;

  for (guint i = 0; i < pictures->len; i++)
    n += ((BwLabelPicture *) g_ptr_array_index (pictures, i))->is_done ? 0 : 1;

  return n;
}

/* The one that is done and was wanted longest ago goes. With the mutex held. */
static void
make_room (void)
{
  for (guint i = 0; pictures->len >= MAX_PICTURES && i < pictures->len; i++)
    {
      if (((BwLabelPicture *) g_ptr_array_index (pictures, i))->is_done)
        g_ptr_array_remove_index (pictures, i--);
    }
}

/* With the mutex held. (transfer full) (nullable) */
static BwLabelPicture *
find_or_begin (GBytes  *bytes,
               GError **error)
{
  BwLabelPicture *self;

  if (pictures == NULL)
    pictures = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_label_picture_unref);

  for (guint i = 0; i < pictures->len; i++)
    {
      self = g_ptr_array_index (pictures, i);
      if (!g_bytes_equal (self->bytes, bytes))
        continue;

      g_ptr_array_add (pictures, picture_ref (self));
      g_ptr_array_remove_index (pictures, i);
      return picture_ref (self);
    }

  if (count_drawing () >= MAX_DRAWING)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                           "logos that take too long are still being drawn, so wait a minute before another one");
      return NULL;
    }

  make_room ();
  self = g_new0 (BwLabelPicture, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->bytes = g_bytes_ref (bytes);
  self->begun_us = g_get_monotonic_time ();
  g_ptr_array_add (pictures, picture_ref (self));
  g_thread_unref (g_thread_new ("logo", draw_thread, picture_ref (self)));

  return self;
}

/* With the mutex held. */
static gboolean
wait_for (BwLabelPicture  *self,
          GError         **error)
{
  gint64 until_us = self->begun_us + DRAW_MAX_MS * G_TIME_SPAN_MILLISECOND;

  while (!self->is_done && !self->is_late)
    self->is_late = !g_cond_wait_until (&cond, &mutex, until_us) && !self->is_done;

  if (!self->is_late && self->surface != NULL)
    return TRUE;

  if (self->is_late)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                 "the logo is a drawing that takes more than %d seconds to draw: save it as a PNG file",
                 DRAW_MAX_MS / 1000);
  else
    g_propagate_error (error, g_error_copy (self->error));

  return FALSE;
}

static BwLabelPicture *
get (GBytes   *bytes,
     gboolean  keep,
     GError  **error)
{
  BwLabelPicture *self;
  gboolean ok = FALSE;

  g_mutex_lock (&mutex);
  self = find_or_begin (bytes, error);
  if (self != NULL)
    {
      self->is_kept |= keep;
      ok = wait_for (self, error);
      if (ok && !self->is_kept)
        g_ptr_array_remove (pictures, self);
    }
  g_mutex_unlock (&mutex);

  if (!ok)
    g_clear_pointer (&self, bw_label_picture_unref);

  return self;
}

/**
 * bw_label_picture_get:
 *
 * Returns: (transfer full) (nullable)
 */
BwLabelPicture *
bw_label_picture_get (GBytes  *bytes,
                      GError **error)
{
  g_return_val_if_fail (bytes != NULL, NULL);

  return get (bytes, FALSE, error);
}

void
bw_label_picture_unref (BwLabelPicture *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_bytes_unref (self->bytes);
  g_clear_pointer (&self->surface, cairo_surface_destroy);
  g_clear_error (&self->error);
  g_free (self);
}

cairo_surface_t *
bw_label_picture_create_surface (const BwLabelPicture *self)
{
  return cairo_image_surface_create_for_data (cairo_image_surface_get_data (self->surface), CAIRO_FORMAT_RGB24,
                                              cairo_image_surface_get_width (self->surface),
                                              cairo_image_surface_get_height (self->surface),
                                              cairo_image_surface_get_stride (self->surface));
}

static void
prepare_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  GError *error = NULL;
  BwLabelPicture *picture = get (task_data, TRUE, &error);

  if (picture == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  bw_label_picture_unref (picture);
  g_task_return_boolean (task, TRUE);
}

void
bw_label_logo_prepare_async (GBytes              *bytes,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (bytes != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_label_logo_prepare_async);
  g_task_set_task_data (task, g_bytes_ref (bytes), (GDestroyNotify) g_bytes_unref);
  g_task_run_in_thread (task, prepare_thread);
}

gboolean
bw_label_logo_prepare_finish (GAsyncResult  *result,
                              GBytes       **ret_bytes,
                              GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL) && ret_bytes != NULL, FALSE);

  *ret_bytes = g_bytes_ref (g_task_get_task_data (G_TASK (result)));

  return g_task_propagate_boolean (G_TASK (result), error);
}
