/* bw-funnel-view.h: how many devices of a batch have come how far
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define BW_TYPE_FUNNEL_VIEW (bw_funnel_view_get_type ())

/* Signal: stragglers (const char *stage): somebody wants to see who has not reached it. */
G_DECLARE_FINAL_TYPE (BwFunnelView, bw_funnel_view, BW, FUNNEL_VIEW, GtkWidget)

GtkWidget  *bw_funnel_view_new        (void);
/* What GET /v1/batches/{id}/funnel says. */
void        bw_funnel_view_set_counts (BwFunnelView *self,
                                       JsonObject   *counts);
/* "seen" → “Seen”, translated; never NULL */
const char *bw_funnel_stage_to_text   (const char   *stage);

G_END_DECLS
