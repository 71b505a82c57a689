/* bw-history-load.c: the stage as it was left
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-history"

#include "bw-history-private.h"

#include <string.h>

#include "bw-text.h"

typedef struct
{
  BwHistory  *history;
  BwDb       *db;
  GHashTable *by_id;      /* id → BwStageSeries, NULL for one that is not there any more */
} Load;

/* (nullable) without an error: there is no such series */
static BwStageSeries *
find_series (Load    *load,
             gint64   id,
             GError **error)
{
  g_autoptr(BwSeriesRow) row = NULL;
  g_autofree char *key = NULL;
  g_autoptr(GError) local_error = NULL;
  BwStageSeries *series = NULL;
  gpointer known;

  if (g_hash_table_lookup_extended (load->by_id, &id, NULL, &known))
    return known;

  row = bw_history_repo_get_series (load->db, id, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  if (row != NULL)
    {
      key = g_strjoin ("/", row->device_id, row->node, row->property, NULL);
      series = bw_stage_ensure (load->history, key, (guint) strlen (row->device_id),
                                (guint) (strlen (row->device_id) + strlen (row->node) + 1));
      series->id = row->id;
      series->packed = row->packed;
      series->datatype = row->datatype;
      bw_set_str (&series->unit, row->unit);
    }
  g_hash_table_insert (load->by_id, g_memdup2 (&id, sizeof id), series);

  return series;
}

/* What is in chunks already is passed over. */
static gboolean
take_row (Load    *load,
          gint64   seq,
          GBytes  *row,
          GError **error)
{
  BwHistory *self = load->history;
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (row, &length);
  GArray *items = bw_stage_row_read (self->row, data, length);

  if (items == NULL)
    {
      bw_history_count_damaged (self, "row of the stage", seq);
      return TRUE;
    }

  for (guint i = 0; i < items->len; i++)
    {
      const BwStageItem *item = &g_array_index (items, BwStageItem, i);
      g_autoptr(GError) local_error = NULL;
      BwStageSeries *series = find_series (load, item->series_id, &local_error);

      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }

      if (series == NULL || series->packed >= seq)
        continue;

      g_mutex_lock (&self->lock);
      bw_stage_add (self, series, item->at_us, item->kind, item->value, seq);
      g_mutex_unlock (&self->lock);
    }
  self->n_logged += items->len;

  return TRUE;
}

static void
forget_all (BwHistory *self)
{
  bw_stage_begin_round (self);
  g_mutex_lock (&self->lock);
  g_queue_clear (&self->ready);
  g_hash_table_remove_all (self->by_key);
  g_hash_table_remove_all (self->by_device);
  self->n_pending = 0;
  self->n_text_bytes = 0;
  self->n_logged = 0;
  self->n_marks = 0;
  g_queue_clear_full (&self->taken, g_free);
  g_mutex_unlock (&self->lock);
}

static void
take_marks (gint64   seq,
            gint64   length,
            gpointer user_data)
{
  BwHistory *self = user_data;
  BwTakenRow *row = g_new (BwTakenRow, 1);

  *row = (BwTakenRow) { seq, (guint) (length / BW_MARK_BYTES) };
  g_queue_push_tail (&self->taken, row);
  self->n_marks += row->n;
}

static gboolean
load_stage (BwHistory  *self,
            BwDb       *db,
            GError    **error)
{
  g_autoptr(GHashTable) by_id = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  Load load = { self, db, by_id };
  gint64 seq = 0;

  if (!bw_history_repo_wait_for_writers (db, error) ||
      !bw_history_repo_get_newest (db, &self->seq, error) ||
      !bw_history_repo_foreach_taken (db, take_marks, self, error))
    return FALSE;

  self->trimmed = 0;
  self->trim_upto = 0;
  for (;;)
    {
      g_autoptr(GError) local_error = NULL;
      g_autoptr(GBytes) row = bw_history_repo_next_stage (db, seq, &seq, &local_error);

      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }

      if (row == NULL)
        return TRUE;

      if (self->trimmed == 0)
        self->trimmed = seq - 1;
      if (!take_row (&load, seq, row, error))
        return FALSE;
    }
}

/* The database was made anew while we were running: what is pending is written into it, under new ids. */

static gboolean
end_row (BwHistory  *self,
         BwDb       *db,
         gint64      seq,
         GError    **error)
{
  gsize length = 0;
  const guint8 *data = bw_stage_row_end (self->row, &length);

  bw_stage_row_begin (self->row);

  return bw_history_repo_add_stage (db, seq, data, length, error);
}

static gboolean
write_series (BwHistory      *self,
              BwDb           *db,
              BwStageSeries  *series,
              gint64         *seq,
              GError        **error)
{
  BwSeriesRow row = {
    .device_id = series->device_id, .node = (char *) series->node, .property = (char *) series->property,
    .datatype = series->datatype, .unit = series->unit,
  };

  if (!bw_history_repo_add_series (db, &row, error))
    return FALSE;

  series->id = row.id;
  bw_stage_row_begin (self->row);
  ++*seq;
  for (guint i = 0; i < series->pending->len; i++)
    {
      BwPending *pending = &g_array_index (series->pending, BwPending, i);
      BwStageItem item = { series->id, pending->at_us, (BwSampleKind) pending->kind, pending->value };

      pending->seq = (guint64) *seq;
      if (bw_stage_row_add (self->row, &item))
        continue;

      if (!end_row (self, db, *seq, error))
        return FALSE;
      ++*seq;
    }

  return end_row (self, db, *seq, error);
}

/* The row of a series that has nothing pending is made when something comes. */
static gboolean
write_all (BwHistory  *self,
           BwDb       *db,
           gint64     *seq,
           GError    **error)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->by_key);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      BwStageSeries *series = value;

      series->id = 0;
      series->refused = FALSE;
      if (series->pending->len > 0 && !write_series (self, db, series, seq, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
write_anew (BwHistory  *self,
            BwDb       *db,
            GError    **error)
{
  gint64 seq = 0;
  gboolean ok;

  if (!bw_db_begin (db, error))
    return FALSE;

  g_clear_pointer (&self->flush, g_ptr_array_unref);
  g_mutex_lock (&self->lock);
  ok = write_all (self, db, &seq, error);
  g_mutex_unlock (&self->lock);

  if (!ok || !bw_db_commit (db, error))
    {
      bw_db_rollback (db);
      return FALSE;
    }

  self->seq = seq;
  self->trimmed = 0;
  self->trim_upto = 0;
  self->n_logged = self->n_pending;
  self->n_marks = 0;
  g_queue_clear_full (&self->taken, g_free);

  return TRUE;
}

gboolean
bw_history_ensure_loaded (BwHistory        *self,
                          BwHistoryThread  *thread,
                          BwDb             *db,
                          GError          **error)
{
  guint generation = bw_history_thread_get_generation (thread);
  gint64 start_us = g_get_monotonic_time ();

  if (self->loaded && self->generation == generation)
    return TRUE;

  if (self->loaded)
    {
      if (!write_anew (self, db, error))
        return FALSE;
    }
  else if (!load_stage (self, db, error))
    {
      forget_all (self);
      return FALSE;
    }

  self->generation = generation;
  self->logged_since_us = g_get_monotonic_time ();
  g_debug ("The stage has %u samples, read in %" G_GINT64_FORMAT " ms", self->n_pending,
           (g_get_monotonic_time () - start_us) / 1000);

  g_mutex_lock (&self->lock);
  self->loaded = TRUE;
  g_cond_broadcast (&self->loaded_cond);
  g_mutex_unlock (&self->lock);

  return TRUE;
}
