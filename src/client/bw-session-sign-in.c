/* bw-session-sign-in.c: coming, staying and going
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-session-private.h"

#include <string.h>

#include "bw-error.h"
#include "bw-json.h"
#include "bw-text.h"

#define TOKEN_MAX_BYTES 1024

/* A backend that was told of its broker as 127.0.0.1 says so to everybody; for
 * who reached it by another name the broker is at that name, too. */
static char *
broker_as_seen_from_here (BwSession  *self,
                          const char *uri)
{
  g_autoptr(GUri) broker = uri != NULL ? g_uri_parse (uri, G_URI_FLAGS_NONE, NULL) : NULL;
  g_autoptr(GUri) base = g_uri_parse (self->base_uri, G_URI_FLAGS_NONE, NULL);
  g_autoptr(GInetAddress) address = NULL;
  const char *host;

  if (broker == NULL || base == NULL || g_uri_get_host (broker) == NULL)
    return g_strdup (uri);

  host = g_uri_get_host (broker);
  address = g_inet_address_new_from_string (host);
  if (strcmp (host, "localhost") != 0 &&
      (address == NULL || (!g_inet_address_get_is_loopback (address) && !g_inet_address_get_is_any (address))))
    return g_strdup (uri);

  return g_uri_join (G_URI_FLAGS_NONE, g_uri_get_scheme (broker), NULL, g_uri_get_host (base),
                     g_uri_get_port (broker), "", NULL, NULL);
}

gboolean
bw_session_take_session (BwSession   *self,
                         JsonObject  *session,
                         GError     **error)
{
  JsonObject *broker = bw_json_get_object (session, "broker");
  g_autofree char *broker_uri = NULL;

  if (bw_json_get_string (session, "id") == NULL || bw_json_get_string (session, "user") == NULL)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                   "%s does not answer like a Bellwether backend", self->base_uri);
      return FALSE;
    }

  broker_uri = broker_as_seen_from_here (self, bw_json_get_string (broker, "url"));
  bw_set_str (&self->broker_uri, broker_uri);
  bw_set_str (&self->broker_username, bw_json_get_string (broker, "username"));
  bw_session_take_actor (self, session);

  return TRUE;
}

/* A token goes into a header: nothing but visible ASCII. */
static gboolean
take_token (BwSession   *self,
            const char  *token,
            GError     **error)
{
  g_autofree char *copy = g_strstrip (g_strdup (token != NULL ? token : ""));
  gsize length = strlen (copy);
  gboolean ok = length > 0 && length <= TOKEN_MAX_BYTES;

  for (gsize i = 0; ok && i < length; i++)
    ok = g_ascii_isgraph (copy[i]);

  if (ok)
    bw_set_str (&self->token, copy);
  else
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "this is no token");

  explicit_bzero (copy, length);

  return ok;
}

