/* bw-labels-dialog-job.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-labels-dialog-private.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-error.h"
#include "bw-error-text.h"

/* A job: the IDs, then the file or the printer, then the note that the devices are
 * labelled and the sheets used. What was chosen is taken down at its beginning.
 *
 * Each step hands it to the next one, and it ends with the last: another job may
 * begin while this one still is with the printer. */
typedef struct
{
  BwLabelsDialog       *dialog;         /* (owned) */
  BwSession            *session;        /* (owned): a printer may be done when the dialog is closed */
  BwBatch              *batch;          /* (owned) */
  BwLabelsJobKind       kind;
  BwSheetOutputFormat   format;
  char                 *path;           /* (owned) (nullable) */
  char                 *printer;        /* (owned) (nullable): whose calibration a file has; the one to print on */
  GArray               *numbers;        /* (owned) (element-type guint): serials, sorted */
  BwSheetOptions        options;        /* without what is skipped */
  GArray               *skipped;        /* (owned) (element-type guint) */
  guint                 start;
  guint                 continued;      /* a part-used sheet; 0: none */
  gboolean              is_drawing;     /* the labels are looked through */
} Job;

static void
job_free (Job *job)
{
  g_object_unref (job->dialog);
  g_object_unref (job->session);
  g_object_unref (job->batch);
  g_free (job->path);
  g_free (job->printer);
  g_array_unref (job->numbers);
  g_array_unref (job->skipped);
  g_free (job);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Job, job_free)

static void
show_error (BwLabelsDialog *self,
            const GError   *error)
{
  g_autofree char *text = error != NULL ? bw_error_to_file_text (error) : NULL;

  if (text != NULL)
    bw_toast_show (self->toasts, text);
}

/* The next job is not another one already. */
static gboolean
is_as_begun (const Job *job)
{
  g_autoptr(GArray) skipped = bw_labels_dialog_get_skipped (job->dialog, NULL);

  return skipped != NULL && skipped->len == job->skipped->len &&
         (skipped->len == 0 || memcmp (skipped->data, job->skipped->data, skipped->len * sizeof (guint)) == 0) &&
         bw_labels_dialog_get_start (job->dialog) == job->start;
}

/* Of a picture or a roll no sheet is left. */
static void
note_sheets (const Job *job,
             BwSheet   *sheet)
{
  BwLabelsDialog *self = job->dialog;
  g_autoptr(GError) error = NULL;

  if (job->kind == BW_LABELS_EXPORT && job->format != BW_SHEET_OUTPUT_PDF)
    return;

  bw_part_sheet_note_job (sheet, bw_batch_get_name (job->batch), job->continued, &error);
  if (self->session == NULL)
    {
      if (error != NULL)
        g_warning ("%s", error->message);
      return;
    }

  /* the next job begins on another sheet, or goes on with one that is chosen */
  show_error (self, error);
  if (!is_as_begun (job))
    return;

  gtk_adjustment_set_value (self->start_adjustment, 1);
  bw_labels_dialog_load_kept (self);
  bw_labels_dialog_part_sheet_chosen (self);
}

/* @job: (transfer full) */
static void
job_done (Job     *job,
          BwSheet *sheet)
{
  if (job->dialog->settings != NULL)
    g_settings_set_string (job->dialog->settings, "label-stock", bw_sheet_get_stock (sheet)->name);

  note_sheets (job, sheet);
  bw_labels_dialog_mark (job->dialog, job->session, job->batch, job->numbers);
  job_free (job);
}

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Job) job = user_data;
  BwLabelsDialog *self = job->dialog;
  g_autoptr(GError) error = NULL;
  gboolean ok = bw_sheet_export_finish (BW_SHEET (source), result, &error);
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  if (self->session == NULL)
    return;

  bw_task_bar_end (self->task_bar);
  show_error (self, error);
  if (!ok)
    return;

  name = g_filename_display_basename (job->path);
  /* Translators: %s is the name of a file */
  text = g_strdup_printf (_("Saved as “%s”"), name);
  bw_toast_show (self->toasts, text);
  job_done (g_steal_pointer (&job), BW_SHEET (source));
}

