/* bw-sign-in-page-join.c: the second factor, invitations, and accounts that one makes oneself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-sign-in-page-private.h"

#include <glib/gi18n.h>

#include "bw-error-text.h"
#include "bw-error.h"
#include "bw-field.h"
#include "bw-json.h"

/* An address is typed letter by letter, and not each of them is a server. */
#define PROBE_MS 500

static gboolean
is_on (BwSignInPage *self,
       const char   *form)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), form) == 0;
}

/* (transfer full) (nullable): told beside @row when there is none */
static BwSession *
make_session (const char  *address,
              GError     **error)
{
  BwSession *session = bw_session_new (address, NULL);

  if (session == NULL)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                         _("This is not the address of a server, such as http://host:8080"));

  return session;
}

static void
status_loaded_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(BwSignInPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) status = bw_session_call_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  /* Nobody has asked for anything yet: what is wrong is told when they do. */
  if (status == NULL)
    g_debug ("the server’s status: %s", error->message);

  g_clear_object (&self->probe);
  gtk_widget_set_visible (self->register_button,
                          status != NULL && bw_json_get_boolean (status, "registration", FALSE));
}

static gboolean
probe_cb (gpointer user_data)
{
  BwSignInPage *self = user_data;
  g_autoptr(BwSession) session = bw_session_new (gtk_editable_get_text (self->server_row), NULL);

  self->probe_id = 0;
  if (session == NULL || !bw_sign_in_page_set_trust (session, NULL))
    return G_SOURCE_REMOVE;

  self->probe = g_cancellable_new ();
  bw_session_call_async (session, "GET", "/v1/status", NULL, self->probe, status_loaded_cb, g_object_ref (self));

  return G_SOURCE_REMOVE;
}

static void
server_changed_cb (BwSignInPage *self)
{
  g_cancellable_cancel (self->probe);
  g_clear_object (&self->probe);
  g_clear_handle_id (&self->probe_id, g_source_remove);
  gtk_widget_set_visible (self->register_button, FALSE);

  /* A page that nobody sees asks nobody anything. */
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->probe_id = g_timeout_add (PROBE_MS, probe_cb, self);
}

static void
code_changed_cb (BwSignInPage *self)
{
  bw_field_show_error (GTK_WIDGET (self->code_row), self->code_error, NULL);
  bw_sign_in_page_update_join (self);
}

static void
code_activated_cb (BwSignInPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "sign-in.send-code", NULL);
}

static void
code_sent_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(BwSignInPage) self = user_data;
  g_autoptr(GError) error = NULL;

  bw_session_sign_in_finish (BW_SESSION (source), result, &error);
  bw_sign_in_page_take_result (self, BW_SESSION (source), error);
}

static void
joined_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BwSignInPage) self = user_data;
  g_autoptr(GError) error = NULL;
  BwSession *session = BW_SESSION (source);

  if (bw_join_form_finish (self->join_form, session, result, &error))
    {
      g_autofree char *user = bw_join_form_get_user (self->join_form);

      /* The next sign-in is by the usual form. */
      gtk_editable_set_text (self->server_row, bw_session_get_base_uri (session));
      if (user != NULL)
        gtk_editable_set_text (self->user_row, user);
    }

  bw_sign_in_page_take_result (self, session, error);
}

static void
send_join (BwSignInPage *self,
           BwSession    *session)
{
  bw_sign_in_page_begin_attempt (self, _("Joining…"));
  bw_join_form_send (self->join_form, session, self->attempt, joined_cb, g_object_ref (self));
}

static void
join_submitted_cb (BwSignInPage *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BwSession) session = make_session (bw_join_form_get_server (self->join_form), &error);

  if (session == NULL)
    {
      bw_join_form_show_error (self->join_form, error);
      return;
    }

  self->is_local = FALSE;
  self->way = BW_SIGN_IN_PASSWORD;
  if (bw_sign_in_page_set_trust (session, &error))
    send_join (self, session);
  else
    bw_join_form_show_error (self->join_form, error);
}

static void
join_left_cb (BwSignInPage *self)
{
  gtk_stack_set_visible_child_name (self->stack, "form");
  gtk_widget_grab_focus (GTK_WIDGET (self->user_row));
}

/* Actions */

static void
send_code (BwSignInPage *self,
           BwSession    *session)
{
  g_autofree char *code = bw_field_get_text (self->code_row);

  bw_sign_in_page_begin_attempt (self, _("Signing In…"));
  bw_session_sign_in_with_code_async (session, gtk_editable_get_text (self->user_row),
                                      gtk_editable_get_text (self->password_row), code, self->attempt,
                                      code_sent_cb, g_object_ref (self));
}

