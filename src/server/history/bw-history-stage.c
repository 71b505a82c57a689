/* bw-history-stage.c: what is in no chunk yet, in memory
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-history"

#include "bw-history-private.h"

#include <string.h>

/* Known ones without anything pending cost a look-up in the database when they are not in memory. */
#define MAX_KNOWN_SERIES 150000

static void
pending_clear (const BwPending *pending)
{
  if (pending->kind == BW_SAMPLE_TEXT)
    g_ref_string_release ((char *) pending->value.text);
}

static void
series_free (gpointer data)
{
  BwStageSeries *series = data;

  for (guint i = 0; i < series->pending->len; i++)
    pending_clear (&g_array_index (series->pending, BwPending, i));

  g_array_unref (series->pending);
  g_free (series->key);
  g_free (series->unit);
  g_free (series);
}

BwStageSeries *
bw_stage_find (BwHistory  *self,
               const char *key)
{
  return g_hash_table_lookup (self->by_key, key);
}

BwStageSeries *
bw_stage_ensure (BwHistory  *self,
                 const char *key,
                 guint       device_end,
                 guint       node_end)
{
  BwStageSeries *series = g_hash_table_lookup (self->by_key, key);
  GPtrArray *of_device;
  gsize length;

  if (series != NULL)
    return series;

  length = strlen (key);
  series = g_new0 (BwStageSeries, 1);
  /* the key, then the three texts */
  series->key = g_malloc (2 * length + 2);
  memcpy (series->key, key, length + 1);
  memcpy (series->key + length + 1, key, length + 1);
  series->device_id = series->key + length + 1;
  series->device_id[device_end] = '\0';
  series->device_id[node_end] = '\0';
  series->node = series->device_id + device_end + 1;
  series->property = series->device_id + node_end + 1;
  series->pending = g_array_new (FALSE, FALSE, sizeof (BwPending));

  g_mutex_lock (&self->lock);
  g_hash_table_insert (self->by_key, series->key, series);
  of_device = g_hash_table_lookup (self->by_device, series->device_id);
  if (of_device == NULL)
    {
      of_device = g_ptr_array_new ();
      g_hash_table_insert (self->by_device, g_strdup (series->device_id), of_device);
    }
  g_ptr_array_add (of_device, series);
  g_mutex_unlock (&self->lock);

  return series;
}

void
bw_stage_add (BwHistory     *self,
              BwStageSeries *series,
              gint64         at_us,
              BwSampleKind   kind,
              BwSampleValue  value,
              gint64         seq)
{
  BwPending pending = { .at_us = at_us, .value = value, .seq = (guint64) seq, .kind = kind };

  if (kind == BW_SAMPLE_TEXT)
    {
      pending.value.text = g_ref_string_new_intern (value.text);
      self->n_text_bytes += strlen (value.text);
    }

  g_array_append_val (series->pending, pending);
  self->n_pending++;
  self->counts.n_staged = self->n_pending;

  if (series->pending->len >= BW_CHUNK_MAX_SAMPLES && !series->ready)
    {
      series->ready = TRUE;
      g_queue_push_tail (&self->ready, series);
    }
}

void
bw_stage_remove_first (BwHistory     *self,
                       BwStageSeries *series,
                       guint          n)
{
  for (guint i = 0; i < n; i++)
    {
      const BwPending *pending = &g_array_index (series->pending, BwPending, i);

      if (pending->kind == BW_SAMPLE_TEXT)
        self->n_text_bytes -= strlen (pending->value.text);
      pending_clear (pending);
    }

  if (n == series->pending->len)
    {
      /* what was large once need not stay so */
      g_array_unref (series->pending);
      series->pending = g_array_new (FALSE, FALSE, sizeof (BwPending));
    }
  else
    g_array_remove_range (series->pending, 0, n);

  self->n_pending -= n;
  self->counts.n_staged = self->n_pending;
}

static void
forget (BwHistory     *self,
        BwStageSeries *series)
{
  GPtrArray *of_device = g_hash_table_lookup (self->by_device, series->device_id);

  g_ptr_array_remove_fast (of_device, series);
  if (of_device->len == 0)
    g_hash_table_remove (self->by_device, series->device_id);
}

/* Another number than any history's before: a batch may be given to one after the other. */
void
bw_stage_begin_round (BwHistory *self)
{
  static int newest;

  self->stage_round = (guint) g_atomic_int_add (&newest, 1) + 1;
}

void
bw_stage_shrink (BwHistory *self)
{
  GHashTableIter iter;
  gpointer value;

  if (!self->may_shrink || self->flush != NULL)
    return;

  self->may_shrink = FALSE;
  if (g_hash_table_size (self->by_key) <= MAX_KNOWN_SERIES)
    return;

  bw_stage_begin_round (self);
  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->by_key);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      BwStageSeries *series = value;

      if (series->pending->len > 0 || series->ready)
        continue;

      forget (self, series);
      g_hash_table_iter_remove (&iter);
    }
  g_mutex_unlock (&self->lock);
}

void
bw_stage_init (BwHistory *self)
{
  bw_stage_begin_round (self);
  self->by_key = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, series_free);
  self->by_device = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
}
