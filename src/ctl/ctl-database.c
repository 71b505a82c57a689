/* ctl-database.c: bellwetherctl database copy
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "bw-error.h"
#include "bw-local-server.h"

/* Of a hash a person compares the beginning; programs get all of it. */
#define SHOWN_DIGITS 16

#define SENTENCE_MAX_BYTES 4096

/* The work is bellwetherd's: it alone knows databases. This runs it and shows what it says. */
typedef struct
{
  GSubprocess *process;
  JsonObject  *result;   /* (owned) (nullable) */
} Run;

static void
run_clear (Run *run)
{
  g_clear_object (&run->process);
  g_clear_pointer (&run->result, json_object_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

/* Between fork and exec: only what is safe there. It is not to go on when nobody is there to see it. */
static void
prepare_child (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
  if (getppid () != (pid_t) GPOINTER_TO_INT (user_data))
    _exit (1);
}

static GSubprocess *
start (const char  *from,
       const char  *to,
       GError     **error)
{
  g_autoptr(GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autofree char *program = bw_local_server_find_backend (error);
  const char *argv[] = { program, "--copy-database", from, "--to", to, NULL };
  GSubprocess *process;

  if (program == NULL)
    return NULL;

  g_subprocess_launcher_set_child_setup (launcher, prepare_child, GINT_TO_POINTER (getpid ()), NULL);
  process = g_subprocess_launcher_spawnv (launcher, argv, error);
  if (process == NULL)
    g_prefix_error (error, "%s: ", program);

  return process;
}

static void
take_line (Ctl        *ctl,
           Run        *run,
           const char *line)
{
  g_autoptr(JsonNode) node = json_from_string (line, NULL);
  JsonObject *document = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  gint64 n_total;
  gint64 percent;

  if (document == NULL)
    return;

  if (json_object_has_member (document, "tables"))
    {
      g_clear_pointer (&run->result, json_object_unref);
      run->result = json_object_ref (document);
      return;
    }

  n_total = json_object_get_int_member_with_default (document, "total", 0);
  percent = n_total > 0 ? 100 * json_object_get_int_member_with_default (document, "done", 0) / n_total : 0;
  if (g_str_equal (json_object_get_string_member_with_default (document, "phase", ""), "copying"))
    /* Translators: a percentage, and the name of a table of a database */
    ctl_progress (ctl, _("Copying %d %%: %s"), (int) percent,
                  json_object_get_string_member_with_default (document, "table", ""));
  else
    /* Translators: a percentage, and the name of a table of a database */
    ctl_progress (ctl, _("Comparing %d %%: %s"), (int) percent,
                  json_object_get_string_member_with_default (document, "table", ""));
}

/* To its end, also when it was told to stop: it has to tidy up. */
static void
listen (Ctl *ctl,
        Run *run)
{
  g_autoptr(GDataInputStream) lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (run->process));

  for (;;)
    {
      g_autoptr(GAsyncResult) result = NULL;
      g_autofree char *line = NULL;

      g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, NULL, ctl_result_cb, ctl);
      result = ctl_await (ctl);
      line = g_data_input_stream_read_line_finish (lines, result, NULL, NULL);
      if (line == NULL)
        break;

      take_line (ctl, run, line);
    }
  ctl_progress_end (ctl);
}

/* Its last line, without its name. (transfer full) */
static char *
read_sentence (Run *run)
{
  char text[SENTENCE_MAX_BYTES + 1] = "";
  gsize length = 0;
  const char *line;

  g_input_stream_read_all (g_subprocess_get_stderr_pipe (run->process), text, SENTENCE_MAX_BYTES, &length, NULL, NULL);
  text[length] = '\0';
  g_strchomp (text);
  line = strrchr (text, '\n') != NULL ? strrchr (text, '\n') + 1 : text;
  if (g_str_has_prefix (line, "bellwetherd: "))
    line += strlen ("bellwetherd: ");

  return g_strdup (*line != '\0' ? line : _("bellwetherd ended by itself"));
}

static char *
shorten (JsonObject *table,
         const char *member)
{
  return g_strndup (json_object_get_string_member_with_default (table, member, ""), SHOWN_DIGITS);
}

static void
add_row (GPtrArray  *rows,
         JsonObject *table)
{
  char **cells = g_new0 (char *, 6);
  gint64 n_from = json_object_get_int_member_with_default (table, "rows", 0);
  gint64 n_to = json_object_get_int_member_with_default (table, "rowsTo", 0);

  cells[0] = ctl_clean (json_object_get_string_member_with_default (table, "name", ""));
  cells[1] = n_from == n_to ? g_strdup_printf ("%" G_GINT64_FORMAT, n_from)
                            : g_strdup_printf ("%" G_GINT64_FORMAT " ≠ %" G_GINT64_FORMAT, n_from, n_to);
  cells[2] = shorten (table, "hash");
  cells[3] = shorten (table, "hashTo");
  cells[4] = g_strdup (json_object_get_boolean_member_with_default (table, "same", FALSE) ? _("same") : _("DIFFERENT"));
  g_ptr_array_add (rows, cells);
}

static void
print_result (Ctl        *ctl,
              JsonObject *result)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  JsonArray *tables = json_object_get_array_member (result, "tables");
  guint n_tables = json_array_get_length (tables);
  gint64 n_rows = 0;

  if (ctl->json)
    {
      ctl_print_document (result);
      return;
    }

  g_ptr_array_add (rows, g_strdupv ((char *[]) { _("TABLE"), _("ROWS"), _("HASH OF FROM"), _("HASH OF TO"), (char *) "", NULL }));
  for (guint i = 0; i < n_tables; i++)
    {
      JsonObject *table = json_array_get_object_element (tables, i);

      add_row (rows, table);
      n_rows += json_object_get_int_member_with_default (table, "rows", 0);
    }
  ctl_print_table (rows);

  if (json_object_get_boolean_member_with_default (result, "same", FALSE))
    {
      g_autofree char *text =
        g_strdup_printf (ngettext ("Nothing changed: %'ld row is the same on both sides, after %.1f s.",
                                   "Nothing changed: %'ld rows are the same on both sides, after %.1f s.", (gulong) n_rows),
                         (long) n_rows, json_object_get_double_member_with_default (result, "seconds", 0));

      ctl_print_text (text);
    }
}

static void
stop_cb (GCancellable *cancellable,
         GSubprocess  *process)
{
  g_subprocess_send_signal (process, SIGTERM);
}

static CtlStatus
copy (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  g_auto(Run) run = { 0, };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 2, 2))
    return CTL_USAGE;

  run.process = start (arguments[0], arguments[1], &error);
  if (run.process == NULL)
    return ctl_fail (error);

  g_signal_connect (ctl->cancellable, "cancelled", G_CALLBACK (stop_cb), run.process);
  listen (ctl, &run);
  sentence = read_sentence (&run);
  g_subprocess_wait_async (run.process, NULL, ctl_result_cb, ctl);
  result = ctl_await (ctl);
  g_subprocess_wait_finish (run.process, result, NULL);
  g_signal_handlers_disconnect_by_func (ctl->cancellable, stop_cb, run.process);

  if (run.result != NULL)
    print_result (ctl, run.result);

  if (g_subprocess_get_if_exited (run.process) && g_subprocess_get_exit_status (run.process) == 0)
    return CTL_DONE;

  return ctl_fail_text ("%s", sentence);
}

const CtlCommand ctl_database_commands[] = {
  { "database", "copy", "FROM TO",
    N_("Copy an installation to another database, and prove that nothing changed"), copy },
  { NULL }
};
