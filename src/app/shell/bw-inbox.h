/* bw-inbox.h: how many requests wait for whoever is signed in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_INBOX (bw_inbox_get_type ())

/* Property: n-pending (gint64, notify) */
G_DECLARE_FINAL_TYPE (BwInbox, bw_inbox, BW, INBOX, GObject)

/* Reads at once, and again whenever the feed hints at a request. */
BwInbox *bw_inbox_new           (BwSession *session);
gint64   bw_inbox_get_n_pending (BwInbox   *self);

G_END_DECLS
