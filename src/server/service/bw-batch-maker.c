/* bw-batch-maker.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-batch-maker.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define RAW_BYTES BW_DEVICE_ID_RANDOM_BYTES

/* The ids are drawn all at once and sorted: then a slice of them is a narrow
 * range of the table's key, and adding it touches few pages even in a big table. */
struct _BwBatchMaker
{
  guint8  secret[BW_BATCH_SECRET_BYTES];
  gint64  count;
  guint8 *raw;      /* count × RAW_BYTES */

  GArray       *rows;         /* (nullable): of an import, whose ids are given */
  GStringChunk *texts;
  gboolean      needs_secret;
};

BwBatchMaker *
bw_batch_maker_new (gint64 count)
{
  BwBatchMaker *self = g_new0 (BwBatchMaker, 1);

  self->count = count;
  self->needs_secret = TRUE;
  randombytes_buf (self->secret, sizeof self->secret);

  return self;
}

static int
compare_rows (gconstpointer a,
              gconstpointer b)
{
  return memcmp (((const BwImportRow *) a)->id, ((const BwImportRow *) b)->id, BW_DEVICE_ID_LENGTH);
}

BwBatchMaker *
bw_batch_maker_new_import (GArray       *rows,
                           GStringChunk *texts)
{
  BwBatchMaker *self = bw_batch_maker_new (rows->len);

  self->rows = rows;
  self->texts = texts;
  self->needs_secret = FALSE;
  for (guint i = 0; i < rows->len; i++)
    {
      BwImportRow *row = &g_array_index (rows, BwImportRow, i);

      row->device.serial = (gint64) i + 1;
      self->needs_secret = self->needs_secret || !row->has_key;
    }

  return self;
}

gboolean
bw_batch_maker_is_import (BwBatchMaker *self)
{
  return self->rows != NULL;
}

void
bw_batch_maker_free (BwBatchMaker *self)
{
  sodium_memzero (self->secret, sizeof self->secret);
  g_clear_pointer (&self->rows, g_array_unref);
  g_clear_pointer (&self->texts, g_string_chunk_free);
  g_free (self->raw);
  g_free (self);
}

const guint8 *
bw_batch_maker_get_secret (BwBatchMaker *self)
{
  return self->needs_secret ? self->secret : NULL;
}

static int
compare_raw (const void *a,
             const void *b)
{
  return memcmp (a, b, RAW_BYTES);
}

void
bw_batch_maker_draw (BwBatchMaker *self)
{
  gsize size = (gsize) self->count * RAW_BYTES;
  gboolean again;

  if (self->rows != NULL)
    {
      g_array_sort (self->rows, compare_rows);
      return;
    }

  if (self->raw == NULL)
    {
      self->raw = g_malloc (size);
      randombytes_buf (self->raw, size);
    }

  /* Twice the same of 80 bits: thinkable, so looked for. */
  do
    {
      qsort (self->raw, (gsize) self->count, RAW_BYTES, compare_raw);

      again = FALSE;
      for (gint64 i = 1; i < self->count; i++)
        {
          guint8 *raw = self->raw + i * RAW_BYTES;

          if (memcmp (raw - RAW_BYTES, raw, RAW_BYTES) == 0)
            {
              randombytes_buf (raw, RAW_BYTES);
              again = TRUE;
            }
        }
    }
  while (again);
}

void
bw_batch_derive_key (const guint8 *secret,
                     const char   *id,
                     char          ret_key[BW_DEVICE_KEY_SIZE])
{
  guint8 bytes[crypto_generichash_BYTES];

  crypto_generichash (bytes, sizeof bytes, (const guint8 *) id, BW_DEVICE_ID_LENGTH,
                      secret, BW_BATCH_SECRET_BYTES);
  bw_device_key_from_bytes (bytes, ret_key);
  sodium_memzero (bytes, sizeof bytes);
}

void
bw_batch_hash_key (const char *key,
                   guint8      ret_hash[BW_SECRET_HASH_BYTES])
{
  crypto_generichash (ret_hash, BW_SECRET_HASH_BYTES, (const guint8 *) key, strlen (key), NULL, 0);
}

static void
make_key_hash (BwBatchMaker   *self,
               BwBrokerDevice *device)
{
  char key[BW_DEVICE_KEY_SIZE];

  bw_batch_derive_key (self->secret, device->id, key);
  bw_batch_hash_key (key, device->key_hash);
  sodium_memzero (key, sizeof key);
}

static void
make_device (BwBatchMaker   *self,
             const guint8   *raw,
             BwBrokerDevice *ret_device)
{
  bw_device_id_from_random (raw, ret_device->id);
  make_key_hash (self, ret_device);
}

static void
take_device (BwBatchMaker      *self,
             const BwImportRow *row,
             BwBrokerDevice    *ret_device)
{
  memcpy (ret_device->id, row->id, sizeof ret_device->id);
  if (row->has_key)
    memcpy (ret_device->key_hash, row->key_hash, sizeof ret_device->key_hash);
  else
    make_key_hash (self, ret_device);
}

BwBrokerDevice *
bw_batch_maker_make_slice (BwBatchMaker *self,
                           gint64        first,
                           guint         n_devices)
{
  BwBrokerDevice *devices;

  g_return_val_if_fail (first >= 1 && first - 1 + n_devices <= self->count, NULL);

  devices = g_new (BwBrokerDevice, n_devices);
  for (guint i = 0; i < n_devices; i++)
    {
      if (self->rows != NULL)
        take_device (self, &g_array_index (self->rows, BwImportRow, first - 1 + i), &devices[i]);
      else
        make_device (self, self->raw + (first - 1 + i) * RAW_BYTES, &devices[i]);
    }

  return devices;
}

BwImportedDevice *
bw_batch_maker_make_imported (BwBatchMaker *self,
                              gint64        first,
                              guint         n_devices)
{
  BwImportedDevice *imported;

  if (self->rows == NULL)
    return NULL;

  imported = g_new (BwImportedDevice, n_devices);
  for (guint i = 0; i < n_devices; i++)
    imported[i] = g_array_index (self->rows, BwImportRow, first - 1 + i).device;

  return imported;
}

void
bw_batch_maker_make_other (BwBrokerDevice *ret_device,
                           gpointer        self)
{
  guint8 raw[RAW_BYTES];

  randombytes_buf (raw, sizeof raw);
  make_device (self, raw, ret_device);
}
