/* bw-batch-maker.h: ids and keys for a batch
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-batch-repo.h"

G_BEGIN_DECLS

/* A pure thing without a thread of its own; one thread at a time. */
typedef struct _BwBatchMaker BwBatchMaker;

/* Draws all ids, in ascending order and each once. The secret is drawn too. */
BwBatchMaker   *bw_batch_maker_new        (gint64               count);
/* A row of an import. */
typedef struct
{
  char          id[BW_DEVICE_ID_SIZE];
  gboolean      has_key;
  guint8        key_hash[BW_SECRET_HASH_BYTES];   /* of its own key, if it has one */
  guint32       line;                             /* of the file */
  BwImportedDevice device;                        /* its texts are @texts' */
} BwImportRow;

/* These ids instead, with serial numbers in this order; those without a key of their own get one. @rows: (transfer full) (element-type
 * BwImportRow); @texts: (transfer full) */
BwBatchMaker   *bw_batch_maker_new_import (GArray              *rows,
                                           GStringChunk        *texts);
gboolean        bw_batch_maker_is_import  (BwBatchMaker        *self);
/* Beside bw_batch_maker_make_slice (), of an import; their texts are the maker's. (transfer full) (nullable) */
BwImportedDevice *bw_batch_maker_make_imported (BwBatchMaker   *self,
                                                gint64          first,
                                                guint           n_devices);
void            bw_batch_maker_free       (BwBatchMaker        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwBatchMaker, bw_batch_maker_free)
void            bw_batch_maker_draw       (BwBatchMaker        *self);
/* (nullable): there is no device whose key comes from it */
const guint8   *bw_batch_maker_get_secret (BwBatchMaker        *self);
/* The devices of the serials from @first on, with the hashes of their keys. (transfer full) */
BwBrokerDevice *bw_batch_maker_make_slice (BwBatchMaker        *self,
                                           gint64               first,
                                           guint                n_devices);
/* Another id instead of one that is taken; a BwDeviceMakeFunc. */
void            bw_batch_maker_make_other (BwBrokerDevice      *ret_device,
                                           gpointer             self);

/* The key of a device, from the secret of its batch (DESIGN.md, "Device keys"). */
void            bw_batch_derive_key       (const guint8        *secret,
                                           const char          *id,
                                           char                 ret_key[BW_DEVICE_KEY_SIZE]);
void            bw_batch_hash_key         (const char          *key,
                                           guint8               ret_hash[BW_SECRET_HASH_BYTES]);

G_END_DECLS
