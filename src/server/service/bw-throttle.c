/* bw-throttle.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-throttle.h"

#include <arpa/inet.h>
#include <string.h>

#include "bw-error.h"

#define MAX_KEYS      10000
#define MAX_DELAY_S   60
#define FORGET_US     (15 * 60 * G_USEC_PER_SEC)

/* Counts before it is known how an attempt ends, so that many at once count as
 * many. There is no lock for good: whoever waits may try again, and the key
 * holds the address, so that a stranger cannot keep somebody else out. */
struct _BwThrottle
{
  GHashTable *entries;
  guint       n_free;
};

typedef struct
{
  guint  n_attempts;
  gint64 last_us;
  gint64 next_us;
} Entry;

BwThrottle *
bw_throttle_new (guint n_free)
{
  BwThrottle *self = g_new0 (BwThrottle, 1);

  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->n_free = n_free;

  return self;
}

void
bw_throttle_free (BwThrottle *self)
{
  g_hash_table_unref (self->entries);
  g_free (self);
}

static void
make_room (BwThrottle *self,
           gint64      now_us)
{
  const char *oldest = NULL;
  gint64 oldest_us = G_MAXINT64;
  GHashTableIter iter;
  const char *key;
  Entry *entry;

  if (g_hash_table_size (self->entries) < MAX_KEYS)
    return;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, (gpointer *) &key, (gpointer *) &entry))
    {
      if (now_us - entry->last_us > FORGET_US)
        {
          g_hash_table_iter_remove (&iter);
        }
      else if (entry->last_us < oldest_us)
        {
          oldest_us = entry->last_us;
          oldest = key;
        }
    }

  if (g_hash_table_size (self->entries) >= MAX_KEYS)
    g_hash_table_remove (self->entries, oldest);
}

gboolean
bw_throttle_attempt (BwThrottle  *self,
                     const char  *key,
                     gint64       now_us,
                     GError     **error)
{
  Entry *entry = g_hash_table_lookup (self->entries, key);
  guint n_over;

  if (entry == NULL)
    {
      make_room (self, now_us);
      entry = g_new0 (Entry, 1);
      g_hash_table_insert (self->entries, g_strdup (key), entry);
    }
  else if (now_us - entry->last_us > FORGET_US)
    entry->n_attempts = 0;

  if (now_us < entry->next_us)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_TOO_MANY,
                   "too many attempts; try again in %d seconds",
                   (int) ((entry->next_us - now_us) / G_USEC_PER_SEC) + 1);
      return FALSE;
    }

  entry->n_attempts++;
  entry->last_us = now_us;
  if (entry->n_attempts > self->n_free)
    {
      n_over = MIN (entry->n_attempts - self->n_free - 1, 6);
      entry->next_us = now_us + MIN (MAX_DELAY_S, 1 << n_over) * (gint64) G_USEC_PER_SEC;
    }

  return TRUE;
}

void
bw_throttle_forget (BwThrottle *self,
                    const char *key)
{
  g_hash_table_remove (self->entries, key);
}

void
bw_throttle_take_back (BwThrottle *self,
                       const char *key)
{
  Entry *entry = g_hash_table_lookup (self->entries, key);

  if (entry == NULL)
    return;

  entry->n_attempts -= MIN (entry->n_attempts, 1);
  entry->next_us = 0;
}

static char *
format_v4 (const guint8 *bytes)
{
  return g_strdup_printf ("%u.%u.%u.0/24", bytes[0], bytes[1], bytes[2]);
}

char *
bw_throttle_dup_network (const char *address)
{
  static const guint8 mapped[12] = { [10] = 0xff, [11] = 0xff };
  char text[INET6_ADDRSTRLEN];
  guint8 bytes[16];

  if (inet_pton (AF_INET, address, bytes) == 1)
    return format_v4 (bytes);

  if (inet_pton (AF_INET6, address, bytes) != 1)
    return g_strdup (address);

  if (memcmp (bytes, mapped, sizeof mapped) == 0)
    return format_v4 (bytes + sizeof mapped);

  memset (bytes + 7, 0, sizeof bytes - 7);

  return g_strconcat (inet_ntop (AF_INET6, bytes, text, sizeof text), "/56", NULL);
}
