/* ctl-batch-import.c: bellwetherctl batch import, confirm, progress
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-batch.h"

#include <gio/gunixinputstream.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bw-error.h"
#include "bw-import.h"
#include "bw-json.h"

/* Shown of a list of bad rows; --json has all that the backend names. */
#define MAX_SHOWN 20

/* Of what a scanner types before the line's end. */
#define LINE_MAX_BYTES 1024

/* Mapped, so that a big one takes no memory. (transfer full) (nullable) */
static GBytes *
read_table (const char  *path,
            GError     **error)
{
  g_autoptr(GMappedFile) file = NULL;
  GBytes *bytes;

  file = g_mapped_file_new (path, FALSE, error);
  if (file == NULL)
    {
      bw_error_adopt (error);
      return NULL;
    }

  bytes = g_mapped_file_get_bytes (file);
  if (g_bytes_get_size (bytes) <= BW_IMPORT_MAX_BYTES)
    return bytes;

  g_bytes_unref (bytes);
  g_set_error (error, BW_ERROR, BW_ERROR_TOO_LARGE, _("“%s” has more than %d MiB"), path,
               BW_IMPORT_MAX_BYTES / (1024 * 1024));

  return NULL;
}

static void
print_problem (JsonObject *problem)
{
  g_autofree char *column = ctl_clean (bw_json_get_string (problem, "column"));
  g_autofree char *value = ctl_clean (bw_json_get_string (problem, "value"));
  g_autofree char *reason = ctl_clean (bw_json_get_string (problem, "reason"));
  long row = (long) bw_json_get_int (problem, "row", 0);

  if (*column != '\0' && *value != '\0')
    /* Translators: a row of a table, the name of its column, what stands there, and what is wrong with it */
    fprintf (stderr, _("row %ld, %s “%s”: %s\n"), row, column, value, reason);
  else if (*column != '\0')
    /* Translators: a row of a table, the name of its column, and what is wrong with it */
    fprintf (stderr, _("row %ld %s: %s\n"), row, column, reason);
  else
    /* Translators: a row of a table, and what is wrong with it */
    fprintf (stderr, _("row %ld: %s\n"), row, reason);
}

