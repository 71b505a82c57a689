/* bw-history-append.c: what the writing thread does for commits of the ingest
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-history"

#include "bw-history-append.h"

#include <string.h>

#include "bw-text.h"

/* Packed beside what a commit adds, so many more: less comes in than goes out, and nobody waits for long. */
#define PACK_BUDGET 20000

/* How many marks may be there in vain before they are removed. */
#define TAKEN_SLACK (BW_HISTORY_MAX_MARKS / 2)

typedef struct
{
  BwHistory            *history;
  BwDb                 *db;
  BwHistoryBatch      **batches;
  guint                 n_batches;
  guint                 n_samples;
  guint                 n_marks;
  const BwStageSeries  *counted;      /* (nullable): of its device it is known how many there are */
  gint64                n_counted;
  GPtrArray            *fresh;        /* (element-type BwStageSeries): added to the database in this transaction, or changed */
  GArray               *seqs;         /* (element-type gint64): of each sample */
  gint64                seq;          /* the newest row written */
  gint64                taken_upto;   /* rows of marks that were removed; 0: none */
} Append;

static gboolean
take_row (BwStageSeries *series,
          BwSeriesRow   *row)
{
  series->id = row->id;
  series->packed = row->packed;
  series->datatype = row->datatype;
  bw_set_str (&series->unit, row->unit);

  return TRUE;
}

/* A device that is new says all it has at once: it is counted the first time. */
static gboolean
count_series (Append               *append,
              const BwStageSeries  *series,
              GError              **error)
{
  if (append->counted != NULL && strcmp (append->counted->device_id, series->device_id) == 0)
    return TRUE;

  append->counted = series;

  return bw_history_repo_count_series (append->db, series->device_id, &append->n_counted, error);
}

static gboolean
add_series (Append              *append,
            BwStageSeries       *series,
            const BwBatchSeries *as_said,
            GError             **error)
{
  BwSeriesRow row = {
    .device_id = series->device_id, .node = (char *) series->node, .property = (char *) series->property,
    .datatype = as_said->datatype, .unit = as_said->unit,
  };

  if (!count_series (append, series, error))
    return FALSE;

  if (append->n_counted >= BW_HISTORY_MAX_SERIES)
    {
      series->refused = TRUE;
      g_warning ("%s has %d properties with a history, which is the most; %s/%s has none, ignoring",
                 series->device_id, BW_HISTORY_MAX_SERIES, series->node, series->property);
      return TRUE;
    }

  if (!bw_history_repo_add_series (append->db, &row, error))
    return FALSE;

  g_ptr_array_add (append->fresh, series);
  append->n_counted++;

  return take_row (series, &row);
}

/* A batch that was filled before knows where its series are, unless some have gone since. */
static BwStageSeries *
find_in_stage (BwHistory     *self,
               BwBatchSeries *as_said)
{
  if (as_said->stage == NULL || as_said->stage_round != self->stage_round)
    {
      as_said->stage = bw_stage_ensure (self, as_said->key, as_said->device_end, as_said->node_end);
      as_said->stage_round = self->stage_round;
    }

  return as_said->stage;
}

static gboolean
resolve (Append         *append,
         BwBatchSeries  *as_said,
         GError        **error)
{
  BwStageSeries *series = find_in_stage (append->history, as_said);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwSeriesRow) row = NULL;

  if (series->refused)
    return TRUE;

  if (series->id == 0)
    {
      row = bw_history_repo_find_series (append->db, series->device_id, series->node, series->property, &local_error);
      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }

      if (row == NULL)
        return add_series (append, series, as_said, error);

      take_row (series, row);
    }

  if (series->datatype == as_said->datatype && g_strcmp0 (series->unit, as_said->unit) == 0)
    return TRUE;

  /* on failure it is asked for again */
  g_ptr_array_add (append->fresh, series);
  series->datatype = as_said->datatype;
  bw_set_str (&series->unit, as_said->unit);

  return bw_history_repo_describe_series (append->db, series->id, series->datatype, series->unit, error);
}

