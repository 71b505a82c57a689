/* bw-session-feed.c: following what others change
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-session-private.h"

#include "bw-error.h"
#include "bw-json.h"
#include "bw-topic.h"

#define CHANGE_MAX_BYTES     (64 * 1024)
#define FOLLOW_MAX_COMPANIES 1000

/* The broker may well live on when the backend has gone, and who only looks asks nothing. */
#define WATCH_S         3
#define SILENCE_MAX_US  (15 * G_USEC_PER_SEC)

static void
take_batch_change (BwSession  *self,
                   JsonObject *document)
{
  g_autoptr(GError) error = NULL;

  if (bw_json_get_boolean (document, "removed", FALSE))
    {
      if (bw_json_get_string (document, "id") != NULL)
        bw_entity_list_remove (bw_session_get_batches (self), bw_json_get_string (document, "id"));
    }
  else if (!bw_entity_list_upsert (bw_session_get_batches (self), document, &error))
    g_debug ("a batch in the feed: %s, ignoring", error->message);
}

static void
take_change (BwSession           *self,
             const BwMqttMessage *message)
{
  g_autoptr(JsonObject) change = NULL;
  JsonObject *document;
  const char *kind;

  if (!g_str_has_prefix (message->topic, BW_TOPIC_CHANGES_PREFIX))
    return;

  change = bw_json_parse_object (message->payload, message->length, CHANGE_MAX_BYTES, NULL);
  kind = bw_json_get_string (change, "kind");
  document = bw_json_get_object (change, "document");
  if (kind == NULL || document == NULL)
    {
      g_debug ("a change that is none, ignoring");
      return;
    }

  if (g_str_equal (kind, "batch"))
    take_batch_change (self, document);
  else
    bw_session_take_hint (self, kind);

  bw_session_emit_changed (self, kind, document);
}

static void
batch_of_messages_cb (BwMqttLink          *link,
                      const BwMqttMessage *messages,
                      guint                n_messages,
                      gpointer             user_data)
{
  BwSession *self = user_data;

  g_object_ref (self);

  /* A handler may sign out, and the link is gone. */
  for (guint i = 0; i < n_messages && self->link != NULL; i++)
    take_change (self, &messages[i]);

  g_object_unref (self);
}

static void
connected_changed_cb (BwSession  *self,
                      GParamSpec *pspec,
                      BwMqttLink *link)
{
  gboolean connected = bw_mqtt_link_get_connected (link);

  if (connected)
    bw_session_set_feed_problem (self, BW_FEED_SILENT);
  bw_session_set_feed_connected (self, connected);
  if (connected)
    bw_session_refresh_held (self);
}

static void
online_changed_cb (BwSession  *self,
                   GParamSpec *pspec,
                   gpointer    user_data)
{
  if (self->online && self->link != NULL)
    bw_session_refresh_held (self);
}

static gboolean
watch_cb (gpointer user_data)
{
  BwSession *self = user_data;

  if (!self->online || g_get_monotonic_time () - self->last_answer_us > SILENCE_MAX_US)
    bw_session_check_token (self);

  return G_SOURCE_CONTINUE;
}

static void
refused_cb (BwSession  *self,
            guint       connack_code,
            const char *text,
            BwMqttLink *link)
{
  g_debug ("the broker refused the session: %s", text);
  bw_session_set_feed_problem (self, connack_code == 0 ? BW_FEED_UNTRUSTED : BW_FEED_SILENT);
  bw_session_check_token (self);
}

static void
follow (BwSession  *self,
        const char *company_id)
{
  g_autofree char *topic = NULL;

  if (company_id == NULL || g_hash_table_size (self->followed) >= FOLLOW_MAX_COMPANIES ||
      !g_hash_table_add (self->followed, g_strdup (company_id)))
    return;

  topic = g_strconcat (BW_TOPIC_CHANGES_PREFIX, company_id, NULL);
  bw_mqtt_link_subscribe (self->link, topic, 1);
}

/* A company's changes go to its own topic, so each one in reach is followed. */
void
bw_session_follow_companies (BwSession *self)
{
  GListModel *companies = G_LIST_MODEL (bw_session_get_companies (self));

  if (self->link == NULL)
    return;

  follow (self, self->company_id);

  for (guint i = 0; i < g_list_model_get_n_items (companies); i++)
    {
      g_autoptr(BwEntity) company = g_list_model_get_item (companies, i);

      follow (self, bw_entity_get_id (company));
    }
}

BwMqttLink *
bw_session_make_link (BwSession        *self,
                      BwMqttBatchFunc   func,
                      gpointer          user_data,
                      GError          **error)
{
  g_autoptr(BwMqttLink) link = NULL;

  if (self->token == NULL)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_UNAUTHENTICATED, "nobody is signed in");
      return NULL;
    }

  if (self->broker_uri == NULL || self->broker_username == NULL)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                   "%s names no broker to follow live values at", self->base_uri);
      return NULL;
    }

  link = bw_mqtt_link_new (self->broker_uri, NULL, self->broker_username, self->token,
                           func, user_data, error);
  if (link == NULL || !bw_session_set_link_trust (self, link, error))
    return NULL;

  return g_steal_pointer (&link);
}

void
bw_session_start_feed (BwSession *self)
{
  g_autoptr(GError) error = NULL;

  g_return_if_fail (BW_IS_SESSION (self));

  if (self->link != NULL)
    return;

  self->link = bw_session_make_link (self, batch_of_messages_cb, self, &error);
  if (self->link == NULL)
    {
      g_debug ("no feed: %s", error->message);
      return;
    }

  g_signal_connect_object (self->link, "notify::connected",
                           G_CALLBACK (connected_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->link, "refused",
                           G_CALLBACK (refused_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::online", G_CALLBACK (online_changed_cb), NULL);
  self->watch_source = g_timeout_add_seconds (WATCH_S, watch_cb, self);
  bw_session_follow_companies (self);
  bw_mqtt_link_start (self->link);
}

/* With another company in reach the broker lets us follow other topics. */
void
bw_session_restart_feed (BwSession *self)
{
  if (self->link == NULL)
    return;

  bw_session_stop_feed (self);
  bw_session_start_feed (self);
}

void
bw_session_stop_feed (BwSession *self)
{
  if (self->link == NULL)
    return;

  g_clear_handle_id (&self->watch_source, g_source_remove);
  g_signal_handlers_disconnect_by_func (self, online_changed_cb, NULL);
  g_signal_handlers_disconnect_by_data (self->link, self);
  g_clear_object (&self->link);
  g_hash_table_remove_all (self->followed);
  bw_session_set_feed_connected (self, FALSE);
}
