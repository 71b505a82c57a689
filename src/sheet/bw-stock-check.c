/* bw-stock-check.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-stock-private.h"

#include "bw-error.h"
#include "bw-text.h"

#include <math.h>
#include <string.h>

/* What makers' rounding may add up to. */
#define TOLERANCE_MM 0.1

/* Whether a description can be printed on at all: typed, or read from somebody
 * else's file. Nothing here trusts a number, not even to be one. */

static gboolean
refuse (BwStockFault  fault,
        BwStockFault *ret_fault,
        GError      **error,
        const char   *format,
        ...) G_GNUC_PRINTF (4, 5);

static gboolean
refuse (BwStockFault  fault,
        BwStockFault *ret_fault,
        GError      **error,
        const char   *format,
        ...)
{
  g_autofree char *text = NULL;
  va_list list;

  va_start (list, format);
  text = g_strdup_vprintf (format, list);
  va_end (list);

  if (ret_fault != NULL)
    *ret_fault = fault;

  g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, text);

  return FALSE;
}

static gboolean
is_within (double value,
           double low,
           double high)
{
  return isfinite (value) && value >= low && value <= high;
}

static gboolean
check_numbers (const BwStock *stock,
               BwStockFault  *ret_fault,
               GError       **error)
{
  if (!is_within (stock->page_width, BW_STOCK_MIN_PAGE_MM, BW_STOCK_MAX_PAGE_MM) ||
      !is_within (stock->page_height, BW_STOCK_MIN_PAGE_MM, BW_STOCK_MAX_PAGE_MM))
    return refuse (BW_STOCK_FAULT_PAPER, ret_fault, error, "each side of the paper is between %d and %d mm",
                   BW_STOCK_MIN_PAGE_MM, BW_STOCK_MAX_PAGE_MM);

  if (stock->cells == NULL && (stock->n_columns < 1 || stock->n_columns > BW_STOCK_MAX_PER_AXIS))
    return refuse (BW_STOCK_FAULT_COLUMNS, ret_fault, error, "a sheet has between 1 and %d columns", BW_STOCK_MAX_PER_AXIS);

  if (stock->n_rows < 1 || stock->n_rows > BW_STOCK_MAX_PER_AXIS)
    return refuse (BW_STOCK_FAULT_ROWS, ret_fault, error, "a sheet has between 1 and %d rows", BW_STOCK_MAX_PER_AXIS);

  if (stock->n_columns * stock->n_rows > BW_STOCK_MAX_CELLS)
    return refuse (BW_STOCK_FAULT_COUNT, ret_fault, error, "a sheet has at most %d labels", BW_STOCK_MAX_CELLS);

  if (!is_within (stock->width, BW_STOCK_MIN_LABEL_MM, BW_STOCK_MAX_PAGE_MM))
    return refuse (BW_STOCK_FAULT_WIDTH, ret_fault, error, "a label is at least %d mm wide", BW_STOCK_MIN_LABEL_MM);

  if (!is_within (stock->height, BW_STOCK_MIN_LABEL_MM, BW_STOCK_MAX_PAGE_MM))
    return refuse (BW_STOCK_FAULT_HEIGHT, ret_fault, error, "a label is at least %d mm high", BW_STOCK_MIN_LABEL_MM);

  if (stock->shape == BW_STOCK_ROUND && fabs (stock->width - stock->height) > TOLERANCE_MM)
    return refuse (BW_STOCK_FAULT_ROUND, ret_fault, error, "a round label is as wide as it is high");

  if (stock->dpi < BW_STOCK_MIN_DPI || stock->dpi > BW_STOCK_MAX_DPI)
    return refuse (BW_STOCK_FAULT_DPI, ret_fault, error, "a printer has between %d and %d dots per inch",
                   BW_STOCK_MIN_DPI, BW_STOCK_MAX_DPI);

  return TRUE;
}

static gboolean
check_edge (double        first,
            double        end,
            double        room,
            BwStockFault  before,
            BwStockFault  behind,
            BwStockFault *ret_fault,
            GError      **error)
{
  gboolean across = before == BW_STOCK_FAULT_LEFT;
  char at[G_ASCII_DTOSTR_BUF_SIZE];
  char paper[G_ASCII_DTOSTR_BUF_SIZE];

  /* Not a number is neither. */
  if (!(first >= -TOLERANCE_MM))
    return refuse (before, ret_fault, error, "the first label begins %s the paper", across ? "left of" : "above");

  if (!(end <= room + TOLERANCE_MM))
    return refuse (behind, ret_fault, error, "the labels end at %s mm, but the paper is %s mm %s",
                   isfinite (end) ? bw_stock_format_mm (at, end) : "?", bw_stock_format_mm (paper, room),
                   across ? "wide" : "high");

  return TRUE;
}

