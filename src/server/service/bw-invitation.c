/* bw-invitation.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-invitation.h"

#include "bw-code.h"
#include "bw-user-repo.h"

#define LIFE_US (7 * G_TIME_SPAN_DAY)
#define N_CHARS 20     /* 100 bits, and as long as a person copies without a mistake */

gboolean
bw_invitation_make (BwStoreThread  *thread,
                    gint64          account_id,
                    char          **ret_code,
                    gint64         *ret_ends_us,
                    GError        **error)
{
  guint8 hash[BW_SECRET_HASH_BYTES];
  char code[BW_CODE_SIZE (N_CHARS)];

  bw_code_make (N_CHARS, code);
  bw_code_hash (code, N_CHARS, hash);
  *ret_ends_us = g_get_real_time () + LIFE_US;
  *ret_code = g_strdup (code);

  return bw_user_repo_set_invitation (thread, account_id, hash, *ret_ends_us, error);
}

gboolean
bw_invitation_hash (const char *code,
                    guint8      ret_hash[BW_SECRET_HASH_BYTES])
{
  return bw_code_hash (code, N_CHARS, ret_hash);
}
