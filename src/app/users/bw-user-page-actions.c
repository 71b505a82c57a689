/* bw-user-page-actions.c: what can be done about a user
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-user-page-private.h"

#include <glib/gi18n.h>

#include "bw-code-dialog.h"
#include "bw-compat.h"
#include "bw-delete-question.h"
#include "bw-edit-user-dialog.h"
#include "bw-error-text.h"
#include "bw-outcome.h"
#include "bw-participation-dialog.h"
#include "bw-user-text.h"

/* What a question is about, until it is answered. */
typedef struct
{
  BwUserPage *self;
  char       *path;
  gboolean    is_user;
} Deletion;

static void
deletion_free (Deletion *deletion)
{
  g_object_unref (deletion->self);
  g_free (deletion->path);
  g_free (deletion);
}

static GtkWindow *
get_window (BwUserPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

static void
present (BwUserPage *self,
         GtkWidget  *dialog)
{
  gtk_window_set_transient_for (GTK_WINDOW (dialog), get_window (self));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
tell_error (BwUserPage   *self,
            const GError *error)
{
  g_autofree char *text = bw_error_to_user_text (error);

  bw_toast_show (self->toasts, text);
}

static void
suspended_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(BwUserPage) self = user_data;
  g_autoptr(BwOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_suspended;

  outcome = bw_session_change_finish (BW_SESSION (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (outcome == NULL)
    {
      tell_error (self, error);
      bw_user_page_reload (self);
      return;
    }

  if (outcome->document != NULL && !bw_entity_load (BW_ENTITY (self->user), outcome->document, &error))
    g_debug ("a user after a change: %s", error->message);

  is_suspended = bw_user_is_suspended (self->user);
  bw_outcome_show (self->toasts, outcome, is_suspended ? _("Suspended: nobody signs in with this account")
                                                       : _("May sign in again"),
                   "user.set-suspended", g_variant_new_boolean (!is_suspended));
  bw_user_page_reload (self);
}

static void
set_suspended_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  BwUserPage *self = BW_USER_PAGE (widget);
  g_autoptr(JsonObject) body = json_object_new ();
  g_autofree char *path = g_strconcat ("/v1/users/", self->user_id, NULL);

  json_object_set_int_member (body, "revision", bw_entity_get_revision (BW_ENTITY (self->user)));
  json_object_set_boolean_member (body, "suspended", g_variant_get_boolean (parameter));
  bw_session_change_async (self->session, "PATCH", path, body, self->cancellable, suspended_cb, g_object_ref (self));
}

static void
suspend_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  gboolean is_suspended = bw_user_is_suspended (BW_USER_PAGE (widget)->user);

  gtk_widget_activate_action (widget, "user.set-suspended", "b", !is_suspended);
}

static void
logged_out_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(BwUserPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) document = bw_session_call_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (document != NULL)
    bw_toast_show (self->toasts, _("All sessions of this user have ended"));
  else
    tell_error (self, error);
}

static void
log_out_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  BwUserPage *self = BW_USER_PAGE (widget);
  g_autofree char *path = g_strdup_printf ("/v1/users/%s/log-out", self->user_id);

  bw_session_call_async (self->session, "POST", path, "{}", self->cancellable, logged_out_cb, g_object_ref (self));
}

static void
factor_reset_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(BwUserPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) document = bw_session_call_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (document != NULL)
    bw_toast_show (self->toasts, _("The second factor is gone, and all sessions of this user have ended"));
  else
    tell_error (self, error);

  bw_user_page_reload (self);
}

static void
reset_factor_answered_cb (BwUserPage *self,
                          const char *response)
{
  g_autofree char *path = g_strdup_printf ("/v1/users/%s/totp", self->user_id);

  if (g_str_equal (response, "accept"))
    bw_session_call_async (self->session, "DELETE", path, NULL, self->cancellable, factor_reset_cb, g_object_ref (self));
}

