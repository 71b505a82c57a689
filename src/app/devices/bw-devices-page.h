/* bw-devices-page.h: the table of devices, the approval list among them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>
#include <json-glib/json-glib.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_DEVICES_PAGE (bw_devices_page_get_type ())

/* Signal: open-device (const char *id)  somebody wants that device's page */
G_DECLARE_FINAL_TYPE (BwDevicesPage, bw_devices_page, BW, DEVICES_PAGE, GtkWidget)

GtkWidget *bw_devices_page_new        (BwSession     *session);
/* Each may be NULL: all. @status as in bw-device-table.h. */
void       bw_devices_page_set_filter (BwDevicesPage *self,
                                       const char    *status,
                                       const char    *batch_id,
                                       const char    *search);
/* All devices of that company and of those below it; NULL: of all. */
void       bw_devices_page_set_company (BwDevicesPage *self,
                                        const char    *company_id);
/* @filter: conditions as in bw-device-query.h; what was asked before goes */
void       bw_devices_page_set_conditions (BwDevicesPage *self,
                                           JsonObject    *filter);
/* Puts the cursor into the search entry. */
void       bw_devices_page_start_search (BwDevicesPage *self);

G_END_DECLS
