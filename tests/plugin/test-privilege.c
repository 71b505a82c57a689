/* test-privilege.c: what a client may publish, subscribe and gets to see
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-test"

#include "bw-test-stage.h"

/* What a device publishes: whether it is taken before and after approval. */
static const struct
{
  const char *topic;
  gboolean    before;
  gboolean    after;
} publications[] = {
  { "homie/5/" NEWCOMER "/$state", TRUE, TRUE },
  { "homie/5/" NEWCOMER "/$description", TRUE, TRUE },
  { "homie/5/" NEWCOMER "/$log/error", TRUE, TRUE },
  { "homie/5/" NEWCOMER "-child/$state", TRUE, TRUE },
  { "homie/" NEWCOMER "/$homie", TRUE, TRUE },
  { "homie/" NEWCOMER "/$fw/version", TRUE, TRUE },
  { "homie/" NEWCOMER "/meter/$properties", TRUE, TRUE },
  { "homie/" NEWCOMER "/meter/power/$datatype", TRUE, TRUE },
  { "homie/5/" NEWCOMER "/meter/power", FALSE, TRUE },
  { "homie/5/" NEWCOMER "/meter/power/$target", FALSE, TRUE },
  { "homie/5/" NEWCOMER "-child/meter/power", FALSE, TRUE },
  { "homie/" NEWCOMER "/meter/power", FALSE, TRUE },
  { "homie/5/" NEWCOMER "/meter/power/set", FALSE, FALSE },
  { "homie/5/" LAMP "/$state", FALSE, FALSE },
  { "homie/5/" LAMP "/meter/power", FALSE, FALSE },
  { "homie/5/" LAMP "/meter/power/set", FALSE, FALSE },
  { "homie/5/" NEWCOMER "x/$state", FALSE, FALSE },
  { "homie/5/" NEWCOMER "-/$state", FALSE, FALSE },
  { "homie/5/" NEWCOMER, FALSE, FALSE },
  { "homie/5/" NEWCOMER "/a/b/c/d", FALSE, FALSE },
  { "homie/5/" NEWCOMER "//power", FALSE, FALSE },
  { "homie/5/$broadcast/alert", FALSE, FALSE },
  { "homie/4/" NEWCOMER "/$state", FALSE, FALSE },
  { "/homie/5/" NEWCOMER "/$state", FALSE, FALSE },
  { "other/5/" NEWCOMER "/$state", FALSE, FALSE },
  { "bellwether/presence/" NEWCOMER, FALSE, FALSE },
  { "bellwether/presence/" LAMP, FALSE, FALSE },
  { "bellwether/changes/2", FALSE, FALSE },
  { "bellwether/broker", FALSE, FALSE },
};

/* What a device may subscribe, approved or not; delivery is another matter. */
static const struct
{
  const char *filter;
  gboolean    granted;
} device_filters[] = {
  { "homie/5/" NEWCOMER "/#", TRUE },
  { "homie/5/" NEWCOMER "/+/+/set", TRUE },
  { "homie/" NEWCOMER "/#", TRUE },
  { "homie/" NEWCOMER "/a/b/set", TRUE },
  { "homie/5/" NEWCOMER "-child/#", TRUE },
  { "homie/5/$broadcast/#", TRUE },
  { "homie/$broadcast/#", TRUE },
  { "#", FALSE },
  { "+/#", FALSE },
  { "+", FALSE },
  { "homie/#", FALSE },
  { "homie/+/#", FALSE },
  { "homie/5/#", FALSE },
  { "homie/5/+/#", FALSE },
  { "homie/5/+/a/b/set", FALSE },
  { "+/5/" NEWCOMER "/#", FALSE },
  { "homie/+/" NEWCOMER "/#", FALSE },
  { "homie/5/" LAMP "/#", FALSE },
  { "homie/5/" NEWCOMER "x/#", FALSE },
  { "homie/" LAMP "/a/b", FALSE },
  { "$SYS/#", FALSE },
  { "$SYS/broker/version", FALSE },
  { "$CONTROL/#", FALSE },
  { "bellwether/#", FALSE },
  { "bellwether/presence/" NEWCOMER, FALSE },
  { "bellwether/presence/+", FALSE },
  { "bellwether/changes/2", FALSE },
  { "$share/g/#", FALSE },
  { "$share/g/homie/5/" NEWCOMER "/#", FALSE },
  { "$share/g/homie/5/" LAMP "/#", FALSE },
};

