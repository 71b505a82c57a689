/* bw-quota.h: how much a device that nobody has let in may leave behind
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "bw-table.h"

typedef struct
{
  BwTable by_id;
} BwQuotas;

bool bw_quotas_init   (BwQuotas   *self);
void bw_quotas_clear  (BwQuotas   *self);

/* A retained message that replaces the one before it; an empty one removes it.
 * Returns: whether the device may still have that */
bool bw_quotas_take   (BwQuotas   *self,
                       const char *id,
                       const char *topic,
                       size_t      length);
void bw_quotas_forget (BwQuotas   *self,
                       const char *id);
