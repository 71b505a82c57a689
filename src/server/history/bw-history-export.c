/* bw-history-export.c: which series there are, and all of them as CSV
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-history"

#include <string.h>

#include "bw-csv.h"
#include "bw-history-read.h"
#include "bw-history-scan.h"
#include "bw-json.h"

/* Of one page: so much is in memory at a time. */
#define PAGE_CHUNKS 16

/* Series */

typedef struct
{
  char   *key;
  GArray *pending;    /* (element-type BwPending), without what their texts say */
} PendingSeries;

static void
pending_series_clear (gpointer data)
{
  PendingSeries *one = data;

  g_free (one->key);
  g_array_unref (one->pending);
}

/* (element-type PendingSeries) of one device */
static GArray *
copy_times (BwHistory  *self,
            const char *device_id)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (PendingSeries));
  GPtrArray *of_device;

  g_array_set_clear_func (all, pending_series_clear);

  g_mutex_lock (&self->lock);
  of_device = g_hash_table_lookup (self->by_device, device_id);
  for (guint i = 0; of_device != NULL && i < of_device->len; i++)
    {
      const BwStageSeries *series = g_ptr_array_index (of_device, i);
      PendingSeries one = { g_strdup (series->key), g_array_copy (series->pending) };

      g_array_append_val (all, one);
    }
  g_mutex_unlock (&self->lock);

  return all;
}

static void
add_pending (BwSeriesRow *row,
             GArray      *pending)
{
  for (guint i = 0; i < pending->len; i++)
    {
      const BwPending *one = &g_array_index (pending, BwPending, i);

      if ((gint64) one->seq <= row->packed)
        continue;

      row->first_at_us = row->n > 0 ? MIN (row->first_at_us, one->at_us) : one->at_us;
      row->last_at_us = row->n > 0 ? MAX (row->last_at_us, one->at_us) : one->at_us;
      row->n++;
    }
}

static void
write_series (GPtrArray *rows,
              GArray    *all_pending,
              GString   *out)
{
  g_autoptr(GHashTable) by_key = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < all_pending->len; i++)
    {
      PendingSeries *one = &g_array_index (all_pending, PendingSeries, i);

      g_hash_table_insert (by_key, one->key, one->pending);
    }

  bw_json_begin_array (out, "items");
  for (guint i = 0; i < rows->len; i++)
    {
      BwSeriesRow *row = g_ptr_array_index (rows, i);
      g_autofree char *key = g_strjoin ("/", row->device_id, row->node, row->property, NULL);
      GArray *pending = g_hash_table_lookup (by_key, key);

      if (pending != NULL)
        add_pending (row, pending);
      if (row->n == 0)
        continue;

      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "node", row->node);
      bw_json_add_string (out, "property", row->property);
      bw_json_add_string (out, "datatype", bw_datatype_to_nick (row->datatype));
      bw_json_add_string (out, "unit", row->unit);
      bw_json_add_int (out, "n", row->n);
      bw_json_add_int (out, "firstAt", row->first_at_us);
      bw_json_add_int (out, "lastAt", row->last_at_us);
      bw_json_end_object (out);
    }
  bw_json_end_array (out);
}

static gboolean
write_flood (BwDb        *db,
             const char  *device_id,
             GString     *out,
             GError     **error)
{
  gint64 n = 0;
  gint64 first_us = 0;
  gint64 last_us = 0;

  if (!bw_history_repo_get_flood (db, device_id, &n, &first_us, &last_us, error))
    return FALSE;

  if (n == 0)
    {
      bw_json_add_null (out, "flood");
      return TRUE;
    }

  bw_json_begin_object (out, "flood");
  bw_json_add_int (out, "n", n);
  bw_json_add_int (out, "firstAt", first_us);
  bw_json_add_int (out, "lastAt", last_us);
  bw_json_end_object (out);

  return TRUE;
}

