/* bw-bulk-service.h: many devices changed as one job
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-bulk-plan.h"
#include "bw-command-service.h"
#include "bw-desired-service.h"
#include "bw-feed.h"

G_BEGIN_DECLS

#define BW_BULK_MAX_IDS         1000000
#define BW_BULK_MAX_RUNNING     4          /* of a company, at once */
#define BW_BULK_MAX_KEPT        200        /* of a company, that have ended */
#define BW_BULK_KEPT_DAYS       30

/* What is asked for. Either ids or a filter; everything is copied or held. */
typedef struct
{
  const char         *action;
  JsonObject         *parameters;    /* (nullable) */
  const char * const *ids;           /* (nullable) */
  BwDeviceFilter     *filter;        /* (nullable) */
  gboolean            preview;
} BwBulkWish;

#define BW_TYPE_BULK_SERVICE (bw_bulk_service_get_type ())

G_DECLARE_FINAL_TYPE (BwBulkService, bw_bulk_service, BW, BULK_SERVICE, GObject)

BwBulkService *bw_bulk_service_new           (BwStore              *store,
                                              BwFeed               *feed,
                                              BwAuthority          *authority,
                                              BwCommandService     *commands,
                                              BwDesiredService     *desired);
/* Goes on with what a stop or a kill has cut short. */
void           bw_bulk_service_start         (BwBulkService        *self);
/* No slice is begun any more; the next start goes on. */
void           bw_bulk_service_stop          (BwBulkService        *self);

/* The _finish of these: (transfer full): the document, or NULL with an error. */
void           bw_bulk_service_begin_async   (BwBulkService        *self,
                                              const BwActor        *actor,
                                              const char           *address,
                                              const BwBulkWish     *wish,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
void           bw_bulk_service_undo_async    (BwBulkService        *self,
                                              const BwActor        *actor,
                                              const char           *address,
                                              const char           *id,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
/* Completes when nothing of it goes on any more. */
void           bw_bulk_service_cancel_async  (BwBulkService        *self,
                                              const BwActor        *actor,
                                              const char           *address,
                                              const char           *id,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
void           bw_bulk_service_list_async    (BwBulkService        *self,
                                              const BwActor        *actor,
                                              gint64                offset,
                                              gint64                limit,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
void           bw_bulk_service_get_async     (BwBulkService        *self,
                                              const BwActor        *actor,
                                              const char           *id,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
/* @state: (nullable): "done", "refused" or "waiting" */
void           bw_bulk_service_results_async (BwBulkService        *self,
                                              const BwActor        *actor,
                                              const char           *id,
                                              const char           *state,
                                              gint64                offset,
                                              gint64                limit,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
GBytes        *bw_bulk_service_finish        (BwBulkService        *self,
                                              GAsyncResult         *result,
                                              GError              **error);

G_END_DECLS
