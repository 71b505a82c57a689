/* ctl-audit.c: bellwetherctl audit …: who did what
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-noun.h"

#include <glib/gi18n.h>

#include "bw-json.h"

/* Nobody reads more on a terminal at once; the file has all of it. */
#define USUAL_ROWS 100

static const CtlColumn columns[] = {
  { N_("Entry"), "id", CTL_COLUMN_TEXT },
  { N_("Time"), "at", CTL_COLUMN_TIME },
  { N_("User"), "user", CTL_COLUMN_TEXT },
  { N_("From address"), "address", CTL_COLUMN_TEXT },
  { N_("Action"), "action", CTL_COLUMN_TEXT },
  { N_("Kind"), "kind", CTL_COLUMN_TEXT },
  { N_("Id"), "objectId", CTL_COLUMN_TEXT },
  { N_("Of"), "object", CTL_COLUMN_TEXT },
  { NULL }
};
static const CtlField filters[] = {
  { "user", "user", CTL_FIELD_USER, N_("USER"), N_("Only what this user did") },
  { "kind", "kind", CTL_FIELD_TEXT, N_("KIND"), N_("Only what was done to one of these: company, user, device …") },
  { "object", "object", CTL_FIELD_TEXT, N_("ID"), N_("Only what was done to the one with this id") },
  { "action", "action", CTL_FIELD_TEXT, N_("ACTION"), N_("Only this: create, edit, delete …") },
  { "from", "from", CTL_FIELD_FROM, N_("TIME"), N_("Since this day, or time as 2026-11-25T14:30:00") },
  { "to", "to", CTL_FIELD_TO, N_("TIME"), N_("To the end of this day, or before this time") },
  { "search", "search", CTL_FIELD_TEXT, N_("TEXT"), N_("Part of a name, an id or an address") },
  { NULL }
};
static const CtlNoun entries = { .path = "/v1/audit", .columns = columns, .filters = filters, .usual_limit = USUAL_ROWS };

static CtlStatus
list (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  return ctl_list (ctl, command, arguments, &entries);
}

static void
export_progress (gint64   n_done,
                 gint64   n_total,
                 gpointer user_data)
{
  ctl_progress (user_data, _("Writing the audit log: %'ld lines"), (long) n_done);
}

static CtlStatus
export (Ctl              *ctl,
        const CtlCommand *command,
        char            **arguments)
{
  g_autofree char *csv = NULL;
  g_auto(CtlOptions) options = { NULL, };
  g_autoptr(GString) path = g_string_new ("/v1/audit/export.csv?");
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  gboolean ok;

  ctl_options_add_fields (&options, filters);
  options.entries[options.n_entries++] = (GOptionEntry) { "csv", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME, &csv,
                                                          N_("Where to write it"), N_("FILE") };
  if (!ctl_parse (ctl, command, options.entries, arguments, 0, 0))
    return CTL_USAGE;

  if (csv == NULL)
    return ctl_usage_error (command, _("--%s is missing"), "csv");

  if (!ctl_connect (ctl, &error) || !ctl_options_fill_query (&options, ctl, path, &error))
    return ctl_fail (error);

  bw_session_download_async (ctl->session, path->str, csv, export_progress, ctl, ctl->cancellable, ctl_result_cb, ctl);
  result = ctl_await (ctl);
  ok = bw_session_download_finish (ctl->session, result, &error);
  ctl_progress_end (ctl);
  if (!ok)
    return ctl_fail (error);

  if (ctl->json)
    {
      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "file", csv);
      bw_json_end_object (out);
      ctl_print_text (out->str);
    }
  else
    g_print (_("“%s” is written.\n"), csv);

  return CTL_DONE;
}

static CtlStatus
verify (Ctl              *ctl,
        const CtlCommand *command,
        char            **arguments)
{
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;
  const char *reason;

  if (!ctl_parse (ctl, command, NULL, arguments, 0, 0))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error) || (reply = ctl_call (ctl, "GET", "/v1/audit/verify", NULL, &error)) == NULL)
    return ctl_fail (error);

  if (ctl->json)
    ctl_print_document (reply);

  reason = bw_json_get_string (reply, "reason");
  if (!bw_json_get_boolean (reply, "ok", FALSE))
    /* Translators: a sentence of the backend, in English */
    return ctl_fail_text (_("the audit log was tampered with: %s"), reason != NULL ? reason : "–");

  if (!ctl->json)
    g_print (ngettext ("The audit log is whole: %'ld entry, each fits to the one before.\n",
                       "The audit log is whole: %'ld entries, each fits to the one before.\n",
                       (gulong) bw_json_get_int (reply, "n", 0)),
             (long) bw_json_get_int (reply, "n", 0));

  return CTL_DONE;
}

const CtlCommand ctl_audit_commands[] = {
  { "audit", "list", "[--user USER] [--kind KIND] [--object ID] [--action ACTION] [--from TIME] [--to TIME] …",
    N_("List who did what, the newest first; 100 entries unless told"), list },
  { "audit", "export", "--csv FILE [--user USER] [--from TIME] …", N_("Write the audit log to a file, the oldest first"), export },
  { "audit", "verify", NULL, N_("Check that nobody has changed the audit log; fails when it was"), verify },
  { NULL }
};
