/* bw-join-form.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-join-form.h"

#include <string.h>

#include <adwaita.h>
#include <glib/gi18n.h>

#include "bw-error-text.h"
#include "bw-error.h"
#include "bw-field.h"
#include "bw-password-meter.h"
#include "bw-people-rules.h"

/**
 * BwJoinForm:
 *
 * Becoming a user: with the code of an invitation, or by oneself in the company whose alias one
 * knows. What is wrong stands below its fields while one types.
 */

struct _BwJoinForm
{
  GtkWidget         parent_instance;

  BwJoinKind        kind;

  GtkWidget        *box;
  GtkLabel         *title_label;
  GtkEditable      *server_row;
  GtkLabel         *server_error;
  GtkWidget        *who_group;
  GtkEditable      *code_row;
  GtkEditable      *email_row;
  GtkEditable      *alias_row;
  GtkLabel         *who_error;
  GtkWidget        *names_group;
  GtkEditable      *first_name_row;
  GtkEditable      *last_name_row;
  GtkLabel         *names_error;
  GtkEditable      *password_row;
  GtkEditable      *again_row;
  BwPasswordMeter  *meter;
  GtkLabel         *password_error;
  GtkLabel         *general_error;
  GtkButton        *submit_button;
};

G_DEFINE_FINAL_TYPE (BwJoinForm, bw_join_form, GTK_TYPE_WIDGET)

enum {
  SUBMIT,
  BACK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
is_filled (GtkEditable *field)
{
  return *gtk_editable_get_text (field) != '\0';
}

static void
clear_errors (BwJoinForm *self)
{
  bw_field_show_error (GTK_WIDGET (self->server_row), self->server_error, NULL);
  bw_field_show_error (GTK_WIDGET (self->code_row), self->who_error, NULL);
  bw_field_show_error (GTK_WIDGET (self->email_row), self->who_error, NULL);
  bw_field_show_error (GTK_WIDGET (self->alias_row), self->who_error, NULL);
  bw_field_show_error (GTK_WIDGET (self->first_name_row), self->names_error, NULL);
  bw_field_show_error (GTK_WIDGET (self->last_name_row), self->names_error, NULL);
  bw_field_show_error (GTK_WIDGET (self->password_row), self->password_error, NULL);
  bw_field_show_error (GTK_WIDGET (self->again_row), self->password_error, NULL);
  bw_field_show_error (NULL, self->general_error, NULL);
}

/* Only what is there and wrong; what is missing keeps the button from working. */
static gboolean
check_who (BwJoinForm *self)
{
  g_autofree char *email = bw_field_get_text (self->email_row);
  g_autofree char *alias = bw_field_get_text (self->alias_row);

  if (self->kind == BW_JOIN_INVITATION)
    return is_filled (self->code_row);

  if (*email != '\0' && !bw_email_is_valid (email))
    {
      bw_field_show_error (GTK_WIDGET (self->email_row), self->who_error,
                           _("This is not an e-mail address, such as ada@example.com"));
      return FALSE;
    }

  if (*alias != '\0' && !bw_alias_is_valid (alias))
    {
      bw_field_show_error (GTK_WIDGET (self->alias_row), self->who_error,
                           _("A company’s alias has 2 to 40 small letters, digits and dashes."));
      return FALSE;
    }

  return *email != '\0' && *alias != '\0';
}

static gboolean
check_names (BwJoinForm *self)
{
  GtkEditable *rows[] = { self->first_name_row, self->last_name_row };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      if (strlen (gtk_editable_get_text (rows[i])) > BW_PEOPLE_MAX_NAME_BYTES)
        {
          bw_field_show_error (GTK_WIDGET (rows[i]), self->names_error, _("This name is too long."));
          return FALSE;
        }
    }

  return self->kind == BW_JOIN_INVITATION || (is_filled (self->first_name_row) && is_filled (self->last_name_row));
}

static gboolean
check_password (BwJoinForm *self)
{
  const char *password = gtk_editable_get_text (self->password_row);
  const char *again = gtk_editable_get_text (self->again_row);
  gboolean is_short = bw_password_strength (password) == BW_PASSWORD_TOO_SHORT;

  bw_password_meter_set_password (self->meter, password);
  if (*again != '\0' && !is_short && strcmp (password, again) != 0)
    {
      bw_field_show_error (GTK_WIDGET (self->again_row), self->password_error,
                           _("The two new passwords are not the same."));
      return FALSE;
    }

  return !is_short && strcmp (password, again) == 0;
}

