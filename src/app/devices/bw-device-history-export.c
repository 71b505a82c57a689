/* bw-device-history-export.c: values and pictures into files
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-device-history-private.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-error-text.h"
#include "bw-error.h"
#include "bw-settings.h"

/* What the file dialog carries along. */
typedef struct
{
  BwDeviceHistoryTab *tab;          /* (owned) */
  char               *id;           /* (nullable): all properties */
  gboolean            is_picture;
} Request;

static void
request_closed (gpointer  data,
                GClosure *closure)
{
  Request *request = data;

  g_object_unref (request->tab);
  g_free (request->id);
  g_free (request);
}

static void
progress_cb (gint64   n_done,
             gint64   n_total,
             gpointer user_data)
{
  bw_task_bar_set_progress (user_data, n_done, n_total);
}

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(BwDeviceHistoryTab) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  gboolean ok = bw_session_export_history_finish (BW_SESSION (source), result, &error);

  /* The tab is on its way out, and its bar with it. */
  if (self->session == NULL)
    return;

  bw_task_bar_end (self->task_bar);
  if (ok)
    text = g_strdup (_("Exported"));
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    text = g_strdup (_("Stopped. Nothing was written."));
  else
    text = bw_error_to_file_text (error);

  bw_device_history_show_toast (self, text);
}

void
bw_device_history_tab_export_to (BwDeviceHistoryTab *self,
                                 const char         *id,
                                 const char         *path)
{
  BwHistoryChoice *choice;
  g_autofree char *text = NULL;
  gint64 from_us, to_us;

  g_return_if_fail (BW_IS_DEVICE_HISTORY_TAB (self));
  g_return_if_fail (path != NULL);

  choice = id != NULL ? bw_device_history_find_choice (self->choices, id) : NULL;
  if (bw_task_bar_is_busy (self->task_bar) || (id != NULL && choice == NULL))
    return;

  bw_chart_get_range (self->chart, &from_us, &to_us);
  if (choice != NULL)
    /* Translators: %s is the name of a property */
    text = g_strdup_printf (_("Exporting “%s”"), bw_history_choice_get_title (choice));
  else
    text = g_strdup (_("Exporting all properties"));

  bw_session_export_history_async (self->session, bw_live_device_get_id (self->live),
                                   choice != NULL ? bw_history_choice_get_node (choice) : NULL,
                                   choice != NULL ? bw_history_choice_get_property (choice) : NULL,
                                   from_us, to_us, path, progress_cb, self->task_bar,
                                   bw_task_bar_begin (self->task_bar, text), exported_cb, g_object_ref (self));
}

static void
picture_written_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(BwDeviceHistoryTab) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    {
      text = g_strdup (_("Picture saved"));
    }
  else
    {
      bw_error_adopt (&error);
      text = bw_error_to_file_text (error);
    }

  bw_device_history_show_toast (self, text);
}

/* (transfer full): what the picture is of */
static char *
make_title (BwDeviceHistoryTab *self)
{
  BwDevice *device = bw_live_device_get_device (self->live);
  const char *name = device != NULL ? bw_device_get_name (device) : NULL;

  if (name == NULL || *name == '\0')
    return g_strdup (bw_live_device_get_id (self->live));

  return g_strdup_printf ("%s (%s)", name, bw_live_device_get_id (self->live));
}

void
bw_device_history_tab_picture_to (BwDeviceHistoryTab *self,
                                  const char         *path)
{
  g_autoptr(GFile) file = NULL;
  g_autoptr(GBytes) png = NULL;
  g_autofree char *title = NULL;

  g_return_if_fail (BW_IS_DEVICE_HISTORY_TAB (self));
  g_return_if_fail (path != NULL);

  title = make_title (self);
  png = bw_chart_to_png (self->chart, title);
  if (png == NULL)
    return;

  file = g_file_new_for_path (path);
  g_file_replace_contents_bytes_async (file, png, NULL, FALSE, G_FILE_CREATE_NONE, NULL,
                                       picture_written_cb, g_object_ref (self));
}