static void
send_code_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  BwSignInPage *self = BW_SIGN_IN_PAGE (widget);
  g_autoptr(BwSession) session = bw_session_new (gtk_editable_get_text (self->server_row), NULL);
  g_autoptr(GError) error = NULL;

  if (session == NULL)
    return;

  if (bw_sign_in_page_set_trust (session, &error))
    send_code (self, session);
  else
    bw_sign_in_page_tell_join (self, error);
}

static void
back_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwSignInPage *self = BW_SIGN_IN_PAGE (widget);

  bw_sign_in_page_clear_join (self);
  join_left_cb (self);
}

static void
begin_join (BwSignInPage *self,
            BwJoinKind    kind)
{
  gtk_stack_set_visible_child_name (self->stack, "join");
  bw_join_form_begin (self->join_form, kind, gtk_editable_get_text (self->server_row));
}

static void
accept_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  begin_join (BW_SIGN_IN_PAGE (widget), BW_JOIN_INVITATION);
}

static void
register_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  begin_join (BW_SIGN_IN_PAGE (widget), BW_JOIN_REGISTRATION);
}

void
bw_sign_in_page_update_join (BwSignInPage *self)
{
  gboolean is_idle = self->attempt == NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sign-in.accept", is_idle);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sign-in.register", is_idle);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sign-in.back", is_idle);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sign-in.send-code",
                                 is_idle && *gtk_editable_get_text (self->code_row) != '\0');
}

void
bw_sign_in_page_clear_join (BwSignInPage *self)
{
  gtk_editable_set_text (self->code_row, "");
  bw_join_form_clear (self->join_form);
}

gboolean
bw_sign_in_page_join_again (BwSignInPage *self,
                            BwSession    *session)
{
  if (is_on (self, "join"))
    send_join (self, session);
  else if (is_on (self, "code"))
    send_code (self, session);
  else
    return FALSE;

  return TRUE;
}

gboolean
bw_sign_in_page_tell_join (BwSignInPage *self,
                           const GError *error)
{
  g_autofree char *text = NULL;

  if (is_on (self, "join"))
    {
      bw_join_form_show_error (self->join_form, error);
      return TRUE;
    }

  if (!is_on (self, "code"))
    return FALSE;

  gtk_widget_grab_focus (GTK_WIDGET (self->code_row));
  /* Asked for it the first time. */
  if (bw_session_error_wants_code (error) && *gtk_editable_get_text (self->code_row) == '\0')
    return TRUE;

  if (bw_session_error_wants_code (error))
    text = g_strdup (_("This code is not right. It may have changed meanwhile."));
  else if (g_error_matches (error, BW_ERROR, BW_ERROR_UNAUTHENTICATED))
    text = g_strdup (_("User or password is wrong."));
  else if (g_error_matches (error, BW_ERROR, BW_ERROR_TOO_MANY))
    text = g_strdup (_("Too many attempts. Wait a minute, then try again."));
  else
    text = bw_error_to_user_text (error);

  bw_field_show_error (GTK_WIDGET (self->code_row), self->code_error, text);
  gtk_editable_select_region (self->code_row, 0, -1);

  return TRUE;
}

void
bw_sign_in_page_stop_join (BwSignInPage *self)
{
  g_cancellable_cancel (self->probe);
  g_clear_object (&self->probe);
  g_clear_handle_id (&self->probe_id, g_source_remove);
}

void
bw_sign_in_page_class_init_join (GtkWidgetClass *widget_class)
{
  g_type_ensure (BW_TYPE_JOIN_FORM);
  gtk_widget_class_bind_template_child (widget_class, BwSignInPage, register_button);
  gtk_widget_class_bind_template_child (widget_class, BwSignInPage, code_row);
  gtk_widget_class_bind_template_child (widget_class, BwSignInPage, code_error);
  gtk_widget_class_bind_template_child (widget_class, BwSignInPage, join_form);
  gtk_widget_class_bind_template_callback (widget_class, code_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, code_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, join_submitted_cb);
  gtk_widget_class_bind_template_callback (widget_class, join_left_cb);

  gtk_widget_class_install_action (widget_class, "sign-in.send-code", NULL, send_code_action);
  gtk_widget_class_install_action (widget_class, "sign-in.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "sign-in.accept", NULL, accept_action);
  gtk_widget_class_install_action (widget_class, "sign-in.register", NULL, register_action);
}

void
bw_sign_in_page_init_join (BwSignInPage *self)
{
  g_signal_connect_swapped (self->server_row, "changed", G_CALLBACK (server_changed_cb), self);
  g_signal_connect (self, "map", G_CALLBACK (server_changed_cb), NULL);
  g_signal_connect (self, "unmap", G_CALLBACK (bw_sign_in_page_stop_join), NULL);
}
