/* bw-verify-map.h: a sheet, and what is wrong with each of its labels
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-label-report.h"
#include "bw-stock.h"

G_BEGIN_DECLS

#define BW_TYPE_VERIFY_MAP (bw_verify_map_get_type ())

/* A sign and a colour a cell; the pointer on one shows its ID. */
G_DECLARE_FINAL_TYPE (BwVerifyMap, bw_verify_map, BW, VERIFY_MAP, GtkWidget)

/* @cells: (element-type BwLabelCell) (nullable): an empty place. The texts in it must live until the next call. */
void        bw_verify_map_set_page     (BwVerifyMap    *self,
                                        const BwStock  *stock,
                                        GArray         *cells);

/* Words for a person: "Confirmed". */
const char *bw_verify_verdict_to_text  (BwLabelVerdict  verdict);
/* (transfer full): signs and words, as markup */
char       *bw_verify_map_make_legend  (void);

G_END_DECLS
