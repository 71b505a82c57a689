/* bw-timeline-text.h: an item of a timeline as a document, and in a sentence
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-actor.h"
#include "bw-authority.h"
#include "bw-event-repo.h"

G_BEGIN_DECLS

/* What tells it from all others, and where the list goes on behind it. (transfer full) */
char     *bw_timeline_row_make_id  (const BwTimelineRow *row);
gboolean  bw_timeline_place_parse  (BwTimelinePlace     *self,
                                    const char          *id);

/* As @actor may know it: who did it, and what it was before and after, not everybody's. */
void      bw_timeline_row_write    (const BwTimelineRow *row,
                                    const BwActor       *actor,
                                    BwAuthority         *authority,
                                    GString             *out);

G_END_DECLS
