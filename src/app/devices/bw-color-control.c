/* bw-color-control.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-compat.h"
#include "bw-property-control-private.h"

/**
 * BwColorControl:
 *
 * A colour, chosen in the dialog of the toolkit and written in the form the device wants.
 */

struct _BwColorControl
{
  BwPropertyControl  parent_instance;

  GtkColorChooser   *button;
};

G_DEFINE_FINAL_TYPE (BwColorControl, bw_color_control, BW_TYPE_PROPERTY_CONTROL)

static void
color_set_cb (GtkColorButton    *button,
              BwPropertyControl *self)
{
  g_autofree char *value = NULL;
  GdkRGBA rgba;
  double rgb[3];

  gtk_color_chooser_get_rgba (GTK_COLOR_CHOOSER (button), &rgba);
  rgb[0] = rgba.red;
  rgb[1] = rgba.green;
  rgb[2] = rgba.blue;
  value = bw_value_from_color (bw_property_control_get_facts (self)->format, rgb);

  if (value != NULL)
    bw_property_control_want (self, value);
}

static void
bw_color_control_build (BwPropertyControl *control)
{
  BwColorControl *self = BW_COLOR_CONTROL (control);
  const char *name = bw_property_control_get_facts (control)->name;

  self->button = GTK_COLOR_CHOOSER (gtk_color_button_new ());
  gtk_color_chooser_set_use_alpha (self->button, FALSE);
  gtk_color_button_set_title (GTK_COLOR_BUTTON (self->button), name);
  gtk_widget_set_valign (GTK_WIDGET (self->button), GTK_ALIGN_CENTER);
  bw_accessible_set_label (GTK_WIDGET (self->button), name);
  g_signal_connect_object (self->button, "color-set", G_CALLBACK (color_set_cb), self, 0);
  gtk_widget_set_parent (GTK_WIDGET (self->button), GTK_WIDGET (self));
}

static void
bw_color_control_show (BwPropertyControl *control,
                       const char        *value,
                       gboolean           is_wish)
{
  BwColorControl *self = BW_COLOR_CONTROL (control);
  double rgb[3];

  if (value != NULL && bw_value_get_color (bw_property_control_get_facts (control)->format, value, rgb))
    {
      GdkRGBA rgba = { (float) rgb[0], (float) rgb[1], (float) rgb[2], 1 };

      gtk_color_chooser_set_rgba (self->button, &rgba);
    }
}

static void
bw_color_control_class_init (BwColorControlClass *klass)
{
  BwPropertyControlClass *control_class = BW_PROPERTY_CONTROL_CLASS (klass);

  control_class->build = bw_color_control_build;
  control_class->show = bw_color_control_show;
}

static void
bw_color_control_init (BwColorControl *self)
{
}
