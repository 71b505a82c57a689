/* bw-design-canvas.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-design-canvas.h"

#include <math.h>

#define MARGIN_PX   16
#define MIN_PX      160
#define NATURAL_PX  360
#define HANDLE_PX   8
#define MIN_SIDE_MM 1.0
#define STEP_MM     0.1
#define KEY_STEP_MM 0.5
#define DEFAULT_DPI 96.0
#define MM_PER_INCH 25.4

/* Beyond that a small label is not seen better. */
#define MAX_FIT 10.0

#define SAMPLE_ID "k3m9-t2xw-0001-7hnc"

/**
 * BwDesignCanvas:
 *
 * One label, as it will be printed, and the edges of its fields. A field is
 * picked by a click, moved by dragging or by the arrow keys, and made larger
 * by its lower right corner, or by the arrow keys with Shift.
 */

struct _BwDesignCanvas
{
  GtkWidget            parent_instance;

  const BwStock       *stock;
  const BwLabelDesign *design;
  BwLabelPainter      *painter;   /* (nullable) */
  const BwLabelFacts  *facts;
  int                  picked;
  double               zoom;

  BwRect               before;    /* the picked field's when the drag began */
  gboolean             resizes;
  gboolean             has_moved;
};

G_DEFINE_FINAL_TYPE (BwDesignCanvas, bw_design_canvas, GTK_TYPE_WIDGET)

enum {
  PICKED,
  MOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Of the monitor, in pixels of this program; what it says of itself may be nonsense. */
static double
get_true_scale (BwDesignCanvas *self)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  GdkSurface *surface = native != NULL ? gtk_native_get_surface (native) : NULL;
  GdkMonitor *monitor = NULL;
  double scale = DEFAULT_DPI / MM_PER_INCH;

  if (surface != NULL)
    monitor = gdk_display_get_monitor_at_surface (gdk_surface_get_display (surface), surface);

  if (monitor != NULL && gdk_monitor_get_width_mm (monitor) > 0)
    {
      GdkRectangle geometry;
      double told;

      gdk_monitor_get_geometry (monitor, &geometry);
      told = geometry.width / (double) gdk_monitor_get_width_mm (monitor);
      if (told > scale / 3 && told < scale * 4)
        scale = told;
    }

  return scale;
}

/* Pixels a millimetre, and where the label begins. */
static double
get_place (BwDesignCanvas *self,
           double         *ret_x,
           double         *ret_y)
{
  double room_x = MAX (gtk_widget_get_width (GTK_WIDGET (self)) - 2 * MARGIN_PX, 1);
  double room_y = MAX (gtk_widget_get_height (GTK_WIDGET (self)) - 2 * MARGIN_PX, 1);
  double scale = get_true_scale (self);

  if (self->zoom > 0)
    scale *= self->zoom;
  else
    scale = MIN (scale * MAX_FIT, MIN (room_x / self->stock->width, room_y / self->stock->height));

  *ret_x = MARGIN_PX + MAX (0.0, (room_x - self->stock->width * scale) / 2);
  *ret_y = MARGIN_PX + MAX (0.0, (room_y - self->stock->height * scale) / 2);

  return scale;
}

static gboolean
get_field_rect (BwDesignCanvas *self,
                int             i,
                BwRect         *ret_rect)
{
  if (self->design == NULL || i < 0 || (guint) i >= self->design->fields->len)
    return FALSE;

  *ret_rect = bw_label_design_get_rect (self->design, g_ptr_array_index (self->design->fields, (guint) i), self->stock);

  return TRUE;
}

static void
bw_design_canvas_measure (GtkWidget      *widget,
                          GtkOrientation  orientation,
                          int             for_size,
                          int            *minimum,
                          int            *natural,
                          int            *minimum_baseline,
                          int            *natural_baseline)
{
  BwDesignCanvas *self = BW_DESIGN_CANVAS (widget);

  *minimum = MIN_PX;
  if (self->zoom > 0 && self->stock != NULL)
    {
      double mm = orientation == GTK_ORIENTATION_HORIZONTAL ? self->stock->width : self->stock->height;

      *minimum = 2 * MARGIN_PX + (int) ceil (mm * self->zoom * get_true_scale (self));
    }
  *natural = MAX (*minimum, NATURAL_PX);
}

