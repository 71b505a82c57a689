/* bw-pace.h: so many a second, and some more at once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Zero is one that has never been asked. */
typedef struct
{
  gint64 free_at_us;   /* when all that was taken will have been within the rate */
} BwPace;

/* Whether one more is within @rate a second, after a rest with @burst at once; then it is taken. @now_us: monotonic */
static inline gboolean
bw_pace_take (BwPace *self,
              gint64  now_us,
              guint   rate,
              guint   burst)
{
  gint64 step_us = G_USEC_PER_SEC / rate;
  gint64 free_at_us = MAX (self->free_at_us, now_us);

  if (free_at_us - now_us > (gint64) burst * step_us)
    return FALSE;

  self->free_at_us = free_at_us + step_us;

  return TRUE;
}

G_END_DECLS
