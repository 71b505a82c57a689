/* bw-desktop-notices.h: notices outside of the window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "bw-notice.h"

G_BEGIN_DECLS

#define BW_TYPE_DESKTOP_NOTICES (bw_desktop_notices_get_type ())

G_DECLARE_FINAL_TYPE (BwDesktopNotices, bw_desktop_notices, BW, DESKTOP_NOTICES, GObject)

/* They lead to app.open-device, app.show-approvals, app.approve-device and app.show-notices. */
BwDesktopNotices *bw_desktop_notices_new      (GApplication     *application);
/* Told of in a moment, together with what else happens by then. @device_id: (nullable) */
void              bw_desktop_notices_add      (BwDesktopNotices *self,
                                               BwNotice         *notice,
                                               const char       *device_id,
                                               gboolean          may_approve);
/* It waits for approval no more. */
void              bw_desktop_notices_settle   (BwDesktopNotices *self,
                                               const char       *device_id);
/* One looks at the window: what was told of needs no telling any more. */
void              bw_desktop_notices_withdraw (BwDesktopNotices *self);

G_END_DECLS