static void
print_problems (JsonObject *report,
                gint64      n_all)
{
  JsonArray *problems = bw_json_get_array (report, "problems");
  guint n = problems != NULL ? json_array_get_length (problems) : 0;
  guint n_shown = MIN (n, MAX_SHOWN);

  for (guint i = 0; i < n_shown; i++)
    {
      JsonNode *node = json_array_get_element (problems, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        print_problem (json_node_get_object (node));
    }

  if (n_all > n_shown)
    fprintf (stderr, ngettext ("and %ld more row; --json names them\n", "and %ld more rows; --json names them\n",
                               (gulong) (n_all - n_shown)), (long) (n_all - n_shown));
}

static void
print_ignored (JsonObject *report)
{
  JsonArray *ignored = bw_json_get_array (report, "ignored");

  for (guint i = 0; ignored != NULL && i < json_array_get_length (ignored); i++)
    {
      g_autofree char *name = ctl_clean (json_array_get_string_element (ignored, i));

      fprintf (stderr, _("the column “%s” means nothing here and is left out\n"), name);
    }
}

static void
sent_progress (gint64   n_done,
               gint64   n_total,
               gpointer user_data)
{
  ctl_progress (user_data, _("Sending the table: %d %%"), n_total > 0 ? (int) (n_done * 100 / n_total) : 0);
}

/* What a run without a batch says. */
static CtlStatus
tell_report (Ctl                *ctl,
             const BwImportWish *wish,
             JsonObject         *report)
{
  gint64 n_rows = bw_json_get_int (report, "nRows", 0);
  gint64 n_bad = bw_json_get_int (report, "nBad", 0);
  gint64 n_good = bw_json_get_int (report, "nGood", 0);
  gboolean is_well = wish->dry_run && n_good > 0 && (n_bad == 0 || wish->skip_bad);

  if (ctl->json)
    ctl_print_document (report);
  else
    {
      print_ignored (report);
      print_problems (report, n_bad);
    }

  if (is_well)
    {
      if (!ctl->json)
        g_print (ngettext ("%'ld row is good.\n", "%'ld rows are good.\n", (gulong) n_good), (long) n_good);
      return CTL_DONE;
    }

  if (n_good == 0)
    return ctl_fail_text (ngettext ("nothing is imported: the %'ld row is bad", "nothing is imported: all %'ld rows are bad",
                                    (gulong) n_rows), (long) n_rows);

  return ctl_fail_text (ngettext ("nothing is imported: %'ld of %'ld rows is bad; --skip-bad leaves it out",
                                  "nothing is imported: %'ld of %'ld rows are bad; --skip-bad leaves them out",
                                  (gulong) n_bad), (long) n_bad, (long) n_rows);
}

static JsonObject *
send_import (Ctl                 *ctl,
             const BwImportWish  *wish,
             GBytes              *table,
             GError             **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  JsonObject *report;

  bw_session_import_batch_async (ctl->session, wish, table, sent_progress, ctl, ctl->cancellable, ctl_result_cb, ctl);
  result = ctl_await (ctl);
  report = bw_session_import_batch_finish (ctl->session, result, error);
  ctl_progress_end (ctl);

  return report;
}

static CtlStatus
run_import (Ctl                *ctl,
            const BwImportWish *wish,
            const char         *path)
{
  g_autoptr(GBytes) table = NULL;
  g_autoptr(JsonObject) report = NULL;
  g_autoptr(GError) error = NULL;
  JsonObject *batch;

  table = read_table (path, &error);
  if (table == NULL || !ctl_connect (ctl, &error))
    return ctl_fail (error);

  report = send_import (ctl, wish, table, &error);
  if (report == NULL)
    return wish->company != NULL && g_error_matches (error, BW_ERROR, BW_ERROR_NOT_FOUND)
             ? ctl_fail_text (_("there is no company “%s”"), wish->company) : ctl_fail (error);

  batch = bw_json_get_object (report, "batch");
  if (batch == NULL)
    return tell_report (ctl, wish, report);

  if (!ctl->json)
    {
      print_ignored (report);
      print_problems (report, bw_json_get_int (report, "nBad", 0));
    }

  return ctl_wait_for_batch (ctl, batch, wish->name, bw_json_get_int (batch, "count", 0));
}

CtlStatus
ctl_batch_import (Ctl              *ctl,
                  const CtlCommand *command,
                  char            **arguments)
{
  g_autofree char *name = NULL;
  g_autofree char *company = NULL;
  g_autofree char *color = NULL;
  g_autofree char *info = NULL;
  BwImportWish wish = { NULL, };
  const GOptionEntry entries[] = {
    { "name", 'n', G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &name, N_("A name that no other batch has"), N_("NAME") },
    { "company", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &company, N_("Name or alias of the company that gets them"), N_("COMPANY") },
    { "color", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &color, N_("The batch's mark"), "#RRGGBB" },
    { "info", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &info, N_("What people should know of it"), N_("TEXT") },
    { "skip-bad", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &wish.skip_bad, N_("Import the good rows and leave out the others"), NULL },
    { "dry-run", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &wish.dry_run, N_("Only say what is wrong with the file"), NULL },
    { NULL }
  };
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, entries, arguments, 1, 1))
    return CTL_USAGE;

  if (name == NULL)
    return ctl_usage_error (command, _("--%s is missing"), "name");

  if (!bw_batch_check (name, 1, color, info, NULL, &error))
    return ctl_fail (error);

  wish.name = name;
  wish.company = company;
  wish.color = color;
  wish.info = info;

  return run_import (ctl, &wish, arguments[0]);
}

static JsonObject *
send_confirmation (Ctl         *ctl,
                   BwBatch     *batch,
                   GBytes      *table,
                   gboolean     has_progress,
                   GError     **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  JsonObject *report;

  bw_session_confirm_flashed_async (ctl->session, bw_entity_get_id (BW_ENTITY (batch)), table,
                                    has_progress ? sent_progress : NULL, ctl, ctl->cancellable, ctl_result_cb, ctl);
  result = ctl_await (ctl);
  report = bw_session_confirm_flashed_finish (ctl->session, result, error);
  if (has_progress)
    ctl_progress_end (ctl);

  return report;
}

static CtlStatus
tell_confirmation (Ctl        *ctl,
                   JsonObject *report)
{
  gint64 n_changed = bw_json_get_int (report, "nChanged", 0);
  gint64 n_already = bw_json_get_int (report, "nAlready", 0);
  gint64 n_refused = bw_json_get_int (report, "nRefused", 0);

  if (ctl->json)
    ctl_print_document (report);
  else
    {
      print_problems (report, n_refused);
      g_print (ngettext ("%'ld device is flashed now", "%'ld devices are flashed now", (gulong) n_changed), (long) n_changed);
      if (n_already > 0)
        g_print (ngettext (", %'ld was that far before", ", %'ld were that far before", (gulong) n_already), (long) n_already);
      g_print (".\n");
    }

  return n_refused == 0 ? CTL_DONE
                        : ctl_fail_text (ngettext ("%'ld row was refused", "%'ld rows were refused", (gulong) n_refused),
                                         (long) n_refused);
}

