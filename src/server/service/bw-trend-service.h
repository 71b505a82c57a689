/* bw-trend-service.h: how the fleet went
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-actor.h"
#include "bw-store.h"

G_BEGIN_DECLS

#define BW_TYPE_TREND_SERVICE (bw_trend_service_get_type ())

G_DECLARE_FINAL_TYPE (BwTrendService, bw_trend_service, BW, TREND_SERVICE, GObject)

/* All on the main thread. */
BwTrendService *bw_trend_service_new        (BwStore              *store);
/* Counts now, and then at the beginning of each five minutes, until it is stopped. */
void            bw_trend_service_start      (BwTrendService       *self);
void            bw_trend_service_stop       (BwTrendService       *self);
/* The document of /v1/overview/trends, of the actor's company and those below it. BW_ERROR_FORBIDDEN: may not see devices */
void            bw_trend_service_get_async  (BwTrendService       *self,
                                             const BwActor        *actor,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
/* (transfer full) */
GBytes         *bw_trend_service_get_finish (BwTrendService       *self,
                                             GAsyncResult         *result,
                                             GError              **error);

G_END_DECLS
