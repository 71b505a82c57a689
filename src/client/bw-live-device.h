/* bw-live-device.h: one device followed at the broker
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-raw-log.h"
#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_LIVE_DEVICE (bw_live_device_get_type ())

/* Loads the device's document, then subscribes to that one device at the broker and
 * keeps the tree up to date until it is let go. Main thread.
 * Properties: device (BwDevice, notify), connected (gboolean, notify)
 * Signals
 *   structure-changed ()                                nodes or properties came or went: build anew
 *   value-changed (const char *node, const char *prop)  value, target or metadata of one moved
 *   facts-changed ()                                    what the device says of itself moved
 *   message (guint level, gboolean is_alert, const char *text)
 *   failed (GError *) */
G_DECLARE_FINAL_TYPE (BwLiveDevice, bw_live_device, BW, LIVE_DEVICE, GObject)

BwLiveDevice *bw_live_device_new        (BwSession    *session,
                                         const char   *device_id);
const char   *bw_live_device_get_id     (BwLiveDevice *self);
BwDevice     *bw_live_device_get_device (BwLiveDevice *self);    /* (transfer none) (nullable) until loaded */
BwDeviceTree *bw_live_device_get_tree   (BwLiveDevice *self);    /* (transfer none) (nullable) until loaded */
BwRawLog     *bw_live_device_get_raw_log (BwLiveDevice *self);   /* (transfer none): each message, and why it was not used */
guint64       bw_live_device_get_n_dropped (BwLiveDevice *self); /* messages that came faster than they could be read */

G_END_DECLS