/* Every way in is answered alike: a token, and the session it belongs to. */
static void
entered_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  BwSession *self = BW_SESSION (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;

  reply = bw_session_document_finish (self, result, &error);
  if (reply == NULL ||
      !bw_session_take_session (self, bw_json_get_object (reply, "session"), &error) ||
      !take_token (self, bw_json_get_string (reply, "token"), &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_task_return_boolean (task, TRUE);
}

void
bw_session_enter (BwSession  *self,
                  const char *path,
                  GString    *body,
                  GTask      *task)
{
  bw_session_exchange_async (self, "POST", path, body->str, BW_REPLY_MAX_BYTES, BW_EXCHANGE_KEEPS_TOKEN,
                             g_task_get_cancellable (task), entered_cb, g_object_ref (task));

  /* A password is in it. */
  explicit_bzero (body->str, body->len);
}

void
bw_session_sign_in_async (BwSession           *self,
                          const char          *user,
                          const char          *password,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  bw_session_sign_in_with_code_async (self, user, password, NULL, cancellable, callback, user_data);
}

void
bw_session_sign_in_with_code_async (BwSession           *self,
                                    const char          *user,
                                    const char          *password,
                                    const char          *code,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GString) body = g_string_new (NULL);

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (user != NULL && password != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_sign_in_async);

  bw_json_begin_object (body, NULL);
  bw_json_add_string (body, "user", user);
  bw_json_add_string (body, "password", password);
  if (code != NULL)
    bw_json_add_string (body, "code", code);
  bw_json_end_object (body);

  bw_session_enter (self, "/v1/sessions", body, task);
}

gboolean
bw_session_sign_in_finish (BwSession     *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  return bw_session_finish_boolean (self, result, bw_session_sign_in_async, error);
}

static void
resumed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  BwSession *self = BW_SESSION (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;

  reply = bw_session_document_finish (self, result, &error);
  if (reply == NULL || !bw_session_take_session (self, reply, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

void
bw_session_resume_async (BwSession           *self,
                         const char          *token,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (token != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_resume_async);

  if (!take_token (self, token, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  bw_session_exchange_async (self, "GET", "/v1/sessions/current", NULL, BW_REPLY_MAX_BYTES,
                             BW_EXCHANGE_PLAIN, cancellable, resumed_cb, g_steal_pointer (&task));
}

gboolean
bw_session_resume_finish (BwSession     *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  return bw_session_finish_boolean (self, result, bw_session_resume_async, error);
}

static void
token_checked_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  BwSession *self = BW_SESSION (source);
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;

  self->is_checking = FALSE;
  reply = bw_session_document_finish (self, result, &error);
  if (reply == NULL || !bw_session_take_session (self, reply, &error))
    g_debug ("the token could not be checked: %s", error->message);
}

void
bw_session_check_token (BwSession *self)
{
  if (self->is_checking)
    return;

  self->is_checking = TRUE;
  bw_session_exchange_async (self, "GET", "/v1/sessions/current", NULL, BW_REPLY_MAX_BYTES,
                             BW_EXCHANGE_PLAIN, self->cancellable, token_checked_cb, NULL);
}

static void
password_changed_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  BwSession *self = BW_SESSION (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;

  reply = bw_session_document_finish (self, result, &error);
  if (reply == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  self->must_change_password = FALSE;
  g_task_return_boolean (task, TRUE);
}

void
bw_session_change_password_async (BwSession           *self,
                                  const char          *old_password,
                                  const char          *new_password,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GString) body = g_string_new (NULL);

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (old_password != NULL && new_password != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_change_password_async);

  bw_json_begin_object (body, NULL);
  bw_json_add_string (body, "old", old_password);
  bw_json_add_string (body, "new", new_password);
  bw_json_end_object (body);

  /* The old password may be the wrong one, and the session still good. */
  bw_session_exchange_async (self, "PUT", "/v1/users/me/password", body->str, BW_REPLY_MAX_BYTES,
                             BW_EXCHANGE_KEEPS_TOKEN, cancellable,
                             password_changed_cb, g_steal_pointer (&task));
  explicit_bzero (body->str, body->len);
}

gboolean
bw_session_change_password_finish (BwSession     *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  return bw_session_finish_boolean (self, result, bw_session_change_password_async, error);
}

static void
signed_out_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  BwSession *self = BW_SESSION (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;

  reply = bw_session_document_finish (self, result, &error);

  /* Gone already is gone. */
  if (reply == NULL && !g_error_matches (error, BW_ERROR, BW_ERROR_UNAUTHENTICATED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  bw_session_stop_feed (self);
  if (self->token != NULL)
    explicit_bzero (self->token, strlen (self->token));
  g_clear_pointer (&self->token, g_free);
  g_task_return_boolean (task, TRUE);
}

void
bw_session_sign_out_async (BwSession           *self,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (BW_IS_SESSION (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_sign_out_async);

  bw_session_exchange_async (self, "DELETE", "/v1/sessions/current", NULL, BW_REPLY_MAX_BYTES,
                             BW_EXCHANGE_KEEPS_TOKEN, cancellable,
                             signed_out_cb, g_steal_pointer (&task));
}

gboolean
bw_session_sign_out_finish (BwSession     *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  return bw_session_finish_boolean (self, result, bw_session_sign_out_async, error);
}
