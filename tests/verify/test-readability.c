/* test-readability.c: labels of the automatic design, worn, and read back as print-verify does
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <math.h>

#include "bw-label.h"
#include "bw-test.h"
#include "bw-test-sheets.h"
#include "bw-test-worn.h"

/* The smallest modules that each resolution prints, the smallest labels of each kind, and a usual one. */
static const struct
{
  const char *name;
  guint       dpi;
  guint       n_labels;
  double      module;   /* mm: what it is about */
} cases[] = {
  { "L4731", 300, 189, 0.339 },
  { "5167", 203, 80, 0.375 },
  { "4386", 300, 96, 0 },
  { "L7160", 203, 21, 0 },
  { "30332", 203, 12, 0 },
  { "TZe-12", 300, 12, 0.339 },
  { "TZe-12", 203, 12, 0.375 },
};

static void
test_worn (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const BwStock *stock = bw_stock_find (cases[i].name, NULL);
      BwTestReadability found;
      BwLabelLayout layout;

      g_assert_true (bw_label_layout (stock, cases[i].dpi, &layout, NULL));
      if (cases[i].module > 0)
        g_assert_cmpfloat_with_epsilon (layout.module, cases[i].module, 0.001);

      bw_test_measure_readability (stock, cases[i].dpi, cases[i].n_labels, &found);
      g_test_message ("%s at %u dpi, module %.3f mm: %u and %u of %u", stock->name, cases[i].dpi, layout.module,
                      found.n_plain, found.n_worn, found.n);
      g_assert_cmpuint (found.n, >=, cases[i].n_labels);
      g_assert_cmpuint (found.n_plain, ==, found.n);
      g_assert_cmpuint (100 * found.n_worn, >=, 99 * found.n);
    }
}

/* Where the code of a cell begins on the page, in dots. */
static void
get_code_dots (const BwStock       *stock,
               const BwLabelLayout *at,
               guint                cell,
               guint               *ret_x,
               guint               *ret_y)
{
  double dot = at->module / at->module_dots;
  double left, top;

  bw_stock_get_cell (stock, cell, &left, &top);
  if (stock->is_turned)
    {
      *ret_x = (guint) round ((left + stock->width - at->code.y) / dot) - at->n_modules * at->module_dots;
      *ret_y = (guint) round ((top + at->code.x) / dot);
    }
  else
    {
      *ret_x = (guint) round ((left + at->code.x) / dot);
      *ret_y = (guint) round ((top + at->code.y) / dot);
    }
}

/* All dots of a module are alike, and those about the code are paper. */
static void
check_dots (const BwGray        *page,
            const BwLabelLayout *at,
            guint                x,
            guint                y)
{
  guint side = at->n_modules * at->module_dots;

  for (guint i = 0; i < side; i++)
    {
      for (guint j = 0; j < side; j++)
        {
          gsize of_module = (gsize) (y + i - i % at->module_dots) * page->width + x + j - j % at->module_dots;

          g_assert_cmpuint (page->pixels[(gsize) (y + i) * page->width + x + j], ==, page->pixels[of_module]);
        }

      g_assert_cmpuint (page->pixels[(gsize) (y + i) * page->width + x - 1], ==, 255);
      g_assert_cmpuint (page->pixels[(gsize) (y + i) * page->width + x + side], ==, 255);
      g_assert_cmpuint (page->pixels[(gsize) (y - 1) * page->width + x + i], ==, 255);
      g_assert_cmpuint (page->pixels[(gsize) (y + side) * page->width + x + i], ==, 255);
    }
}

/* Each module of each stock is as many dots wide and high as it should be, whatever fraction of a dot a label begins
 * at. One column of four dots and another of two between those of three, and no camera reads the code. */
static void
test_whole_dots (void)
{
  static const guint resolutions[] = { 180, 203, 300, 360 };
  g_autofree char *folder = g_dir_make_tmp ("bw-dots-XXXXXX", NULL);
  g_autofree char *pdf = g_build_filename (folder, "labels.pdf", NULL);
  guint n_stocks;
  const BwStock * const *stocks = bw_stock_get_all (&n_stocks);

  for (guint i = 0; i < n_stocks; i++)
    {
      BwStock stock = *stocks[i];
      guint n_cells = bw_stock_get_n_cells (&stock);
      g_autoptr(BwSheet) sheet = NULL;
      g_autoptr(BwGray) page = NULL;
      g_autoptr(GError) error = NULL;
      BwLabelLayout at;

      /* each stock at one of them */
      stock.dpi = resolutions[i % G_N_ELEMENTS (resolutions)];
      if (!bw_label_layout (&stock, 0, &at, NULL))
        stock.dpi = 300;
      g_assert_true (bw_label_layout (&stock, 0, &at, NULL));

      sheet = bw_test_sheet_new (&stock, 0, n_cells, 1);
      bw_sheet_write_pdf (sheet, pdf, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      page = bw_test_print_page (pdf, 1, stock.dpi);
      for (guint cell = 0; cell < n_cells; cell++)
        {
          guint x, y;

          g_test_message ("%s at %u dpi, label %u", stock.name, stock.dpi, cell + 1);
          get_code_dots (&stock, &at, cell, &x, &y);
          check_dots (page, &at, x, y);
        }
    }

  g_unlink (pdf);
  g_rmdir (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/verify/readability/whole-dots", test_whole_dots);
  g_test_add_func ("/verify/readability/worn", test_worn);

  return g_test_run ();
}
