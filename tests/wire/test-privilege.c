/* test-privilege.c: every peer, every access, one table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-test"

#include "bw-privilege.h"

#include <glib.h>
#include <string.h>

#define ID      "aaaa-bbbb-cccc-dddd"
#define FOREIGN "eeee-ffff-gggg-hhhh"

/* One letter each for who may: u(napproved) d(evice) s(ession) b(ackend). The
 * device is ID; the session reaches ID and company 7, not FOREIGN nor company 8. */
static const struct
{
  BwAccess    access;
  const char *topic;
  const char *who;
} rules[] = {
  { BW_ACCESS_PUBLISH, "homie/5/" ID "/$state", "udb" },
  { BW_ACCESS_PUBLISH, "homie/5/" ID "/n/$x", "udb" },
  { BW_ACCESS_PUBLISH, "homie/5/" ID "/n/p/$x", "udb" },
  { BW_ACCESS_PUBLISH, "homie/5/" ID "-1/$state", "udb" },
  { BW_ACCESS_PUBLISH, "homie/" ID "/$fw/name", "udb" },
  { BW_ACCESS_PUBLISH, "homie/5/" ID "/n/p", "db" },
  { BW_ACCESS_PUBLISH, "homie/5/" ID "/n/p/$target", "db" },
  { BW_ACCESS_PUBLISH, "homie/" ID "/n/p", "db" },
  { BW_ACCESS_PUBLISH, "homie/5/" ID "/n/p/set", "b" },
  { BW_ACCESS_PUBLISH, "homie/5/$broadcast/x", "b" },
  { BW_ACCESS_PUBLISH, "homie/5/" FOREIGN "/$state", "b" },
  { BW_ACCESS_PUBLISH, "homie/5/" FOREIGN "/n/p", "b" },
  { BW_ACCESS_PUBLISH, "bellwether/presence/" ID, "b" },
  { BW_ACCESS_PUBLISH, "bellwether/changes/7", "b" },
  { BW_ACCESS_PUBLISH, "anything", "b" },
  { BW_ACCESS_PUBLISH, "", "b" },

  { BW_ACCESS_RECEIVE, "homie/5/" ID "/n/p/set", "dsb" },
  { BW_ACCESS_RECEIVE, "homie/5/" ID "-1/n/p/set", "dsb" },
  { BW_ACCESS_RECEIVE, "homie/5/" ID "/n/p", "dsb" },
  { BW_ACCESS_RECEIVE, "homie/5/" ID "/$state", "dsb" },
  { BW_ACCESS_RECEIVE, "homie/5/$broadcast/x", "db" },
  { BW_ACCESS_RECEIVE, "homie/$broadcast/x", "db" },
  { BW_ACCESS_RECEIVE, "homie/5/" FOREIGN "/n/p/set", "b" },
  { BW_ACCESS_RECEIVE, "homie/5/" FOREIGN "/n/p", "b" },
  { BW_ACCESS_RECEIVE, "homie/5/lamp/n/p", "b" },
  { BW_ACCESS_RECEIVE, "bellwether/presence/" ID, "sb" },
  { BW_ACCESS_RECEIVE, "bellwether/presence/" FOREIGN, "b" },
  { BW_ACCESS_RECEIVE, "bellwether/changes/7", "sb" },
  { BW_ACCESS_RECEIVE, "bellwether/changes/8", "b" },
  { BW_ACCESS_RECEIVE, "bellwether/broker", "b" },
  { BW_ACCESS_RECEIVE, "$SYS/broker/version", "b" },

  { BW_ACCESS_SUBSCRIBE, "homie/5/" ID "/#", "udsb" },
  { BW_ACCESS_SUBSCRIBE, "homie/5/" ID "/+/+/set", "udsb" },
  { BW_ACCESS_SUBSCRIBE, "homie/5/" ID "-1/#", "udsb" },
  { BW_ACCESS_SUBSCRIBE, "homie/" ID "/n/p/set", "udsb" },
  { BW_ACCESS_SUBSCRIBE, "homie/5/$broadcast/#", "udb" },
  { BW_ACCESS_SUBSCRIBE, "homie/$broadcast/#", "udb" },
  { BW_ACCESS_SUBSCRIBE, "homie/5/" FOREIGN "/#", "b" },
  { BW_ACCESS_SUBSCRIBE, "homie/5/" ID, "b" },
  { BW_ACCESS_SUBSCRIBE, "homie/5/" ID "/", "b" },
  { BW_ACCESS_SUBSCRIBE, "homie/5/" ID "x/#", "b" },
  { BW_ACCESS_SUBSCRIBE, "homie/5/" ID "-/#", "b" },
  { BW_ACCESS_SUBSCRIBE, "homie/5/+/#", "b" },
  { BW_ACCESS_SUBSCRIBE, "homie/5/#", "b" },
  { BW_ACCESS_SUBSCRIBE, "homie/+/" ID "/#", "b" },
  { BW_ACCESS_SUBSCRIBE, "homie/+/#", "b" },
  { BW_ACCESS_SUBSCRIBE, "homie/#", "b" },
  { BW_ACCESS_SUBSCRIBE, "homie", "b" },
  { BW_ACCESS_SUBSCRIBE, "+/5/" ID "/#", "b" },
  { BW_ACCESS_SUBSCRIBE, "#", "b" },
  { BW_ACCESS_SUBSCRIBE, "+", "b" },
  { BW_ACCESS_SUBSCRIBE, "$share/g/homie/5/" ID "/#", "b" },
  { BW_ACCESS_SUBSCRIBE, "$SYS/#", "b" },
  { BW_ACCESS_SUBSCRIBE, "bellwether/presence/" ID, "sb" },
  { BW_ACCESS_SUBSCRIBE, "bellwether/presence/" FOREIGN, "b" },
  { BW_ACCESS_SUBSCRIBE, "bellwether/presence/+", "b" },
  { BW_ACCESS_SUBSCRIBE, "bellwether/changes/7", "sb" },
  { BW_ACCESS_SUBSCRIBE, "bellwether/changes/8", "b" },
  { BW_ACCESS_SUBSCRIBE, "bellwether/changes/+", "b" },
  { BW_ACCESS_SUBSCRIBE, "bellwether/changes/123456789012345678901234567890123", "b" },
  { BW_ACCESS_SUBSCRIBE, "bellwether/#", "b" },
};

