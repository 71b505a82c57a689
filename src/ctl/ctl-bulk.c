/* ctl-bulk.c: bellwetherctl device bulk, bulk list, show …
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-query.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-error.h"
#include "bw-json.h"

#define PATH        "/v1/bulk"
#define USUAL_ROWS  100
#define FOLLOW_MS   200
#define MAX_IDS     40000      /* what one request holds */

static const CtlColumn columns[] = {
  { N_("Job"), "id", CTL_COLUMN_TEXT },
  { N_("Action"), "action", CTL_COLUMN_TEXT },
  { N_("State"), "state", CTL_COLUMN_TEXT },
  { N_("Devices"), "total", CTL_COLUMN_NUMBER },
  { N_("Done"), "nDone", CTL_COLUMN_NUMBER },
  { N_("Refused"), "nFailed", CTL_COLUMN_NUMBER },
  { N_("Kept for later"), "nKept", CTL_COLUMN_NUMBER },
  { N_("By"), "createdBy", CTL_COLUMN_TEXT },
  { N_("Created"), "createdAt", CTL_COLUMN_TIME },
  { N_("Ended"), "endedAt", CTL_COLUMN_TIME, TRUE },
  { N_("Undoes"), "undoOf", CTL_COLUMN_TEXT, TRUE },
  { N_("Undone by"), "undoneBy", CTL_COLUMN_TEXT, TRUE },
  { N_("Reason"), "error", CTL_COLUMN_TEXT, TRUE },
  { NULL }
};
static const CtlColumn result_columns[] = {
  { N_("Device"), "id", CTL_COLUMN_TEXT },
  { N_("Name"), "name", CTL_COLUMN_TEXT },
  { N_("Result"), "state", CTL_COLUMN_TEXT },
  { N_("Reason"), "reason", CTL_COLUMN_TEXT },
  { NULL }
};
static const CtlColumn refused_columns[] = {
  { N_("Devices"), "n", CTL_COLUMN_NUMBER },
  { N_("Reason"), "reason", CTL_COLUMN_TEXT },
  { NULL }
};
static const CtlColumn lost_columns[] = {
  { N_("Devices"), "n", CTL_COLUMN_NUMBER },
  { N_("Tag that is left behind"), "name", CTL_COLUMN_TEXT },
  { NULL }
};
static const CtlColumn device_columns[] = {
  { N_("Device"), "id", CTL_COLUMN_TEXT },
  { N_("Name"), "name", CTL_COLUMN_TEXT },
  { N_("Reason"), "reason", CTL_COLUMN_TEXT },
  { NULL }
};
static const CtlField result_filters[] = {
  { "state", "state", CTL_FIELD_TEXT, N_("STATE"), N_("Only those that are done, refused, kept or waiting") },
  { NULL }
};

static const CtlNoun jobs = { .path = PATH, .columns = columns, .usual_limit = USUAL_ROWS };

static CtlStatus
list (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  return ctl_list (ctl, command, arguments, &jobs);
}

static CtlStatus
print_job (Ctl        *ctl,
           JsonObject *job)
{
  if (ctl->json)
    ctl_print_document (job);
  else
    ctl_print_fields (ctl, job, columns);

  return g_strcmp0 (bw_json_get_string (job, "state"), "failed") == 0 ? CTL_REFUSED : CTL_DONE;
}

/* Until it has ended; Ctrl+C leaves it running. (transfer full) */
static JsonObject *
follow (Ctl         *ctl,
        JsonObject  *job,
        GError     **error)
{
  g_autofree char *path = g_strconcat (PATH "/", bw_json_get_string (job, "id"), NULL);
  JsonObject *now = json_object_ref (job);

  while (now != NULL && g_strcmp0 (bw_json_get_string (now, "state"), "running") == 0)
    {
      ctl_progress (ctl, _("%'ld of %'ld devices, %'ld refused"), (long) bw_json_get_int (now, "nDone", 0),
                    (long) bw_json_get_int (now, "total", 0), (long) bw_json_get_int (now, "nFailed", 0));
      json_object_unref (now);
      ctl_sleep (ctl, FOLLOW_MS);
      now = ctl_call (ctl, "GET", path, NULL, error);
    }
  ctl_progress_end (ctl);

  return now;
}

