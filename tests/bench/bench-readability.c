/* bench-readability.c: how many of the codes of each stock can be read, as printed and as a camera sees them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <stdio.h>

#include "bw-label.h"
#include "bw-test-worn.h"

/* At least so many labels of each stock, so that one that fails is not a percent; but no more than so many sheets
 * of paper: of large labels there are fewer, and all of them must be read. */
#define MIN_LABELS 120
#define MAX_SHEETS 4

static double
percent (guint n,
         guint of)
{
  return of > 0 ? 100.0 * n / of : 0;
}

static gboolean
try_stock (const BwStock       *stock,
           const BwLabelLayout *layout,
           guint                dpi)
{
  guint n = MIN_LABELS;
  BwTestReadability found;

  if (g_strcmp0 (stock->paper, "roll") != 0)
    n = MIN (n, MAX_SHEETS * bw_stock_get_n_cells (stock));
  bw_test_measure_readability (stock, dpi, n, &found);
  printf ("%s at %u dpi, module %.3f mm, %u labels: read as printed; 2° skew, blur, ink gain | %.1f %%; %.1f %% | – | – | 100 %%; at least 99 %%\n",
          stock->name, dpi, layout->module, found.n, percent (found.n_plain, found.n), percent (found.n_worn, found.n));
  fflush (stdout);

  return found.n_plain == found.n && percent (found.n_worn, found.n) >= 99;
}

/* At the resolution of a usual printer, or at its own a stock whose printers have another. */
static guint
get_dpi (const BwStock *stock,
         guint          usual)
{
  if (usual > 0)
    return usual;

  return stock->dpi == 300 || stock->dpi == 203 ? 0 : stock->dpi;
}

/* Of all stocks, or of those that are named. */
int
main (int   argc,
      char *argv[])
{
  static const guint resolutions[] = { 300, 203, 0 };
  guint n_stocks;
  const BwStock * const *stocks = bw_stock_get_all (&n_stocks);

  for (guint i = 0; i < G_N_ELEMENTS (resolutions); i++)
    {
      guint n_tried = 0, n_good = 0;

      for (guint j = 0; j < n_stocks; j++)
        {
          const BwStock *stock = stocks[j];
          guint dpi = get_dpi (stock, resolutions[i]);
          BwLabelLayout layout;

          if (dpi == 0 || (argc > 1 && !g_strv_contains ((const char * const *) argv + 1, stock->name)))
            continue;

          if (!bw_label_layout (stock, dpi, &layout, NULL))
            {
              printf ("%s at %u dpi | no code of whole dots fits | – | – | –\n", stock->name, dpi);
              continue;
            }

          n_tried++;
          n_good += try_stock (stock, &layout, dpi);
        }

      if (resolutions[i] > 0)
        printf ("readability at %u dpi: stocks that hold both | %u of %u | – | – | all\n", resolutions[i], n_good, n_tried);
      else
        printf ("readability at the stock's own dpi: stocks that hold both | %u of %u | – | – | all\n", n_good, n_tried);
    }

  return 0;
}
