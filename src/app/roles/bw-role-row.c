/* bw-role-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-role-row.h"

#include <glib/gi18n.h>

#include "bw-permission-text.h"

/**
 * BwRoleRow:
 *
 * A role in the list: its name, what it lets people do, how many have it.
 */

struct _BwRoleRow
{
  AdwActionRow  parent_instance;

  GtkLabel     *people;
};

G_DEFINE_FINAL_TYPE (BwRoleRow, bw_role_row, ADW_TYPE_ACTION_ROW)

static void
update (BwRoleRow  *self,
        GParamSpec *pspec,
        BwRole     *role)
{
  g_auto(GStrv) nicks = NULL;
  gint64 n_people;
  guint permissions = 0;
  g_autofree char *title = g_markup_escape_text (bw_role_name_to_text (bw_role_get_name (role)), -1);
  g_autofree char *names = NULL;
  g_autofree char *people = NULL;

  g_object_get (role, "permissions", &nicks, "n-participations", &n_people, NULL);
  for (guint i = 0; nicks != NULL && nicks[i] != NULL; i++)
    {
      BwPermission permission;

      if (bw_permission_from_nick (nicks[i], &permission))
        permissions |= permission;
    }

  names = permissions == BW_PERMISSION_ALL ? g_strdup (_("Everything")) : bw_permissions_to_text (permissions);
  people = g_strdup_printf (ngettext ("%'u participation", "%'u participations", (guint) n_people), (guint) n_people);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), *names != '\0' ? names : _("Only what is shared with them"));
  gtk_label_set_label (self->people, people);
}

static void
bw_role_row_class_init (BwRoleRowClass *klass)
{
}

static void
bw_role_row_init (BwRoleRow *self)
{
  GtkWidget *people = gtk_label_new (NULL);

  gtk_widget_add_css_class (people, "dim-label");
  gtk_widget_add_css_class (people, "numeric-cell");
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), people);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), gtk_image_new_from_icon_name ("go-next-symbolic"));
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 2);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self), "roles.open");
  self->people = GTK_LABEL (people);
}

GtkWidget *
bw_role_row_new (BwRole *role)
{
  BwRoleRow *self;

  g_return_val_if_fail (BW_IS_ROLE (role), NULL);

  self = g_object_new (BW_TYPE_ROLE_ROW, NULL);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self), "s", bw_entity_get_id (BW_ENTITY (role)));
  g_signal_connect_object (role, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self, NULL, role);

  return GTK_WIDGET (self);
}
