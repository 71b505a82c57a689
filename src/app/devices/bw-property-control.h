/* bw-property-control.h: what sets one property of a device
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-device-tree.h"

G_BEGIN_DECLS

#define BW_TYPE_PROPERTY_CONTROL (bw_property_control_get_type ())

/* Signals
 *   wanted (const char *value)       somebody wants that value, which datatype and format allow
 *   invalid (const char *sentence)   what is being typed is no value, and why; NULL: it is again */
G_DECLARE_DERIVABLE_TYPE (BwPropertyControl, bw_property_control, BW, PROPERTY_CONTROL, GtkWidget)

struct _BwPropertyControlClass
{
  GtkWidgetClass parent_class;

  /* Makes the children; the facts are there. */
  void     (*build)      (BwPropertyControl *self);
  /* @value: (nullable): as the device wrote it, or, when @is_wish, as somebody wants it */
  void     (*show)       (BwPropertyControl *self,
                          const char        *value,
                          gboolean           is_wish);
  /* (optional): whether somebody is in the middle of changing it */
  gboolean (*is_touched) (BwPropertyControl *self);
};

/* The control that fits @property; the values it is told later are shown unless
 * somebody is in the middle of changing it. */
GtkWidget *bw_property_control_new        (const BwTreeProperty *property);
void       bw_property_control_show       (BwPropertyControl    *self,
                                           const char           *value,
                                           gboolean              is_wish);
gboolean   bw_property_control_is_touched (BwPropertyControl    *self);
/* Whether it fits beside a name in a window of any width. */
gboolean   bw_property_control_is_small   (BwPropertyControl    *self);

G_END_DECLS
