/* bw-presence.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-presence.h"

#include <stdlib.h>
#include <string.h>

#include <mosquitto.h>
#include <mosquitto_broker.h>

#include "bw-device-id.h"
#include "bw-topic.h"

/* Presence as the broker sees it, retained below bellwether/presence/.
 *
 * Arrivals and departures are only noted when they happen and published at the
 * next tick: when a client passes admission the broker may still refuse it, and
 * a device that drops out and is back within a tick has one presence, not three.
 *
 * The broker keeps retained messages over a restart, when nobody is connected.
 * What it kept cannot be listed by a plugin, but each retained message is shown
 * to us before it is delivered (bw_presences_verify()): one that says online of
 * a device that is not is held back, and replaced by a true one. */

#define ADDRESS_SIZE 64
#define PAYLOAD_MAX  192   /* all but the address is 96 at most */
#define DIGITS_MAX   20
#define QOS          1

/* Ours is the only writer, so this is how what says online starts. */
#define ONLINE_START "{\"online\":true"

struct _BwPresence
{
  BwTableNode node;
  BwPresence *next_to_say;
  char        id[BW_DEVICE_ID_SIZE];
  char        address[ADDRESS_SIZE];
  int64_t     at_us;
  int64_t     key_number;     /* 0: nothing to be said of it */
  unsigned    n_connections;
  bool        said_online;    /* what the retained message says, or may say */
  bool        to_say;
};

bool
bw_presences_init (BwPresences *self)
{
  memset (self, 0, sizeof *self);

  return bw_table_init (&self->by_id);
}

void
bw_presences_clear (BwPresences *self)
{
  for (size_t i = 0; i < self->by_id.n_buckets; i++)
    {
      BwTableNode *node = self->by_id.buckets[i];

      while (node != NULL)
        {
          BwTableNode *next = node->next;

          free (BW_TABLE_ENTRY (node, BwPresence, node));
          node = next;
        }
    }

  bw_table_clear (&self->by_id);
}

static BwPresence *
find (const BwPresences *self,
      const char        *id)
{
  BwTableNode *node = bw_table_find (&self->by_id, bw_table_hash (id, BW_DEVICE_ID_LENGTH));

  for (; node != NULL; node = bw_table_next (node))
    {
      BwPresence *presence = BW_TABLE_ENTRY (node, BwPresence, node);

      if (memcmp (presence->id, id, BW_DEVICE_ID_LENGTH) == 0)
        return presence;
    }

  return NULL;
}

static BwPresence *
ensure (BwPresences *self,
        const char  *id)
{
  BwPresence *presence = find (self, id);

  if (presence != NULL)
    return presence;

  presence = calloc (1, sizeof *presence);
  if (presence == NULL)
    return NULL;

  memcpy (presence->id, id, BW_DEVICE_ID_LENGTH);
  bw_table_insert (&self->by_id, &presence->node, bw_table_hash (id, BW_DEVICE_ID_LENGTH));

  return presence;
}

static void
queue (BwPresences *self,
       BwPresence  *presence)
{
  if (presence->to_say)
    return;

  presence->to_say = true;
  presence->next_to_say = NULL;
  *(self->last_to_say != NULL ? &self->last_to_say->next_to_say : &self->first_to_say) = presence;
  self->last_to_say = presence;
}

void
bw_presences_arrive (BwPresences *self,
                     const char  *id,
                     const char  *address,
                     int64_t      key_number,
                     int64_t      at_us)
{
  BwPresence *presence = ensure (self, id);

  if (presence == NULL)
    return;

  presence->n_connections++;
  presence->at_us = at_us;
  presence->key_number = key_number;
  presence->address[0] = '\0';
  if (address != NULL && strlen (address) < sizeof presence->address)
    memcpy (presence->address, address, strlen (address) + 1);
  queue (self, presence);
}

void
bw_presences_leave (BwPresences *self,
                    const char  *id,
                    int64_t      at_us)
{
  BwPresence *presence = find (self, id);

  if (presence == NULL || presence->n_connections == 0)
    return;

  presence->n_connections--;
  if (presence->n_connections > 0)
    return;

  presence->at_us = at_us;
  queue (self, presence);
}

/* An address needs no escapes: the broker made it from a socket. Anything else would, so it is left out. */
static bool
is_plain (const char *address)
{
  for (; *address != '\0'; address++)
    {
      if (*address < ' ' || *address > '~' || *address == '"' || *address == '\\')
        return false;
    }

  return true;
}

static char *
append_number (char    *at,
               int64_t  number)
{
  char digits[DIGITS_MAX + 1];
  char *first = digits + DIGITS_MAX;

  *first = '\0';
  do
    {
      *--first = (char) ('0' + number % 10);
      number /= 10;
    }
  while (number > 0);

  return stpcpy (at, first);
}

/* Not by printf: two of these are a good part of what a connect costs. */
static void
publish (const BwPresence *presence)
{
  char topic[sizeof BW_TOPIC_PRESENCE_PREFIX + BW_DEVICE_ID_SIZE];
  char payload[PAYLOAD_MAX];
  char *end = payload;

  stpcpy (stpcpy (topic, BW_TOPIC_PRESENCE_PREFIX), presence->id);

  end = stpcpy (end, presence->n_connections > 0 ? ONLINE_START : "{\"online\":false");
  end = stpcpy (end, ",\"address\":\"");
  end = stpcpy (end, is_plain (presence->address) ? presence->address : "");
  end = stpcpy (end, "\",\"atUs\":");
  end = append_number (end, presence->at_us);
  if (presence->key_number > 0 && presence->n_connections > 0)
    end = append_number (stpcpy (end, ",\"key\":"), presence->key_number);
  end = stpcpy (end, "}");

  mosquitto_broker_publish_copy (NULL, topic, (int) (end - payload), payload, QOS, true, NULL);
}

void
bw_presences_say (BwPresences *self)
{
  BwPresence *presence = self->first_to_say;

  self->first_to_say = NULL;
  self->last_to_say = NULL;

  while (presence != NULL)
    {
      BwPresence *next = presence->next_to_say;
      bool is_online = presence->n_connections > 0;

      presence->to_say = false;

      /* admitted by us, then refused by the broker: nobody heard of it */
      if (is_online || presence->said_online)
        publish (presence);
      presence->said_online = is_online;

      if (!is_online)
        {
          bw_table_remove (&self->by_id, &presence->node);
          free (presence);
        }

      presence = next;
    }
}

static bool
says_online (const void *payload,
             size_t      length)
{
  return payload != NULL && length >= strlen (ONLINE_START) &&
         memcmp (payload, ONLINE_START, strlen (ONLINE_START)) == 0;
}

bool
bw_presences_verify (BwPresences *self,
                     const char  *topic,
                     const void  *payload,
                     size_t       length,
                     int64_t      now_us)
{
  const char *id = topic + strlen (BW_TOPIC_PRESENCE_PREFIX);
  BwPresence *presence;

  if (!says_online (payload, length) || !bw_device_id_is_canonical (id, strlen (id)))
    return true;

  presence = find (self, id);
  if (presence != NULL && presence->n_connections > 0)
    return true;

  if (presence == NULL)
    {
      presence = ensure (self, id);
      if (presence == NULL)
        return true;
      presence->at_us = now_us;
    }

  presence->said_online = true;
  queue (self, presence);

  return false;
}
