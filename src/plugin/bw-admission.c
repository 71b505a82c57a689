/* bw-admission.c: who may connect, and stay
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-plugin.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include <mosquitto.h>
#include <mosquitto_broker.h>

#include "bw-certificate.h"

/* Tokens are shorter; more than this is not hashed for a stranger. */
#define PASSWORD_MAX_BYTES 512

static bool
is_device (const BwIdentity *identity)
{
  return identity->peer == BW_PEER_DEVICE || identity->peer == BW_PEER_UNAPPROVED;
}

static bool
is_expired (const BwIdentity *identity)
{
  return identity->peer == BW_PEER_SESSION && identity->expires_at_us <= bw_plugin_get_time ();
}

/* Whether it is of the key that @identity has had before, and that is good for a while yet. */
static bool
is_old_hash (const BwIdentity *identity,
             const uint8_t     hash[BW_SECRET_HASH_BYTES])
{
  return identity->old_ends_at_us > bw_plugin_get_time () &&
         sodium_memcmp (hash, identity->old_hash, BW_SECRET_HASH_BYTES) == 0;
}

/* @identity has the hash of what was shown afterwards: that has to stay good. */
static bool
password_fits (BwIdentity *identity,
               const char *password)
{
  uint8_t hash[BW_SECRET_HASH_BYTES];
  size_t length = strlen (password);

  if (length == 0 || length > PASSWORD_MAX_BYTES)
    return false;

  crypto_generichash (hash, sizeof hash, (const unsigned char *) password, length, NULL, 0);

  if (sodium_memcmp (hash, identity->hash, sizeof hash) == 0)
    return true;

  if (!is_old_hash (identity, hash))
    return false;

  memcpy (identity->hash, hash, sizeof hash);
  identity->key_number = 0;

  return true;
}

/* A second client with an id throws off the first, so an id belongs to whom it names or has it. */
static bool
may_use_client_id (BwPlugin         *self,
                   const BwIdentity *identity,
                   const char       *client_id)
{
  char id[BW_DEVICE_ID_SIZE];
  BwClient *owner;

  if (identity->peer != BW_PEER_SERVICE &&
      strncmp (client_id, BW_RESERVED_PREFIX, strlen (BW_RESERVED_PREFIX)) == 0)
    return false;

  if (bw_device_id_parse (client_id, strlen (client_id), id) && strcmp (id, identity->username) != 0)
    return false;

  owner = bw_clients_find_other_owner (&self->clients, client_id, identity->username);
  if (owner == NULL)
    return true;

  /* one that left and may not come back has no claim */
  if (owner->connection == NULL)
    {
      BwIdentity now;

      if (bw_broker_db_find (self->db, owner->identity.username, &now) == BW_LOOKUP_NONE ||
          now.is_blocked || is_expired (&now))
        {
          bw_clients_forget (&self->clients, owner);
          return true;
        }
    }

  return false;
}

/* Who shows a device's certificate is that device and nobody else, whatever keys he knows.
 * @device: (nullable): whom the certificate names */
static bool
is_proved (const struct mosquitto_evt_basic_auth *auth,
           BwIdentity                            *identity,
           const char                            *device)
{
  if (device != NULL)
    {
      /* which key it has is not known */
      identity->key_number = 0;
      return is_device (identity) && strcmp (identity->username, device) == 0;
    }

  return auth->password != NULL && password_fits (identity, auth->password);
}

static bool
try_admit (BwPlugin                              *self,
           const struct mosquitto_evt_basic_auth *auth,
           const char                            *device,
           BwIdentity                            *identity)
{
  const char *username = auth->username != NULL ? auth->username : device;
  const char *client_id = mosquitto_client_id (auth->client);

  if (username == NULL || client_id == NULL)
    return false;

  if (bw_broker_db_find (self->db, username, identity) != BW_LOOKUP_FOUND)
    return false;

  return !identity->is_blocked && !is_expired (identity) &&
         is_proved (auth, identity, device) &&
         may_use_client_id (self, identity, client_id);
}

/* Who signed in a moment ago may be here sooner than the next poll. */
static bool
admit (BwPlugin                              *self,
       const struct mosquitto_evt_basic_auth *auth,
       BwIdentity                            *identity)
{
  char id[BW_DEVICE_ID_SIZE];
  const char *device = bw_certificate_read_device (auth->client, id) ? id : NULL;

  return try_admit (self, auth, device, identity) ||
         (bw_broker_db_renew (self->db) && try_admit (self, auth, device, identity));
}

int
bw_admission_auth_cb (int   event,
                      void *event_data,
                      void *user_data)
{
  BwPlugin *self = user_data;
  struct mosquitto_evt_basic_auth *auth = event_data;
  BwIdentity identity;
  BwClient *client;

  if (!admit (self, auth, &identity))
    return MOSQ_ERR_AUTH;

  /* a device may write its ID in another form, or leave it to its certificate; the topics have one */
  if ((auth->username == NULL || strcmp (auth->username, identity.username) != 0) &&
      mosquitto_set_username (auth->client, identity.username) != MOSQ_ERR_SUCCESS)
    return MOSQ_ERR_AUTH;

  /* the broker may have used this memory for a client that is gone */
  client = bw_clients_find_connection (&self->clients, auth->client);
  if (client != NULL && is_device (&client->identity))
    bw_presences_leave (&self->presences, client->identity.username, bw_plugin_get_time ());

  client = bw_clients_add (&self->clients, auth->client, mosquitto_client_id (auth->client), &identity);
  if (client == NULL)
    return MOSQ_ERR_AUTH;

  /* many approvals at once are not looked at one by one */
  if (identity.peer == BW_PEER_DEVICE)
    bw_quotas_forget (&self->quotas, identity.username);

  if (is_device (&identity))
    bw_presences_arrive (&self->presences, identity.username, mosquitto_client_address (auth->client),
                         identity.key_number, bw_plugin_get_time ());

  return MOSQ_ERR_SUCCESS;
}

