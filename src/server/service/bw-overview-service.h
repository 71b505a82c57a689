/* bw-overview-service.h: the fleet in a few numbers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-actor.h"
#include "bw-feed.h"
#include "bw-store.h"

G_BEGIN_DECLS

#define BW_TYPE_OVERVIEW_SERVICE (bw_overview_service_get_type ())

G_DECLARE_FINAL_TYPE (BwOverviewService, bw_overview_service, BW, OVERVIEW_SERVICE, GObject)

/* What only the broker side knows. */
typedef gint64 (*BwRateFunc) (gpointer user_data);

BwOverviewService *bw_overview_service_new        (BwStore              *store,
                                                   BwFeed               *feed);
void               bw_overview_service_set_rate   (BwOverviewService    *self,
                                                   BwRateFunc            func,
                                                   gpointer              user_data);
/* Something moved: says so on the feed, at most once a second, to each company that looked lately. */
void               bw_overview_service_touch      (BwOverviewService    *self);
void               bw_overview_service_get_async  (BwOverviewService    *self,
                                                   const BwActor        *actor,
                                                   GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
GBytes            *bw_overview_service_get_finish (BwOverviewService    *self,
                                                   GAsyncResult         *result,
                                                   GError              **error);

G_END_DECLS
