/* bw-batch.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-record.h"

G_BEGIN_DECLS

#define BW_BATCH_MAX_COUNT      1000000
#define BW_BATCH_MAX_NAME_BYTES 200
#define BW_BATCH_MAX_INFO_BYTES 2000

#define BW_TYPE_BATCH (bw_batch_get_type ())

G_DECLARE_FINAL_TYPE (BwBatch, bw_batch, BW, BATCH, BwRecord)

/* Properties: name, info, color, company-id, state ("creating", "ready"), created-by (strings);
 * count, n-done, created-at-us, handed-over-at-us (int64; 0: the keys have not been handed over). */
BwBatch    *bw_batch_new                   (void);
const char *bw_batch_get_name              (BwBatch     *self);
const char *bw_batch_get_info              (BwBatch     *self);
const char *bw_batch_get_color             (BwBatch     *self);
const char *bw_batch_get_company_id        (BwBatch     *self);
gboolean    bw_batch_is_ready              (BwBatch     *self);
gint64      bw_batch_get_count             (BwBatch     *self);
gint64      bw_batch_get_n_done            (BwBatch     *self);
gint64      bw_batch_get_created_at_us     (BwBatch     *self);
gint64      bw_batch_get_handed_over_at_us (BwBatch     *self);

/* What a new batch must be; both the dialog and the server ask this one. The message
 * names the field; @ret_field ((nullable)) gets "name", "count", "color" or "info". */
gboolean    bw_batch_check                 (const char  *name,
                                            gint64       count,
                                            const char  *color,
                                            const char  *info,
                                            const char **ret_field,
                                            GError     **error);

G_END_DECLS
