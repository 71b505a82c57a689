/* bw-record-text.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-record-text.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-json.h"
#include "bw-permission-text.h"
#include "bw-time-text.h"

typedef struct
{
  const char *nick;
  const char *text;
} Word;

static const Word kinds[] = {
  { "company", NC_("kind", "Company") },
  { "user", NC_("kind", "User") },
  { "participation", NC_("kind", "Participation") },
  { "role", NC_("kind", "Role") },
  { "tag", NC_("kind", "Tag") },
  { "label-design", NC_("kind", "Label design") },
  { "rule", NC_("kind", "Approval rule") },
  { "request", NC_("kind", "Request") },
  { "device", NC_("kind", "Device") },
  { "batch", NC_("kind", "Batch") },
  { "session", NC_("kind", "Session") },
  { "bulk", NC_("kind", "Bulk job") },
  { "view", NC_("kind", "Saved view") },
  { "history-retention", NC_("kind", "How long history is kept") },
};

static const Word done[] = {
  { "create", NC_("action", "Created") },
  { "edit", NC_("action", "Edited") },
  { "delete", NC_("action", "Deleted") },
  { "ask", NC_("action", "Asked for approval") },
  { "accept", NC_("action", "Accepted") },
  { "reject", NC_("action", "Rejected") },
  { "withdraw", NC_("action", "Withdrawn") },
  { "sign-in", NC_("action", "Signed in") },
  { "sign-out", NC_("action", "Signed out") },
  { "log-out", NC_("action", "Logged out by force") },
  { "switch", NC_("action", "Switched participation") },
  { "invite", NC_("action", "Invited") },
  { "accept-invitation", NC_("action", "Accepted the invitation") },
  { "register", NC_("action", "Registered") },
  { "change-password", NC_("action", "Changed the password") },
  { "totp-begin", NC_("action", "Began to set up a second factor") },
  { "totp-on", NC_("action", "Turned the second factor on") },
  { "totp-off", NC_("action", "Turned the second factor off") },
  { "tag", NC_("action", "Tagged") },
  { "untag", NC_("action", "Untagged") },
  { "approve", NC_("action", "Approved") },
  { "unapprove", NC_("action", "Approval taken back") },
  { "block", NC_("action", "Blocked") },
  { "unblock", NC_("action", "Unblocked") },
  { "set", NC_("action", "Set a value") },
  { "keep", NC_("action", "Kept a value for later") },
  { "deliver", NC_("action", "Delivered a kept value") },
  { "pair", NC_("action", "Paired") },
  { "unpair", NC_("action", "Unpaired") },
  { "rotate-key", NC_("action", "Changed the device key") },
  { "assign", NC_("action", "Moved to another company") },
  { "begin", NC_("action", "Begun") },
  { "undo", NC_("action", "Undone") },
  { "hand-over", NC_("action", "Handed over the keys") },
  { "label", NC_("action", "Labelled") },
  { "import", NC_("action", "Imported") },
  { "flash", NC_("action", "Confirmed as flashed") },
  { "cancel", NC_("action", "Taken back") },
};

static const Word wishes[] = {
  { "edit company", N_("Change the company") },
  { "delete company", N_("Delete the company") },
  { "edit user", N_("Change the user") },
  { "delete user", N_("Delete the user") },
  { "create participation", N_("Create a participation") },
  { "edit participation", N_("Change the participation") },
  { "delete participation", N_("Delete the participation") },
  { "create role", N_("Create a role") },
  { "edit role", N_("Change the role") },
  { "delete role", N_("Delete the role") },
  { "create user", N_("Create a user") },
  { "delete device", N_("Delete the Device ID") },
};

static const Word states[] = {
  { "pending", NC_("request state", "Pending") },
  { "accepted", NC_("request state", "Accepted") },
  { "rejected", NC_("request state", "Rejected") },
  { "withdrawn", NC_("request state", "Withdrawn") },
  { "expired", NC_("request state", "Expired") },
};

/* In the order in which a difference shows them. */
static const Word members[] = {
  { "name", NC_("field", "Name") },
  { "alias", NC_("field", "Alias") },
  { "parentId", NC_("field", "Parent company") },
  { "parent", NC_("field", "Parent company") },
  { "user", NC_("field", "User") },
  { "email", NC_("field", "E-mail") },
  { "login", NC_("field", "User name") },
  { "firstName", NC_("field", "First name") },
  { "lastName", NC_("field", "Last name") },
  { "company", NC_("field", "Company") },
  { "companyId", NC_("field", "Company") },
  { "role", NC_("field", "Role") },
  { "roleId", NC_("field", "Role") },
  { "permissions", NC_("field", "Permissions") },
  { "firstDay", NC_("field", "First day") },
  { "lastDay", NC_("field", "Last day") },
  { "active", NC_("field", "Active") },
  { "status", NC_("field", "Status") },
  { "suspended", NC_("field", "Suspended") },
  { "totp", NC_("field", "Second factor") },
  { "participations", NC_("field", "Participations") },
  { "address", NC_("field", "Address") },
  { "phone", NC_("field", "Phone") },
  { "color", NC_("field", "Colour") },
  { "companyIds", NC_("field", "Companies") },
  { "tags", NC_("field", "Tags") },
  { "designSha256", NC_("field", "Design (SHA-256)") },
  { "product", NC_("field", "Product") },
  { "keepDays", NC_("field", "Days that history is kept") },
  { "rawDays", NC_("field", "Days that each value is kept") },
  { "thinSeconds", NC_("field", "Seconds of one row after that") },
  { "state", NC_("field", "State") },
  { "comment", NC_("field", "Comment") },
  { "reason", NC_("field", "Reason") },
  { "count", NC_("field", "Number") },
  { "info", NC_("field", "Information") },
  { "batch", NC_("field", "Batch") },
  { "node", NC_("field", "Node") },
  { "property", NC_("field", "Property") },
  { "value", NC_("field", "Value") },
  { "owner", NC_("field", "Owner") },
  { "ownerId", NC_("field", "Owner") },
  { "type", NC_("field", "Type") },
  { "abbreviation", NC_("field", "Abbreviation") },
  { "license", NC_("field", "License") },
  { "machineId", NC_("field", "Machine ID") },
  { "oldKeyEndsAt", NC_("field", "Old key is good until") },
  { "rule", NC_("field", "Rule") },
  { "enabled", NC_("field", "Active") },
  { "position", NC_("field", "Position") },
  { "conditions", NC_("field", "Conditions") },
  { "maxPerHour", NC_("field", "At most an hour") },
  { "kind", NC_("field", "Kind") },
  { "action", NC_("field", "Action") },
  { "object", NC_("field", "Object") },
  { "client", NC_("field", "Program") },
  { "expiresAt", NC_("field", "Expires") },
};

