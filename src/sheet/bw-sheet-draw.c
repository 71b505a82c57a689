/* bw-sheet-draw.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-sheet-private.h"

#include <math.h>

/* The drawing of a page, the one for preview, print and PDF. */

/* The label's edge, and a veil over cells that are used up. */
static void
draw_outline (BwSheet *self,
              cairo_t *cr,
              double   x,
              double   y,
              gboolean is_used)
{
  double width = self->stock->width * BW_MM_TO_PT;
  double height = self->stock->height * BW_MM_TO_PT;

  x *= BW_MM_TO_PT;
  y *= BW_MM_TO_PT;
  cairo_new_path (cr);
  if (self->stock->shape == BW_STOCK_ROUND)
    cairo_arc (cr, x + width / 2, y + height / 2, width / 2, 0, 2 * G_PI);
  else
    cairo_rectangle (cr, x, y, width, height);

  if (is_used)
    {
      cairo_set_source_rgba (cr, 0.5, 0.5, 0.5, 0.3);
      cairo_fill_preserve (cr);
    }

  cairo_set_line_width (cr, 0.5);
  cairo_set_source_rgba (cr, 0.5, 0.5, 0.5, 0.6);
  cairo_stroke (cr);
}

BwLabelPainter *
bw_sheet_create_painter (BwSheet *self)
{
  BwLabelBatch batch = { .name = self->batch, .has_color = self->has_color, .count = self->count };

  for (guint i = 0; i < 3; i++)
    batch.color[i] = self->color[i];

  return bw_label_painter_new (self->plan, &batch);
}

void
bw_sheet_draw_page (BwSheet  *self,
                    cairo_t  *cr,
                    guint     page,
                    gboolean  outlines)
{
  g_autoptr(BwLabelPainter) painter = NULL;
  guint n_cells;

  g_return_if_fail (BW_IS_SHEET (self) && cr != NULL);

  n_cells = bw_stock_get_n_cells (self->stock);
  painter = bw_sheet_create_painter (self);
  cairo_save (cr);

  for (guint cell = 0; cell < n_cells; cell++)
    {
      gsize place = (gsize) page * n_cells + cell;
      double x, y;

      bw_stock_get_cell (self->stock, cell, &x, &y);
      if (outlines)
        draw_outline (self, cr, x, y, place < self->start);
      if (place >= self->start && place - self->start < self->entries->len)
        {
          guint i = (guint) (place - self->start);
          const BwSheetEntry *entry = &g_array_index (self->entries, BwSheetEntry, i);

          bw_label_painter_draw (painter, cr, entry->id, entry->serial, bw_sheet_get_facts (self, i), x, y);
        }
    }

  cairo_restore (cr);
}
