/* bw-request-repo.h: changes that wait for somebody else
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-store.h"

G_BEGIN_DECLS

typedef enum
{
  BW_REQUEST_PENDING,
  BW_REQUEST_ACCEPTED,
  BW_REQUEST_REJECTED,
  BW_REQUEST_WITHDRAWN,
  BW_REQUEST_EXPIRED,
} BwRequestState;

typedef struct
{
  gint64          id;
  gint64          revision;
  char           *kind;
  char           *action;
  char           *object_id;
  char           *object;
  gint64          company_id;
  gint64          requester_id;
  char           *requester;
  char           *body;           /* what was asked for, as JSON */
  char           *before;         /* (nullable) */
  char           *after;          /* (nullable) */
  char           *comment;
  guint           permissions;    /* that who decides must have, too */
  gint64          about_id;       /* nobody decides about himself; 0: about nobody */
  gboolean        needs_super;
  BwRequestState  state;
  char           *reason;         /* (nullable) */
  char           *decided_by;     /* (nullable) */
  gint64          created_at_us;
  gint64          decided_at_us;
  gint64          expires_at_us;
} BwRequestRow;

/* Who looks: his own, and those he may decide. */
typedef struct
{
  gint64      account_id;
  gint64      company_id;
  gboolean    is_root;
  gboolean    is_super;
  guint       permissions;
  const char *state;          /* (nullable) */
  const char *kind;           /* (nullable) */
  const char *sort;           /* (nullable): created, -created */
  gint64      offset;
  gint64      limit;
} BwRequestQuery;

void          bw_request_row_free    (BwRequestRow          *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwRequestRow, bw_request_row_free)

const char   *bw_request_state_to_nick (BwRequestState       state);

/* Whether who looks may decide it: he has what it takes, stands above, and it is neither his nor about him. */
gboolean      bw_request_may_decide  (const BwRequestRow    *row,
                                      const BwRequestQuery  *who,
                                      gboolean               stands_above);

gboolean      bw_request_query_check (const BwRequestQuery  *query,
                                      GError               **error);
/* Fills in @row's id. */
gboolean      bw_request_repo_add    (BwStoreThread         *thread,
                                      BwRequestRow          *row,
                                      GError               **error);
/* NULL without @error: there is none. */
BwRequestRow *bw_request_repo_get    (BwDb                  *db,
                                      gint64                 id,
                                      GError               **error);
/* Only a pending one; @ret_done FALSE: somebody was quicker. */
gboolean      bw_request_repo_end    (BwStoreThread         *thread,
                                      gint64                 id,
                                      BwRequestState         state,
                                      const char            *decided_by,
                                      const char            *reason,
                                      gint64                 at_us,
                                      gboolean              *ret_done,
                                      GError               **error);
/* Those whose time is over. @ret_ids: gint64 each */
gboolean      bw_request_repo_expire (BwStoreThread         *thread,
                                      gint64                 now_us,
                                      GArray                *ret_ids,
                                      GError               **error);
/* Appends {"total","nPending","items":[…]}. */
gboolean      bw_request_repo_list   (BwDb                  *db,
                                      const BwRequestQuery  *query,
                                      GString               *out,
                                      GError               **error);
/* Appends the document as @who sees it; BW_ERROR_NOT_FOUND when he may not. */
gboolean      bw_request_repo_write  (BwDb                  *db,
                                      const BwRequestQuery  *who,
                                      gint64                 id,
                                      GString               *out,
                                      GError               **error);

G_END_DECLS
