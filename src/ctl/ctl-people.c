/* ctl-people.c: what only users, roles, permissions and tags have
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-noun.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-error.h"
#include "bw-json.h"

/* The path of a user's route. (transfer full) (nullable) */
static char *
user_path (Ctl         *ctl,
           const char  *text,
           const char  *rest,
           GError     **error)
{
  g_autofree char *id = ctl_find_user (ctl, text, error);

  return id != NULL ? g_strconcat ("/v1/users/", id, rest, NULL) : NULL;
}

/* A command that is one request about a user. */
static CtlStatus
about_user (Ctl              *ctl,
            const CtlCommand *command,
            char            **arguments,
            const char       *method,
            const char       *rest)
{
  g_autofree char *path = NULL;
  g_autoptr(JsonObject) body = json_object_new ();
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 1, 1))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error) || (path = user_path (ctl, arguments[0], rest, &error)) == NULL)
    return ctl_fail (error);

  return ctl_change (ctl, method, path, strcmp (method, "DELETE") == 0 ? NULL : body);
}

static CtlStatus
set_suspended (Ctl              *ctl,
               const CtlCommand *command,
               char            **arguments)
{
  g_autoptr(JsonObject) body = json_object_new ();

  json_object_set_boolean_member (body, "suspended", strcmp (command->name, "suspend") == 0);

  return ctl_edit (ctl, command, arguments, NULL, body);
}

static CtlStatus
reinvite (Ctl              *ctl,
          const CtlCommand *command,
          char            **arguments)
{
  return about_user (ctl, command, arguments, "POST", "/invitation");
}

static CtlStatus
log_out (Ctl              *ctl,
         const CtlCommand *command,
         char            **arguments)
{
  return about_user (ctl, command, arguments, "POST", "/log-out");
}

static CtlStatus
reset_second_factor (Ctl              *ctl,
                     const CtlCommand *command,
                     char            **arguments)
{
  return about_user (ctl, command, arguments, "DELETE", "/totp");
}

/* A role of one's own making like another one. */
static CtlStatus
copy_role (Ctl              *ctl,
           const CtlCommand *command,
           char            **arguments)
{
  g_autofree char *name = NULL;
  const GOptionEntry entries[] = {
    { "name", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &name, N_("The name of the copy"), N_("NAME") },
    { NULL }
  };
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;
  g_autoptr(JsonObject) document = NULL;
  g_autoptr(JsonObject) body = json_object_new ();
  g_autoptr(GError) error = NULL;
  JsonNode *permissions;

  if (!ctl_parse (ctl, command, entries, arguments, 1, 1))
    return CTL_USAGE;

  if (name == NULL)
    return ctl_usage_error (command, _("--%s is missing"), "name");

  if (!ctl_connect (ctl, &error) || (id = ctl_find_role (ctl, arguments[0], &error)) == NULL)
    return ctl_fail (error);

  path = g_strconcat ("/v1/roles/", id, NULL);
  document = ctl_call (ctl, "GET", path, NULL, &error);
  if (document == NULL)
    return ctl_fail (error);

  permissions = json_object_get_member (document, "permissions");
  json_object_set_string_member (body, "name", name);
  if (permissions != NULL)
    json_object_set_member (body, "permissions", json_node_copy (permissions));

  return ctl_change (ctl, "POST", "/v1/roles", body);
}

static CtlStatus
list_permissions (Ctl              *ctl,
                  const CtlCommand *command,
                  char            **arguments)
{
  static const CtlColumn columns[] = {
    { N_("Permission"), "id", CTL_COLUMN_TEXT },
    { N_("Implies"), "implies", CTL_COLUMN_LIST },
    { NULL }
  };
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 0, 0))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error) || (reply = ctl_call (ctl, "GET", "/v1/permissions", NULL, &error)) == NULL)
    return ctl_fail (error);

  return ctl_print_items (ctl, reply, columns);
}

/* Tags on things */

