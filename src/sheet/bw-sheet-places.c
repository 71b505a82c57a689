/* bw-sheet-places.c: which label lies where
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-sheet-private.h"

#include "bw-error.h"
#include "bw-label-private.h"

#include <math.h>
#include <string.h>

#define TOLERANCE_MM 0.01

/* A job is a row of copies: copy 0 of label 0, copy 1 of label 0, … They fill
 * the free cells of the first page and then all cells of the others, in the
 * order in which a page is filled. */

static guint *
create_order (const BwStock *stock,
              gboolean       by_columns)
{
  guint n_cells = bw_stock_get_n_cells (stock);
  guint *order = g_new (guint, n_cells);

  for (guint i = 0; i < n_cells; i++)
    order[i] = by_columns ? i % stock->n_rows * stock->n_columns + i / stock->n_rows : i;

  return order;
}

/* (transfer full) (nullable): by cell from 0, which ones of the first page stay empty */
static gboolean *
create_skipped (BwSheet              *self,
                const BwSheetOptions *options,
                GError              **error)
{
  guint n_cells = bw_stock_get_n_cells (self->stock);
  g_autofree gboolean *skipped = g_new0 (gboolean, n_cells);

  for (guint i = 0; i < options->n_skipped; i++)
    {
      if (options->skipped[i] < 1 || options->skipped[i] > n_cells)
        {
          g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” has the labels 1 to %u, so %u cannot be skipped",
                       self->stock->name, n_cells, options->skipped[i]);
          return NULL;
        }
      skipped[options->skipped[i] - 1] = TRUE;
    }

  return g_steal_pointer (&skipped);
}

/* What is printed on a label, as the page leaves the printer. */
static BwRect
get_ink (BwSheet *self)
{
  const GArray *items = self->plan->items;
  double left = self->stock->width, top = self->stock->height, right = 0.0, bottom = 0.0;

  for (guint i = 0; i < items->len; i++)
    {
      BwRect part = g_array_index (items, BwLabelItem, i).rect;

      if (self->stock->is_turned)
        part = (BwRect) { self->stock->width - part.y - part.height, part.x, part.height, part.width };
      left = MIN (left, part.x);
      top = MIN (top, part.y);
      right = MAX (right, part.x + part.width);
      bottom = MAX (bottom, part.y + part.height);
    }

  return (BwRect) { left, top, right - left, bottom - top };
}

static gboolean
is_on_paper (BwSheet *self)
{
  BwRect ink = get_ink (self);

  for (guint cell = 0; cell < bw_stock_get_n_cells (self->stock); cell++)
    {
      double x, y;

      bw_sheet_get_cell (self, cell, &x, &y);
      if (x + ink.x < -TOLERANCE_MM || x + ink.x + ink.width > self->stock->page_width + TOLERANCE_MM ||
          y + ink.y < -TOLERANCE_MM || y + ink.y + ink.height > self->stock->page_height + TOLERANCE_MM)
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_options (BwSheet              *self,
               const BwSheetOptions *options,
               GError              **error)
{
  if (options->copies < 1 || options->copies > BW_SHEET_MAX_COPIES)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "there are 1 to %d copies of a label", BW_SHEET_MAX_COPIES);
  else if ((guint64) (self->first + self->entries->len) * options->copies > BW_SHEET_MAX_LABELS)
    g_set_error (error, BW_ERROR, BW_ERROR_TOO_LARGE, "more than %d labels in one print job", BW_SHEET_MAX_LABELS);
  else
    return TRUE;

  return FALSE;
}

/* It is taken back when the labels would not be on the paper. */
gboolean
bw_sheet_set_calibration (BwSheet              *self,
                          const BwCalibration  *calibration,
                          GError              **error)
{
  BwCalibration before;

  g_return_val_if_fail (BW_IS_SHEET (self) && calibration != NULL, FALSE);

  if (!bw_calibration_check (calibration, error))
    return FALSE;

  before = self->calibration;
  self->calibration = *calibration;
  if (self->test_text != NULL || bw_calibration_is_none (calibration) || is_on_paper (self))
    return TRUE;

  self->calibration = before;
  g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
               "with this calibration labels of “%s” would be printed beyond the edge of the paper",
               self->stock->name);

  return FALSE;
}

