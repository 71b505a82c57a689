/* bw-batch-creation.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-batch-creation.h"

#include "bw-error.h"
#include "bw-json.h"
#include "bw-worker.h"

/* Small enough that another request waits some 50 ms for it at most, big
 * enough that a transaction's own cost does not show. */
#define SLICE_SIZE   10000

/* The serial numbers of an import are in any order, so that each slice touches the whole of their index: fewer of
 * them, each some 200 ms. */
#define IMPORT_SLICE_SIZE 30000

/* Slices made but not stored yet. */
#define MAX_AHEAD    2

#define PROGRESS_US  (G_TIME_SPAN_SECOND / 10)

/* Taking back needs some space too, so on a full disk it waits for it. */
#define RETRY_S      2

/**
 * BwBatchCreation:
 *
 * The ids are drawn and their keys hashed on a thread of the creation's own,
 * while the store writes the slices before; each slice is a job, so that other
 * requests are answered in between. The batch is ready with the last
 * transaction; when it is cancelled, or a slice fails, all of it is taken back.
 * A kill leaves an unfinished batch, which the next start takes back.
 */

struct _BwBatchCreation
{
  GObject       parent_instance;

  BwStore      *store;
  BwFeed       *feed;
  BwWorker     *thread;           /* owns the maker */
  BwBatchMaker *maker;            /* (unowned): also asked by the store when an id is taken */
  BwBatchRow   *row;              /* the store's thread changes it; copied out under the lock */
  GMutex        lock;             /* guards shown */
  struct
  {
    gint64       revision;
    gint64       n_done;
    BwBatchState state;
  } shown;

  GTask        *task;
  GError       *error;
  gint64        next_serial;
  guint         n_ahead;
  gint64        told_at_us;
  guint         retry_id;
  gboolean      cancelled;
  gboolean      finishing;
  gboolean      stopping;         /* the program ends: what cannot be done now the next start does */
};

G_DEFINE_FINAL_TYPE (BwBatchCreation, bw_batch_creation, G_TYPE_OBJECT)

typedef struct
{
  BwBatchCreation *creation;
  gint64           first;
  guint            n_devices;
  BwBrokerDevice  *devices;
  BwImportedDevice *imported;     /* (nullable) */
} Slice;

static void make_next (BwBatchCreation *self);

static void
slice_free (Slice *slice)
{
  g_object_unref (slice->creation);
  g_free (slice->devices);
  g_free (slice->imported);
  g_free (slice);
}

static void
show (BwBatchCreation *self)
{
  g_mutex_lock (&self->lock);
  self->shown.revision = self->row->revision;
  self->shown.n_done = self->row->n_done;
  self->shown.state = self->row->state;
  g_mutex_unlock (&self->lock);
}

static void
tell (BwBatchCreation *self)
{
  g_autoptr(GString) out = g_string_sized_new (512);
  BwBatchRow copy = *self->row;

  g_mutex_lock (&self->lock);
  copy.revision = self->shown.revision;
  copy.n_done = self->shown.n_done;
  copy.state = self->shown.state;
  g_mutex_unlock (&self->lock);

  bw_batch_row_write (&copy, out);
  bw_feed_changed (self->feed, "batch", copy.company_id, out->str);
  self->told_at_us = g_get_monotonic_time ();
}

/* With the reason, unless somebody wanted it. */
static void
tell_removed (BwBatchCreation *self)
{
  g_autoptr(GString) out = g_string_new (NULL);
  char id[24];

  g_snprintf (id, sizeof id, "%" G_GINT64_FORMAT, self->row->id);
  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "id", id);
  bw_json_add_int (out, "revision", self->row->revision + 1);
  bw_json_add_boolean (out, "removed", TRUE);
  if (self->error != NULL)
    bw_json_add_string (out, "reason", self->error->message);
  bw_json_end_object (out);
  bw_feed_changed (self->feed, "batch", self->row->company_id, out->str);
}

static void
end (BwBatchCreation *self)
{
  g_autoptr(GTask) task = g_steal_pointer (&self->task);

  if (self->error != NULL)
    g_task_return_error (task, g_steal_pointer (&self->error));
  else
    g_task_return_boolean (task, TRUE);
}

/* Jobs */

static gpointer
draw_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  bw_batch_maker_draw (owned_by_thread);

  return owned_by_thread;
}

