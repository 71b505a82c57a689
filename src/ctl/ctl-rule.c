/* ctl-rule.c: bellwetherctl rule list, add, edit, remove, try
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

#define PATH "/v1/rules"
#define NONE "none"

static const CtlColumn columns[] = {
  { N_("No."), "position", CTL_COLUMN_NUMBER },
  { N_("Rule"), "name", CTL_COLUMN_TEXT },
  { N_("Active"), "enabled", CTL_COLUMN_YES },
  { N_("Action"), "action", CTL_COLUMN_TEXT },
  { N_("Conditions"), "text", CTL_COLUMN_TEXT },
  { N_("At most an hour"), "maxPerHour", CTL_COLUMN_NUMBER },
  { N_("Company"), "company", CTL_COLUMN_TEXT },
  { N_("Id"), "id", CTL_COLUMN_TEXT },
  { NULL }
};

static const CtlColumn tried_columns[] = {
  { N_("Device"), "id", CTL_COLUMN_TEXT },
  { N_("Would"), "action", CTL_COLUMN_TEXT },
  { N_("Rule"), "ruleName", CTL_COLUMN_TEXT },
  { N_("Why not others"), "why", CTL_COLUMN_TEXT },
  { NULL }
};

/* What a rule is made of, as options. */
typedef struct
{
  char     *name;
  char     *company;
  char     *action;
  int       position;
  int       max_per_hour;
  gboolean  on;
  gboolean  off;
  char     *batch;
  char     *in_company;
  char     *texts[6];          /* as text_members */
  char     *seen_within;
} Options;

static const char *const text_members[] = { "product", "versionPrefix", "versionAtLeast", "network", "type", "homie" };

