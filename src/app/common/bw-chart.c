/* bw-chart.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-chart.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "bw-chart-private.h"
#include "bw-compat.h"

/* How often what follows now is drawn, at most and at least. */
#define FOLLOW_MIN_MS 100
#define FOLLOW_MAX_MS 5000

/* So near to now, as a part of what is seen, is now. */
#define NEAR_NOW_PART 50

/* A screen reader is not told of every value. */
#define DESCRIBE_MS 1000

#define NAT_WIDTH_PX   600
#define NAT_HEIGHT_PX  360
#define MIN_WIDTH_PX   200
#define PICTURE_SCALE     2
#define PICTURE_PAD_PX    12
/* of one asked for before the chart has been given its place */
#define PICTURE_WIDTH_PX  800
#define PICTURE_HEIGHT_PX 400

/**
 * BwChart:
 *
 * Several series over one axis of time, which always runs from left to right. Numbers of one unit
 * or two share an area, more units have areas of their own one above the other; states are bands below.
 * The plot is drawn once and kept until something in it changes: the cursor moves over it for nothing.
 */

G_DEFINE_FINAL_TYPE (BwChart, bw_chart, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_FOLLOWS,
  N_PROPS
};

enum {
  RANGE_CHANGED,
  RESET,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
line_free (BwChartLine *line)
{
  bw_chart_series_unref (line->series);
  g_free (line);
}

BwChartScheme
bw_chart_get_scheme (BwChart *self)
{
  AdwStyleManager *style = adw_style_manager_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));
  gboolean is_dark = adw_style_manager_get_dark (style);

  if (adw_style_manager_get_high_contrast (style))
    return is_dark ? BW_CHART_DARK_HIGH : BW_CHART_LIGHT_HIGH;

  return is_dark ? BW_CHART_DARK : BW_CHART_LIGHT;
}

void
bw_chart_get_ink (BwChart *self,
                  GdkRGBA *ret_color)
{
  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), ret_color);
}

PangoLayout *
bw_chart_make_text (BwChart    *self,
                    const char *text)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);

  pango_layout_set_attributes (layout, self->small);
  pango_layout_set_single_paragraph_mode (layout, TRUE);

  return layout;
}

static void
add_number (GString       *text,
            const char    *format,
            BwChartSeries *series,
            double         value)
{
  g_autofree char *number = bw_chart_number_text (value);
  const char *unit = bw_chart_series_get_unit (series);
  g_autofree char *whole = g_strconcat (number, *unit != '\0' ? "\xc2\xa0" : "", unit, NULL);

  g_string_append (text, " ");
  g_string_append (text, format);
  g_string_append (text, " ");
  g_string_append (text, whole);
}

static void
describe_series (BwChart       *self,
                 BwChartSeries *series,
                 GString       *text)
{
  const BwChartPoint *last = bw_chart_look_up_last (self, series);
  double min, max;

  g_string_append_printf (text, " %s:", bw_chart_series_get_name (series));
  if (bw_chart_series_get_kind (series) == BW_CHART_STATES)
    {
      g_autofree char *value = bw_chart_series_point_text (series, last);

      /* Translators: a value of a chart, followed by it */
      g_string_append_printf (text, " %s %s.", _("last"), value);
    }
  else if (bw_chart_series_get_range (series, self->from_us, self->to_us, &min, &max))
    {
      add_number (text, _("last"), series, last != NULL ? last->value : NAN);
      /* Translators: the least value of a chart, followed by it */
      add_number (text, _("least"), series, min);
      /* Translators: the greatest value of a chart, followed by it */
      add_number (text, _("greatest"), series, max);
      g_string_append_c (text, '.');
    }
  else
    {
      /* Translators: a chart's series has no values in the time that is shown */
      g_string_append_printf (text, " %s", _("no values."));
    }
}

