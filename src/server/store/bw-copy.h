/* bw-copy.h: an installation from one database to another
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* BLAKE2b-256, in hexadecimal digits. */
#define BW_COPY_HASH_SIZE 65

/* A table as it was read again on both sides. */
typedef struct
{
  char    *name;
  gint64   n_from;                     /* rows */
  gint64   n_to;
  char     hash_from[BW_COPY_HASH_SIZE];
  char     hash_to[BW_COPY_HASH_SIZE];
  gboolean same;
} BwCopyTable;

typedef enum
{
  BW_COPY_COPYING,
  BW_COPY_COMPARING,
} BwCopyPhase;

/* Often, on the thread that copies. @n_done: rows of all tables in this phase */
typedef void (*BwCopyProgressFunc) (BwCopyPhase  phase,
                                    const char  *table,
                                    gint64       n_done,
                                    gint64       n_total,
                                    gpointer     user_data);

/* Copies all of @from to @to, which has to be empty, and compares the two. Both: a data
 * folder, sqlite:PATH or postgresql://…; neither may be in use. The history goes along, but for sqlite:PATH, which has
 * none. Unless all of it is there and the same, @to stays as it was. Blocks. @ret_tables: (element-type BwCopyTable) (transfer full): also
 * when a difference is the error; otherwise NULL then. */
gboolean bw_copy_run (const char          *from,
                      const char          *to,
                      GCancellable        *cancellable,
                      BwCopyProgressFunc   progress,
                      gpointer             user_data,
                      GPtrArray          **ret_tables,
                      GError             **error);

G_END_DECLS
