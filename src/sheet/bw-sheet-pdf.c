/* bw-sheet-pdf.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-sheet-private.h"

#include "bw-error.h"

#include <cairo-pdf.h>
#include <stdlib.h>
#include <string.h>

#define BUFFER_BYTES (64 * 1024)

/* Kept back at each write: more than the catalog is long, so that it is seen whole. */
#define TAIL_BYTES 512

/* More than the trailer is long, and nothing binary in it. */
#define TRAILER_BYTES 200

#define CATALOG_MARK "/Type /Catalog"

/* More than cairo and zlib take and give back for one code. */
#define SCRATCH_BYTES (4 * 1024 * 1024)

/* All pages into a PDF, a page at a time: memory does not grow with them.
 *
 * Cairo cannot say that a viewer must not scale the pages, and a label that is
 * printed at 97 % does not lie on its sticker. So on the way through we note
 * the catalog and add it again behind the end with that wish, the way the
 * format provides for changes (an incremental update). */

typedef struct
{
  GOutputStream *stream;
  GCancellable  *cancellable;
  GByteArray    *buffer;
  gsize          n_written;      /* before the buffer */
  char          *catalog;        /* `7 0 obj << … >>` */
  GError        *error;
} Output;

static void
note_catalog (Output *out)
{
  const char *data = (const char *) out->buffer->data;
  const char *mark = memmem (data, out->buffer->len, CATALOG_MARK, strlen (CATALOG_MARK));
  const char *end = mark != NULL ? memmem (mark, out->buffer->len - (gsize) (mark - data), "endobj", 6) : NULL;
  const char *start = mark;

  if (end == NULL)
    return;

  while (start > data && strncmp (start, " obj", 4) != 0)
    start--;
  while (start > data && start[-1] != '\n')
    start--;

  g_free (out->catalog);
  out->catalog = g_strndup (start, (gsize) (end - start));
}

/* Keeps the last bytes, which the trailer is read from. */
static void
flush (Output *out,
       gsize   n_kept)
{
  gsize n = out->buffer->len > n_kept ? out->buffer->len - n_kept : 0;

  note_catalog (out);
  if (out->error == NULL && n > 0)
    g_output_stream_write_all (out->stream, out->buffer->data, n, NULL, out->cancellable, &out->error);

  out->n_written += n;
  if (n > 0)
    g_byte_array_remove_range (out->buffer, 0, (guint) n);
}

static cairo_status_t
write_cb (void                *closure,
          const unsigned char *data,
          unsigned int         length)
{
  Output *out = closure;

  g_byte_array_append (out->buffer, data, length);
  if (out->buffer->len >= BUFFER_BYTES)
    flush (out, TAIL_BYTES);

  return out->error == NULL ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

/* The number behind @key in the trailer, or -1. */
static gint64
find_number (const char *tail,
             const char *key)
{
  const char *at = g_strrstr (tail, key);

  return at != NULL ? g_ascii_strtoll (at + strlen (key), NULL, 10) : -1;
}

/* What it does not recognise stays as cairo wrote it: a PDF like any other. */
static void
forbid_scaling (Output *out)
{
  g_autofree char *tail = NULL;
  g_autoptr(GString) update = NULL;
  gint64 size, root, info, xref;
  gsize object_at, xref_at;
  char *close;

  if (out->catalog == NULL || (close = g_strrstr (out->catalog, ">>")) == NULL)
    return;

  if (out->buffer->len < TRAILER_BYTES)
    return;

  tail = g_strndup ((const char *) out->buffer->data + out->buffer->len - TRAILER_BYTES, TRAILER_BYTES);
  size = find_number (tail, "/Size ");
  root = find_number (tail, "/Root ");
  info = find_number (tail, "/Info ");
  xref = find_number (tail, "startxref\n");
  if (size < 0 || info < 0 || xref < 0 || root != g_ascii_strtoll (out->catalog, NULL, 10))
    return;

  *close = '\0';
  update = g_string_new (NULL);
  object_at = out->n_written + out->buffer->len;
  g_string_append_printf (update, "%s   /ViewerPreferences << /PrintScaling /None >>\n>>\nendobj\n", out->catalog);
  xref_at = object_at + update->len;
  g_string_append_printf (update,
                          "xref\n%" G_GINT64_FORMAT " 1\n%010" G_GSIZE_FORMAT " 00000 n \n"
                          "trailer\n<< /Size %" G_GINT64_FORMAT "\n   /Root %" G_GINT64_FORMAT " 0 R\n"
                          "   /Info %" G_GINT64_FORMAT " 0 R\n   /Prev %" G_GINT64_FORMAT "\n>>\n"
                          "startxref\n%" G_GSIZE_FORMAT "\n%%%%EOF\n",
                          root, object_at, size, root, info, xref, xref_at);
  g_byte_array_append (out->buffer, (const guint8 *) update->str, (guint) update->len);
}

/* The date is the batch's and not the clock's: the same sheet, the same bytes. */
static void
set_metadata (BwSheet         *self,
              cairo_surface_t *surface)
{
  g_autoptr(GDateTime) created = g_date_time_new_from_unix_utc (self->created_at_us / G_USEC_PER_SEC);
  g_autofree char *date = created != NULL ? g_date_time_format (created, "%Y-%m-%dT%H:%M:%SZ") : NULL;

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, self->batch);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Bellwether");
  if (date != NULL)
    cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
}

