/* test-stock.c: the geometry as numbers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-error.h"
#include "bw-label.h"
#include "bw-stock.h"

#include <math.h>
#include <string.h>

#define TOLERANCE_MM 1e-6

/* From the makers' sheets, written down here a second time on purpose. */
static const struct
{
  const char *name;
  const char *paper;
  guint       n_columns, n_rows;
  double      width, height, left, top, pitch_x, pitch_y;
  double      page_width, page_height;
} known[] = {
  { "L7160", "A4", 3, 7, 63.5, 38.1, 7.2, 15.15, 66.04, 38.1, 210, 297 },
  { "L7163", "A4", 2, 7, 99.06, 38.1, 4.67, 15.15, 101.6, 38.1, 210, 297 },
  { "L7120", "A4", 5, 7, 35, 35, 7.5, 11, 40, 40, 210, 297 },
  { "L4731", "A4", 7, 27, 25.4, 10, 8.48, 13.43, 27.94, 10, 210, 297 },
  { "L7651", "A4", 5, 13, 38.1, 21.17, 4.67, 10.9, 40.64, 21.17, 210, 297 },
  { "3474", "A4", 3, 8, 70, 37.1, 0, 0, 70, 37.1, 210, 297 },
  { "5160", "Letter", 3, 10, 66.68, 25.4, 4.78, 12.7, 69.85, 25.4, 215.9, 279.4 },
  { "5163", "Letter", 2, 5, 101.6, 50.8, 3.96, 12.7, 106.36, 50.8, 215.9, 279.4 },
  { "5167", "Letter", 4, 20, 44.45, 12.7, 7.14, 12.7, 52.4, 12.7, 215.9, 279.4 },
  { "DK-11201", "roll", 1, 1, 29, 90, 0, 0, 29, 90, 29, 90 },
  { "99012", "roll", 1, 1, 36, 89, 0, 0, 36, 89, 36, 89 },
  { "roll-50x25", "roll", 1, 1, 50, 25, 0, 0, 50, 25, 50, 25 },
};

static void
test_known (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      g_autoptr(GError) error = NULL;
      const BwStock *stock = bw_stock_find (known[i].name, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (stock->name, ==, known[i].name);
      g_assert_cmpstr (stock->paper, ==, known[i].paper);
      g_assert_cmpuint (stock->n_columns, ==, known[i].n_columns);
      g_assert_cmpuint (stock->n_rows, ==, known[i].n_rows);
      g_assert_cmpfloat_with_epsilon (stock->width, known[i].width, TOLERANCE_MM);
      g_assert_cmpfloat_with_epsilon (stock->height, known[i].height, TOLERANCE_MM);
      g_assert_cmpfloat_with_epsilon (stock->left, known[i].left, TOLERANCE_MM);
      g_assert_cmpfloat_with_epsilon (stock->top, known[i].top, TOLERANCE_MM);
      g_assert_cmpfloat_with_epsilon (stock->pitch_x, known[i].pitch_x, TOLERANCE_MM);
      g_assert_cmpfloat_with_epsilon (stock->pitch_y, known[i].pitch_y, TOLERANCE_MM);
      g_assert_cmpfloat_with_epsilon (stock->page_width, known[i].page_width, TOLERANCE_MM);
      g_assert_cmpfloat_with_epsilon (stock->page_height, known[i].page_height, TOLERANCE_MM);
    }
}

static void
test_find (void)
{
  static const struct { const char *asked, *name; } names[] = {
    { "l7160", "L7160" }, { "Avery L7160", "L7160" }, { "AVERY-L7160", "L7160" }, { "averyl7160", "L7160" },
    { "J8160", "L7160" }, { "herma 4677", "L7160" }, { "L6008", "L4731" }, { "Avery 8160", "5160" },
    { "brother dk11201", "DK-11201" }, { "50x25", "roll-50x25" }, { "Avery 3474", "3474" }, { "zweckform 3474", "3474" },
  };
  static const char * const unknown[] = { "", " ", "Avery", "L716", "L71600", "L7160'; drop", "\xff\xfe" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GError) error = NULL;
      const BwStock *stock = bw_stock_find (names[i].asked, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (stock->name, ==, names[i].name);
    }

  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (bw_stock_find (unknown[i], &error));
      g_assert_error (error, BW_ERROR, BW_ERROR_NOT_FOUND);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_nonnull (strstr (error->message, "no label stock is called"));
    }
}