static char *
find_object (Ctl         *ctl,
             const char  *kind,
             const char  *text,
             GError     **error)
{
  if (strcmp (kind, "company") == 0)
    return ctl_find_company (ctl, text, error);
  if (strcmp (kind, "user") == 0)
    return ctl_find_user (ctl, text, error);
  if (strcmp (kind, "role") == 0)
    return ctl_find_role (ctl, text, error);

  return ctl_parse_device_id (text, error);
}

static CtlStatus
print_results (Ctl        *ctl,
               JsonObject *reply)
{
  JsonArray *results = bw_json_get_array (reply, "results");
  guint n_refused = 0;

  for (guint i = 0; results != NULL && i < json_array_get_length (results); i++)
    {
      JsonNode *node = json_array_get_element (results, i);
      const char *reason = JSON_NODE_HOLDS_OBJECT (node) ? bw_json_get_string (json_node_get_object (node), "reason") : NULL;

      if (reason == NULL)
        continue;
      n_refused++;
      ctl_fail_text ("%s: %s", bw_json_get_string (json_node_get_object (node), "id"), reason);
    }

  if (ctl->json)
    ctl_print_document (reply);
  else if (n_refused == 0)
    g_print ("%s\n", _("done"));

  return n_refused > 0 ? CTL_REFUSED : CTL_DONE;
}

static CtlStatus
put_tag (Ctl              *ctl,
         const CtlCommand *command,
         char            **arguments)
{
  static const char *const kinds[] = { "company", "user", "role", "device", NULL };
  g_autofree char *kind = NULL;
  const GOptionEntry entries[] = {
    { "kind", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &kind, N_("device, user, company or role; device when it is not given"), N_("KIND") },
    { NULL }
  };
  g_autofree char *tag = NULL;
  g_autofree char *path = NULL;
  g_autoptr(GString) body = g_string_new (NULL);
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, entries, arguments, 2, G_MAXUINT))
    return CTL_USAGE;

  if (kind == NULL)
    kind = g_strdup ("device");
  if (!g_strv_contains (kinds, kind))
    return ctl_usage_error (command, _("there is no kind “%s”"), kind);

  if (!ctl_connect (ctl, &error) || (tag = ctl_find_tag (ctl, arguments[0], &error)) == NULL)
    return ctl_fail (error);

  bw_json_begin_object (body, NULL);
  bw_json_add_string (body, "kind", kind);
  bw_json_add_boolean (body, "on", strcmp (command->name, "put") == 0);
  bw_json_begin_array (body, "ids");
  for (guint i = 1; arguments[i] != NULL; i++)
    {
      g_autofree char *id = find_object (ctl, kind, arguments[i], &error);

      if (id == NULL)
        return ctl_fail (error);
      bw_json_add_string (body, NULL, id);
    }
  bw_json_end_array (body);
  bw_json_end_object (body);

  path = g_strconcat ("/v1/tags/", tag, "/objects", NULL);
  reply = ctl_call (ctl, "POST", path, body->str, &error);

  return reply != NULL ? print_results (ctl, reply) : ctl_fail (error);
}

const CtlCommand ctl_people_commands[] = {
  { "user", "suspend", "USER [--comment TEXT] [--preview]", N_("Let a user do nothing until further notice"), set_suspended },
  { "user", "unsuspend", "USER [--comment TEXT] [--preview]", N_("Let a suspended user in again"), set_suspended },
  { "user", "reinvite", "USER", N_("A new code for one who has not accepted yet"), reinvite },
  { "user", "log-out", "USER", N_("End all sessions of a user"), log_out },
  { "user", "reset-second-factor", "USER", N_("Let a user in without the second factor that was lost"), reset_second_factor },
  { "role", "copy", "ROLE --name NAME", N_("Make a role like another one"), copy_role },
  { "permission", "list", NULL, N_("List what roles can let do"), list_permissions },
  { "tag", "put", "TAG [--kind KIND] ID …", N_("Mark devices, users, companies or roles"), put_tag },
  { "tag", "take", "TAG [--kind KIND] ID …", N_("Take the mark away"), put_tag },
  { NULL }
};
