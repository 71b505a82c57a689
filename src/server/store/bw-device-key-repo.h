/* bw-device-key-repo.h: keys of devices that are changed for others
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-device-id.h"
#include "bw-store.h"

G_BEGIN_DECLS

/* The key with this hash is the device's from now on. The one that it has used last is good until @old_ends_us too; 0: not
 * any more. Also tells the broker. */
gboolean bw_device_key_repo_rotate      (BwStoreThread  *thread,
                                         const char     *id,
                                         const guint8    hash[BW_SECRET_HASH_BYTES],
                                         gint64          old_ends_us,
                                         GError        **error);
/* The device has come with its @number-th key: the one before is good no more. */
gboolean bw_device_key_repo_confirm     (BwStoreThread  *thread,
                                         const char     *id,
                                         gint64          number,
                                         gboolean       *ret_changed,
                                         GError        **error);
/* Old keys whose time is over go. (transfer full) (element-type utf8): whose */
GPtrArray *bw_device_key_repo_expire    (BwStoreThread  *thread,
                                         gint64          now_us,
                                         GError        **error);
/* When the next one goes; 0: there is none */
gboolean bw_device_key_repo_next_end    (BwDb           *db,
                                         gint64         *ret_ends_us,
                                         GError        **error);
/* Until when the key before is good; 0: there is none */
gboolean bw_device_key_repo_get_end     (BwDb           *db,
                                         const char     *id,
                                         gint64         *ret_ends_us,
                                         GError        **error);

G_END_DECLS
