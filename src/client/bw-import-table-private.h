/* bw-import-table-private.h: between a table and its rows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-import-table.h"

G_BEGIN_DECLS

/* @table is held. */
BwImportRow     *bw_import_row_new             (BwImportTable   *table,
                                                guint            index);

guint            bw_import_table_get_line      (BwImportTable   *self,
                                                guint            index);
char            *bw_import_table_get_text      (BwImportTable   *self,
                                                guint            index,
                                                BwImportColumn   column);
void             bw_import_table_set_text      (BwImportTable   *self,
                                                guint            index,
                                                BwImportColumn   column,
                                                const char      *text);
BwImportProblem  bw_import_table_get_problem   (BwImportTable   *self,
                                                guint            index,
                                                BwImportColumn  *ret_column);
/* The row of @index goes away. */
void             bw_import_table_forget_row    (BwImportTable   *self,
                                                guint            index);

G_END_DECLS
