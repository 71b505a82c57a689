/* test-presence.c: who is connected, as the plugin says
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-test"

#include "bw-test-stage.h"

#define LAMP_PRESENCE  "bellwether/presence/" LAMP
#define METER_PRESENCE "bellwether/presence/" METER

static void
test_comes_and_goes (BwTestStage   *stage,
                     gconstpointer  data)
{
  g_autoptr(BwTestClient) watcher = bw_test_stage_service (stage);
  g_autoptr(BwTestClient) late = NULL;
  BwTestClient *lamp;
  BwTestClient *second;

  g_assert_true (bw_test_client_subscribe (watcher, "bellwether/presence/#"));
  g_assert_null (bw_test_client_get_last (watcher, LAMP_PRESENCE));

  lamp = bw_test_stage_connect (stage, TEST_V5, NULL, LAMP, LAMP_KEY);
  bw_test_client_wait_text (watcher, LAMP_PRESENCE, "{\"online\":true,\"address\":\"127.0.0.1\",\"atUs\":1");

  /* it is retained */
  late = bw_test_stage_connect (stage, TEST_V5, NULL, BOSS, BOSS_TOKEN);
  g_assert_true (bw_test_client_subscribe (late, LAMP_PRESENCE));
  bw_test_client_wait_text (late, LAMP_PRESENCE, "true");

  /* a second connection of the same device: gone is who has none left */
  second = bw_test_stage_connect (stage, TEST_V3, NULL, LAMP, LAMP_KEY);
  bw_test_client_drop (lamp);
  bw_test_client_free (lamp);
  bw_test_spin (300);
  g_assert_nonnull (strstr (bw_test_client_get_last (watcher, LAMP_PRESENCE), "true"));
  bw_test_client_free (second);
  bw_test_client_wait_text (watcher, LAMP_PRESENCE, "{\"online\":false,\"address\":\"127.0.0.1\",\"atUs\":1");

  /* sessions and backends have none */
  g_assert_null (bw_test_client_get_last (watcher, "bellwether/presence/" BOSS));
  g_assert_null (bw_test_client_get_last (watcher, "bellwether/presence/" SERVICE));
}

/* The broker tells a plugin of refused connections as of any other that ends. */
static void
test_strangers (BwTestStage   *stage,
                gconstpointer  data)
{
  g_autoptr(BwTestClient) watcher = bw_test_stage_service (stage);
  g_autoptr(BwTestClient) lamp = bw_test_stage_connect (stage, TEST_V5, "lamp", LAMP, LAMP_KEY);

  g_assert_true (bw_test_client_subscribe (watcher, "bellwether/presence/#"));
  bw_test_client_wait_text (watcher, LAMP_PRESENCE, "true");
  bw_test_client_forget (watcher);

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr(BwTestClient) stranger = NULL;
      g_autoptr(BwTestClient) unknown = NULL;

      stranger = bw_test_stage_connect (stage, i % 2 == 0 ? TEST_V3 : TEST_V5, i % 3 == 0 ? "lamp" : NULL, LAMP, "wrong");
      g_assert_cmpint (bw_test_client_get_answer (stranger), !=, 0);
      unknown = bw_test_stage_connect (stage, TEST_V5, NULL, METER, "wrong");
      g_assert_cmpint (bw_test_client_get_answer (unknown), !=, 0);
    }

  bw_test_spin (300);
  g_assert_true (bw_test_client_subscribe (watcher, "fence"));
  g_assert_cmpuint (bw_test_client_get_n_arrived (watcher), ==, 0);
  g_assert_true (bw_test_client_is_connected (lamp));
}

/* A device that takes over its own connection was never away. */
static void
test_takes_over (BwTestStage   *stage,
                 gconstpointer  data)
{
  g_autoptr(BwTestClient) watcher = bw_test_stage_service (stage);
  g_autoptr(BwTestClient) last = NULL;

  g_assert_true (bw_test_client_subscribe (watcher, "bellwether/presence/#"));

  for (guint i = 0; i < 10; i++)
    {
      g_clear_pointer (&last, bw_test_client_free);
      last = bw_test_stage_connect (stage, TEST_V5, "lamp", LAMP, LAMP_KEY);
      {
        g_autoptr(BwTestClient) before = g_steal_pointer (&last);

        last = bw_test_stage_connect (stage, TEST_V3, "lamp", LAMP, LAMP_KEY);
        g_assert_cmpint (bw_test_client_get_answer (last), ==, 0);
        bw_test_client_wait_gone (before);
      }
    }

  bw_test_spin (300);
  bw_test_client_wait_text (watcher, LAMP_PRESENCE, "true");

  g_clear_pointer (&last, bw_test_client_free);
  bw_test_client_wait_text (watcher, LAMP_PRESENCE, "false");
}

/* The broker keeps "online" over a restart; nobody gets to see it. */
static void
test_restart (BwTestStage   *stage,
              gconstpointer  data)
{
  {
    g_autoptr(BwTestClient) watcher = bw_test_stage_service (stage);
    g_autoptr(BwTestClient) lamp = bw_test_stage_connect (stage, TEST_V5, NULL, LAMP, LAMP_KEY);
    g_autoptr(BwTestClient) meter = bw_test_stage_connect (stage, TEST_V5, NULL, METER, METER_KEY);

    g_assert_true (bw_test_client_subscribe (watcher, "bellwether/#"));
    bw_test_client_wait_text (watcher, LAMP_PRESENCE, "true");
    bw_test_client_wait_text (watcher, METER_PRESENCE, "true");
    g_assert_true (bw_test_client_is_connected (lamp));
    g_assert_true (bw_test_client_is_connected (meter));
    bw_test_broker_stop (stage->broker);
  }

  bw_test_broker_start (stage->broker);
  bw_test_stage_wait_open (stage, TRUE);

  {
    g_autoptr(BwTestClient) meter = bw_test_stage_connect (stage, TEST_V5, NULL, METER, METER_KEY);
    g_autoptr(BwTestClient) watcher = bw_test_stage_service (stage);
    g_autoptr(BwTestClient) boss = bw_test_stage_connect (stage, TEST_V5, NULL, BOSS, BOSS_TOKEN);

    /* what is retained arrives with the subscription: nothing false among it */
    g_assert_true (bw_test_client_subscribe (watcher, "bellwether/#"));
    g_assert_true (bw_test_client_subscribe (boss, LAMP_PRESENCE));
    g_assert_true (bw_test_client_subscribe (watcher, "fence"));
    if (bw_test_client_get_last (watcher, LAMP_PRESENCE) != NULL)
      g_assert_null (strstr (bw_test_client_get_last (watcher, LAMP_PRESENCE), "true"));

    bw_test_client_wait_text (watcher, LAMP_PRESENCE, "false");
    bw_test_client_wait_text (boss, LAMP_PRESENCE, "false");
    bw_test_client_wait_text (watcher, METER_PRESENCE, "true");
    g_assert_true (bw_test_client_is_connected (meter));
  }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  bw_test_stage_init (argc, argv);

#define ADD(name, function) \
  g_test_add ("/plugin/presence/" name, BwTestStage, NULL, bw_test_stage_set_up, function, bw_test_stage_tear_down)

  ADD ("comes-and-goes", test_comes_and_goes);
  ADD ("strangers", test_strangers);
  ADD ("takes-over", test_takes_over);
  ADD ("restart", test_restart);

  return g_test_run ();
}