static void
draw_fields (BwDesignCanvas *self,
             cairo_t        *cr,
             double          scale)
{
  static const double dashes[] = { 3, 3 };

  for (guint i = 0; i < self->design->fields->len; i++)
    {
      gboolean is_picked = (int) i == self->picked;
      BwRect rect;

      get_field_rect (self, (int) i, &rect);
      cairo_set_source_rgba (cr, 0.11, 0.44, 0.85, is_picked ? 1.0 : 0.55);
      cairo_set_line_width (cr, is_picked ? 2 : 1);
      cairo_set_dash (cr, dashes, is_picked ? 0 : 2, 0);
      cairo_rectangle (cr, rect.x * scale, rect.y * scale, rect.width * scale, rect.height * scale);
      cairo_stroke (cr);
      if (!is_picked)
        continue;

      cairo_rectangle (cr, (rect.x + rect.width) * scale - HANDLE_PX / 2, (rect.y + rect.height) * scale - HANDLE_PX / 2,
                       HANDLE_PX, HANDLE_PX);
      cairo_fill (cr);
    }
}

static void
bw_design_canvas_snapshot (GtkWidget   *widget,
                           GtkSnapshot *snapshot)
{
  BwDesignCanvas *self = BW_DESIGN_CANVAS (widget);
  graphene_rect_t all, paper;
  GskRoundedRect outline;
  double x, y, scale;
  cairo_t *cr;

  if (self->stock == NULL)
    return;

  scale = get_place (self, &x, &y);
  graphene_rect_init (&all, 0, 0, (float) gtk_widget_get_width (widget), (float) gtk_widget_get_height (widget));
  graphene_rect_init (&paper, (float) x, (float) y, (float) (self->stock->width * scale), (float) (self->stock->height * scale));

  /* Paper stays white in the dark style, too: codes are black on white. */
  gsk_rounded_rect_init_from_rect (&outline, &paper, self->stock->shape == BW_STOCK_ROUND ? paper.size.width / 2 : 4);
  gtk_snapshot_append_outset_shadow (snapshot, &outline, &(GdkRGBA) { 0, 0, 0, 0.35f }, 0, 1, 0, 5);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &(GdkRGBA) { 1, 1, 1, 1 }, &paper);
  gtk_snapshot_pop (snapshot);

  cr = gtk_snapshot_append_cairo (snapshot, &all);
  cairo_translate (cr, x, y);
  if (self->painter != NULL)
    {
      cairo_save (cr);
      cairo_scale (cr, scale / BW_MM_TO_PT, scale / BW_MM_TO_PT);
      bw_label_painter_draw (self->painter, cr, SAMPLE_ID, 17, self->facts, 0, 0);
      cairo_restore (cr);
    }
  if (self->design != NULL)
    draw_fields (self, cr, scale);
  cairo_destroy (cr);

  if (gtk_widget_has_visible_focus (widget))
    gtk_snapshot_render_focus (snapshot, gtk_widget_get_style_context (widget), 2, 2, all.size.width - 4, all.size.height - 4);
}

static double
snap (double mm)
{
  return round (mm / STEP_MM) * STEP_MM;
}

/* Keeps it on the label. */
static void
tell_moved (BwDesignCanvas *self,
            BwRect          rect,
            gboolean        at_end)
{
  rect.width = CLAMP (snap (rect.width), MIN_SIDE_MM, self->stock->width);
  rect.height = CLAMP (snap (rect.height), MIN_SIDE_MM, self->stock->height);
  rect.x = CLAMP (snap (rect.x), 0, self->stock->width - rect.width);
  rect.y = CLAMP (snap (rect.y), 0, self->stock->height - rect.height);

  g_signal_emit (self, signals[MOVED], 0, self->picked, &rect, at_end);
}

static int
find_field (BwDesignCanvas *self,
            double          x,
            double          y)
{
  BwRect rect;

  for (int i = (int) self->design->fields->len - 1; i >= 0; i--)
    {
      if (get_field_rect (self, i, &rect) && x >= rect.x && x <= rect.x + rect.width &&
          y >= rect.y && y <= rect.y + rect.height)
        return i;
    }

  return -1;
}

