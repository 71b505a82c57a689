/* bw-session.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-session-private.h"

#include <string.h>

#include "bw-error.h"
#include "bw-text.h"

/* Seconds without a byte from the other side. A set may wait 60 s in the backend. */
#define TIMEOUT_S         30
#define PATIENT_TIMEOUT_S 90

/**
 * BwSession:
 *
 * A signed-in connection to one backend. It owns the lists that pages show,
 * follows the live feed at the broker, and is the only thing in the client
 * that knows there is HTTP. Main thread; the files of the same stem hold what
 * it does about signing in, people, lists, batches and devices.
 */

enum {
  PROP_0,
  PROP_ONLINE,
  PROP_FEED_CONNECTED,
  PROP_ACTING,
  PROP_PERMISSIONS,
  PROP_USER_NAME,
  N_PROPS
};

enum {
  CHANGED,
  SIGNED_OUT,
  STRANGER,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BwSession, bw_session, G_TYPE_OBJECT)

static void
forget_token (BwSession *self)
{
  if (self->token != NULL)
    explicit_bzero (self->token, strlen (self->token));

  g_clear_pointer (&self->token, g_free);
}

static void
bw_session_dispose (GObject *object)
{
  BwSession *self = (BwSession *) object;

  g_cancellable_cancel (self->cancellable);
  bw_session_stop_feed (self);

  if (self->http != NULL)
    soup_session_abort (self->http);

  if (self->patient_http != NULL)
    soup_session_abort (self->patient_http);

  g_clear_object (&self->http);
  g_clear_object (&self->patient_http);
  g_clear_object (&self->participations);
  bw_session_clear_lists (self);

  G_OBJECT_CLASS (bw_session_parent_class)->dispose (object);
}

static void
bw_session_finalize (GObject *object)
{
  BwSession *self = (BwSession *) object;

  forget_token (self);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->base_uri, g_free);
  g_clear_pointer (&self->user_name, g_free);
  g_clear_pointer (&self->user_id, g_free);
  g_clear_pointer (&self->login, g_free);
  g_clear_pointer (&self->email, g_free);
  g_clear_pointer (&self->first_name, g_free);
  g_clear_pointer (&self->last_name, g_free);
  g_clear_pointer (&self->participation_id, g_free);
  g_clear_pointer (&self->company_id, g_free);
  g_clear_pointer (&self->company, g_free);
  g_clear_pointer (&self->role_id, g_free);
  g_clear_pointer (&self->role, g_free);
  g_clear_pointer (&self->broker_uri, g_free);
  g_clear_pointer (&self->broker_username, g_free);
  g_clear_pointer (&self->ca_file, g_free);
  g_clear_pointer (&self->pin, g_free);
  g_clear_pointer (&self->stranger, bw_stranger_free);
  g_clear_pointer (&self->followed, g_hash_table_unref);

  G_OBJECT_CLASS (bw_session_parent_class)->finalize (object);
}

