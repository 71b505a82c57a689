/* bw-batch-private.h: for the files of the batch service
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-batch-maker.h"
#include "bw-batch-repo.h"
#include "bw-batch-service.h"

G_BEGIN_DECLS

BwStore *bw_batch_service_get_store (BwBatchService *self);

/* What a job needs to know of who asks, and of what. */
typedef struct
{
  BwActor      *actor;
  char         *address;
  gint64        company_id;
  gint64        id;
  gint64        first;
  gint64        count;
  gint64        n_changed;
  gboolean      has_begun;
  BwBatchRow   *row;
  char         *company_name;
  gint64        wanted_company_id;
  BwBatchMaker *maker;
} BwBatchJob;

void     bw_batch_job_free      (BwBatchJob  *job);

/* On the store's threads; each returns the batch's document, and the list theirs. */
gpointer bw_batch_list_job      (gpointer     owned_by_thread,
                                 gpointer     task_data,
                                 GError     **error);
gpointer bw_batch_get_job       (gpointer     owned_by_thread,
                                 gpointer     task_data,
                                 GError     **error);
gpointer bw_batch_add_job       (gpointer     owned_by_thread,
                                 gpointer     task_data,
                                 GError     **error);
gpointer bw_batch_cancel_job    (gpointer     owned_by_thread,
                                 gpointer     task_data,
                                 GError     **error);
gpointer bw_batch_hand_over_job (gpointer     owned_by_thread,
                                 gpointer     task_data,
                                 GError     **error);
/* The next slice: first and count move on. */
gpointer bw_batch_label_job     (gpointer     owned_by_thread,
                                 gpointer     task_data,
                                 GError     **error);

G_END_DECLS
