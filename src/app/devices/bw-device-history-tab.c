/* bw-device-history-tab.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-device-history-tab.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-device-history-private.h"

/* Below that two groups of buttons do not stand beside each other in every language. */
#define NARROW_PX 440

/**
 * BwDeviceHistoryTab:
 *
 * The whole time is loaded as finely as the chart has pixels; where a person looks closer, that part is
 * loaded again, finer. An answer to a question that is not asked any more is dropped.
 */

G_DEFINE_FINAL_TYPE (BwDeviceHistoryTab, bw_device_history_tab, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_LIVE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

void
bw_device_history_show_toast (BwDeviceHistoryTab *self,
                              const char         *text)
{
  GtkWidget *toasts = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);

  if (toasts != NULL)
    bw_toast_show (ADW_TOAST_OVERLAY (toasts), text);
}

BwHistoryChoice *
bw_device_history_find_choice (GListStore *list,
                               const char *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    {
      g_autoptr(BwHistoryChoice) choice = g_list_model_get_item (G_LIST_MODEL (list), i);

      if (g_strcmp0 (bw_history_choice_get_id (choice), id) == 0)
        return choice;    /* the list holds it */
    }

  return NULL;
}

static void
update_chooser (BwDeviceHistoryTab *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->chosen));
  g_autofree char *label = NULL;

  if (n == 0)
    label = g_strdup (_("Choose Properties"));
  else
    label = g_strdup_printf (ngettext ("%u Property", "%u Properties", n), n);

  bw_history_chooser_set_label (self->chooser, label);
}

static void
update_damage (BwDeviceHistoryTab *self)
{
  gulong n = 0;
  g_autofree char *text = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->chosen)); i++)
    {
      g_autoptr(BwHistoryChoice) choice = g_list_model_get_item (G_LIST_MODEL (self->chosen), i);
      BwChartSeries *series = bw_chart_get_series (self->chart, bw_history_choice_get_id (choice));
      BwHistory *history = series != NULL ? bw_chart_series_get_history (series) : NULL;

      n += history != NULL ? (gulong) history->n_damaged : 0;
    }

  gtk_widget_set_visible (GTK_WIDGET (self->damage_label), n > 0);
  if (n == 0)
    return;

  text = g_strdup_printf (ngettext ("%'lu part of this time is damaged and could not be read. Its values are missing.",
                                    "%'lu parts of this time are damaged and could not be read. Their values are missing.", n), n);
  gtk_label_set_label (self->damage_label, text);
}

static gboolean
has_values (BwDeviceHistoryTab *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->chosen)); i++)
    {
      g_autoptr(BwHistoryChoice) choice = g_list_model_get_item (G_LIST_MODEL (self->chosen), i);
      BwChartSeries *series = bw_chart_get_series (self->chart, bw_history_choice_get_id (choice));
      guint n = 0;
      guint first = 0;

      if (series != NULL)
        bw_chart_series_get_points (series, &n);
      /* of a line, what was before is not seen */
      if (n > 0 && bw_chart_series_get_kind (series) == BW_CHART_LINE)
        first = bw_chart_series_find (series, self->from_us);
      if (first < n)
        return TRUE;
    }

  return FALSE;
}

static void
update_hint (BwDeviceHistoryTab *self)
{
  gboolean has_chosen = g_list_model_get_n_items (G_LIST_MODEL (self->chosen)) > 0;
  gboolean is_empty = self->n_pending[FALSE] == 0 && !has_values (self);

  gtk_widget_set_visible (self->hint_box, is_empty);
  gtk_widget_set_visible (self->everything_button,
                          has_chosen && gtk_drop_down_get_selected (self->span_choice) != BW_SPAN_EVERYTHING);
  gtk_label_set_label (self->hint_label, has_chosen ? _("There are no values in this time.")
                                                    : _("Choose the properties to look at."));
}

void
bw_device_history_update (BwDeviceHistoryTab *self)
{
  gboolean is_busy = self->n_pending[FALSE] + self->n_pending[TRUE] > 0;

  update_chooser (self);
  update_damage (self);
  update_hint (self);
  gtk_widget_set_visible (GTK_WIDGET (self->busy_spinner), is_busy);
  gtk_spinner_set_spinning (self->busy_spinner, is_busy);
}

