/* bw-bulk-slice.c: a piece of a bulk job, in one transaction
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-bulk-private.h"

#include <string.h>

#include "bw-account-repo.h"
#include "bw-audit-repo.h"
#include "bw-error.h"
#include "bw-json.h"
#include "bw-participation-repo.h"

/* Of a larger job nobody is told of each device: who looks at a list is told of the job, and reads his page again. */
#define MAX_TOLD 1000

gboolean
bw_bulk_add_audit (BwStoreThread    *thread,
                   const BwBulkRow  *row,
                   const char       *action,
                   gint64            company_id,
                   const char       *before,
                   const char       *after,
                   GError          **error)
{
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, row->id);
  g_autofree char *name = g_strdup_printf ("%s %" G_GINT64_FORMAT, row->action, row->id);
  BwAuditRow entry = {
    .account_id = row->account_id, .login = row->login, .address = row->address,
    .action = action, .kind = "bulk", .object_id = id, .object = name, .company_id = company_id,
    .before = before, .after = after,
  };

  return bw_audit_repo_add (thread, &entry, error);
}

/* {"devices":{"4,3":["id",…],…}}: by what they were, or are */
static char *
write_devices (GPtrArray *items,
               gint64     company_id,
               gboolean   after)
{
  g_autoptr(GHashTable) groups = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  GString *out = g_string_new (NULL);
  GHashTableIter iter;
  gpointer value;
  gpointer ids;

  for (guint i = 0; i < items->len; i++)
    {
      BwBulkItem *item = g_ptr_array_index (items, i);
      char *key = after ? item->became : item->was;
      GPtrArray *group;

      if (item->state != BW_BULK_ITEM_DONE || item->company_id != company_id)
        continue;

      key = key != NULL ? key : (char *) "";
      group = g_hash_table_lookup (groups, key);
      if (group == NULL)
        {
          group = g_ptr_array_new ();
          g_hash_table_insert (groups, key, group);
        }
      g_ptr_array_add (group, item->id);
    }

  bw_json_begin_object (out, NULL);
  bw_json_begin_object (out, "devices");
  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, &value, &ids))
    {
      bw_json_begin_array (out, value);
      for (guint i = 0; i < ((GPtrArray *) ids)->len; i++)
        bw_json_add_string (out, NULL, g_ptr_array_index ((GPtrArray *) ids, i));
      bw_json_end_array (out);
    }
  bw_json_end_object (out);
  bw_json_end_object (out);

  return g_string_free (out, FALSE);
}

/* An entry each would take longer than the change itself and make a hundred thousand rows of one decision; one for all
 * would not say which devices. So it is one for each slice and company, with the ids by what they were and are: who
 * reads the log of his own company sees what was done to his devices. */
static gboolean
add_audit (BwStoreThread  *thread,
           BwBulkRun      *run,
           GPtrArray      *items,
           GError        **error)
{
  g_autoptr(GHashTable) companies = g_hash_table_new (g_int64_hash, g_int64_equal);
  GHashTableIter iter;
  gint64 *company_id;

  for (guint i = 0; i < items->len; i++)
    {
      BwBulkItem *item = g_ptr_array_index (items, i);

      if (item->state == BW_BULK_ITEM_DONE)
        g_hash_table_add (companies, &item->company_id);
    }

  g_hash_table_iter_init (&iter, companies);
  while (g_hash_table_iter_next (&iter, (gpointer *) &company_id, NULL))
    {
      g_autofree char *before = write_devices (items, *company_id, FALSE);
      g_autofree char *after = write_devices (items, *company_id, TRUE);

      if (!bw_bulk_add_audit (thread, run->row, run->row->action, *company_id, before, after, error))
        return FALSE;
    }

  return TRUE;
}

