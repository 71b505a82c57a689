/* bw-scan-file.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-verify"

#include "bw-scan-file.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <poppler.h>
#include <string.h>
#include <sys/stat.h>

#include "bw-error.h"
#include "bw-tiff.h"

#define PDF_DPI 300.0

/* A4 at 300 dpi has 8.7 million; a PDF that says that it is larger is drawn smaller. */
#define PDF_MAX_PIXELS (16.0 * 1000 * 1000)

/* Where a reader of PDFs looks for its first bytes. */
#define PDF_MARK_BYTES 1024

struct _BwScanFile
{
  char            *shown;      /* the name for messages */
  GBytes          *bytes;
  const char      *type;       /* of a picture, as gdk-pixbuf calls it */
  PopplerDocument *document;
  BwTiff          *tiff;
  guint            n_pages;
};

static const struct
{
  const char *mark;
  gsize       length;
  const char *type;
} marks[] = {
  { "\x89PNG\r\n\x1a\n", 8, "png" },
  { "\xff\xd8\xff", 3, "jpeg" },
  { "II*\0", 4, "tiff" },
  { "MM\0*", 4, "tiff" },
  { "II+\0", 4, "tiff" },
  { "MM\0+", 4, "tiff" },
  { "BM", 2, "bmp" },
};

static GBytes *
read_file (BwScanFile  *self,
           const char  *path,
           GError     **error)
{
  g_autoptr(GError) read_error = NULL;
  struct stat info;
  char *contents;
  gsize length;

  if (g_stat (path, &info) != 0)
    {
      g_set_error (error, BW_ERROR, errno == ENOENT ? BW_ERROR_NOT_FOUND : BW_ERROR_UNAVAILABLE,
                   "cannot open “%s”: %s", self->shown, g_strerror (errno));
      return NULL;
    }

  if (!S_ISREG (info.st_mode))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” is not a file", self->shown);
      return NULL;
    }

  if (info.st_size > BW_SCAN_FILE_MAX_BYTES)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_TOO_LARGE, "“%s” is larger than %d MB", self->shown,
                   BW_SCAN_FILE_MAX_BYTES / (1024 * 1024));
      return NULL;
    }

  if (!g_file_get_contents (path, &contents, &length, &read_error))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "cannot read “%s”: %s", self->shown, read_error->message);
      return NULL;
    }

  return g_bytes_new_take (contents, length);
}

static gboolean
check_n_pages (BwScanFile  *self,
               GError     **error)
{
  if (self->n_pages == 0)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” has no pages", self->shown);
      return FALSE;
    }

  if (self->n_pages > BW_SCAN_FILE_MAX_PAGES)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_TOO_LARGE, "“%s” has more than %d pages, and no more are read at once",
                   self->shown, BW_SCAN_FILE_MAX_PAGES);
      return FALSE;
    }

  return TRUE;
}

static gboolean
open_pdf (BwScanFile  *self,
          GError     **error)
{
  g_autoptr(GError) pdf_error = NULL;

  self->document = poppler_document_new_from_bytes (self->bytes, NULL, &pdf_error);
  if (self->document == NULL)
    {
      if (g_error_matches (pdf_error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED))
        g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” is protected by a password", self->shown);
      else
        g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” is a broken PDF", self->shown);
      return FALSE;
    }

  self->n_pages = (guint) MAX (poppler_document_get_n_pages (self->document), 0);

  return check_n_pages (self, error);
}

/* A picture that cannot be read is a page, too: what is wrong with it is said when that is drawn. */
static gboolean
open_picture (BwScanFile  *self,
              GError     **error)
{
  self->n_pages = 1;
  if (strcmp (self->type, "tiff") != 0)
    return TRUE;

  self->tiff = bw_tiff_open (self->bytes);
  if (self->tiff != NULL)
    self->n_pages = bw_tiff_count_pages (self->tiff, BW_SCAN_FILE_MAX_PAGES);

  return check_n_pages (self, error);
}

BwScanFile *
bw_scan_file_open (const char  *path,
                   GError     **error)
{
  g_autoptr(BwScanFile) self = NULL;
  const char *data;
  gsize length;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_new0 (BwScanFile, 1);
  self->shown = g_filename_display_basename (path);
  self->bytes = read_file (self, path, error);
  if (self->bytes == NULL)
    return NULL;

  data = g_bytes_get_data (self->bytes, &length);
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      if (length >= marks[i].length && memcmp (data, marks[i].mark, marks[i].length) == 0)
        {
          self->type = marks[i].type;
          return open_picture (self, error) ? g_steal_pointer (&self) : NULL;
        }
    }

  if (length == 0 || memmem (data, MIN (length, PDF_MARK_BYTES), "%PDF-", 5) == NULL)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                   "“%s” is neither a picture (PNG, JPEG, TIFF, BMP) nor a PDF", self->shown);
      return NULL;
    }

  return open_pdf (self, error) ? g_steal_pointer (&self) : NULL;
}

void
bw_scan_file_free (BwScanFile *self)
{
  if (self == NULL)
    return;

  g_clear_object (&self->document);
  g_clear_pointer (&self->tiff, bw_tiff_free);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->shown);
  g_free (self);
}

guint
bw_scan_file_get_n_pages (BwScanFile *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_pages;
}

