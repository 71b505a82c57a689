/* test-live.c: the change feed and one live device, at a real broker
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "bw-error.h"
#include "bw-fake-backend.h"
#include "bw-json.h"
#include "bw-live-device.h"
#include "bw-mqtt-link.h"
#include "bw-test.h"

#define ID    "aaaa-bbbb-cccc-dddd"
#define HOMIE "homie/5/" ID

#define DESCRIPTION "{\"homie\":\"5.0\",\"version\":1,\"nodes\":{\"light\":{\"name\":\"Light\",\"properties\":{" \
                    "\"brightness\":{\"name\":\"Brightness\",\"datatype\":\"integer\",\"format\":\"0:100\",\"unit\":\"%\",\"settable\":true}}}}}"

typedef struct
{
  BwTestBroker  *broker;
  BwFakeBackend *backend;
  BwSession     *session;
  BwMqttLink    *device;
  BwLiveDevice  *live;
  guint          n_changes;
  guint          n_structures;
  guint          n_values;
  guint          n_failures;
  char          *last_message;
  char          *last_kind;
} Fixture;

static void
no_messages_cb (BwMqttLink          *link,
                const BwMqttMessage *messages,
                guint                n_messages,
                gpointer             user_data)
{
}

static gboolean
device_is_connected (gpointer data)
{
  return bw_mqtt_link_get_connected (((Fixture *) data)->device);
}

static void
resumed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (bw_session_resume_finish (BW_SESSION (source), result, &error));
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

static void
answer_batches (Fixture    *fixture,
                const char *items)
{
  g_autofree char *body = g_strdup_printf ("{\"items\":[%s]}", items);

  bw_fake_backend_answer (fixture->backend, "GET /v1/batches", 200, body);
}

static void
answer_device (Fixture    *fixture,
               guint       revision,
               const char *state)
{
  g_autofree char *body = g_strdup_printf ("{\"id\":\"" ID "\",\"revision\":%u,\"batch\":\"Spring\",\"status\":\"paired\","
                                           "\"state\":\"%s\",\"online\":true,\"serial\":1,\"nodes\":[]}", revision, state);

  bw_fake_backend_answer (fixture->backend, "GET /v1/devices/" ID, 200, body);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *uri = NULL;
  g_autofree char *session = NULL;
  g_autoptr(GError) error = NULL;
  gboolean resumed = FALSE;

  fixture->broker = bw_test_broker_new ("allow_anonymous true\nmax_queued_messages 0\n");
  fixture->backend = bw_fake_backend_new ();
  uri = g_strdup_printf ("mqtt://127.0.0.1:%u", (guint) bw_test_broker_get_port (fixture->broker));
  session = g_strdup_printf ("{\"id\":\"s1\",\"user\":\"ada\",\"userName\":\"Ada\",\"companyId\":\"1\","
                             "\"broker\":{\"url\":\"%s\",\"username\":\"s1\"}}", uri);
  bw_fake_backend_answer (fixture->backend, "GET /v1/sessions/current", 200, session);
  bw_fake_backend_answer (fixture->backend, "GET /v1/companies", 200,
                          "{\"items\":[{\"id\":\"1\",\"revision\":1,\"name\":\"Main\",\"alias\":\"main\"},"
                          "{\"id\":\"2\",\"revision\":1,\"name\":\"Second\",\"alias\":\"second\"}]}");
  answer_batches (fixture, "");
  answer_device (fixture, 1, "ready");

  fixture->session = bw_session_new (bw_fake_backend_get_uri (fixture->backend), NULL);
  bw_session_resume_async (fixture->session, "token", NULL, resumed_cb, &resumed);
  bw_test_wait_for (is_true, &resumed);

  fixture->device = bw_mqtt_link_new (uri, NULL, NULL, NULL, no_messages_cb, NULL, &error);
  g_assert_no_error (error);
  bw_mqtt_link_start (fixture->device);
  bw_test_wait_for (device_is_connected, fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  if (fixture->live != NULL)
    bw_wait_finalized (fixture->live);

  g_clear_object (&fixture->device);
  bw_wait_finalized (fixture->session);
  bw_fake_backend_free (fixture->backend);
  bw_test_broker_free (fixture->broker);
  g_free (fixture->last_message);
  g_free (fixture->last_kind);
}

static void
publish (Fixture    *fixture,
         const char *topic,
         const char *payload,
         gboolean    retain)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (bw_mqtt_link_publish (fixture->device, topic, payload, strlen (payload), 1, retain, NULL, &error));
  g_assert_no_error (error);
}

static void
changed_cb (Fixture    *fixture,
            const char *kind,
            JsonObject *document)
{
  fixture->n_changes++;
  g_free (fixture->last_kind);
  fixture->last_kind = g_strdup (kind);
}

static gboolean
feed_is_connected (gpointer data)
{
  return bw_session_get_feed_connected (((Fixture *) data)->session);
}

static gboolean
feed_is_away (gpointer data)
{
  return !feed_is_connected (data);
}

static gboolean
has_changed (gpointer data)
{
  return ((Fixture *) data)->n_changes > 0;
}

static guint
n_batches (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (bw_session_get_batches (fixture->session)));
}

static gboolean
has_batch (gpointer data)
{
  return n_batches (data) == 1;
}

static gboolean
has_no_batch (gpointer data)
{
  return n_batches (data) == 0;
}

/* The subscription is made when the connection is; a change is sent until it is heard. */
static void
publish_until (Fixture         *fixture,
               const char      *topic,
               const char      *payload,
               BwTestCondition  condition)
{
  guint n_tries = 0;

  do
    {
      g_assert_cmpuint (n_tries++, <, 100);
      publish (fixture, topic, payload, FALSE);
    }
  while (!bw_test_wait (condition, fixture, 1));
}

