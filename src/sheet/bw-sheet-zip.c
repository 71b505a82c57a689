/* bw-sheet-zip.c: a picture of each label
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-sheet-private.h"

#include "bw-error.h"
#include "bw-label-private.h"

#include <archive.h>
#include <archive_entry.h>
#include <cairo-svg.h>
#include <math.h>
#include <png.h>
#include <setjmp.h>
#include <string.h>

#define PNG_LEVEL 3

/* One label is drawn at a time and goes into the archive at once. What is in it
 * depends on the sheet alone: the files have the batch's date. */

typedef struct
{
  GOutputStream *stream;
  GCancellable  *cancellable;
  GError        *error;
} Output;

static la_ssize_t
write_cb (struct archive *archive,
          void           *user_data,
          const void     *data,
          size_t          length)
{
  Output *out = user_data;

  /* An archive that was told of it would keep its compressor for ever (libarchive 3.6). */
  if (out->error == NULL)
    g_output_stream_write_all (out->stream, data, length, NULL, out->cancellable, &out->error);

  return (la_ssize_t) length;
}

static cairo_status_t
append_cb (void                *closure,
           const unsigned char *data,
           unsigned int         length)
{
  g_byte_array_append (closure, data, length);

  return CAIRO_STATUS_SUCCESS;
}

static void
append_png_cb (png_structp png,
               png_bytep   data,
               png_size_t  length)
{
  g_byte_array_append (png_get_io_ptr (png), data, (guint) length);
}

static void
flush_png_cb (png_structp png)
{
}

/* A third of the time that cairo's own PNG takes, nearly all of which goes into filters that flat colours do not need;
 * and it says how large a dot is. */
static gboolean
encode_png (cairo_surface_t *surface,
            guint            dpi,
            GByteArray      *bytes)
{
  guint width = (guint) cairo_image_surface_get_width (surface);
  guint height = (guint) cairo_image_surface_get_height (surface);
  gsize stride = (gsize) cairo_image_surface_get_stride (surface);
  guint dots_per_m = (guint) lround (dpi / 0.0254);
  png_structp png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png != NULL ? png_create_info_struct (png) : NULL;

  /* where libpng comes back to when it has no memory */
  if (info == NULL || setjmp (png_jmpbuf (png)) != 0)
    {
      png_destroy_write_struct (&png, &info);
      return FALSE;
    }

  png_set_write_fn (png, bytes, append_png_cb, flush_png_cb);
  png_set_compression_level (png, PNG_LEVEL);
  png_set_filter (png, 0, PNG_FILTER_NONE);
  png_set_IHDR (png, info, width, height, 8, PNG_COLOR_TYPE_RGB,
                PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_pHYs (png, info, dots_per_m, dots_per_m, PNG_RESOLUTION_METER);
  png_write_info (png, info);
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  png_set_bgr (png);
  png_set_filler (png, 0, PNG_FILLER_AFTER);
#else
  png_set_filler (png, 0, PNG_FILLER_BEFORE);
#endif
  for (guint y = 0; y < height; y++)
    png_write_row (png, cairo_image_surface_get_data (surface) + y * stride);
  png_write_end (png, NULL);
  png_destroy_write_struct (&png, &info);

  return TRUE;
}

/* The printer's dots, so that a module is some whole pixels. */
static cairo_status_t
draw_png (BwSheet        *self,
          BwLabelPainter *painter,
          guint           label,
          GByteArray     *bytes)
{
  double dots = self->plan->dpi / 72.0;
  cairo_surface_t *surface;
  cairo_t *cr;
  cairo_status_t status;

  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24,
                                        (int) ceil (bw_label_plan_get_layout (self->plan)->width * BW_MM_TO_PT * dots - 1e-6),
                                        (int) ceil (bw_label_plan_get_layout (self->plan)->height * BW_MM_TO_PT * dots - 1e-6));
  cr = cairo_create (surface);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_scale (cr, dots, dots);
  bw_sheet_paint_label (self, painter, cr, label);
  status = cairo_status (cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  if (status == CAIRO_STATUS_SUCCESS && !encode_png (surface, self->plan->dpi, bytes))
    status = CAIRO_STATUS_NO_MEMORY;
  cairo_surface_destroy (surface);

  return status;
}

/* Cairo counts its surfaces, and writes the number down: the same label would have other bytes. */
static void
drop_surface_number (GByteArray *bytes)
{
  static const char mark[] = " id=\"surface";
  const char *data = (const char *) bytes->data;
  const char *at = memmem (data, bytes->len, mark, strlen (mark));
  const char *end = at != NULL ? memchr (at + strlen (mark), '"', (gsize) (data + bytes->len - at) - strlen (mark)) : NULL;

  if (end != NULL)
    g_byte_array_remove_range (bytes, (guint) (at - data), (guint) (end + 1 - at));
}

static cairo_status_t
draw_svg (BwSheet        *self,
          BwLabelPainter *painter,
          guint           label,
          GByteArray     *bytes)
{
  double width = bw_label_plan_get_layout (self->plan)->width * BW_MM_TO_PT;
  double height = bw_label_plan_get_layout (self->plan)->height * BW_MM_TO_PT;
  cairo_surface_t *surface = cairo_svg_surface_create_for_stream (append_cb, bytes, width, height);
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  bw_sheet_paint_label (self, painter, cr, label);
  status = cairo_status (cr);
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  drop_surface_number (bytes);

  return status;
}

static gboolean
add_file (struct archive  *archive,
          const char      *name,
          gint64           created_at_s,
          GByteArray      *bytes)
{
  struct archive_entry *entry = archive_entry_new ();
  gboolean ok;

  archive_entry_set_pathname (entry, name);
  archive_entry_set_size (entry, (la_int64_t) bytes->len);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_mtime (entry, created_at_s, 0);
  ok = archive_write_header (archive, entry) == ARCHIVE_OK &&
       archive_write_data (archive, bytes->data, bytes->len) == (la_ssize_t) bytes->len;
  archive_entry_free (entry);

  return ok;
}

static gboolean
add_labels (BwSheet             *self,
            struct archive      *archive,
            BwPictureFormat      format,
            BwSheetProgressFunc  progress,
            gpointer             progress_data,
            Output              *out)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  g_autoptr(BwLabelPainter) painter = bw_sheet_create_painter (self);

  for (guint i = 0; i < self->entries->len; i++)
    {
      const BwSheetEntry *entry = &g_array_index (self->entries, BwSheetEntry, i);
      g_autofree char *name = g_strconcat (entry->id, format == BW_PICTURE_PNG ? ".png" : ".svg", NULL);
      cairo_status_t status;

      if (g_cancellable_set_error_if_cancelled (out->cancellable, &out->error))
        return FALSE;

      g_byte_array_set_size (bytes, 0);
      status = format == BW_PICTURE_PNG ? draw_png (self, painter, i, bytes) : draw_svg (self, painter, i, bytes);
      if (status != CAIRO_STATUS_SUCCESS)
        {
          g_set_error (&out->error, BW_ERROR, BW_ERROR_INTERNAL,
                       "the labels could not be drawn: %s", cairo_status_to_string (status));
          return FALSE;
        }

      if (!add_file (archive, name, self->created_at_us / G_USEC_PER_SEC, bytes) || out->error != NULL)
        return FALSE;

      if (progress != NULL)
        progress (i + 1, self->entries->len, progress_data);
    }

  return TRUE;
}

