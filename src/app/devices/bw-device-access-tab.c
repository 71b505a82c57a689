/* bw-device-access-tab.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-device-access-tab.h"

#include <glib/gi18n.h>

#include "bw-company-picker.h"
#include "bw-compat.h"
#include "bw-json.h"
#include "bw-key-dialog.h"
#include "bw-pair-dialog.h"
#include "bw-time-text.h"

/* A tree of companies is never deeper. */
#define MAX_DEPTH 100

/**
 * BwDeviceAccessTab:
 *
 * Whose the device is, which company's, and the way to another key. What is shown is what the backend says
 * after each change, whoever made it.
 */

struct _BwDeviceAccessTab
{
  GtkWidget     parent_instance;

  BwSession    *session;
  BwLiveDevice *live;
  GCancellable *cancellable;
  JsonObject   *device;          /* (nullable): as it was loaded */
  char         *unpaired_id;     /* (nullable): whom *Undo* gives it back */
  char         *new_company;     /* (nullable): where it is about to go */

  GtkWidget    *scrolled;   /* bound so that it goes with the template */
  AdwActionRow *owner_row;
  GtkWidget    *pair_button;
  GtkWidget    *unpair_button;
  AdwActionRow *company_row;
  AdwActionRow *people_row;
  AdwActionRow *key_row;
};

G_DEFINE_FINAL_TYPE (BwDeviceAccessTab, bw_device_access_tab, GTK_TYPE_WIDGET)

static void load (BwDeviceAccessTab *self);

static AdwToastOverlay *
find_toasts (BwDeviceAccessTab *self)
{
  return ADW_TOAST_OVERLAY (gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY));
}

static char *
device_path (BwDeviceAccessTab *self,
             const char        *rest)
{
  g_autofree char *escaped = g_uri_escape_string (bw_live_device_get_id (self->live), NULL, FALSE);

  return g_strconcat ("/v1/devices/", escaped, rest, NULL);
}

static BwEntity *
find_company (BwDeviceAccessTab *self,
              const char        *id)
{
  return id != NULL ? bw_entity_list_lookup (bw_session_get_companies (self->session), id) : NULL;
}

/* (transfer full): what the company is called, with what is above it */
static char *
format_company (BwDeviceAccessTab *self,
                const char        *id)
{
  BwEntity *company = find_company (self, id);
  g_autofree char *name = NULL;

  if (company != NULL)
    g_object_get (company, "name", &name, NULL);

  return g_steal_pointer (&name);
}

/* Who acts in the device's company or above it, as far as one's reach. */
static gint64
count_people (BwDeviceAccessTab *self,
              const char        *company_id)
{
  g_autofree char *id = g_strdup (company_id);
  gint64 n = 0;

  for (guint i = 0; i < MAX_DEPTH && id != NULL; i++)
    {
      BwEntity *company = find_company (self, id);
      g_autofree char *parent = NULL;
      gint64 n_here = 0;

      if (company == NULL)
        break;

      g_object_get (company, "n-participations", &n_here, "parent-id", &parent, NULL);
      n += n_here;
      g_free (id);
      id = g_steal_pointer (&parent);
    }

  return n;
}

static void
update_owner (BwDeviceAccessTab *self)
{
  BwDevice *device = bw_live_device_get_device (self->live);
  const char *owner = bw_json_get_string (self->device, "owner");
  gboolean is_owned = bw_json_get_string (self->device, "ownerId") != NULL;
  gboolean may_pair = device != NULL && bw_device_get_status (device) == BW_STATUS_PAIRING;
  g_autofree char *since = bw_time_to_date_text (bw_json_get_int (self->device, "pairedAt", 0));
  g_autofree char *subtitle = NULL;

  if (is_owned)
    /* Translators: a date */
    subtitle = g_strdup_printf (_("Paired since %s"), since);
  else
    subtitle = g_strdup (may_pair ? _("Waits for its owner, who types or scans its ID") : _("Can be paired when it is approved"));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->owner_row), is_owned ? owner : _("Nobody"));
  adw_action_row_set_subtitle (self->owner_row, subtitle);
  gtk_widget_set_visible (self->pair_button, !is_owned);
  gtk_widget_set_visible (self->unpair_button, is_owned);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "access.pair", may_pair && !is_owned);
}

