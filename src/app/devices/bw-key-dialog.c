/* bw-key-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-key-dialog.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-json.h"
#include "bw-provision.h"
#include "bw-time-text.h"

/**
 * BwKeyDialog:
 *
 * Asks how long the old key is good, then shows the new one, this once: to be copied, or saved as a file for
 * whoever flashes the device.
 */

struct _BwKeyDialog
{
  AdwWindow             parent_instance;

  BwSession            *session;
  GCancellable         *cancellable;
  char                 *device_id;
  JsonObject           *device;       /* (nullable) */
  char                 *key;          /* (nullable): once it is told */
  GtkFileChooserNative *chooser;      /* (nullable): while it is open */

  AdwToastOverlay      *toasts;
  GtkStack             *stack;
  AdwComboRow          *grace_row;
  GtkLabel             *key_label;
  GtkLabel             *note_label;
};

G_DEFINE_FINAL_TYPE (BwKeyDialog, bw_key_dialog, ADW_TYPE_WINDOW)

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* As the list has them. */
static const int grace_s[] = { 0, 3600, 24 * 3600, 7 * 24 * 3600, 30 * 24 * 3600 };

#define USUAL_GRACE 3

static void
show_key (BwKeyDialog *self,
          JsonObject  *reply)
{
  gint64 ends_us = bw_json_get_int (reply, "oldKeyEndsAt", 0);
  g_autofree char *until = bw_time_to_full_text (ends_us);
  g_autofree char *note = NULL;

  if (ends_us > 0)
    /* Translators: a date and time */
    note = g_strdup_printf (_("It is shown only now. The old key is good until %s, or until the device comes with this one."), until);
  else
    note = g_strdup (_("It is shown only now. The old key is good for nothing any more."));

  self->key = g_strdup (bw_json_get_string (reply, "key"));
  gtk_label_set_label (self->key_label, self->key);
  gtk_label_set_label (self->note_label, note);
  gtk_stack_set_visible_child_name (self->stack, "key");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "key.copy", TRUE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "key.save", TRUE);
}

static void
rotated_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BwKeyDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = bw_session_call_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (bw_json_get_string (reply, "key") == NULL)
    {
      if (error != NULL)
        bw_toast_show_error (self->toasts, error);
      gtk_widget_action_set_enabled (GTK_WIDGET (self), "key.change", TRUE);
      return;
    }

  show_key (self, reply);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
change_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwKeyDialog *self = BW_KEY_DIALOG (widget);
  guint selected = MIN (adw_combo_row_get_selected (self->grace_row), G_N_ELEMENTS (grace_s) - 1);
  g_autofree char *escaped = g_uri_escape_string (self->device_id, NULL, FALSE);
  g_autofree char *path = g_strconcat ("/v1/devices/", escaped, "/rotate-key", NULL);
  g_autofree char *body = g_strdup_printf ("{\"graceSeconds\":%d}", grace_s[selected]);

  /* twice would be two keys */
  gtk_widget_action_set_enabled (widget, "key.change", FALSE);
  bw_session_call_async (self->session, "POST", path, body, self->cancellable, rotated_cb, g_object_ref (self));
}

static void
copy_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwKeyDialog *self = BW_KEY_DIALOG (widget);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), self->key);
  bw_toast_show (self->toasts, _("Key copied"));
}

static void
chosen_cb (BwKeyDialog          *self,
           int                   response,
           GtkFileChooserNative *chooser)
{
  g_autoptr(GFile) file = NULL;
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      path = file != NULL ? g_file_get_path (file) : NULL;
    }
  g_clear_object (&self->chooser);
  if (path == NULL)
    return;

  if (bw_provision_save_one (self->device, self->device_id, self->key,
                             g_str_has_suffix (path, ".csv") ? BW_HAND_OVER_NVS : BW_HAND_OVER_JSON, path, &error))
    bw_toast_show (self->toasts, _("Provisioning file saved"));
  else
    bw_toast_show_error (self->toasts, error);
}

static void
save_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwKeyDialog *self = BW_KEY_DIALOG (widget);
  g_autofree char *name = g_strconcat (self->device_id, ".json", NULL);

  if (self->chooser != NULL)
    return;

  self->chooser = gtk_file_chooser_native_new (_("Save Provisioning File"), GTK_WINDOW (self),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
bw_key_dialog_dispose (GObject *object)
{
  BwKeyDialog *self = (BwKeyDialog *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_KEY_DIALOG);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_key_dialog_parent_class)->dispose (object);
}

static void
bw_key_dialog_finalize (GObject *object)
{
  BwKeyDialog *self = (BwKeyDialog *) object;

  if (self->key != NULL)
    explicit_bzero (self->key, strlen (self->key));
  g_free (self->key);
  g_free (self->device_id);
  g_clear_pointer (&self->device, json_object_unref);

  G_OBJECT_CLASS (bw_key_dialog_parent_class)->finalize (object);
}

static void
bw_key_dialog_class_init (BwKeyDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_key_dialog_dispose;
  object_class->finalize = bw_key_dialog_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/devices/bw-key-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwKeyDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwKeyDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, BwKeyDialog, grace_row);
  gtk_widget_class_bind_template_child (widget_class, BwKeyDialog, key_label);
  gtk_widget_class_bind_template_child (widget_class, BwKeyDialog, note_label);
  gtk_widget_class_install_action (widget_class, "key.change", NULL, change_action);
  gtk_widget_class_install_action (widget_class, "key.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "key.save", NULL, save_action);
}

static void
bw_key_dialog_init (BwKeyDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  adw_combo_row_set_selected (self->grace_row, USUAL_GRACE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "key.copy", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "key.save", FALSE);
}

GtkWidget *
bw_key_dialog_new (BwSession  *session,
                   const char *device_id,
                   JsonObject *device)
{
  BwKeyDialog *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (device_id != NULL, NULL);

  self = g_object_new (BW_TYPE_KEY_DIALOG, NULL);
  self->session = g_object_ref (session);
  self->device_id = g_strdup (device_id);
  self->device = device != NULL ? json_object_ref (device) : NULL;

  return GTK_WIDGET (self);
}
