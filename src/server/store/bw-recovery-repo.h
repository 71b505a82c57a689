/* bw-recovery-repo.h: codes for who has lost the second factor
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-store.h"

G_BEGIN_DECLS

gboolean bw_recovery_repo_add    (BwStoreThread  *thread,
                                  gint64          account_id,
                                  const guint8   *hash,
                                  GError        **error);
/* Takes the code out; @ret_used: whether there was one. */
gboolean bw_recovery_repo_use    (BwStoreThread  *thread,
                                  gint64          account_id,
                                  const guint8   *hash,
                                  gboolean       *ret_used,
                                  GError        **error);
/* All of an account. */
gboolean bw_recovery_repo_remove (BwStoreThread  *thread,
                                  gint64          account_id,
                                  GError        **error);

G_END_DECLS
