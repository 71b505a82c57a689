/* bw-devices-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-devices-page.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-device-id.h"
#include "bw-devices-page-private.h"
#include "bw-json.h"
#include "bw-rules-dialog.h"
#include "bw-text.h"

/**
 * BwDevicesPage:
 *
 * The table of devices. Which of them, and in which order, is the database's
 * business; the page shows the rows that are in sight. The approval list is this
 * table with the filter on those that wait, and the columns that are evidence.
 */

G_DEFINE_FINAL_TYPE (BwDevicesPage, bw_devices_page, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_STATUS,
  N_PROPS
};

enum {
  OPEN_DEVICE,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static gboolean
is_status (BwDevicesPage *self,
           const char    *status)
{
  return g_strcmp0 (self->status, status) == 0;
}

static char *
make_count (guint total)
{
  return g_strdup_printf (ngettext ("%'u device", "%'u devices", total), total);
}

static char *
make_found_count (guint total)
{
  return g_strdup_printf (ngettext ("%'u device found", "%'u devices found", total), total);
}

static char *
make_awaiting_count (guint total)
{
  return g_strdup_printf (ngettext ("%'u device waits for approval", "%'u devices wait for approval", total), total);
}

/* What is said when there is nothing, without a search and without conditions but the status. */
static void
update_empty (BwDevicesPage *self)
{
  const char *title = _("No Devices Yet");
  const char *description = _("Devices appear here as soon as the company has Device IDs.");
  const char *icon = "bw-devices-symbolic";

  if (is_status (self, "awaiting-approval"))
    {
      title = _("Nothing Waits for Approval");
      description = _("Devices appear here when they connect for the first time.");
      icon = "emblem-ok-symbolic";
    }
  else if (is_status (self, "approved"))
    {
      title = _("No Approved Devices");
      description = _("Approve devices that wait, and they appear here.");
    }
  else if (is_status (self, "blocked"))
    {
      title = _("No Blocked Devices");
      description = _("Devices that may not connect any more appear here.");
    }
  else if (bw_session_may (self->session, BW_PERMISSION_CREATE_IDS))
    {
      description = _("Create a batch of Device IDs first; every ID is a device.");
    }

  g_object_set (self->view,
                "empty-icon-name", icon,
                "empty-title", title,
                "empty-description", description,
                "filtered", bw_filter_bar_get_n (self->filter_bar) > 0,
                NULL);
}

void
bw_devices_page_update_texts (BwDevicesPage *self)
{
  gboolean is_search = bw_remote_table_get_search (self->table) != NULL;
  BwRemoteViewCount count = make_count;

  if (is_search || bw_filter_bar_get_n (self->filter_bar) > 0)
    count = make_found_count;
  else if (is_status (self, "awaiting-approval"))
    count = make_awaiting_count;

  update_empty (self);
  bw_remote_view_set_count_text (self->view, count);
}

static void
update_awaiting (BwDevicesPage *self)
{
  g_autofree char *label = NULL;

  if (self->n_awaiting > 0)
    /* Translators: a filter of the table and how many devices it would show */
    label = g_strdup_printf (_("Awaiting Approval (%'u)"), self->n_awaiting);

  gtk_button_set_label (GTK_BUTTON (self->awaiting_button),
                        label != NULL ? label : _("Awaiting Approval"));
}

void
bw_devices_page_take_status (BwDevicesPage *self,
                             const char    *status)
{
  if (bw_set_str (&self->status, status))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
}

static void
take_overview (BwDevicesPage *self,
               JsonObject    *overview)
{
  JsonObject *by_status = bw_json_get_object (overview, "byStatus");

  if (by_status == NULL)
    return;

  self->n_awaiting = (guint) bw_json_get_int (by_status, "awaiting-approval", 0);
  update_awaiting (self);
}

static void
overview_loaded_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(BwDevicesPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) overview = bw_session_call_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  /* The number in a button is worth no message of its own: the table says what is wrong. */
  if (overview == NULL)
    g_debug ("loading the overview: %s", error->message);
  else
    take_overview (self, overview);
}

static void
load_overview (BwDevicesPage *self)
{
  bw_session_call_async (self->session, "GET", "/v1/overview", NULL, self->cancellable,
                         overview_loaded_cb, g_object_ref (self));
}

static void
overview_changed_cb (BwDevicesPage *self,
                     const char    *kind,
                     JsonObject    *document,
                     BwSession     *session)
{
  take_overview (self, document);
}

static void
device_changed_cb (BwDevicesPage *self,
                   const char    *kind,
                   JsonObject    *document,
                   BwSession     *session)
{
  /* What can be done to the selected ones may be something else now. */
  if (gtk_action_bar_get_revealed (self->selection_bar))
    bw_devices_page_update_selection (self);
}

void
bw_devices_page_refresh (BwDevicesPage *self)
{
  bw_remote_table_reload (self->table);
  load_overview (self);
}

static void
activated_cb (BwRemoteView  *view,
              BwEntity      *device,
              BwDevicesPage *self)
{
  g_signal_emit (self, signals[OPEN_DEVICE], 0, bw_entity_get_id (device));
}

/* A hand scanner types a code and Enter: the one device that is meant opens. */
static gboolean
search_activated_cb (BwRemoteView  *view,
                     const char    *text,
                     BwDevicesPage *self)
{
  char id[BW_DEVICE_ID_SIZE];

  if (!bw_device_id_parse (text, strlen (text), id))
    return FALSE;

  g_signal_emit (self, signals[OPEN_DEVICE], 0, id);

  return TRUE;
}

