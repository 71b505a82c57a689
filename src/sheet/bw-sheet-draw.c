/* bw-sheet-draw.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-sheet-private.h"

#include <math.h>

/* The drawing of a page, the one for preview, print and PDF. */

#define MARK_MM      0.1    /* the width of a line that is printed */
#define CORNER_MM    3.0
#define MARK_GREY    0.4
#define PREVIEW_GREY 0.5

static void
add_edge (BwSheet *self,
          cairo_t *cr,
          double   x,
          double   y)
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
}

/* On the edges themselves, so that neither this label nor the next one has a line in it. */
static void
add_corners (BwSheet *self,
             cairo_t *cr,
             double   x,
             double   y)
{
  double length = MIN (CORNER_MM, MIN (self->stock->width, self->stock->height) / 4) * BW_MM_TO_PT;

  cairo_new_path (cr);
  for (guint corner = 0; corner < 4; corner++)
    {
      double corner_x = (x + (corner & 1 ? self->stock->width : 0.0)) * BW_MM_TO_PT;
      double corner_y = (y + (corner & 2 ? self->stock->height : 0.0)) * BW_MM_TO_PT;

      cairo_move_to (cr, corner_x + (corner & 1 ? -length : length), corner_y);
      cairo_line_to (cr, corner_x, corner_y);
      cairo_line_to (cr, corner_x, corner_y + (corner & 2 ? -length : length));
    }
}

/* The label's edge on the screen, and a veil over a cell that stays empty. */
static void
draw_preview (BwSheet *self,
              cairo_t *cr,
              double   x,
              double   y,
              gboolean is_used)
{
  add_edge (self, cr, x, y);
  if (is_used)
    {
      cairo_set_source_rgba (cr, PREVIEW_GREY, PREVIEW_GREY, PREVIEW_GREY, 0.3);
      cairo_fill_preserve (cr);
    }

  cairo_set_line_width (cr, 0.5);
  cairo_set_source_rgba (cr, PREVIEW_GREY, PREVIEW_GREY, PREVIEW_GREY, 0.6);
  cairo_stroke (cr);
}

/* An edge may be the paper's own. */
static void
stroke_mark (BwSheet *self,
             cairo_t *cr)
{
  cairo_path_t *path = cairo_copy_path (cr);

  cairo_save (cr);
  cairo_new_path (cr);
  cairo_rectangle (cr, 0, 0, self->stock->page_width * BW_MM_TO_PT, self->stock->page_height * BW_MM_TO_PT);
  cairo_clip (cr);
  cairo_append_path (cr, path);
  cairo_set_line_width (cr, MARK_MM * BW_MM_TO_PT);
  cairo_set_source_rgb (cr, MARK_GREY, MARK_GREY, MARK_GREY);
  cairo_stroke (cr);
  cairo_restore (cr);
  cairo_path_destroy (path);
}

void
bw_sheet_draw_outline (BwSheet *self,
                       cairo_t *cr,
                       double   x,
                       double   y)
{
  add_edge (self, cr, x, y);
  stroke_mark (self, cr);
}

static void
draw_mark (BwSheet *self,
           cairo_t *cr,
           double   x,
           double   y)
{
  if (self->marks == BW_SHEET_MARKS_OUTLINES)
    bw_sheet_draw_outline (self, cr, x, y);
  else if (self->marks == BW_SHEET_MARKS_CORNERS)
    {
      add_corners (self, cr, x, y);
      stroke_mark (self, cr);
    }
}

BwLabelPainter *
bw_sheet_create_painter (BwSheet *self)
{
  BwLabelBatch batch = { .name = self->batch, .has_color = self->has_color, .count = self->count };

  /* there are no labels on it */
  if (self->test_text != NULL)
    return NULL;

  for (guint i = 0; i < 3; i++)
    batch.color[i] = self->color[i];

  return bw_label_painter_new (self->plan, &batch);
}

static void
draw_label (BwSheet        *self,
            BwLabelPainter *painter,
            cairo_t        *cr,
            guint           label,
            double          x,
            double          y)
{
  const BwSheetEntry *entry = &g_array_index (self->entries, BwSheetEntry, label);

  bw_label_painter_draw (painter, cr, entry->id, entry->serial, bw_sheet_get_facts (self, label), x, y);
}

static void
draw_previews (BwSheet *self,
               cairo_t *cr,
               guint    page)
{
  guint n_cells = bw_stock_get_n_cells (self->stock);
  g_autofree gboolean *is_used = g_new (gboolean, n_cells);
  const guint *cells;
  gsize first_copy;
  guint n_free;

  for (guint cell = 0; cell < n_cells; cell++)
    is_used[cell] = TRUE;

  cells = bw_sheet_get_page_cells (self, page, &n_free, &first_copy);
  for (guint i = 0; i < n_free; i++)
    is_used[cells[i]] = FALSE;

  for (guint cell = 0; cell < n_cells; cell++)
    {
      double x, y;

      /* where the label is on its sheet, whatever the printer does */
      bw_stock_get_cell (self->stock, cell, &x, &y);
      draw_preview (self, cr, x, y, is_used[cell]);
    }
}

void
bw_sheet_paint_page (BwSheet        *self,
                     BwLabelPainter *painter,
                     cairo_t        *cr,
                     guint           page)
{
  const guint *cells;
  gsize first_copy;
  guint n_cells;

  cairo_save (cr);
  if (self->test_text != NULL)
    {
      bw_sheet_draw_test_page (self, cr);
      cairo_restore (cr);
      return;
    }

  cells = bw_sheet_get_page_cells (self, page, &n_cells, &first_copy);
  for (guint i = 0; i < n_cells; i++)
    {
      gsize label = (first_copy + i) / self->copies;
      double x, y;

      if (label < self->first || label - self->first >= self->entries->len)
        continue;

      bw_sheet_get_cell (self, cells[i], &x, &y);
      draw_label (self, painter, cr, (guint) (label - self->first), x, y);
      draw_mark (self, cr, x, y);
    }

  cairo_restore (cr);
}

void
bw_sheet_draw_page (BwSheet  *self,
                    cairo_t  *cr,
                    guint     page,
                    gboolean  outlines)
{
  g_autoptr(BwLabelPainter) painter = NULL;

  g_return_if_fail (BW_IS_SHEET (self) && cr != NULL);

  painter = bw_sheet_create_painter (self);
  if (outlines && self->test_text == NULL)
    draw_previews (self, cr, page);
  bw_sheet_paint_page (self, painter, cr, page);
}

void
bw_sheet_paint_label (BwSheet        *self,
                      BwLabelPainter *painter,
                      cairo_t        *cr,
                      guint           label)
{
  cairo_save (cr);
  if (self->stock->is_turned)
    {
      /* takes back what the painter does for the page */
      cairo_rotate (cr, -G_PI_2);
      cairo_translate (cr, -self->stock->width * BW_MM_TO_PT, 0);
    }
  draw_label (self, painter, cr, label, 0, 0);
  cairo_restore (cr);
}

void
bw_sheet_draw_label (BwSheet *self,
                     cairo_t *cr,
                     guint    label)
{
  g_autoptr(BwLabelPainter) painter = NULL;

  g_return_if_fail (BW_IS_SHEET (self) && cr != NULL && label < self->entries->len);

  painter = bw_sheet_create_painter (self);
  bw_sheet_paint_label (self, painter, cr, label);
}
