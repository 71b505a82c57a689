/* bw-second-factor-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-second-factor-dialog.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-error-text.h"
#include "bw-error.h"
#include "bw-field.h"
#include "bw-json.h"
#include "bw-qr-view.h"

/**
 * BwSecondFactorDialog:
 *
 * The second factor of one's own account. Setting it up: a code for the phone, proof that the phone shows
 * the right numbers, and the recovery codes, which are seen this once. Taking it back: a last code.
 */

struct _BwSecondFactorDialog
{
  AdwWindow             parent_instance;

  BwSession            *session;
  GCancellable         *cancellable;
  gboolean              is_taking_back;
  gboolean              is_busy;
  char                 *recovery;       /* (owned) (nullable): the codes, a line each */
  GtkFileChooserNative *chooser;        /* (owned) (nullable): while it is open */

  AdwToastOverlay      *toasts;
  GtkStack             *stack;
  GtkButton            *confirm_button;
  GtkWidget            *key_box;
  BwQrView             *qr_view;
  GtkLabel             *secret_label;
  AdwStatusPage        *failed_page;
  GtkLabel             *lead_label;
  GtkEditable          *code_row;
  GtkLabel             *code_error;
  GtkLabel             *recovery_label;
};

G_DEFINE_FINAL_TYPE (BwSecondFactorDialog, bw_second_factor_dialog, ADW_TYPE_WINDOW)

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
code_changed_cb (BwSecondFactorDialog *self)
{
  g_autofree char *code = bw_field_get_text (self->code_row);

  bw_field_show_error (GTK_WIDGET (self->code_row), self->code_error, NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "factor.confirm", *code != '\0' && !self->is_busy);
}

static void
code_activated_cb (BwSecondFactorDialog *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "factor.confirm", NULL);
}

static void
show_page (BwSecondFactorDialog *self,
           const char           *name)
{
  gtk_stack_set_visible_child_name (self->stack, name);
  gtk_widget_set_visible (GTK_WIDGET (self->confirm_button), strcmp (name, "code") == 0);
  if (strcmp (name, "code") == 0)
    gtk_widget_grab_focus (GTK_WIDGET (self->code_row));
}

static void
begun_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BwSecondFactorDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) document = bw_session_call_finish (BW_SESSION (source), result, &error);
  const char *secret;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (document == NULL)
    {
      g_autofree char *text = bw_error_to_user_text (error);
      g_autofree char *escaped = g_markup_escape_text (text, -1);

      adw_status_page_set_description (self->failed_page, escaped);
      show_page (self, "failed");
      return;
    }

  secret = bw_json_get_string (document, "secret");
  gtk_label_set_label (self->secret_label, secret != NULL ? secret : "");
  bw_qr_view_set_text (self->qr_view, bw_json_get_string (document, "uri"));
  bw_accessible_set_label (GTK_WIDGET (self->qr_view),
                           _("QR code for the authenticator app; the key below says the same"));
  show_page (self, "code");
}

static void
begin (BwSecondFactorDialog *self)
{
  show_page (self, "loading");
  bw_session_call_async (self->session, "POST", "/v1/users/me/totp", "{}", self->cancellable, begun_cb,
                         g_object_ref (self));
}

static void
take_recovery_codes (BwSecondFactorDialog *self,
                     JsonObject           *document)
{
  JsonArray *codes = bw_json_get_array (document, "recoveryCodes");
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; codes != NULL && i < json_array_get_length (codes); i++)
    {
      JsonNode *node = json_array_get_element (codes, i);

      if (json_node_get_value_type (node) == G_TYPE_STRING)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", json_node_get_string (node));
    }

  self->recovery = g_strdup (text->str);
  gtk_label_set_label (self->recovery_label, self->recovery);
}

static void
confirmed_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(BwSecondFactorDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) document = bw_session_call_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->is_busy = FALSE;
  code_changed_cb (self);
  if (document == NULL)
    {
      g_autofree char *text = bw_session_error_wants_code (error)
                                ? g_strdup (_("This code is not right. It may have changed meanwhile."))
                                : bw_error_to_user_text (error);

      bw_field_show_error (GTK_WIDGET (self->code_row), self->code_error, text);
      gtk_editable_select_region (self->code_row, 0, -1);
      return;
    }

  g_signal_emit (self, signals[CHANGED], 0);
  if (self->is_taking_back)
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }

  take_recovery_codes (self, document);
  show_page (self, "recovery");
}

/* Actions */

static void
confirm_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  BwSecondFactorDialog *self = BW_SECOND_FACTOR_DIALOG (widget);
  g_autofree char *code = bw_field_get_text (self->code_row);

  self->is_busy = TRUE;
  gtk_widget_action_set_enabled (widget, "factor.confirm", FALSE);
  if (self->is_taking_back)
    {
      g_autofree char *escaped = g_uri_escape_string (code, NULL, FALSE);
      g_autofree char *path = g_strconcat ("/v1/users/me/totp?code=", escaped, NULL);

      bw_session_call_async (self->session, "DELETE", path, NULL, self->cancellable, confirmed_cb,
                             g_object_ref (self));
    }
  else
    {
      g_autoptr(GString) body = g_string_new (NULL);

      bw_json_begin_object (body, NULL);
      bw_json_add_string (body, "code", code);
      bw_json_end_object (body);
      bw_session_call_async (self->session, "PUT", "/v1/users/me/totp", body->str, self->cancellable, confirmed_cb,
                             g_object_ref (self));
    }
}

