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

/* The file of one device, with a key that it has got since: at @path, readable by its owner only. @device: its document, as
 * the API has it; (nullable): then the file holds the ID and the key alone. */
gboolean bw_provision_save_one  (JsonObject        *device,
                                 const char        *id,
                                 const char        *key,
                                 BwHandOverFormat   format,
                                 const char        *path,
                                 GError           **error);

G_END_DECLS
