/* bw-part-file.h: a file that appears under its name when all of it is there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Until it is put in place it lies beside its place under another name, readable by its owner only; freed before
 * that, it goes, and what was there stays. */
typedef struct _BwPartFile BwPartFile;

BwPartFile    *bw_part_file_open         (const char  *path,
                                          GError     **error);
void           bw_part_file_free         (BwPartFile  *self);
GOutputStream *bw_part_file_get_stream   (BwPartFile  *self);
/* What was written can be read there, too. */
int            bw_part_file_get_fd       (BwPartFile  *self);
/* Blocks until it is on the disk. */
gboolean       bw_part_file_put_in_place (BwPartFile  *self,
                                          GError     **error);
/* The same in a thread, which @task (transfer full) waits for and ends with: TRUE, or the error. Whoever cancels
 * it meanwhile has the file nevertheless, and hears so. @self is kept until then. */
void           bw_part_file_end_task     (BwPartFile  *self,
                                          GTask       *task);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwPartFile, bw_part_file_free)

G_END_DECLS
