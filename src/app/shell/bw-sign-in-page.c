/* bw-sign-in-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-sign-in-page-private.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-error-text.h"
#include "bw-error.h"
#include "bw-field.h"
#include "bw-settings.h"
#include "bw-stranger-dialog.h"
#include "bw-text.h"
#include "bw-token-store.h"

/* Longer than any token; a file that was named by mistake is not read whole. */
#define TOKEN_FILE_MAX_BYTES 4096

/**
 * BwSignInPage:
 *
 * The ways in: user and password at a server, the token kept from last time, a token
 * from a file, the server that the desktop runs itself, an invitation, and an account that
 * one makes oneself. One attempt at a time; the token goes into the keyring, nothing else does.
 */

G_DEFINE_FINAL_TYPE (BwSignInPage, bw_sign_in_page, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_BUSY,
  N_PROPS
};

enum {
  SIGNED_IN,
  NOT_REMEMBERED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
clear_errors (BwSignInPage *self)
{
  bw_field_show_error (GTK_WIDGET (self->server_row), self->server_error, NULL);
  bw_field_show_error (GTK_WIDGET (self->password_row), self->password_error, NULL);
  bw_field_show_error (NULL, self->general_error, NULL);
}

static void
update_actions (BwSignInPage *self)
{
  gboolean is_complete = *gtk_editable_get_text (self->server_row) != '\0' &&
                         *gtk_editable_get_text (self->user_row) != '\0' &&
                         *gtk_editable_get_text (self->password_row) != '\0';

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sign-in.sign-in", is_complete && self->attempt == NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sign-in.use-this-computer", self->attempt == NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sign-in.cancel", self->attempt != NULL);
  bw_sign_in_page_update_join (self);
}

static void
form_changed_cb (BwSignInPage *self)
{
  clear_errors (self);
  update_actions (self);
}

void
bw_sign_in_page_begin_attempt (BwSignInPage *self,
                               const char   *text)
{
  const char *form = gtk_stack_get_visible_child_name (self->stack);

  g_cancellable_cancel (self->attempt);
  g_clear_object (&self->attempt);
  g_clear_object (&self->refused);

  /* Where a failure is told. */
  if (g_strcmp0 (form, "busy") != 0)
    bw_set_str (&self->attempt_form, form);

  self->attempt = g_cancellable_new ();
  clear_errors (self);
  gtk_label_set_label (self->busy_label, text);
  gtk_spinner_start (self->spinner);
  gtk_stack_set_visible_child_name (self->stack, "busy");
  update_actions (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

void
bw_sign_in_page_end_attempt (BwSignInPage *self,
                             const char   *form)
{
  g_clear_object (&self->attempt);
  gtk_spinner_stop (self->spinner);
  gtk_stack_set_visible_child_name (self->stack, form);
  update_actions (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

/* The field where the mistake is, or the line below the buttons. */
static void
fail_attempt (BwSignInPage *self,
              const GError *error)
{
  g_autofree char *text = bw_error_to_user_text (error);
  gboolean wants_code = self->way == BW_SIGN_IN_PASSWORD && bw_session_error_wants_code (error);

  bw_sign_in_page_end_attempt (self, wants_code ? "code" : self->attempt_form);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || bw_sign_in_page_tell_join (self, error))
    return;

  if (self->is_local)
    {
      g_autofree char *reason = bw_error_to_field_text (error);
      g_autofree char *whole = NULL;

      /* Translators: %s is a sentence that says why */
      whole = g_strdup_printf (_("The server on this computer does not start. %s"), reason);
      bw_field_show_error (NULL, self->general_error, whole);
    }
  else if (g_error_matches (error, BW_ERROR, BW_ERROR_UNAUTHENTICATED))
    {
      bw_field_show_error (GTK_WIDGET (self->password_row), self->password_error,
                  self->way == BW_SIGN_IN_PASSWORD ? _("User or password is wrong.")
                                                   : _("Your session has ended. Sign in again."));
      gtk_widget_grab_focus (GTK_WIDGET (self->password_row));
    }
  else if (g_error_matches (error, BW_ERROR, BW_ERROR_TOO_MANY))
    {
      bw_field_show_error (GTK_WIDGET (self->password_row), self->password_error, _("Too many attempts. Wait a minute, then try again."));
    }
  else
    {
      bw_field_show_error (GTK_WIDGET (self->server_row), self->server_error, text);
      gtk_widget_grab_focus (GTK_WIDGET (self->server_row));
    }
}

static void try_again (BwSignInPage *self);

static void
dialog_closed_cb (BwSignInPage     *self,
                  BwStrangerDialog *dialog)
{
  g_clear_weak_pointer (&self->stranger_dialog);
}

/* Nothing was sent: whoever is to be signed in waits in the form, or in the session, for the answer. */
static void
fail_session (BwSignInPage *self,
              BwSession    *session,
              const GError *error)
{
  const BwStranger *stranger = bw_session_get_stranger (session);
  g_autoptr(GError) distrust = NULL;

  if (stranger == NULL)
    {
      fail_attempt (self, error);
      return;
    }

  bw_sign_in_page_end_attempt (self, self->attempt_form);
  g_set_object (&self->refused, session);
  distrust = g_error_new_literal (BW_ERROR, BW_ERROR_UNAVAILABLE,
                                  stranger->known != NULL
                                  ? _("This server’s certificate has changed. It is not trusted.")
                                  : _("This server’s certificate is not trusted."));
  if (!bw_sign_in_page_tell_join (self, distrust))
    bw_field_show_error (GTK_WIDGET (self->server_row), self->server_error, distrust->message);
  if (self->stranger_dialog != NULL)
    gtk_window_destroy (GTK_WINDOW (self->stranger_dialog));

  g_set_weak_pointer (&self->stranger_dialog, bw_stranger_dialog_present (GTK_WIDGET (self), stranger));
  g_signal_connect_object (self->stranger_dialog, "trusted", G_CALLBACK (try_again), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->stranger_dialog, "unmap", G_CALLBACK (dialog_closed_cb), self, G_CONNECT_SWAPPED);
}

static void
token_saved_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(BwSignInPage) self = user_data;
  g_autoptr(GError) error = NULL;

  if (bw_token_store_save_finish (result, &error))
    return;

  g_debug ("the keyring: %s", error->message);
  g_signal_emit (self, signals[NOT_REMEMBERED], 0,
                 _("The keyring cannot be used, so you will have to sign in again next time."));
}

static void
remember (BwSignInPage *self,
          BwSession    *session)
{
  const char *uri = bw_session_get_base_uri (session);

  if (self->settings != NULL)
    {
      g_settings_set_boolean (self->settings, "use-this-computer", self->is_local);
      if (!self->is_local)
        {
          g_settings_set_string (self->settings, "server-uri", uri);
          g_settings_set_string (self->settings, "user", gtk_editable_get_text (self->user_row));
        }
    }

  if (self->way == BW_SIGN_IN_PASSWORD)
    bw_token_store_save_async (uri, bw_session_get_token (session), NULL, token_saved_cb, g_object_ref (self));
}

static void
succeed (BwSignInPage *self,
         BwSession    *session,
         gboolean      is_to_be_remembered)
{
  if (is_to_be_remembered)
    remember (self, session);

  gtk_editable_set_text (self->password_row, "");
  bw_sign_in_page_clear_join (self);
  g_signal_emit (self, signals[SIGNED_IN], 0, session, (guint) self->way);
  bw_sign_in_page_end_attempt (self, "form");
}

void
bw_sign_in_page_take_result (BwSignInPage *self,
                             BwSession    *session,
                             const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (error == NULL)
    succeed (self, session, TRUE);
  else
    fail_session (self, session, error);
}

static void
signed_in_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(BwSignInPage) self = user_data;
  g_autoptr(GError) error = NULL;

  bw_session_sign_in_finish (BW_SESSION (source), result, &error);
  bw_sign_in_page_take_result (self, BW_SESSION (source), error);
}

static void
resumed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BwSignInPage) self = user_data;
  g_autoptr(GError) error = NULL;
  BwSession *session = BW_SESSION (source);
  gboolean ok = bw_session_resume_finish (session, result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (ok)
    succeed (self, session, self->is_local);
  else
    fail_session (self, session, error);
}

gboolean
bw_sign_in_page_set_trust (BwSession  *session,
                           GError    **error)
{
  const char *ca = g_getenv ("BELLWETHER_CA");

  bw_session_use_pins (session);

  return ca == NULL || *ca == '\0' || bw_session_set_ca_file (session, ca, error);
}

static void
try_again (BwSignInPage *self)
{
  g_autoptr(BwSession) session = g_steal_pointer (&self->refused);

  if (session == NULL || self->attempt != NULL || bw_sign_in_page_join_again (self, session))
    return;

  bw_sign_in_page_begin_attempt (self, _("Signing In…"));
  if (self->way == BW_SIGN_IN_PASSWORD)
    bw_session_sign_in_async (session, gtk_editable_get_text (self->user_row),
                              gtk_editable_get_text (self->password_row), self->attempt,
                              signed_in_cb, g_object_ref (self));
  else
    bw_session_resume_async (session, bw_session_get_token (session), self->attempt,
                             resumed_cb, g_object_ref (self));
}

static void
resume_with (BwSignInPage *self,
             const char   *server_uri,
             const char   *token)
{
  g_autoptr(BwSession) session = NULL;
  g_autoptr(GError) error = NULL;

  session = bw_session_new (server_uri, &error);
  if (session == NULL || !bw_sign_in_page_set_trust (session, &error))
    {
      fail_attempt (self, error);
      return;
    }

  bw_session_resume_async (session, token, self->attempt, resumed_cb, g_object_ref (self));
}

static void
token_loaded_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(BwSignInPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *uri = NULL;
  char *token = bw_token_store_load_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->attempt == NULL)
    {
      bw_token_store_free_token (token);
      return;
    }

