/* bw-compat.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-compat.h"

#include <glib/gi18n.h>

#include "bw-error-text.h"

void
bw_column_view_scroll_to (GtkColumnView *view,
                          guint          position)
{
  g_return_if_fail (GTK_IS_COLUMN_VIEW (view));

  /* In 4.8 the action is the inner list's alone. */
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (view));
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (GTK_IS_LIST_VIEW (child))
        gtk_widget_activate_action (child, "list.scroll-to-item", "u", position);
    }
}

GtkWidget *
bw_question_new (GtkWidget  *parent,
                 const char *heading,
                 const char *body,
                 const char *accept,
                 gboolean    is_destructive)
{
  GtkRoot *root = parent != NULL ? gtk_widget_get_root (parent) : NULL;
  AdwMessageDialog *dialog;

  dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                                       heading, body));
  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "accept", accept, NULL);
  adw_message_dialog_set_close_response (dialog, "cancel");
  adw_message_dialog_set_default_response (dialog, is_destructive ? "cancel" : "accept");
  adw_message_dialog_set_response_appearance (dialog, "accept",
                                              is_destructive ? ADW_RESPONSE_DESTRUCTIVE
                                                             : ADW_RESPONSE_SUGGESTED);

  return GTK_WIDGET (dialog);
}

void
bw_toast_show (AdwToastOverlay *overlay,
               const char      *text)
{
  AdwToast *toast;
  g_autofree char *escaped = NULL;

  g_return_if_fail (ADW_IS_TOAST_OVERLAY (overlay));
  g_return_if_fail (text != NULL);

  toast = adw_toast_new ("");
  escaped = g_markup_escape_text (text, -1);
  adw_toast_set_title (toast, escaped);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_overlay_add_toast (overlay, toast);
}

void
bw_toast_show_error (AdwToastOverlay *overlay,
                     const GError    *error)
{
  g_autofree char *text = bw_error_to_user_text (error);

  if (overlay != NULL)
    bw_toast_show (overlay, text);
}

void
bw_tooltip_set (GtkWidget  *widget,
                const char *text)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));

  if (g_strcmp0 (gtk_widget_get_tooltip_text (widget), text) != 0)
    gtk_widget_set_tooltip_text (widget, text);
}

void
bw_accessible_set_label (GtkWidget  *widget,
                         const char *label)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));

  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);

  /* The button inside is what gets the focus; up to GTK 4.8 it has no name. */
  if (GTK_IS_DROP_DOWN (widget))
    bw_accessible_set_label (gtk_widget_get_first_child (widget), label);
}
