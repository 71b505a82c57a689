/* bw-fleet.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-fleet.h"

#include "bw-error-text.h"
#include "bw-json.h"
#include "bw-text.h"

#define N_STATUSES   (BW_STATUS_RETIRED + 1)
#define MAX_VERSIONS 50
#define MAX_GROUPS   8

/**
 * BwFleet:
 *
 * The document of `GET /v1/overview`, kept up by the live feed. The overview and
 * the sidebar's badge look at the same one.
 */

struct _BwFleet
{
  GObject       parent_instance;

  BwSession    *session;
  GCancellable *cancellable;
  gint64        counts[6];               /* by property */
  gint64        by_status[N_STATUSES];
  gint64        revision;
  GPtrArray    *versions;
  GPtrArray    *companies;
  GPtrArray    *batches;
  char         *error_text;
  gboolean      is_loaded;
};

G_DEFINE_FINAL_TYPE (BwFleet, bw_fleet, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_TOTAL,
  PROP_ONLINE,
  PROP_AWAITING,
  PROP_ALERTS,
  PROP_BATCHES,
  PROP_LOADED,
  PROP_ERROR_TEXT,
  N_PROPS
};

enum {
  CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
version_free (gpointer data)
{
  BwFleetVersion *version = data;

  g_free (version->product);
  g_free (version->version);
  g_free (version);
}

static int
compare_versions (gconstpointer a,
                  gconstpointer b)
{
  const BwFleetVersion *left = *(BwFleetVersion * const *) a;
  const BwFleetVersion *right = *(BwFleetVersion * const *) b;

  if (left->count != right->count)
    return left->count < right->count ? 1 : -1;

  return g_strcmp0 (left->product, right->product) != 0 ? g_strcmp0 (left->product, right->product)
                                                        : g_strcmp0 (left->version, right->version);
}

static void
take_versions (BwFleet   *self,
               JsonArray *items)
{
  guint n_items = items != NULL ? json_array_get_length (items) : 0;

  g_ptr_array_set_size (self->versions, 0);
  for (guint i = 0; i < n_items; i++)
    {
      JsonNode *node = json_array_get_element (items, i);
      JsonObject *item = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      BwFleetVersion *version;

      if (item == NULL)
        continue;

      version = g_new0 (BwFleetVersion, 1);
      version->product = g_strdup (bw_json_get_string (item, "product"));
      version->version = g_strdup (bw_json_get_string (item, "version"));
      version->count = bw_json_get_int (item, "count", 0);
      g_ptr_array_add (self->versions, version);
    }

  g_ptr_array_sort (self->versions, compare_versions);
  if (self->versions->len > MAX_VERSIONS)
    g_ptr_array_set_size (self->versions, MAX_VERSIONS);
}

static void
group_free (gpointer data)
{
  BwFleetGroup *group = data;

  g_free (group->id);
  g_free (group->name);
  g_free (group->color);
  g_free (group);
}

static void
take_groups (GPtrArray *groups,
             JsonArray *items)
{
  guint n_items = items != NULL ? json_array_get_length (items) : 0;

  g_ptr_array_set_size (groups, 0);
  for (guint i = 0; i < MIN (n_items, MAX_GROUPS); i++)
    {
      JsonNode *node = json_array_get_element (items, i);
      JsonObject *item = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      BwFleetGroup *group;

      if (item == NULL || bw_json_get_string (item, "id") == NULL || bw_json_get_string (item, "name") == NULL)
        continue;

      group = g_new0 (BwFleetGroup, 1);
      group->id = g_strdup (bw_json_get_string (item, "id"));
      group->name = g_strdup (bw_json_get_string (item, "name"));
      group->color = g_strdup (bw_json_get_string (item, "color"));
      group->count = bw_json_get_int (item, "count", 0);
      g_ptr_array_add (groups, group);
    }
}

static void
set_count (BwFleet *self,
           guint    prop_id,
           gint64   count)
{
  if (self->counts[prop_id] == count)
    return;

  self->counts[prop_id] = count;
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

static void
set_outcome (BwFleet    *self,
             const char *error_text)
{
  if (error_text == NULL && !self->is_loaded)
    {
      self->is_loaded = TRUE;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADED]);
    }

  if (bw_set_str (&self->error_text, error_text))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR_TEXT]);

  g_signal_emit (self, signals[CHANGED], 0);
}

