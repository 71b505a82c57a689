/* ctl-device-edit.c: bellwetherctl device desired, pair, unpair, rotate, edit, and one's own devices
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
#include "bw-provision.h"
#include "ctl-device-edit.h"

static const CtlColumn desired_columns[] = {
  { N_("Property"), "path", CTL_COLUMN_TEXT },
  { N_("Value"), "value", CTL_COLUMN_TEXT },
  { N_("State"), "state", CTL_COLUMN_TEXT },
  { N_("Reason"), "reason", CTL_COLUMN_TEXT },
  { N_("By"), "by", CTL_COLUMN_TEXT },
  { N_("Since"), "createdAt", CTL_COLUMN_TIME },
  { N_("Until"), "expiresAt", CTL_COLUMN_TIME },
  { NULL }
};

static const CtlColumn own_columns[] = {
  { N_("Device"), "deviceId", CTL_COLUMN_TEXT },
  { N_("Name"), "name", CTL_COLUMN_TEXT },
  { N_("Status"), "status", CTL_COLUMN_TEXT },
  { N_("Online"), "online", CTL_COLUMN_YES },
  { N_("Paired"), "pairedAt", CTL_COLUMN_TIME },
  { NULL }
};

static char *
device_path (const char *id,
             const char *rest)
{
  return g_strconcat ("/v1/devices/", id, rest, NULL);
}

/* Connects, and (transfer full) the ID in its canonical form. */
static char *
begin (Ctl         *ctl,
       const char  *text,
       GError     **error)
{
  g_autofree char *id = ctl_parse_device_id (text, error);

  return id != NULL && ctl_connect (ctl, error) ? g_steal_pointer (&id) : NULL;
}

/* What was changed is said only to programs. @body: (nullable) */
static CtlStatus
send (Ctl        *ctl,
      const char *method,
      const char *path,
      JsonObject *body)
{
  g_autoptr(JsonNode) node = json_node_alloc ();
  g_autofree char *text = NULL;
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;

  if (body != NULL)
    {
      json_node_init_object (node, body);
      text = json_to_string (node, FALSE);
    }

  reply = ctl_call (ctl, method, path, text, &error);
  if (reply == NULL && error != NULL)
    return ctl_fail (error);

  if (ctl->json && reply != NULL)
    ctl_print_document (reply);

  return CTL_DONE;
}

gboolean
ctl_split_target (const CtlCommand *command,
                  const char       *text,
                  char           ***ret_target)
{
  g_auto(GStrv) target = g_strsplit (text, "/", -1);

  if (g_strv_length (target) != 2 || *target[0] == '\0' || *target[1] == '\0')
    {
      ctl_usage_error (command, _("“%s” is not NODE/PROPERTY"), text);
      return FALSE;
    }

  *ret_target = g_steal_pointer (&target);

  return TRUE;
}

CtlStatus
ctl_keep_value (Ctl        *ctl,
                const char *id,
                char      **target,
                const char *value)
{
  g_autofree char *path = device_path (id, "/desired");
  g_autoptr(JsonObject) body = json_object_new ();
  CtlStatus status;

  json_object_set_string_member (body, "node", target[0]);
  json_object_set_string_member (body, "property", target[1]);
  json_object_set_string_member (body, "value", value);
  status = send (ctl, "PUT", path, body);

  /* The same word for programs in every language: it is the state's name. */
  if (status == CTL_DONE && !ctl->json)
    ctl_print_text ("pending");

  return status;
}

static CtlStatus
desired (Ctl              *ctl,
         const CtlCommand *command,
         char            **arguments)
{
  g_autoptr(JsonObject) device = NULL;
  g_autoptr(JsonObject) list = json_object_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;
  JsonArray *items;

  if (!ctl_parse (ctl, command, NULL, arguments, 1, 1))
    return CTL_USAGE;

  id = begin (ctl, arguments[0], &error);
  if (id == NULL)
    return ctl_fail (error);

  path = device_path (id, "");
  device = ctl_call (ctl, "GET", path, NULL, &error);
  if (device == NULL)
    return ctl_fail (error);

  items = bw_json_get_array (device, "desired");
  for (guint i = 0; !ctl->json && items != NULL && i < json_array_get_length (items); i++)
    {
      JsonNode *node = json_array_get_element (items, i);
      JsonObject *item = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      g_autofree char *property = g_strdup_printf ("%s/%s", bw_json_get_string (item, "node"), bw_json_get_string (item, "property"));

      if (item != NULL)
        json_object_set_string_member (item, "path", property);
    }

  if (items != NULL)
    json_object_set_array_member (list, "items", json_array_ref (items));

  return ctl_print_items (ctl, list, desired_columns);
}

