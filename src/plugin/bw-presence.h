/* bw-presence.h: which devices are connected, for all to see
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bw-table.h"

typedef struct _BwPresence BwPresence;

typedef struct
{
  BwTable     by_id;
  BwPresence *first_to_say;
  BwPresence *last_to_say;
} BwPresences;

bool bw_presences_init   (BwPresences *self);
void bw_presences_clear  (BwPresences *self);

/* @key_number: of the key that it came with, when there is an older one that is good too; otherwise 0 */
void bw_presences_arrive (BwPresences *self,
                          const char  *id,
                          const char  *address,
                          int64_t      key_number,
                          int64_t      at_us);
void bw_presences_leave  (BwPresences *self,
                          const char  *id,
                          int64_t      at_us);

/* Publishes what changed since the last time. */
void bw_presences_say    (BwPresences *self);

/* A retained presence is about to be delivered: whether it is true. If not it
 * is one from before the broker's start, and the right one is published next. */
bool bw_presences_verify (BwPresences *self,
                          const char  *topic,
                          const void  *payload,
                          size_t       length,
                          int64_t      now_us);
