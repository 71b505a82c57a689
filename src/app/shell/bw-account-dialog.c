/* bw-account-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-account-dialog.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-error-text.h"
#include "bw-field.h"
#include "bw-json.h"
#include "bw-password-dialog.h"
#include "bw-people-rules.h"
#include "bw-permission-text.h"
#include "bw-second-factor-dialog.h"
#include "bw-time-text.h"

/**
 * BwAccountDialog:
 *
 * What belongs to the person who is signed in: name, password, second factor, and where else they
 * are signed in. Each thing is saved by itself.
 */

struct _BwAccountDialog
{
  AdwWindow        parent_instance;

  BwSession       *session;
  GCancellable    *cancellable;
  gboolean         is_renaming;

  AdwToastOverlay *toasts;
  AdwActionRow    *login_row;
  AdwActionRow    *role_row;
  GtkEditable     *first_name_row;
  GtkEditable     *last_name_row;
  GtkLabel        *name_error;
  AdwActionRow    *totp_row;
  GtkButton       *totp_button;
  GtkListBox      *sessions_list;
  GtkLabel        *sessions_error;
};

G_DEFINE_FINAL_TYPE (BwAccountDialog, bw_account_dialog, ADW_TYPE_WINDOW)

static void load_sessions (BwAccountDialog *self);

static void
tell_error (BwAccountDialog *self,
            const GError    *error)
{
  g_autofree char *text = bw_error_to_user_text (error);

  bw_toast_show (self->toasts, text);
}

static void
name_changed_cb (BwAccountDialog *self)
{
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;
  gboolean is_long, is_other;

  /* The template is still being built. */
  if (self->session == NULL)
    return;

  first = bw_field_get_text (self->first_name_row);
  last = bw_field_get_text (self->last_name_row);
  is_long = strlen (first) > BW_PEOPLE_MAX_NAME_BYTES || strlen (last) > BW_PEOPLE_MAX_NAME_BYTES;
  is_other = g_strcmp0 (first, bw_session_get_first_name (self->session)) != 0 ||
             g_strcmp0 (last, bw_session_get_last_name (self->session)) != 0;

  bw_field_show_error (NULL, self->name_error, is_long ? _("This name is too long.") : NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "account.rename",
                                 is_other && !is_long && *first != '\0' && !self->is_renaming);
}

static void
update_person (BwAccountDialog *self)
{
  const char *first = bw_session_get_first_name (self->session);
  const char *last = bw_session_get_last_name (self->session);
  const char *email = bw_session_get_email (self->session);
  gboolean has_totp = bw_session_get_totp (self->session);
  g_autofree char *login = g_markup_escape_text (email != NULL && *email != '\0' ? email
                                                 : bw_session_get_login (self->session), -1);
  g_autofree char *acting = NULL;
  g_autofree char *escaped = NULL;

  adw_action_row_set_subtitle (self->login_row, login);
  acting = bw_role_at_company_to_text (bw_session_get_role (self->session), bw_session_get_company (self->session));
  escaped = g_markup_escape_text (acting != NULL ? acting : "—", -1);
  adw_action_row_set_subtitle (self->role_row, escaped);

  if (gtk_editable_get_text (self->first_name_row)[0] == '\0' && gtk_editable_get_text (self->last_name_row)[0] == '\0')
    {
      gtk_editable_set_text (self->first_name_row, first != NULL ? first : "");
      gtk_editable_set_text (self->last_name_row, last != NULL ? last : "");
    }

  adw_action_row_set_subtitle (self->totp_row, has_totp ? _("On: signing in takes a code, too")
                                                        : _("Off: the password alone is enough"));
  gtk_button_set_label (self->totp_button, has_totp ? _("Switch _Off…") : _("Set _Up…"));
  name_changed_cb (self);
}