char *
bw_chart_dup_summary (BwChart *self)
{
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;
  GString *text = g_string_new (NULL);
  gint64 step_us;

  g_return_val_if_fail (BW_IS_CHART (self), NULL);

  step_us = (self->to_us - self->from_us) / 1000;
  from = bw_chart_time_text (self->zone, self->from_us, step_us);
  to = bw_chart_time_text (self->zone, self->to_us, step_us);
  /* Translators: the time that a chart shows */
  g_string_append_printf (text, _("From %s to %s."), from, to);
  for (guint i = 0; i < self->lines->len; i++)
    describe_series (self, ((BwChartLine *) self->lines->pdata[i])->series, text);

  if (self->cursor_us < 0)
    return g_string_free (text, FALSE);

  g_free (from);
  from = bw_chart_time_text (self->zone, self->cursor_us, step_us);
  /* Translators: the values of a chart at a time follow */
  g_string_append_c (text, ' ');
  g_string_append_printf (text, _("At %s:"), from);
  for (guint i = 0; i < self->lines->len; i++)
    {
      BwChartSeries *series = ((BwChartLine *) self->lines->pdata[i])->series;
      const BwChartPoint *point = bw_chart_look_up (self, series, self->cursor_us);
      g_autofree char *value = bw_chart_series_point_text (series, point);

      g_string_append_printf (text, "%s %s %s", i > 0 ? ";" : "", bw_chart_series_get_name (series), value);
    }
  g_string_append_c (text, '.');

  return g_string_free (text, FALSE);
}

static void
describe (BwChart *self)
{
  g_autofree char *summary = bw_chart_dup_summary (self);
  g_autoptr(GString) label = g_string_new (_("Chart"));

  for (guint i = 0; i < self->lines->len; i++)
    g_string_append_printf (label, "%s %s", i > 0 ? "," : ":",
                            bw_chart_series_get_name (((BwChartLine *) self->lines->pdata[i])->series));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label->str,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, summary,
                                  -1);
}

static gboolean
describe_cb (gpointer user_data)
{
  BwChart *self = user_data;

  self->describe_source = 0;
  describe (self);

  return G_SOURCE_REMOVE;
}

static void
describe_soon (BwChart *self)
{
  if (self->describe_source == 0)
    self->describe_source = g_timeout_add (DESCRIBE_MS, describe_cb, self);
}