static void
publish_all (BwTestStage *stage,
             int          version,
             gboolean     approved)
{
  g_autoptr(BwTestClient) watcher = bw_test_stage_service (stage);
  g_autoptr(BwTestClient) device = bw_test_stage_connect (stage, version, NULL, NEWCOMER, NEWCOMER_KEY);

  g_assert_cmpint (bw_test_client_get_answer (device), ==, 0);
  g_assert_true (bw_test_client_subscribe (watcher, "#"));

  for (gsize i = 0; i < G_N_ELEMENTS (publications); i++)
    {
      gboolean expected = approved ? publications[i].after : publications[i].before;
      gboolean taken;

      bw_test_client_forget (watcher);
      taken = bw_test_client_publish (device, publications[i].topic, "x", TRUE);
      g_test_message ("%s: %d", publications[i].topic, taken);

      /* 3.1.1 cannot say no, and mosquitto keeps the connection */
      if (version == TEST_V5)
        g_assert_true (taken == expected);

      /* all that was on its way has arrived behind this */
      g_assert_true (bw_test_client_subscribe (watcher, "fence"));
      g_assert_true ((bw_test_client_get_last (watcher, publications[i].topic) != NULL) == expected);
    }

  /* a device that says what it may not say is not thrown out for it, whatever the QoS */
  for (int qos = 0; qos <= 2; qos++)
    {
      for (guint i = 0; i < 50; i++)
        bw_test_client_say (device, "homie/5/" NEWCOMER "/meter/power/set", "x", qos);
      g_assert_true (bw_test_client_subscribe (device, "homie/5/" NEWCOMER "/#"));
    }
  g_assert_true (bw_test_client_is_connected (device));

  /* nothing of what was refused was kept either */
  bw_test_client_forget (watcher);
  g_assert_true (bw_test_client_subscribe (watcher, "+/#"));
  g_assert_true (bw_test_client_subscribe (watcher, "fence"));
  for (gsize i = 0; i < G_N_ELEMENTS (publications); i++)
    {
      gboolean expected = approved ? publications[i].after : publications[i].before;

      if (!g_str_has_prefix (publications[i].topic, "bellwether/"))
        g_assert_true ((bw_test_client_get_last (watcher, publications[i].topic) != NULL) == expected);
    }
}

static void
subscribe_all (BwTestStage *stage,
               int          version)
{
  g_autoptr(BwTestClient) device = bw_test_stage_connect (stage, version, NULL, NEWCOMER, NEWCOMER_KEY);

  for (gsize i = 0; i < G_N_ELEMENTS (device_filters); i++)
    {
      g_test_message ("%s", device_filters[i].filter);
      g_assert_true (bw_test_client_subscribe (device, device_filters[i].filter) == device_filters[i].granted);
    }
}

static void
test_devices (BwTestStage   *stage,
              gconstpointer  data)
{
  int version = GPOINTER_TO_INT (data);

  publish_all (stage, version, FALSE);
  subscribe_all (stage, version);
  bw_test_stage_set_state (stage, NEWCOMER, TEST_APPROVED);
  publish_all (stage, version, TRUE);
  subscribe_all (stage, version);
}

