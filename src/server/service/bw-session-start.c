/* bw-session-start.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-session-start-private.h"

#include <gio/gio.h>
#include <sodium.h>
#include <string.h>

#include "bw-company-repo.h"
#include "bw-error.h"
#include "bw-participation-repo.h"
#include "bw-password.h"
#include "bw-permission.h"
#include "bw-role-repo.h"

#define TOKEN_BYTES     32
#define TOKEN_PREFIX    "bw_"
#define SESSION_PREFIX  "session-"
#define UNATTENDED_US   (366 * G_TIME_SPAN_DAY)   /* renewed at each start */

void
bw_session_hash_token (const char *token,
                       guint8      ret_hash[BW_SECRET_HASH_BYTES])
{
  crypto_generichash (ret_hash, BW_SECRET_HASH_BYTES, (const guint8 *) token, strlen (token), NULL, 0);
}

BwSessionRow *
bw_session_row_make (gint64       account_id,
                     gint64       participation_id,
                     const char  *address,
                     const char  *client,
                     gint64       lifetime_us,
                     gboolean     is_unattended,
                     char       **ret_token)
{
  BwSessionRow *row = g_new0 (BwSessionRow, 1);
  guint8 random[TOKEN_BYTES];
  char text[sodium_base64_ENCODED_LEN (TOKEN_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];

  randombytes_buf (random, sizeof random);
  sodium_bin2base64 (text, sizeof text, random, sizeof random, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  *ret_token = g_strconcat (TOKEN_PREFIX, text, NULL);
  bw_session_hash_token (*ret_token, row->token_hash);

  /* the name of the session at the broker: no secret, but not to be guessed either */
  randombytes_buf (random, sizeof random);
  g_strlcpy (row->id, SESSION_PREFIX, sizeof row->id);
  sodium_bin2hex (row->id + strlen (SESSION_PREFIX), sizeof row->id - strlen (SESSION_PREFIX), random, 11);
  sodium_memzero (random, sizeof random);
  sodium_memzero (text, sizeof text);

  row->account_id = account_id;
  row->participation_id = participation_id;
  row->address = g_strdup (address);
  row->client = g_strdup (client);
  row->created_at_us = g_get_real_time ();
  row->last_used_at_us = row->created_at_us;
  row->expires_at_us = row->created_at_us + (is_unattended ? UNATTENDED_US : lifetime_us);
  row->is_unattended = is_unattended;

  return row;
}

static gboolean
write_secret_file (const char  *path,
                   const char  *secret,
                   GError     **error)
{
  g_autofree char *line = g_strconcat (secret, "\n", NULL);
  gboolean ok = g_file_set_contents_full (path, line, -1,
                                          G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                          0600, error);

  sodium_memzero (line, strlen (line));

  if (!ok && error != NULL)
    {
      g_autoptr(GError) foreign = g_steal_pointer (error);

      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "%s", foreign->message);
    }

  return ok;
}

static gboolean
make_first_admin (BwStoreThread        *thread,
                  const BwSessionStart *start,
                  GError              **error)
{
  g_autofree char *path = g_build_filename (start->data_folder, BW_ADMIN_PASSWORD_FILE, NULL);
  g_autofree char *password = bw_password_make ();
  g_autofree char *hash = bw_password_hash (password, error);
  BwCompanyRow company = {
    .name = (char *) "Main Company", .alias = (char *) "main",
    .address = (char *) "", .phone = (char *) "", .email = (char *) "",
  };
  BwAccountRow account = {
    .login = (char *) "admin", .email = (char *) "admin@localhost", .first_name = (char *) "Administrator",
    .last_name = (char *) "", .password_hash = hash, .status = BW_ACCOUNT_ACCEPTED, .must_change_password = TRUE,
  };
  BwParticipationRow participation = { .until_us = BW_PARTICIPATION_FOR_EVER };
  gint64 now_us = g_get_real_time ();

  /* The file first: an admin whose password nobody knows would be worse than
   * a file of an admin who never came to be, which the next start replaces. */
  if (hash == NULL || !write_secret_file (path, password, error) || !bw_store_begin (thread, error))
    return FALSE;

  if (bw_company_repo_add (thread, &company, now_us, error))
    {
      account.company_id = company.id;
      participation.company_id = company.id;
    }

  if (company.id != 0 && bw_account_repo_add (thread, &account, now_us, error))
    participation.account_id = account.id;

  if (account.id != 0 &&
      bw_role_repo_find_builtin (thread->db, BW_ROLE_SUPER_ADMIN, &participation.role_id, error) &&
      bw_participation_repo_add (thread, &participation, now_us, error) &&
      bw_store_commit (thread, error))
    return TRUE;

  bw_store_rollback (thread);

  return FALSE;
}

static gboolean
replace_unattended (BwStoreThread        *thread,
                    const BwSessionStart *start,
                    GPtrArray            *sessions,
                    GError              **error)
{
  g_autoptr(BwAccountRow) admin = bw_account_repo_first_admin (thread->db, error);
  BwParticipationRow participation = { 0, };
  g_autoptr(BwSessionRow) row = NULL;
  g_autofree char *token = NULL;

  if (admin == NULL ||
      !bw_participation_repo_first (thread->db, admin->id, g_get_real_time (), &participation, error))
    return error == NULL || *error == NULL;

  if (!bw_store_begin (thread, error))
    return FALSE;

  for (guint i = sessions->len; i > 0; i--)
    {
      BwSessionRow *old = g_ptr_array_index (sessions, i - 1);

      if (!old->is_unattended)
        continue;
      if (!bw_session_repo_remove (thread, old->id, error))
        goto failed;
      g_ptr_array_remove_index (sessions, i - 1);
    }

  if (start->token_file != NULL)
    {
      row = bw_session_row_make (admin->id, participation.id, "token file", "", 0, TRUE, &token);
      if (!bw_session_repo_add (thread, row, error) || !write_secret_file (start->token_file, token, error))
        goto failed;
      g_ptr_array_add (sessions, g_steal_pointer (&row));
    }

  if (bw_store_commit (thread, error))
    return TRUE;

failed:
  bw_store_rollback (thread);

  return FALSE;
}

static gboolean
put_roles (BwStoreThread  *thread,
           GError        **error)
{
  if (!bw_store_begin (thread, error))
    return FALSE;

  if (bw_role_repo_put_builtin (thread, error) && bw_store_commit (thread, error))
    return TRUE;

  bw_store_rollback (thread);

  return FALSE;
}

gpointer
bw_session_start_job (gpointer   owned_by_thread,
                      gpointer   task_data,
                      GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  const BwSessionStart *start = task_data;
  g_autoptr(GPtrArray) sessions = NULL;
  gint64 n_accounts = 0;

  if (!put_roles (thread, error) || !bw_account_repo_count (thread->db, &n_accounts, error) ||
      (n_accounts == 0 && !make_first_admin (thread, start, error)))
    return NULL;

  sessions = bw_session_repo_list_on (thread->db, 0, 0, 0, error);
  if (sessions == NULL || !replace_unattended (thread, start, sessions, error))
    return NULL;

  return g_steal_pointer (&sessions);
}
