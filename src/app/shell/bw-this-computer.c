/* bw-this-computer.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-this-computer.h"

#include <glib/gi18n.h>

#include "bw-local-server.h"

#define DATA_FOLDER "bellwether"

/**
 * BwThisComputer:
 *
 * Owns the local server for as long as the application runs, through any
 * number of sign-ins and windows. A start that failed or was cancelled leaves its
 * server behind to end in peace; the next one waits for the folder.
 */

struct _BwThisComputer
{
  GObject        parent_instance;

  char          *data_dir;
  BwLocalServer *server;       /* (owned) (nullable) */
  gboolean       is_running;
};

G_DEFINE_FINAL_TYPE (BwThisComputer, bw_this_computer, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_RUNNING,
  N_PROPS
};

enum {
  FAILED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
set_running (BwThisComputer *self,
             gboolean        is_running)
{
  if (self->is_running == is_running)
    return;

  self->is_running = is_running;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
}

static void
drop_server (BwThisComputer *self)
{
  if (self->server != NULL)
    g_signal_handlers_disconnect_by_data (self->server, self);

  g_clear_object (&self->server);
  set_running (self, FALSE);
}

static void
exited_cb (BwThisComputer *self,
           const char     *which,
           GError         *why)
{
  g_autofree char *text = NULL;

  /* One that does not start says so to whoever started it. */
  if (!self->is_running)
    return;

  g_warning ("%s ended: %s", which, why != NULL ? why->message : "no reason known");

  /* Translators: %s is the name of a program */
  text = g_strdup_printf (_("The server on this computer has stopped: %s ended."), which);
  drop_server (self);
  g_signal_emit (self, signals[FAILED], 0, text);
}

static void
started_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  BwThisComputer *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!bw_local_server_start_finish (BW_LOCAL_SERVER (source), result, &error))
    {
      if ((gpointer) self->server == (gpointer) source)
        drop_server (self);

      g_task_return_error (task, error);
      return;
    }

  set_running (self, TRUE);
  g_task_return_boolean (task, TRUE);
}

static void
stopped_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (bw_local_server_stop_finish (BW_LOCAL_SERVER (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
bw_this_computer_dispose (GObject *object)
{
  drop_server (BW_THIS_COMPUTER (object));

  G_OBJECT_CLASS (bw_this_computer_parent_class)->dispose (object);
}

static void
bw_this_computer_finalize (GObject *object)
{
  g_clear_pointer (&BW_THIS_COMPUTER (object)->data_dir, g_free);

  G_OBJECT_CLASS (bw_this_computer_parent_class)->finalize (object);
}

static void
bw_this_computer_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_RUNNING:
      g_value_set_boolean (value, BW_THIS_COMPUTER (object)->is_running);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_this_computer_class_init (BwThisComputerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_this_computer_dispose;
  object_class->finalize = bw_this_computer_finalize;
  object_class->get_property = bw_this_computer_get_property;

  properties[PROP_RUNNING] =
    g_param_spec_boolean ("running", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[FAILED] =
    g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
bw_this_computer_init (BwThisComputer *self)
{
}

BwThisComputer *
bw_this_computer_new (const char *data_dir)
{
  BwThisComputer *self = g_object_new (BW_TYPE_THIS_COMPUTER, NULL);

  self->data_dir = data_dir != NULL ? g_strdup (data_dir)
                                    : g_build_filename (g_get_user_data_dir (), DATA_FOLDER, NULL);

  return self;
}

void
bw_this_computer_start_async (BwThisComputer      *self,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (BW_IS_THIS_COMPUTER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_this_computer_start_async);

  if (self->is_running)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  drop_server (self);
  self->server = bw_local_server_new (self->data_dir, 0, 0);
  g_signal_connect_object (self->server, "exited", G_CALLBACK (exited_cb), self, G_CONNECT_SWAPPED);
  bw_local_server_start_async (self->server, cancellable, started_cb, g_steal_pointer (&task));
}

gboolean
bw_this_computer_start_finish (BwThisComputer  *self,
                               GAsyncResult    *result,
                               GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
bw_this_computer_stop_async (BwThisComputer      *self,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(BwLocalServer) server = NULL;
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (BW_IS_THIS_COMPUTER (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, bw_this_computer_stop_async);

  if (self->server == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  server = g_object_ref (self->server);
  drop_server (self);
  bw_local_server_stop_async (server, stopped_cb, g_steal_pointer (&task));
}

gboolean
bw_this_computer_stop_finish (BwThisComputer  *self,
                              GAsyncResult    *result,
                              GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
bw_this_computer_is_running (BwThisComputer *self)
{
  g_return_val_if_fail (BW_IS_THIS_COMPUTER (self), FALSE);

  return self->is_running;
}

const char *
bw_this_computer_get_uri (BwThisComputer *self)
{
  g_return_val_if_fail (BW_IS_THIS_COMPUTER (self), NULL);

  return self->is_running ? bw_local_server_get_http_uri (self->server) : NULL;
}

const char *
bw_this_computer_get_token_file (BwThisComputer *self)
{
  g_return_val_if_fail (BW_IS_THIS_COMPUTER (self), NULL);

  return self->is_running ? bw_local_server_get_token_file (self->server) : NULL;
}
