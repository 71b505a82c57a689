/* bw-inbox.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-inbox.h"

#include "bw-json.h"

/**
 * BwInbox:
 *
 * The number at *Requests* in the sidebar. The backend counts, since it decides who may
 * decide; the feed only says that there is something to count again.
 */

struct _BwInbox
{
  GObject       parent_instance;

  BwSession    *session;
  GCancellable *cancellable;
  gint64        n_pending;
  gboolean      is_loading;
  gboolean      is_stale;      /* something happened while it was being counted */
};

G_DEFINE_FINAL_TYPE (BwInbox, bw_inbox, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_N_PENDING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void reload (BwInbox *self);

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BwInbox) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = bw_session_call_finish (BW_SESSION (source), result, &error);
  gint64 n_pending;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->is_loading = FALSE;
  if (reply == NULL)
    {
      /* A number in the sidebar is worth no message of its own; the page says what is wrong. */
      g_debug ("counting requests: %s", error->message);
    }
  else
    {
      n_pending = bw_json_get_int (reply, "nPending", 0);
      if (n_pending != self->n_pending)
        {
          self->n_pending = n_pending;
          g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_PENDING]);
        }
    }

  if (self->is_stale)
    reload (self);
}

static void
reload (BwInbox *self)
{
  self->is_stale = self->is_loading;
  if (self->is_loading)
    return;

  self->is_loading = TRUE;
  bw_session_call_async (self->session, "GET", "/v1/requests?state=pending&limit=1", NULL, self->cancellable,
                         loaded_cb, g_object_ref (self));
}

/* After an interruption the feed does not tell what was missed. */
static void
connection_cb (BwInbox *self)
{
  if (bw_session_get_online (self->session) && bw_session_get_feed_connected (self->session))
    reload (self);
}

static void
bw_inbox_dispose (GObject *object)
{
  BwInbox *self = (BwInbox *) object;

  g_cancellable_cancel (self->cancellable);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);

  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_inbox_parent_class)->dispose (object);
}

static void
bw_inbox_finalize (GObject *object)
{
  g_clear_object (&BW_INBOX (object)->cancellable);

  G_OBJECT_CLASS (bw_inbox_parent_class)->finalize (object);
}

static void
bw_inbox_get_property (GObject    *object,
                       guint       prop_id,
                       GValue     *value,
                       GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_N_PENDING:
      g_value_set_int64 (value, BW_INBOX (object)->n_pending);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_inbox_class_init (BwInboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_inbox_dispose;
  object_class->finalize = bw_inbox_finalize;
  object_class->get_property = bw_inbox_get_property;

  properties[PROP_N_PENDING] =
    g_param_spec_int64 ("n-pending", NULL, NULL, 0, G_MAXINT64, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bw_inbox_init (BwInbox *self)
{
  self->cancellable = g_cancellable_new ();
}

BwInbox *
bw_inbox_new (BwSession *session)
{
  BwInbox *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  self = g_object_new (BW_TYPE_INBOX, NULL);
  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed::request", G_CALLBACK (reload), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::online", G_CALLBACK (connection_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::feed-connected", G_CALLBACK (connection_cb), self, G_CONNECT_SWAPPED);
  reload (self);

  return self;
}

gint64
bw_inbox_get_n_pending (BwInbox *self)
{
  g_return_val_if_fail (BW_IS_INBOX (self), 0);

  return self->n_pending;
}
