/* bw-page-reader.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-verify"

#include "bw-page-reader.h"

#include <math.h>

/* First, somewhere in the picture, so many codes are looked for to find the sheet by. */
#define ENOUGH_CODES 10

/* What zbar reads best and quickly. */
#define PIXELS_PER_MODULE 4.5

/* Nothing can be read below this; a picture that is nearly a line makes such a guess. */
#define MIN_PIXELS_PER_MODULE 1.0

#define QUIET_MODULES 4

/* Codes may lie this far from where the sheet says: labels slip, paper stretches. */
#define SLACK_MM 1.0

/* As long as nothing is known of how the page is bent, a code must be this near to its place, in parts of the
 * distance between labels: else it may be a neighbour's. */
#define FIRST_TOLERANCE 0.3

/* So many codes about a cell say where it is in a photo that was taken at an angle. */
#define N_NEIGHBOURS 6

/* Ink is looked for a little inside of the label, whose edge may have been cut into the paper. */
#define INSET_MM        1.0
#define INK_PIXEL_MM    0.5
#define INK_CONTRAST    28
#define MIN_INK_PIXELS  6
#define MIN_INK_SHARE   0.005
#define PAPER_SHARE     0.9    /* the brightest tenth is paper for sure */

#define GOLDEN_RATIO 0.618034

/* zbar misses codes on a whole page, even perfect ones, and finds them all
 * when shown one at a time. So a few codes are looked for in parts of the
 * picture until it is clear where the sheet lies; then each cell is cut out,
 * turned upright and at the size that zbar likes, and read by itself. A cell
 * that says nothing is tried again in other ways, unless it is blank. */

typedef struct
{
  const BwSheetGrid *grid;
  const BwGray      *image;
  BwCodeScanner     *scanner;
  BwLabelPage       *page;
  GCancellable      *cancellable;
  cairo_matrix_t     to_image;     /* from millimetres on the page */
  GArray            *points;       /* BwSheetPoint: where codes were read */
  gboolean           is_first;     /* the first look at all cells */
} Reading;

/* A way to look at a cell. */
typedef struct
{
  double   pixels;        /* a module */
  double   degrees;
  gboolean is_whole;      /* all of the label, not only about the code */
  gboolean is_binary;     /* black and white */
} Look;

static const Look first_look = { 5, 0, FALSE, FALSE };

static const Look other_looks[] = {
  { 8, 0, FALSE, FALSE },
  { 6, 0, FALSE, TRUE },
  { 5, 0, TRUE, FALSE },
  { 3.4, 0, FALSE, FALSE },
  { 6, 9, FALSE, FALSE },
  { 7, -14, FALSE, TRUE },
};

static gboolean
is_new (const GArray *codes,
        const BwCode *code)
{
  for (guint i = 0; i < codes->len; i++)
    {
      const BwCode *known = &g_array_index (codes, BwCode, i);
      double side = hypot (known->right_top[0] - known->left_top[0], known->right_top[1] - known->left_top[1]);

      if (hypot (known->left_top[0] - code->left_top[0], known->left_top[1] - code->left_top[1]) < side / 2)
        return FALSE;
    }

  return TRUE;
}

/* Moves the codes of a part into the whole picture, and leaves those out that were there. */
static void
add_codes (GArray               *codes,
           GArray               *found,
           const cairo_matrix_t *to_image)
{
  for (guint i = 0; i < found->len; i++)
    {
      BwCode code = g_array_index (found, BwCode, i);

      cairo_matrix_transform_point (to_image, &code.left_top[0], &code.left_top[1]);
      cairo_matrix_transform_point (to_image, &code.left_bottom[0], &code.left_bottom[1]);
      cairo_matrix_transform_point (to_image, &code.right_bottom[0], &code.right_bottom[1]);
      cairo_matrix_transform_point (to_image, &code.right_top[0], &code.right_top[1]);
      if (!is_new (codes, &code))
        continue;

      code.text = g_strdup (code.text);
      g_array_append_val (codes, code);
    }
}

static void
clear_text (BwCode *code)
{
  g_free (code->text);
}

/* Nothing but paper. */
static gboolean
is_plain (const BwGray *image)
{
  guchar darkest = 255;
  guchar brightest = 0;

  for (gsize i = 0; i < (gsize) image->width * image->height; i++)
    {
      darkest = MIN (darkest, image->pixels[i]);
      brightest = MAX (brightest, image->pixels[i]);
    }

  return brightest - darkest < INK_CONTRAST;
}

