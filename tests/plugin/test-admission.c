/* test-admission.c: who may connect, and stay
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-test"

#include "bw-test-stage.h"

#include <glib/gstdio.h>
#include <unistd.h>

static const struct
{
  const char *what;
  const char *client_id;
  const char *username;
  const char *password;
  gboolean    admitted;
} visitors[] = {
  { "an approved device", NULL, LAMP, LAMP_KEY, TRUE },
  { "its id in upper case, no dashes", NULL, "1AMP00000000000A", LAMP_KEY, TRUE },
  { "its own id as client id", LAMP, LAMP, LAMP_KEY, TRUE },
  { "a client id of its liking", "sensor-1", LAMP, LAMP_KEY, TRUE },
  { "one that is not approved", NULL, NEWCOMER, NEWCOMER_KEY, TRUE },
  { "a blocked one", NULL, OUTCAST, OUTCAST_KEY, FALSE },
  { "an id nobody knows", NULL, "xxxx-0000-0000-0000", LAMP_KEY, FALSE },
  { "a wrong key", NULL, LAMP, "lamp-kez", FALSE },
  { "the key in another case", NULL, LAMP, "LAMP-KEY", FALSE },
  { "the key of another id", NULL, LAMP, METER_KEY, FALSE },
  { "an empty key", NULL, LAMP, "", FALSE },
  { "no key", NULL, LAMP, NULL, FALSE },
  { "nobody", NULL, NULL, NULL, FALSE },
  { "an empty name", NULL, "", LAMP_KEY, FALSE },
  { "a name with wildcards", NULL, "#", LAMP_KEY, FALSE },
  { "a session", NULL, BOSS, BOSS_TOKEN, TRUE },
  { "a session that looks like a device", NULL, CLERK, CLERK_TOKEN, TRUE },
  { "a session with another's token", NULL, BOSS, CLERK_TOKEN, FALSE },
  { "a session that has run out", NULL, FORMER, FORMER_TOKEN, FALSE },
  { "a backend", "bellwetherd-x", SERVICE, SERVICE_TOKEN, TRUE },
  { "a backend with a free client id", "x", SERVICE, SERVICE_TOKEN, TRUE },
  { "a backend with a wrong password", NULL, SERVICE, BOSS_TOKEN, FALSE },
  { "a backend nobody knows", NULL, "bellwetherd-2", SERVICE_TOKEN, FALSE },
  { "a device with a backend's client id", "bellwetherd-x", LAMP, LAMP_KEY, FALSE },
  { "a device with the bare reserved client id", "bellwether", LAMP, LAMP_KEY, FALSE },
  { "a session with a backend's client id", "bellwetherd-x", BOSS, BOSS_TOKEN, FALSE },
  { "another device's id as client id", METER, LAMP, LAMP_KEY, FALSE },
  { "another device's id, written otherwise", "META00000000000B", LAMP, LAMP_KEY, FALSE },
  { "a session with a device's id as client id", LAMP, BOSS, BOSS_TOKEN, FALSE },
};

static void
test_visitors (BwTestStage   *stage,
               gconstpointer  data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (visitors); i++)
    {
      for (int version = TEST_V3; version <= TEST_V5; version++)
        {
          g_autoptr(BwTestClient) client = NULL;

          client = bw_test_stage_connect (stage, version, visitors[i].client_id, visitors[i].username,
                                          visitors[i].password);
          g_test_message ("%s, MQTT %d: answer %d", visitors[i].what, version, bw_test_client_get_answer (client));
          g_assert_true ((bw_test_client_get_answer (client) == 0) == visitors[i].admitted);

          /* 3.1.1: not authorized; 5: the same */
          if (!visitors[i].admitted)
            g_assert_cmpint (bw_test_client_get_answer (client), ==, version == TEST_V3 ? 5 : 135);
        }
    }
}

