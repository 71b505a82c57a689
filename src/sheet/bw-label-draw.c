/* bw-label-draw.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-label-draw.h"

#include "bw-device-id.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <qrencode.h>
#include <string.h>

/* Always there (fonts-dejavu-core); pango falls back for other scripts. */
#define ID_FONT    "DejaVu Sans Mono"
#define BATCH_FONT "DejaVu Sans"

/* DejaVu's: how far the baseline lies below the top of a line. */
#define ASCENT_EM 0.93
#define LINE_EM   1.17

/* The drawing of one label, the one for preview, print and PDF. What differs
 * between a window and a PDF must not move a letter: the text has its own
 * context with a resolution of 72, no hinting and no rounding.
 *
 * IDs and serials are of few characters in a font where all are equally wide.
 * Those are shaped once a painter and then only placed, which takes a third of
 * the time of a PDF; the batch's name is shaped once, being always the same. */

#define ALPHABET      "0123456789abcdefghijklmnopqrstuvwxyz-/ "
#define TEXT_MAX_CHARACTERS 32

typedef struct
{
  cairo_scaled_font_t *font;
  double               advance;                  /* in em */
  gulong               glyphs[128];              /* by character */
} Mono;

struct _BwLabelPainter
{
  const BwStock *stock;
  BwLabelLayout  layout;
  BwLabelBatch   batch;
  PangoLayout   *batch_text;
  Mono           mono;
};

static PangoContext *
create_context (void)
{
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  cairo_font_options_t *options = cairo_font_options_create ();

  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options (context, options);
  cairo_font_options_destroy (options);
  pango_cairo_context_set_resolution (context, 72.0);
  pango_context_set_round_glyph_positions (context, FALSE);
  pango_context_set_language (context, pango_language_from_string ("en"));
  pango_context_set_base_dir (context, PANGO_DIRECTION_LTR);

  return context;
}

static PangoLayout *
create_layout (PangoContext *context,
               const char   *font,
               double        pt,
               const char   *text)
{
  PangoLayout *layout = pango_layout_new (context);
  PangoFontDescription *description = pango_font_description_from_string (font);

  pango_font_description_set_size (description, (int) lround (pt * PANGO_SCALE));
  pango_layout_set_font_description (layout, description);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_text (layout, text, -1);
  pango_font_description_free (description);

  return layout;
}

static void
mono_init (Mono         *mono,
           PangoContext *context,
           double        pt)
{
  PangoLayout *layout = create_layout (context, ID_FONT, pt, ALPHABET);
  GSList *runs = pango_layout_get_line_readonly (layout, 0)->runs;

  for (GSList *l = runs; l != NULL; l = l->next)
    {
      const PangoGlyphItem *run = l->data;
      const PangoGlyphString *glyphs = run->glyphs;

      /* one font for all: nobody lacks Latin letters and digits */
      if (mono->font == NULL)
        mono->font = cairo_scaled_font_reference (
          pango_cairo_font_get_scaled_font (PANGO_CAIRO_FONT (run->item->analysis.font)));

      for (int i = 0; i < glyphs->num_glyphs; i++)
        {
          char c = ALPHABET[run->item->offset + glyphs->log_clusters[i]];

          mono->glyphs[c & 0x7f] = glyphs->glyphs[i].glyph;
          mono->advance = glyphs->glyphs[i].geometry.width / (double) PANGO_SCALE / pt;
        }
    }

  g_object_unref (layout);
}

/* A line in the mono font; @x and @top in mm. */
static void
show_mono (BwLabelPainter *self,
           cairo_t        *cr,
           const char     *text,
           gsize           length,
           double          x,
           double          top,
           double          pt)
{
  cairo_glyph_t glyphs[TEXT_MAX_CHARACTERS];
  cairo_text_cluster_t clusters[TEXT_MAX_CHARACTERS];
  cairo_matrix_t matrix;

  g_return_if_fail (length <= TEXT_MAX_CHARACTERS);

  for (gsize i = 0; i < length; i++)
    {
      glyphs[i].index = self->mono.glyphs[text[i] & 0x7f];
      glyphs[i].x = x * BW_MM_TO_PT + (double) i * self->mono.advance * pt;
      glyphs[i].y = top * BW_MM_TO_PT + ASCENT_EM * pt;
      clusters[i] = (cairo_text_cluster_t) { 1, 1 };
    }

  cairo_set_font_face (cr, cairo_scaled_font_get_font_face (self->mono.font));
  cairo_matrix_init_scale (&matrix, pt, pt);
  cairo_set_font_matrix (cr, &matrix);
  cairo_show_text_glyphs (cr, text, (int) length, glyphs, (int) length, clusters, (int) length, 0);
}

