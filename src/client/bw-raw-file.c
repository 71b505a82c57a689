/* bw-raw-file.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-raw-file.h"

#include "bw-part-file.h"

/* As much as is made text of between two frames. */
#define PIECE_BYTES (256 * 1024)

typedef struct
{
  BwPartFile *file;
  GPtrArray  *messages;
  guint       n_written;
  GString    *piece;
} Writing;

static void
writing_free (Writing *writing)
{
  bw_part_file_free (writing->file);
  g_ptr_array_unref (writing->messages);
  g_string_free (writing->piece, TRUE);
  g_free (writing);
}

static void write_piece (GTask *task);

static void
piece_written_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    write_piece (task);
  else
    g_task_return_error (task, error);
}

static void
write_piece (GTask *task)
{
  Writing *writing = g_task_get_task_data (task);
  GError *error = NULL;

  g_string_truncate (writing->piece, 0);
  while (writing->n_written < writing->messages->len && writing->piece->len < PIECE_BYTES)
    {
      bw_raw_message_to_json (g_ptr_array_index (writing->messages, writing->n_written++), writing->piece);
      g_string_append_c (writing->piece, '\n');
    }

  if (writing->piece->len > 0)
    g_output_stream_write_all_async (bw_part_file_get_stream (writing->file), writing->piece->str, writing->piece->len,
                                     G_PRIORITY_DEFAULT, g_task_get_cancellable (task), piece_written_cb, g_object_ref (task));
  else if (bw_part_file_put_in_place (writing->file, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
bw_raw_file_write_async (const char          *path,
                         GPtrArray           *messages,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  BwPartFile *file;
  Writing *writing;
  GError *error = NULL;

  g_return_if_fail (path != NULL);
  g_return_if_fail (messages != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_raw_file_write_async);

  file = bw_part_file_open (path, &error);
  if (file == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  writing = g_new0 (Writing, 1);
  writing->file = file;
  writing->messages = g_ptr_array_ref (messages);
  writing->piece = g_string_sized_new (PIECE_BYTES);
  g_task_set_task_data (task, writing, (GDestroyNotify) writing_free);
  write_piece (task);
}

gboolean
bw_raw_file_write_finish (GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
