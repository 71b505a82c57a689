/* bw-history-scan.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-history"

#include "bw-history-scan.h"

#include <math.h>

#include "bw-error.h"

/* How long a reader waits for the stage to be read, at a start. */
#define LOADING_US (20 * G_USEC_PER_SEC)

/* Chunks asked of the database at a time. */
#define PAGE 512

/* The newest few chunks that may hold what was last before a moment: their times may overlap. */
#define N_BEFORE 4

gboolean
bw_scan_init (BwScan           *self,
              BwHistory        *history,
              BwHistoryThread  *thread,
              GCancellable     *cancellable,
              GError          **error)
{
  gint64 end_us = g_get_monotonic_time () + LOADING_US;
  gboolean loaded;

  *self = (BwScan) { .history = history, .cancellable = cancellable };

  g_mutex_lock (&history->lock);
  while (!history->loaded && g_cond_wait_until (&history->loaded_cond, &history->lock, end_us))
    continue;
  loaded = history->loaded;
  g_mutex_unlock (&history->lock);

  if (!loaded)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "the history is not there yet, try again later");
      return FALSE;
    }

  self->db = bw_history_thread_get_db (thread, error);
  if (self->db == NULL)
    return FALSE;

  self->codec = bw_chunk_codec_new ();
  self->chunk = g_new0 (BwChunk, 1);

  return TRUE;
}

void
bw_scan_clear (BwScan *self)
{
  if (self->in_view)
    bw_db_rollback (self->db);

  self->in_view = FALSE;
  g_clear_pointer (&self->codec, bw_chunk_codec_free);
  g_clear_pointer (&self->chunk, g_free);
}

static void
pending_clear (gpointer data)
{
  const BwPending *pending = data;

  if (pending->kind == BW_SAMPLE_TEXT)
    g_ref_string_release ((char *) pending->value.text);
}

GArray *
bw_scan_copy_pending (BwScan     *self,
                      const char *device_id,
                      const char *node,
                      const char *property,
                      gint64      from_us,
                      gint64      to_us)
{
  g_autofree char *key = g_strjoin ("/", device_id, node, property, NULL);
  GArray *copy = g_array_new (FALSE, FALSE, sizeof (BwPending));
  const BwStageSeries *series;

  g_array_set_clear_func (copy, pending_clear);

  g_mutex_lock (&self->history->lock);
  series = bw_stage_find (self->history, key);
  for (guint i = 0; series != NULL && i < series->pending->len; i++)
    {
      const BwPending *pending = &g_array_index (series->pending, BwPending, i);

      if (pending->at_us < from_us || pending->at_us >= to_us)
        continue;

      if (pending->kind == BW_SAMPLE_TEXT)
        g_ref_string_acquire ((char *) pending->value.text);
      g_array_append_vals (copy, pending, 1);
    }
  g_mutex_unlock (&self->history->lock);

  return copy;
}

gboolean
bw_scan_begin (BwScan  *self,
               GError **error)
{
  self->in_view = bw_history_repo_begin_reading (self->db, error);

  return self->in_view;
}

static void
take_numbers (BwScanSample *sample,
              double        number)
{
  gboolean finite = isfinite (number);

  sample->n_numbers = finite;
  sample->low = finite ? number : INFINITY;
  sample->high = finite ? number : -INFINITY;
  sample->total = finite ? number : 0;
}

static void
from_chunk (const BwChunk *chunk,
            guint          i,
            BwScanSample  *sample)
{
  sample->at_us = chunk->at_us[i];
  sample->kind = chunk->kind;
  sample->value = chunk->value[i];
  sample->n = 1;
  sample->thinned = chunk->thinned;

  if (!chunk->thinned)
    {
      take_numbers (sample, bw_sample_to_number (chunk->kind, chunk->value[i]));
      return;
    }

  sample->n = chunk->count[i];
  sample->n_numbers = isfinite (chunk->mean[i]) ? sample->n : 0;
  sample->low = sample->n_numbers > 0 ? chunk->low[i] : INFINITY;
  sample->high = sample->n_numbers > 0 ? chunk->high[i] : -INFINITY;
  sample->total = sample->n_numbers > 0 ? chunk->mean[i] * (double) sample->n : 0;
}

static void
from_pending (const BwPending *pending,
              BwScanSample    *sample)
{
  *sample = (BwScanSample) {
    .at_us = pending->at_us, .kind = (BwSampleKind) pending->kind, .value = pending->value, .n = 1,
  };
  take_numbers (sample, bw_sample_to_number (sample->kind, pending->value));
}

typedef struct
{
  BwScan           *scan;
  gint64            from_us;
  gint64            to_us;
  BwScanChunkFunc   chunk_func;
  BwScanSampleFunc  sample_func;
  gpointer          user_data;
  guint             n;            /* chunks of this page */
  gint64            last_t1;
  gint64            last_id;
} Run;

