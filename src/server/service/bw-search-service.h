/* bw-search-service.h: one search over devices, batches, companies and users
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-actor.h"
#include "bw-store.h"

G_BEGIN_DECLS

/* Whoever may view nothing finds nothing: what the role does not show has no member in the answer.
 * @limit: of each kind, 1 to BW_SEARCH_MAX_LIMIT. */
void    bw_search_service_find_async  (BwStore             *store,
                                       const BwActor       *actor,
                                       const char          *text,
                                       gint64               limit,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data);
/* (transfer full) */
GBytes *bw_search_service_find_finish (BwStore             *store,
                                       GAsyncResult        *result,
                                       GError             **error);

G_END_DECLS
