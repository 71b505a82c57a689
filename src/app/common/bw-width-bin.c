/* bw-width-bin.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-width-bin.h"

/**
 * BwWidthBin:
 *
 * Holds one child and says how wide it is; AdwBreakpoint came with 1.4. It can always want the same
 * width: AdwLeaflet folds when the natural widths do not fit, and with a page inside they
 * would change with every page.
 */

struct _BwWidthBin
{
  GtkWidget  parent_instance;

  int        natural_width;
  int        width;
  guint      tick_id;
};

G_DEFINE_FINAL_TYPE (BwWidthBin, bw_width_bin, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_NATURAL_WIDTH,
  PROP_WIDTH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
bw_width_bin_measure (GtkWidget      *widget,
                      GtkOrientation  orientation,
                      int             for_size,
                      int            *minimum,
                      int            *natural,
                      int            *minimum_baseline,
                      int            *natural_baseline)
{
  GtkWidget *child = gtk_widget_get_first_child (widget);

  if (child != NULL)
    gtk_widget_measure (child, orientation, for_size, minimum, natural, NULL, NULL);

  if (orientation == GTK_ORIENTATION_HORIZONTAL && BW_WIDTH_BIN (widget)->natural_width > 0)
    *natural = MAX (*minimum, BW_WIDTH_BIN (widget)->natural_width);
}

/* What is shown cannot change while it is being laid out. */
static gboolean
notify_width_cb (GtkWidget     *widget,
                 GdkFrameClock *clock,
                 gpointer       user_data)
{
  BW_WIDTH_BIN (widget)->tick_id = 0;
  g_object_notify_by_pspec (G_OBJECT (widget), properties[PROP_WIDTH]);

  return G_SOURCE_REMOVE;
}

static void
bw_width_bin_size_allocate (GtkWidget *widget,
                            int        width,
                            int        height,
                            int        baseline)
{
  GtkWidget *child = gtk_widget_get_first_child (widget);

  if (child != NULL)
    gtk_widget_allocate (child, width, height, baseline, NULL);

  if (BW_WIDTH_BIN (widget)->width == width)
    return;

  BW_WIDTH_BIN (widget)->width = width;
  if (BW_WIDTH_BIN (widget)->tick_id == 0)
    BW_WIDTH_BIN (widget)->tick_id = gtk_widget_add_tick_callback (widget, notify_width_cb, NULL, NULL);
}

static GtkSizeRequestMode
bw_width_bin_get_request_mode (GtkWidget *widget)
{
  GtkWidget *child = gtk_widget_get_first_child (widget);

  return child != NULL ? gtk_widget_get_request_mode (child) : GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
bw_width_bin_dispose (GObject *object)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (object));

  g_clear_pointer (&child, gtk_widget_unparent);

  G_OBJECT_CLASS (bw_width_bin_parent_class)->dispose (object);
}

static void
bw_width_bin_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_NATURAL_WIDTH:
      g_value_set_int (value, BW_WIDTH_BIN (object)->natural_width);
      break;

    case PROP_WIDTH:
      g_value_set_int (value, BW_WIDTH_BIN (object)->width);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_width_bin_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_NATURAL_WIDTH:
      BW_WIDTH_BIN (object)->natural_width = g_value_get_int (value);
      gtk_widget_queue_resize (GTK_WIDGET (object));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_width_bin_class_init (BwWidthBinClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_width_bin_dispose;
  object_class->get_property = bw_width_bin_get_property;
  object_class->set_property = bw_width_bin_set_property;
  widget_class->measure = bw_width_bin_measure;
  widget_class->size_allocate = bw_width_bin_size_allocate;
  widget_class->get_request_mode = bw_width_bin_get_request_mode;

  properties[PROP_NATURAL_WIDTH] =
    g_param_spec_int ("natural-width", NULL, NULL, 0, G_MAXINT, 0,
                      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_WIDTH] =
    g_param_spec_int ("width", NULL, NULL, 0, G_MAXINT, 0,
                      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bw_width_bin_init (BwWidthBin *self)
{
}

int
bw_width_bin_get_width (BwWidthBin *self)
{
  g_return_val_if_fail (BW_IS_WIDTH_BIN (self), 0);

  return self->width;
}
