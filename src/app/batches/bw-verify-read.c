/* bw-verify-read.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-verify-read.h"

#include "bw-error.h"

/* How often the main thread looks how far the reading is. */
#define PROGRESS_MS 100

/* Shared by the thread that reads and the main one. */
typedef struct
{
  char             **paths;
  GdkPixbuf         *image;
  BwLabelReport     *report;        /* (owned) */
  int                n_done;        /* atomic */
  int                n_pages;       /* atomic */
  BwVerifyReadFunc   progress;
  gpointer           progress_data;
  guint              timeout_id;    /* main thread's */
} Read;

static void
read_free (Read *read)
{
  g_clear_handle_id (&read->timeout_id, g_source_remove);
  g_strfreev (read->paths);
  g_clear_object (&read->image);
  bw_label_report_free (read->report);
  g_free (read);
}

static void
page_cb (guint    n_pages_done,
         guint    n_pages,
         gpointer user_data)
{
  Read *read = user_data;

  g_atomic_int_set (&read->n_pages, (int) n_pages);
  g_atomic_int_set (&read->n_done, (int) n_pages_done);
}

static gboolean
read_image (BwLabelReader  *reader,
            GdkPixbuf      *image,
            GCancellable   *cancellable,
            GError        **error)
{
  g_autoptr(BwGray) gray = NULL;

  if ((gint64) gdk_pixbuf_get_width (image) * gdk_pixbuf_get_height (image) > BW_GRAY_MAX_PIXELS)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_TOO_LARGE, "the picture has too many pixels");
      return FALSE;
    }

  gray = bw_gray_new_from_pixbuf (image);

  return bw_label_reader_read_gray (reader, gray, cancellable, error);
}

static void
read_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Read *read = task_data;
  GError *error = NULL;
  gboolean ok = TRUE;

  for (guint i = 0; ok && read->paths != NULL && read->paths[i] != NULL; i++)
    ok = bw_label_reader_read_file (source, read->paths[i], page_cb, read, cancellable, &error);
  if (ok && read->image != NULL)
    ok = read_image (source, read->image, cancellable, &error);

  read->report = bw_label_reader_judge (source);
  if (ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static gboolean
progress_timeout_cb (gpointer user_data)
{
  Read *read = user_data;

  read->progress (g_atomic_int_get (&read->n_done), g_atomic_int_get (&read->n_pages), read->progress_data);

  return G_SOURCE_CONTINUE;
}

/* The thread may let go of the task after the callback ran; the progress must have ended before. */
static void
completed_cb (GTask *task)
{
  Read *read = g_task_get_task_data (task);

  g_clear_handle_id (&read->timeout_id, g_source_remove);
}

void
bw_verify_read_async (BwLabelReader       *reader,
                      const char * const  *paths,
                      GdkPixbuf           *image,
                      BwVerifyReadFunc     progress,
                      gpointer             progress_data,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Read *read;

  g_return_if_fail (BW_IS_LABEL_READER (reader));

  task = g_task_new (reader, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_verify_read_async);
  read = g_new0 (Read, 1);
  read->paths = g_strdupv ((char **) paths);
  read->image = image != NULL ? g_object_ref (image) : NULL;
  read->progress = progress;
  read->progress_data = progress_data;
  g_task_set_task_data (task, read, (GDestroyNotify) read_free);
  read->timeout_id = g_timeout_add (PROGRESS_MS, progress_timeout_cb, read);

  g_signal_connect (task, "notify::completed", G_CALLBACK (completed_cb), NULL);
  g_task_run_in_thread (task, read_thread);
}

gboolean
bw_verify_read_finish (BwLabelReader  *reader,
                       GAsyncResult   *result,
                       BwLabelReport **ret_report,
                       GError        **error)
{
  Read *read;

  g_return_val_if_fail (g_task_is_valid (result, reader), FALSE);

  read = g_task_get_task_data (G_TASK (result));
  *ret_report = g_steal_pointer (&read->report);

  completed_cb (G_TASK (result));

  return g_task_propagate_boolean (G_TASK (result), error);
}
