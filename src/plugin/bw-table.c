/* bw-table.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-table.h"

#include <stdlib.h>

#include <sodium.h>

#define FIRST_BUCKETS 256

uint64_t
bw_table_hash (const void *key,
               size_t      length)
{
  static unsigned char secret[crypto_shorthash_KEYBYTES];
  static bool has_secret;
  unsigned char bytes[crypto_shorthash_BYTES];
  uint64_t hash = 0;

  if (!has_secret)
    {
      randombytes_buf (secret, sizeof secret);
      has_secret = true;
    }

  crypto_shorthash (bytes, key, length, secret);
  for (size_t i = 0; i < sizeof bytes; i++)
    hash = hash << 8 | bytes[i];

  return hash;
}

bool
bw_table_init (BwTable *self)
{
  self->buckets = calloc (FIRST_BUCKETS, sizeof (BwTableNode *));
  self->n_buckets = self->buckets != NULL ? FIRST_BUCKETS : 0;
  self->n_nodes = 0;

  return self->buckets != NULL;
}

void
bw_table_clear (BwTable *self)
{
  free (self->buckets);
  self->buckets = NULL;
  self->n_buckets = 0;
  self->n_nodes = 0;
}

static BwTableNode **
bucket_of (const BwTable *self,
           uint64_t       hash)
{
  return &self->buckets[hash & (self->n_buckets - 1)];
}

/* Without memory the table stays as it is: slower, not wrong. */
static void
grow (BwTable *self)
{
  BwTable bigger = { 0 };

  bigger.buckets = calloc (self->n_buckets * 2, sizeof (BwTableNode *));
  if (bigger.buckets == NULL)
    return;
  bigger.n_buckets = self->n_buckets * 2;

  for (size_t i = 0; i < self->n_buckets; i++)
    {
      BwTableNode *node = self->buckets[i];

      while (node != NULL)
        {
          BwTableNode *next = node->next;
          BwTableNode **bucket = bucket_of (&bigger, node->hash);

          node->next = *bucket;
          *bucket = node;
          node = next;
        }
    }

  bigger.n_nodes = self->n_nodes;
  free (self->buckets);
  *self = bigger;
}

void
bw_table_insert (BwTable     *self,
                 BwTableNode *node,
                 uint64_t     hash)
{
  BwTableNode **bucket;

  if (self->n_nodes >= self->n_buckets)
    grow (self);

  bucket = bucket_of (self, hash);
  node->hash = hash;
  node->next = *bucket;
  *bucket = node;
  self->n_nodes++;
}

void
bw_table_remove (BwTable     *self,
                 BwTableNode *node)
{
  BwTableNode **at = bucket_of (self, node->hash);

  while (*at != NULL && *at != node)
    at = &(*at)->next;

  if (*at == NULL)
    return;

  *at = node->next;
  node->next = NULL;
  self->n_nodes--;
}

static BwTableNode *
skip_others (BwTableNode *node,
             uint64_t     hash)
{
  while (node != NULL && node->hash != hash)
    node = node->next;

  return node;
}

BwTableNode *
bw_table_find (const BwTable *self,
               uint64_t       hash)
{
  return skip_others (*bucket_of (self, hash), hash);
}

BwTableNode *
bw_table_next (BwTableNode *node)
{
  return skip_others (node->next, node->hash);
}
