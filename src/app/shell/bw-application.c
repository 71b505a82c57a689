/* bw-application.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-application.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-this-computer.h"
#include "bw-window.h"

/* Longer than any token; a file that was named by mistake is not taken. */
#define TOKEN_FILE_MAX_BYTES 4096

/**
 * BwApplication:
 *
 * Command line, accelerators, the one window; owns the server on this computer
 * and does not end before that has.
 */

struct _BwApplication
{
  AdwApplication  parent_instance;

  BwThisComputer *this_computer;
};

G_DEFINE_FINAL_TYPE (BwApplication, bw_application, ADW_TYPE_APPLICATION)

static const GOptionEntry options[] = {
  { "server", 's', 0, G_OPTION_ARG_STRING, NULL, N_("Sign in at this server"), N_("ADDRESS") },
  { "token-file", 't', 0, G_OPTION_ARG_FILENAME, NULL, N_("Sign in with the token in this file"), N_("FILE") },
  { "page", 'p', 0, G_OPTION_ARG_STRING, NULL,
    N_("Show this page: overview, devices, batches, companies, users, participations, roles, requests, audit or device:ID"), N_("PAGE") },
  { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Print the version"), NULL },
  { NULL },
};

static const struct
{
  const char *action;
  const char *accels[3];
} accels[] = {
  { "app.quit",                    { "<Control>q", NULL } },
  { "window.close",                { "<Control>w", NULL } },
  { "win.show-place::overview",    { "<Control>1", NULL } },
  { "win.show-place::devices",     { "<Control>2", NULL } },
  { "win.show-place::batches",     { "<Control>3", NULL } },
  { "win.show-place::companies",   { "<Control>4", NULL } },
  { "win.show-place::users",       { "<Control>5", NULL } },
  { "win.show-place::participations", { "<Control>6", NULL } },
  { "win.show-place::roles",       { "<Control>7", NULL } },
  { "win.show-place::requests",    { "<Control>8", NULL } },
  { "win.show-place::audit",       { "<Control>9", NULL } },
  { "win.switch",                  { "<Control>j", NULL } },
  { "win.back",                    { "<Alt>Left", NULL } },
  { "win.create-ids",              { "<Control>n", NULL } },
  { "win.search",                  { "<Control>f", NULL } },
  { "win.search-everything",       { "<Control>k", NULL } },
  { "win.notices",                 { "<Control>b", NULL } },
  { "win.reload",                  { "<Control>r", "F5", NULL } },
  { "win.show-help-overlay",       { "<Control>question", NULL } },
};

static BwWindow *
get_window (BwApplication *self)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  while (window != NULL && !BW_IS_WINDOW (window))
    window = gtk_window_get_transient_for (window);

  return window != NULL ? BW_WINDOW (window) : NULL;
}

static BwWindow *
ensure_window (BwApplication *self,
               gboolean      *ret_is_new)
{
  BwWindow *window = get_window (self);

  *ret_is_new = window == NULL;
  if (window == NULL)
    window = bw_window_new (ADW_APPLICATION (self), self->this_computer);

  return window;
}

/* Actions */

static void
quit_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  GtkApplication *application = user_data;
  g_autoptr(GList) windows = g_list_copy (gtk_application_get_windows (application));

  /* Each saves its size; the application ends with the last one. */
  for (GList *l = windows; l != NULL; l = l->next)
    gtk_window_close (l->data);
}

static void
about_action (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  adw_show_about_window (gtk_application_get_active_window (user_data),
                         "application-name", "Bellwether",
                         "application-icon", BW_APP_ID,
                         "version", BW_VERSION,
                         "developer-name", _("The Bellwether developers"),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         "website", "https://github.com/bellwether-iot/Bellwether",
                         "issue-url", "https://github.com/bellwether-iot/Bellwether/issues",
                         "comments", _("Create, label, approve and control connected devices"),
                         /* Translators: your names, one a line */
                         "translator-credits", _("translator-credits"),
                         NULL);
}

/* What notifications of the desktop lead to: the window's own actions, if somebody is signed in. */
static void
activate_in_window (BwApplication *self,
                    const char    *action,
                    GVariant      *target)
{
  BwWindow *window = get_window (self);
  g_autoptr(GVariant) sunk = target != NULL ? g_variant_ref_sink (target) : NULL;

  if (window != NULL)
    g_action_group_activate_action (G_ACTION_GROUP (window), action, sunk);
}

static void
present_and_activate (BwApplication *self,
                      const char    *action,
                      GVariant      *target)
{
  BwWindow *window = get_window (self);

  if (window != NULL)
    gtk_window_present (GTK_WINDOW (window));
  activate_in_window (self, action, target);
}

static void
open_device_action (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  g_autofree char *place = g_strconcat ("device:", g_variant_get_string (parameter, NULL), NULL);

  present_and_activate (user_data, "show-place", g_variant_new_string (place));
}

static void
show_approvals_action (GSimpleAction *action,
                       GVariant      *parameter,
                       gpointer       user_data)
{
  present_and_activate (user_data, "show-devices", g_variant_new_string ("awaiting-approval"));
}

static void
show_notices_action (GSimpleAction *action,
                     GVariant      *parameter,
                     gpointer       user_data)
{
  present_and_activate (user_data, "notices", NULL);
}

