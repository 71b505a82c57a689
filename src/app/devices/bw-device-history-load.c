/* bw-device-history-load.c: what the chart shows, as finely as it is looked at
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-device-history-private.h"

#include <math.h>
#include <string.h>

#include "bw-error-text.h"

/* A chart that has no width yet is about so wide. There are two points for each column of pixels: with one, a
 * value that came twice as often would be a mean already. */
#define USUAL_COLUMNS 1000

/* A person who zooms does so several times. */
#define RANGE_DELAY_MS 250

/* A device that describes itself does so in many messages. */
#define STRUCTURE_DELAY_MS 1000

/* New values are drawn together. */
#define LIVE_MS 80

/* After so many of them the backend's own word is fetched. */
#define MAX_LIVE 5000

/* How much more than what is seen is loaded at either side, as a part of it. */
#define MARGIN_PART 4

#define DAY_US (24 * G_TIME_SPAN_HOUR)

typedef struct
{
  BwDeviceHistoryTab *tab;       /* (owned) */
  char               *id;
  gboolean            is_detail;
} Load;

static void
load_free (Load *load)
{
  g_object_unref (load->tab);
  g_free (load->id);
  g_free (load);
}

static guint
get_n_points (BwDeviceHistoryTab *self)
{
  guint n = gtk_widget_get_mapped (GTK_WIDGET (self->chart)) ? bw_chart_get_n_columns (self->chart) : 0;

  return MIN (2 * (n < 50 ? USUAL_COLUMNS : n), BW_HISTORY_MAX_POINTS);
}

static void
take_failure (BwDeviceHistoryTab *self,
              const GError       *error)
{
  g_autofree char *text = bw_error_to_user_text (error);
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  gboolean has_any = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->chosen)); i++)
    {
      g_autoptr(BwHistoryChoice) choice = g_list_model_get_item (G_LIST_MODEL (self->chosen), i);
      BwChartSeries *series = bw_chart_get_series (self->chart, bw_history_choice_get_id (choice));

      has_any |= series != NULL && bw_chart_series_get_history (series) != NULL;
    }

  if (has_any)
    {
      bw_device_history_show_toast (self, text);
      return;
    }

  adw_status_page_set_description (self->failed_page, escaped);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Load *load = user_data;
  BwDeviceHistoryTab *self = load->tab;
  g_autoptr(GError) error = NULL;
  g_autoptr(BwHistory) history = bw_session_load_history_finish (BW_SESSION (source), result, &error);
  BwChartSeries *series;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      load_free (load);
      return;
    }

  self->n_pending[load->is_detail]--;
  series = bw_chart_get_series (self->chart, load->id);
  if (history == NULL)
    {
      take_failure (self, error);
    }
  else if (series != NULL)
    {
      if (load->is_detail)
        bw_chart_series_set_detail (series, history);
      else
        bw_chart_series_set_history (series, history);
      bw_chart_update (self->chart);
      gtk_stack_set_visible_child_name (self->stack, "history");
    }

  bw_device_history_update (self);
  load_free (load);
}

static void
ask (BwDeviceHistoryTab *self,
     BwHistoryChoice    *choice,
     gint64              from_us,
     gint64              to_us,
     gboolean            is_detail)
{
  Load *wish = g_new (Load, 1);

  wish->tab = g_object_ref (self);
  wish->id = g_strdup (bw_history_choice_get_id (choice));
  wish->is_detail = is_detail;
  self->n_pending[is_detail]++;
  bw_session_load_history_async (self->session, bw_live_device_get_id (self->live), bw_history_choice_get_node (choice),
                                 bw_history_choice_get_property (choice), from_us, to_us, get_n_points (self),
                                 is_detail ? self->detail : self->load, loaded_cb, wish);
}

void
bw_device_history_load_one (BwDeviceHistoryTab *self,
                            BwHistoryChoice    *choice)
{
  ask (self, choice, self->from_us, self->to_us, FALSE);
}

/* What was asked for before is not waited for any more. */
static void
renew (GCancellable **cancellable)
{
  if (*cancellable != NULL)
    g_cancellable_cancel (*cancellable);

  g_clear_object (cancellable);
  *cancellable = g_cancellable_new ();
}