/* One code of a scanner; what became of it is said at once. FALSE: it ends here. */
static gboolean
confirm_code (Ctl         *ctl,
              BwBatch     *batch,
              const char  *code,
              gint64      *counts,
              GError     **error)
{
  static const char *const members[] = { "nChanged", "nAlready", "nRefused" };
  g_autoptr(GBytes) table = g_bytes_new (code, strlen (code));
  g_autoptr(JsonObject) report = send_confirmation (ctl, batch, table, FALSE, error);

  if (report == NULL)
    {
      /* a line that is no table at all is a bad scan, not the end */
      if (!g_error_matches (*error, BW_ERROR, BW_ERROR_INVALID))
        return FALSE;
      fprintf (stderr, "%s: %s\n", code, (*error)->message);
      g_clear_error (error);
      counts[2]++;
      return TRUE;
    }

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    counts[i] += bw_json_get_int (report, members[i], 0);

  if (!ctl->json && bw_json_get_int (report, "nChanged", 0) > 0)
    g_print (_("%s flashed\n"), code);
  else if (!ctl->json && bw_json_get_int (report, "nAlready", 0) > 0)
    g_print (_("%s was that far before\n"), code);
  else if (!ctl->json)
    print_problems (report, bw_json_get_int (report, "nRefused", 0));

  return TRUE;
}

/* While the loop runs, so that Ctrl+C ends it. (nullable): at the end (transfer full) */
static char *
read_code (Ctl               *ctl,
           GDataInputStream  *input,
           GError           **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autofree char *line = NULL;

  g_data_input_stream_read_line_async (input, G_PRIORITY_DEFAULT, ctl->cancellable, ctl_result_cb, ctl);
  result = ctl_await (ctl);
  line = g_data_input_stream_read_line_finish_utf8 (input, result, NULL, error);
  if (line == NULL)
    return NULL;

  if (strlen (line) > LINE_MAX_BYTES)
    line[LINE_MAX_BYTES] = '\0';

  return ctl_clean (g_strstrip (line));
}

static CtlStatus
tell_scanned (Ctl          *ctl,
              const gint64 *counts)
{
  g_autoptr(GString) out = g_string_new (NULL);

  if (ctl->json)
    {
      bw_json_begin_object (out, NULL);
      bw_json_add_int (out, "nChanged", counts[0]);
      bw_json_add_int (out, "nAlready", counts[1]);
      bw_json_add_int (out, "nRefused", counts[2]);
      bw_json_end_object (out);
      ctl_print_text (out->str);
    }

  return counts[2] == 0 ? CTL_DONE
                        : ctl_fail_text (ngettext ("%'ld code was refused", "%'ld codes were refused", (gulong) counts[2]),
                                         (long) counts[2]);
}

static CtlStatus
confirm_scanned (Ctl     *ctl,
                 BwBatch *batch)
{
  g_autoptr(GInputStream) unix_input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr(GDataInputStream) input = g_data_input_stream_new (unix_input);
  g_autoptr(GError) error = NULL;
  gint64 counts[3] = { 0, };

  g_data_input_stream_set_newline_type (input, G_DATA_STREAM_NEWLINE_TYPE_ANY);
  if (isatty (STDIN_FILENO))
    fprintf (stderr, "%s\n", _("Scan the codes, one after the other; Ctrl+D ends it."));

  for (;;)
    {
      g_autofree char *code = read_code (ctl, input, &error);

      if (code == NULL)
        return error == NULL ? tell_scanned (ctl, counts) : ctl_fail (error);

      if (*code != '\0' && !confirm_code (ctl, batch, code, counts, &error))
        return ctl_fail (error);
    }
}

CtlStatus
ctl_batch_confirm (Ctl              *ctl,
                   const CtlCommand *command,
                   char            **arguments)
{
  g_autofree char *csv = NULL;
  const GOptionEntry entries[] = {
    { "csv", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME, &csv, N_("What the manufacturer sent; without it, codes are read from standard input"), N_("FILE") },
    { NULL }
  };
  g_autoptr(BwBatch) batch = NULL;
  g_autoptr(GBytes) table = NULL;
  g_autoptr(JsonObject) report = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, entries, arguments, 1, 1))
    return CTL_USAGE;

  if ((csv != NULL && (table = read_table (csv, &error)) == NULL) ||
      !ctl_connect (ctl, &error) || (batch = ctl_find_batch (ctl, arguments[0], &error)) == NULL)
    return ctl_fail (error);

  if (csv == NULL)
    return confirm_scanned (ctl, batch);

  report = send_confirmation (ctl, batch, table, TRUE, &error);

  return report != NULL ? tell_confirmation (ctl, report) : ctl_fail (error);
}

