/* bw-device-page.h: one device, live
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_DEVICE_PAGE (bw_device_page_get_type ())

/* Property: title (string, notify)  the device's name, else its product, else its ID */
G_DECLARE_FINAL_TYPE (BwDevicePage, bw_device_page, BW, DEVICE_PAGE, GtkWidget)

GtkWidget  *bw_device_page_new           (BwSession    *session,
                                          const char   *device_id);
const char *bw_device_page_get_device_id (BwDevicePage *self);
const char *bw_device_page_get_title     (BwDevicePage *self);
/* The name of the tab that is shown: "sensors", … A name that is no tab changes nothing. */
const char *bw_device_page_get_tab       (BwDevicePage *self);
void        bw_device_page_set_tab       (BwDevicePage *self,
                                          const char   *name);

G_END_DECLS
