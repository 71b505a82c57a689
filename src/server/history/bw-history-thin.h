/* bw-history-thin.h: what is old becomes less, and then nothing
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-history.h"

G_BEGIN_DECLS

/* Of one device. */
typedef struct
{
  gboolean gone;            /* the device is; so goes all of it */
  gint64   keep_from_us;    /* what is older goes; G_MININT64: nothing */
  gint64   raw_from_us;     /* what is older is thinned */
  gint64   step_us;         /* to one row in so long */
} BwHistoryPolicy;

/* A slice, in a job of the writing thread. @at: 0 at first; *ret_more: it is to be called again. */
gboolean bw_history_thin (BwHistory              *self,
                          BwHistoryThread        *thread,
                          const char             *device_id,
                          const BwHistoryPolicy  *policy,
                          guint                  *at,
                          gboolean               *ret_more,
                          GError                **error);

G_END_DECLS