/* Whether what is in the chunk is what its row says. */
static gboolean
look_into (BwScan           *self,
           const BwChunkRow *row)
{
  const BwChunk *chunk = self->chunk;
  gint64 t0 = G_MAXINT64;
  gint64 t1 = G_MININT64;
  gint64 n = 0;

  if (!bw_chunk_decode (self->codec, row->data, row->length, self->chunk))
    return FALSE;

  for (guint i = 0; i < chunk->n; i++)
    {
      t0 = MIN (t0, chunk->at_us[i]);
      t1 = MAX (t1, chunk->at_us[i]);
    }

  n = chunk->n;
  if (chunk->thinned)
    {
      n = 0;
      for (guint i = 0; i < chunk->n; i++)
        n += chunk->count[i];
    }

  return t0 == row->t0 && t1 == row->t1 && n == row->n;
}

static gboolean
take_chunk (const BwChunkRow *row,
            gpointer          user_data)
{
  Run *run = user_data;
  BwScan *self = run->scan;

  run->n++;
  run->last_t1 = row->t1;
  run->last_id = row->id;

  if (run->chunk_func != NULL && run->chunk_func (row, run->user_data))
    return !g_cancellable_is_cancelled (self->cancellable);

  if (!look_into (self, row))
    {
      self->n_damaged++;
      bw_history_count_damaged (self->history, "chunk", row->id);
      return TRUE;
    }

  for (guint i = 0; i < self->chunk->n; i++)
    {
      BwScanSample sample;

      if (self->chunk->at_us[i] < run->from_us || self->chunk->at_us[i] >= run->to_us)
        continue;

      from_chunk (self->chunk, i, &sample);
      run->sample_func (&sample, run->user_data);
    }

  return !g_cancellable_is_cancelled (self->cancellable);
}

static gboolean
scan_chunks (Run     *run,
             gint64   series_id,
             GError **error)
{
  gint64 from_us = run->from_us;
  gint64 after = 0;

  do
    {
      run->n = 0;
      if (!bw_history_repo_foreach_chunk (run->scan->db, series_id, from_us, after, run->to_us, PAGE,
                                          take_chunk, run, error) ||
          g_cancellable_set_error_if_cancelled (run->scan->cancellable, error))
        return FALSE;

      from_us = run->last_t1;
      after = run->last_id;
    }
  while (run->n == PAGE);

  return TRUE;
}

gboolean
bw_scan_run (BwScan             *self,
             const BwSeriesRow  *series,
             GArray             *pending,
             gint64              from_us,
             gint64              to_us,
             BwScanChunkFunc     chunk_func,
             BwScanSampleFunc    sample_func,
             gpointer            user_data,
             GError            **error)
{
  Run run = { self, from_us, to_us, chunk_func, sample_func, user_data, 0, 0, 0 };

  if (!scan_chunks (&run, series->id, error))
    return FALSE;

  for (guint i = 0; pending != NULL && i < pending->len; i++)
    {
      const BwPending *one = &g_array_index (pending, BwPending, i);
      BwScanSample sample;

      if ((gint64) one->seq <= series->packed || one->at_us < from_us || one->at_us >= to_us)
        continue;

      from_pending (one, &sample);
      sample_func (&sample, user_data);
    }

  return TRUE;
}

typedef struct
{
  Run           run;
  BwScanSample  best;
  gboolean      found;
  GRefString   *text;     /* (owned) (nullable) */
} Before;

static void
keep_newest (const BwScanSample *sample,
             gpointer            user_data)
{
  Before *before = user_data;

  if (before->found && sample->at_us < before->best.at_us)
    return;

  before->found = TRUE;
  before->best = *sample;
  if (sample->kind != BW_SAMPLE_TEXT)
    return;

  g_clear_pointer (&before->text, g_ref_string_release);
  before->text = g_ref_string_new (sample->value.text);
  before->best.value.text = before->text;
}

gboolean
bw_scan_before (BwScan             *self,
                const BwSeriesRow  *series,
                GArray             *pending,
                gint64              at_us,
                BwScanSampleFunc    func,
                gpointer            user_data,
                GError            **error)
{
  Before before = { .run = { self, G_MININT64, at_us, NULL, keep_newest, &before, 0, 0, 0 } };
  gboolean ok = bw_history_repo_foreach_before (self->db, series->id, at_us, N_BEFORE, take_chunk, &before.run, error);

  for (guint i = 0; ok && pending != NULL && i < pending->len; i++)
    {
      const BwPending *one = &g_array_index (pending, BwPending, i);
      BwScanSample sample;

      if ((gint64) one->seq <= series->packed || one->at_us >= at_us)
        continue;

      from_pending (one, &sample);
      keep_newest (&sample, &before);
    }

  if (ok && before.found)
    func (&before.best, user_data);
  g_clear_pointer (&before.text, g_ref_string_release);

  return ok;
}
