/* bw-history-thin.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-history"

#include "bw-history-thin.h"

#include <math.h>
#include <string.h>

#include "bw-history-private.h"

/* Of one slice: so that what comes in does not wait. */
#define MAX_CHUNKS 64
#define MAX_SERIES 200

/* Of a thinned chunk, which goes as a whole. */
#define MAX_SPAN_US (31 * G_TIME_SPAN_DAY)

/* Thinned rows are longer than samples: they have to be so many times fewer. */
#define WORTH 3

typedef struct
{
  BwHistory             *history;
  const BwHistoryPolicy *policy;
  GArray                *ids;        /* chunks that go */
  GArray                *samples;    /* (element-type BwLooseSample): what was in them */
  GPtrArray             *texts;
  gint64                 end_us;     /* of the last one that was looked at */
  guint                  n;
} Slice;

static gboolean
take_old (const BwChunkRow *row,
          gpointer          user_data)
{
  Slice *slice = user_data;

  if (slice->policy->gone || row->t1 < slice->policy->keep_from_us)
    g_array_append_val (slice->ids, row->id);

  return TRUE;
}

/* What ends before the limit; thinned ones and damaged ones stay as they are. */
static gboolean
take_raw (const BwChunkRow *row,
          gpointer          user_data)
{
  Slice *slice = user_data;
  BwChunk *chunk = slice->history->chunk;

  if (row->t1 >= slice->policy->raw_from_us)
    return FALSE;

  slice->n++;
  slice->end_us = row->t1;
  if ((row->kind & BW_CHUNK_THINNED) != 0 || !bw_chunk_decode (slice->history->codec, row->data, row->length, chunk))
    return TRUE;

  for (guint i = 0; i < chunk->n; i++)
    {
      BwLooseSample sample = { chunk->at_us[i], chunk->value[i], chunk->kind, slice->samples->len };

      if (chunk->kind == BW_SAMPLE_TEXT)
        {
          sample.value.text = g_ref_string_new_intern (chunk->value[i].text);
          g_ptr_array_add (slice->texts, (gpointer) sample.value.text);
        }
      g_array_append_val (slice->samples, sample);
    }
  g_array_append_val (slice->ids, row->id);

  return TRUE;
}

static guint
count_rows (GArray *samples,
            gint64  step_us)
{
  guint n = 0;

  for (guint i = 0; i < samples->len; i++)
    {
      const BwLooseSample *before = i > 0 ? &g_array_index (samples, BwLooseSample, i - 1) : NULL;
      const BwLooseSample *sample = &g_array_index (samples, BwLooseSample, i);

      n += before == NULL || before->kind != sample->kind || before->at_us / step_us != sample->at_us / step_us;
    }

  return n;
}

/* One row of samples [@from, @to) of one kind. */
static void
add_row (BwChunk *chunk,
         GArray  *samples,
         guint    from,
         guint    to)
{
  const BwLooseSample *last = &g_array_index (samples, BwLooseSample, to - 1);
  double low = INFINITY;
  double high = -INFINITY;
  double total = 0;
  guint n_numbers = 0;
  guint at = chunk->n++;

  for (guint i = from; i < to; i++)
    {
      const BwLooseSample *sample = &g_array_index (samples, BwLooseSample, i);
      double number = bw_sample_to_number (sample->kind, sample->value);

      if (!isfinite (number))
        continue;

      low = MIN (low, number);
      high = MAX (high, number);
      total += number;
      n_numbers++;
    }

  chunk->kind = last->kind;
  chunk->at_us[at] = last->at_us;
  chunk->value[at] = last->value;
  chunk->count[at] = to - from;
  chunk->low[at] = n_numbers > 0 ? low : NAN;
  chunk->high[at] = n_numbers > 0 ? high : NAN;
  chunk->mean[at] = n_numbers > 0 ? total / n_numbers : NAN;
}

static void
cut_thinned (BwHistory *self,
             gint64     series_id,
             GArray    *samples,
             gint64     step_us,
             GArray    *chunks,
             GPtrArray *blobs)
{
  BwChunk *chunk = self->chunk;
  gsize n_bytes = 0;
  guint from = 0;

  chunk->n = 0;
  while (from < samples->len)
    {
      const BwLooseSample *first = &g_array_index (samples, BwLooseSample, from);
      guint to = from + 1;
      gsize length;

      while (to < samples->len && g_array_index (samples, BwLooseSample, to).kind == first->kind &&
             g_array_index (samples, BwLooseSample, to).at_us / step_us == first->at_us / step_us)
        to++;

      length = first->kind == BW_SAMPLE_TEXT ? strlen (g_array_index (samples, BwLooseSample, to - 1).value.text) + 1 : 0;
      if (chunk->n > 0 && (chunk->kind != first->kind || chunk->n == BW_CHUNK_MAX_SAMPLES ||
                           first->at_us - chunk->at_us[0] > MAX_SPAN_US || n_bytes + length > BW_CHUNK_MAX_TEXT_BYTES))
        {
          chunk->thinned = TRUE;
          bw_history_add_chunk (self, series_id, chunks, blobs);
          chunk->n = 0;
          n_bytes = 0;
        }

      add_row (chunk, samples, from, to);
      n_bytes += length;
      from = to;
    }

  chunk->thinned = TRUE;
  if (chunk->n > 0)
    bw_history_add_chunk (self, series_id, chunks, blobs);
}