static gpointer
make_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  Slice *slice = task_data;

  slice->devices = bw_batch_maker_make_slice (owned_by_thread, slice->first, slice->n_devices);
  slice->imported = bw_batch_maker_make_imported (owned_by_thread, slice->first, slice->n_devices);

  return slice;
}

static gpointer
store_job (gpointer   owned_by_thread,
           gpointer   task_data,
           GError   **error)
{
  Slice *slice = task_data;
  BwBatchCreation *self = slice->creation;

  if (!bw_batch_repo_add_slice (owned_by_thread, self->row, slice->first, slice->devices, slice->imported,
                                slice->n_devices,
                                bw_batch_maker_is_import (self->maker) ? NULL : bw_batch_maker_make_other,
                                self->maker, error))
    return NULL;

  show (self);

  return slice;
}

static gpointer
finish_job (gpointer   owned_by_thread,
            gpointer   task_data,
            GError   **error)
{
  BwBatchCreation *self = task_data;

  if (!bw_batch_repo_finish (owned_by_thread, self->row, error))
    return NULL;

  show (self);

  return BW_STORE_DONE;
}

static gpointer
remove_job (gpointer   owned_by_thread,
            gpointer   task_data,
            GError   **error)
{
  BwBatchCreation *self = task_data;
  gboolean gone = FALSE;

  if (!bw_batch_repo_remove_slice (owned_by_thread, self->row->id, SLICE_SIZE, &gone, error))
    return NULL;

  return GINT_TO_POINTER (gone ? 2 : 1);
}

/* Main context again */

static void
push_to_store (BwBatchCreation     *self,
               BwWorkerFunc         job,
               GAsyncReadyCallback  callback)
{
  GTask *task = g_task_new (self, NULL, callback, NULL);

  g_task_set_source_tag (task, push_to_store);
  g_task_set_task_data (task, self, NULL);
  bw_store_push_write (self->store, task, job, NULL);
}

static gboolean retry_cb (gpointer user_data);

static void
removed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  BwBatchCreation *self = BW_BATCH_CREATION (source);
  g_autoptr(GError) error = NULL;
  gpointer step = g_task_propagate_pointer (G_TASK (result), &error);

  if (step == NULL)
    {
      g_debug ("Taking back a batch: %s, trying again", error->message);
      if (self->stopping)
        end (self);
      else
        self->retry_id = g_timeout_add_seconds (RETRY_S, retry_cb, self);
    }
  else if (GPOINTER_TO_INT (step) == 1)
    push_to_store (self, remove_job, removed_cb);
  else
    {
      tell_removed (self);
      end (self);
    }
}

static gboolean
retry_cb (gpointer user_data)
{
  BwBatchCreation *self = user_data;

  self->retry_id = 0;
  push_to_store (self, remove_job, removed_cb);

  return G_SOURCE_REMOVE;
}

static void
finished_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  BwBatchCreation *self = BW_BATCH_CREATION (source);

  if (g_task_propagate_pointer (G_TASK (result), &self->error) == NULL)
    {
      push_to_store (self, remove_job, removed_cb);
      return;
    }

  tell (self);
  end (self);
}

/* When no slice is under way any more. */
static void
go_on (BwBatchCreation *self)
{
  if (!self->cancelled && self->error == NULL && self->next_serial <= self->row->count)
    {
      make_next (self);
      return;
    }

  if (self->n_ahead > 0)
    return;

  if (self->cancelled || self->error != NULL)
    {
      push_to_store (self, remove_job, removed_cb);
      return;
    }

  self->finishing = TRUE;
  push_to_store (self, finish_job, finished_cb);
}

static void
stored_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  BwBatchCreation *self = BW_BATCH_CREATION (source);
  g_autoptr(GError) error = NULL;

  self->n_ahead--;

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    {
      if (self->error == NULL)
        self->error = g_steal_pointer (&error);
    }
  else if (g_get_monotonic_time () - self->told_at_us >= PROGRESS_US && !self->cancelled)
    tell (self);

  go_on (self);
}