/* Nobody else can set it up again, so that there is no way back but asking before. */
static void
reset_factor_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  BwUserPage *self = BW_USER_PAGE (widget);
  g_autofree char *body = NULL;
  GtkWidget *dialog;

  body = g_strdup_printf (_("The password alone lets %s in then, until the user sets up another one. "
                            "All sessions of this user end."), bw_user_text_name (self->user));
  dialog = bw_question_new (widget, _("Reset the Second Factor?"), body, _("_Reset"), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (reset_factor_answered_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
invited_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BwUserPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) invitation = bw_session_call_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (invitation == NULL)
    {
      tell_error (self, error);
      return;
    }

  present (self, bw_code_dialog_new (bw_session_get_base_uri (self->session), bw_user_text_name (self->user),
                                     bw_record_get_text (BW_RECORD (self->user), "email"), invitation));
}

static void
invite_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwUserPage *self = BW_USER_PAGE (widget);
  g_autofree char *path = g_strdup_printf ("/v1/users/%s/invitation", self->user_id);

  bw_session_call_async (self->session, "POST", path, "{}", self->cancellable, invited_cb, g_object_ref (self));
}

static void
saved_cb (BwUserPage *self,
          BwOutcome  *outcome)
{
  bw_outcome_show (self->toasts, outcome, _("Saved"), NULL, NULL);
  bw_user_page_reload (self);
}

static void
edit_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwUserPage *self = BW_USER_PAGE (widget);
  GtkWidget *dialog = bw_edit_user_dialog_new (self->session, self->user);

  g_signal_connect_object (dialog, "done", G_CALLBACK (saved_cb), self, G_CONNECT_SWAPPED);
  present (self, dialog);
}

static void
add_participation_action (GtkWidget  *widget,
                          const char *action_name,
                          GVariant   *parameter)
{
  BwUserPage *self = BW_USER_PAGE (widget);
  GtkWidget *dialog = bw_participation_dialog_new (self->session, BW_ENTITY (self->user), NULL);

  g_signal_connect_object (dialog, "done", G_CALLBACK (saved_cb), self, G_CONNECT_SWAPPED);
  present (self, dialog);
}

static void
edit_participation_action (GtkWidget  *widget,
                           const char *action_name,
                           GVariant   *parameter)
{
  BwUserPage *self = BW_USER_PAGE (widget);
  BwParticipation *participation = bw_user_page_get_participation (self, g_variant_get_string (parameter, NULL));
  GtkWidget *dialog;

  if (participation == NULL)
    return;

  dialog = bw_participation_dialog_new_edit (self->session, participation);
  g_signal_connect_object (dialog, "done", G_CALLBACK (saved_cb), self, G_CONNECT_SWAPPED);
  present (self, dialog);
}

static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Deletion *deletion = user_data;
  BwUserPage *self = deletion->self;
  g_autoptr(BwOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;

  outcome = bw_session_change_finish (BW_SESSION (source), result, &error);
  if (outcome == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tell_error (self, error);

  if (outcome != NULL && outcome->request == NULL && deletion->is_user)
    {
      g_signal_emit_by_name (self, "deleted");
    }
  else if (outcome != NULL)
    {
      bw_outcome_show (self->toasts, outcome, _("The participation has ended"), NULL, NULL);
      bw_user_page_reload (self);
    }

  deletion_free (deletion);
}

static void
deletion_answered_cb (AdwMessageDialog *dialog,
                      const char       *response,
                      Deletion         *deletion)
{
  if (!g_str_equal (response, "accept"))
    {
      deletion_free (deletion);
      return;
    }

  bw_session_change_async (deletion->self->session, "DELETE", deletion->path, NULL, deletion->self->cancellable,
                           deleted_cb, deletion);
}

static void
ask_to_delete (BwUserPage *self,
               const char *heading,
               const char *body,
               const char *accept,
               BwEntity   *entity,
               gboolean    is_user)
{
  Deletion *deletion = g_new0 (Deletion, 1);
  GtkWidget *dialog;

  deletion->self = g_object_ref (self);
  deletion->is_user = is_user;
  deletion->path = g_strdup_printf ("/v1/%s/%s?revision=%" G_GINT64_FORMAT, is_user ? "users" : "participations",
                                    bw_entity_get_id (entity), bw_entity_get_revision (entity));
  dialog = bw_delete_question_new (GTK_WIDGET (self), self->session, heading, body, accept, deletion->path);
  g_signal_connect (dialog, "response", G_CALLBACK (deletion_answered_cb), deletion);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
end_participation_action (GtkWidget  *widget,
                          const char *action_name,
                          GVariant   *parameter)
{
  BwUserPage *self = BW_USER_PAGE (widget);
  BwParticipation *participation = bw_user_page_get_participation (self, g_variant_get_string (parameter, NULL));
  g_autofree char *body = NULL;

  if (participation == NULL)
    return;

  /* Translators: a user and a company */
  body = g_strdup_printf (_("%s will not act in %s any more."), bw_user_text_name (self->user),
                          bw_record_get_text (BW_RECORD (participation), "company"));
  ask_to_delete (self, _("End the Participation?"), body, _("_End"), BW_ENTITY (participation), FALSE);
}

static void
delete_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwUserPage *self = BW_USER_PAGE (widget);
  g_autofree char *body = NULL;

  body = g_strdup_printf (_("%s loses the account and all participations. This cannot be undone."),
                          bw_user_text_name (self->user));
  ask_to_delete (self, _("Delete the User?"), body, _("_Delete"), BW_ENTITY (self->user), TRUE);
}

static void
back_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  g_signal_emit_by_name (widget, "back");
}