void
bw_chart_invalidate (BwChart *self)
{
  bw_chart_clear_panes (self);
  g_clear_pointer (&self->plot, gsk_render_node_unref);
  describe_soon (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
move_to_now (BwChart *self)
{
  gint64 span_us = self->to_us - self->from_us;

  self->to_us = g_get_real_time ();
  self->from_us = MAX (self->to_us - span_us, 0);
  bw_chart_invalidate (self);
}

static gboolean
follow_cb (gpointer user_data)
{
  move_to_now (user_data);

  return G_SOURCE_CONTINUE;
}

/* As often as the picture moves by a pixel. */
static void
update_follow (BwChart *self)
{
  gint64 pixel_ms = (self->to_us - self->from_us) / 1000 / MAX (gtk_widget_get_width (GTK_WIDGET (self)), MIN_WIDTH_PX);

  g_clear_handle_id (&self->follow_source, g_source_remove);
  if (!self->follows || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  self->follow_source = g_timeout_add ((guint) CLAMP (pixel_ms, FOLLOW_MIN_MS, FOLLOW_MAX_MS), follow_cb, self);
}

void
bw_chart_set_follows (BwChart  *self,
                      gboolean  follows)
{
  g_return_if_fail (BW_IS_CHART (self));

  if (self->follows == follows)
    return;

  self->follows = follows;
  update_follow (self);
  if (follows)
    move_to_now (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLLOWS]);
}

gboolean
bw_chart_get_follows (BwChart *self)
{
  g_return_val_if_fail (BW_IS_CHART (self), FALSE);

  return self->follows;
}

void
bw_chart_set_range (BwChart *self,
                    gint64   from_us,
                    gint64   to_us)
{
  gint64 span_us = CLAMP (to_us - from_us, BW_CHART_MIN_SPAN_US, BW_CHART_MAX_SPAN_US);

  g_return_if_fail (BW_IS_CHART (self));

  self->from_us = CLAMP (from_us, 0, G_MAXINT64 / 4);
  self->to_us = self->from_us + span_us;
  update_follow (self);
  bw_chart_invalidate (self);
}

void
bw_chart_get_range (BwChart *self,
                    gint64  *ret_from_us,
                    gint64  *ret_to_us)
{
  g_return_if_fail (BW_IS_CHART (self));

  *ret_from_us = self->from_us;
  *ret_to_us = self->to_us;
}

void
bw_chart_move (BwChart *self,
               gint64   from_us,
               gint64   to_us)
{
  gint64 now_us = g_get_real_time ();
  gint64 span_us = CLAMP (to_us - from_us, BW_CHART_MIN_SPAN_US, BW_CHART_MAX_SPAN_US);

  gboolean is_now = from_us + span_us >= now_us - span_us / NEAR_NOW_PART;

  /* There is nothing after now, and whoever comes near to it wants to stay there. */
  if (is_now)
    from_us = now_us - span_us;

  bw_chart_set_range (self, from_us, from_us + span_us);
  bw_chart_set_follows (self, is_now);
  g_signal_emit (self, signals[RANGE_CHANGED], 0);
}

void
bw_chart_zoom (BwChart *self,
               gint64   about_us,
               double   factor)
{
  double span = (double) (self->to_us - self->from_us);
  double part = (double) (about_us - self->from_us) / span;
  double new_span = CLAMP (span * factor, (double) BW_CHART_MIN_SPAN_US, (double) BW_CHART_MAX_SPAN_US);
  gint64 from_us = MAX (about_us - (gint64) (new_span * part), 0);

  bw_chart_move (self, from_us, from_us + (gint64) new_span);
}

void
bw_chart_set_cursor (BwChart *self,
                     gint64   cursor_us)
{
  g_return_if_fail (BW_IS_CHART (self));

  if (self->cursor_us == cursor_us)
    return;

  self->cursor_us = cursor_us;
  describe_soon (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
draw (BwChart     *self,
      GtkSnapshot *snapshot,
      int          width,
      int          height)
{
  if (self->plot == NULL || self->laid_out_width != width || self->laid_out_height != height)
    {
      GtkSnapshot *plot = gtk_snapshot_new ();

      g_clear_pointer (&self->plot, gsk_render_node_unref);
      bw_chart_lay_out (self, width, height);
      bw_chart_draw_plot (self, plot);
      self->plot = gtk_snapshot_free_to_node (plot);
    }

  if (self->plot != NULL)
    gtk_snapshot_append_node (snapshot, self->plot);

  bw_chart_draw_legend (self, snapshot, width);
}

static void
bw_chart_snapshot (GtkWidget   *widget,
                   GtkSnapshot *snapshot)
{
  BwChart *self = BW_CHART (widget);

  draw (self, snapshot, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  bw_chart_draw_cursor (self, snapshot);
}

static GtkSizeRequestMode
bw_chart_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
bw_chart_measure (GtkWidget      *widget,
                  GtkOrientation  orientation,
                  int             for_size,
                  int            *minimum,
                  int            *natural,
                  int            *minimum_baseline,
                  int            *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MIN_WIDTH_PX;
      *natural = NAT_WIDTH_PX;
      return;
    }

  *minimum = bw_chart_get_minimum_height (BW_CHART (widget), for_size > 0 ? for_size : NAT_WIDTH_PX);
  *natural = MAX (*minimum, NAT_HEIGHT_PX);
}

static void
style_changed_cb (BwChart *self)
{
  bw_chart_invalidate (self);
}

static void
bw_chart_css_changed (GtkWidget         *widget,
                      GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (bw_chart_parent_class)->css_changed (widget, change);

  bw_chart_invalidate (BW_CHART (widget));
}

static void
bw_chart_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (bw_chart_parent_class)->map (widget);

  update_follow (BW_CHART (widget));
  describe (BW_CHART (widget));
}

static void
bw_chart_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&BW_CHART (widget)->follow_source, g_source_remove);

  GTK_WIDGET_CLASS (bw_chart_parent_class)->unmap (widget);
}

static void
bw_chart_constructed (GObject *object)
{
  AdwStyleManager *style = adw_style_manager_get_for_display (gtk_widget_get_display (GTK_WIDGET (object)));

  G_OBJECT_CLASS (bw_chart_parent_class)->constructed (object);

  g_signal_connect_object (style, "notify::dark", G_CALLBACK (style_changed_cb), object, G_CONNECT_SWAPPED);
  g_signal_connect_object (style, "notify::high-contrast", G_CALLBACK (style_changed_cb), object, G_CONNECT_SWAPPED);
}

static void
bw_chart_dispose (GObject *object)
{
  BwChart *self = (BwChart *) object;

  g_clear_handle_id (&self->follow_source, g_source_remove);
  g_clear_handle_id (&self->describe_source, g_source_remove);

  G_OBJECT_CLASS (bw_chart_parent_class)->dispose (object);

  /* what runs while its controllers go may ask for a description */
  g_clear_handle_id (&self->describe_source, g_source_remove);
}

static void
bw_chart_finalize (GObject *object)
{
  BwChart *self = (BwChart *) object;

  g_clear_pointer (&self->plot, gsk_render_node_unref);
  g_array_unref (self->panes);
  g_ptr_array_unref (self->lines);
  g_time_zone_unref (self->zone);
  pango_attr_list_unref (self->small);

  G_OBJECT_CLASS (bw_chart_parent_class)->finalize (object);
}

static void
bw_chart_get_property (GObject    *object,
                       guint       prop_id,
                       GValue     *value,
                       GParamSpec *pspec)
{
  if (prop_id == PROP_FOLLOWS)
    g_value_set_boolean (value, BW_CHART (object)->follows);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
bw_chart_set_property (GObject      *object,
                       guint         prop_id,
                       const GValue *value,
                       GParamSpec   *pspec)
{
  if (prop_id == PROP_FOLLOWS)
    bw_chart_set_follows (BW_CHART (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
bw_chart_class_init (BwChartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = bw_chart_constructed;
  object_class->dispose = bw_chart_dispose;
  object_class->finalize = bw_chart_finalize;
  object_class->get_property = bw_chart_get_property;
  object_class->set_property = bw_chart_set_property;
  widget_class->snapshot = bw_chart_snapshot;
  widget_class->get_request_mode = bw_chart_get_request_mode;
  widget_class->measure = bw_chart_measure;
  widget_class->css_changed = bw_chart_css_changed;
  widget_class->map = bw_chart_map;
  widget_class->unmap = bw_chart_unmap;

  properties[PROP_FOLLOWS] =
    g_param_spec_boolean ("follows", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[RANGE_CHANGED] =
    g_signal_new ("range-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[RESET] =
    g_signal_new ("reset", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  bw_chart_install_input (widget_class);
}

static void
bw_chart_init (BwChart *self)
{
  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) line_free);
  self->panes = g_array_new (FALSE, TRUE, sizeof (BwChartPane));
  self->zone = g_time_zone_new_local ();
  self->to_us = g_get_real_time ();
  self->from_us = self->to_us - G_TIME_SPAN_HOUR;
  self->cursor_us = -1;
  self->small = pango_attr_list_new ();
  pango_attr_list_insert (self->small, pango_attr_scale_new (PANGO_SCALE_SMALL));

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  bw_chart_init_input (self);
}

GtkWidget *
bw_chart_new (void)
{
  return g_object_new (BW_TYPE_CHART, NULL);
}

static BwChartLine *
find_line (BwChart    *self,
           const char *id)
{
  for (guint i = 0; i < self->lines->len; i++)
    {
      BwChartLine *line = self->lines->pdata[i];

      if (g_strcmp0 (bw_chart_series_get_id (line->series), id) == 0)
        return line;
    }

  return NULL;
}

static guint
find_free_slot (BwChart *self)
{
  for (guint slot = 0; ; slot++)
    {
      gboolean is_taken = FALSE;

      for (guint i = 0; i < self->lines->len; i++)
        is_taken |= ((BwChartLine *) self->lines->pdata[i])->slot == slot;

      if (!is_taken)
        return slot;
    }
}

gboolean
bw_chart_add_series (BwChart       *self,
                     BwChartSeries *series)
{
  BwChartLine *line;

  g_return_val_if_fail (BW_IS_CHART (self), FALSE);
  g_return_val_if_fail (series != NULL, FALSE);

  if (self->lines->len == BW_CHART_MAX_SERIES)
    return FALSE;

  line = g_new0 (BwChartLine, 1);
  line->slot = find_free_slot (self);
  line->series = bw_chart_series_ref (series);
  g_ptr_array_add (self->lines, line);
  bw_chart_invalidate (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));

  return TRUE;
}

void
bw_chart_remove_series (BwChart    *self,
                        const char *id)
{
  BwChartLine *line;

  g_return_if_fail (BW_IS_CHART (self));

  line = find_line (self, id);
  if (line == NULL)
    return;

  bw_chart_invalidate (self);
  g_ptr_array_remove (self->lines, line);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

BwChartSeries *
bw_chart_get_series (BwChart    *self,
                     const char *id)
{
  BwChartLine *line;

  g_return_val_if_fail (BW_IS_CHART (self), NULL);

  line = find_line (self, id);

  return line != NULL ? line->series : NULL;
}

void
bw_chart_update (BwChart *self)
{
  g_return_if_fail (BW_IS_CHART (self));

  /* what came now is seen now */
  if (self->follows)
    move_to_now (self);
  else
    bw_chart_invalidate (self);
}

void
bw_chart_set_zone (BwChart   *self,
                   GTimeZone *zone)
{
  g_return_if_fail (BW_IS_CHART (self));
  g_return_if_fail (zone != NULL);

  g_time_zone_ref (zone);
  g_time_zone_unref (self->zone);
  self->zone = zone;
  bw_chart_invalidate (self);
}

guint
bw_chart_get_n_columns (BwChart *self)
{
  float x, width;

  g_return_val_if_fail (BW_IS_CHART (self), 0);

  bw_chart_lay_out (self, gtk_widget_get_width (GTK_WIDGET (self)), gtk_widget_get_height (GTK_WIDGET (self)));
  bw_chart_get_columns (self, &x, &width);

  return (guint) MAX (width, 0);
}

gboolean
bw_chart_get_area (BwChart         *self,
                   const char      *id,
                   graphene_rect_t *ret_area,
                   double          *ret_low,
                   double          *ret_high)
{
  BwChartLine *line;

  g_return_val_if_fail (BW_IS_CHART (self), FALSE);

  line = find_line (self, id);
  bw_chart_lay_out (self, gtk_widget_get_width (GTK_WIDGET (self)), gtk_widget_get_height (GTK_WIDGET (self)));
  for (guint i = 0; line != NULL && i < self->panes->len; i++)
    {
      const BwChartPane *pane = &g_array_index (self->panes, BwChartPane, i);
      guint axis = bw_chart_pane_get_axis (pane, line);

      if (!g_ptr_array_find (pane->lines, line, NULL))
        continue;

      *ret_area = pane->area;
      *ret_low = pane->scales[axis].low;
      *ret_high = pane->scales[axis].high;

      return TRUE;
    }

  return FALSE;
}

/* (transfer full) (nullable) */
static GskRenderNode *
make_picture (BwChart    *self,
              const char *title,
              int         width,
              int         height)
{
  g_autoptr(PangoLayout) heading = gtk_widget_create_pango_layout (GTK_WIDGET (self), title);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  int text_height;
  GdkRGBA ink;

  bw_chart_get_ink (self, &ink);
  pango_layout_get_pixel_size (heading, NULL, &text_height);
  gtk_snapshot_scale (snapshot, PICTURE_SCALE, PICTURE_SCALE);
  gtk_snapshot_append_color (snapshot, bw_chart_palette_ground (bw_chart_get_scheme (self)),
                             &GRAPHENE_RECT_INIT (0, 0, (float) width + 2 * PICTURE_PAD_PX,
                                                  (float) (height + text_height + 3 * PICTURE_PAD_PX)));
  bw_chart_draw_text (snapshot, heading, PICTURE_PAD_PX, PICTURE_PAD_PX, &ink);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (PICTURE_PAD_PX, (float) text_height + 2 * PICTURE_PAD_PX));
  draw (self, snapshot, width, height);

  return gtk_snapshot_free_to_node (snapshot);
}

GBytes *
bw_chart_to_png (BwChart    *self,
                 const char *title)
{
  GtkNative *native;
  GskRenderNode *node;
  g_autoptr(GdkTexture) texture = NULL;
  int width, height;

  g_return_val_if_fail (BW_IS_CHART (self), NULL);

  width = gtk_widget_get_width (GTK_WIDGET (self));
  height = gtk_widget_get_height (GTK_WIDGET (self));
  native = gtk_widget_get_native (GTK_WIDGET (self));
  if (native == NULL || gtk_native_get_renderer (native) == NULL)
    return NULL;

  if (width == 0 || height == 0)
    {
      width = PICTURE_WIDTH_PX;
      height = PICTURE_HEIGHT_PX;
    }

  node = make_picture (self, title, width, height);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (native), node, NULL);
  gsk_render_node_unref (node);

  return gdk_texture_save_to_png_bytes (texture);
}
