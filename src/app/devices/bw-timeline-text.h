/* bw-timeline-text.h: what happened to a device, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-timeline.h"

G_BEGIN_DECLS

/* (transfer full): a sentence */
char       *bw_timeline_to_text      (BwTimelineItem *item);
const char *bw_timeline_to_icon      (BwTimelineItem *item);
/* A class that colours the icon, or NULL; the words always tell. */
const char *bw_timeline_to_css_class (BwTimelineItem *item);
const char *bw_event_kind_to_text    (BwEventKind     kind);

G_END_DECLS