/* Each sends away whom it concerns within 5 s, and nobody else. */
static void
test_kicks (BwTestStage   *stage,
            gconstpointer  data)
{
  g_autoptr(BwTestClient) bystander = bw_test_stage_connect (stage, TEST_V3, NULL, METER, METER_KEY);
  BwTestClient *client;
  gint64 start;

  client = bw_test_stage_connect (stage, TEST_V5, NULL, NEWCOMER, NEWCOMER_KEY);
  start = g_get_monotonic_time ();
  bw_test_stage_set_state (stage, NEWCOMER, TEST_APPROVED);
  bw_test_client_wait_gone (client);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
  bw_test_client_free (client);

  /* it comes back as what it is now, and a change that changes nothing leaves it alone */
  client = bw_test_stage_connect (stage, TEST_V5, NULL, NEWCOMER, NEWCOMER_KEY);
  g_assert_true (bw_test_client_publish (client, "homie/5/" NEWCOMER "/a/b", "1", FALSE));
  bw_test_broker_db_put_change (stage->db, NEWCOMER);
  bw_test_spin (500);
  g_assert_true (bw_test_client_is_connected (client));

  bw_test_stage_set_state (stage, NEWCOMER, TEST_UNAPPROVED);
  bw_test_client_wait_gone (client);
  bw_test_client_free (client);

  client = bw_test_stage_connect (stage, TEST_V3, "free", NEWCOMER, NEWCOMER_KEY);
  bw_test_stage_set_state (stage, NEWCOMER, TEST_BLOCKED);
  bw_test_client_wait_gone (client);
  bw_test_client_free (client);
  client = bw_test_stage_connect (stage, TEST_V3, "free", NEWCOMER, NEWCOMER_KEY);
  g_assert_cmpint (bw_test_client_get_answer (client), ==, 5);
  bw_test_client_free (client);

  /* two connections of one session, both end with it */
  client = bw_test_stage_connect (stage, TEST_V5, "one", BOSS, BOSS_TOKEN);
  {
    g_autoptr(BwTestClient) second = bw_test_stage_connect (stage, TEST_V3, "two", BOSS, BOSS_TOKEN);

    g_assert_true (bw_test_client_is_connected (second));
    bw_test_broker_db_run (stage->db, "BEGIN; DELETE FROM session WHERE id = '" BOSS "';"
                                      "INSERT INTO change (username) VALUES ('" BOSS "'); COMMIT");
    bw_test_client_wait_gone (client);
    bw_test_client_wait_gone (second);
  }
  bw_test_client_free (client);

  /* another key: who stands on the old one goes */
  client = bw_test_stage_connect (stage, TEST_V3, NULL, LAMP, LAMP_KEY);
  bw_test_broker_db_put_device (stage->db, LAMP, "another-key", TEST_APPROVED, 2);
  bw_test_broker_db_put_change (stage->db, LAMP);
  bw_test_client_wait_gone (client);
  bw_test_client_free (client);

  g_assert_true (bw_test_client_is_connected (bystander));
}

/* More changes at once than one tick takes, some of them deleted before they were read. */
static void
test_many_changes (BwTestStage   *stage,
                   gconstpointer  data)
{
  g_autoptr(BwTestClient) first = bw_test_stage_connect (stage, TEST_V3, NULL, LAMP, LAMP_KEY);
  g_autoptr(BwTestClient) second = bw_test_stage_connect (stage, TEST_V3, NULL, METER, METER_KEY);
  g_autoptr(BwTestClient) third = bw_test_stage_connect (stage, TEST_V3, NULL, NEWCOMER, NEWCOMER_KEY);

  bw_test_broker_db_run (stage->db, "BEGIN");
  for (guint i = 0; i < 3000; i++)
    bw_test_broker_db_put_change (stage->db, "nobody");
  bw_test_broker_db_run (stage->db, "UPDATE device SET state = 2 WHERE id = '" LAMP "';"
                                    "INSERT INTO change (username) VALUES ('" LAMP "'); COMMIT");
  bw_test_client_wait_gone (first);

  bw_test_broker_db_run (stage->db, "BEGIN; UPDATE device SET state = 2 WHERE id = '" METER "';"
                                    "INSERT INTO change (username) VALUES ('" METER "');"
                                    "DELETE FROM change;"
                                    "INSERT INTO change (username) VALUES ('nobody'); COMMIT");
  bw_test_client_wait_gone (second);
  g_assert_true (bw_test_client_is_connected (third));
}