  if (error != NULL)
    g_debug ("the keyring: %s", error->message);

  if (token == NULL)
    {
      bw_sign_in_page_end_attempt (self, self->attempt_form);
      gtk_widget_grab_focus (GTK_WIDGET (self->password_row));
      return;
    }

  uri = g_settings_get_string (self->settings, "server-uri");
  resume_with (self, uri, token);
  bw_token_store_free_token (token);
}

static void
token_file_read_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(BwSignInPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *token = NULL;
  gsize length = 0;
  gboolean ok = g_file_load_contents_finish (G_FILE (source), result, &token, &length, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->attempt == NULL)
    return;

  if (ok && length > TOKEN_FILE_MAX_BYTES)
    g_set_error_literal (&error, BW_ERROR, BW_ERROR_INVALID, "the server's token file holds something else");
  else if (ok && !bw_this_computer_is_running (self->this_computer))
    g_set_error_literal (&error, BW_ERROR, BW_ERROR_UNAVAILABLE, "the server has ended again");

  if (error == NULL)
    resume_with (self, bw_this_computer_get_uri (self->this_computer), token);
  else
    fail_attempt (self, error);

  if (token != NULL)
    explicit_bzero (token, length);
}

static void
server_started_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(BwSignInPage) self = user_data;
  g_autoptr(GFile) file = NULL;
  g_autoptr(GError) error = NULL;
  gboolean ok = bw_this_computer_start_finish (BW_THIS_COMPUTER (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->attempt == NULL)
    return;

  if (!ok)
    {
      fail_attempt (self, error);
      return;
    }

  file = g_file_new_for_path (bw_this_computer_get_token_file (self->this_computer));
  g_file_load_contents_async (file, self->attempt, token_file_read_cb, g_object_ref (self));
}

