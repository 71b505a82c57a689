/* bw-session-parse.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-session-private.h"

/* A body up to this long is parsed where it came in: that is sooner done than a thread begun. */
#define AT_ONCE_BYTES (64 * 1024)

/* Long tables, read in a thread so that a window goes on meanwhile. The thread holds the body and no object. */

typedef struct
{
  GBytes         *body;
  BwBodyFunc      parse;
  GDestroyNotify  free_func;
} Parse;

static void
parse_free (Parse *parse)
{
  g_bytes_unref (parse->body);
  g_free (parse);
}

static void
parse_thread (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Parse *parse = task_data;
  GError *error = NULL;
  gpointer value = parse->parse (parse->body, &error);

  if (value != NULL)
    g_task_return_pointer (task, value, parse->free_func);
  else
    g_task_return_error (task, error);
}

static void
parsed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Parse *parse = g_task_get_task_data (G_TASK (result));
  GError *error = NULL;
  gpointer value = g_task_propagate_pointer (G_TASK (result), &error);

  if (value != NULL)
    g_task_return_pointer (task, value, parse->free_func);
  else
    g_task_return_error (task, error);
}

void
bw_session_exchange_parse (BwSession      *self,
                           GAsyncResult   *result,
                           BwBodyFunc      parse,
                           GDestroyNotify  free_func,
                           GTask          *task)
{
  g_autoptr(GTask) owned = task;
  g_autoptr(GTask) inner = NULL;
  g_autoptr(GBytes) body = NULL;
  GError *error = NULL;
  gpointer value = NULL;
  Parse *work;

  body = bw_session_exchange_finish (self, result, &error);
  if (body != NULL && g_bytes_get_size (body) <= AT_ONCE_BYTES)
    value = parse (body, &error);

  if (value != NULL)
    {
      g_task_return_pointer (owned, value, free_func);
      return;
    }

  if (error != NULL)
    {
      g_task_return_error (owned, error);
      return;
    }

  work = g_new0 (Parse, 1);
  work->body = g_steal_pointer (&body);
  work->parse = parse;
  work->free_func = free_func;
  inner = g_task_new (NULL, g_task_get_cancellable (task), parsed_cb, g_steal_pointer (&owned));
  g_task_set_source_tag (inner, bw_session_exchange_parse);
  g_task_set_task_data (inner, work, (GDestroyNotify) parse_free);
  g_task_set_return_on_cancel (inner, TRUE);
  g_task_run_in_thread (inner, parse_thread);
}
