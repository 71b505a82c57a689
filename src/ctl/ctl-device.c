/* ctl-device.c: bellwetherctl device list, show, approve …, set
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
#include "ctl-device-edit.h"
#include "ctl-raw.h"
#include "ctl-timeline.h"
#include "ctl-watch.h"

#define ACTION_MAX_IDS   1000
#define SET_WAIT_S       10
#define SET_WAIT_MAX_S   60
#define PROTECTING_BYTE  "\001"   /* never in an argument that a person types */

static const CtlColumn columns[] = {
  { N_("Device"), "id", CTL_COLUMN_TEXT },
  { N_("Status"), "status", CTL_COLUMN_TEXT },
  { N_("State"), "state", CTL_COLUMN_TEXT },
  { N_("Last seen"), "lastSeenAt", CTL_COLUMN_TIME },
  { N_("Batch"), "batch", CTL_COLUMN_TEXT },
  { N_("Version"), "version", CTL_COLUMN_TEXT },
  { N_("Name"), "name", CTL_COLUMN_TEXT },
  { N_("Type"), "type", CTL_COLUMN_TEXT },
  { N_("Abbreviation"), "abbreviation", CTL_COLUMN_TEXT },
  { NULL }
};
static const CtlField filters[] = {
  { "status", "status", CTL_FIELD_TEXT, N_("STATUS"), N_("new, labelled, awaiting-approval, pairing, paired, blocked, approved, seen …") },
  { "batch", "batch", CTL_FIELD_BATCH, N_("NAME"), N_("Of this batch") },
  { "company", "company", CTL_FIELD_COMPANY, N_("COMPANY"), N_("Only those in it or below it") },
  { "tag", "tag", CTL_FIELD_TAG, N_("TAG"), N_("Only those marked with it") },
  { "search", "search", CTL_FIELD_TEXT, N_("TEXT"), N_("With these words") },
  { "sort", "sort", CTL_FIELD_TEXT, N_("KEY"), N_("id, batch, serial, status, state, product, version, last-seen; with a - before it the other way") },
  { NULL }
};

/* No name is a device's alone. */
static char *
find_device (Ctl         *ctl,
             const char  *text,
             GError     **error)
{
  return ctl_parse_device_id (text, error);
}

static const CtlNoun devices = { .path = "/v1/devices", .columns = columns, .filters = filters, .resolve = find_device };

static CtlStatus
list (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  return ctl_list (ctl, command, arguments, &devices);
}

static CtlStatus
delete (Ctl              *ctl,
        const CtlCommand *command,
        char            **arguments)
{
  return ctl_delete (ctl, command, arguments, &devices);
}

static void
print_fact (const char *label,
            const char *value)
{
  g_autofree char *clean = ctl_clean (value);

  if (*clean != '\0')
    printf ("%s %s\n", label, clean);
}

static void
add_property_row (GPtrArray  *rows,
                  const char *node_id,
                  JsonObject *property)
{
  g_autoptr(GStrvBuilder) row = g_strv_builder_new ();
  g_autofree char *path = g_strdup_printf ("%s/%s", node_id, bw_json_get_string (property, "id"));
  g_autofree char *clean_path = ctl_clean (path);
  g_autofree char *value = ctl_clean (bw_json_get_string (property, "value"));
  g_autofree char *unit = ctl_clean (bw_json_get_string (property, "unit"));
  g_autofree char *with_unit = g_strdup_printf ("%s%s%s", *value != '\0' ? value : "–",
                                                *unit != '\0' ? " " : "", unit);
  g_autofree char *datatype = ctl_clean (bw_json_get_string (property, "datatype"));
  g_autofree char *format = ctl_clean (bw_json_get_string (property, "format"));
  g_autofree char *updated = ctl_format_time (bw_json_get_int (property, "updatedAt", 0));

  g_strv_builder_add_many (row, clean_path, with_unit, updated,
                           bw_json_get_boolean (property, "settable", FALSE) ? _("yes") : "",
                           datatype, format, NULL);
  g_ptr_array_add (rows, g_strv_builder_end (row));
}

static void
print_nodes (JsonArray *nodes)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr(GStrvBuilder) head = g_strv_builder_new ();

  g_strv_builder_add_many (head, _("PROPERTY"), _("VALUE"), _("UPDATED"), _("SETTABLE"), _("DATATYPE"), _("FORMAT"), NULL);
  g_ptr_array_add (rows, g_strv_builder_end (head));

  for (guint i = 0; i < json_array_get_length (nodes); i++)
    {
      JsonNode *element = json_array_get_element (nodes, i);
      JsonObject *node = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;
      JsonArray *properties = bw_json_get_array (node, "properties");

      for (guint j = 0; properties != NULL && j < json_array_get_length (properties); j++)
        {
          JsonNode *property = json_array_get_element (properties, j);

          if (JSON_NODE_HOLDS_OBJECT (property))
            add_property_row (rows, bw_json_get_string (node, "id"), json_node_get_object (property));
        }
    }

  if (rows->len > 1)
    {
      printf ("\n");
      ctl_print_table (rows);
    }
}

