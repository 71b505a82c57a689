/* bw-number-list.h: “1-5, 9, 12”
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Numbers and ranges, in any order, with commas or white space between them. Sorted, each once.
 * (transfer full) (element-type guint). Fails with BW_ERROR_INVALID: no list, or not from 1 to @max. */
GArray  *bw_number_list_parse   (const char    *text,
                                 guint          max,
                                 GError       **error);
/* The shortest way to say it; @numbers sorted. (transfer full) */
char    *bw_number_list_to_text (const GArray  *numbers);

/* The run of consecutive numbers that begins at @index. */
guint    bw_number_list_get_run (const GArray  *numbers,
                                 guint          index);

G_END_DECLS