static void
options_clear (Options *options)
{
  g_free (options->name);
  g_free (options->company);
  g_free (options->action);
  g_free (options->batch);
  g_free (options->in_company);
  g_free (options->seen_within);
  for (guint i = 0; i < G_N_ELEMENTS (options->texts); i++)
    g_free (options->texts[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

#define N_ENTRIES 18

static void
fill_entries (Options      *options,
              GOptionEntry  entries[N_ENTRIES])
{
  const GOptionEntry all[N_ENTRIES] = {
    { "name", 'n', G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options->name, N_("Another name"), N_("NAME") },
    { "company", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options->company, N_("Whose rule it is; your own unless told"), N_("COMPANY") },
    { "action", 'a', G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options->action, N_("approve, block or leave"), N_("ACTION") },
    { "position", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &options->position, N_("Which place it has among the others, from 1"), "N" },
    { "max-per-hour", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &options->max_per_hour, N_("On how many devices an hour it acts; 100 unless told"), "N" },
    { "on", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &options->on, N_("It acts from now on"), NULL },
    { "off", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &options->off, N_("It does not act"), NULL },
    { "batch", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options->batch, N_("Of this batch; “none”: of any"), N_("NAME") },
    { "in-company", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options->in_company, N_("Of this company or one below it"), N_("COMPANY") },
    { "product", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options->texts[0], N_("With this product"), N_("TEXT") },
    { "version-prefix", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options->texts[1], N_("Whose version begins so"), N_("TEXT") },
    { "version-at-least", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options->texts[2], N_("Whose version is this one or newer"), N_("TEXT") },
    { "network", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options->texts[3], N_("That come from here, as 192.0.2.0/24"), N_("NETWORK") },
    { "type", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options->texts[4], N_("testing, development or release"), N_("TYPE") },
    { "homie", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options->texts[5], N_("Whose Homie version begins so"), N_("TEXT") },
    { "seen-within", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options->seen_within, N_("Seen first so many hours ago at most"), N_("HOURS") },
    { NULL }
  };

  memcpy (entries, all, sizeof all);
}

/* "none" takes a condition away. */
static void
put_text (JsonObject *conditions,
          const char *member,
          const char *text)
{
  if (text == NULL)
    return;

  if (strcmp (text, NONE) == 0)
    json_object_remove_member (conditions, member);
  else
    json_object_set_string_member (conditions, member, text);
}

static gboolean
put_ids (Ctl         *ctl,
         Options     *options,
         JsonObject  *conditions,
         GError     **error)
{
  if (options->batch != NULL && strcmp (options->batch, NONE) != 0)
    {
      g_autoptr(BwBatch) batch = ctl_find_batch (ctl, options->batch, error);

      if (batch == NULL)
        return FALSE;
      json_object_set_string_member (conditions, "batchId", bw_entity_get_id (BW_ENTITY (batch)));
    }
  else
    put_text (conditions, "batchId", options->batch);

  if (options->in_company != NULL && strcmp (options->in_company, NONE) != 0)
    {
      g_autofree char *id = ctl_find_company (ctl, options->in_company, error);

      if (id == NULL)
        return FALSE;
      json_object_set_string_member (conditions, "companyId", id);
    }
  else
    put_text (conditions, "companyId", options->in_company);

  return TRUE;
}

static gboolean
put_hours (Options     *options,
           JsonObject  *conditions,
           GError     **error)
{
  gint64 hours = 0;

  if (options->seen_within == NULL || strcmp (options->seen_within, NONE) == 0)
    {
      put_text (conditions, "seenWithinHours", options->seen_within);
      return TRUE;
    }

  if (!g_ascii_string_to_signed (options->seen_within, 10, 1, 8760, &hours, error))
    return FALSE;

  json_object_set_int_member (conditions, "seenWithinHours", hours);

  return TRUE;
}

/* @rule: (nullable): as it is, for an edit */
static gboolean
fill_body (Ctl         *ctl,
           Options     *options,
           JsonObject  *rule,
           JsonObject  *body,
           GError     **error)
{
  JsonObject *known = bw_json_get_object (rule, "conditions");
  JsonObject *conditions = known != NULL ? json_object_ref (known) : json_object_new ();

  json_object_set_object_member (body, "conditions", conditions);
  if (!put_ids (ctl, options, conditions, error) || !put_hours (options, conditions, error))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (text_members); i++)
    put_text (conditions, text_members[i], options->texts[i]);

  if (options->name != NULL)
    json_object_set_string_member (body, "name", options->name);
  if (options->action != NULL)
    json_object_set_string_member (body, "action", options->action);
  if (options->position != 0)
    json_object_set_int_member (body, "position", options->position);
  if (options->max_per_hour != 0)
    json_object_set_int_member (body, "maxPerHour", options->max_per_hour);
  if (options->on || options->off)
    json_object_set_boolean_member (body, "enabled", options->on);

  if (options->company != NULL)
    {
      g_autofree char *id = ctl_find_company (ctl, options->company, error);

      if (id == NULL)
        return FALSE;
      json_object_set_string_member (body, "companyId", id);
    }

  return TRUE;
}

static char *
to_text (JsonObject *body)
{
  g_autoptr(JsonNode) node = json_node_alloc ();

  json_node_init_object (node, body);

  return json_to_string (node, FALSE);
}

/* The conditions in a line. */
static void
describe (JsonArray  *array,
          guint       index,
          JsonNode   *node,
          gpointer    user_data)
{
  JsonObject *rule = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonObject *conditions = bw_json_get_object (rule, "conditions");
  g_autoptr(GList) members = conditions != NULL ? json_object_get_members (conditions) : NULL;
  g_autoptr(GString) text = g_string_new (NULL);

  for (GList *l = members; l != NULL; l = l->next)
    {
      g_autofree char *value = json_to_string (json_object_get_member (conditions, l->data), FALSE);

      g_string_append_printf (text, "%s%s=%s", text->len > 0 ? " " : "", (const char *) l->data, value);
    }

  if (rule != NULL)
    json_object_set_string_member (rule, "text", text->str);
}

static CtlStatus
list (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;
  JsonArray *items;

  if (!ctl_parse (ctl, command, NULL, arguments, 0, 0))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error) || (reply = ctl_call (ctl, "GET", PATH, NULL, &error)) == NULL)
    return ctl_fail (error);

  items = bw_json_get_array (reply, "items");
  if (items != NULL && !ctl->json)
    json_array_foreach_element (items, describe, NULL);

  return ctl_print_items (ctl, reply, columns);
}

static CtlStatus
add (Ctl              *ctl,
     const CtlCommand *command,
     char            **arguments)
{
  g_auto(Options) options = { NULL, };
  GOptionEntry entries[N_ENTRIES];
  g_autoptr(JsonObject) body = json_object_new ();
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  fill_entries (&options, entries);
  if (!ctl_parse (ctl, command, entries, arguments, 1, 1))
    return CTL_USAGE;

  if (options.action == NULL)
    return ctl_usage_error (command, _("--%s is missing"), "action");

  if (options.name == NULL)
    options.name = g_strdup (arguments[0]);
  if (!ctl_connect (ctl, &error) || !fill_body (ctl, &options, NULL, body, &error))
    return ctl_fail (error);

  text = to_text (body);
  reply = ctl_call (ctl, "POST", PATH, text, &error);
  if (reply == NULL)
    return ctl_fail (error);

  if (ctl->json)
    ctl_print_document (reply);
  else
    ctl_print_text (bw_json_get_string (reply, "id"));

  return CTL_DONE;
}

