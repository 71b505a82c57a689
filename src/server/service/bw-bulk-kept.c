/* bw-bulk-kept.c: a bulk job's values that wait until their devices are there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-bulk-private.h"

/* Of a cancelled job, looked at at a time. */
#define WITHDRAW_SLICE 5000

/* Those of @items in @state, or that @withdraws. (transfer container) */
static GPtrArray *
select_items (GPtrArray       *items,
              gboolean         withdraws,
              BwBulkItemState  state)
{
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; i < items->len; i++)
    {
      BwBulkItem *item = g_ptr_array_index (items, i);

      if (withdraws ? item->withdraws : item->state == state)
        g_ptr_array_add (found, item);
    }

  return found;
}

static gint64
get_end (const BwBulkRun *run)
{
  return run->row->created_at_us + BW_DESIRED_DAYS * G_TIME_SPAN_DAY;
}

static void
note_desired (BwBulkRun *run,
              GPtrArray *items,
              gboolean   removed)
{
  if (run->row->total > BW_BULK_MAX_TOLD)
    return;

  for (guint i = 0; i < items->len; i++)
    {
      BwBulkItem *item = g_ptr_array_index (items, i);
      GString *document = g_string_new (NULL);
      BwDesiredRow row = {
        .device_id = item->id, .node = run->plan->node, .property = run->plan->property,
        .value = item->became, .login = run->row->login, .created_at_us = run->row->created_at_us,
        .expires_at_us = get_end (run),
      };

      bw_desired_row_write (&row, removed, document);
      bw_bulk_run_note (run, "desired", item->company_id, g_string_free (document, FALSE));
    }
}

/* Those that can be asked now, the others, and none of what is behind the last that is asked. */
static void
split (BwBulkRun *run,
       GPtrArray *items,
       GPtrArray *asked,
       GPtrArray *others)
{
  while (items->len > 0)
    {
      BwBulkItem *item = g_ptr_array_index (items, 0);
      gboolean asks = item->state == BW_BULK_ITEM_DONE && !item->withdraws;

      if (asks && run->n_asked + asked->len == BW_BULK_MAX_ASKED)
        return;

      run->next = item->position + 1;
      g_ptr_array_add (asks ? asked : others, g_ptr_array_steal_index (items, 0));
    }
}

gboolean
bw_bulk_keep (BwStoreThread  *thread,
              BwBulkRun      *run,
              GPtrArray      *items,
              GError        **error)
{
  const BwBulkPlan *plan = run->plan;
  g_autoptr(GPtrArray) asked = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_bulk_item_free);
  g_autoptr(GPtrArray) others = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_bulk_item_free);
  g_autoptr(GPtrArray) kept = NULL;
  g_autoptr(GPtrArray) withdrawn = NULL;

  split (run, items, asked, others);
  kept = select_items (others, FALSE, BW_BULK_ITEM_KEPT);
  withdrawn = select_items (others, TRUE, BW_BULK_ITEM_DONE);
  if (!bw_bulk_repo_withdraw (thread, others, plan->node, plan->property, error) ||
      !bw_bulk_repo_keep (thread, run->row, others, plan->node, plan->property, get_end (run), error) ||
      !bw_bulk_audit_items (thread, run, "keep", kept, error) ||
      !bw_bulk_audit_items (thread, run, "withdraw", withdrawn, error) ||
      !bw_bulk_note_items (thread, run, others, error) || !bw_bulk_note_asks (thread, run, asked, error))
    return FALSE;

  note_desired (run, kept, FALSE);
  note_desired (run, withdrawn, TRUE);
  for (guint i = 0; i < kept->len; i++)
    g_ptr_array_add (run->kept, g_strdup (((BwBulkItem *) g_ptr_array_index (kept, i))->id));
  return TRUE;
}

gboolean
bw_bulk_withdraw (BwStoreThread  *thread,
                  BwBulkRun      *run,
                  gboolean       *ret_more,
                  GError        **error)
{
  const BwBulkPlan *plan = run->plan;
  g_autoptr(GPtrArray) items = bw_bulk_repo_get_items (thread->db, run->row->id, BW_BULK_ITEM_KEPT, run->withdrawn,
                                                       WITHDRAW_SLICE, error);
  g_autoptr(GPtrArray) withdrawn = NULL;

  if (items == NULL || (items->len > 0 && !bw_bulk_repo_load_facts (thread->db, items, 0, plan->node, plan->property, error)))
    return FALSE;

  for (guint i = 0; i < items->len; i++)
    {
      BwBulkItem *item = g_ptr_array_index (items, i);

      run->withdrawn = item->position + 1;
      item->withdraws = item->found && item->desired_at_us == run->row->created_at_us;
      if (!item->withdraws)
        continue;

      item->state = BW_BULK_ITEM_REFUSED;
      g_free (item->reason);
      item->reason = g_strdup ("the job was cancelled before the device was there");
    }

  *ret_more = items->len == WITHDRAW_SLICE;
  withdrawn = select_items (items, TRUE, BW_BULK_ITEM_REFUSED);
  note_desired (run, withdrawn, TRUE);
  run->row->n_failed += withdrawn->len;
  run->row->n_kept -= withdrawn->len;

  return bw_bulk_repo_withdraw (thread, items, plan->node, plan->property, error) &&
         bw_bulk_audit_items (thread, run, "withdraw", withdrawn, error) &&
         bw_bulk_repo_set_items (thread, run->row->id, withdrawn, error);
}