static void
batches_loaded_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  *(gboolean *) user_data = bw_session_load_batches_finish (BW_SESSION (source), result, NULL);
}

static void
test_feed (Fixture       *fixture,
           gconstpointer  data)
{
  static const char batch[] = "{\"id\":\"7\",\"revision\":2,\"name\":\"Spring\",\"color\":\"#3584e4\",\"companyId\":\"1\","
                              "\"state\":\"creating\",\"count\":9,\"nDone\":4}";
  g_autofree char *message = g_strdup_printf ("{\"kind\":\"batch\",\"document\":%s}", batch);
  gboolean loaded = FALSE;

  g_signal_connect_swapped (fixture->session, "changed", G_CALLBACK (changed_cb), fixture);
  bw_session_load_batches_async (fixture->session, NULL, batches_loaded_cb, &loaded);
  bw_test_wait_for (is_true, &loaded);
  bw_session_start_feed (fixture->session);
  bw_test_wait_for (feed_is_connected, fixture);

  publish (fixture, "bellwether/changes/1", "rubbish", FALSE);
  publish (fixture, "bellwether/changes/1", "{\"kind\":7,\"document\":[]}", FALSE);
  publish_until (fixture, "bellwether/changes/1", message, has_batch);
  g_assert_cmpstr (fixture->last_kind, ==, "batch");

  /* a company below has a topic of its own */
  fixture->n_changes = 0;
  publish_until (fixture, "bellwether/changes/2", "{\"kind\":\"overview\",\"document\":{\"id\":\"overview\"}}", has_changed);
  g_assert_cmpstr (fixture->last_kind, ==, "overview");

  publish_until (fixture, "bellwether/changes/1", "{\"kind\":\"batch\",\"document\":{\"id\":\"7\",\"removed\":true}}", has_no_batch);

  /* what came while the broker was away is read when it is back */
  bw_test_broker_kill (fixture->broker);
  bw_test_wait_for (feed_is_away, fixture);
  answer_batches (fixture, batch);
  bw_test_broker_start (fixture->broker);
  bw_test_wait_for (feed_is_connected, fixture);
  bw_test_wait_for (has_batch, fixture);
}

static void
roles_loaded_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  *(gboolean *) user_data = bw_session_load_roles_finish (BW_SESSION (source), result, NULL);
}

static gboolean
has_role (gpointer data)
{
  return bw_entity_list_lookup (bw_session_get_roles (((Fixture *) data)->session), "7") != NULL;
}

/* The feed says only that something happened: the list is read again, once for many. */
static void
test_hints (Fixture       *fixture,
            gconstpointer  data)
{
  gboolean loaded = FALSE;
  guint n_before;

  bw_fake_backend_answer (fixture->backend, "GET /v1/roles", 200, "{\"total\":0,\"items\":[]}");
  bw_session_load_roles_async (fixture->session, NULL, roles_loaded_cb, &loaded);
  bw_test_wait_for (is_true, &loaded);
  g_signal_connect_swapped (fixture->session, "changed", G_CALLBACK (changed_cb), fixture);
  bw_session_start_feed (fixture->session);
  bw_test_wait_for (feed_is_connected, fixture);
  publish_until (fixture, "bellwether/changes/1", "{\"kind\":\"overview\",\"document\":{\"id\":\"overview\"}}", has_changed);

  /* what follows the connecting is read by now, or is read with the hints */
  bw_fake_backend_answer (fixture->backend, "GET /v1/roles", 200,
                          "{\"total\":1,\"items\":[{\"id\":\"7\",\"revision\":1,\"name\":\"Night shift\"}]}");
  n_before = bw_fake_backend_count (fixture->backend, "GET /v1/roles");
  for (guint i = 0; i < 50; i++)
    publish (fixture, "bellwether/changes/1", "{\"kind\":\"role\",\"document\":{\"id\":\"7\",\"revision\":1}}", FALSE);
  bw_test_wait_for (has_role, fixture);
  g_assert_cmpuint (bw_fake_backend_count (fixture->backend, "GET /v1/roles") - n_before, <=, 10);
}