gboolean
bw_history_write_series (BwHistory     *self,
                         BwHistoryThread *thread,
                         const char    *device_id,
                         GCancellable  *cancellable,
                         GString       *out,
                         GError       **error)
{
  g_auto(BwScan) scan = { 0, };
  g_autoptr(GArray) pending = NULL;
  g_autoptr(GPtrArray) rows = NULL;

  if (!bw_scan_init (&scan, self, thread, cancellable, error))
    return FALSE;

  pending = copy_times (self, device_id);
  if (!bw_scan_begin (&scan, error))
    return FALSE;

  rows = bw_history_repo_list_series (scan.db, device_id, BW_HISTORY_MAX_SERIES, error);
  if (rows == NULL)
    return FALSE;

  bw_json_begin_object (out, NULL);
  write_series (rows, pending, out);
  if (!write_flood (scan.db, device_id, out, error))
    return FALSE;
  bw_json_end_object (out);

  return TRUE;
}

/* CSV */

struct _BwHistoryExport
{
  char         *device_id;
  char         *node;         /* (nullable): all */
  char         *property;
  gint64        from_us;
  gint64        to_us;
  GCancellable *cancellable;

  GPtrArray    *series;       /* (nullable) (element-type BwSeriesRow): not asked for yet */
  guint         at;           /* in series */
  gint64        next_us;      /* of this one, what is before is written */

  GString      *head;         /* node and property of this one, as cells */
  gint64        second;       /* that date says */
  char          date[32];
};

typedef struct
{
  gint64        at_us;
  BwSampleKind  kind;
  BwSampleValue value;        /* a text is a GRefString */
} Line;

BwHistoryExport *
bw_history_export_new (const BwHistoryQuery *query)
{
  BwHistoryExport *self = g_new0 (BwHistoryExport, 1);

  self->device_id = g_strdup (query->device_id);
  self->node = g_strdup (query->node);
  self->property = g_strdup (query->property);
  self->from_us = query->from_us;
  self->to_us = query->to_us;
  self->next_us = query->from_us;
  if (query->cancellable != NULL)
    self->cancellable = g_object_ref (query->cancellable);
  self->head = g_string_new (NULL);
  self->second = G_MININT64;

  return self;
}

void
bw_history_export_free (BwHistoryExport *self)
{
  g_free (self->device_id);
  g_free (self->node);
  g_free (self->property);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->series, g_ptr_array_unref);
  g_string_free (self->head, TRUE);
  g_free (self);
}

static void
line_clear (gpointer data)
{
  Line *line = data;

  if (line->kind == BW_SAMPLE_TEXT)
    g_ref_string_release ((char *) line->value.text);
}

static void
take_line (const BwScanSample *sample,
           gpointer            user_data)
{
  GArray *lines = user_data;
  Line line = { sample->at_us, sample->kind, sample->value };

  if (line.kind == BW_SAMPLE_TEXT)
    line.value.text = g_ref_string_new (sample->value.text);
  g_array_append_val (lines, line);
}

static int
compare_lines (gconstpointer a,
               gconstpointer b)
{
  const Line *first = a;
  const Line *second = b;

  return first->at_us < second->at_us ? -1 : first->at_us > second->at_us;
}

static gboolean
is_sorted (GArray *lines)
{
  for (guint i = 1; i < lines->len; i++)
    {
      if (g_array_index (lines, Line, i - 1).at_us > g_array_index (lines, Line, i).at_us)
        return FALSE;
    }

  return TRUE;
}

/* RFC 3339, UTC. Mostly the second is the one before. */
static void
append_time (BwHistoryExport *self,
             gint64           at_us,
             GString         *out)
{
  gint64 second = at_us / G_USEC_PER_SEC - (at_us % G_USEC_PER_SEC < 0);
  guint us = (guint) (at_us - second * G_USEC_PER_SEC);
  char digits[] = ".000000Z\",";

  if (second != self->second)
    {
      g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (second);
      g_autofree char *text = time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%S") : g_strdup ("");

      g_strlcpy (self->date, text, sizeof self->date);
      self->second = second;
    }

  for (guint i = 6; i > 0; i--, us /= 10)
    digits[i] = (char) ('0' + us % 10);

  g_string_append_c (out, '"');
  g_string_append (out, self->date);
  g_string_append (out, digits);
}