void
bw_device_history_load_all (BwDeviceHistoryTab *self)
{
  renew (&self->load);
  renew (&self->detail);
  memset (self->n_pending, 0, sizeof self->n_pending);
  self->n_live = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->chosen)); i++)
    {
      g_autoptr(BwHistoryChoice) choice = g_list_model_get_item (G_LIST_MODEL (self->chosen), i);

      bw_device_history_load_one (self, choice);
    }

  if (gtk_toggle_button_get_active (self->table_button))
    bw_device_history_load_table (self);

  bw_device_history_update (self);
}

/* The end of a day is the beginning of the next one: days are not always 24 hours long. */
static gint64
get_day_us (BwDayRow *row,
            int       n_more)
{
  g_autofree char *day = bw_day_row_dup_day (row);
  int year = 0, month = 0, number = 0;
  g_autoptr(GDateTime) start = NULL;
  g_autoptr(GDateTime) moment = NULL;

  if (day == NULL || sscanf (day, "%d-%d-%d", &year, &month, &number) != 3)
    return 0;

  start = g_date_time_new_local (year, month, number, 0, 0, 0);
  moment = start != NULL ? g_date_time_add_days (start, n_more) : NULL;

  return moment != NULL ? MAX (g_date_time_to_unix (moment) * G_USEC_PER_SEC, 0) : 0;
}

static gint64
find_first_us (BwDeviceHistoryTab *self,
               gint64              now_us)
{
  gint64 first_us = now_us - G_TIME_SPAN_HOUR;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->chosen)); i++)
    {
      g_autoptr(BwHistoryChoice) choice = g_list_model_get_item (G_LIST_MODEL (self->chosen), i);

      if (bw_history_choice_get_n (choice) > 0)
        first_us = MIN (first_us, bw_history_choice_get_first_us (choice));
    }

  return MAX (first_us, 0);
}

static void
set_span (BwDeviceHistoryTab *self)
{
  gint64 now_us = g_get_real_time ();
  BwSpan span = (BwSpan) gtk_drop_down_get_selected (self->span_choice);

  self->to_us = now_us;
  switch (span)
    {
    case BW_SPAN_HOUR:
      self->from_us = now_us - G_TIME_SPAN_HOUR;
      break;

    case BW_SPAN_WEEK:
      self->from_us = now_us - 7 * DAY_US;
      break;

    case BW_SPAN_MONTH:
      self->from_us = now_us - 30 * DAY_US;
      break;

    case BW_SPAN_EVERYTHING:
      self->from_us = find_first_us (self, now_us);
      break;

    case BW_SPAN_DAYS:
      self->from_us = get_day_us (self->first_day, 0);
      self->to_us = get_day_us (self->last_day, 1);
      break;

    case BW_SPAN_DAY:
    default:
      self->from_us = now_us - DAY_US;
    }
}

void
bw_device_history_apply_span (BwDeviceHistoryTab *self)
{
  set_span (self);
  if (self->to_us <= self->from_us)
    return;

  bw_chart_set_range (self->chart, self->from_us, self->to_us);
  bw_chart_set_follows (self->chart, gtk_drop_down_get_selected (self->span_choice) != BW_SPAN_DAYS);
  bw_device_history_load_all (self);
}

/* All samples are there already: nothing is finer. */
static gboolean
is_whole (BwDeviceHistoryTab *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->chosen)); i++)
    {
      g_autoptr(BwHistoryChoice) choice = g_list_model_get_item (G_LIST_MODEL (self->chosen), i);
      BwChartSeries *series = bw_chart_get_series (self->chart, bw_history_choice_get_id (choice));
      BwHistory *history = series != NULL ? bw_chart_series_get_history (series) : NULL;

      if (history == NULL || history->step_us > 0)
        return FALSE;
    }

  return TRUE;
}