static CtlStatus
show (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  g_autoptr(JsonObject) device = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;
  g_autofree char *last_seen = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 1, 1))
    return CTL_USAGE;

  id = ctl_parse_device_id (arguments[0], &error);
  if (id == NULL || !ctl_connect (ctl, &error))
    return ctl_fail (error);

  path = g_strconcat ("/v1/devices/", id, NULL);
  device = ctl_call (ctl, "GET", path, NULL, &error);
  if (device == NULL)
    return ctl_fail (error);

  if (bw_json_get_array (device, "nodes") == NULL)
    return ctl_fail_text ("%s", _("the backend's answer holds no device"));

  if (ctl->json)
    {
      ctl_print_document (device);
      return CTL_DONE;
    }

  last_seen = ctl_format_time (bw_json_get_int (device, "lastSeenAt", 0));
  print_fact (_("Device:"), bw_json_get_string (device, "id"));
  print_fact (_("Name:"), bw_json_get_string (device, "name"));
  print_fact (_("Batch:"), bw_json_get_string (device, "batch"));
  print_fact (_("Status:"), bw_json_get_string (device, "status"));
  print_fact (_("State:"), bw_json_get_string (device, "state"));
  print_fact (_("Type:"), bw_json_get_string (device, "type"));
  print_fact (_("Abbreviation:"), bw_json_get_string (device, "abbreviation"));
  print_fact (_("License:"), bw_json_get_string (device, "license"));
  print_fact (_("Machine ID:"), bw_json_get_string (device, "machineId"));
  print_fact (_("Product:"), bw_json_get_string (device, "product"));
  print_fact (_("Version:"), bw_json_get_string (device, "version"));
  print_fact (_("Homie:"), bw_json_get_string (device, "homie"));
  print_fact (_("Address:"), bw_json_get_string (device, "address"));
  print_fact (_("Owner:"), bw_json_get_string (device, "owner"));
  print_fact (_("Last seen:"), last_seen);
  print_nodes (bw_json_get_array (device, "nodes"));

  return CTL_DONE;
}

/* Says what came of it for each. FALSE: it was refused for one or more. */
static gboolean
report_results (Ctl       *ctl,
                GPtrArray *results,
                GString   *json)
{
  gboolean ok = TRUE;

  for (guint i = 0; i < results->len; i++)
    {
      const BwActionResult *one = g_ptr_array_index (results, i);

      bw_json_begin_object (json, NULL);
      bw_json_add_string (json, "id", one->device_id);
      bw_json_add_string (json, "reason", one->reason);
      bw_json_end_object (json);

      if (one->reason != NULL)
        {
          ctl_fail_text ("%s: %s", one->device_id, one->reason);
          ok = FALSE;
        }
      else if (!ctl->json)
        /* Translators: the ID of a device for which an action, such as its approval, was done */
        g_print (_("%s: done\n"), one->device_id);
    }

  return ok;
}

/* approve, unapprove, block, unblock: the command's name is the API's. */
static CtlStatus
act (Ctl              *ctl,
     const CtlCommand *command,
     char            **arguments)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GString) json = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  gboolean ok = TRUE;

  if (!ctl_parse (ctl, command, NULL, arguments, 1, G_MAXUINT))
    return CTL_USAGE;

  for (char **argument = arguments; *argument != NULL; argument++)
    {
      char *id = ctl_parse_device_id (*argument, &error);

      if (id == NULL)
        return ctl_fail (error);

      g_ptr_array_add (ids, id);
    }

  if (!ctl_connect (ctl, &error))
    return ctl_fail (error);

  bw_json_begin_object (json, NULL);
  bw_json_begin_array (json, "results");
  for (guint i = 0; i < ids->len; i += ACTION_MAX_IDS)
    {
      g_autoptr(GPtrArray) some = g_ptr_array_new ();
      g_autoptr(GPtrArray) results = NULL;
      g_autoptr(GAsyncResult) result = NULL;

      for (guint j = i; j < MIN (i + ACTION_MAX_IDS, ids->len); j++)
        g_ptr_array_add (some, g_ptr_array_index (ids, j));
      g_ptr_array_add (some, NULL);

      bw_session_act_async (ctl->session, command->name, (const char * const *) some->pdata, ctl->cancellable,
                            ctl_result_cb, ctl);
      result = ctl_await (ctl);
      results = bw_session_act_finish (ctl->session, result, &error);
      if (results == NULL)
        return ctl_fail (error);

      ok = report_results (ctl, results, json) && ok;
    }
  bw_json_end_array (json);
  bw_json_end_object (json);

  if (ctl->json)
    ctl_print_text (json->str);

  return ok ? CTL_DONE : CTL_REFUSED;
}

