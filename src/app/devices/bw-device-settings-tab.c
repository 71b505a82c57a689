/* bw-device-settings-tab.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-device-settings-tab.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-desired-set.h"
#include "bw-device-text.h"
#include "bw-json.h"
#include "bw-own-page-group.h"
#include "bw-time-text.h"

/**
 * BwDeviceSettingsTab:
 *
 * Facts, saved one by one as they are applied, with *Undo*; the values that wait for the device; and the way
 * to its own page, if that can be reached from here.
 */

struct _BwDeviceSettingsTab
{
  GtkWidget            parent_instance;

  BwSession           *session;
  BwLiveDevice        *live;
  BwDesiredSet        *desired;
  GCancellable        *cancellable;
  GPtrArray           *desired_rows;    /* (element-type GtkWidget) */
  JsonObject          *facts;           /* (nullable): as they were loaded */
  AdwToast           *undo_toast;   /* (nullable): weak */
  char                *undo_member;     /* (nullable): what the last change has changed … */
  char                *undo_value;      /* … and what it was; (nullable) */
  gboolean             is_filling;

  GtkWidget           *scrolled;   /* bound so that it goes with the template */
  AdwComboRow         *type_row;
  AdwEntryRow         *abbreviation_row;
  AdwEntryRow         *license_row;
  AdwEntryRow         *machine_id_row;
  AdwPreferencesGroup *desired_group;
  GtkWidget           *nothing_row;
  BwOwnPageGroup      *own_page_group;
};

G_DEFINE_FINAL_TYPE (BwDeviceSettingsTab, bw_device_settings_tab, GTK_TYPE_WIDGET)

static const char *const types[] = { NULL, "testing", "development", "release" };

static void load (BwDeviceSettingsTab *self);

static AdwToastOverlay *
find_toasts (BwDeviceSettingsTab *self)
{
  return ADW_TOAST_OVERLAY (gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY));
}

static char *
device_path (BwDeviceSettingsTab *self)
{
  g_autofree char *escaped = g_uri_escape_string (bw_live_device_get_id (self->live), NULL, FALSE);

  return g_strconcat ("/v1/devices/", escaped, NULL);
}

/* Facts */

static void
fill_entry (AdwEntryRow *row,
            JsonObject  *facts,
            const char  *member)
{
  const char *text = bw_json_get_string (facts, member);

  /* what somebody is typing stays */
  if (gtk_widget_get_focus_child (GTK_WIDGET (row)) == NULL)
    gtk_editable_set_text (GTK_EDITABLE (row), text != NULL ? text : "");
}

static void
fill (BwDeviceSettingsTab *self)
{
  const char *type = bw_json_get_string (self->facts, "type");

  self->is_filling = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      if (g_strcmp0 (type, types[i]) == 0)
        adw_combo_row_set_selected (self->type_row, i);
    }
  fill_entry (self->abbreviation_row, self->facts, "abbreviation");
  fill_entry (self->license_row, self->facts, "license");
  fill_entry (self->machine_id_row, self->facts, "machineId");
  self->is_filling = FALSE;
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BwDeviceSettingsTab) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) facts = bw_session_call_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (facts == NULL)
    {
      bw_toast_show_error (find_toasts (self), error);
      return;
    }

  g_clear_pointer (&self->facts, json_object_unref);
  self->facts = g_steal_pointer (&facts);
  fill (self);
}

static void
load (BwDeviceSettingsTab *self)
{
  g_autofree char *path = device_path (self);

  bw_session_call_async (self->session, "GET", path, NULL, self->cancellable, loaded_cb, g_object_ref (self));
}

static void
undo_clicked_cb (BwDeviceSettingsTab *self);

