/* bw-trends.h: how the fleet went, in the overview
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_TRENDS (bw_trends_get_type ())

G_DECLARE_FINAL_TYPE (BwTrends, bw_trends, BW, TRENDS, GtkWidget)

/* Once. Reads the trends when it is seen, and while it is. Main thread. */
void bw_trends_set_session (BwTrends  *self,
                            BwSession *session);
void bw_trends_reload      (BwTrends  *self);

G_END_DECLS
