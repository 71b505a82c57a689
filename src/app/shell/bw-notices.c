/* bw-notices.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-notices.h"

#include "bw-device.h"
#include "bw-json.h"

/* What a device says again and again is one line. */
#define FOLD_US        G_TIME_SPAN_MINUTE
#define SAME_US        (10 * G_TIME_SPAN_MINUTE)   /* the same words: no news for so long */
#define ARRIVALS_US    (5 * G_USEC_PER_SEC)        /* those that come together */

#define ARRIVALS_LIMIT 100      /* looked at after an interruption */
#define AGAIN_S 2
#define MAX_AWAITING   50000    /* beyond it, who comes is not told of */

/**
 * BwNotices:
 *
 * Listens to the feed for what devices say and for those that begin to wait for approval. The feed tells of a
 * waiting device whenever anything of it changes, and after an interruption nothing of what was missed: so it is
 * remembered who waits, and read again who does.
 */

struct _BwNotices
{
  GObject       parent_instance;

  BwSession    *session;
  GSettings    *settings;       /* (nullable) */
  GCancellable *cancellable;
  GListStore   *list;
  GHashTable   *awaiting;       /* set of ids: those that wait and were told of */
  gint64        last_arrival_us;
  gint64        oldest_us;      /* first seen before: waited already when one came */
  guint         n_unread;
  gboolean      is_loaded;
  gboolean      is_loading;
  gboolean      is_stale;       /* something happened while it was being read */
  guint         again_id;
};

G_DEFINE_FINAL_TYPE (BwNotices, bw_notices, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_N_UNREAD,
  N_PROPS
};

enum {
  HAPPENED,
  SETTLED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void load_awaiting (BwNotices *self);

static const struct
{
  const char   *nick;
  BwNoticeKind  kind;
} levels[] = {
  { "info", BW_NOTICE_INFO },
  { "warning", BW_NOTICE_WARNING },
  { "alert", BW_NOTICE_ALERT },
  { "error", BW_NOTICE_ERROR },
};

static void
update_unread (BwNotices *self)
{
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->list)); i++)
    {
      g_autoptr(BwNotice) notice = g_list_model_get_item (G_LIST_MODEL (self->list), i);

      n += bw_notice_get_unread (notice);
    }

  if (n == self->n_unread)
    return;

  self->n_unread = n;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_UNREAD]);
}

static gboolean
is_wanted (BwNotices    *self,
           BwNoticeKind  kind)
{
  if (self->settings == NULL)
    return TRUE;

  switch (kind)
    {
    case BW_NOTICE_ARRIVAL:
      return g_settings_get_boolean (self->settings, "notify-arrivals");
    case BW_NOTICE_WARNING:
    case BW_NOTICE_ALERT:
    case BW_NOTICE_ERROR:
      return g_settings_get_boolean (self->settings, "notify-problems");
    case BW_NOTICE_BEYOND:
      return g_settings_get_boolean (self->settings, "notify-problems") ||
             g_settings_get_boolean (self->settings, "notify-notices");
    case BW_NOTICE_INFO:
    default:
      return g_settings_get_boolean (self->settings, "notify-notices");
    }
}

/* Whether @notice says more of what @known says. */
static gboolean
folds_into (BwNotices *self,
            BwNotice  *known,
            BwNotice  *notice,
            gboolean  *ret_is_same)
{
  gint64 age_us = bw_notice_get_at_us (notice) - bw_notice_get_at_us (known);

  *ret_is_same = FALSE;
  if (bw_notice_get_kind (known) != bw_notice_get_kind (notice))
    return FALSE;

  if (bw_notice_get_kind (notice) == BW_NOTICE_ARRIVAL)
    return g_get_monotonic_time () - self->last_arrival_us < ARRIVALS_US;

  if (g_strcmp0 (bw_notice_get_device_id (known), bw_notice_get_device_id (notice)) != 0)
    return FALSE;

  *ret_is_same = age_us < SAME_US && g_strcmp0 (bw_notice_get_text (known), bw_notice_get_text (notice)) == 0;

  return age_us < FOLD_US || *ret_is_same;
}

