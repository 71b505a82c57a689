/* bw-delete-question.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-delete-question.h"

#include "bw-compat.h"
#include "bw-effects-view.h"

#define EFFECTS_HEIGHT_PX 200

GtkWidget *
bw_delete_question_new (GtkWidget  *parent,
                        BwSession  *session,
                        const char *heading,
                        const char *body,
                        const char *accept,
                        const char *path)
{
  GtkWidget *dialog = bw_question_new (parent, heading, body, accept, TRUE);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *effects = bw_effects_view_new ();

  bw_effects_view_ask (BW_EFFECTS_VIEW (effects), session, "DELETE", path, NULL);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), EFFECTS_HEIGHT_PX);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), effects);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), scrolled);

  return dialog;
}
