/* bw-desired-set.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-desired-set.h"

#include "bw-json.h"

/**
 * BwDesiredSet:
 *
 * A small copy of what the backend keeps for one device. It is loaded anew when the feed comes back, since what
 * happened meanwhile was not told.
 */

struct _BwDesiredSet
{
  GObject       parent_instance;

  BwSession    *session;
  GCancellable *cancellable;
  char         *device_id;
  GHashTable   *by_key;         /* "node/property" → BwDesired, which it owns */
};

G_DEFINE_FINAL_TYPE (BwDesiredSet, bw_desired_set, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
desired_free (gpointer data)
{
  BwDesired *desired = data;

  g_free (desired->node);
  g_free (desired->property);
  g_free (desired->value);
  g_free (desired->reason);
  g_free (desired->by);
  g_free (desired);
}

/* Returns: whether it made sense */
static gboolean
take_document (BwDesiredSet *self,
               JsonObject   *document)
{
  const char *node = bw_json_get_string (document, "node");
  const char *property = bw_json_get_string (document, "property");
  const char *value = bw_json_get_string (document, "value");
  g_autofree char *key = NULL;
  BwDesired *desired;

  if (node == NULL || property == NULL)
    return FALSE;

  key = g_strjoin ("/", node, property, NULL);
  if (bw_json_get_boolean (document, "removed", FALSE))
    {
      g_hash_table_remove (self->by_key, key);
      return TRUE;
    }

  if (value == NULL)
    return FALSE;

  desired = g_new0 (BwDesired, 1);
  desired->node = g_strdup (node);
  desired->property = g_strdup (property);
  desired->value = g_strdup (value);
  desired->refused = g_strcmp0 (bw_json_get_string (document, "state"), "refused") == 0;
  desired->reason = g_strdup (bw_json_get_string (document, "reason"));
  desired->by = g_strdup (bw_json_get_string (document, "by"));
  desired->created_at_us = bw_json_get_int (document, "createdAt", 0);
  g_hash_table_replace (self->by_key, g_steal_pointer (&key), desired);

  return TRUE;
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BwDesiredSet) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) device = bw_session_call_finish (BW_SESSION (source), result, &error);
  JsonArray *items = bw_json_get_array (device, "desired");

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (items == NULL)
    {
      g_debug ("what waits for %s: %s", self->device_id, error != NULL ? error->message : "not said");
      return;
    }

  g_hash_table_remove_all (self->by_key);
  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      JsonNode *node = json_array_get_element (items, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        take_document (self, json_node_get_object (node));
    }

  g_signal_emit (self, signals[CHANGED], 0);
}

static char *
device_path (BwDesiredSet *self,
             const char   *rest)
{
  g_autofree char *escaped = g_uri_escape_string (self->device_id, NULL, FALSE);

  return g_strconcat ("/v1/devices/", escaped, rest, NULL);
}

static void
load (BwDesiredSet *self)
{
  g_autofree char *path = device_path (self, "");

  bw_session_call_async (self->session, "GET", path, NULL, self->cancellable, loaded_cb, g_object_ref (self));
}

static void
desired_changed_cb (BwDesiredSet *self,
                    const char   *kind,
                    JsonObject   *document,
                    BwSession    *session)
{
  if (g_strcmp0 (bw_json_get_string (document, "deviceId"), self->device_id) == 0 && take_document (self, document))
    g_signal_emit (self, signals[CHANGED], 0);
}

/* Of many devices nobody is told what waits for each. */
static void
job_changed_cb (BwDesiredSet *self,
                const char   *kind,
                JsonObject   *document,
                BwSession    *session)
{
  const char *action = bw_json_get_string (document, "action");
  const char *undone = bw_json_get_string (bw_json_get_object (document, "parameters"), "action");
  gboolean sets = g_strcmp0 (action, "set") == 0 || (g_strcmp0 (action, "undo") == 0 && g_strcmp0 (undone, "set") == 0);

  /* of a company above it is only told that there is one */
  if (action == NULL || (sets && g_strcmp0 (bw_json_get_string (document, "state"), "running") != 0))
    load (self);
}

static void
feed_connected_cb (BwDesiredSet *self,
                   GParamSpec   *pspec,
                   BwSession    *session)
{
  if (bw_session_get_feed_connected (session))
    load (self);
}

static void
bw_desired_set_dispose (GObject *object)
{
  BwDesiredSet *self = (BwDesiredSet *) object;

  g_cancellable_cancel (self->cancellable);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_desired_set_parent_class)->dispose (object);
}