static void
bw_session_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  BwSession *self = BW_SESSION (object);

  switch (prop_id)
    {
    case PROP_ONLINE:
      g_value_set_boolean (value, self->online);
      break;

    case PROP_FEED_CONNECTED:
      g_value_set_boolean (value, self->feed_connected);
      break;

    case PROP_ACTING:
      g_value_set_string (value, self->participation_id);
      break;

    case PROP_PERMISSIONS:
      g_value_set_uint (value, self->permissions);
      break;

    case PROP_USER_NAME:
      g_value_set_string (value, self->user_name);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_session_class_init (BwSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_session_dispose;
  object_class->finalize = bw_session_finalize;
  object_class->get_property = bw_session_get_property;

  properties[PROP_ONLINE] =
    g_param_spec_boolean ("online", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_FEED_CONNECTED] =
    g_param_spec_boolean ("feed-connected", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_ACTING] =
    g_param_spec_string ("acting", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_PERMISSIONS] =
    g_param_spec_uint ("permissions", NULL, NULL, 0, BW_PERMISSION_ALL, 0,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_USER_NAME] =
    g_param_spec_string ("user-name", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, JSON_TYPE_OBJECT);
  signals[SIGNED_OUT] =
    g_signal_new ("signed-out", G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[STRANGER] =
    g_signal_new ("stranger", G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, BW_TYPE_STRANGER | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static SoupSession *
make_http (guint timeout_s)
{
  SoupSession *http = soup_session_new_with_options ("timeout", timeout_s,
                                                     "idle-timeout", 60,
                                                     "user-agent", "bellwether/" BW_VERSION,
                                                     NULL);

  /* Ours is a token in a header; nothing of a stranger's challenge is wanted. */
  soup_session_remove_feature_by_type (http, SOUP_TYPE_AUTH_MANAGER);

  return http;
}

static void
bw_session_init (BwSession *self)
{
  self->http = make_http (TIMEOUT_S);
  self->patient_http = make_http (PATIENT_TIMEOUT_S);
  self->cancellable = g_cancellable_new ();
  self->participations = bw_entity_list_new (BW_TYPE_PARTICIPATION);
  bw_session_init_lists (self);
  self->followed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/* People type "localhost:8080"; that is not a scheme called localhost. */
BwSession *
bw_session_new (const char  *base_uri,
                GError     **error)
{
  g_autofree char *full = NULL;
  g_autoptr(GUri) uri = NULL;
  BwSession *self;
  gsize length;

  g_return_val_if_fail (base_uri != NULL, NULL);

  full = g_strstrip (g_strdup (base_uri));
  if (strstr (full, "://") == NULL)
    {
      char *without = g_steal_pointer (&full);

      full = g_strconcat ("http://", without, NULL);
      g_free (without);
    }

  if (strpbrk (full, " \t\r\n") == NULL)
    uri = g_uri_parse (full, SOUP_HTTP_URI_FLAGS, NULL);

  if (uri == NULL ||
      (strcmp (g_uri_get_scheme (uri), "http") != 0 && strcmp (g_uri_get_scheme (uri), "https") != 0) ||
      g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' ||
      g_uri_get_userinfo (uri) != NULL || g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                   "“%s” is not the address of a backend, such as http://host:8080", base_uri);
      return NULL;
    }

  length = strlen (full);
  while (length > 0 && full[length - 1] == '/')
    full[--length] = '\0';

  self = g_object_new (BW_TYPE_SESSION, NULL);
  self->base_uri = g_steal_pointer (&full);

  return self;
}

const char *
bw_session_get_base_uri (BwSession *self)
{
  g_return_val_if_fail (BW_IS_SESSION (self), NULL);

  return self->base_uri;
}

const char *
bw_session_get_token (BwSession *self)
{
  g_return_val_if_fail (BW_IS_SESSION (self), NULL);

  return self->token;
}

const char *
bw_session_get_user_name (BwSession *self)
{
  g_return_val_if_fail (BW_IS_SESSION (self), NULL);

  return self->user_name;
}

gboolean
bw_session_get_must_change_password (BwSession *self)
{
  g_return_val_if_fail (BW_IS_SESSION (self), FALSE);

  return self->must_change_password;
}

gboolean
bw_session_get_online (BwSession *self)
{
  g_return_val_if_fail (BW_IS_SESSION (self), FALSE);

  return self->online;
}

gboolean
bw_session_get_feed_connected (BwSession *self)
{
  g_return_val_if_fail (BW_IS_SESSION (self), FALSE);

  return self->feed_connected;
}

BwFeedProblem
bw_session_get_feed_problem (BwSession *self)
{
  g_return_val_if_fail (BW_IS_SESSION (self), BW_FEED_SILENT);

  return self->feed_problem;
}

void
bw_session_call_async (BwSession           *self,
                       const char          *method,
                       const char          *path_and_query,
                       const char          *body,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (method != NULL);
  g_return_if_fail (path_and_query != NULL && *path_and_query == '/');
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  bw_session_exchange_async (self, method, path_and_query, body, BW_LONG_REPLY_MAX_BYTES,
                             BW_EXCHANGE_PLAIN, cancellable, callback, user_data);
}

JsonObject *
bw_session_call_finish (BwSession     *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return bw_session_document_finish (self, result, error);
}

void
bw_session_set_online (BwSession *self,
                       gboolean   online)
{
  if (self->online == online)
    return;

  self->online = online;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ONLINE]);
}

void
bw_session_set_feed_connected (BwSession *self,
                               gboolean   connected)
{
  if (self->feed_connected == connected)
    return;

  self->feed_connected = connected;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FEED_CONNECTED]);
}

/* Who listens to one of the two finds both as they are now, and the lists empty. */
void
bw_session_notify_actor (BwSession *self,
                         gboolean   is_other,
                         gboolean   may_other,
                         guint      permissions)
{
  self->permissions = permissions;

  g_object_freeze_notify (G_OBJECT (self));
  if (is_other)
    {
      bw_session_empty_lists (self);
      bw_session_restart_feed (self);
      bw_session_refresh_soon (self, BW_STALE_LISTS);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTING]);
    }

  if (may_other)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PERMISSIONS]);

  g_object_thaw_notify (G_OBJECT (self));
}

void
bw_session_notify_user_name (BwSession *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_USER_NAME]);
}

void
bw_session_set_feed_problem (BwSession     *self,
                             BwFeedProblem  problem)
{
  if (self->feed_problem == problem)
    return;

  self->feed_problem = problem;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FEED_CONNECTED]);
}

void
bw_session_lose_token (BwSession    *self,
                       const GError *why)
{
  if (self->token == NULL)
    return;

  g_object_ref (self);
  forget_token (self);
  bw_session_stop_feed (self);
  g_signal_emit (self, signals[SIGNED_OUT], 0, why);
  g_object_unref (self);
}

void
bw_session_emit_stranger (BwSession *self)
{
  g_signal_emit (self, signals[STRANGER], 0, self->stranger);
}

void
bw_session_emit_changed (BwSession  *self,
                         const char *kind,
                         JsonObject *document)
{
  g_signal_emit (self, signals[CHANGED], g_quark_from_string (kind), kind, document);
}
