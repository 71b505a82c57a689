/* bw-batch-jobs.c: what the store does for batches
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-batch-private.h"

#include "bw-audit-repo.h"
#include "bw-company-repo.h"
#include "bw-device-repo.h"
#include "bw-error.h"
#include "bw-json.h"

/* Devices whose status is set by one job. */
#define LABEL_SLICE 10000

void
bw_batch_job_free (BwBatchJob *job)
{
  bw_actor_unref (job->actor);
  g_free (job->address);
  g_clear_pointer (&job->row, bw_batch_row_free);
  g_clear_pointer (&job->maker, bw_batch_maker_free);
  g_free (job->company_name);
  g_free (job);
}

BwBatchRow *
bw_batch_job_get_row (BwDb              *db,
                      const BwBatchJob  *job,
                      GError           **error)
{
  g_autoptr(BwBatchRow) row = bw_batch_repo_get (db, job->id, error);
  gboolean in_reach = FALSE;

  if (row == NULL || !bw_device_repo_is_in_reach (db, job->company_id, row->company_id, &in_reach, error))
    return NULL;

  if (!in_reach)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no batch %" G_GINT64_FORMAT, job->id);
      return NULL;
    }

  return g_steal_pointer (&row);
}

GBytes *
bw_batch_row_to_bytes (const BwBatchRow *row)
{
  GString *out = g_string_sized_new (512);

  bw_batch_row_write (row, out);

  return g_string_free_to_bytes (out);
}

gboolean
bw_batch_job_add_audit (BwStoreThread     *thread,
                        const BwBatchJob  *job,
                        const char        *action,
                        const BwBatchRow  *row,
                        const char        *before,
                        const char        *after,
                        GError           **error)
{
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, row->id);
  BwAuditRow entry = {
    .account_id = job->actor->account_id, .login = job->actor->login, .address = job->address,
    .action = action, .kind = "batch", .object_id = id, .object = row->name, .company_id = row->company_id,
    .before = before, .after = after,
  };

  return bw_audit_repo_add (thread, &entry, error);
}

/* The same with the batch itself, as it was and as it is. (nullable) */
static gboolean
add_audit_of_rows (BwStoreThread     *thread,
                   const BwBatchJob         *job,
                   const char        *action,
                   const BwBatchRow  *before,
                   const BwBatchRow  *after,
                   GError           **error)
{
  g_autoptr(GString) was = g_string_new (NULL);
  g_autoptr(GString) is = g_string_new (NULL);

  if (before != NULL)
    bw_batch_row_write (before, was);
  if (after != NULL)
    bw_batch_row_write (after, is);

  return bw_batch_job_add_audit (thread, job, action, after != NULL ? after : before,
                                 before != NULL ? was->str : NULL, after != NULL ? is->str : NULL, error);
}

gpointer
bw_batch_list_job (gpointer   owned_by_thread,
                   gpointer   task_data,
                   GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  const BwBatchJob *job = task_data;
  g_autoptr(GString) out = g_string_sized_new (4096);

  bw_json_begin_object (out, NULL);
  bw_json_begin_array (out, "items");
  if (!bw_batch_repo_list (thread->db, job->company_id, out, error))
    return NULL;
  bw_json_end_array (out);
  bw_json_end_object (out);

  return g_string_free_to_bytes (g_steal_pointer (&out));
}

gpointer
bw_batch_get_job (gpointer   owned_by_thread,
                  gpointer   task_data,
                  GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  g_autoptr(BwBatchRow) row = bw_batch_job_get_row (thread->db, task_data, error);

  return row != NULL ? bw_batch_row_to_bytes (row) : NULL;
}

