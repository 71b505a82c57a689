/* bw-table.h: an intrusive hash table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sits inside what is kept; one for each table a thing is in. */
typedef struct _BwTableNode BwTableNode;
struct _BwTableNode
{
  BwTableNode *next;
  uint64_t     hash;
};

typedef struct
{
  BwTableNode **buckets;
  size_t        n_buckets;   /* a power of two */
  size_t        n_nodes;
} BwTable;

/* The struct around a node. */
#define BW_TABLE_ENTRY(node, type, member) ((type *) (void *) ((char *) (node) - offsetof (type, member)))

bool         bw_table_init   (BwTable       *self);
void         bw_table_clear  (BwTable       *self);   /* the nodes are the caller's */
void         bw_table_insert (BwTable       *self,
                              BwTableNode   *node,
                              uint64_t       hash);
void         bw_table_remove (BwTable       *self,
                              BwTableNode   *node);

/* The nodes of one hash, one after the other; the caller compares the keys. */
BwTableNode *bw_table_find   (const BwTable *self,
                              uint64_t       hash);
BwTableNode *bw_table_next   (BwTableNode   *node);

/* Keyed anew in each process: names come from strangers, and a table must not be made slow by choosing them. */
uint64_t     bw_table_hash   (const void    *key,
                              size_t         length);