static gboolean
replace (Slice   *slice,
         BwDb    *db,
         gint64   series_id,
         GError **error)
{
  g_autoptr(GArray) chunks = g_array_new (FALSE, FALSE, sizeof (BwChunkRow));
  g_autoptr(GPtrArray) blobs = g_ptr_array_new_with_free_func (g_free);

  bw_history_sort_samples (slice->samples);
  if (slice->samples->len > 0 &&
      count_rows (slice->samples, slice->policy->step_us) * WORTH <= slice->samples->len)
    {
      cut_thinned (slice->history, series_id, slice->samples, slice->policy->step_us, chunks, blobs);
      if (!bw_history_repo_remove_chunks (db, slice->ids, error) || !bw_history_repo_add_chunks (db, chunks, error))
        return FALSE;
    }

  return bw_history_repo_set_thinned (db, series_id, slice->end_us, error);
}

static void
forget_series (BwHistory         *self,
               const BwSeriesRow *row)
{
  g_autofree char *key = g_strjoin ("/", row->device_id, row->node, row->property, NULL);
  BwStageSeries *series = bw_stage_find (self, key);

  if (series == NULL)
    return;

  g_mutex_lock (&self->lock);
  bw_stage_remove_first (self, series, series->pending->len);
  series->id = 0;
  g_mutex_unlock (&self->lock);
}

/* *ret_n: chunks that were looked at, in vain or not; 0: this series is done. */
static gboolean
thin_series (BwHistory              *self,
             BwDb                   *db,
             const BwSeriesRow      *row,
             const BwHistoryPolicy  *policy,
             guint                  *ret_n,
             GError                **error)
{
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(GArray) samples = g_array_new (FALSE, FALSE, sizeof (BwLooseSample));
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ref_string_release);
  Slice slice = { self, policy, ids, samples, texts, 0, 0 };
  gint64 thinned_us = 0;

  *ret_n = 0;
  if (!bw_history_repo_foreach_chunk (db, row->id, G_MININT64, 0, policy->gone ? G_MAXINT64 : policy->keep_from_us,
                                      MAX_CHUNKS, take_old, &slice, error))
    return FALSE;

  *ret_n = ids->len;
  if (ids->len > 0)
    return bw_history_repo_remove_chunks (db, ids, error) && bw_history_repo_recount_series (db, row->id, error);

  if (policy->gone)
    return bw_history_repo_remove_series (db, row->id, error);

  if (policy->raw_from_us == G_MININT64)
    return TRUE;

  if (!bw_history_repo_get_thinned (db, row->id, &thinned_us, error) ||
      !bw_history_repo_foreach_chunk (db, row->id, thinned_us + 1, 0, policy->raw_from_us, MAX_CHUNKS,
                                      take_raw, &slice, error))
    return FALSE;

  *ret_n = slice.n;

  return slice.n == 0 || replace (&slice, db, row->id, error);
}

static gboolean
thin_some (BwHistory              *self,
           BwDb                   *db,
           GPtrArray              *rows,
           const BwHistoryPolicy  *policy,
           guint                  *at,
           GError                **error)
{
  guint n_left = MAX_SERIES;

  /* those that are removed make the others move up */
  while (*at < rows->len && n_left-- > 0)
    {
      guint n = 0;

      if (!thin_series (self, db, g_ptr_array_index (rows, *at), policy, &n, error))
        return FALSE;

      if (n > 0)
        return TRUE;
      ++*at;
    }

  return TRUE;
}

gboolean
bw_history_thin (BwHistory              *self,
                 BwHistoryThread        *thread,
                 const char             *device_id,
                 const BwHistoryPolicy  *policy,
                 guint                  *at,
                 gboolean               *ret_more,
                 GError                **error)
{
  BwDb *db = bw_history_thread_get_db (thread, error);
  g_autoptr(GPtrArray) rows = NULL;
  guint first = *at;

  *ret_more = FALSE;
  if (db == NULL || !bw_history_ensure_loaded (self, thread, db, error) || !bw_db_begin (db, error))
    return FALSE;

  rows = bw_history_repo_list_series (db, device_id, BW_HISTORY_MAX_SERIES, error);
  if (rows == NULL || !thin_some (self, db, rows, policy, at, error) || !bw_db_commit (db, error))
    {
      bw_db_rollback (db);
      *at = first;
      return FALSE;
    }

  *ret_more = *at < rows->len;
  if (policy->gone)
    {
      for (guint i = first; i < *at; i++)
        forget_series (self, g_ptr_array_index (rows, i));
      *at = 0;
    }

  return TRUE;
}
