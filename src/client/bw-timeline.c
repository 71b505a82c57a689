/* bw-timeline.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-timeline.h"

#include "bw-error.h"
#include "bw-json.h"

#define PAGE_ITEMS 100

/* A person does not scroll through more, and there is a filter. */
#define MAX_ITEMS 20000

/**
 * BwTimeline:
 *
 * What happened to one device, as the backend tells it. Pages are asked for one
 * after the other; a refresh replaces the newest ones, since an event may stand
 * for more than it did.
 */

struct _BwTimelineItem
{
  GObject      parent_instance;

  JsonObject  *document;
  BwEventKind  kind;
};

G_DEFINE_FINAL_TYPE (BwTimelineItem, bw_timeline_item, G_TYPE_OBJECT)

struct _BwTimeline
{
  GObject       parent_instance;

  BwSession    *session;
  char         *device_id;
  char         *kinds;          /* (nullable): all */
  GListStore   *items;
  GCancellable *cancellable;    /* of what is under way */
  GError       *error;          /* (nullable) */
  gboolean      is_loading;
  gboolean      is_complete;
};

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BwTimeline, bw_timeline, G_TYPE_OBJECT)

static void
bw_timeline_item_finalize (GObject *object)
{
  json_object_unref (((BwTimelineItem *) object)->document);

  G_OBJECT_CLASS (bw_timeline_item_parent_class)->finalize (object);
}

static void
bw_timeline_item_class_init (BwTimelineItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bw_timeline_item_finalize;
}

static void
bw_timeline_item_init (BwTimelineItem *self)
{
}

/* (nullable) (transfer full). One of a kind that is not known yet has its text all the same. */
static BwTimelineItem *
make_item (JsonNode *node)
{
  JsonObject *document = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  BwTimelineItem *self;
  BwEventKind kind;

  if (document == NULL || bw_json_get_string (document, "id") == NULL)
    return NULL;

  if (!bw_event_kind_from_nick (bw_json_get_string (document, "kind"), &kind))
    kind = BW_EVENT_CHANGE;

  self = g_object_new (BW_TYPE_TIMELINE_ITEM, NULL);
  self->document = json_object_ref (document);
  self->kind = kind;

  return self;
}

const char *
bw_timeline_item_get_id (BwTimelineItem *self)
{
  g_return_val_if_fail (BW_IS_TIMELINE_ITEM (self), NULL);

  return bw_json_get_string (self->document, "id");
}

gint64
bw_timeline_item_get_at_us (BwTimelineItem *self)
{
  g_return_val_if_fail (BW_IS_TIMELINE_ITEM (self), 0);

  return bw_json_get_int (self->document, "at", 0);
}

gint64
bw_timeline_item_get_n (BwTimelineItem *self)
{
  g_return_val_if_fail (BW_IS_TIMELINE_ITEM (self), 0);

  return bw_json_get_int (self->document, "n", 1);
}

BwEventKind
bw_timeline_item_get_kind (BwTimelineItem *self)
{
  g_return_val_if_fail (BW_IS_TIMELINE_ITEM (self), BW_EVENT_CHANGE);

  return self->kind;
}

const char *
bw_timeline_item_get_text (BwTimelineItem *self)
{
  const char *text;

  g_return_val_if_fail (BW_IS_TIMELINE_ITEM (self), NULL);

  text = bw_json_get_string (self->document, "text");

  return text != NULL ? text : "";
}

const char *
bw_timeline_item_get_by (BwTimelineItem *self)
{
  g_return_val_if_fail (BW_IS_TIMELINE_ITEM (self), NULL);

  return bw_json_get_string (self->document, "by");
}

JsonObject *
bw_timeline_item_get_details (BwTimelineItem *self)
{
  g_return_val_if_fail (BW_IS_TIMELINE_ITEM (self), NULL);

  return bw_json_get_object (self->document, "details");
}

static void
announce (BwTimeline *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* (transfer full) (element-type BwTimelineItem) (nullable) */
static GPtrArray *
take_page (BwTimeline   *self,
           GObject      *source,
           GAsyncResult *result)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = bw_session_call_finish (BW_SESSION (source), result, &error);
  g_autoptr(GPtrArray) page = g_ptr_array_new_with_free_func (g_object_unref);
  JsonArray *items = bw_json_get_array (reply, "items");

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return NULL;

  self->is_loading = FALSE;
  g_clear_error (&self->error);
  if (reply != NULL && items == NULL)
    g_set_error_literal (&error, BW_ERROR, BW_ERROR_INVALID, "the backend's answer is no timeline");
  if (error != NULL)
    {
      self->error = g_steal_pointer (&error);
      announce (self);
      return NULL;
    }

  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      BwTimelineItem *item = make_item (json_array_get_element (items, i));

      if (item != NULL)
        g_ptr_array_add (page, item);
    }

  return g_steal_pointer (&page);
}

static void
ask (BwTimeline          *self,
     const char          *before,
     GAsyncReadyCallback  callback)
{
  g_autofree char *id = g_uri_escape_string (self->device_id, NULL, FALSE);
  g_autoptr(GString) path = g_string_new (NULL);

  g_string_append_printf (path, "/v1/devices/%s/timeline?limit=%d", id, PAGE_ITEMS);
  if (self->kinds != NULL)
    g_string_append_printf (path, "&kind=%s", self->kinds);
  if (before != NULL)
    g_string_append_printf (path, "&before=%s", before);

  self->is_loading = TRUE;
  bw_session_call_async (self->session, "GET", path->str, NULL, self->cancellable, callback, g_object_ref (self));
}

