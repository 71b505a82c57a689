/* bw-history.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-history"

#include "bw-history-append.h"

#include <string.h>

/* How often what is due is looked for when nothing comes in. */
#define WORK_SECONDS 1

/* Of one job: what comes in waits for no more. */
#define WORK_BUDGET 20000

/* Lines in the log about what is damaged; the count goes on. */
#define MAX_DAMAGED_LINES 20

/**
 * BwHistory:
 *
 * The stage and what becomes of it. A sample is in a row of the stage's table
 * before anybody acknowledges it, and in memory until there are enough of its
 * series for a chunk; then it goes into one, and "packed" of the series says, in
 * the same transaction, up to which row of the stage. So at each moment a sample
 * counts once: in a chunk, or in a row behind "packed". The rows themselves go when
 * everything in them is packed.
 */

G_DEFINE_FINAL_TYPE (BwHistory, bw_history, G_TYPE_OBJECT)

void
bw_history_count_damaged (BwHistory  *self,
                          const char *what,
                          gint64      id)
{
  guint64 n;

  g_mutex_lock (&self->lock);
  n = ++self->counts.n_damaged;
  g_mutex_unlock (&self->lock);

  if (n <= MAX_DAMAGED_LINES)
    g_warning ("The history has a damaged %s (%" G_GINT64_FORMAT "), ignoring", what, id);
}

static void
bw_history_dispose (GObject *object)
{
  BwHistory *self = (BwHistory *) object;

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_object (&self->db);

  G_OBJECT_CLASS (bw_history_parent_class)->dispose (object);
}

static void
bw_history_finalize (GObject *object)
{
  BwHistory *self = (BwHistory *) object;

  g_clear_pointer (&self->to_add, bw_history_batch_free);
  g_mutex_clear (&self->add_lock);
  g_clear_pointer (&self->flush, g_ptr_array_unref);
  g_queue_clear (&self->ready);
  g_queue_clear_full (&self->taken, g_free);
  g_clear_pointer (&self->by_key, g_hash_table_unref);
  g_clear_pointer (&self->by_device, g_hash_table_unref);
  g_clear_pointer (&self->codec, bw_chunk_codec_free);
  g_clear_pointer (&self->row, bw_stage_row_free);
  g_clear_pointer (&self->chunk, g_free);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->loaded_cond);

  G_OBJECT_CLASS (bw_history_parent_class)->finalize (object);
}

static void
bw_history_class_init (BwHistoryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_history_dispose;
  object_class->finalize = bw_history_finalize;
}

static void
bw_history_init (BwHistory *self)
{
  g_mutex_init (&self->lock);
  g_mutex_init (&self->add_lock);
  g_cond_init (&self->loaded_cond);
  g_queue_init (&self->ready);
  g_queue_init (&self->taken);
  self->codec = bw_chunk_codec_new ();
  self->chunk = g_new0 (BwChunk, 1);
  self->row = bw_stage_row_new ();
  bw_stage_init (self);
}

BwHistory *
bw_history_new (BwHistoryDb *db)
{
  BwHistory *self;

  g_return_val_if_fail (BW_IS_HISTORY_DB (db), NULL);

  self = g_object_new (BW_TYPE_HISTORY, NULL);
  self->db = g_object_ref (db);

  return self;
}

BwHistoryDb *
bw_history_get_db (BwHistory *self)
{
  g_return_val_if_fail (BW_IS_HISTORY (self), NULL);

  return self->db;
}

/* Adding */

typedef struct
{
  BwHistory      *history;
  BwHistoryBatch *batch;
} AppendData;

static void
append_one (AppendData       *data,
            BwHistoryThread  *thread,
            gpointer         *ret_result,
            GError          **ret_error)
{
  if (bw_history_append (data->history, thread, &data->batch, 1, ret_error))
    *ret_result = data;
}

