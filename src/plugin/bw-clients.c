/* bw-clients.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-clients.h"

#include <stdlib.h>
#include <string.h>

/* Everybody whom we admitted and who has not left, by connection, by name and
 * by client id; and for LEFT_MAX_US those who left something waiting with the
 * broker, so that nobody else takes it under the same client id. */

#define LEFT_MAX    65536
#define LEFT_MAX_US (24 * 3600 * INT64_C (1000000))

static uint64_t
hash_text (const char *text)
{
  return bw_table_hash (text, strlen (text));
}

/* An address is nobody's choice, so spreading its bits will do (Knuth's multiplier for 64 bits). */
static uint64_t
hash_connection (const struct mosquitto *connection)
{
  uint64_t bits = (uint64_t) (uintptr_t) connection * UINT64_C (0x9e3779b97f4a7c15);

  return bits ^ bits >> 32;
}

static void
append (BwClientList *list,
        BwClient     *client)
{
  client->previous = list->last;
  client->next = NULL;
  *(list->last != NULL ? &list->last->next : &list->first) = client;
  list->last = client;
  list->length++;
}

static void
unlink_from (BwClientList *list,
             BwClient     *client)
{
  *(client->previous != NULL ? &client->previous->next : &list->first) = client->next;
  *(client->next != NULL ? &client->next->previous : &list->last) = client->previous;
  client->previous = client->next = NULL;
  list->length--;
}

static BwClientList *
list_of (BwClients *self,
         BwClient  *client)
{
  if (client->connection == NULL)
    return &self->left;

  return client->identity.peer == BW_PEER_SESSION ? &self->sessions : &self->connected;
}

bool
bw_clients_init (BwClients *self)
{
  memset (self, 0, sizeof *self);

  return bw_table_init (&self->by_connection) && bw_table_init (&self->by_username) &&
         bw_table_init (&self->by_client_id);
}

void
bw_clients_clear (BwClients *self)
{
  while (self->connected.first != NULL)
    bw_clients_forget (self, self->connected.first);
  while (self->sessions.first != NULL)
    bw_clients_forget (self, self->sessions.first);
  while (self->left.first != NULL)
    bw_clients_forget (self, self->left.first);

  bw_table_clear (&self->by_connection);
  bw_table_clear (&self->by_username);
  bw_table_clear (&self->by_client_id);
}

static BwClient *
find_left (const BwClients *self,
           const char      *client_id)
{
  BwTableNode *node = bw_table_find (&self->by_client_id, hash_text (client_id));

  for (; node != NULL; node = bw_table_next (node))
    {
      BwClient *client = BW_TABLE_ENTRY (node, BwClient, by_client_id);

      if (client->connection == NULL && strcmp (client->client_id, client_id) == 0)
        return client;
    }

  return NULL;
}

BwClient *
bw_clients_add (BwClients              *self,
                const struct mosquitto *connection,
                const char             *client_id,
                const BwIdentity       *identity)
{
  size_t size = strlen (client_id) + 1;
  BwClient *known;
  BwClient *client;

  /* the broker gives the memory of a connection to the next one */
  known = bw_clients_find_connection (self, connection);
  if (known != NULL)
    bw_clients_forget (self, known);

  known = find_left (self, client_id);
  if (known != NULL)
    bw_clients_forget (self, known);

  client = calloc (1, sizeof *client + size);
  if (client == NULL)
    return NULL;

  client->connection = connection;
  client->identity = *identity;
  memcpy (client->client_id, client_id, size);

  bw_table_insert (&self->by_connection, &client->by_connection, hash_connection (connection));
  bw_table_insert (&self->by_username, &client->by_username, hash_text (identity->username));
  bw_table_insert (&self->by_client_id, &client->by_client_id, hash_text (client_id));
  append (list_of (self, client), client);

  return client;
}

void
bw_clients_remove (BwClients *self,
                   BwClient  *client,
                   bool       keeps_session,
                   int64_t    now_us)
{
  BwClient *known;

  if (!keeps_session)
    {
      bw_clients_forget (self, client);
      return;
    }

  /* one connection may take over from another with the same id */
  known = find_left (self, client->client_id);
  if (known != NULL)
    bw_clients_forget (self, known);

  bw_table_remove (&self->by_connection, &client->by_connection);
  bw_table_remove (&self->by_username, &client->by_username);
  unlink_from (list_of (self, client), client);
  bw_grants_clear (&client->grants);

  client->connection = NULL;
  client->left_at_us = now_us;
  append (list_of (self, client), client);

  while (self->left.length > LEFT_MAX || self->left.first->left_at_us < now_us - LEFT_MAX_US)
    bw_clients_forget (self, self->left.first);
}

void
bw_clients_forget (BwClients *self,
                   BwClient  *client)
{
  if (client->connection != NULL)
    {
      bw_table_remove (&self->by_connection, &client->by_connection);
      bw_table_remove (&self->by_username, &client->by_username);
    }

  unlink_from (list_of (self, client), client);
  bw_table_remove (&self->by_client_id, &client->by_client_id);
  bw_grants_clear (&client->grants);
  free (client);
}

BwClient *
bw_clients_find_connection (const BwClients        *self,
                            const struct mosquitto *connection)
{
  BwTableNode *node = bw_table_find (&self->by_connection, hash_connection (connection));

  for (; node != NULL; node = bw_table_next (node))
    {
      BwClient *client = BW_TABLE_ENTRY (node, BwClient, by_connection);

      if (client->connection == connection)
        return client;
    }

  return NULL;
}

static BwClient *
first_of_username (BwTableNode *node,
                   const char  *username)
{
  for (; node != NULL; node = bw_table_next (node))
    {
      BwClient *client = BW_TABLE_ENTRY (node, BwClient, by_username);

      if (strcmp (client->identity.username, username) == 0)
        return client;
    }

  return NULL;
}

BwClient *
bw_clients_find_username (const BwClients *self,
                          const char      *username)
{
  return first_of_username (bw_table_find (&self->by_username, hash_text (username)), username);
}

BwClient *
bw_clients_next_of_username (BwClient *client)
{
  return first_of_username (bw_table_next (&client->by_username), client->identity.username);
}

BwClient *
bw_clients_find_other_owner (const BwClients *self,
                             const char      *client_id,
                             const char      *username)
{
  BwTableNode *node = bw_table_find (&self->by_client_id, hash_text (client_id));

  for (; node != NULL; node = bw_table_next (node))
    {
      BwClient *client = BW_TABLE_ENTRY (node, BwClient, by_client_id);

      if (strcmp (client->client_id, client_id) == 0 && strcmp (client->identity.username, username) != 0)
        return client;
    }

  return NULL;
}