static double
measure_mono (BwLabelPainter *self,
              gsize           length,
              double          pt)
{
  return (double) length * self->mono.advance * pt / BW_MM_TO_PT;
}

static void
draw_id (BwLabelPainter *self,
         cairo_t        *cr,
         const char     *id)
{
  const BwLabelLayout *at = &self->layout;
  gsize n_per_line = 4 / at->n_id_lines * 5;
  double line = at->id_pt * LINE_EM / BW_MM_TO_PT;
  gboolean is_below = at->id.y >= at->quiet.y + at->quiet.height - 1e-6;

  for (guint i = 0; i < at->n_id_lines; i++)
    {
      gsize from = i * n_per_line;
      gsize length = MIN (n_per_line, BW_DEVICE_ID_LENGTH - from);
      double x = at->id.x;

      /* below the code it is centred like the code */
      if (is_below)
        x += (at->id.width - measure_mono (self, length, at->id_pt)) / 2;

      show_mono (self, cr, id + from, length, x, at->id.y + i * line, at->id_pt);
    }
}

/* With its baseline where our numbers put it, whatever the height of a font
 * that had to step in. */
static void
draw_batch (BwLabelPainter *self,
            cairo_t        *cr)
{
  const BwLabelLayout *at = &self->layout;
  double baseline = pango_layout_get_baseline (self->batch_text) / (double) PANGO_SCALE;

  cairo_move_to (cr, at->batch.x * BW_MM_TO_PT,
                 at->batch.y * BW_MM_TO_PT + ASCENT_EM * at->small_pt - baseline);
  pango_cairo_show_layout (cr, self->batch_text);
}

/* Never cut short: made smaller when the batch is that large. */
static void
draw_serial (BwLabelPainter *self,
             cairo_t        *cr,
             guint           serial)
{
  const BwLabelLayout *at = &self->layout;
  gboolean is_right = at->serial.y <= at->batch.y;
  double pt = at->small_pt;
  double width;
  char text[TEXT_MAX_CHARACTERS];
  gsize length = (gsize) g_snprintf (text, sizeof text, "%u / %u", serial, self->batch.count);

  width = measure_mono (self, length, pt);
  if (width > at->serial.width)
    {
      pt *= at->serial.width / width;
      width = at->serial.width;
    }

  show_mono (self, cr, text, length, at->serial.x + (is_right ? at->serial.width - width : 0.0), at->serial.y, pt);
}

/* Rows of whole 32-bit words; a module is a bit, the first one the lowest. */
static cairo_surface_t *
create_mask (const QRcode *code)
{
  int side = code->width;
  cairo_surface_t *mask = cairo_image_surface_create (CAIRO_FORMAT_A1, side, side);
  int stride = cairo_image_surface_get_stride (mask);
  unsigned char *rows = cairo_image_surface_get_data (mask);

  cairo_surface_flush (mask);
  for (int y = 0; y < side; y++)
    {
      for (int x = 0; x < side; x++)
        {
          if (!(code->data[y * side + x] & 1))
            continue;
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
          rows[y * stride + x / 8] |= (unsigned char) (1 << (x % 8));
#else
          rows[y * stride + x / 8] |= (unsigned char) (0x80 >> (x % 8));
#endif
        }
    }
  cairo_surface_mark_dirty (mask);

  return mask;
}

static QRcode *
encode (const char *id)
{
  char text[BW_DEVICE_CODE_SIZE];
  QRinput *input = QRinput_new2 (1, QR_ECLEVEL_Q);
  QRcode *code;

  bw_device_id_to_code (id, text);
  QRinput_append (input, QR_MODE_AN, BW_DEVICE_CODE_LENGTH, (const unsigned char *) text);
  code = QRcode_encodeInput (input);
  QRinput_free (input);

  return code;
}

/* One 1-bit mask in pure black, and the quiet zone around it is nobody's.
 * NEAREST, or a PDF viewer smooths the modules into each other. */