static void
made_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  BwBatchCreation *self = BW_BATCH_CREATION (source);
  Slice *slice = g_task_get_task_data (G_TASK (result));
  GTask *task = g_task_new (self, NULL, stored_cb, NULL);
  Slice *next = g_new0 (Slice, 1);

  /* the worker still holds the first task, so its data moves to another */
  next->creation = g_object_ref (self);
  next->first = slice->first;
  next->n_devices = slice->n_devices;
  next->devices = g_steal_pointer (&slice->devices);
  next->imported = g_steal_pointer (&slice->imported);

  g_task_set_source_tag (task, made_cb);
  g_task_set_task_data (task, next, (GDestroyNotify) slice_free);
  bw_store_push_write (self->store, task, store_job, NULL);
}

static void
make_next (BwBatchCreation *self)
{
  gint64 size = bw_batch_maker_is_import (self->maker) ? IMPORT_SLICE_SIZE : SLICE_SIZE;

  while (self->n_ahead < MAX_AHEAD && self->next_serial <= self->row->count)
    {
      GTask *task = g_task_new (self, NULL, made_cb, NULL);
      Slice *slice = g_new0 (Slice, 1);

      slice->creation = g_object_ref (self);
      slice->first = self->next_serial;
      slice->n_devices = (guint) MIN (size, self->row->count - self->next_serial + 1);
      self->next_serial += slice->n_devices;
      self->n_ahead++;

      g_task_set_source_tag (task, make_next);
      g_task_set_task_data (task, slice, (GDestroyNotify) slice_free);
      bw_worker_push (self->thread, task, make_job, NULL);
    }
}

static void
drawn_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  go_on (BW_BATCH_CREATION (source));
}

static void
bw_batch_creation_dispose (GObject *object)
{
  BwBatchCreation *self = (BwBatchCreation *) object;

  g_clear_object (&self->thread);
  g_clear_object (&self->store);
  g_clear_object (&self->feed);

  G_OBJECT_CLASS (bw_batch_creation_parent_class)->dispose (object);
}

static void
bw_batch_creation_finalize (GObject *object)
{
  BwBatchCreation *self = (BwBatchCreation *) object;

  g_clear_pointer (&self->row, bw_batch_row_free);
  g_clear_error (&self->error);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (bw_batch_creation_parent_class)->finalize (object);
}

static void
bw_batch_creation_class_init (BwBatchCreationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_batch_creation_dispose;
  object_class->finalize = bw_batch_creation_finalize;
}

static void
bw_batch_creation_init (BwBatchCreation *self)
{
  g_mutex_init (&self->lock);
  self->next_serial = 1;
}

BwBatchCreation *
bw_batch_creation_new (BwStore      *store,
                       BwFeed       *feed,
                       BwBatchRow   *row,
                       BwBatchMaker *maker)
{
  BwBatchCreation *self = g_object_new (BW_TYPE_BATCH_CREATION, NULL);

  self->store = g_object_ref (store);
  self->feed = g_object_ref (feed);
  self->row = row;
  self->maker = maker;
  self->thread = bw_worker_new ("batch", MAX_AHEAD + 1, maker, (GDestroyNotify) bw_batch_maker_free);
  show (self);

  return self;
}

void
bw_batch_creation_run_async (BwBatchCreation     *self,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (BW_IS_BATCH_CREATION (self));
  g_return_if_fail (self->task == NULL);

  self->task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->task, bw_batch_creation_run_async);
  tell (self);

  task = g_task_new (self, NULL, drawn_cb, NULL);
  g_task_set_source_tag (task, bw_batch_creation_run_async);
  bw_worker_push (self->thread, task, draw_job, NULL);
}

gboolean
bw_batch_creation_run_finish (BwBatchCreation  *self,
                              GAsyncResult     *result,
                              GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
bw_batch_creation_cancel (BwBatchCreation *self)
{
  g_return_val_if_fail (BW_IS_BATCH_CREATION (self), FALSE);

  if (self->finishing || self->error != NULL)
    return FALSE;

  self->cancelled = TRUE;

  return TRUE;
}

/* Like cancelling, but does not wait for better times. */
void
bw_batch_creation_stop (BwBatchCreation *self)
{
  g_return_if_fail (BW_IS_BATCH_CREATION (self));

  self->stopping = TRUE;
  bw_batch_creation_cancel (self);

  if (self->retry_id != 0)
    {
      g_clear_handle_id (&self->retry_id, g_source_remove);
      end (self);
    }
}

gint64
bw_batch_creation_get_id (BwBatchCreation *self)
{
  g_return_val_if_fail (BW_IS_BATCH_CREATION (self), 0);

  return self->row->id;
}