/* Parts of the picture that overlap so that each code is whole in one of them, in an order that soon
 * comes about everywhere. @scale: pixels a millimetre, as far as one knows. */
static GArray *
look_about (Reading *reading,
            double   scale)
{
  const BwGray *image = reading->image;
  const BwStock *stock = reading->grid->stock;
  double module = reading->grid->code_side / reading->grid->n_modules;
  double room = (reading->grid->code_side + 2 * QUIET_MODULES * module) * scale;
  gboolean is_lying = (image->width > image->height) != (stock->page_width > stock->page_height);
  double step_x = MAX (is_lying ? stock->pitch_y : stock->pitch_x, stock->width / 2) * scale;
  double step_y = MAX (is_lying ? stock->pitch_x : stock->pitch_y, stock->height / 2) * scale;
  double width = MIN (step_x + room, image->width);
  double height = MIN (step_y + room, image->height);
  guint n_x = (guint) ceil ((image->width - width) / step_x) + 1;
  guint n_y = (guint) ceil ((image->height - height) / step_y) + 1;
  double shrink = module * scale / PIXELS_PER_MODULE;
  guint n = n_x * n_y;
  guint stride = MAX ((guint) (n * GOLDEN_RATIO), 1);
  GArray *codes = g_array_new (FALSE, FALSE, sizeof (BwCode));

  g_array_set_clear_func (codes, (GDestroyNotify) clear_text);
  if (shrink > 0.8 && shrink < 1.25)
    shrink = 1;

  /* every part once */
  while (n > 1 && (n % stride == 0 || stride % 2 == 0) && stride > 1)
    stride--;

  for (guint i = 0, at = 0; i < n && codes->len < ENOUGH_CODES; i++, at = (at + stride) % n)
    {
      g_autoptr(BwGray) part = bw_gray_new ((guint) MAX (width / shrink, 1), (guint) MAX (height / shrink, 1));
      g_autoptr(GArray) found = NULL;
      cairo_matrix_t to_image;

      if (g_cancellable_is_cancelled (reading->cancellable))
        break;

      cairo_matrix_init (&to_image, shrink, 0, 0, shrink,
                         floor (n_x > 1 ? (image->width - width) * (at % n_x) / (n_x - 1) : 0),
                         floor (n_y > 1 ? (image->height - height) * (at / n_x) / (n_y - 1) : 0));
      bw_gray_sample (part, image, &to_image);
      if (is_plain (part))
        continue;

      found = bw_code_scanner_scan (reading->scanner, part);
      add_codes (codes, found, &to_image);
    }

  return codes;
}

/* FALSE: there is no code in the picture. Then the page is taken to fill it. */
static gboolean
find_sheet (Reading         *reading,
            BwSheetFitsFunc  fits,
            gpointer         user_data)
{
  const BwSheetGrid *grid = reading->grid;
  const BwStock *stock = grid->stock;
  double scale = bw_sheet_grid_get_scale (grid, reading->image);
  double guesses[] = { scale, scale * 0.6, scale * 1.6, MAX (reading->image->width, reading->image->height) /
                       MAX (stock->page_width, stock->page_height) };

  for (guint i = 0; i < G_N_ELEMENTS (guesses); i++)
    {
      g_autoptr(GArray) codes = NULL;

      if (guesses[i] * grid->code_side / grid->n_modules < MIN_PIXELS_PER_MODULE ||
          (i == G_N_ELEMENTS (guesses) - 1 && guesses[i] < scale * 1.7))
        continue;

      codes = look_about (reading, guesses[i]);
      reading->page->n_codes = MAX (reading->page->n_codes, codes->len);
      reading->page->is_skewed = bw_sheet_is_too_skewed (codes);
      if (reading->page->is_skewed ||
          bw_sheet_find (reading->grid, reading->image, codes, fits, user_data, &reading->to_image))
        return TRUE;
    }

  cairo_matrix_init (&reading->to_image, scale, 0, 0, scale,
                     (reading->image->width - stock->page_width * scale) / 2,
                     (reading->image->height - stock->page_height * scale) / 2);

  return FALSE;
}

