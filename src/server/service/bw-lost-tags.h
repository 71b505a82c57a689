/* bw-lost-tags.h: tags that devices leave behind in the company they go from
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-authority.h"
#include "bw-tag-repo.h"

G_BEGIN_DECLS

typedef struct
{
  BwTagRow  *tag;
  GPtrArray *ids;       /* (element-type utf8): the devices that have it */
} BwLostTag;

/* Those that @company_id can not use, of these devices (element-type utf8). On a store's thread.
 * (transfer full) (element-type BwLostTag) */
GPtrArray *bw_lost_tags_find  (BwAuthority    *authority,
                               BwDb           *db,
                               GPtrArray      *ids,
                               gint64          company_id,
                               GError        **error);
/* Within a transaction. */
gboolean   bw_lost_tags_leave (BwStoreThread  *thread,
                               GPtrArray      *lost,
                               GError        **error);

G_END_DECLS
