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

/* What people know of a device beside what it says itself. Each (nullable). */
typedef struct
{
  const char *type;
  const char *abbreviation;
  const char *license;
  const char *machine_id;
} BwDeviceFacts;

/* A device whose id was given. They are written in the order of their ids, as the table is; their serial numbers
 * are in the order of the file. */
typedef struct
{
  gint64        serial;
  BwDeviceFacts facts;
} BwImportedDevice;

/* Makes the key of a device whose id collided and had to be drawn anew. */
typedef void (*BwDeviceMakeFunc) (BwBrokerDevice *ret_device,
                                  gpointer        user_data);

/* Each on a thread of the store. @secret: (nullable): a batch whose devices all have keys of their own counts as
 * handed over. */
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
/* @devices: of the serials from @first on; one that is taken already is replaced through @make (nullable: it is an
 * error then, BW_ERROR_CONFLICT). @imported: (nullable): as many, and then @first only says how many there were before */
gboolean    bw_batch_repo_add_slice        (BwStoreThread         *thread,
                                            BwBatchRow            *row,
                                            gint64                 first,
                                            BwBrokerDevice        *devices,
                                            const BwImportedDevice *imported,
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
/* One device of a batch. Without facts only the first two are filled. */
typedef struct
{
  const char    *id;
  gint64         serial;
  const guint8  *key_hash;       /* BW_SECRET_HASH_BYTES, (nullable): it is broken */
  const char    *name;           /* (nullable) */
  const char    *product;        /* (nullable): as it said itself */
  BwDeviceFacts  facts;
} BwBatchDevice;

typedef gboolean (*BwBatchDeviceFunc) (const BwBatchDevice *device,
                                       gpointer             user_data,
                                       GError             **error);
/* In serial order. */
gboolean    bw_batch_repo_foreach          (BwDb                  *db,
                                            gint64                 id,
                                            gint64                 first,
                                            gint64                 count,
                                            gboolean               with_facts,
                                            BwBatchDeviceFunc      func,
                                            gpointer               user_data,
                                            GError               **error);

/* The file bw-batch-repo-progress.c */

/* Where a device stands. batch_id 0: there is none of that id. */
typedef struct
{
  gint64 batch_id;
  guint  status;          /* BwStatus */
} BwDeviceStanding;

/* @ids: canonical; @n_ids standings are filled. */
gboolean    bw_batch_repo_look_up          (BwDb                  *db,
                                            const char * const    *ids,
                                            guint                  n_ids,
                                            BwDeviceStanding      *ret_standings,
                                            GError               **error);
/* Within a transaction: these are flashed, whatever they were. */
gboolean    bw_batch_repo_flash            (BwStoreThread         *thread,
                                            const char * const    *ids,
                                            guint                  n_ids,
                                            GError               **error);
/* Within a transaction: who follows the batch looks at it again. */
gboolean    bw_batch_repo_touch            (BwStoreThread         *thread,
                                            gint64                 id,
                                            GError               **error);

/* How far the devices of a batch are: each stage counts who has reached it or gone further. */
typedef enum
{
  BW_STAGE_CREATED,
  BW_STAGE_LABELLED,
  BW_STAGE_FLASHED,
  BW_STAGE_SEEN,
  BW_STAGE_APPROVED,
  BW_STAGE_PAIRED,
  BW_N_STAGES,
} BwStage;

gboolean    bw_stage_from_nick             (const char            *nick,
                                            BwStage               *ret_stage);
gboolean    bw_batch_repo_count_stages     (BwDb                  *db,
                                            gint64                 id,
                                            gint64                 counts[BW_N_STAGES],
                                            GError               **error);
/* Appends the condition under which a device has not reached @stage. */
void        bw_stage_append_behind         (GString               *out,
                                            BwStage                stage);

G_END_DECLS