/* Each code costs zlib a third of a megabyte, which malloc would hand back to
 * the system and fault in again ten thousand times. It keeps as much as it
 * has once seen freed in one piece. */
static void
warm_up_malloc (void)
{
  void *scratch = malloc (SCRATCH_BYTES);

  /* or the compiler sees through it */
  __asm__ volatile ("" : : "r" (scratch) : "memory");
  free (scratch);
}

static void
draw_pages (BwSheet             *self,
            Output              *out,
            BwSheetProgressFunc  progress,
            gpointer             progress_data)
{
  guint n_pages = bw_sheet_get_n_pages (self);
  g_autoptr(BwLabelPainter) painter = bw_sheet_create_painter (self);
  double width, height;
  cairo_surface_t *surface;
  cairo_t *cr;
  cairo_status_t status;

  warm_up_malloc ();
  bw_sheet_get_page_size (self, &width, &height);
  surface = cairo_pdf_surface_create_for_stream (write_cb, out, width, height);
  cairo_pdf_surface_restrict_to_version (surface, CAIRO_PDF_VERSION_1_4);
  set_metadata (self, surface);
  cr = cairo_create (surface);

  for (guint page = 0; page < n_pages && out->error == NULL; page++)
    {
      if (g_cancellable_set_error_if_cancelled (out->cancellable, &out->error))
        break;

      bw_sheet_paint_page (self, painter, cr, page);
      cairo_show_page (cr);
      if (progress != NULL)
        progress (page + 1, n_pages, progress_data);
    }

  status = cairo_status (cr);
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);

  if (status != CAIRO_STATUS_SUCCESS && out->error == NULL)
    g_set_error (&out->error, BW_ERROR, BW_ERROR_INTERNAL,
                 "the labels could not be drawn: %s", cairo_status_to_string (status));
}

gboolean
bw_sheet_write_pdf_to_stream (BwSheet              *self,
                              GOutputStream        *stream,
                              BwSheetProgressFunc   progress,
                              gpointer              progress_data,
                              GCancellable         *cancellable,
                              GError              **error)
{
  Output out = { .stream = stream, .cancellable = cancellable };

  g_return_val_if_fail (BW_IS_SHEET (self) && G_IS_OUTPUT_STREAM (stream), FALSE);

  if (!bw_sheet_has_labels (self, error))
    return FALSE;

  out.buffer = g_byte_array_sized_new (2 * BUFFER_BYTES);
  draw_pages (self, &out, progress, progress_data);

  if (out.error == NULL)
    {
      note_catalog (&out);
      forbid_scaling (&out);
      flush (&out, 0);
    }

  g_byte_array_unref (out.buffer);
  g_free (out.catalog);

  if (out.error != NULL)
    {
      g_propagate_error (error, out.error);
      return FALSE;
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
  return bw_sheet_write_pdf_to_stream (self, stream, progress, progress_data, cancellable, error);
}

gboolean
bw_sheet_write_pdf (BwSheet              *self,
                    const char           *path,
                    BwSheetProgressFunc   progress,
                    gpointer              progress_data,
                    GCancellable         *cancellable,
                    GError              **error)
{
  g_return_val_if_fail (BW_IS_SHEET (self) && path != NULL, FALSE);

  return bw_sheet_write_file (self, path, write_stream, NULL, progress, progress_data, cancellable, error);
}
