/* ctl-own.c: bellwetherctl account …: coming to have an account, and what one does about it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-noun.h"

#include <stdio.h>
#include <string.h>

#include <glib/gi18n.h>

#include "bw-json.h"

/* What somebody types who comes in for the first time. */
typedef struct
{
  char     *email;
  char     *first_name;
  char     *last_name;
  char     *alias;
  gboolean  prints;
} Newcomer;

static void
newcomer_clear (Newcomer *newcomer)
{
  g_free (newcomer->email);
  g_free (newcomer->first_name);
  g_free (newcomer->last_name);
  g_free (newcomer->alias);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Newcomer, newcomer_clear)

#define FIRST_NAME(newcomer) \
  { "first-name", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &(newcomer).first_name, N_("The first name"), N_("NAME") }
#define LAST_NAME(newcomer) \
  { "last-name", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &(newcomer).last_name, N_("The last name"), N_("NAME") }
#define PRINT(newcomer) \
  { "print", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &(newcomer).prints, N_("Print the token instead of keeping it"), NULL }

static CtlStatus
accept_invitation (Ctl              *ctl,
                   const CtlCommand *command,
                   char            **arguments)
{
  g_auto(Newcomer) newcomer = { NULL, };
  const GOptionEntry entries[] = { FIRST_NAME (newcomer), LAST_NAME (newcomer), PRINT (newcomer), { NULL } };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  char *password = NULL;

  if (!ctl_parse (ctl, command, entries, arguments, 1, 1))
    return CTL_USAGE;

  if (!ctl_open (ctl, &error) || (password = ctl_read_new_password (ctl, &error)) == NULL)
    return ctl_fail (error);

  bw_session_accept_async (ctl->session, arguments[0], password, newcomer.first_name, newcomer.last_name,
                           ctl->cancellable, ctl_result_cb, ctl);
  ctl_free_secret (password);
  result = ctl_await (ctl);
  if (!bw_session_accept_finish (ctl->session, result, &error))
    return ctl_fail (error);

  return ctl_end_sign_in (ctl, newcomer.prints);
}

static CtlStatus
register_account (Ctl              *ctl,
                  const CtlCommand *command,
                  char            **arguments)
{
  g_auto(Newcomer) newcomer = { NULL, };
  const GOptionEntry entries[] = {
    { "email", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &newcomer.email, N_("The e-mail address"), N_("ADDRESS") },
    FIRST_NAME (newcomer), LAST_NAME (newcomer),
    { "alias", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &newcomer.alias, N_("The company's alias"), N_("ALIAS") },
    PRINT (newcomer),
    { NULL }
  };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  char *password = NULL;

  if (!ctl_parse (ctl, command, entries, arguments, 0, 0))
    return CTL_USAGE;

  for (guint i = 0; i < 4; i++)
    if (*(char **) entries[i].arg_data == NULL)
      return ctl_usage_error (command, _("--%s is missing"), entries[i].long_name);

  if (!ctl_open (ctl, &error) || (password = ctl_read_new_password (ctl, &error)) == NULL)
    return ctl_fail (error);

  bw_session_register_async (ctl->session, newcomer.email, password, newcomer.first_name, newcomer.last_name,
                             newcomer.alias, ctl->cancellable, ctl_result_cb, ctl);
  ctl_free_secret (password);
  result = ctl_await (ctl);
  if (!bw_session_register_finish (ctl->session, result, &error))
    return ctl_fail (error);

  return ctl_end_sign_in (ctl, newcomer.prints);
}

static CtlStatus
set_name (Ctl              *ctl,
          const CtlCommand *command,
          char            **arguments)
{
  static const CtlField fields[] = {
    { "first-name", "firstName", CTL_FIELD_TEXT, N_("NAME"), N_("The first name") },
    { "last-name", "lastName", CTL_FIELD_TEXT, N_("NAME"), N_("The last name") },
    { NULL }
  };
  g_auto(CtlOptions) options = { NULL, };
  g_autoptr(JsonObject) body = json_object_new ();
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), body);
  g_autoptr(JsonObject) session = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *name = NULL;

  ctl_options_add_fields (&options, fields);
  if (!ctl_parse (ctl, command, options.entries, arguments, 0, 0))
    return CTL_USAGE;

  if (ctl_options_are_empty (&options))
    return ctl_usage_error (command, "%s", _("nothing is to be changed"));

  if (!ctl_connect (ctl, &error) || !ctl_options_fill_body (&options, ctl, body, &error))
    return ctl_fail (error);

  text = json_to_string (node, FALSE);
  session = ctl_call (ctl, "PATCH", "/v1/users/me", text, &error);
  if (session == NULL)
    return ctl_fail (error);

  name = ctl_clean (bw_json_get_string (session, "userName"));
  if (ctl->json)
    ctl_print_document (session);
  else
    g_print (_("Your name is %s now.\n"), name);

  return CTL_DONE;
}