static void
test_session_runs_out (BwTestStage   *stage,
                       gconstpointer  data)
{
  g_autoptr(BwTestClient) client = NULL;
  g_autoptr(BwTestClient) extended = NULL;
  gint64 now_us = g_get_real_time ();

  bw_test_broker_db_put_session (stage->db, "brief", "brief-token", 1, now_us + 4 * G_USEC_PER_SEC);
  bw_test_broker_db_put_session (stage->db, "extended", "extended-token", 1, now_us + 4 * G_USEC_PER_SEC);
  client = bw_test_stage_connect (stage, TEST_V5, NULL, "brief", "brief-token");
  extended = bw_test_stage_connect (stage, TEST_V5, NULL, "extended", "extended-token");
  g_assert_cmpint (bw_test_client_get_answer (client), ==, 0);

  /* used meanwhile, which the backend need not announce */
  bw_test_broker_db_put_session (stage->db, "extended", "extended-token", 1, now_us + G_TIME_SPAN_HOUR);

  bw_test_client_wait_gone (client);
  g_assert_cmpint (g_get_real_time () - now_us, >, 4 * G_USEC_PER_SEC);
  g_assert_cmpint (g_get_real_time () - now_us, <, 60 * G_USEC_PER_SEC);
  g_assert_true (bw_test_client_is_connected (extended));
}

/* Nobody is thrown off by somebody else, with whatever client id. */
static void
test_client_ids (BwTestStage   *stage,
                 gconstpointer  data)
{
  g_autoptr(BwTestClient) lamp = bw_test_stage_connect (stage, TEST_V3, "shared", LAMP, LAMP_KEY);
  g_autoptr(BwTestClient) thief = bw_test_stage_connect (stage, TEST_V5, "shared", METER, METER_KEY);
  g_autoptr(BwTestClient) again = NULL;
  g_autoptr(BwTestClient) meter = NULL;
  BwTestClientSetup setup = {
    .client_id = "stays",
    .username = LAMP,
    .password = LAMP_KEY,
    .keep_session = TRUE,
  };
  BwTestClient *stays;

  g_assert_cmpint (bw_test_client_get_answer (thief), ==, 135);
  g_assert_true (bw_test_client_is_connected (lamp));

  /* the device itself takes over from a connection of its own that hangs */
  again = bw_test_stage_connect (stage, TEST_V3, "shared", LAMP, LAMP_KEY);
  g_assert_cmpint (bw_test_client_get_answer (again), ==, 0);
  bw_test_client_wait_gone (lamp);

  /* once it left, the name is free, unless something waits for it there */
  g_clear_pointer (&again, bw_test_client_free);
  meter = bw_test_stage_connect (stage, TEST_V3, "shared", METER, METER_KEY);
  g_assert_cmpint (bw_test_client_get_answer (meter), ==, 0);
  g_clear_pointer (&meter, bw_test_client_free);

  stays = bw_test_client_new (bw_test_broker_get_port (stage->broker), &setup);
  g_assert_cmpint (bw_test_client_get_answer (stays), ==, 0);
  bw_test_client_free (stays);
  meter = bw_test_stage_connect (stage, TEST_V3, "stays", METER, METER_KEY);
  g_assert_cmpint (bw_test_client_get_answer (meter), ==, 5);
  g_clear_pointer (&meter, bw_test_client_free);

  /* a device that may not come back holds no name */
  bw_test_stage_set_state (stage, LAMP, TEST_BLOCKED);
  meter = bw_test_stage_connect (stage, TEST_V3, "stays", METER, METER_KEY);
  g_assert_cmpint (bw_test_client_get_answer (meter), ==, 0);
}