static CtlStatus
end_begun (Ctl        *ctl,
           JsonObject *job,
           gboolean    follows)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) ended = follows ? follow (ctl, job, &error) : json_object_ref (job);
  gint64 n_refused;

  if (ended == NULL)
    return ctl_fail (error);

  n_refused = follows ? bw_json_get_int (ended, "nFailed", 0) : 0;
  if (print_job (ctl, ended) != CTL_DONE)
    return ctl_fail_text ("%s", bw_json_get_string (ended, "error"));

  if (n_refused == 0)
    return CTL_DONE;

  return ctl_fail_text (ngettext ("%'ld device was refused; see bellwetherctl bulk results %s",
                                  "%'ld devices were refused; see bellwetherctl bulk results %s", (gulong) n_refused),
                        (long) n_refused, bw_json_get_string (ended, "id"));
}

static CtlStatus
print_preview (Ctl        *ctl,
               JsonObject *preview)
{
  JsonArray *reasons = bw_json_get_array (preview, "reasons");
  JsonArray *refused = bw_json_get_array (preview, "refused");
  JsonArray *lost = bw_json_get_array (preview, "losesTags");
  gint64 n = bw_json_get_int (preview, "nChange", 0);
  gint64 n_kept = bw_json_get_int (preview, "nKept", 0);

  if (ctl->json)
    {
      ctl_print_document (preview);
      return CTL_DONE;
    }

  g_print (ngettext ("%'ld device would change, %'ld would be refused.\n",
                     "%'ld devices would change, %'ld would be refused.\n", (gulong) n),
           (long) n, (long) bw_json_get_int (preview, "nRefused", 0));
  if (n_kept > 0)
    g_print (ngettext ("%'ld of them is offline: the value is kept for later.\n",
                       "%'ld of them are offline: the value is kept for later.\n", (gulong) n_kept), (long) n_kept);
  if (lost != NULL && json_array_get_length (lost) > 0)
    ctl_print_part (ctl, lost, json_array_get_length (lost), lost_columns, NULL, TRUE);
  if (reasons != NULL && json_array_get_length (reasons) > 0)
    ctl_print_part (ctl, reasons, json_array_get_length (reasons), refused_columns, NULL, TRUE);
  if (refused != NULL && json_array_get_length (refused) > 0)
    ctl_print_part (ctl, refused, json_array_get_length (refused), device_columns, NULL, TRUE);

  return CTL_DONE;
}

typedef struct
{
  char    **filters;
  char     *from;
  char     *tag;
  char     *company;
  char     *property;
  char     *value;
  gboolean  preview;
  gboolean  follow;
} Wish;

static void
wish_clear (Wish *wish)
{
  g_strfreev (wish->filters);
  g_free (wish->from);
  g_free (wish->tag);
  g_free (wish->company);
  g_free (wish->property);
  g_free (wish->value);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, wish_clear)

/* An id a line; what follows a comma or a blank is not read. */
static gboolean
read_file (const char  *path,
           JsonArray   *ids,
           GError     **error)
{
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, error))
    {
      bw_error_adopt (error);
      return FALSE;
    }

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *id = NULL;

      lines[i][strcspn (lines[i], ",; \t\r")] = '\0';
      if (*lines[i] == '\0' || (i == 0 && (strcmp (lines[i], "id") == 0 || strcmp (lines[i], "device_id") == 0)))
        continue;

      id = ctl_parse_device_id (lines[i], error);
      if (id == NULL)
        return FALSE;
      json_array_add_string_element (ids, id);
    }

  return TRUE;
}