static const struct
{
  BwPeer      peer;
  char        letter;
  const char *username;
} peers[] = {
  { BW_PEER_UNAPPROVED, 'u', ID },
  { BW_PEER_DEVICE, 'd', ID },
  { BW_PEER_SESSION, 's', "session" },
  { BW_PEER_SERVICE, 'b', "bellwetherd-1" },
};

static bool
reaches (void       *data,
         bool        is_company,
         const char *id)
{
  return is_company ? strcmp (id, "7") == 0 : strcmp (id, ID) == 0;
}

static void
test_rules (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      for (gsize k = 0; k < G_N_ELEMENTS (peers); k++)
        {
          gboolean expected = strchr (rules[i].who, peers[k].letter) != NULL;

          g_test_message ("%c %d %s", peers[k].letter, rules[i].access, rules[i].topic);
          g_assert_true (bw_privilege_allows (peers[k].peer, peers[k].username, rules[i].access, rules[i].topic,
                                              reaches, NULL) == expected);
        }
    }
}

static void
test_nobody (void)
{
  for (gsize k = 0; k < G_N_ELEMENTS (peers); k++)
    {
      g_assert_false (bw_privilege_allows (peers[k].peer, NULL, BW_ACCESS_RECEIVE, "homie/5/" ID "/$state", reaches, NULL));
      g_assert_false (bw_privilege_allows (peers[k].peer, "", BW_ACCESS_RECEIVE, "homie/5/" ID "/$state", reaches, NULL));
      g_assert_false (bw_privilege_allows (peers[k].peer, ID, BW_ACCESS_RECEIVE, NULL, reaches, NULL));
    }

  g_assert_false (bw_privilege_allows ((BwPeer) 99, ID, BW_ACCESS_RECEIVE, "homie/5/" ID "/$state", reaches, NULL));
  g_assert_false (bw_privilege_allows (BW_PEER_SESSION, "s", BW_ACCESS_SUBSCRIBE, "homie/5/" ID "/#", NULL, NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/privilege/rules", test_rules);
  g_test_add_func ("/wire/privilege/nobody", test_nobody);

  return g_test_run ();
}
