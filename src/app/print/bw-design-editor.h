/* bw-design-editor.h: what stands on labels, to be moved about and kept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-label-draw.h"
#include "bw-session.h"
#include "bw-sheet.h"

G_BEGIN_DECLS

#define BW_TYPE_DESIGN_EDITOR (bw_design_editor_get_type ())

/* Signals: saved (const char *id): kept, or deleted when NULL */
G_DECLARE_FINAL_TYPE (BwDesignEditor, bw_design_editor, BW, DESIGN_EDITOR, AdwWindow)

/* @batch, @facts: what stands on the label that is shown; copied.
 * @document: (nullable): a saved design as the API gives it.
 * @design: (nullable): what to begin with when there is none. */
GtkWidget *bw_design_editor_new (BwSession           *session,
                                 const BwStock       *stock,
                                 const BwLabelBatch  *batch,
                                 const BwLabelFacts  *facts,
                                 JsonObject          *document,
                                 const BwLabelDesign *design);

G_END_DECLS
