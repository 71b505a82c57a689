/* bw-spool.h: a file on its way to whoever downloads it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Written piece by piece into a file without a name, so that an answer of any length takes no memory, and goes
 * when nobody holds it any more. */
typedef struct
{
  int      fd;          /* -1: not begun */
  gint64   size;
  GString *buffer;
} BwSpool;

#define BW_SPOOL_INIT { -1, 0, NULL }

gboolean bw_spool_begin (BwSpool     *self,
                         const char  *folder,
                         GError     **error);
/* Whether @needed bytes fit on the disk of @folder: better a clear word before than a full disk after. */
gboolean bw_spool_check_room (const char  *folder,
                              gint64       needed,
                              GError     **error);
/* Writes out what stands in the buffer. */
gboolean bw_spool_flush (BwSpool     *self,
                         GError     **error);
/* (transfer full): the file at its beginning, or -1 */
int      bw_spool_end   (BwSpool     *self,
                         gint64      *ret_size,
                         GError     **error);
/* Also when it was not begun. */
void     bw_spool_clear (BwSpool     *self);

G_END_DECLS
