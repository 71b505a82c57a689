/* bw-pick-row.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-remote-table.h"

G_BEGIN_DECLS

#define BW_TYPE_PICK_ROW (bw_pick_row_get_type ())

/* A row of a form for one thing out of many; its popover has a search entry and a list.
 *
 * Property: selected (BwEntity, nullable, notify) */
G_DECLARE_FINAL_TYPE (BwPickRow, bw_pick_row, BW, PICK_ROW, AdwActionRow)

/* What is said of an item that has come. (transfer full) (nullable) */
typedef char *(*BwPickText) (gpointer item);

/* Items by name; @detail (nullable) is said below it. */
void      bw_pick_row_set_model     (BwPickRow     *self,
                                     GListModel    *model,
                                     BwPickText     name,
                                     BwPickText     detail);
/* The same, and the server searches. */
void      bw_pick_row_set_table     (BwPickRow     *self,
                                     BwRemoteTable *table,
                                     BwPickText     name,
                                     BwPickText     detail);
void      bw_pick_row_set_selected  (BwPickRow     *self,
                                     BwEntity      *item);
BwEntity *bw_pick_row_get_selected  (BwPickRow     *self);    /* (nullable) (transfer none) */
/* Of the one that is selected. (nullable) */
const char *bw_pick_row_get_id      (BwPickRow     *self);

/* Nothing may be chosen again, by a button of its own. */
void      bw_pick_row_set_optional  (BwPickRow     *self);

/* The usual ones: all companies in reach, by name; roles, or only those that the one who acts may give; users; tags.
 * The lists of the session are loaded when they are not here yet. */
void      bw_pick_row_pick_company  (BwPickRow     *self,
                                     BwSession     *session);
void      bw_pick_row_pick_role     (BwPickRow     *self,
                                     BwSession     *session,
                                     gboolean       is_to_be_given);
void      bw_pick_row_pick_user     (BwPickRow     *self,
                                     BwSession     *session);
void      bw_pick_row_pick_tag      (BwPickRow     *self,
                                     BwSession     *session);

G_END_DECLS
