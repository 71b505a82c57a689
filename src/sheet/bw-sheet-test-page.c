/* bw-sheet-test-page.c: what a printer does to a page, made measurable
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-sheet-private.h"

#include <math.h>
#include <pango/pangocairo.h>

#define INSET_MM       10.0
#define SMALL_INSET_MM 3.0
#define SMALL_PAGE_MM  80.0    /* narrower than this there is no room to write */
#define RULER_MM       100.0
#define ARM_MM         5.0
#define LINE_MM        0.1
#define TEXT_PT        9.0
#define NUMBER_PT      5.0
#define TEXT_FONT      "DejaVu Sans"

/* Drawn to measure with a ruler: how far the crosses are from the edges is the
 * move, how long the two rulers came out is the scale. The outlines go on a
 * blank sheet of paper that is then held against the labels. */

static gboolean
is_small (const BwStock *stock)
{
  return MIN (stock->page_width, stock->page_height) < SMALL_PAGE_MM;
}

/* Whole centimetres, and on a tiny label whole millimetres. */
static double
get_ruler (double room)
{
  return room >= 10.0 ? MIN (floor (room / 10.0) * 10.0, RULER_MM) : floor (room);
}

void
bw_stock_get_rulers (const BwStock *stock,
                     double        *ret_across,
                     double        *ret_down,
                     double        *ret_inset)
{
  double inset;

  g_return_if_fail (stock != NULL);

  inset = is_small (stock) ? SMALL_INSET_MM : INSET_MM;
  *ret_across = get_ruler (stock->page_width - 2 * inset);
  *ret_down = get_ruler (stock->page_height - 2 * inset);
  *ret_inset = inset;
}

static void
line (cairo_t *cr,
      double   x,
      double   y,
      double   to_x,
      double   to_y)
{
  cairo_move_to (cr, x * BW_MM_TO_PT, y * BW_MM_TO_PT);
  cairo_line_to (cr, to_x * BW_MM_TO_PT, to_y * BW_MM_TO_PT);
}

static void
draw_number (cairo_t *cr,
             double   mm,
             double   x,
             double   y)
{
  g_autofree char *text = g_strdup_printf ("%.0f", mm);

  cairo_select_font_face (cr, TEXT_FONT, CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cr, NUMBER_PT);
  cairo_move_to (cr, x * BW_MM_TO_PT, y * BW_MM_TO_PT);
  cairo_show_text (cr, text);
}

/* From the left top cross; a millimetre a tick, the tens with a number where there is room. */
static void
draw_ruler (BwSheet  *self,
            cairo_t  *cr,
            double    inset,
            double    length,
            gboolean  is_across)
{
  double unit = is_small (self->stock) ? 0.5 : 1.0;

  for (guint mm = 0; mm <= (guint) length; mm++)
    {
      double tick = (mm % 10 == 0 ? 4.0 : mm % 5 == 0 ? 3.0 : 2.0) * unit;
      double at = inset + mm;

      if (is_across)
        line (cr, at, inset, at, inset + tick);
      else
        line (cr, inset, at, inset + tick, at);
    }
  line (cr, inset, inset, is_across ? inset + length : inset, is_across ? inset : inset + length);
  cairo_stroke (cr);

  for (double mm = 10; mm <= length && !is_small (self->stock); mm += 10)
    {
      if (is_across)
        draw_number (cr, mm, inset + mm - 1.5, inset + 6.5);
      else
        draw_number (cr, mm, inset + 4.8, inset + mm + 0.6);
    }
}

static void
draw_crosses (BwSheet *self,
              cairo_t *cr,
              double   inset)
{
  double arm = MIN (ARM_MM, inset);

  for (guint corner = 0; corner < 4; corner++)
    {
      double x = corner & 1 ? self->stock->page_width - inset : inset;
      double y = corner & 2 ? self->stock->page_height - inset : inset;

      line (cr, x - arm, y, x + arm, y);
      line (cr, x, y - arm, x, y + arm);
    }
  cairo_stroke (cr);
}

static void
draw_text (BwSheet *self,
           cairo_t *cr,
           double   inset)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  PangoFontDescription *font = pango_font_description_from_string (TEXT_FONT);
  double left = 2.5 * inset * BW_MM_TO_PT;
  double width = self->stock->page_width * BW_MM_TO_PT - 2 * left;
  double pad = 2.0 * BW_MM_TO_PT;
  PangoRectangle extents;

  pango_font_description_set_absolute_size (font, TEXT_PT * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text (layout, self->test_text, -1);
  pango_layout_get_pixel_extents (layout, NULL, &extents);

  /* the outlines do not run through it */
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_rectangle (cr, left - pad, left - pad, width + 2 * pad, extents.height + 2 * pad);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_move_to (cr, left, left);
  pango_cairo_show_layout (cr, layout);

  pango_font_description_free (font);
  g_object_unref (layout);
}

void
bw_sheet_draw_test_page (BwSheet *self,
                         cairo_t *cr)
{
  const BwCalibration *calibration = &self->calibration;
  double across, down, inset;

  bw_stock_get_rulers (self->stock, &across, &down, &inset);
  cairo_translate (cr, calibration->dx * BW_MM_TO_PT, calibration->dy * BW_MM_TO_PT);
  cairo_scale (cr, calibration->scale_x, calibration->scale_y);
  cairo_rotate (cr, calibration->degrees * G_PI / 180.0);

  for (guint cell = 0; cell < bw_stock_get_n_cells (self->stock); cell++)
    {
      double x, y;

      bw_stock_get_cell (self->stock, cell, &x, &y);
      bw_sheet_draw_outline (self, cr, x, y);
    }

  if (!is_small (self->stock))
    draw_text (self, cr, inset);

  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_set_line_width (cr, LINE_MM * BW_MM_TO_PT);
  draw_crosses (self, cr, inset);
  draw_ruler (self, cr, inset, across, TRUE);
  draw_ruler (self, cr, inset, down, FALSE);
}
