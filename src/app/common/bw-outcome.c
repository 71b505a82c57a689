/* bw-outcome.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-outcome.h"

#include <glib/gi18n.h>

#include "bw-record-text.h"

/* Below each other on a narrow window, a long value would push the answers out of it. */
#define MAX_CHARS 28

void
bw_outcome_show (AdwToastOverlay *toasts,
                 BwOutcome       *outcome,
                 const char      *done_text,
                 const char      *undo_action,
                 GVariant        *undo_target)
{
  g_autoptr(GVariant) target = undo_target != NULL ? g_variant_ref_sink (undo_target) : NULL;
  AdwToast *toast;
  g_autofree char *title = NULL;

  g_return_if_fail (ADW_IS_TOAST_OVERLAY (toasts));
  g_return_if_fail (outcome != NULL && done_text != NULL);

  title = g_markup_escape_text (outcome->request != NULL ? _("Waits for approval") : done_text, -1);
  toast = adw_toast_new (title);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);

  if (outcome->request != NULL)
    {
      const char *id = bw_entity_get_id (BW_ENTITY (outcome->request));

      adw_toast_set_button_label (toast, _("_Show Request"));
      adw_toast_set_action_name (toast, "win.show-request");
      adw_toast_set_action_target_value (toast, g_variant_new_string (id));
    }
  else if (undo_action != NULL)
    {
      adw_toast_set_button_label (toast, _("_Undo"));
      adw_toast_set_action_name (toast, undo_action);
      adw_toast_set_action_target_value (toast, target);
    }

  adw_toast_overlay_add_toast (toasts, toast);
}

static GtkWidget *
cell_new (const char *text,
          const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARS);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_set_hexpand (label, TRUE);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);

  return label;
}

static void
fill_grid (GtkGrid    *grid,
           BwSession  *session,
           JsonObject *mine,
           JsonObject *theirs)
{
  g_autoptr(GList) names = json_object_get_members (mine);
  int row = 1;

  gtk_grid_attach (grid, cell_new (_("Yours"), "heading"), 1, 0, 1, 1);
  gtk_grid_attach (grid, cell_new (_("Theirs"), "heading"), 2, 0, 1, 1);

  for (GList *l = names; l != NULL; l = l->next)
    {
      JsonNode *my_value = json_object_get_member (mine, l->data);
      JsonNode *their_value = json_object_get_member (theirs, l->data);
      const char *name = bw_member_to_text (l->data);
      g_autofree char *my_text = NULL;
      g_autofree char *their_text = NULL;

      if (name == NULL || (their_value != NULL && json_node_equal (my_value, their_value)))
        continue;

      my_text = bw_member_value_to_text (session, l->data, my_value);
      their_text = bw_member_value_to_text (session, l->data, their_value);
      gtk_grid_attach (grid, cell_new (name, "dim-label"), 0, row, 1, 1);
      gtk_grid_attach (grid, cell_new (my_text, NULL), 1, row, 1, 1);
      gtk_grid_attach (grid, cell_new (their_text, NULL), 2, row, 1, 1);
      row++;
    }
}

GtkWidget *
bw_stale_dialog_new (GtkWidget  *parent,
                     BwSession  *session,
                     JsonObject *mine,
                     JsonObject *theirs)
{
  GtkRoot *root = parent != NULL ? gtk_widget_get_root (parent) : NULL;
  AdwMessageDialog *dialog;
  GtkWidget *grid = gtk_grid_new ();

  g_return_val_if_fail (mine != NULL && theirs != NULL, NULL);

  dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                                       _("Somebody Else Was Faster"),
                                                       _("This was changed while you were editing it. "
                                                         "Which version is to stay?")));
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  fill_grid (GTK_GRID (grid), session, mine, theirs);
  adw_message_dialog_set_extra_child (dialog, grid);
  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "theirs", _("_Theirs"), "mine", _("_Mine"), NULL);
  adw_message_dialog_set_close_response (dialog, "cancel");
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_response_appearance (dialog, "mine", ADW_RESPONSE_DESTRUCTIVE);

  return GTK_WIDGET (dialog);
}