static void
add (BwNotices *self,
     BwNotice  *notice)
{
  GListModel *list = G_LIST_MODEL (self->list);
  g_autoptr(BwNotice) shown = g_object_ref (notice);
  gboolean is_same = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(BwNotice) known = g_list_model_get_item (list, i);

      if (!folds_into (self, known, notice, &is_same))
        continue;

      bw_notice_fold (known, notice);
      g_list_store_remove (self->list, i);
      g_set_object (&shown, known);
      break;
    }

  if (bw_notice_get_kind (notice) == BW_NOTICE_ARRIVAL)
    self->last_arrival_us = g_get_monotonic_time ();

  g_list_store_insert (self->list, 0, shown);
  if (g_list_model_get_n_items (list) > BW_NOTICES_MAX)
    g_list_store_remove (self->list, BW_NOTICES_MAX);

  update_unread (self);
  if (!is_same)
    g_signal_emit (self, signals[HAPPENED], 0, shown, bw_notice_get_device_id (notice));
}

/* What devices say */

static void
notice_cb (BwNotices  *self,
           const char *change,
           JsonObject *document)
{
  const char *level = bw_json_get_string (document, "level");
  const char *device_id = bw_json_get_string (document, "deviceId");
  BwNoticeKind kind = device_id != NULL ? BW_NOTICE_INFO : BW_NOTICE_BEYOND;
  g_autoptr(BwNotice) notice = NULL;

  for (guint i = 0; device_id != NULL && i < G_N_ELEMENTS (levels); i++)
    {
      if (g_strcmp0 (levels[i].nick, level) == 0)
        kind = levels[i].kind;
    }

  if (!is_wanted (self, kind))
    return;

  notice = bw_notice_new (kind, device_id, bw_json_get_string (document, "name"), bw_json_get_string (document, "text"),
                          bw_json_get_int (document, "count", 1), bw_json_get_int (document, "at", g_get_real_time ()));
  add (self, notice);
}

/* Who waits for approval */

static void
take_device (BwNotices  *self,
             JsonObject *document,
             gboolean    is_news)
{
  const char *id = bw_json_get_string (document, "id");
  const char *name = bw_json_get_string (document, "name");
  gint64 first_seen_us = bw_json_get_int (document, "firstSeenAt", 0);
  g_autoptr(BwNotice) notice = NULL;

  if (id == NULL)
    return;

  if (g_strcmp0 (bw_json_get_string (document, "status"), bw_status_to_nick (BW_STATUS_AWAITING_APPROVAL)) != 0)
    {
      if (g_hash_table_remove (self->awaiting, id))
        g_signal_emit (self, signals[SETTLED], 0, id);
      return;
    }

  if (g_hash_table_contains (self->awaiting, id) || g_hash_table_size (self->awaiting) >= MAX_AWAITING)
    return;

  g_hash_table_add (self->awaiting, g_strdup (id));
  if (!is_news || first_seen_us < self->oldest_us || !is_wanted (self, BW_NOTICE_ARRIVAL))
    return;

  notice = bw_notice_new (BW_NOTICE_ARRIVAL, id, name != NULL ? name : bw_json_get_string (document, "product"), NULL,
                          1, first_seen_us);
  add (self, notice);
}

static void
device_cb (BwNotices  *self,
           const char *change,
           JsonObject *document)
{
  if (self->is_loading)
    self->is_stale = TRUE;
  else if (self->is_loaded)
    take_device (self, document, TRUE);
}

static void
take_awaiting (BwNotices *self,
               JsonArray *items)
{
  gboolean is_first = !self->is_loaded;
  guint n = json_array_get_length (items);

  /* the oldest first, so that the newest comes to stand above */
  for (guint i = n; i > 0; i--)
    {
      JsonNode *node = json_array_get_element (items, i - 1);

      if (!JSON_NODE_HOLDS_OBJECT (node))
        continue;

      /* of who waits already there may be more than this */
      if (is_first && i == n && n >= ARRIVALS_LIMIT)
        self->oldest_us = bw_json_get_int (json_node_get_object (node), "firstSeenAt", 0);
      take_device (self, json_node_get_object (node), !is_first);
    }

  self->is_loaded = TRUE;
}