static void
update (BwDeviceAccessTab *self)
{
  const char *company_id;
  g_autofree char *company = NULL;
  g_autofree char *path = NULL;
  g_autofree char *people = NULL;
  gint64 n;
  gint64 old_key_ends_us;

  if (self->device == NULL)
    return;

  company_id = bw_json_get_string (self->device, "companyId");
  company = format_company (self, company_id);
  path = bw_company_path_to_text (self->session, company_id);
  n = count_people (self, company_id);
  old_key_ends_us = bw_json_get_int (self->device, "oldKeyEndsAt", 0);

  update_owner (self);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->company_row), company != NULL ? company : company_id);
  adw_action_row_set_subtitle (self->company_row, path);
  people = g_strdup_printf (ngettext ("%lld participation reaches this device", "%lld participations reach this device", (gulong) n),
                            (long long) n);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->people_row), people);
  adw_action_row_set_subtitle (self->people_row, _("In its company and above, as far as you can see"));

  if (old_key_ends_us > 0)
    {
      g_autofree char *until = bw_time_to_full_text (old_key_ends_us);
      /* Translators: a date and time */
      g_autofree char *text = g_strdup_printf (_("Has not come with its new key yet; the old one is good until %s"), until);

      adw_action_row_set_subtitle (self->key_row, text);
    }
  else
    adw_action_row_set_subtitle (self->key_row, "");
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BwDeviceAccessTab) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) device = bw_session_call_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (device == NULL)
    {
      bw_toast_show_error (find_toasts (self), error);
      return;
    }

  g_clear_pointer (&self->device, json_object_unref);
  self->device = g_steal_pointer (&device);
  update (self);
}

static void
load (BwDeviceAccessTab *self)
{
  g_autofree char *path = device_path (self, "");

  bw_session_call_async (self->session, "GET", path, NULL, self->cancellable, loaded_cb, g_object_ref (self));
}

static void
device_revised_cb (BwDeviceAccessTab *self)
{
  load (self);
}

static void
changed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BwDeviceAccessTab) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = bw_session_call_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (reply == NULL && error != NULL)
    bw_toast_show_error (find_toasts (self), error);

  load (self);
}

static void
post (BwDeviceAccessTab   *self,
      const char          *method,
      const char          *rest,
      const char          *body,
      GAsyncReadyCallback  callback)
{
  g_autofree char *path = device_path (self, rest);

  bw_session_call_async (self->session, method, path, body, self->cancellable, callback, g_object_ref (self));
}

/* Owner */

static void
pair (BwDeviceAccessTab *self,
      const char        *user_id)
{
  g_autoptr(GString) body = g_string_new (NULL);

  bw_json_begin_object (body, NULL);
  bw_json_add_string (body, "userId", user_id);
  bw_json_end_object (body);
  post (self, "POST", "/pair", body->str, changed_cb);
}

static void
picked_cb (BwDeviceAccessTab *self,
           const char        *user_id,
           GtkWidget         *dialog)
{
  pair (self, user_id);
}

static void
pair_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwDeviceAccessTab *self = BW_DEVICE_ACCESS_TAB (widget);
  GtkWidget *dialog = bw_pair_dialog_new (self->session);
  GtkRoot *root = gtk_widget_get_root (widget);

  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL);
  g_signal_connect_object (dialog, "picked", G_CALLBACK (picked_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
undo_unpair_cb (BwDeviceAccessTab *self)
{
  g_autofree char *id = g_steal_pointer (&self->unpaired_id);

  if (id != NULL)
    pair (self, id);
}

static void
unpaired_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(BwDeviceAccessTab) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = bw_session_call_finish (BW_SESSION (source), result, &error);
  AdwToast *toast;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (reply == NULL)
    bw_toast_show_error (find_toasts (self), error);
  else if (find_toasts (self) != NULL)
    {
      toast = adw_toast_new (_("Device unpaired"));
      adw_toast_set_button_label (toast, _("_Undo"));
      g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_unpair_cb), self, G_CONNECT_SWAPPED);
      adw_toast_overlay_add_toast (find_toasts (self), toast);
    }

  load (self);
}