/* The batch's name may be taken by one whose making was just given up; then it is a conflict, as it should be. */
gpointer
bw_batch_add_job (gpointer   owned_by_thread,
                  gpointer   task_data,
                  GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  BwBatchJob *job = task_data;

  if (job->company_name != NULL || job->wanted_company_id != 0)
    {
      if (!bw_company_repo_find (thread->db, job->company_id, job->wanted_company_id, job->company_name,
                                 &job->row->company_id, error))
        return NULL;

      if (job->row->company_id == 0)
        {
          g_set_error_literal (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no such company");
          return NULL;
        }
    }

  if (!bw_store_begin (thread, error))
    return NULL;

  if (bw_batch_repo_add (thread, job->row, bw_batch_maker_get_secret (job->maker), error) &&
      (bw_batch_maker_is_import (job->maker)
         ? add_audit_of_rows (thread, job, "import", NULL, job->row, error)
         : add_audit_of_rows (thread, job, "create", NULL, job->row, error)) &&
      bw_store_commit (thread, error))
    return bw_batch_row_to_bytes (job->row);

  bw_store_rollback (thread);

  return NULL;
}

/* What is being taken back; it is written down before the first of it goes. */
gpointer
bw_batch_cancel_job (gpointer   owned_by_thread,
                     gpointer   task_data,
                     GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  BwBatchJob *job = task_data;
  g_autoptr(BwBatchRow) row = bw_batch_job_get_row (thread->db, job, error);

  if (row == NULL || !bw_store_begin (thread, error))
    return NULL;

  if (add_audit_of_rows (thread, job, "cancel", row, NULL, error) && bw_store_commit (thread, error))
    return bw_batch_row_to_bytes (row);

  bw_store_rollback (thread);

  return NULL;
}

gpointer
bw_batch_hand_over_job (gpointer   owned_by_thread,
                        gpointer   task_data,
                        GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  BwBatchJob *job = task_data;
  g_autoptr(BwBatchRow) row = bw_batch_job_get_row (thread->db, job, error);

  if (row == NULL || !bw_store_begin (thread, error))
    return NULL;

  if (bw_batch_repo_hand_over (thread, job->id, g_get_real_time (), error) &&
      (job->row = bw_batch_repo_get (thread->db, job->id, error)) != NULL &&
      add_audit_of_rows (thread, job, "hand-over", row, job->row, error) &&
      bw_store_commit (thread, error))
    {
      bw_batch_repo_wipe_log (thread);
      return bw_batch_row_to_bytes (job->row);
    }

  bw_store_rollback (thread);

  return NULL;
}

static gboolean
check_range (const BwBatchJob         *job,
             const BwBatchRow  *row,
             GError           **error)
{
  if (row->state != BW_BATCH_READY)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT, "the batch is still being created");
  else if (job->first > row->count || job->count > row->count - job->first + 1)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                 "the batch has the serial numbers 1 to %" G_GINT64_FORMAT, row->count);
  else
    return TRUE;

  return FALSE;
}

/* One for all slices, with the first. */
static gboolean
add_label_audit (BwStoreThread     *thread,
                 const BwBatchJob         *job,
                 const BwBatchRow  *row,
                 GError           **error)
{
  g_autoptr(GString) after = g_string_new (NULL);

  if (job->has_begun)
    return TRUE;

  bw_json_begin_object (after, NULL);
  bw_json_add_int (after, "first", job->first);
  bw_json_add_int (after, "count", job->count);
  bw_json_end_object (after);

  return bw_batch_job_add_audit (thread, job, "label", row, NULL, after->str, error);
}

gpointer
bw_batch_label_job (gpointer   owned_by_thread,
                    gpointer   task_data,
                    GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  BwBatchJob *job = task_data;
  g_autoptr(BwBatchRow) row = bw_batch_job_get_row (thread->db, job, error);
  gint64 n_changed = 0;
  gint64 n = MIN (job->count, LABEL_SLICE);

  if (row == NULL || !check_range (job, row, error) || !bw_store_begin (thread, error))
    return NULL;

  if (!add_label_audit (thread, job, row, error) ||
      !bw_batch_repo_label (thread, job->id, job->first, n, &n_changed, error) ||
      (n_changed > 0 && !bw_batch_repo_touch (thread, job->id, error)) ||
      !bw_store_commit (thread, error))
    {
      bw_store_rollback (thread);
      return NULL;
    }

  job->has_begun = TRUE;
  job->n_changed += n_changed;
  job->first += n;
  job->count -= n;
  row->revision += n_changed > 0;
  g_clear_pointer (&job->row, bw_batch_row_free);
  job->row = g_steal_pointer (&row);

  return bw_batch_row_to_bytes (job->row);
}
