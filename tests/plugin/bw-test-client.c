/* bw-test-client.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-test"

#include "bw-test-client.h"

#include <string.h>
#include <sys/socket.h>

#include <mosquitto.h>
#include <mqtt_protocol.h>

#include "bw-test.h"

/* libmosquitto, its loop turned by whoever waits for something. */
struct _BwTestClient
{
  struct mosquitto *mosq;
  gboolean          connected;
  gboolean          lost;
  gboolean          answered;
  int               answer;
  int               acknowledged;      /* message id */
  int               acknowledgement;   /* reason code */
  int               granted;
  int               granted_id;
  GHashTable       *last;              /* topic → payload */
  guint             n_arrived;
  const char       *wait_topic;
  const char       *wait_part;
};

static void
connect_cb (struct mosquitto *mosq, void *data, int code, int flags, const mosquitto_property *properties)
{
  BwTestClient *self = data;

  self->answered = TRUE;
  self->answer = code;
  self->connected = code == 0;
}

static void
disconnect_cb (struct mosquitto *mosq, void *data, int code, const mosquitto_property *properties)
{
  BwTestClient *self = data;

  self->connected = FALSE;
  self->lost = TRUE;
}

static void
publish_cb (struct mosquitto *mosq, void *data, int id, int code, const mosquitto_property *properties)
{
  BwTestClient *self = data;

  self->acknowledged = id;
  self->acknowledgement = code;
}

static void
subscribe_cb (struct mosquitto *mosq, void *data, int id, int n, const int *granted, const mosquitto_property *properties)
{
  BwTestClient *self = data;

  self->granted_id = id;
  self->granted = n > 0 ? granted[0] : 128;
}

static void
message_cb (struct mosquitto *mosq, void *data, const struct mosquitto_message *message, const mosquitto_property *properties)
{
  BwTestClient *self = data;

  self->n_arrived++;
  g_hash_table_replace (self->last, g_strdup (message->topic),
                        g_strndup (message->payload != NULL ? message->payload : "", (gsize) message->payloadlen));
}

static void
turn (BwTestClient *self)
{
  if (!self->lost && mosquitto_loop (self->mosq, 1, 1) != MOSQ_ERR_SUCCESS)
    {
      self->connected = FALSE;
      self->lost = TRUE;
    }
}

static gboolean
is_answered (gpointer data)
{
  BwTestClient *self = data;

  turn (self);

  return self->answered || self->lost;
}

BwTestClient *
bw_test_client_new (guint16                  port,
                    const BwTestClientSetup *setup)
{
  BwTestClient *self = g_new0 (BwTestClient, 1);
  mosquitto_property *properties = NULL;

  mosquitto_lib_init ();
  self->answer = -1;
  self->last = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->mosq = mosquitto_new (setup->client_id, !setup->keep_session, self);
  g_assert_nonnull (self->mosq);
  mosquitto_int_option (self->mosq, MOSQ_OPT_PROTOCOL_VERSION,
                        setup->version != 0 ? setup->version : TEST_V3);
  mosquitto_username_pw_set (self->mosq, setup->username, setup->password);
  mosquitto_connect_v5_callback_set (self->mosq, connect_cb);
  mosquitto_disconnect_v5_callback_set (self->mosq, disconnect_cb);
  mosquitto_publish_v5_callback_set (self->mosq, publish_cb);
  mosquitto_subscribe_v5_callback_set (self->mosq, subscribe_cb);
  mosquitto_message_v5_callback_set (self->mosq, message_cb);
  if (setup->will_topic != NULL)
    mosquitto_will_set (self->mosq, setup->will_topic, strlen ("lost"), "lost", 1, TRUE);

  if (setup->keep_session && setup->version == TEST_V5)
    mosquitto_property_add_int32 (&properties, MQTT_PROP_SESSION_EXPIRY_INTERVAL, 3600);

  g_assert_cmpint (mosquitto_connect_bind_v5 (self->mosq, "127.0.0.1", port, 60, NULL, properties), ==, MOSQ_ERR_SUCCESS);
  mosquitto_property_free_all (&properties);
  bw_test_wait_for (is_answered, self);

  return self;
}