static gboolean
update (BwJoinForm *self)
{
  gboolean is_who_good, are_names_good, is_password_good;

  clear_errors (self);
  is_who_good = check_who (self);
  are_names_good = check_names (self);
  is_password_good = check_password (self);

  return is_filled (self->server_row) && is_who_good && are_names_good && is_password_good;
}

static void
form_changed_cb (BwJoinForm *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "join.submit", update (self));
}

static void
entry_activated_cb (BwJoinForm *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "join.submit", NULL);
}

static void
submit_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  g_signal_emit (widget, signals[SUBMIT], 0);
}

static void
back_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  bw_join_form_clear (BW_JOIN_FORM (widget));
  g_signal_emit (widget, signals[BACK], 0);
}

static void
bw_join_form_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), BW_TYPE_JOIN_FORM);

  G_OBJECT_CLASS (bw_join_form_parent_class)->dispose (object);
}

static void
bw_join_form_class_init (BwJoinFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bw_join_form_dispose;

  signals[SUBMIT] = g_signal_new ("submit", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
  signals[BACK] = g_signal_new ("back", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);

  g_type_ensure (BW_TYPE_PASSWORD_METER);
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/shell/bw-join-form.ui");
  gtk_widget_class_bind_template_child (widget_class, BwJoinForm, box);
  gtk_widget_class_bind_template_child (widget_class, BwJoinForm, title_label);
  gtk_widget_class_bind_template_child (widget_class, BwJoinForm, server_row);
  gtk_widget_class_bind_template_child (widget_class, BwJoinForm, server_error);
  gtk_widget_class_bind_template_child (widget_class, BwJoinForm, who_group);
  gtk_widget_class_bind_template_child (widget_class, BwJoinForm, code_row);
  gtk_widget_class_bind_template_child (widget_class, BwJoinForm, email_row);
  gtk_widget_class_bind_template_child (widget_class, BwJoinForm, alias_row);
  gtk_widget_class_bind_template_child (widget_class, BwJoinForm, who_error);
  gtk_widget_class_bind_template_child (widget_class, BwJoinForm, names_group);
  gtk_widget_class_bind_template_child (widget_class, BwJoinForm, first_name_row);
  gtk_widget_class_bind_template_child (widget_class, BwJoinForm, last_name_row);
  gtk_widget_class_bind_template_child (widget_class, BwJoinForm, names_error);
  gtk_widget_class_bind_template_child (widget_class, BwJoinForm, password_row);
  gtk_widget_class_bind_template_child (widget_class, BwJoinForm, again_row);
  gtk_widget_class_bind_template_child (widget_class, BwJoinForm, meter);
  gtk_widget_class_bind_template_child (widget_class, BwJoinForm, password_error);
  gtk_widget_class_bind_template_child (widget_class, BwJoinForm, general_error);
  gtk_widget_class_bind_template_child (widget_class, BwJoinForm, submit_button);
  gtk_widget_class_bind_template_callback (widget_class, form_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "join.submit", NULL, submit_action);
  gtk_widget_class_install_action (widget_class, "join.back", NULL, back_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "join.back", NULL);
}

static void
bw_join_form_init (BwJoinForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
bw_join_form_begin (BwJoinForm *self,
                    BwJoinKind  kind,
                    const char *server_uri)
{
  gboolean is_invitation = kind == BW_JOIN_INVITATION;

  g_return_if_fail (BW_IS_JOIN_FORM (self));

  self->kind = kind;
  gtk_label_set_label (self->title_label, is_invitation ? _("Accept an Invitation") : _("Create an Account"));
  gtk_button_set_label (self->submit_button, is_invitation ? _("Join") : _("Create Account"));
  gtk_widget_set_visible (GTK_WIDGET (self->code_row), is_invitation);
  gtk_widget_set_visible (GTK_WIDGET (self->email_row), !is_invitation);
  gtk_widget_set_visible (GTK_WIDGET (self->alias_row), !is_invitation);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->who_group),
                                         is_invitation ? _("The code was handed over to you, or came by e-mail.")
                                                       : _("Your company tells you its alias."));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->names_group),
                                         is_invitation ? _("Left empty, your name stays as you were invited.") : "");
  gtk_editable_set_text (self->server_row, server_uri);
  form_changed_cb (self);

  if (!is_filled (self->server_row))
    gtk_widget_grab_focus (GTK_WIDGET (self->server_row));
  else
    gtk_widget_grab_focus (GTK_WIDGET (is_invitation ? self->code_row : self->email_row));
}

