/* bw-part-sheet.h: sheets of labels that are used in part
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-sheet.h"

G_BEGIN_DECLS

/* Kept in `sheets.json` in the user's settings, for the desktop and bellwetherctl. */
typedef struct
{
  guint   number;          /* its name for `labels sheets` */
  char   *stock;
  char   *name;            /* of the batch that was printed on it last */
  gint64  changed_at_us;
  guint   n_cells;
  GArray *used;            /* (element-type guint): cells from 1, sorted; never all of them */
} BwPartSheet;

/* The newest first; of one stock, or of all. (transfer full) (element-type BwPartSheet) */
GPtrArray   *bw_part_sheet_list     (const BwStock      *stock,    /* (nullable) */
                                     GError            **error);
BwPartSheet *bw_part_sheet_copy     (const BwPartSheet  *self);
void         bw_part_sheet_free     (BwPartSheet        *self);
guint        bw_part_sheet_get_n_free (const BwPartSheet *self);

/* @job was printed, and began on @continued (0: on a sheet of which nothing was known): what is left of
 * the last page is kept, whatever is used up is forgotten. A roll has no sheets. */
gboolean     bw_part_sheet_note_job (BwSheet            *job,
                                     const char         *name,
                                     guint               continued,
                                     GError            **error);
/* 0: all of them. Fails with BW_ERROR_NOT_FOUND. */
gboolean     bw_part_sheet_forget   (guint               number,
                                     GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwPartSheet, bw_part_sheet_free)

G_END_DECLS
