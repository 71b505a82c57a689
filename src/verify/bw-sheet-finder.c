/* bw-sheet-finder.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-verify"

#include "bw-sheet-finder.h"

#include <math.h>

/* A code this far off its place, in parts of the distance between labels, lies on no place of the grid. */
#define MAX_STEP_ERROR 0.25

/* A place that is further off than that is left out of the fit. */
#define MAX_ERROR_MM 1.5

/* Few codes close together say little about turn and scale: then the first
 * guess, which comes from the codes themselves, counts like codes this far apart. */
#define GUESS_MM2 400.0

/* A4 from 400 mm away: at 10° the nearest code is 1.13 times as large as the farthest, at 15° 1.2. */
#define MAX_SIZE_RATIO 1.16

/* What differs more from the others in size is another kind of code. */
#define MAX_SIZE_ERROR 0.2

#define MIN_SKEW_CODES 5

/* Codes know where up is and how large they are, roughly. That is enough to
 * step from one to its nearest neighbours and so number them on the grid, and
 * the numbered places give turn, scale and skew exactly. What is left open is
 * which row and column the grid begins with: the numbers must be on the sheet,
 * and the sheet should lie in the middle of the picture. */

typedef struct
{
  const BwCode *code;
  double        x;             /* centre, pixels */
  double        y;
  double        across[2];     /* the upper edge: right of it, in pixels */
  int           column;
  int           row;
  gboolean      is_numbered;
  gboolean      is_off;        /* on no place of the grid */
  guint         nearest;       /* of those that are numbered */
  double        distance;      /* to it */
} Mark;

typedef struct
{
  double page_x;
  double page_y;
  double x;
  double y;
} Pair;

static double
get_pitch_x (const BwStock *stock)
{
  return MAX (stock->pitch_x, stock->width);
}

static double
get_pitch_y (const BwStock *stock)
{
  return MAX (stock->pitch_y, stock->height);
}

void
bw_sheet_grid_get_code (const BwSheetGrid *grid,
                        guint              cell,
                        double            *ret_x,
                        double            *ret_y)
{
  bw_stock_get_cell (grid->stock, cell, ret_x, ret_y);
  *ret_x += grid->code_x;
  *ret_y += grid->code_y;
}

double
bw_sheet_grid_get_scale (const BwSheetGrid *grid,
                         const BwGray      *image)
{
  double page_long = MAX (grid->stock->page_width, grid->stock->page_height);
  double page_short = MIN (grid->stock->page_width, grid->stock->page_height);

  return MIN (MAX (image->width, image->height) / page_long, MIN (image->width, image->height) / page_short);
}

static GArray *
create_marks (const GArray *codes)
{
  GArray *marks = g_array_new (FALSE, TRUE, sizeof (Mark));

  for (guint i = 0; i < codes->len; i++)
    {
      const BwCode *code = &g_array_index (codes, BwCode, i);
      Mark mark = { .code = code };

      mark.x = (code->left_top[0] + code->right_top[0] + code->left_bottom[0] + code->right_bottom[0]) / 4;
      mark.y = (code->left_top[1] + code->right_top[1] + code->left_bottom[1] + code->right_bottom[1]) / 4;

      /* The mean of the upper edge, the lower one, and both sides turned by a right angle. */
      mark.across[0] = (code->right_top[0] - code->left_top[0] + code->right_bottom[0] - code->left_bottom[0] +
                        code->left_bottom[1] - code->left_top[1] + code->right_bottom[1] - code->right_top[1]) / 4;
      mark.across[1] = (code->right_top[1] - code->left_top[1] + code->right_bottom[1] - code->left_bottom[1] -
                        code->left_bottom[0] + code->left_top[0] - code->right_bottom[0] + code->right_top[0]) / 4;
      g_array_append_val (marks, mark);
    }

  return marks;
}

/* The one that is most like the others in turn and size: a median. */
static guint
get_typical (const GArray *marks)
{
  guint typical = 0;
  double least = INFINITY;

  for (guint i = 0; i < marks->len; i++)
    {
      const Mark *mark = &g_array_index (marks, Mark, i);
      double sum = 0;

      for (guint j = 0; j < marks->len; j++)
        {
          const Mark *other = &g_array_index (marks, Mark, j);

          sum += hypot (mark->across[0] - other->across[0], mark->across[1] - other->across[1]);
        }

      if (sum < least)
        {
          least = sum;
          typical = i;
        }
    }

  return typical;
}

/* Turn and scale without a place. */
static void
guess (const BwSheetGrid *grid,
       const Mark        *mark,
       double             scale,
       cairo_matrix_t    *ret_guess)
{
  double length = MAX (hypot (mark->across[0], mark->across[1]), 1e-6);
  double c = mark->across[0] / length * scale;
  double s = mark->across[1] / length * scale;

  if (grid->stock->is_turned)
    /* what runs to the right on the label runs down on the page */
    cairo_matrix_init (ret_guess, s, -c, c, s, 0, 0);
  else
    cairo_matrix_init (ret_guess, c, s, -s, c, 0, 0);
}

