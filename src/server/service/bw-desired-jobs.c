/* bw-desired-jobs.c: what the store has to do for desired values
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-desired-private.h"

#include "bw-audit-repo.h"
#include "bw-device-repo.h"
#include "bw-error.h"
#include "bw-ingest-repo.h"
#include "bw-json.h"

/* Of those whose time is over, at a time. */
#define SWEEP_MAX 1000

/* Others who read wait so long at most. */
#define LOOK_US 10000

/* What people ask for */

void
bw_desired_job_free (BwDesiredJob *job)
{
  bw_actor_unref (job->actor);
  g_free (job->address);
  g_free (job->device_id);
  bw_desired_row_free (job->row);
  g_free (job);
}

static gboolean
check_property (BwCommandTarget     *target,
                const BwDesiredRow  *row,
                GError             **error)
{
  BwTreeProperty *property = bw_device_tree_get_property (target->device->tree, row->node, row->property);

  if (property == NULL)
    g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "the device has no property %s/%s", row->node, row->property);
  else if (!property->settable)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "%s/%s can not be set", row->node, row->property);
  else if (!property->retained)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "%s/%s keeps no value: what it does is done now or not at all",
                 row->node, row->property);
  else
    return bw_value_check (property->datatype, property->format, row->value, error);

  return FALSE;
}

static gboolean
check_target (BwCommandTarget     *target,
              const BwDesiredRow  *row,
              GError             **error)
{
  if (target->status == BW_STATUS_BLOCKED || target->status == BW_STATUS_RETIRED)
    g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "the device is %s", bw_status_to_nick (target->status));
  else if (!bw_status_is_approved (target->status))
    g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT, "the device is not approved yet");
  else
    return check_property (target, row, error);

  return FALSE;
}

static gboolean
check_limits (BwStoreThread       *thread,
              const BwDesiredRow  *row,
              GError             **error)
{
  gint64 n_device = 0;
  gint64 n_all = 0;

  if (!bw_desired_repo_count (thread->db, row->device_id, &n_device, &n_all, error))
    return FALSE;

  if (n_device < BW_DESIRED_MAX_PER_DEVICE && n_all < BW_DESIRED_MAX_ALL)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_TOO_MANY, "%" G_GINT64_FORMAT " values wait already, withdraw some first",
               n_device >= BW_DESIRED_MAX_PER_DEVICE ? n_device : n_all);

  return FALSE;
}

static void
write_value (GString            *out,
             const BwDesiredRow *row)
{
  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "node", row->node);
  bw_json_add_string (out, "property", row->property);
  bw_json_add_string (out, "value", row->value);
  bw_json_end_object (out);
}

/* @before, @after: (nullable) */
static gboolean
add_audit (BwStoreThread       *thread,
           const BwDesiredJob           *job,
           const char          *action,
           const BwDesiredRow  *before,
           const BwDesiredRow  *after,
           GError             **error)
{
  g_autoptr(GString) was = g_string_new (NULL);
  g_autoptr(GString) is = g_string_new (NULL);
  BwAuditRow entry = {
    .account_id = job->actor->account_id, .login = job->actor->login, .address = job->address,
    .action = action, .kind = "device", .object_id = job->device_id, .object = job->device_id,
    .company_id = job->company_id,
  };

  if (before != NULL)
    {
      write_value (was, before);
      entry.before = was->str;
    }
  if (after != NULL)
    {
      write_value (is, after);
      entry.after = is->str;
    }

  return bw_audit_repo_add (thread, &entry, error);
}

static gboolean
keep (BwStoreThread  *thread,
      BwDesiredJob            *job,
      GError        **error)
{
  BwDesiredRow *row = job->row;
  BwCommandTarget *target = bw_ingest_repo_load_target (thread->db, job->actor->company_id, job->device_id, error);
  g_autoptr(BwDesiredRow) before = NULL;
  g_autoptr(GError) local_error = NULL;
  gboolean ok;

  if (target == NULL)
    return FALSE;

  job->company_id = target->company_id;
  ok = check_target (target, row, error);
  bw_command_target_free (target);
  if (!ok)
    return FALSE;

  before = bw_desired_repo_get (thread->db, row->device_id, row->node, row->property, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return (before != NULL || check_limits (thread, row, error)) && bw_desired_repo_put (thread, row, error) &&
         add_audit (thread, job, "keep", before, row, error);
}

gpointer
bw_desired_keep_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;

  if (!bw_store_begin (thread, error))
    return NULL;

  if (keep (thread, task_data, error) && bw_store_commit (thread, error))
    return BW_STORE_DONE;

  bw_store_rollback (thread);

  return NULL;
}

