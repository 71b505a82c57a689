/* bw-time-text.h: points in time for people
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All: µs since 1970 in, local time out, (transfer full). 0 is never: "Never" or, for the cell
 * of a table, "—". @now_us: g_get_real_time (), or what a test says. */
char *bw_time_to_relative_text (gint64 at_us,
                                gint64 now_us);    /* "Just now", "5 minutes ago", "Yesterday", "12 Mar 2026" */
char *bw_time_to_date_text     (gint64 at_us);     /* "12 Mar 2026" */
char *bw_time_to_full_text     (gint64 at_us);     /* "12 March 2026, 14:05:33" */

/* How long the relative text stays true, in seconds: for a timer that renews it. */
guint bw_time_relative_period_s (gint64 at_us,
                                 gint64 now_us);

G_END_DECLS
