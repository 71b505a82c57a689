/* bw-day-row.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define BW_TYPE_DAY_ROW (bw_day_row_get_type ())

/* A day, typed or picked from a calendar, or none. As other entry rows it says what is typed by "changed". */
G_DECLARE_FINAL_TYPE (BwDayRow, bw_day_row, BW, DAY_ROW, AdwEntryRow)

/* "2026-11-25"; NULL: none, or what is typed is no day. (transfer full) (nullable) */
char     *bw_day_row_dup_day  (BwDayRow   *self);
void      bw_day_row_set_day  (BwDayRow   *self,
                               const char *day);     /* (nullable) */
/* A day, or none. */
gboolean  bw_day_row_is_valid (BwDayRow   *self);

G_END_DECLS
