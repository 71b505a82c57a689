/* bw-role-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-role-dialog-private.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-json.h"
#include "bw-people-rules.h"
#include "bw-permission-text.h"
#include "bw-text.h"

#define MAX_PEOPLE 20

/**
 * BwRoleDialog:
 *
 * A role: what it lets people do, and who has it. A change is looked at before it is saved,
 * with what it gives to whom and takes from whom. A built-in one is only to be read.
 */

G_DEFINE_FINAL_TYPE (BwRoleDialog, bw_role_dialog, ADW_TYPE_WINDOW)

enum {
  COPY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static guint
get_role_permissions (BwRole *role)
{
  g_auto(GStrv) nicks = NULL;
  guint permissions = 0;

  g_object_get (role, "permissions", &nicks, NULL);
  for (guint i = 0; nicks != NULL && nicks[i] != NULL; i++)
    {
      BwPermission permission;

      if (bw_permission_from_nick (nicks[i], &permission))
        permissions |= permission;
    }

  return permissions;
}

static gboolean
is_name_known (BwRoleDialog *self,
               const char   *name)
{
  GListModel *roles = G_LIST_MODEL (bw_session_get_roles (self->session));

  for (guint i = 0; i < g_list_model_get_n_items (roles); i++)
    {
      g_autoptr(BwRole) role = g_list_model_get_item (roles, i);

      if (g_strcmp0 (bw_role_get_name (role), name) == 0 &&
          (self->role == NULL ||
           g_strcmp0 (bw_entity_get_id (BW_ENTITY (role)), bw_entity_get_id (BW_ENTITY (self->role))) != 0))
        return TRUE;
    }

  return FALSE;
}

static void
show_name_error (BwRoleDialog *self,
                 const char   *text)
{
  gtk_label_set_label (self->name_error, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->name_error), text != NULL);
  if (text != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->name_row), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->name_row), "error");

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->name_row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text != NULL ? text : "", -1);
}

void
bw_role_dialog_validate (BwRoleDialog *self)
{
  g_autofree char *name = NULL;
  const char *text = NULL;
  gboolean is_other;

  /* The template is still being built. */
  if (self->session == NULL)
    return;

  name = g_strstrip (g_strdup (gtk_editable_get_text (self->name_row)));
  if (!bw_name_is_valid (name, BW_PEOPLE_MAX_NAME_BYTES))
    text = _("A name without line breaks is needed, at most 200 bytes long.");
  else if (is_name_known (self, name))
    text = _("There is a role of this name already.");

  is_other = self->role == NULL || g_strcmp0 (name, self->shown_name) != 0 ||
             bw_role_permissions_get (self->permissions) != self->shown_permissions;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "role.review",
                                 text == NULL && is_other && !self->is_busy && !self->is_readable_only);
  show_name_error (self, self->is_name_touched && !self->is_readable_only ? text : NULL);
}

static void
name_changed_cb (BwRoleDialog *self)
{
  if (self->session != NULL)
    self->is_name_touched = TRUE;

  bw_role_dialog_validate (self);
}

void
bw_role_dialog_show_page (BwRoleDialog *self,
                          const char   *name)
{
  gboolean is_review = g_str_equal (name, "review");

  gtk_stack_set_visible_child_name (self->stack, name);
  gtk_widget_set_visible (self->close_button, !is_review);
  gtk_widget_set_visible (self->back_button, is_review);
  gtk_widget_set_visible (self->review_button, !is_review && !self->is_readable_only);
  gtk_widget_set_visible (self->copy_button, !is_review && self->is_readable_only &&
                          bw_session_may (self->session, BW_PERMISSION_MANAGE_ROLES));
  gtk_widget_set_visible (self->save_button, is_review);
}

void
bw_role_dialog_set_busy (BwRoleDialog *self,
                         gboolean      is_busy)
{
  self->is_busy = is_busy;
  gtk_widget_set_sensitive (GTK_WIDGET (self->stack), !is_busy);
  gtk_stack_set_visible_child_name (self->busy_stack, is_busy ? "busy" : "buttons");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "role.save", !is_busy);
  bw_role_dialog_validate (self);
}

