/* bw-filter-bar.h: the conditions that are set, as chips
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_FILTER_BAR (bw_filter_bar_get_type ())

/* Not there while there are no conditions.
 *
 * Signals
 *   edit (const char *key)      somebody wants to change that condition
 *   changed (JsonObject *filter)  a condition was taken away, or all */
G_DECLARE_FINAL_TYPE (BwFilterBar, bw_filter_bar, BW, FILTER_BAR, GtkWidget)

GtkWidget *bw_filter_bar_new         (void);
void       bw_filter_bar_set_session (BwFilterBar        *self,
                                      BwSession          *session);
/* @hidden_key: (nullable): that condition is shown elsewhere */
void       bw_filter_bar_set_filter  (BwFilterBar        *self,
                                      JsonObject         *filter,
                                      const char         *hidden_key);
/* How many chips there are. */
guint      bw_filter_bar_get_n       (BwFilterBar        *self);

G_END_DECLS
