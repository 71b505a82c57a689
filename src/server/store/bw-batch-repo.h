/* bw-batch-repo.h: batches and the devices they are made of
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-store.h"

G_BEGIN_DECLS

#define BW_BATCH_SECRET_BYTES 32

typedef enum
{
  BW_BATCH_CREATING,
  BW_BATCH_READY,
} BwBatchState;

typedef struct
{
  gint64        id;
  gint64        revision;
  char         *name;
  char         *info;
  char         *color;
  gint64        company_id;
  char         *company;            /* its name */
  BwBatchState  state;
  gint64        count;
  gint64        n_done;
  gint64        created_at_us;
  char         *created_by;
  gint64        handed_over_at_us;
} BwBatchRow;

void        bw_batch_row_free              (BwBatchRow            *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwBatchRow, bw_batch_row_free)
void        bw_batch_row_write             (const BwBatchRow      *row,
                                            GString               *out);

/* Makes the key of a device whose id collided and had to be drawn anew. */
typedef void (*BwDeviceMakeFunc) (BwBrokerDevice *ret_device,
                                  gpointer        user_data);

/* Each on a thread of the store. */
gboolean    bw_batch_repo_add              (BwStoreThread         *thread,
                                            BwBatchRow            *row,
                                            const guint8          *secret,
                                            GError               **error);
BwBatchRow *bw_batch_repo_get              (BwDb                  *db,
                                            gint64                 id,
                                            GError               **error);
gboolean    bw_batch_repo_list             (BwDb                  *db,
                                            gint64                 company_id,
                                            GString               *out,
                                            GError               **error);
/* @devices: of the serials from @first on; one that is taken already is replaced through @make. */
gboolean    bw_batch_repo_add_slice        (BwStoreThread         *thread,
                                            BwBatchRow            *row,
                                            gint64                 first,
                                            BwBrokerDevice        *devices,
                                            guint                  n_devices,
                                            BwDeviceMakeFunc       make,
                                            gpointer               user_data,
                                            GError               **error);
gboolean    bw_batch_repo_finish           (BwStoreThread         *thread,
                                            BwBatchRow            *row,
                                            GError               **error);
/* Takes back at most @n_max devices of an unfinished batch, and the batch with the last. */
gboolean    bw_batch_repo_remove_slice     (BwStoreThread         *thread,
                                            gint64                 id,
                                            guint                  n_max,
                                            gboolean              *ret_gone,
                                            GError               **error);
gboolean    bw_batch_repo_remove_unfinished (BwStoreThread        *thread,
                                            GError               **error);
/* BW_ERROR_CONFLICT when it was erased before. */
gboolean    bw_batch_repo_get_secret       (BwDb                  *db,
                                            gint64                 id,
                                            guint8                *ret_secret,
                                            GError               **error);
/* Within a transaction: erases the secret. */
gboolean    bw_batch_repo_hand_over        (BwStoreThread         *thread,
                                            gint64                 id,
                                            gint64                 at_us,
                                            GError               **error);
/* After its commit: the database's log still holds the page with the secret. */
void        bw_batch_repo_wipe_log         (BwStoreThread         *thread);
/* Within a transaction. */
gboolean    bw_batch_repo_label            (BwStoreThread         *thread,
                                            gint64                 id,
                                            gint64                 first,
                                            gint64                 count,
                                            gint64                *ret_n_changed,
                                            GError               **error);
/* Each id with its serial, in serial order. */
typedef gboolean (*BwBatchIdFunc) (const char  *id,
                                   gint64       serial,
                                   gpointer     user_data,
                                   GError     **error);
gboolean    bw_batch_repo_foreach_id       (BwDb                  *db,
                                            gint64                 id,
                                            gint64                 first,
                                            gint64                 count,
                                            BwBatchIdFunc          func,
                                            gpointer               user_data,
                                            GError               **error);

G_END_DECLS