/* What waits for the disk waits for it together: as one transaction, or, if that fails, each by itself. */
static void
append_jobs (gpointer   owned_by_thread,
             gpointer  *task_datas,
             guint      n,
             gpointer  *ret_results,
             GError   **ret_errors)
{
  BwHistory *self = ((AppendData *) task_datas[0])->history;
  BwHistoryBatch *batches[BW_WORKER_MAX_MANY];
  g_autoptr(GError) error = NULL;
  guint n_ours = 0;

  while (n_ours < n && ((AppendData *) task_datas[n_ours])->history == self)
    {
      batches[n_ours] = ((AppendData *) task_datas[n_ours])->batch;
      n_ours++;
    }

  if (n_ours == n && n > 1 && bw_history_append (self, owned_by_thread, batches, n, &error))
    {
      memcpy (ret_results, task_datas, n * sizeof *task_datas);
      return;
    }

  if (error != NULL)
    g_debug ("Adding %u batches to the history: %s, trying each by itself", n, error->message);
  for (guint i = 0; i < n; i++)
    append_one (task_datas[i], owned_by_thread, &ret_results[i], &ret_errors[i]);
}

void
bw_history_push_append (BwHistory      *self,
                        GTask          *task,
                        BwHistoryBatch *batch)
{
  AppendData *data;

  g_return_if_fail (BW_IS_HISTORY (self));

  data = g_new (AppendData, 1);
  *data = (AppendData) { self, batch };
  g_task_set_task_data (task, data, g_free);
  bw_history_db_push_many_writes (self->db, task, append_jobs, NULL);
}

/* What goes on by itself */

static gboolean
pack_one (BwHistory  *self,
          BwDb       *db,
          gboolean   *ret_more,
          GError    **error)
{
  g_autoptr(GError) local_error = NULL;
  BwPackSlice *slice;

  *ret_more = FALSE;
  if (!bw_db_begin (db, error))
    return FALSE;

  slice = bw_history_pack (self, db, WORK_BUDGET, &local_error);
  if (slice == NULL)
    bw_db_rollback (db);
  else if (bw_db_commit (db, &local_error))
    {
      bw_history_packed (self, slice);
      bw_stage_shrink (self);
      *ret_more = TRUE;
      return TRUE;
    }
  else
    bw_history_unpacked (self, slice);

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

/* Returns: whether there is more to do. */
static gpointer
work_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwHistory *self = task_data;
  BwDb *db = bw_history_thread_get_db (owned_by_thread, error);
  gboolean more = FALSE;

  if (db == NULL || !bw_history_ensure_loaded (self, owned_by_thread, db, error) ||
      !pack_one (self, db, &more, error) ||
      (!more && !bw_history_join (self, db, &more, error)))
    return NULL;

  return GINT_TO_POINTER (more ? 2 : 1);
}

static void work (BwHistory *self);

static void
worked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  BwHistory *self = BW_HISTORY (source);
  g_autoptr(GError) error = NULL;
  int more = GPOINTER_TO_INT (g_task_propagate_pointer (G_TASK (result), &error));

  self->working = FALSE;
  if (error != NULL)
    g_debug ("Packing the history: %s, trying again later", error->message);
  else if (more == 2 && self->source != 0)
    work (self);
}

static void
work (BwHistory *self)
{
  GTask *task = g_task_new (self, NULL, worked_cb, NULL);

  self->working = TRUE;
  g_task_set_source_tag (task, work);
  g_task_set_task_data (task, self, NULL);
  bw_history_db_push_write (self->db, task, work_job, NULL);
}

static gboolean
work_cb (gpointer user_data)
{
  BwHistory *self = user_data;

  if (!self->working)
    work (self);

  return G_SOURCE_CONTINUE;
}

void
bw_history_start (BwHistory *self)
{
  g_return_if_fail (BW_IS_HISTORY (self));

  if (self->source != 0)
    return;

  self->source = g_timeout_add_seconds (WORK_SECONDS, work_cb, self);
  /* reads the stage */
  work (self);
}

void
bw_history_stop (BwHistory *self)
{
  g_return_if_fail (BW_IS_HISTORY (self));

  g_clear_handle_id (&self->source, g_source_remove);
  while (bw_history_is_adding (self) || self->working)
    g_main_context_iteration (NULL, TRUE);
}

void
bw_history_get_counts (BwHistory       *self,
                       BwHistoryCounts *ret_counts)
{
  g_return_if_fail (BW_IS_HISTORY (self));

  g_mutex_lock (&self->lock);
  *ret_counts = self->counts;
  g_mutex_unlock (&self->lock);
}