static CtlStatus
report_command (Ctl       *ctl,
                BwCommand *sent,
                gboolean   waited)
{
  BwCommandState state = bw_command_get_state (sent);
  g_autoptr(JsonObject) document = NULL;

  if (ctl->json)
    {
      document = bw_entity_save (BW_ENTITY (sent));
      ctl_print_document (document);
    }

  if (state == BW_COMMAND_FAILED)
    return ctl_fail_text ("%s", bw_command_get_reason (sent) != NULL ? bw_command_get_reason (sent) : _("failed"));

  /* The same word for programs in every language: it is the state's name. */
  if (state == BW_COMMAND_CONFIRMED || !waited)
    {
      if (!ctl->json)
        ctl_print_text (bw_command_state_to_nick (state));

      return CTL_DONE;
    }

  return ctl_fail_text ("timed out");
}

/* A value may be a negative number, which looks like an option. */
static void
protect_numbers (char **arguments)
{
  for (char **argument = arguments; *argument != NULL; argument++)
    {
      if ((*argument)[0] == '-' && (g_ascii_isdigit ((*argument)[1]) || (*argument)[1] == '.'))
        {
          char *number = *argument;

          *argument = g_strconcat (PROTECTING_BYTE, number, NULL);
          g_free (number);
        }
    }
}

static CtlStatus
set (Ctl              *ctl,
     const CtlCommand *command,
     char            **arguments)
{
  int wait_s = SET_WAIT_S;
  gboolean keeps = FALSE;
  const GOptionEntry entries[] = {
    { "wait", 'w', G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &wait_s, N_("How long to wait for the device, 0 to 60; 10 unless told"), N_("SECONDS") },
    { "keep", 'k', G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &keeps, N_("Keep it until the device is there, 30 days at most; do not wait"), NULL },
    { NULL }
  };
  g_autoptr(BwCommand) sent = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;
  g_auto(GStrv) target = NULL;
  const char *value;

  protect_numbers (arguments);
  if (!ctl_parse (ctl, command, entries, arguments, 3, 3))
    return CTL_USAGE;

  value = arguments[2];
  if (g_str_has_prefix (value, PROTECTING_BYTE))
    value += strlen (PROTECTING_BYTE);

  if (wait_s < 0 || wait_s > SET_WAIT_MAX_S)
    return ctl_usage_error (command, "%s", _("--wait is 0 to 60 seconds"));

  if (!ctl_split_target (command, arguments[1], &target))
    return CTL_USAGE;

  id = ctl_parse_device_id (arguments[0], &error);
  if (id == NULL || !ctl_connect (ctl, &error))
    return ctl_fail (error);

  if (keeps)
    return ctl_keep_value (ctl, id, target, value);

  bw_session_set_async (ctl->session, id, target[0], target[1], value, (guint) wait_s, ctl->cancellable,
                        ctl_result_cb, ctl);
  result = ctl_await (ctl);
  sent = bw_session_set_finish (ctl->session, result, &error);
  if (sent == NULL)
    return ctl_fail (error);

  return report_command (ctl, sent, wait_s > 0);
}

const CtlCommand ctl_device_commands[] = {
  { "device", "list", "[--status STATUS] [--batch NAME] [--tag TAG] [--search TEXT] [--sort KEY] [--limit COUNT]",
    N_("List devices"), list },
  { "device", "show", "ID", N_("Show a device, its nodes and their values"), show },
  { "device", "approve", "ID…", N_("Let devices in that wait for approval"), act },
  { "device", "unapprove", "ID…", N_("Take an approval back"), act },
  { "device", "block", "ID…", N_("Throw devices out, and keep them out"), act },
  { "device", "unblock", "ID…", N_("End a block"), act },
  { "device", "delete", "ID [--comment TEXT] [--preview]", N_("Delete a Device ID for good"), delete },
  { "device", "set", "ID NODE/PROPERTY VALUE [--wait SECONDS | --keep]",
    N_("Ask a device to take a value, and wait until it confirms"), set },
  { "device", "watch", "ID [--for SECONDS]", N_("Print each value of a device as it comes, until Ctrl+C"), ctl_watch },
  { "device", "raw", "ID [--follow] [--for SECONDS]", N_("Print each message of a device at the broker, and why it was not used"), ctl_raw },
  { "device", "timeline", "ID [--kind KIND] [--since TIME] [--limit COUNT]", N_("List what happened to a device and what was done to it, the newest first"), ctl_timeline },
  { NULL }
};
