/* bw-device-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-device-page.h"

#include <glib/gi18n.h>

#include "bw-device-page-private.h"
#include "bw-device-text.h"
#include "bw-error-text.h"
#include "bw-text.h"

#define TICK_PERIOD_S 1

/**
 * BwDevicePage:
 *
 * One device: what is known of it, its nodes and properties as they move, and the
 * controls that set them. It follows the device at the broker as long as it lives.
 */

G_DEFINE_FINAL_TYPE (BwDevicePage, bw_device_page, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_DEVICE_ID,
  PROP_TITLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
update_title (BwDevicePage *self)
{
  const char *title = NULL;

  if (self->device != NULL)
    {
      title = bw_device_get_name (self->device);
      if (title == NULL || *title == '\0')
        title = bw_device_get_product (self->device);
    }

  if (title == NULL || *title == '\0')
    title = self->device_id;

  if (!bw_set_str (&self->title, title))
    return;

  gtk_label_set_label (self->title_label, title);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

static void
set_banner (BwDevicePage *self,
            const char   *icon,
            const char   *text)
{
  gtk_widget_set_visible (self->banner, text != NULL);
  if (text == NULL)
    return;

  gtk_image_set_from_icon_name (self->banner_image, icon);
  gtk_label_set_label (self->banner_label, text);
}

/* One sentence, the most important one. */
static void
update_banner (BwDevicePage *self)
{
  BwStatus status = bw_device_get_status (self->device);
  gboolean is_connected = FALSE;

  g_object_get (self->live, "connected", &is_connected, NULL);

  if (status == BW_STATUS_AWAITING_APPROVAL)
    set_banner (self, "dialog-question-symbolic",
                _("This device waits for approval. Until then it may only describe itself; values come, and can be set, after it."));
  else if (status == BW_STATUS_BLOCKED)
    set_banner (self, "action-unavailable-symbolic",
                _("This device is blocked. It cannot connect; values are the last ones it said."));
  else if (!bw_session_get_online (self->session))
    set_banner (self, "network-offline-symbolic",
                _("The server does not answer. Values may be old, and nothing can be set."));
  else if (bw_status_is_approved (status) && !bw_device_get_online (self->device))
    set_banner (self, "network-offline-symbolic",
                _("This device is offline. Values are the last ones it said; what you set is kept until it is back."));
  else if (!is_connected && bw_device_get_online (self->device))
    set_banner (self, "network-error-symbolic",
                _("There is no live connection to the broker. Values may be old."));
  else
    set_banner (self, NULL, NULL);
}

static void
update_actions (BwDevicePage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  BwStatus status = bw_device_get_status (self->device);
  gboolean is_awaiting = status == BW_STATUS_AWAITING_APPROVAL;
  gboolean is_blocked = status == BW_STATUS_BLOCKED;

  gtk_widget_action_set_enabled (widget, "device.approve", is_awaiting);
  gtk_widget_action_set_enabled (widget, "device.unapprove", bw_status_is_approved (status));
  gtk_widget_action_set_enabled (widget, "device.block", !is_blocked && status != BW_STATUS_RETIRED);
  gtk_widget_action_set_enabled (widget, "device.unblock", is_blocked);

  /* Blocking is at hand where strangers are judged; later it is in the menu. */
  gtk_widget_set_visible (self->actions_box, is_awaiting || is_blocked);
  gtk_widget_set_visible (self->approve_button, is_awaiting);
  gtk_widget_set_visible (self->block_button, is_awaiting);
  gtk_widget_set_visible (self->unblock_button, is_blocked);
}

static void
update_device (BwDevicePage *self)
{
  if (self->device == NULL)
    return;

  update_title (self);
  update_banner (self);
  update_actions (self);
  bw_device_page_update_facts (self);
  bw_device_page_update_why_not (self);
}

static void
device_revised_cb (BwDevicePage *self,
                   GParamSpec   *pspec,
                   BwDevice     *device)
{
  update_device (self);
  bw_device_page_update_nodes (self);
}

static void
device_loaded_cb (BwDevicePage *self,
                  GParamSpec   *pspec,
                  BwLiveDevice *live)
{
  BwDevice *device = bw_live_device_get_device (live);

  if (device == self->device)
    return;

  if (self->device != NULL)
    g_signal_handlers_disconnect_by_func (self->device, device_revised_cb, self);

  g_set_object (&self->device, device);
  if (device == NULL)
    return;

  g_signal_connect_object (device, "notify::revision", G_CALLBACK (device_revised_cb), self, G_CONNECT_SWAPPED);
  update_device (self);
  bw_device_page_update_nodes (self);
  gtk_spinner_stop (self->spinner);
  gtk_stack_set_visible_child_name (self->stack, "device");
  bw_device_page_fill_tab (self);
}

static void
tab_shown_cb (BwDevicePage *self)
{
  if (self->live != NULL)
    bw_device_page_fill_tab (self);
}

static void
connected_cb (BwDevicePage *self,
              GParamSpec   *pspec,
              GObject      *object)
{
  update_device (self);
}

static void
structure_changed_cb (BwDevicePage *self,
                      BwLiveDevice *live)
{
  bw_device_page_update_nodes (self);
}

static void
value_changed_cb (BwDevicePage *self,
                  const char   *node_id,
                  const char   *property_id,
                  BwLiveDevice *live)
{
  bw_device_page_mark_moved (self, node_id, property_id);
}

static void
message_cb (BwDevicePage *self,
            guint         level,
            gboolean      is_alert,
            const char   *text,
            BwLiveDevice *live)
{
  bw_message_group_add (self->messages, (BwLevel) level, is_alert, text);
}

static void
failed_cb (BwDevicePage *self,
           GError       *error,
           BwLiveDevice *live)
{
  g_autofree char *text = bw_error_to_user_text (error);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  if (self->device != NULL)
    {
      adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
      return;
    }

  adw_status_page_set_description (self->failed_page, escaped);
  gtk_spinner_stop (self->spinner);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

static void
follow (BwDevicePage *self)
{
  bw_device_page_empty_tabs (self);
  if (self->live != NULL)
    g_signal_handlers_disconnect_by_data (self->live, self);
  g_clear_object (&self->live);

  self->live = bw_live_device_new (self->session, self->device_id);
  g_signal_connect_object (self->live, "notify::device", G_CALLBACK (device_loaded_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->live, "notify::connected", G_CALLBACK (connected_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->live, "structure-changed", G_CALLBACK (structure_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->live, "value-changed", G_CALLBACK (value_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->live, "message", G_CALLBACK (message_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->live, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);

  gtk_spinner_start (self->spinner);
  gtk_stack_set_visible_child_name (self->stack, self->device != NULL ? "device" : "loading");
}

static gboolean
tick_cb (gpointer user_data)
{
  BwDevicePage *self = user_data;
  gint64 now_us = g_get_real_time ();

  bw_device_page_update_ages (self, now_us);
  bw_device_page_tick_rows (self, now_us);

  return G_SOURCE_CONTINUE;
}

static void
map_cb (BwDevicePage *self)
{
  if (self->tick_id == 0)
    self->tick_id = g_timeout_add_seconds (TICK_PERIOD_S, tick_cb, self);
}

static void
unmap_cb (BwDevicePage *self)
{
  g_clear_handle_id (&self->tick_id, g_source_remove);
}

static void
act_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  BwDevicePage *self = BW_DEVICE_PAGE (widget);
  const char *ids[] = { self->device_id, NULL };

  bw_device_actions_run (self->actions, action_name + strlen ("device."), ids);
}

static void
undo_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  bw_device_actions_undo (BW_DEVICE_PAGE (widget)->actions);
}

static void
copy_id_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  BwDevicePage *self = BW_DEVICE_PAGE (widget);
  AdwToast *toast = adw_toast_new (_("Device ID copied"));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), self->device_id);
  adw_toast_set_timeout (toast, 2);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
reload_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  follow (BW_DEVICE_PAGE (widget));
}

static void
show_all_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  BwDevicePage *self = BW_DEVICE_PAGE (widget);

  self->n_more_rows += BW_DEVICE_PAGE_ROWS;
  bw_device_page_update_nodes (self);
}

/* Beside the buttons there would be no room for the name and the ID on a phone. */
static void
fit_actions (BwDevicePage *self)
{
  GtkWidget *grid = gtk_widget_get_parent (self->actions_box);
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (grid);
  GtkLayoutChild *place = gtk_layout_manager_get_layout_child (layout, self->actions_box);
  gboolean is_narrow = self->width < BW_DEVICE_PAGE_NARROW_PX;

  g_object_set (place,
                "column", is_narrow ? 0 : 1,
                "row", is_narrow ? 1 : 0,
                "column-span", is_narrow ? 3 : 1,
                NULL);
}

static gboolean
fit_cb (GtkWidget     *widget,
        GdkFrameClock *clock,
        gpointer       user_data)
{
  BwDevicePage *self = BW_DEVICE_PAGE (widget);

  self->fit_id = 0;
  fit_actions (self);
  bw_device_page_fit_tabs (self);
  bw_device_page_fit_rows (self);

  return G_SOURCE_REMOVE;
}

static void
bw_device_page_measure (GtkWidget      *widget,
                        GtkOrientation  orientation,
                        int             for_size,
                        int            *minimum,
                        int            *natural,
                        int            *minimum_baseline,
                        int            *natural_baseline)
{
  gtk_widget_measure (GTK_WIDGET (BW_DEVICE_PAGE (widget)->toasts), orientation, for_size,
                      minimum, natural, minimum_baseline, natural_baseline);
}

static void
bw_device_page_size_allocate (GtkWidget *widget,
                              int        width,
                              int        height,
                              int        baseline)
{
  BwDevicePage *self = BW_DEVICE_PAGE (widget);

  gtk_widget_allocate (GTK_WIDGET (self->toasts), width, height, baseline, NULL);

  if (width == self->width)
    return;

  /* Rows cannot be taken apart while they are being laid out. */
  self->width = width;
  if (self->fit_id == 0)
    self->fit_id = gtk_widget_add_tick_callback (widget, fit_cb, NULL, NULL);
}

static void
bw_device_page_constructed (GObject *object)
{
  BwDevicePage *self = (BwDevicePage *) object;

  G_OBJECT_CLASS (bw_device_page_parent_class)->constructed (object);

  self->actions = bw_device_actions_new (self->session, self->toasts);
  gtk_label_set_label (self->id_label, self->device_id);
  update_title (self);
  bw_device_page_init_facts (self);
  bw_device_page_init_nodes (self);
  bw_device_page_init_tabs (self);
  g_signal_connect_object (self->session, "notify::online", G_CALLBACK (connected_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "map", G_CALLBACK (map_cb), NULL);
  g_signal_connect (self, "unmap", G_CALLBACK (unmap_cb), NULL);
  follow (self);
}

static void
bw_device_page_dispose (GObject *object)
{
  BwDevicePage *self = (BwDevicePage *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->tick_id, g_source_remove);

  if (self->actions != NULL)
    bw_device_actions_stop (self->actions);
  if (self->live != NULL)
    g_signal_handlers_disconnect_by_data (self->live, self);
  bw_device_page_stop_nodes (self);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_DEVICE_PAGE);
  g_clear_object (&self->actions);
  g_clear_object (&self->device);
  g_clear_object (&self->live);
  g_clear_object (&self->desired);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_device_page_parent_class)->dispose (object);
}

static void
bw_device_page_finalize (GObject *object)
{
  BwDevicePage *self = (BwDevicePage *) object;

  g_clear_pointer (&self->rows, g_hash_table_unref);
  g_clear_pointer (&self->moved, g_hash_table_unref);
  g_clear_pointer (&self->structure, g_free);
  g_clear_pointer (&self->device_id, g_free);
  g_clear_pointer (&self->title, g_free);

  G_OBJECT_CLASS (bw_device_page_parent_class)->finalize (object);
}

static void
bw_device_page_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  BwDevicePage *self = BW_DEVICE_PAGE (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;

    case PROP_DEVICE_ID:
      g_value_set_string (value, self->device_id);
      break;

    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_device_page_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  BwDevicePage *self = BW_DEVICE_PAGE (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      self->session = g_value_dup_object (value);
      break;

    case PROP_DEVICE_ID:
      self->device_id = g_value_dup_string (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/devices/bw-device-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BwDevicePage, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwDevicePage, stack);
  gtk_widget_class_bind_template_child (widget_class, BwDevicePage, spinner);
  gtk_widget_class_bind_template_child (widget_class, BwDevicePage, failed_page);
  gtk_widget_class_bind_template_child (widget_class, BwDevicePage, title_label);
  gtk_widget_class_bind_template_child (widget_class, BwDevicePage, id_label);
  gtk_widget_class_bind_template_child (widget_class, BwDevicePage, actions_box);
  gtk_widget_class_bind_template_child (widget_class, BwDevicePage, approve_button);
  gtk_widget_class_bind_template_child (widget_class, BwDevicePage, block_button);
  gtk_widget_class_bind_template_child (widget_class, BwDevicePage, unblock_button);
  gtk_widget_class_bind_template_child (widget_class, BwDevicePage, banner);
  gtk_widget_class_bind_template_child (widget_class, BwDevicePage, banner_image);
  gtk_widget_class_bind_template_child (widget_class, BwDevicePage, banner_label);
  gtk_widget_class_bind_template_child (widget_class, BwDevicePage, switcher);
  gtk_widget_class_bind_template_child (widget_class, BwDevicePage, tabs);
  gtk_widget_class_bind_template_child (widget_class, BwDevicePage, switcher_bar);
  gtk_widget_class_bind_template_child (widget_class, BwDevicePage, facts);
  gtk_widget_class_bind_template_child (widget_class, BwDevicePage, nodes_box);
  gtk_widget_class_bind_template_child (widget_class, BwDevicePage, nothing_page);
  gtk_widget_class_bind_template_child (widget_class, BwDevicePage, more_button);
  gtk_widget_class_bind_template_child (widget_class, BwDevicePage, refused_label);
  gtk_widget_class_bind_template_child (widget_class, BwDevicePage, messages);
  gtk_widget_class_bind_template_callback (widget_class, tab_shown_cb);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "device.approve", NULL, act_action);
  gtk_widget_class_install_action (widget_class, "device.unapprove", NULL, act_action);
  gtk_widget_class_install_action (widget_class, "device.block", NULL, act_action);
  gtk_widget_class_install_action (widget_class, "device.unblock", NULL, act_action);
  gtk_widget_class_install_action (widget_class, "device.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "device.copy-id", NULL, copy_id_action);
  gtk_widget_class_install_action (widget_class, "device.reload", NULL, reload_action);
  gtk_widget_class_install_action (widget_class, "device.show-all", NULL, show_all_action);
  gtk_widget_class_install_action (widget_class, "device.show-history", "(ss)", bw_device_page_show_history_action);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK, "device.approve", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "device.undo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, 0, "device.reload", NULL);
}

static void
bw_device_page_class_init (BwDevicePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = bw_device_page_constructed;
  object_class->dispose = bw_device_page_dispose;
  object_class->finalize = bw_device_page_finalize;
  object_class->get_property = bw_device_page_get_property;
  object_class->set_property = bw_device_page_set_property;
  widget_class->measure = bw_device_page_measure;
  widget_class->size_allocate = bw_device_page_size_allocate;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, BW_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_DEVICE_ID] =
    g_param_spec_string ("device-id", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (BW_TYPE_MESSAGE_GROUP);
  bind_template (widget_class);
  install_actions (widget_class);
}

static void
bw_device_page_init (BwDevicePage *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_device_page_new (BwSession  *session,
                    const char *device_id)
{
  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (device_id != NULL, NULL);

  return g_object_new (BW_TYPE_DEVICE_PAGE, "session", session, "device-id", device_id, NULL);
}

const char *
bw_device_page_get_device_id (BwDevicePage *self)
{
  g_return_val_if_fail (BW_IS_DEVICE_PAGE (self), NULL);

  return self->device_id;
}

const char *
bw_device_page_get_title (BwDevicePage *self)
{
  g_return_val_if_fail (BW_IS_DEVICE_PAGE (self), NULL);

  return self->title;
}
