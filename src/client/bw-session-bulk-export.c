/* bw-session-bulk-export.c: what became of each device, as a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-session-bulk.h"

#include "bw-csv.h"
#include "bw-error.h"
#include "bw-json.h"
#include "bw-part-file.h"
#include "bw-session-private.h"

#define PAGE_ROWS 500

typedef struct
{
  char           *path;        /* of the route, with its query */
  char           *file_path;
  BwPartFile     *file;        /* (nullable): once there is something to write */
  GString        *text;        /* that is being written */
  gint64          n_done;
  gint64          total;
  BwProgressFunc  progress;
  gpointer        progress_data;
} Export;

static void
export_free (Export *export)
{
  g_clear_pointer (&export->file, bw_part_file_free);
  g_string_free (export->text, TRUE);
  g_free (export->path);
  g_free (export->file_path);
  g_free (export);
}

static void read_page (GTask *task);

static void
written_cb (GObject      *source,
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
          g_prefix_error (&error, "cannot write “%s”: ", export->file_path);
          bw_error_adopt (&error);
        }

      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (export->progress != NULL)
    export->progress (export->n_done, export->total, export->progress_data);

  if (export->n_done >= export->total)
    {
      bw_part_file_end_task (export->file, g_steal_pointer (&task));
      return;
    }

  read_page (task);
}

static void
append_result (GString    *text,
               JsonObject *item)
{
  bw_csv_append_field (text, bw_json_get_string (item, "id"), FALSE);
  bw_csv_append_field (text, bw_json_get_string (item, "name"), FALSE);
  bw_csv_append_field (text, bw_json_get_string (item, "state"), FALSE);
  bw_csv_append_field (text, bw_json_get_string (item, "reason"), TRUE);
}

static void
page_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Export *export = g_task_get_task_data (task);
  g_autoptr(JsonObject) reply = bw_session_document_finish (BW_SESSION (source), result, &error);
  JsonArray *items = bw_json_get_array (reply, "items");
  guint n_items;

  if (reply != NULL && items == NULL)
    g_set_error_literal (&error, BW_ERROR, BW_ERROR_INVALID, "the backend's answer holds no list");

  if (items == NULL || (export->file == NULL && (export->file = bw_part_file_open (export->file_path, &error)) == NULL))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_string_assign (export->text, export->n_done == 0 ? "device_id,name,state,reason\r\n" : "");
  n_items = json_array_get_length (items);
  for (guint i = 0; i < n_items; i++)
    {
      JsonNode *node = json_array_get_element (items, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        append_result (export->text, json_node_get_object (node));
    }

  /* A list that is over before its total is over. */
  export->n_done += n_items;
  export->total = n_items > 0 ? bw_json_get_int (reply, "total", 0) : export->n_done;
  g_output_stream_write_all_async (bw_part_file_get_stream (export->file), export->text->str, export->text->len,
                                   G_PRIORITY_DEFAULT, g_task_get_cancellable (task), written_cb, g_object_ref (task));
}

static void
read_page (GTask *task)
{
  Export *export = g_task_get_task_data (task);
  g_autofree char *path = g_strdup_printf ("%soffset=%" G_GINT64_FORMAT "&limit=%d", export->path, export->n_done, PAGE_ROWS);

  bw_session_exchange_async (g_task_get_source_object (task), "GET", path, NULL, BW_REPLY_MAX_BYTES, BW_EXCHANGE_PLAIN,
                             g_task_get_cancellable (task), page_read_cb, g_object_ref (task));
}

void
bw_session_export_bulk_async (BwSession           *self,
                              const char          *job_id,
                              const char          *state,
                              const char          *file_path,
                              BwProgressFunc       progress,
                              gpointer             progress_data,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Export *export;

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (job_id != NULL && file_path != NULL);

  export = g_new0 (Export, 1);
  export->path = g_strdup_printf ("/v1/bulk/%s/results?%s%s%s", job_id, state != NULL ? "state=" : "",
                                  state != NULL ? state : "", state != NULL ? "&" : "");
  export->file_path = g_strdup (file_path);
  export->text = g_string_new (NULL);
  export->progress = progress;
  export->progress_data = progress_data;
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_export_bulk_async);
  g_task_set_task_data (task, export, (GDestroyNotify) export_free);
  read_page (task);
}

gboolean
bw_session_export_bulk_finish (BwSession     *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  return bw_session_finish_boolean (self, result, bw_session_export_bulk_async, error);
}