static void
renamed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BwAccountDialog) self = user_data;
  g_autoptr(BwOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;

  outcome = bw_session_change_finish (BW_SESSION (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->is_renaming = FALSE;
  name_changed_cb (self);
  if (outcome != NULL)
    {
      bw_toast_show (self->toasts, _("Saved"));
    }
  else
    {
      g_autofree char *text = bw_error_to_user_text (error);

      bw_field_show_error (NULL, self->name_error, text);
    }
}

static void
rename_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwAccountDialog *self = BW_ACCOUNT_DIALOG (widget);
  g_autoptr(JsonObject) body = json_object_new ();
  g_autofree char *first = bw_field_get_text (self->first_name_row);
  g_autofree char *last = bw_field_get_text (self->last_name_row);

  json_object_set_string_member (body, "firstName", first);
  json_object_set_string_member (body, "lastName", last);
  self->is_renaming = TRUE;
  gtk_widget_action_set_enabled (widget, "account.rename", FALSE);
  bw_session_change_async (self->session, "PATCH", "/v1/users/me", body, self->cancellable, renamed_cb,
                           g_object_ref (self));
}

static void
entry_activated_cb (BwAccountDialog *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "account.rename", NULL);
}

static void
session_ended_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(BwAccountDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) document = bw_session_call_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (document != NULL)
    bw_toast_show (self->toasts, _("The session has ended"));
  else
    tell_error (self, error);

  load_sessions (self);
}

static void
end_session_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  BwAccountDialog *self = BW_ACCOUNT_DIALOG (widget);
  g_autofree char *id = g_uri_escape_string (g_variant_get_string (parameter, NULL), NULL, FALSE);
  g_autofree char *path = g_strconcat ("/v1/sessions/", id, NULL);

  bw_session_call_async (self->session, "DELETE", path, NULL, self->cancellable, session_ended_cb,
                         g_object_ref (self));
}

static GtkWidget *
make_session_row (JsonObject *session)
{
  GtkWidget *row = adw_action_row_new ();
  const char *client = bw_json_get_string (session, "client");
  const char *address = bw_json_get_string (session, "address");
  g_autofree char *used = bw_time_to_relative_text (bw_json_get_int (session, "lastUsedAt", 0), g_get_real_time ());
  g_autofree char *created = bw_time_to_date_text (bw_json_get_int (session, "createdAt", 0));
  g_autofree char *title = g_markup_escape_text (client != NULL && *client != '\0' ? client : _("Unknown program"), -1);
  g_autofree char *facts = NULL;
  g_autofree char *subtitle = NULL;

  /* Translators: a session: an address, when it was last used, since when it is there */
  facts = g_strdup_printf (_("%s · used: %s · since %s"), address != NULL ? address : "—", used, created);
  subtitle = g_markup_escape_text (facts, -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);

  if (bw_json_get_boolean (session, "current", FALSE))
    {
      GtkWidget *label = gtk_label_new (_("This session"));

      gtk_widget_add_css_class (label, "dim-label");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
    }
  else
    {
      GtkWidget *button = gtk_button_new_with_mnemonic (_("_End"));
      g_autofree char *label = g_strdup_printf (_("End the session of %s"), facts);

      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      bw_accessible_set_label (button, label);
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", bw_json_get_string (session, "id"));
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "account.end-session");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
    }

  return row;
}

static void
sessions_loaded_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(BwAccountDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) document = bw_session_call_finish (BW_SESSION (source), result, &error);
  JsonArray *items = bw_json_get_array (document, "items");
  g_autofree char *text = NULL;
  GtkWidget *child;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->sessions_list))) != NULL)
    gtk_list_box_remove (self->sessions_list, child);

  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonNode *node = json_array_get_element (items, i);

      if (JSON_NODE_HOLDS_OBJECT (node) && bw_json_get_string (json_node_get_object (node), "id") != NULL)
        gtk_list_box_append (self->sessions_list, make_session_row (json_node_get_object (node)));
    }

  if (document == NULL)
    text = bw_error_to_user_text (error);
  bw_field_show_error (NULL, self->sessions_error, text);
}