static void
draw_code (BwLabelPainter *self,
           cairo_t        *cr,
           const char     *id,
           double          x,
           double          y)
{
  QRcode *code = encode (id);
  double module = self->layout.module * BW_MM_TO_PT;
  cairo_surface_t *mask;
  cairo_pattern_t *pattern;

  g_return_if_fail (code != NULL && code->width == BW_LABEL_CODE_MODULES);

  mask = create_mask (code);
  pattern = cairo_pattern_create_for_surface (mask);
  cairo_pattern_set_filter (pattern, CAIRO_FILTER_NEAREST);

  cairo_save (cr);
  cairo_translate (cr, x * BW_MM_TO_PT, y * BW_MM_TO_PT);
  cairo_scale (cr, module, module);
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_mask (cr, pattern);
  cairo_restore (cr);

  cairo_pattern_destroy (pattern);
  cairo_surface_destroy (mask);
  QRcode_free (code);
}

/* Moves a place on the label so that on the page it is a whole number of the
 * printer's dots from the paper's edges, as all its modules then are. */
static void
snap_code (BwLabelPainter *self,
           double          cell_x,
           double          cell_y,
           double         *ret_x,
           double         *ret_y)
{
  double dot = self->layout.module / self->layout.module_dots;
  double x = self->layout.code.x;
  double y = self->layout.code.y;

  if (self->stock->is_turned)
    {
      double right = cell_x + self->stock->width;

      *ret_x = round ((cell_y + x) / dot) * dot - cell_y;
      *ret_y = right - round ((right - y) / dot) * dot;
    }
  else
    {
      *ret_x = round ((cell_x + x) / dot) * dot - cell_x;
      *ret_y = round ((cell_y + y) / dot) * dot - cell_y;
    }
}

BwLabelPainter *
bw_label_painter_new (const BwStock       *stock,
                      const BwLabelLayout *layout,
                      const BwLabelBatch  *batch)
{
  BwLabelPainter *self;
  PangoContext *context;

  g_return_val_if_fail (stock != NULL && layout != NULL && batch != NULL && batch->name != NULL, NULL);

  self = g_new0 (BwLabelPainter, 1);
  self->stock = stock;
  self->layout = *layout;
  self->batch = *batch;

  context = create_context ();
  mono_init (&self->mono, context, layout->id_pt);
  self->batch_text = create_layout (context, BATCH_FONT, layout->small_pt, batch->name);
  pango_layout_set_ellipsize (self->batch_text, PANGO_ELLIPSIZE_END);
  pango_layout_set_width (self->batch_text, (int) (layout->batch.width * BW_MM_TO_PT * PANGO_SCALE));
  g_object_unref (context);

  return self;
}

void
bw_label_painter_free (BwLabelPainter *self)
{
  g_object_unref (self->batch_text);
  g_clear_pointer (&self->mono.font, cairo_scaled_font_destroy);
  g_free (self);
}

void
bw_label_painter_draw (BwLabelPainter *self,
                       cairo_t        *cr,
                       const char     *id,
                       guint           serial,
                       double          cell_x,
                       double          cell_y)
{
  const BwLabelLayout *at = &self->layout;
  double x, y;

  g_return_if_fail (self != NULL && cr != NULL && id != NULL);

  cairo_save (cr);
  if (self->stock->is_turned)
    {
      cairo_translate (cr, (cell_x + self->stock->width) * BW_MM_TO_PT, cell_y * BW_MM_TO_PT);
      cairo_rotate (cr, G_PI_2);
    }
  else
    cairo_translate (cr, cell_x * BW_MM_TO_PT, cell_y * BW_MM_TO_PT);

  if (self->batch.has_color && at->bar.width > 0)
    {
      cairo_set_source_rgb (cr, self->batch.color[0], self->batch.color[1], self->batch.color[2]);
      cairo_rectangle (cr, at->bar.x * BW_MM_TO_PT, at->bar.y * BW_MM_TO_PT,
                       at->bar.width * BW_MM_TO_PT, at->bar.height * BW_MM_TO_PT);
      cairo_fill (cr);
    }

  snap_code (self, cell_x, cell_y, &x, &y);
  draw_code (self, cr, id, x, y);

  cairo_set_source_rgb (cr, 0, 0, 0);
  draw_id (self, cr, id);
  if (at->batch.width > 0)
    draw_batch (self, cr);
  if (at->serial.width > 0)
    draw_serial (self, cr, serial);
  cairo_restore (cr);
}
