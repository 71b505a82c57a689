/* bw-csv.h: comma separated values as RFC 4180 has them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BW_CSV_MAX_RECORD_BYTES (64 * 1024)

void       bw_csv_append_record (GString            *out,
                                 const char * const *fields);
void       bw_csv_append_field  (GString            *out,
                                 const char         *field,
                                 gboolean            is_last);
GPtrArray *bw_csv_read_record   (const char        **text,
                                 const char         *end,
                                 GError            **error);

G_END_DECLS
