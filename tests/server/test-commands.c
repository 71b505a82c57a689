/* test-commands.c: commands against a real broker with our plugin
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-test"

#include <string.h>

#include "bw-error.h"
#include "bw-json.h"
#include "bw-test-side.h"

static void
test_set (BwTestSide       *fixture,
          gconstpointer  data)
{
  g_autoptr(JsonObject) json = NULL;
  g_autofree char *again = NULL;
  g_autofree char *above = NULL;
  const char *id;

  bw_test_side_bring_in (fixture, 0);

  fixture->answer = "echo";
  bw_test_side_set_value (fixture, 0, "power", "true", 10);
  bw_test_side_expect_command (fixture, "confirmed", NULL);
  bw_test_side_wait_for_change (fixture, "\"state\":\"wanted\"");
  bw_test_side_wait_for_change (fixture, "\"state\":\"confirmed\"");
  bw_test_side_wait_for_value (fixture, 0, "light", "power", "true");

  /* the same once more: the echo changes nothing, but it is one */
  bw_test_side_set_value (fixture, 0, "power", "true", 10);
  bw_test_side_expect_command (fixture, "confirmed", NULL);

  fixture->answer = "another form";
  bw_test_side_set_value (fixture, 0, "level", "22.5", 10);
  bw_test_side_expect_command (fixture, "confirmed", NULL);

  fixture->answer = "the relay is stuck";
  bw_test_side_set_value (fixture, 0, "power", "false", 10);
  bw_test_side_expect_command (fixture, "failed", "the relay is stuck");

  fixture->answer = NULL;
  g_ptr_array_set_size (fixture->changes, 0);
  bw_test_side_set_value (fixture, 0, "power", "false", 1);
  bw_test_side_expect_command (fixture, "failed", "timed out");
  bw_test_side_wait_for_change (fixture, "\"state\":\"sent\"");

  /* not waited for: the command can be asked after */
  fixture->answer = "echo";
  g_ptr_array_set_size (fixture->changes, 0);
  bw_test_side_set_value (fixture, 0, "level", "30", 0);
  bw_test_side_expect_command (fixture, "wanted", NULL);
  json = bw_json_parse_object (fixture->document, strlen (fixture->document), 65536, NULL);
  bw_test_side_wait_for_change (fixture, "\"state\":\"confirmed\"");
  id = bw_json_get_string (json, "id");
  again = bw_command_service_get (fixture->commands, fixture->fleet.company_id, FALSE, id, NULL);
  g_assert_nonnull (strstr (again, "\"state\":\"confirmed\""));
  g_assert_null (bw_command_service_get (fixture->commands, 99, FALSE, id, NULL));
  above = bw_command_service_get (fixture->commands, 99, TRUE, id, NULL);
  g_assert_cmpstr (above, ==, again);
  g_assert_cmpuint (fixture->n_sets, ==, 6);
}

typedef struct
{
  guint n_published;
  int   n_watched;
} Wire;

static gboolean
wire_publish (BwDeviceTree          *tree,
              const BwTreeProperty  *property,
              const char            *value,
              guint                 *ret_id,
              gpointer               user_data,
              GError               **error)
{
  *ret_id = ++((Wire *) user_data)->n_published;

  return TRUE;
}

static void
wire_watch (const char *device_id,
            const char *node,
            const char *property,
            gboolean    on,
            gpointer    user_data)
{
  ((Wire *) user_data)->n_watched += on ? 1 : -1;
}

static gboolean
is_published (gpointer data)
{
  return ((Wire *) data)->n_published > 0;
}

