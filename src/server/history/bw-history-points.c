/* bw-history-points.c: a line to draw, as samples or as buckets of them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-history"

#include <math.h>
#include <string.h>

#include "bw-error.h"
#include "bw-history-read.h"
#include "bw-history-scan.h"
#include "bw-json.h"

/* Up to here the number in a chunk's row is the value itself. */
#define MAX_EXACT 9007199254740992.0

typedef struct
{
  gint64        n;
  gint64        n_numbers;
  double        low;
  double        high;
  double        total;
  gint64        last_at_us;
  BwSampleKind  last_kind;
  BwSampleValue last;
} Bucket;

typedef struct
{
  const BwHistoryQuery *query;
  GStringChunk         *texts;
  GArray               *samples;     /* (element-type BwScanSample): as long as they are few and whole */
  gboolean              too_many;
  GArray               *buckets;     /* (nullable) (element-type Bucket) */
  gint64                first_us;    /* of the first bucket */
  gint64                step_us;
  gint64                found_us;    /* the bucket that was found last begins here, */
  Bucket               *found;       /* (nullable) and is this one */
} Points;

static Bucket *
find_bucket (Points *points,
             gint64  at_us)
{
  gint64 place;

  /* mostly they come in order, and a division costs more than all the rest */
  if (points->found != NULL && at_us >= points->found_us && at_us - points->found_us < points->step_us)
    return points->found;

  place = CLAMP ((at_us - points->first_us) / points->step_us, 0, (gint64) points->buckets->len - 1);
  points->found = &g_array_index (points->buckets, Bucket, place);
  points->found_us = points->first_us + place * points->step_us;

  return points->found;
}

static void
add_numbers (Bucket *bucket,
             gint64  n,
             gint64  n_numbers,
             double  low,
             double  high,
             double  total)
{
  if (n_numbers > 0)
    {
      bucket->low = bucket->n_numbers > 0 ? MIN (bucket->low, low) : low;
      bucket->high = bucket->n_numbers > 0 ? MAX (bucket->high, high) : high;
      bucket->total += total;
      bucket->n_numbers += n_numbers;
    }
  bucket->n += n;
}

static void
set_last (Points        *points,
          Bucket        *bucket,
          gint64         at_us,
          BwSampleKind   kind,
          BwSampleValue  value)
{
  if (bucket->last_kind != 0 && at_us < bucket->last_at_us)
    return;

  bucket->last_at_us = at_us;
  bucket->last_kind = kind;
  bucket->last = value;
  /* of few different ones, over and over */
  if (kind == BW_SAMPLE_TEXT)
    bucket->last.text = g_string_chunk_insert_const (points->texts, value.text);
}

static void
add_sample (const BwScanSample *sample,
            gpointer            user_data)
{
  Points *points = user_data;
  Bucket *bucket = find_bucket (points, sample->at_us);

  add_numbers (bucket, sample->n, sample->n_numbers, sample->low, sample->high, sample->total);
  set_last (points, bucket, sample->at_us, sample->kind, sample->value);
}

/* One that lies within the time asked for and within one bucket. */
static gboolean
add_whole_chunk (const BwChunkRow *row,
                 gpointer          user_data)
{
  Points *points = user_data;
  BwSampleKind kind = (BwSampleKind) (row->kind & ~(guint) BW_CHUNK_THINNED);
  BwSampleValue last = { 0, };
  Bucket *bucket;

  if (!row->has_numbers || !(fabs (row->last) < MAX_EXACT) || row->n <= 0 ||
      row->t0 < points->query->from_us || row->t1 >= points->query->to_us)
    return FALSE;

  bucket = find_bucket (points, row->t0);
  if (bucket != find_bucket (points, row->t1))
    return FALSE;

  if (kind == BW_SAMPLE_REAL)
    last.real = row->last;
  else
    last.integer = (gint64) row->last;

  add_numbers (bucket, row->n, row->n, row->low, row->high, row->total);
  set_last (points, bucket, row->t1, kind, last);

  return TRUE;
}

static void
keep_sample (const BwScanSample *sample,
             gpointer            user_data)
{
  Points *points = user_data;
  BwScanSample copy = *sample;

  if (points->too_many)
    return;

  points->too_many = points->samples->len == points->query->points || sample->thinned;
  if (sample->kind == BW_SAMPLE_TEXT)
    copy.value.text = g_string_chunk_insert_const (points->texts, sample->value.text);
  g_array_append_val (points->samples, copy);
}

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  const BwScanSample *first = a;
  const BwScanSample *second = b;

  return first->at_us < second->at_us ? -1 : first->at_us > second->at_us;
}

static void
make_buckets (Points *points,
              gint64  t0,
              gint64  t1)
{
  guint64 length = (guint64) t1 - (guint64) t0 + 1;
  guint n = points->query->points;

  points->first_us = t0;
  points->step_us = (gint64) (length / n + (length % n != 0));
  points->buckets = g_array_sized_new (FALSE, TRUE, sizeof (Bucket), n);
  g_array_set_size (points->buckets, n);
}