static gboolean
write_stream (BwSheet              *self,
              GOutputStream        *stream,
              gpointer              data,
              BwSheetProgressFunc   progress,
              gpointer              progress_data,
              GCancellable         *cancellable,
              GError              **error)
{
  BwPictureFormat format = *(const BwPictureFormat *) data;
  Output out = { .stream = stream, .cancellable = cancellable };
  struct archive *archive = archive_write_new ();
  gboolean ok;

  archive_write_set_format_zip (archive);
  if (format == BW_PICTURE_PNG)
    archive_write_zip_set_compression_store (archive);   /* a PNG gets no smaller */
  archive_write_set_bytes_in_last_block (archive, 1);

  ok = archive_write_open (archive, &out, NULL, write_cb, NULL) == ARCHIVE_OK &&
       add_labels (self, archive, format, progress, progress_data, &out);
  if (archive_write_close (archive) != ARCHIVE_OK)
    ok = FALSE;

  if (!ok && out.error == NULL)
    g_set_error (&out.error, BW_ERROR, BW_ERROR_INTERNAL,
                 "the archive could not be written: %s", archive_error_string (archive));
  archive_write_free (archive);

  if (out.error != NULL)
    {
      g_propagate_error (error, out.error);
      return FALSE;
    }

  return TRUE;
}

gboolean
bw_sheet_write_zip (BwSheet              *self,
                    const char           *path,
                    BwPictureFormat       format,
                    BwSheetProgressFunc   progress,
                    gpointer              progress_data,
                    GCancellable         *cancellable,
                    GError              **error)
{
  g_return_val_if_fail (BW_IS_SHEET (self) && path != NULL && self->test_text == NULL, FALSE);

  return bw_sheet_write_file (self, path, write_stream, &format, progress, progress_data, cancellable, error);
}
