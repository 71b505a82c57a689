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
};

BwBatchMaker *
bw_batch_maker_new (gint64 count)
{
  BwBatchMaker *self = g_new0 (BwBatchMaker, 1);

  self->count = count;
  randombytes_buf (self->secret, sizeof self->secret);

  return self;
}

void
bw_batch_maker_free (BwBatchMaker *self)
{
  sodium_memzero (self->secret, sizeof self->secret);
  g_free (self->raw);
  g_free (self);
}

const guint8 *
bw_batch_maker_get_secret (BwBatchMaker *self)
{
  return self->secret;
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

static void
make_device (BwBatchMaker   *self,
             const guint8   *raw,
             BwBrokerDevice *ret_device)
{
  char key[BW_DEVICE_KEY_SIZE];

  bw_device_id_from_random (raw, ret_device->id);
  bw_batch_derive_key (self->secret, ret_device->id, key);
  crypto_generichash (ret_device->key_hash, sizeof ret_device->key_hash,
                      (const guint8 *) key, BW_DEVICE_KEY_LENGTH, NULL, 0);
  sodium_memzero (key, sizeof key);
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
    make_device (self, self->raw + (first - 1 + i) * RAW_BYTES, &devices[i]);

  return devices;
}

void
bw_batch_maker_make_other (BwBrokerDevice *ret_device,
                           gpointer        self)
{
  guint8 raw[RAW_BYTES];

  randombytes_buf (raw, sizeof raw);
  make_device (self, raw, ret_device);
}
