/* bw-history-pack.c: from the stage into chunks, a slice at a time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-history"

#include "bw-history-private.h"

#include <string.h>

/* When all that is pending is packed, whatever the size of a series: in samples, in bytes of texts, in samples of
 * the stage's table (which a start reads), in time. */
#define MAX_PENDING     1000000
#define MAX_TEXT_BYTES  (64 * 1024 * 1024)
#define MAX_LOGGED      2000000
#define MAX_AGE_US      G_TIME_SPAN_HOUR

/* Rows of the stage's table removed by one slice. */
#define TRIM_ROWS 64

/* Below both a chunk is small: worth joining. */
#define SMALL_SAMPLES 250
#define SMALL_BYTES   (64 * 1024)

/* One after the other, each a series; fewer of them than samples when a fleet says little. */
#define MAX_SERIES_PER_SLICE 500

#define JOIN_SERIES   16
#define JOIN_CHUNKS   64
#define JOIN_PAUSE_US (10 * G_USEC_PER_SEC)

static int
compare_samples (gconstpointer a,
                 gconstpointer b)
{
  const BwLooseSample *first = a;
  const BwLooseSample *second = b;

  if (first->kind != second->kind)
    return first->kind < second->kind ? -1 : 1;

  if (first->at_us != second->at_us)
    return first->at_us < second->at_us ? -1 : 1;

  return first->place < second->place ? -1 : first->place > second->place;
}

static gboolean
is_sorted (GArray *samples)
{
  for (guint i = 1; i < samples->len; i++)
    {
      if (compare_samples (&g_array_index (samples, BwLooseSample, i - 1),
                           &g_array_index (samples, BwLooseSample, i)) > 0)
        return FALSE;
    }

  return TRUE;
}

void
bw_history_sort_samples (GArray *samples)
{
  if (!is_sorted (samples))
    g_array_sort (samples, compare_samples);
}

gboolean
bw_history_add_chunk (BwHistory *self,
                      gint64     series_id,
                      GArray    *chunks,
                      GPtrArray *blobs)
{
  BwChunkSummary summary;
  BwChunkRow row = { .series_id = series_id };
  const guint8 *data;

  bw_chunk_summarize (self->chunk, &summary);
  data = bw_chunk_encode (self->codec, self->chunk, &row.length);
  g_return_val_if_fail (data != NULL, FALSE);

  row.kind = self->chunk->kind | (self->chunk->thinned ? BW_CHUNK_THINNED : 0);
  row.t0 = summary.t0;
  row.t1 = summary.t1;
  row.n = summary.n;
  row.has_numbers = summary.has_numbers;
  row.low = summary.low;
  row.high = summary.high;
  row.total = summary.total;
  row.last = summary.last;
  row.data = g_memdup2 (data, row.length);
  g_ptr_array_add (blobs, (gpointer) row.data);
  g_array_append_val (chunks, row);

  return self->chunk->n < SMALL_SAMPLES && row.length < SMALL_BYTES;
}

guint
bw_history_cut (BwHistory *self,
                gint64     series_id,
                GArray    *samples,
                GArray    *chunks,
                GPtrArray *blobs)
{
  BwChunk *chunk = self->chunk;
  gsize n_bytes = 0;
  guint n_small = 0;

  bw_history_sort_samples (samples);
  chunk->n = 0;
  chunk->thinned = FALSE;
  for (guint i = 0; i < samples->len; i++)
    {
      const BwLooseSample *sample = &g_array_index (samples, BwLooseSample, i);
      gsize length = sample->kind == BW_SAMPLE_TEXT ? strlen (sample->value.text) + 1 : 0;

      if (chunk->n > 0 && (chunk->kind != sample->kind || chunk->n == BW_CHUNK_MAX_SAMPLES ||
                           n_bytes + length > BW_CHUNK_MAX_TEXT_BYTES))
        {
          n_small += bw_history_add_chunk (self, series_id, chunks, blobs);
          chunk->n = 0;
          n_bytes = 0;
        }

      chunk->kind = sample->kind;
      chunk->at_us[chunk->n] = sample->at_us;
      chunk->value[chunk->n] = sample->value;
      chunk->n++;
      n_bytes += length;
    }

  if (chunk->n > 0)
    n_small += bw_history_add_chunk (self, series_id, chunks, blobs);

  return n_small;
}

static BwPackSlice *
slice_new (void)
{
  BwPackSlice *slice = g_new0 (BwPackSlice, 1);

  slice->chunks = g_array_new (FALSE, FALSE, sizeof (BwChunkRow));
  slice->blobs = g_ptr_array_new_with_free_func (g_free);
  slice->changes = g_array_new (FALSE, FALSE, sizeof (BwSeriesChange));
  slice->series = g_ptr_array_new ();

  return slice;
}

