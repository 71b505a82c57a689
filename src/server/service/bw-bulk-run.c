/* bw-bulk-run.c: jobs under way, slice after slice
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-bulk-private.h"

#include "bw-error.h"
#include "bw-json.h"

/* Others wait for a slice at most so long, whatever the machine and the disk are: the next one is as large as fits. */
#define SLICE_US    40000
#define FIRST_SLICE 200
#define MIN_SLICE   20
#define MAX_SLICE   2000

#define TELL_US     (G_TIME_SPAN_SECOND / 4)
#define RETRY_S     2

void
bw_bulk_run_free (BwBulkRun *run)
{
  g_clear_handle_id (&run->wake_id, g_source_remove);
  g_clear_pointer (&run->row, bw_bulk_row_free);
  g_clear_pointer (&run->plan, bw_bulk_plan_free);
  g_clear_pointer (&run->cancelling, g_ptr_array_unref);
  g_clear_pointer (&run->news, g_ptr_array_unref);
  g_clear_pointer (&run->companies, g_hash_table_unref);
  g_clear_pointer (&run->kept, g_ptr_array_unref);
  g_clear_handle_id (&run->gather_id, g_source_remove);
  g_clear_pointer (&run->asks, g_ptr_array_unref);
  g_clear_pointer (&run->asked, g_hash_table_unref);
  g_clear_pointer (&run->answered, g_ptr_array_unref);
  g_clear_pointer (&run->noting, g_ptr_array_unref);
  g_clear_pointer (&run->actor, bw_actor_unref);
  g_free (run);
}

BwBulkRun *
bw_bulk_run_find (BwBulkService *self,
                  gint64         id)
{
  for (guint i = 0; i < self->running->len; i++)
    {
      BwBulkRun *run = g_ptr_array_index (self->running, i);

      if (run->row->id == id)
        return run;
    }

  return NULL;
}

static void
news_free (gpointer data)
{
  BwBulkNews *news = data;

  g_free (news->document);
  g_free (news);
}

void
bw_bulk_run_note (BwBulkRun  *run,
                  const char *kind,
                  gint64      company_id,
                  char       *document)
{
  BwBulkNews *news = g_new0 (BwBulkNews, 1);

  news->kind = kind;
  news->company_id = company_id;
  news->document = document;
  g_ptr_array_add (run->news, news);
}

/* Whose devices it has changed may not know of a job of a company above: it is told that there was one. */
static void
tell_companies (BwBulkRun *run)
{
  g_autofree char *hint = g_strdup_printf ("{\"id\":null,\"revision\":%" G_GINT64_FORMAT "}", run->row->revision);
  GHashTableIter iter;
  gint64 *company_id;

  g_hash_table_iter_init (&iter, run->companies);
  while (g_hash_table_iter_next (&iter, (gpointer *) &company_id, NULL))
    bw_feed_changed (run->service->feed, "bulk", *company_id, hint);
  g_hash_table_remove_all (run->companies);
}

static void
tell (BwBulkRun *run)
{
  g_autoptr(GString) out = g_string_sized_new (512);

  bw_bulk_row_write (run->row, out);
  bw_feed_changed (run->service->feed, "bulk", run->row->company_id, out->str);
  tell_companies (run);
  run->told_at_us = g_get_monotonic_time ();
}

static void
tell_devices (BwBulkRun *run)
{
  for (guint i = 0; i < run->news->len; i++)
    {
      const BwBulkNews *news = g_ptr_array_index (run->news, i);

      bw_feed_changed (run->service->feed, news->kind, news->company_id, news->document);
    }
  g_ptr_array_set_size (run->news, 0);

  if (run->kept->len > 0)
    bw_desired_service_kept (run->service->desired, run->kept);
  g_ptr_array_set_size (run->kept, 0);
}

