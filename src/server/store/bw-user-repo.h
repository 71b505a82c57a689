/* bw-user-repo.h: the people, as those see them who manage them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-account-repo.h"

G_BEGIN_DECLS

/* All but @company_id may be left out: NULL, 0. */
typedef struct
{
  gint64      company_id;    /* whose reach */
  gboolean    is_root;
  const char *search;
  const char *status;        /* invited, accepted, self-registered, suspended */
  gint64      in_company;    /* with a participation in it or below it */
  gint64      role_id;
  gint64      tag_id;
  const char *sort;          /* name, email, status, created, last-seen; with a dash before it: the other way round */
  gint64      offset;
  gint64      limit;
} BwUserQuery;

const char *bw_account_status_to_nick (BwAccountStatus       status);

gboolean    bw_user_query_check    (const BwUserQuery   *query,
                                    GError             **error);
/* Appends {"total":n,"items":[…]}. */
gboolean    bw_user_repo_list      (BwDb                *db,
                                    const BwUserQuery   *query,
                                    GString             *out,
                                    GError             **error);
/* Appends the document, of its participations those within the reach of @company_id. BW_ERROR_NOT_FOUND. */
gboolean    bw_user_repo_write     (BwDb                *db,
                                    gint64               company_id,
                                    gint64               id,
                                    GString             *out,
                                    GError             **error);
/* Whether the user has a participation within the reach of @company_id, or has none and is one of its users;
 * @ret_company: one of those companies. */
gboolean    bw_user_repo_in_reach  (BwDb                *db,
                                    gint64               company_id,
                                    gint64               id,
                                    gboolean            *ret_in_reach,
                                    gint64              *ret_company,
                                    GError             **error);
/* Whether every participation of the user is within the reach of @company_id. */
gboolean    bw_user_repo_is_whole_in_reach (BwDb        *db,
                                    gint64               company_id,
                                    gint64               id,
                                    gboolean            *ret_whole,
                                    GError             **error);
/* All that the roles of the user's participations let do, together. */
gboolean    bw_user_repo_get_permissions (BwDb          *db,
                                    gint64               id,
                                    guint               *ret_permissions,
                                    GError             **error);
/* @revision: of the row; 0: there is none */
gboolean    bw_user_repo_get_revision (BwDb             *db,
                                    gint64               id,
                                    gint64              *ret_revision,
                                    GError             **error);
/* BW_ERROR_CONFLICT: the address is another user's. */
gboolean    bw_user_repo_set       (BwStoreThread       *thread,
                                    const BwAccountRow  *row,
                                    gint64               at_us,
                                    GError             **error);
/* With the participations, sessions, recovery codes and tags. */
gboolean    bw_user_repo_remove    (BwStoreThread       *thread,
                                    gint64               id,
                                    GError             **error);
/* @hash: NULL takes it back */
gboolean    bw_user_repo_set_invitation (BwStoreThread  *thread,
                                    gint64               id,
                                    const guint8        *hash,
                                    gint64               ends_us,
                                    GError             **error);

G_END_DECLS