/* The darker of two heaps that the shades fall into best becomes black (Otsu). */
static void
make_binary (BwGray *image)
{
  gsize n = (gsize) image->width * image->height;
  guint counts[256] = { 0 };
  double sum = 0, sum_dark = 0, n_dark = 0, best = -1;
  guint threshold = 127;

  for (gsize i = 0; i < n; i++)
    counts[image->pixels[i]]++;
  for (guint i = 0; i < 256; i++)
    sum += (double) i * counts[i];

  for (guint i = 0; i < 256; i++)
    {
      double between;

      n_dark += counts[i];
      sum_dark += (double) i * counts[i];
      if (n_dark < 1 || n_dark >= (double) n)
        continue;

      between = sum_dark / n_dark - (sum - sum_dark) / ((double) n - n_dark);
      between *= between * n_dark * ((double) n - n_dark);
      if (between > best)
        {
          best = between;
          threshold = i;
        }
    }

  for (gsize i = 0; i < n; i++)
    image->pixels[i] = image->pixels[i] > threshold ? 255 : 0;
}

/* From pixels of a cut-out to millimetres on the page, about a place on it. */
static void
init_cut (cairo_matrix_t *cut,
          double          x,
          double          y,
          double          width,
          double          height,
          double          pixel_mm,
          double          degrees)
{
  cairo_matrix_init_translate (cut, x, y);
  cairo_matrix_rotate (cut, degrees * G_PI / 180);
  cairo_matrix_translate (cut, -width / 2, -height / 2);
  cairo_matrix_scale (cut, pixel_mm, pixel_mm);
}

/* Is that code on the label, and not on the one beside it? Then notes where it was. */
static gboolean
is_on_label (Reading              *reading,
             guint                 cell,
             const BwCode         *code,
             const cairo_matrix_t *to_page)
{
  const BwStock *stock = reading->grid->stock;
  BwSheetPoint point = { .cell = cell };
  double left, top, x, y;

  x = (code->left_top[0] + code->left_bottom[0] + code->right_bottom[0] + code->right_top[0]) / 4;
  y = (code->left_top[1] + code->left_bottom[1] + code->right_bottom[1] + code->right_top[1]) / 4;
  cairo_matrix_transform_point (to_page, &x, &y);
  bw_stock_get_cell (stock, cell, &left, &top);
  if (x < left - SLACK_MM || x > left + stock->width + SLACK_MM ||
      y < top - SLACK_MM || y > top + stock->height + SLACK_MM)
    return FALSE;

  bw_sheet_grid_get_code (reading->grid, cell, &left, &top);
  if (reading->is_first && (fabs (x - left) > FIRST_TOLERANCE * MAX (stock->pitch_x, stock->width) ||
                            fabs (y - top) > FIRST_TOLERANCE * MAX (stock->pitch_y, stock->height)))
    return FALSE;

  cairo_matrix_transform_point (&reading->to_image, &x, &y);
  point.x = x;
  point.y = y;
  g_array_append_val (reading->points, point);

  return TRUE;
}

static gboolean
read_cell (Reading    *reading,
           guint       cell,
           const Look *look)
{
  const BwSheetGrid *grid = reading->grid;
  BwLabelSight *sight = &g_array_index (reading->page->sights, BwLabelSight, cell);
  double pixel_mm = grid->code_side / grid->n_modules / look->pixels;
  double width = (grid->n_modules + 2 * QUIET_MODULES) * look->pixels * pixel_mm + 2 * SLACK_MM;
  double height = width;
  g_autoptr(BwGray) part = NULL;
  g_autoptr(GArray) codes = NULL;
  cairo_matrix_t to_page, to_image;
  double x, y;

  bw_sheet_grid_get_code (grid, cell, &x, &y);
  if (look->is_whole)
    {
      bw_stock_get_cell (grid->stock, cell, &x, &y);
      width = grid->stock->width;
      height = grid->stock->height;
      x += width / 2;
      y += height / 2;
    }

  part = bw_gray_new ((guint) ceil (width / pixel_mm), (guint) ceil (height / pixel_mm));
  init_cut (&to_page, x, y, width, height, pixel_mm, look->degrees);
  cairo_matrix_multiply (&to_image, &to_page, &reading->to_image);
  bw_gray_sample (part, reading->image, &to_image);
  if (look->is_binary)
    make_binary (part);

  codes = bw_code_scanner_scan (reading->scanner, part);
  for (guint i = 0; i < codes->len && sight->text == NULL; i++)
    {
      const BwCode *code = &g_array_index (codes, BwCode, i);

      if (is_on_label (reading, cell, code, &to_page))
        sight->text = g_strdup (code->text);
    }

  return sight->text != NULL;
}

