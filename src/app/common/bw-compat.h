/* bw-compat.h: what GTK 4.8 and libadwaita 1.2 do not have yet, in one place
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* gtk_column_view_scroll_to () came with 4.12. */
void       bw_column_view_scroll_to  (GtkColumnView *view,
                                      guint          position);

/* AdwAlertDialog came with 1.5. A question with *Cancel* and one answer, whose response is
 * "accept"; destructive answers are coloured so. The caller connects to "response" and presents it. */
GtkWidget *bw_question_new           (GtkWidget     *parent,
                                      const char    *heading,
                                      const char    *body,
                                      const char    *accept,
                                      gboolean       is_destructive);

/* @text is text, not markup. Seen at once; what was there before comes back after it. */
void       bw_toast_show             (AdwToastOverlay *overlay,
                                      const char    *text);

/* What people read of @error; @overlay: (nullable): then nobody is told. */
void       bw_toast_show_error       (AdwToastOverlay *overlay,
                                      const GError    *error);

/* gtk_widget_set_tooltip_text () asks the display server where the pointer is, and waits for the answer, also when the
 * text is the same. @text: (nullable) */
void       bw_tooltip_set            (GtkWidget       *widget,
                                      const char      *text);

/* The name that a screen reader says for @widget. */
void       bw_accessible_set_label   (GtkWidget     *widget,
                                      const char    *label);

G_END_DECLS
