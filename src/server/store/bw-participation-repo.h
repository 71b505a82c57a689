/* bw-participation-repo.h: who acts where, in which role
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-store.h"

G_BEGIN_DECLS

/* For a participation without an end. */
#define BW_PARTICIPATION_FOR_EVER G_MAXINT64

typedef struct
{
  gint64    id;
  gint64    account_id;
  gint64    company_id;
  gint64    role_id;
  gint64    from_us;
  gint64    until_us;          /* not any more from here */
  guint     permissions;       /* of the role */
  gboolean  is_super;          /* the role is the Super Admin's */
  gboolean  company_is_root;
} BwParticipationRow;

gboolean            bw_participation_is_active  (const BwParticipationRow *row,
                                                 gint64                    now_us);

/* FALSE without @error: there is none. */
gboolean            bw_participation_repo_get   (BwDb                *db,
                                                 gint64               id,
                                                 BwParticipationRow  *ret_row,
                                                 GError             **error);
/* The one to begin with: in force, the highest company, the oldest. FALSE without @error: none is in force. */
gboolean            bw_participation_repo_first (BwDb                *db,
                                                 gint64               account_id,
                                                 gint64               now_us,
                                                 BwParticipationRow  *ret_row,
                                                 GError             **error);
/* Fills in @row's id. BW_ERROR_CONFLICT: it is there already. */
gboolean            bw_participation_repo_add   (BwStoreThread       *thread,
                                                 BwParticipationRow  *row,
                                                 gint64               at_us,
                                                 GError             **error);
/* How many Super Admins of the root company can sign in now, but @except_account (0: all). */
gboolean            bw_participation_repo_count_super (BwDb          *db,
                                                 gint64               except_account,
                                                 gint64               now_us,
                                                 gint64              *ret_n,
                                                 GError             **error);

/* All but @company_id may be left out: NULL, 0. */
typedef struct
{
  gint64      company_id;    /* whose reach */
  gboolean    is_root;
  const char *search;        /* in the user's name and address */
  gint64      user_id;
  gint64      in_company;    /* and below it */
  gint64      role_id;
  int         active;        /* -1: all, 0: those that are not in force, 1: those that are */
  const char *sort;          /* user, company, role, first-day, last-day, created; with a dash before it: the other way round */
  gint64      offset;
  gint64      limit;
} BwParticipationQuery;

gboolean            bw_participation_query_check (const BwParticipationQuery *query,
                                                 GError             **error);
/* Appends {"total":n,"items":[…]}. */
gboolean            bw_participation_repo_list  (BwDb                *db,
                                                 const BwParticipationQuery *query,
                                                 GString             *out,
                                                 GError             **error);
/* Appends the document. BW_ERROR_NOT_FOUND. */
gboolean            bw_participation_repo_write (BwDb                *db,
                                                 gint64               id,
                                                 GString             *out,
                                                 GError             **error);
/* For the document of a session: "company" and "role" of the one it acts under (0: none), and
 * "participations" with all of a person's own. */
gboolean            bw_participation_repo_write_names (BwDb          *db,
                                                 gint64               id,
                                                 GString             *out,
                                                 GError             **error);
gboolean            bw_participation_repo_write_own (BwDb            *db,
                                                 gint64               account_id,
                                                 GString             *out,
                                                 GError             **error);
gboolean            bw_participation_repo_get_revision (BwDb         *db,
                                                 gint64               id,
                                                 gint64              *ret_revision,
                                                 GError             **error);
/* The role and the days. BW_ERROR_CONFLICT: there is one like it already. */
gboolean            bw_participation_repo_set   (BwStoreThread       *thread,
                                                 const BwParticipationRow *row,
                                                 gint64               at_us,
                                                 GError             **error);
/* Sessions that stand on it go on without. */
gboolean            bw_participation_repo_remove (BwStoreThread      *thread,
                                                 const BwParticipationRow *row,
                                                 GError             **error);

G_END_DECLS