static void
load_sessions (BwAccountDialog *self)
{
  bw_session_call_async (self->session, "GET", "/v1/sessions", NULL, self->cancellable, sessions_loaded_cb,
                         g_object_ref (self));
}

static void
password_changed_cb (BwAccountDialog *self)
{
  bw_toast_show (self->toasts, _("The password is changed, and your other sessions have ended"));
  load_sessions (self);
}

static void
change_password_action (GtkWidget  *widget,
                        const char *action_name,
                        GVariant   *parameter)
{
  BwAccountDialog *self = BW_ACCOUNT_DIALOG (widget);
  GtkWidget *dialog = bw_password_dialog_new (self->session, FALSE);

  g_signal_connect_object (dialog, "changed", G_CALLBACK (password_changed_cb), self, G_CONNECT_SWAPPED);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
read_again_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(BwAccountDialog) self = user_data;
  g_autoptr(GError) error = NULL;

  bw_session_resume_finish (BW_SESSION (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (error != NULL)
    tell_error (self, error);
  update_person (self);
}

static void
factor_changed_cb (BwAccountDialog *self)
{
  bw_session_resume_async (self->session, bw_session_get_token (self->session), self->cancellable, read_again_cb,
                           g_object_ref (self));
}

static void
change_factor_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  BwAccountDialog *self = BW_ACCOUNT_DIALOG (widget);
  GtkWidget *dialog = bw_second_factor_dialog_new (self->session);

  g_signal_connect_object (dialog, "changed", G_CALLBACK (factor_changed_cb), self, G_CONNECT_SWAPPED);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* Closed. A call under way may keep the dialog for a moment, even beyond its parent. */
static void
bw_account_dialog_unmap (GtkWidget *widget)
{
  g_cancellable_cancel (BW_ACCOUNT_DIALOG (widget)->cancellable);

  GTK_WIDGET_CLASS (bw_account_dialog_parent_class)->unmap (widget);

  gtk_window_set_transient_for (GTK_WINDOW (widget), NULL);
}

static void
bw_account_dialog_dispose (GObject *object)
{
  BwAccountDialog *self = (BwAccountDialog *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_ACCOUNT_DIALOG);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_account_dialog_parent_class)->dispose (object);
}

static void
bw_account_dialog_class_init (BwAccountDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bw_account_dialog_dispose;
  widget_class->unmap = bw_account_dialog_unmap;

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/shell/bw-account-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwAccountDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwAccountDialog, login_row);
  gtk_widget_class_bind_template_child (widget_class, BwAccountDialog, role_row);
  gtk_widget_class_bind_template_child (widget_class, BwAccountDialog, first_name_row);
  gtk_widget_class_bind_template_child (widget_class, BwAccountDialog, last_name_row);
  gtk_widget_class_bind_template_child (widget_class, BwAccountDialog, name_error);
  gtk_widget_class_bind_template_child (widget_class, BwAccountDialog, totp_row);
  gtk_widget_class_bind_template_child (widget_class, BwAccountDialog, totp_button);
  gtk_widget_class_bind_template_child (widget_class, BwAccountDialog, sessions_list);
  gtk_widget_class_bind_template_child (widget_class, BwAccountDialog, sessions_error);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);

  gtk_widget_class_install_action (widget_class, "account.rename", NULL, rename_action);
  gtk_widget_class_install_action (widget_class, "account.change-password", NULL, change_password_action);
  gtk_widget_class_install_action (widget_class, "account.change-factor", NULL, change_factor_action);
  gtk_widget_class_install_action (widget_class, "account.end-session", "s", end_session_action);
}

static void
bw_account_dialog_init (BwAccountDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_account_dialog_new (BwSession *session)
{
  BwAccountDialog *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  self = g_object_new (BW_TYPE_ACCOUNT_DIALOG, NULL);
  self->session = g_object_ref (session);
  update_person (self);
  load_sessions (self);

  return GTK_WIDGET (self);
}
