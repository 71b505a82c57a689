/* bw-difference-view.h: how a thing was before and is after
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_DIFFERENCE_VIEW (bw_difference_view_get_type ())

G_DECLARE_FINAL_TYPE (BwDifferenceView, bw_difference_view, BW, DIFFERENCE_VIEW, GtkWidget)

GtkWidget *bw_difference_view_new (void);
/* Shows the members that differ. Without @before everything in @after is new, without @after everything is gone;
 * a member that only @before has stays as it is. @session: (nullable): for the names of what has ids. */
void       bw_difference_view_show (BwDifferenceView *self,
                                    BwSession        *session,
                                    JsonNode         *before,    /* (nullable) */
                                    JsonNode         *after);    /* (nullable) */

G_END_DECLS
