/* bw-db-sqlite-private.h: what the files of the SQLite driver share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <sqlite3.h>

#include "bw-db-bulk.h"

G_BEGIN_DECLS

typedef struct
{
  BwDb        parent;

  sqlite3    *handle;
  char       *path;
  GHashTable *statements;   /* sql → sqlite3_stmt that nobody uses just now */
} SqliteDb;

void bw_sqlite_set_error (GError       **error,
                          SqliteDb      *self,
                          int            rc);
int  bw_sqlite_bind_cell (sqlite3_stmt  *statement,
                          int            index,
                          const BwCell  *cell);

extern const BwDbBulk bw_sqlite_bulk;

G_END_DECLS