static void
approve_device_action (GSimpleAction *action,
                       GVariant      *parameter,
                       gpointer       user_data)
{
  activate_in_window (user_data, "approve-device", parameter);
}

static void
stopped_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GApplication) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!bw_this_computer_stop_finish (BW_THIS_COMPUTER (source), result, &error))
    g_warning ("the server on this computer did not stop: %s", error->message);

  g_application_release (self);
}

static void
bw_application_window_removed (GtkApplication *application,
                               GtkWindow      *window)
{
  BwApplication *self = BW_APPLICATION (application);

  if (BW_IS_WINDOW (window) && bw_this_computer_is_running (self->this_computer))
    {
      g_application_hold (G_APPLICATION (self));
      bw_this_computer_stop_async (self->this_computer, stopped_cb, g_object_ref (self));
    }

  GTK_APPLICATION_CLASS (bw_application_parent_class)->window_removed (application, window);
}

static void
bw_application_startup (GApplication *application)
{
  static const GActionEntry entries[] = {
    { .name = "quit", .activate = quit_action },
    { .name = "about", .activate = about_action },
    { .name = "open-device", .activate = open_device_action, .parameter_type = "s" },
    { .name = "show-approvals", .activate = show_approvals_action },
    { .name = "show-notices", .activate = show_notices_action },
    { .name = "approve-device", .activate = approve_device_action, .parameter_type = "s" },
  };

  G_APPLICATION_CLASS (bw_application_parent_class)->startup (application);

  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries), application);
  for (gsize i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), accels[i].action,
                                           (const char **) accels[i].accels);

  gtk_window_set_default_icon_name (BW_APP_ID);
}

static void
bw_application_activate (GApplication *application)
{
  gboolean is_new;
  BwWindow *window = ensure_window (BW_APPLICATION (application), &is_new);

  if (is_new)
    bw_window_resume_last (window);

  bw_window_present_soon (window);
}

/* (transfer full) (nullable) */
static char *
read_token (GApplicationCommandLine *command_line,
            const char              *path)
{
  g_autoptr(GFile) file = g_application_command_line_create_file_for_arg (command_line, path);
  g_autoptr(GError) error = NULL;
  char *token = NULL;
  gsize length = 0;

  if (!g_file_load_contents (file, NULL, &token, &length, NULL, &error))
    {
      g_application_command_line_printerr (command_line, "bellwether: %s\n", error->message);
      return NULL;
    }

  if (length > TOKEN_FILE_MAX_BYTES)
    {
      g_application_command_line_printerr (command_line, _("bellwether: “%s” holds no token\n"), path);
      g_free (token);
      return NULL;
    }

  return g_strstrip (token);
}

static int
bw_application_command_line (GApplication            *application,
                             GApplicationCommandLine *command_line)
{
  GVariantDict *dict = g_application_command_line_get_options_dict (command_line);
  const char *server = NULL, *token_file = NULL, *page = NULL;
  g_autofree char *token = NULL;
  BwWindow *window;
  gboolean is_new;

  g_variant_dict_lookup (dict, "server", "&s", &server);
  g_variant_dict_lookup (dict, "token-file", "^&ay", &token_file);
  g_variant_dict_lookup (dict, "page", "&s", &page);

  if ((server == NULL) != (token_file == NULL))
    {
      g_application_command_line_printerr (command_line, "%s\n",
                                           _("bellwether: --server and --token-file go together"));
      return 2;
    }

  if (token_file != NULL && (token = read_token (command_line, token_file)) == NULL)
    return 1;

  window = ensure_window (BW_APPLICATION (application), &is_new);
  if (page != NULL)
    bw_window_show_place (window, page);

  if (token != NULL)
    {
      bw_window_resume (window, server, token);
      explicit_bzero (token, strlen (token));
    }
  else if (is_new)
    {
      bw_window_resume_last (window);
    }

  bw_window_present_soon (window);

  return 0;
}

static int
bw_application_handle_local_options (GApplication *application,
                                     GVariantDict *dict)
{
  if (g_variant_dict_contains (dict, "version"))
    {
      g_print ("bellwether %s\n", BW_VERSION);
      return 0;
    }

  return -1;
}

static void
bw_application_dispose (GObject *object)
{
  g_clear_object (&BW_APPLICATION (object)->this_computer);

  G_OBJECT_CLASS (bw_application_parent_class)->dispose (object);
}

static void
bw_application_class_init (BwApplicationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);
  GtkApplicationClass *gtk_application_class = GTK_APPLICATION_CLASS (klass);

  object_class->dispose = bw_application_dispose;
  application_class->startup = bw_application_startup;
  application_class->activate = bw_application_activate;
  application_class->command_line = bw_application_command_line;
  application_class->handle_local_options = bw_application_handle_local_options;
  gtk_application_class->window_removed = bw_application_window_removed;
}

static void
bw_application_init (BwApplication *self)
{
  self->this_computer = bw_this_computer_new (NULL);
  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

BwApplication *
bw_application_new (void)
{
  return g_object_new (BW_TYPE_APPLICATION,
                       "application-id", BW_APP_ID,
                       "resource-base-path", BW_RESOURCE_BASE,
                       "flags", G_APPLICATION_HANDLES_COMMAND_LINE,
                       NULL);
}