static gboolean
check_grid (const BwStock *stock,
            BwStockFault  *ret_fault,
            GError       **error)
{
  double right = stock->left + (stock->n_columns > 1 ? (stock->n_columns - 1) * stock->pitch_x : 0.0) + stock->width;
  double bottom = stock->top + (stock->n_rows > 1 ? (stock->n_rows - 1) * stock->pitch_y : 0.0) + stock->height;

  if (stock->n_columns > 1 && !(stock->pitch_x >= stock->width - TOLERANCE_MM))
    return refuse (BW_STOCK_FAULT_PITCH_X, ret_fault, error,
                   "the labels overlap: a column begins before the one at its left has ended");

  if (stock->n_rows > 1 && !(stock->pitch_y >= stock->height - TOLERANCE_MM))
    return refuse (BW_STOCK_FAULT_PITCH_Y, ret_fault, error,
                   "the labels overlap: a row begins before the one above has ended");

  return check_edge (stock->left, right, stock->page_width,
                     BW_STOCK_FAULT_LEFT, BW_STOCK_FAULT_RIGHT_EDGE, ret_fault, error) &&
         check_edge (stock->top, bottom, stock->page_height,
                     BW_STOCK_FAULT_TOP, BW_STOCK_FAULT_BOTTOM_EDGE, ret_fault, error);
}

static gboolean
overlap (const BwStock      *stock,
         const BwStockPoint *a,
         const BwStockPoint *b)
{
  double x = fabs (a->x - b->x);
  double y = fabs (a->y - b->y);

  /* Staggered circles lie closer than squares. */
  if (stock->shape == BW_STOCK_ROUND)
    return hypot (x, y) < stock->width - TOLERANCE_MM;

  return x < stock->width - TOLERANCE_MM && y < stock->height - TOLERANCE_MM;
}

static gboolean
check_cells (const BwStock *stock,
             BwStockFault  *ret_fault,
             GError       **error)
{
  for (guint i = 0; i < stock->n_columns; i++)
    {
      const BwStockPoint *cell = &stock->cells[i];

      if (!check_edge (cell->x, cell->x + stock->width, stock->page_width,
                       BW_STOCK_FAULT_LEFT, BW_STOCK_FAULT_RIGHT_EDGE, ret_fault, error) ||
          !check_edge (cell->y, cell->y + stock->height, stock->page_height,
                       BW_STOCK_FAULT_TOP, BW_STOCK_FAULT_BOTTOM_EDGE, ret_fault, error))
        return FALSE;

      for (guint j = 0; j < i; j++)
        {
          if (overlap (stock, cell, &stock->cells[j]))
            return refuse (BW_STOCK_FAULT_OVERLAP, ret_fault, error, "the labels %u and %u overlap", j + 1, i + 1);
        }
    }

  return TRUE;
}

gboolean
bw_stock_check (const BwStock *stock,
                BwStockFault  *ret_fault,
                GError       **error)
{
  g_autofree char *folded = NULL;

  g_return_val_if_fail (stock != NULL, FALSE);

  if (ret_fault != NULL)
    *ret_fault = BW_STOCK_FAULT_NONE;

  folded = bw_stock_fold ("", stock->name != NULL ? stock->name : "");
  if (*folded == '\0' || !bw_name_is_valid (stock->name, BW_STOCK_NAME_MAX_BYTES) ||
      !bw_name_is_valid (stock->brand != NULL && *stock->brand != '\0' ? stock->brand : "-", BW_STOCK_NAME_MAX_BYTES))
    return refuse (BW_STOCK_FAULT_NAME, ret_fault, error,
                   "a stock needs a name of at most %d bytes, with letters or digits", BW_STOCK_NAME_MAX_BYTES);

  if (!check_numbers (stock, ret_fault, error))
    return FALSE;

  if (stock->cells != NULL ? !check_cells (stock, ret_fault, error) : !check_grid (stock, ret_fault, error))
    return FALSE;

  if (!is_within (stock->margin_x, 0.0, stock->width / 2) || !is_within (stock->margin_y, 0.0, stock->height / 2))
    return refuse (BW_STOCK_FAULT_MARGIN, ret_fault, error, "the margins leave nothing of the label");

  return TRUE;
}