/* The file is not there, is rubbish, comes, goes, is another one. */
static void
test_database (BwTestStage   *stage,
               gconstpointer  data)
{
  g_autoptr(BwTestClient) lamp = bw_test_stage_connect (stage, TEST_V3, NULL, LAMP, LAMP_KEY);
  g_autoptr(BwTestClient) meter = bw_test_stage_connect (stage, TEST_V3, NULL, METER, METER_KEY);
  g_autofree char *wal = g_strconcat (stage->db_path, "-wal", NULL);
  g_autofree char *shm = g_strconcat (stage->db_path, "-shm", NULL);
  g_autofree char *log = NULL;

  sqlite3_close (stage->db);
  stage->db = NULL;
  g_unlink (stage->db_path);
  g_unlink (wal);
  g_unlink (shm);
  bw_test_stage_wait_open (stage, FALSE);

  /* who is in stays in */
  g_assert_true (bw_test_client_is_connected (lamp));

  g_assert_true (g_file_set_contents (stage->db_path, "this is not a database, and long enough to be taken for one",
                                      -1, NULL));
  bw_test_spin (1200);
  bw_test_stage_wait_open (stage, FALSE);
  g_unlink (stage->db_path);

  stage->db = bw_test_broker_db_new (stage->db_path);
  bw_test_stage_fill (stage->db);
  bw_test_stage_set_state (stage, LAMP, TEST_BLOCKED);
  bw_test_stage_wait_open (stage, TRUE);
  bw_test_client_wait_gone (lamp);
  g_assert_true (bw_test_client_is_connected (meter));

  log = bw_test_broker_read_log (stage->broker);
  g_assert_nonnull (strstr (log, "nobody is admitted"));
}

/* A copy over the file that the broker has open: nothing that SQLite can notice. */
static void
test_database_cut_short (BwTestStage   *stage,
                         gconstpointer  data)
{
  g_autoptr(BwTestClient) lamp = NULL;
  g_autofree char *wal = g_strconcat (stage->db_path, "-wal", NULL);
  g_autofree char *log = NULL;

  /* enough of it in the file, and mapped, that there is something to cut */
  bw_test_broker_db_fill (stage->db, 2000);
  bw_test_broker_db_run (stage->db, "PRAGMA wal_checkpoint (TRUNCATE)");
  bw_test_spin (300);
  lamp = bw_test_stage_connect (stage, TEST_V3, NULL, LAMP, LAMP_KEY);
  g_assert_true (bw_test_client_is_connected (lamp));

  g_assert_cmpint (truncate (stage->db_path, 0), ==, 0);
  bw_test_stage_wait_open (stage, FALSE);
  g_assert_true (bw_test_client_is_connected (lamp));
  log = bw_test_broker_read_log (stage->broker);
  g_assert_nonnull (strstr (log, "nobody is admitted"));

  sqlite3_close (stage->db);
  g_unlink (stage->db_path);
  g_unlink (wal);
  stage->db = bw_test_broker_db_new (stage->db_path);
  bw_test_stage_fill (stage->db);
  bw_test_stage_wait_open (stage, TRUE);
  g_assert_true (bw_test_client_is_connected (lamp));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  bw_test_stage_init (argc, argv);

#define ADD(name, function) \
  g_test_add ("/plugin/admission/" name, BwTestStage, NULL, bw_test_stage_set_up, function, bw_test_stage_tear_down)

  ADD ("visitors", test_visitors);
  ADD ("kicks", test_kicks);
  ADD ("many-changes", test_many_changes);
  ADD ("session-runs-out", test_session_runs_out);
  ADD ("client-ids", test_client_ids);
  ADD ("database", test_database);
  ADD ("database-cut-short", test_database_cut_short);

  return g_test_run ();
}