static void
try_again_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  begin (BW_SECOND_FACTOR_DIALOG (widget));
}

static void
copy_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwSecondFactorDialog *self = BW_SECOND_FACTOR_DIALOG (widget);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), self->recovery);
  bw_toast_show (self->toasts, _("Recovery codes copied"));
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BwSecondFactorDialog) self = user_data;
  g_autoptr(GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    {
      bw_toast_show (self->toasts, _("Recovery codes saved"));
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autofree char *text = bw_error_to_file_text (error);

      bw_toast_show (self->toasts, text);
    }
}

static void
chosen_cb (GtkNativeDialog *native,
           int              response,
           gpointer         user_data)
{
  BwSecondFactorDialog *self = user_data;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (native));
      g_autoptr(GBytes) bytes = g_bytes_new (self->recovery, strlen (self->recovery));

      g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE, self->cancellable,
                                           written_cb, g_object_ref (self));
    }

  g_clear_object (&self->chooser);
}

static void
save_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwSecondFactorDialog *self = BW_SECOND_FACTOR_DIALOG (widget);

  if (self->chooser != NULL)
    return;

  self->chooser = gtk_file_chooser_native_new (_("Save Recovery Codes"), GTK_WINDOW (self),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), "bellwether-recovery-codes.txt");
  g_signal_connect (self->chooser, "response", G_CALLBACK (chosen_cb), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* Closed. A call under way may keep the dialog for a moment, even beyond its parent. */
static void
bw_second_factor_dialog_unmap (GtkWidget *widget)
{
  g_cancellable_cancel (BW_SECOND_FACTOR_DIALOG (widget)->cancellable);

  GTK_WIDGET_CLASS (bw_second_factor_dialog_parent_class)->unmap (widget);

  gtk_window_set_transient_for (GTK_WINDOW (widget), NULL);
}

static void
bw_second_factor_dialog_dispose (GObject *object)
{
  BwSecondFactorDialog *self = (BwSecondFactorDialog *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->chooser);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_SECOND_FACTOR_DIALOG);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_second_factor_dialog_parent_class)->dispose (object);
}

static void
bw_second_factor_dialog_finalize (GObject *object)
{
  BwSecondFactorDialog *self = (BwSecondFactorDialog *) object;

  if (self->recovery != NULL)
    explicit_bzero (self->recovery, strlen (self->recovery));
  g_free (self->recovery);

  G_OBJECT_CLASS (bw_second_factor_dialog_parent_class)->finalize (object);
}

static void
bw_second_factor_dialog_class_init (BwSecondFactorDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_second_factor_dialog_dispose;
  object_class->finalize = bw_second_factor_dialog_finalize;
  widget_class->unmap = bw_second_factor_dialog_unmap;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);

  g_type_ensure (BW_TYPE_QR_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               BW_RESOURCE_BASE "/ui/shell/bw-second-factor-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwSecondFactorDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwSecondFactorDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, BwSecondFactorDialog, confirm_button);
  gtk_widget_class_bind_template_child (widget_class, BwSecondFactorDialog, key_box);
  gtk_widget_class_bind_template_child (widget_class, BwSecondFactorDialog, qr_view);
  gtk_widget_class_bind_template_child (widget_class, BwSecondFactorDialog, secret_label);
  gtk_widget_class_bind_template_child (widget_class, BwSecondFactorDialog, failed_page);
  gtk_widget_class_bind_template_child (widget_class, BwSecondFactorDialog, lead_label);
  gtk_widget_class_bind_template_child (widget_class, BwSecondFactorDialog, code_row);
  gtk_widget_class_bind_template_child (widget_class, BwSecondFactorDialog, code_error);
  gtk_widget_class_bind_template_child (widget_class, BwSecondFactorDialog, recovery_label);
  gtk_widget_class_bind_template_callback (widget_class, code_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, code_activated_cb);

  gtk_widget_class_install_action (widget_class, "factor.confirm", NULL, confirm_action);
  gtk_widget_class_install_action (widget_class, "factor.try-again", NULL, try_again_action);
  gtk_widget_class_install_action (widget_class, "factor.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "factor.save", NULL, save_action);
}

static void
bw_second_factor_dialog_init (BwSecondFactorDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  code_changed_cb (self);
}

GtkWidget *
bw_second_factor_dialog_new (BwSession *session)
{
  BwSecondFactorDialog *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  self = g_object_new (BW_TYPE_SECOND_FACTOR_DIALOG, NULL);
  self->session = g_object_ref (session);
  self->is_taking_back = bw_session_get_totp (session);

  gtk_widget_set_visible (self->key_box, !self->is_taking_back);
  if (self->is_taking_back)
    {
      gtk_window_set_title (GTK_WINDOW (self), _("Switch Off the Second Factor"));
      gtk_button_set_label (self->confirm_button, _("Switch _Off"));
      gtk_label_set_label (self->lead_label, _("Enter the code that your authenticator app shows now, or one of "
                                               "your recovery codes. After that the password alone is enough."));
      show_page (self, "code");
    }
  else
    {
      begin (self);
    }

  return GTK_WIDGET (self);
}