static void
unchoose (BwDeviceHistoryTab *self,
          BwHistoryChoice    *choice)
{
  guint position;

  bw_history_choice_set_chosen (choice, FALSE);
  bw_chart_remove_series (self->chart, bw_history_choice_get_id (choice));
  if (g_list_store_find (self->chosen, choice, &position))
    g_list_store_remove (self->chosen, position);
  bw_device_history_update_exports (self);
}

static void
choose (BwDeviceHistoryTab *self,
        BwHistoryChoice    *choice)
{
  g_autoptr(BwChartSeries) series = bw_history_choice_make_series (choice);

  if (!bw_chart_add_series (self->chart, series))
    {
      g_autofree char *text = g_strdup_printf (_("A chart shows at most %u properties"), (guint) BW_CHART_MAX_SERIES);

      bw_device_history_show_toast (self, text);
      return;
    }

  bw_history_choice_set_chosen (choice, TRUE);
  g_list_store_append (self->chosen, choice);
  bw_device_history_update_exports (self);
  bw_device_history_load_one (self, choice);
}

static void
toggled_cb (BwDeviceHistoryTab *self,
            BwHistoryChoice    *choice,
            BwHistoryChooser   *chooser)
{
  if (bw_history_choice_get_chosen (choice))
    unchoose (self, choice);
  else
    choose (self, choice);

  bw_device_history_update (self);
}

static void
unchoose_all (BwDeviceHistoryTab *self)
{
  g_autoptr(BwHistoryChoice) choice = NULL;

  while ((choice = g_list_model_get_item (G_LIST_MODEL (self->chosen), 0)) != NULL)
    {
      unchoose (self, choice);
      g_clear_object (&choice);
    }
}

static void
show_only (BwDeviceHistoryTab *self,
           BwHistoryChoice    *choice)
{
  unchoose_all (self);
  choose (self, choice);
  bw_device_history_update (self);
}

/* What was asked for; else what was measured most, since that is what one has a chart for. */
static void
choose_first (BwDeviceHistoryTab *self)
{
  BwHistoryChoice *best = self->wanted_id != NULL ? bw_device_history_find_choice (self->choices, self->wanted_id) : NULL;

  g_clear_pointer (&self->wanted_id, g_free);
  for (guint i = 0; best == NULL && i < g_list_model_get_n_items (G_LIST_MODEL (self->choices)); i++)
    {
      g_autoptr(BwHistoryChoice) choice = g_list_model_get_item (G_LIST_MODEL (self->choices), i);

      if (bw_history_choice_is_number (choice) && bw_history_choice_get_n (choice) > 0)
        best = choice;
    }

  if (best == NULL)
    return;

  /* Of an hour one does not look at a day; a person who has chosen a time keeps it. */
  if (!self->has_span && bw_history_choice_get_first_us (best) > g_get_real_time () - G_TIME_SPAN_HOUR)
    gtk_drop_down_set_selected (self->span_choice, BW_SPAN_HOUR);
  self->has_span = TRUE;
  show_only (self, best);
}

void
bw_device_history_set_choices (BwDeviceHistoryTab *self,
                               GPtrArray          *choices)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->chosen)); i++)
    {
      g_autoptr(BwHistoryChoice) choice = g_list_model_get_item (G_LIST_MODEL (self->chosen), i);

      g_ptr_array_add (ids, g_strdup (bw_history_choice_get_id (choice)));
    }

  unchoose_all (self);
  g_list_store_splice (self->choices, 0, g_list_model_get_n_items (G_LIST_MODEL (self->choices)),
                       choices->pdata, choices->len);

  for (guint i = 0; i < ids->len; i++)
    {
      BwHistoryChoice *choice = bw_device_history_find_choice (self->choices, ids->pdata[i]);

      if (choice != NULL)
        choose (self, choice);
    }

  if (self->wanted_id != NULL || g_list_model_get_n_items (G_LIST_MODEL (self->chosen)) == 0)
    choose_first (self);

  bw_device_history_update (self);
}

static void
span_chosen_cb (BwDeviceHistoryTab *self)
{
  gboolean is_days = gtk_drop_down_get_selected (self->span_choice) == BW_SPAN_DAYS;

  self->has_span = TRUE;
  gtk_widget_set_visible (self->days_box, is_days);
  if (is_days)
    gtk_widget_grab_focus (GTK_WIDGET (self->first_day));
  else
    bw_device_history_apply_span (self);
}

