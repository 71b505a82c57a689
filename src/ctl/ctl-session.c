/* ctl-session.c: bellwetherctl session …: where one is signed in, and as what
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-noun.h"

#include <glib/gi18n.h>

#include "bw-json.h"

static CtlStatus
list (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  static const CtlColumn columns[] = {
    { N_("Session"), "id", CTL_COLUMN_TEXT },
    { N_("From address"), "address", CTL_COLUMN_TEXT },
    { N_("Signed in"), "createdAt", CTL_COLUMN_TIME },
    { N_("Last used"), "lastUsedAt", CTL_COLUMN_TIME },
    { N_("Expires"), "expiresAt", CTL_COLUMN_TIME },
    { N_("This one"), "current", CTL_COLUMN_YES },
    { N_("Program"), "client", CTL_COLUMN_TEXT },
    { NULL }
  };
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 0, 0))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error) || (reply = ctl_call (ctl, "GET", "/v1/sessions", NULL, &error)) == NULL)
    return ctl_fail (error);

  return ctl_print_items (ctl, reply, columns);
}

static CtlStatus
show (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  static const CtlColumn columns[] = {
    { N_("User"), "user", CTL_COLUMN_TEXT },
    { N_("Name"), "userName", CTL_COLUMN_TEXT },
    { N_("Company"), "company", CTL_COLUMN_TEXT },
    { N_("Role"), "role", CTL_COLUMN_TEXT },
    { N_("Permissions"), "permissions", CTL_COLUMN_LIST },
    { N_("Second factor"), "totp", CTL_COLUMN_YES },
    { N_("Expires"), "expiresAt", CTL_COLUMN_TIME },
    { N_("Participations"), "participations", CTL_COLUMN_ROLES },
    { NULL }
  };
  g_autoptr(JsonObject) session = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 0, 0))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error) || (session = ctl_call (ctl, "GET", "/v1/sessions/current", NULL, &error)) == NULL)
    return ctl_fail (error);

  if (ctl->json)
    ctl_print_document (session);
  else
    ctl_print_fields (ctl, session, columns);

  return CTL_DONE;
}

static CtlStatus
end (Ctl              *ctl,
     const CtlCommand *command,
     char            **arguments)
{
  g_autofree char *escaped = NULL;
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 1, 1))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error))
    return ctl_fail (error);

  escaped = g_uri_escape_string (arguments[0], NULL, FALSE);
  path = g_strconcat ("/v1/sessions/", escaped, NULL);

  return ctl_change (ctl, "DELETE", path, NULL);
}

static CtlStatus
act_as (Ctl              *ctl,
        const CtlCommand *command,
        char            **arguments)
{
  g_autofree char *id = NULL;
  g_autofree char *role = NULL;
  g_autofree char *company = NULL;
  g_autoptr(GString) body = g_string_new (NULL);
  g_autoptr(JsonObject) session = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 1, 1))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error) || (id = ctl_find_own_participation (ctl, arguments[0], &error)) == NULL)
    return ctl_fail (error);

  bw_json_begin_object (body, NULL);
  bw_json_add_string (body, "participationId", id);
  bw_json_end_object (body);
  session = ctl_call (ctl, "PUT", "/v1/sessions/current/participation", body->str, &error);
  if (session == NULL)
    return ctl_fail (error);

  role = ctl_clean (bw_json_get_string (session, "role"));
  company = ctl_clean (bw_json_get_string (session, "company"));
  if (ctl->json)
    ctl_print_document (session);
  else
    /* Translators: a role, then a company */
    g_print (_("Acting as %s at %s.\n"), role, company);

  return CTL_DONE;
}

const CtlCommand ctl_session_commands[] = {
  { "session", "list", NULL, N_("List where one is signed in"), list },
  { "session", "show", NULL, N_("Show as whom, in which role, and what else one could act as"), show },
  { "session", "end", "ID", N_("End one of one's own sessions"), end },
  { "session", "switch", "ROLE@COMPANY | ID", N_("Act under another one of one's own participations"), act_as },
  { NULL }
};
