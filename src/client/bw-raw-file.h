/* bw-raw-file.h: raw messages as a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-raw-message.h"

G_BEGIN_DECLS

/* @messages: (element-type BwRawMessage). A line of JSON each; the file is there when all of it is. */
void     bw_raw_file_write_async  (const char          *path,
                                   GPtrArray           *messages,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data);
gboolean bw_raw_file_write_finish (GAsyncResult        *result,
                                   GError             **error);

G_END_DECLS
