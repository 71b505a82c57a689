/* bw-device-notices.h: what devices have to say to people, told to the feed at a pace
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-dialect.h"
#include "bw-feed.h"
#include "bw-store.h"

G_BEGIN_DECLS

/* One that is not of a single device only says how many there were beyond these. */
#define BW_NOTICES_PER_SECOND 10    /* of a company */

#define BW_TYPE_DEVICE_NOTICES (bw_device_notices_get_type ())

G_DECLARE_FINAL_TYPE (BwDeviceNotices, bw_device_notices, BW, DEVICE_NOTICES, GObject)

BwDeviceNotices *bw_device_notices_new  (BwStore            *store,
                                         BwFeed             *feed);
/* Any thread. Debugging output is none, neither is what has no text. */
void             bw_device_notices_say  (BwDeviceNotices    *self,
                                         const BwDeviceTree *tree,
                                         const BwEffect     *effect);
/* Nothing is asked of the store any more. */
void             bw_device_notices_stop (BwDeviceNotices    *self);

G_END_DECLS
