/* bw-held.h: what devices measured before anybody let them in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bw-table.h"

typedef struct _BwHeldDevice BwHeldDevice;

typedef struct
{
  BwTable       by_id;
  BwHeldDevice *first;      /* the one that came first goes first when there is no room */
  BwHeldDevice *last;
  size_t        n_bytes;
} BwHeld;

bool        bw_held_init    (BwHeld     *self);
void        bw_held_clear   (BwHeld     *self);

/* Remembers the last retained message of a topic; an empty one forgets it. What
 * is over a limit is not kept. */
void        bw_held_take    (BwHeld     *self,
                             const char *id,
                             const char *topic,
                             const void *payload,
                             size_t      length,
                             int         qos);
/* Publishes what is held of a device, retained, as if it said it now, and forgets it. */
void        bw_held_release (BwHeld     *self,
                             const char *id);
void        bw_held_forget  (BwHeld     *self,
                             const char *id);
/* The devices that anything is held of; NULL at the end. @id may be released or forgotten after its next was asked for. */
const char *bw_held_next    (BwHeld     *self,
                             const char *id);
