/* main.c: bellwetherctl, the API from a terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib-unix.h>
#include <glib/gi18n.h>

static const CtlCommand * const groups[] = {
  ctl_search_commands,
  ctl_batch_commands,
  ctl_design_commands,
  ctl_verify_commands,
  ctl_labels_commands,
  ctl_stock_commands,
  ctl_device_commands,
  ctl_device_edit_commands,
  ctl_query_commands,
  ctl_bulk_commands,
  ctl_view_commands,
  ctl_device_history_commands,
  ctl_history_commands,
  ctl_noun_commands,
  ctl_people_commands,
  ctl_request_commands,
  ctl_rule_commands,
  ctl_audit_commands,
  ctl_account_commands,
  ctl_overview_commands,
  ctl_own_commands,
  ctl_session_commands,
  ctl_serve_commands,
  ctl_database_commands,
};

static char *
command_words (const CtlCommand *command)
{
  return g_strdup_printf ("%s%s%s",
                          command->group != NULL ? command->group : "",
                          command->group != NULL && command->name != NULL ? " " : "",
                          command->name != NULL ? command->name : "");
}

static void
print_overview (FILE *stream)
{
  fprintf (stream, "%s\n  bellwetherctl [--json] [--server URL] [--ca %s] [--token TOKEN | --token-file %s] %s\n\n%s\n",
           _("Usage:"), _("FILE"), _("FILE"), _("COMMAND …"), _("Commands:"));

  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    {
      for (const CtlCommand *command = groups[i]; command->run != NULL; command++)
        {
          g_autofree char *words = command_words (command);
          g_autofree char *line = g_strdup_printf ("%s%s%s", words, command->arguments != NULL ? " " : "",
                                                   command->arguments != NULL ? command->arguments : "");

          fprintf (stream, "  %s\n      %s\n", line, _(command->summary));
        }
    }

  fprintf (stream, "\n%s\n", _("“bellwetherctl COMMAND --help” tells more of one."));
}

static GOptionContext *
make_context (Ctl                *ctl,
              const CtlCommand   *command,
              const GOptionEntry *entries)
{
  const GOptionEntry global[] = {
    { "json", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &ctl->json, N_("Write JSON"), NULL },
    { "server", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &ctl->server, N_("The backend; else BELLWETHER_SERVER, or the last login"), "URL" },
    { "ca", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME, &ctl->ca, N_("Who signs its certificate; else BELLWETHER_CA, or whom the system trusts"), N_("FILE") },
    { "token", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &ctl->token, N_("The right to ask; else BELLWETHER_TOKEN, or the last login"), "TOKEN" },
    { "token-file", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME, &ctl->token_file, N_("A file that holds it"), N_("FILE") },
    { NULL }
  };
  g_autofree char *words = command != NULL ? command_words (command) : NULL;
  g_autofree char *synopsis = command != NULL
                                ? g_strdup_printf ("%s %s", words, command->arguments != NULL ? command->arguments : "")
                                : NULL;
  GOptionContext *context = g_option_context_new (synopsis);

  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);

  g_option_context_add_main_entries (context, global, GETTEXT_PACKAGE);
  if (command != NULL)
    g_option_context_set_summary (context, _(command->summary));

  return context;
}

gboolean
ctl_parse (Ctl                *ctl,
           const CtlCommand   *command,
           const GOptionEntry *entries,
           char              **arguments,
           guint               n_min,
           guint               n_max)
{
  g_autoptr(GOptionContext) context = make_context (ctl, command, entries);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) strv = NULL;
  guint n;

  /* GOption wants a program's name first. */
  g_strv_builder_add (builder, "bellwetherctl");
  g_strv_builder_addv (builder, (const char **) arguments);
  strv = g_strv_builder_end (builder);

  if (!g_option_context_parse_strv (context, &strv, &error))
    {
      ctl_usage_error (command, "%s", error->message);
      return FALSE;
    }

  for (n = 0; strv[n + 1] != NULL; n++)
    {
      /* What is left is never more than what came. */
      g_free (arguments[n]);
      arguments[n] = g_strdup (strv[n + 1]);
    }

  for (guint i = n; arguments[i] != NULL; i++)
    g_clear_pointer (&arguments[i], g_free);

  if (n < n_min || n > n_max)
    {
      ctl_usage_error (command, "%s", n < n_min ? _("something is missing") : _("that is too much"));
      return FALSE;
    }

  return TRUE;
}