static char *
find_path (Ctl         *ctl,
           const char  *text,
           GError     **error)
{
  g_autofree char *id = ctl_connect (ctl, error) ? ctl_find_rule (ctl, text, error) : NULL;

  return id != NULL ? g_strconcat (PATH "/", id, NULL) : NULL;
}

static CtlStatus
edit (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  g_auto(Options) options = { NULL, };
  GOptionEntry entries[N_ENTRIES];
  g_autoptr(JsonObject) body = json_object_new ();
  g_autoptr(JsonObject) rule = NULL;
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;

  fill_entries (&options, entries);
  if (!ctl_parse (ctl, command, entries, arguments, 1, 1))
    return CTL_USAGE;

  if (options.company != NULL)
    return ctl_usage_error (command, "%s", _("a rule stays with its company"));

  path = find_path (ctl, arguments[0], &error);
  if (path == NULL || (rule = ctl_call (ctl, "GET", path, NULL, &error)) == NULL ||
      !fill_body (ctl, &options, rule, body, &error))
    return ctl_fail (error);

  json_object_set_int_member (body, "revision", bw_json_get_int (rule, "revision", 0));
  text = to_text (body);
  reply = ctl_call (ctl, "PATCH", path, text, &error);
  if (reply == NULL)
    return ctl_fail (error);

  if (ctl->json)
    ctl_print_document (reply);

  return CTL_DONE;
}

static CtlStatus
delete (Ctl              *ctl,
        const CtlCommand *command,
        char            **arguments)
{
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 1, 1))
    return CTL_USAGE;

  path = find_path (ctl, arguments[0], &error);
  if (path == NULL)
    return ctl_fail (error);

  reply = ctl_call (ctl, "DELETE", path, NULL, &error);

  return reply == NULL && error != NULL ? ctl_fail (error) : CTL_DONE;
}

/* Which rule, and why not those before it, in a line each. */
static void
explain (JsonArray  *array,
         guint       index,
         JsonNode   *node,
         gpointer    user_data)
{
  JsonObject *item = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonObject *rule = bw_json_get_object (item, "rule");
  JsonArray *others = bw_json_get_array (item, "others");
  g_autoptr(GString) why = g_string_new (NULL);

  if (bw_json_get_boolean (item, "spent", FALSE))
    g_string_append (why, _("it has acted as often as it may in an hour"));

  for (guint i = 0; others != NULL && i < json_array_get_length (others); i++)
    {
      JsonNode *element = json_array_get_element (others, i);
      JsonObject *other = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;

      g_string_append_printf (why, "%s%s: %s", why->len > 0 ? "; " : "", bw_json_get_string (other, "name"),
                              bw_json_get_string (other, "reason"));
    }

  if (item == NULL)
    return;

  if (rule != NULL && bw_json_get_string (rule, "name") == NULL)
    json_object_set_string_member (item, "ruleName", _("a rule of a company above"));
  else
    json_object_set_string_member (item, "ruleName", rule != NULL ? bw_json_get_string (rule, "name") : "");
  json_object_set_string_member (item, "why", why->str);
}

static CtlStatus
try_rules (Ctl              *ctl,
           const CtlCommand *command,
           char            **arguments)
{
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(JsonObject) body = json_object_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;
  g_autofree char *text = NULL;
  JsonArray *items;

  if (!ctl_parse (ctl, command, NULL, arguments, 0, 1))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error))
    return ctl_fail (error);

  if (arguments[0] != NULL)
    {
      id = ctl_find_rule (ctl, arguments[0], &error);
      if (id == NULL)
        return ctl_fail (error);
      json_object_set_string_member (body, "ruleId", id);
    }

  text = to_text (body);
  reply = ctl_call (ctl, "POST", PATH "/trial", text, &error);
  if (reply == NULL)
    return ctl_fail (error);

  items = bw_json_get_array (reply, "items");
  if (items != NULL && !ctl->json)
    json_array_foreach_element (items, explain, NULL);

  return ctl_print_items (ctl, reply, tried_columns);
}

const CtlCommand ctl_rule_commands[] = {
  { "rule", "list", NULL, N_("List the rules for devices that begin to wait for approval"), list },
  { "rule", "add", "NAME --action ACTION [--on] [--batch NAME] [--network NETWORK] …", N_("Add a rule; without --on it does not act yet"), add },
  { "rule", "edit", "RULE [--on | --off] [--position N] …", N_("Change a rule; “none” takes a condition away"), edit },
  { "rule", "remove", "RULE", N_("Remove a rule"), delete },
  { "rule", "try", "[RULE]", N_("Show what the rules would do with the devices that wait now, RULE as if it was on"), try_rules },
  { NULL }
};
