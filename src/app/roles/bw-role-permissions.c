/* bw-role-permissions.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-role-permissions.h"

#include <glib/gi18n.h>

#include "bw-permission-text.h"

/**
 * BwRolePermissions:
 *
 * A group an object, a row a permission. What another checked one implies is checked and
 * locked, and says by which one; what somebody may not give himself is locked, too.
 */

struct _BwRolePermissions
{
  GtkWidget       parent_instance;

  guint           wanted;      /* what was checked by hand, or came with the role */
  guint           grantable;
  gboolean        is_updating;

  GtkWidget      *box;
  AdwActionRow   *rows[BW_N_PERMISSIONS];
  GtkCheckButton *checks[BW_N_PERMISSIONS];
};

G_DEFINE_FINAL_TYPE (BwRolePermissions, bw_role_permissions, GTK_TYPE_WIDGET)

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Which of the wanted ones bring @number with them. */
static guint
implied_by (BwRolePermissions *self,
            guint              number)
{
  guint by = 0;

  for (guint i = 0; i < BW_N_PERMISSIONS; i++)
    {
      guint bit = 1u << i;

      if (i != number && (self->wanted & bit) && (bw_permissions_complete (bit) & (1u << number)))
        by |= bit;
    }

  return by;
}

static void
update_row (BwRolePermissions *self,
            guint              number)
{
  guint by = implied_by (self, number);
  gboolean may_give = (self->grantable & (1u << number)) != 0;
  gboolean is_on = by != 0 || (self->wanted & (1u << number)) != 0;
  g_autofree char *names = by != 0 ? bw_permissions_to_text (by) : NULL;
  g_autofree char *subtitle = NULL;

  if (by != 0)
    /* Translators: %s: permissions that bring this one with them */
    subtitle = g_strdup_printf (_("Implied by: %s"), names);
  else if (!may_give && self->grantable != 0)
    subtitle = g_strdup (_("You do not have this permission yourself."));

  adw_action_row_set_subtitle (self->rows[number], subtitle != NULL ? subtitle : "");
  gtk_check_button_set_active (self->checks[number], is_on);
  gtk_widget_set_sensitive (GTK_WIDGET (self->checks[number]), by == 0 && may_give);
}

static void
update_rows (BwRolePermissions *self)
{
  self->is_updating = TRUE;
  for (guint i = 0; i < BW_N_PERMISSIONS; i++)
    update_row (self, i);
  self->is_updating = FALSE;
}

static void
toggled_cb (BwRolePermissions *self,
            GtkCheckButton    *check)
{
  if (self->is_updating)
    return;

  for (guint i = 0; i < BW_N_PERMISSIONS; i++)
    {
      if (self->checks[i] != check)
        continue;

      if (gtk_check_button_get_active (check))
        self->wanted |= 1u << i;
      else
        self->wanted &= ~(1u << i);
    }

  update_rows (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
add_row (BwRolePermissions   *self,
         AdwPreferencesGroup *group,
         guint                number)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *check = gtk_check_button_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), bw_permission_to_text (number));
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  /* Names it, too. */
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  adw_preferences_group_add (group, row);
  self->rows[number] = ADW_ACTION_ROW (row);
  self->checks[number] = GTK_CHECK_BUTTON (check);
  g_signal_connect_object (check, "toggled", G_CALLBACK (toggled_cb), self, G_CONNECT_SWAPPED);
}

static void
bw_role_permissions_dispose (GObject *object)
{
  BwRolePermissions *self = (BwRolePermissions *) object;

  if (self->box != NULL)
    gtk_widget_unparent (self->box);
  self->box = NULL;

  G_OBJECT_CLASS (bw_role_permissions_parent_class)->dispose (object);
}

static void
bw_role_permissions_class_init (BwRolePermissionsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bw_role_permissions_dispose;
  signals[CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
bw_role_permissions_init (BwRolePermissions *self)
{
  const char *last = NULL;
  GtkWidget *group = NULL;

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));

  for (guint i = 0; i < BW_N_PERMISSIONS; i++)
    {
      const char *title = bw_permission_to_group_text (i);

      if (group == NULL || g_strcmp0 (title, last) != 0)
        {
          group = adw_preferences_group_new ();
          adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
          gtk_box_append (GTK_BOX (self->box), group);
          last = title;
        }

      add_row (self, ADW_PREFERENCES_GROUP (group), i);
    }

  update_rows (self);
}

void
bw_role_permissions_set (BwRolePermissions *self,
                         guint              permissions,
                         guint              grantable)
{
  g_return_if_fail (BW_IS_ROLE_PERMISSIONS (self));

  self->wanted = permissions;
  self->grantable = grantable;
  update_rows (self);
}

guint
bw_role_permissions_get (BwRolePermissions *self)
{
  g_return_val_if_fail (BW_IS_ROLE_PERMISSIONS (self), 0);

  return bw_permissions_complete (self->wanted);
}
