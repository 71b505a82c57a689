/* bw-device.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-device-tree.h"
#include "bw-entity.h"

G_BEGIN_DECLS

/* Where a device stands in its life (product.md: provisioning, then authentication). The
 * numbers are stored; add at the end. */
typedef enum
{
  BW_STATUS_NEW,
  BW_STATUS_LABELLED,
  BW_STATUS_FLASHED,
  BW_STATUS_AWAITING_APPROVAL,
  BW_STATUS_PAIRING,
  BW_STATUS_PAIRED,
  BW_STATUS_BLOCKED,
  BW_STATUS_RETIRED,
} BwStatus;

const char *bw_status_to_nick     (BwStatus     status);    /* "new", "awaiting-approval", … */
gboolean    bw_status_from_nick   (const char  *nick,
                                   BwStatus    *ret_status);
gboolean    bw_status_is_approved (BwStatus     status);    /* pairing or paired */

#define BW_TYPE_DEVICE (bw_device_get_type ())

G_DECLARE_FINAL_TYPE (BwDevice, bw_device, BW, DEVICE, BwEntity)

/* Properties: batch-id, batch, color, company-id, name, product, version, homie, address, local-ip,
 * type ("testing", "development", "release"), abbreviation, license, machine-id (strings, nullable); status (BwStatus as uint), state (BwState as uint), online (boolean),
 * serial, first-seen-us, last-seen-us, approved-at-us (int64; 0: never). */
BwDevice     *bw_device_new               (void);
const char   *bw_device_get_batch_id      (BwDevice *self);
const char   *bw_device_get_batch         (BwDevice *self);    /* the batch's name */
const char   *bw_device_get_color         (BwDevice *self);    /* the batch's colour mark, "#rrggbb" */
const char   *bw_device_get_name          (BwDevice *self);
const char   *bw_device_get_product       (BwDevice *self);
const char   *bw_device_get_version       (BwDevice *self);
const char   *bw_device_get_homie         (BwDevice *self);
const char   *bw_device_get_address       (BwDevice *self);    /* where it connected from */
BwStatus      bw_device_get_status        (BwDevice *self);
BwState       bw_device_get_state         (BwDevice *self);
gboolean      bw_device_get_online        (BwDevice *self);
gint64        bw_device_get_serial        (BwDevice *self);
gint64        bw_device_get_first_seen_us (BwDevice *self);
gint64        bw_device_get_last_seen_us  (BwDevice *self);
gint64        bw_device_get_approved_at_us (BwDevice *self);
/* (transfer none) (nullable): only after a document with "nodes" was loaded */
BwDeviceTree *bw_device_get_tree          (BwDevice *self);

G_END_DECLS