/* Nothing at all is delivered before approval: live, retained or kept; all of its own after. */
static void
test_delivery (BwTestStage   *stage,
               gconstpointer  data)
{
  g_autoptr(BwTestClient) service = bw_test_stage_service (stage);
  BwTestClientSetup setup = {
    .version = GPOINTER_TO_INT (data),
    .client_id = "keeps",
    .username = NEWCOMER,
    .password = NEWCOMER_KEY,
    .keep_session = TRUE,
  };
  guint16 port = bw_test_broker_get_port (stage->broker);
  g_autoptr(BwTestClient) device = NULL;

  g_assert_true (bw_test_client_publish (service, "homie/5/" NEWCOMER "/lamp/kept", "1", TRUE));
  g_assert_true (bw_test_client_publish (service, "homie/5/$broadcast/kept", "1", TRUE));

  device = bw_test_client_new (port, &setup);
  g_assert_true (bw_test_client_subscribe (device, "homie/5/" NEWCOMER "/#"));
  g_assert_true (bw_test_client_subscribe (device, "homie/5/$broadcast/#"));
  g_assert_true (bw_test_client_publish (device, "homie/5/" NEWCOMER "/$state", "init", TRUE));
  g_assert_true (bw_test_client_publish (service, "homie/5/" NEWCOMER "/lamp/on/set", "true", FALSE));
  g_assert_true (bw_test_client_publish (service, "homie/5/$broadcast/alert", "fire", FALSE));
  g_assert_true (bw_test_client_subscribe (device, "homie/5/" NEWCOMER "/#"));
  g_assert_cmpuint (bw_test_client_get_n_arrived (device), ==, 0);

  /* away, but with subscriptions that stay: nothing is kept for it either */
  g_clear_pointer (&device, bw_test_client_free);
  g_assert_true (bw_test_client_publish (service, "homie/5/" NEWCOMER "/lamp/on/set", "true", FALSE));
  device = bw_test_client_new (port, &setup);
  g_assert_true (bw_test_client_subscribe (device, "homie/5/$broadcast/none"));
  g_assert_cmpuint (bw_test_client_get_n_arrived (device), ==, 0);

  bw_test_stage_set_state (stage, NEWCOMER, TEST_APPROVED);
  bw_test_client_wait_gone (device);
  bw_test_client_free (device);
  device = bw_test_client_new (port, &setup);
  g_assert_true (bw_test_client_publish (service, "homie/5/" NEWCOMER "/lamp/on/set", "false", FALSE));
  bw_test_client_wait_text (device, "homie/5/" NEWCOMER "/lamp/on/set", "false");
  g_assert_true (bw_test_client_publish (service, "homie/5/$broadcast/alert", "fire", FALSE));
  bw_test_client_wait_text (device, "homie/5/$broadcast/alert", "fire");

  /* approved and away: its set waits; not approved any more: what waits is not handed out */
  g_clear_pointer (&device, bw_test_client_free);
  g_assert_true (bw_test_client_publish (service, "homie/5/" NEWCOMER "/lamp/on/set", "later", FALSE));
  device = bw_test_client_new (port, &setup);
  bw_test_client_wait_text (device, "homie/5/" NEWCOMER "/lamp/on/set", "later");
  g_clear_pointer (&device, bw_test_client_free);
  g_assert_true (bw_test_client_publish (service, "homie/5/" NEWCOMER "/lamp/on/set", "too late", FALSE));
  bw_test_stage_set_state (stage, NEWCOMER, TEST_UNAPPROVED);
  device = bw_test_client_new (port, &setup);
  g_assert_true (bw_test_client_subscribe (device, "homie/5/" NEWCOMER "/#"));
  g_assert_cmpuint (bw_test_client_get_n_arrived (device), ==, 0);
}

/* What a device measured before it was let in comes out when it is, and not before. */
static void
test_held_back (BwTestStage   *stage,
                gconstpointer  data)
{
  g_autoptr(BwTestClient) watcher = bw_test_stage_service (stage);
  g_autoptr(BwTestClient) device = bw_test_stage_connect (stage, GPOINTER_TO_INT (data), NULL, NEWCOMER, NEWCOMER_KEY);
  g_autofree char *large = g_strnfill (70 * 1024, 'x');

  g_assert_true (bw_test_client_subscribe (watcher, "homie/#"));
  g_assert_true (bw_test_client_subscribe (watcher, "bellwether/presence/+"));
  bw_test_client_publish (device, "homie/5/" NEWCOMER "/lamp/on", "false", TRUE);
  bw_test_client_publish (device, "homie/5/" NEWCOMER "/lamp/on", "true", TRUE);
  bw_test_client_publish (device, "homie/5/" NEWCOMER "/lamp/gone", "1", TRUE);
  bw_test_client_publish (device, "homie/5/" NEWCOMER "/lamp/gone", "", TRUE);
  bw_test_client_publish (device, "homie/5/" NEWCOMER "/lamp/pressed", "1", FALSE);
  bw_test_client_publish (device, "homie/5/" NEWCOMER "/lamp/large", large, TRUE);
  bw_test_client_publish (device, "homie/5/" NEWCOMER "/lamp/on/set", "true", TRUE);
  bw_test_client_publish (device, "homie/5/" LAMP "/lamp/on", "stolen", TRUE);
  g_assert_true (bw_test_client_publish (watcher, "homie/fence", "", FALSE));
  g_assert_null (bw_test_client_get_last (watcher, "homie/5/" NEWCOMER "/lamp/on"));

  /* it need not be there any more */
  g_clear_pointer (&device, bw_test_client_free);
  bw_test_stage_set_state (stage, NEWCOMER, TEST_APPROVED);
  bw_test_client_wait_text (watcher, "homie/5/" NEWCOMER "/lamp/on", "true");
  g_assert_true (bw_test_client_subscribe (watcher, "fence"));
  g_assert_null (bw_test_client_get_last (watcher, "homie/5/" NEWCOMER "/lamp/gone"));
  g_assert_null (bw_test_client_get_last (watcher, "homie/5/" NEWCOMER "/lamp/pressed"));
  g_assert_null (bw_test_client_get_last (watcher, "homie/5/" NEWCOMER "/lamp/large"));
  g_assert_null (bw_test_client_get_last (watcher, "homie/5/" NEWCOMER "/lamp/on/set"));
  g_assert_null (bw_test_client_get_last (watcher, "homie/5/" LAMP "/lamp/on"));

  /* let out, then blocked: what it said in between is forgotten */
  bw_test_client_forget (watcher);
  bw_test_stage_set_state (stage, NEWCOMER, TEST_UNAPPROVED);
  device = bw_test_stage_connect (stage, GPOINTER_TO_INT (data), NULL, NEWCOMER, NEWCOMER_KEY);
  bw_test_client_publish (device, "homie/5/" NEWCOMER "/lamp/on", "false", TRUE);
  bw_test_stage_set_state (stage, NEWCOMER, TEST_BLOCKED);
  bw_test_client_wait_gone (device);
  bw_test_stage_set_state (stage, NEWCOMER, TEST_APPROVED);
  bw_test_client_wait_text (watcher, "bellwether/presence/" NEWCOMER, "false");
  g_assert_null (bw_test_client_get_last (watcher, "homie/5/" NEWCOMER "/lamp/on"));
}

