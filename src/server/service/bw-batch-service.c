/* bw-batch-service.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-batch-service.h"

#include <string.h>

#include "bw-batch-creation.h"
#include "bw-batch-private.h"
#include "bw-batch.h"
#include "bw-error.h"
#include "bw-spool.h"
#include "bw-text.h"

#define DEFAULT_COLOR "#3584e4"

/* In the making at the same time; each holds ten bytes an id in memory. */
#define MAX_CREATIONS 4

/* What one takes in both databases, and the logs of both before they are written back. */
#define BYTES_PER_DEVICE 220
#define MAX_LOG_BYTES    (40 * 1000 * 1000)

/**
 * BwBatchService:
 *
 * The rules of batches: who may make, see, hand over. The making itself is a
 * BwBatchCreation. Main thread.
 */

struct _BwBatchService
{
  GObject     parent_instance;

  BwStore    *store;
  BwFeed     *feed;
  GHashTable *creations;     /* id → BwBatchCreation */
  GTask      *stopping;
};

G_DEFINE_FINAL_TYPE (BwBatchService, bw_batch_service, G_TYPE_OBJECT)

static gint64
parse_id (const char *text)
{
  gint64 id = 0;

  if (text == NULL || !g_ascii_string_to_signed (text, 10, 1, G_MAXINT64, &id, NULL))
    return 0;

  return id;
}

static void
bw_batch_service_dispose (GObject *object)
{
  BwBatchService *self = (BwBatchService *) object;

  g_clear_pointer (&self->creations, g_hash_table_unref);
  g_clear_object (&self->store);
  g_clear_object (&self->feed);

  G_OBJECT_CLASS (bw_batch_service_parent_class)->dispose (object);
}

static void
bw_batch_service_class_init (BwBatchServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_batch_service_dispose;
}

static void
bw_batch_service_init (BwBatchService *self)
{
  self->creations = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);
}

BwBatchService *
bw_batch_service_new (BwStore *store,
                      BwFeed  *feed)
{
  BwBatchService *self;

  g_return_val_if_fail (BW_IS_STORE (store), NULL);
  g_return_val_if_fail (BW_IS_FEED (feed), NULL);

  self = g_object_new (BW_TYPE_BATCH_SERVICE, NULL);
  self->store = g_object_ref (store);
  self->feed = g_object_ref (feed);

  return self;
}

BwStore *
bw_batch_service_get_store (BwBatchService *self)
{
  return self->store;
}

BwBatchJob *
bw_batch_job_new (const BwActor *actor,
                  const char    *address,
                  const char    *id)
{
  BwBatchJob *job = g_new0 (BwBatchJob, 1);

  job->actor = bw_actor_ref ((BwActor *) actor);
  job->address = g_strdup (address);
  job->company_id = actor->company_id;
  job->id = parse_id (id);

  return job;
}

GTask *
bw_batch_service_make_task (BwBatchService      *self,
                            const BwActor       *actor,
                            const char          *address,
                            const char          *id,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, bw_batch_service_make_task);
  g_task_set_task_data (task, bw_batch_job_new (actor, address, id), (GDestroyNotify) bw_batch_job_free);

  return task;
}

gboolean
bw_batch_service_may (const BwActor *actor,
                      BwPermission   permission,
                      GTask         *task)
{
  g_autoptr(GError) error = NULL;

  if (bw_actor_check (actor, permission, &error))
    return TRUE;

  g_task_return_error (task, g_steal_pointer (&error));
  g_object_unref (task);

  return FALSE;
}

/* Making one */

/* Better a clear word before than half a batch and a full disk after. */
static gboolean
check_space (BwBatchService  *self,
             gint64           count,
             GError         **error)
{
  gint64 needed = count * BYTES_PER_DEVICE + MIN (count * BYTES_PER_DEVICE, MAX_LOG_BYTES);

  return bw_spool_check_room (bw_store_get_data_folder (self->store), needed, error);
}

static void
stop_if_done (BwBatchService *self)
{
  if (self->stopping == NULL || g_hash_table_size (self->creations) > 0)
    return;

  g_task_return_boolean (self->stopping, TRUE);
  g_clear_object (&self->stopping);
}

static void
creation_over_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(BwBatchService) self = user_data;
  g_autoptr(GError) error = NULL;
  gint64 id = bw_batch_creation_get_id (BW_BATCH_CREATION (source));

  if (!bw_batch_creation_run_finish (BW_BATCH_CREATION (source), result, &error))
    g_debug ("Batch %" G_GINT64_FORMAT " was given up: %s", id, error->message);

  g_hash_table_remove (self->creations, &id);
  stop_if_done (self);
}

