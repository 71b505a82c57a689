/* bw-acl.c: which messages are whose
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-plugin.h"

#include <string.h>

#include <mosquitto.h>
#include <mosquitto_broker.h>
#include <mosquitto_plugin.h>

#include "bw-topic.h"

/* The rules are in wire/bw-privilege.c. Here is who asks: mostly a client that
 * we admitted, found by its connection, without a query. The broker also asks
 * for clients that are not connected: before it keeps a message for one that
 * may come back, before it sends a last will, before it hands out what somebody
 * retained. Those are known by name only. */

typedef struct
{
  BwPlugin *plugin;
  BwClient *client;
} Asker;

static bool
reaches (const Asker *asker,
         bool         is_company,
         const char  *id)
{
  return bw_broker_db_reaches (asker->plugin->db, asker->client->identity.company_id, is_company, id);
}

static bool
session_reaches (void       *data,
                 bool        is_company,
                 const char *id)
{
  Asker *asker = data;

  if (asker->client->grants.generation != asker->plugin->generation)
    {
      bw_grants_clear (&asker->client->grants);
      asker->client->grants.generation = asker->plugin->generation;
    }

  if (bw_grants_has (&asker->client->grants, id))
    return true;

  if (!reaches (asker, is_company, id) &&
      (!bw_broker_db_renew (asker->plugin->db) || !reaches (asker, is_company, id)))
    return false;

  bw_grants_add (&asker->client->grants, id);

  return true;
}

static bool
to_access (int       access,
           BwAccess *ret_access)
{
  switch (access)
    {
    case MOSQ_ACL_WRITE:
      *ret_access = BW_ACCESS_PUBLISH;
      return true;

    case MOSQ_ACL_READ:
      *ret_access = BW_ACCESS_RECEIVE;
      return true;

    case MOSQ_ACL_SUBSCRIBE:
      *ret_access = BW_ACCESS_SUBSCRIBE;
      return true;

    default:
      return false;
    }
}

static const BwAbsent *
look_up_absent (BwPlugin   *self,
                const char *username)
{
  size_t length = strlen (username);
  BwAbsent *slot;
  BwIdentity identity;
  BwLookup found;

  if (length == 0 || length > BW_USERNAME_MAX_BYTES)
    return NULL;

  slot = &self->absent[bw_table_hash (username, length) % BW_ABSENT_SLOTS];
  if (slot->generation == self->generation && strcmp (slot->username, username) == 0)
    return slot;

  found = bw_broker_db_find (self->db, username, &identity);
  if (found == BW_LOOKUP_FAILED)
    return NULL;

  memcpy (slot->username, username, length + 1);
  slot->generation = self->generation;
  slot->is_allowed = found == BW_LOOKUP_FOUND && !identity.is_blocked && identity.peer != BW_PEER_SESSION;
  slot->peer = identity.peer;

  return slot;
}

/* A session that is not connected keeps nothing: it loads anew what it wants to know.
 * @ret_peer: set when it may */
static bool
absent_may (BwPlugin   *self,
            const char *username,
            BwAccess    access,
            const char *topic,
            BwPeer     *ret_peer)
{
  BwClient *client;
  const BwAbsent *absent;

  if (username == NULL)
    return false;

  client = bw_clients_find_username (&self->clients, username);
  if (client != NULL && client->identity.peer != BW_PEER_SESSION)
    {
      *ret_peer = client->identity.peer;
      return bw_privilege_allows (*ret_peer, username, access, topic, NULL, NULL);
    }

  absent = look_up_absent (self, username);
  if (absent == NULL || !absent->is_allowed)
    return false;

  *ret_peer = absent->peer;

  return bw_privilege_allows (*ret_peer, username, access, topic, NULL, NULL);
}

/* A value that comes too early: refused, but not forgotten. */
static void
hold_back (BwPlugin                             *self,
           const BwClient                       *client,
           const struct mosquitto_evt_acl_check *check)
{
  if (check->retain &&
      bw_privilege_allows (BW_PEER_DEVICE, client->identity.username, BW_ACCESS_PUBLISH, check->topic, NULL, NULL))
    bw_held_take (&self->held, client->identity.username, check->topic, check->payload, check->payloadlen, check->qos);
}

int
bw_acl_check_cb (int   event,
                 void *event_data,
                 void *user_data)
{
  BwPlugin *self = user_data;
  const struct mosquitto_evt_acl_check *check = event_data;
  const char *username = mosquitto_client_username (check->client);
  BwPeer peer = BW_PEER_UNAPPROVED;
  BwClient *client;
  BwAccess access;
  bool allowed;

  /* giving up a subscription is everybody's right */
  if (check->access == MOSQ_ACL_UNSUBSCRIBE)
    return MOSQ_ERR_SUCCESS;

  if (!to_access (check->access, &access))
    return MOSQ_ERR_ACL_DENIED;

  client = bw_clients_find_connection (&self->clients, check->client);
  if (client != NULL)
    {
      Asker asker = { self, client };

      peer = client->identity.peer;
      username = client->identity.username;
      allowed = bw_privilege_allows (peer, username, access, check->topic, session_reaches, &asker);
      if (!allowed && access == BW_ACCESS_PUBLISH && peer == BW_PEER_UNAPPROVED)
        hold_back (self, client, check);
    }
  else
    allowed = absent_may (self, username, access, check->topic, &peer);

  if (allowed && access == BW_ACCESS_SUBSCRIBE && peer == BW_PEER_SERVICE)
    bw_plugin_save_soon (self);

  if (allowed && access == BW_ACCESS_PUBLISH && peer == BW_PEER_UNAPPROVED && check->retain)
    allowed = bw_quotas_take (&self->quotas, username, check->topic, check->payloadlen);

  if (allowed && access == BW_ACCESS_RECEIVE &&
      strncmp (check->topic, BW_TOPIC_PRESENCE_PREFIX, strlen (BW_TOPIC_PRESENCE_PREFIX)) == 0)
    allowed = bw_presences_verify (&self->presences, check->topic, check->payload, check->payloadlen,
                                   bw_plugin_get_time ());

  return allowed ? MOSQ_ERR_SUCCESS : MOSQ_ERR_ACL_DENIED;
}
