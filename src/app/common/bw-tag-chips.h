/* bw-tag-chips.h: the tags of a thing, in their colours
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_TAG_CHIPS (bw_tag_chips_get_type ())

/* One line of chips; what does not fit is counted ("+2"), and the tooltip names all. Names and colours are those of
 * bw_session_get_tags (), which somebody has to load, and follow it; a tag that is not there is not shown.
 *
 *   GtkWidget *chips = bw_tag_chips_new (session);
 *
 *   bw_tag_chips_set_fixed_chars (BW_TAG_CHIPS (chips), 16);      in the cell of a table
 *   bw_tag_chips_set_ids (BW_TAG_CHIPS (chips), ids);
 *
 * In a template: <object class="BwTagChips" id="chips"/> and bw_tag_chips_set_session () later. */
G_DECLARE_FINAL_TYPE (BwTagChips, bw_tag_chips, BW, TAG_CHIPS, GtkWidget)

GtkWidget  *bw_tag_chips_new             (BwSession          *session);
void        bw_tag_chips_set_session     (BwTagChips         *self,
                                          BwSession          *session);     /* (nullable) */
/* @ids: (nullable) */
void        bw_tag_chips_set_ids         (BwTagChips         *self,
                                          const char * const *ids);
/* Wants that much room whatever it shows, so that a row that scrolls in costs no new layout. 0: as it needs. */
void        bw_tag_chips_set_fixed_chars (BwTagChips         *self,
                                          guint               n_chars);
/* "Lab, North"; empty when there are none. What a screen reader hears, too. */
const char *bw_tag_chips_get_text        (BwTagChips         *self);

G_END_DECLS
