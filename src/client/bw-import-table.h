/* bw-import-table.h: a file of Device IDs, its bad rows first, to be mended
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "bw-import.h"

G_BEGIN_DECLS

#define BW_TYPE_IMPORT_ROW (bw_import_row_get_type ())

/* One row. Property: problem (uint, notify): a BwImportProblem. */
G_DECLARE_FINAL_TYPE (BwImportRow, bw_import_row, BW, IMPORT_ROW, GObject)

guint            bw_import_row_get_line    (BwImportRow          *self);     /* of the file */
/* (transfer full) */
char            *bw_import_row_get_text    (BwImportRow          *self,
                                            BwImportColumn        column);
/* Checked at once; other rows may become good or bad by it. */
void             bw_import_row_set_text    (BwImportRow          *self,
                                            BwImportColumn        column,
                                            const char           *text);
BwImportProblem  bw_import_row_get_problem (BwImportRow          *self,
                                            BwImportColumn       *ret_column);   /* (nullable) */

#define BW_TYPE_IMPORT_TABLE (bw_import_table_get_type ())

/* A GListModel of BwImportRow: those that were bad when it was read come first, and stay there while they are
 * mended. The file is mapped and rows are made when they are looked at, so that a million take no more
 * than their places. Main thread, but for what says otherwise.
 *
 * Property: n-bad (uint, notify) */
G_DECLARE_FINAL_TYPE (BwImportTable, bw_import_table, BW, IMPORT_TABLE, GObject)

/* On any thread; nobody else has it yet. BW_ERROR_INVALID: it is no table; BW_ERROR_TOO_LARGE. */
BwImportTable   *bw_import_table_new       (const char           *path,
                                            GError              **error);
guint            bw_import_table_get_n_rows (BwImportTable       *self);
guint            bw_import_table_get_n_bad (BwImportTable        *self);
gboolean         bw_import_table_has_column (BwImportTable       *self,
                                             BwImportColumn       column);
/* Columns of the file that mean nothing. (transfer none) */
GPtrArray       *bw_import_table_get_ignored (BwImportTable      *self);
/* The good rows as a table for the backend. On any thread, while nobody changes it. */
GBytes          *bw_import_table_write     (BwImportTable        *self);
/* What the backend says of the row in that line of what was written last. */
void             bw_import_table_add_problem (BwImportTable      *self,
                                              guint               line,
                                              BwImportProblem     problem);
/* After those: the bad rows come first again. */
void             bw_import_table_sort      (BwImportTable        *self);

G_END_DECLS