static void
slice_free (BwPackSlice *slice)
{
  g_array_unref (slice->chunks);
  g_ptr_array_unref (slice->blobs);
  g_array_unref (slice->changes);
  g_ptr_array_unref (slice->series);
  g_free (slice);
}

/* The first that are not in a slice yet, but never a part of what one row of the stage holds. */
static void
pack_series (BwHistory     *self,
             BwStageSeries *series,
             guint          budget,
             BwPackSlice   *slice)
{
  g_autoptr(GArray) samples = g_array_new (FALSE, FALSE, sizeof (BwLooseSample));
  BwSeriesChange change = { .series_id = series->id };
  guint i = series->n_sliced;

  while (i < series->pending->len)
    {
      const BwPending *pending = &g_array_index (series->pending, BwPending, i);
      BwLooseSample sample = { pending->at_us, pending->value, (BwSampleKind) pending->kind, i };

      if (samples->len >= budget && pending->seq != (guint64) change.packed)
        break;

      change.packed = (gint64) pending->seq;
      change.first_at_us = samples->len > 0 ? MIN (change.first_at_us, sample.at_us) : sample.at_us;
      change.last_at_us = samples->len > 0 ? MAX (change.last_at_us, sample.at_us) : sample.at_us;
      g_array_append_val (samples, sample);
      i++;
    }

  if (i == series->pending->len)
    change.packed = self->seq;

  change.n = samples->len;
  change.n_small = bw_history_cut (self, series->id, samples, slice->chunks, slice->blobs);
  g_array_append_val (slice->changes, change);
  slice->n_samples += samples->len;
  if (series->n_sliced == 0)
    g_ptr_array_add (slice->series, series);
  series->n_sliced = i;
}

static gboolean
is_due (BwHistory     *self,
        BwStageSeries *series)
{
  return series->pending->len > series->n_sliced &&
         g_array_index (series->pending, BwPending, series->n_sliced).seq <= (guint64) self->flush_upto;
}

/* (nullable): the next one to pack */
static BwStageSeries *
find_next (BwHistory   *self,
           BwPackSlice *slice)
{
  BwStageSeries *series;

  while ((series = g_queue_pop_head (&self->ready)) != NULL)
    {
      series->ready = FALSE;
      if (series->pending->len > series->n_sliced)
        return series;
    }

  while (self->flush != NULL && self->flush_at < self->flush->len)
    {
      series = g_ptr_array_index (self->flush, self->flush_at);
      if (is_due (self, series))
        return series;
      self->flush_at++;
    }

  slice->flushed = self->flush != NULL;

  return NULL;
}

void
bw_history_start_flush (BwHistory *self)
{
  GHashTableIter iter;
  gpointer value;

  self->flush = g_ptr_array_new ();
  self->flush_at = 0;
  self->flush_upto = self->seq;
  self->flush_since_us = g_get_monotonic_time ();
  self->flush_n_logged = self->n_logged;

  g_hash_table_iter_init (&iter, self->by_key);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      if (((BwStageSeries *) value)->pending->len > 0)
        g_ptr_array_add (self->flush, value);
    }
}

static gboolean
is_flush_due (BwHistory *self)
{
  return self->flush == NULL && self->n_logged > 0 &&
         (self->n_pending > MAX_PENDING || self->n_text_bytes > MAX_TEXT_BYTES || self->n_logged > MAX_LOGGED ||
          g_get_monotonic_time () - self->logged_since_us > MAX_AGE_US);
}

static gboolean
write_slice (BwDb         *db,
             BwPackSlice  *slice,
             GError      **error)
{
  return bw_history_repo_add_chunks (db, slice->chunks, error) &&
         bw_history_repo_change_series (db, slice->changes, error) &&
         (slice->trim_upto == 0 || bw_history_repo_trim_stage (db, slice->trim_upto, error));
}

BwPackSlice *
bw_history_pack (BwHistory  *self,
                 BwDb       *db,
                 guint       budget,
                 GError    **error)
{
  BwPackSlice *slice = slice_new ();
  BwStageSeries *series;

  if (is_flush_due (self))
    bw_history_start_flush (self);

  while (slice->n_samples < budget && slice->changes->len < MAX_SERIES_PER_SLICE &&
         (series = find_next (self, slice)) != NULL)
    pack_series (self, series, budget, slice);

  /* the newest row stays */
  if (self->trimmed < MIN (self->trim_upto, self->seq - 1))
    slice->trim_upto = MIN (self->trimmed + TRIM_ROWS, MIN (self->trim_upto, self->seq - 1));

  if (slice->changes->len == 0 && slice->trim_upto == 0 && !slice->flushed)
    {
      slice_free (slice);
      return NULL;
    }

  if (write_slice (db, slice, error))
    return slice;

  bw_history_unpacked (self, slice);

  return NULL;
}

