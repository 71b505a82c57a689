/* bw-sheet-output.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-sheet-output-private.h"

/* How often the main thread looks how far the rendering is. */
#define PROGRESS_MS 100

/* Shared by the thread that renders and the main one. */
typedef struct
{
  char                *path;
  BwSheetOutputFormat  format;
  BwOutputProgress     progress;
} Export;

static gboolean
progress_timeout_cb (gpointer user_data)
{
  BwOutputProgress *self = user_data;

  self->func (g_atomic_int_get (&self->n_done), g_atomic_int_get (&self->n_total), self->data);

  return G_SOURCE_CONTINUE;
}

/* The thread may let go of the task after the callback ran; the progress must have ended before. */
static void
completed_cb (GTask            *task,
              GParamSpec       *pspec,
              BwOutputProgress *progress)
{
  bw_output_progress_end (progress);
}

void
bw_output_progress_begin (BwOutputProgress  *self,
                          GTask             *task,
                          BwSheetOutputFunc  func,
                          gpointer           data)
{
  self->func = func;
  self->data = data;
  if (func == NULL)
    return;

  self->timeout_id = g_timeout_add (PROGRESS_MS, progress_timeout_cb, self);
  g_signal_connect (task, "notify::completed", G_CALLBACK (completed_cb), self);
}

void
bw_output_progress_end (BwOutputProgress *self)
{
  g_clear_handle_id (&self->timeout_id, g_source_remove);
}

void
bw_output_progress_note (BwOutputProgress *self,
                         guint             n_done,
                         guint             n_total)
{
  g_atomic_int_set (&self->n_total, (int) n_total);
  g_atomic_int_set (&self->n_done, (int) n_done);
}

static void
export_free (Export *export)
{
  g_free (export->path);
  g_free (export);
}

static void
page_done_cb (guint    n_pages_done,
              guint    n_pages,
              gpointer user_data)
{
  Export *export = user_data;

  bw_output_progress_note (&export->progress, n_pages_done, n_pages);
}

static gboolean
write_file (BwSheet       *sheet,
            Export        *export,
            GCancellable  *cancellable,
            GError       **error)
{
  switch (export->format)
    {
    case BW_SHEET_OUTPUT_PNG:
      return bw_sheet_write_zip (sheet, export->path, BW_PICTURE_PNG, page_done_cb, export, cancellable, error);

    case BW_SHEET_OUTPUT_SVG:
      return bw_sheet_write_zip (sheet, export->path, BW_PICTURE_SVG, page_done_cb, export, cancellable, error);

    case BW_SHEET_OUTPUT_ZPL:
      return bw_sheet_write_zpl (sheet, export->path, page_done_cb, export, cancellable, error);

    case BW_SHEET_OUTPUT_PDF:
    default:
      return bw_sheet_write_pdf (sheet, export->path, page_done_cb, export, cancellable, error);
    }
}