static void
drag_begin_cb (BwDesignCanvas *self,
               double          x,
               double          y,
               GtkGestureDrag *gesture)
{
  double left, top, scale, slack;

  if (self->stock == NULL || self->design == NULL)
    return;

  gtk_widget_grab_focus (GTK_WIDGET (self));
  scale = get_place (self, &left, &top);
  slack = HANDLE_PX / scale;
  x = (x - left) / scale;
  y = (y - top) / scale;

  self->has_moved = FALSE;
  self->resizes = get_field_rect (self, self->picked, &self->before) &&
                  fabs (x - self->before.x - self->before.width) < slack &&
                  fabs (y - self->before.y - self->before.height) < slack;
  if (self->resizes)
    return;

  g_signal_emit (self, signals[PICKED], 0, find_field (self, x, y));
  get_field_rect (self, self->picked, &self->before);
}

static void
drag (BwDesignCanvas *self,
      double          x,
      double          y,
      gboolean        at_end)
{
  BwRect rect = self->before;
  double left, top, scale;

  if (self->stock == NULL || self->picked < 0 || (!self->has_moved && hypot (x, y) < 2))
    return;

  self->has_moved = TRUE;
  scale = get_place (self, &left, &top);
  if (self->resizes)
    {
      rect.width += x / scale;
      rect.height += y / scale;
    }
  else
    {
      rect.x += x / scale;
      rect.y += y / scale;
    }
  tell_moved (self, rect, at_end);
}

static void
drag_update_cb (BwDesignCanvas *self,
                double          x,
                double          y,
                GtkGestureDrag *gesture)
{
  drag (self, x, y, FALSE);
}

static void
drag_end_cb (BwDesignCanvas *self,
             double          x,
             double          y,
             GtkGestureDrag *gesture)
{
  drag (self, x, y, TRUE);
}

static gboolean
key_pressed_cb (BwDesignCanvas        *self,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                GtkEventControllerKey *controller)
{
  double x = 0, y = 0;
  BwRect rect;

  if (!get_field_rect (self, self->picked, &rect) || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;

  if (keyval == GDK_KEY_Left)
    x = -KEY_STEP_MM;
  else if (keyval == GDK_KEY_Right)
    x = KEY_STEP_MM;
  else if (keyval == GDK_KEY_Up)
    y = -KEY_STEP_MM;
  else if (keyval == GDK_KEY_Down)
    y = KEY_STEP_MM;
  else
    return GDK_EVENT_PROPAGATE;

  if (state & GDK_SHIFT_MASK)
    {
      rect.width += x;
      rect.height += y;
    }
  else
    {
      rect.x += x;
      rect.y += y;
    }
  tell_moved (self, rect, TRUE);

  return GDK_EVENT_STOP;
}

static void
bw_design_canvas_dispose (GObject *object)
{
  BwDesignCanvas *self = (BwDesignCanvas *) object;

  g_clear_pointer (&self->painter, bw_label_painter_free);
  self->stock = NULL;
  self->design = NULL;

  G_OBJECT_CLASS (bw_design_canvas_parent_class)->dispose (object);
}

static void
bw_design_canvas_class_init (BwDesignCanvasClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_design_canvas_dispose;
  widget_class->measure = bw_design_canvas_measure;
  widget_class->snapshot = bw_design_canvas_snapshot;

  signals[PICKED] = g_signal_new ("picked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_INT);
  signals[MOVED] = g_signal_new ("moved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 3, G_TYPE_INT, G_TYPE_POINTER, G_TYPE_BOOLEAN);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
bw_design_canvas_init (BwDesignCanvas *self)
{
  GtkGesture *gesture = gtk_gesture_drag_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->picked = -1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  g_signal_connect_swapped (gesture, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (gesture, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (gesture, "drag-end", G_CALLBACK (drag_end_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (gesture));
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

void
bw_design_canvas_set (BwDesignCanvas      *self,
                      const BwStock       *stock,
                      const BwLabelDesign *design,
                      BwLabelPlan         *plan,
                      const BwLabelBatch  *batch,
                      const BwLabelFacts  *facts,
                      int                  picked)
{
  g_return_if_fail (BW_IS_DESIGN_CANVAS (self));

  g_clear_pointer (&self->painter, bw_label_painter_free);
  if (plan != NULL)
    self->painter = bw_label_painter_new (plan, batch);

  if (self->stock != stock)
    gtk_widget_queue_resize (GTK_WIDGET (self));
  self->stock = stock;
  self->design = design;
  self->facts = facts;
  self->picked = picked;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
bw_design_canvas_set_zoom (BwDesignCanvas *self,
                           double          zoom)
{
  g_return_if_fail (BW_IS_DESIGN_CANVAS (self));

  self->zoom = zoom;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
