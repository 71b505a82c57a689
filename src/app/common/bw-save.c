/* bw-save.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-save.h"

#include "bw-error.h"
#include "bw-json.h"
#include "bw-outcome.h"

typedef struct
{
  BwSession  *session;
  char       *method;
  char       *path;
  JsonObject *body;
  JsonObject *theirs;      /* (nullable) */
  GError     *conflict;    /* (nullable): what the server said */
} Save;

static void
save_free (Save *save)
{
  g_object_unref (save->session);
  g_free (save->method);
  g_free (save->path);
  json_object_unref (save->body);
  g_clear_pointer (&save->theirs, json_object_unref);
  g_clear_error (&save->conflict);
  g_free (save);
}

static void send (GTask *task);

static void
answered_cb (AdwMessageDialog *dialog,
             const char       *response,
             GTask            *owned_task)
{
  g_autoptr(GTask) task = owned_task;
  Save *save = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    return;

  if (g_str_equal (response, "mine"))
    {
      json_object_set_int_member (save->body, "revision", bw_json_get_int (save->theirs, "revision", 0));
      send (task);
    }
  else if (g_str_equal (response, "theirs"))
    {
      BwOutcome *outcome = g_new0 (BwOutcome, 1);

      outcome->document = json_object_ref (save->theirs);
      g_task_return_pointer (task, outcome, (GDestroyNotify) bw_outcome_free);
    }
  else
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED_HANDLED, "to be looked at again");
    }
}

static void
theirs_loaded_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Save *save = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  GtkWidget *dialog;

  g_clear_pointer (&save->theirs, json_object_unref);
  save->theirs = bw_session_call_finish (BW_SESSION (source), result, &error);
  if (save->theirs == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  /* Refused for another reason than that it is old. */
  if (bw_json_get_int (save->theirs, "revision", 0) == bw_json_get_int (save->body, "revision", 0))
    {
      g_task_return_error (task, g_steal_pointer (&save->conflict));
      return;
    }

  dialog = bw_stale_dialog_new (g_task_get_source_object (task), save->session, save->body, save->theirs);
  g_signal_connect (dialog, "response", G_CALLBACK (answered_cb), g_steal_pointer (&task));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
changed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Save *save = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  BwOutcome *outcome = bw_session_change_finish (BW_SESSION (source), result, &error);

  if (outcome != NULL)
    {
      g_task_return_pointer (task, outcome, (GDestroyNotify) bw_outcome_free);
      return;
    }

  if (!g_error_matches (error, BW_ERROR, BW_ERROR_CONFLICT) || !json_object_has_member (save->body, "revision"))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_clear_error (&save->conflict);
  save->conflict = g_steal_pointer (&error);
  bw_session_call_async (save->session, "GET", save->path, NULL, g_task_get_cancellable (task), theirs_loaded_cb,
                         g_object_ref (task));
}

static void
send (GTask *task)
{
  Save *save = g_task_get_task_data (task);

  bw_session_change_async (save->session, save->method, save->path, save->body, g_task_get_cancellable (task),
                           changed_cb, g_object_ref (task));
}

void
bw_save_async (GtkWidget           *dialog,
               BwSession           *session,
               const char          *method,
               const char          *path,
               JsonObject          *body,
               GCancellable        *cancellable,
               GAsyncReadyCallback  callback,
               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Save *save;

  g_return_if_fail (GTK_IS_WIDGET (dialog));
  g_return_if_fail (BW_IS_SESSION (session));
  g_return_if_fail (method != NULL && path != NULL && body != NULL);

  save = g_new0 (Save, 1);
  save->session = g_object_ref (session);
  save->method = g_strdup (method);
  save->path = g_strdup (path);
  save->body = json_object_ref (body);

  task = g_task_new (dialog, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_save_async);
  g_task_set_task_data (task, save, (GDestroyNotify) save_free);
  send (task);
}

BwOutcome *
bw_save_finish (GAsyncResult  *result,
                GError       **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, bw_save_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