static gboolean
range_settled_cb (gpointer user_data)
{
  BwDeviceHistoryTab *self = user_data;
  gint64 now_us = g_get_real_time ();
  gint64 from_us, to_us, margin_us;

  self->range_source = 0;
  bw_chart_get_range (self->chart, &from_us, &to_us);
  margin_us = (to_us - from_us) / MARGIN_PART;

  /* Out of what is loaded: that is the whole time, now. */
  if (from_us < self->from_us || to_us > MAX (self->to_us, now_us))
    {
      self->from_us = MAX (from_us - margin_us, 0);
      self->to_us = MAX (MIN (to_us + margin_us, now_us), self->from_us + 1);
      bw_device_history_load_all (self);
      return G_SOURCE_REMOVE;
    }

  if (is_whole (self))
    return G_SOURCE_REMOVE;

  self->n_pending[TRUE] = 0;
  renew (&self->detail);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->chosen)); i++)
    {
      g_autoptr(BwHistoryChoice) choice = g_list_model_get_item (G_LIST_MODEL (self->chosen), i);

      ask (self, choice, MAX (from_us - margin_us, 0), to_us + margin_us, TRUE);
    }
  bw_device_history_update (self);

  return G_SOURCE_REMOVE;
}

static void
range_changed_cb (BwDeviceHistoryTab *self)
{
  g_clear_handle_id (&self->range_source, g_source_remove);
  self->range_source = g_timeout_add (RANGE_DELAY_MS, range_settled_cb, self);
}

static gboolean
live_cb (gpointer user_data)
{
  BwDeviceHistoryTab *self = user_data;

  self->live_source = 0;
  bw_chart_update (self->chart);
  if (gtk_widget_get_visible (self->hint_box))
    bw_device_history_update (self);
  if (self->n_live > MAX_LIVE)
    {
      self->to_us = g_get_real_time ();
      bw_device_history_load_all (self);
    }

  return G_SOURCE_REMOVE;
}

static void
append (BwDeviceHistoryTab *self,
        BwChartSeries      *series,
        gint64              at_us,
        double              number,
        const char         *text)
{
  bw_chart_series_append (series, at_us, number, text);
  self->n_live++;
  if (self->live_source == 0)
    self->live_source = g_timeout_add (LIVE_MS, live_cb, self);
}

static void
value_changed_cb (BwDeviceHistoryTab *self,
                  const char         *node_id,
                  const char         *property_id,
                  BwLiveDevice       *live)
{
  g_autofree char *id = g_strdup_printf ("%s/%s", node_id, property_id);
  BwChartSeries *series = bw_chart_get_series (self->chart, id);
  const BwTreeProperty *property = bw_device_tree_get_property (bw_live_device_get_tree (live), node_id, property_id);
  BwHistoryChoice *choice = series != NULL ? bw_device_history_find_choice (self->chosen, id) : NULL;
  const char *text;
  double number;

  if (choice == NULL || property == NULL || property->value == NULL ||
      !bw_history_choice_set_live_us (choice, property->updated_at_us))
    return;

  bw_history_choice_read_value (choice, property->value, &number, &text);
  append (self, series, property->updated_at_us, number, text);
}

static void
device_revised_cb (BwDeviceHistoryTab *self,
                   GParamSpec         *pspec,
                   BwDevice           *device)
{
  BwState state = bw_device_get_state (device);
  BwChartSeries *series = bw_chart_get_series (self->chart, BW_HISTORY_DEVICE_NODE "/" BW_HISTORY_STATE_PROPERTY);

  if (series != NULL && state != self->state)
    append (self, series, g_get_real_time (), NAN, bw_state_to_nick (state));
  self->state = state;

  /* Where the connection was lost the lines end: the backend knows when that was. */
  if (bw_device_get_online (device) != self->is_online)
    {
      self->is_online = bw_device_get_online (device);
      if (bw_chart_get_follows (self->chart))
        {
          self->to_us = g_get_real_time ();
          bw_device_history_load_all (self);
        }
    }
}

static void
reset_cb (BwDeviceHistoryTab *self)
{
  bw_device_history_apply_span (self);
}

static void
add_choice (GPtrArray             *list,
            GHashTable            *known,
            const BwTreeProperty  *property,
            const BwHistorySeries *series)
{
  BwHistoryChoice *choice = bw_history_choice_new (property, series);

  g_ptr_array_add (list, choice);
  g_hash_table_add (known, (gpointer) bw_history_choice_get_id (choice));
}