/* The least squares of pixels over millimetres, with a word for @matrix as it was. */
static void
fit (const GArray   *pairs,
     cairo_matrix_t *matrix)
{
  double n = pairs->len;
  double mean[4] = { 0 };
  double aa = GUESS_MM2, ab = 0, bb = GUESS_MM2;
  double ax = GUESS_MM2 * matrix->xx, bx = GUESS_MM2 * matrix->xy;
  double ay = GUESS_MM2 * matrix->yx, by = GUESS_MM2 * matrix->yy;
  double determinant;

  for (guint i = 0; i < pairs->len; i++)
    {
      const Pair *pair = &g_array_index (pairs, Pair, i);

      mean[0] += pair->page_x / n;
      mean[1] += pair->page_y / n;
      mean[2] += pair->x / n;
      mean[3] += pair->y / n;
    }

  for (guint i = 0; i < pairs->len; i++)
    {
      const Pair *pair = &g_array_index (pairs, Pair, i);
      double a = pair->page_x - mean[0];
      double b = pair->page_y - mean[1];
      double x = pair->x - mean[2];
      double y = pair->y - mean[3];

      aa += a * a;
      ab += a * b;
      bb += b * b;
      ax += a * x;
      bx += b * x;
      ay += a * y;
      by += b * y;
    }

  determinant = aa * bb - ab * ab;
  matrix->xx = (ax * bb - bx * ab) / determinant;
  matrix->xy = (bx * aa - ax * ab) / determinant;
  matrix->yx = (ay * bb - by * ab) / determinant;
  matrix->yy = (by * aa - ay * ab) / determinant;
  matrix->x0 = mean[2] - matrix->xx * mean[0] - matrix->xy * mean[1];
  matrix->y0 = mean[3] - matrix->yx * mean[0] - matrix->yy * mean[1];
}

/* Again without the worst one, while that is too far off. Returns how many stay. */
static guint
fit_and_weed (GArray         *pairs,
              cairo_matrix_t *matrix)
{
  while (pairs->len > 0)
    {
      double scale, worst = 0;
      guint worst_index = 0;

      fit (pairs, matrix);
      scale = sqrt (fabs (matrix->xx * matrix->yy - matrix->xy * matrix->yx));

      for (guint i = 0; i < pairs->len; i++)
        {
          const Pair *pair = &g_array_index (pairs, Pair, i);
          double x = pair->page_x, y = pair->page_y;
          double error;

          cairo_matrix_transform_point (matrix, &x, &y);
          error = hypot (x - pair->x, y - pair->y) / MAX (scale, 1e-6);
          if (error > worst)
            {
              worst = error;
              worst_index = i;
            }
        }

      if (worst <= MAX_ERROR_MM)
        break;

      g_array_remove_index_fast (pairs, worst_index);
    }

  return pairs->len;
}

/* Numbers @mark by where it lies as seen from @from. */
static void
step (const BwSheetGrid    *grid,
      const cairo_matrix_t *to_page,
      const Mark           *from,
      Mark                 *mark)
{
  double dx = mark->x - from->x;
  double dy = mark->y - from->y;
  double pitch_x = get_pitch_x (grid->stock);
  double pitch_y = get_pitch_y (grid->stock);
  double columns, rows;

  cairo_matrix_transform_distance (to_page, &dx, &dy);
  columns = grid->stock->n_columns > 1 ? round (dx / pitch_x) : 0;
  rows = grid->stock->n_rows > 1 ? round (dy / pitch_y) : 0;
  mark->column = from->column + (int) columns;
  mark->row = from->row + (int) rows;
  mark->is_off = hypot (dx - columns * pitch_x, dy - rows * pitch_y) > MAX_STEP_ERROR * MIN (pitch_x, pitch_y) ||
                 fabs (columns) >= grid->stock->n_columns || fabs (rows) >= grid->stock->n_rows;
  mark->is_numbered = !mark->is_off;
}