/* Actions */

static void
sign_in_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  BwSignInPage *self = BW_SIGN_IN_PAGE (widget);
  g_autoptr(BwSession) session = NULL;
  g_autoptr(GError) error = NULL;

  session = bw_session_new (gtk_editable_get_text (self->server_row), &error);
  if (session == NULL)
    {
      bw_field_show_error (GTK_WIDGET (self->server_row), self->server_error,
                  _("This is not the address of a server, such as http://host:8080"));
      gtk_widget_grab_focus (GTK_WIDGET (self->server_row));
      return;
    }

  self->is_local = FALSE;
  self->way = BW_SIGN_IN_PASSWORD;
  bw_sign_in_page_begin_attempt (self, _("Signing In…"));
  if (!bw_sign_in_page_set_trust (session, &error))
    {
      fail_attempt (self, error);
      return;
    }

  bw_session_sign_in_async (session, gtk_editable_get_text (self->user_row), gtk_editable_get_text (self->password_row),
                            self->attempt, signed_in_cb, g_object_ref (self));
}

static void
use_this_computer_action (GtkWidget  *widget,
                          const char *action_name,
                          GVariant   *parameter)
{
  BwSignInPage *self = BW_SIGN_IN_PAGE (widget);

  self->is_local = TRUE;
  self->way = BW_SIGN_IN_TOKEN_FILE;
  bw_sign_in_page_begin_attempt (self, _("Starting the Server on This Computer…"));
  bw_this_computer_start_async (self->this_computer, self->attempt, server_started_cb, g_object_ref (self));
}

