/* bw-table-print.h: a table on paper
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct _BwTablePrint BwTablePrint;

/* @title: in large letters on the first page. @notes: the lines below it, (nullable). Both are texts, not markup.
 * @columns: the headers, NULL-terminated. */
BwTablePrint      *bw_table_print_new           (const char          *title,
                                                 const char          *notes,
                                                 const char * const  *columns);
void               bw_table_print_free          (BwTablePrint        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwTablePrint, bw_table_print_free)

/* @cells: as many as there are columns, each (nullable). */
void               bw_table_print_add_row       (BwTablePrint        *self,
                                                 const char * const  *cells);
/* What prints @self, which it takes: as many columns as there are share the width by what they say, in letters of 9 points
 * or, when that is too wide, down to 6; then the widest ones are cut short with "…". Each page has the headers and
 * "Page 2 of 7". On A4 or whatever the locale has, across when there are many columns. */
GtkPrintOperation *bw_table_print_new_operation (BwTablePrint        *self);    /* (transfer full) both ways */

G_END_DECLS