/* Whether who has begun it still may. @ret_actor: (transfer full) */
static gboolean
check_rights (BwStoreThread  *thread,
              BwBulkRun      *run,
              BwActor       **ret_actor,
              GError        **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwAccountRow) account = bw_account_repo_get (thread->db, run->row->account_id, &local_error);
  BwParticipationRow participation = { 0, };

  if (account != NULL && !account->suspended &&
      bw_participation_repo_get (thread->db, run->row->participation_id, &participation, &local_error) &&
      bw_participation_is_active (&participation, g_get_real_time ()) &&
      (participation.permissions & run->plan->permission) == run->plan->permission)
    {
      *ret_actor = bw_actor_new ("", account, &participation, FALSE, 0);
      return TRUE;
    }

  if (local_error == NULL || g_error_matches (local_error, BW_ERROR, BW_ERROR_NOT_FOUND))
    g_set_error_literal (error, BW_ERROR, BW_ERROR_FORBIDDEN, "who has begun it may not do this any more");
  else
    g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static gboolean
write_items (BwStoreThread  *thread,
             BwBulkRun      *run,
             GPtrArray      *items,
             GError        **error)
{
  gboolean approves = run->plan->family == BW_BULK_STATUS && !run->plan->is_undo &&
                      run->plan->decision == BW_ACTION_APPROVE;

  switch (run->plan->family)
    {
    case BW_BULK_STATUS:
      return bw_bulk_repo_set_statuses (thread, items, approves ? g_get_real_time () : 0,
                                        approves ? run->row->login : NULL, error);

    case BW_BULK_COMPANY:
      return bw_bulk_repo_set_companies (thread, items, error);

    case BW_BULK_TAG:
      return bw_bulk_repo_set_tags (thread, items, run->plan->tag_id, error);

    case BW_BULK_VALUE:
    default:
      return TRUE;
    }
}

static gboolean
write_documents (BwStoreThread  *thread,
                 BwBulkRun      *run,
                 GPtrArray      *items,
                 GError        **error)
{
  if (run->row->total > MAX_TOLD)
    return TRUE;

  for (guint i = 0; i < items->len; i++)
    {
      const BwBulkItem *item = g_ptr_array_index (items, i);
      g_autoptr(GString) document = NULL;
      gint64 company_id = 0;

      if (item->state != BW_BULK_ITEM_DONE)
        continue;

      document = g_string_sized_new (512);
      if (!bw_device_repo_write_document (thread->db, item->id, FALSE, document, &company_id, error))
        return FALSE;
      g_ptr_array_add (run->documents, g_string_free (g_steal_pointer (&document), FALSE));
      g_array_append_val (run->companies, company_id);
    }

  return TRUE;
}

static void
end_row (BwBulkRow   *row,
         BwBulkState  state)
{
  row->state = state;
  row->ended_at_us = g_get_real_time ();
}

static gboolean
note_items (BwStoreThread  *thread,
            BwBulkRun      *run,
            GPtrArray      *items,
            GError        **error)
{
  BwBulkRow *row = run->row;

  if (!bw_bulk_repo_set_items (thread, row->id, items, error))
    return FALSE;

  for (guint i = 0; i < items->len; i++)
    row->n_failed += ((const BwBulkItem *) g_ptr_array_index (items, i))->state == BW_BULK_ITEM_REFUSED;
  row->n_done += items->len;
  if (row->n_done >= row->total)
    end_row (row, BW_BULK_DONE);

  return bw_bulk_repo_set (thread, row, error);
}

static gboolean
do_items (BwStoreThread  *thread,
          BwBulkRun      *run,
          GError        **error)
{
  BwBulkPlan *plan = run->plan;
  g_autoptr(GPtrArray) items = bw_bulk_repo_get_items (thread->db, run->row->id, run->row->n_done, run->slice, error);

  if (items == NULL || !bw_bulk_plan_find_target (plan, run->service->authority, thread->db, run->row->company_id, error))
    return FALSE;

  if (items->len == 0)
    {
      end_row (run->row, BW_BULK_DONE);
      return bw_bulk_repo_set (thread, run->row, error);
    }

  if (!bw_bulk_repo_load_facts (thread->db, items, plan->tag_id, plan->node, plan->property, error))
    return FALSE;

  for (guint i = 0; i < items->len; i++)
    bw_bulk_plan_decide (plan, run->service->authority, run->row->company_id, g_ptr_array_index (items, i));

  /* what can be sent only the devices themselves make true */
  if (plan->family == BW_BULK_VALUE)
    {
      run->items = g_steal_pointer (&items);
      return TRUE;
    }

  return write_items (thread, run, items, error) && add_audit (thread, run, items, error) &&
         note_items (thread, run, items, error) && write_documents (thread, run, items, error);
}