static void
days_changed_cb (BwDeviceHistoryTab *self)
{
  g_autofree char *first = bw_day_row_dup_day (self->first_day);
  g_autofree char *last = bw_day_row_dup_day (self->last_day);

  gtk_widget_set_sensitive (self->days_button, first != NULL && last != NULL && strcmp (first, last) <= 0);
}

static void
view_chosen_cb (BwDeviceHistoryTab *self)
{
  gboolean is_table = gtk_toggle_button_get_active (self->table_button);

  gtk_stack_set_visible_child_name (self->view_stack, is_table ? "table" : "chart");
  gtk_widget_set_visible (self->chart_buttons, !is_table);
  gtk_widget_set_visible (GTK_WIDGET (self->table_choice), is_table);
  if (is_table)
    bw_device_history_load_table (self);
}

/* On a phone the buttons of the chart go below those that choose chart or table. */
static void
width_cb (BwDeviceHistoryTab *self)
{
  gboolean is_narrow = bw_width_bin_get_width (self->width_bin) < NARROW_PX;

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->view_row),
                                  is_narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}

static void
everything_cb (BwDeviceHistoryTab *self)
{
  gtk_drop_down_set_selected (self->span_choice, BW_SPAN_EVERYTHING);
}

static void
zoom_cb (BwDeviceHistoryTab *self,
         GtkWidget          *button)
{
  const char *action = button == self->zoom_in_button ? "chart.zoom-in"
                     : button == self->zoom_out_button ? "chart.zoom-out" : "chart.reset";

  gtk_widget_activate_action (GTK_WIDGET (self->chart), action, NULL);
}

static void
live_toggled_cb (BwDeviceHistoryTab *self)
{
  gboolean wants = gtk_toggle_button_get_active (self->live_button);

  if (wants && !bw_chart_get_follows (self->chart))
    gtk_widget_activate_action (GTK_WIDGET (self->chart), "chart.now", NULL);
  else if (!wants)
    bw_chart_set_follows (self->chart, FALSE);
}

static void
follows_changed_cb (BwDeviceHistoryTab *self)
{
  gtk_toggle_button_set_active (self->live_button, bw_chart_get_follows (self->chart));
}

static void
reload_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwDeviceHistoryTab *self = BW_DEVICE_HISTORY_TAB (widget);

  gtk_stack_set_visible_child_name (self->stack, "loading");
  bw_device_history_load_choices (self);
  bw_device_history_load_all (self);
}

static void
bw_device_history_tab_constructed (GObject *object)
{
  BwDeviceHistoryTab *self = (BwDeviceHistoryTab *) object;

  G_OBJECT_CLASS (bw_device_history_tab_parent_class)->constructed (object);

  bw_device_history_init_load (self);
  bw_device_history_init_table (self);
  days_changed_cb (self);
  bw_device_history_update_exports (self);
  bw_device_history_apply_span (self);
  bw_device_history_load_choices (self);
}

static void
bw_device_history_tab_dispose (GObject *object)
{
  BwDeviceHistoryTab *self = (BwDeviceHistoryTab *) object;

  g_cancellable_cancel (self->cancellable);
  bw_device_history_stop_load (self);
  g_clear_object (&self->file_dialog);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_DEVICE_HISTORY_TAB);
  g_clear_object (&self->live);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_device_history_tab_parent_class)->dispose (object);
}

static void
bw_device_history_tab_finalize (GObject *object)
{
  BwDeviceHistoryTab *self = (BwDeviceHistoryTab *) object;

  g_object_unref (self->cancellable);
  g_object_unref (self->choices);
  g_object_unref (self->chosen);
  g_free (self->wanted_id);

  G_OBJECT_CLASS (bw_device_history_tab_parent_class)->finalize (object);
}

static void
bw_device_history_tab_set_property (GObject      *object,
                                    guint         prop_id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  BwDeviceHistoryTab *self = BW_DEVICE_HISTORY_TAB (object);

  if (prop_id == PROP_SESSION)
    self->session = g_value_dup_object (value);
  else if (prop_id == PROP_LIVE)
    self->live = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/devices/bw-device-history-tab.ui");

#define BIND(name) gtk_widget_class_bind_template_child (widget_class, BwDeviceHistoryTab, name)
  BIND (stack);
  BIND (failed_page);
  BIND (export_section);
  BIND (width_bin);
  BIND (view_row);
  BIND (chooser);
  BIND (span_choice);
  BIND (days_box);
  BIND (first_day);
  BIND (last_day);
  BIND (days_button);
  BIND (chart_button);
  BIND (table_button);
  BIND (chart_buttons);
  BIND (live_button);
  BIND (zoom_in_button);
  BIND (zoom_out_button);
  BIND (zoom_reset_button);
  BIND (task_bar);
  BIND (damage_label);
  BIND (view_stack);
  BIND (chart);
  BIND (hint_box);
  BIND (hint_label);
  BIND (everything_button);
  BIND (busy_spinner);
  BIND (table);
  BIND (table_choice);
  BIND (count_label);
#undef BIND
}

