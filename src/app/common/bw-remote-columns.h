/* bw-remote-columns.h: the columns of a column view over a BwRemoteTable
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-remote-cell.h"
#include "bw-remote-table.h"

G_BEGIN_DECLS

#define BW_REMOTE_COLUMNS_MAX 32

#define BW_TYPE_REMOTE_COLUMNS (bw_remote_columns_get_type ())

/* Puts columns of BwRemoteCell into a GtkColumnView, lets the database sort when a header is clicked, and
 * says ages anew while they are in sight. Who makes it holds the view and it. BwRemoteView has one; a page
 * with a column view of its own makes one itself. */
G_DECLARE_FINAL_TYPE (BwRemoteColumns, bw_remote_columns, BW, REMOTE_COLUMNS, GObject)

/* @columns: static, at most BW_REMOTE_COLUMNS_MAX. @context: (nullable): for their look_up functions. */
BwRemoteColumns *bw_remote_columns_new             (GtkColumnView        *view,
                                                    BwRemoteTable        *table,
                                                    const BwRemoteColumn *columns,
                                                    guint                 n_columns,
                                                    GObject              *context);
/* Shows those whose bit is set in @shown, and no others. */
void             bw_remote_columns_show            (BwRemoteColumns      *self,
                                                    guint32               shown);
/* @sort: a column's, with a leading '-' for descending as the header means it; several ("status,-last-seen"): where
 * the first ones are equal the next ones decide. FALSE when there is none of that name. */
gboolean         bw_remote_columns_sort_by         (BwRemoteColumns      *self,
                                                    const char           *sort);
/* Several keys, for tables whose route takes them ("a,-b"): Shift and a click on a header adds it, again turns it
 * round. Before anybody clicks. */
void             bw_remote_columns_set_multi_sort  (BwRemoteColumns      *self);
/* As a click on a header. @column: its id. */
void             bw_remote_columns_sort_only       (BwRemoteColumns      *self,
                                                    const char           *column);
/* As that with Shift. */
void             bw_remote_columns_sort_also       (BwRemoteColumns      *self,
                                                    const char           *column);
/* The same as the route has it (bw_remote_table_get_sort ()); NULL: its own order. */
void             bw_remote_columns_set_sort        (BwRemoteColumns      *self,
                                                    const char           *sort);
/* The menu of a right click on a header. */
void             bw_remote_columns_set_header_menu (BwRemoteColumns      *self,
                                                    guint                 column,
                                                    GMenuModel           *menu);
/* Says all cells anew: what they look up is another now. */
void             bw_remote_columns_update_cells    (BwRemoteColumns      *self);
/* The row at a point of the view; GTK_INVALID_LIST_POSITION when there is none. */
guint            bw_remote_columns_get_position_at (BwRemoteColumns      *self,
                                                    double                x,
                                                    double                y);

G_END_DECLS
