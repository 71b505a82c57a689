/* bw-history-append.h: the writing of batches
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-history-private.h"

G_BEGIN_DECLS

/* On the writing thread: @batches one after the other as one transaction, with a slice of packing. On failure all is
 * as before. */
gboolean bw_history_append (BwHistory        *self,
                            BwHistoryThread  *thread,
                            BwHistoryBatch  **batches,
                            guint             n_batches,
                            GError          **error);

G_END_DECLS
