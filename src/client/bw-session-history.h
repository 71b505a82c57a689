/* bw-session-history.h: what a device's properties were
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-history-values.h"
#include "bw-session.h"

G_BEGIN_DECLS

/* All that there is history of. Finish: (transfer full) (element-type BwHistorySeries). */
void       bw_session_load_history_series_async  (BwSession            *self,
                                                  const char           *device_id,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
GPtrArray *bw_session_load_history_series_finish (BwSession            *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);

/* One property from @from_us (included) to @to_us (not), as samples when there are at most @n_points (1 to
 * BW_HISTORY_MAX_POINTS), else as buckets. A long reply is read on a thread: the main one does not wait for it. */
void       bw_session_load_history_async  (BwSession            *self,
                                           const char           *device_id,
                                           const char           *node,
                                           const char           *property,
                                           gint64                from_us,
                                           gint64                to_us,
                                           guint                 n_points,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
BwHistory *bw_session_load_history_finish (BwSession            *self,
                                           GAsyncResult         *result,
                                           GError              **error);

/* Every sample of that time into a CSV file, which appears (or replaces another one) when all of it is there.
 * Progress: lines so far, without a total. */
void       bw_session_export_history_async  (BwSession            *self,
                                             const char           *device_id,
                                             const char           *node,       /* (nullable): all series */
                                             const char           *property,   /* (nullable) */
                                             gint64                from_us,
                                             gint64                to_us,
                                             const char           *file_path,
                                             BwProgressFunc        progress,
                                             gpointer              progress_data,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
gboolean   bw_session_export_history_finish (BwSession            *self,
                                             GAsyncResult         *result,
                                             GError              **error);

G_END_DECLS
