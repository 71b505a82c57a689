/* ctl-account.c: bellwetherctl status, login, logout, password
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl.h"

#include <stdio.h>
#include <string.h>

#include <glib/gi18n.h>

#include "bw-error.h"
#include "bw-json.h"

static void
add_row (GPtrArray  *rows,
         const char *label,
         const char *value)
{
  g_autoptr(GStrvBuilder) row = g_strv_builder_new ();
  g_autofree char *clean = ctl_clean (value);

  g_strv_builder_add_many (row, label, clean, NULL);
  g_ptr_array_add (rows, g_strv_builder_end (row));
}

static void
add_number (GPtrArray  *rows,
            const char *label,
            gint64      number)
{
  g_autofree char *text = g_strdup_printf ("%'" G_GINT64_FORMAT, number);

  add_row (rows, label, text);
}

static void
print_status (Ctl        *ctl,
              JsonObject *status,
              JsonObject *overview)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  JsonObject *by_status = bw_json_get_object (overview, "byStatus");

  add_row (rows, _("Backend"), bw_session_get_base_uri (ctl->session));
  add_row (rows, _("Version"), bw_json_get_string (status, "version"));
  add_row (rows, _("Broker"), bw_json_get_string (status, "broker"));

  if (bw_session_get_user_name (ctl->session) != NULL)
    add_row (rows, _("Signed in as"), bw_session_get_user_name (ctl->session));

  if (overview != NULL)
    {
      add_number (rows, _("Batches"), bw_json_get_int (overview, "batches", 0));
      add_number (rows, _("Devices"), bw_json_get_int (overview, "total", 0));
      add_number (rows, _("Online"), bw_json_get_int (overview, "online", 0));
      add_number (rows, _("Awaiting approval"), bw_json_get_int (by_status, "awaiting-approval", 0));
      add_number (rows, _("Messages per second"), bw_json_get_int (overview, "messagesPerSecond", 0));
    }

  ctl_print_table (rows);
}

/* Not everybody may see the fleet in numbers, and who is not signed in may still ask whether there is a backend. */
static gboolean
is_about_rights (const GError *error)
{
  return g_error_matches (error, BW_ERROR, BW_ERROR_UNAUTHENTICATED) ||
         g_error_matches (error, BW_ERROR, BW_ERROR_FORBIDDEN);
}

static CtlStatus
status (Ctl              *ctl,
        const CtlCommand *command,
        char            **arguments)
{
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(JsonObject) overview = NULL;
  g_autoptr(JsonObject) all = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 0, 0))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error) && !is_about_rights (error))
    return ctl_fail (error);

  reply = ctl_call (ctl, "GET", "/v1/status", NULL, error == NULL ? &error : NULL);
  if (reply != NULL && error == NULL && !bw_session_get_must_change_password (ctl->session))
    overview = ctl_call (ctl, "GET", "/v1/overview", NULL, &error);

  if (reply == NULL || (error != NULL && !is_about_rights (error)))
    return ctl_fail (error);

  if (!ctl->json)
    {
      print_status (ctl, reply, overview);
      return CTL_DONE;
    }

  all = json_object_new ();
  json_object_set_string_member (all, "server", bw_session_get_base_uri (ctl->session));
  json_object_set_string_member (all, "version", bw_json_get_string (reply, "version"));
  json_object_set_string_member (all, "broker", bw_json_get_string (reply, "broker"));
  if (overview != NULL)
    json_object_set_object_member (all, "overview", json_object_ref (overview));
  else
    json_object_set_null_member (all, "overview");
  ctl_print_document (all);

  return CTL_DONE;
}

static gboolean
try_sign_in (Ctl         *ctl,
             const char  *user,
             const char  *password,
             const char  *code,
             GError     **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  bw_session_sign_in_with_code_async (ctl->session, user, password, code, ctl->cancellable, ctl_result_cb, ctl);
  result = ctl_await (ctl);

  return bw_session_sign_in_finish (ctl->session, result, error);
}

/* Only the backend knows who has a second factor. */
static gboolean
sign_in (Ctl         *ctl,
         const char  *user,
         const char  *password,
         GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  char *code = NULL;
  gboolean ok = try_sign_in (ctl, user, password, NULL, &local_error);

  if (!ok && bw_session_error_wants_code (local_error))
    code = ctl_read_secret (ctl, _("Code of the second factor: "), NULL);

  if (code != NULL)
    {
      g_clear_error (&local_error);
      ok = try_sign_in (ctl, user, password, code, &local_error);
      ctl_free_secret (code);
    }

  if (!ok)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return ok;
}