static gboolean
add_devices (Ctl         *ctl,
             const Wish  *wish,
             char       **arguments,
             JsonObject  *body,
             GError     **error)
{
  JsonArray *ids;

  if (wish->filters != NULL)
    {
      JsonObject *filter = ctl_parse_filters (ctl, wish->filters, error);

      if (filter != NULL)
        json_object_set_object_member (body, "filter", filter);
      return filter != NULL;
    }

  ids = json_array_new ();
  json_object_set_array_member (body, "ids", ids);
  for (guint i = 0; arguments[i] != NULL; i++)
    {
      g_autofree char *id = ctl_parse_device_id (arguments[i], error);

      if (id == NULL)
        return FALSE;
      json_array_add_string_element (ids, id);
    }

  if (wish->from != NULL && !read_file (wish->from, ids, error))
    return FALSE;

  if (json_array_get_length (ids) <= MAX_IDS)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_TOO_LARGE, _("at most %d devices at a time, or any number by --filter"), MAX_IDS);

  return FALSE;
}

static gboolean
add_parameters (Ctl         *ctl,
                const Wish  *wish,
                JsonObject  *body,
                GError     **error)
{
  JsonObject *parameters = json_object_new ();
  g_autofree char *tag = wish->tag != NULL ? ctl_find_tag (ctl, wish->tag, error) : NULL;
  g_autofree char *company = wish->tag != NULL || wish->company == NULL ? NULL : ctl_find_company (ctl, wish->company, error);
  g_auto(GStrv) target = wish->property != NULL ? g_strsplit (wish->property, "/", -1) : NULL;

  json_object_set_object_member (body, "parameters", parameters);
  if ((wish->tag != NULL && tag == NULL) || (wish->company != NULL && wish->tag == NULL && company == NULL))
    return FALSE;

  if (tag != NULL)
    json_object_set_string_member (parameters, "tagId", tag);
  if (company != NULL)
    json_object_set_string_member (parameters, "companyId", company);
  if (target != NULL && g_strv_length (target) != 2)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, _("“%s” is not NODE/PROPERTY"), wish->property);
      return FALSE;
    }
  if (target != NULL)
    {
      json_object_set_string_member (parameters, "node", target[0]);
      json_object_set_string_member (parameters, "property", target[1]);
    }
  if (wish->value != NULL)
    json_object_set_string_member (parameters, "value", wish->value);

  return TRUE;
}

static CtlStatus
run_bulk (Ctl         *ctl,
          const Wish  *wish,
          char       **arguments)
{
  g_autoptr(JsonObject) body = json_object_new ();
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  json_object_set_string_member (body, "action", arguments[0]);
  if (!ctl_connect (ctl, &error) || !add_devices (ctl, wish, arguments + 1, body, &error) ||
      !add_parameters (ctl, wish, body, &error))
    return ctl_fail (error);

  if (wish->preview)
    json_object_set_boolean_member (body, "preview", TRUE);
  json_node_set_object (node, body);
  text = json_to_string (node, FALSE);

  reply = ctl_call (ctl, "POST", PATH, text, &error);
  if (reply == NULL)
    return ctl_fail (error);

  return wish->preview ? print_preview (ctl, reply) : end_begun (ctl, reply, wish->follow);
}

static CtlStatus
bulk (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  g_auto(Wish) wish = { NULL, };
  const GOptionEntry entries[] = {
    { "filter", 'f', G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING_ARRAY, &wish.filters, CTL_FILTER_HELP, N_("KEY=VALUE") },
    { "from", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME, &wish.from, N_("Those in this file, an ID a line"), N_("FILE") },
    { "tag", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &wish.tag, N_("The tag, of tag and untag"), N_("TAG") },
    { "company", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &wish.company, N_("Where they go, of assign"), N_("COMPANY") },
    { "property", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &wish.property, N_("What is set, of set"), N_("NODE/PROPERTY") },
    { "value", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &wish.value, N_("To what it is set"), N_("VALUE") },
    { "preview", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &wish.preview, N_("Change nothing and tell what would be"), NULL },
    { "follow", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &wish.follow, N_("Wait until it has ended; Ctrl+C leaves it running"), NULL },
    { NULL }
  };

  if (!ctl_parse (ctl, command, entries, arguments, 1, G_MAXUINT))
    return CTL_USAGE;

  if ((wish.filters != NULL) == (arguments[1] != NULL || wish.from != NULL))
    return ctl_usage_error (command, "%s", _("either IDs, --from, or --filter"));

  return run_bulk (ctl, &wish, arguments);
}

