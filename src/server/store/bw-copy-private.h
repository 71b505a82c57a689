/* bw-copy-private.h: what the files of the copy share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-copy.h"
#include "bw-db-bulk.h"

G_BEGIN_DECLS

/* One end of a copy: locked, open, and for a target undone unless it was kept. The history at that end is another
 * one: on SQLite a file of its own, on PostgreSQL another schema in the same transaction. */
typedef struct
{
  BwDb     *db;             /* (nullable) of a history: there is none at this end */
  gboolean  is_history;
  gboolean  is_shared;      /* db is the main one's */

  char     *address;        /* a path, or a URL */
  char     *folder;         /* (nullable): a data folder */
  int       lock_fd;        /* of the folder; -1 */
  gboolean  made_folder;

  /* A SQLite target is made beside its place and moved there when it is whole. */
  char     *scratch_path;   /* (nullable) */
  int       scratch_fd;     /* keeps a second copy away; -1 */
  gboolean  is_left;        /* a copy that was cut short has left its scratch file, and no installation */
} BwCopyPlace;

#define BW_COPY_PLACE_INIT { .lock_fd = -1, .scratch_fd = -1 }

gboolean bw_copy_place_open_source (BwCopyPlace  *self,
                                    const char   *text,
                                    GError      **error);
/* Empty, in an open transaction, with the tables of this version and no rows. */
gboolean bw_copy_place_open_target (BwCopyPlace        *self,
                                    const char         *text,
                                    const BwCopyPlace  *source,
                                    GError            **error);
/* @main: the same end's, which lives longer */
gboolean bw_copy_place_open_source_history (BwCopyPlace        *self,
                                            const BwCopyPlace  *main,
                                            GError            **error);
gboolean bw_copy_place_open_target_history (BwCopyPlace        *self,
                                            const BwCopyPlace  *main,
                                            GError            **error);
/* Before what is done with its tables: which ones they are, where two share a connection. */
gboolean bw_copy_place_enter       (const BwCopyPlace  *self,
                                    GError            **error);
/* All rows are in. What is read from now on is what was written, as near to the disk as it goes. */
gboolean bw_copy_place_settle      (BwCopyPlace  *self,
                                    GError      **error);
/* A history first: the main one says that there is an installation. */
gboolean bw_copy_place_keep        (BwCopyPlace  *self,
                                    GError      **error);
/* It was kept, and what comes after it was not. */
void     bw_copy_place_undo        (BwCopyPlace  *self);
void     bw_copy_place_clear       (BwCopyPlace  *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BwCopyPlace, bw_copy_place_clear)

gboolean bw_copy_count             (BwDb          *db,
                                    const BwTable *table,
                                    gint64        *ret_n_rows,
                                    GError       **error);

G_END_DECLS
