/* fuzz-design.c: any bytes as a label design; what is read is written and read again, the same, and put on a label
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-label-plan.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(BwLabelDesign) design = bw_label_design_from_json ((const char *) data, size, NULL);
  g_autoptr(BwLabelDesign) again = NULL;
  g_autoptr(BwLabelPlan) plan = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  if (design == NULL)
    return 0;

  first = bw_label_design_to_json (design);
  again = bw_label_design_from_json (first, strlen (first), NULL);
  g_assert_nonnull (again);
  second = bw_label_design_to_json (again);
  g_assert_cmpstr (first, ==, second);

  plan = bw_label_plan_new (bw_stock_find ("L7160", NULL), design, NULL);

  return 0;
}