static void
printed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Job) job = user_data;
  BwLabelsDialog *self = job->dialog;
  g_autoptr(GError) error = NULL;
  gboolean was_printed = bw_sheet_print_finish (BW_SHEET (source), result, &error);

  /* the bar is not ours any more: it may show another job */
  if (self->session != NULL)
    show_error (self, error);
  if (!was_printed)
    return;

  if (self->session != NULL)
    bw_toast_show (self->toasts, _("Sent to the printer"));
  job_done (g_steal_pointer (&job), BW_SHEET (source));
}

/* First all labels are looked at, then the pages are drawn. */
static void
progress_cb (gint64   n_done,
             gint64   n_total,
             gpointer user_data)
{
  Job *job = user_data;
  gint64 n_steps = job->kind == BW_LABELS_EXPORT ? 2 : 1;

  if (job->dialog->session != NULL)
    bw_task_bar_set_progress (job->dialog->task_bar, n_done + (job->is_drawing ? n_total : 0), n_steps * n_total);
}

static void
sheet_made_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(Job) job = user_data;
  BwLabelsDialog *self = job->dialog;
  g_autoptr(GError) error = NULL;
  g_autoptr(BwSheet) sheet = bw_sheet_make_finish (result, &error);

  if (self->session == NULL)
    return;

  if (sheet == NULL)
    {
      bw_task_bar_end (self->task_bar);
      show_error (self, error);
      return;
    }

  if (job->kind == BW_LABELS_PRINT)
    {
      /* From here on GTK's own dialog has the word. */
      bw_task_bar_end (self->task_bar);
      bw_sheet_print_async (sheet, GTK_WINDOW (self), bw_batch_get_name (self->batch), job->printer, job->path,
                            printed_cb, job);
      g_steal_pointer (&job);
      return;
    }

  job->is_drawing = TRUE;
  bw_sheet_export_async (sheet, job->path, job->format, progress_cb, job,
                         bw_task_bar_get_cancellable (self->task_bar), exported_cb, job);
  g_steal_pointer (&job);
}

/* Those that were asked for, out of all between the first and the last. @job, @ids: (transfer full) */
static void
make_sheet (Job       *job,
            GPtrArray *ids,
            gboolean   has_facts)
{
  g_autoptr(Job) owned = job;
  g_autoptr(GPtrArray) owned_ids = ids;
  BwLabelsDialog *self = job->dialog;
  g_autoptr(GError) error = NULL;
  BwSheetOptions options = job->options;
  BwSheetRequest request;

  if (job->kind == BW_LABELS_EXPORT && job->printer != NULL &&
      !bw_calibration_load (job->printer, self->stock->name, &options.calibration, &error))
    {
      bw_task_bar_end (self->task_bar);
      show_error (self, error);
      return;
    }

  options.skipped = (const guint *) (void *) job->skipped->data;
  options.n_skipped = job->skipped->len;
  request = bw_labels_dialog_make_request (self, &options);
  request.start = job->start;
  request.has_facts = has_facts;
  bw_sheet_make_async (&request, g_steal_pointer (&owned_ids), job->numbers, progress_cb, job,
                       bw_task_bar_get_cancellable (self->task_bar), sheet_made_cb, g_steal_pointer (&owned));
}

/* @job, @ids: (transfer full) */
static void
go_on_with_job (Job          *job,
                GPtrArray    *ids,
                gboolean      has_facts,
                const GError *load_error)
{
  BwLabelsDialog *self = job->dialog;

  if (self->session != NULL && ids != NULL)
    {
      make_sheet (job, ids, has_facts);
      return;
    }

  if (self->session != NULL)
    {
      bw_task_bar_end (self->task_bar);
      show_error (self, load_error);
    }
  g_clear_pointer (&ids, g_ptr_array_unref);
  job_free (job);
}

static void
job_ids_loaded_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(Job) job = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) ids = bw_session_load_ids_finish (BW_SESSION (source), result, &error);

  go_on_with_job (g_steal_pointer (&job), g_steal_pointer (&ids), FALSE, error);
}

static void
job_facts_loaded_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(Job) job = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) devices = bw_session_load_label_facts_finish (BW_SESSION (source), result, &error);

  go_on_with_job (g_steal_pointer (&job), g_steal_pointer (&devices), TRUE, error);
}

