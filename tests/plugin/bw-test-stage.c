/* bw-test-stage.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-test"

#include "bw-test-stage.h"

static const char *plugin_path;
static const char *conf_path;

void
bw_test_stage_init (int   argc,
                    char *argv[])
{
  g_assert_cmpint (argc, ==, 3);
  plugin_path = argv[1];
  conf_path = argv[2];
}

/* data/server/mosquitto.conf with the paths of this test: what we recommend is what is tested. */
static char *
make_conf (BwTestStage *stage)
{
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  g_autoptr(GString) conf = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  g_file_get_contents (conf_path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", 0);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (g_str_has_prefix (lines[i], "plugin "))
        g_string_append_printf (conf, "plugin %s\n", plugin_path);
      else if (g_str_has_prefix (lines[i], "plugin_opt_database "))
        g_string_append_printf (conf, "plugin_opt_database %s\n", stage->db_path);
      else if (g_str_has_prefix (lines[i], "persistence_location "))
        g_string_append_printf (conf, "persistence_location %s/\n", stage->dir);
      else if (!g_str_has_prefix (lines[i], "listener ") && !g_str_has_prefix (lines[i], "log_dest "))
        g_string_append_printf (conf, "%s\n", lines[i]);
    }

  return g_string_free (g_steal_pointer (&conf), FALSE);
}

void
bw_test_stage_fill (sqlite3 *db)
{
  gint64 now_us = g_get_real_time ();

  bw_test_broker_db_run (db, "BEGIN");
  bw_test_broker_db_put_device (db, LAMP, LAMP_KEY, TEST_APPROVED, 2);
  bw_test_broker_db_put_device (db, METER, METER_KEY, TEST_APPROVED, 3);
  bw_test_broker_db_put_device (db, NEWCOMER, NEWCOMER_KEY, TEST_UNAPPROVED, 2);
  bw_test_broker_db_put_device (db, OUTCAST, OUTCAST_KEY, TEST_BLOCKED, 2);
  bw_test_broker_db_put_service (db, SERVICE, SERVICE_TOKEN);
  bw_test_broker_db_put_session (db, BOSS, BOSS_TOKEN, 1, now_us + G_TIME_SPAN_HOUR);
  bw_test_broker_db_put_session (db, CLERK, CLERK_TOKEN, 2, now_us + G_TIME_SPAN_HOUR);
  bw_test_broker_db_put_session (db, FORMER, FORMER_TOKEN, 1, now_us - G_TIME_SPAN_SECOND);
  bw_test_broker_db_run (db, "INSERT INTO reach VALUES (1, 1), (1, 2), (1, 3), (2, 2), (3, 3)");
  bw_test_broker_db_run (db, "COMMIT");
}

BwTestClient *
bw_test_stage_connect (BwTestStage *stage,
                       int          version,
                       const char  *client_id,
                       const char  *username,
                       const char  *password)
{
  BwTestClientSetup setup = {
    .version = version,
    .client_id = client_id,
    .username = username,
    .password = password,
  };

  return bw_test_client_new (bw_test_broker_get_port (stage->broker), &setup);
}

BwTestClient *
bw_test_stage_service (BwTestStage *stage)
{
  BwTestClient *service = bw_test_stage_connect (stage, TEST_V5, "bellwetherd-test", SERVICE, SERVICE_TOKEN);

  g_assert_cmpint (bw_test_client_get_answer (service), ==, 0);

  return service;
}

static gboolean
service_is_admitted (gpointer data)
{
  g_autoptr(BwTestClient) probe = bw_test_stage_connect (data, TEST_V3, "bellwether-probe", SERVICE, SERVICE_TOKEN);

  return bw_test_client_get_answer (probe) == 0;
}

static gboolean
service_is_refused (gpointer data)
{
  return !service_is_admitted (data);
}

void
bw_test_stage_wait_open (BwTestStage *stage,
                         gboolean     is_open)
{
  bw_test_wait_for (is_open ? service_is_admitted : service_is_refused, stage);
}

void
bw_test_stage_set_up (BwTestStage   *stage,
                      gconstpointer  data)
{
  g_autofree char *conf = NULL;

  stage->dir = bw_test_make_dir ();
  stage->db_path = g_build_filename (stage->dir, "broker.db", NULL);
  stage->db = bw_test_broker_db_new (stage->db_path);
  bw_test_stage_fill (stage->db);

  conf = make_conf (stage);
  stage->broker = bw_test_broker_new (conf);
  bw_test_stage_wait_open (stage, TRUE);
}

void
bw_test_stage_tear_down (BwTestStage   *stage,
                         gconstpointer  data)
{
  bw_test_broker_free (stage->broker);
  sqlite3_close (stage->db);
  bw_test_remove_dir (stage->dir);
  g_free (stage->db_path);
  g_free (stage->dir);
}

void
bw_test_stage_set_state (BwTestStage *stage,
                         const char  *id,
                         int          state)
{
  g_autofree char *sql = g_strdup_printf ("UPDATE device SET state = %d WHERE id = '%s'", state, id);

  bw_test_broker_db_run (stage->db, "BEGIN");
  bw_test_broker_db_run (stage->db, sql);
  bw_test_broker_db_put_change (stage->db, id);
  bw_test_broker_db_run (stage->db, "COMMIT");
}
