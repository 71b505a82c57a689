/* bw-tag-filter.h: those with a tag only
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_TAG_FILTER (bw_tag_filter_get_type ())

/* A drop-down of all tags, for beside the search entry of a table; not there as long as there are none.
 *
 * Property: tag-id (string, nullable, notify)  NULL: all */
G_DECLARE_FINAL_TYPE (BwTagFilter, bw_tag_filter, BW, TAG_FILTER, GtkWidget)

GtkWidget  *bw_tag_filter_new         (void);
/* Loads bw_session_get_tags (). */
void        bw_tag_filter_set_session (BwTagFilter *self,
                                       BwSession   *session);
const char *bw_tag_filter_get_tag_id  (BwTagFilter *self);
void        bw_tag_filter_set_tag_id  (BwTagFilter *self,
                                       const char  *tag_id);

/* Whether the server takes @tag in that company: it is everybody's, or a company's at or above it. */
gboolean    bw_tag_is_usable_in       (BwTag       *tag,
                                       BwSession   *session,
                                       const char  *company_id);

G_END_DECLS
