/* bw-cell.h: values for bw_db_run_many()
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-db.h"

G_BEGIN_DECLS

static inline BwCell
bw_cell_int (gint64 value)
{
  return (BwCell) { .type = BW_CELL_INT, .integer = value };
}

/* @text: (nullable): NULL in the database. Not copied: lives as long as the cell. */
static inline BwCell
bw_cell_text (const char *text)
{
  return text != NULL ? (BwCell) { .type = BW_CELL_TEXT, .data = text, .length = -1 }
                      : (BwCell) { .type = BW_CELL_NULL, };
}

G_END_DECLS