/* Comes for a refused connection too: only whom we let in can leave. */
int
bw_admission_leave_cb (int   event,
                       void *event_data,
                       void *user_data)
{
  BwPlugin *self = user_data;
  const struct mosquitto_evt_disconnect *leave = event_data;
  BwClient *client = bw_clients_find_connection (&self->clients, leave->client);
  int64_t now_us;

  if (client == NULL)
    return MOSQ_ERR_SUCCESS;

  now_us = bw_plugin_get_time ();
  if (is_device (&client->identity))
    bw_presences_leave (&self->presences, client->identity.username, now_us);

  bw_clients_remove (&self->clients, client, !mosquitto_client_clean_session (leave->client), now_us);

  return MOSQ_ERR_SUCCESS;
}

/* Whether somebody may stay as what he was admitted as. */
static bool
still_holds (const BwIdentity *then,
             const BwIdentity *now)
{
  return now->peer == then->peer && !now->is_blocked && !is_expired (now) &&
         (memcmp (now->hash, then->hash, sizeof now->hash) == 0 || is_old_hash (now, then->hash));
}

/* The last will is not sent: a device that comes back announces itself, and
 * one that was blocked has nothing to say. @client is gone afterwards. */
static void
kick (BwPlugin *self,
      BwClient *client)
{
  const struct mosquitto *connection = client->connection;

  mosquitto_kick_client_by_clientid (client->client_id, false);

  /* the broker knew nobody of that name: nothing to be sent away */
  client = bw_clients_find_connection (&self->clients, connection);
  if (client == NULL)
    return;

  if (is_device (&client->identity))
    bw_presences_leave (&self->presences, client->identity.username, bw_plugin_get_time ());
  bw_clients_forget (&self->clients, client);
}

/* Returns: whether the client was sent away */
static bool
review (BwPlugin         *self,
        BwClient         *client,
        BwLookup          found,
        const BwIdentity *now)
{
  /* a database that cannot be read says nothing about anybody */
  if (found == BW_LOOKUP_FAILED)
    return false;

  if (found == BW_LOOKUP_FOUND && still_holds (&client->identity, now))
    {
      uint8_t hash[BW_SECRET_HASH_BYTES];

      /* what it came with, be it the old one */
      memcpy (hash, client->identity.hash, sizeof hash);
      client->identity = *now;
      memcpy (client->identity.hash, hash, sizeof hash);
      return false;
    }

  kick (self, client);

  return true;
}

/* After its clients were sent away: they would say the same again, and later. What a
 * blocked one has retained is still there, so that goes on counting. */
static void
settle (BwPlugin         *self,
        const char       *username,
        BwLookup          found,
        const BwIdentity *now)
{
  if (found == BW_LOOKUP_FOUND && !now->is_blocked && now->peer == BW_PEER_DEVICE)
    {
      bw_held_release (&self->held, username);
      bw_quotas_forget (&self->quotas, username);
    }
  else if (found == BW_LOOKUP_NONE || (found == BW_LOOKUP_FOUND && now->is_blocked))
    bw_held_forget (&self->held, username);
}

void
bw_admission_review_one (BwPlugin   *self,
                         const char *username)
{
  BwClient *client = bw_clients_find_username (&self->clients, username);
  BwIdentity now;
  BwLookup found;

  found = bw_broker_db_find (self->db, username, &now);

  while (client != NULL)
    {
      BwClient *next = bw_clients_next_of_username (client);

      review (self, client, found, &now);
      client = next;
    }

  settle (self, username, found, &now);
}

static void
review_list (BwPlugin     *self,
             BwClientList *list)
{
  BwClient *client = list->first;

  while (client != NULL)
    {
      BwClient *next = client->next;
      BwIdentity now;
      BwLookup found = bw_broker_db_find (self->db, client->identity.username, &now);

      review (self, client, found, &now);
      client = next;
    }
}

void
bw_admission_review_all (BwPlugin *self)
{
  const char *held;

  review_list (self, &self->clients.connected);
  review_list (self, &self->clients.sessions);

  for (held = bw_held_next (&self->held, NULL); held != NULL;)
    {
      const char *next = bw_held_next (&self->held, held);
      BwIdentity now;
      BwLookup found = bw_broker_db_find (self->db, held, &now);

      settle (self, held, found, &now);
      held = next;
    }
}

void
bw_admission_review_expired (BwPlugin *self)
{
  BwClient *client = self->clients.sessions.first;

  while (client != NULL)
    {
      BwClient *next = client->next;

      if (is_expired (&client->identity))
        {
          BwIdentity now;
          BwLookup found = bw_broker_db_find (self->db, client->identity.username, &now);

          /* what has run out has run out, readable database or not */
          if (found == BW_LOOKUP_FAILED)
            kick (self, client);
          else
            review (self, client, found, &now);
        }

      client = next;
    }
}
