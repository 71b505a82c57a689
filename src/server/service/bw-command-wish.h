/* bw-command-wish.h: what is to be set, before it is a command
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-actor.h"
#include "bw-ingest-repo.h"

G_BEGIN_DECLS

/* What travels with a call of set. */
typedef struct
{
  BwActor         *actor;
  char            *address;
  char            *device_id;
  char            *node;
  char            *property;
  char            *value;
  guint            wait_seconds;
  gboolean         is_kept;         /* a desired value that has waited for the device */
  gboolean         is_quiet;        /* one of so many that nobody is told of each */
  gboolean         takes_place;     /* of a desired value that waits, which is gone once this is written down */
  BwCommandTarget *target;          /* once it is found */
} BwCommandWish;

void     bw_command_wish_free      (BwCommandWish  *wish);

/* On the store's threads: the device, which the actor must reach (BwCommandTarget); and the audit entry, committed. */
gpointer bw_command_wish_load_job  (gpointer        owned_by_thread,
                                    gpointer        task_data,
                                    GError        **error);
gpointer bw_command_wish_audit_job (gpointer        owned_by_thread,
                                    gpointer        task_data,
                                    GError        **error);

/* Within a transaction: the entry alone. */
gboolean bw_command_wish_add_audit (BwStoreThread       *thread,
                                    const BwCommandWish *wish,
                                    GError             **error);
/* Likewise: nothing else is wanted of the property later. */
gboolean bw_command_wish_take_place (BwStoreThread      *thread,
                                    BwCommandWish       *wish,
                                    GError             **error);

G_END_DECLS
