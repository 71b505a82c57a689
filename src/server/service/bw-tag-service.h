/* bw-tag-service.h: many objects marked at once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-authority.h"
#include "bw-feed.h"

G_BEGIN_DECLS

#define BW_TAG_MAX_OBJECTS 1000

#define BW_TYPE_TAG_SERVICE (bw_tag_service_get_type ())

G_DECLARE_FINAL_TYPE (BwTagService, bw_tag_service, BW, TAG_SERVICE, GObject)

typedef struct
{
  const char         *tag_id;
  const char         *kind;
  const char * const *ids;
  gboolean            on;
} BwTagWish;

BwTagService *bw_tag_service_new         (BwStore              *store,
                                          BwFeed               *feed,
                                          BwAuthority          *authority);

/* Takes what it needs of @wish. @address: for the audit log. */
void          bw_tag_service_mark_async  (BwTagService         *self,
                                          const BwActor        *actor,
                                          const char           *address,
                                          const BwTagWish      *wish,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
/* {"results":[{"id","reason"}]} */
GBytes       *bw_tag_service_mark_finish (BwTagService         *self,
                                          GAsyncResult         *result,
                                          GError              **error);

G_END_DECLS
