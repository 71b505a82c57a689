/* bw-session-history.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-session-history.h"

#include "bw-error.h"
#include "bw-session-private.h"

typedef struct
{
  GBytes   *body;
  gpointer (*read) (const char *text, gsize length, GError **error);
  void     (*free) (gpointer data);
} Reading;

static void
reading_free (Reading *reading)
{
  g_bytes_unref (reading->body);
  g_free (reading);
}

static gpointer
read_history (const char  *text,
              gsize        length,
              GError     **error)
{
  return bw_history_new_from_json (text, length, error);
}

static gpointer
read_series (const char  *text,
             gsize        length,
             GError     **error)
{
  return bw_history_series_list_from_json (text, length, error);
}

static void
free_history (gpointer history)
{
  bw_history_unref (history);
}

static void
free_series (gpointer series)
{
  g_ptr_array_unref (series);
}

/* On a thread of its own. */
static void
read_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Reading *reading = task_data;
  GError *error = NULL;
  gsize size;
  const char *text = g_bytes_get_data (reading->body, &size);
  gpointer what = reading->read (text, size, &error);

  if (what == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, what, reading->free);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  BwSession *self = g_task_get_source_object (task);
  Reading *reading = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;
  gpointer what = g_task_propagate_pointer (G_TASK (result), &error);

  if (what != NULL)
    {
      g_task_return_pointer (task, what, reading->free);
      return;
    }

  g_debug ("history: %s", error->message);
  g_task_return_new_error (task, BW_ERROR, BW_ERROR_INVALID,
                           "%s does not answer like a Bellwether backend: %s", self->base_uri, error->message);
}

static void
take_reply (BwSession    *self,
            GAsyncResult *result,
            GTask        *owned_task,
            gpointer      (*read) (const char *text, gsize length, GError **error),
            void          (*free) (gpointer data))
{
  g_autoptr(GTask) task = owned_task;
  g_autoptr(GTask) job = NULL;
  g_autoptr(GError) error = NULL;
  GBytes *body = bw_session_exchange_finish (self, result, &error);
  Reading *reading;

  if (body == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  reading = g_new (Reading, 1);
  reading->body = body;
  reading->read = read;
  reading->free = free;

  job = g_task_new (NULL, NULL, read_cb, g_object_ref (task));
  g_task_set_task_data (job, reading, (GDestroyNotify) reading_free);
  g_task_run_in_thread (job, read_thread);
}

static void
history_received_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  take_reply (BW_SESSION (source), result, user_data, read_history, free_history);
}

static void
series_received_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  take_reply (BW_SESSION (source), result, user_data, read_series, free_series);
}

/* (transfer full): below a device; without a query */
static GString *
make_path (const char *device_id,
           const char *tail)
{
  GString *path = g_string_new ("/v1/devices/");

  g_string_append_uri_escaped (path, device_id, NULL, FALSE);
  g_string_append (path, tail);

  return path;
}

static void
add_text (GString    *path,
          const char *name,
          const char *value)
{
  if (value == NULL)
    return;

  g_string_append_printf (path, "&%s=", name);
  g_string_append_uri_escaped (path, value, NULL, FALSE);
}

void
bw_session_load_history_series_async (BwSession           *self,
                                      const char          *device_id,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  g_autoptr(GString) path = NULL;
  GTask *task;

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (device_id != NULL);

  path = make_path (device_id, "/history/series");
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_load_history_series_async);
  bw_session_exchange_async (self, "GET", path->str, NULL, BW_LONG_REPLY_MAX_BYTES, BW_EXCHANGE_PLAIN, cancellable,
                             series_received_cb, task);
}

GPtrArray *
bw_session_load_history_series_finish (BwSession     *self,
                                       GAsyncResult  *result,
                                       GError       **error)
{
  return bw_session_finish_pointer (self, result, bw_session_load_history_series_async, error);
}

void
bw_session_load_history_async (BwSession           *self,
                               const char          *device_id,
                               const char          *node,
                               const char          *property,
                               gint64               from_us,
                               gint64               to_us,
                               guint                n_points,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GString) path = NULL;
  GTask *task;

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (device_id != NULL && node != NULL && property != NULL);
  g_return_if_fail (from_us <= to_us);
  g_return_if_fail (n_points >= 1 && n_points <= BW_HISTORY_MAX_POINTS);

  path = make_path (device_id, "/history");
  g_string_append_printf (path, "?from=%" G_GINT64_FORMAT "&to=%" G_GINT64_FORMAT "&points=%u", from_us, to_us, n_points);
  add_text (path, "node", node);
  add_text (path, "property", property);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_load_history_async);
  bw_session_exchange_async (self, "GET", path->str, NULL, BW_LONG_REPLY_MAX_BYTES, BW_EXCHANGE_PLAIN, cancellable,
                             history_received_cb, task);
}

BwHistory *
bw_session_load_history_finish (BwSession     *self,
                                GAsyncResult  *result,
                                GError       **error)
{
  return bw_session_finish_pointer (self, result, bw_session_load_history_async, error);
}

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  /* The file is there, whoever cancels now. */
  g_task_set_check_cancellable (task, FALSE);
  if (!bw_session_download_finish (BW_SESSION (source), result, &error))
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
bw_session_export_history_async (BwSession           *self,
                                 const char          *device_id,
                                 const char          *node,
                                 const char          *property,
                                 gint64               from_us,
                                 gint64               to_us,
                                 const char          *file_path,
                                 BwProgressFunc       progress,
                                 gpointer             progress_data,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(GString) path = NULL;
  GTask *task;

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (device_id != NULL && file_path != NULL);
  g_return_if_fail ((node == NULL) == (property == NULL));
  g_return_if_fail (from_us <= to_us);

  path = make_path (device_id, "/history.csv");
  g_string_append_printf (path, "?from=%" G_GINT64_FORMAT "&to=%" G_GINT64_FORMAT, from_us, to_us);
  add_text (path, "node", node);
  add_text (path, "property", property);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_export_history_async);
  bw_session_download_async (self, path->str, file_path, progress, progress_data, cancellable, exported_cb, task);
}

gboolean
bw_session_export_history_finish (BwSession     *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  return bw_session_finish_boolean (self, result, bw_session_export_history_async, error);
}