static void
reload_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  bw_user_page_reload (BW_USER_PAGE (widget));
}

void
bw_user_page_update_actions (BwUserPage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean is_here = bw_entity_get_id (BW_ENTITY (self->user)) != NULL;
  gboolean may_manage = is_here && bw_session_may (self->session, BW_PERMISSION_MANAGE_USERS);
  gboolean may_place = is_here && bw_session_may (self->session, BW_PERMISSION_MANAGE_PARTICIPATIONS);
  gboolean is_me = bw_user_page_is_me (self);
  gboolean has_totp;

  g_object_get (self->user, "totp", &has_totp, NULL);
  gtk_widget_action_set_enabled (widget, "user.edit", may_manage);
  gtk_widget_action_set_enabled (widget, "user.suspend", may_manage && !is_me);
  gtk_widget_action_set_enabled (widget, "user.log-out", may_manage && !is_me);
  gtk_widget_action_set_enabled (widget, "user.reset-factor", may_manage && !is_me && has_totp);
  gtk_widget_action_set_enabled (widget, "user.invite", may_manage && bw_user_is_invited (self->user));
  gtk_widget_action_set_enabled (widget, "user.delete",
                                 is_here && !is_me && bw_session_may (self->session, BW_PERMISSION_DELETE_USERS));
  gtk_widget_action_set_enabled (widget, "user.add-participation", may_place);
  gtk_widget_action_set_enabled (widget, "user.edit-participation", may_place);
  gtk_widget_action_set_enabled (widget, "user.end-participation",
                                 is_here && bw_session_may (self->session, BW_PERMISSION_DELETE_PARTICIPATIONS));

  gtk_button_set_label (self->suspend_button, bw_user_is_suspended (self->user) ? _("_Unsuspend") : _("_Suspend"));
}

void
bw_user_page_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "user.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "user.reload", NULL, reload_action);
  gtk_widget_class_install_action (widget_class, "user.edit", NULL, edit_action);
  gtk_widget_class_install_action (widget_class, "user.suspend", NULL, suspend_action);
  gtk_widget_class_install_action (widget_class, "user.set-suspended", "b", set_suspended_action);
  gtk_widget_class_install_action (widget_class, "user.log-out", NULL, log_out_action);
  gtk_widget_class_install_action (widget_class, "user.reset-factor", NULL, reset_factor_action);
  gtk_widget_class_install_action (widget_class, "user.invite", NULL, invite_action);
  gtk_widget_class_install_action (widget_class, "user.delete", NULL, delete_action);
  gtk_widget_class_install_action (widget_class, "user.add-participation", NULL, add_participation_action);
  gtk_widget_class_install_action (widget_class, "user.edit-participation", "s", edit_participation_action);
  gtk_widget_class_install_action (widget_class, "user.end-participation", "s", end_participation_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "user.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "user.back", NULL);
}