/* From @first on, always the one next that is nearest to those done: the shorter a step, the surer it is. */
static void
number (const BwSheetGrid    *grid,
        const cairo_matrix_t *guessed,
        GArray               *marks,
        guint                 first)
{
  cairo_matrix_t to_page = *guessed;
  guint last = first;

  if (cairo_matrix_invert (&to_page) != CAIRO_STATUS_SUCCESS)
    return;

  for (guint i = 0; i < marks->len; i++)
    {
      Mark *mark = &g_array_index (marks, Mark, i);

      mark->is_numbered = i == first;
      mark->is_off = FALSE;
      mark->column = 0;
      mark->row = 0;
      mark->distance = INFINITY;
    }

  for (guint n_left = marks->len - 1; n_left > 0; n_left--)
    {
      const Mark *done = &g_array_index (marks, Mark, last);
      guint next = 0;
      double least = INFINITY;

      for (guint i = 0; i < marks->len; i++)
        {
          Mark *mark = &g_array_index (marks, Mark, i);
          double distance = hypot (mark->x - done->x, mark->y - done->y);

          if (mark->is_numbered || mark->is_off)
            continue;

          if (done->is_numbered && distance < mark->distance)
            {
              mark->distance = distance;
              mark->nearest = last;
            }

          if (mark->distance < least)
            {
              least = mark->distance;
              next = i;
            }
        }

      step (grid, &to_page, &g_array_index (marks, Mark, g_array_index (marks, Mark, next).nearest),
            &g_array_index (marks, Mark, next));
      last = next;
    }
}

static guint
fit_marks (const BwSheetGrid *grid,
           GArray            *marks,
           guint              first,
           double             scale,
           cairo_matrix_t    *ret_matrix)
{
  g_autoptr(GArray) pairs = g_array_new (FALSE, FALSE, sizeof (Pair));

  guess (grid, &g_array_index (marks, Mark, first), scale, ret_matrix);
  number (grid, ret_matrix, marks, first);

  for (guint i = 0; i < marks->len; i++)
    {
      const Mark *mark = &g_array_index (marks, Mark, i);
      Pair pair = { mark->column * get_pitch_x (grid->stock), mark->row * get_pitch_y (grid->stock), mark->x, mark->y };

      if (mark->is_numbered)
        g_array_append_val (pairs, pair);
    }

  return fit_and_weed (pairs, ret_matrix);
}

/* How good it is to move the numbers so many columns and rows: more is better. */
static double
rate_move (const BwSheetGrid    *grid,
           const BwGray         *image,
           const GArray         *marks,
           const cairo_matrix_t *matrix,
           int                   columns,
           int                   rows,
           BwSheetFitsFunc       fits,
           gpointer              user_data)
{
  const BwStock *stock = grid->stock;
  double x = stock->page_width / 2 - stock->left - grid->code_x - columns * get_pitch_x (stock);
  double y = stock->page_height / 2 - stock->top - grid->code_y - rows * get_pitch_y (stock);
  double scale = sqrt (fabs (matrix->xx * matrix->yy - matrix->xy * matrix->yx));
  guint n_inside = 0;
  guint n_fit = 0;

  for (guint i = 0; i < marks->len; i++)
    {
      const Mark *mark = &g_array_index (marks, Mark, i);
      int column = mark->column + columns;
      int row = mark->row + rows;

      if (!mark->is_numbered || column < 0 || column >= (int) stock->n_columns || row < 0 || row >= (int) stock->n_rows)
        continue;

      n_inside++;
      if (fits != NULL && fits (mark->code->text, (guint) row * stock->n_columns + (guint) column, user_data))
        n_fit++;
    }

  cairo_matrix_transform_point (matrix, &x, &y);

  return n_inside * 1e8 + n_fit * 1e4 - hypot (x - image->width / 2.0, y - image->height / 2.0) / MAX (scale, 1e-6);
}

/* From the most typical code on, at the scale of a picture that just holds the page, or the codes' own
 * when it holds more or less. Another one begins only when most codes lie off the grid of that one. */
static gboolean
fit_grid (const BwSheetGrid *grid,
          const BwGray      *image,
          GArray            *marks,
          cairo_matrix_t    *ret_matrix)
{
  guint typical_index = get_typical (marks);
  const Mark *typical = &g_array_index (marks, Mark, typical_index);
  double scales[] = { hypot (typical->across[0], typical->across[1]) / grid->code_side,
                      bw_sheet_grid_get_scale (grid, image) };
  guint best_n = 0, best_first = 0, best_scale = 0;

  for (guint i = 0; i < marks->len && best_n * 2 <= marks->len; i++)
    {
      guint first = (typical_index + i) % marks->len;

      for (guint j = 0; j < G_N_ELEMENTS (scales); j++)
        {
          guint n = fit_marks (grid, marks, first, scales[j], ret_matrix);

          if (n > best_n)
            {
              best_n = n;
              best_first = first;
              best_scale = j;
            }
        }
    }

  /* Too many are elsewhere: it is another sheet. One at the wrong place may well be among few. */
  return fit_marks (grid, marks, best_first, scales[best_scale], ret_matrix) * 2 >= MAX (marks->len - 1, 1);
}

