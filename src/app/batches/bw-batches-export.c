/* bw-batches-export.c: the hand-over file of a batch
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-batches-page-private.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-error-text.h"
#include "bw-settings.h"
#include "bw-time-text.h"

/* What the question and the file dialog carry along. */
typedef struct
{
  BwBatchesPage    *page;      /* (owned) */
  BwBatch          *batch;     /* (owned) */
  BwHandOverFormat  format;
  GtkDropDown      *formats;   /* (unowned) (nullable): of the question */
} Request;

/* In the order of BwHandOverFormat. */
static const char *const format_titles[] = {
  N_("One CSV table"),
  N_("A ZIP with a JSON file for each device"),
  N_("A ZIP with an NVS table for each device (ESP-IDF)"),
  NULL
};

static Request *
request_new (BwBatchesPage *page,
             BwBatch       *batch)
{
  Request *request = g_new0 (Request, 1);

  request->page = g_object_ref (page);
  request->batch = g_object_ref (batch);

  return request;
}

static void
request_free (Request *request)
{
  g_object_unref (request->page);
  g_object_unref (request->batch);
  g_free (request);
}

static void
request_closed (gpointer  data,
                GClosure *closure)
{
  request_free (data);
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
  g_autoptr(BwBatchesPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  gboolean had_keys = FALSE;
  gboolean ok = bw_session_export_batch_finish (BW_SESSION (source), result, &had_keys, &error);

  /* The page is on its way out, and its bar with it. */
  if (self->session == NULL)
    return;

  bw_task_bar_end (self->task_bar);
  if (ok && had_keys)
    text = g_strdup (_("Exported. The server has forgotten the keys."));
  else if (ok)
    text = g_strdup (_("Exported, without the keys: they were handed over before."));
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    text = g_strdup (_("Stopped. The keys are still on the server."));
  else
    text = bw_error_to_file_text (error);

  bw_batches_page_show_toast (self, text);
}

void
bw_batches_page_export_to (BwBatchesPage    *self,
                           BwBatch          *batch,
                           BwHandOverFormat  format,
                           const char       *path)
{
  g_autofree char *text = NULL;

  /* Translators: %s is the name of a batch */
  text = g_strdup_printf (_("Exporting “%s”"), bw_batch_get_name (batch));
  bw_session_export_batch_as_async (self->session, bw_entity_get_id (BW_ENTITY (batch)), path, format,
                                    progress_cb, self->task_bar,
                                    bw_task_bar_begin (self->task_bar, text),
                                    exported_cb, g_object_ref (self));
}

static void
file_chosen_cb (GtkNativeDialog *dialog,
                int              response,
                gpointer         user_data)
{
  Request *request = user_data;
  BwBatchesPage *self = request->page;
  g_autoptr(GSettings) settings = bw_settings_new ();
  g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_autoptr(GFile) folder = file != NULL ? g_file_get_parent (file) : NULL;

  if (response == GTK_RESPONSE_ACCEPT && file != NULL && g_file_peek_path (file) != NULL)
    {
      if (settings != NULL && folder != NULL)
        g_settings_set_string (settings, "export-folder", g_file_peek_path (folder));

      if (!bw_task_bar_is_busy (self->task_bar))
        bw_batches_page_export_to (self, request->batch, request->format, g_file_peek_path (file));
    }

  g_clear_object (&self->chooser);
}

static void
choose_file (BwBatchesPage    *self,
             BwBatch          *batch,
             BwHandOverFormat  format)
{
  g_autoptr(GSettings) settings = bw_settings_new ();
  g_autofree char *folder_path = settings != NULL ? g_settings_get_string (settings, "export-folder") : NULL;
  g_autofree char *name = g_strconcat (bw_batch_get_name (batch), format == BW_HAND_OVER_CSV ? ".csv" : ".zip", NULL);
  Request *request = request_new (self, batch);
  GtkFileChooser *chooser;

  g_strdelimit (name, "/\\", '-');

  g_clear_object (&self->chooser);
  request->format = format;
  self->chooser = gtk_file_chooser_native_new (format == BW_HAND_OVER_CSV ? _("Export CSV") : _("Export ZIP"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"), _("_Cancel"));
  chooser = GTK_FILE_CHOOSER (self->chooser);
  gtk_file_chooser_set_current_name (chooser, name);
  if (folder_path != NULL && *folder_path != '\0')
    {
      g_autoptr(GFile) folder = g_file_new_for_path (folder_path);

      gtk_file_chooser_set_current_folder (chooser, folder, NULL);
    }

  g_signal_connect_data (self->chooser, "response", G_CALLBACK (file_chosen_cb), request, request_closed, 0);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
question_answered_cb (AdwMessageDialog *dialog,
                      const char       *response,
                      gpointer          user_data)
{
  Request *request = user_data;

  /* The page may have gone while the question stood. */
  if (strcmp (response, "accept") == 0 && request->page->session != NULL)
    choose_file (request->page, request->batch, (BwHandOverFormat) gtk_drop_down_get_selected (request->formats));
}

static GtkWidget *
make_formats (void)
{
  const char *titles[G_N_ELEMENTS (format_titles)] = { NULL, };
  GtkWidget *formats;

  for (guint i = 0; format_titles[i] != NULL; i++)
    titles[i] = _(format_titles[i]);
  formats = gtk_drop_down_new_from_strings (titles);
  bw_accessible_set_label (formats, _("Format"));

  return formats;
}

void
bw_batches_page_ask_for_export (BwBatchesPage *self,
                                BwBatch       *batch)
{
  gint64 handed_over_at_us = bw_batch_get_handed_over_at_us (batch);
  guint count = (guint) bw_batch_get_count (batch);
  g_autofree char *heading = NULL;
  g_autofree char *body = NULL;
  g_autofree char *when = bw_time_to_full_text (handed_over_at_us);
  Request *request = request_new (self, batch);
  GtkWidget *formats = make_formats ();
  GtkWidget *dialog;

  /* Translators: %s is the name of a batch */
  heading = g_strdup_printf (_("Export “%s”?"), bw_batch_get_name (batch));

  if (handed_over_at_us == 0)
    body = g_strdup_printf (ngettext ("The file holds %u Device ID with its device key, for whoever makes the device. "
                                      "This is the only time: once the file is saved, the server forgets the key, "
                                      "and nothing brings it back.",
                                      "The file holds %u Device IDs with their device keys, for whoever makes the "
                                      "devices. This is the only time: once the file is saved, the server forgets "
                                      "the keys, and nothing brings them back.", count), count);
  else
    /* Translators: %s is a date and time */
    body = g_strdup_printf (_("The device keys were handed over on %s, and the server has forgotten them. "
                              "The file will hold the Device IDs without keys."), when);

  dialog = bw_question_new (GTK_WIDGET (self), heading, body,
                            handed_over_at_us == 0 ? _("_Hand Over Keys…") : _("_Export…"),
                            handed_over_at_us == 0);
  gtk_window_set_title (GTK_WINDOW (dialog), heading);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), formats);
  request->formats = GTK_DROP_DOWN (formats);
  g_signal_connect_data (dialog, "response", G_CALLBACK (question_answered_cb), request, request_closed, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
