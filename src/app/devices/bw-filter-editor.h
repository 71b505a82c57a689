/* bw-filter-editor.h: one condition of a filter, chosen by mouse or keys
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_FILTER_EDITOR (bw_filter_editor_get_type ())

/* For a popover: a list of fields, then how and with what to compare the one that was chosen. The values that there
 * are, and how many devices have each, come from the server.
 *
 * Signal: applied (JsonObject *filter)  the whole filter with the condition */
G_DECLARE_FINAL_TYPE (BwFilterEditor, bw_filter_editor, BW, FILTER_EDITOR, GtkWidget)

GtkWidget *bw_filter_editor_new         (void);
void       bw_filter_editor_set_session (BwFilterEditor *self,
                                         BwSession      *session);
/* @filter: what is filtered by now; @key: (nullable): the condition to change, NULL: a new one */
void       bw_filter_editor_begin       (BwFilterEditor *self,
                                         JsonObject     *filter,
                                         const char     *key);

G_END_DECLS