gboolean
bw_sheet_set_options (BwSheet               *self,
                      const BwSheetOptions  *options,
                      GError               **error)
{
  g_autofree gboolean *skipped = NULL;
  g_autofree guint *order = NULL;
  g_autofree guint *free_cells = NULL;
  guint n_cells, n_free = 0;
  gboolean has_begun = FALSE;

  g_return_val_if_fail (BW_IS_SHEET (self) && options != NULL, FALSE);

  if (!check_options (self, options, error) || (skipped = create_skipped (self, options, error)) == NULL)
    return FALSE;

  n_cells = bw_stock_get_n_cells (self->stock);
  order = create_order (self->stock, options->by_columns);
  free_cells = g_new (guint, n_cells);
  for (guint i = 0; i < n_cells; i++)
    {
      has_begun |= order[i] == self->start;
      if (has_begun && !skipped[order[i]])
        free_cells[n_free++] = order[i];
    }

  if (n_free == 0)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "no label of the first sheet is left to print on");
      return FALSE;
    }

  if (!bw_sheet_set_calibration (self, &options->calibration, error))
    return FALSE;

  self->copies = options->copies;
  self->by_columns = options->by_columns;
  self->marks = options->marks;
  self->n_free = n_free;
  g_free (self->order);
  self->order = g_steal_pointer (&order);
  g_free (self->free_cells);
  self->free_cells = g_steal_pointer (&free_cells);

  return TRUE;
}

/* The labels are moved, never stretched: their modules stay whole dots. */
void
bw_sheet_get_cell (BwSheet *self,
                   guint    cell,
                   double  *ret_x,
                   double  *ret_y)
{
  double half_width, half_height, x, y;

  g_return_if_fail (BW_IS_SHEET (self));

  bw_stock_get_cell (self->stock, cell, &x, &y);
  if (!bw_calibration_is_none (&self->calibration))
    {
      half_width = self->stock->width / 2;
      half_height = self->stock->height / 2;
      x += half_width;
      y += half_height;
      bw_calibration_apply (&self->calibration, &x, &y);
      x -= half_width;
      y -= half_height;
    }

  *ret_x = x;
  *ret_y = y;
}

const guint *
bw_sheet_get_page_cells (BwSheet *self,
                         guint    page,
                         guint   *ret_n_cells,
                         gsize   *ret_first_copy)
{
  guint n_cells = bw_stock_get_n_cells (self->stock);

  if (page == 0)
    {
      *ret_n_cells = self->n_free;
      *ret_first_copy = 0;
      return self->free_cells;
    }

  *ret_n_cells = n_cells;
  *ret_first_copy = self->n_free + (gsize) (page - 1) * n_cells;

  return self->order;
}

guint
bw_sheet_count_pages (BwSheet *self,
                      guint    n_labels)
{
  gsize n_copies;
  guint n_cells;

  g_return_val_if_fail (BW_IS_SHEET (self), 0);

  n_copies = (gsize) n_labels * self->copies;
  n_cells = bw_stock_get_n_cells (self->stock);
  if (n_copies <= self->n_free)
    return n_copies > 0 ? 1 : 0;

  return 1 + (guint) ((n_copies - self->n_free + n_cells - 1) / n_cells);
}

void
bw_sheet_get_page_labels (BwSheet *self,
                          guint    n_labels,
                          guint    page,
                          guint   *ret_first,
                          guint   *ret_n)
{
  gsize first_copy, end;
  guint n_cells;

  g_return_if_fail (BW_IS_SHEET (self));

  bw_sheet_get_page_cells (self, page, &n_cells, &first_copy);
  end = MIN (first_copy + n_cells, (gsize) n_labels * self->copies);
  *ret_first = (guint) (first_copy / self->copies);
  *ret_n = end > first_copy ? (guint) ((end - 1) / self->copies) - *ret_first + 1 : 0;
}

GArray *
bw_sheet_get_used_cells (BwSheet *self,
                         guint    n_labels,
                         guint    page)
{
  GArray *used = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autofree gboolean *is_free = NULL;
  const guint *cells;
  gsize first_copy, n_copies;
  guint n_cells, n_on_page;

  g_return_val_if_fail (BW_IS_SHEET (self), used);

  cells = bw_sheet_get_page_cells (self, page, &n_cells, &first_copy);
  n_copies = (gsize) n_labels * self->copies;
  n_on_page = n_copies > first_copy ? (guint) MIN (n_copies - first_copy, n_cells) : 0;
  is_free = g_new0 (gboolean, bw_stock_get_n_cells (self->stock));
  for (guint i = n_on_page; i < n_cells; i++)
    is_free[cells[i]] = TRUE;

  for (guint cell = 1; cell <= bw_stock_get_n_cells (self->stock); cell++)
    {
      if (!is_free[cell - 1])
        g_array_append_val (used, cell);
    }

  return used;
}
