/* bw-scanner.h: a scanner that types what it reads
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Called with the Device ID that was read. */
typedef void (*BwScannerFunc) (GtkWindow  *window,
                               const char *device_id);

/* Watches the keys of @window for as long as it lives. A person does not type an id and Enter within the time that a
 * scanner takes; what it typed into a field on its way is taken out again. */
void bw_scanner_watch (GtkWindow     *window,
                       BwScannerFunc  func);

G_END_DECLS
