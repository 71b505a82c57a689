/* bw-device-table.h: the fleet as a table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-remote-table.h"

G_BEGIN_DECLS

/* A BwRemoteTable of BwDevice. Filters: "status" ("awaiting-approval", "approved", "blocked", "new", "seen":
 * all that ever connected), "batch" and "company" (ids; a company and all below it). Sort: "id", "batch", "status", "state", "product", "version",
 * "last-seen", "serial". (transfer full) */
BwRemoteTable *bw_device_table_new (BwSession *session);

G_END_DECLS
