/* bw-device-news.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-broker"

#include "bw-device-news.h"

#include "bw-device-repo.h"

/* A fleet that comes back changes ten thousand devices at once; nobody reads
 * that fast. Each device is told once an interval at most, and so many of them. */
#define INTERVAL_MS     200
#define MAX_PER_TURN    200

/**
 * BwDeviceNews:
 *
 * The ingest says which rows it has changed; this reads their documents, by
 * and by, and gives them to the feed. A device that changes again while it
 * waits is told once.
 */

struct _BwDeviceNews
{
  GObject       parent_instance;

  BwStore      *store;
  BwFeed       *feed;
  GCancellable *cancellable;
  GHashTable   *waiting;          /* set of char* */
  guint         device_source;
  gboolean      reading;
};

G_DEFINE_FINAL_TYPE (BwDeviceNews, bw_device_news, G_TYPE_OBJECT)

static void schedule_devices (BwDeviceNews *self);

typedef struct
{
  gint64  company_id;
  char   *document;
} Document;

static void
document_clear (gpointer data)
{
  g_free (((Document *) data)->document);
}

/* on the reading thread */
static gpointer
read_devices (gpointer   owned_by_thread,
              gpointer   task_data,
              GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  GPtrArray *ids = task_data;
  g_autoptr(GArray) documents = g_array_new (FALSE, FALSE, sizeof (Document));

  g_array_set_clear_func (documents, document_clear);

  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr(GString) out = g_string_new (NULL);
      Document document = { 0, NULL };

      /* one that is gone is no news */
      if (!bw_device_repo_write_document (thread->db, g_ptr_array_index (ids, i), FALSE, out,
                                          &document.company_id, NULL))
        continue;

      document.document = g_string_free (g_steal_pointer (&out), FALSE);
      g_array_append_val (documents, document);
    }

  return g_steal_pointer (&documents);
}

static void
devices_read_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  BwDeviceNews *self = BW_DEVICE_NEWS (source);
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) documents = g_task_propagate_pointer (G_TASK (result), &error);

  self->reading = FALSE;
  if (documents == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_warning ("Could not read changed devices: %s, ignoring", error->message);
          schedule_devices (self);
        }
      return;
    }

  for (guint i = 0; i < documents->len; i++)
    {
      const Document *document = &g_array_index (documents, Document, i);

      bw_feed_changed (self->feed, "device", document->company_id, document->document);
    }

  schedule_devices (self);
}

static gboolean
devices_cb (gpointer user_data)
{
  BwDeviceNews *self = user_data;
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer id;
  GTask *task;

  self->device_source = 0;

  g_hash_table_iter_init (&iter, self->waiting);
  while (ids->len < MAX_PER_TURN && g_hash_table_iter_next (&iter, &id, NULL))
    {
      g_ptr_array_add (ids, id);
      g_hash_table_iter_steal (&iter);
    }

  self->reading = TRUE;
  task = g_task_new (self, self->cancellable, devices_read_cb, NULL);
  g_task_set_source_tag (task, devices_cb);
  g_task_set_task_data (task, g_steal_pointer (&ids), (GDestroyNotify) g_ptr_array_unref);
  bw_store_push_read (self->store, task, read_devices, (GDestroyNotify) g_array_unref);

  return G_SOURCE_REMOVE;
}

static void
schedule_devices (BwDeviceNews *self)
{
  if (self->device_source == 0 && !self->reading && g_hash_table_size (self->waiting) > 0)
    self->device_source = g_timeout_add (INTERVAL_MS, devices_cb, self);
}

static void
bw_device_news_dispose (GObject *object)
{
  BwDeviceNews *self = (BwDeviceNews *) object;

  bw_device_news_stop (self);
  g_clear_object (&self->store);
  g_clear_object (&self->feed);

  G_OBJECT_CLASS (bw_device_news_parent_class)->dispose (object);
}

static void
bw_device_news_finalize (GObject *object)
{
  BwDeviceNews *self = (BwDeviceNews *) object;

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->waiting, g_hash_table_unref);

  G_OBJECT_CLASS (bw_device_news_parent_class)->finalize (object);
}

static void
bw_device_news_class_init (BwDeviceNewsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_device_news_dispose;
  object_class->finalize = bw_device_news_finalize;
}

static void
bw_device_news_init (BwDeviceNews *self)
{
  self->cancellable = g_cancellable_new ();
  self->waiting = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

BwDeviceNews *
bw_device_news_new (BwStore *store,
                    BwFeed  *feed)
{
  BwDeviceNews *self = g_object_new (BW_TYPE_DEVICE_NEWS, NULL);

  self->store = g_object_ref (store);
  self->feed = g_object_ref (feed);

  return self;
}

void
bw_device_news_add (BwDeviceNews *self,
                    GPtrArray    *ids)
{
  g_return_if_fail (BW_IS_DEVICE_NEWS (self));

  for (guint i = 0; i < ids->len; i++)
    g_hash_table_add (self->waiting, g_strdup (g_ptr_array_index (ids, i)));

  if (!g_cancellable_is_cancelled (self->cancellable))
    schedule_devices (self);
}

void
bw_device_news_stop (BwDeviceNews *self)
{
  g_return_if_fail (BW_IS_DEVICE_NEWS (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->device_source, g_source_remove);
}
