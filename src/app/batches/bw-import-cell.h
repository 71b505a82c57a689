/* bw-import-cell.h: a cell of the rows that are to be imported
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-import-table.h"

G_BEGIN_DECLS

#define BW_TYPE_IMPORT_CELL (bw_import_cell_get_type ())

G_DECLARE_FINAL_TYPE (BwImportCell, bw_import_cell, BW, IMPORT_CELL, GtkWidget)

/* What stands in that column, to be edited; BW_IMPORT_N_COLUMNS: what is wrong with the row. */
GtkWidget  *bw_import_cell_new             (BwImportColumn   column);
/* @row: (nullable): none any more */
void        bw_import_cell_set_row         (BwImportCell    *self,
                                            BwImportRow     *row);

/* Translated. */
const char *bw_import_column_to_title      (BwImportColumn   column);
const char *bw_import_problem_to_text      (BwImportProblem  problem);

G_END_DECLS
