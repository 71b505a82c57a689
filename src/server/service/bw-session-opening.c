/* bw-session-opening.c: a session begins
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-session-service-private.h"

#include <sodium.h>
#include <string.h>

#include "bw-audit-repo.h"
#include "bw-error.h"
#include "bw-json.h"

#define MAX_SESSIONS_PER_ACCOUNT 100
#define MAX_CLIENT_BYTES         200

void
bw_session_opening_init (BwSessionOpening *self,
                         BwSessionService *service,
                         const char       *address,
                         const char       *client)
{
  const char *end = NULL;

  self->address = g_strdup (address);
  self->broker_url = g_strdup (service->broker_url);
  self->lifetime_us = service->lifetime_us;

  /* it comes from a stranger */
  if (client != NULL)
    g_utf8_validate_len (client, MIN (strlen (client), MAX_CLIENT_BYTES), &end);
  self->client = client != NULL ? g_strndup (client, (gsize) (end - client)) : g_strdup ("");
}

void
bw_session_opening_clear (BwSessionOpening *self)
{
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->client, g_free);
  g_clear_pointer (&self->broker_url, g_free);
  g_clear_pointer (&self->row, bw_session_row_free);
  g_clear_pointer (&self->fact, bw_session_fact_free);
  g_clear_pointer (&self->document, g_bytes_unref);
}

static void
write_broker (const char *url,
              const char *username,
              GString    *out)
{
  bw_json_begin_object (out, "broker");
  bw_json_add_string (out, "url", url);
  bw_json_add_string (out, "username", username);
  bw_json_end_object (out);
}

gboolean
bw_session_document_write (BwDb                 *db,
                           const char           *member,
                           const BwSessionFact  *fact,
                           gint64                expires_at_us,
                           gboolean              is_unattended,
                           const char           *broker_url,
                           GString              *out,
                           GError              **error)
{
  const BwAccountRow *account = fact->account;
  gboolean acts = fact->participation.id != 0 &&
                  bw_participation_is_active (&fact->participation, g_get_real_time ());
  g_autofree char *name = bw_account_row_dup_name (account);

  bw_json_begin_object (out, member);
  bw_json_add_string (out, "id", fact->id);
  bw_json_add_string (out, "user", bw_account_row_get_login (account));
  bw_json_add_id (out, "userId", account->id);
  bw_json_add_string (out, "userName", name);
  bw_json_add_string (out, "firstName", account->first_name);
  bw_json_add_string (out, "lastName", account->last_name);
  bw_json_add_string (out, "email", account->email);
  bw_json_add_boolean (out, "totp", account->has_totp);
  bw_json_add_boolean (out, "mustChangePassword", account->must_change_password && !is_unattended);
  bw_json_add_int (out, "expiresAt", expires_at_us);
  bw_json_add_id (out, "participationId", acts ? fact->participation.id : 0);
  bw_json_add_id (out, "companyId", acts ? fact->participation.company_id : 0);
  bw_json_add_id (out, "roleId", acts ? fact->participation.role_id : 0);
  if (!bw_participation_repo_write_names (db, acts ? fact->participation.id : 0, out, error))
    return FALSE;
  bw_permissions_write (out, "permissions", acts ? fact->participation.permissions : 0);
  if (!bw_participation_repo_write_own (db, account->id, out, error))
    return FALSE;
  write_broker (broker_url, fact->id, out);
  bw_json_end_object (out);

  return TRUE;
}

static gboolean
write_document (BwSessionOpening  *self,
                BwDb              *db,
                const char        *token,
                GError           **error)
{
  g_autoptr(GString) out = g_string_sized_new (1024);

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "token", token);
  if (!bw_session_document_write (db, "session", self->fact, self->row->expires_at_us, FALSE,
                                  self->broker_url, out, error))
    return FALSE;
  bw_json_end_object (out);
  self->document = g_string_free_to_bytes (g_steal_pointer (&out));

  return TRUE;
}

static gboolean
add_audit (BwSessionOpening  *self,
           BwStoreThread     *thread,
           GError           **error)
{
  const BwAccountRow *account = self->fact->account;
  BwAuditRow entry = {
    .account_id = account->id, .login = bw_account_row_get_login (account), .address = self->address,
    .action = "sign-in", .kind = "session", .object_id = self->fact->id, .object = self->client,
    .company_id = self->fact->participation.id != 0 ? self->fact->participation.company_id : account->company_id,
  };

  return bw_audit_repo_add (thread, &entry, error);
}

gboolean
bw_session_opening_run (BwSessionOpening  *self,
                        BwStoreThread     *thread,
                        GError           **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *token = NULL;
  BwParticipationRow first = { 0, };
  gint64 now_us = g_get_real_time ();
  gboolean ok;

  if (!bw_participation_repo_first (thread->db, self->account_id, now_us, &first, &local_error) && local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  self->row = bw_session_row_make (self->account_id, first.id, self->address, self->client,
                                   self->lifetime_us, FALSE, &token);
  ok = bw_session_repo_add (thread, self->row, error) &&
       bw_account_repo_touch (thread, self->account_id, now_us, error) &&
       (self->fact = bw_session_fact_read (thread->db, self->row->id, error)) != NULL &&
       add_audit (self, thread, error) &&
       write_document (self, thread->db, token, error);
  sodium_memzero (token, strlen (token));

  return ok;
}

GBytes *
bw_session_opening_finish (BwSessionOpening *self,
                           BwSessionService *service)
{
  bw_session_service_add_entry (service, self->row, g_steal_pointer (&self->fact));
  bw_session_service_end_rows (service, bw_session_service_take_out (service, self->account_id, self->row->id,
                                                                     MAX_SESSIONS_PER_ACCOUNT));

  return g_steal_pointer (&self->document);
}