static CtlStatus
withdraw (Ctl              *ctl,
          const CtlCommand *command,
          char            **arguments)
{
  g_auto(GStrv) target = NULL;
  g_autoptr(GString) path = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 2, 2) || !ctl_split_target (command, arguments[1], &target))
    return CTL_USAGE;

  id = begin (ctl, arguments[0], &error);
  if (id == NULL)
    return ctl_fail (error);

  path = g_string_new (NULL);
  g_string_append_printf (path, "/v1/devices/%s/desired?node=", id);
  g_string_append_uri_escaped (path, target[0], NULL, FALSE);
  g_string_append (path, "&property=");
  g_string_append_uri_escaped (path, target[1], NULL, FALSE);

  return send (ctl, "DELETE", path->str, NULL);
}

static CtlStatus
pair (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  g_autoptr(JsonObject) body = json_object_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;
  g_autofree char *user = NULL;
  g_autofree char *path = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 2, 2))
    return CTL_USAGE;

  id = begin (ctl, arguments[0], &error);
  user = id != NULL ? ctl_find_user (ctl, arguments[1], &error) : NULL;
  if (user == NULL)
    return ctl_fail (error);

  json_object_set_string_member (body, "userId", user);
  path = device_path (id, "/pair");

  return send (ctl, "POST", path, body);
}

static CtlStatus
unpair (Ctl              *ctl,
        const CtlCommand *command,
        char            **arguments)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 1, 1))
    return CTL_USAGE;

  id = begin (ctl, arguments[0], &error);
  if (id == NULL)
    return ctl_fail (error);

  path = device_path (id, "/unpair");

  return send (ctl, "POST", path, NULL);
}

/* "7d", "12h", "30m", "90s", "90" in seconds; -1: it is none */
static gint64
parse_duration (const char *text)
{
  static const struct { char letter; gint64 seconds; } units[] = {
    { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 24 * 3600 },
  };
  g_autofree char *number = g_strdup (text);
  gsize length = strlen (number);
  gint64 factor = 1;
  gint64 value;

  for (guint i = 0; length > 1 && i < G_N_ELEMENTS (units); i++)
    {
      if (number[length - 1] == units[i].letter)
        factor = units[i].seconds;
    }
  if (length > 1 && g_ascii_isalpha (number[length - 1]))
    number[length - 1] = '\0';

  return g_ascii_string_to_signed (number, 10, 0, G_MAXINT32, &value, NULL) ? value * factor : -1;
}

static gboolean
save_key (Ctl        *ctl,
          const char *id,
          const char *key,
          const char *file,
          gboolean    nvs,
          GError    **error)
{
  g_autofree char *path = device_path (id, "");
  g_autoptr(JsonObject) device = ctl_call (ctl, "GET", path, NULL, NULL);

  return bw_provision_save_one (device, id, key, nvs ? BW_HAND_OVER_NVS : BW_HAND_OVER_JSON, file, error);
}

/* The key is said even when the file fails: it is not told twice. */
static CtlStatus
rotate (Ctl              *ctl,
        const CtlCommand *command,
        char            **arguments)
{
  g_autofree char *grace = NULL;
  g_autofree char *file = NULL;
  g_autofree char *format = NULL;
  const GOptionEntry entries[] = {
    { "grace", 'g', G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &grace, N_("How long the old key is good, too, as 90s, 30m, 12h, 7d; 0: not at all"), N_("TIME") },
    { "file", 'f', G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME, &file, N_("Write a provisioning file as well"), N_("FILE") },
    { "format", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &format, N_("Of the file: json (unless told) or nvs"), N_("FORMAT") },
    { NULL }
  };
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;
  g_autofree char *body = NULL;
  gint64 seconds;

  if (!ctl_parse (ctl, command, entries, arguments, 1, 1))
    return CTL_USAGE;

  if (grace == NULL)
    return ctl_usage_error (command, _("--%s is missing"), "grace");
  seconds = parse_duration (grace);
  if (seconds < 0)
    return ctl_usage_error (command, _("“%s” is no time like 12h"), grace);
  if (format != NULL && strcmp (format, "json") != 0 && strcmp (format, "nvs") != 0)
    return ctl_usage_error (command, "%s", _("--format is json or nvs"));

  id = begin (ctl, arguments[0], &error);
  if (id == NULL)
    return ctl_fail (error);

  path = device_path (id, "/rotate-key");
  body = g_strdup_printf ("{\"graceSeconds\":%" G_GINT64_FORMAT "}", seconds);
  reply = ctl_call (ctl, "POST", path, body, &error);
  if (reply == NULL)
    return ctl_fail (error);

  if (ctl->json)
    ctl_print_document (reply);
  else
    ctl_print_text (bw_json_get_string (reply, "key"));

  if (file != NULL && !save_key (ctl, id, bw_json_get_string (reply, "key"), file, g_strcmp0 (format, "nvs") == 0, &error))
    return ctl_fail (error);

  return CTL_DONE;
}