static gboolean
retain (BwTestClient *device,
        const char   *name,
        const char   *payload)
{
  g_autofree char *topic = g_strconcat ("homie/5/" NEWCOMER "/", name, NULL);

  return bw_test_client_publish (device, topic, payload, TRUE);
}

static gboolean
retain_number (BwTestClient *device,
               guint         number)
{
  g_autofree char *name = g_strdup_printf ("node-%u/$name", number);

  return retain (device, name, "x");
}

/* What is retained before approval has an end; what is replaced or taken back makes room. */
static void
test_quota (BwTestStage   *stage,
            gconstpointer  data)
{
  g_autoptr(BwTestClient) device = bw_test_stage_connect (stage, TEST_V5, NULL, NEWCOMER, NEWCOMER_KEY);
  g_autofree char *large = g_strnfill (1000 * 1000, 'x');
  guint n = 0;

  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *name = g_strdup_printf ("$large-%u", i);

      g_assert_true (retain (device, name, large));
    }
  g_assert_false (retain (device, "$large-4", large));
  g_assert_true (retain (device, "$large-3", large));
  g_assert_true (retain (device, "$state", "init"));
  g_assert_true (bw_test_client_publish (device, "homie/5/" NEWCOMER "/$log/info", large, FALSE));

  /* coming back does not help */
  g_clear_pointer (&device, bw_test_client_free);
  device = bw_test_stage_connect (stage, TEST_V5, NULL, NEWCOMER, NEWCOMER_KEY);
  g_assert_false (retain (device, "$large-4", large));
  g_assert_true (retain (device, "$large-0", ""));
  g_assert_true (retain (device, "$large-4", large));

  while (n < 5000 && retain_number (device, n))
    n++;
  g_assert_cmpuint (n, ==, 4096 - 5);
  g_assert_true (retain_number (device, 0));
  g_assert_true (retain (device, "$state", "ready"));
  g_assert_true (bw_test_client_is_connected (device));

  g_clear_pointer (&device, bw_test_client_free);
  bw_test_stage_set_state (stage, NEWCOMER, TEST_APPROVED);
  device = bw_test_stage_connect (stage, TEST_V5, NULL, NEWCOMER, NEWCOMER_KEY);
  g_assert_true (retain_number (device, n));
}

