/* bw-quota.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-quota.h"

#include <stdlib.h>
#include <string.h>

#include <mosquitto.h>
#include <mosquitto_broker.h>

#include "bw-device-id.h"

/* The broker keeps every retained message for good, so a device with a good key
 * could fill its memory with attributes before anybody has looked at it. Each
 * one's topics are counted from its first word until its approval; what was
 * retained before the broker's last start is not. A topic is known by its hash
 * alone: it is keyed, so nobody can make two look alike. */

#define DEVICE_TOPICS_MAX 4096
#define DEVICE_BYTES_MAX  (4 * 1024 * 1024)
#define FIRST_TOPICS      16

typedef struct
{
  uint64_t hash;
  size_t   size;
} Topic;

typedef struct
{
  BwTableNode node;
  Topic      *topics;
  size_t      n_topics;
  size_t      n_allocated;
  size_t      n_bytes;
  bool        said;      /* that it wanted more */
  char        id[BW_DEVICE_ID_SIZE];
} Quota;

bool
bw_quotas_init (BwQuotas *self)
{
  return bw_table_init (&self->by_id);
}

static void
quota_free (Quota *quota)
{
  free (quota->topics);
  free (quota);
}

void
bw_quotas_clear (BwQuotas *self)
{
  for (size_t i = 0; i < self->by_id.n_buckets; i++)
    {
      BwTableNode *node = self->by_id.buckets[i];

      while (node != NULL)
        {
          BwTableNode *next = node->next;

          quota_free (BW_TABLE_ENTRY (node, Quota, node));
          node = next;
        }
    }

  bw_table_clear (&self->by_id);
}

static Quota *
find (const BwQuotas *self,
      const char     *id)
{
  BwTableNode *node = bw_table_find (&self->by_id, bw_table_hash (id, strlen (id)));

  for (; node != NULL; node = bw_table_next (node))
    {
      Quota *quota = BW_TABLE_ENTRY (node, Quota, node);

      if (strcmp (quota->id, id) == 0)
        return quota;
    }

  return NULL;
}

static Quota *
ensure (BwQuotas   *self,
        const char *id)
{
  Quota *quota = find (self, id);

  if (quota != NULL || strlen (id) >= sizeof quota->id)
    return quota;

  quota = calloc (1, sizeof *quota);
  if (quota == NULL)
    return NULL;

  memcpy (quota->id, id, strlen (id) + 1);
  bw_table_insert (&self->by_id, &quota->node, bw_table_hash (id, strlen (id)));

  return quota;
}

static Topic *
find_topic (Quota    *self,
            uint64_t  hash)
{
  for (size_t i = 0; i < self->n_topics; i++)
    {
      if (self->topics[i].hash == hash)
        return &self->topics[i];
    }

  return NULL;
}

static void
remove_topic (Quota *self,
              Topic *topic)
{
  self->n_bytes -= topic->size;
  *topic = self->topics[--self->n_topics];
}

static bool
add_topic (Quota    *self,
           uint64_t  hash,
           size_t    size)
{
  if (self->n_topics == self->n_allocated)
    {
      size_t n = self->n_allocated > 0 ? self->n_allocated * 2 : FIRST_TOPICS;
      Topic *topics = realloc (self->topics, n * sizeof *topics);

      if (topics == NULL)
        return false;
      self->topics = topics;
      self->n_allocated = n;
    }

  self->topics[self->n_topics++] = (Topic) { hash, size };
  self->n_bytes += size;

  return true;
}

static bool
refuse (Quota *self)
{
  /* again and again it would be said at each message */
  if (!self->said)
    mosquitto_log_printf (MOSQ_LOG_NOTICE, "bellwether: %s retains more than a device may before its approval, refused",
                          self->id);
  self->said = true;

  return false;
}

bool
bw_quotas_take (BwQuotas   *self,
                const char *id,
                const char *topic,
                size_t      length)
{
  Quota *quota = ensure (self, id);
  uint64_t hash = bw_table_hash (topic, strlen (topic));
  size_t size = strlen (topic) + length;
  Topic *known;

  if (quota == NULL)
    return false;

  known = find_topic (quota, hash);
  if (length == 0)
    {
      if (known != NULL)
        remove_topic (quota, known);
      return true;
    }

  if (quota->n_bytes - (known != NULL ? known->size : 0) + size > DEVICE_BYTES_MAX)
    return refuse (quota);

  if (known != NULL)
    {
      quota->n_bytes += size - known->size;
      known->size = size;
      return true;
    }

  if (quota->n_topics >= DEVICE_TOPICS_MAX)
    return refuse (quota);

  return add_topic (quota, hash, size);
}

void
bw_quotas_forget (BwQuotas   *self,
                  const char *id)
{
  Quota *quota = find (self, id);

  if (quota == NULL)
    return;

  bw_table_remove (&self->by_id, &quota->node);
  quota_free (quota);
}
