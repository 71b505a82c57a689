/* bw-session-export.c: the hand-over file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-session-private.h"

#include <string.h>

#include "bw-error.h"
#include "bw-part-file.h"
#include "bw-provision.h"

#define CHUNK_BYTES (256 * 1024)

/* What the bytes that went by have shown; a batch's name may hold commas, quotes and
 * line breaks. Keys: whether the second column of any record holds anything. */
typedef struct
{
  gint64   n_records;
  guint    n_commas;
  gboolean in_quotes;
  gboolean has_keys;
} Scan;

/**
 * Export:
 *
 * The keys leave the backend once. The file is complete and on the disk under
 * its name before the backend is told to forget them; until then nothing is
 * lost by trying again.
 */
typedef struct
{
  char           *batch_id;
  char           *path;
  BwHandOverFormat format;
  GInputStream   *input;
  BwPartFile     *file;         /* (nullable): once there is something to write */
  GBytes         *chunk;
  gint64          n_expected;
  gint64          n_bytes;
  Scan            scan;
  BwProgressFunc  progress;
  gpointer        progress_data;
} Export;

static void
export_free (Export *export)
{
  g_clear_object (&export->input);
  g_clear_pointer (&export->file, bw_part_file_free);
  g_clear_pointer (&export->chunk, g_bytes_unref);
  g_free (export->path);
  g_free (export->batch_id);
  g_free (export);
}

static void
scan_bytes (Scan       *scan,
            const char *text,
            gsize       size)
{
  for (gsize i = 0; i < size; i++)
    {
      char c = text[i];

      if (c == '"')
        scan->in_quotes = !scan->in_quotes;
      else if (!scan->in_quotes && c == '\n')
        {
          scan->n_records++;
          scan->n_commas = 0;
        }
      else if (!scan->in_quotes && c == ',')
        scan->n_commas++;
      else if (scan->n_records > 0 && scan->n_commas == 1 && c != '\r')
        scan->has_keys = TRUE;
    }
}

/* The table stays under the name that nobody knows, and goes. */
static gboolean
put_zip_in_place (Export   *export,
                  GTask    *task,
                  GError  **error)
{
  g_autoptr(BwPartFile) zip = bw_part_file_open (export->path, error);
  g_autoptr(GMappedFile) table = NULL;

  if (zip == NULL)
    return FALSE;

  table = g_mapped_file_new_from_fd (bw_part_file_get_fd (export->file), FALSE, error);
  if (table == NULL)
    {
      bw_error_adopt (error);
      return FALSE;
    }

  return bw_provision_write_zip (g_mapped_file_get_contents (table), g_mapped_file_get_length (table),
                                 export->format, bw_part_file_get_fd (zip), g_task_get_cancellable (task), error) &&
         bw_part_file_put_in_place (zip, error);
}

static void
put_in_place (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Export *export = task_data;
  GError *error = NULL;

  if (export->scan.n_records != export->n_expected + 1 || export->scan.in_quotes)
    {
      g_task_return_new_error (task, BW_ERROR, BW_ERROR_UNAVAILABLE,
                               "the hand-over file came with %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " devices",
                               MAX (export->scan.n_records - 1, 0), export->n_expected);
      return;
    }

  if (!export->scan.has_keys && g_file_test (export->path, G_FILE_TEST_EXISTS))
    {
      g_task_return_new_error (task, BW_ERROR, BW_ERROR_CONFLICT,
                               "the keys were handed over before, and “%s” may be the only file with them; "
                               "give another name", export->path);
      return;
    }

  if (!(export->format == BW_HAND_OVER_CSV ? bw_part_file_put_in_place (export->file, &error)
                                           : put_zip_in_place (export, task, &error)))
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
handed_over_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  BwSession *self = BW_SESSION (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;
  Export *export = g_task_get_task_data (task);

  reply = bw_session_document_finish (self, result, &error);

  /* A conflict says that another one told the backend first: it has forgotten the keys. */
  if (reply == NULL && !g_error_matches (error, BW_ERROR, BW_ERROR_CONFLICT))
    {
      g_prefix_error (&error, "“%s” is written, but the backend still holds the keys: ", export->path);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_task_return_boolean (task, TRUE);
}

static void
placed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *path = NULL;
  BwSession *self = g_task_get_source_object (task);
  Export *export = g_task_get_task_data (task);

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (!export->scan.has_keys)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  /* Not to be cancelled any more: the file is there. */
  escaped = g_uri_escape_string (export->batch_id, NULL, FALSE);
  path = g_strconcat ("/v1/batches/", escaped, "/handed-over", NULL);
  g_task_set_check_cancellable (task, FALSE);
  bw_session_exchange_async (self, "POST", path, NULL, BW_REPLY_MAX_BYTES, BW_EXCHANGE_PLAIN, NULL,
                             handed_over_cb, g_steal_pointer (&task));
}

static void read_chunk (GTask *task);

static void
chunk_written_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Export *export = g_task_get_task_data (task);

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_prefix_error (&error, "cannot write “%s”: ", export->path);
          bw_error_adopt (&error);
        }

      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_clear_pointer (&export->chunk, g_bytes_unref);
  read_chunk (task);
}