/* A last will is a publication like any other. */
static void
test_wills (BwTestStage   *stage,
            gconstpointer  data)
{
  static const struct
  {
    const char *username;
    const char *password;
    const char *topic;
    gboolean    allowed;
  } wills[] = {
    { LAMP, LAMP_KEY, "homie/5/" LAMP "/$state", TRUE },
    { LAMP, LAMP_KEY, "homie/5/" METER "/$state", FALSE },
    { LAMP, LAMP_KEY, "bellwether/presence/" METER, FALSE },
    { NEWCOMER, NEWCOMER_KEY, "homie/5/" NEWCOMER "/$state", TRUE },
    { NEWCOMER, NEWCOMER_KEY, "homie/5/" NEWCOMER "/a/b", FALSE },
    { BOSS, BOSS_TOKEN, "homie/5/" LAMP "/a/b/set", FALSE },
  };
  g_autoptr(BwTestClient) watcher = bw_test_stage_service (stage);

  g_assert_true (bw_test_client_subscribe (watcher, "homie/#"));

  for (gsize i = 0; i < G_N_ELEMENTS (wills); i++)
    {
      BwTestClientSetup setup = {
        .version = GPOINTER_TO_INT (data),
        .username = wills[i].username,
        .password = wills[i].password,
        .will_topic = wills[i].topic,
      };
      BwTestClient *dying = bw_test_client_new (bw_test_broker_get_port (stage->broker), &setup);
      g_autoptr(BwTestClient) after = NULL;
      BwTestClientSetup good = { .username = METER, .password = METER_KEY, .will_topic = "homie/5/" METER "/$state" };

      bw_test_client_forget (watcher);
      g_assert_cmpint (bw_test_client_get_answer (dying), ==, 0);
      bw_test_client_drop (dying);

      /* a will that is allowed, of one who dies behind it */
      after = bw_test_client_new (bw_test_broker_get_port (stage->broker), &good);
      bw_test_client_drop (after);
      bw_test_client_wait_text (watcher, "homie/5/" METER "/$state", "lost");

      g_test_message ("%s", wills[i].topic);
      if (wills[i].allowed)
        bw_test_client_wait_text (watcher, wills[i].topic, "lost");
      else if (!g_str_equal (wills[i].topic, "homie/5/" METER "/$state"))
        g_assert_null (bw_test_client_get_last (watcher, wills[i].topic));
      else
        g_assert_cmpuint (bw_test_client_get_n_arrived (watcher), ==, 1);

      bw_test_client_free (dying);
    }
}

/* A blocked device's will is not sent: it has nothing to say any more. */
static void
test_will_of_blocked (BwTestStage   *stage,
                      gconstpointer  data)
{
  g_autoptr(BwTestClient) watcher = bw_test_stage_service (stage);
  g_autoptr(BwTestClient) lamp = NULL;
  BwTestClientSetup setup = {
    .version = GPOINTER_TO_INT (data),
    .username = LAMP,
    .password = LAMP_KEY,
    .will_topic = "homie/5/" LAMP "/$state",
  };

  g_assert_true (bw_test_client_subscribe (watcher, "#"));
  lamp = bw_test_client_new (bw_test_broker_get_port (stage->broker), &setup);
  bw_test_stage_set_state (stage, LAMP, TEST_BLOCKED);
  bw_test_client_wait_text (watcher, "bellwether/presence/" LAMP, "false");
  g_assert_true (bw_test_client_subscribe (watcher, "fence"));
  g_assert_null (bw_test_client_get_last (watcher, "homie/5/" LAMP "/$state"));
}

/* The clerk is of company 2, which is above nobody; the boss of company 1, above 2 and 3. */
static const struct
{
  const char *filter;
  gboolean    clerk;
  gboolean    boss;
} session_filters[] = {
  { "homie/5/" LAMP "/#", TRUE, TRUE },
  { "homie/5/" LAMP "/+/+", TRUE, TRUE },
  { "homie/5/" LAMP "-child/#", TRUE, TRUE },
  { "homie/" LAMP "/#", TRUE, TRUE },
  { "bellwether/presence/" LAMP, TRUE, TRUE },
  { "bellwether/changes/2", TRUE, TRUE },
  { "homie/5/" METER "/#", FALSE, TRUE },
  { "bellwether/presence/" METER, FALSE, TRUE },
  { "bellwether/changes/3", FALSE, TRUE },
  { "bellwether/changes/1", FALSE, TRUE },
  { "bellwether/changes/9", FALSE, FALSE },
  { "bellwether/changes/2x", FALSE, FALSE },
  { "bellwether/changes/+", FALSE, FALSE },
  { "bellwether/changes/#", FALSE, FALSE },
  { "bellwether/presence/+", FALSE, FALSE },
  { "bellwether/#", FALSE, FALSE },
  { "bellwether/broker", FALSE, FALSE },
  { "homie/5/xxxx-0000-0000-0000/#", FALSE, FALSE },
  { "homie/5/+/#", FALSE, FALSE },
  { "homie/5/#", FALSE, FALSE },
  { "homie/+/#", FALSE, FALSE },
  { "homie/#", FALSE, FALSE },
  { "homie/$broadcast/#", FALSE, FALSE },
  { "#", FALSE, FALSE },
  { "+/5/" LAMP "/#", FALSE, FALSE },
  { "$SYS/#", FALSE, FALSE },
  { "$share/g/homie/5/" LAMP "/#", FALSE, FALSE },
};

