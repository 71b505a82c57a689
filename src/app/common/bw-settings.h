/* bw-settings.h: what the desktop remembers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* (transfer full) (nullable): NULL when the schema is not installed; nothing
 * is remembered then. */
GSettings *bw_settings_new (void);

/* The folder of the build tree that belongs to a program which was not installed,
 * found from where it lies; NULL when it was. (transfer full) (nullable) */
char      *bw_settings_build_path (const char *below);

G_END_DECLS