CtlStatus
ctl_end_sign_in (Ctl      *ctl,
                 gboolean  prints_token)
{
  const char *server = bw_session_get_base_uri (ctl->session);
  const char *token = bw_session_get_token (ctl->session);
  const char *user = bw_session_get_user_name (ctl->session);
  gboolean must_change = bw_session_get_must_change_password (ctl->session);
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  if (!prints_token && !ctl_store_login (server, token, ctl->ca, &error))
    return ctl_fail (error);

  if (ctl->json)
    {
      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "server", server);
      bw_json_add_string (out, "user", user);
      if (prints_token)
        bw_json_add_string (out, "token", token);
      bw_json_add_boolean (out, "mustChangePassword", must_change);
      bw_json_end_object (out);
      ctl_print_text (out->str);
      return CTL_DONE;
    }

  if (prints_token)
    ctl_print_text (token);
  else
    g_print (_("Signed in to %s as %s.\n"), server, user);

  if (must_change)
    g_printerr ("%s\n", _("This is a one-time password: change it with “bellwetherctl password”."));

  return CTL_DONE;
}

static CtlStatus
login (Ctl              *ctl,
       const CtlCommand *command,
       char            **arguments)
{
  g_autofree char *user = NULL;
  gboolean prints = FALSE;
  const GOptionEntry entries[] = {
    { "user", 'u', G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &user, N_("Who signs in"), N_("USER") },
    { "print", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &prints, N_("Print the token instead of keeping it"), NULL },
    { NULL }
  };
  g_autoptr(GError) error = NULL;
  char *secret = NULL;
  gboolean ok;

  if (!ctl_parse (ctl, command, entries, arguments, 0, 0))
    return CTL_USAGE;

  if (user == NULL)
    return ctl_usage_error (command, _("--%s is missing"), "user");

  ok = ctl_open (ctl, &error) && (secret = ctl_read_secret (ctl, _("Password: "), &error)) != NULL &&
       sign_in (ctl, user, secret, &error);
  ctl_free_secret (secret);

  return ok ? ctl_end_sign_in (ctl, prints) : ctl_fail (error);
}

static CtlStatus
logout (Ctl              *ctl,
        const CtlCommand *command,
        char            **arguments)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 0, 0))
    return CTL_USAGE;

  if (ctl_connect (ctl, &error))
    {
      bw_session_sign_out_async (ctl->session, ctl->cancellable, ctl_result_cb, ctl);
      result = ctl_await (ctl);
      bw_session_sign_out_finish (ctl->session, result, &error);
    }

  /* A token that holds no longer is signed out. */
  if (error != NULL && !g_error_matches (error, BW_ERROR, BW_ERROR_UNAUTHENTICATED))
    return ctl_fail (error);

  g_clear_error (&error);
  if (!ctl_forget_login (&error))
    return ctl_fail (error);

  return CTL_DONE;
}

static CtlStatus
password (Ctl              *ctl,
          const CtlCommand *command,
          char            **arguments)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  char *old_password;
  char *new_password = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 0, 0))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error))
    return ctl_fail (error);

  old_password = ctl_read_secret (ctl, _("Old password: "), &error);
  if (old_password != NULL)
    new_password = ctl_read_new_password (ctl, &error);

  if (new_password != NULL)
    {
      bw_session_change_password_async (ctl->session, old_password, new_password, ctl->cancellable,
                                        ctl_result_cb, ctl);
      result = ctl_await (ctl);
      bw_session_change_password_finish (ctl->session, result, &error);
    }

  ctl_free_secret (old_password);
  ctl_free_secret (new_password);

  return error != NULL ? ctl_fail (error) : CTL_DONE;
}

const CtlCommand ctl_account_commands[] = {
  { NULL, "status", NULL, N_("Show the backend, its broker and the fleet in numbers"), status },
  { NULL, "login", "--user USER [--print]",
    N_("Sign in; password and code are asked for, or read from standard input"), login },
  { NULL, "logout", NULL, N_("Sign out and forget the login"), logout },
  { NULL, "password", NULL, N_("Change the own password; the old and the new one are asked for, or read as two lines"), password },
  { NULL }
};