static void
cancel_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwSignInPage *self = BW_SIGN_IN_PAGE (widget);

  g_cancellable_cancel (self->attempt);
  bw_sign_in_page_end_attempt (self, self->attempt_form);
}

/* Enter goes on to what is still to be filled in, then signs in. */
static void
entry_activated_cb (BwSignInPage *self)
{
  GtkEditable *rows[] = { self->server_row, self->user_row, self->password_row };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      if (*gtk_editable_get_text (rows[i]) == '\0')
        {
          gtk_widget_grab_focus (GTK_WIDGET (rows[i]));
          return;
        }
    }

  gtk_widget_activate_action (GTK_WIDGET (self), "sign-in.sign-in", NULL);
}

static void
bw_sign_in_page_dispose (GObject *object)
{
  BwSignInPage *self = (BwSignInPage *) object;

  g_cancellable_cancel (self->attempt);
  g_clear_object (&self->attempt);
  bw_sign_in_page_stop_join (self);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_SIGN_IN_PAGE);
  g_clear_weak_pointer (&self->stranger_dialog);
  g_clear_object (&self->refused);
  g_clear_object (&self->this_computer);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (bw_sign_in_page_parent_class)->dispose (object);
}

static void
bw_sign_in_page_finalize (GObject *object)
{
  g_clear_pointer (&BW_SIGN_IN_PAGE (object)->attempt_form, g_free);

  G_OBJECT_CLASS (bw_sign_in_page_parent_class)->finalize (object);
}