static void
file_chosen_cb (GtkNativeDialog *dialog,
                int              response,
                gpointer         user_data)
{
  Request *request = user_data;
  BwDeviceHistoryTab *self = request->tab;
  g_autoptr(GSettings) settings = bw_settings_new ();
  g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_autoptr(GFile) folder = file != NULL ? g_file_get_parent (file) : NULL;

  if (response == GTK_RESPONSE_ACCEPT && file != NULL && g_file_peek_path (file) != NULL && self->session != NULL)
    {
      if (settings != NULL && folder != NULL)
        g_settings_set_string (settings, "export-folder", g_file_peek_path (folder));

      if (request->is_picture)
        bw_device_history_tab_picture_to (self, g_file_peek_path (file));
      else
        bw_device_history_tab_export_to (self, request->id, g_file_peek_path (file));
    }

  g_clear_object (&self->file_dialog);
}

static void
choose_file (BwDeviceHistoryTab *self,
             const char         *id,
             gboolean            is_picture)
{
  g_autoptr(GSettings) settings = bw_settings_new ();
  g_autofree char *folder_path = settings != NULL ? g_settings_get_string (settings, "export-folder") : NULL;
  g_autofree char *name = g_strconcat (id != NULL ? id : bw_live_device_get_id (self->live), is_picture ? ".png" : ".csv", NULL);
  Request *request = g_new0 (Request, 1);
  GtkFileChooser *chooser;

  g_strdelimit (name, "/\\:$", '-');
  request->tab = g_object_ref (self);
  request->id = g_strdup (id);
  request->is_picture = is_picture;

  g_clear_object (&self->file_dialog);
  self->file_dialog = gtk_file_chooser_native_new (is_picture ? _("Save Picture") : _("Export CSV"),
                                                   GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                                   GTK_FILE_CHOOSER_ACTION_SAVE,
                                                   is_picture ? _("_Save") : _("_Export"), _("_Cancel"));
  chooser = GTK_FILE_CHOOSER (self->file_dialog);
  gtk_file_chooser_set_current_name (chooser, name);
  if (folder_path != NULL && *folder_path != '\0')
    {
      g_autoptr(GFile) folder = g_file_new_for_path (folder_path);

      gtk_file_chooser_set_current_folder (chooser, folder, NULL);
    }

  g_signal_connect_data (self->file_dialog, "response", G_CALLBACK (file_chosen_cb), request, request_closed, 0);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->file_dialog), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->file_dialog));
}

static void
save_picture_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  choose_file (BW_DEVICE_HISTORY_TAB (widget), NULL, TRUE);
}

static void
export_all_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  choose_file (BW_DEVICE_HISTORY_TAB (widget), NULL, FALSE);
}

static void
export_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  choose_file (BW_DEVICE_HISTORY_TAB (widget), g_variant_get_string (parameter, NULL), FALSE);
}

/* One line for each property that is shown. */
void
bw_device_history_update_exports (BwDeviceHistoryTab *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->chosen));

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "history.save-picture", n > 0);
  g_menu_remove_all (self->export_section);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(BwHistoryChoice) choice = g_list_model_get_item (G_LIST_MODEL (self->chosen), i);
      g_autoptr(GMenuItem) item = NULL;
      g_autofree char *label = NULL;

      /* Translators: %s is the name of a property */
      label = g_strdup_printf (_("Export “%s” as CSV…"), bw_history_choice_get_title (choice));
      item = g_menu_item_new (label, NULL);
      g_menu_item_set_action_and_target (item, "history.export", "s", bw_history_choice_get_id (choice));
      g_menu_append_item (self->export_section, item);
    }
}

void
bw_device_history_install_exports (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "history.save-picture", NULL, save_picture_action);
  gtk_widget_class_install_action (widget_class, "history.export-all", NULL, export_all_action);
  gtk_widget_class_install_action (widget_class, "history.export", "s", export_action);
}
