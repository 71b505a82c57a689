/* bw-label-design-repo.h: what stands on labels, per company
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-store.h"

G_BEGIN_DECLS

#define BW_LABEL_DESIGN_MAX_PER_COMPANY 100

typedef struct
{
  gint64  id;
  gint64  revision;
  gint64  company_id;
  char   *name;
  char   *design;        /* JSON */
} BwLabelDesignRow;

void              bw_label_design_row_free    (BwLabelDesignRow        *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwLabelDesignRow, bw_label_design_row_free)

/* NULL without @error: there is none. */
BwLabelDesignRow *bw_label_design_repo_get    (BwDb                    *db,
                                               gint64                   id,
                                               GError                 **error);
/* BW_ERROR_CONFLICT: the name is taken; BW_ERROR_TOO_MANY: the company has as many as it may. */
gboolean          bw_label_design_repo_add    (BwStoreThread           *thread,
                                               BwLabelDesignRow        *row,
                                               gint64                   at_us,
                                               GError                 **error);
gboolean          bw_label_design_repo_set    (BwStoreThread           *thread,
                                               const BwLabelDesignRow  *row,
                                               gint64                   at_us,
                                               GError                 **error);
gboolean          bw_label_design_repo_remove (BwStoreThread           *thread,
                                               gint64                   id,
                                               GError                 **error);
/* Appends the documents of those of @company_id, of the companies above it and below it; @id 0: all, by name,
 * without the designs themselves. */
gboolean          bw_label_design_repo_write  (BwDb                    *db,
                                               gint64                   company_id,
                                               gint64                   id,
                                               GString                 *out,
                                               guint                   *ret_n,
                                               GError                 **error);

G_END_DECLS
