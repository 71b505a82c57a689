/* bw-claim-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-claim-dialog.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-device-id.h"
#include "bw-json.h"
#include "bw-time-text.h"

/**
 * BwClaimDialog:
 *
 * The devices that one owns; another one is added by its ID, typed or from a scanner that types, and one is given
 * back, with *Undo*.
 */

struct _BwClaimDialog
{
  AdwWindow            parent_instance;

  BwSession           *session;
  GCancellable        *cancellable;
  GPtrArray           *rows;         /* (element-type GtkWidget) */
  char                *released;     /* (nullable): the ID that *Undo* takes again */

  AdwToastOverlay     *toasts;
  AdwEntryRow         *id_row;
  AdwPreferencesGroup *group;
};

G_DEFINE_FINAL_TYPE (BwClaimDialog, bw_claim_dialog, ADW_TYPE_WINDOW)

static void load (BwClaimDialog *self);

static void
claimed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BwClaimDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = bw_session_call_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (reply == NULL)
    {
      bw_toast_show_error (self->toasts, error);
      return;
    }

  gtk_editable_set_text (GTK_EDITABLE (self->id_row), "");
  bw_toast_show (self->toasts, _("The device is yours"));
  load (self);
}

static void
claim (BwClaimDialog *self,
       const char    *id)
{
  g_autoptr(GString) body = g_string_new (NULL);

  bw_json_begin_object (body, NULL);
  bw_json_add_string (body, "deviceId", id);
  bw_json_end_object (body);
  bw_session_call_async (self->session, "POST", "/v1/pairings", body->str, self->cancellable, claimed_cb, g_object_ref (self));
}

static void
claim_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  BwClaimDialog *self = BW_CLAIM_DIALOG (widget);

  claim (self, gtk_editable_get_text (GTK_EDITABLE (self->id_row)));
}

static void
id_changed_cb (BwClaimDialog *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->id_row));
  char id[BW_DEVICE_ID_SIZE];

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "claim.claim", bw_device_id_parse (text, strlen (text), id));
}

static void
entry_activated_cb (BwClaimDialog *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "claim.claim", NULL);
}

static void
undo_cb (BwClaimDialog *self)
{
  g_autofree char *id = g_steal_pointer (&self->released);

  if (id != NULL)
    claim (self, id);
}

static void
released_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(BwClaimDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = bw_session_call_finish (BW_SESSION (source), result, &error);
  AdwToast *toast;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (reply == NULL && error != NULL)
    bw_toast_show_error (self->toasts, error);
  else
    {
      toast = adw_toast_new (_("Device given back"));
      adw_toast_set_button_label (toast, _("_Undo"));
      g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_cb), self, G_CONNECT_SWAPPED);
      adw_toast_overlay_add_toast (self->toasts, toast);
    }

  load (self);
}

static void
release_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  BwClaimDialog *self = BW_CLAIM_DIALOG (widget);
  g_autofree char *path = NULL;

  g_free (self->released);
  self->released = g_variant_dup_string (parameter, NULL);
  path = g_strconcat ("/v1/pairings/", self->released, NULL);
  bw_session_call_async (self->session, "DELETE", path, NULL, self->cancellable, released_cb, g_object_ref (self));
}

static void
add_row (BwClaimDialog *self,
         JsonObject    *item)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_with_mnemonic (_("_Give Back"));
  const char *id = bw_json_get_string (item, "deviceId");
  const char *name = bw_json_get_string (item, "name");
  g_autofree char *since = bw_time_to_date_text (bw_json_get_int (item, "pairedAt", 0));
  g_autofree char *subtitle = g_strdup_printf (_("Paired since %s"), since);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name != NULL ? name : id);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_set_tooltip_text (row, id);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "claim.release");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", id);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_preferences_group_add (self->group, row);
  g_ptr_array_add (self->rows, row);
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BwClaimDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = bw_session_call_finish (BW_SESSION (source), result, &error);
  JsonArray *items = bw_json_get_array (reply, "items");

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (items == NULL)
    {
      if (error != NULL)
        bw_toast_show_error (self->toasts, error);
      return;
    }

  while (self->rows->len > 0)
    adw_preferences_group_remove (self->group, g_ptr_array_steal_index (self->rows, 0));
  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      JsonNode *node = json_array_get_element (items, i);

      if (JSON_NODE_HOLDS_OBJECT (node) && bw_json_get_string (json_node_get_object (node), "deviceId") != NULL)
        add_row (self, json_node_get_object (node));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->group), self->rows->len > 0);
}

static void
load (BwClaimDialog *self)
{
  bw_session_call_async (self->session, "GET", "/v1/pairings", NULL, self->cancellable, loaded_cb, g_object_ref (self));
}

static void
bw_claim_dialog_dispose (GObject *object)
{
  BwClaimDialog *self = (BwClaimDialog *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_CLAIM_DIALOG);
  g_clear_object (&self->session);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->released, g_free);

  G_OBJECT_CLASS (bw_claim_dialog_parent_class)->dispose (object);
}

static void
bw_claim_dialog_class_init (BwClaimDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bw_claim_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/devices/bw-claim-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwClaimDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwClaimDialog, id_row);
  gtk_widget_class_bind_template_child (widget_class, BwClaimDialog, group);
  gtk_widget_class_bind_template_callback (widget_class, id_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
  gtk_widget_class_install_action (widget_class, "claim.claim", NULL, claim_action);
  gtk_widget_class_install_action (widget_class, "claim.release", "s", release_action);
}

static void
bw_claim_dialog_init (BwClaimDialog *self)
{
  self->cancellable = g_cancellable_new ();
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  id_changed_cb (self);
}

GtkWidget *
bw_claim_dialog_new (BwSession *session)
{
  BwClaimDialog *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  self = g_object_new (BW_TYPE_CLAIM_DIALOG, NULL);
  self->session = g_object_ref (session);
  load (self);

  return GTK_WIDGET (self);
}