/* Every name finds its own stock: no alias hides another one. */
static void
test_names (void)
{
  guint n_stocks;
  const BwStock * const *stocks = bw_stock_get_all (&n_stocks);

  g_assert_cmpuint (n_stocks, >=, 50);

  for (guint i = 0; i < n_stocks; i++)
    {
      g_autofree char *branded = g_strconcat (stocks[i]->brand, " ", stocks[i]->name, NULL);
      g_autofree char *line = bw_stock_to_line (stocks[i]);
      g_auto(GStrv) words = g_strsplit (line, " ", 2);

      g_assert_true (bw_stock_find (stocks[i]->name, NULL) == stocks[i]);
      g_assert_true (bw_stock_find (branded, NULL) == stocks[i]);
      g_assert_cmpstr (words[0], ==, stocks[i]->name);
      g_assert_null (strchr (line, '\n'));

      for (guint j = 0; stocks[i]->aliases[j] != NULL; j++)
        g_assert_true (bw_stock_find (stocks[i]->aliases[j], NULL) == stocks[i]);
    }
}

static void
test_fits_paper (void)
{
  guint n_stocks;
  const BwStock * const *stocks = bw_stock_get_all (&n_stocks);

  for (guint i = 0; i < n_stocks; i++)
    {
      const BwStock *stock = stocks[i];
      double x, y;

      g_test_message ("%s", stock->name);
      g_assert_cmpfloat (stock->pitch_x, >=, stock->width - TOLERANCE_MM);
      g_assert_cmpfloat (stock->pitch_y, >=, stock->height - TOLERANCE_MM);

      bw_stock_get_cell (stock, 0, &x, &y);
      g_assert_cmpfloat (x, >=, 0.0);
      g_assert_cmpfloat (y, >=, 0.0);

      bw_stock_get_cell (stock, bw_stock_get_n_cells (stock) - 1, &x, &y);
      g_assert_cmpfloat (x + stock->width, <=, stock->page_width + 0.01);
      g_assert_cmpfloat (y + stock->height, <=, stock->page_height + 0.01);
    }
}

static gboolean
is_inside (const BwRect *inner,
           const BwRect *outer)
{
  return inner->x >= outer->x - TOLERANCE_MM && inner->y >= outer->y - TOLERANCE_MM &&
         inner->x + inner->width <= outer->x + outer->width + TOLERANCE_MM &&
         inner->y + inner->height <= outer->y + outer->height + TOLERANCE_MM;
}

static gboolean
overlap (const BwRect *a,
         const BwRect *b)
{
  return a->width > 0 && b->width > 0 &&
         a->x < b->x + b->width - TOLERANCE_MM && b->x < a->x + a->width - TOLERANCE_MM &&
         a->y < b->y + b->height - TOLERANCE_MM && b->y < a->y + a->height - TOLERANCE_MM;
}

static gboolean
is_in_circle (const BwRect *rect,
              double        diameter)
{
  double r = diameter / 2;

  return hypot (MAX (fabs (rect->x - r), fabs (rect->x + rect->width - r)),
                MAX (fabs (rect->y - r), fabs (rect->y + rect->height - r))) <= r + TOLERANCE_MM;
}