/* What the options say now: they may be changed before the job is done. (transfer full) */
static Job *
job_new (BwLabelsDialog      *self,
         BwLabelsJobKind      kind,
         BwSheetOutputFormat  format,
         const char          *printer,
         const char          *path)
{
  const BwPartSheet *sheet = bw_labels_dialog_get_part_sheet (self);
  guint n_labels = bw_labels_dialog_get_n_labels (self);
  Job *job = g_new0 (Job, 1);

  job->dialog = g_object_ref (self);
  job->session = g_object_ref (self->session);
  job->batch = g_object_ref (self->batch);
  job->kind = kind;
  job->format = format;
  job->path = g_strdup (path);
  job->printer = g_strdup (kind == BW_LABELS_EXPORT ? bw_labels_dialog_get_printer (self) : printer);
  job->options = (BwSheetOptions) BW_SHEET_OPTIONS_INIT;
  bw_labels_dialog_get_options (self, &job->options);
  job->skipped = bw_labels_dialog_get_skipped (self, NULL);
  if (job->skipped == NULL)
    job->skipped = g_array_new (FALSE, FALSE, sizeof (guint));
  job->start = bw_labels_dialog_get_start (self);
  job->continued = sheet != NULL ? sheet->number : 0;

  job->numbers = g_array_sized_new (FALSE, FALSE, sizeof (guint), n_labels);
  for (guint i = 0; i < n_labels; i++)
    {
      guint serial = bw_labels_dialog_get_serial (self, i);

      g_array_append_val (job->numbers, serial);
    }

  return job;
}

void
bw_labels_dialog_begin_job (BwLabelsDialog      *self,
                            BwLabelsJobKind      kind,
                            BwSheetOutputFormat  format,
                            const char          *printer,
                            const char          *path)
{
  g_autofree char *text = NULL;
  GCancellable *cancellable;
  const char *batch_id;
  guint first, last;
  Job *job;

  if (self->plan == NULL || bw_task_bar_is_busy (self->task_bar))
    return;

  job = job_new (self, kind, format, printer, path);
  first = g_array_index (job->numbers, guint, 0);
  last = g_array_index (job->numbers, guint, job->numbers->len - 1);
  text = g_strdup_printf (ngettext ("Drawing %'u label", "Drawing %'u labels", job->numbers->len), job->numbers->len);
  cancellable = bw_task_bar_begin (self->task_bar, text);
  batch_id = bw_entity_get_id (BW_ENTITY (self->batch));
  if (bw_sheet_wants_facts (self->plan))
    bw_session_load_label_facts_async (self->session, batch_id, first, last - first + 1, cancellable,
                                       job_facts_loaded_cb, job);
  else
    bw_session_load_ids_async (self->session, batch_id, first, last - first + 1, cancellable,
                               job_ids_loaded_cb, job);
}

static void
file_chosen_cb (BwLabelsDialog  *self,
                int              response,
                GtkNativeDialog *dialog)
{
  g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_autoptr(GFile) folder = file != NULL ? g_file_get_parent (file) : NULL;

  if (response == GTK_RESPONSE_ACCEPT && file != NULL && g_file_peek_path (file) != NULL)
    {
      if (self->settings != NULL && folder != NULL)
        g_settings_set_string (self->settings, "export-folder", g_file_peek_path (folder));

      bw_labels_dialog_begin_job (self, BW_LABELS_EXPORT, self->chooser_format, NULL, g_file_peek_path (file));
    }

  g_clear_object (&self->chooser);
}

void
bw_labels_dialog_choose_file (BwLabelsDialog      *self,
                              BwSheetOutputFormat  format)
{
  static const char * const endings[] = { "pdf", "zip", "zip", "zpl" };
  const char *titles[] = { _("Export PDF"), _("Export Pictures"), _("Export Pictures"), _("Export for a Label Printer") };
  g_autofree char *folder_path = self->settings != NULL ? g_settings_get_string (self->settings, "export-folder") : NULL;
  g_autofree char *name = g_strdup_printf ("%s %s.%s", bw_batch_get_name (self->batch), self->stock->name, endings[format]);
  GtkFileChooser *chooser;

  g_strdelimit (name, "/\\", '-');
  self->chooser_format = format;

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (titles[format], GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE,
                                               _("_Export"), _("_Cancel"));
  chooser = GTK_FILE_CHOOSER (self->chooser);
  gtk_file_chooser_set_current_name (chooser, name);
  if (folder_path != NULL && *folder_path != '\0')
    {
      g_autoptr(GFile) folder = g_file_new_for_path (folder_path);

      gtk_file_chooser_set_current_folder (chooser, folder, NULL);
    }

  g_signal_connect_object (self->chooser, "response", G_CALLBACK (file_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}
