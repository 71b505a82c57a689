/* bw-session-bulk.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-session-bulk.h"

#include "bw-error.h"
#include "bw-json.h"
#include "bw-session-private.h"

/* The feed tells sooner; this is for when there is none. */
#define POLL_MS      500
#define POLL_SLOW_MS 5000   /* while the server does not answer */
#define POLLS_FAILED_MAX 24

typedef struct
{
  char           *id;             /* of the job, once it is known */
  BwProgressFunc  progress;
  gpointer        progress_data;
  GCancellable   *stop;           /* (owned) (nullable) */
  gulong          stop_id;
  gboolean        is_stopped;     /* the server is told, or will be as soon as the job is known */
  gulong          changed_id;
  gulong          detached_id;
  guint           poll_source;
  guint           n_failed;
  gboolean        is_over;
} Run;

static void
run_free (Run *run)
{
  g_clear_object (&run->stop);
  g_free (run->id);
  g_free (run);
}

JsonObject *
bw_bulk_request_new (const char         *action,
                     const char * const *ids,
                     JsonObject         *filter,
                     JsonObject         *parameters)
{
  JsonObject *request = json_object_new ();

  g_return_val_if_fail (action != NULL, request);
  g_return_val_if_fail ((ids == NULL) != (filter == NULL), request);

  json_object_set_string_member (request, "action", action);
  if (ids != NULL)
    {
      JsonArray *array = json_array_new ();

      for (gsize i = 0; ids[i] != NULL; i++)
        json_array_add_string_element (array, ids[i]);
      json_object_set_array_member (request, "ids", array);
    }
  else
    {
      json_object_set_object_member (request, "filter", json_object_ref (filter));
    }

  if (parameters != NULL)
    json_object_set_object_member (request, "parameters", json_object_ref (parameters));

  return request;
}

/* (transfer full) */
static char *
request_to_text (JsonObject *request,
                 gboolean    is_preview)
{
  g_autoptr(JsonNode) node = json_node_alloc ();
  g_autoptr(JsonObject) whole = json_object_new ();
  g_autoptr(GList) names = json_object_get_members (request);

  for (GList *l = names; l != NULL; l = l->next)
    json_object_set_member (whole, l->data, json_node_copy (json_object_get_member (request, l->data)));
  if (is_preview)
    json_object_set_boolean_member (whole, "preview", TRUE);

  json_node_init_object (node, whole);

  return json_to_string (node, FALSE);
}

static void
previewed_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  JsonObject *reply = bw_session_document_finish (BW_SESSION (source), result, &error);

  if (reply == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, reply, (GDestroyNotify) json_object_unref);
}

void
bw_session_preview_bulk_async (BwSession           *self,
                               JsonObject          *request,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *body = NULL;

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (request != NULL);

  body = request_to_text (request, TRUE);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_preview_bulk_async);
  bw_session_exchange_async (self, "POST", "/v1/bulk", body, BW_REPLY_MAX_BYTES, BW_EXCHANGE_PATIENT, cancellable,
                             previewed_cb, g_steal_pointer (&task));
}

JsonObject *
bw_session_preview_bulk_finish (BwSession     *self,
                                GAsyncResult  *result,
                                GError       **error)
{
  return bw_session_finish_pointer (self, result, bw_session_preview_bulk_async, error);
}

static void
let_go (GTask *task)
{
  BwSession *session = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);

  run->is_over = TRUE;
  g_clear_handle_id (&run->poll_source, g_source_remove);
  g_clear_signal_handler (&run->changed_id, session);
  if (run->stop != NULL)
    g_clear_signal_handler (&run->stop_id, run->stop);
  if (g_task_get_cancellable (task) != NULL)
    g_clear_signal_handler (&run->detached_id, g_task_get_cancellable (task));
}

/* Ends the task; the caller holds a reference. */
static void
end_with_error (GTask  *task,
                GError *error)
{
  Run *run = g_task_get_task_data (task);

  if (run->is_over)
    {
      g_error_free (error);
      return;
    }

  let_go (task);
  g_task_return_error (task, error);
}

static void
take_job (GTask      *task,
          JsonObject *job)
{
  Run *run = g_task_get_task_data (task);
  const char *state = bw_json_get_string (job, "state");

  if (run->is_over)
    return;

  run->n_failed = 0;
  if (run->progress != NULL)
    run->progress (bw_json_get_int (job, "nDone", 0), bw_json_get_int (job, "total", 0), run->progress_data);

  if (g_strcmp0 (state, "running") == 0)
    return;

  let_go (task);
  g_task_return_pointer (task, json_object_ref (job), (GDestroyNotify) json_object_unref);
}

static void schedule_poll (GTask *task);

static void
polled_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Run *run = g_task_get_task_data (task);
  g_autoptr(JsonObject) job = bw_session_document_finish (BW_SESSION (source), result, &error);

  if (run->is_over)
    return;

  if (job != NULL)
    {
      take_job (task, job);
    }
  else if (!g_error_matches (error, BW_ERROR, BW_ERROR_UNAVAILABLE) || ++run->n_failed > POLLS_FAILED_MAX)
    {
      end_with_error (task, g_steal_pointer (&error));
      return;
    }

  if (!run->is_over)
    schedule_poll (task);
}

