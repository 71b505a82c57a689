/* bw-provision.h: files that give each device its ID and key
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-session.h"

G_BEGIN_DECLS

/* Writes a ZIP to @fd: a file a device in @format, named by its serial number and ID, and SHA256SUMS, which
 * `sha256sum -c` reads. @table: the hand-over file. On any thread; only what stands in the table is in memory. */
gboolean bw_provision_write_zip (const char        *table,
                                 gsize              size,
                                 BwHandOverFormat   format,
                                 int                fd,
                                 GCancellable      *cancellable,
                                 GError           **error);

G_END_DECLS