/* The ends of what there is within the time asked for. */
static gboolean
measure (BwScan             *scan,
         Points             *points,
         const BwSeriesRow  *series,
         GArray             *pending,
         gint64             *ret_t0,
         gint64             *ret_t1,
         GError            **error)
{
  const BwHistoryQuery *query = points->query;
  gint64 n_inside = 0;
  gint64 t0 = 0;
  gint64 t1 = 0;
  gboolean any;

  if (!bw_history_repo_measure (scan->db, series->id, query->from_us, query->to_us, &n_inside, &t0, &t1, error))
    return FALSE;

  any = n_inside > 0 || t1 != 0;
  for (guint i = 0; i < pending->len; i++)
    {
      gint64 at_us = g_array_index (pending, BwPending, i).at_us;

      if (at_us < query->from_us)
        continue;

      t0 = any ? MIN (t0, at_us) : at_us;
      t1 = any ? MAX (t1, at_us) : at_us;
      any = TRUE;
    }

  points->too_many = n_inside > query->points;
  *ret_t0 = MAX (t0, query->from_us);
  *ret_t1 = MAX (MIN (t1, query->to_us - 1), *ret_t0);

  return TRUE;
}

static gboolean
collect (BwScan             *scan,
         Points             *points,
         const BwSeriesRow  *series,
         GArray             *pending,
         GError            **error)
{
  const BwHistoryQuery *query = points->query;
  gint64 t0;
  gint64 t1;

  if (!measure (scan, points, series, pending, &t0, &t1, error))
    return FALSE;

  if (!points->too_many &&
      !bw_scan_run (scan, series, pending, query->from_us, query->to_us, NULL, keep_sample, points, error))
    return FALSE;

  if (!points->too_many)
    {
      g_array_sort (points->samples, compare_times);
      return TRUE;
    }

  scan->n_damaged = 0;
  make_buckets (points, t0, t1);

  return bw_scan_run (scan, series, pending, query->from_us, query->to_us, add_whole_chunk, add_sample, points, error);
}

/* Gaps: the device says itself, or the broker for it, that it is not there. */

typedef struct
{
  gint64   at_us;
  gboolean connected;
} State;

typedef struct
{
  GArray *states;
} States;

static void
take_state (const BwScanSample *sample,
            gpointer            user_data)
{
  States *states = user_data;
  State state = { sample->at_us, TRUE };

  /* a sleeping device comes when it has something to say */
  if (sample->kind == BW_SAMPLE_TEXT)
    state.connected = strcmp (sample->value.text, "lost") != 0 && strcmp (sample->value.text, "disconnected") != 0 &&
                      strcmp (sample->value.text, "not-connected") != 0;

  g_array_append_val (states->states, state);
}

static int
compare_states (gconstpointer a,
                gconstpointer b)
{
  const State *first = a;
  const State *second = b;

  return first->at_us < second->at_us ? -1 : first->at_us > second->at_us;
}

static void
write_gaps (GArray  *states,
            gint64   from_us,
            gint64   to_us,
            gint64   least_us,
            GString *out)
{
  guint n = 0;

  g_array_sort (states, compare_states);
  bw_json_begin_array (out, "gaps");
  for (guint i = 0; i < states->len && n < BW_HISTORY_MAX_GAPS; i++)
    {
      const State *state = &g_array_index (states, State, i);
      gint64 start_us = MAX (state->at_us, from_us);
      gint64 end_us;

      if (state->connected)
        continue;

      while (i + 1 < states->len && !g_array_index (states, State, i + 1).connected)
        i++;
      end_us = i + 1 < states->len ? MIN (g_array_index (states, State, i + 1).at_us, to_us) : to_us;
      if (end_us - start_us < MAX (least_us, 1))
        continue;

      bw_json_begin_array (out, NULL);
      bw_json_add_int (out, NULL, start_us);
      bw_json_add_int (out, NULL, end_us);
      bw_json_end_array (out);
      n++;
    }
  bw_json_end_array (out);
}

