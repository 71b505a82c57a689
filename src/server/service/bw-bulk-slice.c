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
#include "bw-event-kind.h"
#include "bw-json.h"
#include "bw-participation-repo.h"

/* @ret_seq: (nullable) */
static gboolean
add_entry (BwStoreThread    *thread,
           const BwBulkRow  *row,
           const char       *action,
           gint64            company_id,
           const char       *before,
           const char       *after,
           gint64           *ret_seq,
           GError          **error)
{
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, row->id);
  g_autofree char *name = g_strdup_printf ("%s %" G_GINT64_FORMAT, row->action, row->id);
  BwAuditRow entry = {
    .account_id = row->account_id, .login = row->login, .address = row->address,
    .action = action, .kind = "bulk", .object_id = id, .object = name, .company_id = company_id,
    .before = before, .after = after,
  };

  if (!bw_audit_repo_add (thread, &entry, error))
    return FALSE;

  if (ret_seq != NULL)
    *ret_seq = entry.seq;

  return TRUE;
}

gboolean
bw_bulk_add_audit (BwStoreThread    *thread,
                   const BwBulkRow  *row,
                   const char       *action,
                   gint64            company_id,
                   const char       *before,
                   const char       *after,
                   GError          **error)
{
  return add_entry (thread, row, action, company_id, before, after, NULL, error);
}

/* A device that moves is news in both companies. */
static gint64
get_new_company (const BwBulkPlan *plan,
                 const BwBulkItem *item)
{
  return plan->family == BW_BULK_COMPANY ? g_ascii_strtoll (item->became, NULL, 10) : item->company_id;
}

/* What a device is listed under; of a value that waits, or waits no more, that one. */
static const char *
get_key (const BwBulkPlan *plan,
         const BwBulkItem *item,
         gboolean          after)
{
  const char *key;

  if (plan->family != BW_BULK_VALUE)
    key = after ? item->became : item->was;
  else if (after)
    key = item->withdraws ? NULL : item->became;
  else
    key = item->desired;

  return key != NULL ? key : "";
}

