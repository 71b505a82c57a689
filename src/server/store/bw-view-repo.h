/* bw-view-repo.h: filters, orders and columns that somebody wants to see again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-store.h"

G_BEGIN_DECLS

#define BW_VIEW_MAX_PER_COMPANY 100
#define BW_VIEW_MAX_PER_PERSON  50

typedef struct
{
  gint64  id;
  gint64  revision;
  char   *name;
  gint64  company_id;     /* shared with it and those below; 0: somebody's own */
  gint64  account_id;     /* whose own; 0: shared */
  char   *document;       /* JSON */
} BwViewRow;

void       bw_view_row_free    (BwViewRow        *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwViewRow, bw_view_row_free)

/* NULL without @error: there is none. */
BwViewRow *bw_view_repo_get    (BwDb             *db,
                                gint64            id,
                                GError          **error);
/* BW_ERROR_CONFLICT: the name is taken; BW_ERROR_TOO_MANY: the company or person has as many as it may. */
gboolean   bw_view_repo_add    (BwStoreThread    *thread,
                                BwViewRow        *row,
                                gint64            at_us,
                                GError          **error);
gboolean   bw_view_repo_set    (BwStoreThread    *thread,
                                const BwViewRow  *row,
                                gint64            at_us,
                                GError          **error);
gboolean   bw_view_repo_remove (BwStoreThread    *thread,
                                gint64            id,
                                GError          **error);
/* Appends the documents of a person's own and of those of @company_id, of the companies above it and below it; @id 0:
 * all, by name. */
gboolean   bw_view_repo_write  (BwDb             *db,
                                gint64            company_id,
                                gint64            account_id,
                                gint64            id,
                                GString          *out,
                                guint            *ret_n,
                                GError          **error);

G_END_DECLS
