/* bw-batch-creation.h: one batch on its way from nothing to ready
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-batch-maker.h"
#include "bw-feed.h"

G_BEGIN_DECLS

#define BW_TYPE_BATCH_CREATION (bw_batch_creation_get_type ())

G_DECLARE_FINAL_TYPE (BwBatchCreation, bw_batch_creation, BW, BATCH_CREATION, GObject)

/* @row, @maker: (transfer full); the row is stored already. */
BwBatchCreation *bw_batch_creation_new         (BwStore              *store,
                                                BwFeed               *feed,
                                                BwBatchRow           *row,
                                                BwBatchMaker         *maker);
/* Finishes when the batch is ready or gone again. */
void             bw_batch_creation_run_async   (BwBatchCreation      *self,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
gboolean         bw_batch_creation_run_finish  (BwBatchCreation      *self,
                                                GAsyncResult         *result,
                                                GError              **error);
/* FALSE: too late, it is ready or all but. */
gboolean         bw_batch_creation_cancel      (BwBatchCreation      *self);
void             bw_batch_creation_stop        (BwBatchCreation      *self);
gint64           bw_batch_creation_get_id      (BwBatchCreation      *self);

G_END_DECLS