/* Frees it. */
static void
end (BwBulkRun *run)
{
  tell (run);
  for (guint i = 0; i < run->cancelling->len; i++)
    {
      GString *out = g_string_sized_new (512);

      bw_bulk_row_write (run->row, out);
      g_task_return_pointer (g_ptr_array_index (run->cancelling, i), g_string_free_to_bytes (out),
                             (GDestroyNotify) g_bytes_unref);
    }
  g_ptr_array_remove (run->service->running, run);
}

static gboolean
wake_cb (gpointer user_data)
{
  BwBulkRun *run = user_data;

  run->wake_id = 0;
  bw_bulk_run_go_on (run);

  return G_SOURCE_REMOVE;
}

/* As many devices as the time allows that all running jobs share. */
static void
choose_slice (BwBulkRun *run)
{
  gint64 goal_us = SLICE_US / MAX (run->service->running->len, 1);

  if (run->took_us > goal_us)
    run->slice = MAX (run->slice / 2, MIN_SLICE);
  else if (run->took_us < goal_us / 2)
    run->slice = MIN (run->slice * 3 / 2, MAX_SLICE);
}

static void
slice_done_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  BwBulkService *self = BW_BULK_SERVICE (source);
  BwBulkRun *run = user_data;
  g_autoptr(GError) error = NULL;

  run->busy = FALSE;
  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    {
      /* a full disk, a database that is away: nothing is lost by waiting, also of what has ended meanwhile */
      g_ptr_array_extend_and_steal (run->answered, g_steal_pointer (&run->noting));
      run->noting = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_bulk_item_free);
      g_debug ("Bulk job %" G_GINT64_FORMAT ": %s, trying again later", run->row->id, error->message);
      if (!self->stopping)
        run->wake_id = g_timeout_add_seconds (RETRY_S, wake_cb, run);
      return;
    }

  g_ptr_array_set_size (run->noting, 0);
  tell_devices (run);
  if (run->row->state != BW_BULK_RUNNING)
    {
      end (run);
      return;
    }

  if (g_get_monotonic_time () - run->told_at_us >= TELL_US)
    tell (run);

  choose_slice (run);
  bw_bulk_run_ask (run);
  bw_bulk_run_go_on (run);
}

void
bw_bulk_run_go_on (BwBulkRun *run)
{
  BwBulkService *self = run->service;
  GTask *task;

  if (run->busy || run->wake_id != 0 || self->stopping || !bw_bulk_run_is_due (run))
    return;

  run->busy = TRUE;
  run->gives_up = g_atomic_int_get (&run->cancelled);
  run->n_asked = g_hash_table_size (run->asked);
  run->exhausted = run->exhausted && run->n_asked > 0;
  g_clear_handle_id (&run->gather_id, g_source_remove);
  g_ptr_array_extend_and_steal (run->noting, g_steal_pointer (&run->answered));
  run->answered = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_bulk_item_free);
  task = g_task_new (self, NULL, slice_done_cb, run);
  g_task_set_source_tag (task, bw_bulk_run_go_on);
  g_task_set_task_data (task, run, NULL);
  bw_store_push_write (self->store, task, bw_bulk_slice_job, NULL);
}

void
bw_bulk_run_begin (BwBulkService *self,
                   BwBulkRow     *row,
                   BwBulkPlan    *plan)
{
  BwBulkRun *run = g_new0 (BwBulkRun, 1);

  run->service = self;
  run->row = row;
  run->plan = plan;
  run->plan->undo_of = row->undo_of;
  run->slice = FIRST_SLICE;
  run->cancelling = g_ptr_array_new_with_free_func (g_object_unref);
  run->news = g_ptr_array_new_with_free_func (news_free);
  run->companies = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  run->kept = g_ptr_array_new_with_free_func (g_free);
  run->asks = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_bulk_ask_free);
  run->asked = g_hash_table_new (NULL, NULL);
  run->answered = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_bulk_item_free);
  run->noting = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_bulk_item_free);
  g_ptr_array_add (self->running, run);
  tell (run);
  bw_bulk_run_go_on (run);
}