static gboolean
backend_is_there (gpointer data)
{
  return bw_session_get_online (((Fixture *) data)->session);
}

static gboolean
backend_is_away (gpointer data)
{
  return !backend_is_there (data);
}

/* Nobody asks anything, and the broker lives on: noticed all the same, within 18 s. */
static void
test_backend_goes (Fixture       *fixture,
                   gconstpointer  data)
{
  gboolean loaded = FALSE;

  bw_session_load_batches_async (fixture->session, NULL, batches_loaded_cb, &loaded);
  bw_test_wait_for (is_true, &loaded);
  bw_session_start_feed (fixture->session);
  bw_test_wait_for (feed_is_connected, fixture);

  bw_fake_backend_go_away (fixture->backend);
  g_assert_true (bw_test_wait (backend_is_away, fixture, 25));
  g_assert_true (feed_is_connected (fixture));

  answer_batches (fixture, "{\"id\":\"7\",\"revision\":2,\"name\":\"Spring\",\"color\":\"#3584e4\",\"companyId\":\"1\","
                           "\"state\":\"creating\",\"count\":9,\"nDone\":4}");
  bw_fake_backend_come_back (fixture->backend);
  bw_test_wait_for (backend_is_there, fixture);
  bw_test_wait_for (has_batch, fixture);
}

static void
structure_cb (Fixture *fixture)
{
  fixture->n_structures++;
}

static void
value_cb (Fixture    *fixture,
          const char *node,
          const char *property)
{
  fixture->n_values++;
}

static void
message_cb (Fixture    *fixture,
            guint       level,
            gboolean    is_alert,
            const char *text)
{
  g_free (fixture->last_message);
  fixture->last_message = g_strdup (text);
}

static void
failed_cb (Fixture *fixture,
           GError  *error)
{
  fixture->n_failures++;
}

static void
follow (Fixture *fixture)
{
  fixture->live = bw_live_device_new (fixture->session, ID);
  g_signal_connect_swapped (fixture->live, "structure-changed", G_CALLBACK (structure_cb), fixture);
  g_signal_connect_swapped (fixture->live, "value-changed", G_CALLBACK (value_cb), fixture);
  g_signal_connect_swapped (fixture->live, "message", G_CALLBACK (message_cb), fixture);
  g_signal_connect_swapped (fixture->live, "failed", G_CALLBACK (failed_cb), fixture);
}

static const char *
value_of (Fixture    *fixture,
          const char *node,
          const char *property)
{
  BwDeviceTree *tree = bw_live_device_get_tree (fixture->live);
  BwTreeProperty *found = tree != NULL ? bw_device_tree_get_property (tree, node, property) : NULL;

  return found != NULL ? found->value : NULL;
}

static gboolean
brightness_is_40 (gpointer data)
{
  return g_strcmp0 (value_of (data, "light", "brightness"), "40") == 0;
}

static gboolean
brightness_is_77 (gpointer data)
{
  return g_strcmp0 (value_of (data, "light", "brightness"), "77") == 0;
}

static gboolean
has_message (gpointer data)
{
  return ((Fixture *) data)->last_message != NULL;
}

static gboolean
state_is_lost (gpointer data)
{
  return bw_device_get_state (bw_live_device_get_device (((Fixture *) data)->live)) == BW_STATE_LOST;
}