static void
offer_undo (BwDeviceSettingsTab *self)
{
  AdwToast *toast = adw_toast_new (_("Saved"));

  if (find_toasts (self) == NULL)
    {
      g_object_unref (toast);
      return;
    }

  adw_toast_set_button_label (toast, _("_Undo"));
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_clicked_cb), self, G_CONNECT_SWAPPED);

  /* it takes back the last change alone */
  if (self->undo_toast != NULL)
    adw_toast_dismiss (self->undo_toast);
  g_set_weak_pointer (&self->undo_toast, toast);
  adw_toast_overlay_add_toast (find_toasts (self), toast);
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BwDeviceSettingsTab) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) document = bw_session_call_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (document == NULL)
    bw_toast_show_error (find_toasts (self), error);
  else if (self->undo_member != NULL)
    offer_undo (self);

  /* a newer revision of the facts, also when somebody else was faster */
  load (self);
}

/* @value: (nullable): none */
static void
save (BwDeviceSettingsTab *self,
      const char          *member,
      const char          *value)
{
  g_autoptr(GString) body = g_string_new (NULL);
  g_autofree char *path = device_path (self);

  bw_json_begin_object (body, NULL);
  bw_json_add_int (body, "factsRevision", bw_json_get_int (self->facts, "factsRevision", 0));
  bw_json_add_string (body, member, value);
  bw_json_end_object (body);

  bw_session_call_async (self->session, "PATCH", path, body->str, self->cancellable, saved_cb, g_object_ref (self));
}

static void
undo_clicked_cb (BwDeviceSettingsTab *self)
{
  g_autofree char *member = g_steal_pointer (&self->undo_member);
  g_autofree char *value = g_steal_pointer (&self->undo_value);

  if (member != NULL)
    save (self, member, value);
}

static void
change (BwDeviceSettingsTab *self,
        const char          *member,
        const char          *value)
{
  if (self->facts == NULL || g_strcmp0 (bw_json_get_string (self->facts, member), value) == 0)
    return;

  g_free (self->undo_member);
  g_free (self->undo_value);
  self->undo_member = g_strdup (member);
  self->undo_value = g_strdup (bw_json_get_string (self->facts, member));
  save (self, member, value);
}

static void
type_selected_cb (BwDeviceSettingsTab *self)
{
  guint selected = adw_combo_row_get_selected (self->type_row);

  if (!self->is_filling && selected < G_N_ELEMENTS (types))
    change (self, "type", types[selected]);
}

static void
apply_cb (BwDeviceSettingsTab *self,
          AdwEntryRow         *row)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
  const char *member = row == self->abbreviation_row ? "abbreviation" : row == self->license_row ? "license" : "machineId";

  change (self, member, *text != '\0' ? text : NULL);
}

/* What waits */

static void
withdrawn_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(BwDeviceSettingsTab) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!bw_desired_set_finish (BW_DESIRED_SET (source), result, &error) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    bw_toast_show_error (find_toasts (self), error);
}

static void
withdraw_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  BwDeviceSettingsTab *self = BW_DEVICE_SETTINGS_TAB (widget);
  const char *node = NULL;
  const char *property = NULL;

  g_variant_get (parameter, "(&s&s)", &node, &property);
  bw_desired_set_withdraw_async (self->desired, node, property, self->cancellable, withdrawn_cb, g_object_ref (self));
}

/* (transfer full) */
static char *
format_desired (BwDeviceSettingsTab *self,
                const BwDesired     *desired)
{
  BwDeviceTree *tree = bw_live_device_get_tree (self->live);
  const BwTreeProperty *property = tree != NULL ? bw_device_tree_get_property (tree, desired->node, desired->property) : NULL;
  g_autofree char *value = property != NULL ? bw_device_text_value_unit (property, desired->value) : g_strdup (desired->value);
  g_autofree char *since = bw_time_to_date_text (desired->created_at_us);

  if (desired->refused)
    return g_strdup_printf (_("Refused: %s: %s"), value, desired->reason != NULL ? desired->reason : "");

  return g_strdup_printf (_("Pending: %s, by %s, since %s"), value, desired->by != NULL ? desired->by : "", since);
}

