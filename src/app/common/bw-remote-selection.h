/* bw-remote-selection.h: which rows of a long table are meant
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-remote-table.h"

G_BEGIN_DECLS

/* Selected rows are known by what they are, so that they stay selected where they go; of a longer selection only
 * the places are known. */
#define BW_REMOTE_SELECTION_MAX 1000

#define BW_TYPE_REMOTE_SELECTION (bw_remote_selection_get_type ())

/* A GtkSelectionModel of many rows. *All* is a state of its own, of whatever matches, with the rows that were
 * taken out again; it reads no rows, and ends with another filter or search. */
G_DECLARE_FINAL_TYPE (BwRemoteSelection, bw_remote_selection, BW, REMOTE_SELECTION, GObject)

BwRemoteSelection *bw_remote_selection_new          (BwRemoteTable     *table);
/* Whether all that match are meant but the rows of dup_marked (). */
gboolean           bw_remote_selection_is_all       (BwRemoteSelection *self);
guint              bw_remote_selection_get_n        (BwRemoteSelection *self);
/* (transfer full) (element-type BwEntity): the selected rows, or those that are not while all are meant. Reads
 * those that are not here; NULL when they are more than BW_REMOTE_SELECTION_MAX. */
GPtrArray         *bw_remote_selection_dup_marked   (BwRemoteSelection *self);

G_END_DECLS