static void
test_sessions (BwTestStage   *stage,
               gconstpointer  data)
{
  int version = GPOINTER_TO_INT (data);
  g_autoptr(BwTestClient) service = bw_test_stage_service (stage);
  g_autoptr(BwTestClient) clerk = bw_test_stage_connect (stage, version, NULL, CLERK, CLERK_TOKEN);
  g_autoptr(BwTestClient) boss = bw_test_stage_connect (stage, version, NULL, BOSS, BOSS_TOKEN);

  for (gsize i = 0; i < G_N_ELEMENTS (session_filters); i++)
    {
      g_test_message ("%s", session_filters[i].filter);
      g_assert_true (bw_test_client_subscribe (clerk, session_filters[i].filter) == session_filters[i].clerk);
      g_assert_true (bw_test_client_subscribe (boss, session_filters[i].filter) == session_filters[i].boss);
    }

  /* each hears its own */
  g_assert_true (bw_test_client_publish (service, "homie/5/" METER "/a/b", "3", FALSE));
  g_assert_true (bw_test_client_publish (service, "homie/5/" LAMP "/a/b", "2", FALSE));
  g_assert_true (bw_test_client_publish (service, "bellwether/changes/3", "{}", FALSE));
  bw_test_client_wait_text (boss, "homie/5/" METER "/a/b", "3");
  bw_test_client_wait_text (boss, "homie/5/" LAMP "/a/b", "2");
  bw_test_client_wait_text (boss, "bellwether/changes/3", "{}");
  bw_test_client_wait_text (clerk, "homie/5/" LAMP "/a/b", "2");
  g_assert_null (bw_test_client_get_last (clerk, "homie/5/" METER "/a/b"));
  g_assert_null (bw_test_client_get_last (clerk, "bellwether/changes/3"));

  /* and says nothing */
  g_assert_true (bw_test_client_subscribe (service, "homie/#"));
  bw_test_client_forget (service);
  bw_test_client_publish (boss, "homie/5/" LAMP "/a/b/set", "9", FALSE);
  bw_test_client_publish (boss, "homie/5/" LAMP "/a/b", "9", TRUE);
  bw_test_client_publish (boss, "bellwether/changes/1", "9", FALSE);
  g_assert_true (bw_test_client_subscribe (service, "fence"));
  g_assert_cmpuint (bw_test_client_get_n_arrived (service), ==, 0);

  /* a device that goes to another company is out of sight at once, subscribed or not */
  bw_test_broker_db_put_device (stage->db, LAMP, LAMP_KEY, TEST_APPROVED, 3);
  bw_test_broker_db_put_session (stage->db, "probe", "probe-token", 2, g_get_real_time () + G_TIME_SPAN_HOUR);
  bw_test_spin (300);
  g_assert_true (bw_test_client_subscribe (clerk, "bellwether/changes/2"));
  bw_test_client_forget (clerk);
  g_assert_true (bw_test_client_publish (service, "homie/5/" LAMP "/a/b", "foreign", FALSE));
  bw_test_client_wait_text (boss, "homie/5/" LAMP "/a/b", "foreign");
  g_assert_false (bw_test_client_subscribe (clerk, "homie/5/" LAMP "/#"));
  g_assert_cmpuint (bw_test_client_get_n_arrived (clerk), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  bw_test_stage_init (argc, argv);

#define ADD(name, function) \
  g_test_add ("/plugin/privilege/" name "/3.1.1", BwTestStage, GINT_TO_POINTER (TEST_V3), bw_test_stage_set_up, function, bw_test_stage_tear_down); \
  g_test_add ("/plugin/privilege/" name "/5", BwTestStage, GINT_TO_POINTER (TEST_V5), bw_test_stage_set_up, function, bw_test_stage_tear_down)

  ADD ("devices", test_devices);
  ADD ("delivery", test_delivery);
  ADD ("held-back", test_held_back);
  g_test_add ("/plugin/privilege/quota", BwTestStage, NULL, bw_test_stage_set_up, test_quota, bw_test_stage_tear_down);
  ADD ("wills", test_wills);
  ADD ("will-of-blocked", test_will_of_blocked);
  ADD ("sessions", test_sessions);

  return g_test_run ();
}
