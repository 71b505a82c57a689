/* bw-people-rules.h: what may be typed about companies and people
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BW_PEOPLE_MAX_NAME_BYTES    200
#define BW_PEOPLE_MAX_ADDRESS_BYTES 1000
#define BW_PEOPLE_MAX_PHONE_BYTES   60
#define BW_PEOPLE_MAX_COMMENT_BYTES 1000
#define BW_PEOPLE_MAX_EMAIL_BYTES   254    /* RFC 5321, 4.5.3.1.3, without the angle brackets */

#define BW_DAY_SIZE 11                     /* "2026-11-25" and its end */

/* 2 to 40 of a-z, 0-9 and dashes, none of them at its ends: a person types it to join. */
gboolean bw_alias_is_valid (const char *text);
/* One address, without a name and without quotes; a host may have one label. */
gboolean bw_email_is_valid (const char *text);
/* A day in UTC, "2026-11-25": when it begins, in µs since 1970. FALSE: it is none. */
gboolean bw_day_parse      (const char *text,
                            gint64     *ret_start_us);
void     bw_day_format     (gint64      start_us,
                            char        ret_text[BW_DAY_SIZE]);

G_END_DECLS