static void
bw_sign_in_page_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_BUSY:
      g_value_set_boolean (value, BW_SIGN_IN_PAGE (object)->attempt != NULL);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_sign_in_page_class_init (BwSignInPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_sign_in_page_dispose;
  object_class->finalize = bw_sign_in_page_finalize;
  object_class->get_property = bw_sign_in_page_get_property;

  properties[PROP_BUSY] =
    g_param_spec_boolean ("busy", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNED_IN] =
    g_signal_new ("signed-in", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, BW_TYPE_SESSION, G_TYPE_UINT);
  signals[NOT_REMEMBERED] =
    g_signal_new ("not-remembered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/shell/bw-sign-in-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BwSignInPage, box);
  gtk_widget_class_bind_template_child (widget_class, BwSignInPage, stack);
  gtk_widget_class_bind_template_child (widget_class, BwSignInPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, BwSignInPage, busy_label);
  gtk_widget_class_bind_template_child (widget_class, BwSignInPage, server_row);
  gtk_widget_class_bind_template_child (widget_class, BwSignInPage, user_row);
  gtk_widget_class_bind_template_child (widget_class, BwSignInPage, password_row);
  gtk_widget_class_bind_template_child (widget_class, BwSignInPage, server_error);
  gtk_widget_class_bind_template_child (widget_class, BwSignInPage, password_error);
  gtk_widget_class_bind_template_child (widget_class, BwSignInPage, general_error);
  gtk_widget_class_bind_template_callback (widget_class, form_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "sign-in.sign-in", NULL, sign_in_action);
  gtk_widget_class_install_action (widget_class, "sign-in.use-this-computer", NULL, use_this_computer_action);
  gtk_widget_class_install_action (widget_class, "sign-in.cancel", NULL, cancel_action);
  bw_sign_in_page_class_init_join (widget_class);
}

static void
bw_sign_in_page_init (BwSignInPage *self)
{
  self->attempt_form = g_strdup ("form");
  gtk_widget_init_template (GTK_WIDGET (self));

  self->settings = bw_settings_new ();
  if (self->settings != NULL)
    {
      g_autofree char *uri = g_settings_get_string (self->settings, "server-uri");
      g_autofree char *user = g_settings_get_string (self->settings, "user");

      gtk_editable_set_text (self->server_row, uri);
      gtk_editable_set_text (self->user_row, user);
    }

  bw_sign_in_page_init_join (self);
  update_actions (self);
}

GtkWidget *
bw_sign_in_page_new (BwThisComputer *this_computer)
{
  BwSignInPage *self;

  g_return_val_if_fail (BW_IS_THIS_COMPUTER (this_computer), NULL);

  self = g_object_new (BW_TYPE_SIGN_IN_PAGE, NULL);
  self->this_computer = g_object_ref (this_computer);

  return GTK_WIDGET (self);
}

void
bw_sign_in_page_resume_last (BwSignInPage *self)
{
  g_autofree char *uri = NULL;

  g_return_if_fail (BW_IS_SIGN_IN_PAGE (self));

  if (self->settings == NULL)
    return;

  if (g_settings_get_boolean (self->settings, "use-this-computer"))
    {
      gtk_widget_activate_action (GTK_WIDGET (self), "sign-in.use-this-computer", NULL);
      return;
    }

  uri = g_settings_get_string (self->settings, "server-uri");
  if (*uri == '\0')
    return;

  self->is_local = FALSE;
  self->way = BW_SIGN_IN_KEYRING;
  bw_sign_in_page_begin_attempt (self, _("Signing In…"));
  bw_token_store_load_async (uri, self->attempt, token_loaded_cb, g_object_ref (self));
}

void
bw_sign_in_page_resume (BwSignInPage *self,
                        const char   *server_uri,
                        const char   *token)
{
  g_return_if_fail (BW_IS_SIGN_IN_PAGE (self));
  g_return_if_fail (server_uri != NULL && token != NULL);

  self->is_local = FALSE;
  self->way = BW_SIGN_IN_TOKEN_FILE;
  gtk_editable_set_text (self->server_row, server_uri);
  bw_sign_in_page_begin_attempt (self, _("Signing In…"));
  resume_with (self, server_uri, token);
}

void
bw_sign_in_page_show_form (BwSignInPage *self,
                           const char   *text)
{
  g_return_if_fail (BW_IS_SIGN_IN_PAGE (self));

  if (self->attempt == NULL)
    gtk_stack_set_visible_child_name (self->stack, "form");

  bw_field_show_error (NULL, self->general_error, text);
  gtk_widget_grab_focus (GTK_WIDGET (self->password_row));
}

void
bw_sign_in_page_forget (BwSignInPage *self,
                        const char   *server_uri)
{
  g_return_if_fail (BW_IS_SIGN_IN_PAGE (self));
  g_return_if_fail (server_uri != NULL);

  bw_token_store_forget (server_uri);
  if (self->settings != NULL)
    g_settings_set_boolean (self->settings, "use-this-computer", FALSE);
}

gboolean
bw_sign_in_page_is_busy (BwSignInPage *self)
{
  g_return_val_if_fail (BW_IS_SIGN_IN_PAGE (self), FALSE);

  return self->attempt != NULL;
}
