/* bw-session-download.c: a long reply into a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-session-private.h"

#include "bw-error.h"
#include "bw-part-file.h"

#define CHUNK_BYTES (256 * 1024)

typedef struct
{
  char           *path;
  GInputStream   *input;
  BwPartFile     *file;         /* (nullable): once there is something to write */
  GBytes         *chunk;
  gint64          n_lines;
  BwProgressFunc  progress;
  gpointer        progress_data;
} Download;

static void
download_free (Download *download)
{
  g_clear_object (&download->input);
  g_clear_pointer (&download->file, bw_part_file_free);
  g_clear_pointer (&download->chunk, g_bytes_unref);
  g_free (download->path);
  g_free (download);
}

static void read_chunk (GTask *task);

static void
chunk_written_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Download *download = g_task_get_task_data (task);

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_prefix_error (&error, "cannot write “%s”: ", download->path);
          bw_error_adopt (&error);
        }

      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_clear_pointer (&download->chunk, g_bytes_unref);
  read_chunk (task);
}

static void
tell_progress (Download   *download,
               const char *text,
               gsize       size)
{
  for (gsize i = 0; i < size; i++)
    download->n_lines += text[i] == '\n';

  if (download->progress != NULL)
    download->progress (download->n_lines, 0, download->progress_data);
}

static void
chunk_read_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Download *download = g_task_get_task_data (task);
  gconstpointer data;
  gsize size;

  download->chunk = g_input_stream_read_bytes_finish (download->input, result, &error);
  if (download->chunk == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_prefix_error (&error, "the file broke off: ");
          bw_error_adopt (&error);
        }

      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  data = g_bytes_get_data (download->chunk, &size);
  if (size == 0)
    {
      bw_part_file_end_task (download->file, g_steal_pointer (&task));
      return;
    }

  tell_progress (download, data, size);
  g_output_stream_write_all_async (bw_part_file_get_stream (download->file), data, size, G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task), chunk_written_cb, g_object_ref (task));
}

static void
read_chunk (GTask *task)
{
  Download *download = g_task_get_task_data (task);

  g_input_stream_read_bytes_async (download->input, CHUNK_BYTES, G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task), chunk_read_cb, g_object_ref (task));
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Download *download = g_task_get_task_data (task);

  download->input = bw_session_open_finish (BW_SESSION (source), result, &error);
  if (download->input == NULL || (download->file = bw_part_file_open (download->path, &error)) == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  read_chunk (task);
}

void
bw_session_download_asked_async (BwSession           *self,
                                 const char          *path_and_query,
                                 const char          *body,
                                 const char          *file_path,
                                 BwProgressFunc       progress,
                                 gpointer             progress_data,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Download *download;

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (path_and_query != NULL && *path_and_query == '/');
  g_return_if_fail (file_path != NULL);

  download = g_new0 (Download, 1);
  download->path = g_strdup (file_path);
  download->progress = progress;
  download->progress_data = progress_data;

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_download_async);
  g_task_set_task_data (task, download, (GDestroyNotify) download_free);
  bw_session_open_async (self, body != NULL ? "POST" : "GET", path_and_query, body, BW_EXCHANGE_PATIENT, cancellable,
                         opened_cb, g_steal_pointer (&task));
}

void
bw_session_download_async (BwSession           *self,
                           const char          *path_and_query,
                           const char          *file_path,
                           BwProgressFunc       progress,
                           gpointer             progress_data,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  bw_session_download_asked_async (self, path_and_query, NULL, file_path, progress, progress_data, cancellable, callback,
                                   user_data);
}

gboolean
bw_session_download_finish (BwSession     *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  return bw_session_finish_boolean (self, result, bw_session_download_async, error);
}