static gboolean
end_early (BwStoreThread  *thread,
           BwBulkRun      *run,
           BwBulkState     state,
           const char     *sentence,
           GError        **error)
{
  end_row (run->row, state);
  g_free (run->row->error);
  run->row->error = g_strdup (sentence);

  return bw_bulk_repo_set (thread, run->row, error);
}

static gboolean
do_slice (BwStoreThread  *thread,
          BwBulkRun      *run,
          GError        **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwActor) actor = NULL;

  if (g_atomic_int_get (&run->cancelled))
    return end_early (thread, run, BW_BULK_CANCELLED, NULL, error);

  if (check_rights (thread, run, &actor, &local_error) && do_items (thread, run, &local_error))
    {
      g_clear_pointer (&run->actor, bw_actor_unref);
      run->actor = g_steal_pointer (&actor);
      return TRUE;
    }

  /* neither a right nor a tag comes back by waiting */
  if (g_error_matches (local_error, BW_ERROR, BW_ERROR_FORBIDDEN) || g_error_matches (local_error, BW_ERROR, BW_ERROR_NOT_FOUND))
    return end_early (thread, run, BW_BULK_FAILED, local_error->message, error);

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

/* In one transaction; what it says of itself is as before when that fails. */
static gpointer
run_in_transaction (BwStoreThread  *thread,
                    BwBulkRun      *run,
                    gboolean      (*func) (BwStoreThread  *thread,
                                           BwBulkRun      *run,
                                           GError        **error),
                    GError        **error)
{
  BwBulkRow before = *run->row;
  gint64 begun_us = g_get_monotonic_time ();

  if (!bw_store_begin (thread, error))
    return NULL;

  if (func (thread, run, error) && bw_store_commit (thread, error))
    {
      run->took_us = g_get_monotonic_time () - begun_us;
      return BW_STORE_DONE;
    }

  bw_store_rollback (thread);
  run->row->revision = before.revision;
  run->row->state = before.state;
  run->row->n_done = before.n_done;
  run->row->n_failed = before.n_failed;
  run->row->ended_at_us = before.ended_at_us;
  g_ptr_array_set_size (run->documents, 0);
  g_array_set_size (run->companies, 0);
  g_clear_pointer (&run->items, g_ptr_array_unref);

  return NULL;
}

gpointer
bw_bulk_slice_job (gpointer   owned_by_thread,
                   gpointer   task_data,
                   GError   **error)
{
  return run_in_transaction (owned_by_thread, task_data, do_slice, error);
}

static gboolean
do_answers (BwStoreThread  *thread,
            BwBulkRun      *run,
            GError        **error)
{
  g_autoptr(GPtrArray) items = g_ptr_array_ref (run->items);

  return note_items (thread, run, items, error) &&
         (run->row->state != BW_BULK_RUNNING || !g_atomic_int_get (&run->cancelled) ||
          end_early (thread, run, BW_BULK_CANCELLED, NULL, error));
}

gpointer
bw_bulk_answers_job (gpointer   owned_by_thread,
                     gpointer   task_data,
                     GError   **error)
{
  BwBulkRun *run = task_data;
  g_autoptr(GPtrArray) items = g_ptr_array_ref (run->items);
  gpointer result = run_in_transaction (owned_by_thread, run, do_answers, error);

  /* they have ended however the disk is: to be written down again */
  if (result == NULL)
    run->items = g_steal_pointer (&items);
  else
    g_clear_pointer (&run->items, g_ptr_array_unref);

  return result;
}