/* Does the first row or column, or the last one, hold a code that can be read? Notes nothing. */
static gboolean
has_code_in_line (Reading  *reading,
                  gboolean  is_row,
                  gboolean  is_last)
{
  const BwStock *stock = reading->grid->stock;
  guint n = is_row ? stock->n_columns : stock->n_rows;
  guint step = is_row ? 1 : stock->n_columns;
  guint first = !is_last ? 0 : is_row ? (stock->n_rows - 1) * stock->n_columns : stock->n_columns - 1;
  gboolean found = FALSE;

  for (guint i = 0; i < n && !found; i++)
    {
      guint cell = first + i * step;
      double x, y;

      bw_sheet_grid_get_code (reading->grid, cell, &x, &y);
      cairo_matrix_transform_point (&reading->to_image, &x, &y);
      if (x < 0 || y < 0 || x > reading->image->width || y > reading->image->height)
        continue;

      found = read_cell (reading, cell, &first_look);
      g_clear_pointer (&g_array_index (reading->page->sights, BwLabelSight, cell).text, g_free);
    }

  g_array_set_size (reading->points, 0);

  return found;
}

/* The few codes that the sheet was found by may leave open which row is the first. While there are
 * codes beyond an edge of the grid, that is where it goes on. */
static void
move_to_edges (Reading *reading)
{
  const BwStock *stock = reading->grid->stock;

  for (guint i = 0; i < 4; i++)
    {
      gboolean is_row = i < 2;
      gboolean is_last = i % 2 == 1;
      double pitch = (is_row ? stock->pitch_y : stock->pitch_x) * (is_last ? 1 : -1);
      guint n_left = is_row ? stock->n_rows : stock->n_columns;

      while (--n_left > 0)
        {
          cairo_matrix_t before = reading->to_image;

          cairo_matrix_translate (&reading->to_image, is_row ? 0 : pitch, is_row ? pitch : 0);
          if (!has_code_in_line (reading, is_row, is_last))
            {
              reading->to_image = before;
              break;
            }
        }
    }
}

static gboolean
is_printable (const BwStock *stock,
              double         x,
              double         y)
{
  double radius = stock->width / 2;

  return stock->shape != BW_STOCK_ROUND || hypot (x - radius, y - radius) < radius - INSET_MM;
}

/* Anything darker than the label itself. */
static gboolean
has_ink (Reading *reading,
         guint    cell)
{
  const BwStock *stock = reading->grid->stock;
  double width = MAX (stock->width - 2 * INSET_MM, 1);
  double height = MAX (stock->height - 2 * INSET_MM, 1);
  g_autoptr(BwGray) part = bw_gray_new ((guint) ceil (width / INK_PIXEL_MM), (guint) ceil (height / INK_PIXEL_MM));
  guint n = part->width * part->height;
  guint counts[256] = { 0 };
  guint n_below = 0, n_ink = 0;
  int paper = 0;
  cairo_matrix_t to_page, to_image;
  double x, y;

  bw_stock_get_cell (stock, cell, &x, &y);
  init_cut (&to_page, x + stock->width / 2, y + stock->height / 2, width, height, INK_PIXEL_MM, 0);
  cairo_matrix_multiply (&to_image, &to_page, &reading->to_image);
  bw_gray_sample (part, reading->image, &to_image);

  for (guint i = 0; i < n; i++)
    counts[part->pixels[i]]++;
  while (paper < 255 && (n_below += counts[paper]) < PAPER_SHARE * n)
    paper++;

  for (guint i = 0; i < n; i++)
    {
      if (part->pixels[i] < paper - INK_CONTRAST &&
          is_printable (stock, INSET_MM + (i % part->width) * INK_PIXEL_MM, INSET_MM + (i / part->width) * INK_PIXEL_MM))
        n_ink++;
    }

  return n_ink >= MAX (MIN_INK_PIXELS, MIN_INK_SHARE * n);
}

typedef struct
{
  BwSheetPoint point;
  double       distance;
} Neighbour;

static int
compare_neighbours (gconstpointer a,
                    gconstpointer b)
{
  double left = ((const Neighbour *) a)->distance;
  double right = ((const Neighbour *) b)->distance;

  return (left > right) - (left < right);
}

