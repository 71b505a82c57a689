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
void            bw_batch_maker_free       (BwBatchMaker        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwBatchMaker, bw_batch_maker_free)
void            bw_batch_maker_draw       (BwBatchMaker        *self);
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

G_END_DECLS
