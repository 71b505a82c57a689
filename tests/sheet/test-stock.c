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

/* The makers' own measures, written down here a second time on purpose: those of sheets for A4 in
 * millimetres, those for US Letter in the inches that Avery gives. */
#define IN(inches) ((inches) * 25.4)

/* What the makers round to. */
#define MAKERS_TOLERANCE_MM 0.03

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
  { "L7159", "A4", 3, 8, 63.5, 33.87, 7.21, 13.02, 66.04, 33.87, 210, 297 },
  { "L7161", "A4", 3, 6, 63.5, 46.56, 7.21, 8.82, 66.04, 46.56, 210, 297 },
  { "L7162", "A4", 2, 8, 99.06, 33.87, 4.67, 13.02, 101.6, 33.87, 210, 297 },
  { "L7164", "A4", 3, 4, 63.5, 71.97, 7.21, 4.57, 66.04, 71.97, 210, 297 },
  { "L7165", "A4", 2, 4, 99.06, 67.73, 4.67, 13.04, 101.6, 67.73, 210, 297 },
  { "L7168", "A4", 1, 2, 199.6, 143.53, 5.2, 4.97, 199.6, 143.53, 210, 297 },
  { "L7173", "A4", 2, 5, 99.06, 57, 4.67, 6, 101.6, 57, 210, 297 },
  { "L7670", "A4", 3, 4, 63.5, 63.5, 5.25, 14.75, 68, 68, 210, 297 },
  { "3422", "A4", 3, 8, 70, 35, 0, 8.43, 70, 35, 210, 297 },
  { "3424", "A4", 2, 6, 105, 48, 0, 4.43, 105, 48, 210, 297 },
  { "3427", "A4", 2, 4, 105, 74.2, 0, 0, 105, 74.2, 210, 297 },
  { "3474", "A4", 3, 8, 70, 37.1, 0, 0, 70, 37.1, 210, 297 },
  { "3490", "A4", 3, 8, 70, 36, 0, 4.43, 70, 36, 210, 297 },
  { "3657", "A4", 4, 10, 48.5, 25.4, 8, 21.43, 48.5, 25.4, 210, 297 },
  { "4346", "A4", 4, 12, 45.72, 21.17, 9.75, 21.5, 48.26, 21.17, 210, 297 },
  { "4388", "A4", 5, 13, 38.1, 21.2, 9.75, 10.7, 38.1, 21.2, 210, 297 },
  { "4386", "A4", 8, 12, 20, 20, 16.11, 14.53, 22.54, 22.54, 210, 297 },
  { "8831", "A4", 6, 11, 25.4, 25.4, 16.1, 8.8, 30.48, 25.4, 210, 297 },
  { "5160", "Letter", 3, 10, IN (2 + 5 / 8.), IN (1), IN (3 / 16.), IN (1 / 2.), IN (2 + 3 / 4.), IN (1), IN (8.5), IN (11) },
  { "5161", "Letter", 2, 10, IN (4), IN (1), IN (5 / 32.), IN (1 / 2.), IN (4 + 3 / 16.), IN (1), IN (8.5), IN (11) },
  { "5162", "Letter", 2, 7, IN (4), IN (4 / 3.), IN (5 / 32.), IN (5 / 6.), IN (4 + 3 / 16.), IN (4 / 3.), IN (8.5), IN (11) },
  { "5163", "Letter", 2, 5, IN (4), IN (2), IN (5 / 32.), IN (1 / 2.), IN (4 + 3 / 16.), IN (2), IN (8.5), IN (11) },
  { "5164", "Letter", 2, 3, IN (4), IN (10 / 3.), IN (5 / 32.), IN (1 / 2.), IN (4 + 3 / 16.), IN (10 / 3.), IN (8.5), IN (11) },
  { "5167", "Letter", 4, 20, IN (7 / 4.), IN (1 / 2.), IN (9 / 32.), IN (1 / 2.), IN (2 + 1 / 16.), IN (1 / 2.), IN (8.5), IN (11) },
  { "3111", "Letter", 3, 3, IN (2.5), IN (2.5), IN (5 / 16.), IN (1.25), IN (2 + 11 / 16.), IN (3), IN (8.5), IN (11) },
  { "DK-11201", "roll", 1, 1, 29, 90, 0, 0, 29, 90, 29, 90 },
  { "DK-11209", "roll", 1, 1, 29, 62, 0, 0, 29, 62, 29, 62 },
  { "99012", "roll", 1, 1, 36, 89, 0, 0, 36, 89, 36, 89 },
  { "11352", "roll", 1, 1, 25, 54, 0, 0, 25, 54, 25, 54 },
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
      g_test_message ("%s", known[i].name);
      g_assert_cmpstr (stock->name, ==, known[i].name);
      g_assert_cmpstr (stock->part, ==, known[i].name);
      g_assert_cmpint (stock->catalogue, ==, BW_STOCK_CURATED);
      g_assert_true (stock->is_verified);
      g_assert_cmpstr (stock->paper, ==, known[i].paper);
      g_assert_cmpuint (stock->n_columns, ==, known[i].n_columns);
      g_assert_cmpuint (stock->n_rows, ==, known[i].n_rows);
      g_assert_cmpfloat_with_epsilon (stock->width, known[i].width, MAKERS_TOLERANCE_MM);
      g_assert_cmpfloat_with_epsilon (stock->height, known[i].height, MAKERS_TOLERANCE_MM);
      g_assert_cmpfloat_with_epsilon (stock->left, known[i].left, MAKERS_TOLERANCE_MM);
      g_assert_cmpfloat_with_epsilon (stock->top, known[i].top, MAKERS_TOLERANCE_MM);
      g_assert_cmpfloat_with_epsilon (stock->pitch_x, known[i].pitch_x, MAKERS_TOLERANCE_MM);
      g_assert_cmpfloat_with_epsilon (stock->pitch_y, known[i].pitch_y, MAKERS_TOLERANCE_MM);
      g_assert_cmpfloat_with_epsilon (stock->page_width, known[i].page_width, TOLERANCE_MM);
      g_assert_cmpfloat_with_epsilon (stock->page_height, known[i].page_height, TOLERANCE_MM);
    }
}

