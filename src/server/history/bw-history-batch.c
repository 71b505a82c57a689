/* bw-history-batch.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-history"

#include "bw-history-batch.h"

#include <string.h>

#include "bw-text.h"

#define TEXT_BLOCK (16 * 1024)

static void
series_clear (gpointer data)
{
  BwBatchSeries *series = data;

  g_free (series->key);
  g_free (series->unit);
}

static void
flood_clear (gpointer data)
{
  g_free (((BwBatchFlood *) data)->device_id);
}

BwHistoryBatch *
bw_history_batch_new (void)
{
  BwHistoryBatch *self = g_new0 (BwHistoryBatch, 1);

  self->series = g_array_new (FALSE, TRUE, sizeof (BwBatchSeries));
  g_array_set_clear_func (self->series, series_clear);
  self->samples = g_array_new (FALSE, FALSE, sizeof (BwBatchSample));
  self->marks = g_array_new (FALSE, FALSE, sizeof (BwBatchMark));
  self->floods = g_array_new (FALSE, FALSE, sizeof (BwBatchFlood));
  g_array_set_clear_func (self->floods, flood_clear);
  self->places = g_hash_table_new (g_str_hash, g_str_equal);
  self->texts = g_string_chunk_new (TEXT_BLOCK);
  self->scratch = g_string_new (NULL);

  return self;
}

void
bw_history_batch_free (BwHistoryBatch *self)
{
  g_hash_table_unref (self->places);
  g_array_unref (self->series);
  g_array_unref (self->samples);
  g_array_unref (self->marks);
  g_array_unref (self->floods);
  g_string_chunk_free (self->texts);
  g_string_free (self->scratch, TRUE);
  g_free (self);
}

void
bw_history_batch_clear (BwHistoryBatch *self)
{
  g_hash_table_remove_all (self->places);
  g_array_set_size (self->series, 0);
  g_array_set_size (self->samples, 0);
  g_array_set_size (self->marks, 0);
  g_array_set_size (self->floods, 0);
  g_string_chunk_clear (self->texts);
}

gboolean
bw_history_batch_is_empty (BwHistoryBatch *self)
{
  return self->samples->len == 0 && self->marks->len == 0 && self->floods->len == 0;
}

static guint
find_series (BwHistoryBatch *self,
             const char     *device_id,
             const char     *node,
             const char     *property)
{
  BwBatchSeries series = { 0, };
  guint place;

  g_string_assign (self->scratch, device_id);
  series.device_end = (guint) self->scratch->len;
  g_string_append_c (self->scratch, '/');
  g_string_append (self->scratch, node);
  series.node_end = (guint) self->scratch->len;
  g_string_append_c (self->scratch, '/');
  g_string_append (self->scratch, property);

  place = GPOINTER_TO_UINT (g_hash_table_lookup (self->places, self->scratch->str));
  if (place > 0)
    return place - 1;

  series.key = g_strndup (self->scratch->str, self->scratch->len);
  g_array_append_val (self->series, series);
  g_hash_table_insert (self->places, series.key, GUINT_TO_POINTER (self->series->len));

  return self->series->len - 1;
}

void
bw_history_batch_add (BwHistoryBatch *self,
                      const char     *device_id,
                      const char     *node,
                      const char     *property,
                      BwDatatype      datatype,
                      const char     *unit,
                      gint64          at_us,
                      const char     *text)
{
  guint place = find_series (self, device_id, node, property);
  BwBatchSeries *series = &g_array_index (self->series, BwBatchSeries, place);
  BwBatchSample sample = { .series = place, .at_us = at_us };

  series->datatype = datatype;
  bw_set_str (&series->unit, unit);
  sample.kind = bw_sample_from_text (datatype, text, &sample.value);
  if (sample.kind == BW_SAMPLE_TEXT)
    sample.value.text = g_string_chunk_insert (self->texts, text);

  g_array_append_val (self->samples, sample);
}

void
bw_history_batch_add_mark (BwHistoryBatch *self,
                           guint16         id,
                           guint32         hash)
{
  BwBatchMark mark = { id, hash };

  g_array_append_val (self->marks, mark);
}

void
bw_history_batch_add_flood (BwHistoryBatch *self,
                            const char     *device_id,
                            gint64          n,
                            gint64          at_us)
{
  BwBatchFlood flood = { g_strdup (device_id), n, at_us };

  g_array_append_val (self->floods, flood);
}