CtlStatus
ctl_usage_error (const CtlCommand *command,
                 const char       *format,
                 ...)
{
  g_autofree char *words = command_words (command);
  g_autofree char *text = NULL;
  va_list list;

  va_start (list, format);
  text = g_strdup_vprintf (format, list);
  va_end (list);

  g_printerr ("bellwetherctl %s: %s\n", words, text);
  g_printerr ("%s bellwetherctl %s %s\n", _("Usage:"), words, command->arguments != NULL ? command->arguments : "");

  return CTL_USAGE;
}

/* How many of @words are @name, which may be two; 0: they are others. */
static guint
count_words (const char  *name,
             char       **words)
{
  g_auto(GStrv) wanted = g_strsplit (name, " ", -1);
  guint n = 0;

  while (wanted[n] != NULL && g_strcmp0 (wanted[n], words[n]) == 0)
    n++;

  return wanted[n] == NULL ? n : 0;
}

/* The words of a command are taken off @arguments. */
static const CtlCommand *
find_command (char ***arguments)
{
  char **words = *arguments;
  const CtlCommand *of_group = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    {
      for (const CtlCommand *command = groups[i]; command->run != NULL; command++)
        {
          if (command->group == NULL && strcmp (command->name, words[0]) == 0)
            {
              *arguments += 1;
              return command;
            }

          if (command->group == NULL || strcmp (command->group, words[0]) != 0)
            continue;

          if (command->name == NULL)
            of_group = command;
          else if (count_words (command->name, words + 1) > 0)
            {
              *arguments += 1 + count_words (command->name, words + 1);
              return command;
            }
        }
    }

  if (of_group != NULL)
    *arguments += 1;

  return of_group;
}

static CtlStatus
run (Ctl   *ctl,
     char **arguments)
{
  g_autoptr(GOptionContext) context = make_context (ctl, NULL, NULL);
  gboolean wants_help = FALSE;
  gboolean wants_version = FALSE;
  const GOptionEntry own[] = {
    { "help", 'h', G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &wants_help, N_("Show what there is"), NULL },
    { "version", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &wants_version, N_("Show the version"), NULL },
    { NULL }
  };
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) rest = g_strdupv (arguments);
  g_auto(GStrv) of_command = NULL;
  const CtlCommand *command;
  char **words;

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_add_main_entries (context, own, GETTEXT_PACKAGE);

  if (!g_option_context_parse_strv (context, &rest, &error))
    {
      g_printerr ("bellwetherctl: %s\n", error->message);
      return CTL_USAGE;
    }

  if (wants_version)
    {
      printf ("bellwetherctl %s\n", BW_VERSION);
      return CTL_DONE;
    }

  if (wants_help || rest[1] == NULL || strcmp (rest[1], "help") == 0)
    {
      gboolean asked = wants_help || rest[1] != NULL;

      print_overview (asked ? stdout : stderr);
      return asked ? CTL_DONE : CTL_USAGE;
    }

  words = rest + 1;
  command = find_command (&words);
  if (command == NULL)
    {
      g_printerr (_("bellwetherctl: there is no command “%s%s%s”; see bellwetherctl --help\n"),
                  rest[1], rest[2] != NULL ? " " : "", rest[2] != NULL ? rest[2] : "");
      return CTL_USAGE;
    }

  of_command = g_strdupv (words);

  return command->run (ctl, command, of_command);
}

static gboolean
interrupted_cb (gpointer user_data)
{
  Ctl *ctl = user_data;

  /* Who asks twice does not want to wait for what the first one began. */
  if (g_cancellable_is_cancelled (ctl->cancellable))
    exit (CTL_REFUSED);

  g_cancellable_cancel (ctl->cancellable);

  return G_SOURCE_CONTINUE;
}

int
main (int   argc,
      char *argv[])
{
  Ctl ctl = { .cancellable = g_cancellable_new () };
  CtlStatus status;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, BW_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  g_unix_signal_add (SIGINT, interrupted_cb, &ctl);
  g_unix_signal_add (SIGTERM, interrupted_cb, &ctl);

  status = run (&ctl, argv);

  /* What was printed must have arrived: a full disk behind `>` is not a success. */
  if ((fflush (stdout) != 0 || ferror (stdout)) && status == CTL_DONE)
    status = ctl_fail_text ("%s", _("the output could not be written"));

  g_clear_object (&ctl.session);
  g_clear_object (&ctl.result);
  g_clear_object (&ctl.cancellable);
  g_clear_pointer (&ctl.names, g_hash_table_unref);
  g_free (ctl.server);
  g_free (ctl.token);
  g_free (ctl.token_file);
  g_free (ctl.ca);

  return (int) status;
}