static const Word values[] = {
  { "invited", NC_("user status", "Invitation sent") },
  { "accepted", NC_("user status", "Invitation accepted") },
  { "self-registered", NC_("user status", "Self-registered") },
};

static const char *
look_up (const Word *words,
         gsize       n_words,
         const char *context,
         const char *nick)
{
  for (gsize i = 0; i < n_words; i++)
    {
      if (g_strcmp0 (words[i].nick, nick) == 0)
        return g_dpgettext2 (NULL, context, words[i].text);
    }

  return NULL;
}

#define LOOK_UP(words, context, nick) look_up (words, G_N_ELEMENTS (words), context, nick)

const char *
bw_kind_to_text (const char *kind)
{
  const char *text = LOOK_UP (kinds, "kind", kind);

  return text != NULL ? text : kind;
}

const char *
bw_action_to_done_text (const char *action)
{
  const char *text = LOOK_UP (done, "action", action);

  return text != NULL ? text : action;
}

char *
bw_action_to_wish_text (const char *action,
                        const char *kind)
{
  g_autofree char *key = g_strjoin (" ", action != NULL ? action : "", kind, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (wishes); i++)
    {
      if (strcmp (wishes[i].nick, key) == 0)
        return g_strdup (_(wishes[i].text));
    }

  /* Translators: something that waits for approval, of which we know no better words: "Company: Edited" */
  return g_strdup_printf (_("%s: %s"), bw_kind_to_text (kind), bw_action_to_done_text (action));
}