/* The rows are about as long as one another. */
static void
tell_progress (Export *export)
{
  double rows_per_row = (double) (export->n_expected + 1) / (double) MAX (export->scan.n_records, 1);

  if (export->progress != NULL)
    export->progress (export->n_bytes,
                      MAX (export->n_bytes, (gint64) ((double) export->n_bytes * rows_per_row)),
                      export->progress_data);
}

static void
chunk_read_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GTask) placing = NULL;
  g_autoptr(GError) error = NULL;
  Export *export = g_task_get_task_data (task);
  gconstpointer data;
  gsize size;

  export->chunk = g_input_stream_read_bytes_finish (export->input, result, &error);
  if (export->chunk == NULL)
    {
      g_prefix_error (&error, "the hand-over file broke off: ");
      bw_error_adopt (&error);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  data = g_bytes_get_data (export->chunk, &size);
  if (size == 0)
    {
      placing = g_task_new (NULL, g_task_get_cancellable (task), placed_cb, g_object_ref (task));
      g_task_set_task_data (placing, export, NULL);
      g_task_set_check_cancellable (placing, FALSE);
      g_task_run_in_thread (placing, put_in_place);
      return;
    }

  scan_bytes (&export->scan, data, size);
  export->n_bytes += (gint64) size;
  tell_progress (export);

  g_output_stream_write_all_async (bw_part_file_get_stream (export->file), data, size, G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task), chunk_written_cb, g_object_ref (task));
}

static void
read_chunk (GTask *task)
{
  Export *export = g_task_get_task_data (task);

  g_input_stream_read_bytes_async (export->input, CHUNK_BYTES, G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task), chunk_read_cb, g_object_ref (task));
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Export *export = g_task_get_task_data (task);

  export->input = bw_session_open_finish (BW_SESSION (source), result, &error);
  if (export->input == NULL || (export->file = bw_part_file_open (export->path, &error)) == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  read_chunk (task);
}

static void
batch_read_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  BwSession *self = BW_SESSION (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(BwBatch) batch = bw_batch_new ();
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *path = NULL;
  Export *export = g_task_get_task_data (task);

  reply = bw_session_document_finish (self, result, &error);
  if (reply == NULL || !bw_entity_load (BW_ENTITY (batch), reply, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (!bw_batch_is_ready (batch))
    {
      g_task_return_new_error (task, BW_ERROR, BW_ERROR_CONFLICT, "the batch is still being created");
      return;
    }

  export->n_expected = bw_batch_get_count (batch);
  escaped = g_uri_escape_string (export->batch_id, NULL, FALSE);
  path = g_strconcat ("/v1/batches/", escaped, "/hand-over.csv", NULL);
  bw_session_open_async (self, "GET", path, NULL, BW_EXCHANGE_PATIENT, g_task_get_cancellable (task),
                         opened_cb, g_object_ref (task));
}

void
bw_session_export_batch_as_async (BwSession           *self,
                                  const char          *batch_id,
                                  const char          *path,
                                  BwHandOverFormat     format,
                                  BwProgressFunc       progress,
                                  gpointer             progress_data,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *batch_path = NULL;
  Export *export;

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (batch_id != NULL && path != NULL);

  export = g_new0 (Export, 1);
  export->batch_id = g_strdup (batch_id);
  export->path = g_strdup (path);
  export->format = format;
  export->progress = progress;
  export->progress_data = progress_data;

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_export_batch_async);
  g_task_set_task_data (task, export, (GDestroyNotify) export_free);

  escaped = g_uri_escape_string (batch_id, NULL, FALSE);
  batch_path = g_strconcat ("/v1/batches/", escaped, NULL);
  bw_session_exchange_async (self, "GET", batch_path, NULL, BW_REPLY_MAX_BYTES, BW_EXCHANGE_PLAIN,
                             cancellable, batch_read_cb, g_steal_pointer (&task));
}

void
bw_session_export_batch_async (BwSession           *self,
                               const char          *batch_id,
                               const char          *path,
                               BwProgressFunc       progress,
                               gpointer             progress_data,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  bw_session_export_batch_as_async (self, batch_id, path, BW_HAND_OVER_CSV, progress, progress_data,
                                    cancellable, callback, user_data);
}

gboolean
bw_session_export_batch_finish (BwSession     *self,
                                GAsyncResult  *result,
                                gboolean      *ret_had_keys,
                                GError       **error)
{
  Export *export = g_task_get_task_data (G_TASK (result));
  gboolean had_keys = export->scan.has_keys;

  if (!bw_session_finish_boolean (self, result, bw_session_export_batch_async, error))
    return FALSE;

  if (ret_had_keys != NULL)
    *ret_had_keys = had_keys;

  return TRUE;
}