static void
take_document (BwFleet    *self,
               JsonObject *document)
{
  JsonObject *by_status = bw_json_get_object (document, "byStatus");
  JsonObject *by_state = bw_json_get_object (document, "byState");
  gint64 revision = bw_json_get_int (document, "revision", 0);

  /* A slow load and the feed may cross. */
  if (self->is_loaded && revision < self->revision)
    return;

  self->revision = revision;
  for (guint i = 0; i < N_STATUSES; i++)
    self->by_status[i] = by_status != NULL ? bw_json_get_int (by_status, bw_status_to_nick ((BwStatus) i), 0) : 0;

  take_versions (self, bw_json_get_array (document, "byVersion"));
  take_groups (self->companies, bw_json_get_array (document, "byCompany"));
  take_groups (self->batches, bw_json_get_array (document, "byBatch"));
  set_count (self, PROP_TOTAL, bw_json_get_int (document, "total", 0));
  set_count (self, PROP_ONLINE, bw_json_get_int (document, "online", 0));
  set_count (self, PROP_BATCHES, bw_json_get_int (document, "batches", 0));
  set_count (self, PROP_AWAITING, self->by_status[BW_STATUS_AWAITING_APPROVAL]);
  set_count (self, PROP_ALERTS, by_state != NULL ? bw_json_get_int (by_state, "alert", 0) : 0);
  set_outcome (self, NULL);
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BwFleet) self = user_data;
  g_autoptr(JsonObject) document = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  document = bw_session_call_finish (BW_SESSION (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (document != NULL)
    {
      take_document (self, document);
      return;
    }

  text = bw_error_to_user_text (error);
  set_outcome (self, text);
}

static void
changed_cb (BwFleet    *self,
            const char *kind,
            JsonObject *document)
{
  take_document (self, document);
}

/* After an interruption the feed does not tell what was missed. */
static void
connection_cb (BwFleet *self)
{
  if (bw_session_get_online (self->session) &&
      (self->error_text != NULL || bw_session_get_feed_connected (self->session)))
    bw_fleet_reload (self);
}

static void
bw_fleet_dispose (GObject *object)
{
  BwFleet *self = (BwFleet *) object;

  g_cancellable_cancel (self->cancellable);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);

  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_fleet_parent_class)->dispose (object);
}

static void
bw_fleet_finalize (GObject *object)
{
  BwFleet *self = (BwFleet *) object;

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->versions, g_ptr_array_unref);
  g_clear_pointer (&self->companies, g_ptr_array_unref);
  g_clear_pointer (&self->batches, g_ptr_array_unref);
  g_clear_pointer (&self->error_text, g_free);

  G_OBJECT_CLASS (bw_fleet_parent_class)->finalize (object);
}

static void
bw_fleet_get_property (GObject    *object,
                       guint       prop_id,
                       GValue     *value,
                       GParamSpec *pspec)
{
  BwFleet *self = BW_FLEET (object);

  switch (prop_id)
    {
    case PROP_TOTAL:
    case PROP_ONLINE:
    case PROP_AWAITING:
    case PROP_ALERTS:
    case PROP_BATCHES:
      g_value_set_int64 (value, self->counts[prop_id]);
      break;

    case PROP_LOADED:
      g_value_set_boolean (value, self->is_loaded);
      break;

    case PROP_ERROR_TEXT:
      g_value_set_string (value, self->error_text);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_fleet_class_init (BwFleetClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  static const char * const names[] = { NULL, "total", "online", "awaiting", "alerts", "batches" };

  object_class->dispose = bw_fleet_dispose;
  object_class->finalize = bw_fleet_finalize;
  object_class->get_property = bw_fleet_get_property;

  for (guint i = PROP_TOTAL; i <= PROP_BATCHES; i++)
    properties[i] = g_param_spec_int64 (names[i], NULL, NULL, G_MININT64, G_MAXINT64, 0,
                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_LOADED] =
    g_param_spec_boolean ("loaded", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_ERROR_TEXT] =
    g_param_spec_string ("error-text", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bw_fleet_init (BwFleet *self)
{
  self->cancellable = g_cancellable_new ();
  self->versions = g_ptr_array_new_with_free_func (version_free);
  self->companies = g_ptr_array_new_with_free_func (group_free);
  self->batches = g_ptr_array_new_with_free_func (group_free);
}

BwFleet *
bw_fleet_new (BwSession *session)
{
  BwFleet *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  self = g_object_new (BW_TYPE_FLEET, NULL);
  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed::overview", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::online", G_CALLBACK (connection_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::feed-connected", G_CALLBACK (connection_cb), self, G_CONNECT_SWAPPED);

  return self;
}

void
bw_fleet_reload (BwFleet *self)
{
  g_return_if_fail (BW_IS_FLEET (self));

  bw_session_call_async (self->session, "GET", "/v1/overview", NULL, self->cancellable,
                         loaded_cb, g_object_ref (self));
}

gint64
bw_fleet_get_awaiting (BwFleet *self)
{
  g_return_val_if_fail (BW_IS_FLEET (self), 0);

  return self->counts[PROP_AWAITING];
}

gint64
bw_fleet_get_total (BwFleet *self)
{
  g_return_val_if_fail (BW_IS_FLEET (self), 0);

  return self->counts[PROP_TOTAL];
}

gint64
bw_fleet_get_by_status (BwFleet  *self,
                        BwStatus  status)
{
  g_return_val_if_fail (BW_IS_FLEET (self), 0);
  g_return_val_if_fail ((guint) status < N_STATUSES, 0);

  return self->by_status[status];
}

GPtrArray *
bw_fleet_get_versions (BwFleet *self)
{
  g_return_val_if_fail (BW_IS_FLEET (self), NULL);

  return self->versions;
}

GPtrArray *
bw_fleet_get_companies (BwFleet *self)
{
  g_return_val_if_fail (BW_IS_FLEET (self), NULL);

  return self->companies;
}

GPtrArray *
bw_fleet_get_batches (BwFleet *self)
{
  g_return_val_if_fail (BW_IS_FLEET (self), NULL);

  return self->batches;
}

gboolean
bw_fleet_get_loaded (BwFleet *self)
{
  g_return_val_if_fail (BW_IS_FLEET (self), FALSE);

  return self->is_loaded;
}

const char *
bw_fleet_get_error_text (BwFleet *self)
{
  g_return_val_if_fail (BW_IS_FLEET (self), NULL);

  return self->error_text;
}