/* Progress */

static void
print_funnel (JsonObject *funnel)
{
  static const struct
  {
    const char *member;
    const char *label;
  } stages[] = {
    { "created", N_("Created") },
    { "labelled", N_("Labelled") },
    { "flashed", N_("Flashed") },
    { "seen", N_("Seen") },
    { "approved", N_("Approved") },
    { "paired", N_("Paired") },
  };
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  gint64 n_created = bw_json_get_int (funnel, "created", 0);

  g_ptr_array_add (rows, g_strdupv ((char *[]) { _("STAGE"), _("DEVICES"), _("SHARE"), NULL }));
  for (gsize i = 0; i < G_N_ELEMENTS (stages); i++)
    {
      gint64 n = bw_json_get_int (funnel, stages[i].member, 0);
      g_autofree char *count = g_strdup_printf ("%'" G_GINT64_FORMAT, n);
      g_autofree char *share = g_strdup_printf ("%.1f %%", n_created > 0 ? (double) n * 100 / (double) n_created : 0.0);

      g_ptr_array_add (rows, g_strdupv ((char *[]) { (char *) _(stages[i].label), count, share, NULL }));
    }
  ctl_print_table (rows);
}

static CtlStatus
list_stragglers (Ctl        *ctl,
                 const char *path,
                 const char *stage,
                 gint64      limit)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autofree char *escaped = g_uri_escape_string (stage, NULL, FALSE);
  g_autofree char *query = g_strdup_printf ("%s/stragglers?stage=%s&limit=%" G_GINT64_FORMAT, path, escaped, limit);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = ctl_call (ctl, "GET", query, NULL, &error);
  JsonArray *items = reply != NULL ? bw_json_get_array (reply, "items") : NULL;
  gint64 total;

  if (items == NULL)
    return error != NULL ? ctl_fail (error) : ctl_fail_text ("%s", _("the backend's answer holds no list"));

  if (ctl->json)
    {
      ctl_print_document (reply);
      return CTL_DONE;
    }

  g_ptr_array_add (rows, g_strdupv ((char *[]) { _("SERIAL"), _("DEVICE"), _("STATUS"), NULL }));
  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      JsonObject *item = json_array_get_object_element (items, i);
      g_autofree char *serial = g_strdup_printf ("%" G_GINT64_FORMAT, bw_json_get_int (item, "serial", 0));
      g_autofree char *id = ctl_clean (bw_json_get_string (item, "id"));
      g_autofree char *status = ctl_clean (bw_json_get_string (item, "status"));

      g_ptr_array_add (rows, g_strdupv ((char *[]) { serial, id, status, NULL }));
    }
  ctl_print_table (rows);

  total = bw_json_get_int (reply, "total", 0);
  if (total > (gint64) rows->len - 1)
    g_print (_("%'ld of %'ld; --limit shows more\n"), (long) rows->len - 1, (long) total);

  return CTL_DONE;
}

CtlStatus
ctl_batch_progress (Ctl              *ctl,
                    const CtlCommand *command,
                    char            **arguments)
{
  g_autofree char *stage = NULL;
  gint64 limit = 50;
  const GOptionEntry entries[] = {
    { "stragglers", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &stage,
      N_("List the devices that have not reached it: labelled, flashed, seen, approved or paired"), N_("STAGE") },
    { "limit", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT64, &limit, N_("At most so many, up to 500"), N_("COUNT") },
    { NULL }
  };
  g_autoptr(BwBatch) batch = NULL;
  g_autoptr(JsonObject) funnel = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *funnel_path = NULL;

  if (!ctl_parse (ctl, command, entries, arguments, 1, 1))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error) || (batch = ctl_find_batch (ctl, arguments[0], &error)) == NULL)
    return ctl_fail (error);

  path = g_strconcat ("/v1/batches/", bw_entity_get_id (BW_ENTITY (batch)), NULL);
  if (stage != NULL)
    return list_stragglers (ctl, path, stage, limit);

  funnel_path = g_strconcat (path, "/funnel", NULL);
  funnel = ctl_call (ctl, "GET", funnel_path, NULL, &error);
  if (funnel == NULL)
    return ctl_fail (error);

  if (ctl->json)
    ctl_print_document (funnel);
  else
    print_funnel (funnel);

  return CTL_DONE;
}