void
bw_batch_service_begin_creation (BwBatchService *self,
                                 BwBatchJob     *job)
{
  BwBatchCreation *creation;
  gint64 *id = g_new (gint64, 1);

  *id = job->row->id;
  creation = bw_batch_creation_new (self->store, self->feed,
                                    g_steal_pointer (&job->row), g_steal_pointer (&job->maker));
  g_hash_table_insert (self->creations, id, creation);
  bw_batch_creation_run_async (creation, creation_over_cb, g_object_ref (self));
  if (self->stopping != NULL)
    bw_batch_creation_stop (creation);
}

static void
added_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  BwBatchService *self = BW_BATCH_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GBytes *document = g_task_propagate_pointer (G_TASK (result), &error);
  BwBatchJob *job = g_task_get_task_data (task);

  if (document == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  bw_batch_service_begin_creation (self, job);
  g_task_return_pointer (task, document, (GDestroyNotify) g_bytes_unref);
}

gboolean
bw_batch_service_check_room (BwBatchService  *self,
                             gint64           count,
                             GError         **error)
{
  if (!check_space (self, count, error))
    return FALSE;

  if (g_hash_table_size (self->creations) < MAX_CREATIONS)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_TOO_MANY,
               "%d batches are being created; try again when one is ready", MAX_CREATIONS);

  return FALSE;
}

void
bw_batch_job_take_wish (BwBatchJob        *job,
                        const BwBatchWish *wish)
{
  job->company_name = g_strdup (wish->company);
  job->wanted_company_id = parse_id (wish->company_id);
  if (wish->company_id != NULL && job->wanted_company_id == 0)
    job->wanted_company_id = -1;

  job->row = g_new0 (BwBatchRow, 1);
  job->row->name = g_strdup (wish->name);
  job->row->info = g_strdup (wish->info != NULL ? wish->info : "");
  job->row->color = g_ascii_strdown (wish->color != NULL ? wish->color : DEFAULT_COLOR, -1);
  job->row->company_id = job->actor->company_id;
  job->row->count = wish->count;
  job->row->created_at_us = g_get_real_time ();
  job->row->created_by = g_strdup (job->actor->login);
}

void
bw_batch_service_create_async (BwBatchService      *self,
                               const BwActor       *actor,
                               const char          *address,
                               const BwBatchWish   *wish,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GError) error = NULL;
  GTask *task;
  GTask *step;
  BwBatchJob *job;

  g_return_if_fail (BW_IS_BATCH_SERVICE (self));

  task = bw_batch_service_make_task (self, actor, address, NULL, cancellable, callback, user_data);
  job = g_task_get_task_data (task);
  if (!bw_batch_service_may (actor, BW_PERMISSION_CREATE_IDS, task))
    return;

  if (!bw_batch_check (wish->name, wish->count, wish->color, wish->info, NULL, &error) ||
      !bw_batch_service_check_room (self, wish->count, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      g_object_unref (task);
      return;
    }

  bw_batch_job_take_wish (job, wish);
  job->maker = bw_batch_maker_new (wish->count);

  step = g_task_new (self, NULL, added_cb, task);
  g_task_set_source_tag (step, bw_batch_service_create_async);
  g_task_set_task_data (step, job, NULL);
  bw_store_push_write (self->store, step, bw_batch_add_job, (GDestroyNotify) g_bytes_unref);
}

void
bw_batch_service_list_async (BwBatchService      *self,
                             const BwActor       *actor,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (BW_IS_BATCH_SERVICE (self));

  task = bw_batch_service_make_task (self, actor, NULL, NULL, cancellable, callback, user_data);
  if (bw_batch_service_may (actor, BW_PERMISSION_VIEW_DEVICES, task))
    bw_store_push_read (self->store, task, bw_batch_list_job, (GDestroyNotify) g_bytes_unref);
}

void
bw_batch_service_get_async (BwBatchService      *self,
                            const BwActor       *actor,
                            const char          *id,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (BW_IS_BATCH_SERVICE (self));

  task = bw_batch_service_make_task (self, actor, NULL, id, cancellable, callback, user_data);
  if (bw_batch_service_may (actor, BW_PERMISSION_VIEW_DEVICES, task))
    bw_store_push_read (self->store, task, bw_batch_get_job, (GDestroyNotify) g_bytes_unref);
}

static void
cancelled_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GBytes *document = g_task_propagate_pointer (G_TASK (result), &error);

  if (document == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, document, (GDestroyNotify) g_bytes_unref);
}

static void
found_for_cancel_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  BwBatchService *self = BW_BATCH_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) document = g_task_propagate_pointer (G_TASK (result), &error);
  BwBatchJob *job = g_task_get_task_data (task);
  BwBatchCreation *creation;
  GTask *step;

  if (document == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  creation = g_hash_table_lookup (self->creations, &job->id);
  if (creation == NULL || !bw_batch_creation_cancel (creation))
    {
      g_task_return_new_error (task, BW_ERROR, BW_ERROR_CONFLICT,
                               "the batch is ready; only one that is being created can be taken back");
      return;
    }

  /* before what takes it back, which comes to the same queue later */
  step = g_task_new (self, NULL, cancelled_cb, g_object_ref (task));
  g_task_set_source_tag (step, found_for_cancel_cb);
  g_task_set_task_data (step, job, NULL);
  bw_store_push_write (self->store, step, bw_batch_cancel_job, (GDestroyNotify) g_bytes_unref);
}

