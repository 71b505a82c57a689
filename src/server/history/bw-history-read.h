/* bw-history-read.h: what the API answers about the history
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-history.h"

G_BEGIN_DECLS

#define BW_HISTORY_MAX_POINTS     5000
#define BW_HISTORY_DEFAULT_POINTS 1000
#define BW_HISTORY_MAX_GAPS       1000

typedef struct
{
  const char   *device_id;
  const char   *node;
  const char   *property;
  gint64        from_us;        /* included */
  gint64        to_us;          /* not */
  guint         points;
  GCancellable *cancellable;    /* (nullable) */
} BwHistoryQuery;

/* All in a job of a reading thread; each appends a whole document. */
gboolean bw_history_write_points (BwHistory             *self,
                                  BwHistoryThread       *thread,
                                  const BwHistoryQuery  *query,
                                  GString               *out,
                                  GError               **error);
gboolean bw_history_write_series (BwHistory             *self,
                                  BwHistoryThread       *thread,
                                  const char            *device_id,
                                  GCancellable          *cancellable,
                                  GString               *out,
                                  GError               **error);

/* CSV, page by page: one series after the other, each oldest first. */
typedef struct _BwHistoryExport BwHistoryExport;

/* @query: without node and property, all of the device; copied */
BwHistoryExport *bw_history_export_new  (const BwHistoryQuery  *query);
void             bw_history_export_free (BwHistoryExport       *self);
gboolean         bw_history_export_next (BwHistoryExport       *self,
                                         BwHistory             *history,
                                         BwHistoryThread       *thread,
                                         GString               *out,
                                         gboolean              *ret_done,
                                         GError               **error);

G_END_DECLS