/* What ends while there is no connection is not watched for ever; what lives on is watched by the next one. */
static void
test_watch (BwTestSide       *fixture,
            gconstpointer  data)
{
  static const BwCommandTransport transport = { wire_publish, wire_watch };
  Wire wire = { 0, 0 };
  Wire other = { 0, 0 };

  bw_test_side_bring_in (fixture, 0);
  bw_broker_side_stop (fixture->side);
  bw_command_service_set_transport (fixture->commands, &transport, &wire);

  bw_command_service_set_async (fixture->commands, &fixture->fleet.actor, "192.0.2.1",
                                bw_test_fleet_get_id (&fixture->fleet, 0), "light", "power", "true",
                                1, NULL, bw_test_side_set_cb, fixture);
  bw_test_wait_for (is_published, &wire);
  g_assert_cmpint (wire.n_watched, ==, 1);
  bw_command_service_acknowledged (fixture->commands, wire.n_published);
  bw_command_service_set_transport (fixture->commands, NULL, &wire);
  bw_test_wait_for (bw_test_side_is_done, fixture);
  bw_test_side_expect_command (fixture, "failed", "timed out");
  g_assert_cmpint (wire.n_watched, ==, 0);

  bw_command_service_set_transport (fixture->commands, &transport, &wire);
  bw_test_side_set_value (fixture, 0, "power", "false", 0);
  bw_command_service_acknowledged (fixture->commands, wire.n_published);
  bw_command_service_set_transport (fixture->commands, NULL, NULL);
  bw_command_service_set_transport (fixture->commands, &transport, &other);
  g_assert_cmpint (other.n_watched, ==, 1);
  bw_command_service_echo (fixture->commands, bw_test_fleet_get_id (&fixture->fleet, 0), "light", "power", "false");
  g_assert_cmpint (other.n_watched, ==, 0);
  bw_command_service_set_transport (fixture->commands, NULL, NULL);
}

static void
test_set_refused (BwTestSide       *fixture,
                  gconstpointer  data)
{
  static const struct
  {
    const char *property;
    const char *value;
    BwError     code;
  } bad[] = {
    { "power", "maybe", BW_ERROR_INVALID },
    { "level", "101", BW_ERROR_INVALID },
    { "watts", "1", BW_ERROR_INVALID },
    { "nothing", "1", BW_ERROR_NOT_FOUND },
  };

  bw_test_side_bring_in (fixture, 0);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      bw_test_side_set_value (fixture, 0, bad[i].property, bad[i].value, 5);
      g_assert_error (fixture->error, BW_ERROR, (int) bad[i].code);
    }

  /* not let in; of another company; offline; blocked */
  bw_test_side_connect_device (fixture, BW_TEST_SIDE_NEWCOMER);
  bw_test_side_wait_for_column (fixture, BW_TEST_SIDE_NEWCOMER, "online", "1");
  bw_test_side_set_value (fixture, BW_TEST_SIDE_NEWCOMER, "power", "true", 5);
  g_assert_error (fixture->error, BW_ERROR, BW_ERROR_CONFLICT);

  fixture->fleet.actor.company_id++;
  bw_test_side_set_value (fixture, 0, "power", "true", 5);
  g_assert_error (fixture->error, BW_ERROR, BW_ERROR_NOT_FOUND);
  fixture->fleet.actor.company_id--;

  g_clear_object (&fixture->devices[0]);
  bw_test_side_wait_for_column (fixture, 0, "online", "0");
  bw_test_side_set_value (fixture, 0, "power", "true", 5);
  g_assert_error (fixture->error, BW_ERROR, BW_ERROR_CONFLICT);
  g_assert_cmpstr (fixture->error->message, ==, "the device is offline");

  bw_test_fleet_set_status (&fixture->fleet, 0, BW_STATUS_BLOCKED);
  bw_test_side_set_value (fixture, 0, "power", "true", 5);
  g_assert_error (fixture->error, BW_ERROR, BW_ERROR_CONFLICT);
  g_assert_cmpstr (fixture->error->message, ==, "the device is blocked");
  g_assert_cmpuint (fixture->n_sets, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);

#define ADD(name, func) g_test_add (name, BwTestSide, argv[1], bw_test_side_set_up, func, bw_test_side_tear_down)
  ADD ("/server/broker/set", test_set);
  ADD ("/server/broker/watch", test_watch);
  ADD ("/server/broker/set-refused", test_set_refused);

  return g_test_run ();
}
