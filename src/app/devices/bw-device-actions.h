/* bw-device-actions.h: approve and block, with their results and the way back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_DEVICE_ACTIONS (bw_device_actions_get_type ())

/* Signal: done ()  the backend answered; some or all of it may have been refused
 * Property: can-undo (gboolean, notify) */
G_DECLARE_FINAL_TYPE (BwDeviceActions, bw_device_actions, BW, DEVICE_ACTIONS, GObject)

/* Results go to @toasts, which must outlive it or be forgotten by bw_device_actions_stop (). */
BwDeviceActions *bw_device_actions_new  (BwSession        *session,
                                         AdwToastOverlay  *toasts);
/* "approve", "unapprove", "block" or "unblock". Does nothing while an earlier one is under way. */
void             bw_device_actions_run  (BwDeviceActions  *self,
                                         const char       *action,
                                         const char * const *device_ids);
gboolean         bw_device_actions_get_can_undo (BwDeviceActions *self);
void             bw_device_actions_undo (BwDeviceActions  *self);
void             bw_device_actions_stop (BwDeviceActions  *self);

/* How many the backend takes at a time. */
#define BW_DEVICE_ACTIONS_MAX 1000

G_END_DECLS