static void
add_person (BwRoleDialog *self,
            JsonObject   *participation)
{
  GtkWidget *row = adw_action_row_new ();
  const char *user = bw_json_get_string (participation, "user");
  const char *company = bw_json_get_string (participation, "company");
  g_autofree char *title = g_markup_escape_text (user != NULL ? user : "—", -1);
  g_autofree char *subtitle = g_markup_escape_text (company != NULL ? company : "—", -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_list_box_append (self->people, row);
}

static void
people_loaded_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(BwRoleDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = bw_session_call_finish (BW_SESSION (source), result, &error);
  JsonArray *items = bw_json_get_array (reply, "items");
  guint n_items = items != NULL ? MIN (json_array_get_length (items), MAX_PEOPLE) : 0;
  guint total;
  g_autofree char *more = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  /* Who may not see people sees the role all the same. */
  gtk_widget_set_visible (GTK_WIDGET (self->people_group), reply != NULL);
  if (reply == NULL)
    return;

  for (guint i = 0; i < n_items; i++)
    {
      JsonNode *node = json_array_get_element (items, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        add_person (self, json_node_get_object (node));
    }

  total = (guint) MAX (bw_json_get_int (reply, "total", n_items), n_items);
  gtk_widget_set_visible (GTK_WIDGET (self->people_more), total > n_items);
  more = g_strdup_printf (ngettext ("and %'u more", "and %'u more", total - n_items), total - n_items);
  gtk_label_set_label (self->people_more, more);
}

static void
load_people (BwRoleDialog *self)
{
  g_autofree char *path = NULL;

  if (self->role == NULL || !bw_session_may (self->session, BW_PERMISSION_VIEW_PARTICIPATIONS))
    return;

  path = g_strdup_printf ("/v1/participations?role=%s&sort=user&limit=%d",
                          bw_entity_get_id (BW_ENTITY (self->role)), MAX_PEOPLE);
  bw_session_call_async (self->session, "GET", path, NULL, self->cancellable, people_loaded_cb, g_object_ref (self));
}

/* Begins with what @role is now, be it the one that is edited or the one to copy. */
void
bw_role_dialog_show_role (BwRoleDialog *self,
                          BwRole       *role)
{
  gboolean is_builtin = self->role != NULL && bw_record_get_text (BW_RECORD (self->role), "builtin") != NULL;
  const char *name = role != NULL ? bw_role_name_to_text (bw_role_get_name (role)) : NULL;
  g_autofree char *copy_name = NULL;

  if (self->role == NULL && name != NULL)
    /* Translators: the first name of a copy of a role: "Support (copy)" */
    copy_name = g_strdup_printf (_("%s (copy)"), name);

  self->shown_permissions = role != NULL ? get_role_permissions (role) : 0;
  self->revision = self->role != NULL ? bw_entity_get_revision (BW_ENTITY (self->role)) : 0;
  bw_set_str (&self->shown_name, name);
  self->is_readable_only = is_builtin || !bw_session_may (self->session, BW_PERMISSION_MANAGE_ROLES);

  gtk_editable_set_text (self->name_row, copy_name != NULL ? copy_name : name != NULL ? name : "");
  gtk_editable_set_editable (self->name_row, !self->is_readable_only);
  gtk_widget_set_sensitive (GTK_WIDGET (self->name_row), !self->is_readable_only);
  gtk_widget_set_visible (self->builtin_label, is_builtin);
  gtk_widget_set_visible (self->delete_button, self->role != NULL && !is_builtin &&
                          bw_session_may (self->session, BW_PERMISSION_DELETE_ROLES));
  bw_role_permissions_set (self->permissions, self->shown_permissions,
                           self->is_readable_only ? 0 : bw_session_get_permissions (self->session));
  self->is_name_touched = copy_name != NULL;
  bw_role_dialog_show_page (self, "edit");
  bw_role_dialog_validate (self);
}

/* Actions */

static void
review_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwRoleDialog *self = BW_ROLE_DIALOG (widget);

  /* Nobody has a role that is not there yet. */
  self->is_deleting = FALSE;
  if (self->role == NULL)
    bw_role_dialog_save (self);
  else
    bw_role_dialog_show_review (self, FALSE);
}

static void
delete_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  bw_role_dialog_show_review (BW_ROLE_DIALOG (widget), TRUE);
}

static void
back_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  bw_role_dialog_show_page (BW_ROLE_DIALOG (widget), "edit");
}

static void
save_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  bw_role_dialog_save (BW_ROLE_DIALOG (widget));
}

static void
copy_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  g_autoptr(BwRoleDialog) self = g_object_ref (BW_ROLE_DIALOG (widget));
  g_autoptr(BwRole) role = g_object_ref (self->role);

  gtk_window_close (GTK_WINDOW (self));
  g_signal_emit (self, signals[COPY], 0, role);
}

