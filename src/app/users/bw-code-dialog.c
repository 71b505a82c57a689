/* bw-code-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-code-dialog.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-json.h"
#include "bw-time-text.h"

/**
 * BwCodeDialog:
 *
 * The code of an invitation, shown this once: to be told, or to be sent with all that is needed to use it.
 */

struct _BwCodeDialog
{
  AdwWindow        parent_instance;

  char            *code;
  char            *message;

  AdwToastOverlay *toasts;
  GtkLabel        *lead_label;
  GtkLabel        *code_label;
  GtkLabel        *server_label;
  GtkLabel        *expiry_label;
};

G_DEFINE_FINAL_TYPE (BwCodeDialog, bw_code_dialog, ADW_TYPE_WINDOW)

static void
copy (BwCodeDialog *self,
      const char   *text,
      const char   *done)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  bw_toast_show (self->toasts, done);
}

static void
copy_code_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  copy (BW_CODE_DIALOG (widget), BW_CODE_DIALOG (widget)->code, _("Code copied"));
}

static void
copy_message_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  copy (BW_CODE_DIALOG (widget), BW_CODE_DIALOG (widget)->message, _("Message copied"));
}

static void
bw_code_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), BW_TYPE_CODE_DIALOG);

  G_OBJECT_CLASS (bw_code_dialog_parent_class)->dispose (object);
}

static void
bw_code_dialog_finalize (GObject *object)
{
  BwCodeDialog *self = (BwCodeDialog *) object;

  g_free (self->code);
  g_free (self->message);

  G_OBJECT_CLASS (bw_code_dialog_parent_class)->finalize (object);
}

static void
bw_code_dialog_class_init (BwCodeDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_code_dialog_dispose;
  object_class->finalize = bw_code_dialog_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/users/bw-code-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwCodeDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwCodeDialog, lead_label);
  gtk_widget_class_bind_template_child (widget_class, BwCodeDialog, code_label);
  gtk_widget_class_bind_template_child (widget_class, BwCodeDialog, server_label);
  gtk_widget_class_bind_template_child (widget_class, BwCodeDialog, expiry_label);

  gtk_widget_class_install_action (widget_class, "code.copy", NULL, copy_code_action);
  gtk_widget_class_install_action (widget_class, "code.copy-message", NULL, copy_message_action);
}

static void
bw_code_dialog_init (BwCodeDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_code_dialog_new (const char *server_uri,
                    const char *name,
                    const char *email,
                    JsonObject *invitation)
{
  BwCodeDialog *self;
  const char *code;
  g_autofree char *lead = NULL;
  g_autofree char *expiry = NULL;

  g_return_val_if_fail (server_uri != NULL && name != NULL && invitation != NULL, NULL);

  self = g_object_new (BW_TYPE_CODE_DIALOG, NULL);
  code = bw_json_get_string (invitation, "code");
  self->code = g_strdup (code != NULL ? code : "");
  expiry = bw_time_to_full_text (bw_json_get_int (invitation, "expiresAt", 0));

  if (bw_json_get_boolean (invitation, "sent", FALSE) && email != NULL)
    lead = g_strdup_printf (_("The invitation was sent to %s. You can also hand over the code yourself."), email);
  else
    /* Translators: %s is a person's name */
    lead = g_strdup_printf (_("No mail was sent: hand over this code to %s yourself. It is shown only now."), name);

  /* Translators: a message that somebody sends to the person who is invited: server, code, date */
  self->message = g_strdup_printf (_("You are invited to Bellwether. Open it, choose “I Have an Invitation”, "
                                     "and enter:\nServer: %s\nCode: %s\nThe code works once, until %s."),
                                   server_uri, self->code, expiry);
  gtk_label_set_label (self->lead_label, lead);
  gtk_label_set_label (self->code_label, self->code);
  gtk_label_set_label (self->server_label, server_uri);
  gtk_label_set_label (self->expiry_label, expiry);

  return GTK_WIDGET (self);
}
