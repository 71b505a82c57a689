/* bw-batch-progress.c: how far a batch is, and who is behind
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-batch-private.h"

#include "bw-device-repo.h"
#include "bw-error.h"
#include "bw-json.h"

static gpointer
funnel_job (gpointer   owned_by_thread,
            gpointer   task_data,
            GError   **error)
{
  static const char *const members[BW_N_STAGES] = { "created", "labelled", "flashed", "seen", "approved", "paired" };
  BwStoreThread *thread = owned_by_thread;
  g_autoptr(BwBatchRow) row = bw_batch_job_get_row (thread->db, task_data, error);
  g_autoptr(GString) out = g_string_new (NULL);
  gint64 counts[BW_N_STAGES];

  if (row == NULL || !bw_batch_repo_count_stages (thread->db, row->id, counts, error))
    return NULL;

  bw_json_begin_object (out, NULL);
  for (guint stage = 0; stage < BW_N_STAGES; stage++)
    bw_json_add_int (out, members[stage], counts[stage]);
  bw_json_end_object (out);

  return g_string_free_to_bytes (g_steal_pointer (&out));
}

/* first: the offset, count: the limit */
static gpointer
stragglers_job (gpointer   owned_by_thread,
                gpointer   task_data,
                GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  const BwBatchJob *job = task_data;
  g_autoptr(BwBatchRow) row = bw_batch_job_get_row (thread->db, job, error);
  g_autoptr(GString) out = g_string_sized_new (4096);
  BwDeviceQuery query = {
    .company_id = job->company_id, .is_root = TRUE, .batch_id = job->id, .behind = job->behind,
    .sort = "serial", .offset = job->first, .limit = job->count,
  };

  if (row == NULL)
    return NULL;

  if (job->behind == BW_STAGE_CREATED)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID,
                           "“stage” must be labelled, flashed, seen, approved or paired");
      return NULL;
    }

  if (!bw_device_repo_list (thread->db, &query, out, error))
    return NULL;

  return g_string_free_to_bytes (g_steal_pointer (&out));
}

void
bw_batch_service_funnel_async (BwBatchService      *self,
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
    bw_store_push_search (bw_batch_service_get_store (self), task, funnel_job, (GDestroyNotify) g_bytes_unref);
}

void
bw_batch_service_stragglers_async (BwBatchService      *self,
                                   const BwActor       *actor,
                                   const char          *id,
                                   const char          *stage,
                                   gint64               offset,
                                   gint64               limit,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  GTask *task;
  BwBatchJob *job;
  BwStage behind = BW_STAGE_CREATED;
  BwDeviceQuery query = { .offset = offset, .limit = limit };
  g_autoptr(GError) error = NULL;

  g_return_if_fail (BW_IS_BATCH_SERVICE (self));

  task = bw_batch_service_make_task (self, actor, NULL, id, cancellable, callback, user_data);
  if (!bw_batch_service_may (actor, BW_PERMISSION_VIEW_DEVICES, task))
    return;

  if (!bw_device_query_check (&query, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      g_object_unref (task);
      return;
    }

  /* what is no stage is said once the batch is known to be in reach */
  bw_stage_from_nick (stage, &behind);
  job = g_task_get_task_data (task);
  job->behind = behind;
  job->first = offset;
  job->count = limit;
  bw_store_push_search (bw_batch_service_get_store (self), task, stragglers_job, (GDestroyNotify) g_bytes_unref);
}
