/* bw-label-check.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-label-check.h"

#define MODULUS 36

/* ISO/IEC 7064:2003, the hybrid system MOD 37,36: one check character for
 * digits and letters, out of the same. It finds every single wrong character
 * and nearly all swapped neighbours. The music industry's GRid ends in it too. */
char
bw_label_check_character (const char *id)
{
  guint product = MODULUS;
  guint value;

  g_return_val_if_fail (id != NULL, '0');

  for (const char *p = id; *p != '\0'; p++)
    {
      guint sum;

      if (!g_ascii_isalnum (*p))
        continue;

      value = (guint) (g_ascii_isdigit (*p) ? *p - '0' : g_ascii_toupper (*p) - 'A' + 10);
      sum = (product + value) % MODULUS;
      product = (sum == 0 ? MODULUS : sum) * 2 % (MODULUS + 1);
    }

  value = (MODULUS + 1 - product) % MODULUS;

  return (char) (value < 10 ? '0' + value : 'A' + value - 10);
}
