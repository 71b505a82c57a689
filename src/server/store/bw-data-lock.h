/* bw-data-lock.h: one program at a time in a data folder
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Makes the folder when it is missing, and locks it. The lock goes with the process.
 * Returns: a descriptor to close; -1 with a sentence for the operator */
int bw_data_lock (const char  *data_folder,
                  GError     **error);

G_END_DECLS
