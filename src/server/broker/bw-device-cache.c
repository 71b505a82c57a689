/* bw-device-cache.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-broker"

#include "bw-device-cache.h"

#include <string.h>

#include "bw-text.h"

/* Belongs to the ingest's thread. What is not here is loaded from the store
 * when the device speaks; what has not been used for long leaves again, so the
 * memory of the daemon does not follow the size of the fleet. */

static void
mix (guint64    *hash,
     const char *text)
{
  /* FNV-1a, and a zero byte after each text */
  for (const char *at = text != NULL ? text : "\001";; at++)
    {
      *hash = (*hash ^ (guint8) *at) * G_GUINT64_CONSTANT (1099511628211);
      if (*at == '\0')
        return;
    }
}

static guint64
hash_structure (const BwDeviceTree *tree)
{
  guint64 hash = G_GUINT64_CONSTANT (14695981039346656037);

  for (guint i = 0; i < tree->nodes->len; i++)
    {
      const BwTreeNode *node = g_ptr_array_index (tree->nodes, i);

      mix (&hash, node->id);
      for (guint j = 0; j < node->properties->len; j++)
        {
          const BwTreeProperty *property = g_ptr_array_index (node->properties, j);

          mix (&hash, property->id);
          mix (&hash, property->unit);
          mix (&hash, property->format);
          hash ^= (guint64) property->datatype * 4 + property->settable * 2u + property->retained;
        }
    }

  return hash;
}

void
bw_known_device_set (BwKnownDevice        *self,
                     const BwIngestDevice *device)
{
  self->state = bw_ingest_device_get_state (device);
  bw_set_str (&self->product, device->tree->product);
  bw_set_str (&self->version, device->tree->version);
  self->structure = hash_structure (device->tree);
}

static void
cached_free (gpointer data)
{
  BwCachedDevice *cached = data;

  g_clear_pointer (&cached->device, bw_ingest_device_free);
  g_free (cached->known.product);
  g_free (cached->known.version);
  g_free (cached);
}

void
bw_device_cache_init (BwDeviceCache *self)
{
  self->by_id = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, cached_free);
  g_queue_init (&self->used);
  self->n_properties = 0;
  self->n_unknown = 0;
}

void
bw_device_cache_clear (BwDeviceCache *self)
{
  g_clear_pointer (&self->by_id, g_hash_table_unref);
  g_queue_init (&self->used);
}

BwCachedDevice *
bw_device_cache_get (BwDeviceCache *self,
                     const char    *id)
{
  BwCachedDevice *cached = g_hash_table_lookup (self->by_id, id);

  if (cached != NULL && self->used.head != &cached->link)
    {
      g_queue_unlink (&self->used, &cached->link);
      g_queue_push_head_link (&self->used, &cached->link);
    }

  return cached;
}

BwCachedDevice *
bw_device_cache_add (BwDeviceCache  *self,
                     const char     *id,
                     BwIngestDevice *device)
{
  BwCachedDevice *cached = g_new0 (BwCachedDevice, 1);

  g_strlcpy (cached->id, id, sizeof cached->id);
  cached->device = device;
  cached->link.data = cached;
  if (device != NULL)
    {
      cached->seen_stored_us = device->last_seen_us;
      cached->told_state = device->first_seen_us != 0;
      cached->state = bw_ingest_device_get_state (device);
      bw_known_device_set (&cached->known, device);
    }
  else
    self->n_unknown++;

  g_hash_table_insert (self->by_id, cached->id, cached);
  g_queue_push_head_link (&self->used, &cached->link);
  bw_device_cache_count (self, cached);

  return cached;
}

void
bw_device_cache_count (BwDeviceCache  *self,
                       BwCachedDevice *cached)
{
  guint now = cached->device != NULL ? cached->device->tree->n_properties + 1 : 0;

  self->n_properties += now - cached->n_properties;
  cached->n_properties = now;
}

void
bw_device_cache_drop (BwDeviceCache  *self,
                      BwCachedDevice *cached)
{
  self->n_properties -= cached->n_properties;
  if (cached->device == NULL)
    self->n_unknown--;

  g_queue_unlink (&self->used, &cached->link);
  g_hash_table_remove (self->by_id, cached->id);
}

void
bw_device_cache_shrink (BwDeviceCache *self)
{
  GList *link = self->used.tail;

  while (link != NULL &&
         (self->n_properties > BW_CACHE_MAX_PROPERTIES || self->n_unknown > BW_CACHE_MAX_UNKNOWN))
    {
      BwCachedDevice *cached = link->data;

      link = link->prev;
      if (!cached->queued && !cached->news)
        bw_device_cache_drop (self, cached);
    }
}
