/* bw-overview-service.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-overview-service.h"

#include "bw-device-repo.h"

/* An overview is pushed to a company for as long after it was asked for. */
#define LOOKED_US  (15 * G_TIME_SPAN_MINUTE)

#define PUSH_MS    1000

/* Of a large fleet counting takes its time: no more than such a part of one reader's goes into it. */
#define COUNT_SHARE 10

/**
 * BwOverviewService:
 *
 * Numbers over the whole fleet. They follow the feed, thinned: counting is
 * cheap, but not worth doing for each of a thousand devices that come online.
 */

struct _BwOverviewService
{
  GObject     parent_instance;

  BwStore    *store;
  BwFeed     *feed;
  gulong      changed_id;
  guint       push_id;
  BwRateFunc  rate_func;
  gpointer    rate_data;
  GHashTable *looked;         /* company id → when */
  gint64      revision;
  gint64      rest_us;        /* between two pushes, at least */
};

G_DEFINE_FINAL_TYPE (BwOverviewService, bw_overview_service, G_TYPE_OBJECT)

typedef struct
{
  gint64 company_id;
  gint64 rate;
  gint64 revision;
  gint64 took_us;
} Job;

static gpointer
overview_job (gpointer   owned_by_thread,
              gpointer   task_data,
              GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  Job *job = task_data;
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr(GString) out = g_string_sized_new (1024);

  if (!bw_device_repo_write_overview (thread->db, job->company_id, job->rate, job->revision, out, error))
    return NULL;

  job->took_us = g_get_monotonic_time () - start_us;

  return g_string_free_to_bytes (g_steal_pointer (&out));
}

static void
push_job (BwOverviewService *self,
          gint64             company_id,
          GTask             *task)
{
  Job *job = g_new0 (Job, 1);

  /* the clock, so that it also grows across runs; and never the same twice */
  self->revision = MAX (self->revision + 1, g_get_real_time ());

  job->company_id = company_id;
  job->rate = self->rate_func != NULL ? self->rate_func (self->rate_data) : 0;
  job->revision = self->revision;
  g_task_set_task_data (task, job, g_free);
  bw_store_push_read (self->store, task, overview_job, (GDestroyNotify) g_bytes_unref);
}

static void
counted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  BwOverviewService *self = BW_OVERVIEW_SERVICE (source);
  const Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) document = g_task_propagate_pointer (G_TASK (result), &error);
  g_autofree char *text = NULL;

  if (document == NULL)
    {
      g_debug ("Counting for the overview: %s, ignoring", error->message);
      return;
    }

  self->rest_us = job->took_us * COUNT_SHARE;
  text = g_strndup (g_bytes_get_data (document, NULL), g_bytes_get_size (document));
  if (self->feed != NULL)
    bw_feed_changed (self->feed, "overview", job->company_id, text);
}

static gboolean
push_cb (gpointer user_data)
{
  BwOverviewService *self = user_data;
  gint64 now_us = g_get_monotonic_time ();
  GHashTableIter iter;
  gint64 *company_id;
  gint64 *looked_us;

  self->push_id = 0;

  g_hash_table_iter_init (&iter, self->looked);
  while (g_hash_table_iter_next (&iter, (gpointer *) &company_id, (gpointer *) &looked_us))
    {
      GTask *task;

      if (now_us - *looked_us > LOOKED_US)
        {
          g_hash_table_iter_remove (&iter);
          continue;
        }

      task = g_task_new (self, NULL, counted_cb, NULL);
      g_task_set_source_tag (task, push_cb);
      push_job (self, *company_id, task);
    }

  return G_SOURCE_REMOVE;
}

static void
changed_cb (BwFeed            *feed,
            const char        *kind,
            gint64             company_id,
            const char        *document,
            BwOverviewService *self)
{
  if (g_str_equal (kind, "device") || g_str_equal (kind, "batch") || g_str_equal (kind, "bulk"))
    bw_overview_service_touch (self);
}

static void
bw_overview_service_dispose (GObject *object)
{
  BwOverviewService *self = (BwOverviewService *) object;

  g_clear_handle_id (&self->push_id, g_source_remove);
  if (self->feed != NULL)
    g_clear_signal_handler (&self->changed_id, self->feed);
  g_clear_object (&self->feed);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (bw_overview_service_parent_class)->dispose (object);
}

static void
bw_overview_service_finalize (GObject *object)
{
  BwOverviewService *self = (BwOverviewService *) object;

  g_clear_pointer (&self->looked, g_hash_table_unref);

  G_OBJECT_CLASS (bw_overview_service_parent_class)->finalize (object);
}

static void
bw_overview_service_class_init (BwOverviewServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_overview_service_dispose;
  object_class->finalize = bw_overview_service_finalize;
}

static void
bw_overview_service_init (BwOverviewService *self)
{
  self->looked = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
}

BwOverviewService *
bw_overview_service_new (BwStore *store,
                         BwFeed  *feed)
{
  BwOverviewService *self;

  g_return_val_if_fail (BW_IS_STORE (store), NULL);
  g_return_val_if_fail (BW_IS_FEED (feed), NULL);

  self = g_object_new (BW_TYPE_OVERVIEW_SERVICE, NULL);
  self->store = g_object_ref (store);
  self->feed = g_object_ref (feed);
  self->changed_id = g_signal_connect (feed, "changed", G_CALLBACK (changed_cb), self);

  return self;
}

/* @func: (nullable): NULL when who knew is gone */
void
bw_overview_service_set_rate (BwOverviewService *self,
                              BwRateFunc         func,
                              gpointer           user_data)
{
  g_return_if_fail (BW_IS_OVERVIEW_SERVICE (self));

  self->rate_func = func;
  self->rate_data = user_data;
}

void
bw_overview_service_touch (BwOverviewService *self)
{
  g_return_if_fail (BW_IS_OVERVIEW_SERVICE (self));

  if (self->push_id == 0 && g_hash_table_size (self->looked) > 0)
    self->push_id = g_timeout_add ((guint) MAX (PUSH_MS, self->rest_us / 1000), push_cb, self);
}

void
bw_overview_service_get_async (BwOverviewService   *self,
                               const BwActor       *actor,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  gint64 *company_id;
  gint64 *looked_us;

  g_return_if_fail (BW_IS_OVERVIEW_SERVICE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_overview_service_get_async);
  if (!bw_actor_check (actor, BW_PERMISSION_VIEW_DEVICES, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  company_id = g_new (gint64, 1);
  *company_id = actor->company_id;
  looked_us = g_new (gint64, 1);
  *looked_us = g_get_monotonic_time ();
  g_hash_table_replace (self->looked, company_id, looked_us);

  push_job (self, actor->company_id, g_steal_pointer (&task));
}

GBytes *
bw_overview_service_get_finish (BwOverviewService  *self,
                                GAsyncResult       *result,
                                GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
