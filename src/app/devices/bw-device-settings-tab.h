/* bw-device-settings-tab.h: what people know of a device, and what waits for it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-live-device.h"

G_BEGIN_DECLS

#define BW_TYPE_DEVICE_SETTINGS_TAB (bw_device_settings_tab_get_type ())

G_DECLARE_FINAL_TYPE (BwDeviceSettingsTab, bw_device_settings_tab, BW, DEVICE_SETTINGS_TAB, GtkWidget)

GtkWidget *bw_device_settings_tab_new (BwSession    *session,
                                       BwLiveDevice *live);

G_END_DECLS
