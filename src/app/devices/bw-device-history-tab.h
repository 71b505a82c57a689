/* bw-device-history-tab.h: what a device's properties were
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-live-device.h"

G_BEGIN_DECLS

#define BW_TYPE_DEVICE_HISTORY_TAB (bw_device_history_tab_get_type ())

/* A chart and a table of chosen properties over a chosen time; new values are added as they come.
 * Actions: history.reload, history.save-picture, history.export-all, history.export (id of a property) */
G_DECLARE_FINAL_TYPE (BwDeviceHistoryTab, bw_device_history_tab, BW, DEVICE_HISTORY_TAB, GtkWidget)

GtkWidget *bw_device_history_tab_new     (BwSession          *session,
                                          BwLiveDevice       *live);
/* That one alone, from now on. */
void       bw_device_history_tab_show    (BwDeviceHistoryTab *self,
                                          const char         *node_id,
                                          const char         *property_id);
/* Without asking where to. @id: (nullable): all properties */
void       bw_device_history_tab_export_to  (BwDeviceHistoryTab *self,
                                             const char         *id,
                                             const char         *path);
void       bw_device_history_tab_picture_to (BwDeviceHistoryTab *self,
                                             const char         *path);

G_END_DECLS
