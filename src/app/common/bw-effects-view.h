/* bw-effects-view.h: what a change would give to people, and take from them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_EFFECTS_VIEW (bw_effects_view_get_type ())

G_DECLARE_FINAL_TYPE (BwEffectsView, bw_effects_view, BW, EFFECTS_VIEW, GtkWidget)

GtkWidget *bw_effects_view_new (void);
/* Asks `?preview=true` about the change that bw_session_change_async () would make, and shows the answer; an
 * older question's answer is dropped. */
void       bw_effects_view_ask  (BwEffectsView *self,
                                 BwSession     *session,
                                 const char    *method,
                                 const char    *path,
                                 JsonObject    *body);        /* (nullable) */
/* Shows a document that somebody has asked for: {"parked","nUsers","items":[…]}. */
void       bw_effects_view_show (BwEffectsView *self,
                                 JsonObject    *document);

G_END_DECLS