static gboolean
poll_cb (gpointer user_data)
{
  GTask *task = user_data;
  Run *run = g_task_get_task_data (task);
  g_autofree char *path = g_strconcat ("/v1/bulk/", run->id, NULL);

  run->poll_source = 0;
  bw_session_exchange_async (g_task_get_source_object (task), "GET", path, NULL, BW_REPLY_MAX_BYTES,
                             BW_EXCHANGE_PLAIN, g_task_get_cancellable (task), polled_cb, g_object_ref (task));

  return G_SOURCE_REMOVE;
}

static void
schedule_poll (GTask *task)
{
  Run *run = g_task_get_task_data (task);

  run->poll_source = g_timeout_add_full (G_PRIORITY_DEFAULT, run->n_failed > 0 ? POLL_SLOW_MS : POLL_MS, poll_cb,
                                         g_object_ref (task), g_object_unref);
}

static void
changed_cb (BwSession  *session,
            const char *kind,
            JsonObject *document,
            GTask      *task)
{
  Run *run = g_task_get_task_data (task);

  /* It may be over with that, and nobody else hold it. */
  g_object_ref (task);
  if (run->id != NULL && g_strcmp0 (bw_json_get_string (document, "id"), run->id) == 0)
    take_job (task, document);
  g_object_unref (task);
}

static void
stop_sent_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) job = bw_session_document_finish (BW_SESSION (source), result, &error);

  /* It may have ended by itself: the next look tells. */
  if (job == NULL)
    g_debug ("stopping a job: %s", error->message);
  else
    take_job (task, job);
}

static void
send_stop (GTask *task)
{
  Run *run = g_task_get_task_data (task);
  g_autofree char *path = g_strconcat ("/v1/bulk/", run->id, NULL);

  bw_session_exchange_async (g_task_get_source_object (task), "DELETE", path, NULL, BW_REPLY_MAX_BYTES,
                             BW_EXCHANGE_PLAIN, NULL, stop_sent_cb, g_object_ref (task));
}

static void
stop_cb (GCancellable *stop,
         GTask        *task)
{
  Run *run = g_task_get_task_data (task);

  /* Whoever goes away does not mean the job. */
  if (run->is_stopped || run->is_over || g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    return;

  run->is_stopped = TRUE;
  if (run->id != NULL)
    send_stop (task);
}

static void
detached_cb (GCancellable *cancellable,
             GTask        *task)
{
  GError *error = NULL;

  g_object_ref (task);
  if (g_cancellable_set_error_if_cancelled (cancellable, &error))
    end_with_error (task, error);
  g_object_unref (task);
}

static void
started_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Run *run = g_task_get_task_data (task);
  g_autoptr(JsonObject) job = bw_session_document_finish (BW_SESSION (source), result, &error);

  if (run->is_over)
    return;

  if (job != NULL && bw_json_get_string (job, "id") == NULL)
    g_set_error_literal (&error, BW_ERROR, BW_ERROR_INVALID, "the backend's answer names no job");

  if (error != NULL)
    {
      end_with_error (task, g_steal_pointer (&error));
      return;
    }

  run->id = g_strdup (bw_json_get_string (job, "id"));
  take_job (task, job);
  if (run->is_over)
    return;

  if (run->is_stopped)
    send_stop (task);

  schedule_poll (task);
}

static void
start_run (BwSession           *self,
           const char          *path,
           const char          *body,
           BwProgressFunc       progress,
           gpointer             progress_data,
           GCancellable        *stop,
           GCancellable        *cancellable,
           GAsyncReadyCallback  callback,
           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Run *run = g_new0 (Run, 1);

  run->progress = progress;
  run->progress_data = progress_data;
  run->stop = stop != NULL ? g_object_ref (stop) : NULL;
  g_task_set_source_tag (task, bw_session_run_bulk_async);
  g_task_set_task_data (task, run, (GDestroyNotify) run_free);
  run->changed_id = g_signal_connect (self, "changed::bulk", G_CALLBACK (changed_cb), task);
  if (stop != NULL)
    run->stop_id = g_signal_connect (stop, "cancelled", G_CALLBACK (stop_cb), task);
  if (cancellable != NULL)
    run->detached_id = g_signal_connect (cancellable, "cancelled", G_CALLBACK (detached_cb), task);

  bw_session_exchange_async (self, "POST", path, body, BW_REPLY_MAX_BYTES, BW_EXCHANGE_PATIENT, cancellable,
                             started_cb, g_steal_pointer (&task));
}

void
bw_session_run_bulk_async (BwSession           *self,
                           JsonObject          *request,
                           BwProgressFunc       progress,
                           gpointer             progress_data,
                           GCancellable        *stop,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autofree char *body = NULL;

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (request != NULL);

  body = request_to_text (request, FALSE);
  start_run (self, "/v1/bulk", body, progress, progress_data, stop, cancellable, callback, user_data);
}

void
bw_session_undo_bulk_async (BwSession           *self,
                            const char          *job_id,
                            BwProgressFunc       progress,
                            gpointer             progress_data,
                            GCancellable        *stop,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autofree char *path = NULL;

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (job_id != NULL);

  path = g_strconcat ("/v1/bulk/", job_id, "/undo", NULL);
  start_run (self, path, NULL, progress, progress_data, stop, cancellable, callback, user_data);
}

JsonObject *
bw_session_run_bulk_finish (BwSession     *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  return bw_session_finish_pointer (self, result, bw_session_run_bulk_async, error);
}
