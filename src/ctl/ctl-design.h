/* ctl-design.h: label designs, for whoever prints labels
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-sheet.h"
#include "ctl.h"

G_BEGIN_DECLS

/* (transfer full): a saved one, by its name or its id */
BwLabelDesign *ctl_find_design      (Ctl                  *ctl,
                                     const char           *name,
                                     GError              **error);
/* A sentence about the code: what it is, and how well it will be read. (transfer full) */
char          *ctl_quality_to_text  (const BwLabelQuality *quality);
/* The same as a member "code". */
void           ctl_write_quality    (GString              *out,
                                     const BwLabelQuality *quality);
/* The kinds of fields that stay empty on a label, as a design writes them. (transfer full) */
GStrv          ctl_list_empty       (BwSheet              *sheet);
/* What stands on all labels of @batch: given by @facts, else its company's name. */
gboolean       ctl_set_facts        (Ctl                  *ctl,
                                     BwSheet              *sheet,
                                     BwBatch              *batch,
                                     const BwLabelFacts   *facts,
                                     GError              **error);
/* Adds these devices with what the backend knows of each. @serials: (element-type guint), sorted, not empty. */
gboolean       ctl_add_with_facts   (Ctl                  *ctl,
                                     BwSheet              *sheet,
                                     BwBatch              *batch,
                                     const GArray         *serials,
                                     GError              **error);

G_END_DECLS