static void
bw_desired_set_finalize (GObject *object)
{
  BwDesiredSet *self = (BwDesiredSet *) object;

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->by_key, g_hash_table_unref);
  g_free (self->device_id);

  G_OBJECT_CLASS (bw_desired_set_parent_class)->finalize (object);
}

static void
bw_desired_set_class_init (BwDesiredSetClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_desired_set_dispose;
  object_class->finalize = bw_desired_set_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
bw_desired_set_init (BwDesiredSet *self)
{
  self->cancellable = g_cancellable_new ();
  self->by_key = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, desired_free);
}

BwDesiredSet *
bw_desired_set_new (BwSession  *session,
                    const char *device_id)
{
  BwDesiredSet *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (device_id != NULL, NULL);

  self = g_object_new (BW_TYPE_DESIRED_SET, NULL);
  self->session = g_object_ref (session);
  self->device_id = g_strdup (device_id);
  g_signal_connect_object (session, "changed::desired", G_CALLBACK (desired_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "changed::bulk", G_CALLBACK (job_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::feed-connected", G_CALLBACK (feed_connected_cb), self, G_CONNECT_SWAPPED);
  load (self);

  return self;
}

const BwDesired *
bw_desired_set_find (BwDesiredSet *self,
                     const char   *node,
                     const char   *property)
{
  g_autofree char *key = g_strjoin ("/", node, property, NULL);

  g_return_val_if_fail (BW_IS_DESIRED_SET (self), NULL);

  return g_hash_table_lookup (self->by_key, key);
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  const BwDesired *first = *(const BwDesired *const *) a;
  const BwDesired *second = *(const BwDesired *const *) b;
  int order = g_strcmp0 (first->node, second->node);

  return order != 0 ? order : g_strcmp0 (first->property, second->property);
}

GPtrArray *
bw_desired_set_list (BwDesiredSet *self)
{
  GPtrArray *list = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer desired;

  g_return_val_if_fail (BW_IS_DESIRED_SET (self), list);

  g_hash_table_iter_init (&iter, self->by_key);
  while (g_hash_table_iter_next (&iter, NULL, &desired))
    g_ptr_array_add (list, desired);
  g_ptr_array_sort (list, compare);

  return list;
}

static void
kept_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  BwDesiredSet *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) document = bw_session_call_finish (BW_SESSION (source), result, &error);

  if (document == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (take_document (self, document))
    g_signal_emit (self, signals[CHANGED], 0);
  g_task_return_boolean (task, TRUE);
}

void
bw_desired_set_keep_async (BwDesiredSet        *self,
                           const char          *node,
                           const char          *property,
                           const char          *value,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GString) body = g_string_new (NULL);
  g_autofree char *path = NULL;

  g_return_if_fail (BW_IS_DESIRED_SET (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_desired_set_keep_async);
  path = device_path (self, "/desired");
  bw_json_begin_object (body, NULL);
  bw_json_add_string (body, "node", node);
  bw_json_add_string (body, "property", property);
  bw_json_add_string (body, "value", value);
  bw_json_end_object (body);
  bw_session_call_async (self->session, "PUT", path, body->str, cancellable, kept_cb, g_steal_pointer (&task));
}

static void
withdrawn_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  BwDesiredSet *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) document = bw_session_call_finish (BW_SESSION (source), result, &error);

  if (document == NULL && error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_hash_table_remove (self->by_key, g_task_get_task_data (task));
  g_signal_emit (self, signals[CHANGED], 0);
  g_task_return_boolean (task, TRUE);
}

void
bw_desired_set_withdraw_async (BwDesiredSet        *self,
                               const char          *node,
                               const char          *property,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *path = NULL;
  g_autoptr(GString) query = g_string_new ("/desired?node=");

  g_return_if_fail (BW_IS_DESIRED_SET (self));

  g_string_append_uri_escaped (query, node, NULL, FALSE);
  g_string_append (query, "&property=");
  g_string_append_uri_escaped (query, property, NULL, FALSE);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_desired_set_withdraw_async);
  g_task_set_task_data (task, g_strjoin ("/", node, property, NULL), g_free);
  path = device_path (self, query->str);
  bw_session_call_async (self->session, "DELETE", path, NULL, cancellable, withdrawn_cb, g_steal_pointer (&task));
}

gboolean
bw_desired_set_finish (BwDesiredSet  *self,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