static gboolean
withdraw (BwStoreThread  *thread,
          BwDesiredJob            *job,
          GError        **error)
{
  g_autoptr(BwDesiredRow) row = NULL;
  g_autoptr(GError) local_error = NULL;
  BwStatus status;
  gboolean found = FALSE;
  gboolean in_reach = FALSE;

  if (!bw_device_repo_get_status (thread->db, job->device_id, &found, &job->company_id, &status, &status, error) ||
      (found && !bw_device_repo_is_in_reach (thread->db, job->actor->company_id, job->company_id, &in_reach, error)))
    return FALSE;

  if (in_reach && job->row->node != NULL && job->row->property != NULL)
    row = bw_desired_repo_get (thread->db, job->device_id, job->row->node, job->row->property, &local_error);

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (!in_reach)
    g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no device %s", job->device_id);
  else if (job->row->node == NULL || job->row->property == NULL)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "“node” and “property” say which value is withdrawn");
  else if (row == NULL)
    g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "nothing waits for %s/%s", job->row->node, job->row->property);
  else
    return bw_desired_repo_remove (thread, row->device_id, row->node, row->property, 0, NULL, error) &&
           add_audit (thread, job, "withdraw", row, NULL, error);

  return FALSE;
}

gpointer
bw_desired_withdraw_job (gpointer   owned_by_thread,
              gpointer   task_data,
              GError   **error)
{
  BwStoreThread *thread = owned_by_thread;

  if (!bw_store_begin (thread, error))
    return NULL;

  if (withdraw (thread, task_data, error) && bw_store_commit (thread, error))
    return BW_STORE_DONE;

  bw_store_rollback (thread);

  return NULL;
}

void
bw_desired_look_free (gpointer data)
{
  BwDesiredLook *look = data;

  g_free (look->id);
  g_clear_pointer (&look->rows, g_ptr_array_unref);
  g_clear_pointer (&look->fulfilled, g_ptr_array_unref);
  g_free (look);
}

void
bw_desired_look_job_free (BwDesiredLookJob *job)
{
  g_ptr_array_unref (job->ids);
  g_ptr_array_unref (job->looks);
  g_free (job);
}

static gboolean
is_fulfilled (BwCommandTarget    *target,
              const BwDesiredRow *row)
{
  BwTreeProperty *property = bw_device_tree_get_property (target->device->tree, row->node, row->property);

  return property != NULL && property->value != NULL && property->updated_at_us > row->created_at_us &&
         bw_value_means_same (property->datatype, property->format, row->value, property->value);
}

/* A device that says ready has subscribed to what it is told. */
static gboolean
is_there (const BwCommandTarget *target)
{
  BwState state = target->device->tree->state;

  return bw_status_is_approved (target->status) && target->device->online &&
         (state == BW_STATE_READY || state == BW_STATE_ALERT);
}

/* @target: (nullable): it is not there, and says nothing */
static void
sort_rows (BwDesiredLook            *look,
           BwCommandTarget *target,
           GPtrArray       *rows)
{
  gint64 now_us = g_get_real_time ();

  look->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_desired_row_free);
  look->fulfilled = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_desired_row_free);
  while (rows->len > 0)
    {
      g_autoptr(BwDesiredRow) row = g_ptr_array_steal_index (rows, 0);
      GPtrArray *list;

      if (row->state != BW_DESIRED_PENDING || row->expires_at_us <= now_us)
        continue;

      list = target != NULL && is_fulfilled (target, row) ? look->fulfilled : look->rows;
      g_ptr_array_add (list, g_steal_pointer (&row));
    }
}

