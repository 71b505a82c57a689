/* bw-effects-repo.h: who may do what where, for telling what a change would change
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-store.h"

G_BEGIN_DECLS

/* A participation as far as it gives rights. */
typedef struct
{
  gint64  id;
  gint64  account_id;
  char   *user;
  gint64  company_id;
  char   *company;
  guint   permissions;    /* 0 for one who is suspended */
} BwEffectsRow;

void      bw_effects_row_free       (BwEffectsRow  *row);

/* Those that stand on one of these, 0: none. (transfer full) (element-type BwEffectsRow) */
GPtrArray *bw_effects_repo_list     (BwDb          *db,
                                     gint64         participation_id,
                                     gint64         role_id,
                                     gint64         account_id,
                                     GError       **error);
/* Those of a company itself. */
GPtrArray *bw_effects_repo_list_company (BwDb      *db,
                                     gint64         company_id,
                                     GError       **error);
/* The ids of all companies above @company_id. (transfer full) (element-type gint64) */
GArray    *bw_effects_repo_ancestors (BwDb         *db,
                                     gint64         company_id,
                                     GError       **error);
/* What there is in and below a company; the names of the first @max_names companies. */
gboolean   bw_effects_repo_count    (BwDb          *db,
                                     gint64         company_id,
                                     guint          max_names,
                                     GPtrArray     *ret_names,
                                     gint64        *ret_n_companies,
                                     gint64        *ret_n_devices,
                                     GError       **error);

G_END_DECLS