static void
more_loaded_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(BwTimeline) self = user_data;
  g_autoptr(GPtrArray) page = take_page (self, source, result);

  if (page == NULL)
    return;

  self->is_complete = page->len < PAGE_ITEMS || g_list_model_get_n_items (G_LIST_MODEL (self->items)) >= MAX_ITEMS;
  g_list_store_splice (self->items, g_list_model_get_n_items (G_LIST_MODEL (self->items)), 0, page->pdata, page->len);
  announce (self);
}

/* How many of the list are as new as the page's last one, or are in it. */
static guint
count_covered (BwTimeline *self,
               GPtrArray  *page)
{
  g_autoptr(GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  gboolean is_known = FALSE;
  gint64 last_us = 0;
  guint i;

  if (page->len < PAGE_ITEMS)
    return n_items;

  for (i = 0; i < page->len; i++)
    g_hash_table_add (ids, (gpointer) bw_timeline_item_get_id (g_ptr_array_index (page, i)));
  last_us = bw_timeline_item_get_at_us (g_ptr_array_index (page, page->len - 1));

  for (i = 0; i < n_items; i++)
    {
      g_autoptr(BwTimelineItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);
      gboolean is_in_page = g_hash_table_contains (ids, bw_timeline_item_get_id (item));

      is_known = is_known || is_in_page;
      if (bw_timeline_item_get_at_us (item) < last_us || (bw_timeline_item_get_at_us (item) == last_us && !is_in_page))
        break;
    }

  /* More has happened than a page holds: what is between is not known. */
  return is_known ? i : n_items;
}

static gboolean
is_same (BwTimeline *self,
         GPtrArray  *page)
{
  for (guint i = 0; i < page->len; i++)
    {
      g_autoptr(BwTimelineItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      if (item == NULL || g_strcmp0 (bw_timeline_item_get_id (item), bw_timeline_item_get_id (g_ptr_array_index (page, i))) != 0 ||
          bw_timeline_item_get_n (item) != bw_timeline_item_get_n (g_ptr_array_index (page, i)))
        return FALSE;
    }

  return TRUE;
}

static void
refreshed_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(BwTimeline) self = user_data;
  g_autoptr(GPtrArray) page = take_page (self, source, result);
  guint n_covered;

  if (page == NULL)
    return;

  n_covered = count_covered (self, page);
  if (n_covered == g_list_model_get_n_items (G_LIST_MODEL (self->items)))
    self->is_complete = page->len < PAGE_ITEMS;
  if (n_covered != page->len || !is_same (self, page))
    g_list_store_splice (self->items, 0, n_covered, page->pdata, page->len);
  announce (self);
}

void
bw_timeline_load (BwTimeline *self,
                  const char *kinds)
{
  g_return_if_fail (BW_IS_TIMELINE (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();

  g_free (self->kinds);
  self->kinds = g_strdup (kinds);
  self->is_complete = FALSE;
  g_list_store_remove_all (self->items);
  ask (self, NULL, more_loaded_cb);
  announce (self);
}

void
bw_timeline_load_more (BwTimeline *self)
{
  guint n_items;
  g_autoptr(BwTimelineItem) last = NULL;

  g_return_if_fail (BW_IS_TIMELINE (self));

  n_items = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  if (self->is_loading || self->is_complete || n_items == 0)
    return;

  last = g_list_model_get_item (G_LIST_MODEL (self->items), n_items - 1);
  ask (self, bw_timeline_item_get_id (last), more_loaded_cb);
}

void
bw_timeline_refresh (BwTimeline *self)
{
  g_return_if_fail (BW_IS_TIMELINE (self));

  if (!self->is_loading)
    ask (self, NULL, refreshed_cb);
}

GListModel *
bw_timeline_get_items (BwTimeline *self)
{
  g_return_val_if_fail (BW_IS_TIMELINE (self), NULL);

  return G_LIST_MODEL (self->items);
}

gboolean
bw_timeline_is_loading (BwTimeline *self)
{
  g_return_val_if_fail (BW_IS_TIMELINE (self), FALSE);

  return self->is_loading;
}

gboolean
bw_timeline_is_complete (BwTimeline *self)
{
  g_return_val_if_fail (BW_IS_TIMELINE (self), FALSE);

  return self->is_complete;
}

const GError *
bw_timeline_get_error (BwTimeline *self)
{
  g_return_val_if_fail (BW_IS_TIMELINE (self), NULL);

  return self->error;
}

static void
bw_timeline_dispose (GObject *object)
{
  BwTimeline *self = (BwTimeline *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_timeline_parent_class)->dispose (object);
}

static void
bw_timeline_finalize (GObject *object)
{
  BwTimeline *self = (BwTimeline *) object;

  g_clear_object (&self->cancellable);
  g_clear_object (&self->items);
  g_clear_error (&self->error);
  g_free (self->device_id);
  g_free (self->kinds);

  G_OBJECT_CLASS (bw_timeline_parent_class)->finalize (object);
}

static void
bw_timeline_class_init (BwTimelineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_timeline_dispose;
  object_class->finalize = bw_timeline_finalize;

  signals[CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bw_timeline_init (BwTimeline *self)
{
  self->items = g_list_store_new (BW_TYPE_TIMELINE_ITEM);
  self->cancellable = g_cancellable_new ();
}

BwTimeline *
bw_timeline_new (BwSession  *session,
                 const char *device_id)
{
  BwTimeline *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (device_id != NULL, NULL);

  self = g_object_new (BW_TYPE_TIMELINE, NULL);
  self->session = g_object_ref (session);
  self->device_id = g_strdup (device_id);

  return self;
}
