/* bw-timeline.h: what happened to one device, page by page
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-event-kind.h"
#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_TIMELINE_ITEM (bw_timeline_item_get_type ())

/* Immutable. */
G_DECLARE_FINAL_TYPE (BwTimelineItem, bw_timeline_item, BW, TIMELINE_ITEM, GObject)

const char  *bw_timeline_item_get_id      (BwTimelineItem *self);
gint64       bw_timeline_item_get_at_us   (BwTimelineItem *self);
gint64       bw_timeline_item_get_n       (BwTimelineItem *self);
BwEventKind  bw_timeline_item_get_kind    (BwTimelineItem *self);
const char  *bw_timeline_item_get_text    (BwTimelineItem *self);    /* the backend's own sentence, in English */
const char  *bw_timeline_item_get_by      (BwTimelineItem *self);    /* (nullable) */
JsonObject  *bw_timeline_item_get_details (BwTimelineItem *self);

#define BW_TYPE_TIMELINE (bw_timeline_get_type ())

/* A list of BwTimelineItem, newest first, which grows at its end as it is asked for more.
 * Signals: changed ()   it loads, has loaded, or could not */
G_DECLARE_FINAL_TYPE (BwTimeline, bw_timeline, BW, TIMELINE, GObject)

BwTimeline   *bw_timeline_new             (BwSession      *session,
                                           const char     *device_id);
GListModel   *bw_timeline_get_items       (BwTimeline     *self);    /* (transfer none) */
/* From the first one on. @kinds: (nullable): nicks, with commas between them */
void          bw_timeline_load            (BwTimeline     *self,
                                           const char     *kinds);
/* The next page, if there is one and none is under way. */
void          bw_timeline_load_more       (BwTimeline     *self);
/* What has happened since; the rest stays as it is. */
void          bw_timeline_refresh         (BwTimeline     *self);
gboolean      bw_timeline_is_loading      (BwTimeline     *self);
gboolean      bw_timeline_is_complete     (BwTimeline     *self);
const GError *bw_timeline_get_error       (BwTimeline     *self);    /* (nullable): the last try failed */

G_END_DECLS
