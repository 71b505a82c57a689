/* bw-batch-service.h: Device IDs by the batch
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-actor.h"
#include "bw-feed.h"
#include "bw-store.h"

G_BEGIN_DECLS

#define BW_TYPE_BATCH_SERVICE (bw_batch_service_get_type ())

G_DECLARE_FINAL_TYPE (BwBatchService, bw_batch_service, BW, BATCH_SERVICE, GObject)

typedef struct
{
  const char *name;
  gint64      count;
  const char *info;         /* (nullable) */
  const char *color;        /* (nullable) */
  const char *company_id;   /* (nullable): the actor's own */
  const char *company;      /* (nullable): name or alias, instead of the id */
} BwBatchWish;

BwBatchService *bw_batch_service_new               (BwStore              *store,
                                                    BwFeed               *feed);
/* Takes back what is being created; done when the callback comes. */
void            bw_batch_service_stop_async        (BwBatchService       *self,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);

/* The _finish of these: the API's document, or NULL with an error. @address: for the audit log. */
void            bw_batch_service_create_async      (BwBatchService       *self,
                                                    const BwActor        *actor,
                                                    const char           *address,
                                                    const BwBatchWish    *wish,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
void            bw_batch_service_list_async        (BwBatchService       *self,
                                                    const BwActor        *actor,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
void            bw_batch_service_get_async         (BwBatchService       *self,
                                                    const BwActor        *actor,
                                                    const char           *id,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
/* BW_ERROR_CONFLICT when it is ready already. Its document is the last one. */
void            bw_batch_service_cancel_async      (BwBatchService       *self,
                                                    const BwActor        *actor,
                                                    const char           *address,
                                                    const char           *id,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
void            bw_batch_service_hand_over_async   (BwBatchService       *self,
                                                    const BwActor        *actor,
                                                    const char           *address,
                                                    const char           *id,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
void            bw_batch_service_label_async       (BwBatchService       *self,
                                                    const BwActor        *actor,
                                                    const char           *address,
                                                    const char           *id,
                                                    gint64                first,
                                                    gint64                count,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
GBytes         *bw_batch_service_finish            (BwBatchService       *self,
                                                    GAsyncResult         *result,
                                                    GError              **error);

/* The manufacturer's confirmation: these carry their firmware. @csv, or @ids. Its document: what became of how many, and
 * each that was refused. */
void            bw_batch_service_confirm_async     (BwBatchService       *self,
                                                    const BwActor        *actor,
                                                    const char           *address,
                                                    const char           *id,
                                                    GBytes               *csv,          /* (nullable) */
                                                    const char * const   *ids,          /* (nullable) */
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
/* A batch of Device IDs that exist already. The document: the rows that are wrong, and the batch, if one is made. */
void            bw_batch_service_import_async      (BwBatchService       *self,
                                                    const BwActor        *actor,
                                                    const char           *address,
                                                    const BwBatchWish    *wish,         /* its count does not matter */
                                                    GBytes               *csv,
                                                    gboolean              skip_bad,
                                                    gboolean              dry_run,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
/* How many have reached each stage; and who has not reached one. */
void            bw_batch_service_funnel_async      (BwBatchService       *self,
                                                    const BwActor        *actor,
                                                    const char           *id,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
void            bw_batch_service_stragglers_async  (BwBatchService       *self,
                                                    const BwActor        *actor,
                                                    const char           *id,
                                                    const char           *stage,
                                                    gint64                offset,
                                                    gint64                limit,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
/* Whether the import whose call this was has made a batch. */
gboolean        bw_batch_service_has_imported      (GAsyncResult         *result);

typedef enum
{
  BW_BATCH_FILE_CSV,        /* the hand-over file */
  BW_BATCH_FILE_IDS,        /* an id a line */
  BW_BATCH_FILE_FACTS,      /* CSV: what a label can show */
} BwBatchFile;

/* Written to a nameless file, so that a million lines need no memory. Finish: a descriptor
 * at the start of the file, or -1. @ret_name: (nullable) (transfer full): the batch's name. */
void            bw_batch_service_write_file_async  (BwBatchService       *self,
                                                    const BwActor        *actor,
                                                    const char           *id,
                                                    BwBatchFile           kind,
                                                    gint64                first,
                                                    gint64                count,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
int             bw_batch_service_write_file_finish (BwBatchService       *self,
                                                    GAsyncResult         *result,
                                                    gint64               *ret_size,
                                                    char                **ret_name,
                                                    GError              **error);

G_END_DECLS
