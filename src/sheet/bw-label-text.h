/* bw-label-text.h: letters on a label, for the files that measure and draw them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cairo.h>
#include <pango/pangocairo.h>

G_BEGIN_DECLS

#define BW_MM_TO_PT (72.0 / 25.4)

/* DejaVu's: how far the baseline lies below the top of a line, and a line's height. */
#define BW_LABEL_ASCENT_EM 0.93
#define BW_LABEL_LINE_EM   1.17

#define BW_LABEL_MONO_MAX 32   /* characters */

/* A few characters in a font where all are equally wide: shaped once, then only placed. */
typedef struct
{
  cairo_scaled_font_t *font;
  double               advance;        /* in em */
  gulong               glyphs[128];    /* by character */
} BwLabelMono;

void          bw_label_mono_init      (BwLabelMono        *self,
                                       PangoContext       *context);
void          bw_label_mono_clear     (BwLabelMono        *self);
/* @x, @top: mm */
void          bw_label_mono_show      (const BwLabelMono  *self,
                                       cairo_t            *cr,
                                       const char         *text,
                                       gsize               length,
                                       double              x,
                                       double              top,
                                       double              pt);
double        bw_label_mono_get_width (const BwLabelMono  *self,
                                       gsize               length,
                                       double              pt);

/* Down to a size that has a short name: half a per cent of a PDF. */
double        bw_label_text_round       (double pt);

PangoContext *bw_label_text_context_new (void);
PangoLayout  *bw_label_text_new         (PangoContext *context,
                                         double        pt,
                                         const char   *text);
/* In mm. */
double        bw_label_text_get_width   (PangoLayout  *text);
double        bw_label_text_measure     (PangoContext *context,
                                         double        pt,
                                         const char   *text);

G_END_DECLS
