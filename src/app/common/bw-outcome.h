/* bw-outcome.h: telling how a change ended
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

/* A toast: @done_text ("Saved"), with *Undo* when @undo_action (nullable) names an action of the page and @undo_target
 * (nullable, floating is sunk) is its parameter; or that the change waits for approval, with a button that shows
 * the request. */
void       bw_outcome_show         (AdwToastOverlay *toasts,
                                    BwOutcome       *outcome,
                                    const char      *done_text,
                                    const char      *undo_action,
                                    GVariant        *undo_target);

/* Somebody else saved while one was editing. @mine: the members that one wants to save; @theirs: the document as it is
 * now. Both stand side by side; the caller connects to "response" ("mine", "theirs", "cancel") and presents it.
 * "mine": save again with the revision of @theirs. */
GtkWidget *bw_stale_dialog_new     (GtkWidget       *parent,
                                    BwSession       *session,
                                    JsonObject      *mine,
                                    JsonObject      *theirs);

G_END_DECLS
