/* bw-session-account.c: becoming somebody at a server
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-session-private.h"

#include "bw-error.h"
#include "bw-json.h"

gboolean
bw_session_error_wants_code (const GError *error)
{
  return g_error_matches (error, BW_ERROR, BW_ERROR_CODE_NEEDED);
}

static void
add_names (GString    *body,
           const char *first_name,
           const char *last_name)
{
  if (first_name != NULL)
    bw_json_add_string (body, "firstName", first_name);
  if (last_name != NULL)
    bw_json_add_string (body, "lastName", last_name);
}

void
bw_session_accept_async (BwSession           *self,
                         const char          *code,
                         const char          *password,
                         const char          *first_name,
                         const char          *last_name,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GString) body = g_string_new (NULL);

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (code != NULL && password != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_accept_async);

  bw_json_begin_object (body, NULL);
  bw_json_add_string (body, "code", code);
  bw_json_add_string (body, "password", password);
  add_names (body, first_name, last_name);
  bw_json_end_object (body);

  bw_session_enter (self, "/v1/invitations", body, task);
}

gboolean
bw_session_accept_finish (BwSession     *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  return bw_session_finish_boolean (self, result, bw_session_accept_async, error);
}

void
bw_session_register_async (BwSession           *self,
                           const char          *email,
                           const char          *password,
                           const char          *first_name,
                           const char          *last_name,
                           const char          *alias,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GString) body = g_string_new (NULL);

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (email != NULL && password != NULL && alias != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_register_async);

  bw_json_begin_object (body, NULL);
  bw_json_add_string (body, "email", email);
  bw_json_add_string (body, "password", password);
  add_names (body, first_name, last_name);
  bw_json_add_string (body, "alias", alias);
  bw_json_end_object (body);

  bw_session_enter (self, "/v1/registrations", body, task);
}

gboolean
bw_session_register_finish (BwSession     *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  return bw_session_finish_boolean (self, result, bw_session_register_async, error);
}
