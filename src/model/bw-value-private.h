/* bw-value-private.h: the datatypes, one file a family
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-value.h"

G_BEGIN_DECLS

#define BW_QUOTE_SIZE 64

/* The beginning of @text for a sentence, whole characters only. */
const char *bw_value_quote             (const char  *text,
                                        char         buffer[BW_QUOTE_SIZE]);

gboolean    bw_value_check_integer     (const char  *format,
                                        const char  *text,
                                        GError     **error);
gboolean    bw_value_check_float       (const char  *format,
                                        const char  *text,
                                        GError     **error);
gboolean    bw_value_is_near_range     (const char  *format,
                                        double       number);
gboolean    bw_value_same_number       (const char  *a,
                                        const char  *b);
/* A plain decimal number that ends at @end; nothing that C alone would take. */
gboolean    bw_value_parse_double      (const char  *text,
                                        const char  *end,
                                        double      *ret_number);

gboolean    bw_value_check_color       (const char  *format,
                                        const char  *text,
                                        GError     **error);
gboolean    bw_value_same_color        (const char  *format,
                                        const char  *a,
                                        const char  *b);

gboolean    bw_value_parse_datetime    (const char  *text,
                                        gint64      *ret_us);
gboolean    bw_value_parse_duration    (const char  *text,
                                        double      *ret_months,
                                        double      *ret_seconds);

G_END_DECLS