/* Closed. A call under way may keep the dialog for a moment, even beyond its parent. */
static void
bw_role_dialog_unmap (GtkWidget *widget)
{
  g_cancellable_cancel (BW_ROLE_DIALOG (widget)->cancellable);

  GTK_WIDGET_CLASS (bw_role_dialog_parent_class)->unmap (widget);

  gtk_window_set_transient_for (GTK_WINDOW (widget), NULL);
}

static void
bw_role_dialog_dispose (GObject *object)
{
  BwRoleDialog *self = (BwRoleDialog *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_ROLE_DIALOG);
  g_clear_object (&self->session);
  g_clear_object (&self->role);
  g_clear_object (&self->toasts);
  g_clear_pointer (&self->shown_name, g_free);

  G_OBJECT_CLASS (bw_role_dialog_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/roles/bw-role-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwRoleDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, BwRoleDialog, title);
  gtk_widget_class_bind_template_child (widget_class, BwRoleDialog, close_button);
  gtk_widget_class_bind_template_child (widget_class, BwRoleDialog, back_button);
  gtk_widget_class_bind_template_child (widget_class, BwRoleDialog, copy_button);
  gtk_widget_class_bind_template_child (widget_class, BwRoleDialog, review_button);
  gtk_widget_class_bind_template_child (widget_class, BwRoleDialog, save_button);
  gtk_widget_class_bind_template_child (widget_class, BwRoleDialog, busy_stack);
  gtk_widget_class_bind_template_child (widget_class, BwRoleDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, BwRoleDialog, name_error);
  gtk_widget_class_bind_template_child (widget_class, BwRoleDialog, general_error);
  gtk_widget_class_bind_template_child (widget_class, BwRoleDialog, builtin_label);
  gtk_widget_class_bind_template_child (widget_class, BwRoleDialog, permissions);
  gtk_widget_class_bind_template_child (widget_class, BwRoleDialog, people_group);
  gtk_widget_class_bind_template_child (widget_class, BwRoleDialog, people);
  gtk_widget_class_bind_template_child (widget_class, BwRoleDialog, people_more);
  gtk_widget_class_bind_template_child (widget_class, BwRoleDialog, delete_button);
  gtk_widget_class_bind_template_child (widget_class, BwRoleDialog, difference);
  gtk_widget_class_bind_template_child (widget_class, BwRoleDialog, difference_group);
  gtk_widget_class_bind_template_child (widget_class, BwRoleDialog, effects);
  gtk_widget_class_bind_template_child (widget_class, BwRoleDialog, comment_row);
  gtk_widget_class_bind_template_child (widget_class, BwRoleDialog, review_error);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, bw_role_dialog_validate);
}

static void
bw_role_dialog_class_init (BwRoleDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bw_role_dialog_dispose;
  widget_class->unmap = bw_role_dialog_unmap;

  signals[COPY] =
    g_signal_new ("copy", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, BW_TYPE_ROLE);

  g_type_ensure (BW_TYPE_DIFFERENCE_VIEW);
  g_type_ensure (BW_TYPE_EFFECTS_VIEW);
  g_type_ensure (BW_TYPE_ROLE_PERMISSIONS);
  bind_template (widget_class);

  gtk_widget_class_install_action (widget_class, "role.review", NULL, review_action);
  gtk_widget_class_install_action (widget_class, "role.delete", NULL, delete_action);
  gtk_widget_class_install_action (widget_class, "role.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "role.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "role.copy", NULL, copy_action);
}

static void
bw_role_dialog_init (BwRoleDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_role_dialog_new (BwSession       *session,
                    BwRole          *role,
                    BwRole          *like,
                    AdwToastOverlay *toasts)
{
  BwRoleDialog *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (ADW_IS_TOAST_OVERLAY (toasts), NULL);

  self = g_object_new (BW_TYPE_ROLE_DIALOG, NULL);
  self->session = g_object_ref (session);
  self->toasts = g_object_ref (toasts);
  g_set_object (&self->role, role);

  gtk_window_set_title (GTK_WINDOW (self), role != NULL ? bw_role_name_to_text (bw_role_get_name (role)) : _("New Role"));
  adw_window_title_set_title (self->title, gtk_window_get_title (GTK_WINDOW (self)));
  gtk_button_set_label (GTK_BUTTON (self->review_button), role != NULL ? _("_Review…") : _("C_reate"));
  bw_role_dialog_show_role (self, role != NULL ? role : like);
  load_people (self);

  return GTK_WIDGET (self);
}
