/* bw-switch-control.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-compat.h"
#include "bw-property-control-private.h"

/**
 * BwSwitchControl:
 *
 * A boolean. The knob is where somebody put it, the colour behind it what the device
 * has said: between the two the command is on its way.
 */

struct _BwSwitchControl
{
  BwPropertyControl  parent_instance;

  GtkSwitch         *button;
};

G_DEFINE_FINAL_TYPE (BwSwitchControl, bw_switch_control, BW_TYPE_PROPERTY_CONTROL)

static gboolean
state_set_cb (GtkSwitch         *button,
              gboolean           is_on,
              BwPropertyControl *self)
{
  if (bw_property_control_is_showing (self))
    return TRUE;

  bw_property_control_want (self, is_on ? "true" : "false");

  /* The state stays what the device has said. */
  return TRUE;
}

static void
bw_switch_control_build (BwPropertyControl *control)
{
  BwSwitchControl *self = BW_SWITCH_CONTROL (control);

  self->button = GTK_SWITCH (gtk_switch_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->button), GTK_ALIGN_CENTER);
  bw_accessible_set_label (GTK_WIDGET (self->button), bw_property_control_get_facts (control)->name);
  g_signal_connect_object (self->button, "state-set", G_CALLBACK (state_set_cb), self, 0);
  gtk_widget_set_parent (GTK_WIDGET (self->button), GTK_WIDGET (self));
}

static void
bw_switch_control_show (BwPropertyControl *control,
                        const char        *value,
                        gboolean           is_wish)
{
  BwSwitchControl *self = BW_SWITCH_CONTROL (control);
  gboolean is_on = g_strcmp0 (value, "true") == 0;

  gtk_switch_set_active (self->button, is_on);
  if (!is_wish)
    gtk_switch_set_state (self->button, is_on);
}

static void
bw_switch_control_class_init (BwSwitchControlClass *klass)
{
  BwPropertyControlClass *control_class = BW_PROPERTY_CONTROL_CLASS (klass);

  control_class->build = bw_switch_control_build;
  control_class->show = bw_switch_control_show;
}

static void
bw_switch_control_init (BwSwitchControl *self)
{
}
