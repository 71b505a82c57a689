/* bw-bulk-result.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-record.h"

G_BEGIN_DECLS

#define BW_TYPE_BULK_RESULT (bw_bulk_result_get_type ())

G_DECLARE_FINAL_TYPE (BwBulkResult, bw_bulk_result, BW, BULK_RESULT, BwRecord)

/* Properties (strings, nullable): name, state ("waiting", "done", "refused"), reason. The id is the device's. */
BwBulkResult *bw_bulk_result_new (void);

G_END_DECLS