static void
test_live_device (Fixture       *fixture,
                  gconstpointer  data)
{
  publish (fixture, HOMIE "/$state", "ready", TRUE);
  publish (fixture, HOMIE "/light/brightness", "40", TRUE);
  publish (fixture, HOMIE "/$description", DESCRIPTION, TRUE);

  follow (fixture);
  g_assert_null (bw_live_device_get_tree (fixture->live));
  bw_test_wait_for (brightness_is_40, fixture);
  g_assert_cmpuint (fixture->n_structures, >=, 1);

  fixture->n_values = 0;
  publish (fixture, HOMIE "/light/brightness", "77", TRUE);
  bw_test_wait_for (brightness_is_77, fixture);
  g_assert_cmpuint (fixture->n_values, ==, 1);

  publish (fixture, HOMIE "/$log/error", "the lamp is broken", FALSE);
  bw_test_wait_for (has_message, fixture);
  g_assert_cmpstr (fixture->last_message, ==, "the lamp is broken");

  /* without a feed the backend is asked when the presence moves */
  answer_device (fixture, 2, "lost");
  publish (fixture, "bellwether/presence/" ID, "{\"online\":false,\"atUs\":1}", TRUE);
  bw_test_wait_for (state_is_lost, fixture);
  g_assert_cmpstr (value_of (fixture, "light", "brightness"), ==, "77");

  /* nobody else's words */
  publish (fixture, "homie/5/" ID "-child/light/brightness", "1", TRUE);
  bw_test_spin (100);
  g_assert_cmpstr (value_of (fixture, "light", "brightness"), ==, "77");
  g_assert_cmpuint (fixture->n_failures, ==, 0);
}

static gboolean
child_is_warm (gpointer data)
{
  return g_strcmp0 (value_of (data, "oven:heat", "degrees"), "180") == 0;
}

/* A child of a gateway is followed from when the gateway names it. */
static void
test_children (Fixture       *fixture,
               gconstpointer  data)
{
  publish (fixture, HOMIE "/$state", "ready", TRUE);
  publish (fixture, HOMIE "/$description",
           "{\"homie\":\"5.0\",\"version\":1,\"nodes\":{},\"children\":[\"" ID "-oven\"]}", TRUE);
  publish (fixture, "homie/5/" ID "-oven/$description",
           "{\"homie\":\"5.0\",\"version\":1,\"root\":\"" ID "\",\"parent\":\"" ID "\",\"nodes\":{\"heat\":{\"properties\":"
           "{\"degrees\":{\"datatype\":\"integer\"}}}}}", TRUE);
  publish (fixture, "homie/5/" ID "-oven/heat/degrees", "20", TRUE);

  follow (fixture);
  publish (fixture, "homie/5/" ID "-oven/heat/degrees", "180", TRUE);
  bw_test_wait_for (child_is_warm, fixture);
  g_assert_cmpuint (fixture->n_failures, ==, 0);
}

static gboolean
has_all_values (gpointer data)
{
  return value_of (data, "n99", "p9") != NULL;
}

/* A thousand retained values: what is told of them is told once a batch of messages. */
static void
test_retained_flood (Fixture       *fixture,
                     gconstpointer  data)
{
  for (guint i = 0; i < 100; i++)
    {
      for (guint j = 0; j < 10; j++)
        {
          g_autofree char *topic = g_strdup_printf (HOMIE "/n%u/p%u", i, j);

          publish (fixture, topic, "1.5", TRUE);
        }
    }

  follow (fixture);
  bw_test_wait_for (has_all_values, fixture);
  bw_test_spin (100);
  g_assert_cmpuint (bw_live_device_get_tree (fixture->live)->n_properties, ==, 1000);
  g_test_message ("%u announcements", fixture->n_structures + fixture->n_values);
  g_assert_cmpuint (fixture->n_structures, <, 200);
}

static gboolean
has_failed (gpointer data)
{
  return ((Fixture *) data)->n_failures > 0;
}

static void
test_unknown_device (Fixture       *fixture,
                     gconstpointer  data)
{
  bw_fake_backend_answer (fixture->backend, "GET /v1/devices/" ID, 404,
                          "{\"code\":\"not-found\",\"detail\":\"there is no such device\"}");
  follow (fixture);
  bw_test_wait_for (has_failed, fixture);
  g_assert_null (bw_live_device_get_tree (fixture->live));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/client/live/feed", Fixture, NULL, set_up, test_feed, tear_down);
  g_test_add ("/client/live/hints", Fixture, NULL, set_up, test_hints, tear_down);
  g_test_add ("/client/live/backend-goes", Fixture, NULL, set_up, test_backend_goes, tear_down);
  g_test_add ("/client/live/device", Fixture, NULL, set_up, test_live_device, tear_down);
  g_test_add ("/client/live/children", Fixture, NULL, set_up, test_children, tear_down);
  g_test_add ("/client/live/retained-flood", Fixture, NULL, set_up, test_retained_flood, tear_down);
  g_test_add ("/client/live/unknown-device", Fixture, NULL, set_up, test_unknown_device, tear_down);

  return g_test_run ();
}
