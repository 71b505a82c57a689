/* bw-session-repo.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-device-id.h"
#include "bw-store.h"

G_BEGIN_DECLS

typedef struct
{
  char      id[32];
  guint8    token_hash[BW_SECRET_HASH_BYTES];
  gint64    account_id;
  gint64    participation_id;   /* 0: none */
  char     *address;
  char     *client;
  gint64    created_at_us;
  gint64    last_used_at_us;
  gint64    expires_at_us;
  gboolean  is_unattended;
} BwSessionRow;

void       bw_session_row_free           (BwSessionRow        *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwSessionRow, bw_session_row_free)

gboolean   bw_session_repo_add           (BwStoreThread       *thread,
                                          const BwSessionRow  *row,
                                          GError             **error);
/* Those that stand on one of these, 0: any; the oldest first. (element-type BwSessionRow) */
GPtrArray *bw_session_repo_list_on       (BwDb                *db,
                                          gint64               participation_id,
                                          gint64               role_id,
                                          gint64               account_id,
                                          GError             **error);
/* NULL without @error: there is none. */
BwSessionRow *bw_session_repo_get        (BwDb                *db,
                                          const char          *id,
                                          GError             **error);
gboolean   bw_session_repo_touch         (BwStoreThread       *thread,
                                          const char          *id,
                                          gint64               at_us,
                                          GError             **error);
gboolean   bw_session_repo_remove        (BwStoreThread       *thread,
                                          const char          *id,
                                          GError             **error);
gboolean   bw_session_repo_set_participation (BwStoreThread   *thread,
                                          const char          *id,
                                          gint64               participation_id,
                                          GError             **error);
/* What the sessions may that stand on one of these is another now, and the broker must know; 0: any. */
gboolean   bw_session_repo_mark          (BwStoreThread       *thread,
                                          gint64               participation_id,
                                          gint64               role_id,
                                          gint64               account_id,
                                          GError             **error);
/* All sessions of an account but those for token files. */
gboolean   bw_session_repo_remove_account (BwStoreThread      *thread,
                                          gint64               account_id,
                                          GError             **error);
/* The same, but for @keep. */
gboolean   bw_session_repo_remove_others (BwStoreThread       *thread,
                                          gint64               account_id,
                                          const char          *keep,
                                          GError             **error);

G_END_DECLS