const char *
bw_join_form_get_server (BwJoinForm *self)
{
  g_return_val_if_fail (BW_IS_JOIN_FORM (self), NULL);

  return gtk_editable_get_text (self->server_row);
}

char *
bw_join_form_get_user (BwJoinForm *self)
{
  g_return_val_if_fail (BW_IS_JOIN_FORM (self), NULL);

  return self->kind == BW_JOIN_REGISTRATION ? bw_field_get_text (self->email_row) : NULL;
}

void
bw_join_form_send (BwJoinForm          *self,
                   BwSession           *session,
                   GCancellable        *cancellable,
                   GAsyncReadyCallback  callback,
                   gpointer             user_data)
{
  g_autofree char *first_name = NULL;
  g_autofree char *last_name = NULL;
  const char *password;

  g_return_if_fail (BW_IS_JOIN_FORM (self));

  first_name = bw_field_get_text (self->first_name_row);
  last_name = bw_field_get_text (self->last_name_row);
  password = gtk_editable_get_text (self->password_row);

  if (self->kind == BW_JOIN_INVITATION)
    {
      g_autofree char *code = bw_field_get_text (self->code_row);

      bw_session_accept_async (session, code, password, *first_name != '\0' ? first_name : NULL,
                               *last_name != '\0' ? last_name : NULL, cancellable, callback, user_data);
    }
  else
    {
      g_autofree char *email = bw_field_get_text (self->email_row);
      g_autofree char *alias = bw_field_get_text (self->alias_row);

      bw_session_register_async (session, email, password, first_name, last_name, alias, cancellable,
                                 callback, user_data);
    }
}

gboolean
bw_join_form_finish (BwJoinForm    *self,
                     BwSession     *session,
                     GAsyncResult  *result,
                     GError       **error)
{
  g_return_val_if_fail (BW_IS_JOIN_FORM (self), FALSE);

  return self->kind == BW_JOIN_INVITATION ? bw_session_accept_finish (session, result, error)
                                          : bw_session_register_finish (session, result, error);
}

void
bw_join_form_show_error (BwJoinForm   *self,
                         const GError *error)
{
  g_autofree char *text = NULL;
  gboolean is_invitation;

  g_return_if_fail (BW_IS_JOIN_FORM (self));
  g_return_if_fail (error != NULL);

  is_invitation = self->kind == BW_JOIN_INVITATION;
  text = bw_error_to_user_text (error);
  if (is_invitation && (g_error_matches (error, BW_ERROR, BW_ERROR_NOT_FOUND) ||
                        g_error_matches (error, BW_ERROR, BW_ERROR_UNAUTHENTICATED) ||
                        g_error_matches (error, BW_ERROR, BW_ERROR_FORBIDDEN)))
    bw_field_show_error (GTK_WIDGET (self->code_row), self->who_error,
                         _("This code is not valid, or not any more. Ask for a new one."));
  else if (!is_invitation && g_error_matches (error, BW_ERROR, BW_ERROR_NOT_FOUND))
    bw_field_show_error (GTK_WIDGET (self->alias_row), self->who_error, _("No company has this alias."));
  else if (!is_invitation && g_error_matches (error, BW_ERROR, BW_ERROR_CONFLICT))
    bw_field_show_error (GTK_WIDGET (self->email_row), self->who_error,
                         _("There is an account with this e-mail address already."));
  else if (!is_invitation && g_error_matches (error, BW_ERROR, BW_ERROR_FORBIDDEN))
    bw_field_show_error (NULL, self->general_error, _("This server lets nobody create an account by themselves."));
  else if (g_error_matches (error, BW_ERROR, BW_ERROR_TOO_MANY))
    bw_field_show_error (NULL, self->general_error, _("Too many attempts. Wait a minute, then try again."));
  else if (g_error_matches (error, BW_ERROR, BW_ERROR_UNAVAILABLE))
    bw_field_show_error (GTK_WIDGET (self->server_row), self->server_error, text);
  else
    bw_field_show_error (NULL, self->general_error, text);
}

void
bw_join_form_clear (BwJoinForm *self)
{
  g_return_if_fail (BW_IS_JOIN_FORM (self));

  gtk_editable_set_text (self->password_row, "");
  gtk_editable_set_text (self->again_row, "");
  gtk_editable_set_text (self->code_row, "");
}
