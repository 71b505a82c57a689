/* bw-color-swatch.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-color-swatch.h"

#include <glib/gi18n.h>

#include "bw-text.h"

#define SIZE_PX 14

/* So that a white mark shows on white and a black one on black. */
#define RIM_ALPHA 0.3f

/**
 * BwColorSwatch:
 *
 * A dot in the colour of a batch. It stands beside the batch's name, which says
 * the same in words.
 */

struct _BwColorSwatch
{
  GtkWidget  parent_instance;

  char      *color;
  GdkRGBA    rgba;
  gboolean   is_set;
};

G_DEFINE_FINAL_TYPE (BwColorSwatch, bw_color_swatch, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_COLOR,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
bw_color_swatch_measure (GtkWidget      *widget,
                         GtkOrientation  orientation,
                         int             for_size,
                         int            *minimum,
                         int            *natural,
                         int            *minimum_baseline,
                         int            *natural_baseline)
{
  *minimum = SIZE_PX;
  *natural = SIZE_PX;
}

static void
bw_color_swatch_snapshot (GtkWidget   *widget,
                          GtkSnapshot *snapshot)
{
  BwColorSwatch *self = BW_COLOR_SWATCH (widget);
  float x = (float) (gtk_widget_get_width (widget) - SIZE_PX) / 2;
  float y = (float) (gtk_widget_get_height (widget) - SIZE_PX) / 2;
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (x, y, SIZE_PX, SIZE_PX);
  const float widths[4] = { 1, 1, 1, 1 };
  GskRoundedRect dot;
  GdkRGBA rim;

  if (!self->is_set)
    return;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &rim);
  rim.alpha = RIM_ALPHA;

  gsk_rounded_rect_init_from_rect (&dot, &bounds, SIZE_PX / 2.0f);
  gtk_snapshot_push_rounded_clip (snapshot, &dot);
  gtk_snapshot_append_color (snapshot, &self->rgba, &bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &dot, widths, (const GdkRGBA[4]) { rim, rim, rim, rim });
}

static void
bw_color_swatch_finalize (GObject *object)
{
  BwColorSwatch *self = (BwColorSwatch *) object;

  g_clear_pointer (&self->color, g_free);

  G_OBJECT_CLASS (bw_color_swatch_parent_class)->finalize (object);
}

static void
bw_color_swatch_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  BwColorSwatch *self = BW_COLOR_SWATCH (object);

  switch (prop_id)
    {
    case PROP_COLOR:
      g_value_set_string (value, self->color);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_color_swatch_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  BwColorSwatch *self = BW_COLOR_SWATCH (object);

  switch (prop_id)
    {
    case PROP_COLOR:
      bw_color_swatch_set_color (self, g_value_get_string (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_color_swatch_class_init (BwColorSwatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = bw_color_swatch_finalize;
  object_class->get_property = bw_color_swatch_get_property;
  object_class->set_property = bw_color_swatch_set_property;
  widget_class->measure = bw_color_swatch_measure;
  widget_class->snapshot = bw_color_swatch_snapshot;

  properties[PROP_COLOR] =
    g_param_spec_string ("color", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "swatch");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
bw_color_swatch_init (BwColorSwatch *self)
{
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

GtkWidget *
bw_color_swatch_new (const char *color)
{
  return g_object_new (BW_TYPE_COLOR_SWATCH, "color", color, NULL);
}

const char *
bw_color_swatch_get_color (BwColorSwatch *self)
{
  g_return_val_if_fail (BW_IS_COLOR_SWATCH (self), NULL);

  return self->color;
}

void
bw_color_swatch_set_color (BwColorSwatch *self,
                           const char    *color)
{
  g_autofree char *label = NULL;

  g_return_if_fail (BW_IS_COLOR_SWATCH (self));

  if (!bw_set_str (&self->color, color))
    return;

  self->is_set = color != NULL && bw_color_is_valid (color) && gdk_rgba_parse (&self->rgba, color);

  /* Translators: read out for the coloured dot of a batch; %s is #rrggbb */
  label = self->is_set ? g_strdup_printf (_("Colour %s"), color) : g_strdup (_("No colour"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);

  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COLOR]);
}