void
bw_batch_service_cancel_async (BwBatchService      *self,
                               const BwActor       *actor,
                               const char          *address,
                               const char          *id,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  GTask *task;
  GTask *step;

  g_return_if_fail (BW_IS_BATCH_SERVICE (self));

  task = bw_batch_service_make_task (self, actor, address, id, cancellable, callback, user_data);
  if (!bw_batch_service_may (actor, BW_PERMISSION_CREATE_IDS, task))
    return;

  step = g_task_new (self, NULL, found_for_cancel_cb, task);
  g_task_set_source_tag (step, bw_batch_service_cancel_async);
  g_task_set_task_data (step, g_task_get_task_data (task), NULL);
  bw_store_push_read (self->store, step, bw_batch_get_job, (GDestroyNotify) g_bytes_unref);
}

void
bw_batch_service_tell (BwBatchService *self,
                       gint64          company_id,
                       GBytes         *document)
{
  g_autofree char *text = g_strndup (g_bytes_get_data (document, NULL), g_bytes_get_size (document));

  bw_feed_changed (self->feed, "batch", company_id, text);
}

static void
changed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  BwBatchService *self = BW_BATCH_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GBytes *document = g_task_propagate_pointer (G_TASK (result), &error);
  BwBatchJob *job = g_task_get_task_data (task);

  if (document == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  bw_batch_service_tell (self, job->row->company_id, document);
  g_task_return_pointer (task, document, (GDestroyNotify) g_bytes_unref);
}

void
bw_batch_service_hand_over_async (BwBatchService      *self,
                                  const BwActor       *actor,
                                  const char          *address,
                                  const char          *id,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  GTask *task;
  GTask *step;

  g_return_if_fail (BW_IS_BATCH_SERVICE (self));

  task = bw_batch_service_make_task (self, actor, address, id, cancellable, callback, user_data);
  if (!bw_batch_service_may (actor, BW_PERMISSION_CREATE_IDS, task))
    return;

  step = g_task_new (self, NULL, changed_cb, task);
  g_task_set_source_tag (step, bw_batch_service_hand_over_async);
  g_task_set_task_data (step, g_task_get_task_data (task), NULL);
  bw_store_push_write (self->store, step, bw_batch_hand_over_job, (GDestroyNotify) g_bytes_unref);
}

static void label_next (BwBatchService *self,
                        GTask          *task);

static void
labelled_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  BwBatchService *self = BW_BATCH_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GBytes *document = g_task_propagate_pointer (G_TASK (result), &error);
  BwBatchJob *job = g_task_get_task_data (task);

  if (document == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (job->count > 0)
    {
      g_bytes_unref (document);
      label_next (self, g_steal_pointer (&task));
    }
  else
    {
      bw_batch_service_tell (self, job->row->company_id, document);
      g_task_return_pointer (task, document, (GDestroyNotify) g_bytes_unref);
    }
}

/* @task: (transfer full) */
static void
label_next (BwBatchService *self,
            GTask          *task)
{
  GTask *step = g_task_new (self, NULL, labelled_cb, task);

  g_task_set_source_tag (step, label_next);
  g_task_set_task_data (step, g_task_get_task_data (task), NULL);
  bw_store_push_write (self->store, step, bw_batch_label_job, (GDestroyNotify) g_bytes_unref);
}

void
bw_batch_service_label_async (BwBatchService      *self,
                              const BwActor       *actor,
                              const char          *address,
                              const char          *id,
                              gint64               first,
                              gint64               count,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  GTask *task;
  BwBatchJob *job;

  g_return_if_fail (BW_IS_BATCH_SERVICE (self));

  task = bw_batch_service_make_task (self, actor, address, id, cancellable, callback, user_data);
  if (!bw_batch_service_may (actor, BW_PERMISSION_CREATE_IDS, task))
    return;

  if (first < 1 || count < 1)
    {
      g_task_return_new_error (task, BW_ERROR, BW_ERROR_INVALID, "first and count must be at least 1");
      g_object_unref (task);
      return;
    }

  job = g_task_get_task_data (task);
  job->first = first;
  job->count = count;
  label_next (self, task);
}

GBytes *
bw_batch_service_finish (BwBatchService  *self,
                         GAsyncResult    *result,
                         GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
bw_batch_service_stop_async (BwBatchService      *self,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GHashTableIter iter;
  BwBatchCreation *creation;

  g_return_if_fail (BW_IS_BATCH_SERVICE (self));
  g_return_if_fail (self->stopping == NULL);

  self->stopping = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->stopping, bw_batch_service_stop_async);

  g_hash_table_iter_init (&iter, self->creations);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &creation))
    bw_batch_creation_stop (creation);

  stop_if_done (self);
}