/* (transfer full): the document of a job that exists, or of the change of one. */
static JsonObject *
call_job (Ctl         *ctl,
          const char  *method,
          const char  *id,
          const char  *rest,
          GError     **error)
{
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);
  g_autofree char *path = g_strconcat (PATH "/", escaped, rest, NULL);

  return ctl_connect (ctl, error) ? ctl_call (ctl, method, path, NULL, error) : NULL;
}

static CtlStatus
show (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) job = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 1, 1))
    return CTL_USAGE;

  job = call_job (ctl, "GET", arguments[0], "", &error);

  return job != NULL ? print_job (ctl, job) : ctl_fail (error);
}

static CtlStatus
cancel (Ctl              *ctl,
        const CtlCommand *command,
        char            **arguments)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) job = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 1, 1))
    return CTL_USAGE;

  job = call_job (ctl, "DELETE", arguments[0], "", &error);

  return job != NULL ? print_job (ctl, job) : ctl_fail (error);
}

static CtlStatus
undo (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  gboolean follows = FALSE;
  const GOptionEntry entries[] = {
    { "follow", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &follows, N_("Wait until it has ended; Ctrl+C leaves it running"), NULL },
    { NULL }
  };
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) job = NULL;

  if (!ctl_parse (ctl, command, entries, arguments, 1, 1))
    return CTL_USAGE;

  job = call_job (ctl, "POST", arguments[0], "/undo", &error);

  return job != NULL ? end_begun (ctl, job, follows) : ctl_fail (error);
}

static CtlStatus
results (Ctl              *ctl,
         const CtlCommand *command,
         char            **arguments)
{
  g_auto(CtlOptions) options = { NULL, };
  g_autoptr(GString) path = g_string_new (PATH "/");
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;

  ctl_options_add_fields (&options, result_filters);
  ctl_options_add_limit (&options, USUAL_ROWS);
  if (!ctl_parse (ctl, command, options.entries, arguments, 1, 1))
    return CTL_USAGE;

  g_string_append_uri_escaped (path, arguments[0], NULL, FALSE);
  g_string_append_printf (path, "/results?limit=%" G_GINT64_FORMAT "&", CLAMP (options.limit, 1, 500));
  if (!ctl_connect (ctl, &error) || !ctl_options_fill_query (&options, ctl, path, &error) ||
      (reply = ctl_call (ctl, "GET", path->str, NULL, &error)) == NULL)
    return ctl_fail (error);

  return ctl_print_items (ctl, reply, result_columns);
}

const CtlCommand ctl_bulk_commands[] = {
  { "device", "bulk", "ACTION [--filter KEY=VALUE]… | ID… | --from FILE [--tag TAG] [--company COMPANY] [--property NODE/PROPERTY --value VALUE] [--preview] [--follow]",
    N_("Change many devices as one job: approve, unapprove, block, unblock, tag, untag, assign, set"), bulk },
  { "bulk", "list", "[--limit COUNT]", N_("List bulk jobs, the newest first; 100 unless told"), list },
  { "bulk", "show", "JOB", N_("Show how far a bulk job is"), show },
  { "bulk", "results", "JOB [--state STATE] [--limit COUNT]", N_("List what became of each device of a bulk job"), results },
  { "bulk", "cancel", "JOB", N_("Cancel a bulk job that is running"), cancel },
  { "bulk", "undo", "JOB [--follow]", N_("Give each device of a bulk job back what it had, unless it was changed since"), undo },
  { NULL }
};