static void
check_layout (const BwStock *stock,
              guint          dpi)
{
  g_autoptr(GError) error = NULL;
  BwLabelLayout at;
  BwRect label;
  const BwRect *parts[5];
  double dot = 25.4 / (dpi > 0 ? dpi : stock->dpi);

  g_test_message ("%s at %u dpi", stock->name, dpi);
  bw_label_layout (stock, dpi, &at, &error);
  g_assert_no_error (error);

  label = (BwRect) { 0, 0, at.width, at.height };
  g_assert_cmpfloat_with_epsilon (at.width * at.height, stock->width * stock->height, TOLERANCE_MM);

  /* a readable code of whole dots, its quiet zone on the label and nobody else's */
  g_assert_cmpfloat (at.module, >=, BW_LABEL_MIN_MODULE_MM - TOLERANCE_MM);
  g_assert_cmpfloat_with_epsilon (at.module, at.module_dots * dot, TOLERANCE_MM);
  g_assert_cmpfloat_with_epsilon (at.code.width, 21 * at.module, TOLERANCE_MM);
  g_assert_cmpfloat_with_epsilon (at.quiet.width, 29 * at.module, TOLERANCE_MM);
  g_assert_cmpfloat_with_epsilon (at.code.x - at.quiet.x, 4 * at.module, TOLERANCE_MM);
  g_assert_cmpfloat_with_epsilon (at.code.y - at.quiet.y, 4 * at.module, TOLERANCE_MM);
  g_assert_true (is_inside (&at.quiet, &label));

  /* the ID can be read by a person */
  g_assert_cmpfloat (at.id_pt, >=, BW_LABEL_MIN_ID_PT);
  g_assert_cmpfloat (at.id.height, >, 0);

  parts[0] = &at.quiet;
  parts[1] = &at.id;
  parts[2] = &at.batch;
  parts[3] = &at.serial;
  parts[4] = &at.bar;
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_assert_true (parts[i]->width <= 0 || is_inside (parts[i], &label));
      if (stock->shape == BW_STOCK_ROUND)
        g_assert_true (parts[i]->width <= 0 || is_in_circle (parts[i], stock->width));
      for (guint j = i + 1; j < G_N_ELEMENTS (parts); j++)
        g_assert_false (overlap (parts[i], parts[j]));
    }
}

static void
test_layout (void)
{
  guint n_stocks;
  const BwStock * const *stocks = bw_stock_get_all (&n_stocks);

  for (guint i = 0; i < n_stocks; i++)
    {
      check_layout (stocks[i], 0);
      check_layout (stocks[i], 600);
    }
}

/* What the six that matter most must carry. */
static void
test_content (void)
{
  static const struct { const char *name; guint n_lines; double module; } wanted[] = {
    { "L7160", 1, 0.8 }, { "L7163", 1, 0.8 }, { "L7120", 1, 0.6 },
    { "L4731", 2, 0.33 }, { "5160", 1, 0.7 }, { "DK-11201", 1, 0.8 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      BwLabelLayout at;

      g_assert_true (bw_label_layout (bw_stock_find (wanted[i].name, NULL), 0, &at, NULL));
      g_test_message ("%s: module %.3f mm, ID at %.1f pt on %u lines", wanted[i].name, at.module, at.id_pt, at.n_id_lines);
      g_assert_cmpuint (at.n_id_lines, ==, wanted[i].n_lines);
      g_assert_cmpfloat (at.module, >=, wanted[i].module);
      g_assert_cmpfloat (at.batch.width, >, 0);
      g_assert_cmpfloat (at.serial.width, >, 0);
      g_assert_cmpfloat (at.bar.width, >, 0);
    }
}

static void
test_too_small (void)
{
  g_autoptr(GError) error = NULL;
  BwLabelLayout at;
  BwStock stock = *bw_stock_find ("L4731", NULL);

  stock.height = 9.0;
  g_assert_false (bw_label_layout (&stock, 0, &at, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
  g_assert_cmpstr (error->message, ==, "a label of “L4731” has no room for a code that can be read");
}

static void
test_text (void)
{
  g_autofree char *sheet = bw_stock_to_text (bw_stock_find ("L7160", NULL));
  g_autofree char *roll = bw_stock_to_text (bw_stock_find ("DK-11201", NULL));
  g_autofree char *round = bw_stock_to_text (bw_stock_find ("L7670", NULL));

  g_assert_cmpstr (sheet, ==, "A4, 3 × 7 = 21 labels of 63.5 × 38.1 mm");
  g_assert_cmpstr (roll, ==, "roll, label of 29 × 90 mm");
  g_assert_cmpstr (round, ==, "A4, 3 × 4 = 12 round labels of 63.5 mm");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sheet/stock/known", test_known);
  g_test_add_func ("/sheet/stock/find", test_find);
  g_test_add_func ("/sheet/stock/names", test_names);
  g_test_add_func ("/sheet/stock/fits-paper", test_fits_paper);
  g_test_add_func ("/sheet/stock/text", test_text);
  g_test_add_func ("/sheet/label/layout", test_layout);
  g_test_add_func ("/sheet/label/content", test_content);
  g_test_add_func ("/sheet/label/too-small", test_too_small);

  return g_test_run ();
}
