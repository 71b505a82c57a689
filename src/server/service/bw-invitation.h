/* bw-invitation.h: a code by which somebody who was invited chooses a password, once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-device-id.h"
#include "bw-store.h"

G_BEGIN_DECLS

/* On the store's thread, within a transaction. A fresh code takes the place of an earlier one;
 * @ret_code (transfer full): 100 random bits, only their hash is kept. */
gboolean bw_invitation_make (BwStoreThread *thread,
                             gint64         account_id,
                             char         **ret_code,
                             gint64        *ret_ends_us,
                             GError       **error);
/* Of a code as somebody typed it: any case, with or without dashes. FALSE: it has not the form. */
gboolean bw_invitation_hash (const char    *code,
                             guint8         ret_hash[BW_SECRET_HASH_BYTES]);

G_END_DECLS
