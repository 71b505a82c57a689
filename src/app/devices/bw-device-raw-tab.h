/* bw-device-raw-tab.h: what a device says, letter by letter
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-live-device.h"

G_BEGIN_DECLS

#define BW_TYPE_DEVICE_RAW_TAB (bw_device_raw_tab_get_type ())

G_DECLARE_FINAL_TYPE (BwDeviceRawTab, bw_device_raw_tab, BW, DEVICE_RAW_TAB, GtkWidget)

GtkWidget *bw_device_raw_tab_new (BwSession    *session,
                                  BwLiveDevice *live);

G_END_DECLS
