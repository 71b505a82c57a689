/* bw-session-start-private.h: what the session service does once, on the store's thread
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-account-repo.h"
#include "bw-session-repo.h"

G_BEGIN_DECLS

#define BW_ADMIN_PASSWORD_FILE "admin-password"

typedef struct
{
  char   *data_folder;
  char   *token_file;    /* (nullable) */
  gint64  lifetime_us;
} BwSessionStart;

/* A job: makes what is missing; a GPtrArray of BwSessionRow. */
gpointer      bw_session_start_job  (gpointer         owned_by_thread,
                                     gpointer         task_data,
                                     GError         **error);
/* A fresh row and the token behind it; the token goes to its owner and nowhere else. */
BwSessionRow *bw_session_row_make   (gint64           account_id,
                                     gint64           participation_id,
                                     const char      *address,
                                     const char      *client,
                                     gint64           lifetime_us,
                                     gboolean         is_unattended,
                                     char           **ret_token);
void          bw_session_hash_token (const char      *token,
                                     guint8           ret_hash[BW_SECRET_HASH_BYTES]);

G_END_DECLS
