/* bw-trend-repo.h: how the fleet went
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-db.h"

G_BEGIN_DECLS

/* Devices online are counted so often and kept so long; what came and was approved, a day (UTC) each. */
#define BW_TREND_STEP_US (5 * G_TIME_SPAN_MINUTE)
#define BW_TREND_STEPS   288
#define BW_TREND_DAYS    30

/* (transfer full): what is to be noted at @now_us; on a reading thread. The days that were never
 * counted are, and those that may still have changed. */
GArray   *bw_trend_repo_count (BwDb     *db,
                               gint64    now_us,
                               GError  **error);
/* Notes them, and forgets what is older than is kept. Several backends of one database count each time once. On the
 * writing thread, within its transaction. */
gboolean  bw_trend_repo_note  (BwDb     *db,
                               GArray   *counts,
                               gint64    now_us,
                               GError  **error);
/* Of a company and those below it. @is_root: it is the one above all */
gboolean  bw_trend_repo_write (BwDb     *db,
                               gint64    company_id,
                               gboolean  is_root,
                               gint64    now_us,
                               GString  *out,
                               GError  **error);

G_END_DECLS
