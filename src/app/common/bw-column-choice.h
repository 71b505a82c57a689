/* bw-column-choice.h: which columns of a table somebody wants to see
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-remote-cell.h"

G_BEGIN_DECLS

#define BW_TYPE_COLUMN_CHOICE (bw_column_choice_get_type ())

/* Signal: changed ()  somebody chose */
G_DECLARE_FINAL_TYPE (BwColumnChoice, bw_column_choice, BW, COLUMN_CHOICE, GObject)

/* @name: what it is remembered under. @columns: static, at most 32. */
BwColumnChoice *bw_column_choice_new       (const char           *name,
                                            const BwRemoteColumn *columns,
                                            guint                 n_columns);
/* Bits of those to show on a page that is so wide. */
guint32         bw_column_choice_get_shown (BwColumnChoice       *self,
                                            int                   width);
/* A toggle for each column; its actions are in the group that attach () puts on a widget. (transfer none) */
GMenuModel     *bw_column_choice_get_menu  (BwColumnChoice       *self);
void            bw_column_choice_attach    (BwColumnChoice       *self,
                                            GtkWidget            *widget);

G_END_DECLS
