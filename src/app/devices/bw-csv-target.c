/* bw-csv-target.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-csv-target.h"

#include <glib/gi18n.h>

#include "bw-settings.h"

#define SETTING "export-folder"

typedef struct
{
  BwCsvTargetFunc  chosen;
  gpointer         user_data;   /* a weak pointer */
} Asked;

static void
asked_free (gpointer  data,
            GClosure *closure)
{
  Asked *asked = data;

  g_clear_weak_pointer (&asked->user_data);
  g_free (asked);
}

static void
response_cb (GtkNativeDialog *dialog,
             int              response,
             Asked           *asked)
{
  g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_autoptr(GFile) folder = file != NULL ? g_file_get_parent (file) : NULL;
  g_autoptr(GSettings) settings = bw_settings_new ();

  if (response != GTK_RESPONSE_ACCEPT || file == NULL || g_file_peek_path (file) == NULL || asked->user_data == NULL)
    return;

  if (folder != NULL && settings != NULL)
    g_settings_set_string (settings, SETTING, g_file_peek_path (folder));

  asked->chosen (asked->user_data, g_file_peek_path (file));
}

GtkFileChooserNative *
bw_csv_target_ask (GtkWidget       *widget,
                   const char      *name,
                   BwCsvTargetFunc  chosen,
                   gpointer         user_data)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  g_autoptr(GSettings) settings = bw_settings_new ();
  g_autofree char *folder_path = settings != NULL ? g_settings_get_string (settings, SETTING) : NULL;
  GtkFileChooserNative *dialog;
  Asked *asked = g_new0 (Asked, 1);

  dialog = gtk_file_chooser_native_new (_("Export CSV"), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                        GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"), _("_Cancel"));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  if (folder_path != NULL && *folder_path != '\0')
    {
      g_autoptr(GFile) folder = g_file_new_for_path (folder_path);

      gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (dialog), folder, NULL);
    }

  asked->chosen = chosen;
  g_set_weak_pointer (&asked->user_data, user_data);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), asked, asked_free, 0);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));

  return dialog;
}
