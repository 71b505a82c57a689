/* bw-feed.h: what has just changed, for whoever passes it on
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define BW_TYPE_FEED (bw_feed_get_type ())

G_DECLARE_FINAL_TYPE (BwFeed, bw_feed, BW, FEED, GObject)

/* Signal: changed (const char *kind, gint64 company_id, const char *document), on the main
 * context. Kinds: device, batch, command, overview, notice. The document is the JSON of the API. */
BwFeed *bw_feed_new     (void);
void    bw_feed_changed (BwFeed     *self,
                         const char *kind,
                         gint64      company_id,
                         const char *document);

G_END_DECLS
