/* bw-retention-service.h: how long the history is kept, and that it is no longer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-actor.h"
#include "bw-history.h"
#include "bw-retention-repo.h"

G_BEGIN_DECLS

#define BW_TYPE_RETENTION_SERVICE (bw_retention_service_get_type ())

G_DECLARE_FINAL_TYPE (BwRetentionService, bw_retention_service, BW, RETENTION_SERVICE, GObject)

BwRetentionService *bw_retention_service_new          (BwStore              *store,
                                                       BwHistory            *history);
/* From now on the whole history is gone through every hour, and after each change. */
void                bw_retention_service_start        (BwRetentionService   *self);
/* Runs the main context until the piece that is under way is done. */
void                bw_retention_service_stop         (BwRetentionService   *self);
/* Only the main company's people may. Each answers with a document by bw_retention_service_finish(). */
void                bw_retention_service_list_async   (BwRetentionService   *self,
                                                       const BwActor        *actor,
                                                       GCancellable         *cancellable,
                                                       GAsyncReadyCallback   callback,
                                                       gpointer              user_data);
/* @retention: copied */
void                bw_retention_service_put_async    (BwRetentionService   *self,
                                                       const BwActor        *actor,
                                                       const char           *address,
                                                       const BwRetention    *retention,
                                                       GAsyncReadyCallback   callback,
                                                       gpointer              user_data);
/* Back to what holds for all others; of those to what the program came with. */
void                bw_retention_service_remove_async (BwRetentionService   *self,
                                                       const BwActor        *actor,
                                                       const char           *address,
                                                       const char           *product,
                                                       GAsyncReadyCallback   callback,
                                                       gpointer              user_data);
GBytes             *bw_retention_service_finish       (BwRetentionService   *self,
                                                       GAsyncResult         *result,
                                                       GError              **error);

G_END_DECLS