void
bw_history_packed (BwHistory   *self,
                   BwPackSlice *slice)
{
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < slice->series->len; i++)
    {
      BwStageSeries *series = g_ptr_array_index (slice->series, i);

      bw_stage_remove_first (self, series, series->n_sliced);
      series->n_sliced = 0;
    }
  g_mutex_unlock (&self->lock);

  if (slice->trim_upto != 0)
    self->trimmed = slice->trim_upto;

  if (slice->flushed)
    {
      g_clear_pointer (&self->flush, g_ptr_array_unref);
      self->trim_upto = self->flush_upto;
      self->n_logged -= self->flush_n_logged;
      self->logged_since_us = self->flush_since_us;
      self->may_shrink = TRUE;
    }

  slice_free (slice);
}

/* Nothing of it is in the database: all is pending as before. */
void
bw_history_unpacked (BwHistory   *self,
                     BwPackSlice *slice)
{
  for (guint i = 0; i < slice->series->len; i++)
    {
      BwStageSeries *series = g_ptr_array_index (slice->series, i);

      series->n_sliced = 0;
      if (!series->ready && series->pending->len >= BW_CHUNK_MAX_SAMPLES)
        {
          series->ready = TRUE;
          g_queue_push_tail (&self->ready, series);
        }
    }

  g_clear_pointer (&self->flush, g_ptr_array_unref);
  slice_free (slice);
}

/* Joining */

typedef struct
{
  BwHistory *history;
  GArray    *samples;       /* (element-type BwLooseSample) */
  GPtrArray *texts;
  GArray    *ids;
} Join;

static gboolean
take_chunk (const BwChunkRow *row,
            gpointer          user_data)
{
  Join *join = user_data;
  BwChunk *chunk = join->history->chunk;

  if ((row->kind & BW_CHUNK_THINNED) != 0 || row->length >= SMALL_BYTES)
    return TRUE;

  /* a damaged one stays where it is: there may be a copy of the file */
  if (!bw_chunk_decode (join->history->codec, row->data, row->length, chunk))
    {
      bw_history_count_damaged (join->history, "chunk", row->id);
      return TRUE;
    }

  for (guint i = 0; i < chunk->n; i++)
    {
      BwLooseSample sample = { chunk->at_us[i], chunk->value[i], chunk->kind, join->samples->len };

      if (chunk->kind == BW_SAMPLE_TEXT)
        {
          sample.value.text = g_ref_string_new_intern (chunk->value[i].text);
          g_ptr_array_add (join->texts, (gpointer) sample.value.text);
        }
      g_array_append_val (join->samples, sample);
    }
  g_array_append_val (join->ids, row->id);

  return TRUE;
}

static gboolean
join_series (BwHistory  *self,
             BwDb       *db,
             gint64      series_id,
             GError    **error)
{
  g_autoptr(GArray) samples = g_array_new (FALSE, FALSE, sizeof (BwLooseSample));
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ref_string_release);
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(GArray) chunks = g_array_new (FALSE, FALSE, sizeof (BwChunkRow));
  g_autoptr(GPtrArray) blobs = g_ptr_array_new_with_free_func (g_free);
  Join join = { self, samples, texts, ids };
  guint n_small = 0;

  if (!bw_history_repo_foreach_small (db, series_id, SMALL_SAMPLES, JOIN_CHUNKS, take_chunk, &join, error))
    return FALSE;

  if (samples->len > 0)
    n_small = bw_history_cut (self, series_id, samples, chunks, blobs);

  return bw_history_repo_remove_chunks (db, ids, error) &&
         bw_history_repo_add_chunks (db, chunks, error) &&
         bw_history_repo_set_small (db, series_id, n_small < BW_HISTORY_SMALL_CHUNKS ? n_small : 0, error);
}

static gboolean
join_all (BwHistory  *self,
          BwDb       *db,
          GArray     *ids,
          GError    **error)
{
  for (guint i = 0; i < ids->len; i++)
    {
      if (!join_series (self, db, g_array_index (ids, gint64, i), error))
        return FALSE;
    }

  return TRUE;
}

gboolean
bw_history_join (BwHistory  *self,
                 BwDb       *db,
                 gboolean   *ret_more,
                 GError    **error)
{
  g_autoptr(GArray) ids = NULL;

  *ret_more = FALSE;
  if (g_get_monotonic_time () < self->join_at_us)
    return TRUE;

  ids = bw_history_repo_list_to_join (db, JOIN_SERIES, error);
  if (ids == NULL)
    return FALSE;

  *ret_more = ids->len == JOIN_SERIES;
  if (!*ret_more)
    self->join_at_us = g_get_monotonic_time () + JOIN_PAUSE_US;

  if (ids->len == 0)
    return TRUE;

  if (!bw_db_begin (db, error))
    return FALSE;

  if (join_all (self, db, ids, error) && bw_db_commit (db, error))
    return TRUE;

  bw_db_rollback (db);

  return FALSE;
}
