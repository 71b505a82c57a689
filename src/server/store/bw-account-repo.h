/* bw-account-repo.h: the people who may sign in, as signing in sees them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-store.h"

G_BEGIN_DECLS

typedef enum
{
  BW_ACCOUNT_INVITED,
  BW_ACCOUNT_ACCEPTED,
  BW_ACCOUNT_SELF_REGISTERED,
} BwAccountStatus;

typedef struct
{
  gint64           id;
  char            *login;            /* (nullable): but the e-mail address everybody has */
  char            *email;
  char            *first_name;
  char            *last_name;
  char            *password_hash;    /* empty: no password */
  gint64           company_id;
  BwAccountStatus  status;
  gboolean         suspended;
  gboolean         must_change_password;
  gboolean         has_totp;
} BwAccountRow;

void          bw_account_row_free          (BwAccountRow   *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwAccountRow, bw_account_row_free)
/* What the audit log and "created by" call this person. */
const char   *bw_account_row_get_login     (const BwAccountRow *row);
/* (transfer full): first and last name, or the address when there are none */
char         *bw_account_row_dup_name      (const BwAccountRow *row);

gboolean      bw_account_repo_count        (BwDb           *db,
                                            gint64         *ret_n,
                                            GError        **error);
/* Fills in @row's id. BW_ERROR_CONFLICT: the address is taken. */
gboolean      bw_account_repo_add          (BwStoreThread  *thread,
                                            BwAccountRow   *row,
                                            gint64          at_us,
                                            GError        **error);
/* By login or e-mail address, in any case; NULL without @error: there is none. */
BwAccountRow *bw_account_repo_find         (BwDb           *db,
                                            const char     *login_or_email,
                                            GError        **error);
BwAccountRow *bw_account_repo_get          (BwDb           *db,
                                            gint64          id,
                                            GError        **error);
/* The Super Admin of the root company that was made first. */
BwAccountRow *bw_account_repo_first_admin  (BwDb           *db,
                                            GError        **error);
gboolean      bw_account_repo_set_password (BwStoreThread  *thread,
                                            gint64          id,
                                            const char     *password_hash,
                                            gint64          at_us,
                                            GError        **error);
/* Who was invited with this code and has not accepted; NULL without @error: nobody, or not any more. */
BwAccountRow *bw_account_repo_find_invited (BwDb           *db,
                                            const guint8   *hash,
                                            gint64          now_us,
                                            GError        **error);
/* Password, names and status; the code is used up. */
gboolean      bw_account_repo_accept       (BwStoreThread  *thread,
                                            const BwAccountRow *row,
                                            gint64          at_us,
                                            GError        **error);
gboolean      bw_account_repo_set_names    (BwStoreThread  *thread,
                                            gint64          id,
                                            const char     *first_name,
                                            const char     *last_name,
                                            gint64          at_us,
                                            GError        **error);
/* The sealed secret of the second factor (nullable), and the step of the last code; 0: not confirmed. */
gboolean      bw_account_repo_get_totp     (BwDb           *db,
                                            gint64          id,
                                            GBytes        **ret_secret,
                                            gint64         *ret_step,
                                            GError        **error);
/* @secret: NULL takes the second factor away */
gboolean      bw_account_repo_set_totp     (BwStoreThread  *thread,
                                            gint64          id,
                                            GBytes         *secret,
                                            gint64          step,
                                            GError        **error);
gboolean      bw_account_repo_set_totp_step (BwStoreThread *thread,
                                            gint64          id,
                                            gint64          step,
                                            GError        **error);
gboolean      bw_account_repo_touch        (BwStoreThread  *thread,
                                            gint64          id,
                                            gint64          at_us,
                                            GError        **error);

G_END_DECLS