static void
bw_device_history_tab_class_init (BwDeviceHistoryTabClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = bw_device_history_tab_constructed;
  object_class->dispose = bw_device_history_tab_dispose;
  object_class->finalize = bw_device_history_tab_finalize;
  object_class->set_property = bw_device_history_tab_set_property;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, BW_TYPE_SESSION,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_LIVE] =
    g_param_spec_object ("live", NULL, NULL, BW_TYPE_LIVE_DEVICE,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (BW_TYPE_CHART);
  g_type_ensure (BW_TYPE_DAY_ROW);
  g_type_ensure (BW_TYPE_HISTORY_CHOICE);
  g_type_ensure (BW_TYPE_HISTORY_CHOOSER);
  g_type_ensure (BW_TYPE_TASK_BAR);
  g_type_ensure (BW_TYPE_WIDTH_BIN);
  bind_template (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "history.reload", NULL, reload_action);
  bw_device_history_install_exports (widget_class);
}

static void
bw_device_history_tab_init (BwDeviceHistoryTab *self)
{
  self->cancellable = g_cancellable_new ();
  self->choices = g_list_store_new (BW_TYPE_HISTORY_CHOICE);
  self->chosen = g_list_store_new (BW_TYPE_HISTORY_CHOICE);
  gtk_widget_init_template (GTK_WIDGET (self));
  bw_accessible_set_label (GTK_WIDGET (self->span_choice), _("Time"));
  bw_accessible_set_label (GTK_WIDGET (self->table_choice), _("Property of the table"));

  bw_history_chooser_set_choices (self->chooser, G_LIST_MODEL (self->choices));
  gtk_drop_down_set_selected (self->span_choice, BW_SPAN_DAY);
  g_signal_connect_swapped (self->width_bin, "notify::width", G_CALLBACK (width_cb), self);
  g_signal_connect_swapped (self->chooser, "toggled", G_CALLBACK (toggled_cb), self);
  g_signal_connect_swapped (self->span_choice, "notify::selected", G_CALLBACK (span_chosen_cb), self);
  g_signal_connect_swapped (self->first_day, "changed", G_CALLBACK (days_changed_cb), self);
  g_signal_connect_swapped (self->last_day, "changed", G_CALLBACK (days_changed_cb), self);
  g_signal_connect_swapped (self->days_button, "clicked", G_CALLBACK (bw_device_history_apply_span), self);
  g_signal_connect_swapped (self->table_button, "toggled", G_CALLBACK (view_chosen_cb), self);
  g_signal_connect_swapped (self->everything_button, "clicked", G_CALLBACK (everything_cb), self);
  g_signal_connect_swapped (self->zoom_in_button, "clicked", G_CALLBACK (zoom_cb), self);
  g_signal_connect_swapped (self->zoom_out_button, "clicked", G_CALLBACK (zoom_cb), self);
  g_signal_connect_swapped (self->zoom_reset_button, "clicked", G_CALLBACK (zoom_cb), self);
  g_signal_connect_swapped (self->live_button, "toggled", G_CALLBACK (live_toggled_cb), self);
  g_signal_connect_swapped (self->chart, "notify::follows", G_CALLBACK (follows_changed_cb), self);
}

GtkWidget *
bw_device_history_tab_new (BwSession    *session,
                           BwLiveDevice *live)
{
  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (BW_IS_LIVE_DEVICE (live), NULL);

  return g_object_new (BW_TYPE_DEVICE_HISTORY_TAB, "session", session, "live", live, NULL);
}

void
bw_device_history_tab_show (BwDeviceHistoryTab *self,
                            const char         *node_id,
                            const char         *property_id)
{
  g_return_if_fail (BW_IS_DEVICE_HISTORY_TAB (self));
  g_return_if_fail (node_id != NULL && property_id != NULL);

  g_free (self->wanted_id);
  self->wanted_id = g_strdup_printf ("%s/%s", node_id, property_id);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->choices)) > 0)
    choose_first (self);
}