/* {"devices":{"4,3":["id",…],…}}: by what they were, or are */
static char *
write_devices (const BwBulkPlan *plan,
               GPtrArray        *items,
               gboolean          after)
{
  g_autoptr(GHashTable) groups = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  GString *out = g_string_new (NULL);
  GHashTableIter iter;
  gpointer value;
  gpointer ids;

  for (guint i = 0; i < items->len; i++)
    {
      BwBulkItem *item = g_ptr_array_index (items, i);
      const char *key = get_key (plan, item, after);
      GPtrArray *group = g_hash_table_lookup (groups, key);

      if (group == NULL)
        {
          group = g_ptr_array_new ();
          g_hash_table_insert (groups, (gpointer) key, group);
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

/* Where it stands in the timelines of the devices. */
static BwEventKind
get_event_kind (const BwBulkPlan *plan)
{
  switch (plan->family)
    {
    case BW_BULK_STATUS:
      return BW_EVENT_ADMISSION;

    case BW_BULK_TAG:
      return BW_EVENT_TAG;

    case BW_BULK_COMPANY:
    case BW_BULK_VALUE:
    default:
      return BW_EVENT_CHANGE;
    }
}

static void
add_to_company (GHashTable *companies,
                gint64      company_id,
                BwBulkItem *item)
{
  GPtrArray *items = g_hash_table_lookup (companies, &company_id);

  if (items == NULL)
    {
      items = g_ptr_array_new ();
      g_hash_table_insert (companies, g_memdup2 (&company_id, sizeof company_id), items);
    }
  g_ptr_array_add (items, item);
}

/* An entry each would take longer than the change itself and make a hundred thousand rows of one decision; one for all
 * would not say which devices. So it is one for each slice and company, with the ids by what they were and are: who
 * reads the log of his own company sees what was done to his devices. */
gboolean
bw_bulk_audit_items (BwStoreThread  *thread,
                     BwBulkRun      *run,
                     const char     *action,
                     GPtrArray      *items,
                     GError        **error)
{
  g_autoptr(GHashTable) companies = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                                           (GDestroyNotify) g_ptr_array_unref);
  GHashTableIter iter;
  gint64 *company_id;
  GPtrArray *own;

  for (guint i = 0; i < items->len; i++)
    {
      BwBulkItem *item = g_ptr_array_index (items, i);
      gint64 new_company = get_new_company (run->plan, item);

      add_to_company (companies, item->company_id, item);
      if (new_company != item->company_id)
        add_to_company (companies, new_company, item);
    }

  g_hash_table_iter_init (&iter, companies);
  while (g_hash_table_iter_next (&iter, (gpointer *) &company_id, (gpointer *) &own))
    {
      g_autofree char *before = write_devices (run->plan, own, FALSE);
      g_autofree char *after = write_devices (run->plan, own, TRUE);
      gint64 seq = 0;

      if (!add_entry (thread, run->row, action, *company_id, before, after, &seq, error) ||
          !bw_bulk_repo_note_audit (thread, own, seq, get_event_kind (run->plan), error))
        return FALSE;

      if (run->row->total > BW_BULK_MAX_TOLD && *company_id != run->row->company_id)
        g_hash_table_add (run->companies, g_memdup2 (company_id, sizeof *company_id));
    }

  return TRUE;
}

/* (transfer container) */
static GPtrArray *
find_done (GPtrArray *items)
{
  GPtrArray *done = g_ptr_array_sized_new (items->len);

  for (guint i = 0; i < items->len; i++)
    {
      BwBulkItem *item = g_ptr_array_index (items, i);

      if (item->state == BW_BULK_ITEM_DONE)
        g_ptr_array_add (done, item);
    }

  return done;
}

/* Whether who has begun it still may; then he is who asks. */
static gboolean
check_rights (BwStoreThread  *thread,
              BwBulkRun      *run,
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
      g_clear_pointer (&run->actor, bw_actor_unref);
      run->actor = bw_actor_new ("", account, &participation, FALSE, 0);
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
             GPtrArray      *done,
             GError        **error)
{
  gboolean approves = run->plan->family == BW_BULK_STATUS && !run->plan->is_undo &&
                      run->plan->decision == BW_ACTION_APPROVE;

  switch (run->plan->family)
    {
    case BW_BULK_STATUS:
      return bw_bulk_repo_set_statuses (thread, done, approves ? g_get_real_time () : 0,
                                        approves ? run->row->login : NULL, error);

    case BW_BULK_COMPANY:
      return bw_bulk_move (thread, run, done, error);

    case BW_BULK_TAG:
      return bw_bulk_repo_set_tags (thread, done, run->plan->tag_id, error);

    case BW_BULK_VALUE:
    default:
      return TRUE;
    }
}

/* Who sees only the company that it has left sees it go. */
static void
note_gone (BwBulkRun        *run,
           const BwBulkItem *item)
{
  GString *hint = g_string_new (NULL);

  bw_json_begin_object (hint, NULL);
  bw_json_add_string (hint, "id", item->id);
  bw_json_add_boolean (hint, "removed", TRUE);
  bw_json_end_object (hint);
  bw_bulk_run_note (run, "device", item->company_id, g_string_free (hint, FALSE));
}

static gboolean
write_documents (BwStoreThread  *thread,
                 BwBulkRun      *run,
                 GPtrArray      *done,
                 GError        **error)
{
  if (run->row->total > BW_BULK_MAX_TOLD)
    return TRUE;

  for (guint i = 0; i < done->len; i++)
    {
      const BwBulkItem *item = g_ptr_array_index (done, i);
      g_autoptr(GString) document = g_string_sized_new (512);
      gint64 company_id = 0;

      if (!bw_device_repo_write_document (thread->db, item->id, FALSE, document, &company_id, error))
        return FALSE;

      if (company_id != item->company_id)
        note_gone (run, item);
      bw_bulk_run_note (run, "device", company_id, g_string_free (g_steal_pointer (&document), FALSE));
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

gboolean
bw_bulk_note_items (BwStoreThread  *thread,
                    BwBulkRun      *run,
                    GPtrArray      *items,
                    GError        **error)
{
  BwBulkRow *row = run->row;

  if (!bw_bulk_repo_set_items (thread, row->id, items, error))
    return FALSE;

  for (guint i = 0; i < items->len; i++)
    {
      const BwBulkItem *item = g_ptr_array_index (items, i);

      row->n_failed += item->state == BW_BULK_ITEM_REFUSED;
      row->n_kept += item->state == BW_BULK_ITEM_KEPT;
    }
  row->n_done += items->len;
  if (row->n_done >= row->total)
    end_row (row, BW_BULK_DONE);

  return bw_bulk_repo_set (thread, row, error);
}

static gboolean
change_items (BwStoreThread  *thread,
              BwBulkRun      *run,
              GPtrArray      *items,
              GError        **error)
{
  g_autoptr(GPtrArray) done = find_done (items);

  return write_items (thread, run, done, error) &&
         bw_bulk_audit_items (thread, run, run->row->action, done, error) &&
         bw_bulk_note_items (thread, run, items, error) && write_documents (thread, run, done, error);
}

static gboolean
do_items (BwStoreThread  *thread,
          BwBulkRun      *run,
          GError        **error)
{
  BwBulkPlan *plan = run->plan;
  gboolean is_value = plan->family == BW_BULK_VALUE;
  g_autoptr(GPtrArray) items = bw_bulk_repo_get_items (thread->db, run->row->id, BW_BULK_ITEM_WAITING,
                                                       is_value ? run->next : run->row->n_done, run->slice, error);

  if (items == NULL || !bw_bulk_plan_find_target (plan, run->service->authority, thread->db, run->row->company_id, error))
    return FALSE;

  if (items->len == 0 && run->n_asked > 0)
    {
      run->exhausted = TRUE;
      return TRUE;
    }

  if (items->len == 0)
    {
      end_row (run->row, BW_BULK_DONE);
      return bw_bulk_repo_set (thread, run->row, error);
    }

  if (!bw_bulk_repo_load_facts (thread->db, items, plan->tag_id, plan->node, plan->property, error))
    return FALSE;

  for (guint i = 0; i < items->len; i++)
    bw_bulk_plan_decide (plan, run->service->authority, run->row->company_id, g_ptr_array_index (items, i));

  return is_value ? bw_bulk_keep (thread, run, items, error) : change_items (thread, run, items, error);
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

/* What it has left waiting would be delivered later, when nobody expects it any more. */
static gboolean
cancel_slice (BwStoreThread  *thread,
              BwBulkRun      *run,
              GError        **error)
{
  gboolean more = FALSE;

  if (run->row->n_kept > 0 && !bw_bulk_withdraw (thread, run, &more, error))
    return FALSE;

  return more ? bw_bulk_repo_set (thread, run->row, error) : end_early (thread, run, BW_BULK_CANCELLED, NULL, error);
}

static gboolean
do_slice (BwStoreThread  *thread,
          BwBulkRun      *run,
          GError        **error)
{
  g_autoptr(GError) local_error = NULL;

  if (run->noting->len > 0 && !bw_bulk_note_items (thread, run, run->noting, error))
    return FALSE;

  if (run->gives_up)
    return cancel_slice (thread, run, error);

  if (run->row->state != BW_BULK_RUNNING || run->exhausted || run->n_asked >= BW_BULK_MAX_ASKED)
    return TRUE;

  if (check_rights (thread, run, &local_error) && do_items (thread, run, &local_error))
    return TRUE;

  /* neither a right nor a tag comes back by waiting; who is asked already still answers */
  if (g_error_matches (local_error, BW_ERROR, BW_ERROR_FORBIDDEN) || g_error_matches (local_error, BW_ERROR, BW_ERROR_NOT_FOUND))
    {
      run->exhausted = run->n_asked > 0;
      return run->exhausted || end_early (thread, run, BW_BULK_FAILED, local_error->message, error);
    }

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

/* What it says of itself is as before when nothing was written down. */
static void
take_back (BwBulkRun       *run,
           const BwBulkRow *row,
           gint64           next,
           gint64           withdrawn)
{
  run->row->revision = row->revision;
  run->row->state = row->state;
  run->row->n_done = row->n_done;
  run->row->n_failed = row->n_failed;
  run->row->n_kept = row->n_kept;
  run->row->ended_at_us = row->ended_at_us;
  run->next = next;
  run->exhausted = FALSE;
  run->withdrawn = withdrawn;
  g_ptr_array_set_size (run->news, 0);
  g_ptr_array_set_size (run->kept, 0);
  g_ptr_array_set_size (run->asks, 0);
}

gpointer
bw_bulk_slice_job (gpointer   owned_by_thread,
                   gpointer   task_data,
                   GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  BwBulkRun *run = task_data;
  BwBulkRow before = *run->row;
  gint64 next = run->next;
  gint64 withdrawn = run->withdrawn;
  gint64 begun_us = g_get_monotonic_time ();

  if (!bw_store_begin (thread, error))
    return NULL;

  if (do_slice (thread, run, error) && bw_store_commit (thread, error))
    {
      run->took_us = g_get_monotonic_time () - begun_us;
      return BW_STORE_DONE;
    }

  bw_store_rollback (thread);
  take_back (run, &before, next, withdrawn);

  return NULL;
}
