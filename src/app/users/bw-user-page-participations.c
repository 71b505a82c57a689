/* bw-user-page-participations.c: where the user acts, and as what
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-user-page-private.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-json.h"
#include "bw-participation-text.h"
#include "bw-permission-text.h"

static GtkWidget *
make_button (const char *icon,
             const char *label,
             const char *action,
             const char *id)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_button_set_has_frame (GTK_BUTTON (button), FALSE);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, label);
  bw_accessible_set_label (button, label);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);

  return button;
}

static GtkWidget *
make_row (BwUserPage      *self,
          BwParticipation *participation)
{
  BwRecord *record = BW_RECORD (participation);
  const char *id = bw_entity_get_id (BW_ENTITY (participation));
  const char *company = bw_record_get_text (record, "company");
  g_autofree char *days = bw_participation_text_days (participation);
  const char *role = bw_role_name_to_text (bw_record_get_text (record, "role"));
  g_autofree char *subtitle = g_strdup_printf ("%s · %s", role != NULL ? role : "—", days);
  g_autofree char *escaped_title = g_markup_escape_text (company != NULL ? company : "—", -1);
  g_autofree char *escaped_subtitle = g_markup_escape_text (subtitle, -1);
  const char *state = bw_participation_text_state (participation);
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), escaped_title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), escaped_subtitle);
  if (bw_participation_state (participation) != BW_PARTICIPATION_ACTIVE)
    {
      GtkWidget *label = gtk_label_new (state);

      gtk_widget_add_css_class (label, "caption");
      gtk_widget_add_css_class (label, "warning");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
    }

  if (bw_session_may (self->session, BW_PERMISSION_MANAGE_PARTICIPATIONS))
    {
      g_autofree char *label = g_strdup_printf (_("Edit the participation in %s"), company);

      adw_action_row_add_suffix (ADW_ACTION_ROW (row), make_button ("document-edit-symbolic", label,
                                                                     "user.edit-participation", id));
    }

  if (bw_session_may (self->session, BW_PERMISSION_DELETE_PARTICIPATIONS))
    {
      g_autofree char *label = g_strdup_printf (_("End the participation in %s"), company);

      adw_action_row_add_suffix (ADW_ACTION_ROW (row), make_button ("user-trash-symbolic", label,
                                                                     "user.end-participation", id));
    }

  return row;
}

static void
load (BwUserPage *self,
      JsonArray  *items)
{
  g_ptr_array_set_size (self->participations, 0);
  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonNode *node = json_array_get_element (items, i);
      g_autoptr(BwParticipation) participation = bw_participation_new ();
      g_autoptr(GError) error = NULL;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        continue;

      if (bw_entity_load (BW_ENTITY (participation), json_node_get_object (node), &error))
        g_ptr_array_add (self->participations, g_steal_pointer (&participation));
      else
        g_warning ("a participation cannot be read: %s, ignoring", error->message);
    }
}

void
bw_user_page_show_participations (BwUserPage *self,
                                  JsonObject *document)
{
  GtkWidget *child;

  load (self, bw_json_get_array (document, "items"));
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->participations_list))) != NULL)
    gtk_list_box_remove (self->participations_list, child);

  for (guint i = 0; i < self->participations->len; i++)
    gtk_list_box_append (self->participations_list, make_row (self, self->participations->pdata[i]));

  gtk_widget_set_visible (GTK_WIDGET (self->participations_list), self->participations->len > 0);
  gtk_widget_set_visible (self->no_participations, self->participations->len == 0);
}
