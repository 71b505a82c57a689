/* bw-verify-dialog-reprint.c: what failed, as a PDF
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-verify-dialog-private.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-error-text.h"
#include "bw-sheet-output.h"

static void
progress_cb (gint64   n_done,
             gint64   n_total,
             gpointer user_data)
{
  bw_task_bar_set_progress (user_data, n_done, n_total);
}

static void
end (BwVerifyDialog *self,
     const GError   *error)
{
  g_autofree char *name = g_filename_display_basename (self->path);
  g_autofree char *text = NULL;

  if (error != NULL)
    text = bw_error_to_file_text (error);
  else
    /* Translators: %s is the name of a file */
    text = g_strdup_printf (_("Saved as “%s”"), name);

  bw_toast_show (self->toasts, text);
  g_clear_pointer (&self->path, g_free);
  bw_task_bar_end (self->task_bar);
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BwVerifyDialog) self = user_data;
  g_autoptr(GError) error = NULL;

  bw_sheet_export_finish (BW_SHEET (source), result, &error);
  if (self->session != NULL)
    end (self, error);
}

/* (transfer full) */
static BwSheet *
create_sheet (BwVerifyDialog  *self,
              GArray          *failed,
              GError         **error)
{
  g_autoptr(BwSheet) sheet = bw_sheet_new (self->stock, bw_batch_get_name (self->batch), bw_batch_get_color (self->batch),
                                           (guint) bw_batch_get_count (self->batch),
                                           bw_batch_get_created_at_us (self->batch), 1, error);

  for (guint i = 0; sheet != NULL && i < failed->len; i++)
    {
      guint index = g_array_index (failed, guint, i);

      if (!bw_sheet_add (sheet, g_ptr_array_index (self->ids, index), index + 1, error))
        return NULL;
    }

  return g_steal_pointer (&sheet);
}

void
bw_verify_dialog_reprint_to (BwVerifyDialog *self,
                             const char     *path)
{
  g_autoptr(GArray) failed = bw_verify_dialog_get_failed (self);
  g_autoptr(BwSheet) sheet = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  GCancellable *cancellable;

  if (failed->len == 0 || bw_task_bar_is_busy (self->task_bar))
    return;

  self->path = g_strdup (path);
  text = g_strdup_printf (ngettext ("Drawing %'u label", "Drawing %'u labels", failed->len), failed->len);
  cancellable = bw_task_bar_begin (self->task_bar, text);
  sheet = create_sheet (self, failed, &error);
  if (sheet == NULL)
    end (self, error);
  else
    bw_sheet_export_async (sheet, path, BW_SHEET_OUTPUT_PDF, progress_cb, self->task_bar, cancellable, written_cb, g_object_ref (self));
}

static void
file_chosen_cb (BwVerifyDialog  *self,
                int              response,
                GtkNativeDialog *dialog)
{
  g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL && g_file_peek_path (file) != NULL)
    bw_verify_dialog_reprint_to (self, g_file_peek_path (file));

  g_clear_object (&self->chooser);
}

void
bw_verify_dialog_ask_for_reprint (BwVerifyDialog *self)
{
  /* Translators: the name of a file with labels to be printed again; %s is the name of a batch */
  g_autofree char *name = g_strdup_printf (_("%s reprint.pdf"), bw_batch_get_name (self->batch));

  g_strdelimit (name, "/\\", '-');

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_("Save Labels to Print Again"), GTK_WINDOW (self),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (file_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}
