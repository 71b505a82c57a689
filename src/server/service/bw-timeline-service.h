/* bw-timeline-service.h: what happened to a device, and what was done to it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-actor.h"
#include "bw-authority.h"
#include "bw-event-repo.h"
#include "bw-history-db.h"
#include "bw-store.h"

G_BEGIN_DECLS

#define BW_TYPE_TIMELINE_SERVICE (bw_timeline_service_get_type ())

/* Main context. It also sees to it that nothing is kept for longer than BW_EVENT_KEPT_DAYS. */
G_DECLARE_FINAL_TYPE (BwTimelineService, bw_timeline_service, BW, TIMELINE_SERVICE, GObject)

BwTimelineService *bw_timeline_service_new         (BwStore              *store,
                                                    BwHistoryDb          *history_db,
                                                    BwAuthority          *authority);
/* @event: (transfer full). Stored soon. */
void               bw_timeline_service_note        (BwTimelineService    *self,
                                                    BwEvent              *event);
/* @kinds: (nullable): nicks, with commas; @before: (nullable): the id of the last item there is already.
 * finish: the API's document. */
void               bw_timeline_service_list_async  (BwTimelineService    *self,
                                                    const BwActor        *actor,
                                                    const char           *device_id,
                                                    const char           *kinds,
                                                    const char           *before,
                                                    gint64                limit,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
GBytes            *bw_timeline_service_list_finish (BwTimelineService    *self,
                                                    GAsyncResult         *result,
                                                    GError              **error);

G_END_DECLS