static gboolean
add_gaps (BwScan                *scan,
          const BwHistoryQuery  *query,
          GArray                *pending,
          gint64                 step_us,
          GString               *out,
          GError               **error)
{
  g_autoptr(GArray) array = g_array_new (FALSE, FALSE, sizeof (State));
  g_autoptr(GError) local_error = NULL;
  States states = { array };
  gint64 to_us = MIN (query->to_us, g_get_real_time ());
  g_autoptr(BwSeriesRow) series =
    bw_history_repo_find_series (scan->db, query->device_id, BW_HISTORY_OWN_NODE, "state", &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (series != NULL &&
      (!bw_scan_before (scan, series, pending, query->from_us, take_state, &states, error) ||
       !bw_scan_run (scan, series, pending, query->from_us, query->to_us, NULL, take_state, &states, error)))
    return FALSE;

  /* what is shorter than a point of the chart would not be seen */
  write_gaps (array, query->from_us, to_us, step_us, out);

  return TRUE;
}

/* Writing */

static void
write_samples (Points  *points,
               GString *out)
{
  bw_json_begin_array (out, "points");
  for (guint i = 0; i < points->samples->len; i++)
    {
      const BwScanSample *sample = &g_array_index (points->samples, BwScanSample, i);

      bw_json_begin_array (out, NULL);
      bw_json_add_int (out, NULL, sample->at_us);
      bw_sample_add_json (out, sample->kind, sample->value);
      bw_json_end_array (out);
    }
  bw_json_end_array (out);
}

static void
write_buckets (Points  *points,
               GString *out)
{
  bw_json_add_int (out, "stepUs", points->step_us);
  bw_json_begin_array (out, "points");
  for (guint i = 0; i < points->buckets->len; i++)
    {
      const Bucket *bucket = &g_array_index (points->buckets, Bucket, i);
      double n = (double) bucket->n_numbers;

      if (bucket->n == 0)
        continue;

      bw_json_begin_array (out, NULL);
      bw_json_add_int (out, NULL, points->first_us + (gint64) i * points->step_us);
      bw_json_add_int (out, NULL, bucket->n);
      bw_number_add_json (out, n > 0 ? bucket->low : NAN);
      bw_number_add_json (out, n > 0 ? bucket->high : NAN);
      bw_number_add_json (out, n > 0 ? bucket->total / n : NAN);
      bw_sample_add_json (out, bucket->last_kind, bucket->last);
      bw_json_end_array (out);
    }
  bw_json_end_array (out);
}

static void
write_head (const BwHistoryQuery *query,
            const BwSeriesRow    *series,
            GString              *out)
{
  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "node", query->node);
  bw_json_add_string (out, "property", query->property);
  if (series != NULL)
    bw_json_add_string (out, "datatype", bw_datatype_to_nick (series->datatype));
  else
    bw_json_add_null (out, "datatype");
  bw_json_add_string (out, "unit", series != NULL ? series->unit : NULL);
  bw_json_add_int (out, "from", query->from_us);
  bw_json_add_int (out, "to", query->to_us);
}

typedef struct
{
  GString  *out;
  gboolean  found;
} BeforeFound;

static void
write_before (const BwScanSample *sample,
              gpointer            user_data)
{
  BeforeFound *before = user_data;

  before->found = TRUE;
  bw_json_begin_array (before->out, "before");
  bw_json_add_int (before->out, NULL, sample->at_us);
  bw_sample_add_json (before->out, sample->kind, sample->value);
  bw_json_end_array (before->out);
}

/* What it was when the time asked for began: what changes seldom would have no line until it does. */
static gboolean
add_before (BwScan                *scan,
            const BwHistoryQuery  *query,
            const BwSeriesRow     *series,
            GArray                *pending,
            GString               *out,
            GError               **error)
{
  BeforeFound before = { out, FALSE };

  if (series != NULL && !bw_scan_before (scan, series, pending, query->from_us, write_before, &before, error))
    return FALSE;

  if (!before.found)
    bw_json_add_null (out, "before");

  return TRUE;
}

static gboolean
write_points (BwScan     *scan,
              Points     *points,
              GArray     *pending,
              GArray     *pending_states,
              GString    *out,
              GError    **error)
{
  const BwHistoryQuery *query = points->query;
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwSeriesRow) series =
    bw_history_repo_find_series (scan->db, query->device_id, query->node, query->property, &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (series != NULL && !collect (scan, points, series, pending, error))
    return FALSE;

  write_head (query, series, out);
  bw_json_add_boolean (out, "thinned", points->buckets != NULL);
  if (points->buckets != NULL)
    write_buckets (points, out);
  else
    write_samples (points, out);
  if (!add_before (scan, query, series, pending, out, error) ||
      !add_gaps (scan, query, pending_states, points->step_us, out, error))
    return FALSE;
  bw_json_add_int (out, "damaged", scan->n_damaged);
  bw_json_end_object (out);

  return TRUE;
}

gboolean
bw_history_write_points (BwHistory             *self,
                         BwHistoryThread       *thread,
                         const BwHistoryQuery  *query,
                         GString               *out,
                         GError               **error)
{
  g_auto(BwScan) scan = { 0, };
  g_autoptr(GArray) pending = NULL;
  g_autoptr(GArray) states = NULL;
  Points points = { .query = query };
  gboolean ok;

  if (!bw_scan_init (&scan, self, thread, query->cancellable, error))
    return FALSE;

  pending = bw_scan_copy_pending (&scan, query->device_id, query->node, query->property, G_MININT64, query->to_us);
  states = bw_scan_copy_pending (&scan, query->device_id, BW_HISTORY_OWN_NODE, "state", G_MININT64, query->to_us);
  if (!bw_scan_begin (&scan, error))
    return FALSE;

  points.samples = g_array_new (FALSE, FALSE, sizeof (BwScanSample));
  points.texts = g_string_chunk_new (4096);
  ok = write_points (&scan, &points, pending, states, out, error);
  g_array_unref (points.samples);
  g_clear_pointer (&points.buckets, g_array_unref);
  g_string_chunk_free (points.texts);

  return ok;
}
