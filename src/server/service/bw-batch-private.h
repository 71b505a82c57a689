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
  gint64        behind;           /* a BwStage */
  gboolean      has_begun;
  BwBatchRow   *row;
  char         *company_name;
  gint64        wanted_company_id;
  BwBatchMaker *maker;
} BwBatchJob;

/* @address, @id: (nullable) */
BwBatchJob *bw_batch_job_new    (const BwActor *actor,
                                 const char    *address,
                                 const char    *id);
void     bw_batch_job_free      (BwBatchJob  *job);

/* A task with a job for data, which the other calls of the service share. @id: (nullable) */
GTask   *bw_batch_service_make_task (BwBatchService      *self,
                                     const BwActor       *actor,
                                     const char          *address,
                                     const char          *id,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data);
/* FALSE: @task is completed with the error, and let go of. */
gboolean bw_batch_service_may       (const BwActor       *actor,
                                     BwPermission         permission,
                                     GTask               *task);
/* Gives the batch's document to everybody who follows. */
void     bw_batch_service_tell      (BwBatchService      *self,
                                     gint64               company_id,
                                     GBytes              *document);
/* Whether another batch may be made now, of that many. */
gboolean bw_batch_service_check_room (BwBatchService     *self,
                                      gint64              count,
                                      GError            **error);
/* The batch of the wish as a row; it must be checked. */
void     bw_batch_job_take_wish      (BwBatchJob         *job,
                                      const BwBatchWish  *wish);
/* Begins to make the batch that bw_batch_add_job() has stored. */
void     bw_batch_service_begin_creation (BwBatchService *self,
                                          BwBatchJob     *job);

/* A batch beyond the actor's reach is not there for it. */
BwBatchRow *bw_batch_job_get_row     (BwDb               *db,
                                      const BwBatchJob   *job,
                                      GError            **error);
GBytes     *bw_batch_row_to_bytes    (const BwBatchRow   *row);
/* @before, @after: (nullable): documents */
gboolean    bw_batch_job_add_audit   (BwStoreThread      *thread,
                                      const BwBatchJob   *job,
                                      const char         *action,
                                      const BwBatchRow   *row,
                                      const char         *before,
                                      const char         *after,
                                      GError            **error);

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