void
bw_test_client_drop (BwTestClient *self)
{
  shutdown (mosquitto_socket (self->mosq), SHUT_RDWR);
  self->connected = FALSE;
  self->lost = TRUE;
}

void
bw_test_client_free (BwTestClient *self)
{
  if (self->connected)
    mosquitto_disconnect (self->mosq);
  mosquitto_destroy (self->mosq);
  mosquitto_lib_cleanup ();
  g_hash_table_unref (self->last);
  g_free (self);
}

int
bw_test_client_get_answer (BwTestClient *self)
{
  return self->answer;
}

gboolean
bw_test_client_is_connected (BwTestClient *self)
{
  turn (self);

  return self->connected;
}

static gboolean
is_granted (gpointer data)
{
  BwTestClient *self = data;

  turn (self);

  return self->granted_id != 0 || self->lost;
}

gboolean
bw_test_client_subscribe (BwTestClient *self,
                          const char   *filter)
{
  self->granted_id = 0;
  self->granted = 128;
  if (mosquitto_subscribe (self->mosq, NULL, filter, 1) != MOSQ_ERR_SUCCESS)
    return FALSE;
  bw_test_wait_for (is_granted, self);

  return self->granted < 128;
}

static gboolean
is_acknowledged (gpointer data)
{
  BwTestClient *self = data;

  turn (self);

  return self->acknowledged != 0 || self->lost;
}

gboolean
bw_test_client_publish (BwTestClient *self,
                        const char   *topic,
                        const char   *payload,
                        gboolean      retain)
{
  self->acknowledged = 0;
  self->acknowledgement = 128;
  if (mosquitto_publish (self->mosq, NULL, topic, (int) strlen (payload), payload, 1, retain) != MOSQ_ERR_SUCCESS)
    return FALSE;
  bw_test_wait_for (is_acknowledged, self);

  return self->acknowledgement < 128;
}

void
bw_test_client_say (BwTestClient *self,
                    const char   *topic,
                    const char   *payload,
                    int           qos)
{
  g_assert_cmpint (mosquitto_publish (self->mosq, NULL, topic, (int) strlen (payload), payload, qos, FALSE), ==, MOSQ_ERR_SUCCESS);
}

const char *
bw_test_client_get_last (BwTestClient *self,
                         const char   *topic)
{
  return g_hash_table_lookup (self->last, topic);
}

guint
bw_test_client_get_n_arrived (BwTestClient *self)
{
  return self->n_arrived;
}

void
bw_test_client_forget (BwTestClient *self)
{
  g_hash_table_remove_all (self->last);
  self->n_arrived = 0;
}

static gboolean
is_gone (gpointer data)
{
  BwTestClient *self = data;

  turn (self);

  return self->lost;
}

void
bw_test_client_wait_gone (BwTestClient *self)
{
  bw_test_wait_for (is_gone, self);
}

static gboolean
has_text (gpointer data)
{
  BwTestClient *self = data;
  const char *payload;

  turn (self);
  payload = bw_test_client_get_last (self, self->wait_topic);

  return payload != NULL && strstr (payload, self->wait_part) != NULL;
}

void
bw_test_client_wait_text (BwTestClient *self,
                          const char   *topic,
                          const char   *part_of_payload)
{
  self->wait_topic = topic;
  self->wait_part = part_of_payload;

  if (!bw_test_wait (has_text, self, BW_TEST_DEADLINE_SECONDS))
    g_error ("nothing like %s arrived on %s, the last was %s", part_of_payload, topic,
             bw_test_client_get_last (self, topic) != NULL ? bw_test_client_get_last (self, topic) : "nothing");
}
