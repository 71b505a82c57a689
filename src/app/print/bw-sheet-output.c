/* bw-sheet-output.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-sheet-output.h"

#include <glib/gi18n.h>

/* How often the main thread looks how far the rendering is. */
#define PROGRESS_MS 100

BwSheet *
bw_sheet_new_for_request (const BwSheetRequest  *request,
                          GPtrArray             *ids,
                          GError               **error)
{
  g_autoptr(BwSheet) sheet = NULL;

  g_return_val_if_fail (request != NULL, NULL);
  g_return_val_if_fail (ids != NULL, NULL);

  sheet = bw_sheet_new (request->stock, request->batch, request->color, request->count,
                        request->created_at_us, request->start, error);
  if (sheet == NULL)
    return NULL;

  if (request->design != NULL &&
      (!bw_sheet_set_design (sheet, request->design, error) || !bw_sheet_set_facts (sheet, &request->facts, error)))
    return NULL;

  for (guint i = 0; i < ids->len; i++)
    {
      if (!bw_sheet_add (sheet, g_ptr_array_index (ids, i), request->first_serial + i, error))
        return NULL;
    }

  return g_steal_pointer (&sheet);
}

/* Shared by the thread that renders and the main one. */
typedef struct
{
  char              *path;
  int                n_done;        /* atomic */
  int                n_pages;       /* atomic */
  BwSheetOutputFunc  progress;
  gpointer           progress_data;
  guint              timeout_id;    /* main thread's */
} Export;

static void
export_free (Export *export)
{
  g_clear_handle_id (&export->timeout_id, g_source_remove);
  g_free (export->path);
  g_free (export);
}

static void
page_done_cb (guint    n_pages_done,
              guint    n_pages,
              gpointer user_data)
{
  Export *export = user_data;

  g_atomic_int_set (&export->n_pages, (int) n_pages);
  g_atomic_int_set (&export->n_done, (int) n_pages_done);
}

static void
export_thread (GTask        *task,
               gpointer      source,
               gpointer      task_data,
               GCancellable *cancellable)
{
  Export *export = task_data;
  GError *error = NULL;

  if (bw_sheet_write_pdf (source, export->path, page_done_cb, export, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static gboolean
progress_timeout_cb (gpointer user_data)
{
  Export *export = user_data;

  export->progress (g_atomic_int_get (&export->n_done), g_atomic_int_get (&export->n_pages), export->progress_data);

  return G_SOURCE_CONTINUE;
}

/* The thread may let go of the task after the callback ran; the progress must have ended before. */
static void
completed_cb (GTask *task)
{
  Export *export = g_task_get_task_data (task);

  g_clear_handle_id (&export->timeout_id, g_source_remove);
}

void
bw_sheet_export_pdf_async (BwSheet             *sheet,
                           const char          *path,
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
  g_task_set_source_tag (task, bw_sheet_export_pdf_async);
  export = g_new0 (Export, 1);
  export->path = g_strdup (path);
  export->progress = progress;
  export->progress_data = progress_data;
  g_task_set_task_data (task, export, (GDestroyNotify) export_free);

  if (progress != NULL)
    export->timeout_id = g_timeout_add (PROGRESS_MS, progress_timeout_cb, export);

  g_signal_connect (task, "notify::completed", G_CALLBACK (completed_cb), NULL);
  g_task_run_in_thread (task, export_thread);
}

gboolean
bw_sheet_export_pdf_finish (BwSheet       *sheet,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, sheet), FALSE);

  completed_cb (G_TASK (result));

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

static void
print_done_cb (GtkPrintOperation       *operation,
               GtkPrintOperationResult  result,
               GTask                   *task)
{
  GError *error = NULL;

  if (result == GTK_PRINT_OPERATION_RESULT_ERROR)
    {
      gtk_print_operation_get_error (operation, &error);
      g_task_return_error (task, error);
      return;
    }

  g_task_return_boolean (task, result == GTK_PRINT_OPERATION_RESULT_APPLY);
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

void
bw_sheet_print_async (BwSheet             *sheet,
                      GtkWindow           *parent,
                      const char          *job_name,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr(GtkPrintOperation) operation = gtk_print_operation_new ();
  g_autoptr(GtkPageSetup) setup = NULL;
  GTask *task;

  g_return_if_fail (BW_IS_SHEET (sheet));

  task = g_task_new (sheet, NULL, callback, user_data);
  g_task_set_source_tag (task, bw_sheet_print_async);

  setup = page_setup_new (sheet);
  gtk_print_operation_set_default_page_setup (operation, setup);
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
