/* ctl-request.c: bellwetherctl request …: changes that wait for somebody else
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-noun.h"

#include <stdio.h>
#include <string.h>

#include <glib/gi18n.h>

#include "bw-error.h"
#include "bw-json.h"

static const CtlColumn columns[] = {
  { N_("Request"), "id", CTL_COLUMN_TEXT },
  { N_("State"), "state", CTL_COLUMN_TEXT },
  { N_("Action"), "action", CTL_COLUMN_TEXT },
  { N_("Kind"), "kind", CTL_COLUMN_TEXT },
  { N_("Of"), "object", CTL_COLUMN_TEXT },
  { N_("Company"), "company", CTL_COLUMN_TEXT },
  { N_("Asked by"), "requester", CTL_COLUMN_TEXT },
  { N_("Asked"), "createdAt", CTL_COLUMN_TIME },
  { N_("Yours to decide"), "mayDecide", CTL_COLUMN_YES },
  { N_("Comment"), "comment", CTL_COLUMN_TEXT, TRUE },
  { N_("Decided by"), "decidedBy", CTL_COLUMN_TEXT, TRUE },
  { N_("Reason"), "reason", CTL_COLUMN_TEXT, TRUE },
  { N_("Decided"), "decidedAt", CTL_COLUMN_TIME, TRUE },
  { N_("Expires"), "expiresAt", CTL_COLUMN_TIME, TRUE },
  { NULL }
};

static const CtlField filters[] = {
  { "state", "state", CTL_FIELD_TEXT, N_("STATE"), N_("pending, accepted, rejected, withdrawn or expired") },
  { "kind", "kind", CTL_FIELD_TEXT, N_("KIND"), N_("company, user, participation, role or device") },
  { "sort", "sort", CTL_FIELD_TEXT, N_("COLUMN"), N_("created, or -created for the newest first") },
  { NULL }
};
static const CtlNoun requests = { .path = "/v1/requests", .columns = columns, .filters = filters };

static CtlStatus
list (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  return ctl_list (ctl, command, arguments, &requests);
}

/* The path of a request. (transfer full) (nullable) */
static char *
find_path (Ctl         *ctl,
           const char  *text,
           const char  *rest,
           GError     **error)
{
  g_autofree char *id = ctl_find_request (ctl, text, error);

  return id != NULL ? g_strconcat ("/v1/requests/", id, rest, NULL) : NULL;
}

/* (transfer full): a member for people */
static char *
format_member (JsonObject *object,
               const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;
  g_autofree char *text = NULL;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return g_strdup ("–");

  text = json_node_get_value_type (node) == G_TYPE_STRING ? g_strdup (json_node_get_string (node)) : json_to_string (node, FALSE);

  return ctl_clean (text);
}

/* What is another one before and after; what counts itself is left out. */
static void
print_difference (JsonObject *before,
                  JsonObject *after)
{
  static const char *const skipped[] = { "revision", "editedAt", "createdAt", NULL };
  JsonObject *names = after != NULL ? after : before;
  g_autoptr(GList) members = names != NULL ? json_object_get_members (names) : NULL;

  for (GList *l = members; l != NULL; l = l->next)
    {
      g_autofree char *was = format_member (before, l->data);
      g_autofree char *is = format_member (after, l->data);

      if (g_strv_contains (skipped, l->data) || strcmp (was, is) == 0)
        continue;

      printf ("  %s: %s → %s\n", (const char *) l->data, was, is);
    }
}

static CtlStatus
show (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  g_autofree char *path = NULL;
  g_autoptr(JsonObject) document = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 1, 1))
    return CTL_USAGE;

  if ((path = find_path (ctl, arguments[0], "", &error)) == NULL || !ctl_connect (ctl, &error) ||
      (document = ctl_call (ctl, "GET", path, NULL, &error)) == NULL)
    return ctl_fail (error);

  if (ctl->json)
    {
      ctl_print_document (document);
      return CTL_DONE;
    }

  ctl_print_fields (ctl, document, columns);
  print_difference (bw_json_get_object (document, "before"), bw_json_get_object (document, "after"));

  return CTL_DONE;
}

static CtlStatus
accept (Ctl              *ctl,
        const CtlCommand *command,
        char            **arguments)
{
  g_autofree char *path = NULL;
  g_autoptr(JsonObject) body = json_object_new ();
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 1, 1))
    return CTL_USAGE;

  if ((path = find_path (ctl, arguments[0], "/accept", &error)) == NULL || !ctl_connect (ctl, &error))
    return ctl_fail (error);

  return ctl_change (ctl, "POST", path, body);
}

static CtlStatus
reject (Ctl              *ctl,
        const CtlCommand *command,
        char            **arguments)
{
  g_autofree char *reason = NULL;
  const GOptionEntry entries[] = {
    { "reason", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &reason, N_("What who asked should know"), N_("TEXT") },
    { NULL }
  };
  g_autofree char *path = NULL;
  g_autoptr(JsonObject) body = json_object_new ();
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, entries, arguments, 1, 1))
    return CTL_USAGE;

  if ((path = find_path (ctl, arguments[0], "/reject", &error)) == NULL || !ctl_connect (ctl, &error))
    return ctl_fail (error);

  if (reason != NULL)
    json_object_set_string_member (body, "reason", reason);

  return ctl_change (ctl, "POST", path, body);
}

static CtlStatus
withdraw (Ctl              *ctl,
          const CtlCommand *command,
          char            **arguments)
{
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 1, 1))
    return CTL_USAGE;

  if ((path = find_path (ctl, arguments[0], "", &error)) == NULL || !ctl_connect (ctl, &error))
    return ctl_fail (error);

  return ctl_change (ctl, "DELETE", path, NULL);
}

const CtlCommand ctl_request_commands[] = {
  { "request", "list", "[--state STATE] [--kind KIND] [--sort COLUMN] [--limit COUNT]",
    N_("List one's own requests, and those one may decide"), list },
  { "request", "show", "ID", N_("Show a request, and what it would change"), show },
  { "request", "accept", "ID", N_("Carry a request out"), accept },
  { "request", "reject", "ID [--reason TEXT]", N_("Refuse a request"), reject },
  { "request", "withdraw", "ID", N_("Take one's own request back"), withdraw },
  { NULL }
};