/* Avery's own templates for Word, in points: another source than the one the table was made of. */
static void
test_word_templates (void)
{
  static const struct { const char *name; double left, second_left, top, second_top, width, height; } templates[] = {
    { "L7162", 13.25, 301.25, 37, 133, 280.8, 96 },
    { "L7163", 13.25, 301.25, 43.05, 151.05, 280.8, 108 },
    { "5520", 13.55, 211.55, 36.1, 108.1, 189.35, 72 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (templates); i++)
    {
      const BwStock *stock = bw_stock_find (templates[i].name, NULL);
      double mm = 25.4 / 72;

      g_assert_cmpfloat_with_epsilon (stock->left, templates[i].left * mm, 0.05);
      g_assert_cmpfloat_with_epsilon (stock->top, templates[i].top * mm, 0.05);
      g_assert_cmpfloat_with_epsilon (stock->pitch_x, (templates[i].second_left - templates[i].left) * mm, 0.05);
      g_assert_cmpfloat_with_epsilon (stock->pitch_y, (templates[i].second_top - templates[i].top) * mm, 0.05);
      g_assert_cmpfloat_with_epsilon (stock->width, templates[i].width * mm, 0.15);
      g_assert_cmpfloat_with_epsilon (stock->height, templates[i].height * mm, 0.05);
    }
}

/* The same sheets as others have measured or read them, each from a list that was not made of the one ours was made
 * of, LibreOffice's. They round to a tenth of a millimetre, the heights of thirds of an inch too, and a sheet that is
 * laid out from such a height begins a little higher. */
#define OTHERS_TOLERANCE_MM 0.11

static const char published[] = "Avery's published measurements, in Onionskin's stock.rs";
static const char packet[] = "the back of the packet, in the labels.py of the Gawaah till";
static const char list[] = "the list of sheets of a Norwegian QR administration (qr-admin)";
static const char glabels[] = "gLabels 3.4";

static const struct
{
  const char *name;
  const char *source;
  double      width, height, left, top, pitch_x, pitch_y;
} others[] = {
  { "L7159", published, 63.5, 33.9, 7.2, 12.9, 66, 33.9 },
  { "L7160", published, 63.5, 38.1, 7.2, 15.1, 66, 38.1 },
  { "L7161", published, 63.5, 46.6, 7.2, 8.7, 66, 46.6 },
  { "L7162", published, 99.1, 33.9, 4.65, 12.9, 101.6, 33.9 },
  { "L7163", published, 99.1, 38.1, 4.65, 15.15, 101.6, 38.1 },
  { "L7165", published, 99.1, 67.7, 4.65, 13.1, 101.6, 67.7 },
  { "L7165", glabels, 99.06, 67.73, 4.67, 13.04, 101.64, 67.73 },
  { "L7173", list, 99.1, 57, 4.65, 6, 101.6, 57 },
  { "L7654", packet, 45.7, 25.4, 9.75, 21.5, 48.25, 25.4 },
  { "3422", list, 70, 35, 0, 8.5, 70, 35 },
  { "3424", list, 105, 48, 0, 4.5, 105, 48 },
  { "3490", list, 70, 36, 0, 4.5, 70, 36 },
  { "3657", "the list of formats of a Polish label program", 48.5, 25.4, 8, 21.5, 48.5, 25.4 },
  { "3661", "py_label_printer's templates.py, in the middle of the sheet", 70, 67.7, 0, 13.1, 70, 67.7 },
  { "5160", published, 66.7, 25.4, 4.7, 12.7, 69.9, 25.4 },
  { "5161", glabels, 101.6, 25.4, 3.97, 12.7, 106.36, 25.4 },
  { "5162", glabels, 101.6, 33.87, 3.97, 21.17, 106.36, 33.87 },
  { "5163", published, 101.6, 50.8, 3.95, 12.7, 106.4, 50.8 },
  { "5164", glabels, 101.6, 84.67, 3.97, 12.7, 106.36, 84.67 },
  { "5167", glabels, 44.45, 12.7, 7.14, 12.7, 52.39, 12.7 },
  { "3111", glabels, 63.5, 63.5, 7.94, 31.75, 68.26, 76.2 },
};

/* What counts is where the labels lie: the middles of the first and of the last one. */
static void
test_others (void)
{
  g_autoptr(GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      const BwStock *stock = bw_stock_find (others[i].name, NULL);
      double x, y;

      g_test_message ("%s: %s", others[i].name, others[i].source);
      g_assert_cmpfloat_with_epsilon (stock->width, others[i].width, OTHERS_TOLERANCE_MM);
      g_assert_cmpfloat_with_epsilon (stock->height, others[i].height, OTHERS_TOLERANCE_MM);
      for (guint last = 0; last < 2; last++)
        {
          guint column = last * (stock->n_columns - 1), row = last * (stock->n_rows - 1);

          bw_stock_get_cell (stock, row * stock->n_columns + column, &x, &y);
          g_assert_cmpfloat_with_epsilon (x + stock->width / 2,
                                          others[i].left + column * others[i].pitch_x + others[i].width / 2,
                                          OTHERS_TOLERANCE_MM);
          g_assert_cmpfloat_with_epsilon (y + stock->height / 2,
                                          others[i].top + row * others[i].pitch_y + others[i].height / 2,
                                          OTHERS_TOLERANCE_MM);
        }
      g_hash_table_add (names, (char *) others[i].name);
    }
  g_assert_cmpuint (g_hash_table_size (names), >=, 20);
}

/* No maker cuts a sheet out of its middle: a measure that is wrong shows. */
static void
test_symmetric (void)
{
  guint n_stocks;
  const BwStock * const *stocks = bw_stock_get_all (&n_stocks);

  for (guint i = 0; i < n_stocks; i++)
    {
      const BwStock *stock = stocks[i];
      double x, y;

      bw_stock_get_cell (stock, bw_stock_get_n_cells (stock) - 1, &x, &y);
      g_test_message ("%s", stock->name);
      g_assert_cmpfloat_with_epsilon (stock->left, stock->page_width - x - stock->width, 0.25);
      g_assert_cmpfloat_with_epsilon (stock->top, stock->page_height - y - stock->height, 0.25);
    }
}

/* Each measure that can be wrong, and the sentence that says so. */
static void
test_check (void)
{
  static const struct
  {
    BwStockFault fault;
    gsize        offset;
    double       value;
    const char  *words;
  } cases[] = {
    { BW_STOCK_FAULT_NONE, G_STRUCT_OFFSET (BwStock, left), 7.2, NULL },
    { BW_STOCK_FAULT_PAPER, G_STRUCT_OFFSET (BwStock, page_width), 0, "each side of the paper is between 5 and 1500 mm" },
    { BW_STOCK_FAULT_PAPER, G_STRUCT_OFFSET (BwStock, page_height), INFINITY, "each side of the paper is between 5 and 1500 mm" },
    { BW_STOCK_FAULT_WIDTH, G_STRUCT_OFFSET (BwStock, width), 3.9, "a label is at least 4 mm wide" },
    { BW_STOCK_FAULT_WIDTH, G_STRUCT_OFFSET (BwStock, width), NAN, "a label is at least 4 mm wide" },
    { BW_STOCK_FAULT_HEIGHT, G_STRUCT_OFFSET (BwStock, height), -38.1, "a label is at least 4 mm high" },
    { BW_STOCK_FAULT_LEFT, G_STRUCT_OFFSET (BwStock, left), -1, "the first label begins left of the paper" },
    { BW_STOCK_FAULT_LEFT, G_STRUCT_OFFSET (BwStock, left), NAN, "the first label begins left of the paper" },
    { BW_STOCK_FAULT_TOP, G_STRUCT_OFFSET (BwStock, top), -1, "the first label begins above the paper" },
    { BW_STOCK_FAULT_PITCH_X, G_STRUCT_OFFSET (BwStock, pitch_x), 63, "a column begins before the one at its left has ended" },
    { BW_STOCK_FAULT_PITCH_X, G_STRUCT_OFFSET (BwStock, pitch_x), NAN, "a column begins before the one at its left has ended" },
    { BW_STOCK_FAULT_PITCH_Y, G_STRUCT_OFFSET (BwStock, pitch_y), 37, "a row begins before the one above has ended" },
    { BW_STOCK_FAULT_RIGHT_EDGE, G_STRUCT_OFFSET (BwStock, left), 20, "the labels end at 215.58 mm, but the paper is 210 mm wide" },
    { BW_STOCK_FAULT_RIGHT_EDGE, G_STRUCT_OFFSET (BwStock, pitch_x), INFINITY, "the labels end at ? mm" },
    { BW_STOCK_FAULT_BOTTOM_EDGE, G_STRUCT_OFFSET (BwStock, pitch_y), 41, "the labels end at 299.25 mm, but the paper is 297 mm high" },
    { BW_STOCK_FAULT_MARGIN, G_STRUCT_OFFSET (BwStock, margin_x), 32, "the margins leave nothing of the label" },
    { BW_STOCK_FAULT_MARGIN, G_STRUCT_OFFSET (BwStock, margin_y), NAN, "the margins leave nothing of the label" },
  };
  static const struct { BwStockFault fault; guint n_columns, n_rows, dpi; BwStockShape shape; const char *words; } counts[] = {
    { BW_STOCK_FAULT_COLUMNS, 0, 7, 300, BW_STOCK_RECTANGLE, "between 1 and 200 columns" },
    { BW_STOCK_FAULT_ROWS, 3, 201, 300, BW_STOCK_RECTANGLE, "between 1 and 200 rows" },
    { BW_STOCK_FAULT_COUNT, 100, 100, 300, BW_STOCK_RECTANGLE, "at most 2000 labels" },
    { BW_STOCK_FAULT_DPI, 3, 7, 0, BW_STOCK_RECTANGLE, "between 72 and 2400 dots per inch" },
    { BW_STOCK_FAULT_ROUND, 3, 7, 300, BW_STOCK_ROUND, "a round label is as wide as it is high" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      BwStock stock = *bw_stock_find ("L7160", NULL);
      BwStockFault fault;

      G_STRUCT_MEMBER (double, &stock, cases[i].offset) = cases[i].value;
      g_assert_cmpint (bw_stock_check (&stock, &fault, &error), ==, cases[i].words == NULL);
      g_assert_cmpint (fault, ==, cases[i].fault);
      g_assert_true (cases[i].words == NULL || strstr (error->message, cases[i].words) != NULL);
    }

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autoptr(GError) error = NULL;
      BwStock stock = *bw_stock_find ("L7160", NULL);
      BwStockFault fault;

      stock.n_columns = counts[i].n_columns;
      stock.n_rows = counts[i].n_rows;
      stock.dpi = counts[i].dpi;
      stock.shape = counts[i].shape;
      g_assert_false (bw_stock_check (&stock, &fault, &error));
      g_assert_cmpint (fault, ==, counts[i].fault);
      g_assert_nonnull (strstr (error->message, counts[i].words));
    }
}

static void
test_check_names (void)
{
  static const char * const names[] = { "", "   ", "…", "two\nlines", "\xff", " x",
                                        "1234567890123456789012345678901234567890123456789012345678901" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      BwStock stock = *bw_stock_find ("L7160", NULL);
      BwStockFault fault;

      stock.name = names[i];
      g_assert_false (bw_stock_check (&stock, &fault, NULL));
      g_assert_cmpint (fault, ==, BW_STOCK_FAULT_NAME);
    }
}

static void
test_lengths (void)
{
  static const struct { const char *text; double mm; } lengths[] = {
    { "63.5", 63.5 }, { " 63,5 mm ", 63.5 }, { "6.35 cm", 63.5 }, { "2.5in", 63.5 }, { "2.5 IN", 63.5 }, { "2.5\"", 63.5 },
    { "2 5/8\"", 66.675 }, { "2 5/8 in", 66.675 }, { "-1", -1 }, { "0", 0 }, { "7.", 7 },
    { "", NAN }, { "mm", NAN }, { "1 2", NAN }, { "1/0", NAN }, { "2 1/0 in", NAN }, { "1e3", NAN }, { "nan", NAN },
    { "12345678901", NAN }, { "5 ft", NAN }, { "\xff", NAN }, { "1.5.2", NAN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      double mm = bw_stock_parse_length (lengths[i].text);

      g_test_message ("length %u: %f", i, mm);
      g_assert_true (isnan (lengths[i].mm) ? isnan (mm) : fabs (mm - lengths[i].mm) < TOLERANCE_MM);
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

  g_assert_cmpuint (n_stocks, >=, 65);

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
      g_assert_true (bw_stock_check (stock, NULL, NULL));
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
  g_assert_cmpstr (error->message, ==, "a label of “L4731” has no room for a code that can be read at 300 dpi");
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
  g_test_add_func ("/sheet/stock/word-templates", test_word_templates);
  g_test_add_func ("/sheet/stock/others", test_others);
  g_test_add_func ("/sheet/stock/symmetric", test_symmetric);
  g_test_add_func ("/sheet/stock/check", test_check);
  g_test_add_func ("/sheet/stock/check-names", test_check_names);
  g_test_add_func ("/sheet/stock/lengths", test_lengths);
  g_test_add_func ("/sheet/stock/find", test_find);
  g_test_add_func ("/sheet/stock/names", test_names);
  g_test_add_func ("/sheet/stock/fits-paper", test_fits_paper);
  g_test_add_func ("/sheet/stock/text", test_text);
  g_test_add_func ("/sheet/label/layout", test_layout);
  g_test_add_func ("/sheet/label/content", test_content);
  g_test_add_func ("/sheet/label/too-small", test_too_small);

  return g_test_run ();
}
