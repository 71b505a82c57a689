/* bw-trend-days.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-trend-days.h"

#include <glib/gi18n.h>

#include "bw-compat.h"

#define HEIGHT_PX 96

/**
 * BwTrendDays:
 *
 * A bar a day, each a link. They are one stop of the Tab key; the arrows go from day to day.
 */

struct _BwTrendDays
{
  GtkWidget   parent_instance;

  GtkFlowBox *days;       /* (unowned) */
  gint64      from_us;
  gint64      values[BW_TREND_MAX_DAYS];
  guint       n_values;
};

enum {
  SHOW_DAY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BwTrendDays, bw_trend_days, GTK_TYPE_WIDGET)

static char *
day_text (BwTrendDays *self,
          guint        i)
{
  gint64 at_us = self->from_us + (gint64) i * G_TIME_SPAN_DAY;
  g_autoptr(GDateTime) day = g_date_time_new_from_unix_utc (at_us / G_USEC_PER_SEC);
  /* Translators: a day, as g_date_time_format() has it: Tue 12 March */
  g_autofree char *name = day != NULL ? g_date_time_format (day, _("%a %-d %B")) : g_strdup ("");
  g_autofree char *count = self->values[i] == BW_TREND_NOT_KNOWN ? g_strdup (_("not counted"))
                                                                 : g_strdup_printf ("%'" G_GINT64_FORMAT, self->values[i]);

  /* Translators: a day and how many there were; days are those of UTC */
  return g_strdup_printf (_("%s (UTC): %s"), name, count);
}

static gint64
get_most (BwTrendDays *self)
{
  gint64 most = 1;

  for (guint i = 0; i < self->n_values; i++)
    most = MAX (most, self->values[i]);

  return most;
}

/* A bar at least as high as one can see, where there is any. */
static void
update_bar (BwTrendDays *self,
            guint        i,
            GtkWidget   *bar)
{
  gint64 value = MAX (self->values[i], 0);
  int height = value > 0 ? MAX ((int) ((double) HEIGHT_PX * (double) value / (double) get_most (self)), 3) : 1;

  gtk_widget_set_size_request (bar, -1, height);
  if (value > 0)
    gtk_widget_remove_css_class (bar, "empty");
  else
    gtk_widget_add_css_class (bar, "empty");
}

static GtkWidget *
day_new (void)
{
  GtkWidget *child = gtk_flow_box_child_new ();
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_add_css_class (bar, "trend-bar");
  gtk_widget_set_valign (bar, GTK_ALIGN_END);
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), bar);

  return child;
}

static void
activated_cb (BwTrendDays     *self,
              GtkFlowBoxChild *child)
{
  gint64 from_us = self->from_us + gtk_flow_box_child_get_index (child) * G_TIME_SPAN_DAY;

  g_signal_emit (self, signals[SHOW_DAY], 0, from_us, from_us + G_TIME_SPAN_DAY);
}

/* A flow box would go from child to child with Tab, too. */
static gboolean
bw_trend_days_focus (GtkWidget        *widget,
                     GtkDirectionType  direction)
{
  BwTrendDays *self = BW_TREND_DAYS (widget);
  gboolean is_tab = direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD;

  if (is_tab && gtk_widget_get_focus_child (widget) != NULL)
    return FALSE;

  return gtk_widget_child_focus (GTK_WIDGET (self->days), direction);
}

static void
bw_trend_days_dispose (GObject *object)
{
  BwTrendDays *self = (BwTrendDays *) object;

  g_clear_pointer ((GtkWidget **) &self->days, gtk_widget_unparent);

  G_OBJECT_CLASS (bw_trend_days_parent_class)->dispose (object);
}

static void
bw_trend_days_class_init (BwTrendDaysClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bw_trend_days_dispose;
  GTK_WIDGET_CLASS (klass)->focus = bw_trend_days_focus;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);

  signals[SHOW_DAY] =
    g_signal_new ("show-day", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_INT64);
}

static void
bw_trend_days_init (BwTrendDays *self)
{
  self->days = GTK_FLOW_BOX (gtk_flow_box_new ());
  gtk_widget_add_css_class (GTK_WIDGET (self->days), "trend-days");
  gtk_flow_box_set_selection_mode (self->days, GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous (self->days, TRUE);
  gtk_widget_set_size_request (GTK_WIDGET (self->days), -1, HEIGHT_PX + 8);
  gtk_widget_set_parent (GTK_WIDGET (self->days), GTK_WIDGET (self));
  g_signal_connect_swapped (self->days, "child-activated", G_CALLBACK (activated_cb), self);
}

static void
fit (BwTrendDays *self)
{
  GtkFlowBoxChild *last;
  guint n = 0;

  while (gtk_flow_box_get_child_at_index (self->days, (int) n) != NULL)
    n++;

  for (; n < self->n_values; n++)
    gtk_flow_box_insert (self->days, day_new (), -1);
  for (; n > self->n_values; n--)
    {
      last = gtk_flow_box_get_child_at_index (self->days, (int) n - 1);
      gtk_flow_box_remove (self->days, GTK_WIDGET (last));
    }

  gtk_flow_box_set_min_children_per_line (self->days, MAX (self->n_values, 1));
  gtk_flow_box_set_max_children_per_line (self->days, MAX (self->n_values, 1));
}

void
bw_trend_days_set_values (BwTrendDays *self,
                          GArray      *values,
                          gint64       from_us)
{
  g_return_if_fail (BW_IS_TREND_DAYS (self));
  g_return_if_fail (values != NULL && values->len <= BW_TREND_MAX_DAYS);

  self->from_us = from_us;
  self->n_values = values->len;
  for (guint i = 0; i < values->len; i++)
    self->values[i] = g_array_index (values, gint64, i);

  fit (self);
  for (guint i = 0; i < self->n_values; i++)
    {
      GtkFlowBoxChild *child = gtk_flow_box_get_child_at_index (self->days, (int) i);
      g_autofree char *text = day_text (self, i);

      update_bar (self, i, gtk_flow_box_child_get_child (child));
      gtk_widget_set_tooltip_text (GTK_WIDGET (child), text);
      bw_accessible_set_label (GTK_WIDGET (child), text);
    }
}

gint64
bw_trend_days_get_total (BwTrendDays *self)
{
  gint64 total = 0;

  g_return_val_if_fail (BW_IS_TREND_DAYS (self), 0);

  for (guint i = 0; i < self->n_values; i++)
    total += MAX (self->values[i], 0);

  return total;
}
