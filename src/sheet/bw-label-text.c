/* bw-label-text.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-label-text.h"

#include <math.h>

/* Always there (fonts-dejavu-core); pango falls back for other scripts. */
#define MONO_FONT "DejaVu Sans Mono"
#define TEXT_FONT "DejaVu Sans"

#define ALPHABET   "0123456789abcdefghijklmnopqrstuvwxyz-/ "
#define SHAPING_PT 12.0
#define STEP_PT    0.25

/* What differs between a window and a PDF must not move a letter: the text has
 * a context of its own with a resolution of 72, no hinting and no rounding. */

double
bw_label_text_round (double pt)
{
  return floor (pt / STEP_PT + 1e-6) * STEP_PT;
}

PangoContext *
bw_label_text_context_new (void)
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

void
bw_label_mono_init (BwLabelMono  *self,
                    PangoContext *context)
{
  PangoLayout *layout = create_layout (context, MONO_FONT, SHAPING_PT, ALPHABET);
  GSList *runs;

  *self = (BwLabelMono) { 0 };
  runs = pango_layout_get_line_readonly (layout, 0)->runs;

  for (GSList *l = runs; l != NULL; l = l->next)
    {
      const PangoGlyphItem *run = l->data;
      const PangoGlyphString *glyphs = run->glyphs;

      /* one font for all: nobody lacks Latin letters and digits */
      if (self->font == NULL)
        self->font = cairo_scaled_font_reference (
          pango_cairo_font_get_scaled_font (PANGO_CAIRO_FONT (run->item->analysis.font)));

      for (int i = 0; i < glyphs->num_glyphs; i++)
        {
          char c = ALPHABET[run->item->offset + glyphs->log_clusters[i]];

          self->glyphs[c & 0x7f] = glyphs->glyphs[i].glyph;
          self->advance = glyphs->glyphs[i].geometry.width / (double) PANGO_SCALE / SHAPING_PT;
        }
    }

  g_object_unref (layout);
}

void
bw_label_mono_clear (BwLabelMono *self)
{
  g_clear_pointer (&self->font, cairo_scaled_font_destroy);
}

void
bw_label_mono_show (const BwLabelMono *self,
                    cairo_t           *cr,
                    const char        *text,
                    gsize              length,
                    double             x,
                    double             top,
                    double             pt)
{
  cairo_glyph_t glyphs[BW_LABEL_MONO_MAX];
  cairo_text_cluster_t clusters[BW_LABEL_MONO_MAX];
  cairo_matrix_t matrix;

  g_return_if_fail (length <= BW_LABEL_MONO_MAX);

  for (gsize i = 0; i < length; i++)
    {
      glyphs[i].index = self->glyphs[text[i] & 0x7f];
      glyphs[i].x = x * BW_MM_TO_PT + (double) i * self->advance * pt;
      glyphs[i].y = top * BW_MM_TO_PT + BW_LABEL_ASCENT_EM * pt;
      clusters[i] = (cairo_text_cluster_t) { 1, 1 };
    }

  cairo_set_font_face (cr, cairo_scaled_font_get_font_face (self->font));
  cairo_matrix_init_scale (&matrix, pt, pt);
  cairo_set_font_matrix (cr, &matrix);
  cairo_show_text_glyphs (cr, text, (int) length, glyphs, (int) length, clusters, (int) length, 0);
}

double
bw_label_mono_get_width (const BwLabelMono *self,
                         gsize              length,
                         double             pt)
{
  return (double) length * self->advance * pt / BW_MM_TO_PT;
}

PangoLayout *
bw_label_text_new (PangoContext *context,
                   double        pt,
                   const char   *text)
{
  return create_layout (context, TEXT_FONT, pt, text);
}

double
bw_label_text_get_width (PangoLayout *text)
{
  int width;

  pango_layout_get_size (text, &width, NULL);

  return width / (double) PANGO_SCALE / BW_MM_TO_PT;
}

double
bw_label_text_measure (PangoContext *context,
                       double        pt,
                       const char   *text)
{
  PangoLayout *shaped = bw_label_text_new (context, pt, text);
  double width = bw_label_text_get_width (shaped);

  g_object_unref (shaped);

  return width;
}
