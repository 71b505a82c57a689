/* bw-device-text.h: what users read about a device
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-device.h"

G_BEGIN_DECLS

/* A symbolic icon that tells the state without its colour. */
const char *bw_device_text_state_icon    (BwState               state);
/* "Online" or "Offline". */
const char *bw_device_text_online        (gboolean              online);
/* "Testing" for "testing"; NULL for NULL, and what is not known as it is. */
const char *bw_device_text_type          (const char           *type);
/* (transfer full): "3 s ago", short, since it stands beside a value and ticks. A clock that is
 * ahead of ours counts as now. */
char       *bw_device_text_age           (gint64                at_us,
                                          gint64                now_us);
/* (transfer full): product and version as one text; "" when neither is known. */
char       *bw_device_text_firmware      (const char           *product,
                                          const char           *version);

/* (transfer full): a value as shown: booleans in words, moments in the user's zone, numbers
 * with the reader's decimal sign, all else as the device wrote it. Without the unit. */
char       *bw_device_text_value         (const BwTreeProperty *property,
                                          const char           *value);
/* (transfer full): with the unit. */
char       *bw_device_text_value_unit    (const BwTreeProperty *property,
                                          const char           *value);
/* The name, else the id. */
const char *bw_device_text_property_name (const BwTreeProperty *property);
const char *bw_device_text_node_name     (const BwTreeNode     *node);

G_END_DECLS