static void
add_desired_row (BwDeviceSettingsTab *self,
                 const BwDesired     *desired)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_with_mnemonic (_("_Withdraw"));
  g_autofree char *title = g_strdup_printf ("%s/%s", desired->node, desired->property);
  g_autofree char *subtitle = format_desired (self, desired);
  g_autofree char *label = g_strdup_printf (_("Withdraw %s"), title);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  if (desired->refused)
    gtk_widget_add_css_class (row, "error");

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "settings.withdraw");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "(ss)", desired->node, desired->property);
  bw_accessible_set_label (button, label);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_preferences_group_add (self->desired_group, row);
  g_ptr_array_add (self->desired_rows, row);
}

static void
desired_changed_cb (BwDeviceSettingsTab *self)
{
  g_autoptr(GPtrArray) list = bw_desired_set_list (self->desired);

  while (self->desired_rows->len > 0)
    adw_preferences_group_remove (self->desired_group, g_ptr_array_steal_index (self->desired_rows, 0));

  for (guint i = 0; i < list->len; i++)
    add_desired_row (self, g_ptr_array_index (list, i));
  gtk_widget_set_visible (self->nothing_row, list->len == 0);
}

static void
facts_changed_cb (BwDeviceSettingsTab *self)
{
  BwDeviceTree *tree = bw_live_device_get_tree (self->live);

  bw_own_page_group_set_local_ip (self->own_page_group, tree != NULL ? tree->local_ip : NULL);
}

static void
bw_device_settings_tab_dispose (GObject *object)
{
  BwDeviceSettingsTab *self = (BwDeviceSettingsTab *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->desired != NULL)
    g_signal_handlers_disconnect_by_data (self->desired, self);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_DEVICE_SETTINGS_TAB);
  g_clear_object (&self->desired);
  g_clear_object (&self->live);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_device_settings_tab_parent_class)->dispose (object);
}

static void
bw_device_settings_tab_finalize (GObject *object)
{
  BwDeviceSettingsTab *self = (BwDeviceSettingsTab *) object;

  g_clear_pointer (&self->desired_rows, g_ptr_array_unref);
  g_clear_pointer (&self->facts, json_object_unref);
  g_free (self->undo_member);
  g_free (self->undo_value);

  G_OBJECT_CLASS (bw_device_settings_tab_parent_class)->finalize (object);
}

static void
bw_device_settings_tab_class_init (BwDeviceSettingsTabClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_device_settings_tab_dispose;
  object_class->finalize = bw_device_settings_tab_finalize;

  g_type_ensure (BW_TYPE_OWN_PAGE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/devices/bw-device-settings-tab.ui");
  gtk_widget_class_bind_template_child (widget_class, BwDeviceSettingsTab, scrolled);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceSettingsTab, type_row);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceSettingsTab, abbreviation_row);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceSettingsTab, license_row);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceSettingsTab, machine_id_row);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceSettingsTab, desired_group);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceSettingsTab, nothing_row);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceSettingsTab, own_page_group);
  gtk_widget_class_bind_template_callback (widget_class, type_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, apply_cb);
  gtk_widget_class_install_action (widget_class, "settings.withdraw", "(ss)", withdraw_action);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bw_device_settings_tab_init (BwDeviceSettingsTab *self)
{
  self->cancellable = g_cancellable_new ();
  self->desired_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_device_settings_tab_new (BwSession    *session,
                            BwLiveDevice *live)
{
  BwDeviceSettingsTab *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (BW_IS_LIVE_DEVICE (live), NULL);

  self = g_object_new (BW_TYPE_DEVICE_SETTINGS_TAB, NULL);
  self->session = g_object_ref (session);
  self->live = g_object_ref (live);
  self->desired = bw_desired_set_new (session, bw_live_device_get_id (live));
  g_signal_connect_object (self->desired, "changed", G_CALLBACK (desired_changed_cb), self, G_CONNECT_SWAPPED);
  /* the other tab, and other people, change them too */
  g_signal_connect (self, "map", G_CALLBACK (load), NULL);
  g_signal_connect_object (live, "facts-changed", G_CALLBACK (facts_changed_cb), self, G_CONNECT_SWAPPED);
  load (self);
  facts_changed_cb (self);

  return GTK_WIDGET (self);
}