/* A photo, or paper that is bent, is straight in the small: the codes about a cell say where it lies. */
static void
bend (Reading        *reading,
      guint           cell,
      cairo_matrix_t *ret_matrix)
{
  g_autoptr(GArray) neighbours = g_array_new (FALSE, FALSE, sizeof (Neighbour));
  g_autoptr(GArray) points = g_array_new (FALSE, FALSE, sizeof (BwSheetPoint));
  double x, y;

  bw_sheet_grid_get_code (reading->grid, cell, &x, &y);
  for (guint i = 0; i < reading->points->len; i++)
    {
      Neighbour neighbour = { .point = g_array_index (reading->points, BwSheetPoint, i) };
      double other_x, other_y;

      bw_sheet_grid_get_code (reading->grid, neighbour.point.cell, &other_x, &other_y);
      neighbour.distance = hypot (other_x - x, other_y - y);
      g_array_append_val (neighbours, neighbour);
    }

  g_array_sort (neighbours, compare_neighbours);
  for (guint i = 0; i < MIN (neighbours->len, N_NEIGHBOURS); i++)
    g_array_append_val (points, g_array_index (neighbours, Neighbour, i).point);

  *ret_matrix = reading->to_image;
  bw_sheet_refine (reading->grid, points, ret_matrix);
}

/* With the page as it lies about that cell. */
static gboolean
read_bent_cell (Reading    *reading,
                guint       cell,
                const Look *look)
{
  cairo_matrix_t straight = reading->to_image;
  gboolean is_read;

  bend (reading, cell, &reading->to_image);
  is_read = read_cell (reading, cell, look);
  reading->to_image = straight;

  return is_read;
}

/* From the cells that are read on to those beside them, as long as it goes on. */
static void
read_on (Reading *reading)
{
  guint n_cells = reading->page->sights->len;
  gboolean goes_on = TRUE;

  while (goes_on)
    {
      goes_on = FALSE;
      for (guint cell = 0; cell < n_cells && !g_cancellable_is_cancelled (reading->cancellable); cell++)
        {
          if (g_array_index (reading->page->sights, BwLabelSight, cell).text == NULL &&
              read_bent_cell (reading, cell, &first_look))
            goes_on = TRUE;
        }
    }
}

static gboolean
has_ink_bent (Reading *reading,
              guint    cell)
{
  cairo_matrix_t straight = reading->to_image;
  gboolean found;

  bend (reading, cell, &reading->to_image);
  found = has_ink (reading, cell);
  reading->to_image = straight;

  return found;
}

static void
read_cells (Reading *reading)
{
  guint n_cells = reading->page->sights->len;

  move_to_edges (reading);
  reading->is_first = TRUE;
  for (guint cell = 0; cell < n_cells && !g_cancellable_is_cancelled (reading->cancellable); cell++)
    read_cell (reading, cell, &first_look);

  reading->is_first = FALSE;
  bw_sheet_refine (reading->grid, reading->points, &reading->to_image);
  read_on (reading);

  for (guint cell = 0; cell < n_cells && !g_cancellable_is_cancelled (reading->cancellable); cell++)
    {
      BwLabelSight *sight = &g_array_index (reading->page->sights, BwLabelSight, cell);

      sight->has_ink = sight->text != NULL || has_ink_bent (reading, cell);
      for (guint i = 0; sight->has_ink && sight->text == NULL && i < G_N_ELEMENTS (other_looks); i++)
        read_bent_cell (reading, cell, &other_looks[i]);
    }
}

gboolean
bw_page_read (const BwSheetGrid *grid,
              const BwGray      *image,
              BwSheetFitsFunc    fits,
              gpointer           user_data,
              BwLabelPage       *page,
              GCancellable      *cancellable)
{
  g_autoptr(BwCodeScanner) scanner = bw_code_scanner_new ();
  g_autoptr(GArray) points = g_array_new (FALSE, FALSE, sizeof (BwSheetPoint));
  Reading reading = {
    .grid = grid, .image = image, .scanner = scanner, .page = page, .cancellable = cancellable, .points = points,
  };

  page->is_found = find_sheet (&reading, fits, user_data) && !page->is_skewed;
  if (page->is_skewed)
    return TRUE;

  if (page->is_found)
    read_cells (&reading);

  /* of a page without codes it may be asked whether anything is on it */
  for (guint cell = 0; !page->is_found && cell < page->sights->len; cell++)
    g_array_index (page->sights, BwLabelSight, cell).has_ink = has_ink (&reading, cell);

  return !g_cancellable_is_cancelled (cancellable);
}
