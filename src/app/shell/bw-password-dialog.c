/* bw-password-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-password-dialog.h"

#include <glib/gi18n.h>

#include "bw-error-text.h"
#include "bw-error.h"

/* The server's rule, told before it has to. */
#define MIN_CHARACTERS 8

/**
 * BwPasswordDialog:
 *
 * A new password for the person who is signed in.
 */

struct _BwPasswordDialog
{
  AdwWindow     parent_instance;

  BwSession    *session;
  GCancellable *cancellable;
  gboolean      is_busy;

  GtkWidget    *reason;
  GtkEditable  *old_row;
  GtkEditable  *new_row;
  GtkEditable  *again_row;
  GtkLabel     *error_label;
};

G_DEFINE_FINAL_TYPE (BwPasswordDialog, bw_password_dialog, ADW_TYPE_WINDOW)

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
show_error (BwPasswordDialog *self,
            GtkEditable      *field,
            const char       *text)
{
  GtkEditable *rows[] = { self->old_row, self->new_row, self->again_row };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      if (rows[i] == field && text != NULL)
        gtk_widget_add_css_class (GTK_WIDGET (rows[i]), "error");
      else
        gtk_widget_remove_css_class (GTK_WIDGET (rows[i]), "error");

      gtk_accessible_update_property (GTK_ACCESSIBLE (rows[i]), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                      rows[i] == field && text != NULL ? text : "", -1);
    }

  gtk_label_set_label (self->error_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), text != NULL);
}

static void
form_changed_cb (BwPasswordDialog *self)
{
  const char *old = gtk_editable_get_text (self->old_row);
  const char *new = gtk_editable_get_text (self->new_row);
  const char *again = gtk_editable_get_text (self->again_row);
  gboolean is_short = g_utf8_strlen (new, -1) < MIN_CHARACTERS;
  gboolean differs = strcmp (new, again) != 0;

  if (*new != '\0' && is_short)
    show_error (self, self->new_row, _("The new password is too short."));
  else if (*again != '\0' && differs)
    show_error (self, self->again_row, _("The two new passwords are not the same."));
  else
    show_error (self, NULL, NULL);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "password.change",
                                 *old != '\0' && !is_short && !differs && !self->is_busy);
}

static void
entry_activated_cb (BwPasswordDialog *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "password.change", NULL);
}

static void
password_changed_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(BwPasswordDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  gboolean ok = bw_session_change_password_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->is_busy = FALSE;
  form_changed_cb (self);
  if (ok)
    {
      g_signal_emit (self, signals[CHANGED], 0);
      gtk_window_close (GTK_WINDOW (self));
      return;
    }

  if (g_error_matches (error, BW_ERROR, BW_ERROR_UNAUTHENTICATED) ||
      g_error_matches (error, BW_ERROR, BW_ERROR_FORBIDDEN))
    {
      show_error (self, self->old_row, _("This is not your current password."));
      gtk_widget_grab_focus (GTK_WIDGET (self->old_row));
      return;
    }

  text = bw_error_to_user_text (error);
  show_error (self, NULL, text);
}

static void
change_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwPasswordDialog *self = BW_PASSWORD_DIALOG (widget);

  self->is_busy = TRUE;
  gtk_widget_action_set_enabled (widget, "password.change", FALSE);
  bw_session_change_password_async (self->session, gtk_editable_get_text (self->old_row),
                                    gtk_editable_get_text (self->new_row), self->cancellable,
                                    password_changed_cb, g_object_ref (self));
}

/* Closed. A call under way may keep the dialog for a moment, even beyond its parent. */
static void
bw_password_dialog_unmap (GtkWidget *widget)
{
  g_cancellable_cancel (BW_PASSWORD_DIALOG (widget)->cancellable);

  GTK_WIDGET_CLASS (bw_password_dialog_parent_class)->unmap (widget);

  gtk_window_set_transient_for (GTK_WINDOW (widget), NULL);
}

static void
bw_password_dialog_dispose (GObject *object)
{
  BwPasswordDialog *self = (BwPasswordDialog *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_PASSWORD_DIALOG);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_password_dialog_parent_class)->dispose (object);
}

static void
bw_password_dialog_class_init (BwPasswordDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_password_dialog_dispose;
  widget_class->unmap = bw_password_dialog_unmap;

  signals[CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/shell/bw-password-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwPasswordDialog, reason);
  gtk_widget_class_bind_template_child (widget_class, BwPasswordDialog, old_row);
  gtk_widget_class_bind_template_child (widget_class, BwPasswordDialog, new_row);
  gtk_widget_class_bind_template_child (widget_class, BwPasswordDialog, again_row);
  gtk_widget_class_bind_template_child (widget_class, BwPasswordDialog, error_label);
  gtk_widget_class_bind_template_callback (widget_class, form_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);

  gtk_widget_class_install_action (widget_class, "password.change", NULL, change_action);
}

static void
bw_password_dialog_init (BwPasswordDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->old_row));
  form_changed_cb (self);
}

GtkWidget *
bw_password_dialog_new (BwSession *session,
                        gboolean   is_first)
{
  BwPasswordDialog *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  self = g_object_new (BW_TYPE_PASSWORD_DIALOG, NULL);
  self->session = g_object_ref (session);
  gtk_widget_set_visible (self->reason, is_first);

  return GTK_WIDGET (self);
}

BwSession *
bw_password_dialog_get_session (BwPasswordDialog *self)
{
  g_return_val_if_fail (BW_IS_PASSWORD_DIALOG (self), NULL);

  return self->session;
}
