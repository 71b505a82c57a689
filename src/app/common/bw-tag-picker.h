/* bw-tag-picker.h: choosing the tags of a thing
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_TAG_PICKER (bw_tag_picker_get_type ())

/* The chosen tags as chips and a button whose popover has all of them to tick: for the end of a row of a form. The
 * tags are bw_session_get_tags (); they are loaded when it gets its session.
 *
 *   <object class="AdwActionRow">
 *     <property name="title" translatable="yes">Tags</property>
 *     <child type="suffix"><object class="BwTagPicker" id="tag_picker"/></child>
 *   </object>
 *
 *   bw_tag_picker_set_session (self->tag_picker, session);
 *   bw_tag_picker_set_ids (self->tag_picker, ids);
 *
 * Property: ids (GStrv, notify)  in the order of their numbers, as the server has them */
G_DECLARE_FINAL_TYPE (BwTagPicker, bw_tag_picker, BW, TAG_PICKER, GtkWidget)

GtkWidget          *bw_tag_picker_new         (void);
void                bw_tag_picker_set_session (BwTagPicker        *self,
                                               BwSession          *session);
/* Offers the tags only that may be used in that company; NULL: all of them. */
void                bw_tag_picker_set_company (BwTagPicker        *self,
                                               const char         *company_id);
void                bw_tag_picker_set_ids     (BwTagPicker        *self,
                                               const char * const *ids);      /* (nullable) */
const char * const *bw_tag_picker_get_ids     (BwTagPicker        *self);     /* never NULL */
/* The same for the body of a change. (transfer full) */
JsonArray          *bw_tag_picker_to_json     (BwTagPicker        *self);

G_END_DECLS