static const CtlField edit_fields[] = {
  { "type", "type", CTL_FIELD_TEXT, N_("TYPE"), N_("testing, development or release; empty: none") },
  { "abbreviation", "abbreviation", CTL_FIELD_TEXT, N_("TEXT"), N_("At most 32 bytes") },
  { "license", "license", CTL_FIELD_TEXT, N_("TEXT"), N_("At most 200 bytes") },
  { "machine-id", "machineId", CTL_FIELD_TEXT, N_("TEXT"), N_("At most 100 bytes") },
  { "company", "companyId", CTL_FIELD_COMPANY, N_("COMPANY"), N_("Move it there") },
  { NULL }
};

static CtlStatus
edit (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  g_auto(CtlOptions) options = { NULL, };
  g_autoptr(JsonObject) device = NULL;
  g_autoptr(JsonObject) body = json_object_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;
  g_autofree char *change_path = NULL;
  CtlStatus status;
  gboolean is_json = ctl->json;

  ctl_options_add_fields (&options, edit_fields);
  ctl_options_add_preview (&options);
  if (!ctl_parse (ctl, command, options.entries, arguments, 1, 1))
    return CTL_USAGE;

  if (ctl_options_are_empty (&options))
    return ctl_usage_error (command, "%s", _("nothing is to be changed"));

  id = begin (ctl, arguments[0], &error);
  if (id == NULL || !ctl_options_fill_body (&options, ctl, body, &error))
    return ctl_fail (error);

  path = device_path (id, "");
  device = ctl_call (ctl, "GET", path, NULL, &error);
  if (device == NULL)
    return ctl_fail (error);

  json_object_set_int_member (body, "factsRevision", bw_json_get_int (device, "factsRevision", 0));
  change_path = device_path (id, options.preview ? "?preview=true" : "");

  /* a preview has nothing else to say */
  ctl->json = is_json || options.preview;
  status = send (ctl, "PATCH", change_path, body);
  ctl->json = is_json;

  return status;
}

/* One's own */

static CtlStatus
own (Ctl              *ctl,
     const CtlCommand *command,
     char            **arguments)
{
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 0, 0))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error) || (reply = ctl_call (ctl, "GET", "/v1/pairings", NULL, &error)) == NULL)
    return ctl_fail (error);

  return ctl_print_items (ctl, reply, own_columns);
}

static CtlStatus
claim (Ctl              *ctl,
       const CtlCommand *command,
       char            **arguments)
{
  g_autoptr(JsonObject) body = json_object_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 1, 1))
    return CTL_USAGE;

  id = begin (ctl, arguments[0], &error);
  if (id == NULL)
    return ctl_fail (error);

  json_object_set_string_member (body, "deviceId", id);

  return send (ctl, "POST", "/v1/pairings", body);
}

static CtlStatus
release (Ctl              *ctl,
         const CtlCommand *command,
         char            **arguments)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 1, 1))
    return CTL_USAGE;

  id = begin (ctl, arguments[0], &error);
  if (id == NULL)
    return ctl_fail (error);

  path = g_strconcat ("/v1/pairings/", id, NULL);

  return send (ctl, "DELETE", path, NULL);
}

const CtlCommand ctl_device_edit_commands[] = {
  { "device", "desired withdraw", "ID NODE/PROPERTY", N_("Withdraw a value that waits for a device"), withdraw },
  { "device", "desired", "ID", N_("List the values that wait for a device, and those that it has refused"), desired },
  { "device", "edit", "ID [--type TYPE] [--abbreviation TEXT] [--license TEXT] [--machine-id TEXT] [--company COMPANY] [--preview]",
    N_("Change what is known of a device, or give it to another company"), edit },
  { "device", "pair", "ID USER", N_("Give a device an owner"), pair },
  { "device", "unpair", "ID", N_("Take the owner of a device away"), unpair },
  { "device", "rotate", "ID --grace TIME [--file FILE] [--format json|nvs]", N_("Give a device another key, and print it, this once"), rotate },
  { "device", "own", NULL, N_("List the devices that are your own"), own },
  { "device", "claim", "ID", N_("Become the owner of a device that you have in your hands"), claim },
  { "device", "release", "ID", N_("Give a device back that is your own"), release },
  { NULL }
};
