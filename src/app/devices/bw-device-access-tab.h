/* bw-device-access-tab.h: whose a device is, and its key
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-live-device.h"

G_BEGIN_DECLS

#define BW_TYPE_DEVICE_ACCESS_TAB (bw_device_access_tab_get_type ())

G_DECLARE_FINAL_TYPE (BwDeviceAccessTab, bw_device_access_tab, BW, DEVICE_ACCESS_TAB, GtkWidget)

GtkWidget *bw_device_access_tab_new (BwSession    *session,
                                     BwLiveDevice *live);

G_END_DECLS
