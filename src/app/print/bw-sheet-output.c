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
