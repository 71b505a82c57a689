/* bw-device-news.h: which devices are others now, told to the feed at a pace
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-feed.h"
#include "bw-store.h"

G_BEGIN_DECLS

#define BW_TYPE_DEVICE_NEWS (bw_device_news_get_type ())

G_DECLARE_FINAL_TYPE (BwDeviceNews, bw_device_news, BW, DEVICE_NEWS, GObject)

BwDeviceNews *bw_device_news_new       (BwStore      *store,
                                        BwFeed       *feed);
/* Main context. */
void          bw_device_news_add       (BwDeviceNews *self,
                                        GPtrArray    *ids);
/* Nothing is asked of the store any more. */
void          bw_device_news_stop      (BwDeviceNews *self);

G_END_DECLS