static gboolean
look_at_one (BwDb        *db,
             const char  *id,
             BwDesiredLook        *look,
             GError     **error)
{
  g_autoptr(GPtrArray) rows = bw_desired_repo_list (db, id, error);
  BwCommandTarget *target;
  BwStatus status;
  gboolean found = FALSE;
  gboolean online = FALSE;

  if (rows == NULL ||
      !bw_device_repo_get_status (db, id, &found, &look->company_id, &status, &status, error) ||
      !bw_device_repo_get_online (db, id, &online, error))
    return FALSE;

  if (!found || rows->len == 0)
    return TRUE;

  /* of a whole fleet that is away no description is read */
  if (!online)
    {
      sort_rows (look, NULL, rows);
      return TRUE;
    }

  target = bw_ingest_repo_load_target (db, look->company_id, id, error);
  if (target == NULL)
    return FALSE;

  look->is_there = is_there (target);
  sort_rows (look, target, rows);
  bw_command_target_free (target);

  return TRUE;
}

gpointer
bw_desired_look_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  BwDesiredLookJob *job = task_data;
  gint64 until_us = g_get_monotonic_time () + LOOK_US;

  for (guint i = 0; i < job->ids->len && (i == 0 || g_get_monotonic_time () < until_us); i++)
    {
      BwDesiredLook *look = g_new0 (BwDesiredLook, 1);

      look->id = g_strdup (g_ptr_array_index (job->ids, i));
      g_ptr_array_add (job->looks, look);
      if (!look_at_one (thread->db, look->id, look, error))
        return NULL;
    }

  return BW_STORE_DONE;
}

void
bw_desired_outcome_free (BwDesiredOutcome *outcome)
{
  bw_desired_row_free (outcome->row);
  g_free (outcome->reason);
  g_free (outcome);
}

static gboolean
store_outcome (BwStoreThread  *thread,
               BwDesiredOutcome        *outcome,
               GError        **error)
{
  BwDesiredRow *row = outcome->row;

  if (outcome->confirmed)
    return bw_desired_repo_remove (thread, row->device_id, row->node, row->property, row->created_at_us,
                                   &outcome->changed, error);

  if (!bw_desired_repo_set_state (thread, row, outcome->refused ? BW_DESIRED_REFUSED : BW_DESIRED_PENDING,
                                  outcome->reason, error))
    return FALSE;

  outcome->changed = bw_db_get_n_changed (thread->db) > 0;

  return TRUE;
}

gpointer
bw_desired_outcome_job (gpointer   owned_by_thread,
             gpointer   task_data,
             GError   **error)
{
  BwStoreThread *thread = owned_by_thread;

  if (!bw_store_begin (thread, error))
    return NULL;

  if (store_outcome (thread, task_data, error) && bw_store_commit (thread, error))
    return BW_STORE_DONE;

  bw_store_rollback (thread);

  return NULL;
}

void
bw_desired_expiry_free (BwDesiredExpiry *expiry)
{
  g_clear_pointer (&expiry->rows, g_ptr_array_unref);
  g_array_unref (expiry->company_ids);
  g_free (expiry);
}

static gboolean
remove_expired (BwStoreThread  *thread,
                BwDesiredExpiry         *expiry,
                GError        **error)
{
  expiry->rows = bw_desired_repo_list_expired (thread->db, g_get_real_time (), SWEEP_MAX, error);
  if (expiry->rows == NULL)
    return FALSE;

  for (guint i = 0; i < expiry->rows->len; i++)
    {
      const BwDesiredRow *row = g_ptr_array_index (expiry->rows, i);
      BwStatus status;
      gboolean found = FALSE;
      gint64 company_id = 0;

      if (!bw_desired_repo_remove (thread, row->device_id, row->node, row->property, row->created_at_us, NULL, error) ||
          !bw_device_repo_get_status (thread->db, row->device_id, &found, &company_id, &status, &status, error))
        return FALSE;

      g_array_append_val (expiry->company_ids, company_id);
    }

  return TRUE;
}

gpointer
bw_desired_expire_job (gpointer   owned_by_thread,
            gpointer   task_data,
            GError   **error)
{
  BwStoreThread *thread = owned_by_thread;

  if (!bw_store_begin (thread, error))
    return NULL;

  if (remove_expired (thread, task_data, error) && bw_store_commit (thread, error))
    return BW_STORE_DONE;

  bw_store_rollback (thread);

  return NULL;
}

gpointer
bw_desired_list_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;

  return bw_desired_repo_list_devices (thread->db, error);
}
