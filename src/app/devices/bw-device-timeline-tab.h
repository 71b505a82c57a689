/* bw-device-timeline-tab.h: what happened to a device
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-live-device.h"

G_BEGIN_DECLS

#define BW_TYPE_DEVICE_TIMELINE_TAB (bw_device_timeline_tab_get_type ())

G_DECLARE_FINAL_TYPE (BwDeviceTimelineTab, bw_device_timeline_tab, BW, DEVICE_TIMELINE_TAB, GtkWidget)

GtkWidget *bw_device_timeline_tab_new (BwSession    *session,
                                       BwLiveDevice *live);

G_END_DECLS