/* The second factor */

static void
print_secret (JsonObject *reply)
{
  g_autofree char *secret = ctl_clean (bw_json_get_string (reply, "secret"));
  g_autofree char *uri = ctl_clean (bw_json_get_string (reply, "uri"));

  printf ("%s\n%s\n", secret, uri);
  g_printerr ("%s\n", _("Type this key into the program that makes the codes, then confirm with a first code: "
                        "“bellwetherctl account second-factor confirm CODE”. Nothing has changed yet."));
}

static void
print_recovery_codes (JsonObject *reply)
{
  JsonArray *codes = bw_json_get_array (reply, "recoveryCodes");

  for (guint i = 0; codes != NULL && i < json_array_get_length (codes); i++)
    {
      g_autofree char *code = ctl_clean (json_array_get_string_element (codes, i));

      ctl_print_text (code);
    }
  g_printerr ("%s\n", _("Each of these lets you in once without the second factor. They are shown this once: keep them safe."));
}

static JsonObject *
call_second_factor (Ctl         *ctl,
                    const char  *action,
                    const char  *code,
                    GError     **error)
{
  g_autoptr(GString) text = g_string_new (NULL);

  if (strcmp (action, "on") == 0)
    return ctl_call (ctl, "POST", "/v1/users/me/totp", "{}", error);

  if (strcmp (action, "confirm") == 0)
    {
      bw_json_begin_object (text, NULL);
      bw_json_add_string (text, "code", code);
      bw_json_end_object (text);
      return ctl_call (ctl, "PUT", "/v1/users/me/totp", text->str, error);
    }

  g_string_append (text, "/v1/users/me/totp?code=");
  g_string_append_uri_escaped (text, code, NULL, FALSE);

  return ctl_call (ctl, "DELETE", text->str, NULL, error);
}

static CtlStatus
second_factor (Ctl              *ctl,
               const CtlCommand *command,
               char            **arguments)
{
  static const char *const actions[] = { "on", "confirm", "off", NULL };
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 1, 2))
    return CTL_USAGE;

  if (!g_strv_contains (actions, arguments[0]))
    return ctl_usage_error (command, _("“%s” is not on, confirm or off"), arguments[0]);

  if (strcmp (arguments[0], "on") == 0 && arguments[1] != NULL)
    return ctl_usage_error (command, "%s", _("that is too much"));

  if (strcmp (arguments[0], "on") != 0 && arguments[1] == NULL)
    return ctl_usage_error (command, "%s", _("the code is missing"));

  if (!ctl_connect (ctl, &error) ||
      (reply = call_second_factor (ctl, arguments[0], arguments[1], &error)) == NULL)
    return ctl_fail (error);

  if (ctl->json)
    ctl_print_document (reply);
  else if (strcmp (arguments[0], "on") == 0)
    print_secret (reply);
  else if (strcmp (arguments[0], "confirm") == 0)
    print_recovery_codes (reply);
  else
    g_print ("%s\n", _("done"));

  return CTL_DONE;
}

const CtlCommand ctl_own_commands[] = {
  { "account", "accept-invitation", "CODE [--first-name NAME] [--last-name NAME] [--print]",
    N_("Accept an invitation and sign in; the new password is asked for, or read from standard input"), accept_invitation },
  { "account", "register", "--email ADDRESS --first-name NAME --last-name NAME --alias ALIAS [--print]",
    N_("Make an account with a company's alias and sign in; the new password is asked for likewise"), register_account },
  { "account", "name", "[--first-name NAME] [--last-name NAME]", N_("Change the own name"), set_name },
  { "account", "second-factor", "on | confirm CODE | off CODE",
    N_("Ask for a code beside the password, from a program on one's phone"), second_factor },
  { NULL }
};
