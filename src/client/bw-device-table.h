/* bw-device-table.h: the fleet as a table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-remote-table.h"

G_BEGIN_DECLS

/* A BwRemoteTable of BwDevice. (transfer full) */
BwRemoteTable *bw_device_table_new        (BwSession     *session);
/* Only those that all of the conditions are true of (bw-device-query.h). */
void           bw_device_table_set_filter (BwRemoteTable *table,
                                           JsonObject    *filter);

G_END_DECLS