static gboolean
end_row (Append  *append,
         GError **error)
{
  gsize length = 0;
  const guint8 *data = bw_stage_row_end (append->history->row, &length);

  append->seq++;
  bw_stage_row_begin (append->history->row);

  return bw_history_repo_add_stage (append->db, append->seq, data, length, error);
}

static const BwStageSeries *
get_stage (BwHistoryBatch *batch,
           guint           place)
{
  return ((const BwBatchSeries *) g_ptr_array_index (batch->series, place))->stage;
}

/* *open: whether the row that is being made has something in it. */
static gboolean
write_samples (Append          *append,
               BwHistoryBatch  *batch,
               gboolean        *open,
               GError         **error)
{
  for (guint i = 0; i < batch->samples->len; i++)
    {
      const BwBatchSample *sample = &g_array_index (batch->samples, BwBatchSample, i);
      const BwStageSeries *series = get_stage (batch, sample->series);
      BwStageItem item = { series->id, sample->at_us, (BwSampleKind) sample->kind, sample->value };
      gint64 seq = append->seq + 1;

      g_array_append_val (append->seqs, seq);
      if (series->refused)
        continue;

      *open = TRUE;
      if (bw_stage_row_add (append->history->row, &item))
        continue;

      *open = FALSE;
      if (!end_row (append, error))
        return FALSE;
    }

  return TRUE;
}

/* 0: too few to bother; whoever connects again needs the newest of them. */
static gint64
find_taken_to_trim (BwHistory *self)
{
  guint left = self->n_marks;
  gint64 upto = 0;

  for (const GList *link = self->taken.head; link != NULL; link = link->next)
    {
      const BwTakenRow *row = link->data;

      if (left - row->n < BW_HISTORY_MAX_MARKS)
        break;

      left -= row->n;
      upto = row->seq;
    }

  return self->n_marks - left >= TAKEN_SLACK ? upto : 0;
}

static guint8 *
put_marks (GArray *marks,
           guint8 *at)
{
  for (guint i = 0; i < marks->len; i++, at += BW_MARK_BYTES)
    {
      const BwBatchMark *mark = &g_array_index (marks, BwBatchMark, i);
      guint32 hash = GUINT32_TO_LE (mark->hash);

      at[0] = (guint8) mark->id;
      at[1] = (guint8) (mark->id >> 8);
      memcpy (at + 2, &hash, sizeof hash);
    }

  return at;
}

static gboolean
write_marks (Append  *append,
             GError **error)
{
  g_autofree guint8 *data = NULL;
  guint8 *at;

  if (append->n_marks == 0)
    return TRUE;

  data = at = g_malloc ((gsize) append->n_marks * BW_MARK_BYTES);
  for (guint i = 0; i < append->n_batches; i++)
    at = put_marks (append->batches[i]->marks, at);

  /* it has the number of a row of the stage, if need be of an empty one */
  if (append->seq == append->history->seq && !end_row (append, error))
    return FALSE;

  if (!bw_history_repo_add_taken (append->db, append->seq, data, (gsize) append->n_marks * BW_MARK_BYTES, error))
    return FALSE;

  append->taken_upto = find_taken_to_trim (append->history);

  return append->taken_upto == 0 || bw_history_repo_trim_taken (append->db, append->taken_upto, error);
}

