/* bw-history-list.h: the values of a property, one by one, from the newest to the oldest
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-session-history.h"

G_BEGIN_DECLS

#define BW_TYPE_HISTORY_ROW (bw_history_row_get_type ())

/* Property: loaded (boolean, notify) */
G_DECLARE_FINAL_TYPE (BwHistoryRow, bw_history_row, BW, HISTORY_ROW, GObject)

/* (nullable) until it is loaded; a sample, or a bucket where the samples are not kept any more */
const BwHistoryPoint *bw_history_row_get_point (BwHistoryRow *self);

#define BW_TYPE_HISTORY_LIST (bw_history_list_get_type ())

/* A GListModel of BwHistoryRow. It knows how many there are from a thinned reply and reads them, a part at a time, when
 * they are looked at; of millions it keeps some ten thousand. Main thread.
 * Signal: failed (GError *)   a part could not be read; it is tried again when it is looked at again */
G_DECLARE_FINAL_TYPE (BwHistoryList, bw_history_list, BW, HISTORY_LIST, GObject)

/* What @history is of, in its time; it was asked for with any number of points. */
BwHistoryList *bw_history_list_new           (BwSession     *session,
                                              const char    *device_id,
                                              BwHistory     *history);
/* How many replies it holds; for tests. */
guint          bw_history_list_get_n_held    (BwHistoryList *self);

G_END_DECLS
