/* test-readability.c: labels of the automatic design, worn, and read back as print-verify does
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-label.h"
#include "bw-test.h"
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

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/verify/readability/worn", test_worn);

  return g_test_run ();
}
