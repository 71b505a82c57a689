/* bw-sheet-zpl.c: labels for a printer that speaks ZPL
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-sheet-private.h"

#include "bw-error.h"
#include "bw-label-private.h"

#include <math.h>
#include <string.h>

#define DARK 128    /* of 255: a dot that is darker is printed */

/* Each label goes out as one picture in the printer's own dots (^GFA), drawn by
 * the function that draws all others: the code is the same module for module,
 * text is the same in any script, and nothing of it has to be escaped. The
 * printer's own fonts and codes (^A0, ^BQ) would give none of that. Runs and
 * repeated rows are shortened the way the format provides for.
 *
 * A run's length is a letter: G to Y are 1 to 19, g to z 20 to 400 in steps. */

static void
append_run (GString *out,
            char     digit,
            guint    n)
{
  while (n > 0)
    {
      guint part = MIN (n, 419);

      if (part >= 20)
        g_string_append_c (out, (char) ('g' + part / 20 - 1));
      if (part % 20 > 0 && part > 1)
        g_string_append_c (out, (char) ('G' + part % 20 - 1));
      g_string_append_c (out, digit);
      n -= part;
    }
}

/* @row: hexadecimal digits */
static void
append_row (GString    *out,
            const char *row)
{
  gsize length = strlen (row);
  gsize end = length;

  while (end > 0 && row[end - 1] == '0')
    end--;

  for (gsize i = 0; i < end; )
    {
      guint n = 1;

      while (i + n < end && row[i + n] == row[i])
        n++;
      append_run (out, row[i], n);
      i += n;
    }

  /* the rest of the row is white */
  if (end < length)
    g_string_append_c (out, ',');
}

static void
pack_row (const guint32 *pixels,
          guint          width,
          guint          n_bytes,
          char          *row)
{
  for (guint byte = 0; byte < n_bytes; byte++)
    {
      guint bits = 0;

      for (guint bit = 0; bit < 8 && byte * 8 + bit < width; bit++)
        {
          guint32 pixel = pixels[byte * 8 + bit];
          guint grey = (((pixel >> 16) & 0xff) * 299 + ((pixel >> 8) & 0xff) * 587 + (pixel & 0xff) * 114) / 1000;

          if (grey < DARK)
            bits |= 0x80u >> bit;
        }

      g_snprintf (row + 2 * byte, 3, "%02X", bits);
    }
}

static void
append_picture (GString         *out,
                cairo_surface_t *surface)
{
  guint width = (guint) cairo_image_surface_get_width (surface);
  guint height = (guint) cairo_image_surface_get_height (surface);
  guint stride = (guint) cairo_image_surface_get_stride (surface);
  const guchar *data = cairo_image_surface_get_data (surface);
  guint n_bytes = (width + 7) / 8;
  g_autofree char *row = g_malloc (2 * n_bytes + 1);
  g_autofree char *before = g_malloc0 (2 * n_bytes + 1);

  g_string_append_printf (out, "^FO0,0^GFA,%u,%u,%u,", n_bytes * height, n_bytes * height, n_bytes);
  for (guint y = 0; y < height; y++)
    {
      pack_row ((const guint32 *) (const void *) (data + (gsize) y * stride), width, n_bytes, row);
      if (strcmp (row, before) == 0)
        g_string_append_c (out, ':');
      else
        append_row (out, row);
      memcpy (before, row, 2 * n_bytes + 1);
    }
  g_string_append (out, "^FS\n");
}

static cairo_status_t
append_label (BwSheet         *self,
              BwLabelPainter  *painter,
              guint            label,
              cairo_surface_t *surface,
              GString         *out)
{
  double dots = self->plan->dpi / 72.0;
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_scale (cr, dots, dots);
  bw_sheet_paint_page (self, painter, cr, (self->first + label) * self->copies);
  status = cairo_status (cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);

  g_string_append_printf (out, "^XA\n^PW%d^LL%d^LH0,0^PON^PMN\n",
                          cairo_image_surface_get_width (surface), cairo_image_surface_get_height (surface));
  append_picture (out, surface);
  g_string_append_printf (out, "^PQ%u\n^XZ\n", self->copies);

  return status;
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
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(BwLabelPainter) painter = bw_sheet_create_painter (self);
  cairo_status_t status = CAIRO_STATUS_SUCCESS;
  cairo_surface_t *surface;
  gboolean ok = TRUE;

  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24,
                                        (int) lround (self->stock->page_width / 25.4 * self->plan->dpi),
                                        (int) lround (self->stock->page_height / 25.4 * self->plan->dpi));

  for (guint i = 0; ok && i < self->entries->len && status == CAIRO_STATUS_SUCCESS; i++)
    {
      g_string_truncate (out, 0);
      status = append_label (self, painter, i, surface, out);
      ok = g_output_stream_write_all (stream, out->str, out->len, NULL, cancellable, error);
      if (ok && progress != NULL)
        progress (i + 1, self->entries->len, progress_data);
    }
  cairo_surface_destroy (surface);

  if (ok && status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INTERNAL,
                   "the labels could not be drawn: %s", cairo_status_to_string (status));
      return FALSE;
    }

  return ok;
}

gboolean
bw_sheet_write_zpl (BwSheet              *self,
                    const char           *path,
                    BwSheetProgressFunc   progress,
                    gpointer              progress_data,
                    GCancellable         *cancellable,
                    GError              **error)
{
  g_return_val_if_fail (BW_IS_SHEET (self) && path != NULL && self->test_text == NULL, FALSE);

  if (bw_stock_get_n_cells (self->stock) != 1)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                   "“%s” is a sheet, and label printers that speak ZPL print on rolls", self->stock->name);
      return FALSE;
    }

  return bw_sheet_write_file (self, path, write_stream, NULL, progress, progress_data, cancellable, error);
}