static gboolean
write_floods (Append  *append,
              GArray  *floods,
              GError **error)
{
  for (guint i = 0; i < floods->len; i++)
    {
      const BwBatchFlood *flood = &g_array_index (floods, BwBatchFlood, i);

      if (!bw_history_repo_add_flood (append->db, flood->device_id, flood->n, flood->at_us, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
write_batch (Append          *append,
             BwHistoryBatch  *batch,
             gboolean        *open,
             GError         **error)
{
  for (guint i = 0; i < batch->said->len; i++)
    {
      if (!resolve (append, g_ptr_array_index (batch->series, g_array_index (batch->said, guint32, i)), error))
        return FALSE;
    }

  return write_samples (append, batch, open, error) && write_floods (append, batch->floods, error);
}

static gboolean
write_batches (Append  *append,
               GError **error)
{
  gboolean open = FALSE;

  bw_stage_row_begin (append->history->row);
  for (guint i = 0; i < append->n_batches; i++)
    {
      if (!write_batch (append, append->batches[i], &open, error))
        return FALSE;
    }

  return (!open || end_row (append, error)) && write_marks (append, error);
}

static void
forget_taken (BwHistory *self,
              gint64     upto)
{
  const BwTakenRow *oldest;

  while ((oldest = g_queue_peek_head (&self->taken)) != NULL && oldest->seq <= upto)
    {
      self->n_marks -= oldest->n;
      g_free (g_queue_pop_head (&self->taken));
    }
}

static void
take_samples (BwHistory      *self,
              BwHistoryBatch *batch,
              const gint64   *seqs)
{
  for (guint i = 0; i < batch->samples->len; i++)
    {
      const BwBatchSample *sample = &g_array_index (batch->samples, BwBatchSample, i);
      BwStageSeries *series = ((BwBatchSeries *) g_ptr_array_index (batch->series, sample->series))->stage;

      if (series->refused)
        {
          self->counts.n_refused++;
          continue;
        }

      bw_stage_add (self, series, sample->at_us, (BwSampleKind) sample->kind, sample->value, seqs[i]);
      self->n_logged++;
      self->counts.n_samples++;
    }
}

/* They are durable. */
static void
take_batches (Append *append)
{
  BwHistory *self = append->history;
  const gint64 *seqs = (const gint64 *) (gpointer) append->seqs->data;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < append->n_batches; i++)
    {
      take_samples (self, append->batches[i], seqs);
      seqs += append->batches[i]->samples->len;
    }
  g_mutex_unlock (&self->lock);

  self->seq = append->seq;
  forget_taken (self, append->taken_upto);
  if (append->n_marks > 0)
    {
      BwTakenRow *row = g_new (BwTakenRow, 1);

      *row = (BwTakenRow) { append->seq, append->n_marks };
      g_queue_push_tail (&self->taken, row);
      self->n_marks += row->n;
    }
}

static gboolean
run (Append  *append,
     GError **error)
{
  BwHistory *self = append->history;
  g_autoptr(GError) local_error = NULL;
  BwPackSlice *slice = NULL;
  gboolean ok;

  if (!bw_db_begin (append->db, error))
    return FALSE;

  ok = write_batches (append, &local_error);
  if (ok)
    slice = bw_history_pack (self, append->db, append->n_samples + PACK_BUDGET, &local_error);

  ok = ok && local_error == NULL && bw_db_commit (append->db, &local_error);
  if (ok)
    {
      if (slice != NULL)
        bw_history_packed (self, slice);
      take_batches (append);
      bw_stage_shrink (self);
      return TRUE;
    }

  if (slice != NULL)
    bw_history_unpacked (self, slice);
  for (guint i = 0; i < append->fresh->len; i++)
    ((BwStageSeries *) g_ptr_array_index (append->fresh, i))->id = 0;
  bw_db_rollback (append->db);
  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

gboolean
bw_history_append (BwHistory        *self,
                   BwHistoryThread  *thread,
                   BwHistoryBatch  **batches,
                   guint             n_batches,
                   GError          **error)
{
  g_autoptr(GPtrArray) fresh = g_ptr_array_new ();
  g_autoptr(GArray) seqs = NULL;
  Append append = { .history = self, .batches = batches, .n_batches = n_batches, .fresh = fresh };

  for (guint i = 0; i < n_batches; i++)
    {
      append.n_samples += batches[i]->samples->len;
      append.n_marks += batches[i]->marks->len;
    }
  append.seqs = seqs = g_array_sized_new (FALSE, FALSE, sizeof (gint64), append.n_samples);

  append.db = bw_history_thread_get_db (thread, error);
  if (append.db == NULL || !bw_history_ensure_loaded (self, thread, append.db, error))
    return FALSE;

  append.seq = self->seq;

  return run (&append, error);
}