typedef struct
{
  gboolean is_too_large;
  int      width;
  int      height;
} Size;

/* Comes before the pixels are made. A picture of no size at all is one that every loader refuses. */
static void
size_prepared_cb (GdkPixbufLoader *loader,
                  int              width,
                  int              height,
                  Size            *size)
{
  size->width = width;
  size->height = height;
  size->is_too_large = width < 1 || height < 1 || (gint64) width * height > BW_GRAY_MAX_PIXELS;
  if (size->is_too_large)
    gdk_pixbuf_loader_set_size (loader, 0, 0);
}

static void
set_too_large (BwScanFile  *self,
               int          width,
               int          height,
               GError     **error)
{
  g_set_error (error, BW_ERROR, BW_ERROR_TOO_LARGE, "“%s” has %d × %d pixels, which is too much", self->shown, width, height);
}

static BwGray *
render_picture (BwScanFile  *self,
                GError     **error)
{
  g_autoptr(GdkPixbufLoader) loader = gdk_pixbuf_loader_new_with_type (self->type, NULL);
  g_autoptr(GError) load_error = NULL;
  GdkPixbuf *pixbuf;
  Size size = { FALSE, 0, 0 };
  gboolean ok;

  if (loader == NULL)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "pictures of the kind %s cannot be read here", self->type);
      return NULL;
    }

  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared_cb), &size);
  ok = gdk_pixbuf_loader_write_bytes (loader, self->bytes, &load_error);
  ok = gdk_pixbuf_loader_close (loader, ok ? &load_error : NULL) && ok;
  pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);

  if (size.is_too_large)
    {
      set_too_large (self, size.width, size.height, error);
      return NULL;
    }

  if (!ok || pixbuf == NULL)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” is a broken picture", self->shown);
      return NULL;
    }

  return bw_gray_new_from_pixbuf (pixbuf);
}

static BwGray *
render_tiff_page (BwScanFile  *self,
                  guint        number,
                  GError     **error)
{
  BwGray *gray = NULL;
  guint width = 0, height = 0;

  if (self->tiff != NULL)
    bw_tiff_get_size (self->tiff, number, &width, &height);

  if ((guint64) width * height > BW_GRAY_MAX_PIXELS)
    {
      set_too_large (self, (int) MIN (width, G_MAXINT), (int) MIN (height, G_MAXINT), error);
      return NULL;
    }

  if (width > 0 && height > 0)
    gray = bw_tiff_render (self->tiff, number);
  if (gray == NULL && self->n_pages > 1)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "page %u of “%s” is a broken picture", number + 1, self->shown);
  else if (gray == NULL)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” is a broken picture", self->shown);

  return gray;
}

static BwGray *
surface_to_gray (cairo_surface_t *surface)
{
  guint width = (guint) cairo_image_surface_get_width (surface);
  guint height = (guint) cairo_image_surface_get_height (surface);
  gsize stride = (gsize) cairo_image_surface_get_stride (surface);
  const guchar *rows;
  BwGray *gray = bw_gray_new (width, height);
  guchar *to = gray->pixels;

  cairo_surface_flush (surface);
  rows = cairo_image_surface_get_data (surface);
  for (guint y = 0; y < height; y++)
    {
      const guint32 *from = (const guint32 *) (gconstpointer) (rows + y * stride);

      for (guint x = 0; x < width; x++)
        *to++ = (guchar) (((from[x] >> 16 & 0xff) * 77 + (from[x] >> 8 & 0xff) * 151 + (from[x] & 0xff) * 28) >> 8);
    }

  return gray;
}

/* (nullable) */
static BwGray *
draw_pdf_page (PopplerPage *page)
{
  double width, height, scale;
  cairo_surface_t *surface;
  cairo_t *cr;
  BwGray *gray = NULL;

  poppler_page_get_size (page, &width, &height);
  if (!(width >= 1 && height >= 1 && width * height < G_MAXINT))
    return NULL;

  scale = MIN (PDF_DPI / 72.0, sqrt (PDF_MAX_PIXELS / (width * height)));
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) ceil (width * scale), (int) ceil (height * scale));
  cr = cairo_create (surface);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_scale (cr, scale, scale);
  poppler_page_render (page, cr);
  cairo_destroy (cr);

  if (cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS)
    gray = surface_to_gray (surface);
  cairo_surface_destroy (surface);

  return gray;
}

static BwGray *
render_pdf_page (BwScanFile  *self,
                 guint        number,
                 GError     **error)
{
  PopplerPage *page = poppler_document_get_page (self->document, (int) number);
  BwGray *gray = page != NULL ? draw_pdf_page (page) : NULL;

  g_clear_object (&page);
  if (gray == NULL)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "page %u of “%s” cannot be drawn", number + 1, self->shown);

  return gray;
}

BwGray *
bw_scan_file_render (BwScanFile  *self,
                     guint        page,
                     GError     **error)
{
  g_return_val_if_fail (self != NULL && page < bw_scan_file_get_n_pages (self), NULL);

  if (self->document != NULL)
    return render_pdf_page (self, page, error);

  return strcmp (self->type, "tiff") == 0 ? render_tiff_page (self, page, error) : render_picture (self, error);
}
