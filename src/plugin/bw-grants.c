/* bw-grants.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-clients.h"

#include <stdlib.h>
#include <string.h>

/* So that a message to a desktop costs no query. Past GRANTS_MAX all are forgotten and asked for anew. */
#define GRANTS_MAX     4096
#define NAME_MAX_BYTES 32

typedef struct
{
  BwTableNode node;
  char        name[NAME_MAX_BYTES + 1];   /* a device's ID or a company's; they cannot look alike */
} Grant;

bool
bw_grants_has (const BwGrants *self,
               const char     *name)
{
  BwTableNode *node;

  if (!self->is_ready)
    return false;

  node = bw_table_find (&self->table, bw_table_hash (name, strlen (name)));
  for (; node != NULL; node = bw_table_next (node))
    {
      if (strcmp (BW_TABLE_ENTRY (node, Grant, node)->name, name) == 0)
        return true;
    }

  return false;
}

void
bw_grants_add (BwGrants   *self,
               const char *name)
{
  size_t length = strlen (name);
  Grant *grant;

  if (length > NAME_MAX_BYTES)
    return;

  if (self->is_ready && self->table.n_nodes >= GRANTS_MAX)
    bw_grants_clear (self);

  if (!self->is_ready)
    self->is_ready = bw_table_init (&self->table);

  grant = self->is_ready ? calloc (1, sizeof *grant) : NULL;
  if (grant == NULL)
    return;

  memcpy (grant->name, name, length + 1);
  bw_table_insert (&self->table, &grant->node, bw_table_hash (name, length));
}

void
bw_grants_clear (BwGrants *self)
{
  if (!self->is_ready)
    return;

  for (size_t i = 0; i < self->table.n_buckets; i++)
    {
      BwTableNode *node = self->table.buckets[i];

      while (node != NULL)
        {
          BwTableNode *next = node->next;

          free (BW_TABLE_ENTRY (node, Grant, node));
          node = next;
        }
    }

  bw_table_clear (&self->table);
  self->is_ready = false;
}
