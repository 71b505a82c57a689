/* bw-history-service.h: what was, for whom the device is in reach
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-actor.h"
#include "bw-history-read.h"
#include "bw-store.h"

G_BEGIN_DECLS

#define BW_TYPE_HISTORY_SERVICE (bw_history_service_get_type ())

G_DECLARE_FINAL_TYPE (BwHistoryService, bw_history_service, BW, HISTORY_SERVICE, GObject)

BwHistoryService *bw_history_service_new           (BwStore               *store,
                                                    BwHistory             *history);
/* The query's strings are copied; its cancellable is the one of the call. */
void              bw_history_service_points_async  (BwHistoryService      *self,
                                                    const BwActor         *actor,
                                                    const BwHistoryQuery  *query,
                                                    GCancellable          *cancellable,
                                                    GAsyncReadyCallback    callback,
                                                    gpointer               user_data);
void              bw_history_service_series_async  (BwHistoryService      *self,
                                                    const BwActor         *actor,
                                                    const char            *device_id,
                                                    GCancellable          *cancellable,
                                                    GAsyncReadyCallback    callback,
                                                    gpointer               user_data);
/* Of these two: the API's document. */
GBytes           *bw_history_service_finish        (BwHistoryService      *self,
                                                    GAsyncResult          *result,
                                                    GError               **error);
void              bw_history_service_export_async  (BwHistoryService      *self,
                                                    const BwActor         *actor,
                                                    const BwHistoryQuery  *query,
                                                    GCancellable          *cancellable,
                                                    GAsyncReadyCallback    callback,
                                                    gpointer               user_data);
/* A file at its beginning, or -1. */
int               bw_history_service_export_finish (BwHistoryService      *self,
                                                    GAsyncResult          *result,
                                                    gint64                *ret_size,
                                                    GError               **error);

G_END_DECLS
