/* bw-history-values.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-history-values.h"

#include <math.h>

#include "bw-error.h"
#include "bw-json.h"

#define REPLY_MAX_BYTES (32 * 1024 * 1024)

/* The parts of a point in a reply: a sample, and a bucket. */
enum { SAMPLE_AT, SAMPLE_VALUE, SAMPLE_PARTS };
enum { BUCKET_AT, BUCKET_N, BUCKET_MIN, BUCKET_MAX, BUCKET_MEAN, BUCKET_LAST, BUCKET_PARTS };

typedef struct
{
  BwHistory       history;    /* first: what callers hold */
  BwHistoryPoint  before;
  GStringChunk   *texts;      /* each once */
} Held;

G_DEFINE_BOXED_TYPE (BwHistory, bw_history, bw_history_ref, bw_history_unref)

static void
held_clear (Held *held)
{
  g_free (held->history.node);
  g_free (held->history.property);
  g_free (held->history.unit);
  g_free ((gpointer) held->history.points);
  g_free ((gpointer) held->history.gaps);
  g_string_chunk_free (held->texts);
}

BwHistory *
bw_history_ref (BwHistory *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

void
bw_history_unref (BwHistory *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, (GDestroyNotify) held_clear);
}

static gboolean
read_int (JsonNode *node,
          gint64   *ret_value)
{
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;

  *ret_value = json_node_get_int (node);

  return TRUE;
}

/* A number, a truth, a text or null; FALSE: something else */
static gboolean
read_value (Held        *held,
            JsonNode    *node,
            double      *ret_number,
            const char **ret_text)
{
  GType type;

  *ret_number = NAN;
  if (JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node))
    return FALSE;

  type = json_node_get_value_type (node);
  if (type == G_TYPE_STRING && ret_text != NULL)
    *ret_text = g_string_chunk_insert_const (held->texts, json_node_get_string (node));
  else if (type == G_TYPE_BOOLEAN)
    *ret_number = json_node_get_boolean (node) ? 1 : 0;
  else if (type == G_TYPE_INT64)
    *ret_number = (double) json_node_get_int (node);
  else if (type == G_TYPE_DOUBLE)
    *ret_number = json_node_get_double (node);
  else
    return FALSE;

  if (!isfinite (*ret_number))
    *ret_number = NAN;

  return TRUE;
}

static gboolean
read_bucket (Held           *held,
             JsonArray      *parts,
             BwHistoryPoint *point)
{
  if (!read_int (json_array_get_element (parts, BUCKET_N), &point->n) || point->n < 1 ||
      !read_value (held, json_array_get_element (parts, BUCKET_MIN), &point->min, NULL) ||
      !read_value (held, json_array_get_element (parts, BUCKET_MAX), &point->max, NULL) ||
      !read_value (held, json_array_get_element (parts, BUCKET_MEAN), &point->mean, NULL) ||
      !read_value (held, json_array_get_element (parts, BUCKET_LAST), &point->last, &point->text))
    return FALSE;

  return !(point->min > point->max);
}

static gboolean
read_point (Held           *held,
            JsonNode       *node,
            gboolean        is_thinned,
            BwHistoryPoint *point)
{
  JsonArray *parts = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n_parts = parts != NULL ? json_array_get_length (parts) : 0;

  if (n_parts != (is_thinned ? (guint) BUCKET_PARTS : (guint) SAMPLE_PARTS) ||
      !read_int (json_array_get_element (parts, SAMPLE_AT), &point->at_us))
    return FALSE;

  if (is_thinned)
    return read_bucket (held, parts, point);

  point->n = 1;
  if (!read_value (held, json_array_get_element (parts, SAMPLE_VALUE), &point->last, &point->text))
    return FALSE;

  point->min = point->max = point->mean = point->last;

  return TRUE;
}

/* In order of time, and within the time that the reply is about. */
static gboolean
take_points (Held       *held,
             JsonArray  *array,
             GError    **error)
{
  BwHistory *history = &held->history;
  guint n = array != NULL ? json_array_get_length (array) : G_MAXUINT;
  BwHistoryPoint *points;
  gint64 earliest_us = history->from_us - history->step_us;   /* a bucket may begin before */

  if (n > BW_HISTORY_MAX_POINTS)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "a history without points, or with too many");
      return FALSE;
    }

  points = g_new0 (BwHistoryPoint, n);
  history->points = points;

  for (guint i = 0; i < n; i++)
    {
      if (!read_point (held, json_array_get_element (array, i), history->step_us > 0, &points[i]) ||
          points[i].at_us < earliest_us || points[i].at_us >= history->to_us)
        {
          g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "point %u of a history is none, or out of its time", i + 1);
          return FALSE;
        }

      earliest_us = points[i].at_us;
    }

  history->n_points = n;

  return TRUE;
}