/* Numbers are no formulas, also negative ones; texts may be. */
static void
write_lines (BwHistoryExport *self,
             GArray          *lines,
             GString         *out)
{
  if (!is_sorted (lines))
    g_array_sort (lines, compare_lines);

  for (guint i = 0; i < lines->len; i++)
    {
      const Line *line = &g_array_index (lines, Line, i);

      append_time (self, line->at_us, out);
      g_string_append_len (out, self->head->str, (gssize) self->head->len);
      if (line->kind == BW_SAMPLE_TEXT)
        {
          bw_csv_append_field (out, line->value.text, TRUE);
          continue;
        }

      g_string_append_c (out, '"');
      bw_sample_write_text (out, line->kind, line->value);
      g_string_append (out, "\"\r\n");
    }
}

static gboolean
find_all (BwHistoryExport  *self,
          BwDb             *db,
          GError          **error)
{
  g_autoptr(GError) local_error = NULL;
  BwSeriesRow *row;

  if (self->series != NULL)
    return TRUE;

  if (self->node == NULL)
    {
      self->series = bw_history_repo_list_series (db, self->device_id, BW_HISTORY_MAX_SERIES, error);
      return self->series != NULL;
    }

  row = bw_history_repo_find_series (db, self->device_id, self->node, self->property, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  self->series = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_series_row_free);
  if (row != NULL)
    g_ptr_array_add (self->series, row);

  return TRUE;
}

static void
write_head (BwHistoryExport   *self,
            const BwSeriesRow *series)
{
  g_string_truncate (self->head, 0);
  bw_csv_append_field (self->head, series->node, FALSE);
  bw_csv_append_field (self->head, series->property, FALSE);
}

/* Of one series what lies before the end of so many chunks: from the database as it is now, since what was
 * joined or packed between two pages has kept its times. */
static gboolean
write_page (BwHistoryExport  *self,
            BwScan           *scan,
            GArray           *pending,
            GString          *out,
            GError          **error)
{
  g_autoptr(GArray) lines = g_array_new (FALSE, FALSE, sizeof (Line));
  const BwSeriesRow *known = g_ptr_array_index (self->series, self->at);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwSeriesRow) series = bw_history_repo_get_series (scan->db, known->id, &local_error);
  gint64 end_us = self->to_us;

  g_array_set_clear_func (lines, line_clear);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (series != NULL)
    {
      if (!bw_history_repo_find_end (scan->db, series->id, self->next_us, self->to_us, PAGE_CHUNKS, &end_us, error))
        return FALSE;

      end_us = MIN (end_us, self->to_us - 1) + 1;
      write_head (self, series);
      if (!bw_scan_run (scan, series, pending, self->next_us, end_us, NULL, take_line, lines, error))
        return FALSE;

      write_lines (self, lines, out);
    }

  self->next_us = end_us;
  if (end_us >= self->to_us)
    {
      self->at++;
      self->next_us = self->from_us;
    }

  return TRUE;
}

/* The stage first, but which one of the series is known from the first page on only. */
gboolean
bw_history_export_next (BwHistoryExport  *self,
                        BwHistory        *history,
                        BwHistoryThread  *thread,
                        GString          *out,
                        gboolean         *ret_done,
                        GError          **error)
{
  static const char *const header[] = { "at", "node", "property", "value", NULL };
  g_auto(BwScan) scan = { 0, };
  g_autoptr(GArray) pending = NULL;
  const BwSeriesRow *series;

  *ret_done = FALSE;
  if (!bw_scan_init (&scan, history, thread, self->cancellable, error))
    return FALSE;

  if (self->series == NULL)
    {
      bw_csv_append_record (out, header);
      if (!find_all (self, scan.db, error))
        return FALSE;
    }

  if (self->at < self->series->len)
    {
      series = g_ptr_array_index (self->series, self->at);
      pending = bw_scan_copy_pending (&scan, self->device_id, series->node, series->property,
                                      self->next_us, self->to_us);
      if (!bw_scan_begin (&scan, error) || !write_page (self, &scan, pending, out, error))
        return FALSE;
    }

  *ret_done = self->at >= self->series->len;

  return TRUE;
}