static void
export_thread (GTask        *task,
               gpointer      source,
               gpointer      task_data,
               GCancellable *cancellable)
{
  Export *export = task_data;
  GError *error = NULL;

  if (write_file (source, export, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
bw_sheet_export_async (BwSheet             *sheet,
                       const char          *path,
                       BwSheetOutputFormat  format,
                       BwSheetOutputFunc    progress,
                       gpointer             progress_data,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Export *export;

  g_return_if_fail (BW_IS_SHEET (sheet));
  g_return_if_fail (path != NULL);

  task = g_task_new (sheet, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_sheet_export_async);
  export = g_new0 (Export, 1);
  export->path = g_strdup (path);
  export->format = format;
  g_task_set_task_data (task, export, (GDestroyNotify) export_free);
  bw_output_progress_begin (&export->progress, task, progress, progress_data);
  g_task_run_in_thread (task, export_thread);
}

gboolean
bw_sheet_export_finish (BwSheet       *sheet,
                        GAsyncResult  *result,
                        GError       **error)
{
  Export *export;

  g_return_val_if_fail (g_task_is_valid (result, sheet), FALSE);

  export = g_task_get_task_data (G_TASK (result));
  bw_output_progress_end (&export->progress);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
draw_page_cb (GtkPrintOperation *operation,
              GtkPrintContext   *context,
              int                page,
              BwSheet           *sheet)
{
  bw_sheet_draw_page (sheet, gtk_print_context_get_cairo_context (context), (guint) page, FALSE);
}

static GtkPageSetup *
page_setup_new (BwSheet *sheet)
{
  GtkPageSetup *setup = gtk_page_setup_new ();
  const BwStock *stock = bw_sheet_get_stock (sheet);
  GtkPaperSize *paper;

  if (g_strcmp0 (stock->paper, "A4") == 0)
    paper = gtk_paper_size_new (GTK_PAPER_NAME_A4);
  else if (g_strcmp0 (stock->paper, "Letter") == 0)
    paper = gtk_paper_size_new (GTK_PAPER_NAME_LETTER);
  else
    paper = gtk_paper_size_new_custom (stock->name, stock->name, stock->page_width, stock->page_height, GTK_UNIT_MM);

  gtk_page_setup_set_paper_size (setup, paper);
  gtk_page_setup_set_top_margin (setup, 0, GTK_UNIT_MM);
  gtk_page_setup_set_bottom_margin (setup, 0, GTK_UNIT_MM);
  gtk_page_setup_set_left_margin (setup, 0, GTK_UNIT_MM);
  gtk_page_setup_set_right_margin (setup, 0, GTK_UNIT_MM);
  gtk_paper_size_free (paper);

  return setup;
}

/* What the PDF says by /PrintScaling, for CUPS: labels that are fitted to the page do not lie on their stickers. */
static GtkPrintSettings *
print_settings_new (const char *job_name)
{
  GtkPrintSettings *settings = gtk_print_settings_new ();
  g_autofree char *file_name = g_strdelimit (g_strdup (job_name), "/\\", '-');

  gtk_print_settings_set (settings, "cups-print-scaling", "none");
  gtk_print_settings_set_scale (settings, 100.0);
  gtk_print_settings_set (settings, GTK_PRINT_SETTINGS_OUTPUT_BASENAME, file_name);

  return settings;
}

GtkPrintOperation *
bw_sheet_print_operation_new (BwSheet    *sheet,
                              const char *job_name)
{
  GtkPrintOperation *operation = gtk_print_operation_new ();
  g_autoptr(GtkPageSetup) setup = NULL;
  g_autoptr(GtkPrintSettings) settings = print_settings_new (job_name);

  g_return_val_if_fail (BW_IS_SHEET (sheet), operation);

  setup = page_setup_new (sheet);
  gtk_print_operation_set_default_page_setup (operation, setup);
  gtk_print_operation_set_print_settings (operation, settings);
  gtk_print_operation_set_use_full_page (operation, TRUE);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_n_pages (operation, (int) bw_sheet_get_n_pages (sheet));
  gtk_print_operation_set_job_name (operation, job_name);
  gtk_print_operation_set_show_progress (operation, TRUE);
  gtk_print_operation_set_allow_async (operation, TRUE);

  /* Not _connect_object: the sheet may end while the operation lets go of its handlers, and GLib then
   * looks for a handler that is gone. */
  g_signal_connect_data (operation, "draw-page", G_CALLBACK (draw_page_cb),
                         g_object_ref (sheet), (GClosureNotify) g_object_unref, 0);

  return operation;
}

/* The printer is known when the dialog was answered. */
static void
begin_print_cb (GtkPrintOperation *operation,
                GtkPrintContext   *context,
                GTask             *task)
{
  BwSheet *sheet = g_task_get_source_object (task);
  GtkPrintSettings *settings = gtk_print_operation_get_print_settings (operation);
  const char *printer = settings != NULL ? gtk_print_settings_get_printer (settings) : NULL;
  BwCalibration calibration;
  GError *error = NULL;

  if (printer == NULL || bw_sheet_is_test_page (sheet))
    return;

  if (bw_calibration_load (printer, bw_sheet_get_stock (sheet)->name, &calibration, &error) &&
      bw_sheet_set_calibration (sheet, &calibration, &error))
    return;

  g_task_set_task_data (task, error, (GDestroyNotify) g_error_free);
  gtk_print_operation_cancel (operation);
}

static void
print_done_cb (GtkPrintOperation       *operation,
               GtkPrintOperationResult  result,
               GTask                   *task)
{
  const GError *refused = g_task_get_task_data (task);
  GError *error = NULL;

  if (result == GTK_PRINT_OPERATION_RESULT_ERROR)
    gtk_print_operation_get_error (operation, &error);
  else if (refused != NULL)
    error = g_error_copy (refused);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, result == GTK_PRINT_OPERATION_RESULT_APPLY);
}

void
bw_sheet_print_async (BwSheet             *sheet,
                      GtkWindow           *parent,
                      const char          *job_name,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr(GtkPrintOperation) operation = NULL;
  GTask *task;

  g_return_if_fail (BW_IS_SHEET (sheet));

  task = g_task_new (sheet, NULL, callback, user_data);
  g_task_set_source_tag (task, bw_sheet_print_async);

  operation = bw_sheet_print_operation_new (sheet, job_name);
  g_signal_connect_data (operation, "begin-print", G_CALLBACK (begin_print_cb),
                         g_object_ref (task), (GClosureNotify) g_object_unref, 0);
  g_signal_connect_data (operation, "done", G_CALLBACK (print_done_cb), task, (GClosureNotify) g_object_unref, 0);

  /* The outcome, an error too, comes with the signal. */
  gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, parent, NULL);
}

gboolean
bw_sheet_print_finish (BwSheet       *sheet,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, sheet), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
