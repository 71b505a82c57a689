/* bw-history-batch.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-history"

#include "bw-history-batch.h"

#include <string.h>

#include "bw-text.h"

#define TEXT_BLOCK (16 * 1024)

/* Series kept from one round to the next. */
#define MAX_KNOWN 20000

static void
series_free (gpointer data)
{
  BwBatchSeries *series = data;

  g_free (series->key);
  g_free (series->unit);
  g_free (series);
}

static guint
series_hash (gconstpointer data)
{
  return ((const BwBatchSeries *) data)->hash;
}

static gboolean
series_equal (gconstpointer a,
              gconstpointer b)
{
  const BwBatchSeries *first = a;
  const BwBatchSeries *second = b;

  return strcmp (first->property, second->property) == 0 && strcmp (first->device_id, second->device_id) == 0 &&
         strcmp (first->node, second->node) == 0;
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

  self->series = g_ptr_array_new_with_free_func (series_free);
  self->said = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->samples = g_array_new (FALSE, FALSE, sizeof (BwBatchSample));
  self->marks = g_array_new (FALSE, FALSE, sizeof (BwBatchMark));
  self->floods = g_array_new (FALSE, FALSE, sizeof (BwBatchFlood));
  g_array_set_clear_func (self->floods, flood_clear);
  self->places = g_hash_table_new (series_hash, series_equal);
  self->texts = g_string_chunk_new (TEXT_BLOCK);
  self->round = 1;

  return self;
}

void
bw_history_batch_free (BwHistoryBatch *self)
{
  g_hash_table_unref (self->places);
  g_ptr_array_unref (self->series);
  g_array_unref (self->said);
  g_array_unref (self->samples);
  g_array_unref (self->marks);
  g_array_unref (self->floods);
  g_string_chunk_free (self->texts);
  g_free (self);
}

void
bw_history_batch_clear (BwHistoryBatch *self)
{
  if (self->series->len > MAX_KNOWN)
    {
      g_hash_table_remove_all (self->places);
      g_ptr_array_set_size (self->series, 0);
    }
  self->round++;
  g_array_set_size (self->said, 0);
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
hash_text (guint       hash,
           const char *text)
{
  for (; *text != '\0'; text++)
    hash = hash * 33 + (guint8) *text;

  return hash;
}

static BwBatchSeries *
series_new (const BwBatchSeries *as_said)
{
  BwBatchSeries *series = g_new0 (BwBatchSeries, 1);
  gsize length;
  char *apart;

  series->hash = as_said->hash;
  series->device_end = (guint) strlen (as_said->device_id);
  series->node_end = series->device_end + 1 + (guint) strlen (as_said->node);
  length = series->node_end + 1 + strlen (as_said->property);

  series->key = g_malloc (2 * (length + 1));
  g_snprintf (series->key, length + 1, "%s/%s/%s", as_said->device_id, as_said->node, as_said->property);
  apart = series->key + length + 1;
  memcpy (apart, series->key, length + 1);
  apart[series->device_end] = '\0';
  apart[series->node_end] = '\0';
  series->device_id = apart;
  series->node = apart + series->device_end + 1;
  series->property = apart + series->node_end + 1;

  return series;
}

/* Its place. Nearly each sample asks: nothing is allocated for one that is known. */
static guint
find_series (BwHistoryBatch *self,
             const char     *device_id,
             const char     *node,
             const char     *property)
{
  BwBatchSeries as_said = { .device_id = device_id, .node = node, .property = property };
  BwBatchSeries *series;
  guint place;

  as_said.hash = hash_text (hash_text (hash_text (5381, device_id) * 33, node) * 33, property);
  place = GPOINTER_TO_UINT (g_hash_table_lookup (self->places, &as_said));
  if (place > 0)
    return place - 1;

  series = series_new (&as_said);
  g_ptr_array_add (self->series, series);
  g_hash_table_insert (self->places, series, GUINT_TO_POINTER (self->series->len));

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
  BwBatchSeries *series = g_ptr_array_index (self->series, place);
  BwBatchSample sample = { .series = place, .at_us = at_us };

  if (series->round != self->round)
    {
      series->round = self->round;
      g_array_append_val (self->said, place);
    }

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