static gboolean
are_known (BwDeviceHistoryTab *self,
           GPtrArray          *list)
{
  gboolean are = list->len == g_list_model_get_n_items (G_LIST_MODEL (self->choices));

  for (guint i = 0; are && i < list->len; i++)
    {
      g_autoptr(BwHistoryChoice) choice = g_list_model_get_item (G_LIST_MODEL (self->choices), i);

      are = bw_history_choice_is_same (choice, list->pdata[i]);
    }

  return are;
}

/* As the device lists them, then what it does not have any more, and the device's own. */
static void
fill_choices (BwDeviceHistoryTab *self,
              GPtrArray          *series)
{
  const BwDeviceTree *tree = bw_live_device_get_tree (self->live);
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) by_id = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < series->len; i++)
    {
      const BwHistorySeries *one = series->pdata[i];

      g_hash_table_insert (by_id, g_strdup_printf ("%s/%s", one->node, one->property), (gpointer) one);
    }

  for (guint i = 0; tree != NULL && i < tree->nodes->len; i++)
    {
      const BwTreeNode *node = tree->nodes->pdata[i];

      for (guint j = 0; j < node->properties->len; j++)
        {
          const BwTreeProperty *property = node->properties->pdata[j];
          g_autofree char *id = g_strdup_printf ("%s/%s", node->id, property->id);

          add_choice (list, known, property, g_hash_table_lookup (by_id, id));
        }
    }

  for (guint i = 0; i < series->len; i++)
    {
      const BwHistorySeries *one = series->pdata[i];
      g_autofree char *id = g_strdup_printf ("%s/%s", one->node, one->property);

      if (!g_hash_table_contains (known, id))
        add_choice (list, known, NULL, one);
    }

  gtk_stack_set_visible_child_name (self->stack, list->len > 0 ? "history" : "nothing");
  if (!are_known (self, list))
    bw_device_history_set_choices (self, list);
}

static void
series_loaded_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(BwDeviceHistoryTab) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) series = bw_session_load_history_series_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (series == NULL)
    {
      take_failure (self, error);
      return;
    }

  fill_choices (self, series);
}

void
bw_device_history_load_choices (BwDeviceHistoryTab *self)
{
  bw_session_load_history_series_async (self->session, bw_live_device_get_id (self->live), self->cancellable,
                                        series_loaded_cb, g_object_ref (self));
}

static gboolean
structure_settled_cb (gpointer user_data)
{
  BwDeviceHistoryTab *self = user_data;

  self->structure_source = 0;
  bw_device_history_load_choices (self);

  return G_SOURCE_REMOVE;
}

static void
structure_changed_cb (BwDeviceHistoryTab *self)
{
  if (self->structure_source == 0)
    self->structure_source = g_timeout_add (STRUCTURE_DELAY_MS, structure_settled_cb, self);
}

void
bw_device_history_init_load (BwDeviceHistoryTab *self)
{
  BwDevice *device = bw_live_device_get_device (self->live);

  g_signal_connect_swapped (self->chart, "range-changed", G_CALLBACK (range_changed_cb), self);
  g_signal_connect_swapped (self->chart, "reset", G_CALLBACK (reset_cb), self);
  g_signal_connect_object (self->live, "structure-changed", G_CALLBACK (structure_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->live, "value-changed", G_CALLBACK (value_changed_cb), self, G_CONNECT_SWAPPED);
  if (device == NULL)
    return;

  self->state = bw_device_get_state (device);
  self->is_online = bw_device_get_online (device);
  g_signal_connect_object (device, "notify::revision", G_CALLBACK (device_revised_cb), self, G_CONNECT_SWAPPED);
}

void
bw_device_history_stop_load (BwDeviceHistoryTab *self)
{
  g_clear_handle_id (&self->range_source, g_source_remove);
  g_clear_handle_id (&self->live_source, g_source_remove);
  g_clear_handle_id (&self->structure_source, g_source_remove);

  if (self->load != NULL)
    g_cancellable_cancel (self->load);
  if (self->detail != NULL)
    g_cancellable_cancel (self->detail);
  if (self->table_load != NULL)
    g_cancellable_cancel (self->table_load);

  g_clear_object (&self->load);
  g_clear_object (&self->detail);
  g_clear_object (&self->table_load);
}
