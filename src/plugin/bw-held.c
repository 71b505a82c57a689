/* bw-held.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-held.h"

#include <stdlib.h>
#include <string.h>

#include <mosquitto.h>
#include <mosquitto_broker.h>

#include "bw-device-id.h"

/* Some libraries publish a value once, when they start, and not again after
 * they were disconnected (node-homie 5.0.0 is one). The broker refuses values
 * of a device that nobody has approved, and they would stay unknown until each
 * of them changes. So the last one of each is kept here, in memory, where nobody
 * can read it, and published when the device is let in. */

#define DEVICE_MESSAGES_MAX 512
#define DEVICE_BYTES_MAX    (64 * 1024)
#define ALL_BYTES_MAX       (16 * 1024 * 1024)

typedef struct _Message Message;
struct _Message
{
  Message *next;
  size_t   length;
  int      qos;
  char    *payload;   /* behind the topic, in the same memory */
  char     topic[];
};

struct _BwHeldDevice
{
  BwTableNode   node;
  BwHeldDevice *previous;
  BwHeldDevice *next;
  Message      *messages;
  size_t        n_messages;
  size_t        n_bytes;
  char          id[BW_DEVICE_ID_SIZE];
};

bool
bw_held_init (BwHeld *self)
{
  memset (self, 0, sizeof *self);

  return bw_table_init (&self->by_id);
}

static BwHeldDevice *
find (const BwHeld *self,
      const char   *id)
{
  BwTableNode *node = bw_table_find (&self->by_id, bw_table_hash (id, strlen (id)));

  for (; node != NULL; node = bw_table_next (node))
    {
      BwHeldDevice *device = BW_TABLE_ENTRY (node, BwHeldDevice, node);

      if (strcmp (device->id, id) == 0)
        return device;
    }

  return NULL;
}

static size_t
get_size (const Message *message)
{
  return sizeof *message + strlen (message->topic) + 1 + message->length;
}

static void
drop_message (BwHeld       *self,
              BwHeldDevice *device,
              Message     **link)
{
  Message *message = *link;
  size_t size = get_size (message);

  *link = message->next;
  device->n_messages--;
  device->n_bytes -= size;
  self->n_bytes -= size;
  free (message);
}

static void
drop_device (BwHeld       *self,
             BwHeldDevice *device)
{
  while (device->messages != NULL)
    drop_message (self, device, &device->messages);

  *(device->previous != NULL ? &device->previous->next : &self->first) = device->next;
  *(device->next != NULL ? &device->next->previous : &self->last) = device->previous;
  bw_table_remove (&self->by_id, &device->node);
  free (device);
}

void
bw_held_clear (BwHeld *self)
{
  while (self->first != NULL)
    drop_device (self, self->first);

  bw_table_clear (&self->by_id);
}

static BwHeldDevice *
ensure (BwHeld     *self,
        const char *id)
{
  BwHeldDevice *device = find (self, id);

  if (device != NULL || strlen (id) >= sizeof device->id)
    return device;

  device = calloc (1, sizeof *device);
  if (device == NULL)
    return NULL;

  memcpy (device->id, id, strlen (id) + 1);
  device->previous = self->last;
  *(self->last != NULL ? &self->last->next : &self->first) = device;
  self->last = device;
  bw_table_insert (&self->by_id, &device->node, bw_table_hash (id, strlen (id)));

  return device;
}

static Message *
new_message (const char *topic,
             const void *payload,
             size_t      length,
             int         qos)
{
  size_t topic_size = strlen (topic) + 1;
  Message *message = malloc (sizeof *message + topic_size + length);

  if (message == NULL)
    return NULL;

  message->length = length;
  message->qos = qos;
  message->payload = message->topic + topic_size;
  memcpy (message->topic, topic, topic_size);
  memcpy (message->payload, payload, length);

  return message;
}

void
bw_held_take (BwHeld     *self,
              const char *id,
              const char *topic,
              const void *payload,
              size_t      length,
              int         qos)
{
  BwHeldDevice *device = ensure (self, id);
  Message **link;
  Message *message;

  if (device == NULL)
    return;

  for (link = &device->messages; *link != NULL; link = &(*link)->next)
    {
      if (strcmp ((*link)->topic, topic) == 0)
        {
          drop_message (self, device, link);
          break;
        }
    }

  if (length == 0 || length > DEVICE_BYTES_MAX || device->n_messages >= DEVICE_MESSAGES_MAX)
    return;

  message = new_message (topic, payload, length, qos);
  if (message == NULL)
    return;

  message->next = device->messages;
  device->messages = message;
  device->n_messages++;
  device->n_bytes += get_size (message);
  self->n_bytes += get_size (message);

  if (device->n_bytes > DEVICE_BYTES_MAX)
    drop_message (self, device, &device->messages);

  while (self->n_bytes > ALL_BYTES_MAX)
    drop_device (self, self->first);
}

void
bw_held_release (BwHeld     *self,
                 const char *id)
{
  BwHeldDevice *device = find (self, id);

  if (device == NULL)
    return;

  for (Message *message = device->messages; message != NULL; message = message->next)
    mosquitto_broker_publish_copy (NULL, message->topic, (int) message->length, message->payload,
                                   message->qos, true, NULL);

  drop_device (self, device);
}

void
bw_held_forget (BwHeld     *self,
                const char *id)
{
  BwHeldDevice *device = find (self, id);

  if (device != NULL)
    drop_device (self, device);
}

const char *
bw_held_next (BwHeld     *self,
              const char *id)
{
  BwHeldDevice *device = self->first;

  if (id != NULL)
    {
      device = find (self, id);
      if (device != NULL)
        device = device->next;
    }

  return device != NULL ? device->id : NULL;
}
