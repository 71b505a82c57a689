/* bw-sheet-output-print.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-sheet-output.h"

#include <glib/gi18n.h>

#include "bw-error.h"
#include "bw-hold.h"

/* Labels to a printer. GTK is done when it has drawn the pages; whether the
 * printer took them is seen later, and that alone says that there are labels now. */

/* A job that waits for its turn longer than that will be printed when its printer is turned on: there will be labels. */
#define MAX_WAIT_S 120

typedef struct
{
  GtkPrintOperation *operation;   /* alive while it tells of anything */
  GtkPrintOperation *held;        /* (owned) (nullable): when GTK is done and the printer is not */
  guint              wait_id;
  GError            *refused;     /* (owned) (nullable): what is kept of the printer cannot be applied */
  gboolean           is_named;    /* no dialog asked which printer */
  gboolean           is_file;     /* nothing is sent */
  gboolean           has_begun;
  gboolean           is_ended;
} Print;

static void
print_free (Print *print)
{
  g_clear_object (&print->held);
  g_clear_error (&print->refused);
  g_free (print);
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
static void
ask_for_no_scaling (GtkPrintSettings *settings)
{
  gtk_print_settings_set (settings, "cups-print-scaling", "none");
  gtk_print_settings_set_scale (settings, 100.0);
}

/* The print dialog makes settings of its own, in which options that it does not show are missing. They are set
 * before the job takes its copy of them: when a job has begun it is too late. */
static void
settings_changed_cb (GtkPrintOperation *operation)
{
  GtkPrintSettings *settings = gtk_print_operation_get_print_settings (operation);

  if (settings != NULL)
    ask_for_no_scaling (settings);
}

static GtkPrintSettings *
print_settings_new (const char *job_name)
{
  GtkPrintSettings *settings = gtk_print_settings_new ();
  g_autofree char *file_name = g_strdelimit (g_strdup (job_name), "/\\", '-');

  ask_for_no_scaling (settings);
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
  gtk_print_operation_set_track_print_status (operation, TRUE);

  g_signal_connect (operation, "notify::print-settings", G_CALLBACK (settings_changed_cb), NULL);

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
  Print *print = g_task_get_task_data (task);
  GtkPrintSettings *settings = gtk_print_operation_get_print_settings (operation);
  const char *printer = settings != NULL ? gtk_print_settings_get_printer (settings) : NULL;
  BwCalibration calibration;

  print->has_begun = TRUE;
  if (printer == NULL || bw_sheet_is_test_page (sheet))
    return;

  if (!bw_calibration_load (printer, bw_sheet_get_stock (sheet)->name, &calibration, &print->refused) ||
      !bw_sheet_set_calibration (sheet, &calibration, &print->refused))
    gtk_print_operation_cancel (operation);
}

/* Ends the task, once: the operation lets go of it. @error: (transfer full) (nullable) */
static void
end (GTask    *task,
     gboolean  was_printed,
     GError   *error)
{
  Print *print = g_task_get_task_data (task);
  g_autoptr(GTask) held = g_object_ref (task);

  print->is_ended = TRUE;
  g_signal_handlers_disconnect_by_data (print->operation, task);
  if (print->held != NULL)
    bw_hold_application (FALSE);
  g_clear_handle_id (&print->wait_id, g_source_remove);
  g_clear_object (&print->held);
  if (error != NULL)
    g_task_return_error (held, error);
  else
    g_task_return_boolean (held, was_printed);
}

static void
fail (GTask      *task,
      const char *reason)
{
  /* Translators: %s is a reason: the print job was broken off */
  end (task, FALSE, g_error_new (BW_ERROR, BW_ERROR_UNAVAILABLE, _("Nothing was printed: %s."), reason));
}

/* As long as it waits for its turn it may still be broken off, or its printer go away. */
static void
look (GTask *task)
{
  Print *print = g_task_get_task_data (task);

  switch (gtk_print_operation_get_status (print->operation))
    {
    case GTK_PRINT_STATUS_PRINTING:
    case GTK_PRINT_STATUS_FINISHED:
      end (task, TRUE, NULL);
      break;

    case GTK_PRINT_STATUS_FINISHED_ABORTED:
      fail (task, print->has_begun ? _("the print job was broken off") : _("the printer is not there any more"));
      break;

    case GTK_PRINT_STATUS_INITIAL:
    case GTK_PRINT_STATUS_PREPARING:
    case GTK_PRINT_STATUS_GENERATING_DATA:
    case GTK_PRINT_STATUS_SENDING_DATA:
    case GTK_PRINT_STATUS_PENDING:
    case GTK_PRINT_STATUS_PENDING_ISSUE:
    default:
      break;
    }
}

static gboolean
waited_cb (gpointer user_data)
{
  GTask *task = user_data;

  ((Print *) g_task_get_task_data (task))->wait_id = 0;
  end (task, TRUE, NULL);

  return G_SOURCE_REMOVE;
}

static void
status_changed_cb (GtkPrintOperation *operation,
                   GTask             *task)
{
  Print *print = g_task_get_task_data (task);

  if (print->held != NULL)
    look (task);
}

static void
print_done_cb (GtkPrintOperation       *operation,
               GtkPrintOperationResult  result,
               GTask                   *task)
{
  Print *print = g_task_get_task_data (task);

  if (result == GTK_PRINT_OPERATION_RESULT_APPLY && print->is_file)
    end (task, TRUE, NULL);
  else if (result == GTK_PRINT_OPERATION_RESULT_APPLY)
    {
      /* also over the last window: what was sent is noted */
      bw_hold_application (TRUE);
      print->held = g_object_ref (operation);
      print->wait_id = g_timeout_add_seconds (MAX_WAIT_S, waited_cb, task);
      look (task);
    }
  else if (print->refused != NULL)
    end (task, FALSE, g_steal_pointer (&print->refused));
  else if (result == GTK_PRINT_OPERATION_RESULT_ERROR)
    {
      g_autoptr(GError) error = NULL;

      /* only then there is one to ask for */
      gtk_print_operation_get_error (operation, &error);
      fail (task, error != NULL ? error->message : _("the print job was broken off"));
    }
  else if (print->is_named && !print->has_begun)
    fail (task, _("the printer is not there any more"));
  else
    end (task, FALSE, NULL);
}

static void
connect_task (GtkPrintOperation *operation,
              const char        *signal,
              GCallback          callback,
              GTask             *task)
{
  g_signal_connect_data (operation, signal, callback, g_object_ref (task), (GClosureNotify) g_object_unref, 0);
}

void
bw_sheet_print_async (BwSheet             *sheet,
                      GtkWindow           *parent,
                      const char          *job_name,
                      const char          *printer,
                      const char          *path,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GtkPrintOperation) operation = NULL;
  GtkPrintOperationAction action = GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG;
  GtkPrintOperationResult result;
  g_autoptr(GError) error = NULL;
  Print *print;

  g_return_if_fail (BW_IS_SHEET (sheet));

  task = g_task_new (sheet, NULL, callback, user_data);
  g_task_set_source_tag (task, bw_sheet_print_async);
  print = g_new0 (Print, 1);
  operation = bw_sheet_print_operation_new (sheet, job_name);
  print->operation = operation;
  print->is_named = printer != NULL;
  print->is_file = path != NULL;
  g_task_set_task_data (task, print, (GDestroyNotify) print_free);

  gtk_print_settings_set_printer (gtk_print_operation_get_print_settings (operation), printer);
  if (path != NULL)
    gtk_print_operation_set_export_filename (operation, path);

  connect_task (operation, "begin-print", G_CALLBACK (begin_print_cb), task);
  connect_task (operation, "status-changed", G_CALLBACK (status_changed_cb), task);
  connect_task (operation, "done", G_CALLBACK (print_done_cb), task);

  if (printer != NULL)
    action = path != NULL ? GTK_PRINT_OPERATION_ACTION_EXPORT : GTK_PRINT_OPERATION_ACTION_PRINT;
  result = gtk_print_operation_run (operation, action, parent, &error);

  /* a file that cannot be made comes without a signal */
  if (result == GTK_PRINT_OPERATION_RESULT_ERROR && !print->is_ended)
    fail (task, error != NULL ? error->message : _("the print job was broken off"));
}

gboolean
bw_sheet_print_finish (BwSheet       *sheet,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, sheet), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