static gboolean
again_cb (gpointer user_data)
{
  BwNotices *self = user_data;

  self->again_id = 0;
  load_awaiting (self);

  return G_SOURCE_REMOVE;
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BwNotices) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = bw_session_call_finish (BW_SESSION (source), result, &error);
  JsonArray *items = reply != NULL ? bw_json_get_array (reply, "items") : NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->is_loading = FALSE;
  if (items != NULL)
    take_awaiting (self, items);
  else
    g_debug ("reading who waits for approval: %s", error != NULL ? error->message : "no list");

  /* a busy fleet would have it asked without a pause */
  if ((self->is_stale || items == NULL) && self->again_id == 0)
    self->again_id = g_timeout_add_seconds (AGAIN_S, again_cb, self);
}

static void
load_awaiting (BwNotices *self)
{
  g_autofree char *path = NULL;

  self->is_stale = self->is_loading;
  if (self->is_loading)
    return;

  path = g_strdup_printf ("/v1/devices?status=%s&sort=-first-seen&limit=%d",
                          bw_status_to_nick (BW_STATUS_AWAITING_APPROVAL), ARRIVALS_LIMIT);
  self->is_loading = TRUE;
  bw_session_call_async (self->session, "GET", path, NULL, self->cancellable, loaded_cb, g_object_ref (self));
}

/* After an interruption the feed does not tell what was missed. */
static void
connection_cb (BwNotices *self)
{
  if (bw_session_get_online (self->session) && bw_session_get_feed_connected (self->session))
    load_awaiting (self);
}

static void
bw_notices_dispose (GObject *object)
{
  BwNotices *self = (BwNotices *) object;

  g_clear_handle_id (&self->again_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);

  g_clear_object (&self->session);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (bw_notices_parent_class)->dispose (object);
}

static void
bw_notices_finalize (GObject *object)
{
  BwNotices *self = (BwNotices *) object;

  g_clear_object (&self->cancellable);
  g_clear_object (&self->list);
  g_clear_pointer (&self->awaiting, g_hash_table_unref);

  G_OBJECT_CLASS (bw_notices_parent_class)->finalize (object);
}

static void
bw_notices_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_N_UNREAD:
      g_value_set_uint (value, BW_NOTICES (object)->n_unread);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_notices_class_init (BwNoticesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_notices_dispose;
  object_class->finalize = bw_notices_finalize;
  object_class->get_property = bw_notices_get_property;

  properties[PROP_N_UNREAD] =
    g_param_spec_uint ("n-unread", NULL, NULL, 0, BW_NOTICES_MAX, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[HAPPENED] =
    g_signal_new ("happened", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, BW_TYPE_NOTICE, G_TYPE_STRING);
  signals[SETTLED] =
    g_signal_new ("settled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
bw_notices_init (BwNotices *self)
{
  self->cancellable = g_cancellable_new ();
  self->list = g_list_store_new (BW_TYPE_NOTICE);
  self->awaiting = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

BwNotices *
bw_notices_new (BwSession *session,
                GSettings *settings)
{
  BwNotices *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  self = g_object_new (BW_TYPE_NOTICES, NULL);
  self->session = g_object_ref (session);
  g_set_object (&self->settings, settings);
  g_signal_connect_object (session, "changed::notice", G_CALLBACK (notice_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "changed::device", G_CALLBACK (device_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::online", G_CALLBACK (connection_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::feed-connected", G_CALLBACK (connection_cb), self, G_CONNECT_SWAPPED);
  connection_cb (self);

  return self;
}

GListModel *
bw_notices_get_list (BwNotices *self)
{
  g_return_val_if_fail (BW_IS_NOTICES (self), NULL);

  return G_LIST_MODEL (self->list);
}

guint
bw_notices_get_n_unread (BwNotices *self)
{
  g_return_val_if_fail (BW_IS_NOTICES (self), 0);

  return self->n_unread;
}

void
bw_notices_mark_read (BwNotices *self)
{
  g_return_if_fail (BW_IS_NOTICES (self));

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->list)); i++)
    {
      g_autoptr(BwNotice) notice = g_list_model_get_item (G_LIST_MODEL (self->list), i);

      bw_notice_set_unread (notice, FALSE);
    }

  update_unread (self);
}

void
bw_notices_clear (BwNotices *self)
{
  g_return_if_fail (BW_IS_NOTICES (self));

  g_list_store_remove_all (self->list);
  update_unread (self);
}