/* A label's code has no dashes and is in upper case; people type as they like. */
static char *
map_search (const char *text)
{
  char id[BW_DEVICE_ID_SIZE];

  return g_strdup (bw_device_id_parse (text, strlen (text), id) ? id : text);
}

static void
reload_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  bw_devices_page_refresh (BW_DEVICES_PAGE (widget));
}

static void
search_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  bw_devices_page_start_search (BW_DEVICES_PAGE (widget));
}

/* The parameter is a key of the database's, with a '-' in front for descending; several with commas. */
static void
sort_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  bw_remote_view_sort_by (BW_DEVICES_PAGE (widget)->view, g_variant_get_string (parameter, NULL));
}

static void
connect_all (BwDevicesPage *self)
{
  /* The search is the view's; what is said of nothing, and of how many, is ours. */
  g_signal_connect_object (self->table, "notify::loading",
                           G_CALLBACK (bw_devices_page_update_texts), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->actions, "done", G_CALLBACK (bw_devices_page_refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "changed::overview",
                           G_CALLBACK (overview_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "changed::device",
                           G_CALLBACK (device_changed_cb), self, G_CONNECT_SWAPPED);
}

static void
bw_devices_page_unroot (GtkWidget *widget)
{
  bw_devices_page_stop_following (BW_DEVICES_PAGE (widget));

  GTK_WIDGET_CLASS (bw_devices_page_parent_class)->unroot (widget);
}

static void
bw_devices_page_constructed (GObject *object)
{
  BwDevicesPage *self = (BwDevicesPage *) object;

  G_OBJECT_CLASS (bw_devices_page_parent_class)->constructed (object);

  self->table = bw_device_table_new (self->session);
  self->actions = bw_device_actions_new (self->session, bw_remote_view_get_toasts (self->view));
  bw_remote_view_set_search_map (self->view, map_search);
  connect_all (self);
  bw_devices_page_init_columns (self);
  bw_devices_page_init_filter (self);
  bw_devices_page_init_selection (self);
  bw_devices_page_init_bulk (self);
  bw_devices_page_init_views (self);
  bw_devices_page_update_texts (self);
  load_overview (self);
}

static void
bw_devices_page_dispose (GObject *object)
{
  BwDevicesPage *self = (BwDevicesPage *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  bw_devices_page_stop_following (self);
  bw_devices_page_stop_waiting (self);

  if (self->actions != NULL)
    bw_device_actions_stop (self->actions);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_DEVICES_PAGE);
  g_clear_object (&self->actions);
  g_clear_object (&self->table);
  g_clear_object (&self->session);
  g_clear_object (&self->chooser);
  g_clear_object (&self->view_actions);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (bw_devices_page_parent_class)->dispose (object);
}

static void
bw_devices_page_finalize (GObject *object)
{
  BwDevicesPage *self = (BwDevicesPage *) object;

  g_clear_pointer (&self->filter, json_object_unref);
  g_clear_pointer (&self->last_job, json_object_unref);
  g_clear_pointer (&self->views, g_ptr_array_unref);
  g_clear_pointer (&self->view_id, g_free);
  g_clear_pointer (&self->status, g_free);
  g_clear_pointer (&self->resume_with, g_free);

  G_OBJECT_CLASS (bw_devices_page_parent_class)->finalize (object);
}

static void
bw_devices_page_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  BwDevicesPage *self = BW_DEVICES_PAGE (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;

    case PROP_STATUS:
      g_value_set_string (value, self->status);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_devices_page_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  BwDevicesPage *self = BW_DEVICES_PAGE (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      self->session = g_value_dup_object (value);
      break;

    case PROP_STATUS:
      if (self->table != NULL && g_value_get_string (value) != NULL)
        bw_devices_page_set_status (self, g_value_get_string (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (BW_TYPE_REMOTE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               BW_RESOURCE_BASE "/ui/devices/bw-devices-page.ui");
  bw_devices_page_bind_filter (widget_class);
  bw_devices_page_bind_bulk (widget_class);
  bw_devices_page_bind_views (widget_class);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, view);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, awaiting_button);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, selection_bar);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, selection_label);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, select_all_button);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, unblock_button);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
}

static void
bw_devices_page_class_init (BwDevicesPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = bw_devices_page_constructed;
  object_class->dispose = bw_devices_page_dispose;
  object_class->finalize = bw_devices_page_finalize;
  object_class->get_property = bw_devices_page_get_property;
  object_class->set_property = bw_devices_page_set_property;
  widget_class->unroot = bw_devices_page_unroot;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, BW_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_STATUS] =
    g_param_spec_string ("status", NULL, NULL, "all",
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[OPEN_DEVICE] = g_signal_new ("open-device", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                       0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  bind_template (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);

  gtk_widget_class_install_property_action (widget_class, "devices.status", "status");
  bw_rules_dialog_install_action (widget_class);
  gtk_widget_class_install_action (widget_class, "devices.reload", NULL, reload_action);
  gtk_widget_class_install_action (widget_class, "devices.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "devices.sort", "s", sort_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, 0, "devices.reload", NULL);
  bw_devices_page_install_selection (widget_class);
}

static void
bw_devices_page_init (BwDevicesPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->filter = json_object_new ();
  self->status = g_strdup ("all");
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_devices_page_new (BwSession *session)
{
  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  return g_object_new (BW_TYPE_DEVICES_PAGE, "session", session, NULL);
}

void
bw_devices_page_start_search (BwDevicesPage *self)
{
  g_return_if_fail (BW_IS_DEVICES_PAGE (self));

  bw_remote_view_start_search (self->view);
}
