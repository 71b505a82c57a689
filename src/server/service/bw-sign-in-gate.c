/* bw-sign-in-gate.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-sign-in-gate.h"

#include "bw-throttle.h"

#define N_FREE_PER_ACCOUNT   4
#define N_FREE_PER_NETWORK   30
#define N_FREE_PER_CODE      5
#define N_FREE_NEW           10
#define MAX_FAMILIAR         10000

/* Three rules that leave a stranger no way to keep somebody out:
 *
 * The delay grows for a user name and the network it is tried from, together;
 * an attacker elsewhere slows down himself. Where somebody has signed in from
 * before (the same address, not only the same network) counts by itself, so
 * that neighbours do not matter either.
 *
 * Codes of a second factor count for the account, wherever they come from:
 * there are only a million, and who gets there has the password, so that it
 * is no stranger.
 *
 * A success takes back its own attempt at the network and no other, since
 * anybody may have an account. */
struct _BwSignInGate
{
  BwThrottle *per_account;
  BwThrottle *per_network;
  BwThrottle *per_code;
  BwThrottle *new_accounts;
  GHashTable *familiar;       /* user and address that belong together */
};

BwSignInGate *
bw_sign_in_gate_new (void)
{
  BwSignInGate *self = g_new0 (BwSignInGate, 1);

  self->per_account = bw_throttle_new (N_FREE_PER_ACCOUNT);
  self->per_network = bw_throttle_new (N_FREE_PER_NETWORK);
  self->per_code = bw_throttle_new (N_FREE_PER_CODE);
  self->new_accounts = bw_throttle_new (N_FREE_NEW);
  self->familiar = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

void
bw_sign_in_gate_free (BwSignInGate *self)
{
  bw_throttle_free (self->per_account);
  bw_throttle_free (self->per_network);
  bw_throttle_free (self->per_code);
  bw_throttle_free (self->new_accounts);
  g_hash_table_unref (self->familiar);
  g_free (self);
}

/* One account, however its name is written. (transfer full) */
static char *
make_key (const char *user,
          const char *place)
{
  g_autofree char *lower = g_utf8_strdown (user, -1);

  return g_strconcat (lower, "\n", place, NULL);
}

gboolean
bw_sign_in_gate_try (BwSignInGate  *self,
                     const char    *user,
                     const char    *address,
                     gint64         now_us,
                     GError       **error)
{
  g_autofree char *network = bw_throttle_dup_network (address);
  g_autofree char *exact = user != NULL ? make_key (user, address) : NULL;
  g_autofree char *wide = user != NULL ? make_key (user, network) : NULL;

  if (exact != NULL && g_hash_table_contains (self->familiar, exact))
    return bw_throttle_attempt (self->per_account, exact, now_us, error);

  return (wide == NULL || bw_throttle_attempt (self->per_account, wide, now_us, error)) &&
         bw_throttle_attempt (self->per_network, network, now_us, error);
}

gboolean
bw_sign_in_gate_knows (BwSignInGate *self,
                       const char   *user,
                       const char   *address)
{
  g_autofree char *exact = make_key (user, address);

  return g_hash_table_contains (self->familiar, exact);
}

static void
make_familiar (BwSignInGate *self,
               const char   *key)
{
  GHashTableIter iter;

  if (g_hash_table_size (self->familiar) >= MAX_FAMILIAR)
    {
      g_hash_table_iter_init (&iter, self->familiar);
      if (g_hash_table_iter_next (&iter, NULL, NULL))
        g_hash_table_iter_remove (&iter);
    }

  g_hash_table_add (self->familiar, g_strdup (key));
}

void
bw_sign_in_gate_pass (BwSignInGate *self,
                      const char   *user,
                      const char   *address)
{
  g_autofree char *network = bw_throttle_dup_network (address);
  g_autofree char *exact = user != NULL ? make_key (user, address) : NULL;
  g_autofree char *wide = user != NULL ? make_key (user, network) : NULL;

  if (exact == NULL)
    {
      bw_throttle_take_back (self->per_network, network);
      return;
    }

  if (!g_hash_table_contains (self->familiar, exact))
    {
      bw_throttle_take_back (self->per_network, network);
      make_familiar (self, exact);
    }
  bw_throttle_forget (self->per_account, exact);
  bw_throttle_forget (self->per_account, wide);
}

void
bw_sign_in_gate_take_back (BwSignInGate *self,
                           const char   *user,
                           const char   *address)
{
  g_autofree char *network = bw_throttle_dup_network (address);
  g_autofree char *exact = make_key (user, address);
  g_autofree char *wide = make_key (user, network);

  if (g_hash_table_contains (self->familiar, exact))
    {
      bw_throttle_take_back (self->per_account, exact);
      return;
    }

  bw_throttle_take_back (self->per_account, wide);
  bw_throttle_take_back (self->per_network, network);
}

gboolean
bw_sign_in_gate_try_code (BwSignInGate  *self,
                          gint64         account_id,
                          gint64         now_us,
                          GError       **error)
{
  char key[24];

  g_snprintf (key, sizeof key, "%" G_GINT64_FORMAT, account_id);

  return bw_throttle_attempt (self->per_code, key, now_us, error);
}

void
bw_sign_in_gate_pass_code (BwSignInGate *self,
                           gint64        account_id)
{
  char key[24];

  g_snprintf (key, sizeof key, "%" G_GINT64_FORMAT, account_id);
  bw_throttle_forget (self->per_code, key);
}

gboolean
bw_sign_in_gate_try_new (BwSignInGate  *self,
                         const char    *address,
                         gint64         now_us,
                         GError       **error)
{
  g_autofree char *network = bw_throttle_dup_network (address);

  return bw_throttle_attempt (self->new_accounts, network, now_us, error) &&
         bw_throttle_attempt (self->per_network, network, now_us, error);
}