gboolean
bw_sheet_find (const BwSheetGrid *grid,
               const BwGray      *image,
               const GArray      *codes,
               BwSheetFitsFunc    fits,
               gpointer           user_data,
               cairo_matrix_t    *ret_to_image)
{
  g_autoptr(GArray) marks = create_marks (codes);
  const BwStock *stock = grid->stock;
  cairo_matrix_t matrix;
  double best = -INFINITY;
  int best_column = 0, best_row = 0;

  if (marks->len == 0 || !fit_grid (grid, image, marks, &matrix))
    return FALSE;

  for (int column = 1 - (int) stock->n_columns; column < (int) stock->n_columns; column++)
    {
      for (int row = 1 - (int) stock->n_rows; row < (int) stock->n_rows; row++)
        {
          double rate = rate_move (grid, image, marks, &matrix, column, row, fits, user_data);

          if (rate > best)
            {
              best = rate;
              best_column = column;
              best_row = row;
            }
        }
    }

  cairo_matrix_translate (&matrix,
                          -(stock->left + grid->code_x + best_column * get_pitch_x (stock)),
                          -(stock->top + grid->code_y + best_row * get_pitch_y (stock)));
  *ret_to_image = matrix;

  return TRUE;
}

static int
compare_sizes (gconstpointer a,
               gconstpointer b)
{
  double left = *(const double *) a;
  double right = *(const double *) b;

  return (left > right) - (left < right);
}

/* The share by which sizes grow along (x, y): least squares. Only of those that are near the median.
 * FALSE: there are too few. */
static gboolean
fit_sizes (const GArray *marks,
           double        median,
           double       *ret_x,
           double       *ret_y)
{
  double n = 0, x = 0, y = 0, s = 0, xx = 0, xy = 0, yy = 0, xs = 0, ys = 0, determinant;

  for (guint i = 0; i < marks->len; i++)
    {
      const Mark *mark = &g_array_index (marks, Mark, i);
      double size = hypot (mark->across[0], mark->across[1]) / median;

      if (fabs (size - 1) > MAX_SIZE_ERROR)
        continue;

      n++;
      x += mark->x, y += mark->y, s += size;
      xx += mark->x * mark->x, xy += mark->x * mark->y, yy += mark->y * mark->y;
      xs += mark->x * size, ys += mark->y * size;
    }

  if (n < MIN_SKEW_CODES)
    return FALSE;

  xx -= x * x / n, xy -= x * y / n, yy -= y * y / n, xs -= x * s / n, ys -= y * s / n;
  determinant = xx * yy - xy * xy;
  /* in a line, they say something of that direction alone */
  if (determinant < 1e-3 * xx * yy || determinant < 1)
    {
      *ret_x = xx > yy ? xs / MAX (xx, 1) : 0;
      *ret_y = xx > yy ? 0 : ys / MAX (yy, 1);
      return TRUE;
    }

  *ret_x = (xs * yy - ys * xy) / determinant;
  *ret_y = (ys * xx - xs * xy) / determinant;

  return TRUE;
}

gboolean
bw_sheet_is_too_skewed (const GArray *codes)
{
  g_autoptr(GArray) marks = create_marks (codes);
  g_autoptr(GArray) sizes = g_array_new (FALSE, FALSE, sizeof (double));
  double least = INFINITY, most = -INFINITY, growth_x, growth_y;

  for (guint i = 0; i < marks->len; i++)
    {
      const Mark *mark = &g_array_index (marks, Mark, i);
      double size = hypot (mark->across[0], mark->across[1]);

      g_array_append_val (sizes, size);
    }

  g_array_sort (sizes, compare_sizes);
  if (sizes->len < MIN_SKEW_CODES ||
      !fit_sizes (marks, MAX (g_array_index (sizes, double, sizes->len / 2), 1e-6), &growth_x, &growth_y))
    return FALSE;

  for (guint i = 0; i < marks->len; i++)
    {
      const Mark *mark = &g_array_index (marks, Mark, i);
      double growth = growth_x * mark->x + growth_y * mark->y;

      least = MIN (least, growth);
      most = MAX (most, growth);
    }

  /* about the middle, which has the size 1 */
  return (1 + (most - least) / 2) / MAX (1 - (most - least) / 2, 1e-6) > MAX_SIZE_RATIO;
}

void
bw_sheet_refine (const BwSheetGrid *grid,
                 const GArray      *points,
                 cairo_matrix_t    *to_image)
{
  g_autoptr(GArray) pairs = g_array_new (FALSE, FALSE, sizeof (Pair));
  cairo_matrix_t matrix = *to_image;

  for (guint i = 0; i < points->len; i++)
    {
      const BwSheetPoint *point = &g_array_index (points, BwSheetPoint, i);
      Pair pair = { .x = point->x, .y = point->y };

      bw_sheet_grid_get_code (grid, point->cell, &pair.page_x, &pair.page_y);
      g_array_append_val (pairs, pair);
    }

  if (fit_and_weed (pairs, &matrix) > 0)
    *to_image = matrix;
}