static void
unpair_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwDeviceAccessTab *self = BW_DEVICE_ACCESS_TAB (widget);

  g_free (self->unpaired_id);
  self->unpaired_id = g_strdup (bw_json_get_string (self->device, "ownerId"));
  post (self, "POST", "/unpair", "{}", unpaired_cb);
}

/* Company */

static char *
make_move (BwDeviceAccessTab *self)
{
  g_autoptr(GString) body = g_string_new (NULL);

  bw_json_begin_object (body, NULL);
  bw_json_add_int (body, "factsRevision", bw_json_get_int (self->device, "factsRevision", 0));
  bw_json_add_string (body, "companyId", self->new_company);
  bw_json_end_object (body);

  return g_string_free (g_steal_pointer (&body), FALSE);
}

static void
move_answered_cb (BwDeviceAccessTab *self,
                  const char        *response)
{
  g_autofree char *body = NULL;

  if (!g_str_equal (response, "accept") || self->new_company == NULL)
    return;

  body = make_move (self);
  post (self, "PATCH", "", body, changed_cb);
}

/* (transfer full): what stays behind, a line each */
static char *
describe_move (JsonObject *preview)
{
  JsonArray *tags = bw_json_get_array (preview, "losesTags");
  const char *owner = bw_json_get_string (preview, "losesOwner");
  gint64 n_desired = bw_json_get_int (preview, "losesDesired", 0);
  g_autoptr(GString) text = g_string_new (_("Whoever acts in the new company, or above it, sees the device from now on, and nobody else."));

  if (owner != NULL)
    {
      g_string_append (text, "\n\n");
      /* Translators: a person */
      g_string_append_printf (text, _("%s is not its owner any more."), owner);
    }

  for (guint i = 0; tags != NULL && i < json_array_get_length (tags); i++)
    {
      g_string_append (text, "\n\n");
      /* Translators: the name of a tag */
      g_string_append_printf (text, _("It loses the tag “%s”."), json_array_get_string_element (tags, i));
    }

  if (n_desired > 0)
    {
      g_string_append (text, "\n\n");
      g_string_append_printf (text, ngettext ("%lld value that waits for it is withdrawn.",
                                              "%lld values that wait for it are withdrawn.", (gulong) n_desired),
                              (long long) n_desired);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
previewed_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(BwDeviceAccessTab) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) preview = bw_session_call_finish (BW_SESSION (source), result, &error);
  g_autofree char *company = NULL;
  g_autofree char *heading = NULL;
  g_autofree char *body = NULL;
  GtkWidget *question;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (preview == NULL)
    {
      bw_toast_show_error (find_toasts (self), error);
      load (self);
      return;
    }

  company = format_company (self, self->new_company);
  /* Translators: a company */
  heading = g_strdup_printf (_("Move to %s?"), company != NULL ? company : "");
  body = describe_move (preview);
  question = bw_question_new (GTK_WIDGET (self), heading, body, _("_Move"), FALSE);
  g_signal_connect_object (question, "response", G_CALLBACK (move_answered_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (question));
}

static void
company_picked_cb (BwDeviceAccessTab *self,
                   const char        *company_id,
                   GtkWidget         *picker)
{
  g_autofree char *body = NULL;

  g_free (self->new_company);
  self->new_company = g_strdup (company_id);
  body = make_move (self);
  post (self, "PATCH", "?preview=true", body, previewed_cb);
}

static void
move_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwDeviceAccessTab *self = BW_DEVICE_ACCESS_TAB (widget);
  GtkWidget *picker = bw_company_picker_new (self->session, _("Move the Device To"), NULL);
  GtkRoot *root = gtk_widget_get_root (widget);

  gtk_window_set_transient_for (GTK_WINDOW (picker), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL);
  g_signal_connect_object (picker, "picked", G_CALLBACK (company_picked_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (picker));
}

/* Key */

static void
key_changed_cb (BwDeviceAccessTab *self)
{
  load (self);
}

static void
rotate_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwDeviceAccessTab *self = BW_DEVICE_ACCESS_TAB (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *dialog = bw_key_dialog_new (self->session, bw_live_device_get_id (self->live), self->device);

  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL);
  g_signal_connect_object (dialog, "changed", G_CALLBACK (key_changed_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
companies_loaded_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(BwDeviceAccessTab) self = user_data;
  g_autoptr(GError) error = NULL;

  if (bw_session_load_companies_finish (BW_SESSION (source), result, &error))
    update (self);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_debug ("companies: %s", error->message);
}

static void
bw_device_access_tab_dispose (GObject *object)
{
  BwDeviceAccessTab *self = (BwDeviceAccessTab *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_DEVICE_ACCESS_TAB);
  g_clear_object (&self->live);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_device_access_tab_parent_class)->dispose (object);
}

static void
bw_device_access_tab_finalize (GObject *object)
{
  BwDeviceAccessTab *self = (BwDeviceAccessTab *) object;

  g_clear_pointer (&self->device, json_object_unref);
  g_free (self->unpaired_id);
  g_free (self->new_company);

  G_OBJECT_CLASS (bw_device_access_tab_parent_class)->finalize (object);
}

static void
bw_device_access_tab_class_init (BwDeviceAccessTabClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_device_access_tab_dispose;
  object_class->finalize = bw_device_access_tab_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/devices/bw-device-access-tab.ui");
  gtk_widget_class_bind_template_child (widget_class, BwDeviceAccessTab, scrolled);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceAccessTab, owner_row);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceAccessTab, pair_button);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceAccessTab, unpair_button);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceAccessTab, company_row);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceAccessTab, people_row);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceAccessTab, key_row);
  gtk_widget_class_install_action (widget_class, "access.pair", NULL, pair_action);
  gtk_widget_class_install_action (widget_class, "access.unpair", NULL, unpair_action);
  gtk_widget_class_install_action (widget_class, "access.move", NULL, move_action);
  gtk_widget_class_install_action (widget_class, "access.rotate", NULL, rotate_action);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bw_device_access_tab_init (BwDeviceAccessTab *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_device_access_tab_new (BwSession    *session,
                          BwLiveDevice *live)
{
  BwDeviceAccessTab *self;
  GtkWidget *widget;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (BW_IS_LIVE_DEVICE (live), NULL);

  self = g_object_new (BW_TYPE_DEVICE_ACCESS_TAB, NULL);
  widget = GTK_WIDGET (self);
  self->session = g_object_ref (session);
  self->live = g_object_ref (live);
  gtk_widget_action_set_enabled (widget, "access.unpair", bw_session_may (session, BW_PERMISSION_MANAGE_DEVICES));
  gtk_widget_action_set_enabled (widget, "access.move", bw_session_may (session, BW_PERMISSION_MANAGE_DEVICES));
  gtk_widget_action_set_enabled (widget, "access.rotate", bw_session_may (session, BW_PERMISSION_MANAGE_IDS));
  if (bw_live_device_get_device (live) != NULL)
    g_signal_connect_object (bw_live_device_get_device (live), "notify::status", G_CALLBACK (device_revised_cb), self, G_CONNECT_SWAPPED);
  bw_session_load_companies_async (session, self->cancellable, companies_loaded_cb, g_object_ref (self));
  /* the other tab, and other people, change what it stands on */
  g_signal_connect (self, "map", G_CALLBACK (load), NULL);
  load (self);

  return widget;
}