const char *
bw_request_state_to_text (const char *state)
{
  const char *text = LOOK_UP (states, "request state", state);

  return text != NULL ? text : state;
}

const char *
bw_member_to_text (const char *member)
{
  return LOOK_UP (members, "field", member);
}

static const char *
name_of (BwSession  *session,
         const char *member,
         const char *id)
{
  BwEntityList *list = NULL;
  BwRecord *record;

  if (session == NULL)
    return NULL;

  if (g_str_equal (member, "parentId") || g_str_equal (member, "companyId") || g_str_equal (member, "companyIds"))
    list = bw_session_get_companies (session);
  else if (g_str_equal (member, "roleId"))
    list = bw_session_get_roles (session);
  else if (g_str_equal (member, "tags"))
    list = bw_session_get_tags (session);

  record = list != NULL ? bw_entity_list_lookup (list, id) : NULL;

  return record != NULL ? bw_record_get_text (record, "name") : NULL;
}

static char *
string_to_text (BwSession  *session,
                const char *member,
                const char *value)
{
  const char *text = name_of (session, member, value);
  BwPermission permission;

  if (g_str_equal (member, "role") || g_str_equal (member, "roleId"))
    text = bw_role_name_to_text (text != NULL ? text : value);
  else if (g_str_equal (member, "permissions") && bw_permission_from_nick (value, &permission))
    text = bw_permission_to_text ((guint) g_bit_nth_lsf (permission, -1));
  else if (g_str_equal (member, "status"))
    text = LOOK_UP (values, "user status", value);
  else if (g_str_equal (member, "state"))
    text = bw_request_state_to_text (value);
  else if (g_str_equal (member, "kind"))
    text = bw_kind_to_text (value);

  return g_strdup (text != NULL ? text : value);
}

static char *
object_to_text (JsonObject *object)
{
  const char *company = bw_json_get_string (object, "company");
  const char *role = bw_json_get_string (object, "role");
  const char *name = bw_json_get_string (object, "name");

  if (company != NULL && role != NULL)
    /* Translators: a participation: in which company, in which role */
    return g_strdup_printf (_("%s: %s"), company, bw_role_name_to_text (role));

  return g_strdup (name != NULL ? name : "…");
}

static char *
array_to_text (BwSession  *session,
               const char *member,
               JsonArray  *array)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *item = bw_member_value_to_text (session, member, json_array_get_element (array, i));

      if (i > 0)
        g_string_append (text, _(", "));
      g_string_append (text, item);
    }

  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : g_strdup ("—");
}

char *
bw_member_value_to_text (BwSession  *session,
                         const char *member,
                         JsonNode   *value)
{
  if (value == NULL || JSON_NODE_HOLDS_NULL (value))
    return g_strdup ("—");

  if (JSON_NODE_HOLDS_ARRAY (value))
    return array_to_text (session, member, json_node_get_array (value));

  if (JSON_NODE_HOLDS_OBJECT (value))
    return object_to_text (json_node_get_object (value));

  if (json_node_get_value_type (value) == G_TYPE_BOOLEAN)
    return g_strdup (json_node_get_boolean (value) ? C_("field value", "Yes") : C_("field value", "No"));

  if (json_node_get_value_type (value) == G_TYPE_INT64)
    return g_str_has_suffix (member, "At") ? bw_time_to_full_text (json_node_get_int (value))
                                           : g_strdup_printf ("%'" G_GINT64_FORMAT, json_node_get_int (value));

  if (json_node_get_value_type (value) == G_TYPE_STRING)
    return *json_node_get_string (value) != '\0' ? string_to_text (session, member, json_node_get_string (value))
                                                 : g_strdup ("—");

  return json_to_string (value, FALSE);
}
