/* bw-session-search.h: one search over everything
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-session.h"

G_BEGIN_DECLS

typedef enum
{
  BW_HIT_DEVICE,
  BW_HIT_BATCH,
  BW_HIT_COMPANY,
  BW_HIT_USER,
  BW_N_HIT_KINDS
} BwHitKind;

typedef struct
{
  BwHitKind  kind;
  char      *id;
  char      *title;    /* its name; a device without one has its id here */
  char      *detail;   /* what else tells it from others; may be empty */
} BwSearchHit;

typedef struct
{
  GPtrArray *hits;                       /* (owned) (element-type BwSearchHit): by kind, the best of each first */
  gboolean   has_more[BW_N_HIT_KINDS];   /* than are listed */
} BwSearchFound;

void           bw_search_found_free     (BwSearchFound        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwSearchFound, bw_search_found_free)

/* @limit: of each kind, 1 to 50 */
void           bw_session_search_async  (BwSession            *self,
                                         const char           *text,
                                         guint                 limit,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
BwSearchFound *bw_session_search_finish (BwSession            *self,
                                         GAsyncResult         *result,
                                         GError              **error);

G_END_DECLS
