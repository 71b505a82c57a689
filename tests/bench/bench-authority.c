/* bench-authority.c: what a decision costs, from memory
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <stdio.h>

#include "bw-authority.h"

#define N_COMPANIES 10000
#define N_ACTORS    1000
#define N_DECISIONS 4000000

/* Of 300,000 participations those that are not in use cost nothing here: an actor is made
 * of one when its session begins or the participation changes. */
int
main (void)
{
  g_autoptr(BwAuthority) authority = bw_authority_new ();
  g_autoptr(GRand) rand = g_rand_new_with_seed (7);
  g_autofree BwActor **actors = g_new0 (BwActor *, N_ACTORS);
  BwAccountRow account = { .id = 1, .email = (char *) "a@b" };
  guint64 n_allowed = 0;
  gint64 start_us;
  double us;

  bw_authority_put_company (authority, 1, 0);
  for (gint64 id = 2; id <= N_COMPANIES; id++)
    bw_authority_put_company (authority, id, g_rand_int_range (rand, (gint32) MAX (id / 8, 1), (gint32) id));

  for (guint i = 0; i < N_ACTORS; i++)
    {
      BwParticipationRow participation = {
        .id = i + 1, .permissions = BW_PERMISSION_ALL,
        .company_id = g_rand_int_range (rand, 1, N_COMPANIES / 100),
      };

      actors[i] = bw_actor_new ("session", &account, &participation, FALSE, 0);
    }

  start_us = g_get_monotonic_time ();
  for (guint i = 0; i < N_DECISIONS; i++)
    {
      gint64 company_id = 1 + (gint64) (((guint64) i * 2654435761u) % N_COMPANIES);

      n_allowed += bw_authority_decide (authority, actors[i % N_ACTORS], BW_PERMISSION_CONTROL_DEVICES,
                                        company_id, "device", NULL);
    }
  us = (double) (g_get_monotonic_time () - start_us) / N_DECISIONS;

  printf ("a decision, %d companies, %.0f %% allowed | %.3f µs | - | - | < 2 µs\n",
          N_COMPANIES, 100.0 * (double) n_allowed / N_DECISIONS, us);

  for (guint i = 0; i < N_ACTORS; i++)
    bw_actor_unref (actors[i]);

  return 0;
}
