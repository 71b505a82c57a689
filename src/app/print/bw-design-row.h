/* bw-design-row.h: which design the labels get
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-label-draw.h"
#include "bw-session.h"
#include "bw-sheet.h"

G_BEGIN_DECLS

#define BW_TYPE_DESIGN_ROW (bw_design_row_get_type ())

/* A row of a form: the layouts that there always are, the saved designs, and a button to edit.
 * Signal: changed () */
G_DECLARE_FINAL_TYPE (BwDesignRow, bw_design_row, BW, DESIGN_ROW, AdwActionRow)

/* Before anything else; @batch and @company (nullable) are for the label that the editor shows. */
void                 bw_design_row_set_session (BwDesignRow        *self,
                                                BwSession          *session,
                                                const BwLabelBatch *batch,
                                                const char         *company);
/* Entries of the same form, shown when the design has a field for what is typed into them. */
void                 bw_design_row_set_entries (BwDesignRow        *self,
                                                AdwEntryRow        *product,
                                                AdwEntryRow        *abbreviation,
                                                AdwEntryRow        *license);
/* Again whenever it is another one: the layouts depend on it. */
void                 bw_design_row_set_stock   (BwDesignRow        *self,
                                                const BwStock      *stock);
/* The same choice as in @other. */
void                 bw_design_row_choose_like (BwDesignRow        *self,
                                                BwDesignRow        *other);
/* NULL without @error: the automatic one. With it: what is chosen does not fit, or is not here yet. */
const BwLabelDesign *bw_design_row_get_design  (BwDesignRow        *self,
                                                GError            **error);
/* What stands on all labels. */
BwLabelFacts         bw_design_row_get_facts   (BwDesignRow        *self);

G_END_DECLS
