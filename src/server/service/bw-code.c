/* bw-code.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-code.h"

#include <sodium.h>
#include <string.h>

#define MAX_CHARS 32

/* no letters that look like digits, nor u, which would make words */
static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

void
bw_code_make (guint  n_chars,
              char  *ret_code)
{
  guint n = 0;

  g_return_if_fail (n_chars <= MAX_CHARS && n_chars % BW_CODE_GROUP == 0);

  for (guint i = 0; i < n_chars; i++)
    {
      if (i > 0 && i % BW_CODE_GROUP == 0)
        ret_code[n++] = '-';
      ret_code[n++] = alphabet[randombytes_uniform (sizeof alphabet - 1)];
    }
  ret_code[n] = '\0';
}

gboolean
bw_code_hash (const char *code,
              guint       n_chars,
              guint8      ret_hash[BW_SECRET_HASH_BYTES])
{
  char plain[MAX_CHARS];
  guint n = 0;

  g_return_val_if_fail (n_chars <= MAX_CHARS, FALSE);

  for (const char *p = code; *p != '\0'; p++)
    {
      char c = g_ascii_tolower (*p);

      if (c == '-' || c == ' ')
        continue;
      if (n == n_chars || strchr (alphabet, c) == NULL)
        return FALSE;
      plain[n++] = c;
    }

  if (n != n_chars)
    return FALSE;

  crypto_generichash (ret_hash, BW_SECRET_HASH_BYTES, (const guint8 *) plain, n, NULL, 0);

  return TRUE;
}
