/* bw-notices.h: what has happened in the fleet since one is here, newest first
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-notice.h"
#include "bw-session.h"

G_BEGIN_DECLS

#define BW_NOTICES_MAX 100

#define BW_TYPE_NOTICES (bw_notices_get_type ())

/* Property: n-unread (uint, notify)
 * Signals: happened (BwNotice *notice, const char *device_id)  it is in the list, perhaps folded into an earlier one;
 *            and it is news: the same once more within minutes is none. device_id: (nullable): whose it is
 *          settled (const char *device_id)  it waits for approval no more */
G_DECLARE_FINAL_TYPE (BwNotices, bw_notices, BW, NOTICES, GObject)

/* Follows the session's feed from now on. @settings: (nullable): which kinds are wanted; all without */
BwNotices  *bw_notices_new          (BwSession *session,
                                     GSettings *settings);
/* (transfer none) (element-type BwNotice): at most BW_NOTICES_MAX */
GListModel *bw_notices_get_list     (BwNotices *self);
guint       bw_notices_get_n_unread (BwNotices *self);
void        bw_notices_mark_read    (BwNotices *self);
void        bw_notices_clear        (BwNotices *self);

G_END_DECLS
