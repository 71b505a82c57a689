/* bw-company-repo.h: the tree of companies
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-store.h"

G_BEGIN_DECLS

/* The ids of company $1, or of another parameter's, and of all below it, to put behind IN. */
#define BW_COMPANY_REACH_SQL BW_COMPANY_REACH_OF_SQL ("$1")
#define BW_COMPANY_REACH_OF_SQL(parameter) \
  "(WITH RECURSIVE below (id) AS (SELECT id FROM company WHERE id = " parameter " UNION" \
  " SELECT company.id FROM below JOIN company ON company.parent_id = below.id) SELECT id FROM below)"

/* The ids of company $1 and of those above it, to put behind IN. */
#define BW_COMPANY_ABOVE_SQL \
  "(WITH RECURSIVE above (id, parent_id) AS (SELECT id, parent_id FROM company WHERE id = $1 UNION" \
  " SELECT company.id, company.parent_id FROM above JOIN company ON company.id = above.parent_id) SELECT id FROM above)"

/* Whether the company in that column is $1 or below it: a walk upwards, for the few rows of a page. What goes
 * over a whole table asks the set above, which is made once for the statement. */
#define BW_COMPANY_IN_REACH_SQL(column) \
  "$1 IN (WITH RECURSIVE above (id) AS (SELECT " column " UNION" \
  " SELECT company.parent_id FROM above JOIN company ON company.id = above.id) SELECT id FROM above)"

/* Levels of the tree, the root included: what walks it walks no further. */
#define BW_COMPANY_MAX_DEPTH 64

typedef struct
{
  gint64  id;
  gint64  revision;
  char   *name;
  char   *alias;
  gint64  parent_id;     /* 0: the root */
  char   *address;
  char   *phone;
  char   *email;
} BwCompanyRow;

void          bw_company_row_free    (BwCompanyRow        *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwCompanyRow, bw_company_row_free)

/* Fills in @row's id. BW_ERROR_CONFLICT: the alias is taken. */
gboolean      bw_company_repo_add    (BwStoreThread       *thread,
                                      BwCompanyRow        *row,
                                      gint64               at_us,
                                      GError             **error);
gboolean      bw_company_repo_set    (BwStoreThread       *thread,
                                      const BwCompanyRow  *row,
                                      gint64               at_us,
                                      GError             **error);
gboolean      bw_company_repo_remove (BwStoreThread       *thread,
                                      gint64               id,
                                      GError             **error);
/* NULL without @error: there is none. */
BwCompanyRow *bw_company_repo_get    (BwDb                *db,
                                      gint64               id,
                                      GError             **error);
/* What hangs on a company itself, not on those below it. */
gboolean      bw_company_repo_count  (BwDb                *db,
                                      gint64               id,
                                      gint64              *ret_n_devices,
                                      gint64              *ret_n_batches,
                                      gint64              *ret_n_participations,
                                      gint64              *ret_n_subsidiaries,
                                      gint64              *ret_n_users,
                                      GError             **error);
/* Calls @func for every company, in no order. */
typedef void (*BwCompanyFunc) (gint64   id,
                               gint64   parent_id,
                               gpointer user_data);
gboolean      bw_company_repo_each   (BwDb                *db,
                                      BwCompanyFunc        func,
                                      gpointer             user_data,
                                      GError             **error);
/* Appends the documents of @company_id and all below it to a JSON array, or of one of them (@id not 0).
 * @search: (nullable): part of a name, alias, phone, e-mail address; @tag: 0 is any */
gboolean      bw_company_repo_write  (BwDb                *db,
                                      gint64               company_id,
                                      gint64               id,
                                      const char          *search,
                                      gint64               tag,
                                      GString             *out,
                                      guint               *ret_n,
                                      GError             **error);
/* 0: no company has that alias */
gboolean      bw_company_repo_find_alias (BwDb            *db,
                                      const char          *alias,
                                      gint64              *ret_id,
                                      GError             **error);
/* By id, or by name or alias, within the reach of @company_id; 0: there is none. */
gboolean      bw_company_repo_find   (BwDb                *db,
                                      gint64               company_id,
                                      gint64               id,
                                      const char          *name_or_alias,
                                      gint64              *ret_id,
                                      GError             **error);

G_END_DECLS