static gboolean
take_gaps (Held       *held,
           JsonArray  *array,
           GError    **error)
{
  guint n = array != NULL ? json_array_get_length (array) : 0;
  BwHistoryGap *gaps;
  gint64 earliest_us = G_MININT64;

  if (n > BW_HISTORY_MAX_GAPS)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "a history with too many gaps");
      return FALSE;
    }

  gaps = g_new0 (BwHistoryGap, n);
  held->history.gaps = gaps;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonArray *parts = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

      if (parts == NULL || json_array_get_length (parts) != 2 ||
          !read_int (json_array_get_element (parts, 0), &gaps[i].from_us) ||
          !read_int (json_array_get_element (parts, 1), &gaps[i].to_us) ||
          gaps[i].from_us < earliest_us || gaps[i].to_us < gaps[i].from_us)
        {
          g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "gap %u of a history is none, or out of order", i + 1);
          return FALSE;
        }

      earliest_us = gaps[i].to_us;
    }

  held->history.n_gaps = n;

  return TRUE;
}

static gboolean
take_before (Held      *held,
             JsonNode  *node,
             GError   **error)
{
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;

  if (!read_point (held, node, FALSE, &held->before) || held->before.at_us >= held->history.from_us)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "the point before a history is none, or not before it");
      return FALSE;
    }

  held->history.before = &held->before;

  return TRUE;
}

static gboolean
take_head (BwHistory   *history,
           JsonObject  *object,
           GError     **error)
{
  gboolean is_thinned = bw_json_get_boolean (object, "thinned", FALSE);
  const char *node = bw_json_get_string (object, "node");
  const char *property = bw_json_get_string (object, "property");

  history->from_us = bw_json_get_int (object, "from", -1);
  history->to_us = bw_json_get_int (object, "to", -1);
  history->step_us = is_thinned ? bw_json_get_int (object, "stepUs", 0) : 0;

  if (node == NULL || property == NULL || history->from_us < 0 || history->to_us < history->from_us ||
      history->step_us < 0 || is_thinned != (history->step_us > 0))
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "a history that does not say of what, or of which time");
      return FALSE;
    }

  history->node = g_strdup (node);
  history->property = g_strdup (property);
  history->unit = g_strdup (bw_json_get_string (object, "unit"));
  history->datatype = bw_datatype_from_nick (bw_json_get_string (object, "datatype"));
  history->n_damaged = MAX (bw_json_get_int (object, "damaged", 0), 0);

  return TRUE;
}

BwHistory *
bw_history_new_from_json (const char  *text,
                          gsize        length,
                          GError     **error)
{
  g_autoptr(JsonObject) object = bw_json_parse_object (text, length, REPLY_MAX_BYTES, error);
  g_autoptr(BwHistory) history = NULL;
  Held *held;

  if (object == NULL)
    return NULL;

  held = g_atomic_rc_box_new0 (Held);
  held->texts = g_string_chunk_new (256);
  history = &held->history;

  if (!take_head (history, object, error) ||
      !take_points (held, bw_json_get_array (object, "points"), error) ||
      !take_gaps (held, bw_json_get_array (object, "gaps"), error) ||
      !take_before (held, json_object_get_member (object, "before"), error))
    return NULL;

  return g_steal_pointer (&history);
}

void
bw_history_series_free (BwHistorySeries *self)
{
  g_free (self->node);
  g_free (self->property);
  g_free (self->unit);
  g_free (self);
}

static BwHistorySeries *
read_series (JsonNode *node)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  BwHistorySeries *series;

  if (bw_json_get_string (object, "node") == NULL || bw_json_get_string (object, "property") == NULL)
    return NULL;

  series = g_new0 (BwHistorySeries, 1);
  series->node = g_strdup (bw_json_get_string (object, "node"));
  series->property = g_strdup (bw_json_get_string (object, "property"));
  series->unit = g_strdup (bw_json_get_string (object, "unit"));
  series->datatype = bw_datatype_from_nick (bw_json_get_string (object, "datatype"));
  series->n = MAX (bw_json_get_int (object, "n", 0), 0);
  series->first_us = bw_json_get_int (object, "firstAt", 0);
  series->last_us = bw_json_get_int (object, "lastAt", 0);

  return series;
}

GPtrArray *
bw_history_series_list_from_json (const char  *text,
                                  gsize        length,
                                  GError     **error)
{
  g_autoptr(JsonObject) object = bw_json_parse_object (text, length, REPLY_MAX_BYTES, error);
  g_autoptr(GPtrArray) list = NULL;
  JsonArray *items = bw_json_get_array (object, "items");
  guint n = items != NULL ? json_array_get_length (items) : G_MAXUINT;

  if (object == NULL)
    return NULL;

  if (n > BW_HISTORY_MAX_SERIES)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "a list of series without items, or with too many");
      return NULL;
    }

  list = g_ptr_array_new_full (n, (GDestroyNotify) bw_history_series_free);
  for (guint i = 0; i < n; i++)
    {
      BwHistorySeries *series = read_series (json_array_get_element (items, i));

      if (series == NULL)
        {
          g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "series %u does not say what it is of", i + 1);
          return NULL;
        }

      g_ptr_array_add (list, series);
    }

  return g_steal_pointer (&list);
}

gboolean
bw_datatype_is_number (BwDatatype datatype)
{
  return datatype == BW_DATATYPE_INTEGER || datatype == BW_DATATYPE_FLOAT || datatype == BW_DATATYPE_PERCENT;
}
